//! Texts that are known again without being kept.

use std::hash::{BuildHasher, Hasher, RandomState};

use siphasher::sip128::{Hasher128, SipHasher24};

/// 128 bits of SipHash-2-4 under a key that nobody learns: to find another text with those of a given one, or two texts that
/// have the same, one would have to guess, and each guess is a request. It takes less time than SHA-256, and is done for each request.
pub struct Fingerprints {
    /// Before its first byte, with the key in it.
    keyed: SipHasher24,
}

impl Fingerprints {
    /// Under a new random key. What it makes means nothing under another.
    pub fn new() -> Fingerprints {
        // The standard library's way to random bits: the keys of its own tables.
        let random = RandomState::new();
        Fingerprints { keyed: SipHasher24::new_with_keys(random.hash_one(0), random.hash_one(1)) }
    }

    /// Of a text.
    pub fn of(&self, text: &[u8]) -> u128 {
        let mut hasher = self.keyed;
        hasher.write(text);
        hasher.finish128().as_u128()
    }
}

impl Default for Fingerprints {
    fn default() -> Self {
        Fingerprints::new()
    }
}
