//! The bitmaps of a block with AVX-512: 64 bytes at a time.
//!
//! With VBMI a byte is looked up in a table of 128 by one instruction, so that
//! each byte of text becomes the two bytes of its [`CLASS`]. What is wanted is
//! the other way round, for each class the bits of all bytes: a matrix of
//! bits, turned over in two steps, of which GFNI does the first.
//!
//! ```text
//! eight bytes, a bit for each class         a byte for each class
//!   0 1 2 3 4 5 6 7                           a b c d e f g h
//! a . 1 . 1 1 . . .     turned over         0 . . . . . . . .
//! b . 1 . . 1 . . .     as one word         1 1 1 . 1 . 1 1 1
//! c . . 1 . . . . .     ───────────►        2 . . 1 . 1 . . .
//! …                                         …
//! ```
//!
//! Eight such words are a block. Their bytes are put together class by class,
//! which makes a mask of each class, and the masks of eight blocks likewise.

#![expect(unsafe_code, reason = "vector loads, and calls after detection")]

use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_add_epi16, _mm512_add_epi64,
    _mm512_and_si512, _mm512_andnot_si512, _mm512_castsi256_si512,
    _mm512_castsi512_si256, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask,
    _mm512_cmplt_epu64_mask, _mm512_cvtepu8_epi16,
    _mm512_gf2p8affine_epi64_epi8, _mm512_inserti64x4, _mm512_loadu_si512,
    _mm512_mask_add_epi8, _mm512_mask_add_epi64, _mm512_mask_blend_epi8,
    _mm512_mask_cmpeq_epi32_mask, _mm512_mask_cmpge_epu8_mask,
    _mm512_maskz_compress_epi8, _mm512_maskz_compress_epi16,
    _mm512_movepi8_mask, _mm512_permutex2var_epi8, _mm512_permutexvar_epi8,
    _mm512_set1_epi8, _mm512_set1_epi16, _mm512_set1_epi32, _mm512_set1_epi64,
    _mm512_shrdi_epi64, _mm512_shuffle_epi8, _mm512_shuffle_i64x2,
    _mm512_storeu_si512, _mm512_sub_epi8, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi64, _mm512_xor_si512,
};

use super::avx2::backwards;
use super::blocks::{
    BLOCK, Bitmaps, CHUNK, CLASS, GROUP, HIGH, Map, Maps, fill_with,
};
use super::sure::{
    All, Bounds, DENSE, Ends, LINES, Marked, Places, Quads, SPARE, Sure, Ways,
    decide, what,
};

/// Classes of which a byte of a table has the bits.
const HALF: usize = 8;

/// The low and the high half of the classes of 64 bytes from `from` on.
const fn table(half: usize, from: usize) -> [u8; 64] {
    let mut table = [0; 64];
    let mut i = 0;
    while i < 64 {
        table[i] = (CLASS[from + i] >> (HALF * half) & 0xff) as u8;
        i += 1;
    }
    table
}

/// For each half of a class the tables of all bytes.
static TABLES: [[[u8; 64]; 4]; 2] = [
    [table(0, 0), table(0, 64), table(0, 128), table(0, 192)],
    [table(1, 0), table(1, 64), table(1, 128), table(1, 192)],
];

/// Where the bytes of each word stand in the other order.
const REVERSED: [u8; 64] = {
    let mut order = [0; 64];
    let mut i = 0;
    while i < 64 {
        // Of each lane of 16 bytes.
        order[i] = ((i % 16) ^ 7) as u8;
        i += 1;
    }
    order
};

/// Byte after byte of all words, instead of word after word.
const BY_CLASS: [u8; 64] = {
    let mut order = [0; 64];
    let mut i = 0;
    while i < 64 {
        order[i] = (i % 8 * 8 + i / 8) as u8;
        i += 1;
    }
    order
};

/// Whether this machine has AVX-512 with what is used of it.
#[inline]
pub(super) fn is_available() -> bool {
    std::is_x86_feature_detected!("avx512f")
        && std::is_x86_feature_detected!("avx512bw")
        && std::is_x86_feature_detected!("avx512vbmi")
        && std::is_x86_feature_detected!("avx512vbmi2")
        && std::is_x86_feature_detected!("gfni")
        && std::is_x86_feature_detected!("bmi1")
        && std::is_x86_feature_detected!("bmi2")
        && std::is_x86_feature_detected!("lzcnt")
        && std::is_x86_feature_detected!("popcnt")
}

/// As [`fill`](super::blocks::fill), on a machine that
/// [has it](is_available).
pub(super) fn fill(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    assert!(is_available(), "AVX-512 was detected before");
    // SAFETY: the line above has checked for the features.
    unsafe { fill_avx512(text, start, floor, maps, sure) }
}

#[target_feature(
    enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,avx2,\
              bmi1,bmi2,lzcnt,popcnt"
)]
fn fill_avx512(
    text: &[u8],
    start: usize,
    floor: usize,
    maps: &mut Bitmaps,
    sure: &mut Sure,
) -> usize {
    let one = |block: &_, i, maps: &mut _| read_block(block, i, maps);
    let groups = |groups: &_, maps: &mut _| read_groups(groups, maps);
    let count = fill_with(text, start, maps, one, groups);
    let list = |marked: &Marked, first, to: &mut Places| {
        list(marked, first, to);
    };
    let sort = |bounds: &_, count, to: &mut _| sort(bounds, count, to);
    let machine = Ways {
        dense: DENSE,
        share: LINES,
        read_more: |_: &mut _| {},
        list,
        sort,
        quads: |ends: &Ends<'_>, before| quads(ends, before),
        through: |from: &_, inner: &_, to: &mut _| through(from, inner, to),
        back: |ends: &_, line: &_, to: &mut _| back(ends, line, to),
    };
    decide(text, count, floor, maps, sure, &machine);
    maps.note_anchors();
    count
}

/// As [`Marked::list`].
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2")]
#[inline]
fn list(marked: &Marked, first: usize, to: &mut Places) {
    // The places of the block, and below them what stands there.
    let mut places = load(&IN_ORDER);
    let Marked { any, low, high } = *marked;
    for (map, bit) in [(low, 1), (high, 2)] {
        let bit = _mm512_set1_epi8(bit);
        places = _mm512_mask_add_epi8(places, map, places, bit);
    }
    // Those of the candidates, at the front; half of the bytes hold them all.
    let places = _mm512_maskz_compress_epi8(any, places);
    let places = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places));
    let first = ((first as u16) << what::BITS).cast_signed();
    let places = _mm512_add_epi16(places, _mm512_set1_epi16(first));
    *to = stored_short(places);
}

/// As [`sort`](super::sure::sort).
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
#[inline]
fn sort(bounds: &Bounds, count: usize, to: &mut [All; 4]) -> [usize; 4] {
    /// Pairs of bounds in a vector.
    const PAIRS: usize = SPARE / 2;
    // The kind is below the second of each pair.
    let mask = _mm512_set1_epi32(3 << 16);
    let step = _mm512_set1_epi16((PAIRS as u16).cast_signed());
    let mut numbers = load_short(&FIRST);
    let (bounds, _) = bounds.as_chunks();
    // Not an array: those would be in memory.
    let (mut names, mut urls, mut ips, mut hashes) = (0, 0, 0, 0);
    let [to_names, to_urls, to_ips, to_hashes] = to;
    for (i, pairs) in bounds.iter().take(count.div_ceil(PAIRS)).enumerate() {
        let here = _mm512_and_si512(load_short(pairs), mask);
        let left = (count - i * PAIRS).min(PAIRS);
        let all = u16::MAX >> (PAIRS - left);
        let put = |kind: i32, to: &mut All, len: usize| {
            let kind = _mm512_set1_epi32(kind << 16);
            let those = _mm512_mask_cmpeq_epi32_mask(all, here, kind);
            let first = _mm512_maskz_compress_epi16(u32::from(those), numbers);
            let to = to[len..].first_chunk_mut().expect("room for a block");
            *to = stored_short(first);
            len + those.count_ones() as usize
        };
        names = put(0, to_names, names);
        urls = put(1, to_urls, urls);
        ips = put(2, to_ips, ips);
        hashes = put(3, to_hashes, hashes);
        numbers = _mm512_add_epi16(numbers, step);
    }
    [names, urls, ips, hashes]
}

/// As [`through`](super::sure::through).
#[target_feature(enable = "avx512f,avx512bw")]
#[inline]
fn through(from: &Map, inner: &Map, to: &mut Map) {
    let (one, mut sums) = (_mm512_set1_epi64(1), [_mm512_set1_epi64(0); 8]);
    // Which blocks carry, as bits, so that those into the next are a shift.
    let mut over = 0;
    let (from, _) = from[1..].as_chunks();
    let (inner, _) = inner[1..].as_chunks();
    for (i, sums) in sums.iter_mut().enumerate() {
        let (from, inner) = (load_long(&from[i]), load_long(&inner[i]));
        *sums = _mm512_add_epi64(inner, _mm512_and_si512(inner, from));
        let carries = _mm512_cmplt_epu64_mask(*sums, inner);
        over |= u64::from(carries) << (8 * i);
    }
    over <<= 1;
    let (to, _) = to[1..].as_chunks_mut();
    for (i, (to, sums)) in to.iter_mut().zip(sums).enumerate() {
        let over = (over >> (8 * i)) as u8;
        *to = stored(_mm512_mask_add_epi64(sums, over, sums, one));
    }
}

/// As [`back`](super::sure::back).
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,gfni")]
#[inline]
fn back(ends: &Map, line: &Map, inside: &mut Map) {
    let one = _mm512_set1_epi64(1);
    let (mut sums, mut inner) =
        ([_mm512_set1_epi64(0); 8], [_mm512_set1_epi64(0); 8]);
    let mut over = 0;
    let (line, _) = line[1..].as_chunks();
    let (here, _) = ends[1..].as_chunks();
    let (next, _) = ends[2..].as_chunks();
    for i in 0..CHUNK / 8 {
        let last =
            _mm512_shrdi_epi64::<1>(load_long(&here[i]), load_long(&next[i]));
        let line = load_long(&line[i]);
        inner[i] = reversed(_mm512_xor_si512(line, _mm512_set1_epi64(-1)));
        sums[i] = _mm512_add_epi64(inner[i], reversed(last));
        let carries = _mm512_cmplt_epu64_mask(sums[i], inner[i]);
        over |= u64::from(carries) << (8 * i);
    }
    over >>= 1;
    let (to, _) = inside[1..].as_chunks_mut();
    for i in 0..CHUNK / 8 {
        let over = (over >> (8 * i)) as u8;
        let sum = _mm512_mask_add_epi64(sums[i], over, sums[i], one);
        to[i] = stored(reversed(_mm512_andnot_si512(sum, inner[i])));
    }
}

/// The bits of each word in reverse.
#[target_feature(enable = "avx512f,avx512bw,gfni")]
#[inline]
fn reversed(words: __m512i) -> __m512i {
    let diagonal = _mm512_set1_epi64(0x8040_2010_0804_0201_u64.cast_signed());
    let bytes = _mm512_shuffle_epi8(words, load(&REVERSED));
    _mm512_gf2p8affine_epi64_epi8::<0>(bytes, diagonal)
}

/// As [`Quads::read`].
#[target_feature(enable = "avx512f,avx512bw,avx2")]
#[inline]
fn quads(ends: &Ends<'_>, before: u8) -> Quads {
    let [low, high] = backwards(ends);
    let all = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high);
    let of = |b: u8| _mm512_set1_epi8(b.cast_signed());
    let value = _mm512_sub_epi8(all, of(b'0'));
    let digit = _mm512_cmplt_epu8_mask(value, of(10));
    let is = |b: u8| _mm512_cmpeq_epi8_mask(all, of(b));
    let from =
        |least: u8| _mm512_mask_cmpge_epu8_mask(digit, value, of(least));
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

/// The first numbers.
const FIRST: Places = {
    let mut numbers = [0; SPARE];
    let mut i = 0;
    while i < SPARE {
        numbers[i] = i as u16;
        i += 1;
    }
    numbers
};

/// The numbers of the bytes of a block, with room for what stands there.
const IN_ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut i = 0;
    while i < 64 {
        order[i] = (i as u8) << what::BITS;
        i += 1;
    }
    order
};

/// Reads a block, which has this number in the maps.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
#[inline]
fn read_block(block: &[u8; BLOCK], i: usize, maps: &mut Maps) {
    let (low, high, beyond) = by_class(block);
    let masks = stored(low).into_iter().chain(stored(high));
    for (map, mask) in maps.iter_mut().zip(masks) {
        map[i] = mask;
    }
    maps[HIGH][i] = beyond;
}

/// Reads groups of blocks, the first of which is block 1 of the maps.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
#[inline]
fn read_groups(groups: &[[u8; GROUP * BLOCK]], maps: &mut Maps) -> usize {
    let zero = _mm512_set1_epi64(0);
    let ahead = groups.as_ptr_range().end;
    for (i, group) in groups.iter().enumerate() {
        for line in 0..GROUP {
            let ahead =
                ahead.cast::<i8>().wrapping_add((i * GROUP + line) * 64);
            _mm_prefetch::<_MM_HINT_T0>(ahead);
        }
        let first = 1 + i * GROUP;
        let (mut low, mut high) = ([zero; GROUP], [zero; GROUP]);
        let (blocks, _) = group.as_chunks();
        for (i, block) in blocks.iter().enumerate() {
            (low[i], high[i], maps[HIGH][first + i]) = by_class(block);
        }
        for (half, rows) in [low, high].iter().enumerate() {
            let maps = maps[half * HALF..].iter_mut();
            for (map, class) in maps.zip(turned(rows)) {
                map[first..first + GROUP].copy_from_slice(&stored(class));
            }
        }
    }
    groups.len()
}

/// For each class of either half the mask of a block, and that of the bytes
/// beyond ASCII.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,gfni")]
#[inline]
fn by_class(block: &[u8; BLOCK]) -> (__m512i, __m512i, u64) {
    let bytes = load(block);
    let beyond = _mm512_movepi8_mask(bytes);
    let bytes = _mm512_shuffle_epi8(bytes, load(&REVERSED));
    // The top bit of an index does not count.
    let look = |from: usize| {
        TABLES.each_ref().map(|half| {
            let (low, high) = (load(&half[from]), load(&half[from + 1]));
            _mm512_permutex2var_epi8(low, bytes, high)
        })
    };
    let mut halves = look(0);
    if beyond != 0 {
        let top = _mm512_movepi8_mask(bytes);
        let other = look(2);
        halves = [0, 1].map(|half| {
            _mm512_mask_blend_epi8(top, halves[half], other[half])
        });
    }
    // Bit for bit, the first byte of the words of the other order last.
    let diagonal = _mm512_set1_epi64(0x8040_2010_0804_0201_u64.cast_signed());
    let [low, high] = halves.map(|half| {
        let turned = _mm512_gf2p8affine_epi64_epi8::<0>(diagonal, half);
        _mm512_permutexvar_epi8(load(&BY_CLASS), turned)
    });
    (low, high, beyond)
}

/// Turns eight times eight words over: pairs of rows into pairs of words, and
/// each of the four places of a pair into a row, even rows and odd ones.
#[target_feature(enable = "avx512f")]
#[inline]
fn turned(rows: &[__m512i; 8]) -> [__m512i; 8] {
    /// Two of four pairs, of either row.
    const EVEN: i32 = 0x88;
    const ODD: i32 = 0xdd;
    let mut turned = *rows;
    for odd in [0, 1] {
        let pairs = [0, 2, 4, 6].map(|row| match odd {
            0 => _mm512_unpacklo_epi64(rows[row], rows[row + 1]),
            _ => _mm512_unpackhi_epi64(rows[row], rows[row + 1]),
        });
        let [ab, cd, ef, gh] = pairs;
        let abcd = _mm512_shuffle_i64x2::<EVEN>(ab, cd);
        let efgh = _mm512_shuffle_i64x2::<EVEN>(ef, gh);
        turned[odd] = _mm512_shuffle_i64x2::<EVEN>(abcd, efgh);
        turned[odd + 4] = _mm512_shuffle_i64x2::<ODD>(abcd, efgh);
        let abcd = _mm512_shuffle_i64x2::<ODD>(ab, cd);
        let efgh = _mm512_shuffle_i64x2::<ODD>(ef, gh);
        turned[odd + 2] = _mm512_shuffle_i64x2::<EVEN>(abcd, efgh);
        turned[odd + 6] = _mm512_shuffle_i64x2::<ODD>(abcd, efgh);
    }
    turned
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the 64 bytes are in bounds, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load_short(shorts: &Places) -> __m512i {
    // SAFETY: the 32 shorts are in bounds, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(shorts.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load_long(longs: &[u64; 8]) -> __m512i {
    // SAFETY: the eight words are in bounds, and the load asks for no
    // alignment.
    unsafe { _mm512_loadu_si512(longs.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn stored_short(vector: __m512i) -> [u16; SPARE] {
    let mut shorts = [0; SPARE];
    // SAFETY: the 32 shorts are in bounds, and the store asks for no
    // alignment.
    unsafe { _mm512_storeu_si512(shorts.as_mut_ptr().cast(), vector) };
    shorts
}

#[target_feature(enable = "avx512f")]
#[inline]
fn stored(vector: __m512i) -> [u64; 8] {
    let mut words = [0; 8];
    // SAFETY: the eight words are in bounds, and the store asks for no
    // alignment.
    unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), vector) };
    words
}
