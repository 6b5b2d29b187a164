//! Allow-lists: files into a policy.

use std::fs;
use std::path::PathBuf;

use iocpack::policy::{HoldReason, Policy, PolicyBuilder};

use crate::exit::{Failure, reason};
use crate::talk::{self, Talk};

/// Reads lists into a policy. Single entries that are wrong are reported; the
/// others are in force.
///
/// # Errors
///
/// When a list cannot be read: what it would have held must not pass.
pub(crate) fn read(
    paths: &[PathBuf],
    builder: &mut PolicyBuilder,
    talk: &Talk,
) -> Result<(), Failure> {
    for path in paths {
        let name = talk::name(path);
        let fail = |why: String| {
            Failure::new(format!("cannot read allow-list {name}: {why}"))
        };
        let list = fs::read(path).map_err(|err| fail(reason(&err)))?;
        let wrong = builder
            .allow_list(&name, &list)
            .map_err(|err| fail(talk::escape(err.to_string().as_bytes())))?;
        for err in wrong {
            talk.error(&talk::escape(err.to_string().as_bytes()));
        }
    }
    Ok(())
}

/// A policy that holds what the lists name, and nothing else; `None` without
/// a list.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn only(
    paths: &[PathBuf],
    talk: &Talk,
) -> Result<Option<Policy>, Failure> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut builder = Policy::builder();
    for reason in HoldReason::ALL {
        if *reason != HoldReason::AllowListed {
            builder.release(*reason);
        }
    }
    read(paths, &mut builder, talk)?;
    Ok(Some(builder.build()))
}
