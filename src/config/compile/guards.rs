//! What is done about findings: selectors → one action per rule.

use super::Check;
use crate::class::{Action, Class, Direction};
use crate::config::problem::known;
use crate::config::raw;
use crate::detect::Catalogue;
use crate::redact::{Actions, DEFAULT_MASK, PLACEHOLDERS};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A mask is a few words, in bytes.
const MAX_MASK: usize = 128;

/// The actions of each guard: in requests, in responses.
pub(super) type Guards = BTreeMap<String, (Arc<Actions>, Arc<Actions>)>;

impl Check {
    pub(super) fn guards(
        &mut self,
        raw: &BTreeMap<String, raw::Guard>,
        catalogue: &Arc<Catalogue>,
    ) -> Guards {
        let mut guards = Guards::new();
        for (name, guard) in raw {
            let mask = guard.mask.as_deref().unwrap_or(DEFAULT_MASK);
            self.mask(&format!("guards.{name}.mask"), mask);
            let mut direction = |direction: Direction, selectors: &BTreeMap<String, raw::Action>| {
                let path = format!("guards.{name}.{}", direction.as_str());
                self.actions(&path, selectors, direction, mask, catalogue)
            };
            let request = direction(Direction::Request, &guard.request);
            let response = direction(Direction::Response, &guard.response);
            guards.insert(name.clone(), (request, response));
        }
        guards
    }

    fn mask(&mut self, path: &str, mask: &str) {
        if mask.len() > MAX_MASK || mask.chars().any(char::is_control) {
            let help = format!("write at most {MAX_MASK} bytes without control characters");
            self.problem(path, "cannot stand in an answer", help);
        }
        for placeholder in placeholders(mask).filter(|placeholder| !PLACEHOLDERS.contains(placeholder)) {
            let problem = format!("unknown placeholder `{placeholder}`");
            self.problem(path, problem, known(placeholder, PLACEHOLDERS.iter().copied()));
        }
    }

    /// The most specific selector counts: the rule, then its class, then the class's family, then the default.
    pub(super) fn actions(
        &mut self,
        path: &str,
        selectors: &BTreeMap<String, raw::Action>,
        direction: Direction,
        mask: &str,
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
        let written: BTreeMap<&str, Action> =
            selectors.iter().map(|(name, action)| (name.as_str(), action_of(*action))).collect();
        Arc::new(Actions::new(catalogue.clone(), mask, |rule| {
            let class = rule.class.to_string();
            let family = class.split('.').next().unwrap_or_default();
            [rule.id, class.as_str(), family]
                .into_iter()
                .find_map(|name| written.get(name).copied())
                .unwrap_or_else(|| rule.default_action(direction))
        }))
    }
}

/// What stands in braces and is one word.
fn placeholders(mask: &str) -> impl Iterator<Item = &str> {
    mask.match_indices('{').filter_map(|(start, _)| {
        let (_, rest) = mask.split_at_checked(start)?;
        let (placeholder, _) = rest.split_at_checked(rest.find('}')? + 1)?;
        let word = placeholder.strip_prefix('{')?.strip_suffix('}')?;
        (!word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || "_-".contains(letter)))
            .then_some(placeholder)
    })
}

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
    for class in Class::BUILT_IN {
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
