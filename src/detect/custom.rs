//! The customer's own rules: patterns, literals, lists of words, and canaries.
//!
//! Not here: how they are written ([`crate::config::raw`]), what is done about them (a guard).
//!
//! **A pattern** is run by regex-lite, which is slow, so it never sees the whole text: it is tried where its literal
//! beginning stands, else around one of its keywords, else where a word begins with one of its first bytes; and there it
//! reads at most `max_length` bytes. What its first bytes say ([`syntax`]) is asked for first. Text is held from where a match
//! may begin until its first bytes say no, or `max_length` bytes and the border behind them have come.
//! **Literals** are anchors like those of built-in rules. **Words** and **canaries** are looked up in one table ([`words`]).

mod border;
mod matcher;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod reference;
mod syntax;
mod validator;
pub(super) mod words;

pub(super) use matcher::Matcher;
pub use validator::Validator;

use super::catalogue::CatalogueRule;
use super::{RuleIndex, plain};
use crate::class::{Class, Confidence};
use matcher::{Kind, Searched, Start};
use regex_lite::RegexBuilder;
use std::borrow::Cow;
use syntax::{Refused, Shape};
use words::{Draft, normal};

/// Bytes of a match of a pattern, at most.
pub const MAX_LENGTH: u64 = 256;
/// The same, where it is tried at words or around keywords.
pub const MAX_LENGTH_UNANCHORED: u64 = 128;
/// Bytes of a pattern as it is written, at most.
pub const MAX_PATTERN: usize = 512;
/// Bytes of a literal, a keyword, a word, a context word or an allowed value, at most.
pub const MAX_TEXT: usize = 128;
/// Bytes of all literals and keywords together: each is a few states of an automaton that is kept for speed, not for size.
pub const MAX_LITERALS: usize = 4096;
/// Entries of all lists of words together.
pub const MAX_WORDS: usize = 100_000;
/// Bytes of all words and canaries together.
pub const MAX_WORDS_BYTES: usize = 4 << 20;
/// Bytes of a canary, at least: what is shorter is found by chance.
pub const MIN_CANARY: usize = 8;
/// Bytes of a canary, at most.
pub const MAX_CANARY: usize = 16 << 10;
/// From so many bytes on a part of a canary is enough.
pub const LONG_CANARY: usize = 64;
/// Bytes of a long canary that are found from the beginning of any word of it: so any 48 of them in a row, where its words have
/// at most 16.
const CANARY_PIECE: usize = 32;
/// Bytes of an anchor, at least: what is shorter is everywhere.
const MIN_ANCHOR: usize = 3;
/// Bytes of a pattern's literal beginning that are its anchor.
const MAX_ANCHOR: usize = 12;
/// Memory of a compiled pattern, in bytes.
const MAX_REGEX: usize = 64 << 10;

/// A rule as a customer writes it, in the terms of detection.
#[derive(Debug, Clone)]
pub struct CustomRule {
    /// Its name in policies and records.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// One sentence for people.
    pub description: String,
    /// What is looked for.
    pub what: What,
    /// How sure a finding is; where there are words of context, with one of them in front.
    pub confidence: Confidence,
    /// Words of which one must stand in front; without one a finding is low.
    pub context: Vec<String>,
    /// Values that are none.
    pub allow: Vec<String>,
    /// What a value's letters and digits must pass.
    pub validator: Option<Validator>,
    /// Whether the case of ASCII letters does not matter.
    pub any_case: bool,
    /// Whether no letter or digit may touch it.
    pub is_word: bool,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub enum What {
    /// A pattern of regex-lite.
    Pattern {
        /// The pattern.
        pattern: String,
        /// Bytes of a match at most, where the pattern has no bound of its own.
        max_length: Option<u64>,
        /// Literals of which every match holds one.
        keywords: Vec<String>,
    },
    /// Texts wherever they stand.
    Literals(Vec<String>),
    /// Whole words and names.
    Words(Vec<String>),
    /// A text that must not come out.
    Canary(String),
}

/// What is wrong with a rule: in which of its fields, what, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, as the configuration names it; `keywords[2]`.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Fault {
    fn new(field: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { field: field.into(), message: message.into(), help: help.into() }
    }
}

/// A rule that was checked, ready for a catalogue.
pub struct Prepared {
    rule: CustomRule,
    matcher: Matcher,
}

impl CustomRule {
    /// Compiles, or says everything that is wrong.
    pub fn prepare(self) -> Result<Prepared, Vec<Fault>> {
        let mut faults = Vec::new();
        for (field, texts) in [("context", &self.context), ("allow", &self.allow)] {
            check_texts(field, texts, 1, &mut faults);
        }
        let kind = match &self.what {
            What::Pattern { pattern, max_length, keywords } => {
                check_texts("keywords", keywords, MIN_ANCHOR, &mut faults);
                match self.searched(pattern, *max_length, keywords) {
                    Ok(searched) => Some(Kind::Pattern(Box::new(searched))),
                    Err(fault) => {
                        faults.push(fault);
                        None
                    }
                }
            }
            What::Literals(literals) => {
                check_texts("literals", literals, MIN_ANCHOR, &mut faults);
                Some(Kind::Literals(fewest(literals, self.any_case)))
            }
            What::Words(words) => {
                check_texts("words", words, 2, &mut faults);
                Some(Kind::Words)
            }
            What::Canary(text) => {
                let length = normal(text).len();
                if !(MIN_CANARY..=MAX_CANARY).contains(&length) {
                    let help = format!("write {MIN_CANARY} to {MAX_CANARY} bytes besides white space");
                    faults.push(Fault::new("text", format!("has {length} bytes"), help));
                }
                Some(Kind::Words)
            }
        };
        match kind {
            Some(kind) if faults.is_empty() => {
                let matcher = Matcher {
                    kind,
                    is_word: self.is_word,
                    any_case: self.any_case,
                    confidence: self.confidence,
                    context: self.context.iter().map(|word| word.to_lowercase()).collect(),
                    allow: self.allow.iter().map(|value| normal(value)).collect(),
                    validator: self.validator,
                };
                Ok(Prepared { rule: self, matcher })
            }
            _ => Err(faults),
        }
    }

    fn searched(
        &self,
        pattern: &str,
        max_length: Option<u64>,
        keywords: &[String],
    ) -> Result<Searched, Fault> {
        let wrong = |message: &str, help: &str| Err(Fault::new("pattern", message, help));
        if pattern.len() > MAX_PATTERN {
            let help = "split it into several rules, or write a list of words";
            return wrong(&format!("is longer than {MAX_PATTERN} bytes"), help);
        }
        let build = |pattern: &str| {
            let mut builder = RegexBuilder::new(pattern);
            builder.case_insensitive(self.any_case).size_limit(MAX_REGEX).nest_limit(32).build()
        };
        let regex = build(pattern).and_then(|_| build(&format!(r"\A(?:{pattern})")));
        let regex = match regex {
            Ok(regex) => regex,
            Err(error) => {
                let help = "write it in the syntax of the Rust crate regex-lite, without look-around and back-references";
                return wrong(&format!("does not compile: {error}"), help);
            }
        };
        let shape = match syntax::shape(pattern, self.any_case) {
            Ok(shape) => shape,
            Err(Refused::Assertion) => {
                return wrong(
                    "asks for what stands around a match (`^`, `$`, `\\b`)",
                    "leave it out: a match stands alone unless the rule says `word: false`",
                );
            }
            Err(Refused::Flags) => return wrong("sets flags", "write `case: insensitive` in the rule"),
            Err(Refused::Unknown) => {
                return wrong(
                    "is not understood",
                    "write it with fewer groups in groups, or in several rules",
                );
            }
        };
        if shape.least == 0 {
            return wrong("matches the empty text", "make one of its parts necessary");
        }
        let anchor = literal(&shape, self.any_case);
        let start = if anchor.len() >= MIN_ANCHOR {
            Start::Literal(anchor)
        } else if !self.is_word {
            let help = format!("begin it with {MIN_ANCHOR} fixed characters, or remove `word: false`");
            return Err(Fault::new("word", "is `false`, so the pattern would be tried everywhere", help));
        } else if keywords.is_empty() {
            Start::Word
        } else {
            Start::Keyword
        };
        let most = match start {
            Start::Literal(_) => MAX_LENGTH,
            Start::Keyword | Start::Word => MAX_LENGTH_UNANCHORED,
        };
        let length = match (shape.most, max_length) {
            (Some(bound), Some(max)) => bound.min(max),
            (Some(bound), None) if bound <= most => bound,
            (None, Some(max)) => max,
            (_, None) => {
                let help = format!("say how many bytes a match has at most: `max_length`, 1 to {most}");
                return Err(Fault::new("max_length", "is missing, and the pattern has no such bound", help));
            }
        };
        if !(shape.least..=most).contains(&length) {
            let help = format!("write {} to {most}", shape.least);
            return Err(Fault::new("max_length", format!("{length} is out of range"), help));
        }
        Ok(Searched { regex, shape, length, start, keywords: fewest(keywords, self.any_case) })
    }
}

fn check_texts(field: &str, texts: &[String], least: usize, faults: &mut Vec<Fault>) {
    for (nth, text) in texts.iter().enumerate() {
        let length = normal(text).len();
        if !(least..=MAX_TEXT).contains(&length) || text.len() > 2 * MAX_TEXT {
            let help = format!("write {least} to {MAX_TEXT} bytes");
            faults.push(Fault::new(format!("{field}[{nth}]"), format!("has {length} bytes"), help));
        }
    }
}

/// As they read, without those that hold another one, which would be met twice.
fn fewest(texts: &[String], any_case: bool) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| plain::of(text.as_bytes())).collect();
    let same = |a: &[u8], b: &[u8]| if any_case { a.eq_ignore_ascii_case(b) } else { a == b };
    all.sort_by_key(Vec::len);
    let mut few: Vec<Vec<u8>> = Vec::new();
    for text in all {
        let holds = |one: &Vec<u8>| text.windows(one.len().max(1)).any(|part| same(part, one));
        if !few.iter().any(holds) {
            few.push(text);
        }
    }
    few
}

/// What every match begins with.
fn literal(shape: &Shape, any_case: bool) -> Vec<u8> {
    let one = |set: &super::pattern::Set| {
        let mut bytes = (0..=u8::MAX).filter(|byte| set.has(*byte));
        let (first, second, third) = (bytes.next()?, bytes.next(), bytes.next());
        let is_one = second.is_none()
            || (any_case
                && third.is_none()
                && second.is_some_and(|other| other.eq_ignore_ascii_case(&first)));
        is_one.then_some(first)
    };
    shape.lead.iter().map_while(one).take(MAX_ANCHOR).collect()
}

impl Prepared {
    /// Bytes of literals that it brings into the automaton.
    pub fn literals(&self) -> usize {
        self.matcher.anchors().iter().map(|anchor| anchor.len()).sum()
    }

    /// Words, and their bytes and those of canaries.
    pub fn words(&self) -> (usize, usize) {
        match &self.rule.what {
            What::Words(words) => (words.len(), words.iter().map(String::len).sum()),
            What::Canary(text) => (0, text.len()),
            What::Pattern { .. } | What::Literals(_) => (0, 0),
        }
    }

    /// The rule of a catalogue; what is looked up goes to `draft`.
    pub(super) fn into_rule(self, index: RuleIndex, draft: &mut Draft) -> CatalogueRule {
        let Prepared { rule, matcher } = self;
        match (&rule.what, &matcher.kind) {
            (What::Words(words), _) => {
                words.iter().for_each(|word| draft.word(index, &normal(word), rule.any_case));
            }
            (What::Canary(text), _) => draft.canary(index, &normal(text), LONG_CANARY, CANARY_PIECE),
            (_, Kind::Pattern(searched)) => {
                if let (Start::Word, Some(first)) = (&searched.start, searched.shape.lead.first()) {
                    draft.pattern(index, *first);
                }
            }
            _ => {}
        }
        let is_canary = matches!(rule.what, What::Canary(_));
        CatalogueRule {
            id: Cow::Owned(rule.id),
            class: rule.class,
            level: None,
            description: Cow::Owned(rule.description),
            source: Cow::Borrowed("the configuration"),
            true_examples: &[],
            false_examples: &[],
            is_canary,
            detector: matcher.detector(),
            custom: Some(matcher),
        }
    }
}

#[cfg(test)]
mod tests;
