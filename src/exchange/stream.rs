//! A streamed answer: events go through the redactor, and what is decided leaves at once.

use super::{Body, End, Exchange, Guard, Phase, Step};
use crate::audit::record::{Coverage, WouldAction};
use crate::protocol::framing::{Frame, Framer, Unframed};
use crate::protocol::json::{Document, Limits};
use crate::protocol::reader::{Reader, Unreadable};
use crate::protocol::{Dialect, Facts};
use crate::reason::Reason;
use crate::redact::{Numbers, Redactor, Stop, Unit};
use std::collections::BTreeSet;

/// An answer has at most so many choices or blocks; the number is kept for the ending of a cut stream.
const MAX_ITEMS: usize = 1024;

/// The state of one streamed answer.
pub(super) struct Stream {
    dialect: &'static dyn Dialect,
    framer: Box<dyn Framer>,
    redactor: Redactor,
    reader: Reader,
    open: BTreeSet<u32>,
    limit: usize,
    observes: bool,
    is_over: bool,
    /// The last byte that was delivered.
    last: Option<u8>,
}

impl Stream {
    pub(super) fn new(
        guard: &Guard,
        dialect: &'static dyn Dialect,
        framer: Box<dyn Framer>,
        numbers: Numbers,
    ) -> Stream {
        Stream {
            dialect,
            framer,
            redactor: Redactor::new(guard.route.response.clone(), numbers),
            reader: Reader::new(dialect, Facts { id: guard.id.clone(), ..Facts::default() }),
            open: BTreeSet::new(),
            limit: guard.route.limits.held,
            observes: guard.route.observe,
            is_over: false,
            last: None,
        }
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    pub(super) fn observes(&self) -> bool {
        self.observes
    }

    pub(super) fn held(&self) -> usize {
        self.redactor.held()
    }

    /// Takes bytes as they come; what is decided goes to `out`.
    fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
        self.framer.feed(bytes);
        while let Some(frame) = self.framer.next_frame() {
            self.frame(frame.map_err(|unframed| match unframed {
                Unframed::TooLong => Reason::HoldLimit,
                Unframed::Malformed => Reason::ResponseMalformed,
            })?)?;
            self.redactor.drain(out);
            if self.redactor.exceeds(self.limit) {
                return Err(Reason::HoldLimit);
            }
        }
        Ok(())
    }

    /// The last byte has come.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), Reason> {
        if let Some(frame) = self.framer.finish() {
            // A frame without its end: delivered where its data is complete all the same, else dropped, as its
            // receiver would drop it.
            let is_readable = frame.data().is_none_or(|data| {
                self.dialect.is_end(&data) || Document::parse(&data, Limits::default()).is_ok()
            });
            if is_readable {
                self.frame(frame)?;
            }
        }
        self.redactor.close(|_| true).map_err(reason_of)?;
        self.redactor.drain(out);
        Ok(())
    }

    fn frame(&mut self, frame: Frame) -> Result<(), Reason> {
        let reading = self.reader.read(&frame).map_err(|Unreadable| Reason::ResponseMalformed)?;
        if reading.event.as_ref().is_some_and(|event| self.is_over && !event.starts) {
            return Err(Reason::ResponseMalformed);
        }
        let event = reading.event.unwrap_or_default();
        self.is_over = event.ends || reading.is_end || (self.is_over && !event.starts);
        for item in event.begins {
            self.redactor.restart(|lane| lane.item == item).map_err(reason_of)?;
        }
        self.open.extend(event.items);
        if self.open.len() > MAX_ITEMS {
            return Err(Reason::HoldLimit);
        }
        let before = self.redactor.found();
        let (bytes, envelope) = frame.into_bytes();
        self.redactor.push(Unit::new(bytes, envelope), &reading.texts).map_err(reason_of)?;
        if self.redactor.found() == before {
            self.reader.nothing_was_found();
        }
        for item in event.finished {
            // In this order: what is blocked at its end has not ended for the client.
            self.redactor.close(|lane| lane.item == item).map_err(reason_of)?;
            self.open.remove(&item);
        }
        if self.is_over {
            self.redactor.close(|_| true).map_err(reason_of)?;
        }
        Ok(())
    }

    /// The dialect's own ending, behind everything that was decided before the place of the stop.
    fn cut(&mut self, reason: Reason, out: &mut Vec<u8>) {
        self.redactor.drain_before_stop(out);
        let open: Vec<u32> = match self.open.is_empty() {
            true => vec![0],
            false => self.open.iter().copied().collect(),
        };
        let last = out.last().copied().or(self.last);
        let ending = self.dialect.ending(self.reader.facts(), &open, reason);
        out.extend_from_slice(&self.framer.ending(ending, last));
    }
}

impl Exchange {
    pub(super) fn stream(&mut self, mut stream: Box<Stream>, body: Body<'_>) -> Step {
        self.evidence.response.bytes += body.size as u64;
        let bytes = match body.end {
            End::Trailers => Vec::new(),
            _ => match (body.read)() {
                Some(bytes) => bytes,
                None => return self.cut_hard(stream, Reason::HostFailure),
            },
        };
        let mut out = Vec::with_capacity(bytes.len());
        let mut judged = stream.feed(&bytes, &mut out);
        if judged.is_ok() && body.end != End::No {
            judged = stream.end(&mut out);
        }
        if stream.observes {
            return self.observe(stream, judged, &body, bytes.len());
        }
        if body.end == End::Trailers && (!out.is_empty() || judged.is_err()) {
            // Nothing can be written any more: silence would be a shorter answer that looks whole.
            return self.cut_hard(stream, judged.err().unwrap_or(Reason::ResponseTrailers));
        }
        if let Err(reason) = judged {
            stream.cut(reason, &mut out);
            self.evidence.facts(stream.reader.facts(), stream.redactor.actions());
            self.evidence.scanned_response(&stream.redactor, false, Coverage::Partial);
            self.evidence.cut(reason);
            self.evidence.response.sent += out.len() as u64;
            self.phase = Phase::Cut { reason, swallowed: 0 };
            return Step::Replace(out);
        }
        self.evidence.response.sent += out.len() as u64;
        stream.last = out.last().copied().or(stream.last);
        if body.end != End::No {
            self.evidence.facts(stream.reader.facts(), stream.redactor.actions());
            self.evidence.scanned_response(&stream.redactor, false, Coverage::Scanned);
            self.phase = Phase::Unread;
        } else {
            self.phase = Phase::Stream(stream);
        }
        match body.end {
            End::Trailers => Step::Pass,
            _ if out == bytes => Step::Pass,
            _ => Step::Replace(out),
        }
    }

    /// Verdicts are recorded; the bytes go on as they came.
    fn observe(
        &mut self,
        mut stream: Box<Stream>,
        judged: Result<(), Reason>,
        body: &Body<'_>,
        sent: usize,
    ) -> Step {
        self.evidence.response.sent += sent as u64;
        if let Err(reason) = judged {
            self.evidence.would_stop_response(WouldAction::Cut, reason);
            self.evidence.facts(stream.reader.facts(), stream.redactor.actions());
            self.evidence.scanned_response(&stream.redactor, true, Coverage::Partial);
            self.phase = Phase::Unread;
        } else if body.end != End::No {
            self.evidence.facts(stream.reader.facts(), stream.redactor.actions());
            self.evidence.scanned_response(&stream.redactor, true, Coverage::Scanned);
            self.phase = Phase::Unread;
        } else {
            self.phase = Phase::Stream(stream);
        }
        Step::Pass
    }

    fn cut_hard(&mut self, mut stream: Box<Stream>, reason: Reason) -> Step {
        self.evidence.facts(stream.reader.facts(), stream.redactor.actions());
        self.evidence.scanned_response(&stream.redactor, stream.observes, Coverage::Partial);
        self.evidence.cut(reason);
        self.phase = Phase::Cut { reason, swallowed: 0 };
        Step::Reset(reason)
    }
}

/// What a stop means to the client.
pub(super) fn reason_of(stop: Stop) -> Reason {
    match stop {
        Stop::Blocked => Reason::ResponseBlocked,
        Stop::Classified => Reason::ClassificationExceeded,
        Stop::TooManyLanes => Reason::HoldLimit,
        Stop::LaneReopened | Stop::NoCopy => Reason::ResponseMalformed,
    }
}
