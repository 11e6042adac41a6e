//! From a name to the value that it is given: `NAME_KEY = "…"`, `name: …`, `<name>…`, `--name …`, `my name key is …`.
//!
//! Not a parser of any language: it reads what stands between a name and a value in all of them. Behind the name come
//! the rest of it and a few words, then an operator among blanks and quotes, then the value. In front of the operator
//! a line does not end; behind it it may.

use super::rules::Verdict;
use super::window::{Ahead, Window, is_word};

/// Words behind the name, at most: `key for the staging box is`.
const MAX_WORDS: u32 = 5;
/// Bytes of the rest of a name and the words behind it, at most.
const MAX_WORD_BYTES: u64 = 48;
/// Bytes of blanks, quotes and operator, at most.
const MAX_GAP: u64 = 40;
/// Bytes of a word that is a value without an operator, at least.
const MIN_WORD: u64 = 20;
/// Names behind names, at most: `heroku: {api_key: …`.
const MAX_HOPS: u32 = 2;
/// Bytes of what stands in the brackets of a type, and in those of a variable in front of its default, at most.
const MAX_INSIDE: u64 = 64;

/// What gives a value to a name, but for single bytes: arrows, markup, words of other languages, the next field.
const OPERATORS: [&[u8]; 15] = [
    b"->",
    b"<-",
    "→".as_bytes(),
    "是".as_bytes(),
    "为".as_bytes(),
    "は".as_bytes(),
    b"&gt;",
    b"&#62;",
    b"%3D",
    b"</key>",
    b"\r\n\r\n",
    b"\n\n",
    b",ParameterValue=",
    b"&quot;:",
    b"--body",
];
/// What may stand in front of the operator.
const ASIDES: [&[u8]; 3] = [b"{ get; set; }", b"[]", b"&quot;"];
/// What may stand between operator and value.
const OPENINGS: [&[u8]; 7] =
    [b"<![CDATA[", b"<string>", b"&quot;", b"&#34;", b"!!str ", b"** ", "「".as_bytes()];
/// Calls that are given the value whole.
const WRAPPERS: [&[u8]; 12] = [
    b"Field",
    b"SecretStr",
    b"SecretString",
    b"Secret",
    b"String::from",
    b"String",
    b"Some",
    b"str",
    b"bytes",
    b"Buffer.from",
    b"Value",
    b"Just",
];
/// Verbs behind which a word with a digit in it is a value.
const VERBS: [&[u8]; 7] = [b"to", b"es", b"ist", b"est", b"e", b"la", b"adalah"];

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
            By::Call => 4,
            By::Cell => 5,
            By::Word => 6,
        };
        PACKED | by << 24 | u32::from(self.quote.unwrap_or(0)) << 16 | (self.at - origin) as u32 & 0xffff
    }

    pub(super) fn unpack(packed: u32, origin: u64) -> Option<Start> {
        let by = match packed >> 24 & 7 {
            0 => By::Operator,
            1 => By::Comma,
            2 => By::Verb,
            3 => By::Blank,
            4 => By::Call,
            5 => By::Cell,
            _ => By::Word,
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
    /// The bracket of a call.
    Call,
    /// A column's border, or a dash.
    Cell,
    /// One blank in running text.
    Word,
    /// `is` or `was`.
    Verb,
    /// Nothing but a blank.
    Blank,
}

/// More text is needed; a value would start at `from` or later.
pub(super) struct Unknown {
    pub(super) from: u64,
}

impl From<Unknown> for Verdict {
    fn from(Unknown { from }: Unknown) -> Verdict {
        Verdict::More { from }
    }
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
        let is_version = text.contains(&b'.') && text.iter().any(u8::is_ascii_digit);
        if word > 0 && (is_version || text.first().is_some_and(u8::is_ascii_digit)) {
            return Ok(None);
        }
        let behind = run(window, at, at + MAX_GAP, is_blank, None)?;
        let Some(next) = byte(window, behind, behind)? else { return Ok(None) };
        let is_one_of = |verbs: &[&[u8]]| verbs.iter().any(|verb| text.eq_ignore_ascii_case(verb));
        if word > 0
            && behind > at
            && (is_one_of(&[b"is", b"was"]) || is_one_of(&VERBS) && has_digit(window, behind)?)
        {
            let quote = Some(next).filter(|next| matches!(next, b'"' | b'\'' | b'`'));
            if quote.is_some() || is_word(next) {
                return Ok(Some(Start { at: behind + u64::from(quote.is_some()), quote, by: By::Verb }));
            }
        }
        if !is_word(next) || behind == at {
            return operator(window, at);
        }
        if blank(text) && !is_type(window, behind)? {
            return Ok(Some(Start { at: behind, quote: None, by: By::Blank }));
        }
        at = behind;
    }
    Ok(None)
}

/// Whether what stands at `at`, without blanks, has a digit.
fn has_digit(window: &Window, at: u64) -> Read<bool> {
    for next in at..at + MAX_WORD_BYTES {
        match byte(window, next, at)? {
            Some(byte) if byte.is_ascii_digit() => return Ok(true),
            Some(byte) if byte.is_ascii_graphic() => {}
            _ => return Ok(false),
        }
    }
    Ok(false)
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
            Some(_) => end,
            None => type_end(window, start.at, end)?,
        };
        let next = run(window, closed, closed + MAX_GAP, is_blank, Some(start.at))?;
        let is_named = match byte(window, next, start.at)? {
            Some(b'=') => next > closed && byte(window, next + 1, start.at)?.is_some_and(is_blank),
            Some(b':') => closed > end || byte(window, next + 1, start.at)?.is_some_and(|byte| byte == b' '),
            _ => false,
        };
        // A parameter of CloudFormation.
        if let Some(end) = literal(window, start.at, b"String", start.at)?
            && start.quote.is_none()
            && matches!(byte(window, end, start.at)?, Some(b'\r' | b'\n'))
            && let Some(end) = field(window, end, false)?
        {
            at = end - 1;
            continue;
        }
        if !is_named || closed == start.at || end - start.at >= MAX_WORD_BYTES {
            return wrapped(window, start).map(Some);
        }
        at = closed;
    }
    Ok(None)
}

/// The end of the type that begins at `at` and whose name ends at `name_end`: `&str`, `Final[str]`, `str | None`.
fn type_end(window: &Window, at: u64, name_end: u64) -> Read<u64> {
    let mut end = name_end;
    if end == at && byte(window, at, at)? == Some(b'&') {
        let lifetime = literal(window, at + 1, b"'static ", at)?.unwrap_or(at + 1);
        end = run(window, lifetime, lifetime + MAX_WORD_BYTES, is_name, Some(at))?;
    }
    if end > at && matches!(byte(window, end, at)?, Some(b'[' | b'<')) {
        let inside = |byte: u8| is_name(byte) || matches!(byte, b' ' | b',' | b':');
        let close = run(window, end + 1, end + MAX_INSIDE, inside, Some(at))?;
        if matches!(byte(window, close, at)?, Some(b']' | b'>')) {
            end = close + 1;
        }
    }
    for none in [&b" | None"[..], b" | null", b" | undefined", b"?"] {
        if let Some(behind) = literal(window, end, none, at)? {
            return Ok(behind);
        }
    }
    Ok(end)
}

/// The value in a string with a prefix, or in a call that is given it whole: `b"…"`, `@"…"`, `Some("…")`.
fn wrapped(window: &Window, start: Start) -> Read<Start> {
    let (at, from) = (start.at, start.at);
    if start.quote.is_some() {
        return Ok(start);
    }
    let Some(first) = byte(window, at, from)? else { return Ok(start) };
    if first == b'&' {
        let end = run(window, at + 1, at + MAX_WORD_BYTES, is_name, Some(from))?;
        let is_anchor = end > at + 1 && byte(window, end, from)? == Some(b' ');
        return Ok(if is_anchor { Start { at: end + 1, ..start } } else { start });
    }
    if let Some(start) = prefixed(window, start, at)? {
        return Ok(start);
    }
    for name in WRAPPERS {
        if name.first() != Some(&first) {
            continue;
        }
        let Some(end) = literal(window, at, name, from)? else { continue };
        if byte(window, end, from)? != Some(b'(') {
            continue;
        }
        let inside = literal(window, end + 1, b"default=", from)?.unwrap_or(end + 1);
        return Ok(prefixed(window, start, inside)?.unwrap_or(start));
    }
    Ok(start)
}

/// The value in the string at `at`, with a prefix or without.
fn prefixed(window: &Window, start: Start, at: u64) -> Read<Option<Start>> {
    let Some(mut quote) = byte(window, at, start.at)? else { return Ok(None) };
    let mut behind = at + 1;
    if matches!(quote, b'b' | b'B' | b'r' | b'R' | b'f' | b'F' | b'u' | b'U' | b'L' | b'@' | b'$') {
        let Some(next) = byte(window, behind, start.at)? else { return Ok(None) };
        (quote, behind) = (next, behind + 1);
    }
    let is_quote = matches!(quote, b'"' | b'\'');
    Ok(is_quote.then_some(Start { at: behind, quote: Some(quote), ..start }))
}

/// Blanks, quotes and an operator.
fn gap(window: &Window, from: u64) -> Read<Option<Start>> {
    let mut at = from;
    let mut by = None;
    let mut quote = None;
    let mut is_list = false;
    while at < from + MAX_GAP {
        let Some(next) = byte(window, at, at)? else { return Ok(None) };
        let mut length = 1;
        let before = window.before(at);
        match next {
            _ if by.is_none() && begins(&OPERATORS, next) && one_of(window, at, &OPERATORS)?.is_some() => {
                length = one_of(window, at, &OPERATORS)?.unwrap_or(at) - at;
                // An empty line is an operator only behind a quoted name.
                if matches!(next, b'\r' | b'\n') && quote.is_none() {
                    return Ok(None);
                }
                by = Some(By::Operator);
            }
            _ if by.is_none() && begins(&ASIDES, next) && one_of(window, at, &ASIDES)?.is_some() => {
                length = one_of(window, at, &ASIDES)?.unwrap_or(at) - at;
            }
            _ if by.is_some() && begins(&OPENINGS, next) && one_of(window, at, &OPENINGS)?.is_some() => {
                length = one_of(window, at, &OPENINGS)?.unwrap_or(at) - at;
            }
            b'=' | b':' | b'>' => by = Some(By::Operator),
            b',' if by.is_none() && quote.is_some() => by = Some(By::Comma),
            b'"' | b'\'' | b'`' => quote = Some(next),
            b' ' | b'\t' => {}
            b'\r' | b'\n' if by.is_some() => is_list = true,
            b'\r' | b'\n' | b'{' if by.is_none() => match field(window, at, next == b'{')? {
                Some(end) => (by, length) = (Some(By::Operator), end - at),
                None => return Ok(None),
            },
            // A block or a list of YAML.
            b'|' if by.is_some()
                && matches!(byte(window, at + 1, at)?, Some(b'\r' | b'\n' | b'-' | b'+')) => {}
            b'-' | b'+' if by.is_some() && matches!(before, Some(b'|' | b'>')) => {}
            b'-' if is_list && byte(window, at + 1, at)? == Some(b' ') => {}
            b'(' | b'[' | b'{' if by.is_some() => {}
            b'(' if quote.is_none() && matches!(byte(window, at + 1, at)?, Some(b'"' | b'\'')) => {
                by = Some(By::Call);
            }
            b']' | b')' | b'?' | b'|' | b'.' | b'*' if by.is_none() => {}
            b'\\' => match byte(window, at + 1, at)? {
                Some(b'n' | b'r' | b't') if by.is_some() => length = 2,
                Some(b'"' | b'\'' | b'\\') => {}
                _ => return Ok(None),
            },
            b'b' if by == Some(By::Comma) && matches!(byte(window, at + 1, at)?, Some(b'"' | b'\'')) => {}
            _ if by.is_none() => match one_of(window, at, &[b"value", b"content"])? {
                Some(end) if quote.is_some() => length = end - at,
                _ => {
                    let quote = before.filter(|before| matches!(before, b'"' | b'\'' | b'`'));
                    let is_blank =
                        quote.is_some() && at > from + 1 && window.before(at - 1).is_some_and(is_blank);
                    return Ok(is_blank.then_some(Start { at, quote, by: By::Blank }));
                }
            },
            _ => {
                let quote = before.filter(|before| matches!(before, b'"' | b'\'' | b'`'));
                return Ok(by.map(|by| Start { at, quote, by }));
            }
        }
        at += length;
    }
    Ok(None)
}

/// The field of the next line that has the value of the name in this one: `value: …`, `default = …`. `block`: behind
/// other fields, which begin at the brace.
fn field(window: &Window, at: u64, block: bool) -> Read<Option<u64>> {
    let is_blank = |byte: u8| byte.is_ascii_whitespace();
    let mut next = run(window, at + 1, at + MAX_INSIDE, is_blank, None)?;
    while next < at + MAX_INSIDE {
        let name = run(window, next, next + 1, |byte| matches!(byte, b'"' | b'\''), None)?;
        if let Some(end) = one_of(window, name, &[b"value", b"default"])? {
            let end = run(window, end, end + 8, |byte| matches!(byte, b'"' | b'\'' | b' '), None)?;
            return Ok(matches!(byte(window, end, end)?, Some(b'=' | b':')).then_some(end + 1));
        }
        let line =
            run(window, next, at + MAX_INSIDE, |byte| is_name(byte) || matches!(byte, b' ' | b'='), None)?;
        let behind = run(window, line, at + MAX_INSIDE, is_blank, None)?;
        if !block || behind == line {
            return Ok(None);
        }
        next = behind;
    }
    Ok(None)
}

/// What stands where a value may begin behind a name that is an option: `--token \`, and in the next line of a list.
pub(super) fn next_line(window: &Window, name_end: u64) -> Read<Option<Start>> {
    let blank = run(window, name_end, name_end + MAX_GAP, is_blank, None)?;
    let end = literal(window, blank, b"\\", blank)?.unwrap_or(blank);
    let line = run(window, end, end + MAX_GAP, |byte| byte.is_ascii_whitespace(), None)?;
    if !window.slice(end, line).contains(&b'\n') {
        return Ok(None);
    }
    let item = match literal(window, line, b"- ", line)? {
        Some(item) => item,
        None if end > blank => line,
        None => return Ok(None),
    };
    let quote = byte(window, item, item)?.filter(|byte| matches!(byte, b'"' | b'\''));
    Ok(Some(Start { at: item + u64::from(quote.is_some()), quote, by: By::Blank }))
}

/// The word behind a name, where no operator stands, if it is long and has a digit; and what stands in the next of the
/// columns that blanks make.
pub(super) fn next_word(window: &Window, name_end: u64, columns: bool) -> Read<Option<Start>> {
    let at = run(window, name_end, name_end + MAX_GAP, is_blank, None)?;
    let Some(next) = byte(window, at, at)? else { return Ok(None) };
    let blanks = window.slice(name_end, at);
    if blanks.is_empty() || !next.is_ascii_alphanumeric() {
        return Ok(None);
    }
    if columns && blanks != b" " {
        return Ok(Some(Start { at, quote: None, by: By::Cell }));
    }
    let is_part = |byte: u8| is_name(byte) || matches!(byte, b'+' | b'/' | b'~');
    let end = run(window, at, at + MIN_WORD, is_part, Some(at))?;
    let is_one =
        blanks == b" " && end == at + MIN_WORD && window.slice(at, end).iter().any(u8::is_ascii_digit);
    Ok(is_one.then_some(Start { at, quote: None, by: By::Word }))
}

/// What stands in the next column, or behind a dash: `| NAME | … |`, `NAME,…`, `Name - …`.
pub(super) fn next_cell(window: &Window, name_end: u64, columns: bool) -> Read<Option<Start>> {
    let code = literal(window, name_end, b"`", name_end)?.unwrap_or(name_end);
    let blank = run(window, code, code + MAX_GAP, is_blank, None)?;
    let Some(next) = byte(window, blank, blank)? else { return Ok(None) };
    let at = match next {
        b'-' if blank > code && byte(window, blank + 1, blank)? == Some(b' ') => blank + 1,
        b'|' | b',' if columns => blank + 1,
        _ => return Ok(None),
    };
    let at = run(window, at, at + MAX_GAP, is_blank, None)?;
    let quote = byte(window, at, at)?.filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    Ok(Some(Start { at: at + u64::from(quote.is_some()), quote, by: By::Cell }))
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
fn run(window: &Window, at: u64, most: u64, is_one: impl Fn(u8) -> bool, from: Option<u64>) -> Read<u64> {
    for at in at..most {
        if !byte(window, at, from.unwrap_or(at))?.is_some_and(&is_one) {
            return Ok(at);
        }
    }
    Ok(most)
}

/// Whether one of `texts` begins with this byte.
fn begins(texts: &[&[u8]], byte: u8) -> bool {
    texts.iter().any(|text| text.first() == Some(&byte))
}

/// The end of the first of `texts` that stands at `at`.
fn one_of(window: &Window, at: u64, texts: &[&[u8]]) -> Read<Option<u64>> {
    for text in texts {
        if let Some(end) = literal(window, at, text, at)? {
            return Ok(Some(end));
        }
    }
    Ok(None)
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
            ("- name: acme_KEY\n  value: q7Zt\n", Some(("q7Zt", By::Operator))),
            ("{\"name\": \"acme_KEY\",\n \"value\": \"q7Zt\"}", Some(("q7Zt", By::Operator))),
            ("variable \"acme\" {\n  type = string\n  default = \"q7Zt\"\n}", Some(("q7Zt", By::Operator))),
            ("acmeKey:\n  Type: String\n  Default: q7Zt\n", Some(("q7Zt", By::Operator))),
            ("ParameterKey=acmeKey,ParameterValue=q7Zt", Some(("q7Zt", By::Operator))),
            ("<key>acmeKey</key>\n<string>q7Zt</string>", Some(("q7Zt", By::Operator))),
            ("<acme><![CDATA[q7Zt]]></acme>", Some(("q7Zt", By::Operator))),
            ("<property name=\"acme\">q7Zt</property>", Some(("q7Zt", By::Operator))),
            ("acme_key = b\"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("NSString *acmeKey = @\"q7Zt\";", Some(("q7Zt", By::Operator))),
            ("acme_key: str = Field(default=\"q7Zt\")", Some(("q7Zt", By::Operator))),
            ("acme_key: Some(\"q7Zt\".into()),", Some(("q7Zt", By::Operator))),
            ("const acme_KEY: &str = \"q7Zt\";", Some(("q7Zt", By::Operator))),
            ("acme_KEY: Final[str] = \"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("acme_key <- \"q7Zt\"", Some(("q7Zt", By::Operator))),
            ("acme key → q7Zt", Some(("q7Zt", By::Operator))),
            ("**acme key:** q7Zt", Some(("q7Zt", By::Operator))),
            ("acme_key: |-\n  q7Zt\n", Some(("q7Zt", By::Operator))),
            ("acme_keys:\n  - q7Zt\n", Some(("q7Zt", By::Operator))),
            ("acme_key: &k q7Zt", Some(("q7Zt", By::Operator))),
            ("x.setacmeKey(\"q7Zt\")", Some(("q7Zt", By::Call))),
            ("the acme key for the box is `q7Zt`", Some(("q7Zt", By::Verb))),
            ("set the acme key to q7Zt", Some(("q7Zt", By::Verb))),
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
