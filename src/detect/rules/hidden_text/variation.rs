//! `hidden_text.variation-selectors`: bytes behind one character, one selector (U+FE00 to U+FE0F, U+E0100 to U+E01EF) for each
//! byte, or behind each of some Latin letters, which have no variants. Text has at most one selector behind a character; two are
//! sometimes typed by mistake. The selectors of Mongolian (U+180B to U+180F), the grapheme joiner (U+034F) and the marks of
//! annotations (U+FFF9 to U+FFFB) are as invisible, and as seldom in a row.

use super::PIECE;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, View, example};
use crate::detect::window::{Ahead, Window};

/// Selectors in a row that no text has.
const LEAST: u32 = 3;
/// Most bytes of a selector: a surrogate pair in three bytes each (CESU-8).
const MAX_CHAR: u64 = 6;

pub(super) const RULE: Rule = Rule {
    id: "hidden_text.variation-selectors",
    class: Class::HiddenText,
    level: None,
    description: "bytes hidden in a run of variation selectors, or of other marks that nobody sees",
    source: "Unicode Standard section 23.4 (variation selectors); UTS #37",
    true_examples: &[
        example("hi \u{1F642}\u{E0158}\u{E0159}\u{E0111}!", "\u{E0158}\u{E0159}\u{E0111}"),
        example("h\u{E0100}e\u{E0112}l\u{E0101}p", "\u{E0100}e\u{E0112}l\u{E0101}"),
        example("a\u{180B}\u{180C}\u{034F}\u{FFFB}b", "\u{180B}\u{180C}\u{034F}\u{FFFB}"),
        example("a\u{FE01}\u{FE0E}\u{E0101}b", "\u{FE01}\u{FE0E}\u{E0101}"),
    ],
    false_examples: &[
        "\u{2764}\u{FE0F} and 1\u{FE0F}\u{20E3} and \u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
        "\u{845B}\u{E0100}\u{57CE}\u{5E02} \u{845B}\u{E0101}",
        "\u{2764}\u{FE0F}\u{FE0F}",
        "i\u{FE0F} and M\u{FE0F}, 1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}",
        "\u{182D}\u{180B}\u{1820}\u{180B} \u{FFF9}word\u{FFFA}note\u{FFFB} \u{034F} \u{034F} \u{034F} \u{034F}",
    ],
    detector: Detector {
        // Back over a letter.
        look_back: MAX_CHAR + 1,
        view: View::Written,
        ..Detector::new(
            &[
                b"\xef\xb8\x80",
                b"\xef\xb8\x81",
                b"\xef\xb8\x82",
                b"\xef\xb8\x83",
                b"\xef\xb8\x84",
                b"\xef\xb8\x85",
                b"\xef\xb8\x86",
                b"\xef\xb8\x87",
                b"\xef\xb8\x88",
                b"\xef\xb8\x89",
                b"\xef\xb8\x8a",
                b"\xef\xb8\x8b",
                b"\xef\xb8\x8c",
                b"\xef\xb8\x8d",
                b"\xef\xb8\x8e",
                b"\xef\xb8\x8f",
                b"\xe1\xa0\x8b",
                b"\xe1\xa0\x8c",
                b"\xe1\xa0\x8d",
                b"\xe1\xa0\x8f",
                b"\xcd\x8f",
                b"\xef\xbf\xb9",
                b"\xef\xbf\xba",
                b"\xef\xbf\xbb",
                b"\xf3\xa0\x84",
                b"\xf3\xa0\x85",
                b"\xf3\xa0\x86",
                b"\xf3\xa0\x87",
                b"\xed\xad\x80\xed\xb4",
                b"\xed\xad\x80\xed\xb5",
                b"\xed\xad\x80\xed\xb6",
                b"\xed\xad\x80\xed\xb7",
            ],
            verify,
        )
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    // Every selector of a run is an anchor; the first of each piece judges.
    let in_piece = |at: u64| at / PIECE == start / PIECE;
    let before = selector_before(window, start);
    let letter = start.checked_sub(1).filter(|at| is_letter(window.ahead(*at)));
    let apart = letter.and_then(|letter| selector_before(window, letter));
    if before.or(apart).is_some_and(in_piece) {
        return Verdict::No;
    }
    // `note` counts selectors; until there is one, the anchor is read again.
    if progress.note == 0 {
        progress.at = start;
    }
    loop {
        let mut at = progress.at;
        if at > start && is_letter(window.ahead(at)) {
            at += 1;
        }
        let length = if in_piece(at) { selector(window, at) } else { Some(0) };
        match length {
            None => return Verdict::More { from: start },
            Some(0) => break,
            Some(length) => {
                progress.at = at + length;
                progress.note += 1;
            }
        }
    }
    let least = if before.is_some() { 1 } else { LEAST };
    match progress.note >= least {
        true => Verdict::Match { start, end: progress.at, confidence: Confidence::High },
        false => Verdict::No,
    }
}

fn is_letter(ahead: Ahead) -> bool {
    matches!(ahead, Ahead::Byte(byte) if byte.is_ascii_alphabetic())
}

/// The length of the selector at a place; 0 where there is none, `None` where that is not known yet.
fn selector(window: &Window, at: u64) -> Option<u64> {
    for length in 1..=MAX_CHAR {
        match window.ahead(at + length - 1) {
            Ahead::Unknown => return None,
            Ahead::End => return Some(0),
            Ahead::Byte(_) => {}
        }
        match window.slice(at, at + length) {
            [0xef] | [0xef, 0xb8] | [0xf3] | [0xf3, 0xa0] | [0xf3, 0xa0, 0x84..=0x87] => {}
            [0xe1] | [0xe1, 0xa0] | [0xcd] | [0xef, 0xbf] => {}
            [0xed] | [0xed, 0xad] | [0xed, 0xad, 0x80] | [0xed, 0xad, 0x80, 0xed] => {}
            [0xed, 0xad, 0x80, 0xed, 0xb4..=0xb7] => {}
            [0xef, 0xb8, 0x80..=0x8f]
            | [0xe1, 0xa0, 0x8b..=0x8d | 0x8f]
            | [0xcd, 0x8f]
            | [0xef, 0xbf, 0xb9..=0xbb]
            | [0xf3, 0xa0, 0x84..=0x86, 0x80..=0xbf]
            | [0xf3, 0xa0, 0x87, 0x80..=0xaf]
            | [0xed, 0xad, 0x80, 0xed, 0xb4..=0xb6, 0x80..=0xbf]
            | [0xed, 0xad, 0x80, 0xed, 0xb7, 0x80..=0xaf] => return Some(length),
            _ => return Some(0),
        }
    }
    Some(0)
}

/// Where the selector starts that ends at a place.
fn selector_before(window: &Window, at: u64) -> Option<u64> {
    [2, 3, 4, MAX_CHAR]
        .into_iter()
        .filter_map(|length| Some((at.checked_sub(length)?, length)))
        .find(|(start, length)| selector(window, *start) == Some(*length))
        .map(|(start, _)| start)
}
