//! The key, which is shown to nobody but the server.

use std::path::Path;
use std::{env, fmt, fs, io};

use secrecy::zeroize::Zeroize as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::Error;

/// A VirusTotal API key: kept, sent, never shown.
///
/// It has no `Display`, its `Debug` is a fixed text, and its memory is wiped
/// when it is dropped. The copies that an environment or a file holds are not
/// its own and stay.
///
/// ```
/// use iocpack::submit::ApiKey;
///
/// let key = ApiKey::new("0123456789abcdef".into()).unwrap();
/// assert_eq!(format!("{key:?}"), "ApiKey(…)");
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

/// The variables that [`ApiKey::from_env`] reads, in order: ours, and those
/// of VirusTotal's own clients.
pub const KEY_VARIABLES: [&str; 3] =
    ["VT_API_KEY", "VT_APIKEY", "VTCLI_APIKEY"];

/// No key is longer; a file that is, holds something else.
const LONGEST: usize = 256;

impl ApiKey {
    /// A key. Blanks and line ends around it are cut off; the text is wiped.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) if nothing is left, if it is
    /// longer than 256 bytes, or if a byte is no visible ASCII: a line end
    /// would let a key write headers. The message never quotes it.
    pub fn new(mut text: String) -> Result<ApiKey, Error> {
        let key = text.trim();
        let refused = if key.is_empty() {
            Some("found none".to_owned())
        } else if key.len() > LONGEST {
            Some(format!("found {}", key.len()))
        } else {
            key.bytes().position(|byte| !byte.is_ascii_graphic()).map(|at| {
                format!("found a blank, a control or no ASCII at byte {at}")
            })
        };
        let kept = match refused {
            None => Ok(ApiKey(SecretString::from(key))),
            Some(found) => Err(Error::argument(format!(
                "key: expected 1 to {LONGEST} visible ASCII characters, \
                 {found}"
            ))),
        };
        text.zeroize();
        kept
    }

    /// The key that the environment holds, under the first name of
    /// [`KEY_VARIABLES`] that is set and not empty.
    ///
    /// # Errors
    ///
    /// As [`new`](ApiKey::new).
    pub fn from_env() -> Result<Option<ApiKey>, Error> {
        KEY_VARIABLES
            .iter()
            .find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()))
            .map(ApiKey::new)
            .transpose()
    }

    /// The key that a file holds: the whole file, without the blanks around
    /// it.
    ///
    /// # Errors
    ///
    /// [`is_io`](Error::is_io) if it cannot be read;
    /// [`is_argument`](Error::is_argument) if others than its owner may read
    /// it (on Unix), or as [`new`](ApiKey::new).
    pub fn from_file(path: &Path) -> Result<ApiKey, Error> {
        ApiKey::new(read_own(path)?)
    }

    /// The value of `apikey` in a file of lines `name = "value"`, such as the
    /// `.vt.toml` of VirusTotal's command; `None` if there is no such file or
    /// no such line.
    ///
    /// The path must be absolute: a key, or the lack of one, must not depend
    /// on the current folder.
    ///
    /// # Errors
    ///
    /// As [`from_file`](ApiKey::from_file).
    pub fn from_settings(path: &Path) -> Result<Option<ApiKey>, Error> {
        if !path.is_absolute() {
            return Err(Error::argument(
                "settings: expected an absolute path",
            ));
        }
        if !path.exists() {
            return Ok(None);
        }
        let mut text = read_own(path)?;
        let key = text.lines().find_map(apikey_of).map(str::to_owned);
        text.zeroize();
        key.map(ApiKey::new).transpose()
    }

    /// For the header alone.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// The value of a line `apikey = "…"`.
fn apikey_of(line: &str) -> Option<&str> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().trim_matches('"');
    if !name.eq_ignore_ascii_case("apikey") {
        return None;
    }
    let value = value.trim();
    let quote = value.chars().next().filter(|it| "\"'".contains(*it));
    match quote {
        Some(quote) => value[1..].split(quote).next(),
        None => value.split('#').next().map(str::trim),
    }
}

/// A small file that only its owner may read.
fn read_own(path: &Path) -> Result<String, Error> {
    let about = fs::metadata(path)?;
    if is_open_to_others(&about) {
        return Err(Error::argument(
            "key file: expected a mode that lets only its owner read it \
             (chmod 600)",
        ));
    }
    if about.len() > 1 << 16 {
        return Err(Error::argument(format!(
            "key file: expected at most 65536 bytes, found {}",
            about.len()
        )));
    }
    // The message of `read_to_string` may not quote, and ours must not.
    fs::read_to_string(path).map_err(|err| match err.kind() {
        io::ErrorKind::InvalidData => {
            Error::argument("key file: expected text")
        }
        _ => Error::from(err),
    })
}

#[cfg(unix)]
fn is_open_to_others(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}
