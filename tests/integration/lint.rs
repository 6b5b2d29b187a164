//! Payloads that were written elsewhere, and what is found in them.

use iocpack::payload::{LintReason, Purpose, lint, lint_as};
use iocpack::{Counts, Policy};
use proptest::prelude::*;

fn found(json: &str) -> Vec<String> {
    let report = lint(json.as_bytes());
    let lines = report.findings().iter().map(|it| {
        let pointer = if it.pointer().is_empty() { "-" } else { it.pointer() };
        let text = &json[it.span().range()];
        let text = if text.is_empty() { "-" } else { text };
        format!("{} {pointer} {text}", it.reason())
    });
    let mut lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        lines.push("clean".to_owned());
    }
    lines
}

#[test]
fn each_defect_is_found_at_its_place() {
    let mut why = "";
    let mut json = "";
    let mut want: Vec<&str> = Vec::new();
    let mut cases = 0;
    let mut seen = std::collections::BTreeSet::new();
    let text = include_str!("../data/lint/cases.txt");
    for line in text.lines().chain([""]) {
        if let Some(text) = line.strip_prefix("why: ") {
            why = text;
        } else if let Some(text) = line.strip_prefix("in:  ") {
            json = text;
        } else if let Some(text) = line.strip_prefix("out: ") {
            want.push(text);
        } else if line.is_empty() && !want.is_empty() {
            let mut got = found(json);
            got.sort();
            seen.extend(
                got.iter()
                    .filter_map(|it| Some(it.split_once(' ')?.0.to_owned())),
            );
            want.sort_unstable();
            assert_eq!(got, want, "{why}");
            want.clear();
            cases += 1;
        }
    }
    assert!(cases >= 40, "{cases} cases");
    // What a case of one line does not show has a test of its own.
    let apart = ["too-deep", "too-large", "relationships-in-update"];
    for reason in LintReason::ALL {
        assert!(
            seen.contains(reason.code()) || apart.contains(&reason.code()),
            "no case shows {reason}"
        );
        assert!(!reason.help().is_empty());
    }
}

#[test]
fn the_counts_of_the_documentations_example_are_told() {
    let report = lint(
        br#"{"data":{"type":"collection","attributes":{"name":"n",
        "description":"2 IoCs"},"raw_items":"google.com, google.com"}}"#,
    );
    assert_eq!(report.counts(), Counts { domains: 1, ..Counts::default() });
    assert_eq!(report.duplicates(), 1);
    assert_eq!(report.private(), None);
    let finding = &report.findings()[0];
    assert_eq!((finding.line(), finding.column()), (2, 58));
    assert_eq!(
        finding.to_string(),
        "/data/raw_items:2:58: duplicate: \
         the same item stands at line 2, column 46"
    );
    assert_eq!(finding.help(), "keep one of them");
}

#[test]
fn json_that_does_not_parse_is_a_finding_with_line_and_column() {
    for (json, line, column, message) in [
        ("", 1, 1, "expected a value, found the end of the text"),
        ("{\"data\":\n  {,}}", 2, 4, "expected a name in quotes, found `,`"),
        ("{\"data\": 01}", 1, 11, "expected `,` or `}`, found `1`"),
        (
            "{\"data\": \"\\ud800\"}",
            1,
            11,
            "expected a pair of surrogates, found `\\\\`",
        ),
        (
            "{\"data\": \"\n\"}",
            1,
            11,
            "expected an escaped control, found `\\n`",
        ),
        ("\u{feff}{}", 1, 1, "expected a value, found `\\xef`"),
    ] {
        let report = lint(json.as_bytes());
        let finding = report.findings().last().unwrap();
        assert_eq!(finding.reason(), LintReason::NotJson, "{json:?}");
        assert_eq!((finding.line(), finding.column()), (line, column));
        assert_eq!(finding.message(), message);
    }
    let report = lint(b"{\"data\": \"\xff\"}");
    assert_eq!(
        report.findings()[0].message(),
        "expected UTF-8, found `\\xff`"
    );
}

#[test]
fn deep_nesting_is_a_finding_wherever_it_stands() {
    for open in ["[", "{\"a\":", "{\"data\":", "{\"data\":{\"attributes\":"] {
        let json = open.repeat(100_000);
        let report = lint(json.as_bytes());
        let last = report.findings().last().unwrap();
        assert_eq!(last.reason(), LintReason::TooDeep, "{open}");
    }
    let json = format!("{{\"data\":{}{}}}", "[".repeat(127), "]".repeat(127));
    let report = lint(json.as_bytes());
    assert_eq!(report.findings()[0].reason(), LintReason::WrongValue);
}

#[test]
fn a_body_over_the_cap_is_said_and_read_all_the_same() {
    let json = format!(
        r#"{{"data":{{"type":"collection","attributes":{{"name":"n",
        "description":"{}"}},"raw_items":"example.com"}}}}"#,
        "d".repeat(30 << 20)
    );
    let report = lint(json.as_bytes());
    assert_eq!(report.findings().len(), 1);
    assert_eq!(report.findings()[0].reason(), LintReason::TooLarge);
    assert_eq!(report.counts().domains, 1);
}

#[test]
fn an_update_needs_no_name_and_has_no_relationships() {
    let json = br#"{"data":{"type":"collection","attributes":{},
        "raw_items":"example.com"}}"#;
    assert!(!lint(json).is_clean());
    assert!(lint_as(json, Purpose::Update).is_clean());
    let json = br#"{"data":{"type":"collection","attributes":{},
        "relationships":{"domains":{"data":[
            {"type":"domain","id":"example.com"}]}}}}"#;
    let report = lint_as(json, Purpose::Update);
    let reasons: Vec<LintReason> = report
        .findings()
        .iter()
        .map(iocpack::payload::LintFinding::reason)
        .collect();
    assert_eq!(reasons, [LintReason::RelationshipsInUpdate]);
}

#[test]
fn the_items_can_be_judged_by_a_policy() {
    let report = lint(
        br#"{"data":[{"type":"ip_address","id":"10.0.0.1"},
            {"type":"ip_address","id":"1.1.1.1"}]}"#,
    );
    assert!(report.is_clean());
    let policy = Policy::new();
    let held: Vec<String> = report
        .items()
        .iter()
        .filter(|it| !policy.judge(it.indicator()).is_keep())
        .map(|it| it.indicator().to_string())
        .collect();
    assert_eq!(held, ["10.0.0.1"]);
}

#[test]
fn controls_of_a_payload_reach_no_message() {
    let json = "{\"data\":[{\"type\":\"do\\u001b[31mmain\\u202e\",\
        \"id\":\"a\\u0007\"}],\"\\u001b\":1}";
    for finding in lint(json.as_bytes()).findings() {
        let text = finding.message();
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}

/// A JSON text that is often a payload.
fn payload() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "1",
        "null",
        "true",
        "\"\"",
        "\"collection\"",
        "\"domain\"",
        "\"url\"",
        "\"file\"",
        "\"example.com\"",
        "\"a[.]example.com, 10.0.0.1 x\"",
        "\"https://example.com/\"",
        "[]",
        "{}",
    ])
    .prop_map(str::to_owned);
    let names = prop::sample::select(vec![
        "data",
        "type",
        "id",
        "url",
        "attributes",
        "name",
        "description",
        "relationships",
        "domains",
        "urls",
        "raw_items",
        "meta",
        "raw",
        "requests",
        "body",
        "private",
        "tags",
        "x/~",
    ]);
    value.prop_recursive(6, 64, 6, move |inner| {
        let member = (names.clone(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4)
                .prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|all| {
                let all: Vec<String> = all
                    .into_iter()
                    .map(|(name, value)| format!("\"{name}\": {value}"))
                    .collect();
                format!("{{{}}}", all.join(",\n"))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn findings_point_into_the_payload(json in payload()) {
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let report = lint(json.as_bytes());
        // Of a name that stands twice, a pointer names the last only.
        let twice = LintReason::DuplicateMember;
        let twice = report.findings().iter().any(|it| it.reason() == twice);
        let mut last = 0;
        for finding in report.findings() {
            let span = finding.span();
            prop_assert!(span.start >= last && span.end <= json.len());
            last = span.start;
            prop_assert!(finding.reason() != LintReason::NotJson);
            prop_assert!(
                twice || value.pointer(finding.pointer()).is_some()
            );
            let before = &json[..span.start];
            let line = before.matches('\n').count() + 1;
            prop_assert_eq!(finding.line(), line);
        }
    }

    #[test]
    fn any_bytes_are_judged(json in prop::collection::vec(any::<u8>(), 0..99)) {
        let _ = lint(&json);
    }

    #[test]
    fn a_cut_payload_is_never_clean(json in payload(), at in 0.0..1.0_f64) {
        let cut = (json.len() as f64 * at) as usize;
        prop_assume!(json.starts_with(['{', '[']) && json.is_char_boundary(cut));
        prop_assert!(!lint(&json.as_bytes()[..cut]).is_clean());
    }
}
