//! Israel: `pii.id.il-idnr`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![TEUDAT_ZEHUT]
}

const TEUDAT_ZEHUT: Rule = number(
    "pii.id.il-idnr",
    "Israel identity number (teudat zehut)",
    "Population Registry Law 1965 (Israel): nine digits, zeros in front often left out, check digit by Luhn",
    &[
        example("תעודת זהות 123456782", "123456782"),
        example("ת.ז. 12345678-2", "12345678-2"),
        example("teudat zehut: 1234567-4", "1234567-4"),
        example("israeli id 12345674", "12345674"),
    ],
    &["123456782", "תעודת זהות 123456783", "teudat zehut 000000000"],
    Number::checked(
        &["999999999", "99999999-9", "99999999", "9999999-9"],
        check,
        &[
            "תעודת זהות",
            "מספר זהות",
            "ת.ז",
            "ת\"ז",
            "ת״ז",
            "teudat zehut",
            "mispar zehut",
            "israeli id",
            "israel id",
        ],
    ),
);

fn check(number: &[u8]) -> Option<Confidence> {
    (number.iter().any(|byte| *byte != b'0') && check::luhn(number)).then_some(Confidence::Low)
}
