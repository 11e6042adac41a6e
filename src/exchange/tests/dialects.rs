//! One file for each API: what its dialects do in a whole exchange.

mod anthropic;
mod bedrock;
mod gemini;
mod mcp;
mod ollama;
mod openai;
mod openai_responses;
mod tool_results;

use super::*;
use crate::corpus;

impl Peer {
    /// Another exchange with the same gate, which knows the token already.
    pub(super) fn renew(&mut self) -> Exchange {
        std::mem::replace(&mut self.exchange, Exchange::new([7; 16], NOW_MS))
    }

    fn renewed_record(&mut self) -> Value {
        let record = self.renew().finish(&Closing { now_ms: NOW_MS + 5, status: Some(200) });
        serde_json::to_value(record).unwrap()
    }
}

/// A gate that masks nothing in requests and lets everybody use everything.
fn open_gate() -> Gate {
    gate(
        json!({ "match": { "path": "/*" }, "allow": [{ "id": "all", "who": { "groups": ["support"] } }] }),
        json!({ "guards": { "standard": { "request": { "secret": "flag" }, "response": { "secret": "flag" } } } }),
    )
}

/// Recorded requests of an API are read, named and forwarded as they are, and their answers too. `expected` gives the
/// model and tools (those that must at least be there) that a reader of the request sees.
fn recorded_requests(
    api: &str,
    is_ours: impl Fn(&str) -> bool,
    expected: impl Fn(&Value, &str) -> (String, Vec<String>),
) {
    let Some(rows) = corpus::rows("requests_recorded") else {
        return;
    };
    let mut peer = Peer::new(open_gate());
    let (mut requests, mut answers, mut tools) = (0, 0, 0);
    for row in rows {
        let (id, path) = (row["id"].as_str().unwrap(), row["expected"]["path"].as_str().unwrap());
        let bytes = corpus::bytes(&row);
        // Some recordings are cut off.
        let Ok(body) = serde_json::from_slice::<Value>(&bytes) else { continue };
        if !is_ours(path) {
            continue;
        }
        let head = [
            (":method", "POST"),
            (":path", path),
            (":authority", "gate.example"),
            ("content-type", "application/json"),
            ("authorization", bearer()),
        ];
        let outcome = peer.request(&head, &[&bytes]);
        assert!(outcome == Outcome::Sent(bytes), "{id} {path}: changed ({:?})", peer.exchange.reason());
        requests += 1;
        if let Some(answer) = row["expected"]["response"].as_str()
            && serde_json::from_str::<Value>(answer).is_ok()
        {
            let outcome = peer.answer("application/json", answer);
            assert!(outcome.sent() == answer, "{id} {path}: answer changed ({:?})", peer.exchange.reason());
            answers += 1;
        }
        let record = peer.renewed_record();
        let (model, offered) = expected(&body, path);
        assert_eq!(
            (&record["api"], &record["request"]["coverage"]),
            (&json!(api), &json!("scanned")),
            "{id}"
        );
        assert_eq!(record["model"]["requested"], model, "{id}");
        for tool in &offered {
            assert!(record["tools"].as_array().unwrap().contains(&json!(tool)), "{id}: {tool}");
            tools += 1;
        }
    }
    println!("{api}: {requests} requests with {tools} tools, {answers} answers");
    assert!(requests > 100);
}
