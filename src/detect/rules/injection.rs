//! Text that gives a model orders. Level 1 is what benign text hardly writes, level 2 what it may.

use super::Rule;

mod control_token;
mod hijack;
mod languages;
mod leak;
mod marker;
mod override_order;
mod persona;
mod words;

pub(super) fn rules() -> Vec<Rule> {
    let mut rules = vec![
        control_token::RULE,
        marker::RULE,
        marker::HINT,
        override_order::RULE,
        override_order::HINT,
        persona::RULE,
        persona::HINT,
        leak::RULE,
        leak::HINT,
        hijack::IMPERSONATION,
        hijack::HINT,
    ];
    rules.extend(languages::rules());
    rules
}
