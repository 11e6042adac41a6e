//! `secret.kubernetes`: the values of a manifest of `kind: Secret`.

use super::secret;
use super::value::is_placeholder;
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};
use base64::Engine;

/// Bytes from the one line to the other, at most.
const REACH: u64 = 2048;
/// Bytes of a value, at most.
const MAX_VALUE: u64 = 4096;

pub(super) const RULE: Rule = secret(
    "secret.kubernetes",
    "value in a Kubernetes Secret",
    "Kubernetes API reference, Secret v1 (data)",
    Detector { starts_at_anchor: false, ..Detector::new(&[b"kind:", b"\ndata:", b"\n data:"], verify) },
    &[
        example("apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  pw: cjRpblkhZEF5\n", "cjRpblkhZEF5"),
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

struct Unknown;

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let found = match hit.nth {
        0 => behind_kind(window, hit.end),
        _ => in_front_of_kind(window, hit.end),
    };
    let _ = progress;
    match found {
        Ok(Some((start, end))) => Verdict::Match { start, end, confidence: Confidence::High },
        Ok(None) => Verdict::No,
        Err((Unknown, from)) => Verdict::More { from },
    }
}

type Found = Result<Option<(u64, u64)>, (Unknown, u64)>;

fn behind_kind(window: &Window, at: u64) -> Found {
    let (kind, mut at) = line(window, at, at)?;
    if !is_secret(kind) {
        return Ok(None);
    }
    let first = at;
    while at - first < REACH {
        let from = at;
        let (text, next) = line(window, at, at)?;
        if next == from || text.starts_with(b"---") {
            return Ok(None);
        }
        if trimmed(text) == b"data:" {
            return Ok(value(window, next, next)?.map(|(start, end, _)| (start, end)));
        }
        at = next;
    }
    Ok(None)
}

fn in_front_of_kind(window: &Window, at: u64) -> Found {
    let (rest, at) = line(window, at, at)?;
    if !trimmed(rest).is_empty() {
        return Ok(None);
    }
    let Some((start, end, mut at)) = value(window, at, at)? else { return Ok(None) };
    while at - end < REACH {
        let (text, next) = line(window, at, start)?;
        if next == at || text.starts_with(b"---") {
            return Ok(None);
        }
        if let Some(kind) = trimmed(text).strip_prefix(b"kind:") {
            return Ok(is_secret(kind).then_some((start, end)));
        }
        at = next;
    }
    Ok(None)
}

/// The first value of a mapping whose lines begin at `at`, and where the next line does.
fn value(window: &Window, mut at: u64, from: u64) -> Result<Option<(u64, u64, u64)>, (Unknown, u64)> {
    for _ in 0..4 {
        let (text, next) = line(window, at, from)?;
        let is_entry = text.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if next == at || !is_entry {
            return Ok(None);
        }
        // A comment, or a key whose value stands in the next line.
        let colon = text.windows(2).position(|two| two == b": ").map_or(0, |colon| colon + 1);
        let bare = trimmed(text.get(colon..).unwrap_or_default());
        let bare = bare.strip_prefix(b"\"").and_then(|bare| bare.strip_suffix(b"\"")).unwrap_or(bare);
        if trimmed(text).first() != Some(&b'#') && is_base64(bare) {
            let offset = text.windows(bare.len()).rposition(|here| here == bare).unwrap_or(0) as u64;
            return Ok(Some((at + offset, at + offset + bare.len() as u64, next)));
        }
        at = next;
    }
    Ok(None)
}

fn is_base64(text: &[u8]) -> bool {
    let decoded = base64::prelude::BASE64_STANDARD.decode(text).unwrap_or_default();
    text.len() >= 12 && decoded.len() >= 8 && !is_placeholder(text)
}

fn is_secret(kind: &[u8]) -> bool {
    let kind = trimmed(kind);
    let kind = kind.strip_prefix(b"\"").and_then(|kind| kind.strip_suffix(b"\"")).unwrap_or(kind);
    kind.eq_ignore_ascii_case(b"secret")
}

/// The line at `at` without its end, and where the next one begins.
fn line<'w>(window: &Window<'w>, at: u64, from: u64) -> Result<(&'w [u8], u64), (Unknown, u64)> {
    let mut end = at;
    loop {
        match window.ahead(end) {
            Ahead::Byte(b'\n') => return Ok((window.slice(at, end), end + 1)),
            Ahead::Byte(_) if end - at < MAX_VALUE => end += 1,
            Ahead::Unknown => return Err((Unknown, from)),
            Ahead::Byte(_) | Ahead::End => return Ok((window.slice(at, end), end)),
        }
    }
}

fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}
