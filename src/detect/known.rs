//! Short values that were looked at before, and in which nothing is found.
//!
//! Every exchange has the same ones: names of models, kinds, roles and reasons, a short system prompt. To look at one takes a
//! cache miss for most of its bytes, because little of the automaton is in the caches behind the proxy's own work.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::catalogue::{Catalogue, RuleSet};
use super::scanner::{SHORT, may_hold};
use crate::fingerprint::Fingerprints;

/// How many values are remembered, in 16 bytes each. A value that falls on another's place takes it.
const PLACES: usize = 256;

/// What is known of the values that one set of rules looks at. Holds no text, and changes no answer. Every call must use the same
/// catalogue and the same rules.
#[derive(Default)]
pub struct Known {
    fingerprints: Fingerprints,
    quiet: Mutex<Vec<u128>>,
}

impl Known {
    /// What [`may_hold`] says, which is asked once for a value that comes again.
    pub fn may_hold(&self, catalogue: &Catalogue, rules: &RuleSet, text: &[u8]) -> bool {
        if text.len() > SHORT {
            return may_hold(catalogue, rules, text);
        }
        let fingerprint = self.fingerprints.of(text);
        let place = fingerprint as usize % PLACES;
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if quiet.get(place) == Some(&fingerprint) {
            return false;
        }
        if may_hold(catalogue, rules, text) {
            return true;
        }
        quiet.resize(PLACES, 0);
        if let Some(known) = quiet.get_mut(place) {
            *known = fingerprint;
        }
        false
    }
}

/// What is known of some rules is not of others: a copy knows nothing.
impl Clone for Known {
    fn clone(&self) -> Self {
        Known::default()
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_said_again() {
        let catalogue = Catalogue::built_in().expect("the rules compile");
        let rules = RuleSet::all(&catalogue);
        let known = Known::default();
        // More than there are places, so that some take those of others.
        let names = (0..2 * PLACES).map(|nth| format!("model-{nth}"));
        let mails = (0..50).map(|nth| format!("someone.{nth}@mail.example.com"));
        let long = ["a".repeat(SHORT + 1), "me@mail.example.com ".repeat(SHORT)];
        let values: Vec<String> = names.chain(mails).chain(long).collect();
        for value in values.iter().chain(&values).chain(values.iter().rev()) {
            let value = value.as_bytes();
            assert_eq!(known.may_hold(&catalogue, &rules, value), may_hold(&catalogue, &rules, value));
        }
        assert_eq!(known.quiet.lock().expect("no panic").len(), PLACES);
    }

    #[test]
    fn what_is_known_is_not_looked_at_again() {
        let catalogue = Catalogue::built_in().expect("the rules compile");
        let (none, all) = (RuleSet::none(), RuleSet::all(&catalogue));
        let known = Known::default();
        let mail = b"me@mail.example.com";
        assert!(known.may_hold(&catalogue, &all, mail), "nothing is known of it");
        assert!(!known.may_hold(&catalogue, &none, mail), "no rule asks for it");
        assert!(!known.may_hold(&catalogue, &all, mail), "now it is known: other rules would be a mistake");
        assert!(known.clone().may_hold(&catalogue, &all, mail), "a copy knows nothing");
    }
}
