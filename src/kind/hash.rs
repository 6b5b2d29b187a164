//! File digests: MD5, SHA-1 and SHA-256, told apart by their length.

use std::fmt;

use super::{Invalid, InvalidReason, Kind, any_byte};

/// Which digest a [`FileHash`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashKind {
    /// 16 bytes.
    Md5,
    /// 20 bytes.
    Sha1,
    /// 32 bytes.
    Sha256,
}

impl HashKind {
    /// `md5`, `sha1` or `sha256`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HashKind::Md5 => "md5",
            HashKind::Sha1 => "sha1",
            HashKind::Sha256 => "sha256",
        }
    }

    /// The digest that is written with `digits` hex digits: 32, 40 or 64.
    #[must_use]
    pub fn from_hex_len(digits: usize) -> Option<HashKind> {
        match digits {
            32 => Some(HashKind::Md5),
            40 => Some(HashKind::Sha1),
            64 => Some(HashKind::Sha256),
            _ => None,
        }
    }
}

/// The MD5, SHA-1 or SHA-256 digest of a file.
///
/// A commit id of git cannot be told from a SHA-1 and counts as one.
/// `Display` writes lower-case hex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(Bytes);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Bytes {
    Md5([u8; 16]),
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl FileHash {
    /// Reads 32, 40 or 64 hex digits of either case.
    ///
    /// ```
    /// use iocpack::FileHash;
    ///
    /// let md5 = FileHash::parse("D41D8CD98F00B204E9800998ECF8427E").unwrap();
    /// assert_eq!(md5.to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    /// let err = FileHash::parse("d41d8cd9").unwrap_err();
    /// assert_eq!(err.reason().code(), "hex-length");
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotHex`](InvalidReason::NotHex) at the first other byte, else
    /// [`HexLength`](InvalidReason::HexLength).
    pub fn parse(value: &str) -> Result<FileHash, Invalid> {
        FileHash::of_hex(value.as_bytes())
    }

    /// As [`parse`](FileHash::parse), from any bytes.
    pub(crate) fn of_hex(hex: &[u8]) -> Result<FileHash, Invalid> {
        let invalid = |reason, at| Invalid::new(Kind::Hash, reason, at);
        let is_other = |b: u8| !b.is_ascii_hexdigit();
        if any_byte(hex, is_other) {
            let at = hex.iter().position(|b| is_other(*b));
            return Err(invalid(InvalidReason::NotHex, at.unwrap_or(0)));
        }
        let bytes = match HashKind::from_hex_len(hex.len()) {
            Some(HashKind::Md5) => Bytes::Md5(decode(hex)),
            Some(HashKind::Sha1) => Bytes::Sha1(decode(hex)),
            Some(HashKind::Sha256) => Bytes::Sha256(decode(hex)),
            None => return Err(invalid(InvalidReason::HexLength, hex.len())),
        };
        Ok(FileHash(bytes))
    }

    /// Which digest this is.
    #[must_use]
    pub fn kind(&self) -> HashKind {
        match self.0 {
            Bytes::Md5(_) => HashKind::Md5,
            Bytes::Sha1(_) => HashKind::Sha1,
            Bytes::Sha256(_) => HashKind::Sha256,
        }
    }

    /// The digest itself: 16, 20 or 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Md5(bytes) => bytes,
            Bytes::Sha1(bytes) => bytes,
            Bytes::Sha256(bytes) => bytes,
        }
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Hex::of(self.as_bytes()).as_str())
    }
}

/// Decodes `2 * N` hex digits.
fn decode<const N: usize>(hex: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    // Every digest is a multiple of four bytes.
    let (digits, _) = hex.as_chunks();
    for (bytes, digits) in out.chunks_exact_mut(4).zip(digits) {
        bytes.copy_from_slice(&eight(*digits).to_le_bytes());
    }
    out
}

/// The four bytes that eight hex digits stand for, the first one lowest.
fn eight(digits: [u8; 8]) -> u32 {
    let digits = u64::from_le_bytes(digits);
    // The letters are 1 to 6 past a bit that no digit has.
    let nibbles = (digits & 0x0f0f_0f0f_0f0f_0f0f)
        + 9 * (digits >> 6 & 0x0101_0101_0101_0101);
    // Two digits to a byte of two, two of those to four, and again.
    let bytes = (nibbles << 4 | nibbles >> 8) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    (pairs | pairs >> 16) as u32
}

/// Up to 32 bytes as lower-case hex digits, without an allocation.
pub(crate) struct Hex {
    digits: [[u8; 2]; 32],
    len: usize,
}

impl Hex {
    /// The digits of `bytes`, of which there are at most 32.
    pub(crate) fn of(bytes: &[u8]) -> Hex {
        // All of them, whatever the length, and no table: so the compiler
        // makes vectors of it.
        let mut all = [0; 32];
        all[..bytes.len()].copy_from_slice(bytes);
        let digit = |half| half + if half < 10 { b'0' } else { b'a' - 10 };
        let digits = all.map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        Hex { digits, len: 2 * bytes.len() }
    }

    pub(crate) fn as_str(&self) -> &str {
        let digits = &self.digits.as_flattened()[..self.len];
        std::str::from_utf8(digits).expect("hex digits are ASCII")
    }
}
