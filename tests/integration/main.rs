//! The library from outside.

#![allow(clippy::unwrap_used, missing_docs)]

mod url;
