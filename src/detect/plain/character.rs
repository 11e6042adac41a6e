//! What a text begins with: a character in UTF-8, as surrogates in three bytes each, or as an escape.

use std::cmp::Ordering;

use super::escape::{self, Escape};

/// Most bytes of one character that is no escape: UTF-8 has 4, a surrogate pair in three bytes each (CESU-8) has 6.
const MAX_CHAR: usize = 6;

/// What a text begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Character {
    /// This code point, in so many bytes.
    Is { code: u32, length: usize, escaped: bool },
    /// A byte that begins no character and no escape.
    Byte,
    /// The beginning of a character or an escape.
    Partial,
    /// The text is empty.
    None,
}

/// Decodes the first character. `in_address` says whether it stands in one: see [`escape::escape`].
#[inline]
pub(super) fn character(text: &[u8], in_address: bool) -> Character {
    let Some(first) = text.first() else { return Character::None };
    let length = match first {
        b'%' | b'&' | b'\\' => match escape::escape(text, in_address) {
            Escape::Is(code, length) => return Character::Is { code, length, escaped: true },
            Escape::No => return Character::Byte,
            Escape::Partial => return Character::Partial,
        },
        0x00..=0x7f => return Character::Is { code: u32::from(*first), length: 1, escaped: false },
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Character::Byte,
    };
    match unit(text, length) {
        Ok(high @ 0xd800..=0xdbff) => match unit(text.get(3..).unwrap_or_default(), 3) {
            Ok(low @ 0xdc00..=0xdfff) => {
                Character::Is { code: join(high, low), length: MAX_CHAR, escaped: false }
            }
            Ok(_) | Err(Ordering::Equal) => Character::Byte,
            Err(_) => Character::Partial,
        },
        Ok(code) => Character::Is { code, length, escaped: false },
        Err(Ordering::Equal) => Character::Byte,
        Err(_) => Character::Partial,
    }
}

/// The character of two or three bytes that the text begins with, if there is one: most of those that are no ASCII.
#[inline]
pub(super) fn common(text: &[u8]) -> Option<(u32, usize)> {
    let bits = |byte: u8| u32::from(byte & 0x3f);
    let follows = |byte: u8| byte & 0xc0 == 0x80;
    match *text {
        [first @ 0xc2..=0xdf, second, ..] if follows(second) => {
            Some((u32::from(first & 0x1f) << 6 | bits(second), 2))
        }
        [first @ 0xe0..=0xef, second, third, ..] if follows(second) & follows(third) => {
            let code = u32::from(first & 0xf) << 12 | bits(second) << 6 | bits(third);
            (!(0xd800..=0xdfff).contains(&code)).then_some((code, 3))
        }
        _ => None,
    }
}

/// The code point of a surrogate pair.
pub(super) fn join(high: u32, low: u32) -> u32 {
    0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff)
}

/// The bits of one sequence of so many bytes. `Equal`: it is none; `Less`: it is not complete.
#[inline]
fn unit(text: &[u8], length: usize) -> Result<u32, Ordering> {
    let Some((first, rest)) = text.split_first() else { return Err(Ordering::Less) };
    let marker = 0xff_u8 << (7 - length);
    if first & marker != marker << 1 {
        return Err(Ordering::Equal);
    }
    let mut code = u32::from(first & !marker);
    for nth in 0..length - 1 {
        match rest.get(nth) {
            None => return Err(Ordering::Less),
            Some(byte) if byte & 0xc0 == 0x80 => code = code << 6 | u32::from(byte & 0x3f),
            Some(_) => return Err(Ordering::Equal),
        }
    }
    Ok(code)
}
