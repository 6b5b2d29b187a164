//! `scan` and `scan_file`.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::vec;

use iocpack::Scanner;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::error;
use crate::found::Match;
use crate::options::{Types, scanner};
use crate::text::{CodePoints, Text};

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
    let (bytes, is_str) = (text.as_bytes(), text.is_str);
    let found = py.detach(|| matches(&scanner, bytes, is_str, types));
    PyList::new(py, found)
}

/// The wanted matches of a text.
fn matches(
    scanner: &Scanner,
    bytes: &[u8],
    is_str: bool,
    types: Types,
) -> Vec<Match> {
    let mut points = CodePoints::new(bytes);
    // Where each code point is a byte, there is nothing to count.
    let is_counted = is_str && !bytes.is_ascii();
    let mut all = Vec::new();
    for found in scanner.find_iter(bytes) {
        let mut it = Match::of(&found);
        if !types.wants(it.type_name) {
            continue;
        }
        let span = found.span();
        if is_counted {
            it.in_str(points.span(span.start, span.end));
        } else if is_str {
            it.in_str((span.start, span.end));
        }
        all.push(it);
    }
    all
}

/// Matches that are handed over at a time.
const BATCH: usize = 256;
/// Batches that may wait.
const AHEAD: usize = 16;

type Batch = Result<Vec<Match>, iocpack::Error>;

/// The matches of a file, which a thread reads ahead of the interpreter.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct FileMatches {
    path: PathBuf,
    types: Types,
    state: Mutex<State>,
}

struct State {
    /// `None` once the file ended or failed.
    batches: Option<Receiver<Batch>>,
    batch: vec::IntoIter<Match>,
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
        let mut batch = Vec::new();
        let read = scanner.scan_reader(file, |found| {
            batch.push(Match::of(&found));
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
        State { batches: Some(batches), batch: Vec::new().into_iter() };
    Ok(FileMatches { path, types, state: Mutex::new(state) })
}

#[pymethods]
impl FileMatches {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Match>> {
        py.detach(|| self.advance()).map_err(|err| {
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
            let types = self.types;
            if let Some(it) = state.batch.find(|it| types.wants(it.type_name))
            {
                return Ok(Some(it));
            }
            let Some(batches) = &state.batches else {
                return Ok(None);
            };
            match batches.recv() {
                Ok(Ok(batch)) => state.batch = batch.into_iter(),
                Ok(Err(err)) => {
                    state.batches = None;
                    return Err(err);
                }
                Err(_) => state.batches = None,
            }
        }
    }
}
