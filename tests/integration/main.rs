//! Every integration test, in one binary: one module for each theme.

#![allow(clippy::unwrap_used, missing_docs)]
#![allow(clippy::cast_precision_loss, clippy::cast_sign_loss)]
#![allow(clippy::format_collect)]

mod cases;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod config;
mod conformance;
#[cfg(feature = "cli")]
mod coverage;
mod delta;
mod differential;
mod floors;
mod hidden;
mod interchange;
mod laws;
mod lint;
mod output_safety;
mod payload;
mod plan;
mod policy;
mod privacy;
mod raw_items;
#[cfg(feature = "cli")]
mod readme;
mod refang;
#[cfg(feature = "cli")]
mod report;
mod set;
mod stream;
#[cfg(feature = "submit")]
mod submit;
mod supply;
mod targets;
mod url;
mod values;
mod whole;
