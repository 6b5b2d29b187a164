//! What this crate is made of, and what is said of it: unsafe code, build
//! scripts, dependencies, and the tests that SECURITY.md names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The Rust files of a folder, as paths from the root.
fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    // The package has no `fuzz`.
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return };
    for entry in entries {
        let name = entry.unwrap().file_name();
        let path = folder.join(name);
        if root().join(&path).is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") {
            all.push(path);
        }
    }
}

/// A section of ARCHITECTURE.md, without its heading.
fn section(heading: &str) -> String {
    let text = read("ARCHITECTURE.md");
    let start = text.split(heading).nth(1).expect(heading);
    start.split("\n## ").next().unwrap_or_default().to_owned()
}

/// What stands between backquotes.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(Into::into).collect()
}

#[test]
fn unsafe_code_stands_where_architecture_md_says_and_nowhere_else() {
    let mut all = Vec::new();
    for folder in ["src", "tests", "benches", "examples", "fuzz"] {
        sources(Path::new(folder), &mut all);
    }
    assert!(all.len() > 100, "{}", all.len());
    let word = concat!("un", "safe");
    let starts =
        [" {", " fn", " impl", " extern", " trait", "_code,", "_code)"];
    let is_code = |line: &&str| {
        let code = line.split("//").next().unwrap_or_default();
        starts.iter().any(|it| code.contains(&format!("{word}{it}")))
    };
    let found: BTreeSet<String> = all
        .iter()
        .map(|path| path.to_str().unwrap().replace('\\', "/"))
        .filter(|path| read(path).lines().any(|line| is_code(&line)))
        .collect();
    let is_path = |it: &String| it.strip_suffix(".rs").is_some();
    let listed: BTreeSet<String> = quoted(&section("\n## Unsafe code\n"))
        .into_iter()
        .filter(is_path)
        .collect();
    assert_eq!(found, listed);
    let denied = format!("{word}_code = \"deny\"");
    assert!(read("Cargo.toml").contains(&denied));
}

#[test]
fn nothing_runs_while_this_crate_is_built() {
    assert!(!root().join("build.rs").exists());
    assert!(!read("Cargo.toml").contains("\nbuild = "));
}

#[test]
fn every_dependency_has_its_reason_in_architecture_md() {
    let manifest = read("Cargo.toml");
    let told = quoted(&section("\n## Dependencies\n"));
    let mut names = 0;
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && let Some((name, _)) = line.split_once(" = ") {
            assert!(told.contains(name), "no reason for `{name}`");
            names += 1;
        }
    }
    assert!(names > 20, "{names}");
}

#[test]
fn every_test_that_security_md_names_exists() {
    let mut all = Vec::new();
    for folder in ["src", "tests"] {
        sources(Path::new(folder), &mut all);
    }
    let code: String =
        all.iter().map(|path| read(path.to_str().unwrap())).collect();
    let text = read("SECURITY.md");
    let named: BTreeSet<String> = quoted(&text)
        .into_iter()
        .filter(|it| it.matches('_').count() >= 3)
        .filter(|it| it.chars().all(|c| c == '_' || c.is_alphanumeric()))
        .collect();
    assert!(named.len() >= 30, "{}", named.len());
    for name in named {
        assert!(code.contains(&format!("fn {name}(")), "no test `{name}`");
    }
    // Each threat of the tables has one.
    for row in text.lines().filter(|it| it.starts_with("| ")) {
        if row.starts_with("| threat") {
            continue;
        }
        let tests = row.rsplit('|').nth(1).unwrap_or_default();
        assert!(tests.contains('`'), "no test for: {row}");
    }
}
