//! Line numbers of offsets in a stream that is not kept.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};

/// Bytes in a block.
const BLOCK: usize = 1 << 16;
/// Blocks that are remembered: 16 MiB of text, as 2 MiB of bits. A scanner
/// reports a span long before it has read so far past it.
const BLOCKS: usize = 256;

/// Where the newlines of the last stretch of a stream are: one bit a byte.
#[derive(Debug, Default)]
pub(crate) struct Newlines {
    blocks: VecDeque<Block>,
    /// Offset of the first remembered block.
    first: usize,
    /// Bytes seen.
    seen: usize,
    /// Newlines seen.
    count: u64,
    /// Where the last question ended: the offset of a word of bits, and the
    /// newlines before it. The next one is mostly near, and later.
    last: Cell<(usize, u64)>,
}

#[derive(Debug)]
struct Block {
    /// Newlines before this block.
    before: u64,
    bits: Box<[u64; BLOCK / 64]>,
}

impl Newlines {
    fn push(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let at = self.seen % BLOCK;
            if at == 0 {
                self.next_block();
            }
            let part = text.len().min(BLOCK - at);
            if let Some(block) = self.blocks.back_mut() {
                for i in memchr::memchr_iter(b'\n', &text[..part]) {
                    let bit = at + i;
                    block.bits[bit / 64] |= 1 << (bit % 64);
                    self.count += 1;
                }
            }
            self.seen += part;
            text = &text[part..];
        }
    }

    fn next_block(&mut self) {
        let mut bits = Box::new([0; BLOCK / 64]);
        if self.blocks.len() == BLOCKS
            && let Some(old) = self.blocks.pop_front()
        {
            self.first += BLOCK;
            bits = old.bits;
            bits.fill(0);
        }
        self.blocks.push_back(Block { before: self.count, bits });
    }

    /// The line, from 1, of a byte; the first remembered line for an offset
    /// that is forgotten.
    pub(crate) fn line(&self, offset: usize) -> u64 {
        let at = offset.saturating_sub(self.first);
        let Some(block) = self.blocks.get(at / BLOCK) else {
            return self.count + 1;
        };
        let word = at % BLOCK / 64;
        let block_at = offset.max(self.first) - at % BLOCK;
        let (last_at, last_before) = self.last.get();
        let near = (block_at..=block_at + word * 64).contains(&last_at);
        let (from, before) = if near {
            ((last_at - block_at) / 64, last_before)
        } else {
            (0, block.before)
        };
        let ones = |word: &u64| u64::from(word.count_ones());
        let passed: u64 = block.bits[from..word].iter().map(ones).sum();
        self.last.set((block_at + word * 64, before + passed));
        let part = block.bits[word] & ((1 << (at % 64)) - 1);
        1 + before + passed + ones(&part)
    }
}

/// A reader that shows what passes to [`Newlines`], which others may ask
/// meanwhile.
pub(crate) struct Counted<'n, R> {
    rdr: R,
    lines: &'n RefCell<Newlines>,
}

impl<'n, R: Read> Counted<'n, R> {
    pub(crate) fn new(rdr: R, lines: &'n RefCell<Newlines>) -> Self {
        Counted { rdr, lines }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.rdr.read(buf)?;
        self.lines.borrow_mut().push(&buf[..n]);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_more_than_the_newlines_before() {
        let text: Vec<u8> = (0..BLOCK * 3 + 17)
            .map(|i| if i % 7 == 3 || i % 64 == 0 { b'\n' } else { b'x' })
            .collect();
        let mut lines = Newlines::default();
        for part in text.chunks(1000) {
            lines.push(part);
        }
        let mut line = 1;
        let mut all = Vec::new();
        for (i, byte) in text.iter().enumerate() {
            assert_eq!(lines.line(i), line, "offset {i}");
            all.push(line);
            line += u64::from(*byte == b'\n');
        }
        assert_eq!(lines.line(text.len()), line);
        // And in any order.
        for i in (0..text.len()).rev().step_by(61) {
            assert_eq!(lines.line(i), all[i], "offset {i}");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut lines = Newlines::default();
        let text = b"\n".repeat(BLOCK);
        for _ in 0..BLOCKS + 2 {
            lines.push(&text);
        }
        assert_eq!(lines.blocks.len(), BLOCKS);
        let last = BLOCK * (BLOCKS + 2) - 1;
        assert_eq!(lines.line(last), 1 + last as u64);
    }
}
