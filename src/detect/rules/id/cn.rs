//! China: `pii.id.cn-ric`, `pii.id.cn-ric-15`, `pii.id.cn-uscc`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![RIC, RIC_15, USCC]
}

const CARD: &[&str] = &[
    "身份证",
    "身分证",
    "身份證",
    "居民证",
    "证件号",
    "公民身份号码",
    "resident identity card",
    "resident id",
    "id card",
    "shenfenzheng",
    "sfz",
];

const RIC: Rule = number(
    "pii.id.cn-ric",
    "China resident identity card number",
    "GB 11643-1999 (region by GB/T 2260, date of birth, ISO/IEC 7064 MOD 11-2)",
    &[
        example("身份证号码110105199001011232，", "110105199001011232"),
        example("440306198512310049", "440306198512310049"),
        example("11010519900101103X", "11010519900101103X"),
        example("110105 19900101 103X", "110105 19900101 103X"),
        example("id card: 11010519900101103x", "11010519900101103x"),
    ],
    &[
        "身份证 110105199001011233",
        "身份证 990105199001011234",
        "身份证 110105199013011236",
        "1101051990010112321 1101051990010112",
    ],
    Number::checked(
        &[
            "999999999999999999",
            "99999999999999999X",
            "999999 99999999 9999",
            "999999 99999999 999X",
            "999999 9999 9999 9999",
            "999999 9999 9999 999X",
            "999999-99999999-9999",
            "999999-99999999-999X",
        ],
        ric,
        CARD,
    ),
);

fn ric(number: &[u8]) -> Option<Confidence> {
    let (year, month, day) =
        (date::part(number, 6, 4)?, date::part(number, 10, 2)?, date::part(number, 12, 2)?);
    let is_born = (1850..=2100).contains(&year) && date::is_day(year, month, day);
    (is_born && is_region(number)? && check::mod_11_2(number)).then_some(Confidence::High)
}

/// Whether digits begin with a province of GB/T 2260. 83 is in cards of
/// residents of Taiwan.
fn is_region(number: &[u8]) -> Option<bool> {
    let is_province = matches!(
        date::part(number, 0, 2)?,
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    );
    Some(is_province)
}

const RIC_15: Rule = number(
    "pii.id.cn-ric-15",
    "China resident identity card number of 15 digits, as given out until 1999",
    "GB 11643-1989 (region by GB/T 2260, date of birth, no check digit)",
    &[
        example("身份证号：110105491231002", "110105491231002"),
        example("old id card 440306850228001", "440306850228001"),
    ],
    &["110105491231002", "身份证 110105491331002", "身份证 990105491231002"],
    Number::unchecked(&["999999999999999"], ric_15, CARD),
);

fn ric_15(number: &[u8]) -> Option<Confidence> {
    let (year, month, day) = date::yymmdd(number, 6)?;
    (is_region(number)? && date::is_day(1900 + year, month, day)).then_some(Confidence::Low)
}

const USCC: Rule = number(
    "pii.id.cn-uscc",
    "China Unified Social Credit Identifier of an organisation",
    "GB 32100-2015",
    &[
        example("统一社会信用代码：91310000MA1K123451", "91310000MA1K123451"),
        example("52440300123456789R", "52440300123456789R"),
        example("92340600MA2ABCDE51", "92340600MA2ABCDE51"),
        example("N2110105MA01ABCD2M", "N2110105MA01ABCD2M"),
    ],
    &["统一社会信用代码：91310000MA1K123452", "91310000MA1K12345I 91990000MA1K123451", "91310000MA1K1234511"],
    Number::checked(
        &["99999999##########", "A9999999##########"],
        uscc,
        &[
            "统一社会信用代码",
            "統一社會信用代碼",
            "信用代码",
            "unified social credit",
            "uscc",
            "usci",
            "税号",
        ],
    ),
);

fn uscc(number: &[u8]) -> Option<Confidence> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte);
    let (last, body) = number.split_last()?;
    let (sum, _) = body.iter().try_fold((value(last)?, 1), |(sum, weight), byte| {
        Some(((sum + value(byte)? * weight) % 31, weight * 3 % 31))
    })?;
    let is_office = matches!(number, [b'1'..=b'9' | b'A' | b'N' | b'Y', ..]);
    let is_common = matches!(number, [b'1' | b'5' | b'9' | b'N' | b'Y', b'1' | b'2' | b'3' | b'9', ..]);
    let region = is_region(number.get(2..)?)?;
    // Of digits only it is like any identifier of 18.
    let has_letter = number.iter().any(u8::is_ascii_alphabetic);
    let confidence = if has_letter && is_common && region { Confidence::High } else { Confidence::Low };
    (is_office && sum % 31 == 0).then_some(confidence)
}
