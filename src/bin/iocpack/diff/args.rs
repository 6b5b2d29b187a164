//! What can be typed after `diff`.

use std::path::PathBuf;

use crate::args::{
    Encoding, FindArgs, FormArgs, LimitArgs, OutputArgs, PolicyArgs,
};

/// Say what to add and what to remove so that the collection OLD becomes
/// NEW.
///
/// Each side is a text, whose indicators are taken; rows of `scan` as JSON;
/// or what a collection holds: the pages that `pull` writes, the JSON of the
/// API, a request's body, a plan. One line is printed for each difference:
/// `+` or `-`, a tab, the type, a tab, the canonical form.
///
/// What NEW brings is judged as `pack` judges it: what is held is not added.
/// A URL that is known by an id alone, and a file that is listed by another
/// digest, may be the same item or not: that is said on stderr, and nothing
/// is done about it.
#[derive(Debug, clap::Args)]
#[command(
    // A request that adds or removes names its items one way only.
    mut_arg("item_form", |it| it.hide(true)),
    after_long_help = "\
Examples:
  iocpack diff yesterday.txt today.txt
  iocpack pull COLLECTION-ID -o held.json
  iocpack diff held.json report.txt --plan plan.json --update COLLECTION-ID
  iocpack submit --plan plan.json
  iocpack diff old.txt new.txt | sed -n 's/^-//p' |
    iocpack pack --remove COLLECTION-ID --plan plan.json -

Exit codes: 0 no difference, 1 differences (also with --plan: then the plan
holds them), 2 usage or I/O error, 10 more distinct indicators in a side than
--max-unique."
)]
pub(crate) struct DiffArgs {
    /// What is there; `-` is stdin.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// What should be there; `-` is stdin.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Scan both sides as text, even where they look like JSON.
    #[arg(long, help_heading = "Input")]
    pub(crate) text: bool,
    /// Unpack inputs that are gzip or Zstandard, told by their first bytes.
    #[arg(short = 'z', long, help_heading = "Input")]
    pub(crate) decompress: bool,
    /// How bytes are read as text.
    #[arg(
        long,
        value_enum,
        default_value_t = Encoding::Auto,
        help_heading = "Input"
    )]
    pub(crate) encoding: Encoding,
    /// Write the requests that make the collection `--update` names hold NEW,
    /// as a plan for `submit`. A plan without requests is written where there
    /// is no difference.
    #[arg(
        long,
        value_name = "FILE",
        requires = "update",
        help_heading = "Output"
    )]
    pub(crate) plan: Option<PathBuf>,
    /// The collection that the plan is for.
    #[arg(
        long,
        value_name = "ID",
        requires = "plan",
        help_heading = "Output"
    )]
    pub(crate) update: Option<String>,
    /// Add what may be there already. It does no harm: a collection holds an
    /// item once.
    #[arg(long, help_heading = "Output")]
    pub(crate) add_uncertain: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// How differences are printed.
    #[arg(
        long,
        value_enum,
        default_value_t = DiffFormat::Text,
        help_heading = "Output"
    )]
    pub(crate) format: DiffFormat,
    #[command(flatten)]
    pub(crate) form: FormArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) find: FindArgs,
    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}

/// See `diff --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DiffFormat {
    /// `+<TAB>type<TAB>canonical`, or `-`.
    Text,
    /// One JSON object per line.
    Jsonl,
}
