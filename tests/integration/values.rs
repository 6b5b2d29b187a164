//! Runs `tests/data/values.txt`: what a value is, or what is wrong with it.

use iocpack::{Indicator, Kind};

/// Undoes `a{63}`: the character before the brace, so many times.
fn expand(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (count, after) = after.split_once('}').unwrap();
        out.push_str(before);
        let last = out.pop().unwrap();
        out.extend(std::iter::repeat_n(last, count.parse().unwrap()));
        rest = after;
    }
    out + rest
}

#[test]
fn every_value_is_read_or_refused_at_the_byte_that_is_wrong() {
    let mut failed = Vec::new();
    let text = include_str!("../data/values.txt");
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, rest) = line.split_once(' ').unwrap();
        let kind = match name {
            "domain" => Kind::Domain,
            "url" => Kind::Url,
            "ip" => Kind::Ip,
            "hash" => Kind::Hash,
            other => panic!("line {}: no kind `{other}`", number + 1),
        };
        let (value, expected) =
            if let Some((value, what)) = rest.split_once(" ! ") {
                (value, Err(format!("invalid {name}: {what}")))
            } else {
                let (value, canonical) = rest.split_once(" = ").unwrap();
                (value, Ok(expand(canonical)))
            };
        let value = expand(value.trim_matches('"'));
        let found = Indicator::parse(kind, &value)
            .map(|it| it.to_string())
            .map_err(|err| err.to_string());
        if found != expected {
            failed.push(format!(
                "line {}: {value}\n  expected {expected:?}\n  found    \
                 {found:?}",
                number + 1
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
