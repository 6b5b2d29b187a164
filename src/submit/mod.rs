//! Sending, with the feature `submit`: slowly enough, once, and with a record.
//!
//! The only code of this library that opens a socket. A [`Client`] carries
//! the requests of a [`Plan`](crate::payload::Plan) through a [`Transport`]:
//! [`Http`], or one of yours. It keeps a [`Pace`], sends again what does no
//! harm when sent twice, and writes down in a [`Receipt`] what it is about to
//! do and what came of it. With the receipt a run that was interrupted goes
//! on where it ended.
//!
//! A request that creates a collection is sent once. VirusTotal makes the
//! collection's id, and takes no key by which it would know a repetition: if
//! the answer is lost, nobody can tell whether there is a collection now.
//! Such a run stops with [`Stop::Unknown`], and so does each one after it,
//! until somebody settles it: see [`Client::run`].
//!
//! The [`ApiKey`] goes into one header of requests to one host, over TLS
//! (or to this machine). It is never part of a path, an argument, a log, an
//! error or a receipt. This library logs nothing itself; its HTTP client
//! logs under `ureq` and `ureq_proto`, and at the level `TRACE` dumps what is
//! sent and received, items included, but with asterisks in the key's place.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use iocpack::payload::Plan;
//! use iocpack::submit::{
//!     ApiKey, Client, Host, Http, Receipt, ReceiptFile, Settings,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let json = std::fs::read("plan.json")?;
//! let plan = Plan::read(&json)?;
//! let (mut file, receipt) = ReceiptFile::open(Path::new("receipt.json"))?;
//! let mut receipt = receipt.unwrap_or_else(|| Receipt::new(&plan));
//!
//! let key = ApiKey::from_env()?.ok_or("no key in the environment")?;
//! let http = Http::builder(Host::default(), key).build()?;
//! let outcome = Client::new(http).run(
//!     &plan,
//!     &mut receipt,
//!     &mut file,
//!     &Settings::new(),
//! )?;
//! assert_eq!(outcome.stop, None);
//! println!("{}", receipt.link().unwrap_or("no collection was created"));
//! # Ok(())
//! # }
//! ```

mod client;
mod clock;
mod found;
mod host;
mod http;
mod items;
mod judge;
mod key;
mod lookup;
mod pace;
mod problem;
mod pull;
mod quota;
mod receipt;
mod retry;
mod run;
mod settle;
mod store;
mod transport;

pub use self::client::{Client, Event, Stop};
pub use self::clock::{Clock, SystemClock};
pub use self::host::Host;
pub use self::http::{Http, HttpBuilder};
pub use self::key::{ApiKey, KEY_VARIABLES};
pub use self::pace::Pace;
pub use self::problem::{Code, Problem};
pub use self::pull::Pull;
pub use self::quota::{Allowance, Quota};
pub use self::receipt::{Receipt, State};
pub use self::retry::Retry;
pub use self::run::{Outcome, Settings};
pub use self::settle::Shortfall;
pub use self::store::{ReceiptFile, Store};
pub use self::transport::{Response, Transport, TransportError};
