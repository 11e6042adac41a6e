//! Who may do what: routes are matched, rules evaluated, and the answer carries its reason.
//!
//! All rules are evaluated, then combined: a `deny` that names the call beats every `allow`, and a call that
//! nothing allows is denied. Rules cannot fail: what could be wrong with them is refused at load.

use crate::glob::{Glob, any_matches};
use crate::identity::Principal;
use crate::reason::Reason;

/// What the request says of itself before its body is read.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The name of Envoy's route; empty where it has none.
    pub route: &'a str,
    /// `:authority`, with or without a port.
    pub host: &'a str,
    /// `:path` with its query.
    pub path: &'a str,
}

/// Which requests a route is about. What is absent fits everything.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    /// The name of Envoy's route.
    pub route: Option<Glob>,
    /// The host, lower case, without port.
    pub host: Option<Glob>,
    /// The path without query.
    pub path: Option<Glob>,
}

impl Matcher {
    /// Whether everything that is written fits.
    pub fn matches(&self, target: &Target<'_>) -> bool {
        self.route.as_ref().is_none_or(|glob| glob.matches(target.route))
            && self.host.as_ref().is_none_or(|glob| glob.matches(&host_name(target.host)))
            && self.path.as_ref().is_none_or(|glob| glob.matches(path_only(target.path)))
    }
}

/// The path before its query.
pub fn path_only(path: &str) -> &str {
    path.split_once(['?', '#']).map_or(path, |(path, _)| path)
}

/// Whether every reader of this path sees the same one: no dot segments, no empty segments, no encoded or
/// reversed slashes, no letters or digits in an encoding that a reader may undo (RFC 3986 section 6.2.2.2). What passes unguarded must, or `/health/../v1/chat/completions` would pass as a health check.
pub fn is_plain_path(path: &str) -> bool {
    let path = path_only(path);
    let encoded = path.to_ascii_lowercase();
    path.starts_with('/')
        && !["//", "/./", "/../", "\\", ";"].iter().any(|odd| path.contains(odd))
        && !["/.", "/.."].iter().any(|end| path.ends_with(end))
        && !["%2e", "%2f", "%5c", "%00"].iter().any(|odd| encoded.contains(odd))
        && !path.as_bytes().windows(3).any(is_needless_escape)
}

/// The same for a request that is guarded: there a segment may hold an encoded slash (the ARN of a model), for whoever reads
/// the segment decodes it or refuses it.
pub fn is_plain_guarded_path(path: &str) -> bool {
    is_plain_path(&path_only(path).replace("%2F", "/").replace("%2f", "/"))
}

fn is_needless_escape(bytes: &[u8]) -> bool {
    let [b'%', high, low] = bytes else { return false };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let decoded = digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
    decoded.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn host_name(authority: &str) -> String {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Which callers. Each list that is present must hold one of the caller's.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// Subjects.
    pub subjects: Option<Vec<Glob>>,
    /// Groups.
    pub groups: Option<Vec<Glob>>,
    /// Tenants.
    pub tenants: Option<Vec<Glob>>,
    /// Names of issuers.
    pub issuers: Option<Vec<Glob>>,
}

impl Who {
    /// Whether the caller is one of these.
    pub fn matches(&self, principal: &Principal) -> bool {
        let in_group = |groups: &[Glob]| {
            groups.iter().any(|glob| principal.groups.iter().any(|group| glob.matches(group)))
        };
        let in_tenant = |tenants: &[Glob]| {
            principal.tenant.as_ref().is_some_and(|tenant| tenants.iter().any(|glob| glob.matches(tenant)))
        };
        any_matches(self.subjects.as_deref(), &principal.subject)
            && self.groups.as_deref().is_none_or(in_group)
            && self.tenants.as_deref().is_none_or(in_tenant)
            && any_matches(self.issuers.as_deref(), &principal.issuer)
    }
}

/// Which calls. Each list that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct What {
    /// APIs.
    pub apis: Option<Vec<Glob>>,
    /// Operations.
    pub operations: Option<Vec<Glob>>,
    /// Models.
    pub models: Option<Vec<Glob>>,
    /// Tools that the request offers.
    pub tools: Option<Vec<Glob>>,
}

/// The call as the dialect read it out of the request. What the request does not say is `None`, which no list
/// of an `allow` fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The API (`openai`); `None` when it was not understood and the route passes it.
    pub api: Option<&'static str>,
    /// The operation (`chat`).
    pub operation: Option<&'static str>,
    /// The model that the request names.
    pub model: Option<String>,
    /// The names of the tools that the request offers.
    pub tools: Option<Vec<String>>,
}

/// How far a call came in fitting an `allow`: the furthest of all rules gives the reason of a denial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Nobody,
    Api,
    Operation,
    Model,
    Tool,
}

impl Reach {
    fn reason(self) -> Reason {
        match self {
            Reach::Nobody => Reason::IdentityDenied,
            Reach::Api => Reason::ApiDenied,
            Reach::Operation => Reason::OperationDenied,
            Reach::Model => Reason::ModelDenied,
            Reach::Tool => Reason::ToolDenied,
        }
    }
}

impl What {
    /// For an `allow`: every dimension fits, and every tool is named. `Err` tells which dimension did not.
    fn allows(&self, call: &Call) -> Result<(), Reach> {
        let fits = |list: &Option<Vec<Glob>>, name: Option<&str>| match (list, name) {
            (None, _) => true,
            (Some(list), Some(name)) => list.iter().any(|glob| glob.matches(name)),
            (Some(_), None) => false,
        };
        if !fits(&self.apis, call.api) {
            return Err(Reach::Api);
        }
        if !fits(&self.operations, call.operation) {
            return Err(Reach::Operation);
        }
        if !fits(&self.models, call.model.as_deref()) {
            return Err(Reach::Model);
        }
        let named = match &call.tools {
            Some(tools) => tools.iter().all(|tool| fits(&self.tools, Some(tool))),
            None => fits(&self.tools, None),
        };
        if named { Ok(()) } else { Err(Reach::Tool) }
    }

    /// For a `deny`: every dimension that is written is met; of the tools, by one. What the request does not say
    /// meets every list: an unknown model cannot slip past a denial of models. Case does not matter.
    fn denies(&self, call: &Call) -> bool {
        let meets = |list: &Option<Vec<Glob>>, name: Option<&str>| match (list, name) {
            (Some(list), Some(name)) => list.iter().any(|glob| glob.meets(name)),
            _ => true,
        };
        let tools = match (&self.tools, &call.tools) {
            (Some(_), Some(tools)) => tools.iter().any(|tool| meets(&self.tools, Some(tool))),
            _ => true,
        };
        meets(&self.apis, call.api)
            && meets(&self.operations, call.operation)
            && meets(&self.models, call.model.as_deref())
            && tools
    }
}

/// One rule of a route.
#[derive(Debug, Clone)]
pub struct Rule {
    /// How records name it.
    pub id: String,
    /// Which callers.
    pub who: Who,
    /// Which calls.
    pub what: What,
}

/// The rules of a route.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// A call that one of these names is allowed, unless it is denied.
    pub allow: Vec<Rule>,
    /// A call that one of these names is denied.
    pub deny: Vec<Rule>,
}

/// The verdict on a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Allowed by this rule, the first that names the call.
    Allow(&'a str),
    /// Denied, by this rule where one did.
    Deny(Reason, Option<&'a str>),
}

impl Rules {
    /// Decides about a call.
    pub fn decide(&self, principal: &Principal, call: &Call) -> Decision<'_> {
        let named = |rule: &&Rule| rule.who.matches(principal) && rule.what.denies(call);
        if let Some(rule) = self.deny.iter().find(named) {
            return Decision::Deny(Reason::RuleDenied, Some(&rule.id));
        }
        let mut reach = Reach::Nobody;
        for rule in self.allow.iter().filter(|rule| rule.who.matches(principal)) {
            match rule.what.allows(call) {
                Ok(()) => return Decision::Allow(&rule.id),
                Err(step) => reach = reach.max(step),
            }
        }
        Decision::Deny(reach.reason(), None)
    }
}

#[cfg(test)]
mod tests;
