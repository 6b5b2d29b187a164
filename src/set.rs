//! Distinct indicators: how often each was seen, and where first.
//!
//! An [`IndicatorSet`] compares canonical forms, so that `EVIL[.]example` and
//! `evil.example` are one entry that was seen twice. It iterates in the order
//! of first insertion; [`payload`](crate::payload) sorts when it writes.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::IpAddr;

use hashbrown::HashTable;

use crate::kind::any_byte;
use crate::{
    Certainty, Domain, Error, FileHash, Indicator, Kind, Limits, Match, Span,
    Url,
};

/// Distinct indicators in order of first insertion, with their counts.
///
/// What people get wrong: the set knows canonical forms only. A URL's host is
/// not an entry of its own, and `http://example.com` and
/// `http://example.com/` are the same entry.
///
/// Two sets are equal if they hold the same indicators equally often. The
/// order of insertion and the first places do not count.
///
/// # Complexity
///
/// Amortised constant time per insertion, also against inputs that were made
/// to collide: the table hashes with `SipHash` under random keys. An entry costs
/// 64 bytes, about 14 of index, and the text of a name or URL on the heap:
/// twenty million domains of twenty letters take about 2.2 GB.
///
/// ```
/// use iocpack::{Indicator, IndicatorSet, Kind};
///
/// let mut set = IndicatorSet::new();
/// assert!(set.insert(Indicator::parse(Kind::Domain, "example.com").unwrap()));
/// assert!(!set.insert(Indicator::parse(Kind::Domain, "EXAMPLE.com").unwrap()));
/// assert_eq!(set.len(), 1);
/// assert_eq!(set.iter().next().unwrap().count(), 2);
/// ```
#[derive(Clone, Default)]
pub struct IndicatorSet {
    entries: Vec<Entry>,
    index: HashTable<Slot>,
    keys: RandomState,
    counts: Counts,
}

/// Where an entry stands, and its hash. The hash is kept so that growing the
/// table touches no entry, and so that most misses end here.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    at: u32,
}

/// One distinct indicator of an [`IndicatorSet`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    indicator: Indicator,
    count: u64,
    first_start: usize,
    first_len: u32,
    has_first: bool,
    doubt: u8,
    /// Bytes of a URL that JSON escapes with one more, so that measuring a
    /// body does not go to where each text is kept.
    escapes: u16,
}

// The documented cost.
const _: () = assert!(size_of::<Entry>() <= 64);

/// How many entries there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counts {
    /// DNS names.
    pub domains: usize,
    /// URLs.
    pub urls: usize,
    /// IPv4 and IPv6 addresses.
    pub ips: usize,
    /// MD5, SHA-1 and SHA-256 digests.
    pub hashes: usize,
}

impl Counts {
    /// The number of entries of one kind.
    #[must_use]
    pub fn of(self, kind: Kind) -> usize {
        match kind {
            Kind::Domain => self.domains,
            Kind::Url => self.urls,
            Kind::Ip => self.ips,
            Kind::Hash => self.hashes,
        }
    }

    /// The number of entries of every kind.
    #[must_use]
    pub fn total(self) -> usize {
        self.domains + self.urls + self.ips + self.hashes
    }

    /// Counts one more entry of `kind`.
    pub(crate) fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Domain => self.domains += 1,
            Kind::Url => self.urls += 1,
            Kind::Ip => self.ips += 1,
            Kind::Hash => self.hashes += 1,
        }
    }
}

impl Entry {
    pub(crate) fn new(indicator: Indicator, first: Option<Span>) -> Entry {
        let (doubt, escapes) = match &indicator {
            Indicator::Url(url) => (doubt(url), escapes(url.as_str())),
            _ => (0, 0),
        };
        let mut entry = Entry {
            indicator,
            count: 1,
            first_start: 0,
            first_len: 0,
            has_first: false,
            doubt,
            escapes,
        };
        if let Some(span) = first {
            entry.set_first(span);
        }
        entry
    }

    fn set_first(&mut self, span: Span) {
        self.first_start = span.start;
        // A scanner's longest match is far below 4 GiB.
        self.first_len = u32::try_from(span.len()).unwrap_or(u32::MAX);
        self.has_first = true;
    }

    /// The indicator.
    #[must_use]
    pub fn indicator(&self) -> &Indicator {
        &self.indicator
    }

    /// How often it was inserted: at least 1.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Where the first match stood that brought it in; `None` if it came
    /// without a text.
    #[must_use]
    pub fn first(&self) -> Option<Span> {
        let start = self.first_start;
        let end = start.saturating_add(self.first_len as usize);
        self.has_first.then_some(Span { start, end })
    }

    /// Whether VirusTotal's id of it is proven, if it is a URL.
    pub(crate) fn is_proven(&self) -> bool {
        self.doubt == 0
    }

    /// How many bytes of its canonical form JSON escapes; `None` if only its
    /// text tells.
    pub(crate) fn escapes(&self) -> Option<usize> {
        (self.escapes < u16::MAX).then_some(usize::from(self.escapes))
    }

    /// The indicator, taken out.
    #[must_use]
    pub fn into_indicator(self) -> Indicator {
        self.indicator
    }

    /// Takes over what a repeated insertion brings.
    fn absorb(&mut self, other: Entry) {
        self.count = self.count.saturating_add(other.count);
        if !self.has_first {
            self.first_start = other.first_start;
            self.first_len = other.first_len;
            self.has_first = other.has_first;
        }
        // Equal URLs may differ in how surely their id is known. The surest
        // spelling stays, so that the order of insertion does not count.
        if other.doubt < self.doubt {
            self.indicator = other.indicator;
            self.doubt = other.doubt;
            self.escapes = other.escapes;
        }
    }
}

/// How many bytes of a canonical URL, which holds no controls, JSON escapes.
fn escapes(url: &str) -> u16 {
    let escaped = |b: u8| b == b'"' || b == b'\\';
    if !any_byte(url.as_bytes(), escaped) {
        return 0;
    }
    let count = url.bytes().filter(|b| escaped(*b)).count();
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// How unsure the id of a URL is: 0 if it is proven. Grows with the doubt.
fn doubt(url: &Url) -> u8 {
    match url.certainty() {
        Certainty::Proven => 0,
        Certainty::Inferred => 1,
        Certainty::Unknown => 2,
    }
}

/// What an entry is looked up by: its kind and its canonical form, borrowed.
#[derive(Clone, Copy)]
enum Key<'a> {
    Domain(&'a [u8]),
    Url(&'a [u8]),
    Ip(IpAddr),
    Hash(&'a FileHash),
}

impl<'a> Key<'a> {
    fn of(indicator: &'a Indicator) -> Key<'a> {
        match indicator {
            Indicator::Domain(it) => Key::Domain(it.as_str().as_bytes()),
            Indicator::Url(it) => Key::Url(it.as_str().as_bytes()),
            Indicator::Ip(it) => Key::Ip(*it),
            Indicator::Hash(it) => Key::Hash(it),
        }
    }

    fn names(self, indicator: &Indicator) -> bool {
        match (self, indicator) {
            (Key::Domain(key), Indicator::Domain(it)) => {
                key == it.as_str().as_bytes()
            }
            (Key::Url(key), Indicator::Url(it)) => {
                key == it.as_str().as_bytes()
            }
            (Key::Ip(key), Indicator::Ip(it)) => key == *it,
            (Key::Hash(key), Indicator::Hash(it)) => key == it,
            _ => false,
        }
    }

    fn hash(self, keys: &RandomState) -> u32 {
        let mut state = keys.build_hasher();
        match self {
            // Names and URLs share no form, so that they need no tag.
            Key::Domain(text) | Key::Url(text) => {
                state.write(text);
            }
            Key::Ip(IpAddr::V4(ip)) => state.write_u32(ip.to_bits()),
            Key::Ip(IpAddr::V6(ip)) => state.write_u128(ip.to_bits()),
            Key::Hash(hash) => state.write(hash.as_bytes()),
        }
        state.finish() as u32
    }
}

impl Slot {
    /// The hash as the table wants it: it looks at both ends of it.
    fn wide(hash: u32) -> u64 {
        u64::from(hash) << 32 | u64::from(hash)
    }
}

impl IndicatorSet {
    /// A set with nothing in it.
    #[must_use]
    pub fn new() -> IndicatorSet {
        IndicatorSet::default()
    }

    /// Puts an indicator in, or counts it once more; `true` if it is new.
    ///
    /// # Panics
    ///
    /// Past 2³² entries, which would take more than 256 GiB.
    pub fn insert(&mut self, indicator: Indicator) -> bool {
        self.insert_entry(Entry::new(indicator, None))
    }

    /// Puts an indicator in as [`insert`](IndicatorSet::insert) does, unless
    /// it is one more than the limit of distinct ones allows.
    ///
    /// # Errors
    ///
    /// [`is_limit`](Error::is_limit), with the indicator that is one too
    /// many. The set is as it was.
    pub fn try_insert(
        &mut self,
        indicator: Indicator,
        limits: Limits,
    ) -> Result<bool, Error> {
        if self.len() >= limits.uniques && !self.contains(&indicator) {
            return Err(Error::limit(format!(
                "too many distinct indicators: {indicator} is one more than \
                 {}",
                limits.uniques
            )));
        }
        Ok(self.insert(indicator))
    }

    /// Puts a match in, or counts it once more; `true` if it is new.
    ///
    /// A match whose indicator is known already is counted without an
    /// allocation, but for what is written otherwise in 120 bytes and more.
    ///
    /// ```
    /// use iocpack::{IndicatorSet, Scanner, Span};
    ///
    /// let mut set = IndicatorSet::new();
    /// for found in Scanner::new().find_iter("example.com, example.com") {
    ///     set.insert_match(&found);
    /// }
    /// let entry = set.iter().next().unwrap();
    /// assert_eq!((set.len(), entry.count()), (1, 2));
    /// assert_eq!(entry.first(), Some(Span { start: 0, end: 11 }));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`insert`](IndicatorSet::insert).
    pub fn insert_match(&mut self, found: &Match<'_>) -> bool {
        let span = found.span();
        match found.kind() {
            Kind::Ip => {
                let ip = found.address();
                self.see(Key::Ip(ip), span, || Indicator::Ip(ip))
            }
            Kind::Hash => {
                let hash = found.digest();
                self.see(Key::Hash(&hash), span, || Indicator::Hash(hash))
            }
            kind => found.with_canonical(|text| {
                let key = match kind {
                    Kind::Domain => Key::Domain(text.as_bytes()),
                    _ => Key::Url(text.as_bytes()),
                };
                self.see(key, span, || found.indicator_of(text))
            }),
        }
    }

    /// Counts the entry of `key` once more, or appends a new one.
    #[inline]
    fn see(
        &mut self,
        key: Key<'_>,
        span: Span,
        indicator: impl FnOnce() -> Indicator,
    ) -> bool {
        let hash = key.hash(&self.keys);
        let at = self.find_hashed(key, hash);
        let Some(at) = at else {
            self.push(Entry::new(indicator(), Some(span)), hash);
            return true;
        };
        let entry = &mut self.entries[at];
        if entry.doubt != 0 {
            entry.absorb(Entry::new(indicator(), Some(span)));
            return false;
        }
        entry.count = entry.count.saturating_add(1);
        if !entry.has_first {
            entry.set_first(span);
        }
        false
    }

    /// Puts an entry of another set in: counts add up, the first place stays;
    /// `true` if it is new.
    ///
    /// # Panics
    ///
    /// As [`insert`](IndicatorSet::insert).
    pub fn insert_entry(&mut self, entry: Entry) -> bool {
        let key = Key::of(&entry.indicator);
        let hash = key.hash(&self.keys);
        if let Some(at) = self.find_hashed(key, hash) {
            self.entries[at].absorb(entry);
            return false;
        }
        self.push(entry, hash);
        true
    }

    /// Appends an entry that is not in the set.
    fn push(&mut self, entry: Entry, hash: u32) {
        self.counts.add(entry.indicator.kind());
        let at = u32::try_from(self.entries.len())
            .expect("a set holds fewer than 2^32 entries");
        self.entries.push(entry);
        self.index.insert_unique(
            Slot::wide(hash),
            Slot { hash, at },
            |slot| Slot::wide(slot.hash),
        );
    }

    /// Puts every entry of `other` in, in its order.
    ///
    /// # Panics
    ///
    /// As [`insert`](IndicatorSet::insert).
    pub fn merge(&mut self, other: IndicatorSet) {
        if self.is_empty() {
            *self = other;
            return;
        }
        for entry in other {
            self.insert_entry(entry);
        }
    }

    /// Keeps the indicators for which `keep` says so; the order stays.
    pub fn retain(&mut self, mut keep: impl FnMut(&Indicator) -> bool) {
        let len = self.entries.len();
        self.entries.retain(|entry| keep(&entry.indicator));
        if self.entries.len() == len {
            return;
        }
        self.index.clear();
        self.counts = Counts::default();
        for (at, entry) in self.entries.iter().enumerate() {
            self.counts.add(entry.indicator.kind());
            let hash = Key::of(&entry.indicator).hash(&self.keys);
            self.index.insert_unique(
                Slot::wide(hash),
                Slot { hash, at: at as u32 },
                |slot| Slot::wide(slot.hash),
            );
        }
    }

    fn find(&self, key: Key<'_>) -> Option<usize> {
        self.find_hashed(key, key.hash(&self.keys))
    }

    fn find_hashed(&self, key: Key<'_>, hash: u32) -> Option<usize> {
        let same = |slot: &Slot| {
            slot.hash == hash
                && key.names(&self.entries[slot.at as usize].indicator)
        };
        let slot = self.index.find(Slot::wide(hash), same)?;
        Some(slot.at as usize)
    }

    /// The number of distinct indicators.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the indicator is in it.
    #[must_use]
    pub fn contains(&self, indicator: &Indicator) -> bool {
        self.find(Key::of(indicator)).is_some()
    }

    /// The entry of an indicator.
    #[must_use]
    pub fn entry(&self, indicator: &Indicator) -> Option<&Entry> {
        self.find(Key::of(indicator)).map(|at| &self.entries[at])
    }

    /// The number of distinct indicators of each kind.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The entries, in order of first insertion.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The entry that was inserted as the `at`th, from 0.
    pub(crate) fn at(&self, at: u32) -> &Entry {
        &self.entries[at as usize]
    }

    /// The names, in order of first insertion.
    pub fn domains(&self) -> impl Iterator<Item = &Domain> {
        self.iter().filter_map(|entry| match &entry.indicator {
            Indicator::Domain(domain) => Some(domain),
            _ => None,
        })
    }

    /// The URLs, in order of first insertion.
    pub fn urls(&self) -> impl Iterator<Item = &Url> {
        self.iter().filter_map(|entry| match &entry.indicator {
            Indicator::Url(url) => Some(url),
            _ => None,
        })
    }

    /// The addresses, in order of first insertion.
    pub fn ips(&self) -> impl Iterator<Item = IpAddr> {
        self.iter().filter_map(|entry| match entry.indicator {
            Indicator::Ip(ip) => Some(ip),
            _ => None,
        })
    }

    /// The file digests, in order of first insertion.
    pub fn hashes(&self) -> impl Iterator<Item = FileHash> {
        self.iter().filter_map(|entry| match entry.indicator {
            Indicator::Hash(hash) => Some(hash),
            _ => None,
        })
    }
}

impl fmt::Debug for IndicatorSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the table and its keys, which differ from run to run.
        f.debug_set().entries(&self.entries).finish()
    }
}

impl PartialEq for IndicatorSet {
    fn eq(&self, other: &IndicatorSet) -> bool {
        self.counts == other.counts
            && self.iter().all(|entry| {
                other
                    .entry(&entry.indicator)
                    .is_some_and(|it| it.count == entry.count)
            })
    }
}

impl Eq for IndicatorSet {}

impl Extend<Indicator> for IndicatorSet {
    fn extend<I: IntoIterator<Item = Indicator>>(&mut self, indicators: I) {
        for indicator in indicators {
            self.insert(indicator);
        }
    }
}

impl FromIterator<Indicator> for IndicatorSet {
    fn from_iter<I: IntoIterator<Item = Indicator>>(
        indicators: I,
    ) -> IndicatorSet {
        let mut set = IndicatorSet::new();
        set.extend(indicators);
        set
    }
}

impl<'t> Extend<Match<'t>> for IndicatorSet {
    fn extend<I: IntoIterator<Item = Match<'t>>>(&mut self, matches: I) {
        for found in matches {
            self.insert_match(&found);
        }
    }
}

impl<'t> FromIterator<Match<'t>> for IndicatorSet {
    fn from_iter<I: IntoIterator<Item = Match<'t>>>(
        matches: I,
    ) -> IndicatorSet {
        let mut set = IndicatorSet::new();
        set.extend(matches);
        set
    }
}

impl Extend<Entry> for IndicatorSet {
    fn extend<I: IntoIterator<Item = Entry>>(&mut self, entries: I) {
        for entry in entries {
            self.insert_entry(entry);
        }
    }
}

impl FromIterator<Entry> for IndicatorSet {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> IndicatorSet {
        let mut set = IndicatorSet::new();
        set.extend(entries);
        set
    }
}

impl<'a> IntoIterator for &'a IndicatorSet {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for IndicatorSet {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash without a key, as many tables had: `31 * hash + byte`.
    fn unkeyed(text: &str) -> u32 {
        let step = |hash: u32, byte: u8| {
            hash.wrapping_mul(31).wrapping_add(u32::from(byte))
        };
        text.bytes().fold(0, step)
    }

    /// URLs of one unkeyed hash: `Aa` and `BB` give the same, in any order.
    fn crafted() -> Vec<Url> {
        let url = |bits: u32| {
            let block = |at: u32| match bits >> at & 1 {
                0 => "Aa",
                _ => "BB",
            };
            let path: String = (0..14).map(block).collect();
            Url::parse(&format!("http://example.com/{path}"))
                .expect("a plain URL")
        };
        (0..1 << 14).map(url).collect()
    }

    /// The most keys in one bucket of a table twice as large as the keys are
    /// many: how many a lookup looks at where all of them collide.
    fn fullest(hashes: &[u32]) -> usize {
        let buckets = (hashes.len() * 2).next_power_of_two();
        let mut load = vec![0; buckets];
        for hash in hashes {
            load[*hash as usize & (buckets - 1)] += 1;
        }
        load.into_iter().max().unwrap_or(0)
    }

    #[test]
    fn keys_made_to_collide_are_spread_over_the_table() {
        let urls = crafted();
        let weak: Vec<u32> =
            urls.iter().map(|it| unkeyed(it.as_str())).collect();
        assert_eq!(fullest(&weak), urls.len());

        let set: IndicatorSet =
            urls.iter().cloned().map(Indicator::Url).collect();
        assert_eq!(set.len(), urls.len());
        let kept: Vec<u32> = set.index.iter().map(|slot| slot.hash).collect();
        // 16,384 keys in 32,768 buckets: a bucket of 17 comes once in 10^16
        // tables.
        assert!(fullest(&kept) <= 16, "{}", fullest(&kept));
        let distinct: std::collections::BTreeSet<_> = kept.iter().collect();
        assert!(distinct.len() > urls.len() - 16);
    }

    #[test]
    fn no_two_sets_hash_alike_so_that_none_can_be_aimed_at() {
        let (one, other) = (IndicatorSet::new(), IndicatorSet::new());
        let urls = crafted();
        let alike = urls.iter().filter(|url| {
            let key = Key::Url(url.as_str().as_bytes());
            key.hash(&one.keys) == key.hash(&other.keys)
        });
        assert!(alike.count() < 16);
    }
}
