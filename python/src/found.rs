//! `Match`: an indicator where it stands.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use iocpack::{Flags, Kind, Url};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};

use crate::error;
use crate::options::{TYPES, Types};

/// What is known of a match before the interpreter is asked for an object.
#[derive(Clone, Copy)]
struct Draft {
    type_name: &'static str,
    /// Where the arena holds the bytes as written, and after them the
    /// canonical form, if that is not the same.
    at: usize,
    raw_len: usize,
    /// 0 if the canonical form is what is written; it is never empty.
    value_len: usize,
    /// Whether the text was a `str`.
    is_str: bool,
    flags: Flags,
    span: (usize, usize),
    /// Bytes before it in the text.
    byte: usize,
}

/// The matches of a text, made without the interpreter's lock. They share
/// one piece of memory: an allocation for each would cost more than to find
/// it does, and to borrow from the text would keep all of it.
#[derive(Default)]
pub(crate) struct Drafts {
    arena: Vec<u8>,
    all: Vec<Draft>,
}

impl Drafts {
    /// Takes a match whose place is `span` in a `str`, or what it is in
    /// bytes.
    pub(crate) fn push(
        &mut self,
        found: &iocpack::Match<'_>,
        types: Types,
        in_str: impl FnOnce(usize, usize) -> Option<(usize, usize)>,
    ) {
        let value = found.canonical();
        let type_name = type_name(found.kind(), &value);
        if !types.wants(type_name) {
            return;
        }
        let raw = found.raw();
        let at = self.arena.len();
        self.arena.extend_from_slice(raw);
        let is_other = value.as_bytes() != raw;
        if is_other {
            self.arena.extend_from_slice(value.as_bytes());
        }
        let bytes = found.span();
        let span = in_str(bytes.start, bytes.end);
        self.all.push(Draft {
            type_name,
            at,
            raw_len: raw.len(),
            value_len: if is_other { value.len() } else { 0 },
            is_str: span.is_some(),
            flags: found.flags(),
            span: span.unwrap_or((bytes.start, bytes.end)),
            byte: bytes.start,
        });
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The matches, in order.
    pub(crate) fn finish(
        self,
    ) -> impl ExactSizeIterator<Item = Match> + Send + Sync {
        let arena: Arc<[u8]> = self.arena.into();
        self.all
            .into_iter()
            .map(move |draft| Match { draft, arena: Arc::clone(&arena) })
    }
}

/// A match that owns its text, with its neighbours.
#[pyclass(frozen, eq, hash, module = "iocpack")]
#[derive(Clone)]
pub(crate) struct Match {
    draft: Draft,
    arena: Arc<[u8]>,
}

impl Match {
    fn raw_bytes(&self) -> &[u8] {
        let Draft { at, raw_len, .. } = self.draft;
        &self.arena[at..at + raw_len]
    }

    pub(crate) fn type_name(&self) -> &'static str {
        self.draft.type_name
    }

    /// The canonical form.
    pub(crate) fn canonical(&self) -> Cow<'_, str> {
        let Draft { at, raw_len, value_len, .. } = self.draft;
        let value = match value_len {
            0 => self.raw_bytes(),
            len => &self.arena[at + raw_len..at + raw_len + len],
        };
        // Equal to a canonical form, which is a `str`.
        String::from_utf8_lossy(value)
    }

    fn url(&self) -> Option<Url> {
        if self.draft.type_name != "url" {
            return None;
        }
        Url::parse(&self.canonical()).ok()
    }

    /// All that tells one match from another.
    #[expect(clippy::type_complexity, reason = "said once")]
    fn key(
        &self,
    ) -> (&str, &[u8], Cow<'_, str>, bool, Flags, (usize, usize), usize) {
        let Draft { type_name, is_str, flags, span, byte, .. } = self.draft;
        let value = self.canonical();
        (type_name, self.raw_bytes(), value, is_str, flags, span, byte)
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

/// What a match travels as: type, value, raw, whether of a `str`, flags, the
/// span and the bytes before it.
type Parts =
    (String, String, Vec<u8>, bool, Vec<String>, ((usize, usize), usize));

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
        self.draft.type_name
    }

    #[getter]
    fn value(&self) -> Cow<'_, str> {
        self.canonical()
    }

    #[getter]
    fn raw<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.draft.is_str {
            // A part of a `str` from one code point to another.
            return String::from_utf8_lossy(self.raw_bytes())
                .into_bound_py_any(py);
        }
        Ok(PyBytes::new(py, self.raw_bytes()).into_any())
    }

    #[getter]
    fn start(&self) -> usize {
        self.draft.span.0
    }

    #[getter]
    fn end(&self) -> usize {
        self.draft.span.1
    }

    #[getter]
    fn byte_start(&self) -> usize {
        self.draft.byte
    }

    #[getter]
    fn byte_end(&self) -> usize {
        self.draft.byte + self.draft.raw_len
    }

    #[getter]
    fn defanged(&self) -> bool {
        self.draft.flags.contains(Flags::DEFANGED)
    }

    /// Names of the flags that are set, `defanged` aside.
    #[getter]
    fn flags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let names = self.draft.flags.names();
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
        dict.set_item("type", self.draft.type_name)?;
        dict.set_item("value", self.canonical())?;
        dict.set_item("raw", self.raw(py)?)?;
        dict.set_item("start", self.draft.span.0)?;
        dict.set_item("end", self.draft.span.1)?;
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
        let flags = it.draft.flags.names().map(str::to_owned).collect();
        let raw = it.raw_bytes().to_vec();
        let value = it.canonical().into_owned();
        let name = it.draft.type_name.to_owned();
        let spans = (it.draft.span, it.draft.byte);
        Ok((restore, (name, value, raw, it.draft.is_str, flags, spans)))
    }

    /// A match from the parts that `__reduce__` gives.
    #[staticmethod]
    fn _restore(
        type_name: &str,
        value: String,
        raw: Vec<u8>,
        is_str: bool,
        flags: Vec<String>,
        spans: ((usize, usize), usize),
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
        let is_other = value.as_bytes() != raw;
        let draft = Draft {
            type_name: TYPES[at],
            at: 0,
            raw_len: raw.len(),
            value_len: if is_other { value.len() } else { 0 },
            is_str,
            flags: set,
            span: spans.0,
            byte: spans.1,
        };
        let mut arena = raw;
        if is_other {
            arena.extend_from_slice(value.as_bytes());
        }
        Ok(Match { draft, arena: arena.into() })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let value = PyString::new(py, &self.canonical()).repr()?;
        let (start, end) = self.draft.span;
        let name = self.draft.type_name;
        Ok(format!("Match({start}..{end} {name} {value})"))
    }
}
