//! Where something stands in a text: half-open byte ranges.

use std::fmt;
use std::ops::Range;

/// A half-open range of bytes, `start..end`, counted from the start of the
/// caller's bytes.
///
/// ```
/// use iocpack::Span;
///
/// let span = Span { start: 2, end: 5 };
/// assert_eq!(span.len(), 3);
/// assert_eq!(span.to_string(), "2..5");
/// assert_eq!(&b"abcdefg"[span.range()], b"cde");
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset one past the last byte.
    pub end: usize,
}

impl Span {
    /// The same range as a [`Range`], to slice with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The number of bytes in the range.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The range moved right by `by` bytes.
    #[must_use]
    pub fn offset(self, by: usize) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
