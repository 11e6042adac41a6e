//! `secret.authorization` (`Authorization: Bearer …`, `Basic …`) and `secret.curl-user` (`curl -u name:password`).

use super::secret;
use super::value::{Kind, is_placeholder, is_secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, Start, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;
use base64::Engine;

/// Bytes of a value, at most.
const MAX_VALUE: u64 = 1024;
/// Bytes in front of `-u` in which `curl` stands.
const MAX_COMMAND: u64 = 160;

/// Bytes in front of `Bearer` in which the header's name stands.
const MAX_NAME: u64 = 48;
/// Bytes of a scheme, at most.
const MAX_SCHEME: u64 = 20;

/// Words in front of the credential (RFC 9110 section 11, and what services use).
const SCHEMES: [&[u8]; 9] =
    [b"api-token", b"bearer", b"basic", b"token", b"api-key", b"apikey", b"bot", b"splunk", b"genie-key"];

pub(super) const AUTHORIZATION: Rule = secret(
    "secret.authorization",
    "credential of an Authorization header: Bearer, Basic, Token and others",
    "RFC 9110 section 11.6.2; RFC 7617 (Basic); RFC 6750 (Bearer)",
    Detector {
        any_case: true,
        starts_at_anchor: false,
        look_back: MAX_NAME,
        ..Detector::new(&[b"authorization", b"bearer "], verify_authorization)
    },
    &[
        example(
            "curl -H 'Authorization: Bearer q7ZtR2mXv9LpK4sWn8Bd' https://a.example",
            "q7ZtR2mXv9LpK4sWn8Bd",
        ),
        example("Authorization: Basic YWxpY2U6cjRpblkhZEF5\r\n", "YWxpY2U6cjRpblkhZEF5"),
        example("{\"authorization\": \"Token 5f8c0d3e9b7a4c61f2e8d07b\"}", "5f8c0d3e9b7a4c61f2e8d07b"),
        example("Authorization: KakaoAK 5f8c0d3e9b7a4c61f2e8d07b\n", "5f8c0d3e9b7a4c61f2e8d07b"),
        example("Authorization: Basic cTdadFIybVh2OUxwSzRzV244QmQ6", "cTdadFIybVh2OUxwSzRzV244QmQ6"),
        example("Acme-Auth: Bearer q7ZtR2mXv9LpK4sWn8Bd\n", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("proxy-authorization: 5f8c0d3e9b7a4c61f2e8d07b\n", "5f8c0d3e9b7a4c61f2e8d07b"),
    ],
    &[
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN",
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "headers[\"Authorization\"] = \"Bearer \" + token",
        "authorization: required",
        "import (AuthorizationCodeGrant as OAuth2AuthorizationCodeGrant, x)",
        "WWW-Authenticate: Bearer realm=\"api2\", error=\"invalid_token\"",
        "the bearer of 5f8c0d3e9b7a4c61f2e8d07b",
        "The Authorization header is what RFC 9110 defines.",
    ],
);

pub(super) const CURL_USER: Rule = secret(
    "secret.curl-user",
    "name and password of a curl command",
    "curl(1), option --user",
    Detector {
        starts_at_anchor: false,
        look_back: MAX_COMMAND,
        ..Detector::new(&[b" -u ", b" -U ", b"--user ", b"--user="], verify_user)
    },
    &[
        example("curl -u alice:r4inY!dAy https://a.example", "alice:r4inY!dAy"),
        example("curl -u q7ZtR2mXv9LpK4sWn8Bd:x https://a.example", "q7ZtR2mXv9LpK4sWn8Bd:x"),
        example("curl -s --user \"alice:r4inY!dAy\" https://a.example", "alice:r4inY!dAy"),
    ],
    &[
        "curl -u user:pass https://a.example",
        "curl -u \"${NAME}:${PASS}\" https://a.example",
        "curl -u alice https://a.example",
        "chown -u alice:r4inY!dAy",
        "curl --user <user:password> https://a.example",
    ],
);

fn verify_authorization(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    authorization(window, hit, progress).unwrap_or_else(Verdict::from)
}

fn authorization(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    let is_bearer = hit.nth == 1;
    let mut start = Start { at: hit.end, quote: None, by: assignment::By::Blank };
    if is_bearer {
        // Behind the header's name it is found by that.
        let name = window.slice(hit.start.saturating_sub(MAX_NAME), hit.start);
        if name.windows(13).any(|here| here.eq_ignore_ascii_case(b"authorization")) {
            return Ok(Verdict::No);
        }
    } else {
        match assignment::value(window, hit.end, |_| false)? {
            Some(value) if value.by != assignment::By::Verb => start = value,
            _ => return Ok(Verdict::No),
        }
    }
    let mut scheme: &[u8] = b"";
    for word in SCHEMES.into_iter().filter(|_| !is_bearer) {
        let Some(end) = assignment::literal(window, start.at, word, start.at)? else { continue };
        if assignment::byte(window, end, start.at)? == Some(b' ') {
            scheme = word;
            start = Start { at: end + 1, ..start };
            break;
        }
    }
    if !is_bearer && scheme.is_empty() {
        start = Start { at: behind_scheme(window, start.at)?, ..start };
    }
    // A quote ends it, and a blank, too.
    let bare = Start { quote: None, ..start };
    let Some(end) = assignment::end(window, bare, &mut progress.at, MAX_VALUE)? else {
        return Ok(Verdict::No);
    };
    let value = window.slice(start.at, end);
    let is_one = match scheme {
        b"basic" => {
            let text = base64::prelude::BASE64_STANDARD.decode(value).unwrap_or_default();
            let mut parts = text.splitn(2, |byte| *byte == b':');
            let (name, word) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let is_key = |text: &[u8]| is_secret(text, Kind::Token, true);
            word.len() >= 4 && word != b"open sesame" && !is_placeholder(word) && name != word
                || word.len() < 4 && is_key(name)
                || text.is_empty() && is_key(value)
        }
        _ => {
            let after = assignment::byte(window, end, start.at)?;
            !matches!(after, Some(b'(' | b'[' | b'{' | b'<'))
                && (is_secret(value, Kind::Token, true) || value.starts_with(b"sha256~") && value.len() > 16)
        }
    };
    Ok(match is_one {
        true => Verdict::Match { start: start.at, end, confidence: Confidence::High },
        false => Verdict::No,
    })
}

/// The end of a scheme that is not known, and of the blank behind it.
fn behind_scheme(window: &Window, at: u64) -> Result<u64, Unknown> {
    for end in at..at + MAX_SCHEME {
        match assignment::byte(window, end, at)? {
            Some(byte)
                if byte.is_ascii_alphabetic()
                    || end > at && (byte.is_ascii_alphanumeric() || byte == b'-') => {}
            Some(b' ') if end > at + 1 => return Ok(end + 1),
            _ => break,
        }
    }
    Ok(at)
}

fn verify_user(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    user(window, hit, progress).unwrap_or_else(Verdict::from)
}

fn user(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    if progress.note == 0 {
        let command = window.slice(hit.start.saturating_sub(MAX_COMMAND), hit.start);
        if !command.windows(5).any(|word| word == b"curl ") && !command.ends_with(b"curl") {
            return Ok(Verdict::No);
        }
        // It need not be looked for again.
        progress.note = 1;
    }
    let quote = match assignment::byte(window, hit.end, hit.end)? {
        Some(quote @ (b'"' | b'\'')) => Some(quote),
        _ => None,
    };
    let start = Start { at: hit.end + u64::from(quote.is_some()), quote, by: assignment::By::Blank };
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_VALUE)? else {
        return Ok(Verdict::No);
    };
    let value = window.slice(start.at, end);
    let mut parts = value.splitn(2, |byte| *byte == b':');
    let (name, Some(word)) = (parts.next().unwrap_or_default(), parts.next()) else { return Ok(Verdict::No) };
    let is_one = |text: &[u8]| is_secret(text, Kind::Password, true) || is_secret(text, Kind::Token, true);
    let is_key = word.len() < 2 && is_one(name);
    Ok(match is_one(word) && !is_placeholder(name) || is_key {
        true => Verdict::Match { start: start.at, end, confidence: Confidence::High },
        false => Verdict::No,
    })
}
