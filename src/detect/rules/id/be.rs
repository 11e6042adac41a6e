//! Belgium.

use super::part::part;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.be-nn",
            class: Class::PiiId,
            level: None,
            description: "Belgian national register number (also BIS number)",
            source: "Royal decree of 3 April 1984 on the composition of the national register number (Belgium)",
            true_examples: &[
                example("84.06.12-517.56", "84.06.12-517.56"),
                example("Rijksregisternummer: 84061251756", "84061251756"),
                example("numéro national 84 06 12 517 56", "84 06 12 517 56"),
            ],
            false_examples: &["84.06.12-517.57", "84061251756", "rrn 84.13.12-517.56"],
            detector: Detector::number(
                Number::checked(
                    &[
                        "99.99.99-999.99",
                        "99.99.99-999 99",
                        "99 99 99 999 99",
                        "99999999999",
                        "999999-999-99",
                        "999999-999.99",
                    ],
                    national,
                    &[
                        "rijksregisternummer",
                        "rijksregister",
                        "rrn",
                        "insz",
                        "niss",
                        "registre national",
                        "numéro national",
                        "numero national",
                        "nationaal nummer",
                        "bis nummer",
                        "national number",
                        "nrn",
                    ],
                )
                .punctuated(Confidence::High),
            ),
        }
    }
}];

/// What is missing to a multiple of 97.
pub(super) fn check_of(number: u64) -> u64 {
    97 - number % 97
}

fn national(number: &[u8]) -> Option<Confidence> {
    let month = part(number, 2, 4)?;
    let (body, digits) = (check::number(number.get(..9)?)?, check::number(number.get(9..)?)?);
    let in_1900 = check_of(body) == digits;
    let in_2000 = check_of(body + 2_000_000_000) == digits;
    // 20 or 40 more is a BIS number; zeros are an unknown birthday, and a day on which all numbers are taken goes on counting.
    (month % 20 <= 12 && (in_1900 || in_2000)).then_some(Confidence::Low)
}
