//! From a name to the value that it is given: `NAME_KEY = "…"`, `name: …`, `<name>…`, `--name …`, `my name key is …`.
//!
//! Not a parser of any language: it reads what stands between a name and a value in all of them. Behind the name come
//! the rest of it and a few words, then an operator among blanks and quotes, then the value. In front of the operator
//! a line does not end; behind it it may.

use super::window::{Ahead, Window, is_word};

/// Words behind the name, at most: `key for staging is`.
const MAX_WORDS: u32 = 4;
/// Bytes of the rest of a name and the words behind it, at most.
const MAX_WORD_BYTES: u64 = 48;
/// Bytes of blanks, quotes and operator, at most.
const MAX_GAP: u64 = 40;
/// Names behind names, at most: `heroku: {api_key: …`.
const MAX_HOPS: u32 = 2;

/// A value that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) at: u64,
    /// The quote in front of it.
    pub(super) quote: Option<u8>,
    /// What gives it to the name.
    pub(super) by: By,
}

/// In a packed start: that it is one.
const PACKED: u32 = 1 << 31;

impl Start {
    /// In 32 bits, for [`super::rules::Progress`]. `origin`: not far in front of it.
    pub(super) fn pack(self, origin: u64) -> u32 {
        let by = match self.by {
            By::Operator => 0,
            By::Comma => 1,
            By::Verb => 2,
            By::Blank => 3,
        };
        PACKED | by << 24 | u32::from(self.quote.unwrap_or(0)) << 16 | (self.at - origin) as u32 & 0xffff
    }

    pub(super) fn unpack(packed: u32, origin: u64) -> Option<Start> {
        let by = match packed >> 24 & 3 {
            0 => By::Operator,
            1 => By::Comma,
            2 => By::Verb,
            _ => By::Blank,
        };
        let quote = Some((packed >> 16) as u8).filter(|quote| *quote != 0);
        (packed & PACKED != 0).then_some(Start { at: origin + u64::from(packed & 0xffff), quote, by })
    }
}

/// What stands between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// `=`, `:`, `=>` and their like.
    Operator,
    /// A comma, as between arguments.
    Comma,
    /// `is` or `was`.
    Verb,
    /// Nothing but a blank.
    Blank,
}

/// More text is needed; a value would start at `from` or later.
pub(super) struct Unknown {
    pub(super) from: u64,
}

type Read<T> = Result<T, Unknown>;

/// The value of the name that ends at `name_end`. `blank`: whether nothing but a blank is enough behind this word.
pub(super) fn value(window: &Window, name_end: u64, blank: fn(&[u8]) -> bool) -> Read<Option<Start>> {
    let mut at = name_end;
    for word in 0..=MAX_WORDS {
        let from = at;
        at = run(window, at, name_end + MAX_WORD_BYTES, is_name, None)?;
        if at >= name_end + MAX_WORD_BYTES {
            return Ok(None);
        }
        let text = window.slice(from, at);
        if word > 0 && text.first().is_some_and(u8::is_ascii_digit) {
            return Ok(None);
        }
        let behind = run(window, at, at + MAX_GAP, is_blank, None)?;
        let Some(next) = byte(window, behind, behind)? else { return Ok(None) };
        if !is_word(next) || behind == at {
            return operator(window, at);
        }
        let is_verb = [&b"is"[..], b"was"].iter().any(|verb| text.eq_ignore_ascii_case(verb));
        if word > 0 && is_verb {
            return Ok(Some(Start { at: behind, quote: None, by: By::Verb }));
        }
        if blank(text) && !is_type(window, behind)? {
            return Ok(Some(Start { at: behind, quote: None, by: By::Blank }));
        }
        at = behind;
    }
    Ok(None)
}

/// Whether the word at `at` is a type: `token string = `.
fn is_type(window: &Window, at: u64) -> Read<bool> {
    let end = run(window, at, at + MAX_WORD_BYTES, is_name, Some(at))?;
    let next = run(window, end, end + MAX_GAP, is_blank, Some(at))?;
    Ok(next > end && byte(window, next, at)?.is_some_and(|byte| matches!(byte, b'=' | b':')))
}

/// The value behind the name, and behind the names that stand in between: `: str =`, `: {api_key:`.
fn operator(window: &Window, mut at: u64) -> Read<Option<Start>> {
    for _ in 0..=MAX_HOPS {
        let Some(start) = gap(window, at)? else { return Ok(None) };
        let end = run(window, start.at, start.at + MAX_WORD_BYTES, is_name, Some(start.at))?;
        let closed = match start.quote {
            Some(quote) if byte(window, end, start.at)? == Some(quote) => end + 1,
            _ => end,
        };
        let next = run(window, closed, closed + MAX_GAP, is_blank, Some(start.at))?;
        let is_named = match byte(window, next, start.at)? {
            Some(b'=') => next > closed && byte(window, next + 1, start.at)?.is_some_and(|byte| byte == b' '),
            Some(b':') => closed > end || byte(window, next + 1, start.at)?.is_some_and(|byte| byte == b' '),
            _ => false,
        };
        if !is_named || end == start.at || end - start.at >= MAX_WORD_BYTES {
            return Ok(Some(start));
        }
        at = closed;
    }
    Ok(None)
}

/// Blanks, quotes and an operator.
fn gap(window: &Window, from: u64) -> Read<Option<Start>> {
    let mut at = from;
    let mut by = None;
    let mut quote = None;
    while at < from + MAX_GAP {
        let Some(next) = byte(window, at, at)? else { return Ok(None) };
        let mut length = 1;
        match next {
            b'=' | b':' | b'>' => by = Some(By::Operator),
            b',' if by.is_none() && quote.is_some() => by = Some(By::Comma),
            b'"' | b'\'' | b'`' => quote = Some(next),
            b' ' | b'\t' => {}
            b'\r' | b'\n' | b'(' | b'[' | b'{' if by.is_some() => {}
            b']' | b')' | b'?' | b'|' | b'.' | b'*' if by.is_none() => {}
            b'\\' => match byte(window, at + 1, at)? {
                Some(b'n' | b'r' | b't') if by.is_some() => length = 2,
                Some(b'"' | b'\'') => {}
                _ => return Ok(None),
            },
            _ if by.is_none() => match literal(window, at, b"value", at)? {
                Some(end) if quote.is_some() => length = end - at,
                _ => {
                    let quote = window.before(at).filter(|before| matches!(before, b'"' | b'\''));
                    let is_blank =
                        quote.is_some() && at > from + 1 && window.before(at - 1).is_some_and(is_blank);
                    return Ok(is_blank.then_some(Start { at, quote, by: By::Blank }));
                }
            },
            _ => {
                let before = window.before(at);
                let quote = before.filter(|before| matches!(before, b'"' | b'\'' | b'`'));
                return Ok(by.map(|by| Start { at, quote, by }));
            }
        }
        at += length;
    }
    Ok(None)
}

/// The end of the value that starts at `start`, as far as it has been read: `Err` where more text is needed. `None`
/// where it is longer than `most`.
pub(super) fn end(window: &Window, start: Start, progress: &mut u64, most: u64) -> Read<Option<u64>> {
    let mut at = (*progress).max(start.at);
    loop {
        if at - start.at > most {
            return Ok(None);
        }
        match window.ahead(at) {
            Ahead::Unknown => {
                *progress = at;
                return Err(Unknown { from: start.at });
            }
            Ahead::Byte(byte) if !ends(byte, start.quote) => at += 1,
            _ => return Ok(Some(at)),
        }
    }
}

/// Whether a value is over before this byte.
fn ends(byte: u8, quote: Option<u8>) -> bool {
    match quote {
        Some(quote) => byte == quote || matches!(byte, b'\n' | b'\r' | b'\\'),
        None => {
            byte <= b' '
                || byte >= 0x7f
                || matches!(
                    byte,
                    b'"' | b'\''
                        | b'`'
                        | b';'
                        | b','
                        | b'('
                        | b')'
                        | b'['
                        | b']'
                        | b'{'
                        | b'}'
                        | b'<'
                        | b'>'
                        | b'&'
                        | b'\\'
                )
        }
    }
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'.')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// What stands at `at`; `None` behind the end.
pub(super) fn byte(window: &Window, at: u64, from: u64) -> Read<Option<u8>> {
    match window.ahead(at) {
        Ahead::Byte(byte) => Ok(Some(byte)),
        Ahead::End => Ok(None),
        Ahead::Unknown => Err(Unknown { from }),
    }
}

/// The end of the bytes of a kind from `at` on, at most up to `most`. `from`: where a value may start; else behind them.
fn run(window: &Window, at: u64, most: u64, is_one: fn(u8) -> bool, from: Option<u64>) -> Read<u64> {
    for at in at..most {
        if !byte(window, at, from.unwrap_or(at))?.is_some_and(is_one) {
            return Ok(at);
        }
    }
    Ok(most)
}

/// The end of `text`, in any case, if it stands at `at`.
pub(super) fn literal(window: &Window, at: u64, text: &[u8], from: u64) -> Read<Option<u64>> {
    for (at, wanted) in (at..).zip(text) {
        if !byte(window, at, from)?.is_some_and(|byte| byte.eq_ignore_ascii_case(wanted)) {
            return Ok(None);
        }
    }
    Ok(Some(at + text.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, By)> {
        let window = Window::new(0, text.as_bytes(), true);
        let name_end = text.find("acme").map_or(0, |at| at + 4) as u64;
        let start = value(&window, name_end, |word| word.ends_with(b"-key")).ok()??;
        let end = end(&window, start, &mut 0, 64).ok()??;
        Some((&text[start.at as usize..end as usize], start.by))
    }

    #[test]
    fn values_stand_behind_their_names_in_all_kinds_of_text() {
        let cases = [
            ("var acme-key string = \"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("acme-key 'q7Zt'", Some(("q7Zt", By::Blank))),
            ("acmeToken=q7Zt", Some(("q7Zt", By::Operator))),
            ("acme_KEY ::= \"q7 Zt\";", Some(("q7 Zt", By::Operator))),
            ("{\"acme_token\": \"q7Zt\"}", Some(("q7Zt", By::Operator))),
            (r#"{\"acme_token\": \"q7Zt\"}"#, Some(("q7Zt", By::Operator))),
            ("acme_token: q7Zt\n", Some(("q7Zt", By::Operator))),
            ("acme:\n  api_key: q7Zt\n", Some(("q7Zt", By::Operator))),
            ("\"acme\": {\"api_key\": \"q7Zt\"}", Some(("q7Zt", By::Operator))),
            ("<acmeToken>\n    q7Zt\n</acmeToken>", Some(("q7Zt", By::Operator))),
            ("<add key=\"acmeToken\" value=\"q7Zt\" />", Some(("q7Zt", By::Operator))),
            ("var acmeToken string = \"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("acme_token: str = 'q7Zt'", Some(("q7Zt", By::Operator))),
            ("set(\"ACME\", \"acme_KEY\", \"q7Zt\")", Some(("q7Zt", By::Comma))),
            ("env['acme_KEY'] = `q7Zt`", Some(("q7Zt", By::Operator))),
            ("$acme_key .= \"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("acme_KEY ?= q7Zt", Some(("q7Zt", By::Operator))),
            ("my acme API key is q7Zt, ok", Some(("q7Zt", By::Verb))),
            ("tool --acme-key q7Zt -v", Some(("q7Zt", By::Blank))),
            ("url?acme_key=q7Zt&b=1", Some(("q7Zt", By::Operator))),
            ("acme is a company", Some(("a", By::Verb))),
            ("acme\t1:2.3", None),
            ("acme_key\n= q7Zt", None),
            ("of acme, which", None),
            ("acme. Its", None),
            ("acme_key", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
