//! `scan --map`: where in each source the indicators stand.
//!
//! ```text
//! report.txt: 1,602 bytes, 27 a cell
//! domain │    ░         ▒        │ 7
//! url    │  ░                    │ 5
//! each cell: ░ 1  ▒ 2  ▓ 3  █ 4
//! ```

mod bins;

use std::cell::Cell;
use std::env;
use std::fmt::Write as _;
use std::io::{self, Read};
use std::ops::ControlFlow;

use clap::ValueEnum;

use self::bins::Bins;
use crate::args::ScanArgs;
use crate::exit::{Exit, Failure};
use crate::input::{Inputs, Source};
use crate::lists;
use crate::output::Output;
use crate::row::Verdict;
use crate::scan::{Feed, Find, Need, TYPES};
use crate::talk::{Talk, escape};

/// See `scan --map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shades {
    /// Blocks where the locale is UTF-8, ASCII elsewhere.
    Auto,
    /// Blocks.
    Unicode,
    /// ASCII.
    Ascii,
}

/// The row of what was turned down, after those of the types.
const REJECTED: usize = TYPES.len();
/// The columns of the names of rows.
const NAME: usize = 8;
/// How many shades there are beside the empty cell.
const LEVELS: u64 = 4;

/// Runs `scan --map`.
pub(crate) fn run(
    args: &ScanArgs,
    shades: Shades,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let inputs = Inputs::resolve(&args.input, talk)?;
    let mut find = Find::resolve(&args.find);
    find.allow = lists::only(&args.allow_list, talk)?;
    let mut out = Output::open(&args.output)?;
    let need = Need { details: false, rejected: args.rejected, repeats: true };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let style = Style { ink: Ink::of(shades), width: width(&out) };
    let mut trouble = inputs.trouble;
    let mut found = false;
    let mut gap = "";
    for source in &inputs.sources {
        let (map, read) = Map::of(&feed, source);
        if let Err(err) = read {
            trouble = true;
            talk.error(&source.complaint(&err));
            if map.len == 0 {
                continue;
            }
        }
        found |= map.rows[..REJECTED].iter().any(|row| row.count > 0);
        let rows = (0..=REJECTED).filter(|&at| match at {
            REJECTED => args.rejected,
            at => find.wants(TYPES[at]),
        });
        out.write(gap.as_bytes())?;
        gap = "\n";
        let rows: Vec<usize> = rows.collect();
        let text = map.draw(&source.name(), &rows, style);
        out.write(text.as_bytes())?;
        out.flush()?;
    }
    out.finish()?;
    Ok(Exit::of_batch(trouble, found))
}

/// Where the findings of a source stand.
#[derive(Default)]
struct Map {
    /// Bytes of text.
    len: usize,
    rows: [Row; REJECTED + 1],
}

/// The findings of one type.
#[derive(Default)]
struct Row {
    bins: Bins,
    count: u64,
}

impl Map {
    /// Reads a source, in bounded memory. The map tells of what was read
    /// before an error.
    fn of(feed: &Feed<'_>, source: &Source) -> (Map, io::Result<()>) {
        let mut map = Map::default();
        let rdr = match feed.inputs.open(source, feed.talk.meter()) {
            Ok(rdr) => rdr,
            Err(err) => return (map, Err(err)),
        };
        let len = Cell::new(0);
        let rdr = Measured { rdr, len: &len };
        let scanner = &feed.find.scanner;
        let read = scanner.scan_reader_findings(rdr, |finding| {
            let put = feed.row(&finding, 0, &mut |row| {
                let at = match row.verdict {
                    Verdict::Rejected(_) => REJECTED,
                    Verdict::Match => TYPES
                        .iter()
                        .position(|it| *it == row.type_name)
                        .expect("a match is of one of the types"),
                };
                map.rows[at].bins.add(row.span.start);
                map.rows[at].count += 1;
                Ok(())
            });
            debug_assert!(put.is_ok(), "counting does not fail");
            ControlFlow::Continue(())
        });
        map.len = len.get();
        (map, read.map_err(io_error))
    }

    fn draw(&self, name: &str, rows: &[usize], style: Style) -> String {
        let Style { ink, width } = style;
        let digits = |n: u64| grouped(n).len();
        let counts = rows.iter().map(|&at| digits(self.rows[at].count));
        let digits = counts.max().unwrap_or(1);
        // Name, space, frame, cells, frame, space, count.
        let room = width.saturating_sub(NAME + 4 + digits);
        let cells = room.max(8).min(self.len.max(1));
        let rows: Vec<(&str, u64, Vec<u64>)> = rows
            .iter()
            .map(|&at| {
                let row = &self.rows[at];
                let name = TYPES.get(at).unwrap_or(&"rejected");
                (*name, row.count, row.bins.cells(cells, self.len))
            })
            .collect();
        let most = rows.iter().flat_map(|row| &row.2).copied();
        let most = most.max().unwrap_or(0);
        let mut text = format!(
            "{}: {} bytes, {} a cell\n",
            escape(name.as_bytes()),
            grouped(self.len as u64),
            grouped(self.len.div_ceil(cells) as u64)
        );
        for (name, count, cells) in rows {
            let shades: String =
                cells.iter().map(|&n| ink.shade(n, most)).collect();
            let (frame, count) = (ink.frame, grouped(count));
            let _ = writeln!(
                text,
                "{name:<NAME$} {frame}{shades}{frame} {count:>digits$}"
            );
        }
        text.push_str(&ink.scale(most));
        text
    }
}

/// What the error of a scan was about.
fn io_error(err: iocpack::Error) -> io::Error {
    let kind = std::error::Error::source(&err)
        .and_then(|it| it.downcast_ref::<io::Error>())
        .map_or(io::ErrorKind::Other, io::Error::kind);
    match kind {
        io::ErrorKind::Other => io::Error::other(err),
        kind => kind.into(),
    }
}

/// How a map is drawn.
#[derive(Clone, Copy)]
struct Style {
    ink: &'static Ink,
    /// Columns.
    width: usize,
}

/// The characters of a map.
struct Ink {
    frame: char,
    /// From none to the most.
    shades: [char; LEVELS as usize + 1],
}

impl Ink {
    const UNICODE: Ink =
        Ink { frame: '│', shades: [' ', '░', '▒', '▓', '█'] };
    const ASCII: Ink = Ink { frame: '|', shades: [' ', '.', ':', '*', '#'] };

    fn of(shades: Shades) -> &'static Ink {
        match shades {
            Shades::Unicode => &Ink::UNICODE,
            Shades::Auto if is_utf8_locale() => &Ink::UNICODE,
            Shades::Auto | Shades::Ascii => &Ink::ASCII,
        }
    }

    fn shade(&self, n: u64, most: u64) -> char {
        self.shades[level(n, most) as usize]
    }

    /// What the shades stand for.
    fn scale(&self, most: u64) -> String {
        if most == 0 {
            return "nothing found\n".into();
        }
        let mut text = String::from("each cell:");
        for step in 1..=LEVELS {
            // The counts of this shade: the level is rounded up.
            let first = most * (step - 1) / LEVELS + 1;
            let last = most * step / LEVELS;
            if last < first {
                continue;
            }
            let shade = self.shades[step as usize];
            let _ = write!(text, " {shade} {}", grouped(first));
            if last > first {
                let _ = write!(text, "-{}", grouped(last));
            }
            text.push(' ');
        }
        text.pop();
        text.push('\n');
        text
    }
}

/// The shade of a count: 0 for none, [`LEVELS`] for the most.
fn level(n: u64, most: u64) -> u64 {
    if n == 0 { 0 } else { (n * LEVELS).div_ceil(most) }
}

/// What the locale says, as POSIX orders the variables.
fn is_utf8_locale() -> bool {
    if cfg!(windows) {
        return true;
    }
    let set = |name| env::var(name).ok().filter(|it| !it.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    locale.is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.contains("utf-8") || it.contains("utf8")
    })
}

/// Columns: what `COLUMNS` says, else the terminal, else 80.
fn width(out: &Output) -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    let terminal = || {
        let (width, _) = terminal_size::terminal_size()?;
        out.is_terminal().then_some(width.0.into())
    };
    asked.or_else(terminal).unwrap_or(80).clamp(40, 1000)
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A reader that counts.
struct Measured<'l, R> {
    rdr: R,
    len: &'l Cell<usize>,
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.rdr.read(buf)?;
        self.len.set(self.len.get() + n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_names_each_count_once() {
        assert_eq!(Ink::ASCII.scale(0), "nothing found\n");
        assert_eq!(Ink::ASCII.scale(1), "each cell: # 1\n");
        assert_eq!(Ink::ASCII.scale(3), "each cell: : 1  * 2  # 3\n");
        assert_eq!(
            Ink::ASCII.scale(4500),
            "each cell: . 1-1,125  : 1,126-2,250  * 2,251-3,375  \
             # 3,376-4,500\n"
        );
    }

    #[test]
    fn the_scale_and_the_shades_agree() {
        for most in 1..50 {
            let scale = Ink::ASCII.scale(most);
            for n in 1..=most {
                let shade = Ink::ASCII.shade(n, most);
                let range = scale
                    .split_once(&format!(" {shade} "))
                    .unwrap()
                    .1
                    .split([' ', '\n'])
                    .next()
                    .unwrap();
                let (first, last) =
                    range.split_once('-').unwrap_or((range, range));
                let range = first.parse().unwrap()..=last.parse().unwrap();
                assert!(range.contains(&n), "{n} of {most}: {scale}");
            }
        }
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
