//! What can be typed after `report`.

use std::path::PathBuf;

use crate::args::{
    Encoding, FindArgs, FormArgs, InputArgs, LimitArgs, OutputArgs, PolicyArgs,
};

/// Write one self-contained HTML page: the text with each indicator marked.
///
/// The page needs no network and holds no link to outside. It shows what
/// would be sent, what is held and what was turned down, each with its
/// reason; values outside the text are defanged. The body that `pack` would
/// write is in it, to be copied.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack report report.txt -o report.html
  iocpack report mail.txt -n 'Campaign 7' -d 'Phishing wave' -o page.html
  zcat log.gz | iocpack report --title 'Proxy log' --own example.org > p.html

Of a text longer than --max-text only the lines around indicators are shown,
and the page says what is left out.

Exit codes: 0 found, 1 nothing found (the page says so), 2 usage or I/O
error, 10 more distinct findings than --max-unique (nothing is written).")]
pub(crate) struct ReportArgs {
    /// A file; `-` is stdin, which is read when no path is given and stdin
    /// is not a terminal.
    #[arg(value_name = "PATH", help_heading = "Input")]
    path: Option<PathBuf>,
    /// Unpack input that is gzip or Zstandard, told by its first bytes.
    #[arg(short = 'z', long, help_heading = "Input")]
    decompress: bool,
    /// How bytes are read as text.
    #[arg(
        long,
        value_enum,
        default_value_t = Encoding::Auto,
        help_heading = "Input"
    )]
    encoding: Encoding,
    /// The heading of the page; the name of the file by default.
    #[arg(long, value_name = "TEXT", help_heading = "Page")]
    pub(crate) title: Option<String>,
    /// Bytes of the text that are shown at most; a mark counts as 40.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 2 << 20,
        help_heading = "Page"
    )]
    pub(crate) max_text: usize,
    /// The name of the collection; the title by default.
    #[arg(short, long, value_name = "TEXT", help_heading = "Collection")]
    pub(crate) name: Option<String>,
    /// The description of the collection; `Indicators of NAME` by default.
    #[arg(short, long, value_name = "TEXT", help_heading = "Collection")]
    pub(crate) description: Option<String>,
    /// Everybody can see the collection.
    #[arg(long, help_heading = "Collection")]
    pub(crate) public: bool,
    /// A tag of the collection; repeat for more.
    #[arg(long, value_name = "TAG", help_heading = "Collection")]
    pub(crate) tag: Vec<String>,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) find: FindArgs,
    #[command(flatten)]
    pub(crate) limit: LimitArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

impl ReportArgs {
    /// The input, as the other commands name theirs.
    pub(super) fn input(&self) -> InputArgs {
        InputArgs {
            paths: self.path.iter().cloned().collect(),
            recursive: false,
            no_ignore: false,
            decompress: self.decompress,
            encoding: self.encoding,
        }
    }
}
