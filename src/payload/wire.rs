//! The bytes of request bodies: frames written by hand, strings escaped.
//!
//! Nothing here decides what is sent; [`plan`](super::Plan) does. The writers
//! borrow, and append to a `String` that the caller owns. Each has a twin that
//! tells the number of bytes beforehand, so that a chunk is measured without
//! being written.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};

use super::{Collection, Relationship, Visibility};
use crate::kind::{Hex, any_byte};
use crate::set::Entry;
use crate::{Indicator, UrlId};

/// One thing that a body names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    /// By its canonical form.
    Indicator(&'a Indicator),
    /// A URL by VirusTotal's id.
    UrlId(UrlId),
}

/// What opens and closes a body of each shape.
pub(super) mod frame {
    pub(in super::super) const COLLECTION: &str =
        r#"{"data":{"type":"collection","attributes":{"#;
    pub(in super::super) const RELATIONSHIPS: &str = r#"},"relationships":{"#;
    pub(in super::super) const RELATIONSHIPS_END: &str = "}}}";
    pub(in super::super) const RAW_ITEMS: &str = r#"},"raw_items":""#;
    pub(in super::super) const RAW_ITEMS_END: &str = r#""}}"#;
    pub(in super::super) const NO_ITEMS_END: &str = "}}}";
    pub(in super::super) const LIST: &str = r#"{"data":["#;
    pub(in super::super) const LIST_END: &str = "]}";
    pub(in super::super) const COMMENT: &str =
        r#"{"data":{"type":"comment","attributes":{"text":"#;
    pub(in super::super) const COMMENT_END: &str = "}}}";
    /// Between two items of `raw_items`: the one separator that stands in no
    /// canonical form.
    pub(in super::super) const RAW_SEPARATOR: &str = r"\n";
}

const DESCRIPTOR_END: &str = r#""}"#;

fn descriptor_start(item: Item<'_>) -> &'static str {
    match item {
        Item::Indicator(Indicator::Domain(_)) => r#"{"type":"domain","id":""#,
        Item::Indicator(Indicator::Hash(_)) => r#"{"type":"file","id":""#,
        Item::Indicator(Indicator::Ip(_)) => r#"{"type":"ip_address","id":""#,
        Item::Indicator(Indicator::Url(_)) => r#"{"type":"url","url":""#,
        Item::UrlId(_) => r#"{"type":"url","id":""#,
    }
}

/// Writes `{"type":…,"id":…}`, or `"url"` instead of `"id"`.
pub(super) fn descriptor(out: &mut String, item: Item<'_>) {
    out.push_str(descriptor_start(item));
    text(out, item);
    out.push_str(DESCRIPTOR_END);
}

/// How many bytes [`descriptor`] writes.
pub(super) fn descriptor_len(item: Item<'_>) -> usize {
    descriptor_start(item).len() + text_len(item) + DESCRIPTOR_END.len()
}

/// As [`descriptor_len`], for the canonical form of an entry.
pub(super) fn entry_descriptor_len(entry: &Entry) -> usize {
    let start = descriptor_start(Item::Indicator(entry.indicator()));
    start.len() + entry_text_len(entry) + DESCRIPTOR_END.len()
}

/// As [`text_len`], for the canonical form of an entry, whose text is hardly
/// ever read for it.
pub(super) fn entry_text_len(entry: &Entry) -> usize {
    match (entry.indicator(), entry.escapes()) {
        (Indicator::Url(it), Some(escapes)) => it.as_str().len() + escapes,
        (it, _) => text_len(Item::Indicator(it)),
    }
}

/// How many bytes [`descriptor`] writes for the id of any URL.
pub(super) const URL_ID_DESCRIPTOR_LEN: usize =
    r#"{"type":"url","id":""}"#.len() + 64;

/// Writes the canonical form as it stands inside a JSON string.
pub(super) fn text(out: &mut String, item: Item<'_>) {
    match item {
        // Letters, digits, hyphens, dots and colons need no escape.
        Item::Indicator(Indicator::Domain(it)) => out.push_str(it.as_str()),
        Item::Indicator(Indicator::Url(it)) => escape(out, it.as_str()),
        Item::Indicator(Indicator::Ip(IpAddr::V4(it))) => v4(out, *it),
        Item::Indicator(Indicator::Ip(it)) => display(out, it),
        Item::Indicator(Indicator::Hash(it)) => hex(out, it.as_bytes()),
        Item::UrlId(id) => hex(out, id.as_bytes()),
    }
}

/// How many bytes [`text`] writes.
pub(super) fn text_len(item: Item<'_>) -> usize {
    match item {
        Item::Indicator(Indicator::Domain(it)) => it.as_str().len(),
        Item::Indicator(Indicator::Url(it)) => {
            // A canonical URL holds no controls: each escape is two bytes.
            let url = it.as_str();
            url.len() + url.bytes().filter(|b| is_escaped(*b)).count()
        }
        Item::Indicator(Indicator::Ip(IpAddr::V4(it))) => {
            let digits = it.octets().map(|octet| match octet {
                0..10 => 1,
                10..100 => 2,
                _ => 3,
            });
            digits.into_iter().sum::<usize>() + "...".len()
        }
        Item::Indicator(Indicator::Ip(it)) => ip_text(*it).as_bytes().len(),
        Item::Indicator(Indicator::Hash(it)) => it.as_bytes().len() * 2,
        Item::UrlId(id) => id.as_bytes().len() * 2,
    }
}

/// Writes `"domains":{"data":[`.
pub(super) fn open_relationship(out: &mut String, it: Relationship) {
    out.push('"');
    out.push_str(it.as_str());
    out.push_str(r#"":{"data":["#);
}

/// Closes what [`open_relationship`] opens.
pub(super) const CLOSE_RELATIONSHIP: &str = "]}";

/// How many bytes an open and a closed relationship take, with a comma.
pub(super) fn relationship_len(it: Relationship) -> usize {
    r#","":{"data":[]}"#.len() + it.as_str().len()
}

/// Writes the members of `attributes`, without the braces: only what was set.
///
/// The order is the one of the documented examples, creating and updating.
pub(super) fn attributes(
    out: &mut String,
    collection: &Collection,
    visibility: Visibility,
    marker: Option<&str>,
) {
    let start = out.len();
    let key = |out: &mut String, name: &str| {
        if out.len() > start {
            out.push(',');
        }
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
    };
    if let Some(name) = &collection.name {
        key(out, "name");
        string(out, name);
    }
    if let Some(description) = &collection.description {
        key(out, "description");
        out.push('"');
        escape(out, description);
        if let Some(marker) = marker {
            out.push(' ');
            escape(out, marker);
        }
        out.push('"');
    }
    if let Some(tags) = &collection.tags {
        key(out, "tags");
        strings(out, tags);
    }
    if let Some(alt_names) = &collection.alt_names {
        key(out, "alt_names");
        strings(out, alt_names);
    }
    if let Some(private) = visibility.private() {
        key(out, "private");
        out.push_str(if private { "true" } else { "false" });
    }
}

fn strings(out: &mut String, list: &[String]) {
    out.push('[');
    for (at, it) in list.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(out, it);
    }
    out.push(']');
}

/// Writes a JSON string with its quotes.
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Writes what stands between the quotes of a JSON string (RFC 8259,
/// section 7): the two characters and the controls that must be escaped are.
pub(super) fn escape(out: &mut String, text: &str) {
    if !any_byte(text.as_bytes(), is_escaped) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_escaped) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str(r#"\""#),
            b'\\' => out.push_str(r"\\"),
            8 => out.push_str(r"\b"),
            b'\t' => out.push_str(r"\t"),
            b'\n' => out.push_str(r"\n"),
            12 => out.push_str(r"\f"),
            b'\r' => out.push_str(r"\r"),
            byte => write(out, format_args!("\\u{byte:04x}")),
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Writes bytes as lower-case hex.
pub(super) fn hex(out: &mut String, bytes: &[u8]) {
    for part in bytes.chunks(32) {
        out.push_str(Hex::of(part).as_str());
    }
}

/// Writes four decimal parts: what `Display` does, several times as fast.
fn v4(out: &mut String, ip: Ipv4Addr) {
    for (at, octet) in ip.octets().into_iter().enumerate() {
        if at > 0 {
            out.push('.');
        }
        if octet >= 100 {
            out.push(char::from(b'0' + octet / 100));
        }
        if octet >= 10 {
            out.push(char::from(b'0' + octet / 10 % 10));
        }
        out.push(char::from(b'0' + octet % 10));
    }
}

fn display(out: &mut String, value: &impl fmt::Display) {
    write(out, format_args!("{value}"));
}

/// As `write!`, which cannot fail here.
pub(super) fn write(out: &mut String, args: fmt::Arguments<'_>) {
    out.write_fmt(args).expect("a String takes whatever is written");
}

/// The text of an address, without an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct IpText {
    /// Zeros after the end: shorter texts sort before those they start.
    bytes: [u8; 46],
    len: u8,
}

impl IpText {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl fmt::Write for IpText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let start = usize::from(self.len);
        let end = start + text.len();
        let room = self.bytes.get_mut(start..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end as u8;
        Ok(())
    }
}

pub(super) fn ip_text(ip: IpAddr) -> IpText {
    let mut text = IpText { bytes: [0; 46], len: 0 };
    write!(text, "{ip}").expect("an address takes at most 45 bytes");
    text
}

/// Writes compact JSON again with one member per line, indented by two.
///
/// Only what stands outside strings is looked at, so that values stay what
/// they are, byte for byte.
pub(super) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth: usize = 0;
    let mut rest = json;
    while let Some(byte) = rest.bytes().next() {
        let mut len = 1;
        match byte {
            b'"' => {
                len = string_len(rest);
                out.push_str(&rest[..len]);
            }
            b'{' | b'[' if closes_at_once(rest) => {
                len = rest.find(['}', ']']).map_or(1, |at| at + 1);
                out.push(char::from(byte));
                out.push_str(&rest[len - 1..len]);
            }
            b'{' | b'[' => {
                out.push(char::from(byte));
                depth += 1;
                new_line(&mut out, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(char::from(byte));
            }
            b',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            b':' => out.push_str(": "),
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => {
                // Numbers, words: up to the next byte that is told apart.
                len = rest
                    .find(|c| ",:{}[]\" \n\r\t".contains(c))
                    .unwrap_or(rest.len());
                out.push_str(&rest[..len]);
            }
        }
        rest = &rest[len..];
    }
    out
}

/// Whether an opened object or array has nothing in it.
fn closes_at_once(json: &str) -> bool {
    json[1..].trim_start().starts_with(['}', ']'])
}

fn new_line(out: &mut String, depth: usize) {
    // Deep nesting would make the indentation quadratic.
    const DEEPEST: usize = 32;
    out.push('\n');
    for _ in 0..depth.min(DEEPEST) {
        out.push_str("  ");
    }
}

/// The length of the string that `json` starts with, quotes included.
fn string_len(json: &str) -> usize {
    let bytes = json.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Kind;

    proptest! {
        #[test]
        fn strings_are_what_serde_json_makes_of_them(
            text in prop::collection::vec(any::<char>(), 0..40),
            controls in "[\u{0}-\u{22}\\\\\u{7f}]{0,20}",
        ) {
            for text in [String::from_iter(text), controls] {
                let mut out = String::new();
                string(&mut out, &text);
                let reference = serde_json::to_string(&text).expect("JSON");
                prop_assert_eq!(&out, &reference);
            }
        }

        #[test]
        fn pretty_is_what_serde_json_makes_of_it(
            text in "[\\[\\]{}\",:\\\\ a-z0-9]{0,20}",
            list in prop::collection::vec(any::<u8>(), 0..3),
        ) {
            let value = serde_json::json!(
                {"a": text, "b": list, "c": {"d": {}, "e": [[], [null]]}}
            );
            let reference =
                serde_json::to_string_pretty(&value).expect("JSON");
            prop_assert_eq!(pretty(&value.to_string()), &*reference);
            prop_assert_eq!(pretty(&reference), reference);
        }

        #[test]
        fn pretty_takes_any_text(text in ".{0,60}") {
            let _ = pretty(&text);
        }
    }

    #[test]
    fn addresses_are_what_display_makes_of_them() {
        for octet in 0..=255 {
            let it = Indicator::Ip([octet, 0, 255 - octet, 7].into());
            let mut out = String::new();
            text(&mut out, Item::Indicator(&it));
            assert_eq!(out, it.to_string());
            assert_eq!(text_len(Item::Indicator(&it)), out.len());
        }
    }

    #[test]
    fn a_descriptor_is_as_long_as_was_told() {
        for (kind, value) in [
            (Kind::Domain, "example.com"),
            (Kind::Ip, "192.0.2.1"),
            (Kind::Ip, "2001:db8::ffff"),
            (Kind::Hash, "d41d8cd98f00b204e9800998ecf8427e"),
            (Kind::Url, "http://example.com/\"?q='\""),
        ] {
            let it = Indicator::parse(kind, value).expect("valid");
            let mut out = String::new();
            descriptor(&mut out, Item::Indicator(&it));
            assert_eq!(out.len(), descriptor_len(Item::Indicator(&it)));
            let Indicator::Url(url) = it else { continue };
            out.clear();
            descriptor(&mut out, Item::UrlId(url.id()));
            assert_eq!(out.len(), URL_ID_DESCRIPTOR_LEN);
        }
    }
}
