//! The sessions of the README, replayed.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::process::Stdio;

use crate::cli::{command, root, split};

/// The blocks of a kind: text before, and lines inside.
fn console(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, Vec<&str>)> = None;
    for (i, line) in text.lines().enumerate() {
        match &mut open {
            None if line == "```console" => open = Some((i + 2, Vec::new())),
            None => {}
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some((_, lines)) => lines.push(line),
        }
    }
    blocks
}

/// What a terminal shows: stdout and stderr as they come.
fn shown(line: &str) -> Option<String> {
    let line = line.strip_prefix("$ ")?;
    let (line, filter) = match line.split_once(" | grep ^") {
        Some((line, filter)) => (line, filter),
        None => (line, ""),
    };
    let rest = line
        .strip_prefix("cargo run --release --features cli -- ")
        .or_else(|| line.strip_prefix("iocpack "))?;
    let (mut reader, writer) = io::pipe().unwrap();
    let mut run = command(root());
    run.args(split(rest))
        .stdin(Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    let mut child = run.spawn().unwrap();
    // The command holds the ends for writing; ours would keep the pipe open.
    drop(run);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    Some(
        text.split_inclusive('\n')
            .filter(|line| line.starts_with(filter))
            .collect(),
    )
}

#[test]
fn the_sessions_of_the_readme_are_what_comes_out() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut fresh = readme.clone();
    let mut report = String::new();
    let mut replayed = 0;
    for (number, lines) in console(&readme) {
        let Some(got) = shown(lines[0]) else {
            continue;
        };
        // The two commands of the start stand without their output.
        if lines[0].starts_with("$ cargo") {
            assert!(got.contains("\"data\""), "{got}");
            continue;
        }
        replayed += 1;
        let want = lines[1..].join("\n");
        if want == got.trim_end() {
            continue;
        }
        let _ = writeln!(
            report,
            "README.md:{number}: expected\n{want}\ncame out\n{got}"
        );
        let old = format!("```console\n{}\n```", lines.join("\n"));
        let new = format!("```console\n{}\n{got}```", lines[0]);
        fresh = fresh.replacen(&old, &new, 1);
    }
    assert!(replayed >= 5, "the README holds {replayed} sessions");
    if std::env::var_os("IOCPACK_UPDATE").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_tests_are_run_by_the_command_that_the_readme_names() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap_or_default();
    let test = "cargo test --features cli";
    assert!(readme.contains(&format!("\n$ {test}\n")));
    // A package has no `.ci`.
    if !ci.is_empty() {
        assert!(ci.contains("  cargo test --features cli\n"));
    }
}
