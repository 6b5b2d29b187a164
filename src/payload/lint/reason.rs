//! The reasons of findings.

use std::fmt;

/// Declares the reasons, their stable codes and what to do, once.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $help:literal;)*) => {
        /// What is wrong with a payload.
        ///
        /// [`code`](LintReason::code) is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum LintReason {
            $($(#[$doc])* $name,)*
        }

        impl LintReason {
            /// Every reason, in the order of the enum.
            pub const ALL: &'static [LintReason] = &[$(LintReason::$name),*];

            /// The stable code, such as `raw-items-misplaced`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(LintReason::$name => $code,)*
                }
            }

            /// A sentence for people: what to do about it.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self {
                    $(LintReason::$name => $help,)*
                }
            }
        }
    };
}

reasons! {
    /// The text does not parse.
    NotJson = "not-json", "mend the JSON at this place; nothing after it was read";
    /// Nested deeper than 128 levels.
    TooDeep = "too-deep", "no payload nests deeper than 6 levels";
    /// More than 30 MiB.
    TooLarge = "too-large", "cut it into several requests of at most 30 MiB";
    /// A name stands twice in an object.
    DuplicateMember = "duplicate-member", "readers take the first or the last one: keep one";
    /// A value is of another JSON type than it must be.
    WrongValue = "wrong-value", "write a value of the expected type";
    /// No `data` at the root.
    MissingData = "missing-data", "the root is `{\"data\": …}`";
    /// A member that the object does not have.
    UnknownMember = "unknown-member", "take it out";
    /// The `type` of the object is missing or another one.
    WrongType = "wrong-type", "write `\"type\": \"collection\"`";
    /// An id where the server assigns it.
    UnexpectedId = "unexpected-id", "the server assigns the id: take it out";
    /// A create without a name.
    MissingName = "missing-name", "give the collection a name that is not blank";
    /// A create without a description.
    MissingDescription = "missing-description", "give the collection a description that is not blank";
    /// An attribute that only the server writes.
    ReadOnlyAttribute = "read-only-attribute", "the server writes it, and refuses requests that touch it";
    /// An attribute that no page documents as writable.
    UnknownAttribute = "unknown-attribute", "writable are name, description, private, tags and alt_names";
    /// `raw_items` somewhere else than beside `attributes`.
    RawItemsMisplaced = "raw-items-misplaced", "move it to /data/raw_items, beside `attributes`";
    /// Both ways to give items.
    BothItems = "relationships-and-raw-items", "keep one of `relationships` and `raw_items`";
    /// No item at all.
    NoItems = "no-items", "give items in `relationships` or in `raw_items`";
    /// A relationship that cannot be written.
    UnknownRelationship = "unknown-relationship", "writable are domains, files, ip_addresses and urls";
    /// Relationships in an update.
    RelationshipsInUpdate = "relationships-in-update", "add items by POST to the relationship instead";
    /// An object where the array of items belongs.
    NotAnArray = "not-an-array", "`data` of a relationship is an array, even of one item";
    /// A relationship without items.
    EmptyRelationship = "empty-relationship", "leave an empty relationship out";
    /// The `type` of an item does not fit its relationship.
    WrongItemType = "wrong-item-type", "each relationship takes items of one type";
    /// An item without `id` (or, for a URL, `url`).
    MissingId = "missing-id", "an item is `type` and `id`, or for a URL `type` and `url`";
    /// A URL with both `id` and `url`.
    IdAndUrl = "id-and-url", "keep one of `id` and `url`";
    /// A base64 URL id.
    Base64Id = "base64-id", "in a body the id of a URL is its SHA-256 form; better give `url`";
    /// The URL itself as `id`.
    UrlAsId = "url-as-id", "give the text of a URL as `url`, not as `id`";
    /// A digest of another length.
    HashLength = "hash-length", "MD5 has 32 hex digits, SHA-1 40, SHA-256 64";
    /// Defanged.
    Defanged = "defanged", "whether the server undoes it is not documented: write it plainly";
    /// Not in canonical form.
    NotCanonical = "not-canonical", "write the canonical form";
    /// No indicator at all.
    InvalidItem = "invalid-item", "take it out: the server drops it or refuses the request";
    /// The same item again, after normalization.
    Duplicate = "duplicate", "keep one of them";
    /// Text in `raw_items` that is no item.
    Prose = "prose", "everything in raw_items is sent: keep the items only";
}

impl fmt::Display for LintReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
