//! Payment cards and bank accounts.

use super::Rule;

mod aba;
mod bank_account;
mod bic;
pub(super) mod card;
mod crypto_address;
mod iban;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        card::RULE,
        iban::RULE,
        bic::RULE,
        aba::RULE,
        bank_account::RULE,
        bank_account::GB_SORT_CODE,
        crypto_address::RULE,
    ]
}
