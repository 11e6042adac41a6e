use super::*;
use crate::chunking;
use crate::protocol::framing::Framer as _;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A frame as it was read: kind, data, content, original.
type Read = (Option<String>, Option<Vec<u8>>, Vec<u8>, Vec<u8>);

fn cut(chunks: &[&[u8]], limit: usize, data: Data) -> (Vec<Read>, Option<Unframed>) {
    let mut framer = Framer::new(limit, data);
    let (mut frames, mut error) = (Vec::new(), None);
    for chunk in chunks {
        framer.feed(chunk);
        while let Some(frame) = framer.next_frame() {
            match frame {
                Ok(frame) => {
                    let (kind, data) =
                        (frame.kind().map(str::to_owned), frame.data().map(|data| data.to_vec()));
                    let (content, envelope) = frame.into_bytes();
                    frames.push((kind, data, content, envelope.unwrap().original));
                }
                Err(unframed) => error = Some(unframed),
            }
        }
    }
    assert!(framer.finish().is_none());
    (frames, error)
}

fn event(kind: &str, payload: &str) -> Vec<u8> {
    let headers = [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
    write(&headers, payload.as_bytes())
}

fn chunk_of(inner: &str) -> Vec<u8> {
    event("chunk", &format!("{{\"bytes\":\"{}\",\"p\":\"abc\"}}", BASE64_STANDARD.encode(inner)))
}

/// From the specification's test vectors (`empty_message` and `payload_no_headers`).
#[test]
fn frames_of_the_specification_are_read_and_written() {
    let empty = [0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
    assert_eq!(write(&[], b""), empty);
    let payload = b"{'foo':'bar'}";
    let mut frame = vec![0, 0, 0, 0x1d, 0, 0, 0, 0, 0xfd, 0x52, 0x8c, 0x5a];
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&[0xc3, 0x65, 0x39, 0x36]);
    assert_eq!(write(&[], payload), frame);
    let body = [&empty[..], &frame].concat();
    for chunks in chunking::every_way(&body) {
        let (frames, error) = cut(&chunks, 100, Data::Payload);
        assert_eq!(error, None);
        assert_eq!(frames[0], (None, None, Vec::new(), empty.to_vec()));
        assert_eq!(frames[1], (None, Some(payload.to_vec()), payload.to_vec(), frame.clone()));
    }
}

#[test]
fn every_change_of_one_byte_is_malformed_or_too_long() {
    let body = [event("contentBlockDelta", "{\"delta\":{\"text\":\"x\"}}"), chunk_of("{}")].concat();
    assert_eq!(cut(&[&body], 1 << 20, Data::Chunk).0.len(), 2);
    for at in 0..body.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bad = body.clone();
            bad[at] ^= flip;
            let whole = cut(&[&bad], 1 << 20, Data::Chunk);
            assert_eq!(whole.1, Some(Unframed::Malformed), "byte {at}");
            assert!(whole.0.len() < 2);
            assert_eq!(cut(&chunking::fixed(&bad, 1), 1 << 20, Data::Chunk), whole);
        }
    }
}

#[test]
fn a_frame_that_is_cut_short_never_comes_out() {
    let frame = event("messageStop", "{\"stopReason\":\"end_turn\"}");
    for end in 0..frame.len() {
        assert_eq!(cut(&[&frame[..end]], 1000, Data::Payload), (Vec::new(), None), "{end} bytes");
    }
}

/// A prelude with a right sum, and nothing behind it.
fn prelude(total: u32, headers: u32) -> Vec<u8> {
    let mut bytes = [total.to_be_bytes(), headers.to_be_bytes()].concat();
    bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
    bytes
}

#[test]
fn claimed_lengths_cost_nothing() {
    for (name, total, headers, expected) in [
        ("the largest", u32::MAX, 0, Unframed::TooLong),
        ("one more than the bound", 1001, 0, Unframed::TooLong),
        ("none", 0, 0, Unframed::Malformed),
        ("shorter than what every frame has", 15, 0, Unframed::Malformed),
        ("headers longer than the frame", 100, 85, Unframed::Malformed),
        ("the longest headers", 100, u32::MAX, Unframed::Malformed),
        ("both the largest", u32::MAX, u32::MAX, Unframed::Malformed),
    ] {
        let bytes = prelude(total, headers);
        for chunks in chunking::every_way(&bytes) {
            assert_eq!(cut(&chunks, 1000, Data::Payload), (Vec::new(), Some(expected)), "{name}");
        }
    }
    let mut framer = Framer::new(usize::MAX, Data::Payload);
    framer.feed(&prelude(u32::MAX, 0));
    assert!(framer.next_frame().is_none());
    assert!(framer.buffer.capacity() < 100, "held: {}", framer.buffer.capacity());
}

#[test]
fn headers_that_two_readers_would_read_differently_are_malformed() {
    let header = |name: &[u8], kind: u8, value: &[u8]| {
        [&[name.len() as u8][..], name, &[kind], &(value.len() as u16).to_be_bytes(), value].concat()
    };
    let twice = [header(b"a", STRING, b"x"), header(b"a", STRING, b"y")].concat();
    for (name, block) in [
        ("the same name twice", twice),
        ("no name", header(b"", STRING, b"x")),
        ("an unknown type", vec![1, b'a', 10]),
        ("a value longer than the block", vec![1, b'a', STRING, 0, 200, b'x']),
        ("a type without its value", vec![1, b'a', 4, 0]),
        ("a name without a type", vec![1, b'a']),
        ("a name longer than the block", vec![200, b'a']),
        ("a NUL in a text", header(b"a", STRING, b"x\0y")),
    ] {
        let found = cut(&[&assemble(&block, b"{}")], 1000, Data::Payload);
        assert_eq!(found, (Vec::new(), Some(Unframed::Malformed)), "{name}");
    }
    let every = [
        vec![1, b'a', 0, 1, b'b', 1, 1, b'c', 2, 9, 1, b'd', 3, 9, 9, 1, b'e', 4, 9, 9, 9, 9],
        vec![1, b'f', 5, 1, 2, 3, 4, 5, 6, 7, 8, 1, b'g', 8, 1, 2, 3, 4, 5, 6, 7, 8],
        [&[1, b'h', 9][..], &[7; 16]].concat(),
        header(b"i", BYTES, b"123"),
        header(b"j", STRING, b"4111 1111"),
    ]
    .concat();
    let frame = assemble(&every, b"{}");
    let (frames, error) = cut(&[&frame], 1000, Data::Payload);
    assert_eq!((error, &frames[0].2[..]), (None, &b"{}\x00123\x004111 1111"[..]));
    assert_eq!(seal_payload(&frame, &frames[0].2), frame, "sealed as it was, it is what it was");
    let sealed = seal_payload(&frame, b"{\"a\":1}\x00[MASK]\x00x");
    let (frames, error) = cut(&[&sealed], 1000, Data::Payload);
    assert_eq!((error, &frames[0].2[..]), (None, &b"{\"a\":1}\0[MASK]"[..]));
}

#[test]
fn the_kind_is_the_events_or_the_exceptions() {
    let frame = |headers: &[(&str, &str)]| cut(&[&write(headers, b"{}")], 1000, Data::Chunk).0[0].0.clone();
    let (event, exception) = ((":message-type", "event"), (":message-type", "exception"));
    assert_eq!(frame(&[(":event-type", "chunk"), event]).as_deref(), Some("chunk"));
    assert_eq!(frame(&[(":event-type", "chunk")]).as_deref(), Some("chunk"));
    assert_eq!(
        frame(&[(":exception-type", "throttlingException"), exception]).as_deref(),
        Some("throttlingException")
    );
    assert_eq!(frame(&[(":error-code", "Gone"), (":message-type", "error")]).as_deref(), Some("Gone"));
    assert_eq!(frame(&[]), None);
}

#[test]
fn a_chunk_is_its_inner_json() {
    let frame = chunk_of("{\"generation\":\"x\"}");
    let (frames, error) = cut(&[&frame], 1000, Data::Chunk);
    assert_eq!((error, frames[0].1.as_deref()), (None, Some(&b"{\"generation\":\"x\"}"[..])));
    assert_eq!(frames[0].2, b"{\"generation\":\"x\"}\0{\"bytes\":\"\0\",\"p\":\"abc\"}");
    assert_eq!(seal_chunk(&frame, &frames[0].2), frame);
    let sealed = seal_chunk(&frame, b"{\"generation\":\"[MASK]\"}\0{\"bytes\":\"\0\",\"p\":\"abc\"}");
    assert_eq!(sealed, chunk_of("{\"generation\":\"[MASK]\"}"));
    for (name, payload, expected) in [
        ("an exception", "{\"message\":\"m\"}", None),
        ("no base64", "{\"bytes\":\"e3\"}", Some(Unframed::Malformed)),
        ("twice", "{\"bytes\":\"e30=\",\"bytes\":\"e30=\"}", Some(Unframed::Malformed)),
    ] {
        assert_eq!(cut(&[&event("chunk", payload)], 1000, Data::Chunk).1, expected, "{name}");
    }
    let (frames, _) = cut(&[&event("chunk", "{\"bytes\":\"e30=\"}")], 1000, Data::Payload);
    assert_eq!(frames[0].1.as_deref(), Some(&b"{\"bytes\":\"e30=\"}"[..]), "in Converse it is no chunk");
}

#[test]
fn what_was_taken_does_not_pile_up() {
    let frame = event("contentBlockDelta", "{\"delta\":{\"text\":\"hello\"}}");
    let mut framer = Framer::new(1000, Data::Payload);
    for chunk in frame.repeat(2000).chunks(97) {
        framer.feed(chunk);
        while framer.next_frame().is_some() {}
        assert!(framer.buffer.capacity() < 2000);
    }
}

proptest! {
    #[test]
    fn any_frames_come_out_as_they_went_in(
        frames in prop::collection::vec((prop::collection::btree_map("[a-z0-9:]{1,9}", "[^\\x00]{0,40}", 0..4), prop::collection::vec(any::<u8>(), 0..60)), 0..6),
        seed: u64,
    ) {
        let write_one = |(headers, payload): &(BTreeMap<String, String>, Vec<u8>)| {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            write(&headers, payload)
        };
        let written: Vec<Vec<u8>> = frames.iter().map(write_one).collect();
        let body = written.concat();
        let whole = cut(&[&body], 10_000, Data::Payload);
        prop_assert_eq!(whole.1, None);
        for ((_, data, content, original), ((_, payload), frame)) in whole.0.iter().zip(frames.iter().zip(&written)) {
            prop_assert_eq!(original, frame);
            prop_assert_eq!(data.clone().unwrap_or_default(), payload.to_vec());
            // What a payload of JSON can be is sealed again to what it was.
            if !payload.contains(&0) {
                prop_assert_eq!(&seal_payload(frame, content), frame);
            }
        }
        prop_assert_eq!(whole.0.len(), frames.len());
        for chunks in chunking::random(&body, 30, seed, 3) {
            prop_assert!(cut(&chunks, 10_000, Data::Payload) == whole);
        }
    }

    #[test]
    fn no_bytes_make_it_fail(body in prop::collection::vec(any::<u8>(), 0..100), block in prop::collection::vec(0u8..12, 0..40)) {
        cut(&[&body], 1000, Data::Chunk);
        let sealed = assemble(&block, &body);
        if let (frames, None) = cut(&[&sealed], 1000, Data::Chunk) {
            prop_assert_eq!(&frames[0].3, &sealed);
        }
        seal_chunk(&body, &sealed);
    }
}
