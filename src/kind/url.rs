//! URLs in VirusTotal's canonical form.

use std::fmt;

use super::{Invalid, InvalidReason, Kind, UrlId};

/// An http, https or ftp URL in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(Box<str>);

impl Url {
    /// Reads a refanged URL.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(value: &str) -> Result<Url, Invalid> {
        Url::parse_bytes(value.as_bytes())
    }

    /// Reads a refanged URL of any bytes.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse_bytes(value: &[u8]) -> Result<Url, Invalid> {
        let text = String::from_utf8_lossy(value);
        let mut url = ::url::Url::parse(&text)
            .map_err(|_| Invalid::new(Kind::Url, InvalidReason::BadUrl, 0))?;
        url.set_fragment(None);
        Ok(Url(String::from(url).into()))
    }

    /// Whether `value` is canonical as it stands, so that it needs no parse.
    #[must_use]
    pub(crate) fn is_canonical(_value: &[u8]) -> bool {
        false
    }

    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host: a name in A-labels, an IPv4 address, or an IPv6 address in
    /// brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        ""
    }

    /// VirusTotal's id of this URL.
    #[must_use]
    pub fn id(&self) -> UrlId {
        UrlId::of(self.0.as_bytes())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
