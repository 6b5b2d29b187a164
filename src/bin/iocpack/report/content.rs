//! What a text holds: distinct items, and a mark for each occurrence.

use std::collections::HashMap;

use iocpack::policy::{Policy, Verdict as Judgement};
use iocpack::{IndicatorSet, Span};

use super::item::{Fate, Item};
use crate::row::{Row, Verdict};

/// How deep marks stand in each other. An occurrence that is deeper hangs on
/// the mark around it; browsers stop at some hundred elements in each other.
const DEEPEST: usize = 4;
/// Bytes that are shown of a candidate that was turned down.
const LONGEST: usize = 200;

/// What a text holds, in order of occurrence.
pub(super) struct Content<'p> {
    policy: &'p Policy,
    pub(super) items: Vec<Item>,
    /// The item of each occurrence.
    pub(super) occurrences: Vec<u32>,
    pub(super) marks: Vec<Mark>,
    /// What is kept.
    pub(super) set: IndicatorSet,
    by_key: HashMap<Box<str>, u32>,
    /// Ends of the marks around the last one, itself included.
    open: Vec<usize>,
    key: String,
}

/// A stretch of the text that is marked. Marks are ordered by their start;
/// one that starts within another ends within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) span: Span,
    /// The first of its occurrences; the others follow, up to those of the
    /// next mark.
    pub(super) first: u32,
}

/// How many, and in how many places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) distinct: u64,
    pub(super) places: u64,
}

/// The figures of all items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) kept: Figure,
    pub(super) held: Figure,
    pub(super) rejected: Figure,
}

impl<'p> Content<'p> {
    pub(super) fn new(policy: &'p Policy) -> Content<'p> {
        Content {
            policy,
            items: Vec::new(),
            occurrences: Vec::new(),
            marks: Vec::new(),
            set: IndicatorSet::new(),
            by_key: HashMap::new(),
            open: Vec::new(),
            key: String::new(),
        }
    }

    /// Takes the next finding.
    pub(super) fn row(&mut self, row: &Row<'_>) {
        self.mark(row.span);
        let mark = (self.marks.len() - 1) as u32;
        let item = self.item(row, mark);
        self.items[item as usize].count += 1;
        self.occurrences.push(item);
    }

    /// Makes a mark, unless the last one serves.
    fn mark(&mut self, span: Span) {
        let first = self.occurrences.len() as u32;
        if self.marks.last().is_some_and(|it| it.span == span) {
            return;
        }
        while self.open.last().is_some_and(|&end| end <= span.start) {
            self.open.pop();
        }
        // The mark around it is the last one: none is made within it.
        if self.open.len() == DEEPEST {
            return;
        }
        let around = self.open.last().copied().unwrap_or(usize::MAX);
        let span = Span { start: span.start, end: span.end.min(around) };
        self.open.push(span.end);
        self.marks.push(Mark { span, first });
    }

    /// How many distinct items there are.
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the item of a finding is there already.
    pub(super) fn knows(&mut self, row: &Row<'_>) -> bool {
        self.spell(row);
        self.by_key.contains_key(&*self.key)
    }

    /// Writes what makes an item distinct to `key`.
    fn spell(&mut self, row: &Row<'_>) {
        self.key.clear();
        let raw;
        match row.verdict {
            Verdict::Match => {
                self.key.push_str(row.type_name);
                self.key.push(' ');
                self.key.push_str(&row.value);
            }
            Verdict::Rejected(code) => {
                raw = shown(&row.raw);
                // Blanks in front: no type starts so.
                self.key.push(' ');
                self.key.push_str(row.type_name);
                self.key.push(' ');
                self.key.push_str(code);
                self.key.push(' ');
                self.key.push_str(&raw);
            }
        }
    }

    /// The item of a finding, a new one if need be.
    fn item(&mut self, row: &Row<'_>, mark: u32) -> u32 {
        self.spell(row);
        if let Some(&at) = self.by_key.get(&*self.key) {
            return at;
        }
        let at = self.items.len() as u32;
        self.by_key.insert(self.key.as_str().into(), at);
        let (value, fate) = match row.verdict {
            Verdict::Rejected(code) => {
                (shown(&row.raw), Fate::Rejected { code })
            }
            Verdict::Match => {
                let indicator = row.indicator();
                let fate = match self.policy.judge(&indicator) {
                    Judgement::Keep => Fate::Kept,
                    Judgement::Hold(hold) => Fate::Held {
                        code: hold.reason().code(),
                        rule: hold.rule().to_owned(),
                        help: hold.reason().help(),
                    },
                };
                if fate == Fate::Kept {
                    self.set.insert(indicator);
                }
                (row.value.clone().into_owned(), fate)
            }
        };
        self.items.push(Item {
            type_name: row.type_name,
            value,
            fate,
            count: 0,
            mark,
            line: row.line,
            flags: row.flags,
        });
        at
    }

    /// Holds an item that is kept.
    pub(super) fn hold(
        &mut self,
        type_name: &str,
        value: &str,
        code: &'static str,
    ) {
        let key = format!("{type_name} {value}");
        if let Some(&at) = self.by_key.get(&*key) {
            self.items[at as usize].fate =
                Fate::Held { code, rule: String::new(), help: "" };
        }
    }

    /// The items of a mark: at least one.
    pub(super) fn items_of(&self, mark: usize) -> &[u32] {
        let first = self.marks[mark].first as usize;
        let end = self
            .marks
            .get(mark + 1)
            .map_or(self.occurrences.len(), |next| next.first as usize);
        &self.occurrences[first..end]
    }

    /// The item that gives a mark its looks.
    pub(super) fn main_item(&self, mark: usize) -> &Item {
        let first = self.marks[mark].first as usize;
        &self.items[self.occurrences[first] as usize]
    }

    pub(super) fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for item in &self.items {
            let figure = match item.fate {
                Fate::Kept => &mut figures.kept,
                Fate::Held { .. } => &mut figures.held,
                Fate::Rejected { .. } => &mut figures.rejected,
            };
            figure.distinct += 1;
            figure.places += item.count;
        }
        figures
    }
}

/// The text of a candidate that was turned down, as it is listed: cut, and
/// what is no UTF-8 replaced.
fn shown(raw: &[u8]) -> String {
    if raw.len() <= LONGEST {
        return String::from_utf8_lossy(raw).into_owned();
    }
    let cut = (LONGEST - 3..=LONGEST)
        .rev()
        .find(|&at| raw[at] & 0xc0 != 0x80)
        .unwrap_or(LONGEST);
    format!("{}…", String::from_utf8_lossy(&raw[..cut]))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use iocpack::scan::Flags;

    use super::*;

    fn content<'p>(
        policy: &'p Policy,
        spans: &[(usize, usize)],
    ) -> Content<'p> {
        let mut content = Content::new(policy);
        for &(start, end) in spans {
            content.row(&Row {
                verdict: Verdict::Match,
                type_name: "domain",
                value: Cow::Owned(format!("d{start}-{end}.example.com")),
                raw: Cow::Borrowed(b""),
                line: 1,
                span: Span { start, end },
                flags: Flags::NONE,
                context: None,
            });
        }
        content
    }

    #[test]
    fn marks_stand_in_each_other_up_to_a_depth() {
        let policy = Policy::new();
        let deep: Vec<(usize, usize)> = (0..9).map(|i| (i, 50)).collect();
        let content = content(&policy, &[&deep[..], &[(60, 70)]].concat());
        assert_eq!(content.marks.len(), DEEPEST + 1);
        assert_eq!(content.items_of(DEEPEST - 1), [3, 4, 5, 6, 7, 8]);
        assert_eq!(content.items_of(DEEPEST), [9]);
        // Each item knows the mark that it hangs on.
        assert_eq!(content.items[8].mark as usize, DEEPEST - 1);
        assert_eq!(content.items[9].mark as usize, DEEPEST);
    }

    #[test]
    fn a_mark_ends_within_the_one_around_it() {
        let policy = Policy::new();
        let content = content(&policy, &[(0, 10), (5, 20), (10, 12)]);
        let spans: Vec<Span> =
            content.marks.iter().map(|it| it.span).collect();
        let span = |start, end| Span { start, end };
        assert_eq!(spans, [span(0, 10), span(5, 10), span(10, 12)]);
    }

    #[test]
    fn a_candidate_that_is_long_is_cut_between_characters() {
        let long = "é".repeat(LONGEST);
        assert_eq!(shown(long.as_bytes()), "é".repeat(LONGEST / 2) + "…");
        assert_eq!(shown(b"a\xff"), "a\u{fffd}");
    }
}
