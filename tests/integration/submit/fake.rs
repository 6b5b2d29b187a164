//! A transport without a wire, and a clock without time: faults at will.

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

use iocpack::Error;
use iocpack::payload::Request;
use iocpack::submit::{
    Clock, Receipt, Response, Store, Transport, TransportError,
};

use super::state::VirusTotal;

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// No byte of it leaves.
    Unsent,
    /// It leaves, is not carried out, and there is no answer.
    LostBefore,
    /// It is carried out, and there is no answer.
    LostAfter,
    /// It is carried out; the body of the answer cannot be read.
    BrokenAfter,
    /// It is carried out; the answer is another body.
    BodyAfter(String),
    /// It is not carried out; the answer is a page of somebody between.
    BodyBefore(String),
    /// It is refused.
    Status(u16, &'static str, Option<&'static str>),
    /// It is carried out; the answer says otherwise.
    StatusAfter(u16, &'static str),
}

/// The server, with faults for the requests that are looked at.
pub(crate) struct Fake<'c> {
    pub(crate) server: RefCell<VirusTotal>,
    pub(crate) clock: &'c FakeClock,
    /// Which requests count, and which of them fail, from 0.
    pub(crate) looked_at: fn(&Request) -> bool,
    pub(crate) faults: RefCell<Vec<(usize, Fault)>>,
    pub(crate) seen: Cell<usize>,
    /// When each request came.
    pub(crate) times: RefCell<Vec<Duration>>,
}

impl<'c> Fake<'c> {
    pub(crate) fn new(server: VirusTotal, clock: &'c FakeClock) -> Fake<'c> {
        Fake {
            server: RefCell::new(server),
            clock,
            looked_at: |_| true,
            faults: RefCell::default(),
            seen: Cell::new(0),
            times: RefCell::default(),
        }
    }

    /// Lets the `at`th request fail, from 0.
    pub(crate) fn fail(self, at: usize, fault: Fault) -> Fake<'c> {
        self.faults.borrow_mut().push((at, fault));
        self
    }

    pub(crate) fn creates(&self) -> usize {
        let server = self.server.borrow();
        server.ledger.iter().filter(|it| it.is_create()).count()
    }

    fn handle(&self, request: &Request) -> Response {
        let body = request.body.as_deref().unwrap_or_default();
        let (status, body) = self.server.borrow_mut().handle(
            request.method.as_str(),
            &request.path,
            body,
        );
        Response::new(status, body.to_string())
    }
}

impl Transport for Fake<'_> {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.times.borrow_mut().push(self.clock.elapsed());
        let fault = (self.looked_at)(request)
            .then(|| {
                let at = self.seen.replace(self.seen.get() + 1);
                let faults = self.faults.borrow();
                faults.iter().find(|it| it.0 == at).map(|it| it.1.clone())
            })
            .flatten();
        let lost = Err(TransportError::lost("connection reset"));
        match fault {
            None => Ok(self.handle(request)),
            Some(Fault::Unsent) => {
                Err(TransportError::unsent("connection refused"))
            }
            Some(Fault::LostBefore) => lost,
            Some(Fault::LostAfter) => {
                self.handle(request);
                lost
            }
            Some(Fault::BrokenAfter) => {
                Ok(Response::broken(self.handle(request).status()))
            }
            Some(Fault::BodyAfter(body)) => {
                Ok(Response::new(self.handle(request).status(), body))
            }
            Some(Fault::BodyBefore(body)) => Ok(Response::new(200, body)),
            Some(Fault::Status(status, body, wait)) => {
                let response = Response::new(status, body);
                Ok(match wait {
                    Some(wait) => response.with_retry_after(wait),
                    None => response,
                })
            }
            Some(Fault::StatusAfter(status, body)) => {
                self.handle(request);
                Ok(Response::new(status, body))
            }
        }
    }
}

/// Time that passes when somebody sleeps.
pub(crate) struct FakeClock(Cell<Duration>);

impl FakeClock {
    pub(crate) fn new() -> FakeClock {
        FakeClock(Cell::new(Duration::ZERO))
    }
}

/// Wed, 01 Jul 2026 12:00:00 GMT.
const START: u64 = 1_782_907_200;

impl Clock for FakeClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(START) + self.0.get()
    }

    fn elapsed(&self) -> Duration {
        self.0.get()
    }

    fn sleep(&self, time: Duration) {
        self.0.set(self.0.get() + time);
    }
}

/// Keeps the last receipt as text, as a file would.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) text: Option<String>,
}

impl Store for Memory {
    fn save(&mut self, receipt: &Receipt) -> Result<(), Error> {
        self.text = Some(receipt.to_json());
        Ok(())
    }
}

impl Memory {
    pub(crate) fn receipt(&self) -> Option<Receipt> {
        let text = self.text.as_ref()?;
        Some(Receipt::parse(text.as_bytes()).unwrap())
    }
}
