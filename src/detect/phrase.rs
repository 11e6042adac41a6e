//! Phrases: slots of alternative words with a little other text between, as people give orders to a model.
//!
//! ```text
//! ignore*|disregard* ~24 previous|prior|above ~16 instruction*|rule*
//! ```
//!
//! reads: a word that begins with `ignore` or `disregard`; at most 24 bytes further one of three words; at most 16 bytes
//! further a word that begins with `instruction` or `rule`. Without `~` a slot follows at once (4 bytes); white space and
//! punctuation in a row are one byte. In a word `*` at the end is any ending and `_` is white space and punctuation; `<name>`
//! is one of the rule's named sets, which may name sets before it. Words stand alone, but those of scripts that write no spaces
//! (Han, kana, Hangul, Thai) stand anywhere. Case does not matter, and digits and signs that are written for letters
//! (`1gn0r3`) are these. Names in programs (`ignore_rules`) are one word.
//!
//! Of a slot's words, `!word` says that none of them is met where that one stands (`forget*|!forgetful`), and `word!` that
//! none is met right behind that one (`don't!|forget`).
//!
//! **How it works.** The words of the first slot are the anchors: a phrase begins with its anchor. All phrases of a rule
//! that begin with the same slot are one tree of slots, and one walk over the text behind the anchor ([`walk`]) keeps for
//! each slot where it was met last. A word of the first slot with `^` is looked for in disguise as well: with digits for
//! letters, its letters apart, in base64 and in hexadecimal ([`disguise`]).

use std::collections::BTreeMap;

use super::rules::{Hit, Progress, Rule, Verdict, Verify};
use super::window::Window;
use super::{CatalogueError, plain};

mod disguise;
mod walk;

use disguise::Mode;
pub(super) use walk::State;

/// Bytes between two slots where a phrase does not say how many.
const NEXT: u8 = 4;
/// Most bytes between two slots.
const MAX_GAP: u8 = 60;
/// Most slots of the phrases that begin with one slot, that one included.
const MAX_SLOTS: usize = 32;
/// Most bytes in front of a slot that say that it is not met.
pub(super) const LOOK_BACK: u64 = 40;
/// Most bytes of an anchor that is one ASCII word, and of any other.
const ANCHOR: usize = 5;
const LONG_ANCHOR: usize = 9;
/// Fewest bytes of the first of several words that is an anchor by itself.
const FIRST_ANCHOR: usize = 7;

/// A rule's phrases, as it writes them down.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    /// Named sets of words, for several phrases.
    pub(super) sets: &'static [(&'static str, &'static str)],
    pub(super) forms: &'static [&'static str],
}

/// The same, compiled.
#[derive(Default)]
pub(super) struct Forms {
    trees: Vec<Tree>,
    slots: Vec<Slot>,
    anchors: Vec<Anchor>,
}

/// The phrases that begin with the same slot. Its branches follow their stems.
struct Tree {
    /// The slot, as an index.
    first: usize,
    /// Whether that is a phrase by itself.
    is_whole: bool,
    branches: Vec<Branch>,
}

struct Branch {
    slot: usize,
    /// Most bytes between this slot and the one before it.
    gap: u8,
    /// The branch before it, counted from 1; 0 is the first slot.
    stem: usize,
    /// Whether a phrase ends with it.
    is_last: bool,
}

/// Alternative words.
struct Slot {
    words: Vec<Word>,
    /// Where one of these stands, or ends in front, it is not met.
    instead: Vec<Word>,
    in_front: Vec<Word>,
    /// The bytes that one of them may begin with, one bit each.
    begins: [u64; 4],
}

struct Word {
    /// In the plain form and in lower case, with a blank for white space and punctuation.
    text: Vec<u8>,
    /// Whether more letters may follow.
    is_stem: bool,
    /// Whether its script writes spaces between words, so that it has to end where it ends.
    stands_alone: bool,
}

/// What begins a phrase, plainly or in disguise.
pub(super) struct Anchor {
    pub(super) text: Vec<u8>,
    /// Whether case matters.
    pub(super) is_exact: bool,
    tree: usize,
    mode: Mode,
}

impl Forms {
    /// Of a rule; of no phrases where it is none.
    pub(super) fn compile(rule: &Rule) -> Result<Forms, CatalogueError> {
        let Verify::Phrase(phrase) = &rule.detector.verify else { return Ok(Forms::default()) };
        Forms::read(phrase).ok_or(CatalogueError::Phrase(rule.id))
    }

    fn read(phrase: &Phrase) -> Option<Forms> {
        let mut forms = Forms::default();
        let mut slots = BTreeMap::new();
        let mut trees: BTreeMap<&str, usize> = BTreeMap::new();
        for form in phrase.forms {
            let mut pieces = form.split_whitespace().peekable();
            let first = pieces.next()?;
            let tree = match trees.get(first) {
                Some(tree) => *tree,
                None => {
                    let slot = forms.slot(phrase, first, &mut slots)?;
                    forms.trees.push(Tree { first: slot, is_whole: false, branches: Vec::new() });
                    forms.anchor(phrase, first, forms.trees.len() - 1);
                    trees.insert(first, forms.trees.len() - 1);
                    forms.trees.len() - 1
                }
            };
            let mut stem = 0;
            while let Some(piece) = pieces.next() {
                let gap = piece.strip_prefix('~').map(str::parse::<u8>);
                let (gap, piece) = match gap {
                    Some(gap) => (gap.ok().filter(|gap| *gap <= MAX_GAP)?, pieces.next()?),
                    None => (NEXT, piece),
                };
                let slot = forms.slot(phrase, piece, &mut slots)?;
                let is_last = pieces.peek().is_none();
                stem = forms.trees.get_mut(tree)?.grow(Branch { slot, gap, stem, is_last })?;
            }
            forms.trees.get_mut(tree)?.is_whole |= stem == 0;
        }
        Some(forms)
    }

    fn slot<'p>(
        &mut self,
        phrase: &Phrase,
        text: &'p str,
        known: &mut BTreeMap<&'p str, usize>,
    ) -> Option<usize> {
        if let Some(slot) = known.get(text) {
            return Some(*slot);
        }
        let (mut words, mut instead, mut in_front) = (Vec::new(), Vec::new(), Vec::new());
        for written in alternatives(phrase.sets, text)? {
            match (written.strip_prefix('!'), written.strip_suffix('!')) {
                (Some(word), _) => instead.push(Word::read(word)?),
                (None, Some(word)) => in_front.push(Word::read(word).filter(Word::may_be_in_front)?),
                (None, None) => words.push(Word::read(written)?),
            }
        }
        let mut first: Vec<u8> = words.iter().filter_map(|word| word.text.first().copied()).collect();
        first.sort_unstable();
        first.dedup();
        let mut begins = [0; 4];
        for byte in 0..=u8::MAX {
            let begins_one = first.iter().any(|own| walk::reads(byte, *own));
            if let Some(bits) = begins.get_mut(usize::from(byte / 64)).filter(|_| begins_one) {
                *bits |= 1 << (byte % 64);
            }
        }
        self.slots.push(Slot { words, instead, in_front, begins });
        known.insert(text, self.slots.len() - 1);
        Some(self.slots.len() - 1)
    }

    /// Adds the anchors of a tree. None begins with another one: they would be met together.
    fn anchor(&mut self, phrase: &Phrase, first: &str, tree: usize) {
        let mut anchors = Vec::new();
        for written in alternatives(phrase.sets, first).into_iter().flatten() {
            let Some(word) = Word::read(written).filter(|_| !written.contains('!')) else { continue };
            match written.starts_with('^') {
                true => disguise::anchors(&word.text, |text, is_exact, mode| {
                    anchors.push(Anchor { text, is_exact, tree, mode });
                }),
                false => {
                    let text = anchor(&word.text).to_vec();
                    let capital = walk::capital(&text);
                    for text in std::iter::once(text).chain(capital) {
                        anchors.push(Anchor { text, is_exact: false, tree, mode: Mode::Plain });
                    }
                }
            }
        }
        anchors.sort_by(|one, other| one.text.cmp(&other.text));
        for anchor in anchors {
            let is_covered = self.anchors.iter().any(|other| {
                other.tree == tree && anchor.mode == other.mode && anchor.text.starts_with(&other.text)
            });
            if !is_covered {
                self.anchors.push(anchor);
            }
        }
    }

    /// What its phrases begin with.
    pub(super) fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }
}

impl Tree {
    /// The branch that this one is, which may be there; counted from 1.
    fn grow(&mut self, branch: Branch) -> Option<usize> {
        let same =
            |other: &Branch| (other.slot, other.gap, other.stem) == (branch.slot, branch.gap, branch.stem);
        if let Some(nth) = self.branches.iter().position(same) {
            if let Some(old) = self.branches.get_mut(nth) {
                old.is_last |= branch.is_last;
            }
            return Some(nth + 1);
        }
        self.branches.push(branch);
        (self.branches.len() < MAX_SLOTS).then_some(self.branches.len())
    }
}

impl Word {
    fn read(written: &str) -> Option<Word> {
        let text = written.strip_prefix('^').unwrap_or(written);
        let stem = text.strip_suffix('*');
        let text = plain::of(stem.unwrap_or(text).replace('_', " ").as_bytes()).to_ascii_lowercase();
        let stands_alone = !walk::ends_in_sign(&text);
        (!text.is_empty()).then_some(Word { text, is_stem: stem.is_some(), stands_alone })
    }

    /// Whether it is short enough to be looked for in front of a slot.
    fn may_be_in_front(&self) -> bool {
        self.text.len() as u64 + walk::MAX_BETWEEN < LOOK_BACK
    }
}

impl Slot {
    fn may_begin_with(&self, byte: u8) -> bool {
        self.begins.get(usize::from(byte / 64)).is_some_and(|bits| bits >> (byte % 64) & 1 == 1)
    }
}

/// The words of a slot as they are written, named sets in their place.
fn alternatives<'p>(sets: &[(&'static str, &'static str)], text: &'p str) -> Option<Vec<&'p str>> {
    let mut words: Vec<&'p str> = Vec::new();
    for word in text.split('|') {
        match word.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            Some(name) => {
                let nth = sets.iter().position(|(set, _)| *set == name)?;
                words.extend(alternatives(sets.get(..nth)?, sets.get(nth)?.1)?);
            }
            None => words.push(word),
        }
    }
    Some(words)
}

/// What is looked for of a word: of several the first, where that is long enough to be rare in prose.
fn anchor(word: &[u8]) -> &[u8] {
    let first = word.split(|byte| *byte == b' ').next().unwrap_or_default();
    match first.len() {
        length if length == word.len() && word.is_ascii() => cut(word, ANCHOR),
        length if length >= FIRST_ANCHOR && first.is_ascii() => cut(first, LONG_ANCHOR),
        _ => cut(word, LONG_ANCHOR),
    }
}

/// At most so many bytes of a text, and whole characters.
fn cut(text: &[u8], most: usize) -> &[u8] {
    let mut length = text.len().min(most);
    while length > 0 && text.get(length).is_some_and(|byte| byte & 0xc0 == 0x80) {
        length -= 1;
    }
    text.get(..length).unwrap_or(text)
}

/// Judges an anchor.
pub(super) fn judge(
    forms: &Forms,
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
    state: &mut State,
) -> Verdict {
    let found = forms.anchors.get(usize::from(hit.nth)).and_then(|anchor| {
        let tree = forms.trees.get(anchor.tree)?;
        Some(disguise::judge(
            &anchor.mode,
            &walk::Path { slots: &forms.slots, tree },
            window,
            hit,
            progress,
            state,
        ))
    });
    found.unwrap_or(Verdict::No)
}

#[cfg(test)]
mod tests;
