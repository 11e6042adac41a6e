//! `secret.credential`: what is given to a name such as `password`, `api_key`, `client_secret`, `token`.
//!
//! Names like these are frequent in prose and in programs, and most of what follows them is no secret: variables, calls,
//! templates, types, words. So the value has to look like one ([`super::value`]), and a bare `key` has to be told by more
//! of its name.

use super::name::{ANCHORS, LOOK_BACK, Name, ends_with};
use super::value::is_uuid;
use super::{jwt, secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, By, Start, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes of a value, at most.
const MAX_VALUE: u64 = 2048;
/// Bytes of a value in which anything but letters, digits and what joins them stands, at most: in what gives values to
/// names, each would be a value up to the end of all.
const MAX_MIXED: u64 = 256;
// What `progress.note` says has been looked at: what stands in front of the anchor, and then the rest of the name, of so
// many bytes more. A packed start is greater.
const BEGUN: u32 = 1;
const NAMED: u32 = 2;
/// Above them, what else is known then: that it is an option, the argument of a command, a whole name in capitals.
const FLAG: u32 = 1 << 8;
const COMMAND: u32 = 1 << 9;
const WHOLE: u32 = 1 << 10;
/// In a packed start: that the value is longer than [`MAX_MIXED`] and not mixed up to there.
const LONG: u32 = 1 << 30;

/// Bytes of a name behind the anchor, at most.
const MAX_REST: u64 = 24;

/// What may stand behind the anchor as a part of the same name.
const REST: [&[u8]; 21] = [
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
    b"raw",
    b"env",
    b"default",
];
/// What stands in front of a name that nothing but a blank separates from its value.
const COMMANDS: [&[u8]; 12] = [
    b"env ",
    b"arg ",
    b"setenv ",
    b"set -x ",
    b"set -gx ",
    b"set -ux ",
    b"setx ",
    b"config set ",
    b"config:set ",
    b"secret set ",
    b"variable set ",
    b"secrets set ",
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
        example("https://api.example/v1?page=2&access_token=q7ZtR2mXv9LpK4sWn8Bd", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("PAGERDUTY_API_TOKEN=q7ZtR2mXv9LpK4sWn8Bd\n", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("acme.api.key=5f8c0d3e9b7a4c61f2e8d07b\n", "5f8c0d3e9b7a4c61f2e8d07b"),
        example("<acmeToken>q7ZtR2mXv9LpK4sWn8Bd</acmeToken>", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("<key>dbPassword</key>\n<string>r4inY-dAy9</string>", "r4inY-dAy9"),
        example("- name: DB_PASSWORD\n  value: r4inY-dAy9\n", "r4inY-dAy9"),
        example("ENV DB_PASSWORD r4inY-dAy9\n", "r4inY-dAy9"),
        example("| `DB_PASSWORD` | `r4inY-dAy9` |", "r4inY-dAy9"),
        example("DB_PASSWORD,r4inY-dAy9\n", "r4inY-dAy9"),
        example("connect -Password r4inY-dAy9 -Force\n", "r4inY-dAy9"),
        example("args:\n  - --db-password\n  - r4inY-dAy9\n", "r4inY-dAy9"),
        example("source.setDbPassword(\"r4inY-dAy9\");", "r4inY-dAy9"),
        example("os.getenv(\"DB_PASSWORD\", \"r4inY-dAy9\")", "r4inY-dAy9"),
        example("tool login with token q7ZtR2mXv9LpK4sWn8Bd please", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("https://maps.example/v1?key=q7ZtR2mXv9LpK4sWn8Bd&x=1", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("{\"auth\": \"cTdadFIybVh2OUxwSzRzV244QmQ=\"}", "cTdadFIybVh2OUxwSzRzV244QmQ="),
        example("CREATE USER app IDENTIFIED BY 'r4inY-dAy9';", "r4inY-dAy9"),
        example("SHOP_LEDGER_KEY=q7ZtR2mXv9LpK4sWn8Bd\n", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("const ledgerKey = \"q7ZtR2mXv9LpK4sWn8Bd\"", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("keystorePass = \"r4inY-dAy9\"", "r4inY-dAy9"),
        example("rootpw r4inY\nbindpw = r4inY-dAy9\n", "r4inY-dAy9"),
        example("NAVER_CLIENT_SECRET=r4inYdAy97", "r4inYdAy97"),
        example("密码是r4inYdAy97。", "r4inYdAy97"),
        example("Contraseña: r4inYdAy97", "r4inYdAy97"),
        example("пароль: r4inYdAy97", "r4inYdAy97"),
        example(
            "WEBHOOK_SECRET=/q7ZtR2mXv9L/pK4sWn8BdYcH3f/Jg6TuEa1oViQ5=",
            "/q7ZtR2mXv9L/pK4sWn8BdYcH3f/Jg6TuEa1oViQ5=",
        ),
        example("client_secret: q7ZtR-mXvLpK_sWnBdYcHfJg4Tu", "q7ZtR-mXvLpK_sWnBdYcHfJg4Tu"),
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
        "cache_key = \"q7ZtR2mXv9LpK4sWn8Bd\"",
        "nextPageToken: q7ZtR2mXv9LpK4sWn8Bd",
        "sync_token: q7ZtR2mXv9LpK4sWn8Bd",
        "PublicKeyToken=5f8c0d3e9b7a4c61",
        "tokenId: 0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953",
        "subject_key_id = \"5f8c0d3e9b7a4c61f2e8d07b5a4c3e1f5f8c0d3e\"",
        "kms_key_id = \"arn:aws:kms:us-east-1:123456789012:key/0c8e1f5a-93b7-4d26-8ae4-f17b60d2c953\"",
        "the token refresh is done in 2 steps",
        "MD5 (token.go) = 5f8c0d3e9b7a4c61f2e8d07b5a4c3e1f",
        "example.com/x/secret v1.2.3 h1:q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR=",
        "private_key: ed25519.Ed25519PrivateKey",
        "DB_PASSWORD=P@ssw0rd",
        "bypass: rule-1234",
        "Pass the `v8::External` on",
        "Sec-WebSocket-Key: cTdadFIybVh2OUxwSzRzVw==",
        "| DB_PASSWORD | string |",
        "Password - the word2 to use",
        "password: &str = get(\"a1\")",
    ],
);

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    read(window, hit, progress).unwrap_or_else(Verdict::from)
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
    let most = if progress.note & LONG == 0 { MAX_MIXED } else { MAX_VALUE };
    let mut end = assignment::end(window, start, &mut progress.at, most)?;
    if end.is_none() && most == MAX_MIXED {
        let is_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/_-.".contains(byte);
        if window.slice(start.at, start.at + MAX_MIXED).iter().all(is_run) {
            progress.note |= LONG;
            end = assignment::end(window, start, &mut progress.at, MAX_VALUE)?;
        }
    }
    let Some(end) = end else { return Ok(Verdict::No) };
    let Some(name) = Name::of(window, hit) else { return Ok(Verdict::No) };
    let value = window.slice(start.at, end);
    let value = if start.quote.is_none() { value.strip_suffix(b".").unwrap_or(value) } else { value };
    let after = assignment::byte(window, end, start.at)?;
    let is_code = start.quote.is_none()
        && match after {
            Some(b'(' | b'[' | b'{') => true,
            // The end of an element.
            Some(b'<') => assignment::byte(window, end + 1, start.at)? != Some(b'/'),
            _ => false,
        };
    let is_closed = start.quote.is_none() || after == start.quote || after == Some(b'\\');
    // A JSON Web Token has a rule of its own. Without an operator, what is short is a word.
    let is_short = start.by == By::Blank && value.len() < 8;
    if is_code || !is_closed || value.is_empty() || is_short || jwt::is_begun(value) {
        return Ok(Verdict::No);
    }
    let rest = window.slice(hit.end, start.at);
    // The name of a token or key, unless it is one of the few that are secret themselves.
    let is_id = matches!(name, Name::Token | Name::Strict)
        && rest
            .iter()
            .position(|byte| !matches!(byte, b'_' | b'-'))
            .is_some_and(|at| rest.get(at..at + 2).is_some_and(|word| word.eq_ignore_ascii_case(b"id")));
    Ok(match name.is_given(value, start) && !(is_id && (is_uuid(value) || name == Name::Strict)) {
        true => {
            let end = start.at + value.len() as u64;
            Verdict::Match { start: start.at, end, confidence: Confidence::Medium }
        }
        false => Verdict::No,
    })
}

/// Where the value begins that the name is given.
fn start(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Option<Start>, Unknown> {
    if progress.note == 0 {
        if Name::of(window, hit).is_none() {
            return Ok(None);
        }
        progress.note = BEGUN;
    }
    if progress.note == BEGUN {
        // What is frequent and nothing: a word of prose, or of a name that goes on.
        let end = rest(window, hit.end, &mut progress.at)?;
        let Some(end) = end.filter(|end| is_rest(window.slice(hit.end, *end))) else { return Ok(None) };
        if end > hit.end && window.at(hit.start) == Some(b'_') {
            return Ok(None);
        }
        progress.note = (NAMED + (end - hit.end) as u32) | place(window, hit, end);
    }
    let rest_end = hit.end + u64::from((progress.note & 0xff) - NAMED);
    let is_given = progress.note & (FLAG | COMMAND) != 0;
    if progress.note & FLAG != 0
        && let Some(start) = assignment::next_line(window, rest_end)?
    {
        return Ok(Some(start));
    }
    if !is_given && let Some(start) = assignment::next_word(window, rest_end, progress.note & WHOLE != 0)? {
        return Ok(Some(start));
    }
    let blank: fn(&[u8]) -> bool = if is_given { |_| true } else { |_| false };
    let start = assignment::value(window, rest_end, blank)?.filter(|start| match start.by {
        By::Blank => is_given || start.quote.is_some(),
        By::Comma | By::Call => start.quote.is_some(),
        By::Operator | By::Verb | By::Cell | By::Word => true,
    });
    match start {
        None => assignment::next_cell(window, rest_end, progress.note & WHOLE != 0),
        start => Ok(start),
    }
}

/// What the text in front of a name and the name say of how its value may stand behind it.
fn place(window: &Window, hit: &Hit, end: u64) -> u32 {
    let before = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = before.iter().rev().take_while(is_name).count();
    let (line, name) = before.split_at(before.len() - length);
    let is_flag = name.starts_with(b"-") && name.len() as u64 + end - hit.start > 2;
    let is_command = COMMANDS.iter().any(|command| ends_with(line, command));
    let is_capital = |text: &[u8]| !text.iter().any(u8::is_ascii_lowercase);
    let is_whole = name.contains(&b'_') && is_capital(name) && is_capital(window.slice(hit.start, end));
    [(is_flag, FLAG), (is_command, COMMAND), (is_whole, WHOLE)]
        .into_iter()
        .fold(0, |note, (holds, bit)| if holds { note | bit } else { note })
}

/// The end of the name that goes on at `from`; `None` where it is long. `at`: how far that has been read.
fn rest(window: &Window, from: u64, at: &mut u64) -> Result<Option<u64>, Unknown> {
    let mut end = *at;
    loop {
        if end - from >= MAX_REST {
            return Ok(None);
        }
        match assignment::byte(window, end, end) {
            Ok(Some(byte)) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') => end += 1,
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
    let words = rest.split(|byte| matches!(byte, b'_' | b'-' | b'.') || byte.is_ascii_digit());
    words.into_iter().all(|word| REST.iter().any(|one| word.eq_ignore_ascii_case(one)))
}
