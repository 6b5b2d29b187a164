//! One finding as the command prints it.

use std::borrow::Cow;
use std::fmt::Write as _;

use iocpack::payload::interchange::csv_field;
use iocpack::policy::HoldReason;
use iocpack::scan::{Finding, Flags};
use iocpack::{Domain, Indicator, Kind, Limits, Span, Url};
use serde::Serialize;

use crate::exit::Failure;
use crate::talk::{escape, is_hostile};

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// An indicator.
    Match,
    /// Turned down, with the code of the reason.
    Rejected(&'static str),
}

/// A finding, borrowed from the text or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    pub(crate) verdict: Verdict,
    /// `domain url ipv4 ipv6 md5 sha1 sha256`; of a rejection also `ip` and
    /// `hash`.
    pub(crate) type_name: &'static str,
    /// The canonical form; empty for a rejection.
    pub(crate) value: Cow<'a, str>,
    pub(crate) raw: Cow<'a, [u8]>,
    pub(crate) line: u64,
    pub(crate) span: Span,
    pub(crate) flags: Flags,
    /// The text around, where it is wanted.
    pub(crate) context: Option<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    /// It is one more than the limit of distinct indicators allows.
    pub(crate) fn too_many(&self, source: &str, limits: Limits) -> Failure {
        Failure::TooMany(format!(
            "{}: byte {}: too many distinct indicators: one more than {} \
             (--max-unique N allows more)",
            escape(source.as_bytes()),
            self.span.start,
            limits.uniques,
        ))
    }

    /// Calls `on` with the finding as a row; without `details` it has no
    /// flags.
    pub(crate) fn with<T>(
        finding: &Finding<'_>,
        line: u64,
        details: bool,
        on: impl FnOnce(Row<'_>) -> T,
    ) -> Option<T> {
        match finding {
            Finding::Match(found) => {
                let flags = if details { found.flags() } else { Flags::NONE };
                Some(on(Row {
                    verdict: Verdict::Match,
                    type_name: found.type_name(),
                    value: found.canonical(),
                    raw: Cow::Borrowed(found.raw()),
                    line,
                    span: found.span(),
                    flags,
                    context: None,
                }))
            }
            Finding::Rejection(it) => Some(on(Row {
                verdict: Verdict::Rejected(it.reason().code()),
                type_name: it.kind().as_str(),
                value: Cow::Borrowed(""),
                raw: Cow::Borrowed(it.raw()),
                line,
                span: it.span(),
                flags: Flags::NONE,
                context: None,
            })),
            _ => None,
        }
    }

    /// A row that owns its text.
    pub(crate) fn into_owned(self) -> Row<'static> {
        Row {
            verdict: self.verdict,
            type_name: self.type_name,
            value: Cow::Owned(self.value.into_owned()),
            raw: Cow::Owned(self.raw.into_owned()),
            line: self.line,
            span: self.span,
            flags: self.flags,
            context: self.context.map(|it| Cow::Owned(it.into_owned())),
        }
    }

    /// The kind that the type belongs to.
    pub(crate) fn kind(&self) -> Kind {
        match self.type_name {
            "domain" => Kind::Domain,
            "url" => Kind::Url,
            "ip" | "ipv4" | "ipv6" => Kind::Ip,
            _ => Kind::Hash,
        }
    }

    /// The indicator of a match.
    pub(crate) fn indicator(&self) -> Indicator {
        Indicator::parse(self.kind(), &self.value)
            .expect("a canonical form is valid")
    }

    /// The row of an indicator that is not wanted.
    pub(crate) fn turned_down(self, reason: HoldReason) -> Row<'a> {
        Row {
            verdict: Verdict::Rejected(reason.code()),
            type_name: self.kind().as_str(),
            value: Cow::Borrowed(""),
            ..self
        }
    }

    /// The host of a URL as a row of its own.
    pub(crate) fn host(&self) -> Option<Row<'static>> {
        if self.type_name != "url" {
            return None;
        }
        let url = Url::parse(&self.value).ok()?;
        let host = url.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let host = match iocpack::parse_ip(bare) {
            Ok(ip) => Indicator::Ip(ip),
            Err(_) => Indicator::Domain(Domain::parse(host).ok()?),
        };
        Some(Row {
            type_name: host.type_name(),
            value: Cow::Owned(host.to_string()),
            ..self.clone().into_owned()
        })
    }

    /// The `text` line: `type<TAB>canonical`, or
    /// `rejected<TAB>reason<TAB>raw`.
    pub(crate) fn text(&self, out: &mut String) {
        let _ = match self.verdict {
            Verdict::Match => {
                write!(out, "{}\t{}", self.type_name, Plain(&self.value))
            }
            Verdict::Rejected(reason) => {
                write!(out, "rejected\t{reason}\t{}", escape(&self.raw))
            }
        };
        if let Some(context) = &self.context {
            out.push('\t');
            out.push_str(&escape(context.as_bytes()));
        }
        out.push('\n');
    }

    /// The JSON object, without a newline.
    pub(crate) fn json(
        &self,
        source: Option<&str>,
        count: Option<u64>,
        out: &mut String,
    ) {
        let raw = String::from_utf8_lossy(&self.raw);
        let found = self.verdict == Verdict::Match;
        let id = self.url_id();
        let others: Vec<&str> =
            self.flags.names().filter(|name| *name != "defanged").collect();
        let wire = Wire {
            type_name: self.type_name,
            value: found.then_some(&*self.value),
            raw: &raw,
            source,
            line: source.map(|_| self.line),
            start: self.span.start,
            end: self.span.end,
            defanged: found.then(|| self.flags.contains(Flags::DEFANGED)),
            count,
            id: id.as_ref().map(|(id, _)| &**id),
            id_certainty: id.as_ref().map(|(_, certainty)| *certainty),
            flags: (!others.is_empty()).then_some(others),
            verdict: (!found).then_some("rejected"),
            reason: match self.verdict {
                Verdict::Match => None,
                Verdict::Rejected(reason) => Some(reason),
            },
            context: self.context.as_deref(),
        };
        push_json(out, &wire);
    }

    /// Appends the header of [`csv`](Row::csv).
    pub(crate) fn csv_header(context: bool, out: &mut String) {
        out.push_str(
            "type,value,raw,source,line,start,end,defanged,count,id,\
             id_certainty,verdict,reason",
        );
        out.push_str(if context { ",context\r\n" } else { "\r\n" });
    }

    /// The CSV record (RFC 4180), with its line end.
    pub(crate) fn csv(
        &self,
        source: &str,
        count: Option<u64>,
        out: &mut String,
    ) {
        let found = self.verdict == Verdict::Match;
        let id = self.url_id();
        let (id, certainty) =
            id.as_ref().map_or(("", ""), |(id, sure)| (&**id, *sure));
        let (verdict, reason) = match self.verdict {
            Verdict::Match => ("", ""),
            Verdict::Rejected(reason) => ("rejected", reason),
        };
        let number =
            |n: Option<u64>| n.map_or(String::new(), |n| n.to_string());
        let defanged = match (found, self.flags.contains(Flags::DEFANGED)) {
            (false, _) => "",
            (true, false) => "false",
            (true, true) => "true",
        };
        let fields = [
            self.type_name,
            &self.value,
            &String::from_utf8_lossy(&self.raw),
            source,
            &self.line.to_string(),
            &self.span.start.to_string(),
            &self.span.end.to_string(),
            defanged,
            &number(count),
            id,
            certainty,
            verdict,
            reason,
        ];
        let context = self.context.as_deref();
        for (i, field) in fields.into_iter().chain(context).enumerate() {
            if i > 0 {
                out.push(',');
            }
            push_csv(out, field);
        }
        out.push_str("\r\n");
    }

    fn url_id(&self) -> Option<(String, &'static str)> {
        if self.type_name != "url" || self.verdict != Verdict::Match {
            return None;
        }
        let url = Url::parse(&self.value).ok()?;
        let id = url.id();
        Some((id.to_string(), id.certainty().as_str()))
    }
}

/// The JSON object of a row. Its field names are relied on.
#[derive(Serialize)]
struct Wire<'a> {
    #[serde(rename = "type")]
    type_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    raw: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    defanged: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_certainty: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
}

/// A canonical form in a line of text. It holds neither controls nor tabs by
/// its making; should it, they are escaped.
struct Plain<'a>(&'a str);

impl std::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.chars().any(is_hostile) {
            return f.write_str(&escape(self.0.as_bytes()));
        }
        f.write_str(self.0)
    }
}

/// Appends `value` as JSON. What a terminal would obey is written as `\u….`
/// everywhere: to a reader of JSON it is the same.
pub(crate) fn push_json(out: &mut String, value: &impl Serialize) {
    let json = serde_json::to_string(value)
        .expect("strings, numbers and booleans become JSON");
    out.push_str(&escape_json(&json));
}

/// The same JSON with what a terminal would obey written as `\u….`.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    let obeyed = |c| is_hostile(c) && c != '\n';
    if json.is_ascii() && !json.contains(obeyed) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    for c in json.chars() {
        if obeyed(c) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A field that no spreadsheet calculates with; a single `-` is stdin.
fn push_csv(out: &mut String, field: &str) {
    match field {
        "-" => out.push('-'),
        field => out.push_str(&csv_field(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_for_a_terminal_is_the_same_json() {
        let text = "a\u{1b}[1m\u{202e}\u{9b}\u{7f}\u{e0041}\"";
        let mut json = String::new();
        push_json(&mut json, &text);
        assert!(json.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn csv_fields_are_quoted_where_they_must_be() {
        let mut out = String::new();
        push_csv(&mut out, "a\"b,c");
        push_csv(&mut out, "=1+1");
        push_csv(&mut out, "-");
        assert_eq!(out, "\"a\"\"b,c\"'=1+1-");
    }
}
