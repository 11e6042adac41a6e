//! A point in time as records write it: RFC 3339, UTC, milliseconds.
//!
//! Not a clock and not a calendar library: the one conversion that a record needs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const MS_PER_DAY: u64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z: the last instant that RFC 3339 can write. Later ones are written as this one.
const LAST_MS: u64 = 253_402_300_799_999;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The instant `ms` milliseconds after 1970 began, at most the end of the year 9999.
    pub fn from_unix_ms(ms: u64) -> Timestamp {
        Timestamp(ms.min(LAST_MS))
    }

    /// Milliseconds since 1970 began.
    pub fn unix_ms(self) -> u64 {
        self.0
    }

    /// Runs `write` with `2026-01-31T23:59:59.999Z` (RFC 3339, section 5.6).
    fn written<T>(self, write: impl FnOnce(&str) -> T) -> T {
        let (year, month, day) = civil_from_days(self.0 / MS_PER_DAY);
        let ms = self.0 % MS_PER_DAY;
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let numbers =
            [(4, year), (7, month), (10, day), (13, hour), (16, minute), (19, second), (23, ms % 1000)];
        for (end, mut number) in numbers {
            let places = text.iter_mut().take(end).rev();
            for place in places.take_while(|place| place.is_ascii_digit()) {
                *place = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
        write(str::from_utf8(&text).unwrap_or_default())
    }
}

/// See [`Timestamp::written`].
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written(|text| f.write_str(text))
    }
}

/// Reads exactly what `Display` writes, and nothing else of RFC 3339.
impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Timestamp, NotATimestamp> {
        let number = |from: usize, to: usize| -> Result<u64, NotATimestamp> {
            text.get(from..to).and_then(|digits| digits.parse().ok()).ok_or(NotATimestamp)
        };
        let days = days_from_civil(number(0, 4)?, number(5, 7)?, number(8, 10)?).ok_or(NotATimestamp)?;
        let (hour, minute, second, ms) = (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 23)?);
        let of_day = hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
        let time = Timestamp::from_unix_ms(days * MS_PER_DAY + of_day);
        // One spelling per instant: this also refuses the 30th of February, wrong separators and signs.
        if time.to_string() == text { Ok(time) } else { Err(NotATimestamp) }
    }
}

/// The text is not a time as records write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATimestamp;

impl fmt::Display for NotATimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a time such as `2026-01-31T23:59:59.999Z`")
    }
}

impl std::error::Error for NotATimestamp {}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

// The two conversions are Howard Hinnant's `civil_from_days` and `days_from_civil` for days from 1970 on. They
// count years from March, so that the leap day is the last of its year, in eras of 400 years.
const DAYS_PER_ERA: u64 = 146_097;
/// 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_1970: u64 = 719_468;

fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// `None` for what lies before 1970 or is no month or day at all; months are not checked for their length.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_1970)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_instants() {
        for (name, ms, text) in [
            ("epoch", 0, "1970-01-01T00:00:00.000Z"),
            ("last millisecond of a year", 1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
            ("leap day", 1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            ("leap century", 951_782_400_000, "2000-02-29T00:00:00.000Z"),
            ("no leap day in 2100", 4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            ("a thousand million seconds", 1_000_000_000_000, "2001-09-09T01:46:40.000Z"),
            ("last", LAST_MS, "9999-12-31T23:59:59.999Z"),
            ("beyond the last", u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp::from_unix_ms(ms).to_string(), text, "{name}");
        }
    }

    #[test]
    fn only_its_own_spelling_is_read() {
        for text in [
            "",
            "2024-02-30T00:00:00.000Z",
            "2023-02-29T00:00:00.000Z",
            "2024-13-01T00:00:00.000Z",
            "2024-01-01T24:00:00.000Z",
            "2024-01-01T00:00:60.000Z",
            "2024-01-01 00:00:00.000Z",
            "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.000+00:00",
            "2024-01-01T00:00:00.000Zx",
            "1969-12-31T23:59:59.999Z",
            "+024-01-01T00:00:00.000Z",
            "2024-01-01T+1:00:00.000Z",
            "二024-01-01T00:00:00.000Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_then_read_is_the_same(ms in 0..=LAST_MS) {
            let time = Timestamp::from_unix_ms(ms);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn the_order_of_texts_is_the_order_of_times(a in 0..=LAST_MS, b in 0..=LAST_MS) {
            let text = |ms| Timestamp::from_unix_ms(ms).to_string();
            prop_assert_eq!(text(a).cmp(&text(b)), a.cmp(&b));
        }
    }
}
