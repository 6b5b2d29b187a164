//! Evidence for a name of which the suffix is also something else.

use super::{
    Around, WINDOW, is_between_slashes, is_host_before, word_end_before,
    word_ending_at,
};
use crate::kind::{Suffix, is_quad, pack, quad_length, suffix_of};
use crate::refang::is_label;
use crate::scan::Strictness;
use crate::scan::chars::{before, byte, is_word};
use crate::scan::escape::ends_escape;
use crate::scan::found::Reason;
use crate::scan::host::{Run, ends_line};
use crate::scan::tld::{NAMELESS, Tld, top};

/// For a suffix that is also something else: does the text speak for a name?
pub(super) fn evidence(
    around: Around<'_>,
    run: &Run,
    tld: Tld,
    strictness: Strictness,
) -> Result<(), Reason> {
    let Around { text, start, end } = around;
    let weak = match tld {
        Tld::File | Tld::Source => Reason::FileName,
        Tld::Word => Reason::Code,
        Tld::Plain | Tld::Reserved => Reason::Weak,
    };
    let first = &text[run.first.0..run.first.1];
    if is_word(first, &[b"www"]) {
        return Ok(());
    }
    let port = byte(text, end) == b':' && port_follows(text, end);
    let told = naming_word_before(text, start)
        || is_between_slashes(text, start)
        || tld == Tld::Word && (is_beside_address(around) || is_rule(around));
    if port || told {
        return Ok(());
    }
    if byte(text, start.wrapping_sub(1)) == b'.' {
        return Err(weak);
    }
    let field = own_field(around);
    if strictness == Strictness::Strict {
        return match field && tld != Tld::File && listed(around) {
            true => Ok(()),
            false => Err(weak),
        };
    }
    let stem = &text[start..run.last.0];
    // An identifier holds no hyphen, and rarely a digit.
    let marked = stem.iter().any(|b| *b == b'-' || b.is_ascii_digit());
    if field {
        let against = tld == Tld::File
            || ends_line(text, end) && code_near(around)
            || !marked && is_key(around);
        return if !against || listed(around) { Ok(()) } else { Err(weak) };
    }
    // `FileUtils.pm`: an identifier's capitals.
    if run.upper && run.lower && tld == Tld::Word {
        return Err(weak);
    }
    // `example.co.in`: no file is called so.
    if tld == Tld::Source && double_suffix(&text[start..end]) {
        return Ok(());
    }
    let last = &text[run.last.0..run.last.1];
    let nameless = last.len() > 2 || is_word(last, NAMELESS);
    let unlikely = match tld {
        Tld::Word if first.len() < 2 => !short_link(text, end),
        Tld::File | Tld::Source => true,
        Tld::Word if nameless && !marked => true,
        Tld::Reserved if run.labels < 3 => true,
        _ => first.len() < 2,
    };
    let identifier = first.iter().all(u8::is_ascii_alphabetic);
    match unlikely
        || code_around(around)
        || identifier && echoed(around, first)
    {
        true => Err(weak),
        false => Ok(()),
    }
}

/// Whether the address of a name stands beside it, as hosts files, resolvers
/// and reports write it: `192.0.2.1 name`, `name (192.0.2.1)`, `name -> …`.
fn is_beside_address(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let right = text[end..text.len().min(end + 24)].trim_ascii_start();
    let arrow = right.strip_prefix(b"->").or(right.strip_prefix(b"=>"));
    let arrow = arrow.map(<[u8]>::trim_ascii_start);
    let right = arrow.or(right.strip_prefix(b"("));
    if right.is_some_and(|right| quad_length(right) > 0) {
        return true;
    }
    let left = &text[start.saturating_sub(24)..start];
    let left = left.strip_suffix(b"(").unwrap_or(left);
    let word = left.trim_ascii_end();
    let blank = &left[word.len()..];
    if blank.is_empty() || blank.contains(&b'\n') {
        return false;
    }
    let is_part = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let len = word.iter().rev().take(16).take_while(is_part).count();
    let (rest, quad) = word.split_at(word.len() - len);
    is_quad(quad) && !rest.last().is_some_and(|b| is_label(*b))
}

/// Whether a name stands in a rule of a filter: `*.name`, `||name^`.
fn is_rule(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let left = &text[..start];
    if let Some(left) = left.strip_suffix(b"*.") {
        let before = left.last().copied().unwrap_or(b' ');
        return !is_label(before) && !matches!(before, b'.' | b')' | b'*');
    }
    left.ends_with(b"||") && byte(text, end) == b'^'
}

/// Whether a name ends with a suffix of two labels, such as `co.in`.
fn double_suffix(name: &[u8]) -> bool {
    let mut lower = [0; 256];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    match suffix_of(lower) {
        Suffix::Public { len, .. } => {
            lower[lower.len() - len..].contains(&b'.')
        }
        _ => false,
    }
}

/// `t.me/name`: a path of one word, as the links of short hosts have it and
/// quotients of code rarely do.
fn short_link(text: &[u8], end: usize) -> bool {
    let Some(path) = text[end..].strip_prefix(b"/") else { return false };
    let path = path.strip_prefix(b"+").unwrap_or(path);
    let word = path.iter().take(64).take_while(|b| is_label(**b)).count();
    word >= 5 && !matches!(byte(path, word), b'.' | b'(' | b'[')
}

fn port_follows(text: &[u8], colon: usize) -> bool {
    let digits = text[colon + 1..]
        .iter()
        .take(6)
        .take_while(|b| b.is_ascii_digit())
        .count();
    matches!(digits, 2..=5) && !is_label(byte(text, colon + 1 + digits))
}

/// A word before the name that says what it is.
fn naming_word_before(text: &[u8], start: usize) -> bool {
    // What they end with, so that most words are passed at once.
    let end = word_end_before(text, start);
    if !matches!(
        before(text, end).to_ascii_lowercase(),
        b'n' | b's' | b'e' | b't' | b'2' | b'c' | b'r' | b'i'
    ) {
        return false;
    }
    let words: [&[u8]; 15] = [
        b"domain",
        b"domains",
        b"hostname",
        b"hostnames",
        b"host",
        b"fqdn",
        b"c2",
        b"cnc",
        b"server",
        b"servers",
        b"site",
        b"website",
        b"subdomain",
        b"dns",
        b"sni",
    ];
    let word = word_ending_at(text, start, end);
    let gap = &text[start.saturating_sub(3)..start];
    // `host = request.host` assigns.
    is_word(word, &words) && gap != b" = "
}

/// Whether the candidate fills a line, a field of a table or of a CSV row, an
/// element of XML or a string of JSON.
pub(super) fn own_field(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let right = {
        let blanks = blanks(&text[end..]);
        let at = end + blanks;
        let b = byte(text, at);
        match b {
            0 => at >= text.len(),
            b'\n' | b'\r' | b'\t' | b'|' => true,
            // A row goes on; a list of arguments has a space or a new line.
            b',' | b';' => {
                let next = byte(text, at + 1);
                let last = matches!(next, b'\n' | b'\r' | 0);
                blanks == 0
                    && next != b' '
                    && (!last || before(text, start) == b)
            }
            b'<' => byte(text, at + 1) == b'/',
            b'"' | b'\'' => {
                blanks == 0
                    && before(text, start) == b
                    && !called(text, start - 1)
            }
            b'\\' => matches!(byte(text, at + 1), b'n' | b'r' | b't' | b'"'),
            _ => text[end..at].contains(&b'\t'),
        }
    };
    if !right {
        return false;
    }
    let low = start.saturating_sub(WINDOW);
    let left = &text[low..start];
    let trimmed = left.trim_ascii_end();
    let blanks = left.len() - trimmed.len();
    let newline = left[trimmed.len()..].contains(&b'\n')
        || left[trimmed.len()..].contains(&b'\t');
    match trimmed.last() {
        None => true,
        _ if newline || ends_escape(text, start) => true,
        Some(b'|' | b'\t') => true,
        Some(b',' | b';') => blanks == 0,
        Some(b'>') => byte(text, end) == b'<',
        Some(q @ (b'"' | b'\'')) => blanks == 0 && byte(text, end) == *q,
        // Bullets.
        Some(b'-' | b'*' | b'+') => {
            blanks > 0 && bullet(trimmed) && ends_line(text, end)
        }
        _ => false,
    }
}

/// Whether the candidate is the key of a value, and no key near is a host:
/// logs in JSON call their fields `host.name`, `event.id`.
fn is_key(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let after = end + 1;
    let quote = byte(text, end);
    if !matches!(quote, b'"' | b'\'')
        || byte(text, after + blanks(&text[after..])) != b':'
    {
        return false;
    }
    let low = start.saturating_sub(WINDOW);
    let near = &text[low..text.len().min(end + WINDOW)];
    !memchr::memmem::find_iter(near, &[quote, b':'])
        .any(|at| is_host_before(near, at))
}

/// Whether the string that starts at `quote` is the argument of a call.
fn called(text: &[u8], quote: usize) -> bool {
    before(text, quote) == b'('
        && quote.checked_sub(2).is_some_and(|at| is_label(text[at]))
}

/// Whether nothing but blanks stands before the bullet that ends `text`.
fn bullet(text: &[u8]) -> bool {
    let rest = &text[..text.len() - 1];
    let line = rest
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(rest, |at| &rest[at + 1..]);
    line.trim_ascii().is_empty()
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take(WINDOW).take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Whether the lines before or after hold a name of a plain suffix, or an
/// address, where this one has its candidate: a list of them.
fn listed(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let low = start.saturating_sub(WINDOW);
    let newline = memchr::memrchr(b'\n', &text[low..start]);
    let line_start = match newline {
        Some(at) => Some(low + at + 1),
        // Where a long line starts is not known.
        None => (low == 0).then_some(0),
    };
    let high = text.len().min(end + WINDOW);
    let line_end = memchr::memchr(b'\n', &text[end..high]).map(|at| end + at);
    let column = line_start.map(|at| start - at);
    let above = line_start.filter(|at| *at > low + 1).is_some_and(|at| {
        let line = last_line(&text[low..at - 1]);
        column.is_some_and(|column| holds_name(line, column))
    });
    let below = line_end.is_some_and(|at| {
        let line = first_line(&text[at + 1..high]);
        column.is_some_and(|column| holds_name(line, column))
    });
    above || below
}

fn last_line(text: &[u8]) -> &[u8] {
    memchr::memrchr(b'\n', text).map_or(text, |at| &text[at + 1..])
}

fn first_line(text: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', text).map_or(text, |at| &text[..at])
}

/// Whether the token at `column` of `line` is a name with a plain suffix.
fn holds_name(line: &[u8], column: usize) -> bool {
    let Some(rest) = line.get(column..) else { return false };
    let stop = |b: &u8| !(is_label(*b) || matches!(b, b'.' | b'[' | b']'));
    let token = &rest[..rest.iter().position(stop).unwrap_or(rest.len())];
    let Some(dot) = memchr::memrchr(b'.', token) else { return false };
    if token.contains(&b'[') {
        return true;
    }
    let last = &token[dot + 1..];
    dot > 0
        && last.iter().all(u8::is_ascii_alphabetic)
        && last.len() <= 8
        && top(pack(last, 0, last.len()))
            .is_some_and(|top| top.tld == Tld::Plain && top.is_public())
}

/// Whether the lines around the candidate's line are written like code.
fn code_near(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let low = start.saturating_sub(WINDOW);
    let high = text.len().min(end + WINDOW);
    let last = |line: &[u8]| {
        let line = line.trim_ascii_end();
        let end = line.last().copied().unwrap_or(0);
        matches!(end, b'{' | b'(' | b'}' | b';' | b')')
            || line.ends_with(b"=>")
            || line.ends_with(b" =")
    };
    let above = memchr::memrchr(b'\n', &text[low..start])
        .map(|at| last_line(&text[low..low + at]));
    let below = memchr::memchr(b'\n', &text[end..high])
        .map(|at| first_line(&text[end + at + 1..high]));
    above.is_some_and(last) || below.is_some_and(last)
}

/// How much of a line is read for marks of code, on each side, in bytes.
const CODE_WINDOW: usize = 96;

/// Whether the line around the candidate is written like code.
fn code_around(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let low = start.saturating_sub(CODE_WINDOW);
    let high = text.len().min(end + CODE_WINDOW);
    let left = last_line(&text[low..start]);
    let right = first_line(&text[end..high]);
    let ends_statement = right.trim_ascii_end().ends_with(b";")
        || right.trim_ascii_end().ends_with(b"{");
    let call = left.ends_with(b"(") && is_label(before(left, left.len() - 1));
    ends_statement || call || has_code_mark(left) || has_code_mark(right)
}

/// Whether a part of a line, at most [`CODE_WINDOW`] bytes, has a mark that
/// prose has not.
#[expect(clippy::needless_bitwise_bool, reason = "no branch")]
fn has_code_mark(line: &[u8]) -> bool {
    let mut padded = [0; CODE_WINDOW + 3];
    padded[..line.len()].copy_from_slice(line);
    // No branch inside, so that the compiler makes vectors of both loops. The
    // first asks for what stands in each mark.
    let any_of_mark = padded[..CODE_WINDOW].iter().fold(0, |any, b| {
        let within = |low: u8, high| u8::from((low..=high).contains(b));
        any | within(b'&', b')') | within(b':', b'>') | within(b'{', b'}')
    });
    if any_of_mark == 0 {
        return false;
    }
    let mut any = false;
    for at in 0..CODE_WINDOW {
        let [a, b] = [padded[at], padded[at + 1]];
        let [c, d] = [padded[at + 2], padded[at + 3]];
        let pair = (a == b'(') & (b == b')')
            | ((a == b')') | (a == b'}')) & (b == b';')
            | ((a == b'=') | (a == b'-')) & (b == b'>')
            | (a == b) & ((a == b':') | (a == b'&') | (a == b'|'))
            | (a == b'+') & (b == b'=')
            | (a == b' ') & (b == b'{');
        let assigns = (a == b' ')
            & ((b == b'=') & ((c == b' ') | (c == b'=') & (d == b' '))
                | (b == b'!') & (c == b'=') & (d == b' '));
        any |= pair | assigns;
    }
    any
}

/// Whether something like `word` stands in a text, with no dot after it: its
/// first two letters do.
#[expect(clippy::needless_bitwise_bool, reason = "no branch")]
fn may_hold_word(text: &[u8], word: &[u8]) -> bool {
    let [first, second, ..] = *word else { return true };
    let Some(after) = text.get(word.len()..) else { return false };
    let pairs = text.iter().zip(&text[1..]).zip(after);
    // No branch inside, so that the compiler makes vectors of it.
    pairs.fold(false, |any, ((a, b), c)| {
        any | ((*a == first) & (*b == second) & (*c != b'.'))
    })
}

/// Whether the text around uses the first label as a word by itself.
fn echoed(around: Around<'_>, first: &[u8]) -> bool {
    let Around { text, start, end } = around;
    let low = start.saturating_sub(WINDOW);
    let high = text.len().min(end + WINDOW);
    let alone = |text: &[u8]| {
        // Mostly it is not there, which needs no searcher.
        if !text.ends_with(first) && !may_hold_word(text, first) {
            return false;
        }
        memchr::memmem::find_iter(text, first).take(8).any(|at| {
            let after = byte(text, at + first.len());
            let prior = before(text, at);
            !is_label(after)
                && after != b'.'
                && !is_label(prior)
                && prior != b'.'
        })
    };
    alone(&text[low..start]) || alone(&text[end..high])
}
