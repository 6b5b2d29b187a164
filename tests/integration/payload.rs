//! Bodies, byte for byte, and the rules B1 to B17 that they keep.

use iocpack::payload::{
    self, Collection, CollectionId, Hold, Ipv6, ItemForm, Options, Order,
    Plan, Relationship, Request, UrlForm, Visibility,
};
use iocpack::{HashKind, Indicator, IndicatorSet, Kind, Scanner, Url};
use serde_json::Value;

/// A set of the indicators that a text holds, each by itself.
pub(crate) fn set(items: &[(Kind, &str)]) -> IndicatorSet {
    let parse = |&(kind, value)| Indicator::parse(kind, value).unwrap();
    items.iter().map(parse).collect()
}

/// The collection of most tests.
pub(crate) fn campaign() -> Collection {
    let mut collection = Collection::new();
    collection.name("Campaign 7").description("Phishing wave");
    collection
}

fn id() -> CollectionId {
    CollectionId::parse("0f5c").unwrap()
}

fn scan(text: &str) -> IndicatorSet {
    Scanner::new().find_iter(text).collect()
}

const EMPTY_FILE: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Checks a body that creates a collection against every rule of the
/// reference that a body can break.
pub(crate) fn validate_create(body: &str) -> Result<(), String> {
    let json: Value =
        serde_json::from_str(body).map_err(|err| err.to_string())?;
    let keys = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|it| it.0.clone())
            .collect()
    };
    let need = |yes: bool, what: &str| {
        if yes { Ok(()) } else { Err(format!("{what}: {body:.400}")) }
    };
    need(keys(&json) == ["data"], "B1: the root is `data` alone")?;
    let data = &json["data"];
    need(data["type"] == "collection", "B1: the type is `collection`")?;
    let attributes = &data["attributes"];
    for name in ["name", "description"] {
        let text = attributes[name].as_str().unwrap_or_default();
        need(!text.trim().is_empty(), "B2: name and description")?;
    }
    let private = attributes.get("private");
    need(private.is_none_or(Value::is_boolean), "B3: private is a boolean")?;
    let writable = ["name", "description", "private", "tags", "alt_names"];
    let known = |key: &String| writable.contains(&key.as_str());
    need(keys(attributes).iter().all(known), "B13: writable attributes")?;
    let raw = data.get("raw_items");
    let typed = data.get("relationships");
    need(raw.is_some() != typed.is_some(), "B4: exactly one form of items")?;
    let allowed = ["type", "attributes", "raw_items", "relationships"];
    let known = |key: &String| allowed.contains(&key.as_str());
    need(keys(data).iter().all(known), "B1: no other member")?;
    let mut seen = std::collections::BTreeSet::new();
    if let Some(raw) = raw {
        let text = raw.as_str().ok_or("B11: raw_items is a string")?;
        for item in text.split('\n') {
            validate_item(item).map_err(|err| format!("B11: {err}"))?;
            need(seen.insert(item.to_owned()), "B12: each item once")?;
        }
        return Ok(());
    }
    let typed = typed.and_then(Value::as_object).ok_or("B5: an object")?;
    let mut at = 0;
    for name in ["domains", "files", "ip_addresses", "urls"] {
        let Some(list) = typed.get(name) else { continue };
        let place = body.find(&format!("\"{name}\":{{\"data\":[")).unwrap();
        need(place > at, "B5: the order of relationships")?;
        at = place;
        let list = list["data"].as_array().ok_or("B5: data is an array")?;
        need(!list.is_empty(), "B5: an empty relationship is left out")?;
        for descriptor in list {
            let key = validate_descriptor(name, descriptor)?;
            need(seen.insert(key), "B12: each item once")?;
        }
    }
    let known = |key: &String| Relationship::from_name(key).is_some();
    need(typed.keys().all(known), "B5: no other relationship")
}

/// Checks a body that adds or removes items of a relationship.
pub(crate) fn validate_list(name: &str, body: &str) -> Result<(), String> {
    let json: Value =
        serde_json::from_str(body).map_err(|err| err.to_string())?;
    let list = json["data"].as_array().ok_or("B14: data is an array")?;
    if list.is_empty() {
        return Err("B14: the list is not empty".into());
    }
    for descriptor in list {
        validate_descriptor(name, descriptor)?;
    }
    Ok(())
}

/// Checks one descriptor; returns what it names.
fn validate_descriptor(name: &str, it: &Value) -> Result<String, String> {
    let relationship = Relationship::from_name(name).unwrap();
    let members = it.as_object().ok_or("B6: an object")?;
    let value = it.get("id").or(it.get("url")).and_then(Value::as_str);
    let value = value.ok_or("B6: an id or a url")?;
    if members.len() != 2 || it["type"] != relationship.item_type() {
        return Err(format!("B6: {it}"));
    }
    if it.get("url").is_some() != (name == "urls")
        && !(name == "urls" && value.len() == 64)
    {
        return Err(format!("B6: {it}"));
    }
    if name == "urls" && it.get("id").is_some() {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if value.len() == 64 && value.bytes().all(hex) {
            return Ok(value.to_owned());
        }
        return Err(format!("B10: {it}"));
    }
    validate_item(value)?;
    Ok(value.to_owned())
}

/// Checks that an item is canonical: it parses, and to the same text.
fn validate_item(item: &str) -> Result<(), String> {
    let canonical = Kind::ALL.into_iter().any(|kind| {
        // Without a scheme a name is a URL too.
        let may = kind != Kind::Url || item.starts_with("http");
        may && Indicator::parse(kind, item)
            .is_ok_and(|it| it.to_string() == item)
    });
    if canonical { Ok(()) } else { Err(format!("not canonical: {item:?}")) }
}

/// The only request of a plan.
fn only(plan: &Plan<'_>) -> Request {
    assert_eq!(plan.len(), 1);
    plan.requests().next().unwrap()
}

fn body(request: Request) -> String {
    request.body.unwrap()
}

fn create(set: &IndicatorSet, options: &Options) -> String {
    body(only(&Plan::create(&campaign(), set, options).unwrap()))
}

/// The request that each block of the data file is made of.
fn request(name: &str) -> Request {
    let new = set(&[
        (Kind::Domain, "new.example"),
        (Kind::Hash, EMPTY_FILE),
        (Kind::Ip, "198.51.100.4"),
        (Kind::Url, "https://new.example/x"),
    ]);
    let mut documented = Collection::new();
    documented.name("Text").description("As documented");
    let mut options = Options::new();
    let parts: Vec<&str> = name.splitn(2, '-').collect();
    match (parts[0], parts.get(1).copied().unwrap_or_default()) {
        ("create", "typed") => {
            let set = set(&[
                // The port makes the id unproven: the URL is sent instead.
                (Kind::Url, "https://evil.example:443/a?b=1"),
                (Kind::Url, "https://www.virustotal.com"),
                (Kind::Ip, "203.0.113.9"),
                (Kind::Domain, "bücher.example"),
                (Kind::Hash, &EMPTY_FILE.to_uppercase()),
                (Kind::Domain, "EVIL.example."),
            ]);
            let mut collection = campaign();
            collection.description(
                "Phishing wave, week 12. iocpack:3f9ac01b77d2e845",
            );
            options.url_form(UrlForm::Id);
            only(&Plan::create(&collection, &set, &options).unwrap())
        }
        ("create", "raw") => {
            let set = set(&[
                (Kind::Url, "https://evil.example/a?b=1#top"),
                (Kind::Ip, "203.0.113.9"),
                (Kind::Domain, "evil.example"),
            ]);
            options.item_form(ItemForm::RawItems);
            only(&Plan::create(&campaign(), &set, &options).unwrap())
        }
        ("create", "empty") => {
            let mut collection = campaign();
            collection.visibility(Visibility::Omitted);
            options.allow_empty(true);
            let set = IndicatorSet::new();
            only(&Plan::create(&collection, &set, &options).unwrap())
        }
        ("update", "attributes") => Collection::new()
            .name("Campaign 7b")
            .tags(["phishing"])
            .visibility(Visibility::Public)
            .update(&id(), &IndicatorSet::new())
            .unwrap(),
        ("update", "items") => {
            let set = set(&[
                (Kind::Ip, "198.51.100.4"),
                (Kind::Domain, "new.example"),
            ]);
            Collection::new().update(&id(), &set).unwrap()
        }
        ("escapes", _) => Collection::new()
            .name("\"a\" \\ b\u{1}")
            .description("line\nbreak\ttab é \u{1f}")
            .alt_names(["x", "y"])
            .update(&id(), &IndicatorSet::new())
            .unwrap(),
        ("add", of) => {
            let of = Relationship::from_name(&of.replace('-', "_")).unwrap();
            payload::add(&id(), of, &new).unwrap()
        }
        ("remove", of) => {
            let of = Relationship::from_name(&of.replace('-', "_")).unwrap();
            payload::remove(&id(), of, &new).unwrap()
        }
        ("delete", _) => payload::delete(&id()),
        ("comment", _) => {
            payload::comment(&id(), "Batch 3 of 3 added").unwrap()
        }
        ("documentation", "text") => documented
            .create(&scan(
                "This is a text containing an IoC, www.virustotal.com",
            ))
            .unwrap(),
        ("documentation", "twice") => {
            documented.create(&scan("google.com, google.com")).unwrap()
        }
        _ => panic!("no request is called {name}"),
    }
}

#[test]
fn every_endpoint_has_the_bytes_of_its_block() {
    let data = include_str!("../data/payload/requests.txt");
    let mut blocks = 0;
    for block in data.split("\n\n").skip(1) {
        let mut lines = block.trim_end().lines();
        let name = lines.next().unwrap();
        let line = lines.next().unwrap();
        let request = request(name);
        let found = format!("{} {}", request.method, request.path);
        assert_eq!(found, line, "{name}");
        assert_eq!(request.body.as_deref(), lines.next(), "{name}");
        blocks += 1;
    }
    assert_eq!(blocks, 18);
}

#[test]
fn the_misleading_example_is_one_domain_and_one_duplicate() {
    let set = scan("google.com, google.com");
    let counts: Vec<_> = set
        .iter()
        .map(|it| (it.indicator().to_string(), it.count()))
        .collect();
    assert_eq!(counts, [("google.com".to_owned(), 2)]);
}

#[test]
fn b1_the_root_is_data_and_the_type_is_collection() {
    let set = scan("evil[.]example");
    let body = create(&set, &Options::new());
    assert!(body.starts_with(r#"{"data":{"type":"collection","#));
    validate_create(&body).unwrap();
}

#[test]
fn b2_a_blank_name_or_description_is_refused() {
    let set = scan("evil[.]example");
    let mut collection = Collection::new();
    let error = |it: &Collection| it.create(&set).unwrap_err();
    assert_eq!(
        error(&collection).to_string(),
        "name: expected some text, found none",
    );
    collection.name(" \t\n");
    collection.description("x");
    assert_eq!(
        error(&collection).to_string(),
        "name: expected some text, found blanks only",
    );
    collection.name("x").description("\u{a0}");
    assert!(error(&collection).is_argument());
    let err = collection.update(&id(), &set).unwrap_err();
    assert_eq!(
        err.to_string(),
        "description: expected some text, found blanks only",
    );
}

#[test]
fn b2_long_attributes_are_warned_of_and_sent_whole() {
    let mut collection = Collection::new();
    collection.name("ü".repeat(255)).description("x".repeat(10_000));
    assert!(collection.warnings().is_empty());
    collection.name("ü".repeat(256)).description("x".repeat(10_001));
    let warnings: Vec<_> =
        collection.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "name: 256 characters, more than 255",
            "description: 10001 characters, more than 10000",
        ],
    );
    let request = collection.create(&scan("evil[.]example")).unwrap();
    assert!(body(request).contains(&"x".repeat(10_001)));
}

#[test]
fn b3_visibility_is_private_unless_chosen() {
    let set = scan("evil[.]example");
    let text = |visibility: Option<Visibility>| {
        let mut collection = campaign();
        if let Some(visibility) = visibility {
            collection.visibility(visibility);
        }
        body(collection.create(&set).unwrap())
    };
    assert!(text(None).contains(r#","private":true}"#));
    assert!(text(Some(Visibility::Private)).contains(r#""private":true}"#));
    assert!(text(Some(Visibility::Public)).contains(r#""private":false}"#));
    assert!(!text(Some(Visibility::Omitted)).contains("private"));
}

#[test]
fn b4_an_empty_set_creates_nothing_unless_allowed() {
    let empty = IndicatorSet::new();
    let err = campaign().create(&empty).unwrap_err();
    assert_eq!(
        err.to_string(),
        "create: expected at least one item, found none",
    );
    let mut options = Options::new();
    for form in [ItemForm::Relationships, ItemForm::RawItems] {
        options.item_form(form).allow_empty(false);
        let plan = Plan::create(&campaign(), &empty, &options).unwrap();
        assert!(plan.is_empty());
        options.allow_empty(true);
        let plan = Plan::create(&campaign(), &empty, &options).unwrap();
        let json: Value = serde_json::from_str(&body(only(&plan))).unwrap();
        let raw = json["data"].get("raw_items");
        let typed = json["data"].get("relationships");
        assert!(raw.is_some() != typed.is_some());
    }
}

#[test]
fn b5_relationships_come_in_order_and_empty_ones_are_left_out() {
    let all = "https://evil[.]example/ 203.0.113.9 evil[.]example \
               e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let text = create(&scan(all), &Options::new());
    let places: Vec<_> = ["domains", "files", "ip_addresses", "urls"]
        .iter()
        .map(|name| text.find(&format!("\"{name}\":{{\"data\":[")).unwrap())
        .collect();
    assert!(places.is_sorted());
    let text = create(&scan("203.0.113.9"), &Options::new());
    assert!(text.ends_with(
        r#""relationships":{"ip_addresses":{"data":[{"type":"ip_address","id":"203.0.113.9"}]}}}}"#
    ));
}

#[test]
fn b6_descriptors_have_two_members_and_the_type_of_their_relationship() {
    for of in Relationship::ALL {
        let block = of.as_str().replace('_', "-");
        let request = request(&format!("add-{block}"));
        validate_list(of.as_str(), &body(request)).unwrap();
    }
}

#[test]
fn b7_three_digests_are_sent_and_two_are_held_on_demand() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    let sha1 = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
    let set = set(&[
        (Kind::Hash, md5),
        (Kind::Hash, sha1),
        (Kind::Hash, EMPTY_FILE),
    ]);
    let mut options = Options::new();
    let text = create(&set, &options);
    assert!(text.contains(md5) && text.contains(&sha1.to_lowercase()));
    options.sha256_only(true);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let held: Vec<_> = plan.holds().map(|it| it.1).collect();
    assert_eq!(held, [Hold::NotSha256, Hold::NotSha256]);
    assert_eq!(body(only(&plan)).matches(r#""type":"file""#).count(), 1);
    let long = Indicator::parse(Kind::Hash, &"a".repeat(49)).unwrap_err();
    assert_eq!(
        long.to_string(),
        "invalid hash: expected 32, 40 or 64 hex digits at byte 49",
    );
    assert_eq!(HashKind::from_hex_len(128), None);
}

#[test]
fn b8_ipv6_is_sent_in_its_short_form_or_held_never_dropped() {
    let set = set(&[(Kind::Ip, "2001:DB8:0:0::1"), (Kind::Ip, "192.0.2.1")]);
    let mut options = Options::new();
    let text = create(&set, &options);
    assert!(text.contains(r#"{"type":"ip_address","id":"2001:db8::1"}"#));
    options.ipv6(Ipv6::Hold);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let held: Vec<_> =
        plan.holds().map(|(it, hold)| (it.to_string(), hold.code())).collect();
    assert_eq!(held, [("2001:db8::1".to_owned(), "ipv6")]);
    assert!(!body(only(&plan)).contains("2001"));
    assert!(Indicator::parse(Kind::Ip, "192.0.2.01").is_err());
    assert!(Indicator::parse(Kind::Ip, "192.0.2.1:80").is_err());
    assert!(Indicator::parse(Kind::Ip, "192.0.2.0/24").is_err());
}

#[test]
fn b9_domains_are_lower_case_a_labels_without_a_last_dot() {
    let set = set(&[(Kind::Domain, "BÜCHER.example.")]);
    let text = create(&set, &Options::new());
    assert!(text.contains(r#""id":"xn--bcher-kva.example"}"#));
    let long = format!("{}.example.com", "a".repeat(64));
    assert!(Indicator::parse(Kind::Domain, &long).is_err());
    assert!(Indicator::parse(Kind::Domain, "localhost").is_err());
}

#[test]
fn b10_urls_go_by_url_or_by_a_proven_id_and_ftp_is_held() {
    let set = set(&[
        (Kind::Url, "http://example.com"),
        (Kind::Url, "http://example.com:80/other"),
        (Kind::Url, "ftp://example.com/file"),
    ]);
    let mut options = Options::new();
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    let held: Vec<_> =
        plan.holds().map(|(it, why)| (it.to_string(), why)).collect();
    assert_eq!(held, [("ftp://example.com/file".to_owned(), Hold::NotHttp)]);
    assert_eq!(plan.url_fallbacks(), 0);
    let text = body(only(&plan));
    assert!(text.contains(r#"{"type":"url","url":"http://example.com/"}"#));
    options.url_form(UrlForm::Id);
    let plan = Plan::create(&campaign(), &set, &options).unwrap();
    assert_eq!(plan.url_fallbacks(), 1);
    let text = body(only(&plan));
    let id = Url::parse("http://example.com").unwrap().id();
    assert!(text.contains(&format!(r#"{{"type":"url","id":"{id}"}}"#)));
    assert!(
        text.contains(r#"{"type":"url","url":"http://example.com/other"}"#)
    );
    validate_create(&text).unwrap();
}

#[test]
fn b11_raw_items_are_canonical_items_on_lines_of_their_own() {
    let text = "Call hxxps://evil[.]example/a now, says 203[.]0[.]113[.]9.";
    let mut options = Options::new();
    options.item_form(ItemForm::RawItems);
    let body = create(&scan(text), &options);
    validate_create(&body).unwrap();
    assert!(
        body.ends_with(
            r#""raw_items":"203.0.113.9\nhttps://evil.example/a"}}"#
        )
    );
}

#[test]
fn b12_items_are_sorted_by_bytes_or_stand_as_first_seen() {
    let text = "c.example.com 192.0.2.9 a.example.com 192.0.2.10 \
                a.example.com 2001:db8::1";
    let set = scan(text);
    let mut options = Options::new();
    options.item_form(ItemForm::RawItems);
    let sorted = create(&set, &options);
    assert!(sorted.ends_with(
        r#""a.example.com\nc.example.com\n192.0.2.10\n192.0.2.9\n2001:db8::1"}}"#
    ));
    options.order(Order::FirstSeen);
    let seen = create(&set, &options);
    assert!(seen.ends_with(
        r#""c.example.com\n192.0.2.9\na.example.com\n192.0.2.10\n2001:db8::1"}}"#
    ));
    let reversed: IndicatorSet = set
        .iter()
        .map(|it| it.indicator().clone())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    options.order(Order::Sorted);
    assert_eq!(create(&reversed, &options), sorted);
}

#[test]
fn b13_an_update_says_only_what_changes() {
    let none = IndicatorSet::new();
    let text = |collection: &Collection| {
        body(collection.update(&id(), &none).unwrap())
    };
    assert_eq!(
        text(Collection::new().description("x")),
        r#"{"data":{"type":"collection","attributes":{"description":"x"}}}"#,
    );
    assert_eq!(
        text(Collection::new().tags(Vec::<String>::new())),
        r#"{"data":{"type":"collection","attributes":{"tags":[]}}}"#,
    );
    let err = Collection::new().update(&id(), &none).unwrap_err();
    assert_eq!(
        err.to_string(),
        "update: expected at least one item or attribute, found none",
    );
}

#[test]
fn b14_a_list_holds_one_relationship_and_is_never_empty() {
    let set = scan("evil[.]example 203.0.113.9");
    let err = payload::add(&id(), Relationship::Urls, &set).unwrap_err();
    assert_eq!(
        err.to_string(),
        "add: expected at least one item or attribute, found none",
    );
    let request = payload::remove(&id(), Relationship::Domains, &set).unwrap();
    validate_list("domains", &body(request)).unwrap();
}

#[test]
fn b15_limits_that_no_request_can_keep_are_refused() {
    let set = scan("evil[.]example");
    let refused = |change: &dyn Fn(&mut Options)| {
        let mut options = Options::new();
        change(&mut options);
        Plan::create(&campaign(), &set, &options).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|it| _ = it.max_items(0)),
        "max items: expected at least 1, found 0",
    );
    assert_eq!(
        refused(&|it| _ = it.max_bytes(31_457_281)),
        "max bytes: expected at most 31457280, found 31457281",
    );
    assert_eq!(
        refused(&|it| _ = it.max_bytes(100)),
        "attributes: expected a body of at most 100 bytes, found 154 \
         without any item",
    );
}

#[test]
fn b15_one_request_takes_no_more_than_the_cap() {
    let mut collection = campaign();
    collection.description("x".repeat(31 << 20));
    let err = collection.create(&scan("evil[.]example")).unwrap_err();
    assert!(err.is_limit());
}

#[test]
fn b17_ids_that_would_change_a_path_are_refused() {
    for good in ["a", "0f5c", "alienvault_x", "report--a.b", &"a".repeat(256)]
    {
        assert_eq!(CollectionId::parse(good).unwrap().as_str(), good);
    }
    for (bad, why) in [
        ("", "collection id ``: expected 1 to 256 bytes, found none"),
        (
            "..",
            "collection id `..`: expected a letter or a digit first, found \
             `.`",
        ),
        (
            "a/b",
            "collection id `a/b`: expected letters, digits, `.`, `_` or `-`, \
             found `/` at byte 1",
        ),
        (
            "a?b",
            "collection id `a?b`: expected letters, digits, `.`, `_` or `-`, \
             found `?` at byte 1",
        ),
        (
            "a\u{1b}b",
            "collection id `a\\u{1b}b`: expected letters, digits, `.`, `_` \
             or `-`, found `\\u{1b}` at byte 1",
        ),
        (
            "é",
            "collection id `é`: expected a letter or a digit first, found \
             `\\u{e9}`",
        ),
    ] {
        let err = CollectionId::parse(bad).unwrap_err();
        assert!(err.is_argument());
        assert_eq!(err.to_string(), why);
    }
    let err = CollectionId::parse(&"a".repeat(257)).unwrap_err();
    assert_eq!(
        err.to_string(),
        format!(
            "collection id `{}…`: expected 1 to 256 bytes, found 257",
            "a".repeat(64)
        ),
    );
    assert!(CollectionId::parse("{id}").is_err());
}

#[test]
fn a_blank_comment_is_refused() {
    let err = payload::comment(&id(), " \n").unwrap_err();
    assert_eq!(
        err.to_string(),
        "comment: expected some text, found blanks only",
    );
}

#[test]
fn one_request_never_leaves_an_item_out() {
    let set = set(&[
        (Kind::Domain, "evil.example"),
        (Kind::Url, "ftp://evil.example/a"),
    ]);
    let err = campaign().create(&set).unwrap_err();
    assert_eq!(
        err.to_string(),
        "create: `ftp://evil.example/a` cannot be sent (not-http)",
    );
}

/// What other clients send for these lines, as measured: a file whose id is a
/// URL, domains that are none, prose.
#[test]
fn lines_that_other_clients_mistake_are_read_right() {
    let read = |text: &str| -> Vec<String> {
        scan(text)
            .iter()
            .map(|it| {
                format!("{} {}", it.indicator().type_name(), it.indicator())
            })
            .collect()
    };
    assert_eq!(
        read("http://evil.example/d41d8cd98f00b204e9800998ecf8427e/a.exe"),
        ["url http://evil.example/d41d8cd98f00b204e9800998ecf8427e/a.exe"],
    );
    assert_eq!(read(&"a".repeat(49)), [""; 0]);
    assert_eq!(read("999.1.1.1"), [""; 0]);
    assert_eq!(read("1.2.3[.]4"), ["ipv4 1.2.3.4"]);
    assert_eq!(read("evil[.]example"), ["domain evil.example"]);
    assert_eq!(read("see www.foo.com for details"), ["domain www.foo.com"],);
    assert_eq!(read("# comment v1.2"), [""; 0]);
    assert_eq!(read("2001:db8::7"), ["ipv6 2001:db8::7"]);
    let long = format!("a.example.com {} b.example.com", "-".repeat(70_000));
    assert_eq!(read(&long), ["domain a.example.com", "domain b.example.com"]);
}

#[test]
fn pretty_bodies_are_the_same_values() {
    for name in ["create-typed", "create-empty", "escapes", "update-items"] {
        let request = request(name);
        let pretty = request.pretty_body().unwrap();
        let compact: Value = serde_json::from_str(&body(request)).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), compact,);
        let reference = serde_json::to_string_pretty(&compact).unwrap();
        assert_eq!(pretty.lines().count(), reference.lines().count());
    }
}
