//! Ollama.

use super::super::*;
use crate::chunking;

const HEAD: [(&str, &str); 2] = [(":status", "200"), ("content-type", "application/x-ndjson")];
const CARD: &str = "4111 1111 1111 1111";
const KEY: &str = "AKIAQ3EGRLPBX7N2TVWM";

fn peer_at(path: &str, body: &str) -> (Peer, Outcome) {
    static CONFIG: OnceLock<Arc<Config>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| gate(json!({ "match": { "path": "/api/*" } }), json!({})).config);
    let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
    let head = [
        (":method", "POST"),
        (":path", path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer()),
    ];
    let outcome = peer.request(&head, &[body.as_bytes()]);
    (peer, outcome)
}

fn chat() -> Peer {
    let body = json!({ "model": "small-1", "messages": [{ "role": "user", "content": "hi" }] });
    peer_at("/api/chat", &body.to_string()).0
}

fn generate() -> Peer {
    peer_at("/api/generate", "{\"model\":\"small-1\",\"prompt\":\"hi\"}").0
}

fn line(mut event: Value) -> String {
    let fields = event.as_object_mut().unwrap();
    fields.insert("model".into(), json!("small-1"));
    fields.insert("created_at".into(), json!("2025-01-02T03:04:05.678901Z"));
    fields.entry("done").or_insert(json!(false));
    format!("{event}\n")
}

fn said(message: Value) -> String {
    line(json!({ "message": message }))
}

fn done() -> String {
    line(
        json!({ "message": { "role": "assistant", "content": "" }, "done": true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 4 }),
    )
}

fn holds(peer: fn() -> Peer, body: &str, forbidden: &[&str]) -> Vec<Value> {
    let expected = peer().response(&HEAD, &[body.as_bytes()], End::Yes);
    // Every cut at all is for the framer's own tests: an exchange costs more.
    let two_way = chunking::two_way(body.as_bytes()).step_by(1 + body.len() / 60);
    let random = chunking::random(body.as_bytes(), 90, 5, 3);
    for chunks in two_way.chain([chunking::fixed(body.as_bytes(), 1)]).chain(random) {
        assert_eq!(peer().response(&HEAD, &chunks, End::Yes), expected);
    }
    for forbidden in forbidden {
        assert!(!expected.sent().contains(forbidden), "left: {forbidden}");
    }
    assert!(expected.sent().ends_with('\n'));
    expected.sent().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn joined(lines: &[Value], pointer: &str) -> String {
    lines.iter().filter_map(|line| line.pointer(pointer)?.as_str()).collect()
}

fn pieces(value: &str, pieces: usize) -> Vec<&str> {
    let size = value.len().div_ceil(pieces);
    value.as_bytes().chunks(size).map(|piece| std::str::from_utf8(piece).unwrap()).collect()
}

#[test]
fn operations_are_known_by_their_paths() {
    for (method, path, expected) in [
        ("POST", "/api/chat", Some("chat")),
        ("POST", "/api/generate?x=1", Some("text_completion")),
        ("POST", "/ollama/api/embed", Some("embeddings")),
        ("POST", "/api/embeddings", Some("embeddings")),
        ("GET", "/api/chat", None),
        ("GET", "/api/tags", None),
        ("POST", "/api/pull", None),
        ("POST", "/api/chat/", None),
    ] {
        assert_eq!(protocol::recognise(method, path).map(|operation| operation.name), expected, "{path}");
    }
}

#[test]
fn requests_are_read() {
    let read = |body: &str| {
        let operation = protocol::recognise("POST", "/api/chat").unwrap();
        let document = protocol::json::Document::parse(body.as_bytes(), Default::default()).unwrap();
        operation.dialect.request(&document, &operation)
    };
    let body = json!({
        "model": "m",
        "messages": [{ "role": "system", "content": "s" }, { "role": "assistant", "content": "", "tool_calls": [{ "function": { "name": "n", "arguments": { "k": 7 } } }] }, { "role": "tool", "content": "t" }],
        "tools": [{ "type": "function", "function": { "name": "first" } }],
    })
    .to_string();
    let request = read(&body).unwrap();
    assert_eq!(
        (request.model.as_deref(), request.stream, request.tools.concat().as_str()),
        (Some("m"), true, "first")
    );
    let texts: Vec<_> =
        request.texts.iter().map(|text| (text.channel.as_str(), &body[text.span.clone()])).collect();
    for expected in [("instructions", "s"), ("tool_arguments", "7"), ("tool_result", "t")] {
        assert!(texts.contains(&expected), "{expected:?}");
    }
    for (body, stream) in [
        ("{\"stream\":false}", false),
        ("{\"stream\":true}", true),
        ("{\"stream\":null}", true),
        ("{}", true),
    ] {
        assert_eq!(read(body).unwrap().stream, stream, "{body}");
    }
    for (body, reason) in [
        ("{\"model\":\"small-1\",\"Model\":\"large\"}", Reason::RequestAmbiguous),
        ("{\"MODEL\":\"large\"}", Reason::RequestAmbiguous),
        ("{\"model\":\"a\",\"model\":\"b\"}", Reason::RequestDuplicateKey),
        ("{\"me\u{17f}\u{17f}ages\":[]}", Reason::RequestAmbiguous),
        ("{\"tools\":[{\"type\":\"function\",\"Function\":{\"name\":\"x\"}}]}", Reason::RequestAmbiguous),
        ("{\"tools\":[{\"function\":{\"name\":\"x\",\"Name\":\"y\"}}]}", Reason::RequestAmbiguous),
        ("{\"tools\":[{}]}", Reason::RequestMalformed),
        ("{\"model\":7}", Reason::RequestMalformed),
        ("{\"stream\":\"no\"}", Reason::RequestMalformed),
        ("[]", Reason::RequestMalformed),
        ("{\"context\":[1,2]}", Reason::UnsupportedContent),
    ] {
        assert_eq!(read(body).err(), Some(reason), "{body}");
    }
}

#[test]
fn a_clean_stream_is_byte_identical_and_counted() {
    let body = said(json!({ "role": "assistant", "content": "caf\u{e9} " }))
        + "\n"
        + &said(json!({ "role": "assistant", "content": "\u{1f600}" }))
        + &done();
    let expected = chat().response(&HEAD, &[body.as_bytes()], End::Yes);
    assert_eq!(expected.sent(), body);
    let mut peer = chat();
    peer.response(&HEAD, &[body.trim_end().as_bytes()], End::Yes);
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(
        (&record["response"]["coverage"], &record["api"]),
        (&json!("scanned"), &json!("ollama")),
        "{record}"
    );
}

#[test]
fn a_card_over_many_deltas_is_masked() {
    for (name, peer, pointer, event) in [
        (
            "content",
            chat as fn() -> Peer,
            "/message/content",
            (|text| json!({ "message": { "role": "assistant", "content": text } })) as fn(&str) -> Value,
        ),
        (
            "thinking",
            chat,
            "/message/thinking",
            |text| json!({ "message": { "role": "assistant", "content": "", "thinking": text } }),
        ),
        ("response", generate, "/response", |text| json!({ "response": text })),
        (
            "thinking of a generation",
            generate,
            "/thinking",
            |text| json!({ "response": "", "thinking": text }),
        ),
        (
            "tokens",
            generate,
            "/logprobs/0/token",
            |text| json!({ "response": "", "logprobs": [{ "token": text, "logprob": -1.5, "bytes": text.as_bytes() }] }),
        ),
        ("likely tokens", chat, "/logprobs/0/top_logprobs/1/token", |text| {
            json!({ "message": { "content": "" }, "logprobs": [{ "token": "-", "top_logprobs": [
                { "token": "_", "bytes": [95] }, { "token": text, "bytes": text.as_bytes() } ] }] })
        }),
    ] {
        for count in [1, 2, 5, 19] {
            let mut body = line(event("Card "));
            pieces(CARD, count).into_iter().for_each(|piece| body += &line(event(piece)));
            body += &(line(event(", bye")) + &done());
            let lines = holds(peer, &body, &["4111", "1111", "49,49,49,49"]);
            assert_eq!(joined(&lines, pointer), "Card [REDACTED:financial], bye", "{name} in {count}");
            assert_eq!(lines.len(), count + 3, "no line is merged or lost");
        }
    }
}

#[test]
fn a_call_is_masked_or_does_not_leave() {
    let call = |arguments: Value| {
        said(
            json!({ "role": "assistant", "content": "", "tool_calls": [{ "function": { "name": "upload", "arguments": arguments } }] }),
        )
    };
    let body = call(json!({ "card": CARD, "n": 4111111111111111u64 })) + &done();
    let lines = holds(chat, &body, &["4111"]);
    let arguments = &lines[0]["message"]["tool_calls"][0]["function"]["arguments"];
    assert_eq!(*arguments, json!({ "card": "[REDACTED:financial]", "n": "[REDACTED:financial]" }));
    let body =
        said(json!({ "role": "assistant", "content": "Wait. " })) + &call(json!({ "key": KEY })) + &done();
    let lines = holds(chat, &body, &["AKIA", "upload"]);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["message"]["content"], "Wait. ");
}

#[test]
fn a_secret_ends_the_stream_with_a_last_line() {
    for (name, peer, pointer, event) in [
        (
            "chat",
            chat as fn() -> Peer,
            "/message/content",
            (|text| json!({ "message": { "role": "assistant", "content": text } })) as fn(&str) -> Value,
        ),
        ("generation", generate, "/response", |text| json!({ "response": text })),
    ] {
        let body: String = ["The key: ", "AKIAQ3EG", "RLPBX7N2TVWM"]
            .iter()
            .map(|text| line(event(text)))
            .collect::<String>()
            + &done();
        let lines = holds(peer, &body, &["AKIA"]);
        let text = joined(&lines, pointer);
        assert!(
            text.starts_with("The key: \n\nRefused") && text.contains("response_blocked"),
            "{name}: {text}"
        );
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["done"], &last["done_reason"], &last["model"]),
            (&json!(true), &json!("content_filter"), &json!("small-1"))
        );
    }
}

#[test]
fn what_comes_after_the_end_or_is_no_json_ends_the_stream() {
    for body in [
        done() + &said(json!({ "content": CARD })),
        format!("{{}} {{\"response\":\"{CARD}\"}}\n"),
        format!("{CARD}\n"),
    ] {
        let lines = holds(chat, &body, &["4111"]);
        assert!(lines.last().unwrap()["message"]["content"].as_str().unwrap().contains("response_malformed"));
    }
}

#[test]
fn whole_answers_and_refusals() {
    let body =
        json!({ "model": "small-1", "stream": false, "messages": [{ "role": "user", "content": "hi" }] });
    let (mut peer, _) = peer_at("/api/chat", &body.to_string());
    let answer =
        json!({ "model": "small-1", "message": { "role": "assistant", "content": CARD }, "done": true });
    let sent = peer.answer("application/json; charset=utf-8", &answer.to_string());
    assert!(sent.sent().contains("[REDACTED:financial]") && !sent.sent().contains("4111"));
    let (_, outcome) = peer_at("/api/chat", "{\"model\":\"large\",\"messages\":[]}");
    let Outcome::Reply { status, body, .. } = outcome else { panic!("{outcome:?}") };
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, 403);
    assert!(body["error"].as_str().unwrap().contains("model_denied"));
}
