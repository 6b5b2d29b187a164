//! The fast way: URLs that are canonical as they stand.

use super::class::Class;
use super::escape::{Part, decode_pair, note_escape};
use super::feature::Features;
use super::host::{MAX_LABEL, MAX_NAME, note_invalid_idna};
use super::{LONG, Scheme, canonicalize};
use crate::kind::is_quad;

/// What is known of a URL that is canonical as it stands.
pub(super) struct Plain<'u> {
    features: Features,
    /// The host, when one of its labels starts with `xn--`.
    encoded: Option<&'u [u8]>,
}

impl Plain<'_> {
    /// What the URL exercises.
    pub(super) fn features(&self) -> Features {
        let mut features = self.features;
        if let Some(host) = self.encoded {
            note_invalid_idna(host, &mut features);
        }
        features
    }
}

/// Looks at each byte of `url` once. `None` does not say that `url` is not
/// canonical: userinfo, IPv6, odd hosts and invalid URLs are left to
/// [`canonicalize`].
pub(super) fn read(url: &[u8]) -> Option<Plain<'_>> {
    let mut features = Features::NONE;
    let (scheme, rest) = read_scheme(url, &mut features)?;
    let (host, port_and_path) = read_host(rest, &mut features)?;
    let tail = read_port(port_and_path, scheme)?;
    let path_len = read_path(tail, &mut features)?;
    read_query(&tail[path_len..], &mut features)?;
    if url.len() > LONG {
        features.add(Features::LONG_URL);
    }
    Some(Plain { features, encoded: host })
}

fn read_scheme<'u>(
    url: &'u [u8],
    features: &mut Features,
) -> Option<(Scheme, &'u [u8])> {
    if let Some(rest) = url.strip_prefix(b"http://") {
        return Some((Scheme::Http, rest));
    }
    if let Some(rest) = url.strip_prefix(b"https://") {
        return Some((Scheme::Https, rest));
    }
    features.add(Features::FTP);
    Some((Scheme::Ftp, url.strip_prefix(b"ftp://")?))
}

/// Reads a lower-case name of at least two labels, or a dotted IPv4 address.
/// Returns the host if a label starts with `xn--`, and what follows it.
fn read_host<'u>(
    rest: &'u [u8],
    features: &mut Features,
) -> Option<(Option<&'u [u8]>, &'u [u8])> {
    let mut label_at = 0;
    let mut encoded = false;
    let mut underscore = false;
    let mut dots = 0;
    let mut end = rest.len();
    // A host that goes on beyond the longest name is none.
    for (at, &byte) in rest.iter().enumerate().take(MAX_NAME + 1) {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            b'_' => underscore = true,
            b'.' => {
                encoded |= check_label(&rest[label_at..at])?;
                label_at = at + 1;
                dots += 1;
            }
            b'/' | b':' => {
                end = at;
                break;
            }
            _ => return None,
        }
    }
    if end > MAX_NAME || dots == 0 {
        return None;
    }
    let last = &rest[label_at..end];
    encoded |= check_label(last)?;
    let (host, after) = rest.split_at(end);
    if last[0].is_ascii_digit() && may_be_number(last) && !is_quad(host) {
        return None;
    }
    if underscore {
        features.add(Features::HOST_UNDERSCORE);
    }
    Some((encoded.then_some(host), after))
}

/// Whether a label starts with `xn--`; `None` if it is not an ordinary one.
fn check_label(label: &[u8]) -> Option<bool> {
    let (first, last) = (*label.first()?, *label.last()?);
    if label.len() > MAX_LABEL || first == b'-' || last == b'-' {
        return None;
    }
    Some(label.starts_with(b"xn--"))
}

/// Whether the host that ends with this label may be an IPv4 address.
fn may_be_number(last: &[u8]) -> bool {
    last.starts_with(b"0x") || last.iter().all(u8::is_ascii_digit)
}

/// Reads a port that is neither the scheme's own nor written with leading
/// zeros, and returns what follows: a path.
fn read_port(rest: &[u8], scheme: Scheme) -> Option<&[u8]> {
    let [first, port_and_path @ ..] = rest else { return None };
    if *first == b'/' {
        return Some(rest);
    }
    let len = port_and_path.iter().position(|&byte| byte == b'/')?;
    let (digits, path) = port_and_path.split_at(len);
    if digits.is_empty()
        || digits.len() > 5
        || digits[0] == b'0' && digits.len() > 1
    {
        return None;
    }
    let port = digits.iter().try_fold(0_u32, |port, digit| {
        digit.is_ascii_digit().then(|| port * 10 + u32::from(digit - b'0'))
    })?;
    let port = u16::try_from(port).ok()?;
    (port != scheme.default_port()).then_some(path)
}

/// How many bytes before the first that is not plain: most are.
#[inline]
fn plain_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| Class::of(**b) == Class::Plain).count()
}

/// The length of the path, which starts `tail`.
fn read_path(tail: &[u8], features: &mut Features) -> Option<usize> {
    let mut at = 0;
    loop {
        at += plain_len(&tail[at..]);
        let Some(&byte) = tail.get(at) else { break };
        match Class::of(byte) {
            Class::Plain => {}
            Class::Slash => match tail.get(at + 1) {
                Some(b'/') => features.add(Features::DOUBLE_SLASH),
                Some(b'.' | b'%') if is_dot_segment(&tail[at + 1..]) => {
                    return None;
                }
                _ => {}
            },
            Class::Question => return Some(at),
            Class::Percent => {
                at += read_escape(&tail[at..], Part::Path, features);
                continue;
            }
            Class::Plus => features.add(Features::PLUS),
            Class::Unwise => features.add(Features::UNWISE_CHARACTER),
            Class::Backslash
            | Class::Hash
            | Class::Space
            | Class::Control
            | Class::High => return None,
        }
        at += 1;
    }
    Some(at)
}

/// Reads a query with its question mark, or nothing.
fn read_query(query: &[u8], features: &mut Features) -> Option<()> {
    if query == b"?" {
        features.add(Features::EMPTY_QUERY);
    }
    let mut at = 0;
    loop {
        at += plain_len(&query[at..]);
        let Some(&byte) = query.get(at) else { break };
        match Class::of(byte) {
            Class::Plain | Class::Slash | Class::Question => {}
            Class::Percent => {
                at += read_escape(&query[at..], Part::Query, features);
                continue;
            }
            Class::Plus => features.add(Features::PLUS),
            Class::Unwise => features.add(Features::UNWISE_CHARACTER),
            Class::Backslash => features.add(Features::BACKSLASH),
            Class::Hash | Class::Space | Class::Control | Class::High => {
                return None;
            }
        }
        at += 1;
    }
    Some(())
}

/// The length of the escape that starts `bytes`, or of its `%` alone when it
/// is none.
fn read_escape(bytes: &[u8], part: Part, features: &mut Features) -> usize {
    let Some(byte) = decode_pair(bytes) else {
        features.add(Features::BAD_ESCAPE);
        return 1;
    };
    features.add(note_escape(byte, part));
    if bytes[1..3].iter().any(u8::is_ascii_lowercase) {
        features.add(Features::ESCAPE_CASE);
    }
    3
}

/// Whether the path segment that starts `tail` is `.` or `..`.
fn is_dot_segment(tail: &[u8]) -> bool {
    let ends = |byte: &u8| matches!(byte, b'/' | b'\\' | b'?' | b'#');
    // The longest is `%2e%2e`.
    let near = &tail[..tail.len().min(7)];
    let len = near.iter().position(ends).unwrap_or(near.len());
    canonicalize::dots(&near[..len]) > 0
}
