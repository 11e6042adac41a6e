//! Facts about a person, known by the words that name them.

use super::Rule;

mod date;
mod date_of_birth;
mod driving_licence;
mod passport;

pub(super) fn rules() -> Vec<Rule> {
    vec![date_of_birth::RULE, passport::RULE, driving_licence::RULE, driving_licence::GB]
}
