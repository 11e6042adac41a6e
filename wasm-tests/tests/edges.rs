//! The filter among other filters, routes and clients that behave oddly.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use wasm_tests::client::{self, Call};
use wasm_tests::model::Script;
use wasm_tests::openai;
use wasm_tests::stage::{CARD, CARD_MASK, MAIL, MODEL, SECRET, Stage};
use wasm_tests::{Http, until};

const BOTH: [Http; 2] = [Http::One, Http::Two];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut child =
        Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    let mut input = child.stdin.take().expect("its input");
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("gzip ends");
    writer.join().expect("a thread").expect("written");
    output.stdout
}

fn filter(name: &str, config: Value) -> Value {
    json!({"name": name, "typed_config": config})
}

fn decompressor() -> Value {
    filter(
        "envoy.filters.http.decompressor",
        json!({
            "@type": "type.googleapis.com/envoy.extensions.filters.http.decompressor.v3.Decompressor",
            "decompressor_library": {"name": "gzip", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.compression.gzip.decompressor.v3.Gzip",
            }},
        }),
    )
}

/// Envoy's decompressor ends every answer with trailers that it adds, and Envoy does not show them to a filter that holds
/// the body (1.40): a whole answer then never ends. It stays back. The gate asks for plain answers, so that no
/// decompressor is needed behind it.
#[tokio::test]
async fn behind_a_decompressor_streams_are_read_and_whole_answers_stay_back() {
    let stage =
        Stage::with(|_| {}, |gate| gate.stream_idle_timeout(Duration::from_secs(1)).after(decompressor()))
            .await;
    let whole = openai::whole(&format!("Card {CARD}."));
    let stream = openai::stream_text(&["Card 4111 11", "11 1111 1111", ", fine."], Duration::ZERO);
    stage.model.script(
        "whole",
        Script::new(200).header("content-type", "application/json").encoded("gzip", gzip(&whole.bytes())),
    );
    stage.model.script(
        "stream",
        Script::new(200).header("content-type", "text/event-stream").encoded("gzip", gzip(&stream.bytes())),
    );
    for http in BOTH {
        let told = stage.ask(stage.chat_stream("Hi.").script("stream"), http).await;
        assert_eq!((told.status(), told.reason(), told.answer.cut.as_deref()), (200, "", None));
        assert_eq!(told.answer.content(0), format!("Card {CARD_MASK}, fine."));
        assert!(told.answer.text().ends_with("data: [DONE]\n\n"));
        let told = stage.ask(stage.chat("Hi.").script("whole"), http).await;
        assert_eq!((told.status(), &told.line["details"]), (504, &json!("stream_idle_timeout")));
        assert_eq!(told.record["response"]["coverage"], "not_read");
    }
}

#[tokio::test]
async fn behind_a_decompressor_compressed_requests_are_judged() {
    let stage = Stage::with(|_| {}, |gate| gate.before(decompressor())).await;
    let body = |model: &str, prompt: &str| {
        json!({"model": model, "messages": [{"role": "user", "content": prompt}]}).to_string()
    };
    let post = |body: String| {
        let call = Call::post("/v1/chat/completions")
            .header("content-type", "application/json")
            .header("content-encoding", "gzip");
        call.body(gzip(body.as_bytes())).bearer(&stage.token().sign())
    };
    for http in BOTH {
        let told = stage.ask(post(body("gpt-5", "Hi.")), http).await;
        assert_eq!((told.status(), told.reason()), (403, "model_denied"));
        assert!(told.received.is_none());
        let told = stage.ask(post(body(MODEL, SECRET)), http).await;
        assert_eq!((told.status(), told.reason()), (403, "request_blocked"));
        assert!(told.received.is_none());
        let told = stage.ask(post(body(MODEL, CARD)), http).await;
        assert_eq!(told.status(), 200);
        assert_eq!(told.received().json()["messages"][0]["content"], CARD_MASK);
    }
}

/// A head that was changed may meet another of Envoy's routes than the one that was judged, and Envoy tells a filter of the
/// new one only when the request has left: then nothing comes back, and the record says why.
#[tokio::test]
async fn what_a_changed_head_brought_by_another_route_does_not_come_back() {
    let with_cookie = json!({"prefix": "/", "headers": [{"name": "cookie", "present_match": true}]});
    let routes = json!([
        {"name": "open", "match": with_cookie, "route": {"cluster": "model"}},
        {"name": "closed", "match": {"prefix": "/"}, "route": {"cluster": "model"}},
    ]);
    let change = |config: &mut Value| {
        config["routes"] = json!([
            {"name": "open", "match": {"route": "open"}, "allow": [{"id": "all"}]},
            {"name": "closed", "match": {"route": "closed"}, "allow": [{"id": "few", "what": {"models": ["none"]}}]},
        ]);
    };
    let stage = Stage::with(change, |gate| gate.routes(routes)).await;
    for http in BOTH {
        let told = stage.ask(stage.chat("Hi."), http).await;
        assert_eq!(told.reason(), "model_denied");
        let told = stage.ask(stage.chat("Hi.").header("cookie", "a=1"), http).await;
        assert_eq!((told.status(), told.reason(), told.decision()), (502, "route_changed", "deny"));
    }
}

/// Heads are held by the configuration but not by Envoy: nothing passes.
#[tokio::test]
async fn a_host_that_does_not_hold_heads_as_promised_lets_nothing_pass() {
    let stage =
        Stage::with(|_| {}, |gate| gate.hold_headers(false).stream_idle_timeout(Duration::from_secs(1)))
            .await;
    for http in BOTH {
        let told = stage.ask(stage.chat("Hi."), http).await;
        assert_eq!(
            (told.status(), told.decision(), &told.line["details"]),
            (504, "deny", &json!("stream_idle_timeout"))
        );
        assert!(told.received.is_none());
    }
}

/// Heads are held by Envoy but the configuration does not count on it.
#[tokio::test]
async fn a_host_that_holds_heads_unasked_is_guarded_too() {
    let stage = Stage::with(|config| config["host"] = json!({"hold_headers": false}), |gate| gate).await;
    stage.model.script("card", openai::whole(&format!("{CARD}.")));
    for http in BOTH {
        let told = stage.ask(stage.chat("Hi.").script("card"), http).await;
        assert_eq!((told.status(), told.answer.content(0)), (200, format!("{CARD_MASK}.")));
        let told = stage.ask(Call::chat("gpt-5", "Hi.").bearer(&stage.token().sign()), http).await;
        assert_eq!(told.reason(), "model_denied");
    }
}

/// An upstream that answers before it has the request.
#[tokio::test]
async fn an_answer_that_comes_too_early_is_no_way_around() {
    let change = |config: &mut Value| config["host"] = json!({"hold_headers": false});
    let stage = Stage::with(change, |gate| gate.hold_headers(false)).await;
    stage.model.script("early", openai::whole(&format!("{SECRET} and {CARD}.")).early());
    stage
        .model
        .script("early-stream", openai::stream_text(&[SECRET, " and ", CARD, "."], Duration::ZERO).early());
    for script in ["early", "early-stream"] {
        for http in BOTH {
            for model in [MODEL, "gpt-5"] {
                let call =
                    Call::chat(model, &"long ".repeat(1000)).bearer(&stage.token().sign()).script(script);
                let (call, tag) = stage.tag(call.recut(500, Duration::from_millis(10)));
                let answer = call.send(stage.envoy.addr, http).await;
                if let Ok(answer) = &answer {
                    assert!(
                        !answer.text().contains("4111") && !answer.text().contains("AKIA"),
                        "{}",
                        answer.text()
                    );
                }
                let line = stage.line(&tag).await;
                assert_eq!(
                    (&line["details"], &line["record"]["reason"]),
                    (&json!("out_of_phase"), &json!("out_of_phase")),
                    "{script}"
                );
            }
        }
    }
    assert!(stage.envoy.alive());
    assert_eq!(stage.ask(stage.chat("Hi."), Http::One).await.status(), 200);
}

/// The answer to a long upload that is refused by its head arrives all the same.
#[tokio::test]
async fn a_refusal_reaches_a_client_that_is_still_sending() {
    let stage = Stage::start().await;
    for http in BOTH {
        for _ in 0..5 {
            let call = Call::chat(MODEL, &"long ".repeat(100_000)).recut(50_000, Duration::from_millis(1));
            let told = stage.ask(call, http).await;
            assert_eq!((told.status(), told.reason()), (401, "token_missing"));
        }
    }
}

/// Envoy's buffer takes the request but not what it becomes.
#[tokio::test]
async fn a_request_that_grows_beyond_envoys_buffer_is_refused_and_envoy_lives() {
    for held in [true, false] {
        let change = |config: &mut Value| config["host"] = json!({"hold_headers": held});
        let stage = Stage::with(change, |gate| gate.hold_headers(held).buffer_limit(16 << 10)).await;
        for http in BOTH {
            for count in [10, 700, 780, 805, 815, 5000] {
                let call = stage.chat(&format!("{CARD} ").repeat(count));
                let (call, tag) = stage.tag(call);
                let answer = call.send(stage.envoy.addr, http).await;
                let line = stage.line(&tag).await;
                assert!(stage.envoy.alive(), "{count} cards killed Envoy");
                match stage.received(&tag).filter(|it| it.body_ending.is_complete()) {
                    Some(received) => assert!(!received.text().contains("4111")),
                    None => assert_eq!(
                        (answer.map(|it| it.status).ok(), &line["details"]),
                        (Some(413), &json!("request_payload_too_large"))
                    ),
                }
            }
        }
        assert_eq!(stage.ask(stage.chat("Hi."), Http::One).await.status(), 200);
    }
}

#[tokio::test]
async fn what_the_record_counts_is_what_was_sent() {
    let stage = Stage::start().await;
    stage.model.script("blocked", openai::whole(&format!("It is {SECRET}.")));
    stage.model.script("grown", openai::whole(&format!("It is {CARD}.")).header("x-odd", b"\xff\xfe"));
    stage.model.script("shrunk", openai::whole(&format!("It is {MAIL}.")));
    stage.model.script("cut", openai::stream_text(&["It is ", SECRET, "."], Duration::ZERO));
    stage.model.script("masked", openai::stream_text(&["It is ", CARD, "."], Duration::ZERO));
    stage
        .model
        .script("gzip", Script::new(200).header("content-type", "application/json").encoded("gzip", "xx"));
    for script in ["blocked", "grown", "shrunk", "cut", "masked", "gzip"] {
        for http in BOTH {
            let told = stage.ask(stage.chat("Hi.").script(script), http).await;
            let sent = told.answer.body().len();
            assert_eq!(told.record["response"]["bytes"], sent, "{script}");
            assert_eq!(told.record["response"]["status"], told.status(), "{script}");
            assert_eq!(told.record["request_id"], told.received().header("x-request-id")[0], "{script}");
            if script == "grown" {
                assert_eq!(told.answer.headers["x-odd"].as_bytes(), b"\xff\xfe");
            }
        }
    }
    let told = stage.ask(Call::chat(MODEL, "Hi."), Http::One).await;
    assert_eq!(told.record["response"]["bytes"], told.answer.body().len());
}

/// Two requests in one packet; one with `expect`; one of HTTP/1.0.
#[tokio::test]
async fn http1_as_old_clients_write_it() {
    let stage = Stage::start().await;
    let token = stage.token().sign();
    let body = json!({"model": MODEL, "messages": []}).to_string();
    let request = |token: &str, more: &str| {
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n{more}content-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let both = request(&token, "") + &request("none", "") + &request(&token, "");
    let answer =
        client::raw(stage.envoy.addr, both.as_bytes(), Duration::from_millis(500)).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let statuses: Vec<&str> =
        answer.match_indices("HTTP/1.1 ").filter_map(|(at, _)| answer.get(at + 9..at + 12)).collect();
    // Envoy closes a connection whose request it did not read to its end.
    assert_eq!(statuses, ["200", "401"], "{answer}");
    let answer = client::raw(
        stage.envoy.addr,
        request(&token, "expect: 100-continue\r\n").as_bytes(),
        Duration::from_millis(500),
    )
    .await
    .expect("an answer");
    assert!(String::from_utf8_lossy(&answer).contains("HTTP/1.1 200"));
    assert!(until(async || (stage.envoy.access_log().len() >= 3).then_some(())).await.is_some());
}
