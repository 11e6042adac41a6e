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

/// Those of them that make even a long random text a placeholder.
const CLEAR: [&[u8]; 7] = [b"example", b"xxxx", b"****", b"....", b"your", b"placeholder", b"redacted"];
/// Passwords that examples and fresh installations have; in lower case.
const USUAL: [&[u8]; 23] = [
    b"pass",
    b"password",
    b"passwd",
    b"pwd",
    b"pw",
    b"user",
    b"username",
    b"secret",
    b"postgres",
    b"root",
    b"admin",
    b"guest",
    b"mysql",
    b"mongo",
    b"redis",
    b"rabbitmq",
    b"test",
    b"1234",
    b"12345",
    b"123456",
    b"p4ssw0rd",
    b"p@ssw0rd",
    b"pa$$w0rd",
];
/// Bytes of a part of a value that is more than a word, at least.
const MIN_RANDOM: usize = 16;

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
    let mut parts = value.split(|byte| !byte.is_ascii_alphanumeric());
    let is_test = parts.clone().any(|part| part.eq_ignore_ascii_case(b"test"));
    let is_long = !is_test && parts.any(|part| part.len() >= MIN_RANDOM && changes(part) >= 5);
    let words = if is_long { &CLEAR[..] } else { &PLACEHOLDERS[..] };
    is_template(value) || words.iter().any(|word| holds(word))
}

/// Whether only who has another key can read it: AWS KMS, Sealed Secrets.
fn is_encrypted(value: &[u8]) -> bool {
    value.starts_with(b"AQICAH")
        || value.len() > 256 && (value.starts_with(b"AgA") || value.starts_with(b"AgB"))
}

/// Whether many have it for their password.
pub(super) fn is_usual(value: &[u8]) -> bool {
    USUAL.iter().any(|usual| value.eq_ignore_ascii_case(usual))
}

/// Whether a program puts something else in its place.
fn is_template(value: &[u8]) -> bool {
    let has = |sign: &[u8]| value.windows(sign.len()).any(|piece| piece == sign);
    let rest = value.get(1..).unwrap_or_default();
    let is_name = rest.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':'));
    match value.first() {
        Some(b'<' | b'{' | b'%' | b'[' | b'(' | b'&' | b'*') => return true,
        // A variable, a hash, an order to a configuration's reader.
        Some(b'$' | b'@')
            if is_name || rest.contains(&b'{') || rest.contains(&b'$') || rest.contains(&b'(') =>
        {
            return true;
        }
        _ => {}
    }
    is_encrypted(value)
        || [&b"${"[..], b"{{", b"}}", b"%(", b"$(", b"#{", b"/<"].iter().any(|sign| has(sign))
        || value.ends_with(b"%s")
        || value.starts_with(b"%s")
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
            // Of letters only, it is none that a person reads.
            let is_mixed = (quoted || digit) && value.len() >= 8 && upper && lower && single(value) >= 2;
            let is_varied = classes >= 2 && (digit || classes >= 3 || is_mixed);
            let is_known = is_words(value) && (sign || !is_mixed) || is_usual(value);
            !is_code
                && letter
                && value.len() >= 6
                && is_varied
                && !is_known
                && !value.starts_with(b"/")
                && changes(value) >= if quoted { 1 } else { 2 }
                && entropy(value) >= 2.3
        }
        Kind::Token => {
            if is_uuid(value) {
                return entropy(value) >= 3.0;
            }
            let body = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
            let is_hex = value.iter().all(u8::is_ascii_hexdigit);
            let least = if value.len() >= 24 && !is_hex { 3.2 } else { 3.0 };
            let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
            let least_changes = if body == value.len() && digits >= 3 { 4 } else { 5 };
            let is_place = is_path(value) && !is_base64(value);
            value.len() >= 16
                && letter
                && digit
                && !is_place
                && !is_identifier(value, quoted)
                && body * 4 >= value.len() * 3
                && changes(value) >= least_changes
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
fn is_identifier(value: &[u8], quoted: bool) -> bool {
    let mut parts = 0;
    let is_part = |part: &[u8]| {
        let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
        let runs = part.chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit());
        digits <= 5 && runs.filter(|run| run.first().is_some_and(u8::is_ascii_digit)).count() <= 1
    };
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_type = !quoted && value.first().is_some_and(u8::is_ascii_lowercase) && value.contains(&b'.');
    let all = value
        .split(|byte| matches!(byte, b'_' | b'.' | b':' | b'-' | b'/' | b'='))
        .filter(|part| !part.is_empty());
    all.inspect(|_| parts += 1).all(is_part)
        && parts >= 2
        && (digits * 4 < value.len() || is_type)
        && reads_as_words(value)
}

/// Whether letters stand as they do in words: few alone between capitals, and vowels among them.
fn reads_as_words(value: &[u8]) -> bool {
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let is_vowel = |byte: &&u8| b"aeiouyAEIOUY".contains(*byte);
    let vowels = value.iter().filter(is_vowel).count();
    single(value) <= 2 && (letters < MIN_RANDOM || vowels * 5 >= letters)
}

/// How many small letters stand alone in front of capitals.
fn single(value: &[u8]) -> usize {
    let is_single = |three: &&[u8]| match three {
        [before, letter, after] => {
            !before.is_ascii_lowercase() && letter.is_ascii_lowercase() && after.is_ascii_uppercase()
        }
        _ => false,
    };
    value.windows(3).filter(is_single).count()
}

/// Whether it is base64 that may have slashes as a path has.
fn is_base64(value: &[u8]) -> bool {
    let body = value.iter().rev().skip_while(|byte| **byte == b'=').count();
    let body = value.get(..body).unwrap_or(value);
    body.len() >= 28
        && body.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && (body.len() < value.len() && value.len().is_multiple_of(4) || !reads_as_words(body))
}

fn is_path(value: &[u8]) -> bool {
    value.first().is_some_and(|byte| matches!(byte, b'/' | b'.' | b'~' | b'\\'))
        || value.windows(3).any(|three| three == b"://")
        || value.iter().filter(|byte| **byte == b'/').count() >= 3 && !value.ends_with(b"=")
}

/// `8-4-4-4-12` hexadecimal digits.
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
