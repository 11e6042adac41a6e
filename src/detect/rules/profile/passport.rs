//! `pii.profile.passport`.
//!
//! One rule for all countries: numbers of passports have few shapes and no check digit that is written, so that only a word
//! makes them more than low. The words are written as they read: without accents.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULE: Rule = Rule {
    id: "pii.profile.passport",
    class: Class::PiiProfile,
    level: None,
    description: "passport number, with a word that says so",
    source: "ICAO Doc 9303 part 4 section 4.2.2 (at most 9 characters); numbers as issued by the countries named beside the \
             shapes",
    true_examples: &[
        example("Passport number: 512345678", "512345678"),
        example("passport no. K1234567A, issued", "K1234567A"),
        example("{\"passport_no\":\"E12345678\"}", "E12345678"),
        example("护照号码EB1234567。", "EB1234567"),
        example("パスポート番号はTK1234567です", "TK1234567"),
        example("여권번호 M123A4567", "M123A4567"),
        example("Reisepass C01X0006H", "C01X0006H"),
        example("numéro de passeport 12AB34567", "12AB34567"),
        example("Mi pasaporte es PAA123456", "PAA123456"),
        example("AAB123456 is my passport number", "AAB123456"),
        example("hộ chiếu C1234567", "C1234567"),
        example("passport ZS 0000123", "ZS 0000123"),
    ],
    false_examples: &[
        "order E12345678 and 512345678",
        "passport expires 20310512 and is valid in 2031",
        "passport-saml 3.2.1, port 12345678901",
        "passport SK012345X9 ABCDEFGHI",
        "passport 000000000",
    ],
    detector: Detector::number(Number {
        behind: &["is my passport", "es mi pasaporte", "es mi numero de pasaporte"],
        ..Number::unchecked(SHAPES, check, WORDS)
    }),
};

const SHAPES: &[&str] = &[
    "999999999", // US, GB, BG, HR, RU, NG
    "A99999999", // US, CN, HK, MY, KR, ZA, MX, IE
    "A9999999",  // IN, AU, VN, TH, ID, CH, EE
    "A999999",   // TH, PT, NZ
    "A9999999A", // SG, PH
    "AA9999999", // CN, JP, TH, PH, IT, GR, GB
    "AA999999",  // CA, NZ, BE, UA, HU, PH
    "AAA999999", // ES, AR
    "A999A9999", // KR since 2021
    "A999999AA", // CA since 2023
    "99AA99999", // FR
    "A99A9999A", // DE: ten digits and the consonants that are left
    "A99A99A99",
    "A9AA9A999",
    "A9#######",
    "AA9A99A99", // NL
    "AA9999A99",
    "99999999",   // CZ, SE, NO
    "A 9999999",  // AT
    "AA 9999999", // PL
    "A 99999999", // TR
    "99 9999999", // RU
];

const WORDS: &[&str] = &[
    "passport",
    "passports",
    "passport no",
    "passport number",
    "passport num",
    "passport id",
    "travel document",
    "pp no",
    "passnummer",
    "reisepass",
    "reisepassnummer",
    "passeport",
    "pasaporte",
    "passaporto",
    "passaporte",
    "paspoort",
    "paspor",
    "pasport",
    "pasaport",
    "paszport",
    "паспорт",
    "паспорта",
    "护照",
    "護照",
    "旅券",
    "パスポート",
    "여권",
    "ho chieu",
    "หนังสือเดินทาง",
    "पासपोर्ट",
    "جواز",
    "דרכון",
];

/// Low alone. A date of eight digits is none, nor is a number of one digit only.
fn check(number: &[u8]) -> Option<Confidence> {
    let digits = number.iter().filter(|byte| byte.is_ascii_digit());
    let first = digits.clone().next()?;
    let is_one = number.len() > 7
        && digits.clone().count() == number.len()
        && digits.clone().all(|digit| digit == first);
    let is_date = number.len() == 8 && check::is_date(number);
    (!is_one && !is_date).then_some(Confidence::Low)
}
