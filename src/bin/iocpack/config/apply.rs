//! What is configured as the defaults of arguments.

use crate::shell;
use std::env;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{
    ADDING, Config, commands, conflicts, home_of, name_of, options, show,
};

/// An option of a command that is as if it was not configured.
type Dropped = (String, String);

impl Config {
    /// Reads the command line. What is wrong with it ends the process.
    ///
    /// It is read once more where something is typed that a configured value
    /// gives way to, or that it adds to.
    pub(super) fn matches(
        &self,
        plain: &Command,
        built: &Command,
    ) -> ArgMatches {
        let words: Vec<OsString> = env::args_os().collect();
        let command = self.apply(plain.clone(), built, &[]);
        let matches = command
            .try_get_matches_from(&words)
            .unwrap_or_else(|err| shell::refuse(&err));
        let dropped = self.dropped(built, &matches);
        let added = self.added(&matches);
        if dropped.is_empty() && added.is_empty() {
            return matches;
        }
        let at = words.iter().position(|it| it == "--");
        let (head, tail) = words.split_at(at.unwrap_or(words.len()));
        let words = head.iter().cloned().chain(added);
        self.apply(plain.clone(), built, &dropped)
            .try_get_matches_from(words.chain(tail.iter().cloned()))
            .unwrap_or_else(|err| shell::refuse(&err))
    }

    /// The definition of the command line with what is configured.
    fn apply(
        &self,
        plain: Command,
        built: &Command,
        dropped: &[Dropped],
    ) -> Command {
        let mut command = self.apply_to(plain, built, built, dropped);
        for sub in commands(built) {
            command = command.mut_subcommand(sub.get_name(), |it| {
                self.apply_to(it, built, sub, dropped)
            });
        }
        command
    }

    /// `built` is the same command with all its arguments.
    fn apply_to(
        &self,
        mut command: Command,
        root: &Command,
        built: &Command,
        dropped: &[Dropped],
    ) -> Command {
        let home = home_of(root, built);
        for arg in options(root, built) {
            let Some(long) = arg.get_long() else { continue };
            if let Some(back) = back(built, arg) {
                let id = back.clone();
                command = command
                    .mut_arg(arg.get_id(), |it| it.overrides_with(id))
                    .arg(
                        Arg::new(back.clone())
                            .long(back)
                            .hide(true)
                            .global(arg.is_global_set())
                            .overrides_with(arg.get_id())
                            .action(ArgAction::SetTrue),
                    );
            }
            let key = (home.to_owned(), long.to_owned());
            let setting = self.settings.get(&key);
            let Some(setting) = setting.filter(|it| it.wrong.is_none()) else {
                continue;
            };
            if dropped.contains(&key) {
                continue;
            }
            command = command.mut_arg(arg.get_id(), |it| {
                // What must be given is given by the configuration.
                let it = match arg.get_id().as_str() {
                    "name" | "description" => optional(arg),
                    _ => it,
                };
                it.default_values(setting.values.clone())
                    .hide_default_value(show::is_secret(long, setting))
            });
        }
        command
    }

    /// What gives way to what was typed: to something that it would conflict
    /// with, or to its opposite.
    fn dropped(&self, built: &Command, matches: &ArgMatches) -> Vec<Dropped> {
        let mut all = Vec::new();
        for command in super::homes(built) {
            let home = home_of(built, command);
            let matches = match matches.subcommand() {
                Some((name, matches)) if home.is_empty() || home == name => {
                    matches
                }
                None if home.is_empty() => matches,
                _ => continue,
            };
            let typed = |id: &str| {
                matches.value_source(id) == Some(ValueSource::CommandLine)
            };
            let typed_name = |name: &str| {
                let mut args = command.get_arguments();
                args.find(|it| name_of(it) == name)
                    .is_some_and(|it| typed(it.get_id().as_str()))
            };
            let mut drop = |name: &str| {
                let key = (home.to_owned(), name.to_owned());
                if self.settings.contains_key(&key) {
                    all.push(key);
                }
            };
            for [one, other] in conflicts(built, command) {
                if typed_name(&other) {
                    drop(&one);
                }
                if typed_name(&one) {
                    drop(&other);
                }
            }
            for arg in options(built, command) {
                if back(command, arg).is_some_and(|it| typed(&it)) {
                    drop(arg.get_long().unwrap_or_default());
                }
            }
        }
        all
    }

    /// The words that add what is configured to lists that are typed.
    fn added(&self, matches: &ArgMatches) -> Vec<OsString> {
        let mut words = Vec::new();
        let Some((name, matches)) = matches.subcommand() else {
            return words;
        };
        for list in ADDING {
            let key = (name.to_owned(), list.to_owned());
            let Some(setting) = self.settings.get(&key) else { continue };
            let source = matches.value_source(&list.replace('-', "_"));
            if source == Some(ValueSource::CommandLine) {
                let values = setting.values.iter();
                words.extend(values.map(|it| format!("--{list}={it}").into()));
            }
        }
        words
    }
}

/// The flag that takes a flag back: `--no-x`, or `--x` for `--no-x`. None
/// where that is an option of its own.
fn back(built: &Command, arg: &Arg) -> Option<String> {
    if !matches!(arg.get_action(), ArgAction::SetTrue) {
        return None;
    }
    let long = arg.get_long()?;
    let back = match long.strip_prefix("no-") {
        Some(rest) => rest.to_owned(),
        None => format!("no-{long}"),
    };
    let taken = built.get_arguments().any(|it| it.get_long() == Some(&back));
    (!taken).then_some(back)
}

/// The argument without the demand that it be given.
fn optional(arg: &Arg) -> Arg {
    let mut new = Arg::new(arg.get_id().clone())
        .long(name_of(arg))
        .short(arg.get_short());
    if let Some(heading) = arg.get_help_heading() {
        new = new.help_heading(heading.to_owned());
    }
    if let Some(help) = arg.get_help() {
        new = new.help(help.clone());
    }
    if let Some([name]) = arg.get_value_names() {
        new = new.value_name(name.clone());
    }
    new
}
