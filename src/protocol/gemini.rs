//! Google's Gemini API (<https://ai.google.dev/api/generate-content>), also as Vertex AI has it.
//!
//! An item of a stream is a candidate; its text is one lane, because clients join all text parts of all chunks. It ends with
//! the stream: some models write `finishReason: STOP` in every chunk. The
//! arguments of a function call come whole, or, where the client asks for it, in pieces (`partialArgs`): then the pieces
//! are an item of their own, [`PIECES`] and the candidate, and so is what holds the call until they are judged, [`CALLS`]
//! and the candidate.

mod request;

use super::framing::{self, Framer};
use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Encoding, LaneKey, Text};
use super::texts::{Ambiguous, Row, row, texts};
use super::{Api, Dialect, Event, Facts, Operation, Request, Usage, sse};
use crate::reason::Reason;
use serde_json::json;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// The dialect of the operations of a model.
pub struct Gemini {
    /// Of these members the body must have one.
    body: &'static [&'static str],
    /// The answer is a stream: of events, or of the elements of one array.
    streams: bool,
}

/// Added to a candidate's number: the item of the pieces of its call.
const PIECES: u32 = 1 << 30;

/// The same, of what holds the call. It is finished behind the pieces: one that is blocked keeps it open, and nothing of
/// the call leaves.
const CALLS: u32 = 1 << 31;

/// The part of a candidate's lanes of tokens, behind which comes their rank.
const TOKENS: u64 = 1 << 32;

const CONTENTS: &[&str] = &["contents"];
const COUNTED: &[&str] = &["contents", "generateContentRequest", "generate_content_request", "instances"];
const EMBEDDED: &[&str] = &["content", "requests"];

static GENERATE: Gemini = Gemini { body: CONTENTS, streams: false };
static STREAM: Gemini = Gemini { body: CONTENTS, streams: true };
static COUNT: Gemini = Gemini { body: COUNTED, streams: false };
static EMBED: Gemini = Gemini { body: EMBEDDED, streams: false };

/// `part(9)`: no path has so many arrays, so the part is zero wherever in the chunk a text stands.
const ANSWER: &[Row] = &[
    row("candidates[].content.parts[].text", Channel::Content).part(9),
    row("candidates[].content.parts[].functionCall.**", Channel::ToolArguments),
    row("candidates[].content.parts[].toolCall.**", Channel::ToolArguments),
    row("candidates[].content.parts[].executableCode.**", Channel::ToolArguments),
    row("candidates[].content.parts[].functionResponse.**", Channel::ToolResult),
    row("candidates[].content.parts[].toolResponse.**", Channel::ToolResult),
    row("candidates[].content.parts[].codeExecutionResult.**", Channel::ToolResult),
    row("candidates[].groundingMetadata.groundingChunks[].**", Channel::ToolResult),
];

impl Dialect for Gemini {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let root = document.root();
        if !self.body.iter().any(|key| document.get(root, key).is_some()) {
            return Err(Reason::RequestMalformed);
        }
        let mut request = request::read(document)?;
        request.model = operation.model_in_path.clone();
        request.stream = self.streams;
        Ok(request)
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        let event = self.event(None, document)?;
        Ok((event.texts, event.facts))
    }

    fn framer(&self, content_type: &str, limit: usize) -> Option<Box<dyn Framer>> {
        match content_type {
            "text/event-stream" => Some(Box::new(sse::Framer::new(limit))),
            "application/json" if self.streams => Some(Box::new(framing::array::Framer::new(limit))),
            _ => None,
        }
    }

    fn event(&self, _kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let mut texts = texts(data, ANSWER, &[])?;
        let mut event = Event { facts: data.aside(|| facts(data)), ..Event::default() };
        let mut lanes = Lanes::default();
        for (position, candidate) in elements(data, data.get(data.root(), "candidates")).enumerate() {
            let item = match data.get(candidate, "index") {
                None => u32::try_from(position).ok(),
                Some(index) => data.as_u64(index).and_then(|index| u32::try_from(index).ok()),
            };
            let item = item.filter(|item| *item < PIECES).ok_or(Ambiguous)?;
            event.items.push(item);
            lanes.items.push(item);
            lanes.tokens(data, candidate, item);
            for part in
                elements(data, data.get(candidate, "content").and_then(|content| data.get(content, "parts")))
            {
                lanes.part(data, part, item, &mut event);
            }
        }
        lanes.assign(&mut texts);
        event.texts = texts;
        Ok(event)
    }

    /// The message stands twice: Google's own SDK drops `finishMessage` (but for Vertex), and keeps all of the feedback.
    /// That has no `blockReason`, which would say that the prompt was blocked.
    fn ending(&self, facts: &Facts, open: &[u32], reason: Reason) -> Vec<u8> {
        let mut out = Vec::new();
        for index in open {
            let chunk = json!({
                "candidates": [{
                    "index": index,
                    "finishReason": "PROHIBITED_CONTENT",
                    "finishMessage": super::client_message(reason),
                }],
                "promptFeedback": { "blockReasonMessage": super::client_message(reason) },
                "modelVersion": facts.model.as_deref().unwrap_or_default(),
                "responseId": facts.id.as_deref().unwrap_or("portcullis"),
            });
            out.extend_from_slice(format!("data: {chunk}\n\n").as_bytes());
        }
        out
    }

    /// `google.rpc.Status` (<https://cloud.google.com/apis/design/errors>).
    fn error(&self, reason: Reason) -> Vec<u8> {
        let status = match reason.status() {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            499 => "CANCELLED",
            400..500 => "INVALID_ARGUMENT",
            502 | 503 => "UNAVAILABLE",
            _ => "INTERNAL",
        };
        json!({
            "error": {
                "code": reason.status(),
                "message": super::client_message(reason),
                "status": status,
                "details": [{
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": reason.code(),
                    "domain": "portcullis",
                }],
            }
        })
        .to_string()
        .into_bytes()
    }
}

/// What a path does not say of a text: its candidate's number, and what stands beside it.
#[derive(Default)]
struct Lanes {
    /// The number of each candidate.
    items: Vec<u32>,
    /// Lanes of texts, by the place where the text begins.
    known: Vec<(usize, LaneKey)>,
    /// Texts of no length, which make the unit wait for a lane.
    held: Vec<Text>,
}

impl Lanes {
    fn part(&mut self, data: &Document<'_>, part: NodeId, item: u32, event: &mut Event) {
        if data.get(part, "thought").and_then(|thought| data.as_bool(thought)) == Some(true)
            && let Some(text) = data.get(part, "text").and_then(|text| data.text_span(text))
        {
            self.known.push((text.start, LaneKey { item, channel: Channel::Reasoning, part: 0 }));
        }
        let Some(call) = data.get(part, "functionCall") else { return };
        let (of_pieces, of_call) = (PIECES + item, CALLS + item);
        let continues = data.get(call, "willContinue").and_then(|more| data.as_bool(more)) == Some(true);
        let pieces = data.get(call, "partialArgs");
        if data.get(call, "name").is_some() {
            event.begins.extend([of_pieces, of_call]);
            if !continues && pieces.is_none() {
                return;
            }
        }
        // The pieces are no JSON, so they are no lane of arguments: what holds them is that of the call.
        let lane = |item, channel, part| LaneKey { item, channel, part };
        for argument in elements(data, pieces) {
            let path = data.get(argument, "jsonPath").and_then(|path| data.text(path)).unwrap_or_default();
            if let Some(text) = data.get(argument, "stringValue").and_then(|text| data.text_span(text)) {
                self.known.push((text.start, lane(of_pieces, Channel::Content, hash(&path))));
            }
        }
        let (start, channel) = (data.span(call).start, Channel::ToolArguments);
        let (lane, encoding) = (Some(lane(of_call, channel, 0)), Encoding::Json);
        self.held.push(Text {
            lane,
            channel,
            span: start..start,
            encoding,
            is_json: false,
            repeats: false,
            key_of: None,
        });
        if !continues {
            event.finished.extend([of_pieces, of_call]);
        }
    }

    /// The text once more, as the tokens that were chosen, and as those that were likely: each rank of them can be put
    /// together like the text.
    fn tokens(&mut self, data: &Document<'_>, candidate: NodeId, item: u32) {
        let Some(result) = data.get(candidate, "logprobsResult") else { return };
        let mut token = |node: NodeId, rank: u64| {
            if let Some(text) = data.get(node, "token").and_then(|token| data.text_span(token)) {
                let lane = LaneKey { item, channel: Channel::Content, part: TOKENS + rank };
                self.known.push((text.start, lane));
            }
        };
        for chosen in elements(data, data.get(result, "chosenCandidates")) {
            token(chosen, 0);
        }
        for top in elements(data, data.get(result, "topCandidates")) {
            for (rank, likely) in (1..).zip(elements(data, data.get(top, "candidates"))) {
                token(likely, rank);
            }
        }
    }

    fn assign(mut self, texts: &mut Vec<Text>) {
        self.known.sort_unstable_by_key(|(start, _)| *start);
        for text in texts.iter_mut() {
            let known = self.known.binary_search_by_key(&text.span.start, |(start, _)| *start);
            if let Some((_, lane)) = known.ok().and_then(|at| self.known.get(at)) {
                text.lane = Some(*lane);
                text.channel = lane.channel;
            } else if let Some(lane) = &mut text.lane {
                lane.item = self.items.get(lane.item as usize).copied().unwrap_or(lane.item);
            }
        }
        texts.append(&mut self.held);
    }
}

/// The elements of an array; one value in the place of an array is its only element, as Google reads it.
fn elements<'d, 'a>(
    document: &'d Document<'a>,
    list: Option<NodeId>,
) -> impl Iterator<Item = NodeId> + use<'d, 'a> {
    let single = list.filter(|list| document.kind(*list) == Kind::Object);
    let array = list.filter(|list| document.kind(*list) == Kind::Array);
    single
        .into_iter()
        .chain(array.into_iter().flat_map(|list| document.children(list).map(|(_, element)| element)))
}

fn hash(path: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

fn facts(document: &Document<'_>) -> Facts {
    let root = document.root();
    let string = |key: &str| Some(document.as_str(document.get(root, key)?)?.into_owned());
    let count = |object: NodeId, key: &str| document.get(object, key).and_then(|node| document.as_u64(node));
    let usage = document.get(root, "usageMetadata").map(|usage| {
        let (answer, thoughts) = (count(usage, "candidatesTokenCount"), count(usage, "thoughtsTokenCount"));
        let output = match (answer, thoughts) {
            (None, None) => None,
            (answer, thoughts) => Some(answer.unwrap_or(0).saturating_add(thoughts.unwrap_or(0))),
        };
        Usage { input: count(usage, "promptTokenCount"), output }
    });
    let counted = count(root, "totalTokens").map(|total| Usage { input: Some(total), output: None });
    Facts {
        id: string("responseId"),
        model: string("modelVersion"),
        created: None,
        usage: usage.or(counted),
        sequence: None,
        ..Facts::default()
    }
}

/// The row of this API.
pub const API: Api =
    Api { name: "gemini", operations: &["generate_content", "count_tokens", "embeddings"], recognise };

fn recognise(method: &str, path: &str) -> Option<Operation> {
    if method != "POST" {
        return None;
    }
    let (path, verb) = path.rsplit_once(':')?;
    let (name, dialect): (_, &'static Gemini) = match verb {
        "generateContent" => ("generate_content", &GENERATE),
        "streamGenerateContent" => ("generate_content", &STREAM),
        "countTokens" => ("count_tokens", &COUNT),
        "embedContent" | "batchEmbedContents" => ("embeddings", &EMBED),
        _ => return None,
    };
    let (collection, model) = path.rsplit_once('/')?;
    let model = decoded(model).filter(|model| !model.is_empty())?;
    let (owner, collection) = collection.rsplit_once('/')?;
    // Another publisher's models do not speak this, and a model of one's own must not pass for one of Google's.
    let model = match collection {
        "models" if owner.rsplit_once("/publishers/").is_none_or(|(_, owner)| owner == "google") => model,
        "tunedModels" | "endpoints" => format!("{collection}/{model}"),
        _ => return None,
    };
    Some(Operation { api: "gemini", name, dialect, model_in_path: Some(model) })
}

/// A segment of a path without its percent-encoding (RFC 3986 section 2.1), as the provider reads it.
pub(super) fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
