//! Lists: candidates that are a line.
//!
//! In a list one kind follows another, which no branch could foretell. So its
//! lines are told apart by arithmetic first ([`told`](super::told)), and those of
//! each kind are looked at in a loop of their own: names, numbers, digests and
//! URLs. No loop has a branch on what a line is: what takes another look goes to
//! another list.
//!
//! A line stands in nothing that starts before it, nor reaches into the next,
//! so that lines may be decided in any order, and before all else.

use super::fate::{
    Fate, MARKS, any_url, hash, is_below, is_digest_line, is_low, last_eight,
    name, number, url,
};
use super::marks::{MOST, Marks, SPARE, what};
use super::quads::LANE;
use super::told::{FEW, Told};
use super::{Machine, View, is};
use crate::refang::LABEL;
use crate::scan::blocks::{BLOCK, Bitmaps, CHUNK, DOT, LINE, Map, window};
use crate::scan::decided::{Decided, kind_of};
use crate::scan::found::Written;
use crate::scan::quick::fills_field;
use crate::scan::tld::{FirstLook, Tld, first_look, first_top};
use crate::{Kind, Span};

/// For how many chunks lines are left alone after one that had few: text goes
/// on as it was.
const PAUSE: u32 = if cfg!(test) { 0 } else { 8 };

/// Something of each line.
pub(in crate::scan) type All = [u16; MOST + SPARE];
/// Two bits of each, as a [`Machine`] lists them.
pub(in crate::scan) type Bounds = [u16; 2 * (MOST + SPARE)];

/// What is decided of the lines of a chunk.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// For how many chunks more they are left alone.
    pause: u32,
    /// How many there are.
    count: usize,
    /// Where each starts, and where it ends, with its kind below that.
    bounds: Bounds,
    /// How each is written, or [`NONE`].
    states: [Written; MOST + SPARE],
    /// Whether any is [`NONE`].
    any_none: bool,
    /// The numbers of those of each kind.
    of_kind: [All; 4],
    /// How many bounds there are before each block.
    before: [u16; CHUNK + 1],
    /// Of names, of those that [`FirstLook`] says are no plain ones; of
    /// digests, of those that take more than one look.
    words: All,
    deep: All,
    others: All,
    told: Told,
    /// Of what may be addresses, the number of the line, and where it ends.
    asked: [(u16, u16); MOST + SPARE],
}

/// The kinds of lines, which are the bits below where they end.
const NAME: usize = Kind::Domain as usize;
const URL: usize = Kind::Url as usize;
const NUMBER: usize = Kind::Ip as usize;
const DIGEST: usize = Kind::Hash as usize;

/// Bytes of the shortest addresses, which may be something else.
const LEAST: usize = 7;

/// Lines that are copied at a time.
const AT_ONCE: usize = 16;
const _: () = assert!(AT_ONCE <= SPARE);

/// How a line is written that is no match.
const NONE: Written = Written::Owned;

/// What lines end with that are no code.
static ENDS: [bool; 256] = {
    let mut table = LABEL;
    table[b'/' as usize] = true;
    table
};

/// The lines of a chunk, and what is around them.
pub(super) struct Page<'a> {
    pub(super) text: &'a [u8],
    pub(super) view: &'a View,
    pub(super) maps: &'a Bitmaps,
    pub(super) marks: &'a Marks,
    /// How many blocks there are.
    pub(super) count: usize,
    /// No line is looked at that starts before this bit.
    pub(super) floor: usize,
    /// Whether URLs are looked at.
    pub(super) urls: bool,
    /// Which part of the candidates must be lines, in hundredths.
    pub(super) share: u32,
}

/// The first bit of the line with a number, and the one behind it.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn bits(bounds: &Bounds, i: usize) -> (usize, usize) {
    let place = |it: u16| usize::from(it >> what::BITS);
    (place(bounds[2 * i]), place(bounds[2 * i + 1]))
}

/// The dots of a line that one window shows the whole of.
///
/// No closure is called with them: those would not be made for the machine.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn dots_of(maps: &Bitmaps, (start, end): (usize, usize)) -> Option<u64> {
    let len = end - start;
    let dots = window(maps.of(DOT), end - BLOCK);
    match len {
        ..BLOCK => Some(dots & !(u64::MAX >> len)),
        _ => None,
    }
}

/// The bytes of a view before a bit.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn last_of(view: &View, end: u16) -> &[u8; LANE] {
    let end = usize::from(end);
    view[end - LANE..end].first_chunk().expect("sixteen bytes")
}

impl Lines {
    pub(super) fn new() -> Lines {
        Lines {
            pause: 0,
            count: 0,
            bounds: [0; 2 * (MOST + SPARE)],
            states: [NONE; MOST + SPARE],
            any_none: false,
            of_kind: [[0; MOST + SPARE]; 4],
            before: [0; CHUNK + 1],
            words: [0; MOST + SPARE],
            deep: [0; MOST + SPARE],
            others: [0; MOST + SPARE],
            told: Told::new(),
            asked: [(0, BLOCK as u16); MOST + SPARE],
        }
    }

    /// Decides about the lines of a chunk, if it has many; whether it did. Those
    /// that are decided are `inside` then, and no candidates any more.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn decide(
        &mut self,
        page: &Page<'_>,
        inside: &mut Map,
        machine: &impl Machine,
    ) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        if !self.told.tell(page, inside, machine) {
            return false;
        }
        let mut len = 0;
        for i in 1..=page.count.min(CHUNK) {
            let marked = self.told.marked(i);
            let any = marked.any;
            self.before[i] = len as u16;
            let to = self.bounds[len..].first_chunk_mut();
            machine.list(&marked, i * BLOCK, to.expect("room for a block"));
            len += any.count_ones() as usize;
        }
        self.count = len / 2;
        if self.count < FEW as usize {
            self.pause = PAUSE;
        }
        self.any_none = false;
        self.states[..self.count].fill(Written::Plain);
        let [names, urls, numbers, hashes] =
            machine.sort(&self.bounds, self.count, &mut self.of_kind);
        self.names(page, names, inside);
        self.numbers(page, numbers, inside, machine);
        self.hashes(page, hashes, inside);
        self.urls(page, urls, inside, machine);
        true
    }

    /// Decides about names: most by their suffix, which is looked up without a
    /// branch.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[expect(clippy::needless_bitwise_bool, reason = "no branch")]
    #[inline(always)]
    fn names(&mut self, page: &Page<'_>, len: usize, inside: &mut Map) {
        let Page { text, view, maps, .. } = *page;
        let (mut words, mut deep, mut others) = (0, 0, 0);
        for i in &self.of_kind[NAME][..len] {
            let (start, end) = bits(&self.bounds, usize::from(*i));
            // A label of a longer one may be too long.
            let look = match end - start {
                ..=BLOCK => first_look(last_eight(view, end)),
                _ => FirstLook::Other,
            };
            self.words[words] = *i;
            words += usize::from(look == FirstLook::Word);
            self.deep[deep] = *i;
            deep += usize::from(look == FirstLook::Deep);
            self.others[others] = *i;
            others += usize::from(look == FirstLook::Other);
        }
        for i in &self.deep[..deep] {
            let (start, end) = bits(&self.bounds, usize::from(*i));
            let word = last_eight(view, end);
            let top = first_top(word);
            let dots = dots_of(maps, (start, end));
            let is_below = match dots {
                Some(dots) => is_below(word, end - start, dots, top),
                None => false,
            };
            self.words[words] = *i;
            words += usize::from(is_below & (top.tld != Tld::Plain));
            self.others[others] = *i;
            others += usize::from(!is_below);
        }
        let mut unclear = 0;
        for n in 0..words {
            let i = self.words[n];
            let is_clear = self.is_no_code(page, usize::from(i));
            self.words[unclear] = i;
            unclear += usize::from(!is_clear);
        }
        for n in 0..unclear {
            let i = usize::from(self.words[n]);
            let (start, end) = bits(&self.bounds, i);
            let span = Span { start: maps.at(start), end: maps.at(end) };
            let fate = match fills_field(text, maps, end, span) {
                true => Fate::Match,
                false => Fate::Open,
            };
            self.settle(i, fate, inside);
        }
        for n in 0..others {
            let i = usize::from(self.others[n]);
            let bits = bits(&self.bounds, i);
            let fate = match dots_of(maps, bits) {
                Some(dots) => {
                    name(text, view, maps, bits, dots, maps.at(bits.1))
                }
                None => Fate::Open,
            };
            self.settle(i, fate, inside);
        }
    }

    /// Whether what [`fills_field`] asks of a line is seen at once: neither the
    /// line above it nor the one below ends like code. Takes no branch.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[expect(clippy::needless_bitwise_bool, reason = "no branch")]
    #[inline(always)]
    fn is_no_code(&self, page: &Page<'_>, i: usize) -> bool {
        let Page { view, maps, .. } = *page;
        let (start, end) = bits(&self.bounds, i);
        let above: &[u8; 2] =
            view[start - 2..start].first_chunk().expect("two bytes");
        // The line below, of which two windows show all.
        let [near, far] =
            [1, 1 + BLOCK].map(|from| window(maps.of(LINE), end + from));
        let len = match near {
            0 => BLOCK + far.trailing_zeros() as usize,
            _ => near.trailing_zeros() as usize,
        };
        let last = view[(end + len).min(view.len() - 1)];
        (above[1] == b'\n')
            & ((above[0] == b'\n') | ENDS[usize::from(above[0])])
            & (view[end] == b'\n')
            & ((len == 0) | ENDS[usize::from(last)] & (near | far != 0))
    }

    /// Notes what has become of the line with a number.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    fn settle(&mut self, i: usize, fate: Fate, inside: &mut Map) {
        if fate == Fate::Match {
            return;
        }
        self.states[i] = NONE;
        self.any_none = true;
        if fate == Fate::Open {
            let (start, end) = bits(&self.bounds, i);
            let blocks = start / BLOCK..=end / BLOCK;
            for (block, inside) in blocks.clone().zip(&mut inside[blocks]) {
                let first = block * BLOCK;
                let before = !(u64::MAX << start.saturating_sub(first));
                let after = u64::MAX.unbounded_shl((end - first) as u32);
                *inside &= before | after;
            }
        }
    }

    /// Decides about numbers: most of them four at a time.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    fn numbers(
        &mut self,
        page: &Page<'_>,
        len: usize,
        inside: &mut Map,
        machine: &impl Machine,
    ) {
        let Page { text, view, maps, .. } = *page;
        let (mut asked, mut others) = (0, 0);
        for i in &self.of_kind[NUMBER][..len] {
            let (start, end) = bits(&self.bounds, usize::from(*i));
            // Of less it may be the number of a section.
            let is_long = end - start > LEAST;
            self.asked[asked] = (*i, end as u16);
            asked += usize::from(is_long);
            self.others[others] = *i;
            others += usize::from(!is_long);
        }
        others = self.ask(page, asked, others, b'\n', machine);
        for n in 0..others {
            let i = usize::from(self.others[n]);
            let bits = bits(&self.bounds, i);
            let fate = match dots_of(maps, bits) {
                Some(dots) => number(text, view, bits, dots, maps.at(bits.1)),
                None => Fate::Open,
            };
            self.settle(i, fate, inside);
        }
    }

    /// Decides about digests.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    fn hashes(&mut self, page: &Page<'_>, len: usize, inside: &mut Map) {
        let Page { text, view, maps, .. } = *page;
        let mut others = 0;
        for i in &self.of_kind[DIGEST][..len] {
            let bits = bits(&self.bounds, usize::from(*i));
            self.others[others] = *i;
            others += usize::from(!is_digest_line(view, bits));
        }
        if self.told.cased {
            for i in &self.of_kind[DIGEST][..len] {
                let i = usize::from(*i);
                let (start, end) = bits(&self.bounds, i);
                if !is_low(maps, end, end - start) {
                    self.states[i] = Written::Cased;
                }
            }
        }
        for n in 0..others {
            let i = usize::from(self.others[n]);
            let (fate, _) = hash(text, view, maps, bits(&self.bounds, i));
            self.settle(i, fate, inside);
        }
    }

    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[expect(clippy::needless_bitwise_bool, reason = "no branch")]
    #[inline(always)]
    fn urls(
        &mut self,
        page: &Page<'_>,
        len: usize,
        inside: &mut Map,
        machine: &impl Machine,
    ) {
        let Page { text, view, maps, marks, .. } = *page;
        let (mut asked, mut others) = (0, 0);
        for i in &self.of_kind[URL][..len] {
            let i = usize::from(*i);
            let (start, end) = bits(&self.bounds, i);
            // `http:` or `https`: a colon is there.
            let scheme: &[u8; 5] =
                view[start..].first_chunk().expect("five bytes");
            let [scheme @ .., last] = scheme;
            let is_secure = *last == b's';
            let is_scheme =
                (scheme == b"http") & (is_secure | (*last == b':'));
            let from = start + "http://".len() + usize::from(is_secure);
            let hosts = window(&self.told.hosts, from);
            let host_end = from + (!hosts).trailing_zeros() as usize;
            let is_bare = host_end == end;
            // The host has a dot, and no hyphen is beside one.
            let is_plain = is_scheme
                & is(&marks.ends, host_end)
                & (is_bare | (view[host_end] == b'/'))
                & !MARKS[usize::from(view[end - 1])];
            let look = first_look(last_eight(view, host_end));
            let is_number = view[host_end - 1] <= b'9';
            self.states[i] = match is_bare {
                true => Written::NearPlain,
                false => Written::Plain,
            };
            self.asked[asked] = (i as u16, host_end as u16);
            asked += usize::from(is_plain & is_number);
            self.others[others] = i as u16;
            let is_name = !is_number & (look != FirstLook::Other);
            others += usize::from(!(is_plain & (is_number | is_name)));
        }
        others = self.ask(page, asked, others, b'/', machine);
        for n in 0..others {
            let i = usize::from(self.others[n]);
            let bits = bits(&self.bounds, i);
            // Of `http` or of `https`.
            let colon = bits.0 + 4 + usize::from(view[bits.0 + 4] != b':');
            let found = match url(view, maps, marks, colon) {
                None => any_url(text, maps, maps.at(colon)),
                found => found,
            };
            match found {
                Some((start, end, written)) if (start, end) == bits => {
                    self.states[i] = written;
                }
                _ => self.settle(i, Fate::Open, inside),
            }
        }
    }

    /// Looks at what may be addresses with this byte before them; those that
    /// are none go to the others, of which there are so many, and then so many.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[expect(clippy::needless_bitwise_bool, reason = "no branch")]
    #[inline(always)]
    fn ask(
        &mut self,
        page: &Page<'_>,
        asked: usize,
        mut others: usize,
        before: u8,
        machine: &impl Machine,
    ) -> usize {
        let (fours, _) = self.asked.as_chunks::<4>();
        for (n, four) in fours[..asked.div_ceil(4)].iter().enumerate() {
            let ends =
                four.each_ref().map(|(_, end)| last_of(page.view, *end));
            let none = machine.quads(&ends, before).none();
            for (k, (i, _)) in four.iter().enumerate() {
                let is_none = (none >> (LANE * k)) as u16 != 0;
                self.others[others] = *i;
                others += usize::from(is_none & (4 * n + k < asked));
            }
        }
        others
    }

    /// Writes the matches to the front of `found`, in order with the first of
    /// `others`, so many, which are in order; how many there are.
    pub(super) fn write(
        &self,
        found: &mut Decided,
        others: &Decided,
        count: usize,
    ) -> usize {
        let (bounds, _) = self.bounds.as_chunks();
        let (mut len, mut line) = (0, 0);
        for i in 0..=count {
            let other = others.bounds[..count].get(i);
            let before = match other {
                None => self.count,
                Some([start, _]) => self.lines_before(*start),
            };
            let before = before - line;
            // Always so many: there is room behind them, and a copy of a known
            // length is no call.
            for from in (0..before).step_by(AT_ONCE) {
                let (to, from) = (len + from, line + from);
                found.bounds[to..to + AT_ONCE]
                    .copy_from_slice(&bounds[from..from + AT_ONCE]);
                found.written[to..to + AT_ONCE]
                    .copy_from_slice(&self.states[from..from + AT_ONCE]);
            }
            len += before;
            line += before;
            if let Some(other) = other {
                found.bounds[len] = *other;
                found.written[len] = others.written[i];
                len += 1;
            }
        }
        match self.any_none {
            true => without_none(found, len),
            false => len,
        }
    }

    /// How many lines start before the place of a match that is in none.
    #[inline]
    fn lines_before(&self, start: u16) -> usize {
        let bit = usize::from(start >> what::BITS);
        let (block, below) = (bit / BLOCK, !(u64::MAX << (bit % BLOCK)));
        // No line starts before the chunk.
        let Some(before) = self.before[1..].get(block.wrapping_sub(1)) else {
            return 0;
        };
        let here = self.told.marked(block).any & below;
        let bounds = usize::from(*before) + here.count_ones() as usize;
        bounds / 2
    }
}

/// Takes those of so many matches out that are [`NONE`]; how many are left.
#[expect(clippy::needless_bitwise_bool, reason = "no branch")]
fn without_none(found: &mut Decided, count: usize) -> usize {
    let mut len = 0;
    for from in (0..count).step_by(AT_ONCE) {
        let all = AT_ONCE.min(count - from);
        let written = &found.written[from..from + AT_ONCE];
        let any_none =
            written.iter().fold(false, |any, it| any | (*it == NONE));
        if !any_none {
            found.bounds.copy_within(from..from + AT_ONCE, len);
            found.written.copy_within(from..from + AT_ONCE, len);
            len += all;
            continue;
        }
        for i in from..from + all {
            found.bounds[len] = found.bounds[i];
            found.written[len] = found.written[i];
            len += usize::from(found.written[i] != NONE);
        }
    }
    len
}

/// Lists which lines, of so many, are of each kind; how many are.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
pub(in crate::scan) fn sort(
    bounds: &Bounds,
    count: usize,
    to: &mut [All; 4],
) -> [usize; 4] {
    let mut lens = [0; 4];
    let (bounds, _) = bounds[..2 * count].as_chunks();
    for (i, [_, end]) in bounds.iter().enumerate() {
        let here = kind_of(*end) as usize;
        for (kind, (to, len)) in to.iter_mut().zip(&mut lens).enumerate() {
            to[*len] = i as u16;
            *len += usize::from(here == kind);
        }
    }
    lens
}
