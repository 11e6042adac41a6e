//! Follows the slots of a tree of phrases over the text behind its first one.

use super::{Slot, Tree, Word};
use crate::detect::window::{Ahead, Window, is_word};

/// Most letters behind a stem that belong to its word.
const MAX_ENDING: u64 = 24;
/// Most bytes of white space and punctuation inside a word of several.
const MAX_BLANK: u64 = 16;
/// Most of it between a word and the one in front that says that it is not met.
pub(super) const MAX_BETWEEN: u64 = 3;
/// Most underscores in a row that are looked at for what stands on their other side.
const MAX_UNDERSCORES: u64 = 4;

/// The slots of some phrases.
pub(super) struct Path<'a> {
    pub(super) slots: &'a [Slot],
    pub(super) tree: &'a Tree,
}

/// How far the phrases of a candidate have been followed.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct State {
    /// Where each slot of the tree was met last: the end of it, as `seen` counts; 0 where it was not.
    ends: [u8; super::MAX_SLOTS],
    /// Bytes since the start of the phrase, white space and punctuation in a row as one.
    seen: u8,
    /// What was looked at last.
    last: Last,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Blank,
    Letter,
    Sign,
}

impl State {
    /// Nothing has been met.
    pub(in crate::detect) fn new() -> State {
        State { ends: [0; super::MAX_SLOTS], seen: 0, last: Last::Sign }
    }
}

/// How letters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In words.
    Words,
    /// Without anything between words.
    Joined,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walked {
    /// A phrase ends here.
    Match(u64),
    No,
    More,
}

/// Follows the phrases that begin at `start` from `at` on, which moves.
pub(super) fn walk(
    path: &Path,
    window: &Window,
    start: u64,
    style: Style,
    at: &mut u64,
    state: &mut State,
) -> Walked {
    if state.ends.first() == Some(&0) {
        let Some(first) = path.slots.get(path.tree.first) else { return Walked::No };
        match first.fit(window, start, style) {
            Fit::Yes(end) => {
                let Some(length) = length(window, start, end, style, false) else { return Walked::No };
                *state = State { seen: length, ..State::new() };
                if let Some(first) = state.ends.first_mut() {
                    *first = length;
                }
                *at = end;
                if path.tree.is_whole {
                    return Walked::Match(end);
                }
            }
            Fit::No => return Walked::No,
            Fit::Unknown => return Walked::More,
        }
    }
    while *at - start <= u64::from(u8::MAX) {
        let (last, length) = match kind(window, *at, style) {
            Kind::Unknown => return Walked::More,
            Kind::End => return Walked::No,
            Kind::Blank(length) => (Last::Blank, length),
            Kind::Letter(length) => (Last::Letter, length),
            Kind::Sign(length) => (Last::Sign, length),
        };
        if last == Last::Sign || last == Last::Letter && state.last != Last::Letter {
            match step(path, window, style, *at, state) {
                Step::On => {}
                Step::Match(end) => return Walked::Match(end),
                Step::Lost => return Walked::No,
                Step::Unknown => return Walked::More,
            }
        }
        let counted = if last == Last::Blank { u64::from(state.last != last) } else { length };
        state.seen = state.seen.saturating_add(counted as u8);
        state.last = last;
        *at += length;
    }
    Walked::No
}

enum Step {
    /// Some phrase may go on behind this place.
    On,
    /// One ends here.
    Match(u64),
    /// None can go on.
    Lost,
    Unknown,
}

/// Looks for the slots that may follow at a place where a word begins.
fn step(path: &Path, window: &Window, style: Style, at: u64, state: &mut State) -> Step {
    let Some(first) = window.at(at) else { return Step::Lost };
    let seen = state.seen;
    let mut ends = state.ends;
    let mut matched = None;
    let mut is_alive = false;
    for (nth, branch) in path.tree.branches.iter().enumerate() {
        let stem = ends.get(branch.stem).copied().unwrap_or(0);
        if stem == 0 || seen.saturating_sub(stem) > branch.gap {
            continue;
        }
        is_alive = true;
        let slot = path.slots.get(branch.slot).filter(|slot| seen >= stem && slot.may_begin_with(first));
        match slot.map(|slot| slot.fit(window, at, style)) {
            Some(Fit::Unknown) => return Step::Unknown,
            Some(Fit::Yes(end)) if branch.is_last => matched = matched.max(Some(end)),
            Some(Fit::Yes(end)) => {
                if let (Some(slot), Some(length)) =
                    (ends.get_mut(nth + 1), length(window, at, end, style, true))
                {
                    *slot = seen.saturating_add(length);
                }
            }
            Some(Fit::No) | None => {}
        }
    }
    state.ends = ends;
    match matched {
        Some(end) => Step::Match(end),
        None if is_alive => Step::On,
        None => Step::Lost,
    }
}

/// Bytes of a word as a state counts them. `None` where it is written as programs write names, and may not be.
fn length(window: &Window, start: u64, end: u64, style: Style, may_be_name: bool) -> Option<u8> {
    let (mut at, mut counted, mut was_blank) = (start, 0, false);
    while at < end {
        let (length, is_blank) = match kind(window, at, style) {
            Kind::Blank(length) => (length, true),
            Kind::Letter(1) if !may_be_name && window.at(at) == Some(b'_') => return None,
            Kind::Letter(length) | Kind::Sign(length) => (length, false),
            Kind::End | Kind::Unknown => break,
        };
        counted += if is_blank { u64::from(!was_blank) } else { length };
        at += length;
        was_blank = is_blank;
    }
    u8::try_from(counted).ok()
}

enum Fit {
    Yes(u64),
    No,
    Unknown,
}

impl Slot {
    /// Whether one of its words stands at `at`, and where the longest of them ends.
    fn fit(&self, window: &Window, at: u64, style: Style) -> Fit {
        let first = match window.ahead(at) {
            Ahead::Byte(first) => first,
            Ahead::End => return Fit::No,
            Ahead::Unknown => return Fit::Unknown,
        };
        let mut longest = None;
        for word in self.words.iter().filter(|word| word.may_begin_with(first)) {
            match word.fit(window, at, style) {
                Fit::Yes(end) => longest = longest.max(Some(end)),
                Fit::No => {}
                Fit::Unknown => return Fit::Unknown,
            }
        }
        let Some(longest) = longest else { return Fit::No };
        for word in self.instead.iter().filter(|word| word.may_begin_with(first)) {
            match word.fit(window, at, style) {
                Fit::Yes(_) => return Fit::No,
                Fit::No => {}
                Fit::Unknown => return Fit::Unknown,
            }
        }
        match self.is_refused(window, at) {
            true => Fit::No,
            false => Fit::Yes(longest),
        }
    }

    /// Whether what stands in front of `at`, with next to nothing between, says that it is not met there.
    fn is_refused(&self, window: &Window, at: u64) -> bool {
        if self.in_front.is_empty() {
            return false;
        }
        let between =
            |end: u64| matches!(window.before(end), Some(b' ' | b'\n' | b'"' | b'\'' | b'*' | b'_'));
        let mut end = at;
        while at - end < MAX_BETWEEN && between(end) {
            end -= 1;
        }
        let last = window.before(end);
        let mut words = self
            .in_front
            .iter()
            .filter(|word| last.map(|last| last.to_ascii_lowercase()) == word.text.last().copied());
        words.any(|word| word.ends_at(window, end) && (end < at || !word.stands_alone))
    }
}

impl Word {
    fn may_begin_with(&self, byte: u8) -> bool {
        self.text.first().is_some_and(|own| reads(byte, *own))
    }

    /// Whether it stands in front of `end`.
    fn ends_at(&self, window: &Window, end: u64) -> bool {
        let Some(start) = end.checked_sub(self.text.len() as u64) else { return false };
        let text = window.slice(start, end);
        let is_apart = window.before(start).is_none_or(|before| before.is_ascii() && !is_word(before));
        text.eq_ignore_ascii_case(&self.text) && (is_apart || !self.stands_alone)
    }

    fn fit(&self, window: &Window, at: u64, style: Style) -> Fit {
        let mut end = at;
        let mut lead = 0;
        for own in &self.text {
            if *own == b' ' {
                match blank(window, end, style) {
                    Fit::Yes(behind) => end = behind,
                    other => return other,
                }
                continue;
            }
            match window.ahead(end) {
                Ahead::Byte(byte) if reads(byte, *own) || is_capital_of(byte, lead, *own) => end += 1,
                Ahead::Byte(_) | Ahead::End => return Fit::No,
                Ahead::Unknown => return Fit::Unknown,
            }
            lead = *own;
        }
        if style == Style::Joined || !self.stands_alone {
            return Fit::Yes(end);
        }
        let least = end;
        loop {
            match kind(window, end, style) {
                Kind::Letter(length) if self.is_stem && end - least < MAX_ENDING => end += length,
                Kind::Letter(_) if !self.is_stem => return Fit::No,
                Kind::Unknown => return Fit::Unknown,
                _ => return Fit::Yes(end),
            }
        }
    }
}

/// Whether the byte in front of `at` belongs to the word that stands there.
pub(super) fn is_inside(window: &Window, at: u64) -> bool {
    let mut before = at;
    while window.before(before) == Some(b'_') && at - before < MAX_UNDERSCORES {
        before -= 1;
    }
    let is_letter = window.before(before).is_some_and(|byte| byte.is_ascii_alphanumeric());
    is_letter && !window.is_escape_letter(before - 1)
}

/// Whether a word ends in a script that writes no spaces.
pub(super) fn ends_in_sign(text: &[u8]) -> bool {
    let last = text.iter().rposition(|byte| byte & 0xc0 != 0x80).unwrap_or(0);
    matches!(kind(&Window::new(0, text, true), last as u64, Style::Words), Kind::Sign(_))
}

/// White space and punctuation inside a word of several; in joined text there is none.
fn blank(window: &Window, at: u64, style: Style) -> Fit {
    let mut end = at;
    if style == Style::Joined {
        return Fit::Yes(end);
    }
    loop {
        match kind(window, end, style) {
            Kind::Blank(length) if end - at < MAX_BLANK => end += length,
            Kind::Letter(1) if window.at(end) == Some(b'_') && end == at => end += 1,
            Kind::Unknown => return Fit::Unknown,
            _ if end == at => return Fit::No,
            _ => return Fit::Yes(end),
        }
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// White space, punctuation, and what is no letter, in so many bytes.
    Blank(u64),
    /// A letter or digit of a script with spaces between words.
    Letter(u64),
    /// A character of a script without, or of joined text.
    Sign(u64),
    End,
    Unknown,
}

fn kind(window: &Window, at: u64, style: Style) -> Kind {
    let byte = match window.ahead(at) {
        Ahead::Byte(byte) => byte,
        Ahead::End => return Kind::End,
        Ahead::Unknown => return Kind::Unknown,
    };
    match byte {
        _ if style == Style::Joined => Kind::Sign(1),
        b'\\' => match window.ahead(at + 1) {
            // A line end in a JSON text inside of a JSON text.
            Ahead::Byte(b'n' | b'r' | b't') => Kind::Blank(2),
            Ahead::Unknown => Kind::Unknown,
            Ahead::Byte(_) | Ahead::End => Kind::Blank(1),
        },
        b'_' => underscore(window, at),
        0x00..=0x7f if is_word(byte) => Kind::Letter(1),
        0x00..=0xc1 | 0xf5..=0xff => Kind::Blank(1),
        0xc2 => Kind::Blank(2),
        0xc3..=0xdf => Kind::Letter(2),
        0xe0 | 0xe3 => match (byte, window.ahead(at + 1)) {
            (_, Ahead::Unknown) => Kind::Unknown,
            // Punctuation and the full-width blank.
            (0xe3, Ahead::Byte(0x80)) => Kind::Blank(3),
            // The full stop of Devanagari and Bengali.
            (0xe0, Ahead::Byte(0xa5)) => match window.ahead(at + 2) {
                Ahead::Unknown => Kind::Unknown,
                Ahead::Byte(0xa4 | 0xa5) => Kind::Blank(3),
                _ => Kind::Letter(3),
            },
            // Thai, and Lao.
            (0xe0, Ahead::Byte(0xb8..=0xbb)) | (0xe3, _) => Kind::Sign(3),
            _ => Kind::Letter(3),
        },
        0xe1 => Kind::Letter(3),
        0xe4..=0xed => Kind::Sign(3),
        0xe2 | 0xee..=0xef => Kind::Blank(3),
        0xf0..=0xf4 => Kind::Blank(4),
    }
}

/// An underscore is a letter between letters, as in the names of programs, else a mark.
fn underscore(window: &Window, at: u64) -> Kind {
    if !is_inside(window, at) {
        return Kind::Blank(1);
    }
    for ahead in at + 1..=at + MAX_UNDERSCORES {
        match window.ahead(ahead) {
            Ahead::Byte(b'_') => {}
            Ahead::Byte(byte) if byte.is_ascii_alphanumeric() => return Kind::Letter(1),
            Ahead::Unknown => return Kind::Unknown,
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    Kind::Blank(1)
}

/// Whether a byte of text is a byte of a word, which is in lower case, or is written for it.
pub(super) fn reads(byte: u8, own: u8) -> bool {
    byte.to_ascii_lowercase() == own
        || match own {
            b'a' => matches!(byte, b'4' | b'@'),
            b'b' => byte == b'8',
            b'e' => byte == b'3',
            b'g' => matches!(byte, b'6' | b'9'),
            b'i' => matches!(byte, b'1' | b'!' | b'|'),
            b'l' => matches!(byte, b'1' | b'|'),
            b'o' => byte == b'0',
            b's' => matches!(byte, b'5' | b'$'),
            b't' => matches!(byte, b'7' | b'+'),
            b'z' => byte == b'2',
            // The capitals of Cyrillic letters.
            0xd1 => byte == 0xd0,
            _ => false,
        }
}

/// The second byte of a Cyrillic capital (U+0410 to U+042F), for that of the small letter.
fn is_capital_of(byte: u8, lead: u8, own: u8) -> bool {
    match lead {
        0xd0 => own >= 0xb0 && byte == own - 0x20,
        0xd1 => own <= 0x8f && byte == own + 0x20,
        _ => false,
    }
}

/// The same text with a Cyrillic capital, where it begins with a small letter: the automaton folds ASCII only.
pub(super) fn capital(text: &[u8]) -> Option<Vec<u8>> {
    let (capital, rest) = match text {
        [0xd0, second @ 0xb0..=0xbf, rest @ ..] => ([0xd0, second - 0x20], rest),
        [0xd1, second @ 0x80..=0x8f, rest @ ..] => ([0xd0, second + 0x20], rest),
        _ => return None,
    };
    Some([capital.as_slice(), rest].concat())
}
