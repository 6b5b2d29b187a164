//! The loop: from one anchor to the next, and what each may be.

use std::net::IpAddr;

use super::anchors::{Anchor, Anchors, Cursor};
use super::bounds::ends_token;
use super::chars::{before, byte};
use super::found::{Close, Flags, Reason, Written};
use super::host::{MAX_LABEL, Run, run_at};
use super::name::slash_number;
use super::odd::of_neighbours;
use super::queue::Queue;
use super::sure::Sure;
use super::{Options, Strictness, hash, ipv6};
use crate::kind::FileHash;
use crate::refang::{Form, LABEL, dot_at, is_label};
use crate::{Indicator, InvalidReason, Kind, KindSet, Span};

/// How far before a candidate the text is read, in bytes.
pub(super) const LOOK_BEHIND: usize = 2048;
/// How far from an anchor the text is read, in bytes: the longest URL and the
/// text after it.
pub(super) const LOOK_AHEAD: usize = 12 * 1024;

/// Bytes of hex digits and colons from which on it is worth it to pass over all
/// of their anchors at once.
const MANY: usize = 16;

/// Matches that are sure, from which on they are taken all at once.
const FEW: usize = 8;

/// Reads a text from left to right. Offsets are into the text it is given.
#[derive(Clone, Debug)]
pub(super) struct Engine<'s> {
    pub(super) options: &'s Options,
    /// Whether anybody asks for rejections.
    pub(super) rejections: bool,
    pub(super) anchors: Anchors,
    cursor: Cursor,
    /// Everything before this byte belongs to a match.
    pub(super) taken: usize,
    /// No anchor before this byte is anything.
    pub(super) passed: usize,
    /// No dot before this byte starts a run: it was read in one already.
    pub(super) read: usize,
    /// No colon before this byte starts a URL.
    pub(super) urls_read: usize,
    /// No colon before this byte starts an IPv6 address.
    pub(super) colons_read: usize,
    /// No byte before this one is in a hex run that was not looked at.
    pub(super) hex_read: usize,
    /// No weak mark before this byte starts a run.
    pub(super) weak_read: usize,
    /// What is passed over from `taken` on: the rest of a token that is too
    /// long to be anything.
    skip: Skip,
}

/// The bytes of dotted runs.
static IN_RUN: [bool; 256] = {
    let mut table = LABEL;
    table[b'.' as usize] = true;
    table
};

/// The place of the first byte of a sort, eight looked at for each branch.
fn find(text: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (eights, _) = text.as_chunks::<8>();
    let any =
        |eight: &[u8; 8]| eight.iter().fold(false, |any, b| any | is(*b));
    let from = 8 * eights.iter().take_while(|eight| !any(eight)).count();
    let found = text[from..].iter().position(|b| is(*b));
    found.map(|n| from + n)
}

/// A token to pass over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    Nothing,
    /// Up to the next byte that ends a URL.
    Url,
    /// Up to the next byte that no dotted run holds.
    Run,
}

impl<'s> Engine<'s> {
    pub(super) fn new(options: &'s Options, rejections: bool) -> Engine<'s> {
        let sure = options.quick
            && options.strictness == Strictness::Balanced
            && !rejections;
        let sure = Sure::new(sure, !options.inner_urls);
        Engine {
            options,
            rejections,
            anchors: Anchors::new(0, rejections, sure),
            cursor: Cursor::at(0),
            taken: 0,
            passed: 0,
            read: 0,
            urls_read: 0,
            colons_read: 0,
            hex_read: 0,
            weak_read: 0,
            skip: Skip::Nothing,
        }
    }

    /// Looks at the anchors before `end` until a few are something, which goes
    /// to `out`, which forgets what it held; whether any was.
    #[inline(never)]
    pub(super) fn step(
        &mut self,
        text: &[u8],
        end: usize,
        out: &mut Queue,
    ) -> bool {
        out.clear();
        // Not in memory on the way of every candidate.
        let mut cursor = self.cursor;
        while !out.is_full() {
            if self.skip != Skip::Nothing && !self.pass_over(text, end) {
                break;
            }
            let reached = [self.passed, self.read];
            let from = (self.passed, self.floor());
            let next = self.anchors.next(&mut cursor, text, from, end);
            let Some(anchor) = next else { break };
            match anchor {
                Anchor::Sure(limit) => {
                    self.take_sure(&mut cursor, limit, end, out);
                    continue;
                }
                Anchor::Dot(at) if at < self.read => {}
                Anchor::Dot(at) => {
                    if !(text[at] == b'.' && self.quick_dot(text, at, out)) {
                        self.dot(text, at, out);
                    }
                }
                Anchor::Colon(at) => {
                    self.colon(text, at, out);
                    if self.colons_read > at + MANY {
                        let read = at..self.colons_read;
                        self.anchors.pass_colons(&mut cursor, read);
                    }
                }
                Anchor::Hex(at) => self.hex(text, at, out),
                Anchor::Base64(at) => self.base64(text, at, out),
            }
            if reached != [self.passed, self.read] {
                self.anchors.cut(&mut cursor, [self.passed, self.read]);
            }
        }
        self.cursor = cursor;
        !out.is_empty()
    }

    /// What starts before this byte was looked at, or is in a match.
    fn floor(&self) -> usize {
        self.passed.max(self.read)
    }

    /// Takes the matches that are sure and stand before `limit`.
    #[inline]
    fn take_sure(
        &mut self,
        cursor: &mut Cursor,
        limit: usize,
        end: usize,
        out: &mut Queue,
    ) {
        let sure = self.anchors.sure();
        let Some((decided, numbers)) = sure.matches() else { return };
        let Some(first) = decided.get(numbers.start) else { return };
        // A URL starts in a run that was read too.
        let (floor, read) = match first.kind {
            Kind::Url => (self.passed, self.urls_read),
            Kind::Hash => (self.floor(), self.hex_read),
            _ => (self.floor(), 0),
        };
        if first.span.start < floor.max(read) || first.span.end > end {
            self.anchors.take_sure(1);
            if first.span.end > floor {
                self.anchors.reopen(cursor, first.span);
            }
            return;
        }
        let read = self.read.max(self.urls_read).max(self.hex_read);
        let is_next = |it: &Close| it.span.start < limit && it.span.end <= end;
        let count = match decided.get(numbers.end - 1) {
            _ if read > first.span.start => 1,
            Some(last) if is_next(&last) => numbers.len(),
            _ => decided.all(numbers.clone()).take_while(is_next).count(),
        };
        let numbers = numbers.start..numbers.start + count;
        let last = numbers.end.checked_sub(1).and_then(|i| decided.get(i));
        if self.options.kinds == KindSet::ALL && count >= FEW {
            out.take_decided(decided, numbers);
        } else {
            let kinds = self.options.kinds;
            for it in decided.all(numbers).filter(|it| kinds.contains(it.kind))
            {
                out.push_close(it);
            }
        }
        self.anchors.take_sure(count);
        self.jump(last.map_or(floor, |last| last.span.end));
    }

    /// Looks at nothing before `at`, where no candidate goes on.
    pub(super) fn start_at(&mut self, at: usize) {
        self.jump(at);
        self.anchors.rewind(at);
        self.cursor = Cursor::at(at);
    }

    /// The text was cut: `by` bytes before what is still needed are gone.
    pub(super) fn shift(&mut self, by: usize, next: usize) {
        for offset in [
            &mut self.taken,
            &mut self.passed,
            &mut self.read,
            &mut self.urls_read,
            &mut self.colons_read,
            &mut self.hex_read,
            &mut self.weak_read,
        ] {
            *offset = offset.saturating_sub(by);
        }
        self.anchors.rewind(next - by);
        self.cursor = Cursor::at(next - by);
    }

    /// Passes over the rest of a long token; whether its end was found before
    /// `end`.
    fn pass_over(&mut self, text: &[u8], end: usize) -> bool {
        let from = self.taken.min(end);
        let rest = &text[from..end];
        let found = match self.skip {
            Skip::Run => find(rest, |b| !IN_RUN[usize::from(b)]),
            _ => find(rest, ends_token),
        };
        self.jump(found.map_or(end, |n| from + n));
        if found.is_some() {
            self.skip = Skip::Nothing;
        }
        found.is_some()
    }

    /// Starts to pass over a token from `from` on.
    pub(super) fn skip_long(&mut self, from: usize, skip: Skip) {
        self.jump(from);
        self.skip = skip;
    }

    /// Nothing before `to` is looked at again.
    fn jump(&mut self, to: usize) {
        self.taken = self.taken.max(to);
        self.passed = self.passed.max(to);
    }

    /// Emits a match that holds its value.
    pub(super) fn emit(
        &mut self,
        text: &[u8],
        span: Span,
        value: Indicator,
        flags: Flags,
        out: &mut Queue,
    ) {
        let kind = value.kind();
        if self.takes(span, kind) {
            let flags = flags.with(of_neighbours(text, span, kind));
            out.push_owned(span, value, flags);
        }
    }

    /// As [`emit`](Engine::emit), for a match close to its canonical form.
    #[inline]
    pub(super) fn emit_close(
        &mut self,
        text: &[u8],
        close: Close,
        out: &mut Queue,
    ) {
        let Close { span, kind, flags, .. } = close;
        if self.takes(span, kind) {
            let flags = flags.with(of_neighbours(text, span, kind));
            out.push_close(Close { flags, ..close });
        }
    }

    /// As [`emit_close`](Engine::emit_close), for what is canonical as it
    /// stands.
    pub(super) fn emit_canonical(
        &mut self,
        text: &[u8],
        span: Span,
        kind: Kind,
        flags: Flags,
        out: &mut Queue,
    ) {
        let written = Written::Canonical;
        self.emit_close(text, Close { span, kind, written, flags }, out);
    }

    /// As [`emit_close`](Engine::emit_close), for what is canonical as it
    /// stands and beside which nothing stands that says more of it.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    pub(super) fn emit_plain(
        &mut self,
        span: Span,
        kind: Kind,
        out: &mut Queue,
    ) {
        if self.takes(span, kind) {
            let (written, flags) = (Written::Plain, Flags::NONE);
            out.push_close(Close { span, kind, written, flags });
        }
    }

    /// Notes that a match stands at `span`; whether its kind is asked for.
    #[inline]
    fn takes(&mut self, span: Span, kind: Kind) -> bool {
        let end = span.end;
        self.taken = end;
        self.passed = end;
        self.options.kinds.contains(kind)
    }

    pub(super) fn reject(
        &mut self,
        span: Span,
        kind: Kind,
        reason: Reason,
        out: &mut Queue,
    ) {
        if self.rejections
            && self.options.kinds.contains(kind)
            && span.start >= self.taken
        {
            out.push_rejected(span, kind, reason);
        }
    }

    fn colon(&mut self, text: &[u8], at: usize, out: &mut Queue) {
        let next = byte(text, at + 1);
        // A space is in a separator only before two slashes.
        if text[at] == b':'
            && next == b' '
            && (byte(text, at + 2) != b'/'
                || byte(text, at + 3).is_ascii_alphanumeric())
        {
            return;
        }
        // `10:30` is no separator.
        let is_inside = text[at] == b':'
            && next.is_ascii_hexdigit()
            && before(text, at).is_ascii_hexdigit();
        if !is_inside
            && at >= self.urls_read
            && self.url_at_colon(text, at, out)
        {
            return;
        }
        if at < self.colons_read.max(self.read) {
            return;
        }
        if text[at] != b':' {
            return;
        }
        if !(next == b':' || next == b']' || next.is_ascii_hexdigit()) {
            return;
        }
        if self.quick_colon(text, at) {
            return;
        }
        let v6 = ipv6::address(text, at, self.taken, self.options.strictness);
        // The colons of one run are looked at once.
        self.colons_read = self.colons_read.max(v6.end);
        let span = Span { start: v6.start, end: v6.end };
        match v6.verdict {
            Some(Ok(address)) => {
                self.address6(text, span, address, v6.defanged, out);
            }
            Some(Err(reason)) => {
                self.reject(span, Kind::Ip, reason, out);
            }
            None => {}
        }
    }

    fn address6(
        &mut self,
        text: &[u8],
        span: Span,
        address: std::net::Ipv6Addr,
        defanged: bool,
        out: &mut Queue,
    ) {
        let mut span = span;
        if let Some((..128, len)) = slash_number(text, span.end) {
            span.end += len;
            self.read = self.read.max(span.end);
            self.reject(span, Kind::Ip, Reason::Cidr, out);
            return;
        }
        let flags = if defanged { Flags::DEFANGED } else { Flags::NONE };
        let value = Indicator::Ip(IpAddr::V6(address));
        self.emit(text, span, value, flags, out);
    }

    /// The hashes among the labels of a run that is no name:
    /// `<sha256>.exe`.
    pub(super) fn hashes_in(
        &mut self,
        text: &[u8],
        run: &Run,
        out: &mut Queue,
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

    fn hex(&mut self, text: &[u8], at: usize, out: &mut Queue) {
        if at < self.hex_read
            || at < self.read
            || self.quick_hex(text, at, out)
        {
            return;
        }
        let run = hash::hex_run(text, at, self.taken);
        self.hex_read = run.span.end;
        if run.span.len() < 32 {
            return;
        }
        if run.is_long() {
            let reason = InvalidReason::HexLength.into();
            if run.is_word() {
                self.reject(run.span, Kind::Hash, reason, out);
            }
            self.skip_long(run.span.end, Skip::Run);
            return;
        }
        if self.encoded_hex(text, run.span, out) {
            return;
        }
        // `<hash>-a.example.com` is a name: let its dot speak first.
        let label = text[run.span.end..].iter().take(MAX_LABEL);
        let label = label.take_while(|b| is_label(**b)).count();
        let end = run.span.end + label;
        if run.is_word()
            && let Some(dot) = dot_at(text, end)
            && !matches!(dot.form, Form::Weak(_))
            && self.is_in_run(text, run.span, end)
        {
            self.dot(text, end, out);
            if self.read > end {
                return;
            }
        }
        self.hash(text, &run, out);
    }

    /// Whether the run with a dot at `dot` holds the digits at `span`, which
    /// other scripts or their blanks may keep apart from it.
    fn is_in_run(&self, text: &[u8], span: Span, dot: usize) -> bool {
        text[span.end..dot].is_ascii()
            || run_at(text, dot, self.taken, self.weak_read)
                .is_some_and(|run| run.start < span.end)
    }

    pub(super) fn hash(
        &mut self,
        text: &[u8],
        run: &hash::HexRun,
        out: &mut Queue,
    ) -> bool {
        let Some(verdict) = hash::judge(text, run) else { return false };
        let span = run.span;
        if let Err(reason) = verdict {
            self.reject(span, Kind::Hash, reason, out);
            return false;
        }
        if let Some(half) = hash::second_half(text, span) {
            let mut digits = text[span.range()].to_vec();
            digits.extend_from_slice(&text[half.range()]);
            let digits = String::from_utf8_lossy(&digits);
            if let Ok(value) = FileHash::parse(&digits) {
                let span = Span { start: span.start, end: half.end };
                let value = Indicator::Hash(value);
                self.emit(text, span, value, Flags::NONE, out);
                return true;
            }
        }
        let raw = &text[span.range()];
        let written = match raw.iter().any(u8::is_ascii_uppercase) {
            true => Written::Cased,
            false => Written::Canonical,
        };
        let (kind, flags) = (Kind::Hash, Flags::NONE);
        self.emit_close(text, Close { span, kind, written, flags }, out);
        true
    }
}
