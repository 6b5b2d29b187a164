//! What is wanted: judges an indicator before it leaves the house.
//!
//! What is sent to VirusTotal becomes part of its data set and can be read by
//! others. [`Policy::judge`] is pure: no clock, no network, no state. It keeps
//! an indicator or holds it, and a hold names its [reason](HoldReason) and the
//! rule behind it, so that nothing is dropped in silence.
//!
//! Held by default:
//!
//! - addresses that are no hosts on the internet: IANA's special-purpose
//!   ranges and multicast;
//! - names that are no hosts on the internet: `.example`, `.local`,
//!   `.internal`, a single label, reverse zones. `example.com` resolves and is
//!   kept;
//! - URLs on such a host, and URLs with a user name, an e-mail address, a
//!   token-like value, or on a host that shares documents by link;
//! - hashes of the empty file and placeholders.
//!
//! The caller adds [own](PolicyBuilder::own) names and
//! [allow-lists](PolicyBuilder::allow_list), and
//! [releases](PolicyBuilder::release) a reason to let it through.

mod allow;
mod hashes;
mod names;
mod parts;
mod person;
mod ranges;
mod reason;
mod shape;
mod sharing;
mod token;

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use self::allow::AllowLists;
use self::parts::Parts;
pub use self::reason::HoldReason;
use crate::{Error, Indicator, Kind};

/// What to do with an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it.
    Keep,
    /// Do not send it, and say so.
    Hold(Hold),
}

impl Verdict {
    /// Whether it is [`Keep`](Verdict::Keep).
    #[must_use]
    pub fn is_keep(&self) -> bool {
        matches!(self, Verdict::Keep)
    }

    /// The hold, if it is one.
    #[must_use]
    pub fn hold(&self) -> Option<&Hold> {
        match self {
            Verdict::Keep => None,
            Verdict::Hold(hold) => Some(hold),
        }
    }
}

/// Why an indicator is held, and by which rule. `Display` writes both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    reason: HoldReason,
    rule: Cow<'static, str>,
}

impl Hold {
    fn new(reason: HoldReason, rule: impl Into<Cow<'static, str>>) -> Hold {
        Hold { reason, rule: rule.into() }
    }

    /// The reason: what [`release`](PolicyBuilder::release) takes.
    #[must_use]
    pub fn reason(&self) -> HoldReason {
        self.reason
    }

    /// The rule: a range with its RFC, a suffix, a list and its entry, the
    /// name of a parameter. Never the value of a token.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.rule)
    }
}

/// The rules by which indicators are kept or held. Immutable and cheap to
/// share.
///
/// ```
/// use iocpack::{Indicator, Kind};
/// use iocpack::policy::{HoldReason, Policy};
///
/// let policy = Policy::new();
/// let ip = Indicator::parse(Kind::Ip, "10.1.2.3")?;
/// let verdict = policy.judge(&ip);
/// let hold = verdict.hold().expect("a private address");
/// assert_eq!(hold.reason(), HoldReason::PrivateAddress);
/// assert_eq!(hold.rule(), "10.0.0.0/8, private use (RFC 1918)");
///
/// let domain = Indicator::parse(Kind::Domain, "www.example.com")?;
/// assert!(policy.judge(&domain).is_keep());
/// # Ok::<(), iocpack::Invalid>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policy {
    released: u32,
    hold_ipv6: bool,
    hold_onion: bool,
    own: AllowLists,
    allow: AllowLists,
}

impl Policy {
    /// The default policy: every built-in rule, no lists.
    #[must_use]
    pub fn new() -> Policy {
        Policy::default()
    }

    /// Options first, then [`PolicyBuilder::build`].
    #[must_use]
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }

    /// Whether to keep or to hold an indicator; when several rules hold it,
    /// the first that is not released: own names, then what the value is,
    /// then allow-lists.
    ///
    /// A URL is judged by its host as well as by its own rules.
    ///
    /// # Complexity
    ///
    /// Linear in the length of the value, whatever the number of entries of
    /// the lists.
    #[must_use]
    pub fn judge(&self, indicator: &Indicator) -> Verdict {
        let hold = match indicator {
            Indicator::Domain(name) => self.judge_domain(name.as_str()),
            Indicator::Url(url) => self.judge_url(url.as_str()),
            Indicator::Ip(ip) => self.judge_ip(*ip),
            Indicator::Hash(hash) => self
                .pass(hashes::special(hash.as_bytes()))
                .or_else(|| self.listed(Kind::Hash, &hash.to_string())),
        };
        hold.map_or(Verdict::Keep, Verdict::Hold)
    }

    fn judge_domain(&self, name: &str) -> Option<Hold> {
        self.judge_name(Kind::Domain, name)
            .or_else(|| self.listed(Kind::Domain, name))
    }

    fn judge_ip(&self, ip: IpAddr) -> Option<Hold> {
        self.judge_address(Kind::Ip, ip)
            .or_else(|| self.listed(Kind::Ip, &ip.to_string()))
    }

    fn judge_url(&self, url: &str) -> Option<Hold> {
        use HoldReason::{EmailInUrl, Own, Token, Userinfo};
        let parts = Parts::of(url);
        let by_host = match parts.host.parse::<IpAddr>() {
            Ok(ip) => self.judge_address(Kind::Url, ip),
            Err(_) => self.judge_name(Kind::Url, parts.host),
        };
        by_host
            .or_else(|| self.pass(self.own_inside(parts).map(|r| (Own, r))))
            .or_else(|| {
                let rule = "a user name or password before the host";
                self.pass(parts.userinfo.map(|_| (Userinfo, rule)))
            })
            .or_else(|| {
                let found = || person::email(parts).map(|r| (EmailInUrl, r));
                self.pass_lazy(EmailInUrl, found)
            })
            .or_else(|| self.pass(sharing::shared(parts)))
            .or_else(|| {
                self.pass_lazy(Token, || {
                    token::token(parts).map(|rule| (Token, rule))
                })
            })
            .or_else(|| self.listed(Kind::Url, url))
    }

    /// The rules on names, and the lists by host.
    fn judge_name(&self, kind: Kind, name: &str) -> Option<Hold> {
        let onion = self.hold_onion && names::is_under(name, "onion");
        let onion = onion
            .then_some((HoldReason::Onion, ".onion, Tor services (RFC 7686)"));
        self.pass(self.own.host(kind, name).map(|r| (HoldReason::Own, r)))
            .or_else(|| self.pass(names::special(name)))
            .or_else(|| self.pass(onion))
            .or_else(|| {
                let hit = self.allow.host(kind, name);
                self.pass(hit.map(|r| (HoldReason::AllowListed, r)))
            })
    }

    /// The rules on addresses, and the lists by address.
    fn judge_address(&self, kind: Kind, ip: IpAddr) -> Option<Hold> {
        let v6 = (self.hold_ipv6 && ip.is_ipv6())
            .then_some((HoldReason::Ipv6, "an IPv6 address"));
        self.pass(self.own.address(kind, ip).map(|r| (HoldReason::Own, r)))
            .or_else(|| self.pass(ranges::special(ip)))
            .or_else(|| self.pass(v6))
            .or_else(|| {
                let hit = self.allow.address(kind, ip);
                self.pass(hit.map(|r| (HoldReason::AllowListed, r)))
            })
    }

    /// An own name as the host of a URL inside this one: `?next=https://…`.
    fn own_inside(&self, parts: Parts<'_>) -> Option<String> {
        if self.own.is_empty() {
            return None;
        }
        let text = parts::decode(parts.rest).to_ascii_lowercase();
        let mut inner = text.split("//").skip(1);
        inner.find_map(|inner| {
            let end = inner.find(['/', '?', '#', '&', '\\']);
            let authority = &inner[..end.unwrap_or(inner.len())];
            let host = authority.rsplit('@').next()?.split(':').next()?;
            self.own.host(Kind::Url, host)
        })
    }

    /// The lists that look at the whole canonical text.
    fn listed(&self, kind: Kind, text: &str) -> Option<Hold> {
        let hit = || {
            let rule = self.allow.text(kind, text)?;
            Some((HoldReason::AllowListed, rule))
        };
        self.pass_lazy(HoldReason::AllowListed, hit)
    }

    /// The hold, unless its reason is released.
    fn pass<R>(&self, found: Option<(HoldReason, R)>) -> Option<Hold>
    where
        R: Into<Cow<'static, str>>,
    {
        let (reason, rule) = found?;
        if self.released & reason.bit() != 0 {
            return None;
        }
        Some(Hold::new(reason, rule))
    }

    fn pass_lazy<R>(
        &self,
        reason: HoldReason,
        find: impl FnOnce() -> Option<(HoldReason, R)>,
    ) -> Option<Hold>
    where
        R: Into<Cow<'static, str>>,
    {
        if self.released & reason.bit() != 0 {
            return None;
        }
        self.pass(find())
    }
}

/// Options of a [`Policy`].
///
/// ```
/// use iocpack::{Indicator, Kind};
/// use iocpack::policy::{HoldReason, Policy};
///
/// let mut builder = Policy::builder();
/// builder.own("example.org")?;
/// let list = b"# mirrors\nexample.net\n198.51.100.0/33\n";
/// let warnings = builder.allow_list("mirrors.txt", list)?;
/// assert_eq!(
///     warnings[0].to_string(),
///     "mirrors.txt, line 3: `198.51.100.0/33`: \
///      expected a prefix length up to 32",
/// );
/// let policy = builder.build();
/// for (name, reason) in [
///     ("www.example.org", HoldReason::Own),
///     ("cdn.example.net", HoldReason::AllowListed),
/// ] {
///     let name = Indicator::parse(Kind::Domain, name).unwrap();
///     assert_eq!(policy.judge(&name).hold().unwrap().reason(), reason);
/// }
/// # Ok::<(), iocpack::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicyBuilder {
    released: u32,
    hold_ipv6: bool,
    hold_onion: bool,
    own: allow::Builder,
    allow: allow::Builder,
}

impl PolicyBuilder {
    /// Lets indicators through that this reason alone would hold.
    pub fn release(&mut self, reason: HoldReason) -> &mut Self {
        self.released |= reason.bit();
        self
    }

    /// Whether IPv6 addresses are held; they are not by default. VirusTotal
    /// documents no IPv6 item of a collection.
    pub fn hold_ipv6(&mut self, yes: bool) -> &mut Self {
        self.hold_ipv6 = yes;
        self
    }

    /// Whether `.onion` names are held; they are not by default.
    pub fn hold_onion(&mut self, yes: bool) -> &mut Self {
        self.hold_onion = yes;
        self
    }

    /// Adds a name of the caller's own, with all names under it, or an
    /// address or network: always held, also as the host of a URL inside
    /// another URL.
    ///
    /// A leading `*.` or `.` does no harm.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) when it is neither.
    pub fn own(&mut self, suffix: &str) -> Result<&mut Self, Error> {
        let bad = |why| {
            Error::argument(format!(
                "own suffix `{}`: {why}",
                quote(suffix.trim())
            ))
        };
        self.own.host_or_network("own", suffix.trim()).map_err(bad)?;
        Ok(self)
    }

    /// Reads an allow-list: what it names is held as benign. `name` is used
    /// in messages.
    ///
    /// A list that starts with `{` is a MISP warninglist: its type is
    /// `string`, `hostname`, `substring`, `cidr` or `regex`, and its
    /// `matching_attributes` say to which kinds it applies. Any other list
    /// has one entry per line, blank lines and what follows `#` aside: a name
    /// with all names under it, an address or a network, a start of URLs
    /// (`https://example.com/docs/`, or `example.com/docs/` for http and
    /// https), or a hash.
    ///
    /// Returns what is wrong with single entries; the rest of the list is in
    /// force.
    ///
    /// # Errors
    ///
    /// [`is_syntax`](Error::is_syntax) when the list is no text, its JSON does
    /// not parse, or its type is unknown.
    pub fn allow_list(
        &mut self,
        name: &str,
        list: &[u8],
    ) -> Result<Vec<Error>, Error> {
        self.allow.read(name, list)
    }

    /// The policy.
    #[must_use]
    pub fn build(&self) -> Policy {
        Policy {
            released: self.released,
            hold_ipv6: self.hold_ipv6,
            hold_onion: self.hold_onion,
            own: self.own.build(),
            allow: self.allow.build(),
        }
    }
}

/// A value for a message: escaped, and cut at 64 bytes.
fn quote(value: &str) -> String {
    let cut = value
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| end <= 64)
        .last()
        .unwrap_or(0);
    let mut text: String = value[..cut].escape_debug().collect();
    if cut < value.len() {
        text.push('…');
    }
    text
}
