//! New Zealand.

use super::part::{from_11, split_check};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.nz-ird",
                class: Class::PiiId,
                level: None,
                description: "New Zealand IRD number",
                source: "Inland Revenue (New Zealand), Resident withholding tax specification, IRD number validation",
                true_examples: &[
                    example("IRD number 84-512-770", "84-512-770"),
                    example("ird: 108451270", "108451270"),
                ],
                false_examples: &["IRD 84-512-771", "84-512-770", "IRD 984512770"],
                detector: Detector::number(Number::checked(
                    &[
                        "99999999",
                        "999999999",
                        "99-999-999",
                        "999-999-999",
                        "99 999 999",
                        "999 999 999",
                        "9999999-9",
                        "NZ 99-999-999",
                        "NZ 999-999-999",
                    ],
                    ird,
                    &["ird", "inland revenue", "tax number", "gst number", "gst no"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.nz-nhi",
                class: Class::PiiId,
                level: None,
                description: "New Zealand National Health Index number",
                source: "HISO 10046 Consumer Health Identity Standard; of the newer format AAA99AA a check letter is taken \
             by modulus 24 (2019) or 23 (since 2023)",
                true_examples: &[
                    example("NHI JBX3656", "JBX3656"),
                    example("NHI number: QWE84FK", "QWE84FK"),
                ],
                false_examples: &["NHI JBX3657", "JBX3656", "NHI QWE84FC", "NHI IBX3656"],
                detector: Detector::number(Number::checked(
                    &["AAA9999", "AAA99AA"],
                    nhi,
                    &["nhi", "national health index"],
                )),
            }
        }
    },
];

fn ird(number: &[u8]) -> Option<Confidence> {
    let number = number.strip_prefix(b"NZ").unwrap_or(number);
    if !(10_000_000..=150_000_000).contains(&check::number(number)?) {
        return None;
    }
    let (digit, body) = split_check(number)?;
    // The weights are those of eight digits; seven begin with a zero.
    let behind = 8_usize.checked_sub(body.len())?;
    let judged = |weights: [u32; 8]| from_11(body, weights.get(behind..)?).map(|check| check % 11);
    let check = match judged([3, 2, 7, 6, 5, 4, 3, 2])? {
        10 => judged([7, 4, 3, 2, 5, 2, 7, 6])?,
        check => check,
    };
    (check == digit).then_some(Confidence::Low)
}

fn nhi(number: &[u8]) -> Option<Confidence> {
    let (last, body) = number.split_last()?;
    let values = body.iter().map(|byte| check::digit(*byte).or_else(|| letter(*byte)));
    let sum =
        values.zip([7, 6, 5, 4, 3, 2]).try_fold(0, |sum, (value, weight)| Some(sum + value? * weight))?;
    let right = match check::digit(*last) {
        // A rest of 0 is not given out.
        Some(digit) => sum % 11 != 0 && (11 - sum % 11) % 10 == digit,
        None => {
            letter(*last).is_some_and(|value| [23, 24].iter().any(|modulus| modulus - sum % modulus == value))
        }
    };
    right.then_some(Confidence::Low)
}

/// `A` is 1; there is no I and no O.
fn letter(byte: u8) -> Option<u32> {
    let at = b"ABCDEFGHJKLMNPQRSTUVWXYZ".iter().position(|letter| *letter == byte)?;
    u32::try_from(at + 1).ok()
}
