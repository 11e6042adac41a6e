//! `secret.command-password` (`sshpass -p …`, `mysql -p…`) and `secret.argument` (`auth=("name", "password")`,
//! `Client("token")`): what a position says, and no name.

use super::secret;
use super::value::{Kind, is_placeholder, is_secret};
use crate::class::Confidence;
use crate::detect::assignment::{self, By, Start, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes in front of an option in which its command stands.
const MAX_COMMAND: u64 = 96;
/// Bytes of a value, at most.
const MAX_VALUE: u64 = 512;
/// Bytes in front of the argument that may be one, at most: other arguments.
const MAX_BEFORE: u64 = 96;
/// Bytes of an argument that nothing else says is a credential, at least.
const MIN_TOKEN: usize = 20;

/// The commands that give a password to ` -p`, ` -P `, ` -a ` and ` -w `.
const OPTIONS: [&[&[u8]]; 4] = [
    &[
        b"sshpass",
        b"mysql",
        b"mysqldump",
        b"mysqladmin",
        b"mariadb",
        b"docker login",
        b"podman login",
        b"registry login",
        b"mongo",
        b"mongosh",
        b"mongodump",
        b"conan user",
        b"az login",
        b"oc login",
        b"conjur login",
    ],
    &[b"sqlcmd", b"bcp", b"mosquitto_pub", b"mosquitto_sub"],
    &[b"redis-cli", b"valkey-cli"],
    &[b"ldapsearch", b"ldapmodify", b"ldapadd", b"ldapwhoami"],
];

pub(super) const PASSWORD: Rule = secret(
    "secret.command-password",
    "password in an option of a command: sshpass, mysql, redis-cli, sqlcmd, ldapsearch, docker login and others",
    "sshpass(1); mysql, Command Options for Connecting; redis-cli, --help; sqlcmd utility; ldapsearch(1)",
    Detector {
        starts_at_anchor: false,
        look_back: MAX_COMMAND,
        ..Detector::new(&[b" -p", b" -P ", b" -a ", b" -w "], verify_password)
    },
    &[
        example("sshpass -p 'r4inY-dAy9' ssh root@db", "r4inY-dAy9"),
        example("mysql -h db -u root -pr4inYdAy97 app", "r4inYdAy97"),
        example("redis-cli -h cache -a q7ZtR2mXv9LpK4sWn8Bd ping", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("sqlcmd -S db -U sa -P \"r4inY-dAy9\" -Q x", "r4inY-dAy9"),
    ],
    &[
        "mysql -u root -p app2",
        "mysql -p\"$DB_PASSWORD2\"",
        "docker run -p 8080:80b1Aa2",
        "mkdir -p /srv/r4inY-dAy9",
        "sshpass -p $PASSWORD2 ssh root@db",
    ],
);

const CALLS: [&[u8]; 12] = [
    b"auth=(",
    b"Auth(",
    b"login(",
    b"Credentials(",
    b"auth(",
    b"Client(",
    b"API(",
    b"Api(",
    b"Handler(",
    b"connect(",
    b"Impl(",
    b"sign(",
];
/// How many of the calls take a name and a password.
const PAIRS: u16 = 5;

pub(super) const ARGUMENT: Rule = secret(
    "secret.argument",
    "password or token that is an argument of a call: auth=(name, password), Client(token)",
    "Requests documentation, Authentication; OWASP, Use of hard-coded credentials (CWE-798)",
    Detector { starts_at_anchor: false, ..Detector::new(&CALLS, verify_argument) },
    &[
        example("requests.get(url, auth=(\"alice\", \"r4inY-dAy9\"))", "r4inY-dAy9"),
        example("HTTPBasicAuth('alice', 'r4inY-dAy9')", "r4inY-dAy9"),
        example("client = AcmeClient(\"q7ZtR2mXv9LpK4sWn8Bd\")", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("new AcmeApi(url, '5f8c0d3e9b7a4c61f2e8d07b')", "5f8c0d3e9b7a4c61f2e8d07b"),
    ],
    &[
        "auth=(\"user\", \"password\")",
        "auth=(name, word)",
        "login(\"alice\", password)",
        "Client(\"https://a.example/v1/x2\")",
        "AcmeApi(\"acme-service-v2-production-9\")",
    ],
);

fn verify_password(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    password(window, hit, progress).unwrap_or_else(Verdict::from)
}

fn password(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    if progress.note == 0 {
        let text = window.slice(hit.start.saturating_sub(MAX_COMMAND), hit.start);
        let line = text.rsplit(|byte| matches!(byte, b'\n' | b'|' | b';')).next().unwrap_or_default();
        let commands = OPTIONS.get(usize::from(hit.nth)).copied().unwrap_or_default();
        let is_there = |command: &&[u8]| line.windows(command.len()).any(|here| here == *command);
        if !commands.iter().any(is_there) {
            return Ok(Verdict::No);
        }
        // It need not be looked for again.
        progress.note = 1;
    }
    let mut at = hit.end;
    if hit.nth == 0 && assignment::byte(window, at, at)? == Some(b' ') {
        at += 1;
    }
    let quote = assignment::byte(window, at, at)?.filter(|byte| matches!(byte, b'"' | b'\''));
    let start = Start { at: at + u64::from(quote.is_some()), quote, by: By::Blank };
    progress.at = progress.at.max(start.at);
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_VALUE)? else {
        return Ok(Verdict::No);
    };
    let value = window.slice(start.at, end);
    let is_one = is_secret(value, Kind::Password, true) || is_secret(value, Kind::Token, true);
    Ok(match is_one && value.len() >= 8 {
        true => Verdict::Match { start: start.at, end, confidence: Confidence::High },
        false => Verdict::No,
    })
}

fn verify_argument(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    argument(window, hit, progress).unwrap_or_else(Verdict::from)
}

/// `progress.note` counts the arguments that have been read; above that, what has been read of the next one.
fn argument(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Verdict, Unknown> {
    let is_pair = hit.nth < PAIRS;
    loop {
        let at = progress.at;
        let Some(first) = assignment::byte(window, at, at)? else { return Ok(Verdict::No) };
        if !matches!(first, b'"' | b'\'') {
            let goes_on = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'.' | b',' | b' ');
            if !goes_on || at - hit.end > MAX_BEFORE {
                return Ok(Verdict::No);
            }
            progress.note += u32::from(first == b',');
            progress.at += 1;
            continue;
        }
        let start = Start { at: at + 1, quote: Some(first), by: By::Comma };
        let mut end = start.at + u64::from(progress.note >> 8);
        let read = assignment::end(window, start, &mut end, MAX_VALUE);
        let nth = progress.note & 0xff;
        progress.note = nth | ((end - start.at) as u32) << 8;
        let Some(end) = read? else { return Ok(Verdict::No) };
        let value = window.slice(start.at, end);
        if assignment::byte(window, end, start.at)? != Some(first) {
            return Ok(Verdict::No);
        }
        let is_token = is_secret(value, Kind::Token, true) && value.len() >= MIN_TOKEN;
        // Who is given two keys is given both.
        if is_token && is_pair && nth == 0 {
            *progress = Progress { at: end + 1, note: nth };
            return Ok(Verdict::Part { start: start.at, end, confidence: Confidence::Medium });
        }
        let is_second = nth == 1 && is_pair;
        if is_token || is_second && is_secret(value, Kind::Password, true) && !is_placeholder(value) {
            return Ok(Verdict::Match { start: start.at, end, confidence: Confidence::Medium });
        }
        if end - hit.end > MAX_BEFORE {
            return Ok(Verdict::No);
        }
        *progress = Progress { at: end + 1, note: nth };
    }
}
