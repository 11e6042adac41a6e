//! Server-Sent Events framing (WHATWG HTML section 9.2.6): bytes in, whole events out, every byte kept.
//!
//! [`Framer`] is fed any split of a stream and yields [`Event`]s. Each event owns its original bytes, with
//! comments, line ends and byte order mark, and says where its fields stand in them. Nothing is decoded and
//! nothing is dropped: the `raw` of all events, and of the rest that [`Framer::finish`] gives, joined, are the
//! input, and the events are the same for every split of it.
//!
//! A line ends with LF, CR or CRLF, and a blank line ends an event. When that blank line ends with CR, the
//! event is released at once, although the LF of a CRLF may still come: waiting for it would hold each event
//! of a CRLF stream until the next one. That LF is then an event of its own, without data, always, whether it
//! came in the same chunk or not: a receiver that waits for it must not have to wait for the next event. For a
//! parser it does not matter: bytes that are inserted between the two read the same, and the LF is then one more
//! blank line.
//!
//! Comments are no events of their own. A stream that sends `: ping` and a blank line yields an event without
//! data, which a browser would not dispatch.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::ops::Range;

use super::framing::compact;
use super::scan::run_without;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// An event is longer than the framer's bound. Nothing more comes out of the framer but the held bytes, from
/// [`Framer::finish`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Cuts a stream into events. It holds one incomplete event of at most the bound, and what was fed and not
/// yet taken, and up to as much again; waiting for a new event, at most 512 bytes. Each byte is examined once here, and
/// once more when its event is complete. An event of nothing but empty `data` fields takes a few times its
/// bytes, because each field's place is kept.
///
/// As an iterator it yields what is complete: `None` means that more bytes are needed.
pub struct Framer {
    /// The stream from some point before `start` on. `start <= line <= scanned <= buffer.len()`.
    buffer: Vec<u8>,
    /// Where the next event begins.
    start: usize,
    /// Where the line that is read begins.
    line: usize,
    /// There is no line end between `line` and here.
    scanned: usize,
    /// The line before `line` ended with CR, so an LF at `line` belongs to it.
    after_cr: bool,
    /// No event was yielded yet, so a byte order mark may stand at `start`.
    at_beginning: bool,
    /// The stream has ended, or an event was too long.
    closed: bool,
    max_event_bytes: usize,
    /// Bytes examined and moved, for the test that both stay linear.
    #[cfg(test)]
    work: usize,
}

impl Framer {
    /// A framer for one stream. An event, with its comments and its blank line, may have `max_event_bytes`.
    pub fn new(max_event_bytes: usize) -> Self {
        Framer {
            buffer: Vec::new(),
            start: 0,
            line: 0,
            scanned: 0,
            after_cr: false,
            at_beginning: true,
            closed: false,
            max_event_bytes,
            #[cfg(test)]
            work: 0,
        }
    }

    /// Adds the next bytes of the stream. Take all complete events after each call, or they pile up. After
    /// [`TooLong`] and after [`Framer::finish`], bytes are dropped.
    pub fn feed(&mut self, bytes: &[u8]) {
        if !self.closed {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// Ends the stream and gives the bytes after the last event that was taken, if there are any, as an event
    /// that is not [`Event::is_complete`]. Its fields include those of the unfinished last line, so all of it
    /// can be scanned. A browser would discard it; whether it passes is the dialect's decision.
    pub fn finish(&mut self) -> Option<Event> {
        self.closed = true;
        let mut raw = mem::take(&mut self.buffer);
        raw.drain(..mem::take(&mut self.start));
        (!raw.is_empty()).then(|| Event::parse(raw, self.at_beginning, false))
    }

    /// Takes the event that ends at `end`.
    fn take(&mut self, end: usize) -> Event {
        let raw = self.buffer.get(self.start..end).unwrap_or_default().to_vec();
        self.start = end;
        Event::parse(raw, mem::take(&mut self.at_beginning), true)
    }

    fn is_blank(&self, line: usize, end: usize) -> bool {
        let is_first = self.at_beginning && line == self.start;
        line == end || (is_first && self.buffer.get(line..end) == Some(BOM))
    }
}

impl Iterator for Framer {
    type Item = Result<Event, TooLong>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.closed {
            return None;
        }
        let limit = self.buffer.len().min(self.start.saturating_add(self.max_event_bytes));
        while self.scanned < limit {
            let rest = self.buffer.get(self.scanned..limit).unwrap_or_default();
            let len = run_without(rest, is_line_end);
            let end = rest.get(len).copied();
            #[cfg(test)]
            {
                self.work += len + 1;
            }
            let at = self.scanned + len;
            let Some(end) = end else {
                self.scanned = at;
                break;
            };
            let line = mem::replace(&mut self.line, at + 1);
            self.scanned = at + 1;
            let ends_crlf = mem::replace(&mut self.after_cr, end == b'\r') && end == b'\n' && at == line;
            let is_whole = if ends_crlf { line == self.start } else { self.is_blank(line, at) };
            if is_whole {
                return Some(Ok(self.take(at + 1)));
            }
        }
        if self.buffer.len() - self.start > self.max_event_bytes {
            self.closed = true;
            return Some(Err(TooLong));
        }
        let moved = compact(&mut self.buffer, &mut self.start);
        self.line -= moved;
        self.scanned -= moved;
        #[cfg(test)]
        {
            self.work += if moved > 0 { self.buffer.len() } else { 0 };
        }
        None
    }
}

impl fmt::Debug for Framer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.buffer.len() - self.start;
        f.debug_struct("Framer").field("held", &held).field("closed", &self.closed).finish_non_exhaustive()
    }
}

/// One event: its original bytes, and where its fields stand in them. All ranges are offsets in
/// [`Event::raw`].
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    raw: Vec<u8>,
    kind: Option<Range<usize>>,
    id: Option<Range<usize>>,
    retry: Option<Range<usize>>,
    data: Vec<DataLine>,
    complete: bool,
    first: bool,
}

/// The value of one `data` field.
#[derive(Clone, PartialEq, Eq)]
struct DataLine {
    /// Where it begins in the event's data, which joins all of them with LF.
    at: usize,
    raw: Range<usize>,
}

/// What a browser would dispatch; see [`Event::dispatched`].
#[derive(Clone, PartialEq, Eq)]
pub struct Dispatched<'a> {
    /// The event's type, `message` when it names none.
    pub kind: &'a [u8],
    /// The event's data.
    pub data: Cow<'a, [u8]>,
}

impl Event {
    /// The original bytes: comments, unknown fields, line ends and the blank line, and in the stream's first event
    /// its byte order mark.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The original bytes, owned.
    pub fn into_raw(self) -> Vec<u8> {
        self.raw
    }

    /// Whether a blank line ended the event. Only the rest of a stream has none.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether the stream begins with it: only there a byte order mark is one.
    pub fn is_first(&self) -> bool {
        self.first
    }

    /// Where the value of the last `event` field stands. It may be empty.
    pub fn kind_span(&self) -> Option<Range<usize>> {
        self.kind.clone()
    }

    /// The event's type as named by it. `None` when it names none or an empty one: a `message`.
    pub fn kind(&self) -> Option<&[u8]> {
        self.field(&self.kind).filter(|kind| !kind.is_empty())
    }

    /// Where the value of the last valid `id` field stands. One with a NUL is ignored, an empty one is valid.
    pub fn id_span(&self) -> Option<Range<usize>> {
        self.id.clone()
    }

    /// The id that this event sets. `None` leaves the id of the event before in force.
    pub fn id(&self) -> Option<&[u8]> {
        self.field(&self.id)
    }

    /// Where the value of the last valid `retry` field, digits only, stands.
    pub fn retry_span(&self) -> Option<Range<usize>> {
        self.retry.clone()
    }

    /// Whether the event has a `data` field, be it empty. Without one a browser dispatches nothing.
    pub fn has_data(&self) -> bool {
        !self.data.is_empty()
    }

    /// Where the values of the `data` fields stand, in order. A JSON string never spans two of them, because
    /// it cannot hold a line end.
    pub fn data_spans(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        self.data.iter().map(|line| line.raw.clone())
    }

    /// The event's data: the values of its `data` fields joined with LF. Borrowed when there is one.
    pub fn data_bytes(&self) -> Cow<'_, [u8]> {
        let mut lines = self.data.iter().map(|line| self.raw.get(line.raw.clone()).unwrap_or_default());
        match (lines.next(), lines.len()) {
            (None, _) => Cow::Borrowed(b""),
            (Some(line), 0) => Cow::Borrowed(line),
            (Some(line), _) => Cow::Owned(lines.fold(line.to_vec(), |mut data, line| {
                data.push(b'\n');
                data.extend_from_slice(line);
                data
            })),
        }
    }

    /// Where the byte at `offset` of [`Event::data_bytes`] stands in [`Event::raw`]. The LF between two fields
    /// stands at the first one's line end, the end of the data at the last one's. `None` beyond the end and
    /// without data. Logarithmic in the number of `data` fields.
    pub fn data_offset_to_raw(&self, offset: usize) -> Option<usize> {
        let index = self.data.partition_point(|line| line.at <= offset).checked_sub(1)?;
        let line = self.data.get(index)?;
        let at = line.raw.start + (offset - line.at);
        (at <= line.raw.end).then_some(at)
    }

    /// What a browser makes of the event: nothing when it has no data or is incomplete.
    pub fn dispatched(&self) -> Option<Dispatched<'_>> {
        let kind = self.kind().unwrap_or(b"message");
        (self.complete && self.has_data()).then(|| Dispatched { kind, data: self.data_bytes() })
    }

    fn field(&self, span: &Option<Range<usize>>) -> Option<&[u8]> {
        self.raw.get(span.clone()?)
    }

    /// Locates the fields. Blank lines are skipped: a whole event has none but its last.
    fn parse(raw: Vec<u8>, at_beginning: bool, complete: bool) -> Event {
        let mut event = Event {
            raw: Vec::new(),
            kind: None,
            id: None,
            retry: None,
            data: Vec::new(),
            complete,
            first: at_beginning,
        };
        let mut at = if at_beginning && raw.starts_with(BOM) { BOM.len() } else { 0 };
        while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
            let len = run_without(rest, is_line_end);
            event.line(at, rest.get(..len).unwrap_or_default());
            at += len + 1;
        }
        event.raw = raw;
        event
    }

    /// Reads one line, without its end, that begins at `at`.
    fn line(&mut self, at: usize, line: &[u8]) {
        let name_len = run_without(line, |byte| byte == b':');
        let (name, value) = line.split_at(name_len);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        let end = at + line.len();
        let span = end - value.len()..end;
        match name {
            b"data" => {
                let at = self.data.last().map_or(0, |last| last.at + last.raw.len() + 1);
                self.data.push(DataLine { at, raw: span });
            }
            b"event" => self.kind = Some(span),
            b"id" if !value.contains(&0) => self.id = Some(span),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => self.retry = Some(span),
            // An empty name is a comment or a blank line; others mean nothing.
            _ => {}
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("bytes", &self.raw.len())
            .field("data_fields", &self.data.len())
            .field("complete", &self.complete)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Dispatched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatched").field("data_bytes", &self.data.len()).finish_non_exhaustive()
    }
}

fn is_line_end(byte: u8) -> bool {
    (byte == b'\n') | (byte == b'\r')
}
