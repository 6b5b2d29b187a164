//! Plans: what sorting, cutting and writing cost for each item.

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iocpack::payload::{Collection, ItemForm, Options, Plan, UrlForm};
use iocpack::{IndicatorSet, Scanner};

mod support;

/// About a hundred thousand distinct items of every kind.
const SIZE: usize = 4 << 20;

fn plan(c: &mut Criterion) {
    let scanner = Scanner::new();
    let mut set = IndicatorSet::new();
    for input in support::all(SIZE) {
        let before = set.iter().map(iocpack::Entry::count).sum::<u64>();
        set.extend(scanner.find_iter(&input.text));
        let after = set.iter().map(iocpack::Entry::count).sum::<u64>();
        assert_eq!(after - before, input.hits as u64, "{}", input.name);
    }
    let mut collection = Collection::new();
    collection.name("Benchmark").description("Generated items");
    let mut group = c.benchmark_group("payload");
    group.sample_size(10);
    for (name, form, url) in [
        ("typed", ItemForm::Relationships, UrlForm::Url),
        ("typed, urls by id", ItemForm::Relationships, UrlForm::Id),
        ("raw", ItemForm::RawItems, UrlForm::Url),
    ] {
        let mut options = Options::new();
        options.item_form(form).url_form(url);
        let plan = Plan::create(&collection, &set, &options);
        let plan = plan.expect("the options are valid");
        assert_eq!(plan.counts(), set.counts());
        assert_eq!(plan.holds().count(), 0);
        let bytes: usize = plan
            .requests()
            .map(|it| it.body.map_or(0, |body| body.len()))
            .sum();
        println!(
            "{name}: {} items in {} requests, {bytes} bytes",
            set.len(),
            plan.len()
        );
        group.throughput(Throughput::Elements(set.len() as u64));
        group.bench_function(format!("plan/{name}"), |b| {
            b.iter(|| {
                let set = black_box(&set);
                Plan::create(&collection, set, &options).map(|it| it.len())
            });
        });
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(format!("write/{name}"), |b| {
            b.iter(|| black_box(&plan).write_to(io::sink()));
        });
    }
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
