//! Payment cards and bank accounts.

use super::Rule;

mod aba;
mod bic;
mod card;
mod iban;

pub(super) fn rules() -> Vec<Rule> {
    vec![card::RULE, iban::RULE, bic::RULE, aba::RULE]
}
