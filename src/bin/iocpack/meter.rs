//! Progress of long work: one line on stderr, drawn over itself.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::talk::say;

/// Time before the first line, so that short work shows none, and between
/// lines.
const STEP: Duration = Duration::from_millis(250);

/// Counts bytes, and shows them now and then. Shared by threads.
#[derive(Debug)]
pub(crate) struct Meter {
    shown: bool,
    start: Instant,
    /// Bytes read.
    read: AtomicU64,
    /// Indicators found.
    found: AtomicU64,
    /// Bytes to be read; 0 is unknown.
    total: AtomicU64,
    /// Milliseconds after the start at which a line is due.
    due: AtomicU64,
    /// Whether a line stands on the terminal.
    drawn: AtomicBool,
}

impl Meter {
    pub(crate) fn new(shown: bool) -> Meter {
        Meter {
            shown,
            start: Instant::now(),
            read: AtomicU64::new(0),
            found: AtomicU64::new(0),
            total: AtomicU64::new(0),
            due: AtomicU64::new(millis(STEP)),
            drawn: AtomicBool::new(false),
        }
    }

    /// Whether lines are shown at all.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown
    }

    /// Says how many bytes there are.
    pub(crate) fn expect(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Counts an indicator.
    pub(crate) fn found(&self) {
        if self.shown {
            self.found.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts bytes, and draws a line when it is due.
    pub(crate) fn add(&self, bytes: u64) {
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if !self.shown {
            return;
        }
        let now = self.start.elapsed();
        let due = self.due.load(Ordering::Relaxed);
        if millis(now) < due {
            return;
        }
        // One thread draws; the others go on.
        let next = millis(now + STEP);
        let (ok, not) = (Ordering::Relaxed, Ordering::Relaxed);
        if self.due.compare_exchange(due, next, ok, not).is_ok() {
            let total = self.total.load(Ordering::Relaxed);
            self.drawn.store(true, Ordering::Relaxed);
            let found = self.found.load(Ordering::Relaxed);
            say(&format!("\r\x1b[K{}", line(read, total, found, now)));
        }
    }

    /// Takes the line away, and says in its place what was done.
    pub(crate) fn finish(&self) {
        if self.drawn.load(Ordering::Relaxed) {
            self.wipe();
            let time = self.start.elapsed();
            let read = self.read.load(Ordering::Relaxed);
            let found = self.found.load(Ordering::Relaxed);
            let line = line(read, 0, found, time);
            say(&format!("{line}, {} s\n", time.as_secs()));
        }
    }

    /// Takes the line away.
    pub(crate) fn wipe(&self) {
        if self.drawn.swap(false, Ordering::Relaxed) {
            say("\r\x1b[K");
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// `120.5 MB of 1000.0 MB, 60.2 MB/s, 700 found, 15 s left`.
fn line(read: u64, total: u64, found: u64, time: Duration) -> String {
    let rate = read.saturating_mul(1000) / millis(time).max(1);
    let mut text = size(read);
    if total >= read && total > 0 {
        text = format!("{text} of {}", size(total));
    }
    text = format!("{text}, {}/s, {found} found", size(rate));
    if total >= read && total > 0 && rate > 0 {
        text = format!("{text}, {} s left", (total - read).div_ceil(rate));
    }
    text
}

fn size(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// A reader that tells a meter what it reads.
pub(crate) struct Metered<'m, R> {
    rdr: R,
    meter: &'m Meter,
}

impl<'m, R> Metered<'m, R> {
    pub(crate) fn new(rdr: R, meter: &'m Meter) -> Self {
        Metered { rdr, meter }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.rdr.read(buf)?;
        self.meter.add(n as u64);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_known() {
        let second = Duration::from_secs(1);
        assert_eq!(line(2_500_000, 0, 7, second), "2.5 MB, 2.5 MB/s, 7 found");
        assert_eq!(
            line(2_500_000, 10_000_000, 7, second),
            "2.5 MB of 10.0 MB, 2.5 MB/s, 7 found, 3 s left"
        );
        let none = line(0, 0, 0, Duration::ZERO);
        assert_eq!(none, "0.0 MB, 0.0 MB/s, 0 found");
    }
}
