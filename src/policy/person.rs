//! E-mail addresses in a URL: plain, percent-encoded, in base64 or in hex.

use super::parts::{Parts, base64, decode, is_text, unhex};
use crate::Domain;

/// Longest local part (RFC 5321, section 4.5.3.1.1) and longest name.
const MAX_LOCAL: usize = 64;
const MAX_NAME: usize = 253;

/// Shortest encoded value worth decoding: `a@b.co` is 8 base64 digits.
const MIN_ENCODED: usize = 8;
/// Longest encoded value that is decoded: longer ones hold a document, not a
/// parameter, and the work stays bounded.
const MAX_ENCODED: usize = 4096;

/// The e-mail address that the URL names, and how it is written.
pub(super) fn email(parts: Parts<'_>) -> Option<&'static str> {
    let text = decode(parts.rest);
    if has_email(&text) {
        return Some("an e-mail address in the path or the query");
    }
    text.split(['/', '?', '&', ';', '=', '#', '|', ','])
        .filter(|it| (MIN_ENCODED..=MAX_ENCODED).contains(&it.len()))
        .find_map(encoded_email)
}

fn encoded_email(value: &str) -> Option<&'static str> {
    let holds = |bytes: Option<Vec<u8>>| {
        bytes.is_some_and(|bytes| {
            is_text(&bytes)
                && has_email(&decode(&String::from_utf8_lossy(&bytes)))
        })
    };
    if holds(base64(value)) {
        return Some("an e-mail address in base64");
    }
    holds(unhex(value)).then_some("an e-mail address in hex")
}

/// Whether the text holds an address: a local part, `@`, and a valid name.
fn has_email(text: &str) -> bool {
    memchr::memchr_iter(b'@', text.as_bytes()).any(|at| is_email(text, at))
}

fn is_email(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let local = bytes[..at]
        .iter()
        .rev()
        .take(MAX_LOCAL)
        .take_while(|b| {
            b.is_ascii_alphanumeric() || b"._%+-'!#$*~".contains(b)
        })
        .count();
    let name = bytes[at + 1..]
        .iter()
        .take(MAX_NAME)
        .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
        .count();
    let name = text[at + 1..at + 1 + name].trim_end_matches(['.', '-']);
    // `logo@2x.zip` and `pkg@1.2.zip` are files: a name of numbers is none.
    let first = name.split('.').next().unwrap_or(name);
    let number = first.strip_prefix('v').unwrap_or(first);
    let number = number.strip_suffix('x').unwrap_or(number);
    local > 0
        && !number.bytes().all(|b| b.is_ascii_digit())
        && Domain::parse(name).is_ok()
}
