//! A distinct indicator, or a distinct candidate that was turned down.

use std::borrow::Cow;

use iocpack::scan::{Flags, Reason};
use iocpack::{Kind, Url};

use crate::filter::defang;

/// An item of the page.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// `domain url ipv4 ipv6 md5 sha1 sha256`; of a rejection also `ip` and
    /// `hash`.
    pub(super) type_name: &'static str,
    /// The canonical form; of a rejection what is written.
    pub(super) value: String,
    pub(super) fate: Fate,
    /// How often it occurs.
    pub(super) count: u64,
    /// The mark of its first occurrence, and its line.
    pub(super) mark: u32,
    pub(super) line: u64,
    /// Those of its first occurrence.
    pub(super) flags: Flags,
}

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It would be sent.
    Kept,
    /// It is an indicator, and would not be sent.
    Held { code: &'static str, rule: String, help: &'static str },
    /// It is no indicator.
    Rejected { code: &'static str },
}

impl Fate {
    /// The class of the page's elements.
    pub(super) fn class(&self) -> &'static str {
        match self {
            Fate::Kept => "kept",
            Fate::Held { .. } => "held",
            Fate::Rejected { .. } => "rejected",
        }
    }
}

impl Item {
    /// The value as it may be shown: a hand that slips cannot visit it.
    pub(super) fn defanged(&self) -> String {
        if matches!(self.fate, Fate::Rejected { .. }) {
            return blunted(&self.value);
        }
        let kind = match self.type_name {
            "domain" => Kind::Domain,
            "url" => Kind::Url,
            "ip" | "ipv4" | "ipv6" => Kind::Ip,
            _ => Kind::Hash,
        };
        defang(kind, &self.value)
    }

    /// VirusTotal's id of a URL.
    pub(super) fn url_id(&self) -> Option<iocpack::UrlId> {
        if self.type_name != "url"
            || matches!(self.fate, Fate::Rejected { .. })
        {
            return None;
        }
        Some(Url::parse(&self.value).ok()?.id())
    }

    /// The code of the reason for which it is held or was turned down, and
    /// a sentence on it.
    pub(super) fn reason(&self) -> Option<(&'static str, Cow<'_, str>)> {
        match &self.fate {
            Fate::Kept => None,
            Fate::Held { code, rule, help } => Some((
                code,
                match (rule.as_str(), *help) {
                    ("", help) => Cow::Borrowed(help),
                    (rule, "") => Cow::Borrowed(rule),
                    (rule, help) => format!("{rule}; {help}").into(),
                },
            )),
            Fate::Rejected { code } => Some((code, help(code).into())),
        }
    }
}

/// What is no indicator, as it may be shown.
fn blunted(raw: &str) -> String {
    if raw.contains("[.]") {
        return raw.to_owned();
    }
    let text = raw.replace('.', "[.]");
    match text.split_at_checked(4) {
        Some((http, rest)) if http.eq_ignore_ascii_case("http") => {
            format!("hxxp{rest}")
        }
        _ => text,
    }
}

/// A sentence on a reason for which the scanner turns a candidate down.
fn help(code: &str) -> &'static str {
    let reason = Reason::OF_CONTEXT.into_iter().find(|it| it.code() == code);
    match reason {
        Some(Reason::FileName) => "it reads as the name of a file",
        Some(Reason::PathPart) => "it is a part of a path",
        Some(Reason::Code) => "it reads as code",
        Some(Reason::DetectionName) => "it reads as the name of a detection",
        Some(Reason::Version) => "it reads as a version or a section number",
        Some(Reason::Clock) => "it reads as a time, a date or a MAC address",
        Some(Reason::Cidr) => "it is a network, not a host",
        Some(Reason::SentenceGlue) => {
            "two sentences meet here without a space"
        }
        Some(Reason::Email) => "it is a part of an e-mail address",
        Some(Reason::Uuid) => "it is a part of a UUID or of a longer run",
        Some(Reason::HashLabel) => {
            "the text before it says that it hashes no file"
        }
        Some(Reason::Weak) => "nothing around it says that it is meant",
        _ => match code {
            "unknown-suffix" => "it ends in no suffix that is registered",
            "single-label" => "a name needs at least two labels",
            "only-suffix" => "it is a suffix without a name before it",
            "too-long" => "it is longer than any indicator",
            "hex-length" => "a file hash has 32, 40 or 64 digits",
            "leading-zero" => "a part of the address starts with a zero",
            _ => "the value is not valid as it stands",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_turned_down_is_blunted_too() {
        assert_eq!(blunted("Http://a.b"), "hxxp://a[.]b");
        assert_eq!(blunted("a[.]b.c"), "a[.]b.c");
        assert_eq!(blunted("é.x"), "é[.]x");
    }

    #[test]
    fn each_reason_of_context_has_a_sentence_of_its_own() {
        let mut all: Vec<&str> =
            Reason::OF_CONTEXT.iter().map(|it| help(it.code())).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), Reason::OF_CONTEXT.len());
        assert!(!all.contains(&help("bad-port")));
    }
}
