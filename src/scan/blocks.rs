//! Bitmaps of text, 64 bytes at a time.
//!
//! One bit for each byte says which class it is in; the classes are few
//! enough that a vector of 16 or 32 bytes is compared with each. Whatever
//! way a block is read, the bitmaps are the same: the portable way is the
//! definition, the others are tested against it.

/// Bytes in a block.
pub(super) const BLOCK: usize = 64;
/// Blocks that are filled at a time: 4 KiB of text.
pub(super) const CHUNK: usize = 64;
/// The blocks of a chunk, the one before it, the one after it, and an empty
/// one that windows may reach into.
const WIDTH: usize = CHUNK + 3;

/// One bit for each byte of a chunk and of the blocks around it.
pub(super) type Map = [u64; WIDTH];

/// The bitmaps of a chunk.
///
/// The first block of each map is the one before the chunk, so that what
/// stands around any byte of the chunk is one window away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bitmaps {
    /// Where a look is worth it.
    pub(super) anchors: Map,
    /// Those of the anchors that start 16 hex digits.
    pub(super) lanes: Map,
    pub(super) label: Map,
    pub(super) low: Map,
    pub(super) dot: Map,
    pub(super) hex: Map,
    pub(super) colon: Map,
    pub(super) body: Map,
}

impl Bitmaps {
    pub(super) const EMPTY: Bitmaps = Bitmaps {
        anchors: [0; WIDTH],
        lanes: [0; WIDTH],
        label: [0; WIDTH],
        low: [0; WIDTH],
        dot: [0; WIDTH],
        hex: [0; WIDTH],
        colon: [0; WIDTH],
        body: [0; WIDTH],
    };
}

/// The 64 bits of a map from `bit` on.
#[inline]
pub(super) fn window(map: &Map, bit: usize) -> u64 {
    let (block, shift) = (bit / BLOCK, bit % BLOCK);
    map[block] >> shift | map[block + 1] << 1 << (BLOCK - 1 - shift)
}

/// The classes of 64 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Letters, digits, `-`, `_` and bytes beyond ASCII.
    pub(super) label: u64,
    /// Small letters, digits and `-`.
    pub(super) low: u64,
    pub(super) dot: u64,
    pub(super) colon: u64,
    pub(super) hex: u64,
    /// Bytes that stand before the dot of a mark: `[ ( { < ] \ ^ ' " |` and
    /// space.
    pub(super) open: u64,
    /// Bytes that stand after it: `] ) } >`.
    pub(super) close: u64,
    /// Bytes that follow the colon of a separator: `/ \ _ [ (` and those of
    /// `close`.
    pub(super) slash: u64,
    /// Bytes that a URL goes on with whatever stands around it.
    pub(super) body: u64,
    /// The first and last letter of `dot`.
    pub(super) d: u64,
    pub(super) t: u64,
    /// `[ % & H` and the first bytes of dots of other scripts.
    pub(super) rare: u64,
    pub(super) comma: u64,
}

pub(super) const LABEL: u16 = 1;
pub(super) const LOW: u16 = 1 << 1;
pub(super) const DOT: u16 = 1 << 2;
pub(super) const COLON: u16 = 1 << 3;
pub(super) const HEX: u16 = 1 << 4;
pub(super) const OPEN: u16 = 1 << 5;
pub(super) const CLOSE: u16 = 1 << 6;
pub(super) const SLASH: u16 = 1 << 7;
pub(super) const BODY: u16 = 1 << 8;
pub(super) const D: u16 = 1 << 9;
pub(super) const T: u16 = 1 << 10;
pub(super) const RARE: u16 = 1 << 11;
pub(super) const COMMA: u16 = 1 << 12;

/// The classes of each byte.
pub(super) const CLASS: [u16; 256] = {
    let mut class = [0_u16; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        let letter = byte.is_ascii_alphanumeric();
        if letter || byte == b'-' || byte == b'_' || byte >= 0x80 {
            class[b] |= LABEL;
        }
        if letter && !byte.is_ascii_uppercase() || byte == b'-' {
            class[b] |= LOW;
        }
        if byte.is_ascii_hexdigit() {
            class[b] |= HEX;
        }
        if letter {
            class[b] |= BODY;
        }
        b += 1;
    }
    let sets: [(&[u8], u16); 10] = [
        (b".", DOT),
        (b":", COLON),
        (b"[({<]\\^'\"| ", OPEN),
        (b"])}>", CLOSE),
        (b"/\\_[(])}>", SLASH),
        (b"/-_.:!?%=~+#$@", BODY),
        (b"dD", D),
        (b"tT", T),
        (b"[%&H\xc2\xe2\xe3\xef", RARE),
        (b",", COMMA),
    ];
    let mut set = 0;
    while set < sets.len() {
        let (bytes, bit) = sets[set];
        let mut i = 0;
        while i < bytes.len() {
            class[bytes[i] as usize] |= bit;
            i += 1;
        }
        set += 1;
    }
    class
};

impl Masks {
    /// The portable way, one byte after the other.
    pub(super) fn portable(bytes: &[u8; BLOCK]) -> Masks {
        let mut m = Masks::default();
        for (i, &b) in bytes.iter().enumerate() {
            let class = u64::from(CLASS[usize::from(b)]);
            m.label |= (class & 1) << i;
            m.low |= (class >> 1 & 1) << i;
            m.dot |= (class >> 2 & 1) << i;
            m.colon |= (class >> 3 & 1) << i;
            m.hex |= (class >> 4 & 1) << i;
            m.open |= (class >> 5 & 1) << i;
            m.close |= (class >> 6 & 1) << i;
            m.slash |= (class >> 7 & 1) << i;
            m.body |= (class >> 8 & 1) << i;
            m.d |= (class >> 9 & 1) << i;
            m.t |= (class >> 10 & 1) << i;
            m.rare |= (class >> 11 & 1) << i;
            m.comma |= (class >> 12 & 1) << i;
        }
        m
    }

    /// The anchors among the bytes, and those of them that start 16 hex
    /// digits: `left` has the last bits of the block before, `right` the
    /// first of the next.
    #[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
    #[inline(always)]
    fn anchors(&self, left: &Masks, right: &Masks) -> (u64, u64) {
        let before = |this: u64, left: u64| this << 1 | left >> 63;
        let after = |this: u64, right: u64| this >> 1 | right << 63;
        let after2 = |this: u64, right: u64| this >> 2 | right << 62;
        let label_left = before(self.label, left.label);
        let label_right = after(self.label, right.label);
        let close_right = after(self.close, right.close);
        let open_left = before(self.open, left.open);
        // A dot between labels, in a mark, or before a closing bracket.
        let dots =
            self.dot & (label_left & (label_right | close_right) | open_left);
        // `://` in any disguise. A space is in one only before a slash.
        let slash_right = after(self.slash, right.slash)
            | after2(self.slash, right.slash) & !label_right;
        let hex_left = before(
            self.hex | self.colon | self.open,
            left.hex | left.colon | left.open,
        );
        let hex_right = after(
            self.hex | self.colon | self.close,
            right.hex | right.colon | right.close,
        );
        let colon_right = after(self.colon, right.colon);
        let colons =
            self.colon & (slash_right | colon_right | hex_left & hex_right);
        let words = self.d & after2(self.t, right.t);
        let commas = self.comma & label_left & label_right;
        let rare = self.rare & (label_left | before(self.close, left.close));
        let mut lanes = 0;
        for lane in 0..4 {
            if self.hex >> (16 * lane) & 0xffff == 0xffff {
                lanes |= 1 << (16 * lane);
            }
        }
        (dots | colons | words | commas | rare | lanes, lanes)
    }
}

/// Fills `maps` with the blocks of the text from `start` on; how many were
/// filled.
pub(super) fn fill(text: &[u8], start: usize, maps: &mut Bitmaps) -> usize {
    #[cfg(target_arch = "x86_64")]
    if super::avx2::is_available() {
        return super::avx2::fill(text, start, maps);
    }
    fill_with(text, start, maps, Masks::portable)
}

/// Fills `maps`, with `read` for each whole block.
///
/// A caller with `target_feature` must have this inlined, or `read` is not.
#[expect(clippy::inline_always, reason = "inlined into a SIMD caller")]
#[inline(always)]
pub(super) fn fill_with(
    text: &[u8],
    start: usize,
    maps: &mut Bitmaps,
    read: impl Fn(&[u8; BLOCK]) -> Masks,
) -> usize {
    let bytes = &text[start..];
    let count = bytes.len().div_ceil(BLOCK).min(CHUNK);
    let at = |i: usize| {
        let rest = bytes.get(i * BLOCK..).unwrap_or_default();
        if let Some(block) = rest.first_chunk() {
            return read(block);
        }
        // The end of the text: NUL is in no class.
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        read(&block)
    };
    let mut store = |i: usize, masks: &Masks| {
        maps.label[i] = masks.label;
        maps.low[i] = masks.low;
        maps.dot[i] = masks.dot;
        maps.hex[i] = masks.hex;
        maps.colon[i] = masks.colon;
        maps.body[i] = masks.body;
    };
    // The block before, which ends where the chunk starts.
    let mut last = [0; BLOCK];
    let known = start.min(BLOCK);
    last[BLOCK - known..].copy_from_slice(&text[start - known..start]);
    let mut left = read(&last);
    store(0, &left);
    let mut this = at(0);
    for i in 1..=count {
        let next = at(i);
        store(i, &this);
        let (anchors, lanes) = this.anchors(&left, &next);
        maps.anchors[i] = anchors;
        maps.lanes[i] = lanes;
        left = this;
        this = next;
    }
    store(count + 1, &this);
    store(count + 2, &Masks::default());
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_class_has_the_bytes_of_its_table() {
        for b in 0..=255_u8 {
            let masks = Masks::portable(&[b; BLOCK]);
            let class = CLASS[usize::from(b)];
            assert_eq!(masks.label != 0, class & LABEL != 0);
            assert_eq!(masks.body != 0, class & BODY != 0);
            assert_eq!(masks.rare != 0, class & RARE != 0);
            assert_eq!(masks.dot == u64::MAX, b == b'.');
        }
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
        ) {
            let start = start.min(text.len());
            let mut one = Bitmaps::EMPTY;
            let mut other = Bitmaps::EMPTY;
            let n = fill(&text, start, &mut one);
            let m = fill_with(&text, start, &mut other, Masks::portable);
            prop_assert_eq!(n, m);
            prop_assert_eq!(one, other);
        }
    }
}
