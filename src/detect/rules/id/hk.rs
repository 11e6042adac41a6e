//! Hong Kong: `pii.id.hk-hkid`.

use super::number;
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![HKID]
}

const HKID: Rule = number(
    "pii.id.hk-hkid",
    "Hong Kong identity card number",
    "Registration of Persons Ordinance (Cap. 177); check digit modulo 11 as widely published",
    &[
        example("HKID: A123456(3)", "A123456(3)"),
        example("身份證號碼：K6543219。", "K6543219"),
        example("C123402(A)", "C123402(A)"),
        example("HKID C123402A", "C123402A"),
        example("card WX123456(9), issued", "WX123456(9)"),
        example("hkid_WX1234569.pdf", "WX1234569"),
        example("hkid ab123456 (9)", "ab123456 (9)"),
        example("HKID A 123456(3)", "A 123456(3)"),
    ],
    &[
        "A123456(4) A1234564 C1234020 WX123456(8)",
        "a1234563 AB1234569 C123402A WX1234569",
        "XA1234563X A12345633 A123456(33) A-123456(3)",
        "hkid A123456(B)",
    ],
    Number {
        written: |number| number.contains(&b'(').then_some(Confidence::High),
        ..Number::checked(
            &[
                "A999999#",
                "AA999999#",
                "A999999(#)",
                "AA999999(#)",
                "A999999 (#)",
                "AA999999 (#)",
                "A 999999(#)",
                "A 999999 (#)",
                "A999999-#",
            ],
            check,
            &["hkid", "hkic", "hong kong identity card", "hong kong id", "身份證", "身份证"],
        )
    },
);

fn check(number: &[u8]) -> Option<Confidence> {
    let (last, body) = number.split_last()?;
    let (prefix, digits) = body.split_at_checked(body.len().checked_sub(6)?)?;
    // A prefix of one letter has a blank in front, which counts as the letter behind Z.
    let first = if let [first, _] = prefix { check::alphanumeric(*first)? } else { 36 };
    let letters = first * 9 + check::alphanumeric(*prefix.last()?)? * 8;
    let last = match last {
        b'A' => 10,
        digit => check::digit(*digit)?,
    };
    let sum = letters + check::weighted(digits, &[7, 6, 5, 4, 3, 2])? + last;
    sum.is_multiple_of(11).then_some(Confidence::Low)
}
