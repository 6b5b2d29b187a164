//! Offline extraction of indicators of compromise, and VirusTotal collection
//! requests that are ready to send.
//!
//! Raw text in, indicators out: domains, URLs, IP addresses and file hashes,
//! defanged or not. Each is validated, written canonically, and comes with its
//! place in the text; each candidate that is turned down comes with a reason.
//! From a set of them, the bodies of VirusTotal API v3 collection requests.
//!
//! # In two minutes
//!
//! ```
//! use iocpack::payload::Collection;
//! use iocpack::{IndicatorSet, Policy, Scanner, Verdict};
//!
//! let report = "Grey Heron calls hxxps://login[.]example[.]com/a?b=1,
//!     resolves cdn.example.net and falls back to 9.9.9.9 or 192.168.7.1.";
//!
//! let mut set = IndicatorSet::new();
//! for found in Scanner::new().find_iter(report) {
//!     assert_eq!(&report.as_bytes()[found.span().range()], found.raw());
//!     set.insert_match(&found);
//! }
//! assert_eq!(set.len(), 4);
//!
//! // What must not leave the house is held, with a reason.
//! let policy = Policy::default();
//! set.retain(|it| matches!(policy.judge(it), Verdict::Keep));
//! assert_eq!(set.len(), 3);
//!
//! let mut collection = Collection::new();
//! collection.name("Grey Heron").description("An invented campaign");
//! let request = collection.create(&set)?;
//! assert_eq!(request.path, "/collections");
//! # Ok::<(), iocpack::Error>(())
//! ```
//!
//! # The flow
//!
//! [`Scanner`] finds [`Match`]es, which borrow from the text, and
//! [`Rejection`]s. An [`IndicatorSet`] owns [`Indicator`]s, each once, with
//! counts. A [`Policy`] judges them. [`payload`] packs them into requests and
//! plans; [`raw_items`] says of a bulk text, line by line, what would become
//! of it.
//!
//! # Why not a regex?
//!
//! Because the question is not where a dot stands but what was meant, and that
//! is answered by the text around it. And because the natural pattern for all
//! kinds at once takes quadratic time on hostile text, as iterating over
//! matches of a regular expression may; here every text takes linear time.
//!
//! # Many threads
//!
//! A [`Scanner`] is shared by reference. Many texts: one thread each, and
//! [`IndicatorSet::merge`] in their order. One large text: parts of it, from
//! [`border`](Scanner::border) to border, which have the findings of the whole:
//!
//! ```
//! use iocpack::{IndicatorSet, Scanner, Span};
//!
//! let text = "c2.example.net\n".repeat(1000);
//! let scanner = Scanner::new();
//! let middle = Scanner::border(&text, text.len() / 2);
//! let parts = [
//!     Span { start: 0, end: middle },
//!     Span { start: middle, end: text.len() },
//! ];
//! let mut all = IndicatorSet::new();
//! std::thread::scope(|scope| {
//!     let threads = parts.map(|part| {
//!         let (scanner, text) = (&scanner, &text);
//!         scope.spawn(move || {
//!             let mut set = IndicatorSet::new();
//!             for found in scanner.find_iter_in(text, part) {
//!                 set.insert_match(&found);
//!             }
//!             set
//!         })
//!     });
//!     for thread in threads {
//!         all.merge(thread.join().expect("scanning does not panic"));
//!     }
//! });
//! assert_eq!(all.iter().next().unwrap().count(), 1000);
//! ```
//!
//! # Promises
//!
//! Each has a test.
//!
//! 1. Every byte string is accepted. Nothing panics or recurses on input
//!    depth; time is linear in the input, and memory is bounded by what is
//!    kept, not by what is read.
//! 2. `text[span] == raw`; spans of matches are ordered and disjoint; a
//!    canonical text scans back to the same indicator.
//! 3. Nothing vanishes: a candidate becomes a match or a rejection with a
//!    reason, an indicator is sent or held with a reason.
//! 4. The same input and options give the same bytes: stable order, no clock,
//!    no randomness.
//! 5. Nothing opens a socket unless the feature `submit` is compiled in and
//!    called. A key is never printed, logged, or put in a path.
//! 6. A collection is never created twice, and a submission that was
//!    interrupted resumes without losing or doubling an item.
//!
//! Not promised: that a match is malicious, live, or known to VirusTotal.
//!
//! # Features
//!
//! None is on by default.
//!
//! - `serde`: `Serialize` and `Deserialize` for the value types.
//! - `cli`: the `iocpack` command.
//! - `submit`: sending plans to VirusTotal, and with `cli` the commands
//!   `submit`, `pull`, `comment` and `delete`.

mod error;
pub mod kind;
mod limits;
pub mod payload;
pub mod policy;
pub mod raw_items;
mod refang;
pub mod scan;
mod set;
mod span;
#[cfg(feature = "submit")]
pub mod submit;

pub use crate::error::Error;
pub use crate::kind::{
    Certainty, Domain, FileHash, HashKind, Indicator, Invalid, InvalidReason,
    Kind, KindSet, Url, UrlId, parse_ip,
};
pub use crate::limits::Limits;
pub use crate::policy::{Hold, HoldReason, Policy, PolicyBuilder, Verdict};
pub use crate::refang::{Refanged, refang};
pub use crate::scan::{
    Finding, Flags, Match, Reason, Rejection, Scanner, ScannerBuilder,
    Strictness,
};
pub use crate::set::{Counts, Entry, IndicatorSet};
pub use crate::span::Span;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
