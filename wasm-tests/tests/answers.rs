//! Whole answers: what is masked, stopped or left alone, whoever wrote them: the model, a provider that refuses, Envoy.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wasm_tests::Http;
use wasm_tests::body::End;
use wasm_tests::client::Call;
use wasm_tests::model::Script;
use wasm_tests::openai;
use wasm_tests::stage::{CARD, CARD_MASK, MAIL, MAIL_MASK, SECRET, Stage, Told};

static STAGE: OnceCell<Stage> = OnceCell::const_new();

async fn stage() -> &'static Stage {
    STAGE.get_or_init(Stage::start).await
}

const BOTH: [Http; 2] = [Http::One, Http::Two];

/// Asks for the answer of a script, over either protocol.
async fn told(stage: &Stage, script: &Script, http: Http) -> Told {
    static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let name = format!("answer-{}", COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    stage.model.script(&name, script.clone());
    stage.ask(stage.chat("Hi.").script(&name), http).await
}

fn masked(script: &Script) -> String {
    let text = String::from_utf8(script.bytes()).expect("text");
    text.replace(CARD, CARD_MASK).replace(MAIL, MAIL_MASK)
}

fn failed_machines(stats: &std::collections::BTreeMap<String, u64>) -> Vec<String> {
    let failed = stats
        .iter()
        .filter(|(name, value)| name.starts_with("wasm.") && name.contains("fail") && **value > 0);
    failed.map(|(name, value)| format!("{name}: {value}")).collect()
}

#[tokio::test]
async fn a_clean_answer_passes_byte_for_byte() {
    let stage = stage().await;
    let plain = openai::whole("Fine, \u{e9}\u{2615}, thanks. \"Quoted\"");
    let odd = Script::new(200)
        .header("content-type", "application/json; charset=utf-8")
        .piece(" {\"choices\" : [ ]\n, \"x\":1e400} ");
    for script in [plain.clone(), plain.clone().recut(3, Duration::ZERO), plain.trailer("x-sum", "1"), odd] {
        for http in BOTH {
            let told = told(stage, &script, http).await;
            assert_eq!((told.status(), told.decision()), (200, "allow"));
            assert_eq!(told.answer.body(), script.bytes());
            assert_eq!(
                told.record["response"],
                json!({"status": 200, "bytes": script.bytes().len(), "coverage": "scanned"})
            );
        }
    }
}

#[tokio::test]
async fn a_finding_is_masked_in_place_or_by_a_reply_and_nothing_else_changes() {
    let stage = stage().await;
    let rows = [
        ("shorter", format!("Write to {MAIL} please."), "via_upstream"),
        ("longer", format!("The card is {CARD}, twice: {CARD}."), "portcullis_redacted"),
    ];
    for (name, content, details) in rows {
        let script = openai::whole(&content)
            .status(201)
            .header("x-up", "one")
            .header("x-up", "two")
            .header("date", "today");
        for script in [
            script.clone(),
            script.clone().chunked(),
            script.clone().recut(10, Duration::ZERO),
            script.trailer("x-sum", "1"),
        ] {
            for http in BOTH {
                let told = told(stage, &script, http).await;
                assert_eq!((told.status(), told.decision()), (201, "allow"), "{name}");
                assert_eq!(told.answer.text(), masked(&script), "{name}");
                assert_eq!(told.answer.cut, None, "{name}");
                let values: Vec<_> = told.answer.headers.get_all("x-up").iter().collect();
                assert_eq!(values, ["one", "two"], "{name}");
                assert_eq!(told.answer.header("content-type"), "application/json", "{name}");
                let length = told.answer.header("content-length");
                assert!(
                    length.is_empty() || length == told.answer.body().len().to_string(),
                    "{name}: {length}"
                );
                assert_eq!(told.line["details"], details, "{name}");
                assert_eq!(
                    told.record["upstream"],
                    json!({"status": 201, "bytes": script.bytes().len()}),
                    "{name}"
                );
                assert_eq!(told.record["response"]["bytes"], told.answer.body().len(), "{name}");
                assert_eq!(told.record["findings"][0]["action"], "redact", "{name}");
                assert!(!told.record.to_string().contains("4111"), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_secret_stops_the_answer() {
    let stage = stage().await;
    for script in [
        openai::whole(&format!("Use {SECRET} then.")),
        openai::whole(&format!("Use {SECRET} then.")).recut(9, Duration::ZERO),
    ] {
        for http in BOTH {
            let told = told(stage, &script, http).await;
            assert_eq!((told.status(), told.decision(), told.reason()), (403, "deny", "response_blocked"));
            assert_eq!(told.answer.json()["error"]["code"], "response_blocked");
            assert_eq!(told.line["details"], "response_blocked");
            assert_eq!(told.record["findings"][0]["action"], "block");
            assert_eq!(told.record["upstream"]["status"], 200);
            assert_eq!(told.answer.header("x-portcullis-reason"), "response_blocked");
        }
    }
}

#[tokio::test]
async fn a_providers_refusal_arrives_with_its_headers() {
    let stage = stage().await;
    let error = json!({"error": {"message": format!("slow down, {MAIL}"), "type": "rate_limit", "code": "rate_limit_exceeded"}});
    let script = Script::new(429)
        .header("content-type", "application/json")
        .header("retry-after", "7")
        .piece(error.to_string());
    for http in BOTH {
        let told = told(stage, &script, http).await;
        assert_eq!((told.status(), told.decision()), (429, "allow"), "{}", told.reason());
        assert_eq!(told.answer.text(), masked(&script));
        assert_eq!(told.answer.header("retry-after"), "7");
        assert_eq!(told.record["upstream"]["status"], 429);
    }
}

#[tokio::test]
async fn answers_without_a_body() {
    let stage = stage().await;
    stage.model.script(
        "head",
        Script::new(200).header("content-length", "7").header("content-type", "application/json"),
    );
    for path in ["/lenient/v1/files", "/healthz"] {
        for http in BOTH {
            let call = Call::new("HEAD", path).bearer(&stage.token().sign()).script("head");
            let told = stage.ask(call, http).await;
            assert_eq!((told.status(), told.answer.header("content-length").as_str()), (200, "7"), "{path}");
        }
    }
    let empty = Script::new(200).header("content-type", "application/json").piece("").chunked();
    let told = told(stage, &empty, Http::Two).await;
    assert_eq!((told.status(), told.answer.body()), (200, Vec::new()));
}

#[tokio::test]
async fn envoys_own_answers_pass_and_are_recorded_as_such() {
    let to = |cluster: &str, timeout: &str| json!({"cluster": cluster, "timeout": timeout});
    let routes = json!([
        {"name": "empty", "match": {"prefix": "/v1/empty/"}, "route": to("empty", "1s")},
        {"name": "slow", "match": {"prefix": "/v1/slow/"}, "route": to("model", "0.3s")},
        {"name": "direct", "match": {"prefix": "/v1/direct/"}, "direct_response": {"status": 200, "body": {"inline_string": CARD}}},
        {"name": "openai", "match": {"prefix": "/v1/chat"}, "route": to("model", "5s")},
    ]);
    let stage = Stage::with(|_| {}, |gate| gate.routes(routes).empty_cluster("empty")).await;
    stage.model.script("silence", Script::Silence);
    let rows = [
        ("/v1/empty/chat/completions", 503, "no_healthy_upstream"),
        ("/v1/slow/chat/completions", 504, "response_timeout"),
        ("/v1/direct/chat/completions", 200, "direct_response"),
        ("/v1/lost/chat/completions", 404, "route_not_found"),
    ];
    for (path, status, details) in rows {
        for http in BOTH {
            let told = stage.ask(stage.chat("Hi.").path(path).script("silence"), http).await;
            assert_eq!((told.status(), &told.line["details"]), (status, &json!(details)), "{path}");
            assert_eq!(told.record["response"]["coverage"], "local_reply", "{path}");
            assert_eq!((told.decision(), told.reason()), ("allow", ""), "{path}");
            assert_eq!(told.record["response"]["status"], status, "{path}");
            if status == 200 {
                assert_eq!(told.answer.text(), CARD, "what Envoy itself says is no model's text");
            }
        }
    }
    // A stream that has begun and says nothing more.
    let script = openai::stream_cut(&[openai::Delta::content("Hello.")], Duration::ZERO).end(End::Silence);
    stage.model.script("stuck", script);
    for http in BOTH {
        let told =
            stage.ask(stage.chat_stream("Hi.").path("/v1/slow/chat/completions").script("stuck"), http).await;
        assert!(told.answer.cut.is_some());
        assert_eq!(
            (&told.record["response"]["coverage"], &told.line["code"]),
            (&json!("partial"), &json!(200))
        );
    }
}

/// Growing a buffered answer past the listener's limit kills Envoy: it must never come to that.
#[tokio::test]
async fn a_small_buffer_in_envoy_stops_answers_and_never_envoy() {
    let stage = Stage::with(|_| {}, |gate| gate.buffer_limit(32 << 10)).await;
    let many = |count: usize| openai::whole(&format!("{} ", CARD).repeat(count));
    for http in BOTH {
        for count in [1, 500, 1000, 1500, 1600] {
            for script in [many(count), many(count).recut(1000, Duration::ZERO)] {
                let told = told(&stage, &script, http).await;
                assert!(stage.envoy.alive(), "{count} cards killed Envoy");
                let whole = told.status() == 200 && told.answer.text() == masked(&script);
                let refused = told.status() == 500 && told.line["details"] == "response_payload_too_large";
                assert!(whole || refused, "{count}: {} {} {:?}", told.status(), told.line, told.answer.cut);
                assert!(whole || script.bytes().len() + 600 > 32 << 10, "{count}");
            }
        }
        // Over the limit without a finding, and with a result that is shorter.
        for script in [
            openai::whole(&"x".repeat(70_000)),
            openai::whole(&format!("{MAIL} ").repeat(1500)).recut(2000, Duration::ZERO),
        ] {
            let told = told(&stage, &script, http).await;
            assert!(stage.envoy.alive());
            println!("{} bytes: {} {}", script.bytes().len(), told.status(), told.line["details"]);
            assert!(told.status() == 500 || told.answer.text() == masked(&script));
        }
        let script = openai::whole(&format!("{MAIL} ").repeat(600));
        assert_eq!(told(&stage, &script, http).await.answer.text(), masked(&script));
    }
    assert_eq!(failed_machines(&stage.envoy.stats().await), Vec::<String>::new());
}

/// Where heads are not held, an answer has begun before it is judged.
#[tokio::test]
async fn without_held_heads_an_answer_grows_beyond_the_buffer_and_envoy_lives() {
    let change = |config: &mut Value| config["host"] = json!({"hold_headers": false});
    for limit in [32 << 10, 1 << 20] {
        let stage = Stage::with(change, |gate| gate.hold_headers(false).buffer_limit(limit)).await;
        for http in BOTH {
            for count in [1, 500, 1000, 1500, 1600, 5000, 50_000] {
                let script = openai::whole(&format!("{} ", CARD).repeat(count));
                for script in [script.clone(), script.recut(10_000, Duration::ZERO)] {
                    let told = told(&stage, &script, http).await;
                    assert!(stage.envoy.alive(), "{count} cards killed Envoy");
                    assert_eq!(
                        (told.status(), told.answer.text() == masked(&script)),
                        (200, true),
                        "{count}: {}",
                        told.line
                    );
                    assert_eq!((told.answer.cut.as_deref(), told.decision()), (None, "allow"), "{count}");
                }
            }
            let script = openai::whole(&format!("Write to {MAIL}."));
            assert_eq!(told(&stage, &script, http).await.answer.text(), masked(&script));
            let script = openai::whole("Fine.");
            assert_eq!(told(&stage, &script, http).await.answer.body(), script.bytes());
            // A block can only cut.
            let told = told(&stage, &openai::whole(&format!("Use {SECRET} then.")), http).await;
            assert!(told.answer.cut.is_some() && told.answer.body().is_empty(), "{:?}", told.answer);
            assert_eq!(
                (told.decision(), told.reason(), &told.line["details"]),
                ("cut", "response_blocked", &json!("response_blocked"))
            );
        }
        assert_eq!(failed_machines(&stage.envoy.stats().await), Vec::<String>::new());
    }
}
