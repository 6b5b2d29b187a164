//! Which last labels make a name: the public suffix list, and the names that
//! are reserved outside it.

use psl::Psl as _;

/// What the end of a host name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// On the public suffix list.
    Public {
        /// Length in bytes of the suffix: 2 for `uk`, 5 for `co.uk`.
        len: usize,
        /// Run by a company, not by a registry: `github.io`. Such a name is
        /// itself registered, so it may be an indicator.
        private: bool,
    },
    /// Reserved by an RFC or by common use inside networks: `.example`,
    /// `.local`, `.internal`.
    Reserved,
    /// Tor's `.onion` (RFC 7686).
    Onion,
    /// None of these.
    Unknown,
}

/// Names that the public suffix list does not hold and that reports use all
/// the same, for examples (RFC 2606, RFC 6761) and for hosts inside networks
/// (RFC 6762, RFC 8375, ICANN's `.internal`). They are found, so that a
/// policy can hold them with a reason.
const RESERVED: [&[u8]; 12] = [
    b"example",
    b"test",
    b"invalid",
    b"localhost",
    b"local",
    b"localdomain",
    b"internal",
    b"intranet",
    b"lan",
    b"corp",
    b"home",
    b"private",
];

/// Judges the end of a host name that is lower case and in A-labels, without
/// a trailing dot.
pub(crate) fn suffix_of(host: &[u8]) -> Suffix {
    let last = match memchr::memrchr(b'.', host) {
        Some(dot) => &host[dot + 1..],
        None => host,
    };
    if last == b"onion" {
        return Suffix::Onion;
    }
    if RESERVED.contains(&last) {
        return Suffix::Reserved;
    }
    match psl::List.suffix(host) {
        Some(suffix) if suffix.is_known() => {
            let private = suffix.typ() == Some(psl::Type::Private);
            Suffix::Public { len: suffix.as_bytes().len(), private }
        }
        _ => Suffix::Unknown,
    }
}
