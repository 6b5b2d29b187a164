//! What a linter found.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::LintReason;
use crate::payload::request::shown;
use crate::{Counts, IndicatorSet, Span, scan};

/// One thing that is wrong with a payload, and where. `Display` writes it on
/// one line: `/data/raw_items:1:5: duplicate: …`.
#[derive(Clone)]
pub struct LintFinding {
    pub(super) source: Arc<Source>,
    pub(super) span: Span,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) reason: LintReason,
    pub(super) said: Said,
}

/// What the findings of one value share.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) pointer: Box<str>,
    /// The text that parts of are spoken of, if it is one.
    pub(super) text: Box<str>,
}

/// What a message says. Most are never read, so that those of which there may
/// be millions are put into words when they are.
#[derive(Clone)]
pub(super) enum Said {
    Text(Cow<'static, str>),
    /// The scanner turned down a part of the text.
    Rejected {
        part: Span,
        reason: scan::Reason,
    },
    /// A part of the text is an item that is written otherwise.
    Canonical {
        part: Span,
        canonical: Box<str>,
    },
    /// The place of the first of two equal items.
    Again {
        line: usize,
        column: usize,
    },
}

/// What is said of an item that is written otherwise.
pub(super) fn not_canonical(raw: &str, canonical: &str) -> String {
    let (raw, canonical) = (shown(raw), shown(canonical));
    format!("`{raw}` is `{canonical}` in canonical form")
}

impl From<&'static str> for Said {
    fn from(text: &'static str) -> Said {
        Said::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Said {
    fn from(text: String) -> Said {
        Said::Text(Cow::Owned(text))
    }
}

impl LintFinding {
    /// The JSON pointer (RFC 6901) of the value; empty for the root.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.source.pointer
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
    pub fn message(&self) -> Cow<'_, str> {
        match &self.said {
            Said::Text(text) => Cow::Borrowed(text),
            Said::Rejected { part, reason } => {
                let raw = shown(&self.part(*part));
                format!("`{raw}`: {}", reason.code()).into()
            }
            Said::Canonical { part, canonical } => {
                not_canonical(&self.part(*part), canonical).into()
            }
            Said::Again { line, column } => {
                format!("the same item stands at line {line}, column {column}")
                    .into()
            }
        }
    }

    fn part(&self, part: Span) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.source.text.as_bytes()[part.range()])
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.reason.help()
    }
}

impl PartialEq for LintFinding {
    fn eq(&self, other: &LintFinding) -> bool {
        self.pointer() == other.pointer()
            && self.span == other.span
            && (self.line, self.column) == (other.line, other.column)
            && self.reason == other.reason
            && self.message() == other.message()
    }
}

impl Eq for LintFinding {}

impl fmt::Debug for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LintFinding")
            .field("pointer", &self.pointer())
            .field("span", &self.span)
            .field("line", &self.line)
            .field("column", &self.column)
            .field("reason", &self.reason)
            .field("message", &self.message())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}: {}",
            self.pointer(),
            self.line,
            self.column,
            self.reason,
            self.message()
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

    /// The distinct valid items in canonical form, to be judged by a policy,
    /// each with its place in the JSON ([`Entry::first`](crate::Entry::first)).
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
