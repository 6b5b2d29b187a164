//! Where a field of a list ends and the next one starts, though no blank
//! stands between them.

use crate::kind::is_quad;
use crate::refang::is_label;
use crate::scan::chars::{before, byte};
use crate::scan::tld::is_plain;

/// Whether a URL starts at `at`, in one of its common spellings.
fn starts_url(text: &[u8], at: usize) -> bool {
    let at = at + usize::from(byte(text, at) == b'"');
    let word = text[at.min(text.len())..]
        .iter()
        .take(8)
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    word >= 3
        && matches!(byte(text, at + word), b':' | b'[' | b'(')
        && crate::refang::scheme(&text[at..at + word]).is_some()
}

/// Whether the semicolon at `at` ends a field of a list, or a command of a
/// shell: what follows it is no parameter, such as `jsessionid=1`.
pub(in crate::scan) fn next_part(text: &[u8], at: usize) -> bool {
    let rest = &text[at + 1..];
    let name = rest.iter().take(64).take_while(|b| is_label(**b)).count();
    match byte(rest, name) {
        b'=' | b'/' | b'?' | b'#' if name > 0 => false,
        // A gateway for mail ends what it wraps with `__;!!…$`.
        b'!' if name == 0 => false,
        // `/..;/`, a way around the rules of a server.
        b'/' => !matches!(before(text, at), b'.' | b'/'),
        _ => !ends_entity(text, at),
    }
}

/// Whether the semicolon at `at` is that of `&amp;` or its like.
fn ends_entity(text: &[u8], at: usize) -> bool {
    let word = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'#';
    let len = text[..at].iter().rev().take(8).take_while(word).count();
    len > 0 && before(text, at - len) == b'&'
}

/// Whether the comma at `at` ends a field of a list, so that what follows it
/// is the next field.
pub(in crate::scan) fn next_field(
    text: &[u8],
    start: usize,
    at: usize,
    query: bool,
) -> bool {
    let next = byte(text, at + 1);
    if next <= b' ' || matches!(next, b'"' | b'\'' | b',' | b'<' | b'\\') {
        return true;
    }
    if starts_url(text, at + 1) {
        return true;
    }
    let rest = &text[at + 1..];
    let field_end = rest
        .iter()
        .take(128)
        .position(|b| matches!(b, b',' | b'\n' | b'\r' | b'\t' | b'"'));
    let field = &rest[..field_end.unwrap_or(rest.len().min(128))];
    if looks_like_date(field)
        || looks_like_hash(field)
        || !query && looks_like_host(field)
    {
        return true;
    }
    // Only a URL that fills its own field can be followed by another.
    let field_before = matches!(
        before(text, start),
        b',' | b';' | b'\t' | b'\n' | b'\r' | b'"' | 0
    );
    if !field_before {
        return false;
    }
    let name = |b: &u8| b.is_ascii_alphanumeric() || b"-_ .:()&#'".contains(b);
    if !field.iter().all(name) || !field.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    // No URL holds a space, a field of words does: `…/a,command and control`.
    // In a query a comma is common, so there the rows around must agree.
    let words = field.contains(&b' ');
    if words || !query && !field.contains(&b'.') {
        let more = byte(rest, field.len());
        return words
            || matches!(more, b',' | b'"')
            || before(text, start) == b','
            || same_commas(text, at);
    }
    query && same_commas(text, at)
}

/// Whether a field starts with an address or a name of a plain suffix.
fn looks_like_host(field: &[u8]) -> bool {
    let is_part = |b: &&u8| is_label(**b) || b".[]".contains(b);
    let len = field.iter().take_while(is_part).count();
    let host = &field[..len];
    let Some(dot) = memchr::memrchr(b'.', host) else { return false };
    let last = &host[dot + 1..];
    let last = last.strip_prefix(b"]").unwrap_or(last);
    is_quad(host)
        || dot > 0
            && is_label(host[0])
            && !matches!(byte(field, len), b'(' | b'=')
            && is_plain(last)
}

/// Whether the line before or after has as many commas as the line of the
/// comma at `at`: rows of a table.
fn same_commas(text: &[u8], at: usize) -> bool {
    const REACH: usize = 1024;
    let low = at.saturating_sub(REACH);
    let high = text.len().min(at + REACH);
    let start = memchr::memrchr(b'\n', &text[low..at]).map(|n| low + n + 1);
    let end = memchr::memchr(b'\n', &text[at..high]).map(|n| at + n);
    // The lines around, where they are seen whole.
    let above = start.and_then(|start| {
        let rest = &text[low..start - 1];
        match memchr::memrchr(b'\n', rest) {
            Some(n) => Some(&rest[n + 1..]),
            None => (low == 0).then_some(rest),
        }
    });
    let below = end.and_then(|end| {
        let rest = &text[end + 1..high];
        match memchr::memchr(b'\n', rest) {
            Some(n) => Some(&rest[..n]),
            None => (high == text.len()).then_some(rest),
        }
    });
    if above.is_none() && below.is_none() {
        return false;
    }
    // Not an iterator over their places: in a line of commas each is one.
    let commas = |line: &[u8]| line.iter().filter(|b| **b == b',').count();
    let this = commas(&text[start.unwrap_or(low)..end.unwrap_or(high)]);
    [above, below].into_iter().flatten().any(|line| commas(line) == this)
}

/// `2024-01-01…`, `01/02/2024…`.
fn looks_like_date(field: &[u8]) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        field
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let sep = |at: usize| matches!(byte(field, at), b'-' | b'/' | b'.');
    digits(0..4) && sep(4) && digits(5..7) && sep(7) && digits(8..10)
        || digits(0..2) && sep(2) && digits(3..5) && sep(5) && digits(6..8)
}

/// A field that is a hash of any usual length.
fn looks_like_hash(field: &[u8]) -> bool {
    matches!(field.len(), 32 | 40 | 64 | 128)
        && field.iter().all(u8::is_ascii_hexdigit)
}
