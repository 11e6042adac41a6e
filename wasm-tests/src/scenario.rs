//! Scenario files: scripted answers as JSON, for the demo and for clients that cannot be changed.
//!
//! ```json
//! {
//!   "card":     {"whole": {"content": "The card is 4111 1111 1111 1111."}},
//!   "card-stream": {"stream": {"deltas": ["The card is 4111", " 1111 1111", {"content": " 1111.", "choice": 0}], "delay_ms": 40}},
//!   "tool":     {"stream": {"deltas": [{"tool": {"id": "call_1", "name": "mail.send"}}, {"arguments": {"piece": "{\"to\":1}"}}]}},
//!   "busy":     {"whole": {"status": 429, "body": {"error": {"message": "slow down"}}}}
//! }
//! ```
//!
//! A request chooses its scenario by the header `x-script`, or by the name of one in its last user message (the
//! longest name found wins). `whole` has `content`, or `messages` (each is a choice: `{"role", "content", …}`), or a
//! `body` of its own, and a `status`. `stream` has `deltas` (see [`crate::openai::WrittenPart`]), and `delay_ms` before
//! each of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::Error;
use crate::model::Script;
use crate::openai::{self, Delta, WrittenDelta};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Scenario {
    Whole(Whole),
    Stream(Stream),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    content: Option<String>,
    #[serde(default)]
    messages: Vec<Value>,
    body: Option<Value>,
    status: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stream {
    deltas: Vec<WrittenDelta>,
    #[serde(default)]
    delay_ms: u64,
}

/// The scripts of a scenario file, by name.
pub fn parse(text: &str) -> Result<BTreeMap<String, Script>, Error> {
    let scenarios: BTreeMap<String, Scenario> = serde_json::from_str(text)?;
    Ok(scenarios.into_iter().map(|(name, scenario)| (name, scenario.script())).collect())
}

/// The name in `names` that the request's last user message contains; the longest if several do.
pub fn in_prompt<'a>(names: impl Iterator<Item = &'a String>, body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let prompt = last_user_message(&body)?;
    names.filter(|name| prompt.contains(name.as_str())).max_by_key(|name| name.len()).cloned()
}

impl Scenario {
    fn script(self) -> Script {
        match self {
            Scenario::Whole(whole) => whole.script(),
            Scenario::Stream(stream) => {
                let deltas: Vec<Delta> = stream.deltas.iter().flat_map(WrittenDelta::deltas).collect();
                openai::stream(&deltas, Duration::from_millis(stream.delay_ms))
            }
        }
    }
}

impl Whole {
    fn script(self) -> Script {
        let mut script = match self.body {
            Some(body) => Script::new(200).header("content-type", "application/json").piece(body.to_string()),
            None if self.messages.is_empty() => openai::whole(&self.content.unwrap_or_default()),
            None => openai::whole_message(&self.messages),
        };
        if let Some(status) = self.status {
            script = script.status(status);
        }
        script
    }
}

/// Chat completions write `messages`, responses `input`; content is a string or a list of parts with `text`.
fn last_user_message(body: &Value) -> Option<String> {
    if let Some(input) = body["input"].as_str() {
        return Some(input.to_owned());
    }
    let messages = body["messages"].as_array().or_else(|| body["input"].as_array())?;
    let last = messages.iter().rev().find(|message| message["role"] == "user")?;
    Some(match &last["content"] {
        Value::String(text) => text.clone(),
        parts => {
            parts.as_array()?.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
    })
}
