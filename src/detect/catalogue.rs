//! The rules, compiled once.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::RuleIndex;
use super::automaton::Automaton;
use super::custom::words::{Draft, Words};
use super::custom::{Matcher, Prepared};
use super::number::Numbers;
use super::pattern::Pattern;
use super::phrase::Forms;
use super::rules::{self, Detector, Example, Rule, Verify, View};
use crate::class::{Action, Class, Direction, Level};
use crate::glob::Glob;

/// Most rules of a catalogue; a [`RuleSet`] has one bit for each.
const MAX_RULES: usize = 1024;

/// Every rule, compiled. Immutable; shared by all lanes.
pub struct Catalogue {
    rules: Vec<CatalogueRule>,
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
    /// What is looked up where a word begins; `None` where that is nothing.
    words: Option<Words>,
}

/// A rule of a catalogue: built in, or the customer's own.
pub struct CatalogueRule {
    /// The stable name in policies and records.
    pub id: Cow<'static, str>,
    /// What kind of thing it finds.
    pub class: Class,
    /// For `injection`: 1 is a marker that no benign text writes, 2 is a phrase. `None` for other classes.
    pub level: Option<u8>,
    /// One sentence for people.
    pub description: Cow<'static, str>,
    /// Where the format is specified.
    pub source: Cow<'static, str>,
    /// Texts with one finding each.
    pub true_examples: &'static [Example],
    /// Texts without a finding of this rule that would be acted on (medium or high).
    pub false_examples: &'static [&'static str],
    /// Whether it is a text that must not come out, and stands in requests by right.
    pub is_canary: bool,
    pub(super) detector: Detector,
    /// What judges it; `None` where it is built in.
    pub(super) custom: Option<Matcher>,
}

impl CatalogueRule {
    /// What a guard that says nothing about this rule does.
    pub fn default_action(&self, direction: Direction) -> Action {
        match direction {
            Direction::Request if self.is_canary => Action::Off,
            Direction::Response if self.is_canary => Action::Block,
            _ => rules::default_action(&self.class),
        }
    }

    /// The level of what it finds, where the configuration does not say.
    pub fn default_level(&self) -> Level {
        if self.is_canary { Level::Restricted } else { self.class.level() }
    }

    /// Whether it comes with Portcullis.
    pub fn is_built_in(&self) -> bool {
        self.custom.is_none()
    }
}

impl From<Rule> for CatalogueRule {
    fn from(rule: Rule) -> CatalogueRule {
        CatalogueRule {
            id: Cow::Borrowed(rule.id),
            class: rule.class,
            level: rule.level,
            description: Cow::Borrowed(rule.description),
            source: Cow::Borrowed(rule.source),
            true_examples: rule.true_examples,
            false_examples: rule.false_examples,
            is_canary: false,
            detector: rule.detector,
            custom: None,
        }
    }
}

/// Why a catalogue could not be compiled. Never happens for a catalogue that once compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueError {
    /// More rules than a [`RuleSet`] has bits for.
    TooManyRules,
    /// An anchor is empty or longer than 255 bytes, in this rule.
    Anchor(String),
    /// A shape has no digit near its beginning, or is too long, in this rule.
    Shape(&'static str),
    /// More shapes of numbers than there are bits for.
    TooManyShapes,
    /// A pattern cannot be read, or begins with no literal, in this rule.
    Pattern(&'static str),
    /// A phrase cannot be read, or has too many slots, in this rule.
    Phrase(&'static str),
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
        }
    }
}

impl std::error::Error for CatalogueError {}

impl Catalogue {
    /// The rules that come with Portcullis. Takes a few milliseconds: compile once, share.
    pub fn built_in() -> Result<Catalogue, CatalogueError> {
        Catalogue::with(Vec::new())
    }

    /// The same, and the customer's own behind them.
    pub fn with(custom: Vec<Prepared>) -> Result<Catalogue, CatalogueError> {
        Catalogue::compile(rules::built_in(), custom)
    }

    /// The rules that come with Portcullis, compiled once for all configurations that have none of their own.
    pub fn shared() -> Result<Arc<Catalogue>, CatalogueError> {
        static SHARED: OnceLock<Arc<Catalogue>> = OnceLock::new();
        match SHARED.get() {
            Some(catalogue) => Ok(catalogue.clone()),
            None => {
                let catalogue = Arc::new(Catalogue::built_in()?);
                Ok(SHARED.get_or_init(|| catalogue).clone())
            }
        }
    }

    /// Every rule, in the order of its index.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = (RuleIndex, &CatalogueRule)> {
        self.rules.iter().enumerate().map(|(index, rule)| (RuleIndex(index as u16), rule))
    }

    /// The rule of `index`; `None` only for an index of another catalogue.
    pub fn rule(&self, index: RuleIndex) -> Option<&CatalogueRule> {
        self.rules.get(usize::from(index.0))
    }

    /// The rule with this id.
    pub fn index_of(&self, id: &str) -> Option<RuleIndex> {
        self.rules().find(|(_, rule)| rule.id == id).map(|(index, _)| index)
    }

    /// Bytes of memory that the automata take.
    pub fn memory(&self) -> usize {
        let words = self.words.as_ref().map_or(0, Words::memory);
        self.plain.memory() + self.written.memory() + self.numbers.memory() + words
    }

    pub(super) fn compile(rules: Vec<Rule>, custom: Vec<Prepared>) -> Result<Catalogue, CatalogueError> {
        if rules.len() + custom.len() > MAX_RULES {
            return Err(CatalogueError::TooManyRules);
        }
        let indexed = || rules.iter().enumerate().map(|(index, rule)| (RuleIndex(index as u16), rule));
        let numbers = Numbers::compile(indexed())?;
        let patterns = rules.iter().map(patterns).collect::<Result<Vec<_>, _>>()?;
        let phrases = rules.iter().map(Forms::compile).collect::<Result<Vec<_>, _>>()?;
        let mut draft = Draft::default();
        let mut rules: Vec<CatalogueRule> = rules.into_iter().map(CatalogueRule::from).collect();
        for prepared in custom {
            let index = RuleIndex(rules.len() as u16);
            rules.push(prepared.into_rule(index, &mut draft));
        }
        let indexed = || rules.iter().enumerate().map(|(index, rule)| (RuleIndex(index as u16), rule));
        let of = |view| {
            let rules = indexed().filter(|(_, rule)| rule.detector.view == view);
            Automaton::compile(rules, &patterns, &phrases, (view == View::Plain).then_some(&numbers))
        };
        let (plain, written) = (of(View::Plain)?, of(View::Written)?);
        let (words, allowed_hosts) = (draft.sort(), Vec::new());
        Ok(Catalogue { plain, written, numbers, patterns, phrases, allowed_hosts, words, rules })
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

    /// Bytes before the end of the text in this form that a later candidate may look at.
    pub(super) fn reach(&self, view: View) -> u64 {
        let words = self.words(view).map_or(0, Words::look_back);
        self.view(view).reach().max(words)
    }

    /// What is looked up in this form of the text.
    pub(super) fn words(&self, view: View) -> Option<&Words> {
        self.words.as_ref().filter(|_| view == View::Plain)
    }

    pub(super) fn custom(&self, index: RuleIndex) -> Option<&Matcher> {
        self.rule(index)?.custom.as_ref()
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

    /// Whether a rule of it is in another one, too.
    pub(super) fn meets(&self, other: &RuleSet) -> bool {
        self.bits.iter().zip(&other.bits).any(|(one, other)| one & other != 0)
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }
}
