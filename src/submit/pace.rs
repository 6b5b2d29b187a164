//! How fast, and how much a day.

use std::time::{Duration, SystemTime};

/// How many requests in which time: a token bucket, and a budget for the day.
///
/// The default is what VirusTotal grants everybody: 4 a minute, here evenly
/// spaced. No budget for the day is kept unless one is set, since contracts
/// differ.
///
/// ```
/// use std::time::Duration;
///
/// use iocpack::submit::Pace;
///
/// assert_eq!(Pace::default().interval(), Duration::from_secs(15));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    interval: Duration,
    burst: u32,
    daily: Option<u64>,
}

impl Pace {
    /// `count` requests in each `time`, evenly spaced. A count of 0 counts as
    /// 1.
    #[must_use]
    pub fn new(count: u32, time: Duration) -> Pace {
        Pace { interval: time / count.max(1), burst: 1, daily: None }
    }

    /// The same, with up to `count` requests at once after a rest.
    #[must_use]
    pub fn burst(mut self, count: u32) -> Pace {
        self.burst = count.max(1);
        self
    }

    /// The same, with at most `count` requests between midnights UTC.
    #[must_use]
    pub fn daily(mut self, count: u64) -> Pace {
        self.daily = Some(count);
        self
    }

    /// The time between two requests.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// The most requests of a day, if a budget is kept.
    #[must_use]
    pub fn day_budget(&self) -> Option<u64> {
        self.daily
    }
}

impl Default for Pace {
    fn default() -> Pace {
        Pace::new(4, Duration::from_mins(1))
    }
}

/// A token bucket in use (as GCRA: one time instead of a level).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    /// When the bucket will be full, by [`Clock::elapsed`](super::Clock).
    full_at: Duration,
}

impl Bucket {
    /// How long to wait for a token; nothing if one is there.
    pub(super) fn wait(self, pace: &Pace, now: Duration) -> Duration {
        let room = pace.interval * (pace.burst - 1);
        self.full_at.saturating_sub(room).saturating_sub(now)
    }

    /// Takes a token.
    pub(super) fn take(&mut self, pace: &Pace, now: Duration) {
        self.full_at = self.full_at.max(now) + pace.interval;
    }
}

/// Days since 1970, UTC, as quotas count them.
pub(super) fn day_of(now: SystemTime) -> u64 {
    seconds(now) / DAY
}

/// The next 00:00 UTC.
pub(super) fn midnight_after(now: SystemTime) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs((day_of(now) + 1) * DAY)
}

pub(super) const DAY: u64 = 86_400;

pub(super) fn seconds(now: SystemTime) -> u64 {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
