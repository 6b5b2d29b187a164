//! `id`: VirusTotal's id of each URL.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read as _};

use iocpack::{Finding, Kind, KindSet, Scanner, Strictness, Url};
use serde::Serialize;

use crate::args::{IdArgs, IdFormat};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::row::push_json;
use crate::talk::{Talk, escape, quote};

/// The longest line of stdin that is read as one input; what is longer is
/// answered as no URL.
const LONGEST: usize = 1 << 20;

/// Runs `id`.
pub(crate) fn run(args: &IdArgs, talk: &Talk) -> Result<Exit, Failure> {
    let mut run = Run {
        format: args.format,
        out: Output::stdout(),
        scanner: Scanner::builder()
            .kinds(KindSet::EMPTY.with(Kind::Url))
            .strictness(Strictness::Loose)
            .build(),
        talk,
        line: String::new(),
        bad: false,
    };
    if args.urls.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::new(
                "no input: expected a URL, or `-` for stdin",
            ));
        }
        run.stdin()?;
    }
    for url in &args.urls {
        if url == "-" {
            run.stdin()?;
        } else {
            run.answer(url.as_bytes())?;
        }
    }
    run.out.finish()?;
    Ok(if run.bad { Exit::Nothing } else { Exit::Good })
}

struct Run<'a> {
    format: IdFormat,
    out: Output,
    scanner: Scanner,
    talk: &'a Talk,
    line: String,
    bad: bool,
}

impl Run<'_> {
    /// Answers each line that is not blank.
    fn stdin(&mut self) -> Result<(), Failure> {
        let mut stdin = BufReader::new(io::stdin().lock());
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = stdin
                .by_ref()
                .take(LONGEST as u64)
                .read_until(b'\n', &mut line)
                .and_then(|n| {
                    if n == LONGEST && !line.ends_with(b"\n") {
                        stdin.skip_until(b'\n')?;
                    }
                    Ok(n)
                });
            match read {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(err) => {
                    return Err(Failure::new(format!(
                        "cannot read stdin: {err}"
                    )));
                }
            }
            let input = line.trim_ascii();
            if !input.is_empty() {
                self.answer(input)?;
            }
            // An answer is seen before the next question is waited for.
            if stdin.buffer().is_empty() {
                self.out.flush()?;
            }
        }
    }

    fn answer(&mut self, input: &[u8]) -> Result<(), Failure> {
        let url = self.read(input);
        if let Err(why) = &url {
            self.bad = true;
            self.talk.error(&format!("{}: {why}", quote(input)));
        }
        self.line.clear();
        match self.format {
            IdFormat::Text => self.text(input, url.as_ref().ok()),
            IdFormat::Jsonl => self.json(input, &url),
        }
        self.line.push('\n');
        self.out.write(self.line.as_bytes())
    }

    /// The URL that `input` is: as it stands, else with defang marks undone.
    fn read(&self, input: &[u8]) -> Result<Url, String> {
        let plain = match Url::parse_bytes(input) {
            Ok(url) if has_scheme(input) || is_known_host(&url) => {
                return Ok(url);
            }
            // Any word could be the name of a host.
            Ok(_) => "invalid url: expected a scheme, or a host with a \
                      known suffix"
                .to_owned(),
            Err(err) => err.to_string(),
        };
        if input.len() < LONGEST {
            for finding in self.scanner.findings(input) {
                if let Finding::Match(found) = finding
                    && found.kind() == Kind::Url
                    && found.raw().len() == input.len()
                    && let iocpack::Indicator::Url(url) = found.to_indicator()
                {
                    return Ok(url);
                }
            }
        }
        Err(plain)
    }

    fn text(&mut self, input: &[u8], url: Option<&Url>) {
        let _ = match url {
            Some(url) => write!(self.line, "{}\t{url}", url.id()),
            None => write!(self.line, "-\t{}", escape(input)),
        };
    }

    fn json(&mut self, input: &[u8], url: &Result<Url, String>) {
        let input = String::from_utf8_lossy(input);
        let input = &*input;
        let row = match url {
            Ok(url) => {
                let id = url.id();
                Row::Good {
                    input,
                    canonical: url.as_str(),
                    id: id.to_string(),
                    base64: url.base64(),
                    certainty: id.certainty().as_str(),
                    reasons: id.reasons().collect(),
                }
            }
            Err(error) => Row::Bad { input, error },
        };
        push_json(&mut self.line, &row);
    }
}

/// Whether a URL is written with its scheme.
fn has_scheme(input: &[u8]) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
    let end = input.iter().position(|b| !word(b)).unwrap_or(input.len());
    input[end..].starts_with(b"://")
}

/// Whether the host is an address, or a name that can exist.
fn is_known_host(url: &Url) -> bool {
    let host = url.host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    iocpack::parse_ip(bare).is_ok() || iocpack::Domain::parse(host).is_ok()
}

/// The JSON object of an answer. Its field names are relied on.
#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Good {
        input: &'a str,
        canonical: &'a str,
        id: String,
        base64: String,
        certainty: &'static str,
        reasons: Vec<&'static str>,
    },
    Bad {
        input: &'a str,
        error: &'a str,
    },
}
