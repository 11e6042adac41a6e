//! `verify-token`: whether tokens are good under given keys.

use super::{Failure, Outcome, input};
use crate::identity::{
    Algorithm, Audiences, ClaimMap, ClaimName, DEFAULT_CLOCK_SKEW, Issuer, KeySet, verify, verify_as,
    verify_signature_only,
};
use crate::reason::Reason;
use clap::Args;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;

/// Verifies a token, or with `--jsonl` many, as the filter does.
///
/// One token: prints `{"verdict":"accept"|"refuse","reason":…}`; the exit status is 1 when it is refused.
#[derive(Args)]
pub(super) struct Arguments {
    /// The key set (RFC 7517). With `--jsonl` a line may bring its own.
    #[arg(long, value_name = "FILE", required_unless_present = "jsonl")]
    jwks: Option<PathBuf>,
    /// What `iss` must say; without it any issuer, or none, is taken.
    #[arg(long, value_name = "I")]
    issuer: Option<String>,
    /// What `aud` must hold, one of these; without it any.
    #[arg(long, value_name = "A")]
    audience: Vec<String>,
    /// The time of the verdict in Unix seconds; without it now.
    #[arg(long, value_name = "UNIXTIME")]
    at: Option<u64>,
    /// Judge header, key and signature, and read no claims: issuer, audience and time do not matter.
    #[arg(long)]
    signature_only: bool,
    /// Each line of the input is `{"id":…, "text":…}`, optionally with `jwks` (an object or a text) and `at`, and
    /// is answered with `{"id":…, "verdict":…, "reason":…}`.
    #[arg(long)]
    jsonl: bool,
    /// The token; standard input where it is absent or `-`.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Answer {
    verdict: &'static str,
    reason: Option<&'static str>,
}

impl From<Result<(), Reason>> for Answer {
    fn from(verdict: Result<(), Reason>) -> Answer {
        Answer {
            verdict: if verdict.is_ok() { "accept" } else { "refuse" },
            reason: verdict.err().map(Reason::code),
        }
    }
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write, now: fn() -> u64) -> Result<Outcome, Failure> {
    let keys = match &arguments.jwks {
        None => None,
        Some(file) => {
            let set = KeySet::parse(&input::read(Some(file))?);
            Some(set.map_err(|error| Failure::at(&input::name(Some(file)), error))?)
        }
    };
    let judge = Judge {
        issuer: issuer(arguments)?,
        is_named: arguments.issuer.is_some(),
        signature_only: arguments.signature_only,
    };
    let at = arguments.at.unwrap_or_else(now);
    let file = arguments.file.as_deref();
    if !arguments.jsonl {
        let text = input::read(file)?;
        let verdict = match std::str::from_utf8(text.trim_ascii()) {
            Ok(token) => judge.verdict(token, keys.as_ref(), at),
            Err(_) => Err(Reason::TokenMalformed),
        };
        serde_json::to_writer(&mut *out, &Answer::from(verdict)).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(if verdict.is_ok() { Outcome::Yes } else { Outcome::No });
    }
    input::answer_lines(file, out, |line| {
        let token = line.text("text")?.ok_or("`text` is missing")?;
        let at = line.number("at")?.unwrap_or(at);
        let own = match line.get("jwks") {
            None => None,
            Some(Value::String(text)) => Some(KeySet::parse(text.as_bytes())),
            Some(Value::Object(_)) => Some(KeySet::parse(&line.raw("jwks").unwrap_or_default())),
            Some(_) => return Err("`jwks` is neither an object nor a text".to_owned()),
        };
        let verdict = match own {
            // As for the filter: a key set that cannot be used is no key set.
            Some(own) => judge.verdict(token, own.ok().as_ref(), at),
            None if keys.is_some() => judge.verdict(token, keys.as_ref(), at),
            None => return Err("`jwks` is missing, and so is --jwks".to_owned()),
        };
        Ok(Answer::from(verdict))
    })?;
    Ok(Outcome::Yes)
}

struct Judge {
    issuer: Issuer,
    /// Only this issuer's tokens are taken.
    is_named: bool,
    signature_only: bool,
}

impl Judge {
    fn verdict(&self, token: &str, keys: Option<&KeySet>, at: u64) -> Result<(), Reason> {
        if self.signature_only {
            return verify_signature_only(token, keys, &());
        }
        let verified = match self.is_named {
            true => verify(token, std::slice::from_ref(&self.issuer), |_| keys, &(), at),
            false => verify_as(token, &self.issuer, keys, at),
        };
        verified.map(|_| ()).map_err(|refusal| refusal.reason)
    }
}

fn issuer(arguments: &Arguments) -> Result<Issuer, Failure> {
    Ok(Issuer {
        name: "issuer".to_owned(),
        issuer: arguments.issuer.clone().unwrap_or_default(),
        audiences: match arguments.audience.is_empty() {
            true => Audiences::Unchecked,
            false => Audiences::OneOf(arguments.audience.clone()),
        },
        algorithms: Algorithm::ALL.to_vec(),
        clock_skew: DEFAULT_CLOCK_SKEW,
        max_lifetime: None,
        claims: ClaimMap {
            subject: ClaimName::parse("sub").map_err(|error| Failure::new(error.to_string()))?,
            groups: None,
            tenant: None,
        },
    })
}
