//! Lists of the caller's: names, networks, URLs, warninglists.
//!
//! Every entry goes into an index whose look-up does not depend on how many
//! entries there are: names into a hash set that is asked for each suffix of
//! a host, networks into sorted disjoint ranges, starts of URLs into a sorted
//! list, parts of texts into one Aho-Corasick automaton, patterns into one
//! [`RegexSet`]. Entries of different lists share an index where the lists
//! apply to the same kinds.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use regex::bytes::{RegexSet, RegexSetBuilder};

use super::quote;
use crate::{
    Domain, Error, FileHash, InvalidReason, Kind, KindSet, Url, parse_ip,
};

mod misp;

/// Names the list of an entry.
type ListId = u32;

/// An entry as its list spells it, or as it is compared.
type Listed = (Box<str>, ListId);

/// The lists as they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Builder {
    names: Vec<Box<str>>,
    tables: Vec<(KindSet, Entries)>,
}

/// The entries of the lists that apply to the same kinds.
#[derive(Clone, Debug, Default)]
struct Entries {
    hosts: HashMap<Box<str>, ListId>,
    exact: HashMap<Box<str>, ListId>,
    networks: Vec<Range>,
    prefixes: Vec<Listed>,
    substrings: Vec<Listed>,
    patterns: Vec<Listed>,
}

/// A network as numbers; IPv4 is kept apart from IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    is_v6: bool,
    first: u128,
    last: u128,
    len: u8,
    list: ListId,
}

impl Builder {
    /// Reads a list of either format. Returns what is wrong with entries.
    pub(super) fn read(
        &mut self,
        name: &str,
        list: &[u8],
    ) -> Result<Vec<Error>, Error> {
        let list = list.strip_prefix(b"\xef\xbb\xbf").unwrap_or(list);
        let text = std::str::from_utf8(list).map_err(|err| {
            let line = 1 + count_lines(&list[..err.valid_up_to()]);
            Error::syntax(format!(
                "{}, line {line}: expected UTF-8",
                quote(name)
            ))
        })?;
        if text.trim_start().starts_with('{') {
            return self.read_misp(name, text);
        }
        let id = self.list(name);
        let mut warnings = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let entry = match line.split_once('#') {
                // A fragment of a URL starts with `#` too; it is cut anyway.
                Some((entry, _)) => entry.trim(),
                None => line.trim(),
            };
            if entry.is_empty() {
                continue;
            }
            if let Err(why) = self.entry(id, entry) {
                warnings.push(Error::syntax(format!(
                    "{}, line {}: `{}`: {why}",
                    quote(name),
                    at + 1,
                    quote(entry)
                )));
            }
        }
        Ok(warnings)
    }

    /// Adds a name, an address or a network from no list in particular.
    pub(super) fn host_or_network(
        &mut self,
        list: &str,
        entry: &str,
    ) -> Result<(), &'static str> {
        let id = self.list(list);
        if let Some(range) = network(entry, id) {
            self.table(KindSet::ALL).networks.push(range?);
            return Ok(());
        }
        let host = host(entry)?;
        self.table(KindSet::ALL).hosts.insert(host, id);
        Ok(())
    }

    /// One entry of a plain list.
    fn entry(&mut self, id: ListId, entry: &str) -> Result<(), &'static str> {
        let table = self.table(KindSet::ALL);
        if let Some(range) = network(entry, id) {
            table.networks.push(range?);
        } else if let Ok(hash) = FileHash::parse(entry) {
            table.exact.entry(hash.to_string().into()).or_insert(id);
        } else if entry.contains("://") {
            table.prefixes.push((url_prefix(entry)?, id));
        } else if entry.contains('/') {
            for scheme in ["http", "https"] {
                let start = url_prefix(&format!("{scheme}://{entry}"))?;
                table.prefixes.push((start, id));
            }
        } else {
            table.hosts.entry(host(entry)?).or_insert(id);
        }
        Ok(())
    }

    fn list(&mut self, name: &str) -> ListId {
        if self.names.last().is_none_or(|last| **last != *name) {
            self.names.push(name.into());
        }
        (self.names.len() - 1) as ListId
    }

    fn table(&mut self, kinds: KindSet) -> &mut Entries {
        let known = self.tables.iter().position(|(it, _)| *it == kinds);
        let at = known.unwrap_or(self.tables.len());
        if known.is_none() {
            self.tables.push((kinds, Entries::default()));
        }
        &mut self.tables[at].1
    }

    /// The indexes.
    pub(super) fn build(&self) -> AllowLists {
        let tables = self.tables.iter();
        AllowLists {
            names: self.names.clone().into(),
            tables: tables.map(|(kinds, it)| (*kinds, it.index())).collect(),
        }
    }
}

impl Entries {
    fn index(&self) -> Index {
        let texts: Vec<&str> =
            self.substrings.iter().map(|(text, _)| &**text).collect();
        // Building fails past 2^31 states, which is more text than a list
        // can hold in memory beside it.
        let substrings = (!texts.is_empty()).then(|| {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(&texts)
                .ok()
        });
        let mut patterns = Vec::new();
        sets(&self.patterns, &mut patterns);
        Index {
            hosts: self.hosts.clone(),
            exact: self.exact.clone(),
            networks: disjoint(&self.networks),
            prefixes: shortest(&self.prefixes),
            substrings: substrings
                .flatten()
                .map(|it| (it, self.substrings.clone())),
            patterns,
        }
    }
}

/// All lists, ready to be asked. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub(super) struct AllowLists {
    names: Arc<[Box<str>]>,
    tables: Arc<[(KindSet, Index)]>,
}

#[derive(Debug)]
struct Index {
    hosts: HashMap<Box<str>, ListId>,
    exact: HashMap<Box<str>, ListId>,
    networks: Vec<Range>,
    prefixes: Vec<Listed>,
    substrings: Option<(AhoCorasick, Vec<Listed>)>,
    patterns: Vec<(RegexSet, Vec<Listed>)>,
}

impl AllowLists {
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    fn tables(&self, kind: Kind) -> impl Iterator<Item = &Index> {
        self.tables
            .iter()
            .filter(move |(kinds, _)| kinds.contains(kind))
            .map(|(_, index)| index)
    }

    /// The rule of the list that names the host or a name above it.
    pub(super) fn host(&self, kind: Kind, host: &str) -> Option<String> {
        let host = host.strip_suffix('.').unwrap_or(host);
        // No entry is longer than a name may be (RFC 1035), so that a host of
        // any length costs no more than its last 253 bytes.
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'.', host.as_bytes()).map(|at| at + 1))
            .filter(|start| host.len() - start <= 253);
        self.tables(kind).filter(|it| !it.hosts.is_empty()).find_map(|it| {
            starts.clone().find_map(|start| {
                let suffix = &host[start..];
                let list = it.hosts.get(suffix)?;
                Some(self.rule(*list, suffix))
            })
        })
    }

    /// The rule of the list that names a network with the address in it.
    pub(super) fn address(&self, kind: Kind, ip: IpAddr) -> Option<String> {
        let (is_v6, bits) = number(ip);
        self.tables(kind).find_map(|it| {
            let key = |r: &Range| (r.is_v6, r.first) <= (is_v6, bits);
            let at = it.networks.partition_point(key).checked_sub(1)?;
            let range = it.networks[at];
            (range.is_v6 == is_v6 && bits <= range.last)
                .then(|| self.rule(range.list, &range.to_text()))
        })
    }

    /// The rule of the list that speaks of the whole text: equal, a start of
    /// it, a part of it, or a pattern.
    pub(super) fn text(&self, kind: Kind, text: &str) -> Option<String> {
        self.tables(kind).find_map(|it| {
            if let Some(list) = it.exact.get(text) {
                return Some(self.rule(*list, text));
            }
            if kind == Kind::Url
                && let Some((start, list)) = it.prefix(text)
            {
                return Some(self.rule(list, start));
            }
            if let Some((automaton, entries)) = &it.substrings
                && let Some(hit) = automaton.find(text)
            {
                let (entry, list) = &entries[hit.pattern().as_usize()];
                return Some(self.rule(*list, entry));
            }
            it.patterns.iter().find_map(|(set, entries)| {
                let hit = set.matches(text.as_bytes()).iter().next()?;
                let (entry, list) = &entries[hit];
                Some(self.rule(*list, entry))
            })
        })
    }

    fn rule(&self, list: ListId, entry: &str) -> String {
        let name = self.names.get(list as usize).map_or("", |name| name);
        format!("{}: `{}`", quote(name), quote(entry))
    }
}

impl Index {
    /// The only entry that `text` can start with: no entry starts with
    /// another, so it is the last that sorts before `text` or equals it.
    fn prefix(&self, text: &str) -> Option<(&str, ListId)> {
        let at = self.prefixes.partition_point(|(it, _)| **it <= *text);
        let (start, list) = &self.prefixes[at.checked_sub(1)?];
        text.starts_with(&**start).then_some((start, *list))
    }
}

impl Range {
    fn to_text(self) -> String {
        let ip = if self.is_v6 {
            IpAddr::V6(self.first.into())
        } else {
            IpAddr::V4((self.first as u32).into())
        };
        format!("{ip}/{}", self.len)
    }
}

fn number(ip: IpAddr) -> (bool, u128) {
    match ip {
        IpAddr::V4(ip) => (false, ip.to_bits().into()),
        IpAddr::V6(ip) => (true, ip.to_bits()),
    }
}

/// Reads an address or a network. `None` where it is neither in form, an
/// error where only its numbers are wrong. Bits after the prefix are cleared.
fn network(entry: &str, list: ListId) -> Option<Result<Range, &'static str>> {
    let (ip, len) = match entry.split_once('/') {
        Some((ip, len)) => (ip, Some(len)),
        None => (entry, None),
    };
    let (is_v6, bits) = number(match parse_ip(ip) {
        Ok(ip) => ip,
        Err(err) if err.reason() == InvalidReason::LeadingZero => {
            return Some(Err("leading zero in an IPv4 part"));
        }
        Err(_) => return None,
    });
    let width: u8 = if is_v6 { 128 } else { 32 };
    let len = match len.map(str::parse::<u8>) {
        None => width,
        Some(Ok(len)) if len <= width => len,
        Some(_) if is_v6 => {
            return Some(Err("expected a prefix length up to 128"));
        }
        Some(_) => return Some(Err("expected a prefix length up to 32")),
    };
    let free = u32::from(width - len);
    let low = u128::MAX.checked_shl(free).map_or(u128::MAX, |high| !high);
    let first = bits & !low;
    Some(Ok(Range { is_v6, first, last: bits | low, len, list }))
}

/// The ranges that lie in no other one, sorted: networks are nested or
/// disjoint.
fn disjoint(ranges: &[Range]) -> Vec<Range> {
    let mut sorted = ranges.to_vec();
    sorted.sort_by_key(|r| (r.is_v6, r.first, r.len));
    let mut kept: Vec<Range> = Vec::with_capacity(sorted.len());
    for range in sorted {
        let inside = |last: &Range| {
            last.is_v6 == range.is_v6 && range.last <= last.last
        };
        if !kept.last().is_some_and(inside) {
            kept.push(range);
        }
    }
    kept
}

/// The texts that start with no other one, sorted.
fn shortest(texts: &[Listed]) -> Vec<Listed> {
    let mut sorted = texts.to_vec();
    sorted.sort();
    let mut kept: Vec<Listed> = Vec::with_capacity(sorted.len());
    for (text, list) in sorted {
        if !kept.last().is_some_and(|(last, _)| text.starts_with(&**last)) {
            kept.push((text, list));
        }
    }
    kept
}

/// Largest compiled set, in bytes; above it the patterns are split.
const SET_SIZE: usize = 1 << 25;

/// Builds sets of the patterns, as few as fit.
fn sets(patterns: &[Listed], out: &mut Vec<(RegexSet, Vec<Listed>)>) {
    if patterns.is_empty() {
        return;
    }
    let sources: Vec<String> =
        patterns.iter().map(|(entry, _)| misp::to_pattern(entry)).collect();
    match set_builder(&sources).build() {
        Ok(set) => out.push((set, patterns.to_vec())),
        // Each pattern compiles by itself: the set was too large.
        Err(_) if patterns.len() > 1 => {
            let (left, right) = patterns.split_at(patterns.len() / 2);
            sets(left, out);
            sets(right, out);
        }
        Err(_) => {}
    }
}

/// Patterns are matched on bytes and without Unicode tables: what is matched
/// is the canonical text of an indicator, which is nearly always ASCII.
fn set_builder(sources: &[String]) -> RegexSetBuilder {
    let mut builder = RegexSetBuilder::new(sources);
    builder.unicode(false).size_limit(SET_SIZE).dfa_size_limit(SET_SIZE);
    builder
}

/// A host as it is looked up: lower case, A-labels, without `*.` before it. A
/// name with an unknown suffix or of a single label is taken, since lists
/// name whole suffixes.
fn host(entry: &str) -> Result<Box<str>, &'static str> {
    let name = entry.strip_prefix("*.").unwrap_or(entry);
    let name = name.strip_prefix('.').unwrap_or(name);
    match Domain::parse(name) {
        Ok(domain) => return Ok(domain.as_str().into()),
        Err(err) => match err.reason() {
            InvalidReason::SingleLabel
            | InvalidReason::UnknownSuffix
            | InvalidReason::OnlySuffix
            | InvalidReason::BadOnion => {}
            InvalidReason::LabelTooLong => {
                return Err("label longer than 63 bytes");
            }
            InvalidReason::NameTooLong => {
                return Err("name longer than 253 bytes");
            }
            _ => {
                return Err("expected a name, an address, a network, \
                            a URL or a hash");
            }
        },
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_ascii() {
        return Ok(name.to_ascii_lowercase().into());
    }
    idna::domain_to_ascii(name)
        .map(Into::into)
        .map_err(|_| "label that UTS-46 refuses")
}

/// The canonical form of a URL, to compare starts with. The root slash comes
/// with it, so that `https://example.com` covers no `example.com.example.net`.
fn url_prefix(entry: &str) -> Result<Box<str>, &'static str> {
    Url::parse(entry)
        .map(|url| url.as_str().into())
        .map_err(|_| "expected a URL of http, https or ftp")
}

fn count_lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}
