//! Responses: <https://platform.openai.com/docs/api-reference/responses> and its streaming events.
//!
//! A stream tells one text up to five times: in its deltas, in the `done` of the text, of its part and of its item, and
//! in the whole response at the end. The deltas, and what an `added` event begins them with, are a lane; a copy is
//! complete in itself and gets the same masks. The copies of `logprobs` are not: their tokens are lanes again.

use crate::protocol::json::{Document, Kind, NodeId};
use crate::protocol::lane::{Channel, Text};
use crate::protocol::texts::{Ambiguous, Row, row, texts};
use crate::protocol::{Dialect, Event, Facts, Operation, Request, client_message};
use crate::reason::Reason;
use serde_json::{Value, json};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// The operation that asks again for a response that was kept, without a body.
pub const RETRIEVE: &str = "responses_retrieve";

/// Tells the parts of a summary from the parts of the reasoning itself, which are counted alike.
const SUMMARY: u64 = 1 << 32;

/// Calls that the provider makes by itself and whose progress a client may show: nothing of them is an order yet.
const PROGRESS: &[&str] = &["web_search_call", "file_search_call", "image_generation_call"];

/// The dialect of `POST …/responses`.
pub struct Responses;

const REQUEST: &[Row] = &[
    row("instructions", Channel::Instructions),
    row("input", Channel::Prompt),
    row("input[].content", Channel::Prompt),
    row("input[].content[].text", Channel::Prompt),
    row("input[].content[].refusal", Channel::Refusal),
    row("input[].summary[].text", Channel::Reasoning),
    row("input[].arguments.**", Channel::ToolArguments),
    row("input[].input", Channel::ToolArguments).free(),
    row("input[].code", Channel::ToolArguments).free(),
    row("input[].action.sources[].**", Channel::ToolResult),
    row("input[].action.**", Channel::ToolArguments),
    row("input[].operation.**", Channel::ToolArguments).free(),
    row("input[].output.**", Channel::ToolResult),
    row("input[].output[].**", Channel::ToolResult),
    row("input[].outputs[].logs", Channel::ToolResult),
    row("input[].error.**", Channel::ToolResult),
    row("input[].results[].text", Channel::ToolResult),
    row("input[].results[].title", Channel::ToolResult),
    row("input[].results[].snippet", Channel::ToolResult),
    row("input[].results[].filename", Channel::ToolResult),
    row("input[].results[].attributes.**", Channel::ToolResult),
    row("input[].content[].file_data", Channel::ToolResult),
    row("input[].content[].file_url", Channel::ToolResult),
    row("input[].content[].filename", Channel::ToolResult),
    row("input[].content[].annotations[].title", Channel::ToolResult),
    row("input[].content[].annotations[].filename", Channel::ToolResult),
    row("prompt.variables.**", Channel::Prompt),
];

/// What stands in an item of the output, for each of the paths at which items come. Every text is complete in itself
/// (`**`), but for the tokens of `logprobs`.
macro_rules! items {
    ($at:literal, $token:expr, $rank:expr) => {
        &[
            row(concat!($at, "arguments.**"), Channel::ToolArguments),
            row(concat!($at, "input.**"), Channel::ToolArguments).free(),
            row(concat!($at, "code.**"), Channel::ToolArguments).free(),
            row(concat!($at, "action.sources[].**"), Channel::ToolResult),
            row(concat!($at, "action.**"), Channel::ToolArguments),
            row(concat!($at, "operation.**"), Channel::ToolArguments).free(),
            row(concat!($at, "output.**"), Channel::ToolResult),
            row(concat!($at, "output[].text.**"), Channel::ToolResult),
            row(concat!($at, "output[].stdout.**"), Channel::ToolResult),
            row(concat!($at, "output[].stderr.**"), Channel::ToolResult),
            row(concat!($at, "outputs[].logs.**"), Channel::ToolResult),
            row(concat!($at, "error.**"), Channel::ToolResult),
            row(concat!($at, "results[].text.**"), Channel::ToolResult),
            row(concat!($at, "results[].title.**"), Channel::ToolResult),
            row(concat!($at, "results[].snippet.**"), Channel::ToolResult),
            row(concat!($at, "results[].filename.**"), Channel::ToolResult),
            row(concat!($at, "results[].attributes.**"), Channel::ToolResult),
            row(concat!($at, "content[].annotations[].title.**"), Channel::ToolResult),
            row(concat!($at, "content[].annotations[].filename.**"), Channel::ToolResult),
            row(concat!($at, "summary[].text.**"), Channel::Reasoning),
            row(concat!($at, "content[].refusal.**"), Channel::Refusal),
            row(concat!($at, "content[].text.**"), Channel::Content),
            row(concat!($at, "content[].logprobs[].token"), Channel::Content).apart($token),
            row(concat!($at, "content[].logprobs[].bytes"), Channel::Content).apart($token),
            row(concat!($at, "content[].logprobs[].top_logprobs[].token"), Channel::Content).apart($rank),
            row(concat!($at, "content[].logprobs[].top_logprobs[].bytes"), Channel::Content).apart($rank),
        ]
    };
}

const ANSWER: &[Row] = items!("output[].", &[0, 1], &[0, 1, 3]);

// The first numbers of an event are its item, its part and its type; those of the arrays follow from number 3.
const RESPONSE: &[Row] = items!("response.output[].", &[2, 3, 4], &[2, 3, 4, 6]);
const ITEM_DONE: &[Row] = items!("item.", &[2, 3], &[2, 3, 5]);

/// A receiver begins its item with this and appends the deltas to it.
const ITEM_ADDED: &[Row] = &[
    row("item.content[].text", Channel::Content).part(3),
    row("item.content[].refusal", Channel::Refusal).part(3),
    row("item.summary[].text.**", Channel::Reasoning),
    row("item.output.**", Channel::ToolResult),
    row("item.output[].**", Channel::ToolResult),
    row("item.results[].text.**", Channel::ToolResult),
];
/// The head of a call waits with its arguments.
const CALL_ADDED: &[Row] = &[
    row("item.arguments", Channel::ToolArguments),
    row("item.input", Channel::ToolArguments).free(),
    row("item.code", Channel::ToolArguments).free(),
    row("item.operation.diff", Channel::ToolArguments).free(),
    row("item.arguments.**", Channel::ToolArguments),
    row("item.action.**", Channel::ToolArguments),
    row("item.operation.**", Channel::ToolArguments).free(),
    row("item.output.**", Channel::ToolResult),
    row("item.outputs[].logs.**", Channel::ToolResult),
    row("item.error.**", Channel::ToolResult),
    row("item", Channel::ToolArguments),
];
const PART_ADDED: &[Row] = &[row("part.text", Channel::Content), row("part.refusal", Channel::Refusal)];
const SUMMARY_PART_ADDED: &[Row] = &[row("part.text", Channel::Reasoning)];
const ANNOTATION_ADDED: &[Row] =
    &[row("annotation.title.**", Channel::ToolResult), row("annotation.filename.**", Channel::ToolResult)];
const COMMAND_ADDED: &[Row] = &[row("command", Channel::ToolArguments).free()];

const TEXT_DELTA: &[Row] = &[
    row("delta", Channel::Content),
    row("logprobs[].token", Channel::Content).apart(&[1, 2]),
    row("logprobs[].bytes", Channel::Content).apart(&[1, 2]),
    row("logprobs[].top_logprobs[].token", Channel::Content).apart(&[1, 2, 4]),
    row("logprobs[].top_logprobs[].bytes", Channel::Content).apart(&[1, 2, 4]),
];
const REFUSAL_DELTA: &[Row] = &[row("delta", Channel::Refusal)];
const REASONING_DELTA: &[Row] = &[row("delta", Channel::Reasoning)];
const TRANSCRIPT_DELTA: &[Row] = &[row("delta", Channel::Content).apart(&[1, 2])];
const CALL_DELTA: &[Row] = &[row("delta", Channel::ToolArguments)];
/// Code, commands, patches, and the input of custom tools.
const FREE_DELTA: &[Row] = &[row("delta", Channel::ToolArguments).free()];
/// What a tool says, and what is not known: a text of each type and place.
const OTHER_DELTA: &[Row] = &[
    row("delta", Channel::Content).apart(&[1, 2]),
    row("delta.stdout", Channel::ToolResult).apart(&[1, 2]),
    row("delta.stderr", Channel::ToolResult).apart(&[1, 2]),
    row("delta.*", Channel::Content),
];

const DONE: &[Row] = &[
    row("text.**", Channel::Content),
    row("refusal.**", Channel::Refusal),
    row("arguments.**", Channel::ToolArguments),
    row("input.**", Channel::ToolArguments).free(),
    row("code.**", Channel::ToolArguments).free(),
    row("command.**", Channel::ToolArguments).free(),
    row("diff.**", Channel::ToolArguments).free(),
    row("output[].stdout.**", Channel::ToolResult),
    row("output[].stderr.**", Channel::ToolResult),
    row("part.text.**", Channel::Content),
    row("part.refusal.**", Channel::Refusal),
    row("logprobs[].token", Channel::Content).apart(&[1, 2]),
    row("logprobs[].bytes", Channel::Content).apart(&[1, 2]),
    row("logprobs[].top_logprobs[].token", Channel::Content).apart(&[1, 2, 4]),
    row("logprobs[].top_logprobs[].bytes", Channel::Content).apart(&[1, 2, 4]),
    row("part.logprobs[].token", Channel::Content).apart(&[1, 2]),
    row("part.logprobs[].bytes", Channel::Content).apart(&[1, 2]),
    row("part.logprobs[].top_logprobs[].token", Channel::Content).apart(&[1, 2, 4]),
    row("part.logprobs[].top_logprobs[].bytes", Channel::Content).apart(&[1, 2, 4]),
];

/// The table for an event of this type.
fn rows(kind: &str, event: &Document<'_>) -> &'static [Row] {
    match kind {
        "response.output_item.added" => match is_call(event) {
            true => CALL_ADDED,
            false => ITEM_ADDED,
        },
        "response.output_item.done" => ITEM_DONE,
        "response.content_part.added" => PART_ADDED,
        "response.reasoning_summary_part.added" => SUMMARY_PART_ADDED,
        "response.output_text.annotation.added" => ANNOTATION_ADDED,
        "response.shell_call_command.added" => COMMAND_ADDED,
        "response.output_text.delta" => TEXT_DELTA,
        "response.refusal.delta" => REFUSAL_DELTA,
        "response.audio.transcript.delta" => TRANSCRIPT_DELTA,
        // Sound in base64: each piece is a value.
        "response.audio.delta" => &[],
        _ => match kind.strip_suffix(".delta") {
            Some(name) if name.starts_with("response.reasoning") => REASONING_DELTA,
            Some(name) if name.contains("_call") && name.ends_with("arguments") => CALL_DELTA,
            Some(name) if name.contains("_call") && !name.contains("_output") => FREE_DELTA,
            Some(_) => OTHER_DELTA,
            None if kind.ends_with(".done") => DONE,
            None => RESPONSE,
        },
    }
}

/// Whether the item is a call that is carried out when it is complete.
fn is_call(event: &Document<'_>) -> bool {
    let item = event.get(event.root(), "item").and_then(|item| event.get(item, "type"));
    let kind = item.and_then(|kind| event.as_str(kind)).unwrap_or_default();
    kind.ends_with("_call") && !PROGRESS.contains(&kind.as_ref())
}

impl Dialect for Responses {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let mut request = super::request(document, operation, REQUEST)?;
        let mut speakers = Vec::new();
        if let Some(input) = super::super::optional(document, document.root(), "input")?
            && document.kind(input) == Kind::Array
        {
            speakers = super::roles(document, input);
            for (_, item) in document.children(input) {
                found_tools(document, item, &mut request.tools)?;
            }
        }
        super::assign_roles(&mut request.texts, &speakers);
        Ok(request)
    }

    fn without_body(&self, operation: &Operation) -> Result<Request, Reason> {
        match operation.name {
            RETRIEVE => Ok(Request::default()),
            _ => Err(Reason::RequestMalformed),
        }
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &[])?, super::facts(document, document.root())))
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let root = data.root();
        let named = data.get(root, "type").and_then(|kind| data.as_str(kind));
        let kind = named.as_deref().or(kind).unwrap_or_default();
        let number = |key: &str| match data.get(root, key).filter(|node| data.kind(*node) != Kind::Null) {
            Some(number) => data.as_u64(number).map(Some).ok_or(Ambiguous),
            None => Ok(None),
        };
        let item = number("output_index")?;
        let part = match number("summary_index")? {
            Some(summary) => SUMMARY + summary,
            None => number("content_index")?.or(number("command_index")?).unwrap_or(0),
        };
        let mut hasher = DefaultHasher::new();
        kind.hash(&mut hasher);
        let texts = texts(data, rows(kind, data), &[item.unwrap_or(0), part, hasher.finish()])?;
        let items: Vec<u32> = item.and_then(|item| u32::try_from(item).ok()).into_iter().collect();
        let finished = if kind == "response.output_item.done" { items.clone() } else { Vec::new() };
        let mut facts = match data.get(root, "response") {
            Some(response) => data.aside(|| super::facts(data, response)),
            None => Facts::default(),
        };
        facts.sequence = data.aside(|| number("sequence_number"))?;
        let ends = ["completed", "incomplete", "failed", "cancelled"];
        let ends = kind.strip_prefix("response.").is_some_and(|state| ends.contains(&state));
        Ok(Event { texts, items, finished, ends, facts, ..Event::default() })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        super::is_done(data)
    }

    /// A refusal, and a response that is incomplete because of a content filter. The item that it stands in may not
    /// have been delivered, so it is one of its own behind those that are open.
    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let message = client_message(reason);
        let part = json!({ "type": "refusal", "refusal": message });
        let item = json!({
            "id": "msg_portcullis", "type": "message", "role": "assistant", "status": "incomplete", "content": [part],
        });
        let response = |status: &str, details: Value, output: Vec<Value>| {
            json!({
                "id": facts.id.as_deref().unwrap_or("resp_portcullis"),
                "object": "response",
                "created_at": facts.created.unwrap_or(0),
                "status": status,
                "error": null,
                "incomplete_details": details,
                "instructions": null,
                "metadata": {},
                "model": facts.model.as_deref().unwrap_or_default(),
                "output": output,
                "parallel_tool_calls": true,
                "temperature": null,
                "tool_choice": "auto",
                "tools": [],
                "top_p": null,
            })
        };
        let mut events = Vec::new();
        // Receivers put a stream together from its first event on.
        if facts.id.is_none() {
            events.push(json!({
                "type": "response.created",
                "response": response("in_progress", Value::Null, Vec::new()),
            }));
        }
        let place = json!({
            "item_id": "msg_portcullis",
            "output_index": open.last().copied().unwrap_or(0),
            "content_index": 0,
        });
        events.push(with(&place, json!({ "type": "response.refusal.delta", "delta": message })));
        events.push(with(&place, json!({ "type": "response.refusal.done", "refusal": message })));
        events.push(json!({
            "type": "response.incomplete",
            "response": response("incomplete", json!({ "reason": "content_filter" }), vec![item]),
        }));
        let mut out = Vec::new();
        for (number, event) in (facts.sequence.map_or(0, |last| last.saturating_add(1))..).zip(events) {
            let event = with(&event, json!({ "sequence_number": number }));
            let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
            out.extend_from_slice(format!("event: {kind}\ndata: {event}\n\n").as_bytes());
        }
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        super::error(reason)
    }
}

/// Tools that a search of the client has found are offered too.
fn found_tools(document: &Document<'_>, item: NodeId, names: &mut Vec<String>) -> Result<(), Reason> {
    let kind = super::super::optional(document, item, "type")?;
    if kind.is_some_and(|kind| document.is_text(kind, "tool_search_output"))
        && let Some(tools) = super::super::optional(document, item, "tools")?
    {
        super::add_tools(document, tools, names)?;
    }
    Ok(())
}

/// The members of both objects.
fn with(object: &Value, more: Value) -> Value {
    let mut all = object.as_object().cloned().unwrap_or_default();
    if let Value::Object(more) = more {
        all.extend(more);
    }
    Value::Object(all)
}
