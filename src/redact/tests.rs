//! The redactor against its reference, and cases by name.

use super::lane::merge;
use super::reference::*;
use super::*;
use crate::detect::{self, Catalogue};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 0..12).prop_map(|parts| parts.concat())
}

/// Deltas of two lanes in any order, cut at any character.
fn deltas() -> impl Strategy<Value = Vec<(u32, String)>> {
    (text(), text(), any::<u64>()).prop_map(|(first, second, seed)| cut([&first, &second], seed))
}

/// The text as a JSON string has it, each character as itself or as an escape.
fn written(text: &str, seed: u64) -> String {
    let mut dice = crate::chunking::Dice::new(seed);
    let mut out = String::new();
    for char in text.chars() {
        match (char, dice.below(3)) {
            ('"' | '\\', 0) => out.extend(['\\', char]),
            ('\n', 0) => out.push_str("\\n"),
            ('"' | '\\' | '\n', _) | (_, 2) => {
                let mut units = [0; 2];
                char.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
            }
            _ => out.push(char),
        }
    }
    out
}

/// What leaves of a tool's arguments that come in these pieces.
fn arguments_of(actions: &Arc<Actions>, deltas: &[(u32, String)]) -> String {
    let mut redactor = Redactor::new(actions.clone(), numbers());
    let (mut out, mut keys) = (Vec::new(), Vec::new());
    for (item, text) in deltas {
        keys.push(lane(*item, Channel::ToolArguments));
        let (unit, place) = unit(lane(*item, Channel::ToolArguments), text);
        redactor.push(unit, &[place]).unwrap();
    }
    redactor.close(|_| true).unwrap();
    redactor.drain(&mut out);
    put_together(&out, &keys).swap_remove(0)
}

/// One body with all these texts.
fn body(texts: impl IntoIterator<Item = (LaneKey, String)>) -> (Unit, Vec<Text>) {
    let mut bytes = Vec::new();
    let mut places = Vec::new();
    for (key, text) in texts {
        let (unit, place) = unit(key, &text);
        let span = bytes.len() + place.span.start..bytes.len() + place.span.end;
        places.push(Text { span, ..place });
        bytes.extend(unit.bytes);
    }
    (Unit::new(bytes, None), places)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_lane_reads_as_if_it_had_been_masked_whole(deltas in deltas()) {
        masks_as_if_whole(&deltas);
    }

    #[test]
    fn what_left_is_never_taken_back(deltas in deltas()) {
        takes_nothing_back(&deltas);
    }

    #[test]
    fn arguments_read_as_if_their_strings_had_been_masked(text in text(), writing in any::<u64>(), cuts in any::<u64>()) {
        let arguments = format!("{{\"note\":\"{}\",\"n\":1}}", written(&text, writing));
        let actions = actions(redact_most);
        let left = arguments_of(&actions, &cut([&arguments, ""], cuts));
        let read: serde_json::Value = serde_json::from_str(&left).unwrap();
        prop_assert_eq!(read["note"].as_str().unwrap().as_bytes(), mask_whole(&actions, text.as_bytes()));
        prop_assert_eq!(&left, &arguments_of(&actions, &[(0, arguments.clone())]), "in one piece");
    }

    #[test]
    fn a_whole_body_is_judged_as_one_that_goes_on(deltas in deltas(), long in 0..3000_usize) {
        let actions = actions(redact_most);
        let texts = || deltas.iter().map(|(item, text)| {
            let channel = [Channel::Content, Channel::ToolArguments][*item as usize % 2];
            (lane(*item, channel), format!("{text}{}", " word".repeat(long)))
        });
        let judged = |is_whole: bool| {
            let mut redactor = Redactor::new(actions.clone(), numbers());
            let (body, places) = body(texts());
            match is_whole {
                true => redactor.judge(body, &places).unwrap(),
                false => redactor.push(body, &places).and_then(|()| redactor.close(|_| true)).unwrap(),
            }
            let mut out = Vec::new();
            redactor.drain(&mut out);
            (redactor.findings().collect::<Vec<_>>(), out)
        };
        prop_assert_eq!(judged(true), judged(false));
    }

    #[test]
    fn a_stop_lets_out_nothing_of_what_is_blocked(deltas in deltas()) {
        stops_before_what_is_blocked(&deltas);
    }
}

#[test]
fn a_tool_call_is_held_whole_until_its_lane_closes() {
    let mut redactor = Redactor::new(actions(block_secrets), numbers());
    let key = lane(0, Channel::ToolArguments);
    let mut out = Vec::new();
    for text in ["", "{\"city\":", "\"Singapore\"} "] {
        let (bytes, place) = unit(key, text);
        redactor.push(bytes, &[place]).unwrap();
        redactor.drain(&mut out);
        assert!(out.is_empty());
    }
    redactor.close(|lane| lane.item == 0).unwrap();
    redactor.drain(&mut out);
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 3);
}

#[test]
fn a_lane_that_goes_on_after_its_end_is_a_stop() {
    let mut redactor = Redactor::new(actions(redact_most), numbers());
    let key = lane(0, Channel::Content);
    let (bytes, place) = unit(key, "4111 1111 ");
    redactor.push(bytes, &[place]).unwrap();
    redactor.close(|_| true).unwrap();
    let (bytes, place) = unit(key, "");
    redactor.push(bytes, &[place]).unwrap();
    let (bytes, place) = unit(key, "1111 1111");
    assert_eq!(redactor.push(bytes, &[place]), Err(Stop::LaneReopened));
}

#[test]
fn what_is_blocked_hides_nothing_else_in_a_whole_body() {
    let secret = "key AKIAQ3EGRLPBX7N2TVWM";
    for (content, arguments) in [(secret, "{\"to\":\"foo@example.com\"}"), ("foo@example.com", secret)] {
        let mut redactor = Redactor::new(actions(block_secrets), numbers());
        let texts = [(Channel::Content, content), (Channel::ToolArguments, arguments)];
        let (body, places) = body(texts.map(|(channel, text)| (lane(0, channel), text.to_owned())));
        assert_eq!(redactor.judge(body, &places), Err(Stop::Blocked));
        let found: Vec<Action> = redactor.findings().map(|(tally, _)| tally.action).collect();
        assert_eq!(found.len(), 2, "{found:?}");
    }
}

#[test]
fn lanes_are_bounded() {
    let mut redactor = Redactor::new(actions(redact_most), numbers());
    let push = |redactor: &mut Redactor, item: usize| {
        let (bytes, place) = unit(lane(u32::try_from(item).unwrap(), Channel::Content), "x ");
        redactor.push(bytes, &[place])
    };
    for item in 0..MAX_LANES {
        push(&mut redactor, item).unwrap();
    }
    assert_eq!(push(&mut redactor, MAX_LANES), Err(Stop::TooManyLanes));
}

#[test]
fn overlaps_become_one_and_the_strictest_action_wins() {
    let catalogue = Catalogue::built_in().unwrap();
    let rule = |id: &str| catalogue.index_of(id).unwrap();
    let (card, secret, token) =
        (rule("financial.card"), rule("secret.aws-access-key-id"), rule("injection.control-token"));
    let hint = rule("injection.marker-hint");
    let actions = actions(block_secrets);
    let found = |rule, start, end| detect::Finding {
        start,
        end,
        rule,
        confidence: crate::class::Confidence::High,
        value: 0,
    };
    let table = [
        ("apart", vec![found(card, 0, 5), found(secret, 5, 9)], vec![(0, 5, card), (5, 9, secret)]),
        ("overlapping", vec![found(card, 0, 6), found(secret, 5, 9)], vec![(0, 9, secret)]),
        ("a flag under a mask", vec![found(card, 0, 9), found(token, 5, 9)], vec![(0, 9, card)]),
        (
            "a flag round a mask",
            vec![found(token, 0, 9), found(card, 5, 9)],
            vec![(0, 9, token), (5, 9, card)],
        ),
        (
            "a flag joins no masks",
            vec![found(card, 0, 5), found(token, 4, 12), found(card, 11, 20)],
            vec![(0, 5, card), (4, 12, token), (11, 20, card)],
        ),
        ("flags", vec![found(token, 0, 4), found(token, 3, 8)], vec![(0, 8, token)]),
        ("a hint yields", vec![found(hint, 0, 8), found(token, 0, 2)], vec![(0, 8, token)]),
    ];
    for (name, findings, expected) in table {
        let edits: Vec<_> =
            merge(&findings, &actions).iter().map(|edit| (edit.start, edit.end, edit.rule)).collect();
        assert_eq!(edits, expected, "{name}");
    }
}

#[test]
fn what_is_of_too_high_a_level_blocks_unless_a_mask_takes_it_along() {
    let base = actions(|rule| match rule.class {
        crate::class::Class::Financial => Action::Redact,
        _ => Action::Flag,
    });
    let actions = Actions::clone(&base).limited(Some(Level::Confidential));
    let rule = |id: &str| actions.catalogue().index_of(id).unwrap();
    let (card, key, mail) =
        (rule("financial.card"), rule("secret.aws-access-key-id"), rule("pii.contact.email"));
    let found = |rule, start, end, confidence| detect::Finding { start, end, rule, confidence, value: 0 };
    let high = crate::class::Confidence::High;
    let table = [
        ("alone", vec![found(key, 0, 5, high)], vec![(0, 5, Action::Block)]),
        ("not sure", vec![found(key, 0, 5, crate::class::Confidence::Low)], vec![]),
        (
            "with a mask",
            vec![found(key, 0, 9, high), found(card, 5, 12, high)],
            vec![(0, 12, Action::Redact)],
        ),
        (
            "with a flag",
            vec![found(mail, 0, 9, high), found(key, 5, 12, high)],
            vec![(0, 9, Action::Flag), (5, 12, Action::Block)],
        ),
        ("below", vec![found(mail, 0, 9, high)], vec![(0, 9, Action::Flag)]),
    ];
    for (name, findings, expected) in table {
        let edits: Vec<_> =
            merge(&findings, &actions).iter().map(|edit| (edit.start, edit.end, edit.action)).collect();
        assert_eq!(edits, expected, "{name}");
    }
}

/// Every channel; a new one is to be thought of here too.
const CHANNELS: [Channel; 10] = [
    Channel::Instructions,
    Channel::Prompt,
    Channel::ToolResult,
    Channel::Content,
    Channel::Reasoning,
    Channel::Refusal,
    Channel::ToolArguments,
    Channel::Value,
    Channel::Framing,
    Channel::Text,
];

#[test]
fn each_channel_has_the_actions_that_are_for_it() {
    use Action::{Block, Flag, Off, Redact};
    let table = [(Off, Block), (Off, Redact), (Flag, Redact), (Redact, Flag), (Redact, Off), (Block, Off)];
    for (own, others) in table {
        let action = move |action: Action| {
            move |rule: &detect::CatalogueRule| match rule.id.as_ref() {
                "financial.card" => action,
                _ => Off,
            }
        };
        let catalogue = Arc::new(Catalogue::built_in().unwrap());
        let others_actions = Actions::new(catalogue.clone(), DEFAULT_MASK, action(others));
        let actions = Actions::new(catalogue, DEFAULT_MASK, action(own)).with_tool_results(others_actions);
        assert!(actions.can_change(), "{own:?} {others:?}");
        let actions = Arc::new(actions);
        for (channel, is_value) in CHANNELS.into_iter().flat_map(|it| [(it, false), (it, true)]) {
            let expected = if channel == Channel::ToolResult { others } else { own };
            let mut redactor = Redactor::new(actions.clone(), numbers());
            let (unit, place) = unit(lane(0, channel), "pay 4111 1111 1111 1111 now");
            let place = if is_value { Text { lane: None, ..place } } else { place };
            let judged = redactor.push(unit, &[place]).and_then(|()| redactor.close(|_| true));
            let name = format!("{own:?} {others:?} {channel:?} {is_value}");
            assert_eq!(judged.is_err(), expected == Block, "{name}");
            let found: Vec<_> = redactor.findings().map(|(tally, count)| (tally.action, count)).collect();
            let expected_findings = if expected == Off { vec![] } else { vec![(expected, 1)] };
            assert_eq!(found, expected_findings, "{name}");
            let mut out = Vec::new();
            if judged.is_ok() {
                redactor.drain(&mut out);
                let read: String = serde_json::from_slice(&out).unwrap();
                assert_eq!(read.contains("[REDACTED:financial]"), expected == Redact, "{name}");
                assert_eq!(read.contains("4111"), expected != Redact, "{name}");
            }
        }
    }
}

#[test]
fn a_limit_holds_for_tool_results_by_what_is_done_about_them() {
    let actions_of = |action| Actions::clone(&actions(action));
    let redact: fn(&detect::CatalogueRule) -> Action = |_| Action::Redact;
    let flag: fn(&detect::CatalogueRule) -> Action = |_| Action::Flag;
    let judge = |own, others, channel| {
        let both = actions_of(own).with_tool_results(actions_of(others));
        let actions = Arc::new(both.limited(Some(Level::Internal)));
        assert!(actions.can_change());
        let mut redactor = Redactor::new(actions, numbers());
        let (unit, place) = unit(lane(0, channel), "pay 4111 1111 1111 1111 now");
        redactor.push(unit, &[place]).and_then(|()| redactor.close(|_| true))
    };
    assert_eq!(judge(redact, flag, Channel::ToolResult), Err(Stop::Classified));
    assert_eq!(judge(redact, flag, Channel::Prompt), Ok(()));
    assert_eq!(judge(flag, redact, Channel::ToolResult), Ok(()));
    assert_eq!(judge(flag, redact, Channel::Prompt), Err(Stop::Classified));
}

#[test]
fn one_value_has_one_number_in_a_tools_result_and_elsewhere() {
    let own = masked_as("[{name}_{number}]", redact_most);
    let both = Actions::clone(&own).with_tool_results(Actions::clone(&own));
    let mut redactor = Redactor::new(Arc::new(both), numbers());
    let mut out = Vec::new();
    for (channel, text) in [
        (Channel::Prompt, "a@example.com"),
        (Channel::ToolResult, "b@example.com a@example.com"),
        (Channel::Content, "b@example.com"),
    ] {
        let (unit, place) = unit(lane(0, channel), text);
        redactor.push(unit, &[place]).unwrap();
    }
    redactor.close(|_| true).unwrap();
    redactor.drain(&mut out);
    assert_eq!(String::from_utf8(out).unwrap(), "\"[EMAIL_1]\"\n\"[EMAIL_2] [EMAIL_1]\"\n\"[EMAIL_2]\"\n");
}

#[test]
fn a_mask_is_quoted_in_a_copy_of_all_arguments_and_not_in_one_of_them() {
    for (text, expected) in [
        ("card 4111 1111 1111 1111", "card [REDACTED:financial]"),
        ("4111111111111111", "[REDACTED:financial]"),
        ("{\"card\":4111111111111111}", "{\"card\":\"[REDACTED:financial]\"}"),
    ] {
        let (unit, place) = unit(lane(0, Channel::ToolArguments), text);
        let mut redactor = Redactor::new(actions(redact_most), numbers());
        redactor.push(unit, &[Text { lane: None, ..place }]).unwrap();
        let mut out = Vec::new();
        redactor.drain(&mut out);
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), expected);
    }
}

#[test]
fn one_value_has_one_number_in_every_writing_and_copy() {
    let actions = masked_as("[{name}_{number}]", redact_most);
    let mut redactor = Redactor::new(actions, numbers());
    let mut out = Vec::new();
    for (copy, text) in [
        (false, "jane@example.com 4111 1111 1111 1111, "),
        (true, "JANE@example.com"),
        (false, "max@example.com 5500-0000-0000-0004 and 4111-1111-1111-1111"),
        (true, "5500000000000004"),
        (false, " Jane@Example.com S2740116C s2740116c "),
    ] {
        let (unit, place) = unit(lane(0, Channel::Content), text);
        let place = if copy { Text { lane: None, ..place } } else { place };
        redactor.push(unit, &[place]).unwrap();
    }
    redactor.close(|_| true).unwrap();
    redactor.drain(&mut out);
    let read: Vec<String> =
        std::str::from_utf8(&out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = [
        "[EMAIL_1] [CARD_1], ",
        "[EMAIL_1]",
        "[EMAIL_2] [CARD_2] and [CARD_1]",
        "[CARD_2]",
        " [EMAIL_1] [SG_NRIC_1] [SG_NRIC_1] ",
    ];
    assert_eq!(read, expected);
}

#[test]
fn masks_that_read_alike_are_numbered_together() {
    for (mask, expected) in [
        ("<{number}>", "<1> <2> <3> <1>"),
        ("<{class} {number}>", "<financial 1> <pii.contact 1> <pii.id 1> <financial 1>"),
        ("<{rule}>", "<financial.card> <pii.contact.email> <pii.id.sg-nric> <financial.card>"),
    ] {
        let text = b"4111111111111111 a@example.com S2740116C 4111-1111-1111-1111";
        let masked = mask_whole(&masked_as(mask, redact_most), text);
        assert_eq!(String::from_utf8(masked).unwrap(), expected);
    }
}

#[test]
fn a_mask_with_quotes_leaves_arguments_json_and_free_text_as_it_is() {
    let actions = masked_as("<\"{name}\">", redact_most);
    let arguments = "{\"s\":\"4111111111111111\",\"n\":4111111111111111}";
    let left = arguments_of(&actions, &[(0, arguments.to_owned())]);
    let read: serde_json::Value = serde_json::from_str(&left).unwrap();
    assert_eq!((read["s"].as_str(), read["n"].as_str()), (Some("<\"CARD\">"), Some("<\"CARD\">")));

    let mut redactor = Redactor::new(actions, numbers());
    let (unit, place) = unit(lane(0, Channel::ToolArguments), "{x = \"\\u0034\"; pay(4111111111111111)}");
    redactor.push(unit, &[Text { is_json: false, ..place }]).unwrap();
    redactor.close(|_| true).unwrap();
    let mut out = Vec::new();
    redactor.drain(&mut out);
    let read: String = serde_json::from_slice(&out).unwrap();
    assert_eq!(read, "{x = \"\\u0034\"; pay(<\"CARD\">)}");
}
