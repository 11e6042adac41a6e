//! Writes one text with its masks, touching no byte outside the findings.

use super::Actions;
use super::lane::Edit;
use crate::class::Action;
use crate::protocol::json;
use crate::protocol::lane::Encoding;

/// Appends `raw`, whose text begins at `start` of its lane, with the edits applied. A blocked finding ends the text.
pub(super) fn splice(
    raw: &[u8],
    encoding: Encoding,
    start: u64,
    edits: &[Edit],
    actions: &Actions,
    out: &mut Vec<u8>,
) {
    let mut places = Places {
        raw,
        escaped: (encoding == Encoding::JsonEscaped).then(|| json::OffsetMap::new(raw)),
    };
    let mut written = 0;
    for edit in edits {
        let from = places.floor(edit.start.saturating_sub(start));
        out.extend_from_slice(raw.get(written..from).unwrap_or_default());
        if edit.action == Action::Block {
            return;
        }
        if edit.start >= start {
            write_mask(&actions.mask(edit.rule), encoding, out);
        }
        written = places.ceil(edit.end - start);
    }
    out.extend_from_slice(raw.get(written..).unwrap_or_default());
}

/// Offsets of the text → offsets of the bytes; never inside an escape. Asked in ascending order.
struct Places<'a> {
    raw: &'a [u8],
    escaped: Option<json::OffsetMap<'a>>,
}

impl Places<'_> {
    fn floor(&mut self, offset: u64) -> usize {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        match &mut self.escaped {
            Some(map) => map.start(offset),
            None => offset.min(self.raw.len()),
        }
    }

    fn ceil(&mut self, offset: u64) -> usize {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        match &mut self.escaped {
            Some(map) => map.end(offset),
            None => offset.min(self.raw.len()),
        }
    }
}

fn write_mask(mask: &str, encoding: Encoding, out: &mut Vec<u8>) {
    match encoding {
        Encoding::Plain => out.extend_from_slice(mask.as_bytes()),
        Encoding::Json | Encoding::JsonEscaped => json::escape_into(mask, out),
    }
}
