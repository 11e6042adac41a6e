//! Tokens whose own sign stands in their middle: `…8Q~…` of Microsoft, `…:AA…` of Telegram, `….atlasv1.…` of HashiCorp,
//! `…-us1` of Mailchimp. What stands in front of it is held back, since a sign may follow.

use super::secret;
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::token::is_placeholder;
use crate::detect::window::{Ahead, Window, is_word};

/// Head, sign, tail.
struct Shape {
    is_head: fn(u8) -> bool,
    /// Bytes of the head.
    least: u64,
    most: u64,
    sign: &'static [u8],
    /// Whether the head ends right.
    head_ends: fn(u8) -> bool,
    /// A word that may touch the head.
    before: &'static [u8],
    is_tail: fn(u8) -> bool,
    /// Bytes of the tail.
    least_tail: u64,
    most_tail: u64,
    /// Bits of Shannon entropy a byte, in tenths.
    entropy: u8,
}

const SHAPES: [Shape; 4] = [
    Shape {
        is_head: is_azure,
        least: 4,
        most: 4,
        sign: b"Q~",
        head_ends: is_digit,
        before: b"",
        is_tail: is_azure,
        least_tail: 31,
        most_tail: 34,
        entropy: 33,
    },
    Shape {
        is_head: is_digit,
        least: 8,
        most: 10,
        sign: b":AA",
        head_ends: is_digit,
        before: b"bot",
        is_tail: is_base64url,
        least_tail: 32,
        most_tail: 33,
        entropy: 33,
    },
    Shape {
        is_head: is_alphanumeric,
        least: 14,
        most: 14,
        sign: b".atlasv1.",
        head_ends: is_alphanumeric,
        before: b"",
        is_tail: |byte| is_base64url(byte) || byte == b'=',
        least_tail: 60,
        most_tail: 70,
        entropy: 33,
    },
    Shape {
        is_head: |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        least: 32,
        most: 32,
        sign: b"-us",
        head_ends: |_| true,
        before: b"",
        is_tail: is_digit,
        least_tail: 1,
        most_tail: 2,
        entropy: 28,
    },
];

pub(super) const RULES: [Rule; 4] = [
    secret(
        "secret.azure-client-secret",
        "Microsoft Entra (Azure AD) client secret",
        "Microsoft Entra documentation, Application credentials",
        detector(&[b"Q~"], verify::<0>, tail::<0>),
        &[example(
            "secret: aT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj",
            "aT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj",
        )],
        &[
            "aT78Q~b3Kx_w9.Zc5Rn",
            "aaT78Q~b3Kx_w9.Zc5Rn-u1Lm7Qs4Yd0Tv2Hg6Pj",
            "~~~8Q~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        ],
    ),
    secret(
        "secret.telegram-token",
        "Telegram bot token",
        "Telegram Bot API, Authorizing your bot",
        detector(&[b":AA"], verify::<1>, tail::<1>),
        &[
            example(
                "bot 5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1",
                "5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1",
            ),
            example(
                "https://api.telegram.org/bot508271639:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1/getMe",
                "508271639:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1",
            ),
        ],
        &["508:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1", "5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1xx"],
    ),
    secret(
        "secret.terraform-token",
        "Terraform Cloud or Enterprise API token",
        "HCP Terraform documentation, API tokens",
        detector(&[b".atlasv1."], verify::<2>, tail::<2>),
        &[example(
            "t q7ZtR2mXv9LpK4.atlasv1.sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5K7z.",
            "q7ZtR2mXv9LpK4.atlasv1.sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5K7z",
        )],
        &[
            "q7ZtR2mXv9LpK4.atlasv1.sWn8BdYcH3fJg6TuEa1oViQ5q7",
            "x.atlasv1.sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR2mXv9",
        ],
    ),
    secret(
        "secret.mailchimp-key",
        "Mailchimp API key",
        "Mailchimp Marketing API documentation, About API keys",
        detector(&[b"-us"], verify::<3>, tail::<3>),
        &[example("key 5f8c0d3e9b7a4c61f2e8d07b5a4c3e1f-us14", "5f8c0d3e9b7a4c61f2e8d07b5a4c3e1f-us14")],
        &["5f8c0d3e9b7a4c61f2e8d07b5a4c3e1-us14", "5f8c0d3e9b7a4c61f2e8d07b5a4c3e1f-user", "en-us1"],
    ),
];

const fn detector(
    anchors: &'static [&'static [u8]],
    verify: fn(&Window, &Hit, &mut Progress) -> Verdict,
    tail: fn(&Window) -> u64,
) -> Detector {
    Detector { starts_at_anchor: false, look_back: 44, tail: Some(tail), ..Detector::new(anchors, verify) }
}

fn verify<const NTH: usize>(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let Some(shape) = SHAPES.get(NTH) else { return Verdict::No };
    let length = head(shape, window, hit.start);
    let start = hit.start - length;
    let ends = window.before(hit.start).is_some_and(shape.head_ends);
    if !(shape.least..=shape.most).contains(&length) || !ends || !begins(shape, window, start) {
        return Verdict::No;
    }
    let mut end = hit.end;
    loop {
        match window.ahead(end) {
            Ahead::Byte(byte) if (shape.is_tail)(byte) && end - hit.end <= shape.most_tail => end += 1,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(byte) if is_word(byte) => return Verdict::No,
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    // The end of a sentence.
    let end = if end > hit.end && window.before(end) == Some(b'.') { end - 1 } else { end };
    if !(shape.least_tail..=shape.most_tail).contains(&(end - hit.end)) {
        return Verdict::No;
    }
    let is_none = is_placeholder(window.slice(start, end), shape.entropy);
    let confidence = if is_none { Confidence::Low } else { Confidence::High };
    Verdict::Match { start, end, confidence }
}

/// How many bytes in front of `at` may be a head: one more than the most where there are more.
fn head(shape: &Shape, window: &Window, at: u64) -> u64 {
    let mut length = 0;
    while length <= shape.most
        && at.checked_sub(length + 1).and_then(|at| window.at(at)).is_some_and(shape.is_head)
    {
        length += 1;
    }
    length
}

fn begins(shape: &Shape, window: &Window, start: u64) -> bool {
    let before = window.slice(start.saturating_sub(shape.before.len() as u64), start);
    !window.before(start).is_some_and(is_word)
        || !shape.before.is_empty() && before.eq_ignore_ascii_case(shape.before)
        || window.is_escape_letter(start.saturating_sub(1))
}

/// Where a token may start whose sign is not complete.
fn tail<const NTH: usize>(window: &Window) -> u64 {
    let end = window.end();
    let Some(shape) = SHAPES.get(NTH) else { return end };
    let mut from = end;
    let last = window.before(end);
    for written in 0..shape.sign.len() {
        let sign = shape.sign.get(..written).unwrap_or_default();
        let at = end.saturating_sub(written as u64);
        if written > 0 && (sign.last().copied() != last || window.slice(at, end) != sign) {
            continue;
        }
        let length = head(shape, window, at);
        let is_long_enough = written == 0 || length >= shape.least;
        if length <= shape.most && is_long_enough && begins(shape, window, at - length) {
            from = from.min(at - length);
        }
    }
    from
}

fn is_azure(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'~' | b'.' | b'-')
}

fn is_base64url(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}
