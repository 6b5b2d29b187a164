//! Holds the house together: a module imports lower floors only.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors of ARCHITECTURE.md. Siblings on a floor do not see each other.
const FLOORS: [(&str, u8); 11] = [
    ("span", 0),
    ("error", 0),
    ("limits", 0),
    ("kind", 1),
    ("refang", 2),
    ("scan", 3),
    ("set", 4),
    ("policy", 4),
    ("payload", 5),
    ("raw_items", 5),
    ("submit", 6),
];

/// The module that `crate::Name` is re-exported from, as lib.rs says.
fn home_of(name: &str, lib: &str) -> Option<String> {
    for line in lib.split(';') {
        let Some((_, list)) = line.split_once("pub use crate::") else {
            continue;
        };
        let Some((module, names)) = list.split_once("::") else {
            continue;
        };
        let found = names
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|it| it == name);
        if found {
            return Some(module.trim().to_owned());
        }
    }
    None
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, n)| *n)
}

#[test]
fn modules_import_lower_floors_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
    let mut wrong = Vec::new();
    for path in sources(&src) {
        let inside = path.strip_prefix(&src).unwrap();
        let room = room(inside);
        if room == "lib" || room == "bin" {
            continue;
        }
        let at = floor(&room).unwrap_or_else(|| {
            panic!("src/{} has no floor: name it here", inside.display())
        });
        let text = code(&fs::read_to_string(&path).unwrap());
        for used in used(&text, &lib) {
            if used == room {
                continue;
            }
            if floor(&used).is_none_or(|floor| floor >= at) {
                wrong.push(format!(
                    "src/{} (floor {at}) uses crate::{used}",
                    inside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_uses_the_library_as_any_user_does() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&src.join("bin")) {
        let text = code(&fs::read_to_string(&path).unwrap());
        for room in FLOORS.map(|(name, _)| name) {
            let path_of_room = format!("#[path = \"../../{room}");
            assert!(!text.contains(&path_of_room), "{}", path.display());
        }
    }
}

#[test]
fn the_checker_sees_every_way_to_import() {
    let lib = "pub use crate::kind::{\n    Kind, Url,\n};\n\
               pub use crate::scan::Match;";
    let text = "use crate::{Kind, scan::Flags};\nlet x: crate::Match<'_>;\n\
                use crate::payload::{Plan};";
    let mut found = used(text, lib);
    found.sort();
    found.dedup();
    assert_eq!(found, ["kind", "payload", "scan"]);
}

/// The modules, by name, that a source text imports from the crate.
fn used(text: &str, lib: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        for name in heads(rest) {
            if name == "self" || name.is_empty() {
                continue;
            }
            if floor(&name).is_some() {
                out.push(name);
            } else if let Some(home) = home_of(&name, lib) {
                out.push(home);
            }
        }
    }
    out
}

/// The first path segments after `crate::`: one, or those of a braced list.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(list) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 0;
    let mut heads = vec![word(list)];
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(word(&list[i + 1..])),
            _ => {}
        }
    }
    heads
}

/// The text without comments and without unit tests, which may look up.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// `kind` for `kind/url.rs` and for `kind.rs`.
fn room(inside: &Path) -> String {
    let first = inside.components().next().unwrap();
    let name = Path::new(first.as_os_str());
    name.file_stem().unwrap().to_string_lossy().into_owned()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}
