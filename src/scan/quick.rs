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

mod around;
mod hex;
mod link;
mod marked;

pub(super) use self::around::{After, after, is_apart, is_local_part};
use self::around::{is_code, is_far, is_free, is_no_mark};
pub(super) use self::hex::plain_hash;
pub(super) use self::link::plain_url;
use super::Strictness;
use super::blocks::{
    BLOCK, Bitmaps, CHUNK, DOT, HIGH, LABEL, LOW, Map, window,
};
use super::chars::{before, byte};
use super::context::{Around, is_between_slashes, judge_address, judge_name};
use super::engine::Engine;
use super::escape::past_escape;
use super::found::{Close, Flags, Written};
use super::host::Run;
use super::name::{ends_with_port, follows_login, local_part};
use super::queue::Queue;
use super::tld::{Tld, Top, may_be_long_top, top};
use crate::kind::{check_domain, is_quad as quad, pack};
use crate::refang::{is_label, past_control};
use crate::{Kind, Span};

/// A token around its first dot, as the bitmaps show it.
struct Token {
    start: usize,
    end: usize,
    /// Start of the last label.
    last: usize,
    labels: usize,
    /// No capital and no underscore stands in it.
    low: bool,
}

impl Token {
    fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Longest label of the quick way, and longest rest after it, so that one
/// window shows where they end.
const MAX_LABEL: usize = 62;
/// Hex digits that a bit of the lanes stands for.
const LANE: usize = 16;

impl Engine<'_> {
    /// Decides about the token whose first dot is at `at`, or leaves all as
    /// it was and returns `false`.
    pub(super) fn quick_dot(
        &mut self,
        text: &[u8],
        at: usize,
        out: &mut Queue,
    ) -> bool {
        if self.options.strictness != Strictness::Balanced
            || !self.options.quick
        {
            return false;
        }
        let left = before(text, at);
        if !is_label(left) {
            // `evil[.]example`
            let marked = match left {
                b'[' => self.first_marked(text, at),
                _ => None,
            };
            return match marked {
                Some(start) => {
                    let start = past_line(text, start);
                    start.is_some_and(|start| {
                        text[start] != b'-'
                            && self.quick_marked(text, start, out)
                    })
                }
                None => is_no_mark(text, at) || is_far(text, at),
            };
        }
        // Most tokens stand where no rule asks about what is beside them.
        let low = self.low_token(text, at);
        if let Some(token) = &low {
            let span = token.span();
            let done = match byte(text, span.end) {
                b'@' => self.quick_local(text, span),
                _ => {
                    is_apart(text, span)
                        && self.quick_apart(text, at, token, out)
                }
            };
            if done {
                return true;
            }
        }
        self.quick_other(text, at, low, out)
    }

    /// As [`quick_dot`](Engine::quick_dot), for a token that some rule asks
    /// about, or that is not `low`.
    #[inline(never)]
    fn quick_other(
        &mut self,
        text: &[u8],
        at: usize,
        low: Option<Token>,
        out: &mut Queue,
    ) -> bool {
        let Some(mut token) = low.or_else(|| self.wide_token(text, at)) else {
            return is_no_mark(text, at);
        };
        // `ESC[31mevil.example`
        if past_control(text, token.start).is_some() {
            return false;
        }
        // `\nevil.example`
        let Some(start) = past_line(text, token.start) else {
            return false;
        };
        token.start = start;
        let after = after(text, token.end);
        // `c2.evil[.]example`
        if after == After::Mark && before(text, token.start) != b'-' {
            return self.quick_marked(text, token.start, out);
        }
        // `hxxp//evil.example`, `ssh://evil.example/path`
        if after == After::Mark || text[..token.start].ends_with(b"//") {
            return false;
        }
        if is_a_label(text, token.last) {
            return false;
        }
        // `self.__class__`: the grammar cuts what no name ends with.
        if matches!(text[token.end - 1], b'-' | b'_') {
            let cut = trimmed(&text[token.last..token.end]);
            return cut.last().is_some_and(|b| !b.is_ascii_digit())
                && !self.rejections
                && matches!(
                    look(text, token.last, token.last + cut.len()),
                    Look::NoSuffix
                )
                && self.quick_drop(text, at, &token, out);
        }
        if is_local_part(text, token.span())
            && self.quick_drop(text, at, &token, out)
        {
            return true;
        }
        if text[token.end - 1].is_ascii_digit() {
            return self.quick_digits(text, at, &token, after, out);
        }
        // A part of a path, whatever it is; the host of an address of mail.
        let drop = match before(text, token.start) {
            b'/' => {
                (after == After::Nothing || byte(text, token.end) == b'/')
                    && !is_between_slashes(text, token.start)
            }
            b'@' => {
                !self.options.email_domains
                    && !follows_login(text, token.start)
                    && local_part(text, token.start, self.taken).is_some()
            }
            _ => false,
        };
        if drop {
            return self.quick_drop(text, at, &token, out);
        }
        let found = match look(text, token.last, token.end) {
            Look::Suffix(found) => found,
            Look::NoSuffix => return self.quick_drop(text, at, &token, out),
            Look::Unsure => return false,
        };
        let span = token.span();
        let raw = &text[span.range()];
        let valid = after == After::Nothing
            && is_free(text, token.start)
            && (token.low || !raw.contains(&b'_'))
            && (found.ends_names_of(token.labels)
                || token.low && check_domain(raw).is_ok());
        if valid && token.low && found.tld == Tld::Plain {
            self.emit_plain(span, Kind::Domain, out);
            return true;
        }
        if is_code(text, span)
            && !self.options.email_domains
            && self.quick_drop(text, at, &token, out)
        {
            return true;
        }
        let run = plain_run(text, at, &token);
        if token.low
            && byte(text, token.end) == b'/'
            && self.quick_inferred(text, &run, found, out)
        {
            return true;
        }
        if valid {
            let around = Around { text, start: span.start, end: span.end };
            match judge_name(around, &run, found.tld, self.options.strictness)
            {
                Ok(()) => {
                    let written = match token.low {
                        true => Written::Plain,
                        false => Written::Cased,
                    };
                    let (kind, flags) = (Kind::Domain, Flags::NONE);
                    let close = Close { span, kind, written, flags };
                    self.emit_close(text, close, out);
                }
                Err(reason) => {
                    self.read = self.read.max(span.end);
                    self.reject(span, Kind::Domain, reason, out);
                }
            }
            return true;
        }
        self.run(text, &run, out);
        true
    }

    /// Decides about a token in small letters that no rule asks about, but
    /// for what its suffix is.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    fn quick_apart(
        &mut self,
        text: &[u8],
        at: usize,
        token: &Token,
        out: &mut Queue,
    ) -> bool {
        let span = token.span();
        match text[token.end - 1] {
            b'0'..=b'9' => match token.labels {
                4 if self.is_quad(text, at, span) => {
                    let around =
                        Around { text, start: span.start, end: span.end };
                    let strictness = self.options.strictness;
                    if judge_address(around, false, strictness).is_ok() {
                        self.emit_plain(span, Kind::Ip, out);
                        return true;
                    }
                }
                // It may be a range, or end with a port.
                7 => return false,
                5 if ends_with_port(text, span) => return false,
                _ => {}
            },
            b'a'..=b'z' => match look(text, token.last, token.end) {
                Look::Suffix(top) => {
                    let is_sure = top.ends_names_of(token.labels)
                        && (top.tld == Tld::Plain
                            || matches!(top.tld, Tld::Word | Tld::Source)
                                && self.fills_field(text, span));
                    if is_sure {
                        self.emit_plain(span, Kind::Domain, out);
                    }
                    return is_sure;
                }
                Look::NoSuffix if !is_a_label(text, token.last) => {}
                _ => return false,
            },
            _ => return false,
        }
        if !self.rejections {
            self.pass(span.end);
        }
        !self.rejections
    }

    /// As [`fills_field`], of the token at `span`.
    fn fills_field(&self, text: &[u8], span: Span) -> bool {
        let bit = self.anchors.maps().bit(span.end);
        fills_field(text, self.anchors.maps(), bit, span)
    }

    /// As [`is_quad`](self::is_quad), of a token of three dots, the first of
    /// which is at `at`.
    #[inline(never)]
    fn is_quad(&self, text: &[u8], at: usize, span: Span) -> bool {
        let dots =
            window(self.anchors.maps().of(DOT), self.anchors.maps().bit(at));
        let dots = dots & (dots - 1);
        let second = at + dots.trailing_zeros() as usize;
        let third = at + (dots & (dots - 1)).trailing_zeros() as usize;
        is_quad(text, span, [at, second, third])
    }

    /// Passes over a token in small letters if it is the local part of an
    /// address of mail.
    #[inline(never)]
    fn quick_local(&mut self, text: &[u8], span: Span) -> bool {
        let is_local = is_local_part(text, span) && !self.rejections;
        if is_local {
            self.pass(span.end);
        }
        is_local
    }

    /// Passes over a token in small letters that ends at `end` and is
    /// nothing: its other dots are no more than the first.
    #[inline]
    fn pass(&mut self, end: usize) {
        self.passed = end;
    }

    /// The token whose first dot is at `at`, if it has no capital, no `_` and
    /// nothing beyond ASCII, which the bytes beside it show.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    fn low_token(&self, text: &[u8], at: usize) -> Option<Token> {
        let maps = self.anchors.maps();
        let bit = self.anchors.maps().bit(at);
        let dots = window(maps.of(DOT), bit) >> 1;
        let (before, len) = ends(maps.of(LOW), bit, dots);
        let is_inside = |at: usize| is_label(byte(text, at));
        if is_inside(at.wrapping_sub(before + 1)) || is_inside(at + 1 + len) {
            return None;
        }
        self.token(text, at, dots, (before, len), true)
    }

    /// The token whose first dot is at `at`, if it is ASCII and some byte of
    /// it is none of a [`low_token`](Engine::low_token).
    #[inline]
    fn wide_token(&self, text: &[u8], at: usize) -> Option<Token> {
        let maps = self.anchors.maps();
        let bit = self.anchors.maps().bit(at);
        let dots = window(maps.of(DOT), bit) >> 1;
        let low = ends(maps.of(LOW), bit, dots);
        let (before, len) = ends(maps.of(LABEL), bit, dots);
        if low == (before, len)
            || !is_short(before, len)
            || any(maps.of(HIGH), bit, before, len)
        {
            return None;
        }
        self.token(text, at, dots, (before, len), false)
    }

    /// The token whose first dot is at `at`, so many bytes before and after
    /// which are of labels or dots.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    fn token(
        &self,
        text: &[u8],
        at: usize,
        dots: u64,
        (before, mut len): (usize, usize),
        low: bool,
    ) -> Option<Token> {
        if !is_short(before, len) {
            return None;
        }
        // Digits of a hash.
        if before | len >= LANE {
            let bit = self.anchors.maps().bit(at);
            if any(&self.anchors.maps().lanes, bit, before, len) {
                return None;
            }
        }
        // The dot that ends a sentence.
        let mut dots = dots & ((1 << len) - 1);
        let last = dots >> (len - 1);
        len -= last as usize;
        dots ^= last << len;
        // An empty label.
        if dots & (dots >> 1 | 1) != 0 || len == 0 || dots >> (len - 1) != 0 {
            return None;
        }
        let mut start =
            at.checked_sub(before).filter(|at| *at >= self.taken)?;
        let end = at + 1 + len;
        // A bullet, or a minus.
        while text[start] == b'-' {
            start += 1;
        }
        if start == at {
            return None;
        }
        // No label starts or ends with a hyphen.
        let mut last = at;
        let mut labels = 2;
        loop {
            if text[last - 1] == b'-' || text[last + 1] == b'-' {
                return None;
            }
            if dots == 0 {
                break;
            }
            last = at + 1 + dots.trailing_zeros() as usize;
            labels += 1;
            dots &= dots - 1;
        }
        Some(Token { start, end, last: last + 1, labels, low })
    }

    /// A token that ends with a digit: an address, or nothing.
    fn quick_digits(
        &mut self,
        text: &[u8],
        at: usize,
        token: &Token,
        after: After,
        out: &mut Queue,
    ) -> bool {
        let span = token.span();
        let raw = &text[span.range()];
        match token.labels {
            4 if quad(raw) => {}
            // `192.0.2.1-192.0.2.9`
            7 => {
                let run = plain_run(text, at, token);
                self.run(text, &run, out);
                return true;
            }
            5 if ends_with_port(text, span) => return false,
            _ => return self.quick_drop(text, at, token, out),
        }
        if after == After::Nothing
            && (is_free(text, span.start) || before(text, span.start) == b'/')
        {
            let around = Around { text, start: span.start, end: span.end };
            if judge_address(around, false, self.options.strictness).is_err() {
                return self.quick_drop(text, at, token, out);
            }
            self.emit_plain(span, Kind::Ip, out);
            return true;
        }
        let run = plain_run(text, at, token);
        self.run(text, &run, out);
        true
    }

    /// Passes over a token that is nothing, or lets the grammar say why it is
    /// none.
    fn quick_drop(
        &mut self,
        text: &[u8],
        at: usize,
        token: &Token,
        out: &mut Queue,
    ) -> bool {
        // `http__evil.example`: a scheme in the first label.
        let first = &text[token.start..at];
        let letter = first.iter().find(|b| **b != b'_');
        if !token.low
            && matches!(letter, Some(b'h' | b'H'))
            && first.contains(&b'_')
        {
            return false;
        }
        if self.rejections {
            let run = plain_run(text, at, token);
            self.run(text, &run, out);
        }
        self.read = self.read.max(token.end);
        true
    }
}

/// How many bytes before the dot of a bit, and how many after it, are of a
/// class or dots.
#[inline]
fn ends(class: &Map, bit: usize, dots: u64) -> (usize, usize) {
    let left = !window(class, bit - BLOCK);
    let right = !(window(class, bit) >> 1 | dots);
    (left.leading_zeros() as usize, right.trailing_zeros() as usize)
}

/// Whether one window shows all that stands before a dot, and one what
/// stands after it.
fn is_short(before: usize, len: usize) -> bool {
    let is_short = |len: usize| len.wrapping_sub(1) < MAX_LABEL;
    is_short(before) && is_short(len)
}

/// Whether any byte of a token is of a class.
#[inline]
fn any(class: &Map, bit: usize, before: usize, len: usize) -> bool {
    let left = window(class, bit - BLOCK) >> (BLOCK - before);
    let right = window(class, bit + 1) & ((1 << len) - 1);
    left | right != 0
}

/// Whether a token of small letters fills a line, a cell or a string, and no
/// code stands around: what a name needs whose suffix is a word too. It ends at
/// `bit`.
#[inline]
pub(super) fn fills_field(
    text: &[u8],
    maps: &Bitmaps,
    bit: usize,
    span: Span,
) -> bool {
    let Span { start, end } = span;
    let next = byte(text, end + 1);
    match (before(text, start), byte(text, end)) {
        (b'\n', b'\n') => fills_line(text, maps, bit, span),
        (b'\n', b'\r') if next == b'\n' => fills_line(text, maps, bit, span),
        (b'\n' | b',', b',') => next.is_ascii_alphanumeric(),
        (b'|', b'|') => true,
        // No argument of a call, and no key.
        (b'"', b'"') => {
            before(text, start - 1) != b'('
                && matches!(next, b',' | b'\n' | b'\r' | b']' | b'}')
        }
        _ => false,
    }
}

/// Whether neither of the lines beside that of a token ends like code, as one
/// look at each shows.
#[expect(clippy::inline_always, reason = "on the way of most candidates")]
#[inline(always)]
fn fills_line(text: &[u8], maps: &Bitmaps, bit: usize, span: Span) -> bool {
    let Span { start, end } = span;
    let above = start - 1 - usize::from(before(text, start - 1) == b'\r');
    let above = before(text, above);
    let below = 1 + usize::from(byte(text, end) == b'\r');
    let ahead = bit + below;
    if !(is_label(above) || above == b'\n') || ahead > (CHUNK + 1) * BLOCK {
        return false;
    }
    let line = window(maps.of(LOW), ahead) | window(maps.of(DOT), ahead);
    let next = end + below + (!line).trailing_zeros() as usize;
    matches!(byte(text, next), b'\n' | b'\r') || next == text.len()
}

/// Whether the token at `span` is an IPv4 address, whose dots are where they
/// are said to be: what [`quad`] says of it, without a branch on how long the
/// numbers are.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn is_quad(text: &[u8], span: Span, dots: [usize; 3]) -> bool {
    let Span { start, end } = span;
    let [first, second, third] = dots;
    let bytes = end.checked_sub(20).and_then(|at| text[at..].first_chunk());
    let Some(bytes): Option<&[u8; 20]> = bytes else {
        return quad(&text[start..end]);
    };
    let lens = [
        first - start,
        second - first - 1,
        third - second - 1,
        end - third - 1,
    ];
    if lens[0] | lens[1] | lens[2] | lens[3] > 3 {
        return false;
    }
    // The last four bytes before each dot.
    let before = |dot: usize| (dot + 16).wrapping_sub(end) & 15;
    let one =
        octets(bytes, [before(first), before(second)], [lens[0], lens[1]]);
    let other = octets(bytes, [before(third), 16], [lens[2], lens[3]]);
    one | other == 0
}

/// Looks at two numbers, the last digits of which are in four bytes from some
/// place on; bits of what makes one of them no part of an address.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn octets(bytes: &[u8; 20], at: [usize; 2], lens: [usize; 2]) -> u64 {
    let words = at.map(|at| {
        let word = bytes[at..at + 4].first_chunk().expect("four");
        u64::from(u32::from_le_bytes(*word))
    });
    // The last digit of each is lowest, and the second is in the low half.
    let both = (words[0] | words[1] << 32).swap_bytes();
    let Octets { used, least } = OCTETS[(lens[0] << 2 | lens[1]) & 15];
    let both = (both ^ 0x3030_3030_3030_3030) & used;
    // Numbers of as many digits are in the order of their digits.
    let most: u64 = 0x0002_0505_0002_0505;
    let top = 0x8000_0000_8000_0000;
    let are_digits = both.wrapping_add(0x7676_7676_7676_7676) | both;
    let are_few = (most | top).wrapping_sub(both);
    let are_many = (both | top).wrapping_sub(least);
    are_digits & 0x8080_8080_8080_8080 | !(are_few & are_many) & top
}

/// What two numbers of some lengths are looked at with, each in a half.
#[derive(Clone, Copy)]
struct Octets {
    /// The bytes of their digits.
    used: u64,
    /// The least numbers that are written with so many digits, each in a byte.
    least: u64,
}

/// For up to three digits of the one and of the other.
static OCTETS: [Octets; 16] = {
    let mut table = [Octets { used: 0, least: 0 }; 16];
    let used = [0, 0xff, 0xffff, 0x00ff_ffff];
    // There is none without a digit.
    let least = [0x7fff_ffff, 0, 0x0100, 0x0001_0000];
    let mut i = 0;
    while i < 16 {
        let (one, other) = (i >> 2, i & 3);
        table[i].used = used[one] << 32 | used[other];
        table[i].least = least[one] << 32 | least[other];
        i += 1;
    }
    table
};

/// Where the word starts of which the bytes from `start` on are read: past an
/// escape of a line's end. `None` where more is to be asked about it.
fn past_line(text: &[u8], start: usize) -> Option<usize> {
    let Some(word) = past_escape(text, start) else { return Some(start) };
    let is_asked = before(text, start) == b'%' || byte(text, start) == b'x';
    (!is_asked && text[word] != b'-').then_some(word)
}

/// A label without the hyphens and underscores at its end.
fn trimmed(label: &[u8]) -> &[u8] {
    let inside = |b: &u8| !matches!(b, b'-' | b'_');
    let len = label.iter().rposition(inside).map_or(0, |last| last + 1);
    &label[..len]
}

/// Whether the label that starts at `start` is written in ASCII for another
/// script.
#[inline]
fn is_a_label(text: &[u8], start: usize) -> bool {
    // A shorter label ends with a byte that is none of these.
    let Some(word) = text[start..].first_chunk() else { return false };
    let lower = u32::from_le_bytes(*word) | 0x2020;
    lower == u32::from_le_bytes(*b"xn--")
}

/// What a look into the table says of a label as a suffix.
enum Look {
    Suffix(Top),
    NoSuffix,
    /// The table does not say: the list itself may.
    Unsure,
}

/// What the table says of the label from `start` to `end`.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn look(text: &[u8], start: usize, end: usize) -> Look {
    // Letters in lower case; a byte that is none matches no label.
    let lower = |packed: u64| packed | 0x2020_2020_2020_2020;
    match end - start {
        len @ 0..=8 => {
            let unused = 64 - 8 * len as u32;
            let folded = lower(packed(text, end, len));
            match top(folded << unused >> unused) {
                Some(top) => Look::Suffix(top),
                None => Look::NoSuffix,
            }
        }
        _ if may_be_long_top(lower(packed(text, end, 8))) => Look::Unsure,
        _ => Look::NoSuffix,
    }
}

/// The token as the grammar would have read it.
fn plain_run(text: &[u8], at: usize, token: &Token) -> Run {
    let Token { start, end, last, labels, .. } = *token;
    let bytes = &text[start..end];
    let any = |is: fn(&u8) -> bool| bytes.iter().any(is);
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
        lower: any(u8::is_ascii_lowercase),
        upper: !token.low && any(u8::is_ascii_uppercase),
        numeric: bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.'),
        long_hex: false,
        underscore: !token.low && bytes.contains(&b'_'),
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
