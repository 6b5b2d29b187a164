//! The id of a URL, against the `url` package and SHA-256 on the same URLs.
//!
//! Four sets of 1,000 URLs, made up from a fixed seed: `short` and `long` are
//! canonical, `escaped` is canonical with escapes in path and query, `typed`
//! has to be changed (host in upper case, no slash after it, a fragment).

#![allow(missing_docs)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{
    BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use iocpack::{Certainty, Url, UrlId};
use sha2::{Digest as _, Sha256};

const URLS: usize = 1000;

/// Marsaglia's xorshift64: the same URLs on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn word(&mut self, from: u64, to: u64) -> String {
        let len = from + self.below(to - from + 1);
        (0..len).map(|_| (b'a' + self.below(26) as u8) as char).collect()
    }
}

fn host(random: &mut Random) -> String {
    let scheme = random.pick(&["http", "https"]);
    let name = random.word(4, 12);
    let suffix = random.pick(&["com", "net", "org", "co.uk"]);
    format!("{scheme}://{name}.example.{suffix}")
}

fn short(random: &mut Random) -> String {
    let host = host(random);
    format!("{host}/{}", random.word(0, 8))
}

fn long(random: &mut Random) -> String {
    let mut url = host(random);
    for _ in 0..8 {
        write!(url, "/{}", random.word(4, 20)).expect("to a string");
    }
    let mut before = '?';
    for _ in 0..24 {
        let (key, value) = (random.word(2, 8), random.word(4, 24));
        write!(url, "{before}{key}={value}").expect("to a string");
        before = '&';
    }
    url
}

fn escaped(random: &mut Random) -> String {
    let mut url = host(random);
    for _ in 0..4 {
        let letter = 0x90 + random.below(0x20);
        write!(url, "/{}%D0%{letter:02X}", random.word(1, 6))
            .expect("to a string");
    }
    url.push_str("?u=http%3A%2F%2Fexample.org");
    for _ in 0..8 {
        write!(url, "%2F{}", random.word(1, 8)).expect("to a string");
    }
    url
}

fn typed(random: &mut Random) -> String {
    let host = host(random);
    let (scheme, name) = host.split_once("://").expect("has a scheme");
    match random.below(3) {
        0 => host,
        1 => format!("{scheme}://WWW.{}/", name.to_uppercase()),
        _ => format!("{host}/{}#{}", random.word(1, 8), random.word(1, 8)),
    }
}

fn ours(url: &str) -> UrlId {
    Url::parse(url).expect("the sets hold valid URLs").id()
}

fn theirs(url: &str) -> [u8; 32] {
    let mut url = url::Url::parse(url).expect("the sets hold valid URLs");
    url.set_fragment(None);
    Sha256::digest(url.as_str()).into()
}

fn bench(criterion: &mut Criterion) {
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut set = |make: fn(&mut Random) -> String| -> Vec<String> {
        (0..URLS).map(|_| make(&mut random)).collect()
    };
    let sets = [
        ("short", set(short)),
        ("long", set(long)),
        ("escaped", set(escaped)),
        ("typed", set(typed)),
    ];
    let mut group = criterion.benchmark_group("url_id");
    for (name, urls) in &sets {
        let equal = urls
            .iter()
            .filter(|url| {
                let id = ours(url);
                *id.as_bytes() == theirs(url)
                    && id.certainty() == Certainty::Proven
            })
            .count();
        assert_eq!(equal, URLS, "{name}");
        let bytes = urls.iter().map(String::len).sum::<usize>();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(
            BenchmarkId::new("iocpack", name),
            urls,
            |bencher, urls| {
                bencher.iter(|| {
                    for url in urls {
                        black_box(ours(black_box(url)));
                    }
                });
            },
        );
        group.bench_with_input(
            BenchmarkId::new("url+sha2", name),
            urls,
            |bencher, urls| {
                bencher.iter(|| {
                    for url in urls {
                        black_box(theirs(black_box(url)));
                    }
                });
            },
        );
        group.bench_with_input(
            BenchmarkId::new("iocpack, no hash", name),
            urls,
            |bencher, urls| {
                bencher.iter(|| {
                    for url in urls {
                        black_box(Url::parse(black_box(url)).is_ok());
                    }
                });
            },
        );
        group.bench_with_input(
            BenchmarkId::new("url, no hash", name),
            urls,
            |bencher, urls| {
                bencher.iter(|| {
                    for url in urls {
                        black_box(url::Url::parse(black_box(url)).is_ok());
                    }
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
