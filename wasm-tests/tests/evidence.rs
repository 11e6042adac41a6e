//! The way of the records to the collector, what happens when it is down, and the statistics.

use portcullis::audit::chain::{self, ChainKey, Opening};
use serde_json::{Value, json};
use wasm_tests::Http;
use wasm_tests::client::{Call, Connection};
use wasm_tests::collector::{Mood, Rotel};
use wasm_tests::openai;
use wasm_tests::stage::{CARD, MAIL, MODEL, SECRET, Stage};

const DROPPED: &str = "wasmcustom.portcullis.outbox.dropped";
const DEPTH: &str = "wasmcustom.portcullis.outbox.depth";

fn outbox(more: Value) -> impl FnOnce(&mut Value) {
    move |config| {
        for (name, value) in more.as_object().into_iter().flatten() {
            config["audit"]["otlp"][name] = value.clone();
        }
    }
}

#[tokio::test]
async fn records_wait_for_a_collector_that_is_down() {
    let mut stage = Stage::start().await;
    stage.collector.stop();
    let mut lines = Vec::new();
    for _ in 0..10 {
        lines.push(stage.ask(stage.chat("Hi."), Http::One).await.line);
    }
    lines.push(stage.ask(Call::chat(MODEL, "Hi."), Http::One).await.line);
    stage.envoy.wait_for_stat("wasmcustom.portcullis.outbox.failed", 1).await;
    stage.envoy.wait_for_stat(DEPTH, 11).await;
    stage.collector.restart();
    for line in &lines {
        assert_eq!(stage.collected(line).await, line["record_text"]);
    }
    let empty = wasm_tests::until(async || (stage.envoy.stat(DEPTH).await == 0).then_some(())).await;
    assert!(empty.is_some(), "the gauge does not come back");
    assert_eq!(stage.envoy.stat(DROPPED).await, 0);
    assert_eq!(stage.collector.records().len(), lines.len(), "each once");
}

#[tokio::test]
async fn a_chain_with_a_key_is_vouched_for_by_the_key_only() {
    const KEY: &str = "a key of tests, and of 32 bytes and more";
    let keyed = |config: &mut Value| config["audit"]["chain_key_env"] = json!("CHAIN_KEY");
    let stage = Stage::with(keyed, |gate| gate.environment("CHAIN_KEY", KEY)).await;
    let mut lines = Vec::new();
    for _ in 0..3 {
        lines.push(stage.ask(stage.chat("Hi."), Http::One).await.line["record_text"].clone());
    }
    let records: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
    let key = ChainKey::new(KEY.as_bytes()).expect("long enough");
    let summary = chain::verify(&records, Some(&key), Opening::Complete).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(summary.records, 3);
    assert!(chain::verify(&records, None, Opening::Complete).is_err(), "anybody could compute it");
}

#[tokio::test]
async fn what_a_full_outbox_drops_is_counted_and_is_no_denial() {
    let stage = Stage::with(outbox(json!({"max_records": 5})), |gate| gate).await;
    stage.collector.mood(Mood::Fail(tonic::Code::Unavailable));
    let denied = stage.ask(Call::chat(MODEL, "Hi."), Http::Two).await.line;
    stage.envoy.wait_for_stat("wasmcustom.portcullis.outbox.failed", 1).await;
    let mut allowed = Vec::new();
    for _ in 0..12 {
        let told = stage.ask(stage.chat("Hi."), Http::Two).await;
        assert_eq!(told.status(), 200, "records are lost, not answers");
        allowed.push(told.line);
    }
    stage.envoy.wait_for_stat(DROPPED, 8).await;
    stage.collector.mood(Mood::Accept);
    assert_eq!(stage.collected(&denied).await, denied["record_text"]);
    for line in &allowed[8..] {
        assert_eq!(stage.collected(line).await, line["record_text"], "the newest are kept");
    }
    assert_eq!(stage.collector.records().len(), 5);
    assert_eq!(stage.envoy.stat(DROPPED).await, 8);
    assert_eq!(stage.envoy.stat("wasmcustom.portcullis.outbox.dropped_denials").await, 0);
}

#[tokio::test]
async fn without_evidence_no_answer_where_the_configuration_says_so() {
    let stage = Stage::with(outbox(json!({"max_records": 4, "when_unavailable": "deny"})), |gate| gate).await;
    stage.collector.mood(Mood::Silence);
    let refused = wasm_tests::until(async || {
        Some(stage.ask(stage.chat("Hi."), Http::One).await).filter(|told| told.status() != 200)
    });
    let told = refused.await.expect("a refusal");
    assert_eq!((told.status(), told.reason()), (503, "audit_unavailable"));
    assert_eq!(told.answer.json()["error"]["code"], "audit_unavailable");
    assert_eq!(told.line["details"], "audit_unavailable");
    assert!(told.received.is_none());
    // What is public needs no evidence to be refused.
    assert_eq!(stage.ask(Call::get("/healthz"), Http::One).await.status(), 200);
    stage.collector.mood(Mood::Accept);
    let again = wasm_tests::until(async || {
        Some(stage.ask(stage.chat("Hi."), Http::One).await).filter(|told| told.status() == 200)
    });
    let told = again.await.expect("an answer");
    assert_eq!(stage.collected(&told.line).await, told.line["record_text"]);
}

#[tokio::test]
async fn the_statistics_tell_what_happened() {
    let stage = Stage::start().await;
    stage.model.script("findings", openai::whole(&format!("{CARD} and {CARD} and {MAIL}.")));
    stage.model.script(
        "stream",
        openai::stream_text(&["The card is 4111 ", "1111 1111 1111 so."], std::time::Duration::ZERO),
    );
    stage.model.script("secret", openai::stream_text(&["It is ", SECRET, " so."], std::time::Duration::ZERO));
    for _ in 0..3 {
        stage.ask(stage.chat("Hi.").script("findings"), Http::One).await;
    }
    stage.ask(stage.chat_stream("Hi.").script("stream"), Http::Two).await;
    stage.ask(stage.chat_stream("Hi.").script("secret"), Http::Two).await;
    stage.ask(Call::chat(MODEL, "Hi."), Http::Two).await;
    let last = stage.ask(Call::get("/healthz"), Http::Two).await;
    stage.collected(&last.line).await;
    stage.envoy.wait_for_stat("wasmcustom.portcullis.outbox.delivered", 1).await;
    let stats = stage.envoy.stats().await;
    let stat = |name: &str| stats.get(&format!("wasmcustom.portcullis.{name}")).copied();
    assert_eq!(stat("requests.decision=allow.reason=none"), Some(4));
    assert_eq!(stat("requests.decision=pass.reason=none"), Some(1));
    assert_eq!(stat("requests.decision=deny.reason=token_missing"), Some(1));
    assert_eq!(stat("requests.decision=cut.reason=response_blocked"), Some(1));
    let findings: Vec<(&String, &u64)> =
        stats.iter().filter(|(name, _)| name.contains("portcullis.findings.")).collect();
    let found = |class: &str, action: &str| -> u64 {
        let of = |name: &str| {
            name.contains(class) && name.ends_with(&format!(".direction=response.action={action}"))
        };
        findings.iter().filter(|(name, _)| of(name)).map(|(_, count)| **count).sum()
    };
    assert_eq!(
        (found("financial", "redact"), found("pii", "redact"), found("secret", "block")),
        (7, 3, 1),
        "{findings:?}"
    );
    assert_eq!(stat("outbox.dropped"), Some(0));
    assert!(stat("outbox.depth").is_some());
    let histograms = stage
        .envoy
        .admin("/stats?format=json&histogram_buckets=cumulative&filter=portcullis")
        .await
        .to_string();
    for name in ["wasmcustom.portcullis.scan_time_us", "wasmcustom.portcullis.held_bytes"] {
        assert!(histograms.contains(name), "{name} in {histograms}");
    }
    assert_eq!(stat("records.unsealed"), None);
}

/// An OpenTelemetry collector that somebody else wrote takes the records, and hands them on unchanged.
#[tokio::test]
async fn a_real_collector_takes_the_records() {
    let sink = wasm_tests::collector::Collector::start();
    let Some(rotel) = Rotel::start(&sink).await.expect("rotel starts") else {
        return;
    };
    let addr = rotel.addr;
    let stage = Stage::with(outbox(json!({"cluster": "rotel"})), |gate| gate.cluster_h2("rotel", addr)).await;
    let lines = [
        stage.ask(stage.chat(&format!("pay {CARD} now")), Http::Two).await.line,
        stage.ask(Call::chat(MODEL, "Hi."), Http::Two).await.line,
    ];
    let records = sink.wait_for(2).await;
    for line in lines {
        assert!(records.iter().any(|record| line["record_text"] == record.text()));
    }
    assert_eq!(records[0].scope, "portcullis");
    let models: Vec<_> = records.iter().map(|record| record.attribute("gen_ai.request.model")).collect();
    assert!(models.contains(&json!(MODEL)), "{models:?}");
}

/// Batches follow each other; they do not wait for the tick.
#[tokio::test]
async fn records_leave_as_fast_as_exchanges_end() {
    let stage = Stage::start().await;
    let mut connection = Connection::open(stage.envoy.addr, Http::Two).await.expect("a connection");
    stage.collector.mood(Mood::Fail(tonic::Code::Unavailable));
    for _ in 0..3000 {
        assert_eq!(connection.call(Call::chat(MODEL, "Hi.")).await.expect("an answer").status, 401);
    }
    let failed = stage.envoy.stat("wasmcustom.portcullis.outbox.failed").await;
    stage.envoy.wait_for_stat("wasmcustom.portcullis.outbox.failed", failed + 1).await;
    stage.collector.mood(Mood::Accept);
    stage.collector.wait_for(1).await;
    let first = std::time::Instant::now();
    stage.collector.wait_for(3000).await;
    // Twelve batches: three seconds if each waited for a tick.
    assert!(first.elapsed() < std::time::Duration::from_secs(2), "{:?}", first.elapsed());
}

/// What stands in the way of a record does not stand in the way of an answer.
#[tokio::test]
async fn a_collector_cluster_that_does_not_exist_or_is_empty_stops_nothing() {
    for cluster in ["nowhere", "model", "empty"] {
        let stage =
            Stage::with(outbox(json!({"cluster": cluster})), |gate| gate.empty_cluster("empty")).await;
        for _ in 0..3 {
            assert_eq!(stage.ask(stage.chat("Hi."), Http::Two).await.status(), 200);
        }
        stage.envoy.wait_for_stat("wasmcustom.portcullis.outbox.failed", 1).await;
        assert!(stage.envoy.alive());
    }
}
