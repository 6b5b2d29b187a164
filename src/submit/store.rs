//! Where a receipt is kept: a file that is whole at every moment.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Receipt;
use crate::Error;

/// Keeps a receipt. What [`save`](Store::save) has returned from must
/// survive a crash.
pub trait Store {
    /// Replaces what is kept, wholly or not at all.
    ///
    /// # Errors
    ///
    /// When it could not be kept. Nothing is sent then.
    fn save(&mut self, receipt: &Receipt) -> Result<(), Error>;
}

/// A receipt in a file.
///
/// It is written to a file beside it, brought to the disk, and renamed, so
/// that a crash leaves the one or the other. Only its owner may read it. A
/// lock beside it keeps a second process away for as long as this lives.
#[derive(Debug)]
pub struct ReceiptFile {
    path: PathBuf,
    temporary: PathBuf,
    lock: Lock,
}

impl ReceiptFile {
    /// Takes the file for this process, and reads the receipt if there is
    /// one.
    ///
    /// # Errors
    ///
    /// [`is_limit`](Error::is_limit) if another process has it;
    /// [`is_syntax`](Error::is_syntax) if it holds no receipt;
    /// [`is_io`](Error::is_io) if it cannot be read, or the lock not made.
    pub fn open(path: &Path) -> Result<(ReceiptFile, Option<Receipt>), Error> {
        // A link stays a link; what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let lock = Lock::take(beside(&path, ".lock"))?;
        let receipt = match fs::read(&path) {
            Ok(bytes) => Some(Receipt::parse(&bytes)?),
            Err(err) if err.kind() == io::ErrorKind::NotFound => None,
            Err(err) => return Err(err.into()),
        };
        let temporary = beside(&path, ".tmp");
        Ok((ReceiptFile { path, temporary, lock }, receipt))
    }

    /// The file, as it was named or linked to.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Store for ReceiptFile {
    fn save(&mut self, receipt: &Receipt) -> Result<(), Error> {
        debug_assert!(self.lock.file.is_some());
        // A link in its place must not lead us elsewhere.
        match fs::remove_file(&self.temporary) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => {
                return Err(err.into());
            }
            _ => {}
        }
        let mut out = own(OpenOptions::new().write(true).create_new(true))
            .open(&self.temporary)?;
        out.write_all(receipt.to_json().as_bytes())?;
        out.sync_all()?;
        drop(out);
        fs::rename(&self.temporary, &self.path)?;
        sync_folder(&self.path)?;
        Ok(())
    }
}

/// `name.lock` beside `name`, hidden.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(end);
    path.with_file_name(name)
}

/// Only the owner reads and writes.
#[cfg(unix)]
fn own(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn own(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Brings the new name to the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A file that is locked, and goes when this goes. A process that is killed
/// leaves the file, but not the lock.
#[derive(Debug)]
struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl Lock {
    fn take(path: PathBuf) -> Result<Lock, Error> {
        loop {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            let file = own(&mut options).open(&path)?;
            match file.try_lock() {
                Ok(()) if is_at(&file, &path) => {
                    return Ok(Lock { path, file: Some(file) });
                }
                // Its owner took it away between our two steps.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::limit(
                        "receipt: expected to be the only process that \
                         sends it, found another",
                    ));
                }
                Err(TryLockError::Error(err)) => return Err(err.into()),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is locked, so that nobody else's file is taken away.
        let _ = fs::remove_file(&self.path);
        self.file = None;
    }
}

/// Whether the name still leads to the file that was opened.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(there)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}
