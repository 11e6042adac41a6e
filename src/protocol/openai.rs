//! The OpenAI API: chat completions (<https://platform.openai.com/docs/api-reference/chat>), and whatever speaks it.

use super::json::{Document, DuplicateKey, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, deltas, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage};
use crate::reason::Reason;
use serde_json::json;

/// The dialect of `POST …/chat/completions`.
pub struct Chat;

const REQUEST: &[Row] = &[
    row("messages[].content", Channel::Prompt),
    row("messages[].content[].text", Channel::Prompt),
    row("messages[].content[].refusal", Channel::Refusal),
    row("messages[].refusal", Channel::Refusal),
    row("messages[].reasoning_content", Channel::Reasoning),
    row("messages[].tool_calls[].function.arguments", Channel::ToolArguments),
    row("messages[].function_call.arguments", Channel::ToolArguments),
];

const ANSWER: &[Row] = &[
    row("choices[].message.content", Channel::Content),
    row("choices[].message.content[].text", Channel::Content),
    row("choices[].message.reasoning_content", Channel::Reasoning),
    row("choices[].message.reasoning", Channel::Reasoning),
    row("choices[].message.refusal", Channel::Refusal),
    row("choices[].message.tool_calls[].function.arguments", Channel::ToolArguments),
    row("choices[].message.function_call.arguments", Channel::ToolArguments),
];

/// What stands whole in an event comes before the row of unknown deltas: a lane would read an identifier that
/// every event repeats as one endless word.
const EVENT: &[Row] = &[
    row("choices[].delta.content", Channel::Content),
    row("choices[].delta.content[].text", Channel::Content),
    row("choices[].delta.reasoning_content", Channel::Reasoning),
    row("choices[].delta.reasoning", Channel::Reasoning),
    row("choices[].delta.refusal", Channel::Refusal),
    row("choices[].delta.tool_calls[].function.arguments", Channel::ToolArguments),
    row("choices[].delta.tool_calls[]", Channel::ToolArguments),
    row("choices[].delta.function_call.arguments", Channel::ToolArguments),
    row("choices[].delta.function_call", Channel::ToolArguments),
    row("choices[].delta.reasoning_details[].text", Channel::Reasoning),
    row("choices[].message.content", Channel::Content),
    row("choices[].delta.role", Channel::Value),
    row("choices[].delta.*", Channel::Content),
];

impl Dialect for Chat {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let root = document.root();
        if document.kind(root) != Kind::Object {
            return Err(Reason::UnsupportedContent);
        }
        let messages = required(document, root, "messages")?;
        if document.kind(messages) != Kind::Array {
            return Err(Reason::UnsupportedContent);
        }
        let mut roles = Vec::new();
        for (_, message) in document.children(messages) {
            let role = document.get(message, "role").and_then(|role| document.as_str(role));
            roles.push(channel_of(role.as_deref().unwrap_or_default()));
        }
        let model = match optional(document, root, "model")? {
            Some(model) => Some(document.as_str(model).ok_or(Reason::RequestMalformed)?.into_owned()),
            None => None,
        };
        let stream = match optional(document, root, "stream")? {
            Some(stream) => match document.kind(stream) {
                Kind::Bool(stream) => stream,
                Kind::Null => false,
                _ => return Err(Reason::RequestMalformed),
            },
            None => false,
        };
        let mut texts = texts(document, REQUEST, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
        for text in &mut texts {
            if text.channel == Channel::Prompt
                && let Some(lane) = &mut text.lane
                && let Some(channel) = roles.get(lane.item as usize)
            {
                lane.channel = *channel;
                text.channel = *channel;
            }
        }
        Ok(Request {
            // Azure calls the deployment in the path, whatever the body says.
            model: operation.model_in_path.clone().or(model),
            stream,
            tools: tools(document, root)?,
            texts,
        })
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &[])?, facts(document)))
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let mut finished = Vec::new();
        let mut items = Vec::new();
        if let Some(choices) = data.get(data.root(), "choices") {
            for (position, (_, choice)) in data.children(choices).enumerate() {
                let index = data.get(choice, "index").and_then(|index| data.as_u64(index));
                let item = u32::try_from(index.unwrap_or(position as u64)).unwrap_or(u32::MAX);
                items.push(item);
                if data.get(choice, "finish_reason").is_some_and(|reason| data.kind(reason) != Kind::Null) {
                    finished.push(item);
                }
            }
        }
        let texts = deltas(data, EVENT, &[])?;
        Ok(Event { texts, items, finished, facts: facts(data), ..Event::default() })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        data.trim_ascii() == b"[DONE]"
    }

    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let mut out = Vec::new();
        for index in open {
            let chunk = json!({
                "id": facts.id.as_deref().unwrap_or("chatcmpl-portcullis"),
                "object": "chat.completion.chunk",
                "created": facts.created.unwrap_or(0),
                "model": facts.model.as_deref().unwrap_or_default(),
                "choices": [{
                    "index": index,
                    "delta": { "refusal": super::client_message(reason) },
                    "finish_reason": "content_filter",
                }],
            });
            out.extend_from_slice(format!("data: {chunk}\n\n").as_bytes());
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        let kind = match reason.status() {
            401 => "authentication_error",
            403 => "permission_error",
            400 | 413 | 415 => "invalid_request_error",
            _ => "api_error",
        };
        json!({
            "error": {
                "message": super::client_message(reason),
                "type": kind,
                "param": null,
                "code": reason.code(),
            }
        })
        .to_string()
        .into_bytes()
    }
}

fn channel_of(role: &str) -> Channel {
    match role {
        "system" | "developer" => Channel::Instructions,
        "assistant" => Channel::Content,
        "tool" | "function" => Channel::ToolResult,
        _ => Channel::Prompt,
    }
}

/// The tools that the request offers: a function's name, else the tool's own, else its type (`web_search`).
fn tools(document: &Document<'_>, root: NodeId) -> Result<Vec<String>, Reason> {
    let mut names = Vec::new();
    for list in ["tools", "functions"] {
        let Some(list) = optional(document, root, list)? else { continue };
        for (_, tool) in document.children(list) {
            let text =
                |object: NodeId, key: &str| document.get(object, key).and_then(|node| document.as_str(node));
            let inner =
                ["function", "custom"].into_iter().find_map(|kind| document.get(tool, kind)).unwrap_or(tool);
            let name = text(inner, "name").or_else(|| text(tool, "type"));
            names.push(name.ok_or(Reason::RequestMalformed)?.into_owned());
        }
    }
    Ok(names)
}

fn facts(document: &Document<'_>) -> Facts {
    let root = document.root();
    let text = |key: &str| {
        document.get(root, key).and_then(|node| document.as_str(node)).map(|text| text.into_owned())
    };
    let usage =
        document.get(root, "usage").filter(|usage| document.kind(*usage) == Kind::Object).map(|usage| {
            let count = |key: &str| document.get(usage, key).and_then(|node| document.as_u64(node));
            Usage { input: count("prompt_tokens"), output: count("completion_tokens") }
        });
    Facts {
        id: text("id"),
        model: text("model"),
        created: document.get(root, "created").and_then(|node| document.as_u64(node)),
        usage,
        sequence: None,
    }
}

fn optional(document: &Document<'_>, object: NodeId, key: &str) -> Result<Option<NodeId>, Reason> {
    document.unique(object, key).map_err(|DuplicateKey| Reason::RequestDuplicateKey)
}

fn required(document: &Document<'_>, object: NodeId, key: &str) -> Result<NodeId, Reason> {
    optional(document, object, key)?.ok_or(Reason::UnsupportedContent)
}

/// The row of this API.
pub const API: Api = Api { name: "openai", operations: &["chat"], recognise };

fn recognise(method: &str, path: &str) -> Option<Operation> {
    if method != "POST" {
        return None;
    }
    let before = path.strip_suffix("/chat/completions")?;
    let deployment = before.rsplit_once("/deployments/").map(|(_, name)| name.to_owned());
    Some(Operation { api: "openai", name: "chat", dialect: &Chat, model_in_path: deployment })
}
