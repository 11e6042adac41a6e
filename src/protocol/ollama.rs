//! Ollama (<https://github.com/ollama/ollama/blob/main/docs/api.md>): chat, generation and embeddings; streams are
//! lines, and it streams unless it is told not to.
//!
//! Ollama reads keys without regard to case and takes the last. A key that decides something and is written in another
//! way is refused: it would be read there and not here.

use super::framing::{Framer, lines};
use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, assign_channel, deltas, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage, optional};
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

/// What decides: in the body, in a tool, in a tool's function.
const KEYS: [&str; 12] = [
    "model", "stream", "messages", "tools", "prompt", "system", "input", "suffix", "template", "function",
    "name", "type",
];

impl Dialect for Ollama {
    fn request(&self, document: &Document<'_>, _operation: &Operation) -> Result<Request, Reason> {
        let root = document.root();
        if document.kind(root) != Kind::Object {
            return Err(Reason::UnsupportedContent);
        }
        exact_keys(document, root)?;
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
            for (_, message) in document.children(messages) {
                set_channel(document, message, &mut texts);
            }
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

/// What stands in a message is said by its role.
fn set_channel(document: &Document<'_>, message: NodeId, texts: &mut [Text]) {
    let role = document.get(message, "role").and_then(|role| document.as_str(role));
    let channel = match role.as_deref().unwrap_or_default() {
        "system" => Channel::Instructions,
        "assistant" => Channel::Content,
        "tool" => Channel::ToolResult,
        _ => return,
    };
    assign_channel(texts, document.span(message), channel);
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

/// Refuses a key that Ollama would take for another. Its JSON reader folds case as Unicode does, which knows two more
/// letters that are `k` and `s`.
fn exact_keys(document: &Document<'_>, object: NodeId) -> Result<(), Reason> {
    for (key, _) in document.children(object) {
        let key = key.and_then(|key| document.as_str(key)).unwrap_or_default();
        let folded = key.to_ascii_lowercase().replace('\u{17f}', "s").replace('\u{212a}', "k");
        if folded != key && KEYS.contains(&folded.as_str()) {
            return Err(Reason::RequestDuplicateKey);
        }
    }
    Ok(())
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
