//! Sends one request after the other: at its pace, again where that does no
//! harm, and never faster than the server wants.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use super::judge::{Verdict, judge};
use super::pace::{Bucket, day_of, midnight_after};
use super::receipt::Spent;
use super::retry::{Jitter, backoff, retry_after, slow_down};
use super::{
    Clock, Code, Pace, Problem, Response, Retry, SystemClock, Transport,
};
use crate::Error;
use crate::payload::Request;

/// Sends requests through a [`Transport`]: one at a time, at a [`Pace`],
/// and again where that does no harm.
///
/// What adds, removes or reads may be sent again when its answer is lost.
/// What creates a collection or comments on one is sent again only if the
/// server cannot have acted on it.
///
/// ```
/// use std::time::Duration;
///
/// use iocpack::payload::{self, CollectionId, Request};
/// use iocpack::submit::{
///     Client, Pace, Response, Transport, TransportError,
/// };
///
/// struct Fake;
///
/// impl Transport for Fake {
///     fn send(&self, _: &Request) -> Result<Response, TransportError> {
///         Ok(Response::new(404, ""))
///     }
/// }
///
/// let mut client = Client::new(Fake);
/// client.pace(Pace::new(4, Duration::from_secs(60)));
/// let id = CollectionId::parse("0f5c").unwrap();
/// // What is to be deleted and is not there is deleted.
/// assert!(client.call(&payload::delete(&id)).is_ok());
/// ```
pub struct Client<'w, T, C = SystemClock> {
    transport: T,
    clock: C,
    pace: Pace,
    pub(super) retry: Retry,
    bucket: Bucket,
    jitter: Jitter,
    pub(super) spent: Spent,
    stop: Option<Arc<AtomicBool>>,
    watch: Option<Watch<'w>>,
    /// Which request of how many, for those who watch.
    pub(super) place: (usize, usize),
}

type Watch<'w> = Box<dyn FnMut(&Event<'_>) + 'w>;

/// Something that happens while requests are sent, for those who watch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A request is about to be sent.
    Sending {
        /// Its place in the plan, from 0.
        at: usize,
        /// The number of requests of the plan.
        of: usize,
        /// The request.
        request: &'e Request,
        /// From 1; more if it was sent before.
        attempt: u32,
        /// What is left of the day's budget after it, if one is kept.
        left_today: Option<u64>,
    },
    /// A request is done.
    Done {
        /// Its place in the plan, from 0.
        at: usize,
        /// The number of requests of the plan.
        of: usize,
    },
    /// Nothing is sent for a while.
    Waiting {
        /// For how long.
        time: Duration,
        /// What for: the rate, a quota, a failure.
        why: &'e str,
    },
    /// Something that a person should know.
    Warning(&'e str),
}

/// Why sending stopped before everything was done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The key is not accepted, or may not do this (401, 403).
    Denied(Problem),
    /// A quota is used up: the server's (429), or the budget of
    /// [`Pace::daily`]. It may go on at `until`, if that is known.
    Quota {
        /// What the server said last.
        problem: Option<Problem>,
        /// When the quota is new again.
        until: Option<SystemTime>,
    },
    /// Every attempt failed in a way that may pass.
    Transient(String),
    /// A request that must not be sent twice was sent, and its answer is
    /// lost.
    Unknown(String),
    /// The server will not do it (400, 404, 409, a redirect).
    Rejected(Problem),
    /// Somebody wanted to stop: see [`Client::stop_when`].
    Interrupted,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Denied(problem) => write!(f, "not allowed: {problem}"),
            Stop::Quota { problem: Some(problem), .. } => {
                write!(f, "quota used up: {problem}")
            }
            Stop::Quota { problem: None, .. } => {
                f.write_str("the day's budget is used up")
            }
            Stop::Transient(why) => write!(f, "every attempt failed: {why}"),
            Stop::Unknown(why) => {
                write!(f, "sent, but the answer is lost: {why}")
            }
            Stop::Rejected(problem) => write!(f, "rejected: {problem}"),
            Stop::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// What ends a run early inside: a stop is data, an error is not.
#[derive(Debug)]
pub(super) enum Halt {
    Stop(Stop),
    Error(Error),
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Halt {
        Halt::Stop(stop)
    }
}

impl From<Error> for Halt {
    fn from(err: Error) -> Halt {
        Halt::Error(err)
    }
}

/// What is written down about a request while it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// Before each attempt.
    Sending,
    /// The server has not acted on it, with the status if there was one.
    Untouched(Option<u16>),
}

/// Answers.
#[derive(Debug)]
pub(super) enum Answer {
    Done(Response),
    Before(Problem),
}

impl<T: Transport> Client<'_, T> {
    /// Sends through a transport, at the default pace, by the machine's
    /// clock.
    pub fn new(transport: T) -> Self {
        Client::with_clock(transport, SystemClock::new())
    }
}

impl<'w, T: Transport, C: Clock> Client<'w, T, C> {
    /// Sends through a transport, by a clock.
    pub fn with_clock(transport: T, clock: C) -> Self {
        Client {
            transport,
            clock,
            pace: Pace::default(),
            retry: Retry::default(),
            bucket: Bucket::default(),
            jitter: Retry::default().jitter(),
            spent: Spent::default(),
            stop: None,
            watch: None,
            place: (0, 1),
        }
    }

    /// How fast: 4 requests a minute by default.
    pub fn pace(&mut self, pace: Pace) -> &mut Self {
        self.pace = pace;
        self
    }

    /// How often a request is tried: 5 times by default.
    pub fn retry(&mut self, retry: Retry) -> &mut Self {
        self.retry = retry;
        self.jitter = retry.jitter();
        self
    }

    /// Stops when the flag is set: after the request in flight, or within a
    /// quarter of a second while waiting.
    pub fn stop_when(&mut self, flag: Arc<AtomicBool>) -> &mut Self {
        self.stop = Some(flag);
        self
    }

    /// Tells what happens, as it happens.
    pub fn watch(&mut self, watch: impl FnMut(&Event<'_>) + 'w) -> &mut Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// Sends one request, and returns the response of its success. Removing
    /// what is gone, and adding what is there, are successes.
    ///
    /// # Errors
    ///
    /// Why it is not done; [`Stop::Unknown`] if that cannot be told.
    pub fn call(&mut self, request: &Request) -> Result<Response, Stop> {
        match self.send(request, &mut |_, _| Ok(())) {
            Ok(Answer::Done(response)) => Ok(response),
            Ok(Answer::Before(problem)) => {
                Ok(Response::new(problem.status(), ""))
            }
            Err(Halt::Stop(stop)) => Err(stop),
            Err(Halt::Error(_)) => unreachable!("nothing is written down"),
        }
    }

    /// Sends one request; `note` is told before each attempt, and when it is
    /// known that the server did nothing.
    pub(super) fn send(
        &mut self,
        request: &Request,
        note: &mut dyn FnMut(Note, Spent) -> Result<(), Error>,
    ) -> Result<Answer, Halt> {
        let mut slow = Slow::default();
        let mut failures = 0;
        for attempt in 1.. {
            self.wait_for_turn()?;
            self.spend();
            note(Note::Sending, self.spent)?;
            let (at, of) = self.place;
            let left_today = self
                .pace
                .day_budget()
                .map(|it| it.saturating_sub(self.spent.count));
            self.tell(&Event::Sending {
                at,
                of,
                request,
                attempt,
                left_today,
            });
            let is_last = attempt >= self.retry.attempts;
            match judge(request, self.transport.send(request)) {
                Verdict::Done(response) => return Ok(Answer::Done(response)),
                Verdict::Before(problem) => {
                    return Ok(Answer::Before(problem));
                }
                Verdict::Slow(problem, response) => {
                    note(
                        Note::Untouched(Some(response.status())),
                        self.spent,
                    )?;
                    self.slow_down(&mut slow, problem, &response, is_last)?;
                }
                Verdict::Again { why, untouched } => {
                    if untouched {
                        note(Note::Untouched(None), self.spent)?;
                    }
                    if is_last {
                        return Err(Stop::Transient(why).into());
                    }
                    let time = self.jitter.up_to(backoff(failures));
                    failures += 1;
                    self.wait(time, &why)?;
                }
                Verdict::Denied(it) => return Err(Stop::Denied(it).into()),
                Verdict::Rejected(it) => {
                    return Err(Stop::Rejected(it).into());
                }
                Verdict::Unknown(it) => return Err(Stop::Unknown(it).into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Waits after a 429, or stops where waiting a minute did not help.
    fn slow_down(
        &mut self,
        slow: &mut Slow,
        problem: Problem,
        response: &Response,
        is_last: bool,
    ) -> Result<(), Stop> {
        const MINUTE: Duration = Duration::from_mins(1);
        let now = self.clock.elapsed();
        // The quota of a minute is new after a minute; a second refusal then
        // is of the day's or the month's, unless it is about speed alone.
        let about_speed = problem.code().is_some_and(|code| {
            *code == Code::TooManyRequests
                || code.as_str() == "TooManyRequests"
        });
        let first = *slow.first.get_or_insert(now);
        let lasting = now.saturating_sub(first) >= MINUTE && !about_speed;
        let time = response
            .retry_after()
            .and_then(|value| retry_after(value, self.clock.now()))
            .unwrap_or_else(|| slow_down(slow.count));
        slow.count += 1;
        if lasting || is_last {
            let today = self.clock.now();
            let until =
                if lasting { midnight_after(today) } else { today + time };
            let problem = Some(problem);
            return Err(Stop::Quota { problem, until: Some(until) });
        }
        self.wait(time, "quota")
    }

    fn wait_for_turn(&mut self) -> Result<(), Stop> {
        let today = day_of(self.clock.now());
        if self.spent.day == today
            && self.pace.day_budget().is_some_and(|it| self.spent.count >= it)
        {
            let until = Some(midnight_after(self.clock.now()));
            return Err(Stop::Quota { problem: None, until });
        }
        let time = self.bucket.wait(&self.pace, self.clock.elapsed());
        self.wait(time, "rate")
    }

    fn spend(&mut self) {
        self.bucket.take(&self.pace, self.clock.elapsed());
        let day = day_of(self.clock.now());
        if self.spent.day != day {
            self.spent = Spent { day, count: 0 };
        }
        self.spent.count += 1;
    }

    /// Waits, unless somebody wants to stop.
    pub(super) fn wait(
        &mut self,
        time: Duration,
        why: &str,
    ) -> Result<(), Stop> {
        const STEP: Duration = Duration::from_millis(250);
        if time > Duration::ZERO {
            self.tell(&Event::Waiting { time, why });
        }
        let end = self.clock.elapsed() + time;
        loop {
            if self.is_stopped() {
                return Err(Stop::Interrupted);
            }
            let left = end.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                return Ok(());
            }
            self.clock.sleep(left.min(STEP));
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|it| it.load(Ordering::SeqCst))
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        if let Some(watch) = &mut self.watch {
            watch(event);
        }
    }
}

impl<T: fmt::Debug, C: fmt::Debug> fmt::Debug for Client<'_, T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("transport", &self.transport)
            .field("clock", &self.clock)
            .field("pace", &self.pace)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The 429s of one request.
#[derive(Debug, Default)]
struct Slow {
    count: u32,
    first: Option<Duration>,
}
