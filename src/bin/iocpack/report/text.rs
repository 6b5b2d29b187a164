//! The text with its marks.
//!
//! Lines stand in blocks, each of which a browser lays out when it comes
//! near the view (`content-visibility: auto`), so that the length of the text
//! costs little before it is read.

use std::fmt::Write as _;

use super::escape::push_source;
use super::layout::Extent;
use super::page::Page;
use crate::exit::Failure;
use crate::map::grouped;
use crate::output::Output;

/// Rows in a block; the style sheet states the height of so many.
const BLOCK: usize = 40;

impl Page<'_> {
    /// Writes the section of the text.
    pub(super) fn text(&self, out: &mut Output) -> Result<(), Failure> {
        out.write(b"<section id=text aria-labelledby=text-h>")?;
        out.write(b"<h2 id=text-h tabindex=-1>Text</h2>")?;
        let note = self.extent_note();
        if !note.is_empty() {
            out.write(format!("<p class=note>{note}</p>").as_bytes())?;
        }
        // As wide as the line numbers.
        let digits = self.layout.lines.to_string().len().clamp(2, 9);
        let open = format!("<div class=\"source w{digits}\">\n");
        out.write(open.as_bytes())?;
        let mut html = String::new();
        let mut rows = 0;
        for stretch in &self.layout.stretches {
            // A gap is one row, whatever it leaves out.
            let shown = if stretch.shown {
                stretch.units.clone()
            } else {
                stretch.units.start..stretch.units.start + 1
            };
            for at in shown {
                if rows == 0 {
                    let cell = self.cell(self.layout.units[at].start);
                    let _ = writeln!(html, "<div class=b data-c={cell}>");
                }
                if stretch.shown {
                    self.unit(at, &mut html);
                } else {
                    self.gap(stretch.units.clone(), &mut html);
                }
                rows += 1;
                if rows == BLOCK {
                    rows = 0;
                    html.push_str("</div>\n");
                    out.write(html.as_bytes())?;
                    html.clear();
                }
            }
        }
        if rows > 0 {
            html.push_str("</div>\n");
            out.write(html.as_bytes())?;
        }
        if self.layout.units.is_empty() {
            out.write(b"<p class=gap>the text is empty</p>\n")?;
        }
        out.write(b"</div></section>\n")
    }

    /// How much of the text is shown, if it is not all of it.
    fn extent_note(&self) -> String {
        let marks = self.layout.marks.iter().filter(|yes| **yes).count();
        let of = format!(
            "{} of {} marks are shown; the lists below are of the whole text.",
            grouped(marks as u64),
            grouped(self.layout.marks.len() as u64)
        );
        let what = match self.layout.extent {
            Extent::Whole => return String::new(),
            Extent::Around => "the lines around indicators are shown",
            Extent::First => {
                "the lines in which an indicator occurs for the first time \
                 are shown, and as many of its other lines as fit"
            }
            Extent::Cut => {
                "lines in which an indicator occurs for the first time are \
                 shown, as many as fit, from every part of the text"
            }
        };
        format!("The text is long: {what}. {of}")
    }

    /// What stands for lines that are not shown.
    fn gap(&self, units: std::ops::Range<usize>, html: &mut String) {
        let first = self.layout.units[units.start];
        let last = self.layout.units[units.end - 1];
        let bytes = grouped((last.end - first.start) as u64);
        let next = self.layout.units.get(units.end);
        let whole = !first.goes_on && next.is_none_or(|it| !it.goes_on);
        let _ = match (first.line, last.line) {
            (a, b) if a == b && whole => writeln!(
                html,
                "<p class=gap>line {} left out, {bytes} bytes</p>",
                grouped(a)
            ),
            (a, b) if a == b => writeln!(
                html,
                "<p class=gap>{bytes} bytes of line {} left out</p>",
                grouped(a)
            ),
            (a, b) => writeln!(
                html,
                "<p class=gap>lines {} to {} left out, {bytes} bytes</p>",
                grouped(a),
                grouped(b)
            ),
        };
    }

    /// A line, or a piece of one.
    fn unit(&self, at: usize, html: &mut String) {
        let unit = self.layout.units[at];
        if unit.goes_on {
            html.push_str("<p class=on>");
        } else {
            let _ = write!(html, "<p data-n={}>", unit.line);
        }
        let mut end = unit.end;
        if self.text.get(end) == Some(&b'\n')
            && end > unit.start
            && self.text[end - 1] == b'\r'
        {
            end -= 1;
        }
        let mut done = unit.start;
        let mut open: Vec<usize> = Vec::new();
        for mark in self.layout.marks_of(at, self.content) {
            let span = self.content.marks[mark].span;
            let start = span.start.clamp(done, end);
            while let Some(close) = open.pop_if(|close| *close <= start) {
                push_source(html, &self.text[done..close]);
                html.push_str("</mark>");
                done = close;
            }
            push_source(html, &self.text[done..start]);
            done = start;
            self.mark(mark, html);
            open.push(span.end.clamp(done, end));
        }
        while let Some(close) = open.pop() {
            push_source(html, &self.text[done..close]);
            html.push_str("</mark>");
            done = close;
        }
        push_source(html, &self.text[done..end]);
        html.push_str("</p>\n");
    }

    /// The start of a mark.
    fn mark(&self, mark: usize, html: &mut String) {
        let main = self.content.main_item(mark);
        let _ = write!(
            html,
            "<mark id=m{mark} class=\"{} {}\" tabindex=0 role=link data-i=",
            main.type_name,
            main.fate.class()
        );
        match self.content.items_of(mark) {
            [item] => {
                let _ = write!(html, "{item}>");
            }
            items => {
                let items: Vec<String> =
                    items.iter().map(ToString::to_string).collect();
                let _ = write!(html, "\"{}\">", items.join(" "));
            }
        }
    }
}
