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

use crate::scan::blocks::{
    BLOCK, Bitmaps, CHUNK, CLOSE, COLON, D_T, DOT, HEX, HIGH, HYPHEN, LABEL,
    LEFT, LOW, Map, O, OPEN, RIGHT, SLASH, WIDTH,
};

/// Candidates in a chunk, at most: three bytes and one between two.
pub(super) const MOST: usize = CHUNK * BLOCK / 4;
/// Places that may be written past them: the candidates of a block, at most.
pub(in crate::scan) const SPARE: usize = 32;
/// The block after the chunk.
const END: usize = CHUNK + 1;
/// Hex digits that a bit of the lanes stands for.
const LANE: usize = 16;

/// What a candidate may be, one bit for each.
pub(in crate::scan) mod kinds {
    /// A run about which no rule asks but for its suffix.
    pub(in crate::scan) const TOKEN: u8 = 1;
    /// A run of many hex digits, or the colon before two slashes.
    pub(in crate::scan) const OTHER: u8 = 2;
    /// The hex digits of those.
    pub(in crate::scan) const HASH: u8 = 4;
}

/// The candidates of a chunk, in order.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Candidates {
    /// The bit behind each candidate, or of its colon.
    pub(in crate::scan) bits: [u16; MOST + SPARE],
    /// What each may be.
    pub(in crate::scan) kinds: [u8; MOST + SPARE],
    /// How many there are.
    pub(in crate::scan) count: usize,
}

/// Where the candidates are.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Marks {
    /// What labels are made of, and dots.
    pub(super) runs: Map,
    /// Behind runs of labels without a joint.
    pub(super) ends: Map,
    /// Behind runs about which no rule asks but for their suffix.
    tokens: Map,
    /// Behind runs of many hex digits.
    hashes: Map,
    /// There, and at the colons before two slashes.
    others: Map,
    /// Dots and slashes behind a slash.
    pub(super) doubles: Map,
}

/// The marks of a block.
pub(in crate::scan) struct Marked {
    /// All candidates.
    pub(in crate::scan) all: u64,
    pub(in crate::scan) tokens: u64,
    pub(in crate::scan) others: u64,
    pub(in crate::scan) hashes: u64,
}

impl Candidates {
    pub(super) fn new() -> Candidates {
        let (bits, kinds) = ([0; MOST + SPARE], [0; MOST + SPARE]);
        Candidates { bits, kinds, count: 0 }
    }

    /// Adds the candidates of a block, the first bit of which is `first`, one
    /// after the other.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(in crate::scan) fn push(&mut self, first: usize, marked: &Marked) {
        let Marked { mut all, tokens, others, hashes } = *marked;
        while all != 0 {
            let bit = all.trailing_zeros();
            all &= all - 1;
            let is = |map: u64| (map >> bit & 1) as u8;
            self.bits[self.count] = first as u16 + bit as u16;
            self.kinds[self.count] = is(tokens) * kinds::TOKEN
                | is(others) * kinds::OTHER
                | is(hashes) * kinds::HASH;
            self.count += 1;
        }
    }
}

impl Marks {
    pub(super) fn new() -> Marks {
        Marks {
            runs: [0; WIDTH],
            ends: [0; WIDTH],
            tokens: [0; WIDTH],
            hashes: [0; WIDTH],
            others: [0; WIDTH],
            doubles: [0; WIDTH],
        }
    }

    /// Marks the candidates of the chunk of `maps`, and adds those of each of
    /// its blocks to `all` with `push`.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn set(
        &mut self,
        maps: &Bitmaps,
        count: usize,
        all: &mut Candidates,
        push: impl Fn(&mut Candidates, usize, &Marked),
    ) {
        self.mark(maps);
        all.count = 0;
        for i in 1..=count.min(CHUNK) {
            let (others, hashes) = (self.others[i], self.hashes[i]);
            let marked = Marked {
                all: self.ends[i] | others,
                tokens: self.tokens[i],
                others,
                hashes,
            };
            push(all, i * BLOCK, &marked);
        }
    }

    /// Marks the candidates.
    ///
    /// What is loops here the compiler makes vectors of: it must know how long
    /// they are, and what is beyond the text does no harm.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[expect(clippy::needless_range_loop, reason = "neighbours are read too")]
    #[expect(clippy::range_plus_one, reason = "no vectors are made of others")]
    #[inline(always)]
    fn mark(&mut self, maps: &Bitmaps) {
        let Marks { runs, ends: found, tokens, hashes, others, doubles } =
            self;
        let of = |class: usize| maps.of(class);
        let before = |map: &Map, i: usize| map[i] << 1 | map[i - 1] >> 63;
        let after = |map: &Map, i: usize| map[i] >> 1 | map[i + 1] << 63;
        for i in 0..END + 1 {
            runs[i] = of(LABEL)[i] | of(DOT)[i];
        }
        // What, right before a token, some rule asks about: see `is_free`.
        let mut left = [0; WIDTH];
        // Of the block before the chunk only the last byte counts.
        let before_chunk = |class: usize| of(class)[0] << 1;
        left[0] = of(LEFT)[0]
            | of(OPEN)[0] & before_chunk(CLOSE)
            | of(COLON)[0] & before_chunk(COLON)
            | of(CLOSE)[0] & before_chunk(HYPHEN);
        for i in 1..END {
            left[i] = of(LEFT)[i]
                | of(OPEN)[i] & before(of(CLOSE), i)
                | of(COLON)[i] & before(of(COLON), i)
                | of(CLOSE)[i] & before(of(HYPHEN), i);
        }
        // What right after one: see `after`.
        let (mut brackets, mut paths) = ([0; WIDTH], [0; WIDTH]);
        for i in 0..END + 1 {
            brackets[i] = of(OPEN)[i] & of(RIGHT)[i];
            paths[i] = of(SLASH)[i] | of(DOT)[i];
        }
        let mut right = [0; WIDTH];
        right[END] = of(RIGHT)[END];
        for i in 1..END {
            let path = after(&paths, i);
            right[i] = of(RIGHT)[i]
                | of(OPEN)[i] & (after(&brackets, i) | of(CLOSE)[i] & path)
                | of(COLON)[i] & (after(of(COLON), i) | path);
        }
        for i in 1..END + 1 {
            doubles[i] = paths[i] & before(of(SLASH), i);
        }
        // A run is made of labels where no hyphen stands beside a dot or another,
        // nor a dot; the word `dot` and the digits of a hash are looked at.
        let mut joints = [0; WIDTH];
        for i in 0..END + 1 {
            joints[i] = of(DOT)[i] | of(HYPHEN)[i];
        }
        let (mut labels, mut good) = ([0; WIDTH], [0; WIDTH]);
        for i in 1..END {
            let run = runs[i];
            let starts = run & !before(runs, i);
            let lasts = run & !after(runs, i);
            let beside = before(&joints, i) | after(&joints, i);
            let joint = joints[i] & (beside | starts | lasts);
            let right2 = |map: &Map| map[i] >> 2 | map[i + 1] << 62;
            let d = of(D_T)[i] & of(HEX)[i];
            let t = right2(of(D_T)) & !right2(of(HEX));
            let word = d & after(of(O), i) & t;
            labels[i] = run & !(joint | word | maps.lanes[i] | of(HIGH)[i]);
            let ends = starts & before(&left, i) | lasts & after(&right, i);
            good[i] = labels[i] & (of(LOW)[i] | of(DOT)[i]) & !ends;
            others[i] = of(COLON)[i]
                & before(of(LOW), i)
                & after(of(SLASH), i)
                & right2(of(SLASH));
        }
        // From where a run starts a carry goes to its first dot, and from there
        // to its end. No run that is looked at goes on past a whole block.
        let (mut sums, mut over) = ([0; WIDTH], [0; WIDTH]);
        for i in 1..END {
            let starts = runs[i] & !before(runs, i);
            let first = labels[i] & !of(DOT)[i];
            sums[i] = first.wrapping_add(starts);
            over[i] = u64::from(sums[i] < first);
        }
        let mut firsts = [0; WIDTH];
        for i in 1..END {
            let sum = sums[i].wrapping_add(over[i - 1]);
            firsts[i] = sum & labels[i] & of(DOT)[i];
        }
        for i in 1..END {
            sums[i] = labels[i].wrapping_add(firsts[i]);
            over[i] = u64::from(sums[i] < labels[i]);
        }
        for i in 1..END {
            let sum = sums[i].wrapping_add(over[i - 1]);
            found[i] = sum & !runs[i];
        }
        // And through the whole of it, where all of it is good.
        for i in 1..END {
            let starts = runs[i] & !before(runs, i);
            sums[i] = good[i].wrapping_add(starts);
            over[i] = u64::from(sums[i] < good[i]);
        }
        for i in 1..END {
            let sum = sums[i].wrapping_add(over[i - 1]);
            tokens[i] = found[i] & sum;
        }
        // And from the first lane of a run of hex digits to its end.
        for i in 1..END {
            let lanes = maps.lanes[i];
            let inner = lanes << LANE | maps.lanes[i - 1] >> (BLOCK - LANE);
            sums[i] = of(HEX)[i].wrapping_add(lanes & !inner);
            over[i] = u64::from(sums[i] < of(HEX)[i]);
        }
        for i in 1..END {
            let sum = sums[i].wrapping_add(over[i - 1]);
            hashes[i] = sum & !of(HEX)[i];
            others[i] |= hashes[i];
        }
    }
}
