//! iocpack

pub mod error;
pub mod kind;
pub mod payload;
pub mod policy;
pub mod raw_items;
mod refang;
pub mod scan;
pub mod set;
pub mod span;

pub use crate::error::Error;
pub use crate::kind::{
    Certainty, Domain, FileHash, HashKind, Indicator, Invalid, InvalidReason,
    Kind, KindSet, Url, UrlId, parse_ip,
};
pub use crate::policy::{Hold, HoldReason, Policy, PolicyBuilder, Verdict};
pub use crate::refang::{Refanged, refang};
pub use crate::scan::{
    Finding, Match, Rejection, Scanner, ScannerBuilder, Strictness,
};
pub use crate::set::{Counts, Entry, IndicatorSet};
pub use crate::span::Span;

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
