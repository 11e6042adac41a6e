//! The mark of RSA keys made by the broken generator of CVE-2017-15361 ("ROCA"), whose private half can be computed.
//!
//! Its primes are `k*M + (65537^a mod M)` with M a product of small primes, so the modulus is a power of 65537
//! modulo each of them. A sound 2048-bit key passes this for all 38 primes with a chance below 2^-27
//! (Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, section 3).

/// The odd primes up to 167: those that divide M for every affected key size.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const GENERATOR: u32 = 65537;

/// Whether a modulus (big-endian) bears the mark.
pub(super) fn marks(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        is_power_of_generator(rest, *prime)
    })
}

fn is_power_of_generator(rest: u32, prime: u32) -> bool {
    let mut power = 1;
    // The generator is prime and larger than `prime`: its powers come back to one within `prime - 1` steps.
    for _ in 1..prime {
        if power == rest {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
    }
    false
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 65537^128, big-endian: a number of 2049 bits that bears the mark by construction.
    pub(in crate::identity) fn marked() -> Vec<u8> {
        let mut bytes = vec![1u8];
        for _ in 0..128 {
            // Times 65537 is: plus itself, two bytes further up.
            let mut sum = vec![0u8; bytes.len() + 3];
            let mut carry = 0u32;
            for (at, slot) in sum.iter_mut().enumerate() {
                let low = bytes.get(at).copied().unwrap_or(0);
                let high = at.checked_sub(2).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
                let total = u32::from(low) + u32::from(high) + carry;
                *slot = (total % 256) as u8;
                carry = total / 256;
            }
            while sum.last() == Some(&0) {
                sum.pop();
            }
            bytes = sum;
        }
        bytes.reverse();
        bytes
    }

    #[test]
    fn a_power_of_the_generator_is_marked_and_its_neighbours_are_not() {
        let mut modulus = marked();
        assert_eq!(modulus.len(), 257);
        assert!(marks(&modulus));
        for bit in 1..8 {
            let at = modulus.len() - 1;
            modulus[at] ^= 1 << bit;
            assert!(!marks(&modulus), "bit {bit}");
            modulus[at] ^= 1 << bit;
        }
    }
}
