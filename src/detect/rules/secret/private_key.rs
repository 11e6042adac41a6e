//! `secret.private-key`: `-----BEGIN … PRIVATE KEY-----`, what stands behind it, and its `-----END …-----`.
//!
//! Line ends may be the two characters that they are in JSON inside of JSON (`\n`), in an environment's file, in program text;
//! there each line may be a string of its own, too. Without an END the finding ends where the base64 does.

use super::aws::distinct;
use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Most bytes of a finding. The rest of a longer key (RSA of 8192 bits has 6.3 KiB) is found by itself.
const PIECE: u64 = 8192;
/// Bytes before the base64 begins, at most: the BEGIN line, headers, blank lines.
const MAX_HEAD: u64 = 1024;
/// Longest label, in bytes.
const MAX_LABEL: u64 = 32;
/// Longest name of a header, in bytes.
const MAX_NAME: u64 = 32;
/// Bytes between the strings of program text that one line each stands in, at most.
const MAX_GAP: u64 = 32;
/// Bytes of base64 in a row that no words are; a key's lines have 64 to 76.
const MIN_RUN: u64 = 32;
/// Different characters in such a row: a random one has about 25, and a placeholder (`xxxx…`) few.
const MIN_DISTINCT: usize = 10;

const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

// What `progress.note` says: which part of the key `progress.at` stands in. A greater one is in the body, which begins so
// many bytes behind the anchor.
const LABEL: u32 = 0;
const LINE: u32 = 1;
const HEADER: u32 = 2;

pub(super) const RULE: Rule = Rule {
    id: "secret.private-key",
    class: Class::Secret,
    level: None,
    description: "private key in PEM: PKCS #8, RSA, EC, DSA, OpenSSH, OpenPGP, encrypted or not",
    source: "RFC 7468 sections 2, 10, 11, 13; RFC 1421 section 4.4 (headers); RFC 9580 section 6.2 (OpenPGP)",
    true_examples: &[
        example(
            "is\n-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBzb2Z0bHkgbm90IGEga2V5IGF0\n-----END PRIVATE KEY-----\n.",
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBzb2Z0bHkgbm90IGEga2V5IGF0\n-----END PRIVATE KEY-----",
        ),
        example(
            r#""-----BEGIN EC PRIVATE KEY-----\r\nMC4CAQAwBQYDK2VwBCIEIBzb2Z0bHkgbm90IGEga2V5IGF0\r\nYQ==\r\n-----END EC PRIVATE KEY-----\r\n""#,
            r"-----BEGIN EC PRIVATE KEY-----\r\nMC4CAQAwBQYDK2VwBCIEIBzb2Z0bHkgbm90IGEga2V5IGF0\r\nYQ==\r\n-----END EC PRIVATE KEY-----",
        ),
        example(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,3F17F5316E2BAC89\n\n\
             q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,3F17F5316E2BAC89\n\n\
             q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----END RSA PRIVATE KEY-----",
        ),
        example(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1 (b)\n\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n=8xQN\n\
             -----END PGP PRIVATE KEY BLOCK-----",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1 (b)\n\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n=8xQN\n\
             -----END PGP PRIVATE KEY BLOCK-----",
        ),
        example(
            "KEY='-----BEGIN PRIVATE KEY----- q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5 YQ== -----END PRIVATE KEY-----'",
            "-----BEGIN PRIVATE KEY----- q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5 YQ== -----END PRIVATE KEY-----",
        ),
        example(
            "\"-----BEGIN PRIVATE KEY-----\\n\" +\n  \"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\\n\" +\n  \"YQ==\\n\" +\n  \
             \"-----END PRIVATE KEY-----\\n\";",
            "-----BEGIN PRIVATE KEY-----\\n\" +\n  \"q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\\n\" +\n  \"YQ==\\n\" +\n  \
             \"-----END PRIVATE KEY-----",
        ),
        example(
            r#"{"k":"-----BEGIN OPENSSH PRIVATE KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n","n":1}"#,
            r"-----BEGIN OPENSSH PRIVATE KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5",
        ),
        example(
            "-----BEGIN PRIVATE KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----BEGIN CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5",
        ),
        example(
            "> -----BEGIN RSA PRIVATE KEY-----\n> Proc-Type: 4,ENCRYPTED\n>\n> q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n> \
             -----END RSA PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\n> Proc-Type: 4,ENCRYPTED\n>\n> q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n> \
             -----END RSA PRIVATE KEY-----",
        ),
    ],
    false_examples: &[
        "-----BEGIN PUBLIC KEY-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nq7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----END CERTIFICATE-----",
        "It begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----, with base64 between.",
        "Look for `-----BEGIN RSA PRIVATE KEY-----` in /etc/ssl/private and remove the file.",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n-----END PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----",
        "q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5\n-----END PRIVATE KEY-----",
    ],
    detector: Detector::new(&[b"-----BEGIN "], verify),
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    match read(window, hit, progress) {
        Ok(verdict) => verdict,
        Err(Unknown) => Verdict::More { from: hit.start },
    }
}

/// More text is needed.
struct Unknown;

fn read(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    let start = hit.start;
    if progress.note == LABEL {
        let Some(end) = label(window, hit.end, true)? else { return Ok(Verdict::No) };
        *progress = Progress { at: end, note: LINE };
    }
    while progress.note <= HEADER {
        if progress.at - start >= MAX_HEAD {
            return Ok(Verdict::No);
        }
        head(window, hit, progress)?;
    }
    loop {
        let end = progress.at;
        if end - start >= PIECE {
            return Ok(match is_key(window, hit, progress) {
                true => Verdict::Part { start, end, confidence: Confidence::High },
                false => Verdict::No,
            });
        }
        progress.at = match byte(window, end)? {
            Some(byte) if is_body(byte) => end + 1,
            _ => match resumed(window, end)? {
                Some(next) => next,
                None => break,
            },
        };
    }
    let end = match literal(window, progress.at, END)? {
        Some(behind) => label(window, behind, false)?,
        None => None,
    };
    let end = end.unwrap_or_else(|| trimmed(window, start, progress.at));
    Ok(match end > start && is_key(window, hit, progress) {
        true => Verdict::Match { start, end, confidence: Confidence::High },
        false => Verdict::No,
    })
}

/// Reads on before the body, where a line may begin or in a header.
fn head(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<(), Unknown> {
    let at = progress.at;
    let next = byte(window, at)?;
    let is_line_end = matches!(next, Some(b'\n' | b'\r'))
        || matches!(next, Some(b'n' | b'r')) && window.is_escape_letter(at);
    if progress.note == HEADER && next.is_some() {
        progress.note = if is_line_end { LINE } else { HEADER };
    } else if !is_line_end && !next.is_some_and(|byte| is_gap(byte) || byte == b'\\') {
        if header_begins(window, at)? {
            progress.note = HEADER;
        } else {
            progress.note = (at - hit.end) as u32;
            return Ok(());
        }
    }
    progress.at += 1;
    Ok(())
}

/// Whether the name of a header and its colon stand at `at`.
fn header_begins(window: &Window, at: u64) -> Result<bool, Unknown> {
    let end = run(window, at, MAX_NAME, |byte| byte.is_ascii_alphanumeric() || byte == b'-')?;
    Ok(end > at && byte(window, end)? == Some(b':'))
}

/// The end of a label with its dashes, if it is one. Private: and if it names a private key.
fn label(window: &Window, at: u64, private: bool) -> Result<Option<u64>, Unknown> {
    let is_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    let end = run(window, at, MAX_LABEL, is_label)?;
    let is_wanted = !private || window.slice(at, end).windows(11).any(|part| part == b"PRIVATE KEY");
    if is_wanted { literal(window, end, DASHES) } else { Ok(None) }
}

/// Where the base64 goes on behind what stands between two strings: a whole line, or the last one, or the END.
fn resumed(window: &Window, at: u64) -> Result<Option<u64>, Unknown> {
    let next = run(window, at, MAX_GAP, is_gap)?;
    if next == at {
        return Ok(None);
    }
    let line = run(window, next, MIN_RUN, is_base64)?;
    let goes_on = line - next == MIN_RUN || {
        let end =
            run(window, line, MAX_GAP, |byte| is_gap(byte) || matches!(byte, b'=' | b'\\' | b'n' | b'r'))?;
        literal(window, end, END)?.is_some()
    };
    Ok(goes_on.then_some(next))
}

/// Whether the body so far is more than words.
fn is_key(window: &Window, hit: &Hit, progress: &Progress) -> bool {
    if hit.start == hit.end {
        // The rest of one.
        return true;
    }
    let body = window.slice(hit.end + u64::from(progress.note), progress.at);
    let mut runs = body.split(|byte| !is_base64(*byte));
    runs.any(|run| run.len() as u64 >= MIN_RUN && distinct(run) >= MIN_DISTINCT)
}

/// The end of `start..end` without blanks and line ends.
fn trimmed(window: &Window, start: u64, mut end: u64) -> u64 {
    while end > start {
        end -= match window.before(end) {
            Some(byte) if byte.is_ascii_whitespace() || byte == b'\\' => 1,
            _ if window.is_escape_letter(end - 1) => 2,
            _ => break,
        };
    }
    end
}

/// What stands at `at`; `None` behind the end.
fn byte(window: &Window, at: u64) -> Result<Option<u8>, Unknown> {
    match window.ahead(at) {
        Ahead::Byte(byte) => Ok(Some(byte)),
        Ahead::End => Ok(None),
        Ahead::Unknown => Err(Unknown),
    }
}

/// The end of the bytes of a kind from `at` on, `most` at most.
fn run(window: &Window, at: u64, most: u64, is_one: impl Fn(u8) -> bool) -> Result<u64, Unknown> {
    for end in at..at + most {
        if !byte(window, end)?.is_some_and(&is_one) {
            return Ok(end);
        }
    }
    Ok(at + most)
}

/// The end of `text`, if it stands at `at`.
fn literal(window: &Window, at: u64, text: &[u8]) -> Result<Option<u64>, Unknown> {
    for (at, wanted) in (at..).zip(text) {
        if byte(window, at)? != Some(*wanted) {
            return Ok(None);
        }
    }
    Ok(Some(at + text.len() as u64))
}

/// Base64, blanks and line ends, also as an escape; a letter of an escape is base64, too.
fn is_body(byte: u8) -> bool {
    is_base64(byte) || byte == b'=' || byte == b'\\' || byte.is_ascii_whitespace()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Quotes, and what joins strings, quotes a mail or begins a comment.
fn is_gap(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b'"' | b'\'' | b',' | b'+' | b'.' | b'>' | b'#' | b'|' | b'*')
}
