//! The page, from its head to its script.

use std::fmt::Write as _;

use super::content::{Content, Figure};
use super::item::Fate;
use super::layout::Layout;
use super::payload::Payload;
use super::{csp, escape};
use crate::exit::Failure;
use crate::map::grouped;
use crate::output::Output;
use crate::scan::TYPES;
use crate::talk;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What a page is made of.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    /// The name of the source.
    pub(super) source: &'a str,
    pub(super) text: &'a [u8],
    pub(super) content: &'a Content<'a>,
    pub(super) layout: &'a Layout,
    pub(super) payload: &'a Payload,
}

/// The figures of one type.
#[derive(Clone, Copy, Default)]
struct Row {
    kept: Figure,
    held: Figure,
}

impl Page<'_> {
    /// Writes the page, from front to back.
    pub(super) fn write(&self, out: &mut Output) -> Result<(), Failure> {
        let mut html = String::new();
        self.head(&mut html);
        self.header(&mut html);
        self.bar(&mut html);
        out.write(html.as_bytes())?;
        out.write(b"<main>\n")?;
        self.text(out)?;
        self.lists(out)?;
        out.write(b"</main>\n")?;
        out.write(footer().as_bytes())?;
        self.data(out)?;
        out.write(b"<script>")?;
        out.write(SCRIPT.as_bytes())?;
        out.write(b"</script>\n</body>\n</html>\n")
    }

    fn head(&self, html: &mut String) {
        html.push_str("<!doctype html>\n<html lang=en>\n<head>\n");
        html.push_str("<meta charset=utf-8>\n");
        let policy = csp::policy(SCRIPT, STYLE);
        let _ = writeln!(
            html,
            "<meta http-equiv=Content-Security-Policy content=\"{policy}\">"
        );
        let version = env!("CARGO_PKG_VERSION");
        for (name, content) in [
            ("viewport", "width=device-width, initial-scale=1"),
            ("color-scheme", "light dark"),
            ("referrer", "no-referrer"),
            ("robots", "noindex"),
            // Nothing in the text becomes a link.
            (
                "format-detection",
                "telephone=no, date=no, address=no, email=no, url=no",
            ),
            ("generator", &format!("iocpack {version}")),
        ] {
            let _ = writeln!(html, "<meta name={name} content=\"{content}\">");
        }
        html.push_str("<title>");
        escape::push_text(html, self.title);
        html.push_str(" · indicators</title>\n<style>");
        html.push_str(STYLE);
        html.push_str("</style>\n</head>\n<body>\n");
    }

    fn header(&self, html: &mut String) {
        html.push_str(
            "<a class=skip href=#text-h>Skip to the text</a>\
             <a class=skip href=#kept-h>Skip to the indicators</a>\n\
             <header>\n<div class=head><div><h1>",
        );
        escape::push_text(html, self.title);
        html.push_str("</h1>\n<p class=sub><span class=file>");
        escape::push_text(html, &talk::escape(self.source.as_bytes()));
        let _ = writeln!(
            html,
            "</span> · {} · {}</p></div>\n\
             <button id=theme class=js type=button>Theme: auto</button></div>",
            many(self.text.len() as u64, "byte"),
            many(self.layout.lines, "line"),
        );
        let all = self.content.figures();
        html.push_str("<ul class=cards>\n");
        for (class, figure, what) in [
            ("kept", all.kept, "to send"),
            ("held", all.held, "held"),
            ("rejected", all.rejected, "rejected"),
        ] {
            let _ = writeln!(
                html,
                "<li class=\"card {class}\"><a href=#{class}-h>\
                 <b>{}</b> {what}</a> <small>in {}</small></li>",
                grouped(figure.distinct),
                many(figure.places, "place"),
            );
        }
        html.push_str("</ul>\n");
        self.figures(html);
        html.push_str("</header>\n");
    }

    fn rows(&self) -> [Row; TYPES.len()] {
        let mut rows = [Row::default(); TYPES.len()];
        for item in &self.content.items {
            let at = TYPES.iter().position(|it| *it == item.type_name);
            let figure = match (at, &item.fate) {
                (Some(at), Fate::Kept) => &mut rows[at].kept,
                (Some(at), Fate::Held { .. }) => &mut rows[at].held,
                _ => continue,
            };
            figure.distinct += 1;
            figure.places += item.count;
        }
        rows
    }

    /// The table of figures.
    fn figures(&self, html: &mut String) {
        html.push_str(
            "<details class=figures><summary>Figures by type</summary>\n\
             <table><thead><tr><th scope=col>Type<th scope=col>Places\
             <th scope=col>Distinct<th scope=col>To send<th scope=col>Held\
             </tr></thead>\n<tbody>\n",
        );
        let mut row = |name: &str, it: Row| {
            let _ = writeln!(
                html,
                "<tr><th scope=row><span class=\"t {name}\">{name}</span>\
                 <td>{}<td>{}<td>{}<td>{}</tr>",
                grouped(it.kept.places + it.held.places),
                grouped(it.kept.distinct + it.held.distinct),
                grouped(it.kept.distinct),
                grouped(it.held.distinct),
            );
        };
        for (name, it) in TYPES.iter().zip(self.rows()) {
            row(name, it);
        }
        let all = self.content.figures();
        row("all", Row { kept: all.kept, held: all.held });
        html.push_str("</tbody></table></details>\n");
    }

    /// What stays in view: filters, steps, and the strip.
    fn bar(&self, html: &mut String) {
        html.push_str("<div id=bar>\n<div class=tools>\n");
        html.push_str("<div class=chips><div role=group aria-label=Types>\n");
        for (name, it) in TYPES.iter().zip(self.rows()) {
            let places = it.kept.places + it.held.places;
            if places > 0 {
                chip(name, name, places, html);
            }
        }
        let all = self.content.figures();
        html.push_str("</div><div role=group aria-label=Verdicts>\n");
        for (class, figure, label) in [
            ("kept", all.kept, "to send"),
            ("held", all.held, "held"),
            ("rejected", all.rejected, "rejected"),
        ] {
            if figure.places > 0 {
                chip(class, label, figure.places, html);
            }
        }
        let mut strip = String::new();
        let densest = self.strip(&mut strip);
        html.push_str(
            "</div></div>\n<div class=\"steps js\" role=group \
             aria-label=\"Step through the marks\">\n\
             <button id=prev type=button \
             aria-label=\"Previous mark\">↑</button>\
             <output id=at>–</output>\
             <button id=next type=button \
             aria-label=\"Next mark\">↓</button></div>\n\
             <nav aria-label=Sections><a href=#text-h>Text</a>",
        );
        if let Some(mark) = densest {
            let _ = write!(html, "<a id=densest href=#m{mark}>Densest</a>");
        }
        html.push_str("<a href=#kept-h>Lists</a></nav>\n</div>\n");
        html.push_str(&strip);
        html.push_str("</div>\n");
    }

    /// What the script reads: every item, and what is to be copied.
    fn data(&self, out: &mut Output) -> Result<(), Failure> {
        out.write(b"<script type=application/json id=data>{\"items\":[\n")?;
        let mut json = String::new();
        for (i, item) in self.content.items.iter().enumerate() {
            json.clear();
            if i > 0 {
                json.push_str(",\n");
            }
            let shown = self.layout.marks[item.mark as usize];
            item.data(shown, &mut json);
            out.write(json.as_bytes())?;
        }
        json.clear();
        json.push_str("\n],\"payload\":");
        escape::push_json(&mut json, &self.payload.text);
        json.push_str("}</script>\n");
        out.write(json.as_bytes())
    }
}

/// What is to be known about the page, and what the script needs.
fn footer() -> String {
    format!(
        "<footer><p>Made by iocpack {}. The text stands as it was \
         written, but for characters that hide or turn text around: \
         those are shown by their numbers, like <i>\\u{{202e}}</i>. \
         Values everywhere else are defanged, and no link leads out of \
         this page. An indicator is not proof of malice.</p>\
         <noscript><p>Without scripts filters, steps, details and \
         copying are missing; the lists above tell the same.</p>\
         </noscript></footer>\n\
         <div id=tip role=tooltip hidden></div>\n\
         <p id=say role=status></p>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// A filter.
fn chip(class: &str, label: &str, places: u64, html: &mut String) {
    let _ = writeln!(
        html,
        "<button type=button class=\"chip {class}\" data-f={class} \
         aria-pressed=true>{label} <span>{}</span></button>",
        grouped(places)
    );
}

/// `1 line`, `1,234 lines`.
pub(super) fn many(n: u64, what: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {what}{s}", grouped(n))
}
