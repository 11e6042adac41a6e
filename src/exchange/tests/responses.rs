//! Whole answers.

use super::*;

const ANSWER: &str = r#"{"id":"c1","object":"chat.completion","created":1,"model":"small-1-0613","choices":[{"index":0,"message":{"role":"assistant","content":"NRIC S2740116C, card 4111-1111-1111-1111.\nBye é \u00e9"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":9}}"#;

#[test]
fn findings_are_masked_and_every_other_byte_is_as_it_came() {
    let mut peer = Peer::default();
    peer.chat();
    let outcome = peer.answer("application/json; charset=utf-8", ANSWER);
    let expected = ANSWER
        .replace("S2740116C", "[REDACTED:pii.id]")
        .replace("4111-1111-1111-1111", "[REDACTED:financial]");
    assert_eq!(outcome.sent(), expected);
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["model"], json!({ "requested": "small-1", "answered": "small-1-0613" }));
    assert_eq!(record["usage"], json!({ "input_tokens": 5, "output_tokens": 9 }));
    assert_eq!(record["response"]["coverage"], "scanned");
    assert_eq!(record["findings"].as_array().unwrap().len(), 2);
    assert!(!record.to_string().contains("S2740116C"));
}

#[test]
fn a_longer_answer_leaves_by_a_local_reply_with_the_upstreams_status_and_headers() {
    let mut peer = Peer::default();
    peer.chat();
    let head =
        [(":status", "201"), ("content-type", "application/json"), ("x-up", "1"), ("content-length", "400")];
    let headers = headers_of(&head);
    let (step, _) = peer
        .exchange
        .response_head(&ResponseHead { headers: &headers, route: "", is_local: false, end: false }, true);
    assert!(matches!(step, Step::Hold));
    let mut read = || Some(ANSWER.as_bytes().to_vec());
    let step = peer.exchange.response_body(Body { size: ANSWER.len(), read: &mut read, end: End::Yes });
    let Step::Reply(reply) = step else { panic!("{step:?}") };
    assert_eq!(reply.status, 201);
    let names: Vec<_> =
        reply.headers.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect();
    assert_eq!(names, ["content-type", "x-up"]);
}

#[test]
fn a_shorter_answer_replaces_the_body_in_place() {
    let mut peer = Peer::default();
    peer.chat();
    let long = format!("{}@example.com", "a".repeat(60));
    let body =
        json!({ "choices": [{ "message": { "content": format!("write to {long} please") } }] }).to_string();
    let headers = headers_of(&[(":status", "200"), ("content-type", "application/json")]);
    peer.exchange
        .response_head(&ResponseHead { headers: &headers, route: "", is_local: false, end: false }, true);
    let mut read = || Some(body.clone().into_bytes());
    let step = peer.exchange.response_body(Body { size: body.len(), read: &mut read, end: End::Yes });
    let Step::ReplaceWhole(bytes) = step else { panic!("{step:?}") };
    assert_eq!(String::from_utf8(bytes).unwrap(), body.replace(&long, "[REDACTED:pii.contact]"));
}

#[test]
fn answers_that_cannot_be_judged_are_refused() {
    let json = "application/json";
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);
    let table: &[Row<'_>] = &[
        (
            "secret",
            &[("content-type", json)],
            r#"{"choices":[{"message":{"content":"AKIAQ3EGRLPBX7N2TVWM "}}]}"#,
            "response_blocked",
        ),
        ("not JSON", &[("content-type", json)], "oops", "response_malformed"),
        ("gzip", &[("content-type", json), ("content-encoding", "gzip")], "\u{1f}", "response_encoded"),
        ("image", &[("content-type", "image/png")], "x", "unsupported_content"),
        ("no type", &[], "x", "unsupported_content"),
        (
            "announced length",
            &[("content-type", json), ("content-length", "99999999")],
            "{}",
            "response_too_large",
        ),
    ];
    for (name, headers, body, reason) in table {
        let mut peer = Peer::default();
        peer.chat();
        let mut head = vec![(":status", "200")];
        head.extend_from_slice(headers);
        let outcome = peer.response(&head, &[body.as_bytes()], End::Yes);
        assert_eq!(outcome.reason(), Some(*reason), "{name}: {outcome:?}");
        assert_eq!(peer.exchange.reason().map(Reason::code), Some(*reason), "{name}");
    }
}

#[test]
fn numbers_and_keys_and_choices_of_the_same_index_are_scanned() {
    for (name, body) in [
        ("a number for a text", r#"{"choices":[{"message":{"content":4111111111111111}}]}"#),
        ("a key", r#"{"choices":[{"message":{"content":"x","extra":{"4111 1111 1111 1111":1}}}]}"#),
        (
            "the same index twice",
            r#"{"choices":[{"index":0,"message":{"content":"x"}},{"index":0,"message":{"content":"4111 1111 1111 1111"}}]}"#,
        ),
    ] {
        let mut peer = Peer::default();
        peer.chat();
        let outcome = peer.answer("application/json", body);
        assert!(outcome.sent().contains("[REDACTED:financial]"), "{name}: {}", outcome.sent());
        let answer: Value = serde_json::from_str(outcome.sent()).unwrap();
        assert!(!answer.to_string().contains("4111"), "{name}");
    }
}

#[test]
fn two_keys_of_an_object_that_are_masked_alike_stay_two() {
    const M: &str = "[REDACTED:pii.contact]";
    for (name, extra, expected) in [
        ("one", r#"{"a@b.example":1,"b":2}"#, r#"{"M":1,"b":2}"#),
        ("three", r#"{"a@b.example":1,"b@b.example":2,"c@b.example":3}"#, r#"{"M":1,"M_2":2,"M_3":3}"#),
        ("beside text", r#"{"to a@b.example ok":1,"to b@b.example ok":2}"#, r#"{"to M ok":1,"to M ok_2":2}"#),
        ("the mask is there already", r#"{"a@b.example":1,"M":2}"#, r#"{"M_2":1,"M":2}"#),
        ("with its number, too", r#"{"M_2":0,"a@b.example":1,"M":2}"#, r#"{"M_2":0,"M_3":1,"M":2}"#),
        (
            "written with escapes",
            r#"{"a\u0040b.example":1,"b@b.example":2,"\u005bREDACTED:pii.contact]":3}"#,
            r#"{"M_2":1,"M_3":2,"\u005bREDACTED:pii.contact]":3}"#,
        ),
        (
            "two objects",
            r#"[{"a@b.example":1},{"b@b.example":{"c@b.example":2}}]"#,
            r#"[{"M":1},{"M":{"M":2}}]"#,
        ),
    ] {
        let (extra, expected) = (extra.replace('M', M), expected.replace('M', M));
        let body = |extra| format!(r#"{{"choices":[{{"message":{{"content":"x","extra":{extra}}}}}]}}"#);
        let mut peer = Peer::default();
        peer.chat();
        let outcome = peer.answer("application/json", &body(extra));
        assert_eq!(outcome.sent(), body(expected), "{name}");
    }
}

#[test]
fn an_answer_over_the_limit_is_refused() {
    let mut peer = Peer::new(gate(json!({ "limits": { "response_body": 100 } }), json!({})));
    peer.chat();
    let chunk = [b' '; 60];
    let outcome = peer.response(
        &[(":status", "200"), ("content-type", "application/json")],
        &[&chunk, &chunk],
        End::Yes,
    );
    assert_eq!(outcome.reason(), Some("response_too_large"));
}

#[test]
fn a_providers_error_is_scanned_and_keeps_its_status() {
    for (kind, body) in [
        ("application/json", r#"{"error":{"message":"no such user foo@example.com"}}"#),
        ("text/plain", "no such user foo@example.com"),
    ] {
        let mut peer = Peer::default();
        peer.chat();
        let outcome =
            peer.response(&[(":status", "429"), ("content-type", kind)], &[body.as_bytes()], End::Yes);
        let Outcome::Reply { status, body: sent, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(status, 429);
        assert_eq!(
            String::from_utf8(sent).unwrap(),
            body.replace("foo@example.com", "[REDACTED:pii.contact]")
        );
    }
}

#[test]
fn envoys_own_answers_and_answers_without_a_body_pass() {
    let mut peer = Peer::default();
    peer.chat();
    let headers = headers_of(&[(":status", "503"), ("content-type", "text/plain")]);
    let (step, _) = peer
        .exchange
        .response_head(&ResponseHead { headers: &headers, route: "", is_local: true, end: false }, true);
    assert!(matches!(step, Step::Pass));
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["response"]["coverage"], "local_reply");

    let mut peer = Peer::default();
    peer.chat();
    assert_eq!(peer.response(&[(":status", "204")], &[], End::Yes), Outcome::Sent(Vec::new()));
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["response"]["coverage"], "empty");
}

#[test]
fn where_heads_are_not_held_an_answer_is_kept_and_written_at_its_end() {
    let host = || gate(json!({}), json!({ "host": { "hold_headers": false } }));
    let head = [(":status", "200"), ("content-type", "application/json"), ("content-length", "300")];
    for chunks in [crate::chunking::fixed(ANSWER.as_bytes(), 50), vec![ANSWER.as_bytes()]] {
        let mut peer = Peer::new(host());
        peer.chat();
        let outcome = peer.response(&head, &chunks, End::Yes);
        assert!(matches!(&outcome, Outcome::Sent(_)));
        assert!(outcome.sent().contains("[REDACTED:financial]") && !outcome.sent().contains("4111"));
        assert!(peer.edits.contains(&Edit::Remove(b"content-length".to_vec())));
    }
    let mut peer = Peer::new(host());
    peer.chat();
    let blocked: &[u8] = br#"{"choices":[{"message":{"content":"AKIAQ3EGRLPBX7N2TVWM "}}]}"#;
    let outcome = peer.response(&head, &[blocked], End::Yes);
    assert_eq!(outcome, Outcome::Reset(Vec::new(), Reason::ResponseBlocked), "the status line has left");
}

#[test]
fn an_event_out_of_phase_is_a_refusal() {
    let mut peer = Peer::default();
    let outcome =
        peer.response(&[(":status", "200"), ("content-type", "application/json")], &[b"{}"], End::Yes);
    assert_eq!(outcome.reason(), Some("out_of_phase"));
}

#[test]
fn an_answer_that_came_by_another_route_than_the_judged_one_is_refused() {
    for (matched, passes) in [(json!({ "route": "*" }), false), (json!({ "path": "/v1/*" }), true)] {
        let mut peer = Peer::new(gate(json!({ "match": matched }), json!({})));
        peer.chat();
        let headers = headers_of(&[(":status", "200"), ("content-type", "application/json")]);
        let head = ResponseHead { headers: &headers, route: "other", is_local: false, end: false };
        let (step, _) = peer.exchange.response_head(&head, true);
        assert_eq!(matches!(step, Step::Hold), passes);
        assert_eq!(peer.exchange.reason().is_none(), passes);
    }
}

#[test]
fn a_guard_has_a_mask_of_its_own() {
    let guards = json!({ "standard": { "response": { "pii": "redact" }, "mask": "<{class}|{rule}|\"…\">" } });
    let mut peer = Peer::new(gate(json!({}), json!({ "guards": guards })));
    peer.chat();
    let body = json!({ "choices": [{ "message": { "content": "mail foo@example.com" } }] }).to_string();
    let answer: Value = serde_json::from_str(peer.answer("application/json", &body).sent()).unwrap();
    let content = &answer["choices"][0]["message"]["content"];
    assert_eq!(content, "mail <pii.contact|pii.contact.email|\"…\">");
}

#[test]
fn numbers_of_values_go_on_from_the_request_to_its_answer() {
    let guards = json!({ "standard": {
        "request": { "pii": "redact" }, "response": { "pii": "redact" }, "mask": "[{name}_{number}]",
    } });
    let gate = gate(json!({}), json!({ "guards": guards }));
    let ask = |text: &str| json!({ "model": "small-1", "messages": [{ "role": "user", "content": text }] });
    let asked = ask("from max@example.com to jane@example.com").to_string();
    let text = "I wrote to Jane@example.com, eve@example.com and max@example.com";
    let masked = "I wrote to [EMAIL_2], [EMAIL_3] and [EMAIL_1]";

    let mut peer = Peer::new(gate);
    assert_eq!(peer.chat_with(&asked).sent(), ask("from [EMAIL_1] to [EMAIL_2]").to_string());
    let answer = json!({ "choices": [{ "message": { "content": text } }] }).to_string();
    assert_eq!(peer.answer("application/json", &answer).sent(), answer.replace(text, masked));

    let delta = |part: &str| {
        let choice = json!({ "index": 0, "delta": { "content": part }, "logprobs": { "content": [{ "token": part }] } });
        format!("data: {}\n\n", json!({ "choices": [choice] }))
    };
    let deltas: String = text.split_inclusive(['.', '@']).map(delta).collect();
    for chunks in crate::chunking::every_way(format!("{deltas}data: [DONE]\n\n").as_bytes()) {
        peer.renew();
        peer.chat_with(&asked);
        let outcome = peer.response(&streams::HEAD, &chunks, End::Yes);
        let (mut said, mut tokens) = (String::new(), String::new());
        for data in outcome.sent().lines().filter_map(|line| line.strip_prefix("data: {")) {
            let event: Value = serde_json::from_str(&format!("{{{data}")).unwrap();
            said.push_str(event["choices"][0]["delta"]["content"].as_str().unwrap());
            tokens.push_str(event["choices"][0]["logprobs"]["content"][0]["token"].as_str().unwrap());
        }
        assert_eq!((said.as_str(), tokens.as_str()), (masked, masked));
    }
    peer.renew();
    assert_eq!(
        peer.chat_with(&ask("eve@example.com").to_string()).sent(),
        ask("[EMAIL_1]").to_string(),
        "another exchange"
    );
}
