//! When to try again, and after how long.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime};

use super::pace::{DAY, seconds};

/// How often a request is tried, and how waiting times are drawn.
///
/// ```
/// use iocpack::submit::Retry;
///
/// let retry = Retry::new().attempts(3).seed(7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    pub(super) attempts: u32,
    seed: Option<u64>,
}

impl Retry {
    /// Five attempts.
    #[must_use]
    pub fn new() -> Retry {
        Retry { attempts: 5, seed: None }
    }

    /// The most attempts of one request; at least one is made.
    #[must_use]
    pub fn attempts(mut self, count: u32) -> Retry {
        self.attempts = count.max(1);
        self
    }

    /// Draws the same waiting times for the same seed, for tests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Retry {
        self.seed = Some(seed);
        self
    }

    pub(super) fn jitter(self) -> Jitter {
        let seed = self.seed.unwrap_or_else(|| RandomState::new().hash_one(0));
        Jitter(seed)
    }
}

impl Default for Retry {
    fn default() -> Retry {
        Retry::new()
    }
}

/// A source of even numbers between 0 and a bound: `SplitMix64` (Steele, Lea,
/// Flood 2014), which is plenty to keep clients from marching in step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jitter(u64);

impl Jitter {
    /// A time between none and `most` (full jitter).
    pub(super) fn up_to(&mut self, most: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let millis = most.as_millis() as u64;
        Duration::from_millis(z % (millis + 1))
    }
}

/// The longest wait after the `n`th failure in a row, counted from 0, that is
/// no quota: 2, 4, 8 … 60 seconds.
pub(super) fn backoff(n: u32) -> Duration {
    Duration::from_secs(2_u64.saturating_pow(n.saturating_add(1)).min(60))
}

/// The wait after the `n`th 429 in a row, counted from 0, where the server
/// names none: VirusTotal advises 30 to 60 seconds.
pub(super) fn slow_down(n: u32) -> Duration {
    const WAITS: [u64; 4] = [60, 60, 120, 240];
    Duration::from_secs(WAITS[(n as usize).min(WAITS.len() - 1)])
}

/// What `retry-after` (RFC 9110, section 10.2.3) asks for, at most an hour;
/// `None` if it is neither seconds nor a date. A date that has passed is no
/// wait.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_hours(1);
    let value = value.trim();
    let is_number =
        !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        // More digits than fit ask for more than an hour as well.
        let wait = value.parse().map_or(LONGEST, Duration::from_secs);
        return Some(wait.min(LONGEST));
    }
    let at = http_date(value)?;
    Some(Duration::from_secs(at.saturating_sub(seconds(now))).min(LONGEST))
}

/// Seconds since 1970 of an HTTP date, in each of the three forms that a
/// recipient must accept (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
        "Nov", "Dec",
    ];
    let (weekday, rest) = match text.split_once(',') {
        Some((weekday, rest)) => (weekday, rest.trim()),
        None => text.split_once(' ')?,
    };
    if !weekday.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let (day, month, year, time) = match words[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT
        // Sun Nov  6 08:49:37 1994
        [day, month, year, time, "GMT"] | [month, day, time, year] => {
            (day, month, year, time)
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        [date, time, "GMT"] => {
            let mut parts = date.split('-');
            let parts = (parts.next()?, parts.next()?, parts.next()?);
            (parts.0, parts.1, parts.2, time)
        }
        _ => return None,
    };
    let month = MONTHS.iter().position(|it| *it == month)? as u64 + 1;
    let day = number(day, 1..=31)?;
    let year = match number(year, 0..=9999)? {
        // Two digits: this century, since nobody asks to wait for 1994.
        short if year.len() == 2 => 2000 + short,
        year if year >= 1970 => year,
        _ => return Some(0),
    };
    let mut parts = time.split(':');
    let hour = number(parts.next()?, 0..=23)?;
    let minute = number(parts.next()?, 0..=59)?;
    let second = number(parts.next()?, 0..=60)?;
    let days = days_before(year, month) + day - 1;
    Some(days * DAY + hour * 3600 + minute * 60 + second)
}

fn number(text: &str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
    let short = (1..=4).contains(&text.len());
    let digits = short && text.bytes().all(|b| b.is_ascii_digit());
    let value = digits.then(|| text.parse().ok()).flatten()?;
    range.contains(&value).then_some(value)
}

/// Days from 1970-01-01 to the first of a month, in the Gregorian calendar.
fn days_before(year: u64, month: u64) -> u64 {
    const BEFORE: [u64; 12] =
        [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year.is_multiple_of(4)
        && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = year - 1;
    let leaps = last / 4 - last / 100 + last / 400;
    // 477 leap days before 1970.
    let years = (year - 1970) * 365 + leaps - 477;
    let in_year = BEFORE[(month - 1) as usize];
    years + in_year + u64::from(leap && month > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_as_each_form_of_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770);
        let wait = |text| retry_after(text, now).map(|it| it.as_secs());
        assert_eq!(wait("7"), Some(7));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(wait("Sun Nov  6 08:49:37 1994"), Some(7));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:00 GMT"), Some(0));
        assert_eq!(wait("Fri, 31 Dec 9999 23:59:59 GMT"), Some(3600));
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:37 GMT"), Some(3600));
        assert_eq!(wait("99999999999999999999999"), Some(3600));
        for bad in
            ["", "-1", "soon", "1.5", "Sun, 06 Nov", "Sun, 40 Nov 1994 0:0:0"]
        {
            assert_eq!(wait(bad), None, "{bad}");
        }
    }

    #[test]
    fn leap_years_are_counted() {
        let days = |text: &str| http_date(text).map(|it| it / DAY);
        assert_eq!(days("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(days("Wed, 01 Mar 2000 00:00:00 GMT"), Some(11_017));
        assert_eq!(days("Mon, 23 Nov 2026 00:00:00 GMT"), Some(20_780));
    }

    #[test]
    fn jitter_stays_within_its_bound_and_repeats_with_its_seed() {
        let draw = |seed| {
            let mut jitter = Retry::new().seed(seed).jitter();
            (0..100).map(|_| jitter.up_to(backoff(9))).collect::<Vec<_>>()
        };
        assert!(draw(1).iter().all(|it| *it <= Duration::from_mins(1)));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
