//! Pre-validation: what a bulk text would yield, line by line, and a clean
//! replacement.
//!
//! VirusTotal takes a text as `raw_items`, pulls indicators out of it and
//! says nothing of what it dropped. [`check`] says it beforehand: each
//! candidate of the text, and each line without one, gets a [`Fate`].
//!
//! The cleaned text holds nothing but canonical items, one per line, and it
//! is proven: scanned again, each line yields its item and nothing else. An
//! item that only the text around it made recognisable (`setup[.]py`) cannot
//! stand there and is reported.

use std::borrow::Cow;
use std::fmt;

use crate::policy::{Hold, Verdict};
use crate::{
    IndicatorSet, Kind, Match, Policy, Rejection, Scanner, Span, scan,
};

/// What `raw_items` of this text would do, under the default scanner and the
/// default policy.
///
/// ```
/// let report = iocpack::raw_items::check(
///     "WWW[.]example[.]com\nwww.example.com\n10.0.0.1\nno item here\n",
/// );
/// let fates: Vec<&str> =
///     report.findings().iter().map(|it| it.fate().code()).collect();
/// assert_eq!(fates, ["changed", "duplicate", "held", "rejected"]);
/// assert_eq!(report.fixed(), "www.example.com\n");
/// ```
#[must_use]
pub fn check<T: AsRef<[u8]> + ?Sized>(text: &T) -> Report<'_> {
    check_with(text, &Scanner::new(), &Policy::new())
}

/// What `raw_items` of this text would do. Never fails: whatever is wrong
/// with the text is a finding.
///
/// # Complexity
///
/// Linear in the text; memory is linear in the number of findings.
#[must_use]
pub fn check_with<'t, T: AsRef<[u8]> + ?Sized>(
    text: &'t T,
    scanner: &Scanner,
    policy: &Policy,
) -> Report<'t> {
    let mut check = Check::new(text.as_ref(), scanner, policy);
    check.run();
    check.report
}

/// What became of a candidate, or of a line without one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// Taken as it stands.
    Ok,
    /// The same item stands on an earlier line, or earlier on this one.
    Duplicate {
        /// The line of its first occurrence, from 1.
        line: usize,
    },
    /// Taken, but written otherwise.
    Changed(Change),
    /// Not taken: the policy holds it.
    Held(Hold),
    /// Not taken: it is no item.
    Rejected(Cause),
}

impl Fate {
    /// `ok`, `duplicate`, `changed`, `held` or `rejected`: stable.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fate::Ok => "ok",
            Fate::Duplicate { .. } => "duplicate",
            Fate::Changed(_) => "changed",
            Fate::Held(_) => "held",
            Fate::Rejected(_) => "rejected",
        }
    }

    /// The stable code of the reason; that of the fate where it needs none.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Fate::Ok | Fate::Duplicate { .. } => self.code(),
            Fate::Changed(change) => change.code(),
            Fate::Held(hold) => hold.reason().code(),
            Fate::Rejected(cause) => cause.code(),
        }
    }
}

/// How the canonical form differs from what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// A defang mark was undone.
    Refanged,
    /// Capitals became small letters.
    LowerCased,
    /// Anything else: A-labels, a root slash, a fragment cut, IPv6 shortened.
    Canonicalized,
}

impl Change {
    fn of(found: &Match<'_>, canonical: &str) -> Option<Change> {
        if found.raw() == canonical.as_bytes() {
            None
        } else if found.was_defanged() {
            Some(Change::Refanged)
        } else if found.raw().eq_ignore_ascii_case(canonical.as_bytes()) {
            Some(Change::LowerCased)
        } else {
            Some(Change::Canonicalized)
        }
    }

    /// The stable code, such as `refanged`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Change::Refanged => "refanged",
            Change::LowerCased => "lower-cased",
            Change::Canonicalized => "canonicalized",
        }
    }
}

/// Why something in the text is no item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The scanner turned the candidate down.
    Scan(scan::Reason),
    /// A line with no candidate in it.
    NoIndicator,
    /// Text around a candidate: it would be sent too.
    Prose,
    /// Recognised only by what stands around it, so that a cleaned line of
    /// its own would not be.
    NeedsContext,
}

impl Cause {
    /// The stable code, such as `unknown-suffix` or `no-indicator`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Cause::Scan(reason) => reason.code(),
            Cause::NoIndicator => "no-indicator",
            Cause::Prose => "prose",
            Cause::NeedsContext => "needs-context",
        }
    }
}

/// One candidate, or one line without one, and its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<'t> {
    line: usize,
    column: usize,
    span: Span,
    raw: &'t [u8],
    type_name: &'static str,
    fate: Fate,
    /// The canonical form, where it is not what is written.
    value: Option<Box<str>>,
    is_item: bool,
}

impl<'t> Finding<'t> {
    /// The line it starts on, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The byte of the line it starts at, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Where it stands in the text.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The bytes as written: any bytes, to be escaped before they are shown.
    #[must_use]
    pub fn raw(&self) -> &'t [u8] {
        self.raw
    }

    /// `domain`, `url`, `ipv4`, `ipv6`, `md5`, `sha1` or `sha256`; `hash` for
    /// a digest of no such length, `text` for what is no candidate.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// What became of it.
    #[must_use]
    pub fn fate(&self) -> &Fate {
        &self.fate
    }

    /// The canonical form, if it is an indicator.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match &self.value {
            Some(value) => Some(value),
            // An item without a value of its own is canonical as written,
            // and canonical forms are ASCII or at least UTF-8.
            None if self.is_item => std::str::from_utf8(self.raw).ok(),
            None => None,
        }
    }

    /// A sentence for people: what happened, and what to do about it.
    #[must_use]
    pub fn help(&self) -> Cow<'static, str> {
        match &self.fate {
            Fate::Ok => "taken as it stands".into(),
            Fate::Duplicate { line } => {
                format!("the same item stands on line {line}").into()
            }
            Fate::Changed(_) => format!(
                "it is taken as `{}`",
                self.value().unwrap_or_default().escape_debug()
            )
            .into(),
            Fate::Held(hold) => {
                format!("{}; {}", hold.rule(), hold.reason().help()).into()
            }
            Fate::Rejected(Cause::Scan(reason)) => scan_help(*reason).into(),
            Fate::Rejected(Cause::NoIndicator) => {
                "no domain, URL, address or hash on this line; \
                 it would be sent all the same"
                    .into()
            }
            Fate::Rejected(Cause::Prose) => {
                "the text around an item would be sent too; \
                 the cleaned list leaves it out"
                    .into()
            }
            Fate::Rejected(Cause::NeedsContext) => {
                "it would not be recognised on a line of its own; \
                 send it as a relationship"
                    .into()
            }
        }
    }
}

fn scan_help(reason: scan::Reason) -> &'static str {
    use scan::Reason;
    match reason {
        Reason::Invalid(_) => "the value is not valid as it stands",
        Reason::FileName => "it reads as the name of a file",
        Reason::PathPart => "it is a part of a path",
        Reason::Code => "it reads as code",
        Reason::DetectionName => "it reads as the name of a detection",
        Reason::Version => "it reads as a version or a section number",
        Reason::Clock => "it reads as a time, a date or a MAC address",
        Reason::Cidr => "a network is no item of a collection",
        Reason::SentenceGlue => "two sentences meet here without a space",
        Reason::Email => "it is a part of an e-mail address",
        Reason::Uuid => "it is a part of a UUID or of a longer run",
        Reason::HashLabel => "the text before it says that it hashes no file",
        _ => "nothing around it says that it is meant as an item",
    }
}

/// One row of the summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Candidates that are indicators: `unique + duplicates`.
    pub found: usize,
    /// Distinct indicators, held ones too.
    pub unique: usize,
    /// Repetitions of an earlier one.
    pub duplicates: usize,
    /// Distinct indicators that are written otherwise in the cleaned text.
    pub changed: usize,
    /// Distinct indicators that the policy holds.
    pub held: usize,
    /// Candidates that are no indicators, and text.
    pub rejected: usize,
}

impl Row {
    fn add(&mut self, other: Row) {
        self.found += other.found;
        self.unique += other.unique;
        self.duplicates += other.duplicates;
        self.changed += other.changed;
        self.held += other.held;
        self.rejected += other.rejected;
    }
}

/// The types that a summary has rows for, in order.
pub const TYPES: [&str; 9] =
    ["domain", "url", "ipv4", "ipv6", "md5", "sha1", "sha256", "hash", "text"];

/// How many of each type were found, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    rows: [Row; TYPES.len()],
}

impl Summary {
    /// The types of which something was seen, in the order of [`TYPES`].
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, Row)> {
        let rows = TYPES.into_iter().zip(self.rows);
        rows.filter(|(_, row)| *row != Row::default())
    }

    /// The row of one type; zeros for one that is not known.
    #[must_use]
    pub fn row(&self, type_name: &str) -> Row {
        let mut rows = TYPES.into_iter().zip(self.rows);
        rows.find(|(name, _)| *name == type_name)
            .map_or_else(Row::default, |(_, row)| row)
    }

    /// All rows together.
    #[must_use]
    pub fn total(&self) -> Row {
        let mut total = Row::default();
        for row in self.rows {
            total.add(row);
        }
        total
    }

    fn count(&mut self, finding: &Finding<'_>) {
        let name = finding.type_name;
        let at = TYPES.iter().position(|it| *it == name);
        let row = &mut self.rows[at.unwrap_or(TYPES.len() - 1)];
        row.found += usize::from(finding.is_item);
        match finding.fate {
            Fate::Duplicate { .. } => row.duplicates += 1,
            Fate::Rejected(Cause::NeedsContext) => {
                row.unique += 1;
                row.rejected += 1;
            }
            Fate::Rejected(_) => row.rejected += 1,
            Fate::Ok => row.unique += 1,
            Fate::Changed(_) => {
                row.unique += 1;
                row.changed += 1;
            }
            Fate::Held(_) => {
                row.unique += 1;
                row.held += 1;
            }
        }
    }
}

/// What a text would yield as `raw_items`: findings, a summary, and a clean
/// replacement.
#[derive(Clone, Debug)]
pub struct Report<'t> {
    text: &'t [u8],
    lines: Vec<usize>,
    findings: Vec<Finding<'t>>,
    summary: Summary,
    kept: IndicatorSet,
    fixed: String,
}

impl<'t> Report<'t> {
    /// Every candidate and every line without one, in order.
    #[must_use]
    pub fn findings(&self) -> &[Finding<'t>] {
        &self.findings
    }

    /// Whether every finding is [`Fate::Ok`]: the text can be sent as it is.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|it| it.fate == Fate::Ok)
    }

    /// The counts of each type.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The indicators that are taken, in order of first occurrence.
    #[must_use]
    pub fn kept(&self) -> &IndicatorSet {
        &self.kept
    }

    /// The cleaned text: each item that is taken, in canonical form, on a
    /// line of its own; empty if there is none. Scanned, it yields exactly
    /// [`kept`](Report::kept), and [`check`]ed, it is clean.
    ///
    /// The order is that of first occurrence; names stand before everything
    /// else where only that makes all of them recognisable.
    #[must_use]
    pub fn fixed(&self) -> &str {
        &self.fixed
    }

    /// The number of lines; a line break at the end starts none.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Where a line stands, from 1, without its line break; `None` past the
    /// last.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Option<Span> {
        let at = line.checked_sub(1)?;
        let start = *self.lines.get(at)?;
        let end = self.lines.get(at + 1).copied();
        Some(line_without_break(
            self.text,
            start,
            end.unwrap_or(self.text.len()),
        ))
    }

    /// The bytes of a line, from 1, without its line break.
    #[must_use]
    pub fn line_text(&self, line: usize) -> Option<&'t [u8]> {
        self.line_span(line).map(|span| &self.text[span.range()])
    }
}

impl fmt::Display for Summary {
    /// A line for each row, in columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:8}{:>9}{:>9}{:>12}{:>9}{:>9}{:>10}",
            "type",
            "found",
            "unique",
            "duplicates",
            "changed",
            "held",
            "rejected"
        )?;
        for (name, row) in self.rows().chain([("total", self.total())]) {
            writeln!(
                f,
                "{name:8}{:>9}{:>9}{:>12}{:>9}{:>9}{:>10}",
                row.found,
                row.unique,
                row.duplicates,
                row.changed,
                row.held,
                row.rejected
            )?;
        }
        Ok(())
    }
}

/// The span of a line, given where it and the next one start.
fn line_without_break(text: &[u8], start: usize, next: usize) -> Span {
    let line = &text[start..next];
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Span { start, end: start + line.len() }
}

/// Where each line starts.
fn line_starts(text: &[u8]) -> Vec<usize> {
    let mut lines = vec![0];
    lines.extend(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
    if lines.last() == Some(&text.len()) {
        lines.pop();
    }
    lines
}

struct Check<'t, 'p> {
    scanner: &'p Scanner,
    policy: &'p Policy,
    report: Report<'t>,
    /// Every indicator that was seen, held ones too.
    seen: IndicatorSet,
    /// The findings that a kept indicator came from, by its place in `kept`.
    kept_from: Vec<usize>,
}

impl<'t, 'p> Check<'t, 'p> {
    fn new(
        text: &'t [u8],
        scanner: &'p Scanner,
        policy: &'p Policy,
    ) -> Check<'t, 'p> {
        let report = Report {
            text,
            lines: line_starts(text),
            findings: Vec::new(),
            summary: Summary::default(),
            kept: IndicatorSet::new(),
            fixed: String::new(),
        };
        let seen = IndicatorSet::new();
        Check { scanner, policy, report, seen, kept_from: Vec::new() }
    }

    fn run(&mut self) {
        let text = self.report.text;
        let mut line = 0;
        // Where the text that no candidate covers starts.
        let mut rest = 0;
        let mut has_candidate = false;
        let mut prose = None;
        for finding in self.scanner.findings(text) {
            let span = finding.span();
            while self.next_line(line).is_some_and(|at| at <= span.start) {
                self.end_line(line, rest, has_candidate, prose.take());
                line += 1;
                rest = rest.max(self.report.lines[line]);
                has_candidate = false;
            }
            prose = prose.or_else(|| find_prose(text, rest, span.start));
            has_candidate = true;
            rest = rest.max(span.end);
            match finding {
                scan::Finding::Match(found) => self.take(&found, line),
                scan::Finding::Rejection(rejection) => {
                    self.reject(rejection, line);
                }
            }
        }
        while line < self.report.lines.len() {
            self.end_line(line, rest, has_candidate, prose.take());
            line += 1;
            rest = rest.max(self.next_line(line - 1).unwrap_or(text.len()));
            has_candidate = false;
        }
        self.prove();
        for finding in &self.report.findings {
            self.report.summary.count(finding);
        }
    }

    /// Where the line after `line` starts, both from 0.
    fn next_line(&self, line: usize) -> Option<usize> {
        self.report.lines.get(line + 1).copied()
    }

    /// Judges what is left of a line when its candidates are done.
    fn end_line(
        &mut self,
        line: usize,
        rest: usize,
        has_candidate: bool,
        prose: Option<Span>,
    ) {
        let text = self.report.text;
        let Some(span) = self.report.line_span(line + 1) else {
            return;
        };
        if has_candidate {
            let prose = prose.or_else(|| find_prose(text, rest, span.end));
            if let Some(span) = prose {
                self.push_text(line, span, Cause::Prose);
            }
            return;
        }
        // A candidate of the line before may reach into this one.
        let start = rest.clamp(span.start, span.end);
        let line_text = &text[start..span.end];
        let trimmed = line_text.trim_ascii();
        if !trimmed.is_empty() {
            let blank = line_text.len() - line_text.trim_ascii_start().len();
            let start = start + blank;
            let span = Span { start, end: start + trimmed.len() };
            self.push_text(line, span, Cause::NoIndicator);
        }
    }

    fn push_text(&mut self, line: usize, span: Span, cause: Cause) {
        let fate = Fate::Rejected(cause);
        let finding = self.finding(line, span, "text", fate);
        // Prose is found after the candidates that stand behind it.
        let findings = &mut self.report.findings;
        let before =
            |it: &Finding<'_>| it.line <= line || it.span.start < span.start;
        let at = findings.iter().rposition(before).map_or(0, |at| at + 1);
        findings.insert(at, finding);
        for from in self.kept_from.iter_mut().rev() {
            if *from < at {
                break;
            }
            *from += 1;
        }
    }

    fn finding(
        &self,
        line: usize,
        span: Span,
        type_name: &'static str,
        fate: Fate,
    ) -> Finding<'t> {
        Finding {
            line: line + 1,
            column: span.start - self.report.lines[line] + 1,
            span,
            raw: &self.report.text[span.range()],
            type_name,
            fate,
            value: None,
            is_item: false,
        }
    }

    fn take(&mut self, found: &Match<'_>, line: usize) {
        let canonical = found.canonical();
        let indicator = found.to_indicator();
        let type_name = indicator.type_name();
        let first = self.seen.entry(&indicator).and_then(crate::Entry::first);
        let fate = if let Some(first) = first {
            let lines = &self.report.lines;
            let line = lines.partition_point(|&at| at <= first.start);
            Fate::Duplicate { line }
        } else {
            match self.policy.judge(&indicator) {
                Verdict::Hold(hold) => Fate::Held(hold),
                Verdict::Keep => Change::of(found, &canonical)
                    .map_or(Fate::Ok, Fate::Changed),
            }
        };
        self.seen.insert_match(found);
        if matches!(fate, Fate::Ok | Fate::Changed(_)) {
            self.kept_from.push(self.report.findings.len());
            self.report.kept.insert_match(found);
        }
        let mut finding = self.finding(line, found.span(), type_name, fate);
        finding.is_item = true;
        if found.raw() != canonical.as_bytes() {
            finding.value = Some(canonical.into());
        }
        self.report.findings.push(finding);
    }

    fn reject(&mut self, rejection: Rejection<'_>, line: usize) {
        let type_name = match rejection.kind() {
            Kind::Domain => "domain",
            Kind::Url => "url",
            Kind::Ip if rejection.raw().contains(&b':') => "ipv6",
            Kind::Ip => "ipv4",
            Kind::Hash => match rejection.raw().len() {
                32 => "md5",
                40 => "sha1",
                64 => "sha256",
                _ => "hash",
            },
        };
        let fate = Fate::Rejected(Cause::Scan(rejection.reason()));
        let finding = self.finding(line, rejection.span(), type_name, fate);
        self.report.findings.push(finding);
    }
}

/// How often the cleaned text is scanned with what failed taken out, before
/// only what needs no context at all stays in.
const PROOFS: usize = 4;

/// A line of the cleaned text, and the finding that it came from.
#[derive(Clone, Debug)]
struct Line {
    kind: Kind,
    text: String,
    from: usize,
}

impl Check<'_, '_> {
    /// Writes the cleaned text and scans it: what does not come back as
    /// itself is taken out and reported.
    fn prove(&mut self) {
        let kept = self.report.kept.iter().zip(&self.kept_from);
        let mut lines: Vec<Line> = kept
            .map(|(entry, &from)| Line {
                kind: entry.indicator().kind(),
                text: entry.indicator().to_string(),
                from,
            })
            .collect();
        let mut failed = failures(self.scanner, &lines);
        if !failed.is_empty() {
            // A name such as `setup.py` is recognised beside other names.
            let mut grouped = lines.clone();
            grouped.sort_by_key(|line| line.kind != Kind::Domain);
            let failed_grouped = failures(self.scanner, &grouped);
            if failed_grouped.len() < failed.len() {
                (lines, failed) = (grouped, failed_grouped);
            }
        }
        let mut out = Vec::new();
        for proof in 0.. {
            if failed.is_empty() {
                break;
            }
            if proof == PROOFS {
                failed = (0..lines.len())
                    .filter(|&at| {
                        let alone = &lines[at..=at];
                        !failures(self.scanner, alone).is_empty()
                    })
                    .collect();
            } else if proof > PROOFS {
                // Nothing is claimed that is not proven.
                failed = (0..lines.len()).collect();
            }
            remove(&mut lines, &failed, &mut out);
            failed = failures(self.scanner, &lines);
        }
        self.take_out(&out);
        for line in &lines {
            self.report.fixed.push_str(&line.text);
            self.report.fixed.push('\n');
        }
    }

    /// Takes the indicators of these findings out of what is kept.
    fn take_out(&mut self, findings: &[usize]) {
        if findings.is_empty() {
            return;
        }
        let mut out = vec![false; self.report.findings.len()];
        for &at in findings {
            self.report.findings[at].fate =
                Fate::Rejected(Cause::NeedsContext);
            out[at] = true;
        }
        let mut from = self.kept_from.iter();
        self.report.kept.retain(|_| from.next().is_none_or(|&at| !out[at]));
    }
}

/// Takes out the lines at these places, in rising order.
fn remove(lines: &mut Vec<Line>, places: &[usize], out: &mut Vec<usize>) {
    let mut places = places.iter().peekable();
    let mut at = 0;
    lines.retain(|line| {
        let bad = places.next_if_eq(&&at).is_some();
        at += 1;
        if bad {
            out.push(line.from);
        }
        !bad
    });
}

/// The lines of which a scan does not yield exactly the line, in rising
/// order.
fn failures(scanner: &Scanner, lines: &[Line]) -> Vec<usize> {
    let len = lines.iter().map(|line| line.text.len() + 1).sum();
    let mut text = String::with_capacity(len);
    let mut starts = Vec::with_capacity(lines.len());
    for line in lines {
        starts.push(text.len());
        text.push_str(&line.text);
        text.push('\n');
    }
    let mut good = vec![0_u8; lines.len()];
    for finding in scanner.findings(text.as_bytes()) {
        let span = finding.span();
        let at = starts.partition_point(|&start| start <= span.start) - 1;
        let line = &lines[at];
        let is_it = match &finding {
            scan::Finding::Match(found) => {
                found.kind() == line.kind && found.canonical() == *line.text
            }
            scan::Finding::Rejection(_) => false,
        };
        // One finding that is the line; any other spoils it for good.
        good[at] = if is_it && good[at] == 0 && span.len() == line.text.len() {
            1
        } else {
            2
        };
    }
    (0..lines.len()).filter(|&at| good[at] != 1).collect()
}

/// The first run of text in a range that is more than separators and quotes:
/// from its first letter or digit to its last, on one line.
fn find_prose(text: &[u8], start: usize, end: usize) -> Option<Span> {
    let gap = text.get(start..end)?;
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    let first = gap.iter().position(is_word)?;
    let line = gap[first..].split(|&b| b == b'\n').next()?;
    let last = line.iter().rposition(is_word)?;
    Some(Span { start: start + first, end: start + first + last + 1 })
}
