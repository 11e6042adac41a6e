//! Text that gives a model orders.

use super::Rule;

mod control_token;

pub(super) fn rules() -> Vec<Rule> {
    vec![control_token::RULE]
}
