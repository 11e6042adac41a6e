//! Numbers for the values of one exchange, so that a mask says which values are the same: `[EMAIL_1]`.

use crate::detect::ValueKey;
use std::collections::BTreeMap;

/// So many values of one exchange get a number of their own. Those that come later share the next one of their kind.
pub const MAX_NUMBERED: usize = 1024;

/// The values that were masked so far. Holds no text: a value is known by a keyed hash of it.
#[derive(Clone)]
pub struct Numbers {
    key: ValueKey,
    known: BTreeMap<(u16, u64), u32>,
    /// How many there are of each kind.
    counts: BTreeMap<u16, u32>,
}

impl Numbers {
    /// Nothing is numbered. The seed is random and the exchange's own: it keys the hashes.
    pub fn new(seed: [u8; 16]) -> Numbers {
        Numbers { key: ValueKey(seed), known: BTreeMap::new(), counts: BTreeMap::new() }
    }

    pub(super) fn key(&self) -> ValueKey {
        self.key
    }

    /// The number of a value among those of its kind, from 1 in the order in which their masks are written.
    pub(super) fn of(&mut self, kind: u16, value: u64) -> u32 {
        if let Some(number) = self.known.get(&(kind, value)) {
            return *number;
        }
        let count = self.counts.entry(kind).or_default();
        if self.known.len() >= MAX_NUMBERED {
            return count.saturating_add(1);
        }
        *count += 1;
        self.known.insert((kind, value), *count);
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_bound_values_share_a_number() {
        let mut numbers = Numbers::new([1; 16]);
        for value in 0..MAX_NUMBERED as u64 {
            assert_eq!(u64::from(numbers.of(0, value)), value + 1);
        }
        let shared = MAX_NUMBERED as u32 + 1;
        assert_eq!([numbers.of(0, 5_000), numbers.of(0, 5_001), numbers.of(0, 5_000)], [shared; 3]);
        assert_eq!(numbers.of(0, 7), 8, "what is known keeps its number");
        assert_eq!([numbers.of(1, 0), numbers.of(1, 1)], [1, 1], "another kind");
        assert_eq!(numbers.known.len(), MAX_NUMBERED);
    }
}
