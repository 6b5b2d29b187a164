//! A canonical text scans back to the same indicator.
#![no_main]

use iocpack::{Scanner, Strictness};

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let scanner = Scanner::builder().strictness(Strictness::Loose).build();
    for found in scanner.find_iter(text) {
        let canonical = found.canonical().into_owned();
        let again = scanner.find_iter(&canonical).next();
        let again = again.map(|it| it.to_indicator());
        assert_eq!(again, Some(found.to_indicator()), "{canonical}");
    }
});
