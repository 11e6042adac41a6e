//! Numbers that somebody gives out (identity, tax, bank, card): a shape of digits and letters, and a check digit.
//!
//! **How it works.** An entry names *shapes* (`S9999999A`, `999-99-9999`). The first digit of a run of digits is the
//! anchor of all entries together. Around it the shapes are matched side by side, one bit each: a byte costs one `and`
//! of a row of bits, whatever the number of shapes. What is left when a shape ends goes to its entry's check, and then the
//! text in front is asked for a word that names it ([`super::context`]).
//!
//! A number stands alone: no letter, digit or `_` touches it, no hyphen, point or plus ties it to more of its kind.
//! Several entries may find the same number; each says for itself how sure it is.

use super::coded::{self, Coded, Reading};
use super::context::{self, Before};
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
    /// Words of which one in front makes it `named`. In lower case; see [`Before::is_named`].
    pub(super) context: &'static [&'static str],
    /// How sure a word in front makes: high where a check digit was right, else medium.
    pub(super) named: Confidence,
    /// How sure its separators make (`950101-1234567`): low where they say nothing.
    pub(super) grouped: Confidence,
    /// How sure punctuation of its own makes (`999-99-9999`): two signs or more, spaces are none.
    pub(super) punctuated: Confidence,
}

impl Number {
    /// With a check digit.
    pub(super) const fn checked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number::of(shapes, check, context, Confidence::High)
    }

    /// Without one: what `check` says of the shape, or of ranges.
    pub(super) const fn unchecked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number::of(shapes, check, context, Confidence::Medium)
    }

    const fn of(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
        named: Confidence,
    ) -> Number {
        Number { shapes, check, context, named, grouped: Confidence::Low, punctuated: Confidence::Low }
    }

    /// Where hardly anything else is grouped as its shapes are: so sure is it with any separator.
    pub(super) const fn grouped(self, grouped: Confidence) -> Number {
        Number { grouped, ..self }
    }

    /// Where hardly anything else is punctuated as its shapes are.
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

/// Whether a shape with so long a lead takes a byte.
type Takes<'t> = dyn Fn(usize, &[u8], Option<u8>) -> bool + 't;

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
    /// Which shapes begin further in front of the anchor than each of these rows.
    longer: Vec<Shapes>,
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
        let row = |takes: &Takes| -> Row {
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
        let longer = (1..=MAX_LEAD + 1).map(|back| {
            let mut longer = Shapes::NONE;
            for (nth, _) in shapes.iter().enumerate().filter(|(_, (_, lead, _))| *lead >= back) {
                longer.insert(nth);
            }
            longer
        });
        Ok(Numbers {
            before: before.collect(),
            longer: longer.collect(),
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
        let coded = self.read_coded(window, anchor, rules);
        if ended.is_empty() && !is_open && coded.is_empty() {
            return Judged::Done;
        }
        let fits = self.fitting(window, anchor);
        let mut open = if is_open { self.first(anchor, &alive.and(&fits), rules) } else { None };
        for (_, _, reading) in &coded {
            if let Reading::More { from } = reading {
                open = Some(open.map_or(*from, |open| open.min(*from)));
            }
        }
        for (end, shapes) in &mut ended {
            shapes.retain(&fits);
            if open.is_none() {
                match border(window, *end) {
                    Some(true) => {}
                    Some(false) => *shapes = Shapes::NONE,
                    None => open = self.first(anchor, shapes, rules),
                }
            }
        }
        if let Some(open) = open {
            // Nothing is handed over twice: what has ended waits for what is open.
            let ended = ended.iter().filter_map(|(_, shapes)| self.first(anchor, shapes, rules));
            let waits = coded.iter().filter_map(|(_, _, reading)| match reading {
                Reading::Ends { start, .. } => Some(*start),
                Reading::More { .. } | Reading::No => None,
            });
            return Judged::More { from: ended.chain(waits).fold(open, u64::min) };
        }
        let mut done: Vec<(RuleIndex, u64)> = Vec::new();
        let mut before: Option<(u64, Before)> = None;
        coded.iter().filter_map(|one| judge_coded(window, one, &mut before)).for_each(&mut *out);
        for (end, shapes) in ended.iter().rev() {
            for (rule, number, lead) in shapes.iter().filter_map(|shape| self.shape(shape, rules)) {
                let start = anchor.saturating_sub(lead as u64);
                if is_tied(window, start) || done.contains(&(rule, start)) {
                    continue;
                }
                if let Some(confidence) = judge(window, number, start, *end, &mut before) {
                    done.push((rule, start));
                    out(Found { rule, start, end: *end, confidence });
                }
            }
        }
        Judged::Done
    }

    /// What is known of the numbers with a code whose first digit stands at `anchor`.
    fn read_coded(&self, window: &Window, anchor: u64, rules: &RuleSet) -> Vec<(RuleIndex, &Coded, Reading)> {
        if !window.before(anchor).is_some_and(coded::may_precede) {
            return Vec::new();
        }
        let asked = self.coded.iter().filter(|(rule, _)| rules.contains(*rule));
        let read = asked.map(|(rule, coded)| (*rule, coded, coded.read(window, anchor)));
        read.filter(|(_, _, reading)| !matches!(reading, Reading::No)).collect()
    }

    /// Where the earliest number begins whose first digit has not come.
    pub(super) fn tail(&self, window: &Window) -> u64 {
        let end = window.end();
        let begins = |start: &u64| {
            let lead = window.slice(*start, end);
            let mut alive = Shapes([u64::MAX; WORDS]);
            for (row, byte) in self.leads.iter().zip(lead) {
                self.take(row, Some(*byte), &mut alive);
            }
            !alive.is_empty() || self.coded.iter().any(|(_, coded)| coded.may_begin(lead))
        };
        let starts = end.saturating_sub(MAX_LEAD as u64)..end;
        starts.filter(|start| is_free(window, *start)).find(begins).unwrap_or(end)
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
        for ((row, longer), back) in self.before.iter().zip(&self.longer).zip(1..) {
            let at = anchor.checked_sub(back);
            // The letter of an escape is no letter of a number, and a border.
            let byte = at.and_then(|at| window.at(at));
            let is_escaped = || at.is_some_and(|at| window.is_escape_letter(at));
            let byte = byte.filter(|byte| !matches!(byte, b'n' | b'r' | b't') || !is_escaped());
            self.take(row, byte, &mut alive);
            if alive.and(longer).is_empty() {
                break;
            }
        }
        alive
    }

    /// Where the first of these shapes begins that is asked for.
    fn first(&self, anchor: u64, shapes: &Shapes, rules: &RuleSet) -> Option<u64> {
        let leads =
            shapes.iter().filter_map(|shape| self.shape(shape, rules)).map(|(_, _, lead)| lead as u64);
        leads.max().map(|lead| anchor.saturating_sub(lead))
    }

    fn shape(&self, shape: usize, rules: &RuleSet) -> Option<(RuleIndex, &Number, usize)> {
        let (entry, lead) = self.shapes.get(shape)?;
        let (rule, number) = self.entries.get(*entry)?;
        rules.contains(*rule).then_some((*rule, number, *lead))
    }
}

/// Whether the number may end at `end`; `None` where that is not known yet.
pub(super) fn border(window: &Window, end: u64) -> Option<bool> {
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

/// Whether a number may begin at `start`; the letter of an escape in front belongs to no word.
pub(super) fn is_free(window: &Window, start: u64) -> bool {
    match window.before(start) {
        Some(byte) if is_word(byte) => {
            matches!(byte, b'n' | b'r' | b't')
                && start.checked_sub(1).is_some_and(|at| window.is_escape_letter(at))
        }
        _ => true,
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

/// `before` is what was last read in front of a number, and of which start.
fn judge<'t>(
    window: &Window<'t>,
    number: &Number,
    start: u64,
    end: u64,
    before: &mut Option<(u64, Before<'t>)>,
) -> Option<Confidence> {
    let written = window.slice(start, end);
    let normal: Vec<u8> =
        written.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
    let is_sign = |byte: &&u8| matches!(byte, b'-' | b'.' | b'/');
    let is_grouped = normal.len() < written.len();
    let grouped = if is_grouped { number.grouped } else { Confidence::Low };
    let is_punctuated = number.punctuated > Confidence::Low && written.iter().filter(is_sign).count() > 1;
    let punctuated = if is_punctuated { number.punctuated } else { Confidence::Low };
    let checked = less_if_small((number.check)(&normal)?.max(grouped).max(punctuated), written);
    Some(named(window, start, checked, number.named, number.context, before))
}

/// How sure a number is, which hardly anybody writes in small letters.
fn less_if_small(sure: Confidence, written: &[u8]) -> Confidence {
    match sure {
        sure if !written.iter().any(u8::is_ascii_lowercase) => sure,
        Confidence::High => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// How sure it is with a word in front, if that makes it more.
fn named<'t>(
    window: &Window<'t>,
    start: u64,
    checked: Confidence,
    named: Confidence,
    words: &[&str],
    before: &mut Option<(u64, Before<'t>)>,
) -> Confidence {
    if checked >= named || words.is_empty() {
        return checked;
    }
    let same = before.take().filter(|(of, _)| *of == start);
    let (_, text) = before.insert(same.unwrap_or_else(|| (start, Before::new(window, start))));
    if text.is_named(words) { named } else { checked }
}

/// Judges what was read of a number with a code.
fn judge_coded<'t>(
    window: &Window<'t>,
    (rule, coded, reading): &(RuleIndex, &Coded, Reading),
    before: &mut Option<(u64, Before<'t>)>,
) -> Option<Found> {
    let Reading::Ends { start, text, ends } = reading else { return None };
    let start = *start;
    if is_tied(window, start) {
        return None;
    }
    let sure = |(length, end): &(usize, u64)| Some(((coded.check)(text.get(..*length)?)?, *end));
    let (checked, end) = ends.iter().rev().find_map(sure)?;
    let checked = less_if_small(checked, window.slice(start, end));
    let confidence = named(window, start, checked, Confidence::High, coded.context, before);
    Some(Found { rule: *rule, start, end, confidence })
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
