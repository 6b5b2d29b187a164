//! How a run ends: exit codes, and errors that end it early.

use std::io;
use std::process::ExitCode;

/// The exit codes of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Found, written, valid.
    Good,
    /// Nothing found, nothing to send, an input that is no URL.
    Nothing,
    /// Usage, or an input or output that failed; other inputs were handled.
    Trouble,
    /// Held or rejected items under `--strict`.
    Strict,
    /// More distinct indicators than `--max-unique`.
    TooMany,
    /// How sending ended, where it did not end well.
    #[cfg(feature = "submit")]
    Unsent(Unsent),
}

impl Exit {
    /// The code of a batch: trouble wins over what was found.
    pub(crate) fn of_batch(trouble: bool, found: bool) -> Exit {
        match (trouble, found) {
            (true, _) => Exit::Trouble,
            (false, true) => Exit::Good,
            (false, false) => Exit::Nothing,
        }
    }
}

/// Why a plan is not sent, or not counted.
#[cfg(feature = "submit")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    /// The key is refused (401, 403).
    Denied = 4,
    /// A quota is used up (429).
    Quota = 5,
    /// Every attempt failed.
    Transient = 6,
    /// A creation whose answer is lost.
    Ambiguous = 7,
    /// The server rejects it (400, 404, 409).
    Rejected = 8,
    /// Fewer items are counted than were sent, under `--strict`.
    Short = 9,
    /// Ctrl-C, as shells number it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Good => 0,
            Exit::Nothing => 1,
            Exit::Trouble => 2,
            Exit::Strict => 3,
            Exit::TooMany => 10,
            #[cfg(feature = "submit")]
            Exit::Unsent(why) => why as u8,
        })
    }
}

/// Why a run stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nobody reads our output any more.
    BrokenPipe,
    /// What to tell the user.
    Message(String),
    /// A limit was reached, with what to tell the user.
    TooMany(String),
}

impl Failure {
    /// A failure with a text: lower case, no final period.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure::Message(message.into())
    }

    /// Writing to `name` failed.
    pub(crate) fn write(name: &str, err: &io::Error) -> Failure {
        if err.kind() == io::ErrorKind::BrokenPipe {
            return Failure::BrokenPipe;
        }
        Failure::Message(format!("cannot write {name}: {}", reason(err)))
    }
}

/// What an I/O error says, in our manner and in few words.
pub(crate) fn reason(err: &io::Error) -> String {
    match err.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "is a folder".into(),
        _ => err.to_string(),
    }
}
