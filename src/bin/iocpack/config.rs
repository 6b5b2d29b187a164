//! Configuration: variables and a file that set options.
//!
//! An option is what the command line says; else what the variable
//! `IOCPACK_<OPTION>` says; else what the file says, in the command's table
//! before the top; else its default. A configured value becomes the default
//! of its argument, so that it conflicts with nothing that is typed, and is
//! dropped where something is typed that it would conflict with.
//!
//! Lists that protect, `own` and `allow-list`, add up instead: what is held
//! because of the file stays held.

mod apply;
mod file;
mod show;
mod values;

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory as _};
use clap::{FromArgMatches as _, Parser as _};

pub(crate) use self::show::run;
use self::values::{checked, near};
use crate::args::{self, Args};
use crate::exit::Failure;
use crate::shell;
use crate::talk::{self, escape};

/// Names the file, instead of the one in the configuration folder. Empty:
/// none.
const FILE: &str = "IOCPACK_CONFIG";
const PREFIX: &str = "IOCPACK_";
/// Lists that add up over all places.
const ADDING: [&str; 2] = ["own", "allow-list"];
/// The key for VirusTotal, which the sending commands read for themselves.
const SECRET: &str = "apikey";

/// Where a value is from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Variable(String),
    /// The file, and the line.
    File(PathBuf, usize),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Variable(name) => f.write_str(name),
            Origin::File(path, line) => {
                write!(f, "{}:{line}", talk::name(path))
            }
        }
    }
}

/// A value that is set for an option of one command, or of all.
#[derive(Clone, Debug)]
struct Setting {
    values: Vec<String>,
    from: Origin,
    /// Variables before tables before the top of the file.
    rank: u8,
    /// Why the command does not take it.
    wrong: Option<String>,
}

/// Options by command (empty: of every command) and name.
type Settings = BTreeMap<(String, String), Setting>;

/// What is configured.
#[derive(Debug, Default)]
pub(crate) struct Config {
    settings: Settings,
    /// The file that is looked for, and whether it is there.
    file: Option<(PathBuf, bool)>,
    /// Whether the file holds a key for VirusTotal.
    secret: bool,
    /// Variables that name no option.
    strange: Vec<String>,
}

/// Reads the command line, with what is configured.
///
/// # Errors
///
/// What is wrong with the configuration, unless the command needs none. What
/// is wrong with the command line ends the process.
pub(crate) fn parse() -> Result<(Args, Config), Failure> {
    let plain = Args::command();
    let mut built = plain.clone();
    built.build();
    let config = match Config::load(&built) {
        Ok(config) => config,
        Err(failure) => {
            // Whoever asks for help gets it all the same.
            let args = match Args::try_parse() {
                Ok(args) => args,
                Err(err) if err.use_stderr() => return Err(failure),
                Err(err) => shell::refuse(&err),
            };
            return match args.command {
                None
                | Some(args::Command::Completions(_) | args::Command::Man) => {
                    Ok((args, Config::default()))
                }
                _ => Err(failure),
            };
        }
    };
    let mut matches = config.matches(&plain, &built);
    if let Some((name, _)) = matches.subcommand()
        && name != "config"
    {
        config.check(name)?;
    }
    let args = Args::from_arg_matches_mut(&mut matches)
        .unwrap_or_else(|err| shell::refuse(&err.format(&mut plain.clone())));
    Ok((args, config))
}

impl Config {
    fn load(built: &Command) -> Result<Config, Failure> {
        let mut config = Config::default();
        if let Some(path) = path()? {
            let entries = file::read(&path)?;
            if entries.is_none() && env::var_os(FILE).is_some() {
                return Err(Failure::new(format!(
                    "cannot read {}: no such file or folder (from {FILE})",
                    talk::name(&path)
                )));
            }
            config.file = Some((path.clone(), entries.is_some()));
            config.take_file(built, &path, entries.unwrap_or_default())?;
        }
        config.take_variables(built);
        config.settle(built)?;
        Ok(config)
    }

    fn take_file(
        &mut self,
        built: &Command,
        path: &Path,
        entries: Vec<file::Entry>,
    ) -> Result<(), Failure> {
        for file::Entry { table, key, values, line } in entries {
            let place = format!("{}:{line}", talk::name(path));
            if table.is_none() && key == SECRET {
                self.secret = true;
                continue;
            }
            if let Some(name) = &table
                && !commands(built).any(|it| it.get_name() == name)
            {
                let near = near(name, commands(built).map(Command::get_name));
                return Err(Failure::new(format!(
                    "{place}: unknown command `{}`{near}",
                    escape(name.as_bytes())
                )));
            }
            if key.is_empty() {
                continue;
            }
            let from = Origin::File(path.to_owned(), line);
            let rank = u8::from(table.is_some());
            if !self.set(built, table.as_deref(), &key, &values, &from, rank) {
                let known = keys(built, table.as_deref());
                let near = near(&key, known.iter().map(String::as_str));
                let of = table.map_or_else(String::new, |it| {
                    format!(" of `{}`", escape(it.as_bytes()))
                });
                return Err(Failure::new(format!(
                    "{place}: unknown key `{}`{of}{near}",
                    escape(key.as_bytes())
                )));
            }
        }
        Ok(())
    }

    fn take_variables(&mut self, built: &Command) {
        let mut variables: Vec<(String, String)> = env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                let value = value.into_string().ok()?;
                (name.starts_with(PREFIX) && name != FILE && !value.is_empty())
                    .then_some((name, value))
            })
            .collect();
        variables.sort();
        for (name, value) in variables {
            let key =
                name[PREFIX.len()..].to_ascii_lowercase().replace('_', "-");
            let from = Origin::Variable(name.clone());
            if !self.set(built, None, &key, &[value], &from, 2) {
                let known = keys(built, None);
                let near = near(&key, known.iter().map(String::as_str));
                let name = escape(name.as_bytes());
                self.strange.push(format!("{name} names no option{near}"));
            }
        }
    }

    /// Sets an option for each command that has it; whether there is one.
    fn set(
        &mut self,
        built: &Command,
        table: Option<&str>,
        key: &str,
        values: &[String],
        from: &Origin,
        rank: u8,
    ) -> bool {
        let mut any = false;
        for command in homes(built) {
            let home = home_of(built, command);
            if table.is_some_and(|it| it != home) {
                continue;
            }
            let arg =
                options(built, command).find(|it| it.get_long() == Some(key));
            let Some(arg) = arg else { continue };
            any = true;
            let mut values = values.to_vec();
            if let Origin::File(path, _) = from
                && arg.get_value_parser().type_id()
                    == std::any::TypeId::of::<PathBuf>()
            {
                for value in &mut values {
                    *value = file::path_of(value, path);
                }
            }
            let (values, wrong) = match checked(arg, values) {
                Ok(values) => (values, None),
                Err(why) => (Vec::new(), Some(why)),
            };
            let name = (home.to_owned(), key.to_owned());
            let new = Setting { values, from: from.clone(), rank, wrong };
            match self.settings.get_mut(&name) {
                Some(old) if old.rank > rank => {}
                Some(old) if ADDING.contains(&key) => {
                    // In the order of the weight of their places.
                    let earlier = std::mem::take(&mut old.values);
                    *old = new;
                    old.values.splice(0..0, earlier);
                }
                _ => _ = self.settings.insert(name, new),
            }
        }
        any
    }

    /// Drops what conflicts with something of more weight.
    fn settle(&mut self, built: &Command) -> Result<(), Failure> {
        for command in homes(built) {
            let home = home_of(built, command);
            for [one, other] in conflicts(built, command) {
                let setting = |name: &str| {
                    let key = (home.to_owned(), name.to_owned());
                    self.settings.get(&key).filter(|it| it.is_on())
                };
                let (Some(a), Some(b)) = (setting(&one), setting(&other))
                else {
                    continue;
                };
                let loser = match a.rank.cmp(&b.rank) {
                    std::cmp::Ordering::Less => one,
                    std::cmp::Ordering::Greater => other,
                    std::cmp::Ordering::Equal => {
                        return Err(Failure::new(format!(
                            "{}: `{one}` cannot be set together with \
                             `{other}` ({})",
                            a.from, b.from
                        )));
                    }
                };
                self.settings.remove(&(home.to_owned(), loser));
            }
        }
        Ok(())
    }

    /// Whether the settings of a command are such that it takes them.
    fn check(&self, command: &str) -> Result<(), Failure> {
        for ((home, _), setting) in &self.settings {
            if (home.is_empty() || home == command)
                && let Some(why) = &setting.wrong
            {
                return Err(Failure::new(format!("{}: {why}", setting.from)));
            }
        }
        Ok(())
    }

    /// Variables that set nothing, as messages.
    pub(crate) fn strange(&self) -> &[String] {
        &self.strange
    }
}

impl Setting {
    /// Whether it asks for something: a flag that is false does not.
    fn is_on(&self) -> bool {
        self.values != ["false"] && self.values != ["0"]
    }
}

/// The folder that a variable names, if it can be anybody's but ours.
fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|it| it.is_absolute())
}

/// The folder of the person who runs this.
pub(crate) fn home() -> Option<PathBuf> {
    folder("HOME").or_else(|| folder("USERPROFILE"))
}

/// The configuration file; `None` where there is no place for one.
///
/// # Errors
///
/// When the variable names it from the current folder: what lies there must
/// not set options.
pub(crate) fn path() -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = env::var_os(FILE) {
        if path.is_empty() {
            return Ok(None);
        }
        let path = PathBuf::from(path);
        if !path.is_absolute() {
            return Err(Failure::new(format!(
                "{FILE}: expected an absolute path, found {}",
                talk::name(&path)
            )));
        }
        return Ok(Some(path));
    }
    let config =
        folder("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")));
    Ok(config.map(|it| it.join("iocpack").join("config.toml")))
}

/// The subcommands that can be configured: not those that are about this
/// command itself.
fn commands(built: &Command) -> impl Iterator<Item = &Command> {
    const OURS: [&str; 4] = ["help", "config", "completions", "man"];
    built.get_subcommands().filter(|it| !OURS.contains(&it.get_name()))
}

/// The command itself, for what is global, and its subcommands.
fn homes(built: &Command) -> impl Iterator<Item = &Command> {
    std::iter::once(built).chain(commands(built))
}

/// By which name settings are kept.
fn home_of<'c>(root: &Command, command: &'c Command) -> &'c str {
    if command.get_name() == root.get_name() { "" } else { command.get_name() }
}

/// The options that can be configured: those of the root that are global, or
/// those of a subcommand that are not.
fn options<'c>(
    root: &Command,
    command: &'c Command,
) -> impl Iterator<Item = &'c Arg> {
    let global = home_of(root, command).is_empty();
    command.get_arguments().filter(move |it| {
        it.is_global_set() == global
            && it.get_long().is_some_and(|it| it != "help")
            && !it.is_hide_set()
    })
}

/// The keys of a table, or of the top.
fn keys(built: &Command, table: Option<&str>) -> Vec<String> {
    let mut keys: Vec<String> = homes(built)
        .filter(|it| table.is_none_or(|name| name == it.get_name()))
        .flat_map(|it| options(built, it))
        .filter_map(|it| it.get_long().map(str::to_owned))
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

/// The long name of an argument; the id of one without.
fn name_of(arg: &Arg) -> String {
    arg.get_long().map_or_else(|| arg.get_id().to_string(), str::to_owned)
}

/// Names of arguments that cannot be given together.
fn conflicts(root: &Command, command: &Command) -> Vec<[String; 2]> {
    let mut pairs = Vec::new();
    for arg in options(root, command) {
        for other in command.get_arg_conflicts_with(arg) {
            pairs.push([name_of(arg), name_of(other)]);
        }
    }
    for group in command.get_groups() {
        if group.clone().is_multiple() {
            continue;
        }
        let members: Vec<String> = command
            .get_arguments()
            .filter(|arg| group.get_args().any(|it| it == arg.get_id()))
            .map(name_of)
            .collect();
        for (i, one) in members.iter().enumerate() {
            for other in &members[i + 1..] {
                pairs.push([one.clone(), other.clone()]);
            }
        }
    }
    pairs
}
