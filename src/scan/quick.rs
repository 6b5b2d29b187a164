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
use super::blocks::{
    BLOCK, BODY, CHUNK, COLON, DOT, HEX, HIGH, LABEL, LOW, Map, window,
};
use super::bounds::{ends_token, ends_with_entity};
use super::chars::{before, byte};
use super::context::{Around, judge_address, judge_name};
use super::engine::{Engine, Queue};
use super::found::{Flags, Match, near_url};
use super::hash;
use super::host::Run;
use super::tld::{Tld, Top, may_be_long_top, top};
use crate::kind::{check_domain, is_quad, pack};
use crate::refang::is_label;
use crate::{Kind, Span, Url};

/// A token around its first dot, as the bitmaps show it.
struct Token {
    start: usize,
    end: usize,
    /// Where its dots are; bit 0 is the first.
    dots: u64,
    /// Start of the last label.
    last: usize,
    /// No capital and no underscore stands in it.
    low: bool,
}

impl Token {
    fn labels(&self) -> usize {
        self.dots.count_ones() as usize + 1
    }

    fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Longest label of the quick way, and longest rest after it, so that one
/// window shows where they end.
const MAX_LABEL: usize = 62;
/// Longest name of the quick way, in bytes.
const MAX_NAME: usize = 128;

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
        if self.options.strictness != Strictness::Balanced
            || !self.options.quick
        {
            return false;
        }
        if before(text, at) == b'[' {
            return self.quick_marked(text, at, out);
        }
        let Some(token) = self.token(text, at) else { return false };
        let after = after(text, token.end);
        // `hxxp//evil.example`, `ssh://evil.example/path`
        if after == After::Mark || text[..token.start].ends_with(b"//") {
            return false;
        }
        if is_a_label(&text[token.last..token.end]) {
            return false;
        }
        if text[token.end - 1].is_ascii_digit() {
            return self.quick_digits(text, at, &token, after, out);
        }
        let Some(found) = top_of(text, token.last, token.end) else {
            return false;
        };
        let Some(found) = found else { return self.quick_drop(text, &token) };
        let span = token.span();
        let raw = &text[span.range()];
        let valid = token.low
            && after == After::Nothing
            && is_free(text, token.start)
            && (found.ends_names_of(token.labels())
                || check_domain(raw).is_ok());
        if valid && found.tld == Tld::Plain {
            let found =
                Match::canonical_in(span, raw, Kind::Domain, Flags::NONE);
            self.emit(found, out);
            return true;
        }
        if is_code(text, token.end)
            && !self.options.email_domains
            && self.quick_drop(text, &token)
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
            if judge_name(around, &run, self.options.strictness).is_err() {
                return self.quick_drop(text, &token);
            }
            let found =
                Match::canonical_in(span, raw, Kind::Domain, Flags::NONE);
            self.emit(found, out);
            return true;
        }
        self.run(text, &run, out);
        true
    }

    /// Decides about `host/path` where the host is a plain token that ends
    /// with a suffix.
    fn quick_inferred<'t>(
        &mut self,
        text: &'t [u8],
        run: &Run,
        found: Top,
        out: &mut Queue<'t>,
    ) -> bool {
        let next = byte(text, run.end + 1);
        if !(next.is_ascii_alphabetic() || next == b'_')
            || !is_free(text, run.start)
            || matches!(
                before(text, run.start),
                b'*' | b'+' | b'_' | b'~' | b'='
            )
        {
            return false;
        }
        let span = Span { start: run.start, end: run.end };
        let host = &text[span.range()];
        if !found.ends_names_of(run.labels) && check_domain(host).is_err() {
            return false;
        }
        let around = Around { text, start: span.start, end: span.end };
        if judge_name(around, run, self.options.strictness).is_err() {
            return false;
        }
        let Some((end, marked)) = self.quick_body(text, run.end) else {
            return false;
        };
        let span = Span { start: run.start, end };
        let raw = &text[span.range()];
        if marked || raw.len() >= MAX_NEAR {
            return false;
        }
        let mut url = [0; MAX_NEAR + 8];
        let url = &mut url[..raw.len() + 7];
        url[..7].copy_from_slice(b"http://");
        url[7..].copy_from_slice(raw);
        if !Url::is_canonical(url) {
            return false;
        }
        let flags = Flags::SCHEME_INFERRED;
        let found = Match::near_in(span, raw, Kind::Url, flags);
        self.take_url(text, found, out)
    }

    /// The token whose first dot is at `at`, if it is ASCII.
    #[inline]
    fn token(&self, text: &[u8], at: usize) -> Option<Token> {
        let maps = self.anchors.maps();
        let bit = self.anchors.bit(at);
        let left = |class| !window(maps.of(class), bit - BLOCK);
        let right = |class| window(maps.of(class), bit + 1);
        let before = left(LABEL).leading_zeros() as usize;
        let labels = right(LABEL);
        if before == 0 || before > MAX_LABEL || labels & 1 == 0 {
            return None;
        }
        let dots = right(DOT);
        let mut len = (!(labels | dots)).trailing_zeros() as usize;
        if len > MAX_LABEL {
            return None;
        }
        // The dot that ends a sentence.
        len -= (dots >> (len - 1) & 1) as usize;
        let mask = (1 << len) - 1;
        let dots = dots & mask;
        let empty = dots & (dots >> 1 | 1 << (len - 1)) != 0;
        // Beyond ASCII, or digits of a hash.
        let odd = |map: &Map| {
            window(map, bit - BLOCK) >> (BLOCK - before)
                | window(map, bit + 1) & mask
        };
        if empty || odd(maps.of(HIGH)) | odd(&maps.lanes) != 0 {
            return None;
        }
        let low = left(LOW).leading_zeros() as usize >= before
            && (right(LOW) | dots) & mask == mask;
        let start = at.checked_sub(before).filter(|at| *at >= self.taken)?;
        let end = at + 1 + len;
        if text[start] == b'-' || matches!(text[end - 1], b'-' | b'_') {
            return None;
        }
        // No label starts or ends with a hyphen.
        let dots = dots << 1 | 1;
        let mut last = at;
        let mut rest = dots;
        while rest != 0 {
            last = at + rest.trailing_zeros() as usize;
            if text[last - 1] == b'-' || text[last + 1] == b'-' {
                return None;
            }
            rest &= rest - 1;
        }
        Some(Token { start, end, dots, last: last + 1, low })
    }

    /// Decides about a name or an address of which the dot at `at` is in
    /// brackets: `c2.evil[.]example`.
    fn quick_marked<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        let open = at - 1;
        if !self.options.refang || byte(text, at + 1) != b']' {
            return false;
        }
        let label = window(
            self.anchors.maps().of(LABEL),
            self.anchors.bit(at) - BLOCK,
        );
        // The last bit is the bracket's.
        let before = (!(label << 1)).leading_zeros() as usize;
        let start = open - before;
        if before == 0 || before > MAX_LABEL || start < self.taken {
            return false;
        }
        let mut name = [0; MAX_NAME];
        let Some(read) = read_marked(text, start, &mut name) else {
            return false;
        };
        let Marked { end, labels, last, len } = read;
        let name = &name[..len];
        if after(text, end) != After::Nothing || !is_free(text, start) {
            return false;
        }
        let kind = if name[len - 1].is_ascii_digit() {
            if labels != 4 || !is_quad(name) {
                return false;
            }
            Kind::Ip
        } else {
            let Some(Some(found)) = top_of(name, last, len) else {
                return false;
            };
            if !found.ends_names_of(labels) && check_domain(name).is_err() {
                return false;
            }
            Kind::Domain
        };
        let span = Span { start, end };
        let raw = &text[span.range()];
        self.emit(Match::near_in(span, raw, kind, Flags::DEFANGED), out);
        true
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
            _ => return self.quick_drop(text, token),
        }
        if after == After::Nothing
            && (is_free(text, span.start) || before(text, span.start) == b'/')
        {
            let around = Around { text, start: span.start, end: span.end };
            if judge_address(around, false, self.options.strictness).is_err() {
                return self.quick_drop(text, token);
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
    fn quick_drop(&mut self, text: &[u8], token: &Token) -> bool {
        // `http__evil.example`: a scheme in the first label.
        let odd = !token.low && matches!(text[token.start], b'h' | b'H');
        if self.rejections || odd {
            return false;
        }
        self.read = self.read.max(token.end);
        true
    }

    /// Decides about the run of hex digits that holds the 16 from `at` on.
    pub(super) fn quick_hex<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        let maps = self.anchors.maps();
        let bit = self.anchors.bit(at);
        let before = !window(maps.of(HEX), bit - BLOCK);
        let before = before.leading_zeros() as usize;
        let after = (!window(maps.of(HEX), bit)).trailing_zeros() as usize;
        let (start, end) = (at - before, at + after);
        let len = before + after;
        if !self.options.quick
            || before > 32
            || !matches!(len, 32 | 40 | 64)
            || start < self.taken.max(self.hex_read)
        {
            return false;
        }
        let left = text[..start].last().copied().unwrap_or(0);
        let right = byte(text, end);
        if is_label(left)
            || matches!(left, b'+')
            || is_label(right)
            || matches!(right, b'+' | b'=' | b'.')
            || self::after(text, end) == After::Mark
        {
            return false;
        }
        let raw = &text[start..end];
        // Digits that spell `http`, or that are a number.
        if raw.starts_with(b"68") || raw.iter().all(u8::is_ascii_digit) {
            return false;
        }
        let span = Span { start, end };
        if left != b'\n' && hash::labelled(text, start)
            || hash::second_half(text, span).is_some()
        {
            return false;
        }
        let low = window(maps.of(LOW), bit - before);
        let low = (!low).trailing_zeros() as usize >= len;
        let new = if low { Match::canonical_in } else { Match::cased_in };
        self.hex_read = end;
        self.emit(new(span, raw, Kind::Hash, Flags::NONE), out);
        true
    }

    /// Whether the colon at `at` starts neither an IPv6 address nor anything
    /// that is rejected as one; passes over it then.
    pub(super) fn quick_colon(&mut self, text: &[u8], at: usize) -> bool {
        let quick = self.options.quick && !self.rejections;
        if !quick || before(text, at) == b'[' {
            return false;
        }
        let maps = self.anchors.maps();
        let bit = self.anchors.bit(at);
        let colons = window(maps.of(COLON), bit);
        let run = !(window(maps.of(HEX), bit) | colons);
        let len = run.trailing_zeros() as usize;
        if len == BLOCK || byte(text, at + len) == b'[' {
            return false;
        }
        let colons = colons & ((1 << len) - 1);
        // An address has two colons in a row, or seven of them.
        if colons & colons >> 1 != 0 || colons.count_ones() >= 7 {
            return false;
        }
        let last = text[at + len - 1] == b':' && len > 1;
        self.colons_read = self.colons_read.max(at + len - usize::from(last));
        true
    }

    /// Decides about the URL whose colon is at `at`: `http://` or `hxxps[:]//`
    /// and a body in which no byte needs a thought, but for `[.]`.
    pub(super) fn quick_url<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        let (sep, from) = match text[at..] {
            [b':', b'/', b'/', ..] => (at, at + 3),
            [b':', b']', b'/', b'/', ..] if before(text, at) == b'[' => {
                (at - 1, at + 4)
            }
            _ => return false,
        };
        let Some((start, plain)) = scheme_before(text, sep) else {
            return false;
        };
        if !self.options.quick
            || start < self.taken
            || !byte(text, from).is_ascii_alphanumeric()
            || !is_before_url(text, start)
        {
            return false;
        }
        let Some((end, marked)) = self.quick_body(text, from) else {
            return false;
        };
        let span = Span { start, end };
        let raw = &text[span.range()];
        let defanged = marked || !plain || sep < at;
        if raw.len() >= MAX_NEAR || defanged && !self.options.refang {
            return false;
        }
        let found = if !defanged && Url::is_canonical(raw) {
            Match::canonical_in(span, raw, Kind::Url, Flags::NONE)
        } else {
            let mut url = [0; MAX_NEAR + 2];
            let url = near_url(raw, &mut url);
            if !Url::is_canonical(url) {
                return false;
            }
            let flags = if defanged { Flags::DEFANGED } else { Flags::NONE };
            Match::near_in(span, raw, Kind::Url, flags)
        };
        if !defanged && !has_known_host(raw, from - start) {
            return false;
        }
        self.take_url(text, found, out)
    }

    /// The end of a URL's body that starts at `from`, and whether `[.]` stands
    /// in it, if no byte of it needs a thought.
    fn quick_body(&self, text: &[u8], from: usize) -> Option<(usize, bool)> {
        let body = self.anchors.maps().of(BODY);
        let mut end = from;
        let mut marked = false;
        loop {
            let bit = self.anchors.bit(end);
            if bit > (CHUNK + 1) * BLOCK {
                return None;
            }
            let len = (!window(body, bit)).trailing_zeros() as usize;
            end += len;
            if len == BLOCK {
                continue;
            }
            let next = byte(text, end + 1);
            match byte(text, end) {
                b'&' if next.is_ascii_alphanumeric()
                    && !matches!(next, b'p' | b'P')
                    && !ends_with_entity(text, end) =>
                {
                    end += 1;
                }
                b'[' if text[end..].starts_with(b"[.]")
                    && is_label(byte(text, end + 3)) =>
                {
                    end += 3;
                    marked = true;
                }
                b' ' if matches!(next, b'[' | b'(' | b'{') => return None,
                b'<' if next != b'/' => return None,
                b'^' if next == b'.' => return None,
                b if ends_token(b) => break,
                _ => return None,
            }
        }
        // Sentence marks at the end are not part of it.
        while matches!(text[end - 1], b'.' | b':' | b'!' | b'?') {
            end -= 1;
        }
        Some((end, marked))
    }
}

/// Longest URL of the quick way that is not canonical as it stands, in bytes.
const MAX_NEAR: usize = 1024;

/// Where the scheme before a separator starts: `http` or `https` in small
/// letters (`true`), or with `xx` for `tt` in any case.
fn scheme_before(text: &[u8], sep: usize) -> Option<(usize, bool)> {
    let secure = matches!(before(text, sep), b's' | b'S');
    let end = sep - usize::from(secure);
    let word: &[u8; 4] = text[..end].last_chunk()?;
    let start = end - 4;
    if word == b"http" && (!secure || text[end] == b's') {
        return Some((start, true));
    }
    word.eq_ignore_ascii_case(b"hxxp").then_some((start, false))
}

/// Whether the host that starts at byte `at` of a canonical URL without
/// userinfo is an address or ends with a known suffix.
fn has_known_host(url: &[u8], at: usize) -> bool {
    let rest = &url[at..];
    let stop = rest.iter().position(|b| matches!(b, b'/' | b':'));
    let host = &rest[..stop.unwrap_or(rest.len())];
    if host.last().is_some_and(u8::is_ascii_digit) {
        return true;
    }
    let Some(dot) = memchr::memrchr(b'.', host) else { return false };
    let top = top_of(url, at + dot + 1, at + host.len());
    top.flatten().is_some_and(|top| top.ends_names_of(usize::MAX))
}

/// A name with dots in brackets.
struct Marked {
    /// Where it ends in the text.
    end: usize,
    labels: usize,
    /// Where the last label starts in the refanged name.
    last: usize,
    /// Length of the refanged name.
    len: usize,
}

/// Reads a name whose dots are `.` or `[.]`, and writes it to `name` in lower
/// case with dots.
fn read_marked(
    text: &[u8],
    start: usize,
    name: &mut [u8; MAX_NAME],
) -> Option<Marked> {
    let mut at = start;
    let mut len = 0;
    let mut labels = 0;
    loop {
        let last = len;
        while let Some(&b) = text.get(at)
            && LOWER[usize::from(b)] != 0
        {
            *name.get_mut(len)? = LOWER[usize::from(b)];
            len += 1;
            at += 1;
        }
        let label = &name[last..len];
        let (Some(b'a'..=b'z' | b'0'..=b'9'), Some(end)) =
            (label.first(), label.last())
        else {
            return None;
        };
        if *end == b'-' || label.len() > MAX_LABEL {
            return None;
        }
        labels += 1;
        let rest = &text[at..];
        let mark = match rest {
            [b'.', next, ..] if is_label(*next) => 1,
            [b'[', b'.', b']', next, ..] if is_label(*next) => 3,
            [b'_' | 0x80.., ..] => return None,
            _ => return Some(Marked { end: at, labels, last, len }),
        };
        *name.get_mut(len)? = b'.';
        len += 1;
        at += mark;
    }
}

/// Letters in lower case, digits and the hyphen; 0 for all else.
const LOWER: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            table[b] = byte.to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

/// Whether what follows a name makes it code, whatever its suffix.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn is_code(text: &[u8], end: usize) -> bool {
    let next = byte(text, end + 1);
    match byte(text, end) {
        b'(' => next != b'.',
        b'[' => is_label(next) && byte(text, end + 2) != b'.',
        b':' => next == b':',
        b'$' | b'{' => true,
        _ => false,
    }
}

/// Whether a label is written in ASCII for another script.
#[inline]
fn is_a_label(label: &[u8]) -> bool {
    matches!(label, [b'x' | b'X', b'n' | b'N', b'-', b'-', ..])
}

/// What is known of the label from `start` to `end` as a suffix: `None` where
/// that takes a look into the list itself.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn top_of(text: &[u8], start: usize, end: usize) -> Option<Option<Top>> {
    // Letters in lower case; a byte that is none matches no label.
    let lower = |packed: u64| packed | 0x2020_2020_2020_2020;
    match end - start {
        len @ 0..=8 => {
            let unused = 64 - 8 * len as u32;
            let folded = lower(packed(text, end, len));
            Some(top(folded << unused >> unused))
        }
        _ if may_be_long_top(lower(packed(text, end, 8))) => None,
        _ => Some(None),
    }
}

/// Whether `https` at `start` is a word of its own before which no markup
/// stands.
fn is_before_url(text: &[u8], start: usize) -> bool {
    let in_word = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'*' | b'_' | b'-' | b'[' | b']' | b'(' | b')' | b'+' | b'.'
            )
    };
    match before(text, start) {
        b'(' | b'[' => !in_word(before(text, start - 1)),
        b'=' | b'~' => false,
        b => !in_word(b),
    }
}

/// The token as the grammar would have read it.
fn plain_run(text: &[u8], at: usize, token: &Token) -> Run {
    let Token { start, end, last, .. } = *token;
    let bytes = &text[start..end];
    let any = |is: fn(&u8) -> bool| bytes.iter().any(is);
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

/// What the byte after a token may be the start of.
const NOTHING: u8 = 0;
/// A bracket, with or without a dot in it.
const BRACKET: u8 = 1;
/// A mark if a dot follows.
const ESCAPE: u8 = 2;
/// A mark if a number or a name follows.
const ENTITY: u8 = 3;
const PORT: u8 = 4;
const SPACE: u8 = 5;
const OTHER: u8 = 6;

const AFTER: [u8; 256] = {
    let mut table = [NOTHING; 256];
    let sets: [(&[u8], u8); 6] = [
        (b"[({<", BRACKET),
        (b"]^\\", ESCAPE),
        (b"&%", ENTITY),
        (b":", PORT),
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
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
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
        PORT if next.is_ascii_digit() => {
            let digits = text[end + 1..].iter().take(6);
            let digits = digits.take_while(|b| b.is_ascii_digit()).count();
            match byte(text, end + 1 + digits) {
                b'/' => After::Other,
                _ => After::Nothing,
            }
        }
        PORT => match next {
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
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn is_free(text: &[u8], start: usize) -> bool {
    match before(text, start) {
        b'/' | b'\\' | b'$' | b'@' | b']' | b')' | b'}' => false,
        b' ' => !matches!(before(text, start - 1), b']' | b')' | b'}'),
        b'>' => before(text, start - 1) != b'-',
        b':' => before(text, start - 1) != b':',
        _ => true,
    }
}
