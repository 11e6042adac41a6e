//! Reading a stream's frames: what is known of a frame because it is like one before it is what reading it says.

use super::dialects::operation;
use super::{choices, chosen};
use crate::protocol::framing::Frame;
use crate::protocol::lane::Text;
use crate::protocol::reader::Reader;
use crate::protocol::{Dialect, Event, Facts};
use std::collections::HashSet;

/// What a stream may come as.
const CONTENT_TYPES: &[&str] = &[
    "text/event-stream",
    "application/x-ndjson",
    "application/json",
    "application/vnd.amazon.eventstream",
    "application/json-seq",
];

/// A frame's bound, in bytes.
const BOUND: usize = 1 << 20;

/// One stream of any dialect.
pub fn reader(data: &[u8]) {
    let ([call, content_type, sums], stream) = choices(data);
    let (_, _, operation) = operation(call);
    let mut stream = stream.to_vec();
    if sums % 4 != 0 {
        super::framing::make_sums_right(&mut stream);
    }
    let content_type: &&str = chosen(CONTENT_TYPES, content_type);
    agree(operation.dialect, content_type, &stream);
}

/// Reads a stream with and without what a reader remembers; gives the number of frames of which texts were left out.
pub(crate) fn agree(dialect: &'static dyn Dialect, content_type: &str, stream: &[u8]) -> usize {
    let Some(mut framer) = dialect.framer(content_type, BOUND) else { return 0 };
    framer.feed(stream);
    let (mut exact, mut quick) =
        (Reader::new(dialect, Facts::default()), Reader::new(dialect, Facts::default()));
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    let mut left_out = 0;
    let mut number = 0u32;
    while let Some(Ok(frame)) = framer.next_frame() {
        let (told, known) = (exact.read(&frame), quick.read(&frame));
        let (Ok(told), Ok(known)) = (&told, &known) else {
            assert!(told.is_err() && known.is_err(), "read by one and not by the other");
            return left_out;
        };
        assert_eq!(told.event.as_ref().map(shape_of), known.event.as_ref().map(shape_of));
        assert_eq!(told.is_end, known.is_end);
        let texts = &told.texts;
        let known: HashSet<String> = known.texts.iter().map(described).collect();
        for text in texts {
            let is_told = known.contains(&described(text));
            assert!(is_told || text.lane.is_none(), "a text of a lane is left out");
            assert!(is_told || seen.contains(content(&frame, text)), "a text that is new is left out");
        }
        assert!(known.len() <= texts.len(), "a text that is not there");
        left_out += usize::from(known.len() < texts.len());
        seen.extend(texts.iter().map(|text| content(&frame, text).to_vec()));
        quick.nothing_was_found();
        // Asking is no reading: it must not change what is found later.
        number += 1;
        if number.is_multiple_of(5) {
            assert_eq!(exact.facts(), quick.facts());
        }
    }
    assert_eq!(exact.facts(), quick.facts());
    left_out
}

fn content<'f>(frame: &'f Frame, text: &Text) -> &'f [u8] {
    &frame.bytes()[text.span.clone()]
}

fn described(text: &Text) -> String {
    format!("{text:?}")
}

fn shape_of(event: &Event) -> (&[u32], &[u32], &[u32], bool, bool) {
    (&event.begins, &event.items, &event.finished, event.starts, event.ends)
}
