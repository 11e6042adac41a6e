//! Whether an address carries data that a person or a model wrote, rather than what names a picture.
//!
//! Names of pictures are hashes, sizes and slugs; data is sentences, addresses, or text in base64 or hexadecimal.
//! Random-looking values are signatures far more often than data, and a model cannot encrypt: low.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::class::Confidence::{self, High, Low, Medium};
use crate::detect::rules::contact::email;

/// Fewest characters of an encoded value that is tried; 12 bytes that happen to be text are one in 100,000.
const MIN_ENCODED: usize = 16;
/// Fewest characters of a value that counts as random.
const MIN_RANDOM: usize = 32;
/// Parameters of an address above which it is data in small pieces. Signed addresses of storages have about twelve.
const MAX_PARAMETERS: usize = 24;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How sure it is that `url` carries data; `None` if nothing speaks for it. `url` begins with `//` or a scheme.
pub(super) fn in_url(url: &[u8]) -> Option<Confidence> {
    // The fragment is not sent.
    let (url, _) = cut(url, b'#');
    let after_scheme = url.windows(2).position(|pair| pair == b"//").and_then(|at| url.get(at + 2..))?;
    let (address, query) = cut(after_scheme, b'?');
    let (authority, path) = cut(address, b'/');
    let (user, host) = cut(authority, b'@');
    // An address in digits alone is written to hide it.
    let hidden = host.unwrap_or(user).split(|byte| *byte == b':').next().unwrap_or_default();
    let is_hidden = hidden.len() >= 8 && hidden.iter().all(u8::is_ascii_digit);
    let found = [
        is_hidden.then_some(High),
        host.and(Some(Medium)).filter(|_| !user.is_empty()),
        authority.split(|byte| *byte == b'.').filter_map(encoded_text).max(),
        path.unwrap_or_default().split(|byte| *byte == b'/').filter_map(in_segment).max(),
        query.and_then(in_query),
    ];
    found.into_iter().flatten().max()
}

fn in_query(query: &[u8]) -> Option<Confidence> {
    let parameters = || query.split(|byte| matches!(byte, b'&' | b';'));
    let many = (parameters().count() > MAX_PARAMETERS).then_some(Medium);
    parameters().filter_map(|pair| in_value(cut(pair, b'=').1.unwrap_or(pair))).chain(many).max()
}

fn in_segment(segment: &[u8]) -> Option<Confidence> {
    if let (_, Some(value)) = cut(segment, b'=') {
        return in_value(value);
    }
    let text = percent_decoded(segment);
    let (stem, extension) = cut(&text, b'.');
    // File names have blanks, but no sentences.
    let sentence = words(&text) >= if extension.is_some() { 8 } else { 5 };
    encoded_text(stem).or(sentence.then_some(Medium)).or(has_address(&text).then_some(High))
}

fn in_value(value: &[u8]) -> Option<Confidence> {
    let mut text = percent_decoded(value);
    if let Some(found) = encoded_text(&text) {
        return Some(found);
    }
    text.iter_mut().filter(|byte| **byte == b'+').for_each(|byte| *byte = b' ');
    let around_at = text.windows(3).any(|three| {
        matches!(three, [before, b'@', after] if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
    });
    let quoted = text.len() >= 8 && text.iter().any(|byte| matches!(byte, b'"' | b'\n' | b'\r'));
    let slug = text.len() >= MIN_RANDOM
        && text
            .split(|byte| matches!(byte, b'-' | b'_' | b'.' | b' '))
            .filter(|word| is_long_word(word))
            .count()
            >= 4;
    let random = text.len() >= MIN_RANDOM
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.~ ".contains(byte))
        && text.iter().any(u8::is_ascii_digit);
    match () {
        () if around_at => Some(High),
        () if words(&text) >= 4 || quoted || slug => Some(Medium),
        () => random.then_some(Low),
    }
}

fn has_address(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'@').skip(1).any(email::begins_with_domain)
}

/// Whether `token` is text in base64 (either alphabet) or hexadecimal.
fn encoded_text(token: &[u8]) -> Option<Confidence> {
    if token.len() < MIN_ENCODED {
        return None;
    }
    let hex = token.len().is_multiple_of(2) && token.iter().all(u8::is_ascii_hexdigit);
    let from_hex = || {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
        let byte = |pair: &[u8]| match pair {
            [high, low] => digit(*high) << 4 | digit(*low),
            _ => 0,
        };
        token.chunks(2).map(byte).collect::<Vec<u8>>()
    };
    let from_base64 = || {
        let standard = token.iter().map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            b' ' => b'+',
            byte => *byte,
        });
        let mut standard: Vec<u8> = standard.collect();
        while standard.last() == Some(&b'=') || standard.len() % 4 == 1 {
            standard.pop();
        }
        BASE64.decode(standard).unwrap_or_default()
    };
    ((hex && is_text(&from_hex())) || is_text(&from_base64())).then_some(High)
}

/// Whether bytes are written text: nearly all letters, digits, blanks, and few characters of other kinds.
fn is_text(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let count = text.chars().count();
    let odd = text.chars().filter(|c| *c == '\u{FFFD}' || c.is_control() && !c.is_ascii_whitespace()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic() || *c == ' ').count();
    count >= MIN_ENCODED / 2 && odd * 10 <= count && letters * 10 >= count * 6
}

fn words(text: &[u8]) -> usize {
    text.split(|byte| *byte == b' ').filter(|word| word.iter().any(u8::is_ascii_alphanumeric)).count()
}

fn is_long_word(word: &[u8]) -> bool {
    word.len() >= 3 && word.iter().all(u8::is_ascii_alphabetic)
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        let hex = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
        match (*first, after) {
            (b'%', [high, low, behind @ ..]) => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => {
                    decoded.push(high << 4 | low);
                    rest = behind;
                }
                _ => decoded.push(b'%'),
            },
            (byte, _) => decoded.push(byte),
        }
    }
    decoded
}

/// What stands before the first `separator`, and what stands behind it.
fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = text.splitn(2, |byte| *byte == separator);
    (parts.next().unwrap_or_default(), parts.next())
}
