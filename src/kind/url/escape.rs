//! Percent escapes: reading them, and writing what has to be escaped.

use super::class::Class;
use super::feature::Features;

/// Where a run of bytes stands: the rules differ a little.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Query,
}

/// The value of each hex digit, and [`NO_DIGIT`] for the other bytes.
static DIGITS: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        table[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    table
};
const NO_DIGIT: u8 = 0x10;

/// The byte that `%XX` at the start of `bytes` stands for.
pub(super) fn decode_pair(bytes: &[u8]) -> Option<u8> {
    hex_pair(bytes.strip_prefix(b"%")?)
}

/// The byte that the two hex digits at the start of `bytes` name.
#[inline]
pub(crate) fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let &[high, low, ..] = bytes else { return None };
    let high = DIGITS[usize::from(high)];
    let low = DIGITS[usize::from(low)];
    ((high | low) & NO_DIGIT == 0).then_some(high << 4 | low)
}

/// Appends `byte` as `%XX` with upper-case digits.
pub(super) fn push_escaped(byte: u8, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let high = DIGITS[usize::from(byte >> 4)];
    let low = DIGITS[usize::from(byte & 15)];
    out.extend_from_slice(&[b'%', high, low]);
}

/// What the escape of `byte` in `part` lowers the certainty by.
///
/// Pairs hold escapes of reserved characters in queries, and of UTF-8 and
/// other bytes from 0x80 in paths; outputs hold `%20` in paths.
pub(super) fn note_escape(byte: u8, part: Part) -> Features {
    match byte {
        b'-'
        | b'.'
        | b'_'
        | b'~'
        | b'0'..=b'9'
        | b'a'..=b'z'
        | b'A'..=b'Z' => Features::UNRESERVED_ESCAPE,
        b' ' | 0x80.. => Features::NONE,
        _ if part == Part::Path => Features::PATH_ESCAPE,
        _ => Features::NONE,
    }
}

/// Appends a path segment or a query: byte for byte, but for what no URL
/// holds.
pub(super) fn write(
    bytes: &[u8],
    part: Part,
    out: &mut Vec<u8>,
    features: &mut Features,
) {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let plain = rest
            .iter()
            .position(|&byte| Class::of(byte) != Class::Plain)
            .unwrap_or(rest.len());
        out.extend_from_slice(&rest[..plain]);
        at += plain;
        let Some(&byte) = bytes.get(at) else { break };
        if let Some(decoded) = decode_pair(&bytes[at..]) {
            let lower = |b: &u8| b.is_ascii_lowercase();
            if bytes[at + 1..at + 3].iter().any(lower) {
                features.add(Features::ESCAPE_CASE);
            }
            features.add(note_escape(decoded, part));
            out.extend_from_slice(&bytes[at..at + 3]);
            at += 3;
            continue;
        }
        match Class::of(byte) {
            Class::Space => features.add(Features::SPACE),
            Class::Control => features.add(Features::CONTROL),
            Class::High => features.add(Features::NON_ASCII),
            Class::Percent => features.add(Features::BAD_ESCAPE),
            Class::Plus => features.add(Features::PLUS),
            Class::Unwise => features.add(Features::UNWISE_CHARACTER),
            Class::Backslash => features.add(Features::BACKSLASH),
            Class::Plain | Class::Slash | Class::Question | Class::Hash => {}
        }
        match Class::of(byte) {
            Class::Space | Class::Control | Class::High => {
                push_escaped(byte, out);
            }
            _ => out.push(byte),
        }
        at += 1;
    }
}
