//! `injection.LANGUAGE`: the orders of [`super::override_order`], [`super::persona`] and [`super::leak`] in other languages.
//!
//! Latin words are written with their marks; the text that is matched, and these words, are read without where the plain form
//! does so.

use crate::class::Class;
use crate::detect::phrase::Phrase;
use crate::detect::rules::{Detector, Example, Rule, example};

mod east;
mod west;

const SOURCE: &str = "OWASP Top 10 for LLM Applications 2025, LLM01 prompt injection";

pub(super) fn rules() -> Vec<Rule> {
    east::RULES.into_iter().chain(west::RULES).collect()
}

/// A language.
const fn language(
    id: &'static str,
    level: u8,
    description: &'static str,
    sets: &'static [(&'static str, &'static str)],
    forms: &'static [&'static str],
    true_examples: &'static [Example],
    false_examples: &'static [&'static str],
) -> Rule {
    Rule {
        id,
        class: Class::Injection,
        level: Some(level),
        description,
        source: SOURCE,
        true_examples,
        false_examples,
        detector: Detector::phrase(Phrase { sets, forms }),
    }
}
