//! Credentials that look like any other random text, known by their provider's name in front of them.
//!
//! The name is the anchor (`heroku`). It stands for itself, or as a part of a longer one (`MY_HEROKU_KEY`,
//! `herokuToken`); [`super::assignment`] finds the value that it is given, and that has to have one of the provider's
//! shapes, whole. Without a word for a credential (`key`, `token`, …) near the name the value is something else (low).

use super::Confidence;
use super::assignment::{self, Start, Unknown};
use super::pattern::Pattern;
use super::rules::{Hit, Progress, Verdict};
use super::token;
use super::window::Window;

/// A kind of credential, as a rule writes it down. Its detector's anchors are the names.
#[derive(Clone, Copy)]
pub(super) struct Keyed {
    /// What the value looks like, whole; see [`super::pattern`].
    pub(super) values: &'static [&'static str],
    /// Bits of Shannon entropy a byte, in tenths, below which the value is a placeholder (low).
    pub(super) entropy: u8,
    /// Whether the name says by itself that a credential follows.
    pub(super) is_credential: bool,
}

impl Keyed {
    /// Of random text, with a word for a credential near the name.
    pub(super) const fn new(values: &'static [&'static str]) -> Keyed {
        Keyed { values, entropy: 28, is_credential: false }
    }
}

/// Bytes in front of a name in which a word for a credential is looked for: `API_KEY_HEROKU`.
pub(super) const LOOK_BACK: u64 = 16;

/// Words for credentials, as they stand in names.
const CREDENTIAL: [&[u8]; 13] = [
    b"key", b"token", b"secret", b"pass", b"pwd", b"auth", b"cred", b"pat", b"sid", b"id", b"dsn",
    b"license", b"login",
];
/// The ends of names that everybody may know, in lower case and without what separates their parts.
const PUBLIC: [&[u8]; 9] = [
    b"clientid",
    b"tenantid",
    b"subscriptionid",
    b"appid",
    b"applicationid",
    b"objectid",
    b"principalid",
    b"sitekey",
    b"publickey",
];
/// What documentation writes where a secret would stand. Unlike in a token without a name digits in their order are
/// none: whoever names it may mean it.
const PLACEHOLDERS: [&[u8]; 6] = [b"example", b"xxxx", b"your", b"placeholder", b"redacted", b"changeme"];

/// Bytes of a name that are the anchor.
pub(super) const MAX_ANCHOR: usize = 6;

/// Judges the anchor of a name.
pub(super) fn judge(
    keyed: &Keyed,
    name: &[u8],
    patterns: &[Pattern],
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
) -> Verdict {
    read(keyed, name, patterns, window, hit, progress).unwrap_or_else(Verdict::from)
}

fn read(
    keyed: &Keyed,
    name: &[u8],
    patterns: &[Pattern],
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
) -> Result<Verdict, Unknown> {
    let start = match Start::unpack(progress.note, hit.start) {
        Some(start) => start,
        None => {
            let Some(start) = start(keyed, name, window, hit)? else { return Ok(Verdict::No) };
            progress.note = start.pack(hit.start);
            start
        }
    };
    // A full stop may follow.
    let most = patterns.iter().map(Pattern::most).max().unwrap_or(0) + 1;
    let Some(end) = assignment::end(window, start, &mut progress.at, most)? else { return Ok(Verdict::No) };
    let value = window.slice(start.at, end);
    // The end of a sentence.
    let value = value.strip_suffix(b".").unwrap_or(value);
    let Some(pattern) = patterns.iter().find(|pattern| pattern.is(value)) else { return Ok(Verdict::No) };
    let named = window.slice(hit.start.saturating_sub(LOOK_BACK), start.at);
    let is_named =
        keyed.is_credential || is_credential(named) && !is_public(window.slice(hit.start, start.at));
    let confidence = match is_named && !is_placeholder(value, keyed.entropy) {
        false => Confidence::Low,
        true if pattern.prefix() >= 3 => Confidence::High,
        true => Confidence::Medium,
    };
    Ok(Verdict::Match { start: start.at, end: start.at + value.len() as u64, confidence })
}

/// Where the value begins that the name is given.
fn start(keyed: &Keyed, name: &[u8], window: &Window, hit: &Hit) -> Result<Option<Start>, Unknown> {
    let Some(name_end) = assignment::literal(window, hit.start, name, hit.end)? else { return Ok(None) };
    let name = Hit { end: name_end, ..*hit };
    if !stands_for_itself(window, &name)? {
        return Ok(None);
    }
    let blank = if keyed.is_credential { |_: &[u8]| true } else { is_credential };
    assignment::value(window, name_end, blank)
}

/// Whether the anchor is a whole word or a part of a name that has its own begin and end: no letters of a longer word
/// around it.
fn stands_for_itself(window: &Window, hit: &Hit) -> Result<bool, Unknown> {
    let name = window.slice(hit.start, hit.end);
    let (first, last) = (name.first().copied().unwrap_or(0), name.last().copied().unwrap_or(0));
    let before = window.before(hit.start).unwrap_or(b' ');
    let begins = !before.is_ascii_alphanumeric()
        || first.is_ascii_uppercase() && !before.is_ascii_uppercase()
        || window.is_escape_letter(hit.start.saturating_sub(1))
        || !first.is_ascii_alphanumeric();
    if !begins {
        return Ok(false);
    }
    let Some(after) = assignment::byte(window, hit.end, hit.end)? else { return Ok(false) };
    if !after.is_ascii_alphabetic() || !last.is_ascii_lowercase() && !last.is_ascii_uppercase() {
        return Ok(true);
    }
    if last.is_ascii_lowercase() && after.is_ascii_uppercase() {
        return Ok(true);
    }
    for word in [&b"key"[..], b"tok", b"sec", b"api", b"pas", b"acc", b"app", b"cli", b"id", b"aut", b"pat"] {
        if assignment::literal(window, hit.end, word, hit.end)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a word for a credential stands in a text of names.
pub(super) fn is_credential(text: &[u8]) -> bool {
    CREDENTIAL.iter().any(|word| {
        let mut places = text.windows(word.len()).enumerate();
        places.any(|(at, here)| {
            // Short ones are whole words.
            let before = at.checked_sub(1).and_then(|at| text.get(at));
            let after = text.get(at + word.len());
            let is_whole = before.is_none_or(|byte| !byte.is_ascii_lowercase())
                || here.first().is_some_and(u8::is_ascii_uppercase);
            here.eq_ignore_ascii_case(word)
                && (word.len() > 3
                    || word == b"key"
                    || is_whole && after.is_none_or(|byte| !byte.is_ascii_lowercase()))
        })
    })
}

/// Whether a name is that of something everybody may know: `AZURE_TENANT_ID`, `siteKey`.
fn is_public(name: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let name: Vec<u8> = name.iter().copied().take_while(is_part).filter(u8::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    PUBLIC.iter().any(|end| name.ends_with(end))
}

/// Whether a value is none, but stands for one.
pub(super) fn is_placeholder(value: &[u8], least_entropy: u8) -> bool {
    let holds = |word: &&[u8]| value.windows(word.len()).any(|piece| piece.eq_ignore_ascii_case(word));
    token::entropy(value) < f32::from(least_entropy) / 10.0 || PLACEHOLDERS.iter().any(holds)
}
