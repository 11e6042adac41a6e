//! Whether a place of a JSON text that arrives in pieces is inside a string: what is masked outside of one must become one.

use std::collections::VecDeque;

/// Follows the quotes of one JSON text.
#[derive(Default)]
pub(super) struct Quotes {
    length: u64,
    is_escaped: bool,
    is_open: bool,
    /// Whether a string was open before the first of `turns`.
    was_open: bool,
    /// Where a string opens or closes, by place; only those that can still be asked for.
    turns: VecDeque<u64>,
}

impl Quotes {
    pub(super) fn feed(&mut self, text: &[u8]) {
        for byte in text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.is_open => self.is_escaped = true,
                b'"' => {
                    self.is_open = !self.is_open;
                    self.turns.push_back(self.length);
                }
                _ => {}
            }
            self.length += 1;
        }
    }

    /// Whether the byte at `place` is inside a string. Places before one that was forgotten must not be asked for.
    pub(super) fn holds(&self, place: u64) -> bool {
        let turns = self.turns.iter().take_while(|turn| **turn < place).count();
        self.was_open ^ (turns % 2 == 1)
    }

    /// Forgets what stands before `place`.
    pub(super) fn forget(&mut self, place: u64) {
        while self.turns.front().is_some_and(|turn| *turn < place) {
            self.turns.pop_front();
            self.was_open = !self.was_open;
        }
    }
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
}
