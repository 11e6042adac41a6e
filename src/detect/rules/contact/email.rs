//! `pii.contact.email`.
//!
//! ASCII addresses only: in Chinese or Japanese text an address stands between letters with no space, and taking
//! non-ASCII letters for a part of it (RFC 6531) would swallow the sentence.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::value::Form;
use crate::detect::window::{Ahead, Window};

/// Longest local part, in bytes (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL: u64 = 64;
/// Bytes in front of the local part in which the name and the scheme of an address stand.
const MAX_USER: u64 = 40;
/// Longest domain, in bytes (RFC 1035 section 2.3.4, less the length bytes).
const MAX_DOMAIN: u64 = 253;
/// Longest label of a domain, in bytes (RFC 1035 section 2.3.4).
const MAX_LABEL: usize = 63;

/// Endings that are no top-level domain and are common behind an `@`: `logo@2x.png`, `getty@tty1.service`.
const NO_TLD: [&str; 39] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "pdf", "css", "html", "js", "mjs", "jsx", "ts",
    "tsx", "json", "txt", "service", "socket", "timer", "slice", "scope", "swap", "mount", "target", "tar",
    "gz", "tgz", "exe", "dll", "conf", "cfg", "header", "local", "files", "whl", "deb", "rpm",
];

/// Frequent generic top-level domains; together with all of two letters they speak for an address.
const COMMON_TLD: [&str; 14] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "dev", "app", "cloud", "email", "online",
];

pub(super) const RULE: Rule = Rule {
    id: "pii.contact.email",
    class: Class::PiiContact,
    level: None,
    description: "e-mail address",
    source: "RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 1035 section 2.3.4; quoted local parts left out",
    true_examples: &[
        example("Write to jane.doe+work@mail.example.com.", "jane.doe+work@mail.example.com"),
        example("邮箱是foo@example.com吗", "foo@example.com"),
        example("<mailto:a_b@example.co.uk>", "a_b@example.co.uk"),
        example("email=x@example.org&next=1", "x@example.org"),
        example("wait...bob@example.com, please", "bob@example.com"),
        example("**carol@example.io**", "carol@example.io"),
        example("dan@xn--bcher-kva.xn--p1ai!", "dan@xn--bcher-kva.xn--p1ai"),
        example(r#"{"to":"\neve@example.net"}"#, "eve@example.net"),
        example("mail frank@example.com--soon", "frank@example.com"),
        example("UPPER@EXAMPLE.COM", "UPPER@EXAMPLE.COM"),
    ],
    false_examples: &[
        "root@localhost is no address",
        "npm install left-pad@1.3.0 react@18.2.0-rc.1",
        "@app.route('/') and @Override",
        "background: url(logo@2x.png)",
        "systemctl status getty@tty1.service",
        "uses: actions/checkout@v4",
        "git clone git@github.com:o/r.git",
        "libssl.so.3@libcrypto.so and dist/pkg@1.4.tar.gz",
        "bad.@example.com a@-example.com a@example.c a@.com",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
        "a@b@c",
        "5 apples @ 3.50 each",
    ],
    detector: Detector {
        starts_at_anchor: false,
        not_after: |before| !is_local(before),
        look_back: MAX_LOCAL + 2 + MAX_USER,
        tail: Some(|window| local_start(window, window.end()).unwrap_or(window.end())),
        form: Form::AnyCase,
        ..Detector::new(&[b"@"], verify)
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let Some(start) = local_start(window, hit.start) else {
        return Verdict::No;
    };
    if window.before(hit.start) == Some(b'.') {
        return Verdict::No;
    }
    // The domain's bytes are read once; what they mean is looked at when they are all there.
    let over = loop {
        match window.ahead(progress.at) {
            Ahead::Byte(byte) if is_domain(byte) && progress.at - hit.end <= MAX_DOMAIN => progress.at += 1,
            Ahead::Byte(_) | Ahead::End => break progress.at - hit.end > MAX_DOMAIN,
            Ahead::Unknown => return Verdict::More { from: start },
        }
    };
    match domain(window.slice(hit.end, progress.at)) {
        Some((length, confidence)) if !over && !is_userinfo(window, start, hit.start) => {
            let end = hit.end + length as u64;
            match is_remote(window, start, (hit.start, end)) {
                None => Verdict::More { from: start },
                Some(true) => Verdict::Match { start, end, confidence: Confidence::Low },
                Some(false) => Verdict::Match { start, end, confidence },
            }
        }
        _ => Verdict::No,
    }
}

/// Whether it is the address of a repository: `git@host:path`. `None` where that is not known yet.
fn is_remote(window: &Window, start: u64, (at, end): (u64, u64)) -> Option<bool> {
    if window.slice(start, at) != b"git" {
        return Some(false);
    }
    match (window.ahead(end), window.ahead(end + 1)) {
        (Ahead::Unknown, _) | (Ahead::Byte(b':'), Ahead::Unknown) => None,
        (Ahead::Byte(b':'), Ahead::Byte(path)) => Some(path.is_ascii_alphanumeric()),
        _ => Some(false),
    }
}

/// Whether it is a part of an address that says who asks: a password, or a key without a name (RFC 3986 section 3.2.1).
fn is_userinfo(window: &Window, start: u64, end: u64) -> bool {
    let before = window.slice(start.saturating_sub(MAX_USER), start);
    let local = window.slice(start, end);
    let is_end =
        |byte: &u8| !byte.is_ascii_graphic() || matches!(byte, b'/' | b'"' | b'\'' | b'<' | b'>' | b'?');
    let user = before.iter().rposition(is_end).map_or(0, |at| at + 1);
    let (address, user) = before.split_at(user);
    let is_key = local.len() >= 16 && local.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4;
    address.ends_with(b"://") && (user.contains(&b':') || user.is_empty() && is_key)
}

/// Where the local part that ends at `end` starts; `None` if there is none.
fn local_start(window: &Window, end: u64) -> Option<u64> {
    let mut start = None;
    let mut at = end;
    let mut last = None;
    while let Some(byte) = window.before(at).filter(|byte| is_local(*byte)) {
        // Two dots end a sentence, not a name: `wait...bob@example.com`.
        if byte == b'.' && last == Some(b'.') {
            break;
        }
        at -= 1;
        if end - at > MAX_LOCAL {
            return None;
        }
        if window.is_escape_letter(at) {
            break;
        }
        if byte.is_ascii_alphanumeric() {
            start = Some(at);
        }
        last = Some(byte);
    }
    start
}

/// Whether `bytes` begin with what an address has behind its `@`.
pub(in crate::detect::rules) fn begins_with_domain(bytes: &[u8]) -> bool {
    let length = bytes.iter().take_while(|byte| is_domain(**byte)).count();
    bytes.get(..length).and_then(domain).is_some()
}

/// The longest start of `bytes` that is a domain with a dot and a top-level domain of letters.
fn domain(bytes: &[u8]) -> Option<(usize, Confidence)> {
    let mut found = None;
    let mut at = 0;
    for (nth, label) in bytes.split(|byte| *byte == b'.').enumerate() {
        let is_library = |tld: &[u8]| tld == b"so" && bytes.starts_with(b"lib");
        if let Some(tld) = top_level(label).filter(|tld| nth > 0 && !is_no_tld(tld) && !is_library(tld)) {
            found = Some((at + tld.len(), confidence(tld)));
        }
        let length = 1..=MAX_LABEL;
        if !length.contains(&label.len()) || label.starts_with(b"-") || label.ends_with(b"-") {
            break;
        }
        at += label.len() + 1;
    }
    found
}

/// The start of `label` that is a top-level domain: letters, or `xn--` and what follows. Behind letters the hyphens
/// of a dash may follow (`example.com--see below`).
fn top_level(label: &[u8]) -> Option<&[u8]> {
    if label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"xn--")) {
        return (label.len() > 4 && label.len() <= MAX_LABEL && !label.ends_with(b"-")).then_some(label);
    }
    let letters = label.split(|byte| *byte == b'-').next()?;
    let rest = label.get(letters.len()..)?;
    let fits = (2..=MAX_LABEL).contains(&letters.len()) && letters.iter().all(u8::is_ascii_alphabetic);
    (fits && matches!(rest, [] | b"-" | [b'-', b'-', ..])).then_some(letters)
}

fn is_no_tld(label: &[u8]) -> bool {
    NO_TLD.iter().any(|ending| label.eq_ignore_ascii_case(ending.as_bytes()))
}

fn confidence(tld: &[u8]) -> Confidence {
    let common = COMMON_TLD.iter().any(|common| tld.eq_ignore_ascii_case(common.as_bytes()));
    if common || tld.len() == 2 { Confidence::High } else { Confidence::Medium }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}
