//! Malaysia: `pii.id.my-nric`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NRIC]
}

const NRIC: Rule = number(
    "pii.id.my-nric",
    "Malaysia identity card number (MyKad)",
    "National Registration Regulations 1990 (Malaysia): date and place of birth, serial, no check digit; place codes of JPN",
    &[
        example("IC 900101-14-5678", "900101-14-5678"),
        example("No. Kad Pengenalan: 000229105123", "000229105123"),
        example("I/C No: 900101145678", "900101145678"),
        example("my ic is 900101 14 5678", "900101 14 5678"),
        example("{\"mykad\":\"850731-01-5432\"}", "850731-01-5432"),
    ],
    &[
        "900101145678",
        "900101 14 5678",
        "901301-14-5678 900101-17-5678",
        "mykad 9001011456789",
        "900101-14-56789",
    ],
    Number::unchecked(
        &["999999999999", "999999-99-9999", "999999 99 9999"],
        nric,
        &[
            "mykad",
            "mypr",
            "nric",
            "ic no",
            "ic number",
            "no ic",
            "i/c",
            "i.c.",
            "identity card",
            "kad pengenalan",
            "no kp",
            "身份证",
            "身份證",
        ],
    )
    .near(&["ic"])
    .punctuated(Confidence::Medium),
);

fn nric(number: &[u8]) -> Option<Confidence> {
    let (year, month, day) = date::yymmdd(number, 0)?;
    let is_place =
        matches!(date::part(number, 6, 2)?, 1..=16 | 21..=68 | 71..=72 | 74..=79 | 82..=93 | 98..=99);
    (date::is_day_of_either(year, month, day) && is_place).then_some(Confidence::Low)
}
