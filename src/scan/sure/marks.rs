//! Where the candidates of a chunk are.
//!
//! ```text
//! text    see c2.evil.com, (a-.net) and 192.0.2.1;
//! run     111.11111111111...111111..111.111111111.
//! joint   ...................11...................   a hyphen beside a dot
//! start   1...1.............1.......1...1.........
//! first   ......1..........................1......   the first dot of a run
//! end     ...............1.......................1   no joint up to there
//! ```
//!
//! A carry finds the ends. What a run is made of, plus the bit it starts with,
//! carries on until it meets a byte that is left out, or comes out behind the
//! run: `0111 + 1 = 1000`. Without the dots it comes out at the first of them;
//! from there, without what may not be in a run of labels, at its end; and from
//! the start, without what some rule asks about, at the end of a token that
//! needs no other look. Runs of hex digits that hold a lane of sixteen end
//! where a carry from that lane comes out.

use super::Machine;
use crate::scan::blocks::{
    BLOCK, Bitmaps, CHUNK, CLOSE, COLON, D_T, DOT, HEX, HIGH, LABEL, LEFT,
    LOW, Map, O, OPEN, RIGHT, SLASH,
};

/// Candidates in a chunk, at most: three bytes and one between two.
pub(super) const MOST: usize = CHUNK * BLOCK / 4;
/// Places that may be written past them: the candidates of a block, at most.
pub(in crate::scan) const SPARE: usize = 32;
/// The block after the chunk.
const END: usize = CHUNK + 1;
/// Hex digits that a bit of the lanes stands for.
const LANE: usize = 16;

/// What a candidate may be: the two bits below its place.
pub(in crate::scan) mod what {
    /// A run of labels.
    pub(in crate::scan) const RUN: u16 = 0;
    /// One about which no rule asks but for its suffix.
    pub(in crate::scan) const TOKEN: u16 = 1;
    /// A run of many hex digits.
    pub(in crate::scan) const HASH: u16 = 2;
    /// The colon before two slashes.
    pub(in crate::scan) const COLON: u16 = 3;
    /// How many bits they are: as many as a match has its kind in.
    pub(in crate::scan) const BITS: u32 = crate::scan::decided::BELOW;
}
// Each of the two bits has its map.
const _: () = assert!(what::COLON == what::TOKEN | what::HASH);
// A place of a chunk has bits to spare.
const _: () = assert!((CHUNK + 3) * BLOCK < 1 << (u16::BITS - what::BITS));

/// The candidates of a chunk, in order.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// The bit behind each candidate, or of its colon, and [`what`] it may be.
    all: [u16; MOST + SPARE],
    /// How many there are.
    count: usize,
}

/// Places for the candidates of a block.
pub(in crate::scan) type Places = [u16; SPARE];

/// Where the candidates are.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Marks {
    /// What labels are made of, and dots.
    pub(super) runs: Map,
    /// Behind runs of labels without a joint.
    pub(super) ends: Map,
    /// The candidates, and those of them with either bit of [`what`].
    pub(super) candidates: [Map; 3],
    /// Dots and slashes behind a slash.
    pub(super) doubles: Map,
}

/// The candidates of a block.
pub(in crate::scan) struct Marked {
    /// All of them.
    pub(in crate::scan) any: u64,
    /// Those with the low, and with the high bit of [`what`] they may be.
    pub(in crate::scan) low: u64,
    pub(in crate::scan) high: u64,
}

impl Marked {
    /// Lists them, the first bit of whose block is `first`, one after the
    /// other.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(in crate::scan) fn list(&self, first: usize, to: &mut Places) {
        let Marked { mut any, low, high } = *self;
        for to in to {
            if any == 0 {
                break;
            }
            let bit = any.trailing_zeros();
            any &= any - 1;
            let is = |map: u64| (map >> bit & 1) as u16;
            let what = is(low) | is(high) << 1;
            let place = first as u16 + bit as u16;
            *to = place << what::BITS | what;
        }
    }
}

impl Candidates {
    pub(super) fn new() -> Candidates {
        Candidates { all: [0; MOST + SPARE], count: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    /// Each candidate: the bit behind it, or of its colon, and [`what`] it may
    /// be.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, u16)> {
        self.all[..self.count].iter().map(|it| {
            let what = it & ((1 << what::BITS) - 1);
            (usize::from(it >> what::BITS), what)
        })
    }
}

impl Marks {
    pub(super) fn new() -> Marks {
        Marks {
            runs: Map::EMPTY,
            ends: Map::EMPTY,
            candidates: [Map::EMPTY; 3],
            doubles: Map::EMPTY,
        }
    }

    /// Leaves those candidates out that are `inside`; whether there are others.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn leave_out(&mut self, inside: &Map) -> bool {
        let any = &mut self.candidates[0];
        let mut others = 0;
        for i in 1..END {
            // Behind them, but for colons.
            any[i] &= !(inside[i] | inside[i] << 1 | inside[i - 1] >> 63);
            others |= any[i];
        }
        others != 0
    }

    /// Puts the candidates of the chunk's blocks, so many, into `all` with
    /// `list`.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn list(
        &self,
        count: usize,
        all: &mut Candidates,
        machine: &impl Machine,
    ) {
        let mut len = 0;
        for i in 1..=count.min(CHUNK) {
            let [any, low, high] = self.candidates.each_ref().map(|it| it[i]);
            let marked = Marked { any, low, high };
            let to = all.all[len..].first_chunk_mut();
            machine.list(&marked, i * BLOCK, to.expect("room for a block"));
            len += any.count_ones() as usize;
        }
        all.count = len;
    }

    /// Marks the candidates of the chunk of `maps`.
    ///
    /// What is loops here the compiler makes vectors of: it must know how long
    /// they are, and what is beyond the text does no harm.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn mark(&mut self, maps: &Bitmaps, machine: &impl Machine) {
        let Marks { runs, ends: found, candidates, doubles } = self;
        let [any, low, high] = candidates;
        let of = |class: usize| maps.of(class);
        let before = |map: &Map, i: usize| map[i] << 1 | map[i - 1] >> 63;
        let after = |map: &Map, i: usize| map[i] >> 1 | map[i + 1] << 63;
        let hyphens = |i: usize| of(RIGHT)[i] & of(LABEL)[i];
        let brackets = |i: usize| of(OPEN)[i] & of(RIGHT)[i];
        let paths = |i: usize| of(SLASH)[i] | of(DOT)[i];
        let joints = |i: usize| of(DOT)[i] | hyphens(i);
        runs[0] = of(LABEL)[0] | of(DOT)[0];
        for i in 1..END {
            runs[i] = of(LABEL)[i] | of(DOT)[i];
        }
        runs[END] = of(LABEL)[END] | of(DOT)[END];
        // What, right before a token, some rule asks about: see `is_free`.
        let mut left = Map::EMPTY;
        // Of the block before the chunk only the last byte counts.
        left[0] = of(LEFT)[0] & !of(LABEL)[0]
            | of(OPEN)[0] & of(CLOSE)[0] << 1
            | of(COLON)[0] & of(COLON)[0] << 1
            | of(CLOSE)[0] & hyphens(0) << 1;
        for i in 1..END {
            let hyphens = hyphens(i) << 1 | hyphens(i - 1) >> 63;
            left[i] = of(LEFT)[i] & !of(LABEL)[i]
                | of(OPEN)[i] & before(of(CLOSE), i)
                | of(COLON)[i] & before(of(COLON), i)
                | of(CLOSE)[i] & hyphens;
        }
        // What right after one: see `after`.
        let mut right = Map::EMPTY;
        for i in 1..END {
            let path = paths(i) >> 1 | paths(i + 1) << 63;
            let bracket = brackets(i) >> 1 | brackets(i + 1) << 63;
            right[i] = of(RIGHT)[i] & !of(LABEL)[i]
                | of(OPEN)[i] & (bracket | of(CLOSE)[i] & path)
                | of(COLON)[i] & (after(of(COLON), i) | path);
        }
        right[END] = of(RIGHT)[END] & !of(LABEL)[END];
        for i in 1..END {
            doubles[i] = paths(i) & before(of(SLASH), i);
        }
        doubles[END] = paths(END) & before(of(SLASH), END);
        // A run is made of labels where no hyphen stands beside a dot or another,
        // nor a dot; the word `dot` and the digits of a hash are looked at.
        let (mut labels, mut good) = (Map::EMPTY, Map::EMPTY);
        let (mut starts, mut inner) = (Map::EMPTY, Map::EMPTY);
        for i in 1..END {
            let run = runs[i];
            let start = run & !before(runs, i);
            let last = run & !after(runs, i);
            let joint = joints(i);
            let beside = joint << 1
                | joints(i - 1) >> 63
                | joint >> 1
                | joints(i + 1) << 63;
            let joint = joint & (beside | start | last);
            let right2 = |map: &Map| map[i] >> 2 | map[i + 1] << 62;
            let d = of(D_T)[i] & of(HEX)[i];
            let t = right2(of(D_T)) & !right2(of(HEX));
            let word = d & after(of(O), i) & t;
            let label = run & !(joint | word | maps.lanes[i] | of(HIGH)[i]);
            let ends = start & before(&left, i) | last & after(&right, i);
            starts[i] = start;
            labels[i] = label;
            inner[i] = label & !of(DOT)[i];
            good[i] = label & (of(LOW)[i] | of(DOT)[i]) & !ends;
        }
        // From where a run starts a carry goes to its first dot, and from there
        // to its end. No run that is looked at goes on past a whole block.
        machine.through(&starts, &inner, low);
        for i in 1..END {
            low[i] &= labels[i] & of(DOT)[i];
        }
        machine.through(low, &labels, found);
        // And through the whole of it, where all of it is good.
        machine.through(&starts, &good, low);
        // And from the first lane of a run of hex digits to its end.
        for i in 1..END {
            let lanes = maps.lanes[i];
            let inner = lanes << LANE | maps.lanes[i - 1] >> (BLOCK - LANE);
            starts[i] = lanes & !inner;
        }
        machine.through(&starts, of(HEX), high);
        for i in 1..END {
            let right2 = |map: &Map| map[i] >> 2 | map[i + 1] << 62;
            let colons = of(COLON)[i]
                & before(of(LOW), i)
                & after(of(SLASH), i)
                & right2(of(SLASH));
            let ends = found[i] & !runs[i];
            let hashes = high[i] & !of(HEX)[i];
            let others = hashes | colons;
            found[i] = ends;
            any[i] = ends | others;
            low[i] = low[i] & ends & !others | colons & !hashes;
            high[i] = others;
        }
    }
}

/// The bits that a carry comes to which starts at some bits, as far as they are
/// among others, and goes on as long as there are those, but not past a whole
/// block of them.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[expect(clippy::range_plus_one, reason = "no vectors are made of others")]
#[inline(always)]
pub(in crate::scan) fn through(from: &Map, inner: &Map, sums: &mut Map) {
    let mut over = Map::EMPTY;
    for i in 1..CHUNK + 1 {
        sums[i] = inner[i].wrapping_add(inner[i] & from[i]);
        over[i] = u64::from(sums[i] < inner[i]);
    }
    for i in 1..CHUNK + 1 {
        sums[i] = sums[i].wrapping_add(over[i - 1]);
    }
}
