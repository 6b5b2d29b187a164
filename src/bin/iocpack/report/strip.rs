//! The density strip: a cell per slice of the text, its bar as high as there
//! are indicators, coloured by their types.

use std::fmt::Write as _;

use super::item::Fate;
use super::page::Page;
use crate::map::grouped;
use crate::scan::TYPES;

/// Cells of the strip, and the width and height of the drawing.
pub(super) const CELLS: usize = 120;
const STEP: usize = 10;
const HEIGHT: u64 = 100;

/// What stands in a slice.
#[derive(Clone, Default)]
struct Cell {
    /// By type, in the order of [`TYPES`].
    counts: [u64; TYPES.len()],
    total: u64,
    /// The first mark that is shown.
    first: Option<usize>,
    /// The lines of its first and last mark.
    lines: (u64, u64),
}

impl Page<'_> {
    /// The slice that a byte is in.
    pub(super) fn cell(&self, offset: usize) -> usize {
        let len = self.text.len().max(1) as u128;
        let cell = offset as u128 * CELLS as u128 / len;
        (cell as usize).min(CELLS - 1)
    }

    /// The drawing, and the first shown mark of the densest slice.
    pub(super) fn strip(&self, html: &mut String) -> Option<usize> {
        let cells = self.cells();
        let most = cells.iter().map(|it| it.total).max().unwrap_or(0).max(1);
        let width = CELLS * STEP;
        let _ = writeln!(
            html,
            "<svg id=strip viewBox=\"0 0 {width} {HEIGHT}\" \
             preserveAspectRatio=none role=group aria-label=\"Where the \
             indicators stand: {CELLS} slices of the text\">"
        );
        html.push_str("<rect id=here class=here x=-20 y=0 width=10 ");
        let _ = writeln!(html, "height={HEIGHT} />");
        for (i, cell) in cells.iter().enumerate() {
            if cell.total > 0 {
                bar(i, cell, most, html);
            }
        }
        html.push_str("</svg>\n");
        let mut best: Option<&Cell> = None;
        for cell in cells.iter().filter(|it| it.first.is_some()) {
            if best.is_none_or(|it| it.total < cell.total) {
                best = Some(cell);
            }
        }
        best.and_then(|it| it.first)
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![Cell::default(); CELLS];
        for (unit, it) in self.layout.units.iter().enumerate() {
            for mark in self.layout.marks_of(unit, self.content) {
                let start = self.content.marks[mark].span.start;
                let cell = &mut cells[self.cell(start)];
                let mut any = false;
                for &item in self.content.items_of(mark) {
                    let item = &self.content.items[item as usize];
                    if matches!(item.fate, Fate::Rejected { .. }) {
                        continue;
                    }
                    let at = TYPES.iter().position(|it| *it == item.type_name);
                    cell.counts[at.unwrap_or(0)] += 1;
                    cell.total += 1;
                    any = true;
                }
                if !any {
                    continue;
                }
                if cell.lines.0 == 0 {
                    cell.lines.0 = it.line;
                }
                cell.lines.1 = it.line;
                if cell.first.is_none() && self.layout.marks[mark] {
                    cell.first = Some(mark);
                }
            }
        }
        cells
    }
}

/// The bar of a slice: a link to its first mark, if that is shown.
fn bar(at: usize, cell: &Cell, most: u64, html: &mut String) {
    let s = if cell.total == 1 { "" } else { "s" };
    let count = grouped(cell.total);
    let label = match cell.lines {
        (a, b) if a == b => {
            format!("line {}: {count} indicator{s}", grouped(a))
        }
        (a, b) => format!(
            "lines {} to {}: {count} indicator{s}",
            grouped(a),
            grouped(b)
        ),
    };
    let _ = match cell.first {
        Some(mark) => write!(html, "<a href=#m{mark} aria-label=\"{label}\">"),
        None => write!(html, "<g role=img aria-label=\"{label}\">"),
    };
    let _ = write!(html, "<title>{label}</title>");
    let x = at * STEP;
    // The whole slice can be hit, however low its bar.
    let _ = write!(
        html,
        "<rect class=hit x={x} y=0 width={STEP} height={HEIGHT} />"
    );
    // A slice with one indicator is seen beside one with a thousand.
    let height = (cell.total * HEIGHT).div_ceil(most).max(12);
    let mut below = 0;
    for (name, count) in TYPES.iter().zip(cell.counts) {
        if count == 0 {
            continue;
        }
        let from = below * height / cell.total;
        below += count;
        let to = below * height / cell.total;
        let _ = write!(
            html,
            "<rect class={name} x={} y={} width={} height={} />",
            x + 1,
            HEIGHT - to,
            STEP - 2,
            to - from
        );
    }
    html.push_str(if cell.first.is_some() { "</a>\n" } else { "</g>\n" });
}
