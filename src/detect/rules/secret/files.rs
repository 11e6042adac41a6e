//! Files of credentials: `.netrc`, `.pgpass`, PuTTY's keys, NuGet's configuration.

use super::secret;
use super::value::is_placeholder;
use crate::class::Confidence;
use crate::detect::assignment::{self, Unknown};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

/// Bytes of one field, at most.
const MAX_FIELD: u64 = 128;
/// Bytes of the number of lines, and of the end of that line, at most.
const MAX_COUNT: u64 = 8;
/// Bytes of a key, at most.
const MAX_KEY: u64 = 4096;

pub(super) const NETRC: Rule = secret(
    "secret.netrc",
    "password of a .netrc file",
    "The .netrc file, GNU inetutils manual; curl(1), option --netrc",
    Detector { starts_at_anchor: false, ..Detector::new(&[b"machine "], verify_netrc) },
    &[
        example("machine api.example login alice password r4inydAy\n", "r4inydAy"),
        example("machine api.example\n  login alice\n  password r4inydAy\n", "r4inydAy"),
    ],
    &[
        "the machine which we login to has a password",
        "machine api.example login alice password <password>",
        "machine api.example login",
    ],
);

pub(super) const PGPASS: Rule = secret(
    "secret.pgpass",
    "password of a PostgreSQL password file",
    "PostgreSQL documentation, The Password File",
    Detector { starts_at_anchor: false, ..Detector::new(&[b":5432:"], verify_pgpass) },
    &[example("db.example:5432:shop:alice:r4inydAy\n", "r4inydAy")],
    &[
        "hostname:port:database:username:password",
        "db.example:5432:5432",
        "db.example:5432:shop:alice:password",
    ],
);

pub(super) const PUTTY_KEY: Rule = secret(
    "secret.putty-key",
    "private key in PuTTY's format",
    "PuTTY user manual, appendix C: PPK file format",
    Detector { starts_at_anchor: false, ..Detector::new(&[b"Private-Lines: "], verify_putty) },
    &[example(
        "Private-Lines: 2\nAAAAgQC7q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5AAAAgQC7q7ZtR2mXv9\nq7ZtR2mXv9LpK4sW\nPrivate-MAC: 00\n",
        "AAAAgQC7q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5AAAAgQC7q7ZtR2mXv9\nq7ZtR2mXv9LpK4sW",
    )],
    &["Private-Lines: none of them", "Public-Lines: 4\nAAAAB3NzaC1yc2EAAAADAQABAAABgQ"],
);

pub(super) const NUGET: Rule = secret(
    "secret.nuget-password",
    "password in NuGet's configuration",
    "NuGet documentation, nuget.config reference: packageSourceCredentials",
    Detector {
        any_case: true,
        starts_at_anchor: false,
        ..Detector::new(&[b"ClearTextPassword\""], verify_nuget)
    },
    &[example("<add key=\"ClearTextPassword\" value=\"Weathervane\" />", "Weathervane")],
    &[
        "<add key=\"ClearTextPassword\" value=\"%FEED_PASSWORD%\" />",
        "<add key=\"ClearTextPassword\" value=\"abc\" />",
        "<add key=\"ClearTextPassword\" value=\"Weathervane",
    ],
);

fn verify_nuget(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    or_more(nuget(window, hit, progress))
}

fn nuget(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Option<(u64, u64)>, Unknown> {
    let Some(start) = assignment::value(window, hit.end - 1, |_| false)? else { return Ok(None) };
    let Some(end) = assignment::end(window, start, &mut progress.at, MAX_FIELD)? else { return Ok(None) };
    let value = window.slice(start.at, end);
    let is_variable = value.first() == Some(&b'%') && value.last() == Some(&b'%');
    let is_closed = start.quote.is_some() && assignment::byte(window, end, start.at)? == start.quote;
    Ok((is_closed && value.len() >= 6 && !is_variable).then_some((start.at, end)))
}

fn or_more(read: Result<Option<(u64, u64)>, Unknown>) -> Verdict {
    match read {
        Ok(Some((start, end))) => Verdict::Match { start, end, confidence: Confidence::High },
        Ok(None) => Verdict::No,
        Err(unknown) => unknown.into(),
    }
}

fn verify_netrc(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    or_more(netrc(window, hit))
}

fn netrc(window: &Window, hit: &Hit) -> Result<Option<(u64, u64)>, Unknown> {
    let mut at = hit.end;
    for wanted in [&b""[..], b"login", b"", b"password", b""] {
        let start = skip(window, at, MAX_FIELD, at, |byte| byte.is_ascii_whitespace())?;
        let end = skip(window, start, MAX_FIELD, start, |byte| byte.is_ascii_graphic())?;
        let word = window.slice(start, end);
        if word.is_empty() || !wanted.is_empty() && word != wanted {
            return Ok(None);
        }
        (at, _) = (end, start);
        if wanted.is_empty() && window.slice(hit.end, start).windows(8).any(|word| word == b"password") {
            return Ok((!is_placeholder(word)).then_some((start, end)));
        }
    }
    Ok(None)
}

fn verify_pgpass(window: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    or_more(pgpass(window, hit))
}

fn pgpass(window: &Window, hit: &Hit) -> Result<Option<(u64, u64)>, Unknown> {
    let mut at = hit.end;
    for _ in 0..2 {
        let end = skip(window, at, MAX_FIELD, at, |byte| byte.is_ascii_graphic() && byte != b':')?;
        if end == at || assignment::byte(window, end, end)? != Some(b':') {
            return Ok(None);
        }
        at = end + 1;
    }
    let end = skip(window, at, MAX_FIELD, at, |byte| byte.is_ascii_graphic() && byte != b':')?;
    let after = assignment::byte(window, end, at)?;
    let value = window.slice(at, end);
    let is_one =
        value.len() >= 4 && after.is_none_or(|byte| byte.is_ascii_whitespace()) && !is_placeholder(value);
    Ok(is_one.then_some((at, end)))
}

fn verify_putty(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    or_more(putty(window, hit, progress))
}

fn putty(window: &Window, hit: &Hit, progress: &mut Progress) -> Result<Option<(u64, u64)>, Unknown> {
    let is_count = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'\r' | b'\n');
    let start = skip(window, hit.end, MAX_COUNT, hit.end, is_count)?;
    let mut end = progress.at.max(start);
    while end - start < MAX_KEY {
        match assignment::byte(window, end, start) {
            Ok(Some(byte))
                if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n') =>
            {
                end += 1;
            }
            Ok(_) => break,
            Err(unknown) => {
                progress.at = end;
                return Err(unknown);
            }
        }
    }
    // Without the name of the next header.
    let lines = window.slice(start, end);
    let lines =
        lines.iter().rposition(|byte| *byte == b'\n').and_then(|last| lines.get(..last)).unwrap_or(lines);
    let lines = lines.trim_ascii_end();
    Ok((lines.len() >= 40).then_some((start, start + lines.len() as u64)))
}

/// The end of the bytes of a kind.
fn skip(window: &Window, at: u64, most: u64, from: u64, is_one: fn(u8) -> bool) -> Result<u64, Unknown> {
    for at in at..at + most {
        if !assignment::byte(window, at, from)?.is_some_and(is_one) {
            return Ok(at);
        }
    }
    Ok(at + most)
}
