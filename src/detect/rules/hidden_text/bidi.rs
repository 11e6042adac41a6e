//! `hidden_text.bidi-override`: controls that show letters in another order than that in which a model reads them.
//!
//! An override (U+202D, U+202E) does that to any text, but one from left to right none to a telephone number. An embedding or
//! isolate from right to left (U+202B, U+2067) does it to text without a letter of such a script. Marks (U+200E, U+200F) and
//! isolates around what belongs together reorder nothing; one that ends a comment or a block of a program does
//! (Trojan Source), where no such letter is at hand.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, View, example};
use crate::detect::window::{Ahead, Window};

/// Most bytes that one control is asked about; what stands behind them is another line.
const MAX_LENGTH: u64 = 256;
/// Anchors that are overrides; the first of them is from left to right.
const OVERRIDES: u16 = 2;
const LEFT_TO_RIGHT: u16 = 0;
/// The anchor that is an isolate from left to right.
const ISOLATE: u16 = 4;

/// What `note` says has been met: a letter from left to right; one that is no ASCII; the end of a comment, or a bracket.
const LATIN: u32 = 1;
const OTHER: u32 = 2;
const CODE: u32 = 4;

pub(super) const RULE: Rule = Rule {
    id: "hidden_text.bidi-override",
    class: Class::HiddenText,
    level: None,
    description: "control that reverses the order in which text is shown",
    source: "Unicode Standard Annex #9, sections 2.2 to 2.4; Unicode Technical Standard #55",
    true_examples: &[
        example("a \u{202E}gnp.tac\u{202C} b", "\u{202E}gnp.tac\u{202C}"),
        example("x\u{202D}abc\nd", "\u{202D}abc"),
        example("if \u{2067}admin { \u{2069}ok", "\u{2067}admin { \u{2069}"),
        example("\u{202D}\u{5d0}\u{5d1}\u{202C}", "\u{202D}\u{5d0}\u{5d1}\u{202C}"),
        example("/* \u{2066}} \u{2069}if (open) */", "\u{2066}} \u{2069}"),
    ],
    false_examples: &[
        "\u{05E9}\u{05DC}\u{05D5}\u{05DD} (C++\u{200E}) \u{0645}\u{0631}\u{062D}\u{0628}\u{0627}\u{200F}!",
        "\u{2067}\u{05E9}\u{05DC}\u{05D5}\u{05DD} world\u{2069} and \u{2066}C++\u{2069}, \u{2068}Ann\u{2069}",
        "call \u{202D}+65 6555\u{a0}0123\u{202C}",
        "\u{2066}f(x) { y }\u{2069} \u{2066}+65 (6555) 0123\u{2069} \u{2066}} \u{2069}\u{05E9}\u{05DC}\u{05D5}\u{05DD}",
        "\u{202B}\u{0645}\u{0631}\u{062D}\u{0628}\u{0627}\u{202C} \u{2067}12\u{2069}",
    ],
    detector: Detector {
        view: View::Written,
        ..Detector::new(
            &[b"\xe2\x80\xad", b"\xe2\x80\xae", b"\xe2\x80\xab", b"\xe2\x81\xa7", b"\xe2\x81\xa6"],
            verify,
        )
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let is_override = hit.nth < OVERRIDES;
    let end = loop {
        let at = progress.at;
        if at - hit.start >= MAX_LENGTH {
            break at;
        }
        match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::End | Ahead::Byte(b'\n') => break at,
            Ahead::Byte(byte) if byte.is_ascii_alphabetic() => progress.note |= LATIN,
            Ahead::Byte(b'}' | b'{') => progress.note ^= CODE,
            // Hebrew, Arabic, Syriac, Thaana, NKo.
            Ahead::Byte(0xd6..=0xdf) if !is_override => return Verdict::No,
            Ahead::Byte(0xe2) => match (window.ahead(at + 1), window.ahead(at + 2)) {
                (Ahead::Unknown, _) | (Ahead::Byte(_), Ahead::Unknown) => {
                    return Verdict::More { from: hit.start };
                }
                // Another of them: it is judged by itself.
                (Ahead::Byte(0x80), Ahead::Byte(0xab | 0xad | 0xae))
                | (Ahead::Byte(0x81), Ahead::Byte(0xa6 | 0xa7)) => {
                    break at;
                }
                (Ahead::Byte(0x80), Ahead::Byte(0xac)) | (Ahead::Byte(0x81), Ahead::Byte(0xa9)) => {
                    break at + 3;
                }
                _ => {}
            },
            // Arabic extensions; presentation forms.
            Ahead::Byte(0xe0) | Ahead::Byte(0xef) if !is_override => {
                match (window.ahead(at), window.ahead(at + 1)) {
                    (_, Ahead::Unknown) => return Verdict::More { from: hit.start },
                    (Ahead::Byte(0xe0), Ahead::Byte(0xa0..=0xa3))
                    | (Ahead::Byte(0xef), Ahead::Byte(0xac..=0xbb)) => {
                        return Verdict::No;
                    }
                    _ => {}
                }
            }
            Ahead::Byte(0xc3..=0xf4) => progress.note |= OTHER,
            Ahead::Byte(_) => {}
        }
        progress.at += 1;
    };
    let reorders = match hit.nth {
        LEFT_TO_RIGHT => progress.note & (LATIN | OTHER) > 0,
        ISOLATE => return isolate(window, hit, end, progress.note & CODE > 0),
        _ => is_override || progress.note & LATIN > 0,
    };
    match reorders {
        true => Verdict::Match { start: hit.start, end, confidence: Confidence::High },
        false => Verdict::No,
    }
}

/// An isolate up to `end`, in which brackets are open or closed, if the rest of its line has no letter from right to left.
fn isolate(window: &Window, hit: &Hit, end: u64, is_code: bool) -> Verdict {
    if !is_code && !window.slice(hit.end, end).windows(2).any(|two| two == b"*/") {
        return Verdict::No;
    }
    for at in end..hit.start + MAX_LENGTH {
        match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(0xd6..=0xdf) => return Verdict::No,
            Ahead::End | Ahead::Byte(b'\n') => break,
            Ahead::Byte(_) => {}
        }
    }
    Verdict::Match { start: hit.start, end, confidence: Confidence::High }
}
