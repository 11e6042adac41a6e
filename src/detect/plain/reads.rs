//! What one character reads as.

use super::table::{INDEX, LIMIT, ROWS, SEVERAL};

/// What a character reads as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// As it is.
    Same,
    /// As it is: a letter of a script that has look-alikes, but none of them.
    Letter,
    /// As this one in a word that has Latin letters; else as it is.
    Alike(u8),
    /// A mark over or under a letter: as nothing, but on a letter that stays as it is.
    Mark,
    Ascii(u8),
    /// As more than one ASCII character.
    Several(&'static [u8]),
    Nothing,
}

impl Reads {
    /// By the byte that the table has for it.
    #[inline(always)]
    fn new(code: u32, entry: u8) -> Reads {
        match entry {
            0 => Reads::Same,
            1 => Reads::Nothing,
            2 => Reads::Mark,
            3 => Reads::Letter,
            4 => several(code),
            0x80.. => Reads::Alike(entry & 0x7f),
            _ => Reads::Ascii(entry),
        }
    }
}

#[inline(never)]
fn several(code: u32) -> Reads {
    let found = SEVERAL.binary_search_by_key(&code, |several| several.0).ok();
    let text = found.and_then(|nth| SEVERAL.get(nth));
    text.map_or(Reads::Same, |(_, text)| Reads::Several(text.as_bytes()))
}

/// What a code point reads as.
#[inline(always)]
pub(super) fn reads(code: u32) -> Reads {
    if code >= LIMIT {
        // Default-ignorable: tags, variation selectors, and what is kept for more of them.
        return if (0xe0000..=0xe0fff).contains(&code) { Reads::Nothing } else { Reads::Same };
    }
    let row = INDEX.as_flattened().get(code as usize >> 6).copied().unwrap_or(0);
    let entry = ROWS.get(usize::from(row)).and_then(|row| row.get(code as usize & 63));
    Reads::new(code, entry.copied().unwrap_or(0))
}
