//! `financial.card`.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

/// Fewest digits of a number whose issuer is unknown. Maestro has 12 too.
const MIN_UNKNOWN: usize = 13;

pub(super) const RULE: Rule = Rule {
    id: "financial.card",
    class: Class::Financial,
    level: None,
    description: "payment card number",
    source: "ISO/IEC 7812-1 (Luhn); issuer ranges as published by Visa, Mastercard, American Express, \
                 Discover, Diners, JCB, UnionPay, Maestro, RuPay and Mir",
    true_examples: &[
        example("card 4111111111111111 please", "4111111111111111"),
        example("4111 1111 1111 1111, 12/29", "4111 1111 1111 1111"),
        example("4111-1111-1111-1111", "4111-1111-1111-1111"),
        example("pay 5 4111 1111 1111 1111 123", "4111 1111 1111 1111"),
        example("卡号5555555555554444。", "5555555555554444"),
        example("MC 2223 0031 2200 3222", "2223 0031 2200 3222"),
        example("amex 3782 822463 10005.", "3782 822463 10005"),
        example("amex 378282246310005", "378282246310005"),
        example("diners 3056 930902 5904", "3056 930902 5904"),
        example("discover 6011111111111117!", "6011111111111117"),
        example("JCB 3530111333300000", "3530111333300000"),
        example("RuPay 6073 8400 0000 0016", "6073 8400 0000 0016"),
        example("Mir 2200 3300 0000 0005", "2200 3300 0000 0005"),
        example("maestro 5018 0000 0009", "5018 0000 0009"),
        example("unionpay 6212345678901234569", "6212345678901234569"),
        example(r"number:\n4242424242424242\n", "4242424242424242"),
        example("card number 4000000000000000063", "4000000000000000063"),
        example("scan_4111111111111111.pdf", "4111111111111111"),
        example("in 2024 4111 1111 1111 1111 paid", "4111 1111 1111 1111"),
    ],
    false_examples: &[
        "4111111111111112",
        "0.4111111111111111",
        "4111111111111111.5",
        "94111111111111111",
        "a4111111111111111 4111111111111111b i_4111111111111111",
        "4111-1111-1111-1111-2",
        "4111 1111-1111 1111",
        "4111  1111  1111  1111",
        "0000000000000000 4444444444444444",
        "550e8400-e29b-41d4-a716-411111111111",
        "at 1700000000000 ms",
        "+4111111111111111",
        "8711111111111116",
        "3812 4000 0006 4000 0214 7731 5208",
        "{\"id\": 4000000000000000063}, 501800000009",
    ],
    detector: Detector::number(Number { written, ..Number::checked(SHAPES, judge, WORDS) }),
};

/// What makes a number sure that has a length of other identifiers.
const WORDS: &[&str] = &[
    "card",
    "cards",
    "card no",
    "card number",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "maestro",
    "amex",
    "american express",
    "discover",
    "diners",
    "jcb",
    "unionpay",
    "rupay",
    "mir",
    "cc",
    "ccn",
    "pan",
    "卡号",
    "卡號",
    "银行卡",
    "信用卡",
    "储蓄卡",
    "借记卡",
    "银联",
    "カード",
    "카드",
    "kartu kredit",
    "kartu debit",
    "kad kredit",
    "kad debit",
    "the tin dung",
    "so the",
    "บัตรเครดิต",
    "บัตรเดบิต",
    "कार्ड",
    "karte",
    "kreditkarte",
    "kartennummer",
    "carte",
    "tarjeta",
    "cartao",
    "carta di credito",
    "kaart",
    "карта",
    "карты",
];

/// As cards are grouped: not at all, by fours with a shorter last group, 4-6-5 (American Express), 4-6-4 (Diners), 6-13
/// (UnionPay).
const SHAPES: &[&str] = &[
    "999999999999",
    "9999999999999",
    "99999999999999",
    "999999999999999",
    "9999999999999999",
    "99999999999999999",
    "999999999999999999",
    "9999999999999999999",
    "9999 9999 9999",
    "9999-9999-9999",
    "9999 9999 9999 9",
    "9999-9999-9999-9",
    "9999 9999 9999 99",
    "9999-9999-9999-99",
    "9999 9999 9999 999",
    "9999-9999-9999-999",
    "9999 9999 9999 9999",
    "9999-9999-9999-9999",
    "9999 9999 9999 9999 9",
    "9999-9999-9999-9999-9",
    "9999 9999 9999 9999 99",
    "9999-9999-9999-9999-99",
    "9999 9999 9999 9999 999",
    "9999-9999-9999-9999-999",
    "9999 999999 9999",
    "9999-999999-9999",
    "9999 999999 99999",
    "9999-999999-99999",
    "999999 9999999999999",
    "999999-9999999999999",
];

/// Whether `text` is the number of a card of a known brand, and nothing else.
pub(in crate::detect::rules) fn is_card(text: &[u8]) -> bool {
    let digits = text.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    text.iter().all(|byte| byte.is_ascii_digit() || b"+- ".contains(byte))
        && matches!(digits.len(), 15 | 16)
        && judge(&digits) == Some(Confidence::High)
}

/// Without separators a number of 12, 13, or 17 digits and more is like any identifier (snowflakes, EAN-13, nanoseconds).
fn judge(digits: &[u8]) -> Option<Confidence> {
    let same = digits.windows(2).all(|pair| pair.first() == pair.last());
    if same || !check::luhn(digits) {
        return None;
    }
    let brand = brand(digits);
    let is_told = brand.is_some() || digits.len() >= MIN_UNKNOWN;
    brand.filter(|_| (14..=16).contains(&digits.len())).or(is_told.then_some(Confidence::Low))
}

/// In groups those lengths are a card's, too.
fn written(number: &[u8]) -> Option<Confidence> {
    let digits: Vec<u8> = number.iter().copied().filter(u8::is_ascii_digit).collect();
    if digits.len() < number.len() { brand(&digits) } else { None }
}

/// The confidence of a number that begins and is as long as a brand's. The lengths that a brand hardly uses are
/// shared with identifiers of other kinds (snowflakes, EAN-13): medium.
fn brand(digits: &[u8]) -> Option<Confidence> {
    use Confidence::{High, Medium};
    let first = |count| {
        digits.iter().take(count).fold(0, |number, byte| number * 10 + check::digit(*byte).unwrap_or(0))
    };
    let (two, three, four, six) = (first(2), first(3), first(4), first(6));
    let length = digits.len();
    match length {
        16 => match () {
            () if matches!(two, 40..=49 | 51..=55 | 65) => Some(High),
            () if matches!(four, 2221..=2720 | 3528..=3589 | 6011) => Some(High),
            () if matches!(three, 508 | 644..=649) || matches!(two, 60 | 62 | 81 | 82) => Some(High),
            () if matches!(four, 2200..=2204) => Some(High),
            // All of 35 is what generators of test data take for JCB.
            () => (maestro(two, four) || matches!(two, 35 | 36 | 38 | 39)).then_some(Medium),
        },
        15 if matches!(two, 34 | 37) => Some(High),
        15 if matches!(four, 1800 | 2131) => Some(Medium),
        14 if matches!(three, 300..=305) || four == 3095 || matches!(two, 36 | 38 | 39) => Some(High),
        13 | 19 if matches!(two, 40..=49) => Some(Medium),
        17..=19 => {
            let fits = matches!(two, 36 | 38 | 39 | 62 | 65 | 81)
                || matches!(four, 3528..=3589 | 6011)
                || matches!(six, 644_000..=649_999)
                || maestro(two, four);
            fits.then_some(Medium)
        }
        _ => maestro(two, four).then_some(Medium),
    }
}

/// With 5019, which is Dankort.
fn maestro(two: u32, four: u32) -> bool {
    matches!(two, 56..=58 | 67) || matches!(four, 604 | 5018..=5020 | 5038 | 6304 | 6390)
}
