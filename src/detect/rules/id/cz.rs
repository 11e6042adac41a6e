//! Czechia and Slovakia, which share the birth number; and Romania.

use super::part::{is_day, part, split_check};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.cz-rc",
                class: Class::PiiId,
                level: None,
                description: "Czech or Slovak birth number",
                source: "Act 133/2000 Coll. (Czechia), section 13; Act 301/1995 Coll. (Slovakia)",
                true_examples: &[
                    example("rodné číslo: 845612/5172", "845612/5172"),
                    example("Rodné číslo je 8456125172", "8456125172"),
                ],
                false_examples: &["rodné číslo 845612/5173", "845612/5172", "rodné číslo 843312/5172"],
                detector: Detector::number(Number::checked(
                    &["999999/9999", "9999999999", "999999/999", "999999999"],
                    |number| is_birth_number(number)?.then_some(Confidence::Low),
                    &["rodné číslo", "rodne cislo", "rč", "r.č.", "r.c.", "birth number"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.ro-cnp",
                class: Class::PiiId,
                level: None,
                description: "Romanian personal numeric code",
                source: "OUG 97/2005 (Romania), article 6; check digit of the CNP as in use",
                true_examples: &[
                    example("CNP 2840612125172", "2840612125172"),
                    example("cod numeric personal: 2840612125172", "2840612125172"),
                ],
                false_examples: &["CNP 2840612125173", "2840612125172"],
                detector: Detector::number(Number::checked(
                    &["9999999999999"],
                    |number| is_cnp(number)?.then_some(Confidence::Low),
                    &["cnp", "cod numeric personal"],
                )),
            }
        }
    },
];

/// Nine digits until 1953, without a check digit; then ten.
pub(super) fn is_birth_number(number: &[u8]) -> Option<bool> {
    let (year, month, day) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    let ten = number.len() == 10;
    let century = match (ten, year) {
        (true, 0..54) => 2000,
        (false, 54..) => 1800,
        _ => 1900,
    };
    // 50 more is a woman; 20 more, since 2004, one of a day that had no number left.
    if !is_day(century + year, month % 50 % 20, day) {
        return Some(false);
    }
    let (digit, body) = split_check(number)?;
    // A rest of 10 was written as 0, until 1985 regularly.
    Some(!ten || check::number(body)? % 11 % 10 == u64::from(digit))
}

pub(super) fn is_cnp(number: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(number)?;
    let century = match number.first()? {
        b'3' | b'4' => 1800,
        b'5' | b'6' => 2000,
        b'0' => return Some(false),
        _ => 1900,
    };
    let born = is_day(century + part(number, 1, 3)?, part(number, 3, 5)?, part(number, 5, 7)?);
    let county = matches!(part(number, 7, 9)?, 1..=48 | 51 | 52 | 70 | 80..=83);
    let right = match check::weighted(body, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9])? % 11 {
        10 => 1,
        rest => rest,
    };
    Some(born && county && right == digit)
}
