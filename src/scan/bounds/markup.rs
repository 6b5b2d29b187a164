//! Markup that touches a URL or a name: labels, tags, entities.

use super::{Body, ends_token};
use crate::scan::chars::before;

/// How far before a candidate the start of a block is looked for, in bytes.
const NEAR: usize = 128;
/// Longest word of a tag, in bytes.
const MAX_WORD: usize = 16;

/// Whether the bracket at `at` opens the label of a link of `AsciiDoc` or a
/// wiki, `https://example.org[the label^]`: it holds what no URL does.
pub(super) fn opens_label(text: &[u8], at: usize) -> bool {
    text[at..]
        .iter()
        .take(256)
        .take_while(|b| **b != b']')
        .any(|b| ends_token(*b))
}

/// Whether the bracket at `at` is that of a tag of forums that closes:
/// `[/img]`.
pub(super) fn closes_tag(text: &[u8], at: usize) -> bool {
    let word = text[at..].strip_prefix(b"[/").and_then(|it| word(it, b']'));
    word.is_some()
}

/// Whether the brace at `at` ends a block of wikis and trackers that opened
/// before `start`: `{color:red}evil.example{color}`.
pub(in crate::scan) fn closes_block(
    text: &[u8],
    start: usize,
    at: usize,
) -> bool {
    // `${IFS}` is a variable.
    let word = word(&text[at + 1..], b'}').filter(|_| text[at - 1] != b'$');
    let Some(word) = word else { return false };
    let left = &text[start.saturating_sub(NEAR)..start];
    memchr::memrchr_iter(b'{', left).any(|at| {
        let rest = left[at + 1..].strip_prefix(word);
        matches!(rest, Some([b'}' | b':', ..]))
    })
}

/// The word of letters that `text` starts with, if `close` follows it.
fn word(text: &[u8], close: u8) -> Option<&[u8]> {
    let letter = |b: &&u8| b.is_ascii_alphabetic();
    let len = text.iter().take(MAX_WORD).take_while(letter).count();
    (len > 0 && text.get(len) == Some(&close)).then(|| &text[..len])
}

/// An entity that stands for a byte that ends a URL: `&quot;`, `&lt;`.
pub(in crate::scan) fn ends_with_entity(text: &[u8], at: usize) -> bool {
    let ends: [&[u8]; 16] = [
        b"&quot;",
        b"&lt;",
        b"&gt;",
        b"&nbsp;",
        b"&apos;",
        b"&#34;",
        b"&#39;",
        b"&#60;",
        b"&#62;",
        b"&#160;",
        b"&#x22;",
        b"&#x27;",
        b"&#10;",
        b"&#13;",
        b"&rdquo;",
        b"&hellip;",
    ];
    ends.iter().any(|end| text[at..].starts_with(end))
}

/// Markup that stands before the URL and comes again at its end.
pub(super) fn trim_markup(
    text: &[u8],
    start: usize,
    from: usize,
    body: &mut Body,
) {
    let open = before(text, start);
    if matches!(open, b'*' | b'+' | b'_' | b'~' | b'=') {
        while body.end > from && text[body.end - 1] == open {
            body.end -= 1;
        }
    }
    // Sentence marks before the markup.
    while body.end > from
        && matches!(text[body.end - 1], b'.' | b',' | b';' | b':' | b'!')
    {
        body.end -= 1;
    }
}
