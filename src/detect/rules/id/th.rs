//! Thailand: `pii.id.th-pin`, `pii.id.th-moa`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![PERSON, COMPANY]
}

const PERSON: Rule = number(
    "pii.id.th-pin",
    "Thailand identification number of a person, also as taxpayer number",
    "Department of Provincial Administration (Thailand): kind of person, place, serial, check digit modulo 11",
    &[
        example("เลขประจำตัวประชาชน 1101700123456", "1101700123456"),
        example("1-1017-00123-45-6", "1-1017-00123-45-6"),
        example("3 1006 00123 45 0 ", "3 1006 00123 45 0"),
        example("Thai ID: 3100600123450", "3100600123450"),
        example("บัตร ปชช. 3100600123450", "3100600123450"),
    ],
    &["1101700123456", "1-1017-00123-45-7", "Thai ID 9101700123450", "1-1017-00123-45-66"],
    Number::checked(
        &[
            "9999999999999",
            "9-9999-99999-99-9",
            "9 9999 99999 99 9",
            "9-99-9-999-99999-9",
            "9 99 9 999 99999 9",
        ],
        person,
        &[
            "เลขประจำตัวประชาชน",
            "เลขบัตรประชาชน",
            "บัตรประชาชน",
            "เลขประจำตัวผู้เสียภาษี",
            "ผู้เสียภาษีอากร",
            "ปชช",
            "เลข 13 หลัก",
            "id card",
            "thai id",
            "thai national id",
            "citizen id",
            "national id",
            "tin",
            "tax id",
        ],
    )
    .grouped(Confidence::High),
);

fn person(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [b'1'..=b'8', ..]) && is_checked(number)?).then_some(Confidence::Low)
}

const COMPANY: Rule = number(
    "pii.id.th-moa",
    "Thailand registration number of a company, also as taxpayer number",
    "Department of Business Development, Memorandum of Association (Thailand): 0, place, kind, year, serial, check digit",
    &[
        example("เลขทะเบียนนิติบุคคล 0105560123454", "0105560123454"),
        example("0-10-5-560-12345-4", "0-10-5-560-12345-4"),
        example("0 9940 00123 45 1 ", "0 9940 00123 45 1"),
    ],
    &["0105560123454", "0-10-5-560-12345-5", "tax id 0105560123455"],
    Number::checked(
        &[
            "9999999999999",
            "9-9999-99999-99-9",
            "9 9999 99999 99 9",
            "9-99-9-999-99999-9",
            "9 99 9 999 99999 9",
        ],
        company,
        &["เลขทะเบียนนิติบุคคล", "ทะเบียนนิติบุคคล", "เลขประจำตัวผู้เสียภาษี", "juristic person", "tax id", "tin"],
    )
    .grouped(Confidence::High),
);

fn company(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [b'0', ..]) && is_checked(number)?).then_some(Confidence::Low)
}

fn is_checked(number: &[u8]) -> Option<bool> {
    let (last, digits) = number.split_last()?;
    let rest = check::weighted(digits, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])? % 11;
    Some((11 - rest) % 10 == check::digit(*last)?)
}
