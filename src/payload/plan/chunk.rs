//! Cutting lists of items into bodies that keep the limits, and writing them.
//!
//! Cutting only measures; writing comes later, one body at a time. Both sides
//! must agree byte for byte, which [`Step::bytes`] holds them to.

use super::select::{Place, entries};
use crate::payload::request::Action;
use crate::payload::wire::{self, Item, frame};
use crate::payload::{Collection, Options, Relationship, Visibility};
use crate::set::Entry;
use crate::{Counts, IndicatorSet, UrlId};

/// One request of a plan: what it does, and which items it takes.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) action: Action,
    /// The length of the body.
    pub(super) bytes: usize,
    parts: Vec<Part>,
}

/// A run of items of one list.
#[derive(Clone, Copy, Debug)]
struct Part {
    list: usize,
    start: usize,
    end: usize,
}

/// The items of a plan, each list in the order in which it is sent.
#[derive(Clone, Debug)]
pub(super) struct Lists<'s> {
    each: Vec<List<'s>>,
    raw: bool,
    options: Options,
}

#[derive(Clone, Debug)]
struct List<'s> {
    relationship: Relationship,
    items: Items<'s>,
}

#[derive(Clone, Debug)]
enum Items<'s> {
    /// Entries of a set, by their places in it.
    Set(&'s IndicatorSet, Vec<Place>),
    /// Ids of URLs whose text is not known.
    Ids(&'s [UrlId]),
}

impl Items<'_> {
    fn len(&self) -> usize {
        match self {
            Items::Set(_, order) => order.len(),
            Items::Ids(ids) => ids.len(),
        }
    }
}

/// The length of `{"data":[]}`.
pub(super) fn list_frame() -> usize {
    frame::LIST.len() + frame::LIST_END.len()
}

/// The length of a body with attributes and without items, but with the
/// longest opening that items have.
pub(super) fn attributes_frame(
    collection: &Collection,
    visibility: Visibility,
    marker: Option<&str>,
) -> usize {
    let mut out = String::new();
    wire::attributes(&mut out, collection, visibility, marker);
    let frames = frame::RELATIONSHIPS.len() + frame::RELATIONSHIPS_END.len();
    frame::COLLECTION.len() + out.len() + frames
}

/// How many bytes an entry takes in a body, without what separates it from
/// others.
pub(super) fn item_len(entry: &Entry, raw: bool, options: &Options) -> usize {
    match raw {
        true => wire::entry_text_len(entry),
        false => options.item_len(entry),
    }
}

/// What an item alone adds to [`attributes_frame`], beside its own length.
pub(super) fn alone_frame(relationship: Relationship, raw: bool) -> usize {
    match raw {
        true => 0,
        false => wire::relationship_len(relationship) - 1,
    }
}

impl<'s> Lists<'s> {
    /// One list for each relationship that has items.
    pub(super) fn typed(
        set: &'s IndicatorSet,
        order: [Vec<Place>; 4],
        options: &Options,
    ) -> Lists<'s> {
        let mut lists = Lists::new(options);
        lists.push_set(set, order);
        lists
    }

    /// No list yet.
    pub(super) fn new(options: &Options) -> Lists<'s> {
        Lists { each: Vec::new(), raw: false, options: options.clone() }
    }

    /// Adds one list for each relationship that has items.
    pub(super) fn push_set(
        &mut self,
        set: &'s IndicatorSet,
        order: [Vec<Place>; 4],
    ) {
        for (relationship, order) in Relationship::ALL.into_iter().zip(order) {
            if !order.is_empty() {
                let items = Items::Set(set, order);
                self.each.push(List { relationship, items });
            }
        }
    }

    /// Adds a list of ids of URLs.
    pub(super) fn push_ids(&mut self, ids: &'s [UrlId]) {
        if !ids.is_empty() {
            let items = Items::Ids(ids);
            let relationship = Relationship::Urls;
            self.each.push(List { relationship, items });
        }
    }

    /// One list of everything, for `raw_items`.
    pub(super) fn raw(
        set: &'s IndicatorSet,
        order: &[Vec<Place>; 4],
        options: &Options,
    ) -> Lists<'s> {
        let mut all = order.concat();
        if options.order == crate::payload::Order::FirstSeen {
            all.sort_unstable();
        }
        let mut lists = Lists::new(options);
        lists.raw = true;
        if !all.is_empty() {
            // Text has no relationship; the name stands for no request.
            let relationship = Relationship::Domains;
            let items = Items::Set(set, all);
            lists.each.push(List { relationship, items });
        }
        lists
    }

    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    /// The number of items of every list.
    pub(super) fn items(&self) -> usize {
        self.each.iter().map(|list| list.items.len()).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// How many items of each kind the steps that remove take, or the others.
    pub(super) fn counts(&self, steps: &[Step], removed: bool) -> Counts {
        let mut counts = Counts::default();
        let counted = steps.iter().filter(|step| {
            matches!(step.action, Action::Remove(_)) == removed
        });
        for part in counted.flat_map(|step| &step.parts) {
            match &self.each[part.list].items {
                Items::Set(set, order) => {
                    for place in &order[part.start..part.end] {
                        counts.add(set.at(place.at).indicator().kind());
                    }
                }
                Items::Ids(_) => counts.urls += part.end - part.start,
            }
        }
        counts
    }

    /// How many bytes an item takes, without what separates it from others.
    fn item_len(&self, list: usize, at: usize) -> usize {
        match &self.each[list].items {
            Items::Set(_, order) => order[at].len(),
            Items::Ids(ids) => wire::descriptor_len(Item::UrlId(ids[at])),
        }
    }

    fn separator(&self) -> &'static str {
        if self.raw { frame::RAW_SEPARATOR } else { "," }
    }

    /// How many items from `start` on fit, at most `items` and `bytes`, and
    /// how many bytes they take.
    fn fit(
        &self,
        list: usize,
        start: usize,
        items: usize,
        bytes: usize,
    ) -> (usize, usize) {
        let stop =
            self.each[list].items.len().min(start.saturating_add(items));
        let mut taken = 0;
        let mut end = start;
        while end < stop {
            let comma = if end > start { self.separator().len() } else { 0 };
            let len = self.item_len(list, end) + comma;
            if taken + len > bytes {
                break;
            }
            taken += len;
            end += 1;
        }
        (end, taken)
    }

    /// The requests that create or update: the first with attributes, which
    /// leave `room` bytes, then the others.
    pub(super) fn steps(&self, first: Action, room: usize) -> Vec<Step> {
        let (parts, taken) = if self.raw {
            self.first_raw(room)
        } else {
            self.first_typed(room)
        };
        let mut done = vec![0; self.each.len()];
        for part in &parts {
            done[part.list] = part.end;
        }
        let bytes = self.frame(&parts, first) + self.options.max_bytes - room
            + taken
            - longest_frame();
        let mut steps = vec![Step { action: first, bytes, parts }];
        for (list, start) in done.into_iter().enumerate() {
            if self.raw {
                steps.extend(self.rest_raw(list, start));
            } else {
                steps.extend(self.rest(list, start, true));
            }
        }
        steps
    }

    /// The length of what opens and closes the items of a collection's body.
    fn frame(&self, parts: &[Part], action: Action) -> usize {
        match (self.raw, parts.is_empty()) {
            (true, true) if action == Action::Update => {
                frame::NO_ITEMS_END.len()
            }
            (true, _) => frame::RAW_ITEMS.len() + frame::RAW_ITEMS_END.len(),
            (false, _) => longest_frame(),
        }
    }

    fn first_raw(&self, room: usize) -> (Vec<Part>, usize) {
        if self.is_empty() {
            return (Vec::new(), 0);
        }
        let (end, taken) = self.fit(0, 0, self.options.max_items, room);
        (vec![Part { list: 0, start: 0, end }], taken)
    }

    /// Fills the request that creates so that the fewest others are needed.
    ///
    /// Every `max_items` of a relationship need a request of their own, and so
    /// does a remainder, unless it goes here. Small remainders go first; then
    /// whatever still fits.
    fn first_typed(&self, room: usize) -> (Vec<Part>, usize) {
        let remainder = |list: usize| match self.each[list].items.len()
            % self.options.max_items
        {
            0 => self.options.max_items,
            rest => rest,
        };
        let mut small_first: Vec<usize> = (0..self.len()).collect();
        small_first.sort_by_key(|&list| remainder(list));
        let mut ends = vec![0; self.len()];
        let mut bytes = 0;
        let mut items = 0;
        let quotas = small_first.iter().map(|&list| (list, remainder(list)));
        let others = (0..self.len()).map(|list| (list, usize::MAX));
        for (list, quota) in quotas.chain(others) {
            let start = ends[list];
            let quota = quota.min(self.options.max_items - items);
            if quota == 0 {
                continue;
            }
            let open = if start == 0 {
                let len = wire::relationship_len(self.each[list].relationship);
                if bytes == 0 { len - 1 } else { len }
            } else {
                // The comma between what is there and what comes.
                1
            };
            let Some(left) = room.checked_sub(bytes + open) else {
                continue;
            };
            let (end, taken) = self.fit(list, start, quota, left);
            if end > start {
                bytes += open + taken;
                items += end - start;
                ends[list] = end;
            }
        }
        let parts = ends
            .into_iter()
            .enumerate()
            .filter(|&(_, end)| end > 0)
            .map(|(list, end)| Part { list, start: 0, end })
            .collect();
        (parts, bytes)
    }

    /// The requests that add or remove the items of a list from `start` on.
    pub(super) fn rest(
        &self,
        list: usize,
        mut start: usize,
        add: bool,
    ) -> Vec<Step> {
        let relationship = self.each[list].relationship;
        let action = if add {
            Action::Add(relationship)
        } else {
            Action::Remove(relationship)
        };
        let mut steps = Vec::new();
        let room = self.options.max_bytes.saturating_sub(list_frame());
        while start < self.each[list].items.len() {
            let (end, taken) =
                self.fit(list, start, self.options.max_items, room);
            let end = end.max(start + 1);
            let bytes = list_frame() + taken;
            let parts = vec![Part { list, start, end }];
            steps.push(Step { action, bytes, parts });
            start = end;
        }
        steps
    }

    fn rest_raw(&self, list: usize, mut start: usize) -> Vec<Step> {
        let around = frame::COLLECTION.len()
            + frame::RAW_ITEMS.len()
            + frame::RAW_ITEMS_END.len();
        let room = self.options.max_bytes.saturating_sub(around);
        let mut steps = Vec::new();
        while start < self.each[list].items.len() {
            let (end, taken) =
                self.fit(list, start, self.options.max_items, room);
            let end = end.max(start + 1);
            let parts = vec![Part { list, start, end }];
            let bytes = around + taken;
            steps.push(Step { action: Action::Update, bytes, parts });
            start = end;
        }
        steps
    }

    /// Writes a body that creates or updates.
    pub(super) fn collection_body(
        &self,
        out: &mut String,
        step: &Step,
        attributes: impl FnOnce(&mut String),
    ) {
        out.push_str(frame::COLLECTION);
        attributes(out);
        if self.raw {
            if step.parts.is_empty() && step.action == Action::Update {
                out.push_str(frame::NO_ITEMS_END);
                return;
            }
            out.push_str(frame::RAW_ITEMS);
            for &part in &step.parts {
                self.write_items(out, part);
            }
            out.push_str(frame::RAW_ITEMS_END);
            return;
        }
        out.push_str(frame::RELATIONSHIPS);
        for (at, &part) in step.parts.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            wire::open_relationship(out, self.each[part.list].relationship);
            self.write_items(out, part);
            out.push_str(wire::CLOSE_RELATIONSHIP);
        }
        out.push_str(frame::RELATIONSHIPS_END);
    }

    /// Writes a body that adds or removes.
    pub(super) fn list_body(&self, out: &mut String, step: &Step) {
        out.push_str(frame::LIST);
        for &part in &step.parts {
            self.write_items(out, part);
        }
        out.push_str(frame::LIST_END);
    }

    fn write_items(&self, out: &mut String, part: Part) {
        let range = part.start..part.end;
        match &self.each[part.list].items {
            Items::Set(set, order) => {
                let entries = entries(set, &order[range]);
                self.write_each(out, entries, |out, entry| match self.raw {
                    true => {
                        wire::text(out, Item::Indicator(entry.indicator()));
                    }
                    false => wire::descriptor(out, self.options.item(entry)),
                });
            }
            Items::Ids(ids) => {
                let ids = ids[range].iter();
                self.write_each(out, ids, |out, id| {
                    wire::descriptor(out, Item::UrlId(*id));
                });
            }
        }
    }

    fn write_each<T>(
        &self,
        out: &mut String,
        items: impl Iterator<Item = T>,
        write: impl Fn(&mut String, T),
    ) {
        items.enumerate().for_each(|(at, item)| {
            if at > 0 {
                out.push_str(self.separator());
            }
            write(out, item);
        });
    }
}

fn longest_frame() -> usize {
    frame::RELATIONSHIPS.len() + frame::RELATIONSHIPS_END.len()
}
