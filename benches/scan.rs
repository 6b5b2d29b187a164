//! Scanning: what a second of one core reads, by the sort of text.
//!
//! Counts are asserted before anything is timed: a scanner that misses is
//! not fast.

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iocpack::Scanner;

mod support;

/// Large enough that the caches of a core do not hold it.
const SIZE: usize = 4 << 20;

fn scan(c: &mut Criterion) {
    let scanner = Scanner::new();
    let mut group = c.benchmark_group("scan");
    group.sample_size(10);
    for input in support::all(SIZE) {
        let found = scanner.find_iter(&input.text).count();
        assert_eq!(found, input.hits, "{}", input.name);
        // In thousandths, so that no float is needed.
        let dense = found * 1024 * 1000 / input.text.len();
        let (whole, part) = (dense / 1000, dense % 1000);
        println!("{}: {found} hits, {whole}.{part:03} per KiB", input.name);
        group.throughput(Throughput::Bytes(input.text.len() as u64));
        group.bench_function(input.name, |b| {
            b.iter(|| scanner.find_iter(black_box(&input.text)).count());
        });
    }
    group.finish();
}

fn stream(c: &mut Criterion) {
    let scanner = Scanner::new();
    let mut group = c.benchmark_group("stream");
    group.sample_size(10);
    let input = support::proxy_log(SIZE);
    let count = |text: &str| {
        let mut n = 0;
        let read = scanner.scan_reader(text.as_bytes(), |_| {
            n += 1;
            ControlFlow::Continue(())
        });
        read.expect("a slice does not fail");
        n
    };
    assert_eq!(count(&input.text), input.hits);
    group.throughput(Throughput::Bytes(input.text.len() as u64));
    group.bench_function(input.name, |b| {
        b.iter(|| count(black_box(&input.text)));
    });
    group.finish();
}

criterion_group!(benches, scan, stream);
criterion_main!(benches);
