//! Signatures by the host's own cryptography, where it lends it.

use super::calls;
use crate::identity::Algorithm;
use crate::identity::signature::{self, Verifier};
use std::cell::Cell;

/// Asks the host until it turns out that it cannot be asked.
#[derive(Default)]
pub(super) struct Host {
    found: Cell<Found>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Found {
    #[default]
    Untried,
    There,
    Missing,
}

impl Verifier for Host {
    fn verify(&self, algorithm: Algorithm, key: &[u8], text: &[u8], signature: &[u8]) -> Option<bool> {
        if self.found.get() == Found::Missing {
            return None;
        }
        let question = signature::question(algorithm, key, text, signature)?;
        let answer = calls::foreign(signature::FOREIGN_FUNCTION, &question);
        let found = match answer {
            Ok(_) | Err(calls::BAD_ARGUMENT) => Found::There,
            Err(_) => Found::Missing,
        };
        if self.found.replace(found) != found {
            let who = if found == Found::There { "the host" } else { "the filter" };
            log::info!("signatures are verified by {who}");
        }
        signature::verdict(&answer.ok()?)
    }
}
