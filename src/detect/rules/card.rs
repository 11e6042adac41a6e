//! `financial.card`.

use super::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::class::{Class, Confidence};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window, is_word};

/// Fewest digits of a number whose issuer is unknown. Maestro has 12 too.
const MIN_UNKNOWN: usize = 13;
/// Most digits of a card number (ISO/IEC 7812-1).
const MAX_DIGITS: usize = 19;
/// See [`may_go_on`].
const MAX_GROUPS: usize = 5;

pub(super) const RULE: Rule = Rule {
    id: "financial.card",
    class: Class::Financial,
    level: None,
    description: "payment card number",
    source: "ISO/IEC 7812-1 (Luhn); issuer ranges as published by Visa, Mastercard, American Express, \
                 Discover, Diners, JCB, UnionPay and Maestro",
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
        example("maestro 5018 0000 0009", "5018 0000 0009"),
        example("unionpay 6212345678901234569", "6212345678901234569"),
        example(r"number:\n4242424242424242\n", "4242424242424242"),
    ],
    false_examples: &[
        "4111111111111112",
        "0.4111111111111111",
        "4111111111111111.5",
        "94111111111111111",
        "a4111111111111111 4111111111111111b id_4111111111111111",
        "4111-1111-1111-1111-2",
        "4111 1111-1111 1111",
        "4111  1111  1111  1111",
        "0000000000000000 4444444444444444",
        "550e8400-e29b-41d4-a716-411111111111",
        "at 1700000000000 ms",
        "+4111111111111111",
        "8711111111111116",
    ],
    detector: Detector {
        not_after: |before| is_word(before) || before == b'+',
        look_back: 2,
        form: Form::Digits,
        ..Detector::new(&[b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9"], verify)
    },
};

fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let start = hit.start;
    // In a longer number: `0.4111…`, `7-4111-…`. A space in front may stand between two numbers.
    if matches!(window.before(start), Some(b'.' | b'-'))
        && start.checked_sub(1).and_then(|at| window.before(at)).is_some_and(|byte| byte.is_ascii_digit())
    {
        return Verdict::No;
    }
    match read(window, start) {
        Read::Unknown => Verdict::More { from: start },
        Read::Number(number) => {
            let card = number.ends().rev().find_map(|(digits, end)| Some((judge(digits)?, end)));
            card.map_or(Verdict::No, |(confidence, end)| Verdict::Match { start, end, confidence })
        }
    }
}

/// The digits of a number, and where it may end: behind a group, if what follows does not continue it.
#[derive(Default)]
struct Number {
    /// The first `length` of them are the number's.
    digits: [u8; MAX_DIGITS],
    length: usize,
    /// How many digits, and the offset behind them.
    ends: Vec<(usize, u64)>,
}

impl Number {
    fn ends(&self) -> impl DoubleEndedIterator<Item = (&[u8], u64)> {
        self.ends.iter().filter_map(|(count, end)| Some((self.digits.get(..*count)?, *end)))
    }
}

enum Read {
    Number(Number),
    Unknown,
}

/// Reads groups of digits with one separator, as long as they are grouped as cards are: not at all, by fours with
/// a shorter last group, 4-6-5 (American Express), 4-6-4 (Diners), 6-13 (UnionPay).
fn read(window: &Window, start: u64) -> Read {
    let mut number = Number::default();
    let mut lengths = [0; MAX_GROUPS];
    let mut count = 0;
    let mut separator = None;
    let mut at = start;
    loop {
        let group_start = at;
        loop {
            match window.ahead(at) {
                Ahead::Byte(byte) if byte.is_ascii_digit() => {
                    let Some(digit) = number.digits.get_mut(number.length) else {
                        // The whole run is too long; groups before it end at a separator and still count.
                        return Read::Number(number);
                    };
                    *digit = byte - b'0';
                    number.length += 1;
                    at += 1;
                }
                Ahead::Unknown => return Read::Unknown,
                Ahead::Byte(_) | Ahead::End => break,
            }
        }
        if let Some(length) = lengths.get_mut(count) {
            *length = at - group_start;
            count += 1;
        }
        let groups = lengths.get(..count).unwrap_or_default();
        let next = match (window.ahead(at), window.ahead(at + 1)) {
            (Ahead::Byte(b' ' | b'-' | b'.'), Ahead::Unknown) => return Read::Unknown,
            (Ahead::Byte(byte @ (b' ' | b'-' | b'.')), Ahead::Byte(after)) if is_word(after) => {
                Some((byte, after))
            }
            (Ahead::Byte(byte), _) if is_word(byte) => return Read::Number(number),
            _ => None,
        };
        // A hyphen or a point ties what follows to the number, a space need not.
        let tied = next.is_some_and(|(byte, after)| byte == b'-' || byte == b'.' && after.is_ascii_digit());
        if may_end(groups) && !tied {
            number.ends.push((number.length, at));
        }
        match next {
            Some((byte @ (b' ' | b'-'), after))
                if after.is_ascii_digit() && may_go_on(groups) && separator.is_none_or(|one| one == byte) =>
            {
                separator = Some(byte);
                at += 1;
            }
            _ => return Read::Number(number),
        }
    }
}

fn may_end(groups: &[u64]) -> bool {
    matches!(groups, [12..=19] | [4, 6, 4 | 5] | [6, 13] | [4, 4, 4] | [4, 4, 4, 1..=4] | [4, 4, 4, 4, 1..=3])
}

fn may_go_on(groups: &[u64]) -> bool {
    matches!(groups, [4 | 6] | [4, 4 | 6] | [4, 4, 4] | [4, 4, 4, 4])
}

fn judge(digits: &[u8]) -> Option<Confidence> {
    let same = digits.windows(2).all(|pair| pair.first() == pair.last());
    if same || !luhn(digits) {
        return None;
    }
    brand(digits).or((digits.len() >= MIN_UNKNOWN).then_some(Confidence::Low))
}

/// The confidence of a number that begins and is as long as a brand's. The lengths that a brand hardly uses are
/// shared with identifiers of other kinds (snowflakes, EAN-13): medium.
fn brand(digits: &[u8]) -> Option<Confidence> {
    use Confidence::{High, Medium};
    let first = |count| digits.iter().take(count).fold(0, |number, digit| number * 10 + u32::from(*digit));
    let (two, three, four, six) = (first(2), first(3), first(4), first(6));
    let length = digits.len();
    match length {
        16 => match () {
            () if matches!(two, 40..=49 | 51..=55 | 65) => Some(High),
            () if matches!(four, 2221..=2720 | 3528..=3589 | 6011) => Some(High),
            () if matches!(three, 644..=649) || matches!(two, 62 | 81) => Some(High),
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

/// The check digit of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, doubled)| match u32::from(*digit) {
            digit if !doubled => digit,
            digit if digit > 4 => digit * 2 - 9,
            digit => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}
