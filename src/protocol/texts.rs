//! Finds every string of a JSON document and says which lane it continues.
//!
//! A dialect is a table of paths. A string whose path is not in the table is a text all the same, complete in itself:
//! a field that a provider adds tomorrow is scanned, not passed by.

use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Encoding, LaneKey, Text};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// One row of a dialect's table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Keys joined with dots, `[]` for the elements of an array; a last `*` stands for any one key.
    pub path: &'static str,
    /// The kind of text that stands there; [`Channel::Value`] where it is complete in itself.
    pub channel: Channel,
}

/// A row: what stands at this path. Where it is an object, the unit touches the lane although no text of it may be
/// there: the head of a tool call belongs to the lane of its arguments, and waits with them.
pub const fn row(path: &'static str, channel: Channel) -> Row {
    Row { path, channel }
}

/// Every string of the document. `offset` is where the document begins in its unit.
///
/// An array element's number is its own member `index` where it has one, else its position: that is how receivers
/// put deltas together. The first array on the path numbers the item, the second the part.
pub fn texts(document: &Document<'_>, rows: &[Row], offset: usize) -> Vec<Text> {
    let mut walk = Walk {
        document,
        rows,
        offset,
        path: String::new(),
        numbers: Vec::new(),
        texts: Vec::new(),
    };
    walk.node(document.root());
    walk.texts
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    rows: &'d [Row],
    offset: usize,
    path: String,
    numbers: Vec<u64>,
    texts: Vec<Text>,
}

impl Walk<'_, '_> {
    /// The recursion is bounded by the depth that the document was parsed with.
    fn node(&mut self, node: NodeId) {
        match self.document.kind(node) {
            Kind::String { escaped } => self.string(node, escaped),
            Kind::Object => {
                if let Some(row) = self.rows.iter().find(|row| row.path == self.path) {
                    let start = self.document.span(node).start + self.offset;
                    let text = self.text(Some(row), start..start, Encoding::Json);
                    self.texts.push(text);
                }
                for (key, child) in self.document.children(node) {
                    let before = self.path.len();
                    if before > 0 {
                        self.path.push('.');
                    }
                    if let Some(key) = key.and_then(|key| self.document.as_str(key)) {
                        self.path.push_str(&key);
                    }
                    self.node(child);
                    self.path.truncate(before);
                }
            }
            Kind::Array => {
                let before = self.path.len();
                self.path.push_str("[]");
                for (position, (_, child)) in self.document.children(node).enumerate() {
                    let index = match self.document.kind(child) {
                        Kind::Object => self
                            .document
                            .get(child, "index")
                            .and_then(|n| self.document.as_u64(n)),
                        _ => None,
                    };
                    self.numbers.push(index.unwrap_or(position as u64));
                    self.node(child);
                    self.numbers.pop();
                }
                self.path.truncate(before);
            }
            Kind::Null | Kind::Bool(_) | Kind::Number => {}
        }
    }

    fn string(&mut self, node: NodeId, escaped: bool) {
        let Some(span) = self.document.text_span(node) else {
            return;
        };
        let span = span.start + self.offset..span.end + self.offset;
        let encoding = if escaped {
            Encoding::JsonEscaped
        } else {
            Encoding::Json
        };
        let row = self.rows.iter().find(|row| fits(row.path, &self.path));
        let text = self.text(row, span, encoding);
        self.texts.push(text);
    }

    fn text(&self, row: Option<&Row>, span: Range<usize>, encoding: Encoding) -> Text {
        let lane = row.filter(|row| row.channel != Channel::Value).map(|row| {
            let mut numbers = self.numbers.iter().copied();
            let item = u32::try_from(numbers.next().unwrap_or(0)).unwrap_or(u32::MAX);
            let part = match row.path.ends_with('*') {
                true => hash(&self.path),
                false => numbers.next().unwrap_or(0),
            };
            LaneKey {
                item,
                channel: row.channel,
                part,
            }
        });
        Text {
            lane,
            channel: row.map_or(Channel::Value, |row| row.channel),
            span,
            encoding,
        }
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => path
            .strip_prefix(prefix)
            .is_some_and(|key| !key.contains(['.', '['])),
        None => pattern == path,
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}
