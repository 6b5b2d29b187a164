//! What holds for every text: the promises of the crate, as properties.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use iocpack::{Finding, Kind, Scanner, Span, Strictness, refang};
use proptest::prelude::*;

/// Pieces that texts are made of: indicators, marks, and what surrounds them.
const PIECES: [&str; 76] = [
    "evil",
    "badcorp",
    "net",
    "com",
    "co.uk",
    "example",
    "py",
    "zip",
    "id",
    "www.",
    "192.0.2.7",
    "198.51.100",
    "2001:db8::1",
    "fe80::",
    "::",
    "a::b",
    "d41d8cd98f00b204e9800998ecf8427e",
    "deadbeef",
    "0x",
    "http",
    "https",
    "hxxp",
    "ftp",
    "://",
    "[://]",
    "[:]//",
    ":\\/\\/",
    "\\n",
    "\\\\n",
    "\\u0022",
    "xxx",
    ":",
    "/",
    "//",
    "\\",
    "[.]",
    "(.)",
    "[dot]",
    " dot ",
    "-dot-",
    "DOT",
    ".",
    "..",
    " . ",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    "@",
    "[at]",
    "?a=1",
    "#top",
    "%2E",
    "%3A%2F%2F",
    "&#46;",
    "&amp;",
    "\"",
    "'",
    ",",
    ";",
    "|",
    " ",
    "\n",
    "\t",
    "\u{fc}",
    "\u{3002}",
    "\u{200b}",
    "\u{430}",
    "\u{67e5}",
    "_",
    "-",
    "aHR0cDovL2V2aWwuYmFkY29ycC5uZXQv",
];

pub(super) fn texts() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => prop::sample::select(&PIECES[..])
            .prop_map(|it| it.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|b| vec![b]),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn scanners() -> impl Strategy<Value = Scanner> {
    (0..3_u8, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(strictness, refang, email, inner)| {
            Scanner::builder()
                .strictness(match strictness {
                    0 => Strictness::Strict,
                    1 => Strictness::Balanced,
                    _ => Strictness::Loose,
                })
                .refang(refang)
                .email_domains(email)
                .inner_urls(inner)
                .build()
        },
    )
}

/// How many texts each law is tried on; `PROPTEST_CASES` says otherwise.
pub(super) fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(1500)
}

/// All that a finding says, to compare.
pub(super) fn show(finding: &Finding<'_>) -> String {
    match finding {
        Finding::Match(it) => format!(
            "{} {} {:?} {:?}",
            it.span(),
            it.to_indicator(),
            it.flags(),
            it.raw()
        ),
        Finding::Rejection(it) => {
            format!(
                "{} {} {} {:?}",
                it.span(),
                it.kind(),
                it.reason(),
                it.raw()
            )
        }
        _ => unreachable!("a finding is one of two"),
    }
}

fn whole(scanner: &Scanner, text: &[u8]) -> Vec<String> {
    scanner.findings(text).map(|it| show(&it)).collect()
}

fn in_blocks(scanner: &Scanner, text: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    scanner
        .scan_reader_findings(text, |it| {
            all.push(show(&it));
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn matches_are_ordered_disjoint_and_slices_of_the_text(
        text in texts(), scanner in scanners()
    ) {
        let mut end = 0;
        for it in scanner.find_iter(&text) {
            prop_assert_eq!(&text[it.span().range()], it.raw());
            prop_assert!(!it.span().is_empty());
            // A URL inside a URL lies inside the one before it.
            let inner = it.flags().names().any(|name| name == "inner");
            prop_assert!(inner || it.span().start >= end, "{:?}", it);
            end = end.max(it.span().end);
        }
    }

    // The scanner reads 4 KiB at a time: whatever stands where two parts meet
    // is found all the same.
    #[test]
    fn empty_lines_before_a_text_move_its_findings(
        text in texts(), scanner in scanners(), lines in 3900..4096_usize
    ) {
        let after = |lines: usize| {
            let text = [&*vec![b'\n'; lines], &text].concat();
            let row = |it: Finding<'_>| {
                let Span { start, end } = it.span();
                let shown = show(&it);
                let shown = shown.split_once(' ').unwrap_or_default().1;
                format!("{}..{} {shown}", start - lines, end - lines)
            };
            let mut rows: Vec<_> = scanner.findings(&text).map(row).collect();
            let matches = scanner.find_iter(&text).map(Finding::Match);
            rows.extend(matches.map(row));
            rows
        };
        prop_assert_eq!(after(lines), after(1));
    }

    #[test]
    fn what_a_match_means_is_what_it_parses_to(text in texts()) {
        for it in Scanner::new().find_iter(&text) {
            let indicator = it.to_indicator();
            prop_assert_eq!(indicator.kind(), it.kind());
            prop_assert_eq!(indicator.to_string(), it.canonical());
            let again = iocpack::Indicator::parse(it.kind(), &it.canonical());
            prop_assert_eq!(again, Ok(indicator));
        }
    }

    #[test]
    fn a_canonical_text_scans_back_to_its_indicator(text in texts()) {
        let loose = Scanner::builder().strictness(Strictness::Loose).build();
        for it in Scanner::new().find_iter(&text) {
            let canonical = it.canonical().into_owned();
            let back: Vec<_> =
                loose.find_iter(&canonical).map(|it| it.to_indicator()).collect();
            // A URL may hold bytes that end a URL in text, or end with a
            // sentence mark that was encoded: such a one is not looked for.
            let plain = |b: u8| {
                b.is_ascii_alphanumeric() || b"/:?=&.-_%@~+$".contains(&b)
            };
            let last = canonical.bytes().last().unwrap();
            let odd = !canonical.bytes().all(plain)
                || canonical.contains("&#")
                || !(last.is_ascii_alphanumeric() || last == b'/');
            prop_assert!(
                back == [it.to_indicator()] || it.kind() == Kind::Url && odd,
                "{} gave {:?}", canonical, back
            );
        }
    }

    #[test]
    fn kinds_left_out_are_not_found_and_the_others_stay(text in texts()) {
        let all: Vec<_> = Scanner::new()
            .find_iter(&text)
            .filter(|it| it.kind() == Kind::Hash)
            .map(|it| it.span())
            .collect();
        let mut builder = Scanner::builder();
        builder.kinds(iocpack::KindSet::EMPTY.with(Kind::Hash));
        let hashes: Vec<_> =
            builder.build().find_iter(&text).map(|it| it.span()).collect();
        prop_assert_eq!(all, hashes);
    }

    #[test]
    fn refanging_twice_is_refanging_once(text in texts()) {
        let once = refang(&text).into_text().into_owned();
        let twice = refang(&once).into_text().into_owned();
        prop_assert_eq!(&once, &twice);
    }

    #[test]
    fn offsets_of_a_refanged_text_go_up_and_end_at_the_end(text in texts()) {
        let it = refang(&text);
        let offsets: Vec<_> =
            (0..=it.text().len()).map(|at| it.offset(at)).collect();
        prop_assert!(offsets.is_sorted());
        prop_assert_eq!(offsets.last(), Some(&text.len()));
    }

    #[test]
    fn any_bytes_are_scanned_without_a_panic(
        text in prop::collection::vec(any::<u8>(), 0..600),
        scanner in scanners(),
    ) {
        let spans: BTreeSet<_> =
            scanner.findings(&text).map(|it| it.span()).collect();
        prop_assert!(spans.iter().all(|span| span.end <= text.len()));
    }
}

/// Asserts that two lists are the same, and shows where they part.
fn same(left: &[String], right: &[String], what: &str) {
    let at = left.iter().zip(right).position(|(a, b)| a != b);
    let at = at.unwrap_or(left.len().min(right.len()));
    assert!(
        left.len() == right.len() && at == left.len(),
        "{what}: {:?} is not {:?}",
        left.get(at),
        right.get(at)
    );
}

/// A text longer than a window, with a candidate at each border.
fn long_text(seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut text = Vec::new();
    while text.len() < 40_000 {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let piece = PIECES[(state % 72) as usize];
        text.extend_from_slice(piece.as_bytes());
        if state.is_multiple_of(11) {
            text.extend_from_slice(b" https://evil.badcorp.net/a?b=1, ");
        }
        if state.is_multiple_of(997) {
            text.extend(std::iter::repeat_n(b'a', 9_000));
        }
    }
    text
}

#[test]
fn every_block_size_gives_the_findings_of_the_whole() {
    let text = long_text(7);
    let all = whole(&Scanner::new(), &text);
    assert!(all.len() > 500);
    let sizes = (1..=300).chain([777, 1000, 4095, 4096, 4097, 16_384, 30_000]);
    for size in sizes {
        let scanner = Scanner::builder().block_size(size).build();
        same(&in_blocks(&scanner, &text), &all, &format!("block size {size}"));
    }
}

#[test]
fn many_texts_in_small_blocks_give_the_findings_of_the_whole() {
    for seed in 1..=40 {
        let text = long_text(seed * 7919);
        let scanner = Scanner::builder().block_size(777).build();
        let all = whole(&scanner, &text);
        same(&in_blocks(&scanner, &text), &all, &format!("seed {seed}"));
    }
}

#[test]
fn a_token_without_end_is_passed_over_and_the_next_is_found() {
    for unit in ["a", "a.", "1.", "f", "http://a", "[.]", "a[.]", "x:", "-"] {
        for len in [200, 3_000, 9_000, 70_000] {
            let mut text = unit.repeat(len / unit.len()).into_bytes();
            text.extend_from_slice(b" \nthen evil.badcorp.net");
            let scanner = Scanner::builder().block_size(512).build();
            let last = in_blocks(&scanner, &text).pop().unwrap();
            assert!(last.contains("evil.badcorp.net"), "{unit} {len}: {last}");
            let scanner = Scanner::new();
            assert!(in_blocks(&scanner, &text) == whole(&scanner, &text));
        }
    }
}

#[test]
fn offsets_stay_inside_a_mark_that_is_shorter_than_what_it_stands_for() {
    let it = refang("a hpp:/");
    assert_eq!(it.text(), b"a http://");
    let offsets = (0..=9).map(|at| it.offset(at));
    assert!(offsets.eq([0, 1, 2, 3, 4, 5, 6, 6, 6, 7]));
}

#[test]
fn three_slashes_of_a_scheme_are_two_and_more_are_no_scheme() {
    let text = |text: &str| refang(text).into_text().into_owned();
    assert_eq!(text("hxxp:///a"), b"http://a");
    assert_eq!(text("http[:]///a"), b"http://a");
    // Brackets before the word are the text's.
    assert_eq!(text("a ))http:/b"), b"a ))http://b");
    assert_eq!(text("))([http])://b"), b"))http://b");
    for more in ["http:////a", "hxxp:////a", &format!("ftp:{:/>99}", "")] {
        assert_eq!(text(more), more.as_bytes());
    }
}
