//! Writes one text with its masks, touching no byte outside the findings.

use super::lane::{Edit, Site};
use crate::class::Action;
use crate::protocol::json;
use crate::protocol::lane::Encoding;

/// Appends `raw`, whose text begins at `start` of its lane, with the edits applied. A blocked finding ends the text.
/// `mask` is asked once for each mask that is written, in order.
pub(super) fn splice(
    raw: &[u8],
    encoding: Encoding,
    start: u64,
    edits: &[Edit],
    mask: &mut dyn FnMut(&Edit) -> String,
    out: &mut Vec<u8>,
) {
    match encoding {
        Encoding::Plain => {
            let offset = |offset: u64| within(offset, raw);
            write(raw, start, edits, (offset, offset), |edit| quoted(edit, mask).into_bytes(), out);
        }
        Encoding::Json => {
            let offset = |offset: u64| within(offset, raw);
            write(raw, start, edits, (offset, offset), |edit| escaped(&quoted(edit, mask)), out);
        }
        Encoding::JsonEscaped => {
            let (mut starts, mut ends) = (json::OffsetMap::new(raw), json::OffsetMap::new(raw));
            let places = (|offset| starts.start(saturated(offset)), |offset| ends.end(saturated(offset)));
            write(raw, start, edits, places, |edit| escaped(&quoted(edit, mask)), out);
        }
        Encoding::Number => {
            out.push(b'"');
            splice(raw, Encoding::Json, start, edits, mask, out);
            out.push(b'"');
        }
        Encoding::Bytes => {
            let mut bytes = Vec::new();
            splice(&encoding.decode(raw), Encoding::Plain, start, edits, mask, &mut bytes);
            let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
            out.extend_from_slice(format!("[{}]", numbers.join(",")).as_bytes());
        }
    }
}

/// `places` turn offsets of the text into offsets of `raw`: of a start, and of an end. They are asked in ascending order.
fn write(
    raw: &[u8],
    start: u64,
    edits: &[Edit],
    (mut floor, mut ceil): (impl FnMut(u64) -> usize, impl FnMut(u64) -> usize),
    mut mask: impl FnMut(&Edit) -> Vec<u8>,
    out: &mut Vec<u8>,
) {
    let mut written = 0;
    for edit in edits {
        let from = floor(edit.start.saturating_sub(start));
        out.extend_from_slice(raw.get(written..from).unwrap_or_default());
        if edit.action == Action::Block {
            return;
        }
        if edit.start >= start {
            out.extend_from_slice(&mask(edit));
        }
        written = ceil(edit.end - start);
    }
    out.extend_from_slice(raw.get(written..).unwrap_or_default());
}

/// What stands in the place of a finding. A number of a JSON text becomes a string, and a string stays one.
fn quoted(edit: &Edit, mask: &mut dyn FnMut(&Edit) -> String) -> String {
    let mask = mask(edit);
    match edit.site {
        Site::Text => mask,
        Site::JsonString => String::from_utf8_lossy(&escaped(&mask)).into_owned(),
        Site::Json => format!("\"{}\"", String::from_utf8_lossy(&escaped(&mask))),
    }
}

fn within(offset: u64, raw: &[u8]) -> usize {
    saturated(offset).min(raw.len())
}

fn saturated(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn escaped(mask: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(mask.len());
    json::escape_into(mask, &mut out);
    out
}
