//! Sweden, Finland, Denmark, Norway.

use super::part::{from_11, is_day, part};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.se-personnummer",
                class: Class::PiiId,
                level: None,
                description: "Swedish personal identity or coordination number",
                source: "Folkbokföringslag 1991:481 (Sweden), section 18; Skatteverket SKV 704",
                true_examples: &[
                    example("personnummer 840612-5172", "840612-5172"),
                    example("pnr: 19840612-5172", "19840612-5172"),
                    example("personnr 8406125172", "8406125172"),
                    example("\"personnummer\": \"198406125172\"", "198406125172"),
                ],
                false_examples: &["personnummer 840612-5173", "840612-5172", "personnummer 841312-5172"],
                detector: Detector::number(Number::checked(
                    &["999999-9999", "999999+9999", "9999999999", "999999999999", "99999999-9999"],
                    personnummer,
                    &[
                        "personnummer",
                        "personnr",
                        "pnr",
                        "samordningsnummer",
                        "swedish id",
                        "personal identity number",
                    ],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.se-orgnr",
                class: Class::PiiId,
                level: None,
                description: "Swedish organisation number",
                source: "Lag 1974:174 om identitetsbeteckning för juridiska personer (Sweden)",
                true_examples: &[
                    example("orgnr 556845-1271", "556845-1271"),
                    example("organisationsnummer: 5568451271", "5568451271"),
                ],
                false_examples: &["orgnr 556845-1272", "556845-1271"],
                detector: Detector::number(Number::checked(
                    &["999999-9999", "9999999999"],
                    |number| check::luhn(number).then_some(Confidence::Low),
                    &["orgnr", "org nr", "org.nr", "organisationsnummer", "orgnummer"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.fi-hetu",
                class: Class::PiiId,
                level: None,
                description: "Finnish personal identity code",
                source: "Valtioneuvoston asetus 128/2010 (Finland), section 2; DVV, new intermediate characters since 2023",
                true_examples: &[
                    example("120684-517X", "120684-517X"),
                    example("hetu 120604a5179", "120604a5179"),
                ],
                false_examples: &["120684-517Y", "321384-517X", "120684:517X"],
                detector: Detector::number(Number::checked(
                    &["999999-999#", "999999+999#", "999999A999#"],
                    hetu,
                    &["hetu", "henkilötunnus", "henkilotunnus", "personbeteckning", "identity code"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.dk-cpr",
                class: Class::PiiId,
                level: None,
                description: "Danish civil registration number",
                source: "CPR-loven (Denmark); CPR-kontoret, Personnummeret i CPR (since 2007 without a check digit)",
                true_examples: &[
                    example("CPR 120684-5177", "120684-5177"),
                    example("cpr-nummer: 1206845177", "1206845177"),
                ],
                false_examples: &["120684-5177", "CPR 321384-5177"],
                detector: Detector::number(Number::unchecked(
                    &["999999-9999", "9999999999", "999999 9999"],
                    cpr,
                    &["cpr", "cprnr", "personnummer", "cpr nummer", "cprnummer"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.no-fodselsnummer",
                class: Class::PiiId,
                level: None,
                description: "Norwegian birth number or D number",
                source: "Folkeregisterforskriften (Norway), sections 2-2-1 to 2-2-3",
                true_examples: &[
                    example("fødselsnummer 120684 45440", "120684 45440"),
                    example("12068445440", "12068445440"),
                ],
                false_examples: &["fødselsnummer 12068445441", "12138445440"],
                detector: Detector::number(Number::checked(
                    &[
                        "99999999999",
                        "999999 99999",
                        "999999-99999",
                        "99 99 99 999 99",
                        "99.99.99 99999",
                        "999999999-99",
                        "99-99-99-99999",
                    ],
                    fodselsnummer,
                    &[
                        "fødselsnummer",
                        "fodselsnummer",
                        "fnr",
                        "personnummer",
                        "d nummer",
                        "dnr",
                        "national identity number",
                    ],
                )),
            }
        }
    },
];

fn personnummer(number: &[u8]) -> Option<Confidence> {
    let ten = number.get(number.len().checked_sub(10)?..)?;
    let (year, month, day) = (part(ten, 0, 2)?, part(ten, 2, 4)?, part(ten, 4, 6)?);
    // 60 more is a coordination number.
    let day = if day > 60 { day - 60 } else { day };
    let born = if number.len() == 12 {
        let century = part(number, 0, 2)?;
        matches!(century, 18..=20) && is_day(century * 100 + year, month, day)
    } else {
        is_day(2000 + year, month, day) || is_day(1900 + year, month, day)
    };
    (born && check::luhn(ten)).then_some(Confidence::Low)
}

fn hetu(number: &[u8]) -> Option<Confidence> {
    let (last, body) = number.split_last()?;
    let (day, month, year) = (part(body, 0, 2)?, part(body, 2, 4)?, part(body, 4, 6)?);
    let (sign, serial) = body.get(6..)?.split_at_checked(body.len().checked_sub(9)?)?;
    let century = match sign {
        b"A" | b"B" | b"C" | b"D" | b"E" | b"F" => 2000,
        b"U" | b"V" | b"W" | b"X" | b"Y" | b"" => 1900,
        _ => return None,
    };
    let serial = check::number(serial)?;
    let value = check::number(body.get(..6)?)? * 1000 + serial;
    let letters = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let right = letters.get(usize::try_from(value % 31).ok()?) == Some(last);
    (serial >= 2 && is_day(century + year, month, day) && right).then_some(Confidence::High)
}

fn cpr(number: &[u8]) -> Option<Confidence> {
    let (day, month, year) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    // The seventh digit tells the century.
    let century = match (number.get(6)?, year) {
        (b'0'..=b'3', _) | (b'4' | b'9', 37..) => 1900,
        (b'5'..=b'8', 58..) => 1800,
        _ => 2000,
    };
    // Years that will not come soon are no births.
    (century + year <= 2036 && is_day(century + year, month, day)).then_some(Confidence::Low)
}

fn fodselsnummer(number: &[u8]) -> Option<Confidence> {
    let (day, month, year) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    // 40 more on the day is a D number; on the month 40 is of a hospital, 80 of a test system.
    let (day, month) = (if day > 40 { day - 40 } else { day }, month % 40);
    let century = match (part(number, 6, 9)?, year) {
        (500..=749, 54..) => 1800,
        (500..=999, 0..=39) => 2000,
        _ => 1900,
    };
    let checks = |digits: &[u8], weights: &[u32], at: usize| {
        Some(from_11(digits, weights)? % 11 == check::digit(*number.get(at)?)?)
    };
    let right = checks(number.get(..9)?, &[3, 7, 6, 1, 8, 9, 4, 5, 2], 9)?
        && checks(number.get(..10)?, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 10)?;
    (right && is_day(century + year, month, day)).then_some(Confidence::Medium)
}
