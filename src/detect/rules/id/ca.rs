//! Canada.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.ca-sin",
            class: Class::PiiId,
            level: None,
            description: "Canadian social insurance number",
            source: "Employment Insurance Act (Canada), section 138; Service Canada, SIN code of practice",
            true_examples: &[
                example("my SIN is 584-512-735", "584-512-735"),
                example("NAS : 584 512 735", "584 512 735"),
                example("social insurance number 584512735", "584512735"),
            ],
            false_examples: &["SIN 584-512-736", "584-512-735", "SIN 046 454 286"],
            detector: Detector::number(Number::checked(
                &["999999999", "999-999-999", "999 999 999"],
                |number| {
                    // No province has 0, and 8 is of businesses.
                    let fits = !matches!(number.first(), Some(b'0' | b'8')) && check::luhn(number);
                    fits.then_some(Confidence::Low)
                },
                &["sin", "social insurance", "nas", "assurance sociale"],
            )),
        }
    }
}];
