//! A VirusTotal of collections, as far as its documentation tells: in memory,
//! with a ledger of what it has seen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// The key that it accepts.
pub(crate) const KEY: &str =
    "k0f5c3b1e9a7d2846c0e8f1a3b5d7c9e2f4a6b8d0c1e3f5a7b9d1c3e5f7a9b0d";

const RELATIONSHIPS: [&str; 4] = ["domains", "files", "ip_addresses", "urls"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collection {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) private: bool,
    /// `domain:a.example`, and so on.
    pub(crate) items: BTreeSet<String>,
    pub(crate) comments: Vec<String>,
}

/// One request, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Entry {
    pub(crate) fn is_create(&self) -> bool {
        self.method == "POST" && self.path == "/collections"
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct VirusTotal {
    pub(crate) collections: BTreeMap<String, Collection>,
    /// Every request that was carried out or refused.
    pub(crate) ledger: Vec<Entry>,
    /// Collections made, whether they still exist or not.
    pub(crate) created: usize,
    /// What the key may not do.
    pub(crate) no_listing: bool,
    /// An item for which a whole request is refused.
    pub(crate) bad_items: BTreeSet<String>,
    /// URLs that it has never seen; all others it has.
    pub(crate) unknown_urls: BTreeSet<String>,
    /// Items that are dropped without a word.
    pub(crate) dropped_items: BTreeSet<String>,
}

type Answer = (u16, Value);

fn error(status: u16, code: &str, message: &str) -> Answer {
    (status, json!({"error": {"code": code, "message": message}}))
}

impl VirusTotal {
    /// A server with one collection, `c0ffee`.
    pub(crate) fn with_items(items: &[&str]) -> VirusTotal {
        let mut it = VirusTotal::default();
        let items = items.iter().map(ToString::to_string).collect();
        let collection = Collection { items, ..Collection::default() };
        it.collections.insert("c0ffee".into(), collection);
        it
    }

    /// The path is under `/api/v3`, with its query.
    pub(crate) fn handle(
        &mut self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Answer {
        self.ledger.push(Entry {
            method: method.into(),
            path: path.into(),
            body: body.into(),
        });
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let data = serde_json::from_str::<Value>(body)
            .map_or(Value::Null, |it| it["data"].clone());
        match (method, parts.as_slice()) {
            ("POST", ["collections"]) => self.create(&data),
            ("GET", ["collections"]) if self.no_listing => {
                error(403, "ForbiddenError", "You are not authorized")
            }
            ("GET", ["collections"] | ["users", _, "collections"]) => {
                self.list(query)
            }
            ("GET", ["users", _, "overall_quotas"]) => (
                200,
                json!({"data": {
                    "api_requests_hourly":
                        {"user": {"allowed": 240, "used": 12}},
                    "api_requests_daily":
                        {"user": {"allowed": 500, "used": 40}},
                    "api_requests_monthly":
                        {"user": {"allowed": 15500, "used": 900}},
                }}),
            ),
            ("GET", ["urls", coded]) => {
                let text = decoded(coded);
                let text = String::from_utf8_lossy(&text);
                self.url(&text)
            }
            (_, ["collections", id, ..])
                if !self.collections.contains_key(*id) =>
            {
                error(404, "NotFoundError", "Collection not found")
            }
            ("GET", ["collections", id]) => (200, self.shown(id)),
            ("PATCH", ["collections", id]) => self.update(id, &data),
            ("DELETE", ["collections", id]) => {
                self.collections.remove(*id);
                (200, json!({}))
            }
            ("POST", ["collections", id, "comments"]) => {
                let text = &data["attributes"]["text"];
                let text = text.as_str().unwrap_or_default().to_owned();
                self.of(id).comments.push(text);
                (200, json!({"data": {"type": "comment", "id": "x"}}))
            }
            (
                "GET",
                ["collections", id, "relationships", name]
                | ["collections", id, name],
            ) => self.page(id, name, query),
            ("POST" | "DELETE", ["collections", id, name])
                if RELATIONSHIPS.contains(name) =>
            {
                let Some(list) = data.as_array() else {
                    return error(400, "BadRequestError", "no list");
                };
                let items: BTreeSet<String> =
                    list.iter().map(descriptor).collect();
                if method == "DELETE" {
                    self.of(id).items.retain(|it| !items.contains(it));
                    return (200, json!({}));
                }
                self.add(id, items)
            }
            _ => error(404, "NotFoundError", "no such path"),
        }
    }

    /// This server canonicalizes as iocpack does.
    fn url(&mut self, text: &str) -> Answer {
        match iocpack::Url::parse(text) {
            Ok(url) if !self.unknown_urls.contains(text) => (
                200,
                json!({"data": {"type": "url", "id": url.id().to_string(),
                    "attributes": {"url": url.as_str()}}}),
            ),
            _ => error(404, "NotFoundError", &format!("URL {text:?}")),
        }
    }

    fn of(&mut self, id: &str) -> &mut Collection {
        self.collections.get_mut(id).unwrap()
    }

    fn add(&mut self, id: &str, items: BTreeSet<String>) -> Answer {
        if items.iter().any(|it| self.bad_items.contains(it)) {
            return error(400, "InvalidArgumentError", "a bad item");
        }
        let dropped = self.dropped_items.clone();
        let kept = items.into_iter().filter(|it| !dropped.contains(it));
        self.of(id).items.extend(kept);
        (200, json!({}))
    }

    fn create(&mut self, data: &Value) -> Answer {
        let text = |name: &str| {
            data["attributes"][name].as_str().unwrap_or_default().to_owned()
        };
        if text("name").is_empty() || text("description").is_empty() {
            return error(400, "BadRequestError", "name and description");
        }
        let items = items_of(data);
        if items.iter().any(|it| self.bad_items.contains(it)) {
            return error(400, "InvalidArgumentError", "a bad item");
        }
        self.created += 1;
        let id = format!("{:064x}", 0xc0de_0000 + self.created);
        let collection = Collection {
            name: text("name"),
            description: text("description"),
            private: data["attributes"]["private"] == true,
            ..Collection::default()
        };
        self.collections.insert(id.clone(), collection);
        self.add(&id, items);
        (200, self.shown(&id))
    }

    fn update(&mut self, id: &str, data: &Value) -> Answer {
        let items = items_of(data);
        let attributes = data["attributes"].clone();
        let collection = self.of(id);
        if let Some(name) = attributes["name"].as_str() {
            collection.name = name.into();
        }
        if let Some(text) = attributes["description"].as_str() {
            collection.description = text.into();
        }
        match self.add(id, items) {
            (200, _) => (200, self.shown(id)),
            refused => refused,
        }
    }

    fn shown(&mut self, id: &str) -> Value {
        let it = self.of(id);
        let count = |start: &str| {
            it.items.iter().filter(|i| i.starts_with(start)).count()
        };
        json!({"data": {"type": "collection", "id": id, "attributes": {
            "name": it.name,
            "description": it.description,
            "domains_count": count("domain:"),
            "files_count": count("file:"),
            "ip_addresses_count": count("ip_address:"),
            "urls_count": count("url:"),
        }}})
    }

    /// Every collection, two on a page; filters are not understood.
    fn list(&mut self, query: &str) -> Answer {
        let ids: Vec<String> = self.collections.keys().cloned().collect();
        let start = cursor(query);
        let end = (start + 2).min(ids.len());
        let data: Vec<Value> = ids[start..end]
            .iter()
            .map(|id| self.shown(id)["data"].clone())
            .collect();
        (200, page(&data, end, ids.len()))
    }

    fn page(&mut self, id: &str, name: &str, query: &str) -> Answer {
        let Some(at) = RELATIONSHIPS.iter().position(|it| *it == name) else {
            return error(404, "NotFoundError", "no such relationship");
        };
        let kind = ["domain", "file", "ip_address", "url"][at];
        let limit = query
            .split('&')
            .find_map(|it| it.strip_prefix("limit="))
            .map_or(10, |it| it.parse::<usize>().unwrap().min(40));
        let all: Vec<&str> = self.collections[id]
            .items
            .iter()
            .filter_map(|it| it.strip_prefix(kind)?.strip_prefix(':'))
            .collect();
        let start = cursor(query);
        let end = (start + limit).min(all.len());
        let data: Vec<Value> = all[start..end]
            .iter()
            .map(|it| match kind {
                "url" => json!({"type": kind, "id": format!("{:064x}", start),
                    "attributes": {"url": it}}),
                _ => json!({"type": kind, "id": it}),
            })
            .collect();
        (200, page(&data, end, all.len()))
    }
}

/// Base64 for paths, without padding.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        _ => 63,
    };
    text.as_bytes()
        .chunks(4)
        .flat_map(|chunk| {
            let bits = (0..4).fold(0_u32, |bits, at| {
                let byte = chunk.get(at).map_or(0, |it| digit(*it));
                bits << 6 | u32::from(byte)
            });
            bits.to_be_bytes()[1..chunk.len()].to_vec()
        })
        .collect()
}

fn cursor(query: &str) -> usize {
    query
        .split('&')
        .find_map(|it| it.strip_prefix("cursor=c%3D"))
        .map_or(0, |it| it.parse().unwrap())
}

/// A page; the cursor has a character that must be escaped in a query.
fn page(data: &[Value], end: usize, all: usize) -> Value {
    let mut meta = json!({ "count": all });
    if end < all {
        meta["cursor"] = json!(format!("c={end}"));
    }
    json!({ "data": data, "meta": meta })
}

fn descriptor(it: &Value) -> String {
    let text = |name: &str| it[name].as_str().unwrap_or_default();
    let value = if it["url"].is_string() { text("url") } else { text("id") };
    format!("{}:{value}", text("type"))
}

fn items_of(data: &Value) -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    for name in RELATIONSHIPS {
        if let Some(list) = data["relationships"][name]["data"].as_array() {
            items.extend(list.iter().map(descriptor));
        }
    }
    for line in data["raw_items"].as_str().unwrap_or_default().lines() {
        let kind = if line.contains("://") {
            "url"
        } else if line.parse::<std::net::IpAddr>().is_ok() {
            "ip_address"
        } else if line.len() >= 32 && !line.contains('.') {
            "file"
        } else {
            "domain"
        };
        items.insert(format!("{kind}:{line}"));
    }
    items
}
