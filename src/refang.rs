//! Defang marks: how people break an indicator so that nobody clicks it, and
//! what they meant.
//!
//! The forms, in one place:
//!
//! | stands for | strong | weak |
//! |---|---|---|
//! | `.` | `[.]` `(.)` `{.}` `<.>` `[[.]]` `[ . ]` ` [.] ` `[.` `(.` `{.` `].[` `[.)` `[dot]` `(dot)` `{dot}` `[d0t]` `[punto]` `[punkt]` `[point]` `[,]` `\.` `^.` `&#46;` `&period;` `%2E` and the dots of other scripts | `.]` `.)` ` dot ` `-dot-` `_dot_` `DOT` ` . ` `,` `[]` `'.'` `"."` `\|.\|` |
//! | `:` | `[:]` `(:)` `{:}` `[:` `:]` `&#58;` `%3A` | `;` before `//` |
//! | `/` | `[/]` `(/)` `\/` `%2F` | `\` and `_` after a scheme |
//! | `@` | `[@]` `(@)` `[at]` `(at)` | |
//! | `http` | `hxxp` `hXXp` `h**p` `h__p` `h[tt]p` `[http]` `meow` … | |
//!
//! A strong form says by itself that a dot was meant. A weak one is also
//! ordinary text, so it counts only when the candidate repeats it and is
//! valid as a whole.

use std::borrow::Cow;

use crate::Span;

/// A mark that stands for a dot, found at some byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dot {
    /// Bytes of the mark.
    pub(crate) len: usize,
    /// Which form it has.
    pub(crate) form: Form,
}

/// The form of a [`Dot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `.` itself.
    Plain,
    /// Says by itself that a dot was meant.
    Strong,
    /// An opening bracket that nobody closed: `[.`.
    Open,
    /// The dot of another script: `。`.
    Foreign,
    /// Also ordinary text.
    Weak(Weak),
}

/// The weak forms: a candidate uses one of them throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weak {
    /// `.]` or `.)`.
    Close,
    /// ` dot `.
    Word,
    /// `-dot-` or `_dot_`.
    Dashed,
    /// `DOT` between small letters.
    Glued,
    /// ` . `.
    Spaced,
    /// `,`.
    Comma,
    /// `[]`.
    Empty,
    /// `'.'`, `"."` or `|.|`.
    Quoted,
}

/// Whether `b` may stand in a host label: a letter, a digit, `-`, `_`, or a
/// byte of a character beyond ASCII.
#[inline]
pub(crate) fn is_label(b: u8) -> bool {
    LABEL[usize::from(b)]
}

/// The bytes of host labels.
pub(crate) static LABEL: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        let letter = (b as u8).is_ascii_alphanumeric();
        table[b] = letter || b == b'-' as usize || b == b'_' as usize;
        table[b] |= b >= 0x80;
        b += 1;
    }
    table
};

#[inline]
fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

pub(crate) fn is_close(b: u8) -> bool {
    matches!(b, b']' | b')' | b'}' | b'>')
}

fn starts_with_ignore_case(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word))
}

/// Words that are written in brackets for a dot.
const DOT_WORDS: [&[u8]; 5] = [b"dot", b"d0t", b"punto", b"punkt", b"point"];

/// The mark for a dot that starts at `at`, if a label may follow it. The
/// caller knows that a label stands before it.
///
/// Reads at most 20 bytes.
#[inline]
pub(crate) fn dot_at(text: &[u8], at: usize) -> Option<Dot> {
    let first = *text.get(at)?;
    if first == b'.' && is_label(byte(text, at + 1)) {
        return Some(Dot { len: 1, form: Form::Plain });
    }
    // What most are written as needs no other look.
    if let [b'[', b'.', b']', next, ..] = text[at..]
        && is_label(next)
    {
        return Some(Dot { len: 3, form: Form::Strong });
    }
    match MARK_FIRST[usize::from(first)] {
        true => mark_at(text, at),
        false => None,
    }
}

/// The bytes that a mark for a dot may start with.
static MARK_FIRST: [bool; 256] = {
    let mut table = [false; 256];
    let starts = b".[({<]\\^'\"| ,-_D&%";
    let mut i = 0;
    while i < starts.len() {
        table[starts[i] as usize] = true;
        i += 1;
    }
    let mut b = 0xc2;
    while b <= 0xef {
        table[b] = true;
        b += 1;
    }
    table
};

fn mark_at(text: &[u8], at: usize) -> Option<Dot> {
    let rest = text.get(at..)?;
    let found = |len: usize, form| {
        is_label(byte(rest, len)).then_some(Dot { len, form })
    };
    match *rest.first()? {
        // `evil.badcorp.[net]`
        b'.' if byte(rest, 1) == b'[' => {
            let label = &rest[2..];
            let len = label.iter().take_while(|b| is_label(**b)).take(64);
            (byte(label, len.count()) == b']')
                .then(|| found(2, Form::Strong))
                .flatten()
        }
        b'.' if is_close(byte(rest, 1)) => found(2, Form::Weak(Weak::Close)),
        b'[' | b'(' | b'{' | b'<' => bracketed(rest, 0),
        b']' if rest.starts_with(b"].[") => found(3, Form::Strong),
        // `[www].evil.badcorp.net`
        b']' if rest.starts_with(b"].")
            && at >= 4
            && text[at - 4..at].eq_ignore_ascii_case(b"[www") =>
        {
            found(2, Form::Strong)
        }
        b'\\' if rest.starts_with(b"\\.") => found(2, Form::Strong),
        b'\\' if rest.starts_with(b"\\\\.") => found(3, Form::Strong),
        b'^' if rest.starts_with(b"^.") => found(2, Form::Strong),
        q @ (b'\'' | b'"' | b'|')
            if byte(rest, 1) == b'.' && byte(rest, 2) == q =>
        {
            found(3, Form::Weak(Weak::Quoted))
        }
        b' ' => spaced(rest),
        b',' => found(1, Form::Weak(Weak::Comma)),
        q @ (b'-' | b'_')
            if starts_with_ignore_case(&rest[1..], b"dot")
                && byte(rest, 4) == q =>
        {
            found(5, Form::Weak(Weak::Dashed))
        }
        b'D' if rest.starts_with(b"DOT") => found(3, Form::Weak(Weak::Glued)),
        b'&' => [&b"&#46;"[..], b"&period;", b"&#x2e;"]
            .iter()
            .find(|entity| starts_with_ignore_case(rest, entity))
            .and_then(|entity| found(entity.len(), Form::Strong)),
        b'%' if starts_with_ignore_case(rest, b"%2e") => {
            found(3, Form::Strong)
        }
        0xc2..=0xef => foreign(rest),
        _ => None,
    }
}

/// `[.]` and its kin. `skip` bytes stand before the bracket.
fn bracketed(rest: &[u8], skip: usize) -> Option<Dot> {
    let mut at = skip + 1;
    let open = rest[skip];
    if byte(rest, at) == open {
        at += 1;
    }
    if byte(rest, at) == b' ' {
        at += 1;
    }
    let core = at;
    match byte(rest, at) {
        b'.' | b',' => at += 1,
        b'd' | b'D' | b'p' | b'P' => {
            let word = DOT_WORDS
                .iter()
                .find(|word| starts_with_ignore_case(&rest[at..], word))?;
            at += word.len();
        }
        _ => {}
    }
    let inside = at - core;
    if inside > 0 && byte(rest, at) == b' ' {
        at += 1;
    }
    let closes = rest[at..].iter().take(2).take_while(|b| is_close(**b));
    let closes = closes.count();
    at += closes;
    let label = |at| is_label(byte(rest, at));
    let form = match (inside, closes) {
        // `evil[]badcorp[]net`
        (0, 1) if open == b'[' && skip == 0 => Form::Weak(Weak::Empty),
        (0, _) => return None,
        // `evil[.badcorp`: only for the dot itself, and not before a space.
        (1, 0)
            if rest[core] == b'.'
                && open != b'<'
                && skip == 0
                && core == 1
                && at == 2 =>
        {
            Form::Open
        }
        (_, 0) => return None,
        _ => Form::Strong,
    };
    if label(at) {
        return Some(Dot { len: at, form });
    }
    // `evil [.] badcorp`: a space on both sides, or on neither.
    if form == Form::Strong && skip == 1 && byte(rest, at) == b' ' {
        return label(at + 1).then_some(Dot { len: at + 1, form });
    }
    None
}

/// ` [.] `, ` dot ` and ` . `.
fn spaced(rest: &[u8]) -> Option<Dot> {
    let (len, weak) = match byte(rest, 1) {
        b'[' | b'(' | b'{' => return bracketed(rest, 1),
        b'.' if byte(rest, 2) == b' ' => (3, Weak::Spaced),
        b'd' | b'D' if byte(rest, 4) == b' ' => {
            if !starts_with_ignore_case(&rest[1..], b"dot") {
                return None;
            }
            (5, Weak::Word)
        }
        _ => return None,
    };
    let form = Form::Weak(weak);
    is_label(byte(rest, len)).then_some(Dot { len, form })
}

/// The dots of other scripts, and dots in brackets of other scripts. Of these
/// dots `。` `．` `｡` are dots for IDNA too; `․` and `・` are not, but are read
/// as one.
pub(crate) fn foreign(rest: &[u8]) -> Option<Dot> {
    // Letters start with other bytes than these forms.
    if !matches!(
        [byte(rest, 0), byte(rest, 1)],
        [0xe2, 0x80 | 0x9f]
            | [0xe3, 0x80 | 0x83]
            | [0xef, 0xbc | 0xbd]
            | [0xc2, 0xab]
    ) {
        return None;
    }
    let found =
        |len, form| is_label(byte(rest, len)).then_some(Dot { len, form });
    if let Some(len) = one_of(rest, &FOREIGN_DOTS) {
        return found(len, Form::Foreign);
    }
    let open = one_of(rest, &FOREIGN_OPEN)?;
    let core = match rest.get(open..)? {
        [b'.', ..] => 1,
        inside => one_of(inside, &FOREIGN_DOTS).or_else(|| {
            DOT_WORDS
                .iter()
                .find(|word| starts_with_ignore_case(inside, word))
                .map(|word| word.len())
        })?,
    };
    let close = one_of(&rest[open + core..], &FOREIGN_CLOSE)?;
    found(open + core + close, Form::Strong)
}

const FOREIGN_DOTS: [&str; 5] =
    ["\u{3002}", "\u{ff0e}", "\u{ff61}", "\u{2024}", "\u{30fb}"];
/// Opening brackets and quotes of other scripts and of typesetting.
pub(crate) const FOREIGN_OPEN: [&str; 12] = [
    "\u{ff3b}", "\u{ff08}", "\u{ff5b}", "\u{ff1c}", "\u{3010}", "\u{3014}",
    "\u{300c}", "\u{300a}", "\u{3008}", "\u{2039}", "\u{ab}", "\u{27e8}",
];
const FOREIGN_CLOSE: [&str; 12] = [
    "\u{ff3d}", "\u{ff09}", "\u{ff5d}", "\u{ff1e}", "\u{3011}", "\u{3015}",
    "\u{300d}", "\u{300b}", "\u{3009}", "\u{203a}", "\u{bb}", "\u{27e9}",
];

/// Whether a text starts with an opening bracket of another script.
pub(crate) fn opens_foreign(text: &[u8]) -> bool {
    one_of(text, &FOREIGN_OPEN).is_some()
}

/// Bytes of the first of `forms` that `rest` starts with.
fn one_of(rest: &[u8], forms: &[&str]) -> Option<usize> {
    forms
        .iter()
        .find(|form| rest.starts_with(form.as_bytes()))
        .map(|form| form.len())
}

/// Bytes of the mark that stands for a colon at `at`.
pub(crate) fn colon_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let forms: &[&[u8]] = match rest.first()? {
        b':' => return Some(if byte(rest, 1) == b']' { 2 } else { 1 }),
        b'[' => &[b"[:]", b"[:"],
        b'(' => &[b"(:)"],
        b'{' => &[b"{:}"],
        b'&' => &[b"&#58;", b"&colon;"],
        b'%' => &[b"%3A"],
        b'\\' => &[b"\\:"],
        0xef => &["\u{ff1a}".as_bytes()],
        _ => return None,
    };
    first_of(rest, forms)
}

/// Bytes of the mark that stands for a slash at `at`.
pub(crate) fn slash_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let forms: &[&[u8]] = match rest.first()? {
        b'/' => return Some(1),
        b'[' => &[b"[/]"],
        b'(' => &[b"(/)"],
        b'\\' => return escaped_slash(rest),
        b'%' => &[b"%2F"],
        _ => return None,
    };
    first_of(rest, forms)
}

/// Bytes of the slash that `rest` starts with as JSON writes it: `\/` or
/// `\u002f`, with up to three backslashes if the JSON is a string of another.
pub(crate) fn escaped_slash(rest: &[u8]) -> Option<usize> {
    let marks = backslashes(rest);
    let slash = first_of(&rest[marks..], &[b"/", b"u002f"])?;
    (marks > 0).then_some(marks + slash)
}

/// How many backslashes come first, of which three are counted.
pub(crate) fn backslashes<'t>(
    text: impl IntoIterator<Item = &'t u8>,
) -> usize {
    text.into_iter().take(3).take_while(|b| **b == b'\\').count()
}

/// Bytes of the first of `forms` that `rest` starts with, in any case.
fn first_of(rest: &[u8], forms: &[&[u8]]) -> Option<usize> {
    let found = |form: &&&[u8]| starts_with_ignore_case(rest, form);
    forms.iter().find(found).map(|form| form.len())
}

/// Bytes of the mark that stands for an at sign at `at`, and which is not
/// the sign itself.
pub(crate) fn at_sign_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if !matches!(byte(rest, 0), b'[' | b'(' | b'{' | b' ') {
        return None;
    }
    let forms: &[&[u8]] = &[
        b"[@]", b"(@)", b"{@}", b"[at]", b"(at)", b"{at}", b" [at] ",
        b" (at) ",
    ];
    // The second byte says at once that most brackets are none.
    if !matches!(byte(rest, 1), b'@' | b'a' | b'A' | b'[' | b'(') {
        return None;
    }
    first_of(rest, forms)
}

/// A scheme that a URL may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    Ftp,
}

impl Scheme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::Ftp => "ftp",
        }
    }
}

/// The scheme that `word` means: `http` in any disguise of the table. Brackets
/// inside are ignored. Anything else is no scheme of ours, and is never
/// guessed to be one.
pub(crate) fn scheme(word: &[u8]) -> Option<Scheme> {
    match word {
        b"http" => return Some(Scheme::Http),
        b"https" => return Some(Scheme::Https),
        _ if word.len() > 16 => return None,
        _ => {}
    }
    let mut buffer = [0; 16];
    let mut len = 0;
    for &b in word {
        if !matches!(b, b'[' | b']' | b'(' | b')' | b'{' | b'}') {
            buffer[len] = b.to_ascii_lowercase();
            len += 1;
        }
    }
    let word = &buffer[..len];
    match word {
        b"ftp" | b"fxp" | b"ftx" | b"f*p" | b"f_p" => {
            return Some(Scheme::Ftp);
        }
        b"meow" | b"httx" | b"hpp" => return Some(Scheme::Http),
        b"meows" | b"httxs" | b"hpps" => return Some(Scheme::Https),
        _ => {}
    }
    let (stem, scheme) = match word.strip_suffix(b"s") {
        Some(stem) => (stem, Scheme::Https),
        None => (word, Scheme::Http),
    };
    // `h`, up to four of the usual stand-ins for `tt`, `p`.
    let middle = stem.strip_prefix(b"h")?.strip_suffix(b"p")?;
    let stand_in =
        |b: &u8| matches!(b, b't' | b'x' | b'z' | b'*' | b'_' | b'-');
    let fits = (1..=4).contains(&middle.len()) && middle.iter().all(stand_in);
    (fits && middle != b"t").then_some(scheme)
}

/// A text with its defang marks undone, and the way back to the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refanged<'t> {
    text: Cow<'t, [u8]>,
    /// What each pass replaced, the last pass first.
    passes: Vec<Marks>,
}

/// For each replaced mark: where it ends in the output, and in the input.
type Marks = Vec<(usize, usize)>;

impl<'t> Refanged<'t> {
    /// The text without defang marks; borrowed when there were none.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text without defang marks, owned or borrowed.
    #[must_use]
    pub fn into_text(self) -> Cow<'t, [u8]> {
        self.text
    }

    /// Whether a mark was undone.
    #[must_use]
    pub fn was_defanged(&self) -> bool {
        !self.passes.is_empty()
    }

    /// The offset in the original text of byte `offset` of the new one. A
    /// byte that replaces a mark maps to a place inside that mark.
    ///
    /// # Complexity
    ///
    /// Logarithmic in the number of marks.
    #[must_use]
    pub fn offset(&self, offset: usize) -> usize {
        self.passes.iter().fold(offset, |offset, marks| {
            let index = marks.partition_point(|(out, _)| *out <= offset);
            let before = match index.checked_sub(1) {
                Some(i) => marks[i].1 + (offset - marks[i].0),
                None => offset,
            };
            // `hpp:/` is shorter than what it stands for.
            marks.get(index).map_or(before, |next| before.min(next.1 - 1))
        })
    }

    /// A span of the new text in the original one.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        Span { start: self.offset(span.start), end: self.offset(span.end) }
    }
}

/// Undoes the strong defang marks of a text: `hxxp`, `[.]`, `[:]//`, `[@]`.
///
/// Weak forms (` dot `, a comma) stay as they are: in running text they are
/// mostly what they look like. To find indicators, use
/// [`Scanner`](crate::Scanner), which reads every form in its place and does
/// not rewrite the text. Twice gives what once gives.
///
/// ```
/// let text = iocpack::refang("hxxps[://]c2[.]example/a, array[.]");
/// assert_eq!(text.text(), b"https://c2.example/a, array[.]");
/// assert_eq!(text.offset(8), 10);
/// assert!(!iocpack::refang("plain text.").was_defanged());
/// ```
///
/// # Complexity
///
/// Linear: each pass shortens the text or is the last, and marks that are
/// built of marks (`[[.].]`) go four deep.
pub fn refang(text: &(impl AsRef<[u8]> + ?Sized)) -> Refanged<'_> {
    let mut text = Cow::Borrowed(text.as_ref());
    let mut passes = Vec::new();
    while passes.len() < MAX_PASSES {
        let Some((next, marks)) = refang_once(&text) else { break };
        passes.insert(0, marks);
        text = Cow::Owned(next);
    }
    Refanged { text, passes }
}

/// How deep marks may be built of marks.
const MAX_PASSES: usize = 16;

/// One pass over a text; `None` where it has no mark.
fn refang_once(text: &[u8]) -> Option<(Vec<u8>, Marks)> {
    let mut out = Vec::new();
    let mut marks = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = text[at..]
        .iter()
        .position(|&b| MARK_START[usize::from(b)])
        .map(|n| at + n)
    {
        let Some((start, len, with)) = strong_mark(text, next, copied) else {
            at = next + 1;
            continue;
        };
        out.extend_from_slice(&text[copied..start]);
        out.extend_from_slice(with);
        copied = start + len;
        at = copied;
        marks.push((out.len(), copied));
    }
    if marks.is_empty() {
        return None;
    }
    out.extend_from_slice(&text[copied..]);
    Some((out, marks))
}

/// The bytes that a strong mark may start with.
static MARK_START: [bool; 256] = {
    let mut table = [false; 256];
    let starts = b"[({<]\\^& :%\xe2\xe3\xef";
    let mut i = 0;
    while i < starts.len() {
        table[starts[i] as usize] = true;
        i += 1;
    }
    table
};

/// A strong mark at `at`: where it starts, its length, what it stands for.
/// Nothing before `floor` is touched.
fn strong_mark(
    text: &[u8],
    at: usize,
    floor: usize,
) -> Option<(usize, usize, &'static [u8])> {
    let before = at.checked_sub(1).map_or(0, |i| text[i]);
    // What more slashes follow separates nothing: taking one of them away
    // would leave the same text with one less.
    if let Some(sep) = separator_at(text, at)
        && byte(text, at + sep) != b'/'
    {
        let word = scheme_before(text, at, floor);
        if let Some(scheme) = scheme(word) {
            let plain = word == scheme.as_str().as_bytes()
                && &text[at..at + sep] == b"://";
            let with: &[u8] = match scheme {
                Scheme::Http => b"http://",
                Scheme::Https => b"https://",
                Scheme::Ftp => b"ftp://",
            };
            let start = at - word.len();
            return (!plain).then_some((start, word.len() + sep, with));
        }
    }
    if is_label(before)
        && let Some(dot) = dot_at(text, at)
        && matches!(dot.form, Form::Strong | Form::Foreign)
        && dot.len > 1
    {
        return Some((at, dot.len, b"."));
    }
    if text[at] == b'[' {
        for (mark, with) in [(&b"[:]"[..], &b":"[..]), (b"[/]", b"/")] {
            if text[at..].starts_with(mark) {
                // `[[:]]`: all pairs at once, however many.
                let (mut start, mut end) = (at, at + mark.len());
                while start > floor
                    && text[start - 1] == b'['
                    && byte(text, end) == b']'
                {
                    start -= 1;
                    end += 1;
                }
                return Some((start, end - start, with));
            }
        }
    }
    if let Some(len) = at_sign_at(text, at)
        && is_label(before)
        && is_label(byte(text, at + len))
    {
        return Some((at, len, b"@"));
    }
    None
}

/// Whether a control sequence of a terminal, such as the `ESC [ 3 1 m` of
/// coloured output, ends at `at`.
///
/// Reads at most 32 bytes.
pub(crate) fn ends_control(text: &[u8], at: usize) -> bool {
    // As it is, and as JSON, shells and programs write it.
    const STARTS: [&[u8]; 6] =
        [b"\x1b[", b"\\u001b[", b"\\u001B[", b"\\x1b[", b"\\033[", b"\\e["];
    let Some((last, rest)) = text[..at].split_last() else { return false };
    let is_number = |b: &&u8| b.is_ascii_digit() || **b == b';';
    let numbers = rest.iter().rev().take(24).take_while(is_number).count();
    let start = &rest[..rest.len() - numbers];
    last.is_ascii_alphabetic()
        && STARTS.iter().any(|word| start.ends_with(word))
}

/// Where a word that starts at `start` starts after a control sequence: the
/// `31m` of `ESC [ 3 1 m` looks like the start of it.
pub(crate) fn past_control(text: &[u8], start: usize) -> Option<usize> {
    if !matches!(text[..start].last(), Some(b'[' | b';')) {
        return None;
    }
    let digits = text[start..].iter().take(4);
    let end = start + digits.take_while(|b| b.is_ascii_digit()).count() + 1;
    (end <= text.len() && ends_control(text, end)).then_some(end)
}

/// The bytes before `at` that may spell a scheme: letters, stand-ins and
/// brackets, at most 12 of them, none before `floor`.
pub(crate) fn scheme_before(text: &[u8], at: usize, floor: usize) -> &[u8] {
    let low = at.saturating_sub(12).max(floor);
    let mut start = at;
    while start > low {
        match text[start - 1] {
            b if b.is_ascii_alphanumeric() => {}
            b'*' | b'_' | b'-' | b'[' | b']' | b'(' | b')' | b'+' | b'.' => {}
            _ => break,
        }
        start -= 1;
    }
    // `ESC[32mhttp://…`
    let may =
        text[start..at].contains(&b'[') || text[..start].last() == Some(&b';');
    if may
        && let Some(end) = (start..at).rev().find(|it| ends_control(text, *it))
    {
        start = end;
    }
    // `(http://…)`: brackets around the whole belong to the text, unless they
    // close before the separator: `[http]://`. One that closes before the
    // word is the text's, too.
    let mut word = &text[start..at];
    while let Some((&first, rest)) = word.split_first() {
        let opens = matches!(first, b'[' | b'(');
        // `[](http://…)`: an image without a text.
        let mut inside =
            rest.iter().skip_while(|b| !b.is_ascii_alphanumeric());
        let closed = inside.any(|b| is_close(*b));
        if !(opens && !closed || is_close(first)) {
            break;
        }
        word = rest;
    }
    word
}

/// Bytes of what separates a scheme from a host at `at`: `://` in any
/// disguise of the table, a space in it included.
///
/// Reads at most 40 bytes.
pub(crate) fn separator_at(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with(b"://") {
        let third = usize::from(byte(rest, 3) == b'/');
        return Some(3 + third + close_of_url_bracket(rest, 3 + third));
    }
    let mut i = 0;
    if byte(rest, i) == b' ' {
        i += 1;
    }
    if rest[i..].starts_with(b"[://]") {
        return Some(i + 5);
    }
    match colon_at(rest, i) {
        Some(len) => i += len,
        None if rest[i..].starts_with(b"[:/") => i += 2,
        None if byte(rest, i) == b';' && byte(rest, i + 1) == b'/' => i += 1,
        None => return None,
    }
    let space =
        usize::from(byte(rest, i) == b' ' && byte(rest, i + 1) == b'/');
    i += space;
    let slashes_at = i;
    let mut slashes = 0;
    while slashes < 3 {
        let next = byte(rest, i);
        if let Some(len) = slash_at(rest, i) {
            i += len;
            slashes += 1;
        } else if matches!(next, b'[' | b'(' | b']' | b')')
            && (matches!(byte(rest, i + 1), b'/' | b'[' | b'(')
                || slashes > 0 && is_close(next))
        {
            i += 1;
        } else if next == b'\\' || next == b'_' && slashes < 2 {
            i += 1;
            slashes += 1;
        } else {
            break;
        }
    }
    let plain = &rest[slashes_at..i];
    match slashes {
        0 => None,
        // `http:\\/host`, of which the first backslash is a slash too.
        1 if plain == b"\\\\/" && space == 0 => Some(i),
        // `hxxp:/host`: the colon must be plain and a host must follow.
        1 if plain != b"/" || space > 0 => None,
        _ => Some(i),
    }
}

/// `[hxxp://]host`: the bracket that closes after the separator.
fn close_of_url_bracket(rest: &[u8], at: usize) -> usize {
    usize::from(is_close(byte(rest, at)) && is_label(byte(rest, at + 1)))
}
