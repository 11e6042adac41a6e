//! Reads an address out of a text, byte by byte, and says what it carries.

use super::payload;
use crate::class::Confidence::{self, High, Medium};
use crate::detect::rules::{Progress, Verdict};
use crate::detect::window::{Ahead, Window};

/// Longest address that is read, in bytes. A longer one is data.
pub(super) const MAX_URL: u64 = 2048;

/// Who follows an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    /// Whoever displays the text: what the address carries is sent at once.
    AtOnce,
    /// Whoever clicks on it. A search for a few words is no leak then.
    OnClick,
}

/// What an address with a host begins with. Displays read `\` as `/`.
const BEGINNINGS: [&[u8]; 6] = [b"//", b"https://", b"http://", br"https:\\", br"http:\\", b"ftp://"];

/// Whether an address with a host begins at `start`: `None` where that is not known yet.
pub(super) fn has_host(window: &Window, start: u64) -> Option<bool> {
    let begun = BEGINNINGS.map(|beginning| begins(window, start, beginning));
    match begun.contains(&Some(true)) {
        true => Some(true),
        false => (!begun.contains(&None)).then_some(false),
    }
}

/// Whether `text` stands at `start`, in any case: `None` where that is not known yet.
pub(super) fn begins(window: &Window, start: u64, text: &[u8]) -> Option<bool> {
    let mut letters = (start..).zip(text);
    let other = letters.find_map(|(at, letter)| match window.ahead(at) {
        Ahead::Byte(byte) if byte.eq_ignore_ascii_case(letter) => None,
        Ahead::Unknown => Some(None),
        Ahead::Byte(_) | Ahead::End => Some(Some(false)),
    });
    other.unwrap_or(Some(true))
}

/// Reads on, from where `progress` is, to the first byte for which `ends` is true, and judges the address from `start` on.
pub(super) fn read(
    window: &Window,
    start: u64,
    progress: &mut Progress,
    followed: Followed,
    ends: impl Fn(u8) -> bool,
) -> Verdict {
    progress.at = progress.at.max(start);
    loop {
        let at = progress.at;
        if at - start >= MAX_URL {
            return Verdict::Match { start, end: at, confidence: Medium };
        }
        match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(byte) if !ends(byte) => progress.at += 1,
            Ahead::Byte(_) | Ahead::End => return judge(window, start, at, followed),
        }
    }
}

fn judge(window: &Window, start: u64, end: u64, followed: Followed) -> Verdict {
    match payload::in_url(window.slice(start, end)).and_then(|carried| weigh(carried, followed)) {
        Some(confidence) => Verdict::Match { start, end, confidence },
        None => Verdict::No,
    }
}

fn weigh(carried: Confidence, followed: Followed) -> Option<Confidence> {
    match (followed, carried) {
        (Followed::AtOnce, carried) => Some(carried),
        (Followed::OnClick, High) => Some(Medium),
        (Followed::OnClick, _) => None,
    }
}
