//! Dates of birth inside of numbers.

use crate::detect::check;

/// The number that the digits from `at` on write.
pub(super) fn part(number: &[u8], at: usize, digits: usize) -> Option<u64> {
    check::number(number.get(at..at + digits)?)
}

/// Year, month and day of six digits, `YYMMDD`.
pub(super) fn yymmdd(number: &[u8], at: usize) -> Option<(u64, u64, u64)> {
    Some((part(number, at, 2)?, part(number, at + 2, 2)?, part(number, at + 4, 2)?))
}

/// Whether there is such a day in the Gregorian calendar.
pub(super) fn is_day(year: u64, month: u64, day: u64) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether there is such a day in 19YY or 20YY.
pub(super) fn is_day_of_either(year: u64, month: u64, day: u64) -> bool {
    is_day(1900 + year, month, day) || is_day(2000 + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_were_are_days() {
        let cases = [
            ((2000, 2, 29), true),
            ((1900, 2, 29), false),
            ((2023, 2, 29), false),
            ((1999, 12, 31), true),
            ((1999, 11, 31), false),
            ((1999, 13, 1), false),
            ((1999, 1, 0), false),
            ((1999, 0, 1), false),
        ];
        for ((year, month, day), expected) in cases {
            assert_eq!(is_day(year, month, day), expected, "{year}-{month}-{day}");
        }
        assert!(is_day_of_either(0, 2, 29));
        assert_eq!(yymmdd(b"x990102", 1), Some((99, 1, 2)));
        assert_eq!(yymmdd(b"99010", 0), None);
    }
}
