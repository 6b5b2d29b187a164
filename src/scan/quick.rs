//! The quick way: names and addresses that need no thought.
//!
//! Most dots of a text stand in a plain token: small letters, digits, hyphens
//! and dots, between bytes that no rule asks about. What such a token is can
//! be read off the bitmaps and one look into the table of suffixes:
//!
//! ```text
//! text    c2 at evil-1.badcorp.net, and x
//! label   11.11.111111.1111111.111..111.1      ones before the dot: 6
//! dot     ............1.......1.........       ones after it, of both: 11
//! low     11.11.111111.1111111.111..111.1      no capital, no `_`
//! ```
//!
//! The quick way only decides what it is sure of; the grammar of `host` and
//! the judgement of `context` have the rest, and are what it is tested
//! against: both must say the same of every text.

use super::Strictness;
use super::blocks::{Map, window};
use super::chars::{before, byte};
use super::context::{Around, judge_address};
use super::engine::{Engine, Queue};
use super::found::{Flags, Match};
use super::host::Run;
use super::tld::{Tld, may_be_long_top, top};
use crate::kind::{check_domain, pack};
use crate::{Kind, Span};

/// A token around its first dot, as the bitmaps show it.
struct Token {
    start: usize,
    end: usize,
    /// The dots, the first of which is bit 0.
    dots: u64,
    /// Start of the last label.
    last: usize,
}

impl Token {
    fn labels(&self) -> usize {
        self.dots.count_ones() as usize + 1
    }

    fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// What follows a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing that any rule asks about.
    Nothing,
    /// Perhaps a mark that stands for a dot, so that the token goes on.
    Mark,
    /// Something that a rule asks about.
    Other,
}

impl Engine<'_> {
    /// Decides about the token whose first dot is at `at`, or leaves all as
    /// it was and returns `false`.
    pub(super) fn quick_dot<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        if self.options.strictness != Strictness::Balanced {
            return false;
        }
        let Some(token) = self.token(text, at) else { return false };
        let after = after(text, token.end);
        // `hxxp//evil.example`, `ssh://evil.example/path`
        if after == After::Mark || text[..token.start].ends_with(b"//") {
            return false;
        }
        let label = &text[token.last..token.end];
        if label.starts_with(b"xn--") {
            return false;
        }
        if label[label.len() - 1].is_ascii_digit() {
            return self.quick_digits(text, at, &token, after, out);
        }
        let found = match label.len() {
            0..=8 => top(packed(text, token.end, label.len())),
            _ if may_be_long_top(packed(text, token.end, 8)) => return false,
            _ => None,
        };
        let Some(found) = found else {
            return self.quick_drop(&token);
        };
        if found.tld == Tld::Plain
            && after == After::Nothing
            && is_free(text, token.start)
            && (token.labels() > usize::from(found.depth)
                || check_domain(&text[token.start..token.end]).is_ok())
        {
            let span = token.span();
            let raw = &text[span.range()];
            let found =
                Match::canonical_in(span, raw, Kind::Domain, Flags::NONE);
            self.emit(found, out);
            return true;
        }
        let run = plain_run(text, at, &token);
        self.run(text, &run, out);
        true
    }

    /// The plain token whose first dot is at `at`.
    #[inline]
    fn token(&self, text: &[u8], at: usize) -> Option<Token> {
        let maps = self.anchors.maps();
        let bit = self.anchors.bit(at);
        let read = |map: &Map, bit| window(map, bit);
        let before = (!read(&maps.label, bit - 64)).leading_zeros() as usize;
        let low = (!read(&maps.low, bit - 64)).leading_zeros() as usize;
        let dots = read(&maps.dot, bit + 1);
        let labels = read(&maps.label, bit + 1);
        let low_right = read(&maps.low, bit + 1);
        if labels & 1 == 0 {
            return None;
        }
        let mut len = (!(labels | dots)).trailing_zeros() as usize;
        if before == 0 || low < before || before > 31 || len > 31 {
            return None;
        }
        // The dot that ends a sentence.
        len -= (dots >> (len - 1) & 1) as usize;
        let mask = (1_u64 << len) - 1;
        let dots = dots & mask;
        let empty = dots & (dots >> 1 | 1 << (len - 1)) != 0;
        if (low_right | dots) & mask != mask || empty {
            return None;
        }
        let start = at.checked_sub(before).filter(|at| *at >= self.taken)?;
        let end = at + 1 + len;
        if text[start] == b'-' || text[end - 1] == b'-' {
            return None;
        }
        // No label starts or ends with a hyphen.
        let mut dots = dots << 1 | 1;
        let mut last = at;
        let mut rest = dots;
        while rest != 0 {
            last = at + rest.trailing_zeros() as usize;
            if text[last - 1] == b'-' || text[last + 1] == b'-' {
                return None;
            }
            rest &= rest - 1;
        }
        dots &= mask << 1 | 1;
        Some(Token { start, end, dots, last: last + 1 })
    }

    /// A token that ends with a digit: an address, or nothing.
    fn quick_digits<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        token: &Token,
        after: After,
        out: &mut Queue<'t>,
    ) -> bool {
        let span = token.span();
        let raw = &text[span.range()];
        match token.labels() {
            4 if is_quad(raw) => {}
            // `192.0.2.1-192.0.2.9`
            4 | 7 => {
                let run = plain_run(text, at, token);
                self.run(text, &run, out);
                return true;
            }
            _ => return self.quick_drop(token),
        }
        if after == After::Nothing
            && (is_free(text, span.start) || before(text, span.start) == b'/')
        {
            let around = Around { text, start: span.start, end: span.end };
            if judge_address(around, false, self.options.strictness).is_err() {
                return self.quick_drop(token);
            }
            let found = Match::canonical_in(span, raw, Kind::Ip, Flags::NONE);
            self.emit(found, out);
            return true;
        }
        let run = plain_run(text, at, token);
        self.run(text, &run, out);
        true
    }

    /// Passes over a token that is nothing, where nobody asks why.
    fn quick_drop(&mut self, token: &Token) -> bool {
        if self.rejections {
            return false;
        }
        self.read = self.read.max(token.end);
        true
    }
}

/// The token as the grammar would have read it.
fn plain_run(text: &[u8], at: usize, token: &Token) -> Run {
    let Token { start, end, last, .. } = *token;
    let bytes = &text[start..end];
    let labels = token.labels();
    Run {
        start,
        end,
        first: (start, at),
        last: (last, end),
        labels,
        plain: labels - 1,
        strong: 0,
        foreign: 0,
        weak: None,
        ascii: true,
        lower: bytes.iter().any(u8::is_ascii_lowercase),
        upper: false,
        numeric: bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.'),
        long_hex: false,
        underscore: false,
        hidden: false,
        too_long: false,
    }
}

/// The `len` bytes before `end`, at most eight, as [`pack`] packs them.
#[inline]
fn packed(text: &[u8], end: usize, len: usize) -> u64 {
    match end.checked_sub(8).and_then(|at| text[at..end].first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes) >> (64 - 8 * len),
        None => pack(text, end - len, end),
    }
}

/// Whether `address`, digits and dots with three dots and perhaps hyphens and
/// letters, is four numbers below 256 without leading zeros.
fn is_quad(address: &[u8]) -> bool {
    let mut value = 0_u32;
    let mut digits = 0;
    for &b in address {
        if b == b'.' {
            value = 0;
            digits = 0;
            continue;
        }
        let digit = u32::from(b.wrapping_sub(b'0'));
        if digit > 9 || digits > 0 && value == 0 {
            return false;
        }
        value = value * 10 + digit;
        digits += 1;
        if value > 255 {
            return false;
        }
    }
    true
}

/// What the byte after a token may be the start of.
const NOTHING: u8 = 0;
/// A bracket, with or without a dot in it.
const BRACKET: u8 = 1;
/// A mark if a dot follows.
const ESCAPE: u8 = 2;
/// A mark if a number or a name follows.
const ENTITY: u8 = 3;
const COLON: u8 = 4;
const SPACE: u8 = 5;
const OTHER: u8 = 6;

const AFTER: [u8; 256] = {
    let mut table = [NOTHING; 256];
    let sets: [(&[u8], u8); 6] = [
        (b"[({<", BRACKET),
        (b"]^\\", ESCAPE),
        (b"&%", ENTITY),
        (b":", COLON),
        (b" ", SPACE),
        (b"/?@$.", OTHER),
    ];
    let mut set = 0;
    while set < sets.len() {
        let (bytes, what) = sets[set];
        let mut i = 0;
        while i < bytes.len() {
            table[bytes[i] as usize] = what;
            i += 1;
        }
        set += 1;
    }
    table
};

/// What follows the token that ends at `end`. Says `Nothing` only where every
/// rule of names of plain suffixes and of addresses would.
#[inline]
fn after(text: &[u8], end: usize) -> After {
    let first = byte(text, end);
    let next = byte(text, end + 1);
    let mark = |yes: bool| if yes { After::Mark } else { After::Other };
    match AFTER[usize::from(first)] {
        NOTHING => After::Nothing,
        BRACKET => match next {
            b' ' | b'.' | b',' | b'd' | b'D' | b'p' | b'P' => After::Mark,
            _ if next == first => After::Mark,
            b'/' if first == b'<' => After::Nothing,
            _ => After::Other,
        },
        ESCAPE => match next {
            b'.' | b'\\' => After::Mark,
            _ if first == b'\\' => After::Other,
            _ => After::Nothing,
        },
        ENTITY => mark(matches!(next, b'#' | b'p' | b'P' | b'2')),
        COLON if next.is_ascii_digit() => {
            let digits = text[end + 1..].iter().take(6);
            let digits = digits.take_while(|b| b.is_ascii_digit()).count();
            match byte(text, end + 1 + digits) {
                b'/' => After::Other,
                _ => After::Nothing,
            }
        }
        COLON => match next {
            b':' | b'[' | b'/' => After::Other,
            _ => After::Nothing,
        },
        SPACE => match next {
            b'[' | b'(' | b'{' => After::Mark,
            _ => After::Nothing,
        },
        // The dot that ends a sentence.
        _ if first == b'.' => match next {
            b'[' => After::Mark,
            _ => After::Nothing,
        },
        _ => After::Other,
    }
}

/// Whether what stands before a token is nothing that a rule of names of
/// plain suffixes asks about.
#[inline]
fn is_free(text: &[u8], start: usize) -> bool {
    match before(text, start) {
        b'/' | b'\\' | b'$' | b'@' | b']' | b')' | b'}' => false,
        b' ' => !matches!(before(text, start - 1), b']' | b')' | b'}'),
        b'>' => before(text, start - 1) != b'-',
        b':' => before(text, start - 1) != b':',
        _ => true,
    }
}
