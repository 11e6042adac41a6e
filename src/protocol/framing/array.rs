//! A stream that is one JSON array, of which each element is an event (Gemini's `streamGenerateContent` without
//! `alt=sse`).
//!
//! An element leaves the framer with its last byte, and the bytes before it (bracket, comma, white space) with it. The
//! end of the array is given by [`Framer::finish`] only: as long as the stream is not over, the array can still be
//! ended in another way. What an element is made of is not judged here but where it is read; only its end is found.

use super::{Frame, Framer as FramerTrait, Piece, Unframed, compact};
use crate::protocol::scan::run_without;
use std::fmt;
use std::mem;

/// Cuts an array into its elements. It holds one incomplete element of at most the bound, and what was fed and not
/// yet taken. Each byte is examined once.
pub struct Framer {
    /// What was not yet taken, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    /// What stands before it is read; not before `start`.
    scanned: usize,
    /// Where the element begins that is read.
    element: usize,
    state: State,
    limit: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The bracket has not come.
    Before,
    /// The bracket has come: an element or the end.
    First,
    /// A comma has come: an element.
    Next,
    /// An element has ended: a comma or the end.
    After,
    /// Inside an array or object.
    Nested { depth: usize },
    /// Inside a string, of the array itself where the depth is zero.
    String { depth: usize, is_escaped: bool },
    /// Inside a number, `true`, `false` or `null`.
    Scalar,
    /// The array has ended: white space.
    Over,
    /// Nothing more is read.
    Failed(Unframed),
}

impl Framer {
    /// A framer for one stream. An element, with what stands before it, may have `limit` bytes.
    pub fn new(limit: usize) -> Framer {
        Framer { buffer: Vec::new(), start: 0, scanned: 0, element: 0, state: State::Before, limit }
    }

    /// Reads up to the end of the next element: the offset behind it.
    fn element_end(&mut self) -> Option<usize> {
        loop {
            if let State::Nested { .. } | State::String { .. } = self.state {
                self.skip_plain();
            }
            let byte = *self.buffer.get(self.scanned)?;
            let at = self.scanned;
            let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            // A scalar ends before the byte that follows it.
            if self.state == State::Scalar && (is_space || matches!(byte, b',' | b']')) {
                self.state = State::After;
                return Some(at);
            }
            self.scanned += 1;
            match (self.state, byte) {
                (State::Before | State::First | State::Next | State::After | State::Over, _) if is_space => {}
                (State::Before, b'[') => self.state = State::First,
                (State::First | State::After, b']') => self.state = State::Over,
                (State::After, b',') => self.state = State::Next,
                (State::First | State::Next, b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                    self.element = at;
                    self.state = match byte {
                        b'"' => State::String { depth: 0, is_escaped: false },
                        b'{' | b'[' => State::Nested { depth: 1 },
                        _ => State::Scalar,
                    };
                }
                (State::Scalar, _) => {}
                (State::Nested { depth }, b'"') => self.state = State::String { depth, is_escaped: false },
                (State::Nested { depth }, b'{' | b'[') => self.state = State::Nested { depth: depth + 1 },
                (State::Nested { depth }, b'}' | b']') if depth > 1 => {
                    self.state = State::Nested { depth: depth - 1 };
                }
                (State::Nested { .. }, b'}' | b']') => return self.ended(),
                (State::Nested { .. }, _) => {}
                (State::String { depth, is_escaped: true }, _) => {
                    self.state = State::String { depth, is_escaped: false };
                }
                (State::String { depth, .. }, b'\\') => {
                    self.state = State::String { depth, is_escaped: true };
                }
                (State::String { depth: 0, .. }, b'"') => return self.ended(),
                (State::String { depth, .. }, b'"') => self.state = State::Nested { depth },
                (State::String { .. }, _) => {}
                _ => {
                    self.scanned = at;
                    self.state = State::Failed(Unframed::Malformed);
                    return None;
                }
            }
        }
    }

    fn ended(&mut self) -> Option<usize> {
        self.state = State::After;
        Some(self.scanned)
    }

    /// Passes the bytes that change nothing.
    fn skip_plain(&mut self) {
        let rest = self.buffer.get(self.scanned..).unwrap_or_default();
        self.scanned += match self.state {
            State::String { is_escaped: false, .. } => {
                run_without(rest, |byte| (byte == b'"') | (byte == b'\\'))
            }
            State::Nested { .. } => {
                run_without(rest, |byte| (byte == b'"') | (byte | 0x20 == b'{') | (byte | 0x20 == b'}'))
            }
            _ => 0,
        };
    }

    /// The bytes up to `end`, in which the element is the last.
    fn take(&mut self, end: usize) -> Piece {
        let bytes = self.buffer.get(self.start..end).unwrap_or_default().to_vec();
        let data = self.element - self.start..bytes.len();
        self.start = end;
        Piece { bytes, data: Some(data), kind: None, envelope: None }
    }
}

impl FramerTrait for Framer {
    fn feed(&mut self, bytes: &[u8]) {
        if !matches!(self.state, State::Failed(_)) {
            self.buffer.extend_from_slice(bytes);
        }
    }

    fn next_frame(&mut self) -> Option<Result<Frame, Unframed>> {
        if let State::Failed(unframed) = self.state {
            return Some(Err(unframed));
        }
        let end = self.element_end();
        if end.unwrap_or(self.scanned) - self.start > self.limit {
            self.state = State::Failed(Unframed::TooLong);
        }
        match (self.state, end) {
            (State::Failed(unframed), _) => Some(Err(unframed)),
            (_, Some(end)) => Some(Ok(Frame::Piece(self.take(end)))),
            (_, None) => {
                let moved = compact(&mut self.buffer, &mut self.start);
                self.scanned -= moved;
                self.element = self.element.saturating_sub(moved);
                None
            }
        }
    }

    fn finish(&mut self) -> Option<Frame> {
        let state = mem::replace(&mut self.state, State::Failed(Unframed::Malformed));
        let bytes = self.buffer.split_off(self.start);
        // The beginning of an element is data, so that it is read, and found to be incomplete.
        let data = match state {
            State::Nested { .. } | State::String { .. } | State::Scalar => {
                Some(self.element - self.start..bytes.len())
            }
            _ => None,
        };
        let is_readable = !bytes.is_empty() && !matches!(state, State::Failed(_));
        is_readable.then_some(Frame::Piece(Piece { bytes, data, kind: None, envelope: None }))
    }

    /// The data of Server-Sent Events, as the last elements.
    fn ending(&self, ending: Vec<u8>, last: Option<u8>) -> Vec<u8> {
        let lines = ending.split(|byte| *byte == b'\n');
        let mut out = Vec::new();
        for data in lines.filter_map(|line| line.strip_prefix(b"data: ")) {
            out.extend_from_slice(if last.is_some() || !out.is_empty() { b",\n" } else { b"[" });
            out.extend_from_slice(data.trim_ascii_end());
        }
        out.extend_from_slice(b"]\n");
        out
    }
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framer").field("held", &(self.buffer.len() - self.start)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
