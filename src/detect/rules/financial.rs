//! Payment cards and bank accounts.

use super::Rule;

mod card;

pub(super) fn rules() -> Vec<Rule> {
    vec![card::RULE]
}
