//! JSON in which a repeated member name is seen. `serde_json` keeps the last one silently; another reader of the
//! same token may keep the first, and then two parts of a system disagree about who calls.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON value, or `None` where an object in it, at any depth, names a member twice.
pub(super) struct Unrepeated(pub(super) Option<Value>);

/// The value of a whole text. `None`: no JSON, or a member name stands twice in one object.
pub(super) fn parse(text: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Unrepeated>(text).ok()?.0
}

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `deserialize_any` keeps serde_json's nesting limit in force.
        deserializer.deserialize_any(UnrepeatedVisitor).map(Unrepeated)
    }
}

struct UnrepeatedVisitor;

impl<'de> Visitor<'de> for UnrepeatedVisitor {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Some(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut values = Some(Vec::new());
        while let Some(Unrepeated(element)) = elements.next_element()? {
            values = values.zip(element).map(|(mut values, element)| {
                values.push(element);
                values
            });
        }
        Ok(values.map(Value::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Some(Map::new());
        while let Some((name, Unrepeated(value))) = members.next_entry::<String, Unrepeated>()? {
            object = object.zip(value).and_then(|(mut object, value)| {
                // Names are compared after unescaping, so `k\u0074y` repeats `kty`.
                object.insert(name, value).is_none().then_some(object)
            });
        }
        Ok(object.map(Value::Object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_names_are_seen_at_any_depth_and_however_they_are_spelled() {
        let rows = [
            (r#"{"a":1,"b":[true,null,1.5,-2,"x",{"a":{}}]}"#, true),
            (r#"{"a":1,"a":1}"#, false),
            (r#"{"a":1,"\u0061":2}"#, false),
            (r#"{"a":{"b":1,"b":1},"c":2}"#, false),
            (r#"[{"b":1,"b":1}, 2]"#, false),
            ("{", false),
            ("{} {}", false),
            ("", false),
        ];
        for (text, good) in rows {
            assert_eq!(parse(text.as_bytes()).is_some(), good, "{text}");
            if good {
                assert_eq!(parse(text.as_bytes()), serde_json::from_str(text).ok(), "{text}");
            }
        }
        assert!(parse("[".repeat(100_000).as_bytes()).is_none());
    }
}
