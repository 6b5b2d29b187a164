//! Where a candidate may be: the bytes that indicators are recognised by.
//!
//! Text is read in blocks of 64 bytes. Each block becomes a handful of
//! bitmaps, one bit for each byte, and simple arithmetic on them leaves the
//! few places worth a look:
//!
//! - a dot, or a bracket, with a label on its left;
//! - a colon;
//! - the words `dot`, `d0t`;
//! - rarer marks: `%2E`, `&#46;`, the dots of other scripts, `%3A%2F%2F`;
//! - `aHR0c`, which is how `http` starts in base64;
//! - 16 hex digits at an aligned place: each run of 32 or more covers one.

use super::chars::{before, byte};
use crate::refang::is_label;

const DOT: u8 = 1;
const COLON: u8 = 1 << 1;
const HEX: u8 = 1 << 2;
/// Starts a rarer mark: looked at one by one.
const RARE: u8 = 1 << 3;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    class[b'.' as usize] = DOT;
    class[b':' as usize] = COLON;
    let hex = b"0123456789abcdefABCDEF";
    let mut i = 0;
    while i < hex.len() {
        class[hex[i] as usize] |= HEX;
        i += 1;
    }
    let rare = b"dDH[,%&\xc2\xe2\xe3\xef";
    let mut i = 0;
    while i < rare.len() {
        class[rare[i] as usize] |= RARE;
        i += 1;
    }
    class
};

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
}

/// Steps through the anchors of a text, in order of position.
#[derive(Clone, Debug)]
pub(super) struct Anchors {
    /// Start of the block after the one in `bits`.
    next_block: usize,
    /// Anchors left in the block before `next_block`.
    bits: u64,
    /// Those of them that are hex lanes.
    lanes: u64,
}

const BLOCK: usize = 64;

impl Anchors {
    /// The anchors of a text from byte `from` on.
    pub(super) fn new(from: usize) -> Anchors {
        Anchors { next_block: from, bits: 0, lanes: 0 }
    }

    /// The next anchor at or after `from`, and before `end`.
    ///
    /// `from` never decreases between calls.
    pub(super) fn next(
        &mut self,
        text: &[u8],
        from: usize,
        end: usize,
    ) -> Option<Anchor> {
        loop {
            while self.bits != 0 {
                let bit = self.bits.trailing_zeros() as usize;
                let at = self.next_block - BLOCK + bit;
                if at >= end {
                    return None;
                }
                let mask = 1_u64 << bit;
                let lane = self.lanes & mask != 0;
                self.bits &= !mask;
                self.lanes &= !mask;
                if at < from {
                    continue;
                }
                if lane {
                    return Some(Anchor::Hex(at));
                }
                match text[at] {
                    b':' => return Some(Anchor::Colon(at)),
                    b'.' => return Some(Anchor::Dot(at)),
                    b'%' if is_encoded_colon(text, at) => {
                        return Some(Anchor::Colon(at));
                    }
                    b'H' => {
                        if is_base64(text, at) && at > from {
                            return Some(Anchor::Base64(at - 1));
                        }
                    }
                    _ if is_rare(text, at) => return Some(Anchor::Dot(at)),
                    _ => {}
                }
            }
            // Blocks that end before `from` need no look.
            if from > self.next_block {
                self.next_block += (from - self.next_block) / BLOCK * BLOCK;
            }
            let block = self.next_block;
            if block >= end || block >= text.len() {
                return None;
            }
            self.load(text, block);
            self.next_block += BLOCK;
        }
    }

    /// Forgets what is known: the text was moved by `by` bytes to the left.
    pub(super) fn rewind(&mut self, to: usize) {
        *self = Anchors::new(to);
    }

    fn load(&mut self, text: &[u8], block: usize) {
        let bytes = &text[block..text.len().min(block + BLOCK)];
        let (mut dots, mut colons, mut hex, mut rare) = (0_u64, 0, 0, 0);
        for (i, &b) in bytes.iter().enumerate() {
            let class = CLASS[usize::from(b)];
            dots |= u64::from(class & DOT) << i;
            colons |= u64::from(class >> 1 & 1) << i;
            hex |= u64::from(class >> 2 & 1) << i;
            rare |= u64::from(class >> 3 & 1) << i;
        }
        let mut lanes = 0;
        for lane in 0..4 {
            if hex >> (16 * lane) & 0xffff == 0xffff {
                lanes |= 1 << (16 * lane);
            }
        }
        self.bits = dots | colons | rare | lanes;
        self.lanes = lanes;
    }
}

/// Whether `at` is the second byte of `aHR0c`: what `http` is in base64.
fn is_base64(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1..].starts_with(b"aHR0c")
}

/// `http%3A%2F%2F`
fn is_encoded_colon(text: &[u8], at: usize) -> bool {
    text.get(at..at + 9).is_some_and(|t| t.eq_ignore_ascii_case(b"%3A%2F%2F"))
}

/// Whether a rarer mark for a dot starts at `at`, or just before it.
fn is_rare(text: &[u8], at: usize) -> bool {
    let word = |word: &[u8; 3]| {
        text.get(at..at + 3).is_some_and(|t| t.eq_ignore_ascii_case(word))
    };
    match text[at] {
        b'd' | b'D' => {
            // Not inside a longer word: `[dot]`, `-dot-`, ` dot `, `aDOTb`.
            let left = before(text, at);
            let right = byte(text, at + 3);
            (word(b"dot") || word(b"d0t"))
                && (!left.is_ascii_alphanumeric()
                    && !right.is_ascii_alphanumeric()
                    || text[at..].starts_with(b"DOT"))
        }
        b'[' => {
            matches!(byte(text, at + 1), b'p' | b'P' | b',' | b']')
                && is_label(before(text, at))
        }
        b',' => is_label(before(text, at)) && is_label(byte(text, at + 1)),
        b'%' => word(b"%2e") && is_label(before(text, at)),
        b'&' => {
            matches!(byte(text, at + 1), b'#' | b'p')
                && is_label(before(text, at))
        }
        _ => is_label(before(text, at)),
    }
}
