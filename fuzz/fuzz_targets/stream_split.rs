//! A stream cut anywhere gives what the whole text gives.
#![no_main]

use std::io::Read as _;
use std::ops::ControlFlow::Continue;

libfuzzer_sys::fuzz_target!(|input: (u16, &[u8])| {
    let (at, text) = (usize::from(input.0).min(input.1.len()), input.1);
    let scanner = iocpack::Scanner::new();
    let mut found = scanner.findings(text);
    let rdr = text[..at].chain(&text[at..]);
    let read = scanner.scan_reader_findings(rdr, |it| {
        assert_eq!(found.next(), Some(it));
        Continue(())
    });
    read.expect("slices do not fail");
    assert_eq!(found.next(), None);
});
