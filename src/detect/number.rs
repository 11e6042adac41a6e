//! Numbers that somebody gives out (identity, tax, bank, card): a shape of digits and letters, and a check digit.
//!
//! **How it works.** An entry names *shapes* (`S9999999A`, `999-99-9999`). The first digit of a run of digits is the
//! anchor of all entries together. Around it the shapes are matched side by side, one bit each: a byte costs one `and`
//! of a row of bits, whatever the number of shapes. What is left when a shape ends goes to its entry's check, and then the
//! text in front is asked for a word that names it ([`super::context`]).
//!
//! A number stands alone: no letter, digit or `_` touches it, no hyphen, point or plus ties it to more of its kind.
//! Several entries may find the same number; each says for itself how sure it is.

use super::coded::{Coded, Reading};
use super::context;
use super::rules::{Rule, Verify};
use super::window::{Ahead, Window, is_word};
use super::{CatalogueError, Confidence, RuleIndex, RuleSet};

/// A kind of number, as a rule writes it down.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// What it looks like: `9` is a digit, `A` a letter, `#` either, and everything else itself (letters in either case).
    /// In front of the first `9` stand at most [`MAX_LEAD`] characters, and no `#`.
    pub(super) shapes: &'static [&'static str],
    /// What its letters and digits say, in upper case and without separators: `None` where it is no such number, else
    /// how sure that alone makes.
    pub(super) check: fn(&[u8]) -> Option<Confidence>,
    /// Words of which one in front makes it `named`. In lower case; see [`context::is_named`].
    pub(super) context: &'static [&'static str],
    /// How sure a word in front makes: high where a check digit was right, else medium.
    pub(super) named: Confidence,
    /// How sure it makes that it is written with punctuation of its own (`999-99-9999`): two signs or more, spaces are none.
    pub(super) punctuated: Confidence,
}

impl Number {
    /// With a check digit.
    pub(super) const fn checked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number { shapes, check, context, named: Confidence::High, punctuated: Confidence::Low }
    }

    /// Without one: what `check` says of the shape, or of ranges.
    pub(super) const fn unchecked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number { shapes, check, context, named: Confidence::Medium, punctuated: Confidence::Low }
    }

    /// One whose punctuation no other number has.
    pub(super) const fn punctuated(self, punctuated: Confidence) -> Number {
        Number { punctuated, ..self }
    }
}

/// Most characters of a shape in front of its first digit.
pub(super) const MAX_LEAD: usize = 6;
/// Most characters of a shape from its first digit on: an IBAN in groups of four.
const MAX_TAIL: usize = 44;
/// Words of 64 bits for one bit a shape.
const WORDS: usize = 12;
/// Bytes in front of a number that its shape and its ties are read from.
const MAX_BEFORE: u64 = MAX_LEAD as u64 + 2;

/// One bit a shape.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shapes([u64; WORDS]);

impl Shapes {
    const NONE: Shapes = Shapes([0; WORDS]);

    fn insert(&mut self, shape: usize) {
        if let Some(word) = self.0.get_mut(shape / 64) {
            *word |= 1 << (shape % 64);
        }
    }

    #[inline]
    fn retain(&mut self, other: &Shapes) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    fn and(mut self, other: &Shapes) -> Shapes {
        self.retain(other);
        self
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(nth, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(nth * 64 + bit)
            })
        })
    }
}

/// Which shapes take a byte at one place, by the byte's class.
type Row = Vec<Shapes>;

/// All entries of a catalogue.
pub(super) struct Numbers {
    entries: Vec<(RuleIndex, Number)>,
    /// Those in free groups.
    coded: Vec<(RuleIndex, Coded)>,
    /// The entry of each shape, and how many characters it has in front of its first digit.
    shapes: Vec<(usize, usize)>,
    /// Bytes that no shape tells apart have one class.
    classes: Vec<u8>,
    /// Rows in front of the anchor, nearest first; the first character of a shape has a border in front of it.
    before: Vec<Row>,
    /// Rows from the anchor on.
    ahead: Vec<Row>,
    /// Which shapes end with a place from the anchor on.
    ends: Vec<Shapes>,
    /// Rows from the beginning of the shapes, up to their first digit.
    leads: Vec<Row>,
}

/// What is known of the number at an anchor.
pub(super) enum Judged {
    /// Everything: what was found has been handed over.
    Done,
    /// More text is needed; a number would start at `from` or later.
    More { from: u64 },
}

/// One number found.
pub(super) struct Found {
    pub(super) rule: RuleIndex,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) confidence: Confidence,
}

impl Numbers {
    /// The anchors: a number begins, but for its lead, where a run of digits does.
    pub(super) const ANCHORS: [&'static [u8]; 10] =
        [b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"];

    /// Of the rules that are numbers.
    pub(super) fn compile<'r>(
        rules: impl Iterator<Item = (RuleIndex, &'r Rule)>,
    ) -> Result<Numbers, CatalogueError> {
        let mut entries = Vec::new();
        let mut coded = Vec::new();
        let mut shapes: Vec<(usize, usize, &[u8])> = Vec::new();
        for (index, rule) in rules {
            let number = match rule.detector.verify {
                Verify::Number(number) => number,
                Verify::Coded(numbers) => {
                    coded.push((index, numbers));
                    continue;
                }
                Verify::Code(_) | Verify::Token(_) => continue,
            };
            for shape in number.shapes {
                let shape = shape.as_bytes();
                let lead = shape.iter().position(|byte| *byte == b'9').filter(|lead| *lead <= MAX_LEAD);
                let lead = lead.filter(|lead| shape.len() - lead <= MAX_TAIL && shape.is_ascii());
                let lead = lead.filter(|lead| shape.iter().take(*lead).all(|byte| *byte != b'#'));
                let lead = lead.ok_or(CatalogueError::Shape(rule.id))?;
                shapes.push((entries.len(), lead, shape));
            }
            entries.push((index, number));
        }
        if shapes.len() > WORDS * 64 {
            return Err(CatalogueError::TooManyShapes);
        }
        let (classes, members) = classes(shapes.iter().map(|(_, _, shape)| *shape));
        let row = |takes: &dyn Fn(usize, &[u8], Option<u8>) -> bool| -> Row {
            let takes = |member: &Option<u8>| {
                let mut taken = Shapes::NONE;
                for (nth, (_, lead, shape)) in shapes.iter().enumerate() {
                    if takes(*lead, shape, *member) {
                        taken.insert(nth);
                    }
                }
                taken
            };
            members.iter().map(takes).collect()
        };
        let before = (1..=MAX_LEAD + 1).map(|back| {
            row(&|lead, shape, byte| match lead.checked_sub(back) {
                Some(at) => is_taken(shape, at, byte),
                // In front of the first character; what is further away does not matter.
                None => lead + 1 < back || !byte.is_some_and(is_word),
            })
        });
        let ahead = (0..MAX_TAIL).map(|at| row(&|lead, shape, byte| is_taken(shape, lead + at, byte)));
        let leads = (0..MAX_LEAD).map(|at| row(&|lead, shape, byte| at < lead && is_taken(shape, at, byte)));
        let ends = (0..MAX_TAIL).map(|at| {
            let mut ends = Shapes::NONE;
            for (nth, (_, lead, shape)) in shapes.iter().enumerate() {
                if lead + at + 1 == shape.len() {
                    ends.insert(nth);
                }
            }
            ends
        });
        Ok(Numbers {
            before: before.collect(),
            ahead: ahead.collect(),
            leads: leads.collect(),
            ends: ends.collect(),
            shapes: shapes.iter().map(|(entry, lead, _)| (*entry, *lead)).collect(),
            entries,
            coded,
            classes,
        })
    }

    /// Bytes before an anchor that are read.
    pub(super) fn look_back(&self) -> u64 {
        MAX_BEFORE + context::REACH
    }

    /// Bytes of memory that the rows take.
    pub(super) fn memory(&self) -> usize {
        let rows = self.before.iter().chain(&self.ahead).chain(&self.leads);
        rows.map(|row| row.len() * size_of::<Shapes>()).sum()
    }

    /// Whether a number of these rules may be there at all.
    pub(super) fn is_asked(&self, rules: &RuleSet) -> bool {
        let entries = self.entries.iter().map(|(rule, _)| rule);
        entries.chain(self.coded.iter().map(|(rule, _)| rule)).any(|rule| rules.contains(*rule))
    }

    /// Judges the run of digits that begins at `anchor`, where the byte in front is none.
    pub(super) fn judge(
        &self,
        window: &Window,
        anchor: u64,
        rules: &RuleSet,
        out: &mut impl FnMut(Found),
    ) -> Judged {
        let mut alive = Shapes([u64::MAX; WORDS]);
        let mut ended: Vec<(u64, Shapes)> = Vec::new();
        let mut is_open = false;
        for ((row, ends), at) in self.ahead.iter().zip(&self.ends).zip(anchor..) {
            let byte = match window.ahead(at) {
                Ahead::Byte(byte) => byte,
                Ahead::End => break,
                Ahead::Unknown => {
                    is_open = true;
                    break;
                }
            };
            self.take(row, Some(byte), &mut alive);
            if alive.is_empty() {
                break;
            }
            let now = alive.and(ends);
            if !now.is_empty() {
                ended.push((at + 1, now));
            }
        }
        let coded: Vec<_> = self
            .coded
            .iter()
            .filter(|(rule, _)| rules.contains(*rule))
            .map(|(rule, coded)| (*rule, coded, coded.read(window, anchor, border)))
            .filter(|(_, _, reading)| !matches!(reading, Reading::No))
            .collect();
        let open_group = coded.iter().filter_map(|(_, _, reading)| match reading {
            Reading::More { from } => Some(*from),
            Reading::No | Reading::Ends { .. } => None,
        });
        let open_group = open_group.min();
        if ended.is_empty() && !is_open && open_group.is_none() {
            coded
                .iter()
                .filter_map(|(rule, kind, reading)| judge_coded(window, *rule, kind, reading))
                .for_each(out);
            return Judged::Done;
        }
        let fits = self.fitting(window, anchor);
        let mut open = if is_open { alive.and(&fits) } else { Shapes::NONE };
        for (end, shapes) in &mut ended {
            shapes.retain(&fits);
            match border(window, *end) {
                Some(true) => {}
                Some(false) => *shapes = Shapes::NONE,
                None => open.0.iter_mut().zip(&shapes.0).for_each(|(open, shapes)| *open |= shapes),
            }
        }
        let open = open.iter().filter_map(|shape| self.shape(shape, rules)).map(|(_, _, lead)| lead);
        let open = open.map(|lead| anchor.saturating_sub(lead as u64)).min();
        if open.is_some() || open_group.is_some() {
            // Nothing is handed over twice: what has ended waits for what is open.
            let ended = ended.iter().flat_map(|(_, shapes)| shapes.iter());
            let ended = ended.filter_map(|shape| self.shape(shape, rules));
            let ended = ended.map(|(_, _, lead)| anchor.saturating_sub(lead as u64));
            let waits = coded.iter().filter_map(|(_, _, reading)| match reading {
                Reading::Ends { start, .. } | Reading::More { from: start } => Some(*start),
                Reading::No => None,
            });
            return Judged::More { from: ended.chain(waits).chain(open).fold(anchor, u64::min) };
        }
        coded
            .iter()
            .filter_map(|(rule, kind, reading)| judge_coded(window, *rule, kind, reading))
            .for_each(&mut *out);
        let mut done: Vec<(RuleIndex, u64)> = Vec::new();
        for (end, shapes) in ended.iter().rev() {
            for (rule, number, lead) in shapes.iter().filter_map(|shape| self.shape(shape, rules)) {
                let start = anchor.saturating_sub(lead as u64);
                if is_tied(window, start) || done.contains(&(rule, start)) {
                    continue;
                }
                if let Some(confidence) = judge(window, number, start, *end) {
                    done.push((rule, start));
                    out(Found { rule, start, end: *end, confidence });
                }
            }
        }
        Judged::Done
    }

    /// Where the earliest number begins whose first digit has not come.
    pub(super) fn tail(&self, window: &Window) -> u64 {
        let end = window.end();
        let begins = |start: &u64| {
            let mut alive = Shapes([u64::MAX; WORDS]);
            for (row, at) in self.leads.iter().zip(*start..end) {
                self.take(row, window.at(at), &mut alive);
            }
            let border = window.before(*start).is_none_or(|byte| !is_word(byte));
            !alive.is_empty()
                && (border || start.checked_sub(1).is_some_and(|at| window.is_escape_letter(at)))
        };
        let shapes = (end.saturating_sub(MAX_LEAD as u64)..end).find(begins).unwrap_or(end);
        self.coded.iter().map(|(_, coded)| coded.tail(window)).fold(shapes, u64::min)
    }

    fn take(&self, row: &Row, byte: Option<u8>, alive: &mut Shapes) {
        let class = byte.map_or(Some(&0), |byte| self.classes.get(usize::from(byte)));
        match class.and_then(|class| row.get(usize::from(*class))) {
            Some(shapes) => alive.retain(shapes),
            None => *alive = Shapes::NONE,
        }
    }

    /// The shapes whose lead stands in front of the anchor, with a border before it.
    fn fitting(&self, window: &Window, anchor: u64) -> Shapes {
        let mut alive = Shapes([u64::MAX; WORDS]);
        for (row, back) in self.before.iter().zip(1..) {
            let at = anchor.checked_sub(back);
            // The letter of an escape is no letter of a number, and a border.
            let byte = at.and_then(|at| window.at(at));
            let is_escaped = |_: &u8| at.is_some_and(|at| window.is_escape_letter(at));
            let byte = byte.filter(|byte| !matches!(byte, b'n' | b'r' | b't') || !is_escaped(byte));
            self.take(row, byte, &mut alive);
        }
        alive
    }

    fn shape(&self, shape: usize, rules: &RuleSet) -> Option<(RuleIndex, &Number, usize)> {
        let (entry, lead) = self.shapes.get(shape)?;
        let (rule, number) = self.entries.get(*entry)?;
        rules.contains(*rule).then_some((*rule, number, *lead))
    }
}

/// Whether the number may end at `end`; `None` where that is not known yet.
fn border(window: &Window, end: u64) -> Option<bool> {
    let next = match window.ahead(end) {
        Ahead::Unknown => return None,
        Ahead::End => return Some(true),
        Ahead::Byte(byte) => byte,
    };
    match (next, window.ahead(end + 1)) {
        (next, _) if is_word(next) => Some(false),
        (b'-' | b'.', Ahead::Unknown) => None,
        (b'-', Ahead::Byte(after)) => Some(!is_word(after)),
        (b'.', Ahead::Byte(after)) => Some(!after.is_ascii_digit()),
        _ => Some(true),
    }
}

/// Whether what stands before `start` belongs to the same, longer number: `0.4111…`, `7-4111-…`, `+4111…`.
fn is_tied(window: &Window, start: u64) -> bool {
    match window.before(start) {
        Some(b'+') => true,
        Some(b'.' | b'-') => {
            start.checked_sub(1).and_then(|at| window.before(at)).is_some_and(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

fn judge(window: &Window, number: &Number, start: u64, end: u64) -> Option<Confidence> {
    let written = window.slice(start, end);
    let normal: Vec<u8> =
        written.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
    let mut checked = (number.check)(&normal)?;
    if checked < number.punctuated
        && written.iter().filter(|byte| matches!(byte, b'-' | b'.' | b'/')).count() > 1
    {
        checked = number.punctuated;
    }
    if checked < number.named && context::is_named(window, start, number.context) {
        return Some(number.named);
    }
    Some(if written.iter().any(u8::is_ascii_lowercase) { less(checked) } else { checked })
}

/// How sure a number in small letters is, which hardly anybody writes.
fn less(sure: Confidence) -> Confidence {
    if sure == Confidence::High { Confidence::Medium } else { Confidence::Low }
}

/// Judges what was read of a number in free groups.
fn judge_coded(window: &Window, rule: RuleIndex, coded: &Coded, reading: &Reading) -> Option<Found> {
    let Reading::Ends { start, text, ends } = reading else { return None };
    let start = *start;
    if is_tied(window, start) {
        return None;
    }
    let sure = |(length, end): &(usize, u64)| Some(((coded.check)(text.get(..*length)?)?, *end));
    let (checked, end) = ends.iter().rev().find_map(sure)?;
    let is_named = || context::is_named(window, start, coded.context);
    let confidence = match checked {
        checked if checked < Confidence::High && is_named() => Confidence::High,
        checked if window.slice(start, end).iter().any(u8::is_ascii_lowercase) => less(checked),
        checked => checked,
    };
    Some(Found { rule, start, end, confidence })
}

/// Whether the character of a shape at `at` takes this byte; there is no byte before the text.
fn is_taken(shape: &[u8], at: usize, byte: Option<u8>) -> bool {
    let Some(byte) = byte else { return false };
    match shape.get(at) {
        Some(b'9') => byte.is_ascii_digit(),
        Some(b'A') => byte.is_ascii_alphabetic(),
        Some(b'#') => byte.is_ascii_alphanumeric(),
        Some(itself) => byte.eq_ignore_ascii_case(itself),
        None => false,
    }
}

/// The class of each byte, and one byte of each class; the first class is that of no byte.
fn classes<'s>(shapes: impl Iterator<Item = &'s [u8]>) -> (Vec<u8>, Vec<Option<u8>>) {
    let mut told_apart: Vec<u8> = shapes.flatten().map(u8::to_ascii_uppercase).collect();
    told_apart.retain(|byte| !matches!(byte, b'9' | b'A' | b'#'));
    told_apart.sort_unstable();
    told_apart.dedup();
    let kind = |byte: u8| match byte.to_ascii_uppercase() {
        upper if told_apart.contains(&upper) => (0, upper),
        b'0'..=b'9' => (1, 0),
        b'A'..=b'Z' => (2, 0),
        b'_' => (3, 0),
        _ => (4, 0),
    };
    let mut members: Vec<Option<u8>> = vec![None];
    let mut classes = Vec::with_capacity(256);
    for byte in 0..=u8::MAX {
        let same = |member: &Option<u8>| member.is_some_and(|member| kind(member) == kind(byte));
        let class = members.iter().position(same).unwrap_or_else(|| {
            members.push(Some(byte));
            members.len() - 1
        });
        classes.push(class as u8);
    }
    (classes, members)
}
