use proptest::prelude::*;

use super::*;
use crate::corpus;
use crate::protocol::json::{Document, Limits};

const MAX: usize = 1 << 20;

/// What a stream gives, fed in chunks: events, whether one was too long, and the rest.
fn frame<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, max: usize) -> (Vec<Event>, bool, Option<Event>) {
    let mut framer = Framer::new(max);
    let mut events = Vec::new();
    let mut too_long = false;
    for chunk in chunks {
        framer.feed(chunk);
        for event in framer.by_ref() {
            match event {
                Ok(event) => events.push(event),
                Err(TooLong) => too_long = true,
            }
        }
    }
    let rest = framer.finish();
    (events, too_long, rest)
}

/// The events of a stream and its rest, which is the last when there is one.
fn events(stream: &[u8]) -> Vec<Event> {
    let (mut events, _, rest) = frame([stream], MAX);
    events.extend(rest);
    events
}

/// One event from its text, complete.
fn event(text: &str) -> Event {
    events(text.as_bytes()).remove(0)
}

fn raws(stream: &str) -> Vec<String> {
    events(stream.as_bytes()).into_iter().map(|event| String::from_utf8(event.into_raw()).unwrap()).collect()
}

#[test]
fn cuts_after_blank_lines_and_keeps_every_byte() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("nothing", "", &[]),
        ("LF", "data:1\n\ndata:2\n\n", &["data:1\n\n", "data:2\n\n"]),
        ("CR", "data:1\r\rdata:2\r\r", &["data:1\r\r", "data:2\r\r"]),
        (
            "CRLF: its last LF is an event of its own",
            "data:1\r\n\r\ndata:2\r\n\r\n",
            &["data:1\r\n\r", "\n", "data:2\r\n\r", "\n"],
        ),
        ("LF CRLF", "data:1\n\r\ndata:2\n\r\n", &["data:1\n\r", "\n", "data:2\n\r", "\n"]),
        ("CRLF LF", "data:1\r\n\ndata:2", &["data:1\r\n\n", "data:2"]),
        ("CRLF CR", "data:1\r\n\rdata:2", &["data:1\r\n\r", "data:2"]),
        ("LF CR is two line ends", "data:1\n\rdata:2", &["data:1\n\r", "data:2"]),
        ("CR LF LF", "data:1\r\r\n\ndata:2", &["data:1\r\r", "\n", "\n", "data:2"]),
        ("blank lines alone", "\n\n\r\n\r\n", &["\n", "\n", "\r", "\n", "\r", "\n"]),
        ("comments", ": ping\n\n: ping\n\n", &[": ping\n\n", ": ping\n\n"]),
        ("comment inside", ": ping\ndata:1\n\n", &[": ping\ndata:1\n\n"]),
        ("byte order mark", "\u{feff}data:1\n\n", &["\u{feff}data:1\n\n"]),
        ("byte order mark and blank line", "\u{feff}\ndata:1\n\n", &["\u{feff}\n", "data:1\n\n"]),
        ("two byte order marks", "\u{feff}\u{feff}\ndata:1\n\n", &["\u{feff}\u{feff}\ndata:1\n\n"]),
        ("byte order mark later", "\n\u{feff}\ndata:1\n\n", &["\n", "\u{feff}\ndata:1\n\n"]),
        ("no line end", "data:1", &["data:1"]),
        ("no blank line", "data:1\n", &["data:1\n"]),
        ("other line separators", "data:1\u{2028}\u{85}\x0b\x0c\n\n", &["data:1\u{2028}\u{85}\x0b\x0c\n\n"]),
    ];
    for (name, stream, expected) in rows {
        assert_eq!(raws(stream), *expected, "{name}");
    }
}

#[test]
fn a_blank_line_ends_its_event_at_once() {
    for (name, stream) in [("CR", "data:1\r\r"), ("CRLF", "data:1\r\n\r"), ("LF", "data:1\n\n")] {
        let mut framer = Framer::new(MAX);
        framer.feed(stream.as_bytes());
        assert_eq!(framer.next().unwrap().unwrap().raw(), stream.as_bytes(), "{name}");
        assert_eq!(framer.next(), None, "{name}");
        assert_eq!(framer.finish(), None, "{name}");
    }
}

/// Receivers that hold a CR back until they know what follows would else see each event with the next one.
#[test]
fn the_last_lf_does_not_wait_for_the_next_event() {
    let stream = "data:1\r\n\r\n";
    let mut framer = Framer::new(MAX);
    framer.feed(stream.as_bytes());
    let come: Vec<u8> = framer.by_ref().flat_map(|event| event.unwrap().into_raw()).collect();
    assert_eq!(come, stream.as_bytes());
    assert_eq!(framer.finish(), None);
}

#[test]
fn locates_fields() {
    // name, event, data lines, type, id, retry
    type Row<'a> = (&'a str, &'a str, &'a [&'a str], Option<&'a str>, Option<&'a str>, Option<&'a str>);
    let rows: &[Row<'_>] = &[
        ("all", "event: a\nid: 1\nretry: 20\ndata: x\n\n", &["x"], Some("a"), Some("1"), Some("20")),
        ("no space", "event:a\nid:1\nretry:20\ndata:x\n\n", &["x"], Some("a"), Some("1"), Some("20")),
        ("one space is taken", "event:  a\ndata:  x \n\n", &[" x "], Some(" a"), None, None),
        ("a tab is not", "data:\tx\n\n", &["\tx"], None, None, None),
        ("no colon", "event\ndata\nid\nretry\n\n", &[""], None, Some(""), None),
        ("empty values", "event:\ndata: \nid:\nretry:\n\n", &[""], None, Some(""), None),
        ("colons in the value", "data: a: b:c\n\n", &["a: b:c"], None, None, None),
        ("many lines", "data: a\ndata\ndata:b\n\n", &["a", "", "b"], None, None, None),
        (
            "the last one counts",
            "event:a\nid:1\nretry:1\nevent:b\nid:2\nretry:2\n\n",
            &[],
            Some("b"),
            Some("2"),
            Some("2"),
        ),
        ("an empty type resets", "event:a\nevent:\n\n", &[], None, None, None),
        ("NUL in id", "id:1\nid:2\x003\ndata:\0\n\n", &["\0"], None, Some("1"), None),
        ("retry is digits", "retry:1\nretry:2x\nretry:-3\nretry: \n\n", &[], None, None, Some("1")),
        ("comments and unknown fields", ":data:x\n data:x\nDATA:x\ndatax:x\n: y\n\n", &[], None, None, None),
        ("CR and CRLF", "data:a\rdata:b\r\ndata:c\n\r", &["a", "b", "c"], None, None, None),
        ("byte order mark", "\u{feff}data:\u{feff}x\n\n", &["\u{feff}x"], None, None, None),
        ("rest", "event:a\ndata:x\ndata:y", &["x", "y"], Some("a"), None, None),
    ];
    for (name, text, data, kind, id, retry) in rows {
        let event = event(text);
        let at = |span: Range<usize>| str::from_utf8(&event.raw()[span]).unwrap();
        assert_eq!(event.data_spans().map(at).collect::<Vec<_>>(), *data, "{name}");
        assert_eq!(event.data_bytes(), data.join("\n").as_bytes(), "{name}");
        assert_eq!(event.has_data(), !data.is_empty(), "{name}");
        assert_eq!(event.kind(), kind.map(str::as_bytes), "{name}");
        assert_eq!(event.kind_span().map(at).filter(|kind| !kind.is_empty()), *kind, "{name}");
        assert_eq!(event.id(), id.map(str::as_bytes), "{name}");
        assert_eq!(event.id_span().map(at), *id, "{name}");
        assert_eq!(event.retry_span().map(at), *retry, "{name}");
    }
}

#[test]
fn one_data_line_is_borrowed() {
    let event = event("data:x\n\n");
    assert!(matches!(event.data_bytes(), Cow::Borrowed(b"x")));
}

#[test]
fn data_offsets_map_to_raw() {
    let event = event(": c\ndata: ab\nid: 1\r\ndata\ndata:c\n\n");
    assert_eq!(event.data_bytes(), &b"ab\n\nc"[..]);
    let raw = event.raw();
    let at: Vec<_> = (0..7).map(|offset| event.data_offset_to_raw(offset)).collect();
    assert_eq!(at, [Some(10), Some(11), Some(12), Some(24), Some(30), Some(31), None]);
    for (offset, byte) in event.data_bytes().iter().enumerate() {
        assert_eq!(raw[at[offset].unwrap()], *byte, "{offset}");
    }
    let spans: Vec<_> = event.data_spans().collect();
    assert_eq!(spans, [10..12, 24..24, 30..31]);
}

#[test]
fn without_data_there_is_no_offset() {
    assert_eq!(event(": ping\n\n").data_offset_to_raw(0), None);
}

#[test]
fn the_rest_can_be_scanned_but_is_not_dispatched() {
    let (events, _, rest) = frame([&b"data:1\n\ndata:{\"secr"[..]], MAX);
    let rest = rest.unwrap();
    assert_eq!(events.len(), 1);
    assert!(events[0].is_complete() && !rest.is_complete());
    assert_eq!(rest.data_bytes(), &b"{\"secr"[..]);
    assert_eq!(rest.dispatched(), None);
}

#[test]
fn the_bound_is_exact_and_final() {
    let stream = b"data:1\n\ndata:22\n\ndata:3\n\n";
    for size in 1..stream.len() {
        let (events, too_long, rest) = frame(stream.chunks(size), 9);
        assert_eq!((events.len(), too_long, rest), (3, false, None), "chunks of {size}");
        let (events, too_long, rest) = frame(stream.chunks(size), 8);
        assert_eq!((events.len(), too_long), (1, true), "chunks of {size}");
        // What was held when the bound was met is still there; what came later is not.
        let rest = rest.unwrap().into_raw();
        assert!(rest.len() > 8 && stream[8..].starts_with(&rest), "chunks of {size}");
    }
}

#[test]
fn a_closed_framer_drops_what_it_is_fed() {
    let mut framer = Framer::new(3);
    framer.feed(b"data:1\n\n");
    assert_eq!(framer.next(), Some(Err(TooLong)));
    framer.feed(b"\n\n");
    assert_eq!(framer.next(), None);
    assert_eq!(framer.finish().unwrap().raw(), b"data:1\n\n");
    assert_eq!((framer.next(), framer.finish()), (None, None));
}

#[test]
fn one_endless_line_is_examined_once() {
    let mut framer = Framer::new(MAX);
    for _ in 0..300_000 {
        framer.feed(b"x");
        assert_eq!(framer.next(), None);
    }
    assert!(framer.work <= 2 * 300_000, "{}", framer.work);
}

#[test]
fn a_million_events_are_examined_once() {
    for size in [1, 1000, usize::MAX] {
        let stream = b"a\n\n".repeat(1_000_000 / 3);
        let mut framer = Framer::new(MAX);
        let mut events = 0;
        for chunk in stream.chunks(size.min(stream.len())) {
            framer.feed(chunk);
            events += framer.by_ref().count();
        }
        assert_eq!(events, 1_000_000 / 3, "chunks of {size}");
        assert!(framer.work <= 3 * stream.len(), "chunks of {size}: {}", framer.work);
    }
}

#[test]
fn events_that_pile_up_are_moved_rarely() {
    let mut framer = Framer::new(MAX);
    let mut fed = 0;
    for _ in 0..20_000 {
        framer.feed(b"a\n\nb\n\nc");
        fed += 7;
        assert!(framer.next().unwrap().is_ok());
    }
    assert!(framer.work <= 3 * fed, "{}", framer.work);
}

#[test]
fn debug_output_holds_no_text() {
    let mut framer = Framer::new(MAX);
    framer.feed(b"event: hunter2\ndata: hunter2\n\ndata: hunter2");
    let event = framer.next().unwrap().unwrap();
    for output in [format!("{framer:?}"), format!("{event:?}"), format!("{:?}", event.dispatched())] {
        assert!(!output.contains("hunter2") && !output.contains("104, 117"), "{output}");
    }
}

/// Streams of everything that framing knows, in any order.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<&[u8]> = vec![
        b"\n",
        b"\n",
        b"\r",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\r\n\r\n",
        b"\xEF\xBB\xBF",
        b"data",
        b"data:",
        b"data: ",
        b"event:",
        b"id: ",
        b"retry:3",
        b":",
        b" ",
        b"\0",
        b"x",
        "{\"é\":\"😀\"}".as_bytes(),
        b"\xFF",
        b"0123456789abcdefghij",
    ];
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.concat())
}

/// Cuts `bytes` at any places, also twice at the same.
fn split<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.sort_unstable();
    let starts = [0].into_iter().chain(cuts.clone());
    starts.zip(cuts.iter().copied().chain([bytes.len()])).map(|(start, end)| &bytes[start..end]).collect()
}

/// The events that WHATWG's algorithm dispatches, line by line and without any ranges.
fn reference(stream: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let stream = stream.strip_prefix(BOM).unwrap_or(stream);
    let mut text = Vec::new();
    for (at, &byte) in stream.iter().enumerate() {
        match byte {
            b'\n' if at > 0 && stream[at - 1] == b'\r' => {}
            b'\r' => text.push(b'\n'),
            _ => text.push(byte),
        }
    }
    let mut dispatched = Vec::new();
    let (mut kind, mut data) = (Vec::new(), Vec::new());
    let mut lines: Vec<_> = text.split(|&byte| byte == b'\n').collect();
    lines.pop();
    for line in lines {
        if line.is_empty() {
            let kind = mem::take(&mut kind);
            let mut data = mem::take(&mut data);
            if data.pop().is_some() {
                dispatched.push((if kind.is_empty() { b"message".to_vec() } else { kind }, data));
            }
            continue;
        }
        let mut parts = line.splitn(2, |&byte| byte == b':');
        let name = parts.next().unwrap();
        let value = parts.next().unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"event" => kind = value.to_vec(),
            b"data" => data.extend(value.iter().chain(b"\n")),
            _ => {}
        }
    }
    dispatched
}

proptest! {
    #[test]
    fn any_split_gives_the_same_events(stream in stream(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let (events, _, rest) = frame([&stream[..]], MAX);
        prop_assert_eq!(&frame(split(&stream, &cuts), MAX), &(events.clone(), false, rest.clone()));
        prop_assert_eq!(&frame(stream.chunks(1), MAX), &(events.clone(), false, rest.clone()));
        let joined: Vec<_> = events.iter().chain(&rest).flat_map(|event| event.raw().to_vec()).collect();
        prop_assert_eq!(joined, stream);
    }

    #[test]
    fn any_split_meets_the_bound_at_the_same_event(stream in stream(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12), max in 0..30usize) {
        let (events, too_long, _) = frame([&stream[..]], max);
        prop_assert!(events.iter().all(|event| event.raw().len() <= max));
        let (again, too_long_again, _) = frame(split(&stream, &cuts), max);
        prop_assert_eq!((events, too_long), (again, too_long_again));
    }

    #[test]
    fn dispatches_what_the_standard_says(stream in stream()) {
        let (events, _, _) = frame([&stream[..]], MAX);
        let found: Vec<_> = events.iter().filter_map(Event::dispatched).map(|d| (d.kind.to_vec(), d.data.into_owned())).collect();
        prop_assert_eq!(found, reference(&stream));
    }

    #[test]
    fn every_data_byte_is_found_in_raw(stream in stream()) {
        for event in events(&stream) {
            let data = event.data_bytes();
            for (offset, &byte) in data.iter().enumerate() {
                let at = event.data_offset_to_raw(offset).unwrap();
                let ends_line = event.data_spans().any(|span| span.end == at);
                prop_assert!(event.raw()[at..].first() == Some(&byte) || byte == b'\n' && ends_line);
            }
            prop_assert_eq!(event.data_offset_to_raw(data.len()), event.data_spans().last().map(|span| span.end));
            prop_assert_eq!(event.data_offset_to_raw(data.len() + 1), None);
        }
    }
}

#[test]
fn corpus_sse_conformance() {
    let Some(rows) = corpus::rows("sse_conformance") else {
        return;
    };
    let mut runs = 0;
    for row in &rows {
        let bytes = corpus::bytes(row);
        let own_chunks: Option<Vec<_>> = row["chunks_b64"].as_array().map(|chunks| {
            chunks.iter().map(|chunk| corpus::bytes(&serde_json::json!({ "b64": chunk }))).collect()
        });
        let mut splits: Vec<Vec<&[u8]>> =
            [bytes.len().max(1), 1, 2, 3].map(|size| bytes.chunks(size).collect()).into();
        splits.extend(own_chunks.as_ref().map(|chunks| chunks.iter().map(Vec::as_slice).collect()));
        for chunks in splits {
            assert_dispatches(row, chunks);
            runs += 1;
        }
    }
    println!("sse_conformance: {} rows, {runs} runs", rows.len());
}

fn assert_dispatches(row: &serde_json::Value, chunks: Vec<&[u8]>) {
    let id = &row["id"];
    let expected = row["expected"].as_array().unwrap();
    let mut last_id = String::new();
    let mut found = 0;
    for event in frame(chunks, MAX).0 {
        if let Some(id) = event.id() {
            last_id = String::from_utf8(id.to_vec()).unwrap();
        }
        let Some(dispatched) = event.dispatched() else {
            continue;
        };
        let expected = expected.get(found).unwrap_or_else(|| panic!("{id}: too many events"));
        found += 1;
        assert_eq!(
            str::from_utf8(dispatched.kind).unwrap(),
            expected["type"].as_str().unwrap_or("message"),
            "{id}"
        );
        assert_eq!(str::from_utf8(&dispatched.data).unwrap(), expected["data"].as_str().unwrap(), "{id}");
        assert_eq!(last_id, expected["id"].as_str().unwrap_or_default(), "{id}");
    }
    assert_eq!(found, expected.len(), "{id}");
}

#[test]
fn corpus_streams_recorded() {
    let (mut streams, mut count, mut texts) = (0, 0, 0);
    for row in corpus::rows("streams_recorded").unwrap_or_default() {
        let bytes = corpus::bytes(&row);
        let whole = frame([&bytes[..]], MAX);
        assert_eq!(frame(bytes.chunks(7), MAX), whole, "{}", row["id"]);
        let joined: Vec<_> = whole.0.iter().chain(&whole.2).flat_map(|event| event.raw().to_vec()).collect();
        assert_eq!(joined, bytes, "{}", row["id"]);
        streams += usize::from(whole.0.iter().any(Event::has_data));
        count += whole.0.len();
        for data in whole.0.iter().map(Event::data_bytes).filter(|data| data.starts_with(b"{")) {
            // Not every recording is JSON: one row has lost a bracket.
            let expected = serde_json::from_slice::<serde::de::IgnoredAny>(&data).is_ok();
            assert_eq!(Document::parse(&data, Limits::default()).is_ok(), expected, "{}", row["id"]);
            texts += 1;
        }
    }
    println!("streams_recorded: {streams} streams of events, {count} events, {texts} JSON texts");
}
