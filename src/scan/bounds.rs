//! Where the text ends a URL.
//!
//! A URL may hold nearly every byte, so it is the text around it that says
//! where it stops. In order:
//!
//! - white space, controls, `"`, `<`, `>`, a backtick, `|`, `^` and the quotes,
//!   brackets and sentence marks of other scripts end it;
//! - a closing bracket that the URL did not open ends it, and so does a quote
//!   that stood before it;
//! - sentence marks at its end are not part of it;
//! - a comma or a semicolon ends it when the next field of a list follows;
//! - a tag that closes what stands around it (`[/img]`, `{color}`) ends it;
//! - an HTML entity for one of those bytes, or a JSON escape for white space
//!   or a quote, ends it too;
//! - markup that stood before it (`**`, `++`) ends it when it comes again, and
//!   so does what stands for a blank in an encoded command (`%20`, `+`);
//! - a regular expression ends with the slash that is not escaped.

mod fields;
mod markup;

pub(super) use self::fields::{next_field, next_part};
pub(super) use self::markup::{closes_block, ends_with_entity};
use self::markup::{closes_tag, opens_label, trim_markup};
use super::chars::{before, byte, char_at, ends_url};
use crate::Limits;
use crate::refang::{
    Form, at_sign_at, backslashes, dot_at, escaped_slash, is_label,
};

/// Longest URL that is read, in bytes as written.
pub(super) const MAX_URL: usize = Limits::URL;

/// The part of a URL after its separator, as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    /// One past the last byte.
    pub(super) end: usize,
    /// Defang marks or escapes stand inside.
    pub(super) marked: bool,
    /// Bytes that are only in the text's encoding (JSON's `\/`).
    pub(super) escaped: bool,
    /// The URL goes on past [`MAX_URL`].
    pub(super) too_long: bool,
}

/// What a byte does in a URL.
const PLAIN: u8 = 0;
const STOP: u8 = 1;
const SPECIAL: u8 = 2;

const CLASS: [u8; 256] = {
    let mut class = [PLAIN; 256];
    let mut b = 0;
    while b <= 0x20 {
        class[b] = STOP;
        b += 1;
    }
    class[0x7f] = STOP;
    let stop = b"\"<>`|^";
    let mut i = 0;
    while i < stop.len() {
        class[stop[i] as usize] = STOP;
        i += 1;
    }
    let special = b".,;:!?'()[]{}&\\*";
    let mut i = 0;
    while i < special.len() {
        class[special[i] as usize] = SPECIAL;
        i += 1;
    }
    let mut b = 0x80;
    while b < 256 {
        class[b] = SPECIAL;
        b += 1;
    }
    class
};

/// Whether `b` ends every URL, and so every token that is passed over.
pub(super) const fn ends_token(b: u8) -> bool {
    CLASS[b as usize] == STOP
}

/// Reads the rest of a URL.
///
/// `start` is where the URL starts in the text, `from` the first byte after
/// the separator (or after the host, of a URL without a scheme).
pub(super) fn url_body(
    text: &[u8],
    start: usize,
    from: usize,
    in_host: bool,
    backslashes: bool,
) -> Body {
    let limit = text.len().min(start + MAX_URL);
    let mut body =
        Body { end: from, marked: false, escaped: false, too_long: false };
    let mut host = in_host;
    let mut query = false;
    let mut quotes = 0_u32;
    let mut open = Brackets::default();
    let quote_before = before(text, start) == b'\'';
    let mut at = from;
    loop {
        if at >= limit {
            body.too_long = at < text.len();
            break;
        }
        let b = text[at];
        let class = CLASS[usize::from(b)];
        if class == PLAIN {
            at += 1;
            body.end = at;
            if b == b'/' || b == b'#' {
                host = false;
            }
            continue;
        }
        if (host || matches!(b, b'[' | b'(' | b'{'))
            && let Some(len) = mark(text, at, host)
        {
            body.marked = true;
            at += len;
            continue;
        }
        if class == STOP {
            break;
        }
        match b {
            b'.' | b':' | b'!' => at += 1,
            b'?' => {
                host = false;
                query = true;
                at += 1;
            }
            b',' => {
                if next_field(text, start, at, query) {
                    break;
                }
                at += 1;
            }
            b';' => {
                if next_part(text, at) {
                    break;
                }
                at += 1;
            }
            b'\'' => {
                if quote_before || host {
                    break;
                }
                quotes += 1;
                at += 1;
                if quotes.is_multiple_of(2) {
                    body.end = at;
                }
            }
            b'{' if closes_block(text, start, at) => break,
            b'(' | b'{' => {
                open.push(b);
                at += 1;
            }
            b'[' => {
                let is_label = !host && !query && opens_label(text, at);
                if is_label || closes_tag(text, at) {
                    break;
                }
                open.push(b);
                at += 1;
            }
            b')' | b'}' | b']' => {
                if !open.pop(b) {
                    break;
                }
                at += 1;
                body.end = at;
            }
            b'&' => {
                if ends_with_entity(text, at) {
                    break;
                }
                at += 1;
                body.end = at;
            }
            // Markup, or a wildcard: never the end.
            b'*' => at += 1,
            b'\\' => match escape(text, at, backslashes) {
                Escape::End => break,
                Escape::Slash(len) => {
                    host = false;
                    body.escaped = true;
                    at += len;
                    body.end = at;
                }
                Escape::Other(len) => {
                    body.escaped = true;
                    at += len;
                    body.end = at;
                }
            },
            _ => {
                let Some((c, len)) = char_at(text, at) else {
                    // A byte that is no UTF-8 is percent-encoded later.
                    at += 1;
                    body.end = at;
                    continue;
                };
                if ends_url(c) {
                    break;
                }
                at += len;
                body.end = at;
            }
        }
    }
    if let Some(blank) = blank_before(text, start)
        && let Some(len) = memchr::memmem::find(&text[from..body.end], blank)
    {
        body.end = from + len;
    }
    if let Some(len) = pattern_end(&text[start..body.end]) {
        body.end = from.max(start + len);
    }
    trim_markup(text, start, from, &mut body);
    body
}

/// Where a regular expression ends that a URL is written as: one of which dots
/// and slashes are escaped ends with the first slash that is not,
/// `/evil\.example\/a/i`.
fn pattern_end(url: &[u8]) -> Option<usize> {
    let first = memchr::memchr(b'\\', url)?;
    memchr::memmem::find(&url[first..], b"\\.")?;
    let path = first + memchr::memmem::find(&url[first..], b"\\/")?;
    memchr::memchr_iter(b'/', &url[path + 2..])
        .map(|at| path + 2 + at)
        .find(|at| url[at - 1] != b'\\')
}

/// What stands for a blank or a quote before `start`, in a request that holds
/// a command: `wget%20http://…`, `wget+http://…`. It ends a URL there too.
pub(super) fn blank_before(text: &[u8], start: usize) -> Option<&[u8]> {
    let left = &text[..start];
    let marks: [&[u8]; 4] = [b"%20", b"%22", b"%27", b"${IFS}"];
    if let Some(mark) = marks.iter().find(|mark| left.ends_with(mark)) {
        return Some(mark);
    }
    // `git+http://…` is another scheme: here other blanks stand before.
    let command = left.strip_suffix(b"+")?;
    let word = command.iter().rev().take(16);
    let word = word.take_while(|b| b.is_ascii_alphabetic()).count();
    let rest = &command[..command.len() - word];
    let is_encoded = match rest {
        [.., b'%', digit] => digit.is_ascii_digit(),
        [.., b'%', one, two] => {
            one.is_ascii_hexdigit() && two.is_ascii_hexdigit()
        }
        _ => false,
    };
    let joins = rest.last().is_some_and(|b| b"+;=&|".contains(b));
    (joins || is_encoded).then_some(b"+")
}

/// Bytes of a defang mark at `at` that a URL reads through.
fn mark(text: &[u8], at: usize, host: bool) -> Option<usize> {
    let rest = &text[at..];
    let marks: &[&[u8]] = match rest[0] {
        b'[' => &[b"[/]", b"[:]", b"[?]", b"[-]"],
        b'(' => &[b"(/)", b"(:)"],
        b'{' => &[b"{:}"],
        _ => &[],
    };
    if let Some(mark) = marks.iter().find(|mark| rest.starts_with(mark)) {
        return Some(mark.len());
    }
    if let Some(len) = at_sign_at(text, at)
        && text[at] != b' '
    {
        return Some(len);
    }
    let dot = dot_at(text, at)?;
    let fits = match dot.form {
        Form::Strong => host || text[at] != b' ',
        Form::Open => host,
        // `evil.com。これ`: the end of a sentence.
        Form::Foreign => {
            let next = byte(text, at + dot.len);
            host && !(next >= 0x80 && before(text, at) < 0x80)
        }
        Form::Plain | Form::Weak(_) => false,
    };
    // A dot in brackets in the path only where a name goes on: `a[.]php`.
    (fits && dot.len > 1).then_some(dot.len)
}

/// Brackets that are open, innermost last: at most 32 of them.
#[derive(Default)]
struct Brackets {
    kinds: u64,
    depth: u32,
}

impl Brackets {
    fn code(b: u8) -> u64 {
        match b {
            b'(' | b')' => 1,
            b'[' | b']' => 2,
            _ => 3,
        }
    }

    fn push(&mut self, b: u8) {
        self.kinds = self.kinds << 2 | Brackets::code(b);
        self.depth += 1;
    }

    /// Whether `b` closes the innermost bracket.
    fn pop(&mut self, b: u8) -> bool {
        if self.depth == 0 {
            return false;
        }
        let fits = self.depth > 32 || self.kinds & 3 == Brackets::code(b);
        if fits {
            self.kinds >>= 2;
            self.depth -= 1;
        }
        fits
    }
}

enum Escape {
    End,
    Slash(usize),
    Other(usize),
}

/// A backslash in a URL: JSON's `\/` and `\u002f` are a slash, `\u0026` and
/// its like the byte they name, also in JSON that is a string of other JSON;
/// where the scheme was written with backslashes, each is a slash; any other
/// ends the URL.
fn escape(text: &[u8], at: usize, backslashes: bool) -> Escape {
    let rest = &text[at..];
    if let Some(len) = escaped_slash(rest) {
        return Escape::Slash(len);
    }
    if let Some((c, len)) = escaped_unit(rest) {
        return match c {
            b'&' | b'=' | b'\'' | b'+' | b'%' => Escape::Other(len),
            _ => Escape::End,
        };
    }
    if backslashes && !matches!(byte(rest, 1), b'"' | b'\\' | 0..=b' ') {
        return Escape::Slash(1);
    }
    if is_escaped(byte(rest, 1)) && is_label(byte(rest, 2)) {
        return Escape::Other(1);
    }
    Escape::End
}

/// What Markdown, LaTeX, queries and files of properties write a backslash
/// before: `a\_b`, `a\.php`, `a\%20b`, `example.com\:8080`.
fn is_escaped(b: u8) -> bool {
    matches!(b, b'_' | b'.' | b'-' | b'&' | b'=' | b':' | b'%' | b'#' | b'~')
}

/// The ASCII byte that `\uXXXX` names, with up to three backslashes, and how
/// long that is.
fn escaped_unit(rest: &[u8]) -> Option<(u8, usize)> {
    let marks = backslashes(rest);
    let unit = json_unit(&rest[marks.checked_sub(1)?..])?;
    Some((u8::try_from(unit).ok()?, marks + "u0026".len()))
}

/// The UTF-16 unit that the `\uXXXX` names that `rest` starts with.
pub(super) fn json_unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"\\u")?.first_chunk::<4>()?;
    digits.iter().try_fold(0, |unit, digit| {
        let digit = char::from(*digit).to_digit(16)? as u16;
        Some(unit << 4 | digit)
    })
}

/// Appends the refanged text of a URL's body to `out`.
pub(super) fn refanged_body(
    text: &[u8],
    from: usize,
    body: &Body,
    in_host: bool,
    out: &mut Vec<u8>,
) {
    let mut at = from;
    let mut host = in_host;
    while at < body.end {
        let b = text[at];
        if (host || matches!(b, b'[' | b'(' | b'{'))
            && let Some(len) = mark(text, at, host)
        {
            let inner = text[at..at + len]
                .iter()
                .find(|b| matches!(b, b'/' | b':' | b'?' | b'-' | b'@'));
            let with = match inner {
                Some(b'-') if dot_at(text, at).is_some() => b'.',
                Some(inner) => *inner,
                None if at_sign_at(text, at).is_some() => b'@',
                None => b'.',
            };
            host &= !matches!(with, b'/' | b'?');
            out.push(with);
            at += len;
            continue;
        }
        if matches!(b, b'/' | b'?' | b'#') {
            host = false;
        }
        if b == b'\\' {
            let rest = &text[at..];
            let slash = escaped_slash(rest).map(|len| (b'/', len));
            let (with, len) = slash
                .or_else(|| escaped_unit(rest))
                .unwrap_or_else(|| match byte(rest, 1) {
                    next if is_escaped(next) => (next, 2),
                    _ => (b'/', 1),
                });
            host &= with != b'/';
            out.push(with);
            at += len;
            continue;
        }
        out.push(b);
        at += 1;
    }
}
