//! The customer's own rules: patterns, literals, lists of words, and canaries.
//!
//! Not here: how they are written ([`crate::config::raw`]), what is done about them (a guard).
//!
//! **A pattern** is run by regex-lite, which is slow, so it never sees the whole text: it is tried where its literal
//! beginning stands, else around one of its keywords, else where a word begins with one of its first bytes; and there it
//! reads at most `max_length` bytes. What its first bytes say ([`syntax`]) is asked for first. Text is held from where a match
//! may begin until its first bytes say no, or `max_length` bytes and the border behind them have come.
//! **Literals** are anchors like those of built-in rules. **Words** and **canaries** are looked up in one table ([`words`]).

mod border;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod reference;
mod syntax;
pub(super) mod words;

use super::catalogue::CatalogueRule;
use super::rules::{Detector, Hit, Verdict};
use super::value::Form;
use super::window::{Ahead, Window};
use super::{RuleIndex, check, context, plain};
use crate::class::{Class, Confidence};
use border::is_inside_word;
use regex_lite::{Regex, RegexBuilder};
use std::borrow::Cow;
use syntax::{Refused, Shape};
use words::{Draft, normal};

/// Bytes of a match of a pattern, at most.
pub const MAX_LENGTH: u64 = 256;
/// The same, where it is tried at words or around keywords.
pub const MAX_LENGTH_UNANCHORED: u64 = 128;
/// Bytes of a pattern as it is written, at most.
pub const MAX_PATTERN: usize = 512;
/// Bytes of a literal, a keyword, a word, a context word or an allowed value, at most.
pub const MAX_TEXT: usize = 128;
/// Bytes of all literals and keywords together: each is a few states of an automaton that is kept for speed, not for size.
pub const MAX_LITERALS: usize = 4096;
/// Entries of all lists of words together.
pub const MAX_WORDS: usize = 100_000;
/// Bytes of all words and canaries together.
pub const MAX_WORDS_BYTES: usize = 4 << 20;
/// Bytes of a canary, at least: what is shorter is found by chance.
pub const MIN_CANARY: usize = 8;
/// Bytes of a canary, at most.
pub const MAX_CANARY: usize = 16 << 10;
/// From so many bytes on a part of a canary is enough.
pub const LONG_CANARY: usize = 64;
/// Bytes of a long canary that are found from the beginning of any word of it: so any 48 of them in a row, where its words have
/// at most 16.
const CANARY_PIECE: usize = 32;
/// Bytes of an anchor, at least: what is shorter is everywhere.
const MIN_ANCHOR: usize = 3;
/// Bytes of a pattern's literal beginning that are its anchor.
const MAX_ANCHOR: usize = 12;
/// Words in front of a keyword at which a match may begin.
const MAX_STARTS: usize = 8;
/// Memory of a compiled pattern, in bytes.
const MAX_REGEX: usize = 64 << 10;

/// A rule as a customer writes it, in the terms of detection.
#[derive(Debug, Clone)]
pub struct CustomRule {
    /// Its name in policies and records.
    pub id: String,
    /// Its class.
    pub class: Class,
    /// One sentence for people.
    pub description: String,
    /// What is looked for.
    pub what: What,
    /// How sure a finding is; where there are words of context, with one of them in front.
    pub confidence: Confidence,
    /// Words of which one must stand in front; without one a finding is low.
    pub context: Vec<String>,
    /// Values that are none.
    pub allow: Vec<String>,
    /// What a value's letters and digits must pass.
    pub validator: Option<Validator>,
    /// Whether the case of ASCII letters does not matter.
    pub any_case: bool,
    /// Whether no letter or digit may touch it.
    pub is_word: bool,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub enum What {
    /// A pattern of regex-lite.
    Pattern {
        /// The pattern.
        pattern: String,
        /// Bytes of a match at most, where the pattern has no bound of its own.
        max_length: Option<u64>,
        /// Literals of which every match holds one.
        keywords: Vec<String>,
    },
    /// Texts wherever they stand.
    Literals(Vec<String>),
    /// Whole words and names.
    Words(Vec<String>),
    /// A text that must not come out.
    Canary(String),
}

/// A check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validator {
    /// ISO/IEC 7812-1, annex B.
    Luhn,
    /// ISO/IEC 7064 MOD 97-10.
    Mod97,
    /// ISO/IEC 7064 MOD 11-2.
    Mod112,
    /// ISO/IEC 7064 MOD 11,10.
    Mod1110,
    /// Verhoeff's scheme.
    Verhoeff,
}

/// What is wrong with a rule: in which of its fields, what, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, as the configuration names it; `keywords[2]`.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Fault {
    fn new(field: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { field: field.into(), message: message.into(), help: help.into() }
    }
}

/// A rule that was checked, ready for a catalogue.
pub struct Prepared {
    rule: CustomRule,
    matcher: Matcher,
}

/// How a customer's rule judges a place.
pub(super) struct Matcher {
    kind: Kind,
    is_word: bool,
    any_case: bool,
    confidence: Confidence,
    context: Vec<String>,
    allow: Vec<Vec<u8>>,
    validator: Option<Validator>,
}

enum Kind {
    Pattern(Box<Searched>),
    Literals(Vec<Vec<u8>>),
    /// Looked up in the table of words.
    Words,
}

/// A pattern, and where it is tried.
struct Searched {
    regex: Regex,
    shape: Shape,
    /// Bytes that it reads.
    length: u64,
    start: Start,
    /// One of them is in every match; empty where that is not asked for.
    keywords: Vec<Vec<u8>>,
}

enum Start {
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

impl CustomRule {
    /// Compiles, or says everything that is wrong.
    pub fn prepare(self) -> Result<Prepared, Vec<Fault>> {
        let mut faults = Vec::new();
        for (field, texts) in [("context", &self.context), ("allow", &self.allow)] {
            check_texts(field, texts, 1, &mut faults);
        }
        let kind = match &self.what {
            What::Pattern { pattern, max_length, keywords } => {
                check_texts("keywords", keywords, MIN_ANCHOR, &mut faults);
                match self.searched(pattern, *max_length, keywords) {
                    Ok(searched) => Some(Kind::Pattern(Box::new(searched))),
                    Err(fault) => {
                        faults.push(fault);
                        None
                    }
                }
            }
            What::Literals(literals) => {
                check_texts("literals", literals, MIN_ANCHOR, &mut faults);
                Some(Kind::Literals(fewest(literals, self.any_case)))
            }
            What::Words(words) => {
                check_texts("words", words, 2, &mut faults);
                Some(Kind::Words)
            }
            What::Canary(text) => {
                let length = normal(text).len();
                if !(MIN_CANARY..=MAX_CANARY).contains(&length) {
                    let help = format!("write {MIN_CANARY} to {MAX_CANARY} bytes besides white space");
                    faults.push(Fault::new("text", format!("has {length} bytes"), help));
                }
                Some(Kind::Words)
            }
        };
        match kind {
            Some(kind) if faults.is_empty() => {
                let matcher = Matcher {
                    kind,
                    is_word: self.is_word,
                    any_case: self.any_case,
                    confidence: self.confidence,
                    context: self.context.iter().map(|word| word.to_lowercase()).collect(),
                    allow: self.allow.iter().map(|value| normal(value)).collect(),
                    validator: self.validator,
                };
                Ok(Prepared { rule: self, matcher })
            }
            _ => Err(faults),
        }
    }

    fn searched(
        &self,
        pattern: &str,
        max_length: Option<u64>,
        keywords: &[String],
    ) -> Result<Searched, Fault> {
        let wrong = |message: &str, help: &str| Err(Fault::new("pattern", message, help));
        if pattern.len() > MAX_PATTERN {
            let help = "split it into several rules, or write a list of words";
            return wrong(&format!("is longer than {MAX_PATTERN} bytes"), help);
        }
        let build = |pattern: &str| {
            let mut builder = RegexBuilder::new(pattern);
            builder.case_insensitive(self.any_case).size_limit(MAX_REGEX).nest_limit(32).build()
        };
        let regex = build(pattern).and_then(|_| build(&format!(r"\A(?:{pattern})")));
        let regex = match regex {
            Ok(regex) => regex,
            Err(error) => {
                let help = "write it in the syntax of the Rust crate regex-lite, without look-around and back-references";
                return wrong(&format!("does not compile: {error}"), help);
            }
        };
        let shape = match syntax::shape(pattern, self.any_case) {
            Ok(shape) => shape,
            Err(Refused::Assertion) => {
                return wrong(
                    "asks for what stands around a match (`^`, `$`, `\\b`)",
                    "leave it out: a match stands alone unless the rule says `word: false`",
                );
            }
            Err(Refused::Flags) => return wrong("sets flags", "write `case: insensitive` in the rule"),
            Err(Refused::Unknown) => {
                return wrong(
                    "is not understood",
                    "write it with fewer groups in groups, or in several rules",
                );
            }
        };
        if shape.least == 0 {
            return wrong("matches the empty text", "make one of its parts necessary");
        }
        let anchor = literal(&shape, self.any_case);
        let start = if anchor.len() >= MIN_ANCHOR {
            Start::Literal(anchor)
        } else if !self.is_word {
            let help = format!("begin it with {MIN_ANCHOR} fixed characters, or remove `word: false`");
            return Err(Fault::new("word", "is `false`, so the pattern would be tried everywhere", help));
        } else if keywords.is_empty() {
            Start::Word
        } else {
            Start::Keyword
        };
        let most = match start {
            Start::Literal(_) => MAX_LENGTH,
            Start::Keyword | Start::Word => MAX_LENGTH_UNANCHORED,
        };
        let length = match (shape.most, max_length) {
            (Some(bound), Some(max)) => bound.min(max),
            (Some(bound), None) if bound <= most => bound,
            (None, Some(max)) => max,
            (_, None) => {
                let help = format!("say how many bytes a match has at most: `max_length`, 1 to {most}");
                return Err(Fault::new("max_length", "is missing, and the pattern has no such bound", help));
            }
        };
        if !(shape.least..=most).contains(&length) {
            let help = format!("write {} to {most}", shape.least);
            return Err(Fault::new("max_length", format!("{length} is out of range"), help));
        }
        Ok(Searched { regex, shape, length, start, keywords: fewest(keywords, self.any_case) })
    }
}

fn check_texts(field: &str, texts: &[String], least: usize, faults: &mut Vec<Fault>) {
    for (nth, text) in texts.iter().enumerate() {
        let length = normal(text).len();
        if !(least..=MAX_TEXT).contains(&length) || text.len() > 2 * MAX_TEXT {
            let help = format!("write {least} to {MAX_TEXT} bytes");
            faults.push(Fault::new(format!("{field}[{nth}]"), format!("has {length} bytes"), help));
        }
    }
}

/// As they read, without those that hold another one, which would be met twice.
fn fewest(texts: &[String], any_case: bool) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| plain::of(text.as_bytes())).collect();
    let same = |a: &[u8], b: &[u8]| if any_case { a.eq_ignore_ascii_case(b) } else { a == b };
    all.sort_by_key(Vec::len);
    let mut few: Vec<Vec<u8>> = Vec::new();
    for text in all {
        let holds = |one: &Vec<u8>| text.windows(one.len().max(1)).any(|part| same(part, one));
        if !few.iter().any(holds) {
            few.push(text);
        }
    }
    few
}

/// What every match begins with.
fn literal(shape: &Shape, any_case: bool) -> Vec<u8> {
    let one = |set: &super::pattern::Set| {
        let mut bytes = (0..=u8::MAX).filter(|byte| set.has(*byte));
        let (first, second, third) = (bytes.next()?, bytes.next(), bytes.next());
        let is_one = second.is_none()
            || (any_case
                && third.is_none()
                && second.is_some_and(|other| other.eq_ignore_ascii_case(&first)));
        is_one.then_some(first)
    };
    shape.lead.iter().map_while(one).take(MAX_ANCHOR).collect()
}

impl Prepared {
    /// Bytes of literals that it brings into the automaton.
    pub fn literals(&self) -> usize {
        self.matcher.anchors().iter().map(|anchor| anchor.len()).sum()
    }

    /// Words, and their bytes and those of canaries.
    pub fn words(&self) -> (usize, usize) {
        match &self.rule.what {
            What::Words(words) => (words.len(), words.iter().map(String::len).sum()),
            What::Canary(text) => (0, text.len()),
            What::Pattern { .. } | What::Literals(_) => (0, 0),
        }
    }

    /// The rule of a catalogue; what is looked up goes to `draft`.
    pub(super) fn into_rule(self, index: RuleIndex, draft: &mut Draft) -> CatalogueRule {
        let Prepared { rule, matcher } = self;
        match (&rule.what, &matcher.kind) {
            (What::Words(words), _) => {
                words.iter().for_each(|word| draft.word(index, &normal(word), rule.any_case));
            }
            (What::Canary(text), _) => draft.canary(index, &normal(text), LONG_CANARY, CANARY_PIECE),
            (_, Kind::Pattern(searched)) => {
                if let (Start::Word, Some(first)) = (&searched.start, searched.shape.lead.first()) {
                    draft.pattern(index, *first);
                }
            }
            _ => {}
        }
        let is_canary = matches!(rule.what, What::Canary(_));
        CatalogueRule {
            id: Cow::Owned(rule.id),
            class: rule.class,
            level: None,
            description: Cow::Owned(rule.description),
            source: Cow::Borrowed("the configuration"),
            true_examples: &[],
            false_examples: &[],
            is_canary,
            detector: matcher.detector(),
            custom: Some(matcher),
        }
    }
}

impl Matcher {
    fn detector(&self) -> Detector {
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
    pub(super) fn anchors(&self) -> &[Vec<u8>] {
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
    pub(super) fn has_tail(&self) -> bool {
        matches!(&self.kind, Kind::Pattern(searched) if matches!(searched.start, Start::Keyword))
    }

    /// Where the earliest match may start whose keyword has not come.
    pub(super) fn tail(&self, window: &Window) -> u64 {
        let Kind::Pattern(searched) = &self.kind else { return window.end() };
        let end = window.end();
        let from = end.saturating_sub(searched.length.saturating_sub(1));
        (from..end)
            .find(|start| searched.begins(window, *start) && searched.goes_on(window, *start))
            .unwrap_or(end)
    }

    /// Judges the place of an anchor, or the beginning of a word.
    pub(super) fn judge(&self, window: &Window, hit: &Hit) -> Verdict {
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
    pub(super) fn confidence(&self, window: &Window, start: u64, end: u64) -> Option<Confidence> {
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

impl Validator {
    /// Every validator, by its name in configurations.
    pub const ALL: [(&'static str, Validator); 5] = [
        ("luhn", Validator::Luhn),
        ("mod_97", Validator::Mod97),
        ("mod_11_2", Validator::Mod112),
        ("mod_11_10", Validator::Mod1110),
        ("verhoeff", Validator::Verhoeff),
    ];

    /// Whether the letters and digits of a value agree with its check digit. For Luhn, MOD 11,10 and Verhoeff only its digits
    /// count.
    fn passes(self, value: &[u8]) -> bool {
        let compact: Vec<u8> =
            value.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
        let digits: Vec<u8> = compact.iter().copied().filter(u8::is_ascii_digit).collect();
        match self {
            Validator::Luhn => digits.len() > 1 && check::luhn(&digits),
            Validator::Mod97 => check::mod_97(compact) == Some(1),
            Validator::Mod112 => {
                let is_one = |byte: &u8| byte.is_ascii_digit() || *byte == b'X';
                let number: Vec<u8> = compact.into_iter().filter(is_one).collect();
                number.len() > 1 && check::mod_11_2(&number)
            }
            Validator::Mod1110 => digits.len() > 1 && check::mod_11_10(&digits),
            Validator::Verhoeff => digits.len() > 1 && check::verhoeff(&digits),
        }
    }
}

#[cfg(test)]
mod tests;
