//! Judgement: what the text around a valid name or address says of it.
//!
//! A valid name is not yet one that somebody meant: `readme.md` and `self.id`
//! are valid, and so is `Agent.XX`. What decides is how the candidate is
//! written and what stands around it. The steps, for a name that is neither
//! defanged nor part of a URL:
//!
//! 1. *Neighbours that decide*: a call's bracket, a path's separator, a sigil,
//!    an assignment. They make it code or a piece of a path.
//! 2. *Its own spelling*: a capital after the last dot is the start of a
//!    sentence or the family of a detection; a name that starts with `com.`
//!    is a package.
//! 3. *Its suffix*. Most suffixes are nothing but suffixes. Some are also the
//!    type of a file (`.py`, `.zip`), some a word of code (`.name`, `.id`).
//! 4. For those two, *evidence*: a field or a line of its own, names beside
//!    it in a list, a word like `domain` before it, a hyphen or a digit
//!    where an identifier has none. And counter-evidence: its first label is
//!    a word that the text around it uses by itself, as code does with its
//!    variables.
//!
//! Everything read lies within [`WINDOW`] bytes, so that a judgement costs
//! the same in every text.

mod evidence;

use self::evidence::{evidence, own_field};
use super::Strictness;
use super::bounds::closes_block;
use super::chars::{before, byte, is_word};
use super::escape::{coded_before, is_letter_coded};
use super::found::Reason;
use super::host::Run;
use super::name::follows_login;
use super::tld::{Tld, is_plain};
use crate::kind::is_quad;
use crate::refang::is_label;

/// How far to either side the text is read, in bytes.
pub(super) const WINDOW: usize = 256;

/// A candidate in its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'t> {
    pub(super) text: &'t [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Judges an IPv4 address that is valid.
pub(super) fn judge_address(
    around: Around<'_>,
    defanged: bool,
    strictness: Strictness,
) -> Result<(), Reason> {
    if defanged || strictness == Strictness::Loose {
        return Ok(());
    }
    let Around { text, start, end } = around;
    let (left, at) = left_of(text, start);
    let right = byte(text, end);
    let next = byte(text, end + 1);
    if left == b'.' || right == b'.' && is_label(next) {
        return Err(Reason::Version);
    }
    if matches!(left, b'+' | b'~' | b'^')
        || matches!(right, b'+' | b'~') && is_label(next)
    {
        return Err(Reason::Version);
    }
    let port = right == b':' && next.is_ascii_digit();
    if left == b'/' && !port && product_before(text, at) {
        return Err(Reason::Version);
    }
    if !port && version_word_before(text, start) {
        return Err(Reason::Version);
    }
    if !port && section_number(around) {
        return Err(Reason::Version);
    }
    Ok(())
}

/// What stands before `at`, and where it starts: a byte, or the escape of one.
fn left_of(text: &[u8], at: usize) -> (u8, usize) {
    coded_before(text, at).unwrap_or((before(text, at), at.saturating_sub(1)))
}

/// `Chrome/120.0.0.0`: a word of letters right before the slash, which is
/// not itself a piece of a path or the name of a host.
fn product_before(text: &[u8], slash: usize) -> bool {
    let low = slash.saturating_sub(32);
    let word = text[low..slash]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let left = before(text, slash - word);
    word > 1
        && !matches!(left, b'/' | b'.' | b'-' | b'\\' | b'_' | b':')
        && !left.is_ascii_digit()
        || word > 1 && text[..slash - word].ends_with(b"%20")
}

/// `version 1.2.3.4`, `v. 1.2.3.4`, `build: 1.2.3.4`.
fn version_word_before(text: &[u8], start: usize) -> bool {
    // What they end with, so that most words are passed at once.
    let end = word_end_before(text, start);
    let last = before(text, end).to_ascii_lowercase();
    if !matches!(last, b'd' | b'e' | b'n' | b'r' | b's' | b'v') {
        return false;
    }
    let word = word_ending_at(text, start, end);
    let words: [&[u8]; 14] = [
        b"version",
        b"versions",
        b"ver",
        b"v",
        b"build",
        b"release",
        b"firmware",
        b"fileversion",
        b"productversion",
        b"assemblyversion",
        b"newversion",
        b"oldversion",
        b"oid",
        b"section",
    ];
    if is_word(word, &words) {
        return true;
    }
    let len = word.len();
    len > 7 && word[len - 7..].eq_ignore_ascii_case(b"version")
}

/// How far before a candidate a word may start, in bytes.
const WORD_WINDOW: usize = 32;

/// Where the word before `at` ends, with blanks, a colon, an equals sign or
/// quotes between the two, within 32 bytes and on the same line.
fn word_end_before(text: &[u8], at: usize) -> usize {
    let low = at.saturating_sub(WORD_WINDOW);
    let glue = |b: u8| {
        matches!(b, b' ' | b'\t' | b':' | b'=' | b'"' | b'\'' | b'.' | b'(')
    };
    let mut end = coded_before(text, at).map_or(at, |(_, start)| start);
    while end > low && glue(text[end - 1]) {
        end -= 1;
    }
    end
}

/// The word before `at` that ends at `end`.
fn word_ending_at(text: &[u8], at: usize, end: usize) -> &[u8] {
    let low = at.saturating_sub(WORD_WINDOW);
    let mut start = end;
    while start > low
        && (text[start - 1].is_ascii_alphanumeric() || text[start - 1] == b'_')
    {
        start -= 1;
    }
    &text[start..end]
}

/// `1.2.3.4 Heading`: small numbers at the start of a line, with a title
/// after them.
fn section_number(around: Around<'_>) -> bool {
    let Around { text, start, end } = around;
    let octets = &text[start..end];
    octets.len() == 7
        && octets.iter().step_by(2).any(|b| *b != octets[0])
        && matches!(before(text, start), b'\n' | b'\r' | 0)
        && byte(text, end) == b' '
        && byte(text, end + 1).is_ascii_uppercase()
}

/// Judges a name that is valid and not in a URL; `tld` is what its last label
/// is.
pub(super) fn judge_name(
    around: Around<'_>,
    run: &Run,
    tld: Tld,
    strictness: Strictness,
) -> Result<(), Reason> {
    if run.is_defanged() || strictness == Strictness::Loose {
        return Ok(());
    }
    let last = &around.text[run.last.0..run.last.1];
    neighbours(around, tld)?;
    spelling(around, run, last, tld)?;
    if tld == Tld::Plain && strictness == Strictness::Balanced {
        return Ok(());
    }
    evidence(around, run, tld, strictness)
}

/// What stands right beside the candidate and decides alone.
fn neighbours(around: Around<'_>, tld: Tld) -> Result<(), Reason> {
    let Around { text, start, end } = around;
    let (left, at) = left_of(text, start);
    let left2 = match at + 1 == start {
        true => before(text, at),
        false => left_of(text, at).0,
    };
    let right = byte(text, end);
    let next = byte(text, end + 1);
    // `evil.com=192.0.2.1`, `#evil.com`: nothing that a plain suffix minds.
    let plain = tld == Tld::Plain;
    match right {
        b'(' | b'[' if opens_argument(text, end) => return Err(Reason::Code),
        b':' if next == b':' => return Err(Reason::Code),
        b'=' if !plain => {
            return Err(Reason::Code);
        }
        b'-' if !plain && next == b'>' => return Err(Reason::Code),
        b'$' => return Err(Reason::Code),
        b'{' if !closes_block(text, start, end) => return Err(Reason::Code),
        // `\\host\share` names a host, `dir.d\file` does not.
        b'\\'
            if is_label(next)
                && !(left == b'\\' && left2 == b'\\')
                && !matches!(next, b'n' | b'r' | b't' | b'u' | b'x') =>
        {
            return Err(Reason::PathPart);
        }
        _ => {}
    }
    match left {
        b'/' if left2 != b'/' && !is_between_slashes(text, start) => {
            return Err(path_reason(around));
        }
        // `\\host\share` names a host, `C:\\dir\\file` of JSON does not.
        b'\\' if left2 != b'\\' || is_joined(text, start) => {
            return Err(Reason::PathPart);
        }
        b'&' | b'%' | b'#' if !plain && left2 != left => {
            return Err(Reason::Code);
        }
        b'%' if is_letter_coded(text, start) => return Err(Reason::Code),
        b'$' if left2 != left => {
            return Err(Reason::Code);
        }
        b':' if left2 == b':' => return Err(Reason::Code),
        b'>' if left2 == b'-' && !is_host_before(text, start - 2) => {
            return Err(Reason::Code);
        }
        b'@' if !follows_login(text, start) => return Err(Reason::Email),
        _ => {}
    }
    Ok(())
}

/// Whether the bracket at `at`, `(` or `[`, opens a call or an index,
/// `list.next[i]`: not a mark for a dot, nor the address of the host before
/// it, `mx.example.com[192.0.2.1]`.
#[inline]
pub(super) fn opens_argument(text: &[u8], at: usize) -> bool {
    let next = byte(text, at + 1);
    let may_open = match text[at] {
        b'(' => next != b'.',
        _ => is_label(next) && byte(text, at + 2) != b'.',
    };
    let may_be_address = next.is_ascii_hexdigit() || next == b':';
    may_open && !(may_be_address && holds_address(text, at))
}

#[inline(never)]
fn holds_address(text: &[u8], at: usize) -> bool {
    let inside = text[at + 1..].iter().take(48);
    let is_part = |b: &&u8| b.is_ascii_hexdigit() || b".:".contains(b);
    let len = inside.take_while(is_part).count();
    let address = &text[at + 1..at + 1 + len];
    let close = if text[at] == b'(' { b')' } else { b']' };
    byte(text, at + 1 + len) == close
        && (is_quad(address) || memchr::memchr_iter(b':', address).count() > 1)
}

/// Whether an address or a name of a plain suffix ends at `end`, with or
/// without a port: what an arrow stands behind in a list of connections, and
/// no variable of code.
fn is_host_before(text: &[u8], end: usize) -> bool {
    let left = &text[end.saturating_sub(64)..end];
    let is_part = |b: &&u8| is_label(**b) || b".:".contains(b);
    let len = left.iter().rev().take_while(is_part).count();
    let word = &left[left.len() - len..];
    let host = word.split(|b| *b == b':').next().unwrap_or(word);
    let Some(dot) = memchr::memrchr(b'.', host) else { return false };
    is_quad(host) || is_plain(&host[dot + 1..])
}

/// Whether what starts at `start` is a host that a notation puts between
/// slashes, which are none of a path: a shell that opens a connection, a rule
/// of `dnsmasq`.
#[inline]
pub(super) fn is_between_slashes(text: &[u8], start: usize) -> bool {
    before(text, start) == b'/'
        && matches!(before(text, start - 1), b'p' | b'=')
        && ends_with_mark(&text[..start])
}

#[inline(never)]
fn ends_with_mark(left: &[u8]) -> bool {
    let marks: [&[u8]; 5] =
        [b"/dev/tcp/", b"/dev/udp/", b"address=/", b"server=/", b"local=/"];
    marks.iter().any(|mark| left.ends_with(mark))
}

/// Whether backslashes before `start` join it to what stands before them.
fn is_joined(text: &[u8], start: usize) -> bool {
    let marks = text[..start].iter().rev().take(WINDOW);
    let marks = marks.take_while(|b| **b == b'\\').count();
    let left = before(text, start - marks);
    is_label(left) || matches!(left, b':' | b'.' | b'%' | b')' | b'}')
}

/// `Win32/Agent.AB` is the name of a detection, `a/b.example` a path.
fn path_reason(around: Around<'_>) -> Reason {
    let Around { text, start, end } = around;
    let last = text[start..end].rsplit(|b| *b == b'.').next();
    let capital = |label: Option<&[u8]>| {
        label.is_some_and(|l| l.first().is_some_and(u8::is_ascii_uppercase))
    };
    match capital(last) && capital(Some(&text[start..end])) {
        true => Reason::DetectionName,
        false => Reason::PathPart,
    }
}

/// How the name itself is written.
fn spelling(
    around: Around<'_>,
    run: &Run,
    last: &[u8],
    tld: Tld,
) -> Result<(), Reason> {
    let Around { text, start, end } = around;
    let name = &text[start..end];
    let first = &text[run.first.0..run.first.1];
    if run.upper
        && run.lower
        && last[0].is_ascii_uppercase()
        && !is_word(first, &[b"www"])
    {
        // `packed.It`, `Agent.XX`, `System.Net`; but `WWW.example.COM`
        let small = last[1..].iter().any(u8::is_ascii_lowercase);
        let sentence = small && !name[0].is_ascii_uppercase();
        let one_case = |label: &[u8]| {
            !(label.iter().any(u8::is_ascii_uppercase)
                && label.iter().any(u8::is_ascii_lowercase))
        };
        let cased = name.split(|b| *b == b'.').all(one_case);
        if !(cased && last.len() > 2) {
            return Err(match (sentence, small) {
                (true, _) => Reason::SentenceGlue,
                (_, true) => Reason::Code,
                _ => Reason::DetectionName,
            });
        }
    }
    // A name of one `_`, or an identifier right before the suffix.
    let stem = &text[run.start..run.last.0.saturating_sub(1)];
    let owner = stem.rsplit(|b| *b == b'.').next().unwrap_or(stem);
    if owner.contains(&b'_') {
        return Err(Reason::Code);
    }
    // `com.vendor.product`: a package, unless it ends as names do.
    let package: [&[u8]; 8] =
        [b"com", b"org", b"net", b"io", b"edu", b"gov", b"java", b"javax"];
    if is_word(first, &package)
        && run.labels > 2
        && !is_word(last, &[b"com", b"net", b"org", b"ru", b"xyz"])
        && tld != Tld::Plain
        && !own_field(around)
    {
        return Err(Reason::Code);
    }
    Ok(())
}
