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

/// What the table has for a character.
pub(super) mod entry {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const NOTHING: u8 = 1;
    pub(in super::super) const MARK: u8 = 2;
    pub(in super::super) const LETTER: u8 = 3;
    pub(in super::super) const SEVERAL: u8 = 4;
    /// With the letter; what is smaller and none of those before is ASCII.
    pub(in super::super) const ALIKE: u8 = 0x80;
}

/// The table's entry of a code point.
#[inline(always)]
pub(super) fn entry(code: u32) -> u8 {
    if code >= LIMIT {
        // Default-ignorable: tags, variation selectors, and what is kept for more of them.
        return if (0xe0000..=0xe0fff).contains(&code) { entry::NOTHING } else { entry::SAME };
    }
    let row = INDEX.as_flattened().get(code as usize >> 6).copied().unwrap_or(0);
    let entry = ROWS.get(usize::from(row)).and_then(|row| row.get(code as usize & 63));
    entry.copied().unwrap_or(entry::SAME)
}

/// What a code point reads as.
pub(super) fn reads(code: u32) -> Reads {
    match entry(code) {
        entry::SAME => Reads::Same,
        entry::NOTHING => Reads::Nothing,
        entry::MARK => Reads::Mark,
        entry::LETTER => Reads::Letter,
        entry::SEVERAL => {
            let found = SEVERAL.binary_search_by_key(&code, |several| several.0).ok();
            let text = found.and_then(|nth| SEVERAL.get(nth));
            text.map_or(Reads::Same, |(_, text)| Reads::Several(text.as_bytes()))
        }
        alike @ entry::ALIKE.. => Reads::Alike(alike & 0x7f),
        ascii => Reads::Ascii(ascii),
    }
}
