//! Every integration test, in one binary: one module for each theme.

#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
#[cfg(feature = "cli")]
mod cli;
mod floors;
#[cfg(feature = "cli")]
mod readme;
mod stream;
mod url;
