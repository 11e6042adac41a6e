//! Routes: which requests, who may do what, within which bounds.

use super::detect::level_of;
use super::guards::Guards;
use super::{Check, MAX_BODY};
use crate::config::problem::known;
use crate::config::raw::{self, Mode};
use crate::config::values::Size;
use crate::config::{Access, DEFAULT_LIMITS, Guarded, Limits, Route};
use crate::glob::Glob;
use crate::policy::{Matcher, Rule, Rules, What, Who};
use crate::protocol::APIS;
use crate::redact::Actions;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The same actions, where there is a limit with it.
fn limited(actions: Arc<Actions>, at_most: Option<raw::Level>) -> Arc<Actions> {
    match at_most {
        None => actions,
        Some(level) => Arc::new(Actions::clone(&actions).limited(Some(level_of(level)))),
    }
}

impl Check {
    pub(super) fn routes(
        &mut self,
        raw: &[raw::Route],
        names_of_guards: &BTreeSet<String>,
        guards: &Guards,
        issuers: &[&str],
    ) -> Vec<Arc<Route>> {
        if raw.is_empty() {
            self.problem("routes", "is empty", "write at least one route; see README.md");
        }
        self.unique("routes", "name", raw.iter().map(|route| route.name.as_str()));
        let mut routes = Vec::new();
        for (index, route) in raw.iter().enumerate() {
            let path = format!("routes[{index}]");
            let matcher = self.matcher(&format!("{path}.match"), &route.matches);
            let access = match route.access {
                raw::Access::Public => self.public(&path, route),
                raw::Access::Guarded => {
                    let guard = match &route.guard {
                        None => guards.default.clone(),
                        Some(name) => guards.named.get(name).cloned().unwrap_or_else(|| {
                            if !names_of_guards.contains(name) {
                                let help = known(name, names_of_guards.iter().map(String::as_str));
                                self.problem(
                                    format!("{path}.guard"),
                                    format!("unknown guard `{name}`"),
                                    help,
                                );
                            }
                            guards.default.clone()
                        }),
                    };
                    Access::Guarded(Arc::new(self.guarded(&path, route, guard, issuers)))
                }
            };
            routes.push(Arc::new(Route { name: route.name.clone(), matcher, access }));
        }
        routes
    }

    fn public(&mut self, path: &str, raw: &raw::Route) -> Access {
        let written = [
            ("guard", raw.guard.is_some()),
            ("at_most", raw.at_most.request.is_some() || raw.at_most.response.is_some()),
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
        self.unique(path, "rule id", raw.allow.iter().chain(&raw.deny).map(|rule| rule.id.as_str()));
        let mut rules = |kind: &str, rules: &[raw::Rule]| -> Vec<Rule> {
            let rule = |(index, rule)| self.rule(&format!("{path}.{kind}[{index}]"), rule, issuers);
            rules.iter().enumerate().map(rule).collect()
        };
        let rules = Rules { allow: rules("allow", &raw.allow), deny: rules("deny", &raw.deny) };
        Guarded {
            observe: raw.mode == Mode::Observe,
            rules,
            guard: raw.guard.clone(),
            request: limited(request, raw.at_most.request),
            response: limited(response, raw.at_most.response),
            unsupported: raw.unsupported,
            cors_preflight: raw.cors_preflight,
            limits: self.limits(&format!("{path}.limits"), &raw.limits),
        }
    }

    fn matcher(&mut self, path: &str, raw: &raw::Match) -> Matcher {
        if raw.route.is_none() && raw.host.is_none() && raw.path.is_none() {
            self.problem(path, "is empty", "write `path: \"*\"` for a route that matches every request");
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
            host: raw.host.as_ref().map(|host| Glob::new(&host.to_ascii_lowercase())),
            path: raw.path.as_deref().map(Glob::new),
        }
    }

    fn rule(&mut self, path: &str, raw: &raw::Rule, issuers: &[&str]) -> Rule {
        let mut list = |field: &str, names: &Option<Vec<String>>| {
            let names = names.as_ref()?;
            self.not_empty(&format!("{path}.{field}"), names);
            Some(names.iter().map(|name| Glob::new(name)).collect())
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
        self.names_something(&format!("{path}.who.issuers"), "issuer", raw.who.issuers.as_deref(), issuers);
        let apis: Vec<&str> = APIS.iter().map(|api| api.name).collect();
        let operations: Vec<&str> = APIS.iter().flat_map(|api| api.operations.iter().copied()).collect();
        self.names_something(&format!("{path}.what.apis"), "API", raw.what.apis.as_deref(), &apis);
        self.names_something(
            &format!("{path}.what.operations"),
            "operation",
            raw.what.operations.as_deref(),
            &operations,
        );
        rule
    }

    fn limits(&mut self, path: &str, raw: &raw::Limits) -> Limits {
        let mut limit = |field: &str, size: Option<Size>, default: usize| match size {
            None => default,
            Some(size) if (1..=MAX_BODY).contains(&size.0) => usize::try_from(size.0).unwrap_or(default),
            Some(size) => {
                let help = format!("write 1B to {}MiB", MAX_BODY >> 20);
                self.problem(format!("{path}.{field}"), format!("{} bytes are out of range", size.0), help);
                default
            }
        };
        Limits {
            request_body: limit("request_body", raw.request_body, DEFAULT_LIMITS.request_body),
            response_body: limit("response_body", raw.response_body, DEFAULT_LIMITS.response_body),
            held: limit("held", raw.held, DEFAULT_LIMITS.held),
        }
    }
}
