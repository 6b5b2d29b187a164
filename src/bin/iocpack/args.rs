//! What can be typed. Resolving it is the work of each command.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use iocpack::Limits;
use iocpack::policy::HoldReason;

/// Extract indicators of compromise offline, and write VirusTotal collection
/// requests for them.
///
/// Domains, URLs, IP addresses and file hashes are found in any text,
/// defanged or not. Data goes to stdout, messages go to stderr. Nothing is
/// sent anywhere but by the commands that say so.
#[derive(Debug, Parser)]
#[command(
    name = "iocpack",
    disable_version_flag = true,
    override_usage = "iocpack [OPTIONS] <COMMAND>",
    after_help = "Run `iocpack help COMMAND` for examples.",
    after_long_help = "\
Examples:
  iocpack scan report.txt
  iocpack scan --format jsonl - < report.txt
  iocpack pack report.txt -n 'Campaign 7' -d 'Phishing wave' > body.json
  iocpack id 'hxxp://login[.]example[.]com/a'

Exit codes: 0 found or written, 1 nothing, 2 usage or I/O error, 3 held or
rejected items under `pack --strict`, 10 more distinct indicators than
`--max-unique`."
)]
pub(crate) struct Args {
    /// Print the version; with `-v`, also features and embedded data.
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
    #[command(flatten)]
    pub(crate) talk: TalkArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// How much is said on stderr.
#[derive(Debug, clap::Args)]
pub(crate) struct TalkArgs {
    /// No messages but errors.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Messages"
    )]
    pub(crate) quiet: bool,
    /// More messages: a summary at the end.
    #[arg(
        short,
        long,
        global = true,
        action = ArgAction::Count,
        help_heading = "Messages"
    )]
    pub(crate) verbose: u8,
    /// When to colour messages; `NO_COLOR` counts under `auto`.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = When::Auto,
        value_name = "WHEN",
        help_heading = "Messages"
    )]
    pub(crate) color: When,
    /// Whether long work shows its progress, on a terminal only.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t = Progress::Auto,
        value_name = "WHEN",
        help_heading = "Messages"
    )]
    pub(crate) progress: Progress,
}

/// See `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    Auto,
    Never,
}

/// When to do what suits a terminal.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<ScanArgs>),
    Pack(Box<PackArgs>),
    Report(Box<crate::report::args::ReportArgs>),
    Export(Box<crate::export::args::ExportArgs>),
    Diff(Box<crate::diff::args::DiffArgs>),
    Check(Box<CheckArgs>),
    Lint(LintArgs),
    Id(IdArgs),
    /// Copy text, every defanged indicator in its canonical form.
    ///
    /// A filter by lines: everything that is no indicator passes byte for
    /// byte.
    Refang(FilterArgs),
    /// Copy text, every plain indicator defanged.
    ///
    /// A filter by lines: everything that is no indicator passes byte for
    /// byte, and what is defanged already stays as it is. File hashes need
    /// nothing.
    Defang(FilterArgs),
    #[cfg(feature = "submit")]
    Submit(Box<crate::submit::args::SubmitArgs>),
    #[cfg(feature = "submit")]
    Pull(crate::submit::args::PullArgs),
    #[cfg(feature = "submit")]
    Comment(crate::submit::args::CommentArgs),
    #[cfg(feature = "submit")]
    Delete(crate::submit::args::DeleteArgs),
    Config(ConfigArgs),
    Completions(CompletionsArgs),
    /// Write the manual page (roff).
    Man,
}

/// Print which options are set by variables and the configuration file, and
/// from where.
///
/// One line for each: `command.option`, a tab, the value, a tab, the variable
/// or the file and line. Keys and passwords are not shown.
///
/// Each option can be set by a variable of its long name, such as
/// `IOCPACK_STRICTNESS` or `IOCPACK_ALLOW_LIST`, or by a key of its name in
/// the file iocpack/config.toml of the configuration folder, which is
/// `$XDG_CONFIG_HOME` or ~/.config, or in the file that `IOCPACK_CONFIG`
/// names. What is typed goes before variables, variables before the file, a
/// command's table before the top. `own` and `allow-list` add up over all
/// places. A flag that is set is taken back by `--no-` and its name.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Example of a file:
  own = [\"corp.example\"]         # of every command that has the option
  allow-list = [\"allow.txt\"]     # in the folder of this file

  [scan]
  strictness = \"strict\"
  format = \"jsonl\"

  [submit]
  rate = \"4/min\"

Nothing in the current folder is read. IOCPACK_CONFIG= (empty) is no file.

Exit codes: 0, or 2 when something is set that an option does not take.")]
pub(crate) struct ConfigArgs {
    /// List every option, with its default where nothing sets it.
    #[arg(long)]
    pub(crate) all: bool,
}

/// Write a completion script for a shell, or all of them and the manual page.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack completions fish > ~/.config/fish/completions/iocpack.fish
  iocpack completions bash > ~/.local/share/bash-completion/completions/iocpack
  iocpack completions --all target/shell     what a package needs

Exit codes: 0, or 2 when a file cannot be written.")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(required_unless_present = "all")]
    pub(crate) shell: Option<clap_complete::Shell>,
    /// Write the scripts of all shells, and iocpack.1, into a folder, which
    /// is made if there is none.
    #[arg(long, value_name = "FOLDER", conflicts_with = "shell")]
    pub(crate) all: Option<PathBuf>,
}

/// What to read, and how its bytes become text.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Files; `-` is stdin, which is read when no path is given and stdin is
    /// not a terminal.
    #[arg(value_name = "PATH", help_heading = None::<&'static str>)]
    pub(crate) paths: Vec<PathBuf>,
    /// Read folders, and what is in them, in order of name.
    ///
    /// Hidden files and what `.gitignore` and `.ignore` files name are left
    /// out.
    #[arg(short, long)]
    pub(crate) recursive: bool,
    /// With `-r`: also hidden and ignored files.
    #[arg(long, requires = "recursive")]
    pub(crate) no_ignore: bool,
    /// Unpack inputs that are gzip or Zstandard, told by their first bytes.
    #[arg(short = 'z', long)]
    pub(crate) decompress: bool,
    /// How bytes are read as text.
    ///
    /// `auto` reads UTF-16 where a byte order mark says so and takes all else
    /// as it is. Offsets count bytes of the text after decoding.
    #[arg(long, value_enum, default_value_t = Encoding::Auto)]
    pub(crate) encoding: Encoding,
}

/// See `--encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    Auto,
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "utf-16le")]
    Utf16Le,
    #[value(name = "utf-16be")]
    Utf16Be,
    Latin1,
}

/// What counts as an indicator.
#[expect(clippy::struct_excessive_bools, reason = "flags are flags")]
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Recognition")]
pub(crate) struct FindArgs {
    /// Only these types.
    #[arg(
        short = 't',
        long = "type",
        visible_alias = "only",
        value_name = "TYPE",
        value_delimiter = ',',
        value_enum
    )]
    pub(crate) types: Vec<Type>,
    /// Not these types.
    #[arg(
        short = 'x',
        long,
        value_name = "TYPE",
        value_delimiter = ',',
        value_enum
    )]
    pub(crate) exclude: Vec<Type>,
    /// How much the text around a candidate must speak for it.
    #[arg(
        long,
        value_enum,
        default_value_t = Strictness::Balanced,
        value_name = "LEVEL"
    )]
    pub(crate) strictness: Strictness,
    /// Take only what is written plainly: no `[.]`, no `hxxp`.
    #[arg(long)]
    pub(crate) no_refang: bool,
    /// The domain of an e-mail address is a match too.
    #[arg(long)]
    pub(crate) email_domains: bool,
    /// List URLs that stand inside other URLs too.
    #[arg(long)]
    pub(crate) inner_urls: bool,
    /// List the host of each URL too, as a domain or an address.
    #[arg(long)]
    pub(crate) hosts_of_urls: bool,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct LimitArgs {
    /// Stop, with exit code 10, at one more distinct indicator than this.
    #[arg(
        long,
        value_name = "N",
        default_value_t = Limits::default().uniques
    )]
    pub(crate) max_unique: usize,
}

impl LimitArgs {
    pub(crate) fn resolve(self) -> Limits {
        let mut limits = Limits::default();
        limits.uniques = self.max_unique;
        limits
    }
}

/// See `--type`: the types that are printed, and two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Type {
    Domain,
    Url,
    Ipv4,
    Ipv6,
    Md5,
    Sha1,
    Sha256,
    /// `ipv4` and `ipv6`.
    Ip,
    /// `md5`, `sha1` and `sha256`.
    Hash,
}

/// See `--strictness`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strictness {
    /// Only what is defanged, in a URL, or beyond doubt.
    Strict,
    /// Some doubt is resolved by the text around.
    Balanced,
    /// Whatever is valid.
    Loose,
}

/// List the indicators of texts.
///
/// The default output is one line per distinct indicator: its type, a tab,
/// its canonical form, in order of first occurrence. Types are domain, url,
/// ipv4, ipv6, md5, sha1 and sha256.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack scan report.txt                   the distinct indicators
  iocpack scan -t url,domain -r reports/    two types, a folder
  zcat log.gz | iocpack scan -c -           how many of each type
  iocpack scan --all --format csv *.txt     every occurrence, as CSV
  iocpack scan --rejected --format jsonl x  and what was turned down, why
  tail -f log.jsonl | iocpack scan --field message -

Exit codes: 0 found, 1 nothing found, 2 usage or I/O error, 10 more distinct
indicators than --max-unique (those before it are written). A file that
cannot be read does not stop the others.")]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Read JSON Lines; scan one member of each row, and write each row with
    /// an `indicators` member added.
    ///
    /// NAME is a member's name, or a JSON pointer such as `/event/message`.
    /// One row comes out for each row that goes in, in order, as soon as it
    /// is read. A row that is no JSON object passes unchanged, with a message.
    #[arg(
        long,
        value_name = "NAME",
        help_heading = "Input",
        conflicts_with_all = ["format", "all", "count", "rejected", "threads"]
    )]
    pub(crate) field: Option<String>,
    #[command(flatten)]
    pub(crate) find: FindArgs,
    #[command(flatten)]
    pub(crate) limit: LimitArgs,
    /// Turn down what a list names as benign: hosts and networks, one per
    /// line, or a MISP warninglist (JSON). Repeat for more.
    #[arg(long, value_name = "FILE", help_heading = "Recognition")]
    pub(crate) allow_list: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// What is printed for each indicator. For STIX and MISP: `export`.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(crate) format: Format,
    /// Print each occurrence, not each distinct indicator.
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,
    /// Print what was turned down as well, with the reason.
    ///
    /// `iocpack check` explains the reasons, line by line.
    #[arg(long, help_heading = "Output")]
    pub(crate) rejected: bool,
    /// Print the text around each indicator too: its line, at most N bytes
    /// to either side.
    ///
    /// A third column in text, a member or column `context` in the other
    /// formats; of a distinct indicator, where it stands first.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "80",
        value_parser = clap::value_parser!(u16).range(0..=1000),
        conflicts_with_all = ["count", "field"],
        help_heading = "Output"
    )]
    pub(crate) with_context: Option<u16>,
    /// Print only how many of each type: `type<TAB>n`.
    #[arg(short, long, help_heading = "Output", conflicts_with = "format")]
    pub(crate) count: bool,
    /// Draw where in each source they stand: a row per type, a cell per slice
    /// of the text, shaded by how many start there.
    ///
    /// As wide as `COLUMNS` says, else as the terminal, else 80. ASCII where
    /// the locale is not UTF-8; `--map=ascii` and `--map=unicode` insist.
    #[arg(
        long,
        value_name = "SHADES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto",
        value_enum,
        help_heading = "Output",
        conflicts_with_all = ["format", "all", "count", "field"]
    )]
    pub(crate) map: Option<crate::map::Shades>,
    /// Read each line as a text of its own, and print what is in it at once.
    ///
    /// For `tail -f` and other slow pipes. Without this, what is found waits
    /// for the text that follows, at most 16 KiB, which may still decide what
    /// it is.
    #[arg(long, help_heading = "Input", conflicts_with_all = ["field", "threads"])]
    pub(crate) line_buffered: bool,
    /// How many threads read, files or parts of a large one; 0 is one per
    /// processor. The output is the same for every N.
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        default_value_t = 0,
        help_heading = "Input"
    )]
    pub(crate) threads: usize,
}

/// Where data goes.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Write to a file, which appears whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// See `scan --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// `type<TAB>canonical`.
    Text,
    /// One JSON object per line.
    Jsonl,
    /// One JSON array.
    Json,
    /// RFC 4180, with a header.
    Csv,
}

/// Answer with VirusTotal's id of each URL.
///
/// One line for each input, in order: the id, a tab, the canonical form.
/// Without arguments, each line of stdin is an input. Defanged URLs are
/// understood.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack id https://www.example.com/
  iocpack id --format jsonl 'hxxp://login[.]example[.]com/a'
  iocpack id < urls.txt

An input that is no URL is answered by a line `-<TAB>input`, and in JSON
Lines by a row with `error`.

Exit codes: 0 all are URLs, 1 an input is no URL, 2 usage or I/O error.")]
pub(crate) struct IdArgs {
    /// URLs; `-` reads them from stdin, one per line.
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,
    /// What is printed for each input.
    #[arg(long, value_enum, default_value_t = IdFormat::Text)]
    pub(crate) format: IdFormat,
}

/// See `id --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IdFormat {
    /// `id<TAB>canonical`.
    Text,
    /// One JSON object per line.
    Jsonl,
}

/// Arguments of `refang` and `defang`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack refang < report.txt
  iocpack defang report.txt | mail -s report analyst

Exit codes: 0, or 2 when a file cannot be read.")]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Write the VirusTotal collection request for the indicators of texts.
///
/// The request is a new collection, or a change to one that exists
/// (`--update`, `--add`, `--remove`). One request goes to stdout as its JSON
/// body; several need `--plan`. A summary, and a line for each indicator
/// that is held back, go to stderr. Nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack pack report.txt -n 'Campaign 7' -d 'Phishing wave' > body.json
  iocpack pack report.txt --add COLLECTION-ID --plan plan.json
  iocpack pack -r reports/ -n All -d 'Every report' --plan plan.json

Send a body with any HTTP client:
  curl -H \"x-apikey: $VT_API_KEY\" -H 'content-type: application/json' \\
    --data @body.json https://www.virustotal.com/api/v3/collections

Exit codes: 0 written, 1 nothing to send, 2 usage or I/O error, 3 held or
rejected items under --strict, 10 more distinct indicators than --max-unique
(nothing is written).")]
pub(crate) struct PackArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) what: CollectionArgs,
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
    /// Write every request to a file, as a plan to be sent in order; `-` is
    /// stdout.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Output",
        conflicts_with_all = ["output", "pretty"]
    )]
    pub(crate) plan: Option<PathBuf>,
    /// Write the body in many lines, for people to read.
    #[arg(long, help_heading = "Output")]
    pub(crate) pretty: bool,
    /// Requests per minute, for the time that the summary states.
    #[arg(
        long,
        value_name = "N",
        default_value = "4",
        help_heading = "Output"
    )]
    pub(crate) rate: NonZeroU32,
    /// Write nothing, and exit with 3, when anything is held back or was
    /// turned down.
    #[arg(long, help_heading = "Policy")]
    pub(crate) strict: bool,
}

/// What the collection says about itself, and which collection it is.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Collection")]
pub(crate) struct CollectionArgs {
    /// The name; required for a new collection.
    #[arg(
        short,
        long,
        value_name = "TEXT",
        required_unless_present_any = ["update", "add", "remove"]
    )]
    pub(crate) name: Option<String>,
    /// The description; required for a new collection.
    #[arg(
        short,
        long,
        value_name = "TEXT",
        required_unless_present_any = ["update", "add", "remove"]
    )]
    pub(crate) description: Option<String>,
    /// Everybody can see it. Without this a new collection is private.
    #[arg(long)]
    pub(crate) public: bool,
    /// Only you can see it: the default for a new collection.
    #[arg(long, conflicts_with = "public")]
    pub(crate) private: bool,
    /// A tag; repeat for more.
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Change a collection: its attributes, and add items to it as text.
    #[arg(long, value_name = "ID", group = "existing")]
    pub(crate) update: Option<String>,
    /// Add items to a collection.
    #[arg(
        long,
        value_name = "ID",
        group = "existing",
        conflicts_with_all = ["name", "description", "public", "private", "tag"]
    )]
    pub(crate) add: Option<String>,
    /// Take items out of a collection.
    #[arg(
        long,
        value_name = "ID",
        group = "existing",
        conflicts_with_all = ["name", "description", "public", "private", "tag"]
    )]
    pub(crate) remove: Option<String>,
}

/// How items are written.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct FormArgs {
    /// How the items of a new collection are written. For STIX and MISP:
    /// `export`.
    #[arg(
        long = "as",
        value_enum,
        default_value_t = ItemForm::Relationships,
        value_name = "FORM"
    )]
    pub(crate) item_form: ItemForm,
    /// How URLs are named.
    #[arg(
        long,
        value_enum,
        default_value_t = UrlForm::Url,
        value_name = "FORM"
    )]
    pub(crate) url_form: UrlForm,
    /// The order of items.
    #[arg(long, value_enum, default_value_t = Order::Sorted)]
    pub(crate) order: Order,
    /// Hold MD5 and SHA-1 back.
    #[arg(long)]
    pub(crate) sha256_only: bool,
    /// Items in one request.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) max_items: usize,
    /// Bytes of one request's body.
    #[arg(long, value_name = "N", default_value_t = 1 << 20)]
    pub(crate) max_bytes: usize,
}

/// What is held back, for a person to decide.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Policy")]
pub(crate) struct PolicyArgs {
    /// Send what is held for these reasons.
    #[arg(
        long,
        value_name = "REASON",
        value_delimiter = ',',
        value_parser = reasons()
    )]
    pub(crate) release: Vec<HoldReason>,
    /// Names of your own: they, and what is under them, are always held.
    #[arg(long, value_name = "SUFFIX", value_delimiter = ',')]
    pub(crate) own: Vec<String>,
    /// Hold IPv6 addresses.
    #[arg(long)]
    pub(crate) hold_ipv6: bool,
    /// Hold `.onion` names.
    #[arg(long)]
    pub(crate) hold_onion: bool,
    /// Hold what a list names as benign: hosts and networks, one per line, or
    /// a MISP warninglist (JSON). Repeat for more.
    #[arg(long, value_name = "FILE")]
    pub(crate) allow_list: Vec<PathBuf>,
}

/// The codes of the reasons, so that a near miss is named.
fn reasons() -> impl TypedValueParser<Value = HoldReason> {
    let codes = HoldReason::ALL.iter().map(|it| it.code());
    PossibleValuesParser::new(codes).map(|code| {
        code.parse().expect("a possible value is the code of a reason")
    })
}

/// See `pack --as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ItemForm {
    /// Typed descriptors: nothing to be guessed.
    Relationships,
    /// One text, an item per line: smaller.
    RawItems,
}

/// See `pack --url-form`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UrlForm {
    /// By its canonical form.
    Url,
    /// By its id, where that is proven.
    Id,
}

/// See `pack --order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// By canonical form: the same set gives the same bytes.
    Sorted,
    /// By first occurrence.
    FirstSeen,
}

/// Pre-validate a bulk list or `raw_items` text: what would be taken, changed,
/// held, rejected, and why.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack check list.txt              findings, each with its line, and a table
  iocpack check --fix list.txt > clean.txt
  iocpack check --format jsonl - < list.txt

Exit codes: 0 clean, 1 findings, 2 usage or I/O error.")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) find: FindArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Print the cleaned list, one canonical item per line, on stdout; the
    /// findings go to stderr.
    #[arg(long, help_heading = "Output")]
    pub(crate) fix: bool,
    /// How findings are printed.
    #[arg(
        long,
        value_enum,
        default_value_t = CheckFormat::Text,
        help_heading = "Output"
    )]
    pub(crate) format: CheckFormat,
}

/// Find what is wrong with the body of a collection request.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack lint body.json
  iocpack lint --format jsonl - < body.json

Exit codes: 0 clean, 1 findings (JSON that does not parse is one), 2 usage or
I/O error.")]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// How findings are printed.
    #[arg(
        long,
        value_enum,
        default_value_t = CheckFormat::Text,
        help_heading = "Output"
    )]
    pub(crate) format: CheckFormat,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: the line, underlined, and a table at the end.
    Text,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
}
