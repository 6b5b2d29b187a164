//! What is valid, and how it is written canonically.
//!
//! One file per kind of indicator. Everything here is strict: it takes one
//! refanged value and either returns its canonical form or says what is wrong
//! with it ([`Invalid`]). Finding values in text is the work of
//! [`scan`](crate::scan), undoing defang marks that of
//! [`refang`](crate::refang).

mod domain;
mod hash;
mod idn;
mod ip;
#[cfg(feature = "serde")]
mod serde;
mod suffix;
mod url;
mod url_id;

use std::fmt;
use std::net::IpAddr;

pub use self::domain::Domain;
pub(crate) use self::domain::check as check_domain;
pub(crate) use self::hash::Hex;
pub use self::hash::{FileHash, HashKind};
pub use self::ip::parse_ip;
pub(crate) use self::ip::{is_masked, is_quad, parse_quad, quad_length};
pub(crate) use self::suffix::{
    BELOW, DEEP, RESERVED, Rules, Suffix, TOP, TOP_LONG, is_suffix, pack,
    suffix_of,
};
pub use self::url::Url;
pub(crate) use self::url::hex_pair;
pub use self::url_id::{Certainty, UrlId};

/// The kinds of indicator: one for each VirusTotal relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(::serde::Serialize, ::serde::Deserialize)
)]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Kind {
    /// A DNS name.
    Domain,
    /// An http, https or ftp URL.
    Url,
    /// An IPv4 or IPv6 address.
    Ip,
    /// An MD5, SHA-1 or SHA-256 digest of a file.
    Hash,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Kind; 4] = [Kind::Domain, Kind::Url, Kind::Ip, Kind::Hash];

    /// `domain`, `url`, `ip` or `hash`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Domain => "domain",
            Kind::Url => "url",
            Kind::Ip => "ip",
            Kind::Hash => "hash",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of [`Kind`]s.
///
/// ```
/// use iocpack::{Kind, KindSet};
///
/// let set = KindSet::EMPTY.with(Kind::Url);
/// assert!(set.contains(Kind::Url) && !set.contains(Kind::Ip));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KindSet(u8);

impl KindSet {
    /// No kind.
    pub const EMPTY: KindSet = KindSet(0);
    /// Every kind.
    pub const ALL: KindSet = KindSet(0b1111);

    /// The set with `kind` in it.
    #[must_use]
    pub const fn with(self, kind: Kind) -> KindSet {
        KindSet(self.0 | 1 << kind as u8)
    }

    /// The set without `kind`.
    #[must_use]
    pub const fn without(self, kind: Kind) -> KindSet {
        KindSet(self.0 & !(1 << kind as u8))
    }

    /// Whether `kind` is in the set.
    #[must_use]
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

impl Default for KindSet {
    fn default() -> KindSet {
        KindSet::ALL
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> KindSet {
        kinds.into_iter().fold(KindSet::EMPTY, KindSet::with)
    }
}

/// A validated indicator that owns its canonical form.
///
/// `Display` writes the canonical form: what is compared and what is sent.
/// The order is by kind, then by canonical form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Indicator {
    /// A DNS name.
    Domain(Domain),
    /// An http, https or ftp URL.
    Url(Url),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
    /// A file digest.
    Hash(FileHash),
}

impl Indicator {
    /// Which kind this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Indicator::Domain(_) => Kind::Domain,
            Indicator::Url(_) => Kind::Url,
            Indicator::Ip(_) => Kind::Ip,
            Indicator::Hash(_) => Kind::Hash,
        }
    }

    /// The type as the command prints it: `domain`, `url`, `ipv4`, `ipv6`,
    /// `md5`, `sha1` or `sha256`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Indicator::Domain(_) => "domain",
            Indicator::Url(_) => "url",
            Indicator::Ip(IpAddr::V4(_)) => "ipv4",
            Indicator::Ip(IpAddr::V6(_)) => "ipv6",
            Indicator::Hash(hash) => hash.kind().as_str(),
        }
    }

    /// Reads one refanged value as an indicator of `kind`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and at which byte.
    pub fn parse(kind: Kind, value: &str) -> Result<Indicator, Invalid> {
        Ok(match kind {
            Kind::Domain => Indicator::Domain(Domain::parse(value)?),
            Kind::Url => Indicator::Url(Url::parse(value)?),
            Kind::Ip => Indicator::Ip(parse_ip(value)?),
            Kind::Hash => Indicator::Hash(FileHash::parse(value)?),
        })
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Indicator::Domain(domain) => domain.fmt(f),
            Indicator::Url(url) => url.fmt(f),
            Indicator::Ip(ip) => ip.fmt(f),
            Indicator::Hash(hash) => hash.fmt(f),
        }
    }
}

/// Why a value is not an indicator of a kind: plain data, to count and print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Invalid {
    kind: Kind,
    reason: InvalidReason,
    offset: usize,
}

impl Invalid {
    pub(crate) fn new(
        kind: Kind,
        reason: InvalidReason,
        offset: usize,
    ) -> Invalid {
        Invalid { kind, reason, offset }
    }

    /// The kind that the value was read as.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// What is wrong.
    #[must_use]
    pub fn reason(self) -> InvalidReason {
        self.reason
    }

    /// The byte of the value at which it goes wrong.
    #[must_use]
    pub fn offset(self) -> usize {
        self.offset
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "invalid {}: {} at byte {}",
            self.kind,
            self.reason.message(),
            self.offset
        )
    }
}

impl std::error::Error for Invalid {}

/// What is wrong with a value.
///
/// [`code`](InvalidReason::code) is stable: it is printed in rejections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidReason {
    /// No value at all.
    Empty,
    /// A host without a dot.
    SingleLabel,
    /// Two dots in a row, or one at the start.
    EmptyLabel,
    /// A label of more than 63 bytes in its A-label form (RFC 1035).
    LabelTooLong,
    /// A name of more than 253 bytes in its A-label form (RFC 1035).
    NameTooLong,
    /// A label that starts or ends with a hyphen, or holds a byte that no
    /// host label holds.
    BadLabel,
    /// A name that UTS-46 refuses.
    BadIdna,
    /// The last label is no public suffix, nor a special-use name.
    UnknownSuffix,
    /// The last label is all digits.
    NumericSuffix,
    /// An `.onion` name that is neither 16 nor 56 base32 digits.
    BadOnion,
    /// The name is a public suffix and nothing else.
    OnlySuffix,
    /// Not four decimal parts of 0 to 255 without leading zeros, nor IPv6.
    BadAddress,
    /// An IPv4 part with a leading zero, which some tools read as octal.
    LeadingZero,
    /// Not 32, 40 or 64 hex digits.
    HexLength,
    /// Not the 64 hex digits of a URL's id.
    IdLength,
    /// A byte that is no hex digit.
    NotHex,
    /// A URL scheme that is not http, https or ftp.
    BadScheme,
    /// A URL without a host, or with a host that WHATWG refuses.
    BadHost,
    /// A URL port that is no number up to 65535.
    BadPort,
    /// A URL that the WHATWG parser refuses for another reason.
    BadUrl,
    /// A value longer than its documented limit.
    TooLong,
}

impl InvalidReason {
    /// The stable code, such as `unknown-suffix`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            InvalidReason::Empty => "empty",
            InvalidReason::SingleLabel => "single-label",
            InvalidReason::EmptyLabel => "empty-label",
            InvalidReason::LabelTooLong => "label-too-long",
            InvalidReason::NameTooLong => "name-too-long",
            InvalidReason::BadLabel => "bad-label",
            InvalidReason::BadIdna => "bad-idna",
            InvalidReason::UnknownSuffix => "unknown-suffix",
            InvalidReason::NumericSuffix => "numeric-suffix",
            InvalidReason::BadOnion => "bad-onion",
            InvalidReason::OnlySuffix => "only-suffix",
            InvalidReason::BadAddress => "bad-address",
            InvalidReason::LeadingZero => "leading-zero",
            InvalidReason::HexLength => "hex-length",
            InvalidReason::IdLength => "id-length",
            InvalidReason::NotHex => "not-hex",
            InvalidReason::BadScheme => "bad-scheme",
            InvalidReason::BadHost => "bad-host",
            InvalidReason::BadPort => "bad-port",
            InvalidReason::BadUrl => "bad-url",
            InvalidReason::TooLong => "too-long",
        }
    }

    fn message(self) -> &'static str {
        match self {
            InvalidReason::Empty => "empty value",
            InvalidReason::SingleLabel => "expected at least two labels",
            InvalidReason::EmptyLabel => "empty label",
            InvalidReason::LabelTooLong => "label longer than 63 bytes",
            InvalidReason::NameTooLong => "name longer than 253 bytes",
            InvalidReason::BadLabel => "byte that no label may hold",
            InvalidReason::BadIdna => "label that UTS-46 refuses",
            InvalidReason::UnknownSuffix => "unknown public suffix",
            InvalidReason::NumericSuffix => "last label is a number",
            InvalidReason::BadOnion => {
                "expected 16 or 56 base32 digits before `.onion`"
            }
            InvalidReason::OnlySuffix => "public suffix without a name",
            InvalidReason::BadAddress => "expected an IPv4 or IPv6 address",
            InvalidReason::LeadingZero => "leading zero in an IPv4 part",
            InvalidReason::HexLength => "expected 32, 40 or 64 hex digits",
            InvalidReason::IdLength => "expected 64 hex digits",
            InvalidReason::NotHex => "expected a hex digit",
            InvalidReason::BadScheme => "expected http, https or ftp",
            InvalidReason::BadHost => "host missing or refused",
            InvalidReason::BadPort => "expected a port up to 65535",
            InvalidReason::BadUrl => "refused by the WHATWG URL rules",
            InvalidReason::TooLong => "longer than the limit",
        }
    }
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Whether any byte of a text is of a sort.
///
/// For what is hardly ever there: sixteen bytes are looked at as one.
pub(crate) fn any_byte(text: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let any = |some: &[u8]| some.iter().fold(false, |any, &b| any | is(b));
    let (blocks, rest) = text.as_chunks::<16>();
    // The last sixteen overlap those before, if there are as many.
    let rest = text.last_chunk::<16>().map_or(rest, |last| last);
    blocks.iter().any(|some| any(some)) || any(rest)
}
