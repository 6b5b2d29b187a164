//! IP addresses: strict IPv4, and IPv6 written as RFC 5952 says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Invalid, InvalidReason, Kind};

/// Reads an IPv4 or IPv6 address. Print it with `Display`: the standard
/// library writes IPv6 as RFC 5952 recommends.
///
/// IPv4 is four decimal parts without leading zeros: `127.1`, `0x7f.0.0.1`
/// and `010.0.0.1` are refused, since tools disagree on what they mean. IPv6
/// comes without brackets and without a zone.
///
/// ```
/// use iocpack::parse_ip;
///
/// assert_eq!(parse_ip("2001:DB8:0:0::1").unwrap().to_string(), "2001:db8::1");
/// assert_eq!(parse_ip("192.0.2.07").unwrap_err().reason().code(), "leading-zero");
/// ```
///
/// # Errors
///
/// [`LeadingZero`](InvalidReason::LeadingZero) or
/// [`BadAddress`](InvalidReason::BadAddress).
pub fn parse_ip(value: &str) -> Result<IpAddr, Invalid> {
    let invalid = |reason, at| Invalid::new(Kind::Ip, reason, at);
    if value.is_empty() {
        return Err(invalid(InvalidReason::Empty, 0));
    }
    if let Some(v4) = parse_quad(value.as_bytes()) {
        return Ok(IpAddr::V4(v4));
    }
    if value.contains(':') {
        return value
            .parse::<Ipv6Addr>()
            .map(IpAddr::V6)
            .map_err(|_| invalid(InvalidReason::BadAddress, 0));
    }
    let mut at = 0;
    let mut zero = None;
    for part in value.split('.') {
        if !part.bytes().all(|b| b.is_ascii_digit()) || part.is_empty() {
            return Err(invalid(InvalidReason::BadAddress, at));
        }
        if part.len() > 1 && part.starts_with('0') {
            zero.get_or_insert(at);
        }
        at += part.len() + 1;
    }
    Err(match zero {
        Some(at) => invalid(InvalidReason::LeadingZero, at),
        None => invalid(InvalidReason::BadAddress, 0),
    })
}

/// Whether `address` is four numbers below 256 without leading zeros, with
/// dots between them: what the standard library reads as an IPv4 address.
pub(crate) fn is_quad(address: &[u8]) -> bool {
    parse_quad(address).is_some()
}

/// Bytes of the IPv4 address that `text` starts with, 0 if with none. A dot
/// after it ends a sentence.
pub(crate) fn quad_length(text: &[u8]) -> usize {
    let is_part = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let len = text.iter().take(16).take_while(is_part).count();
    let quad = &text[..len];
    let quad = quad.strip_suffix(b".").unwrap_or(quad);
    if is_quad(quad) { quad.len() } else { 0 }
}

/// Whether a name in small letters is an IPv4 address of which digits were
/// left out: `192.0.2.xxx`, `192.0.x.x`. It ends with a label of those.
pub(crate) fn is_masked(name: &[u8]) -> bool {
    let digit_or_x = |b: &u8| b.is_ascii_digit() || *b == b'x';
    // Most names are told by how they start.
    if !name.first().is_some_and(digit_or_x) {
        return false;
    }
    let labels = || name.split(|b| *b == b'.');
    labels().next_back().is_some_and(|last| last.contains(&b'x'))
        && labels().count() == 4
        && labels().all(|label| {
            matches!(label.len(), 1..=3) && label.iter().all(digit_or_x)
        })
}

/// The address that [`is_quad`] says it is.
pub(crate) fn parse_quad(address: &[u8]) -> Option<Ipv4Addr> {
    let (mut bits, mut rest) = octet(address)?;
    for _ in 1..4 {
        let (value, after) = octet(rest.strip_prefix(b".")?)?;
        bits = bits << 8 | value;
        rest = after;
    }
    rest.is_empty().then(|| Ipv4Addr::from_bits(bits))
}

/// A number below 256 without leading zeros, and what follows its digits.
#[inline]
fn octet(text: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |text: &[u8]| match text.first()?.wrapping_sub(b'0') {
        value @ 0..=9 => Some(u32::from(value)),
        _ => None,
    };
    let first = digit(text)?;
    let Some(second) = digit(&text[1..]) else {
        return Some((first, &text[1..]));
    };
    let value = 10 * first + second;
    let (value, rest) = match digit(&text[2..]) {
        Some(third) => (10 * value + third, &text[3..]),
        None => (value, &text[2..]),
    };
    (first > 0 && value <= 255 && digit(rest).is_none())
        .then_some((value, rest))
}
