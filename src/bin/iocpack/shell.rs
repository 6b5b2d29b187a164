//! What is about the command itself: version, completions, manual page.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Args;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::talk::Talk;

/// `--version`, and with `-v` what is built in.
pub(crate) fn version(talk: &Talk) -> Result<Exit, Failure> {
    let mut text = format!("iocpack {}\n", env!("CARGO_PKG_VERSION"));
    if talk.is_verbose() {
        let features: &[&str] = &[
            if cfg!(feature = "cli") { "cli" } else { "" },
            if cfg!(feature = "serde") { "serde" } else { "" },
        ];
        let features: Vec<&str> =
            features.iter().copied().filter(|it| !it.is_empty()).collect();
        let (major, minor, patch) = char::UNICODE_VERSION;
        text += &format!(
            "features: {}\ncharacter classes: Unicode {major}.{minor}.{patch}\n",
            features.join(" ")
        );
    }
    put(text.as_bytes())
}

/// No command: what there is, as a usage error.
pub(crate) fn usage() -> Result<Exit, Failure> {
    let help = Args::command().render_help();
    eprint!("{help}");
    Ok(Exit::Trouble)
}

/// `completions SHELL`.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "iocpack", &mut text);
    put(&text)
}

/// `man`: the command and its subcommands on one page.
pub(crate) fn man() -> Result<Exit, Failure> {
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
    put(&text)
}

fn put(text: &[u8]) -> Result<Exit, Failure> {
    let mut out = Output::stdout();
    out.write(text)?;
    out.finish()?;
    Ok(Exit::Good)
}
