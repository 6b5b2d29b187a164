//! Escapes of strings that touch a candidate.
//!
//! JSON, and most languages with it, write the end of a line as `\n`: the
//! letter is no part of the word after it. A path holds the same two bytes:
//! `C:\tools\nc.example`. What stands around tells the two apart. JSON that is
//! a string of other JSON has each backslash twice.

use super::bounds::json_unit;
use super::chars::{before, byte, is_label_char, is_unspaced};
use crate::kind::is_quad;
use crate::refang::{backslashes, dot_at, is_label};

/// How far to either side other escapes are looked for, in bytes, and how many
/// are looked at.
const NEAR: usize = 64;
const MOST: usize = 3;

/// Bytes of `\u0022`.
const UNIT: usize = 6;

/// Whether an escape ends at `at`, by its form alone: `\n`, `\r`, `\t`, or
/// `\uXXXX` of what stands in no word.
#[inline(never)]
pub(super) fn ends_escape(text: &[u8], at: usize) -> bool {
    at >= 2 && text[at - 2] == b'\\' && is_line(text[at - 1])
        || at >= UNIT && is_unit(&text[at - UNIT..at])
}

/// Where a word starts of which the bytes from `start` on are read, if an
/// escape is read with it: the backslash stands before `start`.
///
/// Reads at most 128 bytes to either side.
#[inline]
pub(super) fn past_escape(text: &[u8], start: usize) -> Option<usize> {
    match before(text, start) {
        b'\\' => past_backslash(text, start),
        _ => None,
    }
}

#[inline(never)]
fn past_backslash(text: &[u8], start: usize) -> Option<usize> {
    let mark = start - 1;
    if is_unit(&text[mark..]) {
        let word = mark + UNIT;
        return is_label(byte(text, word)).then_some(word);
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
        && (starts_quad(&text[word..]) || is_known());
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

/// Whether `text` starts with an IPv4 address: no part of a path is called
/// `n192.0.2.1`.
fn starts_quad(text: &[u8]) -> bool {
    let digit_or_dot = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let len = text.iter().take(16).take_while(digit_or_dot).count();
    let quad = &text[..len];
    is_quad(quad.strip_suffix(b".").unwrap_or(quad))
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
