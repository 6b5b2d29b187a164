//! Names and addresses with dots in brackets, the quick way.

use super::around::{After, after, is_apart, is_free};
use super::{Look, MAX_LABEL, look};
use crate::kind::{check_domain, is_quad};
use crate::refang::is_label;
use crate::scan::blocks::{BLOCK, CHUNK, LABEL, LOW, window};
use crate::scan::chars::byte;
use crate::scan::engine::Engine;
use crate::scan::found::{Close, Flags, Written};
use crate::scan::queue::Queue;
use crate::{Kind, Span};

/// Longest name of the quick way, in bytes.
const MAX_NAME: usize = 128;

impl Engine<'_> {
    /// Where the label starts that stands before the brackets around the dot
    /// at `at`.
    pub(super) fn first_marked(
        &self,
        text: &[u8],
        at: usize,
    ) -> Option<usize> {
        let open = at - 1;
        if byte(text, at + 1) != b']' {
            return None;
        }
        let label = window(
            self.anchors.maps().of(LABEL),
            self.anchors.maps().bit(at) - BLOCK,
        );
        // The last bit is the bracket's.
        let before = (!(label << 1)).leading_zeros() as usize;
        let start = open - before;
        let is_short = before > 0 && before <= MAX_LABEL;
        (is_short && start >= self.taken).then_some(start)
    }

    /// Decides about the name or the address that starts at `start` and has
    /// dots in brackets: `c2.evil[.]example`.
    pub(super) fn quick_marked(
        &mut self,
        text: &[u8],
        start: usize,
        out: &mut Queue,
    ) -> bool {
        if !self.options.refang {
            return false;
        }
        if !text[start].is_ascii_digit()
            && let Some(low) = self.low_marked(text, start)
            && is_apart(text, Span { start, end: low.end })
            && let Look::Suffix(found) = look(text, low.last, low.end)
            && found.ends_names_of(low.labels)
        {
            let span = Span { start, end: low.end };
            self.emit_marked(text, span, Kind::Domain, out);
            return true;
        }
        let mut name = [0; MAX_NAME];
        let Some(read) = read_marked(text, start, &mut name) else {
            return false;
        };
        let Marked { end, labels, last, len } = read;
        let name = &name[..len];
        if after(text, end) != After::Nothing || !is_free(text, start) {
            return false;
        }
        let kind = if name[len - 1].is_ascii_digit() {
            if labels != 4 || !is_quad(name) {
                return false;
            }
            Kind::Ip
        } else {
            let Look::Suffix(found) = look(name, last, len) else {
                return false;
            };
            if !found.ends_names_of(labels) && check_domain(name).is_err() {
                return false;
            }
            Kind::Domain
        };
        self.emit_marked(text, Span { start, end }, kind, out);
        true
    }

    /// Emits a name or an address that has dots in brackets.
    fn emit_marked(
        &mut self,
        text: &[u8],
        span: Span,
        kind: Kind,
        out: &mut Queue,
    ) {
        let (written, flags) = (Written::Near, Flags::DEFANGED);
        self.emit_close(text, Close { span, kind, written, flags }, out);
    }

    /// The name in small letters that starts at `start`, with dots or `[.]`
    /// between its labels; where its last label starts is of the text.
    pub(super) fn low_marked(
        &self,
        text: &[u8],
        start: usize,
    ) -> Option<LowMarked> {
        let low = self.anchors.maps().of(LOW);
        let mut last = start;
        let mut labels = 1;
        loop {
            let bit = self.anchors.maps().bit(last);
            if bit > (CHUNK + 1) * BLOCK {
                return None;
            }
            let len = (!window(low, bit)).trailing_zeros() as usize;
            let label = text.get(last..last + len)?;
            let (first, end) = (label.first()?, label.last()?);
            let end_at = last + len;
            if *first == b'-'
                || *end == b'-'
                || len > MAX_LABEL
                || end_at - start > MAX_NAME
            {
                return None;
            }
            let end = end_at;
            last = end
                + match text[end..] {
                    [b'.', next, ..] if is_label(next) => 1,
                    [b'[', b'.', b']', next, ..] if is_label(next) => 3,
                    [next, ..] if is_label(next) => return None,
                    _ => return Some(LowMarked { end, labels, last }),
                };
            labels += 1;
        }
    }
}

/// A name with dots in brackets.
struct Marked {
    /// Where it ends in the text.
    end: usize,
    labels: usize,
    /// Where the last label starts in the refanged name.
    last: usize,
    /// Length of the refanged name.
    len: usize,
}

/// So it is of small letters, digits and hyphens.
pub(super) struct LowMarked {
    pub(super) end: usize,
    pub(super) labels: usize,
    /// Where the last label starts in the text.
    pub(super) last: usize,
}

/// Reads a name whose dots are `.` or `[.]`, and writes it to `name` in lower
/// case with dots.
fn read_marked(
    text: &[u8],
    start: usize,
    name: &mut [u8; MAX_NAME],
) -> Option<Marked> {
    let mut at = start;
    let mut len = 0;
    let mut labels = 0;
    loop {
        let last = len;
        while let Some(&b) = text.get(at)
            && LOWER[usize::from(b)] != 0
        {
            *name.get_mut(len)? = LOWER[usize::from(b)];
            len += 1;
            at += 1;
        }
        let label = &name[last..len];
        let (Some(b'a'..=b'z' | b'0'..=b'9'), Some(end)) =
            (label.first(), label.last())
        else {
            return None;
        };
        if *end == b'-' || label.len() > MAX_LABEL {
            return None;
        }
        labels += 1;
        let rest = &text[at..];
        let mark = match rest {
            [b'.', next, ..] if is_label(*next) => 1,
            [b'[', b'.', b']', next, ..] if is_label(*next) => 3,
            [b'_' | 0x80.., ..] => return None,
            _ => return Some(Marked { end: at, labels, last, len }),
        };
        *name.get_mut(len)? = b'.';
        len += 1;
        at += mark;
    }
}

/// Letters in lower case, digits and the hyphen; 0 for all else.
static LOWER: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            table[b] = byte.to_ascii_lowercase();
        }
        b += 1;
    }
    table
};
