//! The error of operations: reading, limits, requests that cannot be built.
//!
//! What is wrong with a *value* is not an error but data: see
//! [`Invalid`](crate::Invalid).

use std::borrow::Cow;
use std::{fmt, io};

/// An operation that could not be carried out.
///
/// Opaque and one word wide. Ask it with the `is_…` methods; read its cause
/// with [`source`](std::error::Error::source).
///
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What sort of operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorKind {
    Io,
    Limit,
    Argument,
    Syntax,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    /// A stated limit was passed.
    pub(crate) fn limit(message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(ErrorKind::Limit, message)
    }

    /// The caller asked for something that cannot be built.
    pub(crate) fn argument(message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(ErrorKind::Argument, message)
    }

    /// A structured input (JSON, a list) does not parse.
    pub(crate) fn syntax(message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(ErrorKind::Syntax, message)
    }

    /// Reading or writing failed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.0.kind == ErrorKind::Io
    }

    /// A stated limit (items, bytes) was passed.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        self.0.kind == ErrorKind::Limit
    }

    /// An argument was refused: an empty name, a collection id with a slash.
    #[must_use]
    pub fn is_argument(&self) -> bool {
        self.0.kind == ErrorKind::Argument
    }

    /// A structured input did not parse.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        self.0.kind == ErrorKind::Syntax
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}

impl From<io::Error> for Error {
    fn from(err: io::Error) -> Error {
        Error(Box::new(Inner {
            kind: ErrorKind::Io,
            message: Cow::Owned(err.to_string()),
            source: Some(Box::new(err)),
        }))
    }
}

/// The first bytes of a foreign text for a message, with whatever a terminal
/// would obey, or an eye not see, escaped.
pub(crate) fn shown(text: &[u8], most: usize) -> String {
    let mut cut = &text[..text.len().min(most)];
    if cut.len() < text.len()
        && let Err(err) = std::str::from_utf8(cut)
        && err.error_len().is_none()
    {
        // A character that the end goes through.
        cut = &cut[..err.valid_up_to()];
    }
    let mut out = String::new();
    for c in String::from_utf8_lossy(cut).chars() {
        let hides = matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        );
        if c.is_control() || hides {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    if cut.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_foreign_text_is_cut_between_characters_and_shows_what_hides() {
        assert_eq!(shown("aé".as_bytes(), 2), "a…");
        assert_eq!(shown("aé".as_bytes(), 3), "aé");
        assert_eq!(shown(b"a\x1b\xff", 9), "a\\u{1b}\u{fffd}");
        assert_eq!(
            shown("a\u{ad}\u{202e}".as_bytes(), 9),
            "a\\u{ad}\\u{202e}"
        );
    }
}
