//! The `iocpack` command: what was typed ([`args`]) becomes resolved options,
//! a run, and a report. It uses the library as any other program would.
//!
//! stdout is data, stderr is talk. Every command returns an [`Exit`]; an
//! error that ends the run becomes a message and exit code 2.

mod args;
mod check;
mod config;
mod diff;
mod exit;
mod export;
mod field;
mod filter;
mod id;
mod input;
mod lines;
mod lists;
mod map;
mod meter;
mod output;
mod pack;
mod report;
mod row;
mod scan;
mod shell;
#[cfg(feature = "submit")]
mod submit;
mod talk;
mod walk;

use std::process::ExitCode;

use crate::args::{Args, Command};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::talk::Talk;

fn main() -> ExitCode {
    let (args, config) = match config::parse() {
        Ok(parsed) => parsed,
        Err(failure) => return end(Err(failure), &Talk::plain()),
    };
    let talk = Talk::new(&args.talk);
    for strange in config.strange() {
        talk.note(&format!("warning: {strange}"));
    }
    let ended = run(args, &config, &talk);
    talk.meter().finish();
    end(ended, &talk)
}

fn end(ended: Result<Exit, Failure>, talk: &Talk) -> ExitCode {
    match ended {
        Ok(exit) => exit.into(),
        // The reader of our output has gone: it has what it wanted.
        Err(Failure::BrokenPipe) => Exit::Good.into(),
        Err(Failure::Message(message)) => {
            talk.error(&message);
            Exit::Trouble.into()
        }
        Err(Failure::TooMany(message)) => {
            talk.error(&message);
            Exit::TooMany.into()
        }
    }
}

fn run(args: Args, config: &Config, talk: &Talk) -> Result<Exit, Failure> {
    if args.version {
        return shell::version(talk);
    }
    match args.command {
        None => Ok(shell::usage()),
        Some(Command::Scan(it)) if it.field.is_some() => field::run(&it, talk),
        Some(Command::Scan(it)) => match it.map {
            Some(shades) => map::run(&it, shades, talk),
            None => scan::run(&it, talk),
        },
        Some(Command::Pack(it)) => pack::run(&it, talk),
        Some(Command::Report(it)) => report::run(&it, talk),
        Some(Command::Export(it)) => export::run(&it, talk),
        Some(Command::Diff(it)) => diff::run(&it, talk),
        Some(Command::Check(it)) => check::run(&it, talk),
        Some(Command::Lint(it)) => check::run_lint(&it, talk),
        Some(Command::Id(it)) => id::run(&it, talk),
        Some(Command::Refang(it)) => {
            filter::run(&it, filter::Verb::Refang, talk)
        }
        Some(Command::Defang(it)) => {
            filter::run(&it, filter::Verb::Defang, talk)
        }
        #[cfg(feature = "submit")]
        Some(Command::Submit(it)) => submit::run(&it, talk),
        #[cfg(feature = "submit")]
        Some(Command::Pull(it)) => submit::pull(&it, talk),
        #[cfg(feature = "submit")]
        Some(Command::Comment(it)) => submit::comment(&it, talk),
        #[cfg(feature = "submit")]
        Some(Command::Delete(it)) => submit::delete(&it, talk),
        Some(Command::Config(it)) => config::run(&it, config, talk),
        Some(Command::Completions(it)) => shell::completions(&it),
        Some(Command::Man) => shell::man(),
    }
}
