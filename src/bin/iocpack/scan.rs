//! `scan`: list the indicators of texts.

mod feed;
mod parts;
mod queue;
mod rows;
mod seen;
mod sink;

use std::cell::RefCell;

use iocpack::Scanner;
use iocpack::policy::{self, Policy};

use crate::args::{FindArgs, ScanArgs, Strictness, Type};
use crate::exit::{Exit, Failure};
use crate::input::Inputs;
use crate::lists;
use crate::output::Output;
use crate::row::{Row, Verdict};
use crate::talk::Talk;

pub(crate) use self::feed::{Feed, Need};
use self::sink::{Sink, Style};

/// How many bytes are read at a time of a source that may be slow: what is
/// found waits for so many, and for those that the scanner looks ahead.
const LIVE: usize = 4 << 10;

/// Runs `scan`.
pub(crate) fn run(args: &ScanArgs, talk: &Talk) -> Result<Exit, Failure> {
    let inputs = Inputs::resolve(&args.input, talk)?;
    let mut find = Find::resolve(&args.find);
    find.allow = lists::only(&args.allow_list, talk)?;
    find.by_line = args.line_buffered;
    find.context = args.with_context.map(usize::from);
    let out = Output::open(&args.output)?;
    let style = Style::resolve(args);
    let need = Need {
        details: style.details(),
        rejected: args.rejected,
        repeats: style.repeats() || talk.is_verbose(),
    };
    let feed = Feed { inputs: &inputs, find: &find, need, talk };
    let sink = RefCell::new(Sink::new(style, args.limit.resolve(), out));
    let ended = feed.run_live(
        threads(args.threads),
        |source, row| sink.borrow_mut().row(source, row),
        &|| sink.borrow_mut().flush(),
    );
    let sink = sink.into_inner();
    let trouble = match ended {
        Ok(trouble) => trouble,
        Err(Failure::TooMany(message)) => {
            // What was found until then is good.
            sink.finish()?;
            return Err(Failure::TooMany(message));
        }
        Err(failure) => return Err(failure),
    };
    if talk.is_verbose() {
        talk.note(&sink.summary(inputs.sources.len()));
    }
    let found = sink.finish()?;
    Ok(Exit::of_batch(trouble || inputs.trouble, found))
}

fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
}

/// Options of recognition, resolved.
#[derive(Debug)]
pub(crate) struct Find {
    pub(crate) scanner: Scanner,
    /// What is turned down as benign.
    pub(crate) allow: Option<Policy>,
    /// How many bytes of the line around an indicator are wanted.
    pub(crate) context: Option<usize>,
    /// The same scanner for sources that may be slow: it reads less ahead.
    pub(crate) live: Scanner,
    /// Whether each line is a text of its own.
    pub(crate) by_line: bool,
    types: u16,
    hosts_of_urls: bool,
}

/// Every type, in the order in which counts are printed.
pub(crate) const TYPES: [&str; 7] =
    ["domain", "url", "ipv4", "ipv6", "md5", "sha1", "sha256"];

impl Find {
    pub(crate) fn resolve(args: &FindArgs) -> Find {
        let mask = |types: &[Type]| {
            types.iter().fold(0, |all, it| all | type_mask(*it))
        };
        let only = if args.types.is_empty() { !0 } else { mask(&args.types) };
        let types = only & !mask(&args.exclude);
        let mut builder = Scanner::builder();
        builder
            .strictness(match args.strictness {
                Strictness::Strict => iocpack::Strictness::Strict,
                Strictness::Balanced => iocpack::Strictness::Balanced,
                Strictness::Loose => iocpack::Strictness::Loose,
            })
            .refang(!args.no_refang)
            .email_domains(args.email_domains)
            .inner_urls(args.inner_urls);
        // What is not wanted is left out of the output. The scanner looks
        // for every kind: a name inside a URL is no indicator of its own
        // because URLs are not wanted.
        let scanner = builder.build();
        Find {
            scanner,
            allow: None,
            context: None,
            live: builder.block_size(LIVE).build(),
            by_line: false,
            types,
            hosts_of_urls: args.hosts_of_urls,
        }
    }

    /// Whether an indicator of this printed type is wanted.
    pub(crate) fn wants(&self, type_name: &str) -> bool {
        TYPES
            .iter()
            .position(|it| *it == type_name)
            .is_some_and(|at| self.types & 1 << at != 0)
    }

    /// Whether every type is wanted.
    pub(crate) fn wants_all(&self) -> bool {
        TYPES.iter().all(|it| self.wants(it))
    }

    /// The row, turned down if an allow-list names its indicator.
    pub(crate) fn judge<'r>(&self, row: Row<'r>) -> Row<'r> {
        let (Some(policy), Verdict::Match) = (&self.allow, row.verdict) else {
            return row;
        };
        match policy.judge(&row.indicator()) {
            policy::Verdict::Hold(hold) => row.turned_down(hold.reason()),
            policy::Verdict::Keep => row,
        }
    }

    /// Whether hosts of URLs are wanted as well.
    pub(crate) fn wants_hosts(&self) -> bool {
        self.hosts_of_urls
    }

    /// Whether a rejected candidate of this kind is wanted.
    pub(crate) fn wants_rejected(&self, type_name: &str) -> bool {
        let mask = match type_name {
            "ip" => type_mask(Type::Ip),
            "hash" => type_mask(Type::Hash),
            "url" => type_mask(Type::Url),
            _ => type_mask(Type::Domain),
        };
        self.types & mask != 0
    }
}

/// Bits by the order of [`TYPES`].
fn type_mask(it: Type) -> u16 {
    match it {
        Type::Domain => 1,
        Type::Url => 1 << 1,
        Type::Ipv4 => 1 << 2,
        Type::Ipv6 => 1 << 3,
        Type::Md5 => 1 << 4,
        Type::Sha1 => 1 << 5,
        Type::Sha256 => 1 << 6,
        Type::Ip => 0b1100,
        Type::Hash => 0b111_0000,
    }
}
