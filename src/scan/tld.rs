//! What a last label is besides a suffix of names: the type of a file, a word
//! of code, or nothing else.
//!
//! The lists are judgement, not data of a registry: a suffix is on one if texts
//! use it in the other sense as often as in names. What is on none of them and
//! has two letters is a country's; what is longer is a word.

use crate::kind::{Suffix, suffix_of};

/// What a suffix is besides a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tld {
    /// Nothing else.
    Plain,
    /// A word that names end with too: a field of its own is enough, and so
    /// is a spelling that no identifier has.
    Word,
    /// A country's, and the type of a source file: a field of its own is
    /// enough.
    Source,
    /// The type of a file before anything else: names beside it are needed.
    File,
    /// A reserved name, such as `.local`.
    Reserved,
}

/// Suffixes of two letters that files end with, or that are words of code.
static SHORT_WORDS: [u64; 61] = packed(&[
    b"ad", b"ai", b"al", b"as", b"at", b"be", b"by", b"cl", b"co", b"cu",
    b"cx", b"do", b"gt", b"hm", b"id", b"il", b"io", b"is", b"it", b"je",
    b"lb", b"lc", b"li", b"lk", b"ls", b"lt", b"ma", b"me", b"ml", b"mo",
    b"ms", b"mt", b"mu", b"my", b"ne", b"nf", b"no", b"pa", b"pf", b"pn",
    b"pt", b"re", b"ro", b"sb", b"se", b"si", b"sm", b"sr", b"sv", b"sy",
    b"td", b"tm", b"to", b"tt", b"tv", b"us", b"uy", b"va", b"vc", b"vu",
    b"ws",
]);

/// Those of them that nearly always are words: `job.id`.
pub(super) const NAMELESS: &[&[u8]] = &[b"id", b"is", b"do", b"as"];

/// Suffixes of two letters that source and build files end with.
static SOURCES: [u64; 16] = packed(&[
    b"ac", b"am", b"cc", b"in", b"la", b"mk", b"mm", b"pk", b"pl", b"pm",
    b"sc", b"so", b"st", b"tc", b"tf", b"vi",
]);

/// Suffixes that are the type of a file in most texts.
static FILE_TYPES: [u64; 16] = packed(&[
    b"bin", b"box", b"bz", b"cab", b"cs", b"doc", b"foo", b"java", b"md",
    b"mov", b"ps", b"pub", b"py", b"rs", b"sh", b"zip",
]);

/// Suffixes of more than two letters that are nothing but suffixes in text.
/// All others of that length are words.
static PLAIN: [u64; 77] = packed(&[
    b"aero",
    b"agency",
    b"arpa",
    b"asia",
    b"autos",
    b"beauty",
    b"berlin",
    b"bid",
    b"biz",
    b"blog",
    b"boats",
    b"bond",
    b"buzz",
    b"cam",
    b"casa",
    b"cfd",
    b"cloud",
    b"club",
    b"cologne",
    b"com",
    b"coop",
    b"cyou",
    b"edu",
    b"example",
    b"fun",
    b"gdn",
    b"gov",
    b"guru",
    b"hair",
    b"hamburg",
    b"homes",
    b"icu",
    b"inc",
    b"invalid",
    b"istanbul",
    b"jobs",
    b"kim",
    b"koeln",
    b"llc",
    b"loan",
    b"lol",
    b"london",
    b"ltd",
    b"makeup",
    b"mil",
    b"mobi",
    b"monster",
    b"moscow",
    b"museum",
    b"net",
    b"ninja",
    b"nyc",
    b"onion",
    b"ooo",
    b"org",
    b"paris",
    b"pics",
    b"quest",
    b"ren",
    b"rocks",
    b"sbs",
    b"shop",
    b"skin",
    b"surf",
    b"swiss",
    b"tech",
    b"tokyo",
    b"travel",
    b"vip",
    b"vodka",
    b"wang",
    b"website",
    b"wien",
    b"wiki",
    b"xin",
    b"xyz",
    b"yachts",
]);

/// A label of at most eight bytes as a number, in lower case.
const fn pack(label: &[u8]) -> u64 {
    let mut packed = 0;
    let mut i = 0;
    while i < label.len() {
        packed = packed << 8 | label[i].to_ascii_lowercase() as u64;
        i += 1;
    }
    packed
}

/// The labels as numbers, sorted.
const fn packed<const N: usize>(labels: &[&[u8]; N]) -> [u64; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        assert!(labels[i].len() <= 8, "a packed label has eight bytes");
        let label = pack(labels[i]);
        let mut at = i;
        while at > 0 && out[at - 1] > label {
            out[at] = out[at - 1];
            at -= 1;
        }
        out[at] = label;
        i += 1;
    }
    out
}

pub(super) fn tld(last: &[u8]) -> Tld {
    if last.len() > 8 {
        // `properties` and the like are words, A-labels are not.
        let encoded = last.get(..4);
        return match encoded.is_some_and(|x| x.eq_ignore_ascii_case(b"xn--")) {
            true => Tld::Plain,
            false => long_tld(last),
        };
    }
    let label = pack(last);
    let is_in = |table: &[u64]| table.binary_search(&label).is_ok();
    if label == const { pack(b"com") } || label == const { pack(b"net") } {
        return Tld::Plain;
    }
    if is_in(&FILE_TYPES) {
        return Tld::File;
    }
    if is_in(&SOURCES) {
        return Tld::Source;
    }
    if is_in(&PLAIN) || label >> 32 == const { pack(b"xn--") } {
        return Tld::Plain;
    }
    if last.len() == 2 {
        let word = is_in(&SHORT_WORDS);
        return if word { Tld::Word } else { Tld::Plain };
    }
    long_tld(last)
}

fn long_tld(last: &[u8]) -> Tld {
    let mut lower = [0; 64];
    let Some(lower) = lower.get_mut(..last.len()) else { return Tld::Word };
    lower.copy_from_slice(last);
    lower.make_ascii_lowercase();
    match (suffix_of(lower), &*lower) {
        (Suffix::Reserved, _) => Tld::Reserved,
        (_, b"properties") => Tld::File,
        _ => Tld::Word,
    }
}
