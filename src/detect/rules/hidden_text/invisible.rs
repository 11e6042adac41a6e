//! `hidden_text.invisible`: zero-width characters and invisible operators that are written for bits or between all letters.
//!
//! Joiners have their work in many scripts (Persian, the languages of India, emoji), one at a time; so has the zero-width space
//! between words, and the mark at the beginning of a text. Eight in a row have none, and neither have eight of those that are
//! no joiners with not more than one character between each.

use super::PIECE;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, View, example};
use crate::detect::window::{Ahead, Window};

/// Characters that are a payload.
const LEAST: u32 = 8;
/// Bytes of each.
const LENGTH: u64 = 3;
/// Most bytes of a visible character between two.
const MAX_CHAR: u64 = 4;

pub(super) const RULE: Rule = Rule {
    id: "hidden_text.invisible",
    class: Class::HiddenText,
    level: None,
    description: "a run of zero-width characters or invisible operators",
    source: "Unicode Standard section 23.2 (layout controls) and 22.6 (invisible operators)",
    true_examples: &[
        example(
            "on\u{200B}\u{200C}\u{200B}\u{200B}\u{200D}\u{200C}\u{200B}\u{200C}\u{FEFF}e",
            "\u{200B}\u{200C}\u{200B}\u{200B}\u{200D}\u{200C}\u{200B}\u{200C}\u{FEFF}",
        ),
        example(
            "\u{2062}\u{2064}\u{2062}\u{2062}\u{2064}\u{2062}\u{2062}\u{2064} ok",
            "\u{2062}\u{2064}\u{2062}\u{2062}\u{2064}\u{2062}\u{2062}\u{2064}",
        ),
        example(
            "so \u{200B}f\u{200B}o\u{200B}r\u{2060}g\u{200B}\u{e9}\u{200B}t\u{200B} \u{200B}it",
            "\u{200B}f\u{200B}o\u{200B}r\u{2060}g\u{200B}\u{e9}\u{200B}t\u{200B} \u{200B}",
        ),
    ],
    false_examples: &[
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466} \u{1F469}\u{1F3FD}\u{200D}\u{1F4BB}",
        "\u{0645}\u{06CC}\u{200C}\u{062E}\u{0648}\u{0627}\u{0647}\u{0645} \u{0646}\u{0645}\u{06CC}\u{200C}\u{0634}\u{0648}\u{062F}",
        "\u{0915}\u{094D}\u{200D}\u{0937} \u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3}",
        "\u{FEFF}text with\u{200B}breaks\u{200B}between\u{200B}words\u{200B}and\u{200B}so\u{200B}on\u{200B}again\u{200B}yes",
        "f\u{2061}(x) a\u{2062}b",
    ],
    detector: Detector {
        // Back over a visible character and one before it.
        look_back: LENGTH + MAX_CHAR,
        view: View::Written,
        ..Detector::new(
            &[
                b"\xe2\x80\x8b",
                b"\xe2\x80\x8c",
                b"\xe2\x80\x8d",
                b"\xe2\x81\xa0",
                b"\xe2\x81\xa1",
                b"\xe2\x81\xa2",
                b"\xe2\x81\xa3",
                b"\xe2\x81\xa4",
                b"\xef\xbb\xbf",
            ],
            verify,
        )
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// One that is no joiner.
    Hidden,
    Joiner,
    /// A character of so many bytes.
    Visible(u64),
    End,
    Unknown,
}

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    let in_piece = |at: u64| at / PIECE == start / PIECE;
    let adjacent = start.checked_sub(LENGTH).filter(|at| is_one(seen(window, *at)));
    let apart = || {
        // What one visible character, and one of ours before it, would begin with.
        (1..=MAX_CHAR).filter_map(|length| Some((start.checked_sub(length + LENGTH)?, length))).any(
            |(at, length)| {
                in_piece(at)
                    && seen(window, at) == Seen::Hidden
                    && seen(window, at + LENGTH) == Seen::Visible(length)
            },
        )
    };
    let is_hidden = seen(window, start) == Seen::Hidden;
    if adjacent.is_some_and(in_piece) || is_hidden && apart() {
        return Verdict::No;
    }
    // `note` counts; the anchor is the first.
    if progress.note == 0 {
        progress.note = 1;
    }
    loop {
        let at = progress.at;
        if !in_piece(at) {
            break;
        }
        match seen(window, at) {
            Seen::Hidden | Seen::Joiner => progress.at += LENGTH,
            Seen::Unknown => return Verdict::More { from: start },
            Seen::End => break,
            Seen::Visible(length) => {
                let before = at.checked_sub(LENGTH).map(|before| seen(window, before));
                if before != Some(Seen::Hidden) || !in_piece(at + length) {
                    break;
                }
                match seen(window, at + length) {
                    Seen::Unknown => return Verdict::More { from: start },
                    Seen::Hidden => progress.at += length + LENGTH,
                    _ => break,
                }
            }
        }
        progress.note += 1;
    }
    let least = if adjacent.is_some() { 1 } else { LEAST };
    match progress.note >= least {
        true => Verdict::Match { start, end: progress.at, confidence: Confidence::High },
        false => Verdict::No,
    }
}

fn is_one(seen: Seen) -> bool {
    matches!(seen, Seen::Hidden | Seen::Joiner)
}

fn seen(window: &Window, at: u64) -> Seen {
    let next = |nth: u64| window.ahead(at + nth);
    let Ahead::Byte(first) = next(0) else {
        return if next(0) == Ahead::End { Seen::End } else { Seen::Unknown };
    };
    let length = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if !matches!(first, 0xe2 | 0xef) {
        return Seen::Visible(length);
    }
    match (first, next(1), next(2)) {
        (_, Ahead::Unknown, _) => Seen::Unknown,
        (0xe2, Ahead::Byte(0x80 | 0x81), Ahead::Unknown) => Seen::Unknown,
        (0xef, Ahead::Byte(0xbb), Ahead::Unknown) => Seen::Unknown,
        (0xe2, Ahead::Byte(0x80), Ahead::Byte(0x8c | 0x8d)) => Seen::Joiner,
        (0xe2, Ahead::Byte(0x80), Ahead::Byte(0x8b)) => Seen::Hidden,
        (0xe2, Ahead::Byte(0x81), Ahead::Byte(0xa0..=0xa4)) => Seen::Hidden,
        (0xef, Ahead::Byte(0xbb), Ahead::Byte(0xbf)) => Seen::Hidden,
        _ => Seen::Visible(length),
    }
}
