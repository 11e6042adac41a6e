//! `secret.jwk`: the private part of a JSON Web Key.

use super::secret;
use super::value::{Kind, is_secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes of a value, at least and at most: an Ed25519 key has 43, an RSA exponent of 8192 bits 1366.
const MIN_VALUE: usize = 42;
const MAX_VALUE: u64 = 1536;
/// Bytes in front of `"k"` in which its kind stands.
const LOOK_BACK: u64 = 128;

pub(super) const RULE: Rule = secret(
    "secret.jwk",
    "private or symmetric key in a JSON Web Key",
    "RFC 7518 sections 6.2.2.1, 6.3.2.1 and 6.4.1; RFC 8037 section 2",
    Detector {
        starts_at_anchor: false,
        look_back: LOOK_BACK,
        ..Detector::new(&[b"\"d\"", b"\"k\""], verify)
    },
    &[
        example(
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR\",\"x\":\"\"}",
            "q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR",
        ),
        example(
            "{\"kty\": \"oct\", \"k\": \"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR\"}",
            "q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR",
        ),
    ],
    &[
        "{\"x\":\"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR\"}",
        "{\"d\":\"M12 2L2 7l10 5 10-5-10-5zM2 17l10 5 10-5M2 12l10 5 10-5\"}",
        "{\"k\":\"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR\"}",
    ],
);

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    read(window, hit, progress).unwrap_or_else(Verdict::from)
}

fn read(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    let Some(start) = assignment::value(window, hit.end, |_| false)? else { return Ok(Verdict::No) };
    progress.at = progress.at.max(start.at);
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_VALUE)? else {
        return Ok(Verdict::No);
    };
    let value = window.slice(start.at, end);
    let before = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    let is_symmetric = hit.nth == 0 || before.windows(5).any(|kind| kind == b"\"oct\"");
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_one = is_symmetric
        && value.len() >= MIN_VALUE
        && value.iter().all(is_base64url)
        && is_secret(value, Kind::Token, true);
    Ok(match is_one {
        true => Verdict::Match { start: start.at, end, confidence: Confidence::High },
        false => Verdict::No,
    })
}
