//! Values with units: sizes (`64KiB`) and durations (`5m`).

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;

/// A number of bytes: a whole number, or a text with `B`, `KiB` or `MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// A span of time in seconds: a text with `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub u64);

const SIZE_UNITS: &[(&str, u64)] = &[("KiB", 1 << 10), ("MiB", 1 << 20), ("B", 1)];
const TIME_UNITS: &[(&str, u64)] = &[("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

/// `text` is a whole number directly followed by one of the units.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    units.iter().find_map(|(unit, factor)| {
        let digits = text.strip_suffix(unit)?;
        let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok())??;
        number.checked_mul(*factor)
    })
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Size, D::Error> {
        struct Form;
        impl Visitor<'_> for Form {
            type Value = Size;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a size such as `64KiB`, `2MiB` or a number of bytes")
            }
            fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<Size, E> {
                Ok(Size(bytes))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Size, E> {
                with_unit(text, SIZE_UNITS)
                    .map(Size)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Seconds, D::Error> {
        struct Form;
        impl Visitor<'_> for Form {
            type Value = Seconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `30s`, `5m`, `1h` or `1d`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Seconds, E> {
                with_unit(text, TIME_UNITS)
                    .map(Seconds)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

#[cfg(feature = "cli")]
mod schema {
    use super::{Seconds, Size};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use std::borrow::Cow;

    impl JsonSchema for Size {
        fn schema_name() -> Cow<'static, str> {
            "Size".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "bytes: a number, or a text such as `64KiB` or `2MiB`",
                "anyOf": [
                    { "type": "integer", "minimum": 0 },
                    { "type": "string", "pattern": "^[0-9]+(B|KiB|MiB)$" },
                ],
            })
        }
    }

    impl JsonSchema for Seconds {
        fn schema_name() -> Cow<'static, str> {
            "Duration".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "a duration such as `30s`, `5m`, `1h` or `1d`",
                "type": "string",
                "pattern": "^[0-9]+[smhd]$",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (json, expected) in [
            ("7", Some(7)),
            ("\"7B\"", Some(7)),
            ("\"64KiB\"", Some(65_536)),
            ("\"2MiB\"", Some(2_097_152)),
            ("\"2MB\"", None),
            ("\"-1B\"", None),
            ("\"KiB\"", None),
            ("\"99999999999999999999MiB\"", None),
            ("\"18446744073709551615MiB\"", None),
            ("-1", None),
            ("1.5", None),
        ] {
            assert_eq!(serde_json::from_str::<Size>(json).ok().map(|s| s.0), expected, "{json}");
        }
    }

    #[test]
    fn durations() {
        for (json, expected) in [
            ("\"30s\"", Some(30)),
            ("\"5m\"", Some(300)),
            ("\"1h\"", Some(3600)),
            ("\"1d\"", Some(86_400)),
            ("\"5\"", None),
            ("5", None),
        ] {
            assert_eq!(serde_json::from_str::<Seconds>(json).ok().map(|s| s.0), expected, "{json}");
        }
    }
}
