use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::*;
use crate::corpus;

fn parse(text: &str) -> Document<'_> {
    parse_with(text, Limits::default()).unwrap()
}

fn parse_with(text: &str, limits: Limits) -> Result<Document<'_>, JsonError> {
    Document::parse(text.as_bytes(), limits)
}

/// The value that a document means, built from its nodes.
fn value(document: &Document<'_>, id: NodeId) -> Value {
    match document.kind(id) {
        Kind::Null | Kind::Bool(_) | Kind::Number => serde_json::from_slice(document.raw(id)).unwrap(),
        Kind::String { .. } => document.as_str(id).unwrap().into_owned().into(),
        Kind::Array => document.children(id).map(|(_, child)| value(document, child)).collect(),
        Kind::Object => {
            let member = |(key, child): (Option<NodeId>, NodeId)| {
                (document.as_str(key.unwrap()).unwrap().into_owned(), value(document, child))
            };
            Value::Object(document.children(id).map(member).collect())
        }
    }
}

#[test]
fn locates_values_and_keys_in_document_order() {
    let text = " {\"a\" : [1, -2.5e+3,\ttrue], \"b\":{\"c\":\"x\\ny\"}, \"d\":null, \"e\":[], \"f\":{}}\r\n";
    let document = parse(text);
    let raw: Vec<_> = document.nodes().map(|id| str::from_utf8(document.raw(id)).unwrap()).collect();
    assert_eq!(raw[0], text.trim());
    let rest = [
        "\"a\"",
        "[1, -2.5e+3,\ttrue]",
        "1",
        "-2.5e+3",
        "true",
        "\"b\"",
        "{\"c\":\"x\\ny\"}",
        "\"c\"",
        "\"x\\ny\"",
        "\"d\"",
        "null",
        "\"e\"",
        "[]",
        "\"f\"",
        "{}",
    ];
    assert_eq!(raw[1..], rest);
    let root = document.root();
    let keys: Vec<_> =
        document.children(root).map(|(key, _)| document.as_str(key.unwrap()).unwrap()).collect();
    assert_eq!(keys, ["a", "b", "d", "e", "f"]);
    let array = document.get(root, "a").unwrap();
    assert_eq!(document.children(array).map(|(key, _)| key).collect::<Vec<_>>(), [None; 3]);
    let string = document.get(document.get(root, "b").unwrap(), "c").unwrap();
    assert_eq!(document.kind(string), Kind::String { escaped: true });
    assert_eq!(&text[document.span(string)], "\"x\\ny\"");
    assert_eq!(&text[document.text_span(string).unwrap()], "x\\ny");
    assert_eq!(document.text(string).unwrap().as_ref(), b"x\ny");
    for empty in ["e", "f"] {
        assert_eq!(document.children(document.get(root, empty).unwrap()).count(), 0, "{empty}");
    }
}

#[test]
fn a_value_of_another_type_is_no_string_number_or_object() {
    let document = parse(r#"{"s":"7","n":7,"b":false,"z":null,"a":["s"]}"#);
    let id = |key| document.get(document.root(), key).unwrap();
    for key in ["n", "b", "z", "a"] {
        assert_eq!(document.text(id(key)), None, "{key}");
        assert_eq!(document.text_span(id(key)), None, "{key}");
        assert!(!document.is_text(id(key), ""), "{key}");
    }
    assert_eq!([id("s"), id("n")].map(|id| document.as_u64(id)), [None, Some(7)]);
    assert_eq!([id("n"), id("b")].map(|id| document.as_bool(id)), [None, Some(false)]);
    assert_eq!(document.get(id("a"), "s"), None);
}

#[test]
fn a_node_of_another_document_is_harmless() {
    let large = parse("[[1,2],[3,4]]");
    let small = parse("7");
    for id in large.nodes().skip(1) {
        assert_eq!((small.kind(id), small.raw(id), small.children(id).count()), (Kind::Null, &b""[..], 0));
    }
}

#[test]
fn integers_are_digits_that_fit() {
    let rows = [
        ("0", Some(0)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("-1", None),
        ("-0", None),
        ("1.0", None),
        ("1e3", None),
    ];
    for (text, expected) in rows {
        let document = parse(text);
        assert_eq!(document.as_u64(document.root()), expected, "{text}");
    }
}

#[test]
fn keys_are_compared_decoded() {
    let document =
        parse(r#"{"mod":0,"\u006dodel":1,"modell":2,"\ud83d\ude00":3,"é":4,"e\u0301":5,"":6,"\ud800":7}"#);
    for (key, expected) in [("model", 1), ("😀", 3), ("é", 4), ("e\u{301}", 5), ("", 6)] {
        let id = document.unique(document.root(), key).unwrap().unwrap();
        assert_eq!(document.as_u64(id), Some(expected), "{key}");
    }
    assert_eq!(document.get(document.root(), "mode"), None);
}

#[test]
fn a_key_twice_is_found_however_it_is_written() {
    let document = parse(r#"{"a":1,"\u0061":2,"b":{"a":3}}"#);
    assert_eq!(document.as_u64(document.get(document.root(), "a").unwrap()), Some(1));
    assert_eq!(document.unique(document.root(), "a"), Err(DuplicateKey));
    assert!(document.unique(document.root(), "b").unwrap().is_some());
    assert_eq!(document.unique(document.root(), "c"), Ok(None));
}

#[test]
fn refusals_say_where_and_why() {
    use ErrorKind::*;
    let rows: &[(&str, &[u8], usize, ErrorKind)] = &[
        ("empty", b"", 0, Truncated),
        ("white space only", b" \n", 2, Truncated),
        ("byte order mark only", b"\xEF\xBB\xBF", 3, Truncated),
        ("second byte order mark", b"\xEF\xBB\xBF\xEF\xBB\xBF1", 3, Unexpected),
        ("byte order mark inside", b"[\xEF\xBB\xBF1]", 1, Unexpected),
        ("other white space", b"\x0C1", 0, Unexpected),
        ("zero byte after the value", b"1\0", 1, Trailing),
        ("second value", b"{} {}", 3, Trailing),
        ("closing bracket too many", b"[]]", 2, Trailing),
        ("open array", b"[1", 2, Truncated),
        ("open object", b"{\"a\":1", 6, Truncated),
        ("wrong bracket", b"[1}", 2, Unexpected),
        ("comma first", b"[,1]", 1, Unexpected),
        ("comma last in array", b"[1,]", 3, Unexpected),
        ("comma last in object", b"{\"a\":1,}", 7, Unexpected),
        ("two commas", b"[1,,2]", 3, Unexpected),
        ("no comma", b"[1 2]", 3, Unexpected),
        ("no colon", b"{\"a\" 1}", 5, Unexpected),
        ("no value", b"{\"a\":}", 5, Unexpected),
        ("no key", b"{1:2}", 1, Unexpected),
        ("single quotes", b"['a']", 1, Unexpected),
        ("comment", b"[1/**/]", 2, Unexpected),
        ("cut literal", b"tru", 3, Truncated),
        ("literal in capitals", b"True", 0, Unexpected),
        ("literal and more", b"nulls", 4, Trailing),
        ("not a number", b"NaN", 0, Unexpected),
        ("leading zero", b"01", 1, Trailing),
        ("leading zero in array", b"[-01]", 3, Unexpected),
        ("plus", b"+1", 0, Unexpected),
        ("minus alone", b"[-]", 2, Unexpected),
        ("point first", b".5", 0, Unexpected),
        ("point last", b"5.", 2, Truncated),
        ("exponent alone", b"[5e]", 3, Unexpected),
        ("exponent sign alone", b"[5e+]", 4, Unexpected),
        ("hexadecimal", b"0x1", 1, Trailing),
        ("open string", b"\"abc", 4, Truncated),
        ("backslash last", b"\"abc\\", 4, Escape),
        ("unknown escape", b"\"\\a\"", 1, Escape),
        ("short unicode escape", b"\"\\u12\"", 1, Escape),
        ("signed unicode escape", b"\"\\u+123\"", 1, Escape),
        ("capital U", b"\"\\U0041\"", 1, Escape),
        ("broken second half of a pair", b"\"\\ud800\\uzzzz\"", 7, Escape),
        ("tab in string", b"\"a\tb\"", 2, Control),
        ("line end in a long string", b"\"0123456789abcdef0123\n\"", 21, Control),
        ("control character in key", b"{\"\x1F\":1}", 2, Control),
        ("truncated character", b"\"\xC3\"", 1, Utf8),
        ("encoded surrogate", b"\"\xED\xA0\x80\"", 1, Utf8),
    ];
    for (name, text, offset, kind) in rows {
        let error = Document::parse(text, Limits::default()).err();
        assert_eq!(error, Some(JsonError { offset: *offset, kind: *kind }), "{name}");
    }
}

/// The table of the module documentation.
#[test]
fn what_the_rfc_leaves_open_is_decided() {
    let rows: &[(&str, &[u8], bool)] = &[
        ("float overflow", b"[1e400, -1e400, 1e-400]", true),
        ("integer overflow", b"123456789012345678901234567890", true),
        ("lone high surrogate", br#""\uD83D""#, true),
        ("lone low surrogate", br#""\uDE00""#, true),
        ("inverted pair", br#""\uDE00\uD83D""#, true),
        ("high surrogate before text", br#""\uD83Dabc\n""#, true),
        ("lone surrogate as key", br#"{"\uDE00":0}"#, true),
        ("escaped zero", br#""\u0000""#, true),
        ("Latin-1", b"\"\xE9\"", false),
        ("overlong", b"\"\xC0\xAF\"", false),
        ("above U+10FFFF", b"\"\xF4\x90\x80\x80\"", false),
        ("encoded surrogate", b"\"\xED\xB0\x80\"", false),
        ("UTF-16LE with mark", b"\xFF\xFE1\0", false),
        ("UTF-16LE without mark", b"1\0", false),
        ("UTF-16BE without mark", b"\x001", false),
        ("byte order mark", b"\xEF\xBB\xBF{}", true),
        ("same key twice", br#"{"a":1,"a":1}"#, true),
    ];
    for (name, text, accepted) in rows {
        assert_eq!(Document::parse(text, Limits::default()).is_ok(), *accepted, "{name}");
    }
    let document = Document::parse(b"\xEF\xBB\xBF 7", Limits::default()).unwrap();
    assert_eq!(document.span(document.root()), 4..5);
}

#[test]
fn limits_are_exact() {
    let limits = |depth, nodes| Limits { depth, nodes };
    let refusal = |text: &str, limits| parse_with(text, limits).err().map(|error| (error.offset, error.kind));
    assert_eq!(refusal("[[1],{\"a\":[]}]", limits(3, 6)), None);
    assert_eq!(refusal("[[1],{\"a\":[]}]", limits(2, 6)), Some((10, ErrorKind::TooDeep)));
    assert_eq!(refusal("[[1],{\"a\":[]}]", limits(3, 5)), Some((10, ErrorKind::TooManyNodes)));
    assert_eq!(refusal("1", limits(0, 1)), None);
    assert_eq!(refusal("[]", limits(0, 1)), Some((0, ErrorKind::TooDeep)));

    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(refusal(&nested(DEFAULT_DEPTH), Limits::default()), None);
    assert_eq!(refusal(&"[".repeat(100_000), Limits::default()), Some((DEFAULT_DEPTH, ErrorKind::TooDeep)));
    assert_eq!(refusal(&nested(100_000), limits(100_000, 100_000)), None);
    let flat = format!("[{}1]", "1,".repeat(DEFAULT_NODES - 2));
    assert_eq!(refusal(&flat, Limits::default()), None);
    let kind = refusal(&format!("[{flat}]"), Limits::default()).unwrap().1;
    assert_eq!(kind, ErrorKind::TooManyNodes);
}

#[test]
fn debug_output_holds_no_text() {
    let document = parse(r#"["hunter2"]"#);
    let children = document.children(document.root());
    for output in
        [format!("{document:?}"), format!("{children:?}"), format!("{:?}", OffsetMap::new(b"hunter2"))]
    {
        assert!(!output.contains("hunter2"), "{output}");
    }
}

#[test]
fn strings_decode_to_bytes() {
    let rows: &[(&str, &str, &[u8])] = &[
        ("nothing", "", b""),
        ("plain", "h\u{e9}llo", "h\u{e9}llo".as_bytes()),
        ("short escapes", r#"\"\\\/\b\f\n\r\t"#, b"\"\\/\x08\x0C\n\r\t"),
        ("one to three bytes", r"\u0041\u00e9\u20AC", "A\u{e9}\u{20ac}".as_bytes()),
        ("zero", r"a\u0000b", b"a\0b"),
        ("pair", r"\ud83d\uDE00", "\u{1F600}".as_bytes()),
        ("largest pair", r"\uDBFF\uDFFF", "\u{10FFFF}".as_bytes()),
        ("lone high", r"\ud83d", b"\xED\xA0\xBD"),
        ("lone low", r"\ude00", b"\xED\xB8\x80"),
        ("high, high, low", r"\ud83d\ud83d\ude00", b"\xED\xA0\xBD\xF0\x9F\x98\x80"),
        ("low, high", r"\ude00\ud83d", b"\xED\xB8\x80\xED\xA0\xBD"),
        ("high before another escape", r"\ud83d\n", b"\xED\xA0\xBD\n"),
        ("high before an escaped backslash", r"\ud83d\\ude00", b"\xED\xA0\xBD\\ude00"),
        ("neighbours of the surrogates", r"\ud7ff\ue000", "\u{d7ff}\u{e000}".as_bytes()),
        ("escaped backslash before n", r"\\n", b"\\n"),
    ];
    for (name, raw, expected) in rows {
        let text = format!("\"{raw}\"");
        let document = parse(&text);
        assert_eq!(document.text(document.root()).unwrap(), *expected, "{name}");
        assert_eq!(decode(raw.as_bytes()), *expected, "{name}");
        assert_eq!(document.as_str(document.root()).is_some(), str::from_utf8(expected).is_ok(), "{name}");
    }
}

#[test]
fn offsets_inside_an_escape_go_to_its_ends() {
    // name, raw, start and end for each offset
    type Row<'a> = (&'a str, &'a str, &'a [(usize, usize)]);
    let rows: &[Row<'_>] = &[
        ("nothing", "", &[(0, 0), (0, 0)]),
        ("plain", "ab", &[(0, 0), (1, 1), (2, 2), (2, 2)]),
        ("short escape", r"a\nb", &[(0, 0), (1, 1), (3, 3), (4, 4)]),
        ("two bytes", r"a\u00e9b", &[(0, 0), (1, 1), (1, 7), (7, 7), (8, 8)]),
        ("pair", r"\ud83d\ude00!", &[(0, 0), (0, 12), (0, 12), (0, 12), (12, 12), (13, 13)]),
        ("lone low", r"\ude00!", &[(0, 0), (0, 6), (0, 6), (6, 6), (7, 7)]),
        ("side by side", r"\u00e9\u00e9", &[(0, 0), (0, 6), (6, 6), (6, 12), (12, 12), (12, 12)]),
    ];
    for (name, raw, expected) in rows {
        let raw = raw.as_bytes();
        let mut map = OffsetMap::new(raw);
        for (offset, &(start, end)) in expected.iter().enumerate() {
            assert_eq!(
                (decoded_to_raw(raw, offset), decoded_to_raw_end(raw, offset)),
                (start, end),
                "{name} {offset}"
            );
            assert_eq!((map.start(offset), map.end(offset)), (start, end), "{name} {offset}, in one pass");
        }
        for (offset, &(start, end)) in expected.iter().enumerate().rev() {
            assert_eq!((map.end(offset), map.start(offset)), (end, start), "{name} {offset}, backwards");
        }
    }
}

#[test]
fn escaped_text_fits_into_one_line() {
    let text: String = (0..0x80u8).map(char::from).chain("é\u{2028}😀".chars()).collect();
    let mut out = Vec::new();
    escape_into(&text, &mut out);
    assert!(out.iter().all(|&byte| byte >= 0x20));
    assert_eq!(decode(&out), text.as_bytes());
}

/// String content, with the UTF-16 code units that it means.
fn content() -> impl Strategy<Value = (String, Vec<u16>)> {
    let char = || {
        prop_oneof![any::<char>(), prop::char::range('\0', '\u{7f}'), prop::char::range('\u{80}', '\u{7ff}')]
    };
    let units = |char: char| char.encode_utf16(&mut [0; 2]).to_vec();
    let escape = |units: &[u16], upper: bool| -> String {
        units
            .iter()
            .map(|unit| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") })
            .collect()
    };
    let short = prop::sample::select(vec![
        (r#"\""#, '"'),
        (r"\\", '\\'),
        (r"\/", '/'),
        (r"\b", '\u{8}'),
        (r"\f", '\u{c}'),
        (r"\n", '\n'),
        (r"\r", '\r'),
        (r"\t", '\t'),
    ]);
    let part = prop_oneof![
        char()
            .prop_filter("stands for itself", |c| *c >= ' ' && *c != '"' && *c != '\\')
            .prop_map(move |c| (c.to_string(), units(c))),
        (char(), any::<bool>()).prop_map(move |(c, upper)| (escape(&units(c), upper), units(c))),
        short.prop_map(move |(raw, c)| (raw.to_owned(), units(c))),
        (0xD800u16..0xE000).prop_map(move |unit| (escape(&[unit], true), vec![unit])),
        "[a-z ]{0,40}".prop_map(|raw| {
            let units = raw.encode_utf16().collect();
            (raw, units)
        }),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| {
        let (raw, units): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        (raw.concat(), units.concat())
    })
}

/// UTF-16 to UTF-8, a lone surrogate to the bytes that the UTF-8 scheme would give it.
fn wtf8(units: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for char in char::decode_utf16(units.iter().copied()) {
        match char {
            Ok(char) => bytes.extend_from_slice(char.to_string().as_bytes()),
            Err(lone) => {
                let unit = lone.unpaired_surrogate();
                bytes.extend([0xED, 0x80 | (unit >> 6 & 0x3F) as u8, 0x80 | (unit & 0x3F) as u8]);
            }
        }
    }
    bytes
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = || {
        prop_oneof![
            prop::collection::vec(any::<char>(), 0..20).prop_map(|c| c.iter().collect::<String>()),
            "[ -~]{0,40}"
        ]
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Quarters, because serde_json reads long fractions back inexactly.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 4.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every string value (no keys) of a value, in the order in which serde_json writes them.
fn strings(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter_mut().flat_map(strings).collect(),
        Value::Object(members) => members.values_mut().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// The string values (no keys) of a document, in document order.
fn string_ids(document: &Document<'_>, id: NodeId) -> Vec<NodeId> {
    match document.kind(id) {
        Kind::String { .. } => vec![id],
        _ => document.children(id).flat_map(|(_, child)| string_ids(document, child)).collect(),
    }
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(expected in any_value(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&expected) } else { serde_json::to_string(&expected) }.unwrap();
        let document = parse(&text);
        prop_assert_eq!(value(&document, document.root()), expected);
        prop_assert_eq!(document.raw(document.root()), text.as_bytes());
    }

    #[test]
    fn a_spliced_string_changes_that_string_only(mut expected in any_value(), which: prop::sample::Index, new in any::<String>()) {
        let text = serde_json::to_string(&expected).unwrap();
        let document = parse(&text);
        let ids = string_ids(&document, document.root());
        let mut strings = strings(&mut expected);
        prop_assert_eq!(ids.len(), strings.len());
        if ids.is_empty() {
            return Ok(());
        }
        let which = which.index(ids.len());
        *strings[which] = new.clone();
        let span = document.text_span(ids[which]).unwrap();
        let mut spliced = text.as_bytes()[..span.start].to_vec();
        escape_into(&new, &mut spliced);
        spliced.extend_from_slice(&text.as_bytes()[span.end..]);
        let document = Document::parse(&spliced, Limits::default()).unwrap();
        prop_assert_eq!(value(&document, document.root()), expected);
    }

    #[test]
    fn decodes_every_escape((raw, units) in content()) {
        let expected = wtf8(&units);
        prop_assert_eq!(&*decode(raw.as_bytes()), &expected);
        let text = format!("{{\"{raw}\":\"{raw}\"}}");
        let document = parse(&text);
        let (key, string) = document.children(document.root()).next().unwrap();
        prop_assert_eq!(&document.text(string).unwrap()[..], &expected[..]);
        prop_assert_eq!(document.raw_text(key.unwrap()).unwrap(), raw.as_bytes());
        if let Ok(key) = str::from_utf8(&expected) {
            prop_assert_eq!(document.get(document.root(), key), Some(string));
            let longer = document.get(document.root(), &format!("{key}x"));
            prop_assert_eq!(longer, None);
        }
    }

    #[test]
    fn offsets_map_to_the_nearest_clean_cut((raw, _) in content()) {
        let raw = raw.as_bytes();
        let decoded = decode(raw);
        // A cut is clean when no escape stands open before it and both sides decode to what they decode to
        // together. (Inside a character, which is no concern here, any byte is as good as another.)
        let prefix = |cut: usize| {
            let ascii = raw[..cut].iter().map(|&byte| if byte.is_ascii() { byte } else { b'x' });
            let text: Vec<_> = [b'"'].into_iter().chain(ascii).chain([b'"']).collect();
            let left = decode(&raw[..cut]);
            let both = [&left[..], &decode(&raw[cut..])].concat();
            (Document::parse(&text, Limits::default()).is_ok() && both == *decoded).then_some(left.len())
        };
        let cuts: Vec<_> = (0..=raw.len()).filter_map(|cut| Some((cut, prefix(cut)?))).collect();
        let mut map = OffsetMap::new(raw);
        for offset in 0..decoded.len() + 3 {
            let (start, _) = *cuts.iter().rfind(|(_, len)| *len <= offset).unwrap();
            let end = cuts.iter().find(|(_, len)| *len >= offset).map_or(raw.len(), |(cut, _)| *cut);
            prop_assert_eq!((decoded_to_raw(raw, offset), decoded_to_raw_end(raw, offset)), (start, end));
            prop_assert_eq!((map.start(offset), map.end(offset)), (start, end));
        }
    }

    /// serde_json's `IgnoredAny` checks the grammar alone: no depth, number range or surrogates.
    #[test]
    fn agrees_with_serde_json_on_broken_texts(
        value in any_value(),
        at: prop::sample::Index,
        cut in 0..3usize,
        new in prop_oneof![Just(String::new()), "[\\[\\]{}:,\"\\\\0-9eE.+\\- \tntrufalsd]{1,3}", any::<String>()],
    ) {
        let text = serde_json::to_string(&value).unwrap();
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len() + 1);
        bytes.splice(at..(at + cut).min(bytes.len()), new.bytes());
        let expected = str::from_utf8(&bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        prop_assume!(!bytes.starts_with(b"\xEF\xBB\xBF"));
        prop_assert_eq!(Document::parse(&bytes, Limits::default()).is_ok(), expected);
    }

    #[test]
    fn any_bytes_are_harmless(bytes in prop::collection::vec(any::<u8>(), 0..60), offset in 0..80usize) {
        let _ = Document::parse(&bytes, Limits::default());
        let decoded = decode(&bytes);
        prop_assert!(decoded.len() <= bytes.len());
        prop_assert!(decoded_to_raw(&bytes, offset) <= decoded_to_raw_end(&bytes, offset));
        prop_assert!(decoded_to_raw_end(&bytes, offset) <= bytes.len());
    }
}

#[test]
fn corpus_json_suite() {
    let Some(rows) = corpus::rows("json_suite") else {
        return;
    };
    let mut counts = std::collections::BTreeMap::new();
    for row in &rows {
        let bytes = corpus::bytes(row);
        let accepted = Document::parse(&bytes, Limits::default()).is_ok();
        let (id, label) = (&row["id"], row["label"].as_str().unwrap());
        *counts.entry((label, accepted)).or_insert(0) += 1;
        match label {
            "accept" => assert!(accepted, "{id}"),
            "reject" => assert!(!accepted, "{id}"),
            _ => println!("{} {}", if accepted { "accepted" } else { "refused " }, row["source"]),
        }
        // The grammar alone, as serde_json sees it, which refuses a byte order mark and knows no depth here.
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let expected =
            str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
        let unlimited = Limits { depth: usize::MAX, nodes: usize::MAX };
        assert_eq!(Document::parse(&bytes, unlimited).is_ok(), expected, "{id}");
    }
    println!("json_suite: {counts:?}");
}
