//! `report`: one self-contained HTML page.
//!
//! The text is read whole and scanned ([`content`]); what is shown of it is
//! laid out ([`layout`]) within a budget; the page is then written piece by
//! piece ([`page`]). Every step is linear in the text.
//!
//! What a browser may do with the page is bounded three times: everything
//! that stands in it is escaped ([`escape`]), a Content-Security-Policy
//! allows one script and one style sheet by their digests and no request at
//! all ([`csp`]), and the script builds text nodes only.

pub(crate) mod args;
mod content;
mod csp;
mod escape;
mod item;
mod layout;
mod list;
mod page;
mod payload;
mod strip;
mod text;

use std::io::Read as _;

use self::args::ReportArgs;
use self::content::Content;
use self::layout::Layout;
use self::page::Page;
use self::payload::Payload;
use crate::exit::{Exit, Failure};
use crate::input::{Inputs, Source};
use crate::map::grouped;
use crate::output::Output;
use crate::pack;
use crate::scan::{Feed, Find, Need};
use crate::talk::{self, Talk, escape};

/// Runs `report`.
pub(crate) fn run(args: &ReportArgs, talk: &Talk) -> Result<Exit, Failure> {
    let policy = pack::policy(&args.policy, talk)?;
    let input = args.input();
    if let Some(folder) = input.paths.iter().find(|path| path.is_dir()) {
        return Err(Failure::new(format!(
            "cannot read {}: is a folder, expected one file",
            talk::name(folder)
        )));
    }
    let inputs = Inputs::resolve(&input, talk)?;
    let source = inputs.sources.first().expect("one path is one source");
    let mut text = Vec::new();
    inputs
        .open(source, talk.meter())
        .and_then(|mut rdr| rdr.read_to_end(&mut text))
        .map_err(|err| Failure::new(source.complaint(&err)))?;

    let find = Find::resolve(&args.find);
    let need = Need { details: true, rejected: true, repeats: true };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let mut content = Content::new(&policy);
    let limits = args.limit.resolve();
    let name = source.name();
    feed.rows(&text, &mut |row| {
        if content.len() >= limits.uniques && !content.knows(&row) {
            return Err(row.too_many(&name, limits));
        }
        content.row(&row);
        Ok(())
    })?;

    let source = match source {
        Source::Stdin => "stdin".to_owned(),
        Source::File(_) => source.name(),
    };
    let title = args.title.clone().unwrap_or_else(|| title_of(&source));
    let name = args.name.as_deref().unwrap_or(&title);
    let payload = Payload::build(args, name, &mut content)?;
    let layout = Layout::new(&text, &content, args.max_text);
    let mut out = Output::open(&args.output)?;
    let page = Page {
        title: &title,
        source: &source,
        text: &text,
        content: &content,
        layout: &layout,
        payload: &payload,
    };
    page.write(&mut out)?;
    out.finish()?;

    let figures = content.figures();
    talk.note(&format!(
        "{}: {} to send, {} held, {} rejected",
        escape(source.as_bytes()),
        grouped(figures.kept.distinct),
        grouped(figures.held.distinct),
        grouped(figures.rejected.distinct),
    ));
    let found = figures.kept.distinct + figures.held.distinct > 0;
    Ok(Exit::of_batch(false, found))
}

/// The last part of a path.
fn title_of(source: &str) -> String {
    let name = source.rsplit(['/', '\\']).find(|it| !it.is_empty());
    name.unwrap_or(source).to_owned()
}
