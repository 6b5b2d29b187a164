//! `scan` and `scan_file`.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::{io, iter};

use iocpack::Scanner;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::block::Block;
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
    let found = py.detach(|| matches(&scanner, bytes, counts, types));
    PyList::new(py, found.finish().map(Untracked))
}

/// The wanted matches of a text.
fn matches(
    scanner: &Scanner,
    bytes: &[u8],
    counts: Counts,
    types: Types,
) -> Block {
    let mut points = CodePoints::new(bytes);
    let mut all = Block::default();
    for found in scanner.find_iter(bytes) {
        all.push(&found, types, |byte| match counts {
            Counts::Bytes => None,
            Counts::Ascii => Some(byte),
            Counts::CodePoints => Some(points.before(byte)),
        });
    }
    all
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
    path: PathBuf,
    types: Option<Vec<String>>,
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<FileMatches> {
    let types = Types::of("types", types)?;
    let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
    let file = File::open(&path).map_err(|err| {
        io::Error::new(err.kind(), format!("{}: {err}", path.display()))
    })?;
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
    Ok(FileMatches { path, state: Mutex::new(state) })
}

#[pymethods]
impl FileMatches {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Untracked<Match>>> {
        let next = py.detach(|| self.advance());
        next.map(|it| it.map(Untracked)).map_err(|err| {
            let cause = std::error::Error::source(&err)
                .and_then(|it| it.downcast_ref::<io::Error>());
            match cause {
                Some(io) => io::Error::new(
                    io.kind(),
                    format!("{}: {io}", self.path.display()),
                )
                .into(),
                None => error::of(&err),
            }
        })
    }
}

impl FileMatches {
    fn advance(&self) -> Result<Option<Match>, iocpack::Error> {
        let mut state =
            self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(it) = state.batch.next() {
                return Ok(Some(it));
            }
            let Some(batches) = &state.batches else {
                return Ok(None);
            };
            match batches.recv() {
                Ok(Ok(batch)) => state.batch = Box::new(batch.finish()),
                Ok(Err(err)) => {
                    state.batches = None;
                    return Err(err);
                }
                Err(_) => state.batches = None,
            }
        }
    }
}
