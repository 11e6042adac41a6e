//! `application/vnd.amazon.eventstream`, the binary framing of AWS
//! (<https://smithy.io/2.0/aws/amazon-eventstream.html>).
//!
//! ```text
//! total length u32 │ headers length u32 │ CRC of these 8 bytes u32 │ headers │ payload │ CRC of all before u32
//! ```
//!
//! All numbers are big-endian, both sums are CRC-32 (IEEE). A header is a name (length u8), a type (u8) and a value.
//!
//! What is scanned is not the frame but its **content**: the data, and then, each behind a NUL, what else in it could be
//! text (names and values of headers that are not plain words, and in a chunk what stands around its `bytes`). A frame
//! whose content has changed is written anew with its lengths and sums; any other leaves as it came.

#[cfg(test)]
mod tests;

use super::{Envelope, Frame, Piece, Unframed, compact};
use crate::protocol::json::{Document, Limits};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fmt;
use std::ops::Range;

/// Both lengths and their sum, in bytes.
const PRELUDE: usize = 12;

/// The sum at the end, in bytes.
const TRAILER: usize = 4;

/// Longer words in headers are scanned whatever they are made of, in bytes.
const MAX_PLAIN_WORD: usize = 48;

/// Stands before each part of the content that is not data. No JSON text has it, and no header that is accepted.
const SEPARATOR: u8 = 0;

const BYTES: u8 = 6;
const STRING: u8 = 7;

/// What the data of a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// The payload.
    Payload,
    /// What the payload's member `bytes` holds in base64, where it has one (InvokeModelWithResponseStream).
    Chunk,
}

/// Cuts a stream into frames and checks them. It holds one incomplete frame of at most the bound, and what was fed and
/// not yet taken, and up to as much again; waiting for a new frame, at most 512 bytes. Nothing is allocated for a length that a
/// frame only claims.
pub struct Framer {
    buffer: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
    closed: bool,
    limit: usize,
    data: Data,
}

impl Framer {
    /// A framer for one stream. A frame, all of it, may have `limit` bytes.
    pub fn new(limit: usize, data: Data) -> Framer {
        Framer { buffer: Vec::new(), start: 0, closed: false, limit, data }
    }

    /// The next frame that is complete and whole.
    fn take(&mut self) -> Result<Option<Frame>, Unframed> {
        let rest = self.buffer.get(self.start..).unwrap_or_default();
        let Some(prelude) = rest.get(..PRELUDE) else {
            return Ok(None);
        };
        let total = u32_at(prelude, 0).unwrap_or(0) as usize;
        let headers = u32_at(prelude, 4).unwrap_or(0) as usize;
        let sum = crc32fast::hash(prelude.get(..8).unwrap_or_default());
        if u32_at(prelude, 8) != Some(sum) || total < headers.saturating_add(PRELUDE + TRAILER) {
            return Err(Unframed::Malformed);
        }
        if total > self.limit {
            return Err(Unframed::TooLong);
        }
        let Some(frame) = rest.get(..total) else {
            return Ok(None);
        };
        self.start += total;
        let sum = crc32fast::hash(frame.get(..total - TRAILER).unwrap_or_default());
        if u32_at(frame, total - TRAILER) != Some(sum) {
            return Err(Unframed::Malformed);
        }
        read(frame, self.data).map(Some).ok_or(Unframed::Malformed)
    }
}

impl super::Framer for Framer {
    fn feed(&mut self, bytes: &[u8]) {
        if !self.closed {
            self.buffer.extend_from_slice(bytes);
        }
    }

    fn next_frame(&mut self) -> Option<Result<Frame, Unframed>> {
        if self.closed {
            return None;
        }
        let taken = self.take();
        self.closed = taken.is_err();
        if matches!(taken, Ok(None)) {
            compact(&mut self.buffer, &mut self.start);
        }
        taken.transpose()
    }

    /// A frame without its end has no sum, so nobody can read it.
    fn finish(&mut self) -> Option<Frame> {
        self.closed = true;
        self.buffer = Vec::new();
        self.start = 0;
        None
    }
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.buffer.len() - self.start;
        f.debug_struct("Framer").field("held", &held).field("closed", &self.closed).finish_non_exhaustive()
    }
}

/// A frame with these headers, all strings, and this payload. Empty where no frame can be so long.
pub fn write(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in headers {
        write_string::<u8>(name.as_bytes(), &mut block);
        block.push(STRING);
        write_string::<u16>(value.as_bytes(), &mut block);
    }
    assemble(&block, payload)
}

fn assemble(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let total = PRELUDE + headers.len() + payload.len() + TRAILER;
    let (Ok(length), Ok(headers_length)) = (u32::try_from(total), u32::try_from(headers.len())) else {
        return Vec::new();
    };
    let mut frame = Vec::with_capacity(total);
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&headers_length.to_be_bytes());
    frame.extend_from_slice(&crc32fast::hash(&frame).to_be_bytes());
    frame.extend_from_slice(headers);
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&crc32fast::hash(&frame).to_be_bytes());
    frame
}

/// A string with its length before it; what the length cannot say is cut off.
fn write_string<L: Length>(text: &[u8], out: &mut Vec<u8>) {
    let text = text.get(..text.len().min(L::MAX)).unwrap_or_default();
    L::write(text.len(), out);
    out.extend_from_slice(text);
}

trait Length {
    const MAX: usize;
    fn write(length: usize, out: &mut Vec<u8>);
}

impl Length for u8 {
    const MAX: usize = u8::MAX as usize;
    fn write(length: usize, out: &mut Vec<u8>) {
        out.push(length as u8);
    }
}

impl Length for u16 {
    const MAX: usize = u16::MAX as usize;
    fn write(length: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&(length as u16).to_be_bytes());
    }
}

/// One header of a frame; the ranges are offsets in the frame.
struct Header {
    name: Range<usize>,
    kind: u8,
    value: Range<usize>,
}

impl Header {
    fn has_text(&self) -> bool {
        matches!(self.kind, BYTES | STRING)
    }

    /// The names and values that could be text.
    fn texts(&self) -> impl Iterator<Item = Range<usize>> {
        let value = self.has_text().then(|| self.value.clone());
        std::iter::once(self.name.clone()).chain(value)
    }
}

/// The headers and where the payload stands. `None` where the headers do not fill their block, one of them has no name
/// or the same as another, or a text holds the separator.
fn parse(frame: &[u8]) -> Option<(Vec<Header>, Range<usize>)> {
    let end = PRELUDE.checked_add(u32_at(frame, 4)? as usize)?;
    let payload = end..frame.len().checked_sub(TRAILER)?;
    let mut headers: Vec<Header> = Vec::new();
    let mut at = PRELUDE;
    while at < end {
        let name = at + 1..at + 1 + usize::from(*frame.get(at)?);
        let kind = *frame.get(name.end)?;
        let from = name.end + 1;
        let (from, length) = match kind {
            0 | 1 => (from, 0),
            2 => (from, 1),
            3 => (from, 2),
            4 => (from, 4),
            5 | 8 => (from, 8),
            9 => (from, 16),
            BYTES | STRING => (from + 2, usize::from(u16_at(frame, from)?)),
            _ => return None,
        };
        let header = Header { name, kind, value: from..from + length };
        at = header.value.end;
        if at > end || header.name.is_empty() {
            return None;
        }
        for text in header.texts() {
            if frame.get(text)?.contains(&SEPARATOR) {
                return None;
            }
        }
        headers.push(header);
    }
    let mut names: Vec<&[u8]> = headers.iter().filter_map(|header| frame.get(header.name.clone())).collect();
    names.sort_unstable();
    let is_twice = names.iter().zip(names.iter().skip(1)).any(|(a, b)| a == b);
    (payload.start <= payload.end && !is_twice).then_some((headers, payload))
}

/// A checked frame as what is scanned of it.
fn read(frame: &[u8], data: Data) -> Option<Frame> {
    let (headers, payload) = parse(frame)?;
    let text_of = |name: &str| {
        let header = headers.iter().find(|header| frame.get(header.name.clone()) == Some(name.as_bytes()))?;
        std::str::from_utf8(frame.get(header.value.clone()).filter(|_| header.kind == STRING)?).ok()
    };
    let kind = text_of(match text_of(":message-type") {
        Some("exception") => ":exception-type",
        Some("error") => ":error-code",
        _ => ":event-type",
    });
    let payload = frame.get(payload)?;
    let chunk = if data == Data::Chunk { chunk(payload).ok()? } else { None };
    let mut bytes = match &chunk {
        Some(chunk) => BASE64_STANDARD.decode(&chunk.base64).ok()?,
        None => payload.to_vec(),
    };
    let length = bytes.len();
    if let Some(chunk) = &chunk {
        for part in [payload.get(..chunk.span.start)?, payload.get(chunk.span.end..)?] {
            bytes.push(SEPARATOR);
            bytes.extend_from_slice(part);
        }
    }
    for text in headers.iter().flat_map(Header::texts) {
        let text = frame.get(text)?;
        if !is_plain(text) {
            bytes.push(SEPARATOR);
            bytes.extend_from_slice(text);
        }
    }
    Some(Frame::Piece(Piece {
        bytes,
        data: (length > 0).then_some(0..length),
        kind: kind.map(str::to_owned),
        envelope: Some(Envelope {
            original: frame.to_vec(),
            seal: if chunk.is_some() { seal_chunk } else { seal_payload },
        }),
    }))
}

/// Words that every stream has: no rule can match a few letters.
fn is_plain(text: &[u8]) -> bool {
    text.len() <= MAX_PLAIN_WORD
        && text.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b':' | b'-' | b'/' | b'.'))
}

/// The member `bytes` of a payload.
struct Chunk {
    base64: String,
    /// Where its value stands in the payload, without quotes.
    span: Range<usize>,
}

/// Two readers may take different values for a key that stands twice.
struct Ambiguous;

/// `None` where the payload holds none: an exception, and what is no JSON, which is found later.
fn chunk(payload: &[u8]) -> Result<Option<Chunk>, Ambiguous> {
    let Ok(document) = Document::parse(payload, Limits::default()) else {
        return Ok(None);
    };
    let Some(bytes) = document.unique(document.root(), "bytes").map_err(|_| Ambiguous)? else {
        return Ok(None);
    };
    let base64 = document.as_str(bytes).map(|text| text.into_owned());
    Ok(base64.zip(document.text_span(bytes)).map(|(base64, span)| Chunk { base64, span }))
}

fn seal_payload(original: &[u8], content: &[u8]) -> Vec<u8> {
    seal(original, content, Data::Payload)
}

fn seal_chunk(original: &[u8], content: &[u8]) -> Vec<u8> {
    seal(original, content, Data::Chunk)
}

/// Writes a frame for other content. Nothing comes of an original that cannot be read; [`read`] has read it.
fn seal(original: &[u8], content: &[u8], data: Data) -> Vec<u8> {
    let Some((headers, _)) = parse(original) else {
        return Vec::new();
    };
    let mut parts = content.split(|byte| *byte == SEPARATOR);
    let mut next = || parts.next().unwrap_or_default();
    let inner = next();
    let payload = match data {
        Data::Payload => inner.to_vec(),
        Data::Chunk => {
            let (before, after) = (next(), next());
            [before, BASE64_STANDARD.encode(inner).as_bytes(), after].concat()
        }
    };
    let mut block = Vec::new();
    for header in &headers {
        let name = original.get(header.name.clone()).unwrap_or_default();
        let value = original.get(header.value.clone()).unwrap_or_default();
        write_string::<u8>(if is_plain(name) { name } else { next() }, &mut block);
        block.push(header.kind);
        match header.has_text() {
            true => write_string::<u16>(if is_plain(value) { value } else { next() }, &mut block),
            false => block.extend_from_slice(value),
        }
    }
    assemble(&block, &payload)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}
