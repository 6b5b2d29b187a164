//! Spans are ordered and disjoint, and the raw text is the slice.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let mut end = 0;
    for finding in iocpack::Scanner::new().findings(text) {
        let span = finding.span();
        assert!(end <= span.start && !span.is_empty());
        assert_eq!(&text[span.range()], finding.raw());
        end = span.end;
    }
});
