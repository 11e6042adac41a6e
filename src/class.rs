//! The words that policy, detection and evidence share: what kind of thing was found, how sure the
//! rule is, and what is done about it. Leaf types: this module imports nothing of the project.

use std::fmt;
use std::sync::Arc;

/// What kind of thing a finding is. The names are fixed: policies, records and dashboards hold them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// `pii.contact`: ways to reach a person (e-mail address, telephone number).
    PiiContact,
    /// `pii.network`: addresses of a person's device (IP, MAC).
    PiiNetwork,
    /// `pii.id`: numbers that a state gives to a person (NRIC, HKID, SSN).
    PiiId,
    /// `pii.profile`: facts about a person (date of birth, passport with context).
    PiiProfile,
    /// `financial`: payment cards, bank accounts.
    Financial,
    /// `secret`: credentials and keys.
    Secret,
    /// `injection`: text that tries to give a model orders.
    Injection,
    /// `hidden_text`: text that a person does not see and a model reads.
    HiddenText,
    /// `exfiltration`: markup whose display would send data away.
    Exfiltration,
    /// `custom.NAME`: the customer's own.
    Custom(Arc<str>),
}

impl Class {
    /// Every built-in class, in the order in which documentation lists them.
    pub const BUILT_IN: [Class; 9] = [
        Class::PiiContact,
        Class::PiiNetwork,
        Class::PiiId,
        Class::PiiProfile,
        Class::Financial,
        Class::Secret,
        Class::Injection,
        Class::HiddenText,
        Class::Exfiltration,
    ];

    /// One sentence for people.
    pub fn description(&self) -> &'static str {
        match self {
            Class::PiiContact => "ways to reach a person: e-mail address, telephone number",
            Class::PiiNetwork => "addresses of a person's device: IP, MAC",
            Class::PiiId => "numbers that a state gives to a person: NRIC, HKID, SSN",
            Class::PiiProfile => "facts about a person: date of birth, passport",
            Class::Financial => "payment cards and bank accounts",
            Class::Secret => "credentials and keys",
            Class::Injection => "text that tries to give a model orders",
            Class::HiddenText => "text that a person does not see and a model reads",
            Class::Exfiltration => "markup whose display would send data away",
            Class::Custom(_) => "defined by the configuration",
        }
    }

    /// The level of its data where the configuration does not say. What is about a model and not about data has the lowest.
    pub fn level(&self) -> Level {
        match self {
            Class::PiiId | Class::Financial | Class::Secret => Level::Restricted,
            Class::PiiContact | Class::PiiNetwork | Class::PiiProfile | Class::Custom(_) => {
                Level::Confidential
            }
            Class::Injection | Class::HiddenText | Class::Exfiltration => Level::Public,
        }
    }

    /// Reads a class name as policies write it.
    pub fn parse(name: &str) -> Option<Class> {
        if let Some(custom) = name.strip_prefix("custom.") {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
            return (!custom.is_empty() && custom.chars().all(fits)).then(|| Class::Custom(custom.into()));
        }
        Class::BUILT_IN.into_iter().find(|class| class.to_string() == name)
    }

    /// Whether `selector` names this class or the family it belongs to (`pii` names every `pii.*`).
    pub fn is_selected_by(&self, selector: &str) -> bool {
        let name = self.to_string();
        name == selector || name.strip_prefix(selector).is_some_and(|rest| rest.starts_with('.'))
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::PiiContact => "pii.contact",
            Class::PiiNetwork => "pii.network",
            Class::PiiId => "pii.id",
            Class::PiiProfile => "pii.profile",
            Class::Financial => "financial",
            Class::Secret => "secret",
            Class::Injection => "injection",
            Class::HiddenText => "hidden_text",
            Class::Exfiltration => "exfiltration",
            Class::Custom(name) => return write!(f, "custom.{name}"),
        })
    }
}

/// How much harm it does when data of a class comes into wrong hands, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// None: anybody may have it.
    Public,
    /// Little: for the organisation.
    Internal,
    /// Much: for those who need it.
    Confidential,
    /// Most: for few, and not for others' systems.
    Restricted,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Level; 4] = [Level::Public, Level::Internal, Level::Confidential, Level::Restricted];

    /// The name in policies and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Public => "public",
            Level::Internal => "internal",
            Level::Confidential => "confidential",
            Level::Restricted => "restricted",
        }
    }
}

/// How sure a rule is of one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// The shape alone. Never acted on; listed by `portcullis scan --all`.
    Low,
    /// The shape and something that speaks for it.
    Medium,
    /// A check digit, a provider's own prefix or an unmistakable marker.
    High,
}

impl Confidence {
    /// The name in records and in the command line's output.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// What a guard does about a finding, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Not looked for.
    Off,
    /// Recorded, and the bytes pass.
    Flag,
    /// Replaced by a mask.
    Redact,
    /// The exchange ends here.
    Block,
}

impl Action {
    /// Every action, weakest first.
    pub const ALL: [Action; 4] = [Action::Off, Action::Flag, Action::Redact, Action::Block];

    /// The name in policies and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Off => "off",
            Action::Flag => "flag",
            Action::Redact => "redact",
            Action::Block => "block",
        }
    }
}

/// Which half of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the client to the model.
    Request,
    /// From the model to the client.
    Response,
}

impl Direction {
    /// The name in policies and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }
}
