//! Keyword arguments of everything that scans.

use iocpack::{Scanner, Strictness};

use pyo3::prelude::*;

use crate::error;

/// Every type, as the command prints it.
pub(crate) const TYPES: [&str; 7] =
    ["domain", "url", "ipv4", "ipv6", "md5", "sha1", "sha256"];

/// Which types are wanted. What is not is left out of the answer, and is
/// looked for all the same: a name inside a URL is no domain because URLs
/// are not wanted.
#[derive(Clone, Copy)]
pub(crate) struct Types(u8);

impl Types {
    /// # Errors
    ///
    /// `ArgumentError` for an unknown name, naming `argument`.
    pub(crate) fn of(
        argument: &str,
        names: Option<Vec<String>>,
    ) -> PyResult<Types> {
        let Some(names) = names else {
            return Ok(Types(!0));
        };
        let mut bits = 0;
        for name in names {
            bits |= match name.as_str() {
                "ip" => 0b1100,
                "hash" => 0b111_0000,
                name => match TYPES.iter().position(|it| *it == name) {
                    Some(at) => 1 << at,
                    None => {
                        return Err(error::argument(format!(
                            "{argument}: unknown type {name:?}: expected \
                             domain, url, ip, ipv4, ipv6, hash, md5, sha1 \
                             or sha256"
                        )));
                    }
                },
            };
        }
        Ok(Types(bits))
    }

    pub(crate) fn wants_all(self) -> bool {
        self.0 == !0
    }

    pub(crate) fn wants_match(self, found: &iocpack::Match<'_>) -> bool {
        self.wants(found.type_name())
    }

    pub(crate) fn wants(self, type_name: &str) -> bool {
        // The most common question.
        if self.wants_all() {
            return true;
        }
        TYPES
            .iter()
            .position(|it| *it == type_name)
            .is_some_and(|at| self.0 & 1 << at != 0)
    }
}

/// A scanner with these options.
///
/// # Errors
///
/// `ArgumentError` for an unknown strictness.
pub(crate) fn scanner(
    strictness: &str,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
) -> PyResult<Scanner> {
    let strictness = match strictness {
        "strict" => Strictness::Strict,
        "balanced" => Strictness::Balanced,
        "loose" => Strictness::Loose,
        other => {
            return Err(error::argument(format!(
                "strictness: expected \"strict\", \"balanced\" or \
                 \"loose\", not {other:?}"
            )));
        }
    };
    let mut builder = Scanner::builder();
    builder
        .strictness(strictness)
        .refang(refang)
        .email_domains(email_domains)
        .inner_urls(inner_urls);
    Ok(builder.build())
}
