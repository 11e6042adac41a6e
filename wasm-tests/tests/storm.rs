//! Many exchanges of every kind at once, over both protocols: no machine fails, memory is bounded, every record is there
//! and vouches for the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portcullis::audit::chain::{self, Opening};
use wasm_tests::Http;
use wasm_tests::body::End;
use wasm_tests::client::{Call, Connection};
use wasm_tests::issuer::{Forgery, Issuer};
use wasm_tests::model::Script;
use wasm_tests::openai::{self, Delta};
use wasm_tests::stage::{CARD, MAIL, MODEL, SECRET, Stage};

const EXCHANGES: usize = 10_000;
const CLIENTS: usize = 32;

/// What is asked, and the statuses that may come; an empty list where the connection may break first.
type Kind = (&'static str, Call, &'static [u16]);

fn kinds(issuer: &Issuer) -> Vec<Kind> {
    let good = issuer.token().groups(["support"]).tenant("acme").expires_in(3000).sign();
    let chat = |script: &str| Call::chat(MODEL, "How are you?").bearer(&good).script(script);
    let stream = |script: &str| Call::chat_stream(MODEL, "How are you?").bearer(&good).script(script);
    let post = |body: &str| {
        Call::post("/v1/chat/completions")
            .header("content-type", "application/json")
            .bearer(&good)
            .body(body.to_owned())
    };
    vec![
        ("whole", chat("whole"), &[200]),
        ("whole shorter", chat("mail"), &[200]),
        ("whole longer", chat("card"), &[200]),
        ("whole blocked", chat("secret"), &[403]),
        ("whole in pieces", chat("pieces"), &[200]),
        ("stream", stream("stream"), &[200]),
        ("stream redacted", stream("card-stream"), &[200]),
        ("stream blocked", stream("secret-stream"), &[200]),
        ("stream cut", stream("cut-stream"), &[]),
        ("stream with trailers", stream("trailers"), &[200]),
        ("held at trailers", stream("held-trailers"), &[]),
        ("tools", stream("tool"), &[200]),
        ("bytes", stream("bytes"), &[200]),
        ("gzip", chat("gzip"), &[502]),
        ("error", chat("error"), &[429]),
        ("reset", chat("reset"), &[503]),
        ("empty", chat("empty"), &[204]),
        ("nonsense", chat("nonsense"), &[502]),
        ("odd headers", chat("whole").header("x-odd", b"\xff\xfe"), &[200]),
        ("odd token", Call::chat(MODEL, "Hi.").header("authorization", b"Bearer \xff\xfe"), &[401]),
        ("no token", Call::chat(MODEL, "Hi."), &[401]),
        ("forged", Call::chat(MODEL, "Hi.").bearer(&issuer.token().forge(Forgery::Tampered)), &[401]),
        ("expired", Call::chat(MODEL, "Hi.").bearer(&issuer.token().expires_in(-600).sign()), &[401]),
        ("model", Call::chat("gpt-5", "Hi.").bearer(&good), &[403]),
        ("secret asked", Call::chat(MODEL, SECRET).bearer(&good), &[403]),
        ("card asked", Call::chat(MODEL, CARD).bearer(&good).script("whole"), &[200]),
        ("torn", post("{\"model\":"), &[400]),
        ("deep", post(&"[".repeat(5000)), &[400]),
        (
            "large",
            post(&format!("{{\"model\":\"{MODEL}\",\"messages\":[],\"x\":\"{}\"}}", "y".repeat(50_000))),
            &[200],
        ),
        ("observed", chat("card").path("/observed/v1/chat/completions"), &[200]),
        ("health", Call::get("/healthz"), &[200]),
        ("elsewhere", Call::get("/elsewhere"), &[403]),
        ("request in pieces", chat("whole").recut(20, Duration::ZERO), &[200]),
    ]
}

fn scripts(stage: &Stage) {
    let now = Duration::ZERO;
    let tool = [
        Delta::tool(0, "call_1", "mail.send"),
        Delta::arguments(0, "{\"to\":"),
        Delta::arguments(0, "\"bob\"}"),
    ];
    let held = [Delta::content("Hello. "), Delta::content("4111 1111 1")];
    let noise: Vec<u8> = (0..2000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let scripts = [
        ("whole", openai::whole("Fine, thanks.")),
        ("mail", openai::whole(&format!("Write to {MAIL}."))),
        ("card", openai::whole(&format!("The card is {CARD}."))),
        ("secret", openai::whole(&format!("It is {SECRET}."))),
        ("pieces", openai::whole(&"and so on ".repeat(300)).recut(300, now)),
        ("stream", openai::stream_text(&["Fine", ", ", "thanks", "."], now)),
        ("card-stream", openai::stream_text(&["It is 4111", " 1111 ", "1111 ", "1111."], now)),
        ("secret-stream", openai::stream_text(&["It is ", SECRET, " so."], now)),
        ("cut-stream", openai::stream_cut(&held, now).end(End::Cut)),
        ("trailers", openai::stream_text(&["Fine."], now).trailer("x-sum", "1")),
        ("held-trailers", openai::stream_cut(&held, now).trailer("x-sum", "1")),
        ("tool", openai::stream(&tool, now)),
        ("bytes", Script::new(200).header("content-type", "text/event-stream").piece(noise)),
        (
            "gzip",
            Script::new(200).header("content-type", "application/json").encoded("gzip", &b"\x1f\x8b"[..]),
        ),
        ("error", openai::whole("Slow down.").status(429)),
        ("reset", Script::Reset),
        ("empty", Script::new(204)),
        ("nonsense", Script::new(200).header("content-type", "application/json").piece("{\"choices\":[[[")),
    ];
    for (name, script) in scripts {
        stage.model.script(name, script);
    }
}

/// One client: takes the next numbers until none is left. Odd statuses come back by the kind's name.
async fn client(stage: &Stage, kinds: &[Kind], next: &AtomicUsize, http: Http) -> Vec<String> {
    let mut odd = Vec::new();
    let mut connection: Option<Connection> = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= EXCHANGES {
            return odd;
        }
        let (name, call, expected) = &kinds[number % kinds.len()];
        let mut open = match connection.take() {
            Some(open) => open,
            None => Connection::open(stage.envoy.addr, http).await.expect("a connection"),
        };
        // Every so often the client goes in the middle.
        if number.is_multiple_of(211) {
            let _ = tokio::time::timeout(Duration::from_millis(3), open.call(call.clone())).await;
            continue;
        }
        match open.call(call.clone()).await {
            Ok(answer) => {
                if !expected.is_empty() && !expected.contains(&answer.status) {
                    odd.push(format!("{name}: {}", answer.status));
                }
                if answer.text().contains("4111") && *name != "observed" {
                    odd.push(format!("{name}: a card"));
                }
                if answer.cut.is_none() && answer.header("connection") != "close" {
                    connection = Some(open);
                }
            }
            Err(problem) if expected.is_empty() => drop(problem),
            // A connection that Envoy closed after an early answer: the next one is fresh.
            Err(problem) => {
                let answer = call.clone().send(stage.envoy.addr, http).await;
                if !answer.as_ref().is_ok_and(|answer| expected.contains(&answer.status)) {
                    odd.push(format!("{name}: {problem}"));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_exchanges_of_every_kind() {
    let stage = Arc::new(Stage::with(|_| {}, |gate| gate.workers(2)).await);
    scripts(&stage);
    let kinds: Arc<Vec<Kind>> = Arc::new(kinds(&stage.issuer));
    for (_, call, _) in kinds.iter() {
        let _ = call.clone().send(stage.envoy.addr, Http::Two).await;
    }
    let before = stage.envoy.resident();
    let began = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (stage, kinds, next) = (Arc::clone(&stage), Arc::clone(&kinds), Arc::clone(&next));
            let http = if number % 2 == 0 { Http::One } else { Http::Two };
            tokio::spawn(async move { client(&stage, &kinds, &next, http).await })
        })
        .collect();
    let mut odd: BTreeMap<String, usize> = BTreeMap::new();
    for client in clients {
        for what in client.await.expect("a client") {
            *odd.entry(what).or_default() += 1;
        }
    }
    let after = stage.envoy.resident();
    println!(
        "{EXCHANGES} exchanges in {:?}; memory of Envoy {before} KiB before, {after} KiB after",
        began.elapsed()
    );
    assert!(odd.is_empty(), "{odd:#?}");
    assert!(stage.envoy.alive());
    assert!(after < before + (64 << 10), "memory grew from {before} to {after} KiB");

    // Every exchange that reached the filter has a line, and every line its record.
    let idle = wasm_tests::until(async || {
        (stage.envoy.stat("http.gate.downstream_rq_active").await == 0).then_some(())
    });
    assert!(idle.await.is_some(), "exchanges that never end");
    let requests = stage.envoy.stat("http.gate.downstream_rq_total").await;
    let lines = stage.envoy.wait_for_access_log(usize::try_from(requests).expect("a count")).await;
    let failed: Vec<_> = lines.iter().filter(|line| line["details"] == "wasm_fail_stream").collect();
    assert!(failed.is_empty(), "{} of {}", failed.len(), lines.len());
    let without: Vec<_> = lines.iter().filter(|line| line["record_text"].is_null()).collect();
    assert!(without.is_empty(), "{} lines without a record: {:?}", without.len(), without.first());
    let stats = stage.envoy.stats().await;
    let of_wasm: Vec<_> = stats.iter().filter(|(name, _)| name.starts_with("wasm.")).collect();
    println!("{of_wasm:?}");
    assert!(of_wasm.iter().all(|(name, value)| !name.contains("fail") || **value == 0), "{of_wasm:?}");

    let records: Vec<&str> = lines.iter().filter_map(|line| line["record_text"].as_str()).collect();
    let summary =
        chain::verify(&records, None, Opening::Complete).unwrap_or_else(|broken| panic!("{broken}"));
    // One chain for each worker.
    assert_eq!((summary.records, summary.chains.len()), (lines.len() as u64, 2));
    let reached = stage.collector.wait_for(lines.len()).await;
    let reached: BTreeSet<String> = reached.iter().map(|record| record.text()).collect();
    assert!(records.iter().all(|record| reached.contains(*record)), "a record is not at the collector");
    // A check that fails where a record is missing.
    let mut fewer = records.clone();
    fewer.remove(records.len() / 2);
    assert!(chain::verify(&fewer, None, Opening::Complete).is_err());

    let counted: u64 =
        stats.iter().filter(|(name, _)| name.contains("portcullis.requests.")).map(|(_, count)| count).sum();
    assert_eq!(counted, lines.len() as u64);
}
