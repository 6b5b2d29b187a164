//! Hostile texts: for each family the time at n and at 2n bytes. Linear means
//! a ratio near 2.
//!
//! `cargo bench --bench families [-- MIN]` prints the families whose ratio is
//! above 2.2 or whose speed is below MIN MB/s (50 by default), then the worst.

#![allow(missing_docs)]

use std::time::{Duration, Instant};

use iocpack::Scanner;

/// Bytes of the shorter text.
const SIZE: usize = 1 << 20;

const UNITS: [&str; 66] = [
    "a",
    "a.",
    "aa.",
    "a-",
    "a.1.1.1.1.",
    "1.1.1.1.a1.",
    "-",
    ".",
    "..",
    "1",
    "1.",
    "1.1.1.1.",
    "999.",
    "1:",
    "::",
    "f:",
    "deadbeef",
    "[.]",
    "a[.]",
    "[dot]",
    "a dot ",
    "[[[",
    "]]]",
    "(.)",
    "{.}",
    "hxxp://",
    "http://a",
    "http://a/",
    "http://a@",
    "://",
    "%25",
    "%2e",
    "@",
    "a@",
    "a@a.",
    "xn--",
    "xn--a.",
    "e\u{301}.",
    "a\u{3002}",
    "\u{200b}",
    "\\",
    "`",
    "YWJj",
    "a,",
    "a.com,",
    "a.com/",
    "a.com ",
    "http://a.com,x,",
    "http://a.com/(",
    "a_.",
    "a.py ",
    "x.id\n",
    "1.2.3.4 ",
    "::1 ",
    "1:2:",
    "a@b.com ",
    "a.com:80 ",
    "a&#46;",
    "-dot-",
    "aDOT",
    "h**p://",
    "a[:]",
    "[:]//",
    "http ://",
    "\u{65e5}\u{672c}.",
    "aHR0cDovL2",
];

/// The shorter of two runs over `text`.
fn time(text: &[u8]) -> Duration {
    let scanner = Scanner::new();
    let run = || {
        let start = Instant::now();
        let found = scanner.findings(text).count();
        assert!(found <= text.len(), "at most one finding a byte");
        start.elapsed()
    };
    run().min(run())
}

fn repeat(unit: &str, len: usize) -> Vec<u8> {
    unit.bytes().cycle().take(len).collect()
}

fn main() {
    let min = std::env::args().find_map(|arg| arg.parse::<f64>().ok());
    let min = min.unwrap_or(50.0);
    let hex = "0123456789abcdef".repeat(5);
    let runs = [31, 32, 33, 39, 40, 41, 63, 64, 65];
    let runs = runs.map(|len| format!("{} ", &hex[..len]));
    let units = UNITS.iter().copied().chain(runs.iter().map(String::as_str));
    let (mut slowest, mut steepest) = (f64::MAX, 0_f64);
    for unit in units {
        let once = time(&repeat(unit, SIZE)).as_secs_f64();
        let twice = time(&repeat(unit, 2 * SIZE)).as_secs_f64();
        let ratio = twice / once;
        let speed = 2.0 * 1.048_576 / twice;
        slowest = slowest.min(speed);
        steepest = steepest.max(ratio);
        if ratio > 2.2 || speed < min {
            println!("{:24} {ratio:.2} {speed:6.0} MB/s", unit.escape_debug());
        }
    }
    println!("worst: ratio {steepest:.2}, {slowest:.0} MB/s");
}
