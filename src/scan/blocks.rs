//! Bitmaps of text, 64 bytes at a time.
//!
//! One bit for each byte says which class it is in; the classes are few
//! enough that a vector of 16 or 32 bytes is compared with each. Whatever
//! way a block is read, the bitmaps are the same: the portable way is the
//! definition, the others are tested against it.

use std::ops::{Deref, DerefMut, Range};

use super::sure::{
    DENSER, MORE_LINES, Marked, Quads, Sure, Ways, back, decide, sort, through,
};

/// Bytes in a block.
pub(super) const BLOCK: usize = 64;
/// Blocks that are filled at a time: 4 KiB of text.
pub(super) const CHUNK: usize = 64;
/// The blocks of a chunk, the one before it, the one after it, and empty ones
/// that windows may reach into, as many as vectors of eight hold.
pub(super) const WIDTH: usize = CHUNK + 8;

/// One bit for each byte of a chunk and of the blocks around it.
///
/// What stands before the blocks makes the chunk's first one start a line of the
/// cache, so that no vector of eight of them reaches into two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Map {
    lead: [u64; 7],
    blocks: [u64; WIDTH],
}

impl Map {
    /// No bit is set.
    pub(super) const EMPTY: Map = Map { lead: [0; 7], blocks: [0; WIDTH] };
}

impl Deref for Map {
    type Target = [u64; WIDTH];

    #[inline]
    fn deref(&self) -> &[u64; WIDTH] {
        &self.blocks
    }
}

impl DerefMut for Map {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u64; WIDTH] {
        &mut self.blocks
    }
}

/// The bitmaps of a chunk.
///
/// The first block of each map is the one before the chunk, so that what
/// stands around any byte of the chunk is one window away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bitmaps {
    /// Where a look is worth it.
    pub(super) anchors: Map,
    /// Where 16 hex digits start; those of the chunk are anchors.
    pub(super) lanes: Map,
    /// One for each class, in the order of their bits in [`CLASS`].
    classes: Maps,
    /// Start in the text of the chunk.
    pub(super) chunk: usize,
    /// Which blocks of the chunk may have anchors, the first one lowest.
    pub(super) blocks: u64,
    /// Whether what can only be rejected has anchors too.
    all: bool,
}

impl Bitmaps {
    /// Empty maps. Without `all`, what can only be rejected has no anchors.
    pub(super) const fn new(all: bool) -> Bitmaps {
        Bitmaps {
            anchors: Map::EMPTY,
            lanes: Map::EMPTY,
            classes: [Map::EMPTY; CLASSES],
            chunk: 0,
            blocks: 0,
            all,
        }
    }

    /// The bit of a byte. The windows that start up to 64 bits before one of
    /// the chunk and up to 64 after it hold what the text holds.
    #[inline]
    pub(super) fn bit(&self, at: usize) -> usize {
        at + BLOCK - self.chunk
    }

    /// The byte of a bit: [`bit`](Bitmaps::bit) the other way round.
    #[inline]
    pub(super) fn at(&self, bit: usize) -> usize {
        (self.chunk + bit).wrapping_sub(BLOCK)
    }

    /// Notes which blocks have anchors.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    pub(super) fn note_anchors(&mut self) {
        let blocks = self.anchors[1..=CHUNK].iter().zip(0..);
        self.blocks = blocks
            .fold(0, |blocks, (bits, i)| blocks | u64::from(*bits != 0) << i);
    }

    /// The map of a class, such as [`LABEL`].
    #[inline]
    pub(super) fn of(&self, class: usize) -> &Map {
        &self.classes[class]
    }
}

/// The 64 bits of a map from `bit` on.
#[inline]
pub(super) fn window(map: &Map, bit: usize) -> u64 {
    let (block, shift) = (bit / BLOCK, bit % BLOCK);
    // Of an `or` the compiler makes one shift of both words, which many
    // machines take longer for.
    map[block] >> shift ^ map[block + 1] << 1 << (BLOCK - 1 - shift)
}

/// The classes of 64 bytes, in the order of their bits in [`CLASS`].
pub(super) type Masks = [u64; CLASSES];

/// How many classes there are.
pub(super) const CLASSES: usize = 17;

/// Letters, digits, `-`, `_` and bytes beyond ASCII.
pub(super) const LABEL: usize = 0;
/// Small letters, digits and `-`.
pub(super) const LOW: usize = 1;
pub(super) const DOT: usize = 2;
pub(super) const COLON: usize = 3;
pub(super) const HEX: usize = 4;
/// Bytes that a URL goes on with whatever stands around it, and that are kept
/// in its canonical form.
pub(super) const BODY: usize = 5;
/// Bytes that stand before the dot of a mark: `[ ( { < ] \ ^ ' " |` and
/// space.
pub(super) const OPEN: usize = 6;
/// Bytes that stand after it: `] ) } >`.
pub(super) const CLOSE: usize = 7;
/// Bytes that follow the colon of a separator: `/ \ _ [ (` and those of
/// `CLOSE`.
pub(super) const SLASH: usize = 8;
/// The first and the last letter of `dot`; only the first is a hex digit.
pub(super) const D_T: usize = 9;
/// The letter between them, which is a zero in `d0t`.
pub(super) const O: usize = 10;
/// `[ % & H` and the first bytes of dots of other scripts.
pub(super) const RARE: usize = 11;
pub(super) const COMMA: usize = 12;
/// Classes from which on only [`sure`](super::sure) asks for them, but for the
/// last.
pub(super) const RARELY: usize = 13;
/// What lines end with: `\r \n`.
pub(super) const LINE: usize = 13;
/// Bytes that, right before a token, some rule asks about: `/ \ $ % @` and
/// those brackets after which it may be code, or what a mark goes on with.
/// None of them is a label; the labels in this class are the digits.
pub(super) const LEFT: usize = 14;
/// Bytes that, right after a token, some rule asks about. The label in this
/// class is the hyphen.
pub(super) const RIGHT: usize = 15;
/// Bytes beyond ASCII: the last class, since the bytes themselves show it.
pub(super) const HIGH: usize = 16;

/// The classes of each byte: bit [`LABEL`] is set for a byte of that class.
pub(super) const CLASS: [u32; 256] = {
    let mut class = [0_u32; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        let letter = byte.is_ascii_alphanumeric();
        if letter || byte == b'-' || byte == b'_' || byte >= 0x80 {
            class[b] |= 1 << LABEL;
        }
        if letter && !byte.is_ascii_uppercase() || byte == b'-' {
            class[b] |= 1 << LOW;
        }
        if byte >= 0x80 {
            class[b] |= 1 << HIGH;
        }
        if byte.is_ascii_hexdigit() {
            class[b] |= 1 << HEX;
        }
        if letter {
            class[b] |= 1 << BODY;
        }
        b += 1;
    }
    let sets: [(&[u8], usize); 15] = [
        (b".", DOT),
        (b":", COLON),
        (b"/-_.:!?=~$@", BODY),
        (b"[({<]\\^'\"| ", OPEN),
        (b"])}>", CLOSE),
        (b"/\\_[(])}>", SLASH),
        (b"dDtT", D_T),
        (b"oO0", O),
        (b"[%&H\xc2\xe2\xe3\xef", RARE),
        (b",", COMMA),
        (b"\r\n", LINE),
        (b"/\\$%@])}[;", LEFT),
        (b"0123456789", LEFT),
        (b"/\\$%@[({<^&?", RIGHT),
        (b"-", RIGHT),
    ];
    let mut set = 0;
    while set < sets.len() {
        let (bytes, bit) = sets[set];
        let mut i = 0;
        while i < bytes.len() {
            class[bytes[i] as usize] |= 1 << bit;
            i += 1;
        }
        set += 1;
    }
    class
};

/// Blocks that are read at a time, where the machine can.
pub(super) const GROUP: usize = 8;

/// For each class its map.
pub(super) type Maps = [Map; CLASSES];

/// The classes of 64 bytes the portable way, one byte after the other.
pub(super) fn portable(bytes: &[u8; BLOCK]) -> Masks {
    let mut masks = [0; CLASSES];
    for (i, &b) in bytes.iter().enumerate() {
        let class = u64::from(CLASS[usize::from(b)]);
        for (bit, mask) in masks.iter_mut().enumerate() {
            *mask |= (class >> bit & 1) << i;
        }
    }
    masks
}

/// Fills `maps` with the blocks of the text from `start` on; how many were
/// filled.
///
/// What can be decided of all tokens at a time goes to `sure`, but for those of
/// which a part stands before `floor`.
pub(super) fn fill(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    #[cfg(target_arch = "x86_64")]
    if super::avx512::is_available() {
        return super::avx512::fill(text, start, floor, maps, sure);
    }
    #[cfg(target_arch = "x86_64")]
    if super::avx2::is_available() {
        return super::avx2::fill(text, start, floor, maps, sure);
    }
    fill_portable(text, start, floor, maps, sure)
}

/// As [`fill`], on any machine.
fn fill_portable(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    let count = fill_with(text, start, maps, read_portable, |_, _| 0);
    let list = Marked::list;
    let machine = Ways {
        dense: DENSER,
        share: MORE_LINES,
        read_more: |_: &mut _| {},
        list,
        sort,
        quads: Quads::read,
        through,
        back,
    };
    decide(text, count, floor, maps, sure, &machine);
    maps.note_anchors();
    count
}

fn read_portable(block: &[u8; BLOCK], i: usize, maps: &mut Maps) {
    for (map, mask) in maps.iter_mut().zip(portable(block)) {
        map[i] = mask;
    }
}

/// The block with a number of the chunk at `start`, of which a part is beyond
/// the text: NUL, which is in no class, stands there.
#[cold]
fn padded(text: &[u8], start: usize, block: usize) -> [u8; BLOCK] {
    let mut bytes = [0; BLOCK];
    if block == 0 {
        let known = start.min(BLOCK);
        bytes[BLOCK - known..].copy_from_slice(&text[start - known..start]);
    } else {
        let from = start + (block - 1) * BLOCK;
        let rest = text.get(from..).unwrap_or_default();
        bytes[..rest.len()].copy_from_slice(rest);
    }
    bytes
}

/// Fills `maps`, with `read_groups` as many groups of blocks as it can, from
/// the chunk's first on, which it returns, and with `read` all other blocks;
/// how many blocks there are.
///
/// A caller with `target_feature` must have this inlined, or those are not.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
pub(super) fn fill_with(
    text: &[u8],
    start: usize,
    maps: &mut Bitmaps,
    read: impl Fn(&[u8; BLOCK], usize, &mut Maps),
    read_groups: impl Fn(&[[u8; GROUP * BLOCK]], &mut Maps) -> usize,
) -> usize {
    maps.chunk = start;
    let bytes = &text[start..];
    let count = bytes.len().div_ceil(BLOCK).min(CHUNK);
    let (groups, _) = bytes.as_chunks();
    let groups = &groups[..groups.len().min(CHUNK / GROUP)];
    let done = read_groups(groups, &mut maps.classes) * GROUP;
    read_blocks(text, maps, 1 + done..count + 2, read);
    for map in &mut maps.classes {
        map[count + 2] = 0;
    }
    anchors(maps, count);
    count
}

/// Reads the block before the chunk of `maps`, and those with these numbers.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
pub(super) fn read_blocks(
    text: &[u8],
    maps: &mut Bitmaps,
    numbers: Range<usize>,
    read: impl Fn(&[u8; BLOCK], usize, &mut Maps),
) {
    let start = maps.chunk;
    // `read` is called at one place only, so that it is inlined.
    for i in std::iter::once(0).chain(numbers) {
        let from = (start + i * BLOCK).checked_sub(BLOCK);
        let whole = from.and_then(|from| text.get(from..)?.first_chunk());
        let end;
        let block = if let Some(block) = whole {
            block
        } else {
            end = padded(text, start, i);
            &end
        };
        // So that the compiler knows it.
        read(block, i.min(CHUNK + 1), &mut maps.classes);
    }
}

/// Finds the anchors of the blocks from 1 to `count`, and those of them that
/// start 16 hex digits.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
fn anchors(maps: &mut Bitmaps, count: usize) {
    let count = count.min(CHUNK);
    let Bitmaps { anchors, lanes, classes, all, .. } = maps;
    // Those of a chunk before are none of this.
    anchors[count + 1..].fill(0);
    let all = if *all { u64::MAX } else { 0 };
    // A token may start in the block before, or end in the one after.
    for i in [0, count + 1] {
        lanes[i] = lanes_of(classes[HEX][i]);
    }
    // Each class at a byte, to its left, one and two to its right.
    let this = |class: usize, i: usize| classes[class][i];
    let left_by = |class: usize, by: usize, i: usize| {
        classes[class][i] << by | classes[class][i - 1] >> (64 - by)
    };
    let left = |class: usize, i: usize| left_by(class, 1, i);
    let right = |class: usize, i: usize| {
        classes[class][i] >> 1 | classes[class][i + 1] << 63
    };
    let right2 = |class: usize, i: usize| {
        classes[class][i] >> 2 | classes[class][i + 1] << 62
    };
    let mut commas = 0;
    // Not `1..=count`: the compiler makes no vectors of that.
    #[expect(clippy::range_plus_one, reason = "see above")]
    for i in 1..count + 1 {
        let label_left = left(LABEL, i);
        let label_right = right(LABEL, i);
        // No label ends between a dot and the mark of the next: `[.][.]`.
        let far = left_by(DOT, 3, i) & !left_by(LABEL, 2, i);
        // A dot between labels, in a mark, or before a closing bracket.
        let dots = this(DOT, i)
            & (label_left & (label_right | right(CLOSE, i))
                | left(OPEN, i)
                    & (!far | all)
                    & (label_right | right(CLOSE, i) | right(OPEN, i)));
        // `://` in any disguise. A space is in one only before a slash.
        let slash_right = right(SLASH, i) | right2(SLASH, i) & !label_right;
        let hex_left = left(HEX, i) | left(COLON, i) | left(OPEN, i);
        let hex_right = right(HEX, i) | right(CLOSE, i);
        // After the first colon of an address comes the next, or a bracket
        // before it, after at most four digits. So it does after that one, or
        // it is one of two in a row: a clock has only two colons.
        let marks = |i: usize, next: u64| {
            let before_colon = classes[COLON][i] >> 1 | next << 63;
            classes[OPEN][i] & classes[SLASH][i] & before_colon
        };
        // Two to five bytes before a bit, in this block and in the next one, of
        // which the first bits need no block after it.
        let ahead = |[this, next]: [u64; 2], by: u32| {
            [this >> by | next << (64 - by), next >> by]
        };
        let or = |one: [u64; 2], other: [u64; 2]| {
            [one[0] | other[0], one[1] | other[1]]
        };
        let near = |bits: [u64; 2]| {
            let two = or(bits, ahead(bits, 1));
            ahead(or(two, ahead(two, 2)), 2)
        };
        let colon = [classes[COLON][i], classes[COLON][i + 1]];
        let mark = [marks(i, colon[1]), marks(i + 1, 0)];
        let double = ahead(colon, 1);
        let near_any = near(or(colon, mark));
        let live = [0, 1]
            .map(|i| colon[i] & (double[i] | near_any[i] | all) | mark[i]);
        let group = near(live)[0] | left(OPEN, i);
        let colons = this(COLON, i)
            & (slash_right | double[0] | hex_left & hex_right & (group | all));
        let words = this(D_T, i)
            & this(HEX, i)
            & right(O, i)
            & right2(D_T, i)
            & !right2(HEX, i);
        let comma = this(COMMA, i) & label_left & label_right;
        commas |= comma;
        // No bracket is a mark before a digit, and `[.]` is found by its dot.
        let rare = this(RARE, i)
            & (label_left | left(CLOSE, i))
            & !(this(OPEN, i) & (right(HEX, i) | right(DOT, i)));
        let hex = lanes_of(this(HEX, i));
        anchors[i] = dots | colons | words | comma | rare | hex;
        lanes[i] = hex;
    }
    if commas != 0 {
        keep_first_commas(anchors, classes, count);
    }
}

/// Takes all commas away but those that may be the first of their line, which
/// alone may be marks.
///
/// A carry runs to one from where its label starts: behind nothing, or behind
/// what no other place of a line has before a label; or in the block before.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
fn keep_first_commas(anchors: &mut Map, classes: &Maps, count: usize) {
    #[expect(clippy::range_plus_one, reason = "as in `anchors`")]
    for i in 1..count + 1 {
        let inner = classes[LABEL][i]
            | classes[DOT][i]
            | classes[COLON][i]
            | classes[COMMA][i]
            | classes[SLASH][i];
        let inner = inner | classes[OPEN][i] & inner << 1;
        let label = classes[LABEL][i];
        let first = label & (!(label << 1 | inner << 1) | 1);
        // A label may end where the block before does.
        let commas = classes[COMMA][i] & !(label.wrapping_add(first) | 1);
        anchors[i] &= !commas;
    }
}

/// Where 16 hex digits start at an aligned place.
#[inline]
fn lanes_of(mut hex: u64) -> u64 {
    // Bit 0 of each lane of 16 becomes the `and` of the lane.
    hex &= hex >> 1;
    hex &= hex >> 2;
    hex &= hex >> 4;
    hex &= hex >> 8;
    hex & 0x0001_0001_0001_0001
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::refang::is_label;

    #[test]
    fn every_class_has_the_bytes_of_its_table() {
        for b in 0..=255_u8 {
            let masks = portable(&[b; BLOCK]);
            for (bit, mask) in masks.into_iter().enumerate() {
                let is_in = CLASS[usize::from(b)] >> bit & 1 != 0;
                assert_eq!(mask, if is_in { u64::MAX } else { 0 });
            }
            assert_eq!(masks[LABEL] != 0, is_label(b));
            assert_eq!(masks[DOT] != 0, b == b'.');
        }
    }

    /// Lines of lists; `#` is a number.
    const LINES: [&str; 14] = [
        "192.0.2.#\n",
        "#.#.#.#\n",
        "1.2.3.#\r\n",
        "0#.0.2.1\n",
        "192.0.2.1.#\n",
        "http://192.0.#.1/a\n",
        "https://#.0.2.1\n",
        "http://evil#.example.com/a/b?c=#\n",
        "https://evil#.example.org\n",
        "http://evil#.example.com/a%20b\n",
        "evil#.example.net\n",
        "evil#.co.uk\n",
        "d41d8cd98f00b204e9800998ecf8427e\n",
        "see evil#.example.com, 192.0.2.#\n",
    ];

    type Fill = fn(&[u8], usize, usize, &mut Bitmaps, &mut Sure) -> usize;

    /// Whether maps and matches are the same whatever fills them.
    fn every_way_is_alike(
        text: &[u8],
        start: usize,
        floor: usize,
        on: bool,
    ) -> Result<(), TestCaseError> {
        let start = start.min(text.len());
        let read = |fill: Fill| {
            let mut maps = Bitmaps::new(true);
            let mut sure = Sure::new(on, on);
            let n = fill(text, start, floor, &mut maps, &mut sure);
            if !sure.is_any() {
                // Nobody asks for them.
                maps.classes[RARELY..HIGH].fill(Map::EMPTY);
            }
            let found = sure.matches();
            let found = found.map(|(found, numbers)| {
                found.all(numbers).collect::<Vec<_>>()
            });
            (n, maps, sure.whole(), found)
        };
        let expected = read(fill_portable);
        prop_assert_eq!(&read(fill), &expected);
        #[cfg(target_arch = "x86_64")]
        if crate::scan::avx2::is_available() {
            prop_assert_eq!(&read(crate::scan::avx2::fill), &expected);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn every_way_to_read_a_block_gives_the_same(
            text in prop::collection::vec(
                prop_oneof![any::<u8>(), prop::sample::select(
                    b"a1.:/[](){}<>dotDOT-_, \"'|^%&H\\\xe3".to_vec())],
                0..1000),
            start in 0..200_usize,
            floor in 0..200_usize,
            on: bool,
        ) {
            every_way_is_alike(&text, start, floor, on)?;
        }

        #[test]
        fn every_way_to_tell_lines_apart_gives_the_same(
            lines in prop::collection::vec(
                (0..LINES.len(), 0..300_u32), 0..300),
            start in 0..200_usize,
            floor in 0..200_usize,
        ) {
            let line = |(line, number): (usize, u32)| {
                LINES[line].replace('#', &number.to_string())
            };
            let text: String = lines.into_iter().map(line).collect();
            every_way_is_alike(text.as_bytes(), start, floor, true)?;
        }
    }
}
