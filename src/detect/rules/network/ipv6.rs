//! `pii.network.ipv6`.
//!
//! All forms of RFC 4291: eight groups, with `::`, with an IPv4 address at the end, with a zone. Not `::` alone. Low are the
//! unspecified and the loopback address, and what may as well be a slice or a path of a program (`1::2`, `dead::beef`).
//! The prefix length is no part of it.
//! A single group with `::` behind it (`fe80::`) is found in front of a `/` only: an anchor of two colons would stop at each
//! path of a program.

use super::ipv4;
use super::{LOOK_BACK, digits_before, hex_tail};
use crate::class::{Class, Confidence};
use crate::detect::context;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window, is_word};

/// Most bytes of a zone: the name of an interface.
const MAX_ZONE: u64 = 16;

pub(super) const RULE: Rule = Rule {
    id: "pii.network.ipv6",
    class: Class::PiiNetwork,
    level: None,
    description: "IPv6 address",
    source: "RFC 4291 section 2.2, RFC 5952, RFC 4007 section 11 (zones)",
    true_examples: &[
        example("from 2001:db8:85a3:8d3:1319:8a2e:370:7348 today", "2001:db8:85a3:8d3:1319:8a2e:370:7348"),
        example("http://[2001:db8::7]:8080/", "2001:db8::7"),
        example("net 2001:DB8:4::/48", "2001:DB8:4::"),
        example("inet6 fe80::5054:ff:fe12:3456%eth0 scope", "fe80::5054:ff:fe12:3456%eth0"),
        example("peer ::ffff:198.51.100.4.", "::ffff:198.51.100.4"),
        example("addr:2001:db8::c0de", "2001:db8::c0de"),
        example("0:0:0:0:0:ffff:198.51.100.4", "0:0:0:0:0:ffff:198.51.100.4"),
        example("ipv6: 2001::1", "2001::1"),
        example(r#"["\nfd12:3456:789a::1"]"#, "fd12:3456:789a::1"),
        example("fe80::/10", "fe80::"),
    ],
    false_examples: &[
        ":: and ::1 and 0:0:0:0:0:0:0:1",
        "std::vector, a::b, de::Error, Dead::Beef, Abc::Def::ace",
        "a[1::2] b[100::5] c[::8] d[2000::3]",
        "12:34:56 and 1:2:3:4:5:6:7",
        "00:1a:2b:3c:4d:5e and 00:1a:2b:3c:4d:5e:6f:70",
        "2001:db8::7x x2001:db8::7 12345:db8::7 2001:db8::12345",
        "2001::25de::cade 2001:db8::256.1.1.1 ::ffff:198.51.100",
        "d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e",
        "10.0.0.2:10.0.0.7::255.255.255.0",
        "td::before{} '2020-01-01'::date",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        not_after: |byte| is_word(byte) && !byte.is_ascii_hexdigit(),
        look_back: LOOK_BACK,
        tail: Some(hex_tail),
        form: Form::AnyCase,
        ..Detector::new(
            &[
                b":0", b":1", b":2", b":3", b":4", b":5", b":6", b":7", b":8", b":9", b":a", b":b", b":c",
                b":d", b":e", b":f", b"::/",
            ],
            verify,
        )
    },
};

/// Words that make an address even of what is short. Fewer than for IPv4: code is full of `::`.
const WORDS: &[&str] = &["ip", "ips", "ipv6", "inet6", "ip address", "ping6", "ip地址", "ipv6地址"];

/// Judges the first colon of what may be an address, or the second where they stand together.
fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let Some(start) = first_group(window, hit.start) else { return Verdict::No };
    match read(window, start) {
        Read::Unknown => Verdict::More { from: start },
        Read::No => Verdict::No,
        Read::Address { end, written } => match zone(window, end) {
            Some(end) => Verdict::Match { start, end, confidence: judge(window, start, &written) },
            None => Verdict::More { from: start },
        },
    }
}

/// Where the group starts that the first colon ends; it is empty in front of `::` only. `None` where it is not the first.
fn first_group(window: &Window, colon: u64) -> Option<u64> {
    let is_double = window.before(colon) == Some(b':');
    let colon = if is_double { colon - 1 } else { colon };
    let start = digits_before(window, colon, 4, |byte| byte.is_ascii_hexdigit())?;
    let second = start.checked_sub(1).and_then(|at| window.before(at));
    match window.before(start) {
        // The end of something else: `10.0.0.7::`.
        Some(b'.') if second.is_some_and(is_word) => None,
        // Behind a label, as in `addr:fe80::1`: a word of letters that is no group.
        Some(b':') => {
            let is_label = second.is_some_and(|byte| byte.is_ascii_alphabetic())
                && digits_before(window, start - 1, 4, |byte| byte.is_ascii_hexdigit()).is_none();
            (is_label && start < colon).then_some(start)
        }
        _ => (start < colon || is_double).then_some(start),
    }
}

/// What an address is made of.
#[derive(Default)]
struct Written {
    groups: u8,
    is_compressed: bool,
    /// It ends with an IPv4 address, which is two groups.
    has_ipv4: bool,
    /// A group of three digits or more.
    has_long: bool,
    /// A long group with a letter and a decimal digit.
    has_mixed: bool,
    /// Groups that are not zero.
    others: u8,
    /// The last group is 1.
    ends_with_one: bool,
}

enum Read {
    Address { end: u64, written: Written },
    No,
    Unknown,
}

fn read(window: &Window, start: u64) -> Read {
    let mut written = Written::default();
    let mut at = start;
    let end = loop {
        let from = at;
        loop {
            match window.ahead(at) {
                Ahead::Byte(byte) if byte.is_ascii_hexdigit() && at - from < 4 => at += 1,
                Ahead::Byte(byte) if is_word(byte) => return Read::No,
                Ahead::Byte(_) | Ahead::End => break,
                Ahead::Unknown => return Read::Unknown,
            }
        }
        let group = window.slice(from, at);
        let (here, next) = (window.ahead(at), window.ahead(at + 1));
        if let (Ahead::Byte(b'.' | b':'), Ahead::Unknown) = (here, next) {
            return Read::Unknown;
        }
        let is_dotted =
            matches!((here, next), (Ahead::Byte(b'.'), Ahead::Byte(after)) if after.is_ascii_digit());
        if is_dotted && !group.is_empty() {
            match ipv4::dotted(window, from) {
                None => return Read::Unknown,
                Some(None) => return Read::No,
                Some(Some((_, end))) => {
                    written.has_ipv4 = true;
                    written.groups += 2;
                    match ipv4::ends(window, end) {
                        None => return Read::Unknown,
                        Some(false) => return Read::No,
                        Some(true) => break end,
                    }
                }
            }
        }
        if !group.is_empty() {
            written.take(group);
        }
        if written.groups > 8 {
            return Read::No;
        }
        match (here, next) {
            (Ahead::Byte(b':'), Ahead::Byte(b':')) => {
                if written.is_compressed {
                    return Read::No;
                }
                written.is_compressed = true;
                at += 2;
                match window.ahead(at) {
                    Ahead::Byte(b':') => return Read::No,
                    Ahead::Unknown => return Read::Unknown,
                    Ahead::Byte(byte) if is_word(byte) => {}
                    Ahead::Byte(_) | Ahead::End => break at,
                }
            }
            (Ahead::Byte(b':'), Ahead::Byte(after)) if after.is_ascii_hexdigit() => at += 1,
            _ => break at,
        }
    };
    let is_whole = if written.is_compressed { (1..8).contains(&written.groups) } else { written.groups == 8 };
    if is_whole { Read::Address { end, written } } else { Read::No }
}

impl Written {
    fn take(&mut self, group: &[u8]) {
        let is_long = group.len() >= 3;
        let has = |is: fn(&u8) -> bool| group.iter().any(is);
        self.groups += 1;
        self.has_long |= is_long;
        self.has_mixed |= is_long && has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
        self.others += u8::from(has(|digit| *digit != b'0'));
        self.ends_with_one =
            group.ends_with(b"1") && group.iter().filter(|digit| **digit != b'0').count() == 1;
    }
}

/// Where an address and its zone (`%eth0`) end; `None` where that is not known yet.
fn zone(window: &Window, end: u64) -> Option<u64> {
    match window.ahead(end) {
        Ahead::Unknown => return None,
        Ahead::Byte(b'%') => {}
        Ahead::Byte(_) | Ahead::End => return Some(end),
    }
    let mut at = end + 1;
    let mut last = end;
    loop {
        match window.ahead(at) {
            Ahead::Unknown => return None,
            Ahead::Byte(byte) if is_word(byte) => last = at + 1,
            Ahead::Byte(b'.' | b'-') => {}
            Ahead::Byte(_) | Ahead::End => return Some(last),
        }
        at += 1;
        if at - end > MAX_ZONE {
            return Some(end);
        }
    }
}

fn judge(window: &Window, start: u64, written: &Written) -> Confidence {
    let is_nobodys =
        !written.has_ipv4 && (written.others == 0 || written.others == 1 && written.ends_with_one);
    if is_nobodys && (written.groups == 8 || written.groups == written.others) {
        return Confidence::Low;
    }
    let is_plain = written.has_long && (!written.is_compressed || written.groups >= 3);
    if is_plain || written.has_ipv4 {
        return Confidence::High;
    }
    let is_named = context::is_in_front(window, start, WORDS);
    if is_named || written.has_mixed { Confidence::Medium } else { Confidence::Low }
}
