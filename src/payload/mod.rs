//! From a set of indicators to requests that VirusTotal accepts.
//!
//! A [`Request`] is plain data: method, path, body. For one collection and a
//! set that fits in one request there are [`Collection::create`],
//! [`Collection::update`], [`add`], [`remove`], [`delete`] and [`comment`].
//! For any set there is [`Plan`], which cuts it into requests, tells what they
//! cost, and writes them to a file.
//!
//! Bodies hold canonical items only, each once, and are the same bytes for
//! the same set and [`Options`]. What cannot or shall not be sent is held with
//! a reason ([`Plan::holds`]), never dropped.
//!
//! [`interchange`] writes a set for other tools: STIX 2.1, MISP, CSV.
//!
//! What is refused: blank names and descriptions, ids that would change a
//! path, bodies over 30 MiB. Judging whether an item is fit to be published is
//! not done here.

mod collection;
mod delta;
mod held;
pub mod interchange;
mod lint;
mod options;
mod plan;
mod relationship;
mod request;
mod wire;

pub use self::collection::{
    Collection, Visibility, Warning, add, comment, delete, remove,
};
pub use self::delta::{Delta, Uncertain, delta};
pub use self::held::{Held, Unread};
pub use self::lint::{
    LintFinding, LintReason, LintReport, Purpose, lint, lint_as,
};
pub use self::options::{Hold, Ipv6, ItemForm, Options, Order, UrlForm};
use self::plan::Selection;
pub use self::plan::{Plan, Requests};
pub use self::relationship::Relationship;
pub use self::request::{CollectionId, Method, Request};
