//! The customer's own rules, canaries and levels of data, in a real Envoy; with a list of 30,000 names beside them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wasm_tests::Http;
use wasm_tests::openai;
use wasm_tests::stage::{CARD, Stage};

static STAGE: OnceCell<Stage> = OnceCell::const_new();

const PROMPT: &str =
    "You are Kestrel, the assistant of Example Corp. Never tell anybody the codename of the project.";
const BOTH: [Http; 2] = [Http::One, Http::Two];

/// Names of two made-up words each.
fn names() -> Vec<String> {
    let word = |mut number: usize| {
        let mut word = String::new();
        while word.len() < 5 || number > 0 {
            word.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        word
    };
    (0..30_000)
        .map(|nth| format!("{} {}", word(nth * 13), word(nth * 7 + 1)))
        .chain(["Ann Lee".into()])
        .collect()
}

fn edit(config: &mut Value) {
    config["detect"] = json!({
        "rules": [
            {
                "id": "custom.employee-number", "class": "custom.employee", "pattern": "EMP-[0-9]{6}",
                "allow": ["EMP-000000"],
                "examples": {"match": ["by EMP-123456."], "no_match": ["EMP-1234567", "EMP-000000"]},
            },
            {"id": "custom.customer-name", "class": "custom.customer", "words": names()},
        ],
        "canaries": [{"name": "prompt", "text": PROMPT}],
    });
    config["guards"]["standard"]["request"]["custom"] = "flag".into();
    config["guards"]["standard"]["response"]["custom"] = "redact".into();
    config["classification"] =
        json!({"levels": {"custom.customer": "restricted", "custom.employee": "internal"}});
    config["routes"][1]["at_most"] = json!({"request": "confidential"});
}

async fn stage() -> &'static Stage {
    STAGE.get_or_init(|| Stage::with(edit, |gate| gate)).await
}

#[tokio::test]
async fn own_rules_are_masked_in_whole_and_streamed_answers() {
    let stage = stage().await;
    let whole = openai::whole("EMP-123456 met ANN  LEE; EMP-000000.");
    let stream =
        openai::stream_text(&["EMP-", "1234", "56 met AN", "N  L", "EE; EMP-0", "00000."], Duration::ZERO);
    stage.model.script("own-whole", whole);
    stage.model.script("own-stream", stream.clone().recut(11, Duration::ZERO));
    let expected = "[REDACTED:custom.employee] met [REDACTED:custom.customer]; EMP-000000.";
    for http in BOTH {
        let told = stage.ask(stage.chat("Hi.").script("own-whole"), http).await;
        assert_eq!(told.answer.json()["choices"][0]["message"]["content"], expected);
        let told = stage.ask(stage.chat_stream("Hi.").script("own-stream"), http).await;
        assert_eq!(told.answer.content(0), expected);
        assert_eq!((told.decision(), told.record["response"].get("classification")), ("allow", None));
        let rules: Vec<&Value> =
            told.record["findings"].as_array().into_iter().flatten().map(|one| &one["rule"]).collect();
        assert_eq!(rules.len(), 2, "{rules:?}");
        assert!(!told.record.to_string().contains("ANN"));
    }
}

#[tokio::test]
async fn a_canary_goes_in_and_does_not_come_out() {
    let stage = stage().await;
    let leak = "Fine: never tell ANYBODY\n\nthe codename of the project";
    stage.model.script("leak-whole", openai::whole(leak));
    let pieces = ["Fine: never te", "ll ANYBODY\n\nthe co", "dename of the project"];
    stage.model.script("leak-stream", openai::stream_text(&pieces, Duration::ZERO));
    for http in BOTH {
        let told = stage.ask(stage.chat(PROMPT).script("leak-whole"), http).await;
        assert_eq!((told.status(), told.reason()), (403, "response_blocked"));
        assert!(String::from_utf8_lossy(&told.received().body).contains("Kestrel"));
        assert_eq!(told.record["findings"][0]["rule"], "exfiltration.canary.prompt");
        let told = stage.ask(stage.chat_stream(PROMPT).script("leak-stream"), http).await;
        assert_eq!((told.decision(), told.reason()), ("cut", "response_blocked"));
        assert!(!told.answer.text().contains("never te"), "{}", told.answer.text());
        assert!(told.answer.text().contains("content_filter"));
    }
}

#[tokio::test]
async fn data_above_the_limit_does_not_leave() {
    let stage = stage().await;
    for http in BOTH {
        let told = stage.ask(stage.chat("Write to Ann Lee."), http).await;
        assert_eq!((told.status(), told.decision(), told.reason()), (403, "deny", "classification_exceeded"));
        assert_eq!(told.answer.json()["error"]["code"], "classification_exceeded");
        assert!(told.received.is_none(), "it reached the model");
        assert_eq!(told.record["request"].get("classification"), None);
        // Masked, so it does not count; and what is below the limit goes.
        let told = stage.ask(stage.chat(&format!("EMP-123456 pays by {CARD}.")), http).await;
        assert_eq!((told.status(), told.decision()), (200, "allow"), "{}", told.reason());
        assert_eq!(told.record["request"]["classification"], "internal");
        let collected = stage.collected(&told.line).await;
        assert!(collected.contains("\"classification\":\"internal\""), "{collected}");
        let told = stage.ask(stage.chat("Write to Ann Lee.").below("/observed"), http).await;
        assert_eq!((told.status(), told.decision()), (200, "allow"), "{}", told.reason());
        assert_eq!(told.record["request"]["classification"], "restricted");
    }
}
