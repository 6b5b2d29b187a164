//! What a collection holds, read from the JSON that tells it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Relationship;
use super::plan::PlanFile;
use super::request::{Action, shown};
use crate::{Counts, Error, Indicator, IndicatorSet, Kind, Url, UrlId};

/// What a collection holds: one side of a [`delta`](super::delta).
///
/// VirusTotal lists URLs by id, whose text cannot be told from it, unless full
/// objects were asked for. Files it lists by SHA-256, whichever digest they
/// were added by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub(super) items: IndicatorSet,
    /// URLs listed by id, with their text where it stands beside.
    pub(super) urls: BTreeMap<UrlId, Option<Url>>,
    unread: Vec<Unread>,
    /// By type: whether more pages follow the last one read.
    more: BTreeMap<String, bool>,
    /// Whether items are listed as VirusTotal spells them, rather than as
    /// they were sent.
    pub(super) respelt: bool,
}

/// An item that is listed and that cannot be compared: see [`Held::unread`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    item_type: String,
    value: String,
}

impl Unread {
    /// The `type` that it is listed under, such as `reference`; controls are
    /// escaped.
    #[must_use]
    pub fn item_type(&self) -> &str {
        &self.item_type
    }

    /// The id, URL or text, cut at 64 bytes; controls are escaped.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl Held {
    /// Reads one JSON document or several, one after the other.
    ///
    /// Each may be a page of `GET /collections/{id}/relationships/{name}` or
    /// of `GET /collections/{id}/{name}`, an array of such pages, a collection
    /// with its relationships, a `GET /collections/{id}/download/json`, a
    /// request's body, or a plan file, which counts as sent.
    ///
    /// ```
    /// use iocpack::payload::Held;
    ///
    /// let page = br#"{"data":[{"type":"domain","id":"a.example"}],
    ///     "meta":{"cursor":"Cu","count":57}}"#;
    /// let held = Held::read(page).unwrap();
    /// assert_eq!(held.counts().domains, 1);
    /// assert!(!held.is_complete());
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_syntax`](Error::is_syntax), with line and column, if it is not
    /// JSON or none of these.
    pub fn read(json: &[u8]) -> Result<Held, Error> {
        let mut held = Held::default();
        let documents = serde_json::Deserializer::from_slice(json)
            .into_iter::<&RawValue>();
        let mut any = false;
        for document in documents {
            let document = document.map_err(|err| refuse(&err))?;
            any = true;
            held.document(document.get())?;
        }
        if !any {
            return Err(Error::syntax(
                "held items: expected JSON, found nothing",
            ));
        }
        Ok(held)
    }

    /// What a collection holds if exactly this set was sent.
    #[must_use]
    pub fn sent(set: IndicatorSet) -> Held {
        Held { items: set, ..Held::default() }
    }

    /// The items whose canonical form is known, but URLs that are listed with
    /// an id.
    #[must_use]
    pub fn items(&self) -> &IndicatorSet {
        &self.items
    }

    /// The ids of the URLs that are listed with one, sorted.
    pub fn url_ids(&self) -> impl Iterator<Item = &UrlId> {
        self.urls.keys()
    }

    /// The URLs that are listed with an id, sorted by it, each with its text
    /// where that stands beside. They are not among
    /// [`items`](Held::items).
    pub fn listed_urls(&self) -> impl Iterator<Item = (&UrlId, Option<&Url>)> {
        self.urls.iter().map(|(id, url)| (id, url.as_ref()))
    }

    /// How many items of each kind are held.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = self.items.counts();
        counts.urls += self.urls.len();
        counts
    }

    /// What is listed and cannot be compared: other types, values that are
    /// not valid. A delta leaves it alone.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Whether the last page that was read of each type is its last: if not,
    /// what stands on the pages that follow would be added again.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.more.values().any(|&more| more)
    }

    fn document(&mut self, json: &str) -> Result<(), Error> {
        if json.starts_with('[') {
            let pages: Vec<&RawValue> = parse(json)?;
            for page in pages {
                self.document_object(page.get())?;
            }
            return Ok(());
        }
        self.document_object(json)
    }

    fn document_object(&mut self, json: &str) -> Result<(), Error> {
        let document: Document<'_> = parse(json)?;
        if document.iocpack.is_some() {
            return self.plan(&PlanFile::read(json.as_bytes())?);
        }
        if let Some(data) = document.data {
            self.respelt = true;
            let types = self.data(data.get())?;
            let cursor = document.meta.and_then(|meta| meta.cursor);
            for name in types {
                self.more.insert(name, cursor.is_some());
            }
            return Ok(());
        }
        let lists = [
            (Kind::Domain, document.domains),
            (Kind::Hash, document.files),
            (Kind::Ip, document.ip_addresses),
            (Kind::Url, document.urls),
        ];
        if lists.iter().all(|(_, list)| list.is_none()) {
            return Err(Error::syntax(
                "held items: expected an object with `data`, `requests`, or \
                 lists such as `files` and `urls`",
            ));
        }
        self.respelt = true;
        for (kind, list) in lists {
            for value in list.unwrap_or_default() {
                match parse::<Text<'_>>(value.get()) {
                    Ok(text) => self.text(kind, &text.0),
                    Err(_) => self.leave(kind.as_str(), value.get()),
                }
            }
        }
        for (name, list) in [
            ("reference", document.references),
            ("threat_actor", document.threat_actors),
        ] {
            for value in list.unwrap_or_default() {
                self.leave(name, value.get());
            }
        }
        Ok(())
    }

    /// What a plan's requests bring, and what they remove, as far as their
    /// bodies can be read.
    pub(super) fn sent_by(plan: &PlanFile<'_>) -> (Held, Held) {
        let (mut sent, mut removed) = Default::default();
        for (action, body) in plan.bodies() {
            let into: &mut Held = match action {
                Action::Remove(_) => &mut removed,
                _ => &mut sent,
            };
            // What cannot be read counts nothing.
            _ = into.body(body);
        }
        (sent, removed)
    }

    /// Takes what the requests bring, and leaves what they remove.
    fn plan(&mut self, plan: &PlanFile<'_>) -> Result<(), Error> {
        let (respelt, more) = (self.respelt, self.more.clone());
        let mut gone = Held::default();
        for (action, body) in plan.bodies() {
            let into = match action {
                Action::Create | Action::Update | Action::Add(_) => {
                    self.subtract(&std::mem::take(&mut gone));
                    &mut *self
                }
                Action::Remove(_) => &mut gone,
                Action::Delete | Action::Comment => continue,
            };
            into.body(body)?;
        }
        self.subtract(&gone);
        // A plan tells neither of pages nor of VirusTotal's spelling.
        (self.respelt, self.more) = (respelt, more);
        Ok(())
    }

    /// Takes what the body of one request names.
    fn body(&mut self, json: &str) -> Result<(), Error> {
        let body: Document<'_> = parse(json)?;
        if let Some(data) = body.data {
            self.data(data.get())?;
        }
        Ok(())
    }

    fn subtract(&mut self, gone: &Held) {
        if gone.counts().total() == 0 {
            return;
        }
        self.items.retain(|it| !gone.items.contains(it));
        self.urls.retain(|id, _| !gone.urls.contains_key(id));
    }

    /// Reads `data`: descriptors or objects, or one collection. Returns the
    /// types it lists.
    fn data(&mut self, json: &str) -> Result<Vec<String>, Error> {
        let mut types = Vec::new();
        if json.starts_with('[') {
            for object in parse::<Vec<Object<'_>>>(json)? {
                if types.last().is_none_or(|it| *it != object.item_type) {
                    types.push(object.item_type.clone().into_owned());
                }
                self.object(&object);
            }
            return Ok(types);
        }
        let body: Body<'_> = parse(json)?;
        for (name, list) in body.relationships.unwrap_or_default() {
            if Relationship::from_name(&name).is_none() {
                continue;
            }
            let page: Document<'_> = parse(list.get())?;
            if let Some(data) = page.data {
                let cursor = page.meta.and_then(|meta| meta.cursor);
                for name in self.data(data.get())? {
                    self.more.insert(name, cursor.is_some());
                }
            }
        }
        let text = body.raw_items.unwrap_or_default();
        let items = text.split(|c: char| c.is_whitespace() || c == ',');
        for item in items.filter(|it| !it.is_empty()) {
            match guess(item) {
                Some(indicator) => _ = self.items.insert(indicator),
                None => self.leave("raw_items", item),
            }
        }
        Ok(types)
    }

    fn object(&mut self, object: &Object<'_>) {
        let relationship = Relationship::ALL
            .into_iter()
            .find(|it| it.item_type() == object.item_type);
        let id = object.id.as_deref();
        let Some(relationship) = relationship else {
            return self.leave(&object.item_type, id.unwrap_or_default());
        };
        let kind = relationship.kind();
        if kind != Kind::Url {
            return self.text(kind, id.unwrap_or_default());
        }
        let attribute = object
            .attributes
            .as_ref()
            .and_then(|it| it.url)
            .and_then(|it| parse::<Text<'_>>(it.get()).ok());
        let text = object
            .url
            .as_deref()
            .or(attribute.as_ref().map(|it| it.0.as_ref()));
        match (id.and_then(|it| UrlId::parse(it).ok()), text) {
            (Some(id), text) => {
                let url = text.and_then(|text| Url::parse(text).ok());
                let known = self.urls.entry(id).or_insert(None);
                *known = url.or_else(|| known.take());
            }
            (None, Some(text)) => self.text(kind, text),
            (None, None) => self.leave("url", id.unwrap_or_default()),
        }
    }

    fn text(&mut self, kind: Kind, text: &str) {
        match Indicator::parse(kind, text) {
            Ok(indicator) => _ = self.items.insert(indicator),
            Err(_) => {
                self.leave(Relationship::of(kind).item_type(), text);
            }
        }
    }

    fn leave(&mut self, item_type: &str, value: &str) {
        let (item_type, value) = (shown(item_type), shown(value));
        self.unread.push(Unread { item_type, value });
    }
}

/// Whatever a document may be, told apart by its members.
#[derive(Deserialize)]
struct Document<'j> {
    #[serde(borrow)]
    data: Option<&'j RawValue>,
    #[serde(borrow)]
    iocpack: Option<&'j RawValue>,
    #[serde(borrow)]
    meta: Option<Meta<'j>>,
    #[serde(borrow)]
    domains: Option<Vec<&'j RawValue>>,
    #[serde(borrow)]
    files: Option<Vec<&'j RawValue>>,
    #[serde(borrow)]
    ip_addresses: Option<Vec<&'j RawValue>>,
    #[serde(borrow)]
    urls: Option<Vec<&'j RawValue>>,
    #[serde(borrow)]
    references: Option<Vec<&'j RawValue>>,
    #[serde(borrow)]
    threat_actors: Option<Vec<&'j RawValue>>,
}

#[derive(Deserialize)]
struct Meta<'j> {
    #[serde(borrow)]
    cursor: Option<&'j RawValue>,
}

#[derive(Deserialize)]
struct Body<'j> {
    #[serde(borrow)]
    relationships: Option<BTreeMap<Cow<'j, str>, &'j RawValue>>,
    #[serde(borrow)]
    raw_items: Option<Cow<'j, str>>,
}

#[derive(Deserialize)]
struct Object<'j> {
    #[serde(borrow, rename = "type")]
    item_type: Cow<'j, str>,
    #[serde(borrow)]
    id: Option<Cow<'j, str>>,
    #[serde(borrow)]
    url: Option<Cow<'j, str>>,
    #[serde(borrow)]
    attributes: Option<Attributes<'j>>,
}

#[derive(Deserialize)]
struct Attributes<'j> {
    #[serde(borrow)]
    url: Option<&'j RawValue>,
}

#[derive(Deserialize)]
struct Text<'j>(#[serde(borrow)] Cow<'j, str>);

fn parse<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|err| refuse(&err))
}

fn refuse(err: &serde_json::Error) -> Error {
    Error::syntax(format!("held items: {err}"))
}

/// Reads an item of a text that names no kinds: the surest kind first.
pub(super) fn guess(item: &str) -> Option<Indicator> {
    let kinds: &[Kind] = if item.contains("://") {
        &[Kind::Url]
    } else {
        &[Kind::Hash, Kind::Ip, Kind::Domain]
    };
    kinds.iter().find_map(|&kind| Indicator::parse(kind, item).ok())
}
