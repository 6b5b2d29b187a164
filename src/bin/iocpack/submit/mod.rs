//! `submit`, `pull`, `comment`, `delete`: what is sent.

pub(crate) mod args;
mod connect;
mod progress;
mod pull;

use std::path::{Path, PathBuf};

use iocpack::IndicatorSet;
use iocpack::payload::{self, CollectionId, Plan, Request};
use iocpack::submit::{Receipt, ReceiptFile, Settings, State, Stop};

use self::args::{CommentArgs, ConnectArgs, DeleteArgs, SubmitArgs};
pub(crate) use self::pull::run as pull;
use crate::exit::{Exit, Failure, Unsent};
use crate::input::Inputs;
use crate::output::Output;
use crate::pack::summary::{Held, human};
use crate::pack::{self, Found, Target, refused};
use crate::scan::{Feed, Find, Need};
use crate::talk::{self, Talk};

/// Runs `submit`.
pub(crate) fn run(args: &SubmitArgs, talk: &Talk) -> Result<Exit, Failure> {
    if let Some(path) = &args.plan {
        let json = connect::read(path)?;
        let plan = Plan::read(&json).map_err(|err| refused(&err))?;
        return plan_with(args, &plan, talk);
    }
    let target = Target::resolve(&args.what)?;
    let mut options = pack::options(&args.form);
    // By which a creation in doubt is found again.
    options.marker(true);
    let mut set = IndicatorSet::default();
    let (held, rejected) = match read_texts(args, &mut set, talk)? {
        Ok(figures) => figures,
        Err(exit) => return Ok(exit),
    };
    let plan = target.plan(&set, &options).map_err(|err| refused(&err))?;
    let held = held + plan.holds().count();
    if held + rejected > 0 {
        talk.note(&format!("{held} held, {rejected} rejected: see `pack`"));
        if args.strict {
            talk.error(
                "nothing sent: --strict, and items are held or rejected",
            );
            return Ok(Exit::Strict);
        }
    }
    plan_with(args, &plan, talk)
}

/// The indicators that are to be sent, and how many are held and rejected.
fn read_texts(
    args: &SubmitArgs,
    set: &mut IndicatorSet,
    talk: &Talk,
) -> Result<Result<(usize, usize), Exit>, Failure> {
    let policy = pack::policy(&args.policy, talk)?;
    let inputs = Inputs::resolve(&args.input, talk)?;
    let find = Find::resolve(&args.find);
    let mut found = Found::default();
    let need = Need { details: false, rejected: true, repeats: true };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let limits = args.limit.resolve();
    let trouble =
        feed.run(1, |source, row| found.row(source, &row, limits))?;
    if trouble || inputs.trouble {
        // What is missing would never be sent under the same receipt.
        talk.error("nothing sent: an input could not be read");
        return Ok(Err(Exit::Trouble));
    }
    let held: Vec<Held> = pack::hold(&policy, &mut found.set);
    *set = found.set;
    Ok(Ok((held.len(), found.rejected.total())))
}

fn plan_with(
    args: &SubmitArgs,
    plan: &Plan<'_>,
    talk: &Talk,
) -> Result<Exit, Failure> {
    if plan.is_empty() {
        talk.error("nothing to send");
        return Ok(Exit::Nothing);
    }
    if args.connect.dry_run {
        return dry_run(&args.connect, plan.requests(), talk);
    }
    let path = receipt_path(args)?;
    let (mut file, receipt) = ReceiptFile::open(&path).map_err(|err| {
        let place = talk::name(&path);
        Failure::new(format!(
            "{place}: {}",
            talk::escape(err.to_string().as_bytes())
        ))
    })?;
    let fresh = receipt.is_none();
    let mut receipt = receipt.unwrap_or_else(|| Receipt::new(plan));
    if !receipt.is_of(plan) {
        return Err(Failure::new(format!(
            "{}: expected the receipt of this plan, found that of another",
            talk::name(&path)
        )));
    }
    if receipt.is_finished() {
        talk.note("everything is sent already");
        return show(&receipt);
    }
    if let Some(id) = &args.adopt {
        let id = CollectionId::parse(id).map_err(|err| refused(&err))?;
        receipt.adopt(&id).map_err(|err| refused(&err))?;
    }
    let mut client = connect::client(&args.connect, talk, Some(plan))?;
    let left = receipt.states().filter(|it| *it != State::Ok).count();
    if !connect::ask(&args.connect, &question(args, plan, left))? {
        return Ok(Exit::Nothing);
    }
    if !fresh {
        talk.note(&format!("going on: {left} of {} requests", plan.len()));
    }
    let mut settings = Settings::new();
    settings
        .reconcile(args.reconcile)
        .create_again(args.create_again)
        .strict(args.strict)
        .verify(!args.no_verify);
    if let Some(user) = &args.user {
        settings.user(user);
    }
    if let Some(calls) = args.bisect {
        settings.bisect(calls);
    }
    let outcome = client
        .run(plan, &mut receipt, &mut file, &settings)
        .map_err(|err| Failure::write(&talk::name(&path), &io_of(&err)))?;
    for shortfall in &outcome.shortfalls {
        talk.note(&format!("warning: fewer items than sent: {shortfall}"));
    }
    // Takes its line off the terminal.
    drop(client);
    if let Some(stop) = &outcome.stop {
        let exit = connect::stopped(stop, talk);
        talk.note(&how_to_go_on(stop, &path, &receipt));
        return Ok(exit);
    }
    if receipt.left_out() > 0 {
        talk.note(&format!(
            "warning: {} items were rejected and left out",
            receipt.left_out()
        ));
    }
    let exit = show(&receipt)?;
    if args.strict && !outcome.shortfalls.is_empty() {
        return Ok(Exit::Unsent(Unsent::Short));
    }
    Ok(exit)
}

/// The cause of an error of the store.
fn io_of(err: &iocpack::Error) -> std::io::Error {
    std::io::Error::other(err.to_string())
}

fn question(args: &SubmitArgs, plan: &Plan<'_>, left: usize) -> String {
    let counts = plan.counts();
    let s = if left == 1 { "" } else { "s" };
    let rate = &args.connect.rate;
    let waits = left.saturating_sub(1) as u32;
    let time = rate.time / rate.count * waits;
    format!(
        "Send {left} request{s} with {} items to {}, in at least {}",
        counts.total(),
        talk::escape(args.connect.host.as_bytes()),
        human(time)
    )
}

fn receipt_path(args: &SubmitArgs) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.receipt {
        return Ok(path.clone());
    }
    match &args.plan {
        Some(path) if path != Path::new("-") => {
            let mut name = path.clone().into_os_string();
            name.push(".receipt");
            Ok(name.into())
        }
        _ => Err(Failure::new(
            "no receipt: expected --receipt FILE where the plan is no file",
        )),
    }
}

/// The collection that was created, on stdout.
fn show(receipt: &Receipt) -> Result<Exit, Failure> {
    if let (Some(id), Some(link)) = (receipt.collection(), receipt.link()) {
        let mut out = Output::stdout();
        out.write(format!("{id}\t{link}\n").as_bytes())?;
        out.finish()?;
    }
    Ok(Exit::Good)
}

fn how_to_go_on(stop: &Stop, path: &Path, receipt: &Receipt) -> String {
    let done = receipt.states().filter(|it| *it == State::Ok).count();
    let all = receipt.states().len();
    let path = talk::name(path);
    let so_far = format!("{done} of {all} requests are done");
    match stop {
        Stop::Unknown(_) => format!(
            "{so_far}; whether the collection was created is not known. \
             Add one of these to the same command:\n  \
             --reconcile      look for it by its name and marker\n  \
             --adopt ID       go on with the one that you see on the site\n  \
             --create-again   create it, when you see none"
        ),
        Stop::Rejected(problem) if problem.status() == 400 => format!(
            "{so_far}; add --bisect to find the items that are rejected"
        ),
        Stop::Rejected(problem) if problem.status() == 409 => format!(
            "{so_far}; add --reconcile to look for the one that exists"
        ),
        _ => {
            format!("{so_far}; the same command with --receipt {path} goes on")
        }
    }
}

/// Prints requests instead of sending them.
fn dry_run(
    args: &ConnectArgs,
    requests: impl Iterator<Item = Request>,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let host = connect::host(args)?;
    let mut out = Output::stdout();
    let mut count = 0_u32;
    for request in requests {
        out.write(connect::dry(&host, &request).as_bytes())?;
        count += 1;
    }
    out.finish()?;
    let s = if count == 1 { "" } else { "s" };
    let waits = count.saturating_sub(1);
    let time = human(args.rate.time / args.rate.count * waits);
    talk.note(&format!(
        "{count} request{s}, at least {time}; nothing was sent"
    ));
    Ok(Exit::Good)
}

/// Runs `comment`.
pub(crate) fn comment(
    args: &CommentArgs,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let id = CollectionId::parse(&args.id).map_err(|err| refused(&err))?;
    let request =
        payload::comment(&id, &args.text).map_err(|err| refused(&err))?;
    one(&args.connect, request, &format!("Comment on {id}"), talk)
}

/// Runs `delete`.
pub(crate) fn delete(args: &DeleteArgs, talk: &Talk) -> Result<Exit, Failure> {
    let id = CollectionId::parse(&args.id).map_err(|err| refused(&err))?;
    let what = format!("Delete {id} for good");
    one(&args.connect, payload::delete(&id), &what, talk)
}

/// Sends one request that needs no receipt.
fn one(
    args: &ConnectArgs,
    request: Request,
    what: &str,
    talk: &Talk,
) -> Result<Exit, Failure> {
    if args.dry_run {
        return dry_run(args, std::iter::once(request), talk);
    }
    let mut client = connect::client(args, talk, None)?;
    if !connect::ask(args, what)? {
        return Ok(Exit::Nothing);
    }
    match client.call(&request) {
        Ok(response) if response.status() == 404 => {
            talk.note("warning: there is no such collection (any more)");
            Ok(Exit::Good)
        }
        Ok(_) => Ok(Exit::Good),
        Err(stop) => Ok(connect::stopped(&stop, talk)),
    }
}
