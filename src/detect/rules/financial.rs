//! Payment cards and bank accounts.

use super::Rule;

mod bank_account;
mod card;
mod crypto_address;

pub(super) fn rules() -> Vec<Rule> {
    vec![card::RULE, bank_account::RULE, bank_account::GB_SORT_CODE, crypto_address::RULE]
}
