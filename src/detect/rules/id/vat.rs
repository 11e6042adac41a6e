//! VAT numbers of the European Union's member states, Northern Ireland, the United Kingdom, Norway and Switzerland.

use super::part::{from_11, is_day, is_uniform, part, split_check};
use super::{be, cz, es, nl, pt};
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::coded::Coded;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

/// Codes, and what follows them; see [`Coded`]. `EU` and `IM` are the one stop shops.
const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "Un8"),
    ("BE", "n10|n9"),
    ("BG", "n10|n9"),
    ("CH", "En9MWST|En9TVA|En9IVA|En9"),
    ("CY", "n8a"),
    ("CZ", "n10|n9|n8"),
    ("DE", "n9"),
    ("DK", "n8"),
    ("EE", "n9"),
    ("EL", "n9"),
    ("ES", "an7c|n8a"),
    ("EU", "n9"),
    ("FI", "n8"),
    ("FR", "c2n9"),
    ("GB", "n12|n9|GDn3|HAn3"),
    ("GR", "n9"),
    ("HR", "n11"),
    ("HU", "n8"),
    ("IE", "n7a2|n7a|nan5a"),
    ("IM", "n10"),
    ("IT", "n11"),
    ("LT", "n12|n9"),
    ("LU", "n8"),
    ("LV", "n11"),
    ("MT", "n8"),
    ("NL", "n9Bn2|n8Bn2|n7Bn2"),
    ("NO", "n9MVA|n9"),
    ("PL", "n10"),
    ("PT", "n9"),
    ("RO", "n13|n10|n9|n8|n7|n6|n5|n4|n3|n2"),
    ("SE", "n12"),
    ("SI", "n8"),
    ("SK", "n10"),
    ("XI", "n12|n9|GDn3|HAn3"),
];

/// What the number is called in the languages of these places.
const WORDS: &[&str] = &[
    "vat",
    "tva",
    "mwst",
    "ust",
    "ustid",
    "ust id",
    "ust idnr",
    "uid",
    "btw",
    "iva",
    "nif",
    "cif",
    "p iva",
    "partita iva",
    "moms",
    "momsnr",
    "alv",
    "ddv",
    "pvn",
    "pvm",
    "kmkr",
    "dic",
    "ic dph",
    "nip",
    "cvr",
    "afm",
    "adószám",
    "adoszam",
    "φπα",
    "ддс",
    "áfa",
    "afa",
    "dph",
    "oib",
    "orgnr",
    "tax number",
    "tax id",
    "intracommunautaire",
    "mva",
];

pub(super) const RULES: &[fn() -> Rule] = &[
    || {
        const {
            Rule {
                id: "pii.id.eu-vat",
                class: Class::PiiId,
                level: None,
                description: "VAT number of a European country, with its code",
                source: "Council Directive 2006/112/EC, articles 214 and 215; European Commission, VIES, VAT number \
                 structures and check digits of the member states",
                true_examples: &[
                    example("VAT no. DE284512773.", "DE284512773"),
                    example("USt-IdNr. DE 284 512 773", "DE 284 512 773"),
                    example("DE 284,512 773", "DE 284,512 773"),
                    example("ATU84512779", "ATU84512779"),
                    example("BTW BE 0845.127.742", "BE 0845.127.742"),
                    example("BG845127736", "BG845127736"),
                    example("CHE-284.512.778 MWST", "CHE-284.512.778 MWST"),
                    example("CY18451270P", "CY18451270P"),
                    example("DIČ: CZ28451279", "CZ28451279"),
                    example("CVR DK 18 45 12 71", "DK 18 45 12 71"),
                    example("EE108451276", "EE108451276"),
                    example("EL084512777", "EL084512777"),
                    example("ESB84512771", "ESB84512771"),
                    example("NIF ES-B-84512771", "ES-B-84512771"),
                    example("FI28451276", "FI28451276"),
                    example("TVA FR 36 845 127 737", "FR 36 845 127 737"),
                    example("VAT GB 845 1277 24", "GB 845 1277 24"),
                    example("HR84512773602", "HR84512773602"),
                    example("HU18451274", "HU18451274"),
                    example("IE8451277I", "IE8451277I"),
                    example("P.IVA IT08451270154", "IT08451270154"),
                    example("LT284512713", "LT284512713"),
                    example("LU28451268", "LU28451268"),
                    example("LV40008451278", "LV40008451278"),
                    example("MT18451228", "MT18451228"),
                    example("NL008451217B01", "NL008451217B01"),
                    example("NO 968 451 278 MVA", "NO 968 451 278 MVA"),
                    example("NIP PL 845-127-73-63", "PL 845-127-73-63"),
                    example("PT508451272", "PT508451272"),
                    example("RO18451275", "RO18451275"),
                    example("SE556845127101", "SE556845127101"),
                    example("SI28451279", "SI28451279"),
                    example("SK2028451271", "SK2028451271"),
                ],
                false_examples: &[
                    "VAT DE284512774 ATU84512778 BE0845127743 FR37845127737",
                    "XDE284512773 DE2845127731 DE284512773X",
                    "de 284512773 IT 2 or 3, in DE 284",
                    "RO 19 RO24",
                    "DE2845,12773 DE,284512,773",
                    "VAT US284512773",
                ],
                detector: Detector::coded(Coded {
                    countries: COUNTRIES,
                    any_case: false,
                    check,
                    context: WORDS,
                }),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.nl-btw",
                class: Class::PiiId,
                level: None,
                description: "Dutch VAT number without its country code",
                source: "Belastingdienst (Netherlands), btw-identificatienummer",
                true_examples: &[example("btw 008451217B01", "008451217B01")],
                false_examples: &["btw 008451218B01", "008451217B01"],
                detector: Detector::number(Number::checked(
                    &["999999999B99"],
                    |number| low(netherlands(number)?),
                    WORDS,
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.fr-tva",
                class: Class::PiiId,
                level: None,
                description: "French VAT number without its country code",
                source: "Code général des impôts (France), annexe 3, article 95; INSEE, numéro SIREN",
                true_examples: &[
                    example("n° TVA 36 845 127 737", "36 845 127 737"),
                    example("TVA: 36845127737", "36845127737"),
                ],
                false_examples: &["TVA 37845127737", "36845127737"],
                detector: Detector::number(Number::checked(
                    &["99999999999", "9A999999999", "A9999999999", "99 999 999 999"],
                    |number| low(france(number)?),
                    &["tva", "intracommunautaire"],
                )),
            }
        }
    },
    || {
        const {
            Rule {
                id: "pii.id.gb-vat",
                class: Class::PiiId,
                level: None,
                description: "UK VAT number without its country code",
                source: "HMRC, VAT Notice 700; check digits by modulus 97 and 9755",
                true_examples: &[
                    example("VAT no 845 1277 24", "845 1277 24"),
                    example("VAT: 845127724", "845127724"),
                ],
                false_examples: &["VAT 845 1277 25", "845127724"],
                detector: Detector::number(Number::checked(
                    &["999999999", "999 9999 99", "999 999 999"],
                    |number| low(united_kingdom(number)?),
                    &["vat", "vat number", "vat no", "vat reg"],
                )),
            }
        }
    },
];

fn low(right: bool) -> Option<Confidence> {
    right.then_some(Confidence::Low)
}

/// Of the code and what follows it. What is short, or has nothing to check, is not sure without a word.
fn check(number: &[u8]) -> Option<Confidence> {
    let (code, rest) = number.split_at_checked(2)?;
    let fits = match code {
        b"AT" => austria(rest)?,
        b"BE" => belgium(rest)?,
        b"BG" => bulgaria(rest)?,
        b"CH" => switzerland(rest)?,
        b"CY" => cyprus(rest)?,
        b"CZ" => czechia(rest)?,
        b"DE" => rest.first() != Some(&b'0') && check::mod_11_10(rest),
        b"DK" => rest.first() != Some(&b'0') && sum_is(rest, &[2, 7, 6, 5, 4, 3, 2, 1], 11, 0)?,
        b"EE" => sum_is(rest, &[3, 7, 1, 3, 7, 1, 3, 7, 1], 10, 0)?,
        b"EL" | b"GR" => greece(rest)?,
        b"ES" => es::tax_number(rest)?,
        b"EU" | b"IM" => is_member_state(part(rest, 0, 3)?),
        b"FI" => sum_is(rest, &[7, 9, 10, 5, 8, 4, 2, 1], 11, 0)?,
        b"FR" => france(rest)?,
        b"GB" | b"XI" => united_kingdom(rest)?,
        b"HR" => check::mod_11_10(rest),
        b"HU" => sum_is(rest, &[9, 7, 3, 1, 9, 7, 3, 1], 10, 0)?,
        b"IE" => ireland(rest)?,
        b"IT" => italy(rest)?,
        b"LT" => lithuania(rest)?,
        b"LU" => part(rest, 0, 6)? % 89 == part(rest, 6, 8)?,
        b"LV" => latvia(rest)?,
        b"MT" => rest.first() != Some(&b'0') && sum_is(rest, &[3, 4, 6, 7, 8, 9, 10, 1], 37, 0)?,
        b"NL" => netherlands(rest)?,
        b"NO" => from_11(rest, &[3, 2, 7, 6, 5, 4, 3, 2])? % 11 == part(rest, 8, 9)?,
        b"PL" => poland(rest)?,
        b"PT" => pt::is_nif(rest)?,
        b"RO" => romania(rest)?,
        b"SE" => check::luhn(rest.get(..10)?) && part(rest, 10, 12)? > 0,
        b"SI" => rest.first() != Some(&b'0') && slovenia(rest)?,
        b"SK" => slovakia(rest)?,
        _ => false,
    };
    let is_weak = rest.len() < 8 || matches!(code, b"EU" | b"IM") || code == b"NO" && rest.len() == 9;
    let sure = if is_weak { Confidence::Low } else { Confidence::High };
    (fits && !is_uniform(rest)).then_some(sure)
}

fn sum_is(digits: &[u8], weights: &[u32], modulus: u32, rest: u32) -> Option<bool> {
    Some(check::weighted(digits, weights)? % modulus == rest)
}

/// The digit in which the sum of the digits modulo 11 ends: by the first weights, or where that is 10, by the others.
pub(super) fn twice_mod_11(body: &[u8], weights: &[u32], others: &[u32]) -> Option<u32> {
    match check::weighted(body, weights)? % 11 {
        10 => Some(check::weighted(body, others)? % 11 % 10),
        rest => Some(rest),
    }
}

fn austria(rest: &[u8]) -> Option<bool> {
    // A Luhn digit that is four less.
    let (digit, body) = split_check(rest.strip_prefix(b"U")?)?;
    let sum = body.iter().zip([1, 2].into_iter().cycle()).try_fold(4, |sum, (byte, weight)| {
        let product = check::digit(*byte)? * weight;
        Some(sum + product / 10 + product % 10)
    })?;
    Some((10 - sum % 10) % 10 == digit)
}

fn belgium(rest: &[u8]) -> Option<bool> {
    let (body, digits) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
    let fits = rest.len() == 9 || matches!(rest.first(), Some(b'0' | b'1'));
    Some(fits && be::check_of(check::number(body)?) == check::number(digits)?)
}

fn bulgaria(rest: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(rest)?;
    if body.len() == 8 {
        let right = twice_mod_11(body, &[1, 2, 3, 4, 5, 6, 7, 8], &[3, 4, 5, 6, 7, 8, 9, 10])?;
        return Some(right == digit);
    }
    let foreigner = check::weighted(body, &[21, 19, 17, 13, 11, 9, 7, 3, 1])? % 10;
    let other = from_11(body, &[4, 3, 2, 7, 6, 5, 4, 3, 2])? % 11;
    Some(is_egn(rest)? || foreigner == digit || other == digit)
}

/// A person's number: 20 more on the month is the 1800s, 40 more the 2000s.
pub(super) fn is_egn(number: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(number)?;
    let (year, month, day) = (part(number, 0, 2)?, part(number, 2, 4)?, part(number, 4, 6)?);
    let century = *[1900, 1800, 2000].get((month / 20) as usize)?;
    let right = check::weighted(body, &[2, 4, 8, 5, 10, 9, 7, 3, 6])? % 11 % 10;
    Some(right == digit && is_day(century + year, month % 20, day))
}

fn switzerland(rest: &[u8]) -> Option<bool> {
    let digits = rest.strip_prefix(b"E")?.get(..9)?;
    let (digit, body) = split_check(digits)?;
    Some(from_11(body, &[5, 4, 3, 2, 7, 6, 5, 4])? % 11 == digit)
}

fn cyprus(rest: &[u8]) -> Option<bool> {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let (letter, body) = rest.split_last()?;
    let sum = body.iter().enumerate().try_fold(0, |sum, (at, byte)| {
        let digit = check::digit(*byte)?;
        Some(sum + if at % 2 == 0 { *ODD.get(digit as usize)? } else { digit })
    })?;
    Some(u32::from(*letter) == u32::from(b'A') + sum % 26 && !rest.starts_with(b"12"))
}

fn czechia(rest: &[u8]) -> Option<bool> {
    let weights = [8, 7, 6, 5, 4, 3, 2];
    Some(match rest.len() {
        8 => {
            let (digit, body) = split_check(rest)?;
            // 10 becomes 0, and 11 becomes 1.
            rest.first() != Some(&b'9') && from_11(body, &weights)? % 10 == digit
        }
        9 if rest.first() == Some(&b'6') => {
            let (digit, body) = split_check(rest)?;
            let sum = check::weighted(body.get(1..)?, &weights)? % 11;
            (sum + 8) % 10 == digit || cz::is_birth_number(rest)?
        }
        _ => cz::is_birth_number(rest)?,
    })
}

fn greece(rest: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(rest)?;
    Some(check::weighted(body, &[256, 128, 64, 32, 16, 8, 4, 2])? % 11 % 10 == digit)
}

/// Two characters by modulo 97 of the SIREN, or by a scheme with letters (no I, no O).
pub(super) fn france(rest: &[u8]) -> Option<bool> {
    let (key, siren) = rest.split_at_checked(2)?;
    let number = check::number(siren)?;
    // Monaco's begin with 000 and are no SIREN.
    if !check::luhn(siren) && !siren.starts_with(b"000") {
        return Some(false);
    }
    if let Some(key) = check::number(key) {
        return Some((number * 100 + 12) % 97 == key);
    }
    let value = |byte: &u8| {
        let at = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".iter().position(|one| one == byte)?;
        u64::try_from(at).ok()
    };
    let (first, second) = (value(key.first()?)?, value(key.last()?)?);
    let check = if first < 10 {
        (first * 24 + second).checked_sub(10)?
    } else {
        (first * 34 + second).checked_sub(100)?
    };
    Some((number + 1 + check / 11) % 11 == check % 11)
}

fn united_kingdom(rest: &[u8]) -> Option<bool> {
    if let Some(number) = rest.strip_prefix(b"GD") {
        return Some(check::number(number)? < 500);
    }
    if let Some(number) = rest.strip_prefix(b"HA") {
        return Some(check::number(number)? >= 500);
    }
    let sum = check::weighted(rest, &[8, 7, 6, 5, 4, 3, 2, 10, 1])? % 97;
    Some(matches!(sum, 0 | 42 | 55) && check::number(rest)? > 0)
}

/// Seven digits, a check letter, and since 2013 one more letter. Before, the second character could be a letter or sign.
pub(super) fn ireland(rest: &[u8]) -> Option<bool> {
    let letter = *rest.get(7)?;
    let more = rest.get(8).copied();
    let old: Vec<u8>;
    let digits = match rest.get(1)? {
        second if second.is_ascii_digit() => rest.get(..7)?,
        _ => {
            old = [b"0", rest.get(2..7)?, rest.get(..1)?].concat();
            &old
        }
    };
    let extra = match more {
        Some(letter @ (b'A' | b'B' | b'H')) => u32::from(letter - b'A' + 1) * 9,
        None | Some(b'W' | b'T' | b'X') => 0,
        Some(_) => return Some(false),
    };
    let sum = check::weighted(digits, &[8, 7, 6, 5, 4, 3, 2])? + extra;
    Some(b"WABCDEFGHIJKLMNOPQRSTUV".get((sum % 23) as usize) == Some(&letter))
}

pub(super) fn italy(rest: &[u8]) -> Option<bool> {
    let office = part(rest, 7, 10)?;
    let fits = part(rest, 0, 7)? > 0 && matches!(office, 1..=100 | 120 | 121 | 888 | 999);
    Some(fits && check::luhn(rest))
}

fn lithuania(rest: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(rest)?;
    let sum = |shift: usize| {
        let weights = (0..body.len()).map(|at| (1 + (at + shift) % 9) as u32).collect::<Vec<_>>();
        Some(check::weighted(body, &weights)? % 11)
    };
    let right = match sum(0)? {
        10 => sum(2)? % 10,
        rest => rest,
    };
    Some(body.last() == Some(&b'1') && right == digit)
}

fn latvia(rest: &[u8]) -> Option<bool> {
    if matches!(rest.first(), Some(b'4'..=b'9')) {
        return sum_is(rest, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1], 11, 3);
    }
    let (digit, body) = split_check(rest)?;
    // A personal number; those that begin with 32 have no date of birth.
    let fits =
        rest.starts_with(b"32") || is_day(2000 + part(rest, 4, 6)?, part(rest, 2, 4)?, part(rest, 0, 2)?);
    Some(fits && (1 + check::weighted(body, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])?) % 11 % 10 == digit)
}

/// Nine digits of a BSN (leading zeros may be left out), `B` and two; since 2020 modulo 97 of all, with the code.
pub(super) fn netherlands(rest: &[u8]) -> Option<bool> {
    let mut parts = rest.split(|byte| *byte == b'B');
    let (digits, number) = (parts.next()?, parts.next()?);
    let zeros = std::iter::repeat_n(&b'0', 9_usize.checked_sub(digits.len())?);
    let all = b"NL".iter().chain(zeros).chain(rest).copied();
    Some(check::number(number)? > 0 && (nl::is_bsn(digits)? || check::mod_97(all) == Some(1)))
}

pub(super) fn poland(rest: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(rest)?;
    sum_is(body, &[6, 5, 7, 2, 3, 4, 5, 6, 7], 11, digit)
}

fn romania(rest: &[u8]) -> Option<bool> {
    if rest.len() == 13 {
        return cz::is_cnp(rest);
    }
    let (digit, body) = split_check(rest)?;
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let sum = check::weighted(body, weights.get(9_usize.checked_sub(body.len())?..)?)?;
    Some(rest.first() != Some(&b'0') && sum * 10 % 11 % 10 == digit)
}

fn slovenia(rest: &[u8]) -> Option<bool> {
    let (digit, body) = split_check(rest)?;
    Some(match from_11(body, &[8, 7, 6, 5, 4, 3, 2])? {
        10 => digit == 0,
        right => right == digit,
    })
}

fn slovakia(rest: &[u8]) -> Option<bool> {
    let company = matches!(rest.get(2), Some(b'2' | b'3' | b'4' | b'7' | b'8' | b'9'))
        && rest.first() != Some(&b'0')
        && check::number(rest)?.is_multiple_of(11);
    Some(company || cz::is_birth_number(rest)?)
}

/// By the numbers of ISO 3166-1; 900 is Northern Ireland.
fn is_member_state(number: u32) -> bool {
    const STATES: [u32; 28] = [
        40, 56, 100, 191, 196, 203, 208, 233, 246, 250, 276, 300, 348, 372, 380, 428, 440, 442, 470, 528,
        616, 620, 642, 703, 705, 724, 752, 900,
    ];
    STATES.contains(&number)
}
