//! Folders: their files, in order of name, as the ignore rules let through.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::talk::{self, Talk};

/// Calls `add` for each regular file under `folder`. What cannot be listed
/// is reported; `false` then.
///
/// Links are not followed, so that no loop and nothing outside is read.
pub(crate) fn files(
    folder: &Path,
    no_ignore: bool,
    talk: &Talk,
    mut add: impl FnMut(PathBuf),
) -> bool {
    let mut good = true;
    let walk = WalkBuilder::new(folder)
        .standard_filters(!no_ignore)
        .require_git(false)
        .sort_by_file_name(Ord::cmp)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                if entry.file_type().is_some_and(|it| it.is_file()) {
                    add(entry.into_path());
                }
            }
            Err(err) => {
                good = false;
                let text = err.to_string();
                talk.error(&format!(
                    "cannot list {}: {}",
                    talk::name(folder),
                    talk::escape(text.as_bytes())
                ));
            }
        }
    }
    good
}
