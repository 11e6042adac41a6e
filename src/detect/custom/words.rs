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
/// Bytes of a longer entry that are hashed, besides its first word.
const BEGINNING: usize = 12;
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
    /// By byte: whether an entry begins with it, whether a pattern may, and whether it is a letter or digit of ASCII.
    kinds: Box<[u8; 256]>,
    /// The first words of entries that are shorter than [`BEGINNING`].
    short: Filter,
    /// Those of longer ones, and their beginnings.
    long: Filter,
    /// Whether a word may go on behind an entry.
    has_stems: bool,
    rules: RuleSet,
}

const ENTRY: u8 = 1;
const PATTERN: u8 = 2;
const LETTER: u8 = 4;

/// One bit for each hash that is in it: "no" is sure, "yes" is not.
struct Filter(Vec<u64>);

impl Filter {
    /// For so many hashes, of which one in thirty that are not there passes.
    fn with_room(hashes: usize) -> Filter {
        Filter(vec![0; (hashes * 32).next_power_of_two().max(64) / 64])
    }

    fn place(&self, key: u32) -> (usize, u64) {
        ((key >> 6) as usize & (self.0.len() - 1), 1 << (key % 64))
    }

    fn insert(&mut self, key: u32) {
        let (word, bit) = self.place(key);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn has(&self, key: u32) -> bool {
        let (word, bit) = self.place(key);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

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
        let is_long = |entry: &&Entry| usize::from(entry.length) >= BEGINNING;
        // A few stems may be in the wrong one: that is room only.
        let long = self.entries.iter().filter(is_long).count();
        let mut words = Words {
            kinds: Box::new([0; 256]),
            short: Filter::with_room(self.entries.len() - long),
            long: Filter::with_room(2 * long),
            has_stems: false,
            rules: RuleSet::none(),
            entries: self.entries,
            patterns: self.patterns,
            text,
        };
        words.fill();
        Some(words)
    }
}

impl Words {
    fn fill(&mut self) {
        let mut is = |byte: u8, kind: u8| {
            if let Some(kinds) = self.kinds.get_mut(usize::from(byte)) {
                *kinds |= kind;
            }
        };
        (0..=u8::MAX).filter(u8::is_ascii_alphanumeric).for_each(|byte| is(byte, LETTER));
        for (rule, set) in &self.patterns {
            self.rules.insert(*rule);
            // In the middle of a character nothing begins.
            let bytes = (0..=u8::MAX).filter(|byte| set.has(*byte) && *byte & 0xc0 != 0x80);
            bytes.for_each(|byte| is(byte, PATTERN));
        }
        for entry in &self.entries {
            self.rules.insert(entry.rule);
            let text = slice(&self.text, entry.at, entry.length);
            let first = text.iter().take(1).flat_map(|byte| [*byte, byte.to_ascii_uppercase()]);
            first.for_each(|byte| is(byte, ENTRY));
            let (run, key) = run(text);
            if !entry.is_word && run == text.len() && run < MAX_KEY {
                self.has_stems = true;
                self.short.insert(stem(text));
            } else if text.len() >= BEGINNING {
                self.long.insert(key);
                beginning(text).into_iter().for_each(|key| self.long.insert(key));
            } else {
                self.short.insert(key);
            }
        }
    }
}

fn slice(text: &[u8], at: u32, length: u16) -> &[u8] {
    text.get(at as usize..at as usize + usize::from(length)).unwrap_or_default()
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
    let key = hash(text.iter().take(length).copied());
    (length, key)
}

/// The hash of the first [`BEGINNING`] bytes with white space as single blanks; `None` where there are not so many, or too much
/// white space.
fn beginning(text: &[u8]) -> Option<u32> {
    let mut bytes = [0; BEGINNING];
    let mut places = bytes.iter_mut();
    let (mut last, mut gap) = (0, 0);
    for byte in text.iter().take(4 * BEGINNING) {
        let byte = if is_space(*byte) { b' ' } else { *byte };
        if byte == b' ' && last == b' ' {
            continue;
        }
        let Some(place) = places.next() else { break };
        (*place, last, gap) = (byte, byte, gap + 1);
    }
    (gap == BEGINNING).then(|| hash(bytes.into_iter().rev()))
}

/// The hash of a word that may go on behind its entry.
fn stem(text: &[u8]) -> u32 {
    !hash(text.iter().take(STEM).copied())
}

fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
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
            + self.kinds.len()
            + (self.short.0.len() + self.long.0.len()) * size_of::<u64>()
    }

    /// Each place in `text` from `from` on where something may begin. Two bytes before `from` are looked at, where there are any.
    pub(in crate::detect) fn begin(&self, text: &[u8], from: usize, found: &mut impl FnMut(usize, Begins)) {
        let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(b' ');
        let kinds_of = |byte: u8| self.kinds.get(usize::from(byte)).copied().unwrap_or(0);
        let (mut before_last, mut last) = (byte(from.checked_sub(2)), byte(from.checked_sub(1)));
        let mut last_kinds = kinds_of(last);
        for (at, here) in (from..).zip(text.get(from..).unwrap_or_default()) {
            let kinds = kinds_of(*here);
            let is_inside = kinds & last_kinds & LETTER != 0
                && !(before_last == b'\\' && matches!(last, b'n' | b'r' | b't'));
            if kinds & (ENTRY | PATTERN) != 0 && !is_inside {
                if kinds & ENTRY != 0 && self.may_hold(text.get(at..).unwrap_or_default()) {
                    found(at, Begins::Entry);
                }
                if kinds & PATTERN != 0 {
                    let fitting = self.patterns.iter().filter(|(_, set)| set.has(*here));
                    fitting.for_each(|(rule, _)| found(at, Begins::Pattern(*rule)));
                }
            }
            (before_last, last, last_kinds) = (last, *here, kinds);
        }
    }

    /// Whether an entry may begin like this text, as far as it is known.
    fn may_hold(&self, text: &[u8]) -> bool {
        let (run, key) = run(text);
        if run >= text.len() || self.short.has(key) {
            return true;
        }
        let has_stem = self.has_stems && run >= STEM && self.short.has(stem(text));
        // Common words begin many a text, so what stands behind them is asked for, too.
        has_stem || (self.long.has(key) && beginning(text).is_none_or(|key| self.long.has(key)))
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
                let is_written =
                    entry.exact == ANY_CASE || slice(&self.text, entry.exact, entry.length) == written;
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
