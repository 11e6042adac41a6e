//! The United States.

use super::part::part;
use crate::class::{Class, Confidence};
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.us-ssn",
                class: Class::PiiId,
                level: None,
                description: "US social security number",
                source: "Social Security Administration, POMS RM 10201.030 (area, group and serial that are not given out)",
                true_examples: &[
                    example("SSN 484-51-2773", "484-51-2773"),
                    example("He is 484-51-2773, born in Ohio", "484-51-2773"),
                    example("social security number: 484512773", "484512773"),
                    example("{\"ssn\":\"484 51 2773\"}", "484 51 2773"),
                    example("SS# 484512773", "484512773"),
                    example("484512773 is my SSN", "484512773"),
                    example("her social is 484512773", "484512773"),
                ],
                false_examples: &[
                    "SSN 000-51-2773 666-51-2773 900-51-2773",
                    "SSN 484-00-2773 484-51-0000",
                    "078-05-1120",
                    "484512773",
                    "484-51-27735",
                    "P/N 484-51-2773, invoice no. 484-51-2773",
                    "Social post 484512773",
                ],
                detector: Detector::number(
                    Number::checked(
                        &["999-99-9999", "999999999", "999 99 9999", "999.99.9999"],
                        ssn,
                        &[
                            "ssn",
                            "ssns",
                            "social security",
                            "soc sec",
                            "ss number",
                            "ss#",
                            "soc. sec.",
                            "my social",
                            "seguro social",
                        ],
                    )
                    .near(&["social"])
                    .punctuated(Confidence::Medium),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.us-itin",
                class: Class::PiiId,
                level: None,
                description: "US individual taxpayer identification number",
                source: "IRS Publication 1915; IRM 3.21.263 (ranges of the fourth and fifth digit)",
                true_examples: &[
                    example("ITIN 984-71-2845", "984-71-2845"),
                    example("984-71-2845", "984-71-2845"),
                    example("itin: 984712845", "984712845"),
                ],
                false_examples: &[
                    "ITIN 984-31-2845 984-89-2845 984-93-2845",
                    "984712845",
                    "ITIN 884-71-2845",
                ],
                detector: Detector::number(
                    Number::checked(
                        &["999-99-9999", "999999999", "999 99 9999"],
                        itin,
                        &[
                            "itin",
                            "individual taxpayer",
                            "taxpayer identification",
                            "taxpayer id",
                            "tin",
                            "tax id",
                        ],
                    )
                    .punctuated(Confidence::Medium),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.us-ein",
                class: Class::PiiId,
                level: None,
                description: "US employer identification number",
                source: "IRS, How EINs are assigned and valid EIN prefixes",
                true_examples: &[
                    example("EIN: 84-5127730", "84-5127730"),
                    example("our FEIN is 845127730", "845127730"),
                ],
                false_examples: &["84-5127730", "EIN 07-5127730", "EIN 84-51277300"],
                detector: Detector::number(Number::unchecked(
                    &["99-9999999", "999999999"],
                    ein,
                    &["ein", "fein", "employer identification", "employer id", "federal tax id", "tax id"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.us-ptin",
                class: Class::PiiId,
                level: None,
                description: "US preparer tax identification number",
                source: "IRS, PTIN requirements for tax return preparers",
                true_examples: &[
                    example("PTIN P84512773", "P84512773"),
                    example("PTIN: P-84512773", "P-84512773"),
                ],
                false_examples: &["P84512773", "PTIN Q84512773"],
                detector: Detector::number(Number::unchecked(
                    &["P99999999", "P-99999999"],
                    |_| Some(Confidence::Low),
                    &["ptin", "preparer"],
                )),
            }
        }
    },
];

fn ssn(number: &[u8]) -> Option<Confidence> {
    let (area, group, serial) = (part(number, 0, 3)?, part(number, 3, 5)?, part(number, 5, 9)?);
    // Published in advertisements, and never a person's.
    let published = matches!((area, group, serial), (78, 5, 1120) | (457, 55, 5462) | (219, 9, 9999));
    let fits = matches!(area, 1..=665 | 667..=899) && group > 0 && serial > 0 && !published;
    fits.then_some(Confidence::Low)
}

fn itin(number: &[u8]) -> Option<Confidence> {
    let fits = matches!(part(number, 3, 5)?, 50..=65 | 70..=88 | 90..=92 | 94..=99);
    (number.first() == Some(&b'9') && fits).then_some(Confidence::Low)
}

fn ein(number: &[u8]) -> Option<Confidence> {
    let unused =
        matches!(part(number, 0, 2)?, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97);
    (!unused).then_some(Confidence::Low)
}
