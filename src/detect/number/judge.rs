//! What stands at an anchor: every shape that ends somewhere behind it, its check, and the words in front.

use super::super::coded::Reading;
use super::super::context::{self, Standing, WordIndex};
use super::super::window::{Ahead, Window};
use super::super::{Confidence, RuleSet};
use super::walk::{State, Walk};
use super::{Found, Judged, MAX_LEAD, MAX_TAIL, Number, Numbers, border, is_free, is_joined, walk};

/// Where shapes end, and the states there; the nearest first.
struct Ends {
    ends: [(u8, State); MAX_TAIL],
    count: usize,
}

impl Ends {
    fn push(&mut self, length: u64, state: State) {
        if let Some(end) = self.ends.get_mut(self.count) {
            *end = (length as u8, state);
            self.count += 1;
        }
    }

    /// Lengths from the anchor on, and states; the furthest first.
    fn furthest_first(&self) -> impl Iterator<Item = (u64, State)> {
        let ends = self.ends.get(..self.count).unwrap_or_default();
        ends.iter().rev().map(|(length, state)| (u64::from(*length), *state))
    }
}

/// The words in front of a start, and those behind an end, once they were asked for.
#[derive(Default)]
struct Named {
    before: Option<(u64, Vec<Standing>)>,
    behind: Option<(u64, Option<Vec<WordIndex>>)>,
}

impl Numbers {
    /// Judges the run of digits that begins at `anchor`, where the byte in front is none.
    pub(in crate::detect) fn judge(
        &self,
        window: &Window,
        anchor: u64,
        rules: &RuleSet,
        out: &mut impl FnMut(Found),
    ) -> Judged {
        let (ends, open) = self.walk(window, anchor);
        let coded = self.read_coded(window, anchor, rules);
        let going = open
            .and_then(|state| self.earliest(window, anchor, self.tails.groups(state).iter().copied()))
            .into_iter();
        let read = || coded.iter().map(|(_, reading)| reading);
        if going.len() > 0 || read().any(|reading| matches!(reading, Reading::More { .. })) {
            // What has ended waits for what has not.
            let ended = ends
                .furthest_first()
                .filter(|(length, _)| border(window, anchor + length) != Some(false))
                .filter_map(|(_, state)| self.earliest_ended(window, anchor, state));
            let coded = read().filter_map(|reading| match reading {
                Reading::More { from: start } | Reading::Ends { start, .. } => Some(*start),
                Reading::No => None,
            });
            if let Some(from) = going.chain(ended).chain(coded).min() {
                return Judged::More { from };
            }
        }
        let (mut found, mut awaited): (Vec<Found>, Option<u64>) = Default::default();
        let mut words = Named::default();
        for (length, state) in ends.furthest_first() {
            match border(window, anchor + length) {
                Some(true) => {
                    let from = self.judge_end(window, (anchor, length), state, rules, &mut found, &mut words);
                    awaited = awaited.into_iter().chain(from).min();
                }
                Some(false) => {}
                None => {
                    let from = self.earliest_ended(window, anchor, state);
                    awaited = awaited.into_iter().chain(from).min();
                }
            }
        }
        found.extend(
            coded.iter().filter_map(|(nth, reading)| self.judge_coded(window, *nth, reading, &mut words)),
        );
        if awaited.is_some()
            && let Some(from) = found.iter().map(|found| found.start).chain(awaited).min()
        {
            return Judged::More { from };
        }
        found.into_iter().for_each(out);
        Judged::Done
    }

    /// Reads the shapes from the anchor on: where some end, and the state behind the last byte that has come if that
    /// is not the end of them.
    fn walk(&self, window: &Window, anchor: u64) -> (Ends, Option<State>) {
        let mut ends = Ends { ends: [(0, Walk::START); MAX_TAIL], count: 0 };
        let mut state = Walk::START;
        let text = window.slice(anchor, anchor + MAX_TAIL as u64);
        for (byte, length) in text.iter().zip(1..) {
            let Some(next) = self.tails.step(state, *byte) else { return (ends, None) };
            state = next;
            if self.tails.is_end(state) {
                ends.push(length, state);
            }
        }
        // No shape is longer than that.
        let is_over = text.len() == MAX_TAIL || window.ahead(anchor + text.len() as u64) == Ahead::End;
        (ends, (!is_over).then_some(state))
    }

    /// Judges the shapes that end at one place. Returns the earliest start that only more text decides.
    fn judge_end(
        &self,
        window: &Window,
        (anchor, length): (u64, u64),
        state: State,
        rules: &RuleSet,
        found: &mut Vec<Found>,
        words: &mut Named,
    ) -> Option<u64> {
        let end = anchor + length;
        let mut awaited: Option<u64> = None;
        // The shapes stand by lead.
        let mut last: Option<(usize, Option<Place>)> = None;
        for shape in self.tails.ends(state).iter().filter_map(|shape| self.shapes.get(usize::from(*shape))) {
            let place = match &mut last {
                Some((lead, place)) if *lead == shape.lead => place,
                last => &mut last.insert((shape.lead, self.place(window, anchor, shape.lead, end))).1,
            };
            let Some(place) = place else { continue };
            let Some((rule, number)) =
                self.entries.get(shape.entry).filter(|(rule, _)| rules.contains(*rule))
            else {
                continue;
            };
            let start = place.start;
            let is_found = |found: &Found| (found.rule, found.start) == (*rule, start);
            if place.is_tied(number.alone) || found.iter().any(is_found) {
                continue;
            }
            let Some(checked) = place.text.confidence(number) else { continue };
            match number.alone.then(|| goes_on(window, end)) {
                None | Some(Some(false)) => {}
                Some(Some(true)) => continue,
                Some(None) => {
                    awaited = awaited.into_iter().chain([start]).min();
                    continue;
                }
            }
            let doubt = if checked > Confidence::Low {
                place.doubt(window, end, checked, number)
            } else {
                Some(false)
            };
            let mut is_known = doubt.is_some();
            let (is_doubted, is_joined) = (doubt == Some(true), is_joined(window, start, end));
            let mut is_named = false;
            if checked < number.named || is_doubted || is_joined {
                let names = self.names(shape.entry);
                let near = self.names(self.entries.len() + self.coded.len() + shape.entry);
                is_named = self.is_named(window, start, names, (near, place.text.is_grouped()), words);
                if !is_named && !names.is_empty() {
                    let behind = self.is_named_behind(window, end, [names, near], words);
                    is_known &= behind.is_some();
                    is_named = behind == Some(true);
                }
                if !is_named && !number.behind.is_empty() {
                    let behind = context::is_named_behind(window, end, number.behind);
                    is_known &= behind.is_some();
                    is_named = behind == Some(true);
                }
            }
            if !is_known {
                awaited = awaited.into_iter().chain([start]).min();
            }
            let confidence = match () {
                () if is_named => checked.max(number.named),
                () if is_doubted => Confidence::Low,
                () => checked,
            };
            let is_checked = number.named == Confidence::High && confidence > Confidence::Low;
            if is_joined && !is_named && !is_checked {
                continue;
            }
            found.push(Found { rule: *rule, start, end, confidence });
        }
        awaited
    }

    /// Where a number begins that has this lead; `None` where none does.
    fn place<'w>(&self, window: &Window<'w>, anchor: u64, lead: usize, end: u64) -> Option<Place<'w>> {
        let start = start(window, anchor, self.leads.get(lead)?)?;
        let (tie, written) = (tie(window, start), window.slice(start, end));
        // `415) 555-0132` of `(415) 555-0132` is no number.
        let is_in_brackets =
            window.before(start) == Some(b'(') && written.contains(&b')') && !written.contains(&b'(');
        (tie != Tie::Tied && !is_in_brackets).then(|| Place { start, tie, text: Text::of(written) })
    }

    /// Where the earliest number begins whose shape ends in this state.
    fn earliest_ended(&self, window: &Window, anchor: u64, state: State) -> Option<u64> {
        let shapes = self.tails.ends(state).iter().filter_map(|shape| self.shapes.get(usize::from(*shape)));
        self.earliest(window, anchor, shapes.map(|shape| shape.lead as u16))
    }

    /// Where the earliest number begins that has one of these leads.
    fn earliest(&self, window: &Window, anchor: u64, leads: impl Iterator<Item = u16>) -> Option<u64> {
        let leads = leads.filter_map(|lead| self.leads.get(usize::from(lead)));
        leads.filter_map(|lead| start(window, anchor, lead)).min()
    }

    fn names(&self, list: usize) -> &[WordIndex] {
        self.names.get(list).map_or(&[], Vec::as_slice)
    }

    /// Whether one of `names` stands in front, or one of `near`: right in front, or anywhere where the number is grouped.
    fn is_named(
        &self,
        window: &Window,
        start: u64,
        names: &[WordIndex],
        (near, is_grouped): (&[WordIndex], bool),
        words: &mut Named,
    ) -> bool {
        if names.is_empty() && near.is_empty() {
            return false;
        }
        if words.before.as_ref().is_none_or(|(of, _)| *of != start) {
            words.before = Some((start, self.words.before(window, start)));
        }
        words.before.iter().flat_map(|(_, words)| words).any(|standing| {
            let is_near = || is_grouped || context::is_next(window.slice(standing.end, start));
            names.binary_search(&standing.word).is_ok()
                || near.binary_search(&standing.word).is_ok() && is_near()
        })
    }

    /// Whether one of `names` or `near` stands behind; `None` where that is not known yet.
    fn is_named_behind(
        &self,
        window: &Window,
        end: u64,
        names: [&[WordIndex]; 2],
        words: &mut Named,
    ) -> Option<bool> {
        if words.behind.as_ref().is_none_or(|(of, _)| *of != end) {
            words.behind = Some((end, self.words.behind(window, end)));
        }
        let (_, behind) = words.behind.as_ref()?;
        let is_name = |word| names.iter().any(|names| names.binary_search(word).is_ok());
        Some(behind.as_ref()?.iter().any(is_name))
    }

    /// Reads the numbers in free groups whose first digit stands at the anchor.
    fn read_coded(&self, window: &Window, anchor: u64, rules: &RuleSet) -> Vec<(usize, Reading)> {
        if !self.codes.may_stand_before(window, anchor) {
            return Vec::new();
        }
        let asked = self.coded.iter().enumerate().filter(|(_, (rule, _))| rules.contains(*rule));
        asked.map(|(nth, (_, coded))| (nth, coded.read(window, anchor))).collect()
    }

    /// Judges what was read of a number in free groups.
    fn judge_coded(
        &self,
        window: &Window,
        nth: usize,
        reading: &Reading,
        words: &mut Named,
    ) -> Option<Found> {
        let Reading::Ends { start, text, ends } = reading else { return None };
        let (rule, coded) = self.coded.get(nth)?;
        let start = *start;
        if tie(window, start) == Tie::Tied {
            return None;
        }
        let sure = |(length, end): &(usize, u64)| Some(((coded.check)(text.get(..*length)?)?, *end));
        let (checked, end) = ends.iter().rev().find_map(sure)?;
        let checked = less_if_small(checked, window.slice(start, end));
        let is_named = checked < Confidence::High
            && self.is_named(window, start, self.names(self.entries.len() + nth), (&[], false), words);
        let confidence = if is_named { Confidence::High } else { checked };
        if is_joined(window, start, end) && confidence == Confidence::Low {
            return None;
        }
        Some(Found { rule: *rule, start, end, confidence })
    }
}

/// A text that has the shape of numbers.
struct Place<'w> {
    start: u64,
    tie: Tie,
    text: Text<'w>,
}

impl Place<'_> {
    fn is_tied(&self, alone: bool) -> bool {
        alone && self.tie == Tie::Loose
    }

    /// Whether what stands around it says that it is something else; `None` where that is not known yet.
    fn doubt(&self, window: &Window, end: u64, sure: Confidence, number: &Number) -> Option<bool> {
        if sure == Confidence::Medium && context::is_other_in_front(window, self.start) {
            return Some(true);
        }
        self.is_in_column(window, end, number)
    }

    /// Whether it is written with spaces and goes on, in front or behind, as columns of numbers do: with two more of four digits
    /// or more, or of as many as stand next to them, and not with another number of its kind. `None` where that is not known yet.
    fn is_in_column(&self, window: &Window, end: u64, number: &Number) -> Option<bool> {
        let written = self.text.written;
        if !written.contains(&b' ') {
            return Some(false);
        }
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let first = written.iter().take_while(is_digit).count();
        let last = written.iter().rev().take_while(is_digit).count();
        if (first == 0 || columns_before(window, self.start, first) < COLUMNS)
            && (last == 0 || columns_behind(window, end, last)? < COLUMNS)
        {
            return Some(false);
        }
        let length = written.len() as u64;
        let before = self.start.checked_sub(length + 1).map(|start| self.is_again(window, start, number));
        Some(before != Some(Some(true)) && !self.is_again(window, end + 1, number)?)
    }

    /// Whether another number of the same kind, in the same notation, begins at `start`.
    fn is_again(&self, window: &Window, start: u64, number: &Number) -> Option<bool> {
        for (written, at) in self.text.written.iter().zip(start..) {
            match window.ahead(at) {
                Ahead::Unknown => return None,
                Ahead::Byte(byte)
                    if byte == *written || byte.is_ascii_digit() && written.is_ascii_digit() => {}
                Ahead::Byte(_) | Ahead::End => return Some(false),
            }
        }
        let other = Text::of(window.slice(start, start + self.text.written.len() as u64));
        Some(other.confidence(number) > Some(Confidence::Low))
    }
}

/// How many numbers of a column end in front of `start`, up to [`COLUMNS`].
fn columns_before(window: &Window, start: u64, first: usize) -> usize {
    let (mut at, mut count) = (start, 0);
    while count < COLUMNS && window.before(at) == Some(b' ') {
        let text = window.slice((at - 1).saturating_sub(LONG_COLUMN as u64), at - 1);
        let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits < COLUMN && digits != first {
            break;
        }
        (at, count) = (at - 1 - digits as u64, count + 1);
    }
    count
}

/// How many numbers of a column begin behind `end`, up to [`COLUMNS`]; `None` where that is not known yet.
fn columns_behind(window: &Window, end: u64, last: usize) -> Option<usize> {
    let (mut at, mut count) = (end, 0);
    while count < COLUMNS {
        match window.ahead(at) {
            Ahead::Byte(b' ') => {}
            Ahead::Byte(_) | Ahead::End => break,
            Ahead::Unknown => return None,
        }
        let mut digits = 0;
        let goes_on = loop {
            match window.ahead(at + 1 + digits as u64) {
                Ahead::Byte(byte) if byte.is_ascii_digit() && digits < LONG_COLUMN => digits += 1,
                Ahead::Byte(byte) => break b"/-.:".contains(&byte),
                Ahead::End => break false,
                Ahead::Unknown => return None,
            }
        };
        if digits < COLUMN && (digits == 0 || digits != last || goes_on) {
            break;
        }
        (at, count) = (at + 1 + digits as u64, count + 1);
    }
    Some(count)
}

/// So many numbers in a row beside one in groups are columns.
const COLUMNS: usize = 2;
/// More digits of a column are not counted.
const LONG_COLUMN: usize = 9;
/// Digits of a number that hardly stands behind one in groups, but in a column of them.
const COLUMN: usize = 4;

/// What was written, and what it says.
struct Text<'w> {
    written: &'w [u8],
    /// The letters and digits, in capitals.
    normal: [u8; MAX_LEAD + MAX_TAIL],
    length: usize,
    /// Of punctuation.
    signs: usize,
}

impl<'w> Text<'w> {
    fn of(written: &'w [u8]) -> Text<'w> {
        let mut normal = [0; MAX_LEAD + MAX_TAIL];
        let mut places = normal.iter_mut();
        let (mut length, mut signs) = (0, 0);
        for byte in written {
            if byte.is_ascii_alphanumeric() {
                if let Some(place) = places.next() {
                    *place = byte.to_ascii_uppercase();
                    length += 1;
                }
            } else {
                signs += usize::from(matches!(byte, b'-' | b'.' | b'/'));
            }
        }
        Text { written, normal, length, signs }
    }

    fn is_grouped(&self) -> bool {
        self.length < self.written.len()
    }

    /// How sure it alone makes that it is a number of this entry.
    fn confidence(&self, number: &Number) -> Option<Confidence> {
        let checked = (number.check)(self.normal.get(..self.length)?)?;
        let grouped = self.is_grouped().then_some(number.grouped);
        let punctuated = (self.signs > 1).then_some(number.punctuated);
        let says = [Some(checked), grouped, punctuated, (number.written)(self.written)];
        Some(less_if_small(says.into_iter().flatten().max()?, self.written))
    }
}

/// How sure a number is, which hardly anybody writes in small letters (but the `x` of an extension).
fn less_if_small(sure: Confidence, written: &[u8]) -> Confidence {
    match sure {
        sure if !written.iter().any(|byte| byte.is_ascii_lowercase() && *byte != b'x') => sure,
        Confidence::High => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// Where a number begins whose lead stands in front of `anchor`; `None` where another text does.
fn start(window: &Window, anchor: u64, lead: &[u8]) -> Option<u64> {
    let start = anchor.checked_sub(lead.len() as u64)?;
    let stands = (start..).zip(lead).all(|(at, wanted)| {
        // The letter of an escape is no letter of a number.
        window.at(at).is_some_and(|byte| walk::takes(*wanted, byte)) && !window.is_escape_letter(at)
    });
    (stands && is_free(window, start)).then_some(start)
}

/// How what stands before a number belongs to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    Free,
    /// It may: `(415) 555-0132`.
    Loose,
    /// It does: `0.4111…`, `7-4111-…`, `+4111…`.
    Tied,
}

fn tie(window: &Window, start: u64) -> Tie {
    let back = |distance| start.checked_sub(distance).and_then(|at| window.before(at));
    let is_digit = |distance| back(distance).is_some_and(|byte| byte.is_ascii_digit());
    match back(0) {
        // Where a letter begins, it is a space in an address of the web.
        Some(b'+') if window.at(start).is_some_and(|byte| byte.is_ascii_digit()) => Tie::Tied,
        Some(b'.' | b'-') if is_digit(1) => Tie::Tied,
        Some(b' ' | b')' | b'/') if is_digit(1) || back(1) == Some(b')') && is_digit(2) => Tie::Loose,
        _ => Tie::Free,
    }
}

/// Whether two digits or more follow behind a space; `None` where that is not known yet.
fn goes_on(window: &Window, end: u64) -> Option<bool> {
    for at in end..end + 3 {
        match window.ahead(at) {
            Ahead::Byte(byte) if if at == end { byte == b' ' } else { byte.is_ascii_digit() } => {}
            Ahead::Unknown => return None,
            Ahead::Byte(_) | Ahead::End => return Some(false),
        }
    }
    Some(true)
}
