//! The rules, compiled once: the anchors of all of them in one automaton.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, PatternID, StartKind};

use super::RuleIndex;
use super::rules::{self, Detector, Rule};

/// Most rules of a catalogue; a [`RuleSet`] has one bit for each.
const MAX_RULES: usize = 512;

/// Every rule, compiled. Immutable; shared by all lanes.
pub struct Catalogue {
    rules: Vec<Rule>,
    dfa: DFA,
    start: StateID,
    /// What each anchor of the automaton triggers, by pattern.
    triggers: Vec<Vec<Trigger>>,
    /// Bytes that an automaton state holds back, by state, sorted: the longest end of the text that may become
    /// an anchor at which a match starts. States that hold nothing are not listed.
    holds: Vec<(StateID, u8)>,
    /// The rules whose match starts before their anchor.
    tails: Vec<RuleIndex>,
    /// Bytes before the end of the text that a later candidate may still look at.
    reach: u64,
}

/// A rule that an anchor may begin a candidate for.
pub(super) struct Trigger {
    pub(super) rule: RuleIndex,
    /// The anchor as it must be written; `None` when case does not matter.
    pub(super) exact: Option<&'static [u8]>,
}

/// Why a catalogue could not be compiled. Never happens for a catalogue that once compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueError {
    /// More rules than a [`RuleSet`] has bits for.
    TooManyRules,
    /// An anchor is empty or longer than 255 bytes, in this rule.
    Anchor(&'static str),
    /// The automaton did not build.
    Automaton(String),
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogueError::TooManyRules => write!(f, "more than {MAX_RULES} rules"),
            CatalogueError::Anchor(id) => write!(f, "rule `{id}`: an anchor is empty or too long"),
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

    /// Bytes of memory that the automaton takes.
    pub fn memory(&self) -> usize {
        self.dfa.memory_usage() + self.holds.len() * size_of::<(StateID, u8)>()
    }

    fn compile(rules: Vec<Rule>) -> Result<Catalogue, CatalogueError> {
        if rules.len() > MAX_RULES {
            return Err(CatalogueError::TooManyRules);
        }
        let mut anchors: BTreeMap<Vec<u8>, Vec<Trigger>> = BTreeMap::new();
        let mut holding = HashSet::new();
        let mut tails = Vec::new();
        let mut reach = 0;
        for (index, rule) in rules.iter().enumerate() {
            let detector = &rule.detector;
            let index = RuleIndex(index as u16);
            for anchor in detector.anchors {
                if anchor.is_empty() || anchor.len() > usize::from(u8::MAX) {
                    return Err(CatalogueError::Anchor(rule.id));
                }
                let folded = anchor.to_ascii_lowercase();
                if detector.starts_at_anchor {
                    holding
                        .extend((1..folded.len()).filter_map(|length| folded.get(..length)).map(Vec::from));
                }
                let exact = (!detector.any_case).then_some(*anchor);
                anchors.entry(folded).or_default().push(Trigger { rule: index, exact });
                reach = reach.max(anchor.len() as u64 + detector.look_back());
            }
            if detector.tail.is_some() {
                tails.push(index);
                reach = reach.max(detector.look_back());
            }
        }
        let (anchors, triggers): (Vec<_>, Vec<_>) = anchors.into_iter().unzip();
        let failed = |error: &dyn fmt::Display| CatalogueError::Automaton(error.to_string());
        let dfa = DFA::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .ascii_case_insensitive(true)
            .prefilter(false)
            .build(&anchors)
            .map_err(|error| failed(&error))?;
        let start = dfa.start_state(Anchored::No).map_err(|error| failed(&error))?;
        let holds = holds(&dfa, start, &anchors, &holding);
        Ok(Catalogue { rules, dfa, start, triggers, holds, tails, reach })
    }

    pub(super) fn start(&self) -> StateID {
        self.start
    }

    /// One step of the automaton. `state` must come from this catalogue.
    #[inline(always)]
    pub(super) fn step(&self, state: StateID, byte: u8) -> StateID {
        self.dfa.next_state(Anchored::No, state, byte)
    }

    #[inline(always)]
    pub(super) fn is_match(&self, state: StateID) -> bool {
        // "Special" is a dead or a match state, and one comparison; an unanchored automaton is never dead.
        self.dfa.is_special(state) && self.dfa.is_match(state)
    }

    /// The anchors that end in `state`: their lengths, and what they trigger.
    pub(super) fn hits(&self, state: StateID) -> impl Iterator<Item = (u64, &Trigger)> {
        (0..self.dfa.match_len(state)).flat_map(move |nth| {
            let pattern: PatternID = self.dfa.match_pattern(state, nth);
            let length = self.dfa.pattern_len(pattern) as u64;
            self.triggers.get(pattern.as_usize()).into_iter().flatten().map(move |trigger| (length, trigger))
        })
    }

    /// How many of the last bytes may belong to an anchor that has begun.
    pub(super) fn held(&self, state: StateID) -> u64 {
        let found = self.holds.binary_search_by_key(&state, |(state, _)| *state).ok();
        found.and_then(|nth| self.holds.get(nth)).map_or(0, |(_, bytes)| u64::from(*bytes))
    }

    pub(super) fn detector(&self, index: RuleIndex) -> Option<&Detector> {
        self.rule(index).map(|rule| &rule.detector)
    }

    pub(super) fn tails(&self) -> &[RuleIndex] {
        &self.tails
    }

    pub(super) fn reach(&self) -> u64 {
        self.reach
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

/// For each state of the automaton, which is a prefix of an anchor: its longest end that is in `holding`.
fn holds(dfa: &DFA, start: StateID, anchors: &[Vec<u8>], holding: &HashSet<Vec<u8>>) -> Vec<(StateID, u8)> {
    let mut holds = BTreeMap::new();
    for anchor in anchors {
        let mut state = start;
        for (index, byte) in anchor.iter().enumerate() {
            state = dfa.next_state(Anchored::No, state, *byte);
            let read = anchor.get(..=index).unwrap_or_default();
            let held = (0..=index).filter_map(|from| read.get(from..)).find(|end| holding.contains(*end));
            if let Some(held) = held {
                holds.insert(state, held.len() as u8);
            }
        }
    }
    holds.into_iter().collect()
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
