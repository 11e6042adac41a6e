//! What is known of a frame because it is like one before it is what reading it says.

use crate::corpus;
use crate::fuzzing::reader::agree;
use crate::protocol::recognise;

const SSE: &str = "text/event-stream";

/// How many of the frames were known.
fn known(path: &str, content_type: &str, stream: &str) -> usize {
    agree(recognise("POST", path).unwrap().dialect, content_type, stream.as_bytes())
}

fn events(data: impl IntoIterator<Item = String>) -> String {
    data.into_iter().map(|data| format!("data: {data}\n\n")).collect()
}

fn chat(members: &str) -> String {
    format!(
        r#"{{"id":"c1","object":"chat.completion.chunk","created":17,"model":"m","choices":[{members}]}}"#
    )
}

fn delta(choice: u32, text: &str) -> String {
    chat(&format!(r#"{{"index":{choice},"delta":{{"content":"{text}"}},"finish_reason":null}}"#))
}

#[test]
fn deltas_of_every_dialect_are_known_once_one_was_read() {
    let words = ["one", " two", " \\u0033", " f\u{f6}ur", " five", " \\\"six\\\""];
    let count = words.len() - 2;
    // The first event of all may begin with a byte order mark, so it stands for no other; the second is the one that is read.
    assert_eq!(known("/v1/chat/completions", SSE, &events(words.map(|word| delta(0, word)))), count);

    let numbered = words.iter().enumerate().map(|(number, word)| {
        format!(
            r#"{{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"{word}","obfuscation":"x{number}","sequence_number":{number}}}"#
        )
    });
    assert_eq!(known("/v1/responses", SSE, &events(numbered)), count);

    let blocks = words.map(|word| {
        format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"{word}\"}}}}\n\n"
        )
    });
    assert_eq!(known("/v1/messages", SSE, &blocks.concat()), count);

    let parts = words.iter().enumerate().map(|(number, word)| {
        format!(
            r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{word}"}}],"role":"model"}},"index":0}}],"usageMetadata":{{"candidatesTokenCount":1{number}}},"modelVersion":"m"}}"#
        )
    });
    let path = "/v1beta/models/m:streamGenerateContent";
    assert_eq!(known(path, SSE, &events(parts.clone())), count);
    assert!(known(path, "application/json", &format!("[{}]", parts.collect::<Vec<_>>().join(",\n"))) > 0);

    let lines = words.iter().enumerate().map(|(number, word)| {
        format!(
            "{{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:0{number}Z\",\"message\":{{\"role\":\"assistant\",\"content\":\"{word}\"}},\"done\":false}}\n"
        )
    });
    assert_eq!(known("/api/chat", "application/x-ndjson", &lines.collect::<String>()), words.len() - 1);
}

#[test]
fn two_choices_that_take_turns_are_both_known() {
    let turns = (0..12).map(|number| delta(number % 2, &format!("w{number}")));
    assert_eq!(known("/v1/chat/completions", SSE, &events(turns)), 12 - 3);
}

#[test]
fn the_arguments_of_a_tool_call_are_known() {
    let piece = |text: &str| {
        chat(&format!(
            r#"{{"index":0,"delta":{{"tool_calls":[{{"index":0,"function":{{"arguments":"{text}"}}}}]}},"finish_reason":null}}"#
        ))
    };
    let pieces = ["{\\\"a\\\":", "1", "2", "3", "}"].map(piece);
    assert_eq!(known("/v1/chat/completions", SSE, &events(pieces)), 3);
}

#[test]
fn what_is_not_alike_is_read_anew() {
    let first = delta(0, "one");
    let others = [
        first.replace("\"index\":0", "\"index\":1"),
        first.replace("\"index\":0", "\"index\":0.0"),
        first.replace("null", "\"stop\""),
        first.replace("\"content\"", "\"refusal\""),
        first.replace("one", ""),
        first.replace("one", "a\"b"),
        first.replace("one", "a\\qb"),
        first.replace("one", "a\u{1}b"),
        first.replace("\"one\"", "1"),
        first.replace(":17,", ":017,"),
        first.replace(":17,", ":1.5,"),
        first.replace(":17,", ":99999999999999999999,"),
        first.replace("\"c1\"", "\"\\ud800\""),
        first.replace("\"m\"", "\"m\",\"model\":\"n\""),
        first.replace("\"m\"", "\"other\""),
        first.replace("{\"id\"", " {\"id\""),
        format!("{first} "),
        format!("{first}\ndata: "),
        format!("{first}\nevent: other"),
        first[..first.len() - 1].to_owned(),
        "[DONE]".to_owned(),
    ];
    for other in &others {
        // The reader that remembers and the one that does not are compared inside, whatever comes of it.
        known(
            "/v1/chat/completions",
            SSE,
            &events([&first, &first, other, &first, other].map(String::clone)),
        );
    }
}

#[test]
fn a_byte_order_mark_is_one_in_the_first_event_only() {
    let delta = delta(0, "one");
    let marked = |data: &str| format!("\u{feff}data: {data}\n\n");
    let stream = marked(&delta) + &marked(&delta) + &events([delta.clone(), delta]);
    known("/v1/chat/completions", SSE, &stream);
}

#[test]
fn recorded_streams_are_read_alike() {
    let Some(rows) = corpus::rows("streams_recorded") else { return };
    let (mut streams, mut count) = (0, 0);
    for row in rows.iter().filter(|row| row["label"] == "sse") {
        let body = corpus::bytes(row);
        for path in [
            "/v1/chat/completions",
            "/v1/completions",
            "/v1/responses",
            "/v1/messages",
            "/v1beta/models/m:streamGenerateContent",
            "/mcp",
        ] {
            let left_out = agree(recognise("POST", path).unwrap().dialect, SSE, &body);
            streams += usize::from(left_out > 0);
            count += left_out;
        }
    }
    println!("streams_recorded: {count} events known in {streams} readings");
    assert!(streams > 50 && count > 1000);
}
