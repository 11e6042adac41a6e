//! Files, standard input, and lines of JSON that are answered one by one.

use super::Failure;
use crate::protocol::json::{Document, Limits};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// With or without padding: both are common, and nothing is decided by it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How messages call an input; `None` and `-` are standard input.
pub(super) fn name(path: Option<&Path>) -> String {
    match file(path) {
        Some(path) => path.display().to_string(),
        None => "standard input".to_owned(),
    }
}

fn file(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| *path != Path::new("-"))
}

/// An input to read piece by piece.
pub(super) fn open(path: Option<&Path>) -> Result<Box<dyn BufRead>, Failure> {
    match file(path) {
        None => Ok(Box::new(io::stdin().lock())),
        Some(file) => match File::open(file) {
            Ok(open) => Ok(Box::new(BufReader::new(open))),
            Err(error) => Err(Failure::at(&name(path), error)),
        },
    }
}

/// The whole of an input.
pub(super) fn read(path: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| Failure::at(&name(path), error))?;
    Ok(bytes)
}

/// A JSON object in a file.
pub(super) fn read_object(path: &Path) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_slice(&read(Some(path))?) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::at(&name(Some(path)), "not a JSON object")),
        Err(error) => Err(Failure::at(&name(Some(path)), format!("not JSON: {error}"))),
    }
}

/// Standard base64.
pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// One line of a JSONL input.
pub(super) struct Line<'l> {
    raw: &'l [u8],
    members: Map<String, Value>,
}

impl Line<'_> {
    fn read(raw: &[u8]) -> Result<Line<'_>, String> {
        match serde_json::from_slice(raw) {
            Ok(Value::Object(members)) => Ok(Line { raw, members }),
            Ok(_) => Err("not a JSON object".to_owned()),
            Err(error) => {
                let text = error.to_string();
                let what = text.split(" at line ").next().unwrap_or_default();
                Err(format!("not JSON: {what} at column {}", error.column()))
            }
        }
    }

    /// A member; `null` is none.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that must be a string where it is there.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, String> {
        let is_text = |value| Value::as_str(value).ok_or(format!("`{name}` is not a string"));
        self.get(name).map(is_text).transpose()
    }

    /// A member that must be a whole number where it is there.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, String> {
        let is_number = |value| Value::as_u64(value).ok_or(format!("`{name}` is not a whole number"));
        self.get(name).map(is_number).transpose()
    }

    /// A member that must be an object where it is there.
    pub(super) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, String> {
        let is_object = |value| Value::as_object(value).ok_or(format!("`{name}` is not an object"));
        self.get(name).map(is_object).transpose()
    }

    /// What the line is about: `text`, or the bytes of `b64`.
    pub(super) fn content(&self) -> Result<Vec<u8>, String> {
        match (self.text("text")?, self.text("b64")?) {
            (Some(text), None) => Ok(text.as_bytes().to_vec()),
            (None, Some(encoded)) => {
                BASE64.decode(encoded).map_err(|error| format!("`b64` is not base64: {error}"))
            }
            (None, None) => Err("neither `text` nor `b64` is there".to_owned()),
            (Some(_), Some(_)) => Err("both `text` and `b64` are there".to_owned()),
        }
    }

    /// A member exactly as it is written.
    pub(super) fn raw(&self, name: &str) -> Option<Vec<u8>> {
        as_written(self.raw, name).or_else(|| serde_json::to_vec(self.get(name)?).ok())
    }
}

/// The last member of this name, as whoever reads the line with a common parser sees it.
fn as_written(object: &[u8], name: &str) -> Option<Vec<u8>> {
    let document = Document::parse(object, Limits::default()).ok()?;
    let (_, value) = document
        .children(document.root())
        .filter(|(key, _)| key.is_some_and(|key| document.is_text(key, name)))
        .last()?;
    Some(document.raw(value).to_vec())
}

#[derive(Serialize)]
struct Error {
    error: String,
}

/// Answers each line of an input with a line that begins with its `id`, as that is written. A line that cannot be
/// answered gets an `error`, and the rest goes on. Empty lines are skipped.
pub(super) fn answer_lines<A: Serialize>(
    path: Option<&Path>,
    out: &mut dyn Write,
    mut answer: impl FnMut(&Line<'_>) -> Result<A, String>,
) -> Result<(), Failure> {
    let mut input = open(path)?;
    let mut raw = Vec::new();
    let mut number = 0_u64;
    loop {
        raw.clear();
        let length = input.read_until(b'\n', &mut raw).map_err(|error| Failure::at(&name(path), error))?;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        let line = raw.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let id = as_written(line, "id").unwrap_or_else(|| b"null".to_vec());
        match Line::read(line).and_then(|line| answer(&line)) {
            Ok(answer) => write_answer(out, &id, &answer)?,
            Err(message) => {
                let error = format!("line {number}: {message}");
                write_answer(out, &id, &Error { error })?;
            }
        }
    }
}

/// `answer` must be a struct with a member.
fn write_answer(out: &mut dyn Write, id: &[u8], answer: &impl Serialize) -> Result<(), Failure> {
    let members = serde_json::to_vec(answer).map_err(io::Error::from)?;
    out.write_all(b"{\"id\":")?;
    out.write_all(id)?;
    out.write_all(b",")?;
    out.write_all(members.strip_prefix(b"{").unwrap_or(&members))?;
    Ok(out.write_all(b"\n")?)
}
