//! The texts of a body: where they stand, and which strings the receiver will put together from them.

use super::json::{self, NodeId};
use std::borrow::Cow;
use std::ops::Range;

/// What kind of text it is; records name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Orders of the application to the model (system and developer messages).
    Instructions,
    /// What the user says.
    Prompt,
    /// What a tool answered, or a retrieved document.
    ToolResult,
    /// What the model says.
    Content,
    /// How the model came to it.
    Reasoning,
    /// Why the model says nothing.
    Refusal,
    /// What the model tells a tool.
    ToolArguments,
    /// A complete string that is none of these: an identifier, a name, a field that is not known.
    Value,
    /// What stands around the data of an event: comments, event names.
    Framing,
    /// A body that is plain text.
    Text,
}

impl Channel {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Instructions => "instructions",
            Channel::Prompt => "prompt",
            Channel::ToolResult => "tool_result",
            Channel::Content => "content",
            Channel::Reasoning => "reasoning",
            Channel::Refusal => "refusal",
            Channel::ToolArguments => "tool_arguments",
            Channel::Value => "value",
            Channel::Framing => "framing",
            Channel::Text => "text",
        }
    }
}

/// One lane of an answer: which item (choice, message, block), which channel of it, and which part of that (tool
/// call, content part, field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneKey {
    /// The choice or block index.
    pub item: u32,
    /// The kind of text.
    pub channel: Channel,
    /// Tells apart what an item has several of.
    pub part: u64,
}

impl LaneKey {
    /// The lane of a value that is complete in itself.
    pub fn value(channel: Channel) -> LaneKey {
        LaneKey { item: 0, channel, part: 0 }
    }
}

/// Where one text stands in its unit (an event, a body), and which lane it continues.
#[derive(Debug, Clone)]
pub struct Text {
    /// The lane; `None` for a value that is complete in itself.
    pub lane: Option<LaneKey>,
    /// What the record calls it.
    pub channel: Channel,
    /// The bytes of the text within the unit, without quotes.
    pub span: Range<usize>,
    /// How the bytes stand for the text.
    pub encoding: Encoding,
    /// Whether the text may be JSON itself, as what a tool is told mostly is.
    pub is_json: bool,
    /// Says once more all that came in the lane so far, this unit's own part included.
    pub repeats: bool,
    /// The object of which it is a key, in the unit's JSON text. Where one key of an object is a text, each of them is: a
    /// reader tells them apart.
    pub key_of: Option<NodeId>,
}

/// How bytes stand for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The bytes are the text.
    Plain,
    /// The content of a JSON string without escapes: the bytes are the text; what is written there is escaped.
    Json,
    /// The content of a JSON string with escapes.
    JsonEscaped,
    /// A JSON number: its digits are the text; one in which something is masked becomes a string.
    Number,
    /// A JSON array of numbers below 256: they are the bytes of the text.
    Bytes,
}

impl Encoding {
    /// The text that the bytes stand for.
    pub fn decode(self, raw: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Plain | Encoding::Json | Encoding::Number => Cow::Borrowed(raw),
            Encoding::JsonEscaped => json::decode(raw),
            Encoding::Bytes => Cow::Owned(bytes_of(raw)),
        }
    }
}

/// The numbers of a JSON array, which are known to be bytes.
fn bytes_of(array: &[u8]) -> Vec<u8> {
    let numbers = array.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers
        .map(|digits| {
            digits.iter().fold(0u8, |number, digit| number.wrapping_mul(10).wrapping_add(digit - b'0'))
        })
        .collect()
}
