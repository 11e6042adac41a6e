//! Characters that are written in ASCII by their number or name: `%40`, `&lt;`, `&#x40;`, `\u0040`, `\x40`, `\u{40}`.
//!
//! Each is decoded once: what it stands for begins no other one. `\n`, `\t` and the like are not read here: rules know
//! them. Sources: RFC 3986 section 2.1, HTML Living Standard section 13.5, ECMA-262 section 12.9.4, Python's `\U`.

use super::character::join;

/// Most digits of a number: no code point needs more, but for leading zeros.
const MAX_DIGITS: usize = 8;

/// What a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// This code point, in so many bytes.
    Is(u32, usize),
    /// No escape, or of a character that is not read.
    No,
    /// The beginning of one.
    Partial,
}

/// Longest name in [`NAMES`].
const MAX_NAME: usize = 7;

/// Names of characters in HTML. Not all 2000: those of ASCII, and what nobody sees.
const NAMES: [(&[u8], char); 52] = [
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", '\u{a0}'),
    (b"AMP", '&'),
    (b"LT", '<'),
    (b"GT", '>'),
    (b"QUOT", '"'),
    (b"NewLine", '\n'),
    (b"num", '#'),
    (b"excl", '!'),
    (b"quest", '?'),
    (b"percnt", '%'),
    (b"dollar", '$'),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"lsqb", '['),
    (b"lbrack", '['),
    (b"rsqb", ']'),
    (b"rbrack", ']'),
    (b"lcub", '{'),
    (b"lbrace", '{'),
    (b"rcub", '}'),
    (b"rbrace", '}'),
    (b"vert", '|'),
    (b"verbar", '|'),
    (b"lowbar", '_'),
    (b"ast", '*'),
    (b"plus", '+'),
    (b"comma", ','),
    (b"period", '.'),
    (b"colon", ':'),
    (b"semi", ';'),
    (b"equals", '='),
    (b"commat", '@'),
    (b"sol", '/'),
    (b"bsol", '\\'),
    (b"grave", '`'),
    (b"Hat", '^'),
    (b"hyphen", '-'),
    (b"dash", '-'),
    (b"ndash", '-'),
    (b"mdash", '-'),
    (b"hellip", '\u{2026}'),
    (b"lsquo", '\''),
    (b"rsquo", '\''),
    (b"ldquo", '"'),
    (b"rdquo", '"'),
    (b"shy", '\u{ad}'),
    (b"zwnj", '\u{200c}'),
];

/// Reads the escape that a text begins with. In an address of the web, what is encoded by `%` is what does not delimit
/// (RFC 3986 section 2.2): there only letters, digits, `-._~`, `@` and `+` are read, so that an address ends where it is
/// written to end.
pub(super) fn escape(text: &[u8], in_address: bool) -> Escape {
    match text {
        [b'%', rest @ ..] => match number(rest, 16, 2..=2) {
            Number::Is(code, 2) if is_shown(code) && (!in_address || is_data(code)) => Escape::Is(code, 3),
            Number::Partial => Escape::Partial,
            _ => Escape::No,
        },
        [b'&'] | [b'&', b'#'] | [b'&', b'#', b'x' | b'X'] | [b'\\'] => Escape::Partial,
        [b'&', b'#', b'x' | b'X', rest @ ..] => closed(rest, 16, 1..=6, 3, b';'),
        [b'&', b'#', rest @ ..] => closed(rest, 10, 1..=7, 2, b';'),
        [b'&', rest @ ..] => named(rest),
        [b'\\', b'x', rest @ ..] => match number(rest, 16, 2..=2) {
            Number::Is(code, length) if is_shown(code) => Escape::Is(code, 2 + length),
            Number::Partial => Escape::Partial,
            _ => Escape::No,
        },
        [b'\\', b'u', b'{', rest @ ..] => closed(rest, 16, 1..=6, 3, b'}'),
        [b'\\', b'u', rest @ ..] => unit(rest),
        [b'\\', b'U', rest @ ..] => match number(rest, 16, 8..=8) {
            Number::Is(code, length) if is_read(code) => Escape::Is(code, 2 + length),
            Number::Partial => Escape::Partial,
            _ => Escape::No,
        },
        _ => Escape::No,
    }
}

/// Whether the first byte surely begins no escape: most of `%`, `&` and `\` do not.
#[inline]
pub(super) fn begins_none(text: &[u8]) -> bool {
    match text {
        [b'%', next, ..] => !next.is_ascii_hexdigit(),
        [b'&', next, ..] => !next.is_ascii_alphabetic() && *next != b'#',
        [b'\\', next, ..] => !matches!(next, b'x' | b'u' | b'U'),
        [b'%' | b'&' | b'\\'] => false,
        _ => true,
    }
}

/// Printable ASCII, and the end of a line.
fn is_shown(code: u32) -> bool {
    matches!(code, 0x0a | 0x20..=0x7e)
}

/// That, and any character that is not ASCII.
fn is_read(code: u32) -> bool {
    is_shown(code) || (code >= 0xa0 && char::from_u32(code).is_some())
}

/// What may stand in an address without ending it or a part of it.
fn is_data(code: u32) -> bool {
    u8::try_from(code).is_ok_and(|byte| byte.is_ascii_alphanumeric() || b"-._~@+".contains(&byte))
}

enum Number {
    /// With so many digits.
    Is(u32, usize),
    No,
    /// More digits may come, and must where there are fewer than the least.
    Partial,
}

/// Reads as many digits as there are, up to the most.
fn number(text: &[u8], radix: u32, digits: std::ops::RangeInclusive<usize>) -> Number {
    let mut code = 0_u32;
    let mut count = 0;
    for byte in text.iter().take((*digits.end()).min(MAX_DIGITS)) {
        let Some(digit) = char::from(*byte).to_digit(radix) else { break };
        code = code.saturating_mul(radix).saturating_add(digit);
        count += 1;
    }
    match () {
        () if count < *digits.end() && count == text.len() => Number::Partial,
        () if count < *digits.start() => Number::No,
        () => Number::Is(code, count),
    }
}

/// A number behind `before` bytes that a byte closes.
fn closed(
    text: &[u8],
    radix: u32,
    digits: std::ops::RangeInclusive<usize>,
    before: usize,
    close: u8,
) -> Escape {
    match number(text, radix, digits) {
        Number::Is(code, length) if is_read(code) => match text.get(length) {
            Some(byte) if *byte == close => Escape::Is(code, before + length + 1),
            Some(_) => Escape::No,
            None => Escape::Partial,
        },
        Number::Partial => Escape::Partial,
        _ => Escape::No,
    }
}

/// What stands behind `\u`: four digits, or a surrogate pair in two escapes.
fn unit(text: &[u8]) -> Escape {
    match number(text, 16, 4..=4) {
        Number::Is(high @ 0xd800..=0xdbff, _) => {
            let second = text.get(4..).unwrap_or_default();
            let prefix = second.iter().zip(b"\\u").take_while(|(byte, expected)| byte == expected).count();
            match second.get(2..) {
                _ if prefix < 2 && prefix < second.len() => Escape::No,
                None => Escape::Partial,
                Some(digits) => match number(digits, 16, 4..=4) {
                    Number::Is(low @ 0xdc00..=0xdfff, _) => Escape::Is(join(high, low), 12),
                    Number::Partial => Escape::Partial,
                    _ => Escape::No,
                },
            }
        }
        Number::Is(code, length) if is_read(code) => Escape::Is(code, 2 + length),
        Number::Partial => Escape::Partial,
        _ => Escape::No,
    }
}

fn named(text: &[u8]) -> Escape {
    let length = text.iter().take(MAX_NAME + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (name, rest) = text.split_at(length);
    match rest.first() {
        _ if length > MAX_NAME => Escape::No,
        Some(b';') => {
            let found = NAMES.iter().find(|(known, _)| *known == name);
            found.map_or(Escape::No, |(_, char)| Escape::Is(u32::from(*char), length + 2))
        }
        None if NAMES.iter().any(|(known, _)| known.starts_with(name)) => Escape::Partial,
        _ => Escape::No,
    }
}
