//! `pii.profile.driving-licence` of any country, behind a word; `pii.profile.gb-driving-licence`, which has a structure of its
//! own. A word is written as it reads: without accents.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULE: Rule = Rule {
    id: "pii.profile.driving-licence",
    class: Class::PiiProfile,
    level: None,
    description: "driving licence number, with a word that says so",
    source: "AAMVA DL/ID Card Design Standard (customer number, at most 25 characters) and the states' own shapes; numbers as \
             issued in AU, IN, KR, DE, IT, FR and others",
    true_examples: &[
        example("My driver's license number is D1234567", "D1234567"),
        example("Driver License: D123-4567-8901", "D123-4567-8901"),
        example("driving licence 12345678.", "12345678"),
        example("{\"driversLicense\":\"S12345678901234\"}", "S12345678901234"),
        example("Führerschein B072RRE2I55", "B072RRE2I55"),
        example("운전면허 11-22-123456-12", "11-22-123456-12"),
        example("driving licence MH12 20110012345", "MH12 20110012345"),
        example("my licence is 13-22-123456-12", "13-22-123456-12"),
        example("patente di guida AB1234567C", "AB1234567C"),
        example("驾驶证号123456789012", "123456789012"),
        example("DL no. 123 456 789", "123 456 789"),
    ],
    false_examples: &[
        "order D1234567 and 12345678",
        "software license 12345678",
        "driver 12345678 and license to kill",
        "driver's license since 20110512",
        "part 31-22-123456-12",
    ],
    detector: Detector::number(Number {
        written: korean,
        ..Number::unchecked(
            &[
                "9999999",
                "99999999",
                "999999999",
                "9999999999",
                "999999999999",
                "A999999",
                "A9999999",
                "A99999999",
                "A999999999",
                "A99999999999",
                "A999999999999",
                "A9999999999999",
                "A99999999999999",
                "AA999999",
                "AA9999999",
                "AA999999A",
                "A999-9999-9999",
                "A999-9999-9999-99",
                "A999-999-99-999-9",
                "A9999-99999-99999",
                "A9999 99999 99999",
                "A 999 999 999 999",
                "999 999 999",
                "999-999-999",
                "99 999 999",
                "999-99-9999",
                "9999-99-9999",
                // DE, IT
                "A999AAA9A99",
                "A999#####99",
                "AA9999999A",
                // KR
                "99-99-999999-99",
                // IN
                "AA99 99999999999",
                "AA9999999999999",
                "AA-9999999999999",
                "AA99-99999999999",
            ],
            |number| is_no_date(number).then_some(Confidence::Low),
            &[
                "driver license",
                "drivers license",
                "driver's license",
                "driver licence",
                "drivers licence",
                "driver's licence",
                "driving license",
                "driving licence",
                "driving permit",
                "dl no",
                "dl number",
                "permis de conduire",
                "fuhrerschein",
                "fuehrerschein",
                "fuhrerscheinnummer",
                "fahrerlaubnis",
                "licencia de conducir",
                "permiso de conducir",
                "carnet de conducir",
                "patente di guida",
                "carteira de motorista",
                "cnh",
                "carta de conducao",
                "rijbewijs",
                "prawo jazdy",
                "korkort",
                "forerkort",
                "surat izin mengemudi",
                "lesen memandu",
                "bang lai",
                "giay phep lai xe",
                "ใบขับขี่",
                "驾驶证",
                "驾照",
                "駕照",
                "駕駛執照",
                "運転免許",
                "免許証",
                "운전면허",
                "водительск",
            ],
        )
    }),
};

pub(super) const GB: Rule = Rule {
    id: "pii.profile.gb-driving-licence",
    class: Class::PiiProfile,
    level: None,
    description: "driving licence number of Great Britain",
    source: "DVLA: driver number (five characters of the surname, date of birth with 5 added to the month of women, \
             initials, three more); check letters are not published",
    true_examples: &[
        example("licence MORGA753116SM9IJ, please", "MORGA753116SM9IJ"),
        example("FOX99512018AA1AB", "FOX99512018AA1AB"),
        example("driver number: SMITH 802290 AB1CD", "SMITH 802290 AB1CD"),
    ],
    false_examples: &[
        "MORGA793116SM9IJ MORGA753416SM9IJ MORGA753006SM9IJ",
        "XMORGA753116SM9IJ MORGA753116SM9IJ2 MORGA753116SM9I2",
        "MORG7753116SM9IJ",
    ],
    detector: Detector::number(Number::unchecked(
        &[
            "AAAAA999999A####",
            "AAAA9999999A####",
            "AAA99999999A####",
            "AA999999999A####",
            "AAAAA 999999 A####",
            "AAAA9 999999 A####",
        ],
        gb,
        &["driving licence", "driver number", "licence", "licence number", "dvla", "driving license"],
    )),
};

/// The Korean form, of one of the regions that give them out: nothing else is written so.
fn korean(number: &[u8]) -> Option<Confidence> {
    let [first, second, b'-', _, _, b'-', rest @ ..] = number else { return None };
    let is_region = matches!(check::number(&[*first, *second]), Some(11..=28));
    (is_region && rest.len() == 9 && rest.get(6) == Some(&b'-')).then_some(Confidence::Medium)
}

/// The surname padded with nines, a date of birth, and initials. Only this is written so, and nothing proves it.
fn gb(number: &[u8]) -> Option<Confidence> {
    let (surname, rest) = number.split_at_checked(5)?;
    let (birth, rest) = rest.split_at_checked(6)?;
    let letters = surname.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let is_padded = surname.iter().skip(letters).all(|byte| *byte == b'9');
    // The decade; the month; the day; the year.
    let birth = check::number(birth)?;
    let (month, day) = (birth / 1000 % 100, birth / 10 % 100);
    let is_date = matches!(month, 1..=12 | 51..=62) && (1..=31).contains(&day);
    let ends = match rest {
        [first, second, _, third, last] => {
            let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
            is_letter(first) && (is_letter(second) || *second == b'9') && is_letter(third) && is_letter(last)
        }
        _ => false,
    };
    (is_padded && is_date && ends).then_some(Confidence::Medium)
}

fn is_no_date(number: &[u8]) -> bool {
    let is_date = |number: u64| {
        matches!(number / 10_000, 1900..=2099)
            && matches!(number / 100 % 100, 1..=12)
            && (1..=31).contains(&(number % 100))
    };
    number.len() != 8 || !check::number(number).is_some_and(is_date)
}
