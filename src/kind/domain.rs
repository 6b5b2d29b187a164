//! DNS names: labels, IDNA, suffix.

use std::borrow::Cow;
use std::fmt;

use super::idn::plain_a_labels;
use super::ip::is_masked;
use super::suffix::public_suffix;
use super::{Invalid, InvalidReason, Kind, Suffix, suffix_of};
use crate::Limits;

/// Longest name, in bytes of its A-label form without a trailing dot
/// (RFC 1035, section 2.3.4).
const MAX_NAME: usize = Limits::NAME;
/// Longest label, in bytes of its A-label form (RFC 1035, section 2.3.4).
const MAX_LABEL: usize = Limits::LABEL;

/// A DNS name with a known suffix, lower case and in A-labels.
///
/// ```
/// use iocpack::Domain;
///
/// let domain = Domain::parse("Bücher-Shop.DE.").unwrap();
/// assert_eq!(domain.as_str(), "xn--bcher-shop-9db.de");
/// let err = Domain::parse("setup.exe").unwrap_err();
/// assert_eq!(err.to_string(), "invalid domain: unknown public suffix at byte 6");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Box<str>);

impl Domain {
    /// Reads a name, in any case and any script, with or without a trailing
    /// dot.
    ///
    /// Non-ASCII labels become A-labels as UTS-46 says (non-transitional). An
    /// ASCII label that starts with `xn--` and does not decode is kept as it
    /// is: such names are live (see WHATWG's URL standard of June 2026).
    /// Labels may hold `_`, as DNS does. The last label must be on the public
    /// suffix list, reserved (`.example`, `.internal`), or `.onion` with 16 or
    /// 56 base32 digits before it.
    ///
    /// # Errors
    ///
    /// What is wrong, and the byte of the label that is.
    pub fn parse(value: &str) -> Result<Domain, Invalid> {
        let name = to_ascii(value)?;
        check(name.as_bytes())?;
        Ok(Domain(name.into()))
    }

    /// Takes a name that [`check`] has already passed and that is lower case.
    pub(crate) fn from_canonical(name: Box<str>) -> Domain {
        debug_assert!(check(name.as_bytes()).is_ok());
        Domain(name)
    }

    /// The name: lower case, A-labels, no trailing dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The suffix on the public suffix list, such as `co.uk`; `None` for
    /// reserved names and `.onion`.
    #[must_use]
    pub fn public_suffix(&self) -> Option<&str> {
        match public_suffix(self.0.as_bytes())? {
            Suffix::Public { len, .. } => self.0.get(self.0.len() - len..),
            _ => None,
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Domain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Lower-cases a name, maps it to A-labels and takes one trailing dot away.
fn to_ascii(value: &str) -> Result<Cow<'_, str>, Invalid> {
    if value.is_ascii() {
        let value = value.strip_suffix('.').unwrap_or(value);
        if value.bytes().any(|b| b.is_ascii_uppercase()) {
            return Ok(Cow::Owned(value.to_ascii_lowercase()));
        }
        return Ok(Cow::Borrowed(value));
    }
    if let Some(name) = plain_a_labels(value) {
        return Ok(Cow::Owned(name));
    }
    // UTS-46 has more dots than one, so that the last is looked for after it.
    let name = idna::domain_to_ascii_cow(
        value.as_bytes(),
        idna::AsciiDenyList::EMPTY,
    )
    .map_err(|_| Invalid::new(Kind::Domain, InvalidReason::BadIdna, 0))?;
    Ok(match name {
        Cow::Borrowed(name) => {
            Cow::Borrowed(name.strip_suffix('.').unwrap_or(name))
        }
        Cow::Owned(mut name) => {
            if name.ends_with('.') {
                name.pop();
            }
            Cow::Owned(name)
        }
    })
}

/// Checks a name that is lower case and in A-labels: labels, lengths, suffix.
pub(crate) fn check(name: &[u8]) -> Result<(), Invalid> {
    let invalid = |reason, at| Err(Invalid::new(Kind::Domain, reason, at));
    if name.is_empty() {
        return invalid(InvalidReason::Empty, 0);
    }
    if name.len() > MAX_NAME {
        return invalid(InvalidReason::NameTooLong, MAX_NAME);
    }
    let mut at = 0;
    let mut last = &name[..0];
    let mut before_last = last;
    for label in name.split(|&b| b == b'.') {
        check_label(label)
            .map_err(|reason| Invalid::new(Kind::Domain, reason, at))?;
        at += label.len() + 1;
        before_last = last;
        last = label;
    }
    let last_at = name.len() - last.len();
    if before_last.is_empty() {
        return invalid(InvalidReason::SingleLabel, 0);
    }
    if last.iter().all(u8::is_ascii_digit) {
        return invalid(InvalidReason::NumericSuffix, last_at);
    }
    // `.xxx` is a suffix, and what hides the digits of an address.
    if is_masked(name) {
        return invalid(InvalidReason::BadAddress, 0);
    }
    match suffix_of(name) {
        Suffix::Public { len, private: false } if len == name.len() => {
            invalid(InvalidReason::OnlySuffix, 0)
        }
        Suffix::Public { .. } | Suffix::Reserved => Ok(()),
        Suffix::Onion if is_onion_label(before_last) => Ok(()),
        Suffix::Onion => {
            invalid(InvalidReason::BadOnion, last_at - before_last.len() - 1)
        }
        Suffix::Unknown => invalid(InvalidReason::UnknownSuffix, last_at),
    }
}

fn check_label(label: &[u8]) -> Result<(), InvalidReason> {
    let (Some(&first), Some(&end)) = (label.first(), label.last()) else {
        return Err(InvalidReason::EmptyLabel);
    };
    if label.len() > MAX_LABEL {
        return Err(InvalidReason::LabelTooLong);
    }
    let inside = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    if first == b'-' || end == b'-' || !label.iter().all(inside) {
        return Err(InvalidReason::BadLabel);
    }
    Ok(())
}

/// 16 base32 digits (version 2) or 56 (version 3, of which the last is always
/// `d`: Tor's rend-spec-v3 ends the address with the version byte 3).
fn is_onion_label(label: &[u8]) -> bool {
    let base32 = |b: &u8| matches!(b, b'a'..=b'z' | b'2'..=b'7');
    label.iter().all(base32)
        && (label.len() == 16 || label.len() == 56 && label[55] == b'd')
}
