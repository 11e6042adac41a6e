//! Sri Lanka: `pii.id.lk-nic`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NIC]
}

const NIC: Rule = number(
    "pii.id.lk-nic",
    "Sri Lanka National Identity Card number, of nine digits and a letter, or of twelve digits since 2016",
    "Department for Registration of Persons (Sri Lanka): year, day of the year (+ 500 for women), serial",
    &[
        example("NIC: 901234567V", "901234567V"),
        example("nic 856543210x", "856543210x"),
        example("ජාතික හැඳුනුම්පත 199012304567", "199012304567"),
    ],
    &["901234567V", "199012304567", "NIC 904004567V", "NIC 219012304567", "NIC 90123456V"],
    Number::unchecked(
        &["999999999V", "999999999X", "999999999999"],
        check,
        &["nic", "national identity card", "හැඳුනුම්පත", "அடையாள அட்டை"],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    let (is_year, day) = match number.len() {
        10 => (true, date::part(number, 2, 3)?),
        _ => ((1880..=2035).contains(&date::part(number, 0, 4)?), date::part(number, 4, 3)?),
    };
    (is_year && matches!(day, 1..=366 | 501..=866)).then_some(Confidence::Low)
}
