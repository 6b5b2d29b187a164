//! Which stretches of the text are shown.
//!
//! A text that fits the budget is shown whole. Of a longer one the lines
//! around indicators are shown. If that is still too much: the lines in which
//! something occurs for the first time, and as many others as fit; or as many
//! of those as fit, from every part of the text. The page says which, and
//! each gap says what it leaves out.

use std::ops::Range;

use super::content::Content;
use super::item::Fate;
use super::strip::CELLS;

/// Lines before and after an indicator.
const AROUND: usize = 3;
/// Bytes of a line that are shown in one piece, unless a mark crosses its
/// end: a line of 10 MB is laid out like any other text.
const PIECE: usize = 2048;
/// What a mark counts for in the budget: it costs a browser more than text.
const MARK: usize = 40;
/// How far a mark may lengthen a piece.
const STRETCH: usize = 1 << 14;

/// A line, or a piece of a long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Bytes of the text, without the line end.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The line, from 1.
    pub(super) line: u64,
    /// The first mark that starts here or later.
    pub(super) mark: usize,
    /// Whether its line started in an earlier piece.
    pub(super) goes_on: bool,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything.
    Whole,
    /// The lines around every indicator.
    Around,
    /// The lines in which an indicator occurs first, and as many of the others
    /// as fit.
    First,
    /// As many of those as fit, from every part of the text.
    Cut,
}

/// A stretch of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Indexes of units.
    pub(super) units: Range<usize>,
    pub(super) shown: bool,
}

/// Which stretches are shown.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) units: Vec<Unit>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) extent: Extent,
    /// How many lines the text has.
    pub(super) lines: u64,
    /// Whether each mark is shown.
    pub(super) marks: Vec<bool>,
}

impl Layout {
    pub(super) fn new(
        text: &[u8],
        content: &Content<'_>,
        budget: usize,
    ) -> Layout {
        let units = units(text, content);
        let (extent, shown) = choose(&units, content, text.len(), budget);
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut marks = vec![false; content.marks.len()];
        for (i, &yes) in shown.iter().enumerate() {
            if yes {
                marks[marks_of(&units, i, content)].fill(true);
            }
            match stretches.last_mut() {
                Some(last) if last.shown == yes => last.units.end = i + 1,
                _ => stretches.push(Stretch { units: i..i + 1, shown: yes }),
            }
        }
        let lines = units.last().map_or(0, |it| it.line);
        Layout { units, stretches, extent, lines, marks }
    }

    /// The marks that start in a unit.
    pub(super) fn marks_of(
        &self,
        unit: usize,
        content: &Content<'_>,
    ) -> Range<usize> {
        marks_of(&self.units, unit, content)
    }
}

fn marks_of(
    units: &[Unit],
    unit: usize,
    content: &Content<'_>,
) -> Range<usize> {
    let end = units.get(unit + 1).map_or(content.marks.len(), |it| it.mark);
    units[unit].mark..end
}

/// Cuts a text into lines, and long lines into pieces.
fn units(text: &[u8], content: &Content<'_>) -> Vec<Unit> {
    let marks = &content.marks;
    let mut units = Vec::new();
    let (mut at, mut line, mut mark) = (0, 1, 0);
    while at < text.len() {
        let newline = memchr::memchr(b'\n', &text[at..]);
        let line_end = newline.map_or(text.len(), |i| at + i);
        let mut goes_on = false;
        loop {
            let first = mark;
            let mut end = line_end;
            if line_end - at > PIECE {
                end = (at + PIECE - 3..=at + PIECE)
                    .rev()
                    .find(|&i| text[i] & 0xc0 != 0x80)
                    .unwrap_or(at + PIECE);
            }
            while let Some(it) = marks.get(mark) {
                if it.span.start >= end {
                    break;
                }
                if it.span.end > end && it.span.end - end <= STRETCH {
                    end = it.span.end.min(line_end);
                }
                mark += 1;
            }
            units.push(Unit { start: at, end, line, mark: first, goes_on });
            at = end;
            goes_on = true;
            if at >= line_end {
                break;
            }
        }
        at = line_end + 1;
        line += 1;
    }
    units
}

/// Which units are shown.
fn choose(
    units: &[Unit],
    content: &Content<'_>,
    len: usize,
    budget: usize,
) -> (Extent, Vec<bool>) {
    if len + MARK * content.marks.len() <= budget {
        return (Extent::Whole, vec![true; units.len()]);
    }
    let size = |i: usize| {
        let marks = marks_of(units, i, content).len();
        units[i].end - units[i].start + 1 + MARK * marks
    };
    let fit = |shown: Vec<bool>, wanted: &[bool], left| {
        fit(units, shown, wanted, len, left, size)
    };
    let total = |shown: &[bool]| -> usize {
        (0..shown.len()).filter(|&i| shown[i]).map(size).sum()
    };
    let is_match = |mark: usize| {
        !matches!(content.main_item(mark).fate, Fate::Rejected { .. })
    };
    let around = near(units, AROUND, |unit| {
        marks_of(units, unit, content).any(is_match)
    });
    if total(&around) <= budget {
        return (Extent::Around, around);
    }
    let is_first = |mark: usize| {
        let mut items = content.items_of(mark).iter();
        is_match(mark)
            && items
                .any(|&it| content.items[it as usize].mark as usize == mark)
    };
    let has_first = |unit| marks_of(units, unit, content).any(is_first);
    let first = near(units, 1, has_first);
    if total(&first) <= budget {
        let others = near(units, 0, |unit| {
            marks_of(units, unit, content).any(is_match)
        });
        let left = budget - total(&first);
        return (Extent::First, fit(first, &others, left));
    }
    let none = vec![false; units.len()];
    let wanted = near(units, 0, has_first);
    (Extent::Cut, fit(none, &wanted, budget))
}

/// Adds to what is shown as many of the units that are wanted as fit: from
/// the start of each slice of the text what is its share, since what matters
/// may stand at the end; and what is left of the budget from the start of the
/// text.
fn fit(
    units: &[Unit],
    mut shown: Vec<bool>,
    wanted: &[bool],
    len: usize,
    budget: usize,
    size: impl Fn(usize) -> usize,
) -> Vec<bool> {
    let mut left = budget;
    let (mut slice, mut share) = (usize::MAX, 0);
    for (i, unit) in units.iter().enumerate() {
        let at = (unit.start as u128 * CELLS as u128 / len as u128) as usize;
        if at != slice {
            (slice, share) = (at, budget / CELLS);
        }
        if !wanted[i] || shown[i] {
            continue;
        }
        let size = size(i);
        if size <= share {
            shown[i] = true;
            share -= size;
            left -= size;
        } else {
            share = 0;
        }
    }
    for i in 0..units.len() {
        if !wanted[i] || shown[i] {
            continue;
        }
        let size = size(i);
        if size > left {
            break;
        }
        shown[i] = true;
        left -= size;
    }
    shown
}

/// The units that are wanted, and so many before and after each.
fn near(
    units: &[Unit],
    by: usize,
    wanted: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut shown = vec![false; units.len()];
    // The end of what is decided: each unit is set at most once.
    let mut done = 0;
    for i in 0..units.len() {
        if wanted(i) {
            let end = (i + by + 1).min(units.len());
            let start = i.saturating_sub(by).max(done);
            if start < end {
                shown[start..end].fill(true);
                done = end;
            }
        }
    }
    shown
}
