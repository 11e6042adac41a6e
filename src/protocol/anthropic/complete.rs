//! Anthropic's text completions, which came before messages (<https://docs.anthropic.com/en/api/complete>).

use super::super::json::Document;
use super::super::lane::{Channel, Text};
use super::super::texts::{Ambiguous, Row, row, texts};
use super::super::{Dialect, Event, Facts, Operation, Request, client_message};
use super::{facts, named, streams};
use crate::protocol::json::Kind;
use crate::reason::Reason;
use serde_json::json;

/// The dialect of `POST …/v1/complete`.
pub struct Completion;

const REQUEST: &[Row] = &[row("prompt", Channel::Prompt)];

const ANSWER: &[Row] = &[row("completion", Channel::Content)];

impl Dialect for Completion {
    fn request(&self, document: &Document<'_>, _operation: &Operation) -> Result<Request, Reason> {
        let texts = texts(document, REQUEST, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
        let root = document.root();
        document.get(root, "prompt").ok_or(Reason::RequestMalformed)?;
        let (model, stream) = (named(document, root)?, streams(document, root)?);
        Ok(Request { model, stream, texts, ..Request::default() })
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, ANSWER, &[])?, facts(document)))
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let stop = data.get(data.root(), "stop_reason");
        let is_last = stop.is_some_and(|reason| data.kind(reason) != Kind::Null);
        let texts = texts(data, ANSWER, &[])?;
        let finished = if is_last { vec![0] } else { Vec::new() };
        Ok(Event { texts, items: vec![0], finished, facts: data.aside(|| facts(data)), ..Event::default() })
    }

    fn ending(&self, facts: &Facts, _open: &[u32], reason: Reason) -> Vec<u8> {
        let event = json!({
            "type": "completion",
            "id": facts.id.as_deref().unwrap_or("compl_portcullis"),
            "completion": "",
            "stop_reason": "refusal",
            "stop": null,
            "message": client_message(reason),
            "model": facts.model.as_deref().unwrap_or_default(),
        });
        format!("event: completion\ndata: {event}\n\n").into_bytes()
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        super::error(reason)
    }
}
