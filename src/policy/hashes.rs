//! Digests that stand for no file worth sending.

use super::HoldReason::{self, EmptyFileHash, TrivialHash};

/// Digests of zero bytes: MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4).
#[rustfmt::skip]
const EMPTY: [&[u8]; 3] = [
    &[0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04,
      0xe9, 0x80, 0x09, 0x98, 0xec, 0xf8, 0x42, 0x7e],
    &[0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55,
      0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf, 0xd8, 0x07, 0x09],
    &[0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
      0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
      0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
      0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55],
];

/// Longest run of bytes whose repetition makes a digest a placeholder:
/// `0123456789abcdef…` has 8.
const MAX_PERIOD: usize = 8;

/// Why a digest is held, and by which rule.
pub(super) fn special(digest: &[u8]) -> Option<(HoldReason, &'static str)> {
    if EMPTY.contains(&digest) {
        return Some((EmptyFileHash, "the digest of zero bytes"));
    }
    let repeats = |by: usize| digest[by..] == digest[..digest.len() - by];
    let period = (1..=MAX_PERIOD).find(|&by| repeats(by))?;
    let same = |b: &u8| *b == digest[0] && b >> 4 == b & 15;
    Some((
        TrivialHash,
        if period == 1 && digest.iter().all(same) {
            "all digits are equal"
        } else {
            "one run of digits repeated"
        },
    ))
}
