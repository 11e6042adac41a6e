use super::*;
use crate::protocol::json::Limits;
use crate::protocol::recognise;
use serde_json::Value;

#[test]
fn paths() {
    let known = |path: &str| {
        recognise("POST", path).map(|operation| (operation.name, operation.model_in_path.unwrap_or_default()))
    };
    let vertex = "/v1beta1/projects/p/locations/l";
    for (path, expected) in [
        ("/v1beta/models/m-1:generateContent".to_owned(), Some(("generate_content", "m-1"))),
        ("/v1beta/models/m-1:streamGenerateContent?alt=sse".to_owned(), Some(("generate_content", "m-1"))),
        ("/v1/models/m%2D1:countTokens".to_owned(), Some(("count_tokens", "m-1"))),
        ("/v1beta/models/m-1:embedContent".to_owned(), Some(("embeddings", "m-1"))),
        ("/v1beta/models/m-1:batchEmbedContents".to_owned(), Some(("embeddings", "m-1"))),
        ("/v1beta/tunedModels/m-1:generateContent".to_owned(), Some(("generate_content", "tunedModels/m-1"))),
        (format!("{vertex}/publishers/google/models/m-1:generateContent"), Some(("generate_content", "m-1"))),
        (format!("{vertex}/endpoints/12:streamGenerateContent"), Some(("generate_content", "endpoints/12"))),
        (format!("{vertex}/publishers/other/models/m-1:generateContent"), None),
        ("/v1beta/models/m%2:generateContent".to_owned(), None),
        ("/v1beta/models/:generateContent".to_owned(), None),
        ("/v1beta/cachedContents/m-1:generateContent".to_owned(), None),
        ("/v1beta/models/m-1:batchGenerateContent".to_owned(), None),
        ("/v1beta/models/m-1".to_owned(), None),
    ] {
        let expected = expected.map(|(name, model)| (name, model.to_owned()));
        assert_eq!(known(&path), expected, "{path}");
    }
}

fn read(verb: &str, body: &Value) -> Result<Request, Reason> {
    let text = body.to_string();
    let document = Document::parse(text.as_bytes(), Limits::default()).unwrap();
    let operation = recognise("POST", &format!("/v1beta/models/m-1:{verb}")).unwrap();
    operation.dialect.request(&document, &operation)
}

#[test]
fn each_string_of_a_request_has_its_channel_in_every_spelling() {
    let parts = |camel: bool| {
        let name = |c: &str, s: &str| if camel { c.to_owned() } else { s.to_owned() };
        json!([
            { "role": "user", "parts": [{ "text": "ASKED" }, { name("inlineData", "inline_data"): { "data": "IMAGE" } }] },
            { "role": "model", "parts": [
                { "text": "THOUGHT", "thought": true },
                { "text": "SAID" },
                { name("functionCall", "function_call"): { "name": "f", "args": { "n": 41_111, "a": ["ARGUMENT"] } } },
                { name("codeExecutionResult", "code_execution_result"): { "output": "PRINTED" } },
            ] },
            { "role": "user", "parts": [{ name("functionResponse", "function_response"): { "response": { "r": "RESULT" } } }] },
        ])
    };
    let system = json!({ "parts": [{ "text": "SYSTEM" }] });
    let single = json!({ "parts": { "text": "SINGLE" } });
    for (name, body, wanted) in [
        ("camel", json!({ "contents": parts(true), "systemInstruction": system }), true),
        ("snake", json!({ "contents": parts(false), "system_instruction": system }), true),
        (
            "counted",
            json!({ "generateContentRequest": { "contents": parts(true), "systemInstruction": system } }),
            true,
        ),
        ("single", json!({ "contents": single, "systemInstruction": "SYSTEM" }), false),
    ] {
        let verb = if name == "counted" { "countTokens" } else { "generateContent" };
        let request = read(verb, &body).unwrap();
        assert_eq!(request.model.as_deref(), Some("m-1"));
        let text = body.to_string();
        let channel = |wanted: &str| {
            let found = request.texts.iter().find(|found| &text[found.span.clone()] == wanted);
            found.unwrap_or_else(|| panic!("{name}: {wanted} is no text")).channel
        };
        assert_eq!(channel("SYSTEM"), Channel::Instructions, "{name}");
        if !wanted {
            assert_eq!(channel("SINGLE"), Channel::Prompt, "{name}");
            continue;
        }
        for (wanted, expected) in [
            ("ASKED", Channel::Prompt),
            ("IMAGE", Channel::Prompt),
            ("THOUGHT", Channel::Reasoning),
            ("SAID", Channel::Content),
            ("41111", Channel::ToolArguments),
            ("ARGUMENT", Channel::ToolArguments),
            ("PRINTED", Channel::ToolResult),
            ("RESULT", Channel::ToolResult),
        ] {
            assert_eq!(channel(wanted), expected, "{name}: {wanted}");
        }
    }
    let embedded = read("batchEmbedContents", &json!({ "requests": [{ "content": single }] })).unwrap();
    assert!(embedded.texts.iter().any(|text| text.channel == Channel::Prompt));
}

#[test]
fn tools_are_named_alike_in_both_spellings() {
    for tools in [
        json!([{ "functionDeclarations": [{ "name": "a" }, { "name": "b" }] }, { "googleSearch": {} }, { "urlContext": {} }]),
        json!([{ "function_declarations": [{ "name": "a" }, { "name": "b" }], "google_search": {}, "url_context": {} }]),
        json!({ "functionDeclarations": [{ "name": "a" }, { "name": "b" }], "googleSearch": {}, "urlContext": {} }),
    ] {
        let request = read("generateContent", &json!({ "contents": [], "tools": tools })).unwrap();
        let mut names = request.tools;
        names.sort();
        assert_eq!(names, ["a", "b", "googleSearch", "urlContext"]);
    }
    let unnamed = json!({ "contents": [], "tools": [{ "functionDeclarations": [{}] }] });
    assert_eq!(read("generateContent", &unnamed).err(), Some(Reason::RequestMalformed));
}

#[test]
fn what_is_no_request_is_refused() {
    assert_eq!(read("generateContent", &json!({})).err(), Some(Reason::RequestMalformed));
    assert_eq!(read("embedContent", &json!({ "contents": [] })).err(), Some(Reason::RequestMalformed));
    assert!(read("streamGenerateContent", &json!({ "contents": [] })).unwrap().stream);
}

#[test]
fn a_refusal_is_the_providers_error() {
    for (reason, status) in [
        (Reason::TokenMissing, "UNAUTHENTICATED"),
        (Reason::ModelDenied, "PERMISSION_DENIED"),
        (Reason::RequestTooLarge, "INVALID_ARGUMENT"),
        (Reason::KeysUnavailable, "UNAVAILABLE"),
        (Reason::HostFailure, "INTERNAL"),
    ] {
        let body: Value = serde_json::from_slice(&GENERATE.error(reason)).unwrap();
        let error = &body["error"];
        assert_eq!((&error["status"], &error["code"]), (&json!(status), &json!(reason.status())));
        assert_eq!(error["details"][0]["reason"], reason.code());
        assert!(error["message"].as_str().unwrap().contains(reason.code()));
    }
}
