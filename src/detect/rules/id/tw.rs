//! Taiwan: `pii.id.tw-natid`, `pii.id.tw-resident`, `pii.id.tw-ubn`, `pii.id.tw-ubn-2023`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NATIONAL, RESIDENT, UBN, UBN_2023]
}

const NATIONAL: Rule = number(
    "pii.id.tw-natid",
    "Taiwan national identification card number",
    "Department of Household Registration, Ministry of the Interior (Taiwan); check digit as widely published",
    &[
        example("身分證字號 A123456789", "A123456789"),
        example("{\"id\":\"B298765438\"}", "B298765438"),
        example("身分證a123456789", "a123456789"),
        example("身分證 A-123456789", "A-123456789"),
    ],
    &["A123456788 B298765439 A323456789", "A 123456789", "a123456789", "AA123456789 A1234567890"],
    Number {
        written: |number| (number.len() == 10).then_some(Confidence::Medium),
        ..Number::checked(
            &["A999999999", "A-999999999", "A 999999999"],
            national,
            &["身分證", "身份證", "身分证", "身份证", "國民身分", "taiwan id", "national id", "shenfenzheng"],
        )
    },
);

fn national(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [_, b'1' | b'2', ..]) && is_checked(number)?).then_some(Confidence::Low)
}

const RESIDENT: Rule = number(
    "pii.id.tw-resident",
    "Taiwan resident certificate number (UI number), as given out since 2021 and before",
    "National Immigration Agency (Taiwan), UI number of foreign nationals; check digit as widely published",
    &[
        example("居留證 A800123450", "A800123450"),
        example("F912345678", "F912345678"),
        example("ARC no. AC01234567", "AC01234567"),
        example("FD12345676", "FD12345676"),
    ],
    &["A800123451 F712345678 AC01234568 AE01234567", "ac01234567 a800123450"],
    Number::checked(
        &["A999999999", "AA99999999"],
        resident,
        &["居留證", "居留证", "統一證號", "统一证号", "arc", "aprc", "alien resident certificate", "ui no"],
    ),
);

fn resident(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [_, b'8' | b'9' | b'A'..=b'D', ..]) && is_checked(number)?)
        .then_some(Confidence::Medium)
}

/// The two digits that a letter stands for, from A on.
const LETTERS: [u32; 26] =
    [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33];

fn is_checked(number: &[u8]) -> Option<bool> {
    let letter = |byte: u8| LETTERS.get(usize::from(byte.checked_sub(b'A')?)).copied();
    let (place, rest) = number.split_first()?;
    let place = letter(*place)?;
    let rest = rest.iter().zip([8, 7, 6, 5, 4, 3, 2, 1, 1]).try_fold(0, |sum, (byte, weight)| {
        // Of a second letter the last digit counts.
        Some(sum + weight * check::digit(*byte).or_else(|| Some(letter(*byte)? % 10))?)
    })?;
    Some((place / 10 + place % 10 * 9 + rest).is_multiple_of(10))
}

const UBN_WORDS: &[&str] = &[
    "統一編號",
    "统一编号",
    "統編",
    "统编",
    "營利事業",
    "ubn",
    "gui number",
    "gui no",
    "unified business number",
    "tongbian",
];

const UBN: Rule = number(
    "pii.id.tw-ubn",
    "Taiwan Unified Business Number of a company, by the rule until 2023",
    "Fiscal Information Agency, Ministry of Finance (Taiwan): check of the UBN, modulo 10",
    &[
        example("統一編號：10458575", "10458575"),
        example("VAT number (UBN): 10458574", "10458574"),
        example("GUI no. 10458574", "10458574"),
    ],
    &["10458575", "統一編號：10458572", "統一編號：104585750"],
    Number::checked(
        &["99999999"],
        |number| ubn(number)?.is_multiple_of(10).then_some(Confidence::Low),
        UBN_WORDS,
    )
    .near(&["tax id", "vat no"]),
);

const UBN_2023: Rule = number(
    "pii.id.tw-ubn-2023",
    "Taiwan Unified Business Number of a company, as only the rule since April 2023 allows",
    "Fiscal Information Agency, Ministry of Finance (Taiwan): check of the UBN, modulo 5 since April 2023",
    &[example("統編 10458570", "10458570"), example("ubn: 12345670", "12345670")],
    &["10458570", "統編 10458572", "統編 104585700"],
    Number::checked(&["99999999"], |number| (ubn(number)? % 10 == 5).then_some(Confidence::Low), UBN_WORDS),
);

/// The sum of the digits of the products. Seven times four is 28: 2 and 8 are 10, which may count as 1, too; so what is one
/// short of a multiple of five counts as that multiple.
fn ubn(number: &[u8]) -> Option<u32> {
    let sum = number.iter().zip([1, 2, 1, 2, 1, 2, 4, 1]).try_fold(0, |sum, (byte, weight)| {
        let product = check::digit(*byte)? * weight;
        Some(sum + product / 10 + product % 10)
    })?;
    Some(if matches!(number, [.., b'7', _]) && sum % 5 == 4 { sum + 1 } else { sum })
}
