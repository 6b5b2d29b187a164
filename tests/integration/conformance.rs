//! Other people's tables of what is right: the URL tests of the web platform,
//! Unicode's tests of IDNA, and tables of our own for RFC 1035, RFC 5952 and
//! the public suffix list.
//!
//! The first two are read from the `tests` folders of the published packages
//! `url` and `idna`, which cargo has on the disk of whoever runs this. Where
//! we differ, `tests/data/conformance` has a line with the reason, and a line
//! for a case that passes fails as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use iocpack::{Domain, Url, parse_ip};
use serde_json::Value;

/// A file in the `tests` folder of a package that this one depends on.
fn published(package: &str, file: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Without the filter cargo wants the packages of every platform.
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["metadata", "--format-version=1"])
        .args(["--filter-platform", "host-tuple"])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {errors}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|it| it["name"] == package);
    let manifest = found.unwrap()["manifest_path"].as_str().unwrap();
    let path = PathBuf::from(manifest).with_file_name("tests").join(file);
    fs::read_to_string(&path).unwrap()
}

/// The rows of a table: those that are neither blank nor a comment.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'))
}

/// What comes out, as the lists have it.
fn outcome(url: &Result<Url, iocpack::Invalid>) -> String {
    match url {
        Ok(url) => url.to_string(),
        Err(err) => err.reason().to_string(),
    }
}

/// A list of expected differences: the case with what comes out, and its
/// reason.
fn expected(list: &str) -> BTreeMap<String, String> {
    let reasons: BTreeSet<&str> = list
        .lines()
        .filter_map(|it| it.strip_prefix("# ")?.split_once(": "))
        .map(|(reason, _)| reason)
        .collect();
    let mut expected = BTreeMap::new();
    for row in rows(list) {
        let (reason, case) = row.split_once(' ').expect("`reason case`");
        assert!(reasons.contains(reason), "`{reason}` is not explained");
        let old = expected.insert(case.to_owned(), reason.to_owned());
        assert!(old.is_none(), "twice in the list: {case}");
    }
    let used: BTreeSet<_> = expected.values().map(String::as_str).collect();
    assert_eq!(reasons, used, "explained and used are not the same");
    expected
}

/// Asserts that what failed is what the list says, in both directions.
fn compare(
    failed: &BTreeMap<String, String>,
    expected: &BTreeMap<String, String>,
) {
    let mut report = String::new();
    for (case, how) in failed {
        if !expected.contains_key(case) {
            let _ =
                writeln!(report, "fails, not in the list: {case}, not {how}");
        }
    }
    for case in expected.keys() {
        if !failed.contains_key(case) {
            let _ = writeln!(report, "in the list, passes: {case}");
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The scheme of a URL that needs no base: http, https or ftp, and not
/// relative to a base of the same scheme.
fn absolute(input: &str, base: Option<&str>) -> bool {
    let odd = |c: char| c <= ' ';
    let text: String = input
        .trim_matches(odd)
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https" | "ftp") {
        return false;
    }
    let same = base.is_some_and(|it| it.starts_with(&format!("{scheme}:")));
    !same || rest.starts_with("//")
}

#[test]
fn urls_are_read_as_the_web_platform_tests_say_but_for_the_list() {
    let table = published("url", "urltestdata.json");
    let table: Vec<Value> = serde_json::from_str(&table).unwrap();
    let list = include_str!("../data/conformance/urltestdata.txt");
    let mut failed = BTreeMap::new();
    let (mut cases, mut refused) = (0, 0);
    for case in &table {
        let Some(input) = case["input"].as_str() else { continue };
        if !absolute(input, case["base"].as_str()) {
            continue;
        }
        cases += 1;
        let url = Url::parse(input);
        let ours = url.as_ref().ok().map(Url::as_str);
        // A collection's URLs have no fragment.
        let theirs = case["href"]
            .as_str()
            .map(|it| it.split('#').next().unwrap_or_default());
        refused += u32::from(theirs.is_none());
        if ours != theirs {
            let case = format!("{} -> {}", case["input"], outcome(&url));
            failed.insert(case, format!("{theirs:?}"));
        }
    }
    println!(
        "urltestdata: {} of {cases} absolute http, https and ftp URLs pass; \
         {refused} must be refused",
        cases - failed.len()
    );
    assert!(cases > 350 && refused > 100, "{cases} {refused}");
    compare(&failed, &expected(list));
}

/// Undoes `\uXXXX` and `\x{XXXX}`; `None` for half a surrogate pair.
fn unescape(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hex = match rest.strip_prefix("\\u") {
            Some(after) => Some((after.get(..4)?, after.get(4..)?)),
            None => {
                rest.strip_prefix("\\x{").and_then(|it| it.split_once('}'))
            }
        };
        if let Some((hex, after)) = hex {
            let code = u32::from_str_radix(hex, 16).ok()?;
            match char::from_u32(code) {
                Some(c) => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
                None => units.push(u16::try_from(code).ok()?),
            }
            rest = after;
        } else {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            rest = &rest[c.len_utf8()..];
        }
    }
    String::from_utf16(&units).ok()
}

/// A row of `IdnaTestV2.txt`: what non-transitional `ToASCII` gives.
struct Row {
    source: String,
    ascii: String,
    status: Vec<String>,
}

fn idna_row(line: &str) -> Option<Row> {
    let line = line.split('#').next()?.trim();
    let fields: Vec<&str> = line.split(';').map(str::trim).collect();
    let [source, unicode, status, ascii, ascii_status, ..] = fields[..] else {
        return None;
    };
    let source = unescape(source.trim_matches('"'))?;
    let or = |text: String, other: &String| match &*text {
        "" => other.clone(),
        "\"\"" => String::new(),
        _ => text,
    };
    let unicode = or(unescape(unicode)?, &source);
    let ascii = or(unescape(ascii)?, &unicode);
    let status = if ascii_status.is_empty() { status } else { ascii_status };
    let status = status
        .trim_matches(['[', ']'])
        .split([',', ' '])
        .filter(|it| !it.is_empty())
        .map(Into::into)
        .collect();
    Some(Row { source, ascii, status })
}

/// What ends a host in a URL, or may not stand in one.
fn no_host(c: char) -> bool {
    c <= ' ' || "#%/:<>?@[\\]^|\u{7f}".contains(c)
}

/// What Unicode's test says of a host, by the rule that is ours: WHATWG's of
/// June 2026, with the lengths of RFC 1035.
fn wanted(row: &Row) -> Option<String> {
    let lengths = |name: &String| {
        let bare = name.strip_suffix('.').unwrap_or(name);
        let fits = |it: &str| (1..=63).contains(&it.len());
        bare.len() <= 253 && bare.split('.').all(fits)
    };
    if row.source.is_ascii() {
        // Kept in lower case, whatever its `xn--` labels decode to.
        return Some(row.source.to_ascii_lowercase()).filter(lengths);
    }
    // WHATWG does not ask for hyphens in the right place, nor for STD3, and
    // the lengths are checked above: a dot at the end is no error.
    let ignored = ["V2", "V3", "U1", "A4_1", "A4_2"];
    let valid = row.status.iter().all(|it| ignored.contains(&&**it))
        && !row.ascii.contains(no_host);
    valid.then(|| row.ascii.clone()).filter(lengths)
}

#[test]
fn hosts_are_mapped_as_the_tests_of_unicode_say_but_for_the_list() {
    let table = published("idna", "IdnaTestV2.txt");
    let list = include_str!("../data/conformance/idna.txt");
    let mut failed = BTreeMap::new();
    let (mut cases, mut mapped, mut flagged) = (0, 0, 0);
    for row in rows(&table).filter_map(idna_row) {
        // Such a text is no host of a URL, whatever UTS-46 makes of it.
        if row.source.contains(no_host) {
            continue;
        }
        cases += 1;
        let url =
            Url::parse_bytes(format!("http://{}/", row.source).as_bytes());
        let ours = url.as_ref().ok().map(|it| it.host().to_owned());
        let theirs = wanted(&row);
        mapped += u32::from(theirs.is_some());
        if let Ok(url) = &url
            && row.source.is_ascii()
        {
            let marked = url.id().reasons().any(|it| it == "invalid-idna");
            flagged += u32::from(marked);
        }
        if ours != theirs {
            let source = row.source.escape_default();
            let case = format!("{source} -> {}", outcome(&url));
            failed.insert(case, format!("{theirs:?}"));
        }
    }
    println!(
        "IdnaTestV2: {} of {cases} rows pass; {mapped} have a form, \
         {flagged} are ASCII and do not decode",
        cases - failed.len()
    );
    assert!(cases > 5900 && mapped > 1500 && flagged > 500);
    compare(&failed, &expected(list));
}

#[test]
fn names_and_labels_have_the_lengths_of_rfc_1035() {
    let repeat = |text: &str| -> String {
        // `a*63` is 63 letters, `.` stands for itself.
        text.split('.')
            .map(|it| match it.split_once('*') {
                Some((unit, times)) => unit.repeat(times.parse().unwrap()),
                None => it.to_owned(),
            })
            .collect::<Vec<_>>()
            .join(".")
    };
    let table = include_str!("../data/conformance/dns_length.txt");
    let mut cases = 0;
    for row in rows(table) {
        let (want, name) = row.split_once(' ').unwrap();
        let name = repeat(name);
        let code = |it: Result<(), iocpack::Invalid>| {
            it.map_or_else(|err| err.reason().code(), |()| "ok")
        };
        let domain = Domain::parse(&name).map(|_| ());
        assert_eq!(code(domain), want, "domain, {row}");
        let url = Url::parse(&format!("http://{name}/")).map(|_| ());
        assert_eq!(code(url), want, "host of a URL, {row}");
        cases += 1;
    }
    assert!(cases >= 17, "{cases}");
}

#[test]
fn ipv6_is_written_as_rfc_5952_says_and_in_urls_as_whatwg_does() {
    let table = include_str!("../data/conformance/rfc5952.txt");
    let mut cases = 0;
    for row in rows(table) {
        cases += 1;
        let fields: Vec<&str> = row.split_whitespace().collect();
        let url = |it: &str| Url::parse(&format!("http://[{it}]/"));
        if let [text, "refused"] = fields[..] {
            assert!(parse_ip(text).is_err(), "{row}");
            assert!(url(text).is_err(), "{row}");
            continue;
        }
        let (text, item) = (fields[0], fields[1]);
        let host = fields.get(2).copied().unwrap_or(item);
        assert_eq!(parse_ip(text).unwrap().to_string(), item, "{row}");
        assert_eq!(parse_ip(item).unwrap().to_string(), item, "{row}");
        assert_eq!(url(text).unwrap().host(), format!("[{host}]"), "{row}");
    }
    assert!(cases >= 29, "{cases}");
}

#[test]
fn suffixes_are_those_of_the_public_suffix_list() {
    let table = include_str!("../data/conformance/suffixes.txt");
    let mut cases = 0;
    for row in rows(table) {
        let (name, want) = row.split_once(' ').unwrap();
        let got = match Domain::parse(name) {
            Ok(name) => name.public_suffix().unwrap_or("none").to_owned(),
            Err(err) => err.reason().code().to_owned(),
        };
        assert_eq!(got, want, "{name}");
        cases += 1;
    }
    assert!(cases >= 50, "{cases}");
}
