//! Exchanges in the dialect of Anthropic.

use super::super::streams::HEAD;
use super::super::*;
use crate::chunking;
use crate::corpus;

const SECRET: &str = "AKIAQ3EGRLPBX7N2TVWM";

fn answered(peer: &mut Peer, chunks: &[&[u8]]) -> (Outcome, Value) {
    assert_eq!(ask(peer, "/v1/messages", "small-1").reason(), None);
    let outcome = peer.response(&HEAD, chunks, End::Yes);
    (outcome, peer.renewed_record())
}

fn ask(peer: &mut Peer, path: &str, model: &str) -> Outcome {
    let body = json!({ "model": model, "max_tokens": 9, "messages": [{ "role": "user", "content": "hi" }], "prompt": "hi" });
    peer.request(&head(path), &[body.to_string().as_bytes()])
}

fn head(path: &str) -> Vec<(&str, &str)> {
    vec![
        (":method", "POST"),
        (":path", path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer()),
    ]
}

fn event(data: Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap())
}

fn start(index: u32, block: Value) -> String {
    event(json!({ "type": "content_block_start", "index": index, "content_block": block }))
}

fn delta(index: u32, delta: Value) -> String {
    event(json!({ "type": "content_block_delta", "index": index, "delta": delta }))
}

fn stop(index: u32) -> String {
    event(json!({ "type": "content_block_stop", "index": index }))
}

fn begin() -> String {
    event(json!({ "type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "small-1", "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": { "input_tokens": 7, "output_tokens": 1 },
    } }))
        + &event(json!({ "type": "ping" }))
}

fn end(reason: &str) -> String {
    let delta = json!({ "stop_reason": reason, "stop_sequence": null });
    event(json!({ "type": "message_delta", "delta": delta, "usage": { "output_tokens": 9 } }))
        + &event(json!({ "type": "message_stop" }))
}

fn text(index: u32, parts: &[&str]) -> String {
    let deltas = parts.iter().map(|part| delta(index, json!({ "type": "text_delta", "text": part })));
    start(index, json!({ "type": "text", "text": "" })) + &deltas.collect::<String>() + &stop(index)
}

fn call(index: u32, parts: &[&str]) -> String {
    let deltas =
        parts.iter().map(|part| delta(index, json!({ "type": "input_json_delta", "partial_json": part })));
    start(index, json!({ "type": "tool_use", "id": "toolu_1", "name": "upload", "input": {} }))
        + &deltas.collect::<String>()
        + &stop(index)
}

fn run(body: &str) -> (Outcome, Value) {
    answered(&mut Peer::default(), &[body.as_bytes()])
}

fn holds_for_every_cut(body: &str, forbidden: &[&str]) -> String {
    let (expected, record) = run(body);
    for text in forbidden {
        assert!(!expected.sent().contains(text), "left: {text}");
    }
    let mut peer = Peer::default();
    for chunks in chunking::every_way(body.as_bytes()) {
        let (outcome, recorded) = answered(&mut peer, &chunks);
        assert_eq!((&outcome, &recorded), (&expected, &record));
    }
    expected.sent().to_owned()
}

/// A message as Anthropic's SDK puts it together, which fails as the SDK does where events come in a wrong order.
#[derive(Default, Debug)]
struct Message {
    blocks: Vec<Value>,
    stop_reason: Value,
    explanation: String,
    is_over: bool,
}

fn assemble(sent: &str) -> Message {
    let mut message = None::<Message>;
    for event in sent.split_terminator("\n\n") {
        let (kind, data) = event.strip_prefix("event: ").unwrap().split_once("\ndata: ").unwrap();
        let data: Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["type"], kind);
        let index = data["index"].as_u64().unwrap_or(0) as usize;
        if kind == "message_start" {
            assert!(message.is_none() && data["message"]["usage"]["input_tokens"].is_u64());
            message = Some(Message::default());
            continue;
        }
        let message = message.as_mut().expect("message_start comes first");
        match kind {
            "content_block_start" => {
                assert_eq!(index, message.blocks.len());
                message.blocks.push(data["content_block"].clone());
            }
            "content_block_delta" => {
                for field in ["text", "thinking", "partial_json", "content"] {
                    if let Some(piece) = data["delta"][field].as_str() {
                        let block = message.blocks.get_mut(index).unwrap();
                        let whole = block[field].as_str().unwrap_or_default().to_owned() + piece;
                        block[field] = json!(whole);
                    }
                }
            }
            "content_block_stop" => {
                let block = message.blocks.get_mut(index).expect("it has begun");
                assert!(block["stopped"].is_null());
                block["stopped"] = json!(true);
            }
            "message_delta" => {
                assert!(data["usage"]["output_tokens"].is_u64());
                message.stop_reason = data["delta"]["stop_reason"].clone();
                let details = &data["delta"]["stop_details"]["explanation"];
                message.explanation = details.as_str().unwrap_or_default().to_owned();
            }
            "message_stop" => message.is_over = true,
            "ping" => {}
            other => panic!("{other}"),
        }
    }
    message.unwrap()
}

#[test]
fn a_clean_stream_is_byte_identical_and_its_facts_are_recorded() {
    let citation =
        json!({ "type": "citations_delta", "citation": { "cited_text": "a quote", "document_index": 0 } });
    let body = begin()
        + &start(0, json!({ "type": "thinking", "thinking": "", "signature": "" }))
        + &delta(0, json!({ "type": "thinking_delta", "thinking": "Well, " }))
        + &delta(0, json!({ "type": "signature_delta", "signature": "abc==" }))
        + &stop(0)
        + &text(1, &["Hello", ", ", "w\u{f6}rld", "."])
        + &start(2, json!({ "type": "text", "text": "", "citations": [] }))
        + &delta(2, citation)
        + &stop(2)
        + &call(3, &["", "{\"city\":", "\"Singapore\"}"])
        + &start(
            4,
            json!({ "type": "web_search_tool_result", "tool_use_id": "s", "content": [{ "title": "x" }] }),
        )
        + &stop(4)
        + &end("tool_use");
    assert_eq!(holds_for_every_cut(&body, &[]), body);
    let (_, record) = run(&body);
    assert_eq!(record["model"]["answered"], "small-1");
    assert_eq!(record["usage"], json!({ "input_tokens": 7, "output_tokens": 9 }));
    assert_eq!((&record["api"], &record["operation"]), (&json!("anthropic"), &json!("chat")));
}

#[test]
fn a_value_over_any_number_of_deltas_is_masked_wherever_it_stands() {
    let card = "4111 1111 1111 1111";
    for count in [1, 4] {
        let size = card.len().div_ceil(count);
        let mut parts = vec!["Card "];
        parts.extend((0..card.len()).step_by(size).map(|at| &card[at..(at + size).min(card.len())]));
        parts.push(", bye");
        let said = assemble(&holds_for_every_cut(
            &(begin() + &text(0, &parts) + &end("end_turn")),
            &["4111", "1111"],
        ));
        assert_eq!(said.blocks[0]["text"], "Card [REDACTED:financial], bye");
        let mut arguments = vec!["{\"n\":\""];
        arguments.extend(&parts[1..parts.len() - 1]);
        arguments.push("\"}");
        let body = begin() + &call(0, &arguments) + &end("tool_use");
        let called = assemble(&holds_for_every_cut(&body, &["4111", "1111"]));
        assert_eq!(called.blocks[0]["partial_json"], "{\"n\":\"[REDACTED:financial]\"}");
    }
    for (block, kind, field) in [
        (json!({ "type": "thinking", "thinking": "" }), "thinking_delta", "thinking"),
        (json!({ "type": "compaction", "content": null }), "compaction_delta", "content"),
    ] {
        let mut body = begin() + &start(0, block);
        for part in ["at foo@exa", "mple.com now"] {
            body += &delta(0, json!({ "type": kind, field: part }));
        }
        let said = assemble(&holds_for_every_cut(&(body + &stop(0) + &end("end_turn")), &["foo@"]));
        assert_eq!(said.blocks[0][field], "at [REDACTED:pii.contact] now");
    }
}

#[test]
fn what_comes_whole_is_masked_in_its_place() {
    let card = "4111 1111 1111 1111";
    let body = begin()
        + &start(
            0,
            json!({ "type": "tool_use", "id": "t", "name": "n", "input": { "card": 4_111_111_111_111_111_u64, "text": card } }),
        )
        + &stop(0)
        + &start(
            1,
            json!({ "type": "mcp_tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": card }] }),
        )
        + &stop(1)
        + &start(2, json!({ "type": "text", "text": "" }))
        + &delta(2, json!({ "type": "citations_delta", "citation": { "cited_text": card } }))
        + &stop(2)
        + &end("end_turn");
    let sent = holds_for_every_cut(&body, &["4111", "1111"]);
    let message = assemble(&sent);
    assert_eq!(
        message.blocks[0]["input"],
        json!({ "card": "[REDACTED:financial]", "text": "[REDACTED:financial]" })
    );
    assert_eq!(message.blocks[1]["content"][0]["text"], "[REDACTED:financial]");
    assert!(sent.contains(r#""cited_text":"[REDACTED:financial]""#));
}

#[test]
fn a_cut_ends_the_message_as_a_refusal() {
    let parts = ["The key is ", "so: AKIAQ3EG", "RLPBX7N2TVWM", " ok"];
    let message =
        assemble(&holds_for_every_cut(&(begin() + &text(0, &parts) + &end("end_turn")), &["AKIA", "Q3EG"]));
    assert_eq!(message.blocks, [json!({ "type": "text", "text": "The key is so: ", "stopped": true })]);
    assert_eq!(message.stop_reason, "refusal");
    assert!(message.is_over && message.explanation.contains("response_blocked"));
}

#[test]
fn a_cut_names_no_block_that_the_client_does_not_know() {
    let secret_result =
        json!({ "type": "web_fetch_tool_result", "tool_use_id": "t", "content": { "text": SECRET } });
    for (name, second) in [
        ("call", call(1, &["{\"key\":\"AKIAQ3EG", "RLPBX7N2TVWM\"}"])),
        (
            "call that comes whole",
            start(
                1,
                json!({ "type": "server_tool_use", "id": "t", "name": "upload", "input": { "k": SECRET } }),
            ),
        ),
        ("result", start(1, secret_result)),
        ("text that begins with it", start(1, json!({ "type": "text", "text": format!("{SECRET} ") }))),
    ] {
        let body = begin() + &text(0, &["One moment."]) + &second + &end("tool_use");
        let sent = holds_for_every_cut(&body, &["AKIA", "Q3EG", "upload", "toolu_1"]);
        let message = assemble(&sent);
        assert_eq!(message.blocks.len(), 1, "{name}");
        assert_eq!((&message.stop_reason, message.is_over), (&json!("refusal"), true), "{name}");
    }
    let message = assemble(&holds_for_every_cut("data: nonsense\n\n", &[]));
    assert!(message.blocks.is_empty() && message.explanation.contains("response_malformed"));
}

#[test]
fn an_index_that_is_none_cuts_the_stream() {
    for index in ["-1", "1.0", "\"0\"", "4294967295"] {
        let body = begin()
            + &text(0, &["4111 1111 1111 1111"]).replace("\"index\":0", &format!("\"index\":{index}"));
        assert!(
            assemble(&holds_for_every_cut(&body, &["4111"])).explanation.contains("response_malformed"),
            "{index}"
        );
    }
}

#[test]
fn a_message_that_begins_again_has_new_lanes() {
    let body = begin()
        + &text(0, &["mail foo@", "example.com"])
        + &start(1, json!({ "type": "tool_use", "id": "a", "name": "n", "input": {} }))
        + &delta(1, json!({ "type": "input_json_delta", "partial_json": "{\"a\":\"Spa" }))
        + &begin()
        + &text(0, &["mail bar@", "example.com"])
        + &call(1, &["{\"a\":\"Spark\"}"])
        + &end("tool_use");
    let sent = holds_for_every_cut(&body, &["foo@", "bar@"]);
    assert_eq!(sent.matches("[REDACTED:pii.contact]").count(), 2);
    assert_eq!(sent.matches("event: ").count(), body.matches("event: ").count());
}

#[test]
fn another_message_may_follow_the_end_of_one_and_is_guarded_too() {
    let one = |parts: &[&str]| begin() + &text(0, parts) + &end("end_turn");
    let clean = one(&["hello ", "you. "]) + &one(&["and ", "again. "]);
    assert_eq!(run(&clean).0.sent(), clean);
    let sent = holds_for_every_cut(&(one(&["hi. "]) + &one(&["mail foo@exa", "mple.com now"])), &["foo@"]);
    assert!(sent.contains("mail [REDACTED:pii.contact]"), "{sent}");
    let late = one(&["hi. "]) + &delta(0, json!({ "type": "text_delta", "text": "foo@example.com " }));
    holds_for_every_cut(&late, &["foo@"]);
}

#[test]
fn a_whole_answer_is_masked() {
    let mut peer = Peer::default();
    ask(&mut peer, "/v1/messages", "small-1");
    let answer = json!({ "id": "msg_1", "model": "small-1", "content": [
        { "type": "text", "text": "mail foo@example.com" },
        { "type": "tool_use", "id": "t", "name": "n", "input": { "n": 4_111_111_111_111_111_u64, "s": "foo@example.com" } },
    ], "usage": { "input_tokens": 3, "output_tokens": 4 } });
    let outcome = peer.answer("application/json", &answer.to_string());
    let sent: Value = serde_json::from_str(outcome.sent()).unwrap();
    assert_eq!(sent["content"][0]["text"], "mail [REDACTED:pii.contact]");
    assert_eq!(
        sent["content"][1]["input"],
        json!({ "n": "[REDACTED:financial]", "s": "[REDACTED:pii.contact]" })
    );
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["usage"]["output_tokens"], 4);
}

#[test]
fn a_denied_model_is_refused_in_the_providers_shape() {
    let outcome = ask(&mut Peer::default(), "/v1/messages", "large-1");
    assert_eq!(outcome.reason(), Some("model_denied"));
    let body: Value = serde_json::from_str(outcome.sent()).unwrap();
    assert_eq!((&body["type"], &body["error"]["type"]), (&json!("error"), &json!("permission_error")));
}

#[test]
fn text_completions_are_read_too() {
    let piece = |text: &str, stop: Value| {
        event(
            json!({ "type": "completion", "id": "c", "completion": text, "stop_reason": stop, "model": "small-1" }),
        )
    };
    let body = piece(" mail foo@", json!(null))
        + &piece("example.com", json!(null))
        + &piece("", json!("stop_sequence"));
    let run = |body: &str| {
        let mut peer = Peer::default();
        assert_eq!(ask(&mut peer, "/v1/complete", "small-1").reason(), None);
        peer.response(&HEAD, &[body.as_bytes()], End::Yes).sent().to_owned()
    };
    assert!(run(&body).contains("mail [REDACTED:pii.contact]") && !run(&body).contains("foo@"));
    let sent = run(&(piece(SECRET, json!(null)) + &piece(" ", json!(null))));
    assert!(sent.contains("\"stop_reason\":\"refusal\"") && sent.contains("response_blocked"));
}

/// Some recordings are several answers in one file.
fn answers(body: &[u8]) -> Vec<String> {
    const START: &str = "event: message_start";
    let body = String::from_utf8(body.to_vec()).unwrap();
    if body.matches(START).count() != body.matches("event: message_stop").count() {
        return vec![body];
    }
    let starts: Vec<usize> = body.match_indices(START).map(|(at, _)| at).chain([body.len()]).collect();
    starts.windows(2).map(|pair| body[pair[0]..pair[1]].to_owned()).collect()
}

#[test]
fn recorded_streams_pass_byte_for_byte() {
    let Some(rows) = corpus::rows("streams_recorded") else {
        return;
    };
    let (mut peer, mut count) = (Peer::default(), 0);
    for row in rows {
        let (id, body) = (row["id"].as_str().unwrap(), corpus::bytes(&row));
        if row["label"] != "sse" || !String::from_utf8_lossy(&body).contains("event: message_start") {
            continue;
        }
        for body in answers(&body) {
            count += 1;
            let bytes = body.as_bytes();
            let cuts = chunking::random(bytes, 300, 7, 3).chain([vec![bytes], chunking::fixed(bytes, 1)]);
            for chunks in cuts {
                let (outcome, record) = answered(&mut peer, &chunks);
                assert!(outcome == Outcome::Sent(bytes.to_vec()), "{id}: changed ({})", record["reason"]);
            }
        }
    }
    println!("{count} recorded answers are byte-identical");
    assert!(count > 30);
}

#[test]
fn recorded_requests_pass_byte_for_byte() {
    super::recorded_requests(
        "anthropic",
        |path| path.contains("/v1/messages"),
        |body, _| {
            let tool = |tool: &Value| {
                let kind = tool["type"].as_str().filter(|kind| *kind != "custom");
                kind.or(tool["name"].as_str()).unwrap().to_owned()
            };
            let tools = body["tools"].as_array().map(|tools| tools.iter().map(tool).collect());
            (body["model"].as_str().unwrap().to_owned(), tools.unwrap_or_default())
        },
    );
}
