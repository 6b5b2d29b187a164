//! Rows on their way from a thread to the output, in few pieces of memory.

use std::borrow::Cow;

use iocpack::Span;
use iocpack::scan::Flags;

use crate::row::{Row, Verdict};

/// Rows in order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Values and contexts.
    text: String,
    raw: Vec<u8>,
    all: Vec<Packed>,
}

/// A row without its texts: how long they are.
#[derive(Debug)]
struct Packed {
    verdict: Verdict,
    type_name: &'static str,
    value: usize,
    raw: usize,
    context: Option<usize>,
    line: u64,
    span: Span,
    flags: Flags,
}

impl Rows {
    pub(super) fn push(&mut self, row: &Row<'_>) {
        self.text.push_str(&row.value);
        self.raw.extend_from_slice(&row.raw);
        if let Some(context) = &row.context {
            self.text.push_str(context);
        }
        self.all.push(Packed {
            verdict: row.verdict,
            type_name: row.type_name,
            value: row.value.len(),
            raw: row.raw.len(),
            context: row.context.as_ref().map(|it| it.len()),
            line: row.line,
            span: row.span,
            flags: row.flags,
        });
    }

    /// The rows, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        let (mut text, mut raw) = (&*self.text, &*self.raw);
        self.all.iter().map(move |it| {
            let (value, rest) = text.split_at(it.value);
            let (context, rest) = rest.split_at(it.context.unwrap_or(0));
            let (written, left) = raw.split_at(it.raw);
            (text, raw) = (rest, left);
            Row {
                verdict: it.verdict,
                type_name: it.type_name,
                value: Cow::Borrowed(value),
                raw: Cow::Borrowed(written),
                line: it.line,
                span: it.span,
                flags: it.flags,
                context: it.context.map(|_| Cow::Borrowed(context)),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let row = |value: &'static str, raw: &'static [u8], context| Row {
            verdict: Verdict::Match,
            type_name: "domain",
            value: Cow::Borrowed(value),
            raw: Cow::Borrowed(raw),
            line: value.len() as u64,
            span: Span { start: 3, end: 3 + raw.len() },
            flags: Flags::NONE,
            context,
        };
        let all = [
            row("a.example", b"A[.]example", Some(Cow::Borrowed("é A"))),
            row("", b"\xff", None),
            row("b.example", b"", Some(Cow::Borrowed(""))),
            row("c.example", b"c.example", None),
        ];
        let mut rows = Rows::default();
        for row in &all {
            rows.push(row);
        }
        assert_eq!(rows.iter().collect::<Vec<_>>(), all);
    }
}
