//! How a body is cut into the pieces in which it arrives.

use std::str::FromStr;

/// The longest piece of a random cut, in bytes: shorter than an event, longer than a token.
const MAX_RANDOM: u64 = 16;

/// A way to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunks {
    /// Not at all.
    Whole,
    /// Into pieces of so many bytes.
    Of(usize),
    /// Into random pieces; the same number cuts the same way.
    Random(u64),
    /// In two, at this byte.
    Split(usize),
    /// In two, at every byte in turn.
    EverySplit,
}

impl FromStr for Chunks {
    type Err = String;

    fn from_str(text: &str) -> Result<Chunks, String> {
        let error = || format!("`{text}` is none of `whole`, N, `random:SEED`, `split:K`, `splits:all`");
        let number = |digits: &str| digits.parse::<u64>().map_err(|_| error());
        let size = |digits: &str| digits.parse::<usize>().map_err(|_| error());
        match text.split_once(':') {
            None if text == "whole" => Ok(Chunks::Whole),
            Some(("splits", "all")) => Ok(Chunks::EverySplit),
            Some(("random", seed)) => Ok(Chunks::Random(number(seed)?)),
            Some(("split", at)) => Ok(Chunks::Split(size(at)?)),
            None => match size(text)? {
                0 => Err(error()),
                length => Ok(Chunks::Of(length)),
            },
            Some(_) => Err(error()),
        }
    }
}

impl Chunks {
    /// Cuts a body; every split is the caller's to try, and begins with none.
    pub(super) fn cut(self, body: &[u8]) -> Vec<&[u8]> {
        match self {
            Chunks::Whole | Chunks::EverySplit => vec![body],
            Chunks::Of(length) => body.chunks(length.max(1)).collect(),
            Chunks::Random(seed) => random(body, seed),
            Chunks::Split(at) => {
                let (first, second) = body.split_at(at.min(body.len()));
                vec![first, second]
            }
        }
    }
}

fn random(mut rest: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut state = seed;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let length = 1 + next(&mut state) % MAX_RANDOM;
        let length = usize::try_from(length).unwrap_or(1).min(rest.len());
        let (piece, tail) = rest.split_at(length);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

/// SplitMix64: small, and good for every seed.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expected) in [
            ("whole", Some(Chunks::Whole)),
            ("7", Some(Chunks::Of(7))),
            ("random:42", Some(Chunks::Random(42))),
            ("split:0", Some(Chunks::Split(0))),
            ("splits:all", Some(Chunks::EverySplit)),
            ("0", None),
            ("", None),
            ("-1", None),
            ("random", None),
            ("random:x", None),
            ("splits:some", None),
        ] {
            assert_eq!(text.parse::<Chunks>().ok(), expected, "{text}");
        }
    }

    #[test]
    fn pieces_make_the_body() {
        let body: Vec<u8> = (0..200).collect();
        for chunks in ["whole", "1", "7", "500", "random:1", "random:2", "split:0", "split:9", "split:900"] {
            let chunks: Chunks = chunks.parse().unwrap();
            assert_eq!(chunks.cut(&body).concat(), body, "{chunks:?}");
        }
        assert_eq!(Chunks::Of(7).cut(&body).len(), 29);
        assert!(Chunks::Random(3).cut(&body).iter().all(|piece| (1..=16).contains(&piece.len())));
        assert_ne!(Chunks::Random(1).cut(&body), Chunks::Random(2).cut(&body));
    }
}
