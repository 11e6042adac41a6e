//! `secret.credential`: what is given to a name such as `password`, `api_key`, `client_secret`, `token`.
//!
//! Names like these are frequent in prose and in programs, and most of what follows them is no secret: variables, calls,
//! templates, types, words. So the value has to look like one ([`super::value`]), and a bare `key` has to be told by more
//! of its name.

use super::secret;
use super::value::{Kind, is_secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, By, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes of a value, at most.
const MAX_VALUE: u64 = 256;
/// Bytes in front of the anchor that say more of its name.
const LOOK_BACK: u64 = 24;

const ANCHORS: [&[u8]; 10] =
    [b"password", b"passwd", b"passphrase", b"pwd", b"secret", b"token", b"key", b"credential", b"authkey_", b"_pass"];

/// What may stand behind the anchor as a part of the same name.
const REST: [&[u8]; 18] = [
    b"", b"key", b"value", b"val", b"string", b"str", b"text", b"base", b"token", b"prod", b"production", b"dev", b"test",
    b"staging", b"live", b"hash", b"s", b"id",
];
/// What stands in front of `key` where it is a credential.
const KEYS: [&[u8]; 21] = [
    b"api", b"access", b"secret", b"auth", b"private", b"encryption", b"encrypt", b"signing", b"master", b"app", b"license",
    b"account", b"service", b"admin", b"deploy", b"write", b"consumer", b"client", b"subscription", b"integration",
    b"storage",
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
        example("//registry.example/:_authToken=0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953", "0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953"),
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
    let name = window.slice(hit.start, hit.end).to_ascii_lowercase();
    let kind = match name.as_slice() {
        b"password" | b"passwd" | b"passphrase" | b"pwd" | b"_pass" => Kind::Password,
        b"key" if !is_credential_key(window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start)) => {
            return Ok(Verdict::No);
        }
        _ => Kind::Token,
    };
    // What is frequent and nothing: a word of prose, or of a name that goes on.
    let mut rest_end = hit.end;
    loop {
        match assignment::byte(window, rest_end, hit.end)? {
            Some(byte) if (byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) && rest_end < hit.end + 16 => {
                rest_end += 1;
            }
            Some(_) => break,
            None => return Ok(Verdict::No),
        }
    }
    if !is_rest(window.slice(hit.end, rest_end)) {
        return Ok(Verdict::No);
    }
    let flag = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    let is_flag = flag.rsplit(|byte| byte.is_ascii_whitespace()).next().is_some_and(|word| word.starts_with(b"--"));
    let Some(start) = assignment::value(window, rest_end, |_| true)? else { return Ok(Verdict::No) };
    if start.by == By::Blank && !is_flag || start.by == By::Comma && start.quote.is_none() {
        return Ok(Verdict::No);
    }
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_VALUE)? else { return Ok(Verdict::No) };
    let value = window.slice(start.at, end);
    let value = if start.quote.is_none() { value.strip_suffix(b".").unwrap_or(value) } else { value };
    let after = assignment::byte(window, end, start.at)?;
    let is_code = start.quote.is_none() && matches!(after, Some(b'(' | b'[' | b'{' | b'<'));
    let is_closed = start.quote.is_none() || after == start.quote || after == Some(b'\\');
    if is_code || !is_closed || value.is_empty() {
        return Ok(Verdict::No);
    }
    if !is_secret(value, kind, start.quote.is_some()) && !(kind == Kind::Password && is_secret(value, Kind::Token, true)) {
        return Ok(Verdict::No);
    }
    Ok(Verdict::Match { start: start.at, end: start.at + value.len() as u64, confidence: Confidence::Medium })
}

/// Whether the rest of a name leaves it what it is.
fn is_rest(rest: &[u8]) -> bool {
    let words = rest.split(|byte| matches!(byte, b'_' | b'-') || byte.is_ascii_digit());
    words.into_iter().all(|word| REST.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// Whether what stands in front of `key` makes it a credential.
fn is_credential_key(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"_").or(before.strip_suffix(b"-")).or(before.strip_suffix(b" ")).unwrap_or(before);
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
