//! Some events say, beside what is new, all that came before it once more. Whether it is that: a copy is masked as its
//! lane is, so it must be the same text.

use hmac_sha256::Hash;

/// The copies of one lane's text. Holds none of it that was copied, but its hash.
#[derive(Default)]
pub(super) struct Copies {
    length: usize,
    digest: Option<[u8; 32]>,
    /// What came behind the last copy.
    since: Vec<u8>,
}

impl Copies {
    /// Bytes of memory on the heap.
    pub(super) fn heap(&self) -> usize {
        self.since.capacity()
    }

    /// More text of the lane.
    pub(super) fn feed(&mut self, text: &[u8]) {
        self.since.extend_from_slice(text);
    }

    /// Whether `copy` is everything that was fed, `length` bytes.
    pub(super) fn take(&mut self, copy: &[u8], length: u64) -> bool {
        let Some((before, own)) = copy.split_at_checked(self.length) else { return false };
        let mut hash = Hash::new();
        hash.update(before);
        let is_known = self.digest.is_none_or(|digest| hash.finalize() == digest);
        if !is_known || own != self.since || copy.len() as u64 != length {
            return false;
        }
        hash.update(own);
        *self = Copies { length: copy.len(), digest: Some(hash.finalize()), since: Vec::new() };
        true
    }
}
