//! Hosts: names, IPv4 and IPv6 addresses, as the WHATWG URL standard reads
//! them.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::escape::decode_pair;
use super::feature::Features;
use crate::Limits;
use crate::kind::InvalidReason;

/// Longest name without a trailing dot (RFC 1035, section 2.3.4).
pub(super) const MAX_NAME: usize = Limits::NAME;
/// Longest label (RFC 1035, section 2.3.4).
pub(super) const MAX_LABEL: usize = Limits::LABEL;
/// Longest host that UTS-46 is asked about, in bytes of UTF-8. No name of
/// [`MAX_NAME`] bytes needs as many, unless it is padded with characters that
/// the mapping removes.
const MAX_UNMAPPED: usize = 1024;

type Result<T> = std::result::Result<T, InvalidReason>;

/// Appends the canonical form of `host`, which stands between the userinfo
/// and the port.
pub(super) fn write(
    host: &[u8],
    out: &mut Vec<u8>,
    features: &mut Features,
) -> Result<()> {
    if let Some(inner) = host.strip_prefix(b"[") {
        let inner = inner.strip_suffix(b"]").ok_or(InvalidReason::BadHost)?;
        features.add(Features::IPV6);
        return write_ipv6(inner, out);
    }
    let start = out.len();
    write_name(&decode(host, features), out, features)?;
    let name = &out[start..];
    if name.is_empty() {
        return Err(InvalidReason::BadHost);
    }
    if !ends_in_number(name) {
        return check_name(name, features);
    }
    let address = Ipv4Addr::from(read_ipv4(name)?).to_string();
    if address.as_bytes() != host {
        features.add(Features::NUMERIC_HOST);
    }
    out.truncate(start);
    out.extend_from_slice(address.as_bytes());
    Ok(())
}

/// Undoes percent escapes. One that is not well formed stays, and fails later:
/// no host holds a `%`.
fn decode<'h>(host: &'h [u8], features: &mut Features) -> Cow<'h, [u8]> {
    if !host.contains(&b'%') {
        return Cow::Borrowed(host);
    }
    features.add(Features::HOST_ESCAPE);
    let mut out = Vec::with_capacity(host.len());
    let mut at = 0;
    while at < host.len() {
        if let Some(byte) = decode_pair(&host[at..]) {
            out.push(byte);
            at += 3;
        } else {
            out.push(host[at]);
            at += 1;
        }
    }
    Cow::Owned(out)
}

/// Appends a name in lower case and in A-labels.
///
/// An ASCII name is its own lower case, whatever UTS-46 says about its `xn--`
/// labels (the WHATWG standard of June 2026; the `idna` package has the older
/// rule and refuses such a name).
fn write_name(
    name: &[u8],
    out: &mut Vec<u8>,
    features: &mut Features,
) -> Result<()> {
    if name.is_ascii() {
        if name.iter().any(|&byte| is_forbidden(byte)) {
            return Err(InvalidReason::BadHost);
        }
        let start = out.len();
        out.extend(name.iter().map(u8::to_ascii_lowercase));
        note_invalid_idna(&out[start..], features);
        return Ok(());
    }
    features.add(Features::IDN);
    if name.len() > MAX_UNMAPPED {
        return Err(InvalidReason::NameTooLong);
    }
    let name = idna::domain_to_ascii_cow(name, idna::AsciiDenyList::URL)
        .map_err(|_| InvalidReason::BadIdna)?;
    out.extend_from_slice(name.as_bytes());
    Ok(())
}

/// Flags a lower-case ASCII name with an `xn--` label that does not decode to
/// a valid label.
pub(super) fn note_invalid_idna(name: &[u8], features: &mut Features) {
    let encoded = |label: &[u8]| label.starts_with(b"xn--");
    if name.len() <= MAX_UNMAPPED
        && name.split(|&byte| byte == b'.').any(encoded)
        && idna::domain_to_ascii_cow(name, idna::AsciiDenyList::URL).is_err()
    {
        features.add(Features::INVALID_IDNA);
    }
}

/// The standard's "forbidden domain code point", for ASCII.
fn is_forbidden(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' '
            | b'#'
            | b'%'
            | b'/'
            | b':'
            | b'<'
            | b'>'
            | b'?'
            | b'@'
            | b'['..=b'^'
            | b'|'
            | 0x7f
    )
}

/// Checks labels and lengths, and notes what is unusual. The last label is no
/// number.
fn check_name(name: &[u8], features: &mut Features) -> Result<()> {
    let bare = name.strip_suffix(b".").unwrap_or(name);
    if bare.len() < name.len() {
        features.add(Features::TRAILING_DOT);
    }
    if bare.len() > MAX_NAME {
        return Err(InvalidReason::NameTooLong);
    }
    if !bare.contains(&b'.') {
        features.add(Features::SINGLE_LABEL);
    }
    bare.split(|&byte| byte == b'.')
        .try_for_each(|label| check_label(label, features))
}

fn check_label(label: &[u8], features: &mut Features) -> Result<()> {
    let (Some(&first), Some(&last)) = (label.first(), label.last()) else {
        return Err(InvalidReason::EmptyLabel);
    };
    if label.len() > MAX_LABEL {
        return Err(InvalidReason::LabelTooLong);
    }
    if first == b'-' || last == b'-' {
        features.add(Features::ODD_HOST);
    }
    for &byte in label {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            b'_' => features.add(Features::HOST_UNDERSCORE),
            _ => features.add(Features::ODD_HOST),
        }
    }
    Ok(())
}

/// The standard's "ends in a number checker": such a host is an IPv4 address
/// or nothing.
fn ends_in_number(name: &[u8]) -> bool {
    let bare = name.strip_suffix(b".").unwrap_or(name);
    let last = bare.rsplit(|&byte| byte == b'.').next().unwrap_or(bare);
    match last.strip_prefix(b"0x") {
        Some(hex) => hex.iter().all(u8::is_ascii_hexdigit),
        None => !last.is_empty() && last.iter().all(u8::is_ascii_digit),
    }
}

/// The standard's "IPv4 parser": one to four parts, decimal, octal or hex, of
/// which the last fills what is left.
fn read_ipv4(name: &[u8]) -> Result<u32> {
    let bare = name.strip_suffix(b".").unwrap_or(name);
    let mut address = 0;
    let mut parts = bare.split(|&byte| byte == b'.').peekable();
    for index in 0..4 {
        let Some(part) = parts.next() else { break };
        let number = read_number(part).ok_or(InvalidReason::BadAddress)?;
        let last = parts.peek().is_none();
        let room = if last { 4 - index } else { 1 };
        if number >= 1 << (8 * room) {
            return Err(InvalidReason::BadAddress);
        }
        address = address << (8 * room) | number;
        if last {
            return u32::try_from(address)
                .map_err(|_| InvalidReason::BadAddress);
        }
    }
    Err(InvalidReason::BadAddress)
}

fn read_number(part: &[u8]) -> Option<u64> {
    let (radix, digits) = match part {
        [] => return None,
        [b'0', b'x', hex @ ..] => (16, hex),
        [b'0', octal @ ..] => (8, octal),
        _ => (10, part),
    };
    digits.iter().try_fold(0_u64, |number, &digit| {
        let digit = (digit as char).to_digit(radix)?;
        let number = number.saturating_mul(radix.into());
        Some(number.saturating_add(digit.into()))
    })
}

/// Appends an IPv6 address in brackets: lower-case hex, the first of the
/// longest runs of zeros as `::`.
///
/// Unlike RFC 5952 and the standard library, the WHATWG standard never writes
/// the last 32 bits in dotted form.
fn write_ipv6(address: &[u8], out: &mut Vec<u8>) -> Result<()> {
    let address: Ipv6Addr = std::str::from_utf8(address)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(InvalidReason::BadAddress)?;
    let segments = address.segments();
    let zeros = longest_zeros(&segments);
    out.push(b'[');
    for (index, segment) in segments.into_iter().enumerate() {
        if zeros.contains(&index) {
            if index == zeros.start {
                out.extend_from_slice(b"::");
            }
            continue;
        }
        if index > 0 && index != zeros.end {
            out.push(b':');
        }
        out.extend_from_slice(format!("{segment:x}").as_bytes());
    }
    out.push(b']');
    Ok(())
}

/// The first of the longest runs of two or more zeros, or an empty range past
/// the end.
fn longest_zeros(segments: &[u16; 8]) -> std::ops::Range<usize> {
    let mut longest = 9..9;
    let mut start = 0;
    for index in 0..=8 {
        if segments.get(index) == Some(&0) {
            continue;
        }
        if index - start > longest.len().max(1) {
            longest = start..index;
        }
        start = index + 1;
    }
    longest
}
