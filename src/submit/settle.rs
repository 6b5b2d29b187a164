//! After a lost answer: is the collection there? And at the end: is all of it
//! there?

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::client::{Answer, Halt};
use super::found::{self, Found};
use super::items::{Tally, place};
use super::run::Run;
use super::{Clock, Event, Stop, Transport};
use crate::payload::{CollectionId, Method, Plan, Relationship, Request};

/// Items that were sent and are not counted.
///
/// VirusTotal names no item that it drops: its counters are the only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shortfall {
    /// Of which kind.
    pub relationship: Relationship,
    /// How many were sent.
    pub sent: u64,
    /// How many the collection counts.
    pub counted: u64,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortfall { relationship, sent, counted } = self;
        let short = sent - counted;
        write!(
            f,
            "{relationship}: {sent} sent, {counted} counted, {short} short"
        )
    }
}

/// Counters may lag behind what they count.
const LAG: Duration = Duration::from_secs(10);

/// What is looked for.
#[derive(Deserialize)]
struct Wanted {
    data: WantedData,
}

#[derive(Deserialize)]
struct WantedData {
    attributes: WantedAttributes,
}

#[derive(Deserialize)]
struct WantedAttributes {
    name: String,
    description: String,
}

impl WantedAttributes {
    fn is(&self, found: &Found) -> bool {
        let description = found.description.as_deref().unwrap_or_default();
        let same = match marker(&self.description) {
            Some(marker) => description.contains(marker),
            None => description == self.description,
        };
        same && found.name.as_deref() == Some(&self.name)
    }
}

/// `iocpack:` and 16 hex digits.
fn marker(description: &str) -> Option<&str> {
    const MARK: &str = "iocpack:";
    description.match_indices(MARK).find_map(|(at, _)| {
        let end = at + MARK.len() + 16;
        let text = description.get(at..end)?;
        let mut digits = text[MARK.len()..].bytes();
        digits.all(|b| b.is_ascii_hexdigit()).then_some(text)
    })
}

impl<T: Transport, C: Clock> Run<'_, '_, T, C> {
    /// Looks for the collection that a lost request may have created. `Err`
    /// inside says why there is no answer.
    pub(super) fn reconcile(
        &mut self,
        create: &Request,
    ) -> Result<Result<CollectionId, String>, Halt> {
        let body = create.body.as_deref().unwrap_or_default();
        let Ok(Wanted { data }) = serde_json::from_str(body) else {
            return Ok(Err("the request has no name to look for".into()));
        };
        let wanted = data.attributes;
        let name = wanted.name.replace(['"', '\\'], " ");
        let filter = found::query(&format!(
            "collection_type:collection name:\"{}\"",
            name.trim()
        ));
        let mut paths = vec![format!("/collections?filter={filter}&")];
        if let Some(user) = &self.settings.user {
            let user = found::query(user);
            paths.push(format!("/users/{user}/collections?"));
        }
        let mut why = String::new();
        for path in paths {
            match self.search(&path, &wanted) {
                Ok(ids) => match ids.as_slice() {
                    [id] => return Ok(Ok(id.clone())),
                    [] => why = "no such collection is listed".into(),
                    [first, second, ..] => {
                        why = format!(
                            "several collections have its name and its \
                             marker, such as {first} and {second}"
                        );
                        break;
                    }
                },
                Err(Halt::Stop(Stop::Denied(problem))) => {
                    why = format!("the key may not list: {problem}");
                }
                Err(halt) => return Err(halt),
            }
        }
        Ok(Err(why))
    }

    fn search(
        &mut self,
        path: &str,
        wanted: &WantedAttributes,
    ) -> Result<Vec<CollectionId>, Halt> {
        /// Newest first: what was lost just now is on the first of them.
        const MOST_PAGES: usize = 25;
        let mut ids = Vec::new();
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let path = format!("{path}order=creation_date-&limit=40{cursor}");
            let body = self.get(path)?;
            let Some(page) = found::collections(&body) else { break };
            let here = page.items.into_iter().filter(|it| wanted.is(it));
            ids.extend(here.map(|it| it.id));
            match page.cursor {
                Some(next) => {
                    cursor = format!("&cursor={}", found::query(&next));
                }
                None => break,
            }
        }
        Ok(ids)
    }

    /// Compares the counters of a collection that the plan created with what
    /// the plan sent.
    pub(super) fn verify(&mut self, plan: &Plan<'_>) -> Vec<Shortfall> {
        let Some(id) = self.collection() else { return Vec::new() };
        if self.settings.no_verify {
            return Vec::new();
        }
        let mut tally = Tally::default();
        for request in plan.requests() {
            if request.method == Method::Delete {
                // What was added may have been taken out again.
                return Vec::new();
            }
            tally.add(&request);
        }
        let mut sent = tally.counts;
        for name in self.receipt.requests.iter().flat_map(|it| &it.left_out) {
            let of = name.split(':').next().unwrap_or_default();
            if let Some(of) = Relationship::from_name(of) {
                sent[place(of)] = sent[place(of)].saturating_sub(1);
            }
        }
        // Answers to requests that add carry no counters.
        if plan.len() > 1 || self.reply.is_none() {
            self.read_again(&id);
        }
        if self.shortfalls(&sent).is_empty() {
            return Vec::new();
        }
        match self.client.wait(LAG, "counters that may lag") {
            Ok(()) => self.read_again(&id),
            // Everything is sent: no reason to end otherwise.
            Err(_) => return self.shortfalls(&sent),
        }
        self.shortfalls(&sent)
    }

    fn shortfalls(&self, sent: &[u64; 4]) -> Vec<Shortfall> {
        let Some(found) = &self.reply else { return Vec::new() };
        let short = |of: Relationship| {
            let (sent, counted) = (sent[place(of)], found.count(of)?);
            (counted < sent).then_some(Shortfall {
                relationship: of,
                sent,
                counted,
            })
        };
        Relationship::ALL.into_iter().filter_map(short).collect()
    }

    fn read_again(&mut self, id: &CollectionId) {
        // Everything is sent: not worth minutes of waiting.
        let retry = self.client.retry;
        self.client.retry = retry.attempts(retry.attempts.min(2));
        let result = self.get(format!("/collections/{id}"));
        self.client.retry = retry;
        match result {
            Ok(body) => self.reply = Found::read(&body),
            Err(halt) => {
                let why = match halt {
                    Halt::Stop(stop) => stop.to_string(),
                    Halt::Error(err) => err.to_string(),
                };
                let text = format!("the counters were not read: {why}");
                self.client.tell(&Event::Warning(&text));
            }
        }
    }

    fn get(&mut self, path: String) -> Result<Vec<u8>, Halt> {
        let request = Request { method: Method::Get, path, body: None };
        match self.client.send(&request, &mut |_, _| Ok(()))? {
            Answer::Done(response) => Ok(response.body().to_vec()),
            Answer::Before(_) => Ok(Vec::new()),
        }
    }
}
