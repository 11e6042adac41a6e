//! `secret.azure-client-secret`: three characters and a digit in front of `Q~`, and the rest behind it.

use super::secret;
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::token::entropy;
use crate::detect::window::{Ahead, Window};

/// Bytes in front of the anchor.
const HEAD: u64 = 4;
/// Bytes behind it.
const TAIL: std::ops::RangeInclusive<u64> = 31..=34;

pub(super) const CLIENT_SECRET: Rule = secret(
    "secret.azure-client-secret",
    "Microsoft Entra (Azure AD) client secret",
    "Microsoft Entra documentation, Application credentials",
    Detector {
        starts_at_anchor: false,
        look_back: HEAD + 1,
        tail: Some(tail),
        ..Detector::new(&[b"Q~"], verify)
    },
    &[example("secret: aT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj", "aT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj")],
    &["aT78Q~b3Kx_w9.Zc5Rn", "aaT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj", "~~~8Q~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"],
);

fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let Some(start) = hit.start.checked_sub(HEAD) else { return Verdict::No };
    let head = window.slice(start, hit.start);
    let is_begun = head.len() as u64 == HEAD
        && head.iter().all(|byte| is_value(*byte))
        && head.last().is_some_and(u8::is_ascii_digit)
        && !window.before(start).is_some_and(is_value);
    if !is_begun {
        return Verdict::No;
    }
    let mut end = hit.end;
    loop {
        match window.ahead(end) {
            Ahead::Byte(byte) if is_value(byte) && end - hit.end <= *TAIL.end() => end += 1,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    if !TAIL.contains(&(end - hit.end)) || entropy(window.slice(start, end)) < 3.3 {
        return Verdict::No;
    }
    Verdict::Match { start, end, confidence: Confidence::High }
}

/// Where one may start that is not complete yet.
fn tail(window: &Window) -> u64 {
    let end = window.end();
    let has = |back: u64, is_one: fn(u8) -> bool| end.checked_sub(back).and_then(|at| window.at(at)).is_some_and(is_one);
    let begins = |back: u64| !has(back + 1, is_value);
    let digit = |byte: u8| byte.is_ascii_digit();
    if has(1, |byte| byte == b'Q') && has(2, digit) && (3..=5).all(|back| has(back, is_value)) && begins(5) {
        return end - 5;
    }
    if has(1, digit) && (2..=4).all(|back| has(back, is_value)) && begins(4) {
        return end - 4;
    }
    let length = (1..=3).rev().find(|length| (1..=*length).all(|back| has(back, is_value)) && begins(*length));
    end - length.unwrap_or(0)
}

fn is_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-')
}
