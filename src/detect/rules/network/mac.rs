//! `pii.network.mac`: with colons, hyphens, or the points of Cisco, of 48 or 64 bits.
//!
//! Without separators, or with spaces, it is like any other number, and is not found. Low are the broadcast and the null
//! address, and where no word names it what is digits only, has points (weights of a collation) or is of 64 bits with colons
//! (serial numbers of certificates).

use super::{LOOK_BACK, digits_before, hex_tail};
use crate::class::{Class, Confidence};
use crate::detect::context;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window, is_word};

pub(super) const RULE: Rule = Rule {
    id: "pii.network.mac",
    class: Class::PiiNetwork,
    level: None,
    description: "MAC address (EUI-48 or EUI-64)",
    source: "IEEE 802-2014 section 8.2.2; IEEE guidelines for EUI, OUI and CID; RFC 9542 section 2.1",
    true_examples: &[
        example("MAC 00:00:5E:00:53:1A on eth0", "00:00:5E:00:53:1A"),
        example("card 00-00-5e-00-53-af.", "00-00-5e-00-53-af"),
        example("ether 0000.5e00.53af up", "0000.5e00.53af"),
        example("HWaddr:00:00:5e:00:53:01", "00:00:5e:00:53:01"),
        example("hwaddr 02:00:5E:10:00:00:00:01;", "02:00:5E:10:00:00:00:01"),
        example("mac: 02-00-00-00-00-01", "02-00-00-00-00-01"),
        example(r#"{"m":"\n02:00:5e:10:00:01"}"#, "02:00:5e:10:00:01"),
        example("地址00:00:5e:00:53:0c。", "00:00:5e:00:53:0c"),
    ],
    false_examples: &[
        "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff FF-FF-FF-FF-FF-FF 0000.0000.0000",
        "d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e",
        "serial 02:00:5E:10:00:00:00:01 [.1FA3.0020.0002]",
        "12:34:56 and 2021-05-06-07-08",
        "01-02-03-04-05-06 and 1234.5678.9012 and dead.beef.cafe",
        "00:00:5e:00:53 00:00:5e:00:53:1 00:00:5e:00:53:1g 0:0:5e:0:53:1a",
        "00:00:5e-00:53:af x00:00:5e:00:53:af 00:00:5e:00:53:afx 00:00:5e:00:53:af:01",
        "a00-00-5e-00-53-af 00-00-5e-00-53-af-1 0000.5e00.53af.1",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        not_after: |byte| !byte.is_ascii_hexdigit(),
        look_back: LOOK_BACK,
        tail: Some(hex_tail),
        form: Form::Compact,
        ..Detector::new(
            &[
                b":0", b":1", b":2", b":3", b":4", b":5", b":6", b":7", b":8", b":9", b":a", b":b", b":c",
                b":d", b":e", b":f", b"-0", b"-1", b"-2", b"-3", b"-4", b"-5", b"-6", b"-7", b"-8", b"-9",
                b"-a", b"-b", b"-c", b"-d", b"-e", b"-f", b".0", b".1", b".2", b".3", b".4", b".5", b".6",
                b".7", b".8", b".9", b".a", b".b", b".c", b".d", b".e", b".f",
            ],
            verify,
        )
    },
};

const WORDS: &[&str] = &[
    "mac",
    "mac address",
    "mac addr",
    "hwaddr",
    "hw address",
    "hardware address",
    "physical address",
    "ethernet",
    "ether",
    "bssid",
    "wifi",
    "bluetooth",
    "物理地址",
    "实体位址",
];

/// Judges the first separator of what may be an address.
fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let Some(separator) = window.at(hit.start) else { return Verdict::No };
    // Digits of a group, groups of 48 bits, groups of 64.
    let (size, short, long) = if separator == b'.' { (4, 3, 4) } else { (2, 6, 8) };
    let is_group = |end: u64| {
        digits_before(window, end, size, |byte| byte.is_ascii_hexdigit()).filter(|start| end - start == size)
    };
    let Some(start) = is_group(hit.start) else { return Verdict::No };
    let before = start.checked_sub(1).filter(|at| window.at(*at) == Some(separator));
    if before.is_some_and(|end| is_group(end).is_some()) {
        return Verdict::No;
    }
    let mut at = hit.start;
    let mut groups = 1;
    loop {
        // A separator and digits, or the end.
        match (window.ahead(at), window.ahead(at + 1)) {
            (Ahead::Unknown, _) => return Verdict::More { from: start },
            (Ahead::Byte(byte), Ahead::Unknown) if byte == separator => return Verdict::More { from: start },
            (Ahead::Byte(byte), Ahead::Byte(after)) if byte == separator && after.is_ascii_hexdigit() => {}
            (Ahead::Byte(byte), Ahead::Byte(after))
                if byte == separator && separator == b'-' && is_word(after) =>
            {
                return Verdict::No;
            }
            _ => break,
        }
        if groups == long {
            return Verdict::No;
        }
        at += 1;
        let from = at;
        loop {
            match window.ahead(at) {
                Ahead::Byte(byte) if byte.is_ascii_hexdigit() && at - from < size => at += 1,
                Ahead::Byte(byte) if is_word(byte) => return Verdict::No,
                Ahead::Byte(_) | Ahead::End => break,
                Ahead::Unknown => return Verdict::More { from: start },
            }
        }
        if at - from < size {
            return Verdict::No;
        }
        groups += 1;
    }
    if groups != short && groups != long {
        return Verdict::No;
    }
    Verdict::Match { start, end: at, confidence: judge(window, start, at, separator) }
}

/// Bytes of an address of 48 bits in pairs.
const SHORT: usize = 17;

fn judge(window: &Window, start: u64, end: u64, separator: u8) -> Confidence {
    let address = window.slice(start, end);
    let all = |is: fn(u8) -> bool| address.iter().all(|byte| *byte == separator || is(*byte));
    if all(|byte| byte == b'0') || all(|byte| matches!(byte, b'f' | b'F')) {
        return Confidence::Low;
    }
    if context::is_in_front(window, start, WORDS) {
        return Confidence::High;
    }
    let is_long = address.len() > SHORT;
    match separator {
        b'.' => Confidence::Low,
        b':' if is_long => Confidence::Low,
        b'-' if all(|byte| byte.is_ascii_digit()) || all(|byte| byte.is_ascii_alphabetic()) => {
            Confidence::Low
        }
        _ => Confidence::Medium,
    }
}
