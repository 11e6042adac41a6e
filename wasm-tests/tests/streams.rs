//! Streamed answers: any cut of the bytes gives the same result, what is clean does not wait, what is blocked ends as an
//! SDK expects.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wasm_tests::Http;
use wasm_tests::body::End;
use wasm_tests::client::Connection;
use wasm_tests::model::Script;
use wasm_tests::openai::{self, Delta};
use wasm_tests::stage::{CARD, CARD_MASK, MAIL, MAIL_MASK, SECRET, Stage, Told};

static STAGE: OnceCell<Stage> = OnceCell::const_new();

async fn stage() -> &'static Stage {
    STAGE.get_or_init(Stage::start).await
}

const BOTH: [Http; 2] = [Http::One, Http::Two];
const AT_ONCE: Duration = Duration::ZERO;

/// Makes a script one that a call can name.
fn named(stage: &Stage, script: &Script) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("stream-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    stage.model.script(&name, script.clone());
    name
}

async fn told(stage: &Stage, script: &Script, http: Http) -> Told {
    stage.ask(stage.chat_stream("Hi.").script(&named(stage, script)), http).await
}

fn masked(script: &Script) -> String {
    let text = String::from_utf8(script.bytes()).expect("text");
    text.replace(CARD, CARD_MASK).replace(MAIL, MAIL_MASK)
}

/// A stream of these bytes.
fn events(bytes: impl Into<Bytes>) -> Script {
    Script::new(200).header("content-type", "text/event-stream").piece(bytes).chunked()
}

/// The last event with a choice, and what comes behind it.
fn ending(told: &Told) -> (Value, Value) {
    let mut events = told.answer.events();
    let last = events.pop().unwrap_or_default();
    (events.pop().unwrap_or_default(), last)
}

fn assert_ended_as_a_refusal(told: &Told, reason: &str) {
    let (event, done) = ending(told);
    let choice = &event["choices"][0];
    assert_eq!(choice["finish_reason"], "content_filter", "{}", told.answer.text());
    assert!(choice["delta"]["refusal"].as_str().is_some_and(|text| text.contains(reason)));
    assert_eq!(done, "[DONE]");
    assert_eq!((told.decision(), told.reason()), ("cut", reason));
    assert_eq!(told.record["response"]["coverage"], "partial");
}

#[tokio::test]
async fn a_clean_stream_passes_byte_for_byte() {
    let stage = stage().await;
    let plain = openai::stream_text(
        &["Hello", ", \u{2615} \u{1f600} caf\u{e9} ", "4111", " and 12 more. ", "Bye\n\"quoted\""],
        AT_ONCE,
    );
    let crlf = String::from_utf8(plain.bytes()).expect("text").replace('\n', "\r\n");
    let odd = format!(
        ": a comment\n\nevent: message\nid: 7\nretry: 10\n{}",
        String::from_utf8_lossy(&plain.bytes())
    );
    let tools = [
        Delta::content("Let me write. "),
        Delta::tool(0, "call_1", "mail.send"),
        Delta::arguments(0, "{\"to\":"),
        Delta::arguments(0, "\"bob\"}"),
        Delta::content("uno").choice(1),
    ];
    let rows = [
        ("plain", plain.clone()),
        ("CRLF", events(crlf)),
        ("comments", events(odd)),
        ("tools and choices", openai::stream(&tools, AT_ONCE)),
        ("with a length", Script::new(200).header("content-type", "text/event-stream").piece(plain.bytes())),
        ("no [DONE]", openai::stream_cut(&[Delta::content("Hello. ")], AT_ONCE)),
        ("trailers", openai::stream_text(&["Hello"], AT_ONCE).trailer("x-sum", "1")),
        ("empty", events("")),
    ];
    for (name, script) in rows {
        for http in BOTH {
            for script in
                [script.clone(), script.clone().recut(1, AT_ONCE), script.clone().recut(50, AT_ONCE)]
            {
                let told = told(stage, &script, http).await;
                assert_eq!((told.status(), told.decision(), told.reason()), (200, "allow", ""), "{name}");
                assert_eq!(told.answer.text(), String::from_utf8_lossy(&script.bytes()), "{name}");
                assert_eq!(told.answer.cut, None, "{name}");
                assert_eq!(told.record["response"]["bytes"], script.bytes().len(), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_finding_split_at_any_byte_is_masked_the_same() {
    let stage = stage().await;
    let script = openai::stream(
        &[Delta::content(&format!("caf\u{e9} \u{1f600} {CARD}, {MAIL}.")), Delta::content(" Bye.")],
        AT_ONCE,
    );
    let (bytes, expected) = (script.bytes(), masked(&script));
    assert!(expected.contains(CARD_MASK) && expected.contains(MAIL_MASK));
    let pause = Duration::from_millis(1);
    for crlf in [false, true] {
        let line_ends = |text: &str| {
            if crlf { text.replace('\n', "\r\n") } else { text.to_owned() }
        };
        let bytes = Bytes::from(line_ends(&String::from_utf8_lossy(&bytes)));
        let expected = line_ends(&expected);
        let mut connection = Connection::open(stage.envoy.addr, Http::Two).await.expect("a connection");
        for split in 1..bytes.len() {
            let script = Script::new(200).header("content-type", "text/event-stream");
            let script = script.piece(bytes.slice(..split)).piece_after(pause, bytes.slice(split..));
            stage.model.script(&format!("split-{crlf}"), script);
            let call = stage.chat_stream("Hi.").script(&format!("split-{crlf}"));
            let answer = connection.call(call).await.expect("an answer");
            assert_eq!(answer.text(), expected, "split at {split}");
        }
    }
}

#[tokio::test]
async fn a_finding_over_many_deltas_is_masked_once() {
    let stage = stage().await;
    let letters =
        |text: &str| -> Vec<Delta> { text.chars().map(|c| Delta::content(&c.to_string())).collect() };
    let text = format!("The card is {CARD}, ask {MAIL} about it.");
    let expected = format!("The card is {CARD_MASK}, ask {MAIL_MASK} about it.");
    let mut choices: Vec<Delta> = Vec::new();
    for (first, second) in letters(&text).into_iter().zip(letters(&text).into_iter().map(|it| it.choice(1))) {
        choices.extend([first, second]);
    }
    for script in [openai::stream(&letters(&text), AT_ONCE), openai::stream(&choices, AT_ONCE)] {
        for http in BOTH {
            for script in [script.clone(), script.clone().recut(7, AT_ONCE)] {
                let told = told(stage, &script, http).await;
                assert_eq!(told.answer.content(0), expected);
                assert!([String::new(), expected.clone()].contains(&told.answer.content(1)));
                assert_eq!(told.answer.events().last(), Some(&json!("[DONE]")));
                assert_eq!(
                    told.answer.events().len(),
                    String::from_utf8_lossy(&script.bytes()).matches("data:").count()
                );
                assert_eq!(
                    (told.decision(), &told.record["response"]["coverage"]),
                    ("allow", &json!("scanned"))
                );
            }
        }
    }
}

/// Compares the order of arrival: the model says no more until the test has seen what it said.
#[tokio::test]
async fn what_is_clean_does_not_wait_for_what_is_not_decided() {
    let stage = stage().await;
    let begun = openai::stream_cut(
        &[Delta::content("Hello there, dear reader. The card is "), Delta::content("4111 1111 1")],
        AT_ONCE,
    );
    for http in BOTH {
        let script = begun.clone().end(End::Silence);
        let (call, tag) = stage.tag(stage.chat_stream("Hi.").script(&named(stage, &script)));
        let mut open = call.open(stage.envoy.addr, http).await.expect("a head");
        let mut seen = String::new();
        while !seen.contains("Hello there, dear reader.") {
            let chunk = open.chunk().await.unwrap_or_else(|| panic!("only this came: {seen}"));
            seen.push_str(&String::from_utf8_lossy(&chunk.bytes));
        }
        assert!(!seen.contains("4111"), "{seen}");
        // The client goes in the middle: the record is written all the same, and the model is let go.
        open.abort();
        let line = stage.line(&tag).await;
        assert_eq!(
            (&line["record"]["decision"], &line["record"]["response"]["coverage"]),
            (&json!("allow"), &json!("partial"))
        );
        assert_eq!(stage.collected(&line).await, line["record_text"]);
        let gone =
            wasm_tests::until(async || stage.received(&tag).filter(|it| it.answer_ending.is_cut())).await;
        assert!(gone.is_some(), "the model still speaks");
    }
}

#[tokio::test]
async fn a_secret_ends_the_stream_as_a_refusal() {
    let stage = stage().await;
    let (first, second) = SECRET.split_at(9);
    let rows = [
        (
            "content",
            vec![
                Delta::content("Sure, it is "),
                Delta::content(first),
                Delta::content(second),
                Delta::content(" so."),
            ],
        ),
        (
            "tool arguments",
            vec![
                Delta::content("Sure, "),
                Delta::tool(0, "call_1", "mail.send"),
                Delta::arguments(0, "{\"text\":\"key "),
                Delta::arguments(0, first),
                Delta::arguments(0, &format!("{second} \"}}")),
            ],
        ),
        (
            "reasoning",
            vec![
                Delta::content("Sure, "),
                Delta::reasoning(first),
                Delta::reasoning(second),
                Delta::reasoning(" so."),
            ],
        ),
    ];
    for (name, deltas) in rows {
        for http in BOTH {
            let script = openai::stream(&deltas, AT_ONCE);
            for script in [script.clone(), script.recut(1, AT_ONCE)] {
                let told = told(stage, &script, http).await;
                assert_eq!((told.status(), told.answer.cut.as_deref()), (200, None), "{name}");
                assert_ended_as_a_refusal(&told, "response_blocked");
                assert!(told.answer.content(0).starts_with("Sure, "), "{name}");
                let text = told.answer.text();
                assert!(
                    !text.contains("AKIA") && !text.contains(second) && !text.contains("{\\\"text"),
                    "{name}: {text}"
                );
                assert!(
                    told.record["findings"]
                        .as_array()
                        .is_some_and(|it| it.iter().any(|it| it["action"] == "block")),
                    "{name}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_blocked_stream_that_goes_on_is_reset_at_last() {
    let stage = stage().await;
    let begun = openai::stream_cut(&[Delta::content(&format!("It is {SECRET} so."))], AT_ONCE);
    let more =
        format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": "x".repeat(9000)}}]}));
    let script = begun.end(End::Again(Duration::from_millis(2), more.into()));
    for http in BOTH {
        let (call, tag) = stage.tag(stage.chat_stream("Hi.").script(&named(stage, &script)));
        let answer = call.send(stage.envoy.addr, http).await.expect("a head");
        assert!(answer.cut.is_some() && answer.text().ends_with("data: [DONE]\n\n"), "{:?}", answer.cut);
        assert!(!answer.text().contains("xxx"));
        let line = stage.line(&tag).await;
        assert_eq!(
            (&line["record"]["decision"], &line["details"]),
            (&json!("cut"), &json!("response_blocked"))
        );
        let gone =
            wasm_tests::until(async || stage.received(&tag).filter(|it| it.answer_ending.is_cut())).await;
        assert!(gone.is_some(), "the model still speaks");
    }
}

#[tokio::test]
async fn what_cannot_be_held_any_longer_ends_the_stream() {
    let stage = stage().await;
    let arguments = format!("{{\"text\":\"{}\"}}", "and so on ".repeat(400));
    let pieces: Vec<Delta> =
        arguments.as_bytes().chunks(40).map(|it| Delta::arguments(0, &String::from_utf8_lossy(it))).collect();
    let deltas = [vec![Delta::content("Sure, "), Delta::tool(0, "call_1", "mail.send")], pieces].concat();
    let held = openai::stream(&deltas, AT_ONCE);
    let endless_line = events(format!("data: {{\"choices\":[],\"x\":\"{}", "y".repeat(5000)));
    for script in [held, endless_line] {
        let call = stage.chat_stream("Hi.").path("/small/v1/chat/completions").script(&named(stage, &script));
        let told = stage.ask(call, Http::Two).await;
        assert_ended_as_a_refusal(&told, "hold_limit");
        let text = told.answer.text();
        assert!(!text.contains("tool_calls") && !text.contains("yyy"), "a call that is not complete: {text}");
    }
}

#[tokio::test]
async fn events_that_cannot_be_read_end_the_stream() {
    let stage = stage().await;
    let rows = [
        ("torn JSON", vec![Delta::content("Hello. "), Delta::data("{\"choices\":[")]),
        ("no JSON", vec![Delta::content("Hello. "), Delta::data("what is this?")]),
        (
            "after the end",
            vec![Delta::content("Hello. "), Delta::data("[DONE]"), Delta::content("one more thing")],
        ),
    ];
    for (name, deltas) in rows {
        let told = told(stage, &openai::stream_cut(&deltas, AT_ONCE), Http::Two).await;
        assert_eq!((told.decision(), told.reason()), ("cut", "response_malformed"), "{name}");
        assert!(told.answer.text().ends_with("data: [DONE]\n\n"), "{name}");
        assert!(!told.answer.text().contains("one more"), "{name}");
    }
}

#[tokio::test]
async fn a_stream_that_ends_in_the_middle() {
    let stage = stage().await;
    let begun =
        openai::stream_cut(&[Delta::content("Hello there. "), Delta::content("4111 1111 1")], AT_ONCE);
    let torn = begun.clone().piece("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"111 1111");
    for http in BOTH {
        // It is cut: so is the client's, without what was not decided.
        for script in [begun.clone().end(End::Cut), torn.clone().end(End::Cut)] {
            let told = told(stage, &script, http).await;
            assert!(told.answer.cut.is_some());
            assert!(
                told.answer.content(0).starts_with("Hello there") && !told.answer.text().contains("4111")
            );
            assert_eq!(told.record["response"]["coverage"], "partial");
        }
        // It ends: what was held is decided then. A torn event is no event.
        let told = told(stage, &begun, http).await;
        assert_eq!(
            (told.answer.content(0).as_str(), told.answer.cut.as_deref()),
            ("Hello there. 4111 1111 1", None)
        );
        let told = self::told(stage, &torn, http).await;
        assert_eq!((told.decision(), told.answer.cut.as_deref()), ("allow", None));
        assert_eq!(told.answer.content(0), "Hello there. 4111 1111 1");
    }
}

/// Bytes that are held when trailers come cannot be written any more.
#[tokio::test]
async fn trailers_deliver_nothing_that_was_held_and_hide_nothing() {
    let stage = stage().await;
    let clean = openai::stream_text(&["Hello", " there."], AT_ONCE).trailer("x-sum", "1");
    let held = openai::stream_cut(&[Delta::content("Hello there. "), Delta::content("4111 1111 1")], AT_ONCE)
        .trailer("x-sum", "1");
    let torn = openai::stream_cut(&[Delta::content("Hello there. ")], AT_ONCE)
        .piece("data: {\"torn")
        .trailer("x-sum", "1");
    for http in BOTH {
        let told = told(stage, &clean, http).await;
        assert_eq!((told.answer.body(), told.answer.cut.as_deref()), (clean.bytes(), None));
        assert_eq!(told.record["response"]["coverage"], "scanned");

        let told = self::told(stage, &held, http).await;
        assert!(told.answer.cut.is_some(), "an answer that is shorter must not look whole");
        assert!(!told.answer.text().contains("4111"));
        assert_eq!((told.decision(), told.reason()), ("cut", "response_trailers"));
        assert_eq!(told.line["details"], "response_trailers");
        assert_eq!(told.record["response"]["coverage"], "partial");

        let told = self::told(stage, &torn, http).await;
        assert_eq!((told.answer.content(0).as_str(), told.answer.cut.as_deref()), ("Hello there. ", None));
        assert!(!told.answer.text().contains("torn"), "a torn event is no event");
    }
    assert_eq!(self::told(stage, &clean, Http::One).await.status(), 200);
}

#[tokio::test]
async fn streams_are_guarded_where_heads_are_not_held() {
    let change = |config: &mut Value| config["host"] = json!({"hold_headers": false});
    let stage = Stage::with(change, |gate| gate.hold_headers(false).buffer_limit(32 << 10)).await;
    for http in BOTH {
        let script = openai::stream_text(&["The card is 4111 11", "11 1111 1111", ", fine."], AT_ONCE);
        let told = told(&stage, &script, http).await;
        assert_eq!(told.answer.content(0), format!("The card is {CARD_MASK}, fine."));
        let told = self::told(&stage, &openai::stream_text(&["It is ", SECRET, " so."], AT_ONCE), http).await;
        assert_ended_as_a_refusal(&told, "response_blocked");
        // Longer than Envoy's buffer, and growing.
        let script = openai::stream_text(&vec!["4111 1111 1111 1111, "; 5000], AT_ONCE);
        let told = self::told(&stage, &script, http).await;
        assert_eq!(told.answer.text(), masked(&script));
        assert!(stage.envoy.alive());
    }
}

/// A client that does not read, and an upstream that does not wait: the stream is not kept in memory.
#[tokio::test]
async fn a_slow_client_slows_the_model_down() {
    let stage = stage().await;
    let event = format!(
        "data: {}\n\n",
        json!({"choices": [{"index": 0, "delta": {"content": "word ".repeat(2000)}}]})
    );
    let total = 400;
    let mut script = Script::new(200).header("content-type", "text/event-stream");
    for _ in 0..total {
        script = script.piece(event.clone());
    }
    let script = script.piece("data: [DONE]\n\n");
    let (call, tag) = stage.tag(stage.chat_stream("Hi.").script(&named(stage, &script)).lazy());
    let mut open = call.open(stage.envoy.addr, Http::One).await.expect("a head");
    assert!(open.chunk().await.is_some());
    let answer = open.rest().await;
    assert_eq!((answer.body().len(), answer.cut.as_deref()), (script.bytes().len(), None));
    assert_eq!(stage.line(&tag).await["record"]["response"]["coverage"], "scanned");
}
