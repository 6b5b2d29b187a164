//! Which last labels make a name: the public suffix list, and the names that
//! are reserved outside it.

mod top;

use psl::Psl as _;

pub(crate) use self::top::{BELOW, DEEP, Rules, TOP, TOP_LONG, pack};

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
pub(crate) const RESERVED: [&[u8]; 12] = [
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

/// Suffixes of most names, which have none of a registry's below them: for
/// these a look at the list is saved. `tests` compares each with the list.
const COMMON: [&[u8]; 8] =
    [b"com", b"net", b"org", b"info", b"xyz", b"top", b"club", b"online"];

/// Judges the end of a host name that is lower case and in A-labels, without
/// a trailing dot.
pub(crate) fn suffix_of(host: &[u8]) -> Suffix {
    let last = match memchr::memrchr(b'.', host) {
        Some(dot) => &host[dot + 1..],
        None => host,
    };
    if COMMON.contains(&last) {
        // A private suffix matters only to a name that is one, which has at
        // least two labels and is an indicator all the same.
        return Suffix::Public { len: last.len(), private: false };
    }
    if last == b"onion" {
        return Suffix::Onion;
    }
    if RESERVED.contains(&last) {
        return Suffix::Reserved;
    }
    public_suffix(host).unwrap_or(Suffix::Unknown)
}

/// Whether a host name is itself a registry's suffix, such as `co.uk`.
pub(crate) fn is_suffix(host: &[u8]) -> bool {
    let suffix = suffix_of(host);
    matches!(suffix, Suffix::Public { len, private: false } if len == host.len())
}

/// The suffix of `host` on the public suffix list.
pub(super) fn public_suffix(host: &[u8]) -> Option<Suffix> {
    let suffix = psl::List.suffix(host).filter(psl::Suffix::is_known)?;
    let private = suffix.typ() == Some(psl::Type::Private);
    Some(Suffix::Public { len: suffix.as_bytes().len(), private })
}

#[cfg(test)]
mod tests {
    use psl::Psl as _;

    use super::{COMMON, Suffix, suffix_of};

    #[test]
    fn common_suffixes_are_on_the_list_and_have_no_registry_below_them() {
        for last in COMMON {
            let suffix = psl::List.suffix(last).unwrap();
            assert!(suffix.is_known());
            assert_eq!(suffix.typ(), Some(psl::Type::Icann));
            for second in ["co", "com", "net", "org", "gov", "edu", "ac"] {
                let name = [second.as_bytes(), last].join(&b'.');
                let suffix = psl::List.suffix(&name).unwrap();
                let private = suffix.typ() == Some(psl::Type::Private);
                assert!(private || suffix.as_bytes() == last);
            }
        }
    }

    #[test]
    fn reserved_and_unknown_names_are_told_apart() {
        assert_eq!(suffix_of(b"a.example"), Suffix::Reserved);
        assert_eq!(suffix_of(b"a.exe"), Suffix::Unknown);
        assert_eq!(suffix_of(b"a.onion"), Suffix::Onion);
        let uk = Suffix::Public { len: 5, private: false };
        assert_eq!(suffix_of(b"a.co.uk"), uk);
    }
}
