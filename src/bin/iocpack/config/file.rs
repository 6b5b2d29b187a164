//! The configuration file: TOML, read key by key, each with its line.
//!
//! ```toml
//! color = "never"            # every command that has the option
//! own = ["corp.example"]
//!
//! [scan]                     # one command
//! strictness = "strict"
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::exit::{Failure, reason};
use crate::talk;

/// The longest file that is read.
const LONGEST: u64 = 1 << 20;

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The table it stands in, which is a command's; none above the first.
    pub(super) table: Option<String>,
    pub(super) key: String,
    /// As on the command line; more than one of an array.
    pub(super) values: Vec<String>,
    pub(super) line: usize,
}

/// Reads a file; `None` if there is none.
///
/// # Errors
///
/// When it cannot be read, or is no TOML of keys and tables. No message
/// quotes the file: it may hold a key.
pub(super) fn read(path: &Path) -> Result<Option<Vec<Entry>>, Failure> {
    let name = talk::name(path);
    let fail = |err: &io::Error| {
        Failure::new(format!("cannot read {name}: {}", reason(err)))
    };
    match fs::metadata(path) {
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(err) => return Err(fail(&err)),
        Ok(it) if it.len() > LONGEST => {
            return Err(Failure::new(format!(
                "{name}: expected at most {LONGEST} bytes, found {}",
                it.len()
            )));
        }
        Ok(_) => {}
    }
    let text = fs::read(path).map_err(|err| fail(&err))?;
    let text = String::from_utf8(text)
        .map_err(|_| Failure::new(format!("{name}: expected UTF-8")))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    entries(text)
        .map(Some)
        .map_err(|(line, why)| Failure::new(format!("{name}:{line}: {why}")))
}

/// The path of a value that names a file: from the folder of the
/// configuration, or from the home with `~/`, never from the current folder.
pub(super) fn path_of(value: &str, file: &Path) -> String {
    let path = match value.strip_prefix("~/") {
        Some(rest) => {
            super::home().map_or_else(|| value.into(), |it| it.join(rest))
        }
        None if value == "-" => PathBuf::from(value),
        None => file.with_file_name("").join(value),
    };
    path.to_string_lossy().into_owned()
}

/// What is wrong, and in which line.
type Wrong = (usize, String);

fn entries(text: &str) -> Result<Vec<Entry>, Wrong> {
    let line = |at: usize| {
        1 + text.as_bytes()[..at.min(text.len())]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
    };
    let root = DeTable::parse(text).map_err(|err| {
        let at = err.span().map_or(0, |it| it.start);
        (line(at), err.message().trim().to_owned())
    })?;
    let mut all = Vec::new();
    for (key, value) in root.get_ref() {
        let name = key.get_ref().to_string();
        let at = line(key.span().start);
        let DeValue::Table(table) = value.get_ref() else {
            all.push(entry(None, name, value, at)?);
            continue;
        };
        for (key, value) in table {
            let at = line(key.span().start);
            let of = Some(name.clone());
            all.push(entry(of, key.get_ref().to_string(), value, at)?);
        }
        if table.is_empty() {
            // An empty table still has a name that may be wrong.
            let key = String::new();
            let of = Some(name);
            all.push(Entry { table: of, key, values: Vec::new(), line: at });
        }
    }
    // The order of the file, whatever that of the map.
    all.sort_by_key(|it| it.line);
    Ok(all)
}

fn entry(
    table: Option<String>,
    key: String,
    value: &Spanned<DeValue<'_>>,
    line: usize,
) -> Result<Entry, Wrong> {
    let values = match value.get_ref() {
        DeValue::Array(items) => items
            .iter()
            .map(|it| one(it.get_ref()))
            .collect::<Option<Vec<_>>>(),
        other => one(other).map(|it| vec![it]),
    };
    match values {
        Some(values) => Ok(Entry { table, key, values, line }),
        None => Err((
            line,
            format!(
                "expected text, a number, true, false or an array of these \
                 for `{}`",
                talk::escape(key.as_bytes())
            ),
        )),
    }
}

fn one(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_with_their_lines() {
        let text = "a = 1\n[scan]\n# c\nb = [\"x\",\n \"y\"]\n[pack]\n";
        let found: Vec<String> = entries(text)
            .unwrap()
            .iter()
            .map(|it| {
                let table = it.table.as_deref().unwrap_or("-");
                let values = it.values.join("+");
                format!("{} {table} {} {values}", it.line, it.key)
            })
            .collect();
        assert_eq!(found, ["1 - a 1", "4 scan b x+y", "6 pack  "]);
    }

    #[test]
    fn what_is_wrong_is_said_without_a_quote_of_the_file() {
        for (text, line) in [
            ("a = 1\nb = secret", 2),
            ("a = 1\na = \"secret\"", 2),
            ("a = 1979-05-27", 1),
            ("\n[a.b]\nc = 1", 2),
            ("a = [[1]]", 1),
            ("a = \"secret", 1),
        ] {
            let (found, why) = entries(text).unwrap_err();
            assert_eq!(found, line, "{text}: {why}");
            assert!(!why.contains("secret"), "{text}: {why}");
            assert!(!why.contains('\n'), "{text}: {why}");
        }
    }

    #[test]
    fn files_are_named_from_the_folder_of_the_configuration() {
        let file = Path::new("/etc/iocpack/config.toml");
        assert_eq!(path_of("allow.txt", file), "/etc/iocpack/allow.txt");
        assert_eq!(path_of("/a/b", file), "/a/b");
        assert_eq!(path_of("-", file), "-");
    }
}
