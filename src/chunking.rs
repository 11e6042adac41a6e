//! Ways to cut a byte slice, for the one test that every stream component shares: any chunking gives the
//! same result. Knows nothing of what is fed.

/// Every cut into two, the empty halves included.
#[cfg(test)]
pub(crate) fn two_way(bytes: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    (0..=bytes.len()).map(|at| vec![&bytes[..at], &bytes[at..]])
}

/// Chunks of `size` bytes; the last one may be shorter.
pub(crate) fn fixed(bytes: &[u8], size: usize) -> Vec<&[u8]> {
    bytes.chunks(size.max(1)).collect()
}

/// `count` cuts with chunks of 0 to `longest` bytes. The same seed gives the same cuts.
pub(crate) fn random(
    bytes: &[u8],
    longest: usize,
    seed: u64,
    count: usize,
) -> impl Iterator<Item = Vec<&[u8]>> {
    let mut dice = Dice::new(seed);
    (0..count).map(move |_| {
        let mut chunks = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(dice.below(longest + 1).min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        chunks
    })
}

/// All of the above: every two-way cut, one-byte chunks, chunks of 5 bytes, 16 seeded random cuts.
#[cfg(test)]
pub(crate) fn every_way(bytes: &[u8]) -> impl Iterator<Item = Vec<&[u8]>> {
    two_way(bytes)
        .chain([fixed(bytes, 1), fixed(bytes, 5)])
        .chain(random(bytes, 3, 0x5eed, 8))
        .chain(random(bytes, 40, 0xfeed, 8))
}

/// Numbers that look random and are the same in each run (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    /// A sequence that depends on `seed` only.
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number in `0..bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }
}

#[test]
fn every_cut_is_the_whole() {
    for text in ["", "a", "abcdefgh"] {
        let mut count = 0;
        for chunks in every_way(text.as_bytes()) {
            assert_eq!(chunks.concat(), text.as_bytes());
            count += 1;
        }
        assert_eq!(count, text.len() + 1 + 2 + 16);
    }
}
