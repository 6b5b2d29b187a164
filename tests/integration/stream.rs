//! Any chunking of a stream gives what the whole text gives.

use std::io::{self, Read};
use std::ops::ControlFlow;

use iocpack::{Finding, Scanner};

const REPORT: &[u8] = include_bytes!("../data/sample-report.txt");

/// A reader that returns at most `size` bytes at a time, and is interrupted
/// now and then, as system calls are.
struct Drip<'t> {
    text: &'t [u8],
    size: usize,
    calls: usize,
}

impl Read for Drip<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(7) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = self.size.min(buf.len()).min(self.text.len());
        let (now, later) = self.text.split_at(n);
        buf[..n].copy_from_slice(now);
        self.text = later;
        Ok(n)
    }
}

fn show(finding: &Finding<'_>) -> String {
    format!("{finding:?}")
}

fn streamed(scanner: &Scanner, text: &[u8], size: usize) -> Vec<String> {
    let mut out = Vec::new();
    scanner
        .scan_reader_findings(Drip { text, size, calls: 0 }, |finding| {
            out.push(show(&finding));
            ControlFlow::Continue(())
        })
        .unwrap();
    out
}

#[test]
fn every_read_size_gives_the_findings_of_the_whole() {
    let scanner = Scanner::new();
    let whole: Vec<String> =
        scanner.findings(REPORT).map(|it| show(&it)).collect();
    assert!(whole.len() > 20, "the sample report holds {}", whole.len());
    for size in 1..=64 {
        assert_eq!(streamed(&scanner, REPORT, size), whole, "size {size}");
    }
}

#[test]
fn offsets_go_on_over_a_long_stream() {
    let scanner = Scanner::new();
    let text = REPORT.repeat(400);
    let whole: Vec<String> =
        scanner.findings(&text).map(|it| show(&it)).collect();
    for size in [4093, 1 << 16, text.len()] {
        let got = streamed(&scanner, &text, size);
        assert_eq!(got.len(), whole.len(), "size {size}");
        let first = got.iter().zip(&whole).find(|(a, b)| a != b);
        assert_eq!(first, None, "size {size}");
    }
}

#[test]
fn a_caller_can_stop_a_stream_that_never_ends() {
    let endless = io::repeat(b' ')
        .take(1000)
        .chain(&b"see google.com and "[..])
        .chain(io::repeat(b' ').take(1 << 24));
    let mut seen = 0;
    Scanner::new()
        .scan_reader(endless, |_| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(seen, 1);
}

#[test]
fn what_reading_fails_with_comes_back() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let text = &b"see google.com. "[..];
    let err = Scanner::new()
        .scan_reader(text.chain(Fails), |_| ControlFlow::Continue(()))
        .unwrap_err();
    assert!(err.is_io());
    assert_eq!(err.to_string(), "the disk is on fire");
}
