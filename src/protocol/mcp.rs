//! The Model Context Protocol over streamable HTTP
//! (<https://modelcontextprotocol.io/specification/2025-11-25/basic/transports>): JSON-RPC 2.0 between a client and a server
//! of tools.
//!
//! An MCP endpoint has no fixed path. Known are paths whose last segment is `mcp` (`/mcp`, `/github/mcp`, `/mcp/`), which is
//! what the SDKs serve; an endpoint elsewhere is rewritten to such a path by Envoy's route, until routes can name their
//! dialect themselves. The transport of 2024 (`/sse` and `/messages`) is not understood.
//!
//! `POST` brings one message or a batch; the method says the operation, which only the body tells. A batch must be of one
//! operation: a rule about one call cannot be passed by hiding it among others. `GET` (`listen`) opens a stream of the
//! server's own messages, `DELETE` (`session_end`) ends a session. In the revision of 2026-07-28 a server is asked what it is
//! by `server/discover`, and a client listens by a `POST` and answers what the server asks with its next call
//! (`inputResponses`).
//!
//! Every message is complete in itself, in streams too, so no text has a lane.

use super::json::{Document, Kind, Limits, NodeId};
use super::lane::{Channel, Text};
use super::texts::{Ambiguous, Row, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, optional};
use crate::reason::Reason;
use serde_json::{Value, json};

/// The dialect of an MCP endpoint.
struct Mcp;

/// The longest id of a request, in bytes. It is kept for the ending of the answer.
const MAX_ID: usize = 1024;

/// The longest ids of a batch together, in bytes.
const MAX_BATCH_IDS: usize = 16 << 10;

/// The code of a refusal: of those that JSON-RPC leaves to servers (-32000 to -32099).
const REFUSED: i32 = -32001;

/// What a message may hold (JSON-RPC 2.0, sections 4 and 5). Others are refused: readers that ignore the case of keys would
/// see another method than the one that was judged.
const MEMBERS: [&str; 6] = ["jsonrpc", "id", "method", "params", "result", "error"];

const POST: &str = "mcp";
const LISTEN: &str = "listen";
const SESSION_END: &str = "session_end";
const NOTIFICATION: &str = "notification";
const RESPONSE: &str = "response";
const OTHER: &str = "other";

/// Methods, and the operations that they are.
const METHODS: [(&str, &str); 16] = [
    ("initialize", "initialize"),
    ("server/discover", "server_discover"),
    ("ping", "ping"),
    ("tools/list", "tools_list"),
    (TOOLS_CALL, "tools_call"),
    ("resources/list", "resources_list"),
    ("resources/templates/list", "resources_list"),
    ("resources/read", "resources_read"),
    ("resources/subscribe", "resources_subscribe"),
    ("resources/unsubscribe", "resources_subscribe"),
    ("prompts/list", "prompts_list"),
    ("prompts/get", "prompts_get"),
    ("completion/complete", "completion"),
    ("logging/setLevel", "logging"),
    ("tasks/", "tasks"),
    ("subscriptions/listen", LISTEN),
];

const TOOLS_CALL: &str = "tools/call";

/// Rows for a message alone and for one of a batch.
macro_rules! rows {
    ($($path:literal: $channel:ident),+ $(,)?) => {
        &[$(row($path, Channel::$channel), row(concat!("[].", $path), Channel::$channel)),+]
    };
}

/// What the client says: calls, and answers to what the server asks of it (sampling, elicitation).
const FROM_CLIENT: &[Row] = rows![
    "params.arguments.**": ToolArguments,
    "params.argument.**": Prompt,
    "params.inputResponses.**": Content,
    "result.**": Content,
    "error.**": Content,
];

/// What the server says. Descriptions of tools are read by the model as orders are.
const FROM_SERVER: &[Row] = rows![
    "result.instructions.**": Instructions,
    "result.tools[].**": Instructions,
    "result.prompts[].**": Instructions,
    "result.resources[].**": Instructions,
    "result.resourceTemplates[].**": Instructions,
    "result.**": ToolResult,
    "error.**": ToolResult,
    "params.systemPrompt.**": Instructions,
    "params.messages[].**": Prompt,
    "params.**": ToolResult,
];

impl Dialect for Mcp {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        if operation.name != POST {
            return Err(Reason::RequestMalformed);
        }
        let root = document.root();
        let is_batch = document.kind(root) == Kind::Array;
        let messages: Vec<NodeId> =
            if is_batch { document.children(root).map(|(_, message)| message).collect() } else { vec![root] };
        let mut request = Request::default();
        let mut ids = Vec::new();
        for message in messages {
            let message = Message::read(document, message)?;
            // A mixture would be judged as one of them.
            if request.operation.is_some_and(|operation| operation != message.operation) {
                return Err(Reason::RequestMalformed);
            }
            request.operation = Some(message.operation);
            request.tools.extend(message.tool);
            ids.extend(message.id);
        }
        if request.operation.is_none() {
            return Err(Reason::RequestMalformed);
        }
        request.id = match is_batch {
            true if ids.iter().map(String::len).sum::<usize>() > MAX_BATCH_IDS => {
                return Err(Reason::RequestMalformed);
            }
            true if !ids.is_empty() => Some(format!("[{}]", ids.join(","))),
            _ => ids.pop(),
        };
        request.texts = texts(document, FROM_CLIENT, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
        Ok(request)
    }

    fn without_body(&self, operation: &Operation) -> Result<Request, Reason> {
        match operation.name {
            LISTEN => Ok(Request { stream: true, ..Request::default() }),
            SESSION_END => Ok(Request::default()),
            _ => Err(Reason::RequestMalformed),
        }
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, FROM_SERVER, &[])?, Facts::default()))
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        Ok(Event { texts: texts(data, FROM_SERVER, &[])?, ..Event::default() })
    }

    /// An error in the place of the answer that the client waits for: it finds its call by the id. Where no call waits (the
    /// stream of a `GET`), a log message, which asks for nothing.
    fn ending(&self, facts: &Facts, _open: &[u32], reason: Reason) -> Vec<u8> {
        let error = refusal(reason);
        let Some(id) = &facts.id else {
            let params = json!({ "level": "error", "logger": "portcullis", "data": error });
            let message = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": params });
            return format!("data: {message}\n\n").into_bytes();
        };
        let mut out = Vec::new();
        for id in ids_of(id) {
            // The id stands as the client wrote it: a number may be more than a float can say.
            let message = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"error\":{error}}}");
            out.extend_from_slice(format!("data: {message}\n\n").as_bytes());
        }
        out
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        json!({ "jsonrpc": "2.0", "id": null, "error": refusal(reason) }).to_string().into_bytes()
    }
}

/// One message of a client.
struct Message {
    operation: &'static str,
    tool: Option<String>,
    /// As JSON; `None` where no answer is asked for.
    id: Option<String>,
}

impl Message {
    fn read(document: &Document<'_>, message: NodeId) -> Result<Message, Reason> {
        if document.kind(message) != Kind::Object {
            return Err(Reason::RequestMalformed);
        }
        for (key, _) in document.children(message) {
            if !key.is_some_and(|key| MEMBERS.iter().any(|member| document.is_text(key, member))) {
                return Err(Reason::RequestMalformed);
            }
        }
        let version = optional(document, message, "jsonrpc")?.ok_or(Reason::RequestMalformed)?;
        if !document.is_text(version, "2.0") {
            return Err(Reason::RequestMalformed);
        }
        let id = match optional(document, message, "id")? {
            Some(id) => Some(read_id(document, id)?),
            None => None,
        };
        let outcome = optional(document, message, "result")?.or(optional(document, message, "error")?);
        let Some(method) = optional(document, message, "method")? else {
            // An answer to a request of the server's: nothing answers it.
            outcome.ok_or(Reason::RequestMalformed)?;
            return Ok(Message { operation: RESPONSE, tool: None, id: None });
        };
        if outcome.is_some() {
            return Err(Reason::RequestMalformed);
        }
        let method = document.as_str(method).ok_or(Reason::RequestMalformed)?;
        let tool = match method.as_ref() {
            TOOLS_CALL => Some(tool(document, message)?),
            _ => None,
        };
        Ok(Message { operation: operation_of(&method), tool, id })
    }
}

fn operation_of(method: &str) -> &'static str {
    if method.starts_with("notifications/") {
        return NOTIFICATION;
    }
    let is_named = |name: &str| method == name || name.ends_with('/') && method.starts_with(name);
    METHODS.iter().find(|(name, _)| is_named(name)).map_or(OTHER, |(_, operation)| operation)
}

/// The tool that a call names.
fn tool(document: &Document<'_>, message: NodeId) -> Result<String, Reason> {
    let params = optional(document, message, "params")?.ok_or(Reason::RequestMalformed)?;
    for (key, _) in document.children(params) {
        let is_ambiguous = |key: NodeId| {
            document.as_str(key).is_none_or(|key| key != "name" && key.eq_ignore_ascii_case("name"))
        };
        if key.is_some_and(is_ambiguous) {
            return Err(Reason::RequestDuplicateKey);
        }
    }
    let name = optional(document, params, "name")?.and_then(|name| document.as_str(name));
    Ok(name.ok_or(Reason::RequestMalformed)?.into_owned())
}

/// The id as JSON. MCP allows strings and numbers.
fn read_id(document: &Document<'_>, id: NodeId) -> Result<String, Reason> {
    let raw = document.raw(id);
    match document.kind(id) {
        Kind::String { .. } | Kind::Number if raw.len() <= MAX_ID => {
            str::from_utf8(raw).map(str::to_owned).map_err(|_| Reason::RequestMalformed)
        }
        _ => Err(Reason::RequestMalformed),
    }
}

/// The ids of a request, one or a batch's.
fn ids_of(id: &str) -> Vec<&str> {
    let Ok(document) = Document::parse(id.as_bytes(), Limits::default()) else {
        return Vec::new();
    };
    let root = document.root();
    if document.kind(root) != Kind::Array {
        return vec![id];
    }
    let raw = |id: NodeId| str::from_utf8(document.raw(id)).ok();
    document.children(root).filter_map(|(_, id)| raw(id)).collect()
}

fn refusal(reason: Reason) -> Value {
    json!({ "code": REFUSED, "message": super::client_message(reason), "data": { "reason": reason.code() } })
}

/// The row of this API. What only `POST` says is no name for policies: a body always names more.
pub const API: Api = Api {
    name: "mcp",
    operations: &[
        "initialize",
        "server_discover",
        "ping",
        "tools_list",
        "tools_call",
        "resources_list",
        "resources_read",
        "resources_subscribe",
        "prompts_list",
        "prompts_get",
        "completion",
        "logging",
        "tasks",
        NOTIFICATION,
        RESPONSE,
        OTHER,
        LISTEN,
        SESSION_END,
    ],
    recognise,
};

fn recognise(method: &str, path: &str) -> Option<Operation> {
    let name = match method {
        "POST" => POST,
        "GET" => LISTEN,
        "DELETE" => SESSION_END,
        _ => return None,
    };
    let is_endpoint = path.strip_suffix('/').unwrap_or(path).ends_with("/mcp");
    is_endpoint.then_some(Operation { api: "mcp", name, dialect: &Mcp, model_in_path: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_an_operation_that_policies_can_name() {
        for (_, operation) in METHODS {
            assert!(API.operations.contains(&operation), "{operation}");
        }
        for (method, expected) in [
            ("tools/call", "tools_call"),
            ("tools/calls", "other"),
            ("Tools/call", "other"),
            ("tasks/result", "tasks"),
            ("notifications/cancelled", "notification"),
            ("", "other"),
        ] {
            assert_eq!(operation_of(method), expected, "{method}");
        }
    }

    #[test]
    fn endpoints() {
        for (method, path, expected) in [
            ("POST", "/mcp", Some("mcp")),
            ("POST", "/mcp/", Some("mcp")),
            ("GET", "/github/mcp", Some("listen")),
            ("DELETE", "/mcp", Some("session_end")),
            ("PUT", "/mcp", None),
            ("POST", "/xmcp", None),
            ("POST", "/mcp/tools", None),
            ("POST", "/mcp//", None),
            ("POST", "mcp", None),
        ] {
            assert_eq!(recognise(method, path).map(|operation| operation.name), expected, "{method} {path}");
        }
    }
}
