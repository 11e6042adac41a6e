//! A configuration that is replaced: streams finish under theirs, what is wrong changes nothing, no record is lost.

use std::time::Duration;

use serde_json::{Value, json};
use wasm_tests::body::End;
use wasm_tests::client::Call;
use wasm_tests::collector::{Collector, Mood};
use wasm_tests::envoy::Reload;
use wasm_tests::gate::Gate;
use wasm_tests::issuer::Issuer;
use wasm_tests::model::Model;
use wasm_tests::openai::{self, Delta};
use wasm_tests::stage::{CARD, CARD_MASK, MODEL, SECRET, config};
use wasm_tests::{Http, until};

struct Parts {
    model: Model,
    issuer: Issuer,
    collector: Collector,
}

impl Parts {
    fn start() -> Parts {
        Parts { model: Model::start(), issuer: Issuer::start(), collector: Collector::start() }
    }

    fn gate(&self, config: &Value) -> Gate {
        Gate::new()
            .filter_config(config)
            .upstream_h2(self.model.addr)
            .cluster_h2("collector", self.collector.addr)
    }

    fn token(&self) -> String {
        self.issuer.token().groups(["support"]).sign()
    }
}

#[tokio::test]
async fn a_stream_finishes_under_the_configuration_it_began_with() {
    let parts = Parts::start();
    let first = config(&parts.issuer);
    let mut second = first.clone();
    second["routes"][1]["allow"][0]["what"]["models"] = json!(["other-model"]);
    second["guards"]["standard"]["response"]["financial"] = json!("flag");
    let mut envoy = parts.gate(&first).start().await.expect("Envoy starts");
    let begun = openai::stream_cut(
        &[Delta::content("Hello there. The card "), Delta::content("is 4111 1111")],
        Duration::ZERO,
    );
    let rest = openai::stream_cut(&[Delta::content(" 1111 1111, so.")], Duration::ZERO).bytes();
    // The rest comes after the reload: it waits longer than that takes.
    let script = begun.piece_after(Duration::from_secs(2), rest).piece("data: [DONE]\n\n");
    for http in [Http::One, Http::Two] {
        parts.model.script("slow", script.clone());
        let call = Call::chat_stream(MODEL, "Hi.").bearer(&parts.token()).script("slow");
        let mut open = call.open(envoy.addr, http).await.expect("a head");
        assert!(open.chunk().await.is_some());

        assert_eq!(envoy.reload(&parts.gate(&second)).await.expect("settled"), Reload::Accepted);
        let answer =
            Call::chat(MODEL, "Hi.").bearer(&parts.token()).send(envoy.addr, http).await.expect("an answer");
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (403, &json!("model_denied")));

        let answer = open.rest().await;
        assert_eq!(
            (answer.content(0), answer.cut.as_deref()),
            (format!("Hello there. The card is {CARD_MASK}, so."), None)
        );
        // Back again, for the next round.
        assert_eq!(envoy.reload(&parts.gate(&first)).await.expect("settled"), Reload::Accepted);
        let answer =
            Call::chat(MODEL, "Hi.").bearer(&parts.token()).send(envoy.addr, http).await.expect("an answer");
        assert_eq!(answer.status, 200);
    }
    let lines = envoy.wait_for_access_log(6).await;
    let policies: std::collections::BTreeSet<String> =
        lines.iter().map(|line| line["record"]["gate"]["policy"].to_string()).collect();
    assert_eq!(policies.len(), 2, "each record names the configuration that decided");
    let stream = lines.iter().find(|line| line["record"]["stream"] == true).expect("the stream's line");
    assert_eq!(stream["record"]["response"]["coverage"], "scanned");
}

#[tokio::test]
async fn a_wrong_configuration_changes_nothing_and_says_why() {
    let parts = Parts::start();
    let good = config(&parts.issuer);
    let mut envoy = parts.gate(&good).start().await.expect("Envoy starts");
    let mut bad = good.clone();
    bad["routes"][1]["gaurd"] = json!("standard");
    bad["routes"][2]["guard"] = json!("standrad");
    bad["routes"][0]["access"] = json!("open");
    let told = match envoy.reload(&parts.gate(&bad)).await.expect("settled") {
        Reload::Rejected(_) => envoy.log(),
        Reload::Accepted => panic!("a wrong configuration was accepted"),
    };
    for expected in
        ["routes[1].gaurd", "routes[2].guard", "`standrad`", "routes[0].access", "`guard`", "`standard`"]
    {
        let said = told.lines().any(|line| line.contains("configuration refused") && line.contains(expected));
        assert!(said, "`{expected}` is not in the log:\n{told}");
    }
    for text in ["", "{", "[]", "{\"routes\":[]}"] {
        let gate = parts.gate(&good).filter_config(text);
        assert!(
            matches!(envoy.reload(&gate).await.expect("settled"), Reload::Rejected(_)),
            "`{text}` was accepted"
        );
    }
    let mut keyless = good.clone();
    keyless["audit"]["chain_key_env"] = json!("NO_SUCH_KEY");
    let told = envoy.reload(&parts.gate(&keyless)).await.expect("settled");
    assert!(matches!(told, Reload::Rejected(_)), "a chain without its key was accepted");
    assert!(envoy.log().contains("the VM has no environment variable `NO_SUCH_KEY`"), "{}", envoy.log());
    let answer =
        Call::chat(MODEL, "Hi.").bearer(&parts.token()).send(envoy.addr, Http::Two).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let answer = Call::chat(MODEL, SECRET)
        .bearer(&parts.token())
        .send(envoy.addr, Http::Two)
        .await
        .expect("an answer");
    assert_eq!(answer.status, 403);
    // And a start with it does not come up.
    let problem = parts.gate(&bad).start().await.expect_err("it must not start");
    assert!(problem.to_string().contains("routes[1].gaurd"), "{problem}");
}

/// Also when nothing is left of the old configuration but its records: Envoy asks it to end, and it waits.
#[tokio::test]
async fn records_that_wait_are_delivered_after_a_reload() {
    for drain in [600, 1] {
        let parts = Parts::start();
        let first = config(&parts.issuer);
        let mut second = first.clone();
        second["routes"][1]["name"] = json!("chat-2");
        let gate = |config: &Value| parts.gate(config).drain_time(Duration::from_secs(drain));
        let mut envoy = gate(&first).start().await.expect("Envoy starts");
        parts.collector.mood(Mood::Fail(tonic::Code::Unavailable));
        for _ in 0..5 {
            let call = Call::chat(MODEL, CARD).bearer(&parts.token());
            let answer = call.send(envoy.addr, Http::One).await.expect("an answer");
            assert_eq!(answer.status, 200);
        }
        let lines = envoy.wait_for_access_log(5).await;
        assert!(until(async || (parts.collector.exports() > 0).then_some(())).await.is_some());
        assert_eq!(envoy.reload(&gate(&second)).await.expect("settled"), Reload::Accepted);
        if drain == 1 {
            let draining = "listener_manager.total_filter_chains_draining";
            assert!(until(async || (envoy.stat(draining).await == 0).then_some(())).await.is_some());
        }
        assert!(parts.collector.records().is_empty());
        parts.collector.mood(Mood::Accept);
        let records = parts.collector.wait_for(5).await;
        for line in &lines {
            assert!(records.iter().any(|record| line["record_text"] == record.text()), "a record is lost");
        }
        let call = Call::chat(MODEL, CARD).bearer(&parts.token());
        assert_eq!(call.send(envoy.addr, Http::One).await.expect("an answer").status, 200);
        assert_eq!(envoy.wait_for_access_log(6).await[5]["record"]["route"], "chat-2");
        parts.collector.wait_for(6).await;
        assert!(envoy.alive());
    }
}

#[tokio::test]
async fn a_stream_that_ends_after_the_reload_leaves_its_record_at_the_collector() {
    let parts = Parts::start();
    let first = config(&parts.issuer);
    let mut second = first.clone();
    second["routes"][1]["name"] = json!("chat-2");
    let mut envoy = parts.gate(&first).start().await.expect("Envoy starts");
    let script = openai::stream_cut(&[Delta::content("Hello there. ")], Duration::ZERO).end(End::Silence);
    parts.model.script("open", script);
    let call = Call::chat_stream(MODEL, "Hi.").bearer(&parts.token()).script("open");
    let mut open = call.open(envoy.addr, Http::Two).await.expect("a head");
    assert!(open.chunk().await.is_some());
    assert_eq!(envoy.reload(&parts.gate(&second)).await.expect("settled"), Reload::Accepted);
    open.abort();
    let line = envoy.wait_for_access_log(1).await.remove(0);
    assert_eq!(line["record"]["route"], "chat");
    let records = parts.collector.wait_for(1).await;
    assert_eq!(line["record_text"], records[0].text());
}
