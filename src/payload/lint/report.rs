//! What a linter found.

use std::fmt;

use super::LintReason;
use crate::{Counts, IndicatorSet, Span};

/// One thing that is wrong with a payload, and where. `Display` writes it on
/// one line: `/data/raw_items:1:5: duplicate: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintFinding {
    pub(super) pointer: Box<str>,
    pub(super) span: Span,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) reason: LintReason,
    pub(super) message: Box<str>,
}

impl LintFinding {
    /// The JSON pointer (RFC 6901) of the value; empty for the root.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The bytes it speaks of: the value, its name, or a part of a string.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The line on which the span starts, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The byte of the line at which the span starts, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    #[must_use]
    pub fn reason(&self) -> LintReason {
        self.reason
    }

    /// What is wrong, in words, with the value cut at 64 bytes and escaped.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.reason.help()
    }
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}: {}",
            self.pointer, self.line, self.column, self.reason, self.message
        )
    }
}

/// What is wrong with a payload, and which items it names.
#[derive(Clone, Debug, Default)]
pub struct LintReport {
    pub(super) findings: Vec<LintFinding>,
    pub(super) items: IndicatorSet,
    pub(super) url_ids: usize,
    pub(super) duplicates: usize,
    pub(super) private: Option<bool>,
}

impl LintReport {
    /// What is wrong, in the order of the text.
    #[must_use]
    pub fn findings(&self) -> &[LintFinding] {
        &self.findings
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// The distinct valid items in canonical form, to be judged by a policy.
    /// URLs that are given by id alone are counted by
    /// [`url_ids`](LintReport::url_ids).
    #[must_use]
    pub fn items(&self) -> &IndicatorSet {
        &self.items
    }

    /// How many distinct items of each kind there are, URLs by id aside.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.items.counts()
    }

    /// How many distinct URLs are given by their id alone.
    #[must_use]
    pub fn url_ids(&self) -> usize {
        self.url_ids
    }

    /// How many items repeat an earlier one.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// What the payload says of its visibility. Where it says nothing, a new
    /// collection is public.
    #[must_use]
    pub fn private(&self) -> Option<bool> {
        self.private
    }
}
