//! Names that are no hosts on the internet: reserved top-level names, names
//! inside networks, reverse zones.

use super::HoldReason::{
    self, InternalName, ReservedName, ReverseZone, SingleLabel,
};

/// Suffixes by label, with why they are held. `example.com` and its siblings
/// are not among them: they are ordinary second-level names that resolve.
#[rustfmt::skip]
const SUFFIXES: &[(&str, HoldReason, &str)] = &[
    ("example", ReservedName, ".example, reserved for documentation (RFC 2606)"),
    ("test", ReservedName, ".test, reserved for testing (RFC 2606)"),
    ("invalid", ReservedName, ".invalid, reserved to be invalid (RFC 2606)"),
    ("localhost", ReservedName, ".localhost, the loopback host (RFC 6761)"),
    ("alt", ReservedName, ".alt, names outside DNS (RFC 9476)"),
    ("local", InternalName, ".local, multicast DNS (RFC 6762)"),
    ("internal", InternalName, ".internal, private use (ICANN board resolution of 2024-07-29)"),
    ("home.arpa", InternalName, ".home.arpa, home networks (RFC 8375)"),
    ("intranet", InternalName, ".intranet, private networks (RFC 6762, appendix G)"),
    ("private", InternalName, ".private, private networks (RFC 6762, appendix G)"),
    ("corp", InternalName, ".corp, private networks (RFC 6762, appendix G)"),
    ("home", InternalName, ".home, private networks (RFC 6762, appendix G)"),
    ("lan", InternalName, ".lan, private networks (RFC 6762, appendix G)"),
    ("localdomain", InternalName, ".localdomain, the default domain of many hosts' own files"),
    ("in-addr.arpa", ReverseZone, "in-addr.arpa, reverse lookup of IPv4 (RFC 1035)"),
    ("ip6.arpa", ReverseZone, "ip6.arpa, reverse lookup of IPv6 (RFC 3596)"),
];

/// Why a name is held, and by which rule. The name is lower case; a trailing
/// dot does no harm.
pub(super) fn special(name: &str) -> Option<(HoldReason, &'static str)> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let listed = SUFFIXES.iter().find(|(suffix, ..)| is_under(name, suffix));
    match listed {
        Some(&(_, reason, text)) => Some((reason, text)),
        None if !name.contains('.') => Some((
            SingleLabel,
            "a host without a dot, resolved by a search list (RFC 1535)",
        )),
        None => None,
    }
}

/// Whether `name` is `suffix` or ends with it at a label.
pub(super) fn is_under(name: &str, suffix: &str) -> bool {
    name.strip_suffix(suffix)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
