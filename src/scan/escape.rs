//! Escapes that touch a candidate.
//!
//! JSON, and most languages with it, write the end of a line as `\n`: the
//! letter is no part of the word after it. A path holds the same two bytes:
//! `C:\tools\nc.example`. What stands around tells the two apart. JSON that is
//! a string of other JSON has each backslash twice.
//!
//! Forms that were sent have `%20` for a blank, logs `\x22` for a quote: those
//! digits are no part of the word after them either.

use super::bounds::json_unit;
use super::chars::{before, byte, char_before, is_label_char, is_unspaced};
use super::encoded::pair;
use crate::kind::quad_length;
use crate::refang::{backslashes, dot_at, is_label};

/// How far to either side other escapes are looked for, in bytes, and how many
/// are looked at.
const NEAR: usize = 64;
const MOST: usize = 3;

/// Bytes of `\u0022`.
const UNIT: usize = 6;

/// Whether an escape ends at `at`, by its form alone: `\n`, `\r`, `\t`, or
/// `\uXXXX`, `\xXX`, `%XX` of what stands in no word.
#[inline]
pub(super) fn ends_escape(text: &[u8], at: usize) -> bool {
    let last = before(text, at);
    is_line(last) && before(text, at - 1) == b'\\'
        || last.is_ascii_hexdigit() && ends_code(text, at)
}

#[inline(never)]
fn ends_code(text: &[u8], at: usize) -> bool {
    at >= UNIT && is_unit(&text[at - UNIT..at])
        || coded_before(text, at).is_some()
}

/// The byte that the `%XX` or `\xXX` that ends at `at` stands for, and where
/// that starts; `None` where it is a piece of a word. `%252F` is a slash that
/// was encoded twice.
#[inline]
pub(super) fn coded_before(text: &[u8], at: usize) -> Option<(u8, usize)> {
    // Few words stand right after a digit.
    before(text, at).is_ascii_hexdigit().then(|| coded_apart(text, at))?
}

#[inline(never)]
fn coded_apart(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let (byte, start) = code_before(text, at)?;
    let is_percent = text[start] == b'%';
    let is_apart = match byte {
        0x80.. => is_character_apart(text, at),
        b'%' => !pair(text, at).is_some_and(is_mark),
        _ => is_mark(byte) || !is_percent && byte.is_ascii_control(),
    };
    let is_wild = is_percent && is_wild(text, start, at);
    (is_apart && !is_wild).then_some((byte, start))
}

/// Whether the percent sign at `sign`, with two digits up to `at`, stands for
/// any text: `LIKE '%20min.example'`.
fn is_wild(text: &[u8], sign: usize, at: usize) -> bool {
    matches!(before(text, sign), b'\'' | b'"') && !is_coded_after(text, at)
}

/// Whether the `%XX` of which the digits start at `digits` stands for a letter
/// of the word that goes on after it.
pub(super) fn is_letter_coded(text: &[u8], digits: usize) -> bool {
    let at = digits + 2;
    match code_before(text, at) {
        Some((byte, sign)) if byte.is_ascii_alphanumeric() => {
            !is_wild(text, sign, at)
        }
        Some((0x80.., sign)) => code_before(text, sign).is_some(),
        _ => false,
    }
}

/// As [`coded_before`], for any byte.
fn code_before(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let digits = at.checked_sub(2)?;
    let byte = pair(text, digits)?;
    let mut left = &text[..digits];
    if left.ends_with(b"\\x") {
        return Some((byte, digits - 2));
    }
    for _ in 0..2 {
        left = left.strip_suffix(b"25").unwrap_or(left);
    }
    left.ends_with(b"%").then(|| (byte, left.len() - 1))
}

/// Whether a byte ends a word.
fn is_mark(byte: u8) -> bool {
    match byte {
        b'\t' | b'\n' | b'\r' | 0 => true,
        b'.' | b'%' | 0x80.. => false,
        _ => !(is_label(byte) || byte.is_ascii_control()),
    }
}

/// Whether the character that ends with the code before `at` stands in no
/// word, or is one of prose without spaces. Bytes that make no character are
/// data, where more than one of them is written as `\xXX`.
fn is_character_apart(text: &[u8], at: usize) -> bool {
    let mut bytes = [0; 4];
    let mut len = 0;
    let mut start = at;
    while len < bytes.len()
        && let Some((byte, left)) = code_before(text, start)
    {
        len += 1;
        bytes[4 - len] = byte;
        start = left;
    }
    match char_before(&bytes, bytes.len()) {
        Some((c, _)) => !is_label_char(c) || is_unspaced(c),
        None => len > 1 && text[start] == b'\\',
    }
}

/// Whether an escape follows the word at `at`.
fn is_coded_after(text: &[u8], at: usize) -> bool {
    let word = text[at..].iter().take(256);
    let len = word.take_while(|b| is_label(**b) || **b == b'.').count();
    byte(text, at + len) == b'%' && pair(text, at + len + 1).is_some()
}

/// Where a word starts of which the bytes from `start` on are read, if an
/// escape is read with it: the backslash or the percent sign stands before
/// `start`.
///
/// Reads at most 256 bytes to either side.
#[inline]
pub(super) fn past_escape(text: &[u8], start: usize) -> Option<usize> {
    match before(text, start) {
        b'\\' => past_backslash(text, start),
        b'%' => past_code(text, start),
        _ => None,
    }
}

/// As [`past_escape`], for the digits of `%XX` at `start`, or of `%25XX`.
#[inline(never)]
pub(super) fn past_code(text: &[u8], start: usize) -> Option<usize> {
    let ends = [start + 2, start + 4, start + 6];
    ends.into_iter().find(|end| {
        is_label(byte(text, *end)) && coded_before(text, *end).is_some()
    })
}

#[inline(never)]
fn past_backslash(text: &[u8], start: usize) -> Option<usize> {
    let mark = start - 1;
    if is_unit(&text[mark..]) {
        let word = mark + UNIT;
        return is_label(byte(text, word)).then_some(word);
    }
    if byte(text, start) == b'x' {
        let word = start + 3;
        let is_word = is_label(byte(text, word));
        return (is_word && coded_before(text, word).is_some())
            .then_some(word);
    }
    let word = start + 1;
    let is_known = || {
        let marks = backslashes(text[..start].iter().rev());
        let first = start - marks;
        marks <= 2
            && !is_path(text, first)
            && (is_marked(text, word) || is_string(text, first, marks))
    };
    let is_escape = is_line(byte(text, start))
        && is_label(byte(text, word))
        && (quad_length(&text[word..]) > 0 || is_known());
    is_escape.then_some(word)
}

/// Whether the letter after a backslash makes it the end of a line or a tab.
fn is_line(letter: u8) -> bool {
    matches!(letter, b'n' | b'r' | b't')
}

/// Whether `text` starts with `\uXXXX` for a character that stands in no word.
fn is_unit(text: &[u8]) -> bool {
    let Some(unit) = json_unit(text) else { return false };
    // A half of a character beyond 16 bits is a picture, most often.
    char::from_u32(u32::from(unit))
        .is_none_or(|c| !is_label_char(c) || is_unspaced(c))
}

/// Whether the label at `word` ends with a mark for a dot, which stands in no
/// path.
fn is_marked(text: &[u8], word: usize) -> bool {
    let label = text[word..].iter().take(64);
    let end = word + label.take_while(|b| is_label(**b)).count();
    dot_at(text, end).is_some_and(|dot| dot.len > 1)
}

/// Whether the backslash at `mark` comes after the start of a path as Windows
/// writes them: a drive, a host, a variable, a key of the registry.
fn is_path(text: &[u8], mark: usize) -> bool {
    let low = mark.saturating_sub(NEAR);
    let mut start = mark;
    while start > low && !ends_word(text[start - 1]) {
        start -= 1;
        let next = text[start + 1] == b'\\';
        let is_start = match text[start] {
            b'%' => next,
            b':' => {
                next && before(text, start).is_ascii_alphabetic()
                    && !is_label(before(text, start - 1))
            }
            _ => false,
        };
        if is_start {
            return true;
        }
    }
    let word = &text[start..mark];
    word.starts_with(b"\\\\")
        || word.starts_with(b"HK")
        || word.ends_with(b"..")
        || word == b"."
}

/// Whether a byte is a blank or a quote.
fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'')
}

/// Whether the escape at `mark`, of so many backslashes, stands in a string:
/// it and those nearest to it on its line are escapes that JSON has, and one
/// of them is no separator of a path.
fn is_string(text: &[u8], mark: usize, marks: usize) -> bool {
    let low = mark.saturating_sub(NEAR);
    let high = text.len().min(mark + NEAR);
    let stop = |text| memchr::memchr3(b'\\', b'\n', b'\r', text);
    let stop_before = |text| memchr::memrchr3(b'\\', b'\n', b'\r', text);
    let mut is_told = false;
    let mut at = mark;
    for _ in 0..=MOST {
        let Some(len) = stop(&text[at..high]) else { break };
        let found = backslashes(&text[at + len..high]);
        if found == 0 {
            break;
        }
        match Escape::of(text, at + len, found, marks) {
            Escape::Other => return false,
            escape => is_told |= escape == Escape::Told,
        }
        at += len + found + 1;
        if at >= high {
            break;
        }
    }
    at = mark;
    for _ in 0..MOST {
        let Some(len) = stop_before(&text[low..at]) else { break };
        let found = backslashes(text[low..=low + len].iter().rev());
        if found == 0 {
            break;
        }
        at = low + len + 1 - found;
        match Escape::of(text, at, found, marks) {
            Escape::Other => return false,
            escape => is_told |= escape == Escape::Told,
        }
    }
    is_told
}

/// What backslashes and the byte after them are, where so many make an escape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// None that a path does not have.
    Told,
    /// One that paths may have too.
    Known,
    /// No escape that JSON has.
    Other,
}

impl Escape {
    /// Of the `found` backslashes at `start`.
    fn of(text: &[u8], start: usize, found: usize, marks: usize) -> Escape {
        let rest = &text[start + found - 1..];
        let is_told = match byte(rest, 1) {
            b'n' | b'r' | b't' => {
                found == marks && is_break(text, start, byte(rest, 2))
            }
            b'"' | b'/' => found >= marks,
            b'u' if json_unit(rest).is_some() => true,
            b'b' | b'f' | b'\\' | 0 => false,
            // `\\` is one backslash of the text itself.
            _ if found > marks => false,
            _ => return Escape::Other,
        };
        if is_told { Escape::Told } else { Escape::Known }
    }
}

/// Whether `\n` or its like at `at` ends a line, rather than a part of a path:
/// what stands before or after it is none.
fn is_break(text: &[u8], at: usize, after: u8) -> bool {
    let low = at.saturating_sub(NEAR);
    let part = |b: &&u8| !ends_word(**b) && **b != b'\\';
    let len = text[low..at].iter().rev().take_while(part).count();
    let word = &text[at - len..at];
    let ends = match word {
        [.., letter, b':' | b'.'] => is_label(*letter) && len > 2,
        [.., last] => b",;!?)]}>|=*".contains(last),
        [] => false,
    };
    let starts_none =
        !(is_label(after) || matches!(after, b'.' | b'"' | b'\'' | 0));
    // A name, an address, a digest.
    ends || starts_none || word.contains(&b'.') || len >= 32
}
