//! `export`: a set for other tools.

pub(crate) mod args;

use std::io;

use iocpack::payload::interchange::{self, Timestamp};
use iocpack::{Error, IndicatorSet};

use self::args::{ExportArgs, Target};
use crate::exit::{Exit, Failure};
use crate::input::Inputs;
use crate::output::Output;
use crate::pack::{self, Found};
use crate::scan::{Feed, Find, Need};
use crate::talk::Talk;

/// Runs `export`.
pub(crate) fn run(args: &ExportArgs, talk: &Talk) -> Result<Exit, Failure> {
    let time = || {
        args.time.ok_or_else(|| {
            Failure::new(
                "no time: expected --time, such as `--time now` or \
                 `--time 2031-04-05`",
            )
        })
    };
    let write = match args.to {
        Target::Stix => Write::Stix(time()?),
        Target::Misp => {
            let title = args.title.as_deref().unwrap_or_default();
            if title.trim().is_empty() {
                return Err(Failure::new("no title: expected --title TEXT"));
            }
            Write::Misp(title, time()?)
        }
        Target::Csv => Write::Csv,
    };
    let policy = pack::policy(&args.policy, talk)?;
    let inputs = Inputs::resolve(&args.input, talk)?;
    let find = Find::resolve(&args.find);
    let mut found = Found::default();
    let need = Need { details: false, rejected: false, repeats: true };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let limits = args.limit.resolve();
    let trouble =
        feed.run(1, |source, row| found.row(source, &row, limits))?;
    let trouble = trouble || inputs.trouble;
    let mut set = found.set;
    let mut kept = set.clone();
    for held in pack::hold(&policy, &mut kept) {
        talk.note(&held.line());
    }
    if !args.with_held {
        set = kept;
    }
    if set.is_empty() {
        talk.error("nothing to write");
        return Ok(Exit::of_batch(trouble, false));
    }
    let mut out = Output::open(&args.output)?;
    if out.is_terminal() && !matches!(write, Write::Csv) {
        // A title may hold anything.
        let mut text = Vec::new();
        write.run(&set, &mut text).map_err(|err| out.failure(&err))?;
        out.write_json(&String::from_utf8_lossy(&text))?;
    } else {
        write.run(&set, &mut out).map_err(|err| out.failure(&err))?;
    }
    out.finish()?;
    Ok(Exit::of_batch(trouble, true))
}

/// What is to be written, with what it needs.
enum Write<'a> {
    Stix(Timestamp),
    Misp(&'a str, Timestamp),
    Csv,
}

impl Write<'_> {
    fn run(
        &self,
        set: &IndicatorSet,
        out: impl io::Write,
    ) -> Result<(), Error> {
        match *self {
            Write::Stix(time) => interchange::stix(set, time, out),
            Write::Misp(title, time) => {
                interchange::misp(set, title, time, out)
            }
            Write::Csv => interchange::csv(set, out),
        }
    }
}
