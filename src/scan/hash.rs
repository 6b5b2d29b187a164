//! Runs of hex digits: file hashes, and what only looks like one.

use super::chars::{before, byte, is_word};
use super::escape::ends_escape;
use super::found::Reason;
use crate::kind::HashKind;
use crate::refang::ends_control;
use crate::{InvalidReason, Span};

/// Longest run that is measured, in bytes: well past any digest in use.
const MAX_HEX: usize = 1024;

/// A whole run of hex digits.
pub(super) struct HexRun {
    pub(super) span: Span,
    /// Other letters or digits touch it: it is a piece of a word.
    glued: bool,
}

impl HexRun {
    /// Whether the run stands by itself.
    pub(super) fn is_word(&self) -> bool {
        !self.glued
    }

    /// Whether the run goes on past what is measured.
    pub(super) fn is_long(&self) -> bool {
        self.span.len() >= MAX_HEX
    }
}

/// The run around `at`, which is a hex digit; no byte before `floor`.
///
/// `at` is less than 32 bytes from the start of a run that was not looked at
/// before, so no more than 64 are read to its left.
pub(super) fn hex_run(text: &[u8], at: usize, floor: usize) -> HexRun {
    let low = floor.max(at.saturating_sub(64));
    let left = text[low..at].iter().rev();
    let mut start = at - left.take_while(|b| b.is_ascii_hexdigit()).count();
    let right = text[start..].iter().take(MAX_HEX);
    let end = start + right.take_while(|b| b.is_ascii_hexdigit()).count();
    // The digits of an escape before them: `\u0022`, `\x22`, `%22`, `%2522`.
    if HashKind::from_hex_len(end - start).is_none()
        && let Some(len) = [2, 4]
            .iter()
            .find(|len| start + *len <= end && ends_escape(text, start + *len))
    {
        start += len;
    }
    let touches = |b: u8| b.is_ascii_alphanumeric();
    let glued = start > floor
        && touches(before(text, start))
        && !ends_control(text, start)
        && !ends_escape(text, start)
        || touches(byte(text, end));
    HexRun { span: Span { start, end }, glued }
}

/// Whether a run of at least 32 hex digits is a file hash.
///
/// `None` for a run that is not worth a word.
pub(super) fn judge(
    text: &[u8],
    run: &HexRun,
) -> Option<Result<HashKind, Reason>> {
    let Span { start, end } = run.span;
    let digits = &text[start..end];
    if run.glued {
        // `0x…`: an address of a wallet or of memory.
        let wallet = text[..start].ends_with(b"0x")
            && !before(text, start - 2).is_ascii_alphanumeric()
            && !byte(text, end).is_ascii_alphanumeric();
        return wallet.then_some(Err(Reason::HashLabel));
    }
    let Some(kind) = HashKind::from_hex_len(digits.len()) else {
        return (digits.len() >= 32)
            .then_some(Err(InvalidReason::HexLength.into()));
    };
    if glued(text, run.span) {
        return Some(Err(Reason::Uuid));
    }
    // A digest without a single letter is a number: the odds are below one
    // in a million for MD5.
    if digits.iter().all(u8::is_ascii_digit)
        && digits.iter().any(|b| *b != digits[0])
    {
        return Some(Err(Reason::Weak));
    }
    if labelled(text, start) {
        return Some(Err(Reason::HashLabel));
    }
    Some(Ok(kind))
}

/// Whether the run is a piece of something longer: a base64 text, a path of
/// hex groups joined by hyphens.
fn glued(text: &[u8], span: Span) -> bool {
    let left = before(text, span.start);
    let right = byte(text, span.end);
    let base64 = |b: u8| matches!(b, b'+' | b'=');
    if base64(right) && right == b'+' || left == b'+' && base64(right) {
        return byte(text, span.end + 1).is_ascii_alphanumeric();
    }
    let hyphen_hex = |at: Option<usize>| {
        at.is_some_and(|at| byte(text, at).is_ascii_hexdigit())
    };
    left == b'-'
        && hyphen_hex(span.start.checked_sub(2))
        && groups_before(text, span.start)
        || right == b'-'
            && hyphen_hex(Some(span.end + 1))
            && groups_after(text, span.end)
}

/// `…-1a2b-`: a group of four hex digits joined by hyphens on both sides.
fn groups_before(text: &[u8], at: usize) -> bool {
    let Some(start) = at.checked_sub(6) else { return false };
    text[start] == b'-'
        && text[start + 1..at - 1].iter().all(u8::is_ascii_hexdigit)
}

fn groups_after(text: &[u8], at: usize) -> bool {
    byte(text, at + 5) == b'-'
        && text[at + 1..at + 5].iter().all(u8::is_ascii_hexdigit)
}

/// The second half of a SHA-256 whose first half is at `span`: 32 digits at
/// the start of the next line, where a label before the first says SHA-256.
/// Without the label, two lines of 32 digits are two MD5s.
pub(super) fn second_half(text: &[u8], span: Span) -> Option<Span> {
    if span.len() != 32 {
        return None;
    }
    let low = span.start.saturating_sub(24);
    let label = text[low..span.start].trim_ascii_end();
    if !matches!(label.last(), Some(b':' | b'6')) {
        return None;
    }
    let label = label.strip_suffix(b":").unwrap_or(label);
    let label = label.trim_ascii_end();
    let said = [&b"sha256"[..], b"sha-256"].iter().any(|word| {
        let end = label.len().checked_sub(word.len());
        end.is_some_and(|at| label[at..].eq_ignore_ascii_case(word))
    });
    if !said {
        return None;
    }
    let rest = &text[span.end..text.len().min(span.end + 64)];
    let blank = rest.len() - rest.trim_ascii_start().len();
    if !rest[..blank].contains(&b'\n') {
        return None;
    }
    let start = span.end + blank;
    let half = hex_run(text, start, start);
    (half.is_word() && half.span.len() == 32).then_some(half.span)
}

/// Words that say that the digits after them are no hash of a file.
const OTHER: [&[u8]; 30] = [
    b"imphash",
    b"gimphash",
    b"authentihash",
    b"pehash",
    b"telfhash",
    b"vhash",
    b"ssdeep",
    b"tlsh",
    b"sdhash",
    b"dhash",
    b"phash",
    b"ahash",
    b"ja3",
    b"ja3s",
    b"ja4",
    b"ja4s",
    b"jarm",
    b"hassh",
    b"hasshserver",
    b"serial",
    b"serialnumber",
    b"thumbprint",
    b"fingerprint",
    b"richhash",
    b"guid",
    b"uuid",
    b"clsid",
    b"mvid",
    b"typelibid",
    b"mutex",
];

/// Words that say it with the word after them.
const WITH_NEXT: [&[u8]; 4] = [b"rich", b"import", b"icon", b"header"];
/// Words that say it right before the digits.
const NEXT: [&[u8]; 8] = [
    b"commit",
    b"traceid",
    b"traceparent",
    b"sessionid",
    b"phpsessid",
    b"jsessionid",
    b"session",
    b"csrf",
];
/// Words that say that the digits are a hash.
const DIGESTS: [&[u8]; 4] = [b"md5", b"sha1", b"sha256", b"sha"];

/// What any of these words ends with, in either case: most words are passed
/// at once.
static ENDS: [bool; 256] = {
    let mut table = [false; 256];
    let lists: [&[&[u8]]; 4] = [&OTHER, &WITH_NEXT, &NEXT, &DIGESTS];
    let mut list = 0;
    while list < lists.len() {
        let mut i = 0;
        while i < lists[list].len() {
            let word = lists[list][i];
            let end = word[word.len() - 1];
            table[end as usize] = true;
            table[end.to_ascii_uppercase() as usize] = true;
            i += 1;
        }
        list += 1;
    }
    table
};

/// The last word of a text that is on its last line, and what stands before
/// it.
fn last_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut end = text.len();
    while !text[..end].last()?.is_ascii_alphanumeric() {
        end -= 1;
        if matches!(text[end], b'\n' | b'\r') {
            return None;
        }
    }
    let mut start = end;
    while start > 0 && text[start - 1].is_ascii_alphanumeric() {
        start -= 1;
    }
    Some((&text[..start], &text[start..end]))
}

/// Whether the label before `at`, on the same line, says that what follows is
/// no hash of a file: `imphash: …`, `"ja3": "…"`, `serial number …`.
pub(super) fn labelled(text: &[u8], at: usize) -> bool {
    // The words nearest to the digits, at most four of them, and none beyond
    // another value.
    let mut line = &text[at.saturating_sub(48)..at];
    let mut previous: &[u8] = b"";
    for _ in 0..4 {
        let Some((rest, word)) = last_word(line) else { return false };
        line = rest;
        if word.len() >= 16 {
            return false;
        }
        if !ENDS[usize::from(word[word.len() - 1])] {
            previous = word;
            continue;
        }
        if is_word(word, &DIGESTS)
            && !is_word(previous, &[b"fingerprint", b"thumbprint"])
        {
            // `certificate md5 …` is still a certificate's.
            return false;
        }
        if is_word(word, &OTHER)
            || previous.is_empty() && is_word(word, &NEXT)
            || is_word(word, &WITH_NEXT)
                && is_word(previous, &[b"hash", b"header", b"md5"])
        {
            return true;
        }
        previous = word;
    }
    false
}
