//! Calendar dates as people write them: `1990-05-12`, `5/12/90`, `12. Mai 1990`, `May 12th, 1990`, `1990年5月12日`.
//!
//! The text is as it reads: without accents. What order day and month have is not told apart.

/// Most bytes of a date.
pub(super) const LONGEST: usize = 48;

/// How names of months begin, in the languages in which dates are written with them. A day in front or behind and a year make
/// the rest.
const MONTHS: &[&str] = &[
    // Shared by most languages of Europe, and by Indonesian, Malay and Filipino.
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "mai",
    "mei",
    "maj",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "okt",
    "nov",
    "dec",
    // French, Spanish, Italian, Portuguese, German, Dutch.
    "fev",
    "avr",
    "jui",
    "aou",
    "ene",
    "abr",
    "ago",
    "set",
    "dic",
    "gen",
    "mag",
    "giu",
    "lug",
    "ott",
    "out",
    "dez",
    "mrt",
    // Indonesian, Filipino, the North.
    "agu",
    "ags",
    "des",
    "peb",
    "hun",
    "hul",
    "nob",
    "dis", // Polish, Turkish, Hungarian.
    "sty",
    "lut",
    "kwi",
    "cze",
    "lip",
    "sie",
    "wrz",
    "paz",
    "lis",
    "gru",
    "oca",
    "sub",
    "mac",
    "ogo",
    "agt",
    "nis",
    "haz",
    "tem",
    "eyl",
    "eki",
    "kas",
    "ara",
    "sze",
    "dez", // Russian, Ukrainian in part.
    "янв",
    "фев",
    "мар",
    "апр",
    "май",
    "мая",
    "июн",
    "июл",
    "авг",
    "сен",
    "окт",
    "ноя",
    "дек", // Thai.
    "มกร",
    "กุม",
    "มีน",
    "เมษ",
    "พฤษ",
    "มิถ",
    "กรก",
    "สิง",
    "กัน",
    "ตุล",
    "พฤศ",
    "ธัน", // Hindi.
    "जन",
    "फर",
    "मार",
    "अप्र",
    "मई",
    "जून",
    "जुल",
    "अग",
    "सित",
    "अक्",
    "नव",
    "दिस",
];

/// Thai names of months, shortened.
const SHORT_MONTHS: [&str; 12] =
    ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];

/// Eras that years are counted in.
const ERAS: [&str; 7] = ["昭和", "平成", "令和", "大正", "明治", "民國", "民国"];

/// Words between the parts of a date.
const BETWEEN: &[&str] = &[
    "of", "de", "del", "di", "the", "st", "nd", "rd", "th", "er", "o", "a", "e", "nam", "ngay", "พ", "ศ",
    "ค", "г",
];

/// The length of the date that `text` begins with. `text` is the rest of the text or [`LONGEST`] bytes of it.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let length = numeric(text).or_else(|| ideographic(text)).or_else(|| written(text))?;
    let is_at = |at: usize, is: fn(&u8) -> bool| text.get(at).is_some_and(is);
    let is_time = is_at(length, |byte| *byte == b'T') && is_at(length + 1, u8::is_ascii_digit);
    let goes_on = is_at(length, u8::is_ascii_alphanumeric)
        || is_at(length, |byte| matches!(byte, b'/' | b'-' | b'.')) && is_at(length + 1, u8::is_ascii_digit);
    (!goes_on || is_time).then_some(length)
}

/// The length of the name of an era that a year follows; 0 where none does.
pub(super) fn era(text: &[u8]) -> usize {
    let era = ERAS.iter().find(|era| begins(text, era)).map_or(0, |era| era.len());
    if text.get(era).is_some_and(u8::is_ascii_digit) { era } else { 0 }
}

/// The length of a date of six digits, of which the first two are the year.
pub(super) fn short(text: &[u8]) -> Option<usize> {
    let (date, digits) = number(text)?;
    (digits == 6 && is_day(date / 100 % 100, date % 100)).then_some(6)
}

/// Whether a date may begin with this word or number.
pub(super) fn may_begin(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) || is_month(text)
}

fn is_month(word: &[u8]) -> bool {
    MONTHS.iter().any(|month| begins(word, month))
}

fn begins(text: &[u8], with: &str) -> bool {
    text.get(..with.len()).is_some_and(|text| text.eq_ignore_ascii_case(with.as_bytes()))
}

/// A number at the beginning of `text`, and how many digits it has: up to 8.
fn number(text: &[u8]) -> Option<(u32, usize)> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = text.get(..count).filter(|digits| (1..=8).contains(&digits.len()))?;
    Some((digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')), count))
}

/// Of the common or the Buddhist era.
fn is_year(year: u32) -> bool {
    matches!(year, 1880..=2100 | 2423..=2643)
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Three numbers with the same separator, or eight digits.
fn numeric(text: &[u8]) -> Option<usize> {
    let (first, digits) = number(text)?;
    if digits == 8 {
        let is_date = (1880..=2100).contains(&(first / 10_000)) && is_day(first / 100 % 100, first % 100);
        let (day, month) = (first / 1_000_000, first / 10_000 % 100);
        let is_backward =
            (1880..=2100).contains(&(first % 10_000)) && (is_day(month, day) || is_day(day, month));
        return (is_date || is_backward).then_some(8);
    }
    let rest = text.get(digits..)?;
    let separator =
        [". ", " / ", " - ", "/", "-", ".", " "].into_iter().find(|separator| begins(rest, separator))?;
    let (second, more) = number(rest.get(separator.len()..)?)?;
    let rest = rest.get(separator.len() + more..).filter(|rest| begins(rest, separator))?;
    let (third, last) = number(rest.get(separator.len()..)?)?;
    let is_date = match (digits, more, last) {
        (4, 1 | 2, 1 | 2) => is_year(first) && is_day(second, third),
        (1 | 2, 1 | 2, 4) => is_year(third) && (is_day(second, first) || is_day(first, second)),
        (1 | 2, 1 | 2, 2) => separator != " " && (is_day(second, first) || is_day(first, second)),
        _ => false,
    };
    is_date.then_some(digits + more + last + 2 * separator.len())
}

/// With the signs for year, month and day; the year may be of an era.
fn ideographic(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut part = |signs: [&str; 3]| {
        let blanks = |at: usize| text.iter().skip(at).take_while(|byte| **byte == b' ').count().min(1);
        at += blanks(at);
        let (value, digits) = number(text.get(at..)?)?;
        at += digits + blanks(at + digits);
        let rest = text.get(at..)?;
        at += signs.into_iter().find(|sign| begins(rest, sign))?.len();
        Some((value, digits, at))
    };
    let (year, digits, _) = part(["年", "년", "年"])?;
    let (month, ..) = part(["月", "월", "月"])?;
    let (day, _, end) = part(["日", "일", "号"])?;
    ((digits <= 2 || is_year(year)) && is_day(month, day)).then_some(end)
}

/// With the name of the month.
fn written(text: &[u8]) -> Option<usize> {
    enum Part {
        Day,
        Month,
        Year,
    }
    use Part::{Day, Month, Year};
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    let mut is_counted = false;
    loop {
        let gap = text.iter().skip(at).take_while(|byte| b" .,-/'".contains(byte)).count();
        let is_short = gap == 1 && matches!(text.get(at), Some(b'-' | b'/' | b'\''));
        if gap > 3 {
            return None;
        }
        at += gap;
        let rest = text.get(at..)?;
        let part = match number(rest) {
            Some((month, digits)) if is_counted => {
                is_counted = false;
                at += digits;
                (1..=12).contains(&month).then_some(Month)?
            }
            Some((day, digits @ (1 | 2))) => {
                at += digits;
                match parts.as_slice() {
                    [_, _] if digits == 2 && (is_short || day > 31) => Year,
                    _ if (1..=31).contains(&day) => Day,
                    _ => return None,
                }
            }
            Some((year, 4)) if is_year(year) => {
                at += 4;
                Year
            }
            Some(_) => return None,
            None if let Some(month) = SHORT_MONTHS.iter().find(|month| begins(rest, month)) => {
                at += month.len();
                Month
            }
            None => {
                let letters =
                    rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii()).count();
                let word = rest.get(..letters).filter(|word| !word.is_empty())?;
                at += letters;
                // Vietnamese counts its months.
                if word.eq_ignore_ascii_case(b"thang") {
                    is_counted = true;
                    continue;
                }
                if BETWEEN.iter().any(|between| word.eq_ignore_ascii_case(between.as_bytes())) {
                    continue;
                }
                is_month(word).then_some(Month)?
            }
        };
        parts.push(part);
        match parts.as_slice() {
            [Day, Month, Year] | [Month, Day, Year] | [Year, Month, Day] => return Some(at),
            [_, _, _, ..] => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_usual_forms() {
        let cases = [
            ("1990-05-12", 10),
            ("1990-05-12T00:00:00Z", 10),
            ("5/12/90,", 7),
            ("31.12.1990.", 10),
            ("12 / 5 / 1990", 13),
            ("1990. 5. 12.", 11),
            ("19900512", 8),
            ("12 05 1990", 10),
            ("12/05/2533", 10),
            ("12 May 1990", 11),
            ("12th of May, 1990", 17),
            ("May 12th, 1990", 14),
            ("5-May-90", 8),
            ("12. Mai 1990", 12),
            ("12 de mayo de 1990", 18),
            ("1er janvier 1990", 16),
            ("1990 May 12", 11),
            ("12 thang 5 nam 1990", 19),
            ("12 мая 1990 г.", 14),
            ("12 พฤษภาคม 2533", 29),
            ("1990年5月12日", 16),
            ("1990년 5월 12일", 18),
            ("60年5月12日", 14),
            ("12 Mar 85", 9),
            ("12 Mac 1990", 11),
            ("12 ม.ค. 2533", 16),
            ("12051990", 8),
            ("12 Mar 25 people", 0),
            ("2024", 0),
            ("31/31/1990", 0),
            ("1990-13-12", 0),
            ("5/2021", 0),
            ("12 May", 0),
            ("12 apples 1990", 0),
            ("1.2.3.4", 0),
            ("12/05/1990/3", 0),
            ("12-05/1990", 0),
            ("19901350", 0),
            ("123456789", 0),
            ("12 May 3990", 0),
        ];
        for (text, expected) in cases {
            assert_eq!(length(text.as_bytes()).unwrap_or(0), expected, "{text}");
        }
    }
}
