//! What is said while requests are sent: lines, and on a terminal a line
//! that is drawn over itself.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use iocpack::payload::{Plan, Request};
use iocpack::submit::Event;

use crate::pack::summary::human;
use crate::talk::{Talk, escape};

/// Tells of events.
pub(super) struct Progress<'t> {
    talk: &'t Talk,
    /// The time between two requests.
    interval: Duration,
    /// Whether a line is drawn over itself.
    shown: bool,
    drawn: bool,
    /// Items in each request of the plan.
    items: Vec<usize>,
}

impl<'t> Progress<'t> {
    pub(super) fn new(
        talk: &'t Talk,
        interval: Duration,
        plan: Option<&Plan<'_>>,
    ) -> Progress<'t> {
        let shown = plan.is_some()
            && io::stderr().is_terminal()
            && !talk.is_quiet()
            && !talk.is_verbose();
        let items = match plan {
            Some(plan) if shown => {
                plan.requests().map(|it| items_in(&it)).collect()
            }
            _ => Vec::new(),
        };
        Progress { talk, interval, shown, drawn: false, items }
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Sending {
                at, of, request, attempt, left_today, ..
            } => {
                if self.talk.is_verbose() {
                    let again = match attempt {
                        1 => String::new(),
                        n => format!(", attempt {n}"),
                    };
                    let (at, line) = (at + 1, line(request));
                    self.note(&format!("request {at} of {of}: {line}{again}"));
                } else if self.shown {
                    self.draw(*at, *of, *left_today);
                }
            }
            // Who waits for a turn at 4 a minute need not be told each time.
            Event::Waiting { time, why }
                if self.talk.is_verbose() || *why != "rate" =>
            {
                let why = escape(why.as_bytes());
                self.note(&format!("waiting {} ({why})", human(*time)));
            }
            Event::Warning(text) => {
                self.note(&format!("warning: {}", escape(text.as_bytes())));
            }
            Event::Done { at, of } if at + 1 == *of => self.clear(),
            _ => {}
        }
    }

    fn note(&mut self, text: &str) {
        self.clear();
        self.talk.note(text);
    }

    fn draw(&mut self, at: usize, of: usize, left_today: Option<u64>) {
        let line = self.line(at, of, left_today);
        let _ = write!(io::stderr(), "\r\x1b[2K{line}");
        let _ = io::stderr().flush();
        self.drawn = true;
    }

    /// `request 3 of 30, 40 of 600 items, 6 min 45 s left`.
    fn line(&self, at: usize, of: usize, left_today: Option<u64>) -> String {
        let sum = |items: &[usize]| items.iter().sum::<usize>();
        let done = sum(self.items.get(..at).unwrap_or_default());
        let waits = of.saturating_sub(at + 1) as u32;
        let time = human(self.interval.saturating_mul(waits));
        let quota = left_today
            .map_or_else(String::new, |n| format!(", {n} requests today"));
        format!(
            "request {} of {of}, {done} of {} items, {time}{quota} left",
            at + 1,
            sum(&self.items)
        )
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A request in a few words.
fn line(request: &Request) -> String {
    let path = escape(request.path.as_bytes());
    match &request.body {
        Some(body) => {
            format!("{} {path}, {} bytes", request.method, body.len())
        }
        None => format!("{} {path}", request.method),
    }
}

/// How many items a body names, by the look of it: for people to see that
/// something goes on.
fn items_in(request: &Request) -> usize {
    let body = request.body.as_deref().unwrap_or_default();
    match body.split_once("\"raw_items\":\"") {
        Some((_, text)) => text.matches("\\n").count() + 1,
        None => {
            body.matches("{\"type\":\"").count()
                - usize::from(body.starts_with("{\"data\":{\"type\":\""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_and_how_long() {
        let talk = Talk::silent();
        let progress = Progress {
            talk: &talk,
            interval: Duration::from_secs(15),
            shown: true,
            drawn: false,
            items: vec![20; 30],
        };
        assert_eq!(
            progress.line(2, 30, None),
            "request 3 of 30, 40 of 600 items, 6 min 45 s left"
        );
        assert_eq!(
            progress.line(29, 30, Some(7)),
            "request 30 of 30, 580 of 600 items, 0 s, 7 requests today left"
        );
    }
}
