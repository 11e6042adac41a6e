//! Words in front of a value that say what it is: `TFN: 123 456 782`, `"nric": "…"`, `身份证号码…`.

use std::collections::HashMap;

use super::plain;
use super::window::{Ahead, Window};

/// Bytes in front of a value in which a word is looked for.
pub(super) const REACH: u64 = 72;

/// The words of many rules, looked for together.
///
/// A word of ASCII letters stands alone: no letter or digit touches it, but `_` and the humps of `taxFileNumber` may. Spaces
/// of a word are any of ` `, `_`, `-`, or nothing. A word in another script may stand anywhere.
pub(super) struct Words {
    /// By the first two bytes.
    words: Vec<([u8; 2], WordIndex, Vec<u8>)>,
    /// One bit for each two bytes that a word begins with.
    begins: Vec<u64>,
}

/// Which word of [`Words`].
pub(super) type WordIndex = u16;

impl Words {
    /// Of these lists of words (in lower case); and for each list the words it has, sorted.
    pub(super) fn compile<'l>(
        lists: impl Iterator<Item = &'l [&'static str]>,
    ) -> (Words, Vec<Vec<WordIndex>>) {
        let mut indices: HashMap<&'static str, WordIndex> = HashMap::new();
        let mut words = Vec::new();
        let mut index = |word: &&'static str| {
            *indices.entry(*word).or_insert_with(|| {
                let index = words.len() as WordIndex;
                // As it reads.
                let word = plain::of(word.as_bytes()).to_ascii_lowercase();
                words.push((pair(&word), index, word));
                index
            })
        };
        let of_lists = lists.map(|list| {
            let mut list: Vec<WordIndex> = list.iter().map(&mut index).collect();
            list.sort_unstable();
            list
        });
        let of_lists = of_lists.collect();
        words.sort_unstable();
        let mut begins = vec![0; (1 << 16) / 64];
        for (two, _, _) in &words {
            let bit = usize::from(u16::from_be_bytes(*two));
            if let Some(bits) = begins.get_mut(bit / 64) {
                *bits |= 1_u64 << (bit % 64);
            }
        }
        (Words { words, begins }, of_lists)
    }

    /// The words that stand in the [`REACH`] bytes before `start`.
    pub(super) fn before(&self, window: &Window, start: u64) -> Vec<WordIndex> {
        // One byte more: a word does not begin in the middle of one.
        let from = start.saturating_sub(REACH + 1);
        let text = window.slice(from, start);
        let mut found = Vec::new();
        let mut last = b' ';
        for (at, byte) in text.iter().copied().enumerate() {
            let before = std::mem::replace(&mut last, byte);
            if from > 0 && at == 0 || !may_begin(before, byte) {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let two = pair(rest);
            let bit = usize::from(u16::from_be_bytes(two));
            if self.begins.get(bit / 64).is_none_or(|bits| bits >> (bit % 64) & 1 == 0) {
                continue;
            }
            let first = self.words.partition_point(|(other, _, _)| *other < two);
            let same = self.words.iter().skip(first).take_while(|(other, _, _)| *other == two);
            found.extend(same.filter(|(_, _, word)| stands_at(text, at, word)).map(|(_, index, _)| *index));
        }
        found
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        let words =
            self.words.iter().map(|(_, _, word)| word.capacity() + size_of::<([u8; 2], u16, Vec<u8>)>());
        words.sum::<usize>() + self.begins.len() * size_of::<u64>()
    }
}

/// The first two bytes, in lower case.
fn pair(text: &[u8]) -> [u8; 2] {
    let at = |index: usize| text.get(index).copied().unwrap_or(0).to_ascii_lowercase();
    [at(0), at(1)]
}

/// Whether a word may begin with `byte` behind `before`; in another script than ASCII's anywhere.
fn may_begin(before: u8, byte: u8) -> bool {
    !byte.is_ascii()
        || byte.is_ascii_alphanumeric()
            && (!before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && byte.is_ascii_uppercase())
}

/// Whether one of `words` (ASCII, in lower case, some letters long) stands right behind a value that ends at `end`: after
/// at most three characters that are no letters or digits. `None` where that is not known yet.
pub(super) fn is_named_behind(window: &Window, end: u64, words: &[&str]) -> Option<bool> {
    const MOST_BETWEEN: u64 = 3;
    let mut at = end;
    let is_between = |byte: u8| matches!(byte, b' ' | b'-' | b'(' | b',' | b'[' | b'/' | b'\t');
    while at - end <= MOST_BETWEEN {
        match window.ahead(at) {
            Ahead::Byte(byte) if is_between(byte) => at += 1,
            Ahead::Byte(_) | Ahead::End => break,
            Ahead::Unknown => return None,
        }
    }
    let mut is_open = false;
    let found = words.iter().any(|word| {
        // The word, and a byte that does not continue it.
        let mut letters = (at..).zip(word.bytes().map(Some).chain([None]));
        letters.all(|(at, letter)| match (window.ahead(at), letter) {
            (Ahead::Byte(byte), Some(letter)) => byte.eq_ignore_ascii_case(&letter),
            (Ahead::Byte(byte), None) => !byte.is_ascii_alphanumeric(),
            (Ahead::End, letter) => letter.is_none(),
            (Ahead::Unknown, _) => {
                is_open = true;
                false
            }
        })
    });
    if is_open && !found { None } else { Some(found) }
}

/// Whether one of `words` (in lower case, of one list, for those who seldom ask) stands in the [`REACH`] bytes before `start`.
pub(super) fn is_in_front(window: &Window, start: u64, words: &[&str]) -> bool {
    // One byte more: a word does not begin in the middle of one.
    let from = start.saturating_sub(REACH + 1);
    let text = window.slice(from, start);
    words.iter().any(|word| is_in(text, usize::from(from > 0), word.as_bytes()))
}

fn is_in(text: &[u8], from: usize, word: &[u8]) -> bool {
    (from..text.len()).any(|at| stands_at(text, at, word))
}

fn stands_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let same = text.get(at).zip(word.first()).is_some_and(|(byte, first)| byte.eq_ignore_ascii_case(first));
    let length = text.get(at..).filter(|_| same).and_then(|text| length_at(text, word));
    length.is_some_and(|length| !word.is_ascii() || stands_alone(text, at, at + length))
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
    let begins = !before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && first.is_ascii_uppercase();
    let ends = !after.is_ascii_alphanumeric() || last.is_ascii_lowercase() && after.is_ascii_uppercase();
    begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_named(window: &Window, start: u64) -> bool {
        let list: &[&'static str] = &["tfn", "tax file number", "税号"];
        let (words, lists) = Words::compile([list].into_iter());
        words.before(window, start).iter().any(|word| lists[0].contains(word))
    }

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
            assert_eq!(is_named(&window, text.len() as u64), expected, "{text}");
        }
    }

    #[test]
    fn a_word_further_away_does_not_count() {
        let text = format!("tfn {}", " ".repeat(REACH as usize));
        assert!(!is_named(&Window::new(0, text.as_bytes(), false), text.len() as u64));
    }
}
