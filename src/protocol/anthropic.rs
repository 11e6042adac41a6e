//! The Anthropic API: messages (<https://docs.anthropic.com/en/api/messages>), and whatever speaks it.
//!
//! An item of a stream is a content block; [`MESSAGE`] stands for the message around them. A block of which the client
//! knows nothing until it is complete (a tool call, a tool's result) is no item: an ending must not name it.

mod complete;

use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage, exact_keys};
use crate::reason::Reason;
use serde_json::{Value, json};

/// The dialect of `POST …/v1/messages` and `POST …/v1/messages/count_tokens`.
pub struct Messages;

/// The item that is open once the message has begun.
const MESSAGE: u32 = u32::MAX;

const REQUEST: &[Row] = &[
    row("system", Channel::Instructions),
    row("system[].text", Channel::Instructions),
    row("messages[].content", Channel::Prompt),
    row("messages[].content[].text", Channel::Prompt),
    row("messages[].content[].thinking", Channel::Reasoning),
    row("messages[].content[].input.**", Channel::ToolArguments),
    row("messages[].content[].content.**", Channel::ToolResult),
    row("messages[].content[].content[].**", Channel::ToolResult),
    // Of documents, pictures and search results, and what is cited from them.
    row("messages[].content[].source.**", Channel::ToolResult),
    row("messages[].content[].title", Channel::ToolResult),
    row("messages[].content[].context", Channel::ToolResult),
    row("messages[].content[].citations[].cited_text", Channel::ToolResult),
    row("messages[].content[].citations[].title", Channel::ToolResult),
    row("messages[].content[].citations[].document_title", Channel::ToolResult),
];

const ANSWER: &[Row] = &[
    row("content[].text", Channel::Content),
    row("content[].thinking", Channel::Reasoning),
    row("content[].input.**", Channel::ToolArguments),
    row("content[].content.**", Channel::ToolResult),
    row("content[].content[].**", Channel::ToolResult),
    row("content[].citations[].cited_text.**", Channel::ToolResult),
    row("content[].citations[].title.**", Channel::ToolResult),
    row("content[].citations[].document_title.**", Channel::ToolResult),
];

/// Of a block whose text comes in deltas.
const START: &[Row] = &[
    row("content_block.text", Channel::Content),
    row("content_block.content", Channel::Content),
    row("content_block.thinking", Channel::Reasoning),
];

/// The head of a tool call, which waits for its arguments.
const START_OF_CALL: &[Row] =
    &[row("content_block", Channel::ToolArguments), row("content_block.input.**", Channel::ToolArguments)];

/// Of a block that comes whole.
const START_OF_RESULT: &[Row] = &[
    row("content_block.content.**", Channel::ToolResult),
    row("content_block.content[].**", Channel::ToolResult),
];

/// What stands whole in an event comes before the row of unknown deltas.
const DELTA: &[Row] = &[
    row("delta.text", Channel::Content),
    row("delta.thinking", Channel::Reasoning),
    row("delta.partial_json", Channel::ToolArguments),
    row("delta.content", Channel::Content),
    row("delta.citation.cited_text.**", Channel::ToolResult),
    row("delta.citation.title.**", Channel::ToolResult),
    row("delta.citation.document_title.**", Channel::ToolResult),
    row("delta.*", Channel::Content),
];

impl Dialect for Messages {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let root = document.root();
        // Refuses a key that stands twice, so what is read below is read by everybody like this.
        let mut texts = texts(document, REQUEST, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
        exact_keys(document, root)?;
        let messages = document.get(root, "messages").ok_or(Reason::RequestMalformed)?;
        if document.kind(messages) != Kind::Array {
            return Err(Reason::RequestMalformed);
        }
        let roles: Vec<Channel> =
            document.children(messages).map(|(_, message)| channel_of(document, message)).collect();
        for text in &mut texts {
            // The lane says of which message it is.
            if let (Some(lane), Channel::Prompt) = (text.lane, text.channel) {
                text.channel = roles.get(lane.item as usize).copied().unwrap_or(Channel::Prompt);
            }
        }
        let model = named(document, root)?;
        Ok(Request {
            // On Vertex the path names the model.
            model: operation.model_in_path.clone().or(model),
            stream: streams(document, root)?,
            tools: tools(document, root)?,
            texts,
            ..Request::default()
        })
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        let mut texts = texts(document, ANSWER, &[])?;
        texts.iter_mut().for_each(|text| text.lane = None);
        Ok((texts, facts(document)))
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let root = data.root();
        let kind = string(data, root, "type").or(kind.map(str::to_owned)).unwrap_or_default();
        let index = match data.get(root, "index") {
            None => None,
            Some(index) => {
                let index = data.as_u64(index).and_then(|index| u32::try_from(index).ok());
                Some(index.filter(|index| *index != MESSAGE).ok_or(Ambiguous)?)
            }
        };
        let number: &[u64] = &index.map(u64::from).into_iter().collect::<Vec<_>>();
        let mut event = Event { facts: data.aside(|| facts(data)), ..Event::default() };
        let block = data.get(root, "content_block");
        if let Some(block) = block {
            if data.get(root, "delta").is_some() {
                return Err(Ambiguous);
            }
            let kind = string(data, block, "type").unwrap_or_default();
            let rows = match kind.as_str() {
                kind if kind.ends_with("tool_use") => START_OF_CALL,
                kind if kind.ends_with("tool_result") => START_OF_RESULT,
                _ => START,
            };
            event.texts = texts(data, rows, number)?;
            // Where text stands in it already, the beginning may not be delivered.
            let comes_in_deltas = !kind.ends_with("tool_use") && !kind.ends_with("tool_result");
            if comes_in_deltas && !event.texts.iter().any(|text| text.lane.is_some() && !text.span.is_empty())
            {
                event.items.extend(index);
            }
            event.begins.extend(index);
        } else if kind == "content_block_delta" {
            event.texts = texts(data, DELTA, number)?;
            if !event.texts.iter().any(|text| text.channel == Channel::ToolArguments) {
                event.items.extend(index);
            }
        } else {
            event.texts = texts(data, &[], &[])?;
        }
        if index.is_none() && kind.starts_with("content_block_") {
            return Err(Ambiguous);
        }
        match kind.as_str() {
            "message_start" => {
                event.starts = true;
                event.items.push(MESSAGE);
            }
            "content_block_stop" => event.finished.extend(index),
            "message_stop" => event.ends = true,
            _ => {}
        }
        Ok(event)
    }

    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let usage = facts.usage.unwrap_or_default();
        let (input, output) = (usage.input.unwrap_or(0), usage.output.unwrap_or(0));
        let mut out = Vec::new();
        let mut say = |event: Value| {
            let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
            out.extend_from_slice(format!("event: {kind}\ndata: {event}\n\n").as_bytes());
        };
        if open.contains(&MESSAGE) {
            for index in open.iter().filter(|item| **item != MESSAGE) {
                say(json!({ "type": "content_block_stop", "index": index }));
            }
        } else {
            say(json!({ "type": "message_start", "message": {
                "id": facts.id.as_deref().unwrap_or("msg_portcullis"),
                "type": "message",
                "role": "assistant",
                "model": facts.model.as_deref().unwrap_or_default(),
                "content": [],
                "stop_reason": null,
                "stop_sequence": null,
                "usage": { "input_tokens": input, "output_tokens": 0 },
            } }));
        }
        say(json!({
            "type": "message_delta",
            "delta": {
                "stop_reason": "refusal",
                "stop_sequence": null,
                "stop_details": {
                    "type": "refusal", "category": null, "explanation": super::client_message(reason),
                },
            },
            "usage": { "output_tokens": output },
        }));
        say(json!({ "type": "message_stop" }));
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        error(reason)
    }
}

/// <https://docs.anthropic.com/en/api/errors>, with the reason's code besides.
fn error(reason: Reason) -> Vec<u8> {
    let kind = match reason.status() {
        401 => "authentication_error",
        403 => "permission_error",
        413 => "request_too_large",
        400..500 => "invalid_request_error",
        _ => "api_error",
    };
    json!({
        "type": "error",
        "error": { "type": kind, "message": super::client_message(reason), "code": reason.code() },
    })
    .to_string()
    .into_bytes()
}

fn channel_of(document: &Document<'_>, message: NodeId) -> Channel {
    match string(document, message, "role").as_deref() {
        Some("assistant") => Channel::Content,
        Some("system") => Channel::Instructions,
        _ => Channel::Prompt,
    }
}

fn named(document: &Document<'_>, root: NodeId) -> Result<Option<String>, Reason> {
    match document.get(root, "model") {
        Some(model) => Ok(Some(document.as_str(model).ok_or(Reason::RequestMalformed)?.into_owned())),
        None => Ok(None),
    }
}

fn streams(document: &Document<'_>, root: NodeId) -> Result<bool, Reason> {
    match document.get(root, "stream").map(|stream| document.kind(stream)) {
        Some(Kind::Bool(stream)) => Ok(stream),
        Some(Kind::Null) | None => Ok(false),
        Some(_) => Err(Reason::RequestMalformed),
    }
}

/// The tools that the request offers: the client's by name, the provider's by type (`web_search_20250305`). The tools of
/// a remote server are known to that server only: they count as the toolset that they are.
fn tools(document: &Document<'_>, root: NodeId) -> Result<Vec<String>, Reason> {
    const REMOTE: &str = "mcp_toolset";
    let mut names = Vec::new();
    if let Some(list) = document.get(root, "tools") {
        for (_, tool) in document.children(list) {
            let kind = string(document, tool, "type").filter(|kind| kind != "custom");
            names.push(kind.or_else(|| string(document, tool, "name")).ok_or(Reason::RequestMalformed)?);
        }
    }
    let servers = document.get(root, "mcp_servers").map(|list| document.children(list).count());
    if servers.unwrap_or(0) > 0 && !names.iter().any(|name| name == REMOTE) {
        names.push(REMOTE.to_owned());
    }
    Ok(names)
}

/// What a message, a `message_start` or a `message_delta` says.
fn facts(document: &Document<'_>) -> Facts {
    let root = document.root();
    let message = document.get(root, "message").unwrap_or(root);
    // A count of tokens stands by itself.
    let usage = document.get(message, "usage").unwrap_or(message);
    let count = |key: &str| document.get(usage, key).and_then(|node| document.as_u64(node));
    let usage = Usage { input: count("input_tokens"), output: count("output_tokens") };
    Facts {
        id: string(document, message, "id"),
        model: string(document, message, "model"),
        created: None,
        usage: Some(usage).filter(|usage| *usage != Usage::default()),
        sequence: None,
        ..Facts::default()
    }
}

fn string(document: &Document<'_>, object: NodeId, key: &str) -> Option<String> {
    Some(document.as_str(document.get(object, key)?)?.into_owned())
}

/// The row of this API.
pub const API: Api =
    Api { name: "anthropic", operations: &["chat", "count_tokens", "text_completion"], recognise };

fn recognise(method: &str, path: &str) -> Option<Operation> {
    const API: &str = "anthropic";
    if method != "POST" {
        return None;
    }
    let messages =
        |name, model_in_path| Some(Operation { api: API, name, dialect: &Messages, model_in_path });
    if path.ends_with("/v1/messages") {
        return messages("chat", None);
    }
    if path.ends_with("/v1/messages/count_tokens") {
        return messages("count_tokens", None);
    }
    if path.ends_with("/v1/complete") {
        let dialect = &complete::Completion;
        return Some(Operation { api: API, name: "text_completion", dialect, model_in_path: None });
    }
    // Vertex: the version and the model are in the path.
    let path = path.strip_suffix(":rawPredict").or_else(|| path.strip_suffix(":streamRawPredict"))?;
    let (_, model) = path.rsplit_once("/publishers/anthropic/models/")?;
    match super::gemini::decoded(model)? {
        name if name.contains('/') => None,
        name if name == "count-tokens" => messages("count_tokens", None),
        name => messages("chat", Some(name)),
    }
}

#[cfg(test)]
mod tests;
