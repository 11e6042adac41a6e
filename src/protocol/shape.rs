//! Frames that say the same but for a few values.
//!
//! A model's deltas differ in one text each, so reading every one of them from its first brace on is work done again. A
//! [`Shape`] is one frame that was read, with *holes* where its reader did not look at what a value says
//! ([`json::Read`]): a frame with the same bytes around the holes, and a value of the same kind in each, means the same
//! whatever these values are. That is no guess about an API; a reader that does look at a value closes its hole.

use super::framing::Frame;
use super::json::{self, Document, Kind, Read};
use super::lane::{Encoding, Text};
use super::{Event, Facts};
use std::ops::Range;

/// Larger frames are read each time, in bytes.
const MAX_BYTES: usize = 1024;
/// Most values in which frames may differ. More of them: each frame is read.
const MAX_HOLES: usize = 32;
/// So many shapes are kept: the deltas of two choices may take turns.
const MAX_SHAPES: usize = 2;
/// Shapes that were learned in vain before no more are: every frame of such a stream is different.
const MAX_VAIN: u32 = 8;

/// The shapes of one stream. A frame of 400 bytes with ten values takes some 1.5 KB, the largest some 6 KB.
#[derive(Default)]
pub struct Shapes {
    /// The one that fitted last stands first.
    known: Vec<Shape>,
    /// Shapes learned since one has fitted.
    vain: u32,
}

/// What a frame of a known shape says.
pub struct Known<'s> {
    /// The texts that continue a lane, and those that are not as they were in the frame that was read. Spans are offsets
    /// in the frame.
    pub texts: Vec<Text>,
    /// The items that it is about.
    pub items: &'s [u32],
    /// What it says besides. `None` where a value that this comes from is not as it was: the frame must be read for it.
    pub facts: Option<&'s Facts>,
    /// The frame before had another shape.
    pub is_turn: bool,
}

/// A frame that was read, and where others like it may differ.
pub struct Shape {
    /// The frame that was read.
    bytes: Vec<u8>,
    kind: Option<String>,
    /// In order.
    holes: Vec<Hole>,
    items: Vec<u32>,
    facts: Facts,
}

/// Where frames of one shape may differ, or where a text of every one of them begins.
struct Hole {
    /// In the frame that was read; a string's without its quotes.
    span: Range<usize>,
    content: Content,
    /// The text that stands there. Its encoding and span are those of the frame that was read.
    text: Option<Text>,
    /// Facts come from it.
    is_fact: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    String,
    Number,
    /// The text that stands there is empty: it says that the frame touches its lane.
    Nothing,
}

impl Shapes {
    /// Reads a frame as one of a known shape. `None` where it has none.
    pub fn read(&mut self, frame: &Frame) -> Option<Known<'_>> {
        let (bytes, kind) = (frame.bytes(), frame.named());
        let fits = |shape: &Shape| if shape.kind.as_deref() == kind { shape.read(bytes) } else { None };
        let (position, (texts, has_news)) =
            self.known.iter().enumerate().find_map(|(position, shape)| Some((position, fits(shape)?)))?;
        self.known.swap(0, position);
        self.vain = 0;
        let shape = self.known.first()?;
        let facts = (!has_news).then_some(&shape.facts);
        Some(Known { texts, items: &shape.items, facts, is_turn: position > 0 })
    }

    /// The shape of a frame that was read, if it is worth keeping. `texts` are those of the whole frame, with spans in it.
    pub fn candidate(
        &self,
        frame: &Frame,
        document: &Document<'_>,
        event: &Event,
        texts: &[Text],
    ) -> Option<Shape> {
        let says_more = event.starts || event.ends || !event.begins.is_empty() || !event.finished.is_empty();
        let is_wanted = !says_more && frame.is_ordinary() && frame.bytes().len() <= MAX_BYTES;
        if !is_wanted || self.vain >= MAX_VAIN {
            return None;
        }
        let kind = frame.named().map(str::to_owned);
        let holes = holes(frame, document, texts)?;
        Some(Shape {
            bytes: frame.bytes().to_vec(),
            kind,
            holes,
            items: event.items.clone(),
            facts: event.facts.clone(),
        })
    }

    /// Remembers the shape of a frame in whose texts nothing was found.
    pub fn learn(&mut self, shape: Shape) {
        self.vain += 1;
        self.known.truncate(MAX_SHAPES - 1);
        self.known.insert(0, shape);
    }
}

/// `None` where a text that continues a lane would not be seen again.
fn holes(frame: &Frame, document: &Document<'_>, texts: &[Text]) -> Option<Vec<Hole>> {
    let mut holes = Vec::new();
    for (value, read) in document.scalars() {
        let content = match document.kind(value) {
            Kind::String { .. } => Content::String,
            Kind::Number => Content::Number,
            _ => continue,
        };
        if read != Read::Decisive {
            let span = document.text_span(value).unwrap_or_else(|| document.span(value));
            let span = frame.place_of(span)?;
            if holes.len() == MAX_HOLES {
                return None;
            }
            holes.push(Hole { span, content, text: None, is_fact: read == Read::Aside });
        }
    }
    for text in texts {
        let hole = match holes.binary_search_by_key(&text.span.start, |hole| hole.span.start) {
            Ok(position) => {
                holes.get_mut(position).filter(|hole| hole.span == text.span && hole.text.is_none())
            }
            Err(position) if text.lane.is_some() && text.span.is_empty() && holes.len() < MAX_HOLES => {
                let span = text.span.clone();
                holes.insert(position, Hole { span, content: Content::Nothing, text: None, is_fact: false });
                holes.get_mut(position)
            }
            Err(_) => None,
        };
        match hole {
            Some(hole) => hole.text = Some(text.clone()),
            None if text.lane.is_some() => return None,
            None => {}
        }
    }
    holes.shrink_to_fit();
    Some(holes)
}

impl Shape {
    fn read(&self, bytes: &[u8]) -> Option<(Vec<Text>, bool)> {
        let mut texts = Vec::new();
        let mut has_news = false;
        // How far both have been compared.
        let (mut own, mut at) = (0, 0);
        for hole in &self.holes {
            let around = self.bytes.get(own..hole.span.start)?;
            let rest = bytes.get(at..)?.strip_prefix(around)?;
            at += around.len();
            let before = self.bytes.get(hole.span.clone())?;
            let (len, encoding) = match hole.content {
                Content::String => {
                    let (len, escaped) = json::content_len(rest).ok()?;
                    (len, if escaped { Encoding::JsonEscaped } else { Encoding::Json })
                }
                Content::Number => (json::number_len(rest).ok()?, Encoding::Number),
                Content::Nothing => (0, Encoding::Json),
            };
            let content = rest.get(..len)?;
            let is_new = content != before;
            // Whether there is text at all is something that a reader sees without looking at it; and of a fact each frame
            // has to say as much as the one that was read.
            let is_alike = content.is_empty() == before.is_empty()
                && (!hole.is_fact
                    || matches!(encoding, Encoding::Json)
                    || (len < 20 && content.iter().all(u8::is_ascii_digit)));
            if is_new && (!is_alike || str::from_utf8(content).is_err()) {
                return None;
            }
            if let Some(text) = &hole.text
                && (is_new || text.lane.is_some())
            {
                texts.push(Text { span: at..at + len, encoding, ..text.clone() });
            }
            has_news |= is_new && hole.is_fact;
            at += len;
            own = hole.span.end;
        }
        (bytes.get(at..)? == self.bytes.get(own..)?).then_some((texts, has_news))
    }
}
