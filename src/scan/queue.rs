//! Findings on their way out of the loop.

use std::collections::VecDeque;
use std::ops::Range;

use super::decided::Decided;
use super::found::{Close, Finding, Flags, Match, Reason, Rejection, Written};
use crate::{Indicator, Kind, Span};

/// Findings on their way out.
///
/// A few at a time: who takes them does not wait for what was just written,
/// and the loop goes on with what it has at hand. What leaves is made when it
/// is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    found: Vec<Found>,
    /// Those behind them, of which there are many.
    decided: Decided,
    /// How many of both were taken.
    taken: usize,
    /// The values of those that are `Owned`, in their order.
    values: VecDeque<Indicator>,
}

/// What makes a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) span: Span,
    pub(super) kind: Kind,
    flags: Flags,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A match close to its canonical form.
    Close(Written),
    /// A match that holds its value, which is the next of the values.
    Owned,
    Rejected(Reason),
}

// One is written for every candidate.
const _: () = assert!(size_of::<Found>() == 24);

/// Findings after which the loop stops for them to be taken.
const BATCH: usize = 32;

impl From<Close> for Found {
    #[inline]
    fn from(close: Close) -> Found {
        let Close { span, kind, written, flags } = close;
        Found { span, kind, flags, what: What::Close(written) }
    }
}

impl Queue {
    #[inline]
    pub(super) fn push_close(&mut self, close: Close) {
        self.found.push(close.into());
    }

    /// Takes those with these numbers, behind which the loop is to stop.
    #[inline]
    pub(super) fn take_decided(
        &mut self,
        decided: &Decided,
        numbers: Range<usize>,
    ) {
        debug_assert!(self.decided.len() == 0);
        self.decided.take(decided, numbers);
    }

    pub(super) fn push_owned(
        &mut self,
        span: Span,
        value: Indicator,
        flags: Flags,
    ) {
        let (kind, what) = (value.kind(), What::Owned);
        self.values.push_back(value);
        self.found.push(Found { span, kind, flags, what });
    }

    pub(super) fn push_rejected(
        &mut self,
        span: Span,
        kind: Kind,
        reason: Reason,
    ) {
        let (flags, what) = (Flags::NONE, What::Rejected(reason));
        self.found.push(Found { span, kind, flags, what });
    }

    /// Whether all was taken.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the loop should stop.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= BATCH || self.decided.len() > 0
    }

    /// How many were not taken.
    pub(super) fn len(&self) -> usize {
        self.found.len() + self.decided.len() - self.taken
    }

    /// Takes all matches, one after the other, of the text that they were
    /// found in; there are no rejections.
    #[inline]
    pub(super) fn fold_matches<'t, B>(
        &mut self,
        text: &'t [u8],
        start: B,
        mut each: impl FnMut(B, Match<'t>) -> B,
    ) -> B {
        let Queue { found, decided, taken, values } = self;
        let before = (*taken).min(found.len());
        let (rest, others) = (&found[before..], *taken - before);
        *taken = found.len() + decided.len();
        let sum = rest.iter().fold(start, |sum, found| {
            let Found { span, kind, flags, what } = *found;
            let found = if let What::Close(written) = what {
                Match::close(text, Close { span, kind, written, flags })
            } else {
                let value = values.pop_front().expect("one for each");
                Match::owned(text, span, value, flags)
            };
            each(sum, found)
        });
        let others = decided.all(others..decided.len());
        others.fold(sum, |sum, it| each(sum, Match::close(text, it)))
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.found.clear();
        self.decided.clear();
        self.values.clear();
        self.taken = 0;
    }

    /// The next finding, of the text that all were found in.
    pub(super) fn pop<'t>(&mut self, text: &'t [u8]) -> Option<Finding<'t>> {
        if let Some(found) = self.pop_close(text) {
            return Some(Finding::Match(found));
        }
        let Found { span, kind, flags, what } = *self.found.get(self.taken)?;
        self.taken += 1;
        if let What::Rejected(reason) = what {
            let raw = &text[span.range()];
            let rejection = Rejection::new(span, raw, kind, reason);
            return Some(Finding::Rejection(rejection));
        }
        let value = self.values.pop_front()?;
        Some(Finding::Match(Match::owned(text, span, value, flags)))
    }

    /// The next finding, if it is a match close to its canonical form.
    #[inline]
    pub(super) fn pop_close<'t>(
        &mut self,
        text: &'t [u8],
    ) -> Option<Match<'t>> {
        let close = match self.found.get(self.taken) {
            Some(&Found { span, kind, flags, what: What::Close(written) }) => {
                Close { span, kind, written, flags }
            }
            Some(_) => return None,
            None => self.decided.get(self.taken - self.found.len())?,
        };
        self.taken += 1;
        Some(Match::close(text, close))
    }
}
