//! Names in other scripts whose letters need no mapping.
//!
//! UTS-46 maps, composes and checks; for small letters of the scripts that
//! most such names are in, all of that changes nothing, and a name is only
//! to be written in A-labels. Everything else is left to `idna`.

/// The A-labels of a name, if each of its characters is a small ASCII letter,
/// a digit, `-`, `_`, or a letter that UTS-46 keeps whatever stands beside
/// it. `None` leaves it open.
pub(super) fn plain_a_labels(name: &str) -> Option<String> {
    // The encoding is quadratic in a label, which is short.
    const LONGEST: usize = 256;
    if name.len() > LONGEST || !name.chars().all(is_plain) {
        return None;
    }
    let mut out = String::with_capacity(name.len() + 16);
    for label in name.split('.') {
        let bytes = label.as_bytes();
        let hyphens = bytes.first() == Some(&b'-')
            || bytes.last() == Some(&b'-')
            || bytes.get(2..4) == Some(b"--");
        // Empty, to be an A-label already, or for its hyphens none.
        if bytes.is_empty() || hyphens {
            return None;
        }
        if !out.is_empty() {
            out.push('.');
        }
        if label.is_ascii() {
            out.push_str(label);
        } else {
            out.push_str("xn--");
            out.push_str(&idna::punycode::encode_str(label)?);
        }
    }
    Some(out)
}

/// Characters that are valid in UTS-46, that nothing is composed with, and
/// that are written from left to right.
fn is_plain(c: char) -> bool {
    matches!(
        c,
        'a'..='z'
            | '0'..='9'
            | '-'
            | '_'
            | '.'
            // Latin, but for the sharp s.
            | '\u{e0}'..='\u{f6}'
            | '\u{f8}'..='\u{ff}'
            // Greek, but for the final sigma.
            | '\u{3b1}'..='\u{3c1}'
            | '\u{3c3}'..='\u{3c9}'
            // Cyrillic.
            | '\u{430}'..='\u{45f}'
            // Kana.
            | '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}'
            // Han and Hangul.
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference(name: &str) -> Option<String> {
        let name = idna::domain_to_ascii_cow(
            name.as_bytes(),
            idna::AsciiDenyList::EMPTY,
        );
        name.ok().map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn each_character_is_kept_as_idna_keeps_it() {
        for c in ('\u{80}'..=char::MAX).filter(|c| is_plain(*c)) {
            for name in [format!("a{c}1.de"), format!("{c}.{c}{c}")] {
                assert_eq!(plain_a_labels(&name), reference(&name), "{c:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_it_says_is_what_idna_says(
            name in "[a-c0-2.\u{e0}-\u{ff}\u{3b1}-\u{3c9}\u{430}-\u{45f}\
                \u{3041}-\u{3096}\u{30a1}-\u{30fa}\u{4e00}-\u{9fff}\
                \u{ac00}-\u{d7a3}_-]{1,24}",
        ) {
            if let Some(labels) = plain_a_labels(&name) {
                prop_assert_eq!(Some(labels), reference(&name));
            }
        }
    }
}
