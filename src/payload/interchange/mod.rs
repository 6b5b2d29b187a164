//! A set for other tools: a STIX 2.1 bundle, a MISP event, a CSV table.
//!
//! Each is written item by item, sorted by type and canonical form, and the
//! same bytes for the same set and arguments: ids are version 5 UUIDs of what
//! they name, and times are the caller's. The same indicator has the same id
//! in every bundle, and in every event of the same title, so that importing
//! twice makes no duplicates.
//!
//! What people get wrong: an export says that something was written in a
//! text, not that it is malicious.

mod csv;
mod misp;
mod stix;
mod uuid;

use std::io::{self, Write as _};

pub use self::csv::{csv, csv_field};
pub use self::misp::misp;
pub use self::stix::stix;
use super::Selection;
use crate::set::Entry;
use crate::{Error, IndicatorSet};

/// A time in seconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
///
/// Nothing here looks at a clock. Where no time is meaningful, the default
/// stands for none: the first second of 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last second of the year 9999, after which four digits do not hold
    /// a year.
    const LAST: u64 = 253_402_300_799;

    /// A time.
    ///
    /// # Errors
    ///
    /// [`is_argument`](Error::is_argument) past the year 9999.
    pub fn from_unix(seconds: u64) -> Result<Timestamp, Error> {
        if seconds > Timestamp::LAST {
            return Err(Error::argument(format!(
                "timestamp: expected a time before the year 10000, found \
                 {seconds} seconds"
            )));
        }
        Ok(Timestamp(seconds))
    }

    /// The seconds.
    #[must_use]
    pub fn as_unix(self) -> u64 {
        self.0
    }

    /// `2031-04-05`, in UTC.
    fn date(self) -> String {
        let (year, month, day) = civil(self.0 / 86_400);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2031-04-05T10:42:07.000Z`, as STIX writes it.
    fn rfc3339(self) -> String {
        let second = self.0 % 86_400;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        let second = second % 60;
        format!("{}T{hour:02}:{minute:02}:{second:02}.000Z", self.date())
    }
}

/// The year, month and day of a day since 1970-01-01: Howard Hinnant's
/// `civil_from_days`, for days that are not negative.
fn civil(days: u64) -> (u64, u64, u64) {
    // Eras of 400 years, counted from 0000-03-01.
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// Writes a head, one text for each entry with a separator between, a tail.
fn write_all(
    set: &IndicatorSet,
    selection: &Selection<'_>,
    out: impl io::Write,
    [head, separator, tail]: [&str; 3],
    mut entry_text: impl FnMut(&mut String, &Entry),
) -> Result<(), Error> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    out.write_all(head.as_bytes())?;
    let mut text = String::new();
    for entry in selection.by_line(set) {
        entry_text(&mut text, entry);
        out.write_all(text.as_bytes())?;
        text.clear();
        text.push_str(separator);
    }
    out.write_all(tail.as_bytes())?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_through_leap_years() {
        let text = |seconds| {
            let time = Timestamp::from_unix(seconds).expect("in range");
            time.rfc3339()
        };
        assert_eq!(text(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(text(951_782_399), "2000-02-28T23:59:59.000Z");
        assert_eq!(text(951_782_400), "2000-02-29T00:00:00.000Z");
        assert_eq!(text(4_107_542_399), "2100-02-28T23:59:59.000Z");
        assert_eq!(text(4_107_542_400), "2100-03-01T00:00:00.000Z");
        assert_eq!(text(Timestamp::LAST), "9999-12-31T23:59:59.000Z");
        assert!(Timestamp::from_unix(Timestamp::LAST + 1).is_err());
    }
}
