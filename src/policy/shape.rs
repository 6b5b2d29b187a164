//! What a value looks like: drawn at random, or made of words and numbers.

/// Which digits a value is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `0-9a-f` or `0-9A-F`.
    Hex,
    /// Digits and letters of one case.
    Base36,
    /// Digits and letters of both cases, `-_+/=` and `.`.
    Base64,
    /// Anything else, or letters only, or digits only.
    Other,
}

impl Shape {
    pub(super) fn of(value: &str) -> Shape {
        let mut lower = false;
        let mut upper = false;
        let mut digit = false;
        let mut past_f = false;
        let mut mark = false;
        for byte in value.bytes() {
            match byte {
                b'0'..=b'9' => digit = true,
                b'a'..=b'z' => lower = true,
                b'A'..=b'Z' => upper = true,
                b'-' | b'_' | b'+' | b'/' | b'=' | b'.' | b'~' | b' ' => {
                    mark = true;
                }
                _ => return Shape::Other,
            }
            past_f |= matches!(byte | 0x20, b'g'..=b'z');
        }
        match (lower, upper, digit) {
            (true, true, true) => Shape::Base64,
            (true, false, true) | (false, true, true) if mark => Shape::Other,
            (true, false, true) | (false, true, true) if past_f => {
                Shape::Base36
            }
            (true, false, true) | (false, true, true) => Shape::Hex,
            _ => Shape::Other,
        }
    }
}

/// The class of a byte, for counting changes from one to the next.
fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    }
}

/// Pairs of neighbours that are letters or digits, and those of them that
/// differ in class.
fn changes(value: &str) -> (usize, usize) {
    let alnum = value.bytes().filter(u8::is_ascii_alphanumeric);
    let pairs = alnum.clone().zip(alnum.skip(1));
    pairs.fold((0, 0), |(all, differ), (a, b)| {
        (all + 1, differ + usize::from(class(a) != class(b)))
    })
}

/// Whether a value looks drawn at random. Letters and digits change classes
/// often: in 62 % of the pairs for random base62, in 40 % for random base36,
/// in 47 % for random hex; in words with numbers in under 25 %.
pub(super) fn is_random(value: &str) -> bool {
    let (all, differ) = changes(value);
    let percent = match Shape::of(value) {
        Shape::Base64 => 32,
        Shape::Base36 => 18,
        Shape::Hex => 20,
        Shape::Other => return is_mixed_case(value),
    };
    all > 0 && differ * 100 >= all * percent
}

/// Letters of both cases without a digit, changing as no word does:
/// `aGVsbGVyTWFu`.
fn is_mixed_case(value: &str) -> bool {
    let letters =
        value.bytes().all(|b| b.is_ascii_alphabetic() || b"-_".contains(&b));
    let (all, differ) = changes(value);
    letters && value.len() >= 12 && differ * 100 >= all * 38
}

/// Whether a short value mixes its classes: `a8f3k2`, `Xk29fLq8`, a UUID; not
/// `summer2024`, `en-US`, `404`.
pub(super) fn is_mixed(value: &str) -> bool {
    if is_uuid(value) {
        return true;
    }
    if is_slug(value) {
        return false;
    }
    if value.len() >= 12 && is_random(value) {
        return true;
    }
    let (_, differ) = changes(value);
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    differ >= 3 || digit && differ >= 2
}

/// Whether a value is a word, not a key: letters only of one case, or a
/// capital first.
pub(super) fn is_word_like(value: &str) -> bool {
    let rest = value.get(1..).unwrap_or_default();
    value.len() < 20
        && value.bytes().all(|b| b.is_ascii_alphabetic() || b"-_".contains(&b))
        && (rest.bytes().all(|b| !b.is_ascii_uppercase())
            || value.bytes().all(|b| !b.is_ascii_lowercase()))
}

/// Whether a value is 32 hex digits in groups of 8, 4, 4, 4 and 12
/// (RFC 9562), with or without braces.
pub(super) fn is_uuid(value: &str) -> bool {
    let value = value.trim_matches(['{', '}']);
    value.len() == 36
        && value.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether letters of both cases are mixed as in no word and no row of
/// capitalised words: `BzoiefkDMU`; not `ResetYourKey`.
pub(super) fn is_scrambled(value: &str) -> bool {
    let bytes = value.as_bytes();
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    bytes.len() >= 8
        && bytes.iter().all(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && bytes.iter().enumerate().any(|(at, b)| {
            let next = bytes.get(at + 1);
            b.is_ascii_uppercase() && !next.is_some_and(u8::is_ascii_lowercase)
        })
}

/// Whether a long value names a thing and opens nothing: a UUID, words and
/// numbers with marks between them, or the content id of IPFS.
pub(super) fn is_name(value: &str) -> bool {
    is_uuid(value) || is_slug(value) || is_content_id(value)
}

/// `How-To-Do-It-2024.html`: most of what stands between marks is a word, a
/// number, or up to three characters.
fn is_slug(value: &str) -> bool {
    let (mut all, mut plain, mut bytes_in_plain) = (0, 0, 0);
    for piece in value.split(['-', '_', '.', '+', ' ', '~']) {
        let bytes = piece.as_bytes();
        let rest = bytes.get(1..).unwrap_or_default();
        let word = bytes.iter().all(u8::is_ascii_alphabetic)
            && (rest.iter().all(u8::is_ascii_lowercase)
                || bytes.iter().all(u8::is_ascii_uppercase));
        let number = bytes.iter().all(u8::is_ascii_digit);
        all += 1;
        if word || number || bytes.len() <= 3 {
            plain += 1;
            bytes_in_plain += bytes.len();
        }
    }
    all >= 3 && plain * 3 >= all * 2 && bytes_in_plain * 2 >= value.len()
}

/// `Qm…` of 46 base58 digits, or `baf…` of 59 base32 digits, by itself or
/// before a file name's ending.
fn is_content_id(value: &str) -> bool {
    let id = value.split('.').next().unwrap_or(value);
    let alnum = id.bytes().all(|b| b.is_ascii_alphanumeric());
    alnum
        && (id.len() == 46 && id.starts_with("Qm")
            || id.len() == 59 && id.starts_with("baf"))
}
