//! Line numbers of offsets in a stream that is not kept, and the text around
//! them.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, Read};

use iocpack::Span;

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

/// The last stretch of a stream: longer than what a scanner reads ahead of
/// what it reports, and the text around that.
#[derive(Debug, Default)]
struct Tail {
    text: Vec<u8>,
    /// Offset of the first byte that is kept.
    base: usize,
}

impl Tail {
    /// Bytes that are kept at least.
    const KEPT: usize = 1 << 20;

    fn push(&mut self, text: &[u8]) {
        if self.text.len() > 2 * Tail::KEPT {
            let gone = self.text.len() - Tail::KEPT;
            self.text.drain(..gone);
            self.base += gone;
        }
        self.text.extend_from_slice(text);
    }
}

/// What is remembered of a stream while it passes.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    lines: Newlines,
    tail: Option<Tail>,
}

impl Trail {
    /// A trail; with `text`, the text around a span can be asked for.
    pub(crate) fn new(text: bool) -> Trail {
        Trail { lines: Newlines::default(), tail: text.then(Tail::default) }
    }

    /// See [`Newlines::line`].
    pub(crate) fn line(&self, offset: usize) -> u64 {
        self.lines.line(offset)
    }

    /// See [`around`].
    pub(crate) fn around(&self, span: Span, most: usize) -> Cow<'_, str> {
        let Some(tail) = &self.tail else { return Cow::Borrowed("") };
        let at = |offset: usize| offset.saturating_sub(tail.base);
        let span = Span { start: at(span.start), end: at(span.end) };
        around(&tail.text, span, most)
    }
}

/// The line in which a span stands, as text, but at most so many bytes before
/// and after the span. Cut between characters.
pub(crate) fn around(text: &[u8], span: Span, most: usize) -> Cow<'_, str> {
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    let inside = |b: u8| b & 0xc0 == 0x80;
    let mut low = start.saturating_sub(most);
    if let Some(at) = memchr::memrchr(b'\n', &text[low..start]) {
        low += at + 1;
    } else {
        // A character has at most three bytes more.
        let cut = text[low..start].iter().take(3);
        low += cut.take_while(|b| inside(**b)).count();
    }
    let mut high = text.len().min(end.saturating_add(most));
    match memchr::memchr(b'\n', &text[end..high]) {
        Some(at) => high = end + at,
        None if high < text.len() && inside(text[high]) => {
            let whole = text[end..high].iter().rposition(|b| !inside(*b));
            high = whole.map_or(end, |at| end + at);
        }
        None => {}
    }
    String::from_utf8_lossy(text[low..high].trim_ascii())
}

/// A reader that shows what passes to a [`Trail`], which others may ask
/// meanwhile.
pub(crate) struct Counted<'n, R> {
    rdr: R,
    trail: &'n RefCell<Trail>,
}

impl<'n, R: Read> Counted<'n, R> {
    pub(crate) fn new(rdr: R, trail: &'n RefCell<Trail>) -> Self {
        Counted { rdr, trail }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.rdr.read(buf)?;
        let mut trail = self.trail.borrow_mut();
        trail.lines.push(&buf[..n]);
        if let Some(tail) = &mut trail.tail {
            tail.push(&buf[..n]);
        }
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
    fn the_text_around_a_span_is_its_line_cut_between_characters() {
        let text = "one\n é two é \nthree".as_bytes();
        let at = text.windows(3).position(|it| it == b"two").unwrap();
        let span = Span { start: at, end: at + 3 };
        assert_eq!(around(text, span, 80), "é two é");
        assert_eq!(around(text, span, 3), "é two é");
        assert_eq!(around(text, span, 2), "two");
        assert_eq!(around(text, span, 0), "two");
        let all = Span { start: 0, end: text.len() };
        assert_eq!(around(text, all, 5).as_bytes(), text);
        let past = Span { start: 99, end: 120 };
        assert_eq!(around(b"abc", past, 5), "abc");
    }

    #[test]
    fn a_trail_gives_the_text_that_the_whole_gives() {
        let text: Vec<u8> = (0..5 << 20)
            .map(|i: usize| {
                if i.is_multiple_of(101) {
                    b'\n'
                } else {
                    b'a' + (i % 23) as u8
                }
            })
            .collect();
        let trail = RefCell::new(Trail::new(true));
        let mut rdr = Counted::new(&*text, &trail);
        let mut buf = vec![0; 300_000];
        let mut read = 0;
        loop {
            let n = rdr.read(&mut buf).unwrap();
            if n == 0 {
                break;
            }
            read += n;
            let start = read.saturating_sub(500_000);
            let span = Span { start, end: start + 10 };
            let got = trail.borrow().around(span, 80).into_owned();
            assert_eq!(got, around(&text[..read], span, 80));
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
