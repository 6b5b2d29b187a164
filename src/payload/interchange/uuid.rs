//! Version 5 UUIDs (RFC 9562, section 5.5): ids made of names.

use std::fmt;

use sha1::{Digest as _, Sha1};

/// The namespace of every id here: the version 5 UUID of `iocpack` in the nil
/// namespace.
pub(super) const NAMESPACE: Uuid = Uuid([
    0x84, 0xe2, 0x8e, 0xbf, 0x32, 0x67, 0x58, 0x1f, 0xbf, 0x5e, 0xa8, 0xd9,
    0xa7, 0x48, 0x20, 0x35,
]);

/// An id. `Display` writes it in lower-case hex with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Uuid([u8; 16]);

impl Uuid {
    /// The id of a name in a namespace.
    pub(super) fn v5(namespace: Uuid, name: &[u8]) -> Uuid {
        let digest = Sha1::new()
            .chain_update(namespace.0)
            .chain_update(name)
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes[6] = bytes[6] & 0x0f | 0x50;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Uuid(bytes)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_standard() {
        assert_eq!(Uuid::v5(Uuid([0; 16]), b"iocpack"), NAMESPACE);
        // RFC 9562, appendix A.4.
        let dns = Uuid([
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00,
            0xc0, 0x4f, 0xd4, 0x30, 0xc8,
        ]);
        assert_eq!(
            Uuid::v5(dns, b"www.example.com").to_string(),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2",
        );
    }
}
