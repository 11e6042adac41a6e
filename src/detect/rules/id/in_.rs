//! India: `pii.id.in-aadhaar`, `pii.id.in-vid`, `pii.id.in-pan`, `pii.id.in-gstin`, `pii.id.in-epic`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![AADHAAR, VID, PAN, GSTIN, EPIC]
}

const AADHAAR: Rule = number(
    "pii.id.in-aadhaar",
    "India Aadhaar number",
    "UIDAI: twelve digits, the first 2 to 9, the last by Verhoeff's scheme",
    &[
        example("Aadhaar: 2345 6789 0124", "2345 6789 0124"),
        example("मेरा आधार 999941057058 है", "999941057058"),
        example("UID number: 2345 6789 0124", "2345 6789 0124"),
        example("999941057058 (Aadhaar)", "999941057058"),
        example("\"aadhaar_number\":\"2345-6789-0124\"", "2345-6789-0124"),
    ],
    &["234567890124", "Aadhaar 234567890125", "Aadhaar 134567890120", "Aadhaar 2345 6789 01245"],
    Number::checked(
        &["999999999999", "9999 9999 9999", "9999-9999-9999"],
        person,
        &[
            "aadhaar",
            "aadhar",
            "adhaar",
            "adhar",
            "uidai",
            "uid",
            "आधार",
            "ஆதார்",
            "ఆధార్",
            "ಆಧಾರ್",
            "ആധാർ",
            "আধার",
            "આધાર",
            "ਆਧਾਰ",
        ],
    ),
);

/// Aadhaar and VID: no number reads the same from behind.
fn person(number: &[u8]) -> Option<Confidence> {
    let is_given = matches!(number, [b'2'..=b'9', ..]) && !number.iter().eq(number.iter().rev());
    (is_given && check::verhoeff(number)).then_some(Confidence::Low)
}

const VID: Rule = number(
    "pii.id.in-vid",
    "India Aadhaar Virtual ID",
    "UIDAI: sixteen digits, the first 2 to 9, the last by Verhoeff's scheme",
    &[
        example("VID: 2345 6789 0123 4565", "2345 6789 0123 4565"),
        example("virtual id 2345678901234565", "2345678901234565"),
    ],
    &["2345678901234565", "VID: 2345 6789 0123 4566", "VID: 1345 6789 0123 4565"],
    Number::checked(
        &["9999999999999999", "9999 9999 9999 9999", "9999-9999-9999-9999"],
        person,
        &["vid", "virtual id", "aadhaar", "aadhar", "uidai", "आधार"],
    ),
);

const PAN: Rule = number(
    "pii.id.in-pan",
    "India Permanent Account Number",
    "Income-tax Rules 1962 (India), rule 114: three letters, kind of holder, initial, four digits, check letter (unpublished)",
    &[
        example("PAN ABCPE1234F", "ABCPE1234F"),
        example("(AAGCB7383J)", "AAGCB7383J"),
        example("pan: abcpe1234f", "abcpe1234f"),
        example("PAN ABCPE 1234 F", "ABCPE 1234 F"),
    ],
    &[
        "abcpe1234f",
        "AAGTB7383J",
        "P/N ABCPE1234F, item no. ABCPE1234F",
        "PAN ABCDE1234F",
        "PAN ABCPE0000F",
        "ABCPE1234 ABCPE12345F",
    ],
    Number {
        written: |number| (number.len() == 10 && is_common(number)).then_some(Confidence::Medium),
        ..Number::unchecked(
            &["AAAAA9999A", "AAAAA 9999 A"],
            pan,
            &["pan", "pan card", "permanent account number", "income tax", "पैन", "स्थायी लेखा"],
        )
    },
);

fn pan(number: &[u8]) -> Option<Confidence> {
    let is_holder =
        matches!(number.get(3)?, b'A' | b'B' | b'C' | b'F' | b'G' | b'H' | b'J' | b'K' | b'L' | b'P' | b'T');
    (is_holder && number.get(5..9)? != b"0000").then_some(Confidence::Low)
}

/// Whether the holder is a person, a company, a family or a firm, as nearly all are.
fn is_common(number: &[u8]) -> bool {
    matches!(number.get(3), Some(b'P' | b'C' | b'H' | b'F'))
}

const GSTIN: Rule = number(
    "pii.id.in-gstin",
    "India Goods and Services Tax Identification Number",
    "Central Goods and Services Tax Rules 2017 (India), rule 10: state, PAN, serial, Z, check character by Luhn modulo 36",
    &[example("GSTIN: 27ABCPE1234F1ZB", "27ABCPE1234F1ZB"), example("29AAGCB7383J1Z4", "29AAGCB7383J1Z4")],
    &["27ABCPE1234F1ZC", "GSTIN: 57ABCPE1234F1ZB", "27ABCDE1234F1ZB", "27ABCPE1234F1Z"],
    Number::checked(&["99AAAAA9999A#Z#"], gstin, &["gstin", "gst", "gst no", "जीएसटी"]),
);

fn gstin(number: &[u8]) -> Option<Confidence> {
    let is_state = matches!(date::part(number, 0, 2)?, 1..=38 | 97 | 99);
    pan(number.get(2..12)?)?;
    let is_serial = number.get(12) != Some(&b'0');
    let doubled = [1, 2].into_iter().cycle();
    let sum = number.iter().rev().zip(doubled).try_fold(0, |sum, (byte, times)| {
        let product = check::alphanumeric(*byte)? * times;
        Some(sum + product / 36 + product % 36)
    })?;
    (is_state && is_serial && sum.is_multiple_of(36)).then_some(Confidence::High)
}

const EPIC: Rule = number(
    "pii.id.in-epic",
    "India voter identity card number (EPIC)",
    "Election Commission of India: three letters, six digits, check digit by Luhn",
    &[example("EPIC no. ABC1234566", "ABC1234566"), example("मतदाता पहचान पत्र XYZ7654320", "XYZ7654320")],
    &["ABC1234566", "EPIC ABC1234567", "voter id AB1234566"],
    Number::checked(
        &["AAA9999999"],
        epic,
        &["epic", "voter id", "voter card", "elector", "electoral", "मतदाता"],
    ),
);

fn epic(number: &[u8]) -> Option<Confidence> {
    check::luhn(number.get(3..)?).then_some(Confidence::Low)
}
