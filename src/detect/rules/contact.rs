//! Ways to reach a person.

use super::Rule;

pub(super) mod email;

pub(super) fn rules() -> Vec<Rule> {
    vec![email::RULE]
}
