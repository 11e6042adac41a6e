//! The reference itself, and each rule against it.

use super::*;
use crate::chunking::Dice;

#[test]
fn every_example_is_found_as_the_reference_finds_it() {
    let reference = Reference::with(&[], Vec::new());
    let rules = RuleSet::all(reference.catalogue());
    for (_, rule) in reference.catalogue().rules() {
        let truths = rule.true_examples.iter().map(|example| example.text);
        for text in truths.chain(rule.false_examples.iter().copied()) {
            let expected = reference.findings(text.as_bytes(), &rules);
            reference.is_found_in(&[text.as_bytes()], &rules, &expected);
        }
    }
}

#[test]
fn the_check_of_every_number_decides() {
    let catalogue = Catalogue::built_in().unwrap();
    let mut dice = Dice::new(3);
    for nth in 0..check::numbers(&catalogue).len() {
        for _ in 0..4 {
            let bytes: Vec<u8> = (0..40).map(|_| dice.below(256) as u8).collect();
            check::check_decides(&catalogue, nth, &bytes);
        }
    }
}

#[test]
fn the_schemes_of_published_numbers_agree() {
    let texts =
        ["", "4111111111111111", "GB82WEST12345698765432", "000000021694233X", "07945", "2363", "1-2"];
    for text in texts {
        check::schemes_agree(text.as_bytes());
        validators_agree(text.as_bytes());
    }
}
