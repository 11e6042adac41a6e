//! Numbers that begin with the code of a country and are written in groups as people like: IBAN, VAT numbers.
//!
//! **How it works.** The anchor is that of all numbers ([`super::number`]): the first digit of a run. In front of it stand
//! the code, in capitals, and no more than two letters; from the code on letters and digits are read, with single
//! separators between them, as long as one of the country's forms takes them. A form is a row of counted kinds: `Un8` is a
//! `U` and eight digits, `a4n6` four letters and six digits, `c3` letters or digits.
//!
//! Forms are what keeps this apart from prose: `IT 2 or 3` ends at the `o`.

use super::Confidence;
use super::number::{border, is_free};
use super::window::{Ahead, Window};

/// A kind of number, as a rule writes it down.
#[derive(Clone, Copy)]
pub(super) struct Coded {
    /// Codes of countries (two capitals), and their forms with `|` between them.
    pub(super) countries: &'static [(&'static str, &'static str)],
    /// Whether code and letters may be small where no separator stands between them.
    pub(super) any_case: bool,
    /// As in [`super::number::Number`]: of the letters and digits in capitals, with the code.
    pub(super) check: fn(&[u8]) -> Option<Confidence>,
    /// As there.
    pub(super) context: &'static [&'static str],
}

/// Most bytes from the code to the first digit: `FR-AB-1`, `ES- A1`.
const MAX_LEAD: u64 = super::number::MAX_LEAD as u64;

/// The codes that numbers begin with, so that a look tells whether one may be there at all.
pub(super) struct Codes {
    /// By first letter; one bit for each second one.
    seconds: [u32; 26],
}

impl Codes {
    /// Of these numbers.
    pub(super) fn of<'c>(coded: impl Iterator<Item = &'c Coded>) -> Codes {
        let mut seconds = [0; 26];
        for (code, _) in coded.flat_map(|coded| coded.countries) {
            if let [first, second] = code.as_bytes()
                && let Some(place) = letter(*first).and_then(|first| seconds.get_mut(first))
            {
                *place |= letter(*second).map_or(0, |second| 1 << second);
            }
        }
        Codes { seconds }
    }

    /// Whether a code stands shortly in front of a first digit.
    pub(super) fn may_stand_before(&self, window: &Window, anchor: u64) -> bool {
        if !anchor.checked_sub(1).and_then(|at| window.at(at)).is_some_and(may_precede) {
            return false;
        }
        let start = anchor.saturating_sub(MAX_LEAD);
        let lead = window.slice(start, anchor);
        lead.windows(2).zip(start..).any(|(pair, start)| self.has(pair) && is_free(window, start))
    }

    fn has(&self, pair: &[u8]) -> bool {
        let [first, second] = pair else { return false };
        let seconds = letter(*first).and_then(|first| self.seconds.get(first)).copied().unwrap_or(0);
        seconds != 0 && letter(*second).is_some_and(|second| seconds >> second & 1 == 1)
    }
}

/// Which letter it is, from 0.
fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

/// What is known of the number at an anchor.
pub(super) enum Reading {
    No,
    /// More text is needed; it would start at `from`.
    More {
        from: u64,
    },
    /// It may start at `start` and end at these places, longest last; the letters and digits up to there.
    Ends {
        start: u64,
        text: Vec<u8>,
        ends: Vec<(usize, u64)>,
    },
}

impl Coded {
    /// Reads the number whose first digit stands at `anchor`.
    pub(super) fn read(&self, window: &Window, anchor: u64) -> Reading {
        match self.start(window, anchor) {
            Some((start, forms)) => read_from(window, start, forms),
            None => Reading::No,
        }
    }

    /// Where a code stands in front of the first digit, and the forms of its country.
    fn start(&self, window: &Window, anchor: u64) -> Option<(u64, &'static str)> {
        if !anchor.checked_sub(1).and_then(|at| window.before(at)).is_some_and(may_precede) {
            return None;
        }
        let starts = (anchor.saturating_sub(MAX_LEAD)..anchor - 1).rev();
        starts.filter(|start| is_free(window, *start)).find_map(|start| {
            let lead = window.slice(start, anchor);
            Some((start, self.lead(lead)?))
        })
    }

    /// The forms of a country whose number may begin so, up to its first digit: `DE`, `FR-AB-`, `ES- A`.
    fn lead(&self, lead: &[u8]) -> Option<&'static str> {
        let (code, rest) = lead.split_at_checked(2)?;
        let has_small = lead.iter().any(u8::is_ascii_lowercase);
        let letters = || rest.iter().filter(|byte| !is_separator(**byte)).map(u8::to_ascii_uppercase);
        let fits = letters().all(|byte| byte.is_ascii_alphabetic())
            && (!has_small || self.any_case && letters().count() == rest.len());
        let forms = if fits { self.forms(code)? } else { return None };
        let letters: Vec<u8> = letters().collect();
        forms.split('|').any(|form| fits_in(form, &letters)).then_some(forms)
    }

    fn forms(&self, code: &[u8]) -> Option<&'static str> {
        let is = |known: &str| known.as_bytes().eq_ignore_ascii_case(code);
        self.countries.iter().find(|(known, _)| is(known)).map(|(_, forms)| *forms)
    }

    fn has_code_with(&self, first: u8) -> bool {
        let is = |code: &str| code.as_bytes().first() == Some(&first.to_ascii_uppercase());
        (self.any_case || first.is_ascii_uppercase()) && self.countries.iter().any(|(code, _)| is(code))
    }

    /// Whether a number may begin so, of which the first digit has not come.
    pub(super) fn may_begin(&self, lead: &[u8]) -> bool {
        match lead {
            [one] => one.is_ascii_alphabetic() && self.has_code_with(*one),
            lead => self.lead(lead).is_some(),
        }
    }
}

fn read_from(window: &Window, start: u64, forms: &str) -> Reading {
    let mut text = Vec::new();
    let mut ends = Vec::new();
    let mut at = start;
    let mut separators = 0;
    // Behind a code that stands apart groups may be those of thousands; else a comma ends a field.
    let is_apart = window.at(start + 2) == Some(b' ');
    loop {
        let byte = match window.ahead(at) {
            Ahead::Unknown => return Reading::More { from: start },
            Ahead::End => break,
            Ahead::Byte(byte) => byte,
        };
        if byte.is_ascii_alphanumeric() {
            text.push(byte.to_ascii_uppercase());
            separators = 0;
            let behind = text.get(2..).unwrap_or_default();
            let mut fitting = forms.split('|').filter(|form| fits_in(form, behind)).peekable();
            if fitting.peek().is_none() {
                break;
            }
            if text.len() > 2 && fitting.any(|form| kinds(form).count() == behind.len()) {
                match border(window, at + 1) {
                    None => return Reading::More { from: start },
                    Some(true) => ends.push((text.len(), at + 1)),
                    Some(false) => {}
                }
            }
        } else if (is_separator(byte) || is_apart && byte == b',')
            && separators < if text.len() == 2 { 2 } else { 1 }
        {
            separators += 1;
        } else {
            break;
        }
        at += 1;
    }
    if ends.is_empty() { Reading::No } else { Reading::Ends { start, text, ends } }
}

/// Whether a byte may stand between the beginning of a code and the first digit.
fn may_precede(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || is_separator(byte)
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/')
}

/// Whether a place of a form takes this byte.
fn takes(kind: u8, byte: u8) -> bool {
    match kind {
        b'n' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_uppercase(),
        b'c' => byte.is_ascii_alphanumeric(),
        itself => itself == byte,
    }
}

/// Whether a form takes a text, as far as that goes.
fn fits_in(form: &str, text: &[u8]) -> bool {
    let mut kinds = kinds(form);
    text.iter().all(|byte| kinds.next().is_some_and(|kind| takes(kind, *byte)))
}

/// A form, one kind a place.
fn kinds(form: &str) -> impl Iterator<Item = u8> + '_ {
    let bytes = form.as_bytes();
    let number = |from: usize| {
        let digits = bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(None, |count, byte| Some(count.unwrap_or(0) * 10 + usize::from(byte - b'0')))
    };
    let counted = bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_digit());
    counted.flat_map(move |(at, kind)| std::iter::repeat_n(*kind, number(at + 1).unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_counted_kinds() {
        assert_eq!(kinds("Un3c1a2B").collect::<Vec<u8>>(), b"UnnncaaB");
        assert_eq!(kinds("a4n14").count(), 18);
        assert!(fits_in("n2B", b"12B") && fits_in("n2B", b"1") && !fits_in("n2B", b"12C"));
        assert!(!fits_in("n2", b"123"));
    }
}
