//! IPv6 addresses in text, among clocks, MAC addresses and code.

use std::net::Ipv6Addr;

use super::Strictness;
use super::chars::{
    before, byte, char_at, char_before, is_hidden, is_label_char, is_unspaced,
};
use super::escape::ends_escape;
use super::found::Reason;
use crate::refang::ends_control;

/// Longest address as written: eight groups of four digits, each colon as
/// `[:]`, an IPv4 tail with `[.]`: below 96 bytes.
pub(super) const MAX_TEXT: usize = 96;

/// A run of hex digits and colons.
pub(super) struct V6 {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `None` for what is below notice: a clock, a single colon.
    pub(super) verdict: Option<Result<Ipv6Addr, Reason>>,
    pub(super) defanged: bool,
}

/// The run of hex digits and colons of which the colon at `anchor` is the
/// first, and whether it is an address.
pub(super) fn address(
    text: &[u8],
    anchor: usize,
    floor: usize,
    strictness: Strictness,
) -> V6 {
    let mut first = anchor;
    if first > floor
        && text[first - 1] == b'['
        && byte(text, first + 1) != b']'
    {
        // `2001[::]1` or the bracket of `[::1]`.
        if first > floor + 1 && text[first - 2].is_ascii_hexdigit() {
            first -= 1;
        }
    } else if first > floor
        && text[first - 1] == b'['
        && byte(text, first + 1) == b']'
    {
        first -= 1;
    }
    let mut start = first;
    while start > floor
        && first - start < 5
        && text[start - 1].is_ascii_hexdigit()
    {
        start -= 1;
    }
    let past = past_digits(text, start, first);
    start = past.unwrap_or(start);
    let mut clean = [0_u8; MAX_TEXT];
    let mut len = 0;
    let mut at = start;
    let mut colons = 0;
    let mut double = false;
    let mut defanged = false;
    let mut letters = false;
    let mut long_group = false;
    let mut group = 0;
    while at < text.len() && at - start < MAX_TEXT {
        let b = text[at];
        if b.is_ascii_hexdigit() {
            group += 1;
            long_group |= group > 4;
            letters |= !b.is_ascii_digit();
            clean[len] = b;
            len += 1;
            at += 1;
            continue;
        }
        let (mark, count) = match b {
            b':' => (1, 1),
            b'[' if text[at..].starts_with(b"[:]") => (3, 1),
            b'[' if text[at..].starts_with(b"[::]") => (4, 2),
            // An IPv4 tail is read by its own rules below.
            _ => break,
        };
        for _ in 0..count {
            if len == MAX_TEXT {
                break;
            }
            double |= len > 0 && clean[len - 1] == b':';
            clean[len] = b':';
            len += 1;
            colons += 1;
        }
        defanged |= mark > 1;
        group = 0;
        at += mark;
    }
    // A trailing single colon is the sentence's: `fe80::1: refused`.
    if len > 1 && clean[len - 1] == b':' && clean[len - 2] != b':' {
        len -= 1;
        colons -= 1;
        at -= if text[at - 1] == b']' { 3 } else { 1 };
    }
    let end = at;
    let found = |end, verdict| V6 { start, end, verdict, defanged };
    if colons < 2 {
        return found(end, None);
    }
    // `::ffff:192.0.2.1`: the tail after the last colon is IPv4.
    let (len, end) = match v4_tail(text, &clean[..len], end) {
        Some((tail, tail_end)) if len + tail.len() <= MAX_TEXT => {
            clean[len..len + tail.len()].copy_from_slice(&tail);
            (len + tail.len(), tail_end)
        }
        _ => (len, end),
    };
    // A quotation mark, a blank or a control beyond ASCII touches nothing,
    // and prose without spaces does not either.
    let touches = |c: Option<(char, usize)>| {
        c.is_some_and(|(c, _)| match c.is_ascii() {
            true => c.is_ascii_alphanumeric() || "_:-".contains(c),
            false => is_label_char(c) && !is_hidden(c) && !is_unspaced(c),
        })
    };
    if !double && colons != 7 {
        // A clock, a MAC address, a list of ports: below notice, but for
        // those with the look of an address.
        let mac = colons == 5 || colons == 2;
        let clock = mac && letters && !long_group;
        return found(end, clock.then_some(Err(Reason::Clock)));
    }
    // So does a mark for a colon: what it belongs to was longer than any
    // address.
    let rest_of_run =
        text[..start].ends_with(b"[:]") || text[..start].ends_with(b"[::]");
    if rest_of_run
        || touches(char_before(text, start))
            && past.is_none()
            && !ends_control(text, start)
            && !ends_escape(text, start)
        || touches(char_at(text, end))
    {
        return found(end, Some(Err(Reason::Code)));
    }
    let parsed = std::str::from_utf8(&clean[..len])
        .ok()
        .and_then(|text| text.parse::<Ipv6Addr>().ok());
    let Some(address) = parsed else {
        return found(end, Some(Err(Reason::Code)));
    };
    if strictness != Strictness::Loose
        && !plausible(
            address,
            double,
            colons,
            letters,
            &clean[..len],
            defanged,
        )
    {
        return found(end, Some(Err(Reason::Code)));
    }
    found(end, Some(Ok(address)))
}

/// Where the first group starts of which hex digits from `start` to `end` are
/// read, if some of them are of what stands before it: an escape, `%5B2a02:…`,
/// or the word of a policy of mail, `ip6:2001:…`.
#[inline]
pub(super) fn past_digits(
    text: &[u8],
    start: usize,
    end: usize,
) -> Option<usize> {
    if end - start == 1
        && text[start] == b'6'
        && text[start.saturating_sub(2)..start].eq_ignore_ascii_case(b"ip")
        && !before(text, start - 2).is_ascii_alphanumeric()
    {
        return byte(text, end + 1).is_ascii_hexdigit().then_some(end + 1);
    }
    let signs = &text[start.saturating_sub(4)..start];
    let any = signs.iter().any(|b| matches!(b, b'%' | b'\\'));
    any.then(|| (start + 1..=end).find(|at| ends_escape(text, *at)))?
}

/// The dotted part after the last colon, where `end` is the end of what looks
/// like its first group: its text and its end.
fn v4_tail(text: &[u8], clean: &[u8], end: usize) -> Option<(Vec<u8>, usize)> {
    if byte(text, end) != b'.' || clean.len() > 40 {
        return None;
    }
    let rest = &text[end..];
    let len = rest
        .iter()
        .take(12)
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let tail = rest[..len].strip_suffix(b".").unwrap_or(&rest[..len]);
    let dots = tail.iter().filter(|b| **b == b'.').count();
    (dots == 3).then(|| (tail.to_vec(), end + tail.len()))
}

/// Whether a valid address looks like one that somebody wrote down, not like
/// a path of C++ (`a::b`) or an empty range (`::`).
fn plausible(
    address: Ipv6Addr,
    double: bool,
    colons: usize,
    letters: bool,
    clean: &[u8],
    defanged: bool,
) -> bool {
    if defanged || !double {
        return true;
    }
    let digits = clean.iter().any(u8::is_ascii_digit);
    if address.is_loopback() || address.is_unspecified() {
        return false;
    }
    if address.to_ipv4_mapped().is_some() {
        return true;
    }
    let first = clean.iter().position(|b| *b == b':').unwrap_or(clean.len());
    // Unicast, link-local, unique local and multicast space all start with
    // four digits.
    let wide = first == 4 && (digits || colons >= 4);
    wide || colons >= 4 && digits && (letters || colons >= 5)
}
