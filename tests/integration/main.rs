//! Every integration test, in one binary: one module for each theme.

#![allow(clippy::unwrap_used, missing_docs)]
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::format_collect)]

mod cases;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod config;
#[cfg(feature = "cli")]
mod coverage;
mod delta;
mod floors;
mod interchange;
mod laws;
mod lint;
mod payload;
mod plan;
mod policy;
mod raw_items;
#[cfg(feature = "cli")]
mod readme;
mod set;
mod stream;
#[cfg(feature = "submit")]
mod submit;
mod url;
