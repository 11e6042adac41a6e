//! Keeps the keys of an object apart. Two keys that are masked may come to read alike, or like a third one, and a reader
//! that meets a key twice keeps one value of two: so a key that its object has already gets a number at its end.
//!
//! What no mask stands in is never touched, so a key that is masked gives way wherever in the object it stands. Names
//! are compared within one object of one unit; other objects, and other events of a stream, have their own.

use super::{Redactor, Segment, Unit};
use crate::protocol::json::{self, NodeId};
use crate::protocol::lane::Text;
use std::collections::{HashMap, HashSet};

/// The names that the objects of one unit have.
#[derive(Default)]
pub(super) struct Names {
    /// Each with the last number that was tried behind it, so that many keys that read alike take linear time.
    taken: HashMap<(NodeId, Vec<u8>), u64>,
}

impl Names {
    /// The names that a unit's keys keep. None where none of its keys changes.
    pub(super) fn kept(unit: &Unit, redactor: &Redactor) -> Names {
        let keys = || unit.segments.iter().filter_map(|segment| Some((segment.key_of?, segment)));
        let mut names = Names::default();
        if keys().any(|(_, segment)| redactor.changes(segment)) {
            for (object, segment) in keys().filter(|(_, segment)| !redactor.changes(segment)) {
                let raw = unit.bytes.get(segment.span.clone()).unwrap_or_default();
                names.taken.insert((object, segment.encoding.decode(raw).into_owned()), 1);
            }
        }
        names
    }

    /// `out` ends with a key of the object as it was masked, which begins at `start`, without its quotes.
    pub(super) fn tell_apart(&mut self, object: NodeId, start: usize, out: &mut Vec<u8>) {
        let name = (object, json::decode(out.get(start..).unwrap_or_default()).into_owned());
        let Some(&tried) = self.taken.get(&name) else {
            self.taken.insert(name, 1);
            return;
        };
        let mut number = tried;
        let (suffix, other) = loop {
            number += 1;
            let suffix = format!("_{number}").into_bytes();
            let other = (object, [name.1.as_slice(), &suffix].concat());
            if !self.taken.contains_key(&other) {
                break (suffix, other);
            }
        };
        out.extend_from_slice(&suffix);
        self.taken.insert(other, 1);
        self.taken.insert(name, number);
    }
}

impl Unit {
    /// Of an object of which a key changes, all other keys are kept, too. Those that continue lanes always are.
    pub(super) fn keep_names(&mut self, texts: &[&Text]) {
        let is_value = |segment: &&Segment| segment.lane.is_none();
        let changed = self.segments.iter().filter(is_value).filter_map(|segment| segment.key_of);
        let changed: HashSet<NodeId> = changed.collect();
        if changed.is_empty() {
            return;
        }
        let known: HashSet<usize> = self.segments.iter().map(|segment| segment.span.start).collect();
        let is_other = |text: &&&Text| {
            text.key_of.is_some_and(|object| changed.contains(&object)) && !known.contains(&text.span.start)
        };
        let others = texts.iter().filter(is_other).map(|text| Segment::of(text, None, 0, 0));
        self.segments.extend(others);
        self.segments.sort_by_key(|segment| segment.span.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::{Document, Limits};
    use crate::protocol::recognise;
    use crate::redact::DEFAULT_MASK;
    use crate::redact::reference::{masked_as, numbers, redact_most};

    /// What leaves of an answer of this operation.
    fn left(path: &str, mask: &str, answer: &str) -> String {
        let document = Document::parse(answer.as_bytes(), Limits::default()).unwrap();
        let (texts, _) = recognise("POST", path).unwrap().dialect.answer(&document).unwrap();
        let mut redactor = Redactor::new(masked_as(mask, redact_most), numbers());
        redactor.push(Unit::new(answer.as_bytes().to_vec(), None), &texts).unwrap();
        redactor.close(|_| true).unwrap();
        let mut out = Vec::new();
        redactor.drain(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn any_mask_gives_way_to_what_stands_there() {
        for (name, mask, answer, expected) in [
            (
                "values that are told apart",
                "[{name}_{number}]",
                r#"{"a@b.example":1,"c@b.example":2,"A@b.example":3}"#,
                r#"{"[EMAIL_1]":1,"[EMAIL_2]":2,"[EMAIL_1]_2":3}"#,
            ),
            (
                "a few small letters",
                "masked",
                r#"{"a@b.example":1,"masked":2}"#,
                r#"{"masked_2":1,"masked":2}"#,
            ),
            ("nothing", "", r#"{"a@b.example":1,"c@b.example":2,"":3}"#, r#"{"_2":1,"_3":2,"":3}"#),
            (
                "a mask that is escaped",
                "\"",
                r#"{"a@b.example":1,"c@b.example":2,"\u0022":3}"#,
                r#"{"\"_2":1,"\"_3":2,"\u0022":3}"#,
            ),
            (
                "a key that reads like one with a number",
                "M",
                r#"{"a@b.example":1,"c@b.example":2,"S2740116C _2":3,"S2740116C":4,"M _2":5}"#,
                r#"{"M":1,"M_2":2,"M _2_2":3,"M_3":4,"M _2":5}"#,
            ),
        ] {
            assert_eq!(left("/v1/embeddings", mask, answer), expected, "{name}");
        }
    }

    #[test]
    fn keys_that_continue_lanes_stay_apart_where_they_are_masked_and_where_they_vanish() {
        let answer =
            |tokens: &str| format!(r#"{{"choices":[{{"logprobs":{{"top_logprobs":[{tokens}]}}}}]}}"#);
        let came = r#"{"a@b.":1,"c@b.":2,"no":3},{"example":1,"other":2,"":3},{" x":1," y":2," z":3}"#;
        let expected = r#"{"M":1,"M_2":2,"no":3},{"_2":1,"_3":2,"":3},{" x":1," y":2," z":3}"#;
        assert_eq!(left("/v1/completions", "M", &answer(came)), answer(expected));
    }

    #[test]
    fn many_keys_that_read_alike_take_linear_time() {
        let keys: Vec<String> = (0..20_000).map(|key| format!("\"k{key}@b.example\":{key}")).collect();
        let left = left("/v1/embeddings", DEFAULT_MASK, &format!("{{{}}}", keys.join(",")));
        assert!(left.ends_with("\"[REDACTED:pii.contact]_20000\":19999}"));
    }
}
