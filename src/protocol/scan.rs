//! How long a run of bytes goes on. Plain loops over fixed blocks, which the compiler turns into vector
//! instructions (SSE2, SIMD128), because most bytes of an answer stand in the middle of a long string.

/// The length of the longest prefix of `bytes` that holds no byte for which `stop` is true.
///
/// `stop` joins its comparisons by `|`: with `||`, of which the second may not be made, they do not become vectors.
#[inline]
pub(crate) fn run_without(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    // Long runs by four vector registers of the wasm target, the end of them by one.
    let far = clear_blocks::<64>(bytes, &stop);
    let near = far + clear_blocks::<16>(bytes.get(far..).unwrap_or_default(), &stop);
    let rest = bytes.get(near..).unwrap_or_default();
    near + rest.iter().take_while(|&&byte| !stop(byte)).count()
}

/// The length of the blocks at the beginning of `bytes` without such a byte.
#[inline]
fn clear_blocks<const SIZE: usize>(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    let (blocks, _) = bytes.as_chunks::<SIZE>();
    // A fold and not `any`: without an early exit inside the block it becomes one comparison.
    let is_clear = |block: &&[u8; SIZE]| block.iter().fold(0, |hit, &byte| hit | u8::from(stop(byte))) == 0;
    blocks.iter().take_while(is_clear).count() * SIZE
}

#[cfg(test)]
mod tests {
    use super::run_without;

    #[test]
    fn finds_the_first_stop_wherever_it_stands() {
        for len in 0..150 {
            for at in 0..=len {
                let mut bytes = vec![b'a'; len];
                bytes.iter_mut().skip(at).step_by(3).for_each(|byte| *byte = b'"');
                assert_eq!(run_without(&bytes, |byte| byte == b'"'), at, "length {len}");
            }
        }
    }
}
