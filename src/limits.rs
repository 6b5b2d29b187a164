//! What is read of one candidate, and kept of all of them, at most.

/// The limits of this library, in one place.
///
/// | what | limit | what is beyond it |
/// |---|---|---|
/// | [`LABEL`](Limits::LABEL), [`NAME`](Limits::NAME) | 63, 253 bytes | is no name: rejected as `too-long`, and the scan goes on behind it |
/// | [`URL`](Limits::URL) | 8,192 bytes as written | is no match: rejected as `too-long`, and the scan goes on behind it |
/// | [`uniques`](Limits::uniques) | 20 million by default | is refused with an [`Error`](crate::Error) of which [`is_limit`](crate::Error::is_limit) says so |
///
/// The first three are part of what a match is and cannot be changed. The
/// last is for those who keep what is distinct: a set grows with its input,
/// and one that grows until the machine stops has lost everything in it.
///
/// A scan itself keeps nothing: its memory does not depend on the text.
///
/// ```
/// use iocpack::{IndicatorSet, Limits, Scanner};
///
/// let mut limits = Limits::default();
/// limits.uniques = 1;
/// let mut set = IndicatorSet::new();
/// let text = "example.com, example.com, example.net";
/// let mut ended = Ok(true);
/// for found in Scanner::new().find_iter(text) {
///     ended = set.try_insert(found.to_indicator(), limits);
/// }
/// let err = ended.unwrap_err();
/// assert!(err.is_limit());
/// assert_eq!(
///     err.to_string(),
///     "too many distinct indicators: example.net is one more than 1",
/// );
/// assert_eq!(set.iter().next().unwrap().count(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Distinct indicators that a set takes; 20,000,000 by default, which is
    /// about 2.2 GB of names.
    pub uniques: usize,
}

impl Limits {
    /// Longest label of a name, in bytes (RFC 1035).
    pub const LABEL: usize = 63;
    /// Longest name, in bytes, without a final dot (RFC 1035).
    pub const NAME: usize = 253;
    /// Longest URL that is read, in bytes as written.
    pub const URL: usize = 8192;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { uniques: 20_000_000 }
    }
}
