//! One table for every byte of a path or query.

/// What a byte is in a path or query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Class {
    /// Kept, and exercises no rule that is not proven.
    Plain,
    /// `/`
    Slash,
    /// `?`
    Question,
    /// `%`
    Percent,
    /// `+`
    Plus,
    /// `\`
    Backslash,
    /// One of ``"<>[]^`{|}``: RFC 2396 called most of them unwise.
    Unwise,
    /// `#`
    Hash,
    /// The blank.
    Space,
    /// Another byte below the blank, or DEL.
    Control,
    /// A byte from 0x80.
    High,
}

impl Class {
    pub(super) fn of(byte: u8) -> Class {
        CLASSES[usize::from(byte)]
    }
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'/' => Class::Slash,
            b'?' => Class::Question,
            b'%' => Class::Percent,
            b'+' => Class::Plus,
            b'\\' => Class::Backslash,
            b'"' | b'<' | b'>' | b'[' | b']' | b'^' | b'`' | b'{' | b'|'
            | b'}' => Class::Unwise,
            b'#' => Class::Hash,
            b' ' => Class::Space,
            0..=0x1f | 0x7f => Class::Control,
            0x80.. => Class::High,
            _ => Class::Plain,
        };
        byte += 1;
    }
    table
};
