//! The request that `pack` would write, as the page carries it.

use iocpack::payload::{Collection, Plan, Visibility};

use super::args::ReportArgs;
use super::content::Content;
use crate::exit::Failure;
use crate::pack::{options, refused};

/// The longest text that a page carries to be copied.
const LONGEST: usize = 8 << 20;

/// What is copied as the payload.
#[derive(Debug)]
pub(super) struct Payload {
    /// The body of the one request, or the plan of several; none when there
    /// is nothing to send, or too much to be carried.
    pub(super) text: Option<String>,
    /// How many requests.
    pub(super) requests: usize,
}

impl Payload {
    /// Plans the collection, and marks as held what the plan leaves out.
    ///
    /// # Errors
    ///
    /// What the library refuses: a blank name, limits that nothing fits.
    pub(super) fn build(
        args: &ReportArgs,
        name: &str,
        content: &mut Content<'_>,
    ) -> Result<Payload, Failure> {
        let indicators = format!("Indicators of {name}");
        let description = args.description.as_deref().unwrap_or(&indicators);
        let mut about = Collection::new();
        about.name(name).description(description);
        if !args.tag.is_empty() {
            about.tags(&args.tag);
        }
        if args.public {
            about.visibility(Visibility::Public);
        }
        let set = std::mem::take(&mut content.set);
        let plan = Plan::create(&about, &set, &options(&args.form))
            .map_err(|err| refused(&err))?;
        for (indicator, hold) in plan.holds() {
            let value = indicator.to_string();
            content.hold(indicator.type_name(), &value, hold.code());
        }
        let requests = plan.len();
        let text = match requests {
            0 => None,
            1 => plan.requests().next().and_then(|it| it.body),
            _ => {
                let mut json = Vec::new();
                plan.write_to(&mut json).map_err(|err| refused(&err))?;
                String::from_utf8(json).ok()
            }
        };
        let text = text.filter(|it| it.len() <= LONGEST);
        Ok(Payload { text, requests })
    }
}
