//! A slow, plain reference for the redactor (scan each lane's whole text, merge, mask), and what must hold between the
//! two. Tests and fuzzing share it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a property fails by panicking")]

use super::lane::merge;
use super::*;
use crate::detect::{Catalogue, CatalogueRule as Rule, Scanner};
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
    "eyJhbGciOiJub25lIn0.",
    "eyJzdWIiOiJhIn0.",
    "-----BEGIN PRIVATE KEY-----\n",
    "q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n",
    "-----END PRIVATE KEY-----",
    "\u{1f600}",
    "\"",
    "\\",
];

/// Actions over the built-in rules.
pub(crate) fn actions(action: fn(&Rule) -> Action) -> Arc<Actions> {
    masked_as(DEFAULT_MASK, action)
}

/// The same, with a mask of one's own.
pub(crate) fn masked_as(mask: &str, action: fn(&Rule) -> Action) -> Arc<Actions> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let catalogue = CATALOGUE.get_or_init(|| Arc::new(Catalogue::built_in().unwrap()));
    Arc::new(Actions::new(catalogue.clone(), mask, action))
}

/// An exchange's, at its beginning.
pub(crate) fn numbers() -> Numbers {
    Numbers::new([3; 16])
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
    let (channel, is_json) = (key.channel, key.channel == Channel::ToolArguments);
    (
        Unit::new(bytes, None),
        Text { lane: Some(key), channel, span, encoding, is_json, repeats: false, key_of: None },
    )
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
    let (edits, mut numbers) = (edits(actions, text), numbers());
    spliced(text, &edits, |_, edit| actions.mask(edit.rule, edit.value, &mut numbers))
}

/// The reference for two lanes whose masks are numbered together, in the order of the deltas in which they begin.
fn mask_lanes(actions: &Actions, deltas: &[(u32, String)]) -> Vec<Vec<u8>> {
    let whole = [0, 1].map(|lane| {
        deltas.iter().filter(|(item, _)| *item == lane).map(|(_, text)| text.as_str()).collect::<String>()
    });
    let edits = whole.each_ref().map(|text| edits(actions, text.as_bytes()));
    let (mut numbers, mut masks, mut at) = (numbers(), [Vec::new(), Vec::new()], [0, 0]);
    for (item, text) in deltas {
        let item = *item as usize;
        let delta = at[item]..at[item] + text.len() as u64;
        for edit in edits[item].iter().filter(|edit| delta.contains(&edit.start)) {
            masks[item].push(actions.mask(edit.rule, edit.value, &mut numbers));
        }
        at[item] = delta.end;
    }
    (0..2)
        .map(|lane| spliced(whole[lane].as_bytes(), &edits[lane], |at, _| masks[lane][at].clone()))
        .collect()
}

/// What changes in a text.
fn edits(actions: &Actions, text: &[u8]) -> Vec<Edit> {
    let mut scanner = Scanner::keyed(Some(numbers().key()));
    let mut findings = Vec::new();
    scanner.feed(actions.catalogue(), actions.enabled(), text, &mut findings);
    scanner.finish(actions.catalogue(), actions.enabled(), &mut findings);
    findings.retain(|finding| actions.action(finding) > Action::Off);
    findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
    merge(&findings, actions).into_iter().filter(|edit| edit.action >= Action::Redact).collect()
}

fn spliced(text: &[u8], edits: &[Edit], mut mask: impl FnMut(usize, &Edit) -> String) -> Vec<u8> {
    let (mut masked, mut written) = (Vec::new(), 0);
    for (at, edit) in edits.iter().enumerate() {
        masked.extend_from_slice(&text[written..edit.start as usize]);
        if edit.action == Action::Block {
            return masked;
        }
        masked.extend_from_slice(mask(at, edit).as_bytes());
        written = edit.end as usize;
    }
    masked.extend_from_slice(&text[written..]);
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
    for mask in [DEFAULT_MASK, "<{class} {number}>"] {
        masks_as(&masked_as(mask, redact_most), deltas);
    }
}

fn masks_as(actions: &Arc<Actions>, deltas: &[(u32, String)]) {
    let mut redactor = Redactor::new(actions.clone(), numbers());
    let (mut out, mut keys) = (Vec::new(), Vec::new());
    for (item, text) in deltas {
        let key = lane(*item, Channel::Content);
        let (bytes, place) = unit(key, text);
        redactor.push(bytes, &[place]).unwrap();
        redactor.drain(&mut out);
        keys.push(key);
    }
    redactor.close(|_| true).unwrap();
    redactor.drain(&mut out);
    assert_eq!(redactor.held(), 0);
    for (left, expected) in put_together(&out, &keys).iter().zip(mask_lanes(actions, deltas)) {
        assert_eq!(left.as_bytes(), expected, "of {deltas:?}");
    }
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), deltas.len(), "no unit is lost");
}

/// What leaves after some deltas is the beginning of what leaves after all.
pub(crate) fn takes_nothing_back(deltas: &[(u32, String)]) {
    let actions = actions(redact_most);
    let mut redactor = Redactor::new(actions.clone(), numbers());
    let (mut out, mut lengths) = (Vec::new(), Vec::new());
    for (item, text) in deltas {
        let (bytes, place) = unit(lane(*item, Channel::Content), text);
        redactor.push(bytes, &[place]).unwrap();
        redactor.drain(&mut out);
        lengths.push(out.len());
    }
    // Some of them: each is a run of its own.
    for (upto, length) in lengths.iter().enumerate().step_by(1 + lengths.len() / 8) {
        let mut redactor = Redactor::new(actions.clone(), numbers());
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
    let mut redactor = Redactor::new(actions.clone(), numbers());
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
