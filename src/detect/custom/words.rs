//! Lists of tens of thousands of words and names, and the pieces of canaries: looked up where a word begins.
//!
//! **How it works.** All entries lie sorted in one table. Where a word begins, the hash of it is asked for in a bitmap; where
//! that says "maybe", the text narrows the table byte by byte (two binary searches each) until it is an entry or none. So an
//! entry costs some twenty bytes of memory and no time, and where text ends in the middle of a word it is held only if an
//! entry goes on like it.
//!
//! Entries are compared as text reads ([`crate::detect::plain`]), whatever the case of ASCII letters, and any run of white space is one
//! blank ([`MAX_GAP`]).

use super::border::{self, is_inside_word};
use crate::detect::pattern::Set;
use crate::detect::window::{Ahead, Window};
use crate::detect::{RuleIndex, RuleSet, context};

/// White space in a place where an entry has some, in bytes, at most.
pub(in crate::detect) const MAX_GAP: u64 = 16;
/// Bytes of a word that are hashed.
const MAX_KEY: usize = 16;
/// Bytes of a word without an end that are hashed.
const STEM: usize = 4;

/// What is to be looked up, before it is sorted.
#[derive(Default)]
pub(in crate::detect) struct Draft {
    text: Vec<u8>,
    entries: Vec<Entry>,
    /// Rules whose pattern is tried where a word begins, and what they begin with.
    patterns: Vec<(RuleIndex, Set)>,
}

/// One entry; its text is in the table's.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: u32,
    length: u16,
    rule: RuleIndex,
    /// Where its exact writing stands, of the same length; [`ANY_CASE`] where that does not matter.
    exact: u32,
    /// Whether it must be whole words; a piece of a canary need not.
    is_word: bool,
}

const ANY_CASE: u32 = u32::MAX;

/// The table.
pub(in crate::detect) struct Words {
    text: Vec<u8>,
    entries: Vec<Entry>,
    patterns: Vec<(RuleIndex, Set)>,
    /// By byte: whether an entry begins with it, whether a pattern may.
    first: Vec<u8>,
    /// One bit for the hash of each first word.
    filter: Vec<u64>,
    /// Whether a word may go on behind an entry.
    has_stems: bool,
    rules: RuleSet,
}

const ENTRY: u8 = 1;
const PATTERN: u8 = 2;

/// What may begin at a place.
pub(in crate::detect) enum Begins {
    Entry,
    Pattern(RuleIndex),
}

/// What is known of the entry at a place.
pub(in crate::detect) enum Looked {
    /// Everything: what was found has been handed over.
    Done,
    /// More text is needed.
    More,
}

impl Draft {
    /// Adds a word, or several: in the form of [`normal`], as it is written.
    pub(in crate::detect) fn word(&mut self, rule: RuleIndex, normal: &[u8], any_case: bool) {
        let at = self.add(&normal.to_ascii_lowercase());
        let exact = if any_case { ANY_CASE } else { self.add(normal) };
        self.entries.push(Entry { at, length: normal.len() as u16, rule, exact, is_word: true });
    }

    /// Adds a canary whole, or, where it is at least `long`, the `piece` bytes from each of its words on.
    pub(in crate::detect) fn canary(&mut self, rule: RuleIndex, normal: &[u8], long: usize, piece: usize) {
        let at = self.add(&normal.to_ascii_lowercase());
        if normal.len() < long {
            let length = normal.len() as u16;
            self.entries.push(Entry { at, length, rule, exact: ANY_CASE, is_word: false });
            return;
        }
        let is_start = |nth: usize| {
            let byte = |nth: usize| normal.get(nth).copied().unwrap_or(b' ');
            let (before, here) = (nth.checked_sub(1).map_or(b' ', byte), byte(nth));
            here & 0xc0 != 0x80
                && here != b' '
                && !(here.is_ascii_alphanumeric() && before.is_ascii_alphanumeric())
        };
        for nth in (0..=normal.len().saturating_sub(piece)).filter(|nth| is_start(*nth)) {
            let (at, length) = (at + nth as u32, piece as u16);
            self.entries.push(Entry { at, length, rule, exact: ANY_CASE, is_word: false });
        }
    }

    /// Adds a rule whose pattern begins with one of these bytes.
    pub(in crate::detect) fn pattern(&mut self, rule: RuleIndex, first: Set) {
        self.patterns.push((rule, first));
    }

    fn add(&mut self, text: &[u8]) -> u32 {
        let at = self.text.len() as u32;
        self.text.extend_from_slice(text);
        at
    }

    /// Sorts. `None` where there is nothing to look up.
    pub(in crate::detect) fn sort(mut self) -> Option<Words> {
        if self.entries.is_empty() && self.patterns.is_empty() {
            return None;
        }
        let text = std::mem::take(&mut self.text);
        let of = |entry: &Entry| slice(&text, entry.at, entry.length);
        self.entries.sort_unstable_by(|a, b| of(a).cmp(of(b)).then(a.rule.cmp(&b.rule)));
        self.entries.dedup_by(|a, b| of(a) == of(b) && a.rule == b.rule && a.exact == b.exact);
        self.entries.shrink_to_fit();
        let mut words = Words {
            first: vec![0; 256],
            filter: vec![0; (self.entries.len() * 16).next_power_of_two().max(64) / 64],
            has_stems: false,
            rules: RuleSet::none(),
            entries: self.entries,
            patterns: self.patterns,
            text,
        };
        for (rule, set) in &words.patterns {
            words.rules.insert(*rule);
            // In the middle of a character nothing begins.
            let bytes = words.first.iter_mut().enumerate().filter(|(byte, _)| set.has(*byte as u8) && *byte & 0xc0 != 0x80);
            bytes.for_each(|(_, kinds)| *kinds |= PATTERN);
        }
        for entry in &words.entries {
            words.rules.insert(entry.rule);
            let text = slice(&words.text, entry.at, entry.length);
            for byte in text.first().into_iter().flat_map(|byte| [*byte, byte.to_ascii_uppercase()]) {
                if let Some(kinds) = words.first.get_mut(usize::from(byte)) {
                    *kinds |= ENTRY;
                }
            }
            let (run, key) = run(text);
            let goes_on = !entry.is_word && run == text.len() && run < MAX_KEY;
            let key = if goes_on { stem(text) } else { key };
            words.has_stems |= goes_on;
            let (word, bit) = bit(key, words.filter.len());
            if let Some(word) = words.filter.get_mut(word) {
                *word |= bit;
            }
        }
        Some(words)
    }
}

fn slice(text: &[u8], at: u32, length: u16) -> &[u8] {
    text.get(at as usize..at as usize + usize::from(length)).unwrap_or_default()
}

/// The word of the bitmap, and the bit in it.
fn bit(key: u32, words: usize) -> (usize, u64) {
    ((key >> 6) as usize % words.max(1), 1 << (key % 64))
}

/// The bytes that are hashed at the beginning of a text, and their hash: a word of ASCII, else one character.
fn run(text: &[u8]) -> (usize, u32) {
    let length = match text.first() {
        Some(first) if first.is_ascii_alphanumeric() => {
            text.iter().take(MAX_KEY).take_while(|byte| byte.is_ascii_alphanumeric()).count()
        }
        Some(0xe0..=0xef) => 3,
        Some(0xc2..=0xdf) => 2,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    let key = hash(text.iter().take(length));
    (length, key)
}

/// The hash of a word that may go on behind its entry.
fn stem(text: &[u8]) -> u32 {
    !hash(text.iter().take(STEM))
}

fn hash<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    let mixed = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    (mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d)
}

impl Words {
    /// Whether one of these rules is looked up here.
    pub(in crate::detect) fn is_asked(&self, rules: &RuleSet) -> bool {
        self.rules.meets(rules)
    }

    /// Bytes before a place that are read.
    pub(in crate::detect) fn look_back(&self) -> u64 {
        border::MAX_CHAR + 3 + context::REACH
    }

    /// Bytes of memory that it takes.
    pub(in crate::detect) fn memory(&self) -> usize {
        self.text.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + self.first.len()
            + self.filter.len() * size_of::<u64>()
    }

    /// Each place in `text` from `from` on where something may begin. Two bytes before `from` are looked at, where there are any.
    pub(in crate::detect) fn begin(&self, text: &[u8], from: usize, found: &mut impl FnMut(usize, Begins)) {
        let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(b' ');
        let is_escape = |before: u8, letter: u8| before == b'\\' && matches!(letter, b'n' | b'r' | b't');
        let (mut before_last, mut last) = (byte(from.checked_sub(2)), byte(from.checked_sub(1)));
        for (at, here) in text.iter().enumerate().skip(from) {
            let kinds = self.first.get(usize::from(*here)).copied().unwrap_or(0);
            if kinds != 0
                && (!(here.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
                    || is_escape(before_last, last))
            {
                if kinds & ENTRY != 0 && self.may_hold(text.get(at..).unwrap_or_default()) {
                    found(at, Begins::Entry);
                }
                if kinds & PATTERN != 0 {
                    let fitting = self.patterns.iter().filter(|(_, set)| set.has(*here));
                    fitting.for_each(|(rule, _)| found(at, Begins::Pattern(*rule)));
                }
            }
            (before_last, last) = (last, *here);
        }
    }

    /// Whether an entry may begin like this text, as far as it is known.
    fn may_hold(&self, text: &[u8]) -> bool {
        let (run, key) = run(text);
        let has = |key: u32| {
            let (word, bit) = bit(key, self.filter.len());
            self.filter.get(word).is_some_and(|word| word & bit != 0)
        };
        run >= text.len() || has(key) || (self.has_stems && run >= STEM && has(stem(text)))
    }

    /// Looks up what begins at `start`; `out` takes the longest entry of each rule, and where it ends.
    pub(in crate::detect) fn look_up(
        &self,
        window: &Window,
        start: u64,
        rules: &RuleSet,
        out: &mut impl FnMut(RuleIndex, u64),
    ) -> Looked {
        let begins_word = is_inside_word(window, start) == Some(false);
        let mut table = self.entries.as_slice();
        let mut text = Normal { window, at: start, is_gap: false };
        let mut written = Vec::new();
        let mut found: Vec<(RuleIndex, u64)> = Vec::new();
        let mut is_open = false;
        for depth in 0.. {
            let ending = table.partition_point(|entry| usize::from(entry.length) <= depth);
            let (ended, longer) = table.split_at_checked(ending).unwrap_or_default();
            for entry in ended.iter().filter(|entry| rules.contains(entry.rule)) {
                let is_written = entry.exact == ANY_CASE || slice(&self.text, entry.exact, entry.length) == written;
                match is_written && (begins_word || !entry.is_word) {
                    false => {}
                    true if !entry.is_word => found.push((entry.rule, text.at)),
                    true => match is_inside_word(window, text.at) {
                        Some(true) => {}
                        Some(false) => found.push((entry.rule, text.at)),
                        None => is_open = true,
                    },
                }
            }
            if longer.is_empty() {
                break;
            }
            match text.next() {
                Next::Byte(byte) => {
                    let folded = byte.to_ascii_lowercase();
                    let at = |entry: &Entry| self.text.get(entry.at as usize + depth).copied().unwrap_or(0);
                    let below = longer.partition_point(|entry| at(entry) < folded);
                    let table_from = longer.get(below..).unwrap_or_default();
                    let same = table_from.partition_point(|entry| at(entry) == folded);
                    table = table_from.get(..same).unwrap_or_default();
                    written.push(byte);
                }
                Next::Unknown => {
                    is_open = true;
                    break;
                }
                Next::Nothing => break,
            }
            if table.is_empty() {
                break;
            }
        }
        if is_open {
            return Looked::More;
        }
        // The longest stands last.
        found.sort_by_key(|(rule, end)| (*rule, std::cmp::Reverse(*end)));
        found.dedup_by_key(|(rule, _)| *rule);
        found.into_iter().for_each(|(rule, end)| out(rule, end));
        Looked::Done
    }
}

/// Reads text with its white space as single blanks.
struct Normal<'w, 't> {
    window: &'w Window<'t>,
    at: u64,
    /// The blank of white space has been read, and maybe not all of it.
    is_gap: bool,
}

enum Next {
    Byte(u8),
    /// The text ends, or no entry goes on like it.
    Nothing,
    Unknown,
}

impl Normal<'_, '_> {
    fn next(&mut self) -> Next {
        if self.is_gap {
            for read in 0.. {
                match self.window.ahead(self.at) {
                    Ahead::Byte(byte) if is_space(byte) && read + 1 < MAX_GAP => self.at += 1,
                    Ahead::Byte(byte) if is_space(byte) => return Next::Nothing,
                    _ => break,
                }
            }
            self.is_gap = false;
        }
        match self.window.ahead(self.at) {
            Ahead::Byte(byte) => {
                self.at += 1;
                self.is_gap = is_space(byte);
                Next::Byte(if self.is_gap { b' ' } else { byte })
            }
            Ahead::End => Next::Nothing,
            Ahead::Unknown => Next::Unknown,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// A text as entries are written: as it reads, white space as single blanks, none at its ends.
pub(in crate::detect) fn normal(text: &str) -> Vec<u8> {
    let plain = crate::detect::plain::of(text.as_bytes());
    let parts = plain.split(|byte| is_space(*byte)).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(&b' ')
}
