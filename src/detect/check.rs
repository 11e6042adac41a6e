//! Check digits, as several countries and standards use them. Digits are ASCII.

/// The value of an ASCII digit.
pub(super) fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// The value of a letter or digit in ISO/IEC 7064 and ISO 13616: `0` to `9`, then `A` is 10 to `Z` is 35.
pub(super) fn alphanumeric(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

/// The number that digits write; `None` where they are none, or too many for 64 bits.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    digits
        .iter()
        .try_fold(0_u64, |number, byte| number.checked_mul(10)?.checked_add(u64::from(digit(*byte)?)))
}

/// Whether the first eight digits write a day of 1900 to 2099, the year first.
pub(super) fn is_date(digits: &[u8]) -> bool {
    digits.get(..8).and_then(number).is_some_and(|number| {
        matches!(number / 10_000, 1900..=2099)
            && matches!(number / 100 % 100, 1..=12)
            && (1..=31).contains(&(number % 100))
    })
}

/// The sum of digits times weights; what is longer is cut. `None` where a byte is no digit.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> Option<u32> {
    digits.iter().zip(weights).try_fold(0, |sum, (byte, weight)| Some(sum + digit(*byte)? * weight))
}

/// Whether the last digit is the one that ISO/IEC 7812-1, annex B (Luhn) asks for.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let doubled = [false, true].into_iter().cycle();
    let sum = digits.iter().rev().zip(doubled).try_fold(0, |sum, (byte, doubled)| {
        Some(
            sum + match digit(*byte)? {
                digit if !doubled => digit,
                digit if digit > 4 => digit * 2 - 9,
                digit => digit * 2,
            },
        )
    });
    sum.is_some_and(|sum: u32| sum.is_multiple_of(10))
}

/// The rest modulo 97 of letters and digits read as ISO/IEC 7064 MOD 97-10 does: a letter is two digits.
pub(super) fn mod_97(text: impl IntoIterator<Item = u8>) -> Option<u32> {
    text.into_iter().try_fold(0, |rest, byte| {
        let value = alphanumeric(byte)?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    })
}

/// Whether digits and a last digit or `X` agree by ISO/IEC 7064 MOD 11-2.
pub(super) fn mod_11_2(text: &[u8]) -> bool {
    let Some((last, digits)) = text.split_last() else { return false };
    let sum = digits.iter().try_fold(0, |sum, byte| Some((sum + digit(*byte)?) * 2 % 11));
    let check = if *last == b'X' { Some(10) } else { digit(*last) };
    sum.zip(check).is_some_and(|(sum, check)| (sum + check) % 11 == 1)
}

/// Whether the last digit agrees by ISO/IEC 7064 MOD 11,10.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let Some((last, digits)) = digits.split_last() else { return false };
    let rest = digits.iter().try_fold(10, |product, byte| {
        let sum = (product + digit(*byte)?) % 10;
        Some(if sum == 0 { 10 } else { sum } * 2 % 11)
    });
    rest.zip(digit(*last)).is_some_and(|(rest, last)| (rest + last) % 10 == 1)
}

/// Whether the last digit is the one of Verhoeff's scheme (J. Verhoeff, Error Detecting Decimal Codes, 1969).
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    // The dihedral group of order 10, and one step of its permutation.
    let product = |a: u32, b: u32| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    const STEP: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permuted = |value: u32, times: usize| {
        (0..times % 8).try_fold(value, |value, _| STEP.get(value as usize).copied())
    };
    let check = digits
        .iter()
        .rev()
        .enumerate()
        .try_fold(0, |check, (nth, byte)| Some(product(check, permuted(digit(*byte)?, nth)?)));
    check == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_right_and_no_digit_of_them_may_change() {
        type Check = fn(&[u8]) -> bool;
        let iban: Check =
            |text| mod_97(text.iter().copied().skip(4).chain(text.iter().copied().take(4))) == Some(1);
        let cases: [(&str, Check, &str); 6] = [
            ("Luhn", luhn, "4111111111111111"),
            ("MOD 97-10", iban, "GB82WEST12345698765432"),
            ("MOD 11-2", mod_11_2, "0000000218250097"),
            ("MOD 11-2 with X", mod_11_2, "000000021694233X"),
            ("MOD 11,10", mod_11_10, "07945"),
            ("Verhoeff", verhoeff, "2363"),
        ];
        for (name, check, number) in cases {
            assert!(check(number.as_bytes()), "{name}: {number}");
            for at in 0..number.len() {
                let mut other = number.as_bytes().to_vec();
                if other[at].is_ascii_digit() {
                    other[at] = if other[at] == b'9' { b'0' } else { other[at] + 1 };
                    assert!(!check(&other), "{name}: {number} with another digit at {at}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_digit_fails() {
        for check in [luhn, mod_11_2, mod_11_10, verhoeff] {
            assert!(!check(b"12a4"));
        }
        assert_eq!(mod_97(*b"1-2"), None);
        assert_eq!(number(b"99999999999999999999"), None);
    }
}
