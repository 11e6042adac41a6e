//! `pii.id.sg-nric`.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

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
    detector: Detector::number(Number::checked(&["A9999999A"], check, &["nric", "fin"])),
};

fn check(number: &[u8]) -> Option<Confidence> {
    let (series, rest) = number.split_first()?;
    let (letter, digits) = rest.split_last()?;
    let sum = check::weighted(digits, &WEIGHTS)?;
    (check_letter(*series, sum) == Some(*letter)).then_some(Confidence::High)
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
