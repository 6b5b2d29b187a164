//! What responses say about collections: ids, counters, pages.

use serde::Deserialize;

use super::items::place;
use crate::payload::{CollectionId, Relationship};

#[derive(Deserialize)]
struct One {
    data: Object,
}

#[derive(Deserialize)]
struct Many {
    data: Vec<Object>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Default, Deserialize)]
struct Meta {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    name: Option<String>,
    description: Option<String>,
    url: Option<String>,
    domains_count: Option<u64>,
    files_count: Option<u64>,
    ip_addresses_count: Option<u64>,
    urls_count: Option<u64>,
    counters: Option<Counters>,
}

/// The counters of Google's object page, which lists no others.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Counters {
    domains: Option<u64>,
    files: Option<u64>,
    ip_addresses: Option<u64>,
    urls: Option<u64>,
}

/// One collection, as far as it matters here.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: CollectionId,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    /// In the order of [`Relationship::ALL`]; absent where it is not said.
    pub(super) counts: [Option<u64>; 4],
}

impl Found {
    /// Reads the body of a response to creating, changing or reading one.
    pub(super) fn read(body: &[u8]) -> Option<Found> {
        serde_json::from_slice::<One>(body).ok()?.data.found()
    }

    /// The number of items of a relationship.
    pub(super) fn count(&self, of: Relationship) -> Option<u64> {
        self.counts[place(of)]
    }
}

impl Object {
    fn found(self) -> Option<Found> {
        let it = self.attributes;
        let or = it.counters.unwrap_or_default();
        let counts = [
            it.domains_count.or(or.domains),
            it.files_count.or(or.files),
            it.ip_addresses_count.or(or.ip_addresses),
            it.urls_count.or(or.urls),
        ];
        let (name, description) = (it.name, it.description);
        let id = CollectionId::parse(&self.id).ok()?;
        Some(Found { id, name, description, counts })
    }
}

/// Anything that has an id.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) id: String,
}

impl Looked {
    pub(super) fn read(body: &[u8]) -> Option<Looked> {
        let One { data } = serde_json::from_slice(body).ok()?;
        Some(Looked { id: data.id })
    }
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) cursor: Option<String>,
}

/// Reads a page of collections. Those with ids that no path takes are left
/// out.
pub(super) fn collections(body: &[u8]) -> Option<Page<Found>> {
    let Many { data, meta } = serde_json::from_slice(body).ok()?;
    let items = data.into_iter().filter_map(Object::found).collect();
    Some(Page { items, cursor: meta.cursor })
}

/// Reads a page of items: their ids, and of URLs the text too.
pub(super) fn items(body: &[u8]) -> Option<Page<(String, Option<String>)>> {
    let Many { data, meta } = serde_json::from_slice(body).ok()?;
    let items =
        data.into_iter().map(|it| (it.id, it.attributes.url)).collect();
    Some(Page { items, cursor: meta.cursor })
}

/// `text` as a value in a query (RFC 3986): everything but unreserved
/// characters is escaped.
pub(super) fn query(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
