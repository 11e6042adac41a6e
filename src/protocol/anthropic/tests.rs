use super::*;
use crate::protocol::json::Limits;
use crate::protocol::recognise;

#[test]
fn paths() {
    let known =
        |path: &str| recognise("POST", path).map(|operation| (operation.name, operation.model_in_path));
    for (path, expected) in [
        ("/v1/messages", Some(("chat", None))),
        ("/v1/messages?beta=true", Some(("chat", None))),
        ("/anthropic/v1/messages", Some(("chat", None))),
        ("/v1/messages/count_tokens", Some(("count_tokens", None))),
        ("/v1/complete", Some(("text_completion", None))),
        (
            "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x%40001:streamRawPredict",
            Some(("chat", Some("claude-x@001".to_owned()))),
        ),
        (
            "/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict",
            Some(("count_tokens", None)),
        ),
        ("/v1/projects/p/locations/l/publishers/anthropic/models/a%2fb:rawPredict", None),
        ("/v1/projects/p/locations/l/publishers/mistralai/models/m:rawPredict", None),
        ("/v1/messages/", None),
        ("/v1/messages/batches", None),
        ("/v2/messages", None),
    ] {
        assert_eq!(known(path), expected, "{path}");
    }
    assert!(recognise("GET", "/v1/messages").is_none());
}

fn read(body: &Value) -> Result<Request, Reason> {
    let text = body.to_string();
    let document = Document::parse(text.as_bytes(), Limits::default()).unwrap();
    Messages.request(&document, &recognise("POST", "/v1/messages").unwrap())
}

#[test]
fn each_string_of_a_request_has_its_channel() {
    let body = json!({
        "model": "claude-x", "stream": true,
        "system": [{ "type": "text", "text": "SYSTEM" }],
        "messages": [
            { "role": "user", "content": "PLAIN" },
            { "role": "assistant", "content": [
                { "type": "thinking", "thinking": "THOUGHT", "signature": "SIGNED" },
                { "type": "text", "text": "SAID" },
                { "type": "tool_use", "id": "t", "name": "n", "input": { "DEEP": [{ "a": 41_111 }, "ARGUMENT"] } },
                { "type": "web_search_tool_result", "content": [{ "title": "FOUND" }] },
            ] },
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t", "content": "STRING" },
                { "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": "BLOCK" }] },
                { "type": "document", "title": "NAMED", "source": { "type": "text", "media_type": "text/plain", "data": "PAPER" } },
                { "type": "document", "source": { "type": "content", "content": [{ "type": "text", "text": "PAGE" }] } },
                { "type": "text", "text": "ASKED" },
            ] },
        ],
    });
    let request = read(&body).unwrap();
    assert_eq!((request.model.as_deref(), request.stream), (Some("claude-x"), true));
    let text = body.to_string();
    let channel = |wanted: &str| {
        let found = request.texts.iter().find(|found| &text[found.span.clone()] == wanted);
        found.unwrap_or_else(|| panic!("{wanted} is no text")).channel
    };
    for (wanted, expected) in [
        ("SYSTEM", Channel::Instructions),
        ("PLAIN", Channel::Prompt),
        ("THOUGHT", Channel::Reasoning),
        ("SIGNED", Channel::Value),
        ("SAID", Channel::Content),
        ("DEEP", Channel::Value),
        ("41111", Channel::ToolArguments),
        ("ARGUMENT", Channel::ToolArguments),
        ("FOUND", Channel::ToolResult),
        ("STRING", Channel::ToolResult),
        ("BLOCK", Channel::ToolResult),
        ("NAMED", Channel::ToolResult),
        ("PAPER", Channel::ToolResult),
        ("PAGE", Channel::ToolResult),
        ("ASKED", Channel::Prompt),
    ] {
        assert_eq!(channel(wanted), expected, "{wanted}");
    }
    let system = read(&json!({ "system": "S", "messages": [] })).unwrap();
    assert_eq!(system.texts[0].channel, Channel::Instructions);
}

#[test]
fn tools_are_named() {
    let request = read(&json!({ "messages": [], "mcp_servers": [{ "name": "x" }], "tools": [
        { "name": "mine", "input_schema": {} },
        { "type": "custom", "name": "mine_too" },
        { "type": "web_search_20250305", "name": "web_search" },
    ] }));
    assert_eq!(request.unwrap().tools, ["mine", "mine_too", "web_search_20250305", "mcp_toolset"]);
}

#[test]
fn what_is_no_message_request_is_refused() {
    for (body, reason) in [
        (json!([]), Reason::RequestMalformed),
        (json!({}), Reason::RequestMalformed),
        (json!({ "messages": "x" }), Reason::RequestMalformed),
        (json!({ "messages": [], "model": 1 }), Reason::RequestMalformed),
        (json!({ "messages": [], "stream": "yes" }), Reason::RequestMalformed),
        (json!({ "messages": [], "tools": [{}] }), Reason::RequestMalformed),
    ] {
        assert_eq!(read(&body).err(), Some(reason), "{body}");
    }
    let twice = r#"{"model":"a","model":"b","messages":[]}"#;
    let document = Document::parse(twice.as_bytes(), Limits::default()).unwrap();
    let operation = recognise("POST", "/v1/messages").unwrap();
    assert_eq!(Messages.request(&document, &operation).err(), Some(Reason::RequestDuplicateKey));
}

#[test]
fn a_refusal_is_the_providers_error() {
    for (reason, kind) in [
        (Reason::TokenMissing, "authentication_error"),
        (Reason::ModelDenied, "permission_error"),
        (Reason::RequestMalformed, "invalid_request_error"),
        (Reason::RequestTooLarge, "request_too_large"),
        (Reason::KeysUnavailable, "api_error"),
    ] {
        let body: Value = serde_json::from_slice(&Messages.error(reason)).unwrap();
        assert_eq!(body["type"], "error");
        assert_eq!((&body["error"]["type"], &body["error"]["code"]), (&json!(kind), &json!(reason.code())));
        assert!(body["error"]["message"].as_str().unwrap().contains(reason.code()));
    }
}
