//! What a collection says about itself, and the requests for one collection.

use std::fmt;

use super::request::{ROOT, Target};
use super::{
    CollectionId, Method, Options, Plan, Relationship, Request, wire,
};
use crate::{Error, IndicatorSet};

/// Whether others may see a collection.
///
/// A private collection is no safe place for secrets: as VirusTotal words it,
/// whatever is submitted through its API is added to its dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// `"private":true`.
    #[default]
    Private,
    /// `"private":false`.
    Public,
    /// Nothing is said, for keys that refuse the attribute. VirusTotal then
    /// makes new collections public.
    Omitted,
}

impl Visibility {
    /// The value of the attribute `private`.
    pub(super) fn private(self) -> Option<bool> {
        match self {
            Visibility::Private => Some(true),
            Visibility::Public => Some(false),
            Visibility::Omitted => None,
        }
    }
}

/// The attributes of a collection, to create one or to change one.
///
/// What is not set is not sent: an update changes only what it names.
///
/// ```
/// use iocpack::payload::Collection;
/// use iocpack::{IndicatorSet, Scanner};
///
/// let text = "This is a text containing an IoC, evil[.]example";
/// let set: IndicatorSet = Scanner::new().find_iter(text).collect();
/// let request = Collection::new()
///     .name("Campaign 7")
///     .description("Phishing wave")
///     .create(&set)
///     .unwrap();
/// assert_eq!(request.path, "/collections");
/// assert_eq!(
///     request.body.unwrap(),
///     concat!(
///         r#"{"data":{"type":"collection","attributes":{"#,
///         r#""name":"Campaign 7","description":"Phishing wave","#,
///         r#""private":true},"relationships":{"domains":{"data":["#,
///         r#"{"type":"domain","id":"evil.example"}]}}}}"#,
///     ),
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) visibility: Option<Visibility>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) alt_names: Option<Vec<String>>,
}

impl Collection {
    /// No attribute is set.
    #[must_use]
    pub fn new() -> Collection {
        Collection::default()
    }

    /// The name. Creating needs one that is not blank.
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        self.name = Some(name.into());
        self
    }

    /// The description. Creating needs one that is not blank.
    pub fn description(&mut self, text: impl Into<String>) -> &mut Self {
        self.description = Some(text.into());
        self
    }

    /// Whether others may see it. A new collection is private if this is not
    /// set; an update leaves it as it is.
    pub fn visibility(&mut self, visibility: Visibility) -> &mut Self {
        self.visibility = Some(visibility);
        self
    }

    /// The tags. Whether an update replaces those that are there or adds to
    /// them is not documented; nor is it that creating takes any.
    pub fn tags<T: Into<String>>(
        &mut self,
        tags: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    /// Other names, as with [`tags`](Collection::tags).
    pub fn alt_names<T: Into<String>>(
        &mut self,
        names: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.alt_names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Whether no attribute is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Collection::new()
    }

    /// What is unusual about the attributes, and sent all the same: no limit
    /// is documented.
    ///
    /// ```
    /// use iocpack::payload::Collection;
    ///
    /// let mut collection = Collection::new();
    /// collection.name("x".repeat(256));
    /// let warnings = collection.warnings();
    /// assert_eq!(
    ///     warnings[0].to_string(),
    ///     "name: 256 characters, more than 255",
    /// );
    /// ```
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let long = |attribute, value: &Option<String>, limit| {
            let chars = value.as_ref()?.chars().count();
            (chars > limit).then_some(Warning { attribute, chars, limit })
        };
        let name = long("name", &self.name, 255);
        let text = long("description", &self.description, 10_000);
        name.into_iter().chain(text).collect()
    }

    /// The request that makes this collection with every item of a set, with
    /// the default [`Options`] and in one piece.
    ///
    /// For a large set, or for items that may have to be held, make a
    /// [`Plan`].
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) for a missing or blank name or
    /// description, an empty set, or an item that cannot be sent;
    /// [`is_limit`](Error::is_limit) if the body would be longer than 30 MiB.
    pub fn create(&self, set: &IndicatorSet) -> Result<Request, Error> {
        let plan = Plan::create(self, set, &whole())?;
        if plan.is_empty() && plan.holds().next().is_none() {
            return Err(Error::argument(
                "create: expected at least one item, found none",
            ));
        }
        single("create", &plan)
    }

    /// The request that changes the attributes that are set, and adds the
    /// items of a set as text, in one piece.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) for a blank name or description,
    /// for nothing to change, or for an item that cannot be sent;
    /// [`is_limit`](Error::is_limit) if the body would be longer than 30 MiB.
    pub fn update(
        &self,
        id: &CollectionId,
        set: &IndicatorSet,
    ) -> Result<Request, Error> {
        single("update", &Plan::update(self, id, set, &whole())?)
    }

    /// Refuses attributes that are set and blank.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (name, value) in
            [("name", &self.name), ("description", &self.description)]
        {
            if value.as_ref().is_some_and(|it| it.trim().is_empty()) {
                return Err(Error::argument(format!(
                    "{name}: expected some text, found blanks only"
                )));
            }
        }
        Ok(())
    }

    /// Refuses what a new collection must not lack.
    pub(super) fn check_new(&self) -> Result<(), Error> {
        for (name, value) in
            [("name", &self.name), ("description", &self.description)]
        {
            if value.is_none() {
                return Err(Error::argument(format!(
                    "{name}: expected some text, found none"
                )));
            }
        }
        self.check()
    }
}

/// An attribute that is longer than is usual: see [`Collection::warnings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    attribute: &'static str,
    chars: usize,
    limit: usize,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Warning { attribute, chars, limit } = self;
        write!(f, "{attribute}: {chars} characters, more than {limit}")
    }
}

/// The request that adds the items of one relationship; those of other kinds
/// are left.
///
/// ```
/// use iocpack::payload::{self, CollectionId, Relationship};
/// use iocpack::{IndicatorSet, Scanner};
///
/// let id = CollectionId::parse("0f5c").unwrap();
/// let set: IndicatorSet =
///     Scanner::new().find_iter("new[.]example").collect();
/// let request = payload::add(&id, Relationship::Domains, &set).unwrap();
/// assert_eq!(request.path, "/collections/0f5c/domains");
/// assert_eq!(
///     request.body.unwrap(),
///     r#"{"data":[{"type":"domain","id":"new.example"}]}"#,
/// );
/// ```
///
/// # Errors
///
/// [`is_argument`](Error::is_argument) if there is none, or one cannot be
/// sent; [`is_limit`](Error::is_limit) if the body would be longer than 30
/// MiB.
pub fn add(
    id: &CollectionId,
    to: Relationship,
    set: &IndicatorSet,
) -> Result<Request, Error> {
    single("add", &Plan::of_items(Method::Post, id, &[to], set, &whole())?)
}

/// The request that takes the items of one relationship out; those of other
/// kinds are left.
///
/// A `DELETE` with a body: see [`Request`].
///
/// # Errors
///
/// As [`add`].
pub fn remove(
    id: &CollectionId,
    from: Relationship,
    set: &IndicatorSet,
) -> Result<Request, Error> {
    let plan = Plan::of_items(Method::Delete, id, &[from], set, &whole())?;
    single("remove", &plan)
}

/// The request that deletes a collection, for good.
#[must_use]
pub fn delete(id: &CollectionId) -> Request {
    let path = Target::Id(id.clone()).path();
    Request { method: Method::Delete, path, body: None }
}

/// The request that comments on a collection. VirusTotal makes tags of words
/// that start with `#`.
///
/// # Errors
///
/// [`is_argument`](Error::is_argument) if the text is blank.
pub fn comment(id: &CollectionId, text: &str) -> Result<Request, Error> {
    if text.trim().is_empty() {
        return Err(Error::argument(
            "comment: expected some text, found blanks only",
        ));
    }
    let mut body = String::from(wire::frame::COMMENT);
    wire::string(&mut body, text);
    body.push_str(wire::frame::COMMENT_END);
    let path = format!("{ROOT}/{id}/comments");
    Ok(Request { method: Method::Post, path, body: Some(body) })
}

/// Everything in one request, as far as the cap allows.
fn whole() -> Options {
    let mut options = Options::new();
    options.max_items(usize::MAX).max_bytes(Options::BYTES_CAP);
    options
}

/// The only request of a plan that holds nothing back.
fn single(verb: &str, plan: &Plan<'_>) -> Result<Request, Error> {
    if let Some((indicator, hold)) = plan.holds().next() {
        return Err(Error::argument(format!(
            "{verb}: `{}` cannot be sent ({hold})",
            super::request::shown(&indicator.to_string())
        )));
    }
    match plan.len() {
        0 => Err(Error::argument(format!(
            "{verb}: expected at least one item or attribute, found none"
        ))),
        1 => Ok(plan.requests().next().expect("a plan of one request")),
        requests => Err(Error::limit(format!(
            "{verb}: expected one body of at most {} bytes, found enough \
             for {requests}",
            Options::BYTES_CAP
        ))),
    }
}
