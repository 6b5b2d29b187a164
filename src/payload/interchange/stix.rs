//! A STIX 2.1 bundle of indicators.

use std::io;
use std::net::IpAddr;

use super::uuid::{NAMESPACE, Uuid};
use super::{Selection, Timestamp, write_all};
use crate::payload::{plan, wire};
use crate::{Error, HashKind, Indicator, IndicatorSet};

/// Writes a STIX 2.1 bundle with one `indicator` for each item.
///
/// | item | pattern |
/// |---|---|
/// | domain | `[domain-name:value = 'example.com']` |
/// | URL | `[url:value = 'http://example.com/']` |
/// | address | `[ipv4-addr:value = '192.0.2.1']`, `[ipv6-addr:value = '…']` |
/// | digest | `[file:hashes.MD5 = '…']`, `[file:hashes.'SHA-1' = '…']`, `[file:hashes.'SHA-256' = '…']` |
///
/// `created`, `modified` and `valid_from` are the time given. The ids are
/// version 5 UUIDs of the type, TAB and the canonical form, in the namespace
/// `84e28ebf-3267-581f-bf5e-a8d9a7482035`; that of the bundle is made of the
/// digest that a [`Plan`](crate::payload::Plan::digest) of the set has. A
/// bundle of no item has no `objects`, which STIX does not allow to be empty.
///
/// ```
/// use iocpack::payload::interchange::{Timestamp, stix};
/// use iocpack::{IndicatorSet, Scanner};
///
/// let text = "evil[.]example";
/// let set: IndicatorSet = Scanner::new().find_iter(text).collect();
/// let mut bundle = Vec::new();
/// stix(&set, Timestamp::default(), &mut bundle).unwrap();
/// let bundle = String::from_utf8(bundle).unwrap();
/// assert!(bundle.contains(r#""[domain-name:value = 'evil.example']""#));
/// ```
///
/// # Errors
///
/// What writing failed with.
pub fn stix(
    set: &IndicatorSet,
    time: Timestamp,
    out: impl io::Write,
) -> Result<(), Error> {
    let selection = Selection::everything(set);
    let digest = format!("bundle\t{}", selection.digest(set));
    let id = Uuid::v5(NAMESPACE, digest.as_bytes());
    let mut head = format!(r#"{{"type":"bundle","id":"bundle--{id}""#);
    let tail = if set.is_empty() { "}\n" } else { "\n]}\n" };
    if !set.is_empty() {
        head.push_str(",\"objects\":[\n");
    }
    let time = time.rfc3339();
    let times = format!(
        r#""created":"{time}","modified":"{time}","valid_from":"{time}","#
    );
    let mut name = String::new();
    let mut pattern_text = String::new();
    write_all(set, &selection, out, [&head, ",\n", tail], |text, entry| {
        let indicator = entry.indicator();
        name.clear();
        plan::line(&mut name, indicator);
        let id = Uuid::v5(NAMESPACE, name.as_bytes());
        text.push_str(r#"{"type":"indicator","spec_version":"2.1","id":"#);
        wire::write(text, format_args!(r#""indicator--{id}","#));
        text.push_str(&times);
        text.push_str(r#""name":"#);
        let value = name.split_once('\t').map_or("", |it| it.1);
        wire::string(text, value);
        text.push_str(r#","indicator_types":["unknown"],"pattern":"#);
        pattern_text.clear();
        pattern(&mut pattern_text, indicator, value);
        wire::string(text, &pattern_text);
        text.push_str(r#","pattern_type":"stix","pattern_version":"2.1"}"#);
    })
}

/// Writes what matches the item (STIX 2.1, section 9).
fn pattern(out: &mut String, indicator: &Indicator, value: &str) {
    let path = match indicator {
        Indicator::Domain(_) => "domain-name:value",
        Indicator::Url(_) => "url:value",
        Indicator::Ip(IpAddr::V4(_)) => "ipv4-addr:value",
        Indicator::Ip(IpAddr::V6(_)) => "ipv6-addr:value",
        Indicator::Hash(hash) => match hash.kind() {
            HashKind::Md5 => "file:hashes.MD5",
            HashKind::Sha1 => "file:hashes.'SHA-1'",
            HashKind::Sha256 => "file:hashes.'SHA-256'",
        },
    };
    out.push('[');
    out.push_str(path);
    out.push_str(" = '");
    for c in value.chars() {
        // The two characters that a literal escapes.
        if matches!(c, '\'' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push_str("']");
}
