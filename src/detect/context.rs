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
///
/// **How it works.** A word is looked up where one may begin, by what it begins with ([`keys`]).
pub(super) struct Words {
    /// By bucket of their keys.
    words: Vec<Word>,
    /// Where in `words` each bucket begins, and where the last one ends.
    buckets: Vec<u16>,
}

struct Word {
    key: u32,
    index: WordIndex,
    /// As it reads, in lower case.
    text: Vec<u8>,
}

/// Which word of [`Words`].
pub(super) type WordIndex = u16;

/// Bits of the number of a bucket: a few times as many buckets as words.
const BUCKET_BITS: u32 = 12;

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
                let text = plain::of(word.as_bytes()).to_ascii_lowercase();
                let (long, short) = keys(&text);
                words.push(Word { key: long.or(short).unwrap_or(0), index, text });
                index
            })
        };
        let of_lists = lists.map(|list| {
            let mut list: Vec<WordIndex> = list.iter().map(&mut index).collect();
            list.sort_unstable();
            list
        });
        let of_lists = of_lists.collect();
        words.sort_unstable_by_key(|word: &Word| (bucket(word.key), word.index));
        let starts = |nth| words.partition_point(|word| bucket(word.key) < nth) as u16;
        let buckets = (0..=1 << BUCKET_BITS).map(starts).collect();
        (Words { words, buckets }, of_lists)
    }

    /// The words that stand in the [`REACH`] bytes before `start`.
    pub(super) fn before(&self, window: &Window, start: u64) -> Vec<WordIndex> {
        // One byte more: a word does not begin in the middle of one.
        let from = start.saturating_sub(REACH + 1);
        let text = window.slice(from, start);
        let mut found = Vec::new();
        for (at, begins) in beginnings(text, from > 0).iter().enumerate() {
            if *begins {
                let (long, short) = keys(text.get(at..).unwrap_or_default());
                self.look_up(long, text, at, &mut found);
                self.look_up(short, text, at, &mut found);
            }
        }
        found
    }

    #[inline]
    fn look_up(&self, key: Option<u32>, text: &[u8], at: usize, found: &mut Vec<WordIndex>) {
        let Some(key) = key else { return };
        for word in self.bucket(key) {
            if word.key == key && stands_at(text, at, &word.text) {
                found.push(word.index);
            }
        }
    }

    #[inline]
    fn bucket(&self, key: u32) -> &[Word] {
        let start = |nth| self.buckets.get(nth).copied().map_or(0, usize::from);
        let nth = bucket(key);
        self.words.get(start(nth)..start(nth + 1)).unwrap_or_default()
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        let words = self.words.iter().map(|word| word.text.capacity() + size_of::<Word>());
        words.sum::<usize>() + self.buckets.len() * size_of::<u16>()
    }
}

/// What a text begins with, but for case and separators: three bytes of it, and two where a word of two letters ends
/// there. A word has the second where it has not the first.
#[inline]
fn keys(text: &[u8]) -> (Option<u32>, Option<u32>) {
    let fold = |byte: &u8| u32::from(byte | 0x20);
    match text {
        [a, b, c, ..] if ![a, b, c].into_iter().any(|byte| is_separator(*byte)) => {
            let two = fold(a) << 8 | fold(b);
            let goes_on = c.is_ascii_lowercase() || c.is_ascii_digit();
            (Some(two << 8 | fold(c)), (!goes_on).then_some(two))
        }
        _ => {
            let mut bytes = text.iter().take(5).filter(|byte| !is_separator(**byte)).map(fold);
            let two = bytes.next().zip(bytes.next()).map(|(a, b)| a << 8 | b);
            (two.zip(bytes.next()).map(|(two, c)| two << 8 | c), two)
        }
    }
}

fn bucket(key: u32) -> usize {
    // Fibonacci hashing: D. Knuth, The Art of Computer Programming, volume 3, section 6.4.
    (key.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BUCKET_BITS)) as usize
}

/// What a space of a word may be written as.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'_' | b'-')
}

/// Where words may begin in a text of at most [`REACH`] bytes and one; in another script than ASCII's anywhere. A plain
/// loop, which the compiler turns into vector instructions.
fn beginnings(text: &[u8], is_cut: bool) -> [bool; REACH as usize + 1] {
    let mut begins = [false; REACH as usize + 1];
    let begin = |before: u8, first: u8| {
        let is_new = first.is_ascii_alphanumeric() & !before.is_ascii_alphanumeric();
        (first >= 0xc0) | is_new | is_hump(before, first)
    };
    for ((begins, before), first) in begins.iter_mut().skip(1).zip(text).zip(text.iter().skip(1)) {
        *begins = begin(*before, *first);
    }
    if let ([begins, ..], [first, ..]) = (&mut begins, text) {
        *begins = !is_cut && begin(b' ', *first);
    }
    begins
}

/// Whether one of `words` (ASCII, in lower case, some letters long) stands right behind a value that ends at `end`: after
/// at most four characters that are no letters or digits. `None` where that is not known yet.
pub(super) fn is_named_behind(window: &Window, end: u64, words: &[&str]) -> Option<bool> {
    const MOST_BETWEEN: u64 = 4;
    let mut at = end;
    let is_between = |byte: u8| matches!(byte, b' ' | b'-' | b'(' | b',' | b'[' | b'/' | b'\t');
    while at - end < MOST_BETWEEN {
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
            (Some(here), b' ') if is_separator(*here) => at += 1,
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
    let begins = !before.is_ascii_alphanumeric() || is_hump(before, first);
    let ends = !after.is_ascii_alphanumeric() || is_hump(last, after);
    begins && ends
}

/// Whether a word of `taxFileNumber` begins with the second of these.
#[inline]
fn is_hump(before: u8, first: u8) -> bool {
    before.is_ascii_lowercase() & first.is_ascii_uppercase()
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
