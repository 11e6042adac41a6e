//! Tells values apart without keeping them.

use hmac_sha256::HMAC;

/// A key under which the values of one exchange are told apart. What it makes means nothing under another key.
#[derive(Clone, Copy)]
pub struct ValueKey(pub [u8; 16]);

/// In which writings a value is the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it stands.
    Exact,
    /// Whatever the case of its ASCII letters.
    AnyCase,
    /// Its digits, whatever stands between them.
    Digits,
    /// Its letters and digits, whatever their case and whatever stands between them.
    Compact,
}

impl ValueKey {
    /// The first 64 bits of the HMAC-SHA-256 of the value's normal form: of a thousand values no two have the same, but
    /// for a chance of one in 10^13.
    pub(super) fn identify(&self, value: &[u8], form: Form) -> u64 {
        let normal: Vec<u8> = match form {
            Form::Exact => value.to_vec(),
            Form::AnyCase => value.to_ascii_lowercase(),
            Form::Digits => value.iter().copied().filter(u8::is_ascii_digit).collect(),
            Form::Compact => {
                value.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect()
            }
        };
        let code = HMAC::mac(normal, self.0);
        code.iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte))
    }
}
