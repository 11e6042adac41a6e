//! Where in the bodies of each API stands what somebody else wrote: `TOLD`, and nothing else of it is in that channel but names
//! and numbers.

use super::super::*;
use crate::protocol::Operation;
use crate::protocol::json::Document;
use crate::protocol::lane::{Channel, Text};

const TOLD: &str = "TOLD";
const OWN: &str = "OWN";

fn operation(path: &str) -> Operation {
    protocol::recognise("POST", path).unwrap()
}

fn document(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes(), Default::default()).unwrap()
}

/// Each `TOLD` is in the channel of tool results, and each `OWN` is not.
fn assert_told_apart(name: &str, body: &Value, texts: &[Text]) {
    let body = body.to_string();
    let channels = |wanted: &str| -> Vec<Channel> {
        let is_it = |text: &&Text| body.get(text.span.clone()) == Some(wanted);
        texts.iter().filter(is_it).map(|text| text.channel).collect()
    };
    let told = channels(TOLD);
    assert_eq!(told.len(), body.matches(&format!("\"{TOLD}\"")).count(), "{name}: not all are texts");
    assert!(!told.is_empty() && told.iter().all(|it| *it == Channel::ToolResult), "{name}: {told:?}");
    let own = channels(OWN);
    assert!(own.iter().all(|it| *it != Channel::ToolResult), "{name}: {own:?}");
}

fn chat(message: Value) -> Value {
    json!({ "model": "m", "messages": [{ "role": "user", "content": OWN }, message] })
}

fn input(item: Value) -> Value {
    json!({ "model": "m", "input": [{ "role": "user", "content": OWN }, item] })
}

fn contents(part: Value) -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": OWN }, part] }] })
}

fn blocks(block: Value) -> Value {
    json!({ "messages": [{ "role": "user", "content": [{ "type": "text", "text": OWN }, block] }] })
}

#[test]
fn in_requests() {
    const CHAT: &str = "/v1/chat/completions";
    const RESPONSES: &str = "/v1/responses";
    const MESSAGES: &str = "/v1/messages";
    const GEMINI: &str = "/v1beta/models/m:generateContent";
    const CONVERSE: &str = "/model/m/converse";
    const INVOKE: &str = "/model/m/invoke";
    let converse =
        |block: Value| json!({ "messages": [{ "role": "user", "content": [{ "text": OWN }, block] }] });
    let table = [
        (CHAT, "tool", chat(json!({ "role": "tool", "tool_call_id": "c", "content": TOLD }))),
        (
            CHAT,
            "tool, in parts",
            chat(json!({ "role": "tool", "content": [{ "type": "text", "text": TOLD }] })),
        ),
        (CHAT, "function", chat(json!({ "role": "function", "name": "f", "content": TOLD }))),
        (
            CHAT,
            "file",
            chat(json!({ "role": "user", "content": [
                { "type": "file", "file": { "filename": TOLD, "file_data": TOLD } },
                { "type": "document_url", "document_url": TOLD, "document_name": TOLD },
                { "type": "text", "text": OWN },
            ] })),
        ),
        (
            CHAT,
            "documents",
            json!({ "messages": [{ "role": "user", "content": OWN }], "documents": [{ "title": TOLD, "text": TOLD }] }),
        ),
        (RESPONSES, "function", input(json!({ "type": "function_call_output", "output": TOLD }))),
        (
            RESPONSES,
            "function, in parts",
            input(json!({ "type": "function_call_output", "output": [
                { "type": "input_text", "text": TOLD }, { "type": "input_file", "filename": TOLD, "file_data": TOLD },
            ] })),
        ),
        (RESPONSES, "custom", input(json!({ "type": "custom_tool_call_output", "output": TOLD }))),
        (
            RESPONSES,
            "computer",
            input(json!({ "type": "computer_call_output", "output": { "image_url": TOLD } })),
        ),
        (RESPONSES, "local shell", input(json!({ "type": "local_shell_call_output", "output": TOLD }))),
        (
            RESPONSES,
            "shell",
            input(json!({ "type": "shell_call_output", "output": [{ "stdout": TOLD, "stderr": TOLD }] })),
        ),
        (
            RESPONSES,
            "MCP",
            input(json!({ "type": "mcp_call", "arguments": OWN, "output": TOLD, "error": TOLD })),
        ),
        (
            RESPONSES,
            "interpreter",
            input(
                json!({ "type": "code_interpreter_call", "code": OWN, "outputs": [{ "type": "logs", "logs": TOLD }] }),
            ),
        ),
        (
            RESPONSES,
            "file search",
            input(json!({ "type": "file_search_call", "queries": [OWN], "results": [
                { "text": TOLD, "filename": TOLD, "attributes": { "author": TOLD } },
            ] })),
        ),
        (
            RESPONSES,
            "web search",
            input(
                json!({ "type": "web_search_call", "action": { "query": OWN, "sources": [{ "url": TOLD }] }, "results": [
                { "title": TOLD, "snippet": TOLD },
            ] }),
            ),
        ),
        (
            RESPONSES,
            "file",
            input(json!({ "role": "user", "content": [
                { "type": "input_text", "text": OWN }, { "type": "input_file", "filename": TOLD, "file_data": TOLD },
            ] })),
        ),
        (MESSAGES, "tool_result", blocks(json!({ "type": "tool_result", "content": TOLD }))),
        (
            MESSAGES,
            "tool_result, in blocks",
            blocks(json!({ "type": "tool_result", "content": [
                { "type": "text", "text": TOLD },
                { "type": "search_result", "source": TOLD, "title": TOLD, "content": [{ "type": "text", "text": TOLD }] },
            ] })),
        ),
        (
            MESSAGES,
            "document",
            blocks(
                json!({ "type": "document", "title": TOLD, "context": TOLD, "source": { "type": "text", "data": TOLD } }),
            ),
        ),
        (
            MESSAGES,
            "document, in blocks",
            blocks(
                json!({ "type": "document", "source": { "type": "content", "content": [{ "type": "text", "text": TOLD }] } }),
            ),
        ),
        (
            MESSAGES,
            "search_result",
            blocks(
                json!({ "type": "search_result", "source": TOLD, "title": TOLD, "content": [{ "type": "text", "text": TOLD }] }),
            ),
        ),
        (
            MESSAGES,
            "web search",
            blocks(json!({ "type": "web_search_tool_result", "content": [{ "title": TOLD, "url": TOLD }] })),
        ),
        (
            MESSAGES,
            "web fetch",
            blocks(
                json!({ "type": "web_fetch_tool_result", "content": { "content": { "title": TOLD, "source": { "data": TOLD } } } }),
            ),
        ),
        (
            MESSAGES,
            "MCP",
            blocks(json!({ "type": "mcp_tool_result", "content": [{ "type": "text", "text": TOLD }] })),
        ),
        (
            MESSAGES,
            "code",
            blocks(json!({ "type": "bash_code_execution_tool_result", "content": { "stdout": TOLD } })),
        ),
        (
            MESSAGES,
            "citation",
            blocks(
                json!({ "type": "text", "text": OWN, "citations": [{ "cited_text": TOLD, "document_title": TOLD }] }),
            ),
        ),
        (GEMINI, "function", contents(json!({ "functionResponse": { "response": { "r": TOLD } } }))),
        (GEMINI, "code", contents(json!({ "code_execution_result": { "output": TOLD } }))),
        (GEMINI, "document", contents(json!({ "inlineData": { "mimeType": "Text/plain", "data": TOLD } }))),
        (
            GEMINI,
            "document, spelt otherwise",
            contents(json!({ "inline_data": { "mime_type": "application/pdf", "data": TOLD } })),
        ),
        (
            CONVERSE,
            "toolResult",
            converse(json!({ "toolResult": { "toolUseId": "i", "content": [
            { "text": TOLD }, { "json": { "a": [TOLD] } }, { "document": { "source": { "text": TOLD } } },
            { "searchResult": { "content": [{ "text": TOLD }] } },
        ] } })),
        ),
        (
            CONVERSE,
            "document",
            converse(json!({ "document": { "name": TOLD, "context": TOLD, "source": { "text": TOLD } } })),
        ),
        (
            CONVERSE,
            "document, in blocks",
            converse(json!({ "document": { "source": { "content": [{ "text": TOLD }] } } })),
        ),
        (
            CONVERSE,
            "searchResult",
            converse(
                json!({ "searchResult": { "source": TOLD, "title": TOLD, "content": [{ "text": TOLD }] } }),
            ),
        ),
        (
            CONVERSE,
            "citation",
            converse(json!({ "citationsContent": { "content": [{ "text": OWN }], "citations": [
                { "title": TOLD, "sourceContent": [{ "text": TOLD }] },
            ] } })),
        ),
        (
            "/model/m/count-tokens",
            "counted",
            json!({ "input": { "converse": converse(json!({ "toolResult": { "content": [{ "text": TOLD }] } })) } }),
        ),
        (
            INVOKE,
            "Claude's result",
            blocks(json!({ "type": "tool_result", "content": [{ "type": "text", "text": TOLD }] })),
        ),
        (
            INVOKE,
            "Claude's document",
            blocks(json!({ "type": "document", "title": TOLD, "source": { "data": TOLD } })),
        ),
        (
            INVOKE,
            "Nova's result",
            converse(json!({ "toolResult": { "content": [{ "text": TOLD }, { "json": { "a": TOLD } }] } })),
        ),
        (
            INVOKE,
            "Cohere",
            json!({ "message": OWN, "documents": [{ "title": TOLD, "snippet": TOLD }], "tool_results": [
                { "call": { "name": "f", "parameters": { "q": OWN } }, "outputs": [{ "text": TOLD }] },
            ] }),
        ),
        (INVOKE, "Mistral", chat(json!({ "role": "tool", "tool_call_id": "c", "content": TOLD }))),
        ("/api/chat", "Ollama", chat(json!({ "role": "tool", "tool_name": "f", "content": TOLD }))),
    ];
    for (path, name, body) in table {
        let text = body.to_string();
        let operation = operation(path);
        let request = operation.dialect.request(&document(&text), &operation);
        assert_told_apart(&format!("{path}, {name}"), &body, &request.unwrap().texts);
    }
}

#[test]
fn in_answers() {
    let message = |message: Value| json!({ "choices": [{ "index": 0, "message": message }] });
    let citation = json!({ "title": TOLD, "content": TOLD, "url": "https://a.example" });
    let table = [
        (
            "/v1/chat/completions",
            "annotations",
            message(
                json!({ "content": OWN, "annotations": [{ "type": "url_citation", "url_citation": citation }] }),
            ),
        ),
        (
            "/v1/chat/completions",
            "Azure",
            message(json!({ "content": OWN, "context": { "citations": [citation] } })),
        ),
        (
            "/v1/chat/completions",
            "Groq",
            message(json!({ "content": OWN, "executed_tools": [{ "output": TOLD }] })),
        ),
        (
            "/v1/chat/completions",
            "Perplexity",
            json!({ "choices": [], "search_results": [{ "title": TOLD, "snippet": TOLD }] }),
        ),
        (
            "/v1/responses",
            "items",
            json!({ "output": [
                { "type": "mcp_call", "arguments": OWN, "output": TOLD, "error": { "message": TOLD } },
                { "type": "file_search_call", "queries": [OWN], "results": [{ "text": TOLD, "filename": TOLD }] },
                { "type": "web_search_call", "action": { "query": OWN, "sources": [{ "url": TOLD }] } },
                { "type": "code_interpreter_call", "code": OWN, "outputs": [{ "logs": TOLD }] },
                { "type": "shell_call_output", "output": [{ "stdout": TOLD, "stderr": TOLD }] },
                { "type": "message", "content": [{ "text": OWN, "annotations": [{ "title": TOLD }, { "filename": TOLD }] }] },
            ] }),
        ),
        (
            "/v1/messages",
            "blocks",
            json!({ "content": [
                { "type": "web_search_tool_result", "content": [{ "title": TOLD }] },
                { "type": "mcp_tool_result", "content": [{ "type": "text", "text": TOLD }] },
                { "type": "text", "text": OWN, "citations": [{ "cited_text": TOLD, "title": TOLD, "document_title": TOLD }] },
            ] }),
        ),
        (
            "/v1beta/models/m:generateContent",
            "candidates",
            json!({ "candidates": [{
                "content": { "parts": [{ "text": OWN }, { "codeExecutionResult": { "output": TOLD } }] },
                "groundingMetadata": { "webSearchQueries": [OWN], "groundingChunks": [
                    { "web": { "title": TOLD, "uri": TOLD } }, { "retrievedContext": { "title": TOLD, "text": TOLD } },
                ] },
            }] }),
        ),
        (
            "/model/m/converse",
            "blocks",
            json!({ "output": { "message": { "content": [
                { "text": OWN },
                { "toolResult": { "content": [{ "text": TOLD }, { "json": { "a": TOLD } }] } },
                { "citationsContent": { "content": [{ "text": OWN }], "citations": [
                    { "title": TOLD, "sourceContent": [{ "text": TOLD }] },
                ] } },
            ] } } }),
        ),
        (
            "/model/m/invoke",
            "Cohere",
            json!({ "text": OWN, "documents": [{ "title": TOLD, "snippet": TOLD }] }),
        ),
        (
            "/mcp",
            "call",
            json!({ "jsonrpc": "2.0", "id": 1, "result": { "content": [{ "type": "text", "text": TOLD }] } }),
        ),
        (
            "/mcp",
            "structured",
            json!({ "jsonrpc": "2.0", "id": 1, "result": { "structuredContent": { "a": TOLD } } }),
        ),
        (
            "/mcp",
            "resource",
            json!({ "jsonrpc": "2.0", "id": 1, "result": { "contents": [{ "uri": "a:b", "text": TOLD }] } }),
        ),
        (
            "/mcp",
            "prompt",
            json!({ "jsonrpc": "2.0", "id": 1, "result": { "messages": [{ "role": "user", "content": { "text": TOLD } }] } }),
        ),
        ("/mcp", "error", json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -1, "message": TOLD } })),
    ];
    for (path, name, body) in table {
        let text = body.to_string();
        let (texts, _) = operation(path).dialect.answer(&document(&text)).unwrap();
        assert_told_apart(&format!("{path}, {name}"), &body, &texts);
    }
}

#[test]
fn in_events() {
    let delta = |delta: Value| json!({ "choices": [{ "index": 0, "delta": delta }] });
    let citation = json!({ "title": TOLD, "content": TOLD });
    let done = |item: Value| json!({ "type": "response.output_item.done", "output_index": 0, "item": item });
    let added =
        |item: Value| json!({ "type": "response.output_item.added", "output_index": 0, "item": item });
    let start = |block: Value| json!({ "type": "content_block_start", "index": 0, "content_block": block });
    let table = [
        (
            "/v1/chat/completions",
            "annotations",
            delta(json!({ "content": OWN, "annotations": [{ "url_citation": citation }] })),
        ),
        ("/v1/chat/completions", "Azure", delta(json!({ "context": { "citations": [citation] } }))),
        ("/v1/chat/completions", "Groq", delta(json!({ "executed_tools": [{ "output": TOLD }] }))),
        (
            "/v1/chat/completions",
            "Perplexity",
            json!({ "choices": [], "search_results": [{ "title": TOLD, "snippet": TOLD }] }),
        ),
        ("/v1/responses", "MCP", done(json!({ "type": "mcp_call", "arguments": OWN, "output": TOLD }))),
        (
            "/v1/responses",
            "MCP, at once",
            added(json!({ "type": "mcp_call", "arguments": OWN, "output": TOLD })),
        ),
        (
            "/v1/responses",
            "file search",
            done(json!({ "type": "file_search_call", "results": [{ "text": TOLD }] })),
        ),
        (
            "/v1/responses",
            "shell",
            added(json!({ "type": "shell_call_output", "output": [{ "stdout": TOLD }] })),
        ),
        (
            "/v1/responses",
            "annotation",
            json!({ "type": "response.output_text.annotation.added", "output_index": 0, "annotation": { "title": TOLD } }),
        ),
        (
            "/v1/responses",
            "shell, in pieces",
            json!({ "type": "response.shell_call_output_content.delta", "output_index": 0, "delta": { "stdout": TOLD } }),
        ),
        (
            "/v1/messages",
            "search",
            start(json!({ "type": "web_search_tool_result", "content": [{ "title": TOLD }] })),
        ),
        (
            "/v1/messages",
            "citation",
            json!({ "type": "content_block_delta", "index": 0, "delta": {
                "type": "citations_delta", "citation": { "cited_text": TOLD, "document_title": TOLD },
            } }),
        ),
        (
            "/v1beta/models/m:streamGenerateContent",
            "grounding",
            json!({ "candidates": [{ "content": { "parts": [{ "text": OWN }] }, "groundingMetadata": {
                "groundingChunks": [{ "web": { "title": TOLD } }],
            } }] }),
        ),
        (
            "/model/m/converse-stream",
            "result",
            json!({ "contentBlockIndex": 0, "delta": { "toolResult": [{ "text": TOLD }, { "json": { "a": TOLD } }] } }),
        ),
        (
            "/model/m/converse-stream",
            "citation",
            json!({ "contentBlockIndex": 0, "delta": { "citation": { "title": TOLD, "sourceContent": [{ "text": TOLD }] } } }),
        ),
        (
            "/mcp",
            "call",
            json!({ "jsonrpc": "2.0", "id": 1, "result": { "content": [{ "type": "text", "text": TOLD }] } }),
        ),
    ];
    for (path, name, body) in table {
        let text = body.to_string();
        let event = operation(path).dialect.event(None, &document(&text)).unwrap();
        assert_told_apart(&format!("{path}, {name}"), &body, &event.texts);
    }
    let body = json!({ "event_type": "search-results", "documents": [{ "title": TOLD, "snippet": TOLD }] });
    let text = body.to_string();
    let event =
        operation("/model/m/invoke-with-response-stream").dialect.event(Some("chunk"), &document(&text));
    assert_told_apart("Cohere", &body, &event.unwrap().texts);
}

#[test]
fn two_results_of_one_message_are_not_one_text() {
    let results = |result: fn(&str) -> Value| json!({ "messages": [{ "role": "user", "content": [result("card 4111 1111 1111 1111"), result("1 more")] }] });
    let route = json!({ "match": { "path": "*" }, "allow": [{ "id": "all" }] });
    let table = [
        ("/model/m/converse", results(|text| json!({ "toolResult": { "content": [{ "text": text }] } }))),
        (
            "/model/m/converse",
            results(|text| json!({ "document": { "source": { "content": [{ "text": text }] } } })),
        ),
        (
            "/model/m/invoke",
            results(|text| json!({ "type": "tool_result", "content": [{ "type": "text", "text": text }] })),
        ),
    ];
    for (path, body) in table {
        let mut peer = Peer::new(gate(route.clone(), json!({})));
        let mut head = chat_head(bearer());
        head[1] = (":path", path);
        let body = body.to_string();
        let outcome = peer.request(&head, &[body.as_bytes()]);
        assert_eq!(outcome.sent(), body.replace("4111 1111 1111 1111", "[REDACTED:financial]"), "{path}");
    }
}
