//! Loops in which the model calls tools of the application: the call comes whole or not at all, and what the tool says is
//! guarded on its way to the model.

use super::*;
use wasm_tests::openai::Delta;

/// The arguments of the call in pieces: clean, with what is masked, with what is blocked.
const CALLS: [(&str, [&str; 3]); 3] = [
    ("tool", ["{\"folder\":", "\"in", "box\"}"]),
    ("tool masked", ["{\"folder\":\"card 4111 11", "11 1111 ", "1111\"}"]),
    ("tool blocked", ["{\"folder\":\"", "AKIAQ3EGR", "LPBX7N2TVWM\"}"]),
];

/// Has the model call the tool, and then be done.
fn script_calls(
    stage: &Stage,
    prefix: &str,
    call: [fn(&[&str]) -> Script; 2],
    done: [fn(&str) -> Script; 2],
) {
    for (kind, (call, done)) in ["", " stream"].into_iter().zip(call.into_iter().zip(done)) {
        for (name, pieces) in CALLS {
            stage.model.script(&format!("{prefix}{name}{kind}"), call(&pieces));
        }
        stage.model.script(&format!("{prefix}done{kind}"), done("It is 3."));
    }
}

/// What each loop came to. `finish`: how the API says that an answer is done, and that it was stopped.
fn check_loops(stage: &Stage, told: &Value, api: &str, finish: [&str; 2]) {
    let [done, stopped] = finish;
    for kind in ["", " stream"] {
        for (script, folder) in [("tool", "inbox".to_owned()), ("tool masked", format!("card {CARD_MASK}"))] {
            let name = format!("{api} {script}{kind}");
            let told = &told[&name];
            assert_eq!(told["ran"], json!([{"folder": folder}]), "{name}: {told}");
            assert_eq!(
                (&told["text"], &told["finish"]),
                (&json!("It is 3."), &json!(done)),
                "{name}: {told}"
            );
        }
        let name = format!("{api} tool blocked{kind}");
        let told = &told[&name];
        assert!(!told.to_string().contains("AKIA"), "{name}: {told}");
        if kind.is_empty() {
            assert_eq!(
                (&told["exception"], &told["status"]),
                (&json!("PermissionDeniedError"), &json!(403)),
                "{name}: {told}"
            );
            assert!(
                told["text"].as_str().is_some_and(|text| text.contains("response_blocked")),
                "{name}: {told}"
            );
        } else {
            assert_eq!((&told["ran"], &told["finish"]), (&json!([]), &json!(stopped)), "{name}: {told}");
        }
    }
    for received in stage.model.received() {
        assert!(
            !received.text().contains("4111"),
            "{api}: what a tool said reached the model: {}",
            received.text()
        );
    }
    let result = format!("3, the last about card {CARD_MASK}");
    let results = stage.model.received().iter().filter(|it| it.text().contains(&result)).count();
    assert!(results >= 4, "{api}: {results} results of tools");
}

#[tokio::test]
async fn tools_are_called_through_the_openai_client() {
    fn call(arguments: &str) -> Value {
        json!({"id": "call_1", "type": "function", "function": {"name": "count_mails", "arguments": arguments}})
    }
    fn item(arguments: &str) -> Value {
        json!({"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "count_mails",
            "arguments": arguments, "status": "completed"})
    }
    let stage = stage(MODEL).await;
    script_calls(
        &stage,
        "",
        [
            |pieces| {
                let calls = [call(&pieces.concat())];
                openai::whole_message(&[json!({"role": "assistant", "content": null, "tool_calls": calls})])
            },
            |pieces| {
                let mut deltas = vec![Delta::tool(0, "call_1", "count_mails")];
                deltas.extend(pieces.iter().map(|piece| Delta::arguments(0, piece)));
                openai::stream(&deltas, Duration::ZERO)
            },
        ],
        [openai::whole, |text| openai::stream_text(&[text], Duration::ZERO)],
    );
    script_calls(
        &stage,
        "responses ",
        [
            |pieces| whole(response("completed", vec![item(&pieces.concat())])),
            |pieces| {
                let place = |mut event: Value| {
                    (event["item_id"], event["output_index"]) = (json!("fc_1"), json!(0));
                    event
                };
                let (kind, arguments) = ("response.function_call_arguments", pieces.concat());
                let delta = |piece: &&str| place(json!({"type": format!("{kind}.delta"), "delta": piece}));
                let mut inside: Vec<Value> = pieces.iter().map(delta).collect();
                inside.push(place(
                    json!({"type": format!("{kind}.done"), "arguments": arguments, "name": "count_mails"}),
                ));
                let mut begun = item("");
                begun["status"] = json!("in_progress");
                response_events(begun, inside, item(&arguments))
            },
        ],
        [|text| whole(response("completed", vec![spoken(text)])), |text| spoken_events(&[text])],
    );
    let Some(told) = run(&stage, "openai", include_str!("../../sdk/openai_loops.py"), MODEL) else { return };
    check_loops(&stage, &told, "chat", ["stop", "content_filter"]);
    check_loops(&stage, &told, "responses", ["completed", "content_filter"]);
    // What the gate does not understand is refused in OpenAI's words, and does not reach the provider.
    for name in ["thread", "run", "run stream"] {
        let told = &told[name];
        assert_eq!(
            (&told["exception"], &told["status"]),
            (&json!("APIStatusError"), &json!(415)),
            "{name}: {told}"
        );
        assert!(
            told["text"].as_str().is_some_and(|text| text.contains("unsupported_content")),
            "{name}: {told}"
        );
    }
    assert!(stage.model.received().iter().all(|it| !it.path.contains("threads")));
}

#[tokio::test]
async fn tools_are_called_through_the_anthropic_client() {
    let stage = stage("claude-haiku-4-5").await;
    script_calls(
        &stage,
        "",
        [
            |pieces| {
                let mut answer = message("");
                let input: Value = serde_json::from_str(&pieces.concat()).expect("JSON");
                answer["content"] =
                    json!([{"type": "tool_use", "id": "toolu_1", "name": "count_mails", "input": input}]);
                answer["stop_reason"] = json!("tool_use");
                whole(answer)
            },
            |pieces| {
                let mut events = message_events(&[]);
                events[1]["content_block"] =
                    json!({"type": "tool_use", "id": "toolu_1", "name": "count_mails", "input": {}});
                let deltas = pieces.iter().map(|piece| {
                    json!({"type": "content_block_delta", "index": 0,
                        "delta": {"type": "input_json_delta", "partial_json": piece}})
                });
                events.splice(2..2, deltas);
                let end = events.len() - 2;
                events[end]["delta"]["stop_reason"] = json!("tool_use");
                server_sent(events)
            },
        ],
        [|text| whole(message(text)), |text| server_sent(message_events(&[text]))],
    );
    let program = include_str!("../../sdk/anthropic_loops.py");
    let Some(told) = run(&stage, "anthropic", program, "claude-haiku-4-5") else { return };
    check_loops(&stage, &told, "messages", ["end_turn", "refusal"]);
    assert_eq!(told["messages tool blocked stream"]["blocks"], json!([]), "{told:#}");
}
