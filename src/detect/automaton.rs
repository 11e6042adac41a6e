//! The anchors of many rules in one automaton: one table step for each byte, whatever the number of rules.

use std::collections::{BTreeMap, HashSet};

use aho_corasick::automaton::Automaton as _;
pub(super) use aho_corasick::automaton::StateID;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, MatchKind, PatternID, StartKind};

use super::catalogue::CatalogueRule;
use super::number::Numbers;
use super::pattern::Pattern;
use super::rules::View;
use super::{CatalogueError, RuleIndex, plain};

/// The anchors of the rules of one view.
pub(super) struct Automaton {
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

/// What an anchor may begin a candidate for.
pub(super) struct Trigger {
    pub(super) target: Target,
    /// Which of the rule's anchors it is.
    pub(super) nth: u16,
    /// The anchor as it must be written; `None` when case does not matter.
    pub(super) exact: Option<Vec<u8>>,
}

/// Who judges a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Rule(RuleIndex),
    /// All numbers together.
    Numbers,
    /// What is looked up where a word begins.
    Words,
}

impl Automaton {
    /// Of these rules, which have the same view, with their patterns; and the anchors of numbers where they are of it.
    pub(super) fn compile<'r>(
        rules: impl Iterator<Item = (RuleIndex, &'r CatalogueRule)>,
        patterns: &'r [Vec<Pattern>],
        numbers: Option<&Numbers>,
    ) -> Result<Automaton, CatalogueError> {
        let mut anchors: BTreeMap<Vec<u8>, Vec<Trigger>> = BTreeMap::new();
        let mut holding = HashSet::new();
        let mut tails = Vec::new();
        let mut reach = 0;
        for (index, rule) in rules {
            let detector = &rule.detector;
            let own = detector.anchors.iter().copied();
            let literals = patterns.get(index.position()).into_iter().flatten().map(Pattern::literal);
            let custom = rule.custom.iter().flat_map(|custom| custom.anchors()).map(Vec::as_slice);
            for (nth, anchor) in own.chain(literals).chain(custom).enumerate() {
                if anchor.is_empty() || anchor.len() > usize::from(u8::MAX) {
                    return Err(CatalogueError::Anchor(rule.id.to_string()));
                }
                let anchor = match detector.view {
                    View::Plain => plain::of(anchor),
                    View::Written => anchor.to_vec(),
                };
                let folded = anchor.to_ascii_lowercase();
                if detector.starts_at_anchor {
                    holding
                        .extend((1..folded.len()).filter_map(|length| folded.get(..length)).map(Vec::from));
                }
                reach = reach.max(anchor.len() as u64 + detector.look_back());
                let exact = (!detector.any_case).then_some(anchor);
                let trigger = Trigger { target: Target::Rule(index), nth: nth as u16, exact };
                anchors.entry(folded).or_default().push(trigger);
            }
            if detector.tail.is_some() || rule.custom.as_ref().is_some_and(|custom| custom.has_tail()) {
                tails.push(index);
                reach = reach.max(detector.look_back());
            }
        }
        if let Some(numbers) = numbers {
            for (nth, anchor) in Numbers::ANCHORS.iter().enumerate() {
                let trigger = Trigger { target: Target::Numbers, nth: nth as u16, exact: None };
                anchors.entry(anchor.to_vec()).or_default().push(trigger);
            }
            reach = reach.max(1 + numbers.look_back());
        }
        let (anchors, triggers): (Vec<_>, Vec<_>) = anchors.into_iter().unzip();
        let failed = |error: &dyn std::fmt::Display| CatalogueError::Automaton(error.to_string());
        let dfa = DFA::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .ascii_case_insensitive(true)
            .prefilter(false)
            .build(&anchors)
            .map_err(|error| failed(&error))?;
        let start = dfa.start_state(Anchored::No).map_err(|error| failed(&error))?;
        let holds = holds(&dfa, start, &anchors, &holding);
        Ok(Automaton { dfa, start, triggers, holds, tails, reach })
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        self.dfa.memory_usage() + self.holds.len() * size_of::<(StateID, u8)>()
    }

    pub(super) fn start(&self) -> StateID {
        self.start
    }

    /// One step. `state` must come from this automaton.
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

    pub(super) fn tails(&self) -> &[RuleIndex] {
        &self.tails
    }

    pub(super) fn reach(&self) -> u64 {
        self.reach
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
