//! Which requests bring a set into a collection, in which order, and at what
//! cost.

mod chunk;
mod file;
mod select;

use std::io;
use std::num::NonZeroU32;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use self::chunk::{Lists, Step};
pub(super) use self::file::PlanFile;
pub(super) use self::select::{Selection, line};
use super::request::{Action, Target};
use super::{
    Collection, CollectionId, Delta, Held, Hold, ItemForm, Method, Options,
    Relationship, Request, Visibility, wire,
};
use crate::set::Entry;
use crate::{Counts, Error, Indicator, IndicatorSet, UrlId};

/// What would be sent, in order, with its counts and its cost in quota.
///
/// A plan borrows its set and keeps no body: each is written when
/// [`requests`](Plan::requests) comes to it, so that a plan costs 8 bytes for
/// each item. Where the first request creates a collection, the paths of the
/// others hold `{id}` instead of the id that its reply will bring.
///
/// What people get wrong: the limits are this library's, not VirusTotal's,
/// which documents none; and a request that creates must not be sent again
/// when its reply is lost, whereas one that adds or removes may be.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use iocpack::payload::{Collection, Options, Plan};
/// use iocpack::{IndicatorSet, Scanner};
///
/// let text = "a[.]example b[.]example 192.0.2[.]1";
/// let set: IndicatorSet = Scanner::new().find_iter(text).collect();
/// let mut collection = Collection::new();
/// collection.name("Campaign 7").description("Phishing wave");
/// let mut options = Options::new();
/// options.max_items(2);
///
/// let plan = Plan::create(&collection, &set, &options).unwrap();
/// let paths: Vec<_> = plan.requests().map(|it| it.path).collect();
/// assert_eq!(paths, ["/collections", "/collections/{id}/domains"]);
/// assert_eq!(plan.cost(), 2);
/// let rate = NonZeroU32::new(4).unwrap();
/// assert_eq!(plan.minimum_time(rate).as_secs(), 15);
/// ```
#[derive(Clone, Debug)]
pub struct Plan<'s> {
    source: Source<'s>,
}

#[derive(Clone, Debug)]
enum Source<'s> {
    Built(Box<Built<'s>>),
    File(PlanFile<'s>),
}

/// A plan made of sets.
#[derive(Clone, Debug)]
struct Built<'s> {
    collection: Collection,
    visibility: Visibility,
    target: Target,
    lists: Lists<'s>,
    steps: Vec<Step>,
    holds: Vec<(&'s Indicator, Hold)>,
    fallbacks: usize,
    digest: String,
    marker: Option<String>,
}

impl<'s> Plan<'s> {
    /// Makes a collection with the items of a set: one request that creates
    /// it with as many items as fit, then requests that add the others.
    ///
    /// The first request takes whole relationships and remainders first, so
    /// that the fewest requests are needed. Items given as text
    /// ([`ItemForm::RawItems`]) are added with `PATCH`.
    ///
    /// A plan for nothing to send is empty, unless
    /// [`Options::allow_empty`] is set: no request at all.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) for a missing or blank name or
    /// description, or limits that no request can keep;
    /// [`is_limit`](Error::is_limit) if the attributes alone are longer than
    /// the limit.
    pub fn create(
        collection: &Collection,
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        collection.check_new()?;
        let visibility = collection.visibility.unwrap_or_default();
        let raw = options.item_form == ItemForm::RawItems;
        let draft = Draft {
            collection,
            visibility,
            target: Target::Created,
            options,
            raw,
        };
        draft.with_attributes(Action::Create, set)
    }

    /// Changes the attributes of a collection that are set, and adds the
    /// items of a set: requests with `PATCH`, which takes items as text only.
    ///
    /// # Errors
    ///
    /// As [`create`](Plan::create), but nothing may be missing.
    pub fn update(
        collection: &Collection,
        id: &CollectionId,
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        collection.check()?;
        let draft = Draft {
            collection,
            visibility: collection.visibility.unwrap_or(Visibility::Omitted),
            target: Target::Id(id.clone()),
            options,
            raw: true,
        };
        draft.with_attributes(Action::Update, set)
    }

    /// Adds the items of a set to a collection, as descriptors.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) for limits that no request can
    /// keep.
    pub fn add(
        id: &CollectionId,
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        let all = &Relationship::ALL;
        Plan::of_items(Method::Post, id, all, set, options)
    }

    /// Takes the items of a set out of a collection.
    ///
    /// # Errors
    ///
    /// As [`add`](Plan::add).
    pub fn remove(
        id: &CollectionId,
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        let all = &Relationship::ALL;
        Plan::of_items(Method::Delete, id, all, set, options)
    }

    /// Makes a collection hold what it should: requests that add, then those
    /// that remove, so that at no time something wanted is missing.
    ///
    /// # Errors
    ///
    /// As [`add`](Plan::add).
    pub fn delta(
        id: &CollectionId,
        delta: &'s Delta,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        let all = &Relationship::ALL;
        let ids = delta.remove_ids.as_slice();
        let parts = [
            (Method::Post, &delta.adds, &[][..]),
            (Method::Delete, &delta.removes, ids),
        ];
        Plan::of_parts(&parts, id, all, options)
    }

    /// Adds or removes the items of some relationships.
    pub(super) fn of_items(
        method: Method,
        id: &CollectionId,
        of: &[Relationship],
        set: &'s IndicatorSet,
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        Plan::of_parts(&[(method, set, &[])], id, of, options)
    }

    fn of_parts(
        parts: &[(Method, &'s IndicatorSet, &'s [UrlId])],
        id: &CollectionId,
        of: &[Relationship],
        options: &Options,
    ) -> Result<Plan<'s>, Error> {
        options.check()?;
        let room = options.max_bytes.saturating_sub(chunk::list_frame());
        let mut lists = Lists::new(options);
        let mut steps = Vec::new();
        let mut holds = Vec::new();
        let mut fallbacks = 0;
        let mut digest = Sha256::new();
        for &(method, set, ids) in parts {
            let len = |entry: &Entry| chunk::item_len(entry, false, options);
            let selection =
                Selection::of(set, of, options, len, |_, len| len <= room);
            let sign = if method == Method::Delete { "-" } else { "" };
            selection.hash_lines(set, sign, &mut digest);
            select::hash_ids(ids, sign, &mut digest);
            fallbacks += selection.fallbacks(set, options);
            let selection = selection.ordered(options);
            holds.extend(selection.holds);
            let before = lists.len();
            lists.push_set(set, selection.order);
            lists.push_ids(ids);
            for list in before..lists.len() {
                steps.extend(lists.rest(list, 0, method == Method::Post));
            }
        }
        let source = Source::Built(Box::new(Built {
            collection: Collection::new(),
            visibility: Visibility::Omitted,
            target: Target::Id(id.clone()),
            lists,
            steps,
            holds,
            fallbacks,
            digest: select::hex_digest(digest),
            marker: None,
        }));
        Ok(Plan { source })
    }

    /// Reads a plan file, as [`write_to`](Plan::write_to) writes it; the
    /// plan borrows its bodies from it.
    ///
    /// Bodies are taken byte for byte, whoever wrote them; methods and paths
    /// must be those of a collection's requests.
    ///
    /// # Errors
    ///
    /// [`is_syntax`](Error::is_syntax), with line and column, if it is no
    /// plan.
    pub fn read(json: &'s [u8]) -> Result<Plan<'s>, Error> {
        let file = PlanFile::read(json)?;
        Ok(Plan { source: Source::File(file) })
    }

    /// The requests in order, each written when the iterator comes to it.
    #[must_use]
    pub fn requests(&self) -> Requests<'_, 's> {
        Requests { plan: self, at: 0 }
    }

    fn request(&self, at: usize) -> Option<Request> {
        match &self.source {
            Source::Built(built) => built.request(at),
            Source::File(file) => file.request(at),
        }
    }

    /// The number of requests.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.source {
            Source::Built(built) => built.steps.len(),
            Source::File(file) => file.len(),
        }
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it costs in quota: VirusTotal usually counts one call as one.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.len()
    }

    /// The shortest time in which it can be sent at `per_minute` requests a
    /// minute: the first goes at once, the others evenly spaced.
    #[must_use]
    pub fn minimum_time(&self, per_minute: NonZeroU32) -> Duration {
        let waits = self.len().saturating_sub(1) as u64;
        let millis = waits.saturating_mul(60_000);
        Duration::from_millis(millis.div_ceil(u64::from(per_minute.get())))
    }

    /// The hex SHA-256 of what is sent, whatever the order and the form.
    ///
    /// It is taken over one line for each item, `type`, TAB, canonical form,
    /// LF, sorted by bytes: what
    /// `iocpack scan report.txt | LC_ALL=C sort | sha256sum` prints, if
    /// nothing is held. The types are those of
    /// [`Indicator::type_name`]. The lines of items that are removed follow,
    /// each after a `-`; a URL that is known by its id alone is a `url-id`.
    #[must_use]
    pub fn digest(&self) -> &str {
        match &self.source {
            Source::Built(built) => &built.digest,
            Source::File(file) => file.digest(),
        }
    }

    /// What is appended to the description of the new collection:
    /// `iocpack:` and the first 16 digits of the digest. `None` if nothing is.
    #[must_use]
    pub fn marker(&self) -> Option<&str> {
        match &self.source {
            Source::Built(built) => built.marker.as_deref(),
            Source::File(_) => None,
        }
    }

    /// How many items of each kind the collection is told to hold.
    #[must_use]
    pub fn counts(&self) -> Counts {
        match &self.source {
            Source::Built(built) => built.lists.counts(&built.steps, false),
            Source::File(file) => Held::sent_by(file).0.counts(),
        }
    }

    /// How many items of each kind are removed.
    #[must_use]
    pub fn removed(&self) -> Counts {
        match &self.source {
            Source::Built(built) => built.lists.counts(&built.steps, true),
            Source::File(file) => Held::sent_by(file).1.counts(),
        }
    }

    /// What is in no request, and why. Nothing, in a plan that was
    /// [`read`](Plan::read).
    pub fn holds(&self) -> impl Iterator<Item = (&'s Indicator, Hold)> + '_ {
        let holds = match &self.source {
            Source::Built(built) => built.holds.as_slice(),
            Source::File(_) => &[],
        };
        holds.iter().copied()
    }

    /// How many URLs are sent by their canonical form although
    /// [`UrlForm::Id`](super::UrlForm::Id) was asked for, since their id is
    /// not proven.
    #[must_use]
    pub fn url_fallbacks(&self) -> usize {
        match &self.source {
            Source::Built(built) => built.fallbacks,
            Source::File(_) => 0,
        }
    }

    /// Writes the plan file, one body at a time:
    /// `{"iocpack":{"version","digest"},"requests":[{"method","path","body"},…]}`,
    /// where a body is the JSON value itself, or `null`, and `version` that of
    /// this library.
    ///
    /// # Errors
    ///
    /// What writing failed with.
    pub fn write_to(&self, out: impl io::Write) -> Result<(), Error> {
        file::write(self, out)
    }
}

/// What a plan with attributes is made of.
struct Draft<'c> {
    collection: &'c Collection,
    visibility: Visibility,
    target: Target,
    options: &'c Options,
    raw: bool,
}

/// As long as every marker.
const SAMPLE_MARKER: &str = "iocpack:0123456789abcdef";

impl Draft<'_> {
    /// Plans a first request with attributes, and the requests after it.
    fn with_attributes(
        self,
        first: Action,
        set: &IndicatorSet,
    ) -> Result<Plan<'_>, Error> {
        let Draft { collection, visibility, options, raw, .. } = self;
        options.check()?;
        // A marker stands in a new collection's description only.
        let may_mark =
            first == Action::Create && options.marker != Some(false);
        let frame =
            |marker| chunk::attributes_frame(collection, visibility, marker);
        let longest = frame(may_mark.then_some(SAMPLE_MARKER));
        let Some(room) = options.max_bytes.checked_sub(longest) else {
            return Err(Error::limit(format!(
                "attributes: expected a body of at most {} bytes, found \
                 {longest} without any item",
                options.max_bytes
            )));
        };
        // What fits beside the attributes fits everywhere.
        let selection = Selection::of(
            set,
            &Relationship::ALL,
            options,
            |entry| chunk::item_len(entry, raw, options),
            |it, len| len + chunk::alone_frame(it, raw) <= room,
        );
        let digest = selection.digest(set);
        let fallbacks =
            if raw { 0 } else { selection.fallbacks(set, options) };
        let Selection { order, holds, .. } = selection.ordered(options);
        let lists = if raw {
            Lists::raw(set, &order, options)
        } else {
            Lists::typed(set, order, options)
        };
        let plan = |marked: bool| {
            // Without the marker there is room for more.
            let plain = options.max_bytes - frame(None);
            lists.steps(first, if marked { room } else { plain })
        };
        let nothing = lists.is_empty()
            && match first {
                Action::Create => !options.allow_empty,
                _ => collection.is_empty(),
            };
        let mut mark = may_mark
            && (options.marker == Some(true)
                || lists.items() > options.max_items);
        let mut steps = if nothing { Vec::new() } else { plan(mark) };
        if may_mark && !mark && steps.len() > 1 {
            // The marker takes room from the items of the first request.
            mark = true;
            steps = plan(mark);
        }
        let marker = mark.then(|| format!("iocpack:{}", &digest[..16]));
        let source = Source::Built(Box::new(Built {
            collection: collection.clone(),
            visibility,
            target: self.target,
            lists,
            steps,
            holds,
            fallbacks,
            digest,
            marker,
        }));
        Ok(Plan { source })
    }
}

impl Built<'_> {
    fn request(&self, at: usize) -> Option<Request> {
        let step = self.steps.get(at)?;
        let mut body = String::with_capacity(step.bytes);
        let method = match step.action {
            Action::Create | Action::Update => {
                let attributes = |out: &mut String| {
                    if at == 0 {
                        let marker = self.marker.as_deref();
                        let it = &self.collection;
                        wire::attributes(out, it, self.visibility, marker);
                    }
                };
                self.lists.collection_body(&mut body, step, attributes);
                match step.action {
                    Action::Create => Method::Post,
                    _ => Method::Patch,
                }
            }
            Action::Remove(_) => {
                self.lists.list_body(&mut body, step);
                Method::Delete
            }
            Action::Add(_) | Action::Delete | Action::Comment => {
                self.lists.list_body(&mut body, step);
                Method::Post
            }
        };
        let path = match step.action {
            Action::Create => super::request::ROOT.to_owned(),
            Action::Add(it) | Action::Remove(it) => self.target.items_path(it),
            Action::Update | Action::Delete | Action::Comment => {
                self.target.path()
            }
        };
        debug_assert_eq!(body.len(), step.bytes);
        Some(Request { method, path, body: Some(body) })
    }
}

/// The requests of a plan: see [`Plan::requests`].
#[derive(Clone, Debug)]
pub struct Requests<'p, 's> {
    plan: &'p Plan<'s>,
    at: usize,
}

impl Iterator for Requests<'_, '_> {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        let request = self.plan.request(self.at)?;
        self.at += 1;
        Some(request)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.plan.len() - self.at;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Requests<'_, '_> {}
