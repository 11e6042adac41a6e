use super::*;
use crate::chunking;
use crate::protocol::framing::Framer as _;
use proptest::prelude::*;

/// A frame's data and all of its bytes.
type Read = (Vec<u8>, Vec<u8>);

/// Every frame, and how it ended.
fn cut(chunks: &[&[u8]], limit: usize) -> (Vec<Read>, Option<Unframed>) {
    let mut framer = Framer::new(limit);
    let (mut frames, mut error) = (Vec::new(), None);
    let pair = |frame: Frame| (frame.data().unwrap().to_vec(), frame.into_bytes().0);
    for chunk in chunks {
        framer.feed(chunk);
        while let Some(frame) = framer.next_frame() {
            match frame {
                Ok(frame) => frames.push(pair(frame)),
                Err(unframed) => error = Some(unframed),
            }
        }
    }
    if error.is_none() {
        frames.extend(framer.finish().map(pair));
    }
    (frames, error)
}

#[test]
fn lines_keep_their_ends_and_data_has_none() {
    for (name, body, data) in [
        ("two", "{\"a\":1}\n{}\n", vec!["{\"a\":1}", "{}"]),
        ("the last without its end", "{}\n{\"a\":", vec!["{}", "{\"a\":"]),
        ("CR LF and blank lines", "{}\r\n\n\n1", vec!["{}\r", "", "", "1"]),
        ("nothing", "", vec![]),
    ] {
        for chunks in chunking::every_way(body.as_bytes()) {
            let (frames, error) = cut(&chunks, 100);
            let found: Vec<_> = frames.iter().map(|(data, _)| std::str::from_utf8(data).unwrap()).collect();
            assert_eq!((found, error), (data.clone(), None), "{name}");
            let bytes: Vec<u8> = frames.into_iter().flat_map(|(_, bytes)| bytes).collect();
            assert_eq!(bytes, body.as_bytes(), "{name}");
        }
    }
}

#[test]
fn a_line_longer_than_the_bound_ends_it_whatever_the_chunks() {
    for (body, frames) in [("ab\nabcdefgh\n", 1), ("abcdefgh", 0), ("abcdefgh\n", 0)] {
        for chunks in chunking::every_way(body.as_bytes()) {
            let (found, error) = cut(&chunks, 7);
            assert_eq!((found.len(), error), (frames, Some(Unframed::TooLong)), "{body:?}");
        }
    }
    assert_eq!(cut(&[b"abcdef\n"], 7).1, None, "the bound itself is not too long");
}

#[test]
fn what_was_taken_does_not_pile_up() {
    let mut framer = Framer::new(100);
    for _ in 0..10_000 {
        framer.feed(b"{\"a\":1}\n{");
        while framer.next_frame().is_some() {}
        framer.feed(b"}\n");
        while framer.next_frame().is_some() {}
        assert!(framer.buffer.capacity() < 200);
    }
}

proptest! {
    #[test]
    fn any_bytes_come_out_as_they_went_in(body in prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200), seed: u64) {
        let whole = cut(&[&body], 1000);
        for chunks in chunking::random(&body, 9, seed, 3) {
            prop_assert!(cut(&chunks, 1000) == whole);
        }
        let bytes: Vec<u8> = whole.0.into_iter().flat_map(|(_, bytes)| bytes).collect();
        prop_assert_eq!(bytes, body);
    }
}
