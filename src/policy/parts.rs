//! The parts of a canonical URL, and the values inside them.

use std::borrow::Cow;

/// A canonical URL, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'u> {
    /// Whether the scheme is `https`.
    pub(super) is_https: bool,
    /// What stands before `@`, if anything does.
    pub(super) userinfo: Option<&'u str>,
    /// The host; an IPv6 address without its brackets.
    pub(super) host: &'u str,
    /// From the first slash up to the query.
    pub(super) path: &'u str,
    /// After the first `?`, or nothing.
    pub(super) query: &'u str,
    /// Path, query and fragment as they stand.
    pub(super) rest: &'u str,
}

impl<'u> Parts<'u> {
    /// Takes a canonical URL apart. Any text gives some answer.
    pub(super) fn of(url: &'u str) -> Parts<'u> {
        let after = url.find("://").map_or(url, |at| &url[at + 3..]);
        let end = after.find(['/', '?', '#', '\\']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (userinfo, host) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(v6),
            None => host.split(':').next().unwrap_or(host),
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let is_https = url.starts_with("https:");
        Parts { is_https, userinfo, host, path, query, rest }
    }

    /// The segments of the path, without matrix parameters.
    pub(super) fn segments(self) -> impl Iterator<Item = &'u str> {
        self.path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| segment.split(';').next().unwrap_or(segment))
    }

    /// Names and values: of the query, of matrix parameters (`;a=b`) and of
    /// path segments such as `token=b`. A value without a name has an empty
    /// one.
    pub(super) fn params(self) -> impl Iterator<Item = (&'u str, &'u str)> {
        let pair = |text: &'u str| text.split_once('=').unwrap_or(("", text));
        let query = self.query.split(['&', ';', '#']).map(pair);
        let path = self
            .path
            .split(['/', ';'])
            .filter(|part| part.contains('='))
            .map(pair);
        query.chain(path).filter(|(_, value)| !value.is_empty())
    }
}

/// Percent-decodes, twice where the first pass leaves an escape; bytes that
/// are no UTF-8 become U+FFFD.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let once = decode_once(text.as_bytes());
    let twice = if once.contains(&b'%') { decode_once(&once) } else { once };
    Cow::Owned(String::from_utf8_lossy(&twice).into_owned())
}

fn decode_once(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let byte = match text[at..] {
            [b'%', high, low, ..] => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => {
                    at += 2;
                    high << 4 | low
                }
                _ => b'%',
            },
            _ => text[at],
        };
        out.push(byte);
        at += 1;
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|d| d as u8)
}

/// The bytes of a base64 text of either alphabet, padded or not; `None` where
/// it is none.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let mut bits = 0_u32;
    let mut held = 0;
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' | b' ' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}

/// The bytes of an even number of hex digits.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if text.len() % 2 == 1 {
        return None;
    }
    text.chunks_exact(2)
        .map(|pair| Some(hex(pair[0])? << 4 | hex(pair[1])?))
        .collect()
}

/// Whether bytes are a text: nine in ten are printable ASCII. UTF-16 counts,
/// as `PowerShell` encodes commands.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let printable = |b: &&u8| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let good = bytes.iter().filter(printable).count();
    let zeros = memchr::memchr_iter(0, bytes).count();
    let wide = zeros * 10 >= bytes.len() * 4;
    let all = if wide { bytes.len() - zeros } else { bytes.len() };
    all > 0 && good * 10 >= all * 9
}
