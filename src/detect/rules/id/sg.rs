//! Singapore: `pii.id.sg-nric`, `pii.id.sg-uen`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![NRIC, UEN]
}

const NRIC: Rule = number(
    "pii.id.sg-nric",
    "Singapore NRIC or FIN",
    "National Registration Act 1965 (Singapore); check letters of series S, T, F, G as widely published, of series M \
     (since 2022) as in use",
    &[
        example("NRIC: S1234567D.", "S1234567D"),
        example("(T0123456G)", "T0123456G"),
        example("身份证F1234567N号", "F1234567N"),
        example("FIN G1234567X", "G1234567X"),
        example("FIN M1234567K", "M1234567K"),
        example("nric s1234567d", "s1234567d"),
        example("NRIC S 1234567 D", "S 1234567 D"),
        example("__S1234567D__", "S1234567D"),
        example("S1234567D_scan.pdf", "S1234567D"),
        example("https://example.com/?q=+S1234567D", "S1234567D"),
        example("https://example.com/?nric%3DS1234567D", "S1234567D"),
    ],
    &[
        "S1234567A T0123456H F1234567X G1234567N M1234567X",
        "XS1234567D S1234567DX 1S1234567D x_S1234567D S1234567D_1",
        "S123456D S12345678D",
        "A1234567D S1234567",
    ],
    Number::checked(
        &["A9999999A", "A 9999999 A", "A-9999999-A"],
        nric,
        &["nric", "fin", "身份证", "kad pengenalan"],
    ),
);

fn nric(number: &[u8]) -> Option<Confidence> {
    let (series, rest) = number.split_first()?;
    let (letter, digits) = rest.split_last()?;
    let sum = check::weighted(digits, &[2, 7, 6, 5, 4, 3, 2])?;
    let (letters, offset) = match series {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return None,
    };
    is_nth(letters, sum + offset, *letter).then_some(Confidence::High)
}

/// Whether a check letter is the one that belongs to a sum.
fn is_nth(letters: &[u8; 11], sum: u32, letter: u8) -> bool {
    letters.get((sum % 11) as usize) == Some(&letter)
}

const UEN: Rule = number(
    "pii.id.sg-uen",
    "Singapore Unique Entity Number of a business, company or other body",
    "ACRA, uen.gov.sg: formats of a UEN; check letters as in use",
    &[
        example("UEN 53123456L", "53123456L"),
        example("Co. Reg. No. 53123456L", "53123456L"),
        example("registered as 201012345D.", "201012345D"),
        example("{\"uen\":\"T09LL0001D\"}", "T09LL0001D"),
        example("S88SS1234G", "S88SS1234G"),
    ],
    &["53123456L", "UEN 53123456X 201012345E T09LL0001E", "208812345L 201012345d T99LL0001J T09ZZ0001D"],
    Number::checked(
        &["99999999A", "999999999A", "A99AA9999A"],
        uen,
        &[
            "uen",
            "unique entity number",
            "acra",
            "registration no",
            "registration number",
            "reg no",
            "reg. no",
            "gst reg no",
            "公司注册号",
        ],
    ),
);

/// The kinds of bodies in a UEN.
const ENTITIES: &[u8] = b"CCCDCHCLCMCPCSCXDPFBFCFMFNGAGBGSHSLLLPMBMCMDMHMMMQNBNRPAPBPFRFRPSMSSTCTUVHXL";
/// Years of registration after this one have not come.
const LAST_YEAR: u64 = 2035;

fn uen(number: &[u8]) -> Option<Confidence> {
    let (letter, body) = number.split_last()?;
    match body {
        [b'R' | b'S' | b'T', ..] => {
            let kind = body.get(3..5)?;
            let is_past = body.first() != Some(&b'T') || date::part(body, 1, 2)? <= LAST_YEAR - 2000;
            let is_kind = ENTITIES.chunks(2).any(|one| one == kind);
            (is_past && is_kind && other_letter(body)? == *letter).then_some(Confidence::High)
        }
        _ if body.len() == 8 => {
            let sum = check::weighted(body, &[10, 4, 9, 3, 8, 2, 7, 1])?;
            is_nth(b"XMKECAWLJDB", sum, *letter).then_some(Confidence::Low)
        }
        _ => {
            let sum = check::weighted(body, &[10, 8, 6, 4, 9, 7, 5, 3, 1])?;
            let year = date::part(body, 0, 4)?;
            let confidence = if year >= 1900 { Confidence::Medium } else { Confidence::Low };
            (is_nth(b"ZKCMDNERGWH", sum, *letter) && year <= LAST_YEAR).then_some(confidence)
        }
    }
}

fn other_letter(body: &[u8]) -> Option<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
    let sum = body.iter().zip([4, 3, 5, 3, 10, 2, 2, 5, 7]).try_fold(0, |sum, (byte, weight)| {
        Some(sum + weight * LETTERS.iter().position(|letter| letter == byte)?)
    })?;
    LETTERS.get((sum + 6) % 11).copied()
}
