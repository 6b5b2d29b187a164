//! The reasons for which a policy holds an indicator back.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// Declares the reasons, their stable codes and a word on each, once.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $help:literal;)*) => {
        /// Why an indicator is held back.
        ///
        /// [`code`](HoldReason::code) is stable: it is printed, counted, and
        /// given to `--release`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum HoldReason {
            $($(#[$doc])* $name,)*
        }

        impl HoldReason {
            /// Every reason, in the order of the enum.
            pub const ALL: &'static [HoldReason] = &[$(HoldReason::$name),*];

            /// The stable code, such as `private-address`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(HoldReason::$name => $code,)*
                }
            }

            /// One sentence for people: what sending it would mean.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self {
                    $(HoldReason::$name => $help,)*
                }
            }

            /// Every code, each with a comma after it: for messages. Joined
            /// here, since the compiler takes minutes over a loop that does.
            const CODES: &'static str = concat!($($code, ", "),*);

            fn of_code(code: &str) -> Option<HoldReason> {
                match code {
                    $($code => Some(HoldReason::$name),)*
                    _ => None,
                }
            }
        }
    };
}

reasons! {
    /// RFC 1918 or RFC 4193.
    PrivateAddress = "private-address",
        "an address of a private network means nothing outside it";
    /// The host itself.
    Loopback = "loopback", "it is the reader's own machine";
    /// One link only.
    LinkLocal = "link-local", "the address is valid on one link only";
    /// RFC 6598.
    Cgnat = "cgnat", "the address is shared inside a carrier's network";
    /// RFC 5737, RFC 3849, RFC 9637.
    DocumentationAddress = "documentation-address",
        "the address is reserved for examples";
    /// A group, not a host.
    Multicast = "multicast", "it is a group of hosts, not a host";
    /// Another special-purpose range.
    ReservedAddress = "reserved-address",
        "the address is not routed on the internet";
    /// A top-level name that DNS never delegates.
    ReservedName = "reserved-name",
        "the name is reserved and never resolves";
    /// A name inside a network.
    InternalName = "internal-name",
        "the name belongs to a private network and tells about it";
    /// A host without a dot.
    SingleLabel = "single-label",
        "a host without a dot resolves inside one network only";
    /// `in-addr.arpa`, `ip6.arpa`.
    ReverseZone = "reverse-zone",
        "a reverse lookup zone is an address written backwards";
    /// The caller's own names and networks.
    Own = "own", "it is yours: sending it publishes it as suspicious";
    /// A user name or a password before the host of a URL.
    Userinfo = "userinfo", "the URL carries a user name or a password";
    /// An e-mail address in a URL, plain or encoded.
    EmailInUrl = "email-in-url", "the URL names a person";
    /// A value in a URL that opens something.
    Token = "token",
        "whoever reads the URL may be let in: reset, session, signature, key";
    /// A link to somebody's document, meeting or group.
    SharingHost = "sharing-host",
        "the link alone may open somebody's document, meeting or group";
    /// The digest of zero bytes.
    EmptyFileHash = "empty-file-hash", "it is the hash of the empty file";
    /// A digest of one repeated run of digits.
    TrivialHash = "trivial-hash", "it is a placeholder, no file's hash";
    /// On an allow-list of the caller.
    AllowListed = "allow-listed", "a list that you gave says it is benign";
    /// IPv6, where the caller asks to hold it.
    Ipv6 = "ipv6", "VirusTotal documents no IPv6 item of a collection";
    /// Tor's `.onion`, where the caller asks to hold it.
    Onion = "onion", "an onion service has no DNS name";
}

impl HoldReason {
    /// The bit of this reason in a set of reasons.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for HoldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for HoldReason {
    type Err = Error;

    /// Reads a [`code`](HoldReason::code).
    fn from_str(code: &str) -> Result<HoldReason, Error> {
        HoldReason::of_code(code).ok_or_else(|| {
            Error::argument(format!(
                "unknown reason `{}`, expected one of {}",
                super::quote(code),
                HoldReason::CODES.trim_end_matches(", ")
            ))
        })
    }
}
