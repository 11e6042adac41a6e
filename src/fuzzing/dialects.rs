//! Dialects: any JSON is read or refused, and every text stands inside of it, next to the others.

use super::{choices, chosen};
use crate::protocol::json::Document;
use crate::protocol::lane::{Encoding, Text};
use crate::protocol::{Facts, Operation, recognise};
use crate::reason::Reason;

/// One request for each way to read and write.
pub(super) const CALLS: &[(&str, &str)] = &[
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/fim/completions"),
    ("POST", "/v1/completions"),
    ("POST", "/v1/responses"),
    ("GET", "/v1/responses/resp_1"),
    ("POST", "/v1/embeddings"),
    ("POST", "/v1/moderations"),
    ("POST", "/v1/images/generations"),
    ("POST", "/v1/audio/speech"),
    ("POST", "/v1/audio/transcriptions"),
    ("GET", "/v1/models"),
    ("POST", "/v1/messages"),
    ("POST", "/v1/messages/count_tokens"),
    ("POST", "/v1/complete"),
    ("POST", "/v1beta/models/m:generateContent"),
    ("POST", "/v1beta/models/m:streamGenerateContent"),
    ("POST", "/v1beta/models/m:countTokens"),
    ("POST", "/v1beta/models/m:embedContent"),
    ("POST", "/model/m/converse"),
    ("POST", "/model/m/converse-stream"),
    ("POST", "/model/m/invoke"),
    ("POST", "/model/m/invoke-with-response-stream"),
    ("POST", "/model/m/count-tokens"),
    ("POST", "/api/chat"),
    ("POST", "/api/generate"),
    ("POST", "/api/embed"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("DELETE", "/mcp"),
];

/// Names of events that some dialect knows, and none.
const KINDS: &[Option<&str>] = &[
    None,
    Some("message"),
    Some("error"),
    Some("message_start"),
    Some("content_block_start"),
    Some("content_block_delta"),
    Some("messageStart"),
    Some("contentBlockStart"),
    Some("contentBlockDelta"),
    Some("contentBlockStop"),
    Some("messageStop"),
    Some("metadata"),
    Some("chunk"),
    Some("throttlingException"),
    Some("completion"),
    Some("response.output_text.delta"),
];

/// The operation that a choice means.
pub(super) fn operation(choice: u8) -> (&'static str, &'static str, Operation) {
    let (method, path) = *chosen(CALLS, choice);
    (method, path, recognise(method, path).expect("every call is known"))
}

/// A request, an answer and an event of any JSON.
pub fn dialects(data: &[u8]) {
    let ([call, kind, reason], body) = choices(data);
    let (_, _, operation) = operation(call);
    let dialect = operation.dialect;
    let reason = *chosen(Reason::ALL, reason);
    let _ = dialect.is_end(body);
    let _ = dialect.without_body(&operation);
    let Ok(document) = Document::parse(body, dialect.limits()) else { return };
    let mut facts = Facts::default();
    if let Ok(request) = dialect.request(&document, &operation) {
        apart(body, &request.texts);
        facts.id = request.id;
    }
    if let Ok((texts, said)) = dialect.answer(&document) {
        apart(body, &texts);
        facts.update(said);
    }
    let mut open = vec![0];
    if let Ok(event) = dialect.event(*chosen(KINDS, kind), &document) {
        apart(body, &event.texts);
        facts.update(event.facts);
        open.extend(event.items);
    }
    assert!(!dialect.error(reason).is_empty());
    let ending = dialect.ending(&facts, &open, reason);
    assert!(ending == dialect.ending(&facts, &open, reason), "an ending is written in two ways");
}

/// What the redactor asks of texts: inside, whole, and not overlapping.
fn apart(body: &[u8], texts: &[Text]) {
    let mut texts: Vec<&Text> = texts.iter().collect();
    texts.sort_by_key(|text| text.span.start);
    let mut end = 0;
    for text in texts {
        let span = text.span.clone();
        assert!(span.start >= end && span.end >= span.start, "texts overlap");
        end = span.end;
        let raw = body.get(span.clone()).expect("a text stands outside of the body");
        match text.encoding {
            // The head of a tool call touches the lane of its arguments, and no text of it is there.
            _ if raw.is_empty() => {}
            Encoding::Json | Encoding::JsonEscaped => {
                assert_eq!(body.get(span.end), Some(&b'"'), "a string has no end");
                assert_eq!(text.encoding == Encoding::JsonEscaped, raw.contains(&b'\\'));
            }
            Encoding::Number => assert!(raw.iter().all(|byte| b"+-.eE0123456789".contains(byte))),
            Encoding::Bytes => assert_eq!((raw.first(), raw.last()), (Some(&b'['), Some(&b']'))),
            Encoding::Plain => {}
        }
    }
}
