//! Identifiers of exchanges, without asking the host for random bytes each time.

use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// Identifiers that nobody can foresee and that do not repeat by more than chance: SipHash-2-4 with 128 bits (J.-P. Aumasson and
/// D. J. Bernstein, 2012), a pseudo-random function, of a counter under a key that stays here.
pub struct Ids {
    keyed: SipHasher24,
    given: u64,
}

impl Ids {
    /// `key` must be random, and known to nobody else.
    pub fn new(key: [u8; 16]) -> Ids {
        Ids { keyed: SipHasher24::new_with_key(&key), given: 0 }
    }

    /// The next one.
    pub fn draw(&mut self) -> [u8; 16] {
        let mut hasher = self.keyed;
        hasher.write_u64(self.given);
        self.given += 1;
        hasher.finish128().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;
    use std::collections::BTreeSet;

    #[test]
    fn none_repeats_and_each_key_has_its_own() {
        let mut ids = [Ids::new([1; 16]), Ids::new([2; 16])];
        let drawn: BTreeSet<_> = (0..1000).flat_map(|_| ids.each_mut().map(Ids::draw)).collect();
        assert_eq!(drawn.len(), 2000);
    }

    #[test]
    fn the_same_key_gives_the_same() {
        let (mut one, mut other) = (Ids::new([7; 16]), Ids::new([7; 16]));
        assert_eq!([one.draw(), one.draw()], [other.draw(), other.draw()]);
    }
}
