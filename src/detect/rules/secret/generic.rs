//! `secret.credential`: what is given to a name such as `password`, `api_key`, `client_secret`, `token`.
//!
//! Names like these are frequent in prose and in programs, and most of what follows them is no secret: variables, calls,
//! templates, types, words. So the value has to look like one ([`super::value`]), and a bare `key` has to be told by more
//! of its name.

use super::secret;
use super::value::{Kind, is_secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, By, Start, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes of a value, at most.
const MAX_VALUE: u64 = 256;
// What `progress.note` says has been looked at: what stands in front of the anchor, and then the rest of the name, of so
// many bytes more. A packed start is greater.
const BEGUN: u32 = 1;
const NAMED: u32 = 2;

/// Bytes of a name behind the anchor, at most.
const MAX_REST: u64 = 16;
/// Bytes in front of the anchor that say more of its name.
const LOOK_BACK: u64 = 24;

const ANCHORS: [&[u8]; 10] = [
    b"password",
    b"passwd",
    b"passphrase",
    b"pwd",
    b"secret",
    b"token",
    b"key",
    b"credential",
    b"authkey_",
    b"_pass",
];

/// What may stand behind the anchor as a part of the same name.
const REST: [&[u8]; 18] = [
    b"",
    b"key",
    b"value",
    b"val",
    b"string",
    b"str",
    b"text",
    b"base",
    b"token",
    b"prod",
    b"production",
    b"dev",
    b"test",
    b"staging",
    b"live",
    b"hash",
    b"s",
    b"id",
];
/// What stands in front of `key` where it is a credential.
const KEYS: [&[u8]; 21] = [
    b"api",
    b"access",
    b"secret",
    b"auth",
    b"private",
    b"encryption",
    b"encrypt",
    b"signing",
    b"master",
    b"app",
    b"license",
    b"account",
    b"service",
    b"admin",
    b"deploy",
    b"write",
    b"consumer",
    b"client",
    b"subscription",
    b"integration",
    b"storage",
];

/// What stands in front of a token that is no credential: it goes to every reader, or points to a page.
const HARMLESS: [&[u8]; 10] = [
    b"csrf",
    b"xsrf",
    b"authenticity",
    b"page",
    b"next",
    b"continuation",
    b"public",
    b"idempot",
    b"cancel",
    b"nonce",
];

pub(super) const RULE: Rule = secret(
    "secret.credential",
    "password, key, token or secret that is given to a name which says so",
    "OWASP, Use of hard-coded credentials (CWE-798); what is a variable, a template or a word is none",
    Detector {
        any_case: true,
        starts_at_anchor: false,
        look_back: LOOK_BACK,
        ..Detector::new(&ANCHORS, verify)
    },
    &[
        example("acme_token = \"q7ZtR2mXv9LpK4sWn8Bd\"", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("{\"api_key\": \"q7ZtR2mXv9LpK4sWn8Bd\"}", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("DB_PASSWORD='r4inY!dAy'", "r4inY!dAy"),
        example("Server=db;User Id=sa;Pwd=r4inY-dAy9;", "r4inY-dAy9"),
        example("<add key=\"ClearTextPassword\" value=\"R4inydAy97\" />", "R4inydAy97"),
        example("https://api.example/v1?access_token=q7ZtR2mXv9LpK4sWn8Bd&x=1", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("X-Api-Key: 5f8c0d3e9b7a4c61f2e8d07b", "5f8c0d3e9b7a4c61f2e8d07b"),
        example(
            "//registry.example/:_authToken=0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953",
            "0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953",
        ),
        example("The password is r4inY!dAy.", "r4inY!dAy"),
    ],
    &[
        "password = os.environ[\"DB_PASSWORD\"]",
        "password: ${DB_PASSWORD}",
        "password = get_password(user1, 2)",
        "token = tokens[0]",
        "password: <your password here>",
        "the token is a string of 32 characters",
        "secretName: my-app-tls-2",
        "key = \"q7ZtR2mXv9LpK4sWn8Bd\"",
        "password: string; passwordLength = 12",
        "--token-file /run/secrets/token1",
        "PASSWORD=password123",
        "foreign_key = \"a1b2c3d4e5f6g7h8i9\"",
    ],
);

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    match read(window, hit, progress) {
        Ok(verdict) => verdict,
        Err(Unknown { from }) => Verdict::More { from },
    }
}

fn read(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    let start = match Start::unpack(progress.note, hit.start) {
        Some(start) => start,
        None => {
            let Some(start) = start(window, hit, progress)? else { return Ok(Verdict::No) };
            progress.note = start.pack(hit.start);
            start
        }
    };
    let name = window.slice(hit.start, hit.end).to_ascii_lowercase();
    let kind = match name.as_slice() {
        // Of two strings in a row the second is seldom a password.
        b"password" | b"passwd" | b"passphrase" | b"pwd" | b"_pass" if start.by != By::Comma => {
            Kind::Password
        }
        _ => Kind::Token,
    };
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_VALUE)? else {
        return Ok(Verdict::No);
    };
    let value = window.slice(start.at, end);
    let value = if start.quote.is_none() { value.strip_suffix(b".").unwrap_or(value) } else { value };
    let after = assignment::byte(window, end, start.at)?;
    let is_code = start.quote.is_none() && matches!(after, Some(b'(' | b'[' | b'{' | b'<'));
    let is_closed = start.quote.is_none() || after == start.quote || after == Some(b'\\');
    // A JSON Web Token has a rule of its own. Without an operator, what is short is a word.
    let is_jwt = value.starts_with(b"eyJ") && value.contains(&b'.');
    let is_short = start.by == By::Blank && value.len() < 8;
    if is_code || !is_closed || value.is_empty() || is_jwt || is_short {
        return Ok(Verdict::No);
    }
    let is_one = is_secret(value, kind, start.quote.is_some())
        || kind == Kind::Password && is_secret(value, Kind::Token, true);
    if !is_one {
        return Ok(Verdict::No);
    }
    Ok(Verdict::Match { start: start.at, end: start.at + value.len() as u64, confidence: Confidence::Medium })
}

/// Where the value begins that the name is given.
fn start(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Option<Start>, Unknown> {
    if progress.note == 0 {
        if !is_begun(window, hit) {
            return Ok(None);
        }
        progress.note = BEGUN;
    }
    if progress.note == BEGUN {
        // What is frequent and nothing: a word of prose, or of a name that goes on.
        let end = rest(window, hit.end, &mut progress.at)?;
        let Some(end) = end.filter(|end| is_rest(window.slice(hit.end, *end))) else { return Ok(None) };
        progress.note = NAMED + (end - hit.end) as u32;
    }
    let rest_end = hit.end + u64::from(progress.note - NAMED);
    let before = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    let is_flag =
        before.rsplit(|byte| byte.is_ascii_whitespace()).next().is_some_and(|word| word.starts_with(b"--"));
    let blank: fn(&[u8]) -> bool = if is_flag { |_| true } else { |_| false };
    let start = assignment::value(window, rest_end, blank)?;
    Ok(start.filter(|start| match start.by {
        By::Blank => is_flag || start.quote.is_some(),
        By::Comma => start.quote.is_some(),
        By::Operator | By::Verb => true,
    }))
}

/// Whether what stands in front of the anchor lets it be a credential's name.
fn is_begun(window: &Window, hit: &Hit) -> bool {
    let before = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    let is_key = hit.end - hit.start == 3
        && window.before(hit.end).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'y'));
    let lower = before.to_ascii_lowercase();
    let is_harmless = HARMLESS.iter().any(|word| lower.windows(word.len()).any(|here| here == *word));
    !is_harmless && (!is_key || is_credential_key(before))
}

/// The end of the name that goes on at `from`; `None` where it is long. `at`: how far that has been read.
fn rest(window: &Window, from: u64, at: &mut u64) -> Result<Option<u64>, Unknown> {
    let mut end = *at;
    loop {
        if end - from >= MAX_REST {
            return Ok(None);
        }
        match assignment::byte(window, end, end) {
            Ok(Some(byte)) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') => end += 1,
            Ok(next) => return Ok(next.map(|_| end)),
            Err(unknown) => {
                *at = end;
                return Err(unknown);
            }
        }
    }
}

/// Whether the rest of a name leaves it what it is.
fn is_rest(rest: &[u8]) -> bool {
    let words = rest.split(|byte| matches!(byte, b'_' | b'-') || byte.is_ascii_digit());
    words.into_iter().all(|word| REST.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// Whether what stands in front of `key` makes it a credential.
fn is_credential_key(before: &[u8]) -> bool {
    let before = before
        .strip_suffix(b"_")
        .or(before.strip_suffix(b"-"))
        .or(before.strip_suffix(b" "))
        .unwrap_or(before);
    KEYS.iter().any(|word| {
        let at = before.len().checked_sub(word.len());
        let is_it = at.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word));
        let in_front = at.and_then(|at| at.checked_sub(1)).and_then(|at| before.get(at));
        let first = at.and_then(|at| before.get(at));
        is_it
            && (in_front.is_none_or(|byte| !byte.is_ascii_alphabetic())
                || in_front.is_some_and(u8::is_ascii_lowercase) && first.is_some_and(u8::is_ascii_uppercase)
                || word.len() > 5)
    })
}
