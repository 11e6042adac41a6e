//! `secret.url-password`: `postgres://name:password@host`, `https://token@host`.

use super::secret;
use super::value::{Kind, is_placeholder, is_secret, is_usual};
use crate::class::Confidence;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};

/// Bytes between `://` and `@`, at most.
const MAX_USER: u64 = 320;
/// Bytes of a scheme that are looked at.
const LOOK_BACK: u64 = 20;

/// Schemes of databases and queues: who writes a password there means it.
const STORES: [&[u8]; 38] = [
    b"postgres",
    b"postgresql",
    b"mysql",
    b"mariadb",
    b"mongodb",
    b"srv",
    b"redis",
    b"rediss",
    b"amqp",
    b"amqps",
    b"mssql",
    b"sqlserver",
    b"psycopg2",
    b"clickhouse",
    b"pymysql",
    b"oracle",
    b"snowflake",
    b"cockroachdb",
    b"cassandra",
    b"scylla",
    b"neo4j",
    b"bolt",
    b"singlestore",
    b"redshift",
    b"db2",
    b"trino",
    b"influxdb",
    b"couchbase",
    b"nats",
    b"mqtt",
    b"mqtts",
    b"stomp",
    b"ldap",
    b"ldaps",
    b"smtp",
    b"smtps",
    b"sftp",
    b"socks5",
];
pub(super) const RULE: Rule = secret(
    "secret.url-password",
    "password or token in an address, with or without a name",
    "RFC 3986 section 3.2.1; PostgreSQL, MongoDB, RFC 7617 and others' connection addresses",
    Detector { starts_at_anchor: false, look_back: LOOK_BACK, ..Detector::new(&[b"://"], verify) },
    &[
        example("postgres://app:r4inY-dAy9@db.internal:5432/app", "r4inY-dAy9"),
        example("mongodb+srv://app:weathervane@cluster0.example/db", "weathervane"),
        example("https://alice:r4inY!dAy@git.example/a.git", "r4inY!dAy"),
        example("https://q7ZtR2mXv9LpK4sWn8Bd@git.example/a.git", "q7ZtR2mXv9LpK4sWn8Bd"),
        example("neo4j+s://app:weathervane@db.example", "weathervane"),
        example("mysql+pymysql://app:weathervane@db/app", "weathervane"),
        example("redis://:q7ZtR2mXv9LpK4sW@cache:6379/0", "q7ZtR2mXv9LpK4sW"),
    ],
    &[
        "postgres://user:password@localhost/db",
        "https://example.com:8080/a@b",
        "https://${USER}:${PASSWORD}@example.com",
        "ftp://anonymous:anonymous@ftp.example",
        "mysql://root:root@localhost",
        "https://user@example.com",
        "https://name:word@example.com",
        "http://[::1]:80/a:b@c",
    ],
);

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    // `progress.note` is one more than the distance of the colon.
    loop {
        let at = progress.at;
        if at - hit.end > MAX_USER {
            return Verdict::No;
        }
        match window.ahead(at) {
            Ahead::Byte(b'@') => return judge(window, hit, at, progress.note),
            Ahead::Byte(b':') if progress.note == 0 => progress.note = (at - hit.end) as u32 + 1,
            Ahead::Byte(byte) if is_user(byte) => {}
            Ahead::Unknown => return Verdict::More { from: hit.end },
            Ahead::Byte(_) | Ahead::End => return Verdict::No,
        }
        progress.at += 1;
    }
}

fn judge(window: &Window, hit: &Hit, end: u64, colon: u32) -> Verdict {
    match window.ahead(end + 1) {
        Ahead::Byte(byte) if byte.is_ascii_alphanumeric() || byte == b'[' => {}
        Ahead::Unknown => return Verdict::More { from: hit.end },
        Ahead::Byte(_) | Ahead::End => return Verdict::No,
    }
    let start = hit.end + u64::from(colon);
    let value = window.slice(start, end);
    let name = window.slice(hit.end, start.saturating_sub(1).max(hit.end));
    let scheme = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
    // `mysql+pymysql`, `neo4j+s`.
    let scheme = scheme.rsplit(|byte| !byte.is_ascii_alphanumeric() && *byte != b'+').next();
    let mut parts = scheme.unwrap_or_default().split(|byte| *byte == b'+');
    let is_store = parts.any(|part| STORES.iter().any(|store| part.eq_ignore_ascii_case(store)));
    let is_hex = |text: &[u8]| text.len() >= 8 && text.iter().all(u8::is_ascii_hexdigit);
    let is_usual = value == name || is_usual(value) || is_placeholder(value);
    let is_one = match colon {
        0 => value.len() >= 16 && is_secret(value, Kind::Token, true),
        _ => {
            !is_usual
                && (is_secret(value, Kind::Password, true)
                    || is_secret(value, Kind::Token, true)
                    || is_store && value.len() >= 6
                    || is_hex(value) && is_hex(name))
        }
    };
    match is_one {
        true => Verdict::Match { start, end, confidence: Confidence::High },
        false => Verdict::No,
    }
}

/// RFC 3986 `userinfo`, without a template's braces.
fn is_user(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'*'
                | b'+'
                | b';'
                | b'='
                | b'%'
                | b'^'
                | b':'
                | b'#'
        )
}
