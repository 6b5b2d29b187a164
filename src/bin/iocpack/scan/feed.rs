//! From sources to rows, in the order of the sources, on several threads.
//!
//! Small files are read whole by workers; a large file, a pipe and stdin are
//! streamed in their turn. Rows come out in the same order whatever the
//! number of threads.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, BufRead as _, BufReader, Read};
use std::ops::{ControlFlow, Range};
use std::thread;

use iocpack::Span;
use iocpack::scan::Finding;

use super::Find;
use super::parts::{Parts, Sizes};
use super::queue::{Made, Queue, Stop};
use super::rows::Rows;
use super::seen::Seen;
use crate::exit::Failure;
use crate::input::{Inputs, Source};
use crate::lines::{self, Counted, Trail};
use crate::row::{Row, Verdict};
use crate::talk::{Talk, escape};

/// The largest text, unpacked, that is held whole.
const SMALL: usize = 4 << 20;
/// How many sources a worker takes at a time, so that threads seldom wait
/// for each other.
const BATCH: usize = 32;
/// Bytes of text after which a worker hands over what it has.
const HAND_OVER: usize = 1 << 20;
/// The longest line that is held whole; a longer one is cut, after a blank
/// where there is one.
const LONGEST: usize = 1 << 20;

/// What is called before waiting.
pub(crate) type Idle<'a> = dyn Fn() -> Result<(), Failure> + 'a;

/// A reader that may wait for long: before it does, something else is done.
struct Live<'a> {
    rdr: Box<dyn Read + 'a>,
    idle: &'a Idle<'a>,
    /// Why that went wrong.
    failed: &'a RefCell<Option<Failure>>,
}

impl Read for Live<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Err(failure) = (self.idle)() {
            // Nobody reads any more: the end.
            self.failed.replace(Some(failure));
            return Ok(0);
        }
        self.rdr.read(buf)
    }
}

/// A read that failed, for the one who reads next.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// What the rows must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// Line numbers and flags, and the text of a match as it was written: no
    /// more than its value is printed otherwise.
    pub(crate) details: bool,
    /// Rejections.
    pub(crate) rejected: bool,
    /// Each time that an indicator comes; else it may come less often.
    pub(crate) repeats: bool,
}

/// What is read, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feed<'a> {
    pub(crate) inputs: &'a Inputs,
    pub(crate) find: &'a Find,
    pub(crate) need: Need,
    pub(crate) talk: &'a Talk,
}

/// A source, read whole if it is small.
enum Whole {
    /// Its text, and why there is not more of it.
    Text(Vec<u8>, Option<io::Error>),
    /// Too large to be held, or a pipe: to be streamed when it is its turn.
    Large,
}

/// What a worker has made of one source.
enum Outcome {
    Rows(Rows, Option<io::Error>),
    Large,
}

impl Feed<'_> {
    /// Calls `on` with each row and the name of its source. Returns whether
    /// a source failed; it has been reported, and the others were read.
    ///
    /// # Errors
    ///
    /// What `on` returned.
    pub(crate) fn run(
        &self,
        threads: usize,
        on: impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        self.run_live(threads, on, &|| Ok(()))
    }

    /// As [`run`](Feed::run). Calls `idle` before it waits for a source that
    /// may be slow, so that what was found is seen meanwhile.
    ///
    /// # Errors
    ///
    /// What `on` or `idle` returned.
    pub(crate) fn run_live(
        &self,
        threads: usize,
        mut on: impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
        idle: &Idle<'_>,
    ) -> Result<bool, Failure> {
        let sources = &self.inputs.sources;
        if self.find.by_line {
            let mut trouble = false;
            for source in sources {
                trouble |= self.lines(source, &mut on, idle)?;
            }
            return Ok(trouble);
        }
        if threads > 1 && sources.len() > 1 {
            let threads = threads.min(sources.len());
            return self.run_threads(threads, &mut on, idle);
        }
        let mut trouble = false;
        for source in sources {
            trouble |= match self.whole(source) {
                Whole::Text(text, err) => {
                    let name = source.name();
                    self.rows(&text, &mut |row| on(&name, row))?;
                    self.report(source, err)
                }
                Whole::Large => self.large(source, threads, &mut on, idle)?,
            };
        }
        Ok(trouble)
    }

    fn run_threads(
        &self,
        threads: usize,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
        idle: &Idle<'_>,
    ) -> Result<bool, Failure> {
        let sources = &self.inputs.sources;
        let queue = Queue::new();
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let _stop = Stop { queue: &queue, panics_only: true };
                    while let Some(range) = queue.claim(sources.len(), BATCH) {
                        self.work(range, &queue);
                    }
                });
            }
            // However this ends, the workers are told, or the scope would
            // wait for them for ever.
            let _stop = Stop { queue: &queue, panics_only: false };
            let mut trouble = false;
            let mut at = 0;
            while at < sources.len() {
                // A worker panicked: the scope passes that on.
                let Some(made) = queue.take() else {
                    break;
                };
                let source = &sources[at..];
                at += made.count;
                for (source, outcome) in source.iter().zip(made.what) {
                    trouble |= match outcome {
                        Outcome::Rows(rows, err) => {
                            let name = source.name();
                            for row in rows.iter() {
                                on(&name, row)?;
                            }
                            self.report(source, err)
                        }
                        Outcome::Large => {
                            self.large(source, threads, on, idle)?
                        }
                    };
                }
                queue.done(made.bytes);
            }
            Ok(trouble)
        })
    }

    /// What a worker does with the sources that it claimed.
    fn work(&self, range: Range<usize>, queue: &Queue<Vec<Outcome>>) {
        let mut start = range.start;
        let (mut what, mut bytes) = (Vec::new(), 0);
        for i in range.clone() {
            let (outcome, len) = self.collect(&self.inputs.sources[i]);
            what.push(outcome);
            bytes += len;
            if bytes >= HAND_OVER || i + 1 == range.end {
                let what = std::mem::take(&mut what);
                let count = what.len();
                queue.put(start, Made { what, count, bytes });
                start = i + 1;
                bytes = 0;
            }
        }
    }

    /// Tells of a source that failed; whether it did.
    pub(super) fn report(
        &self,
        source: &Source,
        err: Option<io::Error>,
    ) -> bool {
        let Some(err) = err else {
            return false;
        };
        self.talk.error(&source.complaint(&err));
        true
    }

    /// Reads and scans a small source, away from the output. Returns its
    /// length too.
    fn collect(&self, source: &Source) -> (Outcome, usize) {
        let (text, err) = match self.whole(source) {
            Whole::Text(text, err) => (text, err),
            Whole::Large => return (Outcome::Large, 0),
        };
        let mut rows = Rows::default();
        let pushed = self.rows(&text, &mut |row| {
            rows.push(&self.bare(row));
            Ok(())
        });
        debug_assert!(pushed.is_ok(), "a push does not fail");
        (Outcome::Rows(rows, err), text.len())
    }

    /// A row as it waits for the output: what is not printed is left out.
    pub(super) fn bare<'r>(&self, row: Row<'r>) -> Row<'r> {
        let is_bare = !self.need.details && row.verdict == Verdict::Match;
        let raw = if is_bare { Cow::Borrowed(&[][..]) } else { row.raw };
        Row { raw, ..row }
    }

    /// Reads a source, if it is small. What was read before an error counts,
    /// as it does in a stream.
    fn whole(&self, source: &Source) -> Whole {
        let Source::File(path) = source else {
            return Whole::Large;
        };
        // A pipe gives its bytes once: it is not opened here.
        let size = match path.metadata() {
            Ok(it) if !it.is_file() || it.len() > SMALL as u64 => {
                return Whole::Large;
            }
            Ok(it) => it.len() as usize,
            Err(err) => return Whole::Text(Vec::new(), Some(err)),
        };
        let meter = self.talk.meter();
        let (text, err) = self.inputs.small(source, size, SMALL + 1, meter);
        if text.len() > SMALL {
            return Whole::Large;
        }
        self.inputs.hint(source, &text, self.talk);
        Whole::Text(text, err)
    }

    /// Calls `on` with each row of a text that is held whole.
    pub(crate) fn rows(
        &self,
        text: &[u8],
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let scanner = &self.find.scanner;
        if self.need.rejected {
            return self.rows_of(text, scanner.findings(text), on);
        }
        // Nobody asks for rejections: the scanner need not look for them.
        let found = scanner.find_iter(text).map(Finding::Match);
        self.rows_of(text, found, on)
    }

    fn rows_of<'t>(
        &self,
        text: &'t [u8],
        findings: impl Iterator<Item = Finding<'t>>,
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut at, mut line) = (0, 1);
        let mut seen = Seen::new(text, self.need.repeats);
        for finding in findings {
            if seen.holds(&finding) {
                self.talk.meter().found();
                continue;
            }
            let start = finding.span().start;
            if self.need.details && start > at {
                let passed = memchr::memchr_iter(b'\n', &text[at..start]);
                line += passed.count() as u64;
                at = start;
            }
            let context = self
                .find
                .context
                .map(|most| lines::around(text, finding.span(), most));
            self.row(&finding, line, &mut |row| {
                seen.keep(&finding);
                on(Row { context: context.clone(), ..row })
            })?;
        }
        Ok(())
    }

    /// Reads a source that is too large to be held: in parts by threads,
    /// where that can be.
    fn large(
        &self,
        source: &Source,
        threads: usize,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
        idle: &Idle<'_>,
    ) -> Result<bool, Failure> {
        if threads > 1
            && let Some(path) = self.inputs.plain_file(source)
        {
            let parts = Parts { feed: self, path, sizes: Sizes::default() };
            return parts.run(source, threads, on);
        }
        self.stream(source, on, idle)
    }

    /// Reads a source of any length, in bounded memory.
    fn stream(
        &self,
        source: &Source,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
        idle: &Idle<'_>,
    ) -> Result<bool, Failure> {
        let opened = self.inputs.open(source, self.talk.meter());
        let opened = opened.map(|rdr| self.watched(source, rdr));
        if !source.is_live() {
            return self.stream_from(source, opened, on);
        }
        let failed = RefCell::new(None);
        let opened = opened.map(|rdr| -> Box<dyn Read + '_> {
            Box::new(Live { rdr, idle, failed: &failed })
        });
        let trouble = self.stream_from(source, opened, on)?;
        match failed.take() {
            Some(failure) => Err(failure),
            None => Ok(trouble),
        }
    }

    /// The same text, once its first bytes were looked at.
    fn watched<'r>(
        &self,
        source: &Source,
        mut rdr: Box<dyn Read + 'r>,
    ) -> Box<dyn Read + 'r> {
        let mut head = [0; 4];
        match rdr.read(&mut head) {
            Ok(n) => {
                self.inputs.hint(source, &head[..n], self.talk);
                let head = io::Cursor::new(head).take(n as u64);
                Box::new(head.chain(rdr))
            }
            // It is for the one who reads to meet it again.
            Err(err) => Box::new(Broken(Some(err)).chain(rdr)),
        }
    }

    /// Reads a source line by line, each a text of its own.
    fn lines(
        &self,
        source: &Source,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
        idle: &Idle<'_>,
    ) -> Result<bool, Failure> {
        let rdr = match self.inputs.open(source, self.talk.meter()) {
            Ok(rdr) => rdr,
            Err(err) => return Ok(self.report(source, Some(err))),
        };
        let name = source.name();
        let mut rdr = BufReader::new(rdr);
        let mut text = Vec::new();
        let (mut at, mut line) = (0, 1);
        loop {
            if rdr.buffer().is_empty() {
                idle()?;
            }
            // What was left of a line that is too long stands in front.
            let room = (LONGEST - text.len()) as u64;
            match rdr.by_ref().take(room).read_until(b'\n', &mut text) {
                Ok(0) if text.is_empty() => return Ok(false),
                Ok(_) => {}
                Err(err) => return Ok(self.report(source, Some(err))),
            }
            let whole = text.len() < LONGEST || text.ends_with(b"\n");
            let cut = match text.iter().rposition(u8::is_ascii_whitespace) {
                Some(at) if !whole => at + 1,
                _ => text.len(),
            };
            self.rows(&text[..cut], &mut |row| {
                let Span { start, end } = row.span;
                let span = Span { start: at + start, end: at + end };
                on(&name, Row { line, span, ..row })
            })?;
            at += cut;
            line += u64::from(text[..cut].ends_with(b"\n"));
            text.drain(..cut);
        }
    }

    /// Reads a source that is open, or was to be.
    ///
    /// # Errors
    ///
    /// What `on` returned.
    pub(crate) fn stream_from(
        &self,
        source: &Source,
        opened: io::Result<Box<dyn Read + '_>>,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let name = source.name();
        let mut stopped = None;
        let read = opened.map_err(Into::into).and_then(|rdr| {
            self.scan(rdr, source.is_live(), |finding, line, context| {
                let done = self.row(finding, line, &mut |row| {
                    on(&name, Row { context: context.clone(), ..row })
                });
                match done {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(failure) => {
                        stopped = Some(failure);
                        ControlFlow::Break(())
                    }
                }
            })
        });
        if let Some(failure) = stopped {
            return Err(failure);
        }
        let Err(err) = read else {
            return Ok(false);
        };
        let io = std::error::Error::source(&err)
            .and_then(|it| it.downcast_ref::<io::Error>());
        self.talk.error(&match io {
            Some(io) => source.complaint(io),
            None => format!("{}: {err}", escape(source.name().as_bytes())),
        });
        Ok(true)
    }

    pub(super) fn scan(
        &self,
        rdr: Box<dyn Read + '_>,
        live: bool,
        mut on: impl FnMut(
            &Finding<'_>,
            u64,
            Option<Cow<'_, str>>,
        ) -> ControlFlow<()>,
    ) -> Result<(), iocpack::Error> {
        let scanner = match live {
            true => &self.find.live,
            false => &self.find.scanner,
        };
        let context = self.find.context;
        if !self.need.details && context.is_none() {
            if self.need.rejected {
                return scanner
                    .scan_reader_findings(rdr, |it| on(&it, 0, None));
            }
            return scanner.scan_reader(rdr, |found| {
                on(&Finding::Match(found), 0, None)
            });
        }
        let trail = RefCell::new(Trail::new(context.is_some()));
        let rdr = Counted::new(rdr, &trail);
        scanner.scan_reader_findings(rdr, |it| {
            let trail = trail.borrow();
            let line = trail.line(it.span().start);
            let around = context.map(|most| trail.around(it.span(), most));
            on(&it, line, around)
        })
    }

    /// Calls `on` with the row of a finding, if it is wanted, and with the
    /// host of its URL.
    pub(crate) fn row(
        &self,
        finding: &Finding<'_>,
        line: u64,
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if matches!(finding, Finding::Rejection(_)) && !self.need.rejected {
            return Ok(());
        }
        Row::with(finding, line, self.need.details, |row| {
            let host = if self.find.wants_hosts() { row.host() } else { None };
            self.pass(row, on)?;
            match host {
                Some(host) => self.pass(host, on),
                None => Ok(()),
            }
        })
        .unwrap_or(Ok(()))
    }

    /// Calls `on` with a row, if it is wanted.
    fn pass(
        &self,
        row: Row<'_>,
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let row = self.find.judge(row);
        let wanted = match row.verdict {
            Verdict::Match => self.find.wants(row.type_name),
            Verdict::Rejected(_) => {
                self.need.rejected && self.find.wants_rejected(row.type_name)
            }
        };
        if wanted && row.verdict == Verdict::Match {
            self.talk.meter().found();
        }
        if wanted { on(row) } else { Ok(()) }
    }
}
