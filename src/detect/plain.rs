//! Text as it reads: characters that look like ASCII become it, and those that nobody sees are left out.
//!
//! | written | reads |
//! |---|---|
//! | compatibility forms of Latin letters, digits and signs (NFKC): full-width, mathematical, in rings, boxes and brackets, raised, Roman numbers, ligatures | the ASCII characters |
//! | Latin letters with diacritics or strokes, small capitals | the letter; `ß` is `ss`, `æ` is `ae` |
//! | combining marks (U+0300 to U+036F and their supplements) | nothing, but on a letter of another script they stay |
//! | letters of other scripts that look like Latin ones (UTS #39), in a word that has Latin letters | the Latin letter |
//! | decimal digits of other scripts (Unicode general category Nd) | `0` to `9` |
//! | spaces, hyphens, dashes, quotation marks | a space, `-`, `'`, `"` |
//! | default-ignorable code points (Unicode derived property): zero-width, soft hyphen, bidi controls, variation selectors, tags | nothing |
//! | escapes ([`escape`]) | once, what the character reads that they stand for |
//!
//! Everything else stays as it is, bytes that are no UTF-8 too. `table` says what each character reads as.
//!
//! What comes before a character matters in a few bytes ([`place`]), what comes behind in no more than [`MAX_ALIKE`]
//! characters. Where those have not come, the rest of the text waits. So the pieces that text comes in make no difference.
//!
//! A character that reads as several is all of them: what is found in a part of it is found in all of it. Marks and
//! characters that nobody sees belong to what is found where they stand inside of it, not behind its last letter.

mod character;
mod escape;
mod place;
mod reads;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod reference;
mod runs;
mod table;

use character::{Character, character, common};
use place::{Address, Word};
use reads::{Reads, entry, reads};
pub(super) use runs::quiet;

/// Turns that nobody asks for any more and that stay before they are dropped, so that not every feed moves them.
const SLACK: usize = 16;

/// Characters at the start of a word, look-alikes and marks, within which a Latin letter must follow for them to be read
/// as Latin.
const MAX_ALIKE: usize = 16;

/// Bytes of ASCII in a row behind which more are expected, and looked at in blocks.
const FEW: usize = 4;

/// Plain and written offsets that belong together, counted from an origin. Of several for one plain offset the first is
/// where what stands before it ends, the last where what follows begins.
type Turn = (u32, u32);

/// The map of one lane: from written offsets to plain ones, as far back as these can be asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Plain {
    /// A place before which nobody asks: a plain offset, and the written one that belongs to it. It follows what is
    /// forgotten, so that what lies behind it fits into 32 bits.
    origin: (u64, u64),
    /// Bytes behind `origin` so far, in each form. In the written one without those of `waiting`.
    here: Turn,
    /// Where the distance between the forms changes, in order.
    turns: Vec<Turn>,
    /// What cannot be read before more has come: a part of a character or escape, or a word that has begun with
    /// look-alikes.
    waiting: Box<[u8]>,
    word: Word,
    address: Address,
}

/// Text that is being read.
struct Reading<'t, 'o> {
    text: &'t [u8],
    /// Up to here it is in `out`.
    done: usize,
    /// Up to here it was read, and from `done` on it reads as it is.
    at: usize,
    /// The plain form.
    out: &'o mut Vec<u8>,
    /// Up to here `address` knows it.
    addressed: usize,
}

impl Plain {
    /// Appends text; what it reads as goes to `out`.
    pub(super) fn feed(&mut self, text: &[u8], out: &mut Vec<u8>) {
        if self.waiting.is_empty() {
            self.read(text, false, out);
        } else {
            let mut joined = std::mem::take(&mut self.waiting).into_vec();
            joined.extend_from_slice(text);
            self.read(&joined, false, out);
        }
    }

    /// The end of the text: a character that is not complete stays as it is.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let waiting = std::mem::take(&mut self.waiting);
        self.read(&waiting, true, out);
    }

    /// Appends text that is [`quiet`] to its end, where nothing waits.
    pub(super) fn skip(&mut self, text: &[u8]) {
        self.word = self.word.after(text);
        self.address = self.address.after(text);
        self.go(text.len());
    }

    /// Whether no text waits for what follows it.
    pub(super) fn is_whole(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Where what begins at a plain offset is written.
    pub(super) fn start(&self, plain: u64) -> u64 {
        let inside = offset(plain, self.origin.0);
        let behind = self.turns.partition_point(|turn| turn.0 <= inside);
        match behind.checked_sub(1).and_then(|last| self.turns.get(last)) {
            Some(turn) => self.origin.1 + u64::from(turn.1) + u64::from(inside - turn.0),
            None => self.origin.1 + plain.saturating_sub(self.origin.0),
        }
    }

    /// Where what ends at a plain offset ends as it is written.
    pub(super) fn end(&self, plain: u64) -> u64 {
        let inside = offset(plain, self.origin.0);
        let first = self.turns.partition_point(|turn| turn.0 < inside);
        match self.turns.get(first) {
            Some(turn) if turn.0 == inside => self.origin.1 + u64::from(turn.1),
            _ => self.start(plain),
        }
    }

    /// Forgets what is needed for plain offsets before this one only.
    pub(super) fn forget(&mut self, plain: u64) {
        let inside = offset(plain, self.origin.0);
        let before = self.turns.partition_point(|turn| turn.0 < inside);
        if before > SLACK || before == self.turns.len() {
            // The last of them says how far apart the forms are from there on.
            let last = self.turns.drain(..before).next_back().unwrap_or_default();
            self.move_origin(last);
            if self.turns.is_empty() {
                // Nor does it need to be that far back.
                let ahead = offset(plain, self.origin.0).min(self.here.0);
                self.move_origin((ahead, ahead));
            }
            if self.turns.capacity() > self.turns.len() + 2 * SLACK {
                self.turns.shrink_to(self.turns.len() + SLACK);
            }
        }
    }

    /// Bytes of memory on the heap.
    pub(super) fn heap(&self) -> usize {
        self.turns.capacity() * size_of::<Turn>() + self.waiting.len()
    }

    /// Reads all of `text`, or up to what has to wait.
    fn read(&mut self, text: &[u8], is_end: bool, out: &mut Vec<u8>) {
        let addressed = out.len();
        let mut reading = Reading { text, done: 0, at: 0, out, addressed };
        while !reading.rest().is_empty() {
            self.read_many(&mut reading);
            if !reading.rest().is_empty() && !self.read_one(&mut reading, is_end) {
                self.waiting = reading.rest().into();
                break;
            }
        }
        self.keep(&mut reading);
        self.in_address(&mut reading);
    }

    /// Reads what needs no look behind or ahead: nearly all of a text.
    #[inline]
    fn read_many(&mut self, reading: &mut Reading) {
        let mut ascii = 0;
        loop {
            let rest = reading.rest();
            let Some(first) = rest.first() else { return };
            if first.is_ascii() {
                ascii += 1;
                if ascii > FEW {
                    let quiet = quiet(rest);
                    self.word = self.word.after(rest.get(..quiet).unwrap_or_default());
                    reading.at += quiet;
                    if quiet > 0 {
                        continue;
                    }
                }
                if !escape::begins_none(rest) {
                    return;
                }
                self.word = self.word.after(&[*first]);
                reading.at += 1;
                continue;
            }
            ascii = 0;
            if (0xe3..=0xed).contains(first) {
                let east_asian = runs::east_asian(rest);
                if east_asian > 0 {
                    self.word = Word::Outside;
                    reading.at += east_asian;
                    continue;
                }
            }
            let Some((code, length)) = common(rest) else { return };
            match (entry(code), self.word) {
                (entry::SAME, _) => self.word = Word::Outside,
                (entry::LETTER, _) => self.word = Word::Other,
                (entry::MARK | entry::ALIKE.., Word::Other) => {}
                (entry::ALIKE.., Word::Outside) | (entry::SEVERAL, _) => return,
                (entry::NOTHING | entry::MARK, _) => {
                    self.drop(reading, length);
                    continue;
                }
                (ascii, _) => {
                    self.put(reading, length, ascii & 0x7f);
                    continue;
                }
            }
            reading.at += length;
        }
    }

    /// Reads one character. Whether that was possible: else it waits.
    #[inline]
    fn read_one(&mut self, reading: &mut Reading, is_end: bool) -> bool {
        let rest = reading.rest();
        let first = match common(rest) {
            Some((code, length)) => Character::Is { code, length, escaped: false },
            None => {
                let in_address = rest.first() == Some(&b'%') && self.in_address(reading);
                character(rest, in_address)
            }
        };
        let (code, length, escaped) = match first {
            Character::Is { code, length, escaped } => (code, length, escaped),
            Character::Partial if !is_end => return false,
            // Of what is no character, one byte stays.
            Character::Partial | Character::Byte | Character::None => {
                self.word = Word::Outside;
                reading.at += 1;
                return true;
            }
        };
        let reads = match reads(code) {
            Reads::Alike(letter) => {
                if self.word == Word::Outside {
                    let decided = decide(rest, || self.in_address(reading));
                    match decided.or(is_end.then_some(Word::Other)) {
                        Some(word) => self.word = word,
                        None => return false,
                    }
                }
                if self.word == Word::Latin { Reads::Ascii(letter) } else { Reads::Letter }
            }
            Reads::Mark if self.word == Word::Other => Reads::Letter,
            Reads::Mark => Reads::Nothing,
            reads => reads,
        };
        match reads {
            Reads::Ascii(ascii) => self.put(reading, length, ascii),
            Reads::Several(text) => self.put_all(reading, length, text),
            Reads::Nothing => self.drop(reading, length),
            Reads::Same | Reads::Letter | Reads::Alike(_) | Reads::Mark => {
                if escaped {
                    let mut utf8 = [0; 4];
                    let char = char::from_u32(code).unwrap_or_default();
                    self.put_all(reading, length, char.encode_utf8(&mut utf8).as_bytes());
                } else {
                    reading.at += length;
                }
                self.word = if reads == Reads::Same { Word::Outside } else { Word::Other };
            }
        }
        true
    }

    /// Whether what is read next stands in an address.
    fn in_address(&mut self, reading: &mut Reading) -> bool {
        self.keep(reading);
        self.address = self.address.after(reading.out.get(reading.addressed..).unwrap_or_default());
        reading.addressed = reading.out.len();
        self.address == Address::Inside
    }

    /// Appends what was read and reads as it is.
    #[inline]
    fn keep(&mut self, reading: &mut Reading) {
        let same = reading.text.get(reading.done..reading.at).unwrap_or_default();
        if same.len() <= FEW {
            // A call that copies a few bytes costs more than they do.
            same.iter().for_each(|byte| reading.out.push(*byte));
        } else {
            reading.out.extend_from_slice(same);
        }
        self.go(same.len());
        reading.done = reading.at;
    }

    /// Appends what the next `length` bytes read as.
    #[inline]
    fn put(&mut self, reading: &mut Reading, length: usize, ascii: u8) {
        self.keep(reading);
        self.turn();
        reading.out.push(ascii);
        self.here = (self.here.0.saturating_add(1), self.here.1.saturating_add(length as u32));
        self.turns.push(self.here);
        self.word = self.word.after(&[ascii]);
        reading.pass(length);
    }

    /// Appends what the next `length` bytes read as, where that is more than one. Each of them is all of what is written.
    fn put_all(&mut self, reading: &mut Reading, length: usize, text: &[u8]) {
        self.keep(reading);
        let start = self.here.1;
        for byte in text {
            self.here.1 = start;
            self.turn();
            reading.out.push(*byte);
            self.here = (self.here.0.saturating_add(1), start.saturating_add(length as u32));
            self.turns.push(self.here);
        }
        self.word = self.word.after(text);
        reading.pass(length);
    }

    /// Leaves out the next `length` bytes.
    #[inline]
    fn drop(&mut self, reading: &mut Reading, length: usize) {
        self.keep(reading);
        self.turn();
        self.here.1 = self.here.1.saturating_add(length as u32);
        match self.turns.as_mut_slice() {
            // Of what is left out in a row, the ends count.
            [.., before, last] if before.0 == self.here.0 => *last = self.here,
            _ => self.turns.push(self.here),
        }
        reading.pass(length);
    }

    /// Notes that the forms are here, before what makes the distance between them another one.
    #[inline]
    fn turn(&mut self) {
        if self.turns.last() != Some(&self.here) {
            self.turns.push(self.here);
        }
    }

    /// Goes over bytes that read as they are written.
    #[inline]
    fn go(&mut self, length: usize) {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.here = (self.here.0.saturating_add(length), self.here.1.saturating_add(length));
    }

    fn move_origin(&mut self, ahead: Turn) {
        let behind = |turn: &mut Turn| {
            *turn = (turn.0.saturating_sub(ahead.0), turn.1.saturating_sub(ahead.1));
        };
        self.turns.iter_mut().for_each(behind);
        behind(&mut self.here);
        self.origin = (self.origin.0 + u64::from(ahead.0), self.origin.1 + u64::from(ahead.1));
    }
}

impl<'t> Reading<'t, '_> {
    /// Goes over bytes whose plain form is in `out`.
    #[inline]
    fn pass(&mut self, length: usize) {
        self.at += length;
        self.done = self.at;
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// How far behind `origin`. What is asked for and what is kept lies within a few times what a rule looks back.
fn offset(offset: u64, origin: u64) -> u32 {
    u32::try_from(offset.saturating_sub(origin)).unwrap_or(u32::MAX)
}

/// What the word is that begins with a look-alike: Latin where a Latin letter follows. `None` where more has to come.
fn decide(text: &[u8], mut in_address: impl FnMut() -> bool) -> Option<Word> {
    let mut rest = text;
    for _ in 0..MAX_ALIKE {
        let known = common(rest).map(|(code, length)| Character::Is { code, length, escaped: false });
        let first = known.unwrap_or_else(|| character(rest, rest.first() == Some(&b'%') && in_address()));
        let (code, length) = match first {
            Character::Is { code, length, .. } => (code, length),
            Character::Byte => return Some(Word::Other),
            Character::Partial | Character::None => return None,
        };
        let first = match reads(code) {
            Reads::Alike(_) | Reads::Mark | Reads::Nothing => None,
            Reads::Ascii(ascii) => Some(ascii),
            Reads::Several(text) => text.first().copied(),
            Reads::Same | Reads::Letter => Some(0),
        };
        match first {
            None => rest = rest.get(length..).unwrap_or_default(),
            Some(first) if first.is_ascii_alphabetic() => return Some(Word::Latin),
            Some(_) => return Some(Word::Other),
        }
    }
    Some(Word::Other)
}

/// The plain form of a whole text.
pub(super) fn of(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut map = Plain::default();
    map.feed(text, &mut out);
    map.finish(&mut out);
    out
}

#[cfg(test)]
mod tests;
