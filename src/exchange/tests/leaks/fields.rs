//! The texts of the APIs' answers: how each comes in an event, in a whole answer, and what stands around it.

use super::*;

/// Every text of every API that streams or answers with what a model says.
pub(super) fn fields() -> Vec<Field> {
    [chat_fields(), response_fields(), anthropic_fields(), gemini_fields(), bedrock_fields(), other_fields()]
        .into_iter()
        .flatten()
        .collect()
}

fn nothing() -> Vec<Event> {
    Vec::new()
}

fn nothing_of(_: u64) -> Vec<Event> {
    Vec::new()
}

fn chat() -> Value {
    json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] })
}

fn prompt() -> Value {
    json!({ "model": "m", "prompt": "hi" })
}

fn contents() -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] })
}

fn choice(item: u64, delta: Value) -> Event {
    ("", json!({ "id": "c", "choices": [{ "index": item, "delta": delta, "finish_reason": null }] }))
}

fn call_head(item: u64) -> Vec<Event> {
    let call = json!({ "index": 0, "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "" } });
    vec![choice(item, json!({ "role": "assistant", "tool_calls": [call] }))]
}

fn message(member: &str, content: Value) -> Value {
    json!({ "choices": [{ "index": 0, "message": { "role": "assistant", member: content }, "finish_reason": "stop" }] })
}

const CHAT: Answers = Answers {
    path: "/v1/chat/completions",
    request: chat,
    wire: Wire::Sse,
    prologue: nothing,
    begin: |item| vec![choice(item, json!({ "role": "assistant", "content": "" }))],
    finish: |item| {
        vec![("", json!({ "choices": [{ "index": item, "delta": {}, "finish_reason": "stop" }] }))]
    },
    epilogue: || vec![("", json!({ "choices": [], "usage": { "prompt_tokens": 1 } }))],
    tail: "data: [DONE]\n\n",
    item: Some("/choices/0/index"),
};

fn chat_fields() -> Vec<Field> {
    let text = |name, place, delta, whole| Field {
        name,
        answers: CHAT,
        place,
        delta,
        whole: Some(whole),
        joins: true,
        is_json: false,
    };
    let call = |name, begin, place, delta, whole| Field {
        name,
        answers: Answers { begin, ..CHAT },
        place,
        delta,
        whole: Some(whole),
        joins: true,
        is_json: true,
    };
    vec![
        text(
            "chat: content",
            "/choices/0/delta/content",
            |item, text| choice(item, json!({ "content": text })),
            (|text| message("content", json!(text)), "/choices/0/message/content"),
        ),
        text(
            "chat: refusal",
            "/choices/0/delta/refusal",
            |item, text| choice(item, json!({ "refusal": text })),
            (|text| message("refusal", json!(text)), "/choices/0/message/refusal"),
        ),
        text(
            "DeepSeek: reasoning",
            "/choices/0/delta/reasoning_content",
            |item, text| choice(item, json!({ "reasoning_content": text })),
            (|text| message("reasoning_content", json!(text)), "/choices/0/message/reasoning_content"),
        ),
        text(
            "OpenRouter: reasoning",
            "/choices/0/delta/reasoning",
            |item, text| choice(item, json!({ "reasoning": text })),
            (|text| message("reasoning", json!(text)), "/choices/0/message/reasoning"),
        ),
        text(
            "Mistral: text part",
            "/choices/0/delta/content/0/text",
            |item, text| choice(item, json!({ "content": [{ "type": "text", "text": text }] })),
            (
                |text| message("content", json!([{ "type": "text", "text": text }])),
                "/choices/0/message/content/0/text",
            ),
        ),
        text(
            "LiteLLM: thinking blocks",
            "/choices/0/delta/thinking_blocks/0/thinking",
            |item, text| {
                choice(
                    item,
                    json!({ "thinking_blocks": [{ "type": "thinking", "thinking": text, "signature": "s" }] }),
                )
            },
            (
                |text| message("thinking_blocks", json!([{ "type": "thinking", "thinking": text }])),
                "/choices/0/message/thinking_blocks/0/thinking",
            ),
        ),
        text(
            "Databricks: summary of reasoning",
            "/choices/0/delta/content/0/summary/0/text",
            |item, text| {
                let summary = json!([{ "type": "summary_text", "text": text }]);
                choice(item, json!({ "content": [{ "type": "reasoning", "summary": summary }] }))
            },
            (
                |text| message("content", json!([{ "type": "reasoning", "summary": [{ "text": text }] }])),
                "/choices/0/message/content/0/summary/0/text",
            ),
        ),
        text(
            "chat: a field that is not known",
            "/choices/0/delta/tomorrow/said",
            |item, text| choice(item, json!({ "tomorrow": { "id": "t1", "said": text } })),
            (|text| message("tomorrow", json!({ "said": text })), "/choices/0/message/tomorrow/said"),
        ),
        text(
            "Mistral: thinking",
            "/choices/0/delta/content/0/thinking/0/text",
            |item, text| {
                choice(
                    item,
                    json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": text }] }] }),
                )
            },
            (
                |text| {
                    message(
                        "content",
                        json!([{ "type": "thinking", "thinking": [{ "type": "text", "text": text }] }]),
                    )
                },
                "/choices/0/message/content/0/thinking/0/text",
            ),
        ),
        call(
            "chat: tool call",
            call_head,
            "/choices/0/delta/tool_calls/0/function/arguments",
            |item, text| {
                choice(item, json!({ "tool_calls": [{ "index": 0, "function": { "arguments": text } }] }))
            },
            (
                |text| {
                    message(
                        "tool_calls",
                        json!([{ "id": "call_1", "function": { "name": "f", "arguments": text } }]),
                    )
                },
                "/choices/0/message/tool_calls/0/function/arguments",
            ),
        ),
        call(
            "chat: function call",
            |item| vec![choice(item, json!({ "function_call": { "name": "f", "arguments": "" } }))],
            "/choices/0/delta/function_call/arguments",
            |item, text| choice(item, json!({ "function_call": { "arguments": text } })),
            (
                |text| message("function_call", json!({ "name": "f", "arguments": text })),
                "/choices/0/message/function_call/arguments",
            ),
        ),
        Field {
            is_json: false,
            ..call(
                "chat: custom tool",
                |item| {
                    vec![choice(
                        item,
                        json!({ "tool_calls": [{ "index": 0, "id": "c", "type": "custom", "custom": { "name": "f", "input": "" } }] }),
                    )]
                },
                "/choices/0/delta/tool_calls/0/custom/input",
                |item, text| {
                    choice(item, json!({ "tool_calls": [{ "index": 0, "custom": { "input": text } }] }))
                },
                (
                    |text| {
                        message(
                            "tool_calls",
                            json!([{ "id": "c", "custom": { "name": "f", "input": text } }]),
                        )
                    },
                    "/choices/0/message/tool_calls/0/custom/input",
                ),
            )
        },
        Field {
            answers: Answers {
                path: "/v1/completions",
                request: prompt,
                begin: nothing_of,
                finish: |item| {
                    vec![("", json!({ "choices": [{ "index": item, "text": "", "finish_reason": "stop" }] }))]
                },
                ..CHAT
            },
            ..text(
                "completion",
                "/choices/0/text",
                |item, text| {
                    ("", json!({ "choices": [{ "index": item, "text": text, "finish_reason": null }] }))
                },
                (
                    |text| json!({ "choices": [{ "index": 0, "text": text, "finish_reason": "stop" }] }),
                    "/choices/0/text",
                ),
            )
        },
    ]
}

fn response_event(kind: &'static str, item: u64, more: Value) -> Event {
    let mut event = json!({ "type": kind, "output_index": item, "item_id": format!("i{item}") });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    (kind, event)
}

const RESPONSES: Answers = Answers {
    path: "/v1/responses",
    request: || json!({ "model": "m", "input": "hi", "stream": true }),
    wire: Wire::Sse,
    prologue: || {
        vec![(
            "response.created",
            json!({ "type": "response.created", "response": { "id": "r", "output": [] } }),
        )]
    },
    begin: |item| {
        vec![response_event(
            "response.output_item.added",
            item,
            json!({ "item": { "type": "message", "content": [] } }),
        )]
    },
    finish: |item| {
        vec![response_event("response.output_item.done", item, json!({ "item": { "type": "message" } }))]
    },
    epilogue: || {
        vec![(
            "response.completed",
            json!({ "type": "response.completed", "response": { "id": "r", "output": [] } }),
        )]
    },
    tail: "",
    item: Some("/output_index"),
};

fn response_fields() -> Vec<Field> {
    let text = |name, delta, whole| Field {
        name,
        answers: RESPONSES,
        place: "/delta",
        delta,
        whole: Some(whole),
        joins: true,
        is_json: false,
    };
    let call = Answers {
        begin: |item| {
            let call = json!({ "type": "function_call", "name": "f", "arguments": "" });
            vec![response_event("response.output_item.added", item, json!({ "item": call }))]
        },
        ..RESPONSES
    };
    vec![
        text(
            "responses: text",
            |item, text| {
                response_event(
                    "response.output_text.delta",
                    item,
                    json!({ "content_index": 0, "delta": text }),
                )
            },
            (
                |text| json!({ "output": [{ "type": "message", "content": [{ "type": "output_text", "text": text }] }] }),
                "/output/0/content/0/text",
            ),
        ),
        text(
            "responses: reasoning",
            |item, text| {
                response_event(
                    "response.reasoning_text.delta",
                    item,
                    json!({ "content_index": 0, "delta": text }),
                )
            },
            (
                |text| json!({ "output": [{ "type": "reasoning", "content": [{ "type": "reasoning_text", "text": text }] }] }),
                "/output/0/content/0/text",
            ),
        ),
        text(
            "responses: summary",
            |item, text| {
                response_event(
                    "response.reasoning_summary_text.delta",
                    item,
                    json!({ "summary_index": 0, "delta": text }),
                )
            },
            (
                |text| json!({ "output": [{ "type": "reasoning", "summary": [{ "text": text }] }] }),
                "/output/0/summary/0/text",
            ),
        ),
        Field {
            answers: call,
            is_json: true,
            ..text(
                "responses: function call",
                |item, text| {
                    response_event("response.function_call_arguments.delta", item, json!({ "delta": text }))
                },
                (
                    |text| json!({ "output": [{ "type": "function_call", "arguments": text }] }),
                    "/output/0/arguments",
                ),
            )
        },
        Field {
            answers: call,
            ..text(
                "responses: custom tool",
                |item, text| {
                    response_event("response.custom_tool_call_input.delta", item, json!({ "delta": text }))
                },
                (
                    |text| json!({ "output": [{ "type": "custom_tool_call", "input": text }] }),
                    "/output/0/input",
                ),
            )
        },
    ]
}

fn block(item: u64, delta: Value) -> Event {
    ("content_block_delta", json!({ "type": "content_block_delta", "index": item, "delta": delta }))
}

const MESSAGES: Answers = Answers {
    path: "/v1/messages",
    request: chat,
    wire: Wire::Sse,
    prologue: || {
        vec![(
            "message_start",
            json!({ "type": "message_start", "message": { "id": "m", "usage": { "input_tokens": 1 } } }),
        )]
    },
    begin: |item| {
        let block = json!({ "type": "text", "text": "" });
        vec![(
            "content_block_start",
            json!({ "type": "content_block_start", "index": item, "content_block": block }),
        )]
    },
    finish: |item| vec![("content_block_stop", json!({ "type": "content_block_stop", "index": item }))],
    epilogue: || {
        vec![
            ("message_delta", json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" } })),
            ("message_stop", json!({ "type": "message_stop" })),
        ]
    },
    tail: "",
    item: Some("/index"),
};

fn anthropic_fields() -> Vec<Field> {
    let text = |name, place, delta, whole| Field {
        name,
        answers: MESSAGES,
        place,
        delta,
        whole: Some(whole),
        joins: true,
        is_json: false,
    };
    vec![
        text(
            "messages: text",
            "/delta/text",
            |item, text| block(item, json!({ "type": "text_delta", "text": text })),
            (|text| json!({ "content": [{ "type": "text", "text": text }] }), "/content/0/text"),
        ),
        text(
            "messages: thinking",
            "/delta/thinking",
            |item, text| block(item, json!({ "type": "thinking_delta", "thinking": text })),
            (|text| json!({ "content": [{ "type": "thinking", "thinking": text }] }), "/content/0/thinking"),
        ),
        text(
            "messages: a field that is not known",
            "/delta/tomorrow/said",
            |item, text| block(item, json!({ "type": "tomorrow_delta", "tomorrow": { "said": text } })),
            (|text| json!({ "content": [{ "type": "tomorrow", "said": text }] }), "/content/0/said"),
        ),
        Field {
            answers: Answers {
                begin: |item| {
                    let block = json!({ "type": "tool_use", "id": "t", "name": "f", "input": {} });
                    vec![(
                        "content_block_start",
                        json!({ "type": "content_block_start", "index": item, "content_block": block }),
                    )]
                },
                ..MESSAGES
            },
            whole: None,
            is_json: true,
            ..text(
                "messages: tool use",
                "/delta/partial_json",
                |item, text| block(item, json!({ "type": "input_json_delta", "partial_json": text })),
                (|_| json!({}), ""),
            )
        },
        Field {
            answers: Answers {
                path: "/v1/complete",
                request: prompt,
                wire: Wire::Sse,
                prologue: nothing,
                begin: nothing_of,
                finish: nothing_of,
                epilogue: || {
                    vec![(
                        "completion",
                        json!({ "type": "completion", "completion": "", "stop_reason": "stop_sequence" }),
                    )]
                },
                tail: "",
                item: None,
            },
            ..text(
                "complete",
                "/completion",
                |_, text| {
                    ("completion", json!({ "type": "completion", "completion": text, "stop_reason": null }))
                },
                (|text| json!({ "type": "completion", "completion": text }), "/completion"),
            )
        },
    ]
}

fn candidate(item: u64, part: Value) -> Event {
    ("", json!({ "candidates": [{ "index": item, "content": { "role": "model", "parts": [part] } }] }))
}

const GEMINI: Answers = Answers {
    path: "/v1beta/models/m:streamGenerateContent",
    request: contents,
    wire: Wire::Sse,
    prologue: nothing,
    begin: nothing_of,
    finish: |item| vec![("", json!({ "candidates": [{ "index": item, "finishReason": "STOP" }] }))],
    epilogue: nothing,
    tail: "",
    item: Some("/candidates/0/index"),
};

fn gemini_fields() -> Vec<Field> {
    let text = |name, wire, place, delta| Field {
        name,
        answers: Answers { wire, ..GEMINI },
        place,
        delta,
        whole: None,
        joins: true,
        is_json: false,
    };
    let said = |item, text: &str| candidate(item, json!({ "text": text }));
    let thought = |item, text: &str| candidate(item, json!({ "text": text, "thought": true }));
    let arguments = "/candidates/0/content/parts/0/functionCall/args/note";
    vec![
        text("gemini: text", Wire::Sse, "/candidates/0/content/parts/0/text", said),
        text("gemini: text in an array", Wire::Array, "/candidates/0/content/parts/0/text", said),
        text("gemini: thought", Wire::Sse, "/candidates/0/content/parts/0/text", thought),
        Field {
            joins: false,
            ..text("gemini: call", Wire::Sse, arguments, |item, text| {
                candidate(item, json!({ "functionCall": { "name": "f", "args": { "note": text } } }))
            })
        },
        Field {
            answers: Answers {
                begin: |item| {
                    vec![candidate(item, json!({ "functionCall": { "name": "f", "willContinue": true } }))]
                },
                finish: |item| {
                    let last = candidate(item, json!({ "functionCall": {} }));
                    [vec![last], (GEMINI.finish)(item)].concat()
                },
                ..GEMINI
            },
            ..text(
                "gemini: call in pieces",
                Wire::Sse,
                "/candidates/0/content/parts/0/functionCall/partialArgs/0/stringValue",
                |item, text| {
                    let piece = json!([{ "jsonPath": "$.note", "stringValue": text, "willContinue": true }]);
                    candidate(item, json!({ "functionCall": { "partialArgs": piece, "willContinue": true } }))
                },
            )
        },
        Field {
            answers: Answers { path: "/v1beta/models/m:generateContent", ..GEMINI },
            whole: Some((
                |text| candidate(0, json!({ "text": text })).1,
                "/candidates/0/content/parts/0/text",
            )),
            joins: false,
            ..text("gemini: whole", Wire::Sse, "/candidates/0/content/parts/0/text", said)
        },
    ]
}

fn converse_block(item: u64, delta: Value) -> Event {
    ("contentBlockDelta", json!({ "contentBlockIndex": item, "delta": delta }))
}

const CONVERSE: Answers = Answers {
    path: "/model/m/converse-stream",
    request: || json!({ "messages": [{ "role": "user", "content": [{ "text": "hi" }] }] }),
    wire: Wire::Frames(Data::Payload),
    prologue: || vec![("messageStart", json!({ "role": "assistant" }))],
    begin: nothing_of,
    finish: |item| vec![("contentBlockStop", json!({ "contentBlockIndex": item }))],
    epilogue: || vec![("messageStop", json!({ "stopReason": "end_turn" }))],
    tail: "",
    item: Some("/contentBlockIndex"),
};

const INVOKE: Answers = Answers {
    path: "/model/m/invoke-with-response-stream",
    request: prompt,
    wire: Wire::Frames(Data::Chunk),
    prologue: nothing,
    begin: nothing_of,
    finish: nothing_of,
    epilogue: nothing,
    tail: "",
    item: None,
};

fn bedrock_fields() -> Vec<Field> {
    let text = |name, answers, place, delta, whole| Field {
        name,
        answers,
        place,
        delta,
        whole: Some(whole),
        joins: true,
        is_json: false,
    };
    let anthropic = Answers {
        finish: |item| vec![("chunk", json!({ "type": "content_block_stop", "index": item }))],
        item: Some("/index"),
        ..INVOKE
    };
    vec![
        text(
            "converse: text",
            CONVERSE,
            "/delta/text",
            |item, text| converse_block(item, json!({ "text": text })),
            (
                |text| json!({ "output": { "message": { "content": [{ "text": text }] } } }),
                "/output/message/content/0/text",
            ),
        ),
        text(
            "converse: reasoning",
            CONVERSE,
            "/delta/reasoningContent/text",
            |item, text| converse_block(item, json!({ "reasoningContent": { "text": text } })),
            (
                |text| json!({ "output": { "message": { "content": [{ "reasoningContent": { "reasoningText": { "text": text } } }] } } }),
                "/output/message/content/0/reasoningContent/reasoningText/text",
            ),
        ),
        Field {
            is_json: true,
            whole: None,
            ..text(
                "converse: tool use",
                Answers {
                    begin: |item| {
                        let call = json!({ "toolUse": { "toolUseId": "t", "name": "f" } });
                        vec![("contentBlockStart", json!({ "contentBlockIndex": item, "start": call }))]
                    },
                    ..CONVERSE
                },
                "/delta/toolUse/input",
                |item, text| converse_block(item, json!({ "toolUse": { "input": text } })),
                (|_| json!({}), ""),
            )
        },
        text(
            "invoke: Anthropic",
            anthropic,
            "/delta/text",
            |item, text| {
                (
                    "chunk",
                    json!({ "type": "content_block_delta", "index": item, "delta": { "type": "text_delta", "text": text } }),
                )
            },
            (|text| json!({ "content": [{ "type": "text", "text": text }] }), "/content/0/text"),
        ),
        Field {
            is_json: true,
            whole: None,
            ..text(
                "invoke: Anthropic's tool use",
                anthropic,
                "/delta/partial_json",
                |item, text| {
                    (
                        "chunk",
                        json!({ "type": "content_block_delta", "index": item, "delta": { "type": "input_json_delta", "partial_json": text } }),
                    )
                },
                (|_| json!({}), ""),
            )
        },
        text(
            "invoke: Nova",
            Answers { item: Some("/contentBlockDelta/contentBlockIndex"), ..INVOKE },
            "/contentBlockDelta/delta/text",
            |item, text| {
                (
                    "chunk",
                    json!({ "contentBlockDelta": { "contentBlockIndex": item, "delta": { "text": text } } }),
                )
            },
            (
                |text| json!({ "output": { "message": { "content": [{ "text": text }] } } }),
                "/output/message/content/0/text",
            ),
        ),
        text(
            "invoke: Titan",
            Answers { item: Some("/index"), ..INVOKE },
            "/outputText",
            |item, text| ("chunk", json!({ "outputText": text, "index": item })),
            (|text| json!({ "results": [{ "outputText": text }] }), "/results/0/outputText"),
        ),
        text(
            "invoke: Llama",
            INVOKE,
            "/generation",
            |_, text| ("chunk", json!({ "generation": text, "stop_reason": null })),
            (|text| json!({ "generation": text }), "/generation"),
        ),
        text(
            "invoke: choices",
            Answers { item: Some("/choices/0/index"), ..INVOKE },
            "/choices/0/delta/content",
            |item, text| ("chunk", choice(item, json!({ "content": text })).1),
            (|text| message("content", json!(text)), "/choices/0/message/content"),
        ),
        Field {
            is_json: true,
            ..text(
                "invoke: a choice's tool call",
                Answers {
                    item: Some("/choices/0/index"),
                    begin: |item| call_head(item).into_iter().map(|(_, head)| ("chunk", head)).collect(),
                    ..INVOKE
                },
                "/choices/0/delta/tool_calls/0/function/arguments",
                |item, text| {
                    let call = json!({ "index": 0, "function": { "arguments": text } });
                    ("chunk", choice(item, json!({ "tool_calls": [call] })).1)
                },
                (
                    |text| message("tool_calls", json!([{ "function": { "name": "f", "arguments": text } }])),
                    "/choices/0/message/tool_calls/0/function/arguments",
                ),
            )
        },
    ]
}

const OLLAMA: Answers = Answers {
    path: "/api/chat",
    request: chat,
    wire: Wire::Lines,
    prologue: nothing,
    begin: nothing_of,
    finish: nothing_of,
    epilogue: || vec![("", json!({ "message": { "role": "assistant", "content": "" }, "done": true }))],
    tail: "",
    item: None,
};

const MCP: Answers = Answers {
    path: "/mcp",
    request: || json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "f" } }),
    wire: Wire::Sse,
    epilogue: nothing,
    ..OLLAMA
};

fn other_fields() -> Vec<Field> {
    let text = |name, answers, place, delta, whole| Field {
        name,
        answers,
        place,
        delta,
        whole: Some(whole),
        joins: true,
        is_json: false,
    };
    vec![
        text(
            "ollama: content",
            OLLAMA,
            "/message/content",
            |_, text| ("", json!({ "message": { "role": "assistant", "content": text }, "done": false })),
            (
                |text| json!({ "message": { "role": "assistant", "content": text }, "done": true }),
                "/message/content",
            ),
        ),
        text(
            "ollama: thinking",
            OLLAMA,
            "/message/thinking",
            |_, text| {
                (
                    "",
                    json!({ "message": { "role": "assistant", "content": "", "thinking": text }, "done": false }),
                )
            },
            (|text| json!({ "message": { "thinking": text }, "done": true }), "/message/thinking"),
        ),
        Field {
            joins: false,
            ..text(
                "ollama: tool call",
                OLLAMA,
                "/message/tool_calls/0/function/arguments/note",
                |_, text| {
                    (
                        "",
                        json!({ "message": { "tool_calls": [{ "function": { "name": "f", "arguments": { "note": text } } }] }, "done": false }),
                    )
                },
                (
                    |text| json!({ "message": { "tool_calls": [{ "function": { "arguments": { "note": text } } }] } }),
                    "/message/tool_calls/0/function/arguments/note",
                ),
            )
        },
        text(
            "ollama: generated",
            Answers {
                path: "/api/generate",
                request: prompt,
                epilogue: || vec![("", json!({ "response": "", "done": true }))],
                ..OLLAMA
            },
            "/response",
            |_, text| ("", json!({ "response": text, "done": false })),
            (|text| json!({ "response": text, "done": true }), "/response"),
        ),
        Field {
            joins: false,
            ..text(
                "mcp: result",
                MCP,
                "/result/content/0/text",
                |_, text| {
                    (
                        "message",
                        json!({ "jsonrpc": "2.0", "id": 7, "result": { "content": [{ "type": "text", "text": text }] } }),
                    )
                },
                (
                    |text| json!({ "jsonrpc": "2.0", "id": 7, "result": { "content": [{ "type": "text", "text": text }] } }),
                    "/result/content/0/text",
                ),
            )
        },
        Field {
            joins: false,
            ..text(
                "mcp: message of the server",
                MCP,
                "/params/data",
                |_, text| {
                    (
                        "message",
                        json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": text } }),
                    )
                },
                (
                    |text| json!({ "jsonrpc": "2.0", "id": 7, "error": { "code": 1, "message": text } }),
                    "/error/message",
                ),
            )
        },
    ]
}
