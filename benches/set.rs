//! Sets: what an insertion costs, for texts that repeat themselves and for
//! texts that do not.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iocpack::{Indicator, IndicatorSet, Match, Scanner};

mod support;

/// Some hundred thousand matches in the densest text.
const SIZE: usize = 4 << 20;

fn insert(c: &mut Criterion) {
    let scanner = Scanner::new();
    let mut group = c.benchmark_group("set");
    group.sample_size(10);
    for input in support::all(SIZE) {
        let matches: Vec<Match<'_>> = scanner.find_iter(&input.text).collect();
        assert_eq!(matches.len(), input.hits, "{}", input.name);
        if matches.is_empty() {
            continue;
        }
        let set: IndicatorSet = matches.iter().cloned().collect();
        let seen: u64 = set.iter().map(iocpack::Entry::count).sum();
        assert_eq!(seen, input.hits as u64, "{}", input.name);
        println!("{}: {} of {seen} distinct", input.name, set.len());
        group.throughput(Throughput::Elements(seen));
        group.bench_function(format!("insert_match/{}", input.name), |b| {
            b.iter(|| {
                let mut set = IndicatorSet::new();
                for found in black_box(&matches) {
                    set.insert_match(found);
                }
                set.len()
            });
        });
        let distinct: Vec<Indicator> =
            set.iter().map(|it| it.indicator().clone()).collect();
        group.throughput(Throughput::Elements(distinct.len() as u64));
        group.bench_function(format!("contains/{}", input.name), |b| {
            let contained = |it: &&Indicator| set.contains(it);
            b.iter(|| black_box(&distinct).iter().filter(contained).count());
        });
    }
    group.finish();
}

criterion_group!(benches, insert);
criterion_main!(benches);
