//! Against others: names against `idna` and the public suffix list, addresses
//! against the standard library and the `url` package, URLs against `url`,
//! streams against the whole text.
//!
//! Where two differ, the reason is one of a table below: a difference without
//! one fails, and so does a reason that no case shows. `PROPTEST_CASES` says
//! how many cases each comparison has; `benches/record/differential.md` has
//! the figures of a million.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::net::IpAddr;
use std::ops::ControlFlow;

use iocpack::{Domain, Scanner, Url, parse_ip};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use psl::Psl as _;

use super::{laws, url as urls};

/// A reason for a difference, and what it means.
type Reasons = &'static [(&'static str, &'static str)];

/// Tries `judge` on many values. It returns whether the two agree, or else
/// the reason that they need not.
fn differ<S: Strategy>(
    what: &str,
    values: S,
    reasons: Reasons,
    judge: impl Fn(&S::Value) -> Result<(), &'static str>,
) {
    // Fewer would leave a reason without a case.
    let least = if reasons.is_empty() { 1 } else { 4096 };
    let cases = laws::cases().max(least);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seen: RefCell<BTreeMap<&str, u64>> = RefCell::default();
    let mut runner = TestRunner::new_with_rng(
        config,
        // The same cases each time, so that each reason has one.
        prop::test_runner::TestRng::deterministic_rng(
            prop::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let run = runner.run(&values, |value| {
        if let Err(reason) = judge(&value) {
            let known = reasons.iter().any(|(name, _)| *name == reason);
            prop_assert!(known, "{}: {}", what, reason);
            *seen.borrow_mut().entry(reason).or_default() += 1;
        }
        Ok(())
    });
    if let Err(err) = run {
        panic!("{err}");
    }
    let seen = seen.into_inner();
    let differ: u64 = seen.values().sum();
    println!("{what}: {cases} cases, {differ} differ: {seen:?}");
    for (reason, meaning) in reasons {
        assert!(seen.contains_key(reason), "never seen: {reason}, {meaning}");
    }
}

const NAMES: Reasons = &[
    ("underscore", "DNS holds `_`, STD 3 does not"),
    ("hyphens", "`a--b` is registered, UTS-46 reserves the place"),
    ("idna-invalid", "an ASCII label is kept when it does not decode"),
    ("reserved", "names of RFC 6761 and of networks are not on the list"),
    ("onion", "has the digits of a key, which the list does not know"),
];

/// Names of labels that parsers stumble over, most with a suffix.
fn names() -> impl Strategy<Value = String> {
    let suffix = prop::sample::select(vec![
        "com",
        "net",
        "de",
        "co.uk",
        "uk",
        "github.io",
        "ck",
        "kobe.jp",
        "公司.cn",
        "рф",
        "xn--p1ai",
        "COM",
        "example",
        "local",
        "internal",
        "onion",
        "exe",
        "123",
        "",
        "test",
    ]);
    let onion = "[a-z2-7]{16}|[a-z2-7]{55}d|[a-z2-9]{16}";
    let label = prop_oneof![
        8 => "[a-z0-9]{1,12}",
        2 => "[a-zA-Z0-9_-]{1,8}",
        1 => "[a-z]{62,64}",
        1 => "xn--[a-z0-9-]{1,8}",
        1 => prop::sample::select(vec![
            "bücher", "ß", "faß", "é", "e\u{301}", "日本", "ａｂ", "٣", "אב",
            "xn--bcher-kva", "xn--a", "xn--", "XN--Bcher-Kva", "ab--cd", "-",
            "a\u{200d}b", "a\u{ad}b", "\u{2134}", "①", "İ", "\u{301}a",
        ]).prop_map(str::to_owned),
        1 => "\\PC{1,3}",
        1 => onion,
    ];
    let dot = prop::sample::select(vec![".", ".", ".", ".", ".", "。", "．"]);
    let part = (label, dot).prop_map(|(label, dot)| label + dot);
    let end = prop::sample::select(vec!["", "", "", "", ".", "。"]);
    (prop::collection::vec(part, 0..5), suffix, end)
        .prop_map(|(parts, suffix, end)| parts.concat() + suffix + end)
}

/// What `idna`, strictly, and the list make of a name.
fn strictly(name: &str) -> Option<String> {
    // A dot at the end is the root's.
    let dots = ['.', '。', '．', '｡'];
    let bare = name.strip_suffix(dots).unwrap_or(name);
    let name = idna::domain_to_ascii_strict(bare).ok()?;
    let suffix = psl::List.suffix(name.as_bytes())?;
    let icann = suffix.typ() == Some(psl::Type::Icann);
    let only = icann && suffix.as_bytes().len() == name.len();
    let single = !name.contains('.');
    (suffix.is_known() && !only && !single).then_some(name)
}

/// Why we take a name that the strict reading refuses.
fn why_taken(name: &str) -> &'static str {
    let last = name.rsplit('.').next().unwrap_or_default();
    let label = |test: fn(&str) -> bool| name.split('.').any(test);
    if last == "onion" {
        "onion"
    } else if ["example", "local", "internal", "test"].contains(&last) {
        "reserved"
    } else if label(|it| it.contains('_')) {
        "underscore"
    } else if idna::domain_to_unicode(name).1.is_err() {
        "idna-invalid"
    } else if label(|it| it.get(2..4) == Some("--")) {
        "hyphens"
    } else {
        "taken without a reason"
    }
}

#[test]
fn names_are_read_as_idna_and_the_suffix_list_read_them() {
    differ("names", names(), NAMES, |name| {
        let ours = Domain::parse(name).ok().map(|it| it.to_string());
        match (ours, strictly(name)) {
            (ours, theirs) if ours == theirs => Ok(()),
            (Some(ours), None) => Err(why_taken(&ours)),
            (None, Some(it)) if it.strip_suffix(".onion").is_some() => {
                Err("onion")
            }
            (None, Some(_)) => Err("refused without a reason"),
            _ => Err("another name"),
        }
    });
}

const ADDRESSES: Reasons = &[
    ("short", "fewer than four parts: no address outside a URL"),
    ("octal", "a leading zero: tools disagree on what it means"),
    ("hex", "a part in hex: no address outside a URL"),
    ("dot", "a dot after the last part"),
];

/// Texts that look like addresses.
fn addresses() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        6 => "[0-9]{1,3}",
        1 => "0[0-9]{1,3}",
        1 => "0[xX][0-9a-fA-F]{0,3}",
        1 => "[0-9]{4,11}",
        1 => "",
    ];
    let v4 = prop::collection::vec(number, 1..6);
    let end = prop::sample::select(vec!["", "", "", "", "."]);
    let v4 = (v4, end).prop_map(|(parts, end)| parts.join(".") + end);
    let group = prop_oneof![
        6 => "[0-9a-fA-F]{1,4}",
        3 => "0{1,4}",
        1 => "[0-9a-f]{5}",
        2 => "",
    ];
    let groups = prop::collection::vec(group, 2..10);
    let tail = prop_oneof![4 => Just(String::new()), 1 => v4.clone()];
    let v6 = (groups, tail).prop_map(|(groups, tail)| {
        let mut text = groups.join(":");
        if !tail.is_empty() {
            text = text + ":" + &tail;
        }
        text
    });
    let valid = any::<IpAddr>().prop_map(|it| it.to_string());
    prop_oneof![3 => v4, 4 => v6, 1 => valid]
}

#[test]
fn addresses_are_read_as_the_standard_library_and_the_url_package_do() {
    differ("addresses", addresses(), ADDRESSES, |text| {
        let ours = parse_ip(text).ok();
        let std: Option<IpAddr> = text.parse().ok();
        if ours != std {
            return Err("std reads another address");
        }
        if ours.is_some_and(|it| parse_ip(&it.to_string()) != Ok(it)) {
            return Err("what is written is not read back");
        }
        let host = match text.contains(':') {
            true => format!("[{text}]"),
            false => text.clone(),
        };
        let theirs = url::Host::parse(&host);
        let in_url = Url::parse(&format!("http://{host}/"));
        let form = in_url.as_ref().ok().map(|it| it.host().to_owned());
        let name = matches!(theirs, Ok(url::Host::Domain(_)));
        if !name && form != theirs.as_ref().ok().map(ToString::to_string) {
            return Err("another host of a URL");
        }
        let theirs = match theirs {
            Ok(url::Host::Ipv4(it)) => Some(IpAddr::V4(it)),
            Ok(url::Host::Ipv6(it)) => Some(IpAddr::V6(it)),
            _ => None,
        };
        if ours == theirs {
            return Ok(());
        }
        let lower = text.to_ascii_lowercase();
        let bare = lower.strip_suffix('.').unwrap_or(&lower);
        let part = |test: fn(&str) -> bool| bare.split('.').any(test);
        Err(match ours {
            Some(_) => "url reads another address",
            None if part(|it| it.starts_with("0x")) => "hex",
            None if part(|it| it.len() > 1 && it.starts_with('0')) => "octal",
            None if bare.split('.').count() < 4 => "short",
            None if bare.len() < text.len() => "dot",
            None => "refused without a reason",
        })
    });
}

const URLS: Reasons = &[
    ("idna-invalid", "an ASCII host is kept when it does not decode"),
    ("empty-label", "no resolver looks such a name up"),
    ("label-too-long", "RFC 1035"),
    ("name-too-long", "RFC 1035"),
    ("drive", "`url` keeps `c|` before `..`, which is for file URLs only"),
];

/// Whether a segment of the path is like the name of a drive.
fn has_drive(url: &str) -> bool {
    url.split(['/', '\\', '?', '#']).any(|segment| {
        matches!(segment.as_bytes(), [letter, b'|' | b':']
            if letter.is_ascii_alphabetic())
    })
}

#[test]
fn a_canonical_url_means_to_others_what_the_url_meant() {
    let long = "https?://([a-z]{40,63}\\.){4,5}[a-z]{1,64}/";
    let drive = "https?://example\\.com/[a-c][|:]/[.]{1,2}/[a-z]?";
    let values = prop_oneof![60 => urls::any_url(), 1 => long, 1 => drive];
    differ("urls", values, URLS, |input| {
        let ours = Url::parse(input);
        // Without a scheme it is http, also where what stands before a port
        // could be one.
        let bare = input.trim_matches(|c: char| c <= ' ');
        let slashes = if bare.starts_with("//") { "" } else { "//" };
        let guess = || url::Url::parse(&format!("http:{slashes}{bare}"));
        let known =
            |url: &url::Url| ["http", "https", "ftp"].contains(&url.scheme());
        let path = bare.starts_with(['/', '\\']) && !bare.starts_with("//");
        let mut theirs = match url::Url::parse(input) {
            Err(url::ParseError::RelativeUrlWithoutBase) if !path => guess(),
            Ok(url) if ours.is_ok() && !known(&url) => guess(),
            other => other,
        };
        if let Ok(url) = &mut theirs {
            url.set_fragment(None);
        }
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                let again = url::Url::parse(ours.as_str());
                match again.is_ok_and(|again| again == theirs) {
                    true => Ok(()),
                    false if has_drive(input) => Err("drive"),
                    false => Err("another URL"),
                }
            }
            (Ok(ours), Err(_)) => {
                let odd = ours.id().reasons().any(|it| it == "invalid-idna");
                Err(if odd { "idna-invalid" } else { "taken" })
            }
            (Err(err), Ok(theirs)) => {
                let known =
                    ["http", "https", "ftp"].contains(&theirs.scheme());
                if known { Err(err.reason().code()) } else { Ok(()) }
            }
            (Err(_), Err(_)) => Ok(()),
        }
    });
}

/// Hands a text out in pieces of the sizes given, over and over.
struct Pieces<'t> {
    text: &'t [u8],
    sizes: &'t [usize],
    next: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.next % self.sizes.len()];
        self.next += 1;
        let len = size.min(buffer.len()).min(self.text.len());
        let (piece, rest) = self.text.split_at(len);
        buffer[..len].copy_from_slice(piece);
        self.text = rest;
        Ok(len)
    }
}

#[test]
fn a_stream_in_pieces_gives_the_findings_of_the_whole() {
    // What stands before and after moves the text over the border of a
    // window, which is 2 KiB and a block from the start, 12 KiB from the end.
    let before = 0..4000_usize;
    let sizes = prop::collection::vec(1..3000_usize, 1..6);
    let values = (laws::texts(), before, sizes, 16..2000_usize);
    differ("streams", values, &[], |(text, before, sizes, block)| {
        let mut padded = vec![b'\n'; *before];
        padded.extend(text);
        padded.resize(padded.len() + 14_000, b' ');
        let scanner = Scanner::builder().block_size(*block).build();
        let whole: Vec<_> =
            scanner.findings(&padded).map(|it| laws::show(&it)).collect();
        let reader = Pieces { text: &padded, sizes, next: 0 };
        let mut all = Vec::new();
        let read = scanner.scan_reader_findings(reader, |it| {
            all.push(laws::show(&it));
            ControlFlow::Continue(())
        });
        match read.is_ok() && all == whole {
            true => Ok(()),
            false => Err("other findings"),
        }
    });
}
