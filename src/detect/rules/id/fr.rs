//! France. Its VAT numbers are in `vat.rs`.

use super::part::part;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.fr-nir",
            class: Class::PiiId,
            level: None,
            description: "French social security number",
            source: "Décret 82-103 (France), article 4; INSEE, numéro d'inscription au répertoire, with its key",
            true_examples: &[
                example("1 84 06 75 112 334 08", "1 84 06 75 112 334 08"),
                example("n° sécu : 184067511233408", "184067511233408"),
                example("NIR 284062A11233415", "284062A11233415"),
            ],
            false_examples: &["384067511233418", "NIR 184067511233409", "NIR 284062C11233415"],
            detector: Detector::number(Number::checked(
                &[
                    "999999999999999",
                    "9 99 99 99 999 999 99",
                    "9999999999999 99",
                    "999999A99999999",
                    "9 99 99 9A 999 999 99",
                ],
                nir,
                &[
                    "nir",
                    "insee",
                    "sécu",
                    "sécurité sociale",
                    "securite sociale",
                    "secu",
                    "nss",
                    "social security",
                ],
            )),
        }
    }
}];

fn nir(number: &[u8]) -> Option<Confidence> {
    let mut digits = number.get(..13)?.to_vec();
    // Corsica: 2A counts as 19, 2B as 18.
    let department = match digits.get(5..7)? {
        b"2A" => Some(b"19"),
        b"2B" => Some(b"18"),
        _ => None,
    };
    if let Some(department) = department {
        digits.get_mut(5..7)?.copy_from_slice(department);
    }
    if 97 - check::number(&digits)? % 97 != u64::from(part(number, 13, 15)?) {
        return None;
    }
    // Others than 1 and 2 are few, and begin the number of many a device.
    let sex = matches!(digits.first(), Some(b'1' | b'2'));
    let month = matches!(part(&digits, 3, 5)?, 1..=12 | 20..=42 | 50..=99);
    Some(if sex && month { Confidence::Medium } else { Confidence::Low })
}
