//! What the check functions of all places share.

use super::date;
use crate::detect::check;

/// The value of the digits from `from` to `to`.
pub(super) fn part(number: &[u8], from: usize, to: usize) -> Option<u32> {
    u32::try_from(check::number(number.get(from..to)?)?).ok()
}

/// The last character, as a digit, and what stands in front of it.
pub(super) fn split_check(number: &[u8]) -> Option<(u32, &[u8])> {
    let (last, body) = number.split_last()?;
    Some((check::digit(*last)?, body))
}

/// The sum of digits times weights modulo 11, taken from 11: 1 to 11.
pub(super) fn from_11(digits: &[u8], weights: &[u32]) -> Option<u32> {
    Some(11 - check::weighted(digits, weights)? % 11)
}

/// Whether a year has such a day; a year of which the century is unknown is one of the 2000s.
pub(super) fn is_day(year: u32, month: u32, day: u32) -> bool {
    date::is_day(year.into(), month.into(), day.into())
}

/// Whether all characters are the same one.
pub(super) fn is_uniform(number: &[u8]) -> bool {
    number.windows(2).all(|pair| pair.first() == pair.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let cases =
            [((1984, 2, 29), true), ((1900, 2, 29), false), ((2000, 2, 29), true), ((1999, 4, 31), false)];
        for ((year, month, day), expected) in cases {
            assert_eq!(is_day(year, month, day), expected, "{year}-{month}-{day}");
        }
        assert!(!is_day(2001, 13, 1) && !is_day(2001, 0, 1) && !is_day(2001, 1, 0));
    }
}
