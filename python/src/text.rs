//! Texts from Python, and how offsets are counted in them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};

use crate::error;

/// A text as the scanner sees it.
pub(crate) struct Text<'py> {
    /// UTF-8 if it was a `str`, else as they were.
    bytes: Bound<'py, PyBytes>,
    /// Whether it was a `str`, whose offsets count code points.
    pub(crate) is_str: bool,
}

impl<'py> Text<'py> {
    /// Takes `str`, `bytes`, `bytearray` or `memoryview`.
    ///
    /// # Errors
    ///
    /// `TypeError` for anything else, `TextError` for a lone surrogate; both
    /// name `argument`.
    pub(crate) fn of(
        argument: &str,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Text<'py>> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Text { bytes: bytes.clone(), is_str: false });
        }
        if let Ok(text) = value.cast::<PyString>() {
            let bytes = text.encode_utf8().map_err(|err| {
                let at = err
                    .value(value.py())
                    .getattr("start")
                    .and_then(|it| it.extract::<usize>());
                let at = at.map_or(String::new(), |at| {
                    format!(" at code point {at}")
                });
                error::text(format!(
                    "{argument}: expected Unicode text, found a lone \
                     surrogate{at}; encode it first, for example with \
                     errors=\"replace\""
                ))
            })?;
            return Ok(Text { bytes, is_str: true });
        }
        if value.is_instance_of::<PyByteArray>()
            || value.is_instance_of::<PyMemoryView>()
        {
            // What others may change while it is read is copied.
            let bytes = value.py().get_type::<PyBytes>().call1((value,))?;
            let bytes = bytes.cast_into::<PyBytes>()?;
            return Ok(Text { bytes, is_str: false });
        }
        Err(PyTypeError::new_err(format!(
            "{argument}: expected str or bytes, not {}",
            value.get_type().name()?
        )))
    }

    /// The bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }
}

/// Turns byte offsets, asked for in rising order, into code point offsets.
pub(crate) struct CodePoints<'t> {
    text: &'t [u8],
    byte: usize,
    point: usize,
}

impl<'t> CodePoints<'t> {
    pub(crate) fn new(text: &'t [u8]) -> CodePoints<'t> {
        CodePoints { text, byte: 0, point: 0 }
    }

    /// The code points before `start` and before `end`.
    pub(crate) fn span(&mut self, start: usize, end: usize) -> (usize, usize) {
        if start < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        self.point += count(&self.text[self.byte..start]);
        self.byte = start;
        (self.point, self.point + count(&self.text[start..end]))
    }
}

/// Code points are counted by their first bytes.
fn count(utf8: &[u8]) -> usize {
    utf8.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
