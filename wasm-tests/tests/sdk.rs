//! What the real `openai` client makes of the gate: answers, refusals, and streams that end in the middle.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use wasm_tests::envoy::root;
use wasm_tests::openai::{self, Delta};
use wasm_tests::stage::{CARD, CARD_MASK, MODEL, SECRET, Stage};

/// Prints one JSON value: what each call led to, by name.
const PROGRAM: &str = r#"
import json, sys, openai
base, good, stranger, model = sys.argv[1:]
told = {}

def client(token):
    return openai.OpenAI(base_url=base, api_key=token, max_retries=0, timeout=15)

def call(name, run):
    try:
        told[name] = run()
    except openai.APIStatusError as e:
        told[name] = {"exception": type(e).__name__, "status": e.status_code, "code": e.code, "type": e.type}
    except Exception as e:
        told[name] = {"exception": type(e).__name__, "text": str(e)}

def create(script, token=good, model=model, **more):
    return client(token).chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Hi."}], extra_headers={"x-script": script}, **more)

def whole(script, **more):
    choice = create(script, **more).choices[0]
    return {"content": choice.message.content, "finish": choice.finish_reason}

def stream(script, **more):
    out = {"content": "", "refusal": "", "arguments": "", "finish": None, "tools": []}
    for event in create(script, stream=True, **more):
        for choice in event.choices:
            out["content"] += choice.delta.content or ""
            out["refusal"] += choice.delta.refusal or ""
            out["finish"] = choice.finish_reason or out["finish"]
            for tool in choice.delta.tool_calls or []:
                out["arguments"] += tool.function.arguments or ""
                out["tools"] += [tool.function.name] if tool.function.name else []
    return out

def helper(script):
    with client(good).chat.completions.stream(
            model=model, messages=[{"role": "user", "content": "Hi."}], extra_headers={"x-script": script}) as events:
        kinds = sorted({event.type for event in events})
        choice = events.get_final_completion().choices[0]
    return {"content": choice.message.content, "refusal": choice.message.refusal, "finish": choice.finish_reason,
            "tools": [tool.function.name for tool in choice.message.tool_calls or []], "kinds": kinds}

call("whole", lambda: whole("whole"))
call("whole redacted", lambda: whole("card"))
call("stream", lambda: stream("stream"))
call("stream redacted", lambda: stream("card-stream"))
call("tool", lambda: stream("tool"))
call("tool blocked", lambda: stream("tool-secret"))
call("content blocked", lambda: stream("secret-stream"))
call("whole blocked", lambda: whole("secret"))
call("helper", lambda: helper("card-stream"))
call("helper tool", lambda: helper("tool"))
call("helper blocked", lambda: helper("secret-stream"))
call("helper tool blocked", lambda: helper("tool-secret"))
call("no identity", lambda: whole("whole", token="sk-mine"))
call("stranger", lambda: whole("whole", token=stranger))
call("model", lambda: whole("whole", model="gpt-5"))
call("model, streamed", lambda: stream("whole", model="gpt-5"))
call("operation", lambda: client(good).embeddings.create(model=model, input="x").model)
call("busy", lambda: whole("busy"))
print(json.dumps(told))
"#;

#[tokio::test]
async fn the_openai_client_understands_the_gate() {
    let python = root().join(".tools/venv/bin/python");
    if !python.exists() {
        println!("skipped: no openai SDK; `scripts/lib/venv` installs it");
        return;
    }
    let stage = Stage::start().await;
    let at_once = Duration::ZERO;
    let tool = |arguments: &[&str]| {
        let mut deltas = vec![Delta::content("Sure. "), Delta::tool(0, "call_1", "mail.send")];
        deltas.extend(arguments.iter().map(|piece| Delta::arguments(0, piece)));
        openai::stream(&deltas, at_once)
    };
    let (first, second) = SECRET.split_at(7);
    let scripts = [
        ("whole", openai::whole("Fine, thanks.")),
        ("card", openai::whole(&format!("The card is {CARD}."))),
        ("stream", openai::stream_text(&["Fine, ", "thanks."], at_once)),
        ("card-stream", openai::stream_text(&["The card is 4111 11", "11 1111 ", "1111, fine."], at_once)),
        ("tool", tool(&["{\"to\":", "\"bob\"}"])),
        ("tool-secret", tool(&["{\"to\":\"", first, second, "\"}"])),
        ("secret-stream", openai::stream_text(&["Sure, it is ", first, second, ", bye."], at_once)),
        ("secret", openai::whole(&format!("It is {SECRET}."))),
        ("busy", openai::whole("").status(429)),
    ];
    for (name, script) in scripts {
        stage.model.script(name, script);
    }
    let base = format!("http://{}/v1", stage.envoy.addr);
    let (good, stranger) = (stage.token().sign(), stage.issuer.token().groups(["sales"]).sign());
    let output = Command::new(python)
        .args(["-c", PROGRAM, &base, &good, &stranger, MODEL])
        .output()
        .expect("python runs");
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    println!("{told:#}");

    assert_eq!(told["whole"], json!({"content": "Fine, thanks.", "finish": "stop"}));
    assert_eq!(told["whole redacted"]["content"], format!("The card is {CARD_MASK}."));
    assert_eq!(
        (&told["stream"]["content"], &told["stream"]["finish"]),
        (&json!("Fine, thanks."), &json!("stop"))
    );
    for name in ["stream redacted", "helper"] {
        assert_eq!(told[name]["content"], format!("The card is {CARD_MASK}, fine."), "{name}");
        assert_eq!(told[name]["finish"], "stop", "{name}");
    }
    assert_eq!(
        (&told["tool"]["arguments"], &told["tool"]["finish"]),
        (&json!("{\"to\":\"bob\"}"), &json!("tool_calls"))
    );
    assert_eq!(
        (&told["helper tool"]["tools"], &told["helper tool"]["finish"]),
        (&json!(["mail.send"]), &json!("tool_calls"))
    );

    for (name, content) in [("tool blocked", "Sure. "), ("content blocked", "Sure, it is ")] {
        let told = &told[name];
        assert_eq!(
            (&told["content"], &told["finish"]),
            (&json!(content), &json!("content_filter")),
            "{name}"
        );
        assert!(told["refusal"].as_str().is_some_and(|text| text.contains("response_blocked")), "{name}");
        assert_eq!((&told["arguments"], &told["tools"]), (&json!(""), &json!([])), "{name}");
    }
    // The client's own helper turns that finish reason into its exception.
    for name in ["helper blocked", "helper tool blocked"] {
        assert_eq!(told[name]["exception"], "ContentFilterFinishReasonError", "{name}");
    }

    let refusal = |exception: &str, status: u16, code: &str, kind: &str| json!({"exception": exception, "status": status, "code": code, "type": kind});
    let denied = |code: &str| refusal("PermissionDeniedError", 403, code, "permission_error");
    assert_eq!(
        told["no identity"],
        refusal("AuthenticationError", 401, "token_malformed", "authentication_error")
    );
    assert_eq!(told["stranger"], denied("identity_denied"));
    assert_eq!(
        (&told["model"], &told["model, streamed"]),
        (&denied("model_denied"), &denied("model_denied"))
    );
    assert_eq!(told["whole blocked"], denied("response_blocked"));
    assert_eq!(told["operation"], denied("operation_denied"));
    assert_eq!(
        (&told["busy"]["exception"], &told["busy"]["status"]),
        (&json!("RateLimitError"), &json!(429))
    );

    // The client offers gzip and sends its key as a bearer token; neither reaches the model.
    for received in stage.model.received() {
        assert!(received.header("accept-encoding").is_empty());
        assert_eq!(received.header("authorization"), ["Bearer provider-key"]);
    }
}
