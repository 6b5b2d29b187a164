//! `refang` and `defang`: text in, text out, only indicators changed.

use std::io::{self, BufRead as _, BufReader, Read as _};

use iocpack::{Kind, Scanner};

use crate::args::FilterArgs;
use crate::exit::{Exit, Failure};
use crate::input::Inputs;
use crate::output::Output;
use crate::talk::Talk;

/// The longest line that is held whole. A longer one is cut, after a blank
/// where there is one.
const LONGEST: usize = 1 << 20;

/// What is done to indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// A defanged one becomes its canonical form.
    Refang,
    /// A plain one is defanged.
    Defang,
}

/// Runs `refang` or `defang`.
pub(crate) fn run(
    args: &FilterArgs,
    verb: Verb,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let inputs = Inputs::resolve(&args.input, talk)?;
    let mut out = Output::open(&args.output)?;
    let scanner = Scanner::new();
    let mut trouble = inputs.trouble;
    for source in &inputs.sources {
        let copied = match inputs.open(source, talk.meter()) {
            Ok(rdr) => copy(BufReader::new(rdr), &scanner, verb, &mut out)?,
            Err(err) => Err(err),
        };
        if let Err(err) = copied {
            trouble = true;
            talk.error(&source.complaint(&err));
        }
    }
    out.finish()?;
    Ok(Exit::of_batch(trouble, true))
}

/// Copies a source. The inner result is that of reading.
fn copy<R: io::Read>(
    mut rdr: BufReader<R>,
    scanner: &Scanner,
    verb: Verb,
    out: &mut Output,
) -> Result<io::Result<()>, Failure> {
    let mut line = Vec::new();
    let mut changed = Vec::new();
    loop {
        if rdr.buffer().is_empty() {
            out.flush()?;
        }
        // What was left of a line that is too long stands in front.
        let room = (LONGEST - line.len()) as u64;
        match rdr.by_ref().take(room).read_until(b'\n', &mut line) {
            Ok(0) if line.is_empty() => return Ok(Ok(())),
            Ok(_) => {}
            Err(err) => return Ok(Err(err)),
        }
        let whole = line.len() < LONGEST || line.ends_with(b"\n");
        let cut = match line.iter().rposition(u8::is_ascii_whitespace) {
            Some(at) if !whole => at + 1,
            _ => line.len(),
        };
        changed.clear();
        change(&line[..cut], scanner, verb, &mut changed);
        out.write_foreign(&changed)?;
        line.drain(..cut);
    }
}

/// Appends `text` with its indicators changed.
fn change(text: &[u8], scanner: &Scanner, verb: Verb, out: &mut Vec<u8>) {
    let mut done = 0;
    for found in scanner.find_iter(text) {
        let span = found.span();
        let new = match verb {
            Verb::Refang if found.was_defanged() => {
                found.canonical().into_owned()
            }
            Verb::Defang if !found.was_defanged() => {
                defang(found.kind(), &String::from_utf8_lossy(found.raw()))
            }
            _ => continue,
        };
        out.extend_from_slice(&text[done..span.start]);
        out.extend_from_slice(new.as_bytes());
        done = span.end;
    }
    out.extend_from_slice(&text[done..]);
}

/// The text of an indicator, defanged: `hxxp` for `http`, brackets around the
/// dots of the host. File hashes stay as they are.
pub(crate) fn defang(kind: Kind, raw: &str) -> String {
    match kind {
        Kind::Hash => raw.to_owned(),
        Kind::Url => {
            let (scheme, rest) = match raw.split_once("://") {
                Some((scheme, rest)) => (scheme, rest),
                None => ("", raw),
            };
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            let scheme = match scheme.to_ascii_lowercase().as_str() {
                "http" => "hxxp://",
                "https" => "hxxps://",
                "ftp" => "fxp://",
                _ => "",
            };
            format!("{scheme}{}{path}", host.replace('.', "[.]"))
        }
        Kind::Ip if raw.contains(':') => raw.replacen(':', "[:]", 1),
        _ => raw.replace('.', "[.]"),
    }
}
