//! `secret.kubernetes`: the values of a manifest of `kind: Secret`.

use super::secret;
use super::value::{self, Kind, is_placeholder};
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};
use base64::Engine;

/// Bytes from the one line to the other, at most.
const REACH: u64 = 1024;
/// Bytes of a line, at most.
const MAX_LINE: u64 = 4096;

pub(super) const RULE: Rule = secret(
    "secret.kubernetes",
    "value in a Kubernetes Secret",
    "Kubernetes API reference, Secret v1 (data, stringData)",
    Detector { starts_at_anchor: false, ..Detector::new(&[b"kind:", b"\ndata:", b"\n data:"], verify) },
    &[
        example(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  pw: cjRpblkhZEF5\n",
            "cjRpblkhZEF5",
        ),
        example("apiVersion: v1\ndata:\n  pw: cjRpblkhZEF5\nkind: Secret\n", "cjRpblkhZEF5"),
        example("kind: Secret\nstringData:\n  login: alice\n  word: r4inY-dAy9\n", "r4inY-dAy9"),
    ],
    &[
        "kind: Secret\ndata:\n  pw: \"\"\n",
        "kind: Secret\ndata:\n  pw: {{ pw }}\n",
        "kind: ConfigMap\ndata:\n  pw: cjRpblkhZEF5\n",
        "kind: ExternalSecret\nspec:\n  data:\n  - key: abcdefgh\n",
        "data:\n  pw: cjRpblkhZEF5\nkind: ConfigMap\n",
    ],
);

// What `progress.note` says is read next, from the line on that begins at `progress.at`; above it, how much of that line has
// been read.
/// The rest of the line of the anchor.
const FIRST: u32 = 0;
/// Lines, up to `data:` or `stringData:`.
const DATA: u32 = 1;
/// The lines below `data:`.
const ENTRIES: u32 = 2;
/// The lines below `stringData:`.
const TEXTS: u32 = 3;
/// The lines below a `data:` in front of `kind:`, up to one with a value.
const HEAD: u32 = 4;
/// Lines behind the value, up to `kind:`.
const KIND: u32 = 5;

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let is_kind = hit.nth == 0;
    while progress.at - hit.end < REACH {
        let at = progress.at;
        let Some((text, next)) = line(window, progress) else {
            // A value in front of `kind:` waits for it; one behind it has not begun before this line.
            return Verdict::More { from: if progress.note & 0xff >= HEAD { hit.end } else { at } };
        };
        let state = progress.note;
        match state {
            FIRST if is_kind => match is_secret(text) {
                true => progress.note = DATA,
                false => return Verdict::No,
            },
            FIRST => match text.trim_ascii().is_empty() {
                true => progress.note = HEAD,
                false => return Verdict::No,
            },
            _ if next == at || text.starts_with(b"---") => return Verdict::No,
            HEAD => match entry(text, false) {
                Entry::Value { .. } => progress.note = KIND,
                Entry::Other => {}
                Entry::None => return Verdict::No,
            },
            KIND if text.trim_ascii() == b"data:" => return Verdict::No,
            KIND => {
                if let Some(kind) = text.trim_ascii().strip_prefix(b"kind:") {
                    if !is_secret(kind) {
                        return Verdict::No;
                    }
                    // Now it is known what the lines above are.
                    *progress = Progress { at: hit.end, note: ENTRIES };
                    continue;
                }
            }
            // A nearer one takes over.
            _ if text.trim_ascii().starts_with(b"kind:") => return Verdict::No,
            _ if is_kind && text.trim_ascii() == b"data:" => progress.note = ENTRIES,
            _ if is_kind && text.trim_ascii() == b"stringData:" => progress.note = TEXTS,
            DATA => {}
            _ => match entry(text, state == TEXTS) {
                Entry::Value { start, end } => {
                    progress.at = next;
                    return Verdict::Part { start: at + start, end: at + end, confidence: Confidence::High };
                }
                Entry::Other => {}
                Entry::None if text.trim_ascii().is_empty() => {}
                Entry::None if is_kind => progress.note = DATA,
                Entry::None => return Verdict::No,
            },
        }
        progress.at = next;
    }
    Verdict::No
}

/// What a line below `data:` is.
enum Entry {
    /// One with a value, here.
    Value { start: u64, end: u64 },
    /// A comment, or a key whose value stands in the next line.
    Other,
    /// None: the mapping is over.
    None,
}

fn entry(text: &[u8], is_text: bool) -> Entry {
    if !text.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
        return Entry::None;
    }
    let colon = text.windows(2).position(|two| two == b": ").map_or(0, |colon| colon + 1);
    let bare = unquoted(text.get(colon..).unwrap_or_default());
    let start = text.windows(bare.len().max(1)).rposition(|here| here == bare).unwrap_or(0) as u64;
    let is_one = match is_text {
        true => value::is_secret(bare, Kind::Password, true) || value::is_secret(bare, Kind::Token, true),
        false => is_base64(bare),
    };
    match is_one {
        true => Entry::Value { start, end: start + bare.len() as u64 },
        false => Entry::Other,
    }
}

fn is_base64(text: &[u8]) -> bool {
    let decoded = base64::prelude::BASE64_STANDARD.decode(text).unwrap_or_default();
    text.len() >= 12 && decoded.len() >= 8 && !is_placeholder(text)
}

fn is_secret(kind: &[u8]) -> bool {
    unquoted(kind).eq_ignore_ascii_case(b"secret")
}

fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

/// The line at `progress.at` without its end, and where the next one begins; `None` where more text is needed.
fn line<'w>(window: &Window<'w>, progress: &mut Progress) -> Option<(&'w [u8], u64)> {
    let start = progress.at;
    let mut length = u64::from(progress.note >> 8);
    progress.note &= 0xff;
    loop {
        let end = start + length;
        match window.ahead(end) {
            Ahead::Byte(b'\n') => return Some((window.slice(start, end), end + 1)),
            Ahead::Byte(_) if length < MAX_LINE => length += 1,
            Ahead::Unknown => {
                progress.note |= (length as u32) << 8;
                return None;
            }
            Ahead::Byte(_) | Ahead::End => return Some((window.slice(start, end), end)),
        }
    }
}
