//! What one guard does in one direction, per rule, compiled.

use crate::class::{Action, Confidence};
use crate::detect::{Catalogue, Finding, Rule, RuleIndex, RuleSet};
use std::sync::Arc;

/// The actions of one guard in one direction.
#[derive(Debug, Clone)]
pub struct Actions {
    catalogue: Arc<Catalogue>,
    enabled: RuleSet,
    by_rule: Vec<Action>,
    masks: Vec<String>,
}

/// What stands in the place of a finding where the configuration does not say; it tells the class and not the length.
pub const DEFAULT_MASK: &str = "[REDACTED:{class}]";

impl Actions {
    /// Asks `action` for each rule of the catalogue. In `mask`, `{class}` and `{rule}` stand for these names.
    pub fn new(catalogue: Arc<Catalogue>, mask: &str, action: impl Fn(&Rule) -> Action) -> Actions {
        let mut enabled = RuleSet::all(&catalogue);
        let (mut by_rule, mut masks) = (Vec::new(), Vec::new());
        for (index, rule) in catalogue.rules() {
            let action = action(rule);
            if action == Action::Off {
                enabled.remove(index);
            }
            by_rule.push(action);
            masks.push(mask.replace("{class}", &rule.class.to_string()).replace("{rule}", rule.id));
        }
        Actions { catalogue, enabled, by_rule, masks }
    }

    /// The rules that are looked for.
    pub fn enabled(&self) -> &RuleSet {
        &self.enabled
    }

    /// The catalogue that the rules are of.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
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

    /// Whether a finding can change bytes or end the exchange.
    pub fn can_change(&self) -> bool {
        self.by_rule.iter().any(|action| *action >= Action::Redact)
    }

    /// What stands in the place of a finding.
    pub fn mask(&self, rule: RuleIndex) -> &str {
        self.masks.get(rule.position()).map_or("[REDACTED]", String::as_str)
    }
}
