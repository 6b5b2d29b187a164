//! MISP warninglists: one JSON object with `name`, `type`,
//! `matching_attributes` and `list`.
//!
//! <https://github.com/MISP/misp-warninglists>, `schema.json`. What MISP does
//! with each type: `string` is the whole value, `hostname` is a host and all
//! names under it, `substring` is any part, `cidr` is a network, `regex` is
//! a pattern of PHP, with its slashes and flags.

use serde::Deserialize;
use serde_json::Value;

use super::{Builder, host, network, set_builder};
use crate::policy::quote;
use crate::{Error, FileHash, Kind, KindSet, Url, parse_ip};

#[derive(Deserialize)]
struct Warninglist {
    #[serde(default)]
    name: Option<String>,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    matching_attributes: Vec<String>,
    list: Vec<Value>,
}

/// How the entries of a list are matched.
#[derive(Clone, Copy)]
enum Match {
    Exact,
    Hostname,
    Substring,
    Cidr,
    Regex,
}

impl Builder {
    pub(super) fn read_misp(
        &mut self,
        file: &str,
        text: &str,
    ) -> Result<Vec<Error>, Error> {
        let bad =
            |why: String| Error::syntax(format!("{}: {why}", quote(file)));
        let list: Warninglist = serde_json::from_str(text)
            .map_err(|err| bad(format!("warninglist: {err}")))?;
        let how = match list.kind.as_deref() {
            // MISP's default where the list names no type.
            None | Some("string") => Match::Exact,
            Some("hostname") => Match::Hostname,
            Some("substring") => Match::Substring,
            Some("cidr") => Match::Cidr,
            Some("regex") => Match::Regex,
            Some(other) => {
                return Err(bad(format!(
                    "/type: unknown type `{}`, expected string, hostname, \
                     substring, cidr or regex",
                    quote(other)
                )));
            }
        };
        let kinds = kinds(&list.matching_attributes);
        let name = match &list.name {
            Some(name) => format!("{file} ({name})"),
            None => file.to_owned(),
        };
        let id = self.list(&name);
        let table = self.table(kinds);
        let mut warnings = Vec::new();
        for (at, entry) in list.list.iter().enumerate() {
            let Some(entry) = entry.as_str().map(str::trim) else {
                warnings.push(bad(format!("/list/{at}: expected a string")));
                continue;
            };
            let added = match how {
                _ if entry.is_empty() => Err("empty entry".to_owned()),
                Match::Exact => {
                    table.exact.entry(exact(entry)).or_insert(id);
                    Ok(())
                }
                Match::Hostname => host(entry)
                    .map(|host| {
                        table.hosts.entry(host).or_insert(id);
                    })
                    .map_err(str::to_owned),
                Match::Substring => {
                    table.substrings.push((entry.into(), id));
                    Ok(())
                }
                Match::Cidr => match network(entry, id) {
                    Some(Ok(range)) => {
                        table.networks.push(range);
                        Ok(())
                    }
                    Some(Err(why)) => Err(why.to_owned()),
                    None => Err("expected an address or a network".to_owned()),
                },
                Match::Regex => check_pattern(entry)
                    .map(|()| table.patterns.push((entry.into(), id))),
            };
            if let Err(why) = added {
                warnings.push(bad(format!(
                    "/list/{at}: `{}`: {why}",
                    quote(entry)
                )));
            }
        }
        Ok(warnings)
    }
}

/// The kinds that MISP's attribute types stand for; all where none is named.
fn kinds(attributes: &[String]) -> KindSet {
    if attributes.is_empty() {
        return KindSet::ALL;
    }
    let kinds = attributes.iter().flat_map(|attribute| {
        attribute.split('|').filter_map(|part| match part {
            "domain" | "hostname" => Some(Kind::Domain),
            "url" | "uri" | "link" => Some(Kind::Url),
            "ip-src" | "ip-dst" | "ip" => Some(Kind::Ip),
            "md5" | "sha1" | "sha256" => Some(Kind::Hash),
            _ => None,
        })
    });
    kinds.collect()
}

/// An entry as indicators are written: canonical where it is one, else in
/// lower case.
fn exact(entry: &str) -> Box<str> {
    if let Ok(hash) = FileHash::parse(entry) {
        return hash.to_string().into();
    }
    if let Ok(ip) = parse_ip(entry) {
        return ip.to_string().into();
    }
    if entry.contains("://") {
        return Url::parse(entry)
            .map_or_else(|_| entry.into(), |url| url.as_str().into());
    }
    host(entry).unwrap_or_else(|_| entry.to_ascii_lowercase().into())
}

/// Whether a pattern compiles, by itself.
fn check_pattern(entry: &str) -> Result<(), String> {
    set_builder(&[to_pattern(entry)]).build().map(drop).map_err(|err| {
        // The crate draws its message over several lines; the last one says
        // what is wrong.
        let text = err.to_string();
        let last = text.lines().last().unwrap_or_default();
        format!("bad pattern: {}", last.trim_start_matches("error: "))
    })
}

/// A pattern for the `regex` crate: MISP's `/…/i` becomes `(?i:…)`, and a
/// slash loses the backslash that PHP asks for.
pub(super) fn to_pattern(entry: &str) -> String {
    let Some((body, flags)) =
        entry.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'))
    else {
        return entry.to_owned();
    };
    let body = body.replace("\\/", "/");
    let known: String =
        flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
    if known.is_empty() { body } else { format!("(?{known}:{body})") }
}
