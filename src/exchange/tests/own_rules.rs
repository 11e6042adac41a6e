//! The customer's own rules, canaries and levels, through whole exchanges.

use super::*;
use crate::chunking;

const PROMPT: &str =
    "You are Kestrel, the assistant of Example Corp. Never tell anybody the codename of the project.";

fn detect() -> Value {
    json!({
        "rules": [
            { "id": "custom.employee-number", "class": "custom.employee", "pattern": "EMP-[0-9]{6}" },
            { "id": "custom.customer-name", "class": "custom.customer", "words": ["Ann Lee", "Bo Li"] },
        ],
        "canaries": [{ "name": "prompt", "text": PROMPT }],
    })
}

fn peer(route: Value, top: Value) -> Peer {
    let mut all = json!({ "detect": detect() });
    all.as_object_mut().unwrap().extend(top.as_object().unwrap().clone());
    Peer::new(gate(route, all))
}

fn guards(request: Value, response: Value) -> Value {
    json!({ "guards": { "standard": { "request": request, "response": response } } })
}

fn chat(content: &str) -> String {
    json!({ "model": "small-1", "messages": [{ "role": "user", "content": content }] }).to_string()
}

fn answer(content: &str) -> String {
    json!({ "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }] })
        .to_string()
}

fn stream(parts: &[&str]) -> String {
    let event = |choice: Value| format!("data: {}\n\n", json!({ "id": "c1", "choices": [choice] }));
    let deltas = parts.iter().map(|part| event(json!({ "index": 0, "delta": { "content": part } })));
    let end = event(json!({ "index": 0, "delta": {}, "finish_reason": "stop" }));
    deltas.collect::<String>() + &end + "data: [DONE]\n\n"
}

#[test]
fn own_rules_are_masked_in_both_directions() {
    let top = guards(
        json!({ "custom": "redact" }),
        json!({ "custom.customer": "redact", "custom.employee": "flag" }),
    );
    let mut peer = peer(json!({}), top);
    let sent = peer.chat_with(&chat("EMP-123456 met ann\nlee"));
    assert!(sent.sent().contains("[REDACTED:custom.employee] met [REDACTED:custom.customer]"), "{sent:?}");
    let sent = peer.answer("application/json", &answer("EMP-123456 and Bo Li"));
    assert!(sent.sent().contains("EMP-123456 and [REDACTED:custom.customer]"), "{sent:?}");
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["request"].get("classification"), None, "what is masked does not go on");
    assert_eq!(record["response"]["classification"], "confidential");
    assert_eq!(record["findings"][0]["class"], "custom.employee");
}

#[test]
fn a_name_in_pieces_is_masked_at_every_cut() {
    let body = stream(&["call A", "nn", " ", "L", "ee, EM", "P-12", "3456", ", An", "n Li"]);
    let top = guards(json!({}), json!({ "custom": "redact" }));
    for chunks in chunking::random(body.as_bytes(), 40, 5, 20).chain([chunking::fixed(body.as_bytes(), 1)]) {
        let mut peer = peer(json!({}), top.clone());
        peer.chat();
        let head = [(":status", "200"), ("content-type", "text/event-stream")];
        let sent = peer.response(&head, &chunks, End::Yes);
        let text = sent.sent();
        assert!(
            text.contains("[REDACTED:custom.customer]") && text.contains("[REDACTED:custom.employee]"),
            "{text}"
        );
        assert!(!text.contains("\"nn\"") && !text.contains("3456") && text.contains("[DONE]"), "{text}");
    }
}

#[test]
fn a_canary_may_go_in_and_not_come_out() {
    let mut one = peer(json!({}), json!({}));
    assert_eq!(one.chat_with(&chat(PROMPT)), Outcome::Sent(chat(PROMPT).into_bytes()));
    let leak = "It says: never   tell ANYBODY the\ncodename of the project.";
    let outcome = one.answer("application/json", &answer(leak));
    assert_eq!(outcome.reason(), Some("response_blocked"));
    let record = serde_json::to_value(one.record()).unwrap();
    assert_eq!(record["findings"][0]["rule"], "exfiltration.canary.prompt");
    assert_eq!(record["response"].get("classification"), None, "nothing of it went on");
    let mut two = peer(json!({}), json!({}));
    two.chat();
    let body = stream(&["It says: never tell any", "body the code", "name of the project."]);
    let sent = two.answer("text/event-stream", &body);
    assert!(!sent.sent().contains("any") && sent.sent().contains("content_filter"), "{sent:?}");
}

#[test]
fn data_above_the_limit_ends_the_exchange_unless_it_is_masked() {
    let flags = json!({ "custom": "flag", "pii": "flag", "financial": "redact" });
    let limit = json!({ "at_most": { "request": "internal", "response": "confidential" } });
    let top = || {
        let mut top = guards(flags.clone(), json!({ "custom": "flag", "pii": "flag", "secret": "flag" }));
        top["classification"] =
            json!({ "levels": { "custom.customer": "internal", "pii.id": "restricted" } });
        top
    };
    let cases = [
        ("below", "for Ann Lee", None, Some("internal")),
        ("nothing", "for nobody", None, None),
        ("above", "for EMP-123456", Some("classification_exceeded"), None),
        ("masked", "card 4111 1111 1111 1111", None, None),
        ("a shape alone", "for 8711111111111116", None, None),
    ];
    for (name, content, reason, level) in cases {
        let mut peer = peer(limit.clone(), top());
        let outcome = peer.chat_with(&chat(content));
        assert_eq!(outcome.reason(), reason, "{name}");
        if let Outcome::Reply { status, .. } = outcome {
            assert_eq!(status, 403);
        }
        let record = serde_json::to_value(peer.record()).unwrap();
        assert_eq!(record["request"]["classification"].as_str(), level, "{name}");
        assert_eq!(record["reason"].as_str(), reason, "{name}");
    }
    let mut one = peer(limit.clone(), top());
    one.chat();
    let outcome = one.answer("application/json", &answer("her number is S1234567D"));
    assert_eq!(outcome.reason(), Some("classification_exceeded"));
    let mut two = peer(limit, top());
    two.chat();
    let sent = two.answer("text/event-stream", &stream(&["EMP-123456, and S123", "4567D, bye"]));
    assert!(sent.sent().contains("EMP-123456") && !sent.sent().contains("S123"), "{sent:?}");
    let record = serde_json::to_value(two.record()).unwrap();
    assert_eq!((&record["decision"], &record["reason"]), (&json!("cut"), &json!("classification_exceeded")));
    assert_eq!(record["response"]["classification"], "confidential");
}

#[test]
fn an_observed_route_records_the_level_and_what_would_have_happened() {
    let route = json!({ "mode": "observe", "at_most": { "request": "internal" } });
    let mut peer = peer(route, guards(json!({ "custom": "flag", "financial": "redact" }), json!({})));
    let body = chat("EMP-123456 pays with 4111 1111 1111 1111");
    assert_eq!(peer.chat_with(&body), Outcome::Sent(body.clone().into_bytes()));
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["request"]["classification"], "restricted", "nothing was masked");
    assert_eq!(record["would"][0]["action"], "redact");
    assert_eq!(record["would"][1]["reason"], "classification_exceeded");
}
