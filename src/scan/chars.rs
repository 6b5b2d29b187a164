//! Bytes and characters, as the scanner sees them.

use crate::refang::is_label;

/// The byte at `at`, or 0 beyond the text. No rule treats NUL as text.
#[inline]
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The byte before `at`, or 0 at the start.
#[inline]
pub(super) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| byte(text, at))
}

/// The character that starts at `at` and its length in bytes; `None` for
/// what is no UTF-8.
pub(super) fn char_at(text: &[u8], at: usize) -> Option<(char, usize)> {
    let first = byte(text, at);
    // The bits of the first byte, and the least code that is as long.
    let (bits, least, len) = match first {
        0..=0x7f => return Some((char::from(first), 1)),
        0xc2..=0xdf => (first & 0x1f, 0x80, 2),
        0xe0..=0xef => (first & 0xf, 0x800, 3),
        0xf0..=0xf4 => (first & 7, 0x1_0000, 4),
        _ => return None,
    };
    let rest = text.get(at + 1..at + len)?;
    let code = rest.iter().try_fold(u32::from(bits), |code, &b| {
        (b & 0xc0 == 0x80).then(|| code << 6 | u32::from(b & 0x3f))
    })?;
    let c = char::from_u32(code).filter(|_| code >= least)?;
    Some((c, len))
}

/// The character that ends at `at`, and its length in bytes.
pub(super) fn char_before(text: &[u8], at: usize) -> Option<(char, usize)> {
    for len in 1..=4.min(at) {
        let start = at - len;
        if text[start] & 0xc0 != 0x80 {
            let (c, size) = char_at(text, start)?;
            return (size == len).then_some((c, len));
        }
    }
    None
}

/// Characters that cannot be seen and that people put into names to break
/// them: all that UTS-46 drops (Unicode 18), and the two joiners, which few
/// names need.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Whether a character beyond ASCII may stand in a host label. Punctuation,
/// spaces, symbols and controls of every script may not.
pub(super) fn is_label_char(c: char) -> bool {
    if c.is_ascii() {
        return is_label(c as u8);
    }
    // Most text beyond ASCII: letters of a few scripts, and punctuation.
    match c as u32 {
        0xe0..=0xf6
        | 0xf8..=0x24f
        | 0x3b1..=0x3c9
        | 0x400..=0x481
        | 0x5d0..=0x5ea
        | 0x620..=0x64a
        | 0x3041..=0x3096
        | 0x30a1..=0x30fa
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xac00..=0xd7a3 => return true,
        0x2010..=0x205f
        | 0x3000..=0x3004
        | 0x3008..=0x3020
        | 0xff00..=0xff0f
        | 0xfffd => return false,
        _ => {}
    }
    is_hidden(c) || c.is_alphanumeric() || is_combining(c)
}

/// Marks that combine with a letter before them: `is_alphanumeric` leaves out
/// those that are not alphabetic.
fn is_combining(c: char) -> bool {
    matches!(
        c as u32,
        0x300..=0x36f
            | 0x483..=0x487
            | 0x591..=0x5bd
            | 0x610..=0x61a
            | 0x64b..=0x65f
            | 0x900..=0x903
            | 0x93a..=0x94f
            | 0x951..=0x957
            | 0x962..=0x963
            | 0x9bc
            | 0x9cd
            | 0xa3c
            | 0xa4d
            | 0xabc
            | 0xacd
            | 0xb3c
            | 0xb4d
            | 0xbcd
            | 0xc4d
            | 0xcbc
            | 0xccd
            | 0xd4d
            | 0xdca
            | 0xe31..=0xe3a
            | 0xe47..=0xe4e
            | 0x1037..=0x103a
            | 0x17d2
            | 0x1dc0..=0x1dff
            | 0x20d0..=0x20ff
            | 0x3099..=0x309a
            | 0xb7
            | 0x375
            | 0x5f3..=0x5f4
            | 0xfe20..=0xfe2f
    )
}

/// Scripts that are written without spaces between words, so that a name may
/// touch prose: Han, Kana, Hangul particles, Thai, Lao, Khmer, Burmese.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(
        c as u32,
        0x0e00..=0x0eff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0x3040..=0x30ff
            | 0x3400..=0x4dbf
            | 0x4e00..=0x9fff
            | 0xac00..=0xd7af
            | 0xf900..=0xfaff
            | 0x20000..=0x3ffff
    )
}

/// Whether a character beyond ASCII ends a URL: quotes, brackets, sentence
/// marks and spaces of every script, and what cannot be seen.
pub(super) fn ends_url(c: char) -> bool {
    matches!(
        c as u32,
        0x80..=0xa0
            | 0xab
            | 0xbb
            | 0x1680
            | 0x2000..=0x200a
            | 0x200e..=0x200f
            | 0x2013..=0x2014
            | 0x2018..=0x201f
            | 0x2022
            | 0x2026
            | 0x2028..=0x202f
            | 0x2039..=0x203a
            | 0x205f
            | 0x2066..=0x2069
            | 0x3000..=0x3003
            | 0x3008..=0x3011
            | 0x3014..=0x301b
            | 0x301d..=0x301f
            | 0xfe30..=0xfe4f
            | 0xff01
            | 0xff08..=0xff09
            | 0xff0c
            | 0xff1b
            | 0xff1f
            | 0xff3b
            | 0xff3d
            | 0xff5b
            | 0xff5d
            | 0xff5f..=0xff64
            | 0xfff9..=0xffff
            | 0x5be
            | 0x5c0
            | 0x60c
            | 0x61b
            | 0x61f
            | 0x6d4
            | 0x964..=0x965
            | 0xe000..=0xf8ff
    )
}

/// The words that `bytes` is compared with must be lower case.
pub(super) fn is_word(bytes: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| bytes.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{char_at, is_combining, is_hidden, is_label_char};

    #[test]
    fn a_character_is_what_the_standard_library_reads() {
        for c in '\u{0}'..=char::MAX {
            let text = c.to_string();
            assert_eq!(char_at(text.as_bytes(), 0), Some((c, text.len())));
        }
        // The bytes at which the rules of UTF-8 change.
        let bytes =
            *b"\0A\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xe1\xec\
            \xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff";
        for at in 0..bytes.len().pow(4) {
            let pick = |by: usize| bytes[at / by % bytes.len()];
            let n = bytes.len();
            let text = [pick(1), pick(n), pick(n * n), pick(n * n * n)];
            for text in [&text[..], &text[..2]] {
                let valid = (1..=text.len())
                    .find(|len| std::str::from_utf8(&text[..*len]).is_ok());
                let read = char_at(text, 0).map(|(_, len)| len);
                assert_eq!(read, valid, "{text:x?}");
            }
        }
    }

    #[test]
    fn the_ranges_of_label_characters_are_what_unicode_says() {
        for c in '\u{80}'..=char::MAX {
            let is_label =
                is_hidden(c) || c.is_alphanumeric() || is_combining(c);
            assert_eq!(is_label_char(c), is_label, "{c:?}");
        }
    }

    #[test]
    fn what_uts_46_drops_is_hidden_and_only_the_joiners_beside_it() {
        for c in '\u{80}'..=char::MAX {
            let name = format!("ab{c}cd.example");
            let mapped = idna::domain_to_ascii(&name);
            let dropped = mapped.is_ok_and(|it| it == "abcd.example");
            let joiner = matches!(c, '\u{200c}' | '\u{200d}');
            assert_eq!(is_hidden(c), dropped || joiner, "{c:?}");
        }
    }
}
