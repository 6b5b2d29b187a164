//! `check` and `lint`: what would become of a bulk text, and what is wrong
//! with a payload.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Read as _;

use iocpack::Span;
use iocpack::payload::{LintReport, lint};
use iocpack::raw_items::{Fate, Finding, Report, Row, Summary, check_with};
use serde::Serialize;

use crate::args::{CheckArgs, CheckFormat, LintArgs};
use crate::exit::{Exit, Failure};
use crate::input::Inputs;
use crate::output::Output;
use crate::pack::policy;
use crate::row::push_json;
use crate::scan::Find;
use crate::talk::{Talk, escape};

/// Runs `check`.
pub(crate) fn run(args: &CheckArgs, talk: &Talk) -> Result<Exit, Failure> {
    let policy = policy(&args.policy, talk)?;
    let inputs = Inputs::resolve(&args.input, talk)?;
    let find = Find::resolve(&args.find);
    each(&inputs, args.format, &args.output, talk, |name, text, out| {
        let report = check_with(text, &find.scanner, &policy);
        let shown = match args.format {
            CheckFormat::Text => snippets(name, &report),
            CheckFormat::Json => to_json(&CheckJson::new(&report)),
            CheckFormat::Jsonl => check_lines(&report),
        };
        // The cleaned list is the data; what was said of it is talk.
        if args.fix {
            talk.note(&shown);
            out.push_str(report.fixed());
        } else {
            out.push_str(&shown);
        }
        report.is_clean()
    })
}

/// Runs `lint`.
pub(crate) fn run_lint(args: &LintArgs, talk: &Talk) -> Result<Exit, Failure> {
    let inputs = Inputs::resolve(&args.input, talk)?;
    each(&inputs, args.format, &args.output, talk, |name, json, out| {
        let report = lint(json);
        match args.format {
            CheckFormat::Text => lint_text(name, json, &report, out),
            CheckFormat::Json => {
                let rows: Vec<_> =
                    report.findings().iter().map(LintRow::new).collect();
                out.push_str(&to_json(&rows));
            }
            CheckFormat::Jsonl => {
                for finding in report.findings() {
                    out.push_str(&to_json(&LintRow::new(finding)));
                }
            }
        }
        report.is_clean()
    })
}

/// Judges each input as a whole; a bad one does not stop the others.
fn each(
    inputs: &Inputs,
    format: CheckFormat,
    output: &crate::args::OutputArgs,
    talk: &Talk,
    mut judge: impl FnMut(&str, &[u8], &mut String) -> bool,
) -> Result<Exit, Failure> {
    let mut out = Output::open(output)?;
    let mut trouble = inputs.trouble;
    let mut clean = true;
    for source in &inputs.sources {
        let mut text = Vec::new();
        let read = inputs
            .open(source, talk.meter())
            .and_then(|mut rdr| rdr.read_to_end(&mut text));
        if let Err(err) = read {
            talk.error(&source.complaint(&err));
            trouble = true;
            continue;
        }
        inputs.hint(source, &text, talk);
        let mut shown = String::new();
        let name = escape(source.name().as_bytes());
        clean &= judge(&name, &text, &mut shown);
        match format {
            CheckFormat::Text => out.write(shown.as_bytes())?,
            _ => out.write_foreign(shown.as_bytes())?,
        }
    }
    out.finish()?;
    Ok(Exit::of_batch(trouble, clean))
}

// --- text ------------------------------------------------------------------

/// Every finding that is not plainly right, with its line underlined, and the
/// summary.
fn snippets(name: &str, report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report.findings() {
        if matches!(finding.fate(), Fate::Ok) {
            continue;
        }
        let _ = writeln!(
            out,
            "{}: {}",
            finding.fate().code(),
            finding.fate().reason()
        );
        let line = report.line_text(finding.line()).unwrap_or_default();
        let start = report.line_span(finding.line()).map_or(0, |it| it.start);
        let span = Span {
            start: finding.span().start.saturating_sub(start),
            end: finding.span().end.saturating_sub(start),
        };
        let at = (finding.line(), finding.column());
        snippet(name, at, line, span, &mut out);
        if let Some(value) = finding.value() {
            let _ = writeln!(out, "   = value: {}", escape(value.as_bytes()));
        }
        let help = finding.help();
        if !help.is_empty() {
            let _ = writeln!(out, "   = help: {}", escape(help.as_bytes()));
        }
        out.push('\n');
    }
    let _ = write!(out, "{}", report.summary());
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A place, its line, and marks under the span. Of a long line only what is
/// near the span is shown; `span` counts bytes of the line.
fn snippet(
    name: &str,
    (number, column): (usize, usize),
    line: &[u8],
    span: Span,
    out: &mut String,
) {
    /// Bytes shown before and of the span.
    const NEAR: usize = 60;
    let start = span.start.min(line.len());
    let end = span.end.clamp(start, line.len());
    let low = start.saturating_sub(NEAR);
    let high = line.len().min(end.min(start + NEAR) + NEAR);
    let shown_end = end.min(high);
    let before = escape(&line[low..start]);
    let marked = escape(&line[start..shown_end]);
    let after = escape(&line[shown_end..high]);
    let head = if low > 0 { "…" } else { "" };
    let tail = if high < line.len() { "…" } else { "" };
    let _ = writeln!(out, "  --> {name}:{number}:{column}");
    let _ = writeln!(out, "   | {head}{before}{marked}{after}{tail}");
    let blanks = head.chars().count() + before.chars().count();
    let marks = marked.chars().count().max(1);
    let _ = writeln!(out, "   | {}{}", " ".repeat(blanks), "^".repeat(marks));
}

/// The findings of a payload, each with its pointer, place and help.
fn lint_text(name: &str, json: &[u8], report: &LintReport, out: &mut String) {
    for finding in report.findings() {
        let pointer = match finding.pointer() {
            "" => "(root)",
            pointer => pointer,
        };
        let _ = writeln!(
            out,
            "{}: {}",
            finding.reason().code(),
            escape(finding.message().as_bytes())
        );
        let span = finding.span();
        let at = span.start.min(json.len());
        let low = json[..at].iter().rposition(|b| *b == b'\n');
        let low = low.map_or(0, |at| at + 1);
        let high = json[at..].iter().position(|b| *b == b'\n');
        let high = high.map_or(json.len(), |n| at + n);
        let inside = Span {
            start: span.start.saturating_sub(low),
            end: span.end.saturating_sub(low),
        };
        let place = (finding.line(), finding.column());
        snippet(name, place, &json[low..high], inside, out);
        let _ = writeln!(out, "   = at: {}", escape(pointer.as_bytes()));
        let _ = writeln!(out, "   = help: {}\n", finding.help());
    }
    let s = if report.findings().len() == 1 { "" } else { "s" };
    let _ = writeln!(
        out,
        "{name}: {} finding{s}; {} unique items, {} duplicates",
        report.findings().len(),
        report.items().len() + report.url_ids(),
        report.duplicates()
    );
}

// --- JSON ------------------------------------------------------------------

/// A finding of `check`, as a row.
#[derive(Serialize)]
struct CheckRow<'r> {
    line: usize,
    start: usize,
    end: usize,
    raw: String,
    verdict: &'static str,
    reason: &'static str,
    value: Option<&'r str>,
    help: String,
}

impl<'r> CheckRow<'r> {
    fn new(finding: &'r Finding<'_>) -> CheckRow<'r> {
        CheckRow {
            line: finding.line(),
            start: finding.span().start,
            end: finding.span().end,
            raw: String::from_utf8_lossy(finding.raw()).into_owned(),
            verdict: finding.fate().code(),
            reason: finding.fate().reason(),
            value: finding.value(),
            help: finding.help().into_owned(),
        }
    }
}

/// What `check` counted of one type.
#[derive(Serialize)]
struct CountRow {
    #[serde(rename = "type")]
    type_name: &'static str,
    found: usize,
    unique: usize,
    duplicates: usize,
    changed: usize,
    held: usize,
    rejected: usize,
}

fn counts(summary: &Summary) -> Vec<CountRow> {
    let count = |(type_name, row): (&'static str, Row)| CountRow {
        type_name,
        found: row.found,
        unique: row.unique,
        duplicates: row.duplicates,
        changed: row.changed,
        held: row.held,
        rejected: row.rejected,
    };
    summary.rows().chain([("all", summary.total())]).map(count).collect()
}

#[derive(Serialize)]
struct CheckJson<'r> {
    findings: Vec<CheckRow<'r>>,
    summary: Vec<CountRow>,
}

impl<'r> CheckJson<'r> {
    fn new(report: &'r Report<'_>) -> CheckJson<'r> {
        CheckJson {
            findings: report.findings().iter().map(CheckRow::new).collect(),
            summary: counts(report.summary()),
        }
    }
}

#[derive(Serialize)]
struct SummaryRow {
    summary: Vec<CountRow>,
}

fn check_lines(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report.findings() {
        out.push_str(&to_json(&CheckRow::new(finding)));
    }
    out.push_str(&to_json(&SummaryRow { summary: counts(report.summary()) }));
    out
}

/// A finding of `lint`, as a row.
#[derive(Serialize)]
struct LintRow<'r> {
    pointer: &'r str,
    line: usize,
    column: usize,
    start: usize,
    end: usize,
    reason: &'static str,
    message: Cow<'r, str>,
    help: &'static str,
}

impl<'r> LintRow<'r> {
    fn new(finding: &'r iocpack::payload::LintFinding) -> LintRow<'r> {
        LintRow {
            pointer: finding.pointer(),
            line: finding.line(),
            column: finding.column(),
            start: finding.span().start,
            end: finding.span().end,
            reason: finding.reason().code(),
            message: finding.message(),
            help: finding.help(),
        }
    }
}

/// One line of JSON.
fn to_json(value: &impl Serialize) -> String {
    let mut line = String::new();
    push_json(&mut line, value);
    line.push('\n');
    line
}
