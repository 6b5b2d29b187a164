//! What to add to a collection, and what to take out of it, so that it holds
//! exactly what it should.

use std::collections::BTreeSet;

use super::Held;
use crate::set::Entry;
use crate::{FileHash, HashKind, Indicator, IndicatorSet, Url, UrlId};

/// What differs between what a collection holds and what it should hold.
///
/// Make a [`Plan`](super::Plan) of it with [`Plan::delta`](super::Plan::delta).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    pub(super) adds: IndicatorSet,
    pub(super) removes: IndicatorSet,
    pub(super) remove_ids: Vec<UrlId>,
    uncertain: Vec<Uncertain>,
}

/// An item of which it cannot be told whether both sides have it.
///
/// It is neither added nor removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Uncertain {
    /// A wanted URL that may be one of those that are held in another
    /// spelling or by id: its own id is not proven.
    WantedUrl(Url),
    /// A held URL that may be a wanted one.
    HeldUrl(Url),
    /// A URL held by this id that may be a wanted one.
    HeldUrlId(UrlId),
    /// A wanted MD5 or SHA-1 that may be of a file that is held: VirusTotal
    /// lists files by SHA-256 only.
    WantedHash(FileHash),
    /// A held file that may be that of a wanted MD5 or SHA-1.
    HeldHash(FileHash),
}

impl Delta {
    /// What is wanted and not held.
    #[must_use]
    pub fn adds(&self) -> &IndicatorSet {
        &self.adds
    }

    /// What is held and not wanted, as far as its text is known.
    #[must_use]
    pub fn removes(&self) -> &IndicatorSet {
        &self.removes
    }

    /// The ids of URLs that are held and not wanted, sorted; these are not
    /// among [`removes`](Delta::removes).
    #[must_use]
    pub fn removed_url_ids(&self) -> &[UrlId] {
        &self.remove_ids
    }

    /// What could not be told, sorted.
    #[must_use]
    pub fn uncertain(&self) -> &[Uncertain] {
        &self.uncertain
    }

    /// Adds what is wanted and uncertain all the same. It does no harm where
    /// it is held already: a collection is a set.
    pub fn add_uncertain(&mut self) {
        let adds = &mut self.adds;
        self.uncertain.retain(|it| {
            let indicator = match it {
                Uncertain::WantedUrl(url) => Indicator::Url(url.clone()),
                Uncertain::WantedHash(hash) => Indicator::Hash(*hash),
                _ => return true,
            };
            adds.insert(indicator);
            false
        });
    }

    /// Whether nothing is to be added or removed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.adds.is_empty()
            && self.removes.is_empty()
            && self.remove_ids.is_empty()
    }
}

/// What to add and to remove so that a collection that holds `held` holds
/// `wanted`.
///
/// A URL held by id is a wanted one if that one's id is proven and the same.
/// Where an id is not proven, or a file is wanted by MD5 or SHA-1 while
/// others are listed by SHA-256, nothing is guessed: see [`Uncertain`].
///
/// ```
/// use iocpack::payload::{Held, delta};
/// use iocpack::{IndicatorSet, Scanner};
///
/// let held = Held::read(br#"{"data":[
///     {"type":"domain","id":"old.example"},
///     {"type":"domain","id":"both.example"}]}"#).unwrap();
/// let text = "both[.]example new[.]example";
/// let wanted: IndicatorSet = Scanner::new().find_iter(text).collect();
/// let delta = delta(&held, &wanted);
/// assert_eq!(delta.adds().domains().next().unwrap().as_str(), "new.example");
/// assert_eq!(delta.removes().domains().next().unwrap().as_str(), "old.example");
/// ```
#[must_use]
pub fn delta(held: &Held, wanted: &IndicatorSet) -> Delta {
    let mut delta = Delta::default();
    let mut matched = BTreeSet::new();
    // URLs known by text although they are listed by id.
    let spelt: IndicatorSet = held
        .urls
        .values()
        .flatten()
        .map(|url| Indicator::Url(url.clone()))
        .collect();
    let mut doubtful = Vec::new();
    for entry in wanted {
        let indicator = entry.indicator();
        if held.items.contains(indicator) || spelt.contains(indicator) {
            continue;
        }
        if let Indicator::Url(url) = indicator {
            let id = url.id();
            if held.urls.contains_key(&id) {
                matched.insert(id);
                // As sent, the id was made of this very text.
                if held.respelt && !entry.is_proven() {
                    let url = url.clone();
                    delta.uncertain.push(Uncertain::WantedUrl(url));
                    delta.uncertain.push(Uncertain::HeldUrlId(id));
                }
                continue;
            }
        }
        if held.respelt && is_doubtful(entry) {
            doubtful.push(indicator);
        } else {
            delta.adds.insert(indicator.clone());
        }
    }
    let mut left = Vec::new();
    for entry in &held.items {
        if !wanted.contains(entry.indicator()) {
            left.push(entry.indicator());
        }
    }
    let mut left_ids = Vec::new();
    for (id, url) in &held.urls {
        let is_wanted = url
            .as_ref()
            .is_some_and(|url| wanted.contains(&Indicator::Url(url.clone())));
        if !matched.contains(id) && !is_wanted {
            left_ids.push(*id);
        }
    }
    delta.settle(doubtful, left, left_ids);
    delta.uncertain.sort();
    delta
}

/// Whether the item may be held in a form that cannot be compared with it.
fn is_doubtful(entry: &Entry) -> bool {
    match entry.indicator() {
        Indicator::Url(_) => !entry.is_proven(),
        Indicator::Hash(hash) => hash.kind() != HashKind::Sha256,
        _ => false,
    }
}

impl Delta {
    /// Judges what is left on both sides: doubtful items of one side make
    /// those of the other uncertain.
    fn settle(
        &mut self,
        doubtful: Vec<&Indicator>,
        left: Vec<&Indicator>,
        left_ids: Vec<UrlId>,
    ) {
        let is_url = |it: &&Indicator| matches!(it, Indicator::Url(_));
        let is_sha256 = |it: &&Indicator| match it {
            Indicator::Hash(hash) => hash.kind() == HashKind::Sha256,
            _ => false,
        };
        let url_doubt = doubtful.iter().any(is_url)
            && (!left_ids.is_empty() || left.iter().any(is_url));
        let hash_doubt =
            doubtful.iter().any(|it| matches!(it, Indicator::Hash(_)))
                && left.iter().any(is_sha256);
        for indicator in doubtful {
            match indicator {
                Indicator::Url(url) if url_doubt => {
                    self.uncertain.push(Uncertain::WantedUrl(url.clone()));
                }
                Indicator::Hash(hash) if hash_doubt => {
                    self.uncertain.push(Uncertain::WantedHash(*hash));
                }
                _ => _ = self.adds.insert(indicator.clone()),
            }
        }
        for indicator in left {
            match indicator {
                Indicator::Url(url) if url_doubt => {
                    self.uncertain.push(Uncertain::HeldUrl(url.clone()));
                }
                Indicator::Hash(hash)
                    if hash_doubt && is_sha256(&indicator) =>
                {
                    self.uncertain.push(Uncertain::HeldHash(*hash));
                }
                _ => _ = self.removes.insert(indicator.clone()),
            }
        }
        if url_doubt {
            let ids = left_ids.into_iter().map(Uncertain::HeldUrlId);
            self.uncertain.extend(ids);
        } else {
            self.remove_ids = left_ids;
        }
    }
}
