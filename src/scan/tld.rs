//! What a last label is besides a suffix of names: the type of a file, a word
//! of code, or nothing else.
//!
//! The lists are judgement, not data of a registry: a suffix is on one if texts
//! use it in the other sense as often as in names. What is on none of them and
//! has two letters is a country's; what is longer is a word.

use super::chars::is_hidden;
use crate::kind::{BELOW, RESERVED, Suffix, TOP, TOP_LONG, pack, suffix_of};

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
const SHORT_WORDS: &[&[u8]] = &[
    b"ad", b"ai", b"al", b"as", b"at", b"be", b"by", b"cl", b"co", b"cu",
    b"cx", b"do", b"gt", b"hm", b"id", b"il", b"io", b"is", b"it", b"je",
    b"lb", b"lc", b"li", b"lk", b"ls", b"lt", b"ma", b"me", b"ml", b"mo",
    b"ms", b"mt", b"mu", b"my", b"ne", b"nf", b"no", b"pa", b"pf", b"pn",
    b"pt", b"re", b"ro", b"sb", b"se", b"si", b"sm", b"sr", b"sv", b"sy",
    b"td", b"tm", b"to", b"tt", b"tv", b"us", b"uy", b"va", b"vc", b"vu",
    b"ws",
];

/// Those of them that nearly always are words: `job.id`.
pub(super) const NAMELESS: &[&[u8]] = &[b"id", b"is", b"do", b"as"];

/// Suffixes of two letters that source and build files end with.
const SOURCES: &[&[u8]] = &[
    b"ac", b"am", b"cc", b"in", b"la", b"mk", b"mm", b"pk", b"pl", b"pm",
    b"sc", b"so", b"st", b"tc", b"tf", b"vi",
];

/// Suffixes that are the type of a file in most texts.
const FILE_TYPES: &[&[u8]] = &[
    b"bin", b"box", b"bz", b"cab", b"cs", b"doc", b"foo", b"java", b"md",
    b"mov", b"ps", b"pub", b"py", b"rs", b"sh", b"zip",
];

/// Suffixes of more than two letters that are nothing but suffixes in text.
/// All others of that length are words.
const PLAIN: &[&[u8]] = &[
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
];

/// What a label of at most eight bytes in lower case is, if it is a suffix.
const fn class_of(label: u64) -> Tld {
    let two = label >> 16 == 0;
    if holds(FILE_TYPES, label) {
        Tld::File
    } else if holds(SOURCES, label) {
        Tld::Source
    } else if holds(PLAIN, label) || two && !holds(SHORT_WORDS, label) {
        Tld::Plain
    } else {
        Tld::Word
    }
}

const fn holds(list: &[&[u8]], label: u64) -> bool {
    let mut i = 0;
    while i < list.len() {
        if pack(list[i], 0, list[i].len()) == label {
            return true;
        }
        i += 1;
    }
    false
}

/// Slots of [`TABLE`]: three of four are empty, so that most look-ups end at
/// the first.
const SLOTS: usize = 8192;

/// A hash table of the labels of at most eight bytes: linear probing, 0 for
/// an empty slot.
struct Table {
    labels: [u64; SLOTS],
    classes: [Top; SLOTS],
}

/// What is known of a top-level label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) tld: Tld,
    /// A name of more labels is not itself a registry's suffix; [`BELOW`]
    /// where that does not make it valid.
    pub(super) depth: u8,
}

impl Top {
    /// Whether it is surely on the public suffix list.
    pub(super) fn is_public(self) -> bool {
        self.depth != 0 && self.depth != BELOW
    }

    /// Whether every name of so many labels that ends with it is valid.
    pub(super) fn ends_names_of(self, labels: usize) -> bool {
        labels > usize::from(self.depth) && self.depth != BELOW
    }
}

/// What each label of [`TOP`] is.
const TLDS: [Tld; TOP.len()] = {
    let mut tlds = [Tld::Word; TOP.len()];
    let mut i = 0;
    while i < TOP.len() {
        tlds[i] = class_of(TOP[i].0);
        i += 1;
    }
    tlds
};

static TABLE: Table = {
    let empty = Top { tld: Tld::Word, depth: 0 };
    let mut table = Table { labels: [0; SLOTS], classes: [empty; SLOTS] };
    // What ends most names comes first, so that it is where look-ups start.
    put_all(&mut table, true);
    put_all(&mut table, false);
    let mut i = 0;
    while i < RESERVED.len() {
        // `.localdomain` is longer.
        if RESERVED[i].len() <= 8 {
            let label = pack(RESERVED[i], 0, RESERVED[i].len());
            let tld = match holds(PLAIN, label) {
                true => Tld::Plain,
                false => Tld::Reserved,
            };
            put(&mut table, label, Top { tld, depth: 0 });
        }
        i += 1;
    }
    table
};

/// Puts those labels into the table that are nothing but suffixes, or the
/// others.
const fn put_all(table: &mut Table, plain: bool) {
    let mut i = 0;
    while i < TOP.len() {
        let (label, depth) = TOP[i];
        let tld = TLDS[i];
        if plain == matches!(tld, Tld::Plain) {
            // What stands before these has rules of its own.
            let ruled =
                label == pack(b"onion", 0, 5) || label == pack(b"xxx", 0, 3);
            let depth = if ruled { BELOW } else { depth };
            put(table, label, Top { tld, depth });
        }
        i += 1;
    }
}

const fn put(table: &mut Table, label: u64, top: Top) {
    let mut slot = slot_of(label);
    while table.labels[slot] != 0 {
        slot = (slot + 1) % SLOTS;
    }
    table.labels[slot] = label;
    table.classes[slot] = top;
}

/// Where a label's look-up starts.
const fn slot_of(label: u64) -> usize {
    (hash_of(label) >> 51) as usize
}

/// Mixes with the golden ratio: consecutive labels land far apart.
const fn hash_of(label: u64) -> u64 {
    label.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What is known of a label in lower case, as [`pack`] packs it.
#[inline]
pub(super) fn top(label: u64) -> Option<Top> {
    let mut slot = slot_of(label);
    loop {
        let there = TABLE.labels[slot];
        if there == label && label != 0 {
            return Some(TABLE.classes[slot]);
        }
        if there == 0 {
            return None;
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// A filter of the last eight bytes of longer labels: 4,096 bits, two for each
/// label.
static LONG: [u64; 64] = {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < TOP_LONG.len() {
        set_long(&mut bits, TOP_LONG[i]);
        i += 1;
    }
    let mut i = 0;
    while i < RESERVED.len() {
        let len = RESERVED[i].len();
        if len > 8 {
            set_long(&mut bits, pack(RESERVED[i], len - 8, len));
        }
        i += 1;
    }
    bits
};

const fn set_long(bits: &mut [u64; 64], last: u64) {
    let (one, other) = long_bits(last);
    bits[one / 64] |= 1 << (one % 64);
    bits[other / 64] |= 1 << (other % 64);
}

/// The bits of a label in [`LONG`].
const fn long_bits(last: u64) -> (usize, usize) {
    let hash = hash_of(last);
    ((hash >> 52) as usize, (hash >> 40 & 0xfff) as usize)
}

/// Whether a label of more than eight bytes that ends with these may be a
/// suffix. Says yes to one in several hundred that is none.
#[inline]
pub(super) fn may_be_long_top(last: u64) -> bool {
    let (one, other) = long_bits(last);
    let bit = |at: usize| LONG[at / 64] >> (at % 64) & 1;
    bit(one) & bit(other) != 0
}

pub(super) fn tld(last: &[u8]) -> Tld {
    if last.get(..4).is_some_and(|x| x.eq_ignore_ascii_case(b"xn--")) {
        return Tld::Plain;
    }
    if !last.is_ascii() {
        return foreign_tld(last);
    }
    if last.len() > 8 {
        // `properties` and the like are words.
        return long_tld(last);
    }
    match of_short(last) {
        Some(top) => top.tld,
        None if last.len() == 2 => Tld::Plain,
        None => Tld::Word,
    }
}

/// Whether a label is one of the table, and nothing but a suffix.
pub(super) fn is_plain(last: &[u8]) -> bool {
    of_short(last).is_some_and(|top| top.tld == Tld::Plain)
}

/// What the table says of a label of at most eight bytes, in either case.
fn of_short(last: &[u8]) -> Option<Top> {
    let mut lower = [0; 8];
    let lower = lower.get_mut(..last.len())?;
    lower.copy_from_slice(last);
    lower.make_ascii_lowercase();
    top(pack(lower, 0, lower.len()))
}

/// No language is programmed in the scripts of these suffixes, and no file is
/// called so; a capital is that of the next sentence: `границе.РФ`.
fn foreign_tld(last: &[u8]) -> Tld {
    let Ok(text) = std::str::from_utf8(last) else { return Tld::Word };
    if text.chars().any(is_hidden) {
        let seen: String = text.chars().filter(|c| !is_hidden(*c)).collect();
        return tld(seen.as_bytes());
    }
    match text.chars().any(char::is_uppercase) {
        true => Tld::Word,
        false => Tld::Plain,
    }
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
