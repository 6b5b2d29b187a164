//! What a candidate is: a match, nothing, or open.
//!
//! Where it stands is told in bits: those of the bitmaps, which are places in
//! the [`View`] too.

use super::marks::Marks;
use super::{View, is};
use crate::kind::{check_domain, is_suffix};
use crate::refang::past_control;
use crate::scan::Strictness;
use crate::scan::blocks::{BLOCK, BODY, Bitmaps, DOT, LOW, Map, window};
use crate::scan::bounds::ends_token;
use crate::scan::chars::{before, byte};
use crate::scan::context::{Around, judge_address};
use crate::scan::found::Written;
use crate::scan::name::ends_with_port;
use crate::scan::quick::{
    After, after, fills_field, is_apart, is_local_part, is_quad, plain_hash,
    plain_url,
};
use crate::scan::tld::{Tld, Top, may_be_long_top, top};
use crate::{Kind, Span};

/// What becomes of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The engine is to look at it.
    Open,
    /// It is nothing.
    Nothing,
    /// It is a match, and no flag is set.
    Match,
}

/// Whether what follows a token that ends at a bit, and at `at` in the text,
/// is a port that more is to be asked about.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn asks_port(text: &[u8], view: &View, end: usize, at: usize) -> bool {
    view[end] == b':' && after(text, at) != After::Nothing
}

/// The eight bytes before a bit, the last one highest.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn last_eight(view: &View, end: usize) -> u64 {
    let word = view[end - 8..end].first_chunk().expect("eight bytes");
    u64::from_le_bytes(*word)
}

/// What a token that ends with a letter is, which ends at `at` in the text.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn name(
    text: &[u8],
    view: &View,
    maps: &Bitmaps,
    (start, end): (usize, usize),
    dots: u64,
    at: usize,
) -> Fate {
    if asks_port(text, view, end, at) {
        return Fate::Open;
    }
    let word = last_eight(view, end);
    let labels = dots.count_ones() as usize + 1;
    let last = dots.leading_zeros();
    if last > 8 {
        return match may_be_long_top(word) {
            true => Fate::Open,
            false => Fate::Nothing,
        };
    }
    let Some(top) = top(word >> (64 - 8 * last)) else {
        return Fate::Nothing;
    };
    let span = Span { start: at - (end - start), end: at };
    let raw = &text[span.range()];
    let is_valid = top.ends_names_of(labels)
        || match top.is_public() {
            true => is_below(word, end - start, dots, top) || !is_suffix(raw),
            false => check_domain(raw).is_ok(),
        };
    let is_sure = is_valid
        && (top.tld == Tld::Plain
            || matches!(top.tld, Tld::Word | Tld::Source)
                && fills_field(text, maps, end, span));
    match is_sure {
        true => Fate::Match,
        false => Fate::Open,
    }
}

/// Whether a name of so many bytes, of which these are the last eight, and the
/// dots, is surely no registry's suffix.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn is_below(word: u64, len: usize, dots: u64, top: Top) -> bool {
    let labels = dots.count_ones() as usize + 1;
    let first = (dots.trailing_zeros() as usize + len).wrapping_sub(BLOCK);
    // Behind the last dot but one.
    let inner = dots & u64::MAX >> 1 >> dots.leading_zeros();
    let len = inner.leading_zeros().min(8);
    top.is_below(labels, first, word >> ((64 - 8 * len) & 63))
}

/// What a token that ends with a digit is, which ends at `at` in the text.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn number(
    text: &[u8],
    view: &View,
    (start, end): (usize, usize),
    dots: u64,
    at: usize,
) -> Fate {
    if asks_port(text, view, end, at) {
        return Fate::Open;
    }
    let span = Span { start: at - (end - start), end: at };
    match dots.count_ones() {
        3 => {
            let around = Around { text, start: span.start, end: at };
            let quad = Span { start, end };
            let is_address = is_address(view, (start, end), dots)
                && (is_plain_place(view, quad)
                    || judge_address(around, false, Strictness::Balanced)
                        .is_ok());
            match is_address {
                true => Fate::Match,
                false => Fate::Nothing,
            }
        }
        // It may be a range, or end with a port.
        6 => Fate::Open,
        4 if ends_with_port(text, span) => Fate::Open,
        _ => Fate::Nothing,
    }
}

/// Whether an address stands where [`judge_address`] has nothing to say: at the
/// start of a line, or behind a word that is none of those before a version.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn is_plain_place(view: &View, quad: Span) -> bool {
    let Span { start, end } = quad;
    let may_follow = |b: u8| WORD_ENDS[usize::from(b)];
    let left = view[start - 1];
    (left == b'\n' || left == b' ' && !may_follow(view[start - 2]))
        && !matches!(view[end], b'+' | b'~')
        // It may be the number of a section.
        && end - start > 7
}

/// What a word before a version may end with, and what may stand between.
static WORD_ENDS: [bool; 256] = set(b"denrsvDENRSV \t:=\"'.(");

/// Whether the run of so many bytes before a bit has only small letters,
/// digits, hyphens and dots.
#[inline]
pub(super) fn is_low(maps: &Bitmaps, bit: usize, len: usize) -> bool {
    let low = window(maps.of(LOW), bit - BLOCK);
    let dots = window(maps.of(DOT), bit - BLOCK);
    (!(low | dots)).leading_zeros() as usize >= len
}

/// What a run of labels is that is no plain token, and of what kind: beside
/// one stands something that rules ask about, or it has capitals.
#[inline(never)]
pub(super) fn other_run(
    text: &[u8],
    view: &View,
    maps: &Bitmaps,
    (start, end): (usize, usize),
    dots: u64,
) -> (Fate, Kind) {
    let span = Span { start: maps.at(start), end: maps.at(end) };
    let bits = (start, end);
    let is_number = view[end - 1] <= b'9';
    let is_low = is_low(maps, end, end - start);
    if is_low && is_local_part(text, span) {
        return (Fate::Nothing, Kind::Domain);
    }
    if is_low && is_apart(text, span) {
        if is_number {
            return (number(text, view, bits, dots, span.end), Kind::Ip);
        }
        let fate = name(text, view, maps, bits, dots, span.end);
        return (fate, Kind::Domain);
    }
    if !is_number {
        return match is_nothing(text, view, bits, dots, span.end) {
            true => (Fate::Nothing, Kind::Domain),
            false => (Fate::Open, Kind::Domain),
        };
    }
    // `/192.0.2.1:443`
    let is_path = view[start - 1] == b'/'
        && !matches!(view[start - 2], b'/' | b'\\')
        && dots.count_ones() == 3
        && is_address(view, bits, dots)
        && after(text, span.end) == After::Nothing;
    let around = Around { text, start: span.start, end: span.end };
    let fate = match is_path {
        false => Fate::Open,
        true => match judge_address(around, false, Strictness::Balanced) {
            Ok(()) => Fate::Match,
            Err(_) => Fate::Nothing,
        },
    };
    (fate, Kind::Ip)
}

/// Whether a run of three dots that ends at a bit is an IPv4 address.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn is_address(view: &View, (start, end): (usize, usize), dots: u64) -> bool {
    let inner = dots & (dots - 1);
    let third = end - 1 - dots.leading_zeros() as usize;
    let [first, second] =
        [dots, inner].map(|dots| end + dots.trailing_zeros() as usize - BLOCK);
    is_quad(view, Span { start, end }, [first, second, third])
}

/// Whether a run of labels that ends with no digit, at a bit and at `at` in
/// the text, is nothing, whatever stands beside it: no suffix, and no mark
/// after it; or a part of a path.
#[inline]
fn is_nothing(
    text: &[u8],
    view: &View,
    (start, end): (usize, usize),
    dots: u64,
    at: usize,
) -> bool {
    let lower = |b: u8| b | 0x20;
    let word = last_eight(view, end) | 0x2020_2020_2020_2020;
    let last = dots.leading_zeros() as usize;
    let may_end = match last {
        0..=8 => top(word >> (64 - 8 * last)).is_some(),
        _ => may_be_long_top(word),
    };
    let (left, label) = (view[start - 1], &view[end - last..][..2]);
    let is_asked = match left {
        // `\nevil`, `%20evil`, `ESC[31mevil`, `ssh://evil`
        b'\\' | b'%' => true,
        b'[' | b';' => past_control(text, at - (end - start)).is_some(),
        b'/' => view[start - 2] == b'/',
        _ => false,
    };
    // `http__evil`: an underscore with this bit is no letter.
    let may_hide = matches!(lower(view[start]), b'h' | 0x7f);
    // `evil_`, `xn--`
    let is_odd =
        view[end - 1] == b'_' || label.iter().map(|b| lower(*b)).eq(*b"xn");
    let after = after(text, at);
    // `/etc/app.conf`: a part of a path, but for `/dev/tcp/`, `address=/`.
    let is_path = left == b'/'
        && !matches!(view[start - 2], b'p' | b'=')
        && (after == After::Nothing || view[end] == b'/');
    !(is_odd || is_asked || may_hide)
        && (is_path || !may_end && after != After::Mark)
}

/// What a run of at least 16 hex digits is, and how it is written.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn hash(
    text: &[u8],
    view: &View,
    maps: &Bitmaps,
    (start, end): (usize, usize),
) -> (Fate, Written) {
    if is_hash_line(view, (start, end)) {
        return match is_low(maps, end, end - start) {
            true => (Fate::Match, Written::Plain),
            false => (Fate::Match, Written::Cased),
        };
    }
    other_hash(text, view, maps, (start, end))
}

/// Where the name ends whose first label is the whole of a run of hex digits,
/// from a bit to another, if it is a match.
#[inline(never)]
pub(super) fn hash_name(
    text: &[u8],
    view: &View,
    maps: &Bitmaps,
    runs: &Map,
    (start, dot): (usize, usize),
) -> Option<usize> {
    let end = dot + (!window(runs, dot)).trailing_zeros() as usize;
    let len = end - start;
    // `68747470…` is `http`.
    if len >= BLOCK
        || end + 1 >= view.len()
        || is(runs, start - 1)
        || view[start..dot].starts_with(b"68")
        || view[end - 1] <= b'9'
    {
        return None;
    }
    let span = Span { start: maps.at(start), end: maps.at(end) };
    let is_token = is_low(maps, end, len)
        && is_apart(text, span)
        && check_domain(&text[span.range()]).is_ok();
    let dots = window(maps.of(DOT), end - BLOCK) & !(u64::MAX >> len);
    let bits = (start, end);
    let is_match = is_token
        && name(text, view, maps, bits, dots, span.end) == Fate::Match;
    is_match.then_some(end)
}

/// Whether a run of hex digits is a hash that has a line of its own, about
/// which [`plain_hash`] has nothing else to ask.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn is_hash_line(view: &View, (start, end): (usize, usize)) -> bool {
    if view[end] != b'\n' || !is_digest_line(view, (start, end)) {
        return false;
    }
    let digits: &[u8; 32] = view[start..].first_chunk().expect("32 digits");
    let (words, _) = digits.as_chunks();
    let bits =
        words.iter().fold(0, |bits, word| bits | u64::from_ne_bytes(*word));
    // A letter has a bit that no digit has.
    bits & 0x4040_4040_4040_4040 != 0
}

/// Whether a run of hex digits that ends a line, not all of which are numbers,
/// starts it and is a digest, about which nothing else is to be asked.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[expect(clippy::needless_bitwise_bool, reason = "no branch on a length")]
#[inline(always)]
pub(super) fn is_digest_line(
    view: &View,
    (start, end): (usize, usize),
) -> bool {
    let len = end - start;
    // Lists mix lengths, which no branch could foretell.
    let is_digest = (len == 32) | (len == 40) | (len == 64);
    // What is before it, and its first two digits.
    let around = view[start.max(3) - 3..].first_chunk().expect("eight bytes");
    let around = u64::from_le_bytes(*around);
    let [second, last, before, ..] = around.to_le_bytes();
    let is_http =
        around >> 24 & 0xffff == u64::from(u16::from_le_bytes(*b"68"));
    // It may be the second half of one before it.
    let may_end_label = SECOND[usize::from(last)];
    let is_number = (last == b'6') & (second != b'5');
    let is_half = (len == 32) & may_end_label & !is_number;
    is_digest & (before == b'\n') & !is_http & !is_half
}

/// What a line may end with before the second half of a digest: a label, such
/// as `SHA-256`.
static SECOND: [bool; 256] = set(b":6 \t\n\x0c\r");

/// As [`hash`], of one that has no line of its own.
#[inline(never)]
fn other_hash(
    text: &[u8],
    view: &View,
    maps: &Bitmaps,
    (start, end): (usize, usize),
) -> (Fate, Written) {
    let written = match end - start {
        // A number, or a part of a UUID.
        0..32 => return (Fate::Nothing, Written::Plain),
        // In a path: the URL around it is one more to look at.
        _ if view[start - 1] == b'/' => None,
        _ => {
            let span = Span { start: maps.at(start), end: maps.at(end) };
            plain_hash(text, maps, span, false)
        }
    };
    match written {
        Some(written) => (Fate::Match, written),
        None => (Fate::Open, Written::Plain),
    }
}

/// The URL whose colon is at a bit, from where to where, if it is short and
/// nearly all of it is seen at once: what [`plain_url`] says of it. Says
/// nothing of others.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn url(
    view: &View,
    maps: &Bitmaps,
    marks: &Marks,
    colon: usize,
) -> Option<(usize, usize, Written)> {
    let word = view[colon - 8..colon + 3].first_chunk().expect("eleven");
    let word = u64::from_le_bytes(*word);
    let of = |text: &[u8; 8]| u64::from_le_bytes(*text);
    let len = match word {
        _ if word >> 24 == of(b"\0\0\0https") >> 24 => 5,
        _ if word >> 32 == of(b"\0\0\0\0http") >> 32 => 4,
        _ => return None,
    };
    let (start, from) = (colon - len, colon + 3);
    // What is seen of it ends within the view.
    if from + BLOCK + 1 >= view.len()
        || view[colon + 1..from] != *b"//"
        || !BEFORE_URL[usize::from(view[start - 1])]
    {
        return None;
    }
    let dots = window(maps.of(DOT), from);
    let host = (!(window(maps.of(LOW), from) | dots)).trailing_zeros();
    let body = (!window(maps.of(BODY), from)).trailing_zeros();
    // With the slash before the host.
    if !(1..64).contains(&host) || body >= 64 || host > body {
        return None;
    }
    let (inside, all) = (u64::MAX >> (64 - host), u64::MAX >> (64 - body));
    let dots = dots & inside;
    let (host_end, end) = (from + host as usize, from + body as usize);
    // It has a dot, and no hyphen is beside one.
    if !is(&marks.ends, host_end)
        || window(&marks.doubles, from) & all & !1 != 0
        || !AFTER_URL[usize::from(view[end])]
        || MARKS[usize::from(view[end - 1])]
        || view[end] == b' ' && matches!(view[end + 1], b'[' | b'(' | b'{')
    {
        return None;
    }
    let written = match view[host_end] {
        b'/' => Written::Plain,
        _ if host_end == end => Written::NearPlain,
        _ => return None,
    };
    if view[host_end - 1] <= b'9' {
        let is_host = dots.count_ones() == 3
            && is_address(view, (from, host_end), dots << (64 - host));
        return is_host.then_some((start, end, written));
    }
    let last = host + dots.leading_zeros() - 64;
    if last > 8 {
        return None;
    }
    let top = top(last_eight(view, host_end) >> (64 - 8 * last))?;
    top.ends_names_of(usize::MAX).then_some((start, end, written))
}

/// Bytes before a scheme that neither belong to a word nor are markup.
static BEFORE_URL: [bool; 256] = {
    let mut table = [false; 256];
    let others = set(b"*_-[]()+.=~}");
    let mut b = 0;
    while b < 0x80 {
        table[b] = !(b as u8).is_ascii_alphanumeric() && !others[b];
        b += 1;
    }
    table
};

/// Bytes that end every URL, but for brackets after a blank.
static AFTER_URL: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x80 {
        table[b] = ends_token(b as u8) && b as u8 != b'<' && b as u8 != b'^';
        b += 1;
    }
    table
};

/// Marks of sentences, which end no URL.
pub(super) static MARKS: [bool; 256] = set(b".,;:!?");

/// Which bytes are in a set.
const fn set(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
}

/// As [`url`], of the colon at `at`, for what takes more looks.
#[inline(never)]
pub(super) fn any_url(
    text: &[u8],
    maps: &Bitmaps,
    at: usize,
) -> Option<(usize, usize, Written)> {
    let (span, written) = plain_url(text, maps, at)?;
    let bits = (maps.bit(span.start), maps.bit(span.end));
    (!is_odd(text, span)).then_some((bits.0, bits.1, written))
}

/// Whether a flag of a URL may follow from what touches it.
#[inline]
fn is_odd(text: &[u8], span: Span) -> bool {
    let (left, right) = (before(text, span.start), byte(text, span.end));
    left | right >= 0x80 || right == b'\\'
}
