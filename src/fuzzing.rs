//! What must hold for any bytes: one function for each entrance of the core. It takes bytes and panics where the
//! property fails. `fuzz/` looks for such bytes with libFuzzer; the unit tests try what is in `fuzz/seeds/` and
//! mutations of it. Never part of the module.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    reason = "a property fails by panicking"
)]

mod answer;
mod catalogue;
mod dialects;
mod framing;
mod masked;
pub(crate) mod reader;
mod tokens;

#[cfg(test)]
mod tests;

pub use answer::answer;
pub use catalogue::{catalogue, plain, validators};
pub use dialects::dialects;
pub use framing::{array, event_stream, lines, sse};
pub use reader::reader;
pub use tokens::{credential, key_set, token};

use crate::chunking::{self, Dice};
use crate::config::Config;
use crate::protocol::json::{self, Document, ErrorKind, Kind, Limits};
use crate::redact::reference;
use serde::de::IgnoredAny;

/// A property, by the name of its fuzz target.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("answer", answer),
    ("array", array),
    ("catalogue", catalogue),
    ("config", config),
    ("credential", credential),
    ("dialects", dialects),
    ("event_stream", event_stream),
    ("json", json),
    ("key_set", key_set),
    ("lines", lines),
    ("plain", plain),
    ("reader", reader),
    ("redactor", redactor),
    ("sse", sse),
    ("token", token),
    ("validators", validators),
];

/// The first bytes of an input are choices; what is behind them is the content. Missing choices are zero.
fn choices<const N: usize>(data: &[u8]) -> ([u8; N], &[u8]) {
    let mut chosen = [0; N];
    let (head, rest) = data.split_at(N.min(data.len()));
    chosen[..head.len()].copy_from_slice(head);
    (chosen, rest)
}

/// The element that a choice means.
fn chosen<T>(of: &[T], choice: u8) -> &T {
    &of[usize::from(choice) % of.len()]
}

/// Some cuts of the bytes: single bytes where there are few, and random pieces, short and long.
fn cuts(bytes: &[u8], seed: u64) -> Vec<Vec<&[u8]>> {
    let mut cuts: Vec<_> =
        chunking::random(bytes, 3, seed, 1).chain(chunking::random(bytes, 60, seed, 2)).collect();
    if bytes.len() < 400 {
        cuts.push(chunking::fixed(bytes, 1));
    }
    cuts
}

/// JSON is accepted exactly where serde_json accepts it (apart from lone surrogates and depth); what a string decodes to
/// is what serde_json reads, and every offset of it maps to a place at which it can be spliced.
pub fn json(data: &[u8]) {
    let limits = Limits::default();
    let parsed = Document::parse(data, limits);
    // serde_json knows no byte order mark, stops at its own depth, and reads numbers that do not fit as an error only
    // where they are converted.
    let bare = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let theirs = serde_json::from_slice::<IgnoredAny>(bare);
    let document = match (parsed, theirs) {
        (Ok(document), _) => document,
        (Err(error), theirs) => {
            assert!(error.offset <= data.len());
            let is_bound =
                matches!(error.kind, ErrorKind::TooDeep | ErrorKind::TooManyNodes | ErrorKind::Utf8);
            assert!(theirs.is_err() || is_bound, "serde_json accepts what is refused here: {error}");
            return;
        }
    };
    let text = str::from_utf8(bare).expect("an accepted text is UTF-8");
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let message = error.to_string();
        let is_known = ["surrogate", "recursion limit", "unexpected end of hex escape"];
        assert!(is_known.iter().any(|known| message.contains(known)), "serde_json refuses: {message}");
    }
    for id in document.nodes() {
        let Kind::String { .. } = document.kind(id) else { continue };
        string(&document, id);
    }
}

fn string(document: &Document<'_>, id: json::NodeId) {
    let (raw, text) = (document.raw_text(id).unwrap(), document.text(id).unwrap());
    match serde_json::from_slice::<String>(document.raw(id)) {
        Ok(theirs) => {
            assert_eq!(text.as_ref(), theirs.as_bytes());
            assert!(document.is_text(id, &theirs));
            let mut escaped = Vec::new();
            json::escape_into(&theirs, &mut escaped);
            assert_eq!(json::decode(&escaped).as_ref(), theirs.as_bytes());
        }
        Err(_) => assert!(document.as_str(id).is_none(), "serde_json reads no string here"),
    }
    let mut map = json::OffsetMap::new(raw);
    for offset in (0..=text.len()).step_by(1 + text.len() / 64) {
        let (start, end) = (map.start(offset), map.end(offset));
        assert!(start <= end && end <= raw.len());
        assert_eq!((start, end), (json::decoded_to_raw(raw, offset), json::decoded_to_raw_end(raw, offset)));
        let spliced = [b"\"", &raw[..start], b"[X]", &raw[end..], b"\""].concat();
        // Inside a character there is no place; findings begin and end beside characters.
        if str::from_utf8(&spliced).is_ok() {
            let again = Document::parse(&spliced, Limits::default()).expect("a spliced string is a string");
            assert!(again.text(again.root()).is_some());
        }
    }
}

/// The redactor over two lanes of any text agrees with its reference.
pub fn redactor(data: &[u8]) {
    /// Longer texts find nothing new and cost time.
    const LONGEST: usize = 60;
    let ([seed, middle], content) = choices(data);
    // Bytes above ASCII stand for whole parts, so that finds are not left to chance.
    let text = |bytes: &[u8]| {
        let mut text = String::new();
        for byte in bytes.iter().take(LONGEST) {
            match byte {
                0..0x80 => text.push(char::from(*byte)),
                _ => text.push_str(chosen::<&str>(reference::PARTS, *byte)),
            }
        }
        text
    };
    let (first, second) = content.split_at(usize::from(middle).min(content.len()));
    let deltas = reference::cut([&text(first), &text(second)], seed.into());
    reference::masks_as_if_whole(&deltas);
    reference::takes_nothing_back(&deltas);
    reference::stops_before_what_is_blocked(&deltas);
}

/// A configuration is accepted or has problems, each with a place or help, and the same ones each time.
pub fn config(data: &[u8]) {
    match (Config::from_json(data), Config::from_json(data)) {
        (Ok(_), Ok(_)) => {}
        (Err(first), Err(second)) => {
            assert!(!first.0.is_empty(), "refused without a problem");
            assert_eq!(first.to_string(), second.to_string());
        }
        _ => panic!("accepted and refused"),
    }
}

/// A number for each input, for what is random in a property.
fn seed_of(data: &[u8]) -> u64 {
    let mut dice = Dice::new(data.len() as u64);
    data.iter().take(64).fold(0, |seed: u64, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(*byte)).wrapping_add(dice.below(256) as u64)
    })
}
