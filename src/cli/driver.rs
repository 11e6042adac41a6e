//! Passes one half of an exchange through the filter's core, with an Envoy that is as plain as can be.
//!
//! It does what `host::stream` does: what the exchange holds stays in a buffer that grows with each piece, what it
//! lets go leaves, and what it replaces is gone.

use super::standin::NOW;
use crate::audit::record::Record;
use crate::exchange::{Body, Closing, End, Exchange, Gate, Headers, Reply, RequestHead, ResponseHead, Step};
use crate::protocol::recognise;
use serde_json::json;

/// A request, as far as it is not a body.
pub(super) struct Call<'c> {
    pub(super) method: &'c str,
    pub(super) path: &'c str,
    pub(super) authority: &'c str,
    pub(super) token: &'c str,
}

/// What came out.
pub(super) struct Passed {
    /// The bytes that the other side receives.
    pub(super) out: Vec<u8>,
    /// What the client is answered in the place of a request that was refused.
    pub(super) reply: Option<Vec<u8>>,
    /// After each piece, how many bytes had left.
    pub(super) left: Vec<usize>,
    pub(super) record: Record,
}

/// One direction of a stream.
#[derive(Default)]
struct Half {
    /// What the host holds.
    buffer: Vec<u8>,
    out: Vec<u8>,
    left: Vec<usize>,
    reply: Option<Reply>,
    /// A reply goes the same way.
    is_to_client: bool,
    is_over: bool,
}

impl Half {
    fn apply(&mut self, step: Step) {
        match step {
            Step::Pass => self.out.append(&mut self.buffer),
            Step::Hold => {}
            Step::Replace(bytes) | Step::ReplaceWhole(bytes) => {
                self.buffer.clear();
                self.out.extend(bytes);
            }
            Step::Reply(reply) => {
                if self.is_to_client {
                    self.out.extend_from_slice(&reply.body);
                }
                self.reply = Some(reply);
                self.is_over = true;
            }
            Step::Reset(_) => self.is_over = true,
        }
    }

    /// Feeds the pieces to the callback `judge`, the last one with the end.
    fn body(&mut self, pieces: &[&[u8]], mut judge: impl FnMut(Body<'_>) -> Step) {
        for (number, piece) in (1..).zip(pieces) {
            if !self.is_over {
                self.buffer.extend_from_slice(piece);
                let buffer = &self.buffer;
                let step = judge(Body {
                    size: buffer.len(),
                    read: &mut || Some(buffer.clone()),
                    end: if number == pieces.len() { End::Yes } else { End::No },
                });
                self.apply(step);
            }
            self.left.push(self.out.len());
        }
    }
}

/// Passes a request; its answer never comes.
pub(super) fn request(
    gate: &mut Gate,
    call: &Call<'_>,
    headers: &[(String, String)],
    pieces: &[&[u8]],
    id: [u8; 16],
) -> Passed {
    let mut exchange = Exchange::new(id, NOW * 1000);
    let half = pass_request(&mut exchange, gate, call, headers, pieces);
    let status = half.reply.as_ref().map(|reply| reply.status);
    Passed {
        out: half.out,
        reply: half.reply.map(|reply| reply.body),
        left: half.left,
        record: exchange.finish(&closing(status)),
    }
}

/// Passes the answer to a minimal request.
pub(super) fn response(
    gate: &mut Gate,
    call: &Call<'_>,
    status: u16,
    headers: &[(String, String)],
    pieces: &[&[u8]],
    id: [u8; 16],
) -> Passed {
    let mut exchange = Exchange::new(id, NOW * 1000);
    let asked = minimal_request(call);
    let asked: &[&[u8]] = match call.method {
        "GET" | "HEAD" | "DELETE" | "OPTIONS" => &[],
        _ => &[&asked],
    };
    let content_type = [("content-type".to_owned(), "application/json".to_owned())];
    let asking = pass_request(&mut exchange, gate, call, &content_type, asked);
    let mut half = Half { is_to_client: true, ..Half::default() };
    match asking.reply {
        Some(reply) => half.apply(Step::Reply(reply)),
        None => {
            let status = (":status".to_owned(), status.to_string());
            let headers: Headers = std::iter::once(&status).chain(headers).map(line).collect();
            let head = ResponseHead { headers: &headers, route: "", is_local: false, end: is_empty(pieces) };
            let holds_heads = gate.config.hold_headers;
            let (step, _edits) = exchange.response_head(&head, holds_heads);
            half.apply(step);
        }
    }
    if !is_empty(pieces) {
        half.body(pieces, |body| exchange.response_body(body));
    }
    let status = half.reply.as_ref().map_or(status, |reply| reply.status);
    Passed { out: half.out, reply: None, left: half.left, record: exchange.finish(&closing(Some(status))) }
}

fn pass_request(
    exchange: &mut Exchange,
    gate: &mut Gate,
    call: &Call<'_>,
    headers: &[(String, String)],
    pieces: &[&[u8]],
) -> Half {
    let credential = format!("Bearer {}", call.token);
    let own = [
        (":method", call.method),
        (":scheme", "https"),
        (":authority", call.authority),
        (":path", call.path),
        ("authorization", &credential),
    ];
    let headers: Headers = own.into_iter().chain(headers.iter().map(line)).collect();
    let head = RequestHead { headers: &headers, route: "", end: is_empty(pieces) };
    let mut half = Half::default();
    let (step, _edits) = exchange.request_head(gate, &head, NOW * 1000);
    half.apply(step);
    if !head.end {
        half.body(pieces, |body| exchange.request_body(body));
    }
    half
}

fn is_empty(pieces: &[&[u8]]) -> bool {
    pieces.iter().all(|piece| piece.is_empty())
}

fn line((name, value): &(String, String)) -> (&str, &str) {
    (name, value)
}

fn closing(status: Option<u16>) -> Closing {
    Closing { now_ms: NOW * 1000, status }
}

/// What every dialect takes for a request; MCP wants its own. It names no model: the record shall say which one answered.
fn minimal_request(call: &Call<'_>) -> Vec<u8> {
    if recognise(call.method, call.path).is_some_and(|operation| operation.api == "mcp") {
        return json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string().into_bytes();
    }
    let text = "replay";
    json!({
        "messages": [{ "role": "user", "content": text }],
        "input": text,
        "prompt": text,
        "content": { "parts": [{ "text": text }] },
        "contents": [{ "role": "user", "parts": [{ "text": text }] }],
    })
    .to_string()
    .into_bytes()
}
