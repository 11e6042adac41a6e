//! `hidden_text.invisible`: zero-width characters and invisible operators that are written for bits or between all letters.
//!
//! Joiners have their work in many scripts (Persian, the languages of India, emoji), one at a time; so has the zero-width space
//! between words, and the mark at the beginning of a text. Eight in a row have none, nor six where they are of two kinds: bits.
//! Neither have eight of those that are no joiners with not more than one character of the same line between each, but for one
//! operator between the factors of a formula. `hidden_text.invisible-spread` are eight that stand in one word each.

use super::PIECE;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, View, example};
use crate::detect::window::{Ahead, Window};

/// Characters that are a payload.
const LEAST: u32 = 8;
/// The same, where they stand side by side and are of more than one kind.
const LEAST_MIXED: u32 = 6;
/// Bytes of each.
const LENGTH: u64 = 3;
/// Most bytes of a visible character between two.
const MAX_CHAR: u64 = 4;

/// What `note` counts by; below it, it tells whether something visible stands between, and which kinds there are.
const ONE: u32 = 1 << 10;
const APART: u32 = 1 << 9;
/// The four operators (U+2061 to U+2064) among the kinds.
const OPERATORS: u32 = 0xf0;

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
        example(
            "a\u{200B}\u{200C}\u{200C}\u{200B}\u{200C}\u{200B}b",
            "\u{200B}\u{200C}\u{200C}\u{200B}\u{200C}\u{200B}",
        ),
    ],
    false_examples: &[
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466} \u{1F469}\u{1F3FD}\u{200D}\u{1F4BB}",
        "\u{0645}\u{06CC}\u{200C}\u{062E}\u{0648}\u{0627}\u{0647}\u{0645} \u{0646}\u{0645}\u{06CC}\u{200C}\u{0634}\u{0648}\u{062F}",
        "\u{0915}\u{094D}\u{200D}\u{0937} \u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3}",
        "\u{FEFF}text with\u{200B}breaks\u{200B}between\u{200B}words\u{200B}and\u{200B}so\u{200B}on\u{200B}again\u{200B}yes",
        "f\u{2061}(x) a\u{2062}b\u{2062}c\u{2062}d\u{2062}e\u{2062}f\u{2062}g\u{2062}h\u{2062}i\u{2062}j",
        "\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n\u{200B}\n",
        "\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}",
    ],
    detector: Detector {
        // Back over a visible character and one before it.
        look_back: LENGTH + MAX_CHAR,
        view: View::Written,
        ..Detector::new(ANCHORS, verify)
    },
};

const ANCHORS: &[&[u8]] = &[
    b"\xe2\x80\x8b",
    b"\xe2\x80\x8c",
    b"\xe2\x80\x8d",
    b"\xe2\x81\xa0",
    b"\xe2\x81\xa1",
    b"\xe2\x81\xa2",
    b"\xe2\x81\xa3",
    b"\xe2\x81\xa4",
    b"\xef\xbb\xbf",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// One that is no joiner.
    Hidden,
    Joiner,
    /// A character of so many bytes.
    Visible(u64),
    /// The end of a line, or of the text.
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
    // The anchor is the first.
    if progress.note == 0 {
        progress.note = ONE | kind(window, start);
    }
    loop {
        let at = progress.at;
        if !in_piece(at) {
            break;
        }
        match seen(window, at) {
            Seen::Hidden | Seen::Joiner => {
                progress.note |= kind(window, at);
                progress.at += LENGTH;
            }
            Seen::Unknown => return Verdict::More { from: start },
            Seen::End => break,
            Seen::Visible(length) => {
                let before = at.checked_sub(LENGTH).map(|before| seen(window, before));
                if before != Some(Seen::Hidden) || !in_piece(at + length) {
                    break;
                }
                match seen(window, at + length) {
                    Seen::Unknown => return Verdict::More { from: start },
                    Seen::Hidden => {
                        progress.note |= APART | kind(window, at + length);
                        progress.at += length + LENGTH;
                    }
                    _ => break,
                }
            }
        }
        progress.note += ONE;
    }
    let (count, kinds) = (progress.note / ONE, progress.note % APART);
    let is_apart = progress.note & APART > 0;
    let is_mixed = kinds.count_ones() > 1;
    let is_payload = match () {
        () if adjacent.is_some() => true,
        () if is_apart => count >= LEAST && (is_mixed || kinds & OPERATORS == 0),
        () => count >= if is_mixed { LEAST_MIXED } else { LEAST },
    };
    match is_payload {
        true => Verdict::Match { start, end: progress.at, confidence: Confidence::High },
        false => Verdict::No,
    }
}

/// A bit for the kind of one.
fn kind(window: &Window, at: u64) -> u32 {
    let kind = ANCHORS.iter().position(|anchor| window.slice(at, at + LENGTH) == *anchor);
    1 << kind.unwrap_or_default()
}

fn is_one(seen: Seen) -> bool {
    matches!(seen, Seen::Hidden | Seen::Joiner)
}

fn seen(window: &Window, at: u64) -> Seen {
    let next = |nth: u64| window.ahead(at + nth);
    let Ahead::Byte(first) = next(0) else {
        return if next(0) == Ahead::End { Seen::End } else { Seen::Unknown };
    };
    if matches!(first, b'\n' | b'\r') {
        return Seen::End;
    }
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

/// Most bytes between two that stand in one word each.
const MAX_GAP: u64 = 24;

pub(super) const SPREAD: Rule = Rule {
    id: "hidden_text.invisible-spread",
    class: Class::HiddenText,
    level: None,
    description: "a zero-width character in each word of a text",
    source: "Unicode Standard section 23.2 (layout controls)",
    true_examples: &[
        example(
            "We\u{200B} met\u{200C} in\u{200B} the\u{200B} old\u{200C} house\u{200C} by\u{200B} the\u{200C} lake",
            "\u{200B} met\u{200C} in\u{200B} the\u{200B} old\u{200C} house\u{200C} by\u{200B} the\u{200C}",
        ),
        example(
            "so\u{2060}me wo\u{2060}rds ha\u{2060}ve, ea\u{2060}ch in i\u{2060}ts mid\u{2060}dle, o\u{2060}ne of th\u{2060}em",
            "\u{2060}me wo\u{2060}rds ha\u{2060}ve, ea\u{2060}ch in i\u{2060}ts mid\u{2060}dle, o\u{2060}ne of th\u{2060}",
        ),
    ],
    false_examples: &[
        "very\u{200B}long\u{200B}names\u{200B}that\u{200B}break\u{200B}between\u{200B}words\u{200B}and\u{200B}more",
        "`a`\u{200B}, `b`\u{200B}, `c`\u{200B}, `d`\u{200B}, `e`\u{200B}, `f`\u{200B}, `g`\u{200B}, `h`\u{200B}, `i`\u{200B}",
        "\u{200B}one thing\n\u{200B}one thing\n\u{200B}one thing\n\u{200B}one thing\n\u{200B}one thing\n\u{200B}one thing\n\u{200B}a\n\u{200B}b",
    ],
    detector: Detector { look_back: MAX_GAP + LENGTH, view: View::Written, ..Detector::new(ANCHORS, spread) },
};

fn spread(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    let in_piece = |at: u64| at / PIECE == start / PIECE;
    // The first of them judges.
    let before = (2..=MAX_GAP).filter_map(|length| start.checked_sub(length + LENGTH));
    let follows =
        |at: u64| in_piece(at) && is_one(seen(window, at)) && gap(window, at + LENGTH) == Some(start);
    if progress.note == 0 && before.into_iter().any(follows) {
        return Verdict::No;
    }
    // `note` counts those behind it.
    progress.note = progress.note.max(1);
    while in_piece(progress.at) {
        match gap(window, progress.at) {
            None => return Verdict::More { from: start },
            Some(next) if next > progress.at && in_piece(next) => progress.at = next + LENGTH,
            Some(_) => break,
        }
        progress.note += 1;
    }
    match progress.note >= LEAST {
        true => Verdict::Match { start, end: progress.at, confidence: Confidence::High },
        false => Verdict::No,
    }
}

/// Where the next one stands behind parts of at least two words; `at` where there is none, `None` where that is not known yet.
fn gap(window: &Window, at: u64) -> Option<u64> {
    let mut next = at;
    let mut has_blank = false;
    let is_inner = |byte: u8| byte.is_ascii_alphabetic() || byte == b' ';
    loop {
        match window.ahead(next) {
            Ahead::Unknown => return None,
            Ahead::Byte(byte) if is_inner(byte) || next > at && b",.;:!?'-".contains(&byte) => {
                has_blank |= byte == b' ';
            }
            Ahead::Byte(_) | Ahead::End => break,
        }
        next += 1;
        if next - at > MAX_GAP {
            return Some(at);
        }
    }
    let ends_inside = window.before(next).is_some_and(is_inner) && has_blank && next - at >= 2;
    match seen(window, next) {
        Seen::Unknown => None,
        Seen::Hidden | Seen::Joiner if ends_inside => Some(next),
        _ => Some(at),
    }
}
