//! Finds every string of a JSON document and says which lane it continues.
//!
//! A dialect is a table of paths. A string whose path is not in the table is a text all the same, complete in itself:
//! a field that a provider adds tomorrow is scanned, not passed by.

use super::json::{Document, Kind, NodeId};
use super::lane::{Channel, Encoding, LaneKey, Text};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// Numbers of so many characters and more are text wherever they stand: the numbers of an API itself (times in seconds, tokens,
/// indexes) are shorter, but for the seeds of chance.
const LONG_NUMBER: usize = 11;

/// A place with a longer path is no text that goes on: its path would be looked at for each of thousands of members.
const MAX_PATH: usize = 512;

/// Longer keys are scanned whatever they are made of, in bytes.
const MAX_PLAIN_KEY: usize = 48;

/// What a field of an event that is not known says in each event anew; so does `…_id` and `…Id`.
const IDENTIFIERS: &[&str] =
    &["channel", "format", "id", "index", "model", "name", "object", "role", "signature", "status", "type"];

/// Up to so many keys are compared each with each, which for a few of them takes less time than to sort them.
const FEW_KEYS: usize = 12;

/// One row of a dialect's table: what stands at a path.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    path: &'static str,
    channel: Channel,
    part: usize,
    apart: Option<&'static [usize]>,
    is_free: bool,
}

/// A row. The path is keys joined with dots, `[]` for the elements of an array. A last `*` stands for all that is below, each
/// place a text of its own that goes on from one event to the next, but for what is named like an identifier
/// ([`IDENTIFIERS`]). So does a last `**`, but there each text is complete in itself, and numbers and keys are the model's own
/// words too.
///
/// [`Channel::Value`] says that what stands there is complete in itself. Where it is an object, the unit touches the lane
/// although no text of it may be there: the head of a tool call belongs to the lane of its arguments, and waits with
/// them. Where it is an array of numbers and the channel is a text's, the numbers are its bytes (`logprobs`).
pub const fn row(path: &'static str, channel: Channel) -> Row {
    Row { path, channel, part: 1, apart: None, is_free: false }
}

impl Row {
    /// The same, but the lane's part is the `number`th array on the path and not the second.
    pub const fn part(self, number: usize) -> Row {
        Row { part: number, ..self }
    }

    /// The same, but no other row shares its lanes: they are told apart by the row's path and by the arrays on it with
    /// these `numbers`. An array that is not named is one whose elements continue each other: tokens.
    pub const fn apart(self, numbers: &'static [usize]) -> Row {
        Row { apart: Some(numbers), ..self }
    }

    /// The same, but what a tool is told there is free text and never JSON: code, a patch, the input of a custom tool.
    pub const fn free(self) -> Row {
        Row { is_free: true, ..self }
    }

    fn is_below(&self) -> bool {
        self.path.ends_with("**")
    }

    fn fits(&self, path: &str) -> bool {
        if self.path.as_bytes().last() != Some(&b'*') {
            return self.path == path;
        }
        if let Some(prefix) = self.path.strip_suffix("**") {
            return path.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty())
                || prefix.strip_suffix('.') == Some(path);
        }
        let name = path.rsplit('.').next().unwrap_or_default().trim_end_matches("[]");
        path.len() <= MAX_PATH
            && path.strip_prefix(self.path.trim_end_matches('*')).is_some_and(|rest| !rest.is_empty())
            && !(IDENTIFIERS.contains(&name) || name.ends_with("_id") || name.ends_with("Id"))
    }
}

/// Why a document's texts cannot be told apart: a key stands twice in an object, or an `index` is no whole number. Two
/// readers may put such texts together in different ways, so neither is ours to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ambiguous;

/// Every text of a whole body. `numbers` come before the positions of the array elements on a text's path; the first of
/// all numbers is the lane's item.
pub fn texts(document: &Document<'_>, rows: &[Row], numbers: &[u64]) -> Result<Vec<Text>, Ambiguous> {
    walk(document, rows, numbers, false)
}

/// Every text of one event of a stream. An array element's number is its own member `index` where it has one, else its
/// position: that is how receivers put deltas together.
pub fn deltas(document: &Document<'_>, rows: &[Row], numbers: &[u64]) -> Result<Vec<Text>, Ambiguous> {
    walk(document, rows, numbers, true)
}

fn walk(
    document: &Document<'_>,
    rows: &[Row],
    numbers: &[u64],
    by_index: bool,
) -> Result<Vec<Text>, Ambiguous> {
    let numbers = numbers.to_vec();
    let mut walk = Walk {
        document,
        rows,
        by_index,
        path: String::with_capacity(64),
        numbers,
        texts: Vec::with_capacity(16),
    };
    walk.node(document.root())?;
    Ok(walk.texts)
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    rows: &'d [Row],
    by_index: bool,
    path: String,
    numbers: Vec<u64>,
    texts: Vec<Text>,
}

impl Walk<'_, '_> {
    /// The recursion is bounded by the depth that the document was parsed with.
    fn node(&mut self, node: NodeId) -> Result<(), Ambiguous> {
        match self.document.kind(node) {
            Kind::String { escaped } => {
                let span = self.document.text_span(node).unwrap_or_default();
                self.text(self.row(), span, encoding(escaped));
            }
            // A number where a text may stand, or among the model's own words, is a text; so is a long one anywhere.
            Kind::Number => {
                let row = self.row().filter(|row| row.channel != Channel::Value);
                let span = self.document.span(node);
                if row.is_some() || span.len() >= LONG_NUMBER && !self.path.ends_with("seed") {
                    self.text(row, span, Encoding::Number);
                }
            }
            Kind::Object => self.object(node)?,
            Kind::Array => self.array(node)?,
            Kind::Null | Kind::Bool(_) => {}
        }
        Ok(())
    }

    fn object(&mut self, node: NodeId) -> Result<(), Ambiguous> {
        if let Some(row) = self.row().filter(|row| row.path == self.path) {
            let start = self.document.span(node).start;
            self.text(Some(row), start..start, Encoding::Json);
        }
        if has_duplicates(self.document, node) {
            return Err(Ambiguous);
        }
        let may_match = !self.is_known()
            || self.document.children(node).any(|(key, _)| key.is_some_and(|key| !self.is_plain(key)));
        for (key, child) in self.document.children(node) {
            let before = self.path.len();
            if before > 0 {
                self.path.push('.');
            }
            if let Some(key) = key {
                self.path.push_str(&self.document.as_str(key).unwrap_or_default());
                if may_match {
                    self.key(node, key);
                }
            }
            self.node(child)?;
            self.path.truncate(before);
        }
        Ok(())
    }

    /// Keys are text too, unless all that an object has are such as an API itself has, in an object that it knows.
    fn is_plain(&self, key: NodeId) -> bool {
        let raw = self.document.raw_text(key).unwrap_or_default();
        raw.len() <= MAX_PLAIN_KEY && raw.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
    }

    /// Whether the table names a member of the object at the path.
    fn is_known(&self) -> bool {
        let is_member = |rest: &str| rest.starts_with('.') && rest != ".**";
        self.path.is_empty()
            || self.rows.iter().any(|row| row.path.strip_prefix(&self.path).is_some_and(is_member))
    }

    fn key(&mut self, object: NodeId, key: NodeId) {
        if let Kind::String { escaped } = self.document.kind(key) {
            let span = self.document.text_span(key).unwrap_or_default();
            self.text(None, span, encoding(escaped));
            if let Some(text) = self.texts.last_mut() {
                text.key_of = Some(object);
            }
        }
    }

    fn array(&mut self, node: NodeId) -> Result<(), Ambiguous> {
        let row = self.row().filter(|row| row.path == self.path && row.channel != Channel::Value);
        if let Some(row) = row
            && self.is_bytes(node)
        {
            self.text(Some(row), self.document.span(node), Encoding::Bytes);
            return Ok(());
        }
        let before = self.path.len();
        self.path.push_str("[]");
        for (position, (_, child)) in self.document.children(node).enumerate() {
            let number = self.index(child)?.unwrap_or(position as u64);
            self.numbers.push(number);
            self.node(child)?;
            self.numbers.pop();
        }
        self.path.truncate(before);
        Ok(())
    }

    fn index(&self, element: NodeId) -> Result<Option<u64>, Ambiguous> {
        if !self.by_index || self.document.kind(element) != Kind::Object {
            return Ok(None);
        }
        match self.document.get(element, "index") {
            Some(index) if self.document.kind(index) == Kind::Number => {
                self.document.as_u64(index).map(Some).ok_or(Ambiguous)
            }
            _ => Ok(None),
        }
    }

    fn is_bytes(&self, array: NodeId) -> bool {
        let is_byte = |node| self.document.as_u64(node).is_some_and(|byte| byte < 256);
        self.document.children(array).all(|(_, child)| is_byte(child))
    }

    fn row(&self) -> Option<Row> {
        self.rows.iter().find(|row| row.fits(&self.path)).copied()
    }

    fn text(&mut self, row: Option<Row>, span: Range<usize>, encoding: Encoding) {
        let channel = row.map_or(Channel::Value, |row| row.channel);
        // A number is complete in itself.
        let joins = encoding != Encoding::Number;
        let has_lane = |row: &Row| row.channel != Channel::Value && !row.is_below() && joins;
        let lane = row.filter(has_lane).map(|row| {
            let number = |at: usize| self.numbers.get(at).copied().unwrap_or(0);
            let part = match row.apart {
                Some(numbers) => {
                    hash(row.path, &numbers.iter().map(|number_of| number(*number_of)).collect::<Vec<_>>())
                }
                None if row.path.ends_with('*') => hash(&self.path, &self.numbers),
                None => number(row.part),
            };
            LaneKey { item: u32::try_from(number(0)).unwrap_or(u32::MAX), channel, part }
        });
        let is_json = channel == Channel::ToolArguments && !row.is_some_and(|row| row.is_free);
        self.texts.push(Text { lane, channel, span, encoding, is_json, repeats: false, key_of: None });
    }
}

/// What stands in the elements of an array, each with a `role`, and would be the user's prompt is said by who has that role.
/// `texts` are in the order of the document.
pub fn assign_channels(
    document: &Document<'_>,
    messages: NodeId,
    channel_of: fn(&str) -> Option<Channel>,
    texts: &mut [Text],
) {
    for (_, message) in document.children(messages) {
        let role = document.get(message, "role").and_then(|role| document.as_str(role));
        let Some(channel) = channel_of(role.as_deref().unwrap_or_default()) else { continue };
        let span = document.span(message);
        let first = texts.partition_point(|text| text.span.start < span.start);
        let within = texts.iter_mut().skip(first).take_while(|text| text.span.start < span.end);
        for text in within.filter(|text| text.channel == Channel::Prompt) {
            text.channel = channel;
        }
    }
}

/// Whether an object has the same key twice.
pub fn has_duplicates(document: &Document<'_>, object: NodeId) -> bool {
    let keys = || document.children(object).filter_map(|(key, _)| key);
    let is_plain = |key| document.kind(key) == Kind::String { escaped: false };
    if keys().nth(FEW_KEYS).is_none() && keys().all(is_plain) {
        let before = |nth| keys().take(nth);
        return keys().enumerate().any(|(nth, key)| {
            let name = document.raw_text(key);
            before(nth).any(|other| document.raw_text(other) == name)
        });
    }
    let keys = keys().filter_map(|key| document.text(key));
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    keys.iter().zip(keys.iter().skip(1)).any(|(a, b)| a == b)
}

fn encoding(escaped: bool) -> Encoding {
    if escaped { Encoding::JsonEscaped } else { Encoding::Json }
}

/// Tells apart what a row with `*` stands for: each place is a lane of its own.
fn hash(path: &str, numbers: &[u64]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path, numbers).hash(&mut hasher);
    hasher.finish()
}
