//! How long a run of bytes goes on. Plain loops over fixed blocks, which the compiler turns into vector
//! instructions (SSE2, SIMD128), because most bytes of an answer stand in the middle of a long string.

/// Bytes looked at together: one vector register of the wasm target.
const BLOCK: usize = 16;

/// The length of the longest prefix of `bytes` that holds no byte for which `stop` is true.
#[inline]
pub(crate) fn run_without(bytes: &[u8], stop: impl Fn(u8) -> bool) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    // A fold and not `any`: without an early exit inside the block it becomes one comparison.
    let is_clear = |block: &&[u8; BLOCK]| !block.iter().fold(false, |hit, &byte| hit | stop(byte));
    let clear = blocks.iter().take_while(is_clear).count() * BLOCK;
    let rest = bytes.get(clear..).unwrap_or_default();
    clear + rest.iter().take_while(|&&byte| !stop(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::run_without;

    #[test]
    fn finds_the_first_stop_wherever_it_stands() {
        for len in 0..70 {
            for at in 0..=len {
                let mut bytes = vec![b'a'; len];
                bytes.iter_mut().skip(at).step_by(3).for_each(|byte| *byte = b'"');
                assert_eq!(run_without(&bytes, |byte| byte == b'"'), at, "length {len}");
            }
        }
    }
}
