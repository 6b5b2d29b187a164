//! The laws of sets of indicators.

use iocpack::{Counts, Indicator, IndicatorSet, Kind, Limits, Scanner, Span};
use proptest::prelude::*;

/// Few values, so that repetitions are common, some in several spellings.
pub(crate) fn indicators() -> impl Strategy<Value = Vec<Indicator>> {
    let one = prop_oneof![
        (0..20_u8, any::<bool>()).prop_map(|(n, upper)| {
            let name = format!("host{n}.example.com");
            let name = if upper { name.to_uppercase() } else { name };
            Indicator::parse(Kind::Domain, &name).unwrap()
        }),
        (0..20_u8, 0..3_u8).prop_map(|(n, form)| {
            let port = if form == 0 { ":80" } else { "" };
            let end = if form == 1 { "#top" } else { "" };
            let url = format!("http://example.com{port}/{n}?q=\"{n}\"{end}");
            Indicator::parse(Kind::Url, &url).unwrap()
        }),
        (0..40_u8).prop_map(|n| Indicator::Ip([192, 0, 2, n * 6].into())),
        (0..10_u16).prop_map(|n| {
            let ip = [0x2001, 0xdb8, 0, 0, 0, 0, n * 900, n];
            Indicator::Ip(ip.into())
        }),
        (0..10_u8, 0..3_usize).prop_map(|(n, kind)| {
            let digits = [32, 40, 64][kind];
            let hash = format!("{:0>digits$}", format!("{n:x}b"));
            Indicator::parse(Kind::Hash, &hash).unwrap()
        }),
    ];
    prop::collection::vec(one, 0..200)
}

proptest! {
    #[test]
    fn a_set_ignores_the_order_of_insertion(
        items in indicators(),
        seed in any::<usize>(),
    ) {
        let forward: IndicatorSet = items.iter().cloned().collect();
        let mut turned = items.clone();
        turned.rotate_left(seed % items.len().max(1));
        turned.reverse();
        let other: IndicatorSet = turned.into_iter().collect();
        prop_assert_eq!(&forward, &other);
        // Also in what equality does not look at.
        for entry in &forward {
            let twin = other.entry(entry.indicator()).unwrap();
            let certainty = |it: &Indicator| match it {
                Indicator::Url(url) => Some(url.id().certainty()),
                _ => None,
            };
            prop_assert_eq!(
                certainty(entry.indicator()),
                certainty(twin.indicator())
            );
        }
    }

    #[test]
    fn a_set_agrees_with_a_list_without_repetitions(items in indicators()) {
        let set: IndicatorSet = items.iter().cloned().collect();
        let mut list: Vec<(Indicator, u64)> = Vec::new();
        for item in items {
            match list.iter_mut().find(|it| it.0 == item) {
                Some(known) => known.1 += 1,
                None => list.push((item, 1)),
            }
        }
        let found: Vec<_> = set
            .iter()
            .map(|it| (it.indicator().clone(), it.count()))
            .collect();
        prop_assert_eq!(&found, &list);
        let mut counts = Counts::default();
        for (item, _) in &list {
            match item.kind() {
                Kind::Domain => counts.domains += 1,
                Kind::Url => counts.urls += 1,
                Kind::Ip => counts.ips += 1,
                _ => counts.hashes += 1,
            }
        }
        prop_assert_eq!(set.counts(), counts);
        prop_assert_eq!(set.len(), counts.total());
    }

    #[test]
    fn merging_is_inserting_one_after_the_other(
        one in indicators(),
        two in indicators(),
    ) {
        let mut merged: IndicatorSet = one.iter().cloned().collect();
        merged.merge(two.iter().cloned().collect());
        let whole: IndicatorSet = one.into_iter().chain(two).collect();
        prop_assert_eq!(&merged, &whole);
        prop_assert!(merged.iter().eq(whole.iter()));
    }

    #[test]
    fn retaining_is_never_having_inserted(items in indicators()) {
        let keep = |it: &Indicator| it.to_string().len().is_multiple_of(2);
        let mut kept: IndicatorSet = items.iter().cloned().collect();
        kept.retain(keep);
        let whole: IndicatorSet = items.into_iter().filter(keep).collect();
        prop_assert_eq!(&kept, &whole);
        prop_assert!(kept.iter().eq(whole.iter()));
    }
}

#[test]
fn spellings_of_one_indicator_are_one_entry() {
    let text = "EVIL[.]example evil.example. hxxp://evil[.]example \
                http://evil.example/#top D41D8CD98F00B204E9800998ECF8427E \
                d41d8cd98f00b204e9800998ecf8427e 192[.]0[.]2[.]1 192.0.2.1";
    let mut set = IndicatorSet::new();
    let fresh: Vec<bool> = Scanner::new()
        .find_iter(text)
        .map(|found| set.insert_match(&found))
        .collect();
    assert_eq!(fresh, [true, false, true, false, true, false, true, false]);
    assert_eq!(set.len(), 4);
    assert!(set.iter().all(|it| it.count() == 2));
    let first = set.iter().next().unwrap().first().unwrap();
    assert_eq!(&text[first.range()], "EVIL[.]example");
}

#[test]
fn the_first_place_stays_and_comes_late_to_an_entry_without_one() {
    let evil = Indicator::parse(Kind::Domain, "evil.example").unwrap();
    let mut set = IndicatorSet::new();
    set.insert(evil.clone());
    assert_eq!(set.entry(&evil).unwrap().first(), None);
    for found in Scanner::new().find_iter("at evil.example, evil.example") {
        set.insert_match(&found);
    }
    let entry = set.entry(&evil).unwrap();
    assert_eq!(entry.first(), Some(Span { start: 3, end: 15 }));
    assert_eq!(entry.count(), 3);
}

#[test]
fn the_surest_spelling_of_a_url_stays() {
    let parse = |url: &str| Indicator::parse(Kind::Url, url).unwrap();
    let unsure = parse("http://example.com:80/");
    let sure = parse("http://example.com/");
    for list in [[&unsure, &sure], [&sure, &unsure]] {
        let set: IndicatorSet = list.into_iter().cloned().collect();
        let url = set.urls().next().unwrap();
        assert_eq!(url.id().certainty().as_str(), "proven");
    }
    let mut set = IndicatorSet::new();
    for found in
        Scanner::new().find_iter("http://example.com:80/ http://example.com/")
    {
        set.insert_match(&found);
    }
    let url = set.urls().next().unwrap();
    assert_eq!(url.id().certainty().as_str(), "proven");
}

#[test]
fn each_kind_lists_its_own() {
    let text = "evil.example http://evil.example/a 192.0.2.1 2001:db8::1 \
                d41d8cd98f00b204e9800998ecf8427e";
    let set: IndicatorSet = Scanner::new().find_iter(text).collect();
    assert_eq!(set.domains().next().unwrap().as_str(), "evil.example");
    assert_eq!(set.urls().next().unwrap().as_str(), "http://evil.example/a");
    let ips: Vec<_> = set.ips().map(|it| it.to_string()).collect();
    assert_eq!(ips, ["192.0.2.1", "2001:db8::1"]);
    assert_eq!(set.hashes().count(), 1);
    assert_eq!(set.counts().total(), 5);
    let debug = format!("{set:?}");
    assert!(!debug.contains("RandomState"), "{debug}");
}

#[test]
fn one_indicator_more_than_the_limit_is_refused_and_loses_nothing() {
    let name = |text| Indicator::parse(Kind::Domain, text).unwrap();
    let mut limits = Limits::default();
    assert_eq!(limits.uniques, 20_000_000);
    limits.uniques = 2;
    let mut set = IndicatorSet::new();
    assert!(set.try_insert(name("a.example.com"), limits).unwrap());
    assert!(set.try_insert(name("b.example.com"), limits).unwrap());
    let err = set.try_insert(name("c.example.com"), limits).unwrap_err();
    assert!(err.is_limit());
    assert!(err.to_string().contains("c.example.com is one more than 2"));
    // What is known already is counted on.
    assert!(!set.try_insert(name("a.example.com"), limits).unwrap());
    let counts: Vec<u64> = set.iter().map(iocpack::Entry::count).collect();
    assert_eq!(counts, [2, 1]);
}
