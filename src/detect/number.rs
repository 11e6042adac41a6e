//! Numbers that somebody gives out (identity, tax, bank, card): a shape of digits and letters, and a check digit.
//!
//! **How it works.** An entry names *shapes* (`S9999999A`, `999-99-9999`). The first digit of a run of digits is the
//! anchor of all entries together. From there on the shapes are read side by side ([`walk`]): a byte costs one step,
//! whatever the number of shapes. What stands in front of the digit in a shape, its *lead*, is compared when one ends.
//! Then its entry's check is asked, and then the text in front for a word that names it ([`super::context`]).
//!
//! A number stands alone: no letter or digit touches it, no hyphen, point or plus ties it to more of its kind. A `_` may touch
//! what has a check digit or a word in front (`S1234567D_scan.pdf`). Numbers in a column are not one in groups.
//! Several entries may find the same number; each says for itself how sure it is.

mod judge;
mod walk;

use super::coded::{Coded, Codes};
use super::context::{self, WordIndex, Words};
use super::rules::{Rule, Verify};
use super::window::{Ahead, Window, is_word};
use super::{CatalogueError, Confidence, RuleIndex, RuleSet};
use walk::Walk;

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
    /// Words that mean much else, too: right in front they name it, further away only where it is written in groups.
    pub(super) near: &'static [&'static str],
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
            near: &[],
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

    /// Words that mean much else, too.
    pub(super) const fn near(self, near: &'static [&'static str]) -> Number {
        Number { near, ..self }
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
const MAX_BEFORE: u64 = MAX_LEAD as u64 + 3;

/// All entries of a catalogue.
pub(super) struct Numbers {
    entries: Vec<(RuleIndex, Number)>,
    /// Those in free groups, and the codes that they begin with.
    coded: Vec<(RuleIndex, Coded)>,
    codes: Codes,
    /// The words in front that name the numbers, and which are those of each entry, then of those in free groups, then those
    /// of each entry that are to be near.
    words: Words,
    names: Vec<Vec<WordIndex>>,
    /// By lead.
    shapes: Vec<Shape>,
    /// What shapes have in front of their first digit.
    leads: Vec<&'static [u8]>,
    /// The shapes from their first digit on, by lead.
    tails: Walk,
    /// The leads themselves.
    beginnings: Walk,
}

/// What belongs to a shape.
struct Shape {
    entry: usize,
    lead: usize,
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
        let (mut entries, mut coded, mut shapes, mut leads) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
                shapes.push((nth, entries.len(), tail));
            }
            entries.push((index, number));
        }
        // Those with one lead together.
        shapes.sort_by_key(|(lead, _, _)| *lead);
        let tails: Vec<_> = shapes.iter().map(|(lead, _, tail)| (*tail, *lead as u16)).collect();
        let shapes = shapes.into_iter().map(|(lead, entry, _)| Shape { entry, lead }).collect();
        let beginnings: Vec<_> = leads.iter().map(|lead| (*lead, 0)).collect();
        let tails = Walk::of(&tails).ok_or(CatalogueError::TooManyShapes)?;
        let beginnings = Walk::of(&beginnings).ok_or(CatalogueError::TooManyShapes)?;
        let lists = entries.iter().map(|(_, number): &(RuleIndex, Number)| number.context);
        let coded_lists = coded.iter().map(|(_, coded): &(RuleIndex, Coded)| coded.context);
        let near_lists = entries.iter().map(|(_, number): &(RuleIndex, Number)| number.near);
        let (words, names) = Words::compile(lists.chain(coded_lists).chain(near_lists));
        let codes = Codes::of(coded.iter().map(|(_, coded)| coded));
        Ok(Numbers { entries, coded, codes, words, names, shapes, leads, tails, beginnings })
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
}

/// What a shape has in front of its first digit, and the rest.
fn split(shape: &'static str) -> Option<(&'static [u8], &'static [u8])> {
    let (lead, tail) = shape.as_bytes().split_at(shape.find('9')?);
    let fits = lead.len() <= MAX_LEAD && tail.len() <= MAX_TAIL && shape.is_ascii() && !lead.contains(&b'#');
    fits.then_some((lead, tail))
}

/// Whether a number may begin at `start`.
pub(super) fn is_free(window: &Window, start: u64) -> bool {
    start.checked_sub(1).is_none_or(|before| is_border(window, before))
}

/// Whether a number may begin behind the byte at `before`; the letter of an escape belongs to no word. What is left of `%3D`
/// delimits in an address of the web.
fn is_border(window: &Window, before: u64) -> bool {
    let back = |distance| before.checked_sub(distance).and_then(|at| window.at(at));
    let is_hex = |byte: u8| byte.is_ascii_hexdigit();
    match window.at(before) {
        None => true,
        Some(b'_') => back(1).is_none_or(|last| {
            let is_word =
                last.is_ascii_alphabetic() && back(2).is_some_and(|byte| byte.is_ascii_alphabetic());
            is_word || !last.is_ascii_alphanumeric()
        }),
        Some(byte) if !byte.is_ascii_alphanumeric() || window.is_escape_letter(before) => true,
        Some(byte) => is_hex(byte) && back(1).is_some_and(is_hex) && back(2) == Some(b'%'),
    }
}

/// Whether a `_` touches what stands at `start..end`.
fn is_joined(window: &Window, start: u64, end: u64) -> bool {
    window.before(start) == Some(b'_') || window.at(end) == Some(b'_')
}

/// Whether the number may end at `end`; `None` where that is not known yet.
pub(super) fn border(window: &Window, end: u64) -> Option<bool> {
    let next = match window.ahead(end) {
        Ahead::Unknown => return None,
        Ahead::End => return Some(true),
        Ahead::Byte(byte) => byte,
    };
    match (next, window.ahead(end + 1)) {
        (next, _) if next.is_ascii_alphanumeric() => Some(false),
        (b'-' | b'.' | b'_', Ahead::Unknown) => None,
        (b'.', Ahead::Byte(after)) => Some(!after.is_ascii_digit()),
        // They tie digits and single letters to a number, no words: `-7`, `-e29b`, but `-Office`, `_scan`.
        (b'-' | b'_', Ahead::Byte(after)) if after.is_ascii_alphabetic() => match window.ahead(end + 2) {
            Ahead::Unknown => None,
            Ahead::Byte(second) => Some(second.is_ascii_alphabetic()),
            Ahead::End => Some(false),
        },
        (b'-', Ahead::Byte(after)) => Some(!is_word(after)),
        (b'_', Ahead::Byte(after)) => Some(!after.is_ascii_digit()),
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests;
