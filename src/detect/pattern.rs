//! A small language for tokens that a machine wrote: literals and counted sets, read from left to right.
//!
//! ```text
//! ghp_[A-Za-z0-9]{36}      a literal, then exactly so many of a set
//! sk-[\w-]{20,200}T3Bl     as many as there are (20 to 200), but the literal behind must follow them
//! xox[abp]-\d{10,13}-…     \d digits, \w letters digits _, \h hexadecimal in either case; `?` is {0,1}, `+` is {1,4096}
//! ```
//!
//! There is no going back: each step takes as many bytes as it can, so a step must not be able to eat what the next one
//! needs (`[A-Z]{2,4}T` never matches `ABT`). That makes it linear, and lets it stop at the end of the text and go on later.

use super::CatalogueError;
use super::window::{Ahead, Window};

/// Most bytes of a literal that make an anchor: more would make the automaton large, and tell little.
const MAX_ANCHOR: usize = 5;
/// Most bytes that an open step takes.
const MAX_RUN: u32 = 4096;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// What every match begins with, or the beginning of that.
    literal: Vec<u8>,
    steps: Vec<Step>,
    /// Bytes that every match begins with.
    prefix: usize,
}

#[derive(Debug, Clone)]
struct Step {
    set: Set,
    least: u32,
    most: u32,
}

/// One bit a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set(pub(super) [u64; 4]);

impl Set {
    /// Of the bytes for which this holds.
    pub(super) fn of(holds: impl Fn(u8) -> bool) -> Set {
        let mut set = Set([0; 4]);
        (0..=u8::MAX).filter(|byte| holds(*byte)).for_each(|byte| set.insert(byte));
        set
    }

    pub(super) fn one(byte: u8) -> Set {
        let mut set = Set([0; 4]);
        set.insert(byte);
        set
    }

    pub(super) fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte / 64)) {
            *word |= 1 << (byte % 64);
        }
    }

    pub(super) fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 64)).is_some_and(|word| word >> (byte % 64) & 1 == 1)
    }
}

/// How far a match has been read: what comes next, and how much of that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) step: u16,
    pub(super) count: u16,
}

/// What a pattern says of the text so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It matches up to here, and what follows does not continue it.
    Whole {
        end: u64,
    },
    No,
    /// More text is needed; go on from here.
    More {
        at: u64,
        place: Place,
    },
}

impl Pattern {
    /// Compiles; `rule` is named in errors.
    pub(super) fn compile(rule: &'static str, text: &str) -> Result<Pattern, CatalogueError> {
        let mut steps = parse(text).ok_or(CatalogueError::Pattern(rule))?;
        let fixed = |step: &Step| step.least == 1 && step.most == 1 && only(&step.set).is_some();
        let length = steps.iter().take_while(|step| fixed(step)).count();
        let literal = steps.drain(..length.min(MAX_ANCHOR)).filter_map(|step| only(&step.set)).collect();
        Ok(Pattern { literal, steps, prefix: length })
    }

    /// What every match begins with: the anchor.
    pub(super) fn literal(&self) -> &[u8] {
        &self.literal
    }

    /// Bytes that are the same in every match.
    pub(super) fn prefix(&self) -> u64 {
        self.prefix as u64
    }

    /// Most bytes of a match.
    pub(super) fn most(&self) -> u64 {
        self.literal.len() as u64 + self.steps.iter().map(|step| u64::from(step.most)).sum::<u64>()
    }

    /// Whether it is what `text` is, from its beginning to its end.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        let Some(mut rest) = text.strip_prefix(self.literal.as_slice()) else { return false };
        for step in &self.steps {
            let most = rest.get(..step.most as usize).unwrap_or(rest);
            let taken = most.iter().take_while(|byte| step.set.has(**byte)).count();
            if taken < step.least as usize {
                return false;
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        rest.is_empty()
    }

    /// Reads on from `at`.
    pub(super) fn read(&self, window: &Window, mut at: u64, mut place: Place) -> Reading {
        while let Some(step) = self.steps.get(usize::from(place.step)) {
            while u32::from(place.count) < step.most {
                match window.ahead(at) {
                    Ahead::Byte(byte) if step.set.has(byte) => {
                        at += 1;
                        place.count += 1;
                    }
                    Ahead::Unknown => return Reading::More { at, place },
                    Ahead::Byte(_) | Ahead::End => break,
                }
            }
            if u32::from(place.count) < step.least {
                return Reading::No;
            }
            place = Place { step: place.step + 1, count: 0 };
        }
        match window.ahead(at) {
            Ahead::Unknown => Reading::More { at, place },
            Ahead::Byte(byte) if self.goes_on_with(byte) => Reading::No,
            Ahead::Byte(_) | Ahead::End => Reading::Whole { end: at },
        }
    }

    /// Whether a byte behind a match makes it another, longer text.
    fn goes_on_with(&self, byte: u8) -> bool {
        super::window::is_word(byte)
            || self.steps.last().is_some_and(|step| step.most > 1 && step.set.has(byte))
    }
}

fn only(set: &Set) -> Option<u8> {
    let mut bytes = (0..=u8::MAX).filter(|byte| set.has(*byte));
    bytes.next().filter(|_| bytes.next().is_none())
}

fn parse(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.as_bytes();
    let mut steps = Vec::new();
    while let Some((first, behind)) = rest.split_first() {
        let set;
        (set, rest) = match first {
            b'[' => bracket(behind)?,
            b'\\' => escape(behind)?,
            byte => (Set::one(*byte), behind),
        };
        let (least, most);
        ((least, most), rest) = count(rest)?;
        (least <= most && most <= MAX_RUN).then(|| steps.push(Step { set, least, most }))?;
    }
    (!steps.is_empty()).then_some(steps)
}

fn bracket(mut rest: &[u8]) -> Option<(Set, &[u8])> {
    let mut set = Set([0; 4]);
    loop {
        match rest {
            [b']', behind @ ..] => return Some((set, behind)),
            [b'\\', behind @ ..] => {
                let (named, behind) = escape(behind)?;
                (0..=u8::MAX).filter(|byte| named.has(*byte)).for_each(|byte| set.insert(byte));
                rest = behind;
            }
            [from, b'-', to, behind @ ..] if *to != b']' => {
                (*from..=*to).for_each(|byte| set.insert(byte));
                rest = behind;
            }
            [byte, behind @ ..] => {
                set.insert(*byte);
                rest = behind;
            }
            [] => return None,
        }
    }
}

fn escape(rest: &[u8]) -> Option<(Set, &[u8])> {
    let (name, behind) = rest.split_first()?;
    let takes: fn(u8) -> bool = match name {
        b'd' => |byte| byte.is_ascii_digit(),
        b'w' => super::window::is_word,
        b'h' => |byte| byte.is_ascii_hexdigit(),
        byte if !byte.is_ascii_alphanumeric() => return Some((Set::one(*byte), behind)),
        _ => return None,
    };
    Some((Set::of(takes), behind))
}

fn count(rest: &[u8]) -> Option<((u32, u32), &[u8])> {
    match rest {
        [b'?', behind @ ..] => Some(((0, 1), behind)),
        [b'+', behind @ ..] => Some(((1, MAX_RUN), behind)),
        [b'{', behind @ ..] => {
            let end = behind.iter().position(|byte| *byte == b'}')?;
            let inside = std::str::from_utf8(behind.get(..end)?).ok()?;
            let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
            Some(((least.parse().ok()?, most.parse().ok()?), behind.get(end + 1..)?))
        }
        _ => Some(((1, 1), rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Place = Place { step: 0, count: 0 };

    fn read(pattern: &str, text: &str, end_of_text: bool) -> Reading {
        let pattern = Pattern::compile("test", pattern).unwrap();
        let literal = pattern.literal().len();
        assert!(text.as_bytes().starts_with(pattern.literal()));
        pattern.read(&Window::new(0, text.as_bytes(), end_of_text), literal as u64, START)
    }

    #[test]
    fn patterns_match_whole_tokens() {
        let cases = [
            ("ghp_[A-Za-z0-9]{4}", "ghp_aB3x", Some(8)),
            ("ghp_[A-Za-z0-9]{4}", "ghp_aB3x.", Some(8)),
            ("ghp_[A-Za-z0-9]{4}", "ghp_aB3xy", None),
            ("ghp_[A-Za-z0-9]{4}", "ghp_aB3", None),
            ("ghp_[A-Za-z0-9]{4}", "ghp_aB3x_", None),
            (r"xox[abp]-\d{2,3}-\h+", "xoxb-123-a0F!", Some(12)),
            (r"k[\w-]{2,8}", "kab-c", Some(5)),
            (r"k[\w-]{2,4}", "kab-cd", None),
            (r"a\.b?c", "a.c", Some(3)),
            (r"a\.b?c", "a.bc d", Some(4)),
            (r"k[a-c\d]{2}=?", "ka1= ", Some(4)),
        ];
        for (pattern, text, expected) in cases {
            let found = match read(pattern, text, true) {
                Reading::Whole { end } => Some(end),
                Reading::No => None,
                more @ Reading::More { .. } => panic!("{pattern}, {text}: {more:?} at the end"),
            };
            assert_eq!(found, expected, "{pattern}, {text}");
        }
    }

    #[test]
    fn a_text_that_is_cut_goes_on_where_it_stopped() {
        let pattern = Pattern::compile("test", r"ghp_[A-Za-z0-9]{4}-\d+").unwrap();
        let text = b"ghp_aB3x-12 ";
        let (mut at, mut place) = (4, START);
        for cut in 4..text.len() {
            match pattern.read(&Window::new(0, &text[..cut], false), at, place) {
                Reading::More { at: next, place: then } => (at, place) = (next, then),
                other => panic!("{other:?} at {cut}"),
            }
        }
        assert_eq!(pattern.read(&Window::new(0, text, false), at, place), Reading::Whole { end: 11 });
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "[a", "a{2", "a{3,2}", "a{x}", r"\q", "a{5000}"] {
            assert!(Pattern::compile("test", text).is_err(), "{text}");
        }
    }
}
