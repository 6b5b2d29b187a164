//! Sets written for other tools, byte for byte.
//!
//! `tests/tools/check_interchange.py` reads the same files with the packages
//! that those tools are made of.

use std::fs;
use std::path::PathBuf;

use iocpack::payload::interchange::{Timestamp, csv, csv_field, misp, stix};
use iocpack::{IndicatorSet, Kind};

use crate::payload::set;

fn sample() -> IndicatorSet {
    let mut sample = set(&[
        (Kind::Url, "https://evil.example/o'brien?q=\"a\"&b=[1]"),
        (Kind::Url, "http://192.0.2.7:8080/x"),
        (Kind::Url, "ftp://files.example/a,b"),
        (Kind::Domain, "EVIL.example"),
        (Kind::Domain, "bücher.example"),
        (Kind::Ip, "203.0.113.9"),
        (Kind::Ip, "2001:db8::7"),
        (Kind::Hash, "d41d8cd98f00b204e9800998ecf8427e"),
        (Kind::Hash, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (
            Kind::Hash,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
    ]);
    let again = sample.iter().next().unwrap().indicator().clone();
    sample.insert(again);
    sample
}

/// The name of each file and what is to stand in it.
fn files() -> [(&'static str, Vec<u8>); 3] {
    let time = Timestamp::from_unix(1_933_065_600).unwrap();
    let set = sample();
    let (mut bundle, mut event, mut table) = (vec![], vec![], vec![]);
    stix(&set, time, &mut bundle).unwrap();
    misp(&set, "Campaign \"7\"", time, &mut event).unwrap();
    csv(&set, &mut table).unwrap();
    [("bundle.json", bundle), ("event.json", event), ("table.csv", table)]
}

fn path(name: &str) -> PathBuf {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/payload");
    PathBuf::from(data).join(name)
}

#[test]
fn exports_are_the_bytes_of_their_files() {
    for (name, bytes) in files() {
        let expected = fs::read(path(name)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, String::from_utf8(expected).unwrap(), "{name}");
    }
}

/// `cargo test --test integration -- --ignored write_the_export_files`.
#[test]
#[ignore = "writes the files that the test before compares with"]
fn write_the_export_files() {
    for (name, bytes) in files() {
        fs::write(path(name), bytes).unwrap();
    }
}

#[test]
fn the_order_of_insertion_does_not_change_an_export() {
    let items: Vec<_> = sample().into_iter().collect();
    let turned: IndicatorSet = items.into_iter().rev().collect();
    let mut bundle = Vec::new();
    let time = Timestamp::from_unix(1_933_065_600).unwrap();
    stix(&turned, time, &mut bundle).unwrap();
    assert_eq!(bundle, files()[0].1);
}

#[test]
fn an_empty_set_is_a_valid_file() {
    let none = IndicatorSet::new();
    let time = Timestamp::default();
    let text = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    };
    let bundle = text(&|out| stix(&none, time, out).unwrap());
    let json: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    assert!(json.get("objects").is_none());
    let event = text(&|out| misp(&none, "x", time, out).unwrap());
    let json: serde_json::Value = serde_json::from_str(&event).unwrap();
    assert_eq!(json["Event"]["Attribute"], serde_json::json!([]));
    assert_eq!(json["Event"]["date"], "1970-01-01");
    let table = text(&|out| csv(&none, out).unwrap());
    assert_eq!(table, "type,value,count\r\n");
}

#[test]
fn a_blank_title_and_a_far_time_are_refused() {
    let none = IndicatorSet::new();
    let err = misp(&none, " ", Timestamp::default(), Vec::new()).unwrap_err();
    assert_eq!(err.to_string(), "info: expected some text, found blanks only",);
    let err = Timestamp::from_unix(u64::MAX).unwrap_err();
    assert_eq!(
        err.to_string(),
        "timestamp: expected a time before the year 10000, found \
         18446744073709551615 seconds",
    );
}

#[test]
fn no_field_is_a_formula_nor_breaks_its_row() {
    for (text, field) in [
        ("evil.example", "evil.example"),
        (
            "=HYPERLINK(\"http://evil.example/\",\"x\")",
            "\"'=HYPERLINK(\"\"http://evil.example/\"\",\"\"x\"\")\"",
        ),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "\"'\rx\""),
        ("\n=x", "\"'\n=x\""),
        ("＝1", "'＝1"),
        ("a\r\nb", "\"a\r\nb\""),
        ("a=b", "a=b"),
        ("", ""),
    ] {
        assert_eq!(csv_field(text), field);
    }
}
