//! iocpack

pub mod error;
pub mod kind;
pub mod span;

pub use crate::error::Error;
pub use crate::kind::{
    Certainty, Domain, FileHash, HashKind, Indicator, Invalid, InvalidReason,
    Kind, KindSet, Url, UrlId, parse_ip,
};
pub use crate::span::Span;
