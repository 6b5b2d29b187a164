//! JSON with places: a reader that tells where each value stands.
//!
//! It reads RFC 8259 strictly and keeps nothing but what the caller asks for:
//! values that the caller skips cost no memory. The caller descends as far as
//! its own code does; everything deeper is skipped without recursion.

use std::borrow::Cow;

use crate::Span;

/// How deep values may be nested, as `serde_json` has it.
pub(super) const MAX_DEPTH: usize = 128;

/// What is wrong with the text as JSON, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: What,
}

/// What is wrong with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Not JSON: what was expected instead.
    Syntax(&'static str),
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

pub(super) type Result<T> = std::result::Result<T, Fault>;

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

impl Shape {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Shape::Object => "an object",
            Shape::Array => "an array",
            Shape::String => "a string",
            Shape::Number => "a number",
            Shape::Bool => "a boolean",
            Shape::Null => "null",
        }
    }
}

/// A string: its value, and where each part of it stands.
#[derive(Clone, Debug)]
pub(super) struct Text<'j> {
    pub(super) value: Cow<'j, str>,
    /// With its quotes.
    pub(super) span: Span,
    /// After each escape: the offset in the value, and in the source.
    marks: Vec<(usize, usize)>,
}

impl Text<'_> {
    /// Where a part of the value stands in the source.
    pub(super) fn span_of(&self, part: Span) -> Span {
        Span { start: self.offset(part.start), end: self.offset(part.end) }
    }

    fn offset(&self, at: usize) -> usize {
        let index = self.marks.partition_point(|(value, _)| *value <= at);
        let (value, source) = match index.checked_sub(1) {
            Some(index) => self.marks[index],
            None => (0, self.span.start + 1),
        };
        source + (at - value)
    }
}

/// Reads a text from its start to its end.
pub(super) struct Reader<'j> {
    text: &'j [u8],
    at: usize,
    depth: usize,
}

impl<'j> Reader<'j> {
    pub(super) fn new(text: &'j [u8]) -> Reader<'j> {
        Reader { text, at: 0, depth: 0 }
    }

    /// The byte that is read next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn fault<T>(&self, what: &'static str) -> Result<T> {
        Err(Fault { at: self.at, what: What::Syntax(what) })
    }

    fn byte(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    /// The kind of the value that comes next, which is read by one of the
    /// other methods.
    pub(super) fn shape(&mut self) -> Result<Shape> {
        self.space();
        Ok(match self.byte() {
            Some(b'{') => Shape::Object,
            Some(b'[') => Shape::Array,
            Some(b'"') => Shape::String,
            Some(b'-' | b'0'..=b'9') => Shape::Number,
            Some(b't' | b'f') => Shape::Bool,
            Some(b'n') => Shape::Null,
            _ => return self.fault("expected a value"),
        })
    }

    /// Checks that nothing but space follows.
    pub(super) fn end(&mut self) -> Result<()> {
        self.space();
        match self.byte() {
            None => Ok(()),
            Some(_) => self.fault("expected the end of the text"),
        }
    }

    /// Opens the object or array that comes next.
    pub(super) fn open(&mut self) -> Result<()> {
        self.space();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault { at: self.at, what: What::TooDeep });
        }
        self.at += 1;
        Ok(())
    }

    /// The name of the next member of the object that was opened; `None` at
    /// its end. `is_first` tells the first call.
    pub(super) fn member(
        &mut self,
        is_first: bool,
    ) -> Result<Option<Text<'j>>> {
        self.space();
        match (self.byte(), is_first) {
            (Some(b'}'), _) => {
                self.at += 1;
                self.depth -= 1;
                return Ok(None);
            }
            (Some(b','), false) => {
                self.at += 1;
                self.space();
            }
            (_, false) => return self.fault("expected `,` or `}`"),
            (_, true) => {}
        }
        if self.byte() != Some(b'"') {
            return self.fault("expected a name in quotes");
        }
        let name = self.string()?;
        self.space();
        if self.byte() != Some(b':') {
            return self.fault("expected `:`");
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Whether another element of the array that was opened follows.
    pub(super) fn element(&mut self, is_first: bool) -> Result<bool> {
        self.space();
        match (self.byte(), is_first) {
            (Some(b']'), _) => {
                self.at += 1;
                self.depth -= 1;
                return Ok(false);
            }
            (Some(b','), false) => self.at += 1,
            (_, false) => return self.fault("expected `,` or `]`"),
            (_, true) => {}
        }
        self.shape()?;
        Ok(true)
    }

    /// Reads the string that comes next.
    pub(super) fn string(&mut self) -> Result<Text<'j>> {
        self.space();
        let start = self.at;
        self.at += 1;
        let mut plain = self.at;
        let mut owned: Option<String> = None;
        let mut marks = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let stop =
                rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            self.at += stop.unwrap_or(rest.len());
            let part = &self.text[plain..self.at];
            let part = std::str::from_utf8(part).map_err(|err| Fault {
                at: plain + err.valid_up_to(),
                what: What::Syntax("expected UTF-8"),
            })?;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    let value = match owned {
                        None => Cow::Borrowed(part),
                        Some(value) => Cow::Owned(value + part),
                    };
                    let span = Span { start, end: self.at };
                    return Ok(Text { value, span, marks });
                }
                Some(b'\\') => {
                    let value = owned.get_or_insert_with(String::new);
                    value.push_str(part);
                    value.push(self.escape()?);
                    marks.push((value.len(), self.at));
                    plain = self.at;
                }
                Some(_) => {
                    return self.fault("expected an escaped control");
                }
                None => return self.fault("expected `\"`"),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let escape = self.text.get(self.at + 1).copied();
        let c = match escape {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fault("expected an escape of JSON"),
        };
        self.at += 2;
        Ok(c)
    }

    /// Reads `\uXXXX`, or the two of a surrogate pair.
    fn unicode(&mut self) -> Result<char> {
        let high = self.unit(self.at)?;
        if let Some(c) = char::from_u32(high) {
            self.at += 6;
            return Ok(c);
        }
        if high < 0xdc00
            && let Ok(low @ 0xdc00..=0xdfff) = self.unit(self.at + 6)
        {
            self.at += 12;
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        self.fault("expected a pair of surrogates")
    }

    fn unit(&self, at: usize) -> Result<u32> {
        let fault = || Fault {
            at: self.at,
            what: What::Syntax("expected `\\u` and four hex digits"),
        };
        let escape = self.text.get(at..at + 6).ok_or_else(fault)?;
        let digits = escape.strip_prefix(b"\\u").ok_or_else(fault)?;
        digits.iter().try_fold(0, |code, &digit| {
            let digit = char::from(digit).to_digit(16).ok_or_else(fault)?;
            Ok(code << 4 | digit)
        })
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self) -> Result<bool> {
        self.space();
        let yes = self.byte() == Some(b't');
        self.word(if yes { b"true" } else { b"false" })?;
        Ok(yes)
    }

    fn word(&mut self, word: &'static [u8]) -> Result<()> {
        if !self.text[self.at..].starts_with(word) {
            return self.fault("expected a value");
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<()> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        match self.byte() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.fault("expected a digit"),
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if start == self.at {
            return self.fault("expected a digit");
        }
        Ok(())
    }

    /// Passes over the value that comes next, however deep, and tells where
    /// it stands.
    pub(super) fn skip(&mut self) -> Result<Span> {
        self.space();
        let start = self.at;
        let mut open: Vec<Shape> = Vec::new();
        let mut is_first = false;
        loop {
            let shape = self.shape()?;
            match shape {
                Shape::Object | Shape::Array => {
                    self.open()?;
                    open.push(shape);
                    is_first = true;
                }
                Shape::String => drop(self.string()?),
                Shape::Number => self.number()?,
                Shape::Bool => drop(self.boolean()?),
                Shape::Null => self.word(b"null")?,
            }
            // Close what ends here, and step to the next value inside.
            loop {
                let more = match open.last() {
                    None => return Ok(Span { start, end: self.at }),
                    Some(Shape::Object) => self.member(is_first)?.is_some(),
                    Some(_) => self.element(is_first)?,
                };
                is_first = false;
                if more {
                    break;
                }
                open.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8]) -> Result<Span> {
        let mut reader = Reader::new(text);
        let span = reader.skip()?;
        reader.end()?;
        Ok(span)
    }

    #[test]
    fn a_part_of_a_string_is_found_behind_escapes() {
        let source = br#" "a\n\u00e9\ud83d\ude00b""#;
        let text = Reader::new(source).string().unwrap();
        assert_eq!(text.value, "a\n\u{e9}\u{1f600}b");
        assert_eq!(text.span, Span { start: 1, end: source.len() });
        let b = text.value.find('b').unwrap();
        let span = text.span_of(Span { start: b, end: b + 1 });
        assert_eq!(&source[span.range()], b"b");
        let a = text.span_of(Span { start: 0, end: 1 });
        assert_eq!(&source[a.range()], b"a");
    }

    proptest! {
        #[test]
        fn it_takes_what_serde_json_takes(
            text in "[\\[\\]{}:, \"\\\\a-cnu0-3.eE+-]{0,12}|\
                (\\[|\\{\"a\":)*(1|\"\\\\u00e9\"|null|true|-0.5e3)\
                (,1|,\"b\":2|\\]|\\})*",
        ) {
            let theirs: std::result::Result<serde_json::Value, _> =
                serde_json::from_str(&text);
            // It refuses numbers that are no f64.
            if !theirs.as_ref().is_err_and(|e| {
                e.to_string().contains("out of range")
            }) {
                prop_assert_eq!(
                    read(text.as_bytes()).is_ok(),
                    theirs.is_ok(),
                    "{:?}: {:?}", text, theirs
                );
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(
            text in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            let _ = read(&text);
        }

        #[test]
        fn strings_read_as_serde_json_reads_them(value in ".{0,20}") {
            let text = serde_json::to_string(&value).unwrap();
            let read = Reader::new(text.as_bytes()).string().unwrap();
            prop_assert_eq!(&*read.value, &*value);
        }
    }
}
