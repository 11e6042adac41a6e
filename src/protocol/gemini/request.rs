//! The requests of the Gemini API. Google takes each name in two spellings (`systemInstruction`, `system_instruction`) and
//! one value in the place of a list, so where a text stands is found by walking and not by a table of paths.

use super::super::Request;
use super::super::json::{Document, Kind, NodeId};
use super::super::lane::Channel;
use super::super::texts::{Ambiguous, Row, row, texts};
use super::elements;
use crate::reason::Reason;
use std::cmp::Reverse;
use std::ops::Range;

/// Where in the document a channel holds, and which: of ranges in each other, the inner one.
type Places = Vec<(Range<usize>, Channel)>;

/// All that is below is text, numbers and keys too; the channel comes from [`content`].
const CONTENTS: &[Row] = &[
    row("contents.**", Channel::Prompt),
    row("contents[].**", Channel::Prompt),
    row("content.**", Channel::Prompt),
    row("systemInstruction", Channel::Instructions),
    row("systemInstruction.**", Channel::Instructions),
    row("system_instruction", Channel::Instructions),
    row("system_instruction.**", Channel::Instructions),
    row("requests[].**", Channel::Prompt),
    row("instances[].**", Channel::Prompt),
    row("generateContentRequest.**", Channel::Prompt),
    row("generate_content_request.**", Channel::Prompt),
];

/// Everything but the model and the stream, which the path names.
pub(super) fn read(document: &Document<'_>) -> Result<Request, Reason> {
    // Refuses a key that stands twice, so what is read below is read by everybody like this.
    let mut texts = texts(document, CONTENTS, &[]).map_err(|Ambiguous| Reason::RequestDuplicateKey)?;
    let root = document.root();
    let mut tools = Vec::new();
    let mut places = Places::new();
    let inner =
        [root].into_iter().chain(both(document, root, "generateContentRequest", "generate_content_request"));
    for request in inner {
        for system in both(document, request, "systemInstruction", "system_instruction") {
            places.push((document.span(system), Channel::Instructions));
        }
        for message in elements(document, document.get(request, "contents")) {
            content(document, message, &mut places);
        }
        for list in both(document, request, "tools", "tools") {
            for tool in elements(document, Some(list)) {
                tool_names(document, tool, &mut tools)?;
            }
        }
    }
    // Ranges are in document order, and a range within another comes behind it.
    places.sort_by_key(|(range, _)| (range.start, Reverse(range.end)));
    let mut open: Vec<&(Range<usize>, Channel)> = Vec::new();
    let mut next = places.iter().peekable();
    texts.sort_by_key(|text| text.span.start);
    for text in &mut texts {
        while let Some(place) = next.next_if(|(range, _)| range.start <= text.span.start) {
            open.push(place);
        }
        while open.pop_if(|(range, _)| range.end < text.span.end).is_some() {}
        if let Some((_, channel)) = open.last() {
            text.channel = *channel;
        }
        text.lane = None;
    }
    Ok(Request { tools, texts, ..Request::default() })
}

/// The channels of one message.
fn content(document: &Document<'_>, message: NodeId, places: &mut Places) {
    let role = document.get(message, "role").and_then(|role| document.as_str(role));
    let channel = match role.as_deref() {
        Some("model") => Channel::Content,
        Some("function" | "tool") => Channel::ToolResult,
        Some("system") => Channel::Instructions,
        _ => Channel::Prompt,
    };
    places.push((document.span(message), channel));
    for part in elements(document, document.get(message, "parts")) {
        let is_thought = document.get(part, "thought").and_then(|thought| document.as_bool(thought));
        for (key, value) in document.children(part) {
            let key = key.and_then(|key| document.as_str(key)).unwrap_or_default();
            let channel = match &*key {
                "text" if is_thought == Some(true) => Channel::Reasoning,
                "functionCall" | "function_call" | "toolCall" | "tool_call" => Channel::ToolArguments,
                "executableCode" | "executable_code" => Channel::ToolArguments,
                "functionResponse" | "function_response" => Channel::ToolResult,
                "toolResponse" | "tool_response" => Channel::ToolResult,
                "codeExecutionResult" | "code_execution_result" => Channel::ToolResult,
                "inlineData" | "inline_data" if is_document(document, value) => Channel::ToolResult,
                _ => continue,
            };
            places.push((document.span(value), channel));
        }
    }
}

/// Whether data in a prompt is a text that somebody wrote, and not a picture or a sound.
fn is_document(document: &Document<'_>, data: NodeId) -> bool {
    both(document, data, "mimeType", "mime_type").any(|kind| {
        let kind = document.as_str(kind).unwrap_or_default().to_ascii_lowercase();
        kind.starts_with("text/") || kind.starts_with("application/")
    })
}

/// Functions by name, the provider's own tools by their key (`googleSearch`) in the first of its two spellings.
fn tool_names(document: &Document<'_>, tool: NodeId, names: &mut Vec<String>) -> Result<(), Reason> {
    if document.kind(tool) != Kind::Object {
        return Err(Reason::RequestMalformed);
    }
    for (key, value) in document.children(tool) {
        let key = key.and_then(|key| document.as_str(key)).ok_or(Reason::RequestMalformed)?;
        if document.kind(value) == Kind::Null {
            continue;
        }
        match camel_case(&key).as_str() {
            "functionDeclarations" => {
                for function in elements(document, Some(value)) {
                    let name = document.get(function, "name").and_then(|name| document.as_str(name));
                    names.push(name.ok_or(Reason::RequestMalformed)?.into_owned());
                }
            }
            name => names.push(name.to_owned()),
        }
    }
    Ok(())
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// The values of a member in both of its spellings.
fn both(
    document: &Document<'_>,
    object: NodeId,
    camel: &str,
    snake: &str,
) -> impl Iterator<Item = NodeId> + use<> {
    let snake = (camel != snake).then(|| document.get(object, snake)).flatten();
    document.get(object, camel).into_iter().chain(snake)
}
