//! How long text goes on that reads as it is written. Plain loops, which the compiler turns into vector instructions.

/// Bytes looked at together: one vector register of the wasm target.
const BLOCK: usize = 16;

/// The length of the longest start of `text` that is ASCII and holds no byte that may begin an escape.
#[inline]
pub(in crate::detect) fn quiet(text: &[u8]) -> usize {
    let stops = |byte: u8| (byte >= 0x80) | (byte == b'%') | (byte == b'&') | (byte == b'\\');
    let (blocks, _) = text.as_chunks::<BLOCK>();
    // A fold and not `any`: without an early exit inside the block it becomes a few comparisons.
    let is_clear = |block: &&[u8; BLOCK]| !block.iter().fold(false, |hit, byte| hit | stops(*byte));
    let clear = blocks.iter().take_while(is_clear).count() * BLOCK;
    let rest = text.get(clear..).unwrap_or_default();
    clear + rest.iter().take_while(|byte| !stops(**byte)).count()
}

/// The length of the longest start of `text` that is Hiragana, Katakana (U+3040 to U+30FF), Chinese (U+3400 to U+9FFF)
/// or Hangul (U+AC00 to U+D7FF): they stay as they are, and are no letters that others look like.
#[inline]
pub(super) fn east_asian(text: &[u8]) -> usize {
    let (threes, _) = text.as_chunks::<3>();
    threes.iter().take_while(|three| is_east_asian(three)).count() * 3
}

#[inline]
fn is_east_asian([first, second, third]: &[u8; 3]) -> bool {
    let leads = match first {
        0xe3 => (0x81..=0x83).contains(second) || *second >= 0x90,
        0xe4..=0xe9 | 0xeb | 0xec => true,
        0xea => *second >= 0xb0,
        0xed => *second < 0xa0,
        _ => false,
    };
    leads & (second & 0xc0 == 0x80) & (third & 0xc0 == 0x80)
}
