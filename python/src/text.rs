//! Texts from Python, and how offsets are counted in them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};

use crate::{ascii, error};

/// A text as the scanner sees it.
pub(crate) struct Text<'a, 'py> {
    held: Held<'a, 'py>,
    pub(crate) counts: Counts,
}

enum Held<'a, 'py> {
    /// UTF-8 if it was a `str`, else as they were.
    Bytes(Bound<'py, PyBytes>),
    /// Those of a `str` of ASCII.
    Ascii(&'a [u8]),
}

/// What the offsets of matches count.
#[derive(Clone, Copy)]
pub(crate) enum Counts {
    /// Bytes: it was no `str`.
    Bytes,
    /// Code points, each of which is a byte.
    Ascii,
    /// Code points.
    CodePoints,
}

impl<'a, 'py> Text<'a, 'py> {
    /// Takes `str`, `bytes`, `bytearray` or `memoryview`.
    ///
    /// # Errors
    ///
    /// `TypeError` for anything else, `TextError` for a lone surrogate; both
    /// name `argument`.
    pub(crate) fn of(
        argument: &str,
        value: &'a Bound<'py, PyAny>,
    ) -> PyResult<Text<'a, 'py>> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(Text::of_bytes(bytes.clone(), Counts::Bytes));
        }
        if let Ok(text) = value.cast::<PyString>() {
            if let Some(bytes) = ascii::bytes_of(text)
                && bytes.len() == text.len()?
            {
                let held = Held::Ascii(bytes);
                return Ok(Text { held, counts: Counts::Ascii });
            }
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
            let counts = match bytes.as_bytes().len() == text.len()? {
                true => Counts::Ascii,
                false => Counts::CodePoints,
            };
            return Ok(Text::of_bytes(bytes, counts));
        }
        if value.is_instance_of::<PyByteArray>()
            || value.is_instance_of::<PyMemoryView>()
        {
            // What others may change while it is read is copied.
            let bytes = value.py().get_type::<PyBytes>().call1((value,))?;
            let bytes = bytes.cast_into::<PyBytes>()?;
            return Ok(Text::of_bytes(bytes, Counts::Bytes));
        }
        Err(PyTypeError::new_err(format!(
            "{argument}: expected str or bytes, not {}",
            value.get_type().name()?
        )))
    }

    /// The bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.held {
            Held::Bytes(bytes) => bytes.as_bytes(),
            Held::Ascii(bytes) => bytes,
        }
    }

    fn of_bytes(bytes: Bound<'py, PyBytes>, counts: Counts) -> Text<'a, 'py> {
        Text { held: Held::Bytes(bytes), counts }
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

    /// The code points before `byte`.
    pub(crate) fn before(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.point) = (0, 0);
        }
        self.point += count(&self.text[self.byte..byte]);
        self.byte = byte;
        self.point
    }
}

/// Code points are counted by their first bytes.
pub(crate) fn count(utf8: &[u8]) -> usize {
    // Sums of a byte each, which a compiler makes vectors of.
    let of_some = |some: &[u8]| {
        some.iter().fold(0, |sum, byte| sum + u8::from(byte & 0xc0 != 0x80))
    };
    utf8.chunks(255).map(|some| usize::from(of_some(some))).sum()
}
