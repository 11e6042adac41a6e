//! Iran: `pii.id.ir-nid`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NID]
}

const NID: Rule = number(
    "pii.id.ir-nid",
    "Iran national code",
    "National Organization for Civil Registration (Iran): ten digits, check digit modulo 11 as widely published",
    &[
        example("کد ملی 1234567891", "1234567891"),
        example("code melli: 0076543218", "0076543218"),
        example("کد ملی ۱۲۳۴۵۶۷۸۹۱", "۱۲۳۴۵۶۷۸۹۱"),
    ],
    &["1234567891", "کد ملی 1234567892", "کد ملی 1111111111"],
    Number::checked(
        &["9999999999", "999-999999-9"],
        check,
        &["کد ملی", "كد ملي", "شماره ملی", "code melli", "kode melli", "iran id"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    let rest = check::weighted(number, &[10, 9, 8, 7, 6, 5, 4, 3, 2])? % 11;
    let expected = if rest < 2 { rest } else { 11 - rest };
    let is_one_digit = number.iter().all(|byte| Some(byte) == number.first());
    (!is_one_digit && check::digit(*number.last()?)? == expected).then_some(Confidence::Low)
}
