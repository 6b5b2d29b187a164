//! iocpack and its peers on the same texts, in one process and one run.
//!
//! `iocpack-compare [FILE…]` prints a Markdown table for the generated texts
//! of `benches/support` and for the files; `--pattern` prints the alternation,
//! `--text NAME` a generated text. Each round warms every tool up and times it
//! once, one after the other, so that what disturbs the machine disturbs all;
//! the figure of a tool is its best round, the ratio that of the best rounds.

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use iocpack::payload::{Collection, Options, Plan};
use iocpack::{IndicatorSet, Scanner, Span};
use regex::bytes::Regex;

#[path = "../../support/mod.rs"]
#[expect(dead_code, reason = "other benches use more of it")]
mod support;

/// Bytes of each generated text.
const SIZE: usize = 8 << 20;
/// Bytes of a text, read again as often as it takes, that threads are timed with.
const THREADED: usize = 64 << 20;
/// How often each tool runs over each text.
const ROUNDS: usize = 7;
/// How long each tool runs before it is timed.
const WARM_UP: Duration = Duration::from_millis(50);
/// `ioc_extract` gets the first part of a text only.
const SLICE: usize = 256 << 10;

/// What people write who have a regular expression engine: one alternation of
/// all kinds, with no look at suffixes, types or the text around.
const YARDSTICK: &str = concat!(
    r#"(?i)(?-u)(?:h(?:tt|xx)ps?|s?ftp|fxp)(?:\[:\]|:|\[:|:\])"#,
    r#"//[^\s"'<>`|{}^]+"#,
    r#"|\b(?:[0-9]{1,3}(?:\.|\[\.\]?|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\.\]))"#,
    r#"{3}[0-9]{1,3}\b"#,
    r#"|\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b"#,
    r#"|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}"#,
    r#"|(?:[0-9a-f]{1,4}:){1,7}:|::(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}"#,
    r#"|\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b"#,
    r#"|\b(?:[a-z0-9_-]+(?:\.|\[\.\]?|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\.\]))+"#,
    r#"(?:[a-z]{2,24}|xn--[a-z0-9-]+)\b"#,
);

/// A tool: its name, how much of a text it is given, and what counts its
/// hits.
struct Tool<'a> {
    name: &'static str,
    most: usize,
    run: Box<dyn Fn(&[u8]) -> usize + 'a>,
}

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("--pattern") {
        println!("{YARDSTICK}");
        return ExitCode::SUCCESS;
    }
    if env::args().nth(1).as_deref() == Some("--text") {
        let name = env::args().nth(2).unwrap_or_default();
        let inputs = support::all(SIZE);
        let Some(input) = inputs.iter().find(|it| it.name == name) else {
            eprintln!("no generated text is called `{name}`");
            return ExitCode::from(2);
        };
        print!("{}", input.text);
        return ExitCode::SUCCESS;
    }
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    for input in support::all(SIZE) {
        texts.push((input.name.to_owned(), input.text.into_bytes()));
    }
    for path in env::args().skip(1) {
        match fs::read(&path) {
            Ok(text) => {
                let name = path.rsplit('/').next().unwrap_or(&path);
                texts.push((name.to_owned(), text));
            }
            Err(err) => {
                eprintln!("{path}: {err}");
                return ExitCode::from(2);
            }
        }
    }
    let scanner = Scanner::new();
    let yardstick = Regex::new(YARDSTICK).expect("the pattern is valid");
    let tools = tools(&scanner, &yardstick);
    header(&tools);
    for (name, text) in &texts {
        row(name, text, &tools);
    }
    println!();
    threads(&scanner, &texts);
    ExitCode::SUCCESS
}

/// How many there are, each made in full: counting alone may leave out what
/// nobody looks at.
fn each<T>(found: impl Iterator<Item = T>) -> usize {
    found.map(black_box).count()
}

fn tools<'a>(scanner: &'a Scanner, yardstick: &'a Regex) -> Vec<Tool<'a>> {
    let linkify = |schemeless: bool| {
        let mut finder = linkify::LinkFinder::new();
        finder.url_must_have_scheme(!schemeless);
        move |text: &[u8]| {
            let text = String::from_utf8_lossy(text);
            each(finder.links(&text))
        }
    };
    vec![
        Tool {
            name: "regex alternation",
            most: usize::MAX,
            run: Box::new(|text| yardstick.find_iter(text).count()),
        },
        Tool {
            name: "regex alternation, spans",
            most: usize::MAX,
            run: Box::new(|text| each(yardstick.find_iter(text))),
        },
        Tool {
            name: "iocpack scan",
            most: usize::MAX,
            run: Box::new(|text| each(scanner.find_iter(text))),
        },
        Tool {
            name: "iocpack scan, counted",
            most: usize::MAX,
            run: Box::new(|text| scanner.find_iter(text).count()),
        },
        Tool {
            name: "iocpack, rejections too",
            most: usize::MAX,
            run: Box::new(|text| each(scanner.findings(text))),
        },
        Tool {
            name: "iocpack to JSON",
            most: usize::MAX,
            run: Box::new(|text| to_json(scanner, text)),
        },
        Tool {
            name: "linkify, URLs",
            most: usize::MAX,
            run: Box::new(linkify(false)),
        },
        Tool {
            name: "linkify, names too",
            most: usize::MAX,
            run: Box::new(linkify(true)),
        },
        Tool {
            name: "ioc_extract",
            most: SLICE,
            run: Box::new(|text| {
                let text = String::from_utf8_lossy(text);
                let found = ioc_extract::Artifacts::from_str(&text);
                found.map_or(0, |found| {
                    let lists =
                        [&found.urls, &found.domains, &found.ip_address];
                    lists.iter().map(|it| it.as_ref().map_or(0, len)).sum()
                })
            }),
        },
    ]
}

fn len<T>(found: &impl AsRef<[T]>) -> usize {
    found.as_ref().len()
}

/// From text to the bodies of requests: scan, distinct values, canonical
/// forms, ids, JSON. Returns how many distinct indicators there are.
fn to_json(scanner: &Scanner, text: &[u8]) -> usize {
    let mut set = IndicatorSet::new();
    scanner.find_iter(text).for_each(|found| {
        set.insert_match(&found);
    });
    if set.is_empty() {
        return 0;
    }
    let mut collection = Collection::new();
    collection.name("Comparison").description("Generated items");
    let plan = Plan::create(&collection, &set, &Options::new());
    let plan = plan.expect("the options are valid");
    let mut out = Vec::new();
    plan.write_to(&mut out).expect("memory takes all");
    black_box(out.len());
    set.len()
}

/// Which of the tools is the scan.
const OURS: usize = 2;

fn header(tools: &[Tool<'_>]) {
    print!("| text | MB | hits per KiB |");
    for tool in tools {
        print!(" {} |", tool.name);
    }
    print!("\n|---|---|---|");
    for _ in tools {
        print!("---|");
    }
    println!();
}

/// MB/s of each tool, its ratio to the first, and its hits.
fn row(name: &str, text: &[u8], tools: &[Tool<'_>]) {
    let mut best = vec![f64::INFINITY; tools.len()];
    let mut hits = vec![0; tools.len()];
    for round in 0..ROUNDS {
        for (i, tool) in tools.iter().enumerate() {
            // The slow ones once.
            if round > 0 && tool.most < text.len() {
                continue;
            }
            let part = &text[..text.len().min(tool.most)];
            // What ran before has the caches, what foretells branches and the
            // clock, and fast tools need many passes to have them back.
            let warm = Instant::now();
            loop {
                black_box((tool.run)(black_box(part)));
                if warm.elapsed() >= WARM_UP {
                    break;
                }
            }
            let start = Instant::now();
            hits[i] = (tool.run)(black_box(part));
            let time = start.elapsed().as_secs_f64();
            best[i] = best[i].min(time / part.len() as f64);
        }
    }
    let dense = hits[OURS] as f64 * 1024.0 / text.len() as f64;
    print!("| {name} | {:.1} | {dense:.2} |", text.len() as f64 / 1e6);
    for (time, hits) in best.iter().zip(hits) {
        let ratio = best[0] / time;
        print!(" {:.0} ({ratio:.2}x), {hits} |", 1e-6 / time);
    }
    println!();
}

/// Two threads on the halves of each text, against one on all of it, with
/// the control that says what the second core is worth at the moment.
fn threads(scanner: &Scanner, texts: &[(String, Vec<u8>)]) {
    println!("| text | one thread | two | ratio | control |");
    println!("|---|---|---|---|---|");
    for (name, text) in texts {
        let middle = Scanner::border(text, text.len() / 2);
        let halves = [
            Span { start: 0, end: middle },
            Span { start: middle, end: text.len() },
        ];
        // Starting a thread takes as long as some hundred kilobytes.
        let times_each = THREADED.div_ceil(text.len().max(1));
        let scan = |part: Span| {
            (0..times_each)
                .map(|_| each(scanner.find_iter_in(text, part)))
                .sum()
        };
        let spin = |part: Span| {
            let mut n = 0_u64;
            for i in 0..(part.len() * times_each) as u64 {
                n = black_box(n.wrapping_mul(31).wrapping_add(i));
            }
            n as usize
        };
        let whole = Span { start: 0, end: text.len() };
        let (mut times, mut spins) = ([f64::INFINITY; 2], [f64::INFINITY; 2]);
        for _ in 0..ROUNDS {
            times[0] = times[0].min(timed(&[whole], scan));
            times[1] = times[1].min(timed(&halves, scan));
            spins[0] = spins[0].min(timed(&[whole], spin));
            spins[1] = spins[1].min(timed(&halves, spin));
        }
        let bytes = (text.len() * times_each) as f64;
        let rate = |time: f64| bytes / 1e6 / time;
        println!(
            "| {name} | {:.0} | {:.0} | {:.2} | {:.2} |",
            rate(times[0]),
            rate(times[1]),
            times[0] / times[1],
            spins[0] / spins[1],
        );
    }
}

/// Seconds that `run` takes for all parts, each in a thread of its own.
fn timed(parts: &[Span], run: impl Fn(Span) -> usize + Sync) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let run = &run;
        for part in parts {
            scope.spawn(move || black_box(run(*part)));
        }
    });
    start.elapsed().as_secs_f64()
}
