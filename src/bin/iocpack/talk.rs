//! Messages on stderr, and the escaping of whatever a terminal would obey.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use crate::args::{Progress, TalkArgs, When};
use crate::meter::Meter;

/// The voice of the command: stderr only.
#[derive(Debug)]
pub(crate) struct Talk {
    meter: Meter,
    quiet: bool,
    verbose: bool,
    color: bool,
}

impl Talk {
    pub(crate) fn new(args: &TalkArgs) -> Talk {
        let terminal = io::stderr().is_terminal();
        let color = args.color.resolve(terminal);
        // Rows that appear on the same terminal are progress enough.
        let busy = terminal && !io::stdout().is_terminal();
        let shown = match args.progress {
            Progress::Auto => busy && !args.quiet,
            Progress::Never => false,
        };
        Talk {
            meter: Meter::new(shown),
            quiet: args.quiet,
            verbose: args.verbose > 0,
            color,
        }
    }

    /// For what goes wrong before it is known how to talk.
    pub(crate) fn plain() -> Talk {
        let color = When::Auto.resolve(io::stderr().is_terminal());
        let meter = Meter::new(false);
        Talk { meter, quiet: false, verbose: false, color }
    }

    /// Whether `-v` was given.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose && !self.quiet
    }

    /// The progress of the run.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Whether `-q` was given.
    #[cfg(feature = "submit")]
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says nothing.
    #[cfg(all(test, feature = "submit"))]
    pub(crate) fn silent() -> Talk {
        let meter = Meter::new(false);
        Talk { meter, quiet: true, verbose: false, color: false }
    }

    /// Something went wrong; the run may go on. Not silenced by `-q`.
    pub(crate) fn error(&self, message: &str) {
        self.meter.wipe();
        say(&if self.color {
            format!("\x1b[1;31miocpack:\x1b[0m {message}\n")
        } else {
            format!("iocpack: {message}\n")
        });
    }

    /// Something worth knowing, whole lines. Silenced by `-q`.
    pub(crate) fn note(&self, lines: &str) {
        self.meter.wipe();
        if !self.quiet {
            say(&format!("{lines}\n"));
        }
    }
}

/// One write, so that lines of several processes do not mix. A closed stderr
/// is no reason to stop.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

impl When {
    /// Whether to colour a stream. `NO_COLOR` (no-color.org) counts when it
    /// is set and not empty.
    pub(crate) fn resolve(self, terminal: bool) -> bool {
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let no = std::env::var_os("NO_COLOR");
                terminal && no.is_none_or(|value| value.is_empty())
            }
        }
    }
}

/// `text` with everything escaped that moves a cursor, hides, or changes the
/// direction of text: controls, bidirectional marks, invisible characters,
/// bytes that are no UTF-8.
pub(crate) fn escape(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                c if is_hostile(c) => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Lines of text for a terminal: as [`escape`], but line ends and tabs stay.
pub(crate) fn visible(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|b| matches!(b, b'\n' | b'\t')) {
        let (rest, end) = match part.split_last() {
            Some((b'\n', rest)) => (rest, "\n"),
            Some((b'\t', rest)) => (rest, "\t"),
            _ => (part, ""),
        };
        let (rest, end) = match rest.strip_suffix(b"\r") {
            Some(rest) if end == "\n" => (rest, "\r\n"),
            _ => (rest, end),
        };
        out.push_str(&escape(rest));
        out.push_str(end);
    }
    out
}

/// A value in a message: escaped, in backquotes, cut at 64 bytes.
pub(crate) fn quote(text: &[u8]) -> String {
    const MOST: usize = 64;
    if text.len() <= MOST {
        return format!("`{}`", escape(text));
    }
    // Not through the middle of a character.
    let cut = (MOST - 3..=MOST)
        .rev()
        .find(|&at| text[at] & 0xc0 != 0x80)
        .unwrap_or(MOST);
    format!("`{}…`", escape(&text[..cut]))
}

/// A file name in a message.
pub(crate) fn name(path: &Path) -> String {
    escape(path.as_os_str().as_encoded_bytes())
}

/// Whether a terminal, or an eye, may be misled by `c`.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(escape(b"a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(
            escape("a\u{202e}b\u{9b}".as_bytes()),
            "a\\u{202e}b\\u{9b}"
        );
        assert_eq!(escape(b"\xff\t\n"), "\\xff\\t\\n");
        assert_eq!(escape("bücher".as_bytes()), "bücher");
    }

    #[test]
    fn lines_for_a_terminal_keep_their_ends() {
        assert_eq!(visible(b"a\tb\x07\r\n\n\rc"), "a\tb\\u{7}\r\n\n\\rc");
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let long = "é".repeat(40);
        assert_eq!(quote(long.as_bytes()), format!("`{}…`", "é".repeat(32)));
        let odd = format!("a{long}");
        assert_eq!(quote(odd.as_bytes()), format!("`a{}…`", "é".repeat(31)));
    }
}
