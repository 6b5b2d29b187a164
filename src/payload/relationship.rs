//! The four relationships of a collection that can be written.

use std::fmt;

use crate::Kind;

/// Under which name a collection lists items of one kind.
///
/// The order is the one in which requests name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relationship {
    /// DNS names.
    Domains,
    /// Files, by digest.
    Files,
    /// IPv4 and IPv6 addresses.
    IpAddresses,
    /// URLs.
    Urls,
}

impl Relationship {
    /// Every relationship, in the order in which requests name them.
    pub const ALL: [Relationship; 4] = [
        Relationship::Domains,
        Relationship::Files,
        Relationship::IpAddresses,
        Relationship::Urls,
    ];

    /// VirusTotal's name on the wire: `domains`, `files`, `ip_addresses` or
    /// `urls`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Relationship::Domains => "domains",
            Relationship::Files => "files",
            Relationship::IpAddresses => "ip_addresses",
            Relationship::Urls => "urls",
        }
    }

    /// The relationship that [`as_str`](Relationship::as_str) writes so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Relationship> {
        Relationship::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// The `type` of its descriptors: `domain`, `file`, `ip_address` or
    /// `url`.
    #[must_use]
    pub fn item_type(self) -> &'static str {
        match self {
            Relationship::Domains => "domain",
            Relationship::Files => "file",
            Relationship::IpAddresses => "ip_address",
            Relationship::Urls => "url",
        }
    }

    /// The kind of indicator that it lists.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Relationship::Domains => Kind::Domain,
            Relationship::Files => Kind::Hash,
            Relationship::IpAddresses => Kind::Ip,
            Relationship::Urls => Kind::Url,
        }
    }

    /// The relationship that lists indicators of `kind`.
    #[must_use]
    pub fn of(kind: Kind) -> Relationship {
        match kind {
            Kind::Domain => Relationship::Domains,
            Kind::Hash => Relationship::Files,
            Kind::Ip => Relationship::IpAddresses,
            Kind::Url => Relationship::Urls,
        }
    }
}

impl fmt::Display for Relationship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
