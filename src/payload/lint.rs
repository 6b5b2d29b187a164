//! Judges a payload that was written elsewhere.
//!
//! The reader is RFC 8259 with places, so that each finding names its JSON
//! pointer (RFC 6901) and the bytes it speaks of. The rules are those by
//! which this crate builds: the shapes that VirusTotal documents, one
//! descriptor form, canonical items, each once, and nothing but items in
//! `raw_items`.

mod json;
mod reason;
mod report;
mod rules;

pub use self::reason::LintReason;
pub use self::report::{LintFinding, LintReport};
use self::rules::Linter;

/// Which request a body is meant for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// `POST /collections`, or, where `data` is an array, adding or removing
    /// items.
    #[default]
    Create,
    /// `PATCH /collections/{id}`: attributes may be missing, relationships
    /// are not allowed.
    Update,
}

/// What is wrong with the body of a collection request, or with each body of
/// a plan file.
///
/// Never fails: JSON that does not parse is a finding, with line and column.
///
/// ```
/// let body = br#"{"data":{"type":"collection","attributes":{
///     "name":"Test","description":"2 items"},
///     "raw_items":"google.com, google.com"}}"#;
/// let report = iocpack::payload::lint(body);
/// let finding = &report.findings()[0];
/// assert_eq!(finding.reason().code(), "duplicate");
/// assert_eq!(finding.pointer(), "/data/raw_items");
/// assert_eq!(&body[finding.span().range()], b"google.com");
/// assert_eq!(report.counts().domains, 1);
/// ```
///
/// # Complexity
///
/// Linear in the text. Memory is linear in the number of distinct items and
/// of findings.
#[must_use]
pub fn lint(json: &[u8]) -> LintReport {
    lint_as(json, Purpose::Create)
}

/// As [`lint`], for a body whose request is known.
#[must_use]
pub fn lint_as(json: &[u8], purpose: Purpose) -> LintReport {
    Linter::new(json, purpose).run()
}
