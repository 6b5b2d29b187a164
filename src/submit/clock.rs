//! Time, as far as sending needs it: replaced in tests, so that none sleeps.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// Tells the time and lets it pass.
pub trait Clock {
    /// The date and time.
    fn now(&self) -> SystemTime;

    /// The time since some moment before, never going back.
    fn elapsed(&self) -> Duration;

    /// Returns after `time` has passed.
    fn sleep(&self, time: Duration);
}

impl<C: Clock + ?Sized> Clock for &C {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }

    fn sleep(&self, time: Duration) {
        (**self).sleep(time);
    }
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Starts now.
    #[must_use]
    pub fn new() -> SystemClock {
        SystemClock(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }
}
