//! The grammar of RFC 8259, one pass, without recursion: what is open stands in a list.

use super::{ErrorKind, JsonError, Kind, Limits, Node, Read, text};
use std::cell::Cell;

/// Values and keys for which there is room from the start: an ordinary answer without its texts.
const FEW_NODES: usize = 64;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Locates all values of `text`; never an empty list.
pub(super) fn parse(text: &[u8], limits: Limits) -> Result<Vec<Node>, JsonError> {
    if u32::try_from(text.len()).is_err() {
        return Err(JsonError { offset: text.len(), kind: ErrorKind::TooLong });
    }
    if let Err(error) = str::from_utf8(text) {
        return Err(JsonError { offset: error.valid_up_to(), kind: ErrorKind::Utf8 });
    }
    let at = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let nodes = Vec::with_capacity(FEW_NODES.min(text.len()));
    Parser { text, at, limits, nodes, open: Vec::with_capacity(8) }.document()
}

struct Parser<'t> {
    text: &'t [u8],
    /// The next byte to read; `at <= text.len()`.
    at: usize,
    limits: Limits,
    nodes: Vec<Node>,
    /// The arrays and objects around `at`, outermost first; at most `limits.depth`.
    open: Vec<Open>,
}

struct Open {
    node: usize,
    is_object: bool,
}

impl Parser<'_> {
    fn document(mut self) -> Result<Vec<Node>, JsonError> {
        self.skip_space();
        self.value()?;
        loop {
            self.skip_space();
            let Some(&Open { node, is_object }) = self.open.last() else {
                return if self.peek().is_none() {
                    Ok(self.nodes)
                } else {
                    Err(self.error(ErrorKind::Trailing))
                };
            };
            match (self.peek(), is_object) {
                (Some(b','), _) => {
                    self.at += 1;
                    self.skip_space();
                    if is_object {
                        self.key()?;
                    }
                    self.value()?;
                }
                (Some(b']'), false) | (Some(b'}'), true) => {
                    self.at += 1;
                    self.open.pop();
                    self.end(node);
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// Reads a scalar, or opens arrays and objects until it has read the first scalar inside. An empty array
    /// or object stays open: its closing bracket is the caller's.
    fn value(&mut self) -> Result<(), JsonError> {
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.open(Kind::Object)?;
                    if self.peek() == Some(b'}') {
                        return Ok(());
                    }
                    self.key()?;
                }
                Some(b'[') => {
                    self.open(Kind::Array)?;
                    if self.peek() == Some(b']') {
                        return Ok(());
                    }
                }
                Some(b'"') => return self.string(),
                Some(b'-' | b'0'..=b'9') => return self.number(),
                Some(b't') => return self.literal(b"true", Kind::Bool(true)),
                Some(b'f') => return self.literal(b"false", Kind::Bool(false)),
                Some(b'n') => return self.literal(b"null", Kind::Null),
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn open(&mut self, kind: Kind) -> Result<(), JsonError> {
        if self.open.len() >= self.limits.depth {
            return Err(self.error(ErrorKind::TooDeep));
        }
        let node = self.begin(kind)?;
        self.open.push(Open { node, is_object: kind == Kind::Object });
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    /// Reads a key and its colon, up to the value.
    fn key(&mut self) -> Result<(), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected());
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn string(&mut self) -> Result<(), JsonError> {
        let node = self.begin(Kind::String { escaped: false })?;
        self.at += 1;
        let (len, escaped) =
            text::content_len(self.rest()).map_err(|(len, kind)| self.error_at(len, kind))?;
        self.at += len;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        self.at += 1;
        if let Some(node) = self.nodes.get_mut(node) {
            node.kind = Kind::String { escaped };
        }
        self.end(node);
        Ok(())
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let node = self.begin(Kind::Number)?;
        match text::number_len(self.rest()) {
            Ok(len) => self.at += len,
            Err(len) => {
                self.at += len;
                return Err(self.unexpected());
            }
        }
        self.end(node);
        Ok(())
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), JsonError> {
        let node = self.begin(kind)?;
        for &byte in word {
            if self.peek() != Some(byte) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        self.end(node);
        Ok(())
    }

    /// Adds a node that begins here.
    fn begin(&mut self, kind: Kind) -> Result<usize, JsonError> {
        let index = self.nodes.len();
        if index >= self.limits.nodes.min(u32::MAX as usize) {
            return Err(self.error(ErrorKind::TooManyNodes));
        }
        let start = self.at as u32;
        self.nodes.push(Node { start, end: start, after: index as u32, kind, read: Cell::new(Read::Not) });
        Ok(index)
    }

    /// Ends a node here: everything since its beginning is part of it.
    fn end(&mut self, node: usize) {
        let after = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(node) {
            node.end = self.at as u32;
            node.after = after;
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self) -> JsonError {
        self.error(if self.peek().is_some() { ErrorKind::Unexpected } else { ErrorKind::Truncated })
    }

    fn error(&self, kind: ErrorKind) -> JsonError {
        self.error_at(0, kind)
    }

    fn error_at(&self, ahead: usize, kind: ErrorKind) -> JsonError {
        JsonError { offset: self.at + ahead, kind }
    }
}
