//! Where data goes: stdout, or a file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use crate::args::OutputArgs;
use crate::exit::Failure;
use crate::row::escape_json;
use crate::talk;

/// Buffered data output.
#[derive(Debug)]
pub(crate) struct Output {
    out: BufWriter<Target>,
    terminal: bool,
}

#[derive(Debug)]
enum Target {
    Stdout(io::Stdout),
    /// A device or a pipe: written as it comes.
    Direct(File, PathBuf),
    /// A file beside the one that is meant.
    Aside(File, Aside),
}

#[derive(Debug)]
struct Aside {
    temporary: PathBuf,
    path: PathBuf,
    /// Whether the temporary file has become the one that is meant.
    done: bool,
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.done {
            // Nothing to be done when it fails, and nothing depends on it.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl io::Write for Target {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Target::Stdout(out) => out.write(buf),
            Target::Direct(out, _) | Target::Aside(out, _) => out.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Stdout(out) => out.flush(),
            Target::Direct(out, _) | Target::Aside(out, _) => out.flush(),
        }
    }
}

impl io::Write for Output {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.out.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Output {
    /// Opens the output that the arguments name.
    ///
    /// # Errors
    ///
    /// When the file cannot be made.
    pub(crate) fn open(args: &OutputArgs) -> Result<Output, Failure> {
        match &args.output {
            Some(path) if path != Path::new("-") => Output::file(path),
            _ => Ok(Output::stdout()),
        }
    }

    /// Standard output.
    pub(crate) fn stdout() -> Output {
        Output::of(Target::Stdout(io::stdout()))
    }

    /// A file.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub(crate) fn file(path: &Path) -> Result<Output, Failure> {
        let fail = |err| Failure::write(&talk::name(path), &err);
        if path.metadata().is_ok_and(|it| !it.is_file() && !it.is_dir()) {
            let device = OpenOptions::new().write(true).open(path);
            return Ok(Output::of(Target::Direct(
                device.map_err(fail)?,
                path.to_owned(),
            )));
        }
        // A link stays a link; what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if path.is_dir() {
            return Err(fail(io::ErrorKind::IsADirectory.into()));
        }
        let Some(name) = path.file_name() else {
            return Err(fail(io::ErrorKind::NotFound.into()));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(hidden);
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
            .map_err(fail)?;
        let aside = Aside { temporary, path, done: false };
        Ok(Output::of(Target::Aside(made, aside)))
    }

    fn of(target: Target) -> Output {
        let terminal = match &target {
            Target::Stdout(out) => out.is_terminal(),
            Target::Direct(out, _) => out.is_terminal(),
            Target::Aside(..) => false,
        };
        Output { out: BufWriter::with_capacity(1 << 16, target), terminal }
    }

    /// Whether people read this output as it is.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    ///
    /// When writing fails, or nobody reads any more.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes).map_err(|err| self.fail(&err))
    }

    /// Writes text that somebody else wrote: on a terminal with everything
    /// escaped that a terminal would obey.
    ///
    /// # Errors
    ///
    /// As [`write`](Output::write).
    pub(crate) fn write_foreign(
        &mut self,
        text: &[u8],
    ) -> Result<(), Failure> {
        if self.terminal {
            return self.write(talk::visible(text).as_bytes());
        }
        self.write(text)
    }

    /// Writes JSON: on a terminal with everything escaped, as JSON escapes,
    /// that a terminal would obey.
    ///
    /// # Errors
    ///
    /// As [`write`](Output::write).
    pub(crate) fn write_json(&mut self, json: &str) -> Result<(), Failure> {
        if self.terminal {
            return self.write(escape_json(json).as_bytes());
        }
        self.write(json.as_bytes())
    }

    /// What to say of an error that the library met while it wrote here.
    pub(crate) fn failure(&self, err: &iocpack::Error) -> Failure {
        let source = std::error::Error::source(err);
        match source.and_then(|it| it.downcast_ref::<io::Error>()) {
            Some(err) => self.fail(err),
            None => Failure::new(err.to_string()),
        }
    }

    /// Passes on what is buffered.
    ///
    /// # Errors
    ///
    /// As [`write`](Output::write).
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(|err| self.fail(&err))
    }

    /// The end: passes on what is buffered; a file appears under its name.
    ///
    /// # Errors
    ///
    /// As [`write`](Output::write).
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush()?;
        let Target::Aside(file, aside) = self.out.get_mut() else {
            return Ok(());
        };
        let moved = keep_mode(file, &aside.path)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&aside.temporary, &aside.path));
        aside.done = moved.is_ok();
        moved.map_err(|err| self.fail(&err))
    }

    fn fail(&self, err: &io::Error) -> Failure {
        match self.out.get_ref() {
            Target::Stdout(_) => Failure::write("to stdout", err),
            Target::Direct(_, path) | Target::Aside(_, Aside { path, .. }) => {
                Failure::write(&talk::name(path), err)
            }
        }
    }
}

/// Gives a new file the permissions of the one that it replaces.
fn keep_mode(file: &File, old: &Path) -> io::Result<()> {
    match old.metadata() {
        Ok(it) => file.set_permissions(it.permissions()),
        Err(_) => Ok(()),
    }
}
