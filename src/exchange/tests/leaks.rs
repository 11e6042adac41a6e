//! One table of what leaks elsewhere: every text of every API × every way in which a value can come in it. No part of a
//! value leaves, every other text leaves as it came, and no event is lost, merged or moved.

mod fields;

use super::*;
use crate::chunking;
use crate::protocol::framing::Framer;
use crate::protocol::framing::event_stream::{self, Data};
use base64::prelude::BASE64_STANDARD;
use fields::fields;

/// What must not leave, and the mask in its place.
const VALUES: &[(&str, &str, &str)] = &[
    ("card", "4111 1111 1111 1111", "[REDACTED:financial]"),
    ("card without spaces", "5500000000000004", "[REDACTED:financial]"),
    ("identity card", "S2740116C", "[REDACTED:pii.id]"),
    ("long e-mail", LONG_MAIL, "[REDACTED:pii.contact]"),
    ("AWS key", "AKIAQ3EGRLPBX7N2TVWM", "[REDACTED:secret]"),
    ("full-width digits", "４１１１ １１１１ １１１１ １１１１", "[REDACTED:financial]"),
    ("zero-width spaces", "4111\u{200b}1111\u{200b}1111\u{200b}1111", "[REDACTED:financial]"),
    ("full-width at", "jane.doe\u{ff20}example.com", "[REDACTED:pii.contact]"),
    ("JWT", JWT, "[REDACTED:secret]"),
    ("private key", PRIVATE_KEY, "[REDACTED:secret]"),
];

const LONG_MAIL: &str = "jane.doe.of.the.department.for.letters.and.long.names@mail.of.the.north.example.com";
const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImF1ZCI6Im5vYm9keSJ9.c2lnbmF0dXJlLW9mLW5vYm9keQ";
const PRIVATE_KEY: &str =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBzb2Z0bHkgbm90IGEga2V5IGF0\n-----END PRIVATE KEY-----";

type Event = (&'static str, Value);

/// A whole answer with a text, and where the text stands in it.
type Whole = (fn(&str) -> Value, &'static str);

#[derive(Clone, Copy, PartialEq)]
enum Wire {
    Sse,
    /// The elements of one array.
    Array,
    Lines,
    Frames(Data),
}

/// How an API answers.
#[derive(Clone, Copy)]
struct Answers {
    path: &'static str,
    request: fn() -> Value,
    wire: Wire,
    /// Before everything, and for each item.
    prologue: fn() -> Vec<Event>,
    begin: fn(u64) -> Vec<Event>,
    /// For each item, and behind everything.
    finish: fn(u64) -> Vec<Event>,
    epilogue: fn() -> Vec<Event>,
    tail: &'static str,
    /// Where an event says which item it is about.
    item: Option<&'static str>,
}

/// One text of an answer.
struct Field {
    name: &'static str,
    answers: Answers,
    /// Where it stands in an event.
    place: &'static str,
    delta: fn(u64, &str) -> Event,
    whole: Option<Whole>,
    /// The receiver puts it together; else each is complete in itself.
    joins: bool,
    /// It is JSON itself.
    is_json: bool,
}

fn encode(answers: &Answers, events: &[Event]) -> Vec<u8> {
    let lines = |before: &str, after: &str| {
        events.iter().map(|(_, event)| format!("{before}{event}{after}")).collect::<String>().into_bytes()
    };
    match answers.wire {
        Wire::Sse => {
            let event = |(kind, event): &Event| match *kind {
                "" => format!("data: {event}\n\n"),
                kind => format!("event: {kind}\ndata: {event}\n\n"),
            };
            events.iter().map(event).collect::<String>().into_bytes()
        }
        Wire::Array => {
            let events: Vec<String> = events.iter().map(|(_, event)| event.to_string()).collect();
            format!("[{}\n]", events.join(",\r\n")).into_bytes()
        }
        Wire::Lines => lines("", "\n"),
        Wire::Frames(data) => {
            let frame = |(kind, event): &Event| {
                let headers = [
                    (":event-type", *kind),
                    (":content-type", "application/json"),
                    (":message-type", "event"),
                ];
                let payload = match data {
                    Data::Payload => event.to_string(),
                    Data::Chunk => json!({ "bytes": BASE64_STANDARD.encode(event.to_string()) }).to_string(),
                };
                event_stream::write(&headers, payload.as_bytes())
            };
            events.iter().flat_map(frame).collect()
        }
    }
}

fn decode(answers: &Answers, sent: &[u8]) -> Vec<Value> {
    let text = || std::str::from_utf8(sent).unwrap();
    let parse = |data: &str| serde_json::from_str(data).unwrap();
    match answers.wire {
        Wire::Sse => {
            let data = text().lines().filter_map(|line| line.strip_prefix("data: "));
            data.filter(|data| *data != "[DONE]").map(parse).collect()
        }
        Wire::Array => serde_json::from_slice(sent).unwrap(),
        Wire::Lines => text().lines().map(parse).collect(),
        Wire::Frames(data) => {
            let mut framer = event_stream::Framer::new(1 << 20, data);
            framer.feed(sent);
            let mut events = Vec::new();
            while let Some(Ok(frame)) = framer.next_frame() {
                events.push(serde_json::from_slice(&frame.data().unwrap()).unwrap());
            }
            events
        }
    }
}

fn content_type(wire: Wire) -> &'static str {
    match wire {
        Wire::Sse => "text/event-stream",
        Wire::Array => "application/json",
        Wire::Lines => "application/x-ndjson",
        Wire::Frames(_) => "application/vnd.amazon.eventstream",
    }
}

/// What leaves of an answer that comes in these chunks.
fn leaves(peer: &mut Peer, answers: &Answers, kind: &str, chunks: &[&[u8]]) -> Vec<u8> {
    peer.renew();
    let body = (answers.request)().to_string();
    let head = [
        (":method", "POST"),
        (":path", answers.path),
        (":authority", "gate.example"),
        ("content-type", "application/json"),
        ("authorization", bearer()),
    ];
    assert_eq!(peer.request(&head, &[body.as_bytes()]).reason(), None, "{}", answers.path);
    match peer.response(&[(":status", "200"), ("content-type", kind)], chunks, End::Yes) {
        Outcome::Sent(bytes) => bytes,
        Outcome::Reply { status: 200, reason: None, body } => body,
        other => panic!("{other:?}"),
    }
}

/// Every character of every string as an escape.
fn escaped(json: &str) -> String {
    let (mut out, mut is_open, mut chars) = (String::new(), false, json.chars());
    while let Some(char) = chars.next() {
        match char {
            '"' => is_open = !is_open,
            '\\' => {
                out.push(char);
                out.extend(chars.next());
                continue;
            }
            _ if is_open => {
                let mut units = [0; 2];
                let units = char.encode_utf16(&mut units).iter();
                out.extend(units.map(|unit| format!("\\u{unit:04x}")));
                continue;
            }
            _ => {}
        }
        out.push(char);
    }
    out
}

/// The text of an item, as its receiver puts it together.
fn joined(field: &Field, events: &[Value], item: u64) -> String {
    let is_of = |event: &&Value| {
        field.answers.item.is_none_or(|place| event.pointer(place).and_then(Value::as_u64) == Some(item))
    };
    events.iter().filter(is_of).filter_map(|event| event.pointer(field.place)?.as_str()).collect()
}

/// The events without the text in question.
fn others(field: &Field, mut events: Vec<Value>) -> Vec<Value> {
    for event in &mut events {
        if let Some(text) = event.pointer_mut(field.place) {
            *text = json!("");
        }
    }
    events
}

/// A text with a value, as it comes and as it must leave.
struct Case<'v> {
    value: &'v str,
    comes: String,
    leaves: String,
}

impl Case<'_> {
    fn new<'v>(field: &Field, (_, value, mask): &(&str, &'v str, &str)) -> Case<'v> {
        let text = |value: &str| format!("Gr\u{fc}\u{df}e \u{1f600} from {value}, and so on.");
        let (comes, leaves) = (text(value), text(mask));
        match field.is_json {
            true => Case { value, comes: note(&comes), leaves: note(&leaves) },
            false => Case { value, comes, leaves },
        }
    }

    fn is_safe(&self, what: &str, text: &str) {
        assert_eq!(text, self.leaves, "{what}");
        let value: Vec<char> = self.value.chars().collect();
        for part in value.windows(6).map(|part| part.iter().collect::<String>()) {
            assert!(!text.contains(&part), "{what}: {part}");
        }
    }
}

/// The arguments of a call.
fn note(text: &str) -> String {
    json!({ "note": text, "n": 1 }).to_string()
}

fn gate_for_all() -> Peer {
    let route =
        json!({ "match": { "path": "/*" }, "allow": [{ "id": "all", "who": { "groups": ["support"] } }] });
    let response = json!({ "pii": "redact", "financial": "redact", "secret": "redact" });
    Peer::new(gate(route, json!({ "guards": { "standard": { "response": response } } })))
}

/// The deltas of a text, by so many characters.
fn deltas(field: &Field, item: u64, text: &str, size: usize) -> Vec<Event> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size).map(|piece| (field.delta)(item, &piece.iter().collect::<String>())).collect()
}

fn around(field: &Field, items: &[u64], deltas: Vec<Event>) -> Vec<Event> {
    let answers = &field.answers;
    let mut events = (answers.prologue)();
    items.iter().for_each(|item| events.extend((answers.begin)(*item)));
    events.extend(deltas);
    items.iter().for_each(|item| events.extend((answers.finish)(*item)));
    events.extend((answers.epilogue)());
    events
}

#[test]
fn whole_answers() {
    let mut peer = gate_for_all();
    for field in fields() {
        let Some((answer, place)) = field.whole else { continue };
        for value in VALUES {
            let case = Case::new(&field, value);
            let (came, left) = (answer(&case.comes), answer(&case.leaves));
            let mut run = |what: &str, body: &str| {
                let sent = leaves(&mut peer, &field.answers, "application/json", &[body.as_bytes()]);
                let sent: Value = serde_json::from_slice(&sent).unwrap();
                let what = format!("{}, {}, {what}", field.name, value.0);
                case.is_safe(&what, sent.pointer(place).and_then(Value::as_str).unwrap());
                assert_eq!(sent, left, "{what}");
            };
            run("as it is", &came.to_string());
            run("in escapes", &escaped(&came.to_string()));
        }
    }
}

#[test]
fn streams() {
    let mut peer = gate_for_all();
    for field in fields().into_iter().filter(|field| !field.answers.path.ends_with(":generateContent")) {
        for value in VALUES {
            let case = Case::new(&field, value);
            let mut run = |what: &str, events: &[Event], body: &[u8], chunk: usize| {
                let what = format!("{}, {}, {what}", field.name, value.0);
                let chunks = chunking::fixed(body, chunk);
                let sent = leaves(&mut peer, &field.answers, content_type(field.answers.wire), &chunks);
                let sent = decode(&field.answers, &sent);
                case.is_safe(&what, &joined(&field, &sent, 0));
                let came: Vec<Value> = events.iter().map(|(_, event)| event.clone()).collect();
                assert_eq!(others(&field, sent), others(&field, came), "{what}");
            };
            let whole = usize::MAX;
            for size in if field.joins { vec![1, 3, whole] } else { vec![whole] } {
                let events = around(&field, &[0], deltas(&field, 0, &case.comes, size));
                let mut body = encode(&field.answers, &events);
                body.extend_from_slice(field.answers.tail.as_bytes());
                run(&format!("deltas of {size}"), &events, &body, whole);
                if size > 1 && field.joins {
                    continue;
                }
                run(&format!("deltas of {size}, cut"), &events, &body, 7);
                if field.answers.wire == Wire::Sse {
                    let text = String::from_utf8(body).unwrap();
                    run("CRLF", &events, text.replace('\n', "\r\n").as_bytes(), 11);
                    let in_escapes = |line: &str| match line.strip_prefix("data: {") {
                        Some(json) => format!("data: {}\n", escaped(&format!("{{{json}"))),
                        None => format!("{line}\n"),
                    };
                    run(
                        "in escapes",
                        &events,
                        text.lines().map(in_escapes).collect::<String>().as_bytes(),
                        13,
                    );
                }
                let mut unfinished = (field.answers.prologue)();
                unfinished.extend((field.answers.begin)(0));
                unfinished.extend(deltas(&field, 0, &case.comes, size));
                let body = encode(&field.answers, &unfinished);
                run("without an end", &unfinished, &body, whole);
            }
        }
    }
}

#[test]
fn items_that_alternate() {
    let mut peer = gate_for_all();
    for field in fields().into_iter().filter(|field| field.joins && field.answers.item.is_some()) {
        for (first, second) in VALUES.iter().zip(VALUES.iter().cycle().skip(1)) {
            let cases = [Case::new(&field, first), Case::new(&field, second)];
            let mut texts =
                [0, 1].map(|item| deltas(&field, item, &cases[item as usize].comes, 1).into_iter());
            let mut alternating = Vec::new();
            loop {
                let [one, other] = &mut texts;
                let (one, other) = (one.next(), other.next());
                if one.is_none() && other.is_none() {
                    break;
                }
                alternating.extend(one.into_iter().chain(other));
            }
            let events = around(&field, &[0, 1], alternating);
            let body = [&encode(&field.answers, &events)[..], field.answers.tail.as_bytes()].concat();
            let sent = leaves(&mut peer, &field.answers, content_type(field.answers.wire), &[&body]);
            let sent = decode(&field.answers, &sent);
            for (item, case) in cases.iter().enumerate() {
                let what = format!("{}, {} in {item}", field.name, case.value);
                case.is_safe(&what, &joined(&field, &sent, item as u64));
            }
            let came: Vec<Value> = events.into_iter().map(|(_, event)| event).collect();
            assert_eq!(others(&field, sent), others(&field, came), "{}", field.name);
        }
    }
}

#[test]
fn escapes_in_arguments_that_are_json_in_json() {
    let mut peer = gate_for_all();
    for field in fields().into_iter().filter(|field| field.is_json) {
        for value in VALUES {
            let case = Case::new(&field, value);
            let comes = escaped(&case.comes);
            let is_safe = |what: &str, arguments: &str| {
                let what = format!("{}, {}, {what}", field.name, value.0);
                let read: Value = serde_json::from_str(arguments).unwrap();
                assert_eq!(read, serde_json::from_str::<Value>(&case.leaves).unwrap(), "{what}");
            };
            for size in [1, 4, usize::MAX] {
                let events = around(&field, &[0], deltas(&field, 0, &comes, size));
                let body = [&encode(&field.answers, &events)[..], field.answers.tail.as_bytes()].concat();
                let sent = leaves(&mut peer, &field.answers, content_type(field.answers.wire), &[&body]);
                is_safe(&format!("deltas of {size}"), &joined(&field, &decode(&field.answers, &sent), 0));
            }
            if let Some((answer, place)) = field.whole {
                let body = answer(&comes).to_string();
                let sent = leaves(&mut peer, &field.answers, "application/json", &[body.as_bytes()]);
                let sent: Value = serde_json::from_slice(&sent).unwrap();
                is_safe("whole", sent.pointer(place).and_then(Value::as_str).unwrap());
            }
        }
    }
}
