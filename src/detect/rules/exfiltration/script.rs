//! `exfiltration.script-url`, `exfiltration.script-tag` and `exfiltration.event-handler`: what runs where it is displayed.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};

pub(super) const URL: Rule = Rule {
    id: "exfiltration.script-url",
    class: Class::Exfiltration,
    level: None,
    description: "address that is a program: javascript:, vbscript:, data:text/html",
    source: "HTML Living Standard, javascript: URLs; RFC 2397 (data)",
    true_examples: &[
        example("[a](javascript:alert(1))", "javascript:"),
        example("<a href=\"JavaScript:fetch('//evil.example')\">", "JavaScript:"),
        example("<a href=data:text/html;base64,PHNjcmlwdD4=>", "data:text/html"),
        example("vbscript:msgbox(1)", "vbscript:"),
    ],
    false_examples: &[
        "In JavaScript: use let.",
        "javascript:\n",
        "the metadata:text/html header",
        "data:image/png;base64,iVBORw0KGgo=",
        "myjavascript:x",
    ],
    detector: Detector {
        any_case: true,
        not_after: is_word,
        ..Detector::new(&[b"javascript:", b"vbscript:", b"data:text/html"], url)
    },
};

fn url(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    match window.ahead(hit.end) {
        Ahead::Unknown => Verdict::More { from: hit.start },
        Ahead::Byte(byte) if byte.is_ascii_graphic() && byte != b'`' && byte != b'"' => found(hit),
        Ahead::Byte(_) | Ahead::End => Verdict::No,
    }
}

pub(super) const TAG: Rule = Rule {
    id: "exfiltration.script-tag",
    class: Class::Exfiltration,
    level: None,
    description: "HTML script element",
    source: "HTML Living Standard section 4.12.1 (script)",
    true_examples: &[
        example("x<script>alert(1)</script>", "<script"),
        example("<SCRIPT SRC=//evil.example/.j>", "<SCRIPT"),
        example("<script\nsrc='//evil.example'>", "<script"),
    ],
    false_examples: &["<scripts> <script-name> <Script.Foo", "the script> tag", "a < script > b"],
    detector: Detector { any_case: true, ..Detector::new(&[b"<script"], tag) },
};

fn tag(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    match window.ahead(hit.end) {
        Ahead::Unknown => Verdict::More { from: hit.start },
        Ahead::Byte(byte) if byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/') => found(hit),
        Ahead::Byte(_) | Ahead::End => Verdict::No,
    }
}

pub(super) const HANDLER: Rule = Rule {
    id: "exfiltration.event-handler",
    class: Class::Exfiltration,
    level: None,
    description: "HTML event handler that needs no click",
    source: "HTML Living Standard section 8.1.8 (event handlers): onerror, onload, onfocus, onmouseover, ontoggle",
    true_examples: &[
        example("<img src=x onerror=\"alert(1)\">", "onerror="),
        example("<svg/ONLOAD=fetch(1)>", "ONLOAD="),
        example("<body onfocus='go()'>", "onfocus="),
    ],
    false_examples: &[
        "<Image onError={retry} />",
        "image.onload=function () {}",
        "the onerror = None",
        "on_error=\"x\"",
    ],
    detector: Detector {
        any_case: true,
        not_after: |byte| is_word(byte) || byte == b'.',
        ..Detector::new(&[b"onerror=", b"onload=", b"onfocus=", b"onmouseover=", b"ontoggle="], handler)
    },
};

fn handler(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    match window.ahead(hit.end) {
        Ahead::Unknown => Verdict::More { from: hit.start },
        Ahead::Byte(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'"' | b'\'' | b'`' | b'\\') => {
            found(hit)
        }
        Ahead::Byte(_) | Ahead::End => Verdict::No,
    }
}

fn found(hit: &Hit) -> Verdict {
    Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::Medium }
}
