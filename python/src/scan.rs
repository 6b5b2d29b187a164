//! `scan` and `scan_file`.

use std::fs::File;
use std::io::{self, Read};
use std::iter;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use iocpack::Scanner;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::block::Block;
use crate::each::each;
use crate::error;
use crate::found::Match;
use crate::options::{Types, scanner};
use crate::text::{CodePoints, Counts, Text};
use crate::untracked::Untracked;

/// The matches of a text, in order of position.
#[pyfunction]
#[pyo3(signature = (text, *, types=None, strictness="balanced", refang=true,
    email_domains=false, inner_urls=false))]
pub(crate) fn scan<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyAny>,
    types: Option<Vec<String>>,
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<Bound<'py, PyList>> {
    let text = Text::of("text", text)?;
    let types = Types::of("types", types)?;
    let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
    let (bytes, counts) = (text.as_bytes(), text.counts);
    let found = py.detach(|| matches(&scanner, bytes, counts, types))?;
    PyList::new(py, found.finish().map(Untracked))
}

/// The wanted matches of a text.
fn matches(
    scanner: &Scanner,
    bytes: &[u8],
    counts: Counts,
    types: Types,
) -> PyResult<Block> {
    let mut points = CodePoints::new(bytes);
    let mut all = Block::default();
    each(scanner, bytes, |found| {
        all.push(found, types, |byte| match counts {
            Counts::Bytes => None,
            Counts::Ascii => Some(byte),
            Counts::CodePoints => Some(points.before(byte)),
        });
    })?;
    Ok(all)
}

/// Matches that are handed over at a time.
const BATCH: usize = 256;
/// Batches that may wait.
const AHEAD: usize = 16;

type Batch = Result<Block, iocpack::Error>;

/// The matches of a file, which a thread reads ahead of the interpreter.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct FileMatches {
    path: PathBuf,
    state: Mutex<State>,
    /// Tells the thread that it is wanted.
    _alive: Arc<()>,
}

/// A file that ends when nobody waits for its matches any more.
struct Wanted {
    file: File,
    by: Weak<()>,
}

impl Read for Wanted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.by.strong_count() {
            0 => Ok(0),
            _ => self.file.read(out),
        }
    }
}

struct State {
    /// `None` once the file ended or failed.
    batches: Option<Receiver<Batch>>,
    batch: Box<dyn Iterator<Item = Match> + Send>,
}

/// The matches of a file of any length, in bounded memory.
#[pyfunction]
#[pyo3(signature = (path, *, types=None, strictness="balanced", refang=true,
    email_domains=false, inner_urls=false))]
pub(crate) fn scan_file(
    py: Python<'_>,
    path: PathBuf,
    types: Option<Vec<String>>,
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<FileMatches> {
    let types = Types::of("types", types)?;
    let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
    // A pipe opens when somebody writes to it.
    let file = py.detach(|| File::open(&path)).map_err(|err| {
        io::Error::new(err.kind(), format!("{}: {err}", path.display()))
    })?;
    let iterator = Arc::new(());
    let file = Wanted { file, by: Arc::downgrade(&iterator) };
    let (sender, batches) = sync_channel(AHEAD);
    thread::Builder::new().name("iocpack-file".into()).spawn(move || {
        let mut batch = Block::default();
        let read = scanner.scan_reader(file, |found| {
            batch.push(&found, types, |_| None);
            if batch.len() < BATCH {
                return ControlFlow::Continue(());
            }
            match sender.send(Ok(std::mem::take(&mut batch))) {
                Ok(()) => ControlFlow::Continue(()),
                // The iterator is gone.
                Err(_) => ControlFlow::Break(()),
            }
        });
        // What was found before an error counts. Nobody may be there to
        // hear of either.
        let _ = sender.send(Ok(batch));
        if let Err(err) = read {
            let _ = sender.send(Err(err));
        }
    })?;
    let state =
        State { batches: Some(batches), batch: Box::new(iter::empty()) };
    Ok(FileMatches { path, state: Mutex::new(state), _alive: iterator })
}

#[pymethods]
impl FileMatches {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Untracked<Match>>> {
        loop {
            match py.detach(|| self.advance()) {
                Ok(Next::Match(it)) => return Ok(Some(Untracked(it))),
                Ok(Next::End) => return Ok(None),
                Ok(Next::Later) => py.check_signals()?,
                Err(err) => return Err(self.error(&err)),
            }
        }
    }
}

/// What an iterator has to give.
enum Next {
    Match(Match),
    /// Nothing yet: signals may have come meanwhile.
    Later,
    End,
}

/// How long signals wait.
const PATIENCE: Duration = Duration::from_millis(100);

impl FileMatches {
    fn advance(&self) -> Result<Next, iocpack::Error> {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(it) = state.batch.next() {
                return Ok(Next::Match(it));
            }
            let Some(batches) = &state.batches else {
                return Ok(Next::End);
            };
            match batches.recv_timeout(PATIENCE) {
                Ok(Ok(batch)) => state.batch = Box::new(batch.finish()),
                Ok(Err(err)) => {
                    state.batches = None;
                    return Err(err);
                }
                Err(RecvTimeoutError::Timeout) => return Ok(Next::Later),
                Err(RecvTimeoutError::Disconnected) => state.batches = None,
            }
        }
    }

    /// The exception, which names the file.
    fn error(&self, err: &iocpack::Error) -> PyErr {
        let cause = std::error::Error::source(err)
            .and_then(|it| it.downcast_ref::<io::Error>());
        match cause {
            Some(io) => {
                let path = self.path.display();
                io::Error::new(io.kind(), format!("{path}: {io}")).into()
            }
            None => error::of(err),
        }
    }
}
