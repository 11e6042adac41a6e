//! The rules, compiled once.

use std::fmt;

use super::RuleIndex;
use super::automaton::Automaton;
use super::number::Numbers;
use super::pattern::Pattern;
use super::phrase::Forms;
use super::rules::{self, Detector, Rule, Verify, View};
use crate::glob::Glob;

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
    /// Of the rules that are tokens or keyed, by rule.
    patterns: Vec<Vec<Pattern>>,
    /// Hosts to which addresses may carry data.
    allowed_hosts: Vec<Glob>,
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

    pub(super) fn compile(rules: Vec<Rule>) -> Result<Catalogue, CatalogueError> {
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
            allowed_hosts: Vec::new(),
            phrases,
            rules,
        })
    }

    /// Lets addresses of these hosts carry data: `*` stands for any characters, case does not matter.
    pub fn allow_hosts(&mut self, hosts: Vec<Glob>) {
        self.allowed_hosts = hosts;
    }

    /// Whether an address, which begins with `//` or a scheme, is of a host that is allowed.
    pub(super) fn allows_host_of(&self, address: &[u8]) -> bool {
        if self.allowed_hosts.is_empty() {
            return false;
        }
        let mut parts = address.splitn(3, |byte| *byte == b'/');
        let authority = parts.nth(2).and_then(|rest| rest.split(|byte| b"/?#\\".contains(byte)).next());
        let host = authority.and_then(|authority| authority.rsplit(|byte| *byte == b'@').next());
        let host = host.and_then(|host| host.split(|byte| *byte == b':').next()).unwrap_or_default();
        std::str::from_utf8(host).is_ok_and(|host| {
            let host = host.to_ascii_lowercase();
            self.allowed_hosts.iter().any(|allowed| allowed.matches(&host))
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

    /// The patterns of a rule that is a token or keyed.
    pub(super) fn patterns(&self, index: RuleIndex) -> &[Pattern] {
        self.patterns.get(index.position()).map_or(&[], Vec::as_slice)
    }

    /// The phrases of a rule.
    pub(super) fn phrases(&self, index: RuleIndex) -> Option<&Forms> {
        self.phrases.get(index.position())
    }

    pub(super) fn detector(&self, index: RuleIndex) -> Option<&Detector> {
        self.rule(index).map(|rule| &rule.detector)
    }
}

/// The patterns of a rule that is a token or keyed.
fn patterns(rule: &Rule) -> Result<Vec<Pattern>, CatalogueError> {
    let texts = match &rule.detector.verify {
        Verify::Token(token) => token.patterns,
        Verify::Keyed(keyed) => keyed.values,
        Verify::Code(_) | Verify::Number(_) | Verify::Coded(_) | Verify::Phrase(_) => &[],
    };
    texts.iter().map(|pattern| Pattern::compile(rule.id, pattern)).collect()
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
