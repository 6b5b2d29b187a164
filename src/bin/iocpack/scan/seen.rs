//! Matches that stood in a text before, told by their bytes.
//!
//! A log names the same few hosts all the time, and of each only the first is
//! printed: the rest need not become rows.

use iocpack::Span;
use iocpack::scan::Finding;

/// How many matches are remembered. One that is forgotten becomes a row again,
/// and is found to be known later.
const SLOTS: usize = 1 << 10;

/// What stood in one text lately. What the bytes of a match stand for does not
/// depend on where they stand.
pub(super) struct Seen<'t> {
    text: &'t [u8],
    /// None, if nothing is to be remembered.
    slots: Vec<Span>,
}

impl<'t> Seen<'t> {
    /// Remembers matches of a text, unless their `repeats` are wanted.
    pub(super) fn new(text: &'t [u8], repeats: bool) -> Seen<'t> {
        let len = if repeats { 0 } else { SLOTS };
        Seen { text, slots: vec![Span { start: 0, end: 0 }; len] }
    }

    /// Whether it is a match of the same bytes as one that is remembered.
    pub(super) fn holds(&self, finding: &Finding<'_>) -> bool {
        matches!(finding, Finding::Match(_)) && self.is_known(finding.span())
    }

    /// Remembers a match.
    pub(super) fn keep(&mut self, finding: &Finding<'_>) {
        if matches!(finding, Finding::Match(_)) {
            self.remember(finding.span());
        }
    }

    fn is_known(&self, span: Span) -> bool {
        let raw = &self.text[span.range()];
        let slot = self.slots.get(slot(raw));
        slot.is_some_and(|known| self.text[known.range()] == *raw)
    }

    fn remember(&mut self, span: Span) {
        let slot = slot(&self.text[span.range()]);
        if let Some(known) = self.slots.get_mut(slot) {
            *known = span;
        }
    }
}

/// Where a match is remembered. Bytes that were chosen to share a place push
/// each other out, no more.
fn slot(raw: &[u8]) -> usize {
    let word = |bytes: &[u8]| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    };
    let len = raw.len().min(8);
    let (head, tail) = (word(&raw[..len]), word(&raw[raw.len() - len..]));
    let mixed = head ^ tail.rotate_left(29) ^ raw.len() as u64;
    let hash = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> (u64::BITS - SLOTS.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_known_again_and_no_others() {
        let text = b"a.example b.example a.example";
        let [first, other, again] =
            [0, 10, 20].map(|start| Span { start, end: start + 9 });
        let mut seen = Seen::new(text, false);
        assert!(!seen.is_known(first));
        seen.remember(first);
        assert!(seen.is_known(again));
        assert!(!seen.is_known(other));
        // Whatever shares its place, nothing else is taken for it.
        for start in 0..text.len() {
            for end in start + 1..=text.len() {
                let span = Span { start, end };
                let same = text[span.range()] == text[first.range()];
                assert_eq!(seen.is_known(span), same, "{start}..{end}");
            }
        }
    }

    #[test]
    fn where_repeats_are_wanted_nothing_is_remembered() {
        let text = b"a.example";
        let span = Span { start: 0, end: text.len() };
        let mut seen = Seen::new(text, true);
        seen.remember(span);
        assert!(!seen.is_known(span));
    }
}
