//! From rows to output: each occurrence, each distinct indicator, or counts.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;
use iocpack::Limits;

use super::TYPES;
use crate::args::{Format, ScanArgs};
use crate::exit::Failure;
use crate::output::Output;
use crate::row::{Row, Verdict};
use crate::talk::visible;

/// What is printed, resolved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    format: Format,
    all: bool,
    count: bool,
    context: bool,
}

impl Style {
    pub(super) fn resolve(args: &ScanArgs) -> Style {
        Style {
            format: args.format,
            all: args.all,
            count: args.count,
            context: args.with_context.is_some(),
        }
    }

    /// Whether more than the value is printed.
    pub(super) fn details(self) -> bool {
        self.format != Format::Text
    }

    /// Whether it matters how often something comes.
    pub(super) fn repeats(self) -> bool {
        self.all || self.holds()
    }

    /// Whether rows wait for the end, since their count is printed.
    fn holds(self) -> bool {
        self.format != Format::Text && !self.all
    }
}

/// A row that waits for its count.
struct Held {
    row: Row<'static>,
    source: usize,
}

/// The output of `scan`.
pub(super) struct Sink {
    style: Style,
    limits: Limits,
    out: Output,
    /// What makes rows distinct, how often it came, and where to look: the
    /// places in those lists, by a hash.
    keys: Vec<Box<str>>,
    counts: Vec<u64>,
    seen: HashTable<usize>,
    state: RandomState,
    held: Vec<Held>,
    /// Names of the sources of held rows.
    sources: Vec<String>,
    tally: Tally,
    line: String,
    rows: u64,
}

/// Counts for `--count` and the summary.
#[derive(Default)]
struct Tally {
    distinct: [u64; TYPES.len()],
    all: [u64; TYPES.len()],
    rejected: u64,
    rejected_all: u64,
}

impl Sink {
    pub(super) fn new(style: Style, limits: Limits, out: Output) -> Sink {
        Sink {
            style,
            limits,
            out,
            keys: Vec::new(),
            counts: Vec::new(),
            seen: HashTable::new(),
            state: RandomState::new(),
            held: Vec::new(),
            sources: Vec::new(),
            tally: Tally::default(),
            line: String::new(),
            rows: 0,
        }
    }

    /// Passes on what was printed.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush()
    }

    /// Takes one row.
    pub(super) fn row(
        &mut self,
        source: &str,
        row: Row<'_>,
    ) -> Result<(), Failure> {
        let new = self.is_new(source, &row)?;
        self.tally.add(&row, new);
        if self.style.count || !(new || self.style.all) {
            return Ok(());
        }
        if !self.style.holds() {
            return self.print(source, &row, None);
        }
        if self.sources.last().is_none_or(|last| last != source) {
            self.sources.push(source.to_owned());
        }
        let source = self.sources.len() - 1;
        self.held.push(Held { row: row.into_owned(), source });
        Ok(())
    }

    /// Counts the row; whether it is the first of its kind.
    fn is_new(
        &mut self,
        source: &str,
        row: &Row<'_>,
    ) -> Result<bool, Failure> {
        // Every occurrence as it comes: nothing to be remembered.
        if self.style.all {
            return Ok(true);
        }
        let key = match row.verdict {
            Verdict::Match => std::borrow::Cow::Borrowed(&*row.value),
            // No canonical form holds a NUL.
            Verdict::Rejected(reason) => {
                let raw = String::from_utf8_lossy(&row.raw);
                format!("\0{}\0{reason}\0{raw}", row.type_name).into()
            }
        };
        let hash = self.state.hash_one(&*key);
        let keys = &self.keys;
        if let Some(at) = self.seen.find(hash, |at| *keys[*at] == *key) {
            self.counts[*at] += 1;
            return Ok(false);
        }
        if self.keys.len() >= self.limits.uniques {
            return Err(row.too_many(source, self.limits));
        }
        let (at, state) = (keys.len(), &self.state);
        let rehash = |at: &usize| state.hash_one(&*keys[*at]);
        self.seen.insert_unique(hash, at, rehash);
        self.keys.push(key.into());
        self.counts.push(1);
        Ok(true)
    }

    fn print(
        &mut self,
        source: &str,
        row: &Row<'_>,
        count: Option<u64>,
    ) -> Result<(), Failure> {
        self.line.clear();
        match self.style.format {
            Format::Text => row.text(&mut self.line),
            Format::Jsonl => {
                row.json(Some(source), count, &mut self.line);
                self.line.push('\n');
            }
            Format::Json => {
                self.line.push_str(if self.rows == 0 { "[\n" } else { ",\n" });
                row.json(Some(source), count, &mut self.line);
            }
            Format::Csv => {
                if self.rows == 0 {
                    Row::csv_header(self.style.context, &mut self.line);
                }
                row.csv(source, count, &mut self.line);
                self.clean_csv();
            }
        }
        self.rows += 1;
        self.out.write(self.line.as_bytes())
    }

    /// CSV has no escapes: only on a terminal are controls made visible.
    fn clean_csv(&mut self) {
        if self.out.is_terminal() {
            self.line = visible(self.line.as_bytes());
        }
    }

    /// A line about the run.
    pub(super) fn summary(&self, sources: usize) -> String {
        let all: u64 = self.tally.all.iter().sum();
        let mut text = format!("sources\t{sources}\noccurrences\t{all}");
        if !self.style.all {
            let distinct: u64 = self.tally.distinct.iter().sum();
            let _ = write!(text, "\ndistinct\t{distinct}");
        }
        if self.tally.rejected_all > 0 {
            let _ = write!(text, "\nrejected\t{}", self.tally.rejected_all);
        }
        text
    }

    /// Prints what was held; whether an indicator was found.
    pub(super) fn finish(mut self) -> Result<bool, Failure> {
        let sources = std::mem::take(&mut self.sources);
        for (i, held) in std::mem::take(&mut self.held).into_iter().enumerate()
        {
            // Held rows are the distinct ones: in the order of their counts.
            let count = self.counts[i];
            self.print(&sources[held.source], &held.row, Some(count))?;
        }
        if self.style.count {
            let text = self.tally.text(self.style.all);
            self.out.write(text.as_bytes())?;
        } else {
            let mut end = String::new();
            match (self.style.format, self.rows) {
                (Format::Json, 0) => end.push_str("[]\n"),
                (Format::Json, _) => end.push_str("\n]\n"),
                (Format::Csv, 0) => {
                    Row::csv_header(self.style.context, &mut end);
                }
                _ => {}
            }
            self.out.write(end.as_bytes())?;
        }
        self.out.finish()?;
        Ok(self.tally.all.iter().any(|n| *n > 0))
    }
}

impl Tally {
    fn add(&mut self, row: &Row<'_>, new: bool) {
        match TYPES.iter().position(|it| *it == row.type_name) {
            Some(at) if row.verdict == Verdict::Match => {
                self.all[at] += 1;
                self.distinct[at] += u64::from(new);
            }
            _ => {
                self.rejected_all += 1;
                self.rejected += u64::from(new);
            }
        }
    }

    /// `type<TAB>n` for each type that was found.
    fn text(&self, all: bool) -> String {
        let counts = if all { &self.all } else { &self.distinct };
        let rejected = if all { self.rejected_all } else { self.rejected };
        let rows = TYPES.iter().copied().zip(counts.iter().copied());
        let mut text = String::new();
        for (name, n) in rows.chain([("rejected", rejected)]) {
            if n > 0 {
                let _ = writeln!(text, "{name}\t{n}");
            }
        }
        text
    }
}
