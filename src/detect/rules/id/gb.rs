//! The United Kingdom. Its VAT numbers are in `vat.rs`, too.

use super::part::{from_11, split_check};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.gb-nino",
                class: Class::PiiId,
                level: None,
                description: "UK National Insurance number",
                source: "HMRC, National Insurance Manual NIM39110",
                true_examples: &[
                    example("JX845127C", "JX845127C"),
                    example("NI no. JX 84 51 27 C", "JX 84 51 27 C"),
                    example("national insurance jx 845127 c", "jx 845127 c"),
                ],
                false_examples: &[
                    "DX845127C JO845127C",
                    "GB845127C ZZ845127A",
                    "JX845127E",
                    "AJX845127C",
                    "jx845127c",
                ],
                detector: Detector::number(Number::unchecked(
                    &[
                        "AA999999A",
                        "AA 99 99 99 A",
                        "AA 999999A",
                        "AA 999999 A",
                        "AA-99-99-99-A",
                        "AA999999 A",
                    ],
                    nino,
                    &["nino", "national insurance", "ni number", "ni no", "nin"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.gb-nhs",
                class: Class::PiiId,
                level: None,
                description: "UK NHS number",
                source: "NHS Data Dictionary, NHS NUMBER (modulus 11)",
                true_examples: &[
                    example("NHS number 845 127 7365", "845 127 7365"),
                    example("nhs no: 8451277365", "8451277365"),
                    example("NHS 943-476-5919", "943-476-5919"),
                ],
                false_examples: &["NHS 845 127 7366", "8451277365", "845 127 7365"],
                detector: Detector::number(Number::checked(
                    &["9999999999", "999 999 9999", "999-999-9999"],
                    nhs,
                    &["nhs", "n.h.s.", "national health service", "patient number", "chi number"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.gb-utr",
                class: Class::PiiId,
                level: None,
                description: "UK unique taxpayer reference",
                source: "HMRC, Specification for PAYE and Corporation Tax, UTR modulus 11 check",
                true_examples: &[
                    example("UTR 2845127736", "2845127736"),
                    example("self assessment UTR: 28451 27736", "28451 27736"),
                ],
                false_examples: &["UTR 3845127736", "2845127736"],
                detector: Detector::number(Number::checked(
                    &["9999999999", "99999 99999"],
                    utr,
                    &["utr", "unique taxpayer reference", "taxpayer reference", "self assessment"],
                )),
            }
        }
    },
];

fn nino(number: &[u8]) -> Option<Confidence> {
    let (prefix, suffix) = (number.get(..2)?, number.last()?);
    let (first, second) = (prefix.first()?, prefix.last()?);
    let unused = b"DFIQUV".contains(first) || b"DFIOQUV".contains(second);
    let other: [&[u8]; 7] = [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"];
    let fits = !unused && !other.contains(&prefix) && matches!(suffix, b'A'..=b'D');
    fits.then_some(Confidence::Medium)
}

fn nhs(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number)?;
    (from_11(body, &[10, 9, 8, 7, 6, 5, 4, 3, 2])? % 11 == digit).then_some(Confidence::Low)
}

fn utr(number: &[u8]) -> Option<Confidence> {
    let (first, body) = number.split_first()?;
    let sum = check::weighted(body, &[6, 7, 8, 9, 10, 5, 4, 3, 2])?;
    (b"21987654321".get((sum % 11) as usize) == Some(first)).then_some(Confidence::Low)
}
