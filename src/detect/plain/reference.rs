//! A slow, plain reference for text as it reads (each character by itself, all that stands before it read again), and what
//! must hold between the two. Tests and fuzzing share it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a property fails by panicking")]

use super::*;
use std::ops::Range;

/// Characters of each kind, bytes that are none, escapes, and parts of them.
pub(crate) const PIECES: &[&[u8]] = &[
    b"a",
    b"4",
    b"@",
    b" ",
    b"/",
    b"//",
    b"http://e.example/",
    b"\"",
    "\u{ff14}".as_bytes(),
    "\u{ff20}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{ad}".as_bytes(),
    "\u{1d7d2}".as_bytes(),
    "\u{e0041}".as_bytes(),
    "\u{597d}".as_bytes(),
    "\u{3042}\u{d55c}".as_bytes(),
    "\u{1f600}".as_bytes(),
    "\u{2013}".as_bytes(),
    // A ligature, a fraction, letters with marks, and marks.
    "\u{fb01}".as_bytes(),
    "\u{bd}".as_bytes(),
    "\u{e9}".as_bytes(),
    "\u{df}".as_bytes(),
    "\u{301}".as_bytes(),
    "\u{3099}".as_bytes(),
    "\u{94d}".as_bytes(),
    // Cyrillic that looks like Latin, and that does not.
    "\u{430}".as_bytes(),
    "\u{435}\u{43e}".as_bytes(),
    "\u{431}".as_bytes(),
    "\u{455}\u{301}\u{200b}".as_bytes(),
    "\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}\u{430}".as_bytes(),
    "\u{13a0}".as_bytes(),
    // U+1D7D2 and U+E0041 as surrogates, and one alone.
    b"\xed\xa0\xb5\xed\xbf\x92",
    b"\xed\xad\x80\xed\xb1\x81",
    b"\xed\xa0\xb5",
    b"\xff",
    b"%",
    b"%41",
    b"%2",
    b"%20",
    b"%25",
    b"%00",
    b"&",
    b"&lt;",
    b"&am",
    b"&#65;",
    b"&#x435;",
    b"&#",
    b"x",
    b";",
    b"\\",
    b"\\n",
    b"\\u0041",
    b"\\u0430",
    b"\\ud835",
    b"\\udfd2",
    b"\\x41",
    b"\\u{41}",
    b"\\U0001d7d2",
];

/// Plain bytes that somebody may still ask for: what stays when the rest is forgotten.
const KEPT: usize = 24;

/// A text as the reference reads it.
pub(crate) struct Read {
    /// As it reads.
    pub(in crate::detect) plain: Vec<u8>,
    /// Where each byte of that is written.
    pub(in crate::detect) places: Vec<Range<u64>>,
    /// Bytes as it is written.
    length: u64,
}

impl Read {
    /// Reads a whole text.
    pub(crate) fn of(text: &[u8]) -> Read {
        let (mut plain, mut places) = (Vec::new(), Vec::new());
        for (written, read) in characters(text) {
            // A character that stays is mapped byte by byte.
            let stays = *read == text[written.clone()];
            for nth in 0..read.len() {
                let place =
                    if stays { written.start + nth..written.start + nth + 1 } else { written.clone() };
                places.push(place.start as u64..place.end as u64);
            }
            plain.extend(read);
        }
        Read { plain, places, length: text.len() as u64 }
    }

    /// The text, fed in these chunks, reads so, and each offset leads back to where it is written. What was forgotten
    /// changes nothing behind it, and then the map is small.
    pub(crate) fn is_read_in(&self, chunks: &[&[u8]]) {
        let (mut map, mut plain) = (Plain::default(), Vec::new());
        let (mut short, mut forgotten) = (Plain::default(), 0);
        let (mut fed, mut longest) = (0, 0);
        for chunk in chunks {
            let before = plain.len();
            // As a scanner does it.
            if map.is_whole() && quiet(chunk) == chunk.len() {
                map.skip(chunk);
                short.skip(chunk);
                plain.extend_from_slice(chunk);
            } else {
                map.feed(chunk, &mut plain);
                short.feed(chunk, &mut Vec::new());
            }
            fed += chunk.len() as u64;
            let read = map.start(plain.len() as u64);
            assert_eq!(read + map.waiting.len() as u64, fed, "what is neither read nor waits");
            assert!(map.waiting.len() <= MAX_ALIKE * 12, "too much waits");
            self.leads_back(&short, forgotten, plain.len());
            forgotten = plain.len().saturating_sub(KEPT);
            short.forget(forgotten as u64);
            longest = longest.max(plain.len() - before);
            // Two turns a byte, and room for as many again.
            let turns = 2 * (KEPT + longest) + 4 * SLACK;
            assert!(short.heap() <= 2 * turns * size_of::<Turn>() + MAX_ALIKE * 12, "the map is not small");
        }
        map.finish(&mut plain);
        short.finish(&mut Vec::new());
        assert!(plain == self.plain, "{} and not {}", plain.escape_ascii(), self.plain.escape_ascii());
        self.leads_back(&map, 0, plain.len());
        self.leads_back(&short, forgotten, plain.len());
        assert_eq!(map.start(plain.len() as u64), self.length);
    }

    /// The plain offsets of a range lead to where they are written: on the text, in order.
    fn leads_back(&self, map: &Plain, from: usize, to: usize) {
        let mut before = 0;
        for at in from..to {
            let found = map.start(at as u64)..map.end(at as u64 + 1);
            assert_eq!(found, self.places[at], "plain offset {at}");
            assert!(before <= found.start && found.start < found.end && found.end <= self.length);
            before = found.start;
        }
    }
}

/// Each character of a text by itself, where it is written and what it reads as: the whole text is there.
fn characters(text: &[u8]) -> Vec<(Range<usize>, Vec<u8>)> {
    let mut plain: Vec<u8> = Vec::new();
    let mut all: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    let (mut at, mut word) = (0, Word::Outside);
    let next = |at: usize, in_address: bool| match character(&text[at..], in_address) {
        Character::Is { code, length, escaped } => (Some(code), length, escaped),
        _ => (None, 1, false),
    };
    while at < text.len() {
        let in_address = || {
            let ends = |byte: &u8| *byte <= b' ' || b"\"'<>`".contains(byte);
            let from = plain.iter().rposition(ends).map_or(0, |end| end + 1);
            plain[from..].windows(2).any(|two| two == b"//")
        };
        let in_address = text[at..].contains(&b'%') && in_address();
        let (code, length, escaped) = next(at, in_address);
        let written = match code {
            Some(code) if escaped => char::from_u32(code).unwrap().to_string().into_bytes(),
            _ => text[at..at + length].to_vec(),
        };
        let kind = code.map_or(Reads::Same, reads);
        if let (Reads::Alike(_), Word::Outside) = (kind, word) {
            let (mut ahead, mut count) = (at, 0);
            word = loop {
                let (code, length, _) =
                    if ahead < text.len() { next(ahead, in_address) } else { (None, 1, false) };
                match code.map_or(Reads::Same, reads) {
                    Reads::Alike(_) | Reads::Mark | Reads::Nothing if count < 16 => count += 1,
                    Reads::Ascii(ascii) if ascii.is_ascii_alphabetic() && count < 16 => break Word::Latin,
                    Reads::Several(text) if text[0].is_ascii_alphabetic() && count < 16 => break Word::Latin,
                    _ => break Word::Other,
                }
                ahead += length;
            };
        }
        let (plain_of, after) = match kind {
            Reads::Alike(letter) if word == Word::Latin => (vec![letter], Word::Latin),
            Reads::Letter | Reads::Alike(_) => (written, Word::Other),
            Reads::Mark if word == Word::Other => (written, Word::Other),
            Reads::Mark | Reads::Nothing => (vec![], word),
            Reads::Same => (written, Word::Outside),
            Reads::Ascii(_) | Reads::Several(_) => {
                let read = if let Reads::Several(text) = kind { text.to_vec() } else { of_ascii(kind) };
                let last = *read.iter().rfind(|byte| !byte.is_ascii_digit()).unwrap_or(&b'0');
                let stays = last == b'0' && word == Word::Latin;
                (read, if stays || last.is_ascii_alphabetic() { Word::Latin } else { Word::Outside })
            }
        };
        word = after;
        plain.extend(&plain_of);
        all.push((at..at + length, plain_of));
        at += length;
    }
    all
}

fn of_ascii(kind: Reads) -> Vec<u8> {
    if let Reads::Ascii(ascii) = kind { vec![ascii] } else { vec![] }
}
