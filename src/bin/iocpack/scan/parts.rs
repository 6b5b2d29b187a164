//! One large file, scanned in parts by several threads.
//!
//! A part ends at the first border past a multiple of its size, where no
//! candidate goes on; each thread finds both of its borders by itself. It
//! reads more text on either side than the scanner looks at, so the rows are
//! those of the whole. Where a line is so long that there is no border for a
//! while, the rest of the file is read as a stream.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

use iocpack::scan::Finding;
use iocpack::{Scanner, Span};

use super::feed::Feed;
use super::queue::{Made, Queue, Stop};
use super::rows::Rows;
use super::seen::Seen;
use crate::exit::Failure;
use crate::input::Source;
use crate::lines;
use crate::row::Row;

/// How a file is cut, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    part: usize,
    /// Text that is read on either side of a part: more than the scanner
    /// looks at.
    around: usize,
    /// How far past its place a border may be.
    longest: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { part: 1 << 20, around: 64 << 10, longest: 1 << 20 }
    }
}

/// A file to be scanned in parts.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) feed: &'a Feed<'a>,
    pub(super) path: &'a Path,
    pub(super) sizes: Sizes,
}

/// What a thread made of a part.
struct Part {
    /// Their spans count from the start of the file, their lines from that
    /// of the part.
    rows: Rows,
    newlines: u64,
    /// The offset at which the part ends; where it starts, if no end was
    /// found.
    end: Result<usize, usize>,
    err: Option<io::Error>,
}

impl Parts<'_> {
    /// As [`Feed::run`] for this one source.
    pub(super) fn run(
        &self,
        source: &Source,
        threads: usize,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let name = source.name();
        let len = match self.path.metadata() {
            Ok(it) => usize::try_from(it.len()).unwrap_or(usize::MAX),
            Err(err) => return Ok(self.feed.report(source, Some(err))),
        };
        let count = len.div_ceil(self.sizes.part).max(1);
        let queue = Queue::new();
        thread::scope(|scope| {
            for _ in 0..threads.min(count) {
                scope.spawn(|| {
                    let _stop = Stop { queue: &queue, panics_only: true };
                    let mut text = Vec::new();
                    while let Some(range) = queue.claim(count, 1) {
                        let at = range.start;
                        let what = self.part(at, at + 1 == count, &mut text);
                        let bytes = self.sizes.part;
                        queue.put(at, Made { what, count: 1, bytes });
                    }
                });
            }
            // However this ends, the threads are told.
            let _stop = Stop { queue: &queue, panics_only: false };
            let mut lines = 0;
            for _ in 0..count {
                let Some(Made { what: part, bytes, .. }) = queue.take() else {
                    break;
                };
                for row in part.rows.iter() {
                    let line = lines + row.line;
                    on(&name, Row { line, ..row })?;
                }
                lines += part.newlines;
                if part.err.is_some() {
                    return Ok(self.feed.report(source, part.err));
                }
                if let Err(start) = part.end {
                    return self.stream(source, start, lines, on);
                }
                queue.done(bytes);
            }
            Ok(false)
        })
    }

    /// Reads and scans a part, in the memory of the one before.
    fn part(&self, number: usize, is_last: bool, text: &mut Vec<u8>) -> Part {
        let mut part =
            Part { rows: Rows::default(), newlines: 0, end: Ok(0), err: None };
        let low = (number * self.sizes.part).saturating_sub(self.sizes.around);
        text.clear();
        match self.read(number, low, is_last, text) {
            Ok(Some(span)) => {
                self.scan(text, span, low, &mut part);
                part.end = Ok(low + span.end);
            }
            Ok(None) => {
                // The start is found, or an earlier part had no end.
                let place = number * self.sizes.part - low;
                part.end = Err(low + Scanner::border(&*text, place));
            }
            Err(err) => part.err = Some(err),
        }
        part
    }

    /// Reads the text of a part and around. The part, as a span of the text;
    /// `None` if its end is too far.
    fn read(
        &self,
        number: usize,
        low: usize,
        is_last: bool,
        text: &mut Vec<u8>,
    ) -> io::Result<Option<Span>> {
        let Sizes { part, around, longest } = self.sizes;
        let mut file = File::open(self.path)?;
        file.seek(SeekFrom::Start(low as u64))?;
        let place = number * part - low;
        let mut more = place + part + around;
        if is_last {
            // Whatever has been added to the file meanwhile.
            more = usize::MAX;
        }
        loop {
            let asked = more as u64;
            let got = file.by_ref().take(asked).read_to_end(text)?;
            let ended = got < more;
            let start = Scanner::border(text, place);
            if ended && is_last {
                return Ok(Some(Span { start, end: text.len() }));
            }
            let end = Scanner::border(text, place + part);
            // Enough text has to follow.
            if ended || end + around <= text.len() {
                return Ok(Some(Span { start, end }));
            }
            if text.len() > place + part + longest {
                return Ok(None);
            }
            more = part.min(longest);
        }
    }

    fn scan(&self, text: &[u8], span: Span, low: usize, part: &mut Part) {
        let scanner = &self.feed.find.scanner;
        if self.feed.need.rejected {
            let found = scanner.findings_in(text, span);
            self.collect(found, text, span, low, part);
        } else {
            // Nobody asks for rejections: the scanner need not look for them.
            let found = scanner.find_iter_in(text, span);
            self.collect(found.map(Finding::Match), text, span, low, part);
        }
        self.feed.talk.meter().add((span.end - span.start) as u64);
    }

    fn collect<'t>(
        &self,
        findings: impl Iterator<Item = Finding<'t>>,
        text: &'t [u8],
        span: Span,
        low: usize,
        part: &mut Part,
    ) {
        let feed = self.feed;
        let (mut at, mut line) = (span.start, 1);
        let mut seen = Seen::new(text, feed.need.repeats);
        for finding in findings {
            if seen.holds(&finding) {
                feed.talk.meter().found();
                continue;
            }
            let found = finding.span();
            if feed.need.details && found.start > at {
                let passed = &text[at..found.start];
                line += memchr::memchr_iter(b'\n', passed).count() as u64;
                at = found.start;
            }
            let context =
                feed.find.context.map(|it| lines::around(text, found, it));
            let done = feed.row(&finding, line, &mut |row| {
                seen.keep(&finding);
                let Span { start, end } = row.span;
                let span = Span { start: low + start, end: low + end };
                let context = context.clone();
                part.rows.push(&feed.bare(Row { span, context, ..row }));
                Ok(())
            });
            debug_assert!(done.is_ok(), "a push does not fail");
        }
        if feed.need.details {
            let rest = &text[at.min(span.end)..span.end];
            let rest = memchr::memchr_iter(b'\n', rest).count() as u64;
            part.newlines = line - 1 + rest;
        }
    }

    /// Reads the rest of the file, from a border on, as a stream.
    fn stream(
        &self,
        source: &Source,
        from: usize,
        lines: u64,
        on: &mut impl FnMut(&str, Row<'_>) -> Result<(), Failure>,
    ) -> Result<bool, Failure> {
        let low = from.saturating_sub(self.sizes.around);
        let open = || {
            let mut file = File::open(self.path)?;
            file.seek(SeekFrom::Start(low as u64))?;
            let mut before = vec![0; from - low];
            file.read_exact(&mut before)?;
            Ok((before, file))
        };
        let (before, file) = match open() {
            Ok(opened) => opened,
            Err(err) => return Ok(self.feed.report(source, Some(err))),
        };
        let passed = memchr::memchr_iter(b'\n', &before).count() as u64;
        let name = source.name();
        let mut failure = None;
        let whole = Box::new(io::Cursor::new(before).chain(file));
        let read = self.feed.scan(whole, false, |finding, line, context| {
            if low + finding.span().start < from {
                return ControlFlow::Continue(());
            }
            let line = if line > 0 { lines + line - passed } else { 0 };
            let done = self.feed.row(finding, line, &mut |row| {
                let Span { start, end } = row.span;
                let span = Span { start: low + start, end: low + end };
                on(&name, Row { span, context: context.clone(), ..row })
            });
            match done {
                Ok(()) => ControlFlow::Continue(()),
                Err(err) => {
                    failure = Some(err);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        let Err(err) = read else { return Ok(false) };
        let err = std::error::Error::source(&err)
            .and_then(|it| it.downcast_ref::<io::Error>())
            .map_or(io::ErrorKind::Other.into(), |it| it.kind().into());
        Ok(self.feed.report(source, Some(err)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use clap::Parser as _;

    use super::*;
    use crate::args::{Args, Command, Encoding};
    use crate::input::Inputs;
    use crate::scan::{Find, Need};
    use crate::talk::Talk;

    /// Lines of indicators and of what is nearly one, some of them long.
    fn text(long: usize) -> Vec<u8> {
        let mut text = Vec::new();
        let mut state = 7_u32;
        while text.len() < 400_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let n = state >> 16;
            let line = match n % 7 {
                0 => format!("see hxxp://a{n}[.]example[.]com/x?y={n}"),
                1 => "sha256: 00112233445566778899aabbccddeeff\n  \
                      00112233445566778899aabbccddeeff"
                    .to_owned(),
                2 => format!("www{n}.example.net\nwww{n}.example.org"),
                3 => format!("{n} notes.md foo{n}.notasuffix"),
                4 if long > 0 && n % 50 < 7 => {
                    format!("x{}.example.com", "y.".repeat(long / 2))
                }
                5 => "\n\n".to_owned(),
                _ => "plain words, and 192.0.2.7, in a line".to_owned(),
            };
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        }
        text
    }

    /// The first row of each value, without where it stands.
    fn first<'r>(rows: &'r [Row<'_>]) -> Vec<&'r str> {
        let mut seen = HashSet::new();
        let values = rows.iter().map(|row| &*row.value);
        values.filter(|value| seen.insert(*value)).collect()
    }

    /// The rows of a file by threads, in parts of `part` bytes.
    fn rows(feed: &Feed<'_>, part: usize) -> Vec<Row<'static>> {
        let source = &feed.inputs.sources[0];
        let Source::File(path) = source else { panic!() };
        let sizes = Sizes { part, around: 16_384, longest: 20_000 };
        let mut rows = Vec::new();
        let mut on = |_: &str, row: Row<'_>| {
            rows.push(row.into_owned());
            Ok(())
        };
        let parts = Parts { feed, path, sizes };
        assert!(!parts.run(source, 3, &mut on).unwrap());
        rows
    }

    #[test]
    fn parts_of_any_size_give_the_rows_of_the_whole() {
        let args = Args::try_parse_from(["iocpack", "scan"]).unwrap();
        let Some(Command::Scan(args)) = args.command else { panic!() };
        let mut find = Find::resolve(&args.find);
        find.context = Some(20);
        let talk = Talk::plain();
        let name = format!("iocpack-parts-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let source = Source::File(path.clone());
        let inputs = Inputs::one(source.clone(), false, Encoding::Auto);
        let need = Need { details: true, rejected: true, repeats: true };
        let feed = Feed { inputs: &inputs, find: &find, need, talk: &talk };
        for long in [0, 3000, 60_000] {
            std::fs::write(&path, text(long)).unwrap();
            let mut whole = Vec::new();
            feed.run(1, |_, row| {
                whole.push(row.into_owned());
                Ok(())
            })
            .unwrap();
            assert!(whole.len() > 50);
            for part in [300, 7_000, 40_000, 1 << 20] {
                let rows = rows(&feed, part);
                for (at, (row, want)) in rows.iter().zip(&whole).enumerate() {
                    assert_eq!(row, want, "row {at}, {long}, {part}");
                }
                assert_eq!(rows.len(), whole.len(), "{long}, {part}");
                // Without repeats the same ones come first, in that order.
                let need = Need { repeats: false, ..need };
                let fewer = self::rows(&Feed { need, ..feed }, part);
                assert_eq!(first(&fewer), first(&whole), "{long}, {part}");
                // The last part is the whole file.
                let is_less = fewer.len() < whole.len();
                assert!(is_less || part < 1 << 20, "{long}");
            }
        }
        std::fs::remove_file(&path).unwrap();
    }
}
