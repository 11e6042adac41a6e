//! Text that a person does not see and a model reads.

use super::Rule;

mod unicode_tags;

pub(super) fn rules() -> Vec<Rule> {
    vec![unicode_tags::RULE]
}
