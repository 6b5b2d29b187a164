//! What the Rust library takes for the work of a Python call: the twin that
//! `benches/ratio.py` measures the package against, in the same thread.
//!
//! For each match the values that Python gives are made and owned: type,
//! canonical form, raw, span, flags; for Arrow batches the row, and of a URL
//! the id and its certainty. All is freed again before the end.

use std::hint::black_box;

use iocpack::{Flags, Indicator, Kind, Match, Scanner, Span};
use pyo3::prelude::*;

/// What is read by nobody is made all the same.
#[expect(dead_code, reason = "made to be measured")]
struct Owned {
    type_name: &'static str,
    value: String,
    raw: Vec<u8>,
    span: Span,
    flags: Flags,
}

impl Owned {
    fn of(found: &Match<'_>) -> Owned {
        let value = found.canonical().into_owned();
        Owned {
            type_name: found.type_name(),
            value,
            raw: found.raw().to_vec(),
            span: found.span(),
            flags: found.flags(),
        }
    }
}

#[expect(dead_code, reason = "made to be measured")]
struct InRow {
    row: usize,
    found: Owned,
    id: Option<(String, &'static str)>,
}

impl InRow {
    fn of(row: usize, found: &Match<'_>) -> InRow {
        let id = match found.kind() {
            Kind::Url => match found.to_indicator() {
                Indicator::Url(url) => {
                    let id = url.id();
                    Some((id.to_string(), id.certainty().as_str()))
                }
                _ => None,
            },
            _ => None,
        };
        InRow { row, found: Owned::of(found), id }
    }
}

/// The number of matches of a text, each of which was owned.
#[pyfunction]
fn scan(text: &[u8]) -> usize {
    let scanner = Scanner::new();
    let found = scanner.find_iter(text).map(|it| Owned::of(&it));
    black_box(found.collect::<Vec<_>>()).len()
}

/// The same of a text whose lines are rows, or which is one row, with ids.
#[pyfunction]
fn scan_rows(text: &[u8], by_line: bool) -> usize {
    let scanner = Scanner::new();
    let mut all = Vec::new();
    let lines = text.split(|it| by_line && *it == b'\n');
    for (row, line) in lines.enumerate() {
        all.extend(scanner.find_iter(line).map(|it| InRow::of(row, &it)));
    }
    black_box(all).len()
}

/// The number of matches of a text, none of which was owned.
#[pyfunction]
fn scan_only(text: &[u8]) -> usize {
    Scanner::new().find_iter(text).count()
}

#[pymodule]
mod library {
    #[pymodule_export]
    use super::{scan, scan_only, scan_rows};
}
