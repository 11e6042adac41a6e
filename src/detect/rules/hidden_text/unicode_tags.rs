//! `hidden_text.unicode-tags`: U+E0000 to U+E007F. No font shows them; a model reads them as ASCII.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, View, example};
use crate::detect::window::{Ahead, Window};

/// A run longer than this is cut where it crosses a multiple of it, counted from the start of the lane, so that
/// memory stays bounded and the cuts do not depend on the chunking. Bytes.
const PIECE: u64 = 1024;

/// Most bytes of one tag character: UTF-8 has 4, a surrogate pair in three bytes each (CESU-8) has 6.
const MAX_CHAR: u64 = 6;

/// U+1F3F4, the base of the three flags, and its CESU-8 form.
const BLACK_FLAG: [&[u8]; 2] = [b"\xf0\x9f\x8f\xb4", b"\xed\xa0\xbc\xed\xbf\xb4"];

/// The tag sequences that Unicode recommends (UTS #51, RGI_Emoji_Tag_Sequence): England, Scotland, Wales. Not any
/// sequence behind a flag: that would hide text behind flags.
const FLAGS: [&[u8]; 3] = [b"gbeng\x7f", b"gbsct\x7f", b"gbwls\x7f"];

/// Tag characters of a flag.
const FLAG_LENGTH: usize = 6;

pub(super) const RULE: Rule = Rule {
    id: "hidden_text.unicode-tags",
    class: Class::HiddenText,
    level: None,
    description: "text in invisible Unicode tag characters",
    source: "Unicode Standard section 23.9 (tag characters); UTS #51 (emoji tag sequences)",
    true_examples: &[
        example("hi\u{E0068}\u{E0069}!", "\u{E0068}\u{E0069}"),
        example("\u{E0001}", "\u{E0001}"),
        example("\u{1F3F4}\u{E0067}\u{E0062}\u{E0078}\u{E007F}", "\u{E0067}\u{E0062}\u{E0078}\u{E007F}"),
        example(
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{E0041}",
            "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{E0041}",
        ),
        example(
            "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ),
    ],
    false_examples: &[
        "England \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} won",
        "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "variation selectors \u{E0100}, family \u{1F468}\u{200D}\u{1F469}",
    ],
    detector: Detector {
        // Back over a flag, its base included.
        look_back: MAX_CHAR * (FLAG_LENGTH as u64 + 1),
        view: View::Written,
        ..Detector::new(
            &[b"\xf3\xa0\x80", b"\xf3\xa0\x81", b"\xed\xad\x80\xed\xb0", b"\xed\xad\x80\xed\xb1"],
            verify,
        )
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    // Every character of a run is an anchor; the first of each piece judges.
    if let Some((_, before)) = tag_before(window, start)
        && before / PIECE == start / PIECE
    {
        return Verdict::No;
    }
    match is_flag(window, start) {
        Some(true) => return Verdict::No,
        Some(false) => {}
        None => return Verdict::More { from: start },
    }
    // `note` tells whether reading has begun.
    if progress.note == 0 {
        *progress = Progress { at: start, note: 1 };
    }
    loop {
        let at = progress.at;
        let cut = at / PIECE != start / PIECE;
        match tag(window, at) {
            Tag::Is(_, end) if !cut => progress.at = end,
            Tag::Unknown if !cut => return Verdict::More { from: start },
            _ if at == start => return Verdict::No,
            _ => {
                return Verdict::Match { start, end: at, confidence: Confidence::High };
            }
        }
    }
}

/// Whether the run that `at` stands in is one of the three flags; `None` if more text is needed.
fn is_flag(window: &Window, at: u64) -> Option<bool> {
    let mut start = at;
    for _ in 0..FLAG_LENGTH {
        start = tag_before(window, start).map_or(start, |(_, before)| before);
    }
    let based = BLACK_FLAG.iter().any(|flag| {
        start.checked_sub(flag.len() as u64).is_some_and(|base| window.slice(base, start) == *flag)
    });
    if !based {
        return Some(false);
    }
    let mut letters = Vec::with_capacity(FLAG_LENGTH);
    let mut end = start;
    loop {
        match tag(window, end) {
            Tag::Is(letter, next) if letters.len() < FLAG_LENGTH => {
                letters.push(letter);
                end = next;
            }
            Tag::Is(..) => return Some(false),
            Tag::Unknown => return None,
            Tag::IsNot => return Some(FLAGS.contains(&letters.as_slice())),
        }
    }
}

enum Tag {
    /// The ASCII character that it stands for, and the offset behind it.
    Is(u8, u64),
    IsNot,
    Unknown,
}

/// What stands at `at`.
fn tag(window: &Window, at: u64) -> Tag {
    let mut bytes = [0; MAX_CHAR as usize];
    for (length, read) in (at..at + MAX_CHAR).enumerate() {
        match (window.ahead(read), bytes.get_mut(length)) {
            (Ahead::Byte(byte), Some(slot)) => *slot = byte,
            (Ahead::Unknown, _) => return Tag::Unknown,
            _ => return Tag::IsNot,
        }
        match decode(&bytes, length + 1) {
            Decoded::Tag(letter) => return Tag::Is(letter, read + 1),
            Decoded::Other => return Tag::IsNot,
            Decoded::Partial => {}
        }
    }
    Tag::IsNot
}

enum Decoded {
    Tag(u8),
    Other,
    Partial,
}

/// Reads the first `length` of `bytes` as a tag character; those behind are 0.
fn decode(bytes: &[u8; MAX_CHAR as usize], length: usize) -> Decoded {
    let half = |byte: u8, first: u8, last: u8| ((byte - first) << 6) | (last & 0x3f);
    match (*bytes, length) {
        ([0xf3, ..], 1) | ([0xf3, 0xa0, ..], 2) | ([0xf3, 0xa0, 0x80..=0x81, ..], 3) => Decoded::Partial,
        ([0xf3, 0xa0, byte @ 0x80..=0x81, last @ 0x80..=0xbf, ..], 4) => Decoded::Tag(half(byte, 0x80, last)),
        ([0xed, ..], 1) | ([0xed, 0xad, ..], 2) | ([0xed, 0xad, 0x80, ..], 3) => Decoded::Partial,
        ([0xed, 0xad, 0x80, 0xed, ..], 4) | ([0xed, 0xad, 0x80, 0xed, 0xb0..=0xb1, _], 5) => Decoded::Partial,
        ([0xed, 0xad, 0x80, 0xed, byte @ 0xb0..=0xb1, last @ 0x80..=0xbf], 6) => {
            Decoded::Tag(half(byte, 0xb0, last))
        }
        _ => Decoded::Other,
    }
}

/// The tag character that ends at `at`, and where it starts.
fn tag_before(window: &Window, at: u64) -> Option<(u8, u64)> {
    [4, MAX_CHAR].into_iter().filter_map(|length| at.checked_sub(length)).find_map(|start| {
        match tag(window, start) {
            Tag::Is(letter, end) if end == at => Some((letter, start)),
            _ => None,
        }
    })
}
