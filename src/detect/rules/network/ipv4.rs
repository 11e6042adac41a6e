//! `pii.network.ipv4`.
//!
//! Public and private addresses alike: a private one tells a person's device in the logs of the customer. Low are those that
//! are nobody's (unspecified, loopback, netmasks, multicast, reserved), and those that read as a version or the number of a
//! section (`1.2.3.4`, `v10.0.2.1`, `pkg-1.4.0.2`) where no word says that they are addresses. Port and prefix
//! length are no part of it.

use super::{LOOK_BACK, digits_before};
use crate::class::{Class, Confidence};
use crate::detect::context;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};

pub(super) const RULE: Rule = Rule {
    id: "pii.network.ipv4",
    class: Class::PiiNetwork,
    level: None,
    description: "IPv4 address",
    source: "RFC 791 section 2.3 in the dotted form of RFC 3986 section 3.2.2; special blocks: RFC 6890, RFC 5771",
    true_examples: &[
        example("logged in from 203.0.113.77, twice", "203.0.113.77"),
        example("http://192.168.20.14:8080/", "192.168.20.14"),
        example("net 198.51.100.0/24", "198.51.100.0"),
        example("服务器地址是203.0.113.9。", "203.0.113.9"),
        example("ssh root@10.0.0.5", "10.0.0.5"),
        example(r#"{"ip":"8.8.4.4"}"#, "8.8.4.4"),
        example(r"to:\n172.16.254.3\n", "172.16.254.3"),
        example("10.20.30.1-", "10.20.30.1"),
        example("The peer is 198.51.100.23.", "198.51.100.23"),
    ],
    false_examples: &[
        "127.0.0.1 0.0.0.0 255.255.255.0 224.0.0.251 255.255.255.255",
        "version 203.0.113.5, v10.0.2.1, Agent/99.0.0.0",
        "see 1.2.3.4 and 7.3.5.2",
        "client symbols 2:1.12.99.4",
        "pkg-14.40.0.2 and pkg==14.40.0.2",
        "203.0.113 and 203.0.113.256 and 203.0.113.07",
        "1.3.6.1.4.1.311 and 203.0.113.9.1",
        "a203.0.113.9 203.0.113.9b 203.0.113.9-rc1 203.0.113.9999 v.203.0.113.9",
    ],
    detector: Detector {
        starts_at_anchor: false,
        not_after: |byte| byte.is_ascii_alphabetic() || byte == b'_',
        look_back: LOOK_BACK,
        tail: Some(|window| {
            digits_before(window, window.end(), 3, |byte| byte.is_ascii_digit()).unwrap_or(window.end())
        }),
        ..Detector::new(&[b"0.", b"1.", b"2.", b"3.", b"4.", b"5.", b"6.", b"7.", b"8.", b"9."], verify)
    },
};

/// What an address is the address of, or what is done with it.
const WORDS: &[&str] = &[
    "ip",
    "ips",
    "ipv4",
    "ip address",
    "inet",
    "addr",
    "address",
    "addresses",
    "host",
    "hosts",
    "hostname",
    "server",
    "nameserver",
    "dns",
    "client",
    "gateway",
    "router",
    "subnet",
    "netmask",
    "remote",
    "peer",
    "ping",
    "ssh",
    "traceroute",
    "src",
    "dst",
    "proxy",
    "forwarded for",
    "地址",
    "位址",
    "服务器",
    "伺服器",
    "主机",
    "アドレス",
    "サーバ",
    "주소",
    "서버",
    "dia chi",
    "alamat",
];

/// Words right in front of a version, or of the number of a section.
const VERSIONS: [&[u8]; 15] = [
    b"version",
    b"versions",
    b"ver",
    b"v",
    b"release",
    b"rev",
    b"revision",
    b"build",
    b"firmware",
    b"section",
    b"sections",
    b"chapter",
    b"clause",
    "§".as_bytes(),
    "版本".as_bytes(),
];

fn verify(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let first = digits_before(window, hit.end - 1, 3, |byte| byte.is_ascii_digit());
    // Behind a point it is no first number, but behind the points of a sentence.
    let is_first = |start: &u64| {
        window.before(*start) != Some(b'.')
            || start.checked_sub(1).and_then(|at| window.before(at)).is_none_or(|byte| !is_word(byte))
    };
    let Some(start) = first.filter(is_first) else { return Verdict::No };
    match dotted(window, start) {
        None => Verdict::More { from: start },
        Some(None) => Verdict::No,
        Some(Some((octets, end))) => match ends(window, end) {
            None => Verdict::More { from: start },
            Some(false) => Verdict::No,
            Some(true) => Verdict::Match { start, end, confidence: judge(window, start, octets) },
        },
    }
}

/// The four numbers that begin at `start`, and where they end; `None` where more text is needed.
pub(super) fn dotted(window: &Window, start: u64) -> Option<Option<([u8; 4], u64)>> {
    let mut octets = [0; 4];
    let mut at = start;
    for (nth, octet) in octets.iter_mut().enumerate() {
        if nth > 0 {
            match window.ahead(at) {
                Ahead::Byte(b'.') => at += 1,
                Ahead::Unknown => return None,
                Ahead::Byte(_) | Ahead::End => return Some(None),
            }
        }
        let from = at;
        let mut value = 0_u16;
        loop {
            match window.ahead(at) {
                Ahead::Byte(byte) if byte.is_ascii_digit() => {
                    // No number is written with a zero in front: that would be octal to some.
                    if at - from == 3 || at > from && value == 0 {
                        return Some(None);
                    }
                    value = value * 10 + u16::from(byte - b'0');
                    at += 1;
                }
                Ahead::Unknown => return None,
                Ahead::Byte(_) | Ahead::End => break,
            }
        }
        match u8::try_from(value) {
            Ok(value) if at > from => *octet = value,
            _ => return Some(None),
        }
    }
    Some(Some((octets, at)))
}

/// Whether an address may end at `end`; `None` where that is not known yet.
pub(super) fn ends(window: &Window, end: u64) -> Option<bool> {
    match (window.ahead(end), window.ahead(end + 1)) {
        (Ahead::Unknown, _) | (Ahead::Byte(b'.' | b'-'), Ahead::Unknown) => None,
        (Ahead::Byte(b'.'), Ahead::Byte(after)) => Some(!after.is_ascii_digit()),
        (Ahead::Byte(b'-'), Ahead::Byte(after)) => Some(!after.is_ascii_alphabetic()),
        (Ahead::Byte(byte), _) => Some(!is_word(byte)),
        (Ahead::End, _) => Some(true),
    }
}

fn judge(window: &Window, start: u64, octets: [u8; 4]) -> Confidence {
    let [first, ..] = octets;
    if is_nobodys(octets) || is_version(window, start) {
        return Confidence::Low;
    }
    if context::is_in_front(window, start, WORDS) {
        return Confidence::High;
    }
    let all_below = |most: u8| octets.iter().all(|octet| *octet < most);
    let is_section = first != 10 && all_below(32) || first < 10 && all_below(100);
    let is_required =
        matches!(window.slice(start.saturating_sub(2), start), [b'=' | b'<' | b'>' | b'~' | b'!', b'=']);
    if is_section || is_required { Confidence::Low } else { Confidence::Medium }
}

/// Unspecified, loopback, multicast, reserved, broadcast, or a netmask.
fn is_nobodys(octets: [u8; 4]) -> bool {
    let address = u32::from_be_bytes(octets);
    let is_mask = address.leading_ones() + address.trailing_zeros() == 32;
    matches!(octets, [0 | 127 | 224..=255, ..]) || is_mask
}

/// Whether right in front stands what names a version, or the name of a product is tied to it: `v1`, `Agent/1`, `pkg-1`.
fn is_version(window: &Window, start: u64) -> bool {
    let text = window.slice(start.saturating_sub(16), start);
    if let [.., letter, b'/' | b'-' | b'_'] = text
        && letter.is_ascii_alphabetic()
        && !text.ends_with(b"ip-")
    {
        return true;
    }
    // The epoch of a package: `2:1.2.99.4`.
    if let [.., before, epoch, b':'] = text
        && epoch.is_ascii_digit()
        && !before.is_ascii_alphanumeric()
    {
        return true;
    }
    let between = |byte: &&u8| matches!(byte, b' ' | b'=' | b':' | b'.' | b'"' | b'\'' | b'(' | b'#');
    let gap = text.iter().rev().take(3).take_while(between).count();
    let Some(text) = text.get(..text.len() - gap) else { return false };
    VERSIONS.iter().any(|word| {
        let at = text.len().checked_sub(word.len());
        let Some((before, found)) = at.and_then(|at| text.split_at_checked(at)) else { return false };
        let is_apart = before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        found.eq_ignore_ascii_case(word) && (is_apart || !word.is_ascii())
    })
}
