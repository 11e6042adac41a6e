//! Addresses of devices, by which a person's can be told.

use super::Rule;
use crate::detect::context;
use crate::detect::window::{Window, is_word};

mod ipv4;
mod ipv6;
mod mac;

pub(super) fn rules() -> Vec<Rule> {
    vec![ipv4::RULE, ipv6::RULE, mac::RULE]
}

/// Bytes before an anchor that are read: words, a label, and the first group.
const LOOK_BACK: u64 = context::REACH + 16;

/// Where a group of hexadecimal digits begins that ends the text and is not too long, with one separator behind it or two
/// colons, or without: an address may begin there whose anchor has not come.
fn hex_tail(window: &Window) -> u64 {
    let end = window.end();
    let separators = match (window.before(end), end.checked_sub(1).and_then(|last| window.before(last))) {
        (Some(b':'), Some(b':')) => 2,
        (Some(b':' | b'-' | b'.'), _) => 1,
        _ => 0,
    };
    let start = digits_before(window, end - separators, 4, |byte| byte.is_ascii_hexdigit());
    match start {
        Some(start) if start < end - separators => start,
        // Colons alone may be those of `::1`; not behind a third one.
        Some(start) if window.before(end) == Some(b':') && window.before(start) != Some(b':') => start,
        _ => end,
    }
}

/// Where the run of digits that ends at `end` begins: `None` where it is longer than `most`, or a letter touches it. It
/// may be empty.
fn digits_before(window: &Window, end: u64, most: u64, is_digit: fn(u8) -> bool) -> Option<u64> {
    let mut start = end;
    while let Some(byte) = window.before(start).filter(|byte| is_word(*byte)) {
        if window.is_escape_letter(start - 1) {
            break;
        }
        if !is_digit(byte) || end - start == most {
            return None;
        }
        start -= 1;
    }
    Some(start)
}
