//! What one guard does in one direction, per rule, compiled. Tool results may have a table of their own.

use super::Numbers;
use crate::class::{Action, Confidence, Level};
use crate::detect::{self, Catalogue, CatalogueRule, Finding, Known, RuleIndex, RuleSet};
use crate::protocol::lane::Channel;
use std::borrow::Cow;
use std::sync::Arc;

/// The actions of one guard in one direction.
#[derive(Debug, Clone)]
pub struct Actions {
    catalogue: Arc<Catalogue>,
    enabled: RuleSet,
    by_rule: Vec<Action>,
    masks: Vec<Mask>,
    is_numbered: bool,
    levels: Vec<Level>,
    /// The highest level that may go on; `None` where all may.
    at_most: Option<Level>,
    /// What applies to tool results; `None` where that is the same.
    tool_results: Option<Arc<Actions>>,
    /// Of values that come with every exchange.
    known: Known,
}

/// What stands in the place of a rule's findings.
#[derive(Debug, Clone)]
struct Mask {
    /// Its number is not written in yet.
    text: String,
    /// Masks that read alike count their values together: the first rule that has this one. `None` where no number is
    /// asked for.
    kind: Option<u16>,
}

/// What a mask may hold for a name or number.
pub const PLACEHOLDERS: &[&str] = &["{class}", "{rule}", NAME, NUMBER];

const NAME: &str = "{name}";
const NUMBER: &str = "{number}";

/// What stands in the place of a finding where the configuration does not say; it tells the class and not the length.
pub const DEFAULT_MASK: &str = "[REDACTED:{class}]";

impl Actions {
    /// Asks `action` for each rule of the catalogue. In `mask`, `{class}` and `{rule}` stand for these names, `{name}` for
    /// the last part of the rule's as a word (`EMAIL`, `SG_NRIC`), and `{number}` for the value's number among the values
    /// of the exchange with the same mask.
    pub fn new(catalogue: Arc<Catalogue>, mask: &str, action: impl Fn(&CatalogueRule) -> Action) -> Actions {
        let mut enabled = RuleSet::all(&catalogue);
        let (mut by_rule, mut masks) = (Vec::new(), Vec::<Mask>::new());
        for (index, rule) in catalogue.rules() {
            let action = action(rule);
            if action == Action::Off {
                enabled.remove(index);
            }
            by_rule.push(action);
            let name = rule.id.rsplit('.').next().unwrap_or_default().replace('-', "_").to_ascii_uppercase();
            let text = mask
                .replace("{class}", &rule.class.to_string())
                .replace("{rule}", &rule.id)
                .replace(NAME, &name);
            let first = masks.iter().position(|mask| mask.text == text).unwrap_or(masks.len());
            let kind = u16::try_from(first).ok().filter(|_| text.contains(NUMBER));
            masks.push(Mask { text, kind });
        }
        let is_numbered = masks.iter().any(|mask| mask.kind.is_some());
        let levels = catalogue.rules().map(|(_, rule)| rule.default_level()).collect();
        Actions {
            catalogue,
            enabled,
            by_rule,
            masks,
            is_numbered,
            levels,
            at_most: None,
            tool_results: None,
            known: Known::default(),
        }
    }

    /// The same, with levels of the configuration.
    pub fn with_levels(mut self, level: impl Fn(&CatalogueRule) -> Level) -> Actions {
        self.levels = self.catalogue.rules().map(|(_, rule)| level(rule)).collect();
        self
    }

    /// The same, where data of a higher level must not go on: not masked, it ends the exchange.
    pub fn limited(mut self, at_most: Option<Level>) -> Actions {
        self.at_most = at_most;
        self.tool_results =
            self.tool_results.map(|others| Arc::new(Actions::clone(&others).limited(at_most)));
        self
    }

    /// The same, with others for tool results: what somebody else wrote and the model is shown. They are of the same
    /// catalogue, and have the same mask, levels and limit.
    pub fn with_tool_results(mut self, others: Actions) -> Actions {
        self.tool_results = Some(Arc::new(others));
        self
    }

    /// Those for tool results, where they are others.
    pub fn tool_results(&self) -> Option<&Actions> {
        self.tool_results.as_deref()
    }

    /// Those for the texts of a channel: what is looked for there, and what is done about it.
    pub fn on(&self, channel: Channel) -> &Actions {
        match channel {
            Channel::ToolResult => self.tool_results().unwrap_or(self),
            Channel::Instructions
            | Channel::Prompt
            | Channel::Content
            | Channel::Reasoning
            | Channel::Refusal
            | Channel::ToolArguments
            | Channel::Value
            | Channel::Framing
            | Channel::Text => self,
        }
    }

    /// The highest level that may go on, where there is a limit.
    pub fn at_most(&self) -> Option<Level> {
        self.at_most
    }

    /// The level of what a rule finds.
    pub fn level(&self, rule: RuleIndex) -> Level {
        self.levels.get(rule.position()).copied().unwrap_or(Level::Public)
    }

    /// Whether what the guard only records of this rule is of a higher level than may go on.
    pub(super) fn is_over(&self, rule: RuleIndex) -> bool {
        self.of(rule) == Action::Flag && self.at_most.is_some_and(|most| self.level(rule) > most)
    }

    /// The rules that are looked for.
    pub fn enabled(&self) -> &RuleSet {
        &self.enabled
    }

    /// The catalogue that the rules are of.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Whether anything may be found in a text that is complete in itself. What an API or an application says, and not a user or
    /// a model, comes again and again, and is looked at once.
    pub(super) fn may_hold(&self, channel: Channel, text: &[u8]) -> bool {
        match channel {
            Channel::Value | Channel::Instructions => {
                self.known.may_hold(&self.catalogue, &self.enabled, text)
            }
            _ => detect::may_hold(&self.catalogue, &self.enabled, text),
        }
    }

    /// A name as a record may hold it: the class of what was found in it, where something was.
    pub fn name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if !self.may_hold(Channel::Value, name.as_bytes()) {
            return Cow::Borrowed(name);
        }
        let found = detect::scan_all(&self.catalogue, &self.enabled, name.as_bytes());
        let counts = |finding: &&Finding| finding.confidence > Confidence::Low;
        match found.iter().find(counts).and_then(|finding| self.catalogue.rule(finding.rule)) {
            Some(rule) => Cow::Owned(format!("[REDACTED:{}]", rule.class)),
            None => Cow::Borrowed(name),
        }
    }

    /// What is done about a finding. Shape alone is never acted on.
    pub fn action(&self, finding: &Finding) -> Action {
        match finding.confidence {
            Confidence::Low => Action::Off,
            Confidence::Medium | Confidence::High => self.of(finding.rule),
        }
    }

    /// What is done about findings of a rule.
    pub fn of(&self, rule: RuleIndex) -> Action {
        self.by_rule.get(rule.position()).copied().unwrap_or(Action::Off)
    }

    /// Whether a finding can change bytes or end the exchange, in a tool result or elsewhere.
    pub fn can_change(&self) -> bool {
        let over = || self.catalogue.rules().any(|(rule, _)| self.is_over(rule));
        self.by_rule.iter().any(|action| *action >= Action::Redact)
            || over()
            || self.tool_results().is_some_and(Actions::can_change)
    }

    /// Whether masks tell values apart.
    pub(super) fn is_numbered(&self) -> bool {
        self.is_numbered
    }

    /// What stands in the place of a finding of this value.
    pub(super) fn mask(&self, rule: RuleIndex, value: u64, numbers: &mut Numbers) -> String {
        match self.masks.get(rule.position()) {
            Some(Mask { text, kind: Some(kind) }) => {
                text.replace(NUMBER, &numbers.of(*kind, value).to_string())
            }
            Some(Mask { text, kind: None }) => text.clone(),
            None => "[REDACTED]".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Actions for all rules, which learnt of a text in this channel while no rule was looked for: what is remembered shows.
    fn remembers(channel: Channel) -> bool {
        let catalogue = Arc::new(Catalogue::built_in().expect("the rules compile"));
        let text = b"me@mail.example.com";
        let mut actions = Actions::new(catalogue.clone(), DEFAULT_MASK, |_| Action::Redact);
        actions.enabled = RuleSet::none();
        assert!(!actions.may_hold(channel, text), "no rule asks for it");
        actions.enabled = RuleSet::all(&catalogue);
        !actions.may_hold(channel, text)
    }

    #[test]
    fn nothing_of_a_user_or_a_model_is_remembered() {
        for channel in [Channel::Prompt, Channel::Content, Channel::Reasoning, Channel::Refusal] {
            assert!(!remembers(channel), "{channel:?}");
        }
        for channel in [Channel::ToolArguments, Channel::ToolResult, Channel::Framing, Channel::Text] {
            assert!(!remembers(channel), "{channel:?}");
        }
        assert!(remembers(Channel::Value) && remembers(Channel::Instructions));
    }
}
