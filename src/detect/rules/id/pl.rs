//! Poland.

use super::part::{is_day, part, split_check};
use super::vat;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.pl-pesel",
                class: Class::PiiId,
                level: None,
                description: "Polish PESEL",
                source: "Ustawa z dnia 24 września 2010 r. o ewidencji ludności (Poland), article 15",
                true_examples: &[
                    example("PESEL: 84061251777", "84061251777"),
                    example("numer pesel to 84061251777.", "84061251777"),
                ],
                false_examples: &["PESEL 84061251778", "84061251777", "PESEL 84131251777"],
                detector: Detector::number(Number::checked(&["99999999999"], pesel, &["pesel"])),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.pl-nip",
                class: Class::PiiId,
                level: None,
                description: "Polish tax number without its country code",
                source: "Ustawa z dnia 13 października 1995 r. o zasadach ewidencji i identyfikacji podatników (Poland), article 10a",
                true_examples: &[
                    example("NIP 845-127-73-63", "845-127-73-63"),
                    example("nip: 8451277363", "8451277363"),
                ],
                false_examples: &["NIP 845-127-73-64", "8451277363"],
                detector: Detector::number(Number::checked(
                    &["9999999999", "999-999-99-99", "999-99-99-999"],
                    |number| vat::poland(number)?.then_some(Confidence::Low),
                    &["nip", "numer identyfikacji podatkowej"],
                )),
            }
        }
    },
];

fn pesel(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number)?;
    let (year, month, day) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    // The month tells the century: 80 more is 1800, 20 more 2000, and so on.
    let century = *[1900, 2000, 2100, 2200, 1800].get((month / 20) as usize)?;
    let sum = check::weighted(body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3])?;
    let right = (10 - sum % 10) % 10 == digit;
    (right && is_day(century + year, month % 20, day)).then_some(Confidence::Low)
}
