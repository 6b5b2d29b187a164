//! `Collection` and its `Plan`.

use std::path::PathBuf;

use iocpack::payload::{
    self, CollectionId, ItemForm, Options, Order, UrlForm,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::error;
use crate::set::{self, Indicator, IndicatorSet};

/// The attributes of a collection.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct Collection {
    inner: payload::Collection,
}

/// One request: no host, no key.
#[pyclass(frozen, eq, get_all, module = "iocpack")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Request {
    method: &'static str,
    path: String,
    body: Option<String>,
}

#[pymethods]
impl Request {
    fn __repr__(&self) -> String {
        format!("Request({} {})", self.method, self.path)
    }
}

/// The requests of a collection, in order.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct Plan {
    #[pyo3(get)]
    requests: Vec<Request>,
    #[pyo3(get)]
    digest: String,
    #[pyo3(get)]
    marker: Option<String>,
    #[pyo3(get)]
    holds: Vec<(Indicator, String)>,
    #[pyo3(get)]
    url_fallbacks: usize,
    counts: iocpack::Counts,
    json: Vec<u8>,
}

#[pymethods]
impl Plan {
    #[getter]
    fn cost(&self) -> usize {
        self.requests.len()
    }

    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        set::counts(py, self.counts)
    }

    /// The plan file, which `iocpack submit` takes.
    fn to_json<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.json)
    }

    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        Ok(py.detach(|| std::fs::write(path, &self.json))?)
    }

    fn __len__(&self) -> usize {
        self.requests.len()
    }

    fn __repr__(&self) -> String {
        let items = self.counts.total();
        format!("Plan({} requests, {items} items)", self.requests.len())
    }
}

#[pymethods]
impl Collection {
    #[new]
    #[pyo3(signature = (name=None, description=None, *, private=None,
        tags=None, alt_names=None))]
    fn new(
        name: Option<String>,
        description: Option<String>,
        private: Option<bool>,
        tags: Option<Vec<String>>,
        alt_names: Option<Vec<String>>,
    ) -> Collection {
        let mut inner = payload::Collection::new();
        if let Some(name) = name {
            inner.name(name);
        }
        if let Some(text) = description {
            inner.description(text);
        }
        if let Some(yes) = private {
            inner.visibility(match yes {
                true => payload::Visibility::Private,
                false => payload::Visibility::Public,
            });
        }
        if let Some(tags) = tags {
            inner.tags(tags);
        }
        if let Some(names) = alt_names {
            inner.alt_names(names);
        }
        Collection { inner }
    }

    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.inner.warnings().iter().map(ToString::to_string).collect()
    }

    /// The plan that creates it, or with `update` that changes it.
    #[pyo3(signature = (items, *, update=None, url_form="url",
        item_form="relationships", order="sorted", hold_ipv6=false,
        sha256_only=false, max_items=Options::MAX_ITEMS,
        max_bytes=Options::MAX_BYTES, marker=None, allow_empty=false))]
    fn plan(
        &self,
        py: Python<'_>,
        items: &IndicatorSet,
        update: Option<&str>,
        url_form: &str,
        item_form: &str,
        order: &str,
        hold_ipv6: bool,
        sha256_only: bool,
        max_items: usize,
        max_bytes: usize,
        marker: Option<bool>,
        allow_empty: bool,
    ) -> PyResult<Plan> {
        let mut options = Options::new();
        options
            .url_form(one_of(
                "url_form",
                url_form,
                &[("url", UrlForm::Url), ("id", UrlForm::Id)],
            )?)
            .item_form(one_of(
                "item_form",
                item_form,
                &[
                    ("relationships", ItemForm::Relationships),
                    ("raw_items", ItemForm::RawItems),
                ],
            )?)
            .order(one_of(
                "order",
                order,
                &[("sorted", Order::Sorted), ("first_seen", Order::FirstSeen)],
            )?)
            .sha256_only(sha256_only)
            .max_items(max_items)
            .max_bytes(max_bytes)
            .allow_empty(allow_empty);
        if hold_ipv6 {
            options.ipv6(payload::Ipv6::Hold);
        }
        if let Some(yes) = marker {
            options.marker(yes);
        }
        let (collection, set) = (&self.inner, &items.inner);
        let made = py.detach(|| {
            let plan = match update {
                None => payload::Plan::create(collection, set, &options)?,
                Some(id) => {
                    let id = CollectionId::parse(id)?;
                    payload::Plan::update(collection, &id, set, &options)?
                }
            };
            let mut json = Vec::new();
            plan.write_to(&mut json)?;
            let requests = plan.requests().map(|it| Request {
                method: it.method.as_str(),
                path: it.path,
                body: it.body,
            });
            let holds = plan.holds().map(|(it, hold)| {
                (Indicator::of(it.clone()), hold.to_string())
            });
            Ok(Plan {
                requests: requests.collect(),
                digest: plan.digest().to_owned(),
                marker: plan.marker().map(str::to_owned),
                holds: holds.collect(),
                url_fallbacks: plan.url_fallbacks(),
                counts: plan.counts(),
                json,
            })
        });
        made.map_err(|err: iocpack::Error| error::of(&err))
    }
}

/// The value of a name.
fn one_of<T: Copy>(
    argument: &str,
    name: &str,
    of: &[(&str, T)],
) -> PyResult<T> {
    if let Some((_, value)) = of.iter().find(|(it, _)| *it == name) {
        return Ok(*value);
    }
    let names: Vec<String> =
        of.iter().map(|(it, _)| format!("{it:?}")).collect();
    Err(error::argument(format!(
        "{argument}: expected {}, not {name:?}",
        names.join(" or ")
    )))
}
