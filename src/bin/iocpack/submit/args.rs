//! What can be typed where something is sent.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::{
    CollectionArgs, FindArgs, FormArgs, InputArgs, LimitArgs, OutputArgs,
    PolicyArgs,
};

/// How often something may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) count: u32,
    pub(crate) time: Duration,
}

/// Reads `4/min`, `1/s`, `240/h`; without a unit, per minute.
fn rate(text: &str) -> Result<Rate, String> {
    let (count, unit) = text.split_once('/').unwrap_or((text, "min"));
    let seconds = match unit {
        "s" | "sec" | "second" => 1,
        "min" | "m" | "minute" => 60,
        "h" | "hour" => 3600,
        _ => return Err("expected N/s, N/min or N/h".into()),
    };
    match count.parse::<NonZeroU32>() {
        Ok(count) => {
            Ok(Rate { count: count.get(), time: Duration::from_secs(seconds) })
        }
        Err(_) => Err("expected a number of at least 1 before `/`".into()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.strip_suffix('s').unwrap_or(text).parse::<NonZeroU32>() {
        Ok(count) => Ok(Duration::from_secs(count.get().into())),
        Err(_) => Err("expected a number of seconds, at least 1".into()),
    }
}

/// To whom, with which key, how fast.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectArgs {
    /// Scheme, name and port of the server: https, or http to this machine.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://www.virustotal.com"
    )]
    pub(crate) host: String,
    /// Requests in a time: N/s, N/min or N/h.
    #[arg(
        long,
        value_name = "N/min",
        default_value = "4/min",
        value_parser = rate
    )]
    pub(crate) rate: Rate,
    /// The most requests of a day (UTC); a receipt remembers those of earlier
    /// runs.
    #[arg(long, value_name = "N")]
    pub(crate) daily: Option<u64>,
    /// How often a request is repeated where that does no harm.
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(crate) retries: u32,
    /// Seconds for one request: 120 for one that creates or adds, 60 for
    /// another, unless set.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// A proxy, instead of the one that `HTTPS_PROXY` names.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Trust the certificates of a PEM file only, instead of Mozilla's roots:
    /// for networks whose proxy signs every connection anew.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Read the key from a file that only its owner may read; `-` is stdin.
    #[arg(long, value_name = "FILE", conflicts_with = "api_key_cmd")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Run a command of the shell and read the key from its output.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) api_key_cmd: Option<String>,
    /// The header `x-tool`: organisation.product.major.minor.
    #[arg(long, value_name = "NAME")]
    pub(crate) tool: Option<String>,
    /// Print what would be sent, and send nothing. Needs no key.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before sending.
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// Send a plan to VirusTotal: slowly enough, once, and with a record.
///
/// A plan is what `pack --plan` writes; without one, the arguments of `pack`
/// make it. The receipt is written before and after each request: run again
/// with the same plan and receipt to send what is missing. The key is read
/// from `VT_API_KEY`, `VT_APIKEY`, `VTCLI_APIKEY`, then `apikey` in
/// iocpack/config.toml of the configuration folder, then ~/.vt.toml.
#[expect(clippy::struct_excessive_bools, reason = "flags are flags")]
#[derive(Debug, Args)]
#[command(
    mut_arg("name", |it| it.required_unless_present_any(
        ["update", "add", "remove", "plan"]
    )),
    mut_arg("description", |it| it.required_unless_present_any(
        ["update", "add", "remove", "plan"]
    )),
    after_long_help = "\
Examples:
  iocpack pack report.txt -n 'Campaign 7' -d 'Phishing wave' --plan plan.json
  iocpack submit --plan plan.json --dry-run
  iocpack submit --plan plan.json --receipt receipt.json
  iocpack submit report.txt --add COLLECTION-ID --receipt receipt.json
  iocpack submit --plan plan.json --receipt receipt.json --reconcile

When the answer to the request that creates the collection is lost, nobody
can tell whether it was created. It is never sent again by itself (exit 7):
  --reconcile      look for it by its name and marker, and go on with it
  --adopt ID       go on with this one, which you have found yourself
  --create-again   create it (after --reconcile has found nothing, if given)

Exit codes: 0 sent, 1 nothing to send, 2 usage or I/O error, 3 held or
rejected items under --strict, 4 key refused, 5 quota used up, 6 every
attempt failed, 7 creation in doubt, 8 rejected by the server, 9 fewer items
counted than sent under --strict, 10 more distinct indicators than
--max-unique (nothing is sent), 130 interrupted."
)]
pub(crate) struct SubmitArgs {
    /// The plan to send; `-` is stdin.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "paths", "name", "description", "public", "private", "tag",
            "update", "add", "remove"
        ],
        help_heading = "Plan"
    )]
    pub(crate) plan: Option<PathBuf>,
    /// The receipt, which is made if there is none; by default the plan's
    /// name with `.receipt`.
    #[arg(long, value_name = "FILE", help_heading = "Plan")]
    pub(crate) receipt: Option<PathBuf>,
    /// Look for a collection whose creation is in doubt.
    #[arg(long, help_heading = "Plan")]
    pub(crate) reconcile: bool,
    /// Take this collection for the one whose creation is in doubt.
    #[arg(long, value_name = "ID", help_heading = "Plan")]
    pub(crate) adopt: Option<String>,
    /// Send a request again whose outcome is in doubt.
    #[arg(long, conflicts_with = "adopt", help_heading = "Plan")]
    pub(crate) create_again: bool,
    /// The user whose collections are searched where the key may not list
    /// all.
    #[arg(long, value_name = "NAME", help_heading = "Plan")]
    pub(crate) user: Option<String>,
    /// Find the items for which the server rejects a request, with at most N
    /// requests more, and leave them out.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "64",
        help_heading = "Plan"
    )]
    pub(crate) bisect: Option<u32>,
    /// Do not compare the collection's counters with the plan.
    #[arg(long, help_heading = "Plan")]
    pub(crate) no_verify: bool,
    /// Send nothing when anything is held back (exit 3); take what was gone
    /// already for an error; exit with 9 when fewer items are counted than
    /// were sent.
    #[arg(long, help_heading = "Policy")]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
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
}

/// Read the items of a collection, as the JSON that `diff` reads.
///
/// Each request reads 40 items. With `--resume`, what has been read is kept
/// in a file, and another run goes on there.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  iocpack pull COLLECTION-ID -o held.json
  iocpack pull COLLECTION-ID -o held.json --resume held.part

Exit codes: 0 all read, 2 usage or I/O error, 4 key refused, 5 quota used
up, 6 every attempt failed, 8 rejected by the server, 130 interrupted.")]
pub(crate) struct PullArgs {
    /// The collection.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Keep what has been read in a file, until all is read.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) resume: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// Comment on a collection. Words that start with `#` become tags.
///
/// A comment whose answer is lost is not sent again (exit 7).
#[derive(Debug, Args)]
pub(crate) struct CommentArgs {
    /// The collection.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The comment.
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// Delete a collection, for good. Its items stay in VirusTotal's dataset.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// The collection.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}
