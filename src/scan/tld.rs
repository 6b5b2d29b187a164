//! What a last label is besides a suffix of names: the type of a file, a word
//! of code, or nothing else.
//!
//! The lists are judgement, not data of a registry: a suffix is on one if texts
//! use it in the other sense as often as in names. What is on none of them and
//! has two letters is a country's; what is longer is a word.

use super::chars::is_hidden;
use crate::kind::{
    BELOW, DEEP, RESERVED, Rules, Suffix, TOP, TOP_LONG, pack, suffix_of,
};

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

/// Words that many names end with, for all that.
const COMMON: &[&[u8]] = &[
    b"app",
    b"best",
    b"click",
    b"design",
    b"dev",
    b"digital",
    b"fit",
    b"host",
    b"info",
    b"lat",
    b"life",
    b"link",
    b"live",
    b"love",
    b"mom",
    b"network",
    b"news",
    b"one",
    b"online",
    b"pro",
    b"services",
    b"site",
    b"space",
    b"store",
    b"support",
    b"today",
    b"top",
    b"work",
    b"world",
    b"zone",
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
    /// Bytes of the longest first label of such a suffix of two labels.
    longest: u8,
}

impl Top {
    /// Whether it is surely on the public suffix list.
    pub(super) fn is_public(self) -> bool {
        self.depth != 0 && self.depth != BELOW
    }

    /// Whether a name that ends with it, of so many labels and with a first
    /// label so long, is no registry's suffix: it has more labels than any; or
    /// of two the first is too long; or of more the last two, here their last
    /// eight bytes, are none that there are others below. Takes no branch; says
    /// no of some that are none, and is asked of what is [public](Top::is_public).
    #[expect(clippy::inline_always, reason = "on the way of every candidate")]
    #[inline(always)]
    pub(super) fn is_below(
        self,
        labels: usize,
        first: usize,
        two: u64,
    ) -> bool {
        let is_long = (labels == 2) & (first > usize::from(self.longest));
        let is_other = (labels > 2) & !is_in(&BELOW_TWO, two);
        (labels > usize::from(self.depth)) | is_long | is_other
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
        tlds[i] = class_of(TOP[i].label);
        i += 1;
    }
    tlds
};

static TABLE: Table = {
    let empty = Top { tld: Tld::Word, depth: 0, longest: 0 };
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
            put(&mut table, label, Top { tld, depth: 0, longest: 0 });
        }
        i += 1;
    }
    table
};

/// Puts those labels into the table that end most names, or the others.
const fn put_all(table: &mut Table, most: bool) {
    let mut i = 0;
    while i < TOP.len() {
        let Rules { label, depth, longest } = TOP[i];
        let tld = TLDS[i];
        let is_often = label >> 16 == 0
            || matches!(tld, Tld::Plain)
            || holds(COMMON, label);
        if most == is_often {
            // What stands before these has rules of its own.
            let ruled =
                label == pack(b"onion", 0, 5) || label == pack(b"xxx", 0, 3);
            let depth = if ruled { BELOW } else { depth };
            put(table, label, Top { tld, depth, longest });
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

/// Mixes with a number found by trial: so none of the labels that end most
/// names is in another's slot, which a test asserts.
const fn hash_of(label: u64) -> u64 {
    label.wrapping_mul(0x17f8_272d_aed4_1ff5)
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

/// What one look says of a last label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstLook {
    /// A suffix of every name before it, and nothing else.
    Plain,
    /// So it is, and a word or the type of a source file.
    Word,
    /// Either of them, but names before it may be suffixes, too.
    Deep,
    /// It takes more looks.
    Other,
}

/// What the first slot of the table says of the last label of a name, of which
/// these are the last eight bytes. Takes no branch.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[expect(clippy::needless_bitwise_bool, reason = "no branch")]
#[inline(always)]
pub(super) fn first_look(word: u64) -> FirstLook {
    let (label, before) = last_label(word);
    let slot = slot_of(label);
    match (TABLE.labels[slot] == label) & (before != 0) {
        true => FIRST[slot],
        false => FirstLook::Other,
    }
}

/// What stands in the first slot for the last label of eight bytes.
#[inline]
pub(super) fn first_top(word: u64) -> Top {
    TABLE.classes[slot_of(last_label(word).0)]
}

/// The last label of eight bytes of a name, and how many bits are before it: 0
/// if it may go on there.
#[expect(clippy::inline_always, reason = "on the way of every candidate")]
#[inline(always)]
fn last_label(word: u64) -> (u64, u32) {
    let dots = word ^ u64::from_ne_bytes([b'.'; 8]);
    // The top bit of each byte that is a dot; all are ASCII.
    let dots =
        !dots.wrapping_add(0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080;
    let before = 64 - dots.leading_zeros();
    (word >> (before & 63), before)
}

/// What a first look says of each slot.
static FIRST: [FirstLook; SLOTS] = {
    let mut first = [FirstLook::Other; SLOTS];
    let mut i = 0;
    while i < SLOTS {
        let Top { tld, depth, .. } = TABLE.classes[i];
        first[i] = match (tld, depth) {
            (Tld::Plain, 0 | 1) => FirstLook::Plain,
            (Tld::Word | Tld::Source, 1) => FirstLook::Word,
            (Tld::Plain | Tld::Word | Tld::Source, 2..BELOW) => {
                FirstLook::Deep
            }
            _ => FirstLook::Other,
        };
        i += 1;
    }
    first
};

/// A filter of words of up to eight bytes: two bits for each.
type Filter = [u64; 64];

/// A filter of the last eight bytes of pairs of labels with suffixes below.
static BELOW_TWO: Filter = {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < DEEP.len() {
        put_in(&mut bits, DEEP[i]);
        i += 1;
    }
    bits
};

/// A filter of the last eight bytes of longer labels.
static LONG: Filter = {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < TOP_LONG.len() {
        put_in(&mut bits, TOP_LONG[i]);
        i += 1;
    }
    let mut i = 0;
    while i < RESERVED.len() {
        let len = RESERVED[i].len();
        if len > 8 {
            put_in(&mut bits, pack(RESERVED[i], len - 8, len));
        }
        i += 1;
    }
    bits
};

const fn put_in(bits: &mut Filter, last: u64) {
    let (one, other) = filter_bits(last);
    bits[one / 64] |= 1 << (one % 64);
    bits[other / 64] |= 1 << (other % 64);
}

/// The bits of a word in a filter.
const fn filter_bits(last: u64) -> (usize, usize) {
    let hash = hash_of(last);
    ((hash >> 52) as usize, (hash >> 40 & 0xfff) as usize)
}

#[inline]
fn is_in(filter: &Filter, word: u64) -> bool {
    let (one, other) = filter_bits(word);
    let bit = |at: usize| filter[at / 64] >> (at % 64) & 1;
    bit(one) & bit(other) != 0
}

/// Whether a label of more than eight bytes that ends with these may be a
/// suffix. Says yes to one in several hundred that is none.
#[inline]
pub(super) fn may_be_long_top(last: u64) -> bool {
    is_in(&LONG, last)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::is_suffix;

    #[test]
    fn labels_that_end_most_names_take_one_look() {
        let mut count = 0;
        for Rules { label, .. } in TOP {
            let is_often = label >> 16 == 0
                || holds(COMMON, label)
                || class_of(label) == Tld::Plain;
            if is_often {
                assert_eq!(TABLE.labels[slot_of(label)], label);
                count += 1;
            }
        }
        assert!(count > 300);
    }

    #[test]
    fn what_is_below_a_suffix_is_none() {
        const LABELS: [&str; 16] = [
            "a",
            "ac",
            "aichi",
            "aisai",
            "al",
            "campinagrande",
            "co",
            "com",
            "gov",
            "internet",
            "k12",
            "nom",
            "pvt",
            "sch",
            "sth",
            "a-label-that-no-suffix-starts-with",
        ];
        let (mut below, mut suffixes) = (0, 0);
        let mut check = |labels: &[&str]| {
            let name = labels.join(".");
            let two = labels[labels.len() - 2..].join(".");
            let last = two.as_bytes();
            let two = pack(last, last.len().saturating_sub(8), last.len());
            let top = of_short(labels[labels.len() - 1].as_bytes()).unwrap();
            let is = is_suffix(name.as_bytes());
            if top.is_public() {
                let is_below =
                    top.is_below(labels.len(), labels[0].len(), two);
                assert!(!(is && is_below), "{name}");
                below += u32::from(is_below);
            }
            suffixes += u32::from(is);
        };
        for top in ["at", "br", "cn", "com", "in", "it", "jp", "uk", "us"] {
            for second in LABELS {
                check(&[second, top]);
                for third in LABELS {
                    check(&[third, second, top]);
                    check(&["pvt", third, second, top]);
                }
            }
        }
        assert!(below > 3000 && suffixes > 50, "{below} {suffixes}");
    }
}
