//! The anchors of many rules in one automaton: one table step for each byte, whatever the number of rules.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::catalogue::CatalogueRule;
use super::keyed;
use super::number::Numbers;
use super::pattern::{Pattern, Set};
use super::phrase::Forms;
use super::rules::{Verify, View};
use super::window::Window;
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
    /// The state behind a state and a class of bytes.
    next: Vec<State>,
    /// The class of each byte, and `unmatched`.
    columns: [State; 256],
    /// Classes of bytes, and the length of a row.
    stride: usize,
    start: State,
    /// Where the row of the first state begins in which no anchor ends.
    unmatched: State,
    /// For the states before that one: the length of each anchor that ends there, and one that it triggers.
    hits: Vec<Box<[(u64, u32)]>>,
    /// What the anchors trigger.
    triggers: Vec<Trigger>,
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

/// A state of an automaton: where its row begins, counted from [`Automaton::unmatched`]. The rows of states in which an anchor
/// ends are the first, so that these are negative.
pub(super) type State = i32;

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
    exact: Option<Vec<u8>>,
    /// Bytes after which it is nothing, unless they are the letter of an escape.
    not_after: Set,
}

impl Trigger {
    /// Whether the anchor is written at `start..end` as it must be, and what stands in front lets a match begin here.
    #[inline]
    pub(super) fn fits(&self, window: &Window, start: u64, end: u64) -> bool {
        let follows = start.checked_sub(1).is_none_or(|before| {
            window.at(before).is_none_or(|byte| !self.not_after.has(byte)) || window.is_escape_letter(before)
        });
        follows && self.exact.as_ref().is_none_or(|anchor| window.slice(start, end) == anchor)
    }
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
            let not_after = Set::of(detector.not_after);
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
                let trigger = Trigger { target: Target::Rule(index), nth: nth as u16, exact, not_after };
                anchors.entry(folded).or_default().push(trigger);
            }
            if detector.tail.is_some() || rule.custom.as_ref().is_some_and(|custom| custom.has_tail()) {
                tails.push(index);
                reach = reach.max(detector.look_back());
            }
        }
        if let Some(numbers) = numbers {
            let not_after = Set::of(|byte| byte.is_ascii_digit());
            for (nth, anchor) in Numbers::ANCHORS.iter().enumerate() {
                let trigger = Trigger { target: Target::Numbers, nth: nth as u16, exact: None, not_after };
                anchors.entry(anchor.to_vec()).or_default().push(trigger);
            }
            reach = reach.max(1 + numbers.look_back());
        }
        let mut triggers = Vec::new();
        // Of each anchor the first, and how many.
        let mut triggered = Vec::with_capacity(anchors.len());
        let anchors: Vec<Vec<u8>> = anchors
            .into_iter()
            .map(|(anchor, more)| {
                triggered.push(triggers.len()..triggers.len() + more.len());
                triggers.extend(more);
                anchor
            })
            .collect();
        // Without regard to case: anchors are in lower case, and a letter has one class in either.
        let longest = anchors.iter().map(Vec::len).max().unwrap_or(0);
        let table = Table::of(&anchors);
        let hits = table.hits.into_iter().map(|hits| {
            let all = hits.into_iter().flat_map(|(length, anchor)| {
                let triggers = triggered.get(anchor).cloned().unwrap_or_default();
                triggers.map(move |trigger| (length, trigger as u32))
            });
            all.collect()
        });
        let hits = hits.collect();
        let mut automaton = Automaton {
            next: table.next,
            columns: table.classes.map(|class| State::from(class) + table.unmatched),
            stride: table.stride,
            start: table.start,
            unmatched: table.unmatched,
            hits,
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
        let column = self.columns.get(usize::from(byte)).copied().unwrap_or(0);
        self.next.get(state.wrapping_add(column) as usize).copied().unwrap_or(0)
    }

    #[inline(always)]
    pub(super) fn is_match(&self, state: State) -> bool {
        state < 0
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
            // Negative where one of them is.
            let all = states.iter().fold(0, |all, state| all | state);
            if self.is_match(all) {
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
    #[inline]
    pub(super) fn hits(&self, state: State) -> impl Iterator<Item = (u64, &Trigger)> {
        let row = state.wrapping_add(self.unmatched) as usize / self.stride.max(1);
        let hits = self.hits.get(row).map_or(&[] as &[_], |hits| hits);
        hits.iter().filter_map(|(length, trigger)| Some((*length, self.triggers.get(*trigger as usize)?)))
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
    unmatched: State,
    hits: Vec<Vec<(u64, usize)>>,
}

impl Table {
    /// As A. Aho and M. Corasick have it (Efficient String Matching, 1975), with a whole row for each state: that of its
    /// fallback, but for the bytes that lead on.
    fn of(anchors: &[Vec<u8>]) -> Table {
        let (classes, stride) = classes(anchors);
        let class = |byte: &u8| classes.get(usize::from(*byte)).copied().unwrap_or(0);
        let mut nodes = vec![Node::default()];
        for (pattern, anchor) in anchors.iter().enumerate() {
            let (mut node, mut rareness) = (0, 0);
            for (class, byte) in anchor.iter().map(class).zip(anchor) {
                rareness += rareness_of(*byte);
                let known =
                    nodes.get(node).and_then(|node| node.children.iter().find(|(of, _)| *of == class));
                let next = known.map_or(nodes.len(), |(_, next)| *next);
                if next == nodes.len() {
                    nodes.push(Node { rareness, ..Node::default() });
                    if let Some(node) = nodes.get_mut(node) {
                        node.children.push((class, next));
                    }
                }
                node = next;
            }
            if let Some(node) = nodes.get_mut(node) {
                node.hits.push((anchor.len() as u64, pattern));
            }
        }
        let rows = rows(&mut nodes, stride);
        // What prose is in most often stands together: behind the proxy's own work little of the table is in the caches.
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        order.sort_by_key(|nth| nodes.get(*nth).map_or(0, |node| node.rareness));
        // Those in which an anchor ends come first.
        let is_match = |nth: &usize| nodes.get(*nth).is_some_and(|node| !node.hits.is_empty());
        let (matched, others): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_match);
        let unmatched = (matched.len() * stride) as State;
        let mut places = vec![0; nodes.len()];
        for (row, nth) in matched.iter().chain(&others).enumerate() {
            if let Some(place) = places.get_mut(*nth) {
                *place = (row * stride) as State - unmatched;
            }
        }
        let place = |nth: &usize| places.get(*nth).copied().unwrap_or(0);
        let ordered = matched.iter().chain(&others);
        let ordered = ordered.filter_map(|nth| rows.get(nth * stride..(nth + 1) * stride));
        let next = ordered.flatten().map(place).collect();
        let start = place(&0);
        let hits = matched.iter().filter_map(|nth| nodes.get(*nth)).map(|node| node.hits.clone()).collect();
        Table { next, classes, stride, start, unmatched, hits }
    }
}

/// A prefix of anchors, while the table is made.
#[derive(Default)]
struct Node {
    /// The prefixes that are one byte longer, by its class.
    children: Vec<(u8, usize)>,
    /// The longest end of it that is a prefix, too.
    fallback: usize,
    /// The anchors that end with it: length and number.
    hits: Vec<(u64, usize)>,
    /// How seldom prose is there: the sum of its bytes'.
    rareness: u32,
}

/// Where each class of bytes leads from each prefix, shorter ones first.
fn rows(nodes: &mut [Node], stride: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = vec![0; nodes.len() * stride];
    let mut open = VecDeque::from([0]);
    while let Some(node) = open.pop_front() {
        let Some(Node { children, fallback, .. }) = nodes.get(node) else { continue };
        let (children, fallback) = (children.clone(), *fallback);
        if node > 0 {
            rows.copy_within(fallback * stride..(fallback + 1) * stride, node * stride);
        }
        for (class, child) in children {
            let Some(place) = rows.get_mut(node * stride + usize::from(class)) else { continue };
            // What the row says so far is where the shorter ends lead.
            let behind = std::mem::replace(place, child);
            let inherited = nodes.get(behind).map(|node| node.hits.clone()).unwrap_or_default();
            if let Some(child) = nodes.get_mut(child) {
                child.fallback = behind;
                child.hits.extend(inherited);
            }
            open.push_back(child);
        }
    }
    rows
}

/// The class of each byte, and how many there are: one for all bytes of no anchor, one for each other, whatever its case.
/// Those of frequent letters are the first, so that prose reads the beginnings of rows.
fn classes(anchors: &[Vec<u8>]) -> ([u8; 256], usize) {
    let mut used: Vec<u8> = anchors.iter().flatten().copied().collect::<BTreeSet<u8>>().into_iter().collect();
    used.sort_by_key(|byte| rareness_of(*byte));
    let mut classes = [0; 256];
    for (class, byte) in (1..=u8::MAX).zip(&used) {
        for byte in [*byte, byte.to_ascii_uppercase()] {
            if let Some(place) = classes.get_mut(usize::from(byte)) {
                *place = class;
            }
        }
    }
    (classes, used.len() + 1)
}

/// How seldom a byte is in prose, in bits, near enough for what is read often to stand together.
fn rareness_of(byte: u8) -> u32 {
    const COMMON: &[u8] = b" etaoinshrdlucmwfgypbvk";
    COMMON.iter().position(|common| *common == byte).map_or(9, |nth| 3 + nth as u32 / 4)
}
