//! Characters that are not seen, at every place of every kind of indicator.

use iocpack::{Flags, Scanner};

/// Characters that are shown as nothing, or that change how others are shown.
const UNSEEN: [char; 36] = [
    '\u{0}',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{90}',
    '\u{9b}',
    '\u{9d}',
    '\u{a0}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2064}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fff9}',
    '\u{e0041}',
];

/// One of each kind.
const VALUES: [&str; 5] = [
    "evil.example.com",
    "http://evil.example.com/a",
    "192.0.2.7",
    "2001:db8::57",
    "ca9ed13e6156870196491cb93b61b5b4",
];

#[test]
fn no_value_holds_a_character_that_is_not_seen() {
    let mut found = 0;
    for c in UNSEEN {
        for value in VALUES {
            for at in 0..=value.len() {
                let (before, after) = value.split_at(at);
                let text = format!("see {before}{c}{after} now");
                for it in Scanner::new().find_iter(&text) {
                    found += 1;
                    let canonical = it.canonical();
                    assert!(
                        canonical.bytes().all(|b| b.is_ascii_graphic()),
                        "{canonical:?} in {text:?}"
                    );
                    assert_eq!(&text.as_bytes()[it.span().range()], it.raw());
                    // Who sees another text than stands there is told.
                    let raw = std::str::from_utf8(it.raw()).unwrap();
                    let told = Flags::HIDDEN_CHARACTERS;
                    let dropped = raw.contains(c) && !canonical.contains('%');
                    assert!(
                        !dropped || it.flags().contains(told),
                        "{text:?} gives {canonical} without a flag"
                    );
                }
            }
        }
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn what_a_control_of_the_direction_touches_is_flagged() {
    let bidi = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
    for c in bidi {
        for value in VALUES {
            for text in [format!("{c}{value}"), format!("{value}{c}")] {
                let all: Vec<_> = Scanner::new().find_iter(&text).collect();
                let [it] = &all[..] else { panic!("{text:?}: {all:?}") };
                assert_eq!(it.canonical(), value);
                assert!(it.flags().contains(Flags::BIDI_CONTROL), "{text:?}");
            }
            let plain = format!("{value} {c}");
            let it = Scanner::new().find_iter(&plain).next().unwrap();
            assert!(!it.flags().contains(Flags::BIDI_CONTROL), "{plain:?}");
        }
    }
}
