//! JSON text → raw configuration, with every structural problem at once.
//!
//! Serde stops at the first problem. So the place that it names is cut out of the document and the rest is
//! read again, until what is left is well formed: the types in `raw` stay the one description of the
//! structure, and their JSON Schema cannot disagree with what is accepted.

use super::problem::{Problem, known};
use super::raw::Configuration;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// More structural problems than this are not looked for: the document is something else.
const MAX_PROBLEMS: usize = 64;

/// What could be read, and what could not.
pub struct Reading {
    /// The configuration without the parts that are wrong; `None` when nothing sensible is left.
    pub raw: Option<Configuration>,
    /// The structural problems.
    pub problems: Vec<Problem>,
    /// What was left out of `raw`.
    pub cuts: Cuts,
}

/// Reads a configuration out of a JSON value.
pub fn read(mut document: Value) -> Reading {
    let mut problems = Vec::new();
    let mut cuts = Cuts::default();
    while problems.len() < MAX_PROBLEMS {
        match serde_path_to_error::deserialize::<_, Configuration>(&document) {
            Ok(raw) => {
                return Reading { raw: Some(raw), problems, cuts };
            }
            Err(error) => {
                let steps = steps_of(error.path(), error.inner());
                let place = cuts.as_written(&render(&steps));
                // A field that was cut out as wrong is then missing: that is the same problem.
                let missing = quoted(error.inner(), "missing field `");
                if !missing.is_some_and(|field| cuts.has(&join(&place, &field))) {
                    problems.push(problem(place.clone(), error.inner()));
                }
                if !cut(&mut document, &steps) {
                    break;
                }
                cuts.places.push(place);
            }
        }
    }
    Reading { raw: None, problems, cuts }
}

/// The places that were cut out, as they stood in the document as written.
#[derive(Default)]
pub struct Cuts {
    places: Vec<String>,
}

impl Cuts {
    /// Gives the array positions of a path their original numbers: each element cut out before one has moved it.
    pub fn as_written(&self, path: &str) -> String {
        let mut written = String::new();
        for (position, piece) in path.split('[').enumerate() {
            let index = piece.split_once(']').and_then(|(index, rest)| Some((index.parse().ok()?, rest)));
            match index {
                Some((index, rest)) if position > 0 => {
                    let original = self.original_index(&written, index);
                    written.push_str(&format!("[{original}]{rest}"));
                }
                _ if position > 0 => {
                    written.push('[');
                    written.push_str(piece);
                }
                _ => written.push_str(piece),
            }
        }
        written
    }

    fn original_index(&self, array: &str, index: usize) -> usize {
        let element =
            |place: &String| place.strip_prefix(array)?.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
        let mut gone: Vec<usize> = self.places.iter().filter_map(element).collect();
        gone.sort_unstable();
        gone.into_iter().fold(index, |original, cut| original + usize::from(cut <= original))
    }

    fn has(&self, place: &str) -> bool {
        self.places.iter().any(|cut| cut == place)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Removes the node from the document; false when there is nothing to remove.
fn cut(document: &mut Value, steps: &[Step]) -> bool {
    let Some((last, parents)) = steps.split_last() else {
        return false;
    };
    let mut node = document;
    for step in parents {
        let child = match step {
            Step::Key(key) => node.get_mut(key),
            Step::Index(index) => node.get_mut(index),
        };
        let Some(child) = child else { return false };
        node = child;
    }
    match (node, last) {
        (Value::Object(members), Step::Key(key)) => members.remove(key).is_some(),
        (Value::Array(items), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}

fn steps_of(path: &Path, error: &serde_json::Error) -> Vec<Step> {
    let mut steps: Vec<Step> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    if let Some(field) = quoted(error, "unknown field `")
        && steps.last() != Some(&Step::Key(field.clone()))
    {
        steps.push(Step::Key(field));
    }
    steps
}

fn render(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |path, step| match step {
        Step::Key(key) => join(&path, key),
        Step::Index(index) => format!("{path}[{index}]"),
    })
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The name behind `prefix` in serde's message.
fn quoted(error: &serde_json::Error, prefix: &str) -> Option<String> {
    let message = error.to_string();
    let (name, _) = message.strip_prefix(prefix)?.split_once('`')?;
    Some(name.to_owned())
}

/// Serde's words in ours: no type names, and help that says what is known.
fn problem(path: String, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what.to_owned(), expected.to_owned()),
        None => (message, String::new()),
    };
    for unknown in ["unknown field `", "unknown variant `"] {
        if let Some(name) = what.strip_prefix(unknown).and_then(|rest| rest.strip_suffix('`')) {
            let names: Vec<&str> =
                expected.split('`').enumerate().filter(|(i, _)| i % 2 == 1).map(|(_, n)| n).collect();
            let kind = if unknown.contains("field") { "field" } else { "value" };
            return Problem::new(
                path,
                format!("unknown {kind} `{name}`"),
                known(name, names.iter().copied()),
            );
        }
    }
    let expected = match expected.strip_prefix("struct ") {
        Some(_) => "an object".to_owned(),
        None => expected,
    };
    let help = if expected.is_empty() { expected } else { format!("expected {expected}") };
    Problem::new(path, what, help)
}
