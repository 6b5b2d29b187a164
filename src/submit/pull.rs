//! The items of a collection, page by page.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found;
use super::{Client, Clock, Stop, Transport};
use crate::Error;
use crate::payload::{CollectionId, Method, Relationship, Request};

/// The items of a collection, as far as they have been read.
///
/// Pages hold 40 items, and each costs one request. What has been read, and
/// where it ended, can be stored as JSON, so that reading a large collection
/// goes on another day.
///
/// ```
/// use iocpack::payload::CollectionId;
/// use iocpack::submit::Pull;
///
/// let id = CollectionId::parse("0f5c").unwrap();
/// let pull = Pull::new(&id);
/// let again = Pull::parse(pull.to_json().as_bytes()).unwrap();
/// assert_eq!(again, pull);
/// assert!(!again.is_finished());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    collection: String,
    lists: [List; 4],
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Ids, and the texts of URLs.
    items: Vec<(String, Option<String>)>,
    cursor: Option<String>,
    finished: bool,
}

impl List {
    fn page(&self, item_type: &str) -> String {
        let lines: Vec<String> = self
            .items
            .iter()
            .map(|(id, url)| {
                let mut item = json!({ "type": item_type, "id": id });
                if let Some(url) = url {
                    item["attributes"] = json!({ "url": url });
                }
                format!("\n{item}")
            })
            .collect();
        let mut meta = json!({ "count": self.items.len() });
        if !self.finished {
            // An empty cursor where not even one page has been read.
            let cursor = self.cursor.as_deref().unwrap_or_default();
            meta["cursor"] = json!(cursor);
        }
        format!("{{\"data\":[{}],\"meta\":{meta}}}", lines.join(","))
    }
}

impl Pull {
    /// Nothing has been read.
    #[must_use]
    pub fn new(id: &CollectionId) -> Pull {
        Pull { collection: id.to_string(), lists: Default::default() }
    }

    /// Reads what [`to_json`](Pull::to_json) has written.
    ///
    /// # Errors
    ///
    /// [`is_syntax`](Error::is_syntax) if it is anything else.
    pub fn parse(json: &[u8]) -> Result<Pull, Error> {
        let pull: Pull = serde_json::from_slice(json)
            .map_err(|err| Error::syntax(format!("pull: {err}")))?;
        CollectionId::parse(&pull.collection)
            .map_err(|err| Error::syntax(format!("pull: {err}")))?;
        Ok(pull)
    }

    /// What has been read, and where it ended.
    ///
    /// # Panics
    ///
    /// Never: every value of it can be written as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts only")
    }

    /// What has been read as the API lists it: an array with one page for
    /// each relationship, with a line for each item. A page that is not the
    /// last of its list has a cursor.
    ///
    /// # Panics
    ///
    /// Never: every value of it can be written as JSON.
    #[must_use]
    pub fn to_pages(&self) -> String {
        let pages: Vec<String> = Relationship::ALL
            .into_iter()
            .zip(&self.lists)
            .map(|(of, list)| list.page(of.item_type()))
            .collect();
        format!("[{}]\n", pages.join(",\n"))
    }

    /// Whether it is of this collection.
    #[must_use]
    pub fn is_of(&self, id: &CollectionId) -> bool {
        self.collection == id.as_str()
    }

    /// Whether every item has been read.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.lists.iter().all(|it| it.finished)
    }

    /// The items of a relationship that have been read: URLs, and the ids of
    /// all others, as the server writes them. A URL of which the server
    /// tells no more is its id.
    #[must_use]
    pub fn items(
        &self,
        of: Relationship,
    ) -> impl ExactSizeIterator<Item = &str> {
        self.lists[super::items::place(of)]
            .items
            .iter()
            .map(|(id, url)| url.as_deref().unwrap_or(id))
    }

    /// Reads the next page, with one request. Returns whether there are more.
    ///
    /// # Errors
    ///
    /// Why it was not read. What was read before stays.
    pub fn next<T: Transport, C: Clock>(
        &mut self,
        client: &mut Client<'_, T, C>,
    ) -> Result<bool, Stop> {
        let open = Relationship::ALL
            .into_iter()
            .zip(&mut self.lists)
            .find(|(_, list)| !list.finished);
        let Some((of, list)) = open else { return Ok(false) };
        // Descriptors of URLs hold a digest, from which no URL is got back.
        let path = match of {
            Relationship::Urls => "urls?attributes=url&limit=40".to_owned(),
            _ => format!("relationships/{of}?limit=40"),
        };
        let mut path = format!("/collections/{}/{path}", self.collection);
        if let Some(cursor) = &list.cursor {
            path.push_str("&cursor=");
            path.push_str(&found::query(cursor));
        }
        let request = Request { method: Method::Get, path, body: None };
        let response = client.call(&request)?;
        let Some(page) = found::items(response.body()) else {
            return Err(Stop::Transient(
                "200 with a body that is no list of items".into(),
            ));
        };
        // A server that gives the same cursor again would never end.
        let stuck = page.cursor.is_some() && page.cursor == list.cursor;
        if stuck {
            return Err(Stop::Transient(
                "the list does not go on: the same cursor came again".into(),
            ));
        }
        list.items.extend(page.items);
        list.finished = page.cursor.is_none();
        list.cursor = page.cursor;
        Ok(!self.is_finished())
    }
}
