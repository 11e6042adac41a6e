//! Words in front of a value that say what it is: `TFN: 123 456 782`, `"nric": "…"`, `身份证号码…`.

use super::window::Window;

/// Bytes in front of a value in which a word is looked for.
pub(super) const REACH: u64 = 72;

/// The text in front of a value, read once for all rules that ask for a word in it.
pub(super) struct Before<'t> {
    text: &'t [u8],
    /// Where a word may begin: one byte of the text is the end of another word at most.
    from: usize,
    /// One bit a byte that begins a word, in lower case.
    firsts: [u64; 4],
}

impl<'t> Before<'t> {
    /// What stands in the [`REACH`] bytes before `start`.
    pub(super) fn new(window: &Window<'t>, start: u64) -> Before<'t> {
        // One byte more: a word does not begin in the middle of one.
        let first = start.saturating_sub(REACH + 1);
        let mut before =
            Before { text: window.slice(first, start), from: usize::from(first > 0), firsts: [0; 4] };
        let mut last = if before.from > 0 { before.text.first().copied().unwrap_or(b' ') } else { b' ' };
        for byte in before.text.iter().skip(before.from) {
            if begins(last, *byte) {
                let lower = byte.to_ascii_lowercase();
                if let Some(bits) = before.firsts.get_mut(usize::from(lower / 64)) {
                    *bits |= 1 << (lower % 64);
                }
            }
            last = *byte;
        }
        before
    }

    /// Whether one of `words` (in lower case) stands there.
    ///
    /// A word of ASCII letters stands alone: no letter or digit touches it, but `_` and the humps of `taxFileNumber` may.
    /// Spaces of a word are any of ` `, `_`, `-`, or nothing. A word in another script may stand anywhere.
    pub(super) fn is_named(&self, words: &[&str]) -> bool {
        let begins = |byte: u8| {
            self.firsts.get(usize::from(byte / 64)).is_some_and(|bits| bits >> (byte % 64) & 1 == 1)
        };
        let mut words = words.iter().map(|word| word.as_bytes());
        words
            .any(|word| word.first().is_some_and(|first| begins(*first)) && is_in(self.text, self.from, word))
    }
}

fn is_in(text: &[u8], from: usize, word: &[u8]) -> bool {
    let Some(first) = word.first() else { return false };
    (from..text.len()).filter(|at| text.get(*at).is_some_and(|byte| byte.eq_ignore_ascii_case(first))).any(
        |at| {
            let Some(length) = text.get(at..).and_then(|text| length_at(text, word)) else {
                return false;
            };
            !word.is_ascii() || stands_alone(text, at, at + length)
        },
    )
}

/// Whether a word may begin with `byte` behind `before`; in another script than ASCII's anywhere.
fn begins(before: u8, byte: u8) -> bool {
    !byte.is_ascii()
        || !before.is_ascii_alphanumeric()
        || before.is_ascii_lowercase() && byte.is_ascii_uppercase()
}

/// The length of the word that stands at the beginning of `text`.
fn length_at(text: &[u8], word: &[u8]) -> Option<usize> {
    let mut at = 0;
    for byte in word {
        match (text.get(at), byte) {
            (Some(b' ' | b'_' | b'-'), b' ') => at += 1,
            (_, b' ') => {}
            (Some(here), byte) if here.eq_ignore_ascii_case(byte) => at += 1,
            _ => return None,
        }
    }
    Some(at)
}

fn stands_alone(text: &[u8], from: usize, to: usize) -> bool {
    let at = |index: usize| text.get(index).copied().unwrap_or(b' ');
    let before = from.checked_sub(1).map_or(b' ', at);
    let (first, last, after) = (at(from), at(to.saturating_sub(1)), at(to));
    let ends = !after.is_ascii_alphanumeric() || last.is_ascii_lowercase() && after.is_ascii_uppercase();
    begins(before, first) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_alone_in_any_writing() {
        let cases = [
            ("TFN: ", true),
            ("my tax file number is ", true),
            ("{\"tax_file_number\":\"", true),
            ("\"taxFileNumber\": ", true),
            ("userTfn=", true),
            ("税号是", true),
            ("(税号) ", true),
            ("tfns ", false),
            ("outfn ", false),
            ("tax file ", false),
            ("", false),
        ];
        for (text, expected) in cases {
            let window = Window::new(0, text.as_bytes(), false);
            let words = ["tfn", "tax file number", "税号"];
            assert_eq!(Before::new(&window, text.len() as u64).is_named(&words), expected, "{text}");
        }
    }

    #[test]
    fn a_word_further_away_does_not_count() {
        let text = format!("tfn {}", " ".repeat(REACH as usize));
        assert!(!Before::new(&Window::new(0, text.as_bytes(), false), text.len() as u64).is_named(&["tfn"]));
    }
}
