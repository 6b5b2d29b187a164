//! Configured values: whether an option takes them, and which word was meant.

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};

use crate::talk::escape;

/// The values as the argument takes them.
///
/// # Errors
///
/// Why it does not take them.
pub(super) fn checked(
    arg: &Arg,
    values: Vec<String>,
) -> Result<Vec<String>, String> {
    let long = arg.get_long().unwrap_or_default();
    let found = || escape(values.join(",").as_bytes());
    match arg.get_action() {
        ArgAction::SetTrue => {
            return match values.join(",").to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(vec!["true".into()]),
                "false" | "0" | "no" | "off" => Ok(vec!["false".into()]),
                _ => Err(format!(
                    "expected true or false for `{long}`, found `{}`",
                    found()
                )),
            };
        }
        ArgAction::Count => {
            return match values.join(",").as_str() {
                "true" => Ok(vec!["1".into()]),
                "false" => Ok(vec!["0".into()]),
                text if text.parse::<u8>().is_ok() => Ok(values),
                _ => Err(format!(
                    "expected true, false or a number for `{long}`, found \
                     `{}`",
                    found()
                )),
            };
        }
        _ => {}
    }
    let is_list = matches!(arg.get_action(), ArgAction::Append);
    if !is_list && values.len() != 1 {
        return Err(format!(
            "expected one value for `{long}`, found {}",
            values.len()
        ));
    }
    let values: Vec<String> = match arg.get_value_delimiter() {
        Some(mark) => values
            .iter()
            .flat_map(|it| it.split(mark))
            .map(|it| it.trim().to_owned())
            .collect(),
        None => values,
    };
    let probe = Arg::new("value")
        .long(long.to_owned())
        .action(arg.get_action().clone())
        .value_parser(arg.get_value_parser().clone())
        .allow_hyphen_values(true);
    let mut probe = Command::new("value").no_binary_name(true).arg(probe);
    let words = values.iter().map(|it| format!("--{long}={it}"));
    match probe.try_get_matches_from_mut(words) {
        Ok(_) => Ok(values),
        Err(err) => Err(refusal(long, &err)),
    }
}

/// What clap says of a value, in our manner.
fn refusal(long: &str, err: &clap::Error) -> String {
    let text = |kind| match err.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join(", ")),
        _ => None,
    };
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let mut out =
        format!("invalid value `{}` for `{long}`", escape(value.as_bytes()));
    if let Some(known) = text(ContextKind::ValidValue) {
        out.push_str(": expected one of ");
        out.push_str(&known);
    } else if let Some(source) = std::error::Error::source(err) {
        out.push_str(": ");
        out.push_str(&escape(source.to_string().as_bytes()));
    }
    if let Some(near) = text(ContextKind::SuggestedValue) {
        out.push_str("; did you mean `");
        out.push_str(&near);
        out.push('`');
    }
    out
}

/// `; did you mean …`, if a known word is near.
pub(super) fn near<'w>(
    word: &str,
    known: impl Iterator<Item = &'w str>,
) -> String {
    let most = 1 + word.len() / 4;
    known
        .map(|it| (distance(word, it), it))
        .filter(|(far, _)| *far <= most)
        .min()
        .map_or_else(String::new, |(_, it)| format!("; did you mean `{it}`"))
}

/// How many characters are to be changed, put in or taken out.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().take(64).enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.chars().enumerate() {
            let change = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_changes() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("strictnes", "strictness"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
