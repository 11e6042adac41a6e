//! One form of one lane's text, read once. Offsets count the bytes of that form.

use super::Finding;
use super::automaton::{State, Target, Trigger};
use super::catalogue::{Catalogue, RuleSet};
use super::custom::words::{Begins, Looked, Words};
use super::keyed;
use super::number::{self, Judged};
use super::phrase;
use super::rules::{Detector, Hit, Progress, Verdict, Verify, View};
use super::token;
use super::value::{Form, ValueKey};
use super::window::Window;

/// Bytes that no rule looks at any more and that stay before they are dropped, so that not every feed moves text.
/// None in tests: there a look at dropped text has to show.
const SLACK: u64 = if cfg!(test) { 1 } else { 256 };

/// Candidates for which an idle lane keeps room.
const IDLE_OPEN: usize = 8;

/// The state of one form of a lane. Every call must use the same catalogue and the same rules.
#[derive(Clone)]
pub(super) struct Engine {
    view: View,
    /// `None` before the first byte.
    state: Option<State>,
    /// Offset of the first retained byte.
    base: u64,
    /// The end of the text, as far back as a candidate or a coming anchor may look.
    text: Vec<u8>,
    /// Candidates that wait for more text, oldest anchor first.
    open: Vec<Candidate>,
    /// Under which values are told apart; `None` where nobody asks.
    key: Option<ValueKey>,
}

/// An anchor that was met and is not decided.
#[derive(Clone)]
struct Candidate {
    target: Target,
    hit: Hit,
    progress: Progress,
    /// Of a phrase.
    state: phrase::State,
    /// The earliest offset at which the match may start.
    from: u64,
}

impl Engine {
    /// Of an empty lane.
    pub(super) fn new(view: View, key: Option<ValueKey>) -> Engine {
        Engine { view, state: None, base: 0, text: Vec::new(), open: Vec::new(), key }
    }

    /// Appends a piece of text, which is retained whole for a moment. Pushes what [`super::Scanner::append`] does.
    pub(super) fn append(
        &mut self,
        catalogue: &Catalogue,
        rules: &RuleSet,
        piece: &[u8],
        out: &mut Vec<Finding>,
    ) {
        if !piece.is_empty() {
            self.drop_unneeded(catalogue);
            self.text.extend_from_slice(piece);
            self.judge_open(catalogue, rules, false, out);
            self.scan(catalogue, rules, piece, out);
        }
        // What is retained, and room for a delta.
        let idle = usize::try_from(catalogue.reach(self.view) + 2 * SLACK).unwrap_or(usize::MAX);
        if self.text.capacity() > idle {
            self.drop_unneeded(catalogue);
            self.text.shrink_to(idle);
        }
        if self.open.is_empty() && self.open.capacity() > IDLE_OPEN {
            self.open = Vec::new();
        }
    }

    /// The end of the text: decides everything that is open. Returns the length of the text.
    ///
    /// The lane is over; a finding that a later `feed` pushes has no meaning.
    pub(super) fn finish(&mut self, catalogue: &Catalogue, rules: &RuleSet, out: &mut Vec<Finding>) -> u64 {
        self.judge_open(catalogue, rules, true, out);
        self.open.clear();
        self.length()
    }

    /// The offset before which no candidate is open: what stands before it and is not a finding will be one only by
    /// text that has not even begun (the `@` behind a word). Where no more text comes, it may leave.
    pub(super) fn undoubted(&self) -> u64 {
        self.open.iter().map(|candidate| candidate.from).fold(self.length(), u64::min)
    }

    /// Bytes of text that have been fed.
    pub(super) fn length(&self) -> u64 {
        self.base + self.text.len() as u64
    }

    /// Passes over text in which nothing can be found and that no rule of this form looks at. Only while nothing is open.
    pub(super) fn skip(&mut self, length: u64) {
        if length == 0 {
            return;
        }
        self.base = self.length() + length;
        self.text = Vec::new();
        self.state = None;
    }

    /// Whether it waits for more text.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The offset of the earliest byte that a finding still to come may touch.
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// Bytes of memory on the heap: the retained text, and what is open.
    pub(super) fn heap(&self) -> usize {
        self.text.capacity() + self.open.capacity() * size_of::<Candidate>()
    }

    /// Steps the automaton over `piece`, which is the end of the retained text already.
    fn scan(&mut self, catalogue: &Catalogue, rules: &RuleSet, piece: &[u8], out: &mut Vec<Finding>) {
        let window = Window::new(self.base, &self.text, false);
        let automaton = catalogue.view(self.view);
        let piece_start = window.end() - piece.len() as u64;
        let mut stops = Vec::new();
        self.state = Some(automaton.read(self.state.unwrap_or(automaton.start()), piece, &mut stops));
        for stop in stops {
            let end = piece_start + stop.end as u64;
            for (length, trigger) in automaton.hits(stop.state) {
                let place = (end - length, end);
                let Some(mut candidate) = Candidate::of(catalogue, rules, trigger, &window, place) else {
                    continue;
                };
                if candidate.stays_open(catalogue, rules, &window, self.key, out) {
                    self.open.push(candidate);
                }
            }
        }
        let Some(words) = catalogue.words(self.view).filter(|words| words.is_asked(rules)) else { return };
        words.begin(&self.text, self.text.len() - piece.len(), &mut |at, begins| {
            let at = window.start() + at as u64;
            let target = match begins {
                Begins::Entry => Target::Words,
                Begins::Pattern(rule) if rules.contains(rule) => Target::Rule(rule),
                Begins::Pattern(_) => return,
            };
            let mut candidate = Candidate::new(target, Hit { start: at, end: at, nth: 0 });
            if candidate.stays_open(catalogue, rules, &window, self.key, out) {
                self.open.push(candidate);
            }
        });
    }

    fn judge_open(
        &mut self,
        catalogue: &Catalogue,
        rules: &RuleSet,
        end_of_text: bool,
        out: &mut Vec<Finding>,
    ) {
        let window = Window::new(self.base, &self.text, end_of_text);
        self.open.retain_mut(|candidate| candidate.stays_open(catalogue, rules, &window, self.key, out));
    }

    /// What [`super::Scanner::settled`] says.
    pub(super) fn settled(&self, catalogue: &Catalogue, rules: &RuleSet) -> u64 {
        if rules.is_empty() || self.text.is_empty() && self.open.is_empty() {
            return self.length();
        }
        let window = Window::new(self.base, &self.text, false);
        let automaton = catalogue.view(self.view);
        let partial_anchor = window.end() - self.state.map_or(0, |state| automaton.held(state));
        let open = self.open.iter().map(|candidate| candidate.from);
        let tails = automaton.tails().iter().filter(|rule| rules.contains(**rule)).filter_map(|rule| {
            let detector = catalogue.detector(*rule)?;
            let window = window.since(window.end().saturating_sub(detector.look_back()));
            match catalogue.custom(*rule) {
                Some(custom) => Some(custom.tail(&window)),
                None => Some((detector.tail?)(&window)),
            }
        });
        let numbers = catalogue.numbers();
        let number = (self.view == View::Plain && numbers.is_asked(rules))
            .then(|| numbers.tail(&window.since(window.end().saturating_sub(numbers.look_back()))));
        open.chain(tails).chain(number).fold(partial_anchor, u64::min)
    }

    /// Drops the text that neither an open candidate nor a coming anchor can look at.
    fn drop_unneeded(&mut self, catalogue: &Catalogue) {
        let open = self
            .open
            .iter()
            .map(|candidate| candidate.hit.start.saturating_sub(candidate.look_back(catalogue)));
        let needed = open.fold(self.length().saturating_sub(catalogue.reach(self.view)), u64::min);
        let unneeded = needed.saturating_sub(self.base);
        if unneeded >= SLACK {
            self.text.drain(..usize::try_from(unneeded).map_or(0, |bytes| bytes.min(self.text.len())));
            self.base = needed;
        }
    }
}

/// Whether an anchor that ends at `end` of a whole text, in this state, begins something that is found.
pub(super) fn is_found(
    catalogue: &Catalogue,
    rules: &RuleSet,
    window: &Window,
    state: State,
    end: u64,
) -> bool {
    let mut found = Vec::new();
    catalogue.view(View::Plain).hits(state).any(|(length, trigger)| {
        let candidate = Candidate::of(catalogue, rules, trigger, window, (end - length, end));
        candidate.is_some_and(|mut candidate| {
            candidate.stays_open(catalogue, rules, window, None, &mut found) || !found.is_empty()
        })
    })
}

impl Candidate {
    /// Of an anchor at `start..end`; `None` where it cannot stand here, or nobody asks for it.
    #[inline]
    fn of(
        catalogue: &Catalogue,
        rules: &RuleSet,
        trigger: &Trigger,
        window: &Window,
        (start, end): (u64, u64),
    ) -> Option<Candidate> {
        let is_asked = || match trigger.target {
            Target::Rule(rule) => rules.contains(rule),
            Target::Numbers => catalogue.numbers().is_asked(rules),
            Target::Words => true,
        };
        let stands = trigger.fits(window, start, end) && is_asked();
        stands.then(|| Candidate::new(trigger.target, Hit { start, end, nth: trigger.nth }))
    }

    fn new(target: Target, hit: Hit) -> Self {
        Candidate {
            target,
            hit,
            progress: Progress { at: hit.end, note: 0 },
            state: phrase::State::new(),
            from: hit.start,
        }
    }

    /// Bytes before the anchor that are looked at.
    fn look_back(&self, catalogue: &Catalogue) -> u64 {
        match self.target {
            Target::Rule(rule) => catalogue.detector(rule).map_or(0, Detector::look_back),
            Target::Numbers => catalogue.numbers().look_back(),
            Target::Words => catalogue.words(View::Plain).map_or(0, Words::look_back),
        }
    }

    /// Judges the candidate, and pushes its findings if there are any. Whether it waits for more text.
    fn stays_open(
        &mut self,
        catalogue: &Catalogue,
        rules: &RuleSet,
        window: &Window,
        key: Option<ValueKey>,
        out: &mut Vec<Finding>,
    ) -> bool {
        let window = window.since(self.hit.start.saturating_sub(self.look_back(catalogue)));
        let rule = match self.target {
            Target::Rule(rule) => rule,
            Target::Words => {
                let Some(words) = catalogue.words(View::Plain) else { return false };
                let start = self.hit.start;
                let mut found = |rule, end| {
                    let Some(custom) = catalogue.custom(rule) else { return };
                    let Some(confidence) = custom.confidence(&window, start, end) else { return };
                    let value = key.map_or(0, |key| key.identify(window.slice(start, end), Form::AnyCase));
                    out.push(Finding { start, end, rule, confidence, value });
                };
                return matches!(words.look_up(&window, start, rules, &mut found), Looked::More);
            }
            Target::Numbers => {
                let mut found = |found: number::Found| {
                    let (start, end) = (found.start, found.end);
                    let value = key.map_or(0, |key| key.identify(window.slice(start, end), Form::Compact));
                    let (rule, confidence) = (found.rule, found.confidence);
                    out.push(Finding { start, end, rule, confidence, value });
                };
                return match catalogue.numbers().judge(&window, self.hit.start, rules, &mut found) {
                    Judged::Done => false,
                    Judged::More { from } => {
                        self.from = from;
                        true
                    }
                };
            }
        };
        let Some(detector) = catalogue.detector(rule) else {
            return false;
        };
        loop {
            let window = window.since(self.hit.start.saturating_sub(detector.look_back()));
            let verdict = match (catalogue.custom(rule), &detector.verify) {
                (Some(custom), _) => custom.judge(&window, &self.hit),
                (None, Verify::Code(verify)) => verify(&window, &self.hit, &mut self.progress),
                (None, Verify::Token(token)) => match catalogue.patterns(rule).get(usize::from(self.hit.nth))
                {
                    Some(pattern) => token::judge(token, pattern, &window, &self.hit, &mut self.progress),
                    None => Verdict::No,
                },
                (None, Verify::Number(_) | Verify::Coded(_)) => Verdict::No,
                (None, Verify::Keyed(keyed)) => {
                    let name = detector.anchors.get(usize::from(self.hit.nth)).copied().unwrap_or_default();
                    let patterns = catalogue.patterns(rule);
                    keyed::judge(keyed, name, patterns, &window, &self.hit, &mut self.progress)
                }
                (None, Verify::Phrase(_)) => match catalogue.phrases(rule) {
                    Some(forms) => {
                        phrase::judge(forms, &window, &self.hit, &mut self.progress, &mut self.state)
                    }
                    None => Verdict::No,
                },
            };
            match verdict {
                Verdict::Match { start, end, confidence } | Verdict::Part { start, end, confidence } => {
                    let found = window.slice(start, end);
                    if !(detector.is_address && catalogue.allows_host_of(found)) {
                        let value = key.map_or(0, |key| key.identify(found, detector.form));
                        out.push(Finding { rule, confidence, start, end, value });
                    }
                    if let Verdict::Match { .. } = verdict {
                        return false;
                    }
                    self.hit = Hit { start: end, end, ..self.hit };
                }
                Verdict::No => return false,
                Verdict::More { from } => {
                    self.from = from;
                    return true;
                }
            }
        }
    }
}
