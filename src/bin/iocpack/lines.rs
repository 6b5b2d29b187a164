//! Line numbers of offsets in a stream that is not kept.

use std::cell::RefCell;
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
        let bit = at % BLOCK;
        let whole = &block.bits[..bit / 64];
        let part = block.bits[bit / 64] & ((1 << (bit % 64)) - 1);
        let inside: u64 =
            whole.iter().map(|w| u64::from(w.count_ones())).sum();
        1 + block.before + inside + u64::from(part.count_ones())
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
        for (i, byte) in text.iter().enumerate() {
            assert_eq!(lines.line(i), line, "offset {i}");
            line += u64::from(*byte == b'\n');
        }
        assert_eq!(lines.line(text.len()), line);
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
