//! What is odd about a match, beside what reading it has shown: flags that
//! follow from its value, and from the characters that touch it.
//!
//! Those of the value are worked out when they are asked for, so that a scan
//! that asks for none pays for none.

use super::chars::{before, byte, char_at, char_before, is_hidden};
use super::found::Flags;
use super::script::is_mixed;
use crate::{Kind, Span};

/// The flags that follow from the raw text and the canonical form.
pub(super) fn of_value(kind: Kind, raw: &[u8], canonical: &str) -> Flags {
    let flags = match kind {
        Kind::Domain => of_host(canonical),
        Kind::Url => of_host(canonical).with(of_authority(raw)),
        _ => return Flags::NONE,
    };
    if raw.is_ascii() {
        return flags;
    }
    match std::str::from_utf8(raw) {
        Ok(raw) if raw.contains(is_hidden) => {
            flags.with(Flags::HIDDEN_CHARACTERS)
        }
        _ => flags,
    }
}

/// The host of a canonical URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host)
}

/// The host of a name or a URL, in A-labels, may hide what the labels show.
fn of_host(canonical: &str) -> Flags {
    // Nearly none does: one look at the whole says so.
    if memchr::memmem::find(canonical.as_bytes(), b"xn--").is_none() {
        return Flags::NONE;
    }
    let host = host(canonical);
    if !host.split('.').any(|label| label.starts_with("xn--")) {
        return Flags::NONE;
    }
    let (shown, valid) = idna::domain_to_unicode(host);
    let strict = idna::AsciiDenyList::URL;
    if valid.is_err()
        || idna::domain_to_ascii_cow(host.as_bytes(), strict).is_err()
    {
        return Flags::IDNA_INVALID;
    }
    match is_mixed(&shown) {
        true => Flags::MIXED_SCRIPT,
        false => Flags::NONE,
    }
}

/// Whether the raw text of a URL has an at sign right behind what ends its
/// host, as in `http://good.example#@evil.example/`.
fn of_authority(raw: &[u8]) -> Flags {
    let ends = |b: &u8| matches!(b, b'#' | b'?' | b'\\');
    let ambiguous = raw.iter().position(ends).is_some_and(|end| {
        let slash = |b: &&u8| **b == b'/';
        // One pair of slashes stands before the authority.
        raw[..end].iter().filter(slash).count() <= 2
            && at_sign_follows(raw, end)
    });
    match ambiguous {
        true => Flags::AMBIGUOUS_HOST,
        false => Flags::NONE,
    }
}

/// Whether an at sign stands behind the marks at `at`.
fn at_sign_follows(text: &[u8], at: usize) -> bool {
    let mark = |b: &&u8| matches!(b, b'#' | b'?' | b'\\' | b'/');
    let marks = text[at..].iter().take(8).take_while(mark).count();
    marks > 0 && text.get(at + marks) == Some(&b'@')
}

/// The flags that follow from what touches a match.
#[inline]
pub(super) fn of_neighbours(text: &[u8], span: Span, kind: Kind) -> Flags {
    let (left, right) = (before(text, span.start), byte(text, span.end));
    // Mostly neither is any of those that matter.
    if left | right >= 0x80 || right == b'\\' {
        return neighbours(text, span, kind);
    }
    Flags::NONE
}

#[cold]
fn neighbours(text: &[u8], span: Span, kind: Kind) -> Flags {
    let mut flags = Flags::NONE;
    let bidi = |c: Option<(char, usize)>| c.is_some_and(|(c, _)| is_bidi(c));
    let beyond_ascii = |at: usize| text.get(at).is_some_and(|b| *b >= 0x80);
    if beyond_ascii(span.end) && bidi(char_at(text, span.end))
        || beyond_ascii(span.start.wrapping_sub(1))
            && bidi(char_before(text, span.start))
    {
        flags = flags.with(Flags::BIDI_CONTROL);
    }
    if kind == Kind::Url
        && text.get(span.end) == Some(&b'\\')
        && at_sign_follows(text, span.end)
    {
        flags = flags.with(Flags::AMBIGUOUS_HOST);
    }
    flags
}

/// A control that changes the direction in which text is shown (UAX #9).
fn is_bidi(c: char) -> bool {
    matches!(
        c,
        '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_a_url_stands_between_userinfo_and_port() {
        assert_eq!(host("http://a:b@example.com:80/c@d"), "example.com");
        assert_eq!(host("https://example.com/"), "example.com");
        assert_eq!(host("ftp://192.0.2.7:21/?@"), "192.0.2.7");
    }
}
