//! What a URL exercised on its way to the canonical form, and how sure each
//! of those rules is.

use crate::kind::Certainty;

/// A set of features of one URL, in the order of [`TABLE`].
///
/// Only features that lower the certainty have a bit: a URL that exercises
/// none but proven rules has the empty set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features(u64);

/// One row of [`TABLE`]: the stable code and its standing.
struct Row {
    code: &'static str,
    certainty: Certainty,
}

/// Declares the bits and [`TABLE`] together, so that they cannot disagree.
macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $bit:literal $certainty:ident $code:literal;)*) => {
        impl Features {
            $($(#[$doc])* pub(crate) const $name: Features =
                Features(1 << $bit);)*
        }

        /// Row `n` describes bit `n`.
        const TABLE: &[Row] = &[
            $(Row { code: $code, certainty: Certainty::$certainty }),*
        ];

        const _: () = {
            let mut next = 0;
            $(assert!($bit == next); next += 1;)*
            assert!(next < 64);
        };
    };
}

features! {
    /// An upper-case letter in the scheme.
    SCHEME_CASE = 0 Inferred "scheme-case";
    /// Not exactly two slashes after the scheme, or slashes without one.
    SCHEME_SLASHES = 1 Unknown "scheme-slashes";
    /// The scheme is ftp.
    FTP = 2 Unknown "ftp";
    /// An `@` before the host.
    USERINFO = 3 Unknown "userinfo";
    /// The scheme's own port, which is dropped.
    DEFAULT_PORT = 4 Inferred "default-port";
    /// A `:` without a port, or a port with leading zeros.
    PORT_FORM = 5 Unknown "port-form";
    /// A host that is not ASCII.
    IDN = 6 Inferred "idn";
    /// A percent escape in the host.
    HOST_ESCAPE = 7 Unknown "host-escape";
    /// An `xn--` label that UTS-46 refuses.
    INVALID_IDNA = 8 Unknown "invalid-idna";
    /// An IPv4 address that is not written as four decimal parts.
    NUMERIC_HOST = 9 Unknown "numeric-host";
    /// An IPv6 address.
    IPV6 = 10 Unknown "ipv6";
    /// A dot after the last label.
    TRAILING_DOT = 11 Unknown "trailing-dot";
    /// A name without a dot.
    SINGLE_LABEL = 12 Unknown "single-label";
    /// An underscore in the host.
    HOST_UNDERSCORE = 13 Inferred "host-underscore";
    /// Another byte in the host that no host name holds, or a label with a
    /// hyphen at an end.
    ODD_HOST = 14 Unknown "odd-host";
    /// Blanks or controls around the URL.
    SURROUNDING_SPACE = 15 Inferred "surrounding-space";
    /// A tab, CR or LF within the URL.
    TAB_NEWLINE = 16 Unknown "tab-newline";
    /// A backslash.
    BACKSLASH = 17 Unknown "backslash";
    /// Two slashes in a row in the path.
    DOUBLE_SLASH = 18 Unknown "double-slash";
    /// A `.` or `..` segment in the path.
    DOT_SEGMENT = 19 Inferred "dot-segment";
    /// A character that is not ASCII in the path or query.
    NON_ASCII = 20 Inferred "non-ascii";
    /// A byte in the path or query that is not UTF-8.
    NON_UTF8 = 21 Unknown "non-utf8";
    /// A blank in the path or query.
    SPACE = 22 Inferred "space";
    /// A control byte in the path or query.
    CONTROL = 23 Unknown "control";
    /// A percent escape with lower-case hex digits.
    ESCAPE_CASE = 24 Unknown "escape-case";
    /// A percent escape of a letter, digit, `-`, `.`, `_` or `~`.
    UNRESERVED_ESCAPE = 25 Unknown "unreserved-escape";
    /// A percent escape in the path of another ASCII byte than the blank.
    PATH_ESCAPE = 26 Inferred "path-escape";
    /// A `%` without two hex digits after it.
    BAD_ESCAPE = 27 Unknown "bad-escape";
    /// One of ``"<>[]^`{|}`` in the path or query.
    UNWISE_CHARACTER = 28 Unknown "unwise-character";
    /// A `+` in the path or query.
    PLUS = 29 Inferred "plus";
    /// A `?` with nothing after it.
    EMPTY_QUERY = 30 Unknown "empty-query";
    /// A canonical form of more than [`LONG`](super::LONG) bytes.
    LONG_URL = 31 Unknown "long-url";
}

impl Features {
    /// No feature that lowers the certainty.
    pub(crate) const NONE: Features = Features(0);

    /// Takes every feature of `other` in.
    pub(crate) fn add(&mut self, other: Features) {
        self.0 |= other.0;
    }

    /// Whether every feature of `other` is in the set.
    pub(crate) fn contains(self, other: Features) -> bool {
        self.0 & other.0 == other.0
    }

    /// The standing of the least certain feature.
    pub(crate) fn certainty(self) -> Certainty {
        // Nearly every URL.
        if self == Features::NONE {
            return Certainty::Proven;
        }
        self.rows().map(|row| row.certainty).max().unwrap_or(Certainty::Proven)
    }

    /// The codes, in the order of [`TABLE`].
    pub(crate) fn codes(self) -> impl Iterator<Item = &'static str> {
        self.rows().map(|row| row.code)
    }

    fn rows(self) -> impl Iterator<Item = &'static Row> {
        let holds = move |bit: usize| self.0 & 1 << bit != 0;
        TABLE
            .iter()
            .enumerate()
            .filter(move |&(bit, _)| holds(bit))
            .map(|(_, row)| row)
    }
}
