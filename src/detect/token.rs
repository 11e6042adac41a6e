//! Credentials that begin with their provider's own prefix.

use super::Confidence;
use super::pattern::{Pattern, Place, Reading};
use super::rules::{Hit, Progress, Verdict};
use super::window::Window;

/// A kind of token, as a rule writes it down.
#[derive(Clone, Copy)]
pub(super) struct Token {
    /// Its forms; see [`super::pattern`]. Each begins with a literal, the anchor: long enough to be rare in prose.
    pub(super) patterns: &'static [&'static str],
    /// Bits of Shannon entropy a byte, in tenths, below which what follows the literal is a placeholder (low).
    pub(super) entropy: u8,
}

impl Token {
    /// With the entropy that most random tokens have and few placeholders.
    pub(super) const fn new(patterns: &'static [&'static str]) -> Token {
        Token { patterns, entropy: 28 }
    }
}

/// Judges the anchor of one pattern.
pub(super) fn judge(
    token: &Token,
    pattern: &Pattern,
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
) -> Verdict {
    let place = Place { step: (progress.note >> 16) as u16, count: progress.note as u16 };
    match pattern.read(window, progress.at, place) {
        Reading::No => Verdict::No,
        Reading::More { at, place } => {
            progress.at = at;
            progress.note = u32::from(place.step) << 16 | u32::from(place.count);
            Verdict::More { from: hit.start }
        }
        Reading::Whole { end } => {
            let value = window.slice(hit.start + pattern.prefix(), end);
            let is_doubtful = is_placeholder(value, token.entropy) || is_in_base64(window, hit.start, end);
            let confidence = if is_doubtful { Confidence::Low } else { Confidence::High };
            Verdict::Match { start: hit.start, end, confidence }
        }
    }
}

/// Whether a match may stand in the middle of base64, where any letters come by chance: pictures in an answer have some
/// 100,000 of them.
fn is_in_base64(window: &Window, start: u64, end: u64) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    matches!(window.before(start), Some(b'+' | b'/')) && window.slice(start, end).iter().all(is_base64)
}

/// What documentation writes where a secret would stand.
const PLACEHOLDERS: [&[u8]; 7] =
    [b"EXAMPLE", b"xxxx", b"12345678", b"abcdefgh", b"your", b"placeholder", b"redacted"];

/// Whether a value is no secret, but stands for one.
pub(super) fn is_placeholder(value: &[u8], least_entropy: u8) -> bool {
    let holds = |word: &&[u8]| value.windows(word.len()).any(|piece| piece.eq_ignore_ascii_case(word));
    entropy(value) < f32::from(least_entropy) / 10.0 || PLACEHOLDERS.iter().any(holds)
}

/// Shannon entropy, in bits a byte.
pub(super) fn entropy(value: &[u8]) -> f32 {
    let mut counts = [0_u16; 256];
    for byte in value {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count = count.saturating_add(1);
        }
    }
    let length = value.len().max(1) as f32;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f32::from(*count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_the_middle_of_base64_are_no_token() {
        let cases = [
            ("x/EAAAq7ZtR2mXv9", true),
            ("x+EAAAq7ZtR2mXv9", true),
            ("x/EAAAq7Zt_2mXv9", false),
            ("x=EAAAq7ZtR2mXv9", false),
        ];
        for (text, expected) in cases {
            let window = Window::new(0, text.as_bytes(), true);
            assert_eq!(is_in_base64(&window, 2, text.len() as u64), expected, "{text}");
        }
    }

    #[test]
    fn placeholders_are_told_from_secrets() {
        let cases = [
            ("q7ZtR2mXv9LpK4sWn8Bd", false),
            ("0123456789abcdef0123", true),
            ("xxxxxxxxxxxxxxxxxxxx", true),
            ("aaaaaaaaaaaaaaaaaaaa", true),
            ("YOUR_API_KEY_GOES_HERE", true),
            ("q7ZtR2mXv9EXAMPLEBd", true),
        ];
        for (value, expected) in cases {
            assert_eq!(is_placeholder(value.as_bytes(), 28), expected, "{value}");
        }
    }
}
