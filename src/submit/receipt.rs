//! What has been sent, and what came of it: one file for each plan.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::payload::{CollectionId, Plan, Request};

/// The state of one request.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum State {
    /// Not sent, or refused by the server before it did anything.
    #[default]
    Planned,
    /// Being sent: written before, so that a crash leaves this behind.
    Sent,
    /// Done.
    Ok,
    /// Rejected by the server.
    Failed,
    /// Sent, and nobody knows whether it was done. Only of requests that must
    /// not be sent twice.
    Unknown,
}

impl State {
    /// `planned`, `sent`, `ok`, `failed` or `unknown`, as receipts write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Sent => "sent",
            State::Ok => "ok",
            State::Failed => "failed",
            State::Unknown => "unknown",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One request of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) state: State,
    /// The last status that came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) attempts: u32,
    /// SHA-256 of each item that the server rejected and that was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The requests of one day, UTC, for the budget of [`Pace`](super::Pace).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize,
)]
pub(super) struct Spent {
    /// Days since 1970.
    pub(super) day: u64,
    pub(super) count: u64,
}

/// What has been sent of a plan, and what came of it.
///
/// It holds neither the key nor any item: requests are told by their place in
/// the plan, the plan by a digest over all its requests. It is stored by a
/// [`Store`](super::Store) before and after each request, so that whoever is
/// interrupted goes on where it ended, and a collection is never created
/// twice.
///
/// ```
/// use iocpack::payload::{Collection, Options, Plan};
/// use iocpack::submit::{Receipt, State};
/// use iocpack::{IndicatorSet, Scanner};
///
/// let set: IndicatorSet =
///     Scanner::new().find_iter("evil[.]example").collect();
/// let mut about = Collection::new();
/// about.name("Campaign 7").description("Phishing wave");
/// let plan = Plan::create(&about, &set, &Options::new()).unwrap();
///
/// let receipt = Receipt::new(&plan);
/// assert_eq!(receipt.states().collect::<Vec<_>>(), [State::Planned]);
/// let again = Receipt::parse(receipt.to_json().as_bytes()).unwrap();
/// assert!(again.is_of(&plan));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    iocpack: Head,
    collection: Option<String>,
    link: Option<String>,
    #[serde(default)]
    pub(super) spent: Spent,
    pub(super) requests: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    version: String,
    /// SHA-256 over the requests, hex.
    plan: String,
    /// The digest of the items, as the plan tells it.
    digest: String,
}

impl Receipt {
    /// The receipt of a plan of which nothing has been sent.
    #[must_use]
    pub fn new(plan: &Plan<'_>) -> Receipt {
        Receipt {
            iocpack: Head {
                version: env!("CARGO_PKG_VERSION").into(),
                plan: fingerprint(plan),
                digest: plan.digest().into(),
            },
            collection: None,
            link: None,
            spent: Spent::default(),
            requests: vec![Record::default(); plan.len()],
        }
    }

    /// Reads a receipt. Any bytes are read or refused: one that was torn is
    /// refused, since it cannot tell what was sent.
    ///
    /// # Errors
    ///
    /// [`is_syntax`](Error::is_syntax) if it is no receipt.
    pub fn parse(json: &[u8]) -> Result<Receipt, Error> {
        let receipt: Receipt = serde_json::from_slice(json)
            .map_err(|err| Error::syntax(format!("receipt: {err}")))?;
        if let Some(id) = &receipt.collection {
            CollectionId::parse(id)
                .map_err(|err| Error::syntax(format!("receipt: {err}")))?;
        }
        Ok(receipt)
    }

    /// The receipt as JSON, with a line for each request.
    ///
    /// # Panics
    ///
    /// Never: every value of a receipt can be written as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = format!(
            "{{\"iocpack\":{},\n\"collection\":{},\n\"link\":{},\n\
             \"spent\":{},\n\"requests\":[",
            text(&self.iocpack),
            text(&self.collection),
            text(&self.link),
            text(&self.spent),
        );
        for (at, record) in self.requests.iter().enumerate() {
            out.push_str(if at > 0 { ",\n" } else { "\n" });
            out.push_str(&text(record));
        }
        out.push_str("\n]}\n");
        out
    }

    /// Whether it is the receipt of this plan: of the same requests, byte for
    /// byte.
    #[must_use]
    pub fn is_of(&self, plan: &Plan<'_>) -> bool {
        self.requests.len() == plan.len()
            && self.iocpack.plan == fingerprint(plan)
    }

    /// Whether every request is done.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.requests.iter().all(|it| it.state == State::Ok)
    }

    /// The state of each request, in the order of the plan.
    #[must_use]
    pub fn states(&self) -> impl ExactSizeIterator<Item = State> + '_ {
        self.requests.iter().map(|it| it.state)
    }

    /// How many items the server rejected and bisecting left out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.requests.iter().map(|it| it.left_out.len()).sum()
    }

    /// The collection that the plan created, once its id is known.
    #[must_use]
    pub fn collection(&self) -> Option<CollectionId> {
        CollectionId::parse(self.collection.as_deref()?).ok()
    }

    /// Where people look at the collection that the plan created.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// Takes a collection for the one that the lost request created: to be
    /// told by the person who has looked.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) if no creation is in doubt.
    pub fn adopt(&mut self, id: &CollectionId) -> Result<(), Error> {
        let Some(first) = self.requests.first() else {
            return Err(Error::argument("receipt: no request to settle"));
        };
        if self.collection.is_some()
            || matches!(first.state, State::Ok | State::Planned)
        {
            return Err(Error::argument(
                "receipt: expected a creation that is in doubt, found one \
                 that is settled",
            ));
        }
        self.settle(0, id);
        Ok(())
    }

    /// The collection that a request in doubt created is known.
    pub(super) fn settle(&mut self, at: usize, id: &CollectionId) {
        // Rejected before: it was being cut in pieces, and only one of them
        // may be in. All are added again, which does no harm.
        let record = &mut self.requests[at];
        record.state = match record.status {
            Some(400) => State::Sent,
            _ => State::Ok,
        };
        self.set_collection(id);
    }

    pub(super) fn set_collection(&mut self, id: &CollectionId) {
        self.collection = Some(id.to_string());
        self.link = Some(format!(
            "https://www.virustotal.com/gui/collection/{id}/iocs"
        ));
    }
}

/// Compact JSON.
fn text(part: &impl Serialize) -> String {
    serde_json::to_string(part)
        .expect("a receipt holds texts and numbers only")
}

/// SHA-256 over every request, each part with its length.
fn fingerprint(plan: &Plan<'_>) -> String {
    let mut hash = Sha256::new();
    for Request { method, path, body } in plan.requests() {
        for part in [method.as_str(), &path, body.as_deref().unwrap_or("null")]
        {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hex(&hash.finalize())
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
