//! Chat as other providers speak it, completions, `logprobs`, and the operations with one answer.

use super::super::streams::HEAD;
use super::super::*;
use crate::chunking;
use crate::corpus;

pub(super) const CARD: &str = "4111 1111 1111 1111";
pub(super) const MASK: &str = "[REDACTED:financial]";
pub(super) const KEY: &str = "AKIAQ3EGRLPBX7N2TVWM";

/// Sends a request to `path`; it must go on as it came.
pub(super) fn ask(path: &str, body: &Value) -> Peer {
    let mut peer = Peer::default();
    let body = body.to_string();
    let outcome = peer.request(&head(path), &[body.as_bytes()]);
    assert_eq!(outcome, Outcome::Sent(body.into_bytes()), "{path}");
    peer
}

pub(super) fn head(path: &str) -> Vec<(&str, &str)> {
    let mut head = chat_head(bearer());
    head[1] = (":path", path);
    head
}

/// What leaves of a stream. Every cut of its bytes gives the same, so no prefix of the output holds what it does not
/// hold.
pub(super) fn stream_of(path: &str, request: &Value, body: &str, forbidden: &[&str]) -> String {
    let run = |chunks: &[&[u8]]| {
        let mut peer = ask(path, request);
        let outcome = peer.response(&HEAD, chunks, End::Yes);
        (outcome, peer.exchange.reason())
    };
    let expected = run(&[body.as_bytes()]);
    for text in forbidden {
        assert!(!expected.0.sent().contains(text), "left: {text} in {}", expected.0.sent());
    }
    // Each run costs a signature, so long bodies are not cut at every byte.
    let cuts = chunking::two_way(body.as_bytes()).step_by(body.len() / 40 + 1);
    for chunks in cuts.chain([chunking::fixed(body.as_bytes(), 1)]) {
        assert!(run(&chunks) == expected, "depends on the chunks");
    }
    expected.0.sent().to_owned()
}

/// The texts at `pointer` in all events, joined.
pub(super) fn joined(sent: &str, pointer: &str) -> String {
    let data = sent.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
    data.map(|data| {
        let event: Value = serde_json::from_str(data).unwrap();
        event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    })
    .collect()
}

/// Ways to cut a text into 1 to 5 deltas.
pub(super) fn pieces(text: &str) -> Vec<Vec<String>> {
    let chars: Vec<char> = text.chars().collect();
    (1..=5)
        .map(|count| {
            let size = chars.len().div_ceil(count);
            chars.chunks(size).map(|piece| piece.iter().collect()).collect()
        })
        .collect()
}

fn chat() -> Value {
    json!({ "model": "small-1", "messages": [{ "role": "user", "content": "hi" }] })
}

fn prompt() -> Value {
    json!({ "model": "small-1", "prompt": "hi" })
}

fn events(choices: impl IntoIterator<Item = Value>) -> String {
    let event = |choice: Value| {
        format!("data: {}\n\n", json!({ "id": "c1", "model": "small-1", "choices": [choice] }))
    };
    choices.into_iter().map(event).collect::<String>() + "data: [DONE]\n\n"
}

fn answer_of(path: &str, request: &Value, answer: &Value) -> String {
    ask(path, request).answer("application/json", &answer.to_string()).sent().to_owned()
}

#[test]
fn every_operation_is_known_by_its_path() {
    for (method, path, name, model) in [
        ("POST", "/v1/chat/completions", Some("chat"), None),
        ("POST", "/openai/deployments/gpt-x/chat/completions?api-version=1", Some("chat"), Some("gpt-x")),
        ("POST", "/openai/deployments/gpt-x/extensions/chat/completions", Some("chat"), Some("gpt-x")),
        ("POST", "/openai/deployments/a%62c/chat/completions", None, None),
        ("POST", "/openai/v1/responses", Some("responses"), None),
        ("POST", "/v1/completions", Some("text_completion"), None),
        ("POST", "/v1/engines/davinci/completions", Some("text_completion"), Some("davinci")),
        ("POST", "/v1/fim/completions", Some("text_completion"), None),
        ("POST", "/v1/responses/compact", Some("responses_compact"), None),
        ("POST", "/v1/responses/input_tokens", Some("count_tokens"), None),
        ("GET", "/v1/responses/resp_1?stream=true", Some("responses_retrieve"), None),
        ("GET", "/v1/responses/resp_1/input_items", Some("responses_retrieve"), None),
        ("GET", "/v1/responses/a/b", None, None),
        ("POST", "/v1/embeddings", Some("embeddings"), None),
        ("POST", "/v1/moderations", Some("moderations"), None),
        ("POST", "/v1/images/generations", Some("image_generation"), None),
        ("POST", "/v1/audio/speech", Some("speech"), None),
        ("POST", "/v1/audio/transcriptions", Some("transcription"), None),
        ("POST", "/v1/audio/translations", Some("translation"), None),
        ("GET", "/v1/models", Some("models"), None),
        ("GET", "/models", Some("models"), None),
        ("GET", "/v1/models/meta/llama", Some("models"), Some("meta/llama")),
        ("GET", "/v1/projects/p/models", None, None),
        ("POST", "/v1/models", None, None),
        ("GET", "/v1/chat/completions", None, None),
        ("POST", "/v1/files", None, None),
    ] {
        let operation = protocol::recognise(method, path);
        let found = operation.as_ref().map(|operation| operation.name);
        assert_eq!(found, name, "{method} {path}");
        assert_eq!(
            operation.and_then(|operation| operation.model_in_path).as_deref(),
            model,
            "{method} {path}"
        );
        assert!(found.is_none_or(|name| protocol::APIS[0].operations.contains(&name)), "{path}");
    }
}

#[test]
fn the_list_of_models_is_asked_for_without_a_body() {
    let route = json!({ "allow": [{ "id": "list", "what": { "operations": ["models"] } }] });
    let mut peer = Peer::new(gate(route, json!({})));
    let mut asking = head("/v1/models");
    asking[0] = (":method", "GET");
    assert_eq!(peer.request(&asking, &[]), Outcome::Sent(Vec::new()));
    let list =
        json!({ "object": "list", "data": [{ "id": "small-1", "owned_by": "foo@example.com" }] }).to_string();
    let outcome = peer.answer("application/json", &list);
    assert_eq!(outcome.sent(), list.replace("foo@example.com", "[REDACTED:pii.contact]"));
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!((&record["operation"], &record["decision"]), (&json!("models"), &json!("allow")));
    assert_eq!(record["request"]["coverage"], "empty");

    assert_eq!(
        Peer::default().request(&asking, &[]).reason(),
        Some("model_denied"),
        "which model is not said"
    );
    assert_eq!(
        Peer::default().request(&head("/v1/chat/completions"), &[]).reason(),
        Some("request_malformed")
    );
}

#[test]
fn what_other_providers_add_to_a_chat_are_lanes_of_their_own() {
    let text = format!("pay {CARD} now");
    type Delta = fn(&str) -> Value;
    let table: &[(&str, Delta, &[&str])] = &[
        // OpenRouter says the same text twice.
        (
            "reasoning and its details",
            |text| json!({ "reasoning": text, "reasoning_details": [{ "type": "reasoning.text", "text": text, "index": 0 }] }),
            &["/choices/0/delta/reasoning", "/choices/0/delta/reasoning_details/0/text"],
        ),
        (
            "vLLM",
            |text| json!({ "reasoning": text, "reasoning_content": text }),
            &["/choices/0/delta/reasoning", "/choices/0/delta/reasoning_content"],
        ),
        (
            "Mistral thinks",
            |text| json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": text }] }] }),
            &["/choices/0/delta/content/0/thinking/0/text"],
        ),
        ("sound", |text| json!({ "audio": { "transcript": text } }), &["/choices/0/delta/audio/transcript"]),
        (
            "Groq's channel",
            |text| json!({ "channel": "analysis", "content": text }),
            &["/choices/0/delta/content"],
        ),
    ];
    for (name, delta, pointers) in table {
        for pieces in pieces(&text) {
            let deltas = pieces.iter().map(|piece| json!({ "index": 0, "delta": delta(piece) }));
            let sent = stream_of("/v1/chat/completions", &chat(), &events(deltas), &["4111", "1 1"]);
            for pointer in *pointers {
                assert_eq!(joined(&sent, pointer), format!("pay {MASK} now"), "{name}");
            }
        }
    }
}

#[test]
fn mistrals_text_goes_on_from_an_array_to_a_string() {
    let thinking = json!({ "type": "thinking", "thinking": [{ "type": "text", "text": "so" }] });
    let deltas = [
        json!({ "content": [thinking, { "type": "text", "text": "pay 4111 1111 " }] }),
        json!({ "content": "1111 1111 now" }),
    ];
    let body = events(deltas.map(|delta| json!({ "index": 0, "delta": delta })));
    let sent = stream_of("/v1/chat/completions", &chat(), &body, &["4111", "1111"]);
    assert!(
        sent.contains(&format!("pay {MASK}")) && joined(&sent, "/choices/0/delta/content") == " now",
        "{sent}"
    );
}

/// As Perplexity streams by default: each event says its choice's whole message once more, the last one nothing else.
fn repeating(pieces: &[(u64, String)], is_message_first: bool) -> String {
    let (mut all, mut out) = ([String::new(), String::new()], String::new());
    let mut say = |index: u64, piece: &str, all: &str, finish: Value| {
        let delta = json!({ "content": piece });
        let message = json!({ "role": "assistant", "content": all, "tool_calls": [], "refusal": null });
        let mut members = [format!("\"delta\":{delta}"), format!("\"message\":{message}")];
        if is_message_first {
            members.reverse();
        }
        let choice = format!("{{\"index\":{index},{},\"finish_reason\":{finish}}}", members.join(","));
        out.push_str(&format!("data: {{\"id\":\"c1\",\"choices\":[{choice}]}}\n\n"));
    };
    for (index, piece) in pieces {
        let all = &mut all[*index as usize];
        all.push_str(piece);
        say(*index, piece, all, Value::Null);
    }
    for (index, all) in (0..).zip(&all) {
        say(index, "", all, json!("stop"));
    }
    out + "data: [DONE]\n\n"
}

/// What each event says of the choice so far.
fn messages(sent: &str, index: u64) -> Vec<String> {
    let data = sent.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
    let choices = data.map(|data| serde_json::from_str::<Value>(data).unwrap()["choices"][0].clone());
    let of_index = choices.filter(|choice| choice["index"] == index);
    of_index.map(|choice| choice["message"]["content"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_stream_that_repeats_all_of_its_text_in_each_event_is_masked_as_its_deltas_are() {
    for is_message_first in [false, true] {
        for (one, other) in
            pieces(&format!("pay {CARD} now")).iter().zip(pieces("to \u{e9} foo@example.com and "))
        {
            let alternating: Vec<(u64, String)> = one
                .iter()
                .zip(&other)
                .flat_map(|(one, other)| [(0, one.clone()), (1, other.clone())])
                .chain([(0, " and so".to_owned()), (1, "on".to_owned())])
                .collect();
            let body = repeating(&alternating, is_message_first);
            let sent = stream_of("/v1/chat/completions", &chat(), &body, &["4111", " 1111", "foo@", "foo"]);
            for (index, expected) in [
                (0, format!("pay {MASK} now and so")),
                (1, "to \u{e9} [REDACTED:pii.contact] and on".to_owned()),
            ] {
                let messages = messages(&sent, index);
                assert_eq!(messages.last(), Some(&expected));
                assert!(
                    messages.iter().all(|message| expected.starts_with(message.as_str())),
                    "{messages:?}"
                );
                assert!(messages.is_sorted_by_key(String::len));
            }
            assert_eq!(sent.matches("data: ").count(), body.matches("data: ").count());
        }
        let clean = repeating(&[(0, "He".into()), (0, "llo\n".into()), (0, "".into())], is_message_first);
        assert_eq!(stream_of("/v1/chat/completions", &chat(), &clean, &[]), clean);
        let secret = [(0, "it is ".into()), (0, KEY[..9].into()), (0, KEY[9..].into()), (0, " ok".into())];
        let body = repeating(&secret, is_message_first);
        let sent = stream_of("/v1/chat/completions", &chat(), &body, &["AKIA"]);
        assert!(sent.contains("response_blocked") && joined(&sent, "/choices/0/delta/content") == "it is ");
    }
}

#[test]
fn a_repetition_that_is_none_cuts_the_stream() {
    let choice = |delta: Value, message: Value| json!({ "index": 0, "delta": delta, "message": message });
    let said =
        |delta: &str, message: &str| choice(json!({ "content": delta }), json!({ "content": message }));
    for (name, choices) in [
        ("less", vec![said("4111 1111 ", "4111 1111 "), said("1111 ", "4111 ")]),
        ("more", vec![said("4111 ", "4111 1111 1111 ")]),
        ("other", vec![said("a ", "a "), said("b ", "c b ")]),
        (
            "hidden",
            vec![
                said("Some words that are many. ", "Some words that are many. "),
                said("more ", "4111 1111 1111 1111"),
            ],
        ),
        ("late", vec![choice(json!({ "content": "a " }), Value::Null), said("b ", "a b ")]),
        (
            "a pause",
            vec![said("a ", "a "), choice(json!({ "content": "b " }), Value::Null), said("c ", "a b c ")],
        ),
        ("parts", vec![choice(json!({ "content": "4111 " }), json!({ "content": [{ "text": "4111 " }] }))]),
        ("reasoning", vec![choice(json!({ "content": "a " }), json!({ "reasoning_content": "4111 1111 " }))]),
        (
            "calls",
            vec![choice(
                json!({}),
                json!({ "tool_calls": [{ "function": { "arguments": "{\"n\":4111" } }] }),
            )],
        ),
    ] {
        let sent = stream_of("/v1/chat/completions", &chat(), &events(choices), &["4111"]);
        assert!(sent.contains("response_malformed"), "{name}: {sent}");
    }
}

#[test]
fn comments_and_citations_and_usage_pass_and_are_scanned() {
    let body = format!(
        ": OPENROUTER PROCESSING\n\n{}data: {}\n\ndata: [DONE]\n\n",
        events([json!({ "index": 0, "delta": { "content": "Hello." }, "finish_reason": "stop" })])
            .replace("data: [DONE]\n\n", ""),
        json!({ "choices": [], "citations": ["https://a.example/b"], "x_groq": { "usage": { "prompt_tokens": 3 } } }),
    );
    assert_eq!(stream_of("/v1/chat/completions", &chat(), &body, &[]), body);
    let mut peer = ask("/v1/chat/completions", &chat());
    peer.response(&HEAD, &[body.as_bytes()], End::Yes);
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["usage"]["input_tokens"], 3);
    let leaking = body.replace("https://a.example/b", "mail foo@example.com");
    stream_of("/v1/chat/completions", &chat(), &leaking, &["foo@"]);
}

/// One entry of `logprobs.content`, with what else was likely.
fn likely(token: &str) -> Value {
    let entry = |token: &str| json!({ "token": token, "logprob": -0.5, "bytes": token.as_bytes() });
    let mut all = entry(token);
    all["top_logprobs"] = json!([entry(token), entry("~")]);
    all
}

/// No text of the value stands in tokens or bytes, in whatever pieces.
pub(super) fn assert_no_tokens_of(text: &str, forbidden: &str) {
    let mut found = Vec::new();
    let data = text.lines().map(|line| line.strip_prefix("data: ").unwrap_or(line));
    for value in data.filter_map(|data| serde_json::from_str::<Value>(data).ok()) {
        tokens(&value, &mut found);
    }
    for (field, text) in ["token", "bytes"].iter().zip([0, 1]) {
        let joined: String =
            found.iter().filter(|(kind, _)| *kind == text).map(|(_, text)| text.as_str()).collect();
        assert!(!joined.is_empty() && joined.contains(MASK), "{field}: {joined}");
        for length in 4..=forbidden.len() {
            assert!(!joined.contains(&forbidden[..length]), "{field}: {joined}");
        }
    }
}

fn tokens(value: &Value, found: &mut Vec<(usize, String)>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("token", Value::String(token)) => found.push((0, token.clone())),
                    ("bytes", Value::Array(bytes)) => {
                        let bytes: Vec<u8> = bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect();
                        found.push((1, String::from_utf8(bytes).unwrap()));
                    }
                    _ => tokens(member, found),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| tokens(element, found)),
        _ => {}
    }
}

#[test]
fn what_was_masked_does_not_come_back_in_logprobs() {
    let text = ["pay ", "41", "11", " 1111", " 11", "11 1", "111", " now", "."];
    for field in ["content", "refusal"] {
        let deltas = text.map(
            |token| json!({ "index": 0, "delta": { field: token }, "logprobs": { field: [likely(token)] } }),
        );
        let sent = stream_of("/v1/chat/completions", &chat(), &events(deltas), &["[52,49", "4111"]);
        assert_eq!(joined(&sent, &format!("/choices/0/delta/{field}")), format!("pay {MASK} now."));
        assert_eq!(
            joined(&sent, &format!("/choices/0/logprobs/{field}/0/token")),
            format!("pay {MASK} now.")
        );
        let first = format!("/choices/0/logprobs/{field}/0/top_logprobs/0/token");
        assert_eq!(joined(&sent, &first), format!("pay {MASK} now."));
        let second = format!("/choices/0/logprobs/{field}/0/top_logprobs/1/token");
        assert_eq!(joined(&sent, &second), "~".repeat(text.len()));
        assert_no_tokens_of(&sent, CARD);

        let answer = json!({ "choices": [{ "index": 0, "message": { field: text.concat() },
            "logprobs": { field: text.map(likely) } }] });
        let sent = answer_of("/v1/chat/completions", &chat(), &answer);
        assert_eq!(
            serde_json::from_str::<Value>(&sent).unwrap()["choices"][0]["message"][field],
            format!("pay {MASK} now.")
        );
        assert_no_tokens_of(&sent, CARD);
    }
}

#[test]
fn a_blocked_secret_is_not_in_the_logprobs_either() {
    let text = ["The key: ", "AKIA", "Q3EGRLPB", "X7N2TVWM", " ok"];
    let deltas = text.map(|token| json!({ "index": 0, "delta": { "content": token }, "logprobs": { "content": [likely(token)] } }));
    let sent = stream_of("/v1/chat/completions", &chat(), &events(deltas), &["AKIA", "Q3EG", "65,75"]);
    assert!(joined(&sent, "/choices/0/delta/refusal").contains("response_blocked"));
}

#[test]
fn a_completion_is_read_whole_and_streamed_with_its_logprobs() {
    let path = "/v1/completions";
    let tokens = ["pay ", "4111", " 1111", " 1111 ", "11", "11", " now"];
    let likely = |token: &str| json!({ token: -0.1, "~": -2 });
    let deltas = tokens.map(|token| {
        json!({ "index": 0, "text": token, "finish_reason": null,
            "logprobs": { "tokens": [token], "token_logprobs": [-0.1], "top_logprobs": [likely(token)], "text_offset": [0] } })
    });
    let sent = stream_of(path, &prompt(), &events(deltas), &["4111", "1111"]);
    assert_eq!(joined(&sent, "/choices/0/text"), format!("pay {MASK} now"));
    assert_eq!(joined(&sent, "/choices/0/logprobs/tokens/0"), format!("pay {MASK} now"));
    assert!(sent.matches(MASK).count() >= 3, "{sent}");

    let answer = json!({ "choices": [{ "index": 0, "text": tokens.concat(),
        "logprobs": { "tokens": tokens, "top_logprobs": tokens.map(likely) } }] });
    let sent = answer_of(path, &prompt(), &answer);
    assert!(!sent.contains("4111") && !sent.contains(" 1111"), "{sent}");

    for pieces in pieces(&format!("the key is {KEY} ok")) {
        let deltas = pieces.iter().map(|piece| json!({ "index": 0, "text": piece }));
        let sent = stream_of(path, &prompt(), &events(deltas), &["AKIA", "TVWM"]);
        assert!(sent.contains("content_filter") && sent.ends_with("data: [DONE]\n\n"), "{sent}");
    }
    let body = events(["one ", "two."].map(|piece| json!({ "index": 0, "text": piece })));
    assert_eq!(stream_of(path, &prompt(), &body, &[]), body);
    let body = events(["one ", "two."].map(|piece| json!({ "index": 0, "delta": { "content": piece } })));
    assert_eq!(stream_of("/v1/fim/completions", &prompt(), &body, &[]), body);
}

#[test]
fn what_stands_in_the_ranks_of_a_completion_and_is_none_is_scanned_too() {
    let card = "card 4111 1111 1111 1111";
    for ranks in [
        json!([card]),
        json!([[card]]),
        json!([{ "the": { "deep": card } }]),
        json!([{ "the": [card] }]),
        json!({ "the": card }),
        json!(card),
    ] {
        let choice = json!({ "index": 0, "text": "the", "logprobs": { "top_logprobs": ranks }, "finish_reason": "stop" });
        let answer = json!({ "id": "c", "object": "text_completion", "model": "m", "choices": [choice] });
        let sent = answer_of("/v1/completions", &prompt(), &answer);
        assert!(!sent.contains("4111") && sent.contains("[REDACTED:financial]"), "{ranks}: {sent}");
    }
}

#[test]
fn prompts_of_every_operation_are_scanned() {
    for (path, body) in [
        ("/v1/completions", json!({ "prompt": [CARD] })),
        ("/v1/embeddings", json!({ "input": ["x", CARD] })),
        ("/v1/moderations", json!({ "input": [{ "type": "text", "text": CARD }] })),
        ("/v1/images/generations", json!({ "prompt": CARD })),
        ("/v1/audio/speech", json!({ "input": CARD })),
        ("/v1/responses", json!({ "input": CARD, "instructions": CARD })),
        (
            "/v1/responses",
            json!({ "input": [{ "type": "function_call", "arguments": "{\"n\":4111111111111111}" }] }),
        ),
        ("/v1/responses", json!({ "input": [{ "type": "function_call_output", "output": CARD }] })),
        (
            "/v1/responses/compact",
            json!({ "input": [{ "role": "user", "content": [{ "type": "input_text", "text": CARD }] }] }),
        ),
    ] {
        let mut body = body;
        body["model"] = json!("small-1");
        let mut peer = Peer::default();
        let outcome = peer.request(&head(path), &[body.to_string().as_bytes()]);
        assert!(outcome.sent().contains(MASK) && !outcome.sent().contains("1111"), "{path}: {outcome:?}");
        assert!(serde_json::from_str::<Value>(outcome.sent()).is_ok());
    }
}

#[test]
fn each_model_to_fall_back_on_must_be_allowed() {
    let mut body = chat();
    body["models"] = json!(["small-2"]);
    assert_eq!(Peer::default().chat_with(&body.to_string()).reason(), None);
    body["models"] = json!(["small-2", "large"]);
    let mut peer = Peer::default();
    assert_eq!(peer.chat_with(&body.to_string()).reason(), Some("model_denied"));
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["model"]["requested"], "large");
    // Without a model the first of them answers.
    body.as_object_mut().unwrap().remove("model");
    body["models"] = json!(["large"]);
    assert_eq!(Peer::default().chat_with(&body.to_string()).reason(), Some("model_denied"));
}

#[test]
fn what_the_server_does_by_itself_is_a_tool() {
    let mut body = chat();
    body["web_search_options"] = json!({});
    body["plugins"] = json!([{ "id": "web" }]);
    let peer = ask("/v1/chat/completions", &body);
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["tools"], json!(["web_search", "web"]));
}

#[test]
fn vectors_may_be_many_numbers_and_base64_is_not_touched() {
    let request = json!({ "model": "small-1", "input": "x" });
    let row = format!("[{}]", vec!["0.1"; 1000].join(","));
    let vectors = format!(
        "{{\"data\":[{{\"embedding\":{}}}],\"usage\":{{\"prompt_tokens\":7}}}}",
        vec![row; 300].join(",").replace("],[", ",")
    );
    assert!(vectors.len() < 2 << 20);
    let mut peer = ask("/v1/embeddings", &request);
    assert_eq!(peer.answer("application/json", &vectors).sent(), vectors);
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["usage"]["input_tokens"], 7);

    let mut dice = chunking::Dice::new(3);
    let bytes: Vec<u8> = (0..600_000).map(|_| dice.below(256) as u8).collect();
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    for (path, answer) in [
        ("/v1/embeddings", json!({ "data": [{ "embedding": encoded }] })),
        ("/v1/images/generations", json!({ "data": [{ "b64_json": encoded }] })),
    ] {
        let mut body = request.clone();
        body["prompt"] = json!("x");
        assert_eq!(answer_of(path, &body, &answer), answer.to_string(), "{path}");
    }
}

#[test]
fn a_transcription_of_an_upload_is_read_where_the_route_passes_the_upload() {
    let mut upload = head("/v1/audio/transcriptions");
    upload[3] = ("content-type", "multipart/form-data; boundary=x");
    assert_eq!(Peer::default().request(&upload, &[b"--x"]).reason(), Some("unsupported_content"));
    let passing = json!({ "unsupported": "pass", "allow": [{ "id": "all" }] });
    let asked = || {
        let mut peer = Peer::new(gate(passing.clone(), json!({})));
        assert_eq!(peer.request(&upload, &[b"--x--"]).sent(), "--x--");
        peer
    };
    let words = ["pay ", "4111 1111 ", "1111 1111", " now"];
    let segments = words.map(|text| json!({ "text": text }));
    let answer = json!({ "text": words.concat(), "segments": segments, "words": words.map(|word| json!({ "word": word })) });
    let outcome = asked().answer("application/json", &answer.to_string());
    assert_eq!(outcome.sent().matches(MASK).count(), 3, "{}", outcome.sent());
    assert!(!outcome.sent().contains("1111"), "{}", outcome.sent());
    assert_eq!(asked().answer("text/plain", &words.concat()).sent(), format!("pay {MASK} now"));
    let mut body: String = words
        .map(|delta| {
            format!(
                "data: {}\n\n",
                json!({ "type": "transcript.text.delta", "delta": delta, "logprobs": [{ "token": delta }] })
            )
        })
        .concat();
    let all = words.map(|token| json!({ "token": token }));
    body += &format!(
        "data: {}\n\n",
        json!({ "type": "transcript.text.done", "text": words.concat(), "logprobs": all })
    );
    let mut peer = asked();
    let sent = peer.response(&HEAD, &[body.as_bytes()], End::Yes).sent().to_owned();
    assert!(!sent.contains("1111") && sent.matches(MASK).count() == 4, "{sent}");
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["response"]["coverage"], "scanned");
    let sent = asked()
        .response(&HEAD, &[body.replace("4111 1111 1111 1111", KEY).as_bytes()], End::Yes)
        .sent()
        .to_owned();
    assert!(sent.ends_with("\"type\":\"error\"}\n\n") && sent.contains("response_blocked"), "{sent}");
}

/// What was recorded of APIs that speak like this one: path, body, answer.
#[test]
fn recorded_requests_and_answers_are_read_and_go_on_byte_for_byte() {
    let Some(rows) = corpus::rows("requests_recorded") else { return };
    // Some answers do hold an address.
    let config = gate(
        json!({ "allow": [{ "id": "all" }], "match": { "path": "/*" }, "limits": { "request_body": "32MiB" } }),
        json!({ "guards": { "standard": { "request": { "pii": "flag" }, "response": { "pii": "flag" } } } }),
    )
    .config;
    let (mut requests, mut answers, mut tools, mut found) = (0, 0, 0, 0);
    for row in rows {
        let id = row["id"].as_str().unwrap();
        let path = row["expected"]["path"].as_str().unwrap();
        let body = corpus::bytes(&row);
        let Ok(parsed) = serde_json::from_slice::<Value>(&body) else { continue };
        let Some(operation) = protocol::recognise("POST", path).filter(|it| it.api == "openai") else {
            continue;
        };
        requests += 1;
        let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
        let outcome = peer.request(&head(path), &[&body]);
        assert!(outcome == Outcome::Sent(body.clone()), "{id}: {:?}", outcome.reason());
        let answer = row["expected"]["response"].as_str().unwrap_or_default();
        if serde_json::from_str::<Value>(answer).is_ok() {
            answers += 1;
            let outcome = peer.answer("application/json", answer);
            assert!(outcome == Outcome::Sent(answer.as_bytes().to_vec()), "{id}: {:?}", outcome.reason());
        }
        let record = serde_json::to_value(peer.record()).unwrap();
        let model = operation.model_in_path.map_or(parsed["model"].clone(), Value::String);
        assert_eq!(record["model"]["requested"], model, "{id}");
        let offered = parsed["tools"].as_array().map_or(0, Vec::len);
        let recorded = record["tools"].as_array().map_or(0, Vec::len);
        assert!(recorded >= offered.min(1), "{id}: {offered} tools, {recorded} recorded");
        (tools, found) = (tools + offered, found + recorded);
        assert_eq!(record["request"]["coverage"], "scanned", "{id}");
    }
    println!(
        "{requests} requests with {tools} tools ({found} recorded) and {answers} answers are byte-identical"
    );
    assert!(requests > 400 && answers > 200);
}
