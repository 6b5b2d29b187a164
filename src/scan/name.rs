//! Names and IPv4 addresses: what becomes of a dotted run.

use super::chars::{before, byte};
use super::context::{Around, is_between_slashes, judge_address, judge_name};
use super::engine::{Engine, Skip};
use super::escape::coded_before;
use super::found::{Flags, Reason};
use super::host::{Run, ends_line, run_at, starts_line};
use super::link::odd_scheme;
use super::queue::Queue;
use super::script::is_mixed;
use super::tld::{Tld, tld};
use crate::kind::{check_domain, is_quad, parse_ip, quad_length};
use crate::refang::{Weak, at_sign_at, is_label};
use crate::{Domain, Indicator, Invalid, InvalidReason, Kind, Span};

impl Engine<'_> {
    pub(super) fn dot(&mut self, text: &[u8], at: usize, out: &mut Queue) {
        let Some(run) = run_at(text, at, self.taken, self.weak_read) else {
            return;
        };
        if run.is_defanged() && !self.options.refang {
            if let Some(first) = plain_part(text, &run, at) {
                self.run(text, &first, out);
            }
            return;
        }
        if run.weak.is_some() {
            self.weak_read = run.end;
            if !weak_run_counts(text, &run) {
                return;
            }
        }
        self.run(text, &run, out);
    }

    pub(super) fn run(&mut self, text: &[u8], run: &Run, out: &mut Queue) {
        self.read = self.read.max(run.end);
        let span = Span { start: run.start, end: run.end };
        if run.too_long {
            let reason = InvalidReason::TooLong.into();
            self.reject(span, Kind::Domain, reason, out);
            self.skip_long(run.end, Skip::Run);
            return;
        }
        if self.email(text, run, out) {
            return;
        }
        if let Some((start, scheme, sep, len)) = odd_scheme(text, run)
            && self.options.refang
            && start >= self.taken
            && self.url(text, start, sep, len, scheme, out)
        {
            return;
        }
        if run.numeric {
            self.numeric(text, run, out);
        } else {
            self.name(text, run, out);
        }
    }

    /// An e-mail address: neither its local part nor its domain is an
    /// indicator, unless the option says so.
    fn email(&mut self, text: &[u8], run: &Run, out: &mut Queue) -> bool {
        // `name.surname@host`
        let sign = if byte(text, run.end) == b'@' {
            Some(1)
        } else {
            at_sign_at(text, run.end).filter(|_| self.options.refang)
        };
        if let Some(len) = sign
            && is_label(byte(text, run.end + len))
            && !starts_host(text, run.start)
        {
            let span = Span { start: run.start, end: run.end };
            // The domain follows: it will be seen as one of an address.
            self.reject(span, Kind::Domain, Reason::Email, out);
            return true;
        }
        // `user@192.0.2.1` logs in; mail to an address has brackets around it.
        if run.numeric || follows_login(text, run.start) {
            return false;
        }
        let Some(local) = local_part(text, run.start, self.taken) else {
            return false;
        };
        let mut buffer = [0; MAX_ASCII];
        let name = valid_name(text, run, &mut buffer);
        match name {
            Ok(name) if self.options.email_domains => {
                self.take_name(text, run, name, Flags::FROM_EMAIL, out);
            }
            _ => {
                let span = Span { start: local.max(self.taken), end: run.end };
                self.reject(span, Kind::Domain, Reason::Email, out);
            }
        }
        true
    }

    fn numeric(&mut self, text: &[u8], run: &Run, out: &mut Queue) {
        let mut span = Span { start: run.start, end: run.end };
        if run.labels == 5 && ends_with_port(text, span) {
            self.address_of_socket(text, run, out);
            return;
        }
        let mut clean = Vec::with_capacity(15);
        run.refanged(text, &mut clean);
        let value = std::str::from_utf8(&clean).unwrap_or_default();
        if run.labels != 4 {
            if run.labels > 2 {
                self.reject(span, Kind::Ip, Reason::Version, out);
            }
            return;
        }
        let address = match parse_ip(value) {
            Ok(address) => address,
            Err(invalid) => {
                let reason = invalid.reason().into();
                self.reject(span, Kind::Ip, reason, out);
                return;
            }
        };
        if let Some(len) = mask_length(text, span.end) {
            span.end += len;
            self.read = self.read.max(span.end);
            self.reject(span, Kind::Ip, Reason::Cidr, out);
            return;
        }
        if let Some((number, len)) = slash_number(text, span.end) {
            if number < 32 && !is_between_slashes(text, span.start) {
                span.end += len;
                self.read = self.read.max(span.end);
                self.reject(span, Kind::Ip, Reason::Cidr, out);
                return;
            }
        } else if self.inferred_url(text, run, out) {
            return;
        }
        let around = Around { text, start: span.start, end: span.end };
        if let Err(reason) =
            judge_address(around, run.is_defanged(), self.options.strictness)
        {
            self.reject(span, Kind::Ip, reason, out);
            return;
        }
        if run.is_verbatim() {
            self.emit_canonical(text, span, Kind::Ip, Flags::NONE, out);
        } else {
            let value = Indicator::Ip(address);
            self.emit(text, span, value, run_flags(run), out);
        }
    }

    /// `192.0.2.1.443`: an address, and a port as its fifth number.
    fn address_of_socket(&mut self, text: &[u8], run: &Run, out: &mut Queue) {
        let span = Span { start: run.start, end: run.last.0 - 1 };
        let raw = &text[span.range()];
        if is_quad(raw) {
            let (kind, flags) = (Kind::Ip, Flags::NONE);
            self.emit_canonical(text, span, kind, flags, out);
        } else {
            let span = Span { start: run.start, end: run.end };
            self.reject(span, Kind::Ip, Reason::Version, out);
        }
    }

    fn name(&mut self, text: &[u8], run: &Run, out: &mut Queue) {
        let span = Span { start: run.start, end: run.end };
        if address_range(text, run) {
            self.range(text, run, out);
            return;
        }
        let mut buffer = [0; MAX_ASCII];
        let name = match valid_name(text, run, &mut buffer) {
            Ok(name) => name,
            Err(invalid) => {
                if !self.hashes_in(text, run, out) {
                    let reason = reason_of_invalid(text, run, invalid);
                    self.reject(span, Kind::Domain, reason, out);
                }
                return;
            }
        };
        let around = Around { text, start: span.start, end: span.end };
        let tld = tld(&text[run.last.0..run.last.1]);
        if let Err(reason) =
            judge_name(around, run, tld, self.options.strictness)
        {
            if !self.hashes_in(text, run, out) {
                self.reject(span, Kind::Domain, reason, out);
            }
            return;
        }
        if is_between_slashes(text, run.start)
            || is_pattern(text, span)
            || !self.inferred_url(text, run, out)
        {
            self.take_name(text, run, name, Flags::NONE, out);
        }
    }

    fn take_name(
        &mut self,
        text: &[u8],
        run: &Run,
        name: Name<'_>,
        flags: Flags,
        out: &mut Queue,
    ) {
        let span = Span { start: run.start, end: run.end };
        match name {
            Name::Ascii(_) if !run.upper && run.is_verbatim() => {
                self.emit_canonical(text, span, Kind::Domain, flags, out);
            }
            name => {
                let (domain, more) = match name {
                    Name::Ascii(name) => {
                        (Domain::from_canonical(name.into()), Flags::NONE)
                    }
                    Name::Other(domain, flags) => (domain, flags),
                };
                let flags = flags.with(more).with(run_flags(run));
                let value = Indicator::Domain(domain);
                self.emit(text, span, value, flags, out);
            }
        }
    }

    /// `192.0.2.1-192.0.2.9`: both ends of a range are addresses.
    fn range(&mut self, text: &[u8], run: &Run, out: &mut Queue) {
        let bytes = &text[run.start..run.end];
        let Some(hyphen) = memchr::memchr(b'-', bytes) else { return };
        let middle = run.start + hyphen;
        for (start, end) in [(run.start, middle), (middle + 1, run.end)] {
            let span = Span { start, end };
            let raw = &text[span.range()];
            let Ok(value) = std::str::from_utf8(raw) else { continue };
            match parse_ip(value) {
                Ok(_) => {
                    let (kind, flags) = (Kind::Ip, Flags::NONE);
                    self.emit_canonical(text, span, kind, flags, out);
                }
                Err(invalid) => {
                    let reason = invalid.reason().into();
                    self.reject(span, Kind::Ip, reason, out);
                }
            }
        }
    }
}

/// Longest run of ASCII that is checked without an allocation: the longest
/// name and its trailing dot.
const MAX_ASCII: usize = 256;

/// A run that is a valid name.
enum Name<'b> {
    /// Lower case, without marks.
    Ascii(&'b str),
    Other(Domain, Flags),
}

/// Checks a run as a name.
fn valid_name<'b>(
    text: &[u8],
    run: &Run,
    buffer: &'b mut [u8; MAX_ASCII],
) -> Result<Name<'b>, InvalidReason> {
    if run.ascii && run.end - run.start <= MAX_ASCII {
        let len = run.lower_into(text, buffer);
        let name = &buffer[..len];
        check_domain(name).map_err(Invalid::reason)?;
        let name = std::str::from_utf8(name);
        return name.map(Name::Ascii).map_err(|_| InvalidReason::BadIdna);
    }
    let mut clean = Vec::with_capacity(run.end - run.start);
    run.refanged(text, &mut clean);
    let name =
        std::str::from_utf8(&clean).map_err(|_| InvalidReason::BadIdna)?;
    let domain = Domain::parse(name).map_err(Invalid::reason)?;
    let mixed = !run.ascii && is_mixed(name);
    let flags = if mixed { Flags::MIXED_SCRIPT } else { Flags::NONE };
    Ok(Name::Other(domain, flags))
}

pub(super) fn run_flags(run: &Run) -> Flags {
    let mut flags = Flags::NONE;
    if run.is_defanged() {
        flags = flags.with(Flags::DEFANGED);
    }
    if run.hidden {
        flags = flags.with(Flags::HIDDEN_CHARACTERS);
    }
    flags
}

/// Whether a name is all of a regular expression between two slashes:
/// `/evil\.example/i`.
fn is_pattern(text: &[u8], span: Span) -> bool {
    let left = &text[..span.start];
    (left.ends_with(b"/") || left.ends_with(b"/^"))
        && byte(text, span.end) == b'/'
        && text[span.range()].contains(&b'\\')
}

/// A number after a slash after an address, and the bytes of both: `/24`, the
/// length of a prefix, or `/51234`, a port as firewalls write it.
pub(super) fn slash_number(text: &[u8], end: usize) -> Option<(u32, usize)> {
    let rest = text.get(end..)?.strip_prefix(b"/")?;
    let digits = rest.iter().take(6).take_while(|b| b.is_ascii_digit());
    let len = digits.count();
    let value = |n, b: &u8| n * 10 + u32::from(b - b'0');
    (matches!(len, 1..=5) && ends_part(rest, len))
        .then(|| (rest[..len].iter().fold(0, value), 1 + len))
}

/// Whether a number, or a mask, ends at `at`: neither a label nor a path goes on
/// there.
fn ends_part(text: &[u8], at: usize) -> bool {
    let next = byte(text, at);
    !(is_label(next)
        || matches!(next, b'/' | b'?')
        || next == b'.' && is_label(byte(text, at + 1)))
}

/// Bytes of the mask of a network after an address, with the slash:
/// `/255.255.255.0`.
fn mask_length(text: &[u8], end: usize) -> Option<usize> {
    let rest = text.get(end..)?.strip_prefix(b"/")?;
    let len = quad_length(rest);
    let is_mask = len > 0
        && rest.starts_with(b"255.")
        && rest[..len] != *b"255.255.255.255"
        && ends_part(rest, len);
    is_mask.then_some(1 + len)
}

/// Whether the last of the five numbers at `span` is a port, as `tcpdump` and
/// the `netstat` of BSD write it.
pub(super) fn ends_with_port(text: &[u8], span: Span) -> bool {
    let (left, right) = (&text[..span.start], &text[span.end..]);
    if right.starts_with(b" > ")
        || left.ends_with(b" > ")
        || left.ends_with(b"IP ")
    {
        return true;
    }
    let line = &left[left.len().saturating_sub(96)..];
    let start = memchr::memrchr(b'\n', line).map_or(0, |at| at + 1);
    let line = &line[start..];
    [&b"tcp"[..], b"udp"].iter().any(|protocol| line.starts_with(protocol))
}

/// Where the local part before a host starts; `None` where there is no at
/// sign before it.
pub(super) fn local_part(
    text: &[u8],
    host: usize,
    floor: usize,
) -> Option<usize> {
    let mut at = host;
    if before(text, at) == b'@' {
        at -= 1;
    } else if let Some((b'@', sign)) = coded_before(text, at) {
        at = sign;
    } else {
        if !matches!(before(text, at), b']' | b')' | b'}' | b' ') {
            return None;
        }
        let sign = (3..=6).find(|len| {
            host.checked_sub(*len)
                .is_some_and(|sign| at_sign_at(text, sign) == Some(*len))
        })?;
        at -= sign;
    }
    let low = floor.max(at.saturating_sub(64));
    let end = at;
    while at > low
        && (is_label(text[at - 1])
            || matches!(text[at - 1], b'.' | b'+' | b'%'))
    {
        at -= 1;
    }
    (at < end).then_some(at)
}

/// Whether what starts at `start` is no mailbox, whatever follows it: a user
/// of another scheme (`ssh://user.name@host`), the host of a share
/// (`\\host@80\share`).
fn starts_host(text: &[u8], start: usize) -> bool {
    let left = &text[..start];
    left.ends_with(b"://") || left.ends_with(b"\\\\")
}

/// Whether a user of another scheme stands before the host at `host`:
/// `sftp://user:password@host`.
pub(super) fn follows_login(text: &[u8], host: usize) -> bool {
    let Some(left) = text[..host].strip_suffix(b"@") else { return false };
    let user = left.iter().rev().take(64);
    let user = user
        .take_while(|b| is_label(**b) || b".:%+~!$*=,".contains(b))
        .count();
    // The colon of the scheme is read with it.
    let left = &left[..left.len() - user];
    user > 0 && left.ends_with(b"://")
}

/// The part of a defanged run before its first defang mark, for a scanner
/// that does not refang.
fn plain_part(text: &[u8], run: &Run, anchor: usize) -> Option<Run> {
    let mut end = run.end;
    let mut at = anchor;
    while at < run.end {
        if !is_label(text[at]) && text[at] != b'.' {
            end = at;
            break;
        }
        at += 1;
    }
    run.cut(text, end).filter(|cut| !cut.is_defanged())
}

/// Whether a run of weak marks is meant: it repeats its mark, or is all that
/// stands on its line.
fn weak_run_counts(text: &[u8], run: &Run) -> bool {
    let Some(weak) = run.weak else { return true };
    // A plain dot is nearer.
    if byte(text, run.end) == b'.' && is_label(byte(text, run.end + 1))
        || before(text, run.start) == b'.'
    {
        return false;
    }
    let alone = starts_line(text, run.start) && ends_line(text, run.end);
    if run.numeric {
        let clocklike = weak == Weak::Comma
            && !text[run.start..run.end]
                .split(|b| *b == b',')
                .any(|octet| octet.len() == 3);
        return run.labels == 4
            && !clocklike
            && (alone || !matches!(weak, Weak::Comma));
    }
    match weak {
        // A row of a table ends with a word, or with the code of a country.
        Weak::Comma => {
            let last = &text[run.last.0..run.last.1];
            let is_plain = last.len() > 2 && tld(last) == Tld::Plain;
            alone && run.labels == 3 && is_plain
        }
        Weak::Word | Weak::Spaced => run.labels > 2 || alone,
        Weak::Quoted => {
            run.labels > 2
                && !matches!(before(text, run.start), b'"' | b'\'' | b'|')
        }
        Weak::Glued => run.labels > 2 && !run_has_other_capitals(text, run),
        Weak::Close | Weak::Dashed | Weak::Empty => run.labels > 2,
    }
}

/// Capitals other than those of `DOT`.
fn run_has_other_capitals(text: &[u8], run: &Run) -> bool {
    let capitals = text[run.start..run.end]
        .iter()
        .filter(|b| b.is_ascii_uppercase())
        .count();
    capitals != 3 * (run.labels - 1)
}

/// `192.0.2.1-192.0.2.9`
fn address_range(text: &[u8], run: &Run) -> bool {
    if run.labels != 7 || !run.is_verbatim() || !run.ascii || run.upper {
        return false;
    }
    let bytes = &text[run.start..run.end];
    bytes.iter().filter(|b| **b == b'-').count() == 1
        && bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
}

/// The reason to give for a run that is no valid name.
fn reason_of_invalid(
    text: &[u8],
    run: &Run,
    invalid: InvalidReason,
) -> Reason {
    let first = &text[run.first.0..run.first.1];
    let digits = first.iter().filter(|b| b.is_ascii_digit()).count();
    let last_digit = text[run.last.0].is_ascii_digit();
    if last_digit && digits > 0 && !run.is_defanged() {
        return Reason::Version;
    }
    invalid.into()
}
