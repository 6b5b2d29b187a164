//! Addresses that are not hosts on the internet: IANA's special-purpose
//! registries for IPv4 and IPv6, and the multicast blocks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::HoldReason::{
    self, Cgnat, DocumentationAddress, LinkLocal, Loopback, Multicast,
    PrivateAddress, ReservedAddress,
};

/// A range: its first address as a number, its prefix length, why it is held
/// (`None`: globally reachable inside a wider range that is not), and its
/// name with its RFC.
type Row<T> = (T, u32, Option<HoldReason>, &'static str);

const fn v4(a: u8, b: u8, c: u8, d: u8) -> u32 {
    u32::from_be_bytes([a, b, c, d])
}

/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, as of its
/// update of 2025-10, and RFC 5771 for multicast.
#[rustfmt::skip]
const V4: &[Row<u32>] = &[
    (v4(0, 0, 0, 0), 8, Some(ReservedAddress), "0.0.0.0/8, this network (RFC 791)"),
    (v4(10, 0, 0, 0), 8, Some(PrivateAddress), "10.0.0.0/8, private use (RFC 1918)"),
    (v4(100, 64, 0, 0), 10, Some(Cgnat), "100.64.0.0/10, shared address space (RFC 6598)"),
    (v4(127, 0, 0, 0), 8, Some(Loopback), "127.0.0.0/8, loopback (RFC 1122)"),
    (v4(169, 254, 0, 0), 16, Some(LinkLocal), "169.254.0.0/16, link local (RFC 3927)"),
    (v4(172, 16, 0, 0), 12, Some(PrivateAddress), "172.16.0.0/12, private use (RFC 1918)"),
    (v4(192, 0, 0, 0), 24, Some(ReservedAddress), "192.0.0.0/24, IETF protocol assignments (RFC 6890)"),
    (v4(192, 0, 0, 9), 32, None, "192.0.0.9/32, port control protocol anycast (RFC 7723)"),
    (v4(192, 0, 0, 10), 32, None, "192.0.0.10/32, TURN anycast (RFC 8155)"),
    (v4(192, 0, 2, 0), 24, Some(DocumentationAddress), "192.0.2.0/24, documentation (RFC 5737)"),
    (v4(192, 88, 99, 0), 24, Some(ReservedAddress), "192.88.99.0/24, deprecated 6to4 relay anycast (RFC 7526)"),
    (v4(192, 168, 0, 0), 16, Some(PrivateAddress), "192.168.0.0/16, private use (RFC 1918)"),
    (v4(198, 18, 0, 0), 15, Some(ReservedAddress), "198.18.0.0/15, benchmarking (RFC 2544)"),
    (v4(198, 51, 100, 0), 24, Some(DocumentationAddress), "198.51.100.0/24, documentation (RFC 5737)"),
    (v4(203, 0, 113, 0), 24, Some(DocumentationAddress), "203.0.113.0/24, documentation (RFC 5737)"),
    (v4(224, 0, 0, 0), 4, Some(Multicast), "224.0.0.0/4, multicast (RFC 5771)"),
    (v4(233, 252, 0, 0), 24, Some(DocumentationAddress), "233.252.0.0/24, multicast documentation (RFC 6676)"),
    (v4(240, 0, 0, 0), 4, Some(ReservedAddress), "240.0.0.0/4, reserved (RFC 1112)"),
    (v4(255, 255, 255, 255), 32, Some(ReservedAddress), "255.255.255.255/32, limited broadcast (RFC 919)"),
];

/// The first 64 bits of an IPv6 address, given as groups.
const fn v6(a: u16, b: u16, c: u16, d: u16) -> u128 {
    (a as u128) << 112
        | (b as u128) << 96
        | (c as u128) << 80
        | (d as u128) << 64
}

/// <https://www.iana.org/assignments/iana-ipv6-special-registry>, as of its
/// update of 2025-10, and RFC 4291 for the address space as a whole.
#[rustfmt::skip]
const V6: &[Row<u128>] = &[
    (0, 0, Some(ReservedAddress), "::/0 outside 2000::/3, not global unicast (RFC 4291)"),
    (0, 128, Some(ReservedAddress), "::/128, unspecified (RFC 4291)"),
    (1, 128, Some(Loopback), "::1/128, loopback (RFC 4291)"),
    (0xffff_0000_0000, 96, Some(ReservedAddress), "::ffff:0:0/96, IPv4-mapped (RFC 4291)"),
    (v6(0x64, 0xff9b, 0, 0), 96, None, "64:ff9b::/96, IPv4-IPv6 translation (RFC 6052)"),
    (v6(0x64, 0xff9b, 1, 0), 48, Some(ReservedAddress), "64:ff9b:1::/48, local IPv4-IPv6 translation (RFC 8215)"),
    (v6(0x100, 0, 0, 0), 64, Some(ReservedAddress), "100::/64, discard only (RFC 6666)"),
    (v6(0x100, 0, 0, 1), 64, Some(ReservedAddress), "100:0:0:1::/64, dummy prefix (RFC 9780)"),
    (v6(0x2000, 0, 0, 0), 3, None, "2000::/3, global unicast (RFC 4291)"),
    (v6(0x2001, 0, 0, 0), 23, Some(ReservedAddress), "2001::/23, IETF protocol assignments (RFC 2928)"),
    (v6(0x2001, 0, 0, 0), 32, None, "2001::/32, Teredo (RFC 4380)"),
    (v6(0x2001, 1, 0, 0) | 1, 128, None, "2001:1::1/128, port control protocol anycast (RFC 7723)"),
    (v6(0x2001, 1, 0, 0) | 2, 128, None, "2001:1::2/128, TURN anycast (RFC 8155)"),
    (v6(0x2001, 1, 0, 0) | 3, 128, None, "2001:1::3/128, DNS-SD anycast (RFC 9665)"),
    (v6(0x2001, 2, 0, 0), 48, Some(ReservedAddress), "2001:2::/48, benchmarking (RFC 5180)"),
    (v6(0x2001, 3, 0, 0), 32, None, "2001:3::/32, AMT (RFC 7450)"),
    (v6(0x2001, 4, 0x112, 0), 48, None, "2001:4:112::/48, AS112 (RFC 7535)"),
    (v6(0x2001, 0x10, 0, 0), 28, Some(ReservedAddress), "2001:10::/28, deprecated ORCHID (RFC 4843)"),
    (v6(0x2001, 0x20, 0, 0), 28, None, "2001:20::/28, ORCHIDv2 (RFC 7343)"),
    (v6(0x2001, 0x30, 0, 0), 28, None, "2001:30::/28, drone remote identification (RFC 9374)"),
    (v6(0x2001, 0xdb8, 0, 0), 32, Some(DocumentationAddress), "2001:db8::/32, documentation (RFC 3849)"),
    (v6(0x2002, 0, 0, 0), 16, None, "2002::/16, 6to4 (RFC 3056)"),
    (v6(0x3fff, 0, 0, 0), 20, Some(DocumentationAddress), "3fff::/20, documentation (RFC 9637)"),
    (v6(0x5f00, 0, 0, 0), 16, Some(ReservedAddress), "5f00::/16, segment routing identifiers (RFC 9602)"),
    (v6(0xfc00, 0, 0, 0), 7, Some(PrivateAddress), "fc00::/7, unique local (RFC 4193)"),
    (v6(0xfe80, 0, 0, 0), 10, Some(LinkLocal), "fe80::/10, link local (RFC 4291)"),
    (v6(0xfec0, 0, 0, 0), 10, Some(PrivateAddress), "fec0::/10, deprecated site local (RFC 3879)"),
    (v6(0xff00, 0, 0, 0), 8, Some(Multicast), "ff00::/8, multicast (RFC 4291)"),
];

/// The longest range that holds `ip`, if it is one to hold: the reason, and
/// the range with its RFC.
///
/// An IPv6 address that carries an IPv4 address (mapped, translated, 6to4) is
/// judged by that first.
pub(super) fn special(ip: IpAddr) -> Option<(HoldReason, &'static str)> {
    match ip {
        IpAddr::V4(ip) => {
            longest(V4, |start, len| contains_v4(start, len, ip))
        }
        IpAddr::V6(ip) => embedded(ip)
            .and_then(|v4| special(IpAddr::V4(v4)))
            .or_else(|| longest(V6, |start, len| contains_v6(start, len, ip))),
    }
}

fn longest<T: Copy>(
    table: &'static [Row<T>],
    contains: impl Fn(T, u32) -> bool,
) -> Option<(HoldReason, &'static str)> {
    let hit = |row: &&Row<T>| contains(row.0, row.1);
    let (_, _, reason, text) =
        table.iter().filter(hit).max_by_key(|row| row.1)?;
    reason.map(|reason| (reason, *text))
}

/// The IPv4 address inside a mapped, translated or 6to4 address.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = ip.to_bits();
    let low = Ipv4Addr::from_bits((bits & 0xffff_ffff) as u32);
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            Some(low)
        }
        [0x2002, ..] => {
            Some(Ipv4Addr::from_bits((bits >> 80 & 0xffff_ffff) as u32))
        }
        _ => None,
    }
}

fn contains_v4(start: u32, len: u32, ip: Ipv4Addr) -> bool {
    let mask = u32::MAX.checked_shl(32 - len).unwrap_or(0);
    ip.to_bits() & mask == start
}

fn contains_v6(start: u128, len: u32, ip: Ipv6Addr) -> bool {
    let mask = u128::MAX.checked_shl(128 - len).unwrap_or(0);
    ip.to_bits() & mask == start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_starts_at_its_prefix_and_names_it() {
        for &(start, len, _, text) in V4 {
            let prefix = format!("{}/{len}", Ipv4Addr::from_bits(start));
            assert!(text.starts_with(&prefix), "{text}");
            assert!(contains_v4(start, len, Ipv4Addr::from_bits(start)));
        }
        for &(start, len, _, text) in V6 {
            let ip = Ipv6Addr::from_bits(start);
            let prefix = match embedded(ip) {
                Some(_) if len == 96 && start >> 112 == 0 => {
                    text.split(',').next().unwrap().to_owned()
                }
                _ => format!("{ip}/{len}"),
            };
            assert!(text.starts_with(&prefix), "{text}: {prefix}");
            assert!(contains_v6(start, len, ip));
        }
    }
}
