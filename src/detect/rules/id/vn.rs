//! Vietnam: `pii.id.vn-cccd`, `pii.id.vn-cmnd`, `pii.id.vn-mst`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![CCCD, CMND, MST]
}

const CCCD: Rule = number(
    "pii.id.vn-cccd",
    "Vietnam citizen identity number (CCCD)",
    "Decree 137/2015/ND-CP (Vietnam): province, gender and century, year of birth, serial; no check digit",
    &[
        example("CCCD: 001099012345", "001099012345"),
        example("số căn cước công dân 079301123456", "079301123456"),
        example("can cuoc 079 301 123456", "079 301 123456"),
        example("CCCD 079 301 123 456", "079 301 123 456"),
    ],
    &["001099012345", "CCCD 003099012345", "CCCD 001499012345", "CCCD 0010990123456"],
    Number::unchecked(
        &["999999999999", "999 999 999999", "999 999 999 999"],
        person,
        &[
            "cccd",
            "căn cước",
            "can cuoc",
            "can cuoc cong dan",
            "số định danh",
            "so dinh danh",
            "giấy tờ tùy thân",
            "citizen id",
            "citizen identity",
            "national id",
        ],
    ),
);

/// The codes of the 63 provinces.
const PROVINCES: [u8; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40,
    42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83,
    84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
];

fn person(number: &[u8]) -> Option<Confidence> {
    let province = date::part(number, 0, 3)?;
    let is_province = PROVINCES.iter().any(|code| u64::from(*code) == province);
    let is_century = matches!(number.get(3)?, b'0'..=b'3');
    (is_province && is_century).then_some(Confidence::Low)
}

const CMND: Rule = number(
    "pii.id.vn-cmnd",
    "Vietnam identity card number of nine digits (CMND), as given out until 2016",
    "Decree 05/1999/ND-CP (Vietnam)",
    &[example("CMND số 023456789", "023456789"), example("chung minh nhan dan: 123456789", "123456789")],
    &["023456789", "CMND 02345678", "CMND 0234567890"],
    Number::unchecked(
        &["999999999"],
        |_| Some(Confidence::Low),
        &["cmnd", "cmt", "chứng minh nhân dân", "chung minh nhan dan", "chứng minh thư", "chung minh thu"],
    ),
);

const MST: Rule = number(
    "pii.id.vn-mst",
    "Vietnam tax code (MST), with or without a branch",
    "General Department of Taxation (Vietnam), Circular 105/2020/TT-BTC; check digit as widely published",
    &[
        example("MST: 0101234565", "0101234565"),
        example("mã số thuế 0312345673-001", "0312345673-001"),
        example("tax code 0101 234 565", "0101 234 565"),
    ],
    &["0101234565", "MST: 0101234566", "0312345673-000"],
    Number::checked(
        &["9999999999", "9999 999 999", "9999999999-999", "9999999999999"],
        tax,
        &["mst", "mã số thuế", "ma so thue", "mã số doanh nghiệp", "mã số dn", "tax code", "tax id", "tin"],
    ),
);

fn tax(number: &[u8]) -> Option<Confidence> {
    let (body, branch) = number.split_at_checked(10)?;
    let is_given = body.get(2..9) != Some(b"0000000") && branch != b"000";
    let rest = check::weighted(body, &[31, 29, 23, 19, 17, 13, 7, 5, 3])? % 11;
    let is_checked = check::digit(*body.last()?)? + rest == 10;
    (is_given && is_checked).then_some(Confidence::Low)
}
