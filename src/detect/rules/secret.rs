//! Credentials and keys.

use super::Rule;

mod aws;
mod github;
mod jwt;
mod private_key;

pub(super) fn rules() -> Vec<Rule> {
    vec![aws::ACCESS_KEY_ID, aws::SECRET_ACCESS_KEY, github::RULE, jwt::RULE, private_key::RULE]
}
