//! What can be typed after `export`.

use std::time::{SystemTime, UNIX_EPOCH};

use iocpack::payload::interchange::Timestamp;

use crate::args::{FindArgs, InputArgs, LimitArgs, OutputArgs, PolicyArgs};

/// Write the indicators of texts for other tools: a STIX 2.1 bundle, a MISP
/// event, a CSV table.
///
/// Each indicator once, sorted by type and canonical form. What the policy
/// holds is left out and listed on stderr, as `pack` does.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  iocpack export --to stix --time now report.txt -o bundle.json
  iocpack export --to misp --title 'Campaign 7' --time 2031-04-05 report.txt
  iocpack export --to csv --with-held -r reports/

The same texts, title and time give the same bytes: ids are made of what they
name. For a table with lines and offsets: `iocpack scan --format csv`.

Exit codes: 0 written, 1 nothing to write, 2 usage or I/O error,
10 more distinct indicators than --max-unique (nothing is written).")]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// The format.
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) to: Target,
    /// The title of the event, from which its id is made; for MISP.
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    pub(crate) title: Option<String>,
    /// The time that is written, for STIX and MISP: `now`, a date, or a time
    /// in UTC such as 2031-04-05T10:42:07Z.
    #[arg(
        long,
        value_name = "TIME",
        value_parser = time,
        help_heading = "Output"
    )]
    pub(crate) time: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// Write what is held too. It is listed on stderr all the same.
    #[arg(long, help_heading = "Policy")]
    pub(crate) with_held: bool,
    #[command(flatten)]
    pub(crate) find: FindArgs,
    #[command(flatten)]
    pub(crate) limit: LimitArgs,
}

/// See `export --to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Target {
    /// A STIX 2.1 bundle.
    Stix,
    /// A MISP event.
    Misp,
    /// A table: type, value, count.
    Csv,
}

/// Reads a time.
fn time(text: &str) -> Result<Timestamp, String> {
    let seconds = if text == "now" {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Some(since.map_or(0, |it| it.as_secs()))
    } else {
        utc(text)
    };
    let seconds = seconds.ok_or(
        "expected `now`, a date such as 2031-04-05, or a time in UTC such \
         as 2031-04-05T10:42:07Z",
    )?;
    Timestamp::from_unix(seconds).map_err(|err| err.to_string())
}

/// Seconds since 1970 of a date, or of a date and a time (RFC 3339, UTC).
fn utc(text: &str) -> Option<u64> {
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) => (date, clock.strip_suffix('Z')?),
        None => (text, "00:00:00"),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let february = if leap { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let in_range = year >= 1970
        && (1..=*months.get(before)?).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !in_range {
        return None;
    }
    let last = year - 1;
    let leaps = |year: u64| year / 4 - year / 100 + year / 400;
    let days = (year - 1970) * 365 + leaps(last) - leaps(1969)
        + months[..before].iter().sum::<u64>()
        + (day - 1);
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Three numbers of so many digits.
fn numbers(text: &str, mark: char, digits: [usize; 3]) -> Option<[u64; 3]> {
    let mut parts = text.split(mark);
    let mut out = [0; 3];
    for (number, digits) in out.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_through_leap_years() {
        assert_eq!(utc("1970-01-01"), Some(0));
        assert_eq!(utc("2000-02-28T23:59:59Z"), Some(951_782_399));
        assert_eq!(utc("2000-02-29"), Some(951_782_400));
        assert_eq!(utc("2100-03-01T00:00:00Z"), Some(4_107_542_400));
        assert_eq!(utc("9999-12-31T23:59:59Z"), Some(253_402_300_799));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "1969-12-31",
            "2031-02-29",
            "2031-13-01",
            "2031-00-01",
            "2031-04-05T24:00:00Z",
            "2031-04-05T10:42:07",
            "2031-4-5",
            "+031-04-05",
            "2031-04-05-06",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
