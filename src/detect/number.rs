//! Numbers that somebody gives out (identity, tax, bank, card): a shape of digits and letters, and a check digit.
//!
//! **How it works.** An entry names *shapes* (`S9999999A`, `999-99-9999`). The first digit of a run of digits is the
//! anchor of all entries together. From there on the shapes are read side by side ([`walk`]): a byte costs one step,
//! whatever the number of shapes. What stands in front of the digit in a shape, its *lead*, is compared when one ends.
//! Then its entry's check is asked, and then the text in front for a word that names it ([`super::context`]).
//!
//! A number stands alone: no letter, digit or `_` touches it, no hyphen, point or plus ties it to more of its kind.
//! Several entries may find the same number; each says for itself how sure it is.

mod walk;

use super::coded::{self, Coded, Reading};
use super::context::{self, WordIndex, Words};
use super::rules::{Rule, Verify};
use super::window::{Ahead, Window, is_word};
use super::{CatalogueError, Confidence, RuleIndex, RuleSet};
use walk::{State, Walk};

/// A kind of number, as a rule writes it down.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// What it looks like: `9` is a digit, `A` a letter, `#` either, and everything else itself (letters in either case).
    /// In front of the first `9` stand at most [`MAX_LEAD`] characters, and no `#`.
    pub(super) shapes: &'static [&'static str],
    /// What its letters and digits say, in upper case and without separators: `None` where it is no such number, else
    /// how sure that alone makes.
    pub(super) check: fn(&[u8]) -> Option<Confidence>,
    /// Words of which one in front makes it `named`. In lower case; see [`Words`].
    pub(super) context: &'static [&'static str],
    /// How sure a word in front makes: high where a check digit was right, else medium.
    pub(super) named: Confidence,
    /// How sure its separators make (`950101-1234567`): low where they say nothing.
    pub(super) grouped: Confidence,
    /// How sure punctuation of its own makes (`999-99-9999`): two signs or more, spaces are none.
    pub(super) punctuated: Confidence,
    /// How sure the way it is written makes, separators and all, where `check` alone makes less so.
    pub(super) written: fn(&[u8]) -> Option<Confidence>,
    /// Words that name it from behind, as `(office)` a telephone; in lower case.
    pub(super) behind: &'static [&'static str],
    /// No other digits stand one or two characters in front of it, or two and more behind a space.
    pub(super) alone: bool,
}

impl Number {
    /// With a check digit.
    pub(super) const fn checked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number {
            shapes,
            check,
            context,
            named: Confidence::High,
            grouped: Confidence::Low,
            punctuated: Confidence::Low,
            written: |_| None,
            behind: &[],
            alone: false,
        }
    }

    /// Without one: what `check` says of the shape, or of ranges.
    pub(super) const fn unchecked(
        shapes: &'static [&'static str],
        check: fn(&[u8]) -> Option<Confidence>,
        context: &'static [&'static str],
    ) -> Number {
        Number { named: Confidence::Medium, ..Number::checked(shapes, check, context) }
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
/// Bytes in front of a number that its shape and its ties are read from.
const MAX_BEFORE: u64 = MAX_LEAD as u64 + 2;

/// All entries of a catalogue.
pub(super) struct Numbers {
    entries: Vec<(RuleIndex, Number)>,
    /// Those in free groups.
    coded: Vec<(RuleIndex, Coded)>,
    /// The words in front that name the numbers, and which are those of each entry, then of those in free groups.
    words: Words,
    names: Vec<Vec<WordIndex>>,
    /// The entry and the lead of each shape.
    shapes: Vec<(usize, usize)>,
    /// What shapes have in front of their first digit.
    leads: Vec<&'static [u8]>,
    /// The shapes from their first digit on, by lead.
    tails: Walk,
    /// The leads themselves.
    beginnings: Walk,
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
        let (mut entries, mut coded, mut shapes, mut leads, mut tails) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (index, rule) in rules {
            let number = match rule.detector.verify {
                Verify::Number(number) => number,
                Verify::Coded(numbers) => {
                    coded.push((index, numbers));
                    continue;
                }
                Verify::Code(_) | Verify::Token(_) | Verify::Keyed(_) | Verify::Phrase(_) => continue,
            };
            for shape in number.shapes {
                let (lead, tail) = split(shape).ok_or(CatalogueError::Shape(rule.id))?;
                let nth = leads.iter().position(|other| *other == lead).unwrap_or_else(|| {
                    leads.push(lead);
                    leads.len() - 1
                });
                shapes.push((entries.len(), nth));
                tails.push((tail, nth as u16));
            }
            entries.push((index, number));
        }
        let beginnings: Vec<_> = leads.iter().map(|lead| (*lead, 0)).collect();
        let tails = Walk::of(&tails).ok_or(CatalogueError::TooManyShapes)?;
        let beginnings = Walk::of(&beginnings).ok_or(CatalogueError::TooManyShapes)?;
        let lists = entries.iter().map(|(_, number): &(RuleIndex, Number)| number.context);
        let coded_lists = coded.iter().map(|(_, coded): &(RuleIndex, Coded)| coded.context);
        let (words, names) = Words::compile(lists.chain(coded_lists));
        Ok(Numbers { entries, coded, words, names, shapes, leads, tails, beginnings })
    }

    /// Bytes before an anchor that are read.
    pub(super) fn look_back(&self) -> u64 {
        MAX_BEFORE + context::REACH
    }

    /// Bytes of memory that the tables take.
    pub(super) fn memory(&self) -> usize {
        self.tails.memory() + self.beginnings.memory() + self.words.memory()
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
        let mut state = Walk::START;
        let mut ended: Vec<(u64, State)> = Vec::new();
        let mut at = anchor;
        let is_open = loop {
            let byte = match window.ahead(at) {
                Ahead::Byte(byte) => byte,
                Ahead::End => break false,
                Ahead::Unknown => break true,
            };
            let Some(next) = self.tails.step(state, byte) else { break false };
            (state, at) = (next, at + 1);
            if !self.tails.ends(state).is_empty() {
                ended.push((at, state));
            }
        };
        let coded = self.read_coded(window, anchor, rules);
        let awaited = coded.iter().filter_map(|(_, reading)| match reading {
            Reading::More { from } => Some(*from),
            Reading::No | Reading::Ends { .. } => None,
        });
        let shaped = is_open.then(|| self.earliest(window, anchor, self.tails.groups(state))).flatten();
        if let Some(from) = awaited.chain(shaped).min() {
            return Judged::More { from };
        }
        let mut is_over = true;
        ended.retain(|(end, _)| {
            border(window, *end).unwrap_or_else(|| {
                is_over = false;
                true
            })
        });
        if !is_over {
            let leads = ended
                .iter()
                .flat_map(|(_, state)| self.tails.ends(*state))
                .filter_map(|shape| self.shapes.get(usize::from(*shape)).map(|(_, lead)| *lead as u16));
            if let Some(from) = self.earliest(window, anchor, &leads.collect::<Vec<_>>()) {
                return Judged::More { from };
            }
        }
        let mut done: Vec<(RuleIndex, u64)> = Vec::new();
        let mut words = None;
        let (mut found, mut raised): (Vec<Found>, Vec<(usize, Confidence)>) = Default::default();
        for (end, state) in ended.iter().rev() {
            let shapes = self.tails.ends(*state).iter();
            for (rule, entry, lead) in shapes.filter_map(|shape| self.shape(*shape, rules)) {
                let Some((_, number)) = self.entries.get(entry) else { continue };
                let Some(start) = start(window, anchor, lead) else { continue };
                if is_tied(window, start, number.alone) || done.contains(&(rule, start)) {
                    continue;
                }
                let Some(confidence) = self.confidence(window, entry, start, *end, &mut words) else {
                    continue;
                };
                match number.alone.then(|| goes_on(window, *end)) {
                    None | Some(Some(false)) => {}
                    Some(Some(true)) => continue,
                    Some(None) => return Judged::More { from: start },
                }
                done.push((rule, start));
                found.push(Found { rule, start, end: *end, confidence });
                if confidence < number.named && !number.behind.is_empty() {
                    match context::is_named_behind(window, *end, number.behind) {
                        None => return Judged::More { from: start },
                        Some(true) => raised.push((found.len() - 1, number.named)),
                        Some(false) => {}
                    }
                }
            }
        }
        found.extend(
            coded.iter().filter_map(|(nth, reading)| self.judge_coded(window, *nth, reading, &mut words)),
        );
        for (nth, confidence) in raised {
            if let Some(found) = found.get_mut(nth) {
                found.confidence = confidence;
            }
        }
        found.into_iter().for_each(out);
        Judged::Done
    }

    /// Where the earliest number begins whose first digit has not come.
    pub(super) fn tail(&self, window: &Window) -> u64 {
        let end = window.end();
        let begins = |start: &u64| {
            let lead = window.slice(*start, end);
            let mut bytes = lead.iter();
            is_free(window, *start)
                && (bytes.try_fold(Walk::START, |state, byte| self.beginnings.step(state, *byte)).is_some()
                    || self.coded.iter().any(|(_, coded)| coded.may_begin(lead)))
        };
        (end.saturating_sub(MAX_LEAD as u64)..end).find(begins).unwrap_or(end)
    }

    /// Where the earliest number begins that has one of these leads.
    fn earliest(&self, window: &Window, anchor: u64, leads: &[u16]) -> Option<u64> {
        let leads = leads.iter().filter_map(|lead| self.leads.get(usize::from(*lead)));
        leads.filter_map(|lead| start(window, anchor, lead)).min()
    }

    fn shape(&self, shape: u16, rules: &RuleSet) -> Option<(RuleIndex, usize, &'static [u8])> {
        let (entry, lead) = self.shapes.get(usize::from(shape))?;
        let (rule, _) = self.entries.get(*entry)?;
        rules.contains(*rule).then_some((*rule, *entry, *self.leads.get(*lead)?))
    }

    /// How sure what stands at `start..end` is a number of this entry. `words` are those in front of `start`, once they were
    /// asked for.
    fn confidence(
        &self,
        window: &Window,
        entry: usize,
        start: u64,
        end: u64,
        words: &mut Option<(u64, Vec<WordIndex>)>,
    ) -> Option<Confidence> {
        let ((_, number), names) = self.entries.get(entry).zip(self.names.get(entry))?;
        let written = window.slice(start, end);
        let mut letters = [0; MAX_LEAD + MAX_TAIL];
        let alphanumeric = written.iter().filter(|byte| byte.is_ascii_alphanumeric());
        let length =
            letters.iter_mut().zip(alphanumeric).map(|(letter, byte)| *letter = byte.to_ascii_uppercase());
        let length = length.count();
        let normal = letters.get(..length).unwrap_or_default();
        let signs = written.iter().filter(|byte| matches!(byte, b'-' | b'.' | b'/')).count();
        let says = [
            (number.check)(normal),
            (normal.len() < written.len()).then_some(number.grouped),
            (signs > 1).then_some(number.punctuated),
            (number.written)(written),
        ];
        let [Some(_), ..] = says else { return None };
        let checked = less_if_small(says.into_iter().flatten().max()?, written);
        Some(self.named(window, start, names, (checked, number.named), words))
    }

    /// How sure it is with a word of `names` in front (the second), if that makes it more than the first.
    fn named(
        &self,
        window: &Window,
        start: u64,
        names: &[WordIndex],
        (checked, named): (Confidence, Confidence),
        words: &mut Option<(u64, Vec<WordIndex>)>,
    ) -> Confidence {
        if checked >= named || names.is_empty() {
            return checked;
        }
        if words.as_ref().is_none_or(|(of, _)| *of != start) {
            *words = Some((start, self.words.before(window, start)));
        }
        let mut words = words.iter().flat_map(|(_, words)| words);
        if words.any(|word| names.binary_search(word).is_ok()) { named } else { checked }
    }

    /// Reads the numbers in free groups whose first digit stands at the anchor.
    fn read_coded(&self, window: &Window, anchor: u64, rules: &RuleSet) -> Vec<(usize, Reading)> {
        let before = anchor.checked_sub(1).and_then(|at| window.at(at));
        if !before.is_some_and(coded::may_precede) {
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
        words: &mut Option<(u64, Vec<WordIndex>)>,
    ) -> Option<Found> {
        let Reading::Ends { start, text, ends } = reading else { return None };
        let (rule, coded) = self.coded.get(nth)?;
        let start = *start;
        if is_tied(window, start, false) {
            return None;
        }
        let sure = |(length, end): &(usize, u64)| Some(((coded.check)(text.get(..*length)?)?, *end));
        let (checked, end) = ends.iter().rev().find_map(sure)?;
        let checked = less_if_small(checked, window.slice(start, end));
        let names = self.names.get(self.entries.len() + nth)?;
        let confidence = self.named(window, start, names, (checked, Confidence::High), words);
        Some(Found { rule: *rule, start, end, confidence })
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

/// What a shape has in front of its first digit, and the rest.
fn split(shape: &'static str) -> Option<(&'static [u8], &'static [u8])> {
    let (lead, tail) = shape.as_bytes().split_at(shape.find('9')?);
    let fits = lead.len() <= MAX_LEAD && tail.len() <= MAX_TAIL && shape.is_ascii() && !lead.contains(&b'#');
    fits.then_some((lead, tail))
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

/// Whether a number may begin at `start`.
pub(super) fn is_free(window: &Window, start: u64) -> bool {
    start.checked_sub(1).is_none_or(|before| is_border(window, before))
}

/// Whether a number may begin behind the byte at `before`; the letter of an escape belongs to no word.
fn is_border(window: &Window, before: u64) -> bool {
    window.at(before).is_none_or(|byte| !is_word(byte)) || window.is_escape_letter(before)
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
        (b'.', Ahead::Byte(after)) => Some(!after.is_ascii_digit()),
        // A hyphen ties digits and single letters to a number, no words: `-7`, `-e29b`, but `-Office`.
        (b'-', Ahead::Byte(after)) if after.is_ascii_alphabetic() => match window.ahead(end + 2) {
            Ahead::Unknown => None,
            Ahead::Byte(second) => Some(second.is_ascii_alphabetic()),
            Ahead::End => Some(false),
        },
        (b'-', Ahead::Byte(after)) => Some(!is_word(after)),
        _ => Some(true),
    }
}

/// Whether what stands before `start` belongs to the same, longer number: `0.4111…`, `7-4111-…`, `+4111…`; or, where it is
/// to be alone, may do so: `(415) 555-0132`.
fn is_tied(window: &Window, start: u64, alone: bool) -> bool {
    let back = |distance| start.checked_sub(distance).and_then(|at| window.before(at));
    let is_digit = |distance| back(distance).is_some_and(|byte| byte.is_ascii_digit());
    match back(0) {
        Some(b'+') => true,
        Some(b'.' | b'-') => is_digit(1),
        Some(b' ' | b')' | b'/') if alone => is_digit(1) || back(1) == Some(b')') && is_digit(2),
        _ => false,
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

#[cfg(test)]
mod tests;
