//! `pii.id.sg-nric`.

use super::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::class::{Class, Confidence};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window, is_word};

/// Bytes of a number: a letter, seven digits, a letter.
const LENGTH: u64 = 9;

const WEIGHTS: [u32; 7] = [2, 7, 6, 5, 4, 3, 2];

pub(super) const RULE: Rule = Rule {
    id: "pii.id.sg-nric",
    class: Class::PiiId,
    level: None,
    description: "Singapore NRIC or FIN",
    source: "National Registration Act 1965 (Singapore); check letters of series S, T, F, G as widely \
                 published, of series M (since 2022) as in use",
    true_examples: &[
        example("NRIC: S1234567D.", "S1234567D"),
        example("(T0123456G)", "T0123456G"),
        example("身份证F1234567N号", "F1234567N"),
        example("FIN G1234567X", "G1234567X"),
        example("FIN M1234567K", "M1234567K"),
        example("nric s1234567d", "s1234567d"),
    ],
    false_examples: &[
        "S1234567A T0123456H F1234567X G1234567N M1234567X",
        "XS1234567D S1234567DX 1S1234567D _S1234567D",
        "S123456D S12345678D",
        "A1234567D S1234567",
    ],
    detector: Detector {
        any_case: true,
        not_after: is_word,
        form: Form::AnyCase,
        ..Detector::new(
            &[
                b"S0", b"S1", b"S2", b"S3", b"S4", b"S5", b"S6", b"S7", b"S8", b"S9", b"T0", b"T1", b"T2",
                b"T3", b"T4", b"T5", b"T6", b"T7", b"T8", b"T9", b"F0", b"F1", b"F2", b"F3", b"F4", b"F5",
                b"F6", b"F7", b"F8", b"F9", b"G0", b"G1", b"G2", b"G3", b"G4", b"G5", b"G6", b"G7", b"G8",
                b"G9", b"M0", b"M1", b"M2", b"M3", b"M4", b"M5", b"M6", b"M7", b"M8", b"M9",
            ],
            verify,
        )
    },
};

fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let start = hit.start;
    let Some(series) = window.at(start) else {
        return Verdict::No;
    };
    let mut sum = 0;
    for (weight, at) in WEIGHTS.into_iter().zip(start + 1..) {
        match window.ahead(at) {
            Ahead::Byte(byte) if byte.is_ascii_digit() => sum += weight * u32::from(byte - b'0'),
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
        }
    }
    let letter = match window.ahead(start + LENGTH - 1) {
        Ahead::Byte(byte) => byte,
        Ahead::Unknown => return Verdict::More { from: start },
        Ahead::End => return Verdict::No,
    };
    if check_letter(series.to_ascii_uppercase(), sum) != Some(letter.to_ascii_uppercase()) {
        return Verdict::No;
    }
    match window.ahead(start + LENGTH) {
        Ahead::Unknown => Verdict::More { from: start },
        Ahead::Byte(byte) if is_word(byte) => Verdict::No,
        Ahead::Byte(_) | Ahead::End => {
            let upper = series.is_ascii_uppercase() && letter.is_ascii_uppercase();
            let confidence = if upper { Confidence::High } else { Confidence::Medium };
            Verdict::Match { start, end: start + LENGTH, confidence }
        }
    }
}

fn check_letter(series: u8, sum: u32) -> Option<u8> {
    let (letters, offset) = match series {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return None,
    };
    letters.get(((sum + offset) % 11) as usize).copied()
}
