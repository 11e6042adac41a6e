//! Text as it reads: characters that look like ASCII become it, and those that nobody sees are left out.
//!
//! | written | reads |
//! |---|---|
//! | full-width forms U+FF01 to U+FF5E, small forms `﹣ ﹫` | the ASCII character |
//! | decimal digits of other scripts, mathematical digits (Unicode general category Nd) | `0` to `9` |
//! | spaces: U+00A0, U+2000 to U+200A, U+202F, U+205F, U+3000 | a space |
//! | hyphens and dashes U+2010 to U+2015, minus U+2212 | `-` |
//! | default-ignorable code points (Unicode derived property): zero-width, soft hyphen, bidi controls, variation selectors, tags | nothing |
//!
//! Everything else stays as it is, bytes that are no UTF-8 too. Each character is read by itself, so the pieces that text
//! comes in make no difference.

use std::cmp::Ordering;

/// Most bytes of one character: UTF-8 has 4, a surrogate pair in three bytes each (CESU-8) has 6.
const MAX_CHAR: usize = 6;

/// Turns that nobody asks for any more and that stay before they are dropped, so that not every feed moves them.
const SLACK: usize = 16;

/// The digit zero of each set of decimal digits (Nd in Unicode 16) but ASCII's; nine more follow each.
const ZEROS: [u32; 75] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
    0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// What a character reads as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    Same,
    Ascii(u8),
    Nothing,
}

/// The map of one lane: from written offsets to plain ones, as far back as these can be asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Plain {
    /// Bytes so far, in each form. In the written one without those of `partial`.
    plain: u64,
    written: u64,
    /// Where the distance between the forms changes, in order: a plain offset, and the written one that belongs to it. Of
    /// several for one plain offset the first is where what stands before it ends, the last where what follows begins.
    turns: Vec<(u64, u64)>,
    /// A character of which more is to come.
    partial: Vec<u8>,
}

impl Plain {
    /// Appends text; what it reads as goes to `out`.
    pub(super) fn feed(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let joined;
        let mut rest = match self.partial.is_empty() {
            true => text,
            false => {
                self.partial.extend_from_slice(text);
                joined = std::mem::take(&mut self.partial);
                joined.as_slice()
            }
        };
        while !rest.is_empty() {
            let same = rest.iter().take_while(|byte| byte.is_ascii()).count();
            rest = self.keep(rest, same, out);
            match character(rest) {
                Character::Is(_, 0) => {}
                Character::Is(code, length) => rest = self.take(rest, code, length, out),
                Character::Other => rest = self.keep(rest, 1, out),
                Character::Partial => {
                    self.partial = rest.to_vec();
                    return;
                }
            }
        }
    }

    /// The end of the text: a character that is not complete stays as it is.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let partial = std::mem::take(&mut self.partial);
        self.keep(&partial, partial.len(), out);
    }

    /// Appends so many bytes that read as they are written.
    pub(super) fn skip(&mut self, length: usize) {
        self.plain += length as u64;
        self.written += length as u64;
    }

    /// Whether no character waits for its end.
    pub(super) fn is_whole(&self) -> bool {
        self.partial.is_empty()
    }

    /// Where what begins at a plain offset is written.
    pub(super) fn start(&self, plain: u64) -> u64 {
        let behind = self.turns.partition_point(|turn| turn.0 <= plain);
        let turn = behind.checked_sub(1).and_then(|last| self.turns.get(last));
        turn.map_or(plain, |turn| turn.1 + (plain - turn.0))
    }

    /// Where what ends at a plain offset ends as it is written.
    pub(super) fn end(&self, plain: u64) -> u64 {
        let first = self.turns.partition_point(|turn| turn.0 < plain);
        match self.turns.get(first) {
            Some(turn) if turn.0 == plain => turn.1,
            _ => self.start(plain),
        }
    }

    /// Forgets what is needed for plain offsets before this one only.
    pub(super) fn forget(&mut self, plain: u64) {
        // One before it stays: it says how far apart the forms are from there on.
        let before = self.turns.partition_point(|turn| turn.0 < plain).saturating_sub(1);
        if before >= SLACK || self.turns.len() == before + 1 {
            self.turns.drain(..before);
            if self.turns.capacity() > self.turns.len() + 2 * SLACK {
                self.turns.shrink_to(self.turns.len() + SLACK);
            }
        }
    }

    /// Bytes of memory on the heap.
    pub(super) fn heap(&self) -> usize {
        self.turns.capacity() * size_of::<(u64, u64)>() + self.partial.capacity()
    }

    fn keep<'t>(&mut self, text: &'t [u8], length: usize, out: &mut Vec<u8>) -> &'t [u8] {
        let (same, rest) = text.split_at(length.min(text.len()));
        out.extend_from_slice(same);
        self.skip(same.len());
        rest
    }

    fn take<'t>(&mut self, text: &'t [u8], code: u32, length: usize, out: &mut Vec<u8>) -> &'t [u8] {
        let ascii = match reads(code) {
            Reads::Same => return self.keep(text, length, out),
            Reads::Ascii(ascii) => Some(ascii),
            Reads::Nothing => None,
        };
        self.turn();
        out.extend(ascii);
        self.plain += u64::from(ascii.is_some());
        self.written += length as u64;
        self.turn();
        text.get(length..).unwrap_or_default()
    }

    /// Notes that here plain and written offsets belong together.
    fn turn(&mut self) {
        let here = (self.plain, self.written);
        match self.turns.as_mut_slice() {
            [.., last] if *last == here => {}
            [.., first, last] if first.0 == here.0 && last.0 == here.0 => *last = here,
            _ => self.turns.push(here),
        }
    }
}

/// The plain form of a whole text.
pub(super) fn of(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut map = Plain::default();
    map.feed(text, &mut out);
    map.finish(&mut out);
    out
}

/// What a text begins with.
enum Character {
    /// This code point, in so many bytes; no bytes where the text is empty.
    Is(u32, usize),
    /// No character.
    Other,
    /// The beginning of one.
    Partial,
}

/// Decodes the first character: UTF-8, or a surrogate pair in three bytes each.
fn character(text: &[u8]) -> Character {
    let Some(first) = text.first() else {
        return Character::Is(0, 0);
    };
    let length = match first {
        0x00..=0x7f => return Character::Is(u32::from(*first), 1),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Character::Other,
    };
    match unit(text, length) {
        Ok(high @ 0xd800..=0xdbff) => match unit(text.get(3..).unwrap_or_default(), 3) {
            Ok(low @ 0xdc00..=0xdfff) => {
                Character::Is(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), MAX_CHAR)
            }
            Ok(_) | Err(Ordering::Equal) => Character::Other,
            Err(_) => Character::Partial,
        },
        Ok(code) => Character::Is(code, length),
        Err(Ordering::Equal) => Character::Other,
        Err(_) => Character::Partial,
    }
}

/// The bits of one sequence of so many bytes. `Equal`: it is none; `Less`: it is not complete.
fn unit(text: &[u8], length: usize) -> Result<u32, Ordering> {
    let Some((first, rest)) = text.split_first() else { return Err(Ordering::Less) };
    let marker = 0xff_u8 << (7 - length);
    if first & marker != marker << 1 {
        return Err(Ordering::Equal);
    }
    let mut code = u32::from(first & !marker);
    for nth in 0..length - 1 {
        match rest.get(nth) {
            None => return Err(Ordering::Less),
            Some(byte) if byte & 0xc0 == 0x80 => code = code << 6 | u32::from(byte & 0x3f),
            Some(_) => return Err(Ordering::Equal),
        }
    }
    Ok(code)
}

fn reads(code: u32) -> Reads {
    match code {
        0x00ad
        | 0x034f
        | 0x061c
        | 0x115f..=0x1160
        | 0x17b4..=0x17b5
        | 0x180b..=0x180f
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2060..=0x206f
        | 0x3164
        | 0xfe00..=0xfe0f
        | 0xfeff
        | 0xffa0
        | 0xfff0..=0xfff8
        | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a
        | 0xe0000..=0xe0fff => Reads::Nothing,
        0x00a0 | 0x2000..=0x200a | 0x202f | 0x205f | 0x3000 => Reads::Ascii(b' '),
        0x2010..=0x2015 | 0x2212 | 0xfe63 => Reads::Ascii(b'-'),
        0xfe6b => Reads::Ascii(b'@'),
        0xff01..=0xff5e => Reads::Ascii((code - 0xff01) as u8 + b'!'),
        _ => {
            let zero = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1);
            match zero.and_then(|zero| ZEROS.get(zero)).map(|zero| code - zero) {
                Some(digit @ 0..10) => Reads::Ascii(digit as u8 + b'0'),
                _ => Reads::Same,
            }
        }
    }
}

#[cfg(test)]
mod tests;
