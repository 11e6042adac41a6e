//! Phrases that are written so that only a model reads them: with digits for letters, with their letters apart, in base64, in
//! hexadecimal.
//!
//! A run of letters apart or of encoded text is looked at once, when it is over or long enough. What is found begins with
//! the anchor: what stands before it in an encoded run says nothing, and would have to be held back in all text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

use super::walk::{Path, State, Style, Walked, is_inside, walk};
use super::{ANCHOR, anchor, cut};
use crate::class::Confidence;
use crate::detect::rules::{Hit, Progress, Verdict};
use crate::detect::window::{Ahead, Window, is_word};

/// Most bytes that are looked at of a run of letters apart, of base64 and of hexadecimal.
const MAX_APART: u64 = 160;
const MAX_BASE64: u64 = 160;
const MAX_HEX: u64 = 240;
/// Bytes of an encoded run that are decoded to see whether it is worth it.
const PROBE: u64 = 28;
/// What stands between letters apart.
const BETWEEN: [u8; 5] = [b' ', b'-', b'.', b'_', b'*'];
/// What stands between the words of an anchor instead of a blank.
const BLANKS: [&[u8]; 3] = [b"\n", b"  ", b"-"];
/// Most of what stands between letters apart, where a word ends.
const MAX_BETWEEN: u32 = 10;

/// How an anchor is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    /// `i g n o r e`.
    Apart,
    /// With so many bytes in front of it in its group of three.
    Base64(u8),
    Hex,
}

/// The anchors of a word (in lower case): text, whether case matters, mode.
pub(super) fn anchors(word: &[u8], mut push: impl FnMut(Vec<u8>, bool, Mode)) {
    let letters = word.split(|byte| *byte == b' ').next().unwrap_or_default();
    let own = anchor(word);
    push(own.to_vec(), false, Mode::Plain);
    let blanks: Vec<usize> = (0..own.len()).filter(|at| own.get(*at) == Some(&b' ')).collect();
    for blank in BLANKS {
        for (nth, at) in blanks.iter().enumerate() {
            let (before, behind) = own.split_at(*at);
            let behind = behind.get(1..).unwrap_or_default();
            push([before, blank, behind].concat(), false, Mode::Plain);
            if nth > 0 {
                let all: Vec<_> = own.split(|byte| *byte == b' ').collect();
                push(all.join(blank), false, Mode::Plain);
            }
        }
    }
    for text in with_digits(cut(letters, ANCHOR)).into_iter().skip(1) {
        push(text, false, Mode::Plain);
    }
    for between in BETWEEN {
        let apart: Vec<u8> = cut(letters, 3).iter().flat_map(|letter| [*letter, between]).collect();
        push(apart.get(..apart.len().saturating_sub(1)).unwrap_or_default().to_vec(), false, Mode::Apart);
    }
    let upper = word.to_ascii_uppercase();
    let mut title = word.to_vec();
    title.iter_mut().take(1).for_each(|first| first.make_ascii_uppercase());
    for cased in [word, &upper, &title] {
        for before in 0..3_u8 {
            let text = [vec![0; usize::from(before)], cased.to_vec()].concat();
            let code = BASE64_STANDARD_NO_PAD.encode(&text);
            // Only characters that the word alone decides.
            let decided = code.as_bytes().get(..text.len() * 8 / 6).unwrap_or_default();
            let own = decided.get(usize::from(in_front(before))..).unwrap_or_default();
            push(cut(own, ANCHOR - 1).to_vec(), true, Mode::Base64(before));
        }
        let code: String = cut(cased, 3).iter().map(|byte| format!("{byte:02x}")).collect();
        push(code.into_bytes(), false, Mode::Hex);
    }
}

/// A word with each of its letters written as letters or as digits.
fn with_digits(word: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![word.to_vec()];
    for (letter, digit) in
        [(b'a', b'4'), (b'e', b'3'), (b'i', b'1'), (b'o', b'0'), (b's', b'5'), (b't', b'7')]
    {
        if word.contains(&letter) {
            let changed = |text: &Vec<u8>| {
                text.iter().map(|byte| if *byte == letter { digit } else { *byte }).collect::<Vec<u8>>()
            };
            all.extend(all.iter().map(changed).collect::<Vec<_>>());
        }
    }
    all
}

/// Characters of a group of four before the first that a word decides, which has so many bytes in front of it.
fn in_front(before: u8) -> u8 {
    if before == 0 { 0 } else { before + 1 }
}

/// Judges an anchor.
pub(super) fn judge(
    mode: &Mode,
    path: &Path,
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
    state: &mut State,
) -> Verdict {
    match mode {
        Mode::Plain | Mode::Apart if is_first_letter(window, hit) && is_inside(window, hit.start) => {
            Verdict::No
        }
        Mode::Plain => match walk(path, window, hit.start, Style::Words, &mut progress.at, state) {
            Walked::Match(end) => found(hit, end),
            Walked::No => Verdict::No,
            Walked::More => Verdict::More { from: hit.start },
        },
        Mode::Apart => apart(path, window, hit, progress),
        Mode::Base64(before) => encoded(path, window, hit, progress, MAX_BASE64, is_base64, |window, end| {
            let start = hit.start.checked_sub(u64::from(in_front(*before)))?;
            Some((base64(window.slice(start, end))?, usize::from(*before)))
        }),
        Mode::Hex => encoded(
            path,
            window,
            hit,
            progress,
            MAX_HEX,
            |byte| byte.is_ascii_hexdigit(),
            |window, end| Some((hex(window.slice(hit.start, end)), 0)),
        ),
    }
}

fn found(hit: &Hit, end: u64) -> Verdict {
    Verdict::Match { start: hit.start, end, confidence: Confidence::High }
}

fn is_first_letter(window: &Window, hit: &Hit) -> bool {
    window.at(hit.start).is_some_and(is_word)
}

/// Single letters with something between them; longer gaps are the ends of words.
fn apart(path: &Path, window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    // What the phrases say of the letters up to a place, and where the last letter of a phrase stands.
    let follow = |end: u64, is_over: bool| {
        let letters = window.slice(hit.start, end).iter().zip(hit.start..);
        let letters: Vec<(u8, u64)> =
            letters.filter(|(byte, _)| byte.is_ascii_alphanumeric()).map(|(byte, at)| (*byte, at)).collect();
        let joined: Vec<u8> = letters.iter().map(|(byte, _)| *byte).collect();
        match walk(path, &Window::new(0, &joined, is_over), 0, Style::Joined, &mut 0, &mut State::new()) {
            Walked::Match(end) => {
                let last = usize::try_from(end).ok().and_then(|end| letters.get(end.checked_sub(1)?));
                last.map_or(Walked::No, |(_, at)| Walked::Match(at + 1))
            }
            other => other,
        }
    };
    loop {
        let length = progress.at - hit.start;
        if length == PROBE && follow(progress.at, false) == Walked::No {
            return Verdict::No;
        }
        match window.ahead(progress.at) {
            _ if length == MAX_APART => break,
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::End => break,
            // `note` counts what stands between.
            Ahead::Byte(byte) if byte.is_ascii_alphanumeric() && progress.note > 0 => progress.note = 0,
            Ahead::Byte(byte) if byte.is_ascii_alphanumeric() || !byte.is_ascii() => break,
            Ahead::Byte(_) if progress.note == MAX_BETWEEN => break,
            Ahead::Byte(_) => progress.note += 1,
        }
        progress.at += 1;
    }
    match follow(progress.at, true) {
        Walked::Match(end) => found(hit, end),
        Walked::No | Walked::More => Verdict::No,
    }
}

/// A run of characters that encode text. `decode` gives the text, and where in it the anchor begins.
fn encoded(
    path: &Path,
    window: &Window,
    hit: &Hit,
    progress: &mut Progress,
    most: u64,
    belongs: fn(u8) -> bool,
    decode: impl Fn(&Window, u64) -> Option<(Vec<u8>, usize)>,
) -> Verdict {
    let follow = |end: u64, is_over: bool| {
        let Some((text, start)) = decode(window, end) else { return Walked::No };
        let text = Window::new(0, &text, is_over);
        walk(path, &text, start as u64, Style::Words, &mut 0, &mut State::new())
    };
    loop {
        let length = progress.at - hit.start;
        // `note` tells whether the run was worth it.
        if length >= PROBE && progress.note == 0 {
            if follow(hit.start + PROBE, false) == Walked::No {
                return Verdict::No;
            }
            progress.note = 1;
        }
        match window.ahead(progress.at) {
            Ahead::Byte(byte) if belongs(byte) && length < most => progress.at += 1,
            Ahead::Unknown if length < most => return Verdict::More { from: hit.start },
            _ => break,
        }
    }
    match follow(progress.at, true) {
        Walked::Match(_) => found(hit, progress.at),
        Walked::No | Walked::More => Verdict::No,
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Decodes base64 of either alphabet, without padding.
fn base64(code: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(code.len());
    let (mut bits, mut held) = (0_u32, 0);
    for byte in code {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            text.push((bits >> held) as u8);
        }
    }
    Some(text)
}

fn hex(code: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0) as u8;
    code.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | digit(half))).collect()
}
