//! The lists below the text: what would be sent, what is held, what was
//! turned down.

use std::fmt::Write as _;

use super::escape::{push_json, push_text};
use super::item::{Fate, Item};
use super::page::{Page, many};
use crate::exit::Failure;
use crate::map::grouped;
use crate::output::Output;

/// Rows that stand in the page; the script adds the others when asked.
const ROWS: usize = 1000;

/// A list.
struct List {
    /// The class of its items.
    class: &'static str,
    title: &'static str,
    about: &'static str,
    /// The last column.
    last: &'static str,
}

const LISTS: [List; 3] = [
    List {
        class: "kept",
        title: "To send",
        about: "Indicators that a collection would hold. VirusTotal's id of \
                a domain, an address or a file hash is the value itself; \
                that of a URL is computed, and said to be proven, inferred \
                or unknown.",
        last: "VirusTotal id",
    },
    List {
        class: "held",
        title: "Held",
        about: "Indicators that would not be sent before somebody decides.",
        last: "Reason",
    },
    List {
        class: "rejected",
        title: "Rejected",
        about: "What looked like an indicator and is none.",
        last: "Reason",
    },
];

impl Page<'_> {
    /// Writes the lists.
    pub(super) fn lists(&self, out: &mut Output) -> Result<(), Failure> {
        for list in &LISTS {
            self.list(list, out)?;
        }
        Ok(())
    }

    fn list(&self, list: &List, out: &mut Output) -> Result<(), Failure> {
        let List { class, title, about, last } = list;
        let all = || {
            let items = self.content.items.iter().enumerate();
            items.filter(|(_, it)| it.fate.class() == *class)
        };
        let total = all().count();
        let mut html = format!(
            "<section class=list id={class} aria-labelledby={class}-h>\n\
             <h2 id={class}-h tabindex=-1>{title} <span>{}</span></h2>\n",
            grouped(total as u64)
        );
        if total == 0 {
            html.push_str("<p class=note>None.</p></section>\n");
            return out.write(html.as_bytes());
        }
        let _ = writeln!(html, "<p class=note>{about}</p>");
        if *class == "kept" {
            self.copies(&mut html);
        }
        let _ = writeln!(
            html,
            "<div class=wide tabindex=0 role=region aria-label=\"{title}\">\
             <table><thead><tr><th scope=col>Type<th scope=col>Value\
             <th scope=col>Seen<th scope=col>Line<th scope=col>{last}</tr>\
             </thead>\n<tbody>"
        );
        out.write(html.as_bytes())?;
        for (at, item) in all().take(ROWS) {
            html.clear();
            let shown = self.layout.marks[item.mark as usize];
            item.row(at, shown, &mut html);
            out.write(html.as_bytes())?;
        }
        html.clear();
        html.push_str("</tbody></table></div>\n");
        if total > ROWS {
            let _ = writeln!(
                html,
                "<p class=more data-fate={class} data-shown={ROWS} \
                 data-total={total}><span>The first {} of {}.</span> \
                 <button type=button class=js>Show more</button></p>",
                grouped(ROWS as u64),
                grouped(total as u64)
            );
        }
        html.push_str("</section>\n");
        out.write(html.as_bytes())
    }

    /// What can be copied.
    fn copies(&self, html: &mut String) {
        html.push_str(
            "<div class=\"copies js\" role=group aria-label=Copy>\n\
             <button type=button data-copy=list>Copy list</button>\n\
             <button type=button data-copy=defanged>Copy defanged\
             </button>\n",
        );
        let note = match (&self.payload.text, self.payload.requests) {
            (Some(text), requests) => {
                html.push_str(
                    "<button type=button data-copy=payload>Copy payload\
                     </button>\n",
                );
                let size = many(text.len() as u64, "byte");
                match requests {
                    1 => format!("body of POST /collections, {size}"),
                    n => format!("plan of {n} requests, {size}"),
                }
            }
            (None, _) => "the payload is too large to be carried here: \
                          iocpack pack --plan"
                .into(),
        };
        let _ = writeln!(html, "<small>{note}</small></div>");
    }
}

impl Item {
    /// Its row in the list of its fate.
    fn row(&self, at: usize, shown: bool, html: &mut String) {
        let name = self.type_name;
        let _ = write!(
            html,
            "<tr id=i{at} class={name} tabindex=-1><td>\
             <span class=\"t {name}\">{name}</span><td class=v>"
        );
        push_text(html, &self.defanged());
        for flag in self.notes() {
            let _ = write!(html, " <small>{flag}</small>");
        }
        let (count, line) = (grouped(self.count), grouped(self.line));
        let _ = write!(html, "<td class=n>{count}<td class=n>");
        let _ = match shown {
            true => write!(html, "<a href=#m{}>{line}</a>", self.mark),
            false => write!(html, "{line}"),
        };
        html.push_str("<td class=r>");
        if let Some((code, why)) = self.reason() {
            let _ = write!(html, "<b>{code}</b> ");
            push_text(html, &why);
        } else if let Some(id) = self.url_id() {
            let sure = id.certainty();
            let _ = write!(html, "<code>{id}</code> <small>{sure}</small>");
        } else {
            html.push_str("<span class=same>the value</span>");
        }
        html.push_str("</tr>\n");
    }

    /// What else is to be known about it.
    fn notes(&self) -> impl Iterator<Item = &'static str> {
        self.flags.names().filter(|name| *name != "defanged")
    }

    /// Its row in the data of the script: type, fate, value, count, mark or
    /// -1, line, reason, sentence, id, certainty, why, notes. A value that
    /// would be sent is canonical, to be copied; any other is defanged.
    pub(super) fn data(&self, shown: bool, json: &mut String) {
        let (fate, defanged);
        let value = match self.fate {
            Fate::Kept => {
                fate = 0;
                &self.value
            }
            Fate::Held { .. } => {
                fate = 1;
                defanged = self.defanged();
                &defanged
            }
            Fate::Rejected { .. } => {
                fate = 2;
                defanged = self.defanged();
                &defanged
            }
        };
        let mark = if shown { i64::from(self.mark) } else { -1 };
        let (code, why) = self.reason().unwrap_or(("", "".into()));
        let id = self.url_id();
        let (hex, sure, reasons) = match &id {
            None => (String::new(), "", String::new()),
            Some(id) => (
                id.to_string(),
                id.certainty().as_str(),
                id.reasons().collect::<Vec<_>>().join(", "),
            ),
        };
        let notes = self.flags.names().collect::<Vec<_>>().join(", ");
        let fields = [code, &*why, &hex, sure, &reasons, &notes];
        let used = fields.iter().rposition(|it| !it.is_empty());
        let _ = write!(json, "[\"{}\",{fate},", self.type_name);
        push_json(json, value);
        let _ = write!(json, ",{},{mark},{}", self.count, self.line);
        for field in &fields[..used.map_or(0, |at| at + 1)] {
            json.push(',');
            push_json(json, field);
        }
        json.push(']');
    }
}
