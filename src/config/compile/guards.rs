//! What is done about findings: selectors → one action per rule, in each direction, and in its tool results.

use super::Check;
use super::detect::{Levels, most_specific, selector_names};
use crate::class::{Action, Direction};
use crate::config::problem::known;
use crate::config::raw;
use crate::detect::{Catalogue, CatalogueRule};
use crate::redact::{Actions, DEFAULT_MASK, PLACEHOLDERS};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A mask is a few words, in bytes.
const MAX_MASK: usize = 128;

/// What a guard writes, by selector.
type Selectors = BTreeMap<String, raw::Action>;

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
            for (table, selectors) in [
                ("request", &guard.request),
                ("response", &guard.response),
                ("tool_results", &guard.tool_results),
            ] {
                self.selectors(&format!("guards.{name}.{table}"), selectors, catalogue);
            }
            let actions = |direction: Direction| actions(guard, direction, mask, catalogue, levels);
            named.insert(name.clone(), (actions(Direction::Request), actions(Direction::Response)));
        }
        let none = raw::Guard::default();
        let default = |direction| actions(&none, direction, DEFAULT_MASK, catalogue, levels);
        Guards { named, default: (default(Direction::Request), default(Direction::Response)) }
    }

    fn selectors(&mut self, path: &str, selectors: &Selectors, catalogue: &Catalogue) {
        let names = selector_names(catalogue);
        for selector in selectors.keys().filter(|selector| !names.contains(*selector)) {
            self.problem(
                format!("{path}.{selector}"),
                format!("unknown class or rule `{selector}`"),
                known(selector, names.iter().map(String::as_str)),
            );
        }
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
}

/// What a guard does in one direction: about each text, and about tool results where it says something of them.
fn actions(
    guard: &raw::Guard,
    direction: Direction,
    mask: &str,
    catalogue: &Arc<Catalogue>,
    levels: &Levels,
) -> Arc<Actions> {
    let of_direction = match direction {
        Direction::Request => &guard.request,
        Direction::Response => &guard.response,
    };
    let table = |tables: &[&Selectors]| {
        let action = |rule: &CatalogueRule| {
            let written = tables.iter().find_map(|selectors| written(rule, direction, selectors));
            written.unwrap_or_else(|| rule.default_action(direction))
        };
        Actions::new(catalogue.clone(), mask, action).with_levels(|rule| levels.of(rule))
    };
    let actions = table(&[of_direction]);
    Arc::new(match guard.tool_results.is_empty() {
        true => actions,
        false => actions.with_tool_results(table(&[&guard.tool_results, of_direction])),
    })
}

/// The most specific selector counts: the rule, then its class, then the class's family. A canary in a request is there by
/// right, in a document too, so there only its own name counts.
fn written(rule: &CatalogueRule, direction: Direction, selectors: &Selectors) -> Option<Action> {
    let written = match rule.is_canary && direction == Direction::Request {
        true => selectors.get(&*rule.id),
        false => most_specific(rule, selectors),
    };
    written.map(|action| action_of(*action))
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
