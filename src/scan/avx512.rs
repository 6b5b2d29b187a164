//! The bitmaps of a block with AVX-512: 64 bytes at a time.
//!
//! With VBMI a byte is looked up in a table of 128 by one instruction. Each
//! byte of text becomes the two bytes of its [`CLASS`], from tables for ASCII
//! and for what is beyond it, and a class is one test of a bit.

#![expect(unsafe_code, reason = "vector loads, and calls after detection")]

use std::arch::x86_64::{
    __m512i, _mm512_loadu_si512, _mm512_mask_blend_epi8, _mm512_movepi8_mask,
    _mm512_permutex2var_epi8, _mm512_set1_epi8, _mm512_test_epi8_mask,
};

use super::blocks::{BLOCK, Bitmaps, CLASS, CLASSES, Masks, fill_with};

/// The low and the high half of the classes of 64 bytes from `from` on.
const fn table(half: usize, from: usize) -> [u8; 64] {
    let mut table = [0; 64];
    let mut i = 0;
    while i < 64 {
        table[i] = (CLASS[from + i] >> (8 * half) & 0xff) as u8;
        i += 1;
    }
    table
}

/// For each half of a class the tables of all bytes.
static TABLES: [[[u8; 64]; 4]; 2] = [
    [table(0, 0), table(0, 64), table(0, 128), table(0, 192)],
    [table(1, 0), table(1, 64), table(1, 128), table(1, 192)],
];

/// Whether this machine has AVX-512 with VBMI and VBMI2.
#[inline]
pub(super) fn is_available() -> bool {
    std::is_x86_feature_detected!("avx512f")
        && std::is_x86_feature_detected!("avx512bw")
        && std::is_x86_feature_detected!("avx512vbmi")
        && std::is_x86_feature_detected!("avx512vbmi2")
}

/// As [`fill`](super::blocks::fill), on a machine that has AVX-512 with VBMI and
/// VBMI2.
pub(super) fn fill(text: &[u8], start: usize, maps: &mut Bitmaps) -> usize {
    assert!(is_available(), "AVX-512 was detected before");
    // SAFETY: the line above has checked for the features.
    unsafe { fill_avx512(text, start, maps) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx2")]
fn fill_avx512(text: &[u8], start: usize, maps: &mut Bitmaps) -> usize {
    fill_with(text, start, maps, |block| masks(block))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2")]
#[inline]
fn masks(block: &[u8; BLOCK]) -> Masks {
    let bytes = load(block);
    let beyond = _mm512_movepi8_mask(bytes);
    let halves =
        TABLES.each_ref().map(|[low, high, beyond_low, beyond_high]| {
            // The top bit of an index does not count.
            let ascii = _mm512_permutex2var_epi8(load(low), bytes, load(high));
            let other = _mm512_permutex2var_epi8(
                load(beyond_low),
                bytes,
                load(beyond_high),
            );
            _mm512_mask_blend_epi8(beyond, ascii, other)
        });
    let mut masks = [0; CLASSES];
    for (class, mask) in masks.iter_mut().enumerate() {
        let bit = _mm512_set1_epi8((1_u8 << (class % 8)).cast_signed());
        *mask = _mm512_test_epi8_mask(halves[class / 8], bit);
    }
    masks
}

#[target_feature(enable = "avx512f")]
#[inline]
fn load(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the 64 bytes are in bounds, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}
