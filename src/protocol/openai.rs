//! The OpenAI API (<https://platform.openai.com/docs/api-reference>), and whatever speaks it: Azure OpenAI, Mistral,
//! Groq, DeepSeek, xAI, OpenRouter, Perplexity, Fireworks, vLLM.
//!
//! This file knows the paths and what the operations have in common. What is not JSON is not read: uploads (audio and
//! images in `multipart/form-data`), generated speech. Such a request or answer is `unsupported_content`, and goes on
//! only where the route passes that.

mod chat;
mod completions;
mod responses;
mod single;

use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, texts};
use super::{Api, Dialect, Facts, Operation, Request, Usage, exact_keys, is_tokens, optional};
use crate::reason::Reason;
use serde_json::json;

pub use chat::Chat;

/// The row of this API.
pub const API: Api = Api {
    name: "openai",
    operations: &[
        "chat",
        "count_tokens",
        "embeddings",
        "image_generation",
        "models",
        "moderations",
        "responses",
        "responses_compact",
        "responses_retrieve",
        "speech",
        "text_completion",
        "transcription",
        "translation",
    ],
    recognise,
};

/// The ends of the paths to which requests are posted. The first that fits counts.
const POSTED: &[(&str, &str, &dyn Dialect)] = &[
    ("/chat/completions", "chat", &Chat),
    // Mistral's code completion asks as a completion and answers as a chat.
    ("/fim/completions", "text_completion", &completions::FillIn),
    ("/completions", "text_completion", &completions::Completions),
    ("/responses", "responses", &responses::Responses),
    ("/responses/compact", "responses_compact", &responses::Responses),
    ("/responses/input_tokens", "count_tokens", &responses::Responses),
    ("/embeddings", "embeddings", &single::EMBEDDINGS),
    ("/moderations", "moderations", &single::MODERATIONS),
    ("/images/generations", "image_generation", &single::IMAGES),
    ("/images/edits", "image_generation", &single::IMAGES),
    ("/images/variations", "image_generation", &single::IMAGES),
    ("/audio/speech", "speech", &single::SPEECH),
    ("/audio/transcriptions", "transcription", &single::TRANSCRIPTION),
    ("/audio/translations", "translation", &single::TRANSCRIPTION),
];

fn recognise(method: &str, path: &str) -> Option<Operation> {
    let (before, name, dialect): (&str, &'static str, &'static dyn Dialect) = match method {
        "POST" => {
            POSTED.iter().find_map(|(end, name, dialect)| Some((path.strip_suffix(end)?, *name, *dialect)))?
        }
        "GET" => return retrieved(path).or_else(|| models(path)),
        _ => return None,
    };
    let model_in_path = match model_in(before) {
        // Two readers may decode it in two ways.
        Some(model) if model.contains('%') || model.is_empty() => return None,
        model => model.map(str::to_owned),
    };
    Some(Operation { api: "openai", name, dialect, model_in_path })
}

/// Azure's deployment, or the engine of the first paths of OpenAI: the provider goes by it, whatever the body says.
fn model_in(path: &str) -> Option<&str> {
    let (_, after) =
        ["/deployments/", "/engines/"].into_iter().find_map(|folder| path.rsplit_once(folder))?;
    after.split('/').next()
}

/// A response that was kept, and what it was asked.
fn retrieved(path: &str) -> Option<Operation> {
    let (_, rest) = path.rsplit_once("/responses/")?;
    let id = rest.strip_suffix("/input_items").unwrap_or(rest);
    (!id.is_empty() && !id.contains(['/', '%'])).then_some(Operation {
        api: "openai",
        name: responses::RETRIEVE,
        dialect: &responses::Responses,
        model_in_path: None,
    })
}

/// The list of the models, or what is said of one of them.
fn models(path: &str) -> Option<Operation> {
    let lists = path == "/models" || path.ends_with("/v1/models") || path.ends_with("/openai/models");
    let model = match lists {
        true => None,
        false => {
            let name = path.strip_prefix("/models/").or_else(|| Some(path.rsplit_once("/v1/models/")?.1))?;
            Some(name.to_owned()).filter(|name| !name.is_empty() && !name.contains('%'))
        }
    };
    (lists || model.is_some()).then_some(Operation {
        api: "openai",
        name: "models",
        dialect: &single::MODELS,
        model_in_path: model,
    })
}

/// The body of a refusal: <https://platform.openai.com/docs/guides/error-codes>.
fn error(reason: Reason) -> Vec<u8> {
    json!({ "error": error_object(reason) }).to_string().into_bytes()
}

fn error_object(reason: Reason) -> serde_json::Value {
    let kind = match reason.status() {
        401 => "authentication_error",
        403 => "permission_error",
        400 | 413 | 415 => "invalid_request_error",
        _ => "api_error",
    };
    json!({ "message": super::client_message(reason), "type": kind, "param": null, "code": reason.code() })
}

/// What every request has: a model, a wish for a stream, tools, and texts. Those texts are complete in themselves.
fn request(document: &Document<'_>, operation: &Operation, rows: &[Row]) -> Result<Request, Reason> {
    let root = document.root();
    if document.kind(root) != Kind::Object {
        return Err(Reason::RequestMalformed);
    }
    exact_keys(document, root)?;
    let name = |node| Ok(document.as_str(node).ok_or(Reason::RequestMalformed)?.into_owned());
    let model = optional(document, root, "model")?.map(name).transpose()?;
    // OpenRouter's fallbacks.
    let fallbacks = match optional(document, root, "models")?.map(|models| (models, document.kind(models))) {
        Some((models, Kind::Array)) => {
            document.children(models).map(|(_, model)| name(model)).collect::<Result<Vec<_>, _>>()?
        }
        Some((_, Kind::Null)) | None => Vec::new(),
        Some(_) => return Err(Reason::RequestMalformed),
    };
    for prompt in ["prompt", "input"] {
        if optional(document, root, prompt)?.is_some_and(|prompt| is_tokens(document, prompt)) {
            return Err(Reason::UnsupportedContent);
        }
    }
    let stream = match optional(document, root, "stream")? {
        Some(stream) => match document.kind(stream) {
            Kind::Bool(stream) => stream,
            Kind::Null => false,
            _ => return Err(Reason::RequestMalformed),
        },
        None => false,
    };
    let texts = texts(document, rows, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
    Ok(Request {
        model: operation.model_in_path.clone().or(model).or_else(|| fallbacks.first().cloned()),
        fallbacks,
        stream,
        tools: tools(document, root)?,
        texts,
        ..Request::default()
    })
}

/// Each text of a prompt gets the channel of who says it. `roles` are those by the first number of the texts'
/// paths. From here on no text continues another.
fn assign_roles(texts: &mut [Text], roles: &[Channel]) {
    for text in texts {
        let Some(lane) = text.lane.take() else { continue };
        if text.channel == Channel::Prompt
            && let Some(channel) = roles.get(lane.item as usize)
        {
            text.channel = *channel;
        }
    }
}

/// Who says the elements of an array.
fn roles(document: &Document<'_>, messages: NodeId) -> Vec<Channel> {
    let role = |message| document.get(message, "role").and_then(|role| document.as_str(role));
    let channel = |message| match role(message).as_deref().unwrap_or_default() {
        "system" | "developer" => Channel::Instructions,
        "assistant" => Channel::Content,
        "tool" | "function" => Channel::ToolResult,
        _ => Channel::Prompt,
    };
    document.children(messages).map(|(_, message)| channel(message)).collect()
}

/// Members of a request that offer what the server does by itself, and the tools that they are: OpenAI, xAI, Azure, Qwen.
const OFFERS: &[(&str, &str)] = &[
    ("web_search_options", "web_search"),
    ("search_parameters", "live_search"),
    ("data_sources", "data_sources"),
    ("enable_search", "web_search"),
];

/// The tools that the request offers: functions and custom tools by their names, the provider's own by their types (`web_search`),
/// and by a name besides where they have one.
fn tools(document: &Document<'_>, root: NodeId) -> Result<Vec<String>, Reason> {
    let mut names = Vec::new();
    for list in ["tools", "functions"] {
        if let Some(list) = optional(document, root, list)? {
            add_tools(document, list, &mut names)?;
        }
    }
    for (member, tool) in OFFERS {
        let is_off = |options| matches!(document.kind(options), Kind::Null | Kind::Bool(false));
        if optional(document, root, member)?.is_some_and(|options| !is_off(options)) {
            names.push((*tool).to_owned());
        }
    }
    // A prompt that the provider keeps may bring tools of its own.
    if optional(document, root, "prompt")?.is_some_and(|prompt| document.kind(prompt) == Kind::Object) {
        names.push("stored_prompt".to_owned());
    }
    // OpenRouter: `[{"id": "web"}]`.
    if let Some(plugins) = optional(document, root, "plugins")? {
        for (_, plugin) in document.children(plugins) {
            let id = document.get(plugin, "id").and_then(|id| document.as_str(id));
            names.push(id.ok_or(Reason::RequestMalformed)?.into_owned());
        }
    }
    Ok(names)
}

fn add_tools(document: &Document<'_>, list: NodeId, names: &mut Vec<String>) -> Result<(), Reason> {
    for (_, tool) in document.children(list) {
        let text = |object: NodeId, key: &str| -> Result<Option<String>, Reason> {
            let member = optional(document, object, key)?;
            Ok(member.and_then(|node| document.as_str(node)).map(|text| text.into_owned()))
        };
        exact_keys(document, tool)?;
        let mut inner = tool;
        for kind in ["function", "custom"] {
            match optional(document, tool, kind)? {
                Some(definition) if inner == tool => inner = definition,
                _ => {}
            }
        }
        exact_keys(document, inner)?;
        let kind = text(tool, "type")?.filter(|kind| !BY_NAME.contains(&kind.as_str()));
        let before = names.len();
        names.extend(kind);
        names.extend(text(inner, "name")?);
        if names.len() == before {
            return Err(Reason::RequestMalformed);
        }
        // A namespace holds tools itself.
        if let Some(members) = optional(document, tool, "tools")?
            && document.kind(members) == Kind::Array
        {
            for (_, member) in document.children(members) {
                exact_keys(document, member)?;
                names.push(text(member, "name")?.ok_or(Reason::RequestMalformed)?);
            }
        }
    }
    Ok(())
}

/// Types of tools that the application defines and names.
const BY_NAME: &[&str] = &["function", "custom", "namespace"];

/// What an answer, or an event with the members of an answer, says of itself.
fn facts(document: &Document<'_>, object: NodeId) -> Facts {
    let text = |key: &str| {
        document.get(object, key).and_then(|node| document.as_str(node)).map(|text| text.into_owned())
    };
    let number = |object: NodeId, key: &str| document.get(object, key).and_then(|node| document.as_u64(node));
    let usage =
        |object: NodeId| document.get(object, "usage").filter(|usage| document.kind(*usage) == Kind::Object);
    // Groq says it elsewhere in a stream.
    let usage = usage(object).or_else(|| document.get(object, "x_groq").and_then(usage));
    let usage = usage.map(|usage| Usage {
        input: number(usage, "prompt_tokens").or(number(usage, "input_tokens")),
        output: number(usage, "completion_tokens").or(number(usage, "output_tokens")),
    });
    Facts {
        id: text("id"),
        model: text("model"),
        created: number(object, "created").or(number(object, "created_at")),
        usage,
        ..Facts::default()
    }
}

/// The sentinel behind the last event.
fn is_done(data: &[u8]) -> bool {
    data.trim_ascii() == b"[DONE]"
}

fn required(document: &Document<'_>, object: NodeId, key: &str) -> Result<NodeId, Reason> {
    optional(document, object, key)?.ok_or(Reason::RequestMalformed)
}
