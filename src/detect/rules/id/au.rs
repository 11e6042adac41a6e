//! Australia.

use super::part::split_check;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.au-tfn",
                class: Class::PiiId,
                level: None,
                description: "Australian tax file number",
                source: "Taxation Administration Act 1953 (Australia), part VA; check digit (weights, modulo 11) as in use",
                true_examples: &[
                    example("TFN: 845 127 735", "845 127 735"),
                    example("my tax file number is 845127735.", "845127735"),
                ],
                false_examples: &["TFN 845 127 736", "845 127 735", "order 845127735"],
                detector: Detector::number(Number::checked(
                    &["999999999", "999 999 999", "999-999-999"],
                    tfn,
                    &["tfn", "tax file number", "tax file no"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.au-medicare",
                class: Class::PiiId,
                level: None,
                description: "Australian Medicare card number",
                source: "Services Australia, Medicare card number and individual reference number; check digit as in use",
                true_examples: &[
                    example("Medicare 3845 12779 1", "3845 12779 1"),
                    example("medicare card: 38451277912", "38451277912"),
                ],
                false_examples: &["Medicare 3845 12778 1", "3845 12779 1", "medicare 9845127791"],
                detector: Detector::number(Number::checked(
                    &[
                        "9999999999",
                        "9999 99999 9",
                        "99999999999",
                        "9999 99999 9 9",
                        "9999 99999 9/9",
                        "9999-99999-9",
                    ],
                    medicare,
                    &["medicare", "irn"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.au-abn",
                class: Class::PiiId,
                level: None,
                description: "Australian business number",
                source: "A New Tax System (Australian Business Number) Act 1999; Australian Business Register, Format of the ABN",
                true_examples: &[
                    example("ABN 98 845 127 730", "98 845 127 730"),
                    example("abn: 98845127730", "98845127730"),
                    example("A.B.N. 98 845 127 730", "98 845 127 730"),
                ],
                false_examples: &["ABN 97 845 127 730", "98845127730"],
                detector: Detector::number(Number::checked(
                    &["99999999999", "99 999 999 999", "99-999-999-999"],
                    abn,
                    &["abn", "a.b.n.", "australian business number"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.au-acn",
                class: Class::PiiId,
                level: None,
                description: "Australian company number",
                source: "Corporations Act 2001 (Australia); ASIC, Australian Company Number digit check",
                true_examples: &[
                    example("ACN 084 512 774", "084 512 774"),
                    example("(ACN: 084512774)", "084512774"),
                ],
                false_examples: &["ACN 084 512 775", "084 512 774"],
                detector: Detector::number(Number::checked(
                    &["999999999", "999 999 999"],
                    acn,
                    &["acn", "a.c.n.", "australian company number", "arbn"],
                )),
            }
        }
    },
];

fn tfn(number: &[u8]) -> Option<Confidence> {
    let sum = check::weighted(number, &[1, 4, 3, 7, 5, 8, 6, 9, 10])?;
    (sum > 0 && sum.is_multiple_of(11)).then_some(Confidence::Low)
}

fn medicare(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number.get(..9)?)?;
    let fits =
        matches!(number.first(), Some(b'2'..=b'6')) && number.iter().skip(9).all(|issue| *issue != b'0');
    let sum = check::weighted(body, &[1, 3, 7, 9, 1, 3, 7, 9])?;
    (fits && sum % 10 == digit).then_some(Confidence::Low)
}

fn abn(number: &[u8]) -> Option<Confidence> {
    let sum = check::weighted(number, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19])?;
    // One is taken from the first digit, which weighs ten.
    (number.first() != Some(&b'0') && sum.checked_sub(10)?.is_multiple_of(89)).then_some(Confidence::Low)
}

fn acn(number: &[u8]) -> Option<Confidence> {
    let sum = check::weighted(number, &[8, 7, 6, 5, 4, 3, 2, 1, 1])?;
    (sum > 0 && sum.is_multiple_of(10)).then_some(Confidence::Low)
}
