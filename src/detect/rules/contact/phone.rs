//! `pii.contact.phone`, in international form, and `pii.contact.phone-national`.

use super::country_codes::CODES;
use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window};

/// Most digits of a number (ITU-T E.164 section 6.1).
const MAX_DIGITS: usize = 15;
/// Most characters between two digits: `) `, ` (`, ` - `.
const MAX_GAP: u64 = 3;

pub(super) const INTERNATIONAL: Rule = Rule {
    id: "pii.contact.phone",
    class: Class::PiiContact,
    level: None,
    description: "telephone number in international form",
    source: "ITU-T E.164 section 6 and its list of country codes; RFC 3966 section 5.1.4; lengths of national numbers by \
             country code as in libphonenumber's metadata",
    true_examples: &[
        example("call +6561234567 now", "+6561234567"),
        example("call +65 6123 4567.", "+65 6123 4567"),
        example("<tel:+1-201-555-0123>", "+1-201-555-0123"),
        example("+44 (0)20 7946 0958 or so", "+44 (0)20 7946 0958"),
        example("+1 (415) 555-0132", "+1 (415) 555-0132"),
        example("电话+86 10 6552 9988。", "+86 10 6552 9988"),
        example("+33.1.99.00.12.34, Paris", "+33.1.99.00.12.34"),
        example("+65 6123 4567 2024", "+65 6123 4567"),
        example("_+6561234567_", "+6561234567"),
    ],
    false_examples: &[
        "+1234",
        "a + 65 6123 4567",
        "1+6561234567",
        "+999 1234 5678",
        "+4111111111111111",
        "x+=12345678",
        "+65612345678901234",
        "UTC+0800",
        "+15551234",
    ],
    detector: Detector {
        not_after: |byte| byte.is_ascii_alphanumeric() || byte == b'+',
        form: Form::Digits,
        ..Detector::new(&[b"+1", b"+2", b"+3", b"+4", b"+5", b"+6", b"+7", b"+8", b"+9"], international)
    },
};

fn international(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let start = hit.start;
    let mut digits = [0_u8; MAX_DIGITS];
    let mut count = 0;
    let mut at = start + 1;
    let mut found = None;
    let mut is_trunk_open = false;
    'groups: loop {
        loop {
            match window.ahead(at) {
                Ahead::Byte(byte) if byte.is_ascii_digit() => {
                    // The zero in brackets is dialled within the country only.
                    if is_trunk_open && byte == b'0' {
                        at += 1;
                        break;
                    }
                    is_trunk_open = false;
                    match digits.get_mut(count) {
                        Some(digit) => *digit = byte,
                        None => break 'groups,
                    }
                    count += 1;
                    at += 1;
                }
                Ahead::Byte(byte) if byte.is_ascii_alphabetic() => break 'groups,
                Ahead::Byte(_) | Ahead::End => {
                    if is_possible(digits.get(..count).unwrap_or_default()) {
                        found = Some(at);
                    }
                    break;
                }
                Ahead::Unknown => return Verdict::More { from: start },
            }
        }
        let gap = at;
        loop {
            match window.ahead(at) {
                Ahead::Byte(b' ' | b'-' | b'.' | b'/' | b')') if at - gap < MAX_GAP => at += 1,
                Ahead::Byte(b'(') if at - gap < MAX_GAP => {
                    is_trunk_open = count > 0;
                    at += 1;
                }
                Ahead::Byte(byte) if byte.is_ascii_digit() && at > gap => break,
                Ahead::Byte(_) | Ahead::End => break 'groups,
                Ahead::Unknown => return Verdict::More { from: start },
            }
        }
    }
    found.map_or(Verdict::No, |end| Verdict::Match { start, end, confidence: Confidence::High })
}

/// Whether so many digits may stand behind the country code that they begin with.
fn is_possible(digits: &[u8]) -> bool {
    let mut code = 0_u16;
    digits.len() <= MAX_DIGITS
        && digits.iter().take(3).enumerate().any(|(nth, digit)| {
            code = code * 10 + u16::from(digit - b'0');
            let lengths =
                CODES.binary_search_by_key(&code, |(code, _)| *code).ok().and_then(|at| CODES.get(at));
            let (rest, area) = (digits.len() - nth - 1, digits.get(1).copied());
            lengths.is_some_and(|(code, lengths)| {
                lengths >> rest & 1 == 1 && (*code != 1 || area.is_some_and(|area| area > b'1'))
            })
        })
}

/// Forms of national numbers, with the extensions that offices in North America have.
const NATIONAL_SHAPES: &[&str] = &[
    "9999999999",
    "99999999999",
    "99999999",
    "999999999",
    "999 9999",
    "999-9999",
    "999-999-9999",
    "999 999 9999",
    "999.999.9999",
    "(999) 999-9999",
    "(999)999-9999",
    "(999) 999 9999",
    "1-999-999-9999",
    "1 999 999 9999",
    "1 (999) 999-9999",
    "001-999-999-9999",
    "999-999-9999x999",
    "999-999-9999x9999",
    "999-999-9999x99999",
    "999.999.9999x999",
    "999.999.9999x9999",
    "999.999.9999x99999",
    "(999)999-9999x999",
    "(999)999-9999x9999",
    "(999)999-9999x99999",
    "001-999-999-9999x999",
    "001-999-999-9999x9999",
    "001-999-999-9999x99999",
    "9999 9999",
    "9999-9999",
    "99 9999 9999",
    "99-9999-9999",
    "(99) 9999 9999",
    "(99) 9999-9999",
    "(99) 99999-9999",
    "9999 999 999",
    "9999-999-999",
    "9999-999999",
    "9999 999999",
    "99 999 9999",
    "99-999 9999",
    "99-9999999",
    "99 9999999",
    "999 99999999",
    "999-99999999",
    "999-9999999",
    "999 9999999",
    "99-99999999",
    "99 99999999",
    "999-9999-9999",
    "999 9999 9999",
    "999-999 9999",
    "999 999 99 99",
    "9999 999 99 99",
    "9999 99 99 99",
    "99 99 99 99 99",
    "99.99.99.99.99",
    "99-99-99-99-99",
    "99 99 99 99",
    "99-99-99-99",
    "99 99 99",
    "999 99 999",
    "99 999 999",
    "99 999 99 99",
    "999 999 999",
    "999-999-999",
    "(99) 999-999",
    "(999) 9999-999",
    "99999 999999",
    "99999 99999",
    "99999-99999",
    "9999 9999999",
    "9999-9999999",
    "(9999) 999999",
    "(9999) 999 9999",
    "(9999) 9999999",
    "99 999999",
    "99999 999 999",
    "9999 999 9999",
    "9999-999-9999",
    "9999-9999-999",
    "99 9999 999",
    "99-999999",
    "(99) 9999999",
    // Groups of other countries, with and without an area in brackets.
    "9999-9999-9999",
    "9999 9999 9999",
    "9999.9999.9999",
    "9999-99999999",
    "9999 99999999",
    "(9999)99999999",
    "(9999)9999999",
    "(9999) 99999999",
    "(9999) 9999 9999",
    "9999 9999-9999",
    "9999-9999 9999",
    "(999) 99999999",
    "(999)99999999",
    "(999)9999999",
    "(999)999999",
    "(999) 9999999",
    "(999) 999999",
    "(999) 9999 9999",
    "(999) 9999-9999",
    "(999)9999-9999",
    "(999) 999.9999",
    "(999)999 9999",
    "999-9999 9999",
    "999 9999-9999",
    "999.9999.9999",
    "999-999999",
    "999 999-9999",
    "999 9999 999",
    "999 999999",
    "999/999-9999",
    "(99)9999-9999",
    "(99)99999999",
    "(99)9999999",
    "(99)999-9999",
    "(99) 99999999",
    "(99) 999 9999",
    "(99) 999-9999",
    "99-9999 9999",
    "99-999-9999",
    "99-999-999",
    "999-9999-999",
    "9999 9999 999",
    "99)9999-9999",
    "99) 9999-9999",
    "99)999-9999",
    "99) 999-9999",
    "999)999-9999",
    "999) 999-9999",
    "99(9999)9999",
    "999(999)9999",
    "99.9999.9999",
    "99.999.9999",
    "9999.999.999",
    "999.9999.999",
    "9999.99.99.99",
    "9999-99-9999",
    "9999.9999",
    "9999.999.9999",
    "(99999) 999999",
    "(99999) 999 999",
    "99999-999999",
    "99999 999 9999",
    "99 999 99999",
    "9-9999-9999",
    "9 9999 9999",
    "9 99999 99999",
    "9-999-99-9999",
    "9.999.999.9999",
    "9(999)999-9999",
    "9999 99 9999",
    // With the code of a country, but no plus.
    "999999999999",
    "9999999999999",
    "99999999999999",
    "99 99999 99999",
    "99 999 999 9999",
    "99 999 9999 9999",
    "99 999-9999-9999",
    "99-999-9999-9999",
    "99 999 999 999",
    "99-999-999-999",
    "99 9 9999 9999",
    "99-9-9999-9999",
    "99 9 999 9999",
    "99 99 9999 9999",
    "99-99-9999-9999",
    "99-99-99999999",
    "99-99999999999",
    "99-9999999999",
    "(99) 999 999 9999",
    "(99) 99999 99999",
    "(99) 999 999 999",
    "(99) 99 999 9999",
    "(99) 9 9999 9999",
    "(99) 99 9999 9999",
    "99 99 999 9999",
    "(99-99) 9999 9999",
    "(99.99) 99999999",
    "999-9-9999-9999",
    "999-999-999-999",
    "99999 9999 9999",
    "99999-9999 9999",
    "99999 9 9999 9999",
    "99999 99999999",
    "9999 99 9999 9999",
    "9999 9 99 99 99 99",
    "999 9 999 999 9999",
];

/// What stands in front of a telephone number.
const NATIONAL_WORDS: &[&str] = &[
    "phone",
    "phones",
    "phone no",
    "phone number",
    "telephone",
    "tel no",
    "mobile no",
    "cellphone",
    "cell phone",
    "smartphone",
    "call me",
    "fax",
    "sms",
    "text me",
    "whatsapp",
    "wechat",
    "hotline",
    "dial",
    "ring me",
    "contact no",
    "contact number",
    "reach me",
    "reach us",
    "reach you",
    "answering at",
    "messages to",
    "handphone",
    "ph no",
    "us number",
    "uk number",
    "home number",
    "work number",
    "电话",
    "手机",
    "手机号",
    "致电",
    "拨打",
    "热线",
    "传真",
    "座机",
    "電話",
    "手機",
    "行動電話",
    "撥打",
    "致電",
    "傳真",
    "携帯",
    "連絡先",
    "ファックス",
    "전화",
    "휴대폰",
    "휴대전화",
    "핸드폰",
    "연락처",
    "팩스",
    "telepon",
    "telp",
    "nomor hp",
    "no hp",
    "no telp",
    "no telefon",
    "telefon",
    "telefonnummer",
    "bimbit",
    "điện thoại",
    "số điện thoại",
    "sđt",
    "gọi",
    "โทร",
    "โทรศัพท์",
    "เบอร์",
    "มือถือ",
    "telepono",
    "selpon",
    "फ़ोन",
    "फोन",
    "मोबाइल",
    "दूरभाष",
    "handynummer",
    "rufnummer",
    "téléphone",
    "teléfono",
    "celular",
    "móvil",
    "telefone",
    "telemóvel",
    "telefono",
    "cellulare",
    "telefoon",
    "mobiel",
    "puhelin",
    "telefonszám",
    "тел",
    "телефон",
    "мобильный",
    "هاتف",
    "جوال",
    "טלפון",
    "cp no",
    "landline",
    "helpline",
    "freephone",
    "toll free",
    "direct line",
    "txt me",
    "my number is",
    "my no is",
    "text mo",
    "我的号码",
    "我的號碼",
    "emergency contact",
    "nomor wa",
    "no wa",
    "hubungi",
    "talian",
    "telpon",
    "tawagan",
    "tumawag",
    "ติดต่อ",
    "liên hệ",
    "di động",
    "zalo",
    "联系方式",
    "固话",
    "固定电话",
    "请拨",
    "請撥",
    "熱線",
    "手提",
    "市話",
    "聯絡",
    "問い合わせ",
    "대표번호",
    "문의",
    "폰번호",
    "संपर्क",
    "wa.me",
];

/// Words of much else, too.
const NEAR_WORDS: &[&str] = &[
    "tel", "mobile", "mob", "cell", "call", "calling", "callback", "contact", "desk", "office", "hp", "h/p",
    "ph", "m:", "t:", "wa", "kontak", "handy", "portable", "đt", "客服",
];

pub(super) const NATIONAL: Rule = Rule {
    id: "pii.contact.phone-national",
    class: Class::PiiContact,
    level: None,
    description: "telephone number in a national form, behind a word that says so",
    source: "ITU-T E.123 section 2 (notation); national numbering plans of SG, HK, MY, ID, TH, PH, VN, IN, JP, KR, TW, CN, AU, \
             NZ, US and GB",
    true_examples: &[
        example("Call (415) 555-0132 please", "(415) 555-0132"),
        example("phone: 020 7946 0958", "020 7946 0958"),
        example("mobile no. 9123 4567", "9123 4567"),
        example("手机号13812345678,", "13812345678"),
        example("電話は03-1234-5678です", "03-1234-5678"),
        example("전화 010-1234-5678", "010-1234-5678"),
        example("{\"phone\":\"0412 345 678\"}", "0412 345 678"),
        example("Desk: 212-555-0198x4412", "212-555-0198x4412"),
        example("โทร 081-234-5678", "081-234-5678"),
        example("reach me at 415.555.0132", "415.555.0132"),
        example("write to 20 High Street, 0131 496 0901 (office)", "0131 496 0901"),
        example("Sila hubungi 03-2345 6789", "03-2345 6789"),
        example("No HP: 0812-3456-7890", "0812-3456-7890"),
        example("M: 0412345678", "0412345678"),
        example("電話(02)2345-6789", "(02)2345-6789"),
        example("전화 02)123-4567", "02)123-4567"),
        example("liên hệ 0912.345.678", "0912.345.678"),
        example("dial 0065 6123 4567 from abroad", "0065 6123 4567"),
        example("wa.me/6591234567", "6591234567"),
        example("ТЕЛЕФОН 495 123-4567", "495 123-4567"),
        example("212-555-0198, or by mail", "212-555-0198"),
        example("001-212-555-0198, or by mail", "001-212-555-0198"),
        example("212-555-0198X4412, or by mail", "212-555-0198X4412"),
    ],
    false_examples: &[
        "order 91234567 is on its way",
        "in 2019-2020-2021 call it",
        "phone 20240311, tel 1650000000",
        "37 3456 7890, 137-4567-8901, 1237 567 8901 and 415 555 0132",
        "call option 91234567, HP ProLiant 91234567, the office of unit 91234567",
        "12 34 56 and 1234 5678, item 415-555-0132",
        "phone 123456789012",
        "call 4111 1111 1111 1111",
        "call function 12345",
        "0.12345678",
        "112-555-0198 and 212-155-0198",
        "0131 496 0901 (officer)",
    ],
    detector: Detector {
        form: Form::Digits,
        ..Detector::number(Number {
            written,
            behind: &["office", "fax", "mobile", "cell", "desk", "home", "work", "tel", "phone"],
            alone: true,
            near: NEAR_WORDS,
            ..Number::unchecked(NATIONAL_SHAPES, national, NATIONAL_WORDS)
        })
    },
};

/// The form of North America says enough: three, three and four digits, of an area and an exchange, with another separator than
/// spaces only.
fn written(number: &[u8]) -> Option<Confidence> {
    let number = number.split(|byte| byte.eq_ignore_ascii_case(&b'x')).next().unwrap_or_default();
    let mut groups = number.split(|byte| !byte.is_ascii_digit()).filter(|group| !group.is_empty()).peekable();
    groups.next_if(|first| matches!(first, [b'1'] | [b'0', b'0', b'1']));
    let is_from_two =
        |group: &[u8], digits| group.len() == digits && group.first().is_some_and(|first| *first >= b'2');
    let is_area = groups.next().is_some_and(|area| is_from_two(area, 3));
    let is_exchange = groups.next().is_some_and(|exchange| is_from_two(exchange, 3));
    let is_line = groups.next().is_some_and(|line| line.len() == 4) && groups.next().is_none();
    let is_signed = number.iter().any(|byte| matches!(byte, b'-' | b'.' | b'('));
    (is_area && is_exchange && is_line && is_signed).then_some(Confidence::Medium)
}

/// A number of which nothing but its length is known, unless a word says so. No date, and no time in seconds; where it is as
/// long as only international ones are (but for Indonesia's), its country is to be one.
fn national(number: &[u8]) -> Option<Confidence> {
    let digits = number.split(|byte| *byte == b'X').next().unwrap_or_default();
    let first = digits.first().filter(|_| digits.iter().all(u8::is_ascii_digit))?;
    let is_one = digits.iter().all(|digit| digit == first);
    let is_time = digits.len() == 8 && check::is_date(digits)
        || digits.len() == 10 && matches!(digits, [b'1', b'5'..=b'7', ..]);
    let is_long = digits.len() > MAX_NATIONAL
        && !(digits.len() == MAX_NATIONAL + 1 && matches!(digits, [b'0', b'8', ..]));
    // Behind `001` stands a country's code, or `00` and the code of North America.
    let is_international = || {
        let dialled = [b"001".as_slice(), b"00", b""];
        dialled.iter().filter_map(|prefix| digits.strip_prefix(*prefix)).any(is_possible)
    };
    (!is_one && !is_time && (!is_long || is_international())).then_some(Confidence::Low)
}

/// Most digits of a national number, with the prefix that is dialled within a country.
const MAX_NATIONAL: usize = 11;
