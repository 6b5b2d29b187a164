//! The bitmaps of a block with AVX2: 32 bytes at a time.
//!
//! A class is a set of bytes, and a byte is a row (its high half) and a
//! column (its low half). Of the sixteen rows eight hold a byte of some class
//! besides `label`; each has a bit. For each class one table gives for each
//! column the rows in which the class has a byte, so that
//!
//! ```text
//! in class = table[byte & 15] & row_bit[byte >> 4] != 0
//! ```
//!
//! which is two shuffles and an `and` for 32 bytes. The tables are made from
//! [`CLASS`] at compile time: a change there is all that a change of a class
//! takes. Bytes beyond ASCII are all labels; their top bit is the answer.

#![expect(unsafe_code, reason = "vector loads, and calls after detection")]

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
    _mm256_max_epu8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set_m128i, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
};

use super::blocks::{
    BLOCK, Bitmaps, CLASS, HIGH, LABEL, LINE, Maps, RARELY, fill_with,
    read_blocks,
};
use super::sure::{
    DENSER, Ends, LANE, MORE_LINES, Marked, Quads, Sure, Ways, back, decide,
    sort, through,
};

/// The bit of each row; rows without one hold no class but `label`, and what
/// lines end with.
const ROWS: [u8; 16] = [
    0,
    0,
    1,
    1 << 1,
    1 << 2,
    1 << 3,
    1 << 4,
    1 << 5,
    0,
    0,
    0,
    0,
    1 << 6,
    0,
    1 << 7,
    0,
];

/// For each class and column the rows in which the class has a byte.
static TABLES: [[u8; 16]; HIGH] = {
    let mut tables = [[0; 16]; HIGH];
    let mut b = 0;
    while b < 128 {
        let mut class = 0;
        while class < HIGH {
            if CLASS[b] >> class & 1 != 0 {
                tables[class][b & 15] |= ROWS[b >> 4];
            }
            class += 1;
        }
        b += 1;
    }
    // Beyond ASCII only these rows hold a byte of a class that is not
    // `LABEL` or `HIGH`.
    while b < 256 {
        let mut class = 0;
        while class < HIGH {
            if CLASS[b] >> class & 1 != 0 && class != LABEL {
                tables[class][b & 15] |= ROWS[b >> 4];
            }
            class += 1;
        }
        b += 1;
    }
    tables
};

/// Whether this machine has AVX2, and what counts bits.
#[inline]
pub(super) fn is_available() -> bool {
    std::is_x86_feature_detected!("avx2")
        && std::is_x86_feature_detected!("bmi1")
        && std::is_x86_feature_detected!("bmi2")
        && std::is_x86_feature_detected!("lzcnt")
        && std::is_x86_feature_detected!("popcnt")
}

/// As [`fill`](super::blocks::fill), on a machine that has AVX2.
pub(super) fn fill(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    assert!(is_available(), "AVX2 was detected before");
    // SAFETY: the line above has checked for the feature.
    unsafe { fill_avx2(text, start, floor, maps, sure) }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn fill_avx2(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    let base = |block: &_, i, maps: &mut Maps| {
        let (masks, beyond) = masks::<0, RARELY>(block);
        for (map, mask) in maps.iter_mut().zip(masks) {
            map[i] = mask;
        }
        maps[LABEL][i] |= beyond;
        maps[HIGH][i] = beyond;
    };
    let count = fill_with(text, start, maps, base, |_, _| 0);
    let read_more = |maps: &mut Bitmaps| {
        read_blocks(text, maps, 1..count + 2, |block, i, maps| {
            const REST: usize = HIGH - RARELY;
            let (masks, _) = masks::<RARELY, REST>(block);
            for (map, mask) in maps[RARELY..].iter_mut().zip(masks) {
                map[i] = mask;
            }
            maps[LINE][i] = lines(block);
        });
    };
    let machine = Ways {
        dense: DENSER,
        share: MORE_LINES,
        read_more,
        list: Marked::list,
        sort,
        quads: |ends: &Ends<'_>, before| quads(ends, before),
        through,
        back,
    };
    decide(text, count, floor, maps, sure, &machine);
    maps.note_anchors();
    count
}

/// The masks of some classes, without the labels beyond ASCII, and the mask of
/// the bytes beyond it.
#[target_feature(enable = "avx2")]
#[inline]
fn masks<const FROM: usize, const COUNT: usize>(
    block: &[u8; BLOCK],
) -> ([u64; COUNT], u64) {
    let zero = _mm256_setzero_si256();
    let nibble = _mm256_set1_epi8(15);
    let halves: [(__m256i, __m256i, u64); 2] = [0, 1].map(|half| {
        // SAFETY: both halves of the 64 bytes are in bounds, and the load
        // asks for no alignment.
        let bytes = unsafe {
            _mm256_loadu_si256(block.as_ptr().add(32 * half).cast())
        };
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
        let rows = _mm256_shuffle_epi8(load(&ROWS), high);
        let columns = _mm256_and_si256(bytes, nibble);
        let beyond = u64::from(_mm256_movemask_epi8(bytes).cast_unsigned());
        (columns, rows, beyond)
    });
    let beyond = halves[0].2 | halves[1].2 << 32;
    let mut masks = [0; COUNT];
    for (mask, table) in masks.iter_mut().zip(&TABLES[FROM..]) {
        let table = load(table);
        let bits = halves.map(|(columns, rows, _)| {
            let hit =
                _mm256_and_si256(_mm256_shuffle_epi8(table, columns), rows);
            let miss = _mm256_cmpeq_epi8(hit, zero);
            u64::from(_mm256_movemask_epi8(miss).cast_unsigned())
        });
        *mask = !(bits[0] | bits[1] << 32);
    }
    (masks, beyond)
}

/// The mask of the bytes that lines end with.
#[target_feature(enable = "avx2")]
#[inline]
fn lines(block: &[u8; BLOCK]) -> u64 {
    let ends = [b'\r', b'\n'].map(|b| _mm256_set1_epi8(b.cast_signed()));
    let halves = [0, 1].map(|half| {
        // SAFETY: both halves of the 64 bytes are in bounds, and the load
        // asks for no alignment.
        let bytes = unsafe {
            _mm256_loadu_si256(block.as_ptr().add(32 * half).cast())
        };
        let [cr, lf] = ends.map(|end| _mm256_cmpeq_epi8(bytes, end));
        let any = _mm256_or_si256(cr, lf);
        u64::from(_mm256_movemask_epi8(any).cast_unsigned())
    });
    halves[0] | halves[1] << 32
}

/// As [`Quads::read`].
#[target_feature(enable = "avx2")]
#[inline]
fn quads(ends: &Ends<'_>, before: u8) -> Quads {
    let of = |b: u8| _mm256_set1_epi8(b.cast_signed());
    let halves = backwards(ends);
    let values = halves.map(|half| _mm256_sub_epi8(half, of(b'0')));
    let mask = |halves: [__m256i; 2]| {
        let [low, high] = halves
            .map(|half| u64::from(_mm256_movemask_epi8(half).cast_unsigned()));
        low | high << 32
    };
    let is = |b| mask(halves.map(|half| _mm256_cmpeq_epi8(half, of(b))));
    let up_to_nine = |it| _mm256_cmpeq_epi8(_mm256_min_epu8(it, of(9)), it);
    let digit = mask(values.map(up_to_nine));
    let from = |least| {
        let is_it = |it| _mm256_cmpeq_epi8(_mm256_max_epu8(it, of(least)), it);
        digit & mask(values.map(is_it))
    };
    Quads {
        digit,
        dot: is(b'.'),
        before: is(before),
        zero: is(b'0'),
        two: is(b'2'),
        five: is(b'5'),
        three_up: from(3),
        six_up: from(6),
    }
}

/// The bytes of two runs each, the last one of each first.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn backwards(ends: &Ends<'_>) -> [__m256i; 2] {
    let [a, b, c, d] = ends.map(|end| load_lane(end));
    [(a, b), (c, d)].map(|(low, high)| {
        let both = _mm256_set_m128i(high, low);
        _mm256_shuffle_epi8(both, load(&BACKWARDS))
    })
}

/// Where the bytes of a lane stand, the last one first.
const BACKWARDS: [u8; LANE] = {
    let mut order = [0; LANE];
    let mut i = 0;
    while i < LANE {
        order[i] = (LANE - 1 - i) as u8;
        i += 1;
    }
    order
};

#[target_feature(enable = "avx2")]
#[inline]
fn load_lane(bytes: &[u8; LANE]) -> __m128i {
    // SAFETY: the 16 bytes are in bounds, and the load asks for no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// A table of 16 bytes, twice.
#[target_feature(enable = "avx2")]
#[inline]
fn load(table: &[u8; 16]) -> __m256i {
    _mm256_broadcastsi128_si256(load_lane(table))
}
