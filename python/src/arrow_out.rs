//! The columns of the answer, as the buffers that Arrow lays out.

use iocpack::{Kind, Match, Scanner, Url};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict};

use crate::arrow_in::Column;
use crate::each::{EVERY, each, listen};
use crate::error;
use crate::options::{Types, scanner};

/// Values of varying length: offsets of 32 bits, and the bytes.
struct Texts {
    offsets: Vec<u8>,
    data: Vec<u8>,
}

impl Texts {
    fn new() -> Texts {
        Texts { offsets: 0_i32.to_ne_bytes().to_vec(), data: Vec::new() }
    }

    /// Fails past 2 GiB, which the offsets do not reach.
    fn push(&mut self, value: &[u8]) -> Option<()> {
        self.data.extend_from_slice(value);
        let end = i32::try_from(self.data.len()).ok()?;
        self.offsets.extend_from_slice(&end.to_ne_bytes());
        Some(())
    }
}

/// A bit for each value.
#[derive(Default)]
struct Bits(Vec<u8>);

impl Bits {
    fn push(&mut self, at: usize, yes: bool) {
        if at.is_multiple_of(8) {
            self.0.push(0);
        }
        if yes && let Some(last) = self.0.last_mut() {
            *last |= 1 << (at % 8);
        }
    }
}

/// The answer.
struct Table {
    len: usize,
    row: Vec<u8>,
    kind: Texts,
    value: Texts,
    raw: Texts,
    start: Vec<u8>,
    end: Vec<u8>,
    defanged: Bits,
    id: Texts,
    certainty: Texts,
    has_id: Bits,
}

impl Table {
    fn new() -> Table {
        Table {
            len: 0,
            row: Vec::new(),
            kind: Texts::new(),
            value: Texts::new(),
            raw: Texts::new(),
            start: Vec::new(),
            end: Vec::new(),
            defanged: Bits::default(),
            id: Texts::new(),
            certainty: Texts::new(),
            has_id: Bits::default(),
        }
    }

    fn push(
        &mut self,
        row: usize,
        found: &Match<'_>,
        types: Types,
    ) -> Option<()> {
        let value = found.canonical();
        let name = found.type_name();
        if !types.wants(name) {
            return Some(());
        }
        let span = found.span();
        for (column, number) in [
            (&mut self.row, row),
            (&mut self.start, span.start),
            (&mut self.end, span.end),
        ] {
            let number = i64::try_from(number).ok()?;
            column.extend_from_slice(&number.to_ne_bytes());
        }
        self.kind.push(name.as_bytes())?;
        self.value.push(value.as_bytes())?;
        self.raw.push(found.raw())?;
        self.defanged.push(self.len, found.was_defanged());
        let is_url = found.kind() == Kind::Url;
        self.has_id.push(self.len, is_url);
        // Of the canonical form, as the command's rows have it.
        if is_url && let Ok(url) = Url::parse(&value) {
            let id = url.id();
            self.id.push(id.to_string().as_bytes())?;
            self.certainty.push(id.certainty().as_str().as_bytes())?;
        } else {
            self.id.push(b"")?;
            self.certainty.push(b"")?;
        }
        self.len += 1;
        Some(())
    }

    /// `None` past the limit of a column.
    fn fill(
        &mut self,
        column: Column<'_>,
        scanner: &Scanner,
        types: Types,
    ) -> PyResult<Option<()>> {
        let mut fits = Some(());
        let mut unheard = 0;
        for row in 0..column.len() {
            let Some(text) = column.get(row) else { continue };
            // A short text costs as much as one of some hundred bytes.
            unheard += text.len().clamp(256, EVERY);
            if unheard > EVERY {
                unheard = 0;
                listen()?;
            }
            each(scanner, text, |found| {
                fits = fits.and_then(|()| self.push(row, found, types));
            })?;
            if fits.is_none() {
                break;
            }
        }
        Ok(fits)
    }
}

/// The buffers of each column of the answer, by its name: validity or
/// `None`, offsets where there are any, data. And how many rows there are.
#[pyfunction]
#[pyo3(signature = (schema, array, *, types=None, strictness="balanced",
    refang=true, email_domains=false, inner_urls=false))]
pub(crate) fn scan_column<'py>(
    py: Python<'py>,
    schema: &Bound<'py, PyCapsule>,
    array: &Bound<'py, PyCapsule>,
    types: Option<Vec<String>>,
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<(usize, Bound<'py, PyDict>)> {
    let types = Types::of("types", types)?;
    let scanner = scanner(strictness, refang, email_domains, inner_urls)?;
    let column = Column::of(schema, array)?;
    let table = py.detach(|| {
        let mut table = Table::new();
        let fits = table.fill(column, &scanner, types)?;
        Ok::<_, PyErr>(fits.map(|()| table))
    });
    let Some(table) = table? else {
        return Err(error::limit(
            "batch: expected less than 2 GiB of results in one batch; use \
             smaller batches"
                .to_owned(),
        ));
    };
    let bytes = |it: &[u8]| PyBytes::new(py, it);
    let columns = PyDict::new(py);
    let has_id = bytes(&table.has_id.0);
    for (name, numbers) in
        [("row", &table.row), ("start", &table.start), ("end", &table.end)]
    {
        columns.set_item(name, (py.None(), bytes(numbers)))?;
    }
    for (name, texts) in
        [("type", &table.kind), ("value", &table.value), ("raw", &table.raw)]
    {
        let buffers = (py.None(), bytes(&texts.offsets), bytes(&texts.data));
        columns.set_item(name, buffers)?;
    }
    for (name, texts) in
        [("id", &table.id), ("id_certainty", &table.certainty)]
    {
        let buffers = (&has_id, bytes(&texts.offsets), bytes(&texts.data));
        columns.set_item(name, buffers)?;
    }
    columns.set_item("defanged", (py.None(), bytes(&table.defanged.0)))?;
    Ok((table.len, columns))
}
