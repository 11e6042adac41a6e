//! Raw → compiled: what the values mean. Collects every problem; never stops at one.

use super::problem::{Problem, known};
use super::raw::{self, Mode};
use super::read::read;
use super::{
    Access, Config, DEFAULT_LIMITS, Forward, Guarded, Identity, KeySource, Limits, Otlp, RemoteKeys, Route,
    globs,
};
use crate::class::{Action, Direction};
use crate::detect::Catalogue;
use crate::glob::Glob;
use crate::identity::{Algorithm, Audiences, ClaimMap, ClaimName, DEFAULT_CLOCK_SKEW, Issuer, KeySet};
use crate::policy::{Matcher, Rule, Rules, What, Who};
use crate::protocol::{APIS, OPERATIONS};
use crate::redact::Actions;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// No body that is judged as a whole is larger: it is kept in memory beside its copy.
const MAX_BODY: u64 = 64 << 20;
/// Envoy's name of a cluster must fit the shortest protobuf length; see `host::calls`.
const MAX_CLUSTER_NAME: usize = 120;

const DEFAULT_REFRESH: u64 = 300;
const DEFAULT_MAX_AGE: u64 = 86_400;
const DEFAULT_RECORDS: u32 = 10_000;
const DEFAULT_RECORD_BYTES: u64 = 8 << 20;

type Guards = BTreeMap<String, (Arc<Actions>, Arc<Actions>)>;

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
    let catalogue = match Catalogue::built_in() {
        Ok(catalogue) => Arc::new(catalogue),
        Err(error) => {
            problems.push(Problem::new(
                "",
                format!("the built-in rules do not compile: {error}"),
                "report this",
            ));
            return None;
        }
    };

    let mut check = Check { problems: Vec::new() };
    let identity = check.identity(&raw.identity);
    let issuers: Vec<&str> = raw
        .identity
        .issuers
        .iter()
        .map(|issuer| issuer.name.as_str())
        .collect();
    let guards = check.guards(&raw.guards, &catalogue);
    let routes = check.routes(&raw.routes, &names_of_guards, &guards, &catalogue, &issuers);
    let otlp = raw.audit.otlp.as_ref().map(|otlp| check.otlp(otlp));
    problems.extend(check.problems.into_iter().map(|found| Problem {
        path: reading.cuts.as_written(&found.path),
        ..found
    }));
    Some(Config {
        digest,
        identity,
        routes,
        unmatched: raw.unmatched,
        otlp,
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

    fn identity(&mut self, raw: &raw::Identity) -> Identity {
        let header = raw
            .header
            .as_ref()
            .map(|name| self.header_name("identity.header", name));
        let forward = Forward {
            subject: raw
                .forward
                .subject
                .as_ref()
                .map(|n| self.header_name("identity.forward.subject", n)),
            groups: raw
                .forward
                .groups
                .as_ref()
                .map(|n| self.header_name("identity.forward.groups", n)),
            tenant: raw
                .forward
                .tenant
                .as_ref()
                .map(|n| self.header_name("identity.forward.tenant", n)),
        };
        let mut taken = BTreeSet::new();
        for name in forward.names().map(str::to_owned).chain(header.clone()) {
            if !taken.insert(name.clone()) {
                self.problem(
                    "identity",
                    format!("header `{name}` is used twice"),
                    "give each its own name",
                );
            }
        }
        self.unique(
            "identity.issuers",
            "name",
            raw.issuers.iter().map(|issuer| issuer.name.as_str()),
        );
        self.unique(
            "identity.issuers",
            "issuer",
            raw.issuers.iter().map(|issuer| issuer.issuer.as_str()),
        );
        let mut issuers = Vec::new();
        let mut keys = Vec::new();
        for (index, issuer) in raw.issuers.iter().enumerate() {
            let path = format!("identity.issuers[{index}]");
            issuers.extend(self.issuer(&path, issuer));
            keys.extend(self.keys(&format!("{path}.jwks"), &issuer.jwks));
        }
        Identity {
            header,
            issuers,
            keys,
            forward,
        }
    }

    fn issuer(&mut self, path: &str, raw: &raw::Issuer) -> Option<Issuer> {
        if raw.audiences.is_empty() {
            self.problem(
                format!("{path}.audiences"),
                "is empty",
                "name the audience that your issuer gives to tokens for this gateway",
            );
        }
        let algorithms = match &raw.algorithms {
            None => Algorithm::ALL.to_vec(),
            Some(names) => self.algorithms(&format!("{path}.algorithms"), names),
        };
        let mut claim = |field: &str, name: &Option<String>| {
            let name = name.as_ref()?;
            let parsed = ClaimName::parse(name);
            parsed
                .map_err(|error| {
                    self.problem(format!("{path}.principal.{field}"), error.to_string(), CLAIM_HELP);
                })
                .ok()
        };
        let claims = ClaimMap {
            subject: claim(
                "subject",
                &raw.principal.subject.clone().or(Some("sub".to_owned())),
            )?,
            groups: claim(
                "groups",
                &raw.principal.groups.clone().or(Some("groups".to_owned())),
            ),
            tenant: claim("tenant", &raw.principal.tenant),
        };
        Some(Issuer {
            name: raw.name.clone(),
            issuer: raw.issuer.clone(),
            audiences: Audiences::OneOf(raw.audiences.clone()),
            algorithms,
            clock_skew: raw.clock_skew.map_or(DEFAULT_CLOCK_SKEW, |skew| skew.0),
            max_lifetime: raw.max_lifetime.map(|lifetime| lifetime.0),
            claims,
        })
    }

    fn algorithms(&mut self, path: &str, names: &[String]) -> Vec<Algorithm> {
        self.not_empty(path, names);
        let mut algorithms = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match Algorithm::parse(name) {
                Some(algorithm) => algorithms.push(algorithm),
                None => self.problem(
                    format!("{path}[{index}]"),
                    format!("unknown algorithm `{name}`"),
                    known(name, Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())),
                ),
            }
        }
        algorithms
    }

    fn keys(&mut self, path: &str, raw: &raw::Jwks) -> Option<KeySource> {
        match (&raw.inline, &raw.uri) {
            (Some(set), None) => match KeySet::parse(set.to_string().as_bytes()) {
                Ok(keys) => Some(KeySource::Inline(keys)),
                Err(error) => {
                    self.problem(
                        format!("{path}.inline"),
                        error.to_string(),
                        "see RFC 7517 section 5",
                    );
                    None
                }
            },
            (None, Some(uri)) => self.remote_keys(path, uri, raw).map(KeySource::Remote),
            _ => {
                self.problem(
                    path,
                    "needs either `inline` or `uri`",
                    "write the keys, or say where they are served",
                );
                None
            }
        }
    }

    fn remote_keys(&mut self, path: &str, uri: &str, raw: &raw::Jwks) -> Option<RemoteKeys> {
        let address = uri
            .strip_prefix("https://")
            .or_else(|| uri.strip_prefix("http://"));
        let parts = address.map(|rest| match rest.split_once('/') {
            Some((authority, path)) => (authority, format!("/{path}")),
            None => (rest, "/".to_owned()),
        });
        let parts = parts.filter(|(authority, path)| {
            let fits = |b: u8| b.is_ascii_graphic() && b != b'#';
            !authority.is_empty()
                && !authority.contains('@')
                && path.bytes().chain(authority.bytes()).all(fits)
        });
        if parts.is_none() {
            self.problem(
                format!("{path}.uri"),
                format!("`{uri}` is not an http(s) URI"),
                "copy `jwks_uri` of your issuer",
            );
        }
        let cluster = match &raw.cluster {
            Some(cluster) => Some(self.cluster(&format!("{path}.cluster"), cluster)),
            None => {
                let help = "name the Envoy cluster that reaches `uri`";
                self.problem(format!("{path}.cluster"), "is missing", help);
                None
            }
        };
        let (authority, uri_path) = parts?;
        let seconds = |value: Option<super::values::Seconds>, default| value.map_or(default, |s| s.0.max(1));
        Some(RemoteKeys {
            cluster: cluster?,
            authority: authority.to_owned(),
            path: uri_path,
            refresh: seconds(raw.refresh, DEFAULT_REFRESH),
            max_age: seconds(raw.max_age, DEFAULT_MAX_AGE),
        })
    }

    fn guards(&mut self, raw: &BTreeMap<String, raw::Guard>, catalogue: &Arc<Catalogue>) -> Guards {
        let mut guards = Guards::new();
        for (name, guard) in raw {
            let mut direction = |direction: Direction, selectors: &BTreeMap<String, raw::Action>| {
                let path = format!("guards.{name}.{}", direction.as_str());
                self.actions(&path, selectors, direction, catalogue)
            };
            let request = direction(Direction::Request, &guard.request);
            let response = direction(Direction::Response, &guard.response);
            guards.insert(name.clone(), (request, response));
        }
        guards
    }

    /// The most specific selector counts: the rule, then its class, then the class's family, then the default.
    fn actions(
        &mut self,
        path: &str,
        selectors: &BTreeMap<String, raw::Action>,
        direction: Direction,
        catalogue: &Arc<Catalogue>,
    ) -> Arc<Actions> {
        let names = selector_names(catalogue);
        for selector in selectors.keys() {
            if !names.contains(selector) {
                self.problem(
                    format!("{path}.{selector}"),
                    format!("unknown class or rule `{selector}`"),
                    known(selector, names.iter().map(String::as_str)),
                );
            }
        }
        let written: BTreeMap<&str, Action> = selectors
            .iter()
            .map(|(name, action)| (name.as_str(), action_of(*action)))
            .collect();
        Arc::new(Actions::new(catalogue.clone(), |rule| {
            let class = rule.class.to_string();
            let family = class.split('.').next().unwrap_or_default();
            [rule.id, class.as_str(), family]
                .into_iter()
                .find_map(|name| written.get(name).copied())
                .unwrap_or_else(|| rule.default_action(direction))
        }))
    }

    fn routes(
        &mut self,
        raw: &[raw::Route],
        names_of_guards: &BTreeSet<String>,
        guards: &Guards,
        catalogue: &Arc<Catalogue>,
        issuers: &[&str],
    ) -> Vec<Arc<Route>> {
        if raw.is_empty() {
            self.problem("routes", "is empty", "write at least one route; see README.md");
        }
        self.unique("routes", "name", raw.iter().map(|route| route.name.as_str()));
        let mut defaults = |direction| self.actions("", &BTreeMap::new(), direction, catalogue);
        let defaults = (defaults(Direction::Request), defaults(Direction::Response));
        let mut routes = Vec::new();
        for (index, route) in raw.iter().enumerate() {
            let path = format!("routes[{index}]");
            let matcher = self.matcher(&format!("{path}.match"), &route.matches);
            let access = match route.access {
                raw::Access::Public => self.public(&path, route),
                raw::Access::Guarded => {
                    let guard = match &route.guard {
                        None => defaults.clone(),
                        Some(name) => guards.get(name).cloned().unwrap_or_else(|| {
                            if !names_of_guards.contains(name) {
                                let help = known(name, names_of_guards.iter().map(String::as_str));
                                self.problem(
                                    format!("{path}.guard"),
                                    format!("unknown guard `{name}`"),
                                    help,
                                );
                            }
                            defaults.clone()
                        }),
                    };
                    Access::Guarded(Arc::new(self.guarded(&path, route, guard, issuers)))
                }
            };
            routes.push(Arc::new(Route {
                name: route.name.clone(),
                matcher,
                access,
            }));
        }
        routes
    }

    fn public(&mut self, path: &str, raw: &raw::Route) -> Access {
        let written = [
            ("guard", raw.guard.is_some()),
            ("allow", !raw.allow.is_empty()),
            ("deny", !raw.deny.is_empty()),
        ];
        for (field, is_written) in written {
            if is_written {
                self.problem(
                    format!("{path}.{field}"),
                    "has no effect on a public route",
                    "remove it, or remove `access: public`",
                );
            }
        }
        Access::Public
    }

    fn guarded(
        &mut self,
        path: &str,
        raw: &raw::Route,
        (request, response): (Arc<Actions>, Arc<Actions>),
        issuers: &[&str],
    ) -> Guarded {
        if issuers.is_empty() {
            self.problem(
                format!("{path}.access"),
                "is `guarded`, but no issuer is configured, so nobody could use the route",
                "add one to `identity.issuers`",
            );
        }
        self.unique(
            path,
            "rule id",
            raw.allow.iter().chain(&raw.deny).map(|rule| rule.id.as_str()),
        );
        let mut rules = |kind: &str, rules: &[raw::Rule]| -> Vec<Rule> {
            let rule = |(index, rule)| self.rule(&format!("{path}.{kind}[{index}]"), rule, issuers);
            rules.iter().enumerate().map(rule).collect()
        };
        let rules = Rules {
            allow: rules("allow", &raw.allow),
            deny: rules("deny", &raw.deny),
        };
        Guarded {
            observe: raw.mode == Mode::Observe,
            rules,
            guard: raw.guard.clone(),
            request,
            response,
            unsupported: raw.unsupported,
            cors_preflight: raw.cors_preflight,
            limits: self.limits(&format!("{path}.limits"), &raw.limits),
        }
    }

    fn matcher(&mut self, path: &str, raw: &raw::Match) -> Matcher {
        if raw.route.is_none() && raw.host.is_none() && raw.path.is_none() {
            self.problem(
                path,
                "is empty",
                "write `path: \"*\"` for a route that matches every request",
            );
        }
        if let Some(wanted) = &raw.path
            && !wanted.starts_with(['/', '*'])
        {
            self.problem(
                format!("{path}.path"),
                format!("`{wanted}` can match no path"),
                "begin it with `/` or `*`",
            );
        }
        Matcher {
            route: raw.route.as_deref().map(Glob::new),
            host: raw
                .host
                .as_ref()
                .map(|host| Glob::new(&host.to_ascii_lowercase())),
            path: raw.path.as_deref().map(Glob::new),
        }
    }

    fn rule(&mut self, path: &str, raw: &raw::Rule, issuers: &[&str]) -> Rule {
        let mut list = |field: &str, names: &Option<Vec<String>>| {
            let names = names.as_ref()?;
            self.not_empty(&format!("{path}.{field}"), names);
            Some(globs(names))
        };
        let rule = Rule {
            id: raw.id.clone(),
            who: Who {
                subjects: list("who.subjects", &raw.who.subjects),
                groups: list("who.groups", &raw.who.groups),
                tenants: list("who.tenants", &raw.who.tenants),
                issuers: list("who.issuers", &raw.who.issuers),
            },
            what: What {
                apis: list("what.apis", &raw.what.apis),
                operations: list("what.operations", &raw.what.operations),
                models: list("what.models", &raw.what.models),
                tools: list("what.tools", &raw.what.tools),
            },
        };
        self.names_something(
            &format!("{path}.who.issuers"),
            "issuer",
            raw.who.issuers.as_deref(),
            issuers,
        );
        self.names_something(
            &format!("{path}.what.apis"),
            "API",
            raw.what.apis.as_deref(),
            APIS,
        );
        self.names_something(
            &format!("{path}.what.operations"),
            "operation",
            raw.what.operations.as_deref(),
            OPERATIONS,
        );
        rule
    }

    fn limits(&mut self, path: &str, raw: &raw::Limits) -> Limits {
        let mut limit = |field: &str, size: Option<super::values::Size>, default: usize| match size {
            None => default,
            Some(size) if (1..=MAX_BODY).contains(&size.0) => usize::try_from(size.0).unwrap_or(default),
            Some(size) => {
                let help = format!("write 1B to {}MiB", MAX_BODY >> 20);
                self.problem(
                    format!("{path}.{field}"),
                    format!("{} bytes are out of range", size.0),
                    help,
                );
                default
            }
        };
        Limits {
            request_body: limit("request_body", raw.request_body, DEFAULT_LIMITS.request_body),
            response_body: limit("response_body", raw.response_body, DEFAULT_LIMITS.response_body),
            held: limit("held", raw.held, DEFAULT_LIMITS.held),
        }
    }

    fn otlp(&mut self, raw: &raw::Otlp) -> Otlp {
        let max_records = raw.max_records.unwrap_or(DEFAULT_RECORDS);
        if max_records == 0 {
            self.problem(
                "audit.otlp.max_records",
                "is 0, so no record could wait",
                "write at least 1",
            );
        }
        let max_bytes = raw.max_bytes.map_or(DEFAULT_RECORD_BYTES, |size| size.0);
        if !(65_536..=MAX_BODY).contains(&max_bytes) {
            self.problem(
                "audit.otlp.max_bytes",
                format!("{max_bytes} bytes are out of range"),
                "write 64KiB to 64MiB",
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
                self.problem(
                    format!("{path}[{index}]"),
                    format!("unknown {what} `{name}`"),
                    help,
                );
            }
        }
    }
}

const CLAIM_HELP: &str = "write a claim's name, or a JSON pointer such as `/realm_access/roles`";

fn action_of(raw: raw::Action) -> Action {
    match raw {
        raw::Action::Off => Action::Off,
        raw::Action::Flag => Action::Flag,
        raw::Action::Redact => Action::Redact,
        raw::Action::Block => Action::Block,
    }
}

/// Everything that a guard may name: families, classes that have rules, and rules.
fn selector_names(catalogue: &Catalogue) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for class in crate::class::Class::BUILT_IN {
        let class = class.to_string();
        names.extend(class.split('.').next().map(str::to_owned));
        names.insert(class);
    }
    for (_, rule) in catalogue.rules() {
        names.insert(rule.class.to_string());
        names.insert(rule.id.to_owned());
    }
    names
}
