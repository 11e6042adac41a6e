//! What an API's bytes mean: where texts stand, what a call asks for, how a stream ends.
//!
//! Knows JSON and events, not rules. A dialect is one file here and one row in [`recognise`].

mod anthropic;
mod bedrock;
pub mod framing;
mod gemini;
pub mod json;
pub mod lane;
mod mcp;
mod ollama;
mod openai;
pub mod reader;
mod scan;
mod shape;
pub mod sse;
pub mod texts;

use crate::reason::Reason;
use framing::Framer;
use json::{Document, DuplicateKey, Kind, Limits, NodeId};
use lane::Text;
use texts::Ambiguous;

/// An operation of an API, recognised by method and path.
#[derive(Clone)]
pub struct Operation {
    /// The API (`openai`), as policies name it.
    pub api: &'static str,
    /// The operation (`chat`), as policies name it: its OpenTelemetry name where it has one.
    pub name: &'static str,
    /// How its bytes are read.
    pub dialect: &'static dyn Dialect,
    /// The model, where the path names it and the provider goes by that.
    pub model_in_path: Option<String>,
}

/// How the bytes of one operation are read and written. Stateless: what a stream has said so far is in its [`Facts`].
pub trait Dialect: Sync {
    /// Reads a request's body.
    fn request(&self, body: &Document<'_>, operation: &Operation) -> Result<Request, Reason>;

    /// Reads a request that has no body.
    fn without_body(&self, _operation: &Operation) -> Result<Request, Reason> {
        Err(Reason::RequestMalformed)
    }

    /// How large a request or a whole answer may be, as JSON.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Reads a whole answer.
    fn answer(&self, body: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous>;

    /// What cuts a streamed answer of this content type (lower case, without parameters) into frames of at most `limit`
    /// bytes. `None` for an answer that is not a stream.
    fn framer(&self, content_type: &str, limit: usize) -> Option<Box<dyn Framer>> {
        (content_type == "text/event-stream")
            .then(|| -> Box<dyn Framer> { Box::new(sse::Framer::new(limit)) })
    }

    /// Whether a good answer may be plain text and no JSON.
    fn answers_text(&self) -> bool {
        false
    }

    /// Reads the data of one frame of a streamed answer; `kind` is the event's name. Spans of texts are offsets in the
    /// data.
    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous>;

    /// Whether this data, which is no JSON, is the sentinel behind which nothing comes.
    fn is_end(&self, _data: &[u8]) -> bool {
        false
    }

    /// What ends a stream early, so that the provider's SDK sees a refusal. `open` are the unfinished items.
    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8>;

    /// The body of a refusal, in the provider's own error shape (JSON).
    fn error(&self, reason: Reason) -> Vec<u8>;
}

/// What a request asks for.
#[derive(Clone, Default)]
pub struct Request {
    /// The model.
    pub model: Option<String>,
    /// Further models that may answer in its place.
    pub fallbacks: Vec<String>,
    /// Whether it wants a stream.
    pub stream: bool,
    /// The names of the tools that it offers to the model.
    pub tools: Vec<String>,
    /// Every string of it.
    pub texts: Vec<Text>,
    /// The operation, where only the body names it.
    pub operation: Option<&'static str>,
    /// The request's id, where the ending of its answer must repeat it: what [`Facts::id`] begins with.
    pub id: Option<String>,
}

/// What one event of a stream says.
#[derive(Clone, Default)]
pub struct Event {
    /// Every string of it.
    pub texts: Vec<Text>,
    /// The items that begin with it, although an item of that number may have been there before.
    pub begins: Vec<u32>,
    /// The items (choices, blocks) that it is about.
    pub items: Vec<u32>,
    /// Those of which nothing more comes.
    pub finished: Vec<u32>,
    /// An answer begins here: a stream may hold another one behind the end of the first.
    pub starts: bool,
    /// Behind this event nothing comes, or another answer.
    pub ends: bool,
    /// What it says besides.
    pub facts: Facts,
}

/// The longest id or model of an answer that is kept, in bytes.
const MAX_NAME: usize = 1024;

/// What an answer says besides its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The answer's id.
    pub id: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// When, in Unix seconds.
    pub created: Option<u64>,
    /// What it cost.
    pub usage: Option<Usage>,
    /// The number of the last event, where the dialect counts them.
    pub sequence: Option<u64>,
    /// Which form the answer has, where one operation has several.
    pub form: Option<&'static str>,
}

impl Facts {
    /// Takes over what a later event says. An id or a name is no longer than [`MAX_NAME`].
    pub fn update(&mut self, later: Facts) {
        let is_name = |text: &String| text.len() <= MAX_NAME;
        self.id = later.id.filter(is_name).or(self.id.take());
        self.model = later.model.filter(is_name).or(self.model.take());
        self.created = later.created.or(self.created);
        self.usage = match (self.usage, later.usage) {
            (Some(first), Some(later)) => {
                Some(Usage { input: later.input.or(first.input), output: later.output.or(first.output) })
            }
            (first, later) => later.or(first),
        };
        self.sequence = later.sequence.or(self.sequence);
        self.form = later.form.or(self.form);
    }
}

/// What an answer cost, in tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens read.
    pub input: Option<u64>,
    /// Tokens written.
    pub output: Option<u64>,
}

/// One API: the row by which its dialects are known.
pub struct Api {
    /// As policies name it.
    pub name: &'static str,
    /// Its operations, as policies name them.
    pub operations: &'static [&'static str],
    /// Which of them a request is for, by method and path (without its query).
    pub recognise: fn(method: &str, path: &str) -> Option<Operation>,
}

/// The APIs that are understood. The first that recognises a request has it.
pub const APIS: &[Api] = &[openai::API, anthropic::API, gemini::API, bedrock::API, ollama::API, mcp::API];

/// Which operation a request is for. `path` may carry a query.
pub fn recognise(method: &str, path: &str) -> Option<Operation> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    APIS.iter().find_map(|api| (api.recognise)(method, path))
}

/// A member of a request's object; a key that policy reads must not stand twice.
fn optional(document: &Document<'_>, object: NodeId, key: &str) -> Result<Option<NodeId>, Reason> {
    document.unique(object, key).map_err(|DuplicateKey| Reason::RequestDuplicateKey)
}

/// What policy reads of a request, of a tool, and of a tool's function.
const DECIDING: &[&str] = &[
    "custom",
    "data_sources",
    "enable_search",
    "function",
    "functions",
    "input",
    "mcp_servers",
    "messages",
    "model",
    "models",
    "name",
    "plugins",
    "prompt",
    "search_parameters",
    "stream",
    "suffix",
    "system",
    "template",
    "tools",
    "type",
    "web_search_options",
];

/// Refuses a key that decides something and is written in another case: many servers (those that are written in Go or C#) read
/// it all the same, and take the last. Their folding knows two more letters that are `k` and `s`.
fn exact_keys(document: &Document<'_>, object: NodeId) -> Result<(), Reason> {
    for (key, _) in document.children(object) {
        let key = key.and_then(|key| document.as_str(key)).unwrap_or_default();
        if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            continue;
        }
        let folded = key.to_ascii_lowercase().replace('\u{17f}', "s").replace('\u{212a}', "k");
        if folded != key && DECIDING.contains(&folded.as_str()) {
            return Err(Reason::RequestAmbiguous);
        }
    }
    Ok(())
}

/// Whether a prompt, or one of several, comes as the numbers of its tokens, which only the model's own vocabulary tells.
fn is_tokens(document: &Document<'_>, prompt: NodeId) -> bool {
    let is_number = |(_, node)| document.kind(node) == Kind::Number;
    let is_array = |node| document.kind(node) == Kind::Array;
    is_array(prompt)
        && (document.children(prompt).any(is_number)
            || document
                .children(prompt)
                .any(|(_, one)| is_array(one) && document.children(one).any(is_number)))
}

/// The dialect in which a refusal is written before the operation is known.
pub fn fallback() -> &'static dyn Dialect {
    &openai::Chat
}

/// What a client is told. It names the reason and never the content.
pub fn client_message(reason: Reason) -> String {
    format!("Refused by the AI gateway ({}): {}", reason.code(), reason.meaning())
}
