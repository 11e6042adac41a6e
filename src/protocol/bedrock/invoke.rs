//! InvokeModel: the bodies are the model's own. A body says by its members which form it has; the tables know the forms
//! of the models that Bedrock documents
//! (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html>), and a string at any other place is
//! complete in itself.
//!
//! The forms of Anthropic and OpenAI have dialects of their own; here is what an answer's blocks need.

use super::*;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The dialect of InvokeModel and InvokeModelWithResponseStream.
pub(super) struct Invoke {
    pub(super) stream: bool,
}

const REQUEST: &[Row] = &[
    // Anthropic, Nova, OpenAI, Mistral, AI21
    row("system", Channel::Instructions),
    row("system[].text", Channel::Instructions),
    row("messages[].content", Channel::Prompt),
    row("messages[].content[].text", Channel::Prompt),
    row("messages[].content[].source.**", Channel::ToolResult),
    row("messages[].content[].title", Channel::ToolResult),
    row("messages[].content[].context", Channel::ToolResult),
    row("messages[].content[].thinking", Channel::Reasoning),
    row("messages[].content[].input.**", Channel::ToolArguments),
    row("messages[].content[].content.**", Channel::ToolResult),
    row("messages[].content[].content[].**", Channel::ToolResult),
    row("messages[].content[].document.**", Channel::ToolResult),
    row("messages[].content[].toolUse.input.**", Channel::ToolArguments),
    row("messages[].content[].toolResult.content[].**", Channel::ToolResult),
    row("messages[].content[].reasoningContent.reasoningText.text", Channel::Reasoning),
    row("messages[].reasoning_content", Channel::Reasoning),
    row("messages[].tool_calls[].function.arguments", Channel::ToolArguments),
    // Titan, Llama, embeddings
    row("inputText", Channel::Prompt),
    row("prompt", Channel::Prompt),
    row("input", Channel::Prompt),
    row("texts[]", Channel::Prompt),
    // Cohere
    row("message", Channel::Prompt),
    row("preamble", Channel::Instructions),
    row("query", Channel::Prompt),
    row("chat_history[].message", Channel::Prompt),
    row("documents[].**", Channel::ToolResult),
    row("tool_results[].outputs[].**", Channel::ToolResult),
    row("tool_results[].call.parameters.**", Channel::ToolArguments),
];

const ANSWER: &[Row] = &[
    // Anthropic
    row("content[].text", Channel::Content),
    row("content[].thinking", Channel::Reasoning),
    row("content[].input.**", Channel::ToolArguments),
    row("content[].content.**", Channel::ToolResult),
    row("content[].content[].**", Channel::ToolResult),
    row("completion", Channel::Content),
    // Nova
    row("output.message.content[].text", Channel::Content),
    row("output.message.content[].reasoningContent.reasoningText.text", Channel::Reasoning),
    row("output.message.content[].toolUse.input.**", Channel::ToolArguments),
    row("output.message.content[].toolResult.content[].**", Channel::ToolResult),
    // Titan, Llama, Mistral, Cohere, AI21
    row("results[].outputText", Channel::Content),
    row("generation", Channel::Content),
    row("outputs[].text", Channel::Content),
    row("text", Channel::Content),
    row("generations[].text", Channel::Content),
    row("tool_calls[].parameters.**", Channel::ToolArguments),
    row("completions[].data.text", Channel::Content),
    row("documents[].**", Channel::ToolResult),
    // OpenAI, Mistral, DeepSeek, Qwen
    row("choices[].text", Channel::Content),
    row("choices[].message.content", Channel::Content),
    row("choices[].message.reasoning_content", Channel::Reasoning),
    row("choices[].message.reasoning", Channel::Reasoning),
    row("choices[].message.refusal", Channel::Refusal),
    row("choices[].message.tool_calls[].function.arguments", Channel::ToolArguments),
];

const ANTHROPIC: &[Row] = &[
    row("delta.text", Channel::Content),
    row("delta.thinking", Channel::Reasoning),
    row("delta.partial_json", Channel::ToolArguments),
    row("content_block.text", Channel::Content),
    row("content_block.thinking", Channel::Reasoning),
    row("content_block.input.**", Channel::ToolArguments),
    row("delta.stop_reason", Channel::Value),
    row("delta.stop_sequence", Channel::Value),
    row("delta.citation.cited_text.**", Channel::ToolResult),
    row("delta.citation.title.**", Channel::ToolResult),
    row("delta.citation.document_title.**", Channel::ToolResult),
    row("content_block.content.**", Channel::ToolResult),
    row("content_block.content[].**", Channel::ToolResult),
    row("delta.*", Channel::Content),
];

/// The beginning of a block that is a call: it belongs to the lane of the call's arguments, and waits with them.
const ANTHROPIC_CALL: &[Row] =
    &[row("content_block.input.**", Channel::ToolArguments), row("content_block", Channel::ToolArguments)];

const NOVA: &[Row] = &[
    row("contentBlockDelta.delta.text", Channel::Content),
    row("contentBlockDelta.delta.reasoningContent.text", Channel::Reasoning),
    row("contentBlockDelta.delta.toolUse.input", Channel::ToolArguments),
    row("contentBlockStart.start.toolUse", Channel::ToolArguments),
    row("contentBlockDelta.delta.*", Channel::Content),
];

const CHOICES: &[Row] = &[
    row("choices[].delta.content", Channel::Content),
    row("choices[].delta.content[].text", Channel::Content),
    row("choices[].delta.reasoning_content", Channel::Reasoning),
    row("choices[].delta.reasoning", Channel::Reasoning),
    row("choices[].delta.refusal", Channel::Refusal),
    row("choices[].delta.tool_calls[].function.arguments", Channel::ToolArguments),
    row("choices[].delta.tool_calls[]", Channel::ToolArguments),
    row("choices[].message.content", Channel::Content),
    row("choices[].message.tool_calls[].function.arguments", Channel::ToolArguments),
    row("choices[].message.tool_calls[]", Channel::ToolArguments),
    row("choices[].text", Channel::Content),
    row("choices[].delta.*", Channel::Content),
];

/// Titan, Llama, Mistral's text models, Cohere, Anthropic's text models.
const PLAIN: &[Row] = &[
    row("outputText", Channel::Content),
    row("generation", Channel::Content),
    row("outputs[].text", Channel::Content),
    row("text", Channel::Content),
    row("completion", Channel::Content),
    row("tool_calls[].parameters.**", Channel::ToolArguments),
    row("tool_call_delta.parameters", Channel::ToolArguments),
    row("tool_call_delta", Channel::ToolArguments),
    row("documents[].**", Channel::ToolResult),
    row("response.documents[].**", Channel::ToolResult),
];

/// The form of a streamed answer, by a member that only its events have. The first that fits.
const FORMS: &[(&str, Form)] = &[
    ("messageStart", Form::Nova),
    ("contentBlockStart", Form::Nova),
    ("contentBlockDelta", Form::Nova),
    ("contentBlockStop", Form::Nova),
    ("messageStop", Form::Nova),
    ("choices", Form::Choices),
    ("outputText", Form::Titan),
    ("generation", Form::Llama),
    ("outputs", Form::Mistral),
    ("completion", Form::Completion),
    ("event_type", Form::CohereChat),
    ("is_finished", Form::Cohere),
    ("type", Form::Anthropic),
    ("text", Form::Cohere),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Anthropic,
    Completion,
    Nova,
    Choices,
    Titan,
    Llama,
    Mistral,
    CohereChat,
    Cohere,
}

impl Form {
    const ALL: [Form; 9] = [
        Form::Anthropic,
        Form::Completion,
        Form::Nova,
        Form::Choices,
        Form::Titan,
        Form::Llama,
        Form::Mistral,
        Form::CohereChat,
        Form::Cohere,
    ];

    fn of(document: &Document<'_>) -> Option<Form> {
        let has = |key: &str| document.get(document.root(), key).is_some();
        FORMS.iter().find(|(key, _)| has(key)).map(|(_, form)| *form)
    }

    fn name(self) -> &'static str {
        match self {
            Form::Anthropic => "anthropic",
            Form::Completion => "completion",
            Form::Nova => "nova",
            Form::Choices => "choices",
            Form::Titan => "titan",
            Form::Llama => "llama",
            Form::Mistral => "mistral",
            Form::CohereChat => "cohere_chat",
            Form::Cohere => "cohere",
        }
    }

    fn named(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.name() == name)
    }
}

impl Dialect for Invoke {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        read_request(document, document.root(), operation, REQUEST, self.stream)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &[])?, facts(document)))
    }

    fn framer(&self, content_type: &str, limit: usize) -> Option<Box<dyn Framer>> {
        (content_type == CONTENT_TYPE).then(|| -> Box<dyn Framer> {
            Box::new(event_stream::Framer::new(limit, event_stream::Data::Chunk))
        })
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        // An exception is no event of the model.
        let form = if kind == Some("chunk") { Form::of(data) } else { None };
        let mut event = match form {
            Some(Form::Anthropic) => anthropic(data)?,
            Some(Form::Nova) => nova(data)?,
            Some(Form::Choices) => choices(data)?,
            Some(_) => plain(data)?,
            None => Event { texts: deltas(data, &[], &[])?, ..Event::default() },
        };
        event.facts = Facts { form: form.map(Form::name), ..data.aside(|| facts(data)) };
        Ok(event)
    }

    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let events = match facts.form.and_then(Form::named) {
            Some(form) => ending(form, facts, open, reason),
            // An answer that has not begun, or of no form that is known, can only be an error.
            None => {
                let headers = [
                    (":exception-type", "validationException"),
                    (":content-type", "application/json"),
                    (":message-type", "exception"),
                ];
                let message = json!({ "message": super::super::client_message(reason) });
                return event_stream::write(&headers, message.to_string().as_bytes());
            }
        };
        let mut out = Vec::new();
        for event in events {
            let payload = json!({ "bytes": BASE64_STANDARD.encode(event.to_string()) });
            out.extend(event_frame("chunk", payload.to_string().as_bytes()));
        }
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        error(reason)
    }
}

fn anthropic(data: &Document<'_>) -> Result<Event, Ambiguous> {
    let root = data.root();
    let is = |kind: &str| data.get(root, "type").is_some_and(|node| data.is_text(node, kind));
    let Some(item) = block(data, root, "index")? else {
        return Ok(Event { texts: deltas(data, ANTHROPIC, &[0])?, ..Event::default() });
    };
    let type_of = |object: &str| {
        let node = data.get(data.get(root, object)?, "type")?;
        data.as_str(node)
    };
    let is_call = type_of("content_block").is_some_and(|kind| kind.ends_with("tool_use"));
    let is_shown = is("content_block_start") && !is_call
        || is("content_block_delta") && type_of("delta").is_none_or(|kind| kind != "input_json_delta");
    Ok(Event {
        texts: deltas(data, if is_call { ANTHROPIC_CALL } else { ANTHROPIC }, &[u64::from(item)])?,
        items: if is_shown { vec![item] } else { Vec::new() },
        begins: if is("content_block_start") { vec![item] } else { Vec::new() },
        finished: if is("content_block_stop") { vec![item] } else { Vec::new() },
        ..Event::default()
    })
}

fn nova(data: &Document<'_>) -> Result<Event, Ambiguous> {
    let root = data.root();
    let (mut items, mut begins, mut finished, mut number) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for kind in ["contentBlockStart", "contentBlockDelta", "contentBlockStop"] {
        let Some(event) = data.get(root, kind) else { continue };
        let Some(item) = block(data, event, "contentBlockIndex")? else { continue };
        if number != 0 {
            // One object with two events: which of them a receiver takes first is not known.
            return Err(Ambiguous);
        }
        number = u64::from(item);
        if data.get(event, "delta").is_some_and(|delta| is_shown(data, delta)) {
            items.push(item);
        }
        match kind {
            "contentBlockStart" => begins.push(item),
            "contentBlockStop" => finished.push(item),
            _ => {}
        }
    }
    Ok(Event { texts: deltas(data, NOVA, &[number])?, items, begins, finished, ..Event::default() })
}

fn choices(data: &Document<'_>) -> Result<Event, Ambiguous> {
    let (mut items, mut finished) = (Vec::new(), Vec::new());
    if let Some(choices) = data.get(data.root(), "choices") {
        for (position, (_, choice)) in data.children(choices).enumerate() {
            let index = data.get(choice, "index").and_then(|index| data.as_u64(index));
            let item = u32::try_from(index.unwrap_or(position as u64)).unwrap_or(u32::MAX);
            items.push(item);
            let is_set = |key| data.get(choice, key).is_some_and(|node| data.kind(node) != Kind::Null);
            if is_set("finish_reason") || is_set("stop_reason") {
                finished.push(item);
            }
        }
    }
    Ok(Event { texts: deltas(data, CHOICES, &[])?, items, finished, ..Event::default() })
}

/// One text, or several that are numbered by `index`. Calls are numbered by their own.
fn plain(data: &Document<'_>) -> Result<Event, Ambiguous> {
    let index = |object: NodeId| match data.get(object, "index") {
        Some(index) if data.kind(index) == Kind::Number => data.as_u64(index).ok_or(Ambiguous),
        _ => Ok(0),
    };
    let numbers = match data.get(data.root(), "tool_call_delta") {
        Some(call) => vec![0, index(call)?],
        None if data.get(data.root(), "outputs").is_some() => Vec::new(),
        None => vec![index(data.root())?],
    };
    Ok(Event { texts: deltas(data, PLAIN, &numbers)?, items: vec![0], ..Event::default() })
}

/// What ends an answer of this form.
fn ending(form: Form, facts: &Facts, open: &[u32], reason: Reason) -> Vec<Value> {
    let output = facts.usage.and_then(|usage| usage.output).unwrap_or(0);
    match form {
        Form::Anthropic => {
            let blocks = open.iter().filter_map(|item| item.checked_sub(1));
            let mut events: Vec<Value> =
                blocks.map(|index| json!({ "type": "content_block_stop", "index": index })).collect();
            events.push(json!({
                "type": "message_delta",
                "delta": { "stop_reason": "refusal", "stop_sequence": null },
                "usage": { "output_tokens": output },
            }));
            events.push(json!({ "type": "message_stop" }));
            events
        }
        Form::Nova => {
            let events = converse_ending(facts, open, reason).into_iter();
            events.map(|(kind, event)| json!({ kind: event })).collect()
        }
        Form::Choices => {
            let chunk = |index: &u32| {
                json!({
                    "id": facts.id.as_deref().unwrap_or("chatcmpl-portcullis"),
                    "object": "chat.completion.chunk",
                    "created": facts.created.unwrap_or(0),
                    "model": facts.model.as_deref().unwrap_or_default(),
                    "choices": [{
                        "index": index,
                        "delta": { "refusal": super::super::client_message(reason) },
                        "finish_reason": "content_filter",
                    }],
                })
            };
            open.iter().map(chunk).collect()
        }
        Form::Completion => vec![json!({ "type": "completion", "completion": "", "stop_reason": "refusal" })],
        Form::Titan => {
            vec![json!({
                "outputText": "",
                "index": 0,
                "totalOutputTextTokenCount": output,
                "completionReason": "CONTENT_FILTERED",
            })]
        }
        Form::Llama => {
            vec![json!({
                "generation": "",
                "prompt_token_count": null,
                "generation_token_count": output,
                "stop_reason": "content_filtered",
            })]
        }
        Form::Mistral => vec![json!({ "outputs": [{ "text": "", "stop_reason": "content_filtered" }] })],
        Form::CohereChat => {
            vec![json!({ "event_type": "stream-end", "is_finished": true, "finish_reason": "ERROR_TOXIC" })]
        }
        Form::Cohere => vec![json!({ "is_finished": true, "finish_reason": "ERROR_TOXIC" })],
    }
}

fn facts(document: &Document<'_>) -> Facts {
    let root = document.root();
    let message = document.get(root, "message").filter(|node| document.kind(*node) == Kind::Object);
    let text = |key: &str| {
        let node = document.get(message.unwrap_or(root), key)?;
        document.as_str(node).map(|text| text.into_owned())
    };
    let places = [
        (message.and_then(|message| document.get(message, "usage")), "input_tokens", "output_tokens"),
        (document.get(root, "usage"), "input_tokens", "output_tokens"),
        (document.get(root, "usage"), "prompt_tokens", "completion_tokens"),
        (document.get(root, "usage"), "inputTokens", "outputTokens"),
        (
            document.get(root, "metadata").and_then(|node| document.get(node, "usage")),
            "inputTokens",
            "outputTokens",
        ),
        (Some(root), "prompt_token_count", "generation_token_count"),
        (Some(root), "inputTextTokenCount", "totalOutputTextTokenCount"),
        (document.get(root, "amazon-bedrock-invocationMetrics"), "inputTokenCount", "outputTokenCount"),
    ];
    let mut facts = Facts {
        id: text("id"),
        model: text("model"),
        created: document.get(root, "created").and_then(|node| document.as_u64(node)),
        ..Facts::default()
    };
    for (object, input, output) in places {
        let usage = object.and_then(|object| usage(document, object, input, output));
        facts.update(Facts { usage, ..Facts::default() });
    }
    facts
}
