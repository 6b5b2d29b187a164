//! VirusTotal's identifier of a URL: the SHA-256 of its canonical form.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};

use super::hash::Hex;
use super::url::Features;
use super::{Invalid, InvalidReason, Kind};

/// How sure it is that an id is the one VirusTotal uses.
///
/// VirusTotal does not publish its canonicalization. The order is from the
/// surest to the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Certainty {
    /// The URL exercised only rules that published pairs of URL and id prove.
    Proven,
    /// It exercised a rule that VirusTotal's output or the WHATWG URL standard
    /// suggests, and that no published pair tests.
    Inferred,
    /// It exercised a rule that nothing published tells.
    Unknown,
}

impl Certainty {
    /// `proven`, `inferred` or `unknown`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Certainty::Proven => "proven",
            Certainty::Inferred => "inferred",
            Certainty::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The SHA-256 of a canonical URL. `Display` writes 64 lower-case hex digits.
///
/// It carries how sure it is, and why; comparing and hashing look at the
/// digest alone.
///
/// ```
/// use iocpack::{Certainty, Url};
///
/// // Hashing the text as typed, without the slash, is a common mistake.
/// let id = Url::parse("https://google.com").unwrap().id();
/// assert_eq!(
///     id.to_string(),
///     "9d116b1b0c1200ca75016e4c010bc94836366881b021a658ea7f8548b6543c1e",
/// );
/// assert_eq!(id.certainty(), Certainty::Proven);
///
/// let id = Url::parse("http://a@example.com:80/").unwrap().id();
/// assert_eq!(id.certainty(), Certainty::Unknown);
/// assert!(id.reasons().eq(["userinfo", "default-port"]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct UrlId {
    bytes: [u8; 32],
    features: Features,
}

impl UrlId {
    pub(super) fn of(canonical: &[u8], features: Features) -> UrlId {
        UrlId { bytes: Sha256::digest(canonical).into(), features }
    }

    /// Reads 64 hex digits of either case.
    ///
    /// An id that was given is not derived, so no rule was exercised: its
    /// certainty is [`Proven`](Certainty::Proven), whoever computed it. The
    /// id of an analysis, `u-<id>-<suffix>`, is not taken apart.
    ///
    /// ```
    /// use iocpack::{Url, UrlId};
    ///
    /// let id = Url::parse("http://example.com/").unwrap().id();
    /// assert_eq!(UrlId::parse(&id.to_string()), Ok(id));
    /// let err = UrlId::parse("9d116b").unwrap_err();
    /// assert_eq!(err.to_string(), "invalid url: expected 64 hex digits at byte 6");
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotHex`](InvalidReason::NotHex) at the first other byte, else
    /// [`IdLength`](InvalidReason::IdLength).
    pub fn parse(value: &str) -> Result<UrlId, Invalid> {
        let mut bytes = [0; 32];
        for (at, &byte) in value.as_bytes().iter().enumerate() {
            let Some(nibble) = (byte as char).to_digit(16) else {
                return Err(Invalid::new(
                    Kind::Url,
                    InvalidReason::NotHex,
                    at,
                ));
            };
            if let Some(slot) = bytes.get_mut(at / 2) {
                *slot = *slot << 4 | nibble as u8;
            }
        }
        if value.len() != 64 {
            let at = value.len().min(64);
            return Err(Invalid::new(Kind::Url, InvalidReason::IdLength, at));
        }
        Ok(UrlId { bytes, features: Features::NONE })
    }

    /// The digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// How sure it is that VirusTotal uses this id for the URL as it was
    /// given. An id that is not [`Proven`](Certainty::Proven) may name a URL
    /// that VirusTotal has never seen: send the URL instead.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        self.features.certainty()
    }

    /// What lowered the certainty: stable codes, in a fixed order. Empty for
    /// a [`Proven`](Certainty::Proven) id.
    ///
    /// Inferred: `scheme-case`, `default-port`, `idn`, `host-underscore`,
    /// `surrounding-space`, `dot-segment`, `non-ascii`, `space`,
    /// `escape-case`, `path-escape` (of a reserved byte in the path), `plus`.
    ///
    /// Unknown: `scheme-slashes` (not two), `ftp`, `userinfo`, `port-form`
    /// (empty, or leading zeros), `host-escape`, `invalid-idna`,
    /// `numeric-host` (IPv4, but not four decimal parts), `ipv6`,
    /// `trailing-dot`, `single-label`, `odd-host` (a byte that no host name
    /// holds, a label with a hyphen at an end), `tab-newline`, `backslash`,
    /// `double-slash`, `non-utf8`, `control`, `unreserved-escape` (of a
    /// letter, digit, `-`, `.`, `_` or `~`), `bad-escape`,
    /// `unwise-character` (one of ``"<>[]^`{|}``), `empty-query`, `long-url`
    /// (more than 2,048 bytes).
    ///
    /// More may come: do not match on the list as if it were closed.
    pub fn reasons(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.features.codes()
    }
}

impl PartialEq for UrlId {
    fn eq(&self, other: &UrlId) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for UrlId {}

impl PartialOrd for UrlId {
    fn partial_cmp(&self, other: &UrlId) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UrlId {
    fn cmp(&self, other: &UrlId) -> Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl Hash for UrlId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl fmt::Display for UrlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Hex::of(&self.bytes).as_str())
    }
}
