//! Brazil, Mexico, Argentina, Chile.

use super::part::{from_11, is_day, is_uniform, part, split_check};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.br-cpf",
                class: Class::PiiId,
                level: None,
                description: "Brazilian taxpayer number of a person",
                source: "Instrução Normativa RFB 2172/2024 (Brazil); check digits by modulus 11",
                true_examples: &[
                    example("845.127.736-57", "845.127.736-57"),
                    example("CPF: 84512773657", "84512773657"),
                ],
                false_examples: &["845.127.736-58", "84512773657", "CPF 111.111.111-11"],
                detector: Detector::number(
                    Number::checked(
                        &["999.999.999-99", "99999999999", "999999999-99"],
                        cpf,
                        &["cpf", "cadastro de pessoas", "cadastro de pessoa"],
                    )
                    .punctuated(Confidence::High),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.br-cnpj",
                class: Class::PiiId,
                level: None,
                description: "Brazilian number of a legal person",
                source: "Instrução Normativa RFB 2119/2022 and 2229/2024 (Brazil; with letters since 2026)",
                true_examples: &[
                    example("84.512.773/0001-47", "84.512.773/0001-47"),
                    example("CNPJ 84512773000147", "84512773000147"),
                    example("cnpj: 84.GX2.773/0001-45", "84.GX2.773/0001-45"),
                ],
                false_examples: &["84.512.773/0001-48", "84512773000147", "CNPJ 00.000.000/0000-00"],
                detector: Detector::number(
                    Number::checked(
                        &[
                            "99.999.999/9999-99",
                            "99999999999999",
                            "9###########99",
                            "99.999.999.9999-99",
                            "99999999/9999-99",
                            "9#.###.###/####-99",
                            "A9.###.###/####-99",
                            "AA.9##.###/####-99",
                        ],
                        cnpj,
                        &["cnpj", "cadastro nacional"],
                    )
                    .punctuated(Confidence::High),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.mx-curp",
                class: Class::PiiId,
                level: None,
                description: "Mexican population registry code",
                source: "Instructivo normativo para la asignación de la CURP (Mexico, DOF 18 October 2021)",
                true_examples: &[
                    example("GOMA840612MDFRRN09", "GOMA840612MDFRRN09"),
                    example("curp goma840612mdfrrn09", "goma840612mdfrrn09"),
                ],
                false_examples: &["GOMA840612MDFRRN08", "GOMA841312MDFRRN09", "GOMA840612ZDFRRN09"],
                detector: Detector::number(Number::checked(&["AAAA999999AAAAAA#9"], curp, &["curp"])),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.mx-rfc",
                class: Class::PiiId,
                level: None,
                description: "Mexican taxpayer code",
                source: "Código Fiscal de la Federación (Mexico), article 27; SAT, check character by modulus 11",
                true_examples: &[
                    example("RFC GOMA840612K55", "GOMA840612K55"),
                    example("RFC: EXT840612K55", "EXT840612K55"),
                ],
                false_examples: &["GOMA841312K55", "GOMA840612"],
                detector: Detector::number(Number::checked(
                    &["AAAA999999###", "AAA999999###", "AAAA-999999-###", "AAA-999999-###"],
                    rfc,
                    &["rfc", "registro federal"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.ar-cuit",
                class: Class::PiiId,
                level: None,
                description: "Argentine tax or labour number (CUIT, CUIL)",
                source: "AFIP Resolución General 10/1997 (Argentina); check digit by modulus 11",
                true_examples: &[
                    example("27-28451277-9", "27-28451277-9"),
                    example("CUIL 27284512779", "27284512779"),
                ],
                false_examples: &["27-28451277-8", "27284512779", "CUIT 29-28451277-9"],
                detector: Detector::number(
                    Number::checked(&["99-99999999-9", "99999999999"], cuit, &["cuit", "cuil", "cdi"])
                        .punctuated(Confidence::High),
                ),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.cl-rut",
                class: Class::PiiId,
                level: None,
                description: "Chilean RUN or RUT",
                source: "Decreto 18/1973 of the Servicio de Registro Civil (Chile); check character by modulus 11",
                true_examples: &[
                    example("12.845.127-7", "12.845.127-7"),
                    example("RUT: 12845127-7", "12845127-7"),
                ],
                false_examples: &["12.845.127-8", "12845127-7"],
                detector: Detector::number(
                    Number::checked(
                        &[
                            "99.999.999-9",
                            "9.999.999-9",
                            "99999999-9",
                            "9999999-9",
                            "99.999.999-K",
                            "9.999.999-K",
                            "99999999-K",
                            "9999999-K",
                        ],
                        rut,
                        &["rut", "run", "rol único", "rol unico"],
                    )
                    .punctuated(Confidence::Medium),
                ),
            }
        }
    },
];

/// 11 less the rest of the weighted sum; 10 and 11 are 0.
fn brazilian(body: &[u8], weights: &[u32]) -> Option<u32> {
    let sum = body
        .iter()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte.checked_sub(b'0')?).checked_mul(*weight));
    let sum: u32 = sum.sum::<Option<u32>>()?;
    Some(if sum % 11 < 2 { 0 } else { 11 - sum % 11 })
}

fn cpf(number: &[u8]) -> Option<Confidence> {
    let first = brazilian(number.get(..9)?, &[10, 9, 8, 7, 6, 5, 4, 3, 2])?;
    let second = brazilian(number.get(..10)?, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])?;
    (!is_uniform(number) && first * 10 + second == part(number, 9, 11)?).then_some(Confidence::Low)
}

/// A letter counts as its code less that of `0`.
fn cnpj(number: &[u8]) -> Option<Confidence> {
    let first = brazilian(number.get(..12)?, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])?;
    let second = brazilian(number.get(..13)?, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])?;
    (!number.starts_with(b"00000000") && first * 10 + second == part(number, 12, 14)?)
        .then_some(Confidence::Low)
}

fn curp(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number)?;
    let sum = body.iter().zip((2..=18).rev()).try_fold(0, |sum, (byte, weight)| {
        // Ñ stands behind N.
        let value = check::alphanumeric(*byte)?;
        Some(sum + weight * if value > 23 { value + 1 } else { value })
    })?;
    // A digit in front of the check digit is of those born until 1999, a letter of the others.
    let century = if body.last()?.is_ascii_digit() { 1900 } else { 2000 };
    let born = is_day(century + part(number, 4, 6)?, part(number, 6, 8)?, part(number, 8, 10)?);
    let fits = born && matches!(number.get(10), Some(b'H' | b'M' | b'X'));
    (fits && (10 - sum % 10) % 10 == digit).then_some(Confidence::High)
}

/// Four letters of a person, three of a company. The check character is not always right in use.
fn rfc(number: &[u8]) -> Option<Confidence> {
    let (last, body) = number.split_last()?;
    let at = body.len().checked_sub(8)?;
    if !is_day(2000 + part(body, at, at + 2)?, part(body, at + 2, at + 4)?, part(body, at + 4, at + 6)?) {
        return None;
    }
    // Of a company a space is in front, which counts 37.
    let space = if body.len() == 11 { 37 * 13 } else { 0 };
    let weights = (2..=13).rev().skip(12_usize.checked_sub(body.len())?);
    let sum = body.iter().zip(weights).try_fold(space, |sum, (byte, weight)| {
        let value = check::alphanumeric(*byte)?;
        // & stands behind N.
        Some(sum + weight * if value > 23 { value + 1 } else { value })
    })?;
    let right = match 11 - sum % 11 {
        11 => b'0',
        10 => b'A',
        digit => b'0' + digit as u8,
    };
    Some(if right == *last { Confidence::Medium } else { Confidence::Low })
}

fn cuit(number: &[u8]) -> Option<Confidence> {
    let (digit, body) = split_check(number)?;
    let kind = matches!(part(number, 0, 2)?, 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55);
    let right = match from_11(body, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])? {
        10 => 9,
        11 => 0,
        right => right,
    };
    (kind && right == digit).then_some(Confidence::Low)
}

fn rut(number: &[u8]) -> Option<Confidence> {
    let (last, body) = number.split_last()?;
    let weights = (2..=7).cycle();
    let sum = body
        .iter()
        .rev()
        .zip(weights)
        .try_fold(0, |sum, (byte, weight)| Some(sum + check::digit(*byte)? * weight))?;
    let right = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        digit => b'0' + digit as u8,
    };
    (!is_uniform(body) && right == *last).then_some(Confidence::Low)
}
