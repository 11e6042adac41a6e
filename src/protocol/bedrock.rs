//! Amazon Bedrock's runtime API (<https://docs.aws.amazon.com/bedrock/latest/APIReference/>): Converse, which is the
//! same for every model, and InvokeModel, whose bodies are each model's own ([`invoke`]).
//!
//! In the lanes of an answer item 0 is the answer itself and item n + 1 its block n: what is open when nothing is, the
//! answer, is no block that an ending could stop. A block that is a tool call is never open for its receiver before it
//! is complete, because all of it is held.

mod invoke;

use super::framing::{Framer, event_stream};
use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, assign_channels, deltas, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage, optional};
use crate::reason::Reason;
use invoke::Invoke;
use serde_json::{Value, json};

const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// The dialect of Converse and ConverseStream.
struct Converse {
    stream: bool,
}

const REQUEST: &[Row] = &[
    row("system[].text", Channel::Instructions),
    row("system[].guardContent.text.text", Channel::Instructions),
    row("messages[].content[].text", Channel::Prompt),
    row("messages[].content[].guardContent.text.text", Channel::Prompt),
    row("messages[].content[].document.**", Channel::ToolResult),
    row("messages[].content[].searchResult.**", Channel::ToolResult),
    row("messages[].content[].citationsContent.content[].text", Channel::Content).apart(&[0, 1, 2]),
    row("messages[].content[].citationsContent.citations[].title", Channel::ToolResult).apart(&[0, 1, 2]),
    row("messages[].content[].citationsContent.citations[].sourceContent[].text", Channel::ToolResult)
        .apart(&[0, 1, 2, 3]),
    row("messages[].content[].reasoningContent.reasoningText.text", Channel::Reasoning),
    row("messages[].content[].toolUse.input.**", Channel::ToolArguments),
    row("messages[].content[].toolResult.content[].**", Channel::ToolResult),
    row("promptVariables.**", Channel::Prompt),
];

const ANSWER: &[Row] = &[
    row("output.message.content[].text", Channel::Content),
    row("output.message.content[].citationsContent.content[].text", Channel::Content),
    row("output.message.content[].reasoningContent.reasoningText.text", Channel::Reasoning),
    row("output.message.content[].toolUse.input.**", Channel::ToolArguments),
    row("output.message.content[].toolResult.content[].text", Channel::ToolResult),
    row("output.message.content[].toolResult.content[].**", Channel::ToolResult),
    row("output.message.content[].citationsContent.citations[].title.**", Channel::ToolResult),
    row("output.message.content[].citationsContent.citations[].sourceContent[].text.**", Channel::ToolResult),
];

const EVENT: &[Row] = &[
    row("delta.text", Channel::Content),
    row("delta.reasoningContent.text", Channel::Reasoning),
    row("delta.toolUse.input", Channel::ToolArguments),
    row("start.toolUse", Channel::ToolArguments),
    row("delta.toolResult[].text", Channel::ToolResult),
    row("delta.toolResult[].json.**", Channel::ToolResult),
    row("delta.citation.title.**", Channel::ToolResult),
    row("delta.citation.sourceContent[].text.**", Channel::ToolResult),
    row("delta.reasoningContent.redactedContent", Channel::Value),
    row("delta.*", Channel::Content),
];

impl Dialect for Converse {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        read_request(document, document.root(), operation, REQUEST, self.stream)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        let facts = Facts { usage: converse_usage(document, document.root()), ..Facts::default() };
        Ok((texts(document, ANSWER, &[])?, facts))
    }

    fn framer(&self, content_type: &str, limit: usize) -> Option<Box<dyn Framer>> {
        (content_type == CONTENT_TYPE).then(|| -> Box<dyn Framer> {
            Box::new(event_stream::Framer::new(limit, event_stream::Data::Payload))
        })
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let root = data.root();
        let Some(block) = block(data, root, "contentBlockIndex")? else {
            let facts = Facts { usage: data.aside(|| converse_usage(data, root)), ..Facts::default() };
            return Ok(Event { texts: deltas(data, EVENT, &[0])?, facts, ..Event::default() });
        };
        let is_shown = data.get(root, "delta").is_some_and(|delta| is_shown(data, delta));
        Ok(Event {
            texts: deltas(data, EVENT, &[u64::from(block)])?,
            items: if is_shown { vec![block] } else { Vec::new() },
            // The number of a block may come again behind its end.
            begins: if kind == Some("contentBlockStart") { vec![block] } else { Vec::new() },
            finished: if kind == Some("contentBlockStop") { vec![block] } else { Vec::new() },
            ..Event::default()
        })
    }

    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let mut out = Vec::new();
        for (kind, payload) in converse_ending(facts, open, reason) {
            out.extend(event_frame(kind, payload.to_string().as_bytes()));
        }
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        error(reason)
    }
}

/// The dialect of CountTokens, for a request of Converse. One of InvokeModel stands there in base64, and is not read.
struct CountTokens;

const COUNTED: &[Row] = &[
    row("input.converse.system[].text", Channel::Instructions),
    row("input.converse.messages[].content[].text", Channel::Prompt),
    row("input.converse.messages[].content[].reasoningContent.reasoningText.text", Channel::Reasoning),
    row("input.converse.messages[].content[].toolUse.input.**", Channel::ToolArguments),
    row("input.converse.messages[].content[].document.**", Channel::ToolResult),
    row("input.converse.messages[].content[].searchResult.**", Channel::ToolResult),
    row("input.converse.messages[].content[].toolResult.content[].**", Channel::ToolResult),
];

impl Dialect for CountTokens {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let input = optional(document, document.root(), "input")?.ok_or(Reason::RequestMalformed)?;
        if optional(document, input, "invokeModel")?.is_some() {
            return Err(Reason::UnsupportedContent);
        }
        let converse = optional(document, input, "converse")?.ok_or(Reason::RequestMalformed)?;
        read_request(document, converse, operation, COUNTED, false)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, &[], &[])?, Facts::default()))
    }

    fn framer(&self, _content_type: &str, _limit: usize) -> Option<Box<dyn Framer>> {
        None
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        Ok(Event { texts: deltas(data, &[], &[])?, ..Event::default() })
    }

    fn ending(&self, _facts: &Facts, _open: &[u32], _reason: Reason) -> Vec<u8> {
        Vec::new()
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        error(reason)
    }
}

/// The events behind which an answer ends. `content_filtered` is what the SDK's users map to a content filter.
fn converse_ending(facts: &Facts, open: &[u32], reason: Reason) -> Vec<(&'static str, Value)> {
    let mut events = Vec::new();
    for block in open.iter().filter_map(|item| item.checked_sub(1)) {
        events.push(("contentBlockStop", json!({ "contentBlockIndex": block })));
    }
    let told = json!({ "portcullis": { "reason": reason.code(), "message": super::client_message(reason) } });
    events.push((
        "messageStop",
        json!({ "stopReason": "content_filtered", "additionalModelResponseFields": told }),
    ));
    let usage = facts.usage.unwrap_or_default();
    let (input, output) = (usage.input.unwrap_or(0), usage.output.unwrap_or(0));
    events.push((
        "metadata",
        json!({
            "usage": { "inputTokens": input, "outputTokens": output, "totalTokens": input.saturating_add(output) },
            "metrics": { "latencyMs": 0 },
        }),
    ));
    events
}

fn event_frame(kind: &str, payload: &[u8]) -> Vec<u8> {
    let headers = [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
    event_stream::write(&headers, payload)
}

/// The item of a block; `None` where the object is about none.
fn block(document: &Document<'_>, object: NodeId, key: &str) -> Result<Option<u32>, Ambiguous> {
    let Some(index) = document.get(object, key) else {
        return Ok(None);
    };
    let index = document.as_u64(index).and_then(|index| u32::try_from(index).ok()).ok_or(Ambiguous)?;
    index.checked_add(1).map(Some).ok_or(Ambiguous)
}

/// Whether a delta is of a block that its receiver sees before it is complete.
fn is_shown(document: &Document<'_>, delta: NodeId) -> bool {
    document.kind(delta) == Kind::Object && document.get(delta, "toolUse").is_none()
}

fn converse_usage(document: &Document<'_>, object: NodeId) -> Option<Usage> {
    usage(document, document.get(object, "usage")?, "inputTokens", "outputTokens")
}

/// The two counts of an object, where it has one of them.
fn usage(document: &Document<'_>, object: NodeId, input: &str, output: &str) -> Option<Usage> {
    let count = |key: &str| document.as_u64(document.get(object, key)?);
    let usage = Usage { input: count(input), output: count(output) };
    (usage != Usage::default()).then_some(usage)
}

/// Bedrock reads the error's kind from a header, or else from `__type`.
fn error(reason: Reason) -> Vec<u8> {
    let kind = match reason.status() {
        401 | 403 => "AccessDeniedException",
        400 | 413 | 415 => "ValidationException",
        503 => "ServiceUnavailableException",
        _ => "InternalServerException",
    };
    json!({ "message": super::client_message(reason), "__type": kind }).to_string().into_bytes()
}

/// A request whose messages and tools stand in `root`.
fn read_request(
    document: &Document<'_>,
    root: NodeId,
    operation: &Operation,
    rows: &[Row],
    stream: bool,
) -> Result<Request, Reason> {
    if document.kind(root) != Kind::Object {
        return Err(Reason::RequestMalformed);
    }
    let mut texts = texts(document, rows, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
    for list in ["messages", "chat_history"] {
        let Some(messages) = optional(document, root, list)? else { continue };
        assign_channels(document, messages, channel_of, &mut texts);
    }
    Ok(Request {
        model: operation.model_in_path.clone(),
        stream,
        tools: tools(document, root)?,
        texts,
        ..Request::default()
    })
}

/// Who says what stands in a message of this role.
fn channel_of(role: &str) -> Option<Channel> {
    match role {
        "system" | "developer" | "SYSTEM" => Some(Channel::Instructions),
        "assistant" | "CHATBOT" => Some(Channel::Content),
        "tool" | "function" | "TOOL" => Some(Channel::ToolResult),
        _ => None,
    }
}

/// The tools that the request offers: by name, the model's own by type, and by a name besides where they have one.
fn tools(document: &Document<'_>, root: NodeId) -> Result<Vec<String>, Reason> {
    let mut lists = Vec::from_iter(optional(document, root, "tools")?);
    // The second is passed on to the model, with the tools that only it knows.
    for holder in ["toolConfig", "additionalModelRequestFields"] {
        if let Some(holder) = optional(document, root, holder)? {
            lists.extend(optional(document, holder, "tools")?);
        }
    }
    let mut names = Vec::new();
    for (_, tool) in lists.into_iter().flat_map(|list| document.children(list)) {
        if document.get(tool, "cachePoint").is_some() {
            continue;
        }
        let mut inner = tool;
        for wrapper in ["toolSpec", "systemTool", "function"] {
            if let Some(wrapped) = optional(document, tool, wrapper)? {
                inner = wrapped;
            }
        }
        let text = |object: NodeId, key: &str| -> Result<Option<String>, Reason> {
            let node = optional(document, object, key)?;
            Ok(node.and_then(|node| document.as_str(node)).map(|text| text.into_owned()))
        };
        let before = names.len();
        names.extend(text(tool, "type")?.filter(|kind| !matches!(kind.as_str(), "custom" | "function")));
        names.extend(text(inner, "name")?);
        if names.len() == before {
            return Err(Reason::RequestMalformed);
        }
    }
    Ok(names)
}

/// The row of this API.
pub const API: Api =
    Api { name: "bedrock", operations: &["chat", "invoke_model", "count_tokens"], recognise };

/// `POST …/model/{modelId}/{operation}`. The id is one segment of the path, percent-encoded: an ARN's `/` comes as `%2F`.
fn recognise(method: &str, path: &str) -> Option<Operation> {
    if method != "POST" {
        return None;
    }
    let (before, operation) = path.rsplit_once('/')?;
    let (before, model) = before.rsplit_once('/')?;
    if !before.ends_with("/model") {
        return None;
    }
    let (name, dialect): (_, &'static dyn Dialect) = match operation {
        "converse" => ("chat", &Converse { stream: false }),
        "converse-stream" => ("chat", &Converse { stream: true }),
        "invoke" => ("invoke_model", &Invoke { stream: false }),
        "invoke-with-response-stream" => ("invoke_model", &Invoke { stream: true }),
        "count-tokens" => ("count_tokens", &CountTokens),
        _ => return None,
    };
    Some(Operation { api: "bedrock", name, dialect, model_in_path: Some(decode_percent(model)?) })
}

/// `None` for what is no model's id: empty, a broken escape, no UTF-8, a segment that changes the path.
fn decode_percent(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                bytes.push(u8::try_from(digit()? << 4 | digit()?).ok()?);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok().filter(|model| !matches!(model.as_str(), "" | "." | ".."))
}
