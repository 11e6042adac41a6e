//! Check digits that a customer's rule may ask for.

use crate::detect::check;

/// A check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validator {
    /// ISO/IEC 7812-1, annex B.
    Luhn,
    /// ISO/IEC 7064 MOD 97-10.
    Mod97,
    /// ISO/IEC 7064 MOD 11-2.
    Mod112,
    /// ISO/IEC 7064 MOD 11,10.
    Mod1110,
    /// Verhoeff's scheme.
    Verhoeff,
}

impl Validator {
    /// Every validator, by its name in configurations.
    pub const ALL: [(&'static str, Validator); 5] = [
        ("luhn", Validator::Luhn),
        ("mod_97", Validator::Mod97),
        ("mod_11_2", Validator::Mod112),
        ("mod_11_10", Validator::Mod1110),
        ("verhoeff", Validator::Verhoeff),
    ];

    /// Whether the letters and digits of a value agree with its check digit. For Luhn, MOD 11,10 and Verhoeff only its digits
    /// count.
    pub(super) fn passes(self, value: &[u8]) -> bool {
        let compact: Vec<u8> =
            value.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
        let digits: Vec<u8> = compact.iter().copied().filter(u8::is_ascii_digit).collect();
        match self {
            Validator::Luhn => digits.len() > 1 && check::luhn(&digits),
            Validator::Mod97 => check::mod_97(compact) == Some(1),
            Validator::Mod112 => {
                let is_one = |byte: &u8| byte.is_ascii_digit() || *byte == b'X';
                let number: Vec<u8> = compact.into_iter().filter(is_one).collect();
                number.len() > 1 && check::mod_11_2(&number)
            }
            Validator::Mod1110 => digits.len() > 1 && check::mod_11_10(&digits),
            Validator::Verhoeff => digits.len() > 1 && check::verhoeff(&digits),
        }
    }
}
