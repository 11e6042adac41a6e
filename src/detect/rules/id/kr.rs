//! Korea: `pii.id.kr-rrn`, `pii.id.kr-rrn-2020`, `pii.id.kr-frn`, `pii.id.kr-brn`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![RESIDENT, RESIDENT_2020, FOREIGNER, BUSINESS]
}

const SHAPES: &[&str] = &["9999999999999", "999999-9999999", "999999 - 9999999", "999999 9999999"];
const RESIDENT_WORDS: &[&str] = &[
    "주민등록번호",
    "주민번호",
    "주민 등록 번호",
    "주민",
    "resident registration number",
    "rrn",
    "jumin",
    "jumin deungnok beonho",
];

const RESIDENT: Rule = number(
    "pii.id.kr-rrn",
    "Korea resident registration number",
    "Resident Registration Act (Korea), enforcement rules: date, gender, place, serial; check digit as widely published",
    &[
        example("주민등록번호 900101-1234568", "900101-1234568"),
        example("050315-4123450", "050315-4123450"),
        example("주민: 050315 - 4123450", "050315 - 4123450"),
        example("주민번호는 9001011234568입니다", "9001011234568"),
    ],
    &["9001011234568", "901301-1234568 900101-1234567", "900101-12345688 1900101-1234568"],
    Number {
        written: |number| dashed(number, Confidence::High),
        ..Number::checked(SHAPES, resident, RESIDENT_WORDS)
    },
);

/// The century of birth, by the seventh digit: 1 to 4 for citizens, 5 to 8 for foreigners, 9 and 0 for those born
/// before 1900.
fn is_born(number: &[u8]) -> Option<bool> {
    let (year, month, day) = date::yymmdd(number, 0)?;
    let century = match number.get(6)? {
        b'1' | b'2' | b'5' | b'6' => 1900,
        b'3' | b'4' | b'7' | b'8' => 2000,
        _ => 1800,
    };
    Some(date::is_day(century + year, month, day))
}

/// Eleven minus the weighted sum modulo 11.
fn check_digit(number: &[u8]) -> Option<u32> {
    Some(11 - check::weighted(number, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])? % 11)
}

fn is_last(number: &[u8], value: u32) -> Option<bool> {
    Some(check::digit(*number.last()?)? == value % 10)
}

fn resident(number: &[u8]) -> Option<Confidence> {
    let is_place = date::part(number, 7, 2)? <= 96;
    (is_born(number)? && is_place && is_last(number, check_digit(number)?)?).then_some(Confidence::Low)
}

const RESIDENT_2020: Rule = number(
    "pii.id.kr-rrn-2020",
    "Korea resident registration number as given out since October 2020, without a check digit",
    "Resident Registration Act (Korea), enforcement rules as amended in 2020: date, gender, six random digits",
    &[
        example("주민등록번호 201105-3123456", "201105-3123456"),
        example("rrn: 2111304987654", "2111304987654"),
        example("RRN 900101-1234567", "900101-1234567"),
    ],
    &["2111304987654", "주민등록번호 201305-3123456 201105-5123456", "201105-31234567"],
    Number {
        written: |number| dashed(number, Confidence::Medium),
        ..Number::unchecked(SHAPES, resident_2020, RESIDENT_WORDS)
    },
);

fn resident_2020(number: &[u8]) -> Option<Confidence> {
    let is_citizen = matches!(number.get(6)?, b'1'..=b'4');
    (is_citizen && is_born(number)? && resident(number).is_none()).then_some(Confidence::Low)
}

const FOREIGNER: Rule = number(
    "pii.id.kr-frn",
    "Korea foreigner registration number, with a check digit or (since October 2020) without",
    "Immigration Act (Korea), enforcement rules: date, gender; check digit as widely published",
    &[
        example("외국인등록번호 881224-5123453", "881224-5123453"),
        example("ARC 010203-7123456", "010203-7123456"),
        example("외국인 등록번호: 0102037123453", "0102037123453"),
    ],
    &["0102037123453", "외국인등록번호 011303-7123453", "외국인등록번호 881224-1512345"],
    Number {
        written: |number| dashed(number, Confidence::Medium),
        ..Number::unchecked(
            SHAPES,
            foreigner,
            &[
                "외국인등록번호",
                "외국인 등록번호",
                "foreigner registration",
                "alien registration",
                "frn",
                "arc",
            ],
        )
    },
);

/// A dash between date and serial, and nothing else, says that it is one.
fn dashed(number: &[u8], sure: Confidence) -> Option<Confidence> {
    (number.len() == 14 && number.contains(&b'-')).then_some(sure)
}

fn foreigner(number: &[u8]) -> Option<Confidence> {
    let is_foreigner = matches!(number.get(6)?, b'5'..=b'8');
    (is_foreigner && is_born(number)?).then_some(Confidence::Low)
}

const BUSINESS: Rule = number(
    "pii.id.kr-brn",
    "Korea business registration number",
    "National Tax Service (Korea): tax office from 101 on, kind of business, serial; its check digit is not published and not \
     asked for",
    &[
        example("사업자등록번호 123-45-67891", "123-45-67891"),
        example("BRN (220-81-12341)", "220-81-12341"),
        example("사업자번호: 2208112341", "2208112341"),
        example("사업자 등록 번호 220-81-12341", "220-81-12341"),
    ],
    &["1234567891", "사업자등록번호 123-00-67891 123-45-00001", "사업자등록번호 012-34-56789"],
    Number::unchecked(
        &["9999999999", "999-99-99999"],
        business,
        &[
            "사업자등록번호",
            "사업자 등록",
            "사업자번호",
            "사업자",
            "등록번호",
            "business registration",
            "business number",
            "brn",
            "saeopja",
        ],
    ),
);

fn business(number: &[u8]) -> Option<Confidence> {
    let is_given =
        date::part(number, 0, 3)? > 100 && date::part(number, 3, 2)? > 0 && date::part(number, 5, 4)? > 0;
    is_given.then_some(Confidence::Low)
}
