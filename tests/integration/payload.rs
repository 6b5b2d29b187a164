//! Bodies, byte for byte.

use iocpack::payload::{
    self, Collection, CollectionId, Relationship, Visibility,
};
use iocpack::{Indicator, IndicatorSet, Kind};

pub(crate) fn set(items: &[(Kind, &str)]) -> IndicatorSet {
    items
        .iter()
        .map(|(kind, value)| Indicator::parse(*kind, value).unwrap())
        .collect()
}

#[test]
fn creating_writes_the_body_of_the_example() {
    let set =
        set(&[(Kind::Domain, "evil.example"), (Kind::Ip, "203.0.113.9")]);
    let request = Collection::new()
        .name("Campaign 7")
        .description("Phishing wave")
        .create(&set)
        .unwrap();
    println!("{}", request.body.clone().unwrap());
    println!("{}", request.pretty_body().unwrap());
    let id = CollectionId::parse("abc").unwrap();
    let request = Collection::new()
        .name("x")
        .visibility(Visibility::Public)
        .update(&id, &IndicatorSet::new());
    println!("{:?}", request);
    let request = Collection::new().update(&id, &set);
    println!("{:?}", request);
    let request = payload::remove(&id, Relationship::Domains, &set);
    println!("{:?}", request);
}
