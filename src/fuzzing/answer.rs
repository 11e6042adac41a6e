//! The whole response half, driven as the host drives it.

use super::dialects::operation;
use super::framing::make_sums_right;
use super::{choices, chosen, cuts, masked};
use crate::audit::record::Record;
use crate::config::{Access, Config};
use crate::exchange::{Body, Closing, End, Exchange, Gate, Headers, RequestHead, ResponseHead, Step};
use crate::identity::bare_claims;
use crate::reason::Reason;
use crate::redact::Actions;
use jwt_simple::prelude::{Ed25519KeyPair, EdDSAKeyPairLike};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

/// When everything takes place, in Unix seconds.
const NOW: u64 = 1_800_000_000;

const TYPES: &[Option<&str>] = &[
    Some("text/event-stream"),
    Some("application/json"),
    Some("application/x-ndjson"),
    Some("application/vnd.amazon.eventstream"),
    Some("text/plain; charset=utf-8"),
    Some("image/png"),
    None,
];

const STATUSES: &[&str] = &["200", "201", "400", "503"];

/// What came out of an answer.
#[derive(PartialEq)]
struct Outcome {
    out: Vec<u8>,
    reply: Option<(u16, Vec<u8>)>,
    reset: Option<Reason>,
    /// Why it was refused or cut.
    reason: Option<Reason>,
    record: Record,
}

/// Any answer of any API gives the same bytes, the same verdict and the same record however it is cut; one that is only
/// observed leaves as it came, and one that is masked says what it said, masked.
pub fn answer(data: &[u8]) {
    let ([call, guard, kind, status, seed, sums], body) = choices(data);
    let kind = *chosen(TYPES, kind);
    let mut body = body.to_vec();
    if sums % 4 != 0 && kind.is_some_and(|kind| kind.contains("amazon")) {
        make_sums_right(&mut body);
    }
    let guard = chosen(Guard::ALL, guard);
    let end = if status >= 0x80 { End::Trailers } else { End::Yes };
    let head = (*chosen(STATUSES, status), kind);
    let whole = pass(guard, call, head, &[&body], end, false);
    if *guard == Guard::Observe {
        assert!(
            whole.reply.is_none() && whole.reset.is_none() && whole.out == body,
            "what is observed has changed"
        );
    }
    // Plain text is one text, whatever it looks like.
    let kind = kind.filter(|kind| !kind.starts_with("text/plain"));
    if *guard == Guard::Redact
        && let (Some(kind), None, "200" | "201") = (kind, whole.reason, head.0)
    {
        let actions = GATES.with_borrow(|gates| actions_of(&gates[*guard as usize].config));
        let left = whole.reply.as_ref().map_or(&whole.out, |(_, body)| body);
        masked::is_masked(&operation(call).2, kind, &actions, &body, left);
    }
    for chunks in cuts(&body, seed.into()) {
        let cut = pass(guard, call, head, &chunks, end, false);
        agree(&whole, &cut, "in chunks");
    }
    if end == End::Yes && !body.is_empty() {
        for chunks in cuts(&body, seed.into()).iter().take(1).chain([&vec![body.as_slice()]]) {
            let cut = pass(guard, call, head, chunks, end, true);
            agree(&whole, &cut, "when its last chunk is its end");
        }
    }
}

fn agree(whole: &Outcome, cut: &Outcome, how: &str) {
    assert!(whole.reset == cut.reset, "another reset {how}");
    assert!(whole.reply == cut.reply, "another reply {how}");
    assert!(whole.out == cut.out, "other bytes {how}");
    assert!(whole.record == cut.record, "another record {how}");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Masks what is found.
    Redact,
    /// A secret is a stop.
    Block,
    /// The same, where heads leave at once.
    BlockUnheld,
    /// Nothing is changed.
    Observe,
}

impl Guard {
    const ALL: &[Guard] = &[Guard::Redact, Guard::Block, Guard::BlockUnheld, Guard::Observe];

    fn gate(self) -> Gate {
        let secret = if self == Guard::Redact { "redact" } else { "block" };
        let mode = if self == Guard::Observe { "observe" } else { "enforce" };
        let text = json!({
            "identity": { "issuers": [{
                "name": "test",
                "issuer": "https://issuer.example",
                "audiences": ["gate"],
                "jwks": { "inline": signer().0 },
            }] },
            "guards": { "standard": {
                "request": { "secret": "block" },
                "response": { "pii": "redact", "financial": "redact", "secret": secret, "injection": "flag" },
            } },
            "routes": [{
                "name": "all",
                "match": { "path": "/*" },
                "guard": "standard",
                "mode": mode,
                "allow": [{ "id": "everything" }],
                "limits": { "held": "1KiB" },
            }],
            "host": { "hold_headers": self != Guard::BlockUnheld },
        });
        match Config::from_json(text.to_string().as_bytes()) {
            Ok(config) => Gate::new(Arc::new(config), NOW),
            Err(problems) => panic!("{problems}"),
        }
    }
}

fn actions_of(config: &Config) -> Arc<Actions> {
    match config.route_named("all").map(|route| &route.access) {
        Some(Access::Guarded(guarded)) => guarded.response.clone(),
        _ => panic!("the route is guarded"),
    }
}

/// A key set and a token that its key has signed.
fn signer() -> &'static (Value, String) {
    static SIGNER: OnceLock<(Value, String)> = OnceLock::new();
    SIGNER.get_or_init(|| {
        let pair = Ed25519KeyPair::generate();
        let key: Value = serde_json::from_str(&pair.public_key().to_jwk()).unwrap();
        let claims = bare_claims(json!({
            "iss": "https://issuer.example", "aud": "gate", "sub": "alice", "iat": NOW, "exp": NOW + 600,
        }));
        (json!({ "keys": [key] }), pair.sign(claims).unwrap())
    })
}

thread_local! {
    /// Gates remember the token, so that its signature costs nothing the second time.
    static GATES: RefCell<Vec<Gate>> = RefCell::new(Guard::ALL.iter().map(|guard| guard.gate()).collect());
}

/// Passes an answer. `is_last_end`: the last chunk says that it is the last, and nothing comes behind it.
fn pass(
    guard: &Guard,
    call: u8,
    (status, kind): (&str, Option<&str>),
    chunks: &[&[u8]],
    end: End,
    is_last_end: bool,
) -> Outcome {
    let mut exchange = Exchange::new([7; 16], NOW * 1000);
    let holds_heads = GATES.with_borrow_mut(|gates| {
        let gate = &mut gates[*guard as usize];
        ask(&mut exchange, gate, call);
        gate.config.hold_headers
    });
    let mut lines = vec![(":status", status)];
    lines.extend(kind.map(|kind| ("content-type", kind)));
    let headers = headers(&lines);
    let head = ResponseHead { headers: &headers, route: "", is_local: false, end: false };
    let mut outcome = Outcome {
        out: Vec::new(),
        reply: None,
        reset: None,
        reason: None,
        record: Exchange::new([7; 16], 0).finish(&Closing { now_ms: 0, status: None }),
    };
    let (step, _) = exchange.response_head(&head, holds_heads);
    let mut is_over = false;
    let mut held = Vec::new();
    apply(step, &mut held, &mut outcome, &mut is_over);
    let last: &[&[u8]] = if is_last_end { &[] } else { &[&[]] };
    let count = chunks.len() + last.len();
    for (number, chunk) in (1..).zip(chunks.iter().chain(last)) {
        if is_over {
            break;
        }
        held.extend_from_slice(chunk);
        let bytes = held.clone();
        let step = exchange.response_body(Body {
            size: held.len(),
            read: &mut || Some(bytes.clone()),
            end: if number == count { end } else { End::No },
        });
        apply(step, &mut held, &mut outcome, &mut is_over);
    }
    assert!(is_over || held.is_empty(), "the body ended and something is still held");
    assert!(exchange.held() == 0, "the exchange holds something behind the end");
    let status = outcome.reply.as_ref().map(|(status, _)| *status);
    outcome.reason = exchange.reason();
    outcome.record = exchange.finish(&Closing { now_ms: NOW * 1000 + 5, status });
    outcome
}

fn apply(step: Step, held: &mut Vec<u8>, outcome: &mut Outcome, is_over: &mut bool) {
    match step {
        Step::Pass => outcome.out.append(held),
        Step::Hold => {}
        Step::Replace(bytes) | Step::ReplaceWhole(bytes) => {
            held.clear();
            outcome.out.extend_from_slice(&bytes);
        }
        Step::Reply(reply) => {
            outcome.reply = Some((reply.status, reply.body));
            *is_over = true;
        }
        Step::Reset(reason) => {
            outcome.reset = Some(reason);
            *is_over = true;
        }
    }
}

/// Sends a request that is allowed.
fn ask(exchange: &mut Exchange, gate: &mut Gate, call: u8) {
    let (method, path, operation) = operation(call);
    let authorization = format!("Bearer {}", signer().1);
    let headers = headers(&[
        (":method", method),
        (":path", path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", &authorization),
    ]);
    let is_empty = method != "POST";
    let head = RequestHead { headers: &headers, route: "", end: is_empty };
    let mut steps = vec![exchange.request_head(gate, &head, NOW * 1000).0];
    if !is_empty {
        let body = match operation.api {
            "mcp" => json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }),
            _ if operation.name == "count_tokens" && operation.api == "bedrock" => {
                json!({ "input": { "converse": { "messages": [{ "role": "user", "content": [{ "text": "hi" }] }] } } })
            }
            _ => json!({
                "model": "m", "messages": [{ "role": "user", "content": "hi" }], "input": "hi", "prompt": "hi",
                "content": { "parts": [{ "text": "hi" }] },
                "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }],
            }),
        };
        let body = body.to_string().into_bytes();
        let mut read = || Some(body.clone());
        steps.push(exchange.request_body(Body { size: body.len(), read: &mut read, end: End::Yes }));
    }
    let is_refused = steps.iter().any(|step| matches!(step, Step::Reply(_) | Step::Reset(_)));
    assert!(!is_refused || path.contains("/audio/trans"), "{path} is refused: {:?}", exchange.reason());
}

fn headers(lines: &[(&str, &str)]) -> Headers {
    lines.iter().copied().collect()
}
