//! Operations with one answer that is no conversation: embeddings, moderations, images, speech, transcriptions, models.
//! Some of them stream; then a text comes in deltas as in a transcription.
//!
//! What is encoded is a value like any other: base64 of sound, pictures or vectors is scanned as it stands. No rule is
//! likely to fit it by chance, and a value that was put there is found. Vectors of numbers hold no text.

use crate::protocol::json::{DEFAULT_DEPTH, DEFAULT_NODES, Document, Limits};
use crate::protocol::lane::{Channel, Text};
use crate::protocol::texts::{Ambiguous, Row, row, texts};
use crate::protocol::{Dialect, Event, Facts, Operation, Request};
use crate::reason::Reason;
use serde_json::json;

/// A vector is one number for each dimension: 2,048 inputs with 1,024 dimensions. A node takes 16 bytes, and a number
/// with its comma at least two of a body that is bounded itself.
const VECTOR_NODES: usize = 2_100_000;

/// How one of them is read.
pub struct Single {
    request: &'static [Row],
    answer: &'static [Row],
    event: &'static [Row],
    limits: Limits,
    has_body: bool,
    answers_text: bool,
}

const PLAIN: Single = Single {
    request: &[
        row("input", Channel::Prompt),
        row("input[]", Channel::Prompt),
        row("prompt", Channel::Prompt),
    ],
    answer: &[],
    event: &[],
    limits: Limits { depth: DEFAULT_DEPTH, nodes: DEFAULT_NODES },
    has_body: true,
    answers_text: false,
};

/// `POST …/embeddings`
pub const EMBEDDINGS: Single = Single { limits: Limits { nodes: VECTOR_NODES, ..PLAIN.limits }, ..PLAIN };

/// `POST …/moderations`
pub const MODERATIONS: Single = Single {
    request: &[
        row("input", Channel::Prompt),
        row("input[]", Channel::Prompt),
        row("input[].text", Channel::Prompt),
    ],
    ..PLAIN
};

/// `POST …/images/generations`, and what comes back for uploads to `…/edits` and `…/variations`
pub const IMAGES: Single = Single { answer: &[row("data[].revised_prompt.**", Channel::Content)], ..PLAIN };

/// `POST …/audio/speech`
pub const SPEECH: Single =
    Single { request: &[row("input", Channel::Prompt), row("instructions", Channel::Instructions)], ..PLAIN };

/// What comes back for uploads to `…/audio/transcriptions` and `…/audio/translations`. The words are repeated one by one,
/// and by segments.
pub const TRANSCRIPTION: Single = Single {
    request: &[row("prompt", Channel::Prompt)],
    answer: &[
        row("text.**", Channel::Content),
        row("segments[].text", Channel::Content).apart(&[]),
        row("words[].word", Channel::Content).apart(&[]),
        row("segments[].words[].word", Channel::Content).apart(&[]),
        row("logprobs[].token", Channel::Content).apart(&[]),
        row("logprobs[].bytes", Channel::Content).apart(&[]),
    ],
    event: &[
        row("text.**", Channel::Content),
        row("delta", Channel::Content),
        row("logprobs[].token", Channel::Content).apart(&[2]),
        row("logprobs[].bytes", Channel::Content).apart(&[2]),
    ],
    answers_text: true,
    ..PLAIN
};

/// `GET …/models`
pub const MODELS: Single = Single { has_body: false, ..PLAIN };

impl Dialect for Single {
    fn request(&self, document: &Document<'_>, operation: &Operation) -> Result<Request, Reason> {
        let mut request = super::request(document, operation, self.request)?;
        super::assign_roles(&mut request.texts, &[]);
        Ok(request)
    }

    fn without_body(&self, operation: &Operation) -> Result<Request, Reason> {
        match self.has_body {
            true => Err(Reason::RequestMalformed),
            false => Ok(Request { model: operation.model_in_path.clone(), ..Request::default() }),
        }
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn answer(&self, document: &Document<'_>) -> Result<(Vec<Text>, Facts), Ambiguous> {
        Ok((texts(document, self.answer, &[0])?, super::facts(document, document.root())))
    }

    fn answers_text(&self) -> bool {
        self.answers_text
    }

    fn event(&self, kind: Option<&str>, data: &Document<'_>) -> Result<Event, Ambiguous> {
        let root = data.root();
        let named = data.get(root, "type").and_then(|kind| data.as_str(kind));
        let kind = named.as_deref().or(kind).unwrap_or_default();
        // The tokens of the last event are those of the deltas again.
        let is_last = kind == "transcript.text.done";
        let texts = texts(data, self.event, &[0, 0, u64::from(is_last)])?;
        Ok(Event { texts, ends: is_last, facts: data.aside(|| super::facts(data, root)), ..Event::default() })
    }

    fn is_end(&self, data: &[u8]) -> bool {
        super::is_done(data)
    }

    /// Nothing here can refuse: SDKs raise what stands under `error`.
    fn ending(&self, _facts: &Facts, _open: &[u32], reason: Reason) -> Vec<u8> {
        let error = json!({ "type": "error", "error": super::error_object(reason) });
        format!("event: error\ndata: {error}\n\n").into_bytes()
    }

    fn error(&self, reason: Reason) -> Vec<u8> {
        super::error(reason)
    }
}
