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
    if is_uuid(value) || value.len() >= 12 && is_random(value) {
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

/// Nothing where a value is a UUID, else the value: a UUID names things, and
/// is no key by itself.
pub(super) fn strip_uuid(value: &str) -> &str {
    if is_uuid(value) { "" } else { value }
}
