//! The exchange driven as the host drives it. `Peer` is a host without Envoy: it holds, replaces and replies.

mod dialects;
mod leaks;
mod own_rules;
mod recorded;
mod requests;
mod responses;
mod streams;
mod tool_results;

use super::*;
use crate::audit::record::Record;
use crate::identity::bare_claims;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_simple::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// When the tests take place, in Unix milliseconds.
const NOW_MS: u64 = 1_800_000_000_000;

fn key() -> &'static Ed25519KeyPair {
    static KEY: OnceLock<Ed25519KeyPair> = OnceLock::new();
    KEY.get_or_init(|| Ed25519KeyPair::generate().with_key_id("k1"))
}

/// A token of the test issuer for `claims`, which may override what is set here.
fn token(claims: Value) -> String {
    let now = NOW_MS / 1000;
    let mut all = json!({
        "iss": "https://issuer.example", "aud": "api://gateway", "sub": "alice",
        "groups": ["support"], "iat": now, "exp": now + 600,
    });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let claims = bare_claims(all);
    key().sign(claims).unwrap()
}

/// The `authorization` of alice.
fn bearer() -> &'static str {
    static BEARER: OnceLock<String> = OnceLock::new();
    BEARER.get_or_init(|| format!("Bearer {}", token(json!({}))))
}

/// A configuration with one guarded route; `route` and `top` are merged over it.
fn config(route: Value, top: Value) -> Value {
    let x = URL_SAFE_NO_PAD.encode(key().public_key().to_bytes());
    let mut guarded = json!({
        "name": "chat",
        "match": { "path": "/v1/*" },
        "guard": "standard",
        "allow": [{ "id": "support", "who": { "groups": ["support"] }, "what": { "models": ["small-*"] } }],
    });
    guarded.as_object_mut().unwrap().extend(route.as_object().unwrap().clone());
    let mut config = json!({
        "identity": {
            "issuers": [{
                "name": "test",
                "issuer": "https://issuer.example",
                "audiences": ["api://gateway"],
                "jwks": { "inline": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": x }] } },
            }],
            "forward": { "subject": "x-subject", "groups": "x-groups" },
        },
        "guards": { "standard": {
            "request": { "secret": "block", "financial": "redact", "pii": "flag" },
            "response": { "pii": "redact", "financial": "redact", "secret": "block" },
        } },
        "routes": [{ "name": "health", "match": { "path": "/healthz" }, "access": "public" }, guarded],
    });
    config.as_object_mut().unwrap().extend(top.as_object().unwrap().clone());
    config
}

fn gate(route: Value, top: Value) -> Gate {
    let text = config(route, top).to_string();
    match Config::from_json(text.as_bytes()) {
        Ok(config) => Gate::new(Arc::new(config), NOW_MS / 1000),
        Err(problems) => panic!("{problems}"),
    }
}

/// What became of a head or a body.
#[derive(Debug, PartialEq)]
enum Outcome {
    Sent(Vec<u8>),
    /// The bytes that had left, then the end.
    Reset(Vec<u8>, Reason),
    Reply {
        status: u16,
        reason: Option<String>,
        body: Vec<u8>,
    },
}

impl Outcome {
    fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Reply { reason, .. } => reason.as_deref(),
            Outcome::Reset(_, reason) => Some(reason.code()),
            Outcome::Sent(_) => None,
        }
    }

    fn sent(&self) -> &str {
        match self {
            Outcome::Sent(bytes) | Outcome::Reset(bytes, _) | Outcome::Reply { body: bytes, .. } => {
                std::str::from_utf8(bytes).unwrap()
            }
        }
    }
}

fn outcome_of(reply: Reply) -> Outcome {
    let reason = reply.headers.iter().find(|(name, _)| name == b"x-portcullis-reason");
    Outcome::Reply {
        status: reply.status,
        reason: reason.map(|(_, value)| String::from_utf8(value.clone()).unwrap()),
        body: reply.body,
    }
}

struct Peer {
    gate: Gate,
    exchange: Exchange,
    edits: Vec<Edit>,
}

impl Peer {
    fn new(gate: Gate) -> Peer {
        Peer { gate, exchange: Exchange::new([7; 16], NOW_MS), edits: Vec::new() }
    }

    fn default() -> Peer {
        static CONFIG: OnceLock<Arc<Config>> = OnceLock::new();
        let config = CONFIG.get_or_init(|| gate(json!({}), json!({})).config);
        Peer::new(Gate::new(config.clone(), NOW_MS / 1000))
    }

    /// Sends a request; `None` when it went on unread (without a body).
    fn request(&mut self, headers: &[(&str, &str)], body: &[&[u8]]) -> Outcome {
        let headers = headers_of(headers);
        let head = RequestHead { headers: &headers, route: "", end: body.is_empty() };
        let (step, edits) = self.exchange.request_head(&mut self.gate, &head, NOW_MS);
        self.edits = edits;
        match step {
            Step::Reply(reply) => return outcome_of(reply),
            Step::Reset(reason) => return Outcome::Reset(Vec::new(), reason),
            _ if body.is_empty() => return Outcome::Sent(Vec::new()),
            _ => {}
        }
        feed(body, End::Yes, |body| self.exchange.request_body(body))
    }

    /// Sends an ordinary chat request of alice for a model that she may use.
    fn chat(&mut self) -> Outcome {
        let body =
            json!({ "model": "small-1", "messages": [{ "role": "user", "content": "hi" }] }).to_string();
        self.chat_with(&body)
    }

    fn chat_with(&mut self, body: &str) -> Outcome {
        self.request(&chat_head(bearer()), &[body.as_bytes()])
    }

    /// Answers it.
    fn response(&mut self, headers: &[(&str, &str)], body: &[&[u8]], end: End) -> Outcome {
        let headers = headers_of(headers);
        let holds = self.gate.config.hold_headers;
        let head = ResponseHead { headers: &headers, route: "", is_local: false, end: body.is_empty() };
        let (step, edits) = self.exchange.response_head(&head, holds);
        self.edits = edits;
        match step {
            Step::Reply(reply) => return outcome_of(reply),
            Step::Reset(reason) => return Outcome::Reset(Vec::new(), reason),
            _ if body.is_empty() => return Outcome::Sent(Vec::new()),
            _ => {}
        }
        feed(body, end, |body| self.exchange.response_body(body))
    }

    fn answer(&mut self, kind: &str, body: &str) -> Outcome {
        self.response(&[(":status", "200"), ("content-type", kind)], &[body.as_bytes()], End::Yes)
    }

    fn record(self) -> Record {
        self.exchange.finish(&Closing { now_ms: NOW_MS + 5, status: Some(200) })
    }
}

fn chat_head(bearer: &str) -> Vec<(&str, &str)> {
    vec![
        (":method", "POST"),
        (":path", "/v1/chat/completions"),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer),
        ("accept-encoding", "gzip"),
    ]
}

fn headers_of(pairs: &[(&str, &str)]) -> Headers {
    pairs.iter().copied().collect()
}

/// A host: bytes that were held come again with the next piece; the last piece comes as Envoy sends it, empty.
fn feed(chunks: &[&[u8]], end: End, mut event: impl FnMut(Body<'_>) -> Step) -> Outcome {
    let mut sent = Vec::new();
    let mut held: Vec<u8> = Vec::new();
    let last: &[u8] = &[];
    for (index, chunk) in chunks.iter().copied().chain([last]).enumerate() {
        let end = if index == chunks.len() { end } else { End::No };
        held.extend_from_slice(chunk);
        let bytes = held.clone();
        let mut read = || Some(bytes.clone());
        match event(Body { size: held.len(), read: &mut read, end }) {
            Step::Pass => sent.append(&mut held),
            Step::Hold => {}
            Step::Replace(bytes) | Step::ReplaceWhole(bytes) => {
                held.clear();
                sent.extend_from_slice(&bytes);
            }
            Step::Reply(reply) => return outcome_of(reply),
            Step::Reset(reason) => return Outcome::Reset(sent, reason),
        }
    }
    assert!(held.is_empty(), "the body ended and something is still held");
    Outcome::Sent(sent)
}
