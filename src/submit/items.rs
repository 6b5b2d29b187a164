//! What the body of a request names: to count it, and to cut it in pieces.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::judge::is_create;
use super::receipt::hex;
use crate::payload::{CollectionId, Method, Relationship, Request};
use crate::scan::Scanner;

/// How the items stand in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `{"data":{…,"relationships":{…}}}`.
    Relationships,
    /// `{"data":{…,"raw_items":"…"}}`.
    Text,
    /// `{"data":[…]}`.
    List,
}

/// An item as it stands in a body: a descriptor, or a line of the text
/// without its escapes; and of which kind it is, unless it is a stranger's
/// line that names nothing.
type Item = (Option<Relationship>, String);

/// The items of a request, in order, each as it stands in the body.
#[derive(Debug)]
pub(super) struct Items {
    form: Form,
    attributes: String,
    list: Vec<Item>,
}

#[derive(Deserialize)]
struct Body<'b> {
    #[serde(borrow)]
    data: &'b RawValue,
}

#[derive(Deserialize)]
struct Object<'b> {
    #[serde(borrow)]
    attributes: Option<&'b RawValue>,
    #[serde(borrow)]
    relationships: Option<Lists<'b>>,
    raw_items: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Lists<'b> {
    #[serde(borrow)]
    domains: List<'b>,
    #[serde(borrow)]
    files: List<'b>,
    #[serde(borrow)]
    ip_addresses: List<'b>,
    #[serde(borrow)]
    urls: List<'b>,
}

#[derive(Default, Deserialize)]
struct List<'b> {
    #[serde(borrow)]
    data: Vec<&'b RawValue>,
}

impl Items {
    /// The items of a request that adds or removes some; `None` if its body
    /// names none.
    pub(super) fn of(request: &Request) -> Option<Items> {
        let body: Body<'_> =
            serde_json::from_str(request.body.as_deref()?).ok()?;
        let data = body.data.get();
        let name = request.path.rsplit('/').next()?;
        if let Some(of) = Relationship::from_name(name) {
            let list: Vec<&RawValue> = serde_json::from_str(data).ok()?;
            let items = list
                .iter()
                .map(|it| (Some(of), it.get().to_owned()))
                .collect();
            let attributes = String::new();
            return Some(Items { form: Form::List, attributes, list: items });
        }
        let object: Object<'_> = serde_json::from_str(data).ok()?;
        let attributes =
            object.attributes.map_or("{}", RawValue::get).to_owned();
        if let Some(text) = object.raw_items {
            let scanner = Scanner::new();
            let kind = |line: &str| {
                let found = scanner.find_iter(line).next()?.to_indicator();
                Some(Relationship::of(found.kind()))
            };
            let items = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| (kind(line), line.to_owned()))
                .collect();
            return Some(Items { form: Form::Text, attributes, list: items });
        }
        let lists = object.relationships?;
        let items = [
            (Relationship::Domains, lists.domains),
            (Relationship::Files, lists.files),
            (Relationship::IpAddresses, lists.ip_addresses),
            (Relationship::Urls, lists.urls),
        ]
        .into_iter()
        .flat_map(|(of, list)| {
            list.data
                .into_iter()
                .map(move |it| (Some(of), it.get().to_owned()))
        })
        .collect();
        Some(Items { form: Form::Relationships, attributes, list: items })
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// By what a receipt names an item that was left out.
    pub(super) fn name(&self, at: usize) -> String {
        let (of, item) = &self.list[at];
        let of = of.map_or("unknown", Relationship::as_str);
        format!("{of}:{}", hex(&Sha256::digest(item)))
    }

    /// The request that does with some of the items what `whole` does with
    /// all. Once a collection is created, the others are added to it.
    pub(super) fn part(
        &self,
        whole: &Request,
        range: std::ops::Range<usize>,
        created: Option<&CollectionId>,
    ) -> Vec<Request> {
        let items = &self.list[range];
        let mut request = whole.clone();
        if let (true, Some(id)) = (is_create(whole), created) {
            if self.form == Form::Text {
                request.method = Method::Patch;
                request.path = format!("/collections/{id}");
                request.body = Some(collection("{}", &text(items)));
                return vec![request];
            }
            return Relationship::ALL
                .into_iter()
                .filter(|of| items.iter().any(|it| it.0 == Some(*of)))
                .map(|of| {
                    let mut add = request.clone();
                    add.path = format!("/collections/{id}/{of}");
                    add.body = Some(list(items, of));
                    add
                })
                .collect();
        }
        request.body = Some(match self.form {
            Form::List => match items.first().and_then(|it| it.0) {
                Some(of) => list(items, of),
                None => return Vec::new(),
            },
            Form::Text => collection(&self.attributes, &text(items)),
            Form::Relationships => {
                let lists: Vec<String> = Relationship::ALL
                    .into_iter()
                    .filter(|of| items.iter().any(|it| it.0 == Some(*of)))
                    .map(|of| format!("\"{of}\":{}", list(items, of)))
                    .collect();
                let lists =
                    format!("\"relationships\":{{{}}}", lists.join(","));
                collection(&self.attributes, &lists)
            }
        });
        vec![request]
    }
}

fn list(items: &[Item], of: Relationship) -> String {
    let data: Vec<&str> = items
        .iter()
        .filter(|it| it.0 == Some(of))
        .map(|it| it.1.as_str())
        .collect();
    format!("{{\"data\":[{}]}}", data.join(","))
}

fn text(items: &[Item]) -> String {
    let lines: Vec<&str> = items.iter().map(|it| it.1.as_str()).collect();
    let value = serde_json::Value::String(lines.join("\n"));
    format!("\"raw_items\":{value}")
}

fn collection(attributes: &str, items: &str) -> String {
    format!(
        "{{\"data\":{{\"type\":\"collection\",\"attributes\":{attributes},\
         {items}}}}}"
    )
}

/// How many distinct items of each relationship requests name.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Hashes: at a million items, two that are equal are as likely as a
    /// lottery's jackpot, and cost a warning at most.
    seen: HashSet<u64>,
    state: RandomState,
    pub(super) counts: [u64; 4],
}

impl Tally {
    /// Counts the items that a request adds.
    pub(super) fn add(&mut self, request: &Request) {
        let Some(items) = Items::of(request) else { return };
        for (of, item) in &items.list {
            let Some(of) = *of else { continue };
            if self.seen.insert(self.state.hash_one((place(of), item))) {
                self.counts[place(of)] += 1;
            }
        }
    }
}

/// The place of a relationship among four.
pub(super) fn place(of: Relationship) -> usize {
    Relationship::ALL.iter().position(|it| *it == of).unwrap_or_default()
}
