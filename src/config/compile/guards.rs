//! What is done about findings: selectors → one action per rule.

use super::Check;
use super::detect::{Levels, most_specific, selector_names};
use crate::class::{Action, Direction};
use crate::config::problem::known;
use crate::config::raw;
use crate::detect::Catalogue;
use crate::redact::{Actions, DEFAULT_MASK, PLACEHOLDERS};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A mask is a few words, in bytes.
const MAX_MASK: usize = 128;

/// The actions of each guard: in requests, in responses.
pub(super) struct Guards {
    pub(super) named: BTreeMap<String, (Arc<Actions>, Arc<Actions>)>,
    /// Without a guard.
    pub(super) default: (Arc<Actions>, Arc<Actions>),
}

impl Check {
    pub(super) fn guards(
        &mut self,
        raw: &BTreeMap<String, raw::Guard>,
        catalogue: &Arc<Catalogue>,
        levels: &Levels,
    ) -> Guards {
        let mut named = BTreeMap::new();
        for (name, guard) in raw {
            let mask = guard.mask.as_deref().unwrap_or(DEFAULT_MASK);
            self.mask(&format!("guards.{name}.mask"), mask);
            let mut direction = |direction: Direction, selectors: &BTreeMap<String, raw::Action>| {
                let path = format!("guards.{name}.{}", direction.as_str());
                self.actions(&path, selectors, direction, mask, catalogue, levels)
            };
            let request = direction(Direction::Request, &guard.request);
            let response = direction(Direction::Response, &guard.response);
            named.insert(name.clone(), (request, response));
        }
        let mut default =
            |direction| self.actions("", &BTreeMap::new(), direction, DEFAULT_MASK, catalogue, levels);
        Guards { named, default: (default(Direction::Request), default(Direction::Response)) }
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

    /// The most specific selector counts: the rule, then its class, then the class's family, then the default. A canary in a
    /// request is there by right, so there only its own name counts.
    fn actions(
        &mut self,
        path: &str,
        selectors: &BTreeMap<String, raw::Action>,
        direction: Direction,
        mask: &str,
        catalogue: &Arc<Catalogue>,
        levels: &Levels,
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
        let actions = Actions::new(catalogue.clone(), mask, |rule| {
            let written = match rule.is_canary && direction == Direction::Request {
                true => selectors.get(&*rule.id),
                false => most_specific(rule, selectors),
            };
            written.map_or_else(|| rule.default_action(direction), |action| action_of(*action))
        });
        Arc::new(actions.with_levels(|rule| levels.of(rule)))
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
