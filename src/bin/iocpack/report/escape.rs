//! Foreign text in HTML: what would be markup, and what would hide or turn
//! text around, is written so that it is seen.

use std::fmt::Write as _;

use serde::Serialize;

use crate::talk::is_hostile;

/// Appends text for an element or for an attribute in double quotes.
pub(super) fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_hostile(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

/// Appends a stretch of the source: as [`push_text`], but tabs stay, what is
/// escaped stands in an element of its own, and bytes that are no UTF-8 are
/// named.
pub(super) fn push_source(out: &mut String, text: &[u8]) {
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid();
        let mut done = 0;
        for (at, c) in valid.char_indices() {
            let markup = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' => continue,
                c if is_hostile(c) => "",
                _ => continue,
            };
            out.push_str(&valid[done..at]);
            done = at + c.len_utf8();
            match c {
                '\r' => out.push_str("<i>\\r</i>"),
                c if markup.is_empty() => {
                    let _ = write!(out, "<i>\\u{{{:x}}}</i>", u32::from(c));
                }
                _ => out.push_str(markup),
            }
        }
        out.push_str(&valid[done..]);
        if !chunk.invalid().is_empty() {
            out.push_str("<i>");
            for byte in chunk.invalid() {
                let _ = write!(out, "\\x{byte:02x}");
            }
            out.push_str("</i>");
        }
    }
}

/// Appends a value as JSON that may stand in a `script` element: nothing in
/// it ends the element or opens a comment.
pub(super) fn push_json(out: &mut String, value: &impl Serialize) {
    let mut json = String::new();
    crate::row::push_json(&mut json, value);
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &[u8]) -> String {
        let mut out = String::new();
        push_source(&mut out, text);
        out
    }

    #[test]
    fn markup_is_text() {
        let text = "<script>alert('1')</script>&\"";
        let want =
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;";
        assert_eq!(source(text.as_bytes()), want);
        let mut out = String::new();
        push_text(&mut out, text);
        assert_eq!(out, want);
    }

    #[test]
    fn what_is_not_seen_is_named() {
        assert_eq!(
            source("a\u{202e}b\tc\0\r\u{200b}".as_bytes()),
            "a<i>\\u{202e}</i>b\tc<i>\\u{0}</i><i>\\r</i><i>\\u{200b}</i>"
        );
        assert_eq!(source(b"\xff\xfe\xc3\xa9"), "<i>\\xff</i><i>\\xfe</i>é");
        let mut out = String::new();
        push_text(&mut out, "a\u{2066}\n");
        assert_eq!(out, "a\\u{2066}\\u{a}");
    }

    #[test]
    fn json_cannot_end_its_element() {
        let text = "</script><!-- \u{2028}&";
        let mut out = String::new();
        push_json(&mut out, &text);
        assert!(out.is_ascii() && !out.contains(['<', '>', '&']), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
