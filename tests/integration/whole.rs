//! One text through every part of the library, in one test each: what an
//! interpreter such as miri can run in a minute, and what a sanitizer is
//! shown first.

use std::ops::ControlFlow;

use iocpack::payload::{Collection, Options, Plan, interchange, lint};
use iocpack::{IndicatorSet, Policy, Scanner, Strictness, raw_items, refang};

/// Something for each reader of the scanner, and bytes that are no text.
const TEXT: &[u8] = b"c2: hxxps://login[.]example[.]com:8443/a?b=1#c, \
    192[.]0[.]2[.]7 and 2001:db8::57 (d41d8cd98f00b204e9800998ecf8427f)\n\
    mail bob@example.org; see notes.md, v1.2.3.4.5; p\xd0\xb0ypal.example.net\n\
    http://user:pw@0x7f.1/x//y/../z \xff\xfe\x00 ev\xe2\x80\x8bil.example.com\n\
    aHR0cDovL2V4YW1wbGUuY29tL2E= 687474703a2f2f6578616d706c652e636f6d2f61\n\
    CA9ED13E6156870196491CB93B61B5B4 10.0.0.0/8 evil dot example dot com\n\
    http%3A%2F%2Fexample.net%2Fq xn--a.example.com www.example.co.uk";

#[test]
fn one_text_is_scanned_at_every_offset_and_in_pieces() {
    let scanner = Scanner::new();
    let whole: Vec<_> = scanner.findings(TEXT).collect();
    assert!(whole.len() > 10, "{whole:?}");
    // The vector code starts at any alignment.
    let starts = if cfg!(miri) { 3 } else { 64 };
    for start in 0..starts {
        let text = [&vec![b' '; start][..], TEXT].concat();
        let shifted: Vec<_> = scanner.findings(&text).collect();
        assert_eq!(shifted.len(), whole.len());
        for (a, b) in whole.iter().zip(&shifted) {
            assert_eq!(a.raw(), b.raw());
            assert_eq!(a.span().start + start, b.span().start);
        }
    }
    // And ends anywhere.
    let step = if cfg!(miri) { 97 } else { 1 };
    for end in (0..TEXT.len()).step_by(step) {
        let text = TEXT[..end].to_vec().into_boxed_slice();
        for finding in scanner.findings(&text) {
            assert_eq!(&text[finding.span().range()], finding.raw());
        }
    }
    let scanner = Scanner::builder().block_size(16).build();
    let mut seen = 0;
    let read = scanner.scan_reader_findings(TEXT, |it| {
        assert_eq!(it, whole[seen]);
        seen += 1;
        ControlFlow::Continue(())
    });
    assert!(read.is_ok() && seen == whole.len());
}

#[test]
fn one_text_becomes_requests_tables_and_reports() {
    let loose = Scanner::builder()
        .strictness(Strictness::Loose)
        .email_domains(true)
        .inner_urls(true)
        .build();
    let mut set: IndicatorSet = loose.find_iter(TEXT).collect();
    let other: IndicatorSet = Scanner::new().find_iter(TEXT).collect();
    set.extend(other);
    let all = set.len();
    let policy = Policy::new();
    set.retain(|it| policy.judge(it).is_keep());
    assert!(set.len() < all && !set.is_empty());
    let mut about = Collection::new();
    about.name("a").description("b");
    let mut options = Options::new();
    options.max_items(2);
    let plan = Plan::create(&about, &set, &options).unwrap();
    assert!(plan.len() > 1);
    for request in plan.requests() {
        assert!(lint(request.body.unwrap().as_bytes()).is_clean());
    }
    let mut table = Vec::new();
    interchange::csv(&set, &mut table).unwrap();
    assert_eq!(table.split(|b| *b == b'\n').count(), set.len() + 2);
    let report = raw_items::check(TEXT);
    assert!(!report.findings().is_empty());
    let once = refang(TEXT).into_text().into_owned();
    assert_eq!(refang(&once).into_text(), once);
}

#[test]
fn every_byte_anywhere_in_a_text_is_survived() {
    let scanner = Scanner::new();
    let (bytes, places) = if cfg!(miri) { (64, 150) } else { (1, 16) };
    for at in (0..TEXT.len()).step_by(places) {
        for byte in (0..=255_u8).step_by(bytes) {
            let text = [&TEXT[..at], &[byte], &TEXT[at..]].concat();
            let mut last = Vec::new();
            for finding in scanner.findings(&text) {
                assert_eq!(&text[finding.span().range()], finding.raw());
                last = finding.raw().to_vec();
            }
            // What stands far behind it is found all the same.
            assert!(at + 40 > TEXT.len() || last == b"www.example.co.uk");
        }
    }
}

#[test]
fn nothing_recurses_on_what_is_nested() {
    let size = if cfg!(miri) { 1 << 10 } else { 1 << 18 };
    let run = move || {
        for unit in [
            "[",
            "]",
            "(",
            "{",
            "[[[.]]]",
            "[.",
            "http://",
            "http://[",
            "a[.]",
            "%25",
            "{\"data\":",
            "{\"data\":[",
            "[[",
            "&amp;",
            "\\u",
        ] {
            let text = unit.repeat(size / unit.len());
            let found = Scanner::new().findings(&text).count();
            assert!(found <= text.len());
            let _ = refang(&text).text().len();
            assert!(!lint(text.as_bytes()).is_clean());
            let _ = raw_items::check(&text[..size / 16]).findings().len();
        }
    };
    // A frame for each of 262,144 brackets would not fit.
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    small.spawn(run).unwrap().join().unwrap();
}
