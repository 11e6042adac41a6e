//! One lane of text, read once, in each of the forms that rules read.

use std::fmt;

use super::Finding;
use super::catalogue::{Catalogue, RuleSet};
use super::engine::{self, Engine};
use super::plain::{self, Plain};
use super::rules::View;
use super::value::ValueKey;
use super::window::Window;

/// Bytes taken at a time: bounds the retained text, and the map of it, when one feed is a whole body.
const PIECE: usize = 4096;

/// Bytes of text that is looked at without a scanner: names, identifiers, versions.
pub(super) const SHORT: usize = 256;

/// The state of one lane of text. Every call must use the same catalogue and the same rules.
#[derive(Clone)]
pub struct Scanner {
    plain: Engine,
    written: Engine,
    /// From the text as it is written to the one that `plain` reads, and back.
    map: Plain,
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::keyed(None)
    }
}

impl Scanner {
    /// An empty lane.
    pub fn new() -> Scanner {
        Scanner::default()
    }

    /// An empty lane whose findings say which have the same value.
    pub fn keyed(key: Option<ValueKey>) -> Scanner {
        Scanner {
            plain: Engine::new(View::Plain, key),
            written: Engine::new(View::Written, key),
            map: Plain::default(),
        }
    }

    /// [`Scanner::append`], then [`Scanner::settled`].
    pub fn feed(
        &mut self,
        catalogue: &Catalogue,
        rules: &RuleSet,
        text: &[u8],
        out: &mut Vec<Finding>,
    ) -> u64 {
        self.append(catalogue, rules, text, out);
        self.settled(catalogue, rules)
    }

    /// Appends `text` and pushes every finding that can no longer change, in no particular order; findings of
    /// different rules may overlap.
    pub fn append(&mut self, catalogue: &Catalogue, rules: &RuleSet, text: &[u8], out: &mut Vec<Finding>) {
        text.chunks(PIECE).for_each(|piece| self.append_piece(catalogue, rules, piece, out));
    }

    /// The offset before which no later input can change anything. Every finding still to come starts at or after it;
    /// every finding that starts before it has been pushed (and may end behind it).
    pub fn settled(&self, catalogue: &Catalogue, rules: &RuleSet) -> u64 {
        let plain = self.plain.settled(catalogue, rules);
        self.map.start(plain).min(self.written.settled(catalogue, rules))
    }

    fn append_piece(&mut self, catalogue: &Catalogue, rules: &RuleSet, text: &[u8], out: &mut Vec<Finding>) {
        let is_quiet = plain::quiet(text) == text.len();
        let is_plain = is_quiet && self.map.is_whole();
        // A character may have begun that is no ASCII; an escape has not.
        match (is_quiet || text.is_ascii()) && !self.written.is_open() {
            true => self.written.skip(text.len() as u64),
            false => self.written.append(catalogue, rules, text, out),
        }
        let first = out.len();
        match is_plain {
            true => {
                self.map.skip(text);
                self.plain.append(catalogue, rules, text, out);
            }
            false => {
                let mut plain = Vec::with_capacity(text.len());
                self.map.feed(text, &mut plain);
                self.plain.append(catalogue, rules, &plain, out);
            }
        }
        self.place(out, first);
        self.map.forget(self.plain.base());
    }

    /// The end of the text: decides everything that is open. Returns the length of the text.
    ///
    /// The lane is over; a finding that a later `feed` pushes has no meaning.
    pub fn finish(&mut self, catalogue: &Catalogue, rules: &RuleSet, out: &mut Vec<Finding>) -> u64 {
        let length = self.written.finish(catalogue, rules, out);
        let first = out.len();
        let mut rest = Vec::new();
        self.map.finish(&mut rest);
        self.plain.append(catalogue, rules, &rest, out);
        self.plain.finish(catalogue, rules, out);
        self.place(out, first);
        length
    }

    /// The offset before which no candidate is open: what stands before it and is not a finding will be one only by
    /// text that has not even begun (the `@` behind a word). Where no more text comes, it may leave.
    pub fn undoubted(&self) -> u64 {
        self.map.start(self.plain.undoubted()).min(self.written.undoubted())
    }

    /// Bytes of text that have been fed.
    pub fn length(&self) -> u64 {
        self.written.length()
    }

    /// Bytes of memory that this lane takes, its retained text included.
    pub fn memory(&self) -> usize {
        size_of::<Scanner>() + self.plain.heap() + self.written.heap() + self.map.heap()
    }

    /// What of it the map of a disguised text takes.
    #[cfg(test)]
    pub(super) fn map_memory(&self) -> usize {
        self.map.heap()
    }

    /// Findings in the plain text, from `first` on → in the text as it is written.
    fn place(&self, out: &mut [Finding], first: usize) {
        for finding in out.get_mut(first..).unwrap_or_default() {
            (finding.start, finding.end) = (self.map.start(finding.start), self.map.end(finding.end));
        }
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("length", &self.length()).finish_non_exhaustive()
    }
}

/// Whether anything may be found in a text that is complete in itself. Most short values hold no anchor, or one of nothing: that
/// needs no [`Scanner`]. Text that is long, or may read otherwise than it is written, is not looked at closely.
pub fn may_hold(catalogue: &Catalogue, rules: &RuleSet, text: &[u8]) -> bool {
    if text.len() > SHORT || plain::quiet(text) < text.len() {
        return true;
    }
    let automaton = catalogue.view(View::Plain);
    let window = Window::new(0, text, true);
    let mut state = automaton.start();
    for (byte, end) in text.iter().zip(1..) {
        state = automaton.step(state, *byte);
        if automaton.is_match(state) && engine::is_found(catalogue, rules, &window, state, end) {
            return true;
        }
    }
    let mut begins = false;
    if let Some(words) = catalogue.words(View::Plain) {
        words.begin(text, 0, &mut |_, _| begins = true);
    }
    begins
}

/// The findings of a whole text, by offset.
pub fn scan_all(catalogue: &Catalogue, rules: &RuleSet, text: &[u8]) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut scanner = Scanner::new();
    scanner.append(catalogue, rules, text, &mut out);
    scanner.finish(catalogue, rules, &mut out);
    out.sort_unstable();
    out
}
