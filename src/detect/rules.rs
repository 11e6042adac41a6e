//! What a rule is, and the rules that come with Portcullis: one folder per class, each rule with its examples.
//!
//! A rule is added by writing its entry with true and false examples; the tests run over all of them.

use super::coded::Coded;
use super::keyed::{self, Keyed};
use super::number::Number;
use super::phrase::{self, Phrase};
use super::token::Token;
use super::value::Form;
use super::window::{Window, is_word};
use crate::class::{Action, Class, Confidence, Direction};

mod contact;
mod exfiltration;
mod financial;
mod hidden_text;
mod id;
mod injection;
mod network;
mod profile;
mod secret;

/// What is looked for, and how it is known.
pub struct Rule {
    /// The stable name in policies and records: family, then what it is.
    pub id: &'static str,
    /// What kind of thing it finds.
    pub class: Class,
    /// For `injection`: 1 is what benign text hardly writes (it may block), 2 what it may (it flags). `None` for other classes.
    pub level: Option<u8>,
    /// One sentence for people.
    pub description: &'static str,
    /// Where the format is specified.
    pub source: &'static str,
    /// Texts with one finding each.
    pub true_examples: &'static [Example],
    /// Texts without a finding of this rule that would be acted on (medium or high).
    pub false_examples: &'static [&'static str],
    pub(super) detector: Detector,
}

/// A text, and the part of it that is found.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// The whole text.
    pub text: &'static str,
    /// What is found, once.
    pub found: &'static str,
}

impl Rule {
    /// What a guard that says nothing about this rule does.
    pub fn default_action(&self, _direction: Direction) -> Action {
        default_action(&self.class)
    }
}

/// What a guard does that says nothing about a class.
pub(super) fn default_action(class: &Class) -> Action {
    match class {
        Class::PiiContact
        | Class::PiiNetwork
        | Class::PiiId
        | Class::PiiProfile
        | Class::Financial
        | Class::Secret => Action::Redact,
        Class::Injection | Class::HiddenText | Class::Exfiltration | Class::Custom(_) => Action::Flag,
    }
}

/// How a rule is found.
pub(super) struct Detector {
    /// Literals, one of which every match has. Each must begin at most once per place: no anchor of a rule is the
    /// end of another one of it. Empty where `verify` brings them.
    pub(super) anchors: &'static [&'static [u8]],
    /// Whether ASCII case of the anchor does not matter.
    pub(super) any_case: bool,
    /// Whether a match begins with its anchor, so that an anchor that has begun is held back.
    pub(super) starts_at_anchor: bool,
    /// Bytes after which the anchor is nothing.
    pub(super) not_after: fn(u8) -> bool,
    /// Bytes before the anchor that `verify` and `tail` read at most. Two more are always there.
    pub(super) look_back: u64,
    /// For matches that start before their anchor: where the earliest match may start whose anchor has not come.
    pub(super) tail: Option<fn(&Window) -> u64>,
    /// Which form of the text it reads.
    pub(super) view: View,
    /// What it finds is an address: none of a host that the customer allows is a finding.
    pub(super) is_address: bool,
    /// Which writings are the same value.
    pub(super) form: Form,
    pub(super) verify: Verify,
}

/// A form of a lane's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// As it reads: see [`super::plain`]. Anchors are brought into that form, too.
    Plain,
    /// As it is written. A rule that reads it looks at no ASCII: where all text is ASCII, nothing is shown to it.
    Written,
}

/// How an anchor is judged.
pub(super) enum Verify {
    /// By code of the rule's own. Must give, for a text and each of its prefixes, the same answer or [`Verdict::More`],
    /// whatever the earlier calls for this anchor saw; and no `More` once the text has ended.
    Code(fn(&Window, &Hit, &mut Progress) -> Verdict),
    /// By shape and check digit, together with all other numbers.
    Number(Number),
    /// By the forms of its country, and check digit.
    Coded(Coded),
    /// By the patterns of a token.
    Token(Token),
    /// By the shape of what is given to a name.
    Keyed(Keyed),
    /// By phrases.
    Phrase(Phrase),
}

type Code = fn(&Window, &Hit, &mut Progress) -> Verdict;

impl Detector {
    /// A case-sensitive literal that may stand anywhere.
    const fn new(anchors: &'static [&'static [u8]], verify: Code) -> Detector {
        Detector::of(anchors, Verify::Code(verify))
    }

    /// A number that somebody gives out.
    pub(super) const fn number(number: Number) -> Detector {
        Detector { form: Form::Compact, ..Detector::of(&[], Verify::Number(number)) }
    }

    /// A number that begins with the code of a country.
    const fn coded(coded: Coded) -> Detector {
        Detector { form: Form::Compact, ..Detector::of(&[], Verify::Coded(coded)) }
    }

    /// A token with a prefix of its provider.
    const fn token(token: Token) -> Detector {
        Detector { not_after: is_word, ..Detector::of(&[], Verify::Token(token)) }
    }

    /// A credential that is known by the name in front of it.
    const fn keyed(names: &'static [&'static [u8]], keyed: Keyed) -> Detector {
        Detector {
            any_case: true,
            starts_at_anchor: false,
            look_back: keyed::LOOK_BACK,
            ..Detector::of(names, Verify::Keyed(keyed))
        }
    }

    /// Phrases that people write.
    const fn phrase(phrase: Phrase) -> Detector {
        Detector { look_back: phrase::LOOK_BACK, ..Detector::of(&[], Verify::Phrase(phrase)) }
    }

    /// Of a customer's rule, which brings its own.
    pub(super) const fn without_anchors() -> Detector {
        Detector::new(&[], |_, _, _| Verdict::No)
    }

    const fn of(anchors: &'static [&'static [u8]], verify: Verify) -> Detector {
        Detector {
            anchors,
            any_case: false,
            starts_at_anchor: true,
            not_after: |_| false,
            look_back: 0,
            tail: None,
            view: View::Plain,
            is_address: false,
            form: Form::Exact,
            verify,
        }
    }

    /// Bytes before an anchor that must be retained: what the rule reads, and two for the engine's own look.
    pub(super) fn look_back(&self) -> u64 {
        self.look_back + 2
    }
}

/// Where an anchor stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Which of the rule's anchors, or patterns, it is.
    pub(super) nth: u16,
}

/// How far a verifier has read, for those that read much: it goes on where it stopped, so that text that comes
/// in small pieces is read once. Short verifiers ignore it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// The next offset to read; at first the end of the anchor.
    pub(super) at: u64,
    /// The verifier's own; at first 0.
    pub(super) note: u32,
}

/// What a verifier says about an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Match {
        start: u64,
        end: u64,
        confidence: Confidence,
    },
    /// The beginning of a long match. What follows is judged as if an anchor of no bytes stood at `end`, with the same
    /// [`Progress`].
    Part {
        start: u64,
        end: u64,
        confidence: Confidence,
    },
    No,
    /// The text so far does not decide. The match would start at `from` or later; never decreases.
    More {
        from: u64,
    },
}

const fn example(text: &'static str, found: &'static str) -> Example {
    Example { text, found }
}

/// Every rule, in the order of its index.
pub(super) fn built_in() -> Vec<Rule> {
    let groups = [
        contact::rules(),
        network::rules(),
        profile::rules(),
        financial::rules(),
        id::rules(),
        secret::rules(),
        injection::rules(),
        hidden_text::rules(),
        exfiltration::rules(),
    ];
    groups.into_iter().flatten().collect()
}
