//! `financial.us-aba`.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULE: Rule = Rule {
    id: "financial.us-aba",
    class: Class::Financial,
    level: None,
    description: "US bank routing number",
    source: "Accredited Standards Committee X9 and ABA, Routing Number Policy (X9.100-160; check digit 3-7-1)",
    true_examples: &[
        example("routing number 072845125", "072845125"),
        example("ABA: 0728-4512-5", "0728-4512-5"),
        example("RTN 072845125", "072845125"),
    ],
    false_examples: &["routing number 072845126", "072845125", "routing 992845125"],
    detector: Detector::number(Number::checked(
        &["999999999", "9999-9999-9"],
        |number| {
            let sum = check::weighted(number, &[3, 7, 1, 3, 7, 1, 3, 7, 1])?;
            (sum > 0 && sum.is_multiple_of(10)).then_some(Confidence::Low)
        },
        &["routing", "routing number", "aba", "rtn", "ach", "bank transit", "transit number", "wire"],
    )),
};
