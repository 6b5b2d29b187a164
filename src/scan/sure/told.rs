//! Which lines of a chunk are candidates, and of which kind: told by arithmetic
//! on maps.
//!
//! ```text
//! text      see⏎evil.com⏎192.0.2.1⏎http://c2.example/a⏎
//! line      ...1........1.........1...................1   what ends one
//! first     1...1........1.........1...................   behind it
//! name      ............1..............................   a carry came through
//! number    ......................1....................
//! URL       ..........................................1   `http:` is first
//! inside    ....11111111.111111111.1111111111111111111.   all of those lines
//! start     ....1........1.........1...................   the first bits of it
//! ```
//!
//! What is inside of the lines a carry tells that goes from their ends back:
//! forth, in maps of which the bits are in reverse.

use super::Machine;
use super::lines::Page;
use super::marks::Marked;
use crate::scan::blocks::{
    BLOCK, BODY, CHUNK, DOT, HEX, LABEL, LEFT, LINE, LOW, Map,
};

/// Blocks of a chunk that tell of the rest of it.
const PART: usize = CHUNK / 4;
/// Lines in them from which on this is worth it. Tests have no texts of so
/// many.
pub(super) const FEW: u32 = if cfg!(test) { 1 } else { 8 };

/// The lines of a chunk that are candidates.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// What they start with, and what is behind them.
    bounds: Map,
    /// Behind those of them with the low, and with the high bit of their kind.
    kinds: [Map; 2],
    /// What hosts are made of.
    pub(super) hosts: Map,
    /// Whether digests may have capitals.
    pub(super) cased: bool,
    /// What it is told from. They are kept: to clear them is not free.
    firsts: Map,
    ends: Map,
    colons: Map,
    inner: Map,
    names: Map,
    hashes: Map,
    counts: Map,
    urls: Map,
}

impl Told {
    pub(super) const fn new() -> Told {
        let none = Map::EMPTY;
        Told {
            bounds: none,
            kinds: [none; 2],
            hosts: none,
            cased: false,
            firsts: none,
            ends: none,
            colons: none,
            inner: none,
            names: none,
            hashes: none,
            counts: none,
            urls: none,
        }
    }

    /// The bounds of lines in a block, with the kind below the second of each.
    #[inline]
    pub(super) fn marked(&self, i: usize) -> Marked {
        let [low, high] = self.kinds.each_ref().map(|it| it[i]);
        Marked { any: self.bounds[i], low, high }
    }

    /// Tells the lines apart, if there are many, and what is `inside` of them;
    /// whether it did.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[expect(clippy::range_plus_one, reason = "no vectors are made of others")]
    #[inline(always)]
    pub(super) fn tell(
        &mut self,
        page: &Page<'_>,
        inside: &mut Map,
        machine: &impl Machine,
    ) -> bool {
        let of = |class: usize| page.maps.of(class);
        let [any, low, high] = &page.marks.candidates;
        let before = |map: &Map, i: usize, by: u32| {
            map[i] << by | map[i - 1] >> (64 - by)
        };
        let line = of(LINE);
        let (mut count, mut all) = (0, 0);
        for i in 1..=page.count.min(PART) {
            count += (any[i] & line[i]).count_ones();
            all += any[i].count_ones();
        }
        if count < FEW || 100 * count < page.share * all {
            return false;
        }
        for i in 1..CHUNK + 1 {
            self.firsts[i] = before(line, i, 1);
        }
        let floor = page.floor / BLOCK;
        for (i, firsts) in self.firsts.iter_mut().enumerate().take(floor + 1) {
            let below = u64::MAX << (page.floor % BLOCK);
            *firsts &= if i == floor { below } else { 0 };
        }
        for i in 1..CHUNK + 1 {
            self.ends[i] = any[i] & line[i] & (low[i] ^ high[i]);
        }
        for i in 1..CHUNK + 1 {
            self.hosts[i] = of(LOW)[i] | of(DOT)[i];
        }
        machine.through(&self.firsts, &self.hosts, &mut self.names);
        machine.through(&self.firsts, of(HEX), &mut self.hashes);
        // Digests have a letter.
        for i in 1..CHUNK + 1 {
            self.inner[i] = of(LEFT)[i] & of(LABEL)[i];
        }
        machine.through(&self.firsts, &self.inner, &mut self.counts);
        self.cased = is_any(|i| of(HEX)[i] & !of(LOW)[i]);
        // From the colon of a URL, which is four or five bits behind the first of
        // its line, to the end of that, if its form is canonical so far.
        for i in 1..CHUNK + 1 {
            let colons = any[i] & low[i] & high[i];
            self.colons[i] = colons
                & (before(&self.firsts, i, 4) | before(&self.firsts, i, 5));
        }
        let urls = page.urls && is_any(|i| self.colons[i]);
        if urls {
            // Two slashes follow the colon, and no other slash or dot a slash.
            let doubles = &page.marks.doubles;
            for i in 1..CHUNK + 1 {
                let first = before(&self.colons, i, 2);
                self.inner[i] = of(BODY)[i] & !(doubles[i] & !first);
            }
            machine.through(&self.colons, &self.inner, &mut self.urls);
        }
        let urls = if urls { u64::MAX } else { 0 };
        for i in 1..CHUNK + 1 {
            let urls = self.urls[i] & line[i] & urls;
            let hashes =
                self.ends[i] & high[i] & self.hashes[i] & !self.counts[i];
            let names = self.ends[i] & low[i] & self.names[i];
            let numbers = names & before(of(LEFT), i, 1);
            self.ends[i] = names | hashes | urls;
            self.kinds[0][i] = hashes | urls;
            self.kinds[1][i] = hashes | numbers;
        }
        machine.back(&self.ends, line, inside);
        for i in 1..CHUNK + 1 {
            let starts = inside[i] & !before(inside, i, 1);
            self.bounds[i] = self.ends[i] | starts;
        }
        true
    }
}

/// Whether any block of a chunk has any bit.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[expect(clippy::range_plus_one, reason = "no vectors are made of others")]
#[inline(always)]
fn is_any(bits: impl Fn(usize) -> u64) -> bool {
    let mut any = 0;
    for i in 1..CHUNK + 1 {
        any |= bits(i);
    }
    any != 0
}

/// The bytes of the lines of a chunk that end at these `ends`.
///
/// Says nothing of a line that goes on past a whole block.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[expect(clippy::range_plus_one, reason = "no vectors are made of others")]
#[inline(always)]
pub(in crate::scan) fn back(ends: &Map, line: &Map, inside: &mut Map) {
    let (mut sums, mut over) = (Map::EMPTY, Map::EMPTY);
    for i in 1..CHUNK + 1 {
        let last = ends[i] >> 1 | ends[i + 1] << 63;
        let inner = (!line[i]).reverse_bits();
        sums[i] = inner.wrapping_add(last.reverse_bits());
        over[i] = u64::from(sums[i] < inner);
    }
    for i in 1..CHUNK + 1 {
        let sum = sums[i].wrapping_add(over[i + 1]);
        inside[i] = !line[i] & !sum.reverse_bits();
    }
}
