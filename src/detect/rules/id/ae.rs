//! United Arab Emirates: `pii.id.ae-eid`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![EID]
}

const EID: Rule = number(
    "pii.id.ae-eid",
    "Emirates ID number",
    "Federal Authority for Identity and Citizenship (UAE): 784 (ISO 3166-1), year of birth, serial, check digit by Luhn",
    &[
        example("Emirates ID 784-1990-1234567-6", "784-1990-1234567-6"),
        example("784199012345676", "784199012345676"),
        example("الهوية الإماراتية: 784 1990 1234567 6", "784 1990 1234567 6"),
    ],
    &["784-1990-1234567-7", "785-1990-1234567-5", "784-1790-1234567-8 7841990123456760"],
    Number::checked(
        &["999-9999-9999999-9", "999 9999 9999999 9", "999999999999999"],
        check,
        &["emirates id", "eid", "الهوية"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    let is_year = (1880..=2035).contains(&date::part(number, 3, 4)?);
    (number.starts_with(b"784") && is_year && check::luhn(number)).then_some(Confidence::High)
}
