//! What a verifier sees of a lane: the retained text, with offsets that count from the lane's first byte.

/// A view of the retained text. Reading past what has arrived is a value, not an error.
pub(super) struct Window<'a> {
    /// Offset of the first retained byte.
    base: u64,
    text: &'a [u8],
    end_of_text: bool,
}

/// What stands at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    Byte(u8),
    /// The text is over: nothing will ever stand here.
    End,
    /// Not arrived yet.
    Unknown,
}

impl<'a> Window<'a> {
    pub(super) fn new(base: u64, text: &'a [u8], end_of_text: bool) -> Self {
        Window { base, text, end_of_text }
    }

    /// The same text without what stands before `offset`. A rule sees no more than it asks for, so that what it says
    /// does not depend on how much happens to be retained.
    pub(super) fn since(&self, offset: u64) -> Window<'a> {
        let base = offset.clamp(self.base, self.end());
        Window { base, text: self.slice_uncounted(base, self.end()), end_of_text: self.end_of_text }
    }

    /// The offset of the first byte that is retained.
    pub(super) fn start(&self) -> u64 {
        self.base
    }

    /// The offset behind the last byte that has arrived.
    pub(super) fn end(&self) -> u64 {
        self.base + self.text.len() as u64
    }

    /// The byte at `offset`, `None` where nothing is retained or nothing has arrived.
    pub(super) fn at(&self, offset: u64) -> Option<u8> {
        steps::count(1);
        self.text.get(usize::try_from(offset.checked_sub(self.base)?).ok()?).copied()
    }

    /// The byte before `offset`, `None` at the start of the text.
    pub(super) fn before(&self, offset: u64) -> Option<u8> {
        self.at(offset.checked_sub(1)?)
    }

    /// What stands at `offset`, for reading forward.
    pub(super) fn ahead(&self, offset: u64) -> Ahead {
        match self.at(offset) {
            Some(byte) => Ahead::Byte(byte),
            None if self.end_of_text => Ahead::End,
            None => Ahead::Unknown,
        }
    }

    /// The retained bytes of `from..to`.
    pub(super) fn slice(&self, from: u64, to: u64) -> &'a [u8] {
        let bytes = self.slice_uncounted(from, to);
        steps::count(bytes.len());
        bytes
    }

    fn slice_uncounted(&self, from: u64, to: u64) -> &'a [u8] {
        let index = |offset: u64| {
            usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX).min(self.text.len())
        };
        self.text.get(index(from)..index(to)).unwrap_or_default()
    }

    /// Whether the letter at `offset` belongs to an escape (`\n`, `\r`, `\t`) and not to a word: JSON inside
    /// of JSON, as in tool arguments, puts such letters in front of values.
    pub(super) fn is_escape_letter(&self, offset: u64) -> bool {
        matches!(self.at(offset), Some(b'n' | b'r' | b't')) && self.before(offset) == Some(b'\\')
    }
}

/// Letters, digits and `_`: what continues a word in program text.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Counts what verifiers read, so that tests can show linear time without a clock.
#[cfg(test)]
pub(super) mod steps {
    use std::cell::Cell;

    thread_local! { static STEPS: Cell<u64> = const { Cell::new(0) }; }

    pub(in crate::detect) fn count(steps: usize) {
        STEPS.set(STEPS.get() + steps as u64);
    }

    pub(in crate::detect) fn take() -> u64 {
        STEPS.replace(0)
    }
}

#[cfg(not(test))]
mod steps {
    pub(super) fn count(_: usize) {}
}
