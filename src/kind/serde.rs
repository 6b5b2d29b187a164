//! `Serialize` and `Deserialize` for values (feature `serde`): the canonical
//! text, read back through the same checks as any other text.

use std::borrow::Cow;

use ::serde::de::Error as _;
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Domain, FileHash, Indicator, Kind, Url, UrlId};

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$type, D::Error> {
                let text = Cow::<str>::deserialize(deserializer)?;
                <$type>::parse(&text).map_err(D::Error::custom)
            }
        }
    )*};
}

as_text!(Domain, Url, UrlId, FileHash);

/// An indicator as the rows of the command have it.
#[derive(Serialize, Deserialize)]
struct Row<'v> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'v, str>,
    #[serde(borrow)]
    value: Cow<'v, str>,
}

impl Serialize for Indicator {
    fn serialize<S: Serializer>(
        &self,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let kind = Cow::Borrowed(self.type_name());
        let value = Cow::Owned(self.to_string());
        Row { kind, value }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Indicator {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Indicator, D::Error> {
        let row = Row::deserialize(deserializer)?;
        let kind = match &*row.kind {
            "domain" => Kind::Domain,
            "url" => Kind::Url,
            "ipv4" | "ipv6" => Kind::Ip,
            "md5" | "sha1" | "sha256" => Kind::Hash,
            other => {
                return Err(D::Error::unknown_variant(
                    other,
                    &[
                        "domain", "url", "ipv4", "ipv6", "md5", "sha1",
                        "sha256",
                    ],
                ));
            }
        };
        let indicator =
            Indicator::parse(kind, &row.value).map_err(D::Error::custom)?;
        if indicator.type_name() != row.kind {
            return Err(D::Error::custom(format_args!(
                "expected {}, found {}",
                row.kind,
                indicator.type_name()
            )));
        }
        Ok(indicator)
    }
}

#[cfg(test)]
mod tests {
    use super::Indicator;

    #[test]
    fn indicators_are_read_back_as_they_were_written() {
        for row in [
            r#"{"type":"domain","value":"evil.example"}"#,
            r#"{"type":"url","value":"http://evil.example/a?b=\"c"}"#,
            r#"{"type":"ipv6","value":"2001:db8::1"}"#,
            r#"{"type":"md5","value":"d41d8cd98f00b204e9800998ecf8427e"}"#,
        ] {
            let indicator: Indicator = serde_json::from_str(row).unwrap();
            assert_eq!(serde_json::to_string(&indicator).unwrap(), row);
        }
    }

    #[test]
    fn what_is_not_valid_or_of_another_type_is_refused() {
        let read = |row| serde_json::from_str::<Indicator>(row).unwrap_err();
        let err = read(r#"{"type":"domain","value":"setup.exe"}"#);
        assert!(err.to_string().contains("unknown public suffix at byte 6"));
        let err = read(r#"{"type":"ipv4","value":"2001:db8::1"}"#);
        assert!(err.to_string().starts_with("expected ipv4, found ipv6"));
        assert!(read(r#"{"type":"asn","value":"1"}"#).is_data());
    }
}
