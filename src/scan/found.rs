//! What a scan returns: matches, and candidates that were turned down.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use super::odd;
use crate::kind::{HashKind, parse_ip, parse_quad};
use crate::{Domain, FileHash, Indicator, InvalidReason, Kind, Span, Url};

/// A candidate's fate: taken, or turned down with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding<'t> {
    /// It is an indicator.
    Match(Match<'t>),
    /// It looked like one, and is not.
    Rejection(Rejection<'t>),
}

impl<'t> Finding<'t> {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Finding::Match(found) => found.span(),
            Finding::Rejection(rejection) => rejection.span(),
        }
    }

    /// The bytes as written.
    #[must_use]
    pub fn raw(&self) -> &'t [u8] {
        match self {
            Finding::Match(found) => found.raw(),
            Finding::Rejection(rejection) => rejection.raw(),
        }
    }
}

impl Finding<'_> {
    /// The same finding in a text that starts `by` bytes earlier.
    pub(super) fn offset(self, by: usize) -> Self {
        match self {
            Finding::Match(found) => Finding::Match(found.offset(by)),
            Finding::Rejection(rejection) => {
                Finding::Rejection(rejection.offset(by))
            }
        }
    }
}

/// A validated indicator in a text, which it borrows from.
///
/// The canonical form is ready without an allocation where the text already
/// holds it.
#[derive(Clone)]
pub struct Match<'t> {
    /// Where it starts. Where it ends follows, and matches are moved a lot.
    start: usize,
    raw: &'t [u8],
    /// The value, if it is not close to what the text holds. Boxed: most
    /// matches have none.
    owned: Option<Box<Indicator>>,
    kind: Kind,
    flags: Flags,
    written: Written,
}

/// Bytes of a match up to which its canonical form is put together on the
/// stack: clearing a place for it is not free.
const SHORT: usize = 128;
/// Why the value of a match is read without an error.
const VALID: &str = "a match holds a validated value";
/// What is before a URL of which the text has no scheme.
const SCHEME: &[u8] = b"http://";

/// How the canonical form of a match follows from what the text holds, which
/// is ASCII unless it is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It is what the text holds.
    Canonical,
    /// So it is; of a URL, VirusTotal's id is proven.
    Plain,
    /// It is the lower case of what the text holds.
    Cased,
    /// It is the lower case of that with each `[.]` as a dot; of a URL, what
    /// [`near_url`] writes, or `http://` and that.
    Near,
    /// So it is of a URL of which VirusTotal's id is proven.
    NearPlain,
    /// It does not: the match holds it.
    Owned,
}

/// A match that is close to its canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) span: Span,
    pub(super) kind: Kind,
    pub(super) written: Written,
    pub(super) flags: Flags,
}

impl<'t> Match<'t> {
    /// A match close to its canonical form, in the text that holds it.
    #[inline]
    pub(super) fn close(text: &'t [u8], close: Close) -> Match<'t> {
        let Close { span, kind, written, flags } = close;
        let raw = &text[span.range()];
        debug_assert!(raw.is_ascii());
        let start = span.start;
        Match { start, raw, owned: None, kind, flags, written }
    }

    /// A match that holds its value.
    pub(super) fn owned(
        text: &'t [u8],
        span: Span,
        value: Indicator,
        flags: Flags,
    ) -> Match<'t> {
        let raw = &text[span.range()];
        let kind = value.kind();
        let (owned, written) = (Some(Box::new(value)), Written::Owned);
        let start = span.start;
        Match { start, raw, owned, kind, flags, written }
    }

    /// The bytes as written, which are ASCII.
    fn text(&self) -> &'t str {
        std::str::from_utf8(self.raw)
            .expect("what is close to its canonical form is ASCII")
    }

    /// Calls `then` with the canonical form, for which nothing is allocated
    /// if it is short.
    pub(crate) fn with_canonical<R>(&self, then: impl FnOnce(&str) -> R) -> R {
        if self.owned.is_some() || self.is_verbatim() {
            return then(&self.canonical());
        }
        let len = self.raw.len() + SCHEME.len();
        let (mut short, mut long) = ([0; SHORT], Vec::new());
        let out = if let Some(out) = short.get_mut(..len) {
            out
        } else {
            long.resize(len, 0);
            &mut long[..]
        };
        let len = self.write(out);
        let text = std::str::from_utf8(&out[..len]);
        then(text.expect("what is close to its canonical form is ASCII"))
    }

    /// Writes the canonical form of a match that is close to it, which may be
    /// longer by a scheme; how many bytes it has.
    fn write(&self, out: &mut [u8]) -> usize {
        if self.flags.contains(Flags::SCHEME_INFERRED) {
            let (scheme, rest) = out.split_at_mut(SCHEME.len());
            scheme.copy_from_slice(SCHEME);
            rest[..self.raw.len()].copy_from_slice(self.raw);
            return SCHEME.len() + self.raw.len();
        }
        match (self.kind, self.written) {
            (Kind::Url, Written::Near) => near_url(self.raw, out).len(),
            // It has no fragment.
            (Kind::Url, Written::NearPlain) => marked_url(self.raw, out).len(),
            _ => {
                let len = undo_marks(self.raw, out);
                out[..len].make_ascii_lowercase();
                len
            }
        }
    }

    /// Where it stands: bytes from the start of the text or stream.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.start + self.raw.len() }
    }

    /// The bytes as written: `text[span]`.
    #[must_use]
    pub fn raw(&self) -> &'t [u8] {
        self.raw
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The type as the command prints it, as
    /// [`Indicator::type_name`] has it. Allocates nothing.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match (&self.owned, self.kind) {
            (Some(value), _) => value.type_name(),
            // Only IPv4 is close to what the text holds.
            (_, Kind::Ip) => "ipv4",
            (_, Kind::Hash) => HashKind::from_hex_len(self.raw.len())
                .map_or("hash", HashKind::as_str),
            (_, kind) => kind.as_str(),
        }
    }

    /// The canonical form: what is compared and sent. Free where the text
    /// holds it; otherwise at most one allocation.
    #[must_use]
    pub fn canonical(&self) -> Cow<'_, str> {
        match self.owned.as_deref() {
            Some(Indicator::Domain(it)) => return Cow::Borrowed(it.as_str()),
            Some(Indicator::Url(it)) => return Cow::Borrowed(it.as_str()),
            Some(other) => return Cow::Owned(other.to_string()),
            None => {}
        }
        match self.written {
            Written::Cased | Written::Near | Written::NearPlain => {
                Cow::Owned(self.with_canonical(str::to_owned))
            }
            _ => Cow::Borrowed(self.text()),
        }
    }

    /// The indicator, owned.
    ///
    /// # Panics
    ///
    /// Never: a match is validated before it is made.
    #[must_use]
    pub fn to_indicator(&self) -> Indicator {
        match self.kind {
            Kind::Ip => Indicator::Ip(self.address()),
            Kind::Hash => Indicator::Hash(self.digest()),
            _ => self.with_canonical(|text| self.indicator_of(text)),
        }
    }

    /// The address that a match of this kind is.
    #[inline]
    pub(crate) fn address(&self) -> IpAddr {
        if self.is_verbatim()
            && let Some(ip) = parse_quad(self.raw)
        {
            return ip.into();
        }
        if let Some(Indicator::Ip(ip)) = self.owned.as_deref() {
            return *ip;
        }
        self.with_canonical(|text| parse_ip(text).expect(VALID))
    }

    /// The digest that a match of this kind is.
    pub(crate) fn digest(&self) -> FileHash {
        if let Some(Indicator::Hash(hash)) = self.owned.as_deref() {
            return *hash;
        }
        FileHash::of_hex(self.raw).expect(VALID)
    }

    /// Whether the canonical form is what the text holds.
    pub(crate) fn is_verbatim(&self) -> bool {
        matches!(self.written, Written::Canonical | Written::Plain)
    }

    /// The indicator, of which [`canonical`](Match::canonical) is known.
    pub(crate) fn indicator_of(&self, canonical: &str) -> Indicator {
        if let Some(value) = &self.owned {
            return (**value).clone();
        }
        let is_plain =
            matches!(self.written, Written::Plain | Written::NearPlain);
        match self.kind {
            Kind::Domain => {
                Indicator::Domain(Domain::from_canonical(canonical.into()))
            }
            Kind::Url if is_plain => {
                Indicator::Url(Url::from_plain(canonical.into()))
            }
            kind => Indicator::parse(kind, canonical).expect(VALID),
        }
    }

    /// Whether a defang mark was undone.
    #[must_use]
    pub fn was_defanged(&self) -> bool {
        self.flags.contains(Flags::DEFANGED)
    }

    /// What else is to be known about it.
    ///
    /// Each call looks at the value.
    #[must_use]
    pub fn flags(&self) -> Flags {
        if !matches!(self.kind, Kind::Domain | Kind::Url) {
            return self.flags;
        }
        self.flags.with(odd::of_value(self.kind, self.raw, &self.canonical()))
    }

    /// The same match in a text that starts `by` bytes earlier.
    pub(super) fn offset(mut self, by: usize) -> Match<'t> {
        self.start += by;
        self
    }
}

/// Writes a URL up to its fragment, as [`marked_url`] does.
pub(super) fn near_url<'b>(raw: &[u8], out: &'b mut [u8]) -> &'b [u8] {
    let cut = memchr::memchr(b'#', raw).unwrap_or(raw.len());
    marked_url(&raw[..cut], out)
}

/// Writes a URL without a fragment, with each `[.]` as a dot, `http` for
/// `hxxp`, `://` for `[:]//` and `[://]`, and a slash after the host where no
/// path follows. `out` is two bytes longer than `raw`.
fn marked_url<'b>(raw: &[u8], out: &'b mut [u8]) -> &'b [u8] {
    let secure = matches!(raw.get(4), Some(b's' | b'S'));
    let scheme: &[u8] = if secure { b"https://" } else { b"http://" };
    let mut len = scheme.len();
    out[..len].copy_from_slice(scheme);
    let slash = memchr::memchr(b'/', raw).unwrap_or(0);
    let mut rest = raw.get(slash + 2..).unwrap_or_default();
    rest = rest.strip_prefix(b"]").unwrap_or(rest);
    let bare = !rest.iter().any(|b| matches!(b, b'/' | b'?'));
    len += undo_marks(rest, &mut out[len..]);
    if bare {
        out[len] = b'/';
        len += 1;
    }
    &out[..len]
}

/// Writes a text with each `[.]` as a dot; how many bytes it has then.
pub(super) fn undo_marks(raw: &[u8], out: &mut [u8]) -> usize {
    let mut rest = raw;
    let mut len = 0;
    while let Some(mark) = memchr::memchr(b'[', rest) {
        out[len..len + mark].copy_from_slice(&rest[..mark]);
        out[len + mark] = b'.';
        len += mark + 1;
        rest = rest.get(mark + 3..).unwrap_or_default();
    }
    out[len..len + rest.len()].copy_from_slice(rest);
    len + rest.len()
}

impl fmt::Debug for Match<'_> {
    /// How the canonical form is kept is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Match")
            .field("span", &self.span())
            .field("raw", &self.raw.escape_ascii().to_string())
            .field("kind", &self.kind)
            .field("canonical", &self.canonical())
            .field("flags", &self.flags)
            .finish()
    }
}

impl PartialEq for Match<'_> {
    /// How the canonical form is kept does not count.
    fn eq(&self, other: &Match<'_>) -> bool {
        self.start == other.start
            && self.raw == other.raw
            && self.kind == other.kind
            && self.flags == other.flags
            && self.canonical() == other.canonical()
    }
}

impl Eq for Match<'_> {}

/// A candidate that was turned down, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection<'t> {
    span: Span,
    raw: &'t [u8],
    kind: Kind,
    reason: Reason,
}

impl<'t> Rejection<'t> {
    pub(super) fn new(
        span: Span,
        raw: &'t [u8],
        kind: Kind,
        reason: Reason,
    ) -> Rejection<'t> {
        Rejection { span, raw, kind, reason }
    }

    /// Where it stands: bytes from the start of the text or stream.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The bytes as written: `text[span]`.
    #[must_use]
    pub fn raw(&self) -> &'t [u8] {
        self.raw
    }

    /// The kind that it looked like.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Why it was turned down.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The same rejection in a text that starts `by` bytes earlier.
    pub(super) fn offset(mut self, by: usize) -> Rejection<'t> {
        self.span = self.span.offset(by);
        self
    }
}

/// Why a candidate was turned down.
///
/// [`code`](Reason::code) is stable: `iocpack scan --rejected` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The value itself is not valid.
    Invalid(InvalidReason),
    /// A file name: `readme.md`, `setup.py`.
    FileName,
    /// A part of a file path or of a URL's path.
    PathPart,
    /// Code: a method call, an attribute, a package name.
    Code,
    /// The name that a scanner gives to a detection: `Win32/Agent.XX`.
    DetectionName,
    /// A version, a section number or an object identifier.
    Version,
    /// A time of day, a date or a MAC address.
    Clock,
    /// A network, such as `192.0.2.0/24`: no VirusTotal item.
    Cidr,
    /// The end of one sentence and the start of the next without a space.
    SentenceGlue,
    /// The local part or the domain of an e-mail address.
    Email,
    /// Digits of a UUID or of a longer run.
    Uuid,
    /// The text before it says that it is no file hash: an imphash, a serial
    /// number, a fingerprint.
    HashLabel,
    /// Nothing in the text around it speaks for it.
    Weak,
}

impl Reason {
    /// The reasons of the text around a candidate: all but those of its value,
    /// which are [`InvalidReason`]s.
    pub const OF_CONTEXT: [Reason; 12] = [
        Reason::FileName,
        Reason::PathPart,
        Reason::Code,
        Reason::DetectionName,
        Reason::Version,
        Reason::Clock,
        Reason::Cidr,
        Reason::SentenceGlue,
        Reason::Email,
        Reason::Uuid,
        Reason::HashLabel,
        Reason::Weak,
    ];

    /// The stable code, such as `file-name`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Invalid(reason) => reason.code(),
            Reason::FileName => "file-name",
            Reason::PathPart => "path-part",
            Reason::Code => "code",
            Reason::DetectionName => "detection-name",
            Reason::Version => "version",
            Reason::Clock => "clock",
            Reason::Cidr => "cidr",
            Reason::SentenceGlue => "sentence-glue",
            Reason::Email => "email",
            Reason::Uuid => "uuid",
            Reason::HashLabel => "hash-label",
            Reason::Weak => "weak",
        }
    }
}

impl From<InvalidReason> for Reason {
    fn from(reason: InvalidReason) -> Reason {
        Reason::Invalid(reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What is to be known about a match beside its value: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// No flag.
    pub const NONE: Flags = Flags(0);
    /// A defang mark was undone.
    pub const DEFANGED: Flags = Flags(1);
    /// A URL was written without a scheme; `http` is a guess, and the host
    /// alone may be an innocent service.
    pub const SCHEME_INFERRED: Flags = Flags(1 << 1);
    /// Labels mix scripts in the sense of UTS-39, as written or behind their
    /// `xn--` form: it may imitate a name.
    pub const MIXED_SCRIPT: Flags = Flags(1 << 2);
    /// Invisible characters stood inside: zero-width ones, soft hyphens. No
    /// name or address holds them; a URL's path has them escaped.
    pub const HIDDEN_CHARACTERS: Flags = Flags(1 << 3);
    /// A URL whose host is an address in disguise: `0x7f.1`, `2130706433`.
    pub const IP_OBFUSCATED: Flags = Flags(1 << 4);
    /// A URL with a user name or a password.
    pub const USERINFO: Flags = Flags(1 << 5);
    /// A label starts with `xn--` and does not decode.
    pub const IDNA_INVALID: Flags = Flags(1 << 6);
    /// The domain of an e-mail address.
    pub const FROM_EMAIL: Flags = Flags(1 << 7);
    /// A URL that stands inside another URL.
    pub const INNER: Flags = Flags(1 << 8);
    /// A URL that was written in hex digits, in base64 or percent-encoded as
    /// a whole.
    pub const ENCODED: Flags = Flags(1 << 9);
    /// A control of the writing direction touches it: what is shown may not
    /// be what is written.
    pub const BIDI_CONTROL: Flags = Flags(1 << 10);
    /// Parsers disagree on the host of a URL: an at sign stands behind the
    /// `#`, `?` or backslash that ends it. The host is the one that WHATWG
    /// reads.
    pub const AMBIGUOUS_HOST: Flags = Flags(1 << 11);

    const NAMES: [(Flags, &'static str); 12] = [
        (Flags::DEFANGED, "defanged"),
        (Flags::SCHEME_INFERRED, "scheme-inferred"),
        (Flags::MIXED_SCRIPT, "mixed-script"),
        (Flags::HIDDEN_CHARACTERS, "hidden-characters"),
        (Flags::IP_OBFUSCATED, "ip-obfuscated"),
        (Flags::USERINFO, "userinfo"),
        (Flags::IDNA_INVALID, "idna-invalid"),
        (Flags::FROM_EMAIL, "from-email"),
        (Flags::INNER, "inner"),
        (Flags::ENCODED, "encoded"),
        (Flags::BIDI_CONTROL, "bidi-control"),
        (Flags::AMBIGUOUS_HOST, "ambiguous-host"),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Whether every flag of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the flags that are set, as JSON rows carry them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Flags::NAMES
            .into_iter()
            .filter(move |(flag, _)| self.contains(*flag))
            .map(|(_, name)| name)
    }
}

// A match is moved more often than it is looked at.
const _: () = assert!(size_of::<Finding<'_>>() <= 56);
