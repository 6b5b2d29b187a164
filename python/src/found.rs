//! `Match`: an indicator where it stands.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iocpack::{Flags, Url};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

use crate::block::{Block, Place};
use crate::error;
use crate::options::TYPES;

/// A match that owns its text, with its neighbours.
///
/// It is one of very many: its values become objects when they are asked for.
#[pyclass(frozen, eq, hash, module = "iocpack")]
#[derive(Clone)]
pub(crate) struct Match {
    block: Arc<Block>,
    at: usize,
}

impl Match {
    /// The match at `at` of a block.
    pub(crate) fn of(block: Arc<Block>, at: usize) -> Match {
        Match { block, at }
    }

    fn place(&self) -> &Place {
        self.block.place(self.at)
    }

    fn raw_bytes(&self) -> &[u8] {
        self.block.raw(self.at)
    }

    pub(crate) fn type_name(&self) -> &'static str {
        self.place().type_name
    }

    /// The canonical form.
    pub(crate) fn canonical(&self) -> Cow<'_, str> {
        self.block.canonical(self.at)
    }

    fn url(&self) -> Option<Url> {
        if self.type_name() != "url" {
            return None;
        }
        Url::parse(&self.canonical()).ok()
    }

    /// All that tells one match from another.
    fn key(&self) -> (&Place, &[u8], &[u8]) {
        (self.place(), self.raw_bytes(), self.block.value(self.at))
    }
}

impl PartialEq for Match {
    fn eq(&self, other: &Match) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Match {}

impl Hash for Match {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// What a match travels as: type, value, raw, whether of a `str`, flags, its
/// start and the bytes before it.
type Parts = (String, String, Vec<u8>, bool, Vec<String>, (usize, usize));

/// Every flag.
const NAMED: [Flags; 12] = [
    Flags::DEFANGED,
    Flags::SCHEME_INFERRED,
    Flags::MIXED_SCRIPT,
    Flags::HIDDEN_CHARACTERS,
    Flags::IP_OBFUSCATED,
    Flags::USERINFO,
    Flags::IDNA_INVALID,
    Flags::FROM_EMAIL,
    Flags::INNER,
    Flags::ENCODED,
    Flags::BIDI_CONTROL,
    Flags::AMBIGUOUS_HOST,
];

/// The name of a type, the same object each time.
fn type_object<'py>(py: Python<'py>, name: &str) -> Bound<'py, PyString> {
    let known = match name {
        "domain" => intern!(py, "domain"),
        "url" => intern!(py, "url"),
        "ipv4" => intern!(py, "ipv4"),
        "ipv6" => intern!(py, "ipv6"),
        "md5" => intern!(py, "md5"),
        "sha1" => intern!(py, "sha1"),
        _ => intern!(py, "sha256"),
    };
    known.clone()
}

#[pymethods]
impl Match {
    #[getter(r#type)]
    fn type_<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        type_object(py, self.type_name())
    }

    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        PyString::from_bytes(py, self.block.value(self.at))
    }

    #[getter]
    fn raw<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let raw = self.raw_bytes();
        if self.place().is_str {
            // A part of a `str` from one code point to another.
            return PyString::from_bytes(py, raw).map(Bound::into_any);
        }
        Ok(PyBytes::new(py, raw).into_any())
    }

    #[getter]
    fn start(&self) -> usize {
        self.place().start
    }

    #[getter]
    fn end(&self) -> usize {
        self.place().start + self.block.width(self.at)
    }

    #[getter]
    fn byte_start(&self) -> usize {
        self.place().byte
    }

    #[getter]
    fn byte_end(&self) -> usize {
        self.place().byte + self.raw_bytes().len()
    }

    #[getter]
    fn defanged(&self) -> bool {
        self.place().flags.contains(Flags::DEFANGED)
    }

    /// Names of the flags that are set, `defanged` aside.
    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let names = self.place().flags.names();
        let mut names = names.filter(|it| *it != "defanged").peekable();
        if names.peek().is_none() {
            return Ok(PyTuple::empty(py));
        }
        PyTuple::new(py, names.collect::<Vec<_>>())
    }

    #[getter]
    fn id(&self) -> Option<String> {
        Some(self.url()?.id().to_string())
    }

    #[getter]
    fn id_certainty(&self) -> Option<&'static str> {
        Some(self.url()?.id().certainty().as_str())
    }

    fn as_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("type", self.type_(py))?;
        dict.set_item("value", self.value(py)?)?;
        dict.set_item("raw", self.raw(py)?)?;
        dict.set_item("start", self.start())?;
        dict.set_item("end", self.end())?;
        dict.set_item("defanged", self.defanged())?;
        dict.set_item("flags", self.flags(py)?)?;
        dict.set_item("id", self.id())?;
        dict.set_item("id_certainty", self.id_certainty())?;
        Ok(dict)
    }

    /// Scanned anew, on its own, a match may be none: it travels as its parts.
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Parts)> {
        let it = slf.get();
        let restore = slf.get_type().getattr("_restore")?;
        let flags = it.place().flags.names().map(str::to_owned).collect();
        let raw = it.raw_bytes().to_vec();
        let value = it.canonical().into_owned();
        let name = it.type_name().to_owned();
        let starts = (it.start(), it.byte_start());
        Ok((restore, (name, value, raw, it.place().is_str, flags, starts)))
    }

    /// A match from the parts that `__reduce__` gives.
    #[staticmethod]
    fn _restore(
        type_name: &str,
        value: String,
        raw: Vec<u8>,
        is_str: bool,
        flags: Vec<String>,
        starts: (usize, usize),
    ) -> PyResult<Match> {
        let bad = |what: &str| error::argument(format!("match: {what}"));
        let Some(at) = TYPES.iter().position(|it| *it == type_name) else {
            return Err(bad("unknown type"));
        };
        let mut set = Flags::NONE;
        for name in &flags {
            let flag = NAMED.iter().find(|it| it.names().any(|it| it == name));
            set = set.with(*flag.ok_or_else(|| bad("unknown flag"))?);
        }
        let (start, byte) = starts;
        let type_name = TYPES[at];
        let place = Place { type_name, flags: set, is_str, byte, start };
        let mut block = Block::default();
        block.add(place, &raw, &value);
        Ok(Match::of(Arc::new(block), 0))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let value = PyString::new(py, &self.canonical()).repr()?;
        let (name, start, end) = (self.type_name(), self.start(), self.end());
        Ok(format!("Match({start}..{end} {name} {value})"))
    }
}
