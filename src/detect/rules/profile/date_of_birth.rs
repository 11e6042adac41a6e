//! `pii.profile.date-of-birth`.
//!
//! A date behind a word that says so (`born`, `出生日期`), or one by the Chinese or Korean calendar signs with `生` behind. A
//! date alone is no fact about a person, and a year of birth is not found.

use super::date;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window, is_word};

/// The words. First those behind which the date is next, then the one that others may follow, then those that name a date,
/// then the signs of a year, which the word follows.
const ANCHORS: &[&[u8]] = &[
    b"ne le",
    b"nee le",
    b"nato il",
    b"nata il",
    b"born",
    b"birth",
    b"dob",
    b"d.o.b",
    b"geburt",
    b"geboren",
    b"geb.",
    b"bday",
    b"geboorte",
    b"naissance",
    b"nacimiento",
    b"nacido",
    b"nacida",
    b"nascimento",
    b"nascid",
    b"nascita",
    b"lahir",
    b"kapanganak",
    b"ipinangan",
    b"fodsel",
    b"fodelse",
    b"fodt",
    b"fodd",
    b"syntym",
    b"urodz",
    b"narozen",
    b"dogum",
    b"szulet",
    b"ngay sinh",
    b"nam sinh",
    b"sinh ngay",
    "рожд".as_bytes(),
    "Рожд".as_bytes(),
    "РОЖД".as_bytes(),
    "родил".as_bytes(),
    "Родил".as_bytes(),
    "народж".as_bytes(),
    "出生".as_bytes(),
    "生年月日".as_bytes(),
    "生日".as_bytes(),
    "生于".as_bytes(),
    "生於".as_bytes(),
    "생년월일".as_bytes(),
    "출생".as_bytes(),
    "생일".as_bytes(),
    "เกิด".as_bytes(),
    "जन्म".as_bytes(),
    "ميلاد".as_bytes(),
    "לידה".as_bytes(),
    "年".as_bytes(),
    "년".as_bytes(),
];
/// Of [`ANCHORS`]: those behind which the date is next, and `born`.
const NEXT: u16 = 4;
/// How many of [`ANCHORS`] are words.
const WORDS: usize = ANCHORS.len() - 2;
/// Bytes of the longest word.
const LONGEST_WORD: u64 = 12;

pub(super) const RULE: Rule = Rule {
    id: "pii.profile.date-of-birth",
    class: Class::PiiProfile,
    level: None,
    description: "date of birth, with a word that says so",
    source: "ISO 8601-1 section 5.2.2 and the usual national orders of day, month and year",
    true_examples: &[
        example("Date of birth: 12/05/1990.", "12/05/1990"),
        example("DOB 1990-05-12T00:00:00Z", "1990-05-12"),
        example("{\"dateOfBirth\": \"1990-05-12\"}", "1990-05-12"),
        example("userDob=19900512", "19900512"),
        example("She was born in Leeds on 12 May 1990 to", "12 May 1990"),
        example("Born May 12th, 1990", "May 12th, 1990"),
        example("出生日期：1990年5月12日，", "1990年5月12日"),
        example("生年月日 1990/05/12", "1990/05/12"),
        example("1990年5月12日生まれ", "1990年5月12日"),
        example("생년월일: 1990년 5월 12일", "1990년 5월 12일"),
        example("tanggal lahir 12 Mei 1990", "12 Mei 1990"),
        example("Ngày sinh: 12/05/1990", "12/05/1990"),
        example("วันเกิด 12 พฤษภาคม 2533", "12 พฤษภาคม 2533"),
        example("geboren am 12. Mai 1990 in", "12. Mai 1990"),
        example("née le 12 mai 1990", "12 mai 1990"),
        example("fecha de nacimiento: 12 de mayo de 1990", "12 de mayo de 1990"),
        example("data di nascita 12.05.1990", "12.05.1990"),
        example("дата рождения 12.05.1990", "12.05.1990"),
        example("geb. am 12.05.1990", "12.05.1990"),
        example("Geb.-Datum: 12.05.1990", "12.05.1990"),
        example("Bday 12/05/1990", "12/05/1990"),
        example("Ngày tháng năm sinh: 12/05/1990", "12/05/1990"),
        example("Tarikh lahir: 12 Mac 1990", "12 Mac 1990"),
        example("วันเกิด 12 ม.ค. 2533", "12 ม.ค. 2533"),
        example("생년월일: 900512", "900512"),
        example("生年月日：昭和60年3月12日", "昭和60年3月12日"),
        example("出生日期：民國79年5月12日", "民國79年5月12日"),
        example("birth_date: 12051990", "12051990"),
        example("D.O.B. 12 Mar 85", "12 Mar 85"),
        example("Дата Рождения: 12.05.1990", "12.05.1990"),
        example("Birthday: what is yours? 5/12/90 is mine", "5/12/90"),
        example("date of birth (DOB): 12-05-1990", "12-05-1990"),
    ],
    false_examples: &[
        "She was born in 1990",
        "the meeting is on 12/05/2024",
        "a stubborn mule, 12/05/1990; childbirth 12/05/1990; adobe 12/05/1990",
        "il ne le fait pas avant le 12/05/1990",
        "birth rate 12.5 in 2024, 31/31/1990",
        "2024年5月12日に開く",
        "Birth certificate 12/05/1990, place of birth: 12/05/1990, New-born screening 1 June 2019",
        "The firm was born on a whim; launched 2019-05-12. Birthday sale ends 12/05/2024",
        "生日优惠券 2024-05-12, 誕生日クーポン 2024/05/12, 생일 쿠폰 2024.05.12, 诞生于2019年5月12日, 出生地 2024-05-12",
        "{\"dob\": null, \"updated\": \"2024-05-12\"}",
        "{\"dob\": \"\", \"updated\": \"2024-05-12\"}",
        "{\"dob\": \"unknown\", \"updated\": \"2024-05-12\"} dob: n/a, joined: 2024-05-12",
        "She was born in Leeds. The sale is on 12/05/2024",
        "born of an idea that nobody had until the summer fair in the old hall, 12/05/1990",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        look_back: 12,
        tail: Some(tail),
        form: Form::Compact,
        ..Detector::new(ANCHORS, verify)
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    if usize::from(hit.nth) >= WORDS {
        return before_word(window, hit);
    }
    if !is_apart(window, hit) {
        return Verdict::No;
    }
    match is_of_another(window, hit) {
        None => return Verdict::More { from: progress.at },
        Some(true) => return Verdict::No,
        Some(false) => {}
    }
    let reach = match hit.nth {
        0..NEXT => 4,
        NEXT => 40,
        _ => 72,
    };
    behind_word(window, hit, hit.end + reach, progress)
}

/// Whether the words around it make it that of another fact than a date: `place of birth`, `birth rate`, `生日优惠`. `None`
/// where that is not known yet.
fn is_of_another(window: &Window, hit: &Hit) -> Option<bool> {
    const BEFORE: [&str; 7] = ["place of ", "city of ", "town of ", "country of ", "new-", "new ", "诞"];
    const BEHIND: [&str; 22] = [
        "rate",
        "weight",
        "certificate",
        "control",
        "order",
        "place",
        "party",
        "sale",
        "coupon",
        "discount",
        "gift",
        "card",
        "优惠",
        "優惠",
        "券",
        "地",
        "特典",
        "促销",
        "クーポン",
        "쿠폰",
        "할인",
        "이벤트",
    ];
    let before = window.slice(hit.start.saturating_sub(12), hit.start);
    if BEFORE.iter().any(|words| ends_with(before, words)) {
        return Some(true);
    }
    let day = hit.end + follows(window, hit.end, &["day"])?;
    let behind = day + follows(window, day, &["'s ", " ", "-"])?;
    Some(follows(window, behind, &BEHIND)? > 0)
}

fn ends_with(text: &[u8], words: &str) -> bool {
    let end = text.len().checked_sub(words.len()).and_then(|at| text.get(at..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(words.as_bytes()))
}

/// Whether the anchor is no part of another word. Most are its beginning only.
fn is_apart(window: &Window, hit: &Hit) -> bool {
    let first = window.at(hit.start).unwrap_or(b' ');
    if !first.is_ascii() {
        // In `出生日期` and `出生于` it is `出生` that counts.
        let around = window.slice(hit.start.saturating_sub(3), hit.end);
        return !around.starts_with("出生".as_bytes()) || around.len() == "出生".len();
    }
    let before = window.before(hit.start).filter(|_| !window.is_escape_letter(hit.start - 1));
    before.is_none_or(|before| {
        !before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && first.is_ascii_uppercase()
    })
}

/// Looks for a date that begins before `limit`.
fn behind_word(window: &Window, hit: &Hit, limit: u64, progress: &mut Progress) -> Verdict {
    loop {
        let at = progress.at;
        let byte = match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: at },
            Ahead::End => return Verdict::No,
            Ahead::Byte(_) if at >= limit => return Verdict::No,
            Ahead::Byte(byte) => byte,
        };
        let is_known = |length: u64| window.ahead(at + length - 1) != Ahead::Unknown;
        match is_over(window, hit, at, byte) {
            None => return Verdict::More { from: at },
            Some(true) => return Verdict::No,
            Some(false) => {}
        }
        let is_start = window.before(at).is_none_or(|before| !before.is_ascii_alphanumeric())
            || window.is_escape_letter(at - 1);
        if is_start && byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            if !is_known(LONGEST_WORD) {
                return Verdict::More { from: at };
            }
            let text = window.slice(at, at + LONGEST_WORD);
            // What follows is that word's.
            let is_another = ANCHORS.iter().take(WORDS).any(|word| starts_with(text, word));
            if is_another || starts_with(text, "。".as_bytes()) {
                return Verdict::No;
            }
            let era = date::era(text);
            if era > 0 || byte.is_ascii() && date::may_begin(text) {
                if !is_known(date::LONGEST as u64) {
                    return Verdict::More { from: at };
                }
                let text = window.slice(at + era as u64, at + date::LONGEST as u64);
                let is_korean = window.slice(hit.start, hit.end) == "생년월일".as_bytes();
                let short = is_korean.then(|| date::short(text)).flatten();
                if let Some(length) = date::length(text).or(short) {
                    let end = at + (era + length) as u64;
                    return Verdict::Match { start: at, end, confidence: Confidence::Medium };
                }
            }
            // A sentence that has begun, but not behind `St.` or `Mr.`.
            let last = window.slice(at.saturating_sub(6).max(hit.start), at);
            if byte.is_ascii_uppercase()
                && !date::may_begin(text)
                && matches!(last, [word @ .., b'.' | b'!' | b'?', b' '] if word.len() == 4 && word.iter().all(u8::is_ascii_alphanumeric))
            {
                return Verdict::No;
            }
        }
        progress.at += 1;
    }
}

/// Whether what the word is of ends at a byte behind it: an object, a clause, a value that is none, another field. `None`
/// where that is not known yet.
fn is_over(window: &Window, hit: &Hit, at: u64, byte: u8) -> Option<bool> {
    match byte {
        b'}' => return Some(true),
        b';' => return Some(at > hit.end + 1),
        // Nothing between two quotation marks.
        b'"' | b'\'' => {
            let is_empty = match (window.ahead(at + 1), window.ahead(at + 2)) {
                (Ahead::Unknown, _) => return None,
                (Ahead::Byte(second), Ahead::Unknown) if second == byte => return None,
                (Ahead::Byte(second), Ahead::Byte(b',' | b'}' | b']' | b')' | b'\n')) => second == byte,
                _ => false,
            };
            return Some(is_empty);
        }
        _ if !byte.is_ascii_alphabetic() => return Some(false),
        _ => {}
    }
    let before = window.slice(hit.end.max(at.saturating_sub(4)), at);
    if before.last().is_none_or(u8::is_ascii_alphanumeric) {
        return Some(false);
    }
    let is_next = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'"' | b'\'' | b'\t'));
    let is_field = matches!(is_next, Some(b',' | b'\n'));
    // The word, and what closes it.
    const MOST: u64 = 24;
    let mut end = at;
    loop {
        match window.ahead(end) {
            Ahead::Byte(byte) if is_word(byte) && end - at < MOST => end += 1,
            Ahead::Unknown => return None,
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    let word = window.slice(at, end);
    if word.eq_ignore_ascii_case(b"null") {
        return Some(true);
    }
    if !is_field
        || [&b"date"[..], b"day", b"value", b"datum", b"fecha"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    {
        return Some(false);
    }
    let quote = follows(window, end, &["\"", "'"])?;
    let blank = follows(window, end + quote, &[" "])?;
    Some(follows(window, end + quote + blank, &[":", "="])? > 0 || word.contains(&b'_'))
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Judges the sign of a year: a date with the word behind it, as in `1990年5月12日生`.
fn before_word(window: &Window, hit: &Hit) -> Verdict {
    let is_digit = |distance| {
        hit.start.checked_sub(distance).and_then(|at| window.at(at)).is_some_and(|byte| byte.is_ascii_digit())
    };
    if !(1..=4).all(is_digit) || is_digit(5) {
        return Verdict::No;
    }
    let start = hit.start - 4;
    let mut at = hit.end;
    let signs = [["月", "월"], ["日", "일"]];
    for signs in signs {
        let mut digits = 0;
        loop {
            match window.ahead(at) {
                Ahead::Byte(b' ') if digits == 0 && at - hit.end < 12 => {}
                Ahead::Byte(byte) if byte.is_ascii_digit() && digits < 2 => digits += 1,
                Ahead::Unknown => return Verdict::More { from: start },
                Ahead::Byte(_) | Ahead::End => break,
            }
            at += 1;
        }
        match follows(window, at, &signs) {
            Some(length) if digits > 0 => at += length,
            None => return Verdict::More { from: start },
            Some(_) => return Verdict::No,
        }
    }
    let end = at;
    if date::length(window.slice(start, end)) != Some((end - start) as usize) {
        return Verdict::No;
    }
    match follows(window, end, &["生", "출생", "생", "に生", "出生", "에 태", " 출생", " 생", "에 출"])
    {
        None => Verdict::More { from: start },
        Some(0) => Verdict::No,
        Some(_) => Verdict::Match { start, end, confidence: Confidence::Medium },
    }
}

/// The length of that of `words` that stands at `at`, 0 where none does; `None` where that is not known yet.
fn follows(window: &Window, at: u64, words: &[&str]) -> Option<u64> {
    let mut is_open = false;
    for word in words {
        let mut letters = (at..).zip(word.bytes());
        let differs = letters.find_map(|(at, letter)| match window.ahead(at) {
            Ahead::Byte(byte) if byte.eq_ignore_ascii_case(&letter) => None,
            other => Some(other),
        });
        match differs {
            None => return Some(word.len() as u64),
            Some(Ahead::Unknown) => is_open = true,
            Some(_) => {}
        }
    }
    if is_open { None } else { Some(0) }
}

/// Where four digits or fewer begin that end the text, with a part of the sign of a year or without.
fn tail(window: &Window) -> u64 {
    let end = window.end();
    let last = window.slice(end.saturating_sub(2), end);
    let part = match last {
        [0xe5, 0xb9] | [0xeb, 0x85] => 2,
        [.., 0xe5 | 0xeb] => 1,
        _ => 0,
    };
    let mut start = end - part;
    while end - part - start < 4 && window.before(start).is_some_and(|byte| byte.is_ascii_digit()) {
        start -= 1;
    }
    if start < end - part { start } else { end }
}
