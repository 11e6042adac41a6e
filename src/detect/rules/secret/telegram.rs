//! `secret.telegram-token`: the number of a bot, `:AA`, and the rest.

use super::secret;
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::token::is_placeholder;
use crate::detect::window::{Ahead, Window, is_word};

/// Digits in front of the colon.
const DIGITS: std::ops::RangeInclusive<u64> = 8..=10;
/// Bytes behind the anchor.
const TAIL: u64 = 33;

pub(super) const RULE: Rule = secret(
    "secret.telegram-token",
    "Telegram bot token",
    "Telegram Bot API, Authorizing your bot",
    Detector {
        starts_at_anchor: false,
        look_back: *DIGITS.end() + 3,
        tail: Some(tail),
        ..Detector::new(&[b":AA"], verify)
    },
    &[
        example("bot 5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1", "5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1"),
        example(
            "https://api.telegram.org/bot508271639:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1/getMe",
            "508271639:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1",
        ),
    ],
    &["508:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1", "5082716394:AAq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1xx"],
);

fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let mut digits = 0;
    while digits <= *DIGITS.end() && digits < hit.start && is_digit(window.at(hit.start - digits - 1)) {
        digits += 1;
    }
    let start = hit.start - digits;
    let before = window.slice(start.saturating_sub(3), start);
    let begins = !before.last().is_some_and(|byte| is_word(*byte)) || before.eq_ignore_ascii_case(b"bot");
    if !DIGITS.contains(&digits) || !begins {
        return Verdict::No;
    }
    let end = hit.end + TAIL;
    for at in hit.end..=end {
        match window.ahead(at) {
            Ahead::Byte(byte) if (is_word(byte) || byte == b'-') == (at < end) => {}
            Ahead::End if at == end => {}
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
        }
    }
    let confidence =
        if is_placeholder(window.slice(hit.end, end), 28) { Confidence::Low } else { Confidence::High };
    Verdict::Match { start, end, confidence }
}

/// Where a token may start whose `:AA` is not complete.
fn tail(window: &Window) -> u64 {
    let end = window.end();
    let text = window.slice(end.saturating_sub(DIGITS.end() + 2), end);
    let rest = text.strip_suffix(b":A").or(text.strip_suffix(b":")).unwrap_or(text);
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count().min(10);
    match digits {
        0 => end,
        _ => end - (text.len() - rest.len() + digits) as u64,
    }
}

fn is_digit(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit())
}
