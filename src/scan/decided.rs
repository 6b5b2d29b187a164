//! Matches of a chunk, in few bytes each.

use std::ops::Range;

use super::found::{Close, Flags, Written};
use crate::{Kind, Span};

/// Bits below the places of a match, the second of which has its kind there.
pub(super) const BELOW: u32 = 2;

/// Where a match starts in the bits of a chunk, and where it ends, with its kind
/// below that.
pub(super) type Pair = [u16; 2];

/// Matches of a chunk that have no flag, in order.
///
/// Dense text is mostly these: they are moved and put in order as five bytes
/// each, and made at last where they are handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decided {
    /// The byte of the text at bit 0, which may be before it.
    pub(super) origin: usize,
    pub(super) bounds: Vec<Pair>,
    pub(super) written: Vec<Written>,
}

/// The kind of which these are the bits.
#[inline]
pub(super) fn kind_of(end: u16) -> Kind {
    const DOMAIN: u16 = Kind::Domain as u16;
    const URL: u16 = Kind::Url as u16;
    const IP: u16 = Kind::Ip as u16;
    match end % (1 << BELOW) {
        DOMAIN => Kind::Domain,
        URL => Kind::Url,
        IP => Kind::Ip,
        _ => Kind::Hash,
    }
}

/// The match with these bounds, of which bit 0 is the byte `origin`.
#[inline]
fn close(origin: usize, [start, end]: Pair, written: Written) -> Close {
    let at = |it: u16| origin.wrapping_add(usize::from(it >> BELOW));
    let span = Span { start: at(start), end: at(end) };
    Close { span, kind: kind_of(end), written, flags: Flags::NONE }
}

impl Decided {
    /// Places for so many.
    pub(super) fn with_places(count: usize) -> Decided {
        let (bounds, written) =
            (vec![[0; 2]; count], vec![Written::Plain; count]);
        Decided { origin: 0, bounds, written }
    }

    /// Sets one of them, of which these are the first bit and the one behind it.
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    pub(super) fn set(
        &mut self,
        i: usize,
        (start, end): (usize, usize),
        kind: Kind,
        written: Written,
    ) {
        let bit = |it: usize| (it as u16) << BELOW;
        self.bounds[i] = [bit(start), bit(end) | kind as u16];
        self.written[i] = written;
    }

    /// One of them.
    #[inline]
    pub(super) fn get(&self, i: usize) -> Option<Close> {
        let (pair, written) = (self.bounds.get(i)?, self.written.get(i)?);
        Some(close(self.origin, *pair, *written))
    }

    /// Those with these numbers.
    #[inline]
    pub(super) fn all(
        &self,
        numbers: Range<usize>,
    ) -> impl ExactSizeIterator<Item = Close> {
        let Decided { origin, bounds, written } = self;
        let bounds = bounds[numbers.clone()].iter();
        let each = bounds.zip(&written[numbers]);
        each.map(|(pair, written)| close(*origin, *pair, *written))
    }

    /// Takes those of others with these numbers in, in place of its own.
    #[inline]
    pub(super) fn take(&mut self, others: &Decided, numbers: Range<usize>) {
        self.clear();
        self.origin = others.origin;
        self.bounds.extend_from_slice(&others.bounds[numbers.clone()]);
        self.written.extend_from_slice(&others.written[numbers]);
    }

    pub(super) fn clear(&mut self) {
        self.bounds.clear();
        self.written.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }
}
