//! Where a candidate may be: the bytes that indicators are recognised by.
//!
//! Text is read in chunks of blocks of 64 bytes. Each block becomes a handful
//! of bitmaps, one bit for each byte (see [`blocks`](super::blocks)), and
//! arithmetic on them leaves the few places worth a look:
//!
//! ```text
//! text    c2 at evil[.]badcorp.net: see a.b, 10:30
//! label   11.11.1111...1111111.111..111.1.1..11.11
//! dot     ...........1........1..........1........
//! open    ..........1.............................
//! plain   dot & label << 1 & label >> 1        a.b, badcorp.net
//! marked  dot & open << 1                      [.]
//! ```
//!
//! - a dot between labels, or beside a byte that marks are made of;
//! - a colon before a slash, or among hex digits with another colon near (any
//!   among hex digits where rejections are asked for; else a clock has none);
//! - the first comma of a line that starts with a label;
//! - the words `dot`, `d0t`;
//! - rarer marks: `%2E`, `&#46;`, the dots of other scripts, `%3A%2F%2F`;
//! - `aHR0c`, which is how `http` starts in base64;
//! - 16 hex digits at an aligned place: each run of 32 or more covers one.
//!
//! In a dense chunk those are left out about which [`sure`](super::sure) has
//! decided; its matches are handed over in between.

use std::ops::Range;

use super::blocks::{BLOCK, Bitmaps, CHUNK, COLON, HEX, LABEL, fill, window};
use super::chars::{before, byte};
use super::host::{ends_line, starts_line};
use super::sure::Sure;
use crate::Span;
use crate::refang::{foreign, is_label};

/// What stands at an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// A dot, or a mark for one.
    Dot(usize),
    /// A colon.
    Colon(usize),
    /// A byte of a run of at least 16 hex digits.
    Hex(usize),
    /// The start of what `http` is in base64.
    Base64(usize),
    /// Matches that are sure, and stand before this byte.
    Sure(usize),
}

/// Steps through the anchors of a text, in order of position.
#[derive(Clone, Debug)]
pub(super) struct Anchors {
    /// Bitmaps of the blocks from `chunk` on.
    maps: Box<Bitmaps>,
    /// How many blocks are filled.
    filled: usize,
    /// The next block to look at.
    next: usize,
    /// What is decided of the chunk.
    sure: Sure,
}

/// What is left of a block of anchors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    /// Start in the text of the block.
    block: usize,
    /// Anchors left in it.
    bits: u64,
    /// Those of the block's anchors that are hex lanes.
    lanes: u64,
}

impl Cursor {
    /// Nothing is left of any block.
    pub(super) fn at(at: usize) -> Cursor {
        Cursor { block: at, bits: 0, lanes: 0 }
    }
}

impl Anchors {
    /// The anchors of a text from byte `from` on: all of them, or only those
    /// that a match may stand at, without those of what `sure` decides.
    pub(super) fn new(from: usize, all: bool, sure: Sure) -> Anchors {
        let mut maps = Box::new(Bitmaps::new(all));
        maps.chunk = from;
        Anchors { maps, filled: 0, next: 0, sure }
    }

    /// The next anchor at or after `from`, and before `end`, or that matches
    /// which are sure stand before it. Of a new chunk nothing is decided that
    /// starts before `floor`.
    ///
    /// `from` never decreases between calls, and `text` stays the same until
    /// [`rewind`](Anchors::rewind).
    #[expect(clippy::inline_always, reason = "so the cursor is in registers")]
    #[inline(always)]
    pub(super) fn next(
        &mut self,
        cursor: &mut Cursor,
        text: &[u8],
        (from, floor): (usize, usize),
        end: usize,
    ) -> Option<Anchor> {
        loop {
            // Anchors before `from` need no look.
            let passed = from.saturating_sub(cursor.block);
            cursor.bits &= match passed {
                0..BLOCK => u64::MAX << passed,
                _ => 0,
            };
            while cursor.bits != 0 {
                let bit = cursor.bits.trailing_zeros() as usize;
                let at = cursor.block + bit;
                if self.sure.start() < at {
                    return Some(Anchor::Sure(at));
                }
                if at >= end {
                    return None;
                }
                cursor.bits &= cursor.bits - 1;
                if cursor.lanes >> bit & 1 != 0 {
                    return Some(Anchor::Hex(at));
                }
                match text[at] {
                    b'.' => return Some(Anchor::Dot(at)),
                    b':' => return Some(Anchor::Colon(at)),
                    b',' if !self.is_first_comma(text, at) => {}
                    _ => {
                        if let Some(anchor) = rare(text, at) {
                            return Some(anchor);
                        }
                    }
                }
            }
            if self.advance(cursor, from) {
                continue;
            }
            let start = match self.sure.whole() {
                Some(whole) if self.next <= self.filled => whole,
                _ => self.next * BLOCK,
            };
            let start = self.maps.chunk + start;
            if self.sure.start() < end {
                return Some(Anchor::Sure(end));
            }
            if start >= end || start >= text.len() {
                return None;
            }
            self.next = 0;
            let maps = &mut self.maps;
            self.filled = fill(text, start, floor, maps, &mut self.sure);
        }
    }

    /// What is decided of the chunk.
    #[inline]
    pub(super) fn sure(&self) -> &Sure {
        &self.sure
    }

    /// So many of its matches are taken.
    #[inline]
    pub(super) fn take_sure(&mut self, count: usize) {
        self.sure.take(count);
    }

    /// Gives the anchors of the token at `span` back, and goes back to them.
    #[cold]
    pub(super) fn reopen(&mut self, cursor: &mut Cursor, span: Span) {
        let bits = self.maps.bit(span.start)..self.maps.bit(span.end);
        let first = bits.start;
        let any = self.sure.restore(&mut self.maps.anchors, bits);
        if !any {
            return;
        }
        self.maps.note_anchors();
        let block = first / BLOCK;
        if self.next < block {
            return;
        }
        let mut again = self.at_block(block);
        again.bits &= u64::MAX << (first % BLOCK);
        if cursor.block == again.block {
            again.bits |= cursor.bits;
        }
        self.next = block;
        *cursor = again;
    }

    /// Gives the anchors back of tokens that bytes are in the middle of: what
    /// was decided of them no longer holds.
    #[inline]
    pub(super) fn cut(&mut self, cursor: &mut Cursor, at: [usize; 2]) {
        if self.sure.is_any() {
            for at in at {
                self.cut_at(cursor, at);
            }
        }
    }

    #[inline(never)]
    fn cut_at(&mut self, cursor: &mut Cursor, at: usize) {
        let ahead = at.wrapping_sub(self.maps.chunk);
        if ahead < self.filled * BLOCK
            && let Some(end) = self.sure.rest_of_run(self.maps.bit(at))
        {
            let end = end - BLOCK + self.maps.chunk;
            self.reopen(cursor, Span { start: at, end });
        }
    }

    /// Passes over the colons between hex digits in a range that was read:
    /// nothing starts at one of them.
    #[inline(never)]
    pub(super) fn pass_colons(
        &mut self,
        cursor: &mut Cursor,
        read: Range<usize>,
    ) {
        let maps = &mut self.maps;
        let first = maps.bit(read.start);
        let end = maps.bit(read.end).min((CHUNK + 1) * BLOCK);
        for block in first / BLOCK..end.div_ceil(BLOCK) {
            let bit = block * BLOCK;
            let hex = maps.of(HEX);
            let mut gone = maps.of(COLON)[block]
                & window(hex, bit - 1)
                & window(hex, bit + 1);
            gone &= u64::MAX << first.saturating_sub(bit);
            if end < bit + BLOCK {
                gone &= !(u64::MAX << (end - bit));
            }
            maps.anchors[block] &= !gone;
            if maps.at(bit) == cursor.block {
                cursor.bits &= !gone;
            }
        }
    }

    /// The bitmaps around the anchor that was just returned.
    #[inline]
    pub(super) fn maps(&self) -> &Bitmaps {
        &self.maps
    }

    /// Whether the comma at `at` may be the first of a name of three labels, or
    /// of an address, that fills its line.
    fn is_first_comma(&self, text: &[u8], at: usize) -> bool {
        let (map, bit) = (self.maps.of(LABEL), self.maps.bit(at));
        // How many bytes of labels follow the comma at a bit.
        let after =
            |comma: usize| (!window(map, comma + 1)).trailing_zeros() as usize;
        let left = !window(map, bit - BLOCK);
        let (label, next) = (left.leading_zeros() as usize, after(bit));
        let second = at + 1 + next;
        if label == BLOCK
            || next == BLOCK
            || byte(text, second) != b','
            || !starts_line(text, at - label)
        {
            return false;
        }
        let third = after(bit + 1 + next);
        // The maps show no more of it.
        if bit + next + third >= (CHUNK + 1) * BLOCK || third == BLOCK {
            return true;
        }
        let end = second + 1 + third;
        third > 0
            && match byte(text, end) {
                b',' => text[at - 1].is_ascii_digit(),
                _ => ends_line(text, end),
            }
    }

    /// Starts again at `to`: the text was moved.
    pub(super) fn rewind(&mut self, to: usize) {
        self.maps.chunk = to;
        self.maps.blocks = 0;
        self.filled = 0;
        self.next = 0;
        self.sure.clear();
    }

    /// Goes to the next block of the chunk with an anchor at or after `from`;
    /// whether there is one.
    #[inline]
    fn advance(&mut self, cursor: &mut Cursor, from: usize) -> bool {
        // Blocks that end before `from` need no look.
        let start = self.maps.chunk + self.next * BLOCK;
        if from >= start + BLOCK {
            self.next += (from - start) / BLOCK;
        }
        let ahead = match self.next {
            0..CHUNK => self.maps.blocks >> self.next,
            _ => 0,
        };
        if ahead == 0 {
            self.next = self.next.max(self.filled);
            return false;
        }
        self.next += ahead.trailing_zeros() as usize + 1;
        *cursor = self.at_block(self.next);
        true
    }

    /// The anchors of the block with a number.
    #[inline]
    fn at_block(&self, block: usize) -> Cursor {
        Cursor {
            block: self.maps.chunk + (block - 1) * BLOCK,
            bits: self.maps.anchors[block],
            lanes: self.maps.lanes[block],
        }
    }
}

/// What a rarer mark at `at` is the start of, or the inside.
fn rare(text: &[u8], at: usize) -> Option<Anchor> {
    let starts = |word: &[u8]| {
        text.get(at..at + word.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(word))
    };
    let left = before(text, at);
    let dot = match text[at] {
        b'd' | b'D' => {
            // Not inside a longer word: `[dot]`, `-dot-`, ` dot `, `aDOTb`.
            let right = byte(text, at + 3);
            let alone = !left.is_ascii_alphanumeric()
                && !right.is_ascii_alphanumeric();
            (starts(b"dot") || starts(b"d0t")) && alone
                || text[at..].starts_with(b"DOT")
        }
        b'[' => {
            matches!(byte(text, at + 1), b'p' | b'P' | b',' | b']')
                && is_label(left)
        }
        b'%' if starts(b"%3A%2F%2F") => return Some(Anchor::Colon(at)),
        b'%' => {
            starts(b"%2e") && is_label(left) && is_label(byte(text, at + 3))
        }
        b'&' if starts(b"&#58;//") || starts(b"&colon;//") => {
            return Some(Anchor::Colon(at));
        }
        b'&' => matches!(byte(text, at + 1), b'#' | b'p') && is_label(left),
        b'H' => {
            let base64 = left == b'a' && text[at - 1..].starts_with(b"aHR0c");
            return base64.then(|| Anchor::Base64(at - 1));
        }
        0x80.. => is_label(left) && foreign(&text[at..]).is_some(),
        _ => is_label(left),
    };
    dot.then_some(Anchor::Dot(at))
}
