//! `secret.kubernetes`: the values of a manifest of `kind: Secret`.

use super::secret;
use super::value::is_placeholder;
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
    "Kubernetes API reference, Secret v1 (data)",
    Detector { starts_at_anchor: false, ..Detector::new(&[b"kind:", b"\ndata:", b"\n data:"], verify) },
    &[
        example(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  pw: cjRpblkhZEF5\n",
            "cjRpblkhZEF5",
        ),
        example("apiVersion: v1\ndata:\n  pw: cjRpblkhZEF5\nkind: Secret\n", "cjRpblkhZEF5"),
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
/// Lines, up to `data:`.
const DATA: u32 = 1;
/// The first lines below `data:`, up to one with a value.
const ENTRIES: u32 = 2;
/// Lines behind the value, up to `kind:`.
const KIND: u32 = 3;

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let is_kind = hit.nth == 0;
    while progress.at - hit.end < REACH {
        let at = progress.at;
        let Some((text, next)) = line(window, progress) else {
            // A value in front of `kind:` waits for it; one behind it has not begun before this line.
            return Verdict::More { from: if is_kind { at } else { hit.end } };
        };
        match progress.note {
            FIRST if is_kind => match is_secret(text) {
                true => progress.note = DATA,
                false => return Verdict::No,
            },
            FIRST => match text.trim_ascii().is_empty() {
                true => progress.note = ENTRIES,
                false => return Verdict::No,
            },
            _ if next == at || text.starts_with(b"---") => return Verdict::No,
            DATA if text.trim_ascii() == b"data:" => progress.note = ENTRIES,
            // A nearer one takes over.
            DATA if text.trim_ascii().starts_with(b"kind:") => return Verdict::No,
            KIND if text.trim_ascii() == b"data:" => return Verdict::No,
            DATA => {}
            ENTRIES => match value(text) {
                Entry::Value { start, end } if is_kind => return found(at + start, at + end),
                Entry::Value { .. } => progress.note = KIND,
                Entry::Other => {}
                Entry::None => return Verdict::No,
            },
            _ => {
                if let Some(kind) = text.trim_ascii().strip_prefix(b"kind:") {
                    return if is_secret(kind) { first_value(window, hit.end) } else { Verdict::No };
                }
            }
        }
        progress.at = next;
    }
    Verdict::No
}

/// The value of which it is known now that it is a secret.
fn first_value(window: &Window, behind_data: u64) -> Verdict {
    let mut place = Progress { at: behind_data, note: 0 };
    while let Some((text, next)) = line(window, &mut place) {
        match value(text) {
            Entry::Value { start, end } => return found(place.at + start, place.at + end),
            _ if next == place.at => break,
            _ => place.at = next,
        }
    }
    Verdict::No
}

fn found(start: u64, end: u64) -> Verdict {
    Verdict::Match { start, end, confidence: Confidence::High }
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

fn value(text: &[u8]) -> Entry {
    if !text.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
        return Entry::None;
    }
    let colon = text.windows(2).position(|two| two == b": ").map_or(0, |colon| colon + 1);
    let bare = unquoted(text.get(colon..).unwrap_or_default());
    let start = text.windows(bare.len().max(1)).rposition(|here| here == bare).unwrap_or(0) as u64;
    match is_base64(bare) {
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
