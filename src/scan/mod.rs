//! Finding indicators in text.

mod anchors;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod blocks;
mod bounds;
mod chars;
mod context;
mod encoded;
mod engine;
mod found;
mod hash;
mod host;
mod ipv6;
mod link;
mod name;
mod quick;
mod reader;
mod script;
mod tld;

use std::io;
use std::ops::ControlFlow;

pub use self::found::{Finding, Flags, Match, Reason, Rejection};

use self::engine::{Engine, Queue};
use crate::{Error, KindSet};

/// How much the text around a candidate must speak for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strictness {
    /// Only what is defanged, in a URL, or beyond doubt.
    Strict,
    /// The default.
    #[default]
    Balanced,
    /// Whatever is valid.
    Loose,
}

/// What a scanner looks for, and how.
#[derive(Clone, Copy, Debug)]
struct Options {
    kinds: KindSet,
    strictness: Strictness,
    refang: bool,
    email_domains: bool,
    inner_urls: bool,
    block_size: usize,
}

/// Finds indicators in any bytes. Immutable, cheap to share.
#[derive(Clone, Debug)]
pub struct Scanner {
    options: Options,
}

impl Scanner {
    /// A scanner with the default options.
    #[must_use]
    pub fn new() -> Scanner {
        Scanner::builder().build()
    }

    /// Options first, then [`ScannerBuilder::build`].
    #[must_use]
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }

    /// The matches of `text`, in order of position.
    pub fn find_iter<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> Matches<'s, 't> {
        Matches { inner: self.each(text.as_ref(), false) }
    }

    /// The matches and the rejections of `text`, in order of position.
    pub fn findings<'s, 't>(
        &'s self,
        text: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> Findings<'s, 't> {
        self.each(text.as_ref(), true)
    }

    fn each<'s, 't>(
        &'s self,
        text: &'t [u8],
        rejections: bool,
    ) -> Findings<'s, 't> {
        let engine = Engine::new(&self.options, rejections);
        Findings { engine, text, queue: Queue::default() }
    }

    /// Scans a stream of any length in bounded memory. Spans count from the
    /// start of the stream.
    ///
    /// # Errors
    ///
    /// What reading failed with.
    pub fn scan_reader<R: io::Read>(
        &self,
        rdr: R,
        mut on: impl FnMut(Match<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        reader::scan(&self.options, false, rdr, |finding| match finding {
            Finding::Match(found) => on(found),
            Finding::Rejection(_) => ControlFlow::Continue(()),
        })
    }

    /// As [`scan_reader`](Scanner::scan_reader), with the rejections.
    ///
    /// # Errors
    ///
    /// What reading failed with.
    pub fn scan_reader_findings<R: io::Read>(
        &self,
        rdr: R,
        on: impl FnMut(Finding<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        reader::scan(&self.options, true, rdr, on)
    }
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::new()
    }
}

/// Options of a [`Scanner`].
#[derive(Clone, Debug)]
pub struct ScannerBuilder {
    options: Options,
}

impl Default for ScannerBuilder {
    fn default() -> ScannerBuilder {
        ScannerBuilder {
            options: Options {
                kinds: KindSet::ALL,
                strictness: Strictness::Balanced,
                refang: true,
                email_domains: false,
                inner_urls: false,
                block_size: 256 * 1024,
            },
        }
    }
}

impl ScannerBuilder {
    /// Which kinds to report; all by default.
    pub fn kinds(&mut self, kinds: KindSet) -> &mut Self {
        self.options.kinds = kinds;
        self
    }

    /// How much the text around a candidate must speak for it.
    pub fn strictness(&mut self, strictness: Strictness) -> &mut Self {
        self.options.strictness = strictness;
        self
    }

    /// Whether defanged forms are recognised; they are by default.
    pub fn refang(&mut self, yes: bool) -> &mut Self {
        self.options.refang = yes;
        self
    }

    /// Whether the domain of an e-mail address is a match; not by default.
    pub fn email_domains(&mut self, yes: bool) -> &mut Self {
        self.options.email_domains = yes;
        self
    }

    /// Whether URLs inside URLs are listed too; not by default.
    pub fn inner_urls(&mut self, yes: bool) -> &mut Self {
        self.options.inner_urls = yes;
        self
    }

    /// How many bytes [`Scanner::scan_reader`] reads at a time; 256 KiB by
    /// default. What is found does not depend on it.
    pub fn block_size(&mut self, bytes: usize) -> &mut Self {
        self.options.block_size = bytes;
        self
    }

    /// The scanner.
    #[must_use]
    pub fn build(&self) -> Scanner {
        Scanner { options: self.options }
    }
}

/// The matches of a text: see [`Scanner::find_iter`].
#[derive(Clone, Debug)]
pub struct Matches<'s, 't> {
    inner: Findings<'s, 't>,
}

impl<'t> Iterator for Matches<'_, 't> {
    type Item = Match<'t>;

    fn next(&mut self) -> Option<Match<'t>> {
        loop {
            if let Finding::Match(found) = self.inner.next()? {
                return Some(found);
            }
        }
    }
}

/// The matches and rejections of a text: see [`Scanner::findings`].
#[derive(Clone, Debug)]
pub struct Findings<'s, 't> {
    engine: Engine<'s>,
    text: &'t [u8],
    queue: Queue<'t>,
}

impl<'t> Iterator for Findings<'_, 't> {
    type Item = Finding<'t>;

    fn next(&mut self) -> Option<Finding<'t>> {
        loop {
            if let Some(finding) = self.queue.pop() {
                return Some(finding);
            }
            let text = self.text;
            if !self.engine.step(text, text.len(), &mut self.queue) {
                return None;
            }
        }
    }
}
