//! Streamed answers.

use super::*;
use crate::chunking;

pub(super) const HEAD: [(&str, &str); 2] = [(":status", "200"), ("content-type", "text/event-stream")];

/// The events of a stream with one delta each, ended as OpenAI ends it.
fn stream(deltas: &[Value], finish: &str) -> String {
    let mut out = String::new();
    for delta in deltas {
        out.push_str(&event(json!([{ "index": 0, "delta": delta, "finish_reason": null }])));
    }
    out.push_str(&event(json!([{ "index": 0, "delta": {}, "finish_reason": finish }])));
    out.push_str("data: [DONE]\n\n");
    out
}

fn event(choices: Value) -> String {
    let chunk = json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "small-1", "choices": choices });
    format!("data: {chunk}\n\n")
}

fn content(parts: &[&str]) -> Vec<Value> {
    parts.iter().map(|part| json!({ "content": part })).collect()
}

fn run(body: &str) -> (Outcome, Record) {
    let mut peer = Peer::default();
    peer.chat();
    let outcome = peer.response(&HEAD, &[body.as_bytes()], End::Yes);
    (outcome, peer.record())
}

/// The text that an SDK would put together, per choice and field.
fn text_of(sent: &str, field: &str) -> String {
    let mut text = String::new();
    for line in sent.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]") {
        let chunk: Value = serde_json::from_str(line).unwrap();
        for choice in chunk["choices"].as_array().unwrap() {
            text.push_str(choice["delta"][field].as_str().unwrap_or_default());
        }
    }
    text
}

/// Every cut of the bytes gives the same bytes, and no prefix of the output holds what must not leave.
fn holds_for_every_cut(body: &str, forbidden: &[&str]) -> Outcome {
    let (expected, record) = run(body);
    let record = serde_json::to_value(&record).unwrap();
    for text in forbidden {
        assert!(!expected.sent().contains(text), "left: {text}");
    }
    for chunks in chunking::every_way(body.as_bytes()) {
        let mut peer = Peer::default();
        peer.chat();
        assert_eq!(peer.response(&HEAD, &chunks, End::Yes), expected);
        assert_eq!(serde_json::to_value(peer.record()).unwrap(), record);
    }
    expected
}

#[test]
fn a_clean_stream_is_byte_identical() {
    let odd = format!(
        ": a comment\r\n\r\nevent: message\r\nid: 7\r\ndata: {}\r\n\r\n",
        json!({ "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "caf\u{e9} \u{1f600}" } }] })
    );
    let body = odd + &stream(&content(&["Hello", ", ", "w\u{f6}rld", "."]), "stop");
    let outcome = holds_for_every_cut(&body, &[]);
    assert_eq!(outcome.sent(), body);
}

#[test]
fn keys_that_are_masked_alike_stay_apart_in_each_event() {
    let extra = |first: &str, second: &str| {
        let delta = format!(r#"{{"content":"x","extra":{{"{first}":1,"{second}":2}}}}"#);
        format!("data: {{\"choices\":[{{\"index\":0,\ndata: \"delta\":{delta}}}]}}\n\n")
    };
    let end = stream(&[], "stop");
    let body = extra("a@b.example", "c@b.example") + &extra("d@b.example", "e@b.example") + &end;
    let outcome = holds_for_every_cut(&body, &["@"]);
    let masked = extra("[REDACTED:pii.contact]", "[REDACTED:pii.contact]_2");
    assert_eq!(outcome.sent(), masked.repeat(2) + &end);
}

#[test]
fn a_card_split_over_nine_deltas_is_masked_in_the_first_and_vanishes_from_the_others() {
    let parts = ["Card ", "41", "11 ", "11", "11 1", "111 ", "1", "11", "1", ", bye", " now"];
    let body = stream(&content(&parts), "stop");
    let outcome = holds_for_every_cut(&body, &["4111", "1111"]);
    assert_eq!(text_of(outcome.sent(), "content"), "Card [REDACTED:financial], bye now");
    assert_eq!(
        outcome.sent().matches("data: ").count(),
        body.matches("data: ").count(),
        "no event is merged or lost"
    );
}

/// What leaves when each of these events comes.
fn sent_by_each(events: &[String]) -> Vec<String> {
    let mut peer = Peer::default();
    peer.chat();
    let headers = headers_of(&HEAD);
    peer.exchange
        .response_head(&ResponseHead { headers: &headers, route: "", is_local: false, end: false }, true);
    let mut send = |event: &String| {
        let bytes = event.clone().into_bytes();
        let mut read = || Some(bytes.clone());
        match peer.exchange.response_body(Body { size: event.len(), read: &mut read, end: End::No }) {
            Step::Pass => event.clone(),
            Step::Replace(bytes) => String::from_utf8(bytes).unwrap(),
            step => panic!("{step:?}"),
        }
    };
    events.iter().map(&mut send).collect()
}

#[test]
fn what_the_model_thought_does_not_hold_what_it_says() {
    for end in ["politely.", "politely", "politely\n", "to foo@example.com", "with 42"] {
        let mut deltas =
            vec![json!({ "reasoning_content": "I answer " }), json!({ "reasoning_content": end })];
        deltas.extend(content(&["Hello. ", "There "]));
        let events: Vec<String> =
            deltas.into_iter().map(|delta| event(json!([{ "index": 0, "delta": delta }]))).collect();
        let sent = sent_by_each(&events);
        let said = end.replace("foo@example.com", "[REDACTED:pii.contact]");
        let thought: String = sent.iter().take(3).map(|sent| text_of(sent, "reasoning_content")).collect();
        assert_eq!(thought, format!("I answer {said}"));
        assert_eq!(text_of(&sent[2], "content"), "Hello. ", "{end}");
    }
}

#[test]
fn a_value_that_another_text_interrupts_does_not_leave_whole() {
    let thought = |text: &str| json!({ "reasoning_content": text });
    let mut deltas = vec![thought("card 4111 11"), thought("11 1111 ")];
    deltas.extend(content(&["Hello ", "there. "]));
    deltas.extend([thought("1111"), thought(" or so")]);
    let outcome = holds_for_every_cut(&stream(&deltas, "stop"), &["4111", "1111"]);
    assert_eq!(text_of(outcome.sent(), "reasoning_content"), "card [REDACTED:financial] or so");
    // What was no value yet has left, the rest of it is masked.
    let mut deltas = vec![thought("mail to foo")];
    deltas.extend(content(&["Hello ", "there. "]));
    deltas.extend([thought("@example.com"), thought(" or so")]);
    let outcome = holds_for_every_cut(&stream(&deltas, "stop"), &["example"]);
    assert_eq!(text_of(outcome.sent(), "reasoning_content"), "mail to foo[REDACTED:pii.contact] or so");
    assert_eq!(text_of(outcome.sent(), "content"), "Hello there. ");
}

#[test]
fn tokens_before_and_after_a_finding_do_not_wait_for_the_whole_stream() {
    let parts = ["First words. ", "4111 1111 ", "1111 1111", " and so on. ", "Last words. "];
    let events: Vec<String> =
        content(&parts).into_iter().map(|delta| event(json!([{ "index": 0, "delta": delta }]))).collect();
    let left: Vec<String> = sent_by_each(&events).iter().map(|sent| text_of(sent, "content")).collect();
    assert_eq!(left, ["First words. ", "", "", "[REDACTED:financial] and so on. ", "Last words. "]);
}

#[test]
fn a_secret_in_tool_arguments_is_blocked_and_nothing_of_the_call_leaves() {
    let call =
        |arguments: &str| json!({ "tool_calls": [{ "index": 0, "function": { "arguments": arguments } }] });
    let first = json!({ "tool_calls": [{ "index": 0, "id": "call_1", "type": "function",
        "function": { "name": "upload", "arguments": "" } }] });
    let mut deltas = content(&["One moment. "]);
    deltas.extend([first, call("{\"key\":\"AKI"), call("AQ3EGRLPB"), call("X7N2TVWM\"}")]);
    let body = stream(&deltas, "tool_calls");
    let outcome = holds_for_every_cut(&body, &["AKI", "Q3EGRLPB", "upload", "call_1"]);
    assert_eq!(text_of(outcome.sent(), "content"), "One moment. ");
    assert!(text_of(outcome.sent(), "refusal").contains("response_blocked"));
    assert!(outcome.sent().contains(r#""finish_reason":"content_filter""#));
    assert!(outcome.sent().ends_with("data: [DONE]\n\n"));
    let (_, record) = run(&body);
    let record = serde_json::to_value(record).unwrap();
    assert_eq!((&record["decision"], &record["reason"]), (&json!("cut"), &json!("response_blocked")));
    assert_eq!(record["response"]["coverage"], "partial");
}

#[test]
fn the_head_of_a_refused_tool_call_does_not_leave_even_without_arguments() {
    let first = json!({ "tool_calls": [{ "index": 0, "id": "call_1", "type": "function", "function": { "name": "upload" } }] });
    let rest = json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "{\"key\":\"AKIAQ3EGRLPBX7N2TVWM\"}" } }] });
    holds_for_every_cut(&stream(&[first, rest], "tool_calls"), &["upload", "call_1", "AKIA"]);
    let first = json!({ "function_call": { "name": "upload" } });
    let rest = json!({ "function_call": { "arguments": "{\"key\":\"AKIAQ3EGRLPBX7N2TVWM\"}" } });
    holds_for_every_cut(&stream(&[first, rest], "function_call"), &["upload", "AKIA"]);
}

#[test]
fn a_number_in_tool_arguments_becomes_a_string_and_the_arguments_stay_json() {
    let call =
        |arguments: &str| json!({ "tool_calls": [{ "index": 0, "function": { "arguments": arguments } }] });
    for parts in [
        ["{\"a\":\"x\\\"\",\"n\":41111111", "11111111,\"s\":\"4111 1111 1111 1111\"}"],
        ["{\"n\":4111111111111111", "}"],
    ] {
        let outcome = holds_for_every_cut(&stream(&parts.map(call), "tool_calls"), &["41111111"]);
        let mut arguments = String::new();
        for line in outcome.sent().lines().filter_map(|line| line.strip_prefix("data: {")) {
            let chunk: Value = serde_json::from_str(&format!("{{{line}")).unwrap();
            let delta = &chunk["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"];
            arguments.push_str(delta.as_str().unwrap_or_default());
        }
        let arguments: Value = serde_json::from_str(&arguments).unwrap();
        assert_eq!(arguments["n"], "[REDACTED:financial]");
        assert!(arguments["s"].is_null() || arguments["s"] == "[REDACTED:financial]");
    }
}

#[test]
fn a_cut_releases_nothing_of_what_has_no_verdict() {
    let mut peer = Peer::new(gate(
        json!({}),
        json!({ "guards": { "standard": { "response": { "financial": "block", "secret": "block" } } } }),
    ));
    peer.chat();
    let body = event(json!([{ "index": 0, "delta": { "content": "4111 1111 1111 111" } }]))
        + &event(json!([{ "index": 1, "delta": { "content": "AKIAQYLPMN5HFIQR7XYA, that is it. " } }]));
    let outcome = peer.response(&HEAD, &[body.as_bytes()], End::Yes);
    assert!(
        !outcome.sent().contains("4111") && outcome.sent().contains("response_blocked"),
        "{}",
        outcome.sent()
    );
}

#[test]
fn a_cut_delivers_the_words_before_it() {
    let call = json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "{\"key\":\"AKIAQ3EGRLPBX7N2TVWM\"}" } }] });
    let mut deltas = content(&["I will", " set the key", " and deploy."]);
    deltas.push(call);
    let outcome = holds_for_every_cut(&stream(&deltas, "tool_calls"), &["AKIA"]);
    assert_eq!(text_of(outcome.sent(), "content"), "I will set the key and deploy.");
}

#[test]
fn what_two_readers_would_put_together_differently_cuts_the_stream() {
    let doubled = event(json!([{ "index": 0, "delta": { "content": "x" } }]));
    for (name, body) in [
        (
            "a key twice",
            doubled.replacen("\"content\":\"x\"", "\"content\":\"x\",\"content\":\"4111 1111 1111 1111\"", 1),
        ),
        ("an index that is no whole number", doubled.replacen("\"index\":0", "\"index\":0.0", 1)),
    ] {
        let outcome = holds_for_every_cut(&body, &["4111"]);
        assert!(read_refusal(outcome.sent()).contains("response_malformed"), "{name}: {}", outcome.sent());
    }
}

#[test]
fn a_blocked_finding_in_content_leaves_what_stands_before_it() {
    let body = stream(&content(&["The key is ", "so: AKIAQ3EG", "RLPBX7N2TVWM", " ok"]), "stop");
    let outcome = holds_for_every_cut(&body, &["AKIA"]);
    assert_eq!(text_of(outcome.sent(), "content"), "The key is so: ");
}

#[test]
fn clean_tool_arguments_leave_whole_and_byte_identical() {
    let call =
        |arguments: &str| json!({ "tool_calls": [{ "index": 0, "function": { "arguments": arguments } }] });
    let body = stream(&[call("{\"city\":"), call("\"Singapore\"}")], "tool_calls");
    assert_eq!(holds_for_every_cut(&body, &[]).sent(), body);
}

#[test]
fn choices_that_alternate_have_their_own_lanes() {
    let mut body = String::new();
    for (a, b) in [("4111 1111 ", "S2740"), ("1111 ", "116"), ("1111.", "C.")] {
        body += &event(
            json!([{ "index": 0, "delta": { "content": a } }, { "index": 1, "delta": { "content": b } }]),
        );
    }
    body += &event(json!([{ "index": 0, "delta": {}, "finish_reason": "stop" }]));
    body += &event(json!([{ "index": 1, "delta": {}, "finish_reason": "stop" }]));
    body += "data: [DONE]\n\n";
    let outcome = holds_for_every_cut(&body, &["4111", "S2740"]);
    assert_eq!(text_of(outcome.sent(), "content"), "[REDACTED:financial][REDACTED:pii.id]..");
}

#[test]
fn reasoning_and_refusal_and_unknown_deltas_are_lanes_too() {
    for field in ["reasoning_content", "reasoning", "refusal", "thoughts_of_tomorrow"] {
        let deltas: Vec<Value> =
            ["mail foo@exa", "mple.com now"].iter().map(|part| json!({ field: part })).collect();
        let outcome = holds_for_every_cut(&stream(&deltas, "stop"), &["foo@"]);
        assert_eq!(text_of(outcome.sent(), field), "mail [REDACTED:pii.contact] now", "{field}");
    }
}

#[test]
fn escapes_are_text() {
    let body = stream(&content(&["x"]), "stop").replacen(
        "\"x\"",
        "\"mail f\\u006fo\\u0040ex\\u0061mple.com \\u00e9\\n\"",
        1,
    );
    let outcome = holds_for_every_cut(&body, &["\\u0040", "mple.com"]);
    assert_eq!(text_of(outcome.sent(), "content"), "mail [REDACTED:pii.contact] \u{e9}\n");
}

#[test]
fn identifiers_and_comments_are_scanned_too() {
    let body = stream(&content(&["hi"]), "stop").replacen("\"c1\"", "\"foo@example.com\"", 1);
    assert!(!holds_for_every_cut(&body, &["foo@"]).sent().is_empty());
    let body = format!(": mail foo@example.com\n\n{}", stream(&content(&["hi"]), "stop"));
    assert!(holds_for_every_cut(&body, &["foo@"]).sent().starts_with(": mail [REDACTED:pii.contact]\n\n"));
}

#[test]
fn a_comment_behind_the_data_and_the_data_are_both_masked_in_their_places() {
    let delta = event(json!([{ "index": 0, "delta": { "content": "mail foo@example.com now" } }]));
    let body = format!("{}\n: also bar@example.com here\n\ndata: [DONE]\n\n", delta.trim_end());
    let expected = body
        .replace("foo@example.com", "[REDACTED:pii.contact]")
        .replace("bar@example.com", "[REDACTED:pii.contact]");
    assert_eq!(holds_for_every_cut(&body, &["foo@", "bar@"]).sent(), expected);
}

#[test]
fn an_upstream_that_stops_in_the_middle_of_an_event_delivers_what_was_complete() {
    let whole = stream(&content(&["Hello wor", "ld foo@example.com"]), "stop");
    let second = whole.find("ld foo").unwrap();
    let outcome = holds_for_every_cut(&whole[..second + 4], &["foo"]);
    assert_eq!(text_of(outcome.sent(), "content"), "Hello wor");
    let unfinished = event(json!([{ "index": 0, "delta": { "content": "mail foo@example.com" } }]));
    let outcome = holds_for_every_cut(unfinished.trim_end(), &["foo@"]);
    assert_eq!(text_of(outcome.sent(), "content"), "mail [REDACTED:pii.contact]");
}

#[test]
fn what_cannot_be_read_cuts_the_stream() {
    for (name, body) in [
        ("not JSON", "data: hello\n\n".to_owned()),
        (
            "more after the end",
            stream(&content(&["a"]), "stop") + &event(json!([{ "index": 0, "delta": { "content": "b" } }])),
        ),
        (
            "a lane goes on after its end",
            stream(&content(&["a"]), "stop").replace("data: [DONE]\n\n", &stream(&content(&["b"]), "stop")),
        ),
    ] {
        let outcome = holds_for_every_cut(&body, &[]);
        assert!(read_refusal(outcome.sent()).contains("response_malformed"), "{name}: {}", outcome.sent());
    }
}

fn read_refusal(sent: &str) -> String {
    let parsed: Vec<&str> = sent.lines().filter(|line| line.contains("refusal")).collect();
    parsed.join("")
}

#[test]
fn what_must_be_held_is_bounded() {
    let mut peer = Peer::new(gate(json!({ "limits": { "held": 2000 } }), json!({})));
    peer.chat();
    let call = json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "x".repeat(500) } }] });
    let body = stream(&[call.clone(), call.clone(), call.clone(), call], "tool_calls");
    let outcome = peer.response(&HEAD, &[body.as_bytes()], End::Yes);
    assert!(read_refusal(outcome.sent()).contains("hold_limit"), "{}", outcome.sent());
}

#[test]
fn after_the_ending_what_comes_is_dropped_and_then_the_stream_is_reset() {
    let mut peer = Peer::default();
    peer.chat();
    let blocked = stream(&content(&["AKIAQ3EGRLPBX7N2TVWM "]), "stop");
    let rest = [b'x'; 10_000];
    let mut chunks: Vec<&[u8]> = vec![blocked.as_bytes()];
    chunks.extend(std::iter::repeat_n(&rest[..], 8));
    let outcome = peer.response(&HEAD, &chunks, End::Yes);
    let Outcome::Reset(sent, Reason::ResponseBlocked) = outcome else { panic!("{outcome:?}") };
    assert!(sent.ends_with(b"data: [DONE]\n\n"));
}

#[test]
fn trailers_with_bytes_still_held_reset_the_stream() {
    let mut peer = Peer::default();
    peer.chat();
    let body = event(json!([{ "index": 0, "delta": { "content": "4111 1111 " } }]));
    let outcome = peer.response(&HEAD, &[body.as_bytes()], End::Trailers);
    assert_eq!(outcome, Outcome::Reset(Vec::new(), Reason::ResponseTrailers));

    let mut peer = Peer::default();
    peer.chat();
    let body = stream(&content(&["all told."]), "stop");
    let outcome = peer.response(&HEAD, &[body.as_bytes()], End::Trailers);
    assert_eq!(outcome.sent(), body, "nothing was held");
}

#[test]
fn observe_changes_no_byte_and_records_what_it_would_have_done() {
    let body = stream(&content(&["4111 1111 1111 1111, ", "AKIAQ3EGRLPBX7N2TVWM "]), "stop");
    for chunks in chunking::every_way(body.as_bytes()) {
        let mut peer = Peer::new(gate(json!({ "mode": "observe" }), json!({})));
        peer.chat();
        assert_eq!(peer.response(&HEAD, &chunks, End::Yes).sent(), body);
        let record = serde_json::to_value(peer.record()).unwrap();
        assert_eq!(record["decision"], "allow");
        let would = record["would"].to_string();
        assert!(would.contains("response_blocked") && would.contains("redact"), "{would}");
    }
}

#[test]
fn a_client_that_leaves_in_the_middle_leaves_a_record() {
    let mut peer = Peer::default();
    peer.chat();
    let headers = headers_of(&HEAD);
    peer.exchange
        .response_head(&ResponseHead { headers: &headers, route: "", is_local: false, end: false }, true);
    let body =
        event(json!([{ "index": 0, "delta": { "content": "mail foo@example.com and" } }])).into_bytes();
    let mut read = || Some(body.clone());
    peer.exchange.response_body(Body { size: body.len(), read: &mut read, end: End::No });
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["response"]["coverage"], "partial");
    assert_eq!(record["findings"][0]["rule"], "pii.contact.email");
}
