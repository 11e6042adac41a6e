//! The redactor against a slow, plain reference: scan each lane's whole text, merge, mask.

use super::lane::merge;
use super::*;
use crate::detect::{Catalogue, Rule, scan_all};
use proptest::prelude::*;
use std::sync::OnceLock;

const PARTS: &[&str] = &[
    "Hello ",
    "4111 1111 1111 1111",
    "4111111111111111",
    " and ",
    "S2740116C",
    ".",
    "foo@example.com",
    " ",
    "\n",
    "1",
    "<|im_start|>",
    "caf\u{e9}",
    "AKIAQ3EGRLPBX7N2TVWM",
    "@",
    "4",
    "11",
    "![x](https://e.example/?d=",
    ")",
    "a",
    "aws_secret_access_key = ",
    "\u{1f600}",
    "\"",
    "\\",
];

fn actions(action: fn(&Rule) -> Action) -> Arc<Actions> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let catalogue = CATALOGUE.get_or_init(|| Arc::new(Catalogue::built_in().unwrap()));
    Arc::new(Actions::new(catalogue.clone(), DEFAULT_MASK, action))
}

fn redact_most(rule: &Rule) -> Action {
    match rule.class {
        crate::class::Class::Injection => Action::Flag,
        _ => Action::Redact,
    }
}

fn block_secrets(rule: &Rule) -> Action {
    match rule.class {
        crate::class::Class::Secret => Action::Block,
        _ => redact_most(rule),
    }
}

fn lane(item: u32, channel: Channel) -> LaneKey {
    LaneKey { item, channel, part: 0 }
}

/// A unit that is one JSON string with its quotes, and a line end.
fn unit(key: LaneKey, text: &str) -> (Unit, Text) {
    let mut bytes = vec![b'"'];
    crate::protocol::json::escape_into(text, &mut bytes);
    let span = 1..bytes.len();
    bytes.extend_from_slice(b"\"\n");
    let escaped = bytes[span.clone()].contains(&b'\\');
    let encoding = if escaped { Encoding::JsonEscaped } else { Encoding::Json };
    (Unit::new(bytes, None), Text { lane: Some(key), channel: key.channel, span, encoding })
}

/// What a receiver puts together from the units that left, per lane.
fn put_together(out: &[u8], keys: &[LaneKey]) -> Vec<String> {
    let mut lanes = vec![String::new(); 2];
    for (line, key) in std::str::from_utf8(out).unwrap().lines().zip(keys) {
        let text: String = serde_json::from_str(line).unwrap();
        lanes[key.item as usize].push_str(&text);
    }
    lanes
}

/// The reference. A blocked finding ends the text.
fn mask_whole(actions: &Actions, text: &str) -> String {
    let mut findings = scan_all(actions.catalogue(), actions.enabled(), text.as_bytes());
    findings.retain(|finding| actions.action(finding) > Action::Off);
    findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
    let mut masked = Vec::new();
    let mut at = 0;
    for edit in merge(&findings, actions).iter().filter(|edit| edit.action >= Action::Redact) {
        masked.extend_from_slice(&text.as_bytes()[at..edit.start as usize]);
        if edit.action == Action::Block {
            return String::from_utf8(masked).unwrap();
        }
        masked.extend_from_slice(actions.mask(edit.rule).as_bytes());
        at = edit.end as usize;
    }
    masked.extend_from_slice(&text.as_bytes()[at..]);
    String::from_utf8(masked).unwrap()
}

/// Deltas of two lanes in any order, cut at any character.
fn deltas() -> impl Strategy<Value = Vec<(u32, String)>> {
    let text = prop::collection::vec(prop::sample::select(PARTS), 0..12).prop_map(|parts| parts.concat());
    (text.clone(), text, any::<u64>()).prop_map(|(first, second, seed)| {
        let mut dice = crate::chunking::Dice::new(seed);
        let mut rest = [first.chars().collect::<Vec<_>>(), second.chars().collect()];
        let mut deltas = Vec::new();
        while rest.iter().any(|rest| !rest.is_empty()) {
            let item = dice.below(2);
            let length = dice.below(9).min(rest[item].len());
            deltas.push((item as u32, rest[item].drain(..length).collect()));
        }
        deltas
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_lane_reads_as_if_it_had_been_masked_whole(deltas in deltas()) {
        let actions = actions(redact_most);
        let mut redactor = Redactor::new(actions.clone());
        let (mut out, mut keys, mut whole) = (Vec::new(), Vec::new(), vec![String::new(); 2]);
        for (item, text) in &deltas {
            let key = lane(*item, Channel::Content);
            let (bytes, place) = unit(key, text);
            redactor.push(bytes, &[place]).unwrap();
            redactor.drain(&mut out);
            keys.push(key);
            whole[*item as usize].push_str(text);
        }
        redactor.close(|_| true).unwrap();
        redactor.drain(&mut out);
        prop_assert_eq!(redactor.held(), 0);
        let expected: Vec<String> = whole.iter().map(|text| mask_whole(&actions, text)).collect();
        prop_assert_eq!(put_together(&out, &keys), expected);
        prop_assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), deltas.len(), "no unit is lost");
    }

    #[test]
    fn what_left_is_never_taken_back(deltas in deltas()) {
        let actions = actions(redact_most);
        let run = |upto: usize| {
            let mut redactor = Redactor::new(actions.clone());
            let mut out = Vec::new();
            for (item, text) in &deltas[..upto] {
                let (bytes, place) = unit(lane(*item, Channel::Content), text);
                redactor.push(bytes, &[place]).unwrap();
                redactor.drain(&mut out);
            }
            out
        };
        let whole = run(deltas.len());
        for upto in 0..deltas.len() {
            prop_assert!(whole.starts_with(&run(upto)));
        }
    }

    #[test]
    fn a_stop_lets_out_nothing_of_what_is_blocked(deltas in deltas()) {
        let actions = actions(block_secrets);
        let mut redactor = Redactor::new(actions.clone());
        let (mut out, mut keys, mut whole) = (Vec::new(), Vec::new(), vec![String::new(); 2]);
        let mut stopped = false;
        for (item, text) in &deltas {
            let key = lane(*item, Channel::Content);
            keys.push(key);
            whole[*item as usize].push_str(text);
            let (bytes, place) = unit(key, text);
            stopped = redactor.push(bytes, &[place]).is_err();
            if stopped {
                break;
            }
            redactor.drain(&mut out);
        }
        if !stopped {
            stopped = redactor.close(|_| true).is_err();
        }
        if stopped {
            redactor.drain_before_stop(&mut out);
        } else {
            redactor.drain(&mut out);
        }
        prop_assert_eq!(redactor.held(), 0);
        for (left, text) in put_together(&out, &keys).iter().zip(&whole) {
            prop_assert!(mask_whole(&actions, text).starts_with(left));
        }
    }
}

#[test]
fn a_tool_call_is_held_whole_until_its_lane_closes() {
    let mut redactor = Redactor::new(actions(block_secrets));
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
    let mut redactor = Redactor::new(actions(redact_most));
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
fn lanes_are_bounded() {
    let mut redactor = Redactor::new(actions(redact_most));
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
    let actions = actions(block_secrets);
    let found = |rule, start, end| crate::detect::Finding {
        start,
        end,
        rule,
        confidence: crate::class::Confidence::High,
    };
    let table = [
        ("apart", vec![found(card, 0, 5), found(secret, 5, 9)], vec![(0, 5, card), (5, 9, secret)]),
        ("overlapping", vec![found(card, 0, 6), found(secret, 5, 9)], vec![(0, 9, secret)]),
        ("a flag under a mask", vec![found(token, 0, 9), found(card, 5, 9)], vec![(5, 9, card)]),
        (
            "a flag joins no masks",
            vec![found(card, 0, 5), found(token, 4, 12), found(card, 11, 20)],
            vec![(0, 5, card), (11, 20, card)],
        ),
        ("flags", vec![found(token, 0, 4), found(token, 3, 8)], vec![(0, 8, token)]),
    ];
    for (name, findings, expected) in table {
        let edits: Vec<_> =
            merge(&findings, &actions).iter().map(|edit| (edit.start, edit.end, edit.rule)).collect();
        assert_eq!(edits, expected, "{name}");
    }
}

#[test]
fn a_mask_is_quoted_in_a_copy_of_all_arguments_and_not_in_one_of_them() {
    for (text, expected) in [
        ("card 4111 1111 1111 1111", "card [REDACTED:financial]"),
        ("4111111111111111", "[REDACTED:financial]"),
        ("{\"card\":4111111111111111}", "{\"card\":\"[REDACTED:financial]\"}"),
    ] {
        let (unit, place) = unit(lane(0, Channel::ToolArguments), text);
        let mut redactor = Redactor::new(actions(redact_most));
        redactor.push(unit, &[Text { lane: None, ..place }]).unwrap();
        let mut out = Vec::new();
        redactor.drain(&mut out);
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), expected);
    }
}
