//! `url_id`: VirusTotal's id of a URL.

use iocpack::{Domain, Finding, Indicator, Kind, Scanner, Strictness, Url};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error;
use crate::text::Text;

/// A URL's id, and how sure it is.
#[pyclass(frozen, eq, hash, module = "iocpack")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct UrlId {
    #[pyo3(get)]
    id: String,
    #[pyo3(get)]
    certainty: &'static str,
    reasons: Vec<&'static str>,
    #[pyo3(get)]
    url: String,
    #[pyo3(get)]
    base64: String,
}

#[pymethods]
impl UrlId {
    #[getter]
    fn reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.reasons)
    }

    fn __str__(&self) -> &str {
        &self.id
    }

    fn __repr__(&self) -> String {
        format!("UrlId('{}', {})", self.id, self.certainty)
    }
}

/// The id of a URL, defanged or not, as `iocpack id` gives it.
#[pyfunction]
pub(crate) fn url_id(url: &Bound<'_, PyAny>) -> PyResult<UrlId> {
    let text = Text::of("url", url)?;
    let url = read(text.as_bytes().trim_ascii())?;
    let id = url.id();
    Ok(UrlId {
        id: id.to_string(),
        certainty: id.certainty().as_str(),
        reasons: id.reasons().collect(),
        base64: url.base64(),
        url: url.to_string(),
    })
}

/// The URL that `input` is: as it stands, else with defang marks undone.
fn read(input: &[u8]) -> PyResult<Url> {
    let plain = match Url::parse_bytes(input) {
        Ok(url) if has_scheme(input) || is_known_host(&url) => {
            return Ok(url);
        }
        // Any word could be the name of a host.
        Ok(_) => error::invalid(
            "url: expected a scheme, or a host with a known suffix".to_owned(),
        ),
        Err(err) => error::of_invalid("url", err),
    };
    let scanner = Scanner::builder().strictness(Strictness::Loose).build();
    for finding in scanner.findings(input) {
        if let Finding::Match(found) = finding
            && found.kind() == Kind::Url
            && found.raw().len() == input.len()
            && let Indicator::Url(url) = found.to_indicator()
        {
            return Ok(url);
        }
    }
    Err(plain)
}

/// Whether a URL is written with its scheme.
fn has_scheme(input: &[u8]) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
    let end = input.iter().position(|b| !word(b)).unwrap_or(input.len());
    input[end..].starts_with(b"://")
}

/// Whether the host is an address, or a name that can exist.
fn is_known_host(url: &Url) -> bool {
    let host = url.host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    iocpack::parse_ip(bare).is_ok() || Domain::parse(host).is_ok()
}
