//! The fate of every line of a bulk text, and the cleaned text.

use iocpack::raw_items::{Report, check, check_with};
use iocpack::{HoldReason, IndicatorSet, Policy, Scanner};
use proptest::prelude::*;

/// `line fate reason raw > value` for each finding.
fn lines(report: &Report<'_>) -> Vec<String> {
    report
        .findings()
        .iter()
        .map(|it| {
            let raw = String::from_utf8_lossy(it.raw());
            let fate = it.fate();
            let value = it.value().filter(|value| *value != raw);
            let value = value.map_or(String::new(), |v| format!(" > {v}"));
            let (code, reason) = (fate.code(), fate.reason());
            format!("{} {code} {reason} {raw}{value}", it.line())
        })
        .collect()
}

fn check_all(text: &str, want: &[&str], fixed: &str) {
    let report = check(text);
    assert_eq!(lines(&report), want, "{text:?}");
    assert_eq!(report.fixed(), fixed, "{text:?}");
}

#[test]
fn every_line_of_a_mixed_text_gets_a_fate() {
    check_all(
        "www.example.com\n\
         WWW.EXAMPLE.COM\r\n\
         \n\
         hxxps://cdn[.]example[.]net/A\n\
         EXAMPLE.org\n\
         10.1.2.3\n\
         just some words\n\
         bad.exmaple, 8.8.8.8\n\
         http://example.net\n\
         8.8.8.8 seen in March\n",
        &[
            "1 ok ok www.example.com",
            "2 duplicate duplicate WWW.EXAMPLE.COM > www.example.com",
            "4 changed refanged hxxps://cdn[.]example[.]net/A \
             > https://cdn.example.net/A",
            "5 changed lower-cased EXAMPLE.org > example.org",
            "6 held private-address 10.1.2.3",
            "7 rejected no-indicator just some words",
            "8 rejected unknown-suffix bad.exmaple",
            "8 ok ok 8.8.8.8",
            "9 changed canonicalized http://example.net \
             > http://example.net/",
            "10 duplicate duplicate 8.8.8.8",
            "10 rejected prose seen in March",
        ],
        "www.example.com\nhttps://cdn.example.net/A\nexample.org\n\
         8.8.8.8\nhttp://example.net/\n",
    );
}

#[test]
fn the_example_of_the_documentation_holds_one_item_twice() {
    let report = check("google.com, google.com");
    let row = report.summary().row("domain");
    assert_eq!((row.found, row.unique, row.duplicates), (2, 1, 1));
    assert_eq!(
        lines(&report),
        ["1 ok ok google.com", "1 duplicate duplicate google.com"]
    );
    assert!(!report.is_clean());
    assert_eq!(report.fixed(), "google.com\n");
}

#[test]
fn what_other_clients_get_wrong_is_right() {
    let hex = "a".repeat(49);
    let long = format!("{}\nexample.org\n", "x".repeat(70_000));
    for (text, want) in [
        // A hash in a URL is no file.
        (
            "http://www.example.com/d41d8cd98f00b204e9800998ecf8427f/a.exe",
            &["1 ok ok http://www.example.com/\
               d41d8cd98f00b204e9800998ecf8427f/a.exe"][..],
        ),
        ("1.2.3[.]4", &["1 changed refanged 1.2.3[.]4 > 1.2.3.4"][..]),
        (
            "see www.example.org for details",
            &["1 rejected prose see", "1 ok ok www.example.org"][..],
        ),
        (
            "2620:4f:0::1",
            &["1 changed canonicalized 2620:4f:0::1 > 2620:4f::1"][..],
        ),
    ] {
        assert_eq!(lines(&check(text)), want, "{text}");
    }
    let fate = |text: &str| {
        let report = check(text);
        let last = report.findings().last().unwrap();
        (last.fate().code(), last.fate().reason())
    };
    assert_eq!(fate(&hex).0, "rejected");
    assert_eq!(fate("999.1.1.1"), ("rejected", "bad-address"));
    // A long line ends nothing.
    assert_eq!(check(&long).fixed(), "example.org\n");
}

#[test]
fn findings_tell_line_column_span_and_help() {
    let text = b"ok.example.com\r\n  Bad[.]example[.]com\n\xff\xfe\n";
    let report = check(text);
    let finding = &report.findings()[1];
    assert_eq!((finding.line(), finding.column()), (2, 3));
    assert_eq!(&text[finding.span().range()], finding.raw());
    assert_eq!(report.line_text(1), Some(&b"ok.example.com"[..]));
    assert_eq!(report.line_text(2), Some(&b"  Bad[.]example[.]com"[..]));
    assert_eq!(report.line_text(4), None);
    assert_eq!(report.line_count(), 3);
    let help: Vec<String> =
        report.findings().iter().map(|it| it.help().into_owned()).collect();
    assert_eq!(
        help,
        [
            "taken as it stands",
            "it is taken as `bad.example.com`",
            "no domain, URL, address or hash on this line; \
             it would be sent all the same",
        ]
    );
    let help = |text: &str| check(text).findings()[0].help().into_owned();
    assert_eq!(
        help("evil.example"),
        ".example, reserved for documentation (RFC 2606); \
         the name is reserved and never resolves"
    );
}

#[test]
fn an_empty_text_is_clean_and_a_blank_one_too() {
    for text in ["", "\n", " \r\n\t\n"] {
        let report = check(text);
        assert!(report.is_clean() && report.findings().is_empty());
        assert_eq!(report.fixed(), "");
    }
}

#[test]
fn an_item_that_needs_its_context_is_reported_and_left_out() {
    let report = check("1.2.3.4\nsetup[.]py\n");
    assert_eq!(
        lines(&report),
        ["1 ok ok 1.2.3.4", "2 rejected needs-context setup[.]py > setup.py",]
    );
    assert_eq!(report.fixed(), "1.2.3.4\n");
    assert_eq!(report.kept().len(), 1);
}

#[test]
fn the_summary_adds_up() {
    let report = check(
        "EXAMPLE.com example.com\n8.8.8.8\n10.0.0.1 10.0.0.1\n\
         d41d8cd98f00b204e9800998ecf8427e\nwords\n",
    );
    assert_eq!(
        report.summary().to_string(),
        "\
type        found   unique  duplicates  changed     held  rejected
domain          2        1           1        1        0         0
ipv4            3        2           1        0        1         0
md5             1        1           0        0        1         0
text            0        0           0        0        0         1
total           6        4           2        1        2         1
"
    );
    let total = report.summary().total();
    assert_eq!(total.found, total.unique + total.duplicates);
    assert_eq!(total.unique, report.kept().len() + total.held);
}

#[test]
fn the_callers_scanner_and_policy_are_used() {
    let mut builder = Policy::builder();
    builder.release(HoldReason::PrivateAddress);
    builder.own("example.org").unwrap();
    let mut scanner = Scanner::builder();
    scanner.refang(false);
    let text = "10.0.0.1\nwww.example.org\nwww[.]example[.]com\n";
    let report = check_with(text, &scanner.build(), &builder.build());
    assert_eq!(report.fixed(), "10.0.0.1\n");
    assert_eq!(report.findings()[1].fate().reason(), "own");
}

/// The laws of the cleaned text.
fn laws(text: &[u8]) -> Result<(), TestCaseError> {
    let policy = Policy::new();
    let report = check(text);
    let fixed = report.fixed();
    let mut set = IndicatorSet::new();
    for found in Scanner::new().find_iter(fixed) {
        set.insert_match(&found);
    }
    prop_assert_eq!(set.len(), report.kept().len());
    for entry in report.kept() {
        prop_assert!(set.contains(entry.indicator()));
        prop_assert!(policy.judge(entry.indicator()).is_keep());
    }
    prop_assert_eq!(fixed.lines().count(), set.len());
    let again = check(fixed);
    prop_assert!(again.is_clean(), "{:?}: {:?}", fixed, lines(&again));
    prop_assert_eq!(again.fixed(), fixed);

    // Nothing vanishes: each match of the text has its finding.
    let items = report.summary().total().found;
    prop_assert_eq!(items, Scanner::new().find_iter(text).count());
    let mut last = 0;
    for finding in report.findings() {
        let span = finding.span();
        prop_assert!(span.start >= last);
        last = span.start;
        prop_assert_eq!(&text[span.range()], finding.raw());
        let line = report.line_span(finding.line()).unwrap();
        prop_assert!(line.start <= span.start && span.start <= line.end);
        prop_assert_eq!(finding.column(), span.start - line.start + 1);
        let _ = finding.help();
    }
    Ok(())
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("www.example.com".to_owned()),
        Just("setup[.]py".to_owned()),
        Just("readme.md".to_owned()),
        Just("job[.]id".to_owned()),
        Just("hxxp://example[.]net/a).".to_owned()),
        Just("http://example.com/a.,".to_owned()),
        Just("10.0.0.1".to_owned()),
        Just("1.2.3.4".to_owned()),
        Just("2001:DB8::1".to_owned()),
        Just("::ffff:1.2.3.4".to_owned()),
        Just("D41D8CD98F00B204E9800998ECF8427F".to_owned()),
        Just("md5: d41d8cd98f00b204e9800998ecf8427d".to_owned()),
        Just("words and more".to_owned()),
        "[a-zA-Z0-9]{1,6}(\\[?\\.\\]?[a-z]{1,4}){1,3}",
        "https?://[a-z]{1,5}\\.com/[ -~]{0,12}",
        "[ -~]{0,10}",
    ]
}

proptest! {
    #[test]
    fn the_cleaned_text_scans_to_exactly_what_is_kept(
        pieces in prop::collection::vec(
            (piece(), prop::sample::select(vec!["\n", " ", ", ", "\r\n"])),
            0..24,
        ),
    ) {
        let text: String =
            pieces.iter().flat_map(|(piece, end)| [piece, *end]).collect();
        laws(text.as_bytes())?;
    }

    #[test]
    fn any_bytes_give_a_report(text in prop::collection::vec(any::<u8>(), 0..200)) {
        laws(&text)?;
    }
}
