//! The loop: from one anchor to the next, and what each may be.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::anchors::{Anchor, Anchors};
use super::bounds::{refanged_body, url_body};
use super::chars::{before, byte};
use super::context::{Around, judge_address, judge_name};
use super::found::{Finding, Flags, Match, Reason, Rejection};
use super::host::{Run, run_at};
use super::{Options, Strictness, hash, ipv6};
use crate::kind::{
    Domain, FileHash, InvalidReason, Suffix, check_domain, parse_ip, suffix_of,
};
use crate::refang::{
    Scheme, at_sign_at, is_label, scheme, scheme_before, separator_at,
};
use crate::{Indicator, Kind, Span, Url};

/// How far before a candidate the text is read, in bytes.
pub(super) const LOOK_BEHIND: usize = 2048;
/// How far from an anchor the text is read, in bytes: the longest URL and the
/// text after it.
pub(super) const LOOK_AHEAD: usize = 12 * 1024;

/// Reads a text from left to right. Offsets are into the text it is given.
#[derive(Clone, Debug)]
pub(super) struct Engine<'s> {
    options: &'s Options,
    anchors: Anchors,
    /// Everything before this byte belongs to a match.
    taken: usize,
    /// No dot before this byte starts a run: it was read in one already.
    read: usize,
    /// No colon before this byte starts a URL.
    urls_read: usize,
    /// No byte before this one is in a hex run that was not looked at.
    hex_read: usize,
    /// No weak mark before this byte starts a run.
    weak_read: usize,
}

/// Where findings go.
pub(super) type Queue<'t> = VecDeque<Finding<'t>>;

impl<'s> Engine<'s> {
    pub(super) fn new(options: &'s Options) -> Engine<'s> {
        Engine {
            options,
            anchors: Anchors::new(0),
            taken: 0,
            read: 0,
            urls_read: 0,
            hex_read: 0,
            weak_read: 0,
        }
    }

    /// Looks at the next anchor before `end`; whether there was one. What it
    /// is goes to `out`.
    pub(super) fn step<'t>(
        &mut self,
        text: &'t [u8],
        end: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        let Some(anchor) = self.anchors.next(text, self.taken, end) else {
            return false;
        };
        match anchor {
            Anchor::Dot(at) if at >= self.read => self.dot(text, at, out),
            Anchor::Dot(_) => {}
            Anchor::Colon(at) => self.colon(text, at, out),
            Anchor::Hex(at) => self.hex(text, at, out),
        }
        true
    }

    /// The text was cut: `by` bytes before what is still needed are gone.
    pub(super) fn shift(&mut self, by: usize, next: usize) {
        for offset in [
            &mut self.taken,
            &mut self.read,
            &mut self.urls_read,
            &mut self.hex_read,
            &mut self.weak_read,
        ] {
            *offset = offset.saturating_sub(by);
        }
        self.anchors.rewind(next - by);
    }

    fn emit<'t>(&mut self, found: Match<'t>, out: &mut Queue<'t>) {
        let end = found.span().end;
        self.taken = end;
        self.read = self.read.max(end);
        self.hex_read = self.hex_read.max(end);
        if self.options.kinds.contains(found.kind()) {
            out.push_back(Finding::Match(found));
        }
    }

    fn reject<'t>(
        &mut self,
        text: &'t [u8],
        span: Span,
        kind: Kind,
        reason: Reason,
        out: &mut Queue<'t>,
    ) {
        if self.options.kinds.contains(kind) && span.start >= self.taken {
            let raw = &text[span.range()];
            out.push_back(Finding::Rejection(Rejection::new(
                span, raw, kind, reason,
            )));
        }
    }

    // --- URLs -----------------------------------------------------------

    fn colon<'t>(&mut self, text: &'t [u8], at: usize, out: &mut Queue<'t>) {
        if at >= self.urls_read && self.url_at_colon(text, at, out) {
            return;
        }
        if at < self.read || at < self.hex_read && at < self.taken {
            return;
        }
        let next = byte(text, at + 1);
        if !(next == b':' || next == b']' || next.is_ascii_hexdigit()) {
            return;
        }
        let Some(v6) = ipv6::address(text, at, self.taken) else { return };
        let span = Span { start: v6.start, end: v6.end };
        match v6.verdict {
            Ok(address) => {
                self.address6(text, span, address, v6.defanged, out)
            }
            Err(reason) => {
                self.reject(text, span, Kind::Ip, reason, out);
            }
        }
        // The colons of one run are looked at once.
        self.urls_read = self.urls_read.max(at);
        self.read = self.read.max(v6.end);
    }

    fn address6<'t>(
        &mut self,
        text: &'t [u8],
        span: Span,
        address: std::net::Ipv6Addr,
        defanged: bool,
        out: &mut Queue<'t>,
    ) {
        let mut span = span;
        if let Some(len) = prefix_length(text, span.end) {
            let bits = &text[span.end + 1..span.end + len];
            if bits != b"128" {
                span.end += len;
                self.read = self.read.max(span.end);
                self.reject(text, span, Kind::Ip, Reason::Cidr, out);
                return;
            }
        }
        let flags = if defanged { Flags::DEFANGED } else { Flags::NONE };
        let raw = &text[span.range()];
        let value = Indicator::Ip(IpAddr::V6(address));
        self.emit(Match::owned(span, raw, value, flags), out);
    }

    /// The URL whose separator the colon at `at` is part of.
    fn url_at_colon<'t>(
        &mut self,
        text: &'t [u8],
        at: usize,
        out: &mut Queue<'t>,
    ) -> bool {
        let back = usize::from(
            matches!(before(text, at), b' ' | b'[' | b'(' | b'{')
                && at > self.taken,
        );
        if back == 0
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
        if !plain && !self.options.refang && !escaped_separator(text, sep) {
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

    fn url<'t>(
        &mut self,
        text: &'t [u8],
        start: usize,
        sep: usize,
        len: usize,
        scheme: Scheme,
        out: &mut Queue<'t>,
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
        let backslashes = separator.starts_with(b":\\\\");
        if !host_starts(text, from) {
            return false;
        }
        let body = url_body(text, start, from, true, backslashes);
        let span = Span { start, end: body.end };
        if body.too_long {
            let reason = InvalidReason::TooLong.into();
            self.reject(text, span, Kind::Url, reason, out);
            self.skip_long(text, body.end);
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
            if let Ok(canonical) = std::str::from_utf8(raw) {
                let found = Match::canonical_in(
                    span,
                    raw,
                    Kind::Url,
                    canonical,
                    Flags::NONE,
                );
                return self.take_url(text, found, out);
            }
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
                if let Err(reason) =
                    judge_host(&url, defanged, self.options.strictness)
                {
                    self.urls_read = self.urls_read.max(body.end);
                    self.read = self.read.max(body.end);
                    self.reject(text, span, Kind::Url, reason, out);
                    return true;
                }
                let flags = url_flags(&url, &refanged, defanged);
                let found =
                    Match::owned(span, raw, Indicator::Url(url), flags);
                self.take_url(text, found, out)
            }
            Err(invalid) => {
                self.urls_read = self.urls_read.max(body.end);
                let reason = invalid.reason().into();
                self.reject(text, span, Kind::Url, reason, out);
                true
            }
        }
    }

    /// Emits a URL, and those inside it where they are wanted.
    fn take_url<'t>(
        &mut self,
        text: &'t [u8],
        found: Match<'t>,
        out: &mut Queue<'t>,
    ) -> bool {
        let span = found.span();
        self.urls_read = self.urls_read.max(span.end);
        self.emit(found, out);
        if self.options.inner_urls && self.options.kinds.contains(Kind::Url) {
            inner_urls(text, span, out);
        }
        true
    }

    /// Passes over the rest of a token that is too long to be anything.
    fn skip_long(&mut self, text: &[u8], from: usize) {
        let _ = text;
        self.taken = self.taken.max(from);
        self.read = self.read.max(from);
        self.urls_read = self.urls_read.max(from);
        self.hex_read = self.hex_read.max(from);
    }

    // --- names and IPv4 ---------------------------------------------------

    fn dot<'t>(&mut self, text: &'t [u8], at: usize, out: &mut Queue<'t>) {
        let Some(run) = run_at(text, at, self.taken, text.len()) else {
            return;
        };
        if run.is_defanged() && !self.options.refang {
            if let Some(first) = plain_part(text, &run, at) {
                self.run(text, &first, out);
            }
            return;
        }
        if run.weak.is_some() {
            if run.start < self.weak_read {
                return;
            }
            self.weak_read = run.end;
            if !weak_run_counts(text, &run) {
                return;
            }
        }
        self.run(text, &run, out);
    }

    fn run<'t>(&mut self, text: &'t [u8], run: &Run, out: &mut Queue<'t>) {
        self.read = self.read.max(run.end);
        let span = Span { start: run.start, end: run.end };
        if run.too_long {
            let reason = InvalidReason::TooLong.into();
            self.reject(text, span, Kind::Domain, reason, out);
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
    fn email<'t>(
        &mut self,
        text: &'t [u8],
        run: &Run,
        out: &mut Queue<'t>,
    ) -> bool {
        // `name.surname@host`
        let sign = if byte(text, run.end) == b'@' {
            Some(1)
        } else {
            at_sign_at(text, run.end).filter(|_| self.options.refang)
        };
        if let Some(len) = sign
            && is_label(byte(text, run.end + len))
            && !is_defanged_url_host(text, run.start)
        {
            let span = Span { start: run.start, end: run.end };
            // The domain follows: it will be seen as one of an address.
            self.reject(text, span, Kind::Domain, Reason::Email, out);
            return true;
        }
        // `user@192.0.2.1` logs in; mail to an address has brackets around it.
        if run.numeric {
            return false;
        }
        let Some(local) = local_part(text, run.start, self.taken) else {
            return false;
        };
        let span = Span { start: run.start, end: run.end };
        if !self.options.email_domains {
            let span = Span { start: local.max(self.taken), end: run.end };
            self.reject(text, span, Kind::Domain, Reason::Email, out);
            return true;
        }
        self.take_name(text, run, span, Flags::FROM_EMAIL, out);
        true
    }

    fn numeric<'t>(&mut self, text: &'t [u8], run: &Run, out: &mut Queue<'t>) {
        let mut span = Span { start: run.start, end: run.end };
        let mut clean = Vec::with_capacity(15);
        run.refanged(text, &mut clean);
        let value = std::str::from_utf8(&clean).unwrap_or_default();
        if run.labels != 4 {
            if run.labels > 2 {
                self.reject(text, span, Kind::Ip, Reason::Version, out);
            }
            return;
        }
        let address = match parse_ip(value) {
            Ok(address) => address,
            Err(invalid) => {
                let reason = invalid.reason().into();
                self.reject(text, span, Kind::Ip, reason, out);
                return;
            }
        };
        if let Some(len) = prefix_length(text, span.end) {
            let bits = &text[span.end + 1..span.end + len];
            if bits != b"32" && value_of(bits) <= 32 {
                span.end += len;
                self.read = self.read.max(span.end);
                self.reject(text, span, Kind::Ip, Reason::Cidr, out);
                return;
            }
        } else if self.inferred_url(text, run, out) {
            return;
        }
        let around = Around { text, start: span.start, end: span.end };
        if let Err(reason) =
            judge_address(around, run.is_defanged(), self.options.strictness)
        {
            self.reject(text, span, Kind::Ip, reason, out);
            return;
        }
        let raw = &text[span.range()];
        let found = match (run.is_verbatim(), std::str::from_utf8(raw)) {
            (true, Ok(canonical)) => Match::canonical_in(
                span,
                raw,
                Kind::Ip,
                canonical,
                Flags::NONE,
            ),
            _ => {
                Match::owned(span, raw, Indicator::Ip(address), run_flags(run))
            }
        };
        self.emit(found, out);
    }

    fn name<'t>(&mut self, text: &'t [u8], run: &Run, out: &mut Queue<'t>) {
        let span = Span { start: run.start, end: run.end };
        if address_range(text, run) {
            self.range(text, run, out);
            return;
        }
        let around = Around { text, start: span.start, end: span.end };
        let mut lower = [0_u8; 256];
        let verdict = if run.ascii && run.is_verbatim() && span.len() < 256 {
            let name = &mut lower[..span.len()];
            name.copy_from_slice(&text[span.range()]);
            name.make_ascii_lowercase();
            check_domain(name).map_err(|invalid| invalid.reason())
        } else {
            self.parse_name(text, run).map(|_| ()).map_err(|(r, _)| r)
        };
        if let Err(invalid) = verdict {
            if self.hashes_in(text, run, out) {
                return;
            }
            let reason = reason_of_invalid(text, run, invalid);
            self.reject(text, span, Kind::Domain, reason, out);
            return;
        }
        if let Err(reason) = judge_name(around, run, self.options.strictness) {
            if self.hashes_in(text, run, out) {
                return;
            }
            self.reject(text, span, Kind::Domain, reason, out);
            return;
        }
        if self.inferred_url(text, run, out) {
            return;
        }
        self.take_name(text, run, span, Flags::NONE, out);
    }

    fn take_name<'t>(
        &mut self,
        text: &'t [u8],
        run: &Run,
        span: Span,
        flags: Flags,
        out: &mut Queue<'t>,
    ) {
        let raw = &text[span.range()];
        if run.ascii && !run.upper && run.is_verbatim() {
            if let Ok(canonical) = std::str::from_utf8(raw)
                && check_domain(raw).is_ok()
            {
                self.emit(
                    Match::canonical_in(
                        span,
                        raw,
                        Kind::Domain,
                        canonical,
                        flags,
                    ),
                    out,
                );
                return;
            }
        }
        match self.parse_name(text, run) {
            Ok((domain, more)) => {
                let flags = flags.with(more).with(run_flags(run));
                let value = Indicator::Domain(domain);
                self.emit(Match::owned(span, raw, value, flags), out);
            }
            Err((reason, _)) => {
                self.reject(text, span, Kind::Domain, reason.into(), out);
            }
        }
    }

    fn parse_name(
        &self,
        text: &[u8],
        run: &Run,
    ) -> Result<(Domain, Flags), (InvalidReason, usize)> {
        let mut clean = Vec::with_capacity(run.end - run.start);
        run.refanged(text, &mut clean);
        let name = std::str::from_utf8(&clean)
            .map_err(|e| (InvalidReason::BadIdna, e.valid_up_to()))?;
        let domain = Domain::parse(name)
            .map_err(|invalid| (invalid.reason(), invalid.offset()))?;
        let mut flags = Flags::NONE;
        if super::script::is_mixed(name) {
            flags = flags.with(Flags::MIXED_SCRIPT);
        }
        Ok((domain, flags))
    }

    /// `host/path` or `host:port/path` without a scheme.
    fn inferred_url<'t>(
        &mut self,
        text: &'t [u8],
        run: &Run,
        out: &mut Queue<'t>,
    ) -> bool {
        if text[..run.start].ends_with(b"://") {
            // A scheme of another kind: the host counts, the path does not.
            let body = url_body(text, run.start, run.end, true, false);
            self.read = self.read.max(body.end);
            return false;
        }
        if !self.options.kinds.contains(Kind::Url)
            || !path_follows(text, run.end, self.options.refang)
            || run.weak.is_some()
        {
            return false;
        }
        let span_start = run.start;
        let body = url_body(text, span_start, run.end, true, false);
        if body.too_long || body.end == run.end {
            return false;
        }
        let span = Span { start: span_start, end: body.end };
        let mut refanged = b"http://".to_vec();
        run.refanged(text, &mut refanged);
        refanged_body(text, run.end, &body, true, &mut refanged);
        let Ok(url) = Url::parse_bytes(&refanged) else { return false };
        let defanged = body.marked || run.is_defanged();
        let flags = url_flags(&url, &refanged, defanged)
            .with(run_flags(run))
            .with(Flags::SCHEME_INFERRED);
        let raw = &text[span.range()];
        let found = Match::owned(span, raw, Indicator::Url(url), flags);
        self.take_url(text, found, out)
    }

    /// `192.0.2.1-192.0.2.9`: both ends of a range are addresses.
    fn range<'t>(&mut self, text: &'t [u8], run: &Run, out: &mut Queue<'t>) {
        let bytes = &text[run.start..run.end];
        let Some(hyphen) = memchr::memchr(b'-', bytes) else { return };
        let middle = run.start + hyphen;
        for (start, end) in [(run.start, middle), (middle + 1, run.end)] {
            let span = Span { start, end };
            let raw = &text[span.range()];
            let Ok(value) = std::str::from_utf8(raw) else { continue };
            match parse_ip(value) {
                Ok(_) => {
                    let found = Match::canonical_in(
                        span,
                        raw,
                        Kind::Ip,
                        value,
                        Flags::NONE,
                    );
                    self.emit(found, out);
                }
                Err(invalid) => {
                    let reason = invalid.reason().into();
                    self.reject(text, span, Kind::Ip, reason, out);
                }
            }
        }
    }

    // --- hashes -----------------------------------------------------------

    /// The hashes among the labels of a run that is no name:
    /// `<sha256>.exe`.
    fn hashes_in<'t>(
        &mut self,
        text: &'t [u8],
        run: &Run,
        out: &mut Queue<'t>,
    ) -> bool {
        if !run.long_hex {
            return false;
        }
        let mut any = false;
        let mut at = run.start;
        while at < run.end {
            if text[at].is_ascii_hexdigit() && at >= self.taken {
                let hex = hash::hex_run(text, at, self.taken);
                if hex.span.len() >= 32 {
                    any |= self.hash(text, &hex, out);
                }
                at = hex.span.end.max(at + 1);
            } else {
                at += 1;
            }
        }
        any
    }

    fn hex<'t>(&mut self, text: &'t [u8], at: usize, out: &mut Queue<'t>) {
        if at < self.hex_read || at < self.read {
            return;
        }
        let run = hash::hex_run(text, at, self.taken);
        self.hex_read = run.span.end;
        if run.span.len() < 32 {
            return;
        }
        // `<hash>.example.com` is a name: let its dot speak first.
        let end = run.span.end;
        if byte(text, end) == b'.' && is_label(byte(text, end + 1)) {
            self.dot(text, end, out);
            if self.read > end {
                return;
            }
        }
        self.hash(text, &run, out);
    }

    fn hash<'t>(
        &mut self,
        text: &'t [u8],
        run: &hash::HexRun,
        out: &mut Queue<'t>,
    ) -> bool {
        let Some(verdict) = hash::judge(text, run) else { return false };
        let span = run.span;
        if let Err(reason) = verdict {
            self.reject(text, span, Kind::Hash, reason, out);
            return false;
        }
        let raw = &text[span.range()];
        let Ok(digits) = std::str::from_utf8(raw) else { return false };
        let upper = raw.iter().any(u8::is_ascii_uppercase);
        let found = match FileHash::parse(digits) {
            Ok(value) if upper => {
                Match::owned(span, raw, Indicator::Hash(value), Flags::NONE)
            }
            _ => {
                Match::canonical_in(span, raw, Kind::Hash, digits, Flags::NONE)
            }
        };
        self.emit(found, out);
        true
    }
}

/// Judges the host of a URL: is it one that others can reach?
fn judge_host(
    url: &Url,
    defanged: bool,
    strictness: Strictness,
) -> Result<(), Reason> {
    let host = url.host().as_bytes();
    let Some(&last) = host.last() else {
        return Err(InvalidReason::BadHost.into());
    };
    // `http://192,0,2,1/`, `http://$HOST/`: WHATWG lets them pass.
    let odd = |b: &u8| b"!$&'()*+,;=~\"{}".contains(b);
    if host.iter().any(odd) {
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

fn run_flags(run: &Run) -> Flags {
    let mut flags = Flags::NONE;
    if run.is_defanged() {
        flags = flags.with(Flags::DEFANGED);
    }
    if run.hidden {
        flags = flags.with(Flags::HIDDEN_CHARACTERS);
    }
    flags
}

fn url_flags(url: &Url, refanged: &[u8], defanged: bool) -> Flags {
    let mut flags = Flags::NONE;
    if defanged {
        flags = flags.with(Flags::DEFANGED);
    }
    if url.has_userinfo() {
        flags = flags.with(Flags::USERINFO);
    }
    let host = url.host();
    if host.parse::<std::net::Ipv4Addr>().is_ok()
        && memchr::memmem::find(refanged, host.as_bytes()).is_none()
    {
        flags = flags.with(Flags::IP_OBFUSCATED);
    }
    let authority = refanged.splitn(4, |b| *b == b'/').nth(2);
    if let Some(Ok(authority)) = authority.map(std::str::from_utf8)
        && !authority.is_ascii()
    {
        if super::script::is_mixed(authority) {
            flags = flags.with(Flags::MIXED_SCRIPT);
        }
        if authority.chars().any(super::chars::is_hidden) {
            flags = flags.with(Flags::HIDDEN_CHARACTERS);
        }
    }
    flags
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
        let escape = matches!(touching, b'n' | b'r' | b't')
            && before(text, start - 1) == b'\\';
        if touching.is_ascii_lowercase() && !escape {
            return None;
        }
        // `git+http`: another scheme.
        if matches!(touching, b'+' | b'-' | b'.')
            && before(text, start - 1).is_ascii_alphabetic()
        {
            return None;
        }
        return Some((start, scheme(name)?));
    }
    None
}

/// Separators that are ordinary in some notation, so no defang mark.
fn separator_is_ordinary(separator: &[u8]) -> bool {
    matches!(separator, b"://" | b":\\/\\/" | b":///")
        || separator.eq_ignore_ascii_case(b":\\u002f\\u002f")
}

fn escaped_separator(text: &[u8], sep: usize) -> bool {
    text[sep..].starts_with(b":\\/\\/")
        || text[sep..].starts_with(b":\\u002f\\u002f")
}

/// Whether what stands at `from` can be the start of a host or of userinfo.
fn host_starts(text: &[u8], from: usize) -> bool {
    let b = byte(text, from);
    is_label(b) || matches!(b, b'[' | b'%')
}

/// Schemes whose separator has no colon, or an underscore: the run then
/// starts with it (`http__evil.example`) or follows it (`hxxp//evil.example`).
fn odd_scheme(
    text: &[u8],
    run: &Run,
) -> Option<(usize, Scheme, usize, usize)> {
    let start = run.start;
    let first = &text[run.first.0..run.first.1];
    for stem in [&b"https__"[..], b"http__", b"hxxps__", b"hxxp__"] {
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
        if at(i) != b'/' {
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
        }
        b'\\' => next == b'/' && is_label(at(i + 2)),
        b'?' => i == 0 && is_label(next) && query_follows(&rest[i + 1..]),
        _ => false,
    }
}

/// `name/192.0.2.1:443`: how Java prints a host with its address.
fn address_follows(rest: &[u8]) -> bool {
    let dotted = |b: &&u8| b.is_ascii_digit() || **b == b'.';
    let len = rest.iter().take(16).take_while(dotted).count();
    let dots = rest[..len].iter().filter(|b| **b == b'.').count();
    dots == 3 && !matches!(byte(rest, len), b'/' | b'?') && len >= 7
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

/// Bytes of a prefix length after an address: `/24`, `/64`. The slash counts.
fn prefix_length(text: &[u8], end: usize) -> Option<usize> {
    if byte(text, end) != b'/' {
        return None;
    }
    let digits = text[end + 1..]
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let next = byte(text, end + 1 + digits);
    let ends = !(is_label(next) || next == b'/' || next == b'?');
    let ends =
        ends && !(next == b'.' && is_label(byte(text, end + 2 + digits)));
    (matches!(digits, 1..=3) && ends).then_some(1 + digits)
}

fn value_of(digits: &[u8]) -> usize {
    digits.iter().fold(0, |n, b| n * 10 + usize::from(b - b'0'))
}

/// Where the local part before a host starts; `None` where there is no at
/// sign before it.
fn local_part(text: &[u8], host: usize, floor: usize) -> Option<usize> {
    let mut at = host;
    if before(text, at) == b'@' {
        at -= 1;
    } else {
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

/// Whether a scheme of another kind stands before: `ssh://user.name@host`.
fn is_defanged_url_host(text: &[u8], start: usize) -> bool {
    text[..start].ends_with(b"://")
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
    use crate::refang::Weak;
    let Some(weak) = run.weak else { return true };
    // A plain dot is nearer.
    if byte(text, run.end) == b'.' && is_label(byte(text, run.end + 1))
        || before(text, run.start) == b'.'
    {
        return false;
    }
    let alone = super::host::starts_line(text, run.start)
        && super::host::ends_line(text, run.end);
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
        Weak::Comma => alone && run.labels == 3,
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

/// Lists the URLs that stand inside the URL at `span`.
fn inner_urls<'t>(text: &'t [u8], span: Span, out: &mut Queue<'t>) {
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
        let raw = &text[span.range()];
        out.push_back(Finding::Match(Match::owned(
            span,
            raw,
            value,
            Flags::INNER,
        )));
        at = start - span.start + at.max(1);
        if !encoded {
            // The rest of the outer URL is the inner one.
            break;
        }
    }
}

fn percent_decode(tail: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < tail.len() {
        let decoded = (tail[at] == b'%')
            .then(|| tail.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match decoded {
            Some(b) => {
                out.push(b);
                at += 3;
            }
            None => {
                out.push(tail[at]);
                at += 1;
            }
        }
    }
}
