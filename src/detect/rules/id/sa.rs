//! Saudi Arabia: `pii.id.sa-nid`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NID]
}

const NID: Rule = number(
    "pii.id.sa-nid",
    "Saudi Arabia national identity number, or residence permit number (iqama)",
    "Ministry of Interior (Saudi Arabia): ten digits, 1 for citizens, 2 for residents, check digit by Luhn",
    &[example("رقم الهوية 1234567897", "1234567897"), example("Iqama: 2123456788", "2123456788")],
    &["1234567897", "iqama 2123456789", "iqama 3123456786"],
    Number::checked(
        &["9999999999"],
        check,
        &["iqama", "saudi id", "national id", "absher", "الهوية", "الإقامة", "الاقامة"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [b'1' | b'2', ..]) && check::luhn(number)).then_some(Confidence::Low)
}
