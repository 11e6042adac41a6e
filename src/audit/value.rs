//! The leaf values of a record: bounded text, fixed-length hex, and the project's own words.
//!
//! Each is bounded by its type, so no record can be made large or unreadable by what a client or a model sends.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::class::{Action, Class, Direction, Level};
use crate::reason::Reason;

/// A name that the project or the configuration gives to a thing that findings repeat: detection rule, lane.
pub type Label = Text<64>;
/// A name: route, policy rule, model, tool, group. 128 bytes holds every real one.
pub type Name = Text<128>;
/// An identity's text: subject, tenant, issuer. 256 bytes is OpenID Connect's limit for `sub` (255), and a byte.
pub type Identity = Text<256>;
/// The identifier of an exchange or a chain: 16 bytes.
pub type Id = Hex<16>;
/// A SHA-256 or HMAC-SHA-256: 32 bytes.
pub type Digest = Hex<32>;

/// `text` in at most `max` bytes of UTF-8, safe to show on one line.
///
/// Control characters, line separators and characters that reorder or hide text become U+FFFD: replaced rather
/// than dropped, so that `ad\0min` does not read as `admin`. What is cut ends in `…`, if `max` has room for it.
pub fn bounded(text: &str, max: usize) -> String {
    const CUT: char = '…';
    if text.len() <= max && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let shown = |c: char| {
        if is_unsafe_to_show(c) { char::REPLACEMENT_CHARACTER } else { c }
    };
    let mut out = String::new();
    let mut rest = text.chars().map(shown);
    // The end of the last character after which there is still room for the mark of the cut.
    let mut cut_at = 0;
    for c in rest.by_ref() {
        if out.len() + c.len_utf8() > max {
            out.truncate(cut_at);
            if out.len() + CUT.len_utf8() <= max {
                out.push(CUT);
            }
            return out;
        }
        out.push(c);
        if out.len() + CUT.len_utf8() <= max {
            cut_at = out.len();
        }
    }
    out
}

/// C0, DEL, C1; line and paragraph separators; zero-width, bidirectional and invisible formatting; tags.
fn is_unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text that went through [`bounded`]: at most `MAX` bytes, one line, nothing invisible.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> From<&str> for Text<MAX> {
    fn from(text: &str) -> Self {
        Text(bounded(text, MAX))
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Text::from(String::deserialize(deserializer)?.as_str()))
    }
}

/// `N` bytes, written as `2 * N` lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Hex<N> {
    /// Runs `write` with the digits.
    fn written<T>(&self, write: impl FnOnce(&str) -> T) -> T {
        let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
        let digits = self.0.map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        write(str::from_utf8(digits.as_flattened()).unwrap_or_default())
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written(|digits| f.write_str(digits))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> FromStr for Hex<N> {
    type Err = NotHex;

    fn from_str(text: &str) -> Result<Self, NotHex> {
        if text.len() != 2 * N {
            return Err(NotHex);
        }
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte =
                pair.iter().try_fold(0, |value, digit| Some(value << 4 | nibble(*digit)?)).ok_or(NotHex)?;
        }
        Ok(Hex(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The text is not the expected number of lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotHex;

impl fmt::Display for NotHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected lower-case hex digits of a fixed length")
    }
}

impl std::error::Error for NotHex {}

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written(|digits| serializer.serialize_str(digits))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// One of the words that policy, detection and evidence share, written by its fixed name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word<T>(pub T);

impl<T> From<T> for Word<T> {
    fn from(value: T) -> Self {
        Word(value)
    }
}

/// A closed set of words with fixed names.
pub trait Vocabulary: Sized {
    /// What one of these words is called, for error messages.
    const KIND: &'static str;

    /// The fixed name.
    fn name(&self) -> Cow<'static, str>;

    /// The word of that name.
    fn named(name: &str) -> Option<Self>;

    /// The JSON Schema of the name.
    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema;
}

impl Vocabulary for Reason {
    const KIND: &'static str = "reason";

    fn name(&self) -> Cow<'static, str> {
        self.code().into()
    }

    fn named(name: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.code() == name)
    }

    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema {
        one_of(Reason::ALL.iter().map(|reason| reason.code()))
    }
}

impl Vocabulary for Class {
    const KIND: &'static str = "class";

    fn name(&self) -> Cow<'static, str> {
        self.to_string().into()
    }

    fn named(name: &str) -> Option<Class> {
        Class::parse(name)
    }

    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema {
        let built_in: Vec<String> = Class::BUILT_IN.iter().map(Class::to_string).collect();
        let custom = "^custom\\.[a-z0-9_-]+$";
        schemars::json_schema!({ "type": "string", "anyOf": [{ "enum": built_in }, { "pattern": custom }] })
    }
}

impl Vocabulary for Action {
    const KIND: &'static str = "action";

    fn name(&self) -> Cow<'static, str> {
        self.as_str().into()
    }

    fn named(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.as_str() == name)
    }

    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema {
        one_of(Action::ALL.iter().map(|action| action.as_str()))
    }
}

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

impl Vocabulary for Direction {
    const KIND: &'static str = "direction";

    fn name(&self) -> Cow<'static, str> {
        self.as_str().into()
    }

    fn named(name: &str) -> Option<Direction> {
        DIRECTIONS.into_iter().find(|direction| direction.as_str() == name)
    }

    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema {
        one_of(DIRECTIONS.iter().map(|direction| direction.as_str()))
    }
}

impl Vocabulary for Level {
    const KIND: &'static str = "level";

    fn name(&self) -> Cow<'static, str> {
        self.as_str().into()
    }

    fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == name)
    }

    #[cfg(feature = "cli")]
    fn schema() -> schemars::Schema {
        one_of(Level::ALL.iter().map(|level| level.as_str()))
    }
}

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.name())
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        T::named(&name).map(Word).ok_or_else(|| de::Error::custom(format_args!("unknown {}", T::KIND)))
    }
}

#[cfg(feature = "cli")]
fn one_of(names: impl Iterator<Item = &'static str>) -> schemars::Schema {
    let names: Vec<&str> = names.collect();
    schemars::json_schema!({ "type": "string", "enum": names })
}

#[cfg(feature = "cli")]
impl<T: Vocabulary> schemars::JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::KIND.into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::schema()
    }
}

#[cfg(feature = "cli")]
impl<const MAX: usize> schemars::JsonSchema for Text<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "maxLength": MAX })
    }
}

#[cfg(feature = "cli")]
impl<const N: usize> schemars::JsonSchema for Hex<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Hex{N}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", 2 * N) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounded_cases() {
        for (name, text, max, expected) in [
            ("short", "gpt-4o", 128, "gpt-4o"),
            ("exactly at the bound", "abcdef", 6, "abcdef"),
            ("one over", "abcdefg", 6, "abc…"),
            ("cut at a character", "ééééé", 7, "éé…"),
            ("no room for the mark", "abcdef", 2, ""),
            ("nothing allowed", "a", 0, ""),
            ("control characters", "a\0b\nc\x7f\u{85}", 128, "a�b�c��"),
            ("line separator", "a\u{2028}b", 128, "a�b"),
            ("right-to-left override", "a\u{202e}b", 128, "a�b"),
            ("zero width", "ad\u{200b}min", 128, "ad�min"),
            ("tags", "a\u{e0041}", 128, "a�"),
            ("letters of other scripts", "模型-ü", 128, "模型-ü"),
        ] {
            assert_eq!(bounded(text, max), expected, "{name}");
        }
    }

    #[test]
    fn hex_is_read_as_written() {
        let id: Id = Hex(std::array::from_fn(|i| i as u8 * 17));
        assert_eq!(id.to_string(), "00112233445566778899aabbccddeeff");
        assert_eq!(id.to_string().parse(), Ok(id));
        for (name, text) in [
            ("short", "0011"),
            ("upper case", "00112233445566778899AABBCCDDEEFF"),
            ("not a digit", "0011223344556677889-aabbccddeeff"),
            ("not ASCII", "0011223344556677889é0aabbccddeef"),
        ] {
            assert_eq!(text.parse::<Id>(), Err(NotHex), "{name}");
        }
    }

    #[test]
    fn every_word_is_read_as_written() {
        fn check<T: Vocabulary + PartialEq + fmt::Debug>(words: impl IntoIterator<Item = T>) {
            for word in words {
                assert_eq!(T::named(&word.name()).as_ref(), Some(&word));
            }
        }
        check(Reason::ALL.iter().copied());
        check(Class::BUILT_IN);
        check([Class::Custom("badge".into())]);
        check(Action::ALL);
        check(DIRECTIONS);
        check(Level::ALL);
        assert_eq!(Reason::named("no_such_reason"), None);
    }

    proptest! {
        #[test]
        fn bounded_holds_its_bound_and_is_stable(text in any::<String>(), max in 0..64_usize) {
            let once = bounded(&text, max);
            prop_assert!(once.len() <= max);
            prop_assert!(!once.chars().any(is_unsafe_to_show));
            prop_assert_eq!(&bounded(&once, max), &once);
        }
    }
}
