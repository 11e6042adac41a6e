//! Reads an address out of a text, byte by byte, and says what it carries.

use super::payload;
use crate::class::Confidence::{self, High, Medium};
use crate::detect::rules::{Progress, Verdict};
use crate::detect::window::{Ahead, Window};

/// Longest address that is read, in bytes. A longer one is data.
const MAX_URL: u64 = 2048;

/// Who follows an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    /// Whoever displays the text: what the address carries is sent at once.
    AtOnce,
    /// Whoever clicks on it. A search for a few words is no leak then.
    OnClick,
}

/// Whether an address with a host begins at `start`: `None` where that is not known yet.
pub(super) fn has_host(window: &Window, start: u64) -> Option<bool> {
    let mut is_open = false;
    for scheme in [&b"//"[..], b"https://", b"http://"] {
        let mut letters = (start..).zip(scheme);
        let other = letters.find_map(|(at, letter)| match window.ahead(at) {
            Ahead::Byte(byte) if byte.eq_ignore_ascii_case(letter) => None,
            Ahead::Unknown => Some(None),
            Ahead::Byte(_) | Ahead::End => Some(Some(false)),
        });
        match other {
            None => return Some(true),
            Some(Some(_)) => {}
            Some(None) => is_open = true,
        }
    }
    (!is_open).then_some(false)
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
