//! The privacy guard on a sample of 800 values: what must be held, what must
//! pass, by class; and that nothing held is in any body of a request.
//!
//! `cargo test --test integration privacy -- --nocapture` prints the figures
//! of `benches/record/privacy.md`.

use std::collections::BTreeMap;

use iocpack::payload::{Collection, Options, Plan};
use iocpack::{Indicator, IndicatorSet, Kind, Policy, Scanner, Verdict};
use proptest::prelude::*;

const MUST_HOLD: &str = include_str!("../data/policy/must_hold.txt");
const MUST_PASS: &str = include_str!("../data/policy/must_pass.txt");

/// The rows of a sample: class and value.
fn sample(text: &'static str) -> Vec<(&'static str, Indicator)> {
    let row = |line: &'static str| {
        let (class, rest) = line.split_once(' ').unwrap();
        let (kind, value) = rest.split_once(' ').unwrap();
        let mut kinds = Kind::ALL.into_iter();
        let kind = kinds.find(|it| it.as_str() == kind).expect(line);
        let value = Indicator::parse(kind, value);
        (class, value.unwrap_or_else(|err| panic!("{line}: {err}")))
    };
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(row)
        .collect()
}

/// The default, with own names, as somebody would run it.
fn policy() -> Policy {
    let mut builder = Policy::builder();
    for own in ["corp.example.net", "heronbank.example.org", "9.66.77.0/24"] {
        builder.own(own).unwrap();
    }
    builder.build()
}

/// Judges a sample, prints how many of each class are held, and returns how
/// many are, of all.
fn measure(what: &str, text: &'static str) -> (usize, usize) {
    let policy = policy();
    let mut classes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut distinct = IndicatorSet::new();
    for (class, value) in sample(text) {
        let verdict = policy.judge(&value);
        let (held, all) = classes.entry(class).or_default();
        *all += 1;
        *held += usize::from(!verdict.is_keep());
        match verdict {
            Verdict::Keep if what == "must hold" => {
                println!("kept: {class} {value}");
            }
            Verdict::Hold(hold) if what == "must pass" => {
                println!("held: {class} {value} ({hold})");
            }
            _ => {}
        }
        assert!(distinct.insert(value), "twice in the sample");
    }
    let mut total = (0, 0);
    for (class, (held, all)) in &classes {
        println!("| {what} | {class} | {all} | {held} |");
        total = (total.0 + held, total.1 + all);
    }
    println!("| {what} | all | {} | {} |", total.1, total.0);
    total
}

#[test]
fn of_what_must_be_held_98_of_100_are_and_of_the_rest_3_at_most() {
    let (held, all) = measure("must hold", MUST_HOLD);
    assert_eq!(all, 400);
    assert!(held * 100 >= all * 98, "recall: {held} of {all}");
    let (held, all) = measure("must pass", MUST_PASS);
    assert_eq!(all, 400);
    assert!(held * 100 <= all * 3, "false holds: {held} of {all}");
}

/// Sends what the policy keeps, and asserts that nothing of the rest is in a
/// request.
fn nothing_held_is_sent(values: &[Indicator], text: Option<&str>) {
    let policy = policy();
    let mut set: IndicatorSet = match text {
        Some(text) => Scanner::new().find_iter(text).collect(),
        None => values.iter().cloned().collect(),
    };
    let mut held = Vec::new();
    set.retain(|it| match policy.judge(it) {
        Verdict::Keep => true,
        Verdict::Hold(_) => {
            held.push(it.to_string());
            false
        }
    });
    let mut about = Collection::new();
    about.name("Grey Heron").description("An invented campaign");
    let mut options = Options::new();
    options.max_items(50);
    let plan = Plan::create(&about, &set, &options).unwrap();
    let mut file = Vec::new();
    plan.write_to(&mut file).unwrap();
    let bodies: Vec<String> = plan
        .requests()
        .map(|it| format!("{} {}", it.path, it.body.unwrap_or_default()))
        .chain([String::from_utf8(file).unwrap()])
        .collect();
    // A name that is held may be the end of one that is kept: what is sent is
    // compared as JSON strings.
    for body in &bodies {
        for value in &held {
            let quoted = serde_json::to_string(value).unwrap();
            assert!(!body.contains(&quoted), "{value} is sent");
            // What has its own distinct text must not be in it at all.
            if value.len() > 20 {
                assert!(!body.contains(value), "{value} is sent");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: super::laws::cases() / 10,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_held_value_is_in_any_body(
        hold in prop::sample::subsequence(sample(MUST_HOLD), 0..40),
        pass in prop::sample::subsequence(sample(MUST_PASS), 0..120),
        defang in any::<bool>(),
    ) {
        let values: Vec<Indicator> =
            hold.into_iter().chain(pass).map(|(_, it)| it).collect();
        nothing_held_is_sent(&values, None);
        // And by way of a text.
        let text: String = values
            .iter()
            .map(|it| match defang {
                true => it.to_string().replacen('.', "[.]", 1) + "\n",
                false => it.to_string() + "\n",
            })
            .collect();
        nothing_held_is_sent(&values, Some(&text));
    }
}
