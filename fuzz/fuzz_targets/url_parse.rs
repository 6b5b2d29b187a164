//! A canonical URL is its own canonical form, and keeps its id.
#![no_main]

use iocpack::Url;

libfuzzer_sys::fuzz_target!(|value: &[u8]| {
    let Ok(url) = Url::parse_bytes(value) else { return };
    let again = Url::parse(url.as_str()).expect("a canonical URL is valid");
    assert_eq!(again, url);
    assert_eq!(again.id(), url.id());
});
