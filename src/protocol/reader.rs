//! Reads the frames of one streamed answer: what each says, and what the answer has said so far.

use super::framing::Frame;
use super::json::{Document, Limits};
use super::lane::Text;
use super::shape::{Shape, Shapes};
use super::{Dialect, Event, Facts};
use std::borrow::Cow;

/// The state of one streamed answer's reading. It holds the facts, two shapes at most, and one frame at most.
pub struct Reader {
    dialect: &'static dyn Dialect,
    facts: Facts,
    /// The last frame, where it is of a known shape and its facts are not in `facts` yet. Those of the same shape before it
    /// said nothing that it does not say.
    news: Option<News>,
    /// The facts may have come from another frame than those that are like the last one.
    is_stale: bool,
    shapes: Shapes,
    /// The shape of the last frame, if it is a new one.
    candidate: Option<Shape>,
}

/// A frame that is read for its facts when these are asked for.
struct News {
    kind: Option<String>,
    data: Vec<u8>,
}

/// The data of a frame cannot be read, or in more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// What a frame says.
#[derive(Default)]
pub struct Reading {
    /// Its texts, with spans in [`Frame::bytes`].
    pub texts: Vec<Text>,
    /// What else; the texts and facts are taken out of it. `None` for a frame without data, and for the sentinel.
    pub event: Option<Event>,
    /// It is the sentinel that a dialect has besides its last event. Nothing comes behind it.
    pub is_end: bool,
}

impl Reader {
    /// Of an answer of which these facts are known before it begins.
    pub fn new(dialect: &'static dyn Dialect, facts: Facts) -> Reader {
        Reader { dialect, facts, news: None, is_stale: true, shapes: Shapes::default(), candidate: None }
    }

    /// Reads the next frame. Of one that is like one before it ([`Reader::nothing_was_found`]), texts that are the same in
    /// both and complete in themselves are left out.
    pub fn read(&mut self, frame: &Frame) -> Result<Reading, Unreadable> {
        self.candidate = None;
        match self.known(frame) {
            Some(reading) => Ok(reading),
            None => self.unknown(frame),
        }
    }

    /// Nothing was found in the texts of the last frame. Others like it are from now on compared with it.
    pub fn nothing_was_found(&mut self) {
        if let Some(shape) = self.candidate.take() {
            self.shapes.learn(shape);
        }
    }

    /// What the answer has said besides its texts.
    pub fn facts(&mut self) -> &Facts {
        self.settle();
        &self.facts
    }

    fn known(&mut self, frame: &Frame) -> Option<Reading> {
        let known = self.shapes.read(frame)?;
        if known.is_turn && settle(&mut self.facts, self.dialect, self.news.take()) {
            self.is_stale = true;
        }
        match known.facts {
            None => {
                let data = frame.data().map(Cow::into_owned).unwrap_or_default();
                self.news = Some(News { kind: frame.kind().map(str::to_owned), data });
            }
            Some(facts) if known.is_turn || self.news.is_some() || self.is_stale => {
                self.news = None;
                self.is_stale = false;
                self.facts.update(facts.clone());
            }
            Some(_) => {}
        }
        let event = Event { items: known.items.to_vec(), ..Event::default() };
        Some(Reading { texts: known.texts, event: Some(event), is_end: false })
    }

    fn unknown(&mut self, frame: &Frame) -> Result<Reading, Unreadable> {
        let mut texts = frame.around();
        let Some(data) = frame.data().filter(|data| !data.trim_ascii().is_empty()) else {
            return Ok(Reading { texts, ..Reading::default() });
        };
        if self.dialect.is_end(&data) {
            return Ok(Reading { texts, is_end: true, ..Reading::default() });
        }
        self.settle();
        self.is_stale = true;
        let document = Document::parse(&data, Limits::default()).map_err(|_| Unreadable)?;
        let mut event = self.dialect.event(frame.kind(), &document).map_err(|_| Unreadable)?;
        for text in std::mem::take(&mut event.texts) {
            texts.push(frame.place(text).ok_or(Unreadable)?);
        }
        self.candidate = self.shapes.candidate(frame, &document, &event, &texts);
        self.facts.update(std::mem::take(&mut event.facts));
        Ok(Reading { texts, event: Some(event), is_end: false })
    }

    fn settle(&mut self) {
        self.is_stale |= settle(&mut self.facts, self.dialect, self.news.take());
    }
}

/// Whether there was something.
fn settle(facts: &mut Facts, dialect: &dyn Dialect, news: Option<News>) -> bool {
    if let Some(News { kind, data }) = news
        && let Ok(document) = Document::parse(&data, Limits::default())
        && let Ok(event) = dialect.event(kind.as_deref(), &document)
    {
        facts.update(event.facts);
        return true;
    }
    false
}

#[cfg(test)]
mod tests;
