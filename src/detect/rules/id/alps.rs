//! Switzerland, Austria; and Ireland, whose number is checked like its VAT number.

use super::part::part;
use super::vat;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.ch-ahv",
                class: Class::PiiId,
                level: None,
                description: "Swiss social security number",
                source: "Verordnung über die Alters- und Hinterlassenenversicherung (Switzerland), article 133 (EAN-13 check digit)",
                true_examples: &[
                    example("756.8451.2773.63", "756.8451.2773.63"),
                    example("AHV-Nr. 7568451277363", "7568451277363"),
                ],
                false_examples: &["756.8451.2773.64", "755.8451.2773.63"],
                detector: Detector::number(
                    Number::checked(
                        &["756.9999.9999.99", "9999999999999", "756 9999 9999 99"],
                        ahv,
                        &[
                            "ahv",
                            "avs",
                            "navs",
                            "ahvn13",
                            "svnr",
                            "sozialversicherungsnummer",
                            "assurance sociale",
                        ],
                    )
                    .punctuated(Confidence::High),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.at-vnr",
                class: Class::PiiId,
                level: None,
                description: "Austrian social security number",
                source: "Allgemeines Sozialversicherungsgesetz (Austria), section 460d; SV, Aufbau der Versicherungsnummer",
                true_examples: &[
                    example("SV-Nummer 8458 120684", "8458 120684"),
                    example("Versicherungsnummer: 8458120684", "8458120684"),
                ],
                false_examples: &["SVNR 8457 120684", "8458 120684", "SVNR 0458 120684"],
                detector: Detector::number(Number::checked(
                    &["9999 999999", "9999999999"],
                    vnr,
                    &[
                        "svnr",
                        "sv nr",
                        "sv nummer",
                        "vnr",
                        "sozialversicherungsnummer",
                        "versicherungsnummer",
                        "sv number",
                    ],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.ie-pps",
                class: Class::PiiId,
                level: None,
                description: "Irish personal public service number",
                source: "Social Welfare Consolidation Act 2005 (Ireland), section 262; Revenue, PPS number check character",
                true_examples: &[
                    example("PPS 8451277I", "8451277I"),
                    example("PPSN: 8451277RA", "8451277RA"),
                ],
                false_examples: &["PPS 8451277J", "8451277I", "8451277RC"],
                detector: Detector::number(Number::checked(
                    &["9999999A", "9999999AA"],
                    |number| vat::ireland(number)?.then_some(Confidence::Low),
                    &["pps", "ppsn", "personal public service", "uimhir phearsanta"],
                )),
            }
        }
    },
];

fn ahv(number: &[u8]) -> Option<Confidence> {
    let sum = check::weighted(number, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])?;
    (number.starts_with(b"756") && sum.is_multiple_of(10)).then_some(Confidence::Medium)
}

/// Behind four digits stands the birthday, or where that has no number left, what is none.
fn vnr(number: &[u8]) -> Option<Confidence> {
    let sum = check::weighted(number, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6])?;
    (number.first() != Some(&b'0') && sum % 11 == part(number, 3, 4)?).then_some(Confidence::Low)
}
