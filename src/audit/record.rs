//! The evidence of one exchange: who asked, what was decided and why, what was found, how much was read.
//!
//! Not the content: no prompt, answer, token or claim beyond the identity fields that the configuration names.
//! A finding is a rule's name and a count. A model's or a tool's name is a fact that policy decides on, so it is
//! held, bounded like every text that a client sends.
//!
//! As JSON: fields in the order of declaration, snake_case, absent things left out. Fields may be added within a
//! version, so readers skip what they do not know; a change of meaning or a removal is a new [`VERSION`].

use std::fmt;

use serde::ser::Error as _;
use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::value::{Digest, Id, Identity, Label, Name, Word};
use crate::class::{Action, Class, Direction, Level};
use crate::reason::Reason;

/// The version that records of this form carry.
pub const VERSION: u32 = 1;
/// Groups in one record. Entra ID puts at most 200 into a token; policies name a few. The rest is counted.
pub const MAX_GROUPS: usize = 32;
/// Tools in one record, in the order of the request; OpenAI takes 128. The rest is counted.
pub const MAX_TOOLS: usize = 32;
/// Different findings in one record (a rule in a lane with an action). The rest is counted.
pub const MAX_FINDINGS: usize = 32;
/// Different entries of `would` in one record: more than an exchange has points of decision. The rest is counted.
pub const MAX_WOULD: usize = 16;
/// Bytes of a sealed line, whatever a client or a model sends: the sum of the bounds above and of each text,
/// twice for JSON's escapes, with 64 bytes for a custom class. A test builds the largest record and compares.
pub const MAX_LINE_BYTES: usize = 40 * 1024;

/// Bytes for which a line has room from the start: most need no more.
const ORDINARY_LINE_BYTES: usize = 2 * 1024;

/// The evidence of one exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Record {
    /// [`VERSION`].
    pub version: u32,
    /// The exchange, unique: the caller draws it at random.
    pub id: Id,
    /// When the request's head arrived.
    pub time: Timestamp,
    /// From the request's head to the end of the exchange, in milliseconds.
    pub duration_ms: u64,
    /// Envoy's `x-request-id`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<Name>,
    /// Which gate decided, with which configuration.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gate: Option<Gate>,
    /// The verified identity; absent where none was accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub principal: Option<Principal>,
    /// The route of the configuration.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub route: Option<Name>,
    /// The allow or deny rule that decided.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<Name>,
    /// Whether decisions were carried out.
    pub mode: Mode,
    /// What happened.
    pub decision: Decision,
    /// Why it was refused or cut.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Word<Reason>>,
    /// What would have happened, had the mode been `enforce`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    would: Vec<Would>,
    /// Entries beyond [`MAX_WOULD`].
    #[serde(skip_serializing_if = "is_zero", default)]
    would_more: u64,
    /// The API's dialect: `openai`, `anthropic`, `gemini`, `bedrock`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub api: Option<Name>,
    /// The operation, by its OpenTelemetry name where it has one: `chat`, `embeddings`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Name>,
    /// The model that was asked for and the one that says it answered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<Model>,
    /// Whether the request asked for a stream; absent where the request was not read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stream: Option<bool>,
    /// Names of the tools that the request offers.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    tools: Vec<Name>,
    /// Tools beyond [`MAX_TOOLS`].
    #[serde(skip_serializing_if = "is_zero", default)]
    tools_more: u64,
    /// The request's body.
    pub request: RequestBody,
    /// What the client received.
    pub response: Response,
    /// What the upstream said, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub upstream: Option<Upstream>,
    /// Tokens as the provider counts them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub usage: Option<Usage>,
    /// What the guards found.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    findings: Vec<Finding>,
    /// Occurrences that did not fit into [`MAX_FINDINGS`] entries.
    #[serde(skip_serializing_if = "is_zero", default)]
    findings_more: u64,
    /// The record's place in its worker's chain; set when it is sealed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chain: Option<Link>,
}

impl Record {
    /// The record of an exchange that began at `time` and of which nothing else is known yet: no body read, no
    /// answer given.
    pub fn new(id: Id, time: Timestamp, mode: Mode, decision: Decision) -> Record {
        Record {
            version: VERSION,
            id,
            time,
            duration_ms: 0,
            request_id: None,
            gate: None,
            principal: None,
            route: None,
            rule: None,
            mode,
            decision,
            reason: None,
            would: Vec::new(),
            would_more: 0,
            api: None,
            operation: None,
            model: None,
            stream: None,
            tools: Vec::new(),
            tools_more: 0,
            request: RequestBody { bytes: 0, coverage: Coverage::NotRead, classification: None },
            response: Response { status: None, bytes: 0, coverage: Coverage::NotRead, classification: None },
            upstream: None,
            usage: None,
            findings: Vec::new(),
            findings_more: 0,
            chain: None,
        }
    }

    /// One line of JSON, without a line break.
    pub(super) fn to_line(&self) -> Result<String, serde_json::Error> {
        let mut line = Vec::with_capacity(ORDINARY_LINE_BYTES);
        serde_json::to_writer(&mut line, self)?;
        line.shrink_to_fit();
        String::from_utf8(line).map_err(serde_json::Error::custom)
    }

    /// Whether this is the record of a refusal: the kind that must not get lost.
    pub fn is_denial(&self) -> bool {
        match self.decision {
            Decision::Deny | Decision::Cut => true,
            Decision::Allow | Decision::Pass => false,
        }
    }

    /// Notes what `enforce` would have done; the same thing twice is noted once.
    pub fn add_would(&mut self, would: Would) {
        if self.would.contains(&would) {
            return;
        }
        if self.would.len() < MAX_WOULD {
            self.would.push(would);
        } else {
            self.would_more = self.would_more.saturating_add(1);
        }
    }

    /// What `enforce` would have done.
    pub fn would(&self) -> &[Would] {
        &self.would
    }

    /// Notes a tool that the request offers.
    pub fn add_tool(&mut self, name: &str) {
        if self.tools.len() < MAX_TOOLS {
            self.tools.push(name.into());
        } else {
            self.tools_more = self.tools_more.saturating_add(1);
        }
    }

    /// The tools that were noted by name.
    pub fn tools(&self) -> &[Name] {
        &self.tools
    }

    /// Notes a finding. Findings that differ in nothing but their count become one entry.
    pub fn add_finding(&mut self, finding: Finding) {
        if let Some(known) = self.findings.iter_mut().find(|known| known.is_like(&finding)) {
            known.count = known.count.saturating_add(finding.count);
        } else if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.findings_more = self.findings_more.saturating_add(finding.count);
        }
    }

    /// The entries, in the order of their first occurrence.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// All occurrences, those without an entry included.
    pub fn finding_count(&self) -> u64 {
        self.findings.iter().fold(self.findings_more, |sum, finding| sum.saturating_add(finding.count))
    }
}

/// Which gate decided, with which configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Gate {
    /// The deployment's name, as configured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<Name>,
    /// The proxy, for example Envoy's node id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub instance: Option<Name>,
    /// SHA-256 of the configuration that decided.
    pub policy: Digest,
}

/// The verified identity, as far as the configuration maps it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Principal {
    /// The configured name of the issuer that vouches for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub issuer: Option<Identity>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<Identity>,
    /// Of which tenant.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tenant: Option<Identity>,
    /// In which groups.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    groups: Vec<Name>,
    /// Groups beyond [`MAX_GROUPS`].
    #[serde(skip_serializing_if = "is_zero", default)]
    groups_more: u64,
}

impl Principal {
    /// Notes a group.
    pub fn add_group(&mut self, group: &str) {
        if self.groups.len() < MAX_GROUPS {
            self.groups.push(group.into());
        } else {
            self.groups_more = self.groups_more.saturating_add(1);
        }
    }

    /// The groups that were noted by name.
    pub fn groups(&self) -> &[Name] {
        &self.groups
    }
}

/// Says what is there, not what it is: claims do not belong into logs.
impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject.is_some())
            .field("tenant", &self.tenant.is_some())
            .field("groups", &self.groups.len())
            .finish_non_exhaustive()
    }
}

/// Whether decisions are carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Carried out.
    Enforce,
    /// Recorded only; see `would`.
    Observe,
}

impl Mode {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Observe => "observe",
        }
    }
}

/// What happened to the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A rule allowed it, and it ran to its end.
    Allow,
    /// Refused: the client received a refusal, and nothing of a model's answer.
    Deny,
    /// Allowed, and ended before its end: part of the answer had left.
    Cut,
    /// Let through without a decision: a public route, or no route in `observe` mode.
    Pass,
}

impl Decision {
    /// The name in records and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::Deny => "deny",
            Decision::Cut => "cut",
            Decision::Pass => "pass",
        }
    }
}

/// How much of a body the guards have read. Every way past the guards has a name here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// All of it, to its end.
    Scanned,
    /// There was no body.
    Empty,
    /// Nothing was read and nothing was forwarded: the exchange was over before.
    NotRead,
    /// Forwarded unread, because the configuration says so: a public route, no guard, or content that the route
    /// passes although it is not understood.
    Unscanned,
    /// Read up to the point where the exchange was cut or one of the peers left. What was forwarded was scanned; in
    /// `observe` mode, what came behind the point where it would have been cut was forwarded unread.
    Partial,
    /// The answer is a gateway's own, Portcullis' or Envoy's; no model wrote it.
    LocalReply,
    /// The connection changed its protocol; nothing after that was read.
    Upgraded,
}

impl Coverage {
    /// The name in records and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Coverage::Scanned => "scanned",
            Coverage::Empty => "empty",
            Coverage::NotRead => "not_read",
            Coverage::Unscanned => "unscanned",
            Coverage::Partial => "partial",
            Coverage::LocalReply => "local_reply",
            Coverage::Upgraded => "upgraded",
        }
    }
}

/// What `enforce` would have done where `observe` only recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Would {
    /// In which half of the exchange.
    pub direction: Word<Direction>,
    /// What.
    pub action: WouldAction,
    /// Why; absent for a redaction, whose findings say it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Word<Reason>>,
}

/// The kinds of interference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WouldAction {
    /// Refused.
    Deny,
    /// Cut short.
    Cut,
    /// Changed.
    Redact,
}

/// The model that was asked for and the one that says it answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Model {
    /// As the request names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requested: Option<Name>,
    /// As the answer names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answered: Option<Name>,
}

/// The request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct RequestBody {
    /// Bytes that the client sent, as far as they were received.
    pub bytes: u64,
    /// How much of it was read.
    pub coverage: Coverage,
    /// The highest level of what was found in it and went on; absent where nothing was found that has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub classification: Option<Word<Level>>,
}

/// What the client received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Response {
    /// The HTTP status; absent where the client left before one was sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// Bytes of body that were forwarded.
    pub bytes: u64,
    /// How much of the model's answer was read.
    pub coverage: Coverage,
    /// The highest level of what was found in it and went on; absent where nothing was found that has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub classification: Option<Word<Level>>,
}

/// What the upstream said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Upstream {
    /// Its HTTP status.
    pub status: u16,
    /// Bytes of body that it sent, as far as they were received.
    pub bytes: u64,
}

/// Tokens as the provider counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Usage {
    /// Of the request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input_tokens: Option<u64>,
    /// Of the answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub output_tokens: Option<u64>,
}

/// Occurrences of one rule in one lane, without their text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Finding {
    /// In which half of the exchange.
    pub direction: Word<Direction>,
    /// The rule's id.
    pub rule: Label,
    /// What kind of thing it is.
    pub class: Word<Class>,
    /// What was done about it.
    pub action: Word<Action>,
    /// The channel of text: `instructions`, `prompt`, `tool_result`, `content`, `reasoning`, `refusal`, `tool_arguments`,
    /// `value`, `framing`, `text`.
    pub lane: Label,
    /// How often.
    pub count: u64,
}

impl Finding {
    fn is_like(&self, other: &Finding) -> bool {
        self.direction == other.direction
            && self.rule == other.rule
            && self.class == other.class
            && self.action == other.action
            && self.lane == other.lane
    }
}

/// A record's place in its worker's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Link {
    /// The chain: one per worker and start.
    pub id: Id,
    /// Counts from 0 without a gap.
    pub seq: u64,
    /// The digest of the line before; of the chain's opening where `seq` is 0.
    pub prev: Digest,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests;
