//! Chat completions: <https://platform.openai.com/docs/api-reference/chat>, with what other providers add.

use crate::protocol::json::{Document, Kind, NodeId};
use crate::protocol::lane::{Channel, LaneKey, Text};
use crate::protocol::texts::{Ambiguous, Row, deltas, row, texts};
use crate::protocol::{Dialect, Event, Facts, Operation, Request, client_message};
use crate::reason::Reason;
use serde_json::json;

/// The dialect of `POST …/chat/completions`.
pub struct Chat;

const REQUEST: &[Row] = &[
    row("messages[].content", Channel::Prompt),
    row("messages[].content[].text", Channel::Prompt),
    row("messages[].content[].refusal", Channel::Refusal),
    row("messages[].content[].thinking[].text", Channel::Reasoning),
    row("messages[].refusal", Channel::Refusal),
    row("messages[].reasoning_content", Channel::Reasoning),
    row("messages[].reasoning", Channel::Reasoning),
    row("messages[].reasoning_details[].text", Channel::Reasoning),
    row("messages[].reasoning_details[].summary", Channel::Reasoning),
    row("messages[].tool_calls[].function.arguments", Channel::ToolArguments),
    row("messages[].tool_calls[].custom.input", Channel::ToolArguments).free(),
    row("messages[].function_call.arguments", Channel::ToolArguments),
    // Files beside the prompt (Mistral's by address), and what vLLM gets to retrieve from.
    row("messages[].content[].file.**", Channel::ToolResult),
    row("messages[].content[].document_url.**", Channel::ToolResult),
    row("messages[].content[].document_name", Channel::ToolResult),
    row("documents[].**", Channel::ToolResult),
];

/// Fields that repeat each other (`reasoning` and `reasoning_details`) are lanes apart: joined, one would hide what
/// ends the other.
const ANSWER: &[Row] = &[
    row("choices[].message.content", Channel::Content).apart(&[0]),
    row("choices[].message.content[].text", Channel::Content).apart(&[0, 1]),
    row("choices[].message.content[].thinking[].text", Channel::Reasoning).apart(&[0, 1, 2]),
    row("choices[].message.reasoning_content", Channel::Reasoning).apart(&[0]),
    row("choices[].message.reasoning", Channel::Reasoning).apart(&[0]),
    row("choices[].message.reasoning_details[].text", Channel::Reasoning).apart(&[0, 1]),
    row("choices[].message.reasoning_details[].summary", Channel::Reasoning).apart(&[0, 1]),
    row("choices[].message.refusal", Channel::Refusal).apart(&[0]),
    row("choices[].message.tool_calls[].function.arguments", Channel::ToolArguments).apart(&[0, 1]),
    row("choices[].message.tool_calls[].custom.input", Channel::ToolArguments).apart(&[0, 1]).free(),
    row("choices[].message.function_call.arguments", Channel::ToolArguments).apart(&[0]),
    row("choices[].message.audio.transcript", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].token", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].bytes", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].top_logprobs[].token", Channel::Content).apart(&[0, 2]),
    row("choices[].logprobs.content[].top_logprobs[].bytes", Channel::Content).apart(&[0, 2]),
    row("choices[].logprobs.refusal[].token", Channel::Refusal).apart(&[0]),
    row("choices[].logprobs.refusal[].bytes", Channel::Refusal).apart(&[0]),
    row("choices[].logprobs.refusal[].top_logprobs[].token", Channel::Refusal).apart(&[0, 2]),
    row("choices[].logprobs.refusal[].top_logprobs[].bytes", Channel::Refusal).apart(&[0, 2]),
    // What the provider found: OpenAI, OpenRouter; Azure; Groq; Perplexity.
    row("choices[].message.annotations[].url_citation.title.**", Channel::ToolResult),
    row("choices[].message.annotations[].url_citation.content.**", Channel::ToolResult),
    row("choices[].message.context.citations[].title.**", Channel::ToolResult),
    row("choices[].message.context.citations[].content.**", Channel::ToolResult),
    row("choices[].message.executed_tools[].output.**", Channel::ToolResult),
    row("search_results[].title.**", Channel::ToolResult),
    row("search_results[].snippet.**", Channel::ToolResult),
];

/// The row of what is not known is the last.
const EVENT: &[Row] = &[
    // Mistral sends one text now as a string, now as the parts of an array.
    row("choices[].delta.content", Channel::Content).part(0),
    row("choices[].delta.content[].text", Channel::Content).part(0),
    row("choices[].delta.content[].thinking[].text", Channel::Reasoning).apart(&[]),
    row("choices[].delta.reasoning_content", Channel::Reasoning).apart(&[]),
    row("choices[].delta.reasoning", Channel::Reasoning).apart(&[]),
    row("choices[].delta.reasoning_details[].text", Channel::Reasoning).apart(&[1]),
    row("choices[].delta.reasoning_details[].summary", Channel::Reasoning).apart(&[1]),
    row("choices[].delta.refusal", Channel::Refusal),
    row("choices[].delta.audio.transcript", Channel::Content).apart(&[]),
    row("choices[].delta.tool_calls[].function.arguments", Channel::ToolArguments),
    row("choices[].delta.tool_calls[].custom.input", Channel::ToolArguments).free(),
    // Readers put it together as they do the arguments.
    row("choices[].delta.tool_calls[].function.name", Channel::ToolArguments).apart(&[0, 1]).free(),
    row("choices[].delta.tool_calls[]", Channel::ToolArguments),
    row("choices[].delta.function_call.arguments", Channel::ToolArguments),
    row("choices[].delta.function_call", Channel::ToolArguments),
    row("choices[].message.content", Channel::Content).apart(&[]),
    row("choices[].logprobs.content[].token", Channel::Content).apart(&[]),
    row("choices[].logprobs.content[].bytes", Channel::Content).apart(&[]),
    row("choices[].logprobs.content[].top_logprobs[].token", Channel::Content).apart(&[2]),
    row("choices[].logprobs.content[].top_logprobs[].bytes", Channel::Content).apart(&[2]),
    row("choices[].logprobs.refusal[].token", Channel::Refusal).apart(&[]),
    row("choices[].logprobs.refusal[].bytes", Channel::Refusal).apart(&[]),
    row("choices[].logprobs.refusal[].top_logprobs[].token", Channel::Refusal).apart(&[2]),
    row("choices[].logprobs.refusal[].top_logprobs[].bytes", Channel::Refusal).apart(&[2]),
    // What the provider found stands whole in an event.
    row("choices[].delta.annotations[].url_citation.title.**", Channel::ToolResult),
    row("choices[].delta.annotations[].url_citation.content.**", Channel::ToolResult),
    row("choices[].delta.context.citations[].title.**", Channel::ToolResult),
    row("choices[].delta.context.citations[].content.**", Channel::ToolResult),
    row("choices[].delta.executed_tools[].output.**", Channel::ToolResult),
    row("search_results[].title.**", Channel::ToolResult),
    row("search_results[].snippet.**", Channel::ToolResult),
    row("choices[].delta.*", Channel::Content),
];

impl Dialect for Chat {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let mut request = super::request(document, operation, REQUEST)?;
        let messages = super::required(document, document.root(), "messages")?;
        if document.kind(messages) != Kind::Array {
            return Err(Reason::RequestMalformed);
        }
        super::assign_roles(&mut request.texts, &super::roles(document, messages));
        Ok(request)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &[])?, super::facts(document, document.root())))
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let mut texts = deltas(data, EVENT, &[])?;
        let (items, finished) = choices(data);
        find_repeated(data, &items, &mut texts)?;
        let facts = data.aside(|| super::facts(data, data.root()));
        Ok(Event { texts, items, finished, facts, ..Event::default() })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        super::is_done(data)
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
                    "delta": { "refusal": client_message(reason) },
                    "finish_reason": "content_filter",
                }],
            });
            out.extend_from_slice(format!("data: {chunk}\n\n").as_bytes());
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        super::error(reason)
    }
}

/// Beside its delta, a choice may say the whole message so far (Perplexity's `stream_mode: full`, the default): that
/// repeats the lane of the deltas. With the last event it is complete in itself. What else a message says must not grow in
/// the same way: the beginning of a value would stand there before anybody can know what it is.
fn find_repeated(data: &Document<'_>, items: &[u32], texts: &mut [Text]) -> Result<(), Ambiguous> {
    const GROWING: [&str; 5] = ["reasoning_content", "reasoning", "refusal", "tool_calls", "function_call"];
    let Some(choices) = data.get(data.root(), "choices") else { return Ok(()) };
    for ((_, choice), item) in data.children(choices).zip(items) {
        let (Some(delta), Some(message)) = (data.get(choice, "delta"), data.get(choice, "message")) else {
            continue;
        };
        let is_said = |object, member| match data.get(object, member).map(|value| (value, data.kind(value))) {
            None | Some((_, Kind::Null)) => false,
            Some((value, Kind::Array | Kind::Object)) => data.children(value).next().is_some(),
            Some((value, _)) => data.raw_text(value).is_none_or(|text| !text.is_empty()),
        };
        let is_last = is_set(data, choice, "finish_reason") && !is_said(delta, "content");
        let content = data.get(message, "content").and_then(|content| data.text_span(content));
        let is_other = content.is_none() && is_said(message, "content");
        if !is_last && (is_other || GROWING.into_iter().any(|member| is_said(message, member))) {
            return Err(Ambiguous);
        }
        let Some(content) = content.filter(|content| !content.is_empty()) else { continue };
        for text in texts.iter_mut().filter(|text| text.span == content) {
            text.lane = (!is_last).then_some(LaneKey {
                item: *item,
                channel: Channel::Content,
                part: u64::from(*item),
            });
            text.repeats = !is_last;
        }
    }
    Ok(())
}

fn is_set(data: &Document<'_>, object: NodeId, member: &str) -> bool {
    data.get(object, member).is_some_and(|value| data.kind(value) != Kind::Null)
}

/// The choices that an event is about, and those that it finishes.
pub(super) fn choices(data: &Document<'_>) -> (Vec<u32>, Vec<u32>) {
    let (mut items, mut finished) = (Vec::new(), Vec::new());
    let Some(choices) = data.get(data.root(), "choices") else { return (items, finished) };
    for (position, (_, choice)) in data.children(choices).enumerate() {
        let index = data.get(choice, "index").and_then(|index| data.as_u64(index));
        let item = u32::try_from(index.unwrap_or(position as u64)).unwrap_or(u32::MAX);
        items.push(item);
        if is_set(data, choice, "finish_reason") {
            finished.push(item);
        }
    }
    (items, finished)
}
