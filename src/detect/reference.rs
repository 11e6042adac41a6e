//! A slow, plain reference for a catalogue: the whole text as it reads, every anchor looked for at every place, every
//! candidate judged once over all of it. Nothing is dropped, cut, shared or remembered. And what must hold between the two
//! and for check digits. Tests and fuzzing share it.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "a property fails by panicking")]

pub(crate) mod check;
mod numbers;

pub(crate) use super::custom::reference::{rule, validators_agree};
pub(crate) use super::plain::reference::{PIECES, Read};

use super::custom::reference as custom;
use super::rules::{Hit, Progress, Verdict, Verify, View};
use super::value::Form;
use super::window::Window;
use super::{
    Catalogue, CatalogueRule, CustomRule, Finding, RuleIndex, RuleSet, Scanner, ValueKey, keyed, may_hold,
    phrase, plain, token,
};
use crate::class::Confidence;
use crate::glob::Glob;
use numbers::Numbers;

/// Bytes of memory that a lane takes at most, whatever it reads.
const MOST_MEMORY: usize = 64 << 10;

/// Under which values are told apart.
const KEY: ValueKey = ValueKey([7; 16]);

/// A catalogue, and what the reference knows of it.
pub(crate) struct Reference {
    catalogue: Catalogue,
    /// By the first byte, in lower case.
    anchors: Vec<Vec<Anchor>>,
    numbers: Numbers,
    words: custom::Words,
}

/// What a candidate of a rule begins at.
struct Anchor {
    rule: RuleIndex,
    nth: u16,
    /// As it reads, in the form that the rule reads.
    text: Vec<u8>,
    any_case: bool,
    view: View,
}

/// What is found in one form of the text, by its offsets.
type Found = (u64, u64, RuleIndex, Confidence, Form);

impl Reference {
    /// Of the built-in rules, and of these; addresses of some hosts may carry data.
    pub(crate) fn with(own: &[CustomRule], allowed_hosts: Vec<Glob>) -> Reference {
        let prepared = own.iter().map(|rule| match rule.clone().prepare() {
            Ok(prepared) => prepared,
            Err(faults) => panic!("`{}`: {faults:?}", rule.id),
        });
        let Ok(mut catalogue) = Catalogue::with(prepared.collect()) else {
            panic!("the rules do not compile")
        };
        catalogue.allow_hosts(allowed_hosts);
        let mut anchors: Vec<Vec<Anchor>> = (0..=u8::MAX).map(|_| Vec::new()).collect();
        for (index, rule) in catalogue.rules() {
            for anchor in anchors_of(&catalogue, index, rule) {
                anchors[usize::from(anchor.text[0].to_ascii_lowercase())].push(anchor);
            }
        }
        let numbers = Numbers::of(&catalogue);
        let built_in = catalogue.rules().len() - own.len();
        let own = own.iter().enumerate().map(|(nth, rule)| (RuleIndex((built_in + nth) as u16), rule));
        let words = custom::Words::of(own);
        Reference { catalogue, anchors, numbers, words }
    }

    /// The rules.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What the rules of a set find in a text, by offset.
    pub(crate) fn findings(&self, text: &[u8], rules: &RuleSet) -> Vec<Finding> {
        let read = Read::of(text);
        let mut all = Vec::new();
        for (start, end, rule, confidence, form) in self.find(&read.plain, View::Plain) {
            let value = KEY.identify(&read.plain[start as usize..end as usize], form);
            let (first, last) = (&read.places[start as usize], &read.places[end as usize - 1]);
            all.push(Finding { start: first.start, end: last.end, rule, confidence, value });
        }
        for (start, end, rule, confidence, form) in self.find(text, View::Written) {
            let value = KEY.identify(&text[start as usize..end as usize], form);
            all.push(Finding { start, end, rule, confidence, value });
        }
        all.retain(|finding| rules.contains(finding.rule));
        all.sort_unstable();
        assert!(
            all.is_empty() || may_hold(&self.catalogue, rules, text),
            "a text that may hold nothing does"
        );
        all
    }

    /// A scanner that is fed the text in these chunks finds what the reference finds (`expected`), nothing too late for what
    /// it said was settled, and stays small.
    pub(crate) fn is_found_in(&self, chunks: &[&[u8]], rules: &RuleSet, expected: &[Finding]) {
        let mut scanner = Scanner::keyed(Some(KEY));
        let (mut all, mut settled, mut fed) = (Vec::new(), 0, 0);
        let mut take = |settled: u64, fed: u64, found: Vec<Finding>| {
            for finding in &found {
                assert!(finding.start >= settled, "{} comes too late", self.shown(finding));
                assert!(finding.start < finding.end && finding.end <= fed, "{} is off", self.shown(finding));
            }
            all.extend(found);
        };
        for chunk in chunks {
            fed += chunk.len() as u64;
            let mut found = Vec::new();
            let now = scanner.feed(&self.catalogue, rules, chunk, &mut found);
            take(settled, fed, found);
            assert!((settled..=fed).contains(&now), "settled {settled}, then {now} of {fed}");
            assert!((now..=fed).contains(&scanner.undoubted()), "settled {now}, and doubted before");
            settled = now;
            let memory = scanner.memory();
            assert!(memory <= MOST_MEMORY, "a lane of {memory} bytes");
        }
        let mut found = Vec::new();
        assert_eq!(scanner.finish(&self.catalogue, rules, &mut found), fed);
        take(settled, fed, found);
        all.sort_unstable();
        let is_missing = |finding: &&Finding| !all.contains(finding);
        let missing: Vec<String> = expected.iter().filter(is_missing).map(|one| self.shown(one)).collect();
        let is_more = |finding: &&Finding| !expected.contains(finding);
        let more: Vec<String> = all.iter().filter(is_more).map(|one| self.shown(one)).collect();
        assert!(all == expected, "{} chunks: not found: {missing:?}, found: {more:?}", chunks.len());
    }

    fn shown(&self, finding: &Finding) -> String {
        let id = self.catalogue.rule(finding.rule).map_or("?", |rule| &*rule.id);
        format!("{id} {}..{} {:?}", finding.start, finding.end, finding.confidence)
    }

    fn find(&self, text: &[u8], view: View) -> Vec<Found> {
        let window = Window::new(0, text, true);
        let mut all = Vec::new();
        for at in 0..text.len() {
            for anchor in &self.anchors[usize::from(text[at].to_ascii_lowercase())] {
                if anchor.view == view && anchor.stands_at(text, at) {
                    let (start, end) = (at as u64, (at + anchor.text.len()) as u64);
                    self.judge(&window, anchor.rule, Hit { start, end, nth: anchor.nth }, &mut all);
                }
            }
        }
        if view == View::Plain {
            self.numbers.find(text, &mut |start, end, rule, confidence| {
                all.push((start, end, rule, confidence, Form::Compact));
            });
            self.words.find(text, &mut |start, end, rule| {
                let Some(custom) = self.catalogue.custom(rule) else { return };
                if let Some(confidence) = custom.confidence(&window, start, end) {
                    all.push((start, end, rule, confidence, Form::AnyCase));
                }
            });
            self.words.begin(text, &mut |at, rule| {
                self.judge(&window, rule, Hit { start: at, end: at, nth: 0 }, &mut all);
            });
        }
        all
    }

    /// What a rule itself says of an anchor, when it sees all of the text behind it and as much before it as it asks for.
    fn judge(&self, window: &Window, rule: RuleIndex, mut hit: Hit, all: &mut Vec<Found>) {
        let Some(CatalogueRule { detector, custom, .. }) = self.catalogue.rule(rule) else { return };
        let before = hit.start.checked_sub(1);
        let is_free =
            before.and_then(|before| window.at(before)).is_none_or(|byte| !(detector.not_after)(byte));
        if !is_free && !before.is_some_and(|before| window.is_escape_letter(before)) {
            return;
        }
        let (mut progress, mut state) = (Progress { at: hit.end, note: 0 }, phrase::State::new());
        let (patterns, forms) = (self.catalogue.patterns(rule), self.catalogue.phrases(rule));
        let nth = usize::from(hit.nth);
        loop {
            let window = window.since(hit.start.saturating_sub(detector.look_back()));
            let verdict = match (custom, &detector.verify) {
                (Some(custom), _) => custom.judge(&window, &hit),
                (None, Verify::Code(verify)) => verify(&window, &hit, &mut progress),
                (None, Verify::Token(token)) => {
                    token::judge(token, &patterns[nth], &window, &hit, &mut progress)
                }
                (None, Verify::Keyed(keyed)) => {
                    keyed::judge(keyed, detector.anchors[nth], patterns, &window, &hit, &mut progress)
                }
                (None, Verify::Phrase(_)) => {
                    let Some(forms) = forms else { return };
                    phrase::judge(forms, &window, &hit, &mut progress, &mut state)
                }
                (None, Verify::Number(_) | Verify::Coded(_)) => Verdict::No,
            };
            let (start, end, confidence) = match verdict {
                Verdict::Match { start, end, confidence } | Verdict::Part { start, end, confidence } => {
                    (start, end, confidence)
                }
                Verdict::No => return,
                Verdict::More { .. } => panic!("more is needed behind the end of the text"),
            };
            let is_allowed = detector.is_address && self.catalogue.allows_host_of(window.slice(start, end));
            if !is_allowed {
                all.push((start, end, rule, confidence, detector.form));
            }
            if let Verdict::Match { .. } = verdict {
                return;
            }
            assert!(end > hit.start, "a part of nothing");
            hit = Hit { start: end, end, nth: hit.nth };
        }
    }
}

impl Anchor {
    fn stands_at(&self, text: &[u8], at: usize) -> bool {
        let Some(here) = text.get(at..at + self.text.len()) else { return false };
        if self.any_case { here.eq_ignore_ascii_case(&self.text) } else { here == self.text }
    }
}

/// What the candidates of a rule begin at: its own anchors, the literals of its tokens, the beginnings of its phrases.
fn anchors_of(catalogue: &Catalogue, index: RuleIndex, rule: &CatalogueRule) -> Vec<Anchor> {
    let detector = &rule.detector;
    let own = detector.anchors.iter().map(|anchor| match detector.verify {
        Verify::Keyed(_) => &anchor[..anchor.len().min(keyed::MAX_ANCHOR)],
        _ => anchor,
    });
    let mut texts: Vec<(&[u8], bool)> = own.map(|anchor| (anchor, detector.any_case)).collect();
    if let Verify::Token(_) = detector.verify {
        let patterns = catalogue.patterns(index);
        texts.extend(patterns.iter().map(|pattern| (pattern.literal(), detector.any_case)));
    }
    if let Some(custom) = &rule.custom {
        texts.extend(custom.anchors().iter().map(|anchor| (anchor.as_slice(), detector.any_case)));
    }
    let phrases = catalogue.phrases(index).into_iter().flat_map(phrase::Forms::anchors);
    texts.extend(phrases.map(|anchor| (anchor.text.as_slice(), !anchor.is_exact)));
    let read = |text: &[u8]| match detector.view {
        View::Plain => plain::of(text),
        View::Written => text.to_vec(),
    };
    let all = (0..).zip(texts).map(|(nth, (text, any_case))| Anchor {
        rule: index,
        nth,
        text: read(text),
        any_case,
        view: detector.view,
    });
    all.collect()
}

/// What texts are made of in which rules find something, or nearly do: anchors, examples, what is found in them, words of
/// context.
pub(crate) fn parts(catalogue: &Catalogue) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    for (index, rule) in catalogue.rules() {
        let anchors = anchors_of(catalogue, index, rule);
        // Phrases have hundreds, in many disguises.
        parts.extend(anchors.into_iter().step_by(7).map(|anchor| anchor.text));
        for example in rule.true_examples {
            parts.push(example.text.as_bytes().to_vec());
            parts.push(example.found.as_bytes().to_vec());
        }
        parts.extend(rule.false_examples.iter().map(|example| example.as_bytes().to_vec()));
        let context = match &rule.detector.verify {
            Verify::Number(number) => number.context,
            Verify::Coded(coded) => coded.context,
            _ => &[],
        };
        parts.extend(context.iter().map(|word| word.as_bytes().to_vec()));
    }
    parts
}

#[cfg(test)]
mod tests;
