//! Check digits as their standards define them, step by step with tables and powers; and what must hold for the checks of
//! rules.

use super::{Catalogue, CatalogueRule, Confidence, RuleSet};
use crate::detect::coded::Coded;
use crate::detect::number::Number;
use crate::detect::rules::Verify;
use crate::detect::{RuleIndex, check, scan_all};

/// A check digit: what is used, what is defined, and the characters that it may be.
type Scheme = (&'static str, fn(&[u8]) -> bool, fn(&[u8]) -> bool, &'static [u8]);

/// What a rule says of the letters and digits of a number.
type Check = fn(&[u8]) -> Option<Confidence>;

/// Those of which any digits have exactly one check digit.
const SCHEMES: [Scheme; 4] = [
    ("Luhn", check::luhn, luhn, b"0123456789"),
    ("MOD 11-2", check::mod_11_2, mod_11_2, b"0123456789X"),
    ("MOD 11,10", check::mod_11_10, mod_11_10, b"0123456789"),
    ("Verhoeff", check::verhoeff, verhoeff, b"0123456789"),
];

/// Each scheme says of any bytes what its definition says. Any digits have one check digit, and with another digit anywhere
/// it is wrong.
pub(crate) fn schemes_agree(bytes: &[u8]) {
    for (name, used, defined, check_digits) in SCHEMES {
        assert_eq!(used(bytes), defined(bytes), "{name} of {}", bytes.escape_ascii());
        let digits: Vec<u8> = bytes.iter().map(|byte| b'0' + byte % 10).collect();
        let with = |check: &u8| [digits.as_slice(), &[*check]].concat();
        let right: Vec<Vec<u8>> = check_digits.iter().map(with).filter(|number| used(number)).collect();
        let [number] = right.as_slice() else { panic!("{name}: {} check digits of {digits:?}", right.len()) };
        assert!(defined(number), "{name} of {number:?}");
        for at in 0..digits.len() {
            for other in (b'0'..=b'9').filter(|other| *other != digits[at]) {
                let mut changed = number.clone();
                changed[at] = other;
                assert!(!used(&changed), "{name}: {number:?} with another digit at {at}");
            }
        }
        let is_swapped = |at: usize| name != "Luhn" && name != "MOD 11,10" && digits[at] != digits[at + 1];
        for at in (0..digits.len().saturating_sub(1)).filter(|at| is_swapped(*at)) {
            let mut changed = number.clone();
            changed.swap(at, at + 1);
            assert!(!used(&changed), "{name}: {number:?} with two digits swapped at {at}");
        }
    }
    assert_eq!(check::mod_97(bytes.iter().copied()), mod_97(bytes), "MOD 97-10 of {}", bytes.escape_ascii());
    let letters: Vec<u8> =
        bytes.iter().map(|byte| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[usize::from(byte % 36)]).collect();
    assert_eq!(check::mod_97(letters.iter().copied()), mod_97(&letters), "MOD 97-10 of {letters:?}");
    let is_number = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    if is_number {
        let number = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
        assert_eq!(check::number(bytes), number, "the number {}", bytes.escape_ascii());
    } else {
        assert!(bytes.is_empty() || check::number(bytes).is_none());
    }
    let weights: Vec<u32> = bytes.iter().rev().map(|byte| u32::from(*byte)).collect();
    let products = bytes.iter().zip(&weights).map(|(byte, weight)| Some(check::digit(*byte)? * weight));
    assert_eq!(check::weighted(bytes, &weights), products.sum::<Option<u32>>());
}

/// ISO/IEC 7812-1, annex B: every second digit from the right is doubled, and the digits of the products are added.
pub(in crate::detect) fn luhn(digits: &[u8]) -> bool {
    const DOUBLED: [usize; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let mut sum = 0;
    for (nth, byte) in digits.iter().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = usize::from(byte - b'0');
        sum += if nth % 2 == 1 { DOUBLED[digit] } else { digit };
    }
    sum % 10 == 0
}

/// ISO/IEC 7064 MOD 97-10: the rest of the number that is written when each letter is replaced by two digits.
pub(in crate::detect) fn mod_97(text: &[u8]) -> Option<u32> {
    let mut digits = String::new();
    for byte in text {
        match byte {
            b'0'..=b'9' => digits.push(char::from(*byte)),
            b'A'..=b'Z' => digits += &(byte - b'A' + 10).to_string(),
            _ => return None,
        }
    }
    Some(digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97))
}

/// ISO/IEC 7064 MOD 11-2: each character times the power of two of its place, from the right; the rest is 1.
pub(in crate::detect) fn mod_11_2(text: &[u8]) -> bool {
    const POWERS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    let mut sum = 0;
    for (nth, byte) in text.iter().rev().enumerate() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'X' if nth == 0 => 10,
            _ => return false,
        };
        sum += value * POWERS[nth % 10];
    }
    sum % 11 == 1
}

/// ISO/IEC 7064 MOD 11,10: the sum of each step is kept in 1 to 10 and doubled modulo 11; the last sum is 1 modulo 10.
pub(in crate::detect) fn mod_11_10(digits: &[u8]) -> bool {
    const DOUBLED: [u32; 10] = [9, 2, 4, 6, 8, 10, 1, 3, 5, 7];
    let (mut product, mut sum) = (10, 0);
    for byte in digits {
        if !byte.is_ascii_digit() {
            return false;
        }
        sum = product + u32::from(byte - b'0');
        product = DOUBLED[sum as usize % 10];
    }
    sum % 10 == 1
}

/// J. Verhoeff, Error Detecting Decimal Codes, 1969: the table of the dihedral group, and that of permutations.
pub(in crate::detect) fn verhoeff(digits: &[u8]) -> bool {
    const PRODUCT: [&[u8; 10]; 10] = [
        b"0123456789",
        b"1234067895",
        b"2340178956",
        b"3401289567",
        b"4012395678",
        b"5987604321",
        b"6598710432",
        b"7659821043",
        b"8765932104",
        b"9876543210",
    ];
    const PERMUTED: [&[u8; 10]; 8] = [
        b"0123456789",
        b"1576283094",
        b"5803796142",
        b"8916043527",
        b"9453126870",
        b"4286573901",
        b"2793806415",
        b"7046913258",
    ];
    let mut check = b'0';
    for (nth, byte) in digits.iter().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let permuted = PERMUTED[nth % 8][usize::from(byte - b'0')];
        check = PRODUCT[usize::from(check - b'0')][usize::from(permuted - b'0')];
    }
    check == b'0'
}

/// The check of one of the rules that are numbers takes any bytes. What it accepts is found where it stands alone, in each
/// shape that its letters and digits have, and what it refuses is not.
pub(crate) fn check_decides(catalogue: &Catalogue, choice: usize, bytes: &[u8]) {
    let numbers = numbers(catalogue);
    let (index, rule, check) = numbers[choice % numbers.len()];
    let letters: Vec<u8> =
        bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
    for text in [bytes, &letters] {
        assert_eq!(check(text), check(text), "`{}` of {}", rule.id, text.escape_ascii());
    }
    let (pick, rest) = bytes.split_first().unwrap_or((&0, &[]));
    match rule.detector.verify {
        Verify::Number(number) => {
            let shape = number.shapes[usize::from(*pick) % number.shapes.len()];
            let normal: Vec<u8> =
                shape.bytes().filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').collect();
            for letters in filled(&normal, b'9', b'A', b'#', rest) {
                let is_right = check(&letters).is_some();
                for written in number.shapes.iter().filter_map(|shape| written(shape, &letters)) {
                    assert_eq!(
                        is_found(catalogue, index, &written),
                        is_right,
                        "`{}` of {written:?}",
                        rule.id
                    );
                }
            }
        }
        Verify::Coded(coded) => {
            let (code, forms) = coded.countries[usize::from(*pick) % coded.countries.len()];
            let forms: Vec<&str> = forms.split('|').collect();
            let (pick, rest) = rest.split_first().unwrap_or((&0, &[]));
            let kinds = super::numbers::kinds(forms[usize::from(*pick) % forms.len()]);
            for letters in filled(&kinds, b'n', b'a', b'c', rest) {
                let text = [code.as_bytes(), &letters].concat();
                let Some(lead @ 2..=6) = text.iter().position(u8::is_ascii_digit) else { continue };
                let is_right = check(&text).is_some();
                let shown = String::from_utf8_lossy(&text).into_owned();
                assert_eq!(is_found(catalogue, index, &shown), is_right, "`{}` of {shown}", rule.id);
                let (lead, digits) = text.split_at(lead);
                let apart: Vec<u8> = digits.iter().flat_map(|byte| [b' ', *byte]).skip(1).collect();
                let apart = String::from_utf8_lossy(&[lead, &apart].concat()).into_owned();
                assert!(!is_right || is_found(catalogue, index, &apart), "`{}` of {apart}", rule.id);
            }
        }
        _ => {}
    }
}

/// The rules that are numbers, with their checks.
pub(in crate::detect) fn numbers(catalogue: &Catalogue) -> Vec<(RuleIndex, &CatalogueRule, Check)> {
    let numbers = catalogue.rules().filter_map(|(index, rule)| match rule.detector.verify {
        Verify::Number(Number { check, .. }) | Verify::Coded(Coded { check, .. }) => {
            Some((index, rule, check))
        }
        _ => None,
    });
    numbers.collect()
}

/// Whether a rule finds all of a text at once.
fn is_found(catalogue: &Catalogue, rule: RuleIndex, text: &str) -> bool {
    let mut rules = RuleSet::none();
    rules.insert(rule);
    let all = scan_all(catalogue, &rules, text.as_bytes());
    all.iter().any(|found| (found.start, found.end) == (0, text.len() as u64))
}

/// Texts of a form, in capitals: kinds of places, each a digit, a letter, either, or itself. They differ in their last place, so that one
/// of them has a right check digit.
fn filled(form: &[u8], digit: u8, letter: u8, either: u8, bytes: &[u8]) -> Vec<Vec<u8>> {
    const ALL: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let members = |kind: u8| match kind {
        kind if kind == digit => &ALL[..10],
        kind if kind == letter => &ALL[10..],
        kind if kind == either => &ALL[..],
        _ => &[],
    };
    let mut bytes = bytes.iter().chain(std::iter::repeat(&b'7'));
    let mut take = |kind: &u8| match members(*kind) {
        [] => *kind,
        members => members[usize::from(*bytes.next().unwrap_or(&0)) % members.len()],
    };
    let first: Vec<u8> = form.iter().map(&mut take).map(|byte| byte.to_ascii_uppercase()).collect();
    let Some(last) = form.iter().rposition(|kind| !members(*kind).is_empty()) else { return vec![first] };
    let others = members(form[last]).iter().map(|member| {
        let mut text = first.clone();
        text[last] = *member;
        text
    });
    others.collect()
}

/// Letters and digits in a shape; `None` where they do not fit.
fn written(shape: &str, letters: &[u8]) -> Option<String> {
    let mut letters = letters.iter();
    let mut text = String::new();
    for wanted in shape.bytes() {
        let is_one = wanted.is_ascii_alphanumeric() || wanted == b'#';
        let byte = if is_one { *letters.next()? } else { wanted };
        let fits = match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            b'#' => true,
            wanted => byte.eq_ignore_ascii_case(&wanted),
        };
        fits.then(|| text.push(char::from(byte)))?;
    }
    letters.next().is_none().then_some(text)
}
