//! The Netherlands. Its VAT numbers are in `vat.rs`.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.nl-bsn",
            class: Class::PiiId,
            level: None,
            description: "Dutch citizen service number",
            source: "Besluit burgerservicenummer (Netherlands), article 2 (eleven test)",
            true_examples: &[
                example("BSN 184512773", "184512773"),
                example("burgerservicenummer: 1845.12.773", "1845.12.773"),
            ],
            false_examples: &["BSN 184512774", "184512773"],
            detector: Detector::number(Number::checked(
                &["999999999", "9999.99.999", "999 999 999"],
                |number| is_bsn(number)?.then_some(Confidence::Low),
                &[
                    "bsn",
                    "burgerservicenummer",
                    "burger service nummer",
                    "sofinummer",
                    "sofi",
                    "citizen service number",
                ],
            )),
        }
    }
}];

/// Also of fewer digits, where zeros in front are left out.
pub(super) fn is_bsn(digits: &[u8]) -> Option<bool> {
    let (last, body) = super::part::split_check(digits)?;
    let weights = [9, 8, 7, 6, 5, 4, 3, 2];
    let sum = check::weighted(body, weights.get(8_usize.checked_sub(body.len())?..)?)?;
    Some(sum > 0 && sum % 11 == last)
}
