//! Bangladesh: `pii.id.bd-nid`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NID]
}

const NID: Rule = number(
    "pii.id.bd-nid",
    "Bangladesh national identity number, of 10 digits, or of 13 or (with the year of birth) 17",
    "Bangladesh Election Commission, National Identity Registration Act 2010; no published check digit",
    &[
        example("NID 1234567890", "1234567890"),
        example("জাতীয় পরিচয়পত্র 19902691234567890", "19902691234567890"),
        example("smart card nid: 2691234567890", "2691234567890"),
    ],
    &["1234567890", "19902691234567890", "NID 17902691234567890", "NID 12345678901"],
    Number::unchecked(
        &["9999999999", "9999999999999", "99999999999999999"],
        check,
        &["nid", "nid no", "national id", "জাতীয় পরিচয়", "এনআইডি"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    let is_year = number.len() != 17 || (1880..=2035).contains(&date::part(number, 0, 4)?);
    is_year.then_some(Confidence::Low)
}
