//! Sources: stdin and files, unpacked and decoded.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::args::{Encoding, InputArgs};
use crate::exit::{Failure, reason};
use crate::meter::{Meter, Metered};
use crate::talk::{self, Talk};
use crate::walk;

/// Where text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl Source {
    /// The name as rows carry it; `-` is stdin.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Stdin => "-".into(),
            Source::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// Whether its bytes may come slowly: a pipe, a terminal, a socket.
    pub(crate) fn is_live(&self) -> bool {
        match self {
            Source::Stdin => !stdin_is_file(),
            Source::File(path) => {
                path.metadata().is_ok_and(|it| !it.is_file())
            }
        }
    }

    /// What to say when reading it failed.
    pub(crate) fn complaint(&self, err: &io::Error) -> String {
        let why = reason(err);
        match self {
            Source::Stdin => format!("cannot read stdin: {why}"),
            Source::File(path) => {
                format!("cannot read {}: {why}", talk::name(path))
            }
        }
    }
}

/// The sources of a run, in order, and how to read them.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) sources: Vec<Source>,
    /// Whether a path could not be listed; it has been reported.
    pub(crate) trouble: bool,
    decompress: bool,
    encoding: Encoding,
}

impl Inputs {
    /// Resolves paths and folders. A path that fails is reported and does not
    /// stop the others.
    ///
    /// # Errors
    ///
    /// When there is nothing to read: no path, and stdin is a terminal.
    pub(crate) fn resolve(
        args: &InputArgs,
        talk: &Talk,
    ) -> Result<Inputs, Failure> {
        let mut inputs = Inputs {
            sources: Vec::new(),
            trouble: false,
            decompress: args.decompress,
            encoding: args.encoding,
        };
        if args.paths.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Failure::new(
                    "no input: expected a path, or `-` for stdin",
                ));
            }
            inputs.sources.push(Source::Stdin);
        }
        for path in &args.paths {
            if path == Path::new("-") {
                inputs.sources.push(Source::Stdin);
            } else if !path.is_dir() {
                inputs.sources.push(Source::File(path.clone()));
            } else if args.recursive {
                let found = &mut inputs.sources;
                let add = |file| found.push(Source::File(file));
                if !walk::files(path, args.no_ignore, talk, add) {
                    inputs.trouble = true;
                }
            } else {
                inputs.trouble = true;
                talk.error(&format!(
                    "cannot read {}: is a folder (use -r to read what is \
                     in it)",
                    talk::name(path)
                ));
            }
        }
        if talk.meter().is_shown() {
            talk.meter().expect(inputs.size());
        }
        Ok(inputs)
    }

    /// One source.
    pub(crate) fn one(
        source: Source,
        decompress: bool,
        encoding: Encoding,
    ) -> Inputs {
        Inputs { sources: vec![source], trouble: false, decompress, encoding }
    }

    /// Bytes of all sources; 0 when one does not say.
    fn size(&self) -> u64 {
        let size = |source: &Source| match source {
            Source::Stdin => None,
            Source::File(path) => path
                .metadata()
                .ok()
                .filter(std::fs::Metadata::is_file)
                .map(|it| it.len()),
        };
        self.sources.iter().map(size).sum::<Option<u64>>().unwrap_or(0)
    }

    /// The path of a regular file whose bytes are its text as they are.
    pub(crate) fn plain_file<'s>(
        &self,
        source: &'s Source,
    ) -> Option<&'s Path> {
        let Source::File(path) = source else { return None };
        if self.decompress || !path.metadata().ok()?.is_file() {
            return None;
        }
        match self.encoding {
            Encoding::Utf8 => Some(path),
            Encoding::Auto => {
                let mut mark = [0; 2];
                File::open(path).ok()?.read_exact(&mut mark).ok()?;
                // UTF-16; gzip and Zstandard, of which something is said.
                let other =
                    [[0xff, 0xfe], [0xfe, 0xff], [0x1f, 0x8b], [0x28, 0xb5]];
                (!other.contains(&mark)).then_some(path)
            }
            _ => None,
        }
    }

    /// Says so where a text is a packed one that nobody asked to unpack.
    pub(crate) fn hint(&self, source: &Source, text: &[u8], talk: &Talk) {
        let packed = text.starts_with(&[0x1f, 0x8b])
            || text.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        if packed && !self.decompress {
            talk.note(&format!(
                "warning: {} is gzip or Zstandard, and read as it is: -z \
                 unpacks it",
                talk::escape(source.name().as_bytes())
            ));
        }
    }

    /// The text of a source of about so many bytes, and why there is not
    /// more of it: as [`open`](Inputs::open) gives it, but at once, and at
    /// most so many bytes of it.
    pub(crate) fn small(
        &self,
        source: &Source,
        size: usize,
        most: usize,
        meter: &Meter,
    ) -> (Vec<u8>, Option<io::Error>) {
        let plain = match self.encoding {
            _ if self.decompress => false,
            Encoding::Auto | Encoding::Utf8 => true,
            _ => false,
        };
        let rdr: io::Result<Box<dyn Read + '_>> = match source {
            Source::File(path) if plain => match File::open(path) {
                Ok(file) => Ok(Box::new(Metered::new(file, meter))),
                Err(err) => Err(err),
            },
            _ => self.open(source, meter),
        };
        let (text, err) = match rdr {
            Ok(rdr) => fill(rdr, size, most),
            Err(err) => return (Vec::new(), Some(err)),
        };
        let marked =
            text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff");
        if !(plain && marked && self.encoding == Encoding::Auto) {
            return (text, err);
        }
        let whole = Box::new(io::Cursor::new(text));
        let (text, _) = fill(decode(whole, self.encoding), size * 2, most);
        (text, err)
    }

    /// Opens a source: its text, unpacked and decoded.
    ///
    /// # Errors
    ///
    /// What opening or the first read failed with.
    pub(crate) fn open<'m>(
        &self,
        source: &Source,
        meter: &'m Meter,
    ) -> io::Result<Box<dyn Read + 'm>> {
        let raw: Box<dyn Read + 'm> = match source {
            Source::Stdin => Box::new(Metered::new(io::stdin().lock(), meter)),
            Source::File(path) => {
                Box::new(Metered::new(File::open(path)?, meter))
            }
        };
        let plain = if self.decompress { unpack(raw)? } else { raw };
        Ok(decode(plain, self.encoding))
    }
}

#[cfg(unix)]
fn stdin_is_file() -> bool {
    use std::os::fd::AsFd as _;
    let stdin = io::stdin().as_fd().try_clone_to_owned();
    let about = stdin.and_then(|it| File::from(it).metadata());
    about.is_ok_and(|it| it.is_file())
}

#[cfg(not(unix))]
fn stdin_is_file() -> bool {
    false
}

/// Reads to the end, but at most so many bytes, in as few calls as the size
/// allows. What was read before an error counts.
fn fill(
    mut rdr: impl Read,
    size: usize,
    most: usize,
) -> (Vec<u8>, Option<io::Error>) {
    let mut text = vec![0; most.min(size + 1)];
    let mut len = 0;
    let err = loop {
        if len == text.len() {
            if len == most {
                break None;
            }
            text.resize(most.min(len * 2), 0);
        }
        match rdr.read(&mut text[len..]) {
            Ok(0) => break None,
            Ok(n) => len += n,
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => break Some(err),
        }
    };
    text.truncate(len);
    (text, err)
}

/// Turns other encodings into UTF-8.
fn decode<'m>(
    rdr: Box<dyn Read + 'm>,
    encoding: Encoding,
) -> Box<dyn Read + 'm> {
    let mut builder = DecodeReaderBytesBuilder::new();
    let encoding = match encoding {
        Encoding::Utf8 => return rdr,
        // UTF-8 passes byte for byte, its mark included, so that offsets are
        // those of the file.
        Encoding::Auto => {
            builder.utf8_passthru(true).strip_bom(false);
            return Box::new(builder.build(rdr));
        }
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        // The superset that the web reads under this name.
        Encoding::Latin1 => encoding_rs::WINDOWS_1252,
    };
    builder.encoding(Some(encoding)).bom_sniffing(false);
    Box::new(builder.build(rdr))
}

/// Unpacks gzip and Zstandard, told by their first bytes; passes all else.
fn unpack<'m>(rdr: Box<dyn Read + 'm>) -> io::Result<Box<dyn Read + 'm>> {
    const MAGIC: usize = 4;
    let mut rdr = rdr;
    let mut head = Vec::with_capacity(MAGIC);
    rdr.by_ref().take(MAGIC as u64).read_to_end(&mut head)?;
    let magic: [u8; MAGIC] = match head.as_slice().try_into() {
        Ok(magic) => magic,
        Err(_) => return Ok(Box::new(io::Cursor::new(head))),
    };
    let whole = io::Cursor::new(head).chain(rdr);
    Ok(match magic {
        [0x1f, 0x8b, ..] => {
            Box::new(MultiGzDecoder::new(BufReader::new(whole)))
        }
        // A frame, or one that is to be skipped (RFC 8878, section 3.1).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {
            Box::new(Zstd::new(BufReader::new(whole)))
        }
        _ => Box::new(whole),
    })
}

/// Zstandard frames, one after the other.
struct Zstd<R> {
    rdr: R,
    frame: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Zstd<R> {
    fn new(rdr: R) -> Zstd<R> {
        Zstd { rdr, frame: FrameDecoder::new(), inside: false }
    }

    /// Starts the next frame; `false` at the end of the input.
    fn next_frame(&mut self) -> io::Result<bool> {
        use FrameDecoderError::ReadFrameHeaderError as Header;
        use ReadFrameHeaderError::SkipFrame;

        loop {
            if self.rdr.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.frame.reset(&mut self.rdr) {
                Ok(()) => return Ok(true),
                Err(Header(SkipFrame { length, .. })) => {
                    let mut skipped = self.rdr.by_ref().take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(err) => return Err(corrupt(&err)),
            }
        }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while !buf.is_empty() {
            if !self.inside {
                if !self.next_frame()? {
                    return Ok(0);
                }
                self.inside = true;
            }
            if self.frame.can_collect() > 0 {
                return self.frame.read(buf);
            }
            if self.frame.is_finished() {
                self.inside = false;
                continue;
            }
            let some = BlockDecodingStrategy::UptoBytes(buf.len());
            self.frame
                .decode_blocks(&mut self.rdr, some)
                .map_err(|err| corrupt(&err))?;
        }
        Ok(0)
    }
}

fn corrupt(err: &FrameDecoderError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("zstd: {err}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"zstd\n"` as the reference tool packs it, without a checksum.
    const FRAME: &[u8] =
        b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00\x7a\x73\x74\x64\x0a";

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        unpack(Box::new(io::Cursor::new(bytes)))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn frames_follow_each_other_and_some_are_skipped() {
        let skip = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc";
        let all = [skip, FRAME, FRAME, skip, FRAME].concat();
        assert_eq!(read(all).unwrap(), "zstd\nzstd\nzstd\n");
    }

    #[test]
    fn a_frame_that_ends_early_is_an_error() {
        for cut in 4..FRAME.len() {
            assert!(read(FRAME[..cut].to_vec()).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_not_packed_passes() {
        assert_eq!(read(b"abc".to_vec()).unwrap(), "abc");
        assert_eq!(read(b"abcdef".to_vec()).unwrap(), "abcdef");
    }
}
