//! `secret.aws-access-key-id` and `secret.aws-secret-access-key`.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};

/// Bytes of an access key id.
const ID_LENGTH: u64 = 20;
/// Bytes of a secret access key: 30 bytes in base64.
const SECRET_LENGTH: u64 = 40;
/// Bytes between the keyword and the value at most: quotes, `=`, a type, a few words.
const MAX_GAP: u64 = 40;
/// Different characters that a random value of 40 has at least. A random one has about 30, and fewer than this
/// less than once in a billion.
const MIN_DISTINCT: usize = 16;

pub(super) const ACCESS_KEY_ID: Rule = Rule {
    id: "secret.aws-access-key-id",
    class: Class::Secret,
    level: None,
    description: "AWS access key id",
    source: "AWS IAM User Guide, Reference: IAM identifiers, unique ID prefixes; a value that ends in EXAMPLE is \
                 documentation (low)",
    true_examples: &[
        example("id = AKIAQ3EGXKZ2LWHTN7PD;", "AKIAQ3EGXKZ2LWHTN7PD"),
        example("aws_token: \"ASIAQ3EGXKZ2LWHTN7PD\"", "ASIAQ3EGXKZ2LWHTN7PD"),
        example("密钥AKIAQ3EGXKZ2LWHTN7PD", "AKIAQ3EGXKZ2LWHTN7PD"),
        example(r"key:\nAKIAQ3EGXKZ2LWHTN7PD\n", "AKIAQ3EGXKZ2LWHTN7PD"),
        example("A3TXQ3EGXKZ2LWHTN7PD", "A3TXQ3EGXKZ2LWHTN7PD"),
    ],
    false_examples: &[
        "AKIAQ3EGXKZ2LWHTN7P AKIAQ3EGXKZ2LWHTN7PDX",
        "XAKIAQ3EGXKZ2LWHTN7PD",
        "akiaq3egxkz2lwhtn7pd",
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAQ3EGXKZ1LWHTN8PD",
        "AKIAAAAAAAAAAAAAAAAA",
        "ASIAPACIFICWORLDWIDE",
    ],
    detector: Detector {
        not_after: is_word,
        ..Detector::new(&[b"AKIA", b"ASIA", b"ABIA", b"ACCA", b"A3T"], verify_id)
    },
};

fn verify_id(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    let (start, end) = (hit.start, hit.start + ID_LENGTH);
    for at in hit.end..end {
        match window.ahead(at) {
            // The fourth letter of `A3T?` is any.
            Ahead::Byte(b'A'..=b'Z' | b'2'..=b'7') => {}
            Ahead::Byte(b'0'..=b'9') if at == start + 3 => {}
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
        }
    }
    match window.ahead(end) {
        Ahead::Unknown => return Verdict::More { from: start },
        Ahead::Byte(byte) if is_word(byte) => return Verdict::No,
        Ahead::Byte(_) | Ahead::End => {}
    }
    let body = window.slice(start + 4, end);
    if distinct(body) < 5 {
        return Verdict::No;
    }
    // All letters: one random id in fifty, and most words in capitals.
    let confidence = match body {
        _ if body.ends_with(b"EXAMPLE") => Confidence::Low,
        _ if body.iter().all(u8::is_ascii_alphabetic) => Confidence::Low,
        _ => Confidence::High,
    };
    Verdict::Match { start, end, confidence }
}

pub(super) const SECRET_ACCESS_KEY: Rule = Rule {
    id: "secret.aws-secret-access-key",
    class: Class::Secret,
    level: None,
    description: "AWS secret access key, behind its name",
    source: "AWS IAM User Guide, Manage access keys for IAM users (40 characters of base64); a value that ends \
                 in EXAMPLEKEY is documentation (low)",
    true_examples: &[
        example(
            "aws_secret_access_key = q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            r#"{"SecretAccessKey": "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5"}"#,
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            r#"{\"secretAccessKey\":\"q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5\"}"#,
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            "AWS Secret Access Key [None]: q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5\n",
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            "My secret key is q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5.",
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            "export AWS_SECRET_ACCESS_KEY='q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5'",
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
        example(
            r"secret_key:\nq7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
            "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        ),
    ],
    false_examples: &[
        "q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5",
        "secret key q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5x",
        "secret key q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ5=",
        "secret key q7ZtR2mXv9LpK4sWn8Bd/YcH3fJg+6TuEa1oViQ",
        "aws_secret_key=da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "aws_secret_key=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
        "secret key /usr/local/share/applications/one/two/abc",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "Rotate the secret access key every ninety days, and store it in a vault that few can read.",
    ],
    detector: Detector {
        any_case: true,
        starts_at_anchor: false,
        ..Detector::new(
            &[
                b"secret_access_key",
                b"secret-access-key",
                b"secret access key",
                b"secretaccesskey",
                b"secret_key",
                b"secret-key",
                b"secret key",
                b"secretkey",
            ],
            verify_secret,
        )
    },
};

/// Looks for the first run of 40 base64 characters that begins soon behind the keyword.
fn verify_secret(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    // `progress.at` is where the current run of value characters starts.
    loop {
        let start = progress.at;
        if start - hit.end > MAX_GAP {
            return Verdict::No;
        }
        let mut end = start;
        let next = loop {
            match window.ahead(end) {
                Ahead::Byte(byte) if is_value(byte) && end - start <= SECRET_LENGTH => end += 1,
                next => break next,
            }
        };
        let length = end - start;
        if length > SECRET_LENGTH {
            return Verdict::No;
        }
        // A nearer keyword takes over.
        if length < SECRET_LENGTH && next != Ahead::Unknown && is_secret_word(window.slice(start, end)) {
            return Verdict::No;
        }
        match next {
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::Byte(b'=' | b'-' | b'_') if length == SECRET_LENGTH => return Verdict::No,
            _ if length == SECRET_LENGTH => {
                return match judge(window.slice(start, end), window.slice(hit.start, hit.end)) {
                    Some(confidence) => Verdict::Match { start, end, confidence },
                    None => Verdict::No,
                };
            }
            Ahead::End => return Verdict::No,
            // An escape inside of a string: `\n`, `\"`.
            Ahead::Byte(b'\\') => match window.ahead(end + 1) {
                Ahead::Unknown => return Verdict::More { from: start },
                _ => progress.at = end + 2,
            },
            Ahead::Byte(_) => progress.at = end + 1,
        }
    }
}

fn is_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+')
}

fn is_secret_word(word: &[u8]) -> bool {
    word.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"secret"))
}

fn judge(value: &[u8], keyword: &[u8]) -> Option<Confidence> {
    let has = |class: fn(&u8) -> bool| value.iter().any(class);
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    if !mixed || value.iter().all(u8::is_ascii_hexdigit) || distinct(value) < MIN_DISTINCT {
        return None;
    }
    let aws = keyword.to_ascii_lowercase().windows(6).any(|part| part == b"access");
    Some(match aws {
        _ if value.ends_with(b"EXAMPLEKEY") => Confidence::Low,
        true => Confidence::High,
        false => Confidence::Medium,
    })
}

pub(super) fn distinct(bytes: &[u8]) -> usize {
    let seen = bytes.iter().fold(0u128, |seen, byte| seen | 1 << (byte & 127));
    seen.count_ones() as usize
}
