//! Numbers, one shape or form after the other at every run of digits, and the words in front of them one by one.

use crate::class::Confidence;
use crate::detect::coded::Coded;
use crate::detect::number::Number;
use crate::detect::rules::Verify;
use crate::detect::{Catalogue, RuleIndex, context};

/// Most bytes of a number in free groups from its code to its first digit.
const MAX_LEAD: usize = 6;

/// Words as they read: those that name a number, and those that are to be near.
type WordLists = [Vec<Vec<u8>>; 2];

/// The rules of a catalogue that are numbers, each with its words as they read.
pub(super) struct Numbers {
    shaped: Vec<(RuleIndex, Number, WordLists)>,
    coded: Vec<(RuleIndex, Coded, Vec<Vec<u8>>)>,
}

impl Numbers {
    /// Of all rules.
    pub(super) fn of(catalogue: &Catalogue) -> Numbers {
        let mut numbers = Numbers { shaped: Vec::new(), coded: Vec::new() };
        let words = |words: &[&str]| words.iter().flat_map(|word| context::written(word)).collect::<Vec<_>>();
        for (index, rule) in catalogue.rules() {
            match rule.detector.verify {
                Verify::Number(number) => {
                    numbers.shaped.push((index, number, [words(number.context), words(number.near)]));
                }
                Verify::Coded(coded) => numbers.coded.push((index, coded, words(coded.context))),
                _ => {}
            }
        }
        numbers
    }

    /// Every number of a text: where it starts and ends, its rule, and how sure that is.
    pub(super) fn find(&self, text: &[u8], found: &mut impl FnMut(u64, u64, RuleIndex, Confidence)) {
        let begins = |at: &usize| text[*at].is_ascii_digit() && (*at == 0 || !text[*at - 1].is_ascii_digit());
        for anchor in (0..text.len()).filter(begins) {
            for (rule, number, words) in &self.shaped {
                for (start, end, confidence) in shaped(text, anchor, number, words) {
                    found(start as u64, end as u64, *rule, confidence);
                }
            }
            for (rule, coded, words) in &self.coded {
                if let Some((start, end, confidence)) = free(text, anchor, coded, words) {
                    found(start as u64, end as u64, *rule, confidence);
                }
            }
        }
    }
}

/// The longest number at each start whose first digit stands at `anchor`.
fn shaped(text: &[u8], anchor: usize, number: &Number, words: &WordLists) -> Vec<(usize, usize, Confidence)> {
    let mut all: Vec<(usize, usize, Confidence)> = Vec::new();
    for shape in number.shapes {
        let Some(start) = shape.find('9').and_then(|lead| anchor.checked_sub(lead)) else { continue };
        let end = start + shape.len();
        let Some(written) = text.get(start..end) else { continue };
        let fits = written.iter().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            b'#' => byte.is_ascii_alphanumeric(),
            wanted => byte.eq_ignore_ascii_case(&wanted),
        });
        let is_escaped = (start..anchor).any(|at| is_escape_letter(text, at));
        let is_followed = number.alone
            && matches!(text[end..], [b' ', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit());
        if !fits || is_escaped || !is_free(text, start) || is_tied(text, start, number.alone) {
            continue;
        }
        let is_in_brackets =
            start > 0 && text[start - 1] == b'(' && written.contains(&b')') && !written.contains(&b'(');
        if !may_end(text, end) || is_followed || is_in_brackets {
            continue;
        }
        let Some(confidence) = confidence(text, start, end, number, words) else { continue };
        match all.iter_mut().find(|other| other.0 == start) {
            Some(other) if other.1 < end => *other = (start, end, confidence),
            Some(_) => {}
            None => all.push((start, end, confidence)),
        }
    }
    all
}

/// How sure what stands at `start..end`, and has a shape, is a number.
fn confidence(
    text: &[u8],
    start: usize,
    end: usize,
    number: &Number,
    [words, near]: &WordLists,
) -> Option<Confidence> {
    let written = &text[start..end];
    let normal = compact(written);
    let sure = alone(written, number)?;
    let is_near = |end: usize| normal.len() < written.len() || context::is_next(&text[end..start]);
    let is_named = is_named(text, start, words, |_| true)
        || is_named(text, start, near, is_near)
        || is_named_behind(text, end, number.behind)
        || !words.is_empty() && [words, near].iter().any(|words| is_explained(text, end, words));
    let is_unsure = is_in_column(text, start, end, number)
        || sure == Confidence::Medium && context::is_other(&text[start.saturating_sub(32)..start]);
    let sure = match () {
        () if is_named => sure.max(number.named),
        () if is_unsure => Confidence::Low,
        () => sure,
    };
    let is_joined = text[..start].ends_with(b"_") || text[end..].starts_with(b"_");
    let is_checked = number.named == Confidence::High && sure > Confidence::Low;
    (!is_joined || is_named || is_checked).then_some(sure)
}

/// How sure it is by itself.
fn alone(written: &[u8], number: &Number) -> Option<Confidence> {
    let normal = compact(written);
    let mut sure = (number.check)(&normal)?;
    if normal.len() < written.len() {
        sure = sure.max(number.grouped);
    }
    if written.iter().filter(|byte| b"-./".contains(byte)).count() > 1 {
        sure = sure.max(number.punctuated);
    }
    sure = sure.max((number.written)(written).unwrap_or(Confidence::Low));
    Some(in_small_letters(sure, written))
}

/// Whether what is written with spaces stands beside two more numbers, and not beside another of its kind.
fn is_in_column(text: &[u8], start: usize, end: usize, number: &Number) -> bool {
    let digits = |text: &[u8]| text.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let back = |text: &[u8]| text.iter().rev().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    let written = &text[start..end];
    let (first, last) = (
        written.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        written.iter().rev().take_while(|byte| byte.is_ascii_digit()).count(),
    );
    let (mut before, mut at) = (0, start);
    while let Some(rest) = text[..at].strip_suffix(b" ") {
        let length = back(rest);
        if length == 0 || length < 4 && length != first {
            break;
        }
        (before, at) = (before + 1, rest.len() - length);
    }
    let (mut behind, mut at) = (0, end);
    while let Some(rest) = text[at..].strip_prefix(b" ") {
        let length = digits(rest);
        let goes_on = rest.get(length).is_some_and(|byte| b"/-.:".contains(byte));
        if length < 4 && (length == 0 || length != last || goes_on) {
            break;
        }
        (behind, at) = (behind + 1, at + 1 + length);
    }
    let is_again = |at: Option<usize>| {
        let other = at.and_then(|at| text.get(at..at + written.len())).unwrap_or_default();
        let alike = |(one, other): (&u8, &u8)| one == other || one.is_ascii_digit() && other.is_ascii_digit();
        other.len() == written.len()
            && written.iter().zip(other).all(alike)
            && alone(other, number) > Some(Confidence::Low)
    };
    written.contains(&b' ')
        && (first > 0 && before >= 2 || last > 0 && behind >= 2)
        && !is_again(start.checked_sub(written.len() + 1))
        && !is_again(Some(end + 1))
}

/// The number in free groups whose first digit stands at `anchor`: it begins with the code that is nearest.
fn free(text: &[u8], anchor: usize, coded: &Coded, words: &[Vec<u8>]) -> Option<(usize, usize, Confidence)> {
    let starts = (anchor.saturating_sub(MAX_LEAD)..anchor.saturating_sub(1)).rev();
    let (start, forms) = starts.filter(|start| is_free(text, *start)).find_map(|start| {
        let lead = &text[start..anchor];
        let letters = compact(lead.get(2..)?);
        let forms = coded.countries.iter().find(|(code, _)| lead[..2].eq_ignore_ascii_case(code.as_bytes()));
        let forms: Vec<Vec<u8>> = forms?.1.split('|').map(kinds).collect();
        let is_lead = lead.iter().all(|byte| byte.is_ascii_alphabetic() || is_separator(*byte));
        let is_small = lead.iter().any(u8::is_ascii_lowercase);
        let may_be_small = coded.any_case && !lead.iter().any(|byte| is_separator(*byte));
        let begins_one = forms.iter().any(|form| begins(form, &letters));
        (is_lead && begins_one && (!is_small || may_be_small)).then_some((start, forms))
    })?;
    if is_tied(text, start, false) {
        return None;
    }
    let is_one = |end: &usize| {
        let written = &text[start..*end];
        let behind = compact(&written[2..]);
        is_grouped(written) && forms.iter().any(|form| form.len() == behind.len() && begins(form, &behind))
    };
    let ends = (start + 3..=text.len().min(start + 100)).rev();
    let sure = |end: usize| Some((end, (coded.check)(&compact(&text[start..end]))?));
    let (end, sure) = ends.filter(|end| is_one(end) && may_end(text, *end)).find_map(sure)?;
    let sure = in_small_letters(sure, &text[start..end]);
    let sure = if is_named(text, start, words, |_| true) { Confidence::High } else { sure };
    let is_joined = text[..start].ends_with(b"_") || text[end..].starts_with(b"_");
    (!is_joined || sure > Confidence::Low).then_some((start, end, sure))
}

/// Letters and digits with single separators between them; behind the code there may be two.
fn is_grouped(written: &[u8]) -> bool {
    let (mut separators, mut letters) = (0, 0);
    for byte in written {
        if byte.is_ascii_alphanumeric() {
            (separators, letters) = (0, letters + 1);
        } else if (is_separator(*byte) || *byte == b',' && written[2] == b' ')
            && separators < if letters == 2 { 2 } else { 1 }
        {
            separators += 1;
        } else {
            return false;
        }
    }
    separators == 0
}

/// A form, one kind a place: `Un2` is `Unn`.
pub(super) fn kinds(form: &str) -> Vec<u8> {
    let mut all = Vec::new();
    let mut rest = form.as_bytes();
    while let [kind, behind @ ..] = rest {
        let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let count = behind[..digits].iter().fold(0, |count, digit| 10 * count + usize::from(digit - b'0'));
        all.extend(std::iter::repeat_n(*kind, if digits == 0 { 1 } else { count }));
        rest = &behind[digits..];
    }
    all
}

/// Whether a form may begin with a text.
fn begins(form: &[u8], text: &[u8]) -> bool {
    text.len() <= form.len()
        && form.iter().zip(text).all(|(kind, byte)| match kind {
            b'n' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_uppercase(),
            b'c' => byte.is_ascii_alphanumeric(),
            itself => itself == byte,
        })
}

fn is_separator(byte: u8) -> bool {
    b" -./".contains(&byte)
}

/// Letters in capitals, and digits.
fn compact(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect()
}

/// Hardly anybody writes numbers in small letters.
fn in_small_letters(sure: Confidence, written: &[u8]) -> Confidence {
    match (written.iter().any(|byte| byte.is_ascii_lowercase() && *byte != b'x'), sure) {
        (false, sure) => sure,
        (true, Confidence::High) => Confidence::Medium,
        (true, _) => Confidence::Low,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether the letter at `at` is that of `\n`, `\r` or `\t`.
fn is_escape_letter(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1] == b'\\' && b"nrt".contains(&text[at])
}

/// Whether no letter or digit stands in front, nor a `_` that belongs to one; what is left of an escape is none.
fn is_free(text: &[u8], start: usize) -> bool {
    match text[..start] {
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., first, last, b'_'] if last.is_ascii_alphabetic() => first.is_ascii_alphabetic(),
        [.., last, b'_'] => !last.is_ascii_alphanumeric(),
        [.., last] => !last.is_ascii_alphanumeric() || is_escape_letter(text, start - 1),
        [] => true,
    }
}

/// Whether a sign in front ties it to more of its kind.
fn is_tied(text: &[u8], start: usize, alone: bool) -> bool {
    match text[..start] {
        [.., b'+'] => text[start].is_ascii_digit(),
        [.., digit, b'.' | b'-'] => digit.is_ascii_digit(),
        [.., digit, b')', b' ' | b')' | b'/'] if alone && digit.is_ascii_digit() => true,
        [.., digit, b' ' | b')' | b'/'] if alone => digit.is_ascii_digit(),
        _ => false,
    }
}

/// Whether a number may end there.
fn may_end(text: &[u8], end: usize) -> bool {
    match text[end..] {
        [next, ..] if next.is_ascii_alphanumeric() => false,
        [b'_', next] if next.is_ascii_alphabetic() => false,
        [b'_', next, second, ..] if next.is_ascii_alphabetic() => second.is_ascii_alphabetic(),
        [b'_', next, ..] => !next.is_ascii_digit(),
        [b'-', next, second, ..] if next.is_ascii_alphabetic() => second.is_ascii_alphabetic(),
        [b'-', next, ..] => !is_word(next),
        [b'.', next, ..] => !next.is_ascii_digit(),
        _ => true,
    }
}

/// Whether one of these words stands in front, and ends at a place that is right.
fn is_named(text: &[u8], start: usize, words: &[Vec<u8>], is_right: impl Fn(usize) -> bool) -> bool {
    let reach = context::reach(&text[..start]);
    // At the very beginning of a text one byte further.
    let from = if start <= reach + 1 { 0 } else { start - reach };
    let ends =
        |word: &Vec<u8>| (from..start).any(|at| stands_at(text, at, start, word).is_some_and(&is_right));
    words.iter().any(ends)
}

/// Whether a word stands at `at`, before `end`: one in ASCII stands alone.
fn stands_at(text: &[u8], at: usize, end: usize, word: &[u8]) -> Option<usize> {
    let behind = word_end(&text[..end], at, word)?;
    if !word.is_ascii() {
        return Some(behind);
    }
    let byte = |at: Option<usize>| at.filter(|at| *at < end).map_or(b' ', |at| text[at]);
    // The humps of `taxFileNumber` are words, too.
    let is_hump = |before: u8, behind: u8| before.is_ascii_lowercase() && behind.is_ascii_uppercase();
    let (before, after) = (byte(at.checked_sub(1)), byte(Some(behind)));
    let is_alone = (!before.is_ascii_alphanumeric() || is_hump(before, text[at]))
        && (!after.is_ascii_alphanumeric() || is_hump(text[behind - 1], after));
    is_alone.then_some(behind)
}

/// Where a word ends that begins at `at`; a blank of it is a space, `_`, `-` or nothing.
fn word_end(text: &[u8], mut at: usize, word: &[u8]) -> Option<usize> {
    for wanted in word {
        match (text.get(at), wanted) {
            (Some(b' ' | b'_' | b'-'), b' ') => at += 1,
            (_, b' ') => {}
            (Some(byte), wanted) if byte.eq_ignore_ascii_case(wanted) => at += 1,
            _ => return None,
        }
    }
    Some(at)
}

/// Whether what stands in brackets behind, or says what it is, begins with one of these words.
fn is_explained(text: &[u8], end: usize, words: &[Vec<u8>]) -> bool {
    context::OPENINGS.iter().filter_map(|opening| text[end..].strip_prefix(opening.as_bytes())).any(
        |behind| {
            let most = behind.len().min(context::MOST_BEHIND as usize);
            let length = behind
                .iter()
                .position(|byte| context::CLOSINGS.contains(byte))
                .map_or(most, |at| at.min(most));
            words.iter().any(|word| stands_at(&behind[..length], 0, length, word).is_some())
        },
    )
}

/// Whether one of these words stands behind, after a few signs.
fn is_named_behind(text: &[u8], end: usize, words: &[&str]) -> bool {
    let between = text[end..].iter().take(4).take_while(|byte| b" -(,[/\t".contains(byte)).count();
    words.iter().any(|word| {
        let at = end + between;
        let same =
            text.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()));
        same && !text.get(at + word.len()).is_some_and(u8::is_ascii_alphanumeric)
    })
}
