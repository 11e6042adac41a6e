//! Words in front of a value that say what it is: `TFN: 123 456 782`, `"nric": "…"`, `身份证号码…`.

use std::collections::HashMap;

use super::plain;
use super::window::{Ahead, Window};

/// Most bytes in front of a value in which a word is looked for.
pub(super) const REACH: u64 = 2 * ASCII_REACH;
/// The same where all of them are ASCII. Letters of other scripts take two or three bytes, so theirs count half.
const ASCII_REACH: u64 = 72;

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
    /// As it reads, in lower case, or as it is written at the beginning of a sentence or in capitals where these are not ASCII.
    text: Vec<u8>,
}

/// A word that stands in front of a value, and where it ends.
pub(super) struct Standing {
    pub(super) word: WordIndex,
    pub(super) end: u64,
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
        let mut count: WordIndex = 0;
        let mut index = |word: &&'static str| {
            *indices.entry(*word).or_insert_with(|| {
                let index = count;
                count += 1;
                for text in written(word) {
                    let (long, short) = keys(&text);
                    words.push(Word { key: long.or(short).unwrap_or(0), index, text });
                }
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

    /// The words that stand in reach of `start`.
    pub(super) fn before(&self, window: &Window, start: u64) -> Vec<Standing> {
        let (from, text) = in_reach(window, start);
        let mut found = Vec::new();
        for (at, begins) in beginnings(text, from > 0).iter().enumerate() {
            if *begins {
                let (long, short) = keys(text.get(at..).unwrap_or_default());
                let mut found = |word, end: usize| found.push(Standing { word, end: from + end as u64 });
                self.look_up(long, text, at, &mut found);
                self.look_up(short, text, at, &mut found);
            }
        }
        found
    }

    /// The words of what stands in brackets right behind a value that ends at `end`, or says what it is: `(Aadhaar)`,
    /// `is my SSN`. `None` where that is not known yet.
    pub(super) fn behind(&self, window: &Window, end: u64) -> Option<Vec<WordIndex>> {
        let mut found = Vec::new();
        if let Some(text) = phrase_behind(window, end)? {
            let (long, short) = keys(text);
            let mut found = |word, _| found.push(word);
            self.look_up(long, text, 0, &mut found);
            self.look_up(short, text, 0, &mut found);
        }
        Some(found)
    }

    #[inline]
    fn look_up(&self, key: Option<u32>, text: &[u8], at: usize, found: &mut impl FnMut(WordIndex, usize)) {
        let Some(key) = key else { return };
        for word in self.bucket(key).iter().filter(|word| word.key == key) {
            if let Some(length) = stands_at(text, at, &word.text) {
                found(word.index, at + length);
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

/// How a word reads: in lower case, in which ASCII is compared in any, and in the cases of another script where it has them.
pub(super) fn written(word: &str) -> Vec<Vec<u8>> {
    let upper = word.to_uppercase();
    let mut all = vec![word.to_owned()];
    if !word.is_ascii() && upper != word {
        let mut letters = word.chars();
        all.extend(letters.next().map(|first| first.to_uppercase().chain(letters).collect()));
        all.push(upper);
    }
    let mut all: Vec<Vec<u8>> =
        all.iter().map(|word| plain::of(word.as_bytes()).to_ascii_lowercase()).collect();
    all.dedup();
    all
}

/// The text in front of a value in which words are looked for, and a byte more, as a word does not begin in the middle of one;
/// and where that begins.
fn in_reach<'w>(window: &Window<'w>, start: u64) -> (u64, &'w [u8]) {
    let slice =
        |bytes: u64| (start.saturating_sub(bytes + 1), window.slice(start.saturating_sub(bytes + 1), start));
    let (from, text) = slice(ASCII_REACH);
    if text.is_ascii() {
        (from, text)
    } else {
        slice(reach(window.slice(start.saturating_sub(REACH), start)) as u64)
    }
}

/// How many of the bytes before a value are in reach.
pub(super) fn reach(before: &[u8]) -> usize {
    let mut left = REACH;
    let in_reach = before.iter().rev().take_while(|byte| {
        let costs = if byte.is_ascii() { REACH / ASCII_REACH } else { 1 };
        let is_left = left >= costs;
        left = left.saturating_sub(costs);
        is_left
    });
    in_reach.count()
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

/// What stands between a value and the words behind it that say what it is.
pub(super) const OPENINGS: [&str; 8] =
    ["(", " (", " is my ", " is the ", " is his ", " is her ", " adalah ", " - "];
/// Most bytes of those words that are read.
pub(super) const MOST_BEHIND: u64 = 40;

/// The text behind one of [`OPENINGS`] at `end`, up to a sign that ends it; `None` inside where there is none.
fn phrase_behind<'w>(window: &Window<'w>, end: u64) -> Option<Option<&'w [u8]>> {
    let mut length = 0;
    // None begins with another.
    loop {
        let read = window.slice(end, end + length);
        match OPENINGS.iter().find(|opening| opening.as_bytes().starts_with(read)) {
            None => return Some(None),
            Some(opening) if opening.len() as u64 == length => break,
            Some(_) => {}
        }
        match window.ahead(end + length) {
            Ahead::Byte(_) => length += 1,
            Ahead::Unknown => return None,
            Ahead::End => return Some(None),
        }
    }
    let from = end + length;
    let mut to = from;
    loop {
        match window.ahead(to) {
            Ahead::Byte(byte) if to - from < MOST_BEHIND && !CLOSINGS.contains(&byte) => to += 1,
            Ahead::Unknown => return None,
            Ahead::Byte(_) | Ahead::End => return Some(Some(window.slice(from, to))),
        }
    }
}

/// What ends the words behind a value.
pub(super) const CLOSINGS: &[u8] = b").,;\n";

/// Whether what stands between a word and a value leaves it right in front: signs, and words such as `no` and `is`.
pub(super) fn is_next(between: &[u8]) -> bool {
    /// Most bytes.
    const MOST: usize = 24;
    /// Most of them that are not ASCII: `号码是`, but no sentence.
    const FOREIGN: usize = 9;
    const WORDS: [&str; 24] = [
        "no", "nos", "nr", "num", "number", "numbers", "is", "are", "at", "on", "to", "me", "us", "my",
        "him", "her", "them", "ke", "saya", "sa", "ko", "o", "h", "m",
    ];
    let is_word = |word: &[u8]| {
        word.is_empty() || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
    };
    let is_sign =
        |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphabetic() || b" \t:.=#\"'()[]".contains(byte);
    between.len() <= MOST
        && between.iter().filter(|byte| !byte.is_ascii()).count() <= FOREIGN
        && between.iter().all(is_sign)
        && between.split(|byte| !byte.is_ascii_alphabetic()).all(is_word)
}

/// Whether the words right in front of `start` say that a number is one of a thing: `P/N`, `order no.`, `订单号`.
pub(super) fn is_other_in_front(window: &Window, start: u64) -> bool {
    is_other(window.slice(start.saturating_sub(OTHER_REACH), start))
}

/// Bytes in front in which [`is_other`] looks.
const OTHER_REACH: u64 = 32;

/// Whether a text ends with the name of a number that is nobody's.
pub(super) fn is_other(text: &[u8]) -> bool {
    const NUMBER: [&str; 9] = ["no", "nos", "nr", "num", "number", "id", "code", "号", "號"];
    const OTHERS: [&str; 29] = [
        "p/n", "pn", "part", "parts", "s/n", "sn", "serial", "sku", "item", "items", "ticket", "model",
        "lot", "batch", "order", "orders", "po", "invoice", "version", "build", "tracking", "单", "單",
        "订单", "訂單", "型", "货", "貨", "发票",
    ];
    let text = without_gap(text);
    let named = NUMBER.iter().find_map(|word| without(text, word)).map(without_gap);
    [Some(text), named]
        .into_iter()
        .flatten()
        .any(|text| OTHERS.iter().any(|word| without(text, word).is_some()))
}

fn without_gap(text: &[u8]) -> &[u8] {
    let gap = text.iter().rev().take(3).take_while(|byte| b" :#=.\"'(".contains(byte)).count();
    text.get(..text.len() - gap).unwrap_or_default()
}

/// A text without the word that it ends with.
fn without<'t>(text: &'t [u8], word: &str) -> Option<&'t [u8]> {
    let (before, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    let is_apart = !word.is_ascii() || before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (end.eq_ignore_ascii_case(word.as_bytes()) && is_apart).then_some(before)
}

/// Whether one of `words` (in lower case, of one list, for those who seldom ask) stands in reach of `start`.
pub(super) fn is_in_front(window: &Window, start: u64, words: &[&str]) -> bool {
    let (from, text) = in_reach(window, start);
    words.iter().any(|word| is_in(text, usize::from(from > 0), word.as_bytes()))
}

fn is_in(text: &[u8], from: usize, word: &[u8]) -> bool {
    (from..text.len()).any(|at| stands_at(text, at, word).is_some())
}

/// The length of a word that stands at a place.
fn stands_at(text: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let same = text.get(at).zip(word.first()).is_some_and(|(byte, first)| byte.eq_ignore_ascii_case(first));
    let length = text.get(at..).filter(|_| same).and_then(|text| length_at(text, word));
    length.filter(|length| !word.is_ascii() || stands_alone(text, at, at + length))
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
        let list: &[&'static str] = &["tfn", "tax file number", "税号", "паспорт"];
        let (words, lists) = Words::compile([list].into_iter());
        words.before(window, start).iter().any(|standing| lists[0].contains(&standing.word))
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
            ("Паспорт ", true),
            ("ПАСПОРТ: ", true),
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

    #[test]
    fn letters_of_other_scripts_count_half() {
        for (between, expected) in [("是".repeat(40), true), ("x".repeat(80), false)] {
            let text = format!("税号 {between}");
            assert_eq!(
                is_named(&Window::new(0, text.as_bytes(), false), text.len() as u64),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn what_stands_right_in_front_is_told_from_what_does_not() {
        for (between, expected) in
            [(": ", true), (" me at ", true), ("是", true), (" option ", false), ("\n", false)]
        {
            assert_eq!(is_next(between.as_bytes()), expected, "{between}");
        }
        for (text, expected) in
            [("P/N ", true), ("order no. ", true), ("订单号：", true), ("depart ", false), ("SSN ", false)]
        {
            assert_eq!(is_other(&plain::of(text.as_bytes())), expected, "{text}");
        }
    }
}
