//! Whether an address carries data that a person or a model wrote, rather than what names a picture.
//!
//! Names of pictures are hashes, sizes and slugs; data is sentences, addresses, or text in base64 or hexadecimal.
//! Random-looking values are signatures far more often than data, and a model cannot encrypt: low.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::class::Confidence::{self, High, Low, Medium};
use crate::detect::rules::contact::email;
use crate::detect::rules::financial::card;
use crate::detect::window::is_word;

/// Fewest characters of an encoded value that is tried; 12 bytes that happen to be text are one in 100,000.
const MIN_ENCODED: usize = 16;
/// Fewest characters of a value that counts as random.
const MIN_RANDOM: usize = 32;
/// Parameters of an address above which it is data in small pieces. Signed addresses of storages have about twelve.
const MAX_PARAMETERS: usize = 24;
/// What keys begin with that no address needs. Keys of maps and the signer of an address (`AIza`, `AKIA`) do belong there.
const KEYS: [&[u8]; 9] =
    [b"sk-", b"sk_", b"ghp_", b"gho_", b"github_pat_", b"glpat-", b"xoxb-", b"xoxp-", b"hf_"];

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
    let slashes = url.windows(2).position(|pair| matches!(pair, b"//" | br"\\"))?;
    let (address, query) = cut(url.get(slashes + 2..)?, b'?');
    let (authority, path) = cut(address, b'/');
    let (user, host) = cut(authority, b'@');
    let name = host.unwrap_or(user).split(|byte| *byte == b':').next().unwrap_or_default();
    let found = [
        is_hidden(name).then_some(High),
        host.and(Some(Medium)).filter(|_| !user.is_empty()),
        authority.split(|byte| *byte == b'.').filter_map(in_label).max(),
        path.unwrap_or_default().split(|byte| *byte == b'/').filter_map(in_segment).max(),
        query.and_then(in_query),
        query.filter(|query| is_number(name) && tells(query)).and(Some(Medium)),
    ];
    found.into_iter().flatten().max()
}

/// Whether the query of an address holds encoded sentences.
pub(super) fn has_sentences(url: &[u8]) -> bool {
    let query = cut(cut(url, b'#').0, b'?').1.unwrap_or_default();
    let is_sentence = |text: Vec<u8>| words(&text) >= 3 && !is_web_address(&text);
    values(query).any(|value| decoded_text(&percent_decoded(value)).is_some_and(is_sentence))
}

/// Whether a host is written as one number, or in hexadecimal: to hide it.
fn is_hidden(name: &[u8]) -> bool {
    let hex = |label: &[u8]| match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    };
    name.len() >= 8 && name.iter().all(u8::is_ascii_digit) || name.split(|byte| *byte == b'.').all(hex)
}

/// Whether a host is the address of another machine, and no name.
fn is_number(name: &[u8]) -> bool {
    let mut labels = name.split(|byte| *byte == b'.');
    let digits = |label: &[u8]| (1..=3).contains(&label.len()) && label.iter().all(u8::is_ascii_digit);
    labels.clone().count() == 4 && labels.all(digits) && !name.starts_with(b"127.")
}

/// Whether a query gives anything but numbers.
fn tells(query: &[u8]) -> bool {
    values(query).any(|value| value.len() >= 3 && value.iter().any(u8::is_ascii_alphabetic))
}

/// What stands in one label of a host, where upper case is lost.
fn in_label(label: &[u8]) -> Option<Confidence> {
    let is_random = label.len() >= MIN_RANDOM
        && label.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && label.iter().any(u8::is_ascii_digit)
        && !label.iter().all(u8::is_ascii_hexdigit)
        // Identifiers of IPFS.
        && ![b"baf", b"k51"].iter().any(|start| label.starts_with(*start));
    encoded_text(label).or(is_random.then_some(Medium))
}

/// The values of a query.
fn values(query: &[u8]) -> impl Iterator<Item = &[u8]> {
    let pairs = query.split(|byte| matches!(byte, b'&' | b';'));
    pairs.map(|pair| cut(pair, b'=').1.unwrap_or(pair))
}

fn in_query(query: &[u8]) -> Option<Confidence> {
    let many = (values(query).count() > MAX_PARAMETERS).then_some(Medium);
    let parts = values(query).filter(|value| value.len() >= MIN_ENCODED / 2).collect::<Vec<_>>();
    let joined = if parts.len() > 1 { encoded_text(&parts.concat()) } else { None };
    values(query).filter_map(in_value).chain(many).chain(joined).max()
}

fn in_segment(segment: &[u8]) -> Option<Confidence> {
    if let (_, Some(value)) = cut(segment, b'=') {
        return in_value(value);
    }
    let text = percent_decoded(segment);
    let (stem, extension) = cut(&text, b'.');
    // File names have blanks, but no sentences.
    let sentence = words(&text) >= if extension.is_some() { 8 } else { 5 };
    // The name of an account that is on another server.
    let address = if text.starts_with(b"@") { Medium } else { High };
    encoded_text(stem).or(sentence.then_some(Medium)).or(has_address(&text).then_some(address))
}

fn in_value(value: &[u8]) -> Option<Confidence> {
    let mut text = percent_decoded(value);
    if let Some(found) = encoded_text(&text) {
        return Some(found);
    }
    let is_personal = is_phone(&text) || is_social_security(&text) || card::is_card(&text);
    text.iter_mut().filter(|byte| **byte == b'+').for_each(|byte| *byte = b' ');
    let quoted = text.len() >= 8 && text.iter().any(|byte| matches!(byte, b'"' | b'\n' | b'\r'));
    let parts = || text.split(|byte| matches!(byte, b'-' | b'_' | b'.' | b' '));
    let is_identifier = || !text.contains(&b'.') && parts().flatten().all(u8::is_ascii_alphabetic);
    let slug = parts().filter(|word| is_long_word(word)).count() >= 4
        && (text.len() >= MIN_RANDOM || is_identifier());
    let random = text.len() >= MIN_RANDOM
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.~ ".contains(byte))
        && text.iter().any(u8::is_ascii_digit);
    // Perhaps a host without a domain; no version or weight (`wght@400`).
    let around_at = !text.ends_with(b".gserviceaccount.com")
        && text.windows(3).any(|three| {
            matches!(three, [before, b'@', after] if before.is_ascii_alphanumeric() && after.is_ascii_alphabetic())
        });
    match () {
        () if has_address(&text) || is_credential(&text) => Some(High),
        () if words(&text) >= 4 || quoted || slug || is_personal || around_at => Some(Medium),
        () if letters_without_blanks(&text) >= 7 => Some(Medium),
        () => random.then_some(Low),
    }
}

/// Whether `text` has an e-mail address. A service account that signs an address is none.
fn has_address(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'@');
    let mut before = parts.next().unwrap_or_default();
    parts.any(|after| {
        let is_name = before.last().is_some_and(u8::is_ascii_alphanumeric);
        before = after;
        is_name && !after.ends_with(b".gserviceaccount.com") && email::begins_with_domain(after)
    })
}

/// A telephone number with its country code.
fn is_phone(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    text.first() == Some(&b'+')
        && (8..=15).contains(&digits)
        && text.iter().all(|byte| byte.is_ascii_digit() || b"+- ().".contains(byte))
}

/// A number of the social security of the United States.
fn is_social_security(text: &[u8]) -> bool {
    text.len() == 11
        && text.iter().zip(b"999-99-9999").all(|(byte, shape)| match shape {
            b'-' => byte == shape,
            _ => byte.is_ascii_digit(),
        })
}

/// A key by its prefix and the look of the rest.
fn is_credential(text: &[u8]) -> bool {
    KEYS.iter().any(|prefix| text.starts_with(prefix))
        && text.len() >= 20
        && text.iter().all(|byte| is_word(*byte) || *byte == b'-')
        && text.iter().any(u8::is_ascii_digit)
}

/// Letters of the scripts that write no blanks between words: Thai to Khmer, Chinese and Japanese.
fn letters_without_blanks(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    let scripts = |c: &char| {
        matches!(*c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
            || matches!(*c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
    };
    text.chars().filter(|c| scripts(c) && c.is_alphabetic()).count()
}

/// Whether `token` is text in base64 (either alphabet), base32 or hexadecimal. An address in it is what it carries itself.
fn encoded_text(token: &[u8]) -> Option<Confidence> {
    let text = decoded_text(token)?;
    Some(if is_web_address(&text) { in_url(&text).unwrap_or(Low) } else { High })
}

fn is_web_address(text: &[u8]) -> bool {
    text.starts_with(b"http://") || text.starts_with(b"https://")
}

/// The text that `token` encodes.
fn decoded_text(token: &[u8]) -> Option<Vec<u8>> {
    if token.len() < MIN_ENCODED {
        return None;
    }
    [from_hex(token), from_base64(token), from_base32(token)].into_iter().find(|text| is_text(text))
}

fn from_hex(token: &[u8]) -> Vec<u8> {
    if !token.len().is_multiple_of(2) || !token.iter().all(u8::is_ascii_hexdigit) {
        return Vec::new();
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
    let byte = |pair: &[u8]| match pair {
        [high, low] => digit(*high) << 4 | digit(*low),
        _ => 0,
    };
    token.chunks(2).map(byte).collect()
}

pub(super) fn from_base64(token: &[u8]) -> Vec<u8> {
    let standard = token.iter().map(|byte| match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => *byte,
    });
    let mut standard: Vec<u8> = standard.collect();
    while standard.last() == Some(&b'=') || standard.len() % 4 == 1 {
        standard.pop();
    }
    BASE64.decode(standard).unwrap_or_default()
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte)
}

/// RFC 4648 section 6, in one case.
fn from_base32(token: &[u8]) -> Vec<u8> {
    let padding = token.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = token.get(..token.len() - padding).unwrap_or_default();
    let first = if digits.iter().any(u8::is_ascii_uppercase) { b'A' } else { b'a' };
    let (mut decoded, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in digits {
        let digit = match byte {
            b'2'..=b'7' => byte - b'2' + 26,
            _ if (first..first + 26).contains(byte) => byte - first,
            _ => return Vec::new(),
        };
        bits = (bits << 5 | u32::from(digit)) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    decoded
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
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    text.split(|byte| *byte == b' ').filter(|word| word.iter().any(is_letter)).count()
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
