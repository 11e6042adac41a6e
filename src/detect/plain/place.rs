//! What of the text before matters for how the next character reads.

/// What the word so far is, in which the next character stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Word {
    /// None: the last character was no letter.
    #[default]
    Outside,
    /// Its last letter is Latin; digits and marks may stand behind it.
    Latin,
    /// Its last letter is one of a script with look-alikes, and stays as it is.
    Other,
}

impl Word {
    /// Behind `text`, which is ASCII.
    #[inline]
    pub(super) fn after(self, text: &[u8]) -> Word {
        match text.last() {
            None => self,
            Some(byte) if byte.is_ascii_alphabetic() => Word::Latin,
            Some(byte) if !byte.is_ascii_digit() => Word::Outside,
            Some(_) => match text.iter().rev().find(|byte| !byte.is_ascii_digit()) {
                Some(byte) if byte.is_ascii_alphabetic() => Word::Latin,
                None if self == Word::Latin => Word::Latin,
                _ => Word::Outside,
            },
        }
    }
}

/// Whether an address of the web goes on: what begins with `//`, up to a blank, a quotation mark or an angle bracket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Address {
    #[default]
    Outside,
    /// One `/` so far.
    Slash,
    Inside,
}

impl Address {
    /// Behind `text`.
    pub(super) fn after(self, text: &[u8]) -> Address {
        let Some(last) = text.last() else { return self };
        // Most text has no slash. No early exit: so the loops become vector instructions.
        if !text.iter().fold(false, |hit, byte| hit | (*byte == b'/')) {
            let goes_on =
                self == Address::Inside && !text.iter().fold(false, |hit, byte| hit | ends_address(*byte));
            return if goes_on { Address::Inside } else { Address::Outside };
        }
        let (before, tail) = match text.iter().rposition(|byte| ends_address(*byte)) {
            None => (self, text),
            Some(end) => (Address::Outside, text.get(end + 1..).unwrap_or_default()),
        };
        let joins = before == Address::Slash && tail.first() == Some(&b'/');
        match before {
            Address::Inside => Address::Inside,
            _ if joins || tail.windows(2).any(|two| two == b"//") => Address::Inside,
            _ if *last == b'/' => Address::Slash,
            _ => Address::Outside,
        }
    }
}

fn ends_address(byte: u8) -> bool {
    (byte <= b' ') | (byte == b'"') | (byte == b'\'') | (byte == b'<') | (byte == b'>') | (byte == b'`')
}
