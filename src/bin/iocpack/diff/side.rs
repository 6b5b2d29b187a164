//! One side of `diff`: what a text or a JSON document names.

use std::io::{self, Read};

use iocpack::payload::Held;
use iocpack::{Indicator, IndicatorSet, Kind};
use serde::Deserialize;

use super::args::DiffArgs;
use crate::exit::Failure;
use crate::input::{Inputs, Source};
use crate::scan::{Feed, Find, Need};
use crate::talk::{self, Talk};

/// Bytes that are read before it is told what a side is.
const HEAD: u64 = 4096;

/// Reads a side.
///
/// # Errors
///
/// When it cannot be read, or looks like JSON and names no items: half of a
/// side would make the other half a difference.
pub(super) fn read(
    source: &Source,
    args: &DiffArgs,
    find: &Find,
    talk: &Talk,
) -> Result<Held, Failure> {
    let inputs = Inputs::one(source.clone(), args.decompress, args.encoding);
    let fail = |err: &io::Error| Failure::new(source.complaint(err));
    let mut rdr = inputs.open(source, talk.meter()).map_err(|e| fail(&e))?;
    let mut head = Vec::new();
    rdr.by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(|err| fail(&err))?;
    if !args.text && looks_like_json(&head) {
        rdr.read_to_end(&mut head).map_err(|err| fail(&err))?;
        return json(source, &head, find);
    }
    let mut set = IndicatorSet::new();
    let need = Need { details: false, rejected: false, repeats: true };
    let feed = Feed { inputs: &inputs, find, need, talk };
    let whole = Box::new(io::Cursor::new(head).chain(rdr));
    let limits = args.limit.resolve();
    let trouble = feed.stream_from(source, Ok(whole), &mut |name, row| {
        set.try_insert(row.indicator(), limits)
            .map_err(|_| row.too_many(name, limits))?;
        Ok(())
    })?;
    if trouble {
        return Err(Failure::new("nothing compared: a side is not whole"));
    }
    Ok(Held::sent(set))
}

/// Whether the first character is that of an object or an array.
fn looks_like_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn json(source: &Source, text: &[u8], find: &Find) -> Result<Held, Failure> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let err = match Held::read(text) {
        Ok(_) if !find.wants_all() => {
            return Err(Failure::new(format!(
                "{}: --type and --exclude choose from texts, and this is a \
                 collection",
                talk::escape(source.name().as_bytes())
            )));
        }
        Ok(held) => return Ok(held),
        Err(err) => err,
    };
    if let Some(set) = rows(text, find) {
        return Ok(Held::sent(set));
    }
    let name = talk::escape(source.name().as_bytes());
    let err = talk::escape(err.to_string().as_bytes());
    Err(Failure::new(format!("{name}: {err} (--text scans it as a text)")))
}

/// A row of `scan --format jsonl`, as far as it is needed here.
#[derive(Deserialize)]
struct Scanned {
    #[serde(rename = "type")]
    type_name: String,
    value: Option<String>,
    verdict: Option<String>,
}

/// The indicators of rows that `scan` wrote; `None` if they are not.
fn rows(text: &[u8], find: &Find) -> Option<IndicatorSet> {
    let rows: Vec<Scanned> = if text.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(text).ok()?
    } else {
        let rows = serde_json::Deserializer::from_slice(text).into_iter();
        rows.collect::<Result<_, _>>().ok()?
    };
    let mut set = IndicatorSet::new();
    for row in rows.into_iter().filter(|it| it.verdict.is_none()) {
        let indicator = indicator(&row.type_name, &row.value?)?;
        if find.wants(indicator.type_name()) {
            set.insert(indicator);
        }
    }
    Some(set)
}

fn indicator(type_name: &str, value: &str) -> Option<Indicator> {
    let kind = match type_name {
        "domain" => Kind::Domain,
        "url" => Kind::Url,
        "ipv4" | "ipv6" => Kind::Ip,
        "md5" | "sha1" | "sha256" => Kind::Hash,
        _ => return None,
    };
    Indicator::parse(kind, value).ok()
}
