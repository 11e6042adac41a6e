//! The issuer's keys: fetched at start, fetched again, missed, rotated.

use serde_json::{Value, json};
use wasm_tests::Http;
use wasm_tests::client::Call;
use wasm_tests::issuer::{Issuer, Key, KeysAnswer, Token};
use wasm_tests::stage::{MODEL, Stage, Told};

/// A stage whose filter fetches the keys.
async fn fetching(jwks: Value, prepare: impl FnOnce(&Issuer)) -> Stage {
    let mut jwks = jwks;
    jwks["uri"] = json!("http://issuer.test/keys");
    jwks["cluster"] = json!("keys");
    let issuer = Issuer::start();
    prepare(&issuer);
    let addr = issuer.addr;
    let mut stage = Stage::with(
        |config| config["identity"]["issuers"][0]["jwks"] = jwks,
        |gate| gate.cluster("keys", addr),
    )
    .await;
    stage.issuer = issuer;
    stage
}

async fn ask(stage: &Stage, token: Token) -> Told {
    stage.ask(Call::chat(MODEL, "Hi.").bearer(&token.groups(["support"]).sign()), Http::Two).await
}

/// The first answer that is another than this refusal.
async fn after(stage: &Stage, refusal: &str, token: impl Fn() -> Token) -> Told {
    let told =
        wasm_tests::until(async || Some(ask(stage, token()).await).filter(|told| told.reason() != refusal))
            .await;
    told.unwrap_or_else(|| panic!("`{refusal}` for ever"))
}

#[tokio::test]
async fn keys_are_fetched_at_start() {
    let stage = fetching(json!({}), |_| {}).await;
    let told = after(&stage, "keys_unavailable", || stage.issuer.token()).await;
    assert_eq!((told.status(), told.reason()), (200, ""));
    let once = stage.issuer.requests();
    for _ in 0..20 {
        assert_eq!(ask(&stage, stage.issuer.token()).await.status(), 200);
    }
    assert_eq!(stage.issuer.requests(), once, "kept, not fetched for each request");
    assert!(stage.envoy.stat("wasmcustom.portcullis.keys.fetched").await > 0);
}

#[tokio::test]
async fn without_keys_nobody_is_let_in_and_they_are_asked_for_again() {
    let stage = fetching(json!({}), |issuer| issuer.fail(true)).await;
    stage.envoy.wait_for_stat("wasmcustom.portcullis.keys.failed", 1).await;
    let told = ask(&stage, stage.issuer.token()).await;
    assert_eq!((told.status(), told.reason()), (503, "keys_unavailable"));
    assert_eq!(told.answer.header("retry-after"), "1");
    assert_eq!(told.answer.json()["error"]["type"], "api_error");
    assert!(told.received.is_none());
    stage.issuer.answer_keys(KeysAnswer::Body("{\"keys\":[{\"kty\":\"nonsense\"".to_owned()));
    stage.envoy.wait_for_stat("wasmcustom.portcullis.keys.failed", 4).await;
    assert_eq!(ask(&stage, stage.issuer.token()).await.reason(), "keys_unavailable");
    stage.issuer.fail(false);
    let told = after(&stage, "keys_unavailable", || stage.issuer.token()).await;
    assert_eq!((told.status(), told.reason()), (200, ""));
    assert!(stage.envoy.log().contains("keys of issuer `test` not fetched: the answer's status is 500"));
}

/// The least time between two fetches is 10 s.
#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_and_an_old_one_is_forgotten() {
    let stage = fetching(json!({}), |_| {}).await;
    let old = stage.issuer.token().groups(["support"]).sign();
    assert_eq!(after(&stage, "keys_unavailable", || stage.issuer.token()).await.status(), 200);
    let ask_old = || stage.ask(Call::chat(MODEL, "Hi.").bearer(&old), Http::One);
    assert_eq!(ask_old().await.status(), 200, "verified, and remembered");

    let before = stage.issuer.requests();
    stage.issuer.rotate(Key::eddsa("key-2"));
    assert_eq!(ask(&stage, stage.issuer.token()).await.reason(), "token_key_unknown");
    let told = after(&stage, "token_key_unknown", || stage.issuer.token()).await;
    assert_eq!((told.status(), told.reason()), (200, ""));
    let told = ask_old().await;
    assert_eq!((told.status(), told.reason()), (401, "token_key_unknown"), "its key is gone");
    // Made-up key ids are no reason to ask again and again: once for each machine of Envoy.
    for number in 0..50 {
        assert_eq!(
            ask(&stage, stage.issuer.token().kid(&format!("made-up-{number}"))).await.reason(),
            "token_key_unknown"
        );
    }
    assert!(stage.issuer.requests() - before <= 2, "{} fetches", stage.issuer.requests() - before);
}

#[tokio::test]
async fn keys_are_refreshed_and_outlive_an_issuer_that_fails_until_their_age() {
    let stage = fetching(json!({"refresh": "10s", "max_age": "12s"}), |_| {}).await;
    assert_eq!(after(&stage, "keys_unavailable", || stage.issuer.token()).await.status(), 200);
    stage.issuer.fail(true);
    stage.envoy.wait_for_stat("wasmcustom.portcullis.keys.failed", 1).await;
    assert_eq!(ask(&stage, stage.issuer.token()).await.status(), 200, "the keys of before serve on");
    let told = wasm_tests::until(async || {
        Some(ask(&stage, stage.issuer.token()).await).filter(|told| told.status() != 200)
    })
    .await;
    assert_eq!(
        told.map(|told| (told.status(), told.reason().to_owned())),
        Some((503, "keys_unavailable".to_owned()))
    );
    stage.issuer.fail(false);
    assert_eq!(after(&stage, "keys_unavailable", || stage.issuer.token()).await.status(), 200);
}

#[tokio::test]
async fn every_kind_of_key_is_taken() {
    for key in [Key::es256("key-1"), Key::eddsa("key-1"), Key::rs256("key-1")] {
        let stage = fetching(json!({}), |issuer| issuer.rotate(key)).await;
        let told = after(&stage, "keys_unavailable", || stage.issuer.token()).await;
        assert_eq!((told.status(), told.reason()), (200, ""));
    }
}

#[tokio::test]
async fn a_cluster_that_does_not_exist_or_is_empty_is_said_and_lets_nobody_in() {
    for cluster in ["nowhere", "empty"] {
        let stage = Stage::with(
            |config| {
                config["identity"]["issuers"][0]["jwks"] =
                    json!({"uri": "http://issuer.test/keys", "cluster": cluster})
            },
            |gate| gate.empty_cluster("empty"),
        )
        .await;
        stage.envoy.wait_for_stat("wasmcustom.portcullis.keys.failed", 5).await;
        assert_eq!(ask(&stage, stage.issuer.token()).await.reason(), "keys_unavailable");
        assert!(stage.envoy.log().contains(&format!("cluster `{cluster}` cannot be called")));
    }
}
