//! Labels that mix scripts, after the notion of UTS-39 (section 5.1): the
//! characters of one label should share a script, or be a mix that a
//! language is written in.

/// A set of scripts.
type Scripts = u16;

const LATIN: Scripts = 1;
const HAN: Scripts = 1 << 1;
const KANA: Scripts = 1 << 2;
const HANGUL: Scripts = 1 << 3;
const BOPOMOFO: Scripts = 1 << 4;
const CYRILLIC: Scripts = 1 << 5;
const GREEK: Scripts = 1 << 6;
const ARMENIAN: Scripts = 1 << 7;
const HEBREW: Scripts = 1 << 8;
const ARABIC: Scripts = 1 << 9;
const INDIC: Scripts = 1 << 10;
const OTHER: Scripts = 1 << 11;

/// Mixes that one language is written in: Japanese, Chinese, Korean.
const ALLOWED: [Scripts; 3] =
    [LATIN | HAN | KANA, LATIN | HAN | BOPOMOFO, LATIN | HAN | HANGUL];

/// Whether a label of `name` mixes scripts that no language mixes, such as a
/// Cyrillic letter among Latin ones.
pub(super) fn is_mixed(name: &str) -> bool {
    let dot = |c| matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}');
    name.split(dot).any(|label| {
        let scripts = label.chars().fold(0, |all, c| all | script(c));
        scripts.count_ones() > 1
            && !ALLOWED.iter().any(|mix| scripts & !mix == 0)
    })
}

fn script(c: char) -> Scripts {
    match c as u32 {
        0x41..=0x5a | 0x61..=0x7a => LATIN,
        0..=0xbf | 0xd7 | 0xf7 => 0,
        0xc0..=0x24f
        | 0x250..=0x2af
        | 0x1e00..=0x1eff
        | 0x2c60..=0x2c7f
        | 0xa720..=0xa7ff
        | 0xfb00..=0xfb06
        | 0xff21..=0xff3a
        | 0xff41..=0xff5a => LATIN,
        0x300..=0x36f
        | 0x2000..=0x2bff
        | 0x3000..=0x3004
        | 0xff00..=0xff20 => 0,
        0x370..=0x3ff | 0x1f00..=0x1fff => GREEK,
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff => CYRILLIC,
        0x530..=0x58f => ARMENIAN,
        0x590..=0x5ff => HEBREW,
        0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff => ARABIC,
        0x900..=0xdff => INDIC,
        0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => HANGUL,
        0x3040..=0x30ff | 0x31f0..=0x31ff => KANA,
        0x3100..=0x312f => BOPOMOFO,
        0x2e80..=0x2fdf
        | 0x3005..=0x3007
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x20000..=0x3ffff => HAN,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::is_mixed;

    #[test]
    fn a_cyrillic_letter_among_latin_ones_is_mixed() {
        assert!(is_mixed("p\u{430}ypal.com"));
        assert!(!is_mixed("paypal.com"));
        assert!(!is_mixed("b\u{fc}cher.de"));
        assert!(!is_mixed("\u{43f}\u{440}\u{438}.com"));
        assert!(!is_mixed("abc\u{6771}\u{30a2}.jp"));
        assert!(is_mixed("\u{3b1}\u{430}.gr"));
    }
}
