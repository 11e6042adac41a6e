//! Numbers that a state gives to a person or a company, a file for each place.

use super::Rule;

mod sg;

pub(super) fn rules() -> Vec<Rule> {
    vec![sg::RULE]
}
