//! What is decided for all candidates of a chunk at a time.
//!
//! Dense text (lists, logs) has a candidate every few bytes, and to find each
//! by its anchor, and to ask what it may be, takes longer than to say what it
//! is. So where a chunk has many anchors, arithmetic on its bitmaps finds all
//! its candidates first ([`marks`](self::marks)): runs of labels, those among
//! them about which no rule asks but for their suffix, runs of many hex digits,
//! and the colons of separators. They are looked at one after the other, by
//! the same few instructions each ([`fate`](self::fate)); those that are a line,
//! where most are, kind by kind before ([`lines`](self::lines)), and addresses among
//! them four at a time ([`quads`](self::quads)).
//!
//! Each is a match, or nothing, or left open. Those that are decided lose
//! their anchors, so that the engine passes over them, and it hands the matches
//! over many at a time; where something before them turns out to reach into
//! one, its anchors come back.
//!
//! What is decided here is what the [quick way](super::quick) would decide,
//! and it is tested with it against the grammar.

mod fate;
mod lines;
mod marks;
mod quads;
mod told;

use std::ops::Range;

use self::fate::{
    Fate, any_url, hash, hash_name, name, number, other_run, url,
};
pub(super) use self::lines::{All, Bounds, sort};
use self::lines::{Lines, Page};
use self::marks::{Candidates, MOST, Marks};
pub(super) use self::marks::{Marked, Places, SPARE, through, what};
pub(super) use self::quads::{Ends, LANE, Quads};
pub(super) use self::told::back;
use super::blocks::{BLOCK, Bitmaps, CHUNK, DOT, HEX, LINE, Map, window};
use super::decided::Decided;
use super::found::Written;
use crate::Kind;

/// The candidates of a chunk that are decided.
#[derive(Clone, Debug)]
pub(super) struct Sure {
    /// Whether any are to be.
    on: bool,
    /// Whether URLs are among them.
    urls: bool,
    /// Whether any was.
    any: bool,
    /// For how many chunks more none is to be.
    pause: u32,
    /// How many matches there are.
    len: usize,
    /// The next of them.
    next: usize,
    /// Where it starts in the text.
    start: usize,
    /// Bytes of the chunk that it is decided of, if not of all: whole lines.
    whole: Option<usize>,
    /// Made where it is needed: short texts have no dense chunk.
    work: Option<Box<Work>>,
}

#[derive(Clone, Debug)]
struct Work {
    marks: Marks,
    all: Candidates,
    lines: Lines,
    /// The matches, in order, at the front.
    found: Decided,
    /// Those of them that are no lines.
    others: Decided,
    /// The anchors that may come back.
    anchors: Map,
}

/// A chunk and the blocks around it. Beyond the text there is NUL.
type View = [u8; (CHUNK + 2) * BLOCK];

/// What is done in another way on each machine.
pub(super) trait Machine {
    /// Anchors of a chunk from which on this is worth it.
    fn dense(&self) -> u32;
    /// Candidates of a hundred that are lines from which on it is worth it to
    /// look at those first.
    fn share(&self) -> u32;
    /// Reads the classes from [`RARELY`](super::blocks::RARELY) on, if they
    /// were not.
    fn read_more(&self, maps: &mut Bitmaps);
    /// Does what [`Marked::list`] does.
    fn list(&self, marked: &Marked, first: usize, to: &mut Places);
    /// Does what [`sort`] does.
    fn sort(
        &self,
        bounds: &Bounds,
        count: usize,
        to: &mut [All; 4],
    ) -> [usize; 4];
    /// Does what [`Quads::read`] does.
    fn quads(&self, ends: &Ends<'_>, before: u8) -> Quads;
    /// Does what [`through`] does.
    fn through(&self, from: &Map, inner: &Map, to: &mut Map);
    /// Does what [`back`] does.
    fn back(&self, ends: &Map, line: &Map, inside: &mut Map);
}

/// A [`Machine`] whose ways are closures of a function that is made for it: so
/// they are, too.
pub(super) struct Ways<R, L, S, Q, T, B> {
    pub(super) dense: u32,
    pub(super) share: u32,
    pub(super) read_more: R,
    pub(super) list: L,
    pub(super) sort: S,
    pub(super) quads: Q,
    pub(super) through: T,
    pub(super) back: B,
}

#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
impl<R, L, S, Q, T, B> Machine for Ways<R, L, S, Q, T, B>
where
    R: Fn(&mut Bitmaps),
    L: Fn(&Marked, usize, &mut Places),
    S: Fn(&Bounds, usize, &mut [All; 4]) -> [usize; 4],
    Q: Fn(&Ends<'_>, u8) -> Quads,
    T: Fn(&Map, &Map, &mut Map),
    B: Fn(&Map, &Map, &mut Map),
{
    #[inline(always)]
    fn dense(&self) -> u32 {
        self.dense
    }

    #[inline(always)]
    fn share(&self) -> u32 {
        self.share
    }

    #[inline(always)]
    fn read_more(&self, maps: &mut Bitmaps) {
        (self.read_more)(maps);
    }

    #[inline(always)]
    fn list(&self, marked: &Marked, first: usize, to: &mut Places) {
        (self.list)(marked, first, to);
    }

    #[inline(always)]
    fn sort(
        &self,
        bounds: &Bounds,
        count: usize,
        to: &mut [All; 4],
    ) -> [usize; 4] {
        (self.sort)(bounds, count, to)
    }

    #[inline(always)]
    fn quads(&self, ends: &Ends<'_>, before: u8) -> Quads {
        (self.quads)(ends, before)
    }

    #[inline(always)]
    fn through(&self, from: &Map, inner: &Map, to: &mut Map) {
        (self.through)(from, inner, to);
    }

    #[inline(always)]
    fn back(&self, ends: &Map, line: &Map, inside: &mut Map) {
        (self.back)(ends, line, inside);
    }
}

/// Anchors of a chunk from which on there is enough for this to be worth it
/// where the bitmaps are made with AVX-512, between those of reports and of
/// logs; all measured.
pub(super) const DENSE: u32 = 100;
/// The same where they are made otherwise, and some classes are read late.
pub(super) const DENSER: u32 = 200;
/// Lines of a hundred candidates from which on it is worth it to look at them
/// first, where AVX-512 sorts them, and where it does not; measured, too.
pub(super) const LINES: u32 = 50;
pub(super) const MORE_LINES: u32 = 75;

/// Anchors gone of a chunk for which it was not worth it, and for how many
/// chunks it is left then: text goes on as it was.
const FEW: u32 = 40;
const PAUSE: u32 = 4;

impl Sure {
    /// Nothing is decided without `on`, and no URL without `urls`.
    pub(super) fn new(on: bool, urls: bool) -> Sure {
        Sure {
            on,
            urls,
            any: false,
            pause: 0,
            len: 0,
            next: 0,
            start: usize::MAX,
            whole: None,
            work: None,
        }
    }

    /// Forgets what was decided.
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.next = 0;
        self.start = usize::MAX;
        self.whole = None;
        self.any = false;
    }

    /// The matches, in order, and the numbers of those that were not taken; none
    /// stands in another.
    #[inline]
    pub(super) fn matches(&self) -> Option<(&Decided, Range<usize>)> {
        let found = &self.work.as_ref()?.found;
        (self.next < self.len).then_some((found, self.next..self.len))
    }

    /// Where the next of them starts.
    #[inline]
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// So many of them are taken.
    #[inline]
    pub(super) fn take(&mut self, count: usize) {
        self.next += count;
        self.note_start();
    }

    fn note_start(&mut self) {
        let next = self.matches().and_then(|(found, i)| found.get(i.start));
        self.start = next.map_or(usize::MAX, |next| next.span.start);
    }

    /// Whether anything of the chunk was decided.
    #[inline]
    pub(super) fn is_any(&self) -> bool {
        self.any
    }

    /// How many bytes of the chunk the next one starts behind, if it has whole
    /// lines and a part of one: that has no anchors.
    #[inline]
    pub(super) fn whole(&self) -> Option<usize> {
        self.whole
    }

    /// Where the run ends that a bit is in the middle of, if its anchors may
    /// be gone.
    pub(super) fn rest_of_run(&self, bit: usize) -> Option<usize> {
        let runs = &self.work.as_ref()?.marks.runs;
        let is_inside = is(runs, bit - 1) && is(runs, bit);
        is_inside.then(|| bit + (!window(runs, bit)).trailing_zeros() as usize)
    }

    /// Gives the anchors back that stood at some bits; whether any did.
    pub(super) fn restore(
        &mut self,
        anchors: &mut Map,
        bits: Range<usize>,
    ) -> bool {
        let Some(work) = &mut self.work else { return false };
        let mut any = false;
        for bit in bits {
            let (block, mask) = (bit / BLOCK, 1 << (bit % BLOCK));
            // The end of a URL may be beyond the chunk.
            let Some(gone) = work.anchors.get_mut(block) else { break };
            any |= *gone & !anchors[block] & mask != 0;
            anchors[block] |= *gone & mask;
            *gone &= !mask;
        }
        any
    }
}

impl Work {
    #[cold]
    fn new() -> Box<Work> {
        Box::new(Work {
            marks: Marks::new(),
            all: Candidates::new(),
            lines: Lines::new(),
            // Lines, those that are none too, and what is between them.
            found: Decided::with_places(2 * MOST + SPARE),
            others: Decided::with_places(MOST + SPARE),
            anchors: Map::EMPTY,
        })
    }
}

/// Whether a bit of a map is set.
#[inline]
fn is(map: &Map, bit: usize) -> bool {
    map[bit / BLOCK] >> (bit % BLOCK) & 1 != 0
}

/// Decides about the candidates of the chunk of `maps`, which has `count`
/// blocks, if it is dense; about none of which a part stands before `floor`.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
pub(super) fn decide(
    text: &[u8],
    count: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
    machine: &impl Machine,
) {
    sure.clear();
    if !sure.on {
        return;
    }
    if sure.pause > 0 {
        sure.pause -= 1;
        return;
    }
    // Tests have no texts that are dense enough.
    let (dense, few) =
        if cfg!(test) { (1, 0) } else { (machine.dense(), FEW) };
    let count_anchors = |maps: &Bitmaps| {
        let anchors = maps.anchors[1..=CHUNK].iter();
        anchors.map(|bits| bits.count_ones()).sum::<u32>()
    };
    let before = count_anchors(maps);
    if before < dense {
        return;
    }
    machine.read_more(maps);
    sure.any = true;
    let work = sure.work.get_or_insert_with(Work::new);
    let Work { marks, all, lines, found, others, anchors } = &mut **work;
    *anchors = maps.anchors;
    marks.mark(maps, machine);
    let chunk = maps.chunk;
    let whole = chunk.checked_sub(BLOCK).and_then(|at| text.get(at..));
    let copy;
    let view: &View =
        if let Some(view) = whole.and_then(|text| text.first_chunk()) {
            view
        } else {
            copy = copied(text, chunk);
            &copy
        };
    let mut len = 0;
    // The first bit of what is decided, and the one behind it, in turn.
    let mut turns = Map::EMPTY;
    let mut turn = |bit: usize| {
        if let Some(turns) = turns.get_mut(bit / BLOCK) {
            *turns ^= 1 << (bit % BLOCK);
        }
    };
    // What stands in a URL, or in a name after a digest, is none.
    let mut taken = floor.saturating_sub(chunk) + BLOCK;
    let urls = sure.urls;
    let share = if cfg!(test) { 0 } else { machine.share() };
    let page =
        Page { text, view, maps, marks, count, floor: taken, urls, share };
    let mut inside = Map::EMPTY;
    let any_lines = lines.decide(&page, &mut inside, machine);
    // A line of which the rest is in the next chunk is left to that.
    if any_lines
        && count == CHUNK
        && let Some(end) = last_line(maps.of(LINE))
    {
        let [candidates, ..] = &mut marks.candidates;
        for map in [&mut maps.anchors, anchors, candidates] {
            clear_from(map, end);
        }
        sure.whole = Some(end - BLOCK);
    }
    let any_others = !any_lines || marks.leave_out(&inside);
    // With lines between them, they are put together at the end.
    let (found, merged) = match any_lines {
        true => (others, found),
        false => (found, others),
    };
    all.clear();
    if any_others {
        marks.list(count, all, machine);
    }
    for (bit, what) in all.iter() {
        if bit <= taken {
            continue;
        }
        let (start, fate, kind, written) = if what <= what::TOKEN {
            let run = window(&marks.runs, bit - BLOCK);
            let before = (!run).leading_zeros() as usize;
            // One window shows all of it.
            if before == BLOCK {
                continue;
            }
            let bits = (bit - before, bit);
            let dots = window(maps.of(DOT), bit - BLOCK);
            let dots = dots & !(u64::MAX >> before);
            let (fate, kind) = if what == what::RUN {
                let (fate, kind) = other_run(text, view, maps, bits, dots);
                if fate != Fate::Open && bits.0 >= taken {
                    // Its capitals may be anchors of something else.
                    take_anchors(maps, bit, dots);
                    found.set(len, bits, kind, Written::Plain);
                    len += usize::from(fate == Fate::Match);
                }
                continue;
            } else if view[bit - 1] <= b'9' {
                (number(text, view, bits, dots, maps.at(bit)), Kind::Ip)
            } else {
                let at = maps.at(bit);
                (name(text, view, maps, bits, dots, at), Kind::Domain)
            };
            (bits.0, fate, kind, Written::Plain)
        } else if what == what::HASH {
            let run = window(maps.of(HEX), bit - BLOCK);
            let before = (!run).leading_zeros() as usize;
            let start = bit - before;
            let (fate, written) = hash(text, view, maps, (start, bit));
            // `<hash>.example`
            if fate == Fate::Open
                && view[bit] == b'.'
                && start >= taken
                && let Some(end) =
                    hash_name(text, view, maps, &marks.runs, (start, bit))
            {
                let bits = (start, end);
                found.set(len, bits, Kind::Domain, Written::Plain);
                len += 1;
                taken = end;
                turn(start);
                turn(end);
                continue;
            }
            (start, fate, Kind::Hash, written)
        } else {
            let url = match url(view, maps, marks, bit) {
                None => any_url(text, maps, maps.at(bit)),
                url => url,
            };
            if let Some((start, end, written)) = url
                && sure.urls
                && start >= taken
            {
                found.set(len, (start, end), Kind::Url, written);
                len += 1;
                taken = end;
                turn(start);
                turn(end);
            }
            continue;
        };
        if fate == Fate::Open || start < taken {
            continue;
        }
        turn(start);
        turn(bit);
        found.set(len, (start, bit), kind, written);
        len += usize::from(fate == Fate::Match);
    }
    if any_others {
        take_anchors_in(maps, &between(&turns));
    }
    if any_lines {
        take_anchors_in(maps, &inside);
        len = lines.write(merged, found, len);
    }
    work.found.origin = maps.at(0);
    sure.len = len;
    sure.note_start();
    if before - count_anchors(maps) < few {
        sure.pause = PAUSE;
    }
}

/// The bit behind the last one of a line, if that is near the end of the chunk.
#[inline]
fn last_line(line: &Map) -> Option<usize> {
    const NEAR: usize = 8;
    let last = (CHUNK - NEAR + 1..=CHUNK).rev().find(|i| line[*i] != 0)?;
    Some((last + 1) * BLOCK - line[last].leading_zeros() as usize)
}

/// Clears the bits of a chunk from one on.
#[inline]
fn clear_from(map: &mut Map, bit: usize) {
    map[bit / BLOCK] &= !(u64::MAX << (bit % BLOCK));
    map[bit / BLOCK + 1..].fill(0);
}

/// The view of a chunk of which a part is beyond the text.
#[cold]
fn copied(text: &[u8], chunk: usize) -> View {
    let mut view = [0; (CHUNK + 2) * BLOCK];
    let known = chunk.min(BLOCK);
    let text = &text[chunk - known..];
    let to = &mut view[BLOCK - known..];
    let len = text.len().min(to.len());
    to[..len].copy_from_slice(&text[..len]);
    view
}

/// Takes those anchors away of the 64 before a bit that are in a mask.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn take_anchors(maps: &mut Bitmaps, bit: usize, mask: u64) {
    let (block, shift) = ((bit - BLOCK) / BLOCK, bit % BLOCK);
    maps.anchors[block] &= !(mask << shift);
    maps.anchors[block + 1] &= !(mask >> 1 >> (BLOCK - 1 - shift));
}

/// Takes those anchors away that are in a map.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
fn take_anchors_in(maps: &mut Bitmaps, map: &Map) {
    for (anchors, gone) in maps.anchors.iter_mut().zip(map.iter()) {
        *anchors &= !gone;
    }
}

/// The bits from one of some up to the next, from that after it up to the next,
/// and so on.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
fn between(turns: &Map) -> Map {
    let mut inside = *turns;
    for inside in inside.iter_mut() {
        for by in [1, 2, 4, 8, 16, 32] {
            *inside ^= *inside << by;
        }
    }
    // Whether the block before ended between two.
    let mut over = 0;
    for inside in inside.iter_mut() {
        *inside ^= over;
        over = 0_u64.wrapping_sub(*inside >> (BLOCK - 1));
    }
    inside
}
