//! A slow, plain reference for the words and canaries of a customer (each one looked for at each place), and for validators.

use super::border::is_inside_word;
use super::words::{MAX_GAP, normal};
use super::{CANARY_PIECE, CustomRule, LONG_CANARY, RuleIndex, Start, Validator, What};
use crate::class::{Class, Confidence};
use crate::detect::reference::check;
use crate::detect::window::Window;

/// A rule with nothing that is not needed, for tests and properties.
pub(crate) fn rule(id: &str, what: What) -> CustomRule {
    CustomRule {
        id: id.to_owned(),
        class: Class::Custom("test".into()),
        description: "a test".to_owned(),
        what,
        confidence: Confidence::High,
        context: Vec::new(),
        allow: Vec::new(),
        validator: None,
        any_case: false,
        is_word: true,
    }
}

/// What is looked for where a word begins.
pub(in crate::detect) struct Words {
    entries: Vec<Entry>,
    /// The patterns that are tried there.
    patterns: Vec<RuleIndex>,
}

/// A word, or a piece of a canary.
struct Entry {
    rule: RuleIndex,
    /// With single blanks.
    text: Vec<u8>,
    any_case: bool,
    is_word: bool,
}

impl Words {
    /// Of these rules.
    pub(in crate::detect) fn of<'r>(rules: impl Iterator<Item = (RuleIndex, &'r CustomRule)>) -> Words {
        let mut all = Words { entries: Vec::new(), patterns: Vec::new() };
        for (rule, custom) in rules {
            match &custom.what {
                What::Words(words) => {
                    for word in words {
                        let (text, any_case) = (normal(word), custom.any_case);
                        all.entries.push(Entry { rule, text, any_case, is_word: true });
                    }
                }
                What::Canary(text) => {
                    let piece =
                        |text: &[u8]| Entry { rule, text: text.to_vec(), any_case: true, is_word: false };
                    all.entries.extend(pieces(&normal(text)).into_iter().map(piece));
                }
                What::Pattern { pattern, max_length, keywords } => {
                    let searched = custom.searched(pattern, *max_length, keywords);
                    if searched.is_ok_and(|searched| matches!(searched.start, Start::Word)) {
                        all.patterns.push(rule);
                    }
                }
                What::Literals(_) => {}
            }
        }
        all
    }

    /// The longest entry of each rule at each place.
    pub(in crate::detect) fn find(&self, text: &[u8], found: &mut impl FnMut(u64, u64, RuleIndex)) {
        let window = Window::new(0, text, true);
        let is_inside = |at: usize| is_inside_word(&window, at as u64) == Some(true);
        for at in (0..text.len()).filter(|at| !is_in_ascii(text, *at)) {
            let mut longest: Vec<(RuleIndex, usize)> = Vec::new();
            for entry in &self.entries {
                let Some(end) = entry.end_at(text, at) else { continue };
                if entry.is_word && (is_inside(at) || is_inside(end)) {
                    continue;
                }
                match longest.iter_mut().find(|(rule, _)| *rule == entry.rule) {
                    Some((_, other)) => *other = end.max(*other),
                    None => longest.push((entry.rule, end)),
                }
            }
            longest.into_iter().for_each(|(rule, end)| found(at as u64, end as u64, rule));
        }
    }

    /// Each place at which a pattern may begin.
    pub(in crate::detect) fn begin(&self, text: &[u8], found: &mut impl FnMut(u64, RuleIndex)) {
        let begins_character = |at: &usize| text.get(*at).is_some_and(|byte| byte & 0xc0 != 0x80);
        for at in (0..text.len()).filter(begins_character) {
            self.patterns.iter().for_each(|rule| found(at as u64, *rule));
        }
    }
}

impl Entry {
    /// Where it ends that begins at `at`: any white space is a blank, up to [`MAX_GAP`] bytes; at the end one is enough.
    fn end_at(&self, text: &[u8], mut at: usize) -> Option<usize> {
        for (nth, wanted) in self.text.iter().enumerate() {
            let rest = text.get(at..).unwrap_or_default();
            let same = |byte: &u8| byte == wanted || self.any_case && byte.eq_ignore_ascii_case(wanted);
            let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t'..=b'\r');
            let taken = match wanted {
                b' ' if nth + 1 == self.text.len() => rest.iter().take(1).filter(is_space).count(),
                b' ' => rest.iter().take_while(is_space).count(),
                _ => usize::from(rest.first().is_some_and(same)),
            };
            if taken == 0 || taken as u64 > MAX_GAP {
                return None;
            }
            at += taken;
        }
        Some(at)
    }
}

/// What of a canary is found by itself: all of a short one, so many bytes from each word of a long one on.
fn pieces(text: &[u8]) -> Vec<&[u8]> {
    if text.len() < LONG_CANARY {
        return vec![text];
    }
    let begins = |at: usize, first: u8| first != b' ' && first & 0xc0 != 0x80 && !is_between(text, at);
    let windows = text.windows(CANARY_PIECE).enumerate();
    windows
        .filter(|(at, piece)| piece.first().is_some_and(|first| begins(*at, *first)))
        .map(|(_, piece)| piece)
        .collect()
}

/// Whether a place lies between two letters or digits.
fn is_between(text: &[u8], at: usize) -> bool {
    let is_letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    is_letter(at.checked_sub(1)) && is_letter(Some(at))
}

/// The same, but the letter of an escape belongs to no word.
fn is_in_ascii(text: &[u8], at: usize) -> bool {
    let is_escape = at > 1 && matches!(text.get(at - 2..at), Some([b'\\', b'n' | b'r' | b't']));
    is_between(text, at) && !is_escape
}

/// Every validator says of a value what the textbook says of its letters and digits, whatever stands between them and in
/// whatever case they are.
pub(crate) fn validators_agree(value: &[u8]) {
    let capitals: Vec<u8> = value.iter().map(u8::to_ascii_uppercase).collect();
    let letters: Vec<u8> = capitals.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    let digits: Vec<u8> = letters.iter().copied().filter(u8::is_ascii_digit).collect();
    let with_x: Vec<u8> =
        letters.iter().copied().filter(|byte| byte.is_ascii_digit() || *byte == b'X').collect();
    let apart = letters.iter().flat_map(|byte| [*byte, b'-']).collect::<Vec<_>>().to_ascii_lowercase();
    for (name, validator) in Validator::ALL {
        let expected = match validator {
            Validator::Luhn => digits.len() > 1 && check::luhn(&digits),
            Validator::Mod97 => check::mod_97(&letters) == Some(1),
            Validator::Mod112 => with_x.len() > 1 && check::mod_11_2(&with_x),
            Validator::Mod1110 => digits.len() > 1 && check::mod_11_10(&digits),
            Validator::Verhoeff => digits.len() > 1 && check::verhoeff(&digits),
        };
        for written in [value, &capitals, &letters, &apart] {
            assert_eq!(validator.passes(written), expected, "{name} of {}", written.escape_ascii());
        }
    }
}
