//! The law is where its property is: `tests/integration/targets.rs`.
#![no_main]

#[allow(dead_code, reason = "each target calls one law")]
#[path = "../../tests/integration/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::url_parse(data));
