//! The content of a JSON string (RFC 8259 section 7): decoding it, and finding in the written form what was
//! found in the decoded one.
//!
//! `raw` is the content between the quotes of a string that a [`super::Document`] accepted. Other bytes do no
//! harm: a backslash that begins no escape stands for itself.

use std::borrow::Cow;

use super::ErrorKind;
use crate::protocol::scan::run_without;

/// The length of the string content that `text` begins with, up to its quote or the end of `text`, and whether it holds an
/// escape. An error says where and why it is none.
pub(in crate::protocol) fn content_len(text: &[u8]) -> Result<(usize, bool), (usize, ErrorKind)> {
    let (mut at, mut escaped) = (0, false);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += run_without(rest, |byte| (byte == b'"') | (byte == b'\\') | (byte < 0x20));
        let rest = text.get(at..).unwrap_or_default();
        match rest.first() {
            Some(b'"') | None => return Ok((at, escaped)),
            Some(b'\\') => {
                at += escape_len(rest).ok_or((at, ErrorKind::Escape))?;
                escaped = true;
            }
            Some(_) => return Err((at, ErrorKind::Control)),
        }
    }
}

/// The length of the number that `text` begins with: `[ minus ] int [ frac ] [ exp ]`, section 6. An error says where it ceases
/// to be one.
pub(in crate::protocol) fn number_len(text: &[u8]) -> Result<usize, usize> {
    let byte = |at: usize| text.get(at).copied();
    let digits = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => Err(at),
            len => Ok(at + len),
        }
    };
    let mut at = usize::from(byte(0) == Some(b'-'));
    // No leading zeros: after `0` a digit belongs to something else.
    at = if byte(at) == Some(b'0') { at + 1 } else { digits(at)? };
    if byte(at) == Some(b'.') {
        at = digits(at + 1)?;
    }
    if let Some(b'e' | b'E') = byte(at) {
        at = digits(at + 1 + usize::from(matches!(byte(at + 1), Some(b'+' | b'-'))))?;
    }
    Ok(at)
}

/// Decodes string content; see the module [`super`] on lone surrogates.
pub fn decode(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'\\') {
        return Cow::Borrowed(raw);
    }
    let mut decoded = Vec::with_capacity(raw.len());
    for piece in pieces(raw) {
        decoded.extend_from_slice(piece.decoded());
    }
    Cow::Owned(decoded)
}

/// The offset in `raw` of the byte at `offset` of the decoded text. An offset inside what one escape writes
/// goes down to the escape's beginning; an offset at or beyond the end gives `raw.len()`. Linear in `raw`.
pub fn decoded_to_raw(raw: &[u8], offset: usize) -> usize {
    OffsetMap::new(raw).start(offset)
}

/// Like [`decoded_to_raw`], for the end of a span: an offset inside what one escape writes goes up to the
/// escape's end.
pub fn decoded_to_raw_end(raw: &[u8], offset: usize) -> usize {
    OffsetMap::new(raw).end(offset)
}

/// Maps many offsets of one string. As long as they do not decrease, all of them together cost one pass over
/// `raw`; a smaller offset than the one before starts again from the front.
#[derive(Clone)]
pub struct OffsetMap<'a> {
    raw: &'a [u8],
    pieces: Pieces<'a>,
    /// The piece that holds the last offset asked for, and where it begins in both texts. `None` at the end.
    piece: Option<Piece<'a>>,
    raw_at: usize,
    decoded_at: usize,
}

impl<'a> OffsetMap<'a> {
    /// A map for the content of one string.
    pub fn new(raw: &'a [u8]) -> Self {
        let mut pieces = pieces(raw);
        let piece = pieces.next();
        OffsetMap { raw, pieces, piece, raw_at: 0, decoded_at: 0 }
    }

    /// See [`decoded_to_raw`].
    pub fn start(&mut self, offset: usize) -> usize {
        match self.seek(offset) {
            Some((Piece::Plain(_), inside)) => self.raw_at + inside,
            Some((Piece::Escape { .. }, _)) | None => self.raw_at,
        }
    }

    /// See [`decoded_to_raw_end`].
    pub fn end(&mut self, offset: usize) -> usize {
        match self.seek(offset) {
            Some((Piece::Plain(_), inside)) => self.raw_at + inside,
            Some((Piece::Escape { raw_len, .. }, 1..)) => self.raw_at + raw_len,
            Some((Piece::Escape { .. }, 0)) | None => self.raw_at,
        }
    }

    /// The piece that holds the decoded byte at `offset`, and how far inside it stands.
    fn seek(&mut self, offset: usize) -> Option<(Piece<'a>, usize)> {
        if offset < self.decoded_at {
            *self = OffsetMap::new(self.raw);
        }
        loop {
            let piece = self.piece?;
            let inside = offset.saturating_sub(self.decoded_at);
            if inside < piece.decoded().len() {
                return Some((piece, inside));
            }
            self.decoded_at += piece.decoded().len();
            self.raw_at += piece.raw_len();
            self.piece = self.pieces.next();
        }
    }
}

impl std::fmt::Debug for OffsetMap<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let OffsetMap { raw, raw_at, decoded_at, .. } = self;
        write!(f, "OffsetMap {{ bytes: {}, raw_at: {raw_at}, decoded_at: {decoded_at} }}", raw.len())
    }
}

/// Writes `text` as string content, without quotes. The result has no line end, so it fits into one line of
/// an event stream.
pub fn escape_into(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let plain = run_without(rest, |byte| (byte == b'"') | (byte == b'\\') | (byte < 0x20));
        out.extend_from_slice(rest.get(..plain).unwrap_or_default());
        let Some(&byte) = rest.get(plain) else { return };
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = rest.get(plain + 1..).unwrap_or_default();
    }
}

/// Whether `raw` decodes to `text`.
pub(super) fn decodes_to(raw: &[u8], mut text: &[u8]) -> bool {
    for piece in pieces(raw) {
        let Some(rest) = text.strip_prefix(piece.decoded()) else {
            return false;
        };
        text = rest;
    }
    text.is_empty()
}

/// The length of the escape with which `raw` begins; a surrogate pair counts as one.
pub(super) fn escape_len(raw: &[u8]) -> Option<usize> {
    escape(raw).map(|(len, _)| len)
}

/// A part of a string that is decoded as one.
#[derive(Clone, Copy)]
enum Piece<'a> {
    /// Bytes that stand for themselves; never empty.
    Plain(&'a [u8]),
    /// An escape or an escaped surrogate pair, and the first `len` of `bytes` that it stands for.
    Escape { raw_len: usize, bytes: [u8; 4], len: usize },
}

impl Piece<'_> {
    fn decoded(&self) -> &[u8] {
        match self {
            Piece::Plain(bytes) => bytes,
            Piece::Escape { bytes, len, .. } => bytes.get(..*len).unwrap_or_default(),
        }
    }

    fn raw_len(&self) -> usize {
        match self {
            Piece::Plain(bytes) => bytes.len(),
            Piece::Escape { raw_len, .. } => *raw_len,
        }
    }
}

#[derive(Clone)]
struct Pieces<'a>(&'a [u8]);

fn pieces(raw: &[u8]) -> Pieces<'_> {
    Pieces(raw)
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let piece = match escape(self.0) {
            Some((raw_len, code)) => {
                let (bytes, len) = encode(code);
                Piece::Escape { raw_len, bytes, len }
            }
            None => {
                // At least one byte: here a backslash stands for itself.
                let tail = self.0.get(1..)?;
                Piece::Plain(self.0.get(..1 + run_without(tail, |byte| byte == b'\\'))?)
            }
        };
        self.0 = self.0.get(piece.raw_len()..).unwrap_or_default();
        Some(piece)
    }
}

/// The escape with which `raw` begins: its length and its code point, which may be a lone surrogate.
fn escape(raw: &[u8]) -> Option<(usize, u32)> {
    let [b'\\', kind, ..] = *raw else { return None };
    let code = match kind {
        b'"' | b'\\' | b'/' => kind.into(),
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => 0x0A,
        b'r' => 0x0D,
        b't' => 0x09,
        b'u' => {
            let unit = escaped_unit(raw)?;
            let low = raw.get(6..).and_then(escaped_unit).filter(|low| (0xDC00..0xE000).contains(low));
            return match low {
                Some(low) if (0xD800..0xDC00).contains(&unit) => {
                    Some((12, 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00)))
                }
                _ => Some((6, unit)),
            };
        }
        _ => return None,
    };
    Some((2, code))
}

/// The UTF-16 code unit of a `\uXXXX` with which `raw` begins.
fn escaped_unit(raw: &[u8]) -> Option<u32> {
    let digits = raw.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, &byte| Some(unit << 4 | char::from(byte).to_digit(16)?))
}

/// UTF-8 of a code point, and the same form for a surrogate, which UTF-8 excludes.
fn encode(code: u32) -> ([u8; 4], usize) {
    let mut bytes = [0; 4];
    match char::from_u32(code) {
        Some(char) => {
            let len = char.encode_utf8(&mut bytes).len();
            (bytes, len)
        }
        None => {
            ([0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8, 0], 3)
        }
    }
}
