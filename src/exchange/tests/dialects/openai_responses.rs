//! The responses API, streamed and whole.

use super::super::streams::HEAD;
use super::super::*;
use super::openai::{CARD, KEY, MASK, ask, assert_no_tokens_of, head, joined, pieces, stream_of};
use crate::chunking;
use crate::corpus;

const PATH: &str = "/v1/responses";

/// These recordings are not JSON, whatever a gate does with them.
const NOT_JSON: [&str; 1] = ["streams_recorded-00124"];

fn asked() -> Value {
    json!({ "model": "small-1", "input": "hi", "stream": true })
}

/// Events of a stream with their names and numbers, between `created` and `completed`.
fn stream(events: &[Value]) -> String {
    let response =
        json!({ "id": "resp_1", "object": "response", "created_at": 5, "model": "small-1-x", "output": [] });
    let mut all = vec![json!({ "type": "response.created", "response": response })];
    all.extend_from_slice(events);
    let mut completed = response;
    completed["usage"] = json!({ "input_tokens": 4, "output_tokens": 6 });
    all.push(json!({ "type": "response.completed", "response": completed }));
    let mut out = String::new();
    for (number, mut event) in all.into_iter().enumerate() {
        event["sequence_number"] = json!(number);
        out.push_str(&format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()));
    }
    out
}

fn of_type(sent: &str, kind: &str) -> String {
    let events = sent.split_inclusive("\n\n").filter(|event| event.contains(&format!("\"type\":\"{kind}\"")));
    events.collect()
}

/// A message whose text comes in these pieces, with every copy of it.
fn message(pieces: &[String]) -> Vec<Value> {
    let text = pieces.concat();
    let place = json!({ "item_id": "msg_1", "output_index": 0, "content_index": 0 });
    let at = |more: Value| {
        let mut event = place.clone();
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let logprob = |token: &String| {
        json!({ "token": token, "logprob": -0.1, "bytes": token.as_bytes(),
        "top_logprobs": [{ "token": token, "logprob": -0.1, "bytes": token.as_bytes() }] })
    };
    let all: Vec<Value> = pieces.iter().map(logprob).collect();
    let part = json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": all });
    let item = json!({ "id": "msg_1", "type": "message", "role": "assistant", "content": [part] });
    let mut events = vec![
        json!({ "type": "response.output_item.added", "output_index": 0,
            "item": { "id": "msg_1", "type": "message", "role": "assistant", "content": [] } }),
        at(json!({ "type": "response.content_part.added", "part": { "type": "output_text", "text": "" } })),
    ];
    events.extend(pieces.iter().map(|piece| {
        at(json!({ "type": "response.output_text.delta", "delta": piece, "logprobs": [logprob(piece)], "obfuscation": "x9Zq" }))
    }));
    events.push(at(json!({ "type": "response.output_text.done", "text": text, "logprobs": all })));
    events.push(at(json!({ "type": "response.content_part.done", "part": part })));
    events.push(json!({ "type": "response.output_item.done", "output_index": 0, "item": item }));
    events
}

#[test]
fn a_value_in_any_number_of_deltas_is_masked_there_and_in_every_copy() {
    for pieces in pieces(&format!("pay {CARD} now")) {
        let events = message(&pieces);
        let item = events.last().unwrap()["item"].clone();
        let mut body = stream(&events);
        let copied = format!("\"output\":[{item}],\"usage\"");
        body = body.replacen("\"output\":[],\"usage\"", &copied, 1);
        assert!(body.contains(&copied));
        let sent = stream_of(PATH, &asked(), &body, &["4111", " 1111", "49,49,49"]);
        let expected = format!("pay {MASK} now");
        assert_eq!(joined(&sent, "/delta"), expected);
        assert_eq!(joined(&sent, "/text"), expected);
        assert_eq!(joined(&sent, "/part/text"), expected);
        assert_eq!(joined(&sent, "/item/content/0/text"), expected);
        assert_eq!(joined(&sent, "/response/output/0/content/0/text"), expected);
        let deltas = of_type(&sent, "response.output_text.delta");
        assert_eq!(joined(&deltas, "/logprobs/0/token"), expected);
        assert_eq!(joined(&deltas, "/logprobs/0/top_logprobs/0/token"), expected);
        assert_no_tokens_of(&sent, CARD);
        assert_eq!(sent.matches("event: ").count(), body.matches("event: ").count(), "no event is lost");
    }
}

#[test]
fn every_kind_of_delta_is_a_lane() {
    for (kind, index, ends) in [
        ("response.refusal", "content_index", true),
        ("response.reasoning_text", "content_index", true),
        ("response.reasoning_summary_text", "summary_index", true),
        ("response.function_call_arguments", "none", true),
        ("response.custom_tool_call_input", "none", true),
        ("response.mcp_call_arguments", "none", true),
        ("response.code_interpreter_call_code", "none", true),
        ("response.shell_call_command", "command_index", true),
        ("response.audio.transcript", "none", false),
        ("response.of_tomorrow", "content_index", false),
    ] {
        for pieces in pieces(&format!("{{\"pay\":\"{CARD}\"}}")) {
            let delta = |piece: &String| json!({ "type": format!("{kind}.delta"), "output_index": 1, index: 2, "delta": piece });
            let mut events: Vec<Value> = pieces.iter().map(delta).collect();
            if ends {
                events.push(json!({ "type": "response.output_item.done", "output_index": 1, "item": { "type": "x" } }));
            }
            let sent = stream_of(PATH, &asked(), &stream(&events), &["4111", "1111"]);
            assert_eq!(joined(&sent, "/delta"), format!("{{\"pay\":\"{MASK}\"}}"), "{kind}");
        }
    }
}

#[test]
fn summaries_and_reasoning_of_the_same_number_are_not_one_text() {
    let summary = |text: &str| json!({ "type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": text });
    let reasoning = |text: &str| json!({ "type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": text });
    let events = [summary("4111 1111 "), reasoning("S2740"), summary("1111 1111."), reasoning("116C.")];
    let sent = stream_of(PATH, &asked(), &stream(&events), &["4111", "S2740"]);
    assert_eq!(joined(&sent, "/delta"), "[REDACTED:financial][REDACTED:pii.id]..");
}

fn call(kind: &str, delta: &str, pieces: &[String]) -> Vec<Value> {
    let arguments = pieces.concat();
    let mut events = vec![json!({ "type": "response.output_item.added", "output_index": 1,
        "item": { "id": "fc_1", "type": kind, "call_id": "call_1", "name": "upload", "arguments": "" } })];
    events.extend(pieces.iter().map(|piece| json!({ "type": format!("{delta}.delta"), "output_index": 1, "item_id": "fc_1", "delta": piece })));
    events.push(json!({ "type": format!("{delta}.done"), "output_index": 1, "item_id": "fc_1", "arguments": arguments }));
    events.push(json!({ "type": "response.output_item.done", "output_index": 1,
        "item": { "id": "fc_1", "type": kind, "call_id": "call_1", "name": "upload", "arguments": arguments } }));
    events
}

#[test]
fn a_call_with_a_secret_is_blocked_and_its_head_never_leaves() {
    for (kind, delta) in [
        ("function_call", "response.function_call_arguments"),
        ("custom_tool_call", "response.custom_tool_call_input"),
        ("mcp_call", "response.mcp_call_arguments"),
    ] {
        for pieces in pieces(&format!("{{\"key\":\"{KEY}\"}}")) {
            let mut events = message(&["One moment. ".to_owned()]);
            events.extend(call(kind, delta, &pieces));
            let sent =
                stream_of(PATH, &asked(), &stream(&events), &["AKIA", "TVWM", "upload", "call_1", "fc_1"]);
            assert!(joined(&of_type(&sent, "response.output_text.delta"), "/delta") == "One moment. ");
            assert!(sent.contains("response_blocked"), "{sent}");
        }
    }
}

#[test]
fn a_number_in_arguments_becomes_a_string_in_the_deltas_and_in_the_copies() {
    for pieces in pieces("{\"n\":4111111111111111,\"s\":\"x\"}") {
        let body = stream(&call("function_call", "response.function_call_arguments", &pieces));
        let sent = stream_of(PATH, &asked(), &body, &["1111"]);
        for pointer in ["/delta", "/arguments"] {
            let arguments: Value = serde_json::from_str(&joined(&sent, pointer)).unwrap();
            assert_eq!(arguments["n"], MASK, "{pointer}");
        }
        let done = of_type(&sent, "response.output_item.done");
        assert_eq!(serde_json::from_str::<Value>(&joined(&done, "/item/arguments")).unwrap()["n"], MASK);
    }
}

#[test]
fn what_a_custom_tool_or_an_interpreter_is_told_is_no_json() {
    for (kind, delta, member) in [
        ("custom_tool_call", "response.custom_tool_call_input", "input"),
        ("code_interpreter_call", "response.code_interpreter_call_code", "code"),
    ] {
        for pieces in pieces("{\"n\": 4111111111111111}") {
            let text = pieces.concat();
            let mut events = vec![
                json!({ "type": "response.output_item.added", "output_index": 0, "item": { "type": kind, member: "" } }),
            ];
            events.extend(
                pieces.iter().map(
                    |piece| json!({ "type": format!("{delta}.delta"), "output_index": 0, "delta": piece }),
                ),
            );
            events.push(json!({ "type": format!("{delta}.done"), "output_index": 0, member: text }));
            events.push(json!({ "type": "response.output_item.done", "output_index": 0, "item": { "type": kind, member: text } }));
            let sent = stream_of(PATH, &asked(), &stream(&events), &["1111"]);
            let expected = format!("{{\"n\": {MASK}}}");
            for pointer in ["/delta", &format!("/{member}"), &format!("/item/{member}")] {
                assert_eq!(joined(&sent, pointer), expected, "{kind} {pointer}");
            }
        }
    }
}

#[test]
fn arguments_that_come_whole_with_the_head_are_one_text_with_what_follows() {
    let mut events = call("function_call", "response.function_call_arguments", &["1111 1111\"}".to_owned()]);
    events[0]["item"]["arguments"] = json!("{\"n\":\"4111 1111 ");
    events.truncate(2);
    stream_of(PATH, &asked(), &stream(&events), &["4111", "1111"]);
}

#[test]
fn a_cut_is_read_as_a_refusal_and_its_numbers_go_on() {
    let body = stream(&message(&["The key is ".to_owned(), format!("so: {KEY} "), "ok".to_owned()]));
    let sent = stream_of(PATH, &asked(), &body, &["AKIA"]);
    assert_eq!(joined(&of_type(&sent, "response.output_text.delta"), "/delta"), "The key is so: ");
    let events: Vec<Value> =
        sent.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect();
    let numbers: Vec<u64> = events.iter().map(|event| event["sequence_number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert!(
        types.ends_with(&["response.refusal.delta", "response.refusal.done", "response.incomplete"]),
        "{types:?}"
    );
    let response = &events.last().unwrap()["response"];
    assert_eq!((&response["id"], &response["created_at"]), (&json!("resp_1"), &json!(5)));
    assert_eq!(response["incomplete_details"]["reason"], "content_filter");
    assert!(response["output"][0]["content"][0]["refusal"].as_str().unwrap().contains("response_blocked"));
    for (event, name) in events.iter().zip(sent.lines().filter_map(|line| line.strip_prefix("event: "))) {
        assert_eq!(event["type"], name);
    }
    let nothing = stream_of(PATH, &asked(), "data: oops\n\n", &[]);
    assert!(nothing.starts_with("event: response.created\n"), "{nothing}");
}

#[test]
fn a_clean_stream_and_its_facts() {
    let mut events = message(&["Hello ".to_owned(), "world.".to_owned()]);
    events.extend(call("function_call", "response.function_call_arguments", &["{}".to_owned()]));
    events.push(json!({ "type": "response.image_generation_call.partial_image", "output_index": 2, "partial_image_b64": "iVBORw0KGgo=" }));
    for end in ["", "data: [DONE]\n\n"] {
        let body = stream(&events) + end;
        assert_eq!(stream_of(PATH, &asked(), &body, &[]), body);
        let mut peer = ask(PATH, &asked());
        peer.response(&HEAD, &[body.as_bytes()], End::Yes);
        let record = serde_json::to_value(peer.record()).unwrap();
        assert_eq!(record["usage"], json!({ "input_tokens": 4, "output_tokens": 6 }));
        assert_eq!(record["model"], json!({ "requested": "small-1", "answered": "small-1-x" }));
        assert_eq!((&record["operation"], &record["stream"]), (&json!("responses"), &json!(true)));
    }
}

#[test]
fn a_whole_answer_is_masked_in_every_kind_of_item() {
    let tokens = ["pay ", "4111", " 1111 ", "1111", " 1111"];
    let logprobs =
        tokens.map(|token| json!({ "token": token, "bytes": token.as_bytes(), "top_logprobs": [] }));
    let answer = json!({ "id": "resp_1", "model": "small-1", "usage": { "input_tokens": 1, "output_tokens": 2 }, "output": [
        { "type": "reasoning", "summary": [{ "text": CARD }], "content": [{ "text": CARD }] },
        { "type": "message", "content": [{ "type": "output_text", "text": tokens.concat(), "logprobs": logprobs }, { "type": "refusal", "refusal": CARD }] },
        { "type": "function_call", "arguments": "{\"n\":4111111111111111}" },
        { "type": "custom_tool_call", "input": CARD },
        { "type": "mcp_call", "arguments": "{}", "output": CARD, "error": null },
        { "type": "tool_search_call", "arguments": { "n": 4111111111111111u64 } },
        { "type": "shell_call_output", "output": [{ "stdout": CARD, "stderr": CARD }] },
        { "type": "web_search_call", "action": { "query": CARD } },
    ] });
    let sent = ask(PATH, &asked()).answer("application/json", &answer.to_string()).sent().to_owned();
    assert!(!sent.contains("1111"), "{sent}");
    assert_no_tokens_of(&sent, CARD);
    let sent: Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(sent["output"][2]["arguments"].as_str().unwrap()).unwrap()["n"],
        MASK
    );
    assert_eq!(sent["output"][5]["arguments"]["n"], MASK);
}

#[test]
fn a_request_names_its_tools_and_who_says_what() {
    let body = json!({ "model": "small-1", "instructions": "mail foo@example.com", "input": [
        { "role": "developer", "content": "mail foo@example.com" },
        { "role": "user", "content": [{ "type": "input_text", "text": "mail foo@example.com" }] },
        { "type": "function_call_output", "call_id": "c", "output": "mail foo@example.com" },
        { "type": "tool_search_output", "tools": [{ "type": "function", "name": "found" }] },
    ], "tools": [
        { "type": "function", "name": "a" }, { "type": "web_search" }, { "type": "mcp", "server_label": "m" },
        { "type": "namespace", "name": "n", "tools": [{ "type": "function", "name": "inner" }] },
    ] });
    let record = serde_json::to_value(ask(PATH, &body).record()).unwrap();
    assert_eq!(record["tools"], json!(["a", "web_search", "mcp", "n", "inner", "found"]));
    let mut lanes: Vec<_> = record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["lane"].clone(), f["count"].clone()))
        .collect();
    lanes.sort_by_key(|lane| lane.0.to_string());
    assert_eq!(
        lanes,
        [(json!("instructions"), json!(2)), (json!("prompt"), json!(1)), (json!("tool_result"), json!(1))]
    );
}

#[test]
fn a_response_that_was_kept_is_asked_for_without_a_body() {
    let mut peer = Peer::new(gate(json!({ "allow": [{ "id": "all" }] }), json!({})));
    let mut head = chat_head(bearer());
    (head[0], head[1]) = ((":method", "GET"), (":path", "/v1/responses/resp_1?stream=true"));
    assert_eq!(peer.request(&head, &[]), Outcome::Sent(Vec::new()));
    let body = stream(&message(&[format!("pay {CARD} now")]));
    assert_eq!(
        joined(peer.response(&HEAD, &[body.as_bytes()], End::Yes).sent(), "/delta"),
        format!("pay {MASK} now")
    );
    let (mut post, mut peer) =
        (head.clone(), Peer::new(gate(json!({ "allow": [{ "id": "all" }] }), json!({}))));
    (post[0], post[1]) = ((":method", "POST"), (":path", PATH));
    assert_eq!(peer.request(&post, &[]).reason(), Some("request_malformed"));
}

#[test]
fn recorded_streams_pass_byte_for_byte() {
    let Some(rows) = corpus::rows("streams_recorded") else { return };
    // One of them holds an address.
    let flags = json!({ "guards": { "standard": { "response": { "pii": "flag" } } } });
    let config = gate(json!({}), flags).config;
    let (mut responses, mut completions) = (0, 0);
    for row in rows {
        let id = row["id"].as_str().unwrap().to_owned();
        let body = corpus::bytes(&row);
        let text = String::from_utf8_lossy(&body);
        let (path, request) = match () {
            _ if row["label"] != "sse" || NOT_JSON.contains(&id.as_str()) => continue,
            _ if text.contains("\"type\":\"response.created\"") || text.contains("\"response.created\"") => {
                (PATH, asked())
            }
            _ if text.contains("\"object\":\"text_completion\"") => {
                ("/v1/completions", json!({ "model": "small-1", "prompt": "x" }))
            }
            _ => continue,
        };
        match path {
            PATH => responses += 1,
            _ => completions += 1,
        }
        let cuts = chunking::random(&body, 300, 7, 3).chain([vec![&body[..]], chunking::fixed(&body, 1)]);
        for chunks in cuts {
            let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
            peer.request(&head(path), &[request.to_string().as_bytes()]);
            let outcome = peer.response(&HEAD, &chunks, End::Yes);
            assert!(outcome == Outcome::Sent(body.clone()), "{id}: changed ({:?})", peer.exchange.reason());
            let record = serde_json::to_value(peer.record()).unwrap();
            assert_eq!(record["response"]["coverage"], "scanned", "{id}");
        }
    }
    println!("{responses} recorded responses and {completions} completions are byte-identical");
    assert!(responses > 20 && completions > 0);
}
