//! Ollama (<https://github.com/ollama/ollama/blob/main/docs/api.md>): chat, generation and embeddings; streams are
//! lines, and it streams unless it is told not to.

use super::framing::{Framer, lines};
use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, assign_channels, deltas, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage, exact_keys, is_tokens, optional};
use crate::reason::Reason;
use serde_json::{Value, json};

/// The dialect of one operation.
enum Ollama {
    Chat,
    Generate,
    Embeddings,
}

const REQUEST: &[Row] = &[
    row("messages[].content", Channel::Prompt),
    row("messages[].thinking", Channel::Reasoning),
    row("messages[].tool_calls[].function.arguments.**", Channel::ToolArguments),
    row("system", Channel::Instructions),
    row("template", Channel::Instructions),
    row("prompt", Channel::Prompt),
    row("suffix", Channel::Prompt),
    row("input", Channel::Prompt),
    row("input[]", Channel::Prompt),
];

/// Before the positions on a path stands the item.
const NUMBERS: [u64; 1] = [0];

const ANSWER: &[Row] = &[
    row("message.content", Channel::Content),
    row("message.thinking", Channel::Reasoning),
    row("message.tool_calls[].function.arguments.**", Channel::ToolArguments),
    row("response", Channel::Content),
    row("thinking", Channel::Reasoning),
    // Copies of the text, one string over all of its elements, and what else was likely, by rank.
    row("logprobs[].token", Channel::Content).apart(&[]),
    row("logprobs[].bytes", Channel::Content).apart(&[]),
    row("logprobs[].top_logprobs[].token", Channel::Content).apart(&[2]),
    row("logprobs[].top_logprobs[].bytes", Channel::Content).apart(&[2]),
];

impl Dialect for Ollama {
    fn request(&self, document: &Document<'_>, _operation: &Operation) -> Result<Request, Reason> {
        let root = document.root();
        if document.kind(root) != Kind::Object {
            return Err(Reason::RequestMalformed);
        }
        exact_keys(document, root)?;
        // What was said before, as the numbers of its tokens.
        if optional(document, root, "context")?.is_some_and(|context| is_tokens(document, context)) {
            return Err(Reason::UnsupportedContent);
        }
        let model = match optional(document, root, "model")? {
            Some(model) => Some(document.as_str(model).ok_or(Reason::RequestMalformed)?.into_owned()),
            None => None,
        };
        let stream = match optional(document, root, "stream")?.map(|stream| document.kind(stream)) {
            Some(Kind::Bool(stream)) => stream,
            Some(Kind::Null) | None => !matches!(self, Ollama::Embeddings),
            Some(_) => return Err(Reason::RequestMalformed),
        };
        let mut texts = texts(document, REQUEST, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
        if let Some(messages) = optional(document, root, "messages")? {
            assign_channels(document, messages, channel_of, &mut texts);
        }
        Ok(Request { model, stream, tools: tools(document, root)?, texts, ..Request::default() })
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &NUMBERS)?, facts(document)))
    }

    fn framer(&self, content_type: &str, limit: usize) -> Option<Box<dyn Framer>> {
        (content_type == "application/x-ndjson")
            .then(|| -> Box<dyn Framer> { Box::new(lines::Framer::new(limit)) })
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let done = data.get(data.root(), "done").and_then(|done| data.as_bool(done)) == Some(true);
        Ok(Event {
            texts: deltas(data, ANSWER, &NUMBERS)?,
            items: vec![0],
            finished: if done { vec![0] } else { Vec::new() },
            ends: done,
            facts: data.aside(|| facts(data)),
            ..Event::default()
        })
    }

    /// There is no field for a refusal, so it is said in the text.
    fn ending(&self, facts: &Facts, _open: &[u32], reason: Reason) -> Vec<u8> {
        let told = format!("\n\n{}", super::client_message(reason));
        let usage = facts.usage.unwrap_or_default();
        let mut last = json!({
            "model": facts.model.as_deref().unwrap_or_default(),
            "created_at": "1970-01-01T00:00:00Z",
            "done": true,
            "done_reason": "content_filter",
            "prompt_eval_count": usage.input.unwrap_or(0),
            "eval_count": usage.output.unwrap_or(0),
        });
        let (key, value) = match self {
            Ollama::Chat => ("message", json!({ "role": "assistant", "content": told })),
            Ollama::Generate | Ollama::Embeddings => ("response", Value::from(told)),
        };
        if let Some(last) = last.as_object_mut() {
            last.insert(key.to_owned(), value);
        }
        format!("{last}\n").into_bytes()
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        json!({ "error": super::client_message(reason), "code": reason.code() }).to_string().into_bytes()
    }
}

/// Who says what stands in a message of this role.
fn channel_of(role: &str) -> Option<Channel> {
    match role {
        "system" => Some(Channel::Instructions),
        "assistant" => Some(Channel::Content),
        "tool" => Some(Channel::ToolResult),
        _ => None,
    }
}

/// The tools that the request offers: a function's name, else the tool's type.
fn tools(document: &Document<'_>, root: NodeId) -> Result<Vec<String>, Reason> {
    let Some(list) = optional(document, root, "tools")? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for (_, tool) in document.children(list) {
        exact_keys(document, tool)?;
        let function = optional(document, tool, "function")?;
        let node = match function {
            Some(function) => {
                exact_keys(document, function)?;
                optional(document, function, "name")?
            }
            None => optional(document, tool, "type")?,
        };
        let name = node.and_then(|node| document.as_str(node)).ok_or(Reason::RequestMalformed)?;
        names.push(name.into_owned());
    }
    Ok(names)
}

fn facts(document: &Document<'_>) -> Facts {
    let root = document.root();
    let count = |key: &str| document.as_u64(document.get(root, key)?);
    let usage = Usage { input: count("prompt_eval_count"), output: count("eval_count") };
    let model = document.get(root, "model").and_then(|node| document.as_str(node));
    Facts {
        model: model.map(|model| model.into_owned()),
        usage: (usage != Usage::default()).then_some(usage),
        ..Facts::default()
    }
}

/// The row of this API.
pub const API: Api =
    Api { name: "ollama", operations: &["chat", "text_completion", "embeddings"], recognise };

fn recognise(method: &str, path: &str) -> Option<Operation> {
    if method != "POST" {
        return None;
    }
    let paths: [(&str, &'static str, &'static dyn Dialect); 4] = [
        ("/api/chat", "chat", &Ollama::Chat),
        ("/api/generate", "text_completion", &Ollama::Generate),
        ("/api/embed", "embeddings", &Ollama::Embeddings),
        ("/api/embeddings", "embeddings", &Ollama::Embeddings),
    ];
    let (_, name, dialect) = paths.into_iter().find(|(suffix, ..)| path.ends_with(suffix))?;
    Some(Operation { api: "ollama", name, dialect, model_in_path: None })
}
