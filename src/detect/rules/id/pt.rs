//! Portugal.

use super::part::{from_11, split_check};
use crate::class::{Class, Confidence};
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.pt-nif",
            class: Class::PiiId,
            level: None,
            description: "Portuguese taxpayer number",
            source: "Decreto-Lei 14/2013 (Portugal), article 6",
            true_examples: &[
                example("NIF 284 512 770", "284 512 770"),
                example("contribuinte n.º 284512770", "284512770"),
            ],
            false_examples: &["NIF 284 512 771", "284512770"],
            detector: Detector::number(Number::checked(
                &["999999999", "999 999 999", "PT 999 999 999", "PT999999999"],
                |number| is_nif(number.strip_prefix(b"PT").unwrap_or(number))?.then_some(Confidence::Low),
                &["nif", "nipc", "contribuinte", "número fiscal", "numero fiscal"],
            )),
        }
    }
}];

pub(super) fn is_nif(number: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(number)?;
    let right = from_11(body, &[9, 8, 7, 6, 5, 4, 3, 2])?;
    // 10 and 11 are written as 0.
    Some(number.first() != Some(&b'0') && if right > 9 { digit == 0 } else { right == digit })
}
