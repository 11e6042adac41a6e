//! What a receiver reads in an answer that has left is what it would have read in the one that came, masked.

use crate::protocol::framing::Frame;
use crate::protocol::json::{Document, Limits, Read};
use crate::protocol::lane::{Channel, LaneKey, Text};
use crate::protocol::{Dialect, Operation};
use crate::redact::Actions;
use crate::redact::reference::mask_whole;
use std::collections::{BTreeMap, BTreeSet};

/// Compares the texts of both, lane by lane; keys that are masked alike have numbers. Tools' arguments are left out: a mask
/// in them may bring its own quotes. So is a text that goes on after another one of the same answer did, because it was judged up to
/// there as if it were complete, and an answer in which something is found in what says how it is read: a value such as an event's
/// `type`, or a key on the path of a text that is no plain value.
pub(super) fn is_masked(operation: &Operation, kind: &str, actions: &Actions, came: &[u8], left: &[u8]) {
    let is_decided = |document: &Document<'_>, texts: &[Text]| {
        let stays = |node| document.text(node).is_none_or(|text| mask_whole(actions, &text) == *text);
        let mut decisive = document.scalars().into_iter().filter(|(_, read)| *read == Read::Decisive);
        let mut members = document.nodes().flat_map(|node| document.children(node));
        let is_plain = |text: &Text| text.lane.is_none() && text.channel == Channel::Value;
        let leads = |below| {
            let below = document.span(below);
            texts.iter().any(|text| below.contains(&text.span.start) && !is_plain(text))
        };
        decisive.all(|(value, _)| stays(value))
            && members.all(|(key, below)| key.is_none_or(|key| stays(key) || !leads(below)))
    };
    let Some(came) = Receiver::read(operation.dialect, kind, came, &is_decided) else { return };
    let left = Receiver::read(operation.dialect, kind, left, &|_, _| true)
        .expect("what leaves is read as what came");
    assert_eq!(came.lanes.len(), left.lanes.len(), "another number of texts");
    for (came, left) in came.lanes.iter().zip(&left.lanes) {
        if came.is_interrupted {
            continue;
        }
        let masked = mask_whole(actions, &came.concat());
        let may_differ = came.are_keys && masked != came.concat();
        assert!(left.reads_as(&masked, may_differ), "a text is not what its mask is");
    }
}

/// Whether a document, in which these texts were found, is read in the same way when it is masked.
type IsSure<'f> = &'f dyn Fn(&Document<'_>, &[Text]) -> bool;

/// The texts of one lane.
#[derive(Default)]
struct Lane {
    texts: Vec<Vec<u8>>,
    /// They are keys of objects.
    are_keys: bool,
    /// Of an answer, and the number of the frame that went on with it last.
    item: Option<u32>,
    last: usize,
    /// Another text of the same item went on before this one did again.
    is_interrupted: bool,
}

impl Lane {
    fn concat(&self) -> Vec<u8> {
        self.texts.concat()
    }

    /// Whether this is what they say together, apart from the numbers that masked keys may have at their ends.
    fn reads_as(&self, expected: &[u8], may_have_numbers: bool) -> bool {
        let mut read = BTreeSet::from([0]);
        for text in &self.texts {
            let number = text.iter().rposition(|byte| !byte.is_ascii_digit()).filter(|at| text[*at] == b'_');
            let named = number.filter(|at| may_have_numbers && *at + 1 < text.len()).map(|at| &text[..at]);
            let readings = || [Some(text.as_slice()), named].into_iter().flatten();
            let goes_on = |at: usize| {
                readings()
                    .filter(move |text| expected[at..].starts_with(text))
                    .map(move |text| at + text.len())
            };
            read = read.into_iter().flat_map(goes_on).collect();
        }
        read.contains(&expected.len())
    }
}

/// Puts texts together.
#[derive(Default)]
struct Receiver {
    /// In the order in which they begin.
    lanes: Vec<Lane>,
    open: BTreeMap<LaneKey, usize>,
    /// Frames that were read.
    frames: usize,
    /// It may not be read like this when it is masked.
    is_unsure: bool,
}

impl Receiver {
    /// `None` for what cannot be read, or not for sure.
    fn read(dialect: &dyn Dialect, kind: &str, body: &[u8], is_sure: IsSure<'_>) -> Option<Receiver> {
        let mut receiver = Receiver::default();
        let Some(mut framer) = dialect.framer(kind, usize::MAX) else {
            let document = Document::parse(body, dialect.limits()).ok()?;
            let (texts, _) = dialect.answer(&document).ok().filter(|(texts, _)| is_sure(&document, texts))?;
            receiver.take(body, &texts);
            return Some(receiver);
        };
        framer.feed(body);
        while let Some(frame) = framer.next_frame() {
            receiver.frame(dialect, &frame.ok()?, is_sure)?;
        }
        if let Some(frame) = framer.finish() {
            // What is not complete is read or dropped.
            let _ = receiver.frame(dialect, &frame, is_sure);
        }
        (!receiver.is_unsure).then_some(receiver)
    }

    fn frame(&mut self, dialect: &dyn Dialect, frame: &Frame, is_sure: IsSure<'_>) -> Option<()> {
        let Some(data) = frame.data().filter(|data| !data.trim_ascii().is_empty()) else { return Some(()) };
        if dialect.is_end(&data) {
            return Some(());
        }
        let document = Document::parse(&data, Limits::default()).ok()?;
        let event = dialect.event(frame.kind(), &document).ok()?;
        self.is_unsure |= !is_sure(&document, &event.texts);
        for item in event.begins {
            self.open.retain(|lane, _| lane.item != item);
        }
        self.take(&data, &event.texts);
        Some(())
    }

    fn take(&mut self, body: &[u8], texts: &[Text]) {
        let is_read = |text: &&Text| text.channel != Channel::ToolArguments && !text.repeats;
        let mut texts: Vec<&Text> = texts.iter().filter(is_read).collect();
        texts.sort_by_key(|text| text.span.start);
        self.frames += 1;
        let mut spoke = Vec::new();
        for text in texts {
            let index = match text.lane {
                Some(lane) => *self.open.entry(lane).or_insert(self.lanes.len()),
                None => self.lanes.len(),
            };
            if index == self.lanes.len() {
                let item = text.lane.map(|lane| lane.item);
                self.lanes.push(Lane { are_keys: text.key_of.is_some(), item, ..Lane::default() });
            }
            let decoded = text.encoding.decode(&body[text.span.clone()]).into_owned();
            if text.lane.is_some() && !decoded.is_empty() {
                let (item, last) = (self.lanes[index].item, self.lanes[index].last);
                let between = last + 1..self.frames;
                self.lanes[index].is_interrupted |= last > 0
                    && self.lanes.iter().any(|lane| lane.item == item && between.contains(&lane.last));
                spoke.push(index);
            }
            self.lanes[index].texts.push(decoded);
        }
        for index in spoke {
            self.lanes[index].last = self.frames;
        }
    }
}
