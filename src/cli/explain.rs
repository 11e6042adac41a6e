//! `explain`: what applies, defaults included.

use super::chosen::{Loaded, load};
use super::{Failure, Outcome};
use crate::class::Direction;
use crate::config::raw::{Configuration, Disposition, Guard, WhenUnavailable};
use crate::config::{Access, Guarded, KeySource, Route, raw};
use crate::detect::CatalogueRule;
use crate::glob::Glob;
use crate::identity::{Audiences, Issuer};
use crate::policy::{Matcher, Rule};
use crate::redact::{Actions, DEFAULT_MASK};
use clap::Args;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Prints what applies on each route, and which default applies where nothing is written.
#[derive(Args)]
pub(super) struct Arguments {
    /// The configuration: JSON, YAML, or embedded in an EnvoyFilter, a WasmPlugin or an Envoy bootstrap.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Only this route.
    #[arg(long, value_name = "NAME")]
    route: Option<String>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let loaded = load(&arguments.config)?;
    // It compiled, so it can be read.
    let raw: Configuration =
        serde_json::from_slice(&loaded.text).map_err(|error| Failure::at(&loaded.name, error))?;
    if let Some(name) = &arguments.route {
        loaded.route(name)?;
    }
    let explain = Explain { loaded, raw };
    if arguments.route.is_none() {
        explain.whole(out)?;
    }
    for (position, (route, raw)) in (1..).zip(explain.loaded.config.routes.iter().zip(&explain.raw.routes)) {
        if arguments.route.as_ref().is_none_or(|name| *name == route.name) {
            explain.route(position, route, raw, out)?;
        }
    }
    Ok(Outcome::Yes)
}

struct Explain {
    loaded: Loaded,
    raw: Configuration,
}

const BY_DEFAULT: &str = " (default)";

fn unless(is_written: bool) -> &'static str {
    if is_written { "" } else { BY_DEFAULT }
}

impl Explain {
    fn whole(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let config = &self.loaded.config;
        let has = |key: &str| {
            let document: Option<serde_json::Value> = serde_json::from_slice(&self.loaded.text).ok();
            document.is_some_and(|document| document.pointer(key).is_some())
        };
        writeln!(out, "identity")?;
        let places = "authorization: Bearer, x-api-key, api-key, x-goog-api-key, query parameter key";
        match &config.identity.header {
            Some(header) => writeln!(out, "  token in: {header}, {places}")?,
            None => writeln!(out, "  token in: {places}{BY_DEFAULT}")?,
        }
        let parts = config.identity.issuers.iter().zip(&config.identity.keys);
        for ((issuer, keys), raw) in parts.zip(&self.raw.identity.issuers) {
            explain_issuer(issuer, keys, raw, out)?;
        }
        if config.identity.issuers.is_empty() {
            writeln!(out, "  no issuer: no token is accepted")?;
        }
        let forward = &config.identity.forward;
        for (what, name) in
            [("subject", &forward.subject), ("groups", &forward.groups), ("tenant", &forward.tenant)]
        {
            match name {
                Some(name) => writeln!(out, "  forward {what}: {name}")?,
                None => writeln!(out, "  forward {what}: not forwarded{BY_DEFAULT}")?,
            }
        }
        let detect = &self.raw.detect;
        match (detect.rules.len(), detect.canaries.len()) {
            (0, 0) => writeln!(out, "detection: the built-in rules{BY_DEFAULT}")?,
            (rules, canaries) => {
                writeln!(out, "detection: the built-in rules, {rules} of your own, {canaries} canaries")?;
                for rule in &detect.rules {
                    writeln!(out, "  {}: {}", rule.id, looked_for(rule))?;
                }
            }
        }
        match detect.allow_hosts.as_slice() {
            [] => writeln!(out, "addresses may carry data to: no host{BY_DEFAULT}")?,
            hosts => writeln!(out, "addresses may carry data to: {}", hosts.join(", "))?,
        }
        let unmatched = disposition(config.unmatched);
        writeln!(out, "unmatched requests: {unmatched}{}", unless(has("/unmatched")))?;
        match &config.otlp {
            None => writeln!(out, "records: access log{BY_DEFAULT}")?,
            Some(otlp) => {
                let raw = self.raw.audit.otlp.as_ref();
                writeln!(out, "records: access log, and OTLP to cluster {}", otlp.cluster)?;
                let when = match otlp.when_unavailable {
                    WhenUnavailable::Count => "count what is lost",
                    WhenUnavailable::Deny => "deny new requests",
                };
                writeln!(out, "  when unavailable: {when}{}", unless(has("/audit/otlp/when_unavailable")))?;
                let is_written = raw.is_some_and(|otlp| otlp.max_records.is_some());
                writeln!(out, "  waiting records: {}{}", otlp.max_records, unless(is_written))?;
                let is_written = raw.is_some_and(|otlp| otlp.max_bytes.is_some());
                writeln!(out, "  waiting bytes: {}{}", otlp.max_bytes, unless(is_written))?;
            }
        }
        if let Some(name) = &config.chain_key_env {
            writeln!(out, "chain of records: keyed by the VM's environment variable {name}")?;
        }
        let hold = if config.hold_headers { "yes" } else { "no" };
        writeln!(out, "hold heads: {hold}{}", unless(has("/host/hold_headers")))?;
        Ok(())
    }

    fn route(
        &self,
        position: usize,
        route: &Route,
        raw: &raw::Route,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        writeln!(out, "route {position}: {}", route.name)?;
        writeln!(out, "  match: {}", matcher(&route.matcher))?;
        let guarded = match &route.access {
            Access::Public => {
                writeln!(out, "  access: public: no identity, no policy, no guard")?;
                return Ok(());
            }
            Access::Guarded(guarded) => guarded,
        };
        let document: Option<serde_json::Value> = serde_json::from_slice(&self.loaded.text).ok();
        let written =
            document.and_then(|document| document.pointer(&format!("/routes/{}", position - 1)).cloned());
        let has = |key: &str| written.as_ref().is_some_and(|route| route.get(key).is_some());
        writeln!(out, "  access: guarded{}", unless(has("access")))?;
        let mode = if guarded.observe { "observe" } else { "enforce" };
        writeln!(out, "  mode: {mode}{}", unless(has("mode")))?;
        for (kind, rules) in [("deny", &guarded.rules.deny), ("allow", &guarded.rules.allow)] {
            for rule in rules {
                writeln!(out, "  {kind} {}: {}", rule.id, describe(rule))?;
            }
        }
        if guarded.rules.allow.is_empty() {
            writeln!(out, "  allow: nothing{BY_DEFAULT}")?;
        }
        writeln!(out, "  everything else: deny")?;
        limits(guarded, raw, out)?;
        let unsupported = disposition(guarded.unsupported);
        writeln!(out, "  unsupported content: {unsupported}{}", unless(has("unsupported")))?;
        let preflight = disposition(guarded.cors_preflight);
        writeln!(out, "  CORS preflight: {preflight}{}", unless(has("cors_preflight")))?;
        let guard = guarded.guard.as_deref().and_then(|name| self.raw.guards.get(name));
        match &guarded.guard {
            Some(name) => writeln!(out, "  guard: {name}")?,
            None => writeln!(out, "  guard: none{BY_DEFAULT}")?,
        }
        let mask = guard.and_then(|guard| guard.mask.as_deref());
        writeln!(out, "  mask: {}{}", mask.unwrap_or(DEFAULT_MASK), unless(mask.is_some()))?;
        self.actions(Direction::Request, &guarded.request, guard, out)?;
        self.actions(Direction::Response, &guarded.response, guard, out)
    }

    fn actions(
        &self,
        direction: Direction,
        actions: &Actions,
        guard: Option<&Guard>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let none = BTreeMap::new();
        let of_direction = match (guard, direction) {
            (None, _) => &none,
            (Some(guard), Direction::Request) => &guard.request,
            (Some(guard), Direction::Response) => &guard.response,
        };
        let of_tool_results = guard.map_or(&none, |guard| &guard.tool_results);
        match actions.at_most() {
            None => writeln!(out, "  in the {}, data of any level{BY_DEFAULT}:", direction.as_str())?,
            Some(most) => writeln!(out, "  in the {}, data at most {}:", direction.as_str(), most.as_str())?,
        }
        for (index, rule) in actions.catalogue().rules() {
            let by = by(rule, direction, of_direction);
            let by = by.map_or(BY_DEFAULT.to_owned(), |name| format!(" (by {name})"));
            let level = actions.level(index).as_str();
            writeln!(out, "    {:<28} {}{by}, {level}", rule.id, actions.of(index).as_str())?;
        }
        let Some(actions) = actions.tool_results() else {
            writeln!(out, "  in tool results of the {}: the same{BY_DEFAULT}", direction.as_str())?;
            return Ok(());
        };
        writeln!(out, "  in tool results of the {}, else the same:", direction.as_str())?;
        for (index, rule) in actions.catalogue().rules() {
            if let Some(name) = by(rule, direction, of_tool_results) {
                writeln!(out, "    {:<28} {} (by {name})", rule.id, actions.of(index).as_str())?;
            }
        }
        Ok(())
    }
}

/// The selector by which a table says something of a rule.
fn by<'r>(
    rule: &CatalogueRule,
    direction: Direction,
    written: &'r BTreeMap<String, raw::Action>,
) -> Option<&'r str> {
    let class = rule.class.to_string();
    let family = class.split('.').next().unwrap_or_default();
    [&*rule.id, &class, family]
        .into_iter()
        .take(if rule.is_canary && direction == Direction::Request { 1 } else { 3 })
        .find_map(|name| written.get_key_value(name))
        .map(|(name, _)| name.as_str())
}

/// What a rule of one's own looks for; never the list itself.
fn looked_for(rule: &raw::CustomRule) -> String {
    let count = |list: &Option<Vec<String>>| list.as_ref().map_or(0, Vec::len);
    match &rule.pattern {
        Some(pattern) => format!("pattern {pattern}"),
        None if rule.words.is_some() => format!("{} words", count(&rule.words)),
        None => format!("{} literals", count(&rule.literals)),
    }
}

fn explain_issuer(
    issuer: &Issuer,
    keys: &KeySource,
    raw: &raw::Issuer,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    writeln!(out, "  issuer {}: {}", issuer.name, issuer.issuer)?;
    match &issuer.audiences {
        Audiences::Unchecked => writeln!(out, "    audiences: any")?,
        Audiences::OneOf(names) => writeln!(out, "    audiences: {}", names.join(", "))?,
    }
    let algorithms: Vec<&str> = issuer.algorithms.iter().map(|one| one.as_str()).collect();
    writeln!(out, "    algorithms: {}{}", algorithms.join(", "), unless(raw.algorithms.is_some()))?;
    match keys {
        KeySource::Inline(set) => {
            writeln!(out, "    keys: inline, {} usable, {} not", set.len(), set.skipped().len())?;
        }
        KeySource::Remote(remote) => {
            let (authority, path, cluster) = (&remote.authority, &remote.path, &remote.cluster);
            writeln!(out, "    keys: {authority}{path} through cluster {cluster}")?;
            writeln!(out, "    fetched every: {}s{}", remote.refresh, unless(raw.jwks.refresh.is_some()))?;
            writeln!(
                out,
                "    in use when they cannot be fetched: {}s{}",
                remote.max_age,
                unless(raw.jwks.max_age.is_some())
            )?;
        }
    }
    let claims = &issuer.claims;
    writeln!(
        out,
        "    subject: claim {}{}",
        claims.subject.as_str(),
        unless(raw.principal.subject.is_some())
    )?;
    for (what, claim, is_written) in [
        ("groups", &claims.groups, raw.principal.groups.is_some()),
        ("tenant", &claims.tenant, raw.principal.tenant.is_some()),
    ] {
        match claim {
            Some(claim) => writeln!(out, "    {what}: claim {}{}", claim.as_str(), unless(is_written))?,
            None => writeln!(out, "    {what}: none{BY_DEFAULT}")?,
        }
    }
    writeln!(out, "    clock skew: {}s{}", issuer.clock_skew, unless(raw.clock_skew.is_some()))?;
    match issuer.max_lifetime {
        Some(lifetime) => writeln!(out, "    longest lifetime: {lifetime}s")?,
        None => writeln!(out, "    longest lifetime: any{BY_DEFAULT}")?,
    }
    Ok(())
}

fn limits(guarded: &Guarded, raw: &raw::Route, out: &mut dyn Write) -> Result<(), Failure> {
    for (what, limit, is_written) in [
        ("request body", guarded.limits.request_body, raw.limits.request_body.is_some()),
        ("response body", guarded.limits.response_body, raw.limits.response_body.is_some()),
        ("held back", guarded.limits.held, raw.limits.held.is_some()),
    ] {
        writeln!(out, "  limit, {what}: {limit} bytes{}", unless(is_written))?;
    }
    Ok(())
}

fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Deny => "deny",
        Disposition::Pass => "pass unscanned",
    }
}

fn matcher(matcher: &Matcher) -> String {
    let parts = [("route", &matcher.route), ("host", &matcher.host), ("path", &matcher.path)];
    let written = parts.into_iter().filter_map(|(what, glob)| Some(format!("{what} {}", glob.as_ref()?)));
    written.collect::<Vec<_>>().join(", ")
}

fn describe(rule: &Rule) -> String {
    let (who, what) = (&rule.who, &rule.what);
    let lists = [
        ("subjects", &who.subjects),
        ("groups", &who.groups),
        ("tenants", &who.tenants),
        ("issuers", &who.issuers),
        ("apis", &what.apis),
        ("operations", &what.operations),
        ("models", &what.models),
        ("tools", &what.tools),
    ];
    let written: Vec<String> = lists
        .into_iter()
        .filter_map(|(name, list)| Some(format!("{name} {}", one_of(list.as_ref()?))))
        .collect();
    match written.is_empty() {
        true => "every verified caller, every call".to_owned(),
        false => written.join("; "),
    }
}

fn one_of(list: &[Glob]) -> String {
    let names: Vec<String> = list.iter().map(Glob::to_string).collect();
    names.join(" | ")
}
