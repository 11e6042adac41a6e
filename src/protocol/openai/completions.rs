//! Completions of a prompt: <https://platform.openai.com/docs/api-reference/completions>, and code between a prompt and
//! a suffix as Mistral completes it (<https://docs.mistral.ai/api/#tag/fim>).

use std::collections::BTreeSet;

use super::chat::{Chat, choices};
use crate::protocol::json::{Document, Kind};
use crate::protocol::lane::{Channel, Encoding, LaneKey, Text};
use crate::protocol::texts::{Ambiguous, Row, deltas, row, texts};
use crate::protocol::{Dialect, Event, Facts, Operation, Request, client_message};
use crate::reason::Reason;
use serde_json::json;

/// The dialect of `POST …/completions`.
pub struct Completions;

/// The dialect of `POST …/fim/completions`.
pub struct FillIn;

/// The part of the first rank's lane; no other lane of a choice is counted.
const RANKS: u64 = 1 << 32;

const REQUEST: &[Row] =
    &[row("prompt", Channel::Prompt), row("prompt[]", Channel::Prompt), row("suffix", Channel::Prompt)];

const ANSWER: &[Row] = &[
    row("choices[].text", Channel::Content).apart(&[0]),
    row("choices[].reasoning_content", Channel::Reasoning).apart(&[0]),
    row("choices[].logprobs.tokens[]", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].token", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].bytes", Channel::Content).apart(&[0]),
    row("choices[].logprobs.content[].top_logprobs[].token", Channel::Content).apart(&[0, 2]),
    row("choices[].logprobs.content[].top_logprobs[].bytes", Channel::Content).apart(&[0, 2]),
];

impl Dialect for Completions {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        prompt(document, operation)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        let mut texts = texts(document, ANSWER, &[])?;
        join_ranks(document, &mut texts);
        Ok((texts, super::facts(document, document.root())))
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let mut texts = deltas(data, ANSWER, &[])?;
        join_ranks(data, &mut texts);
        let (items, finished) = choices(data);
        let facts = data.aside(|| super::facts(data, data.root()));
        Ok(Event { texts, items, finished, facts, ..Event::default() })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        super::is_done(data)
    }

    /// A choice of a completion has no member for a refusal; the reason stands in one of its own.
    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let mut out = Vec::new();
        for index in open {
            let chunk = json!({
                "id": facts.id.as_deref().unwrap_or("cmpl-portcullis"),
                "object": "text_completion",
                "created": facts.created.unwrap_or(0),
                "model": facts.model.as_deref().unwrap_or_default(),
                "choices": [{
                    "index": index,
                    "text": "",
                    "logprobs": null,
                    "finish_reason": "content_filter",
                    "refusal": client_message(reason),
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

impl Dialect for FillIn {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        prompt(document, operation)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Chat.answer(document)
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        Chat.event(kind, data)
    }

    fn is_end(&self, data: &[u8]) -> bool {
        Chat.is_end(data)
    }

    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        Chat.ending(facts, open, reason)
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        super::error(reason)
    }
}

/// `logprobs.top_logprobs` holds an object for each token, whose keys are the tokens that were likely: the keys at one
/// position of these objects are one lane.
fn join_ranks(document: &Document<'_>, texts: &mut Vec<Text>) {
    let (items, _) = choices(document);
    let Some(list) = document.get(document.root(), "choices") else { return };
    for ((_, choice), item) in document.children(list).zip(items) {
        let logprobs = document.get(choice, "logprobs");
        let Some(tokens) = logprobs.and_then(|logprobs| document.get(logprobs, "top_logprobs")) else {
            continue;
        };
        let mut ranked = Vec::new();
        for (_, likely) in document.children(tokens) {
            for (rank, (key, value)) in document.children(likely).enumerate() {
                let lane = LaneKey { item, channel: Channel::Content, part: RANKS + rank as u64 };
                let keys = key.into_iter().map(|key| (key, Some(lane), Some(likely)));
                for (node, lane, key_of) in keys.chain([(value, None, None)]) {
                    let Some(span) = document.text_span(node) else { continue };
                    let encoding = match document.kind(node) {
                        Kind::String { escaped: true } => Encoding::JsonEscaped,
                        _ => Encoding::Json,
                    };
                    ranked.push(Text {
                        lane,
                        channel: Channel::Content,
                        span,
                        encoding,
                        is_json: false,
                        repeats: false,
                        key_of,
                    });
                }
            }
        }
        // What stands elsewhere in it, where no answer has anything, stays the value that it is.
        let places: BTreeSet<usize> = ranked.iter().map(|text| text.span.start).collect();
        texts.retain(|text| !places.contains(&text.span.start));
        texts.append(&mut ranked);
    }
}

fn prompt(document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
    let mut request = super::request(document, operation, REQUEST)?;
    super::required(document, document.root(), "prompt")?;
    super::assign_roles(&mut request.texts, &[]);
    Ok(request)
}
