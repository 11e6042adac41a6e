//! The Model Context Protocol.

use super::super::*;
use crate::chunking;
use crate::corpus;

const STREAM: [(&str, &str); 2] = [(":status", "200"), ("content-type", "text/event-stream; charset=utf-8")];

fn peer(allow: Value) -> Peer {
    let route = json!({ "match": { "path": "*" }, "allow": [{ "id": "mcp", "what": allow }] });
    Peer::new(gate(route, json!({})))
}

fn head(method: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        (":method", method),
        (":path", "/tools/mcp"),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("authorization", bearer()),
    ]
}

fn post(peer: &mut Peer, body: &Value) -> Outcome {
    let body = body.to_string();
    peer.request(&head("POST"), &[body.as_bytes()])
}

fn call(id: Value, tool: &str, arguments: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
}

fn events(messages: &[Value]) -> String {
    let events = messages.iter().enumerate();
    events.map(|(id, message)| format!("event: message\nid: s_{id}\ndata: {message}\n\n")).collect()
}

/// The messages that a client reads.
fn messages(sent: &str) -> Vec<Value> {
    let data = sent.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap()).collect()
}

fn result(text: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": 7, "result": { "content": [{ "type": "text", "text": text }], "isError": false } })
}

/// The answer to a call with the id 7, for every cut.
fn streamed(body: &str, forbidden: &[&str]) -> Outcome {
    let ask = || {
        let mut peer = peer(json!({}));
        assert!(matches!(post(&mut peer, &call(json!(7), "search", json!({}))), Outcome::Sent(_)));
        peer
    };
    let expected = ask().response(&STREAM, &[body.as_bytes()], End::Yes);
    for text in forbidden {
        assert!(!expected.sent().contains(text), "left: {text}");
    }
    for chunks in chunking::every_way(body.as_bytes()) {
        assert_eq!(ask().response(&STREAM, &chunks, End::Yes), expected);
    }
    expected
}

fn record(peer: Peer) -> Value {
    serde_json::to_value(peer.record()).unwrap()
}

#[test]
fn the_method_is_the_operation_and_a_call_names_its_tool() {
    let request = |method: &str| json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": {} });
    let notification = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let answer = json!({ "jsonrpc": "2.0", "id": 3, "result": { "role": "assistant" } });
    let batch = json!([call(json!(1), "search", json!({})), call(json!(2), "fetch", json!({}))]);
    for (name, body, operation, tools) in [
        ("call", call(json!(1), "search", json!({ "q": "x" })), "tools_call", json!(["search"])),
        ("batch", batch, "tools_call", json!(["fetch", "search"])),
        ("list", request("tools/list"), "tools_list", Value::Null),
        ("read", request("resources/read"), "resources_read", Value::Null),
        ("initialize", request("initialize"), "initialize", Value::Null),
        ("discover", request("server/discover"), "server_discover", Value::Null),
        ("listen", request("subscriptions/listen"), "listen", Value::Null),
        ("notification", notification, "notification", Value::Null),
        ("answer to sampling", answer, "response", Value::Null),
        ("unknown", request("experimental/x"), "other", Value::Null),
    ] {
        let mut peer = peer(json!({}));
        assert_eq!(post(&mut peer, &body), Outcome::Sent(body.to_string().into_bytes()), "{name}");
        let record = record(peer);
        assert_eq!((&record["api"], &record["operation"]), (&json!("mcp"), &json!(operation)), "{name}");
        let mut found: Vec<Value> = record["tools"].as_array().cloned().unwrap_or_default();
        found.sort_by_key(Value::to_string);
        assert_eq!(json!(found), if tools.is_null() { json!([]) } else { tools }, "{name}");
    }
}

#[test]
fn policies_name_operations_and_tools() {
    let allow = json!({ "operations": ["initialize", "notification", "tools_call"], "tools": ["search*"] });
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    for (name, body, reason) in [
        ("tool", call(json!(1), "search_web", json!({})), None),
        ("other tool", call(json!(1), "shell", json!({})), Some("tool_denied")),
        ("other operation", list, Some("operation_denied")),
        (
            "one call of a batch",
            json!([call(json!(1), "search", json!({})), call(json!(2), "shell", json!({}))]),
            Some("tool_denied"),
        ),
    ] {
        let mut peer = peer(allow.clone());
        let outcome = post(&mut peer, &body);
        assert_eq!(outcome.reason(), reason, "{name}");
        if let Some(reason) = reason {
            let told: Value = serde_json::from_str(outcome.sent()).unwrap();
            assert_eq!((&told["jsonrpc"], &told["id"]), (&json!("2.0"), &Value::Null));
            assert_eq!(told["error"]["code"], -32001);
            assert_eq!(told["error"]["data"]["reason"], reason);
        }
    }
}

#[test]
fn what_servers_may_read_differently_is_refused_even_where_unknown_content_passes() {
    let good = call(json!(1), "search", json!({})).to_string();
    let list = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#;
    for (name, body, reason) in [
        ("mixed batch", format!("[{good},{list}]"), "request_malformed"),
        ("empty batch", "[]".to_owned(), "request_malformed"),
        ("no message", "7".to_owned(), "request_malformed"),
        ("no method", r#"{"jsonrpc":"2.0","id":1}"#.to_owned(), "request_malformed"),
        ("two methods", good.replacen("{", r#"{"method":"ping","#, 1), "request_duplicate_key"),
        ("a method in capitals", good.replacen("{", r#"{"Method":"ping","#, 1), "request_malformed"),
        ("method and result", good.replacen("{", r#"{"result":{},"#, 1), "request_malformed"),
        (
            "two names",
            good.replacen(r#""name":"search""#, r#""name":"search","n\u0061me":"x""#, 1),
            "request_duplicate_key",
        ),
        (
            "a name in capitals",
            good.replacen(r#""name":"search""#, r#""name":"search","NAME":"x""#, 1),
            "request_duplicate_key",
        ),
        ("no name", good.replacen(r#""name":"search""#, r#""title":"search""#, 1), "request_malformed"),
        ("id is null", good.replacen(r#""id":1"#, r#""id":null"#, 1), "request_malformed"),
        ("other version", good.replacen("2.0", "1.0", 1), "request_malformed"),
    ] {
        let route = json!({ "match": { "path": "*" }, "unsupported": "pass", "allow": [{ "id": "mcp" }] });
        let mut peer = Peer::new(gate(route, json!({})));
        let outcome = peer.request(&head("POST"), &[body.as_bytes()]);
        assert_eq!(outcome.reason(), Some(reason), "{name}");
    }
}

#[test]
fn arguments_are_masked_and_stay_json() {
    let arguments = json!({ "to": { "card": 4111111111111111_u64 }, "note": "card 4111 1111 1111 1111 ok" });
    let mut peer = peer(json!({}));
    let outcome = post(&mut peer, &call(json!(1), "pay", arguments));
    let sent: Value = serde_json::from_str(outcome.sent()).unwrap();
    assert_eq!(sent["params"]["arguments"]["to"]["card"], "[REDACTED:financial]");
    assert_eq!(sent["params"]["arguments"]["note"], "card [REDACTED:financial] ok");
    let found = &record(peer)["findings"];
    assert_eq!((&found[0]["lane"], &found[0]["count"]), (&json!("tool_arguments"), &json!(2)), "{found}");
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn what_a_client_answers_with_its_next_call_is_scanned() {
    let mut body = call(json!(1), "pay", json!({ "n": 1 }));
    body["params"]["inputResponses"] = json!({ "card": { "content": { "number": "4111 1111 1111 1111" } } });
    let mut peer = peer(json!({}));
    let sent = post(&mut peer, &body).sent().replace("[REDACTED:financial]", "4111 1111 1111 1111");
    assert_eq!(sent, body.to_string());
    assert_eq!(record(peer)["findings"][0]["lane"], "content");
}

#[test]
fn answers_to_notifications_have_no_body_and_sometimes_no_type() {
    for headers in [&[(":status", "202")][..], &[(":status", "202"), ("content-length", "0")]] {
        for body in [&[][..], &[&b""[..]]] {
            let mut peer = peer(json!({}));
            post(&mut peer, &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
            assert_eq!(peer.response(headers, body, End::Yes), Outcome::Sent(Vec::new()));
            assert_eq!(record(peer)["response"]["coverage"], "empty");
        }
    }
    let mut peer = peer(json!({}));
    post(&mut peer, &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let outcome = peer.response(&[(":status", "202")], &[b"mail foo@example.com"], End::Yes);
    assert_eq!(outcome.reason(), Some("unsupported_content"));
}

#[test]
fn whole_answers_are_masked_wherever_text_stands() {
    let card = "4111 1111 1111 1111";
    for (name, result, lane) in [
        ("text", json!({ "content": [{ "type": "text", "text": card }], "isError": true }), "tool_result"),
        ("structured", json!({ "structuredContent": { "n": [4111111111111111_u64] } }), "tool_result"),
        (
            "embedded",
            json!({ "content": [{ "type": "resource", "resource": { "text": card } }] }),
            "tool_result",
        ),
        ("resource", json!({ "contents": [{ "uri": "a:b", "text": card }] }), "tool_result"),
        ("prompt", json!({ "messages": [{ "role": "user", "content": { "text": card } }] }), "tool_result"),
        ("tool", json!({ "tools": [{ "name": "x", "description": card }] }), "instructions"),
        ("schema", json!({ "tools": [{ "inputSchema": { "a": { "description": card } } }] }), "instructions"),
        ("instructions", json!({ "instructions": card }), "instructions"),
        ("tomorrow", json!({ "next": { "thing": card } }), "tool_result"),
    ] {
        for batch in [false, true] {
            let message = json!({ "jsonrpc": "2.0", "id": 7, "result": result });
            let body = if batch { json!([message]) } else { message }.to_string();
            let mut peer = peer(json!({}));
            post(&mut peer, &call(json!(7), "search", json!({})));
            let outcome = peer.answer("application/json", &body);
            assert!(outcome.sent().contains("[REDACTED:financial]"), "{name}: {}", outcome.sent());
            assert!(!outcome.sent().contains("4111"), "{name}");
            serde_json::from_str::<Value>(outcome.sent()).unwrap();
            let found = record(peer)["findings"].to_string();
            assert!(found.contains(&format!("\"lane\":\"{lane}\"")), "{name}: {found}");
        }
    }
}

#[test]
fn clean_streams_are_byte_identical() {
    let sampling = json!({ "jsonrpc": "2.0", "id": 0, "method": "sampling/createMessage",
        "params": { "systemPrompt": "Be brief.", "messages": [{ "role": "user", "content": { "type": "text", "text": "x" } }] } });
    let progress = json!({ "jsonrpc": "2.0", "method": "notifications/progress",
        "params": { "progressToken": 7, "progress": 0.5, "message": "half" } });
    let body = format!(
        "id: 0\nretry: 3000\ndata: \n\n: ping\r\n\r\n{}",
        events(&[progress, sampling, result("done")])
    );
    assert_eq!(streamed(&body, &[]).sent(), body);
}

#[test]
fn messages_of_a_stream_are_not_put_together() {
    let body = events(&[result("4111 1111 "), result("1111 1111")]);
    assert_eq!(streamed(&body, &[]).sent(), body);
}

#[test]
fn streams_are_masked_message_by_message() {
    let log = json!({ "jsonrpc": "2.0", "method": "notifications/message",
        "params": { "level": "info", "data": { "mail": "foo@example.com" } } });
    let elicitation = json!({ "jsonrpc": "2.0", "id": 1, "method": "elicitation/create",
        "params": { "message": "Is foo@example.com yours?", "requestedSchema": { "type": "object" } } });
    let sent = streamed(&events(&[log, elicitation, result("S2740116C.")]), &["foo@", "S2740"]);
    let read = messages(sent.sent());
    assert_eq!(read.len(), 3);
    assert_eq!(read[0]["params"]["data"]["mail"], "[REDACTED:pii.contact]");
    assert_eq!(read[1]["params"]["message"], "Is [REDACTED:pii.contact] yours?");
    assert_eq!(read[2]["result"]["content"][0]["text"], "[REDACTED:pii.id].");
}

#[test]
fn a_blocked_answer_ends_as_an_error_of_the_call_that_waits() {
    let first = json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": { "progress": 1 } });
    let body = events(&[first.clone(), result("the key is AKIAQ3EGRLPBX7N2TVWM")]);
    let outcome = streamed(&body, &["AKIA", "the key"]);
    let read = messages(outcome.sent());
    assert_eq!(read.len(), 2);
    assert_eq!(read[0], first);
    assert_eq!(read[1]["id"], 7);
    assert_eq!(read[1]["error"]["code"], -32001);
    assert_eq!(read[1]["error"]["data"]["reason"], "response_blocked");
}

#[test]
fn the_ending_repeats_the_id_as_it_was_written() {
    let blocked = events(&[result("AKIAQ3EGRLPBX7N2TVWM")]);
    for (id, expected) in [
        ("\"a\\u00e9\\\"b\"", vec!["\"id\":\"a\\u00e9\\\"b\","]),
        ("123456789012345678901234567890", vec!["\"id\":123456789012345678901234567890,"]),
    ] {
        let body = call(json!("ID"), "search", json!({})).to_string().replace("\"ID\"", id);
        let mut peer = peer(json!({}));
        peer.request(&head("POST"), &[body.as_bytes()]);
        let outcome = peer.response(&STREAM, &[blocked.as_bytes()], End::Yes);
        for expected in expected {
            assert!(outcome.sent().contains(expected), "{}", outcome.sent());
        }
    }
    let mut peer = peer(json!({}));
    post(&mut peer, &json!([call(json!(1), "a", json!({})), call(json!("b"), "b", json!({}))]));
    let outcome = peer.response(&STREAM, &[blocked.as_bytes()], End::Yes);
    let ids: Vec<Value> = messages(outcome.sent()).iter().map(|message| message["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!("b")]);
}

#[test]
fn a_client_may_listen_and_end_its_session() {
    let mut peer_ = peer(json!({ "operations": ["listen"] }));
    assert_eq!(peer_.request(&head("GET"), &[]), Outcome::Sent(Vec::new()));
    let hello = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
    let secret = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "data": "AKIAQ3EGRLPBX7N2TVWM" } });
    let outcome = peer_.response(&STREAM, &[events(&[hello.clone(), secret]).as_bytes()], End::Yes);
    let read = messages(outcome.sent());
    assert_eq!(read.len(), 2);
    assert_eq!(read[0], hello);
    assert_eq!(read[1]["method"], "notifications/message");
    assert!(read[1].get("id").is_none());
    let record = record(peer_);
    assert_eq!((&record["operation"], &record["stream"]), (&json!("listen"), &json!(true)));

    let mut peer_ = peer(json!({ "operations": ["listen"] }));
    assert_eq!(peer_.request(&head("DELETE"), &[]).reason(), Some("operation_denied"));
    let mut peer_ = peer(json!({}));
    assert_eq!(peer_.request(&head("DELETE"), &[]), Outcome::Sent(Vec::new()));
    assert_eq!(peer_.response(&[(":status", "200")], &[b""], End::Yes), Outcome::Sent(Vec::new()));
    for (method, body) in [("GET", &b"{}"[..]), ("POST", b"")] {
        let outcome = peer(json!({})).request(&head(method), &[body]);
        assert_eq!(outcome.reason(), Some("request_malformed"), "{method}");
    }
}

#[test]
fn recorded_requests_and_streams_pass_byte_for_byte() {
    let (Some(requests), Some(streams)) =
        (corpus::rows("requests_recorded"), corpus::rows("streams_recorded"))
    else {
        return;
    };
    let is_mcp = |row: &&Value| row["expected"]["path"] == "/mcp" || row["provider"] == "mcp.deepwiki.com";
    let mut counts = [0, 0];
    for row in requests.iter().filter(is_mcp) {
        let body = corpus::bytes(row);
        let mut peer = peer(json!({}));
        let outcome = peer.request(&head("POST"), &[&body[..]]);
        assert!(outcome == Outcome::Sent(body.clone()), "{}", row["id"]);
        let sent: Value = serde_json::from_slice(&body).unwrap();
        let tool = sent["params"]["name"].as_str().filter(|_| sent["method"] == "tools/call");
        assert_eq!(record(peer)["tools"].as_array().map_or(0, Vec::len), usize::from(tool.is_some()));
        counts[0] += 1;
    }
    for row in streams.iter().filter(is_mcp) {
        let body = corpus::bytes(row);
        let cuts = chunking::random(&body, 300, 7, 3).chain([vec![&body[..]], chunking::fixed(&body, 1)]);
        for chunks in cuts {
            let mut peer = peer(json!({}));
            post(&mut peer, &call(json!(1), "search", json!({})));
            let outcome = peer.response(&STREAM, &chunks, End::Yes);
            assert!(outcome == Outcome::Sent(body.clone()), "{}", row["id"]);
        }
        counts[1] += 1;
    }
    println!("recorded: {} requests, {} streams", counts[0], counts[1]);
    assert!(counts[0] > 0 && counts[1] > 0);
}

#[test]
fn the_ids_that_a_batch_keeps_are_bounded() {
    let batch = |length: usize| {
        let calls = (0..20).map(|number| call(json!(format!("{number:0length$}")), "search", json!({})));
        post(&mut peer(json!({})), &Value::from(calls.collect::<Vec<_>>()))
    };
    assert!(matches!(batch(800), Outcome::Sent(_)));
    assert_eq!(batch(900).reason(), Some("request_malformed"));
}
