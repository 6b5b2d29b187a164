//! From sources to rows, in the order of the sources, on several threads.
//!
//! Small files are read whole by workers; a large file, a pipe and stdin are
//! streamed in their turn. Rows come out in the same order whatever the
//! number of threads.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use iocpack::scan::Finding;

use super::Find;
use crate::exit::Failure;
use crate::input::{Inputs, Source};
use crate::lines::{Counted, Newlines};
use crate::row::{Row, Verdict};
use crate::talk::Talk;

/// The largest text, unpacked, that is held whole.
const SMALL: usize = 4 << 20;
/// How many sources, per thread, the workers may be ahead of the output.
const AHEAD: usize = 16;

/// What the rows must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// Line numbers.
    pub(crate) lines: bool,
    /// Rejections.
    pub(crate) rejected: bool,
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
    Rows(Vec<Row<'static>>, Option<io::Error>),
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
        mut on: impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let sources = &self.inputs.sources;
        if threads > 1 && sources.len() > 1 {
            return self.run_threads(threads.min(sources.len()), &mut on);
        }
        let mut trouble = false;
        for source in sources {
            trouble |= match self.whole(source) {
                Whole::Text(text, err) => {
                    let name = source.name();
                    self.rows(&text, &mut |row| on(&name, row))?;
                    self.report(source, err)
                }
                Whole::Large => self.stream(source, &mut on)?,
            };
        }
        Ok(trouble)
    }

    fn run_threads(
        &self,
        threads: usize,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let sources = &self.inputs.sources;
        let queue = Queue::new(threads * AHEAD);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(i) = queue.claim(sources.len()) {
                        queue.put(i, self.collect(&sources[i]));
                    }
                });
            }
            // However this ends, the workers are told, or the scope would
            // wait for them for ever.
            let _stop = Stop(&queue);
            let mut trouble = false;
            for (i, source) in sources.iter().enumerate() {
                trouble |= match queue.take(i) {
                    Outcome::Rows(rows, err) => {
                        let name = source.name();
                        for row in rows {
                            on(&name, row)?;
                        }
                        self.report(source, err)
                    }
                    Outcome::Large => self.stream(source, on)?,
                };
            }
            Ok(trouble)
        })
    }

    /// Tells of a source that failed; whether it did.
    fn report(&self, source: &Source, err: Option<io::Error>) -> bool {
        let Some(err) = err else {
            return false;
        };
        self.talk.error(&source.complaint(&err));
        true
    }

    /// Reads and scans a small source, away from the output.
    fn collect(&self, source: &Source) -> Outcome {
        let (text, err) = match self.whole(source) {
            Whole::Text(text, err) => (text, err),
            Whole::Large => return Outcome::Large,
        };
        let mut rows = Vec::new();
        let pushed = self.rows(&text, &mut |row| {
            rows.push(row.into_owned());
            Ok(())
        });
        debug_assert!(pushed.is_ok(), "a push does not fail");
        Outcome::Rows(rows, err)
    }

    /// Reads a source, if it is small. What was read before an error counts,
    /// as it does in a stream.
    fn whole(&self, source: &Source) -> Whole {
        let Source::File(path) = source else {
            return Whole::Large;
        };
        // A pipe gives its bytes once: it is not opened here.
        match path.metadata() {
            Ok(it) if !it.is_file() || it.len() > SMALL as u64 => {
                return Whole::Large;
            }
            Ok(_) => {}
            Err(err) => return Whole::Text(Vec::new(), Some(err)),
        }
        let mut text = Vec::new();
        let read = self
            .inputs
            .open(source, self.talk.meter())
            .and_then(|rdr| rdr.take(SMALL as u64 + 1).read_to_end(&mut text));
        if text.len() > SMALL {
            return Whole::Large;
        }
        Whole::Text(text, read.err())
    }

    /// Calls `on` with each row of a text that is held whole.
    fn rows(
        &self,
        text: &[u8],
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (mut at, mut line) = (0, 1);
        for finding in self.find.scanner.findings(text) {
            let start = finding.span().start;
            if self.need.lines && start > at {
                let passed = memchr::memchr_iter(b'\n', &text[at..start]);
                line += passed.count() as u64;
                at = start;
            }
            self.row(&finding, line, on)?;
        }
        Ok(())
    }

    /// Reads a source of any length, in bounded memory.
    fn stream(
        &self,
        source: &Source,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let name = source.name();
        let mut stopped = None;
        let read = self
            .inputs
            .open(source, self.talk.meter())
            .map_err(Into::into)
            .and_then(|rdr| {
                self.scan(rdr, |finding, line| {
                    let done =
                        self.row(finding, line, &mut |row| on(&name, row));
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
            None => format!("{}: {err}", source.name()),
        });
        Ok(true)
    }

    fn scan(
        &self,
        rdr: Box<dyn Read + '_>,
        mut on: impl FnMut(&Finding<'_>, u64) -> ControlFlow<()>,
    ) -> Result<(), iocpack::Error> {
        let scanner = &self.find.scanner;
        if !self.need.lines && !self.need.rejected {
            return scanner
                .scan_reader(rdr, |found| on(&Finding::Match(found), 0));
        }
        if !self.need.lines {
            return scanner.scan_reader_findings(rdr, |it| on(&it, 0));
        }
        let lines = RefCell::new(Newlines::default());
        let rdr = Counted::new(rdr, &lines);
        scanner.scan_reader_findings(rdr, |it| {
            let line = lines.borrow().line(it.span().start);
            on(&it, line)
        })
    }

    /// Calls `on` with the row of a finding, if it is wanted, and with the
    /// host of its URL.
    fn row(
        &self,
        finding: &Finding<'_>,
        line: u64,
        on: &mut dyn FnMut(Row<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if matches!(finding, Finding::Rejection(_)) && !self.need.rejected {
            return Ok(());
        }
        Row::with(finding, line, |row| {
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
        if wanted { on(row) } else { Ok(()) }
    }
}

/// Outcomes on their way from the workers to the output, by the number of
/// their source.
struct Queue {
    next: AtomicUsize,
    ahead: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    ready: BTreeMap<usize, Outcome>,
    /// The source that the output waits for.
    turn: usize,
    stop: bool,
}

impl Queue {
    fn new(ahead: usize) -> Queue {
        let state = State { ready: BTreeMap::new(), turn: 0, stop: false };
        Queue {
            next: AtomicUsize::new(0),
            ahead,
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A worker that panics holds no half-made state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next source for a worker, once the output is near enough.
    fn claim(&self, len: usize) -> Option<usize> {
        let i = self.next.fetch_add(1, Ordering::Relaxed);
        if i >= len {
            return None;
        }
        let far = |it: &mut State| !it.stop && i >= it.turn + self.ahead;
        let state = self
            .changed
            .wait_while(self.lock(), far)
            .unwrap_or_else(PoisonError::into_inner);
        (!state.stop).then_some(i)
    }

    fn put(&self, i: usize, outcome: Outcome) {
        self.lock().ready.insert(i, outcome);
        self.changed.notify_all();
    }

    /// Waits for the outcome of source `i`.
    fn take(&self, i: usize) -> Outcome {
        let mut state = self.lock();
        loop {
            if let Some(outcome) = state.ready.remove(&i) {
                state.turn = i + 1;
                self.changed.notify_all();
                return outcome;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Stop<'q>(&'q Queue);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.lock().stop = true;
        self.0.changed.notify_all();
    }
}
