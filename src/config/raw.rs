//! The configuration as it is written. Every struct refuses fields that it does not know; what the
//! values mean is checked in `compile`.

use super::values::{Seconds, Size};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole configuration of one gate.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Who may prove to be whom.
    #[serde(default)]
    pub identity: Identity,
    /// What is looked for besides the built-in rules.
    #[serde(default)]
    pub detect: Detect,
    /// How much harm data does in wrong hands, by class, family or rule.
    #[serde(default)]
    pub classification: Classification,
    /// Named sets of actions for what is found in requests, in responses and in tool results.
    #[serde(default)]
    pub guards: BTreeMap<String, Guard>,
    /// What is allowed where. The first route that matches a request decides about it.
    pub routes: Vec<Route>,
    /// What happens to a request that no route matches: `deny` (the default), or `pass` unguarded.
    #[serde(default)]
    pub unmatched: Disposition,
    /// Where records go besides Envoy's access log.
    #[serde(default)]
    pub audit: Audit,
    /// What the filter may rely on in this Envoy.
    #[serde(default)]
    pub host: Host,
}

/// Who may prove to be whom.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// One more header in which a token may come, beside `authorization`, `x-api-key`, `api-key`,
    /// `x-goog-api-key` and the query parameter `key`.
    pub header: Option<String>,
    /// The issuers whose tokens are accepted.
    #[serde(default)]
    pub issuers: Vec<Issuer>,
    /// The headers in which the verified identity goes to the upstream. A client's own are removed.
    #[serde(default)]
    pub forward: Forward,
}

/// One issuer of tokens.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// How records name it.
    pub name: String,
    /// The exact value of the claim `iss`.
    pub issuer: String,
    /// A token must be for one of these (`aud`).
    pub audiences: Vec<String>,
    /// The signature algorithms that are accepted; the default is each that a key of its type may use.
    pub algorithms: Option<Vec<String>>,
    /// Where its keys come from.
    pub jwks: Jwks,
    /// Which claims name the caller.
    #[serde(default)]
    pub principal: Claims,
    /// How far the clocks may be apart; the default is `60s`.
    pub clock_skew: Option<Seconds>,
    /// The longest lifetime of a token that is accepted.
    pub max_lifetime: Option<Seconds>,
}

/// An issuer's keys: written here, or fetched.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Jwks {
    /// A JSON Web Key Set (RFC 7517 section 5).
    pub inline: Option<serde_json::Value>,
    /// Where the key set is served.
    pub uri: Option<String>,
    /// The Envoy cluster that reaches `uri`.
    pub cluster: Option<String>,
    /// How often the set is fetched again; the default is `5m`.
    pub refresh: Option<Seconds>,
    /// How long a set that could not be fetched again stays in use; the default is `1d`.
    pub max_age: Option<Seconds>,
}

/// Which claims name the caller: a claim's name, or a JSON pointer (`/realm_access/roles`).
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The caller; the default is `sub`. A token without it is refused.
    pub subject: Option<String>,
    /// The caller's groups, an array or a text with spaces; the default is `groups`.
    pub groups: Option<String>,
    /// The caller's organisation; there is no default.
    pub tenant: Option<String>,
}

/// Header names for the verified identity.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Forward {
    /// Carries the subject.
    pub subject: Option<String>,
    /// Carries the groups, joined with commas.
    pub groups: Option<String>,
    /// Carries the tenant.
    pub tenant: Option<String>,
}

/// What is looked for besides the built-in rules.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// The customer's own rules.
    #[serde(default)]
    pub rules: Vec<CustomRule>,
    /// Texts that must not come out: a system prompt, a line of a document. Blocked in answers, and not looked for in
    /// requests, where a guard does not say otherwise of `exfiltration.canary.NAME`.
    #[serde(default)]
    pub canaries: Vec<Canary>,
    /// Hosts to which addresses in answers may carry data: `cdn.example.com`, `*.example.com`.
    #[serde(default)]
    pub allow_hosts: Vec<String>,
}

/// One rule of the customer's own: a pattern, literals or words.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomRule {
    /// How guards and records name it: `custom.` and lower-case letters, digits, `.`, `-` and `_`.
    pub id: String,
    /// `custom.NAME`, or a built-in class.
    pub class: String,
    /// One sentence for people.
    #[serde(default)]
    pub description: String,
    /// In the syntax of the Rust crate regex-lite, without `^`, `$`, `\b` and flags. It is tried where its literal beginning
    /// stands, else around its keywords, else where a word begins.
    pub pattern: Option<String>,
    /// Texts.
    pub literals: Option<Vec<String>>,
    /// Whole words and names; tens of thousands cost no time.
    pub words: Option<Vec<String>>,
    /// The most bytes of a match; needed where the pattern has no bound. So much text is held for it.
    pub max_length: Option<u64>,
    /// Literals of which every match of the pattern holds one.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The check digit that a value must have.
    pub validator: Option<Validator>,
    /// Words of which one stands in front, within 72 bytes; without one a finding is low, and not acted on.
    #[serde(default)]
    pub context: Vec<String>,
    /// Values that are none.
    #[serde(default)]
    pub allow: Vec<String>,
    /// How sure a finding is; the default is `high`.
    #[serde(default)]
    pub confidence: Confidence,
    /// Whether the case of ASCII letters matters: by default it does for a pattern, and does not for literals and words.
    pub case: Option<Case>,
    /// Whether it stands alone, no letter or digit touching it; the default is `true`. Words always do.
    pub word: Option<bool>,
    /// What it must find, and what not: else the configuration is refused.
    #[serde(default)]
    pub examples: Examples,
}

/// How sure a rule is of a finding.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Never acted on.
    Low,
    /// Acted on.
    Medium,
    /// Acted on.
    #[default]
    High,
}

/// Whether the case of ASCII letters matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// It does.
    Sensitive,
    /// It does not.
    Insensitive,
}

/// A check digit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Validator {
    /// ISO/IEC 7812-1, annex B.
    Luhn,
    /// ISO/IEC 7064 MOD 97-10.
    #[serde(rename = "mod_97")]
    Mod97,
    /// ISO/IEC 7064 MOD 11-2.
    #[serde(rename = "mod_11_2")]
    Mod112,
    /// ISO/IEC 7064 MOD 11,10.
    #[serde(rename = "mod_11_10")]
    Mod1110,
    /// Verhoeff's scheme.
    Verhoeff,
}

/// Texts that a rule is tried on.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// In each of these it finds something that is acted on.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// In none of these.
    #[serde(default)]
    pub no_match: Vec<String>,
}

/// A text that must not come out.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// The last part of its rule: `exfiltration.canary.NAME`.
    pub name: String,
    /// The text, 8 bytes to 16 KiB. Found in any case and spacing; from 64 bytes on, any 48 bytes of it are.
    pub text: String,
}

/// How much harm data does in wrong hands.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// The level of a class (`pii.contact`), a family (`pii`) or a rule; the most specific counts. By default `pii.id`,
    /// `financial`, `secret` and canaries are `restricted`, the rest of `pii` and `custom` classes `confidential`, and
    /// what is about a model and not about data `public`.
    #[serde(default)]
    pub levels: BTreeMap<String, Level>,
}

/// How much harm data does in wrong hands, least first.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// None.
    Public,
    /// Little.
    Internal,
    /// Much.
    Confidential,
    /// Most.
    Restricted,
}

/// The highest level of data that may go on. What the guard masks does not go on.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AtMost {
    /// To the model; the default is any.
    pub request: Option<Level>,
    /// To the client; the default is any.
    pub response: Option<Level>,
}

/// Actions per class (`pii.id`), family (`pii`) or rule (`pii.id.sg-nric`); the most specific counts. What is
/// not written has the rule's own default.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// On the way to the model.
    #[serde(default)]
    pub request: BTreeMap<String, Action>,
    /// On the way back.
    #[serde(default)]
    pub response: BTreeMap<String, Action>,
    /// In what somebody else wrote and the model is shown: results of tools, retrieved documents, results of searches, on
    /// whichever way. What is not written here has the action of the way.
    #[serde(default)]
    pub tool_results: BTreeMap<String, Action>,
    /// What stands in the place of what is redacted. `{class}` and `{rule}` stand for these names, `{name}` for the last part
    /// of the rule's as a word (`EMAIL`, `SG_NRIC`), and `{number}` for the number of the value among those of the exchange
    /// that have the same mask: `[{name}_{number}]` writes `[EMAIL_1]` wherever one address stands, in the request and in
    /// the answer, and `[EMAIL_2]` for another. The default is `[REDACTED:{class}]`.
    pub mask: Option<String>,
}

/// What is done about a finding.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Not looked for.
    Off,
    /// Recorded.
    Flag,
    /// Masked.
    Redact,
    /// The exchange ends.
    Block,
}

/// One integration: which requests it is about, and who may do what.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// How records and metrics name it.
    pub name: String,
    /// Which requests it is about.
    #[serde(rename = "match")]
    pub matches: Match,
    /// `guarded` (the default), or `public`: no identity, no policy, no guard (health checks).
    #[serde(default)]
    pub access: Access,
    /// `enforce` (the default), or `observe`: record what would have been done, and let it pass.
    #[serde(default)]
    pub mode: Mode,
    /// The name of a guard; without one every rule has its own default action.
    pub guard: Option<String>,
    /// The highest level of data that may go on; see `classification`. A finding above it that is not masked ends the exchange.
    #[serde(default)]
    pub at_most: AtMost,
    /// Whoever and whatever one of these names is allowed, unless a `deny` names it too.
    #[serde(default)]
    pub allow: Vec<Rule>,
    /// Whoever and whatever one of these names is denied.
    #[serde(default)]
    pub deny: Vec<Rule>,
    /// What happens to content that is not understood: `deny` (the default), or `pass` unscanned.
    #[serde(default)]
    pub unsupported: Disposition,
    /// What happens to CORS preflight requests (OPTIONS without identity): `deny` (the default) or `pass`.
    #[serde(default)]
    pub cors_preflight: Disposition,
    /// Bounds on sizes.
    #[serde(default)]
    pub limits: Limits,
}

/// Which requests; all that is written must fit. `*` stands for anything.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The name of Envoy's route.
    pub route: Option<String>,
    /// The request's host, without its port.
    pub host: Option<String>,
    /// The request's path, without its query.
    pub path: Option<String>,
}

/// Who needs to be known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Identity, policy and guard apply.
    #[default]
    Guarded,
    /// Nothing applies.
    Public,
}

/// Whether verdicts have effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// They have.
    #[default]
    Enforce,
    /// They are recorded only.
    Observe,
}

/// Deny, or pass without looking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Refused.
    #[default]
    Deny,
    /// Passed, and recorded as not scanned.
    Pass,
}

/// One rule of a route.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How records name it.
    pub id: String,
    /// Which callers; without it every verified one.
    #[serde(default)]
    pub who: Who,
    /// Which calls; without it every one.
    #[serde(default)]
    pub what: What,
}

/// Which callers: each list that is written must hold one of the caller's. `*` stands for anything. Subjects, groups and tenants
/// are each issuer's own words: where there are several issuers, say which under `issuers`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Subjects.
    pub subjects: Option<Vec<String>>,
    /// Groups, of which the caller has at least one.
    pub groups: Option<Vec<String>>,
    /// Tenants.
    pub tenants: Option<Vec<String>>,
    /// Names of issuers.
    pub issuers: Option<Vec<String>>,
}

/// Which calls: each list that is written must fit. `*` stands for anything.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct What {
    /// APIs (`openai`, `mcp`).
    pub apis: Option<Vec<String>>,
    /// Operations (`chat`, `tools_call`).
    pub operations: Option<Vec<String>>,
    /// Models.
    pub models: Option<Vec<String>>,
    /// Tools that the request offers to the model, or calls (MCP): an `allow` must name all of them, a `deny` one.
    pub tools: Option<Vec<String>>,
}

/// Bounds on sizes; reaching one is a refusal with its own reason.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The largest request body; the default is `2MiB`.
    pub request_body: Option<Size>,
    /// The largest answer that is not a stream; the default is `2MiB`.
    pub response_body: Option<Size>,
    /// The most that is held back of one stream, and that its lanes take beyond 1 MiB; the default is `1MiB`.
    pub held: Option<Size>,
}

/// Where records go besides Envoy's access log.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// An OpenTelemetry collector.
    pub otlp: Option<Otlp>,
    /// The environment variable of Envoy's VM (`vm_config.environment_variables`) that holds the key of the records' chain, at
    /// least 32 bytes. Without a key, whoever can rewrite the whole log can compute the chain anew.
    pub chain_key_env: Option<String>,
}

/// An OpenTelemetry collector that takes logs by OTLP over gRPC.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Otlp {
    /// The Envoy cluster that reaches it (HTTP/2).
    pub cluster: String,
    /// When its outbox is full: `count` what is lost (the default), or `deny` new requests.
    #[serde(default)]
    pub when_unavailable: WhenUnavailable,
    /// The most records that wait for it on one worker; the default is 10000.
    pub max_records: Option<u32>,
    /// The most bytes of records that wait for it on one worker; the default is `8MiB`.
    pub max_bytes: Option<Size>,
}

/// What happens when no more evidence can be kept for the collector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenUnavailable {
    /// Records are lost, and counted.
    #[default]
    Count,
    /// No evidence, no answer: new requests are refused.
    Deny,
}

/// What the filter may rely on in this Envoy.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Whether `allow_on_headers_stop_iteration: true` stands in the filter's plugin configuration (Envoy 1.35
    /// and later). Then nothing of a refused request reaches the upstream; without it the head may.
    #[serde(default = "yes")]
    pub hold_headers: bool,
}

impl Default for Host {
    fn default() -> Host {
        Host { hold_headers: true }
    }
}

fn yes() -> bool {
    true
}
