//! `exfiltration.terminal-escape` and `exfiltration.terminal-escape-written`: control sequences that make a terminal hide
//! text, link it elsewhere, write the clipboard, or answer as if its user had typed.

use super::code;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Longest parameters of a sequence that are read, in bytes.
const MAX_PARAMETERS: u64 = 32;

pub(super) const ESCAPE: Rule = Rule {
    id: "exfiltration.terminal-escape",
    class: Class::Exfiltration,
    level: None,
    description: "terminal control sequence (CSI, OSC, DCS, APC)",
    source: "ECMA-48 sections 5.4, 5.6 and 8.3",
    true_examples: &[
        example("a\u{1b}[31mred", "\u{1b}[31m"),
        example("a\u{1b}]8;;https://evil.example/\u{7}b", "\u{1b}]"),
        example("a\u{9b}2J", "\u{9b}2J"),
        example("\u{1b}P+q", "\u{1b}P"),
    ],
    false_examples: &["[31m and ESC [ 31 m", "a \u{1b} b", "\u{1b}x"],
    detector: Detector::new(
        &[b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\xc2\x9b", b"\xc2\x9d"],
        escape,
    ),
};

fn escape(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    // A control string begins with its introducer; a control sequence has parameters and a final byte.
    let is_sequence = matches!(window.at(hit.end - 1), Some(b'[' | 0x9b));
    let mut end = hit.end;
    while is_sequence && end - hit.end < MAX_PARAMETERS {
        match window.ahead(end) {
            Ahead::Byte(0x20..=0x3f) => end += 1,
            Ahead::Byte(0x40..=0x7e) => {
                end += 1;
                break;
            }
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    Verdict::Match { start: hit.start, end, confidence: Confidence::High }
}

pub(super) const WRITTEN: Rule = Rule {
    id: "exfiltration.terminal-escape-written",
    class: Class::Exfiltration,
    level: None,
    description: "terminal control sequence in escaped writing, which a program may turn into a real one",
    source: "ECMA-48 section 5.4, as printf, JSON, Python and Lua write it",
    true_examples: &[
        example(r"\x1b[8m", r"\x1b["),
        example(r"echo -e \033]8;;", r"\033]"),
        example(r"\u001b[2J", r"\u001b["),
        example(r"\27[0K", r"\27["),
        example(r"`\e[38;5;8;8m`", r"\e["),
        example(r"`\x1b[2J`", r"\x1b["),
        example(r"\e[1;5m", r"\e["),
    ],
    false_examples: &[
        r"\x1bc",
        r"\033",
        "e[1;5m",
        r"\u001c[",
        r"tree\e [1",
        r"`\x1b[31m` and ``\e[1;5m`` and `\27[0m`",
        r"`\033[38;5;8m` and `\033[48;2;8;8;8m`",
        "```sh\necho \"\\e[32mok\\e[0m\"\n```",
    ],
    detector: Detector {
        any_case: true,
        look_back: code::LOOK_BACK,
        ..Detector::new(
            &[
                br"\x1b[",
                br"\x1b]",
                br"\033[",
                br"\033]",
                br"\u001b[",
                br"\u001b]",
                br"\27[",
                br"\27]",
                br"\e[",
                br"\e]",
            ],
            written,
        )
    },
};

fn written(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let is_sequence = window.at(hit.end - 1) == Some(b'[');
    let mut end = hit.end;
    while is_sequence && end - hit.end < MAX_PARAMETERS {
        match window.ahead(end) {
            Ahead::Byte(b'0'..=b'9' | b';') => end += 1,
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    let is_style =
        is_sequence && window.ahead(end) == Ahead::Byte(b'm') && !conceals(window.slice(hit.end, end));
    match is_style {
        // In code it is how colours are explained.
        true => code::weigh(window, hit.start, hit.end, progress),
        false => Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::Medium },
    }
}

/// Whether one of the parameters of a style conceals text (8), but for those of a colour (38, 48, 58).
fn conceals(parameters: &[u8]) -> bool {
    let mut parameters = parameters.split(|byte| *byte == b';');
    while let Some(parameter) = parameters.next() {
        match parameter {
            b"8" | b"08" => return true,
            b"38" | b"48" | b"58" => {
                let components = if parameters.next() == Some(b"5") { 1 } else { 3 };
                parameters.by_ref().take(components).for_each(drop);
            }
            _ => {}
        }
    }
    false
}
