//! The request half: which route, who calls, what for, and whether they may.

use super::{Body, Edit, End, Exchange, Gate, Guard, Headers, Phase, RequestHead, Step};
use crate::audit::record::Coverage;
use crate::config::raw::Disposition;
use crate::config::{Access, Config, Guarded, Matched, Route};
use crate::identity::{Principal, credential};
use crate::policy::{Call, Decision, Rules, Target, is_plain_guarded_path};
use crate::protocol::json::Document;
use crate::protocol::{self, Operation, Request};
use crate::reason::Reason;
use crate::redact::{Redactor, Stop, Unit};
use std::sync::Arc;

/// A guarded request whose head was accepted.
pub(super) struct Reading {
    route: Arc<Guarded>,
    principal: Arc<Principal>,
    operation: Option<Operation>,
    /// The head waits for the verdict.
    is_held: bool,
    /// The name of Envoy's route, where the verdict hangs on it.
    judged_as: Option<String>,
    /// The head says already that the body cannot be read, and yet it goes on.
    is_unreadable: bool,
    /// What follows is no body that ends, but another protocol.
    is_upgrade: bool,
}

impl Reading {
    pub(super) fn operation(&self) -> Option<&Operation> {
        self.operation.as_ref()
    }
}

/// Hop-by-hop and offer headers that are removed: an answer must come back readable, and without trailers.
const REMOVED: [&str; 2] = ["accept-encoding", "te"];

impl Exchange {
    /// The request's head. The edits are to be made whatever the step is, unless it is a reply.
    pub fn request_head(
        &mut self,
        gate: &mut Gate,
        head: &RequestHead<'_>,
        now_ms: u64,
    ) -> (Step, Vec<Edit>) {
        let config = gate.config.clone();
        self.evidence.began(&config, head.headers);
        let path = head.headers.text(":path").unwrap_or_default();
        let method = head.headers.text(":method").unwrap_or_default();
        let target =
            Target { route: head.route, host: head.headers.text(":authority").unwrap_or_default(), path };
        let route = match config.route(&target) {
            Matched::Route(route) => route,
            Matched::Nothing(Disposition::Pass) => return self.pass_unread(&config, head, None),
            Matched::Nothing(Disposition::Deny) => {
                return (self.refuse_as(Reason::RouteUnmatched, None), Vec::new());
            }
        };
        let guarded = match &route.access {
            Access::Public => return self.pass_unread(&config, head, Some(&route)),
            Access::Guarded(guarded) => guarded.clone(),
        };
        self.evidence.entered(&route, guarded.observe);
        if is_preflight(method, head) && guarded.cors_preflight == Disposition::Pass {
            return self.pass_unread(&config, head, Some(&route));
        }
        let operation = protocol::recognise(method, path);
        self.evidence.recognised(operation.as_ref());
        if gate.audit_is_full {
            return (self.refuse_as(Reason::AuditUnavailable, operation.as_ref()), Vec::new());
        }
        let principal = match authenticate(gate, &config, head.headers, path.as_bytes(), now_ms / 1000) {
            Ok(principal) => principal,
            Err(reason) => return (self.refuse_as(reason, operation.as_ref()), Vec::new()),
        };
        self.evidence.authenticated(&principal);
        let mut edits = edits(&config, head.headers, path, &principal);
        let judged = judge_head(method, path, head, operation.as_ref(), &guarded);
        if let Err(reason) = judged
            && let Some(step) = self.object(reason, &guarded, operation.as_ref())
        {
            return (step, Vec::new());
        }
        if !config.hold_headers && guarded.request.can_change() {
            // The head leaves before the body's length is known.
            edits.push(Edit::Remove(b"content-length".to_vec()));
        }
        let is_upgrade = judged == Err(Reason::UpgradeDenied);
        let reading = Reading {
            route: guarded.clone(),
            principal,
            operation,
            is_held: config.hold_headers,
            judged_as: config.matches_by_route().then(|| head.route.to_owned()),
            is_unreadable: judged.is_err() && (is_upgrade || !guarded.observe),
            is_upgrade,
        };
        // Who asks for an upgrade says nothing more before the answer.
        if head.end || is_upgrade {
            return (self.decide(reading, Vec::new()), edits);
        }
        self.phase = Phase::Request(Box::new(reading));
        (if config.hold_headers { Step::Hold } else { Step::Pass }, edits)
    }

    /// A piece of the request's body, or its trailers. What was held is held until the last.
    pub fn request_body(&mut self, body: Body<'_>) -> Step {
        let reading = match std::mem::replace(&mut self.phase, Phase::Refused) {
            Phase::Request(reading) => reading,
            phase @ (Phase::Unread | Phase::Refused | Phase::Cut { .. }) => {
                return self.pass_request(phase, &body);
            }
            // A body that was judged has ended; more of it can only come of one that goes on unread.
            phase @ (Phase::Await(_) | Phase::Whole(_) | Phase::Stream(_))
                if self.evidence.request_is_unread() =>
            {
                return self.pass_request(phase, &body);
            }
            Phase::Start | Phase::Await(_) | Phase::Whole(_) | Phase::Stream(_) => {
                return self.refuse_as(Reason::OutOfPhase, None);
            }
        };
        let guarded = &reading.route;
        self.evidence.request.bytes = body.size as u64;
        if body.size > guarded.limits.request_body {
            let operation = reading.operation.clone();
            return match self.object(Reason::RequestTooLarge, guarded, operation.as_ref()) {
                Some(step) => step,
                None => self.allow_unread(*reading),
            };
        }
        if body.end == End::No {
            self.phase = Phase::Request(reading);
            return Step::Hold;
        }
        match (body.read)() {
            Some(bytes) => self.decide(*reading, bytes),
            None => self.refuse_as(Reason::HostFailure, reading.operation.as_ref()),
        }
    }

    fn pass_request(&mut self, phase: Phase, body: &Body<'_>) -> Step {
        self.phase = phase;
        self.evidence.request.bytes += body.size as u64;
        Step::Pass
    }

    /// The whole request is there.
    fn decide(&mut self, reading: Reading, body: Vec<u8>) -> Step {
        let length = body.len();
        let guarded = &reading.route;
        let operation = reading.operation.as_ref();
        let (request, understood) = match read(operation, &body) {
            _ if reading.is_unreadable => (Request::default(), false),
            Ok(request) => (request, operation.is_some()),
            Err(reason) => match self.object(reason, guarded, operation) {
                Some(step) => return step,
                None => (Request::default(), false),
            },
        };
        let call = Call {
            api: operation.map(|operation| operation.api),
            operation: operation.map(|operation| request.operation.unwrap_or(operation.name)),
            model: request.model.clone(),
            tools: understood.then(|| request.tools.clone()),
        };
        let (call, decision) = judge_models(&guarded.rules, &reading.principal, call, &request.fallbacks);
        self.evidence.requested(&call, understood.then_some(request.stream), &guarded.request);
        self.evidence.decided(&decision);
        if let Decision::Deny(reason, _) = decision
            && let Some(step) = self.object(reason, guarded, operation)
        {
            return step;
        }
        if !understood {
            match reading.is_upgrade {
                true => self.evidence.request_is(Coverage::Unscanned),
                false => self.evidence.request_unscanned(length),
            }
            return self.await_response(reading, None, Step::Pass);
        }
        let mut redactor = Redactor::new(guarded.request.clone(), self.numbers.clone());
        let judged = redactor.judge(Unit::new(body, None), &request.texts);
        self.evidence.scanned_request(&redactor, length, guarded.observe);
        if let Err(stop) = judged {
            let reason = match stop {
                Stop::Blocked => Reason::RequestBlocked,
                Stop::Classified => Reason::ClassificationExceeded,
                // A whole body has no lanes.
                Stop::TooManyLanes | Stop::LaneReopened | Stop::NoCopy => Reason::OutOfPhase,
            };
            if let Some(step) = self.object(reason, guarded, operation) {
                return step;
            }
        }
        let mut step = Step::Pass;
        if judged.is_ok() && redactor.has_edits() && !guarded.observe {
            let mut redacted = Vec::with_capacity(length);
            redactor.drain(&mut redacted);
            self.numbers = redactor.into_numbers();
            step = match reading.is_held {
                true => Step::ReplaceWhole(redacted),
                false => Step::Replace(redacted),
            };
        }
        self.await_response(reading, request.id, step)
    }

    fn await_response(&mut self, reading: Reading, id: Option<String>, step: Step) -> Step {
        self.evidence.forwarded();
        let Reading { route, operation, judged_as, .. } = reading;
        self.phase = Phase::Await(Box::new(Guard { route, operation, judged_as, id }));
        step
    }

    /// An observed request whose body is larger than what may be held goes on unread.
    fn allow_unread(&mut self, reading: Reading) -> Step {
        self.evidence.request_unscanned(0);
        self.await_response(reading, None, Step::Pass)
    }

    /// A refusal where verdicts have effect; where they are observed, or the route passes what is not understood,
    /// a note in the record.
    fn object(&mut self, reason: Reason, guarded: &Guarded, operation: Option<&Operation>) -> Option<Step> {
        let passes = guarded.unsupported == Disposition::Pass
            && matches!(reason, Reason::UnsupportedContent | Reason::UpgradeDenied);
        if guarded.observe {
            self.evidence.would_refuse(reason);
        }
        match guarded.observe || passes {
            true => None,
            false => Some(self.refuse_as(reason, operation)),
        }
    }

    /// Not guarded. Who calls is not known, so nobody may say so.
    fn pass_unread(
        &mut self,
        config: &Config,
        head: &RequestHead<'_>,
        route: Option<&Route>,
    ) -> (Step, Vec<Edit>) {
        self.evidence.passed(route);
        self.phase = Phase::Unread;
        let claimed = config.identity.forward.names().filter(|name| head.headers.has(name));
        (Step::Pass, claimed.map(|name| Edit::Remove(name.as_bytes().to_vec())).collect())
    }
}

/// CORS preflight: Fetch standard, section 3.2.2.
fn is_preflight(method: &str, head: &RequestHead<'_>) -> bool {
    method == "OPTIONS"
        && head.end
        && head.headers.has("origin")
        && head.headers.has("access-control-request-method")
}

fn authenticate(
    gate: &mut Gate,
    config: &Config,
    headers: &Headers,
    path: &[u8],
    now: u64,
) -> Result<Arc<Principal>, Reason> {
    let credential = credential::find(headers.iter(), path, config.identity.header.as_deref())?;
    let token = credential.as_str();
    if let Some(verified) = gate.tokens.lookup(token, |issuer| gate.keys(issuer, now), now) {
        return Ok(verified.principal.clone());
    }
    let keys = |issuer| gate.keys(issuer, now);
    match crate::identity::verify(token, &config.identity.issuers, keys, &*gate.verifier, now) {
        Ok(verified) => {
            let principal = verified.principal.clone();
            gate.tokens.insert(token, verified, now);
            Ok(principal)
        }
        Err(refusal) => {
            if let (Reason::TokenKeyUnknown, Some(issuer)) = (refusal.reason, refusal.issuer) {
                gate.keyring.wants_newer(issuer, now);
            }
            Err(refusal.reason)
        }
    }
}

/// What can be said against a request before its body is there.
fn judge_head(
    method: &str,
    path: &str,
    head: &RequestHead<'_>,
    operation: Option<&Operation>,
    guarded: &Guarded,
) -> Result<(), Reason> {
    if head.headers.has("upgrade") || method == "CONNECT" {
        return Err(Reason::UpgradeDenied);
    }
    if !is_plain_guarded_path(path) {
        return Err(Reason::RequestAmbiguous);
    }
    if operation.is_none() || head.headers.has("content-encoding") {
        return Err(Reason::UnsupportedContent);
    }
    if !head.headers.text("content-type").is_none_or(|kind| is_json(kind) && is_utf_8(kind)) {
        return Err(Reason::UnsupportedContent);
    }
    let length = head.headers.text("content-length").and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > guarded.limits.request_body as u64) {
        return Err(Reason::RequestTooLarge);
    }
    Ok(())
}

/// Each model that may answer must be allowed: the verdict, and the call with the model that it is about.
fn judge_models<'r>(
    rules: &'r Rules,
    principal: &Principal,
    call: Call,
    fallbacks: &[String],
) -> (Call, Decision<'r>) {
    let decision = rules.decide(principal, &call);
    if let Decision::Allow(_) = decision {
        for model in fallbacks {
            let other = Call { model: Some(model.clone()), ..call.clone() };
            let decision = rules.decide(principal, &other);
            if let Decision::Deny(..) = decision {
                return (other, decision);
            }
        }
    }
    (call, decision)
}

/// RFC 8259 section 11, and the suffix of RFC 6839 section 3.1.
pub(super) fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return true;
    }
    let essence = essence.to_ascii_lowercase();
    essence.starts_with("application/") && essence.ends_with("+json")
}

/// Whether a content type names no other character set than the one that is read.
pub(super) fn is_utf_8(content_type: &str) -> bool {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    parameters.all(|(name, value)| {
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset")
            || ["utf-8", "utf8", "us-ascii"].into_iter().any(|charset| value.eq_ignore_ascii_case(charset))
    })
}

fn read(operation: Option<&Operation>, body: &[u8]) -> Result<Request, Reason> {
    let Some(operation) = operation else {
        return Ok(Request::default());
    };
    let dialect = operation.dialect;
    if body.is_empty() {
        return dialect.without_body(operation);
    }
    let document = Document::parse(body, dialect.limits()).map_err(|_| Reason::RequestMalformed)?;
    let mut request = dialect.request(&document, operation)?;
    // Each string of a body is complete in itself.
    request.texts.iter_mut().for_each(|text| text.lane = None);
    Ok(request)
}

/// What leaves with the request: no credential that the client brought, no identity that it claims, no offer of an
/// answer that cannot be read; and the identity that was verified.
fn edits(config: &Config, headers: &Headers, path: &str, principal: &Principal) -> Vec<Edit> {
    let forward = &config.identity.forward;
    let mut names: Vec<&[u8]> = Vec::new();
    for (name, _) in headers.iter() {
        let is_configured = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        let goes = credential::is_credential_header(name)
            || config.identity.header.as_deref().is_some_and(is_configured)
            || forward.names().any(is_configured)
            || REMOVED.into_iter().any(is_configured);
        if goes && !names.contains(&name) {
            names.push(name);
        }
    }
    let mut edits: Vec<Edit> = names.into_iter().map(|name| Edit::Remove(name.to_vec())).collect();
    if let Some(stripped) = credential::strip_query_credentials(path.as_bytes()) {
        edits.push(Edit::Set(b":path".to_vec(), stripped));
    }
    let mut forward_as = |name: &Option<String>, value: &dyn Fn() -> Option<String>| {
        if let Some(name) = name
            && let Some(value) = value()
        {
            edits.push(Edit::Set(name.clone().into_bytes(), value.into_bytes()));
        }
    };
    let all =
        |groups: &[String]| groups.iter().map(|group| header_value(group)).collect::<Vec<_>>().join(",");
    forward_as(&forward.subject, &|| Some(header_value(&principal.subject)));
    forward_as(&forward.groups, &|| Some(all(&principal.groups)));
    forward_as(&forward.tenant, &|| principal.tenant.as_deref().map(header_value));
    edits
}

/// A claim as a header's value. What RFC 9110 section 5.5 does not allow there is percent-encoded, and so are `%`
/// and `,`: a group whose name holds a comma stays one group.
fn header_value(claim: &str) -> String {
    let mut value = String::with_capacity(claim.len());
    for byte in claim.bytes() {
        match byte {
            b'%' | b',' => value.push_str(&format!("%{byte:02X}")),
            0x20..=0x7e => value.push(char::from(byte)),
            _ => value.push_str(&format!("%{byte:02X}")),
        }
    }
    value
}
