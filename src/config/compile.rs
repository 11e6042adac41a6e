//! Raw → compiled: what the values mean. Collects every problem; never stops at one.

mod detect;
mod guards;
mod identity;
mod routes;

use super::problem::{Problem, known};
use super::raw::WhenUnavailable;
use super::read::read;
use super::{Config, Otlp, raw};
use crate::glob::Glob;
use serde_json::Value;
use std::collections::BTreeSet;

/// No body that is judged as a whole is larger: it is kept in memory beside its copy.
const MAX_BODY: u64 = 64 << 20;
/// Envoy's name of a cluster must fit the shortest protobuf length; see `host::calls`.
const MAX_CLUSTER_NAME: usize = 120;

const DEFAULT_RECORDS: u32 = 10_000;
const DEFAULT_RECORD_BYTES: u64 = 8 << 20;
/// Bytes of records that must be able to wait where no evidence means no answer.
const MIN_EVIDENCE: u64 = 1 << 20;

/// Checks a document. What it returns is only to be used when there are no problems.
pub(super) fn compile(document: Value, digest: [u8; 32], problems: &mut Vec<Problem>) -> Option<Config> {
    let names_of_guards: BTreeSet<String> = document
        .get("guards")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|m| m.keys().cloned())
        .collect();
    let reading = read(document);
    problems.extend(reading.problems);
    let raw = reading.raw?;
    let mut check = Check { problems: Vec::new() };
    let catalogue = check.catalogue(&raw.detect);
    let identity = check.identity(&raw.identity);
    let issuers: Vec<&str> = raw.identity.issuers.iter().map(|issuer| issuer.name.as_str()).collect();
    let routes = catalogue.map(|catalogue| {
        let levels = check.levels(&raw.classification.levels, &catalogue);
        let guards = check.guards(&raw.guards, &catalogue, &levels);
        check.routes(&raw.routes, &names_of_guards, &guards, &issuers)
    });
    if raw.audit.chain_key_env.as_ref().is_some_and(String::is_empty) {
        let help = "write the name of an environment variable, or leave it out";
        check.problem("audit.chain_key_env", "is empty", help);
    }
    let otlp = raw.audit.otlp.as_ref().map(|otlp| check.otlp(otlp));
    problems.extend(
        check
            .problems
            .into_iter()
            .map(|found| Problem { path: reading.cuts.as_written(&found.path), ..found }),
    );
    Some(Config {
        digest,
        identity,
        routes: routes?,
        unmatched: raw.unmatched,
        otlp,
        chain_key_env: raw.audit.chain_key_env.clone(),
        hold_headers: raw.host.hold_headers,
    })
}

struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn problem(&mut self, path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(path, message, help));
    }

    fn otlp(&mut self, raw: &raw::Otlp) -> Otlp {
        let max_records = raw.max_records.unwrap_or(DEFAULT_RECORDS);
        if max_records == 0 {
            self.problem("audit.otlp.max_records", "is 0, so no record could wait", "write at least 1");
        }
        let max_bytes = raw.max_bytes.map_or(DEFAULT_RECORD_BYTES, |size| size.0);
        if !(65_536..=MAX_BODY).contains(&max_bytes) {
            self.problem(
                "audit.otlp.max_bytes",
                format!("{max_bytes} bytes are out of range"),
                "write 64KiB to 64MiB",
            );
        }
        if raw.when_unavailable == WhenUnavailable::Deny && max_bytes < MIN_EVIDENCE {
            self.problem(
                "audit.otlp.max_bytes",
                "is too little for `when_unavailable: deny`: a few open exchanges would refuse all others",
                "write at least 1MiB",
            );
        }
        Otlp {
            cluster: self.cluster("audit.otlp.cluster", &raw.cluster),
            when_unavailable: raw.when_unavailable,
            max_records: max_records as usize,
            max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        }
    }

    fn cluster(&mut self, path: &str, name: &str) -> String {
        if name.is_empty() || name.len() > MAX_CLUSTER_NAME {
            let help = format!("write the name of an Envoy cluster, at most {MAX_CLUSTER_NAME} bytes");
            self.problem(path, format!("`{name}` cannot be used as a cluster's name"), help);
        }
        name.to_owned()
    }

    /// RFC 9110 section 5.6.2; pseudo-headers and `host` are not to be set.
    fn header_name(&mut self, path: &str, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if lower.is_empty()
            || !lower.bytes().all(fits)
            || ["host", "content-length", "te"].contains(&lower.as_str())
        {
            let help = "write a name such as `x-portcullis-subject`";
            self.problem(path, format!("`{name}` cannot be used as a header's name"), help);
        }
        lower
    }

    fn not_empty(&mut self, path: &str, names: &[String]) {
        if names.is_empty() {
            self.problem(
                path,
                "is empty, so nothing fits it",
                "name something, or remove the list to fit everything",
            );
        }
    }

    fn unique<'a>(&mut self, path: &str, what: &str, names: impl Iterator<Item = &'a str>) {
        let mut taken = BTreeSet::new();
        for name in names {
            if name.is_empty() {
                self.problem(path, format!("a {what} is empty"), "records need a name");
            } else if !taken.insert(name) {
                self.problem(path, format!("{what} `{name}` stands twice"), "give each its own");
            }
        }
    }

    /// A name that can never fit is a slip of the pen.
    fn names_something(&mut self, path: &str, what: &str, names: Option<&[String]>, all: &[&str]) {
        for (index, name) in names.unwrap_or_default().iter().enumerate() {
            let glob = Glob::new(name);
            if !all.iter().any(|one| glob.matches(one)) {
                let help = known(name, all.iter().copied());
                self.problem(format!("{path}[{index}]"), format!("unknown {what} `{name}`"), help);
            }
        }
    }
}
