//! Text that a person does not see and a model reads.

use super::Rule;

mod bidi;
mod invisible;
mod unicode_tags;
mod variation;

pub(super) fn rules() -> Vec<Rule> {
    vec![unicode_tags::RULE, variation::RULE, invisible::RULE, invisible::SPREAD, bidi::RULE]
}

/// A run longer than this is cut where it crosses a multiple of it, counted from the start of the lane, so that memory stays
/// bounded and the cuts do not depend on the chunking. Bytes.
const PIECE: u64 = 1024;
