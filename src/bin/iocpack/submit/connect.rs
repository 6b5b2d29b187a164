//! The way to the server: the key and where it comes from, the pace, what is
//! said meanwhile.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use iocpack::payload::{Plan, Request};
use iocpack::submit::{
    ApiKey, Client, Host, Http, KEY_VARIABLES, Pace, Retry, Stop,
};

use super::args::ConnectArgs;
use super::progress::Progress;
use crate::config;
use crate::exit::{Exit, Failure, Unsent, reason};
use crate::pack::refused;
use crate::pack::summary::human;
use crate::talk::{Talk, escape, name};

/// The server that was named.
pub(super) fn host(args: &ConnectArgs) -> Result<Host, Failure> {
    Host::parse(&args.host).map_err(|err| refused(&err))
}

/// A client as the arguments want it.
pub(super) fn client<'t>(
    args: &ConnectArgs,
    talk: &'t Talk,
    plan: Option<&Plan<'_>>,
) -> Result<Client<'t, Http>, Failure> {
    let mut http = Http::builder(host(args)?, key(args)?);
    if let Some(time) = args.timeout {
        http = http.timeout(time);
    }
    if let Some(url) = &args.proxy {
        http = http.proxy(url);
    }
    if let Some(path) = &args.ca_file {
        http = http.roots(read(path)?);
    }
    if let Some(name) = &args.tool {
        http = http.tool(name);
    }
    let http = http.build().map_err(|err| refused(&err))?;
    let mut pace = Pace::new(args.rate.count, args.rate.time);
    if let Some(count) = args.daily {
        pace = pace.daily(count);
    }
    let mut progress = Progress::new(talk, pace.interval(), plan);
    let mut client = Client::new(http);
    client
        .pace(pace)
        .retry(Retry::new().attempts(args.retries.saturating_add(1)))
        .stop_when(on_interrupt(talk))
        .watch(move |event| progress.tell(event));
    Ok(client)
}

/// What `--dry-run` prints of a request.
pub(super) fn dry(host: &Host, request: &Request) -> String {
    let url = escape(host.url(&request.path).as_bytes());
    let mut text = format!(
        "{} {url}\n  x-apikey: ****\n  accept: application/json\n",
        request.method
    );
    if let Some(body) = &request.body {
        text.push_str("  content-type: application/json\n");
        let _ = writeln!(text, "  content-length: {}", body.len());
    }
    text
}

/// Set by the first Ctrl-C; the second ends the process at once.
fn on_interrupt(talk: &Talk) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = flag.clone();
    let handler = move || {
        if set.swap(true, Ordering::SeqCst) {
            std::process::exit(Unsent::Interrupted as i32);
        }
        let _ = io::stderr().write_all(
            b"\niocpack: finishing the request in flight; again to end now\n",
        );
    };
    if let Err(err) = ctrlc::set_handler(handler) {
        talk.note(&format!("warning: Ctrl-C is not watched: {err}"));
    }
    flag
}

/// The key: from where the arguments say, else from the environment, the
/// configuration of this command, that of VirusTotal's.
fn key(args: &ConnectArgs) -> Result<ApiKey, Failure> {
    let refuse = |place: &str, err: iocpack::Error| {
        let text = if err.is_io() {
            format!("cannot read the key from {place}: {err}")
        } else {
            format!("{place}: {err}")
        };
        Failure::new(text)
    };
    if let Some(command) = &args.api_key_cmd {
        return key_of_command(command);
    }
    match &args.api_key_file {
        Some(path) if path == Path::new("-") => return key_of_stdin(),
        Some(path) => {
            return ApiKey::from_file(path)
                .map_err(|err| refuse(&name(path), err));
        }
        None => {}
    }
    let found =
        ApiKey::from_env().map_err(|err| refuse("environment", err))?;
    if let Some(key) = found {
        return Ok(key);
    }
    for path in settings()? {
        let found = ApiKey::from_settings(&path)
            .map_err(|err| refuse(&name(&path), err))?;
        if let Some(key) = found {
            return Ok(key);
        }
    }
    Err(Failure::new(format!(
        "no key: expected {} in the environment, --api-key-file, \
         --api-key-cmd, or `apikey` in iocpack/config.toml of the \
         configuration folder or in ~/.vt.toml",
        KEY_VARIABLES.join(", ")
    )))
}

/// The files that may hold a key, in order; never in the current folder.
fn settings() -> Result<Vec<PathBuf>, Failure> {
    let theirs = config::home().map(|it| it.join(".vt.toml"));
    Ok(config::path()?.into_iter().chain(theirs).collect())
}

fn key_of_stdin() -> Result<ApiKey, Failure> {
    let mut text = String::new();
    io::stdin().lock().read_line(&mut text).map_err(|err| {
        Failure::new(format!("cannot read stdin: {}", reason(&err)))
    })?;
    ApiKey::new(text).map_err(|err| refused(&err))
}

fn key_of_command(command: &str) -> Result<ApiKey, Failure> {
    let (shell, flag) =
        if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output = Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|err| {
            Failure::new(format!("--api-key-cmd: {}", reason(&err)))
        })?;
    if !output.status.success() {
        return Err(Failure::new(format!(
            "--api-key-cmd: expected it to succeed, found {}",
            output.status
        )));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| {
        Failure::new("--api-key-cmd: expected text on its stdout")
    })?;
    ApiKey::new(text).map_err(|err| refused(&err))
}

/// Asks before something is sent.
pub(super) fn ask(args: &ConnectArgs, what: &str) -> Result<bool, Failure> {
    if args.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::new(
            "expected --yes where nobody can be asked on a terminal",
        ));
    }
    let _ = write!(io::stderr(), "{what}? [y/N] ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|err| {
        Failure::new(format!("cannot read stdin: {}", reason(&err)))
    })?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// The exit code of a stop, with its message on stderr.
pub(super) fn stopped(stop: &Stop, talk: &Talk) -> Exit {
    let mut text = escape(stop.to_string().as_bytes());
    let exit = match stop {
        Stop::Denied(_) => Unsent::Denied,
        Stop::Quota { until, .. } => {
            if let Some(wait) = until.and_then(left) {
                let _ = write!(text, "; new in {}", human(wait));
            }
            Unsent::Quota
        }
        Stop::Unknown(_) => Unsent::Ambiguous,
        Stop::Rejected(_) => Unsent::Rejected,
        Stop::Interrupted => Unsent::Interrupted,
        _ => Unsent::Transient,
    };
    talk.error(&text);
    Exit::Unsent(exit)
}

fn left(until: SystemTime) -> Option<Duration> {
    until.duration_since(SystemTime::now()).ok()
}

/// The whole of a file, or of stdin.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|err| {
        Failure::new(format!("cannot read {}: {}", name(path), reason(&err)))
    })
}
