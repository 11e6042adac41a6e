//! Whether a value that is given to a name is a secret, or stands for one, or is something else.

use crate::detect::token::entropy;

/// What documentation and configuration write where a secret would stand; in lower case, anywhere in the value.
const PLACEHOLDERS: [&[u8]; 25] = [
    b"example",
    b"xxxx",
    b"****",
    b"....",
    b"your",
    b"placeholder",
    b"redacted",
    b"change",
    b"insert",
    b"replace",
    b"dummy",
    b"sample",
    b"secret",
    b"passw",
    b"token",
    b"todo",
    b"foobar",
    b"none",
    b"null",
    b"undefined",
    b"default",
    b"qwerty",
    b"hunter2",
    b"my_",
    b"test",
];

/// How much a value has to look like a random one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A person chose it.
    Password,
    /// A machine made it.
    Token,
}

/// Whether it is in the place of a secret: a variable, a template, a word for it.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let holds = |word: &[u8]| value.windows(word.len()).any(|piece| piece.eq_ignore_ascii_case(word));
    let is_template =
        matches!(value.first(), Some(b'$' | b'<' | b'{' | b'%' | b'[' | b'@' | b'(' | b'&' | b'*'))
            || [&b"${"[..], b"{{", b"}}", b"%s", b"%(", b"$(", b"#{", b"/<"].iter().any(|sign| holds(sign));
    is_template || PLACEHOLDERS.iter().any(|word| holds(word))
}

/// Whether a value looks like a secret.
pub(super) fn is_secret(value: &[u8], kind: Kind, quoted: bool) -> bool {
    let has = |class: fn(&u8) -> bool| value.iter().any(class);
    let (upper, lower) = (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase));
    let (digit, sign) = (has(u8::is_ascii_digit), has(u8::is_ascii_punctuation));
    let letter = upper || lower;
    if value.iter().any(|byte| !byte.is_ascii_graphic()) || is_placeholder(value) {
        return false;
    }
    match kind {
        Kind::Password => {
            let classes = [upper, lower, digit, sign].into_iter().filter(|has| *has).count();
            // Unquoted, it may be the name of a variable, a call, an attribute, or a path.
            let is_code = !quoted
                && (!digit
                    || is_path(value)
                    || value.iter().all(|byte| byte.is_ascii_digit() || !byte.is_ascii_alphanumeric()));
            !is_code
                && letter
                && value.len() >= 6
                && classes >= 2
                && (digit || classes >= 3)
                && !is_words(value)
                && !value.starts_with(b"/")
                && changes(value) >= if quoted { 1 } else { 2 }
                && entropy(value) >= 2.3
        }
        Kind::Token => {
            if is_uuid(value) {
                return entropy(value) >= 3.0;
            }
            let body = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
            let least = if value.len() >= 24 { 3.2 } else { 3.0 };
            value.len() >= 16
                && letter
                && digit
                && !is_path(value)
                && !is_identifier(value)
                && body * 4 >= value.len() * 3
                && changes(value) >= 5
                && entropy(value) >= least
        }
    }
}

/// How often letters and digits, or small letters and capitals behind them, meet.
fn changes(value: &[u8]) -> usize {
    let pairs = value.iter().zip(value.iter().skip(1));
    pairs
        .filter(|(one, next)| {
            one.is_ascii_digit() && next.is_ascii_alphabetic()
                || one.is_ascii_alphabetic() && next.is_ascii_digit()
                || one.is_ascii_lowercase() && next.is_ascii_uppercase()
                || one.is_ascii_alphanumeric() != next.is_ascii_alphanumeric()
        })
        .count()
}

/// Whether it is a name in program text: words of letters, with no more than a number behind.
fn is_words(value: &[u8]) -> bool {
    let trimmed = value.iter().rev().skip_while(|byte| byte.is_ascii_digit()).count();
    let words = value.get(..trimmed).unwrap_or(value);
    words.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/'))
        && (value.len() - trimmed <= 1 || words.iter().any(|byte| !byte.is_ascii_alphabetic()))
}

/// Whether it is a name in program text that has several parts, with a number in some: `pkcs1::RsaPrivateKey`.
fn is_identifier(value: &[u8]) -> bool {
    let mut parts = 0;
    let is_part = |part: &[u8]| {
        let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
        let runs = part.chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit());
        digits <= 5 && runs.filter(|run| run.first().is_some_and(u8::is_ascii_digit)).count() <= 1
    };
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let all =
        value.split(|byte| matches!(byte, b'_' | b'.' | b':' | b'-' | b'/')).filter(|part| !part.is_empty());
    all.inspect(|_| parts += 1).all(is_part) && parts >= 2 && digits * 4 < value.len()
}

fn is_path(value: &[u8]) -> bool {
    value.first().is_some_and(|byte| matches!(byte, b'/' | b'.' | b'~' | b'\\'))
        || value.windows(3).any(|three| three == b"://")
        || value.iter().filter(|byte| **byte == b'/').count() >= 3 && !value.ends_with(b"=")
}

pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
