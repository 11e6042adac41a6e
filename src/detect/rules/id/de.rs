//! Germany.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[|| {
    const {
        Rule {
            id: "pii.id.de-idnr",
            class: Class::PiiId,
            level: None,
            description: "German tax identification number",
            source: "Abgabenordnung (Germany), section 139b; Steueridentifikationsnummerverordnung; ISO/IEC 7064 MOD 11,10",
            true_examples: &[
                example("Steuer-ID: 84 512 773 602", "84 512 773 602"),
                example("IdNr. 84512773602", "84512773602"),
            ],
            false_examples: &["IdNr 84512773603", "84512773602", "IdNr 84 512 773 603", "IdNr 04512773602"],
            detector: Detector::number(Number::checked(
                &["99999999999", "99 999 999 999"],
                idnr,
                &[
                    "steuer id",
                    "steuerid",
                    "steuerliche identifikationsnummer",
                    "steueridentifikationsnummer",
                    "idnr",
                    "id nr",
                    "identifikationsnummer",
                    "tin",
                    "tax id",
                ],
            )),
        }
    }
}];

/// Of the first ten digits one stands there twice or three times, the others once at most.
fn idnr(number: &[u8]) -> Option<Confidence> {
    let body = number.get(..10)?;
    let mut counts = [0_u8; 10];
    for byte in body {
        *counts.get_mut(check::digit(*byte)? as usize)? += 1;
    }
    let mut many = counts.iter().filter(|count| **count > 1);
    let fits = matches!((many.next(), many.next()), (Some(2 | 3), None)) && number.first() != Some(&b'0');
    (fits && check::mod_11_10(number)).then_some(Confidence::Low)
}
