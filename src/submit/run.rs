//! A plan, sent once: resumed by its receipt, never created twice.

use super::client::{Answer, Halt, Note};
use super::found::Found;
use super::items::Items;
use super::judge::{is_create, is_once};
use super::receipt::Record;
use super::{
    Client, Clock, Event, Receipt, Shortfall, State, Stop, Store, Transport,
};
use crate::Error;
use crate::payload::{CollectionId, Plan, Request};

/// How a plan is sent. The defaults send nothing twice and settle nothing by
/// themselves.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub(super) reconcile: bool,
    pub(super) create_again: bool,
    pub(super) strict: bool,
    pub(super) bisect: Option<u32>,
    pub(super) user: Option<String>,
    pub(super) no_verify: bool,
}

impl Settings {
    /// The defaults.
    #[must_use]
    pub fn new() -> Settings {
        Settings::default()
    }

    /// Whether a creation in doubt is looked for among the collections of
    /// the key's owner, by its name and its marker (or, without one, its
    /// whole description). Not by default: it costs requests, and not every
    /// key may list.
    pub fn reconcile(&mut self, yes: bool) -> &mut Self {
        self.reconcile = yes;
        self
    }

    /// Whether a request in doubt is sent again: after
    /// [`reconcile`](Settings::reconcile) has found nothing, or, without it,
    /// because somebody has looked. Not by default.
    pub fn create_again(&mut self, yes: bool) -> &mut Self {
        self.create_again = yes;
        self
    }

    /// Whether what was gone before it was removed counts as rejected. Not by
    /// default.
    pub fn strict(&mut self, yes: bool) -> &mut Self {
        self.strict = yes;
        self
    }

    /// Looks for the items that make the server reject a request (400), with
    /// at most so many requests more, leaves them out and sends the others.
    /// Not by default.
    ///
    /// One bad item among n takes about 2·log2(n) requests.
    pub fn bisect(&mut self, requests: u32) -> &mut Self {
        self.bisect = Some(requests);
        self
    }

    /// The user whose collections are looked through where the key may not
    /// list all.
    pub fn user(&mut self, name: impl Into<String>) -> &mut Self {
        self.user = Some(name.into());
        self
    }

    /// Whether the collection's counters are compared with the plan; they
    /// are by default, which may cost two requests more.
    pub fn verify(&mut self, yes: bool) -> &mut Self {
        self.no_verify = !yes;
        self
    }
}

/// How sending a plan ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Why it stopped before its end; `None` if every request is done.
    pub stop: Option<Stop>,
    /// The place of the request that it stopped at, from 0.
    pub at: Option<usize>,
    /// Of which items the collection counts fewer than were sent.
    pub shortfalls: Vec<Shortfall>,
}

impl<T: Transport, C: Clock> Client<'_, T, C> {
    /// Sends what the receipt does not say is done, and keeps the receipt
    /// before and after each request.
    ///
    /// A request that creates, and whose answer was lost, is not sent again:
    /// the run stops with [`Stop::Unknown`], now and each time after, until
    /// it is settled: by [`Settings::reconcile`], by [`Receipt::adopt`], or
    /// by [`Settings::create_again`].
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) if the receipt is of another plan;
    /// what the [`Store`] failed with. Why the server would not is in the
    /// [`Outcome`].
    pub fn run(
        &mut self,
        plan: &Plan<'_>,
        receipt: &mut Receipt,
        store: &mut dyn Store,
        settings: &Settings,
    ) -> Result<Outcome, Error> {
        if !receipt.is_of(plan) {
            return Err(Error::argument(
                "receipt: expected the receipt of this plan, found that of \
                 another",
            ));
        }
        if receipt.is_finished() {
            return Ok(Outcome::default());
        }
        self.spent = receipt.spent;
        let mut run =
            Run { client: self, receipt, store, settings, reply: None };
        let result = run.every(plan).map(|()| run.verify(plan));
        match result {
            Ok(shortfalls) => Ok(Outcome { shortfalls, ..Outcome::default() }),
            Err(Halt::Error(err)) => Err(err),
            Err(Halt::Stop(stop)) => {
                let at = receipt.states().position(|it| it != State::Ok);
                Ok(Outcome { stop: Some(stop), at, ..Outcome::default() })
            }
        }
    }
}

/// A run in progress.
pub(super) struct Run<'r, 'w, T, C> {
    pub(super) client: &'r mut Client<'w, T, C>,
    pub(super) receipt: &'r mut Receipt,
    store: &'r mut dyn Store,
    pub(super) settings: &'r Settings,
    /// What the server said last about the collection.
    pub(super) reply: Option<Found>,
}

impl<T: Transport, C: Clock> Run<'_, '_, T, C> {
    fn every(&mut self, plan: &Plan<'_>) -> Result<(), Halt> {
        for (at, request) in plan.requests().enumerate() {
            self.client.place = (at, plan.len());
            if self.receipt.requests[at].state == State::Ok {
                continue;
            }
            if !self.settle(at, &request)? {
                self.one(at, &request)?;
            }
            self.client.tell(&Event::Done { at, of: plan.len() });
        }
        Ok(())
    }

    /// Brings a request that may have been done to a state from which it can
    /// be sent; returns whether it has turned out to be done.
    fn settle(&mut self, at: usize, request: &Request) -> Result<bool, Halt> {
        if !is_once(request) || self.is_being_cut(request) {
            return Ok(false);
        }
        let Record { state, status, .. } = self.receipt.requests[at];
        if state == State::Sent {
            self.set(at, State::Unknown)?;
        }
        let exists = state == State::Failed && status == Some(409);
        let doubtful = matches!(state, State::Sent | State::Unknown);
        if !doubtful && !exists {
            return Ok(false);
        }
        let mut why = String::from("an earlier run ended before the answer");
        if is_create(request) && self.settings.reconcile {
            match self.reconcile(request)? {
                Ok(id) => {
                    self.receipt.settle(at, &id);
                    self.save()?;
                    return Ok(self.receipt.requests[at].state == State::Ok);
                }
                Err(not) => why = not,
            }
        }
        if exists {
            return Ok(false);
        }
        if !self.settings.create_again {
            return Err(Stop::Unknown(why).into());
        }
        self.set(at, State::Planned)?;
        Ok(false)
    }

    /// Whether the collection was created with a part of the items, since
    /// one of them had been rejected.
    fn is_being_cut(&self, request: &Request) -> bool {
        is_create(request) && self.receipt.collection().is_some()
    }

    /// Sends one request until it is done.
    fn one(&mut self, at: usize, request: &Request) -> Result<(), Halt> {
        let request = self.addressed(request)?;
        if self.is_being_cut(&request) {
            return self.bisect(at, &request);
        }
        match self.deliver(at, &request) {
            Ok(()) => self.set(at, State::Ok),
            Err(Halt::Stop(Stop::Rejected(problem)))
                if problem.status() == 400
                    && self.settings.bisect.is_some()
                    && Items::of(&request).is_some_and(|it| it.len() > 1) =>
            {
                self.bisect(at, &request)
            }
            Err(halt) => {
                self.stopped(at, &halt)?;
                Err(halt)
            }
        }
    }

    /// Writes down how a request ended that is not done.
    fn stopped(&mut self, at: usize, halt: &Halt) -> Result<(), Halt> {
        let (state, status) = match halt {
            Halt::Stop(Stop::Denied(it) | Stop::Rejected(it)) => {
                (State::Failed, Some(it.status()))
            }
            Halt::Stop(Stop::Unknown(_)) => (State::Unknown, None),
            _ => return Ok(()),
        };
        let record = &mut self.receipt.requests[at];
        record.status = status.or(record.status);
        self.set(at, state)
    }

    /// Sends a request, or a part of one, with a note before and after.
    fn deliver(&mut self, at: usize, request: &Request) -> Result<(), Halt> {
        let Run { client, receipt, store, .. } = self;
        let answer = client.send(request, &mut |note, spent| {
            let record = &mut receipt.requests[at];
            match note {
                Note::Sending => {
                    record.state = State::Sent;
                    record.attempts = record.attempts.saturating_add(1);
                }
                Note::Untouched(status) => {
                    record.state = State::Planned;
                    record.status = status.or(record.status);
                }
            }
            receipt.spent = spent;
            store.save(receipt)
        })?;
        let response = match answer {
            Answer::Done(response) => response,
            Answer::Before(problem) if self.settings.strict => {
                return Err(Stop::Rejected(problem).into());
            }
            Answer::Before(problem) => {
                let record = &mut self.receipt.requests[at];
                record.status = Some(problem.status());
                let text = format!("request {}: {problem}", at + 1);
                self.client.tell(&Event::Warning(&text));
                return Ok(());
            }
        };
        self.receipt.requests[at].status = Some(response.status());
        let found = Found::read(response.body());
        if is_create(request) {
            // Done, but nobody can tell what: to be found by its marker.
            let Some(found) = &found else {
                let why = format!(
                    "{} without the id of a collection",
                    response.status()
                );
                return Err(Stop::Unknown(why).into());
            };
            self.receipt.set_collection(&found.id);
        }
        self.reply = found.or(self.reply.take());
        Ok(())
    }

    /// Cuts a rejected request in halves until what is rejected is alone,
    /// and leaves that out.
    ///
    /// A request that creates stays `sent` until all its items are settled;
    /// with the collection's id in the receipt that means: some are in, the
    /// others are to be added.
    fn bisect(&mut self, at: usize, whole: &Request) -> Result<(), Halt> {
        let Some(items) = Items::of(whole) else {
            return self.set(at, State::Ok);
        };
        self.receipt.requests[at].left_out.clear();
        let mut calls = self.settings.bisect.unwrap_or(8);
        let middle = items.len() / 2;
        let mut open = vec![middle..items.len(), 0..middle];
        while let Some(range) = open.pop() {
            let created = self.receipt.collection();
            for part in items.part(whole, range.clone(), created.as_ref()) {
                if calls == 0 {
                    let why = format!(
                        "request {} is still rejected after the requests \
                         that bisecting may take",
                        at + 1
                    );
                    return Err(Stop::Transient(why).into());
                }
                calls -= 1;
                match self.deliver(at, &part) {
                    Ok(()) => self.set(at, State::Sent)?,
                    Err(Halt::Stop(Stop::Rejected(problem)))
                        if problem.status() == 400 =>
                    {
                        // Nothing of it was done: it may be created again.
                        let created = self.receipt.collection().is_some();
                        let state = if is_create(whole) && !created {
                            State::Failed
                        } else {
                            State::Sent
                        };
                        if range.len() == 1 {
                            let name = items.name(range.start);
                            let text = format!(
                                "request {}: item {} is rejected and left \
                                 out: {problem}",
                                at + 1,
                                range.start + 1
                            );
                            self.client.tell(&Event::Warning(&text));
                            self.receipt.requests[at].left_out.push(name);
                        } else {
                            let middle = range.start + range.len() / 2;
                            open.push(middle..range.end);
                            open.push(range.start..middle);
                        }
                        self.set(at, state)?;
                        // The halves bring what this part had, whatever else
                        // was to be added with it.
                        break;
                    }
                    Err(halt) => {
                        self.stopped(at, &halt)?;
                        return Err(halt);
                    }
                }
            }
        }
        if is_create(whole) && self.receipt.collection().is_none() {
            let why = "every item of the first request is rejected";
            self.set(at, State::Failed)?;
            return Err(Stop::Transient(why.into()).into());
        }
        self.set(at, State::Ok)
    }

    /// The request with the id of the collection in its path.
    fn addressed(&self, request: &Request) -> Result<Request, Halt> {
        let mut request = request.clone();
        if !request.path.contains("{id}") {
            return Ok(request);
        }
        let Some(id) = self.receipt.collection() else {
            return Err(Error::syntax(
                "receipt: expected the id of the collection that was \
                 created, found none",
            )
            .into());
        };
        request.path = request.path.replacen("{id}", id.as_str(), 1);
        Ok(request)
    }

    fn set(&mut self, at: usize, state: State) -> Result<(), Halt> {
        self.receipt.requests[at].state = state;
        self.save()
    }

    fn save(&mut self) -> Result<(), Halt> {
        self.receipt.spent = self.client.spent;
        Ok(self.store.save(self.receipt)?)
    }

    /// The collection of this run, if it created one.
    pub(super) fn collection(&self) -> Option<CollectionId> {
        self.receipt.collection()
    }
}
