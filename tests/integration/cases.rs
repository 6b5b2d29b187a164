//! Runs the cases of `tests/data/scan/*.txt`.
//!
//! A case is a few lines, and a blank line ends it; `#` starts a comment
//! line:
//!
//! ```text
//! why:   what it shows
//! in:    the text; \n \t \r \\ \xNN \u{N} are escapes
//! opt:   strict | loose | email-domains | no-refang | inner-urls
//! out:   START..END TYPE CANONICAL, a line each, or `-` for none
//! flags: of the `out` line above, all but `defanged`
//! rej:   START..END REASON: must be among the rejections
//! ```
//!
//! Offsets count bytes of the text after its escapes are undone.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iocpack::{Finding, Match, Scanner, Strictness};

#[derive(Debug, Default, PartialEq, Eq)]
struct Case {
    file: String,
    /// Of the `in:` line.
    line: usize,
    why: String,
    text: Vec<u8>,
    options: Vec<String>,
    out: Vec<String>,
    rejected: Vec<String>,
}

#[test]
fn every_case_of_tests_data_scan_holds() {
    let mut cases = Vec::new();
    for path in files("tests/data/scan") {
        let text = fs::read_to_string(&path).unwrap();
        cases.extend(parse(&path.display().to_string(), &text));
    }
    assert!(!cases.is_empty(), "tests/data/scan holds no case");
    let failed: Vec<String> = cases.iter().filter_map(run).collect();
    assert!(
        failed.is_empty(),
        "{} of {} cases fail\n\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

#[test]
fn every_reason_of_the_context_has_a_case() {
    let texts: String = files("tests/data/scan")
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for reason in iocpack::Reason::OF_CONTEXT {
        let line = |line: &str| {
            line.starts_with("rej:") && line.ends_with(reason.code())
        };
        assert!(texts.lines().any(line), "no case for {reason}");
    }
}

#[test]
fn the_runner_sees_a_wrong_offset_a_wrong_value_and_a_missing_rejection() {
    let good = "in: a google.com b\nout: 2..12 domain google.com\n";
    assert_eq!(run(&parse("x", good)[0]), None);
    for bad in [
        "in: a google.com b\nout: 2..11 domain google.com\n",
        "in: a google.com b\nout: 2..12 domain google.org\n",
        "in: a google.com b\nout: -\n",
        "in: a google.com b\nout: 2..12 domain google.com\nrej: 0..1 weak\n",
        "in: nothing here\nout: 0..7 domain nothing\n",
        "in: a google.com b\nout: 2..12 domain google.com\nflags: inner\n",
    ] {
        let report = run(&parse("x.txt", bad)[0]).expect(bad);
        assert!(report.starts_with("x.txt:1:"), "{report}");
    }
}

#[test]
fn escapes_are_undone_before_offsets_are_counted() {
    let cases = parse("x", "in: a\\n\\x00\\u{e9}\\\\ \\t\\r\nout: -\n");
    assert_eq!(cases[0].text, "a\n\0é\\ \t\r".as_bytes());
    let cases = parse("x", "in: \\xff.\nout: -\n");
    assert_eq!(cases[0].text, b"\xff.");
}

/// The files of a folder of data, in order of name.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect();
    files.sort();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    files
        .into_iter()
        .map(|path| path.strip_prefix(root).unwrap().to_owned())
        .collect()
}

fn parse(file: &str, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = Case::default();
    let mut line_of_case = 0;
    let lines = text.lines().chain([""]);
    for (line, number) in lines.zip(1..) {
        let at = format!("{file}:{number}");
        if line.starts_with('#') {
            continue;
        }
        if line.trim().is_empty() {
            if line_of_case != 0 {
                assert!(case.line != 0, "{at}: a case without `in:`");
                assert!(!case.out.is_empty(), "{at}: a case without `out:`");
                case.out.retain(|out| out != "-");
                cases.push(std::mem::take(&mut case));
            }
            line_of_case = 0;
            continue;
        }
        line_of_case += 1;
        let (key, value) = line
            .split_once(':')
            .unwrap_or_else(|| panic!("{at}: expected `key: value`"));
        // One space, or spaces that align the values: a text that starts
        // with a space writes it as \x20.
        let value = value.trim_start_matches(' ');
        match key {
            "why" => case.why = value.into(),
            "in" => {
                assert!(case.line == 0, "{at}: a second `in:`");
                case.file = file.into();
                case.line = number;
                case.text = unescape(value)
                    .unwrap_or_else(|| panic!("{at}: unknown escape"));
            }
            "opt" => case.options.extend(words(value)),
            "out" => case.out.push(value.trim_end().into()),
            "flags" => {
                let out = case
                    .out
                    .last_mut()
                    .unwrap_or_else(|| panic!("{at}: `flags` before `out`"));
                let mut flags: Vec<String> =
                    words(value).filter(|it| it != "defanged").collect();
                flags.sort();
                let _ = write!(out, " [{}]", flags.join(" "));
            }
            "rej" => case.rejected.push(value.trim_end().into()),
            _ => panic!("{at}: unknown key `{key}`"),
        }
    }
    cases
}

fn words(value: &str) -> impl Iterator<Item = String> {
    value.split([' ', ',']).filter(|it| !it.is_empty()).map(Into::into)
}

fn unescape(value: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let mut chars = rest[at + 1..].chars();
        let used = match chars.next()? {
            'n' => (out.push(b'\n'), 2).1,
            't' => (out.push(b'\t'), 2).1,
            'r' => (out.push(b'\r'), 2).1,
            '\\' => (out.push(b'\\'), 2).1,
            'x' => {
                let hex = rest.get(at + 2..at + 4)?;
                out.push(u8::from_str_radix(hex, 16).ok()?);
                4
            }
            'u' => {
                let hex = rest[at + 2..].strip_prefix('{')?;
                let (hex, _) = hex.split_once('}')?;
                let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                hex.len() + 4
            }
            _ => return None,
        };
        rest = &rest[at + used..];
    }
    out.extend_from_slice(rest.as_bytes());
    Some(out)
}

fn scanner(case: &Case) -> Scanner {
    let mut builder = Scanner::builder();
    for option in &case.options {
        match option.as_str() {
            "strict" => builder.strictness(Strictness::Strict),
            "loose" => builder.strictness(Strictness::Loose),
            "email-domains" => builder.email_domains(true),
            "no-refang" => builder.refang(false),
            "inner-urls" => builder.inner_urls(true),
            other => {
                panic!("{}:{}: unknown opt `{other}`", case.file, case.line)
            }
        };
    }
    builder.build()
}

/// Runs a case; `None` when it holds, else a report.
fn run(case: &Case) -> Option<String> {
    let mut out = Vec::new();
    let mut rejected = Vec::new();
    let mut broken = Vec::new();
    for finding in scanner(case).findings(&case.text) {
        let span = finding.span();
        if case.text.get(span.range()) != Some(finding.raw()) {
            broken.push(format!("{span} is not where its raw text stands"));
        }
        match finding {
            Finding::Match(found) => out.push(found),
            Finding::Rejection(it) => {
                rejected.push(format!("{span} {}", it.reason()));
            }
            _ => {}
        }
    }
    let out: Vec<String> = out
        .iter()
        .zip(case.out.iter().map(Some).chain(std::iter::repeat(None)))
        .map(|(found, want)| {
            // Flags are compared where the case names them.
            show(found, want.is_some_and(|want| want.ends_with(']')))
        })
        .collect();
    let missing: Vec<&String> =
        case.rejected.iter().filter(|it| !rejected.contains(it)).collect();
    if out == case.out && missing.is_empty() && broken.is_empty() {
        return None;
    }
    let mut report = format!(
        "{}:{}: {}\n  in: {}\n",
        case.file,
        case.line,
        case.why,
        case.text.escape_ascii()
    );
    for line in diff(&case.out, &out) {
        let _ = writeln!(report, "  {line}");
    }
    for line in missing {
        let _ = writeln!(report, "  - rej {line}");
    }
    if report.contains("\n  - rej ") {
        for line in &rejected {
            let _ = writeln!(report, "  + rej {line}");
        }
    }
    for line in broken {
        let _ = writeln!(report, "  ! {line}");
    }
    Some(report)
}

fn show(found: &Match<'_>, flags: bool) -> String {
    let name = found.to_indicator().type_name();
    let mut line = format!("{} {name} {}", found.span(), found.canonical());
    if flags {
        let mut names: Vec<&str> =
            found.flags().names().filter(|it| *it != "defanged").collect();
        names.sort_unstable();
        let _ = write!(line, " [{}]", names.join(" "));
    }
    line
}

/// Lines of both lists in order: `-` is expected and missing, `+` is there
/// and not expected.
fn diff(want: &[String], got: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut got = got.iter().peekable();
    for line in want {
        if !got.clone().any(|it| it == line) {
            lines.push(format!("- {line}"));
            continue;
        }
        while let Some(other) = got.next_if(|it| *it != line) {
            lines.push(format!("+ {other}"));
        }
        got.next();
        lines.push(format!("  {line}"));
    }
    lines.extend(got.map(|line| format!("+ {line}")));
    lines
}
