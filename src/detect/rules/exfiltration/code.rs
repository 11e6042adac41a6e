//! Whether markup stands in a code block or a code span of Markdown, where it is shown and does not run.
//!
//! In doubt it does not: behind a tag in the same paragraph a fence is HTML, and so is a backtick behind one in its line.

use crate::class::Confidence::{Low, Medium};
use crate::detect::rules::{Progress, Verdict};
use crate::detect::window::{Ahead, Window};

/// Bytes before markup in which the fence of its block, or the start of its line, is looked for.
pub(super) const LOOK_BACK: u64 = 384;
/// Bytes behind markup in which its span ends.
const MAX_SPAN: u64 = 256;

enum Place {
    Outside,
    Block,
    /// Behind so many backticks.
    Span(u32),
}

/// Finds `start..end`: medium, or low where it is code. `progress` is at its beginning, or this function's own.
pub(super) fn weigh(window: &Window, start: u64, end: u64, progress: &mut Progress) -> Verdict {
    let found = |confidence| Verdict::Match { start, end, confidence };
    if progress.note == 0 {
        let before = window.slice(start.saturating_sub(LOOK_BACK), start);
        match place(before, start <= LOOK_BACK) {
            Place::Outside => return found(Medium),
            Place::Block => return found(Low),
            Place::Span(ticks) => *progress = Progress { at: end, note: ticks },
        }
    }
    // As many backticks end it, in its line.
    while progress.at - end < MAX_SPAN {
        let mut behind = progress.at;
        while window.ahead(behind) == Ahead::Byte(b'`') && behind - end < MAX_SPAN {
            behind += 1;
        }
        match (window.ahead(behind), behind - progress.at) {
            (Ahead::Unknown, _) => return Verdict::More { from: start },
            (_, ticks) if ticks == u64::from(progress.note) => return found(Low),
            (Ahead::End | Ahead::Byte(b'\n'), _) => break,
            (Ahead::Byte(_), ticks) => progress.at += ticks.max(1),
        }
    }
    found(Medium)
}

/// What the text behind `before` stands in. `is_whole` if nothing stands before that.
fn place(before: &[u8], is_whole: bool) -> Place {
    let mut lines = before.split(|byte| *byte == b'\n').collect::<Vec<_>>();
    let last = lines.pop().unwrap_or_default();
    let is_last_whole = is_whole || !lines.is_empty();
    // Its first line may have begun earlier.
    let lines = lines.get(usize::from(!is_whole)..).unwrap_or_default();
    // The fence of the block that is open; a bare one that may have closed an earlier block opens none.
    let mut open: Option<&[u8]> = None;
    let (mut is_known, mut is_html) = (is_whole, false);
    for line in lines {
        let line = line.trim_ascii();
        let mark = line.first().copied().filter(|mark| matches!(mark, b'`' | b'~'));
        let length = line.iter().take_while(|byte| Some(**byte) == mark).count();
        let (fence, info) = line.split_at(length);
        match open {
            Some(opening) => {
                if info.is_empty() && fence.starts_with(opening) {
                    (open, is_known, is_html) = (None, true, false);
                }
            }
            None if length >= 3 && !info.contains(&b'`') && !is_html => {
                open = (is_known || !info.is_empty()).then_some(fence);
            }
            None => is_html = !line.is_empty() && (is_html || line.starts_with(b"<")),
        }
    }
    match open {
        Some(_) => Place::Block,
        None if is_last_whole => span(last),
        None => Place::Outside,
    }
}

/// The span that is open behind the beginning of a line.
fn span(line: &[u8]) -> Place {
    let mut open = 0;
    let mut rest = line;
    while let [first, after @ ..] = rest {
        let ticks = rest.iter().take_while(|byte| **byte == b'`').count();
        match (*first, ticks) {
            (b'<' | b'\\', _) if open == 0 => return Place::Outside,
            (_, 0) => rest = after,
            _ => {
                if open == 0 || open == ticks {
                    open = ticks - open;
                }
                rest = rest.get(ticks..).unwrap_or_default();
            }
        }
    }
    match u32::try_from(open) {
        Ok(ticks @ 1..) => Place::Span(ticks),
        _ => Place::Outside,
    }
}
