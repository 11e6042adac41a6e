//! Joins protocol and detection: text comes in by lanes, and bytes leave once their text is judged.
//!
//! What enters are [`Unit`]s, the pieces of an answer that stay whole (one event of a stream, one JSON body), each
//! with the places of its texts. A text belongs to a lane: one string that the receiver will put together from the
//! deltas of many units (the content of choice 0, the arguments of its second tool call). Each lane has one scanner.
//!
//! Invariants:
//! - units leave in the order in which they came, and whole; without a finding, as the bytes that came;
//! - a unit leaves when everything before its end is settled in each of its lanes: no later text can make a finding
//!   that begins in it;
//! - a mask stands in the first unit that a finding touches; from the others the rest of it vanishes;
//! - keys of an object stay different where they are masked;
//! - the result depends on the units, never on how their bytes were cut into chunks.

mod actions;
mod copies;
mod lane;
mod names;
mod numbers;
#[cfg(feature = "cli")]
mod places;
mod quotes;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod reference;
mod splice;

pub use actions::{Actions, DEFAULT_MASK, PLACEHOLDERS};
pub use numbers::{MAX_NUMBERED, Numbers};
#[cfg(feature = "cli")]
pub use places::{Place, places};

use crate::class::{Action, Level};
use crate::detect::{RuleIndex, ValueKey};
use crate::protocol::framing::Envelope;
use crate::protocol::json::NodeId;
use crate::protocol::lane::{Channel, Encoding, LaneKey, Text};
use lane::{Edit, Lane};
use names::Names;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

/// One stream has at most so many lanes; an answer with more (choices × channels × tool calls) is not one.
pub const MAX_LANES: usize = 4096;

/// What the lanes of a stream may take, in bytes, before it counts as held: some 600 lanes that are read, such as those of
/// 128 choices with several channels each.
const FREE_LANES: usize = 1 << 20;

/// Units for which an empty queue keeps room.
const IDLE_UNITS: usize = 8;

/// One kind of finding, for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tally {
    /// The rule that found it.
    pub rule: RuleIndex,
    /// What the guard says about it.
    pub action: Action,
    /// Where the text stood.
    pub channel: Channel,
}

/// Why nothing more may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A finding that the guard blocks.
    Blocked,
    /// A finding of a higher level than may go on.
    Classified,
    /// There are more lanes than [`MAX_LANES`].
    TooManyLanes,
    /// A lane went on after its end.
    LaneReopened,
    /// What should be all that came before is something else.
    NoCopy,
}

struct Segment {
    lane: Option<usize>,
    /// Where the text begins in its lane.
    start: u64,
    /// Its length as text.
    length: u64,
    span: Range<usize>,
    encoding: Encoding,
    /// The object of which it is a key.
    key_of: Option<NodeId>,
    /// The edits of a value that has no lane.
    edits: Vec<Edit>,
}

impl Segment {
    /// A text of so many bytes that begins at `start` of its lane.
    fn of(text: &Text, lane: Option<usize>, start: u64, length: usize) -> Segment {
        Segment {
            lane,
            start,
            length: length as u64,
            span: text.span.clone(),
            encoding: text.encoding,
            key_of: text.key_of,
            edits: Vec::new(),
        }
    }
}

/// A piece of a body that stays whole.
pub struct Unit {
    bytes: Vec<u8>,
    envelope: Option<Envelope>,
    segments: Vec<Segment>,
}

impl Unit {
    /// A unit of these bytes, and what they were taken out of.
    pub fn new(bytes: Vec<u8>, envelope: Option<Envelope>) -> Unit {
        Unit { bytes, envelope, segments: Vec::new() }
    }

    /// What holding it takes, in bytes: its own, or all that is kept beside them where that is more.
    fn size(&self) -> usize {
        let bytes = self.bytes.len() + self.envelope.as_ref().map_or(0, |envelope| envelope.original.len());
        let edits = self.segments.iter().map(|segment| segment.edits.capacity() * size_of::<Edit>());
        let beside = size_of::<Unit>() + self.segments.len() * size_of::<Segment>() + edits.sum::<usize>();
        bytes.max(beside)
    }
}

/// The state of one direction of one exchange.
pub struct Redactor {
    actions: Arc<Actions>,
    lanes: Vec<Lane>,
    /// What they take, in bytes, each as it was measured last.
    lane_memory: usize,
    index: HashMap<LaneKey, usize>,
    queue: VecDeque<Unit>,
    held: usize,
    tally: BTreeMap<Tally, u32>,
    numbers: Numbers,
    stopped: Option<Stop>,
}

impl Redactor {
    /// Nothing held, nothing found. `numbers` are those of the exchange so far.
    pub fn new(actions: Arc<Actions>, numbers: Numbers) -> Redactor {
        Redactor {
            actions,
            lanes: Vec::new(),
            lane_memory: 0,
            index: HashMap::new(),
            queue: VecDeque::new(),
            held: 0,
            tally: BTreeMap::new(),
            numbers,
            stopped: None,
        }
    }

    /// Takes one unit with its texts, which do not overlap. After a stop nothing is taken.
    pub fn push(&mut self, unit: Unit, texts: &[Text]) -> Result<(), Stop> {
        self.take(unit, texts, false)
    }

    /// Takes a whole body with its texts, and closes all their lanes, so that everything in it is found whatever is blocked.
    pub fn judge(&mut self, body: Unit, texts: &[Text]) -> Result<(), Stop> {
        let taken = self.take(body, texts, true);
        let blocked = self.close_lanes(|_| true);
        taken?;
        blocked.map_or(Ok(()), |stop| Err(self.stop(stop)))
    }

    /// `is_last` where all lanes are closed right behind it.
    fn take(&mut self, mut unit: Unit, texts: &[Text], is_last: bool) -> Result<(), Stop> {
        if let Some(stop) = self.stopped {
            return Err(stop);
        }
        let mut texts: Vec<&Text> = texts.iter().collect();
        texts.sort_by_key(|text| (text.repeats, text.span.start));
        let copied: Vec<_> = texts.iter().filter(|text| text.repeats).map(|text| text.lane).collect();
        unit.segments.reserve_exact(texts.iter().filter(|text| text.lane.is_some()).count());
        let mut stop = None;
        for text in &texts {
            let is_copied = copied.contains(&text.lane);
            let raw = unit.bytes.get(text.span.clone()).unwrap_or_default();
            let decoded = text.encoding.decode(raw);
            let segment = match text.lane {
                None => self.value(text, &decoded, &mut stop),
                Some(key) => match self.lane(key) {
                    Err(reason) => return Err(self.stop(reason)),
                    Ok(index) if text.repeats => match self.repeat_lane(index, text, &decoded) {
                        Some(segment) => Some(segment),
                        // Nothing has judged it, so its unit is not kept.
                        None => return Err(self.stop(Stop::NoCopy)),
                    },
                    Ok(index) => {
                        Some(self.continue_lane(index, text, &decoded, is_copied, is_last, &mut stop))
                    }
                },
            };
            unit.segments.extend(segment);
        }
        if !copied.is_empty() {
            unit.segments.sort_by_key(|segment| segment.span.start);
        }
        unit.keep_names(&texts);
        self.held += unit.size();
        self.queue.push_back(unit);
        if !is_last {
            stop = stop.or(self.pause());
        }
        match stop {
            Some(reason) => Err(self.stop(reason)),
            None => Ok(()),
        }
    }

    /// What was said does not wait where something else of the same answer is said now: lanes that the first unit waits for, and
    /// that do not go on with the last one, pause.
    fn pause(&mut self) -> Option<Stop> {
        let (first, last) = (self.queue.front()?, self.queue.back()?);
        if first
            .segments
            .iter()
            .map(|segment| segment.lane)
            .eq(last.segments.iter().map(|segment| segment.lane))
        {
            return None;
        }
        let speaks = |segment: &Segment| segment.lane.filter(|_| segment.length > 0);
        let now: BTreeSet<usize> = last.segments.iter().filter_map(speaks).collect();
        let items: BTreeSet<u32> =
            now.iter().filter_map(|lane| Some(self.lanes.get(*lane)?.key.item)).collect();
        let before = first.segments.iter().filter_map(speaks).filter(|lane| !now.contains(lane));
        let mut stop = None;
        for index in before.collect::<Vec<_>>() {
            if let Some(lane) = self.lanes.get_mut(index)
                && items.contains(&lane.key.item)
            {
                stop = stop.or(lane.pause(&self.actions, &mut self.tally));
                lane.measure(&mut self.lane_memory);
            }
        }
        stop
    }

    /// The text of these lanes is complete. Calls are the last: where another text is blocked, they do not leave.
    pub fn close(&mut self, which: impl Fn(&LaneKey) -> bool) -> Result<(), Stop> {
        let blocked = self.close_lanes(|lane| which(&lane.key) && !lane.is_held_whole());
        let blocked = blocked.or_else(|| self.close_lanes(|lane| which(&lane.key) && lane.is_held_whole()));
        match (self.stopped, blocked) {
            (Some(stop), _) => Err(stop),
            (None, Some(stop)) => Err(self.stop(stop)),
            (None, None) => Ok(()),
        }
    }

    /// Why nothing more may leave, where that is decided now.
    fn close_lanes(&mut self, which: impl Fn(&Lane) -> bool) -> Option<Stop> {
        let mut blocked = None;
        for lane in self.lanes.iter_mut().filter(|lane| which(lane)) {
            let stop = lane.close(&self.actions, &mut self.tally);
            blocked = blocked.or(stop);
            lane.measure(&mut self.lane_memory);
        }
        blocked
    }

    /// What comes for these lanes begins anew; what they were is complete.
    pub fn restart(&mut self, which: impl Fn(&LaneKey) -> bool) -> Result<(), Stop> {
        self.close(&which)?;
        self.index.retain(|key, _| !which(key));
        Ok(())
    }

    /// Moves every unit that may leave to `out`.
    pub fn drain(&mut self, out: &mut Vec<u8>) {
        while let Some(unit) = self.queue.front() {
            if !self.releases(unit, Lane::releases) {
                return;
            }
            if let Some(unit) = self.queue.pop_front() {
                self.held = self.held.saturating_sub(unit.size());
                self.write(unit, out);
            }
        }
        if self.queue.capacity() > IDLE_UNITS {
            self.queue = VecDeque::new();
        }
    }

    /// After a stop: moves what stands before the place of the stop to `out`, and drops the rest: what may be the
    /// beginning of a finding, and a tool call that is not complete and never will be.
    pub fn drain_before_stop(&mut self, out: &mut Vec<u8>) {
        while let Some(mut unit) = self.queue.pop_front() {
            let holds_stop = self.truncate_at_block(&mut unit);
            if !self.releases(&unit, Lane::releases_last) {
                break;
            }
            if !holds_stop || !unit.segments.is_empty() {
                self.write(unit, out);
            }
            if holds_stop {
                break;
            }
        }
        self.queue.clear();
        self.held = 0;
    }

    /// Bytes that are held back now.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Whether what is held, and what more lanes than an ordinary stream has take, is more than so many bytes.
    pub fn exceeds(&self, limit: usize) -> bool {
        self.held + self.lane_memory.saturating_sub(FREE_LANES) > limit
    }

    /// Whether something was found that changes bytes.
    pub fn has_edits(&self) -> bool {
        self.tally.keys().any(|tally| tally.action == Action::Redact)
    }

    /// The highest level of what was found and goes on as it is: what is masked does not. `None` where that is nothing, or public.
    /// Where verdicts are observed only, all of it goes on.
    pub fn forwarded_level(&self, observes: bool) -> Option<Level> {
        let went = self.tally.keys().filter(|tally| observes || tally.action == Action::Flag);
        went.map(|tally| self.actions.level(tally.rule)).max().filter(|level| *level > Level::Public)
    }

    /// How much was found so far.
    pub fn found(&self) -> u64 {
        self.tally.values().copied().map(u64::from).sum()
    }

    /// What was found so far, with counts, in a stable order.
    pub fn findings(&self) -> impl Iterator<Item = (Tally, u32)> + '_ {
        self.tally.iter().map(|(tally, count)| (*tally, *count))
    }

    /// The numbers of the exchange, with those of the masks that left.
    pub fn into_numbers(self) -> Numbers {
        self.numbers
    }

    /// What the guard says.
    pub fn actions(&self) -> &Actions {
        &self.actions
    }

    /// Whether everything before the unit's end has its verdict. What stands behind a block is not asked for: it goes.
    fn releases(&self, unit: &Unit, releases: fn(&Lane, u64) -> bool) -> bool {
        unit.segments.iter().all(|segment| match segment.lane.and_then(|index| self.lanes.get(index)) {
            Some(lane) => {
                let end = segment.start + segment.length;
                releases(lane, lane.blocked_from().map_or(end, |block| end.min(block)))
            }
            None => true,
        })
    }

    fn stop(&mut self, stop: Stop) -> Stop {
        *self.stopped.get_or_insert(stop)
    }

    fn lane(&mut self, key: LaneKey) -> Result<usize, Stop> {
        if let Some(index) = self.index.get(&key) {
            return Ok(*index);
        }
        if self.lanes.len() >= MAX_LANES {
            return Err(Stop::TooManyLanes);
        }
        let index = self.lanes.len();
        if index == self.lanes.capacity() {
            // Most streams have one, and lanes are large.
            self.lanes.reserve_exact(1 + index / 2);
        }
        self.lanes.push(Lane::new(key, self.value_key()));
        self.index.insert(key, index);
        Ok(index)
    }

    /// Under which values are told apart, where a mask asks for it.
    fn value_key(&self) -> Option<ValueKey> {
        self.actions.is_numbered().then(|| self.numbers.key())
    }

    /// A value that is complete in itself. `None` where nothing in it changes.
    fn value(&mut self, text: &Text, decoded: &[u8], stop: &mut Option<Stop>) -> Option<Segment> {
        let actions = self.actions.on(text.channel);
        // Escapes may hide one in JSON.
        let may_hide = text.is_json && decoded.contains(&b'\\');
        if !may_hide && !actions.may_hold(text.channel, decoded) {
            return None;
        }
        let mut lane = Lane::of_value(text, decoded, self.value_key());
        *stop = lane.judge_whole(&self.actions, decoded, &mut self.tally).or(*stop);
        let edits = lane.into_edits();
        (!edits.is_empty()).then(|| Segment { edits, ..Segment::of(text, None, 0, decoded.len()) })
    }

    fn continue_lane(
        &mut self,
        index: usize,
        text: &Text,
        decoded: &[u8],
        is_copied: bool,
        is_last: bool,
        stop: &mut Option<Stop>,
    ) -> Segment {
        let mut start = 0;
        if let Some(lane) = self.lanes.get_mut(index) {
            start = lane.length();
            if !text.is_json {
                lane.is_no_json();
            }
            if is_copied {
                lane.will_be_copied(decoded);
            }
            if lane.is_closed() && !decoded.is_empty() {
                *stop = Some(Stop::LaneReopened);
            } else {
                *stop = lane.feed(&self.actions, decoded, is_last, &mut self.tally).or(*stop);
            }
        }
        self.measure(index);
        Segment::of(text, Some(index), start, decoded.len())
    }

    /// The text of the lane from its beginning: it waits and is masked as that is. `None` where it is another text.
    fn repeat_lane(&mut self, index: usize, text: &Text, decoded: &[u8]) -> Option<Segment> {
        let is_copy = self.lanes.get_mut(index)?.is_copied_by(decoded);
        is_copy.then(|| Segment::of(text, Some(index), 0, decoded.len()))
    }

    /// Whether the stop is in this unit. Then what of it may still leave is what stands before the stop in the
    /// texts that a receiver shows at once; a unit of which nothing may leave comes back without segments.
    fn truncate_at_block(&self, unit: &mut Unit) -> bool {
        let mut hit = false;
        let mut whole = false;
        for segment in &mut unit.segments {
            let end = segment.start + segment.length;
            match segment.lane.and_then(|index| self.lanes.get(index)) {
                Some(lane) => {
                    if let Some(block) = lane.blocked_from()
                        && (block < end || lane.is_held_whole())
                    {
                        hit = true;
                        whole |= lane.is_held_whole() || block <= segment.start;
                    }
                }
                None => {
                    if segment.edits.iter().any(|edit| edit.action == Action::Block) {
                        hit = true;
                        whole = true;
                    }
                }
            }
        }
        if whole {
            unit.segments.clear();
        }
        hit
    }

    /// Notes what a lane takes.
    fn measure(&mut self, index: usize) {
        if let Some(lane) = self.lanes.get_mut(index) {
            lane.measure(&mut self.lane_memory);
        }
    }

    /// Whether a finding touches it that changes bytes.
    fn changes(&self, segment: &Segment) -> bool {
        match segment.lane.and_then(|index| self.lanes.get(index)) {
            Some(lane) => lane.has_edits_within(segment.start, segment.start + segment.length),
            None => !segment.edits.is_empty(),
        }
    }

    fn write(&mut self, unit: Unit, out: &mut Vec<u8>) {
        let begin = out.len();
        let mut names = Names::kept(&unit, self);
        let (mut written, mut is_changed) = (0, false);
        for segment in &unit.segments {
            let edits = match segment.lane.and_then(|index| self.lanes.get_mut(index)) {
                Some(lane) => lane.edits_within(segment.start, segment.start + segment.length),
                None => segment.edits.clone(),
            };
            if edits.is_empty() {
                continue;
            }
            if let Some(index) = segment.lane {
                self.measure(index);
            }
            out.extend_from_slice(unit.bytes.get(written..segment.span.start).unwrap_or_default());
            let raw = unit.bytes.get(segment.span.clone()).unwrap_or_default();
            let mut mask = |edit: &Edit| self.actions.mask(edit.rule, edit.value, &mut self.numbers);
            let from = out.len();
            splice::splice(raw, segment.encoding, segment.start, &edits, &mut mask, out);
            if let Some(object) = segment.key_of {
                names.tell_apart(object, from, out);
            }
            (written, is_changed) = (segment.span.end, true);
        }
        match unit.envelope {
            Some(envelope) if !is_changed => out.extend_from_slice(&envelope.original),
            Some(envelope) => {
                out.extend_from_slice(unit.bytes.get(written..).unwrap_or_default());
                let content = out.split_off(begin);
                out.extend_from_slice(&(envelope.seal)(&envelope.original, &content));
            }
            None => out.extend_from_slice(unit.bytes.get(written..).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests;
