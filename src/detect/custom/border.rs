//! Where a word ends: no letter or digit of a script that puts spaces between words touches another.
//!
//! Chinese, Japanese, Korean, Thai and their like write on without spaces, so their characters touch nothing: a name is
//! found in the middle of them.

use crate::detect::window::{Ahead, Window};

/// Bytes around a border that are read.
pub(in crate::detect) const MAX_CHAR: u64 = 4;

/// Whether the text before `at` and the one behind are the same word; `None` where that is not known yet.
pub(in crate::detect) fn is_inside_word(window: &Window, at: u64) -> Option<bool> {
    let Some(before) = at.checked_sub(1).and_then(|last| window.at(last)) else {
        return Some(false);
    };
    if !may_be_letter(before) || window.is_escape_letter(at - 1) {
        return Some(false);
    }
    let after = match window.ahead(at) {
        Ahead::Byte(byte) => byte,
        Ahead::End => return Some(false),
        Ahead::Unknown => return None,
    };
    if before.is_ascii() && after.is_ascii() {
        return Some(after.is_ascii_alphanumeric());
    }
    if !may_be_letter(after) || !is_letter_before(window, at) {
        return Some(false);
    }
    let length = length(after);
    let known = (0..length).map_while(|nth| match window.ahead(at + nth) {
        Ahead::Byte(byte) => Some(Some(byte)),
        Ahead::End => None,
        Ahead::Unknown => Some(None),
    });
    let bytes: Option<Vec<u8>> = known.collect();
    Some(is_letter(&bytes?))
}

fn may_be_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

fn is_letter_before(window: &Window, at: u64) -> bool {
    let is_lead = |byte: u8| byte & 0xc0 != 0x80;
    let start = (1..=MAX_CHAR)
        .filter_map(|back| at.checked_sub(back))
        .find(|start| window.at(*start).is_some_and(is_lead));
    start.is_some_and(|start| is_letter(window.slice(start, at)))
}

/// Bytes of the character that begins with this one.
fn length(first: u8) -> u64 {
    match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    }
}

/// Whether these bytes are one letter or digit of a script with spaces.
fn is_letter(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) => one.is_alphanumeric() && !is_written_on(one),
        _ => false,
    }
}

/// Thai to Myanmar, Hangul, Khmer, Chinese and Japanese.
fn is_written_on(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_their_script_says() {
        let cases = [
            ("an", "n", Some(true)),
            ("a", " ", Some(false)),
            ("a", "_", Some(false)),
            ("a", "1", Some(true)),
            ("e", "\u{301}", Some(false)),
            ("\u{438}", "\u{43d}", Some(true)),
            ("a", "\u{e9}", Some(true)),
            ("\u{5f20}", "\u{4e09}", Some(false)),
            ("\u{5f20}", "a", Some(false)),
            ("a", "\u{5f20}", Some(false)),
            ("\\n", "a", Some(false)),
            ("", "a", Some(false)),
            ("a", "", None),
            (" ", "", Some(false)),
        ];
        for (before, after, expected) in cases {
            let text = format!("{before}{after}");
            let window = Window::new(0, text.as_bytes(), false);
            assert_eq!(is_inside_word(&window, before.len() as u64), expected, "{before}|{after}");
            let whole = Window::new(0, text.as_bytes(), true);
            assert_eq!(
                is_inside_word(&whole, before.len() as u64),
                expected.or(Some(false)),
                "{before}|{after}"
            );
        }
        let cut = "a\u{e9}".as_bytes();
        assert_eq!(is_inside_word(&Window::new(0, &cut[..2], false), 1), None);
    }
}
