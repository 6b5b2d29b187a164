//! Twice gives what once gives, and offsets lead back into the text.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let once = iocpack::refang(text);
    for at in 0..=once.text().len() {
        assert!(once.offset(at) <= text.len());
    }
    let twice = iocpack::refang(once.text());
    assert_eq!(twice.text(), once.text());
});
