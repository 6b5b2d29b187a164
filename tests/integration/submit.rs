//! Sending: against a VirusTotal in memory, and on a loopback port.

mod cases;
#[cfg(feature = "cli")]
mod command;
mod crash;
mod fake;
#[cfg(feature = "cli")]
mod hostile;
mod hygiene;
mod matrix;
#[cfg(feature = "cli")]
mod options;
mod receipt;
mod server;
mod state;
mod tls;

use std::collections::BTreeSet;

use iocpack::payload::{Collection, CollectionId, Options, Plan};
use iocpack::{IndicatorSet, Scanner};

/// Names under example.com.
fn names(count: usize) -> IndicatorSet {
    let names: Vec<String> =
        (0..count).map(|n| format!("n{n}.example.com")).collect();
    Scanner::new().find_iter(&names.join("\n")).collect()
}

/// What the server holds of [`names`].
fn held(count: usize) -> BTreeSet<String> {
    (0..count).map(|n| format!("domain:n{n}.example.com")).collect()
}

fn about() -> Collection {
    let mut about = Collection::new();
    about.name("Campaign 7").description("Phishing wave");
    about
}

fn in_chunks_of(count: usize) -> Options {
    let mut options = Options::new();
    options.max_items(count).marker(true);
    options
}

/// A plan that creates, with `requests` requests of two names each.
fn creating(set: &IndicatorSet) -> Plan<'_> {
    Plan::create(&about(), set, &in_chunks_of(2)).unwrap()
}

fn id(text: &str) -> CollectionId {
    CollectionId::parse(text).unwrap()
}
