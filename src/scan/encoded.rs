//! URLs that are written in an encoding as a whole: percent-encoded, in hex
//! digits, in base64. Malware writes them so, and reports copy it.
//!
//! The whole token must decode to one URL and nothing else. What is
//! percent-encoded may go on with the text that the URL stands in.

use super::bounds::{ends_token, next_part};
use super::chars::before;
use super::engine::Engine;
use super::found::Flags;
use super::link::judge_host;
use super::queue::Queue;
use crate::kind::hex_pair;
use crate::refang::Scheme;
use crate::{Indicator, Span, Url};

/// Longest token that is decoded, in bytes.
const MAX_TOKEN: usize = 4096;

impl Engine<'_> {
    /// `http%3A%2F%2Fhost%2Fpath`; `from` is the first byte after the
    /// separator.
    pub(super) fn encoded_percent(
        &mut self,
        text: &[u8],
        start: usize,
        from: usize,
        scheme: Scheme,
        out: &mut Queue,
    ) -> bool {
        let inside =
            |b: &u8| b.is_ascii_alphanumeric() || b"%-._~*!'()".contains(b);
        let len = text[from..]
            .iter()
            .take(MAX_TOKEN)
            .take_while(|b| inside(b))
            .count();
        let token = &text[from..from + len];
        let token = &token[..encoded_end(token)];
        let token = match token {
            [rest @ .., b'.' | b')' | b'\'' | b'!'] => rest,
            _ => token,
        };
        let mut url = scheme.as_str().as_bytes().to_vec();
        url.extend_from_slice(b"://");
        percent_decode(token, &mut url);
        let span = Span { start, end: from + token.len() };
        self.decoded(text, span, &url, out)
    }

    /// A run of hex digits that spells `http://` or `https://`.
    pub(super) fn encoded_hex(
        &mut self,
        text: &[u8],
        span: Span,
        out: &mut Queue,
    ) -> bool {
        let digits = &text[span.range()];
        let spells = [&b"687474703a2f2f"[..], b"68747470733a2f2f"];
        let starts = |word: &&[u8]| {
            digits
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        if !spells.iter().any(starts) || !digits.len().is_multiple_of(2) {
            return false;
        }
        let decoded: Option<Vec<u8>> =
            digits.chunks_exact(2).map(hex_pair).collect();
        decoded.is_some_and(|url| self.decoded(text, span, &url, out))
    }

    /// A base64 token that starts at `start` with `aHR0c`.
    pub(super) fn base64(
        &mut self,
        text: &[u8],
        start: usize,
        out: &mut Queue,
    ) {
        let inside = |b: u8| {
            b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_')
        };
        if inside(before(text, start)) || start < self.taken {
            return;
        }
        let len = text[start..]
            .iter()
            .take(MAX_TOKEN)
            .take_while(|b| inside(**b))
            .count();
        let mut end = start + len;
        let Some(url) = base64_decode(&text[start..end]) else { return };
        while end < start + len + 2 && text.get(end) == Some(&b'=') {
            end += 1;
        }
        self.decoded(text, Span { start, end }, &url, out);
    }

    /// Emits the URL that a token decodes to, if it is one.
    fn decoded(
        &mut self,
        text: &[u8],
        span: Span,
        decoded: &[u8],
        out: &mut Queue,
    ) -> bool {
        let http = decoded.starts_with(b"http://")
            || decoded.starts_with(b"https://")
            || decoded.starts_with(b"ftp://");
        let host = decoded.splitn(4, |b| *b == b'/').nth(2);
        if !self.options.refang
            || !http
            || host.is_none_or(|host| memchr::memchr(b'.', host).is_none())
            || !decoded.iter().all(u8::is_ascii_graphic)
        {
            return false;
        }
        let Ok(url) = Url::parse_bytes(decoded) else { return false };
        // Nobody writes a whole URL in an encoding by chance.
        if judge_host(url.host().as_bytes(), true, self.options.strictness)
            .is_err()
        {
            return false;
        }
        let value = Indicator::Url(url);
        let flags = Flags::ENCODED.with(Flags::DEFANGED);
        self.emit(text, span, value, flags, out);
        true
    }
}

/// The byte that the two hex digits at `at` name.
pub(super) fn pair(text: &[u8], at: usize) -> Option<u8> {
    hex_pair(text.get(at..)?)
}

/// Where a percent-encoded URL ends: at what would end it if it were not
/// encoded, or at a semicolon that no parameter follows.
fn encoded_end(token: &[u8]) -> usize {
    let ends = |at: &usize| match pair(token, at + 1) {
        Some(b';') => {
            let mut rest = Vec::new();
            percent_decode(&token[*at..token.len().min(at + 64)], &mut rest);
            next_part(&rest, 0)
        }
        Some(b) => ends_token(b),
        None => false,
    };
    memchr::memchr_iter(b'%', token).find(ends).unwrap_or(token.len())
}

/// Appends `text` to `out`, each `%XX` as the byte that it names.
pub(super) fn percent_decode(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < text.len() {
        let byte = pair(text, at + 1).filter(|_| text[at] == b'%');
        out.push(byte.unwrap_or(text[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
}

/// Decodes base64 of either alphabet without its padding; `None` where a
/// byte is left over or bits are that belong to no byte.
fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut have) = (0_u32, 0);
    for &b in text {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have & 0xff) as u8);
        }
    }
    (have < 6 && bits & ((1 << have) - 1) == 0).then_some(out)
}
