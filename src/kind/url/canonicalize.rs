//! The general way to the canonical form, for URLs that are not canonical as
//! they stand: one pass that writes into one buffer.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3, memrchr};

use super::escape::{self, Part, push_escaped};
use super::feature::Features;
use super::{LONG, Scheme, host};
use crate::kind::{Invalid, InvalidReason, Kind};

type Result<T> = std::result::Result<T, InvalidReason>;

/// A reason, and the byte of the cleaned text that it is about.
type Located<T> = std::result::Result<T, (InvalidReason, usize)>;

/// The canonical form of `raw`, which is ASCII, and what it exercised.
pub(super) fn canonicalize(
    raw: &[u8],
) -> std::result::Result<(Vec<u8>, Features), Invalid> {
    let mut features = Features::NONE;
    let (cleaned, start) = clean(raw, &mut features);
    let cut = memchr(b'#', &cleaned).unwrap_or(cleaned.len());
    match write_url(&cleaned[..cut], features) {
        Ok(done) => Ok(done),
        Err((reason, at)) => {
            let at = start + at + removed_before(&raw[start..], at);
            Err(Invalid::new(Kind::Url, reason, at))
        }
    }
}

fn is_tab_or_newline(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Takes blanks and controls away from both ends, and tabs and line ends from
/// everywhere. Also returns how much went from the start.
fn clean<'r>(
    raw: &'r [u8],
    features: &mut Features,
) -> (Cow<'r, [u8]>, usize) {
    let solid = |&byte: &u8| byte > b' ';
    let start = raw.iter().position(solid).unwrap_or(raw.len());
    let end = raw.iter().rposition(solid).map_or(start, |last| last + 1);
    if end - start < raw.len() {
        features.add(Features::SURROUNDING_SPACE);
    }
    let trimmed = &raw[start..end];
    if memchr3(b'\t', b'\n', b'\r', trimmed).is_none() {
        return (Cow::Borrowed(trimmed), start);
    }
    features.add(Features::TAB_NEWLINE);
    let mut kept = trimmed.to_vec();
    kept.retain(|&byte| !is_tab_or_newline(byte));
    (Cow::Owned(kept), start)
}

/// How many tabs and line ends stand in `trimmed` before what became byte `at`
/// of the cleaned text.
fn removed_before(trimmed: &[u8], at: usize) -> usize {
    let mut removed = 0;
    let mut kept = 0;
    for &byte in trimmed {
        if is_tab_or_newline(byte) {
            removed += 1;
        } else if kept == at {
            break;
        } else {
            kept += 1;
        }
    }
    removed
}

/// Reads `url`, which is clean and has no fragment.
fn write_url(
    url: &[u8],
    mut features: Features,
) -> Located<(Vec<u8>, Features)> {
    if url.is_empty() {
        return Err((InvalidReason::Empty, 0));
    }
    let (scheme, authority_at) =
        read_scheme(url, &mut features).map_err(|reason| (reason, 0))?;
    let rest = &url[authority_at..];
    let authority_len = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'\\' | b'?'))
        .unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_len);

    // Room for the scheme and the slash that may be missing.
    let mut out = Vec::with_capacity(url.len() + 8);
    out.extend_from_slice(scheme.as_str().as_bytes());
    out.extend_from_slice(b"://");
    write_authority(authority, scheme, &mut out, &mut features)
        .map_err(|(reason, at)| (reason, authority_at + at))?;

    let query_at = memchr(b'?', tail).unwrap_or(tail.len());
    let (path, query) = tail.split_at(query_at);
    write_path(path, &mut out, &mut features);
    if let [_, query @ ..] = query {
        out.push(b'?');
        if query.is_empty() {
            features.add(Features::EMPTY_QUERY);
        }
        escape::write(query, Part::Query, &mut out, &mut features);
    }
    if features.contains(Features::NON_ASCII)
        && std::str::from_utf8(tail).is_err()
    {
        features.add(Features::NON_UTF8);
    }
    if out.len() > LONG {
        features.add(Features::LONG_URL);
    }
    Ok((out, features))
}

/// The scheme, and where the authority starts.
///
/// Without a scheme it is http. A name before a colon is a scheme, unless a
/// port follows (`localhost:8080`) or it has a dot and no `//` follows
/// (`example.com:x`).
fn read_scheme(
    url: &[u8],
    features: &mut Features,
) -> Result<(Scheme, usize)> {
    if url.starts_with(b"//") {
        return Ok((Scheme::Http, skip_slashes(url, 0, features)));
    }
    if matches!(url[0], b'/' | b'\\') {
        return Err(InvalidReason::BadHost);
    }
    let name_len = url
        .iter()
        .position(|byte| {
            !matches!(byte, b'+' | b'-' | b'.')
                && !byte.is_ascii_alphanumeric()
        })
        .unwrap_or(url.len());
    let (name, after) = url.split_at(name_len);
    let Some(after) = after.strip_prefix(b":") else {
        return Ok((Scheme::Http, 0));
    };
    if !name.first().is_some_and(u8::is_ascii_alphabetic) {
        return Ok((Scheme::Http, 0));
    }
    if let Some(scheme) = Scheme::read(name) {
        if name != scheme.as_str().as_bytes() {
            features.add(Features::SCHEME_CASE);
        }
        if scheme == Scheme::Ftp {
            features.add(Features::FTP);
        }
        return Ok((scheme, skip_slashes(url, name_len + 1, features)));
    }
    let port = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_port = port > 0
        && matches!(after.get(port), None | Some(b'/' | b'\\' | b'?'));
    if is_port || name.contains(&b'.') && !after.starts_with(b"//") {
        return Ok((Scheme::Http, 0));
    }
    Err(InvalidReason::BadScheme)
}

/// Skips the slashes from `at`: two are right, any number is read.
fn skip_slashes(url: &[u8], at: usize, features: &mut Features) -> usize {
    let slashes = &url[at..];
    let len =
        slashes.iter().take_while(|byte| matches!(byte, b'/' | b'\\')).count();
    if slashes[..len].contains(&b'\\') {
        features.add(Features::BACKSLASH);
    }
    if len != 2 || at == 0 {
        features.add(Features::SCHEME_SLASHES);
    }
    at + len
}

/// Appends userinfo, host and port.
fn write_authority(
    authority: &[u8],
    scheme: Scheme,
    out: &mut Vec<u8>,
    features: &mut Features,
) -> Located<()> {
    let host_at = memrchr(b'@', authority).map_or(0, |at| at + 1);
    if host_at > 0 {
        features.add(Features::USERINFO);
        write_userinfo(&authority[..host_at - 1], out);
    }
    let host_and_port = &authority[host_at..];
    let host_len = if host_and_port.starts_with(b"[") {
        memchr(b']', host_and_port).map(|at| at + 1)
    } else {
        memchr(b':', host_and_port)
    };
    let host_len = host_len.unwrap_or(host_and_port.len());
    let (host, port) = host_and_port.split_at(host_len);
    host::write(host, out, features).map_err(|reason| (reason, host_at))?;
    let port_at = host_at + host_len + 1;
    match port {
        [] => Ok(()),
        [b':', digits @ ..] => write_port(digits, scheme, out, features)
            .map_err(|reason| (reason, port_at)),
        _ => Err((InvalidReason::BadHost, host_at)),
    }
}

/// Appends `user@`, `user:password@`, or nothing when both are empty.
fn write_userinfo(userinfo: &[u8], out: &mut Vec<u8>) {
    let colon = memchr(b':', userinfo).unwrap_or(userinfo.len());
    let (user, password) = userinfo.split_at(colon);
    let password = password.strip_prefix(b":").unwrap_or(password);
    if user.is_empty() && password.is_empty() {
        return;
    }
    write_credential(user, out);
    if !password.is_empty() {
        out.push(b':');
        write_credential(password, out);
    }
    out.push(b'@');
}

/// Escapes the standard's "userinfo percent-encode set", less what ends the
/// authority and so never gets here.
fn write_credential(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        if matches!(byte, 0..=b' ' | 0x7f..)
            || b"\"<>`{}:;=@[]^|".contains(&byte)
        {
            push_escaped(byte, out);
        } else {
            out.push(byte);
        }
    }
}

/// Appends `:` and the port, unless it is the scheme's own.
fn write_port(
    digits: &[u8],
    scheme: Scheme,
    out: &mut Vec<u8>,
    features: &mut Features,
) -> Result<()> {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    if digits.is_empty() || zeros > 0 && digits.len() > 1 {
        features.add(Features::PORT_FORM);
    }
    if digits.is_empty() {
        return Ok(());
    }
    let port = digits[zeros..].iter().try_fold(0_u16, |port, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        port.checked_mul(10)?.checked_add(digit.into())
    });
    let port = port.ok_or(InvalidReason::BadPort)?;
    if port == scheme.default_port() {
        features.add(Features::DEFAULT_PORT);
        return Ok(());
    }
    out.push(b':');
    out.extend_from_slice(port.to_string().as_bytes());
    Ok(())
}

/// Appends a path, which is empty or starts with a slash: `.` and `..`
/// segments are resolved.
///
/// What is written always ends with a slash before a segment is. `..` walks
/// back over what it takes away, so the time stays linear.
fn write_path(path: &[u8], out: &mut Vec<u8>, features: &mut Features) {
    let base = out.len();
    out.push(b'/');
    let [first, rest @ ..] = path else { return };
    if *first == b'\\' {
        features.add(Features::BACKSLASH);
    }
    let mut rest = rest;
    loop {
        let end = memchr2(b'/', b'\\', rest);
        let segment = &rest[..end.unwrap_or(rest.len())];
        match dots(segment) {
            0 if segment.is_empty() => {
                if end.is_some() {
                    features.add(Features::DOUBLE_SLASH);
                    out.push(b'/');
                }
            }
            0 => {
                escape::write(segment, Part::Path, out, features);
                if end.is_some() {
                    out.push(b'/');
                }
            }
            count => {
                features.add(Features::DOT_SEGMENT);
                if segment.contains(&b'%') {
                    features.add(Features::UNRESERVED_ESCAPE);
                }
                if count == 2 {
                    pop_segment(base, out);
                }
            }
        }
        let Some(end) = end else { break };
        if rest[end] == b'\\' {
            features.add(Features::BACKSLASH);
        }
        rest = &rest[end + 1..];
    }
}

/// Takes the last segment away from `out`, whose path starts at `base` and
/// ends with a slash.
fn pop_segment(base: usize, out: &mut Vec<u8>) {
    let segments = &out[base..out.len() - 1];
    if let Some(slash) = memrchr(b'/', segments) {
        out.truncate(base + slash + 1);
    }
}

/// 1 for a `.` segment, 2 for a `..` segment, also written with `%2e`; else 0.
pub(super) fn dots(segment: &[u8]) -> usize {
    let mut rest = segment;
    let mut count = 0;
    while let Some(&byte) = rest.first() {
        rest = match byte {
            b'.' => &rest[1..],
            b'%' if escape::decode_pair(rest) == Some(b'.') => &rest[3..],
            _ => return 0,
        };
        count += 1;
        if count > 2 {
            return 0;
        }
    }
    count
}
