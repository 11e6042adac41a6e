//! The configuration: as written ([`raw`]) → as the filter uses it ([`Config`]). What compiles cannot fail later.
//!
//! A configuration is refused as a whole, with every problem at once: where, what, and what to write instead. It is
//! immutable and shared; every exchange keeps the one it began with.

mod compile;
pub mod problem;
pub mod raw;
mod read;
pub mod values;

use crate::identity::{Issuer, KeySet};
use crate::policy::{Matcher, Rules, Target, is_plain_path};
use crate::protocol::json::{Document, Kind, Limits as JsonLimits, NodeId};
use crate::redact::Actions;
use problem::{Problem, Problems};
use raw::{Disposition, WhenUnavailable};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A configuration that was checked.
pub struct Config {
    /// SHA-256 of its text, which records carry.
    pub digest: [u8; 32],
    /// Who may prove to be whom.
    pub identity: Identity,
    /// In the order in which they are tried.
    pub routes: Vec<Arc<Route>>,
    /// What happens to a request that no route matches.
    pub unmatched: Disposition,
    /// Where records go besides the access log.
    pub otlp: Option<Otlp>,
    /// The environment variable that holds the key of the records' chain.
    pub chain_key_env: Option<String>,
    /// Whether the host holds request and response heads while bodies are judged.
    pub hold_headers: bool,
}

/// Who may prove to be whom.
pub struct Identity {
    /// One more header in which a token may come, in lower case.
    pub header: Option<String>,
    /// The issuers; their positions are those of `keys`.
    pub issuers: Vec<Issuer>,
    /// Where each issuer's keys come from.
    pub keys: Vec<KeySource>,
    /// The headers that carry the verified identity to the upstream, in lower case.
    pub forward: Forward,
}

/// Where an issuer's keys come from.
pub enum KeySource {
    /// The configuration.
    Inline(KeySet),
    /// A URI.
    Remote(RemoteKeys),
}

/// A key set that is fetched. Times are in seconds.
#[derive(Debug, Clone)]
pub struct RemoteKeys {
    /// The Envoy cluster.
    pub cluster: String,
    /// The URI's authority.
    pub authority: String,
    /// The URI's path and query.
    pub path: String,
    /// How often it is fetched again.
    pub refresh: u64,
    /// How long a set stays in use when it cannot be fetched again.
    pub max_age: u64,
}

/// Header names for the verified identity, in lower case.
#[derive(Debug, Clone, Default)]
pub struct Forward {
    /// Carries the subject.
    pub subject: Option<String>,
    /// Carries the groups, joined with commas.
    pub groups: Option<String>,
    /// Carries the tenant.
    pub tenant: Option<String>,
}

impl Forward {
    /// The names that are configured.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.subject, &self.groups, &self.tenant].into_iter().flatten().map(String::as_str)
    }
}

/// One route.
pub struct Route {
    /// How records and metrics name it.
    pub name: String,
    /// Which requests it is about.
    pub matcher: Matcher,
    /// What applies to them.
    pub access: Access,
}

/// What applies to a route's requests.
pub enum Access {
    /// Nothing: they pass unguarded.
    Public,
    /// Identity, policy and guard.
    Guarded(Arc<Guarded>),
}

/// What applies on a guarded route.
pub struct Guarded {
    /// Verdicts of policy and guard are recorded and have no effect.
    pub observe: bool,
    /// Who may do what.
    pub rules: Rules,
    /// The name of the guard, for `explain`.
    pub guard: Option<String>,
    /// What is done about findings in requests.
    pub request: Arc<Actions>,
    /// What is done about findings in answers.
    pub response: Arc<Actions>,
    /// What happens to content that is not understood.
    pub unsupported: Disposition,
    /// What happens to CORS preflight requests.
    pub cors_preflight: Disposition,
    /// Bounds on sizes.
    pub limits: Limits,
}

/// Bounds on sizes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest request body.
    pub request_body: usize,
    /// The largest answer that is not a stream.
    pub response_body: usize,
    /// The most that is held back of one stream, and that its lanes take beyond 1 MiB.
    pub held: usize,
}

/// What a limit is where the configuration does not say. Twice Envoy's default buffer, so the shipped Envoy
/// configurations raise that.
pub const DEFAULT_LIMITS: Limits = Limits { request_body: 2 << 20, response_body: 2 << 20, held: 1 << 20 };

/// An OpenTelemetry collector.
#[derive(Debug, Clone)]
pub struct Otlp {
    /// The Envoy cluster.
    pub cluster: String,
    /// What happens when no more can be kept for it.
    pub when_unavailable: WhenUnavailable,
    /// The most records that wait.
    pub max_records: usize,
    /// The most bytes of records that wait.
    pub max_bytes: usize,
}

/// What a request meets.
pub enum Matched {
    /// A route.
    Route(Arc<Route>),
    /// No route, and what happens then.
    Nothing(Disposition),
}

impl Config {
    /// Reads and checks a configuration in JSON.
    pub fn from_json(text: &[u8]) -> Result<Config, Problems> {
        let document: Value = serde_json::from_slice(text).map_err(|error| {
            Problems(vec![Problem::new(
                "",
                format!("not JSON: {error}"),
                "the configuration is one JSON object",
            )])
        })?;
        let mut problems = duplicate_keys(text);
        let config = compile::compile(document, Sha256::digest(text).into(), &mut problems);
        problems.sort();
        problems.dedup();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(Problems(problems)),
        }
    }

    /// The first route that matches. A path that different readers read differently can only meet guarded ones.
    pub fn route(&self, target: &Target<'_>) -> Matched {
        let is_plain = || is_plain_path(target.path);
        let meets = |route: &&Arc<Route>| {
            route.matcher.matches(target) && (matches!(route.access, Access::Guarded(_)) || is_plain())
        };
        match self.routes.iter().find(meets) {
            Some(route) => Matched::Route(route.clone()),
            None if is_plain() => Matched::Nothing(self.unmatched),
            None => Matched::Nothing(Disposition::Deny),
        }
    }

    /// Whether it matters by which of its routes Envoy sends a request.
    pub fn matches_by_route(&self) -> bool {
        self.routes.iter().any(|route| route.matcher.route.is_some())
    }

    /// The route of this name.
    pub fn route_named(&self, name: &str) -> Option<&Arc<Route>> {
        self.routes.iter().find(|route| route.name == name)
    }
}

/// A JSON object may say a key twice; whoever reads a policy then sees the one and the filter the other.
fn duplicate_keys(text: &[u8]) -> Vec<Problem> {
    let Ok(document) = Document::parse(text, JsonLimits::default()) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    find_duplicates(&document, document.root(), String::new(), &mut problems);
    problems
}

fn find_duplicates(document: &Document<'_>, node: NodeId, path: String, problems: &mut Vec<Problem>) {
    let mut keys = Vec::new();
    for (position, (key, child)) in document.children(node).enumerate() {
        let child_path = match key.and_then(|key| document.as_str(key)) {
            Some(key) if path.is_empty() => key.into_owned(),
            Some(key) => format!("{path}.{key}"),
            None => format!("{path}[{position}]"),
        };
        find_duplicates(document, child, child_path.clone(), problems);
        keys.push(child_path);
    }
    if document.kind(node) == Kind::Object {
        keys.sort();
        let twice = keys.iter().zip(keys.iter().skip(1)).filter(|(a, b)| a == b);
        problems.extend(twice.map(|(key, _)| Problem::new(key.clone(), "stands twice", "keep one of them")));
    }
}

#[cfg(test)]
mod tests;
