//! How the items of a set are written, and how much one request takes.

use std::fmt;
use std::net::IpAddr;

use super::wire::{self, Item};
use crate::set::Entry;
use crate::{Error, HashKind, Indicator};

/// How a URL is named in a descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlForm {
    /// By its canonical form: VirusTotal computes the id.
    #[default]
    Url,
    /// By its id where that is proven, else by its canonical form:
    /// a wrong id would silently name a URL that VirusTotal has never seen.
    Id,
}

/// How items are written when a collection is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ItemForm {
    /// As typed descriptors: VirusTotal has nothing to guess.
    #[default]
    Relationships,
    /// As the text `raw_items`, one canonical item per line, that VirusTotal
    /// extracts from. Smaller, and one request per chunk whatever the kinds.
    RawItems,
}

/// In which order items are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// By the bytes of the canonical form, one relationship after the other:
    /// the same set gives the same bytes, whatever the texts' order.
    #[default]
    Sorted,
    /// In order of first insertion.
    FirstSeen,
}

/// What is done with IPv6 addresses, which VirusTotal's documentation of
/// collections never shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ipv6 {
    /// They are sent as RFC 5952 writes them.
    #[default]
    Emit,
    /// They are held: see [`Plan::holds`](super::Plan::holds).
    Hold,
}

/// Why an item is in no request of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Hold {
    /// An IPv6 address, under [`Ipv6::Hold`].
    Ipv6,
    /// An MD5 or SHA-1, under [`Options::sha256_only`].
    NotSha256,
    /// A URL that is neither http nor https.
    NotHttp,
    /// An item that fits in no request of [`Options::max_bytes`].
    TooLong,
}

impl Hold {
    /// The stable code: `ipv6`, `not-sha256`, `not-http` or `too-long`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Hold::Ipv6 => "ipv6",
            Hold::NotSha256 => "not-sha256",
            Hold::NotHttp => "not-http",
            Hold::TooLong => "too-long",
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How a set becomes requests. The defaults are what most people want.
///
/// The limits are ours: VirusTotal documents none. A bigger request costs no
/// more quota, but a reply that a gateway cuts off after a minute leaves it
/// open what was taken.
///
/// ```
/// use iocpack::payload::{ItemForm, Options};
///
/// let mut options = Options::new();
/// options.item_form(ItemForm::RawItems).max_items(500);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub(super) url_form: UrlForm,
    pub(super) item_form: ItemForm,
    pub(super) order: Order,
    pub(super) ipv6: Ipv6,
    pub(super) sha256_only: bool,
    pub(super) max_items: usize,
    pub(super) max_bytes: usize,
    pub(super) marker: Option<bool>,
    pub(super) allow_empty: bool,
}

impl Options {
    /// Items in one request, unless set otherwise.
    pub const MAX_ITEMS: usize = 1000;
    /// Bytes of one body, unless set otherwise: 1 MiB.
    pub const MAX_BYTES: usize = 1 << 20;
    /// Bytes of one body at the very most: 30 MiB, where VirusTotal's own Go
    /// client stops.
    pub const BYTES_CAP: usize = 30 << 20;

    /// The defaults.
    #[must_use]
    pub fn new() -> Options {
        Options {
            url_form: UrlForm::default(),
            item_form: ItemForm::default(),
            order: Order::default(),
            ipv6: Ipv6::default(),
            sha256_only: false,
            max_items: Options::MAX_ITEMS,
            max_bytes: Options::MAX_BYTES,
            marker: None,
            allow_empty: false,
        }
    }

    /// How a URL is named; by itself by default.
    pub fn url_form(&mut self, form: UrlForm) -> &mut Self {
        self.url_form = form;
        self
    }

    /// How items are written when a collection is created; as descriptors by
    /// default.
    pub fn item_form(&mut self, form: ItemForm) -> &mut Self {
        self.item_form = form;
        self
    }

    /// In which order items are written; sorted by default.
    pub fn order(&mut self, order: Order) -> &mut Self {
        self.order = order;
        self
    }

    /// What is done with IPv6 addresses; they are sent by default.
    pub fn ipv6(&mut self, ipv6: Ipv6) -> &mut Self {
        self.ipv6 = ipv6;
        self
    }

    /// Whether MD5 and SHA-1 are held; they are sent by default.
    pub fn sha256_only(&mut self, yes: bool) -> &mut Self {
        self.sha256_only = yes;
        self
    }

    /// How many items one request takes at most: 1,000 by default.
    pub fn max_items(&mut self, items: usize) -> &mut Self {
        self.max_items = items;
        self
    }

    /// How many bytes one body takes at most: 1 MiB by default, 30 MiB at
    /// most.
    pub fn max_bytes(&mut self, bytes: usize) -> &mut Self {
        self.max_bytes = bytes;
        self
    }

    /// Whether `iocpack:` and 16 hex digits of the digest are appended to the
    /// description of a new collection, by which a lost reply's collection is
    /// found again. By default only where a plan has several requests.
    pub fn marker(&mut self, yes: bool) -> &mut Self {
        self.marker = Some(yes);
        self
    }

    /// Whether a collection without items may be created; not by default.
    pub fn allow_empty(&mut self, yes: bool) -> &mut Self {
        self.allow_empty = yes;
        self
    }

    /// Refuses limits that no request can keep.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.max_items == 0 {
            return Err(Error::argument(
                "max items: expected at least 1, found 0",
            ));
        }
        if self.max_bytes > Options::BYTES_CAP {
            return Err(Error::argument(format!(
                "max bytes: expected at most {}, found {}",
                Options::BYTES_CAP,
                self.max_bytes
            )));
        }
        Ok(())
    }

    /// Why an indicator is not sent, whatever its length.
    pub(super) fn hold(&self, indicator: &Indicator) -> Option<Hold> {
        match indicator {
            Indicator::Ip(IpAddr::V6(_)) if self.ipv6 == Ipv6::Hold => {
                Some(Hold::Ipv6)
            }
            Indicator::Hash(hash)
                if self.sha256_only && hash.kind() != HashKind::Sha256 =>
            {
                Some(Hold::NotSha256)
            }
            Indicator::Url(url) if !url.as_str().starts_with("http") => {
                Some(Hold::NotHttp)
            }
            _ => None,
        }
    }

    /// How an entry is written in a descriptor.
    pub(super) fn item<'s>(&self, entry: &'s Entry) -> Item<'s> {
        match entry.indicator() {
            Indicator::Url(url)
                if self.url_form == UrlForm::Id && entry.is_proven() =>
            {
                Item::UrlId(url.id())
            }
            indicator => Item::Indicator(indicator),
        }
    }

    /// How many bytes the descriptor of an entry takes.
    pub(super) fn item_len(&self, entry: &Entry) -> usize {
        match entry.indicator() {
            Indicator::Url(_)
                if self.url_form == UrlForm::Id && entry.is_proven() =>
            {
                // Every id is as long as any other: no need to hash.
                wire::URL_ID_DESCRIPTOR_LEN
            }
            _ => wire::entry_descriptor_len(entry),
        }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}
