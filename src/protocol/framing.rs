//! How a streamed answer is cut into the pieces that stay whole, whatever the chunks that it comes in.

pub mod array;
pub mod event_stream;
pub mod lines;

use super::lane::{Channel, Encoding, Text};
use super::sse;
use std::borrow::Cow;
use std::ops::Range;

/// What surrounds the data of an ordinary event (`data: ` and two line ends) is no text.
const MAX_PLAIN_FRAMING: usize = 10;

/// Cuts a stream into frames. Bounded: a frame has at most so many bytes as its framer was made for.
pub trait Framer {
    /// Takes bytes as they come.
    fn feed(&mut self, bytes: &[u8]);
    /// The next frame that is complete.
    fn next_frame(&mut self) -> Option<Result<Frame, Unframed>>;
    /// What is left when the stream has ended: a frame that is perhaps not complete.
    fn finish(&mut self) -> Option<Frame>;
    /// Frames what a dialect has written to end the stream early, behind `last`, the last byte that was delivered.
    fn ending(&self, ending: Vec<u8>, _last: Option<u8>) -> Vec<u8> {
        ending
    }
}

/// Capacity that a framer keeps while it waits, in bytes: a few deltas.
const IDLE_CAPACITY: usize = 512;

/// Drops what was taken from the front of a framer's buffer, where no more has to move than that, so that moving stays
/// linear, and gives back capacity that nothing needs. By how much everything has moved, in bytes.
pub(super) fn compact(buffer: &mut Vec<u8>, start: &mut usize) -> usize {
    let taken = *start;
    if taken == 0 || taken < buffer.len() - taken {
        return 0;
    }
    buffer.drain(..taken);
    *start = 0;
    if buffer.capacity() > IDLE_CAPACITY {
        buffer.shrink_to(IDLE_CAPACITY);
    }
    taken
}

/// Why there are no more frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unframed {
    /// A frame is larger than the bound.
    TooLong,
    /// The bytes are not framed like this.
    Malformed,
}

/// A piece of a stream that stays whole: at most one JSON text, and what stands around it.
pub enum Frame {
    /// A Server-Sent Event.
    Event(sse::Event),
    /// Bytes in which the data is one piece.
    Piece(Piece),
}

/// A frame whose data is one piece.
pub struct Piece {
    /// The bytes in which the data stands.
    pub bytes: Vec<u8>,
    /// Where; `None` where the frame has none.
    pub data: Option<Range<usize>>,
    /// The name of the event, where the framing gives one.
    pub kind: Option<String>,
    /// What the bytes were taken out of.
    pub envelope: Option<Envelope>,
}

/// The bytes that a unit came in, where they are not the unit's own.
pub struct Envelope {
    /// As they came; they leave like this when nothing in the unit has changed.
    pub original: Vec<u8>,
    /// Makes them for other content.
    pub seal: fn(original: &[u8], content: &[u8]) -> Vec<u8>,
}

impl Frame {
    /// The JSON text, where there is one.
    pub fn data(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Frame::Event(event) => event.has_data().then(|| event.data_bytes()),
            Frame::Piece(piece) => Some(Cow::Borrowed(piece.bytes.get(piece.data.clone()?)?)),
        }
    }

    /// The name of the event, where the framing gives one.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Frame::Event(event) => std::str::from_utf8(event.kind()?).ok(),
            Frame::Piece(piece) => piece.kind.as_deref(),
        }
    }

    /// The bytes in which the texts stand.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Frame::Event(event) => event.raw(),
            Frame::Piece(piece) => &piece.bytes,
        }
    }

    /// The name of the event, where it does not stand in [`Frame::bytes`].
    pub fn named(&self) -> Option<&str> {
        match self {
            Frame::Event(_) => None,
            Frame::Piece(piece) => piece.kind.as_deref(),
        }
    }

    /// Whether frames with the same bytes are cut and read in the same way, wherever in a stream they stand.
    pub fn is_ordinary(&self) -> bool {
        match self {
            Frame::Event(event) => event.is_complete() && !event.is_first(),
            Frame::Piece(_) => true,
        }
    }

    /// A value's place in the data → its place in the frame. No string reaches over a line, so both ends are on one.
    pub fn place_of(&self, span: Range<usize>) -> Option<Range<usize>> {
        let start = match self {
            Frame::Event(event) => event.data_offset_to_raw(span.start)?,
            Frame::Piece(piece) => piece.data.as_ref()?.start + span.start,
        };
        Some(start..start + span.len())
    }

    /// A text's place in the data → its place in the frame.
    pub fn place(&self, text: Text) -> Option<Text> {
        Some(Text { span: self.place_of(text.span.clone())?, ..text })
    }

    /// What stands around the data: comments, event names, identifiers. Bytes that leave are bytes that were scanned.
    pub fn around(&self) -> Vec<Text> {
        let (length, data): (usize, Vec<Range<usize>>) = match self {
            Frame::Event(event) => (event.raw().len(), event.data_spans().collect()),
            Frame::Piece(piece) => (piece.bytes.len(), piece.data.iter().cloned().collect()),
        };
        let mut texts = Vec::new();
        let mut from = 0;
        for end in data.iter().map(|span| (span.start, span.end)).chain([(length, length)]) {
            let span = from..end.0;
            if span.len() > MAX_PLAIN_FRAMING {
                let (channel, encoding) = (Channel::Framing, Encoding::Plain);
                texts.push(Text {
                    lane: None,
                    channel,
                    span,
                    encoding,
                    is_json: false,
                    repeats: false,
                    key_of: None,
                });
            }
            from = end.1;
        }
        texts
    }

    /// The bytes in which the texts stand, and what they were taken out of.
    pub fn into_bytes(self) -> (Vec<u8>, Option<Envelope>) {
        match self {
            Frame::Event(event) => (event.into_raw(), None),
            Frame::Piece(piece) => (piece.bytes, piece.envelope),
        }
    }
}

impl Framer for sse::Framer {
    fn feed(&mut self, bytes: &[u8]) {
        sse::Framer::feed(self, bytes);
    }

    fn next_frame(&mut self) -> Option<Result<Frame, Unframed>> {
        Some(self.next()?.map(Frame::Event).map_err(|sse::TooLong| Unframed::TooLong))
    }

    fn finish(&mut self) -> Option<Frame> {
        sse::Framer::finish(self).map(Frame::Event)
    }

    /// An event that ends with CRLF leaves without its LF, which comes with the next one; and there are clients that do
    /// not take a CR for a line's end.
    fn ending(&self, mut ending: Vec<u8>, last: Option<u8>) -> Vec<u8> {
        if last == Some(b'\r') {
            ending.insert(0, b'\n');
        }
        ending
    }
}
