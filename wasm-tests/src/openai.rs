//! Answers of OpenAI's chat completions, byte for byte as the API writes them.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::Script;

/// The model that every answer names.
pub const MODEL: &str = "gpt-4.1-mini-2025-04-14";

/// One event of a streamed answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    choice: u32,
    part: Part,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Members of the event's `delta`.
    Members(Value),
    Finish(String),
    /// A whole `data:` line's content.
    Data(String),
}

impl Delta {
    fn members(members: Value) -> Delta {
        Delta { choice: 0, part: Part::Members(members) }
    }

    pub fn content(text: &str) -> Delta {
        Delta::members(json!({"content": text}))
    }

    pub fn reasoning(text: &str) -> Delta {
        Delta::members(json!({"reasoning_content": text}))
    }

    pub fn refusal(text: &str) -> Delta {
        Delta::members(json!({"refusal": text}))
    }

    /// The first event of a tool call.
    pub fn tool(index: u32, id: &str, name: &str) -> Delta {
        let function = json!({"name": name, "arguments": ""});
        Delta::members(
            json!({"tool_calls": [{"index": index, "id": id, "type": "function", "function": function}]}),
        )
    }

    /// A piece of a tool call's arguments.
    pub fn arguments(index: u32, piece: &str) -> Delta {
        Delta::members(json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}))
    }

    /// Ends a choice with a reason of its own; a choice without one ends with `stop`, or `tool_calls` after a call.
    pub fn finish(reason: &str) -> Delta {
        Delta { choice: 0, part: Part::Finish(reason.to_owned()) }
    }

    /// A `data:` line with this content, whatever it is.
    pub fn data(content: &str) -> Delta {
        Delta { choice: 0, part: Part::Data(content.to_owned()) }
    }

    /// Of which choice it is part.
    pub fn choice(mut self, choice: u32) -> Delta {
        self.choice = choice;
        self
    }

    fn calls_tool(&self) -> bool {
        matches!(&self.part, Part::Members(members) if members.get("tool_calls").is_some())
    }

    fn event(&self) -> String {
        match &self.part {
            Part::Members(members) => chunk(self.choice, &members.to_string(), "null"),
            Part::Finish(reason) => chunk(self.choice, "{}", &Value::from(reason.as_str()).to_string()),
            Part::Data(content) => format!("data: {content}\n\n"),
        }
    }
}

fn chunk(choice: u32, delta: &str, finish: &str) -> String {
    format!(
        r#"data: {{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"{MODEL}","choices":[{{"index":{choice},"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]}}"#
    ) + "\n\n"
}

/// A whole answer with one choice.
pub fn whole(content: &str) -> Script {
    whole_message(&[json!({"role": "assistant", "content": content, "refusal": null})])
}

/// A whole answer; each message is a choice.
pub fn whole_message(messages: &[Value]) -> Script {
    let choices: Vec<String> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| {
            let finish = if message.get("tool_calls").is_some() { "tool_calls" } else { "stop" };
            format!(r#"{{"index":{index},"message":{message},"logprobs":null,"finish_reason":"{finish}"}}"#)
        })
        .collect();
    let choices = choices.join(",");
    Script::new(200).header("content-type", "application/json").piece(format!(
        r#"{{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"{MODEL}","choices":[{choices}],"usage":{{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}}}"#
    ))
}

/// A streamed answer: a `role` event for each choice, the deltas, each after `delay`, the finish events and `[DONE]`.
/// Each event leaves as a piece of its own.
pub fn stream(deltas: &[Delta], delay: Duration) -> Script {
    let script = stream_cut(deltas, delay);
    let mut choices: Vec<u32> = deltas.iter().map(|delta| delta.choice).collect();
    choices.sort_unstable();
    choices.dedup();
    let ends = choices.iter().filter_map(|&choice| {
        let mut own = deltas.iter().filter(|delta| delta.choice == choice);
        if own.clone().any(|delta| matches!(delta.part, Part::Finish(_))) {
            return None;
        }
        let reason = if own.any(Delta::calls_tool) { "tool_calls" } else { "stop" };
        Some(Delta::finish(reason).choice(choice).event())
    });
    ends.fold(script, Script::piece).piece("data: [DONE]\n\n")
}

/// A streamed answer without finish events and `[DONE]`: continue it as you like.
pub fn stream_cut(deltas: &[Delta], delay: Duration) -> Script {
    let mut script = Script::new(200).header("content-type", "text/event-stream; charset=utf-8").chunked();
    let mut begun = Vec::new();
    for delta in deltas {
        if !begun.contains(&delta.choice) {
            begun.push(delta.choice);
            script = script.piece(chunk(
                delta.choice,
                r#"{"role":"assistant","content":"","refusal":null}"#,
                "null",
            ));
        }
        script = script.piece_after(delay, delta.event());
    }
    script
}

/// A streamed answer of one choice from pieces of content.
pub fn stream_text(pieces: &[&str], delay: Duration) -> Script {
    let deltas: Vec<Delta> = pieces.iter().map(|piece| Delta::content(piece)).collect();
    stream(&deltas, delay)
}

/// A delta as a scenario file writes it: a string is content.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum WrittenDelta {
    Content(String),
    Part(WrittenPart),
}

/// `{"content"|"reasoning"|"refusal"|"finish"|"data": "…"}`, `{"tool": {…}}` or `{"arguments": {…}}`, with a `choice`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPart {
    #[serde(default)]
    choice: u32,
    content: Option<String>,
    reasoning: Option<String>,
    refusal: Option<String>,
    finish: Option<String>,
    data: Option<String>,
    tool: Option<WrittenTool>,
    arguments: Option<WrittenArguments>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTool {
    #[serde(default)]
    index: u32,
    id: String,
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenArguments {
    #[serde(default)]
    index: u32,
    piece: String,
}

impl WrittenDelta {
    /// One event for each part that is written.
    pub fn deltas(&self) -> Vec<Delta> {
        let part = match self {
            WrittenDelta::Content(text) => return vec![Delta::content(text)],
            WrittenDelta::Part(part) => part,
        };
        let texts = [
            part.reasoning.as_deref().map(Delta::reasoning),
            part.content.as_deref().map(Delta::content),
            part.refusal.as_deref().map(Delta::refusal),
            part.tool.as_ref().map(|tool| Delta::tool(tool.index, &tool.id, &tool.name)),
            part.arguments.as_ref().map(|arguments| Delta::arguments(arguments.index, &arguments.piece)),
            part.data.as_deref().map(Delta::data),
            part.finish.as_deref().map(Delta::finish),
        ];
        texts.into_iter().flatten().map(|delta| delta.choice(part.choice)).collect()
    }
}
