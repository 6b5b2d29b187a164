//! A CSV table (RFC 4180) that spreadsheets do not calculate with.

use std::borrow::Cow;
use std::io;

use super::{Selection, write_all};
use crate::payload::plan;
use crate::{Error, IndicatorSet};

/// Writes the columns `type`, `value` and `count`, with a header; lines end
/// with CR LF.
///
/// # Errors
///
/// What writing failed with.
pub fn csv(set: &IndicatorSet, out: impl io::Write) -> Result<(), Error> {
    let selection = Selection::everything(set);
    let mut name = String::new();
    let frame = ["type,value,count\r\n", "", ""];
    write_all(set, &selection, out, frame, |text, entry| {
        name.clear();
        plan::line(&mut name, entry.indicator());
        let (of_type, value) = name.split_once('\t').unwrap_or_default();
        text.push_str(of_type);
        text.push(',');
        text.push_str(&csv_field(value));
        text.push(',');
        text.push_str(&entry.count().to_string());
        text.push_str("\r\n");
    })
}

/// The text as one field of a CSV table: quoted where it must be, and with a
/// `'` first where a spreadsheet would take it for a formula.
///
/// A formula starts with `=`, `+`, `-`, `@`, TAB, CR or NUL (OWASP, ASVS 1.2.10),
/// or with one of the wide forms of these that some programs fold. Canonical
/// forms never do; what was written in a text may.
///
/// ```
/// use iocpack::payload::interchange::csv_field;
///
/// assert_eq!(csv_field("evil.example"), "evil.example");
/// assert_eq!(csv_field("a,\"b\""), r#""a,""b""""#);
/// assert_eq!(csv_field("=1+1"), "'=1+1");
/// assert_eq!(csv_field("-"), "-");
/// ```
#[must_use]
pub fn csv_field(text: &str) -> Cow<'_, str> {
    // One character calculates nothing: `-` is the name of stdin.
    let formula = text.chars().nth(1).is_some()
        && text.starts_with([
            '=', '+', '-', '@', '\0', '\t', '\r', '\n', '＝', '＋', '－', '＠',
        ]);
    let quoted = text.contains([',', '"', '\r', '\n']);
    if !formula && !quoted {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 3);
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    if quoted {
        out.push('"');
    }
    Cow::Owned(out)
}
