//! Ways to reach a person.

use super::Rule;

mod country_codes;
pub(super) mod email;
mod phone;

pub(super) fn rules() -> Vec<Rule> {
    vec![email::RULE, phone::INTERNATIONAL, phone::NATIONAL]
}
