//! Gathers what the record of an exchange says. Facts come in as they are known; nothing of a body does.

use super::Headers;
use crate::audit::record::{
    Coverage, Decision, Finding, Gate, Mode, Model, Principal as RecordedPrincipal, Record, Upstream,
    Usage as RecordedUsage, Would, WouldAction,
};
use crate::audit::time::Timestamp;
use crate::audit::value::Hex;
use crate::class::{Action, Direction};
use crate::config::{Config, Route};
use crate::identity::Principal;
use crate::policy::{Call, Decision as Verdict};
use crate::protocol::{Facts, Operation};
use crate::reason::Reason;
use crate::redact::{Actions, Redactor};

/// What the host knows at the end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Closing {
    /// Unix milliseconds.
    pub now_ms: u64,
    /// The status that the client received.
    pub status: Option<u16>,
}

/// The record as far as it is known.
pub(super) struct Evidence {
    record: Record,
    pub(super) reason: Option<Reason>,
    pub(super) request: Bytes,
    pub(super) response: Bytes,
    upstream_status: Option<u16>,
}

/// How much of a body came and went.
#[derive(Default)]
pub(super) struct Bytes {
    pub(super) bytes: u64,
    pub(super) sent: u64,
}

impl Evidence {
    pub(super) fn new(id: [u8; 16], now_ms: u64) -> Evidence {
        let time = Timestamp::from_unix_ms(now_ms);
        Evidence {
            record: Record::new(Hex(id), time, Mode::Enforce, Decision::Deny),
            reason: None,
            request: Bytes::default(),
            response: Bytes::default(),
            upstream_status: None,
        }
    }

    pub(super) fn began(&mut self, config: &Config, headers: &Headers) {
        self.record.gate = Some(Gate { name: None, instance: None, policy: Hex(config.digest) });
        self.record.request_id = headers.text("x-request-id").map(Into::into);
    }

    pub(super) fn entered(&mut self, route: &Route, observes: bool) {
        self.record.route = Some(route.name.as_str().into());
        self.record.mode = if observes { Mode::Observe } else { Mode::Enforce };
    }

    pub(super) fn recognised(&mut self, operation: Option<&Operation>) {
        self.record.api = operation.map(|operation| operation.api.into());
        self.record.operation = operation.map(|operation| operation.name.into());
    }

    pub(super) fn authenticated(&mut self, principal: &Principal) {
        let mut recorded = RecordedPrincipal::default();
        recorded.issuer = Some(principal.issuer.as_str().into());
        recorded.subject = Some(principal.subject.as_str().into());
        recorded.tenant = principal.tenant.as_deref().map(Into::into);
        for group in &principal.groups {
            recorded.add_group(group);
        }
        self.record.principal = Some(recorded);
    }

    /// Not guarded: a public route, a preflight, or no route.
    pub(super) fn passed(&mut self, route: Option<&Route>) {
        self.record.route = route.map(|route| route.name.as_str().into());
        self.record.decision = Decision::Pass;
        self.record.request.coverage = Coverage::Unscanned;
        self.record.response.coverage = Coverage::Unscanned;
    }

    /// Names are the client's own words: what the guard looks for is not recorded with them.
    pub(super) fn requested(&mut self, call: &Call, stream: Option<bool>, guard: &Actions) {
        self.record.operation = call.operation.map(Into::into);
        let model = call.model.as_deref().map(|model| guard.name(model));
        self.record.model = model.map(|model| Model { requested: Some((*model).into()), answered: None });
        self.record.stream = stream;
        for tool in call.tools.iter().flatten() {
            self.record.add_tool(&guard.name(tool));
        }
    }

    pub(super) fn decided(&mut self, decision: &Verdict<'_>) {
        let rule = match decision {
            Verdict::Allow(rule) => Some(*rule),
            Verdict::Deny(_, rule) => *rule,
        };
        self.record.rule = rule.map(Into::into);
    }

    pub(super) fn scanned_request(&mut self, redactor: &Redactor, bytes: usize, observes: bool) {
        self.request.bytes = bytes as u64;
        self.record.request.coverage = if bytes == 0 { Coverage::Empty } else { Coverage::Scanned };
        self.found(Direction::Request, redactor, observes);
    }

    pub(super) fn request_unscanned(&mut self, bytes: usize) {
        self.request.bytes = self.request.bytes.max(bytes as u64);
        self.record.request.coverage =
            if self.request.bytes == 0 { Coverage::Empty } else { Coverage::Unscanned };
    }

    pub(super) fn would_refuse(&mut self, reason: Reason) {
        self.would(Direction::Request, WouldAction::Deny, Some(reason));
    }

    pub(super) fn would_stop_response(&mut self, action: WouldAction, reason: Reason) {
        self.would(Direction::Response, action, Some(reason));
    }

    fn would(&mut self, direction: Direction, action: WouldAction, reason: Option<Reason>) {
        self.record.add_would(Would { direction: direction.into(), action, reason: reason.map(Into::into) });
    }

    pub(super) fn request_is_unread(&self) -> bool {
        self.record.request.coverage == Coverage::Unscanned
    }

    /// The request went on, and nothing speaks against its answer yet.
    pub(super) fn forwarded(&mut self) {
        self.record.decision = Decision::Allow;
    }

    pub(super) fn refused(&mut self, reason: Reason) {
        self.reason = Some(reason);
        // Nothing of it went on.
        match self.record.decision {
            Decision::Allow => self.record.response.classification = None,
            Decision::Deny | Decision::Cut | Decision::Pass => self.record.request.classification = None,
        }
        self.record.decision = Decision::Deny;
        // A client that has left gets no answer.
        if self.record.response.coverage == Coverage::NotRead && reason != Reason::ClientGone {
            self.record.response.coverage = Coverage::LocalReply;
        }
    }

    pub(super) fn cut(&mut self, reason: Reason) {
        self.reason = Some(reason);
        self.record.decision = Decision::Cut;
        self.record.response.coverage = Coverage::Partial;
    }

    pub(super) fn answered_by(&mut self, status: Option<u16>, is_local: bool) {
        if is_local {
            self.record.response.coverage = Coverage::LocalReply;
        } else {
            self.upstream_status = status;
        }
    }

    pub(super) fn request_is(&mut self, coverage: Coverage) {
        self.record.request.coverage = coverage;
    }

    pub(super) fn response_is(&mut self, coverage: Coverage) {
        self.record.response.coverage = coverage;
    }

    /// The guards have read an answer, or a part of it.
    pub(super) fn scanned_response(&mut self, redactor: &Redactor, observes: bool, coverage: Coverage) {
        self.record.response.coverage = coverage;
        self.found(Direction::Response, redactor, observes);
    }

    /// The client or the upstream left in the middle of a stream.
    pub(super) fn interrupted(&mut self, redactor: &Redactor, observes: bool) {
        self.scanned_response(redactor, observes, Coverage::Partial);
    }

    /// The client or the upstream left in the middle of an answer that was held.
    pub(super) fn left_unfinished(&mut self) {
        self.record.response.coverage = Coverage::NotRead;
    }

    pub(super) fn facts(&mut self, facts: &Facts, guard: &Actions) {
        if let Some(answered) = &facts.model {
            self.record.model.get_or_insert_default().answered = Some((*guard.name(answered)).into());
        }
        self.record.usage = facts
            .usage
            .map(|usage| RecordedUsage { input_tokens: usage.input, output_tokens: usage.output })
            .or(self.record.usage);
    }

    fn found(&mut self, direction: Direction, redactor: &Redactor, observes: bool) {
        let level = redactor.forwarded_level(observes).map(Into::into);
        match direction {
            Direction::Request => self.record.request.classification = level,
            Direction::Response => self.record.response.classification = level,
        }
        let mut changes = false;
        for (tally, count) in redactor.findings() {
            let Some(rule) = redactor.actions().catalogue().rule(tally.rule) else {
                continue;
            };
            changes |= tally.action == Action::Redact;
            self.record.add_finding(Finding {
                direction: direction.into(),
                rule: (&*rule.id).into(),
                class: rule.class.clone().into(),
                action: tally.action.into(),
                lane: tally.channel.as_str().into(),
                count: u64::from(count),
            });
        }
        if observes && changes {
            self.would(direction, WouldAction::Redact, None);
        }
    }

    pub(super) fn into_record(mut self, closing: &Closing) -> Record {
        let record = &mut self.record;
        record.duration_ms = closing.now_ms.saturating_sub(record.time.unix_ms());
        record.reason = self.reason.map(Into::into);
        record.request.bytes = self.request.bytes;
        record.response.status = closing.status;
        record.response.bytes = self.response.sent;
        record.upstream = self.upstream_status.map(|status| Upstream { status, bytes: self.response.bytes });
        self.record
    }
}
