//! Exchanges in the dialect of Gemini.

use super::super::*;
use crate::chunking;
use crate::corpus;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Framing {
    Events,
    Array,
}

use Framing::{Array, Events};

fn peer() -> Peer {
    static CONFIG: OnceLock<Arc<Config>> = OnceLock::new();
    let route = json!({ "match": { "path": "/*" } });
    let config = CONFIG.get_or_init(|| gate(route, json!({})).config);
    Peer::new(Gate::new(config.clone(), NOW_MS / 1000))
}

fn asked(mut peer: Peer, verb: &str) -> Peer {
    assert_eq!(ask(&mut peer, &format!("/v1beta/models/small-1:{verb}")).reason(), None);
    peer
}

fn ask(peer: &mut Peer, path: &str) -> Outcome {
    let body = json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] }).to_string();
    let head = [
        (":method", "POST"),
        (":path", path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer()),
    ];
    peer.request(&head, &[body.as_bytes()])
}

fn answer(chunks: &[&[u8]], framing: Framing) -> (Outcome, Value) {
    answered(&mut peer(), chunks, framing)
}

fn answered(peer: &mut Peer, chunks: &[&[u8]], framing: Framing) -> (Outcome, Value) {
    assert_eq!(ask(peer, "/v1beta/models/small-1:streamGenerateContent").reason(), None);
    let kind = match framing {
        Events => "text/event-stream",
        Array => "application/json; charset=UTF-8",
    };
    let outcome = peer.response(&[(":status", "200"), ("content-type", kind)], chunks, End::Yes);
    (outcome, peer.renewed_record())
}

fn frame(chunks: &[Value], framing: Framing) -> String {
    match framing {
        Events => chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n")).collect(),
        Array => {
            let chunks: Vec<String> = chunks.iter().map(Value::to_string).collect();
            format!("[{}\n]\n", chunks.join("\n,\r\n"))
        }
    }
}

/// The chunks that a client reads; in an array that is not ended none.
fn chunks(sent: &str, framing: Framing) -> Vec<Value> {
    match framing {
        Events => {
            let lines = sent.lines().filter_map(|line| line.strip_prefix("data: "));
            lines.map(|line| serde_json::from_str(line).unwrap()).collect()
        }
        Array => serde_json::from_str(sent).unwrap(),
    }
}

fn holds_for_every_cut(body: &str, framing: Framing, forbidden: &[&str]) -> String {
    let (expected, record) = answer(&[body.as_bytes()], framing);
    for text in forbidden {
        assert!(!expected.sent().contains(text), "left: {text}");
    }
    let mut peer = peer();
    for pieces in chunking::every_way(body.as_bytes()) {
        let (outcome, recorded) = answered(&mut peer, &pieces, framing);
        assert_eq!((&outcome, &recorded), (&expected, &record));
    }
    expected.sent().to_owned()
}

fn parts(parts: Value) -> Value {
    json!({ "candidates": [{ "content": { "role": "model", "parts": parts } }], "modelVersion": "small-1", "responseId": "r" })
}

fn said(text: &str) -> Value {
    parts(json!([{ "text": text }]))
}

fn last(text: &str) -> Value {
    let mut chunk = said(text);
    chunk["candidates"][0]["finishReason"] = json!("STOP");
    chunk["usageMetadata"] =
        json!({ "promptTokenCount": 3, "candidatesTokenCount": 4, "thoughtsTokenCount": 5 });
    chunk
}

/// The text that a client puts together.
fn text_of(chunks: &[Value], index: u64, is_thought: bool) -> String {
    let mut text = String::new();
    for candidate in chunks.iter().flat_map(|chunk| chunk["candidates"].as_array().unwrap()) {
        if candidate["index"].as_u64().unwrap_or(0) != index {
            continue;
        }
        for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
            if part["thought"].as_bool().unwrap_or(false) == is_thought {
                text.push_str(part["text"].as_str().unwrap_or_default());
            }
        }
    }
    text
}

#[test]
fn a_clean_stream_is_byte_identical_and_its_facts_are_recorded() {
    let all = [
        parts(json!([{ "text": "Well.", "thought": true }])),
        parts(
            json!([{ "text": "Hello, " }, { "text": "w\u{f6}rld" }, { "inlineData": { "mimeType": "a/b", "data": "AAAA" } }]),
        ),
        parts(json!([{ "functionCall": { "name": "f", "args": { "n": 1.5, "items": [{ "index": -1 }] } } }])),
        parts(
            json!([{ "executableCode": { "language": "PYTHON", "code": "print(1)" } }, { "codeExecutionResult": { "output": "1" } }]),
        ),
        last("."),
    ];
    for framing in [Events, Array] {
        let body = frame(&all, framing);
        assert_eq!(holds_for_every_cut(&body, framing, &[]), body);
        let (_, record) = answer(&[body.as_bytes()], framing);
        assert_eq!(record["usage"], json!({ "input_tokens": 3, "output_tokens": 9 }));
        assert_eq!(record["model"], json!({ "requested": "small-1", "answered": "small-1" }));
        assert_eq!((&record["api"], &record["operation"]), (&json!("gemini"), &json!("generate_content")));
    }
}

#[test]
fn a_value_over_any_number_of_chunks_is_masked() {
    let card = "4111 1111 1111 1111";
    for framing in [Events, Array] {
        for count in [1, 4] {
            let size = card.len().div_ceil(count);
            let mut all = vec![said("Card ")];
            all.extend((0..card.len()).step_by(size).map(|at| said(&card[at..(at + size).min(card.len())])));
            all.push(last(", bye"));
            let sent = holds_for_every_cut(&frame(&all, framing), framing, &["4111", "1111"]);
            assert_eq!(text_of(&chunks(&sent, framing), 0, false), "Card [REDACTED:financial], bye");
        }
    }
}

#[test]
fn a_candidate_may_say_in_every_chunk_that_it_stops() {
    let stops = |mut chunk: Value| {
        chunk["candidates"][0]["finishReason"] = json!("STOP");
        chunk
    };
    let call = |call: Value| stops(parts(json!([{ "functionCall": call }])));
    for framing in [Events, Array] {
        let texts = ["Hello, ", "card 4111 11", "11 1111 1111", ", bye", ""];
        let mut all: Vec<Value> = texts.iter().map(|text| stops(said(text))).collect();
        all.push(call(json!({ "name": "f", "willContinue": true })));
        let piece = |text: &str| json!([{ "jsonPath": "$.to", "stringValue": text, "willContinue": true }]);
        all.extend(
            ["foo@", "example.com"]
                .map(|text| call(json!({ "partialArgs": piece(text), "willContinue": true }))),
        );
        let sent = holds_for_every_cut(&frame(&all, framing), framing, &["4111", "foo@"]);
        assert_eq!(text_of(&chunks(&sent, framing), 0, false), "Hello, card [REDACTED:financial], bye");
        assert_eq!(chunks(&sent, framing).len(), all.len());
        assert!(sent.contains("[REDACTED:pii.contact]"));

        // A call that ends with the stream, and is blocked only there.
        all.truncate(6);
        all.push(call(json!({ "partialArgs": piece("AKIAQ3EGRLPBX7N2TVWM"), "willContinue": true })));
        let sent = holds_for_every_cut(&frame(&all, framing), framing, &["AKIA", "functionCall", "4111"]);
        assert!(sent.contains("PROHIBITED_CONTENT") && sent.contains(", bye"), "{sent}");
    }
}

#[test]
fn texts_that_the_client_joins_are_one_lane_and_others_are_not() {
    let two = |a: &str, b: &str, first: u64| {
        let candidate =
            |index: u64, text: &str| json!({ "index": index, "content": { "parts": [{ "text": text }] } });
        json!({ "candidates": [candidate(first, a), candidate(1 - first, b)] })
    };
    let all = [
        // Beside a thought, which is another text, and at another place of the chunk.
        parts(json!([{ "text": "at bar@", "thought": true }, { "text": "mail foo@" }])),
        parts(json!([{ "text": "example.com now" }, { "thought": true, "text": "example.com so" }])),
        two(" and 4111 1111 ", " id S2740", 0),
        // In another order.
        two("116C.", "1111 1111.", 1),
        last(""),
    ];
    for framing in [Events, Array] {
        let sent = holds_for_every_cut(&frame(&all, framing), framing, &["foo@", "bar@", "4111", "S2740"]);
        let sent = chunks(&sent, framing);
        assert_eq!(text_of(&sent, 0, false), "mail [REDACTED:pii.contact] now and [REDACTED:financial].");
        assert_eq!(text_of(&sent, 0, true), "at [REDACTED:pii.contact] so");
        assert_eq!(text_of(&sent, 1, false), " id [REDACTED:pii.id].");
    }
}

#[test]
fn copies_of_the_text_are_masked_too() {
    let token = |token: &str| json!({ "token": token, "logProbability": -0.1 });
    let top = |best: &str| json!({ "candidates": [token(best), token("other")] });
    let mut chunk = last("mail foo@example.com");
    chunk["candidates"][0]["groundingMetadata"] =
        json!({ "groundingSupports": [{ "segment": { "text": "mail foo@example.com" } }] });
    chunk["candidates"][0]["logprobsResult"] = json!({
        "chosenCandidates": [token("mail"), token(" foo"), token("@example"), token(".com")],
        "topCandidates": [top("mail"), top(" foo"), top("@example"), top(".com")],
    });
    for framing in [Events, Array] {
        let sent = holds_for_every_cut(&frame(&[chunk.clone()], framing), framing, &["foo", "@example"]);
        assert_eq!(sent.matches("[REDACTED:pii.contact]").count(), 4);
    }
}

#[test]
fn arguments_are_masked_whole_and_in_pieces() {
    let whole = parts(
        json!([{ "functionCall": { "name": "f", "args": { "n": 4_111_111_111_111_111_u64, "s": "foo@example.com" } } }]),
    );
    let sent = holds_for_every_cut(&frame(&[whole, last("")], Events), Events, &["4111", "foo@"]);
    let arguments = &chunks(&sent, Events)[0]["candidates"][0]["content"]["parts"][0]["functionCall"]["args"];
    assert_eq!(*arguments, json!({ "n": "[REDACTED:financial]", "s": "[REDACTED:pii.contact]" }));

    let call = |call: Value| parts(json!([{ "functionCall": call }]));
    let piece = |text: &str, more: bool| {
        call(
            json!({ "partialArgs": [{ "jsonPath": "$.to", "stringValue": text, "willContinue": more }], "willContinue": true }),
        )
    };
    let mut all = Vec::new();
    for _ in 0..2 {
        all.push(call(json!({ "name": "upload", "willContinue": true })));
        all.extend([piece("mail foo@", true), piece("example.com", true), piece("", false), call(json!({}))]);
    }
    all.push(last("done"));
    let sent = holds_for_every_cut(&frame(&all, Events), Events, &["foo@"]);
    assert_eq!(sent.matches("\"mail [REDACTED:pii.contact]\"").count(), 2);
    assert_eq!(sent.matches("data: ").count(), all.len());

    all.splice(1..3, [piece("key AKIAQ3EG", true), piece("RLPBX7N2TVWM", true)]);
    all.insert(0, said("One moment. "));
    let sent = holds_for_every_cut(&frame(&all, Events), Events, &["AKIA", "key", "upload"]);
    assert_eq!(text_of(&chunks(&sent, Events), 0, false), "One moment. ");
}

#[test]
fn a_cut_ends_the_stream_as_prohibited_content() {
    for framing in [Events, Array] {
        for (before, all) in [
            (
                "The key is so: ",
                vec![said("The key is "), said("so: AKIAQ3EG"), said("RLPBX7N2TVWM"), last(" ok")],
            ),
            ("", vec![said("AKIAQ3EGRLPBX7N2TVWM "), last(" ok")]),
            ("", vec![said("AKIAQ3EGRLPBX7N2TVWM")]),
        ] {
            let sent = chunks(&holds_for_every_cut(&frame(&all, framing), framing, &["AKIA"]), framing);
            assert_eq!(text_of(&sent, 0, false), before, "{framing:?}");
            let message = &sent.last().unwrap()["promptFeedback"]["blockReasonMessage"];
            let end = &sent.last().unwrap()["candidates"][0];
            assert_eq!(message, &end["finishMessage"]);
            assert_eq!(end["finishReason"], "PROHIBITED_CONTENT", "{framing:?} {sent:?}");
            assert!(end["finishMessage"].as_str().unwrap().contains("response_blocked"));
        }
    }
}

#[test]
fn what_is_no_array_of_json_ends_as_an_array() {
    for body in
        ["{\"candidates\":[]}", "[{\"candidates\":[}]", "[{\"candidates\":[]},]", "[{\"candidates\":[]}]x"]
    {
        let sent = chunks(&holds_for_every_cut(body, Array, &[]), Array);
        let end = &sent.last().unwrap()["candidates"][0];
        assert!(end["finishMessage"].as_str().unwrap().contains("response_malformed"), "{body}");
    }
    // An upstream that leaves in the middle of an element has delivered those before it, and no more.
    let body = frame(&[said("Hello"), said(" foo@example.com")], Array);
    let cut = &body[..body.find("foo@").unwrap() + 3];
    let sent = holds_for_every_cut(cut, Array, &["foo"]);
    assert!(cut.starts_with(&sent) && sent.contains("Hello"));
}

#[test]
fn whole_answers_and_counts_are_read() {
    let mut peer = asked(peer(), "generateContent");
    let sent = peer.answer("application/json", &last("mail foo@example.com").to_string());
    assert_eq!(
        text_of(&[serde_json::from_str(sent.sent()).unwrap()], 0, false),
        "mail [REDACTED:pii.contact]"
    );
    let mut peer = asked(peer, "countTokens");
    peer.answer("application/json", "{\"totalTokens\": 31}");
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["usage"]["input_tokens"], 31);
}

#[test]
fn a_denied_model_is_refused_in_the_providers_shape() {
    let outcome = ask(&mut peer(), "/v1beta/models/large-1:streamGenerateContent");
    assert_eq!(outcome.reason(), Some("model_denied"));
    let body: Value = serde_json::from_str(outcome.sent()).unwrap();
    assert_eq!(
        (&body["error"]["status"], &body["error"]["code"]),
        (&json!("PERMISSION_DENIED"), &json!(403))
    );
}

#[test]
fn recorded_streams_pass_byte_for_byte_in_both_framings() {
    let Some(rows) = corpus::rows("streams_recorded") else {
        return;
    };
    let (mut peer, mut count) = (peer(), 0);
    for row in rows {
        let (id, body) = (row["id"].as_str().unwrap(), corpus::bytes(&row));
        let text = String::from_utf8_lossy(&body).into_owned();
        if row["label"] != "sse" || !text.contains("\"candidates\"") {
            continue;
        }
        count += 1;
        let array = frame(&chunks(&text, Events), Array).into_bytes();
        for (body, framing) in [(body, Events), (array, Array)] {
            let cuts = chunking::random(&body, 300, 7, 3).chain([vec![&body[..]], chunking::fixed(&body, 1)]);
            for pieces in cuts {
                let (outcome, record) = answered(&mut peer, &pieces, framing);
                assert!(outcome == Outcome::Sent(body.clone()), "{id}: changed ({})", record["reason"]);
            }
        }
    }
    println!("{count} recorded streams are byte-identical in both framings");
    assert!(count > 9);
}

#[test]
fn recorded_requests_pass_byte_for_byte() {
    const VERBS: [&str; 5] = [
        ":generateContent",
        ":streamGenerateContent",
        ":countTokens",
        ":batchEmbedContents",
        ":embedContent",
    ];
    let is_ours = |path: &str| VERBS.iter().any(|verb| path.split('?').next().unwrap().ends_with(verb));
    super::recorded_requests("gemini", is_ours, |body, path| {
        let model = path.split("/models/").nth(1).unwrap().split(':').next().unwrap();
        let mut names = Vec::new();
        let tools = &body["tools"];
        let tools = tools.as_array().cloned().unwrap_or_else(|| vec![tools.clone()]);
        for tool in tools.iter().filter_map(Value::as_object) {
            for (key, value) in tool {
                match key.as_str() {
                    "functionDeclarations" | "function_declarations" => {
                        let functions = value.as_array().unwrap().iter();
                        names.extend(functions.map(|function| function["name"].as_str().unwrap().to_owned()));
                    }
                    other => names.push(other.to_owned()),
                }
            }
        }
        (model.to_owned(), names)
    });
}
