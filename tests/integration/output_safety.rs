//! No output carries what a terminal obeys, or what a spreadsheet calculates:
//! each command over texts, file names and arguments that try, on a terminal
//! and into a pipe; and what the library writes.

#[cfg(feature = "cli")]
use std::{fs, path::PathBuf, process::Command};

use iocpack::payload::{Collection, interchange, lint};
use iocpack::{IndicatorSet, Policy, Scanner, raw_items};
use proptest::prelude::*;

#[cfg(feature = "cli")]
use crate::cli::{command, scratch};

/// What a terminal obeys, an eye is misled by, or no text holds.
pub(crate) const HOSTILE: [&[u8]; 30] = [
    b"\x1b[31m",
    b"\x1b[2J\x1b[H",
    b"\x1b]0;title\x07",
    b"\x1b]8;;http://evil.example/\x1b\\here\x1b]8;;\x1b\\",
    b"\x1b]52;c;ZXZpbA==\x07",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bc",
    b"\x1b[6n",
    "\u{9b}31m".as_bytes(),
    "\u{90}q\u{9c}".as_bytes(),
    "\u{9d}0;t\u{9c}".as_bytes(),
    "\u{85}".as_bytes(),
    b"\x00",
    b"\x07",
    b"\x08\x08\x08",
    b"\x0b",
    b"\x0c",
    b"\x0e",
    b"\x7f",
    b"\rover",
    "\u{202e}txt.exe".as_bytes(),
    "\u{2066}x\u{2069}".as_bytes(),
    "\u{200e}\u{200f}\u{61c}".as_bytes(),
    "\u{200b}\u{feff}\u{ad}".as_bytes(),
    "\u{2028}\u{2029}".as_bytes(),
    "\u{e0041}\u{e007f}".as_bytes(),
    b"\x9b31m",
    b"\xff\xfe",
    b"\xc0\xae",
    b"\xed\xa0\x80",
];

/// Where it may stand: `@` is the place.
const PLACES: [&str; 18] = [
    "@evil.example.com",
    "evil.example.com@",
    "ev@il.example.com",
    "http://evil.example.com/a@b",
    "http://ev@il.example.com/",
    "hxxp://evil[.]example[.]com/@?q=@",
    "192.0.2.@7",
    "192.0.2.7@",
    "01.02.03.04@",
    "ca9ed13e6156870196491cb93b61b5b4@",
    "who@(at)example.com",
    "notes@.md and a@b.txt",
    "setup@.exe",
    "C:\\dir\\@evil.py",
    "http://evil.example.com:@80/",
    "version @1.2.3.4.5",
    "=cmd|'@'!A1, +1@, -1@",
    "@",
];

/// Each sequence at each place, a line for each.
fn hostile_text() -> Vec<u8> {
    let mut text = Vec::new();
    for place in PLACES {
        for sequence in HOSTILE {
            for (at, part) in place.split('@').enumerate() {
                if at > 0 {
                    text.extend_from_slice(sequence);
                }
                text.extend_from_slice(part.as_bytes());
            }
            text.push(b'\n');
        }
    }
    text
}

/// The first character that no output may hold.
fn obeyed(text: &str) -> Option<char> {
    let mut before_newline = text.chars().skip(1).chain(['\n']);
    text.chars().find(|&c| {
        let next = before_newline.next();
        match c {
            '\n' | '\t' => false,
            '\r' => next != Some('\n'),
            c => {
                c.is_control()
                    || matches!(
                        u32::from(c),
                        0x61c | 0x200e..=0x200f | 0x2028..=0x202e
                            | 0x2066..=0x2069 | 0xe0000..=0xe007f
                    )
            }
        }
    })
}

pub(crate) fn assert_safe(text: &[u8], what: &str) {
    let text = std::str::from_utf8(text);
    let text = text.unwrap_or_else(|err| panic!("{what}: {err}"));
    if let Some(c) = obeyed(text) {
        let line = text.lines().find(|line| line.contains(c));
        panic!("{what}: {c:?} in {:?}", line.unwrap_or_default());
    }
}

#[test]
fn the_checker_sees_what_it_must() {
    for sequence in HOSTILE {
        let text = String::from_utf8_lossy(sequence);
        let replaced = text.contains('\u{fffd}');
        let unseen = text.contains('\u{200b}');
        assert!(replaced || unseen || obeyed(&text).is_some(), "{text:?}");
    }
    assert_eq!(obeyed("a\tb\r\nc\u{fc}\n"), None);
    assert_eq!(obeyed("a\rb"), Some('\r'));
}

/// A folder whose files have names and contents that try.
#[cfg(feature = "cli")]
fn folder(name: &str) -> (PathBuf, String) {
    let folder = scratch(name);
    let text = hostile_text();
    fs::write(folder.join("text.txt"), &text).unwrap();
    let odd = "in\x1b[31m\n\u{202e}\u{9b}\r=x.txt".to_owned();
    fs::write(folder.join(&odd), &text).unwrap();
    fs::write(folder.join(format!("{odd}.gz")), b"\x1f\x8bno").unwrap();
    let lossy = String::from_utf8_lossy(&text);
    let mut rows = String::new();
    for line in lossy.lines() {
        rows += &serde_json::json!({"text": line, "k\u{1b}": 1}).to_string();
        rows.push('\n');
    }
    rows += "{\"text\": \"\x1b[31m\u{202e}\n[1]\n";
    fs::write(folder.join("rows.jsonl"), rows).unwrap();
    let items: Vec<_> = lossy
        .lines()
        .map(|it| serde_json::json!({"type": "domain", "id": it, it: 1}))
        .collect();
    let body = serde_json::json!({"data": {
        "type": "collection\u{1b}",
        "attributes": {"name": "a\u{1b}[31m\u{202e}", "\u{9b}": "\u{7f}"},
        "relationships": {"domains": {"data": items}},
        "raw_items": lossy,
    }});
    // As JSON has it, and with everything that JSON allows to stand raw.
    fs::write(folder.join("body.json"), body.to_string()).unwrap();
    fs::write(folder.join("list.txt"), &text).unwrap();
    (folder, odd)
}

/// Every command with what it is given, and whether its stdout is JSON.
#[cfg(feature = "cli")]
fn runs(odd: &str) -> Vec<(Vec<String>, bool)> {
    let mut runs = Vec::new();
    let mut add = |json: bool, args: &[&str]| {
        runs.push((args.iter().map(ToString::to_string).collect(), json));
    };
    for format in ["text", "csv", "jsonl", "json"] {
        let json = format.starts_with("json");
        let args = ["scan", "--format", format, "--all", "--rejected"];
        add(json, &[&args[..], &["text.txt", odd]].concat());
    }
    add(false, &["scan", "-r", "-c", "."]);
    add(true, &["scan", "--format", "jsonl", "--field", "text", "rows.jsonl"]);
    let about = ["--name", "a\u{1b}[31m", "--description", "b\u{202e}\u{9b}"];
    add(true, &[&["pack", "text.txt"], &about[..]].concat());
    add(true, &[&["pack", "text.txt", "--pretty"], &about[..]].concat());
    add(true, &[&["pack", "text.txt", "--plan", "-"], &about[..]].concat());
    for format in ["text", "json", "jsonl"] {
        let json = format != "text";
        add(json, &["check", "--format", format, odd]);
        add(json, &["lint", "--format", format, "body.json"]);
        add(json, &["lint", "--format", format, odd]);
    }
    let title = ["--title", "t\u{1b}[31m\u{202e}</title><script>"];
    for name in ["text.txt", odd] {
        let name = [name];
        add(false, &[&["report"], &name[..], &title, &about].concat());
    }
    add(false, &["report", "text.txt", "-o", "page\u{1b}[31m\u{202e}.html"]);
    add(false, &["report", "no\x1b[31m\n\u{202e}such"]);
    for to in ["stix", "misp", "csv"] {
        let args = ["export", "--to", to, "--time", "2031-04-05"];
        let names = ["--with-held", "text.txt", odd];
        add(to != "csv", &[&args[..], &title, &names].concat());
    }
    add(false, &["export", "--to", "stix", "--time", "\u{9b}31m", odd]);
    for (format, json) in [("text", false), ("jsonl", true)] {
        let form = ["--format", format];
        add(json, &[&["diff"], &form[..], &["body.json", odd]].concat());
        add(json, &[&["diff"], &form[..], &[odd, "body.json"]].concat());
        let sides = ["--text", "-z", "text.txt", &format!("{odd}.gz")];
        add(false, &[&["diff"], &form[..], &sides].concat());
    }
    add(false, &["diff", "no\x1b[31m\n\u{202e}such", "text.txt"]);
    let plan = ["diff", "list.txt", "body.json", "--plan", "-"];
    add(true, &[&plan[..], &["--update", "0f5c"]].concat());
    add(false, &[&plan[..], &["--update", "\x1b[31m"]].concat());
    for shades in ["--map=ascii", "--map=unicode"] {
        add(false, &["scan", shades, "--rejected", "text.txt", odd]);
    }
    add(false, &["scan", "--map=\u{9b}31m", odd]);
    for command in ["scan", "pack", "export", "report", "diff"] {
        let mut args = vec![command, "--max-unique", "1", odd];
        match command {
            "pack" => args.extend(about),
            "export" => args.extend(["--to", "csv"]),
            "diff" => args.extend(["--text", "text.txt"]),
            _ => {}
        }
        add(false, &args);
    }
    add(false, &["scan", "--max-unique", "\x1b[31m\u{202e}", odd]);
    add(false, &["config", "--all", "\x1b[31m"]);
    add(false, &["completions", "\x1b[31m\u{202e}"]);
    add(false, &["completions", "--all", "text.txt/\x1b\u{9b}"]);
    add(false, &["check", "--fix", odd]);
    add(false, &["id", "\u{1b}[31m", "http://\u{202e}/", "http://\u{9b}"]);
    add(true, &["id", "--format", "jsonl", "a\u{7f}", "http://a\u{202e}b/"]);
    // What went wrong, with the name of what it was.
    add(false, &["scan", "no\x1b[31m\n\u{202e}such"]);
    add(false, &["scan", "-z", &format!("{odd}.gz")]);
    add(false, &["scan", "-o", "no\x1b/\u{9b}/x", "text.txt"]);
    add(false, &["scan", "--format", "\x1b[31m\u{202e}", "text.txt"]);
    add(false, &["scan", "-t", "url\u{9b}31m", "text.txt"]);
    add(false, &["\x1b[31mscan"]);
    add(false, &["scan", "--\x1b[31m\u{202e}"]);
    add(false, &["scan", "--allow-list", "list.txt", "text.txt"]);
    add(false, &["scan", "--allow-list", odd, "text.txt"]);
    add(false, &["scan", "--encoding", "\u{9b}31m", "text.txt"]);
    add(
        false,
        &[&["pack", odd, "--own", "\x1b\u{202e}"], &about[..]].concat(),
    );
    add(false, &["pack", "--update", "\x1b[31m", "text.txt"]);
    add(false, &["pack", "--release", "\u{202e}", "text.txt"]);
    let tag = ["--tag", "\u{9b}31m\n", "--max-items", "\x1b"];
    add(false, &[&["pack", odd], &tag[..], &about[..]].concat());
    #[cfg(feature = "submit")]
    {
        add(false, &["submit", "--plan", odd, "--dry-run"]);
        add(false, &["submit", "--plan", "no\x1b[31m", "--dry-run"]);
        let dry = ["submit", "--dry-run", "text.txt"];
        add(false, &[&dry[..], &about[..]].concat());
        add(false, &["pull", "\x1b[31m\u{202e}"]);
        add(false, &["submit", "--plan", "x", "--host", "http://\u{9b}/"]);
        add(false, &["comment", "\u{9b}31m", "\x1b[31m", "--dry-run"]);
        add(false, &["delete", "\x1b[31m", "--dry-run"]);
    }
    runs
}

#[test]
#[cfg(feature = "cli")]
fn into_a_pipe_every_row_is_escaped_and_json_and_csv_are_whole() {
    let (folder, odd) = folder("safe-pipe");
    for (args, json) in runs(&odd) {
        let output = command(&folder)
            .args(&args)
            .env_remove("VT_API_KEY")
            .output()
            .unwrap();
        let what = format!("{args:?}");
        assert_safe(&output.stderr, &format!("stderr of {what}"));
        if json {
            let values = serde_json::Deserializer::from_slice(&output.stdout)
                .into_iter::<serde_json::Value>();
            let bad = values.filter(Result::is_err).count();
            // The filter passes a row on that is no JSON.
            assert!(bad == 0 || args.contains(&"--field".into()), "{what}");
        } else if args.contains(&"csv".into()) {
            assert_table(&String::from_utf8(output.stdout).unwrap());
        } else {
            assert_safe(&output.stdout, &format!("stdout of {what}"));
        }
    }
}

/// Of each sort: no option, no value, no text of the format, all of it shown.
#[cfg(feature = "cli")]
const CONFIGS: [&str; 6] = [
    "allow-list = [\"a\\u001b[31m\\u202e\", \"b\\u009b\"]\n",
    "[pack]\nown = [\"x\\u001b\\u2066.example\"]\n",
    "[scan]\nstrictness = \"\\u001b[31m\\u202e\"\n",
    "\"k\\u001b[31m\\u202e\" = 1\n",
    "[\"t\\u001b]0;x\\u0007\"]\nformat = 1\n",
    "[scan\u{202e}\u{9b}31m\n",
];

#[test]
#[cfg(feature = "cli")]
fn what_is_configured_is_escaped_where_it_is_shown() {
    let (folder, odd) = folder("safe-config");
    for (config, number) in CONFIGS.iter().zip(0..) {
        let path = folder.join(format!("{odd}.{number}.toml"));
        fs::write(&path, config).unwrap();
        for args in [&["config"][..], &["config", "--all"], &["scan", &odd]] {
            let output = command(&folder)
                .args(args)
                .env("IOCPACK_CONFIG", &path)
                .env("IOCPACK_NAME", "a\x1b[31m\n\u{202e}")
                .env("IOCPACK_ENCODING", "\u{9b}31m")
                .env("IOCPACK_\x1b[31m\u{202e}", "1")
                .output()
                .unwrap();
            let what = format!("{args:?} with {config:?}");
            assert_safe(&output.stdout, &format!("stdout of {what}"));
            assert_safe(&output.stderr, &format!("stderr of {what}"));
            let shown = output.stdout.len() + output.stderr.len();
            assert!(shown > 0, "nothing is shown of {what}");
        }
    }
}

/// Reads a CSV table as RFC 4180 says, and looks at each field.
fn assert_table(table: &str) {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = table.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        let field = row.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                rows.push(vec![String::new()]);
            }
            c => field.push(c),
        }
    }
    assert!(!quoted, "a quotation mark is not closed");
    assert_eq!(rows.pop(), Some(vec![String::new()]), "no CR LF at the end");
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for field in row {
            let formula = ['=', '+', '-', '@', '\t', '\r', '\0'];
            assert!(
                field.len() < 2 || !field.starts_with(formula),
                "a spreadsheet calculates {field:?}"
            );
        }
    }
}

/// What a command shows on a terminal of its own, with LF at line ends;
/// `None` where there is no `script` of util-linux to make one.
#[cfg(all(feature = "cli", target_os = "linux"))]
pub(crate) fn on_terminal(command: &mut Command) -> Option<Vec<u8>> {
    let quote = |it: &std::ffi::OsStr| {
        format!("'{}'", it.to_str().unwrap().replace('\'', "'\\''"))
    };
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(quote)
        .collect();
    let mut script = Command::new("script");
    script.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    let output = script
        .args(["-qec", &format!("exec {}", words.join(" ")), "/dev/null"])
        // Colours and progress are our own.
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    let mut shown = output.stdout;
    let mut next = shown.clone().into_iter().skip(1).chain([0]);
    shown.retain(|byte| (*byte, next.next()) != (b'\r', Some(b'\n')));
    Some(shown)
}

#[test]
#[cfg(all(feature = "cli", target_os = "linux"))]
fn on_a_terminal_nothing_that_it_obeys_is_shown() {
    let (folder, odd) = folder("safe-terminal");
    let mut runs: Vec<Vec<String>> =
        runs(&odd).into_iter().map(|(args, _)| args).collect();
    for verb in ["refang", "defang"] {
        runs.push(vec![verb.into(), "text.txt".into()]);
    }
    for args in runs {
        let Some(shown) = on_terminal(command(&folder).args(&args)) else {
            println!("skipped: no `script` to make a terminal");
            return;
        };
        assert_safe(&shown, &format!("terminal of {args:?}"));
        assert!(!shown.is_empty(), "nothing is shown of {args:?}");
    }
}

fn set_of(text: &[u8]) -> IndicatorSet {
    Scanner::new().find_iter(text).collect()
}

/// Everything that the library writes about a text or a payload.
fn library_writes(text: &[u8]) {
    let set = set_of(text);
    for entry in &set {
        assert_safe(entry.indicator().to_string().as_bytes(), "a value");
    }
    let report = raw_items::check(text);
    assert_safe(report.summary().to_string().as_bytes(), "a summary");
    assert_safe(report.fixed().as_bytes(), "a cleaned list");
    for finding in report.findings() {
        assert_safe(finding.help().as_bytes(), "help");
        assert_safe(finding.fate().reason().as_bytes(), "a reason");
    }
    for finding in lint(text).findings() {
        assert_safe(finding.message().as_bytes(), "a finding");
    }
    let name = String::from_utf8_lossy(text).into_owned();
    let mut builder = Policy::builder();
    if let Err(err) = builder.own(&name) {
        assert_safe(err.to_string().as_bytes(), "an own name");
    }
    match builder.allow_list(&name, text) {
        Ok(warnings) => {
            for warning in warnings {
                let shown = warning.to_string();
                let rest = shown.strip_prefix(&*name).unwrap_or(&shown);
                assert_safe(rest.as_bytes(), "a warning");
            }
        }
        Err(err) => {
            let shown = err.to_string();
            let rest = shown.strip_prefix(&*name).unwrap_or(&shown);
            assert_safe(rest.as_bytes(), "an allow-list");
        }
    }
    let mut about = Collection::new();
    about.name(&name).description(&name).tags([&name]);
    match about.create(&set) {
        Ok(request) => {
            let body = request.body.unwrap();
            let read: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(read["data"]["attributes"]["name"], *name);
        }
        Err(err) => assert_safe(err.to_string().as_bytes(), "a refusal"),
    }
    let mut table = Vec::new();
    interchange::csv(&set, &mut table).unwrap();
    let table = String::from_utf8(table).unwrap();
    assert_safe(table.as_bytes(), "a table");
    assert_table(&table);
}

#[test]
fn the_library_escapes_what_it_quotes() {
    let text = hostile_text();
    library_writes(&text);
    for line in text.split(|b| *b == b'\n') {
        library_writes(line);
    }
}

#[test]
fn a_field_of_a_table_is_read_back_and_is_no_formula() {
    for start in
        ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "", "a", " "]
    {
        for rest in ["1", "cmd|' /C calc'!A0", "a,b", "a\"b", "a\r\nb"] {
            let field = format!("{start}{rest}");
            let row = interchange::csv_field(&field);
            assert_table(&format!("{row},x\r\n"));
            let read = row.trim_matches('"').replace("\"\"", "\"");
            assert_eq!(read.trim_start_matches('\''), field);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: super::laws::cases() / 5,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_put_between_the_library_escapes_it(
        parts in prop::collection::vec(
            (prop::sample::select(&PLACES[..]),
             prop::sample::select(&HOSTILE[..]),
             prop::sample::select(vec!["\n", " ", "\",", "\"}", "/"])),
            1..6,
        ),
    ) {
        let mut text = Vec::new();
        for (place, sequence, end) in parts {
            let (before, after) = place.split_once('@').unwrap();
            text.extend_from_slice(before.as_bytes());
            text.extend_from_slice(sequence);
            text.extend_from_slice(after.as_bytes());
            text.extend_from_slice(end.as_bytes());
        }
        library_writes(&text);
    }
}
