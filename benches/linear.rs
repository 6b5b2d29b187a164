//! Hostile texts, for counting instructions at n and at 2n bytes: the gate of
//! linear time.
//!
//! `.ci/run linear` runs this under callgrind, which counts what happens in
//! [`measured`] and writes the count after each call; the lines printed here
//! say of which call each is: operation, text, bytes.
//!
//! The first operation is quadratic on purpose: a gate that lets it pass is
//! broken.

#![allow(missing_docs)]

use std::hint::black_box;

use iocpack::payload::{Held, delta, lint};
use iocpack::{
    Indicator, IndicatorSet, Kind, Policy, Scanner, Url, raw_items, refang,
};

/// Bytes of the shorter text of a family, and of a pair or a random unit.
const FAMILY: usize = 16 << 10;
const PAIR: usize = 4 << 10;

const FAMILIES: [&[u8]; 58] = [
    b"a",
    b"a.",
    b"aa.",
    b"a-",
    b"a.1.1.1.1.",
    b"1.1.1.1.a1.",
    b"-",
    b".",
    b"..",
    b"1",
    b"1.",
    b"1.1.1.1.",
    b"999.",
    b"1:",
    b"::",
    b"f:",
    b"deadbeef",
    b"HEX",
    b"[.]",
    b"a[.]",
    b"[dot]",
    b"a dot ",
    b"[[[",
    b"]]]",
    b"(.)",
    b"{.}",
    b"hxxp://",
    b"http://a",
    b"http://a/",
    b"http://a@",
    b"://",
    b"%25",
    b"%2e",
    b"@",
    b"a@",
    b"a@a.",
    b"xn--",
    b"xn--a.",
    b"e\xcc\x81.",
    b"a\xe3\x80\x82",
    b"\xe2\x80\x8b",
    b"\\`",
    b"YWJj",
    b"\xff\xfe\xfd",
    // Punctuation and names of other scripts; names that their surroundings
    // decide on.
    b"\xe3\x80\x81",
    b"\xe3\x80\x82",
    b"\xd0\xb0.\xd1\x80\xd1\x84 ",
    b"ab.se ",
    b"ab.se/x; ",
    b"x.id\n",
    // Escapes that touch a word, and what stands between two hosts.
    b"\\nab.se",
    b"\\x22a.b",
    b"%20ab.se",
    b"%2525",
    b"http://a.b/;",
    b"http://a.b/a,",
    b"a.b->",
    b"sftp://a:b@",
];

const ATOMS: [&str; 12] =
    ["a", "1", ".", "-", ":", "/", "[", "]", "@", "%", "http://", "xn--"];

/// What a candidate that fails only at its very end ends with.
const END: &str = "\u{1}.a!";

const OPERATIONS: [&str; 8] =
    ["scan", "findings", "refang", "url", "check", "lint", "policy", "delta"];

/// What the operations need, made once.
struct Tools {
    scanner: Scanner,
    policy: Policy,
    wanted: IndicatorSet,
}

#[inline(never)]
fn measured(tools: &Tools, operation: &str, text: &[u8]) -> usize {
    match operation {
        "quadratic" => (0..text.len())
            .step_by(64)
            .map(|at| text[at..].iter().filter(|b| **b == b'.').count())
            .sum(),
        "scan" => tools.scanner.find_iter(text).count(),
        "findings" => tools.scanner.findings(text).count(),
        "refang" => refang(text).text().len(),
        "url" => {
            let url = String::from_utf8_lossy(text);
            let url = Url::parse(&format!("http://example.com/{url}"));
            url.map_or(0, |url| url.id().as_bytes().len())
        }
        "check" => raw_items::check(text).findings().len(),
        "lint" => {
            let items = String::from_utf8_lossy(text);
            let body = serde_json::json!({"data": {
                "type": "collection",
                "attributes": {"name": "a", "description": "b"},
                "raw_items": items,
            }});
            lint(body.to_string().as_bytes()).findings().len()
        }
        "policy" => {
            let found = tools.scanner.find_iter(text);
            let kept = |it: &Indicator| tools.policy.judge(it).is_keep();
            found.map(|it| it.to_indicator()).filter(kept).count()
        }
        _ => {
            let held = tools.scanner.find_iter(text).collect();
            delta(&Held::sent(held), &tools.wanted).adds().len()
        }
    }
}

/// Exactly `len` bytes of a unit, over and over, and what stands at the end.
fn repeat(unit: &[u8], end: &str, len: usize) -> Vec<u8> {
    let mut text: Vec<u8> = unit.iter().copied().cycle().take(len).collect();
    let from = len - end.len();
    text[from..].copy_from_slice(end.as_bytes());
    text
}

/// Units of at most eight bytes, the same in every run.
fn random_units() -> Vec<String> {
    let alphabet = b"a1.:[]/@%-xnh ()";
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap_or(0) % below
    };
    (0..500)
        .map(|_| {
            let len = 1 + next(8);
            let pick = |_| char::from(alphabet[next(alphabet.len())]);
            (0..len).map(pick).collect()
        })
        .collect()
}

fn main() {
    let list: Vec<String> =
        (0..20_000).map(|n| format!("listed{n}.example.com")).collect();
    let mut builder = Policy::builder();
    builder
        .allow_list("list.txt", list.join("\n").as_bytes())
        .expect("the list is one of names");
    let mut wanted = IndicatorSet::new();
    // Few: what a set costs by itself would hide what the text does.
    for name in &list[..20] {
        wanted.insert(
            Indicator::parse(Kind::Domain, name).expect("a valid name"),
        );
    }
    let tools =
        Tools { scanner: Scanner::new(), policy: builder.build(), wanted };
    let run = |operation: &str, unit: &[u8], len: usize| {
        for (name, end) in [("", ""), (" and an end", END)] {
            for len in [len, 2 * len] {
                let text = repeat(unit, end, len);
                black_box(measured(&tools, operation, &text));
                println!("{operation}\t{}{name}\t{len}", unit.escape_ascii());
            }
        }
    };
    run("quadratic", b"a.", FAMILY);
    // Six lengths of hex runs in one family.
    let digits = "0123456789abcdef".repeat(5);
    let hex =
        [31, 33, 39, 41, 63, 65].map(|len| format!("{} ", &digits[..len]));
    let hex = hex.concat();
    for unit in FAMILIES {
        let unit = if unit == b"HEX" { hex.as_bytes() } else { unit };
        for operation in OPERATIONS {
            run(operation, unit, FAMILY);
        }
    }
    for left in ATOMS {
        for right in ATOMS {
            let unit = format!("{left}{right}");
            for operation in ["scan", "findings", "refang"] {
                run(operation, unit.as_bytes(), PAIR);
            }
        }
    }
    for unit in random_units() {
        run("scan", unit.as_bytes(), PAIR);
    }
}
