//! VirusTotal's identifier of a URL: the SHA-256 of its canonical form.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::hash::write_hex;

/// The SHA-256 of a canonical URL. `Display` writes 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlId([u8; 32]);

impl UrlId {
    pub(super) fn of(canonical: &[u8]) -> UrlId {
        UrlId(Sha256::digest(canonical).into())
    }

    /// The digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for UrlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}
