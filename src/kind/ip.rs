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

/// The address that [`is_quad`] says it is.
fn parse_quad(address: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut rest = address;
    for (at, octet) in octets.iter_mut().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(b".")?;
        }
        let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit());
        let (digits, after) = rest.split_at(digits.count());
        *octet = parse_octet(digits)?;
        rest = after;
    }
    rest.is_empty().then_some(octets.into())
}

/// A number below 256 without leading zeros.
fn parse_octet(digits: &[u8]) -> Option<u8> {
    let value = |b: u8| b - b'0';
    match *digits {
        [a] => Some(value(a)),
        [a @ b'1'..=b'9', b] => Some(value(a) * 10 + value(b)),
        [b'1', b, c] => Some(100 + value(b) * 10 + value(c)),
        [b'2', b, c] if [b, c] <= *b"55" => {
            Some(200 + value(b) * 10 + value(c))
        }
        _ => None,
    }
}
