//! Which items of a set are sent, in which order, and their digest.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::payload::wire::{self, Item};
use crate::payload::{Hold, Options, Order, Relationship, UrlForm};
use crate::set::Entry;
use crate::{Indicator, IndicatorSet, UrlId};

/// The entries that are sent, as places in the set, and those that are not.
pub(in crate::payload) struct Selection<'s> {
    /// By relationship, in the order of [`Relationship::ALL`]; each sorted by
    /// the bytes of the canonical form until [`ordered`](Selection::ordered).
    pub(super) order: [Vec<Place>; 4],
    pub(super) holds: Vec<(&'s Indicator, Hold)>,
    /// The [`value_size`]s among the entries, one bit each.
    sizes: u64,
}

/// Where an entry stands in its set, and how many bytes it takes in a body:
/// a plan goes through its items in an order of its own, in which each look
/// at an entry is a look at far memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) at: u32,
    len: u32,
}

impl Place {
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

impl<'s> Selection<'s> {
    /// Takes the entries of some relationships that the options let through.
    /// `len` measures one; what `fits` refuses is held as too long.
    pub(super) fn of(
        set: &'s IndicatorSet,
        of: &[Relationship],
        options: &Options,
        len: impl Fn(&Entry) -> usize,
        fits: impl Fn(Relationship, usize) -> bool,
    ) -> Selection<'s> {
        Selection::with(set, of, |relationship, entry| {
            if let Some(hold) = options.hold(entry.indicator()) {
                return Err(hold);
            }
            match len(entry) {
                len if fits(relationship, len) => Ok(len),
                _ => Err(Hold::TooLong),
            }
        })
    }

    /// Takes every entry.
    pub(in crate::payload) fn everything(
        set: &'s IndicatorSet,
    ) -> Selection<'s> {
        Selection::with(set, &Relationship::ALL, |_, _| Ok(0))
    }

    fn with(
        set: &'s IndicatorSet,
        of: &[Relationship],
        measure: impl Fn(Relationship, &Entry) -> Result<usize, Hold>,
    ) -> Selection<'s> {
        let counts = set.counts();
        let mut order = Relationship::ALL.map(|it| {
            let wanted = of.contains(&it);
            Vec::with_capacity(if wanted { counts.of(it.kind()) } else { 0 })
        });
        let mut holds = Vec::new();
        let mut sizes = 0;
        for (at, entry) in (0..).zip(set) {
            let indicator = entry.indicator();
            let relationship = Relationship::of(indicator.kind());
            if !of.contains(&relationship) {
                continue;
            }
            match measure(relationship, entry) {
                Err(hold) => holds.push((indicator, hold)),
                Ok(len) => {
                    sizes |= 1 << value_size(indicator);
                    let len = u32::try_from(len).unwrap_or(u32::MAX);
                    order[relationship as usize].push(Place { at, len });
                }
            }
        }
        for (list, relationship) in order.iter_mut().zip(Relationship::ALL) {
            sort(list, set, relationship);
        }
        Selection { order, holds, sizes }
    }

    /// How many URLs are not named by their id although that was asked for.
    pub(super) fn fallbacks(
        &self,
        set: &IndicatorSet,
        options: &Options,
    ) -> usize {
        if options.url_form != UrlForm::Id {
            return 0;
        }
        let urls = &self.order[Relationship::Urls as usize];
        urls.iter().filter(|it| !set.at(it.at).is_proven()).count()
    }

    /// The digest of the items: see [`Plan::digest`](super::Plan::digest).
    pub(in crate::payload) fn digest(&self, set: &IndicatorSet) -> String {
        let mut hasher = Sha256::new();
        self.hash_lines(set, "", &mut hasher);
        hex_digest(hasher)
    }

    /// Hashes one line for each item, the lines sorted by bytes.
    pub(super) fn hash_lines(
        &self,
        set: &IndicatorSet,
        sign: &str,
        hasher: &mut Sha256,
    ) {
        // One update for many lines: each has a price of its own.
        const ENOUGH: usize = 1 << 13;
        let mut text = String::with_capacity(2 * ENOUGH);
        self.by_line(set).for_each(|entry| {
            text.push_str(sign);
            line(&mut text, entry.indicator());
            text.push('\n');
            if text.len() >= ENOUGH {
                hasher.update(text.as_bytes());
                text.clear();
            }
        });
        hasher.update(text.as_bytes());
    }

    /// The entries, sorted as their [`line`]s are, until
    /// [`ordered`](Selection::ordered) changes that.
    pub(in crate::payload) fn by_line<'a>(
        &'a self,
        set: &'a IndicatorSet,
    ) -> impl Iterator<Item = &'a Entry> {
        // Sorted by type, which is where the lines start. A type may be part
        // of a list only, told by its size, and each list is sorted.
        const ALL: [(Relationship, &[usize]); 4] = [
            (Relationship::Domains, &[0]),
            (Relationship::IpAddresses, &[4, 16]),
            (Relationship::Files, &[16, 20, 32]),
            (Relationship::Urls, &[0]),
        ];
        ALL.into_iter().flat_map(move |(relationship, sizes)| {
            let list = &self.order[relationship as usize];
            let there = |size: &&usize| self.sizes >> **size & 1 != 0;
            let there = sizes.iter().filter(there);
            let is_alone = there.clone().count() == 1;
            there.flat_map(move |&size| {
                entries(set, list).filter(move |it| {
                    is_alone || value_size(it.indicator()) == size
                })
            })
        })
    }

    /// Puts the items in the order that the options want.
    pub(super) fn ordered(mut self, options: &Options) -> Selection<'s> {
        if options.order == Order::FirstSeen {
            for list in &mut self.order {
                list.sort_unstable();
            }
        }
        self
    }
}

/// Entries that are gone to at once.
const AT_ONCE: usize = 16;

/// The entries at some places, in their order.
///
/// They and their texts are far apart in memory. A look at each would wait
/// for the one before; a few looked at before any is used wait together.
pub(super) fn entries<'a>(
    set: &'a IndicatorSet,
    places: &'a [Place],
) -> impl Iterator<Item = &'a Entry> {
    places.chunks(AT_ONCE).flat_map(move |some| {
        let first = |it: &Place| name(set.at(it.at).indicator()).as_bytes();
        let look = some.iter().filter_map(|it| first(it).first());
        black_box(look.fold(0, |all, first| all ^ first));
        some.iter().map(move |it| set.at(it.at))
    })
}

/// Hashes one line for each id of a URL whose text is not known.
pub(super) fn hash_ids(ids: &[UrlId], sign: &str, hasher: &mut Sha256) {
    for id in ids {
        hasher.update(format!("{sign}url-id\t{id}\n").as_bytes());
    }
}

/// The bytes of an address or a digest; 0 for what is kept as text.
fn value_size(indicator: &Indicator) -> usize {
    match indicator {
        Indicator::Domain(_) | Indicator::Url(_) => 0,
        Indicator::Ip(IpAddr::V4(_)) => 4,
        Indicator::Ip(IpAddr::V6(_)) => 16,
        Indicator::Hash(hash) => hash.as_bytes().len(),
    }
}

/// Writes `type`, TAB, canonical form.
pub(in crate::payload) fn line(out: &mut String, indicator: &Indicator) {
    out.push_str(indicator.type_name());
    out.push('\t');
    match indicator {
        // As it is: escapes are a matter of JSON.
        Indicator::Url(url) => out.push_str(url.as_str()),
        _ => wire::text(out, Item::Indicator(indicator)),
    }
}

pub(super) fn hex_digest(hasher: Sha256) -> String {
    let mut hex = String::with_capacity(64);
    wire::hex(&mut hex, &hasher.finalize());
    hex
}

/// Sorts entries of one relationship by the bytes of their canonical form.
fn sort(list: &mut [Place], set: &IndicatorSet, relationship: Relationship) {
    let indicator = |it: Place| set.at(it.at).indicator();
    match relationship {
        Relationship::Domains => {
            sort_by_text(list, |it| (name(indicator(it)).as_bytes(), 0));
        }
        Relationship::Urls => {
            sort_by_text(list, |it| past_scheme(name(indicator(it))));
        }
        // Hex digits sort as the bytes that they stand for.
        Relationship::Files => {
            sort_by_text(list, |it| (digest(indicator(it)), 0));
        }
        Relationship::IpAddresses => {
            let only_v4 = |it: &Place| v4(indicator(*it)).is_some();
            if list.iter().all(only_v4) {
                let key = |it: &Place| v4(indicator(*it)).map(v4_text_key);
                list.sort_by_cached_key(key);
            } else {
                list.sort_by_cached_key(|it| match indicator(*it) {
                    Indicator::Ip(ip) => Some(wire::ip_text(*ip)),
                    _ => None,
                });
            }
        }
    }
}

/// Runs of so few texts are compared as they are.
const FEW: usize = 4;

/// Sorts by a text and a number before it.
///
/// Eight bytes at a time as a number: a text is far away, and is gone to once
/// for each eight bytes that others share with it, rather than for each
/// comparison.
fn sort_by_text<'s>(
    list: &mut [Place],
    text: impl Fn(Place) -> (&'s [u8], u8),
) {
    let first = |it: Place| {
        let (text, before) = text(it);
        u64::from(before) << 56 | head(text, 0) >> 8
    };
    let mut heads: Vec<(u64, Place)> =
        list.iter().map(|&it| (first(it), it)).collect();
    heads.sort_unstable_by_key(|it| it.0);
    // What is the same up to a byte, and is to be sorted by what follows.
    let mut runs = Vec::new();
    push_runs(&heads, 0, 7, &mut runs);
    while let Some((run, at)) = runs.pop() {
        let same = &mut heads[run.clone()];
        if same.len() <= FEW {
            same.sort_unstable_by(|a, b| text(a.1).0.cmp(text(b.1).0));
            continue;
        }
        let mut is_over = true;
        for (head_of, place) in &mut *same {
            let (text, _) = text(*place);
            is_over &= text.len() <= at;
            *head_of = head(text, at);
        }
        if is_over {
            // What ends within zeros of another is shorter.
            same.sort_unstable_by_key(|it| text(it.1).0.len());
            continue;
        }
        same.sort_unstable_by_key(|it| it.0);
        push_runs(same, run.start, at + 8, &mut runs);
    }
    for (slot, (_, place)) in list.iter_mut().zip(heads) {
        *slot = place;
    }
}

/// Adds the runs of equal heads, of which the first stands at `start`.
fn push_runs(
    heads: &[(u64, Place)],
    mut start: usize,
    next: usize,
    runs: &mut Vec<(Range<usize>, usize)>,
) {
    for same in heads.chunk_by(|a, b| a.0 == b.0) {
        let end = start + same.len();
        if same.len() > 1 {
            runs.push((start..end, next));
        }
        start = end;
    }
}

/// The eight bytes from `at` on as a number that sorts as they do; zeros past
/// the end.
fn head(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    if let Some(bytes) = rest.first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    let mut bytes = [0; 8];
    bytes[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(bytes)
}

/// A URL past its scheme, and the scheme as a number: its length is enough,
/// since `ftp:` sorts before `http:`, and that before `https:`.
fn past_scheme(url: &str) -> (&[u8], u8) {
    match url.as_bytes() {
        [_, _, _, b':', _, _, rest @ ..] => (rest, 3),
        [_, _, _, _, b':', _, _, rest @ ..] => (rest, 4),
        [_, _, _, _, _, _, _, _, rest @ ..] => (rest, 5),
        _ => (&[], 0),
    }
}

fn name(indicator: &Indicator) -> &str {
    match indicator {
        Indicator::Domain(domain) => domain.as_str(),
        Indicator::Url(url) => url.as_str(),
        _ => "",
    }
}

fn digest(indicator: &Indicator) -> &[u8] {
    match indicator {
        Indicator::Hash(hash) => hash.as_bytes(),
        _ => &[],
    }
}

fn v4(indicator: &Indicator) -> Option<Ipv4Addr> {
    match indicator {
        Indicator::Ip(IpAddr::V4(ip)) => Some(*ip),
        _ => None,
    }
}

/// A number that sorts as the address sorts when it is written out.
///
/// Each octet becomes three digits of four bits, from the left, a digit `d` as
/// `d + 1` and no digit as 0: a dot sorts before any digit.
fn v4_text_key(ip: Ipv4Addr) -> u64 {
    ip.octets().into_iter().fold(0, |key, octet| {
        let octet = u64::from(octet);
        let (hundreds, tens, ones) =
            (octet / 100 + 1, octet / 10 % 10 + 1, octet % 10 + 1);
        let digits = match octet {
            0..10 => ones << 8,
            10..100 => tens << 8 | ones << 4,
            _ => hundreds << 8 | tens << 4 | ones,
        };
        key << 12 | digits
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted<'t>(
        texts: &'t [Vec<u8>],
        text: impl Fn(&'t [u8]) -> (&'t [u8], u8),
    ) -> Vec<&'t [u8]> {
        let at = |it: Place| &*texts[it.at as usize];
        let mut list: Vec<Place> =
            (0..).zip(texts).map(|(at, _)| Place { at, len: 0 }).collect();
        sort_by_text(&mut list, |it| text(at(it)));
        list.into_iter().map(at).collect()
    }

    #[test]
    fn urls_sort_as_their_text_does() {
        let mut urls = Vec::new();
        for scheme in ["ftp", "http", "https"] {
            for rest in ["a", "a.b", "a/", "aaaaaaa", "aaaaaaaa", "b", "-"] {
                for path in ["", "/", "/aaaaaaaaaaaaaaaa", "/aaaaaaaaaaaaaab"]
                {
                    urls.push(format!("{scheme}://{rest}{path}").into_bytes());
                }
            }
        }
        urls.sort();
        urls.dedup();
        urls.reverse();
        let past = |url| past_scheme(std::str::from_utf8(url).unwrap());
        let by_text = sorted(&urls, past);
        assert!(by_text.is_sorted());
        assert_eq!(by_text.len(), urls.len());
    }

    proptest! {
        #[test]
        fn texts_sort_by_their_bytes(
            texts in prop::collection::vec(
                prop::collection::vec(0..3_u8, 0..40), 0..200),
            longer in 0..30_usize,
        ) {
            // With beginnings in common that are longer than a number.
            let prefix = |it: &Vec<u8>| match it.first() {
                Some(1) => [&vec![2; longer], &**it].concat(),
                _ => it.clone(),
            };
            let texts: Vec<Vec<u8>> = texts.iter().map(prefix).collect();
            let found = sorted(&texts, |text| (text, 0));
            prop_assert!(found.is_sorted());
            let mut all: Vec<&[u8]> = texts.iter().map(|it| &**it).collect();
            all.sort();
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn addresses_sort_as_their_text_does() {
        let octets = [0, 1, 2, 9, 10, 11, 19, 20, 99, 100, 101, 192, 255];
        let mut ips = Vec::new();
        for a in octets {
            for b in octets {
                ips.push(Ipv4Addr::new(a, b, 3, 4));
                ips.push(Ipv4Addr::new(192, a, b, 10));
            }
        }
        let mut by_text = ips.clone();
        by_text.sort_by_key(ToString::to_string);
        ips.sort_by_key(|&ip| v4_text_key(ip));
        assert_eq!(ips, by_text);
    }
}
