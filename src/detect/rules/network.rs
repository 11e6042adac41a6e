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

/// Where a group of hexadecimal digits begins that ends the text and is not too long, with a separator behind it or
/// without: an address may begin there whose anchor has not come.
fn hex_tail(window: &Window) -> u64 {
    let end = window.end();
    let last = window.before(end).filter(|byte| matches!(byte, b':' | b'-' | b'.'));
    let digits = end - last.map_or(0, |_| 1);
    digits_before(window, digits, 4, |byte| byte.is_ascii_hexdigit()).unwrap_or(end)
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
