//! Follows a JSON text that arrives in pieces, as a tool's arguments do: what stands in its strings is read without its
//! escapes (RFC 8259 section 7), and what is masked outside of a string must become one.
//!
//! A text that is no JSON does no harm: what is no escape is read as it stands.

use std::borrow::Cow;
use std::collections::VecDeque;

/// Turns and escapes for which room is kept where there are none.
const IDLE: usize = 16;

/// Where one JSON text is open, and where what was read of it stands. Places count the bytes of the JSON text, offsets
/// those of what was read.
#[derive(Default)]
pub(super) struct Quotes {
    /// Bytes that came.
    length: u64,
    /// Bytes that were read.
    read: u64,
    is_open: bool,
    /// Whether a string was open before the first of `turns`.
    was_open: bool,
    /// Where a string opens or closes, by place; only those that can still be asked for.
    turns: VecDeque<u64>,
    /// An escape of which more must come.
    begun: Vec<u8>,
    /// Those that can still be asked for, in their order.
    escapes: VecDeque<Escape>,
    /// How much longer the text is than what was read of it, before the first of `escapes`.
    surplus: u64,
}

/// Something that is read in another way than it is written.
struct Escape {
    offset: u64,
    read: u64,
    place: u64,
    written: u64,
}

/// What the bytes from a backslash on are.
enum Begun {
    Char(char),
    /// Half of a pair, which is read as three bytes like other characters of its plane.
    Surrogate(u16),
    Unfinished,
    NoEscape,
}

impl Quotes {
    /// Takes more of the text, and gives what is read of it.
    pub(super) fn feed<'t>(&mut self, text: &'t [u8]) -> Cow<'t, [u8]> {
        if self.begun.is_empty() && !text.contains(&b'\\') {
            for byte in text {
                self.turn(*byte);
            }
            self.read += text.len() as u64;
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len());
        for byte in text {
            self.byte(*byte, &mut out);
        }
        Cow::Owned(out)
    }

    /// The end of the text: gives what is left of it.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.read += self.begun.len() as u64;
        std::mem::take(&mut self.begun)
    }

    /// The place where the byte at `offset` begins.
    pub(super) fn start(&self, offset: u64) -> u64 {
        self.place(offset, self.escapes.partition_point(|escape| escape.offset <= offset), |escape| {
            escape.place
        })
    }

    /// The place behind the byte before `offset`.
    pub(super) fn end(&self, offset: u64) -> u64 {
        self.place(offset, self.escapes.partition_point(|escape| escape.offset < offset), |escape| {
            escape.place + escape.written
        })
    }

    /// Whether the byte at `place` is inside a string. Places before one that was forgotten must not be asked for.
    pub(super) fn holds(&self, place: u64) -> bool {
        let turns = self.turns.partition_point(|turn| *turn < place);
        self.was_open ^ (turns % 2 == 1)
    }

    /// Forgets what stands before `place`.
    pub(super) fn forget(&mut self, place: u64) {
        while self.turns.front().is_some_and(|turn| *turn < place) {
            self.turns.pop_front();
            self.was_open = !self.was_open;
        }
        while self.escapes.front().is_some_and(|escape| escape.place + escape.written <= place) {
            if let Some(escape) = self.escapes.pop_front() {
                self.surplus = escape.place + escape.written - escape.offset - escape.read;
            }
        }
        if self.turns.is_empty() && self.turns.capacity() > IDLE {
            self.turns = VecDeque::new();
        }
        if self.escapes.is_empty() && self.escapes.capacity() > IDLE {
            self.escapes = VecDeque::new();
        }
    }

    /// Bytes of memory on the heap.
    pub(super) fn heap(&self) -> usize {
        self.turns.capacity() * size_of::<u64>()
            + self.escapes.capacity() * size_of::<Escape>()
            + self.begun.capacity()
    }

    /// `within` says what counts of the last of the first `escapes` where the offset is within it.
    fn place(&self, offset: u64, escapes: usize, within: impl Fn(&Escape) -> u64) -> u64 {
        match escapes.checked_sub(1).and_then(|last| self.escapes.get(last)) {
            None => offset + self.surplus,
            Some(escape) if offset < escape.offset + escape.read => within(escape),
            Some(escape) => offset - escape.offset - escape.read + escape.place + escape.written,
        }
    }

    fn turn(&mut self, byte: u8) {
        if byte == b'"' {
            self.is_open = !self.is_open;
            self.turns.push_back(self.length);
        }
        self.length += 1;
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.begun.is_empty() && !(byte == b'\\' && self.is_open) {
            self.turn(byte);
            self.read += 1;
            out.push(byte);
            return;
        }
        self.begun.push(byte);
        let before = out.len();
        match begun(&self.begun) {
            Begun::Unfinished => {
                self.length += 1;
                return;
            }
            Begun::NoEscape => {
                // The last byte may begin something else.
                self.begun.pop();
                self.read += self.begun.len() as u64;
                out.append(&mut self.begun);
                self.byte(byte, out);
                return;
            }
            Begun::Char(char) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Begun::Surrogate(unit) => {
                let [high, low] = unit.to_be_bytes();
                out.extend([0xe0 | high >> 4, 0x80 | (high & 0xf) << 2 | low >> 6, 0x80 | low & 0x3f]);
            }
        }
        self.length += 1;
        let (read, written) = ((out.len() - before) as u64, self.begun.len() as u64);
        self.begun.clear();
        self.escapes.push_back(Escape { offset: self.read, read, place: self.length - written, written });
        self.read += read;
    }
}

/// `bytes` begin with a backslash.
fn begun(bytes: &[u8]) -> Begun {
    let plain = match bytes.get(1) {
        None => return Begun::Unfinished,
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => {
            let digits = bytes.get(2..).unwrap_or_default();
            let value = digits.iter().try_fold(0, |value, digit| {
                Some(value << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?)
            });
            return match value {
                None => Begun::NoEscape,
                Some(_) if digits.len() < 4 => Begun::Unfinished,
                Some(unit) => char::from_u32(unit.into()).map_or(Begun::Surrogate(unit), Begun::Char),
            };
        }
        Some(_) => return Begun::NoEscape,
    };
    Begun::Char(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_told_from_what_is_between_them_for_any_pieces() {
        let text = br#"{"a\"b":12,"c":["d\\",34]}"#;
        let mut whole = Quotes::default();
        whole.feed(text);
        let inside: Vec<bool> = (0..text.len() as u64).map(|place| whole.holds(place)).collect();
        for size in 1..text.len() {
            let mut quotes = Quotes::default();
            for (chunk, piece) in text.chunks(size).enumerate() {
                quotes.feed(piece);
                let place = (chunk * size) as u64;
                assert_eq!(quotes.holds(place), inside[place as usize], "{size} {place}");
                quotes.forget(place);
                assert_eq!(quotes.holds(place), inside[place as usize], "{size} {place}");
            }
        }
        let digits: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_digit()).collect();
        assert!(digits.iter().all(|at| !inside[*at]));
        let letters: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_lowercase()).collect();
        assert!(letters.iter().all(|at| inside[*at]));
    }

    #[test]
    fn strings_are_read_without_escapes_and_every_byte_keeps_its_place() {
        // What is written, and what each piece of it is read as.
        let parts: &[(&str, &[u8])] = &[
            ("{\\u0041:", b"{\\u0041:"),
            ("\"", b"\""),
            ("\\u0041", b"A"),
            ("b", b"b"),
            ("\\\"", b"\""),
            ("\\\\", b"\\"),
            ("\\/\\n", b"/\n"),
            ("\\u00E9", "\u{e9}".as_bytes()),
            ("\\ud83d", b"\xed\xa0\xbd"),
            ("\\q\\u12", b"\\q\\u12"),
            ("\\u004", b"\\u004"),
            ("\"", b"\""),
            (",\\", b",\\"),
        ];
        let text: String = parts.iter().map(|(written, _)| *written).collect();
        let expected: Vec<u8> = parts.iter().flat_map(|(_, read)| read.iter().copied()).collect();
        for forgets in [false, true] {
            for chunks in crate::chunking::every_way(text.as_bytes()) {
                let (mut quotes, mut read, mut asked) = (Quotes::default(), Vec::new(), 0);
                let check = |quotes: &Quotes, range: std::ops::Range<u64>| {
                    let (mut place, mut offset) = (0, 0);
                    for (written, read) in parts {
                        let next = offset + read.len() as u64;
                        if range.contains(&offset) {
                            assert_eq!(quotes.start(offset), place, "{written}");
                        }
                        (place, offset) = (place + written.len() as u64, next);
                        if range.contains(&(offset - 1)) {
                            assert_eq!(quotes.end(offset), place, "{written}");
                        }
                    }
                };
                for chunk in chunks {
                    read.extend_from_slice(&quotes.feed(chunk));
                    check(&quotes, asked..read.len() as u64);
                    if forgets {
                        asked = read.len() as u64;
                        quotes.forget(quotes.start(asked));
                    }
                }
                read.extend(quotes.finish());
                check(&quotes, asked..read.len() as u64);
                assert_eq!(read, expected);
            }
        }
    }
}
