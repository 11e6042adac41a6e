//! Framers: any cut gives the same frames, and no byte is lost.

use super::{choices, chosen, cuts, seed_of};
use crate::protocol::framing::event_stream::Data;
use crate::protocol::framing::{Framer, Unframed};
use crate::protocol::framing::{array as arrays, event_stream as event_streams, lines as line};
use crate::protocol::sse as events;

/// Bounds of a frame, in bytes: one that is met often, and one that is not.
const BOUNDS: [usize; 3] = [16, 100, 1 << 20];

/// Server-Sent Events.
pub fn sse(data: &[u8]) {
    let ([bound], stream) = choices(data);
    let bound = *chosen(&BOUNDS, bound);
    agree(stream, true, || Box::new(events::Framer::new(bound)));
    data_stands_where_it_says(stream);
}

/// Lines.
pub fn lines(data: &[u8]) {
    let ([bound], stream) = choices(data);
    let bound = *chosen(&BOUNDS, bound);
    agree(stream, true, || Box::new(line::Framer::new(bound)));
}

/// One array.
pub fn array(data: &[u8]) {
    let ([bound], stream) = choices(data);
    let bound = *chosen(&BOUNDS, bound);
    agree(stream, true, || Box::new(arrays::Framer::new(bound)));
}

/// AWS event streams. The sums of what looks like a frame are made right, or nothing behind them would ever be tried.
pub fn event_stream(data: &[u8]) {
    let ([bound, kind, sums], stream) = choices(data);
    let bound = *chosen(&BOUNDS, bound);
    let kind = *chosen(&[Data::Payload, Data::Chunk], kind);
    let mut stream = stream.to_vec();
    if sums % 4 != 0 {
        make_sums_right(&mut stream);
    }
    agree(&stream, false, || Box::new(event_streams::Framer::new(bound, kind)));
}

/// The prelude's sum and the message's, frame after frame, as long as the lengths lead to whole frames.
pub(super) fn make_sums_right(mut stream: &mut [u8]) {
    while stream.len() >= 16 {
        let total = u32::from_be_bytes([stream[0], stream[1], stream[2], stream[3]]) as usize;
        if total < 16 || total > stream.len() {
            return;
        }
        let (frame, rest) = stream.split_at_mut(total);
        let sum = crc32fast::hash(&frame[..8]);
        frame[8..12].copy_from_slice(&sum.to_be_bytes());
        let sum = crc32fast::hash(&frame[..total - 4]);
        frame[total - 4..].copy_from_slice(&sum.to_be_bytes());
        stream = rest;
    }
}

/// A frame as it was read: kind, data, original bytes; the last is what the end gave.
type Read = (Option<String>, Option<Vec<u8>>, Vec<u8>);

fn read(chunks: &[&[u8]], mut framer: Box<dyn Framer>) -> (Vec<Read>, Option<Unframed>, bool) {
    let (mut frames, mut error) = (Vec::new(), None);
    let mut take = |frame: crate::protocol::framing::Frame| {
        let (kind, data) = (frame.kind().map(str::to_owned), frame.data().map(|data| data.to_vec()));
        for text in frame.around() {
            assert!(text.span.start < text.span.end);
        }
        let (bytes, envelope) = frame.into_bytes();
        frames.push((kind, data, envelope.map_or(bytes, |envelope| envelope.original)));
    };
    for chunk in chunks {
        framer.feed(chunk);
        while let Some(frame) = framer.next_frame() {
            match frame {
                Ok(frame) => take(frame),
                Err(unframed) => {
                    // Whoever meets an error stops here.
                    error = Some(unframed);
                    break;
                }
            }
        }
        if error.is_some() {
            return (frames, error, false);
        }
    }
    let rest = framer.finish();
    let has_rest = rest.is_some();
    rest.into_iter().for_each(&mut take);
    assert!(!matches!(framer.next_frame(), Some(Ok(_))), "a frame comes behind the end");
    (frames, None, has_rest)
}

fn agree(stream: &[u8], keeps_all: bool, framer: impl Fn() -> Box<dyn Framer>) {
    let whole = read(&[stream], framer());
    let joined: Vec<u8> = whole.0.iter().flat_map(|(_, _, original)| original.iter().copied()).collect();
    assert!(stream.starts_with(&joined), "frames are not the bytes that came");
    if keeps_all && whole.1.is_none() {
        assert_eq!(joined.len(), stream.len(), "bytes were lost");
    }
    for chunks in cuts(stream, seed_of(stream)) {
        assert!(read(&chunks, framer()) == whole, "chunks of {:?}", lengths(&chunks));
    }
}

fn lengths(chunks: &[&[u8]]) -> Vec<usize> {
    chunks.iter().map(|chunk| chunk.len()).collect()
}

fn data_stands_where_it_says(stream: &[u8]) {
    let mut framer = events::Framer::new(usize::MAX);
    framer.feed(stream);
    let mut read: Vec<_> = framer.by_ref().map(|event| event.expect("there is no bound")).collect();
    read.extend(framer.finish());
    for event in read {
        let data = event.data_bytes();
        for (offset, byte) in data.iter().enumerate().filter(|(_, byte)| **byte != b'\n') {
            let at = event.data_offset_to_raw(offset).expect("a byte of the data stands somewhere");
            assert_eq!(event.raw()[at], *byte);
        }
    }
}
