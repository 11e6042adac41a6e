//! Spain.

use super::part::split_check;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

const WORDS: &[&str] = &["dni", "nif", "nie", "documento nacional", "identidad", "extranjero", "tax id"];

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.es-dni",
                class: Class::PiiId,
                level: None,
                description: "Spanish DNI (NIF of a person)",
                source: "Real Decreto 1553/2005 (Spain), article 11; Orden EHA/451/2008",
                true_examples: &[
                    example("DNI 84512773-D", "84512773-D"),
                    example("84512773D", "84512773D"),
                    example("NIF M8451277L", "M8451277L"),
                    example("dni 84.512.773-d", "84.512.773-d"),
                ],
                false_examples: &["84512773E 84512773-F", "84512773d", "A84512773D", "M8451277L"],
                detector: Detector::number(Number::checked(
                    &["99999999A", "A9999999A", "99999999-A", "99.999.999-A", "99999999 A"],
                    dni,
                    WORDS,
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.es-nie",
                class: Class::PiiId,
                level: None,
                description: "Spanish identity number of foreigners",
                source: "Real Decreto 557/2011 (Spain), article 206; Orden INT/2058/2008",
                true_examples: &[
                    example("X8451277L", "X8451277L"),
                    example("NIE: Y-2845127-H", "Y-2845127-H"),
                ],
                false_examples: &["X8451277M", "W8451277L"],
                detector: Detector::number(Number::checked(
                    &["A9999999A", "A-9999999A", "A-9999999-A", "A9999999-A"],
                    |number| is_nie(number)?.then_some(Confidence::Medium),
                    WORDS,
                )),
            }
        }
    },
];

fn letter_of(digits: &[u8]) -> Option<u8> {
    let rest = check::number(digits)? % 23;
    b"TRWAGMYFPDXBNJZSQVHLCKE".get(usize::try_from(rest).ok()?).copied()
}

fn is_dni(number: &[u8]) -> Option<bool> {
    let (letter, digits) = number.split_last()?;
    Some(letter_of(digits)? == *letter)
}

/// The few that begin with a letter look like passport numbers.
fn dni(number: &[u8]) -> Option<Confidence> {
    match number {
        [b'K' | b'L' | b'M', rest @ ..] => is_dni(rest)?.then_some(Confidence::Low),
        number => is_dni(number)?.then_some(Confidence::Medium),
    }
}

fn is_nie(number: &[u8]) -> Option<bool> {
    let (first, rest) = number.split_first()?;
    let first = match first {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        _ => return Some(false),
    };
    is_dni(&[&[first], rest].concat())
}

/// NIF of a citizen (also K, L, M of those without DNI), NIE, or the NIF of a company.
pub(super) fn tax_number(number: &[u8]) -> Option<bool> {
    match number.first()? {
        b'0'..=b'9' => is_dni(number),
        b'X' | b'Y' | b'Z' => is_nie(number),
        b'K' | b'L' | b'M' => is_dni(number.get(1..)?),
        letter => is_company(*letter, number.get(1..)?),
    }
}

fn is_company(letter: u8, rest: &[u8]) -> Option<bool> {
    let (last, digits) = rest.split_last()?;
    let check = (0..10).find(|digit| check::luhn(&[digits, &[b'0' + digit]].concat()))?;
    let as_letter = b"JABCDEFGHI".get(usize::from(check)) == Some(last);
    let as_digit = split_check(rest).is_some_and(|(digit, _)| digit == u32::from(check));
    Some(match letter {
        b'A' | b'B' | b'E' | b'H' => as_digit,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => as_letter,
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => as_digit || as_letter,
        _ => false,
    })
}
