//! A plan sends or holds each item of a set, whatever the limits.
#![no_main]

use iocpack::payload::{Collection, Options, Plan};

libfuzzer_sys::fuzz_target!(|input: (u8, u16, &[u8])| {
    let set: iocpack::IndicatorSet =
        iocpack::Scanner::new().find_iter(input.2).collect();
    let (items, bytes) = (usize::from(input.0) + 1, usize::from(input.1));
    let mut options = Options::new();
    options.max_items(items).max_bytes(bytes);
    let mut about = Collection::new();
    about.name("a").description("b");
    let Ok(plan) = Plan::create(&about, &set, &options) else { return };
    assert_eq!(plan.counts().total() + plan.holds().count(), set.len());
    assert!(plan.requests().all(|it| it.body.unwrap().len() <= bytes));
});
