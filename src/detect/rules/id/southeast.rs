//! Bulgaria, Croatia, Greece; and the Baltic number of Estonia and Lithuania.

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
                id: "pii.id.bg-egn",
                class: Class::PiiId,
                level: None,
                description: "Bulgarian uniform civil number",
                source: "Civil Registration Act (Bulgaria), article 11; GRAO, structure of the EGN",
                true_examples: &[
                    example("ЕГН 8406125175", "8406125175"),
                    example("egn: 8406125175", "8406125175"),
                ],
                false_examples: &["ЕГН 8406125176", "8406125175", "egn 8413125178"],
                detector: Detector::number(Number::checked(
                    &["9999999999"],
                    |number| vat::is_egn(number)?.then_some(Confidence::Low),
                    &["ЕГН", "егн", "egn"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.hr-oib",
                class: Class::PiiId,
                level: None,
                description: "Croatian personal identification number",
                source: "Zakon o osobnom identifikacijskom broju (Croatia); ISO/IEC 7064 MOD 11,10",
                true_examples: &[example("OIB: 84512773602", "84512773602")],
                false_examples: &["OIB 84512773603", "84512773602"],
                detector: Detector::number(Number::checked(
                    &["99999999999"],
                    |number| check::mod_11_10(number).then_some(Confidence::Low),
                    &["oib", "osobni identifikacijski broj"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.gr-amka",
                class: Class::PiiId,
                level: None,
                description: "Greek social security number",
                source: "Law 3655/2008 (Greece), article 153 (date of birth and Luhn digit)",
                true_examples: &[
                    example("ΑΜΚΑ 12068451777", "12068451777"),
                    example("amka: 12068451777", "12068451777"),
                ],
                false_examples: &["ΑΜΚΑ 12068451778", "12068451777", "amka 32068451770"],
                detector: Detector::number(Number::checked(
                    &["99999999999"],
                    amka,
                    &["ΑΜΚΑ", "αμκα", "amka"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.ee-isikukood",
                class: Class::PiiId,
                level: None,
                description: "Estonian or Lithuanian personal code",
                source: "EVS 585:2007 (Estonia); Gyventojų registro įstatymas (Lithuania), asmens kodas",
                true_examples: &[
                    example("isikukood 48406125176", "48406125176"),
                    example("asmens kodas: 48406125176", "48406125176"),
                ],
                false_examples: &["isikukood 48406125177", "48406125176", "isikukood 48413125174"],
                detector: Detector::number(Number::checked(
                    &["99999999999"],
                    isikukood,
                    &["isikukood", "asmens kodas", "asmens kodo", "a.k."],
                )),
            }
        }
    },
];

fn amka(number: &[u8]) -> Option<Confidence> {
    let (day, month, year) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    let born = is_day(1900 + year, month, day) || is_day(2000 + year, month, day);
    (born && check::luhn(number)).then_some(Confidence::Low)
}

fn isikukood(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number)?;
    // 1 and 2 are the 1800s, and so on.
    let century = 1800 + part(number, 0, 1)?.checked_sub(1)? / 2 * 100;
    let born = is_day(century + part(number, 1, 3)?, part(number, 3, 5)?, part(number, 5, 7)?);
    let right = vat::twice_mod_11(body, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3])?;
    (born && right == digit).then_some(Confidence::Low)
}
