//! The anchors of many rules in one automaton: one table step for each byte, whatever the number of rules.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::noncontiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use super::catalogue::CatalogueRule;
use super::keyed;
use super::number::Numbers;
use super::pattern::Pattern;
use super::phrase::Forms;
use super::rules::{Verify, View};
use super::{CatalogueError, RuleIndex, plain};

/// Text is read by so many lanes side by side: one waits for memory at each byte, four wait together.
const LANES: usize = 4;
/// Text shorter than this is read by one lane: the others would read much of it twice.
const MIN_SHARED: usize = 512;

/// The anchors of the rules of one view.
///
/// The table is that of an Aho-Corasick automaton. A state is what of the text may still become an anchor, so behind any
/// bytes as many as the longest anchor has, a lane that began at the start is in the same state as one that read everything.
pub(super) struct Automaton {
    /// The state behind a state and a class of bytes. A state is where its row begins; those in which an anchor ends are
    /// the first.
    next: Vec<State>,
    /// The class of each byte.
    classes: [u8; 256],
    /// Classes of bytes, and the length of a row.
    stride: usize,
    start: State,
    /// The first state in which no anchor ends.
    first_unmatched: State,
    /// The anchors that end in the states before that one: length, and what they trigger.
    hits: Vec<Vec<(u64, usize)>>,
    /// What each anchor triggers.
    triggers: Vec<Vec<Trigger>>,
    /// Bytes that a state holds back, sorted: the longest end of the text that may become an anchor at which a match
    /// starts. States that hold nothing are not listed.
    holds: Vec<(State, u8)>,
    /// The rules whose match starts before their anchor.
    tails: Vec<RuleIndex>,
    /// Bytes before the end of the text that a later candidate may still look at.
    reach: u64,
    /// Bytes of the longest anchor.
    longest: usize,
}

/// A state of an automaton: where its row begins.
pub(super) type State = u32;

/// Where anchors end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    /// Bytes of the text up to there.
    pub(super) end: usize,
    pub(super) state: State,
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
        phrases: &'r [Forms],
        numbers: Option<&Numbers>,
    ) -> Result<Automaton, CatalogueError> {
        let mut anchors: BTreeMap<Vec<u8>, Vec<Trigger>> = BTreeMap::new();
        let mut holding = HashSet::new();
        let mut tails = Vec::new();
        let mut reach = 0;
        for (index, rule) in rules {
            let detector = &rule.detector;
            let is_keyed = matches!(detector.verify, Verify::Keyed(_));
            let most = if is_keyed { keyed::MAX_ANCHOR } else { usize::MAX };
            let own = detector.anchors.iter().map(|anchor| anchor.get(..most).unwrap_or(anchor));
            let is_token = matches!(detector.verify, Verify::Token(_));
            let tokens = patterns.get(index.position()).filter(|_| is_token);
            let literals = tokens.into_iter().flatten().map(Pattern::literal);
            let custom = rule.custom.iter().flat_map(|custom| custom.anchors()).map(Vec::as_slice);
            let cased = own.chain(literals).chain(custom).map(|anchor| (anchor, !detector.any_case));
            let words = phrases.get(index.position()).into_iter().flat_map(Forms::anchors);
            let words = words.map(|anchor| (anchor.text.as_slice(), anchor.is_exact));
            for (nth, (anchor, is_exact)) in cased.chain(words).enumerate() {
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
                let exact = is_exact.then_some(anchor);
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
        // Without regard to case: anchors are in lower case, and a letter has one class in either.
        let nfa = NFA::builder().match_kind(MatchKind::Standard).prefilter(false).build(&anchors);
        let nfa = nfa.map_err(|error| failed(&error))?;
        let longest = anchors.iter().map(Vec::len).max().unwrap_or(0);
        let table = Table::of(&nfa, &anchors).map_err(|error| failed(&error))?;
        let mut automaton = Automaton {
            next: table.next,
            classes: table.classes,
            stride: table.stride,
            start: table.start,
            first_unmatched: table.first_unmatched,
            hits: table.hits,
            triggers,
            holds: Vec::new(),
            tails,
            reach,
            longest,
        };
        automaton.holds = automaton.holds(&anchors, &holding);
        Ok(automaton)
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        self.next.len() * size_of::<State>() + self.holds.len() * size_of::<(State, u8)>()
    }

    pub(super) fn start(&self) -> State {
        self.start
    }

    /// One step. `state` must come from this automaton.
    #[inline(always)]
    pub(super) fn step(&self, state: State, byte: u8) -> State {
        let class = self.classes.get(usize::from(byte)).copied().unwrap_or(0);
        self.next.get(state as usize + usize::from(class)).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub(super) fn is_match(&self, state: State) -> bool {
        state < self.first_unmatched
    }

    /// Reads on from `state`: the state behind `text`, and where anchors end in it, in order.
    pub(super) fn read(&self, state: State, text: &[u8], stops: &mut Vec<Stop>) -> State {
        let share = text.len() / LANES;
        if text.len() < MIN_SHARED || share < 4 * self.longest {
            return self.read_lane(state, text, 0, stops);
        }
        let (shared, rest) = text.split_at(share * LANES);
        let mut lanes = shared.chunks_exact(share);
        let (Some(a), Some(b), Some(c), Some(d)) = (lanes.next(), lanes.next(), lanes.next(), lanes.next())
        else {
            return self.read_lane(state, text, 0, stops);
        };
        // Each begins so far before its share that it is in the state of one that has read everything.
        let behind = |lane: &[u8]| {
            let before = lane.get(lane.len().saturating_sub(self.longest)..).unwrap_or_default();
            before.iter().fold(self.start, |state, byte| self.step(state, *byte))
        };
        let mut states = [state, behind(a), behind(b), behind(c)];
        let mut found: [Vec<Stop>; LANES] = Default::default();
        for (index, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            let [sa, sb, sc, sd] = states;
            states = [self.step(sa, *a), self.step(sb, *b), self.step(sc, *c), self.step(sd, *d)];
            let least = states.iter().fold(State::MAX, |least, state| least.min(*state));
            if self.is_match(least) {
                for ((lane, state), found) in states.iter().enumerate().zip(&mut found) {
                    if self.is_match(*state) {
                        found.push(Stop { end: lane * share + index + 1, state: *state });
                    }
                }
            }
        }
        stops.extend(found.into_iter().flatten());
        let [.., last] = states;
        self.read_lane(last, rest, shared.len(), stops)
    }

    fn read_lane(&self, mut state: State, text: &[u8], before: usize, stops: &mut Vec<Stop>) -> State {
        for (byte, end) in text.iter().zip(before + 1..) {
            state = self.step(state, *byte);
            if self.is_match(state) {
                stops.push(Stop { end, state });
            }
        }
        state
    }

    /// The anchors that end in `state`: their lengths, and what they trigger.
    pub(super) fn hits(&self, state: State) -> impl Iterator<Item = (u64, &Trigger)> {
        let hits = self.hits.get(state as usize / self.stride.max(1)).into_iter().flatten();
        hits.flat_map(|(length, pattern)| {
            self.triggers.get(*pattern).into_iter().flatten().map(move |trigger| (*length, trigger))
        })
    }

    /// How many of the last bytes may belong to an anchor that has begun.
    pub(super) fn held(&self, state: State) -> u64 {
        let found = self.holds.binary_search_by_key(&state, |(state, _)| *state).ok();
        found.and_then(|nth| self.holds.get(nth)).map_or(0, |(_, bytes)| u64::from(*bytes))
    }

    pub(super) fn tails(&self) -> &[RuleIndex] {
        &self.tails
    }

    pub(super) fn reach(&self) -> u64 {
        self.reach
    }

    /// For each state, which is a prefix of an anchor: its longest end that is in `holding`.
    fn holds(&self, anchors: &[Vec<u8>], holding: &HashSet<Vec<u8>>) -> Vec<(State, u8)> {
        let mut holds = BTreeMap::new();
        for anchor in anchors {
            let mut state = self.start;
            for (index, byte) in anchor.iter().enumerate() {
                state = self.step(state, *byte);
                let read = anchor.get(..=index).unwrap_or_default();
                let held = (0..=index).filter_map(|from| read.get(from..)).find(|end| holding.contains(*end));
                if let Some(held) = held {
                    holds.insert(state, held.len() as u8);
                }
            }
        }
        holds.into_iter().collect()
    }
}

/// The transitions of an automaton in rows.
struct Table {
    next: Vec<State>,
    classes: [u8; 256],
    stride: usize,
    start: State,
    first_unmatched: State,
    hits: Vec<Vec<(u64, usize)>>,
}

impl Table {
    fn of(nfa: &NFA, anchors: &[Vec<u8>]) -> Result<Table, aho_corasick::MatchError> {
        let start = nfa.start_state(Anchored::No)?;
        let (classes, members) = classes(anchors);
        // Every state that can be reached, by rows.
        let mut found: HashMap<StateID, usize> = HashMap::from([(start, 0)]);
        let mut states = vec![start];
        let mut rows: Vec<usize> = Vec::new();
        let mut read = 0;
        while let Some(state) = states.get(read).copied() {
            read += 1;
            rows.extend(members.iter().map(|byte| {
                // A byte of no anchor leads back to the start.
                let next = byte.map_or(start, |byte| nfa.next_state(Anchored::No, state, byte));
                *found.entry(next).or_insert_with(|| {
                    states.push(next);
                    states.len() - 1
                })
            }));
        }
        // Those in which an anchor ends come first.
        let stride = members.len();
        let (matched, unmatched): (Vec<usize>, Vec<usize>) =
            (0..states.len()).partition(|nth| states.get(*nth).is_some_and(|state| nfa.is_match(*state)));
        let mut places = vec![0; states.len()];
        for (row, nth) in matched.iter().chain(&unmatched).enumerate() {
            if let Some(place) = places.get_mut(*nth) {
                *place = (row * stride) as State;
            }
        }
        let place = |nth: &usize| places.get(*nth).copied().unwrap_or(0);
        let ordered = matched.iter().chain(&unmatched);
        let ordered = ordered.filter_map(|nth| rows.get(nth * stride..(nth + 1) * stride));
        let next = ordered.flatten().map(place).collect();
        let hits = matched.iter().filter_map(|nth| states.get(*nth)).map(|state| {
            let patterns = (0..nfa.match_len(*state)).map(|nth| nfa.match_pattern(*state, nth));
            patterns.map(|pattern| (nfa.pattern_len(pattern) as u64, pattern.as_usize())).collect()
        });
        let (hits, first_unmatched) = (hits.collect(), (matched.len() * stride) as State);
        Ok(Table { next, classes, stride, start: place(&0), first_unmatched, hits })
    }
}

/// The class of each byte, and a byte of each class: one for all bytes of no anchor, one for each other, whatever its case.
fn classes(anchors: &[Vec<u8>]) -> ([u8; 256], Vec<Option<u8>>) {
    let used: BTreeSet<u8> = anchors.iter().flatten().copied().collect();
    let members: Vec<Option<u8>> = [None].into_iter().chain(used.into_iter().map(Some)).collect();
    let mut classes = [0; 256];
    for (class, byte) in classes.iter_mut().zip(0..=u8::MAX) {
        let member = members.iter().position(|member| *member == Some(byte.to_ascii_lowercase()));
        *class = member.unwrap_or(0) as u8;
    }
    (classes, members)
}
