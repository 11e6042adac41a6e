//! How a rule of the customer's judges the place of an anchor, or the beginning of a word.

use super::border::{self, is_inside_word};
use super::syntax::Shape;
use super::validator::Validator;
use crate::class::Confidence;
use crate::detect::context;
use crate::detect::rules::{Detector, Hit, Verdict};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window};
use regex_lite::Regex;
use std::borrow::Cow;

/// Words in front of a keyword at which a match may begin.
const MAX_STARTS: usize = 8;

/// How a customer's rule judges a place.
pub(in crate::detect) struct Matcher {
    pub(super) kind: Kind,
    pub(super) is_word: bool,
    pub(super) any_case: bool,
    pub(super) confidence: Confidence,
    pub(super) context: Vec<String>,
    pub(super) allow: Vec<Vec<u8>>,
    pub(super) validator: Option<Validator>,
}

pub(super) enum Kind {
    Pattern(Box<Searched>),
    Literals(Vec<Vec<u8>>),
    /// Looked up in the table of words.
    Words,
}

/// A pattern, and where it is tried.
pub(super) struct Searched {
    pub(super) regex: Regex,
    pub(super) shape: Shape,
    /// Bytes that it reads.
    pub(super) length: u64,
    pub(super) start: Start,
    /// One of them is in every match; empty where that is not asked for.
    pub(super) keywords: Vec<Vec<u8>>,
}

pub(super) enum Start {
    /// Where its literal beginning stands.
    Literal(Vec<u8>),
    /// Around a keyword.
    Keyword,
    /// Where a word begins.
    Word,
}

/// What a pattern says of a place.
enum Tried {
    No,
    More,
    Match { end: u64 },
}

impl Matcher {
    pub(super) fn detector(&self) -> Detector {
        let back = match &self.kind {
            Kind::Pattern(searched) if matches!(searched.start, Start::Keyword) => searched.length,
            _ => 0,
        };
        Detector {
            any_case: self.any_case,
            starts_at_anchor: back == 0,
            look_back: back + border::MAX_CHAR + 1 + context::REACH,
            form: if self.any_case { Form::AnyCase } else { Form::Exact },
            ..Detector::without_anchors()
        }
    }

    /// The literals that make a place worth a look.
    pub(in crate::detect) fn anchors(&self) -> &[Vec<u8>] {
        match &self.kind {
            Kind::Literals(literals) => literals,
            Kind::Pattern(searched) => match &searched.start {
                Start::Literal(anchor) => std::slice::from_ref(anchor),
                Start::Keyword => &searched.keywords,
                Start::Word => &[],
            },
            Kind::Words => &[],
        }
    }

    /// Whether a match may start before its anchor.
    pub(in crate::detect) fn has_tail(&self) -> bool {
        matches!(&self.kind, Kind::Pattern(searched) if matches!(searched.start, Start::Keyword))
    }

    /// Where the earliest match may start whose keyword has not come.
    pub(in crate::detect) fn tail(&self, window: &Window) -> u64 {
        let Kind::Pattern(searched) = &self.kind else { return window.end() };
        let end = window.end();
        let from = end.saturating_sub(searched.length.saturating_sub(1));
        (from..end)
            .find(|start| searched.begins(window, *start) && searched.goes_on(window, *start))
            .unwrap_or(end)
    }

    /// Judges the place of an anchor, or the beginning of a word.
    pub(in crate::detect) fn judge(&self, window: &Window, hit: &Hit) -> Verdict {
        match &self.kind {
            Kind::Words => Verdict::No,
            Kind::Literals(_) => self.judge_literal(window, hit),
            Kind::Pattern(searched) => match searched.start {
                Start::Keyword => self.judge_keyword(searched, window, hit),
                Start::Literal(_) | Start::Word => match self.attempt(searched, window, hit.start) {
                    Tried::No => Verdict::No,
                    Tried::More => Verdict::More { from: hit.start },
                    Tried::Match { end } => match searched.keyword_at(window, hit.start, end) {
                        None if !searched.keywords.is_empty() => Verdict::No,
                        _ => self.verdict(window, hit.start, end),
                    },
                },
            },
        }
    }

    /// How sure a value is; `None` where it is none.
    pub(in crate::detect) fn confidence(&self, window: &Window, start: u64, end: u64) -> Option<Confidence> {
        let value = window.slice(start, end);
        if !self.allow.is_empty() {
            let parts = value.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
            let value = parts.collect::<Vec<_>>().join(&b' ');
            let same = |allowed: &Vec<u8>| match self.any_case {
                true => allowed.eq_ignore_ascii_case(&value),
                false => *allowed == value,
            };
            if self.allow.iter().any(same) {
                return None;
            }
        }
        if self.validator.is_some_and(|validator| !validator.passes(value)) {
            return None;
        }
        if self.context.is_empty() {
            return Some(self.confidence);
        }
        let words: Vec<&str> = self.context.iter().map(String::as_str).collect();
        Some(if context::is_in_front(window, start, &words) { self.confidence } else { Confidence::Low })
    }

    fn verdict(&self, window: &Window, start: u64, end: u64) -> Verdict {
        match self.confidence(window, start, end) {
            Some(confidence) => Verdict::Match { start, end, confidence },
            None => Verdict::No,
        }
    }

    fn judge_literal(&self, window: &Window, hit: &Hit) -> Verdict {
        if !self.is_word {
            return self.verdict(window, hit.start, hit.end);
        }
        match (is_inside_word(window, hit.start), is_inside_word(window, hit.end)) {
            (Some(true), _) | (_, Some(true)) => Verdict::No,
            (None, _) | (_, None) => Verdict::More { from: hit.start },
            _ => self.verdict(window, hit.start, hit.end),
        }
    }

    /// The first of the words in front of the keyword from which a match holds it.
    fn judge_keyword(&self, searched: &Searched, window: &Window, hit: &Hit) -> Verdict {
        let from = hit.end.saturating_sub(searched.length);
        let starts = (from..=hit.start).rev().filter(|start| searched.begins(window, *start));
        let mut starts: Vec<u64> = starts.take(MAX_STARTS).collect();
        starts.reverse();
        for start in starts {
            match self.attempt(searched, window, start) {
                Tried::No => {}
                Tried::More => return Verdict::More { from: start },
                Tried::Match { end } => {
                    if searched.keyword_at(window, start, end) == Some(hit.start) && hit.end <= end {
                        return self.verdict(window, start, end);
                    }
                }
            }
        }
        Verdict::No
    }

    /// Whether a match stands at `start`, alone where that is asked for.
    fn attempt(&self, searched: &Searched, window: &Window, start: u64) -> Tried {
        if self.is_word {
            match is_inside_word(window, start) {
                Some(true) => return Tried::No,
                Some(false) => {}
                None => return Tried::More,
            }
        }
        match (searched.read(window, start), self.is_word) {
            (Tried::Match { end }, true) => match is_inside_word(window, end) {
                Some(true) => Tried::No,
                Some(false) => Tried::Match { end },
                None => Tried::More,
            },
            (tried, _) => tried,
        }
    }
}

impl Searched {
    /// Whether a match may begin with the byte at `start`, which is there, and a word with it.
    fn begins(&self, window: &Window, start: u64) -> bool {
        let fits = |byte: u8| self.shape.lead.first().is_none_or(|set| set.has(byte));
        window.at(start).is_some_and(|byte| byte & 0xc0 != 0x80 && fits(byte))
            && is_inside_word(window, start) != Some(true)
    }

    /// Whether what has come from `start` on may be the beginning of a match.
    fn goes_on(&self, window: &Window, start: u64) -> bool {
        self.shape.lead.iter().zip(start..).all(|(set, at)| window.at(at).is_none_or(|byte| set.has(byte)))
    }

    fn read(&self, window: &Window, start: u64) -> Tried {
        for (set, at) in self.shape.lead.iter().zip(start..) {
            match window.ahead(at) {
                Ahead::Byte(byte) if set.has(byte) => {}
                Ahead::Byte(_) | Ahead::End => return Tried::No,
                Ahead::Unknown => return Tried::More,
            }
        }
        let length = self.shape.lead.len() as u64;
        if self.shape.is_exact && self.shape.most == Some(length) {
            return Tried::Match { end: start + length };
        }
        let end = start + self.length;
        if window.ahead(end - 1) == Ahead::Unknown {
            return Tried::More;
        }
        match self.regex.find(&readable(window.slice(start, end))) {
            Some(found) if !found.is_empty() => Tried::Match { end: start + found.end() as u64 },
            _ => Tried::No,
        }
    }

    /// Where the first keyword of a match stands.
    fn keyword_at(&self, window: &Window, start: u64, end: u64) -> Option<u64> {
        let text = window.slice(start, end);
        let at = |keyword: &Vec<u8>| {
            text.windows(keyword.len().max(1)).position(|part| part.eq_ignore_ascii_case(keyword))
        };
        self.keywords.iter().filter_map(at).min().map(|at| start + at as u64)
    }
}

/// Bytes as text of the same length: without a character that is cut off at the end, and with zeros for what is no text.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    let mut chunks = bytes.utf8_chunks().peekable();
    if chunks.peek().is_none_or(|first| first.invalid().is_empty()) {
        return String::from_utf8_lossy(bytes);
    }
    let mut text = String::with_capacity(bytes.len());
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let is_cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if !is_cut {
            text.extend(chunk.invalid().iter().map(|_| '\0'));
        }
    }
    Cow::Owned(text)
}
