//! Plans: chunks, order, cost, digest, and the file.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use iocpack::payload::{
    Collection, CollectionId, Hold, ItemForm, Method, Options, Order, Plan,
    Relationship, Request, UrlForm,
};
use iocpack::{Indicator, IndicatorSet, Kind};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::payload::{campaign, set, validate_create, validate_list};
use crate::set::indicators;

/// `n` items of a kind.
fn many(kind: Kind, n: usize) -> impl Iterator<Item = Indicator> {
    (0..n).map(move |n| {
        let value = match kind {
            Kind::Domain => format!("host{n}.example.com"),
            Kind::Url => format!("http://example.com/{n}"),
            Kind::Ip => format!("192.0.{}.{}", n >> 8, n & 255),
            _ => format!("{n:064x}"),
        };
        Indicator::parse(kind, &value).unwrap()
    })
}

fn id() -> CollectionId {
    CollectionId::parse("0f5c").unwrap()
}

/// What a request names, from its body alone.
fn items(request: &Request) -> Vec<String> {
    let json: Value =
        serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    let data = &json["data"];
    let mut out = Vec::new();
    let mut list = |list: &Value| {
        for it in list.as_array().into_iter().flatten() {
            let value = it.get("id").or(it.get("url")).unwrap();
            out.push(value.as_str().unwrap().to_owned());
        }
    };
    list(data);
    for of in Relationship::ALL {
        list(&data["relationships"][of.as_str()]["data"]);
    }
    if let Some(text) = data["raw_items"].as_str() {
        out.extend(text.split('\n').map(str::to_owned));
    }
    out
}

/// How many items each request takes, after its method and path.
fn shape(plan: &Plan<'_>) -> Vec<String> {
    plan.requests()
        .map(|it| format!("{} {} {}", it.method, it.path, items(&it).len()))
        .collect()
}

#[test]
fn b16_a_typed_plan_creates_first_then_adds_by_relationship() {
    let set: IndicatorSet = many(Kind::Url, 5)
        .chain(many(Kind::Domain, 7))
        .chain(many(Kind::Ip, 4))
        .chain(many(Kind::Hash, 3))
        .collect();
    let mut options = Options::new();
    options.max_items(4);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    assert_eq!(
        shape(&plan),
        [
            "POST /collections 4",
            "POST /collections/{id}/domains 4",
            "POST /collections/{id}/files 3",
            "POST /collections/{id}/ip_addresses 4",
            "POST /collections/{id}/urls 4",
        ],
    );
    assert_eq!(plan.counts(), set.counts());
}

#[test]
fn b16_a_raw_plan_creates_first_then_updates() {
    let set: IndicatorSet =
        many(Kind::Url, 5).chain(many(Kind::Domain, 7)).collect();
    let mut options = Options::new();
    options.max_items(5).item_form(ItemForm::RawItems);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    assert_eq!(
        shape(&plan),
        [
            "POST /collections 5",
            "PATCH /collections/{id} 5",
            "PATCH /collections/{id} 2",
        ],
    );
    let second = plan.requests().nth(1).unwrap();
    assert!(second.body.unwrap().starts_with(
        r#"{"data":{"type":"collection","attributes":{},"raw_items":""#
    ));
}

#[test]
fn an_update_says_its_attributes_once() {
    let set: IndicatorSet = many(Kind::Domain, 5).collect();
    let mut options = Options::new();
    options.max_items(2);
    let mut collection = Collection::new();
    collection.tags(["x"]);
    let plan = Plan::update(&collection, &id(), &set, &options).unwrap();
    let bodies: Vec<_> = plan.requests().map(|it| it.body.unwrap()).collect();
    assert_eq!(bodies.len(), 3);
    let tagged = bodies.iter().filter(|it| it.contains("tags")).count();
    assert_eq!(tagged, 1);
    assert!(bodies[0].contains("tags"));
    assert_eq!(plan.marker(), None);
}

#[test]
fn remainders_go_into_the_request_that_creates() {
    let set: IndicatorSet = many(Kind::Domain, 1001)
        .chain(many(Kind::Hash, 1))
        .chain(many(Kind::Ip, 1))
        .chain(many(Kind::Url, 1))
        .collect();
    let plan = Plan::create(&campaign(), &set, &Options::new()).unwrap();
    assert_eq!(
        shape(&plan),
        ["POST /collections 1000", "POST /collections/{id}/domains 4"],
    );
}

#[test]
fn b15_the_defaults_are_a_thousand_items_and_a_mebibyte() {
    let set: IndicatorSet = many(Kind::Hash, 1000).collect();
    let options = Options::new();
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    assert_eq!(plan.len(), 1);
    let mut options = options.clone();
    options.max_items(usize::MAX);
    let set: IndicatorSet = many(Kind::Hash, 20_000).collect();
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let sizes: Vec<_> =
        plan.requests().map(|it| it.body.unwrap().len()).collect();
    assert_eq!(sizes.len(), 2);
    // The first is full: not one more item of 89 bytes with its comma.
    assert!(sizes[0] <= 1 << 20 && sizes[0] > (1 << 20) - 89, "{sizes:?}");
}

#[test]
fn b15_an_item_that_fits_in_no_request_is_held() {
    let long = format!("http://example.com/{}", "a".repeat(1000));
    let set = set(&[(Kind::Domain, "example.com"), (Kind::Url, &long)]);
    let mut options = Options::new();
    options.max_bytes(600);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let held: Vec<_> = plan.holds().map(|it| it.1).collect();
    assert_eq!(held, [Hold::TooLong]);
    assert_eq!(plan.len(), 1);
    assert_eq!(plan.counts().total(), 1);
}

#[test]
fn the_time_is_that_of_the_waits_between_requests() {
    let set: IndicatorSet = many(Kind::Domain, 12).collect();
    let mut options = Options::new();
    options.max_items(1);
    let plan = Plan::add(&id(), &set, &options).unwrap();
    let time = |rate| plan.minimum_time(NonZeroU32::new(rate).unwrap());
    assert_eq!(plan.cost(), 12);
    assert_eq!(time(4).as_secs(), 2 * 60 + 45);
    assert_eq!(time(1).as_secs(), 11 * 60);
    assert_eq!(time(7).as_millis(), 94_286);
    let none = IndicatorSet::new();
    let plan = Plan::add(&id(), &none, &options).unwrap();
    assert!(plan.is_empty());
    assert!(plan.minimum_time(NonZeroU32::MIN).is_zero());
}

#[test]
fn a_marker_is_appended_where_there_are_several_requests() {
    let set: IndicatorSet = many(Kind::Domain, 3).collect();
    let description = |options: &Options| {
        let plan = Plan::create(&campaign(), &set, options).unwrap();
        let body = plan.requests().next().unwrap().body.unwrap();
        let json: Value = serde_json::from_str(&body).unwrap();
        let text = json["data"]["attributes"]["description"].clone();
        (text.as_str().unwrap().to_owned(), plan.digest().to_owned())
    };
    let mut options = Options::new();
    assert_eq!(description(&options).0, "Phishing wave");
    options.marker(true);
    let (text, digest) = description(&options);
    assert_eq!(text, format!("Phishing wave iocpack:{}", &digest[..16]));
    let mut options = Options::new();
    options.max_items(2);
    let (text, digest) = description(&options);
    assert_eq!(text, format!("Phishing wave iocpack:{}", &digest[..16]));
    options.marker(false);
    assert_eq!(description(&options).0, "Phishing wave");
}

#[test]
fn plans_of_the_same_set_and_options_are_the_same_bytes() {
    let forward: IndicatorSet =
        many(Kind::Url, 50).chain(many(Kind::Ip, 50)).collect();
    let items: Vec<_> =
        forward.iter().map(|it| it.indicator().clone()).collect();
    let backward: IndicatorSet = items.into_iter().rev().collect();
    let mut options = Options::new();
    options.max_items(30);
    let bytes = |set: &IndicatorSet| {
        let mut out = Vec::new();
        let plan = Plan::create(&campaign(), set, &options).unwrap();
        plan.write_to(&mut out).unwrap();
        out
    };
    assert_eq!(bytes(&forward), bytes(&backward));
}

/// Every way to make a plan that brings items in.
fn all_options() -> impl Strategy<Value = Options> {
    (1..40_usize, 330..3000_usize, any::<[bool; 4]>()).prop_map(
        |(items, bytes, [raw, by_id, seen, marker])| {
            let mut options = Options::new();
            options.max_items(items).max_bytes(bytes).marker(marker);
            if raw {
                options.item_form(ItemForm::RawItems);
            }
            if by_id {
                options.url_form(UrlForm::Id);
            }
            if seen {
                options.order(Order::FirstSeen);
            }
            options
        },
    )
}

proptest! {
    #[test]
    fn a_plan_sends_every_item_once_within_its_limits(
        list in indicators(),
        options in all_options(),
        limits in (1..40_usize, 330..3000_usize),
    ) {
        let mut options = options;
        options.max_items(limits.0).max_bytes(limits.1);
        let set: IndicatorSet = list.into_iter().collect();
        let plan = Plan::create(&campaign(), &set, &options).unwrap();
        prop_assert_eq!(plan.holds().count(), 0);
        let mut wanted = BTreeMap::new();
        for entry in &set {
            wanted.insert(entry.indicator().to_string(), 0);
        }
        for (at, request) in plan.requests().enumerate() {
            let body = request.body.as_deref().unwrap();
            prop_assert!(body.len() <= limits.1);
            let items = items(&request);
            prop_assert!(!items.is_empty() && items.len() <= limits.0);
            if at == 0 {
                prop_assert_eq!(request.method, Method::Post);
                validate_create(body).map_err(TestCaseError::fail)?;
            } else if request.method == Method::Post {
                let name = request.path.rsplit('/').next().unwrap();
                validate_list(name, body).map_err(TestCaseError::fail)?;
            }
            for item in items {
                let by_id = set.urls().find(|it| it.id().to_string() == item);
                let item = by_id.map_or(item, ToString::to_string);
                *wanted.get_mut(&item).unwrap() += 1;
            }
        }
        prop_assert!(wanted.values().all(|&n| n == 1));
        prop_assert_eq!(plan.requests().len(), plan.len());
        prop_assert_eq!(plan.counts(), set.counts());
    }

    #[test]
    fn the_digest_is_that_of_the_sorted_lines(
        list in indicators(),
        options in all_options(),
    ) {
        let set: IndicatorSet = list.into_iter().collect();
        let mut lines: Vec<String> = set
            .iter()
            .map(iocpack::Entry::indicator)
            .map(|it| format!("{}\t{it}\n", it.type_name()))
            .collect();
        lines.sort();
        let digest: String = Sha256::digest(lines.concat())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let plan = Plan::create(&campaign(), &set, &options).unwrap();
        prop_assert_eq!(plan.digest(), digest);
    }

    #[test]
    fn a_plan_file_reads_back_as_the_plan(
        list in indicators(),
        options in all_options(),
    ) {
        let set: IndicatorSet = list.into_iter().collect();
        let plan = Plan::create(&campaign(), &set, &options).unwrap();
        let mut file = Vec::new();
        plan.write_to(&mut file).unwrap();
        let read = Plan::read(&file).unwrap();
        prop_assert!(plan.requests().eq(read.requests()));
        prop_assert_eq!(plan.digest(), read.digest());
        prop_assert_eq!(plan.len(), read.len());
        prop_assert_eq!(plan.counts(), read.counts());
        let mut again = Vec::new();
        read.write_to(&mut again).unwrap();
        prop_assert_eq!(file, again);
    }

    #[test]
    fn any_bytes_read_as_a_plan_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let _ = Plan::read(&bytes);
        let mut near = FILE.as_bytes().to_vec();
        let at = at.index(near.len());
        near[at] = byte;
        let _ = Plan::read(&near);
        let _ = Plan::read(&near[..at]);
    }
}

const FILE: &str = concat!(
    "{\"iocpack\":{\"version\":\"0.1.0\",\"digest\":\"",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "\"},\n\"requests\":[\n",
    "  {\"method\":\"POST\",\"path\":\"/collections\",\"body\":{\"data\":{}}},\n",
    "  {\"method\":\"POST\",\"path\":\"/collections/{id}/domains\",",
    "\"body\":{\"data\":[]}}]}",
);

#[test]
fn a_plan_file_has_its_fixed_shape() {
    let set = set(&[
        (Kind::Domain, "a.example.com"),
        (Kind::Domain, "b.example.com"),
    ]);
    let mut options = Options::new();
    options.max_items(1).marker(false);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let mut file = Vec::new();
    plan.write_to(&mut file).unwrap();
    let text = String::from_utf8(file).unwrap();
    let expected = format!(
        "{{\"iocpack\":{{\"version\":\"{}\",\"digest\":\"{}\"}},\
         \"requests\":[\n\
         {{\"method\":\"POST\",\"path\":\"/collections\",\"body\":\
         {{\"data\":{{\"type\":\"collection\",\"attributes\":\
         {{\"name\":\"Campaign 7\",\"description\":\"Phishing wave\",\
         \"private\":true}},\"relationships\":{{\"domains\":{{\"data\":\
         [{{\"type\":\"domain\",\"id\":\"a.example.com\"}}]}}}}}}}}}},\n\
         {{\"method\":\"POST\",\"path\":\"/collections/{{id}}/domains\",\
         \"body\":{{\"data\":[{{\"type\":\"domain\",\
         \"id\":\"b.example.com\"}}]}}}}\n]}}\n",
        env!("CARGO_PKG_VERSION"),
        plan.digest(),
    );
    assert_eq!(text, expected);
}

#[test]
fn what_is_no_plan_is_refused_with_its_place() {
    assert_eq!(Plan::read(FILE.as_bytes()).unwrap().len(), 2);
    let refused = |from: &str, to: &str| {
        let file = FILE.replacen(from, to, 1);
        assert_ne!(file, FILE, "{from} is in the file");
        let err = Plan::read(file.as_bytes()).unwrap_err();
        assert!(err.is_syntax());
        err.to_string()
    };
    assert_eq!(
        refused("e3b0", "E3b0"),
        "plan: expected 64 lower-case hex digits, found \
         `E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855` \
         at line 1 column 40",
    );
    assert_eq!(
        refused(
            "\"POST\",\"path\":\"/collections\"",
            "\"PUT\",\"path\":\"/x\""
        ),
        "plan: expected POST, PATCH or DELETE, found `PUT` at line 3 \
         column 13",
    );
    assert_eq!(
        refused("/collections\"", "/collections/../users\""),
        "plan: expected a path that a collection has for POST, found \
         `/collections/../users` at line 3 column 27",
    );
    assert_eq!(
        refused("/collections\"", "/collections/x/urls\""),
        "plan: expected an id, since no request before creates a \
         collection, found `/collections/{id}/domains` at line 4 column 27",
    );
    assert_eq!(
        refused("/collections/{id}/domains", "/collections"),
        "plan: expected a collection to be created by the first request \
         only, found `/collections` at line 4 column 27",
    );
    assert_eq!(
        refused("{\"data\":{}}", "[1]"),
        "plan: expected an object as body, found `[1]` at line 3 column 49",
    );
    assert_eq!(
        refused("{\"data\":{}}", "null"),
        "plan: expected a body, found `/collections` at line 3 column 27",
    );
    assert_eq!(
        refused("\"body\":{\"data\":{}}", "\"bodyy\":{}"),
        "plan: unknown field `bodyy`, expected one of `method`, `path`, \
         `body` at line 3 column 48",
    );
    assert_eq!(
        refused("\"/collections\"", "7"),
        "plan: expected a string, found `7` at line 3 column 27",
    );
    let err = Plan::read(b"{\"iocpack\":\xff}").unwrap_err();
    assert!(err.to_string().starts_with("plan: "), "{err}");
    let err = Plan::read(b"").unwrap_err();
    assert_eq!(
        err.to_string(),
        "plan: EOF while parsing a value at line 1 column 0",
    );
}

#[test]
fn every_request_that_writes_reads_back() {
    let digest =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let head = format!(
        r#"{{"iocpack":{{"version":"0.1.0","digest":"{digest}"}},"requests":"#
    );
    let file = [
        &head,
        r#"[{"method":"PATCH","path":"/collections/a","body":{"data":
            {"type":"collection","attributes":{},"raw_items":"a.example"}}},
        {"method":"POST","path":"/collections/a/comments","body":{"data":
            {"type":"comment","attributes":{"text":"x"}}}},
        {"method":"DELETE","path":"/collections/a/files","body":{"data":
            [{"type":"file","id":"d41d8cd98f00b204e9800998ecf8427e"},
            {"type":"file","id":"d41d8cd98f00b204e9800998ecf8427e"}]}},
        {"method":"DELETE","path":"/collections/a","body":null},
        {"method":"DELETE","path":"/collections/a"}]}"#,
    ]
    .concat();
    let plan = Plan::read(file.as_bytes()).unwrap();
    let bodies: Vec<_> = plan.requests().map(|it| it.body.is_some()).collect();
    assert_eq!(bodies, [true, true, true, false, false]);
    assert_eq!(plan.counts().domains, 1);
    assert_eq!(plan.counts().total(), 1);
    assert_eq!(plan.removed().hashes, 1);
    for refused in [
        r#"[{"method":"DELETE","path":"/collections/a","body":{}}]}"#,
        r#"[{"method":"GET","path":"/collections/a","body":null}]}"#,
        r#"[{"method":"POST","path":"/collections/a/owner","body":{}}]}"#,
        r#"[{"method":"POST","path":"/collections/","body":{}}]}"#,
        r#"[{"method":"POST","path":"/collections?x","body":{}}]}"#,
        r#"[{"method":"PATCH","path":"/collections/a/","body":{}}]}"#,
        r#"[{"method":"PATCH","path":"/collections/{id}","body":{}}]}"#,
    ] {
        let file = format!("{head}{refused}");
        assert!(Plan::read(file.as_bytes()).unwrap_err().is_syntax());
    }
}

#[test]
fn what_is_removed_counts_by_itself() {
    let set: IndicatorSet =
        many(Kind::Url, 3).chain(many(Kind::Ip, 2)).collect();
    let plan = Plan::remove(&id(), &set, &Options::new()).unwrap();
    assert_eq!(plan.counts().total(), 0);
    assert_eq!(plan.removed(), set.counts());
    let added = Plan::add(&id(), &set, &Options::new()).unwrap();
    assert_eq!(added.removed().total(), 0);
    assert_ne!(plan.digest(), added.digest());
    let mut file = Vec::new();
    plan.write_to(&mut file).unwrap();
    let read = Plan::read(&file).unwrap();
    assert_eq!(read.removed(), set.counts());
    assert_eq!(read.counts().total(), 0);
}

#[test]
fn a_body_nested_without_end_is_no_trouble() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!("{{\"data\":{deep}}}");
    let file = FILE.replacen("{\"data\":{}}", &body, 1);
    let plan = Plan::read(file.as_bytes()).unwrap();
    assert_eq!(plan.requests().next().unwrap().body.unwrap(), body);
    assert_eq!(plan.counts().total(), 0);
    assert!(plan.requests().next().unwrap().pretty_body().is_some());
    let err = Plan::read("[".repeat(100_000).as_bytes()).unwrap_err();
    assert!(err.is_syntax());
}

#[test]
fn a_body_over_the_cap_is_refused() {
    let body = format!("{{\"data\":\"{}\"}}", "x".repeat(31 << 20));
    let file = FILE.replacen("{\"data\":{}}", &body, 1);
    let err = Plan::read(file.as_bytes()).unwrap_err();
    assert!(err.is_limit());
    assert_eq!(
        err.to_string(),
        "plan: expected a body of at most 31457280 bytes, found 32505867",
    );
}
