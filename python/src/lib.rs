//! The native half of the Python package `iocpack`.
//!
//! Text comes in as bytes, results go out as small frozen objects; whatever
//! takes long is done without the interpreter's lock.

mod arrow_in;
mod arrow_out;
mod ascii;
mod block;
mod check;
mod collection;
mod each;
mod error;
mod found;
mod options;
mod policy;
mod scan;
mod set;
mod text;
mod untracked;
mod url_id;

use pyo3::prelude::*;

#[pymodule]
mod _core {
    #[pymodule_export]
    use super::arrow_out::scan_column;
    #[pymodule_export]
    use super::check::{
        Finding, LintFinding, LintReport, Report, check, lint,
    };
    #[pymodule_export]
    use super::collection::{Collection, Plan, Request};
    #[pymodule_export]
    use super::found::Match;
    #[pymodule_export]
    use super::policy::{Hold, Policy};
    #[pymodule_export]
    use super::scan::{FileMatches, scan, scan_file};
    #[pymodule_export]
    use super::set::{Indicator, IndicatorSet};
    #[pymodule_export]
    use super::url_id::{UrlId, url_id};
}
