//! `check` and `lint`: what would become of a text or a payload.

use iocpack::payload::{self, Purpose};
use iocpack::raw_items;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error;
use crate::options::scanner;
use crate::policy::Policy;
use crate::set::{self, IndicatorSet};
use crate::text::Text;

/// One candidate of a bulk text, or a line without one, and its fate.
#[pyclass(frozen, get_all, module = "iocpack")]
#[derive(Clone)]
pub(crate) struct Finding {
    line: usize,
    column: usize,
    start: usize,
    end: usize,
    raw: Vec<u8>,
    r#type: &'static str,
    fate: &'static str,
    reason: &'static str,
    value: Option<String>,
    help: String,
}

#[pymethods]
impl Finding {
    fn __repr__(&self) -> String {
        let Finding { line, column, r#type, fate, reason, .. } = self;
        format!("Finding({line}:{column} {type} {fate} {reason})")
    }
}

/// What `raw_items` of a text would do.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct Report {
    #[pyo3(get)]
    findings: Vec<Finding>,
    #[pyo3(get)]
    is_clean: bool,
    #[pyo3(get)]
    fixed: String,
    #[pyo3(get)]
    line_count: usize,
    summary: raw_items::Summary,
    kept: iocpack::IndicatorSet,
}

#[pymethods]
impl Report {
    #[getter]
    fn kept(&self) -> IndicatorSet {
        IndicatorSet { inner: self.kept.clone() }
    }

    /// Figures by type.
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for (name, row) in self.summary.rows() {
            let dict = PyDict::new(py);
            dict.set_item("found", row.found)?;
            dict.set_item("unique", row.unique)?;
            dict.set_item("duplicates", row.duplicates)?;
            dict.set_item("changed", row.changed)?;
            dict.set_item("held", row.held)?;
            dict.set_item("rejected", row.rejected)?;
            all.set_item(name, dict)?;
        }
        Ok(all)
    }
}

/// What would become of each line of a bulk text.
#[pyfunction]
#[pyo3(signature = (text, *, policy=None, strictness="balanced", refang=true,
    email_domains=false, inner_urls=false))]
pub(crate) fn check(
    py: Python<'_>,
    text: &Bound<'_, PyAny>,
    policy: Option<&Policy>,
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<Report> {
    let text = Text::of("text", text)?;
    let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
    let default = iocpack::Policy::new();
    let policy = policy.map_or(&default, |it| &it.inner);
    let bytes = text.as_bytes();
    let report = py.detach(|| raw_items::check_with(bytes, &scanner, policy));
    let findings = report.findings().iter().map(|it| Finding {
        line: it.line(),
        column: it.column(),
        start: it.span().start,
        end: it.span().end,
        raw: it.raw().to_vec(),
        r#type: it.type_name(),
        fate: it.fate().code(),
        reason: it.fate().reason(),
        value: it.value().map(str::to_owned),
        help: it.help().into_owned(),
    });
    Ok(Report {
        findings: findings.collect(),
        is_clean: report.is_clean(),
        fixed: report.fixed().to_owned(),
        line_count: report.line_count(),
        summary: *report.summary(),
        kept: report.kept().clone(),
    })
}

/// One thing that is wrong with a payload.
#[pyclass(frozen, get_all, module = "iocpack")]
#[derive(Clone)]
pub(crate) struct LintFinding {
    pointer: String,
    line: usize,
    column: usize,
    start: usize,
    end: usize,
    reason: String,
    message: String,
    help: String,
}

#[pymethods]
impl LintFinding {
    fn __repr__(&self) -> String {
        let LintFinding { line, column, reason, message, .. } = self;
        format!("LintFinding({line}:{column} {reason}: {message})")
    }
}

/// What is wrong with a payload, and what it holds.
#[pyclass(frozen, module = "iocpack")]
pub(crate) struct LintReport {
    inner: payload::LintReport,
}

#[pymethods]
impl LintReport {
    #[getter]
    fn findings(&self) -> Vec<LintFinding> {
        let all = self.inner.findings().iter().map(|it| LintFinding {
            pointer: it.pointer().to_owned(),
            line: it.line(),
            column: it.column(),
            start: it.span().start,
            end: it.span().end,
            reason: it.reason().code().to_owned(),
            message: it.message().into_owned(),
            help: it.help().to_owned(),
        });
        all.collect()
    }

    #[getter]
    fn is_clean(&self) -> bool {
        self.inner.is_clean()
    }

    #[getter]
    fn items(&self) -> IndicatorSet {
        IndicatorSet { inner: self.inner.items().clone() }
    }

    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        set::counts(py, self.inner.counts())
    }

    #[getter]
    fn url_ids(&self) -> usize {
        self.inner.url_ids()
    }

    #[getter]
    fn duplicates(&self) -> usize {
        self.inner.duplicates()
    }

    #[getter]
    fn private(&self) -> Option<bool> {
        self.inner.private()
    }
}

/// Judges a payload that was written elsewhere.
#[pyfunction]
#[pyo3(signature = (payload, *, purpose="create"))]
pub(crate) fn lint(
    py: Python<'_>,
    payload: &Bound<'_, PyAny>,
    purpose: &str,
) -> PyResult<LintReport> {
    let text = Text::of("payload", payload)?;
    let purpose = match purpose {
        "create" => Purpose::Create,
        "update" => Purpose::Update,
        other => {
            return Err(error::argument(format!(
                "purpose: expected \"create\" or \"update\", not {other:?}"
            )));
        }
    };
    let bytes = text.as_bytes();
    let inner = py.detach(|| payload::lint_as(bytes, purpose));
    Ok(LintReport { inner })
}
