//! What a collection holds, and what differs.

use iocpack::payload::{CollectionId, Held, Options, Plan, Uncertain, delta};
use iocpack::{Indicator, IndicatorSet, Kind, Url};
use proptest::prelude::*;

use crate::payload::{campaign, set};
use crate::set::indicators;

fn texts(set: &IndicatorSet) -> Vec<String> {
    set.iter().map(|it| it.indicator().to_string()).collect()
}

fn held(json: &str) -> Held {
    Held::read(json.as_bytes()).unwrap()
}

/// A page that lists URLs by id.
fn page_of(urls: &[&str]) -> Held {
    let list: Vec<String> = urls
        .iter()
        .map(|url| {
            let id = Url::parse(url).unwrap().id();
            format!(r#"{{"type":"url","id":"{id}"}}"#)
        })
        .collect();
    held(&format!(r#"{{"data":[{}]}}"#, list.join(",")))
}

#[test]
fn pages_lists_bodies_and_plans_are_read() {
    let page = r#"{"data":[{"type":"domain","id":"a.example.com"}],
        "meta":{"cursor":"Cu","count":2},"links":{"self":"x"}}"#;
    let last = r#"{"data":[{"type":"domain","id":"b.example.com"}],
        "meta":{"count":2}}"#;
    assert!(!held(page).is_complete());
    for json in [
        format!("[{page},{last}]"),
        format!("{page}\n{last}\n"),
        r#"{"domains":["a.example.com","b.example.com"],"files":[]}"#
            .to_owned(),
        r#"{"data":{"type":"collection","relationships":{"domains":{"data":[
            {"type":"domain","id":"a.example.com"},
            {"type":"domain","id":"b.example.com"}]},
            "owner":{"data":{"type":"user","id":"x"}}}}}"#
            .to_owned(),
        r#"{"data":{"type":"collection","attributes":{},
            "raw_items":"a.example.com\nb.example.com"}}"#
            .to_owned(),
    ] {
        let held = held(&json);
        assert!(held.is_complete());
        assert_eq!(texts(held.items()), ["a.example.com", "b.example.com"]);
        assert!(held.unread().is_empty());
    }
}

#[test]
fn a_download_is_read_and_what_is_no_item_is_told() {
    let held = held(
        r#"{"files":["E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855","12"],
        "urls":["http://example.com/",7],"references":["report--1"],
        "threat_actors":[]}"#,
    );
    assert_eq!(held.counts().hashes, 1);
    assert_eq!(held.counts().urls, 1);
    let unread: Vec<_> =
        held.unread().iter().map(|it| (it.item_type(), it.value())).collect();
    assert_eq!(
        unread,
        [("file", "12"), ("url", "7"), ("reference", "\"report--1\"")],
    );
}

#[test]
fn what_is_none_of_these_is_refused_with_its_place() {
    let refused = |json: &str| {
        let err = Held::read(json.as_bytes()).unwrap_err();
        assert!(err.is_syntax());
        err.to_string()
    };
    assert_eq!(
        refused("{\"data\":\n[}"),
        "held items: expected value at line 2 column 2",
    );
    assert_eq!(refused(" "), "held items: expected JSON, found nothing");
    assert_eq!(
        refused(r#"{"items":[]}"#),
        "held items: expected an object with `data`, `requests`, or lists \
         such as `files` and `urls`",
    );
    assert!(refused(&"[".repeat(100_000)).contains("line 1 column"));
    assert!(refused(r#"{"data":[{"id":"x"}]}"#).contains("`type`"));
}

#[test]
fn only_what_differs_is_added_and_removed() {
    let held = held(
        r#"{"data":[{"type":"domain","id":"old.example.com"},
        {"type":"domain","id":"both.example.com"},
        {"type":"ip_address","id":"192.0.2.1"}]}"#,
    );
    let wanted = set(&[
        (Kind::Domain, "BOTH.example.com"),
        (Kind::Domain, "new.example.com"),
        (Kind::Url, "http://example.com:80/x"),
        (Kind::Hash, "d41d8cd98f00b204e9800998ecf8427e"),
    ]);
    let delta = delta(&held, &wanted);
    assert_eq!(
        texts(delta.adds()),
        [
            "new.example.com",
            "http://example.com/x",
            "d41d8cd98f00b204e9800998ecf8427e",
        ],
    );
    assert_eq!(texts(delta.removes()), ["old.example.com", "192.0.2.1"]);
    assert_eq!(delta.uncertain(), []);
    let id = CollectionId::parse("0f5c").unwrap();
    let plan = Plan::delta(&id, &delta, &Options::new()).unwrap();
    let lines: Vec<_> = plan
        .requests()
        .map(|it| format!("{} {}", it.method, it.path))
        .collect();
    assert_eq!(
        lines,
        [
            "POST /collections/0f5c/domains",
            "POST /collections/0f5c/files",
            "POST /collections/0f5c/urls",
            "DELETE /collections/0f5c/domains",
            "DELETE /collections/0f5c/ip_addresses",
        ],
    );
    assert_eq!(plan.counts().total(), 3);
}

#[test]
fn a_url_held_by_id_matches_where_its_id_is_proven() {
    let held = page_of(&["http://example.com/a", "http://example.com/b"]);
    let wanted = set(&[
        (Kind::Url, "http://example.com/a"),
        (Kind::Url, "http://example.com/c"),
    ]);
    let delta = delta(&held, &wanted);
    assert_eq!(texts(delta.adds()), ["http://example.com/c"]);
    assert!(delta.removes().is_empty());
    let gone = Url::parse("http://example.com/b").unwrap().id();
    assert_eq!(delta.removed_url_ids(), [gone]);
    assert!(delta.uncertain().is_empty());
    let id = CollectionId::parse("0f5c").unwrap();
    let plan = Plan::delta(&id, &delta, &Options::new()).unwrap();
    let last = plan.requests().last().unwrap();
    assert_eq!(last.path, "/collections/0f5c/urls");
    assert_eq!(
        last.body.unwrap(),
        format!(r#"{{"data":[{{"type":"url","id":"{gone}"}}]}}"#),
    );
}

#[test]
fn an_uncertain_url_is_told_and_neither_added_nor_removed() {
    let held = page_of(&["http://example.com/a", "http://example.com/b"]);
    let wanted = set(&[
        (Kind::Url, "http://example.com/a"),
        (Kind::Url, "http://u@example.com/x"),
        (Kind::Url, "http://example.com/sure"),
    ]);
    let mut delta = delta(&held, &wanted);
    assert_eq!(texts(delta.adds()), ["http://example.com/sure"]);
    assert!(delta.removed_url_ids().is_empty());
    let url = Url::parse("http://u@example.com/x").unwrap();
    let other = Url::parse("http://example.com/b").unwrap().id();
    assert_eq!(
        delta.uncertain(),
        [Uncertain::WantedUrl(url), Uncertain::HeldUrlId(other)],
    );
    delta.add_uncertain();
    assert_eq!(
        texts(delta.adds()),
        ["http://example.com/sure", "http://u@example.com/x"],
    );
    assert_eq!(delta.uncertain(), [Uncertain::HeldUrlId(other)]);
}

#[test]
fn an_id_that_is_the_same_but_not_proven_is_uncertain() {
    let held = page_of(&["http://example.com/a"]);
    let wanted = set(&[(Kind::Url, "http://example.com:80/a")]);
    let delta = delta(&held, &wanted);
    assert!(delta.is_empty());
    assert_eq!(delta.uncertain().len(), 2);
}

#[test]
fn urls_of_full_objects_match_by_their_text() {
    let held = held(
        r#"{"data":[{"type":"url","id":
        "f1177df4692356280844e1d5af67cc4a9eccecf77aa61c229d483b7082c70a8e",
        "attributes":{"url":"http://u@example.com/x","size":3}}]}"#,
    );
    let wanted = set(&[(Kind::Url, "http://u@example.com/x")]);
    let delta = delta(&held, &wanted);
    assert!(delta.is_empty() && delta.uncertain().is_empty());
}

#[test]
fn a_file_wanted_by_md5_may_be_one_that_is_held_by_sha256() {
    let sha256 =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let held =
        held(&format!(r#"{{"data":[{{"type":"file","id":"{sha256}"}}]}}"#));
    let wanted = set(&[(Kind::Hash, "d41d8cd98f00b204e9800998ecf8427e")]);
    let delta = delta(&held, &wanted);
    assert!(delta.is_empty());
    assert_eq!(delta.uncertain().len(), 2);
}

#[test]
fn a_former_plan_counts_as_sent() {
    let old = set(&[
        (Kind::Domain, "old.example.com"),
        (Kind::Domain, "both.example.com"),
        (Kind::Hash, "d41d8cd98f00b204e9800998ecf8427e"),
        (Kind::Url, "http://u@example.com/x"),
    ]);
    let mut file = Vec::new();
    let plan = Plan::create(&campaign(), &old, &Options::new()).unwrap();
    plan.write_to(&mut file).unwrap();
    let wanted = set(&[
        (Kind::Domain, "both.example.com"),
        (Kind::Url, "http://u@example.com/y"),
    ]);
    let held = Held::read(&file).unwrap();
    assert_eq!(held, Held::sent(old));
    let delta = delta(&held, &wanted);
    assert_eq!(texts(delta.adds()), ["http://u@example.com/y"]);
    assert_eq!(delta.removes().len(), 3);
    assert!(delta.uncertain().is_empty());
}

proptest! {
    #[test]
    fn sending_a_delta_leaves_nothing_to_do(
        old in indicators(),
        new in indicators(),
    ) {
        let old: IndicatorSet = old.into_iter().collect();
        let new: IndicatorSet = new.into_iter().collect();
        let change = delta(&Held::sent(old.clone()), &new);
        let mut after = old;
        after.retain(|it| !change.removes().contains(it));
        after.merge(change.adds().clone());
        prop_assert!(delta(&Held::sent(after.clone()), &new).is_empty());
        let sorted = |set: &IndicatorSet| {
            let mut list: Vec<Indicator> =
                set.iter().map(|it| it.indicator().clone()).collect();
            list.sort();
            list
        };
        prop_assert_eq!(sorted(&after), sorted(&new));
    }

    #[test]
    fn any_bytes_read_as_held_items_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        json in "[\\[\\]{}\",:a-z0-9 ]{0,60}",
    ) {
        let _ = Held::read(&bytes);
        let _ = Held::read(json.as_bytes());
    }
}
