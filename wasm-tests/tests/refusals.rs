//! What is refused: each reason with its status, the provider's error shape, and its evidence; and nothing of a refused
//! request reaches the upstream.

use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wasm_tests::Http;
use wasm_tests::client::Call;
use wasm_tests::issuer::{Forgery, Key};
use wasm_tests::stage::{CARD, CARD_MASK, MODEL, SECRET, Stage, Told};

static STAGE: OnceCell<Stage> = OnceCell::const_new();

async fn stage() -> &'static Stage {
    STAGE.get_or_init(Stage::start).await
}

struct Row {
    name: &'static str,
    call: Call,
    status: u16,
    reason: &'static str,
}

fn row(name: &'static str, call: Call, status: u16, reason: &'static str) -> Row {
    Row { name, call, status, reason }
}

/// Refused for who asks, or for what the head says.
fn by_head(stage: &Stage) -> Vec<Row> {
    let chat = |token: &str| Call::chat(MODEL, "Hi.").bearer(token);
    let good = stage.token();
    vec![
        row("no token", Call::chat(MODEL, "Hi."), 401, "token_missing"),
        row("no JWT", chat("sk-not-a-token"), 401, "token_malformed"),
        row("other audience", chat(&good.clone().audience("api://other").sign()), 401, "token_audience"),
        row("expired", chat(&good.clone().expires_in(-120).sign()), 401, "token_expired"),
        row("not yet valid", chat(&good.clone().not_before(300).sign()), 401, "token_not_yet_valid"),
        row("lives too long", chat(&good.clone().expires_in(7200).sign()), 401, "token_lifetime"),
        row("other key", chat(&good.clone().sign_with(&Key::es256("key-1")).sign()), 401, "token_signature"),
        row("tampered", chat(&good.clone().forge(Forgery::Tampered)), 401, "token_signature"),
        row("unsigned", chat(&good.clone().forge(Forgery::Unsigned)), 401, "token_malformed"),
        row(
            "HMAC of the public key",
            chat(&good.clone().forge(Forgery::HmacOfPublicKey)),
            401,
            "token_algorithm",
        ),
        row("unknown issuer", chat(&good.clone().issuer("https://other.test").sign()), 401, "token_issuer"),
        row("unknown key id", chat(&good.clone().kid("key-9").sign()), 401, "token_key_unknown"),
        row("no subject", chat(&good.clone().without("sub").sign()), 401, "token_claims"),
        row("no route", stage.chat("Hi.").path("/elsewhere"), 403, "route_unmatched"),
        row("unknown operation", stage.chat("Hi.").path("/v1/files"), 415, "unsupported_content"),
        row(
            "no JSON type",
            Call::post("/v1/chat/completions")
                .header("content-type", "text/plain")
                .body("Hi.")
                .bearer(&good.clone().sign()),
            415,
            "unsupported_content",
        ),
        row(
            "length over the limit",
            stage.chat(&"x".repeat(3000)).path("/small/v1/chat/completions"),
            413,
            "request_too_large",
        ),
    ]
}

/// Refused for what the body says.
fn by_body(stage: &Stage) -> Vec<Row> {
    let good = stage.token().sign();
    let post = |body: &str| {
        Call::post("/v1/chat/completions")
            .header("content-type", "application/json")
            .body(body.to_owned())
            .bearer(&good)
    };
    let with_tool = |tool: &str| {
        let tools = json!([{"type": "function", "function": {"name": tool}}]);
        Call::post("/v1/chat/completions").json(&json!({"model": MODEL, "messages": [], "tools": tools}))
    };
    let contractor = stage.issuer.token().groups(["support", "contractors"]).sign();
    vec![
        row("model", Call::chat("gpt-5", "Hi.").bearer(&good), 403, "model_denied"),
        row(
            "group",
            Call::chat(MODEL, "Hi.").bearer(&stage.issuer.token().groups(["sales"]).sign()),
            403,
            "identity_denied",
        ),
        row("tool", with_tool("shell.run").bearer(&good), 403, "tool_denied"),
        row("rule", with_tool("mail.send").bearer(&contractor), 403, "rule_denied"),
        row("secret", stage.chat(&format!("my key is {SECRET} ok?")), 403, "request_blocked"),
        row("no JSON", post("{\"model\":"), 400, "request_malformed"),
        row("no messages", post("{}"), 400, "request_malformed"),
        row(
            "another case",
            post(&format!(r#"{{"model":"{MODEL}","messages":[],"Model":"gpt-5"}}"#)),
            400,
            "request_ambiguous",
        ),
        row(
            "duplicate key",
            post(&format!(r#"{{"model":"gpt-5","messages":[],"mod\u0065l":"{MODEL}"}}"#)),
            400,
            "request_duplicate_key",
        ),
        row(
            "pieces over the limit",
            stage
                .chat(&"x".repeat(3000))
                .path("/small/v1/chat/completions")
                .recut(500, std::time::Duration::from_millis(1)),
            413,
            "request_too_large",
        ),
    ]
}

fn check(row: &Row, told: &Told) {
    let name = row.name;
    let error = &told.answer.json()["error"];
    assert_eq!((told.status(), error["code"].as_str()), (row.status, Some(row.reason)), "{name}");
    let kind = match row.status {
        401 => "authentication_error",
        403 => "permission_error",
        _ => "invalid_request_error",
    };
    assert_eq!(error["type"], kind, "{name}");
    assert!(error["message"].as_str().is_some_and(|it| it.contains(row.reason)), "{name}");
    assert_eq!(told.answer.header("content-type"), "application/json", "{name}");
    assert_eq!(told.answer.header("x-portcullis-reason"), row.reason, "{name}");
    assert_eq!(told.answer.header("www-authenticate") == "Bearer", row.status == 401, "{name}");
    assert_eq!(told.answer.cut, None, "{name}");
    assert_eq!(
        (&told.line["details"], &told.line["code"]),
        (&json!(row.reason), &json!(row.status)),
        "{name}"
    );
    assert_eq!((told.decision(), told.reason()), ("deny", row.reason), "{name}");
    assert_eq!(told.record["response"]["status"], row.status, "{name}");
    assert_eq!(told.record["response"]["coverage"], "local_reply", "{name}");
}

#[tokio::test]
async fn each_refusal_has_its_reason_everywhere_and_nothing_reaches_the_upstream() {
    let stage = stage().await;
    let mut lines: Vec<Value> = Vec::new();
    for (index, row) in by_head(stage).into_iter().chain(by_body(stage)).enumerate() {
        let http = if index % 2 == 0 { Http::One } else { Http::Two };
        let told = stage.ask(row.call.clone(), http).await;
        check(&row, &told);
        assert!(told.received.is_none(), "{}: not even the head", row.name);
        lines.push(told.line);
    }
    for line in &lines {
        assert_eq!(stage.collected(line).await, line["record_text"], "byte for byte");
    }
    let last = &lines[lines.len() - 1];
    let collected = stage.collector.records();
    let of_last = collected.iter().find(|it| last["record_text"] == it.text());
    let of_last = of_last.expect("its record");
    assert_eq!(of_last.log.severity_text, "WARN");
    assert_eq!(of_last.log.event_name, "portcullis.exchange");
    assert_eq!(of_last.attribute("gen_ai.operation.name"), "chat");
    assert_eq!(of_last.attribute("error.type"), last["record"]["reason"]);
}

#[tokio::test]
async fn an_allowed_call_leaves_its_record_in_both_places() {
    let stage = stage().await;
    let told = stage.ask(stage.chat("Hi."), Http::Two).await;
    assert_eq!((told.status(), told.decision(), told.reason()), (200, "allow", ""));
    let record = &told.record;
    assert_eq!(
        record["principal"],
        json!({"issuer": "test", "subject": "alice", "tenant": "acme", "groups": ["support"]})
    );
    assert_eq!((&record["route"], &record["rule"]), (&json!("chat"), &json!("support")));
    assert_eq!(record["model"]["requested"], MODEL);
    assert_eq!(record["usage"], json!({"input_tokens": 12, "output_tokens": 8}));
    assert_eq!(record["upstream"]["status"], 200);
    assert_eq!(
        (&record["request"]["coverage"], &record["response"]["coverage"]),
        (&json!("scanned"), &json!("scanned"))
    );
    assert_eq!(stage.collected(&told.line).await, told.line["record_text"]);
    let record = record.to_string();
    assert!(!record.contains("Hi.") && !record.contains("Hello"), "evidence without content");
}

/// The host that cannot hold heads: the upstream may see the head of a refused request, never its body.
#[tokio::test]
async fn without_held_heads_no_body_of_a_refused_request_leaves() {
    let change = |config: &mut Value| config["host"] = json!({"hold_headers": false});
    let stage = Stage::with(change, |gate| gate.hold_headers(false)).await;
    for (index, row) in by_head(&stage).into_iter().enumerate() {
        let told = stage.ask(row.call.clone(), if index % 2 == 0 { Http::One } else { Http::Two }).await;
        check(&row, &told);
        assert!(told.received.is_none(), "{}", row.name);
    }
    for (index, row) in by_body(&stage).into_iter().enumerate() {
        let told = stage.ask(row.call.clone(), if index % 2 == 0 { Http::One } else { Http::Two }).await;
        check(&row, &told);
        if let Some(received) = told.received {
            assert!(received.body.is_empty() && !received.body_ending.is_complete(), "{}", row.name);
        }
    }
    let told = stage.ask(stage.chat(&format!("pay with {CARD} now")), Http::One).await;
    assert_eq!((told.status(), told.decision()), (200, "allow"));
    assert_eq!(told.received().json()["messages"][0]["content"], format!("pay with {CARD_MASK} now"));
    assert_eq!(told.received().header("authorization"), ["Bearer provider-key"]);
}
