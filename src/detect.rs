//! Text in, findings out: what a lane of text holds that a guard may act on.
//!
//! Not here: JSON, HTTP, where a lane comes from (`protocol`), what is done about a finding (`redact`).
//!
//! **How it works.** Every rule names *anchors*: short literals without which it cannot match (`AKIA`, `@`,
//! `<|im_start|>`). All anchors of all rules are one Aho-Corasick automaton, and its state is carried from feed
//! to feed, so a byte costs one table step whatever the number of rules. An anchor makes a *candidate*; the
//! rule's *verifier* judges it over the retained text and answers match, no, or "more text is needed, and the
//! match would start at `from`".
//!
//! **Invariants**
//! - Any chunking gives the same findings: an answer other than "more" is the same for every extension of the text.
//! - `settled` never decreases, and no finding that is pushed later starts before it.
//! - Linear time and bounded memory for any bytes: each rule bounds what it reads before and after its anchor.
//! - Findings carry offsets, never text.
//!
//! A customer's own rules ([`CustomRule`]) come behind the built-in ones, in a catalogue of each configuration.
//!
//! Text is bytes: normally UTF-8, also with surrogates in three bytes each (WTF-8, CESU-8), and anything else
//! without harm. Rules read it as it reads (`plain`: a full-width `＠` is an `@`, what nobody sees is not there), and
//! findings stand where it was written. Those that look for what nobody sees read it as it is written.

mod assignment;
mod automaton;
mod catalogue;
mod check;
mod coded;
mod context;
mod custom;
mod engine;
mod keyed;
mod known;
mod number;
mod pattern;
mod phrase;
mod plain;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod reference;
mod rules;
mod scanner;
mod token;
mod value;
mod window;

pub use catalogue::{Catalogue, CatalogueError, CatalogueRule, RuleSet};
pub use custom::{
    CustomRule, Fault, LONG_CANARY, MAX_CANARY, MAX_LENGTH, MAX_LENGTH_UNANCHORED, MAX_LITERALS, MAX_PATTERN,
    MAX_TEXT, MAX_WORDS, MAX_WORDS_BYTES, MIN_CANARY, Prepared, Validator, What,
};
pub use known::Known;
pub use rules::{Example, Rule};
pub use scanner::{Scanner, may_hold, scan_all};
pub use value::ValueKey;

use crate::class::Confidence;

/// Which rule of a [`Catalogue`]. Means nothing for another catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleIndex(u16);

impl RuleIndex {
    /// Its position in [`Catalogue::rules`].
    pub fn position(self) -> usize {
        usize::from(self.0)
    }
}

/// One thing found. Carries no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Finding {
    /// Byte offset of the first byte in the lane's text.
    pub start: u64,
    /// Byte offset behind the last byte; greater than `start`.
    pub end: u64,
    /// The rule that found it.
    pub rule: RuleIndex,
    /// How sure the rule is of this one.
    pub confidence: Confidence,
    /// Tells its value from others in a scanner with a key ([`Scanner::keyed`]); else 0.
    pub value: u64,
}

#[cfg(test)]
mod corpora_tests;
#[cfg(test)]
mod tests;
