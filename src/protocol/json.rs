//! Where the values of one JSON text stand (RFC 8259), so that strings can be read and spliced while every
//! other byte stays as it was. It builds no value tree and writes no JSON apart from string content.
//!
//! [`Document::parse`] checks the whole text in one pass without recursion and keeps one small node per value
//! and key, in document order. Strings are decoded on demand, numbers are never converted unless asked.
//!
//! A decoded string is bytes, not `str`: a surrogate that an escape writes alone becomes its three bytes of
//! [WTF-8](https://simonsapin.github.io/wtf-8/) (`ED A0..BF xx`). So nothing is lost, and a pair that a
//! provider splits over two strings can still be recognised. Text without such an escape is plain UTF-8.
//!
//! RFC 8259 leaves some texts to the parser. This one decides:
//!
//! | Text | Here | Why |
//! |---|---|---|
//! | number too large, small or precise for a float or an integer | accepted | not converted, so nothing is lost |
//! | lone, inverted or incomplete `\uD800`..`\uDFFF` escape, in a value or a key | accepted, decoded to WTF-8 | models split pairs over deltas; the bytes pass on unchanged |
//! | `\u0000` | accepted, decoded to a zero byte | it is a character |
//! | invalid UTF-8: overlong, truncated, encoded surrogate, above U+10FFFF, Latin-1 | refused, [`ErrorKind::Utf8`] | section 8.1; two readers would see two texts |
//! | UTF-16, with or without a byte order mark | refused, [`ErrorKind::Utf8`] or [`ErrorKind::Unexpected`] | section 8.1 |
//! | one UTF-8 byte order mark before the text | accepted and skipped | section 8.1 allows it; spans count it |
//! | the same key twice | accepted; [`Document::get`] takes the first, [`Document::unique`] refuses | readers differ, so only keys that decide something must be unique |
//! | keys that differ in Unicode normalisation | different keys | section 8.3: compared by code point, after decoding |
//! | nesting beyond [`Limits::depth`] | refused, [`ErrorKind::TooDeep`] | section 9 |

mod parse;
mod text;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::ops::Range;

pub use text::{OffsetMap, decode, decoded_to_raw, decoded_to_raw_end, escape_into};
pub(super) use text::{content_len, number_len};

/// How deep arrays and objects may nest. Real requests and answers stay below 20 (tool schemas are the
/// deepest); serde_json stops at 127.
pub const DEFAULT_DEPTH: usize = 128;

/// How many values and keys a text may have. A node takes 16 bytes, so this is 3.2 MB for one text.
pub const DEFAULT_NODES: usize = 200_000;

/// Bounds of one text. Its length is the caller's bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most arrays and objects open at once.
    pub depth: usize,
    /// The most values and keys together.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: DEFAULT_DEPTH, nodes: DEFAULT_NODES }
    }
}

/// Why a text is no acceptable JSON text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonError {
    /// The byte offset at which the text stops being acceptable.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not UTF-8.
    Utf8,
    /// The text ends inside its value.
    Truncated,
    /// A byte that the grammar does not allow here.
    Unexpected,
    /// A control character stands unescaped in a string.
    Control,
    /// A backslash begins no escape of RFC 8259 section 7.
    Escape,
    /// Something other than white space follows the value.
    Trailing,
    /// More than [`Limits::depth`] arrays and objects are open.
    TooDeep,
    /// The text has more than [`Limits::nodes`] values and keys.
    TooManyNodes,
    /// The text has 4 GiB or more.
    TooLong,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Utf8 => "invalid UTF-8",
            ErrorKind::Truncated => "the text ends too early",
            ErrorKind::Unexpected => "unexpected byte",
            ErrorKind::Control => "unescaped control character",
            ErrorKind::Escape => "invalid escape",
            ErrorKind::Trailing => "something follows the value",
            ErrorKind::TooDeep => "nested too deeply",
            ErrorKind::TooManyNodes => "too many values",
            ErrorKind::TooLong => "the text is too long",
        };
        write!(f, "{what} at byte {}", self.offset)
    }
}

impl std::error::Error for JsonError {}

/// An object has the same key twice, so readers may disagree about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuplicateKey;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, never converted by the parser.
    Number,
    /// A string or a key.
    String {
        /// The string holds at least one escape, so its decoded text differs from its raw bytes.
        escaped: bool,
    },
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One value or key of one [`Document`]. With another document it names nothing sensible, but never panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// Whether somebody has looked at what a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Read {
    /// At its place and kind at most.
    Not,
    /// Only within [`Document::aside`].
    Aside,
    /// The reader may have decided by it.
    Decisive,
}

/// A value's place: bytes `start..end` of the text, nodes up to `after` in the arena.
#[derive(Clone)]
struct Node {
    start: u32,
    end: u32,
    /// The first node that is not part of this value: its next sibling, if it has one.
    after: u32,
    kind: Kind,
    read: Cell<Read>,
}

/// The places of all values of one JSON text. It borrows the text and holds 16 bytes per value or key.
pub struct Document<'a> {
    text: &'a [u8],
    /// In document order; a container stands before its children, a key before its value. Never empty.
    nodes: Vec<Node>,
    /// What is read is read aside.
    is_aside: Cell<bool>,
}

impl<'a> Document<'a> {
    /// Checks that `text` is exactly one JSON text and locates its values. Linear in the text.
    pub fn parse(text: &'a [u8], limits: Limits) -> Result<Document<'a>, JsonError> {
        Ok(Document { text, nodes: parse::parse(text, limits)?, is_aside: Cell::new(false) })
    }

    /// The outermost value.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Every value and key in document order, to see all strings of a text whose shape does not matter.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// Every value that is no array and no object, and no key, in document order; with what was read of it.
    pub fn scalars(&self) -> Vec<(NodeId, Read)> {
        let mut is_key = vec![false; self.nodes.len()];
        for key in self.nodes().flat_map(|node| self.children(node)).filter_map(|(key, _)| key) {
            if let Some(is_key) = is_key.get_mut(key.0 as usize) {
                *is_key = true;
            }
        }
        let values = self.nodes().zip(is_key).filter(|(_, is_key)| !is_key);
        let scalars = values.filter(|(node, _)| !matches!(self.kind(*node), Kind::Array | Kind::Object));
        scalars.map(|(node, _)| (node, self.read(node))).collect()
    }

    /// What the value is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// The value's bytes in the text, with a string's quotes.
    pub fn span(&self, id: NodeId) -> Range<usize> {
        let node = self.node(id);
        node.start as usize..node.end as usize
    }

    /// A string's bytes in the text, without its quotes. `None` when the value is no string.
    pub fn text_span(&self, id: NodeId) -> Option<Range<usize>> {
        let span = self.span(id);
        matches!(self.kind(id), Kind::String { .. }).then(|| span.start + 1..span.end.saturating_sub(1))
    }

    /// Runs `read`, whose reading is remembered as [`Read::Aside`]: what it finds is passed on and decides nothing.
    pub fn aside<T>(&self, read: impl FnOnce() -> T) -> T {
        let outer = self.is_aside.replace(true);
        let found = read();
        self.is_aside.set(outer);
        found
    }

    /// Whether what the value says was looked at. Kinds, places and numbers of children are not what it says.
    fn read(&self, id: NodeId) -> Read {
        self.node(id).read.get()
    }

    /// The value as written, with a string's quotes.
    pub fn raw(&self, id: NodeId) -> &'a [u8] {
        self.note(id);
        self.text.get(self.span(id)).unwrap_or_default()
    }

    /// A string's content as written, still escaped, without its quotes. `None` when the value is no string.
    pub fn raw_text(&self, id: NodeId) -> Option<&'a [u8]> {
        self.note(id);
        self.text.get(self.text_span(id)?)
    }

    /// A string's content, decoded; see the module on lone surrogates. `None` when the value is no string.
    pub fn text(&self, id: NodeId) -> Option<Cow<'a, [u8]>> {
        let raw = self.raw_text(id)?;
        match self.kind(id) {
            Kind::String { escaped: true } => Some(decode(raw)),
            _ => Some(Cow::Borrowed(raw)),
        }
    }

    /// A string's content, decoded. `None` when the value is no string or holds a lone surrogate.
    pub fn as_str(&self, id: NodeId) -> Option<Cow<'a, str>> {
        match self.text(id)? {
            Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// A number that is written as digits only and fits. `None` for `-1`, `1.0`, `1e3` and other values.
    pub fn as_u64(&self, id: NodeId) -> Option<u64> {
        let digits = (self.kind(id) == Kind::Number).then(|| self.raw(id))?;
        str::from_utf8(digits).ok()?.parse().ok()
    }

    /// `true` or `false`. `None` when the value is something else.
    pub fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.kind(id) {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of an array (without key) or the members of an object (with key), in order. Each step
    /// costs the same, however large the child. Empty for other values.
    pub fn children(&self, id: NodeId) -> Children<'_, 'a> {
        let node = self.node(id);
        let keyed = node.kind == Kind::Object;
        Children { document: self, next: id.0.saturating_add(1), after: node.after, keyed }
    }

    /// The value of the first member whose decoded key is `key`: `"\u006dodel"` is `model`. `None` when there
    /// is none or the value is no object. Linear in the number of members.
    pub fn get(&self, object: NodeId, key: &str) -> Option<NodeId> {
        self.members(object, key).next()
    }

    /// Like [`Document::get`], for a key that decides something: twice the same key is an error.
    pub fn unique(&self, object: NodeId, key: &str) -> Result<Option<NodeId>, DuplicateKey> {
        let mut members = self.members(object, key);
        let first = members.next();
        match members.next() {
            Some(_) => Err(DuplicateKey),
            None => Ok(first),
        }
    }

    fn members(&self, object: NodeId, key: &str) -> impl Iterator<Item = NodeId> {
        self.children(object)
            .filter(move |(name, _)| name.is_some_and(|name| self.is_text(name, key)))
            .map(|c| c.1)
    }

    /// Whether the value is a string with this decoded content. Allocates nothing.
    pub fn is_text(&self, id: NodeId, text: &str) -> bool {
        let Some(raw) = self.raw_text(id) else {
            return false;
        };
        match self.kind(id) {
            Kind::String { escaped: true } => text::decodes_to(raw, text.as_bytes()),
            _ => raw == text.as_bytes(),
        }
    }

    /// What a value says is being looked at.
    fn note(&self, id: NodeId) {
        if let Some(node) = self.nodes.get(id.0 as usize) {
            let read = if self.is_aside.get() { Read::Aside } else { Read::Decisive };
            node.read.set(node.read.get().max(read));
        }
    }

    fn node(&self, id: NodeId) -> Node {
        let nothing = || Node { start: 0, end: 0, after: 0, kind: Kind::Null, read: Cell::new(Read::Not) };
        self.nodes.get(id.0 as usize).cloned().unwrap_or_else(nothing)
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("bytes", &self.text.len()).field("nodes", &self.nodes.len()).finish()
    }
}

/// The children of one value; see [`Document::children`].
#[derive(Debug, Clone)]
pub struct Children<'d, 'a> {
    document: &'d Document<'a>,
    next: u32,
    after: u32,
    keyed: bool,
}

impl Children<'_, '_> {
    fn step(&mut self) -> Option<NodeId> {
        let id = (self.next < self.after).then_some(NodeId(self.next))?;
        self.next = self.document.node(id).after;
        Some(id)
    }
}

impl Iterator for Children<'_, '_> {
    type Item = (Option<NodeId>, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        let key = if self.keyed { Some(self.step()?) } else { None };
        Some((key, self.step()?))
    }
}
