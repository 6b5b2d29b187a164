//! What is about the command itself: version, completions, manual page.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{CommandFactory as _, ValueEnum as _};
use clap_complete::{Generator as _, Shell};

use crate::args::{Args, CompletionsArgs};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::talk::{self, Talk, escape, say, visible};

/// The data that is built in, its date, and what brings it. The versions are
/// those of Cargo.lock; a test compares. The suffix list is of the day on
/// which its crate was published, which is that of the list's last change;
/// the version of Unicode stands in the documentation of its crate.
const DATA: [(&str, &str); 3] = [
    ("public suffix list", "2026-11-05 (psl 2.1.247)"),
    ("Unicode", "18.0.0 (idna 1.1.0, icu_normalizer_data 2.4.0)"),
    ("special-purpose addresses", "2025-10 (IANA registries)"),
];

/// `--version`, and with `-v` what is built in.
pub(crate) fn version(talk: &Talk) -> Result<Exit, Failure> {
    let mut text = format!("iocpack {}\n", env!("CARGO_PKG_VERSION"));
    if talk.is_verbose() {
        text.push_str("features: cli");
        if cfg!(feature = "serde") {
            text.push_str(" serde");
        }
        if cfg!(feature = "submit") {
            text.push_str(" submit");
        }
        text.push('\n');
        for (what, version) in DATA {
            let _ = writeln!(text, "{what}: {version}");
        }
    }
    put(text.as_bytes())
}

/// No command: what there is, as a usage error.
pub(crate) fn usage() -> Exit {
    let help = Args::command().render_help();
    eprint!("{help}");
    Exit::Trouble
}

/// Ends with what the arguments are refused with, or with the help that they
/// ask for.
///
/// A message repeats what was typed: where a terminal would obey some of it,
/// the message is plain and escaped.
pub(crate) fn refuse(err: &clap::Error) -> ! {
    let tame = |word: OsString| {
        let bytes = word.as_encoded_bytes();
        escape(bytes).as_bytes() == bytes
    };
    if err.use_stderr() && !std::env::args_os().all(tame) {
        let message = err.render().to_string();
        say(&visible(message.as_bytes()));
    } else {
        // A closed stream is no reason to complain.
        let _ = err.print();
    }
    std::process::exit(err.exit_code())
}

/// Runs `completions`.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    if let Some(shell) = args.shell {
        return put(&script(shell));
    }
    let folder = args.all.as_deref().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .map_err(|err| Failure::write(&talk::name(folder), &err))?;
    let mut all = vec![("iocpack.1".to_owned(), page()?)];
    for shell in Shell::value_variants() {
        all.push((shell.file_name("iocpack"), script(*shell)));
    }
    for (name, text) in all {
        let mut out = Output::file(&folder.join(name))?;
        out.write(&text)?;
        out.finish()?;
    }
    Ok(Exit::Good)
}

fn script(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "iocpack", &mut text);
    text
}

/// Runs `man`.
pub(crate) fn man() -> Result<Exit, Failure> {
    put(&page()?)
}

/// The command and its subcommands on one page.
fn page() -> Result<Vec<u8>, Failure> {
    let fail = |err| Failure::write("to stdout", &err);
    let mut root = Args::command();
    root.build();
    let mut text = Vec::new();
    clap_mangen::Man::new(root.clone()).render(&mut text).map_err(fail)?;
    for sub in root.get_subcommands() {
        if matches!(sub.get_name(), "help") {
            continue;
        }
        let man = clap_mangen::Man::new(sub.clone());
        text.extend_from_slice(
            format!(".SH {}\n", sub.get_name().to_uppercase()).as_bytes(),
        );
        man.render_synopsis_section(&mut text).map_err(fail)?;
        man.render_description_section(&mut text).map_err(fail)?;
        man.render_options_section(&mut text).map_err(fail)?;
        man.render_extra_section(&mut text).map_err(fail)?;
    }
    Ok(text)
}

fn put(text: &[u8]) -> Result<Exit, Failure> {
    let mut out = Output::stdout();
    out.write(text)?;
    out.finish()?;
    Ok(Exit::Good)
}
