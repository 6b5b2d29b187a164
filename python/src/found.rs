//! `Match`: an indicator where it stands.

use std::borrow::Cow;

use iocpack::{Flags, Kind, Url};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

use crate::error;
use crate::options::TYPES;

/// A match that owns its text, made without the interpreter's lock.
#[pyclass(frozen, eq, hash, module = "iocpack")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Match {
    pub(crate) type_name: &'static str,
    pub(crate) raw: Box<[u8]>,
    /// The canonical form, where it is not `raw`.
    value: Option<Box<str>>,
    /// Whether the text was a `str`.
    is_str: bool,
    flags: Flags,
    span: (usize, usize),
    bytes: (usize, usize),
}

impl Match {
    /// Owns a match. Its offsets count bytes until `count_points` is called.
    pub(crate) fn of(found: &iocpack::Match<'_>) -> Match {
        let value = found.canonical();
        let span = found.span();
        let span = (span.start, span.end);
        Match {
            type_name: type_name(found.kind(), &value),
            raw: found.raw().into(),
            value: (value.as_bytes() != found.raw()).then(|| value.into()),
            is_str: false,
            flags: found.flags(),
            span,
            bytes: span,
        }
    }

    /// It stands in a `str`, at these code points.
    pub(crate) fn in_str(&mut self, span: (usize, usize)) {
        self.is_str = true;
        self.span = span;
    }

    /// The canonical form.
    pub(crate) fn canonical(&self) -> Cow<'_, str> {
        match &self.value {
            Some(value) => Cow::Borrowed(value),
            // Equal to a canonical form, which is a `str`.
            None => String::from_utf8_lossy(&self.raw),
        }
    }

    fn url(&self) -> Option<Url> {
        if self.type_name != "url" {
            return None;
        }
        Url::parse(&self.canonical()).ok()
    }
}

/// What a match travels as: type, value, raw, whether of a `str`, flags, the
/// span and the bytes.
type Parts = (
    String,
    String,
    Vec<u8>,
    bool,
    Vec<String>,
    ((usize, usize), (usize, usize)),
);

/// Every flag.
const NAMED: [Flags; 10] = [
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
];

/// The type as the command prints it.
pub(crate) fn type_name(kind: Kind, canonical: &str) -> &'static str {
    match kind {
        Kind::Ip if canonical.contains(':') => "ipv6",
        Kind::Ip => "ipv4",
        Kind::Hash => match canonical.len() {
            32 => "md5",
            40 => "sha1",
            _ => "sha256",
        },
        other => other.as_str(),
    }
}

#[pymethods]
impl Match {
    #[getter(r#type)]
    fn type_(&self) -> &'static str {
        self.type_name
    }

    #[getter]
    fn value(&self) -> Cow<'_, str> {
        self.canonical()
    }

    #[getter]
    fn raw<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_str {
            // A part of a `str` from one code point to another.
            return String::from_utf8_lossy(&self.raw).into_bound_py_any(py);
        }
        Ok(PyBytes::new(py, &self.raw).into_any())
    }

    #[getter]
    fn start(&self) -> usize {
        self.span.0
    }

    #[getter]
    fn end(&self) -> usize {
        self.span.1
    }

    #[getter]
    fn byte_start(&self) -> usize {
        self.bytes.0
    }

    #[getter]
    fn byte_end(&self) -> usize {
        self.bytes.1
    }

    #[getter]
    fn defanged(&self) -> bool {
        self.flags.contains(Flags::DEFANGED)
    }

    /// Names of the flags that are set, `defanged` aside.
    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let names = self.flags.names();
        let names: Vec<_> = names.filter(|it| *it != "defanged").collect();
        PyTuple::new(py, names)
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
        dict.set_item("type", self.type_name)?;
        dict.set_item("value", self.canonical())?;
        dict.set_item("raw", self.raw(py)?)?;
        dict.set_item("start", self.span.0)?;
        dict.set_item("end", self.span.1)?;
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
        let flags = it.flags.names().map(str::to_owned).collect();
        let raw = it.raw.to_vec();
        let value = it.canonical().into_owned();
        let name = it.type_name.to_owned();
        let spans = (it.span, it.bytes);
        Ok((restore, (name, value, raw, it.is_str, flags, spans)))
    }

    /// A match from the parts that `__reduce__` gives.
    #[staticmethod]
    fn _restore(
        type_name: &str,
        value: String,
        raw: Vec<u8>,
        is_str: bool,
        flags: Vec<String>,
        spans: ((usize, usize), (usize, usize)),
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
        Ok(Match {
            type_name: TYPES[at],
            value: (value.as_bytes() != raw).then(|| value.into()),
            raw: raw.into(),
            is_str,
            flags: set,
            span: spans.0,
            bytes: spans.1,
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let value = PyString::new(py, &self.canonical()).repr()?;
        let (start, end) = self.span;
        let name = self.type_name;
        Ok(format!("Match({start}..{end} {name} {value})"))
    }
}
