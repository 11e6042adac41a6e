//! What the real SDKs of the other APIs make of the gate: each in a program of its own (`sdk/`), each call whole and
//! streamed, with an answer that is clean, one with a card number, and one with what is blocked, then refused.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use portcullis::protocol::framing::event_stream;
use serde_json::{Value, json};
use wasm_tests::gate::Gate;
use wasm_tests::model::Script;
use wasm_tests::openai;
use wasm_tests::python;
use wasm_tests::stage::{self, CARD_MASK, MODEL, SECRET, Stage};

mod loops;

const COMMON: &str = include_str!("../../sdk/common.py");

const CLEAN: [&str; 2] = ["Fine, ", "thanks."];
const CARD: [&str; 3] = ["The card is 4111 11", "11 1111 ", "1111, fine."];
/// What comes before [`SECRET`].
const BEFORE: &str = "Sure, it is ";

/// How an API writes answers.
struct Api {
    whole: fn(&str) -> Script,
    stream: fn(&[&str]) -> Script,
}

/// The SDK's exceptions.
struct Errors {
    /// For a caller who is not known.
    unknown: &'static str,
    /// For one who may not, and for an answer that is blocked.
    denied: &'static str,
    /// For a whole answer that breaks off: Envoy's 503.
    broken: &'static str,
    /// For a stream that breaks off; older ones do not wrap that of their HTTP client.
    cut: &'static [&'static str],
}

/// A stage whose rules name this model and tools for mail.
async fn stage(model: &str) -> Stage {
    stage_before(model, None).await
}

/// The same, before another server than the scripted model.
async fn stage_before(model: &str, server: Option<SocketAddr>) -> Stage {
    Stage::with(
        |config| {
            config["routes"] = json!([{
                "name": "all",
                "match": {"path": "/*"},
                "guard": "standard",
                "allow": [
                    {"id": "model", "who": {"groups": ["support"]}, "what": {"models": [model]}},
                    {"id": "mcp", "who": {"groups": ["support"]}, "what": {"apis": ["mcp"], "tools": ["mail_*"]}},
                ],
            }]);
        },
        |gate| server.into_iter().fold(gate, Gate::upstream),
    )
    .await
}

/// Has the model answer calls whose names begin with `prefix`.
fn script(stage: &Stage, prefix: &str, api: &Api) {
    let (first, second) = SECRET.split_at(7);
    let answers: [(&str, &[&str]); 3] =
        [("clean", &CLEAN), ("redacted", &CARD), ("blocked", &[BEFORE, first, second, ", bye."])];
    for (name, pieces) in answers {
        stage.model.script(&format!("{prefix}{name}"), (api.whole)(&pieces.concat()));
        stage.model.script(&format!("{prefix}{name} stream"), (api.stream)(pieces));
    }
    // In the middle of the second text: where another text would make a difference.
    let (clean, other) = ((api.stream)(&CLEAN), (api.stream)(&[CLEAN[0], "others"]));
    let second = clean.pieces().iter().zip(other.pieces()).position(|(clean, other)| *clean != other);
    stage.model.script(&format!("{prefix}cut stream"), clean.cut_in(second.expect("a second text")));
    stage.model.script(&format!("{prefix}cut"), (api.whole)(&CLEAN.concat()).cut_in(0));
}

/// Runs a program of `sdk/`. `None` where the SDK is not installed.
fn run(stage: &Stage, package: &str, program: &str, model: &str) -> Option<Value> {
    run_before(stage, stage.model.addr, package, program, model)
}

/// The same, before another server than the scripted model.
fn run_before(stage: &Stage, server: SocketAddr, package: &str, program: &str, model: &str) -> Option<Value> {
    let python = python::with(package)?;
    let (base, direct) = (format!("http://{}", stage.envoy.addr), format!("http://{server}"));
    let good = stage.token().sign();
    let output = Command::new(python)
        .args(["-c", &format!("{COMMON}{program}"), &base, &good, model, &direct])
        .output()
        .expect("python runs");
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    println!("{package}: {told:#}");
    for received in stage.model.received() {
        if !received.headers.contains_key("x-envoy-expected-rq-timeout-ms") {
            // It came without the gate.
            continue;
        }
        let leaks = received.headers.values().any(|value| value.as_bytes().ends_with(good.as_bytes()));
        assert!(!leaks && !received.path.contains(&good), "{package}: the caller's token reached the model");
    }
    Some(told)
}

/// What is the same in all APIs: each answer, whole and streamed. How a blocked stream ends is their own.
fn check(told: &Value, prefix: &str, errors: &Errors) {
    let redacted = format!("The card is {CARD_MASK}, fine.");
    for kind in ["", " stream"] {
        for case in ["clean", "redacted", "blocked", "cut", "no identity", "other model"] {
            let name = format!("{prefix}{case}{kind}");
            let told = &told[&name];
            let text = told["text"].as_str().unwrap_or_default();
            let exception = told["exception"].as_str().unwrap_or_default();
            let error = (exception, told["status"].as_u64().unwrap_or_default());
            match (case, kind) {
                ("clean", _) => assert_eq!((text, exception), ("Fine, thanks.", ""), "{name}: {told}"),
                ("redacted", _) => assert_eq!((text, exception), (redacted.as_str(), ""), "{name}: {told}"),
                ("blocked", "") => {
                    assert_eq!(error, (errors.denied, 403), "{name}: {told}");
                    assert!(text.contains("response_blocked"), "{name}: {told}");
                }
                ("blocked", _) => assert!(exception.is_empty() && text.starts_with(BEFORE), "{name}: {told}"),
                ("cut", "") => assert_eq!(error, (errors.broken, 503), "{name}: {told}"),
                ("cut", _) => {
                    assert!(errors.cut.contains(&exception), "{name}: {told}");
                    assert_eq!(told["before"], CLEAN[0], "{name}: {told}");
                }
                ("no identity", _) => {
                    assert_eq!(error, (errors.unknown, 401), "{name}: {told}");
                    assert!(text.contains("token_malformed"), "{name}: {told}");
                }
                _ => {
                    assert_eq!(error, (errors.denied, 403), "{name}: {told}");
                    assert!(text.contains("model_denied"), "{name}: {told}");
                }
            }
            assert!(!told.to_string().contains("AKIA"), "{name}: {told}");
        }
    }
    // The gate adds nothing to a stream that its provider cuts.
    let (cut, direct) = (&told[format!("{prefix}cut stream")], &told[format!("{prefix}cut stream direct")]);
    assert_eq!((&cut["exception"], &cut["before"]), (&direct["exception"], &direct["before"]), "{direct}");
}

/// That a blocked stream has its beginning and this ending.
fn check_blocked(told: &Value, name: &str, finish: &str) {
    let told = &told[name];
    assert_eq!((&told["text"], &told["finish"]), (&json!(BEFORE), &json!(finish)), "{name}: {told}");
}

fn whole(body: Value) -> Script {
    Script::new(200).header("content-type", "application/json").piece(body.to_string())
}

fn pieces(content_type: &str, pieces: impl IntoIterator<Item = Vec<u8>>) -> Script {
    let head = Script::new(200).header("content-type", content_type).chunked();
    pieces.into_iter().fold(head, Script::piece)
}

/// Anthropic's message, and the events of a streamed one; Bedrock has them too.
fn message(text: &str) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-haiku-4-5",
        "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": null,
        "usage": {"input_tokens": 12, "output_tokens": 8},
    })
}

fn message_events(texts: &[&str]) -> Vec<Value> {
    let mut start = message("");
    (start["content"], start["stop_reason"]) = (json!([]), Value::Null);
    let block = json!({"type": "text", "text": ""});
    let mut events = vec![
        json!({"type": "message_start", "message": start}),
        json!({"type": "content_block_start", "index": 0, "content_block": block}),
    ];
    events.extend(texts.iter().map(|text| {
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
    }));
    events.extend([
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null},
            "usage": {"output_tokens": 8}}),
        json!({"type": "message_stop"}),
    ]);
    events
}

fn server_sent(events: impl IntoIterator<Item = Value>) -> Script {
    pieces(
        "text/event-stream; charset=utf-8",
        events.into_iter().map(|event| {
            let kind = event["type"].as_str().unwrap_or_default();
            format!("event: {kind}\ndata: {event}\n\n").into_bytes()
        }),
    )
}

/// A response of OpenAI, and the events of a streamed one.
fn response(status: &str, output: Vec<Value>) -> Value {
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": status, "error": null,
        "incomplete_details": null, "instructions": null, "metadata": {}, "model": MODEL, "output": output,
        "parallel_tool_calls": true, "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
        "usage": {"input_tokens": 12, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 8,
            "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 20},
    })
}

fn spoken(text: &str) -> Value {
    let part = json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []});
    json!({"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]})
}

/// A stream of one item, of which `inside` tells.
fn response_events(begun: Value, inside: Vec<Value>, done: Value) -> Script {
    let mut events = vec![
        json!({"type": "response.created", "response": response("in_progress", vec![])}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": begun}),
    ];
    events.extend(inside);
    events.extend([
        json!({"type": "response.output_item.done", "output_index": 0, "item": done.clone()}),
        json!({"type": "response.completed", "response": response("completed", vec![done])}),
    ]);
    server_sent(events.into_iter().enumerate().map(|(number, mut event)| {
        event["sequence_number"] = json!(number);
        event
    }))
}

fn spoken_events(texts: &[&str]) -> Script {
    let place = |mut event: Value| {
        (event["item_id"], event["output_index"], event["content_index"]) =
            (json!("msg_1"), json!(0), json!(0));
        event
    };
    let done = spoken(&texts.concat());
    let part = |text: &str| json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []});
    let mut begun = done.clone();
    (begun["content"], begun["status"]) = (json!([]), json!("in_progress"));
    let mut inside = vec![place(json!({"type": "response.content_part.added", "part": part("")}))];
    inside.extend(
        texts
            .iter()
            .map(|text| place(json!({"type": "response.output_text.delta", "delta": text, "logprobs": []}))),
    );
    let text = texts.concat();
    inside.push(place(json!({"type": "response.output_text.done", "text": text, "logprobs": []})));
    inside.push(place(json!({"type": "response.content_part.done", "part": part(&text)})));
    response_events(begun, inside, done)
}

#[tokio::test]
async fn the_openai_client_understands_the_gate() {
    let stage = stage(MODEL).await;
    let chat = Api { whole: openai::whole, stream: |texts| openai::stream_text(texts, Duration::ZERO) };
    script(&stage, "", &chat);
    let responses =
        Api { whole: |text| whole(response("completed", vec![spoken(text)])), stream: spoken_events };
    script(&stage, "responses ", &responses);
    let Some(told) = run(&stage, "openai", include_str!("../../sdk/openai.py"), MODEL) else { return };
    for prefix in ["", "responses "] {
        let errors = Errors {
            unknown: "AuthenticationError",
            denied: "PermissionDeniedError",
            broken: "InternalServerError",
            cut: &["APIConnectionError", "RemoteProtocolError"],
        };
        check(&told, prefix, &errors);
        check_blocked(&told, &format!("{prefix}blocked stream"), "content_filter");
    }
}

#[tokio::test]
async fn the_anthropic_client_understands_the_gate() {
    let stage = stage("claude-haiku-4-5").await;
    script(
        &stage,
        "",
        &Api { whole: |text| whole(message(text)), stream: |texts| server_sent(message_events(texts)) },
    );
    let program = include_str!("../../sdk/anthropic.py");
    let Some(told) = run(&stage, "anthropic", program, "claude-haiku-4-5") else { return };
    check(
        &told,
        "",
        &Errors {
            unknown: "AuthenticationError",
            denied: "PermissionDeniedError",
            broken: "ServiceUnavailableError",
            cut: &["RemoteProtocolError"],
        },
    );
    check_blocked(&told, "blocked stream", "refusal");
    let details = told["blocked stream"]["details"].as_str().unwrap_or_default();
    // The SDK for Python 3.9 is too old to know them.
    assert!(details.contains("response_blocked") || details == "None", "{details}");
}

#[tokio::test]
async fn the_google_client_understands_the_gate() {
    fn chunk(text: &str, finish: Option<&str>) -> Value {
        let mut chunk = json!({
            "candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}],
            "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 8, "totalTokenCount": 20},
            "modelVersion": "gemini-2.5-flash", "responseId": "answer-1",
        });
        if let Some(finish) = finish {
            chunk["candidates"][0]["finishReason"] = json!(finish);
        }
        chunk
    }
    let stage = stage("gemini-2.5-flash").await;
    script(
        &stage,
        "",
        &Api {
            whole: |text| whole(chunk(text, Some("STOP"))),
            stream: |texts| {
                let texts = texts.iter().map(|text| chunk(text, None)).chain([chunk("", Some("STOP"))]);
                pieces("text/event-stream", texts.map(|chunk| format!("data: {chunk}\r\n\r\n").into_bytes()))
            },
        },
    );
    let program = include_str!("../../sdk/google_genai.py");
    let Some(told) = run(&stage, "google.genai", program, "gemini-2.5-flash") else { return };
    check(
        &told,
        "",
        &Errors {
            unknown: "ClientError",
            denied: "ClientError",
            broken: "ServerError",
            cut: &["RemoteProtocolError"],
        },
    );
    check_blocked(&told, "blocked stream", "PROHIBITED_CONTENT");
    let message = told["blocked stream"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("response_blocked"), "{message}");
}

#[tokio::test]
async fn the_aws_client_understands_the_gate() {
    const MODEL: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
    const FRAMES: &str = "application/vnd.amazon.eventstream";
    fn frame(kind: &str, payload: &Value) -> Vec<u8> {
        let headers =
            [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
        event_stream::write(&headers, payload.to_string().as_bytes())
    }
    let stage = stage(MODEL).await;
    script(
        &stage,
        "",
        &Api {
            whole: |text| {
                whole(json!({
                    "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
                    "stopReason": "end_turn", "metrics": {"latencyMs": 7},
                    "usage": {"inputTokens": 12, "outputTokens": 8, "totalTokens": 20},
                }))
            },
            stream: |texts| {
                let delta = |text: &&str| {
                    frame("contentBlockDelta", &json!({"contentBlockIndex": 0, "delta": {"text": text}}))
                };
                let mut frames = vec![frame("messageStart", &json!({"role": "assistant"}))];
                frames.extend(texts.iter().map(delta));
                frames.push(frame("contentBlockStop", &json!({"contentBlockIndex": 0})));
                frames.push(frame("messageStop", &json!({"stopReason": "end_turn"})));
                let usage = json!({"inputTokens": 12, "outputTokens": 8, "totalTokens": 20});
                frames.push(frame("metadata", &json!({"usage": usage, "metrics": {"latencyMs": 7}})));
                pieces(FRAMES, frames)
            },
        },
    );
    script(
        &stage,
        "invoke ",
        &Api {
            whole: |text| whole(message(text)),
            stream: |texts| {
                let chunk =
                    |event: Value| frame("chunk", &json!({"bytes": base64(event.to_string().as_bytes())}));
                pieces(FRAMES, message_events(texts).into_iter().map(chunk))
            },
        },
    );
    let Some(told) = run(&stage, "boto3", include_str!("../../sdk/boto3.py"), MODEL) else { return };
    let errors = Errors {
        unknown: "AccessDeniedException",
        denied: "AccessDeniedException",
        broken: "ClientError",
        cut: &["ProtocolError"],
    };
    check(&told, "", &errors);
    check(&told, "invoke ", &errors);
    check_blocked(&told, "blocked stream", "content_filtered");
    assert_eq!(told["blocked stream"]["more"]["portcullis"]["reason"], "response_blocked");
    check_blocked(&told, "invoke blocked stream", "refusal");
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks(3).flat_map(|group| {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        (0..4).map(move |at| {
            if at > group.len() { '=' } else { char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]) }
        })
    });
    digits.collect()
}

#[tokio::test]
async fn the_ollama_client_understands_the_gate() {
    fn answer(key: &str, text: &str, done: bool) -> Value {
        let mut answer = json!({"model": "llama3.2", "created_at": "2026-01-01T00:00:00Z", "done": done});
        answer[key] =
            if key == "message" { json!({"role": "assistant", "content": text}) } else { json!(text) };
        if done {
            answer["done_reason"] = json!("stop");
        }
        answer
    }
    fn lines(key: &str, texts: &[&str]) -> Script {
        let texts = texts.iter().map(|text| answer(key, text, false)).chain([answer(key, "", true)]);
        pieces("application/x-ndjson", texts.map(|line| format!("{line}\n").into_bytes()))
    }
    let stage = stage("llama3.2").await;
    script(
        &stage,
        "",
        &Api { whole: |text| whole(answer("message", text, true)), stream: |texts| lines("message", texts) },
    );
    script(
        &stage,
        "generate ",
        &Api {
            whole: |text| whole(answer("response", text, true)),
            stream: |texts| lines("response", texts),
        },
    );
    let Some(told) = run(&stage, "ollama", include_str!("../../sdk/ollama.py"), "llama3.2") else { return };
    for prefix in ["", "generate "] {
        check(
            &told,
            prefix,
            &Errors {
                unknown: "ResponseError",
                denied: "ResponseError",
                broken: "ResponseError",
                cut: &["RemoteProtocolError"],
            },
        );
        let blocked = &told[format!("{prefix}blocked stream")];
        assert_eq!(blocked["finish"], "content_filter", "{blocked}");
        // It has no field for a refusal.
        let text = blocked["text"].as_str().unwrap_or_default();
        assert!(text.starts_with(BEFORE) && text.contains("response_blocked"), "{blocked}");
        assert!(!text.contains("AKIA"), "{blocked}");
    }
}

#[tokio::test]
async fn the_mistral_client_understands_the_gate() {
    let stage = stage("mistral-small-latest").await;
    script(
        &stage,
        "",
        &Api { whole: openai::whole, stream: |texts| openai::stream_text(texts, Duration::ZERO) },
    );
    let program = include_str!("../../sdk/mistralai.py");
    let Some(told) = run(&stage, "mistralai", program, "mistral-small-latest") else { return };
    check(
        &told,
        "",
        &Errors {
            unknown: "SDKError",
            denied: "SDKError",
            broken: "SDKError",
            cut: &["RemoteProtocolError"],
        },
    );
    check_blocked(&told, "blocked stream", "content_filter");
}

#[tokio::test]
async fn the_mcp_client_understands_the_gate() {
    let Some(python) = python::with("mcp") else { return };
    for (how, content_type) in [("whole", "application/json"), ("stream", "text/event-stream")] {
        let program = include_str!("../../sdk/mcp_server.py");
        let (_server, addr) = python::serve(&python, program, &[how, stage::CARD, SECRET]).await;
        let stage = stage_before("none", Some(addr)).await;
        let program = include_str!("../../sdk/mcp_client.py");
        let Some(told) = run_before(&stage, addr, "mcp", program, "none") else { return };
        // The protocol of 2026 streams only what has more than an answer to say.
        assert_eq!(told["legacy mail_clean"]["type"], content_type, "{how}");
        for mode in ["auto", "legacy"] {
            let told = |name: &str| &told[format!("{mode} {name}")];
            assert_eq!(told("mail_clean")["text"], "Fine, thanks.", "{how} {mode}");
            assert_eq!(
                told("mail_redacted")["text"],
                format!("The card is {CARD_MASK}, fine."),
                "{how} {mode}"
            );
            // A whole answer that breaks off is Envoy's 503; a stream, what it is without the gate.
            let (cut, direct) = (told("mail_cut"), told("mail_cut direct"));
            let is_stream = mode == "legacy" && how == "stream";
            let code = if is_stream { -32000 } else { -32603 };
            assert_eq!((&cut["exception"], &cut["status"]), (&json!("MCPError"), &json!(code)), "{cut}");
            assert!(!is_stream || cut == direct, "{cut} {direct}");
            for (name, code) in [
                ("mail_blocked", "response_blocked"),
                ("files_read", "tool_denied"),
                ("no identity", "token_malformed"),
            ] {
                let told = told(name);
                assert_eq!(
                    (&told["exception"], &told["status"]),
                    (&json!("MCPError"), &json!(-32001)),
                    "{told}"
                );
                assert!(
                    told["text"].as_str().is_some_and(|text| text.contains(code)),
                    "{how} {name}: {told}"
                );
            }
        }
    }
}
