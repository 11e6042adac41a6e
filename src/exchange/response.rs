//! The response half: which answers are read, and what becomes of a whole one.

use super::stream::Stream;
use super::{Body, Edit, End, Exchange, Guard, Headers, Phase, Reply, ResponseHead, Step};
use crate::audit::record::{Coverage, WouldAction};
use crate::config::raw::Disposition;
use crate::protocol::framing::Framer;
use crate::protocol::json::Document;
use crate::protocol::lane::{Channel, Encoding, Text};
use crate::protocol::texts::{Ambiguous, texts};
use crate::protocol::{Dialect, Facts, Operation};
use crate::reason::Reason;
use crate::redact::{Redactor, Unit};

/// What is dropped after a cut stream's ending before the stream is reset, in bytes: enough for an answer that was
/// nearly done, so that its client sees a clean end, and little of one that is not.
const MAX_SWALLOWED: usize = 64 << 10;

/// A whole answer whose end is awaited.
pub(super) struct Whole {
    guard: Guard,
    form: WholeForm,
    status: u16,
    headers: Headers,
    /// Heads are not held by this host: what is judged is kept here, because the answer has begun.
    kept: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WholeForm {
    Json,
    Text,
    /// Nothing, or what is not understood.
    Untyped,
}

/// How an answer is read.
enum Form {
    Whole(WholeForm),
    Stream(&'static dyn Dialect, Box<dyn Framer>),
}

/// Header lines of an upstream that a local reply must not repeat: Envoy writes its own, or they speak of a
/// connection.
const NOT_REPEATED: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade"];

impl Exchange {
    /// The response's head.
    pub fn response_head(&mut self, head: &ResponseHead<'_>, holds_heads: bool) -> (Step, Vec<Edit>) {
        let status = head.headers.text(":status").and_then(|status| status.parse::<u16>().ok());
        let guard = match std::mem::replace(&mut self.phase, Phase::Refused) {
            Phase::Await(guard) => *guard,
            // Envoy answers in the upstream's place, or the gate did.
            Phase::Refused => return (Step::Pass, Vec::new()),
            phase if head.is_local || matches!(phase, Phase::Unread) => {
                if matches!(phase, Phase::Start | Phase::Request(_)) {
                    self.evidence.refused(Reason::ProxyRefused);
                }
                self.evidence.answered_by(status, head.is_local);
                self.phase = Phase::Unread;
                return (Step::Pass, Vec::new());
            }
            // An upstream that answers before its request was judged has seen nothing of it that counts.
            Phase::Request(reading) => {
                return (self.refuse_answer(Reason::OutOfPhase, reading.operation()), Vec::new());
            }
            _ => return (self.refuse_answer(Reason::OutOfPhase, None), Vec::new()),
        };
        self.evidence.answered_by(status, head.is_local);
        self.phase = Phase::Unread;
        if head.is_local {
            return (Step::Pass, Vec::new());
        }
        // Envoy chooses its route again when a head is changed, and tells of it only now.
        if guard.judged_as.as_deref().is_some_and(|judged| judged != head.route) {
            return (self.refuse_answer(Reason::RouteChanged, guard.operation.as_ref()), Vec::new());
        }
        if head.end {
            self.evidence.response_is(Coverage::Empty);
            return (Step::Pass, Vec::new());
        }
        self.choose(guard, status.unwrap_or(0), head, holds_heads)
    }

    /// How this answer is read.
    fn choose(
        &mut self,
        guard: Guard,
        status: u16,
        head: &ResponseHead<'_>,
        holds_heads: bool,
    ) -> (Step, Vec<Edit>) {
        let guarded = guard.route.clone();
        let form = match form(&guard, status, head.headers) {
            Ok(form) => form,
            Err(reason) => {
                let passes = guarded.unsupported == Disposition::Pass && reason != Reason::ResponseTooLarge;
                if guarded.observe {
                    self.evidence.would_stop_response(WouldAction::Deny, reason);
                } else if !passes {
                    return (self.refuse_answer(reason, guard.operation.as_ref()), Vec::new());
                }
                let is_upgraded = status == 101;
                self.evidence.response_is(if is_upgraded { Coverage::Upgraded } else { Coverage::Unscanned });
                return (Step::Pass, Vec::new());
            }
        };
        // The head leaves before the body's length is known.
        let leaves_early = || match !guarded.observe && guarded.response.can_change() {
            true => vec![Edit::Remove(b"content-length".to_vec())],
            false => Vec::new(),
        };
        let form = match form {
            Form::Stream(dialect, framer) => {
                self.phase =
                    Phase::Stream(Box::new(Stream::new(&guard, dialect, framer, self.numbers.clone())));
                return (Step::Pass, leaves_early());
            }
            Form::Whole(form) => form,
        };
        self.phase = Phase::Whole(Box::new(Whole {
            guard,
            form,
            status,
            headers: head.headers.clone(),
            kept: (!holds_heads).then(Vec::new),
        }));
        match holds_heads {
            true => (Step::Hold, Vec::new()),
            false => (Step::Pass, leaves_early()),
        }
    }

    /// A piece of the response's body, or its trailers.
    pub fn response_body(&mut self, body: Body<'_>) -> Step {
        match std::mem::replace(&mut self.phase, Phase::Refused) {
            Phase::Whole(whole) => self.whole(*whole, body),
            Phase::Stream(stream) => self.stream(stream, body),
            Phase::Cut { reason, swallowed } => self.swallow(reason, swallowed, &body),
            Phase::Unread => {
                self.phase = Phase::Unread;
                self.evidence.response.bytes += body.size as u64;
                self.evidence.response.sent += body.size as u64;
                Step::Pass
            }
            Phase::Refused => {
                self.evidence.response.sent += body.size as u64;
                Step::Pass
            }
            Phase::Start | Phase::Request(_) | Phase::Await(_) => {
                self.evidence.refused(Reason::OutOfPhase);
                Step::Reset(Reason::OutOfPhase)
            }
        }
    }

    fn whole(&mut self, mut whole: Whole, body: Body<'_>) -> Step {
        let guarded = whole.guard.route.clone();
        let limit = guarded.limits.response_body;
        let size = whole.kept.as_ref().map_or(0, Vec::len) + body.size;
        self.evidence.response.bytes = size as u64;
        if size > limit {
            if !guarded.observe {
                return self.stop_whole(&whole, Reason::ResponseTooLarge);
            }
            self.evidence.would_stop_response(WouldAction::Deny, Reason::ResponseTooLarge);
            self.evidence.response_is(Coverage::Unscanned);
            self.evidence.response.sent = size as u64;
            self.phase = Phase::Unread;
            return self.release(whole, body);
        }
        if whole.kept.is_none() && body.end == End::No {
            self.phase = Phase::Whole(Box::new(whole));
            return Step::Hold;
        }
        let piece = match body.end {
            // Trailers bring no bytes of their own where nothing is held by the host.
            End::Trailers if whole.kept.is_some() => Vec::new(),
            _ => match (body.read)() {
                Some(bytes) => bytes,
                None => return self.stop_whole(&whole, Reason::HostFailure),
            },
        };
        match &mut whole.kept {
            None => self.judge(whole, piece),
            Some(kept) => {
                kept.extend_from_slice(&piece);
                match body.end {
                    End::No => {
                        self.phase = Phase::Whole(Box::new(whole));
                        Step::Replace(Vec::new())
                    }
                    End::Yes => {
                        let answer = std::mem::take(kept);
                        match self.judge(whole, answer.clone()) {
                            Step::Pass => Step::Replace(answer),
                            step => step,
                        }
                    }
                    End::Trailers if kept.is_empty() => Step::Pass,
                    End::Trailers => self.stop_whole(&whole, Reason::ResponseTrailers),
                }
            }
        }
    }

    /// An observed answer goes on although it cannot be judged.
    fn release(&mut self, whole: Whole, body: Body<'_>) -> Step {
        match whole.kept {
            None => Step::Pass,
            Some(mut kept) => match (body.read)() {
                Some(piece) => {
                    kept.extend_from_slice(&piece);
                    Step::Replace(kept)
                }
                None => Step::Reset(Reason::HostFailure),
            },
        }
    }

    /// The whole answer is there.
    fn judge(&mut self, whole: Whole, answer: Vec<u8>) -> Step {
        let before = answer.len();
        let guarded = whole.guard.route.clone();
        let observes = guarded.observe;
        let (texts, facts) = match locate(&whole, &answer) {
            Ok(located) => located,
            Err(reason) if observes || guarded.unsupported == Disposition::Pass => {
                if observes {
                    self.evidence.would_stop_response(WouldAction::Deny, reason);
                }
                self.evidence.response_is(Coverage::Unscanned);
                return self.deliver(before, Step::Pass);
            }
            Err(reason) => return self.stop_whole(&whole, reason),
        };
        self.evidence.facts(&facts, &guarded.response);
        let mut redactor = Redactor::new(guarded.response.clone(), self.numbers.clone());
        let judged = redactor.judge(Unit::new(answer, None), &texts);
        let coverage = if before == 0 { Coverage::Empty } else { Coverage::Scanned };
        self.evidence.scanned_response(&redactor, observes, coverage);
        if let Err(stop) = judged {
            if !observes {
                return self.stop_whole(&whole, super::stream::reason_of(stop));
            }
            self.evidence.would_stop_response(WouldAction::Deny, super::stream::reason_of(stop));
        }
        if observes || !redactor.has_edits() {
            return self.deliver(before, Step::Pass);
        }
        let mut redacted = Vec::with_capacity(before);
        redactor.drain(&mut redacted);
        let length = redacted.len();
        // Growing the host's buffer past its limit kills Envoy, and the limit cannot be read.
        if whole.kept.is_none() && length > before {
            let repeated = |(name, _): &(&[u8], &[u8])| {
                !name.starts_with(b":")
                    && !NOT_REPEATED.iter().any(|other| name.eq_ignore_ascii_case(other.as_bytes()))
            };
            let reply = Reply {
                status: whole.status,
                headers: whole
                    .headers
                    .iter()
                    .filter(repeated)
                    .map(|(n, v)| (n.to_vec(), v.to_vec()))
                    .collect(),
                body: redacted,
                details: "portcullis_redacted",
            };
            return self.deliver(length, Step::Reply(reply));
        }
        self.deliver(
            length,
            match whole.kept {
                None => Step::ReplaceWhole(redacted),
                Some(_) => Step::Replace(redacted),
            },
        )
    }

    fn deliver(&mut self, sent: usize, step: Step) -> Step {
        self.phase = Phase::Unread;
        self.evidence.response.sent = sent as u64;
        step
    }

    /// A refusal in the place of the answer, where its head is still held; else the end of the stream.
    fn stop_whole(&mut self, whole: &Whole, reason: Reason) -> Step {
        match whole.kept {
            None => self.refuse_answer(reason, whole.guard.operation.as_ref()),
            Some(_) => {
                self.evidence.cut(reason);
                Step::Reset(reason)
            }
        }
    }

    /// A refusal in the place of an answer. The host does not show it again, so it is counted here.
    fn refuse_answer(&mut self, reason: Reason, operation: Option<&Operation>) -> Step {
        let step = self.refuse_as(reason, operation);
        if let Step::Reply(reply) = &step {
            self.evidence.response.sent = reply.body.len() as u64;
        }
        step
    }

    fn swallow(&mut self, reason: Reason, swallowed: usize, body: &Body<'_>) -> Step {
        self.evidence.response.bytes += body.size as u64;
        let swallowed = swallowed + body.size;
        self.phase = Phase::Cut { reason, swallowed };
        match body.end {
            End::Trailers => Step::Pass,
            End::No if swallowed > MAX_SWALLOWED => Step::Reset(reason),
            End::No | End::Yes => Step::Replace(Vec::new()),
        }
    }
}

/// How this answer is read, or why it cannot be.
fn form(guard: &Guard, status: u16, headers: &Headers) -> Result<Form, Reason> {
    let Some(operation) = guard.operation.as_ref().filter(|_| status != 101) else {
        return Err(Reason::UnsupportedContent);
    };
    if headers.all("content-encoding").any(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        return Err(Reason::ResponseEncoded);
    }
    let written = headers.text("content-type").unwrap_or_default();
    if !super::request::is_utf_8(written) {
        return Err(Reason::UnsupportedContent);
    }
    let kind = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_good = (200..300).contains(&status);
    if is_good && let Some(framer) = operation.dialect.framer(&kind, guard.route.limits.held) {
        return Ok(Form::Stream(operation.dialect, framer));
    }
    let form = match kind.as_str() {
        kind if super::request::is_json(kind) => WholeForm::Json,
        // Without a type there may be no body either, which only its end tells: MCP answers a notification like this.
        "" if guard.route.unsupported == Disposition::Deny && !guard.route.observe => WholeForm::Untyped,
        // A stream by another name would be read as one text, across what its reader takes apart.
        kind if kind.starts_with("text/")
            && kind != "text/event-stream"
            && (!is_good || operation.dialect.answers_text()) =>
        {
            WholeForm::Text
        }
        _ => return Err(Reason::UnsupportedContent),
    };
    let length = headers.text("content-length").and_then(|length| length.parse::<u64>().ok());
    match length {
        Some(length) if length > guard.route.limits.response_body as u64 => Err(Reason::ResponseTooLarge),
        _ => Ok(Form::Whole(form)),
    }
}

/// Where the texts of an answer stand. A provider's error is read as JSON of an unknown kind.
fn locate(whole: &Whole, answer: &[u8]) -> Result<(Vec<Text>, Facts), Reason> {
    if answer.is_empty() {
        return Ok(Default::default());
    }
    match (whole.form, &whole.guard.operation) {
        (WholeForm::Json, Some(operation)) => {
            let limits = operation.dialect.limits();
            let document = Document::parse(answer, limits).map_err(|_| Reason::ResponseMalformed)?;
            let read = match whole.status {
                200..300 => operation.dialect.answer(&document),
                _ => texts(&document, &[], &[]).map(|texts| (texts, Facts::default())),
            };
            read.map_err(|Ambiguous| Reason::ResponseMalformed)
        }
        (WholeForm::Text, Some(_)) => {
            let whole = 0..answer.len();
            let (channel, encoding) = (Channel::Text, Encoding::Plain);
            let text = Text {
                lane: None,
                channel,
                span: whole,
                encoding,
                is_json: false,
                repeats: false,
                key_of: None,
            };
            Ok((vec![text], Facts::default()))
        }
        (WholeForm::Untyped, _) | (_, None) => Err(Reason::UnsupportedContent),
    }
}
