//! Italy.

use super::part::is_day;
use super::vat;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.it-codice-fiscale",
                class: Class::PiiId,
                level: None,
                description: "Italian fiscal code",
                source: "Decreto ministeriale 23 dicembre 1976 (Italy), n. 13813 (with digits written as letters where two persons would \
             have the same; not where the first digit is one of them)",
                true_examples: &[
                    example("BNCLRA84H52F205G", "BNCLRA84H52F205G"),
                    example("codice fiscale bnclra84h52f205g", "bnclra84h52f205g"),
                    example("C.F. 08451270154", "08451270154"),
                ],
                false_examples: &["BNCLRA84H52F205H", "BNCLRA84X52F205G", "08451270154", "BNCLRA84H52F205GA"],
                detector: Detector::number(Number::checked(
                    &["AAAAAA9#A##A###A", "99999999999"],
                    codice_fiscale,
                    &["codice fiscale", "c.f.", "cf", "cod. fisc", "codfisc", "fiscal code"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.it-iva",
                class: Class::PiiId,
                level: None,
                description: "Italian VAT number without its country code",
                source: "Decreto del Presidente della Repubblica 633/1972 (Italy), article 35",
                true_examples: &[
                    example("P.IVA 08451270154", "08451270154"),
                    example("partita IVA: 08451270154", "08451270154"),
                ],
                false_examples: &["P.IVA 08451270155", "08451270154", "P.IVA 00000000000"],
                detector: Detector::number(Number::checked(
                    &["99999999999"],
                    |number| vat::italy(number)?.then_some(Confidence::Low),
                    &["iva", "p.iva", "piva", "partita iva"],
                )),
            }
        }
    },
];

fn codice_fiscale(number: &[u8]) -> Option<Confidence> {
    if number.len() == 11 {
        return vat::italy(number)?.then_some(Confidence::Low);
    }
    let (last, body) = number.split_last()?;
    let sum = body
        .iter()
        .enumerate()
        .try_fold(0, |sum, (at, byte)| Some(sum + if at % 2 == 0 { odd(*byte)? } else { even(*byte)? }))?;
    let month = b"ABCDEHLMPRST".iter().position(|letter| Some(letter) == number.get(8));
    let month = u32::try_from(month? + 1).ok()?;
    let year = figure(*number.get(6)?)? * 10 + figure(*number.get(7)?)?;
    // 40 more is a woman.
    let day = (figure(*number.get(9)?)? * 10 + figure(*number.get(10)?)?) % 40;

    let fits = is_day(2000 + year, month, day);
    (fits && u32::from(*last) == u32::from(b'A') + sum % 26).then_some(Confidence::High)
}

/// The digit that stands in a place of digits, written as one or as a letter.
fn figure(byte: u8) -> Option<u32> {
    check::digit(byte).or_else(|| {
        let at = b"LMNPQRSTUV".iter().position(|letter| *letter == byte)?;
        u32::try_from(at).ok()
    })
}

fn even(byte: u8) -> Option<u32> {
    let value = check::alphanumeric(byte)?;
    Some(if value > 9 { value - 10 } else { value })
}

/// Of letters, and of the digits that count as the first ten of them.
fn odd(byte: u8) -> Option<u32> {
    const VALUES: [u8; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    VALUES.get(even(byte)? as usize).map(|value| u32::from(*value))
}
