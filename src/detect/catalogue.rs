//! The rules, compiled once.

use std::fmt;

use super::RuleIndex;
use super::automaton::Automaton;
use super::number::Numbers;
use super::pattern::Pattern;
use super::phrase::Forms;
use super::rules::{self, Detector, Rule, Verify, View};

/// Most rules of a catalogue; a [`RuleSet`] has one bit for each.
const MAX_RULES: usize = 1024;

/// Every rule, compiled. Immutable; shared by all lanes.
pub struct Catalogue {
    rules: Vec<Rule>,
    /// The anchors of the rules that read the plain text.
    plain: Automaton,
    /// Those of the rules that read it as it is written.
    written: Automaton,
    numbers: Numbers,
    /// Of the rules that are tokens, by rule.
    patterns: Vec<Vec<Pattern>>,
    /// Of the rules that are phrases, by rule.
    phrases: Vec<Forms>,
}

/// Why a catalogue could not be compiled. Never happens for a catalogue that once compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueError {
    /// More rules than a [`RuleSet`] has bits for.
    TooManyRules,
    /// An anchor is empty or longer than 255 bytes, in this rule.
    Anchor(&'static str),
    /// A shape has no digit near its beginning, or is too long, in this rule.
    Shape(&'static str),
    /// More shapes of numbers than there are bits for.
    TooManyShapes,
    /// A pattern cannot be read, or begins with no literal, in this rule.
    Pattern(&'static str),
    /// A phrase cannot be read, or has too many slots, in this rule.
    Phrase(&'static str),
    /// The automaton did not build.
    Automaton(String),
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogueError::TooManyRules => write!(f, "more than {MAX_RULES} rules"),
            CatalogueError::Anchor(id) => write!(f, "rule `{id}`: an anchor is empty or too long"),
            CatalogueError::Shape(id) => {
                write!(f, "rule `{id}`: a shape has no digit near its beginning, or is too long")
            }
            CatalogueError::TooManyShapes => write!(f, "too many shapes of numbers"),
            CatalogueError::Pattern(id) => {
                write!(f, "rule `{id}`: a pattern cannot be read, or begins with no literal")
            }
            CatalogueError::Phrase(id) => {
                write!(f, "rule `{id}`: a phrase cannot be read, or has too many slots")
            }
            CatalogueError::Automaton(error) => write!(f, "anchors do not compile: {error}"),
        }
    }
}

impl std::error::Error for CatalogueError {}

impl Catalogue {
    /// The rules that come with Portcullis. Takes a few milliseconds: compile once, share.
    pub fn built_in() -> Result<Catalogue, CatalogueError> {
        Catalogue::compile(rules::built_in())
    }

    /// Every rule, in the order of its index.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = (RuleIndex, &Rule)> {
        self.rules.iter().enumerate().map(|(index, rule)| (RuleIndex(index as u16), rule))
    }

    /// The rule of `index`; `None` only for an index of another catalogue.
    pub fn rule(&self, index: RuleIndex) -> Option<&Rule> {
        self.rules.get(usize::from(index.0))
    }

    /// The rule with this id.
    pub fn index_of(&self, id: &str) -> Option<RuleIndex> {
        self.rules().find(|(_, rule)| rule.id == id).map(|(index, _)| index)
    }

    /// Bytes of memory that the automata take.
    pub fn memory(&self) -> usize {
        self.plain.memory() + self.written.memory() + self.numbers.memory()
    }

    fn compile(rules: Vec<Rule>) -> Result<Catalogue, CatalogueError> {
        if rules.len() > MAX_RULES {
            return Err(CatalogueError::TooManyRules);
        }
        let indexed = || rules.iter().enumerate().map(|(index, rule)| (RuleIndex(index as u16), rule));
        let numbers = Numbers::compile(indexed())?;
        let patterns = rules.iter().map(patterns).collect::<Result<Vec<_>, _>>()?;
        let phrases = rules.iter().map(Forms::compile).collect::<Result<Vec<_>, _>>()?;
        let of = |view| {
            let rules = indexed().filter(|(_, rule)| rule.detector.view == view);
            Automaton::compile(rules, &patterns, &phrases, (view == View::Plain).then_some(&numbers))
        };
        Ok(Catalogue {
            plain: of(View::Plain)?,
            written: of(View::Written)?,
            numbers,
            patterns,
            phrases,
            rules,
        })
    }

    pub(super) fn view(&self, view: View) -> &Automaton {
        match view {
            View::Plain => &self.plain,
            View::Written => &self.written,
        }
    }

    pub(super) fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// A pattern of a rule that is a token.
    pub(super) fn pattern(&self, index: RuleIndex, nth: u16) -> Option<&Pattern> {
        self.patterns.get(index.position())?.get(usize::from(nth))
    }

    /// The phrases of a rule.
    pub(super) fn phrases(&self, index: RuleIndex) -> Option<&Forms> {
        self.phrases.get(index.position())
    }

    pub(super) fn detector(&self, index: RuleIndex) -> Option<&Detector> {
        self.rule(index).map(|rule| &rule.detector)
    }
}

/// The patterns of a rule that is a token.
fn patterns(rule: &Rule) -> Result<Vec<Pattern>, CatalogueError> {
    let Verify::Token(token) = &rule.detector.verify else { return Ok(Vec::new()) };
    token.patterns.iter().map(|pattern| Pattern::compile(rule.id, pattern)).collect()
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

/// Which rules are looked for. A guard switches rules off by taking them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RuleSet {
    bits: [u64; MAX_RULES / 64],
}

impl RuleSet {
    /// No rule.
    pub const fn none() -> RuleSet {
        RuleSet { bits: [0; MAX_RULES / 64] }
    }

    /// Every rule of `catalogue`.
    pub fn all(catalogue: &Catalogue) -> RuleSet {
        let mut set = RuleSet::none();
        catalogue.rules().for_each(|(index, _)| set.insert(index));
        set
    }

    /// Looks for this rule.
    pub fn insert(&mut self, rule: RuleIndex) {
        if let Some(word) = self.bits.get_mut(usize::from(rule.0 / 64)) {
            *word |= 1 << (rule.0 % 64);
        }
    }

    /// Does not look for this rule.
    pub fn remove(&mut self, rule: RuleIndex) {
        if let Some(word) = self.bits.get_mut(usize::from(rule.0 / 64)) {
            *word &= !(1 << (rule.0 % 64));
        }
    }

    /// Whether this rule is looked for.
    pub fn contains(&self, rule: RuleIndex) -> bool {
        self.bits.get(usize::from(rule.0 / 64)).is_some_and(|word| word >> (rule.0 % 64) & 1 == 1)
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }
}
