//! URLs in which no byte needs a thought, with a scheme and without.

use super::around::{is_before_url, is_free, is_mark_after_space};
use super::{Look, is_quad, look};
use crate::kind::{
    Suffix, check_domain, is_masked, is_quad as quad, suffix_of,
};
use crate::refang::is_label;
use crate::scan::blocks::{
    BLOCK, BODY, Bitmaps, CHUNK, DOT, LABEL, LOW, RIGHT, SLASH, window,
};
use crate::scan::bounds::{
    ends_token, ends_with_entity, next_field, next_part,
};
use crate::scan::chars::{before, byte};
use crate::scan::context::{Around, judge_name};
use crate::scan::engine::Engine;
use crate::scan::found::{Flags, Written, near_url, undo_marks};
use crate::scan::host::Run;
use crate::scan::link::plain_host;
use crate::scan::queue::Queue;
use crate::scan::tld::Top;
use crate::{Span, Url};

/// Longest URL of the quick way that is not canonical as it stands, in bytes.
const MAX_NEAR: usize = 1024;
/// Longest IPv4 address with its dots in brackets, in bytes.
const MARKED_QUAD: usize = 15 + 2 * 3;
/// Longest body that is read of a URL that may stand in another, in bytes.
const MAX_PLAIN: usize = 512;

/// The body of a URL in which no byte needs a thought.
struct Body {
    end: usize,
    /// `[.]` stands in it.
    marked: bool,
    /// The canonical form keeps path and query, as does VirusTotal's.
    kept: bool,
}

impl Engine<'_> {
    /// Decides about the URL whose colon is at `at`: `http://` or `hxxps[:]//`
    /// and a body in which no byte needs a thought, but for `[.]`.
    pub(in crate::scan) fn quick_url(
        &mut self,
        text: &[u8],
        at: usize,
        out: &mut Queue,
    ) -> bool {
        let (sep, from) = match text[at..] {
            [b':', b']', b'/', b'/', ..] | [b':', b'/', b'/', b']', ..]
                if before(text, at) == b'[' =>
            {
                (at - 1, at + 4)
            }
            [b':', b'/', b'/', ..] => (at, at + 3),
            _ => return false,
        };
        let Some((start, plain)) = scheme_before(text, sep) else {
            return false;
        };
        if !self.options.quick
            || start < self.taken
            || !byte(text, from).is_ascii_alphanumeric()
            || !is_before_url(text, start)
        {
            return false;
        }
        let maps = self.anchors.maps();
        let Some(body) = quick_body(text, maps, start, from, usize::MAX)
        else {
            return false;
        };
        let Body { end, marked, kept } = body;
        let span = Span { start, end };
        let raw = &text[span.range()];
        let defanged = marked || !plain || sep < at;
        if raw.len() >= MAX_NEAR || defanged && !self.options.refang {
            return false;
        }
        if !defanged
            && kept
            && let Some(host_end) = plain_host_end(text, maps, from)
            && let Some(written) = plain_written(text, host_end, sep, end)
        {
            return self.take_close(text, span, written, Flags::NONE, out);
        }
        let written = if !defanged && Url::is_canonical(raw) {
            Written::Canonical
        } else if kept && self.has_marked_host(text, (sep, from), end) {
            Written::NearPlain
        } else if is_canonical_near(|url| near_url(raw, url), raw.len() + 2) {
            Written::Near
        } else {
            return false;
        };
        if !defanged && !has_known_host(raw, from - start) {
            return false;
        }
        let flags = if defanged { Flags::DEFANGED } else { Flags::NONE };
        self.take_close(text, span, written, flags, out)
    }

    /// Whether the URL from the separator at `sep` to `end` has a host from
    /// `from` on that is a lower-case name or an address, with dots or `[.]`,
    /// and after it and its port a path or nothing.
    fn has_marked_host(
        &self,
        text: &[u8],
        (sep, from): (usize, usize),
        end: usize,
    ) -> bool {
        let Some(host) = self.low_marked(text, from) else { return false };
        if plain_written(text, host.end, sep, end).is_none() {
            return false;
        }
        let raw = &text[from..host.end];
        if text[host.end - 1].is_ascii_digit() {
            let mut address = [0; MARKED_QUAD];
            let Some(address) = address.get_mut(..raw.len()) else {
                return false;
            };
            let len = undo_marks(raw, address);
            return quad(&address[..len]);
        }
        let xn = |pair: &[u8]| pair == b"--";
        host.labels > 1
            && !matches!(text[from], b'0'..=b'9' | b'x')
            && !text[host.last].is_ascii_digit()
            && !raw.windows(2).any(xn)
    }

    /// Decides about `host/path` where the host is a plain token that ends
    /// with a suffix.
    pub(super) fn quick_inferred(
        &mut self,
        text: &[u8],
        run: &Run,
        found: Top,
        out: &mut Queue,
    ) -> bool {
        let next = byte(text, run.end + 1);
        if !(next.is_ascii_alphabetic() || next == b'_')
            || !is_free(text, run.start)
            || matches!(
                before(text, run.start),
                b'*' | b'+' | b'_' | b'~' | b'='
            )
        {
            return false;
        }
        let span = Span { start: run.start, end: run.end };
        let host = &text[span.range()];
        if !found.ends_names_of(run.labels) && check_domain(host).is_err() {
            return false;
        }
        let around = Around { text, start: span.start, end: span.end };
        let strictness = self.options.strictness;
        if judge_name(around, run, found.tld, strictness).is_err() {
            return false;
        }
        let Some(body) = quick_body(
            text,
            self.anchors.maps(),
            run.start,
            run.end,
            usize::MAX,
        ) else {
            return false;
        };
        let Body { end, marked, kept } = body;
        let span = Span { start: run.start, end };
        let raw = &text[span.range()];
        if marked || raw.len() >= MAX_NEAR {
            return false;
        }
        let is_canonical = kept
            || is_canonical_near(
                |url| {
                    url[..7].copy_from_slice(b"http://");
                    url[7..].copy_from_slice(raw);
                    url
                },
                raw.len() + 7,
            );
        if !is_canonical {
            return false;
        }
        let flags = Flags::SCHEME_INFERRED;
        self.take_close(text, span, Written::Near, flags, out)
    }
}

/// The URL with a plain scheme whose colon is at `at`, if it is canonical as it
/// stands, or but for the slash that is its path, and its id is proven. Says
/// nothing of long ones.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
pub(in crate::scan) fn plain_url(
    text: &[u8],
    maps: &Bitmaps,
    at: usize,
) -> Option<(Span, Written)> {
    let from = at + 3;
    let (start, true) = scheme_before(text, at)? else { return None };
    if text.get(at..from)? != b"://"
        || !byte(text, from).is_ascii_alphanumeric()
        || !is_before_url(text, start)
    {
        return None;
    }
    let host_end = plain_host_end(text, maps, from)?;
    let body = quick_body(text, maps, start, from, MAX_PLAIN)?;
    let Body { end, marked, kept } = body;
    let written = plain_written(text, host_end, at, end)?;
    (!marked && kept).then_some((Span { start, end }, written))
}

/// How the URL that ends at `end` is written, whose separator is at `sep` and
/// whose plain host ends at `host_end`; nothing of it needs a thought.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn plain_written(
    text: &[u8],
    host_end: usize,
    sep: usize,
    end: usize,
) -> Option<Written> {
    let authority_end = match byte(text, host_end) {
        b':' => {
            let secure = matches!(text[sep - 1], b's' | b'S');
            plain_port(text, host_end, secure)?
        }
        _ => host_end,
    };
    match byte(text, authority_end) {
        b'/' => Some(Written::Plain),
        // The path of such a URL is a slash.
        _ => (authority_end == end).then_some(Written::NearPlain),
    }
}

/// Where the host that starts at `from` ends, if it is a lower-case name with
/// a suffix of one label, or an IPv4 address.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn plain_host_end(text: &[u8], maps: &Bitmaps, from: usize) -> Option<usize> {
    let bit = maps.bit(from);
    let dots = window(maps.of(DOT), bit);
    let hyphens = window(maps.of(RIGHT), bit) & window(maps.of(LABEL), bit);
    let host = window(maps.of(LOW), bit) | dots;
    let len = (!host).trailing_zeros();
    let end = from + len as usize;
    if len == 0 || len == BLOCK as u32 {
        return None;
    }
    let inside = u64::MAX >> (64 - len);
    let (dots, hyphens) = (dots & inside, hyphens & inside);
    let joints = dots | hyphens;
    // What is before the first byte and after the last ends a label too.
    let ends = dots << 1 | dots >> 1 | 1 | 1 << (len - 1);
    // `--` may be that of an A-label.
    if dots == 0 || joints & ends != 0 || hyphens & hyphens << 1 != 0 {
        return None;
    }
    let last = from + 64 - dots.leading_zeros() as usize;
    if text[end - 1].is_ascii_digit() {
        let second = dots & (dots - 1);
        let [first, second] =
            [dots, second].map(|dots| from + dots.trailing_zeros() as usize);
        return (dots.count_ones() == 3
            && is_quad(
                text,
                Span { start: from, end },
                [first, second, last - 1],
            ))
        .then_some(end);
    }
    match look(text, last, end) {
        Look::Suffix(top) => top.ends_names_of(usize::MAX).then_some(end),
        _ => None,
    }
}

/// The body that starts at `from`, of the URL at `start`, if no byte of
/// it needs a thought.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn quick_body(
    text: &[u8],
    maps: &Bitmaps,
    start: usize,
    from: usize,
    most: usize,
) -> Option<Body> {
    let mut end = from;
    let mut marked = false;
    let mut kept = true;
    // Whether a question mark stands before `asked`.
    let mut query = false;
    let mut asked = from;
    loop {
        let bit = maps.bit(end);
        if bit > (CHUNK + 1) * BLOCK || end - from > most {
            return None;
        }
        let run = !window(maps.of(BODY), bit);
        let len = run.trailing_zeros() as usize;
        // `/.` and `//` are told from the rest, and some others with them.
        let slash = window(maps.of(SLASH), bit - 1);
        let after = window(maps.of(DOT), bit) | window(maps.of(SLASH), bit);
        kept &= slash & after & (run ^ run.wrapping_sub(1)) == 0;
        end += len;
        if len == BLOCK {
            continue;
        }
        let next = byte(text, end + 1);
        match byte(text, end) {
            b'%' | b'+' | b'#' => {
                kept = false;
                end += 1;
            }
            b'&' if next.is_ascii_alphanumeric()
                && !matches!(next, b'p' | b'P')
                && !ends_with_entity(text, end) =>
            {
                end += 1;
            }
            b'[' if text[end..].starts_with(b"[.]")
                && is_label(byte(text, end + 3)) =>
            {
                end += 3;
                marked = true;
            }
            b',' => {
                query |= text[asked..end].contains(&b'?');
                asked = end;
                if next_field(text, start, end, query) {
                    break;
                }
                end += 1;
            }
            b';' if !next_part(text, end) => end += 1,
            b';' | b')' | b'}' => break,
            b']' if next != b'.' => break,
            b'\'' if before(text, start) == b'\'' => break,
            // `\n` and `\"` of JSON.
            b'\\'
                if next == b'"'
                    || next.is_ascii_alphanumeric() && next != b'u' =>
            {
                break;
            }
            b' ' if is_mark_after_space(text, end) => return None,
            b'<' if next != b'/' => return None,
            b'^' if next == b'.' => return None,
            b if ends_token(b) => break,
            _ => return None,
        }
    }
    // Sentence marks at the end are not part of it.
    while matches!(text[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?') {
        end -= 1;
    }
    Some(Body { end, marked, kept })
}

/// Where the port after the colon at `colon` ends, if the canonical form keeps
/// it as it stands.
fn plain_port(text: &[u8], colon: usize, secure: bool) -> Option<usize> {
    let digits = text[colon + 1..].iter().take(6);
    let len = digits.take_while(|b| b.is_ascii_digit()).count();
    let end = colon + 1 + len;
    let digits = &text[colon + 1..end];
    let value = |port: u32, digit: &u8| port * 10 + u32::from(digit - b'0');
    let port = digits.iter().fold(0, value);
    let default = if secure { 443 } else { 80 };
    let is_plain = matches!(len, 1..=5)
        && digits[0] != b'0'
        && port <= 0xffff
        && port != default;
    is_plain.then_some(end)
}

/// Whether the URL of at most `len` bytes that `write` writes is canonical,
/// and its host is no address of which digits were left out.
fn is_canonical_near(
    write: impl for<'b> FnOnce(&'b mut [u8]) -> &'b [u8],
    len: usize,
) -> bool {
    let is_sure = |url: &[u8]| {
        let host = "http://".len() + usize::from(url[4] == b's');
        Url::is_canonical(url) && !is_masked(plain_host(&url[host..]))
    };
    // Most are short, and clearing a buffer is not free.
    let mut short = [0; 128];
    if let Some(url) = short.get_mut(..len) {
        return is_sure(write(url));
    }
    let mut long = [0; MAX_NEAR + 8];
    is_sure(write(&mut long[..len]))
}

/// Where the scheme before a separator starts: `http` or `https` in small
/// letters (`true`), or with `xx` for `tt` in any case.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn scheme_before(text: &[u8], sep: usize) -> Option<(usize, bool)> {
    let secure = matches!(before(text, sep), b's' | b'S');
    let end = sep - usize::from(secure);
    let word: &[u8; 4] = text[..end].last_chunk()?;
    let start = end - 4;
    if word == b"http" && (!secure || text[end] == b's') {
        return Some((start, true));
    }
    word.eq_ignore_ascii_case(b"hxxp").then_some((start, false))
}

/// Whether the host that starts at byte `at` of a URL without userinfo, which
/// is canonical up to its fragment, is an address or ends with a known suffix.
fn has_known_host(url: &[u8], at: usize) -> bool {
    let host = plain_host(&url[at..]);
    if host.last().is_some_and(u8::is_ascii_digit) {
        return true;
    }
    let Some(dot) = memchr::memrchr(b'.', host) else { return false };
    match look(url, at + dot + 1, at + host.len()) {
        Look::Suffix(top) if top.ends_names_of(usize::MAX) => true,
        Look::NoSuffix => false,
        // `co.za` is a suffix, `za` is none.
        _ => suffix_of(host) != Suffix::Unknown && !is_masked(host),
    }
}
