//! The matches of a text as they are kept behind the objects that Python
//! sees.

use std::borrow::Cow;
use std::sync::Arc;

use iocpack::Flags;

use crate::found::Match;
use crate::options::Types;
use crate::text::count;

/// Where a match stands, and what it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) type_name: &'static str,
    pub(crate) flags: Flags,
    /// Whether the text was a `str`.
    pub(crate) is_str: bool,
    /// Bytes before it in the text.
    pub(crate) byte: usize,
    /// Code points before it if the text was a `str`, else bytes.
    pub(crate) start: usize,
}

struct Draft {
    place: Place,
    /// Where its bytes as written start in the arena.
    raw: usize,
    /// Where its canonical form does, which goes on to the next match. If
    /// nothing is there, it is what is written; it is never empty.
    value: usize,
}

/// The matches of a text, made without the interpreter's lock. They share
/// two pieces of memory: an allocation for each would cost more than to find
/// it does, and to borrow from the text would keep all of it.
#[derive(Default)]
pub(crate) struct Block {
    arena: Vec<u8>,
    all: Vec<Draft>,
}

impl Block {
    /// Takes a match of a text in which `start`, asked with its bytes before
    /// it, says how many code points they are; `None` if bytes are counted.
    pub(crate) fn push(
        &mut self,
        found: &iocpack::Match<'_>,
        types: Types,
        start: impl FnOnce(usize) -> Option<usize>,
    ) {
        let value = found.canonical();
        let type_name = found.type_name();
        if !types.wants(type_name) {
            return;
        }
        let byte = found.span().start;
        let points = start(byte);
        let place = Place {
            type_name,
            flags: found.flags(),
            is_str: points.is_some(),
            byte,
            start: points.unwrap_or(byte),
        };
        self.add(place, found.raw(), &value);
    }

    /// Takes a match of any text.
    pub(crate) fn add(&mut self, place: Place, raw: &[u8], value: &str) {
        let at = self.arena.len();
        self.arena.extend_from_slice(raw);
        self.all.push(Draft { place, raw: at, value: self.arena.len() });
        if value.as_bytes() != raw {
            self.arena.extend_from_slice(value.as_bytes());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn place(&self, at: usize) -> &Place {
        &self.all[at].place
    }

    /// The bytes as written.
    pub(crate) fn raw(&self, at: usize) -> &[u8] {
        let it = &self.all[at];
        &self.arena[it.raw..it.value]
    }

    /// The canonical form, which is UTF-8.
    pub(crate) fn value(&self, at: usize) -> &[u8] {
        let end = self.all.get(at + 1).map_or(self.arena.len(), |it| it.raw);
        match &self.arena[self.all[at].value..end] {
            [] => self.raw(at),
            value => value,
        }
    }

    /// The canonical form.
    pub(crate) fn canonical(&self, at: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.value(at))
    }

    /// How long it is, in what `start` counts.
    pub(crate) fn width(&self, at: usize) -> usize {
        match self.place(at).is_str {
            true => count(self.raw(at)),
            false => self.raw(at).len(),
        }
    }

    /// The matches, in order.
    pub(crate) fn finish(
        mut self,
    ) -> impl ExactSizeIterator<Item = Match> + Send + Sync {
        // One that is kept keeps all.
        self.arena.shrink_to_fit();
        self.all.shrink_to_fit();
        let block = Arc::new(self);
        (0..block.len()).map(move |at| Match::of(Arc::clone(&block), at))
    }
}
