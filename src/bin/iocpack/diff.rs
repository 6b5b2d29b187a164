//! `diff`: what to add and what to remove so that one collection becomes
//! another.

pub(crate) mod args;
mod side;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use iocpack::payload::{self, CollectionId, Delta, Plan, Uncertain, delta};
use iocpack::policy::{self, Policy};
use iocpack::{Indicator, IndicatorSet, Url, UrlId};
use serde::Serialize;

use self::args::{DiffArgs, DiffFormat};
use crate::exit::{Exit, Failure};
use crate::input::Source;
use crate::output::Output;
use crate::pack::summary::Held;
use crate::pack::{self, refused};
use crate::row::push_json;
use crate::scan::Find;
use crate::talk::{self, Talk, escape};

/// Runs `diff`.
pub(crate) fn run(args: &DiffArgs, talk: &Talk) -> Result<Exit, Failure> {
    let id = args.update.as_deref().map(CollectionId::parse).transpose();
    let id = id.map_err(|err| refused(&err))?;
    let policy = pack::policy(&args.policy, talk)?;
    let (old, new) = (source(&args.old), source(&args.new));
    if (&old, &new) == (&Source::Stdin, &Source::Stdin) {
        return Err(Failure::new(
            "expected OLD or NEW to be a file: stdin is one text",
        ));
    }
    let find = Find::resolve(&args.find);
    let held = side::read(&old, args, &find, talk)?;
    let new_side = side::read(&new, args, &find, talk)?;
    caution(&old, &held, "is left alone", talk);
    caution(&new, &new_side, "is not added", talk);

    let mut wanted = Wanted::resolve(&held, &new_side);
    wanted.hold(&policy, &held, talk);
    if args.plan.is_some() && !wanted.by_id.is_empty() {
        return Err(Failure::new(format!(
            "no plan: {} names {} by id alone, expected their text",
            escape(new.name().as_bytes()),
            urls(wanted.by_id.len())
        )));
    }
    let mut delta = delta(&held, &wanted.set);
    if args.add_uncertain {
        delta.add_uncertain();
    }
    let mut changes = Changes::of(&delta, &wanted.by_id, &held);
    if let (Some(path), Some(id)) = (&args.plan, &id) {
        changes.unsent = plan(path, id, &delta, args, talk)?;
    }
    let mut out = Output::open(&args.output)?;
    out.write(changes.text(args.format).as_bytes())?;
    out.finish()?;
    let lines = changes.uncertain_lines();
    if !lines.is_empty() {
        talk.note(lines.trim_end());
    }
    talk.note(&changes.figures());
    Ok(if changes.is_empty() { Exit::Good } else { Exit::Nothing })
}

fn source(path: &Path) -> Source {
    if path == Path::new("-") {
        return Source::Stdin;
    }
    Source::File(path.to_owned())
}

fn urls(count: usize) -> String {
    format!("{count} url{}", if count == 1 { "" } else { "s" })
}

/// Says what a side holds that is not compared.
fn caution(source: &Source, side: &payload::Held, fate: &str, talk: &Talk) {
    let name = escape(source.name().as_bytes());
    for item in side.unread() {
        talk.note(&format!(
            "warning: {name}: not compared, {fate}: {} {}",
            escape(item.item_type().as_bytes()),
            escape(item.value().as_bytes())
        ));
    }
    if !side.is_complete() {
        talk.note(&format!(
            "warning: {name}: more pages follow the last one; what stands on \
             them counts as missing"
        ));
    }
}

/// What the collection should hold.
struct Wanted {
    set: IndicatorSet,
    /// URLs that are known by id alone.
    by_id: BTreeSet<UrlId>,
}

impl Wanted {
    /// The items of NEW. The text of a URL that is listed by its id is taken
    /// from wherever it stands.
    fn resolve(held: &payload::Held, new: &payload::Held) -> Wanted {
        let mut set = new.items().clone();
        let mut by_id = BTreeSet::new();
        let mut known: BTreeMap<UrlId, &Url> = BTreeMap::new();
        if new.listed_urls().any(|(_, text)| text.is_none()) {
            known.extend(held.items().urls().map(|url| (url.id(), url)));
            let listed = held.listed_urls();
            known.extend(listed.filter_map(|(id, url)| Some((*id, url?))));
        }
        for (id, text) in new.listed_urls() {
            match text.or_else(|| known.get(id).copied()) {
                Some(url) => _ = set.insert(Indicator::Url(url.clone())),
                None => _ = by_id.insert(*id),
            }
        }
        Wanted { set, by_id }
    }

    /// Takes out what is not to be sent. What the collection holds already
    /// stays: that it should go was not said.
    fn hold(&mut self, policy: &Policy, held: &payload::Held, talk: &Talk) {
        let ids: BTreeSet<&UrlId> = held.url_ids().collect();
        let texts: BTreeSet<&Url> =
            held.listed_urls().filter_map(|(_, text)| text).collect();
        let is_held = |indicator: &Indicator| match indicator {
            Indicator::Url(url) if texts.contains(url) => true,
            Indicator::Url(url) if ids.contains(&url.id()) => true,
            _ => held.items().contains(indicator),
        };
        self.set.retain(|indicator| {
            let policy::Verdict::Hold(why) = policy.judge(indicator) else {
                return true;
            };
            if is_held(indicator) {
                return true;
            }
            let (code, rule) = (why.reason().code(), why.rule().to_owned());
            talk.note(&Held::new(indicator, code, rule).line());
            false
        });
    }
}

/// Writes the plan. Returns how many items are in no request of it.
fn plan(
    path: &Path,
    id: &CollectionId,
    delta: &Delta,
    args: &DiffArgs,
    talk: &Talk,
) -> Result<usize, Failure> {
    let options = pack::options(&args.form);
    let plan =
        Plan::delta(id, delta, &options).map_err(|err| refused(&err))?;
    let mut unsent = 0;
    for (indicator, hold) in plan.holds() {
        unsent += 1;
        let held = Held::new(indicator, hold.code(), String::new());
        talk.note(&held.line());
    }
    let mut out = match path {
        path if path == Path::new("-") => {
            return Err(Failure::new(
                "--plan: expected a file, since differences go to stdout",
            ));
        }
        path => Output::file(path)?,
    };
    plan.write_to(&mut out).map_err(|err| out.failure(&err))?;
    out.finish()?;
    let s = if plan.len() == 1 { "" } else { "s" };
    let (requests, path) = (plan.len(), talk::name(path));
    talk.note(&format!("{requests} request{s} in {path}"));
    Ok(unsent)
}

/// One difference. Its member names are relied on.
#[derive(Serialize)]
struct Change {
    #[serde(rename = "change")]
    what: &'static str,
    #[serde(rename = "type")]
    type_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Of what is uncertain: the side that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
}

impl Change {
    fn value(what: &'static str, it: &Indicator) -> Change {
        let (type_name, value) = (it.type_name(), Some(it.to_string()));
        Change { what, type_name, value, id: None, side: None }
    }

    fn id(what: &'static str, id: &UrlId) -> Change {
        let id = Some(id.to_string());
        Change { what, type_name: "url", value: None, id, side: None }
    }

    fn side(self, side: &'static str) -> Change {
        Change { side: Some(side), ..self }
    }

    /// `type<TAB>value`; a URL that is known by its id is a `url-id`.
    fn text(&self) -> String {
        match (&self.value, &self.id) {
            (Some(value), _) => {
                let value = escape(value.as_bytes());
                format!("{}\t{value}", self.type_name)
            }
            (None, Some(id)) => format!("url-id\t{id}"),
            (None, None) => String::new(),
        }
    }
}

struct Changes {
    adds: Vec<Change>,
    removes: Vec<Change>,
    uncertain: Vec<Change>,
    /// Adds that are in no request of the plan.
    unsent: usize,
}

impl Changes {
    /// `by_id` are the wanted URLs whose text is not known: those that are
    /// held stay, of others nothing can be told.
    fn of(
        delta: &Delta,
        by_id: &BTreeSet<UrlId>,
        held: &payload::Held,
    ) -> Changes {
        let all = |what, set: &IndicatorSet| -> Vec<Change> {
            let items = set.iter();
            items.map(|it| Change::value(what, it.indicator())).collect()
        };
        let mut removes = all("remove", delta.removes());
        let gone = delta.removed_url_ids().iter();
        let texts: BTreeMap<&UrlId, Option<&Url>> =
            held.listed_urls().collect();
        removes.extend(gone.filter(|id| !by_id.contains(id)).map(|id| {
            let text = texts.get(id).copied().flatten();
            let value = text.map(ToString::to_string);
            Change { value, ..Change::id("remove", id) }
        }));
        let mut uncertain: Vec<Change> = delta
            .uncertain()
            .iter()
            .filter_map(|it| match it {
                Uncertain::HeldUrlId(id) if by_id.contains(id) => None,
                it => Some(doubt(it)),
            })
            .collect();
        let listed: BTreeSet<&UrlId> = held.url_ids().collect();
        uncertain.extend(
            by_id
                .iter()
                .filter(|id| !listed.contains(id))
                .map(|id| Change::id("uncertain", id).side("new")),
        );
        let adds = all("add", delta.adds());
        Changes { adds, removes, uncertain, unsent: 0 }
    }

    fn is_empty(&self) -> bool {
        self.adds.is_empty()
            && self.removes.is_empty()
            && self.uncertain.is_empty()
    }

    fn text(&self, format: DiffFormat) -> String {
        let mut out = String::new();
        match format {
            DiffFormat::Text => {
                let adds = self.adds.iter().map(|it| ('+', it));
                let removes = self.removes.iter().map(|it| ('-', it));
                for (sign, change) in adds.chain(removes) {
                    out.push(sign);
                    out.push('\t');
                    out.push_str(&change.text());
                    out.push('\n');
                }
            }
            DiffFormat::Jsonl => {
                let all = self.adds.iter().chain(&self.removes);
                for change in all.chain(&self.uncertain) {
                    push_json(&mut out, change);
                    out.push('\n');
                }
            }
        }
        out
    }

    fn uncertain_lines(&self) -> String {
        let line = |it: &Change| {
            let side = it.side.unwrap_or_default();
            format!("uncertain\t{side}\t{}\n", it.text())
        };
        self.uncertain.iter().map(line).collect()
    }

    fn figures(&self) -> String {
        let mut text = format!(
            "{} to add, {} to remove, {} uncertain",
            self.adds.len() - self.unsent,
            self.removes.len(),
            self.uncertain.len()
        );
        if self.unsent > 0 {
            let _ = write!(text, ", {} held", self.unsent);
        }
        text
    }
}

fn doubt(it: &Uncertain) -> Change {
    let value = |it: Indicator| Change::value("uncertain", &it);
    match it {
        Uncertain::WantedUrl(url) => {
            value(Indicator::Url(url.clone())).side("new")
        }
        Uncertain::HeldUrl(url) => {
            value(Indicator::Url(url.clone())).side("old")
        }
        Uncertain::HeldUrlId(id) => Change::id("uncertain", id).side("old"),
        Uncertain::WantedHash(hash) => {
            value(Indicator::Hash(*hash)).side("new")
        }
        Uncertain::HeldHash(hash) => value(Indicator::Hash(*hash)).side("old"),
        _ => Change {
            what: "uncertain",
            type_name: "unknown",
            value: None,
            id: None,
            side: None,
        },
    }
}
