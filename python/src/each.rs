//! A text scanned without the interpreter's lock, and with an ear for it.

use std::io::{self, Read};
use std::ops::ControlFlow;

use iocpack::{Match, Scanner};
use pyo3::prelude::*;

use crate::error;

/// Bytes after which signals are asked for: some milliseconds of scanning.
pub(crate) const EVERY: usize = 8 << 20;

/// Hands over the matches of a text, in order. To be called without the
/// interpreter's lock.
///
/// # Errors
///
/// What a signal's handler raised, after some of the matches: Ctrl-C ends the
/// scan of a text that takes seconds. It is heard in the main thread only, as
/// everywhere in Python.
pub(crate) fn each(
    scanner: &Scanner,
    text: &[u8],
    mut on: impl FnMut(&Match<'_>),
) -> PyResult<()> {
    if text.len() <= EVERY {
        for found in scanner.find_iter(text) {
            on(&found);
        }
        return Ok(());
    }
    let mut raised = None;
    let parts = Parts { text, left: EVERY, raised: &mut raised };
    let read = scanner.scan_reader(parts, |found| {
        on(&found);
        ControlFlow::Continue(())
    });
    match (raised, read) {
        (Some(err), _) => Err(err),
        (None, Err(err)) => Err(error::of(&err)),
        (None, Ok(())) => Ok(()),
    }
}

/// Has the handlers of signals called that came.
///
/// # Errors
///
/// What one of them raised.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method is of one lifetime, the closure of any"
)]
pub(crate) fn listen() -> PyResult<()> {
    Python::attach(|py| py.check_signals())
}

/// A text that is read like a file, so that it can be left in its middle.
struct Parts<'t, 'r> {
    text: &'t [u8],
    /// Bytes until signals are asked for.
    left: usize,
    raised: &'r mut Option<PyErr>,
}

impl Read for Parts<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.left = EVERY;
            if let Err(err) = listen() {
                *self.raised = Some(err);
                return Err(io::Error::other("a signal's handler raised"));
            }
        }
        let len = out.len().min(self.left).min(self.text.len());
        let (part, rest) = self.text.split_at(len);
        out[..len].copy_from_slice(part);
        self.text = rest;
        self.left -= len;
        Ok(len)
    }
}
