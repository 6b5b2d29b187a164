//! URLs in the canonical form that VirusTotal hashes.
//!
//! The id of a URL is the SHA-256 of the URL string that VirusTotal itself
//! prints: in 167 of 167 pairs where its output holds both. How it gets from
//! what people send to that string is not published. The rules below
//! reproduce all 449 published pairs of URL and id that were found; but most
//! pairs are plain, so the table says of each rule what it rests on:
//!
//! - *pairs*: URL and id were published, and the id needs the rule.
//! - *outputs*: 534 URL strings that VirusTotal printed; a right rule leaves
//!   them as they are.
//! - *WHATWG*: the URL standard does it, and VirusTotal mostly follows it.
//!
//! The standing is the [`Certainty`](crate::Certainty) that the rule leaves:
//! proven, inferred or unknown. The name in parentheses is the reason that
//! [`UrlId::reasons`] gives.
//!
//! # The rules
//!
//! Scheme and authority:
//!
//! | input | canonical | evidence | standing |
//! |---|---|---|---|
//! | no scheme | `http://` added | 27 pairs, none against | proven |
//! | scheme in upper case | lower case | WHATWG; no output has upper case | inferred (`scheme-case`) |
//! | one, three or more slashes after the scheme; `//host` | two | WHATWG for the first | unknown (`scheme-slashes`) |
//! | ftp | kept | none | unknown (`ftp`) |
//! | other schemes | refused | | |
//! | host in upper case | lower case | 2 pairs; no output has upper case | proven |
//! | `xn--` host | kept | 4 pairs, 5 outputs | proven |
//! | `xn--` label that does not decode | kept, lower case | WHATWG since June 2026 | unknown (`invalid-idna`) |
//! | host that is not ASCII | A-labels, UTS-46 non-transitional | no output has such a host; WHATWG | inferred (`idn`) |
//! | escapes in the host | decoded | WHATWG | unknown (`host-escape`) |
//! | IPv4 host of four decimal parts | kept | 14 pairs | proven |
//! | IPv4 host in another form (`0x7f.1`, `2130706433`) | four decimal parts | WHATWG | unknown (`numeric-host`) |
//! | IPv6 host | lower-case hex, `::` for the longest run of zeros, never dotted | WHATWG | unknown (`ipv6`) |
//! | dot after the host | kept | WHATWG | unknown (`trailing-dot`) |
//! | host of one label | kept | WHATWG | unknown (`single-label`) |
//! | underscore in the host | kept | WHATWG | inferred (`host-underscore`) |
//! | ``!"$&'()*+,;=`{}~`` in the host, labels with a hyphen at an end | kept | WHATWG | unknown (`odd-host`) |
//! | `.onion` host | like any host | 2 pairs | proven |
//! | user and password | kept; an empty password or pair is dropped | WHATWG | unknown (`userinfo`) |
//! | another port than the scheme's own | kept | 2 pairs, 61 outputs | proven |
//! | the scheme's own port | dropped | no output has it; WHATWG | inferred (`default-port`) |
//! | empty port, leading zeros in a port | dropped | WHATWG | unknown (`port-form`) |
//!
//! Path and query:
//!
//! | input | canonical | evidence | standing |
//! |---|---|---|---|
//! | empty path | `/` | 185 pairs, none against | proven |
//! | case of path and query | kept | many pairs | proven |
//! | fragment | cut | 2 pairs; no output has one | proven |
//! | upper-case escapes in the query | kept, not decoded | 12 pairs (`%2F %3F %3D %26 %3A`), outputs (`%40`) | proven |
//! | `%20` and escapes of bytes from 0x80 in the path, UTF-8 or not | kept | 2 pairs, 10 outputs | proven |
//! | escapes of other reserved bytes in the path (`%2F`) | kept | WHATWG | inferred (`path-escape`) |
//! | lower-case escapes (`%2f`) | kept | WHATWG; but 19 outputs have upper case and none lower | unknown (`escape-case`) |
//! | escapes of letters, digits, `-._~` | kept | WHATWG | unknown (`unreserved-escape`) |
//! | `%` without two hex digits | kept | WHATWG | unknown (`bad-escape`) |
//! | blank | `%20` | outputs | inferred (`space`) |
//! | characters that are not ASCII | escaped UTF-8 | outputs | inferred (`non-ascii`) |
//! | bytes that are not UTF-8 | escaped one by one | none | unknown (`non-utf8`) |
//! | other control bytes | escaped | WHATWG | unknown (`control`) |
//! | `'`, `,`, `(`, `)` in the query | kept | 1 pair; WHATWG writes `%27` | proven |
//! | ``"<>[]^`{\|}`` | kept | none; WHATWG escapes some | unknown (`unwise-character`) |
//! | backslash | a slash, but kept in the query | WHATWG | unknown (`backslash`) |
//! | `//` in the path | kept | WHATWG; but no output has it, and one shows a collapsed one | unknown (`double-slash`) |
//! | `//` in the query | kept | 48 pairs | proven |
//! | `.` and `..` segments, also as `%2e` | resolved; `...` is kept | no output has them; WHATWG | inferred (`dot-segment`) |
//! | order of the query, `;`, `&amp;`, `?flag` | kept | 72 pairs | proven |
//! | `+` | kept | no pair or output has it; WHATWG | inferred (`plus`) |
//! | `?` with nothing after it | kept | WHATWG | unknown (`empty-query`) |
//! | tab, CR, LF | dropped | WHATWG | unknown (`tab-newline`) |
//! | blanks and controls around the URL | dropped | WHATWG | inferred (`surrounding-space`) |
//! | more than 2,048 bytes | kept | none | unknown (`long-url`) |
//!
//! Where neither pairs nor outputs tell, bytes of path and query are kept:
//! VirusTotal canonizes what it is sent, so a byte kept is still read its way,
//! while a byte rewritten is lost. Escapes of unreserved bytes stay for a
//! second reason: decoding `%%34%31` gives `%41`, which would decode again.
//!
//! # What is refused
//!
//! What a browser could not look up: no host, a host with a byte that the
//! WHATWG standard forbids, an empty label within it, a label of more than
//! 63 bytes or a name of more than 253 in A-labels (RFC 1035; WHATWG sets no
//! limit), a last label that is a number without the whole being an IPv4
//! address, a port above 65535. A host of more than 1,024 bytes before UTS-46
//! is refused unread.

mod canonicalize;
mod class;
mod escape;
mod feature;
mod host;
mod plain;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use memchr::memchr;

pub(crate) use self::escape::hex_pair;
pub(super) use self::feature::Features;
use super::{Certainty, Invalid, UrlId};

/// The longest canonical URL that is not flagged `long-url`, in bytes.
///
/// No published pair is near it. An old browser took 2,083 bytes, and many
/// tools stop about there.
const LONG: usize = 2048;

/// An http, https or ftp URL in the canonical form that VirusTotal hashes.
///
/// Two URLs are equal if their canonical forms are; how they were written is
/// not compared, although [`id`](Url::id) reports what it made of it.
///
/// ```
/// use iocpack::Url;
///
/// let url = Url::parse("HTTP://Example.COM?q=a/../b#top").unwrap();
/// assert_eq!(url.as_str(), "http://example.com/?q=a/../b");
/// assert_eq!(url, Url::parse("example.com/?q=a/../b").unwrap());
/// assert_eq!(url.host(), "example.com");
/// ```
#[derive(Clone, Debug)]
pub struct Url {
    text: Box<str>,
    features: Features,
}

impl Url {
    /// Reads a refanged URL; without a scheme it is an http URL.
    ///
    /// A host and port alone is a URL here (`example.com:8080`), and so is a
    /// single word (`localhost`): telling a URL from other text is not the
    /// work of this function. Whitespace around it is dropped.
    ///
    /// ```
    /// use iocpack::Url;
    ///
    /// let url = Url::parse("http://example.com:80/a b/%cf%f0?it's").unwrap();
    /// assert_eq!(url.as_str(), "http://example.com/a%20b/%cf%f0?it's");
    ///
    /// let err = Url::parse("gopher://example.com/").unwrap_err();
    /// assert_eq!(
    ///     err.to_string(),
    ///     "invalid url: expected http, https or ftp at byte 0",
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with it; the offset is that of the part (scheme, host or
    /// port) that is wrong.
    ///
    /// # Complexity
    ///
    /// Linear in the length of `value`.
    pub fn parse(value: &str) -> Result<Url, Invalid> {
        Url::parse_bytes(value.as_bytes())
    }

    /// Reads a refanged URL of any bytes: in path and query, those that are
    /// not ASCII are percent-encoded one by one, UTF-8 or not.
    ///
    /// ```
    /// use iocpack::Url;
    ///
    /// let url = Url::parse_bytes(b"example.com/\xcf\xf0").unwrap();
    /// assert_eq!(url.as_str(), "http://example.com/%CF%F0");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Url::parse). A host that is not UTF-8 is refused.
    pub fn parse_bytes(value: &[u8]) -> Result<Url, Invalid> {
        let (text, features) = match plain::read(value) {
            Some(plain) => (value.to_vec(), plain.features()),
            None => canonicalize::canonicalize(value)?,
        };
        Ok(Url { text: ascii(text), features })
    }

    /// Takes a URL that is canonical and whose id is proven.
    pub(crate) fn from_plain(text: Box<str>) -> Url {
        let url = Url { text, features: Features::NONE };
        debug_assert!(Url::parse(&url.text).is_ok_and(|it| {
            it.text == url.text && it.certainty() == Certainty::Proven
        }));
        url
    }

    /// Whether `value` is surely what [`parse`](Url::parse) would make of it.
    ///
    /// One look at each byte. `false` leaves it open.
    #[must_use]
    pub(crate) fn is_canonical(value: &[u8]) -> bool {
        plain::read(value).is_some()
    }

    /// The canonical form: ASCII without blanks and controls.
    ///
    /// It may hold quotes, angle brackets and the like, if the URL did.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `http`, `https` or `ftp`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.parts().scheme
    }

    /// Whether a user or a password stands before the host.
    #[must_use]
    pub fn has_userinfo(&self) -> bool {
        self.userinfo().is_some()
    }

    /// What stands before the `@`: `user` or `user:password`.
    #[must_use]
    pub fn userinfo(&self) -> Option<&str> {
        self.parts().userinfo
    }

    /// The host: a name in A-labels, an IPv4 address, or an IPv6 address in
    /// brackets.
    ///
    /// A dot after the last label is kept: take it away before you look the
    /// name up in a list. An IPv4 address in IPv6 is in hex,
    /// `[::ffff:c000:201]`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.parts().host
    }

    /// The port, if it is not the scheme's own.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.parts().port.and_then(|port| port.parse().ok())
    }

    /// The path: at least `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        let tail = self.parts().tail;
        tail.split_once('?').map_or(tail, |(path, _)| path)
    }

    /// What stands after the first `?`. It is empty for `http://example.com/?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.parts().tail.split_once('?').map(|(_, query)| query)
    }

    /// VirusTotal's id of this URL, with how sure it is.
    ///
    /// The certainty is that of the URL as it was given to
    /// [`parse`](Url::parse): `http://example.com:80/` and
    /// `http://example.com/` have the same id, but only the second is proven.
    /// Each call hashes.
    #[must_use]
    pub fn id(&self) -> UrlId {
        UrlId::of(self.text.as_bytes(), self.features)
    }

    /// How sure the id is, without computing it.
    pub(crate) fn certainty(&self) -> Certainty {
        self.features.certainty()
    }

    /// The canonical form in url-safe base64 without padding.
    ///
    /// VirusTotal takes it for an id in the path of a request, and canonizes
    /// what it holds by itself: the safe choice where an
    /// [`id`](Url::id) is not proven. It is no id in a request's body.
    ///
    /// ```
    /// use iocpack::Url;
    ///
    /// let url = Url::parse("https://www.virustotal.com").unwrap();
    /// assert_eq!(url.base64(), "aHR0cHM6Ly93d3cudmlydXN0b3RhbC5jb20v");
    /// ```
    #[must_use]
    pub fn base64(&self) -> String {
        base64(self.text.as_bytes())
    }

    fn parts(&self) -> Parts<'_> {
        Parts::of(&self.text).expect("canonical has scheme and path")
    }
}

impl PartialEq for Url {
    fn eq(&self, other: &Url) -> bool {
        self.text == other.text
    }
}

impl Eq for Url {}

impl PartialOrd for Url {
    fn partial_cmp(&self, other: &Url) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Url {
    fn cmp(&self, other: &Url) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Url {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl AsRef<str> for Url {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// The parts of a canonical URL.
struct Parts<'u> {
    scheme: &'u str,
    userinfo: Option<&'u str>,
    host: &'u str,
    port: Option<&'u str>,
    /// Path and query.
    tail: &'u str,
}

impl Parts<'_> {
    /// Takes a canonical URL apart. Its userinfo holds no raw `@` or `/`.
    fn of(url: &str) -> Option<Parts<'_>> {
        let scheme = memchr(b':', url.as_bytes())?;
        let (scheme, rest) = (&url[..scheme], url.get(scheme + 3..)?);
        let slash = memchr(b'/', rest.as_bytes())?;
        let (authority, tail) = rest.split_at(slash);
        let (userinfo, host_and_port) =
            match memchr(b'@', authority.as_bytes()) {
                Some(at) => (Some(&authority[..at]), &authority[at + 1..]),
                None => (None, authority),
            };
        let end = host_and_port.as_bytes();
        let host_len = match end.first() {
            Some(b'[') => memchr(b']', end)? + 1,
            _ => memchr(b':', end).unwrap_or(end.len()),
        };
        let (host, port) = host_and_port.split_at(host_len);
        let port = port.strip_prefix(':');
        Some(Parts { scheme, userinfo, host, port, tail })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
    Ftp,
}

impl Scheme {
    /// Reads a scheme in either case.
    fn read(name: &[u8]) -> Option<Scheme> {
        [Scheme::Http, Scheme::Https, Scheme::Ftp]
            .into_iter()
            .find(|it| name.eq_ignore_ascii_case(it.as_str().as_bytes()))
    }

    fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::Ftp => "ftp",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
            Scheme::Ftp => 21,
        }
    }
}

fn ascii(canonical: Vec<u8>) -> Box<str> {
    let text = String::from_utf8(canonical);
    text.expect("what is not ASCII has been escaped").into_boxed_str()
}

/// RFC 4648, section 5, without padding (section 3.2).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let group = u32::from_be_bytes(group);
        // One byte takes two digits, three take four.
        for digit in 0..=chunk.len() {
            let six = group >> (18 - 6 * digit) & 63;
            out.push(DIGITS[six as usize] as char);
        }
    }
    out
}

#[cfg(test)]
mod tests;
