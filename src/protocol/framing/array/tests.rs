use super::*;
use proptest::prelude::*;

/// The frames' bytes and data, with what is left at the end; `Err` where there is an end before.
fn cut(chunks: &[&[u8]], limit: usize) -> (Vec<(String, Option<String>)>, Option<Unframed>) {
    let mut framer = Framer::new(limit);
    let mut frames = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut push = |frame: Frame| {
        let data = frame.data().map(|data| text(&data));
        frames.push((text(&frame.into_bytes().0), data));
    };
    for chunk in chunks {
        framer.feed(chunk);
        while let Some(frame) = framer.next_frame() {
            match frame {
                Ok(frame) => push(frame),
                Err(unframed) => return (frames, Some(unframed)),
            }
        }
    }
    if let Some(frame) = framer.finish() {
        push(frame);
    }
    (frames, None)
}

fn whole(text: &str) -> (Vec<(String, Option<String>)>, Option<Unframed>) {
    cut(&[text.as_bytes()], 1000)
}

fn data(text: &str) -> Vec<String> {
    whole(text).0.into_iter().filter_map(|(_, data)| data).collect()
}

#[test]
fn an_element_comes_with_what_stands_before_it() {
    let (frames, failed) = whole(" [\n{\"a\":1}\n,\r\n {\"b\":[2]}]\n");
    let frames: Vec<_> = frames.iter().map(|(bytes, data)| (bytes.as_str(), data.as_deref())).collect();
    assert_eq!(
        frames,
        [(" [\n{\"a\":1}", Some("{\"a\":1}")), ("\n,\r\n {\"b\":[2]}", Some("{\"b\":[2]}")), ("]\n", None)]
    );
    assert_eq!(failed, None);
}

#[test]
fn elements_may_be_anything() {
    let array = r#"[ "a\"]," ,-1.5e3,true,[],{"k":"}\\"},null , "",{"x":[{"y":"["}]},7]"#;
    let expected = [
        r#""a\"],""#,
        "-1.5e3",
        "true",
        "[]",
        r#"{"k":"}\\"}"#,
        "null",
        r#""""#,
        r#"{"x":[{"y":"["}]}"#,
        "7",
    ];
    assert_eq!(data(array), expected);
    assert_eq!(data("[]"), Vec::<String>::new());
    assert_eq!(whole("[] ").0, [("[] ".to_owned(), None)]);
}

#[test]
fn what_is_no_array_is_refused() {
    for text in ["{}", "x", "[,", "[1,]", "[1 2", "[]]", "[1]{", "[{} {}", "\u{feff}[", "[}", "[1,,"] {
        assert_eq!(whole(text).1, Some(Unframed::Malformed), "{text}");
    }
    let mut framer = Framer::new(10);
    framer.feed(b"{}");
    assert!(matches!(framer.next_frame(), Some(Err(Unframed::Malformed))));
    framer.feed(b"[{}]");
    assert!(matches!(framer.next_frame(), Some(Err(Unframed::Malformed))), "it stays so");
    assert!(framer.finish().is_none());
}

#[test]
fn what_is_held_is_bounded() {
    let long = format!("[1,{{\"a\":\"{}", "x".repeat(1000));
    for text in [long.as_str(), &format!("[{}", " ".repeat(1001)), &format!("[]{}", " ".repeat(1001))] {
        assert_eq!(whole(text).1, Some(Unframed::TooLong));
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(cut(&bytes, 1000).1, Some(Unframed::TooLong));
    }
    let many = format!("[1{}]", ",1".repeat(5000));
    assert_eq!(whole(&many).1, None);
}

#[test]
fn the_beginning_of_an_element_is_data_that_cannot_be_read() {
    for (text, rest) in [("[{\"a\":1},{\"b", "{\"b"), ("[1,\"x", "\"x"), ("[[1", "[1")] {
        assert_eq!(data(text).last().map(String::as_str), Some(rest), "{text}");
    }
    assert_eq!(data("[{},"), ["{}"]);
}

#[test]
fn an_ending_continues_or_begins_the_array() {
    let framer = Framer::new(10);
    let ending = b"data: {\"a\":1}\n\ndata: {\"b\":2}\n\n".to_vec();
    assert_eq!(framer.ending(ending.clone(), None), b"[{\"a\":1},\n{\"b\":2}]\n");
    assert_eq!(framer.ending(ending, Some(b'}')), b",\n{\"a\":1},\n{\"b\":2}]\n");
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        "[a-z\\\\\"\\[\\]{},é ]{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec(("[a-z\\[}]{1,4}", inner), 0..4).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn every_split_gives_the_same_frames_and_every_byte(
        elements in prop::collection::vec((json(), "[ \r\n\t]{0,3}", "[ \r\n\t]{0,3}"), 0..5),
        end in "[ \n]{0,2}",
    ) {
        let elements_only: Vec<String> = elements.iter().map(|(element, _, _)| element.clone()).collect();
        let inner: Vec<String> =
            elements.iter().map(|(element, before, after)| format!("{before}{element}{after}")).collect();
        let array = format!("[{}]{end}", inner.join(","));
        let (expected, failed) = cut(&[array.as_bytes()], 10_000);
        prop_assert_eq!(failed, None);
        let joined: String = expected.iter().map(|(bytes, _)| bytes.as_str()).collect();
        prop_assert_eq!(&joined, &array);
        let data: Vec<String> = expected.iter().filter_map(|(_, data)| data.clone()).collect();
        prop_assert_eq!(data, elements_only);
        let singles: Vec<&[u8]> = array.as_bytes().chunks(1).collect();
        prop_assert_eq!(&cut(&singles, 10_000).0, &expected);
        for at in 0..=array.len() {
            let (a, b) = array.as_bytes().split_at(at);
            prop_assert_eq!(&cut(&[a, b], 10_000).0, &expected);
        }
    }

    #[test]
    fn nothing_is_given_that_was_not_fed(bytes in "[\\[\\]{},\"\\\\a1 ]{0,40}") {
        let (frames, failed) = cut(&[bytes.as_bytes()], 1000);
        let joined: String = frames.iter().map(|(bytes, _)| bytes.as_str()).collect();
        prop_assert!(bytes.starts_with(&joined));
        prop_assert!(failed.is_some() || joined == bytes);
        let singles: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
        prop_assert_eq!(cut(&singles, 1000), (frames, failed));
    }
}
