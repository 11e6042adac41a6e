//! One thing to replay: what the arguments say, and what a line says in their place.

use crate::cli::Direction;
use crate::cli::chunks::Chunks;
use crate::cli::input::Line;
use crate::identity::credential;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One thing to replay.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) direction: Direction,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content_type: Option<String>,
    pub(super) chunks: Chunks,
    pub(super) claims: Option<Arc<Map<String, Value>>>,
    pub(super) body: Vec<u8>,
}

impl Case {
    /// The case of a line: what it does not say is as the arguments say.
    pub(super) fn with(&self, line: &Line<'_>) -> Result<Case, String> {
        let owned = |name: &str| Ok::<_, String>(line.text(name)?.map(str::to_owned));
        let direction = match line.text("direction")? {
            None => self.direction,
            Some("request") => Direction::Request,
            Some("response") => Direction::Response,
            Some(other) => return Err(format!("`direction` is `{other}`, not `request` or `response`")),
        };
        let status = match line.number("status")? {
            None => self.status,
            Some(status) => u16::try_from(status).map_err(|_| "`status` is no HTTP status")?,
        };
        let chunks = match line.get("chunks") {
            None => self.chunks,
            Some(Value::String(text)) => text.parse().map_err(|error| format!("`chunks`: {error}"))?,
            Some(number) => number.to_string().parse().map_err(|error| format!("`chunks`: {error}"))?,
        };
        Ok(Case {
            direction,
            method: owned("method")?.unwrap_or_else(|| self.method.clone()),
            path: owned("path")?.unwrap_or_else(|| self.path.clone()),
            status,
            headers: match line.get("headers") {
                None => self.headers.clone(),
                Some(headers) => {
                    read_headers(headers).ok_or("`headers` is neither an object nor a list of pairs")?
                }
            },
            content_type: owned("content_type")?.or_else(|| self.content_type.clone()),
            chunks,
            claims: match line.object("claims")? {
                None => self.claims.clone(),
                Some(claims) => Some(Arc::new(claims.clone())),
            },
            body: line.content()?,
        })
    }

    /// The input's header lines: no credentials, no pseudo-headers, and one content type.
    pub(super) fn headers(&self, configured: Option<&str>) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .filter(|(name, _)| {
                let is_credential = self.direction == Direction::Request
                    && (credential::is_credential_header(name.as_bytes()) || configured == Some(name));
                let is_replaced = name == "content-type" && self.content_type.is_some();
                !(is_credential || is_replaced || name.starts_with(':') || name == "host")
            })
            .cloned()
            .collect();
        if !headers.iter().any(|(name, _)| name == "content-type") {
            let kind = self.content_type.clone();
            headers.push(("content-type".to_owned(), kind.unwrap_or_else(|| self.guess().to_owned())));
        }
        headers
    }

    /// An event stream begins with the name of a field, or a comment.
    fn guess(&self) -> &'static str {
        let text = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        let begins = |field: &&[u8]| text.trim_ascii_start().starts_with(field);
        let fields: [&[u8]; 5] = [b"data:", b"event:", b"id:", b"retry:", b":"];
        match self.direction {
            Direction::Response if fields.iter().any(begins) => "text/event-stream",
            _ => "application/json",
        }
    }

    pub(super) fn authority(&self) -> Option<&str> {
        let host = |(name, _): &&(String, String)| name == ":authority" || name == "host";
        self.headers.iter().find(host).map(|(_, value)| value.as_str())
    }
}

fn read_headers(headers: &Value) -> Option<Vec<(String, String)>> {
    let mut lines = Vec::new();
    let mut add = |name: &str, value: &Value| {
        lines.push((name.to_ascii_lowercase(), value.as_str()?.to_owned()));
        Some(())
    };
    match headers {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(values) => values.iter().try_for_each(|value| add(name, value))?,
                    value => add(name, value)?,
                }
            }
        }
        Value::Array(pairs) => {
            for pair in pairs {
                let [name, value] = pair.as_array()?.as_slice() else {
                    return None;
                };
                add(name.as_str()?, value)?;
            }
        }
        _ => return None,
    }
    Some(lines)
}
