//! What `pack` says on stderr: a line for each hold, a table, the cost.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::time::Duration;

use iocpack::payload::Plan;
use iocpack::{Counts, Indicator, Kind};

use crate::talk::escape;

/// An indicator that is not sent.
#[derive(Debug)]
pub(crate) struct Held {
    kind: Kind,
    type_name: &'static str,
    value: String,
    reason: &'static str,
    /// The rule, for people; may be empty.
    why: String,
}

impl Held {
    /// `held<TAB>reason<TAB>type<TAB>value`, then the rule if there is one.
    pub(crate) fn line(&self) -> String {
        let Held { type_name, value, reason, why, .. } = self;
        let value = escape(value.as_bytes());
        let mut line = format!("held\t{reason}\t{type_name}\t{value}");
        if !why.is_empty() {
            let _ = write!(line, "\t{}", escape(why.as_bytes()));
        }
        line
    }

    pub(crate) fn new(
        indicator: &Indicator,
        reason: &'static str,
        why: String,
    ) -> Held {
        Held {
            kind: indicator.kind(),
            type_name: indicator.type_name(),
            value: indicator.to_string(),
            reason,
            why,
        }
    }
}

/// The figures of a run.
pub(crate) struct Summary<'a> {
    /// Occurrences.
    pub(crate) found: Counts,
    /// Distinct indicators.
    pub(crate) unique: Counts,
    pub(crate) held: &'a [Held],
    /// Candidates that were turned down.
    pub(crate) rejected: Counts,
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) rate: NonZeroU32,
}

impl Summary<'_> {
    /// Lines without a newline at the end.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for held in self.held {
            text.push_str(&held.line());
            text.push('\n');
        }
        self.table(&mut text);
        let requests = self.plan.len();
        let s = if requests == 1 { "" } else { "s" };
        let time = self.plan.minimum_time(self.rate);
        let _ = write!(
            text,
            "{requests} request{s}, quota cost {}, at least {} at {} per \
             minute",
            self.plan.cost(),
            human(time),
            self.rate
        );
        if let Some(first) = self.plan.requests().next() {
            let more = if requests > 1 { ", then more" } else { "" };
            let (method, path) = (first.method, first.path);
            let _ = write!(text, "\nsend with {method} {path}{more}");
        }
        text
    }

    fn table(&self, text: &mut String) {
        let held =
            |kind| self.held.iter().filter(|it| it.kind == kind).count();
        // What is not held is in the plan, to be added or removed.
        let sent = |kind| self.unique.of(kind) - held(kind);
        let _ = writeln!(
            text,
            "{:<8}{:>9}{:>9}{:>9}{:>9}{:>9}",
            "", "found", "unique", "held", "rejected", "sent"
        );
        let mut row = |name: &str, figures: [usize; 5]| {
            let _ = write!(text, "{name:<8}");
            for figure in figures {
                let _ = write!(text, "{figure:>9}");
            }
            text.push('\n');
        };
        for kind in Kind::ALL {
            row(
                kind.as_str(),
                [
                    self.found.of(kind),
                    self.unique.of(kind),
                    held(kind),
                    self.rejected.of(kind),
                    sent(kind),
                ],
            );
        }
        row(
            "all",
            [
                self.found.total(),
                self.unique.total(),
                self.held.len(),
                self.rejected.total(),
                self.unique.total() - self.held.len(),
            ],
        );
    }
}

/// `0 s`, `1 min 15 s`, `2 h 5 min`.
pub(crate) fn human(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, min, 0) => format!("{min} min"),
        (0, min, s) => format!("{min} min {s} s"),
        (h, min, _) => format!("{h} h {min} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short_and_rounded_up() {
        let shown = |ms| human(Duration::from_millis(ms));
        assert_eq!(shown(0), "0 s");
        assert_eq!(shown(14_001), "15 s");
        assert_eq!(shown(75_000), "1 min 15 s");
        assert_eq!(shown(120_000), "2 min");
        assert_eq!(shown(7_500_000), "2 h 5 min");
    }
}
