//! `pull`: the items of a collection.

use std::path::Path;

use iocpack::payload::{CollectionId, Relationship};
use iocpack::submit::Pull;

use super::args::PullArgs;
use super::connect;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::pack::refused;
use crate::talk::{self, Talk};

/// Runs `pull`. It reads only, so nobody is asked.
pub(crate) fn run(args: &PullArgs, talk: &Talk) -> Result<Exit, Failure> {
    let id = CollectionId::parse(&args.id).map_err(|err| refused(&err))?;
    let mut pull = match &args.resume {
        Some(path) if path.exists() => resumed(path, &id)?,
        _ => Pull::new(&id),
    };
    if args.connect.dry_run {
        let host = connect::host(&args.connect)?;
        let base = host.url(&format!("/collections/{id}"));
        for of in Relationship::ALL {
            talk.note(&format!("GET {base}/…{of}?limit=40, page by page"));
        }
        return Ok(Exit::Good);
    }
    let mut client = connect::client(&args.connect, talk, None)?;
    loop {
        let more = match pull.next(&mut client) {
            Ok(more) => more,
            Err(stop) => {
                let exit = connect::stopped(&stop, talk);
                if let Some(path) = &args.resume {
                    talk.note(&format!(
                        "the same command with --resume {} goes on",
                        talk::name(path)
                    ));
                }
                return Ok(exit);
            }
        };
        if let Some(path) = &args.resume {
            keep(path, &pull)?;
        }
        if !more {
            break;
        }
    }
    let mut out = Output::open(&args.output)?;
    out.write_json(&pull.to_pages())?;
    out.finish()?;
    let counts =
        Relationship::ALL.map(|of| format!("{} {of}", pull.items(of).len()));
    talk.note(&counts.join(", "));
    if let Some(path) = &args.resume {
        // All is written; another run shall read anew.
        let _ = std::fs::remove_file(path);
    }
    Ok(Exit::Good)
}

fn resumed(path: &Path, id: &CollectionId) -> Result<Pull, Failure> {
    let json = connect::read(path)?;
    let pull = Pull::parse(&json).map_err(|err| refused(&err))?;
    if pull.is_of(id) {
        return Ok(pull);
    }
    Err(Failure::new(format!(
        "{}: expected what was read of {id}, found another collection's",
        talk::name(path)
    )))
}

fn keep(path: &Path, pull: &Pull) -> Result<(), Failure> {
    let mut out = Output::file(path)?;
    out.write(pull.to_json().as_bytes())?;
    out.finish()
}
