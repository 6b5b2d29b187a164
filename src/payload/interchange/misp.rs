//! A MISP event.

use std::io;

use super::uuid::{NAMESPACE, Uuid};
use super::{Selection, Timestamp, write_all};
use crate::payload::{plan, wire};
use crate::{Error, Indicator, IndicatorSet};

/// Writes a MISP event with one attribute for each item.
///
/// The types are `domain`, `url`, `ip-dst`, `md5`, `sha1` and `sha256`; the
/// category is `Payload delivery` for digests and `Network activity` for the
/// others. The event is not published, for the own organisation only
/// (distribution 0), of undefined threat level (4) and in its first analysis
/// (0); attributes inherit the distribution (5) and are marked for detection.
///
/// The id of the event is made of its title, and those of its attributes of
/// that and of what they name, since MISP wants them distinct between events:
/// exporting a set that has grown under the same title updates the event.
///
/// # Errors
///
/// [`is_argument`](Error::is_argument) if `info`, the event's title, is blank;
/// what writing failed with.
pub fn misp(
    set: &IndicatorSet,
    info: &str,
    time: Timestamp,
    out: impl io::Write,
) -> Result<(), Error> {
    if info.trim().is_empty() {
        return Err(Error::argument(
            "info: expected some text, found blanks only",
        ));
    }
    let selection = Selection::everything(set);
    let event = Uuid::v5(NAMESPACE, format!("event\t{info}").as_bytes());
    let (date, seconds) = (time.date(), time.as_unix());
    let mut head = format!(r#"{{"Event":{{"uuid":"{event}","info":"#);
    wire::string(&mut head, info);
    let when = format_args!(r#","date":"{date}","timestamp":"{seconds}","#);
    wire::write(&mut head, when);
    head.push_str(
        r#""published":false,"analysis":"0","threat_level_id":"4","#,
    );
    head.push_str(r#""distribution":"0","#);
    head.push_str("\"Attribute\":[\n");
    let common = format!(
        r#","to_ids":true,"distribution":"5","timestamp":"{seconds}","#
    );
    let mut name = String::new();
    let frame = [head.as_str(), ",\n", "\n]}}\n"];
    write_all(set, &selection, out, frame, |text, entry| {
        name.clear();
        plan::line(&mut name, entry.indicator());
        let id = Uuid::v5(event, name.as_bytes());
        let value = name.split_once('\t').map_or("", |it| it.1);
        let (of_type, category) = match entry.indicator() {
            Indicator::Domain(_) => ("domain", "Network activity"),
            Indicator::Url(_) => ("url", "Network activity"),
            Indicator::Ip(_) => ("ip-dst", "Network activity"),
            Indicator::Hash(hash) => {
                (hash.kind().as_str(), "Payload delivery")
            }
        };
        wire::write(text, format_args!(r#"{{"uuid":"{id}","#));
        wire::write(text, format_args!(r#""type":"{of_type}","#));
        wire::write(text, format_args!(r#""category":"{category}""#));
        text.push_str(&common);
        text.push_str(r#""value":"#);
        wire::string(text, value);
        text.push('}');
    })
}
