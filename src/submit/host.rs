//! The server: https, or http to this machine.

use std::fmt;

use crate::Error;

/// Scheme, name and port of the server; paths of the API are under `/api/v3`.
///
/// ```
/// use iocpack::submit::Host;
///
/// assert_eq!(Host::default().to_string(), "https://www.virustotal.com");
/// assert!(Host::parse("http://127.0.0.1:8080").is_ok());
/// let err = Host::parse("http://www.example.com").unwrap_err();
/// assert_eq!(
///     err.to_string(),
///     "host: expected https, or http to this machine only",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    text: String,
    tls: bool,
}

impl Host {
    /// Reads `https://name` or `https://name:port`; `http` only for
    /// `localhost` and loopback addresses.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) for anything else: another scheme,
    /// a path, a user.
    pub fn parse(text: &str) -> Result<Host, Error> {
        let refuse =
            |what: &str| Err(Error::argument(format!("host: {what}")));
        let Ok(url) = url::Url::parse(text) else {
            return refuse(
                "expected scheme, name and port, such as https://www.example.com",
            );
        };
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return refuse("expected scheme, name and port only");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("expected no user and no password");
        }
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => return refuse("expected a name, found none"),
        };
        let tls = match url.scheme() {
            "https" => true,
            "http" if loopback => false,
            _ => {
                return refuse("expected https, or http to this machine only");
            }
        };
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Host { text, tls })
    }

    /// The whole URL of a path of the API.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v3{path}", self.text)
    }

    /// Whether what is sent is encrypted.
    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }
}

impl Default for Host {
    /// VirusTotal.
    fn default() -> Host {
        Host { text: "https://www.virustotal.com".into(), tls: true }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
