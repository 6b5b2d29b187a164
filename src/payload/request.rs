//! One request as plain data, and the ids that stand in its path.

use std::fmt;

use super::{Relationship, wire};
use crate::Error;

/// The verb of a [`Request`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or adds items.
    Post,
    /// Changes attributes, or adds items given as text.
    Patch,
    /// Deletes a collection, or takes items out of it.
    Delete,
}

impl Method {
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// The method that [`as_str`](Method::as_str) writes so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Method> {
        [Method::Get, Method::Post, Method::Patch, Method::Delete]
            .into_iter()
            .find(|it| it.as_str() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A request as plain data: to print, compare, store or send.
///
/// It holds no host and no key. A `DELETE` of items has a body, which some
/// HTTP clients drop unless told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The path under the root of the API, such as `/collections`.
    ///
    /// In a [`Plan`](super::Plan), `{id}` stands for the id that the reply to
    /// the first request brings.
    pub path: String,
    /// Compact JSON, if there is a body.
    pub body: Option<String>,
}

impl Request {
    /// The body with one member per line, indented by two blanks, for people
    /// to read: the same values, more bytes.
    ///
    /// ```
    /// use iocpack::payload::{self, CollectionId};
    ///
    /// let id = CollectionId::parse("0f5c").unwrap();
    /// let comment = payload::comment(&id, "Batch 3 of 3 added").unwrap();
    /// assert_eq!(comment.pretty_body().unwrap(), r#"{
    ///   "data": {
    ///     "type": "comment",
    ///     "attributes": {
    ///       "text": "Batch 3 of 3 added"
    ///     }
    ///   }
    /// }"#);
    /// ```
    #[must_use]
    pub fn pretty_body(&self) -> Option<String> {
        self.body.as_deref().map(wire::pretty)
    }
}

/// The id of a collection, checked for use in a path.
///
/// VirusTotal makes the ids, and they are opaque: 64 hex digits,
/// `alienvault_…`, `report--…`. What they are made of is checked, so that an
/// id cannot turn a path into another one.
///
/// ```
/// use iocpack::payload::CollectionId;
///
/// assert!(CollectionId::parse("malpedia_win_emotet").is_ok());
/// let err = CollectionId::parse("x/../../users").unwrap_err();
/// assert_eq!(
///     err.to_string(),
///     "collection id `x/../../users`: expected letters, digits, `.`, `_` \
///      or `-`, found `/` at byte 1",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectionId(Box<str>);

impl CollectionId {
    /// Reads an id: `[A-Za-z0-9]`, then up to 255 of `[A-Za-z0-9._-]`.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) if it is anything else.
    pub fn parse(value: &str) -> Result<CollectionId, Error> {
        let refuse = |what: fmt::Arguments<'_>| {
            Err(Error::argument(format!(
                "collection id `{}`: expected {what}",
                shown(value)
            )))
        };
        let Some(first) = value.chars().next() else {
            return refuse(format_args!("1 to {MAX_ID} bytes, found none"));
        };
        if !first.is_ascii_alphanumeric() {
            return refuse(format_args!(
                "a letter or a digit first, found `{}`",
                first.escape_default()
            ));
        }
        let inside = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if let Some((at, c)) = value.char_indices().find(|it| !inside(it.1)) {
            return refuse(format_args!(
                "letters, digits, `.`, `_` or `-`, found `{}` at byte {at}",
                c.escape_default()
            ));
        }
        if value.len() > MAX_ID {
            return refuse(format_args!(
                "1 to {MAX_ID} bytes, found {}",
                value.len()
            ));
        }
        Ok(CollectionId(value.into()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CollectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const MAX_ID: usize = 256;

/// A value for an error message: at most 64 bytes of it.
pub(super) fn shown(value: &str) -> String {
    crate::error::shown(value.as_bytes(), 64)
}

/// Which collection a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The one that the first request of the plan creates.
    Created,
    /// One that exists.
    Id(CollectionId),
}

/// Stands in a path for the id that creating brings.
pub(super) const PLACEHOLDER: &str = "{id}";

impl Target {
    fn as_str(&self) -> &str {
        match self {
            Target::Created => PLACEHOLDER,
            Target::Id(id) => id.as_str(),
        }
    }

    /// `/collections/{id}`.
    pub(super) fn path(&self) -> String {
        format!("{ROOT}/{}", self.as_str())
    }

    /// `/collections/{id}/domains`.
    pub(super) fn items_path(&self, of: Relationship) -> String {
        format!("{ROOT}/{}/{of}", self.as_str())
    }
}

/// Where collections are made.
pub(super) const ROOT: &str = "/collections";

/// What a request of a plan does, told by its method and path alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
    Delete,
    Add(Relationship),
    Remove(Relationship),
    Comment,
}

impl Action {
    /// Tells what a request does; `None` if no plan holds such a request.
    /// Also whether the path names the collection by the placeholder.
    pub(super) fn of(method: Method, path: &str) -> Option<(Action, bool)> {
        let rest = path.strip_prefix(ROOT)?;
        if rest.is_empty() {
            return (method == Method::Post)
                .then_some((Action::Create, false));
        }
        let mut parts = rest.strip_prefix('/')?.splitn(2, '/');
        let id = parts.next()?;
        let placeholder = id == PLACEHOLDER;
        if !placeholder && CollectionId::parse(id).is_err() {
            return None;
        }
        let action = match (method, parts.next()) {
            (Method::Patch, None) => Action::Update,
            (Method::Delete, None) => Action::Delete,
            (Method::Post, Some("comments")) => Action::Comment,
            (Method::Post, Some(name)) => {
                Action::Add(Relationship::from_name(name)?)
            }
            (Method::Delete, Some(name)) => {
                Action::Remove(Relationship::from_name(name)?)
            }
            _ => return None,
        };
        Some((action, placeholder))
    }
}
