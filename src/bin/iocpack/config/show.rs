//! `config`: what is in force, and from where.

use std::fmt::Write as _;

use clap::{ArgAction, CommandFactory as _};

use super::{Config, SECRET, Setting, home_of, homes, options};
use crate::args::{Args, ConfigArgs};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::talk::{self, Talk, escape};

/// Options whose values may hold a secret.
const SECRETS: [&str; 2] = ["api-key-cmd", "proxy"];

/// Whether the value must not be shown: a command may hold a key, and the
/// address of a proxy a password.
pub(super) fn is_secret(long: &str, setting: &Setting) -> bool {
    SECRETS.contains(&long)
        && (long != "proxy"
            || setting.values.iter().any(|it| it.contains('@')))
}

/// Runs `config`.
pub(crate) fn run(
    args: &ConfigArgs,
    config: &Config,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let mut built = Args::command();
    built.build();
    let mut text = String::new();
    let mut wrong = false;
    for command in homes(&built) {
        let home = home_of(&built, command);
        for arg in options(&built, command) {
            let long = arg.get_long().unwrap_or_default();
            let name = match home {
                "" => long.to_owned(),
                home => format!("{home}.{long}"),
            };
            let key = (home.to_owned(), long.to_owned());
            let Some(setting) = config.settings.get(&key) else {
                if args.all {
                    let _ = writeln!(text, "{name}\t{}\tdefault", of(arg));
                }
                continue;
            };
            if let Some(why) = &setting.wrong {
                wrong = true;
                talk.error(&format!("{}: {why}", setting.from));
                continue;
            }
            let value = match is_secret(long, setting) {
                true => "(hidden)".to_owned(),
                false => escape(setting.values.join(",").as_bytes()),
            };
            let _ = writeln!(text, "{name}\t{value}\t{}", setting.from);
        }
    }
    if let Some((path, _)) = config.file.as_ref().filter(|_| config.secret) {
        let _ = writeln!(text, "{SECRET}\t(hidden)\t{}", talk::name(path));
    }
    talk.note(&match &config.file {
        None => "no file".to_owned(),
        Some((path, true)) => format!("file: {}", talk::name(path)),
        Some((path, false)) => {
            format!("file: {}, which does not exist", talk::name(path))
        }
    });
    let mut out = Output::stdout();
    out.write(text.as_bytes())?;
    out.finish()?;
    Ok(if wrong { Exit::Trouble } else { Exit::Good })
}

/// The default of an option, as it is shown; `-` is none.
fn of(arg: &clap::Arg) -> String {
    let values: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    match (values.is_empty(), arg.get_action()) {
        (false, _) => values.join(","),
        (true, ArgAction::SetTrue) => "false".into(),
        (true, ArgAction::Count) => "0".into(),
        (true, _) => "-".into(),
    }
}
