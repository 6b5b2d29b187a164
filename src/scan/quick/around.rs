//! What stands beside a token, and whether any rule asks about it.

use crate::Span;
use crate::refang::{LABEL, is_close, is_label, past_control};
use crate::scan::bounds::{blank_before, closes_block};
use crate::scan::chars::{before, byte};
use crate::scan::context::opens_argument;

/// What follows a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::scan) enum After {
    /// Nothing that any rule asks about.
    Nothing,
    /// Perhaps a mark that stands for a dot, so that the token goes on.
    Mark,
    /// Something that a rule asks about.
    Other,
}

/// Whether what follows a name makes it code, whatever its suffix.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn is_code(text: &[u8], span: Span) -> bool {
    let end = span.end;
    match byte(text, end) {
        b'(' | b'[' => opens_argument(text, end),
        b':' => byte(text, end + 1) == b':',
        b'{' => !closes_block(text, span.start, end),
        b'$' => true,
        _ => false,
    }
}

/// Whether `https` at `start` is a word of its own before which no markup
/// stands.
pub(super) fn is_before_url(text: &[u8], start: usize) -> bool {
    let in_word = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'*' | b'_' | b'-' | b'[' | b']' | b'(' | b')' | b'+' | b'.'
            )
    };
    match before(text, start) {
        // `[text](https://evil.example)`
        b'(' | b'[' => match before(text, start - 1) {
            b']' | b')' => true,
            b => !in_word(b),
        },
        b'=' | b'~' => false,
        b'}' => blank_before(text, start).is_none(),
        b => !in_word(b),
    }
}

/// What the byte after a token may be the start of.
const NOTHING: u8 = 0;
/// A bracket, with or without a dot in it.
const BRACKET: u8 = 1;
/// A mark if a dot follows.
const ESCAPE: u8 = 2;
/// A mark if a number or a name follows.
const ENTITY: u8 = 3;
const PORT: u8 = 4;
const SPACE: u8 = 5;
const OTHER: u8 = 6;

static AFTER: [u8; 256] = {
    let mut table = [NOTHING; 256];
    let sets: [(&[u8], u8); 6] = [
        (b"[({<", BRACKET),
        (b"]^\\", ESCAPE),
        (b"&%", ENTITY),
        (b":", PORT),
        (b" ", SPACE),
        (b"/?@$.", OTHER),
    ];
    let mut set = 0;
    while set < sets.len() {
        let (bytes, what) = sets[set];
        let mut i = 0;
        while i < bytes.len() {
            table[bytes[i] as usize] = what;
            i += 1;
        }
        set += 1;
    }
    table
};

/// Whether a byte beside a token is nothing that any rule asks about, with
/// no look at the byte after it.
static FREE: [bool; 256] = {
    let mut table = [true; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = AFTER[b] == NOTHING && !LABEL[b];
        b += 1;
    }
    let asked = b"/\\$@])} >:[;";
    let mut i = 0;
    while i < asked.len() {
        table[asked[i] as usize] = false;
        i += 1;
    }
    table
};

/// Whether no rule asks about what stands beside a token: both [`is_free`]
/// and [`after`] say so.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(in crate::scan) fn is_apart(text: &[u8], span: Span) -> bool {
    let free = |b: u8| FREE[usize::from(b)];
    (free(before(text, span.start)) || is_free(text, span.start))
        && (free(byte(text, span.end))
            || after(text, span.end) == After::Nothing)
}

/// What follows the token that ends at `end`. Says `Nothing` only where every
/// rule of names of plain suffixes and of addresses would.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(in crate::scan) fn after(text: &[u8], end: usize) -> After {
    let first = byte(text, end);
    let next = byte(text, end + 1);
    let mark = |yes: bool| if yes { After::Mark } else { After::Other };
    match AFTER[usize::from(first)] {
        NOTHING => After::Nothing,
        BRACKET => match next {
            b' ' | b'.' | b',' => After::Mark,
            b'd' | b'D' | b'p' | b'P' if starts_mark_word(text, end + 1) => {
                After::Mark
            }
            _ if next == first => After::Mark,
            b'/' if first == b'<' => After::Nothing,
            _ => After::Other,
        },
        ESCAPE => match next {
            b'.' | b'\\' => After::Mark,
            _ if first == b'\\' => After::Other,
            _ => After::Nothing,
        },
        ENTITY => mark(matches!(next, b'#' | b'p' | b'P' | b'2')),
        PORT if next.is_ascii_digit() => {
            let digits = text[end + 1..].iter().take(6);
            let digits = digits.take_while(|b| b.is_ascii_digit()).count();
            match byte(text, end + 1 + digits) {
                b'/' => After::Other,
                _ => After::Nothing,
            }
        }
        PORT => match next {
            b':' | b'[' | b'/' => After::Other,
            _ => After::Nothing,
        },
        SPACE if is_mark_after_space(text, end) => After::Mark,
        SPACE => After::Nothing,
        // The dot that ends a sentence.
        _ if first == b'.' => match next {
            b'[' => After::Mark,
            _ => After::Nothing,
        },
        _ => After::Other,
    }
}

/// Whether the word after a bracket may be one for a dot, or `at`.
fn starts_mark_word(text: &[u8], at: usize) -> bool {
    let word = [byte(text, at), byte(text, at + 1)];
    matches!(
        word.map(|b| b.to_ascii_lowercase()),
        [b'd', b'o' | b'0'] | [b'p', b'u' | b'o'] | [b'a', b't']
    )
}

/// Whether the dot at `at` neither is one between labels nor ends or starts a
/// mark for one.
pub(super) fn is_no_mark(text: &[u8], at: usize) -> bool {
    let (left, right) = (before(text, at), byte(text, at + 1));
    match (is_label(left), is_label(right)) {
        (true, true) => false,
        // `evil.)badcorp`
        (true, false) => is_close(right) && !is_label(byte(text, at + 2)),
        // `[www].evil.example`
        (false, true) if left == b']' => {
            !matches!(before(text, at - 1), b'w' | b'W')
        }
        (false, true) => !matches!(left, b'[' | b'(' | b'{' | b'\\' | b'^'),
        // Not `'.'`, `].[` or ` . `.
        (false, false) => {
            matches!(left, b'\'' | b'"' | b'|' | b')' | b'}' | b'>' | b']')
                && left != right
                && right != b'['
        }
    }
}

/// Whether the token at `span` is the local part of an address of mail: none
/// that a scheme of another kind stands before.
#[inline]
pub(in crate::scan) fn is_local_part(text: &[u8], span: Span) -> bool {
    byte(text, span.end) == b'@'
        && is_label(byte(text, span.end + 1))
        && !matches!(before(text, span.end), b'-' | b'_')
        && !text[..span.start].ends_with(b"//")
        && !text[..span.start].ends_with(b"\\\\")
}

/// Whether no label stands so near before the dot at `at` that a mark might
/// join it to one.
pub(super) fn is_far(text: &[u8], at: usize) -> bool {
    // A mark is at most four characters before its dot.
    let near = text[at.saturating_sub(5)..at].iter().rev();
    let other = near.copied().find(|b| !OPENS[usize::from(*b)]);
    other.is_some_and(|b| !is_label(b))
}

/// Bytes that may stand between a label and the dot of a mark.
static OPENS: [bool; 256] = {
    let mut table = [false; 256];
    let opens = b" [({<\\^'\"|]";
    let mut i = 0;
    while i < opens.len() {
        table[opens[i] as usize] = true;
        i += 1;
    }
    table
};

/// Whether the space at `at` may start a mark for a dot or an at sign:
/// ` [.] `, ` (dot) `, ` [at] `. A bracket with other words starts none.
#[inline]
pub(super) fn is_mark_after_space(text: &[u8], at: usize) -> bool {
    let open = byte(text, at + 1);
    let inside = byte(text, at + 2);
    matches!(open, b'[' | b'(' | b'{')
        && (inside == open
            || matches!(inside, b' ' | b'.' | b',' | 0x80..)
            || starts_mark_word(text, at + 2))
}

/// Whether what stands before a token is nothing that a rule of names of
/// plain suffixes asks about.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(super) fn is_free(text: &[u8], start: usize) -> bool {
    match before(text, start) {
        b'/' | b'\\' | b'$' | b'%' | b'@' | b']' | b')' | b'}' => false,
        b' ' => !matches!(before(text, start - 1), b']' | b')' | b'}'),
        b'>' => before(text, start - 1) != b'-',
        b':' => before(text, start - 1) != b':',
        b'[' | b';' => past_control(text, start).is_none(),
        _ => true,
    }
}
