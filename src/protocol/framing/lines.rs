//! Lines (NDJSON): each frame is one line with its line feed, and its data is what stands before it.
//!
//! Only LF ends a line. A CR before it is white space of the JSON text, and a line of white space has no data that
//! counts.

#[cfg(test)]
mod tests;

use super::{Frame, Piece, Unframed, compact};
use crate::protocol::scan::run_without;
use std::fmt;
use std::mem;

/// Cuts a stream into lines. It holds one unfinished line of at most the bound, and what was fed and not yet taken, and
/// up to as much again; waiting for a new line, at most 512 bytes. Each byte is examined once.
pub struct Framer {
    buffer: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// There is no line end between `start` and here.
    scanned: usize,
    closed: bool,
    limit: usize,
}

impl Framer {
    /// A framer for one stream. A line, with its line feed, may have `limit` bytes.
    pub fn new(limit: usize) -> Framer {
        Framer { buffer: Vec::new(), start: 0, scanned: 0, closed: false, limit }
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
        let rest = self.buffer.get(self.scanned..).unwrap_or_default();
        let length = run_without(rest, |byte| byte == b'\n');
        let is_complete = length < rest.len();
        self.scanned += length + usize::from(is_complete);
        if self.scanned - self.start > self.limit {
            self.closed = true;
            return Some(Err(Unframed::TooLong));
        }
        if !is_complete {
            self.scanned -= compact(&mut self.buffer, &mut self.start);
            return None;
        }
        let bytes = self.buffer.get(self.start..self.scanned).unwrap_or_default().to_vec();
        self.start = self.scanned;
        let data = Some(0..bytes.len() - 1);
        Some(Ok(Frame::Piece(Piece { bytes, data, kind: None, envelope: None })))
    }

    /// The line that no line feed ended.
    fn finish(&mut self) -> Option<Frame> {
        self.closed = true;
        let mut bytes = mem::take(&mut self.buffer);
        bytes.drain(..mem::take(&mut self.start));
        let data = Some(0..bytes.len());
        (!bytes.is_empty()).then_some(Frame::Piece(Piece { bytes, data, kind: None, envelope: None }))
    }
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.buffer.len() - self.start;
        f.debug_struct("Framer").field("held", &held).field("closed", &self.closed).finish_non_exhaustive()
    }
}
