//! `Indicator` and `IndicatorSet`.

use std::hash::{Hash, Hasher};

use iocpack::{Entry, Kind};
use pyo3::basic::CompareOp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::each::each;
use crate::error;
use crate::found::Match;
use crate::options::{Types, scanner};
use crate::policy::{Hold, Policy};
use crate::text::Text;

/// An indicator on its own, in canonical form.
#[pyclass(frozen, module = "iocpack")]
#[derive(Clone)]
pub(crate) struct Indicator {
    pub(crate) inner: iocpack::Indicator,
    #[pyo3(get)]
    count: u64,
    #[pyo3(get)]
    first: Option<(usize, usize)>,
}

impl Indicator {
    pub(crate) fn of(inner: iocpack::Indicator) -> Indicator {
        Indicator { inner, count: 1, first: None }
    }

    fn of_entry(entry: &Entry) -> Indicator {
        Indicator {
            inner: entry.indicator().clone(),
            count: entry.count(),
            first: entry.first().map(|it| (it.start, it.end)),
        }
    }
}

/// Reads a value of a named type.
fn parse(type_name: &str, value: &str) -> PyResult<iocpack::Indicator> {
    let kind = match type_name {
        "domain" => Kind::Domain,
        "url" => Kind::Url,
        "ip" | "ipv4" | "ipv6" => Kind::Ip,
        "hash" | "md5" | "sha1" | "sha256" => Kind::Hash,
        _ => {
            Types::of("type", Some(vec![type_name.to_owned()]))?;
            unreachable!("every type that is known has a kind")
        }
    };
    let it = iocpack::Indicator::parse(kind, value)
        .map_err(|err| error::of_invalid("value", err))?;
    if type_name != it.type_name() && !matches!(type_name, "ip" | "hash") {
        return Err(error::invalid(format!(
            "value: expected {type_name}, found {}",
            it.type_name()
        )));
    }
    Ok(it)
}

/// The indicator of an `Indicator`, a `Match` or a (type, value) pair.
pub(crate) fn indicator(
    argument: &str,
    item: &Bound<'_, PyAny>,
) -> PyResult<iocpack::Indicator> {
    if let Ok(it) = item.cast::<Indicator>() {
        return Ok(it.get().inner.clone());
    }
    if let Ok(it) = item.cast::<Match>() {
        let it = it.get();
        return parse(it.type_name(), &it.canonical());
    }
    if let Ok((type_name, value)) = item.extract::<(String, String)>() {
        return parse(&type_name, &value);
    }
    Err(PyTypeError::new_err(format!(
        "{argument}: expected a Match, an Indicator or a (type, value) pair, \
         not {}",
        item.get_type().name()?
    )))
}

#[pymethods]
impl Indicator {
    #[new]
    fn new(r#type: &str, value: &str) -> PyResult<Indicator> {
        parse(r#type, value).map(Indicator::of)
    }

    #[getter(r#type)]
    fn type_(&self) -> &'static str {
        self.inner.type_name()
    }

    #[getter]
    fn value(&self) -> String {
        self.inner.to_string()
    }

    #[getter]
    fn id(&self) -> Option<String> {
        match &self.inner {
            iocpack::Indicator::Url(url) => Some(url.id().to_string()),
            _ => None,
        }
    }

    #[getter]
    fn id_certainty(&self) -> Option<&'static str> {
        match &self.inner {
            iocpack::Indicator::Url(url) => {
                Some(url.id().certainty().as_str())
            }
            _ => None,
        }
    }

    /// By type and value alone.
    fn __richcmp__(&self, other: &Indicator, op: CompareOp) -> bool {
        op.matches(self.inner.cmp(&other.inner))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        self.inner.hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> (Py<PyAny>, (String, String)) {
        let it = slf.get();
        let class = slf.get_type().into_any().unbind();
        (class, (it.type_().to_owned(), it.value()))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let value = PyString::new(py, &self.value()).repr()?;
        Ok(format!("Indicator('{}', {value})", self.type_()))
    }
}

/// Distinct indicators with counts, in the order of their coming.
#[pyclass(module = "iocpack")]
#[derive(Clone, Default)]
pub(crate) struct IndicatorSet {
    pub(crate) inner: iocpack::IndicatorSet,
}

#[pymethods]
impl IndicatorSet {
    #[new]
    #[pyo3(signature = (items=None))]
    fn new(items: Option<&Bound<'_, PyAny>>) -> PyResult<IndicatorSet> {
        let mut set = IndicatorSet::default();
        if let Some(items) = items {
            set.extend(items)?;
        }
        Ok(set)
    }

    fn add(&mut self, item: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.inner.insert(indicator("item", item)?))
    }

    fn extend(&mut self, items: &Bound<'_, PyAny>) -> PyResult<()> {
        for item in items.try_iter()? {
            self.inner.insert(indicator("items", &item?)?);
        }
        Ok(())
    }

    #[pyo3(signature = (text, *, types=None, strictness="balanced",
        refang=true, email_domains=false, inner_urls=false))]
    fn scan(
        &mut self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        types: Option<Vec<String>>,
        strictness: &str,
        refang: bool,
        email_domains: bool,
        inner_urls: bool,
    ) -> PyResult<usize> {
        let text = Text::of("text", text)?;
        let types = Types::of("types", types)?;
        let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
        let bytes = text.as_bytes();
        let set = &mut self.inner;
        let before = set.len();
        py.detach(|| {
            each(&scanner, bytes, |found| {
                if types.wants_all() || types.wants_match(found) {
                    set.insert_match(found);
                }
            })
        })?;
        Ok(self.inner.len() - before)
    }

    fn merge(&mut self, other: &Bound<'_, IndicatorSet>) -> PyResult<()> {
        // Fails on the same object, which is borrowed already.
        let other = other.try_borrow()?.inner.clone();
        self.inner.merge(other);
        Ok(())
    }

    fn hold(&mut self, policy: &Policy) -> Vec<(Indicator, Hold)> {
        let mut held = Vec::new();
        self.inner.retain(|it| match policy.inner.judge(it).hold() {
            Some(why) => {
                held.push((Indicator::of(it.clone()), Hold::of(why)));
                false
            }
            None => true,
        });
        held
    }

    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        counts(py, self.inner.counts())
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }

    fn __contains__(&self, item: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.inner.contains(&indicator("item", item)?))
    }

    /// Of the indicators of now.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let all = self.inner.iter().map(Indicator::of_entry);
        let all: Vec<_> = all.collect();
        Ok(PyList::new(py, all)?.try_iter()?.into_any())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let other = other.cast::<IndicatorSet>();
        other.is_ok_and(|it| it.borrow().inner == self.inner)
    }

    fn __repr__(&self) -> String {
        let it = self.inner.counts();
        format!(
            "IndicatorSet({} domains, {} urls, {} ips, {} hashes)",
            it.domains, it.urls, it.ips, it.hashes
        )
    }
}

/// Counts by kind.
pub(crate) fn counts(
    py: Python<'_>,
    counts: iocpack::Counts,
) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("domains", counts.domains)?;
    dict.set_item("urls", counts.urls)?;
    dict.set_item("ips", counts.ips)?;
    dict.set_item("hashes", counts.hashes)?;
    Ok(dict)
}
