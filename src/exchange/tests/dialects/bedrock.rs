//! Amazon Bedrock.

use super::super::*;
use crate::chunking;
use crate::corpus;
use crate::protocol::framing::event_stream::{self, Data};
use crate::protocol::framing::{Framer, Unframed};
use base64::prelude::BASE64_STANDARD;

const HEAD: [(&str, &str); 2] = [(":status", "200"), ("content-type", "application/vnd.amazon.eventstream")];
const CARD: &str = "4111 1111 1111 1111";
const KEY: &str = "AKIAQ3EGRLPBX7N2TVWM";

fn peer_at(path: &str, body: &Value) -> (Peer, Outcome) {
    static CONFIG: OnceLock<Arc<Config>> = OnceLock::new();
    let route = json!({ "match": { "path": "/model/*" }, "allow": [{ "id": "all", "who": { "groups": ["support"] }, "what": { "models": ["*"] } }] });
    let config = CONFIG.get_or_init(|| gate(route, json!({})).config);
    let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
    let head = [
        (":method", "POST"),
        (":path", path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer()),
    ];
    let outcome = peer.request(&head, &[body.to_string().as_bytes()]);
    (peer, outcome)
}

fn converse() -> Peer {
    let body = json!({ "messages": [{ "role": "user", "content": [{ "text": "hi" }] }] });
    peer_at("/model/small-1/converse-stream", &body).0
}

fn invoke() -> Peer {
    peer_at("/model/small-1/invoke-with-response-stream", &json!({ "prompt": "hi" })).0
}

fn frame(kind: &str, payload: &Value) -> Vec<u8> {
    let headers = [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
    event_stream::write(&headers, payload.to_string().as_bytes())
}

fn chunk(inner: &Value) -> Vec<u8> {
    frame(
        "chunk",
        &json!({ "bytes": BASE64_STANDARD.encode(inner.to_string()), "p": "abcdefghijklmnopqrstuvwxyzABCDEF" }),
    )
}

/// The events of what was sent, which must be frames without a fault.
fn events(sent: &[u8], data: Data) -> Vec<(String, Value)> {
    let mut framer = event_stream::Framer::new(1 << 20, data);
    framer.feed(sent);
    let (mut events, mut length) = (Vec::new(), 0);
    while let Some(frame) = framer.next_frame() {
        let frame = frame.map_err(|unframed: Unframed| format!("{unframed:?}")).unwrap();
        let kind = frame.kind().unwrap().to_owned();
        events.push((kind, serde_json::from_slice(&frame.data().unwrap()).unwrap()));
        length += frame.into_bytes().1.unwrap().original.len();
    }
    assert_eq!(length, sent.len(), "nothing but frames");
    events
}

fn sent(outcome: &Outcome) -> &[u8] {
    match outcome {
        Outcome::Sent(bytes) => bytes,
        other => panic!("{other:?}"),
    }
}

/// Every cut gives the same bytes; what was sent is frames without a fault, in which nothing forbidden stands.
fn holds(peer: fn() -> Peer, data: Data, body: &[u8], forbidden: &[&str]) -> Vec<(String, Value)> {
    let expected = peer().response(&HEAD, &[body], End::Yes);
    // Every cut at all is for the framer's own tests: an exchange costs more.
    let two_way = chunking::two_way(body).step_by(1 + body.len() / 60);
    for chunks in two_way.chain([chunking::fixed(body, 1)]).chain(chunking::random(body, 90, 5, 3)) {
        assert_eq!(peer().response(&HEAD, &chunks, End::Yes), expected);
    }
    let events = events(sent(&expected), data);
    let text = serde_json::to_string(&events.iter().map(|(_, event)| event).collect::<Vec<_>>()).unwrap();
    for forbidden in forbidden {
        assert!(!text.contains(forbidden), "left: {forbidden}");
    }
    events
}

/// The value cut into `pieces` deltas.
fn pieces(value: &str, pieces: usize) -> Vec<&str> {
    let size = value.len().div_ceil(pieces);
    value.as_bytes().chunks(size).map(|piece| std::str::from_utf8(piece).unwrap()).collect()
}

fn joined(events: &[(String, Value)], pointer: &str) -> String {
    events.iter().filter_map(|(_, event)| event.pointer(pointer)?.as_str()).collect()
}

fn delta(index: u64, delta: Value) -> Vec<u8> {
    frame("contentBlockDelta", &json!({ "contentBlockIndex": index, "delta": delta, "p": "abcdefghij" }))
}

fn stop(index: u64) -> Vec<u8> {
    frame("contentBlockStop", &json!({ "contentBlockIndex": index }))
}

fn begin() -> Vec<u8> {
    frame("messageStart", &json!({ "role": "assistant", "p": "abc" }))
}

fn end(reason: &str) -> Vec<u8> {
    let usage = json!({ "usage": { "inputTokens": 3, "outputTokens": 4, "totalTokens": 7 }, "metrics": { "latencyMs": 1 } });
    [frame("messageStop", &json!({ "stopReason": reason })), frame("metadata", &usage)].concat()
}

fn call(index: u64) -> Vec<u8> {
    frame(
        "contentBlockStart",
        &json!({ "contentBlockIndex": index, "start": { "toolUse": { "toolUseId": "tooluse_1", "name": "upload" } } }),
    )
}

#[test]
fn a_model_is_what_the_path_names() {
    let named = |method, path| {
        let operation = protocol::recognise(method, path)?;
        Some((operation.name, operation.model_in_path?))
    };
    let arn = "arn:aws:bedrock:us-east-1:1:inference-profile/us.x";
    for (path, expected) in [
        ("/model/small-1/converse", Some(("chat", "small-1"))),
        ("/model/a.b-v1%3A0/converse-stream?x=y", Some(("chat", "a.b-v1:0"))),
        ("/model/a.b-v1:0/invoke", Some(("invoke_model", "a.b-v1:0"))),
        (
            "/bedrock/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2fus.x/invoke-with-response-stream",
            Some(("invoke_model", arn)),
        ),
        ("/model/a%253A/count-tokens", Some(("count_tokens", "a%3A"))),
        ("/model/a/b/converse", None),
        ("/model//converse", None),
        ("/model/%2e%2E/converse", None),
        ("/model/a%3/converse", None),
        ("/model/a%zz/converse", None),
        ("/model/%ff/converse", None),
        ("/model/a/converse/", None),
        ("/model/a/invoke-with-bidirectional-stream", None),
        ("/models/a/converse", None),
        ("/guardrail/g/version/1/apply", None),
    ] {
        let expected = expected.map(|(name, model)| (name, model.to_owned()));
        assert_eq!(named("POST", path), expected, "{path}");
    }
    assert_eq!(named("GET", "/model/small-1/converse"), None);
}

#[test]
fn requests_are_read() {
    let read = |path: &str, body: &Value| {
        let operation = protocol::recognise("POST", path).unwrap();
        let bytes = body.to_string();
        let document = protocol::json::Document::parse(bytes.as_bytes(), Default::default()).unwrap();
        let request = operation.dialect.request(&document, &operation)?;
        let texts =
            request.texts.iter().map(|text| (text.channel.as_str(), bytes[text.span.clone()].to_owned()));
        Ok::<_, Reason>((request.stream, request.tools.join(" "), texts.collect::<Vec<_>>()))
    };
    let has = |texts: &[(&str, String)], channel, text: &str| {
        texts.iter().any(|found| *found == (channel, text.to_owned()))
    };
    let body = json!({
        "system": [{ "text": "s" }],
        "messages": [
            { "role": "user", "content": [{ "text": "u" }] },
            { "role": "assistant", "content": [{ "text": "a" }, { "reasoningContent": { "reasoningText": { "text": "r" } } }, { "toolUse": { "toolUseId": "i", "name": "n", "input": { "k": ["v", 7] } } }] },
            { "role": "user", "content": [{ "toolResult": { "toolUseId": "i", "content": [{ "text": "t" }, { "json": { "j": 5 } }] } }] },
        ],
        "toolConfig": { "tools": [{ "toolSpec": { "name": "first" } }, { "systemTool": { "name": "nova_grounding" } }, { "cachePoint": { "type": "default" } }] },
        "additionalModelRequestFields": { "tools": [{ "type": "computer_1", "name": "computer" }, { "type": "bash_1" }] },
    });
    let (stream, tools, texts) = read("/model/m/converse-stream", &body).unwrap();
    assert_eq!((stream, tools.as_str()), (true, "first nova_grounding computer_1 computer bash_1"));
    for (channel, text) in [
        ("instructions", "s"),
        ("prompt", "u"),
        ("content", "a"),
        ("reasoning", "r"),
        ("tool_arguments", "v"),
        ("tool_arguments", "7"),
        ("tool_result", "t"),
        ("tool_result", "5"),
    ] {
        assert!(has(&texts, channel, text), "{channel} {text}");
    }
    assert_eq!(read("/model/m/count-tokens", &json!({ "input": { "converse": body } })).unwrap().1, tools);
    assert_eq!(
        read("/model/m/count-tokens", &json!({ "input": { "invokeModel": { "body": "e30=" } } }))
            .unwrap_err(),
        Reason::UnsupportedContent
    );
    assert_eq!(
        read("/model/m/converse", &json!({ "toolConfig": { "tools": [{ "other": {} }] } })).unwrap_err(),
        Reason::RequestMalformed
    );
    assert_eq!(read("/model/m/converse", &json!([])).unwrap_err(), Reason::RequestMalformed);

    let body = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "system": "s",
        "messages": [
            { "role": "user", "content": "u" },
            { "role": "assistant", "content": [{ "type": "text", "text": "a" }, { "type": "tool_use", "id": "i", "name": "n", "input": { "k": "v" } }] },
            { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "i", "content": "t" }] },
        ],
        "tools": [{ "name": "first", "input_schema": {} }, { "type": "function", "function": { "name": "second" } }],
    });
    let (stream, tools, texts) = read("/model/m/invoke", &body).unwrap();
    assert_eq!((stream, tools.as_str()), (false, "first second"));
    for (channel, text) in [
        ("instructions", "s"),
        ("prompt", "u"),
        ("content", "a"),
        ("tool_arguments", "v"),
        ("tool_result", "t"),
    ] {
        assert!(has(&texts, channel, text), "{channel} {text}");
    }
    for (key, body) in [
        ("inputText", json!({ "inputText": "u" })),
        ("prompt", json!({ "prompt": "u" })),
        ("texts", json!({ "texts": ["u"] })),
        ("message", json!({ "message": "u" })),
    ] {
        assert!(has(&read("/model/m/invoke", &body).unwrap().2, "prompt", "u"), "{key}");
    }
}

#[test]
fn a_card_in_any_channel_of_converse_is_masked() {
    for (name, pointer, wrap) in [
        ("text", "/delta/text", (|text| json!({ "text": text })) as fn(&str) -> Value),
        ("reasoning", "/delta/reasoningContent/text", |text| json!({ "reasoningContent": { "text": text } })),
        ("a field that is not known", "/delta/poem", |text| json!({ "poem": text })),
        ("a tool's result", "/delta/toolResult/0/text", |text| json!({ "toolResult": [{ "text": text }] })),
    ] {
        for count in [1, 2, 5, 19] {
            let mut body = begin();
            body.extend(delta(0, wrap("Card ")));
            pieces(CARD, count).into_iter().for_each(|piece| body.extend(delta(0, wrap(piece))));
            body.extend([delta(0, wrap(", bye")), stop(0), end("end_turn")].concat());
            let events = holds(converse, Data::Payload, &body, &["4111", "1111"]);
            assert_eq!(joined(&events, pointer), "Card [REDACTED:financial], bye", "{name} in {count}");
            assert_eq!(events.len(), count + 6, "no event is merged or lost");
        }
    }
}

#[test]
fn a_card_in_a_tools_input_is_masked_and_the_input_stays_json() {
    for arguments in
        [format!("{{\"card\":\"{CARD}\",\"n\":1}}"), "{\"card\":4111111111111111,\"n\":1}".to_owned()]
    {
        for count in [1, 3, 30] {
            let mut body = [begin(), delta(0, json!({ "text": "Wait." })), stop(0), call(1)].concat();
            let input = |piece| json!({ "toolUse": { "input": piece } });
            pieces(&arguments, count).into_iter().for_each(|piece| body.extend(delta(1, input(piece))));
            body.extend([stop(1), end("tool_use")].concat());
            let events = holds(converse, Data::Payload, &body, &["4111", "1111"]);
            let input: Value = serde_json::from_str(&joined(&events, "/delta/toolUse/input")).unwrap();
            assert_eq!(input, json!({ "card": "[REDACTED:financial]", "n": 1 }));
        }
    }
}

#[test]
fn the_number_of_a_block_may_begin_again_behind_its_end() {
    let input = |text: &str| delta(0, json!({ "toolUse": { "input": text } }));
    let calls = || [call(0), input("{\"card\":411111111111"), input("1111}"), stop(0)].concat();
    let body = [begin(), calls(), calls(), end("tool_use")].concat();
    let events = holds(converse, Data::Payload, &body, &["4111", "1111"]);
    assert_eq!(joined(&events, "/delta/toolUse/input"), "{\"card\":\"[REDACTED:financial]\"}".repeat(2));
    assert_eq!(events.len(), 11, "no event is merged or lost");

    type Events = fn(Value) -> Value;
    let nova: [Events; 3] = [
        |text| json!({ "contentBlockStart": { "contentBlockIndex": 0, "start": {}, "x": text } }),
        |text| json!({ "contentBlockDelta": { "contentBlockIndex": 0, "delta": { "text": text } } }),
        |_| json!({ "contentBlockStop": { "contentBlockIndex": 0 } }),
    ];
    let anthropic: [Events; 3] = [
        |_| json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        |text| json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } }),
        |_| json!({ "type": "content_block_stop", "index": 0 }),
    ];
    for ([start, delta, stop], place) in [(nova, "/contentBlockDelta/delta/text"), (anthropic, "/delta/text")]
    {
        let block = || {
            [start(json!("")), delta(json!("card 4111 1111")), delta(json!(" 1111 1111.")), stop(json!(""))]
        };
        let body: Vec<u8> = block().iter().chain(&block()).flat_map(chunk).collect();
        let events = holds(invoke, Data::Chunk, &body, &["4111", "1111"]);
        assert_eq!(joined(&events, place), "card [REDACTED:financial].".repeat(2));
    }
}

#[test]
fn a_secret_in_a_tools_input_ends_the_stream_and_nothing_of_the_call_leaves() {
    let mut body = [begin(), delta(0, json!({ "text": "Wait. " })), stop(0), call(1)].concat();
    for piece in pieces(&format!("{{\"key\":\"{KEY}\"}}"), 5) {
        body.extend(delta(1, json!({ "toolUse": { "input": piece } })));
    }
    body.extend([stop(1), end("tool_use")].concat());
    let events = holds(converse, Data::Payload, &body, &["AKIA", "Q3EG", "upload", "tooluse_1"]);
    let kinds: Vec<&str> = events.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["messageStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"]);
    let stop = &events[3].1;
    assert_eq!(stop["stopReason"], "content_filtered");
    assert_eq!(stop["additionalModelResponseFields"]["portcullis"]["reason"], "response_blocked");
}

#[test]
fn a_secret_in_text_ends_the_block_that_is_open_even_at_its_very_end() {
    for last in [" ok", ""] {
        let mut body = begin();
        for piece in ["The key: ", "AKIAQ3EG", "RLPBX7N2TVWM", last] {
            body.extend(delta(0, json!({ "text": piece })));
        }
        body.extend([stop(0), end("end_turn")].concat());
        let events = holds(converse, Data::Payload, &body, &["AKIA"]);
        assert_eq!(joined(&events, "/delta/text"), "The key: ");
        let stops: Vec<_> = events.iter().filter(|(kind, _)| kind == "contentBlockStop").collect();
        assert_eq!(stops.len(), 1, "{last:?}");
        assert_eq!(stops[0].1["contentBlockIndex"], 0);
    }
}

#[test]
fn frames_with_a_fault_end_the_stream() {
    let first = delta(0, json!({ "text": "Hello. " }));
    let mut bad = delta(0, json!({ "text": "4111 1111 1111 1111" }));
    bad[40] ^= 1;
    let events = holds(converse, Data::Payload, &[begin(), first.clone(), bad].concat(), &["4111"]);
    assert_eq!(joined(&events, "/delta/text"), "Hello. ");
    let told = &events.iter().find(|(kind, _)| kind == "messageStop").unwrap().1;
    assert_eq!(told["additionalModelResponseFields"]["portcullis"]["reason"], "response_malformed");
    let index = frame("contentBlockDelta", &json!({ "contentBlockIndex": 0.5, "delta": { "text": "4111" } }));
    holds(converse, Data::Payload, &[begin(), first, index].concat(), &["4111"]);
}

#[test]
fn an_exception_goes_on_and_is_scanned() {
    let headers = [
        (":exception-type", "throttlingException"),
        (":content-type", "application/json"),
        (":message-type", "exception"),
    ];
    let message = json!({ "message": format!("Slow down, {CARD}.") }).to_string();
    let body =
        [begin(), delta(0, json!({ "text": "Hi" })), event_stream::write(&headers, message.as_bytes())]
            .concat();
    for (peer, data) in [(converse as fn() -> Peer, Data::Payload), (invoke, Data::Chunk)] {
        let events = holds(peer, data, &body, &["4111"]);
        assert_eq!(events[2].0, "throttlingException");
        assert_eq!(events[2].1["message"], "Slow down, [REDACTED:financial].");
    }
    let headers = [
        (":message-type", "error"),
        (":error-code", "Gone"),
        (":error-message", "for 4111 1111 1111 1111 it is"),
    ];
    let outcome = converse().response(&HEAD, &[&event_stream::write(&headers, b"")], End::Yes);
    let text = String::from_utf8_lossy(sent(&outcome)).into_owned();
    assert!(text.contains("for [REDACTED:financial] it is") && !text.contains("4111"), "in a header too");
    events_of_nothing(sent(&outcome));
}

fn events_of_nothing(sent: &[u8]) {
    let mut framer = event_stream::Framer::new(1000, Data::Payload);
    framer.feed(sent);
    assert!(framer.next_frame().unwrap().is_ok());
}

type Form = (&'static str, &'static str, fn(&str) -> Value, &'static str, Value);

/// The forms of streamed answers of InvokeModel: where the text is, how a delta is written, what ends it early.
fn forms() -> Vec<Form> {
    vec![
        (
            "anthropic",
            "/delta/text",
            |text| json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } }),
            "/delta/stop_reason",
            json!("refusal"),
        ),
        (
            "anthropic thinking",
            "/delta/thinking",
            |text| json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": text } }),
            "/delta/stop_reason",
            json!("refusal"),
        ),
        (
            "anthropic text",
            "/completion",
            |text| json!({ "type": "completion", "completion": text, "stop_reason": null }),
            "/stop_reason",
            json!("refusal"),
        ),
        (
            "nova",
            "/contentBlockDelta/delta/text",
            |text| json!({ "contentBlockDelta": { "contentBlockIndex": 0, "delta": { "text": text } } }),
            "/messageStop/stopReason",
            json!("content_filtered"),
        ),
        (
            "titan",
            "/outputText",
            |text| json!({ "outputText": text, "index": 0, "completionReason": null }),
            "/completionReason",
            json!("CONTENT_FILTERED"),
        ),
        (
            "llama",
            "/generation",
            |text| json!({ "generation": text, "stop_reason": null }),
            "/stop_reason",
            json!("content_filtered"),
        ),
        (
            "mistral",
            "/outputs/0/text",
            |text| json!({ "outputs": [{ "text": text, "stop_reason": null }] }),
            "/outputs/0/stop_reason",
            json!("content_filtered"),
        ),
        (
            "openai",
            "/choices/0/delta/content",
            |text| json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] }),
            "/choices/0/finish_reason",
            json!("content_filter"),
        ),
        (
            "mistral chat",
            "/choices/0/message/content",
            |text| json!({ "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "stop_reason": null }] }),
            "/choices/0/finish_reason",
            json!("content_filter"),
        ),
        (
            "deepseek",
            "/choices/0/text",
            |text| json!({ "choices": [{ "text": text, "stop_reason": null }] }),
            "/choices/0/finish_reason",
            json!("content_filter"),
        ),
        (
            "cohere",
            "/text",
            |text| json!({ "text": text, "is_finished": false, "index": 0 }),
            "/finish_reason",
            json!("ERROR_TOXIC"),
        ),
        (
            "cohere chat",
            "/text",
            |text| json!({ "event_type": "text-generation", "text": text, "is_finished": false }),
            "/finish_reason",
            json!("ERROR_TOXIC"),
        ),
    ]
}

#[test]
fn every_form_of_invoke_is_masked_and_ended() {
    for (name, pointer, event, end_pointer, end) in forms() {
        for count in [1, 4, 19] {
            let mut body = chunk(&event("Card "));
            pieces(CARD, count).into_iter().for_each(|piece| body.extend(chunk(&event(piece))));
            body.extend(chunk(&event(", bye")));
            let events = holds(invoke, Data::Chunk, &body, &["4111", "1111"]);
            assert_eq!(joined(&events, pointer), "Card [REDACTED:financial], bye", "{name} in {count}");
            assert_eq!(events.len(), count + 2, "{name}: no event is merged or lost");
        }
        let body: Vec<u8> = ["The key: ", "AKIAQ3EG", "RLPBX7N2TVWM", " ok"]
            .iter()
            .flat_map(|text| chunk(&event(text)))
            .collect();
        let events = holds(invoke, Data::Chunk, &body, &["AKIA"]);
        assert_eq!(joined(&events, pointer), "The key: ", "{name}");
        let ends: Vec<&Value> = events
            .iter()
            .filter_map(|(_, event)| event.pointer(end_pointer))
            .filter(|end| !end.is_null())
            .collect();
        assert_eq!(ends, [&end], "{name}");
    }
}

#[test]
fn an_anthropic_call_inside_a_chunk_is_held_with_its_head() {
    let start = json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "tool_use", "id": "toolu_1", "name": "upload", "input": {} } });
    let input = |piece: &str| {
        chunk(
            &json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "input_json_delta", "partial_json": piece } }),
        )
    };
    let begin = json!({ "type": "message_start", "message": { "id": "msg_1", "model": "m", "role": "assistant", "content": [], "usage": { "input_tokens": 5, "output_tokens": 1 } } });
    for (value, forbidden) in [(KEY, vec!["AKIA", "upload", "toolu_1"]), (CARD, vec!["4111"])] {
        let mut body = [chunk(&begin), chunk(&start)].concat();
        pieces(&format!("{{\"a\":\"{value}\"}}"), 4).into_iter().for_each(|piece| body.extend(input(piece)));
        body.extend(chunk(&json!({ "type": "content_block_stop", "index": 0 })));
        body.extend(chunk(&json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use", "stop_sequence": null }, "usage": { "output_tokens": 9 } })));
        body.extend(chunk(&json!({ "type": "message_stop", "amazon-bedrock-invocationMetrics": { "inputTokenCount": 5, "outputTokenCount": 9 } })));
        let events = holds(invoke, Data::Chunk, &body, &forbidden);
        let types: Vec<_> = events.iter().map(|(_, event)| event["type"].as_str().unwrap()).collect();
        match value {
            // The block never began for the client, so it is not stopped.
            KEY => assert_eq!(types, ["message_start", "message_delta", "message_stop"]),
            _ => {
                assert_eq!(types.len(), 9);
                assert_eq!(joined(&events, "/delta/partial_json"), "{\"a\":\"[REDACTED:financial]\"}");
            }
        }
    }
}

#[test]
fn an_answer_that_has_not_begun_ends_as_an_exception() {
    let mut peer = invoke();
    let outcome = peer.response(&HEAD, &[&[0; 12]], End::Yes);
    let events = events(sent(&outcome), Data::Chunk);
    assert_eq!(events[0].0, "validationException");
    assert!(events[0].1["message"].as_str().unwrap().contains("response_malformed"));
}

#[test]
fn whole_answers_and_refusals() {
    let body = json!({ "messages": [{ "role": "user", "content": [{ "text": "hi" }] }] });
    let (mut peer, _) = peer_at("/model/small-1/converse", &body);
    let answer = json!({
        "output": { "message": { "role": "assistant", "content": [{ "text": format!("Card {CARD}") }, { "toolUse": { "toolUseId": "t", "name": "pay", "input": { "n": 4111111111111111u64 } } }] } },
        "stopReason": "end_turn",
        "usage": { "inputTokens": 3, "outputTokens": 4, "totalTokens": 7 },
    });
    let outcome = peer.answer("application/json", &answer.to_string());
    let sent: Value = serde_json::from_str(outcome.sent()).unwrap();
    let content = &sent["output"]["message"]["content"];
    assert_eq!(content[0]["text"], "Card [REDACTED:financial]");
    assert_eq!(content[1]["toolUse"]["input"]["n"], "[REDACTED:financial]");
    let record = serde_json::to_value(peer.record()).unwrap().to_string();
    assert!(record.contains("bedrock") && record.contains("small-1"), "{record}");

    let (_, outcome) = peer_at(
        "/model/small-1/converse",
        &json!({ "messages": [{ "role": "user", "content": [{ "text": KEY }] }] }),
    );
    let Outcome::Reply { status, body, .. } = outcome else { panic!("{outcome:?}") };
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &body["__type"]), (403, &json!("AccessDeniedException")));
    assert!(body["message"].as_str().unwrap().contains("request_blocked"));
}

#[test]
fn recorded_streams_pass_byte_for_byte() {
    let Some(rows) = corpus::rows("streams_recorded") else {
        return;
    };
    let mut count = 0;
    for row in rows {
        let (id, mut body) = (row["id"].as_str().unwrap(), corpus::bytes(&row));
        match row["label"].as_str().unwrap() {
            "vnd.amazon.eventstream" => {}
            // Events without their frames: each is an object with the event's type as its key.
            label if label.starts_with("json-lines(bedrock") => {
                let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                body = lines
                    .flat_map(|line| {
                        let line: Value = serde_json::from_slice(line).unwrap();
                        let (kind, event) = line.as_object().unwrap().iter().next().unwrap();
                        frame(kind, event)
                    })
                    .collect();
            }
            _ => continue,
        }
        count += 1;
        let cuts = chunking::random(&body, 300, 7, 3).chain([
            vec![&body[..]],
            chunking::fixed(&body, 1),
            chunking::fixed(&body, 11),
        ]);
        for chunks in cuts {
            let mut peer = converse();
            let outcome = peer.response(&HEAD, &chunks, End::Yes);
            assert!(outcome == Outcome::Sent(body.clone()), "{id}: changed ({:?})", peer.exchange.reason());
            let record = serde_json::to_value(peer.record()).unwrap();
            assert_eq!(record["response"]["coverage"], "scanned", "{id}");
        }
    }
    println!("{count} recorded streams are byte-identical");
    assert!(count > 10);
}

#[test]
fn recorded_requests_are_read() {
    let Some(rows) = corpus::rows("requests_recorded") else {
        return;
    };
    let allow = json!([{ "id": "all", "who": { "groups": ["support"] }, "what": { "models": ["*"] } }]);
    let guards = json!({ "standard": { "request": { "pii": "flag" } } });
    let limits = json!({ "match": { "path": "/model/*" }, "allow": allow });
    let observing = gate(limits, json!({ "guards": guards })).config;
    let (mut requests, mut answers) = (0, 0);
    for row in rows {
        let (id, path) = (row["id"].as_str().unwrap(), row["expected"]["path"].as_str().unwrap_or_default());
        if !row["expected"]["host"].as_str().unwrap_or_default().starts_with("bedrock-runtime.") {
            continue;
        }
        let body = corpus::bytes(&row);
        // The corpus cuts long bodies.
        let Ok(value) = serde_json::from_slice::<Value>(&body) else { continue };
        let operation = protocol::recognise("POST", path).unwrap_or_else(|| panic!("{id}: {path}"));
        let model = operation.model_in_path.clone().unwrap();
        assert!(!model.contains('%'), "{id}");
        let headers = [(":method", "POST"), (":path", path), ("authorization", bearer())];
        let mut peer = Peer::new(Gate::new(observing.clone(), NOW_MS / 1000));
        let outcome = peer.request(&headers, &[&body]);
        if value["input"]["invokeModel"].is_object() {
            assert_eq!(outcome.reason(), Some("unsupported_content"), "{id}");
            continue;
        }
        assert!(outcome == Outcome::Sent(body.clone()), "{id}: {:?}", outcome.reason());
        let record = serde_json::to_value(peer.record()).unwrap();
        let record = record.to_string();
        assert!(record.contains(&json!(model).to_string()), "{id}");
        let config = value.get("toolConfig").or(value["input"]["converse"].get("toolConfig"));
        for tool in config.and_then(|config| config["tools"].as_array()).into_iter().flatten() {
            let name = tool.pointer("/toolSpec/name").or(tool.pointer("/systemTool/name"));
            assert!(name.is_none_or(|name| record.contains(&name.to_string())), "{id}");
        }
        requests += 1;
        if let Some(response) = row["expected"]["response"].as_str().filter(|text| text.ends_with('}')) {
            let bytes = response.as_bytes();
            let document = protocol::json::Document::parse(bytes, Default::default()).unwrap();
            assert!(operation.dialect.answer(&document).is_ok(), "{id}");
            answers += 1;
        }
    }
    println!("{requests} recorded requests and {answers} answers are read");
    assert!(requests > 100);
}
