//! Pakistan: `pii.id.pk-cnic`.

use super::number;
use crate::class::Confidence;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![CNIC]
}

const CNIC: Rule = number(
    "pii.id.pk-cnic",
    "Pakistan Computerised National Identity Card number",
    "NADRA Ordinance 2000 (Pakistan): province 1 to 7, district, family, gender (odd for men, even for women)",
    &[
        example("CNIC 35202-1234567-1", "35202-1234567-1"),
        example("(42101-7654321-8)", "42101-7654321-8"),
        example("شناختی کارڈ 3520212345671", "3520212345671"),
    ],
    &["3520212345671", "CNIC 85202-1234567-1", "35202-1234567-0", "35202-1234567-12"],
    Number::unchecked(
        &["9999999999999", "99999-9999999-9"],
        check,
        &["cnic", "nicop", "nadra", "national identity card", "شناختی کارڈ", "shanakhti card"],
    )
    .grouped(Confidence::Medium),
);

fn check(number: &[u8]) -> Option<Confidence> {
    (matches!(number, [b'1'..=b'7', .., b'1'..=b'9'])).then_some(Confidence::Low)
}
