//! One lane of text: its scanner, what it found, and how far its text is judged.

use super::copies::Copies;
use super::quotes::Quotes;
use super::{Actions, Stop, Tally};
use crate::class::Action;
use crate::detect::{Finding, RuleIndex, Scanner, ValueKey};
use crate::protocol::lane::{Channel, LaneKey, Text};
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

/// Bytes of text that are taken at a time, so that what is found in them is decided before the next ones are read.
const PIECE: usize = 4096;

/// So much of a value that may have begun, in bytes, is nothing yet: `42` at the end of a thought.
const NOTHING_YET: u64 = 8;

/// Findings for which an idle lane keeps room.
const IDLE_OPEN: usize = 4;

/// Findings that belong together, as they are written: one place, one verdict. Offsets count the lane's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) action: Action,
    pub(super) rule: RuleIndex,
    /// Tells the value that the rule found from others.
    pub(super) value: u64,
    pub(super) site: Site,
}

/// What the mask stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// A text.
    Text,
    /// A string of a JSON text.
    JsonString,
    /// A JSON text, outside of its strings: there the mask must become one.
    Json,
}

pub(super) struct Lane {
    pub(super) key: LaneKey,
    scanner: Scanner,
    length: u64,
    /// Nothing that is still to come changes anything before it.
    settled: u64,
    /// Before it everything was judged as if nothing followed.
    paused: u64,
    /// The length at which that was last tried.
    tried: u64,
    closed: bool,
    /// Findings whose neighbours may still come, by start.
    open: Vec<Finding>,
    /// The first of them that would change bytes begins here.
    undecided: u64,
    /// Decided, and not yet written behind the end of its last unit; by start, not overlapping.
    edits: VecDeque<Edit>,
    blocked: Option<u64>,
    /// Where the text is JSON itself.
    quotes: Option<Quotes>,
    /// Where later units say it once more.
    copies: Option<Copies>,
    /// What it took when that was asked last.
    measured: usize,
}

impl Lane {
    /// `value_key` where values are to be told apart.
    pub(super) fn new(key: LaneKey, value_key: Option<ValueKey>) -> Lane {
        Lane {
            key,
            scanner: Scanner::keyed(value_key),
            length: 0,
            settled: 0,
            paused: 0,
            tried: 0,
            closed: false,
            open: Vec::new(),
            undecided: u64::MAX,
            edits: VecDeque::new(),
            blocked: None,
            quotes: (key.channel == Channel::ToolArguments).then(Quotes::default),
            copies: None,
            measured: 0,
        }
    }

    /// A lane of one text that is complete in itself. Of a tool's arguments it may be one value (`**` rows), which is no
    /// JSON, or a copy of all of them, which is.
    pub(super) fn of_value(place: &Text, text: &[u8], value_key: Option<ValueKey>) -> Lane {
        let mut lane = Lane::new(LaneKey::value(place.channel), value_key);
        if !place.is_json || !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            lane.is_no_json();
        }
        lane
    }

    /// The text is not JSON, although what a tool is told is mostly that.
    pub(super) fn is_no_json(&mut self) {
        self.quotes = None;
    }

    /// The unit that brings this text says the whole of it once more.
    pub(super) fn will_be_copied(&mut self, text: &[u8]) {
        if self.length == 0 && self.copies.is_none() {
            self.copies = Some(Copies::default());
        }
        if let Some(copies) = &mut self.copies {
            copies.feed(text);
        }
    }

    /// Whether this is the whole text so far.
    pub(super) fn is_copied_by(&mut self, text: &[u8]) -> bool {
        self.copies.as_mut().is_some_and(|copies| copies.take(text, self.length))
    }

    /// Appends text. Why nothing more may leave, when a finding that must not was decided. What is looked for, and what is
    /// done about it, is what `actions` say of the lane's channel.
    ///
    /// `is_last` where nobody asks what is settled before the lane is closed: of a first and short text it is not worked out.
    pub(super) fn feed(
        &mut self,
        actions: &Actions,
        text: &[u8],
        is_last: bool,
        tally: &mut BTreeMap<Tally, u32>,
    ) -> Option<Stop> {
        let actions = actions.on(self.key.channel);
        let is_first = self.length == 0;
        self.length += text.len() as u64;
        if is_last && is_first && text.len() <= PIECE {
            self.scan(actions, text);
            return None;
        }
        let mut blocked = None;
        for piece in text.chunks(PIECE) {
            self.scan(actions, piece);
            let settled = self.scanner.settled(actions.catalogue(), actions.enabled());
            let settled = self.quotes.as_ref().map_or(settled, |quotes| quotes.start(settled));
            self.settled = settled.max(self.paused);
            let stop = self.decide(actions, tally);
            blocked = blocked.or(stop);
        }
        blocked
    }

    /// Appends text and closes, for a lane that is nothing else. Why nothing more may leave, as with [`Lane::feed`].
    pub(super) fn judge_whole(
        &mut self,
        actions: &Actions,
        text: &[u8],
        tally: &mut BTreeMap<Tally, u32>,
    ) -> Option<Stop> {
        let blocked = self.feed(actions, text, true, tally);
        let closed = self.close(actions, tally);
        blocked.or(closed)
    }

    /// The text is complete. Why nothing more may leave, as with [`Lane::feed`].
    pub(super) fn close(&mut self, actions: &Actions, tally: &mut BTreeMap<Tally, u32>) -> Option<Stop> {
        if self.closed {
            return None;
        }
        self.closed = true;
        let actions = actions.on(self.key.channel);
        let known = self.open.len();
        let (catalogue, enabled) = (actions.catalogue(), actions.enabled());
        if let Some(rest) = self.quotes.as_mut().map(Quotes::finish) {
            self.scanner.append(catalogue, enabled, &rest, &mut self.open);
        }
        self.scanner.finish(catalogue, enabled, &mut self.open);
        self.place(known);
        self.clip(known);
        self.settled = self.length;
        let blocked = self.decide(actions, tally);
        // What was read is not looked at again.
        (self.scanner, self.quotes, self.open) = (Scanner::default(), None, Vec::new());
        blocked
    }

    /// Another text of the same answer goes on, and this one does not: it is judged as if it were complete, so that nothing waits
    /// for it, unless a value of more than [`NOTHING_YET`] bytes may have begun. Should it go on after all, what of a value
    /// stands behind this place is found and masked. Why nothing more may leave, as with [`Lane::feed`].
    pub(super) fn pause(&mut self, actions: &Actions, tally: &mut BTreeMap<Tally, u32>) -> Option<Stop> {
        if self.closed || self.is_held_whole() || self.settled == self.length || self.tried == self.length {
            return None;
        }
        self.tried = self.length;
        let known = self.open.len();
        let actions = actions.on(self.key.channel);
        let mut scanner = self.scanner.clone();
        scanner.finish(actions.catalogue(), actions.enabled(), &mut self.open);
        let counts = |finding: &&Finding| actions.action(finding) > Action::Off;
        let found = self.open.iter().skip(known).filter(counts).map(|finding| finding.end).max();
        if self.length - self.scanner.undoubted().max(found.unwrap_or(0)) > NOTHING_YET {
            self.open.truncate(known);
            return None;
        }
        self.clip(known);
        (self.settled, self.paused) = (self.length, self.length);
        self.decide(actions, tally)
    }

    /// Brings a sum of what lanes take up to date, in bytes of memory.
    pub(super) fn measure(&mut self, sum: &mut usize) {
        let memory = size_of::<Lane>() - size_of::<Scanner>()
            + self.scanner.memory()
            + self.open.capacity() * size_of::<Finding>()
            + self.edits.capacity() * size_of::<Edit>()
            + self.quotes.as_ref().map_or(0, Quotes::heap)
            + self.copies.as_ref().map_or(0, Copies::heap);
        *sum = *sum - std::mem::replace(&mut self.measured, memory) + memory;
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Where the first blocked finding begins.
    pub(super) fn blocked_from(&self) -> Option<u64> {
        self.blocked
    }

    /// A tool call acts when it is complete: nothing of it leaves before its last byte is judged.
    pub(super) fn is_held_whole(&self) -> bool {
        self.key.channel == Channel::ToolArguments
    }

    /// Whether the text before `end` may leave.
    pub(super) fn releases(&self, end: u64) -> bool {
        if self.is_held_whole() && !self.closed {
            return false;
        }
        end <= self.settled.min(self.undecided)
    }

    /// Whether the text before `end` may leave when nothing follows it: a word may, the first digits of a card may not.
    pub(super) fn releases_last(&self, end: u64) -> bool {
        if self.is_held_whole() && !self.closed {
            return false;
        }
        let undoubted = self.scanner.undoubted();
        let undoubted = self.quotes.as_ref().map_or(undoubted, |quotes| quotes.start(undoubted));
        end <= undoubted.max(self.settled).min(self.undecided)
    }

    /// The edits that touch the text from `start` to `end`. Those that end there are forgotten, unless it will come again.
    pub(super) fn edits_within(&mut self, start: u64, end: u64) -> Vec<Edit> {
        let first = self.edits.partition_point(|edit| edit.end <= start);
        let touched = self.edits.range(first..).take_while(|edit| edit.start < end).copied().collect();
        if self.copies.is_none() {
            let ended = self.edits.partition_point(|edit| edit.end <= end);
            self.edits.drain(..ended);
            if self.edits.is_empty() {
                self.edits = VecDeque::new();
            }
        }
        touched
    }

    /// Whether there are any.
    pub(super) fn has_edits_within(&self, start: u64, end: u64) -> bool {
        let first = self.edits.partition_point(|edit| edit.end <= start);
        self.edits.get(first).is_some_and(|edit| edit.start < end)
    }

    pub(super) fn into_edits(self) -> Vec<Edit> {
        self.edits.into()
    }

    /// Looks for what is in more text.
    fn scan(&mut self, actions: &Actions, text: &[u8]) {
        let read = match &mut self.quotes {
            Some(quotes) => quotes.feed(text),
            None => Cow::Borrowed(text),
        };
        let known = self.open.len();
        self.scanner.append(actions.catalogue(), actions.enabled(), &read, &mut self.open);
        self.place(known);
        self.clip(known);
    }

    /// Of what was found, but for the first `known`, what stands before the last pause was decided then.
    fn clip(&mut self, known: usize) {
        if self.paused > 0 {
            let found = self.open.split_off(known);
            let behind = |mut finding: Finding| {
                finding.start = finding.start.max(self.paused);
                (finding.start < finding.end).then_some(finding)
            };
            self.open.extend(found.into_iter().filter_map(behind));
        }
    }

    /// What was found in the text as it is read, but for the first `known`, gets its place in the text as it is written.
    fn place(&mut self, known: usize) {
        if let Some(quotes) = &self.quotes {
            for finding in self.open.iter_mut().skip(known) {
                (finding.start, finding.end) = (quotes.start(finding.start), quotes.end(finding.end));
            }
        }
    }

    /// Decides each group of overlapping findings that nothing still to come can join.
    fn decide(&mut self, actions: &Actions, tally: &mut BTreeMap<Tally, u32>) -> Option<Stop> {
        if self.open.is_empty() {
            self.forget();
            return None;
        }
        self.open.retain(|finding| actions.action(finding) > Action::Off);
        self.open.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
        let mut final_until = 0;
        let mut group_end = 0;
        for (position, finding) in self.open.iter().enumerate() {
            if finding.start >= group_end && group_end <= self.settled {
                final_until = position;
            }
            group_end = group_end.max(finding.end);
        }
        if group_end <= self.settled {
            final_until = self.open.len();
        }
        let decided: Vec<Finding> = self.open.drain(..final_until).collect();
        self.open.shrink_to(IDLE_OPEN);
        let changes_bytes =
            |finding: &&Finding| actions.action(finding) >= Action::Redact || is_over(finding, actions);
        let mut stop = None;
        self.undecided = self.open.iter().find(changes_bytes).map_or(u64::MAX, |finding| finding.start);
        for mut edit in merge(&decided, actions) {
            edit.site = match &self.quotes {
                None => Site::Text,
                Some(quotes) if quotes.holds(edit.start) => Site::JsonString,
                Some(_) => Site::Json,
            };
            *tally
                .entry(Tally { rule: edit.rule, action: edit.action, channel: self.key.channel })
                .or_default() += 1;
            if edit.action == Action::Block && self.blocked.is_none() {
                self.blocked = Some(edit.start);
                let is_over = actions.is_over(edit.rule);
                stop = Some(if is_over { Stop::Classified } else { Stop::Blocked });
            }
            if edit.action >= Action::Redact {
                self.edits.push_back(edit);
            }
        }
        self.forget();
        stop
    }

    /// Forgets of the text as it is written what nothing will ask for.
    fn forget(&mut self) {
        let first = self.open.first().map_or(u64::MAX, |finding| finding.start);
        if let Some(quotes) = &mut self.quotes {
            quotes.forget(self.settled.min(first));
        }
    }
}

/// Overlapping findings become one: those that change bytes first, then what can only be recorded and does not stand within
/// one of them. In a group the strictest action wins, then what is no hint (level 2), then confidence, then length, then the
/// order of rules.
/// What is of a higher level than may go on is masked together with what touches it, else it blocks.
pub(super) fn merge(findings: &[Finding], actions: &Actions) -> Vec<Edit> {
    let changes = |finding: &&Finding| actions.action(finding) >= Action::Redact || is_over(finding, actions);
    let changing: Vec<Finding> = findings.iter().filter(changes).copied().collect();
    let is_flag = |finding: &&Finding| actions.action(finding) == Action::Flag && !is_over(finding, actions);
    let flagged: Vec<Finding> = findings.iter().filter(is_flag).copied().collect();
    let mut edits = merge_groups(&changing, actions);
    for edit in edits.iter_mut().filter(|edit| edit.action == Action::Flag) {
        edit.action = Action::Block;
    }
    let flags = merge_groups(&flagged, actions);
    // They do not overlap, and stand by start and so by end.
    let is_beyond = |flag: &Edit| {
        let next = edits.partition_point(|edit| edit.end <= flag.start);
        edits.get(next).is_none_or(|edit| flag.start < edit.start || edit.end < flag.end)
    };
    let flags: Vec<Edit> = flags.into_iter().filter(is_beyond).collect();
    edits.extend(flags);
    edits.sort_by_key(|edit| edit.start);
    edits
}

fn is_over(finding: &Finding, actions: &Actions) -> bool {
    actions.action(finding) == Action::Flag && actions.is_over(finding.rule)
}

/// `findings` are sorted by start.
fn merge_groups(findings: &[Finding], actions: &Actions) -> Vec<Edit> {
    let mut groups: Vec<(Edit, Finding)> = Vec::new();
    let is_hint =
        |finding: &Finding| actions.catalogue().rule(finding.rule).is_some_and(|rule| rule.level == Some(2));
    let rank = |finding: &Finding| {
        (
            actions.action(finding),
            !is_hint(finding),
            finding.confidence,
            finding.end - finding.start,
            std::cmp::Reverse(finding.rule),
        )
    };
    for finding in findings {
        match groups.last_mut() {
            Some((edit, best)) if finding.start < edit.end => {
                edit.end = edit.end.max(finding.end);
                if rank(finding) > rank(best) {
                    *best = *finding;
                    edit.action = actions.action(finding);
                    edit.rule = finding.rule;
                    edit.value = finding.value;
                }
            }
            _ => groups.push((
                Edit {
                    start: finding.start,
                    end: finding.end,
                    action: actions.action(finding),
                    rule: finding.rule,
                    value: finding.value,
                    site: Site::Text,
                },
                *finding,
            )),
        }
    }
    groups.into_iter().map(|(edit, _)| edit).collect()
}
