//! Hashes and the colons of clocks, the quick way.

use super::around::{After, after, is_free};
use super::{Look, look};
use crate::refang::{ends_control, is_label};
use crate::scan::Strictness;
use crate::scan::blocks::{BLOCK, Bitmaps, COLON, HEX, LABEL, LOW, window};
use crate::scan::chars::{before, byte};
use crate::scan::engine::Engine;
use crate::scan::escape::ends_escape;
use crate::scan::found::{Close, Flags, Written};
use crate::scan::queue::Queue;
use crate::scan::{hash, ipv6};
use crate::{Kind, Span};

impl Engine<'_> {
    /// Decides about the run of hex digits that holds the 16 from `at` on.
    pub(in crate::scan) fn quick_hex(
        &mut self,
        text: &[u8],
        at: usize,
        out: &mut Queue,
    ) -> bool {
        let maps = self.anchors.maps();
        let bit = self.anchors.maps().bit(at);
        let before = !window(maps.of(HEX), bit - BLOCK);
        let before = before.leading_zeros() as usize;
        let ahead = (!window(maps.of(HEX), bit)).trailing_zeros() as usize;
        let (start, end) = (at - before, at + ahead);
        let len = before + ahead;
        // A number, or a part of a UUID.
        if len < 32 {
            self.hex_read = self.hex_read.max(end);
            return true;
        }
        if !self.options.quick
            || before > 32
            || start < self.taken.max(self.hex_read)
        {
            return false;
        }
        let span = Span { start, end };
        let maps = self.anchors.maps();
        let file = name_of_file(text, maps, span);
        let Some(written) = plain_hash(text, maps, span, file.is_some())
        else {
            return false;
        };
        self.hex_read = end;
        if let Some(end) = file {
            self.read = self.read.max(end);
        }
        let (kind, flags) = (Kind::Hash, Flags::NONE);
        self.emit_close(text, Close { span, kind, written, flags }, out);
        true
    }

    /// Whether the colon at `at` starts neither an IPv6 address nor anything
    /// that is rejected as one; passes over it then.
    pub(in crate::scan) fn quick_colon(
        &mut self,
        text: &[u8],
        at: usize,
    ) -> bool {
        let quick = self.options.quick && !self.rejections;
        if !quick || before(text, at) == b'[' {
            return false;
        }
        let maps = self.anchors.maps();
        let bit = self.anchors.maps().bit(at);
        let colons = window(maps.of(COLON), bit);
        let run = !(window(maps.of(HEX), bit) | colons);
        let len = run.trailing_zeros() as usize;
        if len == BLOCK {
            return self.quick_colons(text, at, colons);
        }
        if byte(text, at + len) == b'[' {
            return false;
        }
        let colons = colons & ((1 << len) - 1);
        // `::` alone is code, or an address that nobody means.
        let alone = len == 2
            && colons == 3
            && self.options.strictness != Strictness::Loose
            && !before(text, at).is_ascii_hexdigit();
        if alone {
            self.colons_read = self.colons_read.max(at + len);
            return true;
        }
        // An address has two colons in a row, or seven of them, and touches
        // no other word: `std::fmt` does.
        if colons & colons >> 1 != 0 || colons.count_ones() >= 7 {
            let start = self.group_start(text, at);
            let left = before(text, start);
            let right = byte(text, at + len);
            let touches = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            if text[at] != b':'
                || !(touches(left) || touches(right))
                || self.may_end_escape(text, at)
                    && (ends_control(text, start)
                        || ends_escape(text, start)
                        || ipv6::past_digits(text, start, at).is_some())
                || matches!(right, b'.' | b']')
            {
                return false;
            }
        }
        let last = text[at + len - 1] == b':' && len > 1;
        self.colons_read = self.colons_read.max(at + len - usize::from(last));
        true
    }

    /// Whether the word before the colon at `at` may start with an escape, or
    /// say what the colon is: `\u0022fe80:`, `ip6:`.
    #[inline]
    fn may_end_escape(&self, text: &[u8], at: usize) -> bool {
        let maps = self.anchors.maps();
        let label =
            !window(maps.of(LABEL), self.anchors.maps().bit(at) - BLOCK);
        let len = label.leading_zeros() as usize;
        len == BLOCK
            || matches!(before(text, at - len), b'\\' | b'%' | b'[' | b';')
            || before(text, at) == b'6'
    }

    /// As [`quick_colon`](Engine::quick_colon), where nothing but hex digits
    /// and colons follows for 64 bytes.
    fn quick_colons(&mut self, text: &[u8], at: usize, colons: u64) -> bool {
        // No address has so many.
        if colons.count_ones() < 9 {
            return false;
        }
        let maps = self.anchors.maps();
        let bit = self.anchors.maps().bit(at) + BLOCK;
        let run = !(window(maps.of(HEX), bit) | window(maps.of(COLON), bit));
        let mut end = self.group_start(text, at) + ipv6::MAX_TEXT;
        if end > at + BLOCK + run.trailing_zeros() as usize {
            return false;
        }
        if text[end - 1] == b':' && text[end - 2] != b':' {
            end -= 1;
        }
        self.colons_read = self.colons_read.max(end);
        true
    }

    /// Where the hex digits before `at` start, of which an address reads at
    /// most five.
    fn group_start(&self, text: &[u8], at: usize) -> usize {
        let low = at.saturating_sub(5).max(self.taken);
        let digits = text[low..at].iter().rev();
        at - digits.take_while(|b| b.is_ascii_hexdigit()).count()
    }
}

/// The blank that no line ends at.
const NO_BREAK: &[u8] = "\u{a0}".as_bytes();

/// Where the name of a file ends that is the hash at `span`, and after it a type
/// that no name ends with: `<hash>.exe`.
#[inline]
fn name_of_file(text: &[u8], maps: &Bitmaps, span: Span) -> Option<usize> {
    let Span { start, end: dot } = span;
    if byte(text, dot) != b'.'
        || before(text, start) == b'.'
        || !is_free(text, start)
    {
        return None;
    }
    let low = !window(maps.of(LOW), maps.bit(dot + 1));
    let end = dot + 1 + low.trailing_zeros() as usize;
    let label = text.get(dot + 1..end)?;
    let is_type = matches!(label.len(), 2..=8)
        && label.iter().all(u8::is_ascii_lowercase)
        && matches!(look(text, dot + 1, end), Look::NoSuffix)
        && !is_label(byte(text, end))
        && byte(text, end) != b'.'
        && after(text, end) == After::Nothing;
    is_type.then_some(end)
}

/// How the whole run of hex digits at `span` is written, if it is a hash about
/// which no rule asks; `is_file`, where it is a [`name_of_file`].
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(in crate::scan) fn plain_hash(
    text: &[u8],
    maps: &Bitmaps,
    span: Span,
    is_file: bool,
) -> Option<Written> {
    let Span { start, end } = span;
    let left = before(text, start);
    let right = byte(text, end);
    if !matches!(span.len(), 32 | 40 | 64)
        || is_label(left)
        || matches!(left, b'+')
        || is_label(right) && !text[end..].starts_with(NO_BREAK)
        || matches!(right, b'+' | b'=')
        || right == b'.' && !is_file
        || after(text, end) == After::Mark
    {
        return None;
    }
    let raw = &text[span.range()];
    // Digits that spell `http`, or that are a number: letters have a bit
    // that no digit has, and all are asked at once.
    let bits = raw.iter().fold(0, |bits, b| bits | b);
    if raw.starts_with(b"68")
        || bits & 0x40 == 0
        || left != b'\n' && hash::labelled(text, start)
        || hash::second_half(text, span).is_some()
    {
        return None;
    }
    let low = window(maps.of(LOW), maps.bit(start));
    let low = (!low).trailing_zeros() as usize >= span.len();
    Some(if low { Written::Plain } else { Written::Cased })
}
