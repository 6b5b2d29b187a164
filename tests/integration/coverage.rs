//! That no option and no exit code of the command is without a test on it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::cli::{root, run, split};

/// The sessions: what was typed after `iocpack`, and the exit code.
fn sessions() -> Vec<(Vec<String>, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join("tests/data/cli")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "txt") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        for block in text.split("\n\n") {
            let typed = block
                .lines()
                .find_map(|it| it.strip_prefix("$ iocpack ").map(split));
            let code = block.lines().find_map(|it| it.strip_prefix("= "));
            if let (Some(typed), Some(code)) = (typed, code) {
                all.push((typed, code.to_owned()));
            }
        }
    }
    all
}

/// The sources of the other tests, in one text.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if !path.ends_with("coverage.rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// Long names that have a short one.
const SHORT: [(&str, &str); 12] = [
    ("--type", "-t"),
    ("--exclude", "-x"),
    ("--threads", "-j"),
    ("--recursive", "-r"),
    ("--decompress", "-z"),
    ("--output", "-o"),
    ("--count", "-c"),
    ("--name", "-n"),
    ("--description", "-d"),
    ("--quiet", "-q"),
    ("--verbose", "-v"),
    ("--yes", "-y"),
];

/// What `submit` takes as `pack` does, and what goes to a server: one type
/// of arguments, one way through the code.
const SHARED: [(&str, &str); 4] = [
    ("submit", "pack"),
    ("pull", "submit"),
    ("comment", "submit"),
    ("delete", "submit"),
];

#[test]
fn every_option_occurs_in_a_test() {
    let listed = run(root(), &split("config --all"), b"").stdout;
    let options: Vec<(&str, &str)> = listed
        .lines()
        .map(|line| line.split('\t').next().unwrap())
        .map(|name| name.split_once('.').unwrap_or(("", name)))
        .collect();
    assert!(options.len() > 60, "{listed}");
    let sessions = sessions();
    let sources = sources(&root().join("tests/integration"));
    let mut missing = BTreeSet::new();
    for (command, long) in options {
        let long = format!("--{long}");
        let has = |word: &String| {
            word.strip_prefix(&long)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        };
        let short = SHORT.iter().find(|it| it.0 == long).map(|it| it.1);
        let shared = SHARED.iter().find(|it| it.0 == command).map(|it| it.1);
        let in_session = sessions.iter().any(|(typed, _)| {
            (command.is_empty()
                || typed[0] == command
                || Some(&*typed[0]) == shared)
                && typed.iter().any(|it| has(it) || Some(&**it) == short)
        });
        // A word of a list, or of a line that is split.
        let in_source =
            [format!("\"{long}\""), format!("\"{long}="), format!(" {long} ")];
        if !in_session && !in_source.iter().any(|it| sources.contains(it)) {
            missing.insert(format!("{command} {long}"));
        }
    }
    assert!(missing.is_empty(), "no test types {missing:#?}");
}

#[test]
fn every_exit_code_occurs_in_a_session() {
    let sessions = sessions();
    for (command, codes) in [
        ("scan", "0 1 2 10"),
        ("pack", "0 1 2 3 10"),
        ("diff", "0 1 2 10"),
        ("export", "0 1 2 10"),
        ("check", "0 1 2"),
        ("lint", "0 1 2"),
        ("id", "0 1 2"),
        ("refang", "0 2"),
        ("defang", "0 2"),
    ] {
        for code in codes.split(' ') {
            let met = sessions
                .iter()
                .any(|(typed, it)| typed[0] == command && it == code);
            assert!(met, "no session of {command} ends with {code}");
        }
        // And the help says so.
        let help = run(root(), &split(&format!("{command} --help")), b"");
        let (_, told) = help.stdout.split_once("Exit codes:").unwrap();
        for code in codes.split(' ') {
            assert!(told.contains(code), "{command}: {told}");
        }
    }
}
