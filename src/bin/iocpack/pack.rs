//! `pack`: from texts to the request of a collection.

pub(crate) mod summary;

use std::path::Path;

use iocpack::payload::{
    self, Collection, CollectionId, Options, Plan, Visibility,
};
use iocpack::policy::{self, Policy};
use iocpack::{Error, IndicatorSet, Kind, Limits};

use self::summary::{Held, Summary};
use crate::args::{
    CollectionArgs, FormArgs, ItemForm, Order, PackArgs, PolicyArgs, UrlForm,
};
use crate::exit::{Exit, Failure};
use crate::input::Inputs;
use crate::lists;
use crate::output::Output;
use crate::row::{Row, Verdict};
use crate::scan::{Feed, Find, Need};
use crate::talk::Talk;

/// Runs `pack`.
pub(crate) fn run(args: &PackArgs, talk: &Talk) -> Result<Exit, Failure> {
    let target = Target::resolve(&args.what)?;
    let options = options(&args.form);
    let policy = policy(&args.policy, talk)?;
    let inputs = Inputs::resolve(&args.input, talk)?;
    let find = Find::resolve(&args.find);
    let mut found = Found::default();
    let need = Need { details: false, rejected: true, repeats: true };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let limits = args.limit.resolve();
    let trouble =
        feed.run(1, |source, row| found.row(source, &row, limits))?;
    let trouble = trouble || inputs.trouble;

    let unique = found.set.counts();
    let mut held = hold(&policy, &mut found.set);
    let plan =
        target.plan(&found.set, &options).map_err(|err| refused(&err))?;
    held.extend(plan.holds().map(|(indicator, hold)| {
        Held::new(indicator, hold.code(), String::new())
    }));
    let summary = Summary {
        found: found.all,
        unique,
        held: &held,
        rejected: found.rejected,
        plan: &plan,
        rate: args.rate,
    };
    let doubtful = !held.is_empty() || summary.rejected.total() > 0;
    if args.strict && doubtful {
        talk.note(&summary.text());
        talk.error(
            "nothing written: --strict, and items are held or rejected",
        );
        return Ok(if trouble { Exit::Trouble } else { Exit::Strict });
    }
    if plan.is_empty() {
        talk.note(&summary.text());
        talk.error("nothing to send");
        return Ok(Exit::of_batch(trouble, false));
    }
    write(args, &plan)?;
    talk.note(&summary.text());
    match plan.url_fallbacks() {
        0 => {}
        1 => talk.note("1 url is sent as text: its id is not proven"),
        n => talk.note(&format!(
            "{n} urls are sent as text: their ids are not proven"
        )),
    }
    Ok(Exit::of_batch(trouble, true))
}

/// Writes the one body, or the plan.
fn write(args: &PackArgs, plan: &Plan<'_>) -> Result<(), Failure> {
    if let Some(path) = &args.plan {
        let mut out = match path {
            path if path == Path::new("-") => Output::stdout(),
            path => Output::file(path)?,
        };
        if out.is_terminal() {
            let mut text = Vec::new();
            plan.write_to(&mut text).map_err(|err| out.failure(&err))?;
            out.write_json(&String::from_utf8_lossy(&text))?;
            return out.finish();
        }
        plan.write_to(&mut out).map_err(|err| out.failure(&err))?;
        return out.finish();
    }
    let mut requests = plan.requests();
    let (Some(request), None) = (requests.next(), requests.next()) else {
        let limits = match (&args.what.add, &args.what.remove) {
            // Items of each kind go to a path of their own.
            (Some(_), _) | (_, Some(_)) => "",
            _ => ", or higher --max-items and --max-bytes",
        };
        return Err(Failure::new(format!(
            "{} requests do not fit on stdout: expected --plan FILE{limits}",
            plan.len()
        )));
    };
    let body = if args.pretty { request.pretty_body() } else { request.body };
    let mut out = Output::open(&args.output)?;
    out.write_json(&body.unwrap_or_default())?;
    out.write(b"\n")?;
    out.finish()
}

/// What the library refuses to build.
pub(crate) fn refused(err: &Error) -> Failure {
    Failure::new(crate::talk::escape(err.to_string().as_bytes()))
}

/// Which collection the requests are for.
pub(crate) enum Target {
    New(Collection),
    Update(CollectionId, Collection),
    Add(CollectionId),
    Remove(CollectionId),
}

impl Target {
    pub(crate) fn resolve(args: &CollectionArgs) -> Result<Target, Failure> {
        let id = |text: &str| {
            CollectionId::parse(text).map_err(|err| refused(&err))
        };
        if let Some(text) = &args.add {
            return Ok(Target::Add(id(text)?));
        }
        if let Some(text) = &args.remove {
            return Ok(Target::Remove(id(text)?));
        }
        let mut collection = Collection::new();
        if let Some(name) = &args.name {
            collection.name(name);
        }
        if let Some(description) = &args.description {
            collection.description(description);
        }
        if !args.tag.is_empty() {
            collection.tags(&args.tag);
        }
        match (args.public, args.private) {
            (true, _) => collection.visibility(Visibility::Public),
            (_, true) => collection.visibility(Visibility::Private),
            // Private for a new collection, and unchanged for another.
            _ => &mut collection,
        };
        Ok(match &args.update {
            Some(text) => Target::Update(id(text)?, collection),
            None => Target::New(collection),
        })
    }

    pub(crate) fn plan<'s>(
        &self,
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        match self {
            Target::New(about) => Plan::create(about, set, options),
            Target::Update(id, about) => Plan::update(about, id, set, options),
            Target::Add(id) => Plan::add(id, set, options),
            Target::Remove(id) => Plan::remove(id, set, options),
        }
    }
}

pub(crate) fn options(args: &FormArgs) -> Options {
    let mut options = Options::new();
    options
        .item_form(match args.item_form {
            ItemForm::Relationships => payload::ItemForm::Relationships,
            ItemForm::RawItems => payload::ItemForm::RawItems,
        })
        .url_form(match args.url_form {
            UrlForm::Url => payload::UrlForm::Url,
            UrlForm::Id => payload::UrlForm::Id,
        })
        .order(match args.order {
            Order::Sorted => payload::Order::Sorted,
            Order::FirstSeen => payload::Order::FirstSeen,
        })
        .sha256_only(args.sha256_only)
        .max_items(args.max_items)
        .max_bytes(args.max_bytes);
    options
}

/// What the texts held.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) set: IndicatorSet,
    pub(crate) all: iocpack::Counts,
    pub(crate) rejected: iocpack::Counts,
}

impl Found {
    pub(crate) fn row(
        &mut self,
        source: &str,
        row: &Row<'_>,
        limits: Limits,
    ) -> Result<(), Failure> {
        let kind = row.kind();
        match row.verdict {
            Verdict::Rejected(_) => count(&mut self.rejected, kind),
            Verdict::Match => {
                count(&mut self.all, kind);
                self.set
                    .try_insert(row.indicator(), limits)
                    .map_err(|_| row.too_many(source, limits))?;
            }
        }
        Ok(())
    }
}

fn count(counts: &mut iocpack::Counts, kind: Kind) {
    match kind {
        Kind::Domain => counts.domains += 1,
        Kind::Url => counts.urls += 1,
        Kind::Ip => counts.ips += 1,
        _ => counts.hashes += 1,
    }
}

/// What is held back, resolved.
pub(crate) fn policy(
    args: &PolicyArgs,
    talk: &Talk,
) -> Result<Policy, Failure> {
    let mut builder = Policy::builder();
    builder.hold_ipv6(args.hold_ipv6).hold_onion(args.hold_onion);
    for reason in &args.release {
        builder.release(*reason);
    }
    for suffix in &args.own {
        builder.own(suffix).map_err(|err| refused(&err))?;
    }
    lists::read(&args.allow_list, &mut builder, talk)?;
    Ok(builder.build())
}

/// Takes out of the set what is not to be sent.
pub(crate) fn hold(policy: &Policy, set: &mut IndicatorSet) -> Vec<Held> {
    let mut held = Vec::new();
    set.retain(|indicator| match policy.judge(indicator) {
        policy::Verdict::Keep => true,
        policy::Verdict::Hold(why) => {
            let (code, rule) = (why.reason().code(), why.rule());
            held.push(Held::new(indicator, code, rule.to_owned()));
            false
        }
    });
    held
}
