//! URLs: from a separator, or from a host with a path.
//!
//! ```text
//! url      = scheme separator body
//! inferred = run [ ":" port ] ( "/" / "?" name "=" ) body
//! ```
//!
//! The scheme and the separator may stand in any disguise of `refang`; where
//! the body ends is the work of `bounds`. A scheme of another kind (`ssh`,
//! `tcp`) makes no URL: its host is a name or an address of its own.

use super::Strictness;
use super::bounds::{blank_before, refanged_body, url_body};
use super::chars::{before, byte, is_hidden};
use super::encoded::percent_decode;
use super::engine::{Engine, Skip};
use super::escape::ends_escape;
use super::found::{Close, Flags, Reason, Written};
use super::host::Run;
use super::name::follows_login;
use super::name::run_flags;
use super::odd::of_neighbours;
use super::queue::Queue;
use super::script::is_mixed;
use crate::kind::{Suffix, is_masked, suffix_of};
use crate::refang::{
    Scheme, dot_at, escaped_slash, is_label, scheme, scheme_before,
    separator_at,
};
use crate::{Indicator, InvalidReason, Kind, Span, Url};

impl Engine<'_> {
    /// The URL whose separator the colon at `at` is part of.
    pub(super) fn url_at_colon(
        &mut self,
        text: &[u8],
        at: usize,
        out: &mut Queue,
    ) -> bool {
        if self.quick_url(text, at, out) {
            return true;
        }
        let back = usize::from(
            matches!(before(text, at), b' ' | b'[' | b'(' | b'{' | b'\\')
                && at > self.taken,
        );
        if back == 0
            && text[at] == b':'
            && !matches!(
                byte(text, at + 1),
                b'/' | b'\\' | b'_' | b'[' | b']' | b'(' | b' '
            )
        {
            return false;
        }
        let Some((sep, len)) = [back, 0].into_iter().find_map(|back| {
            let sep = at - back;
            separator_at(text, sep).map(|len| (sep, len))
        }) else {
            return false;
        };
        let plain = text[sep..].starts_with(b"://");
        if !plain
            && !self.options.refang
            && escaped_separator(&text[sep..]).is_none()
        {
            return false;
        }
        let word = scheme_before(text, sep, self.taken);
        let Some((start, scheme)) = scheme_word(text, sep, word) else {
            return false;
        };
        if !self.options.refang
            && !text[start..sep]
                .eq_ignore_ascii_case(scheme.as_str().as_bytes())
        {
            return false;
        }
        self.url(text, start, sep, len, scheme, out)
    }

    pub(super) fn url(
        &mut self,
        text: &[u8],
        start: usize,
        sep: usize,
        len: usize,
        scheme: Scheme,
        out: &mut Queue,
    ) -> bool {
        let mut from = sep + len;
        if byte(text, from) == b' ' {
            // `http:// evil.example`
            if !is_label(byte(text, from + 1)) || !self.options.refang {
                return false;
            }
            from += 1;
        }
        let separator = &text[sep..sep + len];
        if separator[0] == b'%' {
            return self.encoded_percent(text, start, from, scheme, out);
        }
        let backslashes = separator.starts_with(b":\\\\")
            && !separator_is_ordinary(separator);
        if !host_starts(text, from) {
            return false;
        }
        if from != sep + len && !dot_in_label(text, from) {
            return false;
        }
        let body = url_body(text, start, from, true, backslashes);
        let span = Span { start, end: body.end };
        if body.too_long {
            let reason = InvalidReason::TooLong.into();
            self.reject(span, Kind::Url, reason, out);
            self.skip_long(body.end, Skip::Url);
            return true;
        }
        let plain = start + scheme.as_str().len() == sep
            && text[start..].starts_with(scheme.as_str().as_bytes())
            && separator == b"://"
            && from == sep + len
            && !body.marked
            && !body.escaped;
        let raw = &text[span.range()];
        if plain && Url::is_canonical(raw) {
            let host = plain_host(&raw[sep + len - start..]);
            if self.judged(span, host, false, out) {
                let (written, flags) = (Written::Canonical, Flags::NONE);
                return self.take_close(text, span, written, flags, out);
            }
            return true;
        }
        let mut refanged = Vec::with_capacity(raw.len() + 8);
        refanged.extend_from_slice(scheme.as_str().as_bytes());
        refanged.extend_from_slice(b"://");
        refanged_body(text, from, &body, true, &mut refanged);
        let defanged = body.marked
            || !separator_is_ordinary(separator)
            || from != sep + len
            || !text[start..sep]
                .eq_ignore_ascii_case(scheme.as_str().as_bytes());
        match Url::parse_bytes(&refanged) {
            Ok(url) => {
                let host = url.host().as_bytes();
                if !self.judged(span, host, defanged, out) {
                    return true;
                }
                let flags = url_flags(&url, &refanged, defanged);
                self.take_url(text, span, url, flags, out)
            }
            Err(invalid) => {
                self.urls_read = self.urls_read.max(body.end);
                let reason = invalid.reason().into();
                self.reject(span, Kind::Url, reason, out);
                true
            }
        }
    }

    /// Whether the host of the URL at `span` is one that others can reach; if
    /// not, the URL is rejected.
    fn judged(
        &mut self,
        span: Span,
        host: &[u8],
        defanged: bool,
        out: &mut Queue,
    ) -> bool {
        match judge_host(host, defanged, self.options.strictness) {
            Ok(()) => true,
            Err(reason) => {
                self.urls_read = self.urls_read.max(span.end);
                self.read = self.read.max(span.end);
                self.reject(span, Kind::Url, reason, out);
                false
            }
        }
    }

    /// Emits a URL, and those inside it where they are wanted.
    fn take_url(
        &mut self,
        text: &[u8],
        span: Span,
        url: Url,
        flags: Flags,
        out: &mut Queue,
    ) -> bool {
        self.emit(text, span, Indicator::Url(url), flags, out);
        self.took_url(text, span, out);
        true
    }

    /// As [`take_url`](Engine::take_url), for a URL close to its canonical
    /// form.
    pub(super) fn take_close(
        &mut self,
        text: &[u8],
        span: Span,
        written: Written,
        flags: Flags,
        out: &mut Queue,
    ) -> bool {
        let kind = Kind::Url;
        self.emit_close(text, Close { span, kind, written, flags }, out);
        self.took_url(text, span, out);
        true
    }

    /// Goes on after the URL at `span`, which was emitted.
    #[inline]
    fn took_url(&mut self, text: &[u8], span: Span, out: &mut Queue) {
        if self.options.inner_urls && self.options.kinds.contains(Kind::Url) {
            inner_urls(text, span, out);
        }
    }

    /// `host/path` or `host:port/path` without a scheme.
    pub(super) fn inferred_url(
        &mut self,
        text: &[u8],
        run: &Run,
        out: &mut Queue,
    ) -> bool {
        if text[..run.start].ends_with(b"://")
            || follows_login(text, run.start)
        {
            // A scheme of another kind: the host counts, the path does not.
            let body = url_body(text, run.start, run.end, true, false);
            self.read = self.read.max(body.end);
            return false;
        }
        if !path_follows(text, run.end, self.options.refang)
            || run.weak.is_some()
        {
            return false;
        }
        let span_start = run.start;
        let body = url_body(text, span_start, run.end, true, false);
        if body.end == run.end {
            return false;
        }
        let span = Span { start: span_start, end: body.end };
        if body.too_long {
            let reason = InvalidReason::TooLong.into();
            self.reject(span, Kind::Url, reason, out);
            self.skip_long(body.end, Skip::Url);
            return true;
        }
        let mut refanged = b"http://".to_vec();
        run.refanged(text, &mut refanged);
        refanged_body(text, run.end, &body, true, &mut refanged);
        let Ok(url) = Url::parse_bytes(&refanged) else { return false };
        let defanged = body.marked || run.is_defanged();
        let flags = url_flags(&url, &refanged, defanged)
            .with(run_flags(run))
            .with(Flags::SCHEME_INFERRED);
        self.take_url(text, span, url, flags, out)
    }
}

/// The host of a URL without userinfo that is canonical up to its fragment, from
/// its first byte on.
pub(super) fn plain_host(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|b| matches!(b, b'/' | b':' | b'#'));
    &rest[..end.unwrap_or(rest.len())]
}

/// Bytes that WHATWG lets into a host and no host that others can reach has.
static ODD_HOST: [bool; 256] = {
    let mut table = [false; 256];
    let odd = b"!$&'()*+,;=~\"{}";
    let mut i = 0;
    while i < odd.len() {
        table[odd[i] as usize] = true;
        i += 1;
    }
    table
};

/// Judges the host of a URL: is it one that others can reach?
pub(super) fn judge_host(
    host: &[u8],
    defanged: bool,
    strictness: Strictness,
) -> Result<(), Reason> {
    let Some(&last) = host.last() else {
        return Err(InvalidReason::BadHost.into());
    };
    // `http://192,0,2,1/`, `http://$HOST/`: WHATWG lets them pass.
    if host.iter().any(|b| ODD_HOST[usize::from(*b)]) {
        return Err(InvalidReason::BadHost.into());
    }
    if host[0] == b'[' || last.is_ascii_digit() || last == b'.' {
        return Ok(());
    }
    let hyphen =
        |label: &[u8]| label.starts_with(b"-") || label.ends_with(b"-");
    if host.split(|b| *b == b'.').any(hyphen) {
        return Err(InvalidReason::BadLabel.into());
    }
    if is_masked(host) {
        return Err(InvalidReason::BadAddress.into());
    }
    if defanged || strictness == Strictness::Loose {
        return Ok(());
    }
    match suffix_of(host) {
        Suffix::Unknown if !host.contains(&b'.') => {
            Err(InvalidReason::SingleLabel.into())
        }
        Suffix::Unknown => Err(InvalidReason::UnknownSuffix.into()),
        _ => Ok(()),
    }
}

fn url_flags(url: &Url, refanged: &[u8], defanged: bool) -> Flags {
    let mut flags = Flags::NONE;
    if defanged {
        flags = flags.with(Flags::DEFANGED);
    }
    // One look each says of most URLs that they have none of it.
    if refanged.contains(&b'@') && url.has_userinfo() {
        flags = flags.with(Flags::USERINFO);
    }
    let host = url.host();
    if host.as_bytes().last().is_some_and(u8::is_ascii_digit)
        && host.parse::<std::net::Ipv4Addr>().is_ok()
        && host_written(refanged) != host.as_bytes()
    {
        flags = flags.with(Flags::IP_OBFUSCATED);
    }
    if refanged.is_ascii() {
        return flags;
    }
    let authority = refanged.splitn(4, |b| *b == b'/').nth(2);
    if let Some(Ok(authority)) = authority.map(std::str::from_utf8)
        && !authority.is_ascii()
    {
        if is_mixed(authority) {
            flags = flags.with(Flags::MIXED_SCRIPT);
        }
        if authority.chars().any(is_hidden) {
            flags = flags.with(Flags::HIDDEN_CHARACTERS);
        }
    }
    flags
}

/// The host of a refanged URL as it is written, without a final dot.
fn host_written(refanged: &[u8]) -> &[u8] {
    let slashes =
        memchr::memmem::find(refanged, b"://").map_or(0, |at| at + 3);
    let rest = &refanged[slashes..];
    let end = |b: &u8| matches!(b, b'/' | b'?' | b'#' | b'\\');
    let authority = &rest[..rest.iter().position(end).unwrap_or(rest.len())];
    let user = memchr::memrchr(b'@', authority).map_or(0, |at| at + 1);
    let host = &authority[user..];
    let host = &host[..memchr::memchr(b':', host).unwrap_or(host.len())];
    host.strip_suffix(b".").unwrap_or(host)
}

/// Where the scheme that `word` ends with starts, and which it is.
fn scheme_word(
    text: &[u8],
    sep: usize,
    word: &[u8],
) -> Option<(usize, Scheme)> {
    let whole = sep - word.len();
    if let Some(scheme) = scheme(word) {
        return Some((whole, scheme));
    }
    // Other text touches it: `_http`, `1http`, `\nhttp`.
    for name in [&b"https"[..], b"http", b"hxxps", b"hxxp", b"ftp"] {
        if word.len() <= name.len() {
            continue;
        }
        let start = sep - name.len();
        if !text[start..sep].eq_ignore_ascii_case(name) {
            continue;
        }
        let touching = text[start - 1];
        if touching.is_ascii_lowercase() && !ends_escape(text, start) {
            return None;
        }
        // `git+http`: another scheme.
        if matches!(touching, b'+' | b'-' | b'.')
            && before(text, start - 1).is_ascii_alphabetic()
            && blank_before(text, start).is_none()
        {
            return None;
        }
        return Some((start, scheme(name)?));
    }
    None
}

/// Separators that are ordinary in some notation, so no defang mark.
fn separator_is_ordinary(separator: &[u8]) -> bool {
    matches!(separator, b"://" | b":///")
        || escaped_separator(separator) == Some(separator.len())
}

/// Bytes of the `://` that `text` starts with, if some of it is escaped, as
/// in JSON, `:\/\/`, or in a file of properties, `\://`.
fn escaped_separator(text: &[u8]) -> Option<usize> {
    let mut len = 1 + usize::from(text.first() == Some(&b'\\'));
    if text.get(len - 1) != Some(&b':') {
        return None;
    }
    for _ in 0..2 {
        let rest = &text[len..];
        let plain = rest.starts_with(b"/").then_some(1);
        len += plain.or_else(|| escaped_slash(rest))?;
    }
    (len > 3).then_some(len)
}

/// Whether what stands at `from` can be the start of a host or of userinfo.
fn host_starts(text: &[u8], from: usize) -> bool {
    let b = byte(text, from);
    is_label(b)
        || matches!(b, b'[' | b'%' | b'.' | b'~' | b'+' | b'$')
        || matches!(b, b'@' | b':') && no_user_before(text, from)
}

/// `http://@evil.example/`, `http://:pw@evil.example/`: a user without a name,
/// whom every browser passes over.
fn no_user_before(text: &[u8], from: usize) -> bool {
    let password = usize::from(text[from] == b':');
    let rest = text[from + password..].iter().take(64 * password);
    let sign = from + password + rest.take_while(|b| is_label(**b)).count();
    byte(text, sign) == b'@' && dot_in_label(text, sign + 1)
}

/// Whether the label at `from` is followed by a dot or a mark for one.
fn dot_in_label(text: &[u8], from: usize) -> bool {
    let label = text[from.min(text.len())..]
        .iter()
        .take(64)
        .take_while(|b| is_label(**b));
    dot_at(text, from + label.count()).is_some()
}

/// Schemes whose separator has no colon, or an underscore: the run then
/// starts with it (`http__evil.example`) or follows it (`hxxp//evil.example`).
pub(super) fn odd_scheme(
    text: &[u8],
    run: &Run,
) -> Option<(usize, Scheme, usize, usize)> {
    let start = run.start;
    let first = &text[run.first.0..run.first.1];
    let marked =
        matches!(first.first(), Some(b'h' | b'H')) && first.contains(&b'_');
    let stems: &[&[u8]] = match marked {
        true => &[b"https__", b"http__", b"hxxps__", b"hxxp__"],
        false => &[],
    };
    for stem in stems {
        if first.len() > stem.len()
            && first[..stem.len()].eq_ignore_ascii_case(stem)
        {
            let word = &stem[..stem.len() - 2];
            return Some((start, scheme(word)?, start + word.len(), 2));
        }
    }
    let sep = start.checked_sub(2)?;
    if &text[sep..start] != b"//" {
        return None;
    }
    let word = scheme_before(text, sep, 0);
    if word.is_empty() || !word.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    Some((sep - word.len(), scheme(word)?, sep, 2))
}

/// Whether a path, a query or a port with a path follows a host.
fn path_follows(text: &[u8], end: usize, refang: bool) -> bool {
    let rest = &text[end.min(text.len())..];
    let at = |i| byte(rest, i);
    let mut i = 0;
    if at(0) == b':' {
        let digits =
            rest[1..].iter().take(6).take_while(|b| b.is_ascii_digit());
        let digits = digits.count();
        if digits == 0 || digits > 5 {
            return false;
        }
        i = 1 + digits;
        if at(i) != b'/' || protocol_follows(&rest[i + 1..]) {
            return false;
        }
    }
    if refang
        && (rest[i..].starts_with(b"[/]") || rest[i..].starts_with(b"(/)"))
    {
        return true;
    }
    let next = at(i + 1);
    match at(i) {
        b'/' => {
            is_label(next) && !address_follows(&rest[i + 1..])
                || matches!(next, b'%' | b'?' | b'~' | b'.' | b'#' | b'@')
                || next == b'+' && is_label(at(i + 2))
        }
        b'\\' => {
            escaped_slash(&rest[i..]).is_some_and(|len| is_label(at(i + len)))
        }
        b'?' => i == 0 && is_label(next) && query_follows(&rest[i + 1..]),
        _ => false,
    }
}

/// `192.0.2.1:53/udp`: the protocol of a port is no path.
fn protocol_follows(rest: &[u8]) -> bool {
    let next = byte(rest, 3);
    [&b"tcp"[..], b"udp"].iter().any(|word| rest.starts_with(word))
        && !(is_label(next) || matches!(next, b'/' | b'.' | b'?'))
}

/// `name/192.0.2.1:443`: how Java prints a host with its address.
fn address_follows(rest: &[u8]) -> bool {
    let dotted = |b: &&u8| b.is_ascii_digit() || b".[]()".contains(b);
    let len = rest.iter().take(24).take_while(dotted).count();
    let dots = rest[..len].iter().filter(|b| **b == b'.').count();
    let next = byte(rest, len);
    dots == 3 && len >= 7 && !(is_label(next) || matches!(next, b'/' | b'?'))
}

/// `?a=b`: a question mark after a host starts a query only with a parameter.
fn query_follows(rest: &[u8]) -> bool {
    let name = rest
        .iter()
        .take(32)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    byte(rest, name) == b'='
}

/// Lists the URLs that stand inside the URL at `span`.
fn inner_urls(text: &[u8], span: Span, out: &mut Queue) {
    let outer = &text[span.range()];
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'h', b'H', &outer[at..]) {
        let start = at + found;
        at = start + 1;
        let rest = &outer[start..];
        let word = rest
            .iter()
            .take(8)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let Some(scheme) = scheme(&rest[..word]) else { continue };
        let encoded = rest[word..]
            .get(..9)
            .is_some_and(|sep| sep.eq_ignore_ascii_case(b"%3A%2F%2F"));
        if !encoded && !rest[word..].starts_with(b"://") {
            continue;
        }
        let end = if encoded {
            let stop = |b: &u8| matches!(b, b'&' | b'#' | b'/');
            word + 9
                + rest[word + 9..]
                    .iter()
                    .position(stop)
                    .unwrap_or(rest.len() - word - 9)
        } else {
            rest.len()
        };
        let raw = &rest[..end];
        let mut refanged = scheme.as_str().as_bytes().to_vec();
        refanged.extend_from_slice(b"://");
        let tail = &raw[word + if encoded { 9 } else { 3 }..];
        if encoded {
            percent_decode(tail, &mut refanged);
        } else {
            refanged.extend_from_slice(tail);
        }
        let Ok(url) = Url::parse_bytes(&refanged) else { continue };
        let start = span.start + start;
        let span = Span { start, end: start + end };
        let value = Indicator::Url(url);
        let flags = of_neighbours(text, span, Kind::Url);
        out.push_owned(span, value, flags.with(Flags::INNER));
        at = start - span.start + at.max(1);
        if !encoded {
            // The rest of the outer URL is the inner one.
            break;
        }
    }
}
