//! Japan: `pii.id.jp-my-number`, `pii.id.jp-corporate-number`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![PERSON, COMPANY]
}

const PERSON: Rule = number(
    "pii.id.jp-my-number",
    "Japan My Number (Individual Number)",
    "Ministry of Internal Affairs and Communications (Japan), order no. 85 of 2014, article 5",
    &[
        example("マイナンバーは123456789018です", "123456789018"),
        example("123456789018（マイナンバー）", "123456789018"),
        example("個人番号: 9876 5432 1093", "9876 5432 1093"),
        example("\"myNumber\": \"1234-5678-9018\"", "1234-5678-9018"),
    ],
    &["123456789018", "個人番号: 123456789019", "個人番号: 1234567890180"],
    Number::checked(
        &["999999999999", "9999 9999 9999", "9999-9999-9999"],
        person,
        &["マイナンバー", "個人番号", "my number", "individual number", "kojin bango", "mainanba"],
    ),
);

fn person(number: &[u8]) -> Option<Confidence> {
    let (last, digits) = number.split_last()?;
    let rest = check::weighted(digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])? % 11;
    let expected = if rest < 2 { 0 } else { 11 - rest };
    (check::digit(*last)? == expected).then_some(Confidence::Low)
}

const COMPANY: Rule = number(
    "pii.id.jp-corporate-number",
    "Japan Corporate Number, also as number of a qualified invoice issuer",
    "National Tax Agency (Japan), Corporate Number Publication Site: structure and check digit",
    &[
        example("法人番号：7123456789012", "7123456789012"),
        example("登録番号 T4010001123456", "T4010001123456"),
        example("no. 7-1234-5678-9012", "7-1234-5678-9012"),
    ],
    &["7123456789012", "法人番号：8123456789012", "法人番号：0123456789012"],
    Number::checked(
        &["9999999999999", "9-9999-9999-9999", "9 9999 9999 9999", "T9999999999999"],
        company,
        &[
            "法人番号",
            "登録番号",
            "インボイス",
            "corporate number",
            "houjin bango",
            "houjin bangou",
            "hojin bango",
        ],
    )
    .grouped(Confidence::Medium),
);

fn company(number: &[u8]) -> Option<Confidence> {
    let (confidence, number) = match number {
        [b'T', number @ ..] => (Confidence::Medium, number),
        number => (Confidence::Low, number),
    };
    let (first, digits) = number.split_first()?;
    let sum = check::weighted(digits, &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])?;
    (check::digit(*first)? == 9 - sum % 9).then_some(confidence)
}
