//! Turkey: `pii.id.tr-tckimlik`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![KIMLIK]
}

const KIMLIK: Rule = number(
    "pii.id.tr-tckimlik",
    "Turkey identification number (T.C. kimlik no)",
    "Law 5490 on population services (Turkey): eleven digits, the last two are check digits",
    &[
        example("T.C. Kimlik No: 12345678950", "12345678950"),
        example("tckn 98765432150", "98765432150"),
        example("{\"id\":12345678950}", "12345678950"),
    ],
    &["12345678951 12345678940", "tckn 02345678982", "tckn 123456789500"],
    Number::checked(
        &["99999999999"],
        check,
        &["kimlik", "kimlik no", "tc kimlik", "tckn", "tckimlik", "vatandaslik", "vatandaşlık"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    let odd = check::weighted(number, &[7, 0, 7, 0, 7, 0, 7, 0, 7])?;
    let even = check::weighted(number, &[0, 1, 0, 1, 0, 1, 0, 1])?;
    let is_tenth = (odd + 100 - even) % 10 == check::digit(*number.get(9)?)?;
    let sum = check::weighted(number, &[1; 10])?;
    let is_last = sum % 10 == check::digit(*number.get(10)?)?;
    (number.first() != Some(&b'0') && is_tenth && is_last).then_some(Confidence::Medium)
}
