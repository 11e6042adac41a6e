//! A slow, plain reference for the redactor (scan each lane's whole text, merge, mask), and what must hold between the
//! two. Tests and fuzzing share it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a property fails by panicking")]

use super::lane::merge;
use super::*;
use crate::detect::{Catalogue, Rule, scan_all};
use std::sync::OnceLock;

/// What finds are made of, and what stands next to them.
pub(crate) const PARTS: &[&str] = &[
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

/// Actions over the built-in rules.
pub(crate) fn actions(action: fn(&Rule) -> Action) -> Arc<Actions> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let catalogue = CATALOGUE.get_or_init(|| Arc::new(Catalogue::built_in().unwrap()));
    Arc::new(Actions::new(catalogue.clone(), DEFAULT_MASK, action))
}

/// Masks everything but injections, which are flagged.
pub(crate) fn redact_most(rule: &Rule) -> Action {
    match rule.class {
        crate::class::Class::Injection => Action::Flag,
        _ => Action::Redact,
    }
}

/// The same, and a secret is a stop.
pub(crate) fn block_secrets(rule: &Rule) -> Action {
    match rule.class {
        crate::class::Class::Secret => Action::Block,
        _ => redact_most(rule),
    }
}

/// A lane of one item.
pub(crate) fn lane(item: u32, channel: Channel) -> LaneKey {
    LaneKey { item, channel, part: 0 }
}

/// A unit that is one JSON string with its quotes, and a line end.
pub(crate) fn unit(key: LaneKey, text: &str) -> (Unit, Text) {
    let mut bytes = vec![b'"'];
    crate::protocol::json::escape_into(text, &mut bytes);
    let span = 1..bytes.len();
    bytes.extend_from_slice(b"\"\n");
    let escaped = bytes[span.clone()].contains(&b'\\');
    let encoding = if escaped { Encoding::JsonEscaped } else { Encoding::Json };
    (Unit::new(bytes, None), Text { lane: Some(key), channel: key.channel, span, encoding })
}

/// What a receiver puts together from the units that left, per lane.
pub(crate) fn put_together(out: &[u8], keys: &[LaneKey]) -> Vec<String> {
    let mut lanes = vec![String::new(); 2];
    for (line, key) in std::str::from_utf8(out).unwrap().lines().zip(keys) {
        let text: String = serde_json::from_str(line).unwrap();
        lanes[key.item as usize].push_str(&text);
    }
    lanes
}

/// The reference. A blocked finding ends the text.
pub(crate) fn mask_whole(actions: &Actions, text: &[u8]) -> Vec<u8> {
    let mut findings = scan_all(actions.catalogue(), actions.enabled(), text);
    findings.retain(|finding| actions.action(finding) > Action::Off);
    findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
    let mut masked = Vec::new();
    let mut at = 0;
    for edit in merge(&findings, actions).iter().filter(|edit| edit.action >= Action::Redact) {
        masked.extend_from_slice(&text[at..edit.start as usize]);
        if edit.action == Action::Block {
            return masked;
        }
        masked.extend_from_slice(actions.mask(edit.rule).as_bytes());
        at = edit.end as usize;
    }
    masked.extend_from_slice(&text[at..]);
    masked
}

/// The texts of two lanes as deltas in any order, cut at any character. The same seed gives the same deltas.
pub(crate) fn cut(texts: [&str; 2], seed: u64) -> Vec<(u32, String)> {
    let mut dice = crate::chunking::Dice::new(seed);
    let mut rest = texts.map(|text| text.chars().collect::<Vec<_>>());
    let mut deltas = Vec::new();
    while rest.iter().any(|rest| !rest.is_empty()) {
        let item = dice.below(2);
        let length = dice.below(9).min(rest[item].len());
        deltas.push((item as u32, rest[item].drain(..length).collect()));
    }
    deltas
}

/// Each lane reads as if its whole text had been masked at once, and no unit is lost.
pub(crate) fn masks_as_if_whole(deltas: &[(u32, String)]) {
    let actions = actions(redact_most);
    let mut redactor = Redactor::new(actions.clone());
    let (mut out, mut keys, mut whole) = (Vec::new(), Vec::new(), vec![String::new(); 2]);
    for (item, text) in deltas {
        let key = lane(*item, Channel::Content);
        let (bytes, place) = unit(key, text);
        redactor.push(bytes, &[place]).unwrap();
        redactor.drain(&mut out);
        keys.push(key);
        whole[*item as usize].push_str(text);
    }
    redactor.close(|_| true).unwrap();
    redactor.drain(&mut out);
    assert_eq!(redactor.held(), 0);
    for (left, text) in put_together(&out, &keys).iter().zip(&whole) {
        assert_eq!(left.as_bytes(), mask_whole(&actions, text.as_bytes()), "of {text:?}");
    }
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), deltas.len(), "no unit is lost");
}

/// What leaves after some deltas is the beginning of what leaves after all.
pub(crate) fn takes_nothing_back(deltas: &[(u32, String)]) {
    let actions = actions(redact_most);
    let mut redactor = Redactor::new(actions.clone());
    let (mut out, mut lengths) = (Vec::new(), Vec::new());
    for (item, text) in deltas {
        let (bytes, place) = unit(lane(*item, Channel::Content), text);
        redactor.push(bytes, &[place]).unwrap();
        redactor.drain(&mut out);
        lengths.push(out.len());
    }
    // Some of them: each is a run of its own.
    for (upto, length) in lengths.iter().enumerate().step_by(1 + lengths.len() / 8) {
        let mut redactor = Redactor::new(actions.clone());
        let mut left = Vec::new();
        for (item, text) in &deltas[..=upto] {
            let (bytes, place) = unit(lane(*item, Channel::Content), text);
            redactor.push(bytes, &[place]).unwrap();
        }
        redactor.drain(&mut left);
        assert!(left == out[..*length], "after {upto} deltas");
    }
}

/// After a stop, each lane that left is the beginning of the one masked whole, which ends at the first block.
pub(crate) fn stops_before_what_is_blocked(deltas: &[(u32, String)]) {
    let actions = actions(block_secrets);
    let mut redactor = Redactor::new(actions.clone());
    let (mut out, mut keys, mut whole) = (Vec::new(), Vec::new(), vec![String::new(); 2]);
    let mut stopped = false;
    for (item, text) in deltas {
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
    assert_eq!(redactor.held(), 0);
    for (left, text) in put_together(&out, &keys).iter().zip(&whole) {
        assert!(mask_whole(&actions, text.as_bytes()).starts_with(left.as_bytes()), "of {text:?}");
    }
}
